"""Files of other registers: the weekly file of DREAM, settlement files, published series."""
from __future__ import annotations

import array
import datetime
import os
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Union

from . import core
from .catalogue import Progress
from .csvfile import format_options
from .error import DataError
from .income_rules import word_of
from .run import NO_DATE, Date, by_of, day_of, threads_of
from .table import CODE, DATE, Table, as_table, validity_bits

Path = Union[str, "os.PathLike[str]"]
_OPEN = 2**31 - 1
_CARRY = ("industry", "rate", "both")


class Dream(NamedTuple):
    """What :func:`dream` gives: the spells (None when they went into a file), notes on the data, and counts."""

    spells: Optional[Table]
    problems: Table
    summary: Dict[str, Any]


class Settlement(NamedTuple):
    """What :func:`settlement` gives: tables, notes on the data, and sums."""

    weeks: Table
    contributions: Table
    spells: Table
    problems: Table
    summary: Dict[str, Any]


def _written(given: Mapping[str, Any], decimal: str = ".") -> Dict[str, Any]:
    """How a file is written, as the core takes it."""
    out = format_options(dict(given))
    if out:
        out.setdefault("decimal", ord(decimal))
        out["format_given"] = True
    return out


def _checked(handles: Sequence[Any], problems: Any, message: str) -> Table:
    """The notes; an error that lists what is wrong when nothing was made."""
    table = Table.from_columns({}, "problems") if problems is None else Table(problems)
    if any(handle is None for handle in handles):
        raise DataError(message, table)
    return table


def _dates(summary: Dict[str, Any], *names: str) -> Dict[str, Any]:
    for name in names:
        day = summary[name]
        summary[name] = None if day == NO_DATE else datetime.date(1970, 1, 1) + datetime.timedelta(days=day)
    return summary


def _codes(codes: Any) -> Any:
    return None if codes is None else as_table(codes, "benefit_state")._handle


def dream(path: Path, out: Optional[Path] = None, *, id_column: Optional[str] = None, as_of: Date = None,
          employment_from: Date = None, carry: Optional[str] = None, codes: Any = None, skip_bad: bool = False,
          delimiter: Optional[str] = None, encoding: Optional[str] = None, threads: Optional[int] = None,
          progress: Progress = None) -> Dream:
    """Read the wide weekly file of the Danish DREAM register to spells: a row for each run of weeks in one state.

    Parameters
    ----------
    path : path
        The file: one row a person, columns ``y_YYWW``, and monthly ``branche_YYYY_MM``, ``grad_YYYY_MM``.
    out : path, optional
        A CSV file to write them to, in bounded memory, which a register reads as its table ``spells``; None: a table.
    id_column : str, optional
        Header of the person's key.
    as_of : date or "YYYY-MM-DD", optional
        First day that is not known; by default the day after the last week.
    employment_from : date or "YYYY-MM-DD", optional
        Months before have no usable record of employment; by default 2008-01-01.
    carry : {"industry", "rate", "both"}, optional
        Spells are also cut where the industry or employment rate of the month changes, and carry it.
    codes : frame or path of a CSV file, optional
        A code list in place of ``codes("benefit_state")``.
    skip_bad : bool
        Leave rows with errors out, and list them.

    Returns
    -------
    Dream
        ``spells`` with person_id, start, end (last Sunday, missing while running), state; ``problems``; ``summary``.
        ``Spells.from_frame(found.spells, state="state", as_of=found.summary["as_of"])`` goes on from there.

    Raises
    ------
    DataError
        The file has errors; ``.problems`` lists them all with line and column.
    """
    number = 0 if carry is None else _CARRY.index(word_of("carry", carry, _CARRY)) + 1
    options: Dict[str, Any] = {**_written(dict(delimiter=delimiter, encoding=encoding)), "as_of": day_of(as_of),
                               "carry": number, "skip_bad": int(skip_bad)}
    if id_column is not None:
        options["id_column"] = id_column
    if employment_from is not None:
        options["employment_from"] = day_of(employment_from, "employment_from")
    found, summary, problems, message = core.dream_read(os.fspath(path), None if out is None else os.fspath(out),
                                                        _codes(codes), options, threads_of(threads), progress)
    notes = _checked([found], problems, message)
    spells = None if out is not None else _spells(found, number)
    return Dream(spells, notes, _dates(summary, "first_monday", "as_of", "last_code"))


def _offsets(texts: List[bytes]) -> "array.array[int]":
    out, at = array.array("q", [0]), 0
    for text in texts:
        at += len(text)
        out.append(at)
    return out


def _spells(found: Any, carry: int) -> Table:
    """A table of the columns that were collected."""
    ids, offsets, person, start, end = found[:5]
    last = memoryview(end).cast("i")
    running = [v == _OPEN for v in last]
    handle = core.table_create("spells")
    core.table_add(handle, "person_id", CODE, memoryview(person).cast("i"), None, memoryview(offsets).cast("q"), ids)
    core.table_add(handle, "start", DATE, memoryview(start).cast("i"), None, None, None)
    core.table_add(handle, "end", DATE, array.array("i", [0 if open_ else v - 1 for v, open_ in zip(last, running)]),
                   validity_bits([not open_ for open_ in running]), None, None)
    for k, name in enumerate(("state", "industry", "employment_rate")):
        if k == 0 or carry >> (k - 1) & 1:
            texts = [text.encode("utf-8") for text in found[8 + k]]
            codes = memoryview(found[5 + k]).cast("i")
            gaps = {i for i, text in enumerate(texts) if not text}
            core.table_add(handle, name, CODE, codes, validity_bits([v not in gaps for v in codes]) if gaps else None,
                           _offsets(texts), b"".join(texts))
    core.table_seal(handle)
    return Table(handle)


def settlement(paths: Union[Path, Sequence[Path]], *, as_of: Date = None, codes: Any = None, skip_bad: bool = False,
               delimiter: Optional[str] = None, decimal: Optional[str] = None, encoding: Optional[str] = None,
               threads: Optional[int] = None, progress: Progress = None) -> Settlement:
    """Read settlement files of the Danish refund system: what was paid, refunded, and left to the municipality.

    Corrections of later files are added up and lines told twice count once, in any order of files.

    Parameters
    ----------
    paths : path or list of paths
        The files.
    as_of : date or "YYYY-MM-DD", optional
        Weeks that end on this day or later are left out of the spells.
    codes : frame or path of a CSV file, optional
        A code list in place of ``codes("benefit_state")``.
    skip_bad : bool
        Leave lines with errors out, and list them.
    delimiter, decimal, encoding : str, optional
        How the files are written; by default semicolon, decimal comma, UTF-8.

    Returns
    -------
    Settlement
        ``weeks`` (person, Monday, benefit, paid, refund, municipal_cost), ``contributions``, ``spells``, ``problems``,
        ``summary`` (docs/methods/settlement.md).

    Raises
    ------
    DataError
        The files have errors; ``.problems`` lists them all.
    """
    files = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    given = dict(delimiter=delimiter, decimal=decimal, encoding=encoding)
    options = {**_written({**given, "delimiter": delimiter or ";"} if any(given.values()) else {}, ","),
               "as_of": day_of(as_of), "skip_bad": int(skip_bad)}
    *handles, summary, problems, message = core.settlement_read([os.fspath(p) for p in files], _codes(codes), options,
                                                                threads_of(threads), progress)
    notes = _checked(handles, problems, message)
    weeks, contributions, spells = (Table(handle) for handle in handles)
    return Settlement(weeks, contributions, spells, notes, _dates(summary, "first_week", "last_week"))


def series(path: Path, *, area: Optional[str] = None, period: Optional[str] = None,
           dimensions: Union[None, str, Sequence[str]] = None, suppressed: Optional[str] = None,
           preliminary: Optional[int] = None, delimiter: Optional[str] = None, decimal: Optional[str] = None,
           encoding: Optional[str] = None, threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Read published time series of Jobindsats or StatBank Denmark as one tidy table, a row a figure.

    A figure that the publisher hides stays hidden: its ``state`` is suppressed, and it is neither missing nor 0.

    Parameters
    ----------
    path : path
        The CSV file.
    area, period : str, optional
        Their columns; by default Område, Periode, TID.
    dimensions : str or list of str, optional
        Further columns that are no figures although all their cells are numbers.
    suppressed : str, optional
        A further text that means a hidden figure.
    preliminary : int, optional
        Newest periods whose figures are preliminary.
    delimiter, decimal, encoding : str, optional
        How the file is written; by default semicolon, decimal comma, UTF-8.

    Returns
    -------
    Table
        area, dimensions, measure, period, period_start, period_end, value, state, subtotal (docs/methods/series.md).

    Raises
    ------
    DataError
        The file has errors; ``.problems`` lists them all.
    """
    given = dict(delimiter=delimiter, decimal=decimal, encoding=encoding)
    options = _written({**given, "delimiter": delimiter or ";"} if any(given.values()) else {}, ",")
    more = dict(area=area, period=period, dimensions=by_of(dimensions), suppressed=suppressed, preliminary=preliminary)
    options.update({name: value for name, value in more.items() if value is not None})
    handle, problems, message = core.series_read(os.fspath(path), options, threads_of(threads), progress)
    _checked([handle], problems, message)
    return Table(handle)
