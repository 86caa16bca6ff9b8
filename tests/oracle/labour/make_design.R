# Writes design.csv (invented people) and design_expected.csv: rates, means and the pay gap with their linearised errors
# by R's survey 4.1-1. Usage: Rscript --vanilla make_design.R, in this folder.
suppressPackageStartupMessages(library(survey))
set.seed(8)
n <- 360
d <- data.frame(stratum = rep(1:6, each = 60))
d$psu <- d$stratum * 10 + rep(rep(1:5, each = 12), 6)
d$Nh <- c(20, 30, 25, 40, 15, 60)[d$stratum]
d$w <- round(runif(n, 0.5, 9.5), 2)
d$sex <- sample(c("F", "M"), n, TRUE)
d$region <- sample(c("n", "s", "w"), n, TRUE)
d$age <- sample(12:80, n, TRUE)
p <- 0.2 + 0.05 * (d$psu %% 10)
u <- runif(n)
d$labour_status <- ifelse(u < p, "unemployed", ifelse(u < 0.8, "employed", "outside"))
d$status <- ifelse(d$labour_status == "employed", sample(c("employee", "own_account"), n, TRUE, c(0.85, 0.15)), "")
d$hourly_earnings <- ifelse(d$status == "employee", round(exp(rnorm(n, 5, 0.4)), 2), NA)
d$hourly_earnings[sample(n, 12)] <- NA
d$cost <- ifelse(runif(n) < 0.3, 0, round(rexp(n) * 900))
d$earned <- round(runif(n, 200, 900))
write.csv(d, "design.csv", row.names = FALSE, quote = FALSE, na = "")

d$adult <- d$age >= 15
d$lf <- as.numeric(d$adult & d$labour_status != "outside")
d$unemployed <- as.numeric(d$adult & d$labour_status == "unemployed")
d$paid <- as.numeric(d$adult & d$status == "employee" & !is.na(d$hourly_earnings))
d$pay <- ifelse(d$paid == 1, d$hourly_earnings, 0)
for (s in c("F", "M")) {
  d[[paste0("paid", s)]] <- d$paid * (d$sex == s)
  d[[paste0("pay", s)]] <- d$pay * (d$sex == s)
}
d$months <- d$cost / d$earned
designs <- list(strata = svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = d),
                fpc = svydesign(ids = ~psu, strata = ~stratum, weights = ~w, fpc = ~Nh, data = d),
                rows = svydesign(ids = ~1, weights = ~w, data = d))
domains <- list(all = rep(TRUE, n), F = d$sex == "F", M = d$sex == "M", n = d$region == "n", Fs = d$sex == "F" & d$region == "s")
out <- NULL
add <- function(design, domain, figure, value, se) {
  out <<- rbind(out, data.frame(design, domain, figure, value = sprintf("%.15g", value), se = sprintf("%.15g", se)))
}
for (k in names(designs)) for (g in names(domains)) {
  s <- subset(designs[[k]], domains[[g]])
  r <- svyratio(~unemployed, ~lf, s)
  add(k, g, "unemployment_rate", coef(r), SE(r))
  r <- svyratio(~pay, ~paid, s)
  add(k, g, "hourly_earnings", coef(r), SE(r))
  r <- svymean(~months, s)
  add(k, g, "recruitment_cost", coef(r), SE(r))
  if (g %in% c("F", "M", "Fs")) next
  t <- svytotal(~payM + paidM + payF + paidF, s)
  r <- svycontrast(t, quote(1 - (payF / paidF) / (payM / paidM)))
  add(k, g, "pay_gap", coef(r), SE(r))
}
write.csv(out, "design_expected.csv", row.names = FALSE, quote = FALSE)
