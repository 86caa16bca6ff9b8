# Weighted Gini and the bottom 40 % of 800 groups by R, in nanoseconds a row, on data of the same distribution as
# bench-gini and bench-groups: divide by the ns/row that they print with the same number of rows.
#
# Rscript peers_income.R [ROWS]       Uses laeken and data.table where they are installed.
given <- commandArgs(TRUE)
n <- if (length(given) > 0) as.integer(given[1]) else 10000000L
set.seed(1)
x <- exp(12.5 + 0.6 * rnorm(n))
w <- 0.5 + 10 * runif(n)
g <- sample.int(800L, n, TRUE)

by_hand <- function() {
  o <- order(x, method = "radix")
  xs <- x[o]
  ws <- w[o]
  cw <- cumsum(ws)
  sum(cw[-n] * (cw[n] - cw[-n]) * diff(xs)) / (cw[n] * sum(ws * xs))
}

bottom <- function(x, w) {
  cw <- cumsum(w)
  s <- cumsum(w * x)
  m <- length(x)
  k <- which(cw >= 0.4 * cw[m])[1]
  (s[k] - (cw[k] - 0.4 * cw[m]) * x[k]) / s[m]
}

show <- function(label, call) {
  spent <- sapply(1:3, function(i) sum(system.time(value <<- call())[c("user.self", "sys.self")]))
  cat(sprintf("%-42s %10d %8.1f ns/row  (%.12g)\n", label, n, median(spent) * 1e9 / n, value))
}

value <- NA
show("gini: order(method = \"radix\"), cumsum", by_hand)
if (requireNamespace("laeken", quietly = TRUE))
  show("gini: laeken", function() laeken::gini(x, w)$value / 100)
if (requireNamespace("data.table", quietly = TRUE)) {
  library(data.table)
  setDTthreads(1)
  table <- data.table(x = x, w = w, g = g)
  show("groups: data.table, order and by", function() sum(table[order(g, x), bottom(x, w), by = g]$V1))
}
