"""Every indicator as data, and computing one by its id."""
from __future__ import annotations

from typing import Any, Dict, Optional

from . import core
from .error import Error
from .frames import fitted
from .run import Date, Progress, compute_options, threads_of
from .table import Table


def indicators() -> Table:
    """All indicators: id, names, unit, definition, source, SDG, frame."""
    return Table(core.catalogue())


def sdg_indicators() -> Table:
    """All indicators of the Sustainable Development Goals 8 and 10: names, definition, custodian, what it is computed
    from, series, and the indicator of the catalogue that computes it, with its options."""
    return Table(core.sdg_table())


def describe(id: str, lang: str = "en") -> Dict[str, Any]:
    """One indicator: name, unit, definition, source, sdg, frame, columns and options (name, default, about).

    ``id`` may be a number of goals 8 and 10, such as ``"10.1.1"``: then its target, name, custodian, input (what it is
    computed from, or none), unit, definition, population, breakdowns, note, series, computed_by, options, edition,
    source and status.
    """
    if core.sdg_text(id, "name", lang) is not None:
        goal = ("target", "name", "custodian", "input", "unit", "definition", "population", "breakdowns", "note",
                "series", "computed_by", "options", "edition", "source", "status")
        return {"id": id, **{f: core.sdg_text(id, f, lang) for f in goal}}
    options = core.catalogue_options(id, lang)
    if options is None:
        raise Error(f"no indicator {id!r}; there are {', '.join(indicators()['id'])}", 4, "FM_ERR_NOT_FOUND")
    fields = ("name", "unit", "definition", "source", "sdg", "frame", "columns")
    out: Dict[str, Any] = {"id": id, **{f: core.catalogue_text(id, f, lang) for f in fields}}
    out["options"] = [{"name": n, "default": d, "about": a} for n, d, a in options]
    return out


def codes(name: str) -> Table:
    """A built-in code list, such as ``"placement_kind"`` or ``"target_group"``."""
    return Table(core.codes_table(name))


def schema() -> Table:
    """Every table and column that a register may have."""
    return Table(core.schema_table())


def compute(id: str, frame: Any, *, by: Any = None, weight: Optional[str] = None, level: float = 0.95,
            as_of: Date = None, merge: Any = None, codes: Any = None, threads: Optional[int] = None,
            progress: Progress = None, **options: Any) -> Table:
    """Compute an indicator on a bare frame that has its columns.

    Parameters
    ----------
    id : str
        Such as ``"retention.survival"``; ``describe(id)["columns"]`` names the columns, ``["options"]`` the options.
    frame : Table, pandas.DataFrame or mapping of columns
        One row per unit. Whole numbers may be of any type that holds them, flags 1 and 0.
    by : str or list of str, optional
        Group columns.
    weight : str, optional
        Weight column; without it each row counts 1.
    level : float
        Coverage of intervals, between 0 and 1.
    as_of : date or "YYYY-MM-DD", optional
        Start of the first day not observed.
    merge : str or mapping, optional
        Groups of ``by`` that become one before anything is counted: ``"a,b=name;c,d"`` or ``{"name": ["a", "b"]}``.
    codes : mapping or path, optional
        Code lists in place of the built-in ones, such as this year's rates of the economy: a mapping of names to frames
        or CSV files, one CSV file called after its list, or a folder of them.

    Returns
    -------
    Table
        One figure a row.

    Raises
    ------
    Error
        A column is missing or a value breaks a rule; the error names row and column.
    """
    spec = compute_options(by, weight, None, level, as_of, dict(options, merge=merge, codes=codes))
    return Table(core.compute_frame(fitted(frame, id, spec)._handle, id, spec, threads_of(threads), progress))
