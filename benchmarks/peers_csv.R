# Reading CSV of the shape of bench-csv by data.table's fread, in units of this library's time for the same columns.
#
# Rscript peers_csv.R FOLDER [ROWS]
#
# FOLDER holds bench-csv, run with the same number of rows (default 2 million). CPU time, one thread, five rounds of this
# library, types given, types guessed: the median of the rounds' ratios. The file is in the page cache; names as a factor,
# dates as IDate, as this library's codes and days.
library(data.table)
setDTthreads(1L)
given <- commandArgs(TRUE)
stopifnot(length(given) > 0)
n <- if (length(given) > 1) as.integer(given[2]) else 2000000L

ours <- function() {
  printed <- system2(file.path(given[1], "bench-csv"), as.character(n), stdout = TRUE)
  line <- sub("^eight typed columns +", "", grep("^eight typed columns", printed, value = TRUE))
  as.numeric(strsplit(line, " +")[[1]][2]) * 1e-9 * n
}

set.seed(42)
day <- format(as.Date("2000-01-01") + 0:10949)
path <- tempfile(fileext = ".csv")
fwrite(data.table(person_id = sprintf("person-%06d", sample.int(100000L, n, TRUE) - 1L),
                  start = sample(day, n, TRUE), end = sample(day, n, TRUE), hours = sample.int(38L, n, TRUE) - 1L,
                  income = sprintf("%.2f", sample.int(60000000L, n, TRUE) / 100),
                  weight = sprintf("%.4f", sample.int(100000L, n, TRUE) / 10000),
                  firm = sample.int(134217728L, n, TRUE) + 9999999L, active = sample.int(2L, n, TRUE) - 1L),
       path, quote = FALSE)

# logical01: what is written as 0 and 1 becomes TRUE and FALSE, as here.
classes <- c("factor", "IDate", "IDate", "integer", "numeric", "numeric", "integer", "logical")
typed <- function() fread(path, colClasses = classes, logical01 = TRUE, showProgress = FALSE)
guessed <- function() fread(path, stringsAsFactors = TRUE, showProgress = FALSE)

cpu <- function(read) {
  stopifnot(nrow(read()) == n)
  median(replicate(3, {
    gc()
    before <- proc.time()
    read()
    spent <- proc.time() - before
    spent[["user.self"]] + spent[["sys.self"]]
  }))
}

rounds <- replicate(5, c(ours(), cpu(typed), cpu(guessed)))
cat(sprintf("%d rows, %.0f bytes; this library %.3f s\n", n, file.size(path), median(rounds[1, ])))
for (k in 2:3)
  cat(sprintf("fread, %-14s %8.3f s %8.2f (%.2f to %.2f)\n", c("types given", "types guessed")[k - 1], median(rounds[k, ]),
              median(rounds[k, ] / rounds[1, ]), min(rounds[k, ] / rounds[1, ]), max(rounds[k, ] / rounds[1, ])))
invisible(file.remove(path))
