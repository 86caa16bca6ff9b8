"""From people's incomes to comparable ones: household rules, top-coding, prices."""
from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Sequence, Union

from . import core
from .catalogue import Progress
from .income_rules import CHOICES, word_of
from .run import by_of, threads_of
from .table import Table, as_table

_WORDS = {
    "scale": ("oecd_modified", "per_head", "square_root"),
    "total": ("sum", "given"),
    "missing_age": ("error", "adult"),
    "missing": ("unknown", "error", "zero"),
    "negative": CHOICES["negative"],
    "zero": ("keep", "error", "drop"),
    "method": ("bound", "pareto"),
}


def _numbers(given: Mapping[str, Any]) -> Dict[str, Any]:
    """What is given; words become the library's numbers."""
    return {name: _WORDS[name].index(word_of(name, value, _WORDS[name])) if name in _WORDS else value
            for name, value in given.items() if value is not None}


def equivalise(people: Any, *, household: str = "household_id", income: str = "income", age: str = "age",
               weights: Optional[str] = None, scale: str = "oecd_modified", total: str = "sum", adult_age: float = 14,
               missing_age: str = "error", missing: str = "unknown", negative: str = "keep", zero: str = "keep",
               threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Household incomes on an equivalence scale.

    Parameters
    ----------
    people : Table, pandas.DataFrame, polars.DataFrame or mapping of columns
        One row a person.
    household, income, age, weights : str
        Columns; age in years is read for the OECD-modified scale only.
    scale : {"oecd_modified", "per_head", "square_root"}
        1, 0.5 for each further member of ``adult_age`` (14) or more and 0.3 below; members; their square root.
    total : {"sum", "given"}
        Incomes of persons are summed, or the column has the household's total in each row.
    missing_age : {"error", "adult"}
        Members without an age.
    missing : {"unknown", "error", "zero"}
        Members without an income.
    negative : {"keep", "error", "drop", "zero"}
        Totals below 0.
    zero : {"keep", "error", "drop"}
        Totals of 0.

    Returns
    -------
    Table
        The rows and columns given, and household_size, equivalence_scale, household_income, equivalised_income; what
        was counted is in ``notes`` (docs/methods/income_household.md).
    """
    options = _numbers(dict(household=household, income=income, age=age, weight=weights, adult_age=float(adult_age),
                            scale=scale, total=total, missing_age=missing_age, missing=missing, negative=negative,
                            zero=zero))
    return Table(core.income_household(as_table(people, "people")._handle, options, threads_of(threads), progress))


def top_code(frame: Any, *, income: str = "income", weights: Optional[str] = None, flag: Optional[str] = None,
             threshold: Optional[float] = None, method: str = "bound", tail_from: Optional[float] = None,
             alpha: Optional[float] = None, threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Marks top-coded incomes, and where asked replaces each by its expected value in a Pareto tail.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame or mapping of columns
        One row a person or household.
    flag : str, optional
        True/false column: top-coded, the income in the row is where it was cut. One of ``flag`` and ``threshold``.
    threshold : float, optional
        Incomes of at least this are top-coded there.
    method : {"bound", "pareto"}
        Nothing is replaced, or each by the mean of the tail above it.
    tail_from, alpha : float, optional
        Where the tail begins whose alpha is fitted; alpha given instead (above 1).

    Returns
    -------
    Table
        The rows and columns given, and is_top_coded, income_completed; shares and alpha are in ``notes``. Use
        ``fm.income(table, income="income_completed", top_coded="is_top_coded")``.
    """
    options = _numbers(dict(income=income, weight=weights, flag=flag, method=method,
                            threshold=None if threshold is None else float(threshold),
                            tail_from=None if tail_from is None else float(tail_from),
                            alpha=None if alpha is None else float(alpha)))
    return Table(core.income_top_code(as_table(frame, "frame")._handle, options, threads_of(threads), progress))


def deflate(frame: Any, factors: Any, *, incomes: Union[str, Sequence[str]] = "income",
            by: Union[str, Sequence[str]] = "year", index: str = "index", base: float = 1,
            threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Incomes at the same prices, or of the same purchasing power: each divided by index / base.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame or mapping of columns
        One row a person or household.
    factors : table, or mapping of key to index
        Columns ``by`` and ``index``; ``{2015: 100.0, 2020: 105.2}`` where ``by`` is one column.
    incomes : str or list of str
        Columns of incomes.
    by : str or list of str
        Key columns in both, such as year or country.
    index : str
        Column of the factors.
    base : float
        Index of the prices wanted.

    Returns
    -------
    Table
        The rows and columns given, and NAME_real for each column of incomes.
    """
    if isinstance(factors, Mapping) and factors and not any(hasattr(v, "__len__") for v in factors.values()):
        if not isinstance(by, str) or "," in by:
            raise ValueError("factors: a mapping of key to index needs a single column in by")
        factors = {by: list(factors), index: [float(v) for v in factors.values()]}
    options = dict(incomes=by_of(incomes), by=by_of(by), index=index, base=float(base))
    return Table(core.income_deflate(as_table(frame, "frame")._handle, as_table(factors, "factors")._handle, options,
                                     threads_of(threads), progress))
