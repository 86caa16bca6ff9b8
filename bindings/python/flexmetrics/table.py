"""Tables: the shape in which all data enter and leave the library."""
from __future__ import annotations

import array
import datetime
import html
import os
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from . import core
from .book import write_book
from .error import Error

F64, I64, I32, DATE, BOOL, CODE = 1, 2, 3, 4, 5, 6
_TYPE_NAMES = {F64: "f64", I64: "i64", I32: "i32", DATE: "date", BOOL: "bool", CODE: "code"}
_FORMATS = {F64: ("d", "<f8"), I64: ("q", "<i8"), I32: ("i", "<i4"), DATE: ("i", "<i4"), BOOL: ("?", "|b1"),
            CODE: ("i", "<i4")}
_EPOCH = datetime.date(1970, 1, 1)


class Column:
    """Values of one column without a copy, for ``numpy.asarray``; keeps its table alive. Read-only."""

    def __init__(self, table: "Table", index: int, kind: int) -> None:
        self._table = table
        self.__array_interface__ = {
            "version": 3, "shape": (len(table),), "typestr": _FORMATS[kind][1],
            "data": (core.table_address(table._handle, index) or 0, True), "strides": None,
        }


class Table:
    """Columns of equal length, immutable.

    A result has one figure a row: ``indicator``, ``definition``, the group columns, ``period_start``, ``period_end``,
    ``quantity``, ``value``, ``unit``, ``std_error``, ``ci_low``, ``ci_high``, ``level``, ``n``, ``people``,
    ``weight``, ``state``. A value that does not exist is missing with a state, never 0.
    """

    def __init__(self, handle: Any) -> None:
        self._handle = handle
        self._columns: List[Tuple[str, int]] = core.table_columns(handle)

    # ---- shape ----
    def __len__(self) -> int:
        return int(core.table_n_rows(self._handle))

    @property
    def name(self) -> str:
        """Name of the table."""
        return str(core.table_name(self._handle))

    @property
    def columns(self) -> List[str]:
        """Names of the columns."""
        return [name for name, _ in self._columns]

    @property
    def types(self) -> Dict[str, str]:
        """Type of each column: f64, i64, i32, date, bool or code (text)."""
        return {name: _TYPE_NAMES[kind] for name, kind in self._columns}

    @property
    def notes(self) -> Dict[str, str]:
        """Facts about the whole table, such as the number of rows dropped."""
        return dict(core.table_notes(self._handle))

    # ---- cells ----
    def _index(self, name: str) -> Tuple[int, int]:
        for i, (column, kind) in enumerate(self._columns):
            if column == name:
                return i, kind
        raise KeyError(f"no column {name!r}; there are {', '.join(self.columns)}")

    def _valid(self, index: int) -> Optional[List[bool]]:
        bits = core.table_validity(self._handle, index)
        return None if bits is None else [bool(bits[i >> 3] >> (i & 7) & 1) for i in range(len(self))]

    def column(self, name: str) -> List[Any]:
        """Values of a column as a list: float, int, str, bool, datetime.date, or None where there is none."""
        index, kind = self._index(name)
        format_: Any = _FORMATS[kind][0]
        values: List[Any] = list(memoryview(core.table_bytes(self._handle, index)).cast(format_))
        if kind == CODE:
            texts = core.table_texts(self._handle, index)
            values = [texts[v] if 0 <= v < len(texts) else None for v in values]
        elif kind == DATE:
            values = [_EPOCH + datetime.timedelta(days=v) if -719162 <= v <= 2932896 else None for v in values]
        valid = self._valid(index)
        return values if valid is None else [v if ok else None for v, ok in zip(values, valid)]

    def __getitem__(self, name: str) -> List[Any]:
        return self.column(name)

    def rows(self) -> Iterator[Dict[str, Any]]:
        """Each row as a dict."""
        columns = {name: self.column(name) for name in self.columns}
        for i in range(len(self)):
            yield {name: values[i] for name, values in columns.items()}

    def value(self, quantity: str, column: str = "value", **where: Any) -> Any:
        """One figure of a result: the only row with this quantity and these keys.

        >>> result.value("rate", horizon_months=6, target_group="refugee")       # doctest: +SKIP
        """
        wanted = {"quantity": quantity, **where}
        found = [row for row in self.rows() if all(row.get(k) == v for k, v in wanted.items())]
        if len(found) != 1:
            raise KeyError(f"{len(found)} rows with {wanted}; expected one")
        return found[0][column]

    def protected(self, threshold: int = 5, full: int = 20, by: Optional[Sequence[str]] = None,
                  earlier: Any = None) -> "Table":
        """A result with what tells of few people hidden: state ``suppressed``, no value, error, limits, n and people.

        Parameters
        ----------
        threshold : int
            Smallest count of people that is shown; 1 hides nothing.
        full : int
            Smallest group of which 0 or 100 per cent is shown.
        by : list of str, optional
            Columns that group people; otherwise every text column that can.
        earlier : Table, DataFrame or path of a CSV file, optional
            A result of the same indicator and groups that was published before: a figure whose difference from it tells
            of few people is hidden, too. The note ``hidden_by_earlier`` says how many rows.

        Returns
        -------
        Table
            Its notes say ``threshold`` and ``hidden``, the number of rows. Rules: docs/methods/disclosure.md.

        Raises
        ------
        Error
            The table is no result of a measure, or ``earlier`` is none of the same indicator and groups.

        Examples
        --------
        >>> t = Table.from_columns({"indicator": ["programme.people"] * 2, "quantity": ["people", "began"],
        ...                         "value": [45.0, 42.0], "n": [45, 45], "state": ["ok", "ok"]})
        >>> t.protected()["value"]  # 45 - 42 did not begin
        [45.0, None]
        """
        names = None if by is None else by if isinstance(by, str) else ",".join(by)
        then = None if earlier is None else as_table(earlier, "earlier")._handle
        return Table(core.table_protect(self._handle, names, threshold, full, then))

    # ---- out ----
    def to_dict(self) -> Dict[str, List[Any]]:
        """Columns as lists."""
        return {name: self.column(name) for name in self.columns}

    def to_pandas(self) -> Any:
        """A pandas DataFrame: text as category, dates as datetime64, whole numbers with gaps as Int64."""
        import numpy
        import pandas

        out: Dict[str, Any] = {}
        for index, (name, kind) in enumerate(self._columns):
            values = numpy.array(numpy.asarray(Column(self, index, kind))) if len(self) else numpy.zeros(
                0, _FORMATS[kind][1])
            bits = core.table_validity(self._handle, index)
            missing = None if bits is None else ~numpy.unpackbits(
                numpy.frombuffer(bits, numpy.uint8), bitorder="little")[: len(self)].astype(bool)
            out[name] = _to_series(pandas, numpy, kind, values, missing, core.table_texts(self._handle, index))
        return pandas.DataFrame(out)

    def to_json(self) -> str:
        """JSON text: ``{"notes": {...}, "rows": [...]}``."""
        return str(core.table_json(self._handle))

    def to_xlsx(self, path: Any, lang: str = "en", threshold: int = 5, by: Optional[Sequence[str]] = None) -> None:
        """Write a workbook: the table to be read, its cells as numbers, dates and shares, and what the figures mean.

        A result is protected as by :meth:`protected`, unless it has been before; what is hidden is the word for it. The
        same table gives the same bytes. Needs a build with libxlsxwriter.

        Parameters
        ----------
        path : path
            The file, written whole or not at all.
        lang : {"en", "da"}
            Language of the words.
        threshold : int
            Smallest count of people that is shown; 1 hides nothing, for those who may see the data.
        by : list of str, optional
            Columns that group people, as in :meth:`protected`.

        Raises
        ------
        OSError
            The file cannot be written.
        Error
            The build has no workbooks, or the table is too large for a sheet.
        """
        result = {"indicator", "quantity", "value", "state"} <= set(self.columns)
        shown = self.protected(threshold, by=by) if result and "threshold" not in self.notes else self
        write_book(shown._handle, shown.to_text(lang), lang, path)

    def to_text(self, lang: str = "en", full_digits: bool = False) -> str:
        """An aligned table for reading, in English (``en``) or Danish (``da``)."""
        return str(core.table_grid(self._handle, lang, int(full_digits)))

    def plot(self, kind: Optional[str] = None, ax: Any = None, lang: str = "en", band: bool = True,
             quantity: Optional[str] = None, where: Optional[Mapping[str, Any]] = None, at_risk: bool = False,
             stacked: bool = False, **look: Any) -> Any:
        """Draw a result with matplotlib.

        Parameters
        ----------
        kind : {"lorenz", "generalised_lorenz", "tip", "incidence", "survival", "cumulative_incidence", "occupation",
                "hazard_ratios", "control_chart", "funnel", "estimates"}, optional
            By default what the result holds: a curve for income.incidence, income.dominance, retention.survival,
            retention.cumulative_incidence, stacked shares for retention.states, hazard ratios on a logarithmic axis
            for retention.cox, a control chart for target.charts, a funnel for target.compare, a curve for several
            ``lorenz(p)``, ``generalised_lorenz(p)`` or ``tip(p)``; otherwise estimates with intervals.
        ax : matplotlib Axes, optional
            Where to draw; a new figure by default.
        lang : {"en", "da"}
            Language of the words.
        band : bool
            Limits as a band: at each point for itself, for growth incidence over the whole curve.
        quantity : str, optional
            Which figure, for ``"estimates"`` (by default the first with limits) and ``"incidence"`` (slice_growth,
            quantile_growth, panel_slice_growth).
        where : mapping, optional
            Only rows in which columns have these values, such as ``{"target_group": "refugee"}``.
        at_risk : bool
            Survival: the numbers at risk under the axis (at each mark, those of the next time at which something
            happens).
        stacked : bool
            Cumulative incidence: the reasons one on the other, and on top who is still in.
        **look
            Given to matplotlib's lines, such as ``color``.

        Returns
        -------
        matplotlib Axes
            Figures without a value are left out.

        Raises
        ------
        ImportError
            matplotlib is not installed.
        """
        from .plot import plot

        return plot(self, kind, ax, lang, band, quantity, where, at_risk, stacked, **look)

    def __repr__(self) -> str:
        return f"<flexmetrics.Table {self.name!r}: {len(self)} rows, columns {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.columns)
        body = "".join("<tr>" + "".join(f"<td>{'' if v is None else html.escape(str(v))}</td>" for v in row.values())
                       + "</tr>" for row, _ in zip(self.rows(), range(200)))
        more = f"<p>{len(self) - 200} more rows</p>" if len(self) > 200 else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"

    # ---- in ----
    @classmethod
    def from_columns(cls, columns: Mapping[str, Any], name: str = "table",
                     notes: Optional[Mapping[str, str]] = None) -> "Table":
        """A table from a mapping of names to columns.

        A column may be a contiguous one-dimensional numpy array or other buffer of float64, int64, int32 or bool
        (borrowed, not copied), any other numpy or pandas column (copied), or a list of numbers, dates, texts, bools and
        None. NaN in a column of numbers is a missing value.
        """
        handle = core.table_create(name)
        for column, values in columns.items():
            add_column(handle, str(column), values)
        for key, value in (notes or {}).items():
            core.table_note(handle, key, value)
        core.table_seal(handle)
        return cls(handle)

    def with_columns(self, columns: Mapping[str, Any]) -> "Table":
        """The same with further columns, as :meth:`from_columns` takes them; its own are copied."""
        handle = core.table_create(self.name)
        for index, (column, kind) in enumerate(self._columns):
            if kind == CODE:
                _add_text(handle, column, self.column(column))
                continue
            values = bytearray(core.table_bytes(self._handle, index))
            core.table_add(handle, column, kind, memoryview(values).cast(_FORMATS[kind][0]),
                           core.table_validity(self._handle, index), None, None)
        for column, given in columns.items():
            add_column(handle, str(column), given)
        for key, value in self.notes.items():
            core.table_note(handle, key, value)
        core.table_seal(handle)
        return Table(handle)

    @classmethod
    def from_pandas(cls, frame: Any, name: str = "table") -> "Table":
        """A table from a pandas DataFrame; the index is left out."""
        return cls.from_columns({column: frame[column] for column in frame.columns}, name)


def as_table(data: Any, name: str = "table") -> Table:
    """A Table from a Table, a pandas or polars DataFrame, a mapping of columns, or the path of a CSV file."""
    if isinstance(data, Table):
        return data
    if hasattr(data, "columns") and hasattr(data, "to_numpy"):
        return Table.from_pandas(data, name)
    if isinstance(data, Mapping):
        return Table.from_columns(data, name)
    if isinstance(data, (str, os.PathLike)):
        from .csvfile import read_csv  # which stands on this module

        return read_csv(data)
    raise TypeError(f"{name}: expected a Table, a pandas DataFrame, a mapping of columns or the path of a CSV file, "
                    f"got {type(data).__name__}")


def _to_series(pandas: Any, numpy: Any, kind: int, values: Any, missing: Any, texts: List[str]) -> Any:
    if kind == CODE:
        codes = values if missing is None else numpy.where(missing, -1, values)
        return pandas.Categorical.from_codes(codes, texts)
    if kind == DATE:
        days = values.astype("datetime64[D]")
        if missing is not None:
            days[missing] = numpy.datetime64("NaT")
        return days.astype("datetime64[ns]")
    if missing is None:
        return values
    if kind == F64:
        values[missing] = numpy.nan
        return values
    masked = pandas.arrays.BooleanArray if kind == BOOL else pandas.arrays.IntegerArray
    return masked(values, missing)


def validity_bits(valid: Sequence[bool]) -> Optional[bytes]:
    """Arrow's bitmap; None when every row has a value."""
    if all(valid):
        return None
    out = bytearray((len(valid) + 7) // 8)
    for i, ok in enumerate(valid):
        if ok:
            out[i >> 3] |= 1 << (i & 7)
    return bytes(out)


def add_column(handle: Any, name: str, values: Any) -> None:
    """Adds a column in the type that its values have."""
    if type(values).__module__.startswith("polars"):
        whole = str(values.dtype).startswith(("Int", "UInt")) and values.null_count() == 0
        if whole or str(values.dtype).startswith("Float"):
            _add_array(handle, name, values.to_numpy())
        else:
            _add_list(handle, name, values.to_list())
    elif hasattr(values, "dtype") or hasattr(values, "to_numpy"):
        _add_array(handle, name, values)
    elif isinstance(values, (memoryview, array.array)):
        format_ = memoryview(values).format
        kind = {"d": F64, "q": I64, "l": I64, "i": I32, "?": BOOL}.get(format_)
        if kind is None:
            raise TypeError(f"column {name}: expected float64, int64, int32 or bool values, got format {format_!r}")
        core.table_add(handle, name, kind, values, None, None, None)
    elif isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
        raise TypeError(f"column {name}: expected a column of values, got {type(values).__name__}")
    else:
        _add_list(handle, name, list(values))


def _add_text(handle: Any, name: str, values: Sequence[Optional[str]]) -> None:
    numbers: Dict[str, int] = {}
    codes = array.array("i", [0 if v is None else numbers.setdefault(v, len(numbers)) for v in values])
    offsets, parts, at = array.array("q", [0]), [], 0
    for text in numbers:
        part = text.encode("utf-8")
        at += len(part)
        offsets.append(at)
        parts.append(part)
    core.table_add(handle, name, CODE, codes, validity_bits([v is not None for v in values]), offsets, b"".join(parts))


def _add_list(handle: Any, name: str, values: List[Any]) -> None:
    given = [v for v in values if v is not None and v == v]
    valid = validity_bits([v is not None and v == v for v in values])
    if all(isinstance(v, str) for v in given):
        _add_text(handle, name, [v if isinstance(v, str) else None for v in values])
    elif all(isinstance(v, bool) for v in given):
        core.table_add(handle, name, BOOL, memoryview(bytes(v is True for v in values)).cast("?"), valid, None, None)
    elif all(isinstance(v, datetime.date) for v in given):
        days = [((v.date() if isinstance(v, datetime.datetime) else v) - _EPOCH).days
                if v is not None and v == v else 0 for v in values]
        core.table_add(handle, name, DATE, array.array("i", days), valid, None, None)
    elif all(isinstance(v, int) and not isinstance(v, bool) for v in given):
        core.table_add(handle, name, I64, array.array("q", [v if v is not None and v == v else 0 for v in values]),
                       valid, None, None)
    elif all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in given):
        core.table_add(handle, name, F64, array.array("d", [float(v) if v is not None else 0.0 for v in values]), valid,
                       None, None)
    else:
        kinds = sorted({type(v).__name__ for v in given})
        raise TypeError(f"column {name}: expected values of one kind (number, text, date or bool), got "
                        f"{', '.join(kinds)}")


def _add_array(handle: Any, name: str, values: Any) -> None:
    """A numpy array or pandas column: borrowed where its memory is already in the library's form, else copied."""
    import numpy

    if hasattr(values, "cat") or type(getattr(values, "dtype", None)).__name__ == "CategoricalDtype":
        categorical = values.cat if hasattr(values, "cat") else values
        return add_category(handle, name, numpy.asarray(categorical.codes), list(categorical.categories))
    missing: Any = None
    if hasattr(values, "isna"):
        missing = numpy.asarray(values.isna())
        kind = getattr(values.dtype, "kind", "O")
        if type(values.dtype).__module__.startswith("pandas") and kind in "iubf":
            values = values.to_numpy(dtype={"b": "bool", "f": "float64"}.get(kind, "int64"),
                                     na_value={"b": False, "f": numpy.nan}.get(kind, 0))
        elif type(values.dtype).__module__.startswith("pandas"):
            values = values.to_numpy(dtype=object)
        else:
            values = values.to_numpy()
    values = numpy.asarray(values)
    if values.ndim != 1:
        raise TypeError(f"column {name}: expected one dimension, got {values.ndim}")
    kind = values.dtype.kind
    if kind in "OU" and _add_factors(handle, name, values):
        return None
    if kind in "OUS":
        gaps: Any = missing if missing is not None else [v is None or v != v for v in values]
        return _add_list(handle, name, [None if gap else v.item() if hasattr(v, "item") else v
                                        for v, gap in zip(values.tolist() if kind == "U" else values, gaps)])
    if kind == "M":
        missing = numpy.isnat(values)
        days = values.astype("datetime64[D]")
        if not (days[~missing] == values[~missing]).all():
            raise Error(f"column {name}: expected whole days, found a time of day", 6, "FM_ERR_VALUE", column=name)
        values, type_ = numpy.where(missing, 0, days.astype("int64")).astype("int32"), DATE
    elif kind == "f":
        values, type_ = numpy.ascontiguousarray(values, dtype="float64"), F64
        missing = numpy.isnan(values)
    elif kind == "b":
        values, type_ = numpy.ascontiguousarray(values), BOOL
    elif values.dtype == numpy.int32:
        values, type_ = numpy.ascontiguousarray(values), I32
    elif kind in "iu":
        if kind == "u" and values.dtype.itemsize == 8 and len(values) and values.max() > 2**63 - 1:
            raise Error(f"column {name}: a number above 2^63 - 1", 6, "FM_ERR_VALUE", column=name)
        values, type_ = numpy.ascontiguousarray(values, dtype="int64"), I64
    else:
        raise TypeError(f"column {name}: values of type {values.dtype} are not supported")
    valid = None if missing is None or not missing.any() else numpy.packbits(~missing, bitorder="little")
    core.table_add(handle, name, type_, values, valid, None, None)


def _add_factors(handle: Any, name: str, values: Any) -> bool:
    """A column of texts by pandas' own dictionary, which is faster than a loop; False when it is no such column."""
    try:
        import pandas
    except ImportError:
        return False
    codes, categories = pandas.factorize(values)
    if not all(type(c) is str for c in categories):
        return False
    add_category(handle, name, codes, list(categories))
    return True


def add_category(handle: Any, name: str, codes: Any, categories: List[Any]) -> None:
    """Adds texts by their numbers; -1 is none."""
    import numpy

    if not all(isinstance(c, str) for c in categories):
        return _add_list(handle, name, [None if c < 0 else categories[c] for c in codes])
    parts = [c.encode("utf-8") for c in categories]
    offsets = numpy.zeros(len(parts) + 1, "int64")
    offsets[1:] = numpy.cumsum([len(p) for p in parts]) if parts else []
    missing = codes < 0
    valid = numpy.packbits(~missing, bitorder="little") if missing.any() else None
    core.table_add(handle, name, CODE, numpy.where(missing, 0, codes).astype("int32"), valid, offsets, b"".join(parts))
