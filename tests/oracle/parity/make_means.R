# Writes means.csv beside itself: hourly wages of cps1985.csv by R's t.test (Welch) and p.adjust (Holm), and means weighted by
# years of schooling, with a group of experience as the person, by plain R. Run in this folder: Rscript make_means.R
C <- read.csv("cps1985.csv"); rows <- NULL
put <- function(case, v) rows <<- c(rows, sprintf("%s,%s,%.17g", case, names(v), v))
one <- function(a, b) { t <- t.test(a, b); c(mean = mean(a), n = length(a), reference = mean(b), difference = mean(a) - mean(b),
  low = t$conf.int[1], high = t$conf.int[2], error = t$stderr, df = unname(t$parameter), p = t$p.value, ratio = mean(a) / mean(b)) }
w <- split(C$wage, C$female)
put("female", one(w[["1"]], w[["0"]]))
e <- split(C$wage, C$ethnicity); p <- NULL
for (k in c("hispanic", "other")) { r <- one(e[[k]], e[["cauc"]]); put(k, r); p <- c(p, setNames(r["p"], k)) }
put("holm", setNames(p.adjust(p, "holm"), names(p)))
rest <- lapply(names(e), function(k) one(e[[k]], C$wage[C$ethnicity != k])); names(rest) <- names(e)
for (k in names(e)) put(paste0("rest_", k), rest[[k]])
for (k in names(e)) { s <- 1 - length(e[[k]]) / nrow(C); stopifnot(abs(s * rest[[k]]["difference"] - (mean(e[[k]]) - mean(C$wage))) < 1e-12)
  put(paste0("population_", k), c(difference = unname(s * rest[[k]]["difference"]), error = unname(s * rest[[k]]["error"]), ratio = mean(e[[k]]) / mean(C$wage))) }
# people: rows of equal experience; a person may be in both groups
weighted <- function(d) { W <- sum(d$education); m <- sum(d$education * d$wage) / W; u <- tapply(d$education * (d$wage - m) / W, d$experience, sum)
  u <- u * sqrt(length(u) / (length(u) - 1)); list(m = m, u = u, v = sum(u^2), df = length(u) - 1) }
a <- weighted(C[C$female == 1, ]); b <- weighted(C[C$female == 0, ]); both <- intersect(names(a$u), names(b$u))
v <- a$v + b$v - 2 * sum(a$u[both] * b$u[both]); df <- (a$v + b$v)^2 / (a$v^2 / a$df + b$v^2 / b$df)
va <- a$v / a$m^2; vb <- b$v / b$m^2; vr <- va + vb - 2 * sum(a$u[both] * b$u[both]) / a$m / b$m
dr <- (va + vb)^2 / (va^2 / a$df + vb^2 / b$df)
put("weighted", c(mean = a$m, mean_error = sqrt(a$v), people = a$df + 1, difference = a$m - b$m, error = sqrt(v), df = df,
  low = a$m - b$m - qt(.975, df) * sqrt(v), high = a$m - b$m + qt(.975, df) * sqrt(v), p = 2 * pt(-abs(a$m - b$m) / sqrt(v), df),
  ratio = a$m / b$m, ratio_low = a$m / b$m * exp(-qt(.975, dr) * sqrt(vr)), ratio_high = a$m / b$m * exp(qt(.975, dr) * sqrt(vr))))
writeLines(c("case,quantity,value", rows), "means.csv")
