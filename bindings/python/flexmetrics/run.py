"""Threads, dates and options: what every call takes."""
from __future__ import annotations

import datetime
import os
from typing import Any, Callable, Dict, List, Mapping, Optional, Union

from . import core
from .table import as_table

Date = Union[str, datetime.date, None]
Progress = Optional[Callable[[float], Any]]
NO_DATE = -(2**31)


def threads_of(threads: Optional[int]) -> int:
    """Threads to use: all cores when None. The number never changes a result."""
    if threads is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if threads < 1:
        raise ValueError(f"threads: expected a whole number from 1, got {threads}")
    return int(threads)


def day_of(value: Date, what: str = "as_of") -> int:
    """Days since 1970-01-01 of a date or a text YYYY-MM-DD; None is "not given"."""
    if value is None:
        return NO_DATE
    if isinstance(value, str):
        try:
            value = datetime.date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{what}: expected a date such as 2026-01-31, got {value!r}") from None
    if isinstance(value, datetime.datetime):
        value = value.date()
    if not isinstance(value, datetime.date):
        raise TypeError(f"{what}: expected a date or a text YYYY-MM-DD, got {type(value).__name__}")
    return (value - datetime.date(1970, 1, 1)).days


def by_of(by: Any) -> Optional[str]:
    """Group columns as the library takes them: one name or several, separated by commas."""
    if by is None or isinstance(by, str):
        return by
    return ",".join(str(name) for name in by)


def merge_of(merge: Any) -> Optional[str]:
    """Groups that become one, as the library takes them: ``"a,b=name;c,d"`` or ``{"name": ["a", "b"]}``."""
    if merge is None or isinstance(merge, str):
        return merge
    if not isinstance(merge, Mapping):
        raise TypeError("merge: expected a text \"a,b=name\" or a mapping of names to groups, "
                        f"got {type(merge).__name__}")
    return ";".join(f"{by_of(groups)}={name}" for name, groups in merge.items())


def codes_of(codes: Any) -> List[Any]:
    """Code lists in place of the built-in ones: a mapping of names to frames or CSV files, such a file called after its
    list, or a folder of them."""
    known = core.codes_names()
    if not isinstance(codes, Mapping):
        path = os.fspath(codes)
        files = sorted(os.listdir(path)) if os.path.isdir(path) else [os.path.basename(path)]
        folder = path if os.path.isdir(path) else os.path.dirname(path)
        codes = {name[:-4]: os.path.join(folder, name) for name in files if name.endswith(".csv")}
        if not codes:
            raise ValueError(f"codes: no CSV files in {path!r}")
    for name in codes:
        if name not in known:
            raise ValueError(f"codes: no code list {name!r}; there are {', '.join(known)}")
    return [core.codes_made(name, as_table(data, name)._handle) for name, data in codes.items()]


def compute_options(by: Any, weight: Optional[str], filter: Optional[str], level: float, as_of: Date,
                    options: Dict[str, Any]) -> Dict[str, Any]:
    """The arguments of a measure as the library takes them."""
    parts = []
    out: Dict[str, Any] = {"level": float(level), "as_of": day_of(as_of)}
    for name, value in options.items():
        if value is None:
            continue
        if name == "national":
            out["national"] = as_table(value, "national")._handle
            continue
        if name in ("merge", "codes"):
            out[name] = merge_of(value) if name == "merge" else codes_of(value)
            continue
        if isinstance(value, bool):
            value = "yes" if value else "no"
        elif isinstance(value, (list, tuple)):
            value = ",".join(str(v) for v in value)
        elif isinstance(value, float):
            value = repr(value)
        if ";" in str(value):
            raise ValueError(f"{name}: a value must not have a semicolon, got {value!r}")
        parts.append(f"{name}={value}")
    for key, text in (("by", by_of(by)), ("weight", weight), ("filter", filter), ("options", ";".join(parts) or None)):
        if text is not None:
            out[key] = text
    return out
