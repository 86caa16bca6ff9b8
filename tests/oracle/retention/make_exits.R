# Makes the expected cumulative incidences and Gray's tests of this folder with R's survival, cmprsk and etm.
# Usage: Rscript make_exits.R (in this folder). Every number has 17 significant digits; NA is R's NA.
suppressMessages({library(survival); library(cmprsk); library(etm)})
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

# etm: from state 0 to the causes; NULL where a time is 0, which it does not take.
by_etm <- function(entry, exit, cause, causes) {
  if (min(exit) <= 0) return(NULL)
  moves <- matrix(FALSE, length(causes) + 1, length(causes) + 1)
  moves[1, -1] <- TRUE
  rows <- data.frame(id = seq_along(exit), from = "0", to = ifelse(cause == 0, "cens", as.character(cause)), entry, exit)
  tryCatch(etm(rows, c("0", as.character(causes)), moves, "cens", s = 0), error = function(e) NULL)
}

incidence <- function(case, time, cause, group = NULL) {
  causes <- sort(setdiff(unique(cause), 0))
  groups <- if (is.null(group)) rep("all", length(time)) else as.character(group)
  gray <- if (is.null(group)) cuminc(time, cause) else cuminc(time, cause, group)
  out <- NULL
  for (g in sort(unique(groups))) {
    t <- time[groups == g]; k <- cause[groups == g]
    times <- sort(unique(t[k > 0]))
    if (length(times) == 0) next
    fit <- survfit(Surv(t, factor(k, c(0, causes))) ~ 1)
    at <- summary(fit, times = times, extend = TRUE)
    matrices <- by_etm(0, t, k, causes)
    for (j in causes) {
      name <- paste(if (is.null(group)) "1" else g, j)
      aalen <- if (name %in% names(gray)) timepoints(gray[name], times)$var else NULL
      label <- paste("0", j)
      out <- rbind(out, data.frame(
        case, group = g, cause = j, time = times, cif = at$pstate[, which(fit$states == j)],
        se_ij = at$std.err[, which(fit$states == j)],
        var_aalen = if (is.null(aalen)) NA_real_ else aalen[1, match(times, as.numeric(colnames(aalen)))],
        var_greenwood = if (is.null(matrices)) NA_real_ else matrices$cov[label, label, match(times, matrices$time)]))
    }
  }
  out
}

tests <- function(case, time, cause, group, strata = NULL) do.call(rbind, lapply(0:1, function(rho) {
  fit <- if (is.null(strata)) cuminc(time, cause, group, rho = rho) else cuminc(time, cause, group, strata, rho = rho)
  data.frame(case, cause = rownames(fit$Tests), rho, stratified = as.integer(!is.null(strata)),
             stat = fit$Tests[, "stat"], df = fit$Tests[, "df"], p = fit$Tests[, "pv"])
}))

u <- read.csv("in_unempdur.csv")
u$ageband <- cut(u$age, c(0, 29, 39, 49, 99), labels = FALSE)
j <- read.csv("in_mvad_first_job.csv")
p <- read.csv("in_placements.csv")
write(rbind(incidence("unempdur", u$time, u$cause), incidence("unempdur_by_ui", u$time, u$cause, u$ui)), "cif_unempdur.csv")
write(rbind(incidence("mvad_job", j$time, j$cause), incidence("mvad_job_by_male", j$time, j$cause, j$male)), "cif_mvad.csv")
write(rbind(incidence("placements_rc", p$exit, p$cause),
            incidence("placements_rc_by_group", p$exit, p$cause, p$group)), "cif_placements_rc.csv")
write(rbind(tests("unempdur_ui", u$time, u$cause, u$ui), tests("unempdur_ageband", u$time, u$cause, u$ageband),
            tests("unempdur_ui_strata_ageband", u$time, u$cause, u$ui, u$ageband),
            tests("mvad_job_male", j$time, j$cause, j$male), tests("placements_rc_group", p$exit, p$cause, p$group),
            tests("placements_rc_group_strata_centre", p$exit, p$cause, p$group, p$centre)), "gray.csv")

small <- read.csv("in_tricky.csv")
rows <- NULL
for (case in unique(small$case)) {
  x <- small[small$case == case, ]
  if (any(x$entry > 0) || any(x$weight != 1) || all(x$cause == 0) || case %in% c("near_ties", "large_times")) next
  rows <- rbind(rows, incidence(case, x$exit, x$cause))
}
write(rows, "tricky_cif.csv")

# Late entry: the jackknife of survfit, Greenwood's form of etm.
late <- survfit(Surv(entry, exit, factor(cause, 0:4)) ~ 1, p, id = id)
times <- sort(unique(p$exit[p$cause > 0]))
at <- summary(late, times = times)
out <- data.frame(times, at$pstate, at$std.err)
names(out) <- c("time", paste0("p_", 0:4), paste0("se_ij_", 0:4))
matrices <- by_etm(p$entry, p$exit, p$cause, 1:4)
for (k in 0:4) {
  label <- paste("0", k)
  out[[paste0("var_greenwood_", k)]] <- matrices$cov[label, label, match(times, matrices$time)]
}
write(out, "cif_placements_truncated.csv")
