"""Figures from employment programmes: retention, goals, people and placements, income of the bottom 40 per cent.

>>> import flexmetrics as fm
>>> register = fm.Register.read("examples/data/fredericia")          # doctest: +SKIP
>>> print(register.report(as_of="2019-04-01"))                       # doctest: +SKIP
>>> register.track(as_of="2019-04-01").to_pandas()                   # doctest: +SKIP
"""
from . import core
from .catalogue import codes, compute, describe, indicators, schema
from .error import DataError, Error
from .income import Bottom, bottom
from .register import Register
from .report import Report
from .table import Column, Table
from .tally import Tally

__version__: str = core.library_version()
__all__ = ["Bottom", "Column", "DataError", "Error", "Register", "Report", "Table", "Tally", "bottom", "codes",
           "compute", "describe", "indicators", "schema"]
