# Makes the expected shares in work at 3, 6, 12 and 24 months of the example data, with errors and limits.
# Usage: Rscript make_status.R (in this folder). In work at h months: employed in the month h after the first month of
# the first job; not known yet after the last month of the data.
options(stringsAsFactors = FALSE)
text <- function(x) ifelse(is.na(x), "NA", formatC(x, digits = 17, format = "g", width = 1))
write <- function(rows, file) {
  for (column in names(rows)) if (is.double(rows[[column]])) rows[[column]] <- text(rows[[column]])
  write.csv(rows, file, row.names = FALSE, quote = FALSE, na = "")
}
months <- read.csv("../../../examples/data/school-to-work/source/mvad_monthly.csv")
job <- read.csv("in_mvad_first_job.csv")
states <- do.call(rbind, strsplit(months$states, ""))[match(job$id, months$id), ]
answers <- do.call(rbind, lapply(c(3, 6, 12, 24), function(h) {
  at <- job$start + h + 1
  employed <- as.integer(states[cbind(seq_along(at), pmin(at, 72))] == "E")
  data.frame(id = job$id, trio = job$id %/% 3, horizon = h, status = ifelse(at <= 72, employed, NA),
             weight = job$weight)
}))
write(answers, "in_mvad_status.csv")

# The variance of a ratio of sums over people (Taylor), with the correction for few people n_p / (n_p - 1), relative to
# the same with one unit a person, n / (n - 1); Wilson's limits on the effective number by prop.test.
rows <- list()
for (h in unique(answers$horizon)) for (weighted in c(0, 1)) for (cluster in c("id", "trio")) {
  a <- answers[answers$horizon == h & !is.na(answers$status), ]
  w <- if (weighted) a$weight else rep(1, nrow(a))
  share <- sum(w * a$status) / sum(w)
  residual <- tapply(w * (a$status - share), a[[cluster]], sum)
  n <- nrow(a)
  people <- length(residual)
  variance <- sum(residual^2) / sum(w)^2 * people / (people - 1) * (n - 1) / n
  effective <- min(n, share * (1 - share) / variance) # people alike by chance do not count for more than they are
  limits <- suppressWarnings(prop.test(share * effective, effective, correct = FALSE)$conf.int)
  rows[[length(rows) + 1]] <- data.frame(horizon = h, weighted = weighted, cluster = cluster, n = n, people = people,
    unknown = sum(is.na(answers$status[answers$horizon == h])), yes = sum(a$status), share = share,
    std_error = sqrt(variance), effective = effective, low = limits[1], high = limits[2])
}
write(do.call(rbind, rows), "status_mvad.csv")
