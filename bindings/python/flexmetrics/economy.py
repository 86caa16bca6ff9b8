"""What benefits, subsidies, jobs and clauses cost and are worth, by dated rates (docs/methods/economy.md)."""
from __future__ import annotations

from typing import Any, Dict, Iterable, Optional, Sequence, Union

from . import core
from .frames import fitted, listed, picked
from .run import Date, Progress, compute_options, threads_of
from .table import Table


def _computed(id: str, frame: Any, columns: Iterable[str], by: Any, level: float, as_of: Date, options: Dict[str, Any],
              threads: Optional[int], progress: Progress) -> Table:
    table = picked(frame, [name for column in (*columns, by) for name in listed(column)], {})
    spec = compute_options(by, None, None, level, as_of, options)
    return Table(core.compute_frame(fitted(table, id, spec)._handle, id, spec, threads_of(threads), progress))


def reimbursement(frame: Any, *, scheme: Optional[str] = None, period: Optional[str] = None,
                  share_before: Optional[float] = None, granted_from: Optional[Date] = None,
                  reset_weeks: Optional[int] = None, window_weeks: Optional[int] = None, by: Any = None,
                  as_of: Date = None, codes: Any = None, threads: Optional[int] = None,
                  progress: Progress = None) -> Table:
    """Weekly benefits split between state and municipality by the weeks that a person has accumulated.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame or mapping of columns
        One row a spell: ``person_id``, ``start``, ``amount`` of each week, and as far as they are known ``end`` (the
        last day; missing: the week of the start), ``counts``, ``granted``, ``weeks_before``.
    scheme : str, optional
        Rows of the list ``reimbursement_step``; default ``"ladder"``.
    period : {"all", "week", "month", "year"}, optional
        That of the week's Thursday.
    share_before, granted_from
        State's share of benefits granted before that day, which are not on the ladder.
    reset_weeks, window_weeks : int, optional
        Weeks of self-support, within so many weeks, that start the counter anew (52, 156: unverified).
    by : str or list of str, optional
        Group columns.
    codes : mapping or path, optional
        Rates in place of the built-in ones, as in :func:`flexmetrics.compute`.

    Returns
    -------
    Table
        Quantities weeks, amount, state, municipality, state_share, by ``step`` and in all.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> from datetime import date
    >>> weeks = {"person_id": ["a"], "start": [date(2023, 1, 2)], "end": [date(2024, 2, 25)], "amount": [3000.0]}
    >>> fm.reimbursement(weeks, as_of="2024-03-01").value("state", step=None)
    64200.0
    """
    options = dict(scheme=scheme, period=period, share_before=share_before,
                   granted_from=None if granted_from is None else str(granted_from), reset_weeks=reset_weeks,
                   window_weeks=window_weeks, codes=codes)
    columns = ("person_id", "start", "end", "amount", "counts", "granted", "weeks_before")
    return _computed("economy.reimbursement", frame, columns, by, 0.95, as_of, options, threads, progress)


def fleksloentilskud(frame: Any, *, period: Optional[str] = None, by: Any = None, as_of: Date = None,
                     codes: Any = None, threads: Optional[int] = None, progress: Progress = None) -> Table:
    """The wage supplement of people in fleksjob, month by month, by the rates of the month.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame or mapping of columns
        One row a person's month and job: ``person_id``, ``month`` (any day of it), ``wage``, and as far as there are
        any ``full_time_wage``, ``one_off``, ``one_off_months``, ``one_off_from``.
    period : {"all", "month", "year"}, optional
        What the figures are of.
    by : str or list of str, optional
        Group columns.
    codes : mapping or path, optional
        Rates in place of the built-in ones, as in :func:`flexmetrics.compute`.

    Returns
    -------
    Table
        Quantities months, wage, deduction, subsidy, income, mean_subsidy, capped, without_subsidy, one_off_unspread.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> from datetime import date
    >>> month = {"person_id": ["a"], "month": [date(2024, 3, 1)], "wage": [9000.0], "full_time_wage": [33000.0]}
    >>> fm.fleksloentilskud(month).value("subsidy")
    17252.0
    """
    columns = ("person_id", "month", "wage", "full_time_wage", "one_off", "one_off_months", "one_off_from")
    return _computed("economy.fleksloentilskud", frame, columns, by, 0.95, as_of, dict(period=period, codes=codes),
                     threads, progress)


def net_result(frame: Any, *, deadweight: Optional[float] = None, effect: Optional[float] = None,
               effect_error: Optional[float] = None, state_share: Optional[float] = None,
               cost_payer: Optional[str] = None, schedule: Optional[str] = None, base_year: Optional[int] = None,
               by: Any = None, level: float = 0.95, as_of: Date = None, codes: Any = None,
               threads: Optional[int] = None, progress: Progress = None) -> Table:
    """What jobs change for municipality, state, insurance fund, person and taxes, by year, discounted and cumulated.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame or mapping of columns
        One row a job: ``person_id``, ``start``, ``end``, ``before`` and ``after`` (the benefit a month), ``wage``, and
        as far as there are any ``tax``, ``state_before``, ``state_after``, ``fund_before``, ``fund_after``, ``cost``.
    deadweight : float, optional
        Share that would have had the job anyway; without it or ``effect`` there is no net result.
    effect, effect_error : float, optional
        Share of the jobs that is the programme's own, of an estimate with a comparison group, and its error.
    state_share : float, optional
        State's share of benefits whose row does not tell it.
    cost_payer : {"municipality", "state", "fund"}, optional
        Who pays the cost.
    schedule : str, optional
        Rows of the list ``discount_rate``; ``"none"``: no discounting.
    base_year : int, optional
        Year 0 of the discounting.
    by : str or list of str, optional
        Group columns.
    codes : mapping or path, optional
        Rates in place of the built-in ones, as in :func:`flexmetrics.compute`.

    Returns
    -------
    Table
        By ``payer`` and ``case`` (gross, net) result, present_value, cumulated, per_placement
        (docs/methods/economy_net.md).
    """
    options = dict(deadweight=deadweight, effect=effect, effect_error=effect_error, state_share=state_share,
                   cost_payer=cost_payer, schedule=schedule, base_year=base_year, codes=codes)
    columns = ("person_id", "start", "end", "before", "after", "wage", "tax", "state_before", "state_after",
               "fund_before", "fund_after", "cost")
    return _computed("economy.net_result", frame, columns, by, level, as_of, options, threads, progress)


def social_return(frame: Any, *, inputs: Union[float, Sequence[float]], rate: Optional[float] = None, by: Any = None,
                  threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Social return on investment: the whole impact map, not the ratio alone.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame or mapping of columns
        One row an outcome: ``outcome``, ``quantity``, ``value`` a year, and as far as there are any ``deadweight``,
        ``displacement``, ``attribution``, ``drop_off`` (shares), ``years``, ``first_year``.
    inputs : float or sequence of float
        What was put in, by year from year 0.
    rate : float, optional
        Of discounting; default 0.035.
    by : str or list of str, optional
        Group columns.

    Returns
    -------
    Table
        Quantities impact, year_value, present_value, inputs, net, ratio, payback_years, break_even and the ratio with
        every deadweight 20 per cent lower and higher (docs/methods/economy_return.md).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> outcomes = {"outcome": ["work"], "quantity": [10.0], "value": [1000.0], "deadweight": [0.25],
    ...             "displacement": [0.0], "attribution": [0.2], "drop_off": [0.5], "years": [2]}
    >>> fm.social_return(outcomes, inputs=8000, rate=0).value("ratio", case=None)
    1.125
    """
    given = ",".join(repr(float(x)) for x in (inputs if isinstance(inputs, Sequence) else [inputs]))
    columns = ("outcome", "quantity", "value", "deadweight", "displacement", "attribution", "drop_off", "years",
               "first_year")
    return _computed("economy.social_return", frame, columns, by, 0.95, None, dict(inputs=given, rate=rate), threads,
                     progress)


def contracts(frame: Any, *, rule: Optional[str] = None, quota: Optional[float] = None,
              fte_cost: Optional[float] = None, full_time_year: Optional[float] = None, hours: Optional[float] = None,
              purchasing: Optional[float] = None, wage_share: Optional[float] = None,
              clause_share: Optional[float] = None, by: Any = None, codes: Any = None,
              threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Contracts with a social clause: FTE-years on them, expected by a quota, agreed, started and delivered.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame or mapping of columns
        One row a contract, such as ``register.frame("contracts")``: ``value``, ``start``, ``end``, ``wage_share``, and
        the hours ``agreed``, ``started``, ``delivered``.
    rule : str, optional
        Row of the list ``procurement_clause``.
    quota : float, optional
        FTE-years for the target groups per FTE-year, 0 to 1.
    fte_cost, full_time_year, hours : float, optional
        Yearly cost of an FTE (an assumption: give your own), its hours, hours a week of an expected place.
    purchasing, wage_share, clause_share : float, optional
        What is bought in a year, its share of wages, and the part that would carry the clause.
    by : str or list of str, optional
        Group columns, such as clause.
    codes : mapping or path, optional
        Rates in place of the built-in ones, as in :func:`flexmetrics.compute`.

    Returns
    -------
    Table
        Quantities contracts, fte_years, expected_fte_years, expected_places, agreed, started, delivered and others
        (docs/methods/economy_contracts.md).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> from datetime import date
    >>> one = {"value": [25e6], "start": [date(2024, 1, 1)], "end": [date(2025, 6, 30)], "wage_share": [0.4],
    ...        "agreed": [2308.8], "started": [0.0], "delivered": [0.0]}
    >>> fm.contracts(one, quota=0.06).value("expected_fte_years")
    1.2
    """
    options = dict(rule=rule, quota=quota, fte_cost=fte_cost, full_time_year=full_time_year, hours=hours,
                   purchasing=purchasing, wage_share=wage_share, clause_share=clause_share, codes=codes)
    columns = ("value", "start", "end", "wage_share", "agreed", "started", "delivered")
    return _computed("economy.contracts", frame, columns, by, 0.95, None, options, threads, progress)
