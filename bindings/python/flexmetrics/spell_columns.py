"""Columns of spells and histories: days as numbers, people and states as numbers, a matrix of states."""
from __future__ import annotations

from typing import Any, List, Mapping, Optional, Sequence, Tuple

from . import core
from .error import Error
from .frames import gaps_of, missing_column, whole
from .run import NO_DATE
from .table import BOOL, CODE, DATE, I32, Table, add_category, as_table

OPEN = 2**31 - 1
_FIRST, _LAST = -719162, 2932896  # 0001-01-01 and 9999-12-31
_NOTHING = ("NAType", "NaTType", "NoneType")


def numpy_of() -> Any:
    """numpy, or an error that says how to get it."""
    try:
        import numpy
    except ImportError:
        raise ImportError("spells are arrays, and numpy is not installed: pip install numpy") from None
    return numpy


def is_nothing(value: Any) -> bool:
    """None, NaN, NaT, NA or an empty text."""
    return type(value).__name__ in _NOTHING or value == "" or value != value


def fault(name: str, row: int, expected: str) -> Error:
    """The error that a row of a column has another value than expected."""
    return Error(f"column {name}, row {row}: {expected}", 6, "FM_ERR_VALUE", row=row, column=name)


def _array(values: Any) -> Any:
    """numpy's array of a column, but for pandas' own whole numbers, which may have gaps."""
    if getattr(getattr(values, "dtype", None), "kind", "") in ("i", "u", "f"):
        return values
    return values.to_numpy() if hasattr(values, "to_numpy") else values


def whole_days(values: Any, name: str) -> Any:
    """Days since 1970-01-01 as a new array of int32; NO_DATE where there is none, or an end that is open."""
    np = numpy_of()
    values = _array(values)
    kind = getattr(getattr(values, "dtype", None), "kind", "O")
    if kind == "O":
        some = next((v for v in values if not is_nothing(v)), None)
        kind = "i" if isinstance(some, (int, float, np.number)) and not isinstance(some, bool) else kind
    if kind in "iuf":
        numbers, bits = whole(values, name)
        out, gaps = np.array(numbers, "int32"), gaps_of(bits, len(values))
        if gaps is not None:
            out[np.array(gaps)] = NO_DATE
        if name == "end":
            out[out == OPEN] = NO_DATE
        wrong = ((out < _FIRST) | (out > _LAST)) & (out != NO_DATE)
        if wrong.any():
            raise fault(name, int(wrong.argmax()), f"days since 1970-01-01 are expected, from {_FIRST} to {_LAST}")
        return out
    if kind not in "MOUS":
        raise TypeError(f"{name}: expected dates, or whole days since 1970-01-01, got {values.dtype}")
    try:
        if kind != "M":
            values = np.array([None if is_nothing(v) else v for v in values], "datetime64[us]")
    except (TypeError, ValueError):
        raise ValueError(f"{name}: expected dates such as 2026-01-31, found other values among them") from None
    missing, found = np.isnat(values), values.astype("datetime64[D]")
    timed = (found != values) & ~missing
    if timed.any():
        raise fault(name, int(timed.argmax()), "a whole day is expected")
    return np.where(missing, NO_DATE, found.astype("int64")).astype("int32")


def coded(values: Any, name: str) -> Tuple[Any, Optional[List[str]]]:
    """A new array of numbers, and the texts they stand for, rising; None when they are numbers themselves."""
    np = numpy_of()
    categories = getattr(values, "cat", None)
    values = _array(values)
    if getattr(getattr(values, "dtype", None), "kind", "") in ("i", "u") and hasattr(values, "isna"):
        missing = np.asarray(values.isna())
        if missing.any():
            raise fault(name, int(missing.argmax()), "a text or a whole number is expected in every row")
        values = values.to_numpy("uint64" if values.dtype.kind == "u" else "int64")
    if not hasattr(values, "dtype") or categories is not None or not hasattr(values, "astype"):
        values = np.asarray(values)
    elif hasattr(values, "to_numpy"):
        values = values.to_numpy()
    if values.ndim != 1:
        raise TypeError(f"{name}: expected one dimension, got {values.ndim}")
    if values.dtype.kind == "f" and not np.isnan(values).any() and (values == np.floor(values)).all():
        values = values.astype("int64")
    if values.dtype.kind in "iub":
        if len(values) and (values.max() >= 2**31 or values.min() <= -2**31):
            texts, codes = np.unique(values, return_inverse=True)
            return codes.astype("int32"), [str(v) for v in texts.tolist()]
        return values.astype("int32"), None
    items = values.tolist()
    for row, v in enumerate(items):
        if not isinstance(v, str) or v == "":
            raise fault(name, row, "a text or a whole number is expected in every row")
    labels = sorted(set(items))
    place = {v: i for i, v in enumerate(labels)}
    return np.fromiter((place[v] for v in items), "int32", len(items)), labels


def whole_numbers(values: Sequence[Any], name: str) -> Any:
    """A short list of whole numbers as int32."""
    for v in values:
        if isinstance(v, bool) or not hasattr(v, "__index__") or not -2**31 < v < 2**31:
            raise ValueError(f"{name}: expected whole numbers, as in the spells, got {v!r}")
    return numpy_of().array([int(v) for v in values], "int32")


def columns_of(frame: Any, names: Sequence[str]) -> List[Any]:
    """Columns of a frame by name: pandas, polars, a mapping, a Table, or the path of a CSV file."""
    if isinstance(frame, Table) or not (isinstance(frame, Mapping) or hasattr(frame, "columns")):
        frame = as_table(frame, "frame").to_dict()
    there = {str(name): name for name in (frame if isinstance(frame, Mapping) else frame.columns)}
    for name in names:
        if name not in there:
            raise missing_column([name], there)
    return [frame[there[name]] for name in names]


def table_of(name: str, notes: Mapping[str, str], **columns: Any) -> Table:
    """A table of columns: (type, values, what is missing), or (CODE, numbers, texts)."""
    np = numpy_of()
    handle = core.table_create(name)
    for column, (kind, values, more) in columns.items():
        if kind == CODE:
            add_category(handle, column, values, more)
            continue
        bits = None if more is None or not more.any() else np.packbits(~more, bitorder="little")
        core.table_add(handle, column, kind, np.ascontiguousarray(values), bits, None, None)
    for key, value in notes.items():
        core.table_note(handle, key, value)
    core.table_seal(handle)
    return Table(handle)


def labelled(codes: Any, labels: Optional[List[str]]) -> Tuple[int, Any, Any]:
    """Numbers, or the texts they stand for."""
    return (I32, codes, None) if labels is None else (CODE, codes, labels)


def answers(answer: Any) -> Tuple[int, Any, Any]:
    """Yes, no and not known yet as true, false and missing."""
    return BOOL, answer == 1, answer == 2


def dates(found: Any) -> Tuple[int, Any, Any]:
    """Days, missing where there is none."""
    return DATE, numpy_of().where(found == NO_DATE, 0, found).astype("int32"), found == NO_DATE
