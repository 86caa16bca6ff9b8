"""Goals in frames: pace, plan, forecast and the chance of meeting them."""
from __future__ import annotations

from typing import Any, Mapping, Optional, Union

from . import core
from .frames import fitted
from .run import Progress, compute_options, threads_of
from .table import Table

def _scenarios_text(given: Union[None, str, Mapping[str, str]]) -> Optional[str]:
    if given is None or isinstance(given, str):
        return given
    return ",".join(f"{name}@{change}" for name, change in given.items())


def track(frame: Any, *, as_of: Any = None, season: str = "uncertain", dispersion: bool = True,
          prior_shape: float = 0.5, prior_days: float = 0, prior_years: float = 0,
          scenarios: Union[None, str, Mapping[str, str]] = None, net: bool = False,
          private_share: Optional[float] = None, months: bool = False, late_months: int = 1, on_course: float = 0.8,
          behind: float = 0.2, level: float = 0.95, threads: Optional[int] = None,
          progress: Progress = None) -> Table:
    """Goals: how far, how fast, where they end at this pace, and the chance of meeting them.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame, mapping of columns or path of a CSV file
        Columns goal_id, goal, start, deadline, as_of, done, private, employers; people, ended, day and changed_on may
        be missing. A row with ``as_of`` is a cumulative count at the start of that day, another one is ``done`` starts;
        with a ``day`` before the start they tell an earlier year.
    as_of : date or text
        Start of the first day not observed; needed unless all rows are counts.
    season : {"uncertain", "known", "none"}
        With earlier years: time passes by the months' shares, with or without their uncertainty, or by days.
    dispersion : bool
        Wider intervals where earlier years vary more than chance does.
    prior_shape, prior_days : float
        Gamma prior of the pace.
    prior_years : float
        Years that the earlier ones are worth as prior.
    scenarios : mapping or str, optional
        Changes of pace: ``{"task force": "2026-08-01*1.5", "campaign": "2026-08-01+10"}``.
    net : bool
        Quantities net of what has ended.
    private_share : float, optional
        Share of private employers asked for among what remains.
    months : bool
        Rows of months beside the same month last year; the latest ``late_months`` are preliminary.
    on_course, behind : float
        Chances that make the verdict.

    Returns
    -------
    Table
        Keys goal_id, scenario and month; docs/methods/target.md has the quantities.

    Examples
    --------
    >>> from datetime import date
    >>> import flexmetrics as fm
    >>> goal = {"goal_id": ["fleksjob"], "goal": [164.0], "start": [date(2019, 1, 1)], "deadline": [date(2019, 12, 31)],
    ...         "as_of": [date(2019, 4, 1)], "done": [50], "private": [39], "employers": [30]}
    >>> round(fm.track(goal).value("probability"), 3)
    0.958
    """
    yes = {True: "yes", False: "no"}
    options = dict(season=season, dispersion=yes[bool(dispersion)], prior_shape=prior_shape, prior_days=prior_days,
                   prior_years=prior_years, scenarios=_scenarios_text(scenarios), net=yes[bool(net)],
                   private_share=private_share, months=yes[bool(months)], late_months=late_months,
                   on_course=on_course, behind=behind)
    spec = compute_options(None, None, None, level, as_of, options)
    table = fitted(frame, "target.track", spec)
    return Table(core.compute_frame(table._handle, "target.track", spec, threads_of(threads), progress))
