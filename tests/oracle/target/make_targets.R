# Constant-pace forecast of a goal N with k reached after t of T: run with Rscript, prints case,quantity,value.
show <- function(case, N, k, t, T, a = .5, b = 0) {
  rest <- T - t; size <- k + a; prob <- (t + b) / (T + b); need <- N - k
  q <- function(p) qnbinom(p, size = size, prob = prob)
  v <- c(remaining = need, share_of_goal = k / N, share_of_time = t / T, plan_to_date = N * t / T,
         ahead_of_plan = k - N * t / T, run_rate = k / t, required_rate = need / rest,
         required_over_run = (need / rest) / (k / t), projected_total = k / t * T, projected_finish_time = N / (k / t),
         run_rate_exact95_lo = qchisq(.025, 2 * k) / 2 / t, run_rate_exact95_hi = qchisq(.975, 2 * (k + 1)) / 2 / t,
         p_meet_gamma_poisson = pnbinom(need - 1, size = size, prob = prob, lower.tail = FALSE),
         pred_mean = size * (1 - prob) / prob, pred_sd = sqrt(size * (1 - prob)) / prob,
         pred90_lo_total = k + q(.05), pred90_hi_total = k + q(.95), pred_median_total = k + q(.5),
         finish_time_p10 = t + (t + b) * qf(.1, 2 * need, 2 * size) * need / size,
         finish_time_p50 = t + (t + b) * qf(.5, 2 * need, 2 * size) * need / size,
         finish_time_p90 = t + (t + b) * qf(.9, 2 * need, 2 * size) * need / size)
  for (n in names(v)) { cat(case, n, formatC(v[[n]], digits = 17, format = "g", width = 1), sep = ","); cat("\n") }
}
show("ex1_day_exclusive", 164, 50, 90, 365)
show("ex1_day_inclusive", 164, 50, 91, 365)
show("ex1_months", 164, 50, 3, 12)
show("ex1_prior", 164, 50, 90, 365, a = 30, b = 91.25)
show("ex2_flat", 120, 38, 5, 12)
