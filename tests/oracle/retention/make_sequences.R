# Makes the expected mvad_transitions.csv, mvad_transitions_power.csv and mvad_occupation.csv of this folder, written from
# the definitions in base R. Usage: Rscript make_sequences.R (in this folder). Every number has 17 significant digits.
options(stringsAsFactors = FALSE)
write <- function(rows, file) {
  for (column in names(rows)) if (is.double(rows[[column]]))
    rows[[column]] <- formatC(rows[[column]], digits = 17, format = "g", width = 1)
  write.csv(rows, file, row.names = FALSE, quote = FALSE)
}

people <- read.csv("../../../examples/data/school-to-work/source/mvad_monthly.csv")
S <- do.call(rbind, strsplit(people$states, ""))
states <- c("S", "F", "E", "T", "J", "H")
from <- factor(S[, -72], states)
to <- factor(S[, -1], states)
count <- table(from, to)
weighted <- xtabs(rep(people$weight, 71) ~ from + to)
P <- count / rowSums(count)
write(data.frame(from = rep(states, 6), to = rep(states, each = 6), count = as.integer(count), prob = as.numeric(P),
                 se = as.numeric(sqrt(P * (1 - P) / rowSums(count))), weighted_count = as.numeric(weighted),
                 weighted_prob = as.numeric(weighted / rowSums(weighted))), "mvad_transitions.csv")
power <- function(k) Reduce(`%*%`, rep(list(unclass(P)), k))
write(do.call(rbind, lapply(c(3, 6, 12, 24), function(k) data.frame(steps = k, from = rep(states, 6),
      to = rep(states, each = 6), prob = as.numeric(power(k))))), "mvad_transitions_power.csv")
write(do.call(rbind, lapply(c(1, 7, 13, 25, 37, 49, 61, 72), function(month) {
  at <- factor(S[, month], states)
  p <- as.numeric(table(at)) / nrow(S)
  weighted <- as.numeric(tapply(people$weight, at, sum)) / sum(people$weight)
  data.frame(month = month, state = states, share = p, weighted_share = ifelse(is.na(weighted), 0, weighted),
             entropy = -sum(p[p > 0] * log(p[p > 0])) / log(6))
})), "mvad_occupation.csv")
