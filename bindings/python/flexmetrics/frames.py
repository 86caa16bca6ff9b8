"""The columns of a frame that a call reads, in the types that the library takes."""
from __future__ import annotations

import array
import os
import re
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from . import core
from .error import Error
from .income_rules import doubles
from .run import by_of
from .table import BOOL, CODE, DATE, F64, I32, I64, Column, Table, add_category, add_column, as_table, validity_bits

_TYPES = {"whole": I32, "flag": BOOL, "number": F64, "date": DATE, "text": CODE, "cause": CODE}


class Wanted(NamedTuple):
    """A column by its own name, and what it holds: whole, flag, number, date, text or cause."""

    name: str
    kind: str


def listed(columns: Any) -> List[str]:
    """Names of columns, given one by one or in one text."""
    text = by_of(columns)
    return [] if text is None else [name.strip() for name in text.split(",") if name.strip()]


def missing_column(names: Sequence[str], there: Iterable[str]) -> Error:
    """The error that a frame lacks a column."""
    return Error(f"no column {' or '.join(names)}; there are {', '.join(there)}", 4, "FM_ERR_NOT_FOUND",
                 column=names[0])


def picked(frame: Any, names: Iterable[str], renamed: Mapping[str, str]) -> Table:
    """The columns that are asked for; `renamed` gives some of them the name that the library knows them by."""
    if isinstance(frame, (str, os.PathLike)):
        frame = as_table(frame)
    if isinstance(frame, Table):
        if all(new == old for new, old in renamed.items()):
            return frame
        frame = frame.to_dict()
    if not (isinstance(frame, Mapping) or hasattr(frame, "columns")):
        return as_table(frame, "frame")
    there = {str(name): name for name in (frame if isinstance(frame, Mapping) else frame.columns)}
    wanted: List[str] = []
    for name in names:
        ends = re.fullmatch(r"(.*?)(\d+):\1(\d+)", name)
        wanted += [name] if ends is None else [c for c in there if re.fullmatch(re.escape(ends[1]) + r"\d+", c)]
    columns = {name: frame[there[name]] for name in dict.fromkeys(wanted) if name in there}
    for new, old in renamed.items():
        if old not in there:
            raise missing_column([old], there)
        columns[new] = frame[there[old]]
    if not columns:
        raise missing_column([name for name in dict.fromkeys(wanted) if name != "first_row"], there)
    return Table.from_columns(columns, "frame")


def typed(frame: Any, names: Iterable[str], wanted: Mapping[str, Wanted]) -> Table:
    """A table of the columns `names` as they are, and of `wanted` under the library's names and in its types.

    Columns that are in that type already are borrowed.
    """
    if isinstance(frame, (str, os.PathLike)):
        frame = as_table(frame)
    if isinstance(frame, Table):
        types = dict(frame._columns)
        if all(new == w.name and types.get(new) == _TYPES[w.kind] for new, w in wanted.items()):
            return frame
        notes, frame = frame.notes, _TableColumns(frame)
    elif isinstance(frame, Mapping) or hasattr(frame, "columns"):
        notes = {}
    else:
        raise TypeError(f"frame: expected a Table, a pandas or polars DataFrame, a mapping of columns or the path of a "
                        f"CSV file, got {type(frame).__name__}")
    there = {str(name): name for name in (frame if isinstance(frame, Mapping) else frame.columns)}
    needed = [*names, *(w.name for w in wanted.values())]
    for name in needed:
        if name not in there:
            raise missing_column([name], there)
    handle = core.table_create("frame")
    for new, (old, kind) in wanted.items():
        add_typed(handle, new, frame[there[old]], kind, old)
    for name in dict.fromkeys(names):
        if name not in wanted:
            add_column(handle, name, frame[there[name]])
    for key, value in notes.items():
        core.table_note(handle, key, value)
    core.table_seal(handle)
    return Table(handle)


def fitted(frame: Any, id: str, spec: Dict[str, Any]) -> Table:
    """A table in which whole numbers and flags have the types that the indicator reads them in."""
    table = as_table(frame, "frame")
    if not any(kind in (I64, F64) for _, kind in table._columns):
        return table
    read = Table(core.catalogue_columns(id, spec))
    kinds = {name: {I32: "whole", BOOL: "flag"}.get(kind) for name, kind in zip(read["name"], read["type"])}
    other = {name: Wanted(name, kinds[name]) for name, kind in table._columns
             if kind in (I64, F64) and kinds.get(name) is not None}
    if not other:
        return table
    return typed(table if isinstance(frame, (str, os.PathLike)) else frame, table.columns, other)


class _TableColumns:
    """Columns of a Table: numbers without gaps as arrays without a copy, others as lists."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.columns = table.columns

    def __getitem__(self, name: str) -> Any:
        index = self.columns.index(name)
        kind = self._table._columns[index][1]
        if kind in (CODE, DATE) or core.table_validity(self._table._handle, index) is not None:
            return self._table[name]
        try:
            import numpy
        except ImportError:
            return self._table[name]
        return numpy.asarray(Column(self._table, index, kind))


def add_typed(handle: Any, name: str, values: Any, kind: str, said: str) -> None:
    """Adds a column in a type of the library; `said` is what the caller calls it."""
    if kind == "whole":
        core.table_add(handle, name, I32, *whole(values, said), None, None)
    elif kind == "flag":
        core.table_add(handle, name, BOOL, *flags(values, said), None, None)
    elif kind == "number":
        add_column(handle, name, doubles(values, said))
    elif kind == "date":
        from .spell_columns import dates, whole_days  # which stands on this module

        _, days, missing = dates(whole_days(values, said))
        core.table_add(handle, name, DATE, days, _bits_but(missing), None, None)
    else:
        _add_words(handle, name, values, said, kind == "cause")


def _add_words(handle: Any, name: str, values: Any, said: str, cause: bool) -> None:
    """Texts as they are; whole numbers by their digits, for a cause 0 for none."""
    data = None if hasattr(values, "cat") else _plain(values, said)[0]
    some = next((v for v in data if v is not None and v == v), "") if isinstance(data, list) else data
    if data is None or isinstance(some, str):
        return add_column(handle, name, values)
    digits, valid = whole(values, said)
    gaps = gaps_of(valid, len(digits))
    if gaps is not None or not hasattr(digits, "dtype"):
        return add_column(handle, name, [None if cause and v == 0 or gaps is not None and gaps[i] else str(v)
                                         for i, v in enumerate(digits.tolist())])
    import numpy

    labels, places = numpy.unique(digits, return_inverse=True)
    kept = labels != 0 if cause else numpy.ones(len(labels), bool)
    codes = numpy.where(kept, numpy.cumsum(kept) - 1, -1)
    return add_category(handle, name, codes[places], [str(v) for v in labels[kept].tolist()])


def gaps_of(valid: Any, n: int) -> Optional[List[bool]]:
    """Which of n rows have no value, from the bits of those that have; None when all have."""
    bits = None if valid is None else bytes(valid)
    return None if bits is None else [not bits[i >> 3] >> (i & 7) & 1 for i in range(n)]


def _plain(values: Any, name: str) -> Tuple[Any, Any]:
    """A numpy array with what is missing in it, or a list."""
    if isinstance(values, (str, bytes)) or not hasattr(values, "__len__"):
        raise TypeError(f"{name}: expected a column of values, got {type(values).__name__}")
    missing: Any = None
    kind = getattr(getattr(values, "dtype", None), "kind", "")
    if type(getattr(values, "dtype", None)).__module__.startswith("pandas") and kind in ("b", "i", "u", "f"):
        missing = values.isna().to_numpy() if hasattr(values.isna(), "to_numpy") else values.isna()
        values = values.to_numpy("float64" if kind == "f" else "int64" if kind != "b" else "bool",
                                 na_value=float("nan") if kind == "f" else 0)
        missing = missing if missing.any() else None
    elif hasattr(values, "to_numpy"):
        values = values.to_numpy()
    if isinstance(values, (array.array, memoryview)) or not hasattr(values, "dtype") or values.dtype.kind not in "biuf":
        return values.tolist() if hasattr(values, "tolist") else list(values), None
    if values.ndim != 1:
        raise TypeError(f"{name}: expected one dimension, got {values.ndim}")
    return values, missing


def _bits_but(missing: Any) -> Any:
    """Arrow's bitmap of all but those marked; None when none is."""
    if missing is None or not missing.any():
        return None
    import numpy

    return numpy.packbits(~missing, bitorder="little")


def _fault(name: str, row: int, expected: str) -> Error:
    return Error(f"column {name}, row {row}: {expected} is expected", 6, "FM_ERR_VALUE", row=row, column=name)


def whole(values: Any, name: str) -> Tuple[Any, Any]:
    """Whole numbers as 32-bit ones, lent as they are where they are that; and the bits of those that are there."""
    if isinstance(values, (array.array, memoryview)) and memoryview(values).format == "i":
        return values, None
    data, missing = _plain(values, name)
    if isinstance(data, list):
        return _listed_numbers(data, name, "i", "a whole number of 32 bits",
                               lambda v: -2**31 < v < 2**31 and v == int(v))
    import numpy

    if data.dtype == numpy.int32 and missing is None:
        return numpy.ascontiguousarray(data), None
    if data.dtype.kind == "f":
        missing = numpy.isnan(data)
        data = numpy.where(missing, 0, data)
        wrong = (data != numpy.floor(data)) | (abs(data) >= 2**31)
    elif len(data) and data.dtype.itemsize >= 4 and (data.max() >= 2**31 or data.min() <= -2**31):
        wrong = (data >= 2**31) | (data <= -2**31)
    else:
        wrong = numpy.zeros(0, bool)
    if wrong.any():
        raise _fault(name, int(wrong.argmax()), "a whole number of 32 bits")
    return numpy.ascontiguousarray(data, "int32"), _bits_but(missing)


def flags(values: Any, name: str) -> Tuple[Any, Any]:
    """True and false, or 1 and 0, as bytes; and the bits of those that are there."""
    data, missing = _plain(values, name)
    if isinstance(data, list):
        return _listed_numbers(data, name, "b", "true or false, 1 or 0", lambda v: v in (0, 1))
    import numpy

    if data.dtype == bool:
        return numpy.ascontiguousarray(data), _bits_but(missing)
    if data.dtype.kind == "f":
        missing = numpy.isnan(data)
        data = numpy.where(missing, 0, data)
    if len(data) and (data.max() > 1 or data.min() < 0 or data.dtype.kind == "f"):
        wrong = (data != 0) & (data != 1)
        if wrong.any():
            raise _fault(name, int(wrong.argmax()), "true or false, 1 or 0")
    return numpy.ascontiguousarray(data, "bool"), _bits_but(missing)


def _listed_numbers(values: List[Any], name: str, format_: str, expected: str, right: Any) -> Tuple[Any, Any]:
    there = [v is not None and type(v).__name__ != "NAType" and v == v for v in values]
    for row, (v, known) in enumerate(zip(values, there)):
        if known and not (isinstance(v, (int, float)) and right(v)):
            raise _fault(name, row, expected)
    out = array.array(format_, [int(v) if known else 0 for v, known in zip(values, there)])
    return (memoryview(out).cast("B").cast("?") if format_ == "b" else out), validity_bits(there)


def complete(values: Any, name: str, convert: Any) -> Any:
    """A column of arrays: converted by `whole` or `flags`; an error at the first row without a value."""
    out, valid = convert(values, name)
    gaps = None if valid is None else gaps_of(valid, len(values))
    if gaps is not None:
        raise _fault(name, gaps.index(True), "a value")
    return out
