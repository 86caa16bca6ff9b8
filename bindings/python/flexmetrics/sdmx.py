"""Figures of goals 8 and 10 as SDMX-CSV, and such files as tables (docs/methods/sdmx.md)."""
from __future__ import annotations

import os
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple, Union

from . import core
from .catalogue import Progress
from .error import DataError
from .run import by_of, threads_of
from .table import Table, as_table

Path = Union[str, "os.PathLike[str]"]
Names = Union[None, str, Sequence[str]]


def _answer(made: Any, problems: Any, message: str) -> Tuple[Any, Table]:
    table = Table.from_columns({}, "problems") if problems is None else Table(problems)
    if made is None:
        raise DataError(message, table)
    return made, table


def _begins_as_sdmx(path: Path) -> bool:
    with open(path, "rb") as file:
        start = file.read(16).removeprefix(b"\xef\xbb\xbf").removeprefix(b'"')
    return start.startswith((b"DATAFLOW", b"STRUCTURE"))


def _table(frame: Any) -> Table:
    if isinstance(frame, (str, os.PathLike)) and _begins_as_sdmx(frame):
        return sdmx_read(frame)
    return as_table(frame, "figures")


def _shown(table: Table, threshold: int, unprotected: bool) -> Table:
    """A result after disclosure control; observations as they are, which do not say how many people they are of."""
    result = {"indicator", "quantity", "value", "state"} <= set(table.columns)
    return table.protected(threshold) if result and not unprotected else table


def _options(values: Optional[Mapping[str, Any]], custom: Names, keep: Names, series: Names, definition: Names,
             **texts: Optional[str]) -> Dict[str, str]:
    out = {name: str(value) for name, value in texts.items() if value is not None}
    if values:
        for name, value in values.items():
            if ";" in str(value) or "=" in name:
                raise ValueError(f"values: expected a component and a value without ;, got {name!r}: {value!r}")
        out["set"] = ";".join(f"{name}={value}" for name, value in values.items())
    lists = {"custom": by_of(custom), "keep": by_of(keep), "series": by_of(series), "definition": by_of(definition)}
    out.update({name: value for name, value in lists.items() if value is not None})
    return out


def sdmx_write(frame: Any, out: Optional[Path] = None, *, version: str = "2.0", structure: Optional[str] = None,
               structure_type: Optional[str] = None, action: Optional[str] = None, area: Union[None, str, int] = None,
               period: Union[None, str, int] = None, reporting_type: Optional[str] = None, source: Optional[str] = None,
               values: Optional[Mapping[str, Any]] = None, definition: Names = None, series: Names = None,
               custom: Names = None, keep: Names = None, codes: Optional[Path] = None,
               lists: Names = None, threshold: int = 5, unprotected: bool = False) -> Optional[bytes]:
    """Write figures of the Sustainable Development Goals 8 and 10 as SDMX-CSV, checked before a byte is written.

    Parameters
    ----------
    frame : result, frame of observations, or path of a CSV file
        A result of a measure, whose series follow from its indicator and definition; or observations, a column for
        each component (``SERIES``, ``SEX``, ``OBS_VALUE`` ...); or what :func:`sdmx_read` gave.
    out : path, optional
        The file, which appears whole or not at all; None: the bytes are returned.
    version : {"2.0", "1.0", "2.1"}
        Of SDMX-CSV.
    structure, structure_type : str, optional
        Version of the global structure, such as ``"1.8"``, or ``"AGENCY:ID(VERSION)"``; datastructure, dataflow or
        dataprovision. Needed unless the frame says it.
    action : str, optional
        I in 2.0, M in 2.1 unless given.
    area, period, reporting_type, source : optional
        ``REF_AREA`` (208), ``TIME_PERIOD`` (2024, or "2013-2018"), ``REPORTING_TYPE`` (N unless given) and
        ``SOURCE_DETAIL`` of rows without one.
    values : mapping, optional
        Any other component of rows without it, such as ``{"NATURE": "C"}``.
    definition : str, optional
        Words where a result does not say its definition, such as ``"icls_13"``: it is never guessed.
    series : str or list, optional
        Only these series of a result.
    custom : str or list, optional
        Columns of a result that go to ``CUST_BREAKDOWN``; other groups without a code are an error.
    keep : str or list, optional
        Further columns of observations to write as they are.
    codes : path, optional
        A folder of own tables, such as ``sdmx_codes.csv`` (data/sdg/README.md).
    lists : str or list, optional
        Older versions of code lists, such as ``"CL_AGE(1.1)"``.
    threshold : int
        Of a result, smallest count of people of which a figure is written; see :meth:`Table.protected`.
    unprotected : bool
        True writes every figure: not to be published.

    Returns
    -------
    bytes or None

    Raises
    ------
    DataError
        The figures cannot be exchanged; ``.problems`` lists every code, key and value that is wrong, with its row.
    """
    options = _options(values, custom, keep, series, definition, version=version, structure=structure,
                       structure_type=structure_type, action=action, area=area, period=period,
                       reporting_type=reporting_type, source=source)
    table = _shown(_table(frame), threshold, unprotected)
    made, _ = _answer(*core.sdmx_write(table._handle, None if out is None else os.fspath(out),
                                       None if codes is None else os.fspath(codes), by_of(lists), options))
    return made if out is None else None


def sdmx_observations(frame: Any, *, area: Union[None, str, int] = None, period: Union[None, str, int] = None,
                      reporting_type: Optional[str] = None, source: Optional[str] = None,
                      values: Optional[Mapping[str, Any]] = None, definition: Names = None, series: Names = None,
                      custom: Names = None, codes: Optional[Path] = None, lists: Names = None, threshold: int = 5,
                      unprotected: bool = False) -> Table:
    """The observations that :func:`sdmx_write` would write, checked, as a table: a column for each component.

    Parameters are those of :func:`sdmx_write`.
    """
    options = _options(values, custom, None, series, definition, area=area, period=period,
                       reporting_type=reporting_type, source=source)
    table = _shown(_table(frame), threshold, unprotected)
    made, _ = _answer(*core.sdmx_observations(table._handle, None if codes is None else os.fspath(codes),
                                              by_of(lists), options))
    return Table(made)


def sdmx_read(path: Union[Path, bytes], *, threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Read SDMX-CSV 1.0, 2.0 or 2.1 of any structure as a table: the columns of the file under their ids.

    Labels ("F: Female") are taken off, ``OBS_VALUE`` is a number (empty: missing), all other columns are kept.

    Parameters
    ----------
    path : path or bytes
        The file, or what stands in it.

    Raises
    ------
    DataError
        The file has errors; ``.problems`` lists them all with line and column.
    """
    memory = isinstance(path, bytes)
    made, _ = _answer(*core.sdmx_read(None if memory else os.fspath(path), path if memory else None,
                                      threads_of(threads), progress))
    return Table(made)


def sdmx_tables() -> Dict[str, Table]:
    """The built-in tables behind these: components, codes, series with what their keys may hold, measures, groups."""
    return {name: Table(core.sdmx_builtin(name)) for name in core.sdmx_builtin_names()}
