# Reference values for comparing units.  run:  Rscript make_compare.R   (in this folder; base R, MASS, numDeriv, statmod)
library(MASS); library(numDeriv)
out <- character(); emit <- function(case, quantity, value) out <<- c(out, sprintf("%s,%s,%.17g", case, quantity, value))
d <- read.csv("compare_units.csv", stringsAsFactors = FALSE)
tot <- aggregate(cbind(count, exposure) ~ unit, d, sum); u <- tot$unit; x <- tot$count; n <- tot$exposure
al <- .05; names(x) <- names(n) <- u
put <- function(case, what, v) for (k in u) emit(case, paste0(what, "_", k), v[[k]])

exact <- function(case, kind, x, e) for (k in u) {
  ci <- if (kind == "share") binom.test(x[k], e[k])$conf.int else poisson.test(x[k], e[k])$conf.int
  emit(case, paste0("low_", k), ci[1]); emit(case, paste0("high_", k), ci[2])
}
funnel <- function(case, kind, e, R) for (k in u) for (p in c(.025, .975, .001, .999))
  emit(case, paste0("q", p * 1000, "_", k), (if (kind == "share") qbinom(p, e[k], R) else qpois(p, e[k] * R)) / e[k])

# The likeliest gamma or beta between units.  Newton on the slopes, from a numerical maximum; glm.nb says the same.
ll <- function(kind, x, e) function(p) { m <- if (kind == "share") plogis(p[1]) else exp(p[1]); s <- exp(p[2])
  if (kind == "share") sum(lbeta(s * m + x, s * (1 - m) + e - x) - lbeta(s * m, s * (1 - m))) else sum(dnbinom(x, size = s, mu = m * e, log = TRUE)) }
slope <- function(kind, x, e) function(p) { if (kind == "share") { m <- plogis(p[1]); s <- exp(p[2]); a <- s * m; b <- s - a
    da <- sum(digamma(x + a) - digamma(a) - digamma(e + s) + digamma(s)); db <- sum(digamma(e - x + b) - digamma(b) - digamma(e + s) + digamma(s))
    c(da - db, m * da + (1 - m) * db) } else { m <- exp(p[1]); s <- exp(p[2])
    c(sum((x - e * m) / (s + e * m)), sum(digamma(x + s) - digamma(s) + log(s / (s + e * m)) + (e * m - x) / (s + e * m))) } }
fit <- function(kind, x, e) {
  m0 <- sum(x) / sum(e); p <- optim(c(if (kind == "share") qlogis(m0) else log(m0), 3), ll(kind, x, e), control = list(fnscale = -1, reltol = 1e-14, maxit = 5000))$par
  g <- slope(kind, x, e); for (i in 1:30) p <- p - solve(jacobian(g, p), g(p))
  if (kind == "rate") { f <- glm.nb(x ~ 1 + offset(log(e)), control = glm.control(epsilon = 1e-13, maxit = 500)); stopifnot(abs(f$theta / exp(p[2]) - 1) < 1e-5, abs(coef(f) - p[1]) < 1e-5) }
  c(mean = if (kind == "share") plogis(p[[1]]) else exp(p[[1]]), size = exp(p[[2]]))
}
ranks <- function(kind, a, b) {                             # distribution of the rank, 1 is the highest rate
  up <- function(j, t) if (kind == "share") pbeta(t, a[j], b[j], lower.tail = FALSE) else pgamma(t, a[j], b[j], lower.tail = FALSE)
  de <- function(i, t) if (kind == "share") dbeta(t, a[i], b[i]) else dgamma(t, a[i], b[i])
  qq <- function(i, p) if (kind == "share") qbeta(p, a[i], b[i]) else qgamma(p, a[i], b[i])
  N <- length(a)
  pb <- function(i, t) { f <- 1; for (j in setdiff(seq_len(N), i)) { p <- up(j, t); f <- c(f * (1 - p), 0) + c(0, f * p) }; f }
  M <- sapply(seq_len(N), function(i) { cut <- qq(i, c(1e-13, 1e-8, 1e-4, .01, .05, 1:19 / 20, .99, 1 - 1e-4, 1 - 1e-8, 1 - 1e-13)); cut <- sort(unique(cut))
    gl <- statmod::gauss.quad(40); s <- 0                   # Gauss-Legendre between quantiles
    for (c in seq_len(length(cut) - 1)) { t <- (cut[c] + cut[c + 1]) / 2 + (cut[c + 1] - cut[c]) / 2 * gl$nodes; w <- gl$weights * (cut[c + 1] - cut[c]) / 2 * de(i, t)
      s <- s + sapply(t, function(v) pb(i, v)) %*% w }
    s })
  stopifnot(abs(colSums(M) - 1) < 1e-9); M                  # a column a unit
}
together <- function(case, kind, x, e) {
  f <- fit(kind, x, e); R <- sum(x) / sum(e)
  emit(case, "mean", f[["mean"]]); emit(case, "size", f[["size"]])
  emit(case, "between", if (kind == "share") sqrt(f[["mean"]] * (1 - f[["mean"]]) / (f[["size"]] + 1)) else f[["mean"]] / sqrt(f[["size"]]))
  if (kind == "share") { a <- f[["size"]] * f[["mean"]] + x; b <- f[["size"]] * (1 - f[["mean"]]) + e - x
    put(case, "shrunk", a / (a + b)); put(case, "sd", sqrt(a * b / (a + b + 1)) / (a + b)); put(case, "plow", qbeta(.025, a, b)); put(case, "phigh", qbeta(.975, a, b)); put(case, "better", pbeta(R, a, b, lower.tail = FALSE))
  } else { a <- f[["size"]] + x; b <- f[["size"]] / f[["mean"]] + e
    put(case, "shrunk", a / b); put(case, "sd", sqrt(a) / b); put(case, "plow", qgamma(.025, a, b)); put(case, "phigh", qgamma(.975, a, b)); put(case, "better", pgamma(R, a, b, lower.tail = FALSE)) }
  M <- ranks(kind, a, b); N <- length(x); colnames(M) <- u
  for (k in u) { cum <- cumsum(M[, k]); emit(case, paste0("rank_", k), sum(M[, k] * 1:N)); emit(case, paste0("rlow_", k), which(cum >= .025)[1]); emit(case, paste0("rhigh_", k), which(cum >= .975)[1]); emit(case, paste0("median_", k), sum(M[1:(N %/% 2), k]))
    if (kind == "rate") emit(case, paste0("overA_", k), if (k == "A") NA else pbeta(b[[k]] / (b[[k]] + b[["A"]]), a[[k]], a[["A"]], lower.tail = FALSE)) }
  emit(case, "dispersion", sum((x - e * R)^2 / (e * R * (if (kind == "share") 1 - R else 1))) / (N - 1))
}
for (kind in c("rate", "share")) { exact(kind, kind, x, n); funnel(kind, kind, n, sum(x) / sum(n)); together(kind, kind, x, n) }
# case mix: expected counts at the rates of all units together; ratios
S <- aggregate(cbind(count, exposure) ~ stratum, d, sum); r <- setNames(S$count / S$exposure, S$stratum)
E <- sapply(u, function(k) sum((d$exposure * r[d$stratum])[d$unit == k])); put("mix", "expected", E); put("mix", "ratio", x / E)
exact("mix", "rate", x, E); funnel("mix", "rate", E, sum(x) / sum(E)); together("mix", "rate", x, E)
# direct standardisation, Dobson's limits; for shares Wilson's at the effective number
w <- setNames(S$exposure / sum(S$exposure), S$stratum)
for (k in u) { c <- d[d$unit == k, ]; W <- w[c$stratum]; rate <- sum(W * c$count / c$exposure); v <- sum((W / c$exposure)^2 * c$count); O <- sum(c$count)
  L <- rate + sqrt(v / O) * (c(qchisq(.025, 2 * O), qchisq(.975, 2 * O + 2)) / 2 - O)
  emit("direct", paste0("rate_", k), rate); emit("direct", paste0("sd_", k), sqrt(v)); emit("direct", paste0("low_", k), L[1]); emit("direct", paste0("high_", k), L[2])
  p <- c$count / c$exposure; v <- sum(W^2 * p * (1 - p) / c$exposure); ne <- rate * (1 - rate) / v; z <- qnorm(.975); h <- z * sqrt(rate * (1 - rate) / ne + z^2 / 4 / ne^2)
  emit("direct_share", paste0("sd_", k), sqrt(v)); emit("direct_share", paste0("low_", k), (rate + z^2 / 2 / ne - h) / (1 + z^2 / ne)); emit("direct_share", paste0("high_", k), (rate + z^2 / 2 / ne + h) / (1 + z^2 / ne)) }
writeLines(c("case,quantity,value", out), "compare.csv")
