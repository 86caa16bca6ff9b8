"""Figures from employment programmes: retention, goals, people and placements, distribution and growth of incomes.

>>> import flexmetrics as fm
>>> register = fm.Register.read("examples/data/fredericia")          # doctest: +SKIP
>>> print(register.report(as_of="2019-04-01"))                       # doctest: +SKIP
>>> register.track(as_of="2019-04-01").to_pandas()                   # doctest: +SKIP
>>> fm.gini([1, 2, 3, 4, 10])
0.4
"""
from . import core
from .catalogue import codes, compute, describe, indicators, schema, sdg_indicators
from .csvfile import read_csv
from .error import DataError, Error
from .income_arrays import (Bottom, Measures, at_risk_of_poverty, atkinson, bottom, bottom_mean, bottom_share, fgt, ge,
                            generalised_lorenz, gini, group_measures, hoover, income_measures, income_presets,
                            influence, j_divergence, lorenz, mean, measures, median, median_of_poor, mld, palma,
                            poverty_line, quantile, quantile_ratio, relative_median_gap, s80s20, sen, share_ratio, sst,
                            theil, tip, top_mean, top_share, total, watts, wolfson, zenga)
from .income_frames import (income, income_change, income_decomposition, income_dominance, income_gap, income_grouped,
                            income_incidence, income_mobility)
from .income_household import deflate, equivalise, top_code
from .register import Register
from .report import Report
from .retention_arrays import (Cox, Curve, Gray, Incidence, Logrank, Transitions, cox_fit, gray_test, incidence, km,
                               logrank_test, transition_matrix)
from .retention_frames import cox, cumulative_incidence, gray, logrank, sequences, states, status, survival
from .sources import Dream, Settlement, dream, series, settlement
from .spell import Spells, runs
from .survey import Calibrated, Combined, Design, calibrate, combine, combine_values, rake
from .table import Column, Table
from .tally import Tally

__version__: str = core.library_version()
__all__ = ["Bottom", "Calibrated", "Column", "Combined", "Cox", "Curve", "DataError", "Design", "Dream", "Error",
           "Gray", "Incidence", "Logrank", "Measures", "Register", "Report", "Settlement", "Spells", "Table", "Tally",
           "Transitions", "at_risk_of_poverty", "atkinson", "bottom", "bottom_mean", "bottom_share", "calibrate",
           "codes", "combine", "combine_values", "compute", "cox", "cox_fit", "cumulative_incidence", "deflate",
           "describe", "dream", "equivalise", "fgt", "ge", "generalised_lorenz", "gini", "gray", "gray_test",
           "group_measures", "hoover", "incidence", "income", "income_change", "income_decomposition",
           "income_dominance", "income_gap", "income_grouped", "income_incidence", "income_measures", "income_mobility",
           "income_presets", "indicators", "influence", "j_divergence", "km", "logrank", "logrank_test", "lorenz",
           "mean", "measures", "median", "median_of_poor", "mld", "palma", "poverty_line", "quantile", "quantile_ratio",
           "rake", "read_csv", "relative_median_gap", "runs", "s80s20", "schema", "sdg_indicators", "sen", "sequences",
           "series", "settlement", "share_ratio", "sst", "states", "status", "survival", "theil", "tip", "top_code",
           "top_mean", "top_share", "total", "transition_matrix", "watts", "wolfson", "zenga"]
