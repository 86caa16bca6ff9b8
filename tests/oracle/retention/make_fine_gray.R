# Makes fine_gray.csv and fine_gray_curve.csv. Usage: Rscript make_fine_gray.R (in this folder). Every number has 17
# significant digits.
# Models of `by` "crr" and the curves are those of crr of cmprsk. It takes no weights, strata or clusters, and adds up the
# part of the censoring over all its groups: the models of `by` "definition" are written from the formulas of
# docs/methods/fine_gray.md, one matrix of rows and days, and agree with crr to rounding where crr has the model.
suppressMessages({library(survival); library(cmprsk)})
text <- function(x) formatC(x, digits = 17, format = "g", width = 1)
write <- function(rows, file) {
  for (column in names(rows)) if (is.double(rows[[column]])) rows[[column]] <- text(rows[[column]])
  write.csv(rows, file, row.names = FALSE, quote = FALSE, na = "NA")
}

fine_gray <- function(time, cause, x, k, w = rep(1, length(time)), stratum = rep(1, length(time)),
                      group = rep(1, length(time)), cluster = seq_along(time)) {
  x <- as.matrix(x)
  n <- length(time)
  steps <- lapply(split(seq_len(n), group), function(i) {
    u <- sort(unique(time[i][cause[i] == 0]))
    risk <- sapply(u, function(t) sum(w[i][time[i] >= t]))
    gone <- sapply(u, function(t) sum(w[i][time[i] == t & cause[i] == 0]))
    list(u = u, risk = risk, gone = gone, left = cumprod(1 - gone / risk))
  })
  left <- function(g, t) { s <- steps[[as.character(g)]]; c(1, s$left)[1 + sum(s$u < t)] }
  own <- mapply(left, group, time)
  days <- unique(data.frame(s = stratum[cause == k], t = time[cause == k]))
  days <- days[order(days$s, days$t), ]
  other <- cause > 0 & cause != k
  weights <- sapply(seq_len(nrow(days)), function(d) {
    t <- days$t[d]
    g <- sapply(names(steps), left, t = t)[as.character(group)]
    ifelse(stratum != days$s[d], 0, ifelse(time >= t, 1, ifelse(other, g / own, 0)))
  })
  at <- function(beta) {
    r <- w * exp(drop(x %*% beta))
    loglik <- sum((w * drop(x %*% beta))[cause == k])
    score <- colSums((w * x)[cause == k, , drop = FALSE])
    info <- matrix(0, ncol(x), ncol(x))
    mean <- matrix(0, nrow(days), ncol(x))
    hazard <- numeric(nrow(days))
    for (d in seq_len(nrow(days))) {
      q <- r * weights[, d]
      total <- sum(w[stratum == days$s[d] & time == days$t[d] & cause == k])
      mean[d, ] <- colSums(q * x) / sum(q)
      hazard[d] <- total / sum(q)
      loglik <- loglik - total * log(sum(q))
      score <- score - total * mean[d, ]
      info <- info + total * (crossprod(x, q * x) / sum(q) - tcrossprod(mean[d, ]))
    }
    list(r = r, loglik = loglik, score = score, info = info, mean = mean, hazard = hazard)
  }
  beta <- numeric(ncol(x))
  p <- null <- at(beta)
  for (i in 1:30) {
    beta <- beta + solve(p$info, p$score)
    p <- at(beta)
  }
  u <- matrix(0, n, ncol(x))
  gone <- lapply(steps, function(s) matrix(0, length(s$u), ncol(x)))
  for (d in seq_len(nrow(days))) {
    away <- sweep(x, 2, p$mean[d, ])
    e <- p$r * weights[, d] * p$hazard[d] * away
    u <- u - e + ifelse(stratum == days$s[d] & time == days$t[d] & cause == k, w, 0) * away
    for (g in names(steps)) for (j in seq_along(steps[[g]]$u)) if (steps[[g]]$u[j] <= days$t[d])
      gone[[g]][j, ] <- gone[[g]][j, ] + colSums(e[group == g & other & time < steps[[g]]$u[j], , drop = FALSE])
  }
  for (i in seq_len(n)) {
    s <- steps[[as.character(group[i])]]
    q <- gone[[as.character(group[i])]]
    j <- which(s$u <= time[i])
    u[i, ] <- u[i, ] - w[i] * colSums(q[j, , drop = FALSE] * s$gone[j] / s$risk[j]^2)
    if (cause[i] == 0) u[i, ] <- u[i, ] + w[i] * q[max(j), ] / s$risk[max(j)]
  }
  v <- solve(p$info) %*% crossprod(rowsum(u, cluster)) %*% solve(p$info)
  list(coef = beta, se = sqrt(diag(v)), loglik0 = null$loglik, loglik1 = p$loglik)
}

rows <- curves <- list()
put <- function(case, model, by, k, terms, m)
  rows[[length(rows) + 1]] <<- data.frame(case, model, by, cause = k, term = terms, coef = unname(m$coef),
                                          se = unname(m$se), loglik0 = m$loglik0, loglik1 = m$loglik1)
published <- function(time, cause, x, k) {
  m <- crr(time, cause, x, failcode = k, gtol = 1e-13, maxiter = 50)
  list(fit = m, coef = m$coef, se = sqrt(diag(m$var)), loglik0 = m$loglik.null, loglik1 = m$loglik)
}
agree <- function(a, b) stopifnot(all(abs(a$coef - b$coef) < 1e-7 * b$se), all(abs(a$se / b$se - 1) < 1e-7))

u <- read.csv("in_unempdur.csv")
x <- as.matrix(u[, c("ui", "age", "logwage")])
band <- cut(u$age, c(0, 29, 39, 49, 99), labels = FALSE)
for (k in 1:3) {
  m <- published(u$time, u$cause, x, k)
  put("unempdur", "plain", "crr", k, colnames(x), m)
  agree(fine_gray(u$time, u$cause, x, k), m)
  f <- predict(m$fit, rbind(c(ui = 1, age = 30, logwage = 6)))
  curves[[k]] <- data.frame(case = "unempdur", cause = k, time = f[, 1], cumulative_subhazard = cumsum(m$fit$bfitj),
                            cumulative_incidence = f[, 2])
}
put("unempdur", "strata", "definition", 1, colnames(x), fine_gray(u$time, u$cause, x, 1, stratum = band))
put("unempdur", "censoring", "definition", 1, colnames(x), fine_gray(u$time, u$cause, x, 1, group = u$ui))
put("unempdur", "cluster", "definition", 1, colnames(x), fine_gray(u$time, u$cause, x, 1, cluster = u$id %/% 3))
put("unempdur", "all", "definition", 2, colnames(x),
    fine_gray(u$time, u$cause, x, 2, w = u$tenure + 0.5, stratum = band, group = u$ui, cluster = u$id %/% 3))

j <- read.csv("in_mvad_first_job.csv")
x <- as.matrix(j[, c("male", "gcse5eq", "livboth")])
for (k in 1:3) {
  m <- published(j$time, j$cause, x, k)
  put("mvad_job", "plain", "crr", k, colnames(x), m)
  agree(fine_gray(j$time, j$cause, x, k), m)
}
put("mvad_job", "weighted", "definition", 1, colnames(x), fine_gray(j$time, j$cause, x, 1, w = j$weight))

write(do.call(rbind, rows), "fine_gray.csv")
write(do.call(rbind, curves), "fine_gray_curve.csv")
