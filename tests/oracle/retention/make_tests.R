# Makes the expected k-sample tests of this folder. Usage: Rscript make_tests.R (in this folder). Every number has 17
# significant digits; NA is R's NA. The tests are written from their definitions; without late entry and for rho alone
# they are checked against survdiff of R's package survival, and the robust ones are the robust score test of coxph.
suppressMessages(library(survival))
options(stringsAsFactors = FALSE)

text <- function(x) {
  out <- formatC(x, digits = 17, format = "g", width = 1)
  out[is.na(x)] <- "NA"
  out
}
write <- function(rows, file) {
  for (column in names(rows)) if (is.double(rows[[column]])) rows[[column]] <- text(rows[[column]])
  write.csv(rows, file, row.names = FALSE, quote = FALSE, na = "NA")
}

weighted_test <- function(entry, time, event, group, strata, kind, rho, gamma) {
  if (is.null(entry)) entry <- rep(-Inf, length(time))
  if (is.null(strata)) strata <- rep(1, length(time))
  levels <- sort(unique(group))
  k <- length(levels)
  observed <- expected <- score <- numeric(k)
  covariance <- matrix(0, k, k)
  for (s in sort(unique(strata))) {
    here <- strata == s
    en <- entry[here]
    ti <- time[here]
    ev <- event[here]
    gr <- match(group[here], levels)
    pooled <- peto <- 1
    for (t in sort(unique(ti[ev == 1]))) {
      at_risk <- en < t & ti >= t
      n <- sum(at_risk)
      n_group <- tabulate(gr[at_risk], k)
      d_group <- tabulate(gr[ti == t & ev == 1], k)
      d <- sum(d_group)
      w <- switch(kind, fh = pooled^rho * (1 - pooled)^gamma, gehan = n, tarone_ware = sqrt(n),
                  peto = peto * (1 - d / (n + 1)))
      observed <- observed + d_group
      expected <- expected + d * n_group / n
      score <- score + w * (d_group - d * n_group / n)
      if (n > 1) covariance <- covariance + w^2 * d * (n - d) / (n - 1) *
        (diag(n_group / n, k) - outer(n_group / n, n_group / n))
      pooled <- pooled * (1 - d / n)
      peto <- peto * (1 - d / (n + 1))
    }
  }
  keep <- diag(covariance) > 0 & expected > 0
  some <- which(keep)[-sum(keep)]
  chisq <- if (length(some) >= 1) as.numeric(score[some] %*% solve(covariance[some, some, drop = FALSE], score[some]))
           else NA
  list(levels = levels, observed = observed, expected = expected, score = score, covariance = covariance,
       chisq = chisq, df = max(0, sum(keep) - 1),
       p = if (is.na(chisq)) NA else pchisq(chisq, sum(keep) - 1, lower.tail = FALSE))
}

kinds <- list(list("logrank", "fh", 0, 0), list("peto_fh_rho1", "fh", 1, 0), list("fh_rho0.5", "fh", .5, 0),
              list("fh_0_1", "fh", 0, 1), list("fh_1_1", "fh", 1, 1), list("gehan", "gehan", 0, 0),
              list("tarone_ware", "tarone_ware", 0, 0), list("peto_peto_n1", "peto", 0, 0))
tests <- details <- list()
case <- function(name, entry, time, event, group, strata = NULL) {
  for (kind in kinds) {
    r <- weighted_test(entry, time, event, group, strata, kind[[2]], kind[[3]], kind[[4]])
    label <- paste(name, kind[[1]])
    stratified <- as.integer(!is.null(strata))
    tests[[label]] <<- data.frame(case = name, stratified = stratified, test = kind[[1]], chisq = r$chisq, df = r$df,
                                  p = r$p)
    details[[label]] <<- data.frame(case = name, stratified = stratified, test = kind[[1]],
                                    group = as.character(r$levels), observed = r$observed, expected = r$expected,
                                    score = r$score, var_diag = diag(r$covariance), cov_first = r$covariance[1, ])
    if (is.null(entry) && kind[[2]] == "fh" && kind[[4]] == 0 && !is.na(r$chisq)) {
      formula <- if (is.null(strata)) Surv(time, event) ~ group else Surv(time, event) ~ group + strata(strata)
      stopifnot(abs(survdiff(formula, rho = kind[[3]])$chisq - r$chisq) <= 1e-9 * max(1, r$chisq))
    }
  }
}

spells <- read.csv("in_unempdur.csv")
spells$event <- as.integer(spells$cause > 0)
case("unempdur_ui", NULL, spells$time, spells$event, spells$ui)
case("unempdur_ui_strata_ageband", NULL, spells$time, spells$event, spells$ui, spells$ageband)
case("unempdur_ageband", NULL, spells$time, spells$event, spells$ageband)
romeo <- read.csv("in_romeo.csv")
case("romeo_reason", NULL, romeo$time, romeo$event, romeo$reason)
case("romeo_female_strata_reason", NULL, romeo$time, romeo$event, romeo$female, romeo$reason)
job <- read.csv("in_mvad_first_job.csv")
job$event <- as.integer(job$cause > 0)
case("mvad_job_gcse", NULL, job$time, job$event, job$gcse5eq)
case("mvad_calendar_gcse_truncated", job$start, job$stop, job$event, job$gcse5eq)
channing <- read.csv("in_channing.csv")
channing <- channing[channing$entry < channing$exit, ]
case("channing_male_truncated", channing$entry, channing$exit, channing$event, channing$male)
placements <- read.csv("in_placements.csv")
placements$event <- as.integer(placements$cause > 0)
p <- placements
case("placements_group_truncated", p$entry, p$exit, p$event, p$group)
case("placements_group_truncated_strata_centre", p$entry, p$exit, p$event, p$group, p$centre)
case("placements_rc_group", NULL, p$exit, p$event, p$group)
case("placements_rc_group_strata_centre", NULL, p$exit, p$event, p$group, p$centre)
write(do.call(rbind, tests), "tests.csv")
write(do.call(rbind, details), "tests_detail.csv")

tests <- details <- list()
tricky <- read.csv("in_tricky.csv")
tricky$event <- as.integer(tricky$cause > 0)
for (name in unique(tricky$case)) {
  x <- tricky[tricky$case == name, ]
  if (name %in% c("near_ties", "large_times") || length(unique(x$group)) < 2 || any(x$weight != 1) || !any(x$event == 1))
    next
  case(name, if (any(x$entry > 0)) x$entry, x$exit, x$event, x$group)
}
write(do.call(rbind, tests), "tricky_tests.csv")
write(do.call(rbind, details), "tricky_tests_detail.csv")

# The robust score test at no difference, ties as Breslow has them.
p <- p[p$weight > 0, ]
p$row <- seq_len(nrow(p))
robust <- function(name, formula) {
  fit <- coxph(formula, p, weights = weight, ties = "breslow", robust = TRUE, control = coxph.control(iter.max = 0))
  df <- length(unique(p$group)) - 1
  data.frame(case = name, chisq = fit$rscore, df = df, p = pchisq(fit$rscore, df, lower.tail = FALSE))
}
write(rbind(robust("weighted", Surv(exit, event) ~ group + cluster(row)),
            robust("weighted_truncated", Surv(entry, exit, event) ~ group + cluster(row)),
            robust("weighted_truncated_strata", Surv(entry, exit, event) ~ group + strata(centre) + cluster(row)),
            robust("weighted_clustered", Surv(exit, event) ~ group + cluster(trio))),
      "tests_robust.csv")
