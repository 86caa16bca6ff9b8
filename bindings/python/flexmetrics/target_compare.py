"""Control charts of series, and municipalities or other units compared."""
from __future__ import annotations

from typing import Any, Optional

from . import core
from .frames import fitted, listed, picked
from .run import Progress, compute_options, threads_of
from .table import Table


def control_chart(frame: Any, *, chart: str = "xmr", period: str = "period", value: str = "value",
                  exposure: str = "exposure", by: Any = None, screened: bool = False, limits: str = "normal",
                  floor: bool = False, preliminary: int = 0, baseline: int = 0, run: int = 7, trend: int = 7,
                  near: int = 2, near_of: int = 3, target: Optional[float] = None, better: str = "more",
                  threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Control charts: is a series steady, and can it be counted on to reach a target?

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame, mapping of columns or path of a CSV file
        One row a period of a series.
    chart : {"xmr", "c", "u"}
        Values with limits from moving ranges; counts; counts on an exposure such as a caseload.
    period, value, exposure : str
        Columns. Periods are texts, whole numbers or dates; numbers in them are ordered by size.
    by : str or list of str, optional
        Columns that tell series apart.
    screened : bool
        xmr: moving ranges above 3.267 times their mean are left out of the limits, once.
    limits : {"normal", "exact"}
        c and u: three standard deviations, or Poisson limits.
    floor : bool
        xmr: a lower limit below 0 is shown as 0.
    preliminary : int
        Last periods that are not complete: shown, but in no limit and without signals.
    baseline : int
        The limits are those of the first so many periods; 0: of all.
    run, trend, near, near_of : int
        Points on one side of the centre; rising or falling; near a limit, of so many in a row. 0: not used.
    target : float, optional
        To be reached every period: ``assurance`` is 1 (pass), 0 (hit and miss) or -1 (fail).
    better : {"more", "less"}
        Which side of the target passes.

    Returns
    -------
    Table
        By period ``measured``, the limits and the signals (1 up, -1 down); ``period`` missing: the series
        (docs/methods/target_charts.md). ``.plot()`` draws one series.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> found = fm.control_chart({"period": [1, 2, 3, 4], "value": [5, 5, 6, 5]}, target=3).to_dict()
    >>> [v for q, v in zip(found["quantity"], found["value"]) if q == "assurance"]
    [1.0]
    """
    options = dict(chart=chart, screened=screened, limits=limits, floor=floor, preliminary=preliminary,
                   baseline=baseline, run=run, trend=trend, near=near, near_of=near_of, target=target, better=better)
    renamed = {"period": period, "value": value, **({"exposure": exposure} if chart == "u" else {})}
    spec = compute_options(by, None, None, 0.95, None, options)
    table = fitted(picked(frame, [*renamed, *listed(by)], renamed), "target.charts", spec)
    return Table(core.compute_frame(table._handle, "target.charts", spec, threads_of(threads), progress))


def compare_units(frame: Any, *, kind: str = "rate", unit: str = "unit", count: str = "count",
                  exposure: str = "exposure", expected: Optional[str] = None, strata: Any = None, by: Any = None,
                  reference: Optional[str] = None, reference_rate: Optional[float] = None, better: str = "more",
                  least_units: int = 10, inner: float = 0.95, outer: float = 0.998, level: float = 0.95,
                  threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Municipalities or other units compared: are they really better, or is it chance or the case mix?

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame, mapping of columns or path of a CSV file
        Rows of units; rows of one unit add up.
    kind : {"rate", "share"}
        Counts on an exposure (gamma-Poisson), or counts of so many people (beta-binomial).
    unit, count, exposure : str
        Columns.
    expected : str, optional
        Column of the counts expected from the case mix: ratios are compared then.
    strata : str or list of str, optional
        Columns such as age and sex: expected counts at the rates of all units together, and direct standardisation.
    by : str or list of str, optional
        Columns of separate comparisons.
    reference : str, optional
        A unit that the others are compared with.
    reference_rate : float, optional
        Reference of the funnel and of ``probability_better``; by default all counts over all exposures, never a mean of
        the units' rates.
    better : {"more", "less"}
        Whether the highest or the lowest rate is the best.
    least_units : int
        Below so many units nothing is drawn together or ranked: state ``too_few_units``.
    inner, outer : float
        Shares of units like the reference within the funnel limits.

    Returns
    -------
    Table
        By unit ``rate``, funnel limits, ``shrunk``, chances of being better, ``rank``; ``unit_id`` missing: all units
        (docs/methods/target_compare.md). ``.plot()`` draws the funnel.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> found = fm.compare_units({"unit": ["x", "y"], "count": [4, 2], "exposure": [40, 400]}).to_dict()
    >>> [round(v, 4) for q, v in zip(found["quantity"], found["value"]) if q == "pooled"]
    [0.0136]
    """
    options = dict(kind=kind, expected=expected is not None, strata=strata, reference=reference,
                   reference_rate=reference_rate, better=better, least_units=least_units, inner=inner, outer=outer)
    renamed = {"unit": unit, "count": count, "exposure": exposure,
               **({"expected": expected} if expected is not None else {})}
    spec = compute_options(by, None, None, level, None, options)
    table = fitted(picked(frame, [*renamed, *listed(strata), *listed(by)], renamed), "target.compare", spec)
    return Table(core.compute_frame(table._handle, "target.compare", spec, threads_of(threads), progress))
