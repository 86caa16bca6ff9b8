"""Incomes in frames: distribution, change, groups, with the errors of a design."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Mapping, Optional, Sequence, Union

from . import core
from .catalogue import Progress
from .frames import listed, picked
from .income_arrays import split_measures
from .income_rules import check_rules, word_of
from .run import by_of, compute_options, threads_of
from .survey import Columns, Design
from .table import Table

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .income_rules import Rules

_Measures = Union[None, str, Sequence[str]]


def _compute(id: str, frame: Any, columns: Sequence[Any], by: Any, weights: Optional[str], design: Optional[Design],
             level: float, options: Dict[str, Any], rules: Mapping[str, Any], threads: Optional[int],
             progress: Progress, renamed: Optional[Mapping[str, str]] = None) -> Table:
    given = Design() if design is None else design
    if not isinstance(given, Design):
        raise TypeError(f"design: expected a Design, got {type(given).__name__}")
    named = [name for column in (*columns, by, weights) for name in listed(column)]
    table = picked(frame, [*named, *given.columns()], renamed or {})
    spec = compute_options(by, weights, None, level, None, {**options, **check_rules(rules), **given.options()})
    return Table(core.compute_frame(table._handle, id, spec, threads_of(threads), progress))


def _text(measures: _Measures) -> Optional[str]:
    return None if measures is None else ",".join(split_measures(measures))


def income(frame: Any, *, income: str = "income", weights: Optional[str] = None, by: Any = None,
           measures: _Measures = None, design: Optional[Design] = None, reference: Any = None, total: bool = False,
           domain: Optional[str] = None, imputed: Optional[str] = None, top_coded: Optional[str] = None,
           bounded: bool = False, level: float = 0.95, threads: Optional[int] = None, progress: Progress = None,
           **rules: "Unpack[Rules]") -> Table:
    """Measures of one income distribution, by groups, with the errors of one design.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame or mapping of columns
        One row a person, or a household with its weight. Only the columns that are named are read.
    income, weights : str
        Columns of incomes and of sampling weights.
    by : str or list of str, optional
        Group columns; each group is a domain of the design, and a national poverty line is that of all rows.
    measures : str or list of str, optional
        Such as ``["gini", "bottom_share(0.4)"]``, see :func:`income_measures`; by default mean, median, bottom 40 per
        cent, Gini, S80/S20, Palma, poverty.
    design : Design, optional
        How the rows were drawn; by default independently.
    reference : str or list of str, optional
        A group's keys: the others' differences from it are given too; ``"total"``: from all rows.
    total : bool
        The whole beside the groups.
    domain : str, optional
        True/false column of the rows to look at; the others stay in the design and in the national line.
    imputed, top_coded : str, optional
        True/false columns: their shares are shown; figures that move with top-coded incomes are bounds.
    bounded : bool
        Bounded memory: certified bounds instead of errors (docs/methods/income_bounded.md).
    level : float
        Coverage of intervals.
    **rules
        ``preset``, ``quantile``, ``poor``, ``gini``, ``line``, ...: see :func:`income_presets`.

    Returns
    -------
    Table
        A figure a row, with std_error, limits, deff, df and reliability. Definitions: docs/methods/income.md.

    Raises
    ------
    Error
        A value breaks a rule: ``row`` and ``column`` say where.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> figures = fm.income({"income": [1, 2, 3, 4, 10], "sex": list("fmfmf")}, by="sex", measures="mean")
    >>> figures["sex"], figures["value"]
    (['f', 'm'], [4.666666666666667, 3.0])
    """
    options = dict(income=income, measures=_text(measures), reference=reference, total=total or None, domain=domain,
                   imputed=imputed, top_coded=top_coded, bounded=bounded or None)
    columns = (income, domain, imputed, top_coded, "first_row")
    return _compute("income.distribution", frame, columns, by, weights, design, level, options, rules, threads,
                    progress)


def income_change(frame: Any, *, income: str = "income", period: str = "period", weights: Optional[str] = None,
                  by: Any = None, measures: _Measures = None, design: Optional[Design] = None,
                  period_0: Optional[float] = None, period_1: Optional[float] = None, deflator_0: float = 1,
                  deflator_1: float = 1, ppp: float = 1, overlap: str = "independent", person: str = "person_id",
                  spell: Optional[str] = None, spell_years: float = 5, spell_tolerance: float = 2,
                  not_before: Optional[float] = None, not_after: Optional[float] = None, breaks: Any = None,
                  level: float = 0.95, threads: Optional[int] = None, progress: Progress = None,
                  **rules: "Unpack[Rules]") -> Table:
    """Measures in two periods and how they changed, such as SDG 10.1.1: growth of the bottom 40 per cent.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame or mapping of columns
        One row a person and period.
    period : str
        Column of the period, a number (decimal year).
    measures : str or list of str, optional
        As for :func:`income`, and growth_bottom(p), growth_mean, growth_premium(p).
    period_0, period_1 : float, optional
        The periods compared; by default the first and the last in the data.
    deflator_0, deflator_1, ppp : float
        Incomes of a period are divided by its price index, all by the purchasing power parity.
    overlap : {"independent", "units", "persons"}
        What the two samples have in common, for the covariance; ``person`` names the column of ids.
    spell : {None, "sdg"}
        "sdg": the rule of SDG 10.1.1 chooses the periods: the latest survey (``not_before`` to ``not_after``) and the
        one nearest to ``spell_years`` before it, within ``spell_tolerance``, with none of ``breaks`` (decimal years
        from which surveys cannot be compared with those before) between them. ``negative`` must then be given.
    income, weights, by, design, level, **rules
        As for :func:`income`.

    Returns
    -------
    Table
        ``comparison`` is first, last, difference, relative_change or annual_growth (docs/methods/income_change.md).
    """
    word_of("overlap", overlap, ("independent", "units", "persons"))
    options = dict(income=income, measures=_text(measures), period_0=period_0, period_1=period_1,
                   deflator_0=float(deflator_0), deflator_1=float(deflator_1), ppp=float(ppp), overlap=overlap,
                   person=person)
    if spell is not None:
        options.update(spell=spell, spell_years=float(spell_years), spell_tolerance=float(spell_tolerance),
                       not_before=not_before, not_after=not_after,
                       breaks=",".join(repr(float(b)) for b in breaks) if breaks else None)
    columns = (income, person if overlap == "persons" else None, "first_row")
    return _compute("income.change", frame, columns, by, weights, design, level, options, rules, threads, progress,
                    {"period": period})


def income_incidence(frame: Any, *, income: str = "income", period: str = "period", weights: Optional[str] = None,
                     by: Any = None, design: Optional[Design] = None, period_0: Optional[float] = None,
                     period_1: Optional[float] = None, deflator_0: float = 1, deflator_1: float = 1, ppp: float = 1,
                     overlap: str = "independent", person: str = "person_id", panel: bool = False, n_points: int = 20,
                     total: bool = False, curve_only: bool = False, level: float = 0.95,
                     threads: Optional[int] = None, progress: Progress = None, **rules: "Unpack[Rules]") -> Table:
    """Growth incidence: the growth of each part of the distribution, with bands; pro-poor growth; change of poverty.

    Parameters
    ----------
    n_points : int
        Slices of the curve, 2 to 1000.
    panel : bool
        Also the same people by their first income; ``person`` names the column of ids.
    total : bool
        Growth in all instead of per year.
    curve_only : bool
        Without the figures on poverty.
    frame, period, period_0, period_1, deflator_0, deflator_1, ppp, overlap
        As for :func:`income_change`.
    income, weights, by, design, level, **rules
        As for :func:`income`. The poverty line stays that of the first period.

    Returns
    -------
    Table
        ``percentile`` is the upper end of a slice, 0 to 1; ``band_low``, ``band_high`` hold for the whole curve.
    """
    word_of("overlap", overlap, ("independent", "units", "persons"))
    options = dict(income=income, period_0=period_0, period_1=period_1, deflator_0=float(deflator_0),
                   deflator_1=float(deflator_1), ppp=float(ppp), overlap=overlap, person=person, panel=panel,
                   n_points=n_points, total=total, curve_only=curve_only)
    columns = (income, person if panel or overlap == "persons" else None, "first_row")
    return _compute("income.incidence", frame, columns, by, weights, design, level, options, rules, threads, progress,
                    {"period": period})


def income_mobility(frame: Any, *, income: str = "income", period: str = "period", person: str = "person_id",
                    weights: Optional[str] = None, by: Any = None, design: Optional[Design] = None,
                    period_0: Optional[float] = None, period_1: Optional[float] = None, n_classes: int = 5,
                    bottom: float = 0.4, longitudinal: Optional[str] = None, attrition: Optional[str] = None,
                    covariates: Columns = None, level: float = 0.95, threads: Optional[int] = None,
                    progress: Progress = None, **rules: "Unpack[Rules]") -> Table:
    """Mobility of the same people between two periods: transitions, ranks, the bottom, and those who left.

    Parameters
    ----------
    n_classes : int
        Classes of income, 2 to 100.
    bottom : float
        Share of people in the bottom.
    longitudinal, attrition : str, optional
        Columns for people in both periods: their weight, or a factor of their first weight.
    covariates : str or list of str, optional
        Number columns in which those who left are compared.
    frame, period, person, period_0, period_1
        As for :func:`income_change`.
    income, weights, by, design, level, **rules
        As for :func:`income`; of the rules ``missing`` and ``negative``.

    Returns
    -------
    Table
        ``from``, ``to`` are classes, 1 the poorest (docs/methods/income_change.md).
    """
    options = dict(income=income, person=person, period_0=period_0, period_1=period_1, n_classes=n_classes,
                   bottom=float(bottom), longitudinal=longitudinal, attrition=attrition, covariates=by_of(covariates))
    columns = (income, person, longitudinal, attrition, covariates, "first_row")
    return _compute("income.mobility", frame, columns, by, weights, design, level, options, rules, threads, progress,
                    {"period": period})


def income_gap(frame: Any, *, group: str, reference: str, compared: str, income: str = "income",
               weights: Optional[str] = None, by: Any = None, measures: _Measures = None,
               design: Optional[Design] = None, level: float = 0.95, threads: Optional[int] = None,
               progress: Progress = None, **rules: "Unpack[Rules]") -> Table:
    """Two groups of one sample, such as women and men, in any measures: difference, gap, ratio with their errors.

    Parameters
    ----------
    group : str
        Column that tells the two apart, such as ``"sex"``.
    reference, compared : str
        Its values for the two; the gap is (reference - compared) / reference.
    measures : str or list of str, optional
        By default mean and median.
    frame, income, weights, by, design, level, **rules
        As for :func:`income`.

    Returns
    -------
    Table
        Quantities reference, compared, difference, gap, ratio of each measure (docs/methods/income_groups.md).
    """
    options = dict(income=income, group=group, reference=reference, compared=compared, measures=_text(measures))
    return _compute("income.gap", frame, (income, group, "first_row"), by, weights, design, level, options, rules,
                    threads, progress)


def income_decomposition(frame: Any, *, group: Columns, income: str = "income", weights: Optional[str] = None,
                         by: Any = None, measures: _Measures = None, design: Optional[Design] = None,
                         level: float = 0.95, threads: Optional[int] = None, progress: Progress = None,
                         **rules: "Unpack[Rules]") -> Table:
    """How much of an inequality lies within and between groups.

    Parameters
    ----------
    group : str or list of str
        Group columns.
    measures : str or list of str, optional
        mld, theil, ge(alpha), gini; by default mld, theil, gini.
    frame, income, weights, by, design, level, **rules
        As for :func:`income`.

    Returns
    -------
    Table
        total, within, between, overlap, and the parts of each group (docs/methods/income_groups.md).
    """
    options = dict(income=income, group=by_of(group), measures=_text(measures))
    return _compute("income.decomposition", frame, (income, group, "first_row"), by, weights, design, level, options,
                    rules, threads, progress)


def income_dominance(frame: Any, *, group: str, reference: str, compared: str, curve: str = "lorenz",
                     n_points: int = 20, income: str = "income", weights: Optional[str] = None, by: Any = None,
                     design: Optional[Design] = None, level: float = 0.95, threads: Optional[int] = None,
                     progress: Progress = None, **rules: "Unpack[Rules]") -> Table:
    """Is the curve of one group nowhere below that of another? The curves, their differences, and a test.

    Parameters
    ----------
    group, reference, compared : str
        As for :func:`income_gap`.
    curve : {"lorenz", "generalised_lorenz", "tip"}
        Lorenz, mean times Lorenz, or the three I's of poverty.
    n_points : int
        Points of the curve, 2 to 1000.
    frame, income, weights, by, design, level, **rules
        As for :func:`income`.

    Returns
    -------
    Table
        At each ``p`` reference, compared, difference; the test where ``p`` is missing (docs/methods/income_groups.md).
    """
    word_of("curve", curve, ("lorenz", "generalised_lorenz", "tip"))
    options = dict(income=income, group=group, reference=reference, compared=compared, curve=curve, n_points=n_points)
    return _compute("income.dominance", frame, (income, group, "first_row"), by, weights, design, level, options, rules,
                    threads, progress)


def income_grouped(frame: Any, *, input: str = "cumulative", by: Any = None, mean: Union[None, float, str] = None,
                   lines: Union[None, float, Sequence[float]] = None, p_share: float = 0.4, curve: str = "chosen",
                   mode: str = "exact", percent: bool = False, period: bool = False, tolerance: float = 1e-6,
                   level: float = 0.95, threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Figures from a table of groups: a General Quadratic or Beta Lorenz curve through shares or means.

    Parameters
    ----------
    frame : Table, pandas.DataFrame or mapping of columns
        One row a group: ``people`` and ``income``.
    input : {"cumulative", "shares", "means"}
        Cumulated shares, the share of each group, or people and mean of each group.
    mean : float or "column", optional
        Mean income of all; ``"column"``: from the column ``mean``.
    lines : float or list of float, optional
        Poverty lines.
    p_share : float
        The bottom share.
    curve : {"chosen", "quadratic", "beta"}
        Which curve; by its tests unless named.
    mode : {"exact", "pip"}
        Full precision, or the numerical steps of the World Bank.
    percent, period : bool
        Shares are per cent; the column ``period`` tells tables of several years apart.

    Returns
    -------
    Table
        Gini, bottom share, quantiles, poverty and the curve's tests (docs/methods/income_grouped.md).
    """
    for name, value, words in (("input", input, ("cumulative", "shares", "means")),
                               ("curve", curve, ("chosen", "quadratic", "beta")), ("mode", mode, ("exact", "pip"))):
        word_of(name, value, words)
    some: Sequence[Any] = [] if lines is None else [lines] if isinstance(lines, (int, float)) else lines
    options = dict(input=input, mean=float(mean) if isinstance(mean, (int, float)) else mean, p_share=float(p_share),
                   curve=curve, mode=mode, percent=percent, period=period, tolerance=float(tolerance),
                   lines=",".join(repr(float(v)) for v in some) or None)
    columns = ("people", "income", "mean" if mean == "column" else None, "period" if period else None)
    table = picked(frame, [name for column in (*columns, by) for name in listed(column)], {})
    spec = compute_options(by, None, None, level, None, options)
    return Table(core.compute_frame(table._handle, "income.grouped", spec, threads_of(threads), progress))
