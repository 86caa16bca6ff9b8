"""Figures from employment programmes: retention, goals, people and placements, distribution and growth of incomes.

>>> import flexmetrics as fm
>>> register = fm.Register.read("examples/data/fredericia")          # doctest: +SKIP
>>> print(register.report(as_of="2019-04-01"))                       # doctest: +SKIP
>>> register.track(as_of="2019-04-01").to_pandas()                   # doctest: +SKIP
>>> fm.gini([1, 2, 3, 4, 10])
0.4
"""
from . import core, disclose
from .catalogue import codes, compute, describe, indicators, schema, sdg_indicators
from .csvfile import read_csv
from .definition import Definition, definition_list, definitions, states_named
from .economy import (benefit_rate, budget, contracts, discount_factors, fleksloentilskud, host_capacity, net_result,
                      reimbursement, social_return, unit_costs)
from .error import DataError, Error
from .histories import Histories
from .income_arrays import (Bottom, Measures, at_risk_of_poverty, atkinson, bottom, bottom_mean, bottom_share, fgt, ge,
                            generalised_lorenz, gini, group_measures, hoover, income_measures, income_presets,
                            influence, j_divergence, lorenz, mean, measures, median, median_of_poor, mld, palma,
                            poverty_line, quantile, quantile_ratio, relative_median_gap, s80s20, sen, share_ratio, sst,
                            theil, tip, top_mean, top_share, total, watts, wolfson, zenga)
from .income_frames import (income, income_change, income_decomposition, income_dominance, income_gap, income_grouped,
                            income_incidence, income_mobility)
from .income_household import deflate, equivalise, top_code
from .labour import labour, labour_indicators, labour_status
from .parity import parity_decomposition, parity_means, parity_rates
from .parity import parity_means, parity_rates
from .programme_frames import employers, jobs, offers, steps
from .register import Register
from .report import Report
from .retention_arrays import (Cox, Curve, Gray, Incidence, Logrank, Transitions, cox_fit, gray_test, incidence, km,
                               logrank_test, transition_matrix)
from .retention_fine_gray import FineGray, fine_gray, fine_gray_fit
from .retention_frames import cox, cumulative_incidence, gray, logrank, sequences, states, status, survival
from .retention_periods import discrete_hazard, hours, transitions, unemployment, weeks
from .retention_sequences import (SequenceFigures, TransitionCounts, sequence_distances, sequence_figures,
                                  transition_counts, transition_power)
from .sdg_frames import sdg_contribution
from .sdmx import sdmx_observations, sdmx_read, sdmx_tables, sdmx_write
from .sources import Dream, Settlement, dream, series, settlement
from .spell import Spells, period_of, runs
from .spell_long_term import long_term, long_term_definitions
from .spell_stream import SpellStream
from .survey import Calibrated, Combined, Design, calibrate, combine, combine_values, rake
from .table import Column, Table
from .tally import Tally
from .target_arrays import ChartLimits, ChartSignals, chart_limits, chart_signals
from .target_compare import compare_units, control_chart
from .target_track import track

__version__: str = core.library_version()
__all__ = ["Bottom", "Calibrated", "ChartLimits", "ChartSignals", "Column", "Combined", "Cox", "Curve", "DataError",
           "Definition", "Design", "Dream", "Error", "FineGray", "Gray", "Histories", "Incidence", "Logrank",
           "Measures", "Register", "Report", "SequenceFigures", "Settlement", "SpellStream", "Spells", "Table",
           "Tally", "TransitionCounts", "Transitions", "at_risk_of_poverty", "atkinson", "bottom", "bottom_mean",
           "bottom_share", "calibrate", "chart_limits", "chart_signals", "codes", "combine", "combine_values",
           "compare_units", "compute", "contracts", "control_chart", "cox", "cox_fit", "cumulative_incidence",
           "definition_list", "definitions", "deflate", "describe", "disclose", "discrete_hazard", "dream",
           "employers", "equivalise", "fgt", "fine_gray", "fine_gray_fit", "fleksloentilskud", "ge",
           "generalised_lorenz", "gini", "gray", "gray_test", "group_measures", "hoover", "hours", "incidence",
           "income", "income_change", "income_decomposition", "income_dominance", "income_gap", "income_grouped",
           "income_incidence", "income_measures", "income_mobility", "income_presets", "indicators", "influence",
           "j_divergence", "jobs", "km", "labour", "labour_indicators", "labour_status", "logrank", "logrank_test",
           "long_term", "long_term_definitions", "lorenz", "mean", "measures", "median", "median_of_poor", "mld",
           "net_result", "offers", "palma", "parity_decomposition", "parity_means", "parity_rates", "period_of",
           "poverty_line", "quantile", "quantile_ratio", "rake", "read_csv", "reimbursement", "relative_median_gap",
           "runs", "s80s20", "schema", "sdg_contribution", "sdg_indicators", "sdmx_observations", "sdmx_read",
           "sdmx_tables", "sdmx_write", "sen", "sequence_distances", "sequence_figures", "sequences", "social_return",
           "series", "settlement", "share_ratio", "sst", "states", "states_named", "status", "steps", "survival",
           "theil", "tip", "top_code", "top_mean", "top_share", "total", "track", "transition_counts",
           "transition_matrix", "transition_power", "transitions", "unemployment", "watts", "weeks", "wolfson", "zenga"]
