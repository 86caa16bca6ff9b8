# Bottom shares of two published panels, by the generalised Lorenz curve in plain double arithmetic (base R only).
# run in this folder:  Rscript make_bottom.R > bottom.csv
# Weights of the bottom p: people tied at the cut get the same fraction of their weight.
bottom_weights <- function(x, p) {
  need <- p * length(x); b <- numeric(length(x)); before <- 0
  for (v in sort(unique(x))) {
    tied <- x == v; s <- sum(tied)
    b[tied] <- min(1, max(0, (need - before) / s)); before <- before + s
  }
  b
}
bottom_mean <- function(x, p) { b <- bottom_weights(x, p); sum(b * x) / sum(b) }
say <- function(dataset, group, p, values)
  for (q in names(values)) cat(sprintf("%s,%s,%.1f,%s,%.17g\n", dataset, group, p, q, values[[q]]))
cat("dataset,group,p_share,quantity,value\n")
psid <- read.csv("psid.csv")
groups <- list(all = rep(TRUE, nrow(psid)), union76 = psid$union_1976 == 1, nonunion76 = psid$union_1976 == 0,
               women = psid$female == 1)
for (g in names(groups)) {
  a <- psid$wage_1976[groups[[g]]]; b <- psid$wage_1982[groups[[g]]]; w <- bottom_weights(a, .4)
  m <- c(bottom_mean(a, .4), bottom_mean(b, .4))
  say("psid", g, .4, c(bottom_mean_0 = m[1], bottom_mean_1 = m[2], bottom_growth = m[2] / m[1] - 1,
    panel_bottom_mean_0 = sum(w * a) / sum(w), panel_bottom_mean_1 = sum(w * b) / sum(w),
    panel_bottom_growth = sum(w * b) / sum(w * a) - 1, mean_0 = mean(a), mean_1 = mean(b),
    mean_growth = mean(b) / mean(a) - 1, premium_per_year = (m[2] / m[1])^(1/6) - (mean(b) / mean(a))^(1/6)))
}
nsw <- read.csv("nsw.csv")
for (p in c(.2, .4, .6)) for (treated in 1:0) {
  a <- nsw$earnings_1975[nsw$treated == treated]; b <- nsw$earnings_1978[nsw$treated == treated]
  w <- bottom_weights(a, p)
  say("nsw", if (treated == 1) "treated" else "control", p, c(bottom_mean_0 = bottom_mean(a, p),
    bottom_mean_1 = bottom_mean(b, p), panel_bottom_mean_0 = sum(w * a) / sum(w),
    panel_bottom_mean_1 = sum(w * b) / sum(w), panel_bottom_gain = sum(w * (b - a)) / sum(w),
    mean_0 = mean(a), mean_1 = mean(b), panel_gain = mean(b - a)))
}
