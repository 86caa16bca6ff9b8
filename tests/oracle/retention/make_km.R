# Makes the expected Kaplan-Meier tables of this folder with R's survival package. Usage: Rscript make_km.R
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
                     surv = f$surv, se_surv = f$surv * f$std.err, se_log_surv = f$std.err)
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

quantiles <- list()
case <- function(name, formula, data, ...) {
  fit <- fits(formula, data, ...)
  write(curve_rows(fit), paste0("km_", name, ".csv"))
  quantiles[[name]] <<- quantile_rows(name, fit)
}

romeo <- read.csv("in_romeo.csv")
case("romeo", Surv(time, event) ~ 1, romeo)
case("romeo_by_reason", Surv(time, event) ~ reason, romeo)

job <- read.csv("in_mvad_first_job.csv")
job$event <- as.integer(job$cause > 0)
job$stop <- job$start + job$time
case("mvad_job", Surv(time, event) ~ 1, job)
case("mvad_job_by_gcse", Surv(time, event) ~ gcse5eq, job)
case("mvad_job_weighted", Surv(time, event) ~ 1, job, weights = job$weight, robust = FALSE)
case("mvad_calendar", Surv(start, stop, event) ~ 1, job)

channing <- read.csv("in_channing.csv")
case("channing_by_male", Surv(entry, exit, event) ~ male, channing[channing$entry < channing$exit, ])

placements <- read.csv("in_placements.csv")
placements$event <- as.integer(placements$cause > 0)
case("placements", Surv(entry, exit, event) ~ 1, placements)
case("placements_by_group", Surv(entry, exit, event) ~ group, placements)
case("placements_weighted", Surv(entry, exit, event) ~ 1, placements, weights = placements$weight, robust = FALSE)

# First jobs of the example data on days. Data end with 1999-06-30; a job that still runs is followed up to the day
# before, the last on which its end could be seen.
days <- read.csv("../../../examples/data/school-to-work/placements.csv", na.strings = "")
last <- as.Date("1999-06-29")
end <- as.Date(days$end)
days <- data.frame(person_id = days$person_id, time_days = as.integer(ifelse(is.na(end), last, end) -
                   as.integer(as.Date(days$start))) + 1L, event = as.integer(!is.na(end)))
write(days, "in_mvad_days.csv")
case("mvad_days", Surv(time_days, event) ~ 1, days)
write(do.call(rbind, quantiles), "quantiles.csv")

# Small cases on whole times: near_ties and large_times are about real times and are not for a day clock.
tricky <- read.csv("in_tricky.csv")
tricky <- tricky[!tricky$case %in% c("near_ties", "large_times"), ]
tricky$event <- as.integer(tricky$cause > 0)
curves <- points <- list()
for (name in unique(tricky$case)) {
  rows <- tricky[tricky$case == name, ]
  formula <- if (any(rows$entry > 0)) Surv(entry, exit, event) ~ 1 else Surv(exit, event) ~ 1
  fit <- if (all(rows$weight == 1)) fits(formula, rows) else fits(formula, rows, weights = rows$weight, robust = FALSE)
  curves[[name]] <- cbind(case = name, curve_rows(fit))
  points[[name]] <- quantile_rows(name, fit)
}
write(do.call(rbind, curves), "tricky_km.csv")
write(do.call(rbind, points), "tricky_quantiles.csv")
