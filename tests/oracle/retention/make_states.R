# Makes the expected multistate_*.csv of this folder with R's survival and etm. Usage: Rscript make_states.R (in this
# folder). Every number has 17 significant digits.
suppressMessages({library(survival); library(etm)})
options(stringsAsFactors = FALSE)
write <- function(rows, file) {
  for (column in names(rows)) if (is.double(rows[[column]]))
    rows[[column]] <- formatC(rows[[column]], digits = 17, format = "g", width = 1)
  write.csv(rows, file, row.names = FALSE, quote = FALSE)
}

stays <- read.csv("in_multistate.csv")
states <- c("placed", "unemployed", "education", "retired")
times <- c(13, 26, 52, 78, 104)
fit <- survfit(Surv(start, stop, factor(to, c("censored", states))) ~ 1, stays, id = id, istate = factor(from, states))
at <- summary(fit, times = times)
write(data.frame(time = rep(times, 4), state = rep(fit$states, each = 5), p = as.numeric(at$pstate),
                 se_ij = as.numeric(at$std.err), n_risk = as.numeric(at$n.risk)), "multistate_occupation.csv")
spent <- summary(fit, rmean = 104)$table
write(data.frame(state = rownames(spent), spent), "multistate_sojourn.csv")
counts <- table(factor(stays$from, states), factor(stays$to, c(states, "censored")))
write(data.frame(from = rep(states, 5), to = rep(c(states, "censored"), each = 4), count = as.integer(counts)),
      "multistate_counts.csv")

moves <- matrix(FALSE, 4, 4, dimnames = list(states, states))
for (i in which(stays$to != "censored")) moves[stays$from[i], stays$to[i]] <- TRUE
rows <- data.frame(id = stays$id, from = stays$from, to = ifelse(stays$to == "censored", "cens", stays$to),
                   entry = stays$start, exit = stays$stop)
one <- function(s) {
  fit <- etm(rows, states, moves, "cens", s = s)
  do.call(rbind, lapply(times[times > s], function(t) {
    k <- max(which(fit$time <= t))
    pairs <- expand.grid(to = states, from = states)
    data.frame(s, t, from = pairs$from, to = pairs$to,
               prob = mapply(function(f, g) fit$est[f, g, k], as.character(pairs$from), as.character(pairs$to)),
               var_greenwood = mapply(function(f, g) {
                 label <- paste(f, g)
                 if (label %in% rownames(fit$cov)) fit$cov[label, label, k] else 0
               }, as.character(pairs$from), as.character(pairs$to)))
  }))
}
write(rbind(one(0), one(26)), "multistate_transition_probs.csv")
