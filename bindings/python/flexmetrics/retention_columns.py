"""The columns and options that measures of lasting work read, whatever the caller calls them."""
from __future__ import annotations

from typing import Any, Dict, Iterable, Mapping, Optional, Sequence, Union

from . import core
from .error import Error
from .frames import Wanted, listed, typed
from .income_rules import word_of
from .run import Progress, by_of, compute_options, threads_of
from .survey import Columns
from .table import Table

CLOCKS = ("days", "weeks", "months")
LIMITS = ("plain", "log", "log-log", "logit", "arcsine")
Times = Union[None, int, Sequence[int]]
Dated = Union[None, str, Sequence[str], Mapping[str, str]]


def compute_retention(id: str, frame: Any, columns: Iterable[Any], wanted: Mapping[str, Wanted], by: Any,
                      weights: Optional[str], level: float, options: Dict[str, Any], threads: Optional[int],
                      progress: Progress) -> Table:
    """The measure of the columns, whatever they are called; an error names them as the caller does."""
    weighted = {} if weights is None else {weights: Wanted(weights, "number")}
    names = [name for column in (*columns, by) for name in listed(column)]
    table = typed(frame, names, {**wanted, **weighted})
    spec = compute_options(by, weights, None, level, None, options)
    try:
        return Table(core.compute_frame(table._handle, id, spec, threads_of(threads), progress))
    except Error as e:
        own = wanted[e.column].name if e.column in wanted else e.column
        if own == e.column:
            raise
        raise Error(e.message.replace(f"column {e.column}", f"column {own}"), e.code, e.status,
                    -1 if e.row is None else e.row, -1 if e.line is None else e.line,
                    -1 if e.column_index is None else e.column_index, own, e.table, e.detail) from None


def followed(clock: str, time: Optional[str], entry: Optional[str], **more: Wanted) -> Dict[str, Wanted]:
    """The columns of a frame of times."""
    word_of("clock", clock, CLOCKS)
    out = {f"time_{clock}": Wanted(time or f"time_{clock}", "whole"), **more}
    if entry is not None:
        out[f"entry_{clock}"] = Wanted(entry, "whole")
    return out


def numbers_text(values: Any) -> Optional[str]:
    """One number or several as the library takes them."""
    if values is None:
        return None
    several = hasattr(values, "__iter__") and not isinstance(values, str)
    return ",".join(str(v) for v in (values if several else [values]))


def dated_of(given: Dated) -> Dict[str, Optional[str]]:
    """Names, each with the column that says when it began."""
    if isinstance(given, Mapping):
        return dict(given)
    return {name: None for name in listed(given)}


def dated_names(given: Dated) -> Optional[str]:
    """The names of things that begin on a date."""
    return by_of(list(dated_of(given))) or None


def begun_of(clock: str, *given: Dated) -> Dict[str, Wanted]:
    """The columns of times at which things began."""
    return {f"{name}_{clock}": Wanted(column or f"{name}_{clock}", "whole") for some in given
            for name, column in dated_of(some).items()}


def profiles_text(profiles: Optional[Sequence[Mapping[str, Any]]]) -> Optional[str]:
    """Whose curves are predicted, as the library takes them."""
    return None if profiles is None else " | ".join(
        " ".join(f"{name}={int(value) if isinstance(value, bool) else value}" for name, value in profile.items())
        for profile in profiles)


def definition_by(definition: Optional[str], by: Columns, reference: Any = None) -> Columns:
    """Groups, with the column that tells definitions apart before them."""
    if definition is None:
        return by
    if reference is not None:
        raise ValueError("reference: compares groups under one definition; leave out definition, and the other rows")
    return [definition, *listed(by)]
