# Writes counts.csv beside itself: R's ppois, pnbinom, qpois, qnbinom and binom.test, prop.test intervals. Seed fixed.
# Usage: Rscript make_counts.R (in this folder)
set.seed(5)
rows <- list()
add <- function(f, a, b, p, v) rows[[length(rows) + 1]] <<- data.frame(f, a, b, p, v)
hex <- function(x) sprintf("%a", x)
num <- function(x) sprintf("%.17g", x)
for (i in 1:400) {
  mu <- 10^runif(1, -1, 5)
  p <- c(runif(1), 10^runif(1, -10, -1), 1 - 10^runif(1, -8, -1), 0.025, 0.975)[i %% 5 + 1]
  k <- rpois(1, mu)
  add("qpois", mu, 0, p, qpois(p, mu))
  add("ppois", mu, 0, k, ppois(k, mu))
  size <- 10^runif(1, -1, 4)
  prob <- runif(1)^2
  k <- rnbinom(1, size, prob)
  add("qnbinom", size, prob, p, qnbinom(p, size, prob))
  add("pnbinom", size, prob, k, pnbinom(k, size, prob))
}
for (i in 1:150) {
  n <- sample(1:3000, 1)
  s <- if (i %% 10 == 0) 0 else if (i %% 10 == 1) n else sample(0:n, 1)
  level <- sample(c(0.9, 0.95, 0.99), 1)
  e <- binom.test(s, n, conf.level = level)$conf.int
  w <- suppressWarnings(prop.test(s, n, conf.level = level, correct = FALSE)$conf.int)
  add("exact_low", s, n, level, e[1]); add("exact_high", s, n, level, e[2])
  add("wilson_low", s, n, level, w[1]); add("wilson_high", s, n, level, w[2])
}
t <- do.call(rbind, rows)
con <- file("counts.csv", "w")
writeLines("function,a,b,p,value", con)
writeLines(paste(t$f, hex(t$a), hex(t$b), hex(t$p), num(t$v), sep = ","), con)
close(con)
