"""Employers, stepping stones, offers with companies and the quality of jobs, in frames."""
from __future__ import annotations

from typing import Any, Dict, Iterable, Optional, Union

from . import core
from .frames import fitted, listed, picked
from .run import Date, Progress, compute_options, threads_of
from .table import Table


def _computed(id: str, frame: Any, columns: Iterable[str], by: Any, level: float, options: Dict[str, Any],
              threads: Optional[int], progress: Progress) -> Table:
    table = picked(frame, [name for column in (*columns, by) for name in listed(column)], {})
    spec = compute_options(by, None, None, level, None, options)
    return Table(core.compute_frame(fitted(table, id, spec)._handle, id, spec, threads_of(threads), progress))


def employers(frame: Any, *, period_start: Date = None, period_end: Date = None,
              local_firms: Union[None, int, str] = None, by: Any = None, level: float = 0.95,
              threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Distinct employers: new ones, those that hire again, small ones, social enterprises, the largest.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame or mapping of columns
        One row a start, and one an employer without any, such as ``register.frame("employers")``: ``employer_id``,
        ``person_id``, ``start``, ``employer_since`` (the employer's first start), ``sector``, and as far as they are
        known ``sme``, ``headcount``, ``social_enterprise``, ``target_group_staff``.
    period_start, period_end : date or "YYYY-MM-DD", optional
        First and last day of the starts that count; None: all. Without a first day no employer is new.
    local_firms : int or "table", optional
        Number of local firms, or those of the frame.
    by : str or list of str, optional
        Group columns, such as sector or industry_section.

    Returns
    -------
    Table
        Quantities employers, new_employers, hiring_again, employers_per_100_local, private, sme, social_enterprises,
        target_group_share, largest_share and others (docs/methods/programme_employers.md).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> from datetime import date
    >>> starts = {"employer_id": ["P", "P", "Q"], "person_id": ["a", "b", "c"], "sector": ["private"] * 2 + ["public"],
    ...           "start": [date(2024, 1, 15), date(2024, 3, 1), date(2024, 2, 1)],
    ...           "employer_since": [date(2023, 6, 1), date(2023, 6, 1), date(2024, 2, 1)]}
    >>> fm.employers(starts, period_start="2024-01-01").value("new_share")
    0.5
    """
    options = dict(period_start=None if period_start is None else str(period_start),
                   period_end=None if period_end is None else str(period_end), local_firms=local_firms)
    columns = ("employer_id", "person_id", "start", "employer_since", "sector", "sme", "headcount",
               "social_enterprise", "target_group_staff")
    return _computed("programme.employers", frame, columns, by, level, options, threads, progress)


def steps(frame: Any, *, by: Any = None, level: float = 0.95, threads: Optional[int] = None,
          progress: Progress = None) -> Table:
    """Stepping stones: the share who went on from one kind of placement, or sector, to another within some months.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame or mapping of columns
        One row for each person's first placement of a kind, the kind it may lead to, and horizon, such as
        ``register.frame("steps")``: ``person_id``, ``from``, ``to``, ``horizon_months``, ``moved`` (missing: not known
        yet), ``same_employer`` (missing: not moved, or not told).
    by : str or list of str, optional
        Group columns.

    Returns
    -------
    Table
        By ``from``, ``to`` and ``horizon_months`` first_placements, not_known_yet, known, moved, moved_share,
        same_employer, other_employer, employer_not_told (docs/methods/programme_steps.md).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> moves = {"person_id": [1, 2, 3], "from": ["internship"] * 3, "to": ["ordinary"] * 3,
    ...          "horizon_months": [12] * 3, "moved": [True, False, None], "same_employer": [True, None, None]}
    >>> fm.steps(moves).value("moved_share")
    0.5
    """
    columns = ("person_id", "from", "to", "horizon_months", "moved", "same_employer")
    return _computed("programme.steps", frame, columns, by, level, {}, threads, progress)


def offers(frame: Any, *, by: Any = None, level: float = 0.95, threads: Optional[int] = None,
           progress: Progress = None) -> Table:
    """Degree of company-directed offers: days in such an offer over days on benefit or in one.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame or mapping of columns
        One row a person and month, such as ``register.frame("offers")``: ``person_id``, ``benefit_days``,
        ``offer_days``.
    by : str or list of str, optional
        Group columns, such as ``month``.

    Returns
    -------
    Table
        Quantities people, in_offers, in_offers_share, benefit_days, offer_days, offer_degree
        (docs/methods/programme_offers.md).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> fm.offers({"person_id": [1, 2], "benefit_days": [31, 29], "offer_days": [15, 0]}).value("offer_degree")
    0.25
    """
    return _computed("programme.offers", frame, ("person_id", "benefit_days", "offer_days"), by, level, {}, threads,
                     progress)


def jobs(frame: Any, *, bands: Any = None, full_time_hours: Optional[float] = None, by: Any = None,
         level: float = 0.95, threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Quality of jobs: contracts, hours wanted and had, and the hours of those who need fewer than full time.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame or mapping of columns
        One row a job, such as ``register.frame("jobs")``: ``person_id``, ``hours_per_week``, and as far as they are
        known ``hours_wanted``, ``permanent``, ``agreement``, ``new_position``, ``shortage``, ``services``,
        ``reduced`` (a fleksjob).
    bands : list of float, optional
        Upper limits of bands of hours, each with its limit; None: 10, 20, 30.
    full_time_hours : float, optional
        None: 37.
    by : str or list of str, optional
        Group columns.

    Returns
    -------
    Table
        For each answer its number of yes, of answers not given, and its share; hours_missed, fte; reduced_share,
        reduced_hours_p50 and, by ``band``, reduced_jobs (docs/methods/programme_jobs.md).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> two = {"person_id": [1, 2], "hours_per_week": [12.0, 37.0], "hours_wanted": [20.0, 37.0]}
    >>> fm.jobs(two).value("hours_missed")
    8.0
    """
    columns = ("person_id", "hours_per_week", "hours_wanted", "permanent", "agreement", "new_position", "shortage",
               "services", "reduced")
    options = dict(bands=bands, full_time_hours=full_time_hours)
    return _computed("programme.jobs", frame, columns, by, level, options, threads, progress)
