# Cox regression by R's survival package on data of the law of bench_cox.c, in units of this library's whole fit.
#   Rscript peers_cox.R BENCH-COX [ROWS]
# BENCH-COX is the program of that name, run with the same number of rows (default 1 million) before and after. CPU time,
# one thread, median of three fits. The robust variance of coxph grows with the square of the rows that share a day, so
# it is measured on 20,000 rows.
suppressMessages(library(survival))
arguments <- commandArgs(trailingOnly = TRUE)
n <- if (length(arguments) > 1) as.integer(arguments[2]) else 1000000L
ours <- function(rows) {
  lines <- system2(arguments[1], format(rows, scientific = FALSE), stdout = TRUE)
  take <- function(name) as.numeric(sub(paste0("^", name, " +[0-9]+ +([0-9.]+).*"), "\\1", grep(paste0("^", name, "  "), lines, value = TRUE)))
  rows * 1e-9 * c(iteration = take("one Newton iteration"), fit = take("whole fit"), concordance = take("concordance"),
                  robust = take("robust variance"))
}
make <- function(n) {
  set.seed(1)
  x <- matrix(rnorm(10 * n), n)
  x[, c(1, 3, 5, 7, 9)] <- x[, c(1, 3, 5, 7, 9)] > 0
  time <- pmin(1 + floor(rexp(n) * 900 / exp(x %*% seq(-.3, .3, length.out = 10))), 3650)
  list(x = x, time = as.vector(time), event = as.vector(time < 3650 & runif(n) < .8))
}
seconds <- function(f) median(replicate(3, { gc(); t <- proc.time(); f(); sum((proc.time() - t)[1:2]) }))
say <- function(what, theirs, mine) cat(sprintf("%-52s %8.3f s %8.1f times ours\n", what, theirs, theirs / mine))
d <- make(n)
before <- ours(n)
y <- Surv(d$time, d$event)
names <- as.character(seq_len(n))
fit <- seconds(function() coxph.fit(d$x, y, NULL, NULL, NULL, coxph.control(), NULL, "efron", names))
one <- coxph.fit(d$x, y, NULL, NULL, NULL, coxph.control(), NULL, "efron", names)
whole <- seconds(function() coxph(y ~ d$x))
mine <- (before + ours(n)) / 2
say("coxph.fit, whole fit", fit, mine["fit"])
say(sprintf("coxph.fit, each of %d iterations and the start", one$iter), fit / (one$iter + 1), mine["iteration"])
say("coxph (with concordance), our fit without", whole, mine["fit"])
say("coxph (with concordance), our fit with", whole, mine["concordance"])
small <- make(20000)
mine <- ours(20000)
say("20,000 rows: coxph, robust", seconds(function() coxph(Surv(small$time, small$event) ~ small$x, robust = TRUE)),
    mine["robust"])
