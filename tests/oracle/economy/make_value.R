# Golden values for social value: SROI, budget-economic net result, cost per outcome.
# All inputs made up.   run here:  Rscript make_value.R
rows <- character(0)
emit <- function(case, dataset, method, spec, quantity, value)
  rows[length(rows) + 1] <<- paste(case, dataset, method, spec, quantity, sprintf("%.17g", value), sep = ",")
put <- function(case, method, spec, v) for (q in names(v)) emit(case, "made_up", method, spec, q, v[[q]])
# outcomes: quantity, proxy value per unit, deadweight, attribution to others, displacement, drop-off per year, years,
# first = first year (1-based) in which the value falls
sroi <- function(o, inputs, rate) {
  H <- max(o$first + o$years - 1); val <- matrix(0, nrow(o), H)
  imp <- o$quantity * o$proxy * (1 - o$deadweight) * (1 - o$displacement) * (1 - o$attribution)
  for (i in seq_len(nrow(o))) for (y in seq_len(o$years[i])) val[i, o$first[i] + y - 1] <- imp[i] * (1 - o$dropoff[i])^(y - 1)
  f <- (1 + rate)^-(1:H); pv <- colSums(val) * f; tot <- sum(pv); inv <- sum(inputs * (1 + rate)^-(seq_along(inputs) - 1))
  cum <- cumsum(pv); pb <- which(cum >= inv)[1]
  c(setNames(imp, paste0("impact_year1_", o$name)), setNames(colSums(val), paste0("undiscounted_y", 1:H)), setNames(pv, paste0("pv_y", 1:H)),
    total_present_value = tot, present_value_inputs = inv, net_present_value = tot - inv, sroi_ratio = tot / inv, net_sroi_ratio = (tot - inv) / inv,
    payback_year_index = if (is.na(pb)) NaN else pb, payback_years_interpolated = if (is.na(pb)) NaN else pb - 1 + (inv - (if (pb > 1) cum[pb - 1] else 0)) / pv[pb])
}
o1 <- data.frame(name = c("wage", "benefit", "wellbeing"), quantity = c(39, 39, 50), proxy = c(88000, 61000, 12500), deadweight = c(.32, .32, .2),
                 attribution = c(.25, .25, .4), displacement = c(.1, 0, 0), dropoff = c(.15, .15, .5), years = c(5, 5, 2), first = c(1, 1, 1))
put("sroi_1", "sroi", "3 outcomes; inputs 2100000 in year 0; rate 3.5%; year-1 value discounted once", sroi(o1, 2100000, .035))
o2 <- transform(o1, first = c(2, 2, 1), years = c(3, 4, 1)); put("sroi_2", "sroi", "delayed start (wage and benefit from year 2); inputs 1200000 in year 0 and 900000 in year 1; rate 3.5%", sroi(o2, c(1200000, 900000), .035))
put("sroi_0", "sroi", "as sroi_1 with rate 0", sroi(o1, 2100000, 0))
for (s in c(.8, 1.2)) put(paste0("sroi_sens_deadweight_", s), "sroi_sensitivity", "as sroi_1; every deadweight times the factor", sroi(transform(o1, deadweight = deadweight * s), 2100000, .035)[c("total_present_value", "sroi_ratio")])
put("sroi_breakeven_deadweight", "sroi_sensitivity", "common deadweight at which sroi_1 has ratio 1", c(value = uniroot(function(d) sroi(transform(o1, deadweight = d), 2100000, .035)[["sroi_ratio"]] - 1, c(0, .999), tol = 1e-14)$root))
# Budget-economic net result by payer (municipality, region, state): participants N, success rate with and without
# the programme, consequence per successful person and year, discounted from year 0.
budget <- function(N, cost, s1, s0, cons, rate) { # cost, cons[payer]: per person by year 0..H ; positive cons = saving
  H <- ncol(cons) - 1; f <- (1 + rate)^-(0:H); c0 <- c(cost, rep(0, H + 1 - length(cost)))
  by <- N * (s1 - s0) * cons %*% diag(f); tc <- N * sum(c0 * f)
  yr <- colSums(by) - N * c0 * f; c(participants_with_effect = N * (s1 - s0), pv_cost = tc, setNames(rowSums(by), paste0("pv_consequence_", rownames(cons))), pv_consequence = sum(by),
    net_result = sum(by) - tc, net_result_per_participant = (sum(by) - tc) / N, cost_per_additional_success = tc / (N * (s1 - s0)), break_even_success_difference = tc / (sum(by) / (s1 - s0)),
    setNames(cumsum(yr), paste0("cumulative_net_y", 0:H))) }
cons <- rbind(municipality = c(0, 42000, 46000, 40000, 30000, 22000), region = c(0, 1500, 1500, 1200, 900, 700), state = c(0, 18000, 21000, 20000, 17000, 15000))
put("budget_1", "budget_net_result", "N=50; cost 38000 year 0 and 12000 year 1; success 0.44 against 0.27; rate 3.5%", budget(50, c(38000, 12000), .44, .27, cons, .035))
put("budget_2", "budget_net_result", "as budget_1 with success 0.44 against 0.40", budget(50, c(38000, 12000), .44, .40, cons, .035))
# declining discount rates: factor for year t is the product of the yearly factors (3.5% years 1-35, 2.5% 36-70, 1.5% after)
r <- c(rep(.035, 35), rep(.025, 35), rep(.015, 30)); f <- c(1, cumprod(1 / (1 + r)))
put("discount_dk", "discount_factor", "Danish socio-economic rate 3.5/2.5/1.5 percent; chained", setNames(f[c(0, 1, 5, 10, 35, 36, 70, 71, 100) + 1], paste0("y", c(0, 1, 5, 10, 35, 36, 70, 71, 100))))
# unit costs
put("unit_cost", "unit_cost", "expenditure 2500000; 212 served; 180 exited; 96 employed Q2; 74 employed Q4; counterfactual employment rate 0.38 (of exited)",
    c(cost_per_served = 2500000 / 212, cost_per_exit = 2500000 / 180, cost_per_job_q2 = 2500000 / 96, cost_per_sustained_job_q4 = 2500000 / 74, cost_per_additional_job = 2500000 / (96 - .38 * 180)))
writeLines(c("case,dataset,method,spec,quantity,value", rows), "value.csv")
