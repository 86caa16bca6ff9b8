# Cumulative incidence of four reasons and Gray's test of six groups in cmprsk and survival, CPU seconds.
# Usage: Rscript peers_exits.R [rows]
suppressMessages({library(survival); library(cmprsk)})
n <- as.numeric(c(commandArgs(TRUE), 1e6)[1])
set.seed(7)
time <- pmin(ceiling(rexp(n, log(2) / 100)), 1095)
cause <- ifelse(time < 1095, sample(0:4, n, TRUE), 0)
group <- sample(1:6, n, TRUE)
seconds <- function(expression) sum(system.time(expression)[1:2])
cat("cuminc, one group:      ", seconds(cuminc(time, cause)), "\n")
cat("cuminc with Gray's test:", seconds(cuminc(time, cause, group)), "\n")
cat("survfit, Aalen-Johansen:", seconds(survfit(Surv(time, factor(cause, 0:4)) ~ 1, se.fit = FALSE)), "\n")
