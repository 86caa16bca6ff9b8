"""What benefits, subsidies, jobs and clauses cost and are worth, by dated rates (docs/methods/economy.md)."""
from __future__ import annotations

import array
import math
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Union

from . import core
from .frames import fitted, listed, picked
from .run import Date, Progress, compute_options, day_of, threads_of
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


class Budget(NamedTuple):
    """What :func:`budget` gives; None: no such figure."""

    with_effect: float  #: participants x (success - without)
    cost: float  #: present value
    consequence: float  #: present value, all payers
    net: float  #: consequence - cost; above 0 is saved
    net_low: Optional[float]  #: limits from the error of the effect
    net_high: Optional[float]
    net_per_participant: float
    cost_per_success: Optional[float]
    break_even: Optional[float]  #: success - without at which net is 0
    by_payer: Dict[str, float]  #: present value of the consequences
    cumulated: List[float]  #: net up to and including each year


class UnitCosts(NamedTuple):
    """What :func:`unit_costs` gives; None: nobody reached it."""

    per_served: Optional[float]
    per_exit: Optional[float]
    per_job: Optional[float]
    per_sustained_job: Optional[float]
    per_additional_job: Optional[float]  #: beyond those who would have had one anyway


def _known(value: float) -> Optional[float]:
    return None if math.isnan(value) else value


def host_capacity(employees: int) -> int:
    """Subsidised jobs and internships that a workplace of so many ordinary employees may have.

    >>> import flexmetrics as fm
    >>> [fm.host_capacity(n) for n in (4, 14, 24, 50, 63)]
    [1, 2, 4, 10, 11]
    """
    return core.economy_host_capacity(employees)


def benefit_rate(code: str, on: Date) -> float:
    """Amount of a rate of the list ``benefit_rate`` on a date; a year without a row is an error.

    >>> import flexmetrics as fm
    >>> fm.benefit_rate("ledighedsydelse_max", "2024-06-01")
    18120.0
    """
    return core.economy_rate(code, day_of(on, "on"))


def discount_factors(n: int, on: Date, schedule: str = "finance_ministry") -> List[float]:
    """Factors of the years 0 to ``n - 1``, chained, by the rates in force on a date.

    >>> import flexmetrics as fm
    >>> [round(x, 4) for x in fm.discount_factors(3, "2024-01-01")]
    [1.0, 0.9662, 0.9335]
    """
    out = array.array("d", bytes(8 * n))
    core.economy_discount((out,), schedule, day_of(on, "on"))
    return list(out)


def unit_costs(expenditure: float, *, served: int, exited: int, in_work: int, sustained: int,
               counterfactual: float = 0.0) -> UnitCosts:
    """Expenditure over people served, exits, jobs, lasting jobs, and jobs beyond those that would have come anyway.

    Parameters
    ----------
    expenditure : float
        Of the programme.
    served, exited, in_work, sustained : int
        People served; who left; of these in work, and still in work later.
    counterfactual : float
        Share of those who left that would have been in work anyway.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> costs = fm.unit_costs(2_500_000, served=212, exited=180, in_work=96, sustained=74, counterfactual=0.38)
    >>> round(costs.per_additional_job, 2)
    90579.71
    """
    found = core.economy_unit_cost(expenditure, served, exited, in_work, sustained, counterfactual)
    return UnitCosts(*map(_known, found))


def budget(cost: Sequence[float], consequences: Mapping[str, Sequence[float]], *, participants: float, success: float,
           without: float, std_error: float = 0.0, level: float = 0.95,
           factors: Optional[Sequence[float]] = None) -> Budget:
    """A programme's budget: cost of each participant, and what a further success is worth to each payer, by year.

    Parameters
    ----------
    cost : sequence of float
        Of each participant, by year, year 0 first.
    consequences : mapping
        Payer: worth of each further success, by year; above 0 is saved.
    participants : float
        People in the programme.
    success, without : float
        Share with success in the programme, and the share that would have had it anyway (deadweight).
    std_error : float
        Of ``success - without``, from an effect estimate.
    level : float
        Coverage of the limits.
    factors : sequence of float, optional
        Of discounting, by year, such as :func:`discount_factors` gives; without them 1.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> saved = {"municipality": [0, 3000, 3000], "state": [0, 1000, 1000]}
    >>> found = fm.budget([1000, 0, 0], saved, participants=10, success=0.5, without=0.3)
    >>> found.net, found.break_even
    (6000.0, 0.125)
    """
    years = len(cost)
    wrong = [name for name, worth in consequences.items() if len(worth) != years]
    if wrong or (factors is not None and len(factors) != years):
        raise ValueError(f"{wrong[0] if wrong else 'factors'}: expected a number for each of {years} years")
    by_payer = array.array("d", bytes(8 * len(consequences)))
    cumulated = array.array("d", bytes(8 * years))
    given = (array.array("d", cost), array.array("d", [1.0] * years if factors is None else factors))
    worth_of = array.array("d", [x for worth in consequences.values() for x in worth])
    found = core.economy_budget((by_payer,), (cumulated,), given, (worth_of,), participants, success, without,
                                std_error, level)
    return Budget(*found[:4], *map(_known, found[4:6]), found[6], *map(_known, found[7:]),
                  dict(zip(consequences, by_payer)), list(cumulated))
