# Writes sample.csv, variance.csv, replicates.csv, replicate_variance.csv, calibration.csv and calibrated_variance.csv:
#   Rscript make_survey.R FOLDER
# The data are made up here; the expected numbers come from R's survey package (4.1.1), run as a program.
suppressMessages(library(survey))
folder <- commandArgs(TRUE)[1]
options(digits = 17, survey.lonely.psu = "fail", survey.ultimate.cluster = FALSE)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(4107)

save <- function(d, name) {
  for (k in names(d)) if (is.double(d[[k]])) d[[k]] <- sprintf("%.17g", d[[k]])
  write.csv(d, file.path(folder, name), row.names = FALSE, quote = FALSE)
}

# ---- three strata of 4, 2 and 3 of 10, 8 and 12 areas; 2 to 4 households of each area; 1 to 3 people of a household
rows <- list()
sizes <- c(10, 8, 12); drawn <- c(4, 2, 3)
for (h in 1:3) for (i in seq_len(drawn[h])) {
  m <- sample(2:4, 1); population <- m + sample(2:9, 1)
  for (j in seq_len(m)) for (k in seq_len(sample(1:3, 1)))
    rows[[length(rows) + 1]] <- data.frame(stratum = h, psu = i, ssu = j, n1 = sizes[h], n2 = population,
      s2 = 1 + (j %% 2), w = round(sizes[h] / drawn[h] * population / m * runif(1, 0.8, 1.2), 3),
      x = round(rlnorm(1, 3, 0.5), 2), y = round(rnorm(1, 50 + 5 * h, 12), 1), sex = sample(1:2, 1),
      age = sample(1:3, 1))
}
s <- do.call(rbind, rows)
s$f1 <- drawn[s$stratum] / sizes[s$stratum]
m <- ave(s$ssu, interaction(s$stratum, s$psu, drop = TRUE), FUN = max)
s$f2 <- m / s$n2
s$n2s <- s$n2 + 3 * s$s2            # population of the second-stage stratum, by area
s$domain <- as.integer(s$sex == 2 & s$stratum != 2)
s$single <- as.integer(s$stratum != 2 | s$psu == 1)   # leaves stratum 2 with one area
s$pair <- as.integer(s$psu <= 2)                      # leaves two areas in each stratum
s <- cbind(row = seq_len(nrow(s)), s)
save(s, "sample.csv")

# ---- linearisation
out <- list()
note <- function(case, statistic, value, se) out[[length(out) + 1]] <<- data.frame(case, statistic, value, se)
measure <- function(case, d, means_only = FALSE) {
  if (!means_only) {
    t <- svytotal(~x + y, d)
    note(case, "total_x", coef(t)[1], SE(t)[1])
    note(case, "covariance_total_xy", vcov(t)[1, 2], 0)
  }
  m <- svymean(~x + y, d)
  note(case, "mean_x", coef(m)[1], SE(m)[1])
  note(case, "covariance_mean_xy", vcov(m)[1, 2], 0)
}
designs <- list(
  plain = svydesign(id = ~1, weights = ~w, data = s),
  strat = svydesign(id = ~1, strata = ~stratum, weights = ~w, data = s),
  clus = svydesign(id = ~area, weights = ~w, data = transform(s, area = stratum * 10 + psu)),
  stclus = svydesign(id = ~psu, strata = ~stratum, weights = ~w, data = s, nest = TRUE),
  stclus_fpc = svydesign(id = ~psu, strata = ~stratum, fpc = ~n1, weights = ~w, data = s, nest = TRUE),
  stclus_share = svydesign(id = ~psu, strata = ~stratum, fpc = ~f1, weights = ~w, data = s, nest = TRUE),
  two_stage = svydesign(id = ~psu + ssu, strata = ~stratum, fpc = ~n1 + n2, weights = ~w, data = s, nest = TRUE),
  two_stage_share = svydesign(id = ~psu + ssu, strata = ~stratum, fpc = ~f1 + f2, weights = ~w, data = s, nest = TRUE))
for (case in names(designs)) {
  measure(case, designs[[case]])
  measure(paste0(case, "_domain"), subset(designs[[case]], domain == 1))
}
for (rule in c("remove", "adjust", "average")) {
  options(survey.lonely.psu = rule)
  one <- s[s$single == 1, ]
  measure(paste0("single_", rule), svydesign(id = ~psu, strata = ~stratum, weights = ~w, data = one, nest = TRUE),
          rule == "adjust")
  measure(paste0("single_fpc_", rule), svydesign(id = ~psu, strata = ~stratum, fpc = ~n1, weights = ~w, data = one,
          nest = TRUE), rule == "adjust")
  if (rule == "remove")
    measure("strata_of_stage_2_remove", svydesign(id = ~psu + ssu, strata = ~stratum + s2, fpc = ~n1 + n2s,
            weights = ~w, data = s, nest = TRUE))
}
options(survey.lonely.psu = "fail")
save(do.call(rbind, out), "variance.csv")

# ---- replicate weights
out <- list(); weights_out <- list()
stclus <- designs$stclus
pairs <- subset(s, pair == 1)
paired <- svydesign(id = ~psu, strata = ~stratum, weights = ~w, data = pairs, nest = TRUE)
for (mse in c(FALSE, TRUE)) {
  set.seed(77)
  reps <- list(jk1 = as.svrepdesign(designs$clus, type = "JK1", mse = mse),
               jkn = as.svrepdesign(stclus, type = "JKn", mse = mse),
               brr = as.svrepdesign(paired, type = "BRR", mse = mse),
               fay = as.svrepdesign(paired, type = "Fay", fay.rho = 0.3, mse = mse),
               boot = as.svrepdesign(stclus, type = "subbootstrap", replicates = 12, mse = mse),
               other = as.svrepdesign(stclus, type = "JKn", mse = mse))
  reps$other$scale <- 0.7
  reps$other$rscales <- c(0, seq(0.5, 1.5, length.out = length(reps$other$rscales) - 1))
  for (case in names(reps)) {
    d <- reps[[case]]
    a <- weights(d, "analysis")
    for (r in seq_len(ncol(a)))
      if (!mse) weights_out[[length(weights_out) + 1]] <- data.frame(case, replicate = r, rscale = d$rscales[r],
        row = d$variables$row, weight = a[, r])
    t <- svytotal(~x, d); m <- svymean(~x, d)
    out[[length(out) + 1]] <- data.frame(case, mse = as.integer(mse), statistic = c("total_x", "mean_x"),
      value = c(coef(t), coef(m)), se = c(SE(t), SE(m)), scale = d$scale)
  }
}
save(do.call(rbind, weights_out), "replicates.csv")
save(do.call(rbind, out), "replicate_variance.csv")

# ---- calibration: totals of the population that the weights are to meet
w <- sum(s$w)
totals <- c(`(Intercept)` = 1.05 * w, x = 1.08 * sum(s$w * s$x), `factor(sex)2` = 0.52 * 1.05 * w)
sex <- data.frame(sex = 1:2, Freq = c(0.48, 0.52) * 1.05 * w)
age <- data.frame(age = 1:3, Freq = c(0.30, 0.37, 0.33) * 1.05 * w)
cells <- expand.grid(sex = 1:2, age = 1:3)
cells$Freq <- c(0.13, 0.17, 0.18, 0.19, 0.17, 0.16) * 1.05 * w
tight <- list(maxit = 200, epsilon = 1e-14)
formula <- ~x + factor(sex)
calibrated <- list(
  linear = calibrate(stclus, formula, totals, calfun = "linear", epsilon = 1e-13),
  raking = calibrate(stclus, formula, totals, calfun = "raking", epsilon = 1e-13, maxit = 100),
  bounded = calibrate(stclus, formula, totals, calfun = "linear", bounds = c(0.85, 1.4), epsilon = 1e-13, maxit = 200),
  post = postStratify(stclus, ~sex + age, cells),
  rake = rake(stclus, list(~sex, ~age), list(sex, age), control = tight))
out <- list()
for (case in names(calibrated))
  out[[length(out) + 1]] <- data.frame(case, row = s$row, weight = weights(calibrated[[case]]))
save(do.call(rbind, out), "calibration.csv")
out <- list()
for (case in setdiff(names(calibrated), "rake")) for (v in c("y")) {
  d <- calibrated[[case]]
  t <- svytotal(~y, d); m <- svymean(~y, d); md <- svymean(~y, subset(d, domain == 1))
  out[[length(out) + 1]] <- data.frame(case, statistic = c("total_y", "mean_y", "domain_mean_y"),
    value = c(coef(t), coef(m), coef(md)), se = c(SE(t), SE(m), SE(md)))
}
save(do.call(rbind, out), "calibrated_variance.csv")
save(data.frame(name = c("constant", "x", "sex2", paste0("sex:", 1:2), paste0("age:", 1:3),
                         paste0("cell:", cells$sex, cells$age)),
                total = c(totals, sex$Freq, age$Freq, cells$Freq)), "totals.csv")
