# Makes the expected tables of survival curves of this folder with R's survival package. Usage: Rscript make_km.R
# (in this folder). Every number has 17 significant digits; NA is R's NA, Inf is infinite.
suppressMessages(library(survival))
options(stringsAsFactors = FALSE)
kinds <- c("plain", "log", "log-log", "logit", "arcsin")

text <- function(x) {
  out <- formatC(x, digits = 17, format = "g", width = 1)
  out[is.na(x)] <- "NA"
  out[is.infinite(x)] <- ifelse(x[is.infinite(x)] > 0, "Inf", "-Inf")
  out
}
write <- function(rows, file) {
  for (column in names(rows)) if (is.double(rows[[column]])) rows[[column]] <- text(rows[[column]])
  write.csv(rows, file, row.names = FALSE, quote = FALSE, na = "NA")
}
level_of <- function(strata) sub("^[^=]*=", "", strata)

fits <- function(formula, data, ...)
  sapply(kinds, function(kind) do.call(survfit, list(formula, data = data, conf.type = kind, ...)), simplify = FALSE)

curve_rows <- function(fit) {
  f <- fit[[1]]
  rows <- data.frame(group = if (is.null(f$strata)) "all" else rep(level_of(names(f$strata)), f$strata),
                     time = f$time, n_risk = f$n.risk, n_event = f$n.event, n_censor = f$n.censor,
                     surv = f$surv, se_surv = f$surv * f$std.err, se_log_surv = f$std.err, cumhaz = f$cumhaz,
                     se_cumhaz = f$std.chaz)
  if (!isTRUE(f$logse)) {
    rows$se_surv <- f$std.err
    rows$se_log_surv <- f$std.err / f$surv
  }
  for (kind in kinds) {
    rows[[paste0("lo_", gsub("-", "", kind))]] <- fit[[kind]]$lower
    rows[[paste0("hi_", gsub("-", "", kind))]] <- fit[[kind]]$upper
  }
  rows
}

quantile_rows <- function(case, fit) {
  shares <- c(0.25, 0.5, 0.75)
  one <- function(kind, k) {
    q <- lapply(quantile(fit[[kind]], probs = shares), function(x) if (is.matrix(x)) x else matrix(x, nrow = 1))
    group <- if (is.null(fit[[kind]]$strata)) "all" else level_of(names(fit[[kind]]$strata))
    data.frame(case = case, group = group, p = shares[k], conf_type = kind, quantile = q$quantile[, k],
               lower = q$lower[, k], upper = q$upper[, k])
  }
  do.call(rbind, lapply(kinds, function(kind) do.call(rbind, lapply(seq_along(shares), function(k) one(kind, k)))))
}

# The restricted mean. R's table always has the plain error; the robust one is the root of the sum of the squared
# residuals of the area under the curve, each unit's added up.
mean_rows <- function(case, fit, taus, cluster = NULL) do.call(rbind, lapply(taus, function(tau) {
  table <- summary(fit, rmean = tau)$table
  if (is.null(dim(table))) table <- t(table)
  group <- if (is.null(fit$strata)) "all" else level_of(names(fit$strata))
  robust <- NA_real_
  if (!is.null(cluster)) {
    r <- residuals(fit, times = tau, type = "auc", weighted = TRUE)
    robust <- sqrt(sum(rowsum(as.numeric(r), cluster)^2))
  }
  data.frame(case = case, group = group, tau = tau, rmst = table[, grep("rmean$", colnames(table))],
             se = table[, "se(rmean)"], se_robust = robust)
}))

horizon_rows <- function(case, fit, times) do.call(rbind, lapply(kinds, function(kind) {
  s <- summary(fit[[kind]], times = times, extend = TRUE)
  group <- if (is.null(s$strata)) "all" else level_of(as.character(s$strata))
  data.frame(case = case, group = group, conf_type = kind, time = s$time, n_risk = s$n.risk, surv = s$surv,
             se_surv = s$std.err, lower = s$lower, upper = s$upper)
}))

quantiles <- means <- horizons <- list()
case <- function(name, formula, data, taus, times, cluster = NULL, ...) {
  fit <- if (is.null(cluster)) fits(formula, data, ...) else fits(formula, data, robust = TRUE, cluster = cluster, ...)
  write(curve_rows(fit), paste0("km_", name, ".csv"))
  quantiles[[name]] <<- quantile_rows(name, fit)
  means[[name]] <<- mean_rows(name, fit[[1]], taus, cluster)
  horizons[[name]] <<- horizon_rows(name, fit, times)
}

spells <- read.csv("in_unempdur.csv")
spells$event <- as.integer(spells$cause > 0)
case("unempdur", Surv(time, event) ~ 1, spells, c(6, 13, 26), c(6, 13, 26))
case("unempdur_by_ui", Surv(time, event) ~ ui, spells, c(6, 13, 26), c(6, 13, 26))
write(curve_rows(fits(Surv(time, event) ~ 1, spells, stype = 2, ctype = 2)), "km_unempdur_fh2.csv")
write(curve_rows(fits(Surv(time, event) ~ 1, spells, stype = 2, ctype = 1)), "km_unempdur_fh1.csv")

romeo <- read.csv("in_romeo.csv")
case("romeo", Surv(time, event) ~ 1, romeo, c(13, 26, 52), c(0, 13, 26, 52, 104))
case("romeo_by_reason", Surv(time, event) ~ reason, romeo, c(13, 26, 52), c(0, 13, 26, 52))

job <- read.csv("in_mvad_first_job.csv")
job$event <- as.integer(job$cause > 0)
case("mvad_job", Surv(time, event) ~ 1, job, c(12, 24), c(3, 6, 12, 24))
case("mvad_job_by_gcse", Surv(time, event) ~ gcse5eq, job, c(12, 24), c(3, 6, 12, 24))
case("mvad_job_weighted", Surv(time, event) ~ 1, job, c(12, 24), c(3, 6, 12, 24), weights = job$weight, robust = FALSE)
case("mvad_job_weighted_robust", Surv(time, event) ~ 1, job, c(12, 24), c(3, 6, 12, 24), job$id, weights = job$weight)
case("mvad_calendar", Surv(start, stop, event) ~ 1, job, c(71), c(12, 24, 36, 48, 60))

channing <- read.csv("in_channing.csv")
channing <- channing[channing$entry < channing$exit, ]
ages <- c(800, 900, 1000, 1100)
case("channing_by_male", Surv(entry, exit, event) ~ male, channing, c(1100), ages)
case("channing_from_816", Surv(entry, exit, event) ~ male, channing, c(1100), ages[-1], start.time = 816)

# `trio` of in_placements.csv: three rows make one unit.
placements <- read.csv("in_placements.csv")
placements$event <- as.integer(placements$cause > 0)
tau <- c(26, 52, 104)
weeks <- c(13, 26, 52, 104)
case("placements", Surv(entry, exit, event) ~ 1, placements, tau, weeks)
case("placements_by_group", Surv(entry, exit, event) ~ group, placements, tau, weeks)
case("placements_rc_by_group", Surv(exit, event) ~ group, placements, tau, weeks)
case("placements_weighted", Surv(entry, exit, event) ~ 1, placements, tau, weeks, weights = placements$weight,
     robust = FALSE)
case("placements_weighted_robust", Surv(entry, exit, event) ~ 1, placements, tau, weeks, placements$id,
     weights = placements$weight)
case("placements_clustered", Surv(exit, event) ~ 1, placements, tau, weeks, placements$trio,
     weights = placements$weight)
case("placements_landmark13", Surv(entry, exit, event) ~ 1, placements, c(52, 104), weeks[-1], start.time = 13)

# First jobs of the example data on days. Data end with 1999-06-30; a job that still runs is followed up to the day
# before, the last on which its end could be seen.
days <- read.csv("../../../examples/data/school-to-work/placements.csv", na.strings = "")
last <- as.Date("1999-06-29")
end <- as.Date(days$end)
days <- data.frame(person_id = days$person_id, time_days = as.integer(ifelse(is.na(end), last, end) -
                   as.integer(as.Date(days$start))) + 1L, event = as.integer(!is.na(end)))
write(days, "in_mvad_days.csv")
case("mvad_days", Surv(time_days, event) ~ 1, days, c(365), c(91, 182, 365))
write(do.call(rbind, quantiles), "quantiles.csv")
write(do.call(rbind, means), "rmst.csv")
write(do.call(rbind, horizons), "horizons.csv")

# Small cases on whole times: near_ties and large_times are about real times and are not for a day clock.
tricky <- read.csv("in_tricky.csv")
tricky <- tricky[!tricky$case %in% c("near_ties", "large_times"), ]
tricky$event <- as.integer(tricky$cause > 0)
curves <- points <- means <- list()
for (name in unique(tricky$case)) {
  rows <- tricky[tricky$case == name, ]
  formula <- if (any(rows$entry > 0)) Surv(entry, exit, event) ~ 1 else Surv(exit, event) ~ 1
  fit <- if (all(rows$weight == 1)) fits(formula, rows) else fits(formula, rows, weights = rows$weight, robust = FALSE)
  curves[[name]] <- cbind(case = name, curve_rows(fit))
  points[[name]] <- quantile_rows(name, fit)
  means[[name]] <- mean_rows(name, fit[[1]], max(rows$exit))
}
write(do.call(rbind, curves), "tricky_km.csv")
write(do.call(rbind, points), "tricky_quantiles.csv")
write(do.call(rbind, means), "tricky_rmst.csv")
