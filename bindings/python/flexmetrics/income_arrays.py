"""Measures of one income distribution on plain arrays: levels, shares, inequality, poverty."""
from __future__ import annotations

import inspect
from typing import (TYPE_CHECKING, Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple, TypeVar,
                    Union)

from . import core
from .catalogue import Progress
from .income_rules import DESIGN_CHOICES, doubles, like, numbered, rule_numbers, units, word_of
from .run import threads_of
from .table import Table

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .income_rules import How, Rules

_F = TypeVar("_F", bound=Callable[..., Any])
_SHARED = """

Parameters
----------
x : array of float64 (n)
    Incomes in any order; not copied when contiguous. NaN is a missing income.
weights : array of float64 (n), optional
    Sampling weights, at least 0; without them each income counts 1.
**how
    Rules by their words (``preset``, ``quantile``, ``poor``, ``share``, ``gini``, ``nonpos``, ``nonpos_floor``,
    ``negative``, ``missing``, ``line``, ``line_share``, ``line_kind``, ``percent``), as :func:`income_presets` lists
    them; ``threads``; ``progress``.

Returns
-------
float
    NaN where there is no value. An array for an array of parameters.

Raises
------
Error
    An infinite income, a weight that is negative or not finite: ``row`` names it.

Notes
-----
Definitions, units and sources: docs/methods/income.md. The same bits for any order of rows and number of threads.
"""


def _shared(function: _F) -> _F:
    """Adds what every measure has in common to its text."""
    function.__doc__ = inspect.cleandoc(function.__doc__ or "") + _SHARED
    return function


# ---- many measures over one sort ----


class Measures(NamedTuple):
    """What :func:`measures` gives: one entry a measure, in the order asked for."""

    names: Tuple[str, ...]
    values: Tuple[float, ...]
    std_errors: Tuple[float, ...]

    def value(self, name: str) -> float:
        """Value of a measure; NaN where it has none."""
        return self.values[self._place(name)]

    def std_error(self, name: str) -> float:
        """Standard error of a measure; NaN without a design, or where it has none."""
        return self.std_errors[self._place(name)]

    def as_dict(self) -> Dict[str, float]:
        """Values by name."""
        return dict(zip(self.names, self.values))

    def _place(self, name: str) -> int:
        if name not in self.names:
            raise KeyError(f"no measure {name!r}; there are {', '.join(self.names)}")
        return self.names.index(name)


def split_measures(measures: Union[str, Sequence[str]]) -> Tuple[str, ...]:
    """The single measures; commas inside brackets belong to parameters."""
    if not isinstance(measures, str):
        return tuple(part for text in measures for part in split_measures(text))
    out: List[str] = [""]
    depth = 0
    for c in measures:
        depth += (c == "(") - (c == ")")
        if c == "," and depth == 0:
            out.append("")
        else:
            out[-1] += c
    return tuple(part.strip() for part in out)


def _run(how: Mapping[str, Any]) -> Tuple[Dict[str, Any], int, Progress]:
    rules = {name: value for name, value in how.items() if name not in ("threads", "progress")}
    return rule_numbers(rules), threads_of(how.get("threads")), how.get("progress")


def _design(columns: Sequence[Any], se: Optional[str], options: Dict[str, Any]) -> Optional[Dict[str, Any]]:
    """The design as the core takes it; None when nothing says that there is one."""
    given = {name: value for name, value in options.items() if value is not None}
    if se is None and all(c is None for c in columns):
        if given:
            raise ValueError(f"{', '.join(given)}: needs strata, psu, fpc or se")
        return None
    if se == "replicates":
        raise ValueError("se: replicate weights are columns of a frame, for income(frame, design=...)")
    words = {"se": se or "taylor", **given}
    return {"method" if name == "se" else name:
            DESIGN_CHOICES[name].index(word_of(name, value, DESIGN_CHOICES[name])) if name in DESIGN_CHOICES else value
            for name, value in words.items()}


def measures(x: Any, measures: Union[str, Sequence[str]], weights: Any = None, *, strata: Any = None, psu: Any = None,
             fpc: Any = None, se: Optional[str] = None, lonely: Optional[str] = None, fpc_kind: Optional[str] = None,
             bootstrap: Optional[str] = None, n_replicates: Optional[int] = None, seed: Optional[int] = None,
             df: Optional[float] = None, threads: Optional[int] = None, progress: Progress = None,
             **rules: "Unpack[Rules]") -> Measures:
    """Several measures over one sort, and with a design their standard errors.

    Parameters
    ----------
    x : array of float64 (n)
        Incomes in any order; not copied when contiguous. NaN is a missing income.
    measures : str or list of str
        Such as ``"gini,mld,quantile(0.9)"``; :func:`income_measures` lists them.
    weights : array of float64 (n), optional
        Sampling weights, at least 0.
    strata, psu : array of numbers or texts (n), optional
        Stratum and primary unit of each row; units are nested in strata.
    fpc : array of float64 (n), optional
        Number of units in the population of the stratum (``fpc_kind="share"``: sampled share of them).
    se : {"taylor", "bootstrap", "none"}, optional
        How errors are found; ``"taylor"`` as soon as there is a design. Without one: rows drawn independently.
    lonely : {"fail", "remove", "adjust", "average"}, optional
        Strata with one unit.
    bootstrap : {"auto", "rao_wu", "multinomial", "poisson"}, optional
        With ``n_replicates`` (1000) and ``seed`` (1).
    df : float, optional
        Degrees of freedom; units less strata by default.
    **rules
        As for every measure: ``preset``, ``quantile``, ``poor``, ``gini``, ``line``, ...

    Returns
    -------
    Measures
        ``names``, ``values``, ``std_errors``; NaN where there is none.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> fm.measures([1, 2, 3, 4, 10], "mean,gini,bottom_share(0.4)").values
    (4.0, 0.4, 0.15)
    """
    names = split_measures(measures)
    how, n_threads, on = _run({**rules, "threads": threads, "progress": progress})
    options = dict(lonely=lonely, fpc_kind=fpc_kind, bootstrap=bootstrap, n_replicates=n_replicates, seed=seed, df=df)
    design = _design((strata, psu, fpc), se, options)
    column = doubles(x, "x")
    values, errors = core.income_values(
        column, None if weights is None else doubles(weights, "weights"),
        None if strata is None else units(strata, "strata", len(column)),
        None if psu is None else units(psu, "psu", len(column)),
        None if fpc is None else doubles(fpc, "fpc"), ",".join(names), how, design, n_threads, on)
    return Measures(names, tuple(values), tuple(errors))


def group_measures(x: Any, by: Any, measures: Union[str, Sequence[str]], weights: Any = None,
                   **how: "Unpack[How]") -> Table:
    """Measures of each group, in one pass over one sort.

    Parameters
    ----------
    x : array of float64 (n)
        Incomes.
    by : array of numbers or texts (n)
        Group of each row.
    measures : str or list of str
        Such as ``"gini,bottom_mean(0.4)"``.
    weights : array of float64 (n), optional
        Sampling weights, at least 0.
    **how
        Rules, ``threads``, ``progress``. A national line is that of all rows.

    Returns
    -------
    Table
        A row a group: ``group``, and a column a measure; missing where there is no value.
    """
    names = split_measures(measures)
    rules, n_threads, on = _run(how)
    column = doubles(x, "x")
    numbers, groups = numbered(by, "by", len(column))
    rows = core.income_group_values(column, None if weights is None else doubles(weights, "weights"), numbers,
                                    len(groups), ",".join(names), rules, n_threads, on)
    order = sorted(range(len(groups)), key=lambda g: (str(type(groups[g])), groups[g]))
    columns: Dict[str, List[Any]] = {"group": [groups[g] for g in order]}
    for k, name in enumerate(names):
        columns[name] = [rows[g][k] for g in order]
    return Table.from_columns(columns, "groups")


def influence(x: Any, measure: str, weights: Any = None, **how: "Unpack[How]") -> Any:
    """Influence of every row on a measure: its gradient in the row's weight.

    Parameters
    ----------
    x, weights : array of float64 (n)
        As for every measure.
    measure : str
        Such as ``"gini"`` or ``"quantile(0.9)"``.

    Returns
    -------
    array of float64 (n)
        A numpy array for a numpy array or a column of a frame, else a list. Rows without a trace (weight 0, missing
        income) have 0. The weighted sum is 0 for a measure that does not move with the weights' scale.
    """
    rules, n_threads, on = _run(how)
    raw = core.income_influence(doubles(x, "x"), None if weights is None else doubles(weights, "weights"), measure,
                                rules, n_threads, on)
    return like(memoryview(raw).cast("d"), x)


def income_measures() -> Table:
    """All measures of one distribution: name, parameters, unit, definition, whether a linearised error exists."""
    return Table(core.income_measures())


def income_presets() -> Table:
    """All presets: a row each, a column a choice, and who uses it."""
    return Table(core.income_presets())


# ---- one measure ----


def _one(x: Any, weights: Any, text: str, how: Any) -> float:
    return measures(x, text, weights, **how).values[0]


def _each(x: Any, weights: Any, name: str, p: Any, how: Any) -> Any:
    """A number for a number; for an array one number each, over one sort."""
    if not hasattr(p, "__len__"):
        return _one(x, weights, f"{name}({float(p)!r})", how)
    shares = [float(v) for v in p]
    found = measures(x, [f"{name}({v!r})" for v in shares], weights, **how).values if shares else ()
    return like(found, p)


def _line(x: Any, weights: Any, name: str, a: Optional[float], how: Any) -> float:
    return _one(x, weights, name if a is None else f"{name}({float(a)!r})", how)


@_shared
def mean(x: Any, weights: Any = None, **how: "Unpack[How]") -> float:
    """Mean income: sum of w x over sum of w, in the unit of x."""
    return _one(x, weights, "mean", how)


@_shared
def total(x: Any, weights: Any = None, **how: "Unpack[How]") -> float:
    """Total income: sum of w x, in the unit of x."""
    return _one(x, weights, "total", how)


@_shared
def median(x: Any, weights: Any = None, **how: "Unpack[How]") -> float:
    """Median income, quantile(0.5), in the unit of x."""
    return _one(x, weights, "median", how)


@_shared
def quantile(x: Any, p: Any, weights: Any = None, **how: "Unpack[How]") -> Any:
    """Smallest income at which the cumulated weight reaches p of all weight, in the unit of x.

    Where it is hit exactly, ``quantile`` says which: ``"avg"`` (mean of the two neighbours), ``"left"``, ``"right"``.
    """
    return _each(x, weights, "quantile", p, how)


@_shared
def quantile_ratio(x: Any, p: float, q: float, weights: Any = None, **how: "Unpack[How]") -> float:
    """quantile(p) / quantile(q), such as P90/P10; NaN unless the latter is above 0."""
    return _one(x, weights, f"quantile_ratio({float(p)!r},{float(q)!r})", how)


@_shared
def lorenz(x: Any, p: Any, weights: Any = None, **how: "Unpack[How]") -> Any:
    """Lorenz ordinate: share of all income that the poorest p have; any number of p from 0 to 1 over one sort.

    The group of incomes at the cut is split. NaN unless all income together is above 0.
    """
    rules, n_threads, on = _run(how)
    shares = doubles(p if hasattr(p, "__len__") else [float(p)], "p")
    found = core.income_lorenz(doubles(x, "x"), None if weights is None else doubles(weights, "weights"), shares, rules,
                               n_threads, on)
    return like(found, p) if hasattr(p, "__len__") else found[0]


@_shared
def generalised_lorenz(x: Any, p: Any, weights: Any = None, **how: "Unpack[How]") -> Any:
    """Income of the poorest p over all weight: the mean times the Lorenz ordinate, in the unit of x.

    Shorrocks (1983).
    """
    return _each(x, weights, "generalised_lorenz", p, how)


@_shared
def bottom_share(x: Any, p: Any = 0.4, weights: Any = None, **how: "Unpack[How]") -> Any:
    """Share of all income that the poorest p have (SDG 10.1.1: the bottom 40 per cent)."""
    return _each(x, weights, "bottom_share", p, how)


@_shared
def bottom_mean(x: Any, p: Any = 0.4, weights: Any = None, **how: "Unpack[How]") -> Any:
    """Mean income of the poorest p, in the unit of x (SDG 10.1.1: the bottom 40 per cent)."""
    return _each(x, weights, "bottom_mean", p, how)


@_shared
def top_share(x: Any, p: Any = 0.1, weights: Any = None, **how: "Unpack[How]") -> Any:
    """Share of all income that the richest p have."""
    return _each(x, weights, "top_share", p, how)


@_shared
def top_mean(x: Any, p: Any = 0.1, weights: Any = None, **how: "Unpack[How]") -> Any:
    """Mean income of the richest p, in the unit of x."""
    return _each(x, weights, "top_mean", p, how)


@_shared
def share_ratio(x: Any, p: float, q: float, weights: Any = None, **how: "Unpack[How]") -> float:
    """Income of the richest p over income of the poorest q; NaN unless the poorest have income."""
    return _one(x, weights, f"share_ratio({float(p)!r},{float(q)!r})", how)


@_shared
def s80s20(x: Any, weights: Any = None, **how: "Unpack[How]") -> float:
    """Income quintile ratio: income of the richest fifth over that of the poorest fifth (Eurostat)."""
    return _one(x, weights, "s80s20", how)


@_shared
def palma(x: Any, weights: Any = None, **how: "Unpack[How]") -> float:
    """Palma ratio: income of the richest tenth over that of the poorest 40 per cent."""
    return _one(x, weights, "palma", how)


@_shared
def gini(x: Any, weights: Any = None, **how: "Unpack[How]") -> float:
    """Gini coefficient: twice the area between the diagonal and the Lorenz curve, 0 to 1 (beyond with losses).

    ``gini`` says which form: ``"population"`` (default), ``"n_minus_1"``, ``"unit_block"``. NaN unless all income
    together is above 0.
    """
    return _one(x, weights, "gini", how)


@_shared
def hoover(x: Any, weights: Any = None, **how: "Unpack[How]") -> float:
    """Hoover (Pietra, Robin Hood) index: half the mean absolute deviation from the mean, over the mean."""
    return _one(x, weights, "hoover", how)


@_shared
def wolfson(x: Any, weights: Any = None, **how: "Unpack[How]") -> float:
    """Polarisation: 2 (mean (1 - Gini) - mean of the poorer half) / median (Wolfson 1994)."""
    return _one(x, weights, "wolfson", how)


@_shared
def zenga(x: Any, weights: Any = None, **how: "Unpack[How]") -> float:
    """Zenga index: mean over incomes of 1 - (mean up to it) / (mean above it) (Zenga 2007)."""
    return _one(x, weights, "zenga", how)


@_shared
def ge(x: Any, alpha: Any, weights: Any = None, **how: "Unpack[How]") -> Any:
    """Generalised entropy: (mean of (x / m)^alpha - 1) / (alpha (alpha - 1)); 0 and 1 are its limits, mld and theil.

    Incomes of 0 or less by ``nonpos``.
    """
    return _each(x, weights, "ge", alpha, how)


@_shared
def theil(x: Any, weights: Any = None, **how: "Unpack[How]") -> float:
    """Theil index, ge(1): mean of (x / m) log(x / m)."""
    return _one(x, weights, "theil", how)


@_shared
def mld(x: Any, weights: Any = None, **how: "Unpack[How]") -> float:
    """Mean log deviation, ge(0): mean of log(m / x)."""
    return _one(x, weights, "mld", how)


@_shared
def j_divergence(x: Any, weights: Any = None, **how: "Unpack[How]") -> float:
    """theil + mld."""
    return _one(x, weights, "j_divergence", how)


@_shared
def atkinson(x: Any, epsilon: Any, weights: Any = None, **how: "Unpack[How]") -> Any:
    """Atkinson index: 1 - (equally distributed equivalent income) / mean, for the inequality aversion epsilon > 0."""
    return _each(x, weights, "atkinson", epsilon, how)


@_shared
def poverty_line(x: Any, a: Optional[float] = None, weights: Any = None, **how: "Unpack[How]") -> float:
    """Poverty line in the unit of x: a times the median (or the mean, ``line_kind``); without a: that of the rules."""
    return _line(x, weights, "poverty_line", a, how)


@_shared
def at_risk_of_poverty(x: Any, a: Optional[float] = None, weights: Any = None, **how: "Unpack[How]") -> float:
    """Share of the weight with an income below a times the median (Eurostat: a = 0.6); without a: the rules' line."""
    return _line(x, weights, "at_risk_of_poverty", a, how)


@_shared
def relative_median_gap(x: Any, a: Optional[float] = None, weights: Any = None, **how: "Unpack[How]") -> float:
    """(line - median of those below it) / line; NaN when nobody is below it."""
    return _line(x, weights, "relative_median_gap", a, how)


@_shared
def median_of_poor(x: Any, a: Optional[float] = None, weights: Any = None, **how: "Unpack[How]") -> float:
    """Median income of those below the line, in the unit of x; NaN when nobody is."""
    return _line(x, weights, "median_of_poor", a, how)


@_shared
def fgt(x: Any, alpha: Any, weights: Any = None, **how: "Unpack[How]") -> Any:
    """Mean of ((line - x) / line)^alpha, 0 above the line (Foster, Greer and Thorbecke 1984); alpha 0 is the rate.

    ``line`` is an amount of money; without it the line is ``line_share`` times the median.
    """
    return _each(x, weights, "fgt", alpha, how)


@_shared
def watts(x: Any, weights: Any = None, **how: "Unpack[How]") -> float:
    """Watts index of poverty: mean of log(line / x), 0 above the line (Watts 1968)."""
    return _one(x, weights, "watts", how)


@_shared
def sen(x: Any, weights: Any = None, **how: "Unpack[How]") -> float:
    """Sen index of poverty: P0 Gp + P1 (1 - Gp), Gp the Gini coefficient of the poor's incomes (Sen 1976)."""
    return _one(x, weights, "sen", how)


@_shared
def sst(x: Any, weights: Any = None, **how: "Unpack[How]") -> float:
    """Sen-Shorrocks-Thon index of poverty: P1 (1 + G), G the Gini coefficient of everyone's gaps (Shorrocks 1995)."""
    return _one(x, weights, "sst", how)


@_shared
def tip(x: Any, p: Any, weights: Any = None, **how: "Unpack[How]") -> Any:
    """TIP ordinate: gaps (line - x) / line of the poorest p, summed over all weight (Jenkins and Lambert 1997)."""
    return _each(x, weights, "tip", p, how)


class Bottom(NamedTuple):
    """Mean income of the bottom share, its share of all income, and the income at the cut."""

    mean: float
    share: float
    cut: float


def bottom(x: Any, weights: Any = None, p: float = 0.4, *, threads: Optional[int] = None,
           progress: Progress = None) -> Bottom:
    """Mean, share and cut of the poorest ``p`` by the generalised Lorenz curve, without sorting all of them.

    Parameters
    ----------
    x : array of float64 (n)
        Incomes, in any order; not copied when contiguous. None may be missing.
    weights : array of float64 (n), optional
        Sampling weights, at least 0; without them each income counts 1.
    p : float
        The bottom share, between 0 and 1.

    Returns
    -------
    Bottom
        ``share`` is NaN when all income together is 0 or negative; all are NaN when there is nobody.

    Notes
    -----
    The group of equal incomes at the cut is split by weight, so that the order of ties does not matter. The result is
    the same bits for any order of rows and any number of threads. Source: UN Statistics metadata 10.1.1.
    """
    pair = (doubles(x, "x"), None if weights is None else doubles(weights, "weights"))
    return Bottom(*core.income_bottom(*pair, float(p), threads_of(threads), progress))
