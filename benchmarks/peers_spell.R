# Spells sorted, joined over a gap of 14 days and read 180 days after the first day by data.table, in nanoseconds a row, on
# spells of the distribution of bench-spell: divide by the ns/row that it prints with the same number of rows.
#
# Rscript peers_spell.R [ROWS] [THREADS]
library(data.table)
given <- commandArgs(TRUE)
n <- if (length(given) > 0) as.integer(given[1]) else 6000000L
setDTthreads(if (length(given) > 1) as.integer(given[2]) else 1L)
set.seed(7)
from <- 10957L
as_of <- 18262L
gap <- 14L
start <- from + sample.int(as_of - from, n, TRUE) - 1L
end <- ifelse(runif(n) < 0.05, .Machine$integer.max, start + sample.int(400L, n, TRUE))
given <- data.table(person = sample.int(n %/% 10L, n, TRUE), start = start, end = pmin(end, as_of))

# Person and day as one number, so that the running maximum needs no grouping; the fastest form found.
answer <- function() {
  t <- copy(given)
  setkey(t, person, start)
  base <- t$person * 65536
  first <- base + t$start
  reached <- cummax(base + t$end)
  apart <- c(TRUE, first[-1L] > reached[-n] + gap)
  new <- c(TRUE, t$person[-1L] != t$person[-n])
  asked <- first[new] + 180
  after <- findInterval(asked, first)
  follows <- c(first, Inf)[after + 1L]
  held <- (reached[after] > asked | follows <= reached[after] + gap) & asked - base[new] < as_of
  c(people = sum(new), joined = sum(apart), held = sum(held))
}

# The same by groups, as it is usually written; without the reading, which only adds to it.
grouped <- function() {
  t <- copy(given)
  setkey(t, person, start)
  t[, before := shift(cummax(end)), by = person]
  t[, episode := cumsum(is.na(before) | start - before > gap)]
  joined <- t[, .(person = person[1L], start = start[1L], end = max(end)), by = episode]
  c(joined = nrow(joined))
}

show <- function(label, call) {
  spent <- sapply(1:3, function(i) sum(system.time(value <<- call())[c("user.self", "sys.self")]))
  cat(sprintf("%-34s %10d %8.1f ns/row  (%s)\n", label, n, median(spent) * 1e9 / n, paste(value, collapse = ", ")))
}

value <- NA
show("data.table, one number a day", answer)
show("data.table, by person", grouped)
