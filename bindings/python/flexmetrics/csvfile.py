"""One CSV file as a table."""
from __future__ import annotations

import os
from typing import Any, Dict, Optional, Union

from . import core
from .catalogue import Progress
from .error import DataError
from .run import threads_of
from .table import Table


def format_options(options: Dict[str, Any]) -> Dict[str, Any]:
    """How files are written, as the core takes it: single characters as numbers, what is not given left out."""
    out: Dict[str, Any] = {}
    for key, value in options.items():
        if value is None:
            continue
        if key in ("delimiter", "decimal", "thousands"):
            if not isinstance(value, str) or len(value) != 1:
                raise ValueError(f"{key}: expected one character, got {value!r}")
            value = ord(value)
        out[key] = value
    return out


def read_csv(path: Union[str, "os.PathLike[str]"], *, delimiter: Optional[str] = None, decimal: Optional[str] = None,
             thousands: Optional[str] = None, date_pattern: Optional[str] = None, encoding: Optional[str] = None,
             missing: Optional[str] = None, threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Read one CSV file; each column has the type that all its cells have.

    Whole numbers, numbers, dates, true and false; otherwise text. An id that begins with 0, such as 0127, stays text.
    Every call that takes a frame also takes the path of such a file.

    Parameters
    ----------
    path : path
        The file.
    delimiter, decimal, thousands, date_pattern, encoding, missing : str, optional
        How the file is written; by default comma or semicolon from the header, decimal point, YYYY-MM-DD, UTF-8.

    Raises
    ------
    DataError
        The file has errors; ``.problems`` lists them all.
    """
    options = format_options(dict(delimiter=delimiter, decimal=decimal, thousands=thousands,
                                  date_pattern=date_pattern, encoding=encoding, missing=missing))
    handle, problems, message = core.csv_read(os.fspath(path), options, threads_of(threads), progress)
    if handle is None:
        raise DataError(message, Table(problems) if problems is not None else Table.from_columns({}, "problems"))
    return Table(handle)
