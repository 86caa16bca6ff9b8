# Makes the expected Cox regressions of this folder with R's survival.
# Usage: Rscript make_cox.R (in this folder). Every number has 17 significant digits; NA is R's NA. Fits are iterated until
# the log-likelihood moves by less than 1e-13 of itself. Separated cases keep what is comparable: the limit of the
# log-likelihood, the score test and the concordance; their wald is not.
suppressMessages(library(survival))
control <- coxph.control(eps = 1e-13, toler.chol = 1e-15, iter.max = 100)
text <- function(x) {
  out <- formatC(x, digits = 17, format = "g", width = 1)
  out[is.na(x)] <- "NA"
  out
}
write <- function(rows, file) {
  for (column in names(rows)) if (is.double(rows[[column]])) rows[[column]] <- text(rows[[column]])
  write.csv(rows, file, row.names = FALSE, quote = FALSE, na = "NA")
}
C <- M <- B <- Z <- list()
put <- function(case, model, ties, fit, base = FALSE, zph = FALSE) {
  s <- summary(fit)
  robust <- !is.null(fit$naive.var)
  C[[length(C) + 1]] <<- data.frame(case = case, model = model, ties = ties, term = names(coef(fit)), coef = unname(coef(fit)),
    hazard_ratio = unname(exp(coef(fit))), se = unname(sqrt(diag(if (robust) fit$naive.var else fit$var))),
    se_robust = if (robust) unname(sqrt(diag(fit$var))) else NA_real_)
  M[[length(M) + 1]] <<- data.frame(case = case, model = model, ties = ties, n = fit$n, n_event = fit$nevent,
    loglik0 = fit$loglik[1], loglik1 = fit$loglik[length(fit$loglik)], lr = s$logtest[["test"]], wald = fit$wald.test,
    score = fit$score, score_robust = if (robust) fit$rscore else NA_real_, df = s$logtest[["df"]],
    concordance = unname(s$concordance[1]), se_concordance = unname(s$concordance[2]))
  if (base) {
    b <- basehaz(fit, centered = FALSE)
    B[[length(B) + 1]] <<- data.frame(ties = ties, case = case, model = model,
      stratum = if (is.null(b$strata)) "all" else as.character(b$strata), time = b$time, cumhaz0 = b$hazard)
  }
  for (g in if (zph) c("identity", "km", "log", "rank")) {
    z <- tryCatch(cox.zph(fit, transform = g)$table, error = function(e) NULL) # log fails for events at time 0
    if (!is.null(z))
      Z[[length(Z) + 1]] <<- data.frame(ties = ties, case = case, model = model, transform = g, term = rownames(z),
                                        chisq = z[, 1], df = z[, 2], p = z[, 3])
  }
}
cox <- function(formula, data, ...) do.call(coxph, list(formula, data = data, control = control, ...))
both <- c("efron", "breslow")

u <- read.csv("in_unempdur.csv")
u$event <- as.integer(u$cause > 0)
u$ageband <- cut(u$age, c(0, 29, 39, 49, 99), labels = FALSE)
for (ti in both) put("unempdur", "any_exit", ti, cox(Surv(time, event) ~ ui + age + logwage + tenure, u, ties = ti), TRUE, TRUE)
for (k in 1:3) for (ti in both)
  put("unempdur", paste0("cause", k), ti, cox(Surv(time, cause == k) ~ ui + age + logwage + tenure, u, ties = ti))
put("unempdur", "any_exit_strata_ageband", "efron", cox(Surv(time, event) ~ ui + logwage + strata(ageband), u), TRUE)
put("unempdur", "any_exit_robust", "efron", cox(Surv(time, event) ~ ui + age + logwage + tenure, u, robust = TRUE))

r <- read.csv("in_romeo.csv")
for (ti in both) put("romeo", "main", ti, cox(Surv(time, event) ~ female + white + pubemp, r, ties = ti), TRUE, TRUE)

j <- read.csv("in_mvad_first_job.csv")
j$event <- as.integer(j$cause > 0)
j$stop <- j$start + j$time
for (ti in both) {
  put("mvad_job", "main", ti, cox(Surv(time, event) ~ male + gcse5eq + livboth, j, ties = ti), TRUE)
  put("mvad_job", "weighted_robust", ti,
      cox(Surv(time, event) ~ male + gcse5eq + livboth, j, ties = ti, weights = j$weight, robust = TRUE))
  put("mvad_calendar", "truncated", ti, cox(Surv(start, stop, event) ~ male + gcse5eq + livboth, j, ties = ti), TRUE)
}

h <- subset(read.csv("in_channing.csv"), entry < exit)
for (ti in both) put("channing", "male", ti, cox(Surv(entry, exit, event) ~ male, h, ties = ti), TRUE)

p <- read.csv("in_placements.csv")
p$event <- as.integer(p$cause > 0)
p$ever_ac <- as.integer(!is.na(p$aftercare))
p$grp <- relevel(factor(p$group), "other_unemployed")
s <- do.call(rbind, lapply(seq_len(nrow(p)), function(i) {
  x <- p[i, ]
  if (!is.na(x$aftercare) && x$aftercare > x$entry && x$aftercare < x$exit)
    rbind(transform(x, start = entry, stop = aftercare, ev = 0, now = 0),
          transform(x, start = aftercare, stop = exit, ev = event, now = 1))
  else transform(x, start = entry, stop = exit, ev = event, now = as.integer(!is.na(aftercare) && aftercare <= entry))
}))
s$aftercare <- s$now
s$cause1 <- as.integer(s$ev == 1 & s$cause == 1)
w <- s[s$weight > 0, ]
for (ti in both) {
  put("placements", "aftercare_timevarying", ti, cox(Surv(start, stop, ev) ~ aftercare + female + age, s, ties = ti), TRUE, TRUE)
  put("placements_rc", "female_age", ti, cox(Surv(exit, event) ~ female + age, p, ties = ti))
  put("placements", "aftercare_immortal_time_bias", ti, cox(Surv(entry, exit, event) ~ ever_ac + female + age, p, ties = ti))
  put("placements", "aftercare_timevarying_cluster", ti,
      cox(Surv(start, stop, ev) ~ aftercare + female + age + cluster(id), s, ties = ti))
  put("placements", "aftercare_timevarying_strata_cluster", ti,
      cox(Surv(start, stop, ev) ~ aftercare + female + age + strata(centre) + cluster(id), s, ties = ti), TRUE)
  put("placements", "aftercare_timevarying_weighted_cluster", ti,
      cox(Surv(start, stop, ev) ~ aftercare + female + age + cluster(id), w, ties = ti, weights = w$weight), TRUE, TRUE)
  put("placements", "cause1_timevarying", ti, cox(Surv(start, stop, cause1) ~ aftercare + female + age, s, ties = ti))
  put("placements", "group_dummies", ti, cox(Surv(entry, exit, event) ~ grp + female, p, ties = ti))
}
l <- subset(p, exit > 13)
l$ac13 <- as.integer(!is.na(l$aftercare) & l$aftercare <= 13)
l$e13 <- pmax(l$entry, 13)
put("placements", "aftercare_landmark13", "efron", cox(Surv(e13, exit, event) ~ ac13 + female + age, l))
fit <- cox(Surv(start, stop, ev) ~ aftercare + female + age, s)
q <- summary(survfit(fit, newdata = data.frame(aftercare = c(0, 1), female = 0, age = 42), conf.type = "log"),
             times = c(13, 26, 52, 104))
write(data.frame(profile = rep(c("no_aftercare", "aftercare"), each = 4), time = rep(c(13, 26, 52, 104), 2),
                 surv = as.numeric(q$surv), se = as.numeric(q$std.err), lower = as.numeric(q$lower),
                 upper = as.numeric(q$upper)), "cox_predict.csv")
write(do.call(rbind, C), "cox_coef.csv")
write(do.call(rbind, M), "cox_model.csv")
write(do.call(rbind, B), "cox_basehaz.csv")
write(do.call(rbind, Z), "cox_zph.csv")

x <- read.csv("in_tricky.csv")
x$event <- as.integer(x$cause > 0)
M <- list()
for (case in c("event_and_censor_tied", "entry_at_event_time", "flat_at_half", "zero_length_event", "group_of_one",
               "fractional_weights", "near_ties")) for (ti in both) {
  d <- x[x$case == case, ]
  d$b <- d$group == "b"
  f <- if (any(d$entry > 0)) Surv(entry, exit, event) ~ b else Surv(exit, event) ~ b
  suppressWarnings(put(case, "group_b", ti, cox(f, d, ties = ti, weights = d$weight)))
}
write(do.call(rbind, M), "tricky_cox_model.csv")
