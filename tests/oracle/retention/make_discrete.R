# Makes the expected discrete-time hazards of this folder with R's glm on rows of one person and period.
# Usage: Rscript make_discrete.R (in this folder). Every number has 17 significant digits; fits are iterated until the
# deviance moves by less than 1e-14 of itself. Robust errors are of the sum of scores within clusters, without a
# correction for their number.
text <- function(x) formatC(x, digits = 17, format = "g", width = 1)
write <- function(rows, file) {
  for (column in names(rows)) if (is.double(rows[[column]])) rows[[column]] <- text(rows[[column]])
  write.csv(rows, file, row.names = FALSE, quote = FALSE, na = "NA")
}
links <- c("logit", "cloglog", "probit")
fit <- function(formula, link, data, weights = NULL, start = NULL) suppressWarnings(do.call(glm, list(formula, binomial(link), data,
  weights = weights, start = start, control = glm.control(epsilon = 1e-14, maxit = 100))))

u <- read.csv("in_unempdur.csv")
u$event <- as.integer(u$cause > 0)
life <- function(group) {
  x <- if (group == "all") u else u[u$ui == group, ]
  j <- 1:28
  n <- sapply(j, function(k) sum(x$time >= k))
  d <- sapply(j, function(k) sum(x$time == k & x$event == 1))
  by <- sapply(1:3, function(c) sapply(j, function(k) sum(x$time == k & x$cause == c)))
  h <- d / n
  data.frame(case = "unempdur", group = group, period = j, at_risk = n, exits = d, hazard = h, se_hazard = sqrt(h * (1 - h) / n),
    survivor = cumprod(1 - h), h_cause1 = by[, 1] / n, h_cause2 = by[, 2] / n, h_cause3 = by[, 3] / n)
}
write(rbind(life("all"), life("0"), life("1")), "discrete_lifetable.csv")

periods <- function(d, from, to, event) {
  rows <- d[rep(seq_len(nrow(d)), to - from), ]
  rows$period <- sequence(to - from, from + 1)
  rows$y <- as.integer(rep(event, to - from) == 1 & rows$period == rep(to, to - from))
  rows
}
pp <- periods(u, 0 * u$time, u$time, u$event)
pp$band <- factor(cut(pp$period, c(0:8, 10, 13, 20, 28), labels = FALSE))
write(do.call(rbind, lapply(links, function(link) {
  m <- fit(y ~ band + ui + age + logwage, link, pp)
  data.frame(case = "unempdur", link = link, term = names(coef(m)), coef = unname(coef(m)), se = unname(sqrt(diag(vcov(m)))),
    deviance = deviance(m), loglik = as.numeric(logLik(m)), rows = nrow(pp))
})), "discrete_regression.csv")

# Late entry, help that begins in a week, weights, clusters of three.
p <- read.csv("in_placements.csv")
p <- p[p$weight > 0 & p$entry < p$exit, ]
q <- periods(p, p$entry, p$exit, as.integer(p$cause > 0))
q$aftercare <- as.integer(!is.na(q$aftercare) & q$aftercare < q$period)
q$band <- factor(cut(q$period, c(0, 4, 13, 26, 52, Inf), labels = FALSE))
loglik <- function(m) { y <- m$y; h <- fitted(m); sum(m$prior.weights * ifelse(y == 1, log(h), log1p(-h))) }
meat <- function(m, of) crossprod(rowsum(model.matrix(m) * residuals(m, "working") * m$weights, of))
write(do.call(rbind, lapply(links, function(link) do.call(rbind, lapply(c("plain", "rows", "clusters", "weighted"), function(kind) {
  w <- if (kind == "weighted") q$weight
  m <- fit(y ~ band + aftercare + female + age, link, q, w)
  for (k in 1:3) m <- fit(y ~ band + aftercare + female + age, link, q, w, coef(m)) # glm's errors are of the step before
  bread <- summary(m, dispersion = 1)$cov.unscaled
  v <- switch(kind, plain = bread, rows = bread %*% meat(m, q$id) %*% bread, bread %*% meat(m, q$trio) %*% bread)
  data.frame(link = link, kind = kind, term = names(coef(m)), coef = unname(coef(m)), se = unname(sqrt(diag(v))), loglik = loglik(m),
    rows = nrow(q))
})))),
  "discrete_robust.csv")
