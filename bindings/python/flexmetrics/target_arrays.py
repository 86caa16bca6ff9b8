"""Control charts of plain arrays: limits and signals."""
from __future__ import annotations

import array
from typing import Any, NamedTuple, Union

from . import core
from .income_rules import doubles

_CHARTS = ("xmr", "c", "u")


class ChartLimits(NamedTuple):
    """Limits of a series; NaN where there is no such figure. Of a u chart they are arrays, one item a period."""

    centre: float
    lower: Any  #: may be below 0
    upper: Any
    mean_moving_range: float  #: xmr
    moving_range_limit: float  #: xmr
    exact_lower: float  #: c: Poisson limits
    exact_upper: float
    n: int  #: values known
    n_ranges: int  #: xmr: moving ranges in their mean
    n_screened: int  #: xmr: moving ranges left out


class ChartSignals(NamedTuple):
    """1 up, -1 down, 0 none for each point."""

    outside: Any
    run: Any
    trend: Any
    near_limit: Any


def _like(values: Any, given: Any) -> Any:
    if not (hasattr(given, "dtype") or hasattr(given, "to_numpy")):
        return values.tolist()
    import numpy

    return numpy.array(values)


def chart_limits(values: Any, chart: str = "xmr", exposure: Any = None, screened: bool = False,
                 exact: bool = False) -> ChartLimits:
    """Limits of a control chart.

    Parameters
    ----------
    values : array or list of numbers
        In their order; NaN or None is a gap. Counts for the charts c and u.
    chart : {"xmr", "c", "u"}
        See :func:`control_chart`.
    exposure : array or list of numbers, optional
        Of a u chart.
    screened : bool
        xmr: moving ranges above 3.267 times their mean are left out once.
    exact : bool
        u: Poisson limits. Those of a c chart are always there, as ``exact_lower`` and ``exact_upper``.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> limits = fm.chart_limits([5, 5, 6, 5])
    >>> limits.centre, round(limits.upper, 2)
    (5.25, 7.02)
    """
    if chart not in _CHARTS:
        raise ValueError(f"chart: expected one of {', '.join(_CHARTS)}, got {chart!r}")
    if (chart == "u") != (exposure is not None):
        raise ValueError("exposure: expected for a u chart, and for no other")
    x = doubles(values, "values")
    if chart != "u":
        made = array.array("d", bytes(80))
        core.target_limits((made,), (x,), _CHARTS.index(chart), int(screened))
        return ChartLimits(*made[:7], *(int(v) for v in made[7:]))
    lower, upper = (array.array("d", bytes(8 * len(x))) for _ in range(2))
    centre = core.target_u_limits((lower, upper), (x, doubles(exposure, "exposure")), int(exact))
    nan = float("nan")
    return ChartLimits(centre, _like(lower, values), _like(upper, values), nan, nan, nan, nan,
                       sum(v == v for v in memoryview(x)), 0, 0)


def chart_signals(values: Any, centre: Union[float, Any], lower: Union[float, Any], upper: Union[float, Any],
                  run: int = 7, trend: int = 7, near: int = 2, near_of: int = 3) -> ChartSignals:
    """Signals of points against a centre and limits, each a number or one a point; see :func:`control_chart`.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> fm.chart_signals([10, 17, 10, 3], 10, 4, 16).outside
    [0, 1, 0, -1]
    """
    x = doubles(values, "values")

    def line(level: Any, name: str) -> Any:
        return doubles(level, name) if hasattr(level, "__len__") else array.array("d", [level]) * len(x)

    marks = array.array("i", bytes(4 * len(x)))
    core.target_signals((marks,), (x, line(centre, "centre"), line(lower, "lower"), line(upper, "upper")), int(run),
                        int(trend), int(near), int(near_of))
    found = (array.array("i", ((m >> up & 1) - (m >> up + 1 & 1) for m in marks)) for up in (0, 2, 4, 6))
    return ChartSignals(*(_like(signal, values) for signal in found))
