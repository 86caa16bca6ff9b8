# Change between two periods of psid.csv, with base R functions alone: writes change.csv.
# run in this folder:  Rscript make_change.R
num <- function(v) formatC(v, digits = 17, format = "g")
P <- read.csv("psid.csv")
out <- NULL
put <- function(group, quantity, parameter, value)
  out <<- rbind(out, data.frame(group, quantity, parameter, value = num(value)))

# Place of each person: the interval of shares that people with the same income take.
places <- function(x) {
  n <- length(x)
  cbind(low = sapply(x, function(v) sum(x < v)), high = sapply(x, function(v) sum(x <= v))) / n
}
below <- function(p, a) pmin(pmax((a - p[, "low"]) / (p[, "high"] - p[, "low"]), 0), 1)
between <- function(p, a, b) below(p, b) - below(p, a)
fgt <- function(x, z, alpha) mean(ifelse(x < z, (1 - x / z)^alpha, 0))
watts <- function(x, z) mean(ifelse(x < z, log(z / x), 0))

for (g in c("all", "union76", "women")) {
  i <- switch(g, all = rep(TRUE, nrow(P)), union76 = P$union_1976 == 1, women = P$female == 1)
  a <- P$wage_1976[i]
  b <- P$wage_1982[i]
  years <- 6
  p <- (1:9) / 10
  q <- quantile(b, p, type = 7, names = FALSE) / quantile(a, p, type = 7, names = FALSE)
  for (k in 1:9) put(g, "quantile_growth_total", p[k], q[k] - 1)
  for (k in 1:9) put(g, "quantile_growth", p[k], q[k]^(1 / years) - 1)
  A <- places(a)
  B <- places(b)
  for (k in 1:5) {
    s <- between(A, (k - 1) / 5, k / 5)
    t <- between(B, (k - 1) / 5, k / 5)
    put(g, "slice_growth", k / 5, (sum(t * b) / sum(s * a))^(1 / years) - 1)
    put(g, "panel_slice_growth", k / 5, (sum(s * b) / sum(s * a))^(1 / years) - 1)
    put(g, "class_rank_change", k, sum(s * (rowMeans(B) - rowMeans(A))) / sum(s))
    for (j in 1:5)
      put(g, "transition", paste(k, j), sum(s * between(B, (j - 1) / 5, j / 5)) / sum(s))
  }
  put(g, "rank_correlation", "", cor(a, b, method = "spearman"))
  put(g, "rank_change", "", mean(abs(rowMeans(B) - rowMeans(A))))
  put(g, "bottom_stayed", "", sum(below(A, 0.4) * below(B, 0.4)) / sum(below(A, 0.4)))
  put(g, "bottom_entered", "", sum((1 - below(A, 0.4)) * below(B, 0.4)) / sum(1 - below(A, 0.4)))
  # Poverty by one line: both periods, then each distribution with the mean of the other.
  z <- 500
  m <- mean(b) / mean(a)
  measures <- list(fgt0 = function(x) fgt(x, z, 0), fgt1 = function(x) fgt(x, z, 1), fgt2 = function(x) fgt(x, z, 2),
                   watts = function(x) watts(x, z))
  for (name in names(measures)) {
    f <- measures[[name]]
    v <- c(f(a), f(b), f(a * m), f(b / m))
    growth <- (v[3] - v[1] + v[2] - v[4]) / 2
    put(g, "poverty_0", name, v[1])
    put(g, "poverty_1", name, v[2])
    put(g, "poverty_change", name, v[2] - v[1])
    put(g, "growth_component", name, v[3] - v[1])
    put(g, "redistribution_component", name, v[4] - v[1])
    put(g, "residual", name, v[2] - v[1] - (v[3] - v[1]) - (v[4] - v[1]))
    put(g, "shapley_growth", name, growth)
    put(g, "shapley_redistribution", name, (v[4] - v[1] + v[2] - v[3]) / 2)
    put(g, "pro_poor_index", name, (v[2] - v[1]) / growth)
    put(g, "poverty_equivalent_growth", name, (v[2] - v[1]) / growth * log(m) / years)
  }
  put(g, "pro_poor_growth", "", (watts(a, z) - watts(b, z)) / fgt(a, z, 0) / years)
}
write.csv(out, "change.csv", row.names = FALSE, quote = FALSE)
