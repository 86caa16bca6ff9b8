"""Long-term unemployment under several definitions side by side."""
from __future__ import annotations

import datetime
from typing import Any, Dict, Mapping, Optional, Sequence, Union

from . import core
from .income_rules import doubles
from .run import NO_DATE, Date, Progress, day_of, threads_of
from .spell_columns import answers, coded, columns_of, dates, fault, labelled, numpy_of, table_of, whole_days
from .table import BOOL, CODE, Table

_FIELDS = ("min_days", "max_gap_days", "max_gap_hours", "gap_counts", "share", "window_days")


def _year_before(day: int) -> int:
    """Days of the twelve calendar months up to a day."""
    date = datetime.date(1970, 1, 1) + datetime.timedelta(days=day)
    try:
        return (date - date.replace(year=date.year - 1)).days
    except ValueError:  # 29 February
        return (date - date.replace(year=date.year - 1, day=28)).days


def long_term_definitions(as_of: Date) -> Dict[str, Dict[str, Any]]:
    """The three definitions of long-term unemployment in use, as fields for :func:`long_term`.

    ``statistics_denmark``: 52 weeks on end, pauses of up to 28 days with at most 10 hours of paid work bridged;
    ``continuous_year``: each day of the twelve calendar months before ``as_of``; ``share_of_time``: 80 per cent of
    these days (docs/methods/sustained.md has the sources).

    >>> import flexmetrics as fm
    >>> fm.long_term_definitions("2025-01-01")["share_of_time"]
    {'share': 0.8, 'window_days': 366}
    """
    year = _year_before(day_of(as_of))
    return {"statistics_denmark": {"min_days": 364, "max_gap_days": 28, "max_gap_hours": 10.0, "gap_counts": True},
            "continuous_year": {"min_days": year, "max_gap_days": 0},
            "share_of_time": {"share": 0.8, "window_days": year}}


def long_term(spells: Any, *, as_of: Date,
              definitions: Union[None, str, Sequence[str], Mapping[str, Mapping[str, Any]]] = None,
              person: str = "person_id", start: str = "start", end: str = "end", hours_before: Optional[str] = None,
              end_is: str = "last_day", threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Who is long-term unemployed? Each person under each definition, from spells of unemployment.

    Parameters
    ----------
    spells : Table, pandas.DataFrame, polars.DataFrame, mapping of columns, or path of a CSV file
        One row a spell of unemployment, in any order.
    as_of : date or "YYYY-MM-DD"
        Start of the first day that the data do not cover.
    definitions : str, list of str, or mapping of names to fields, optional
        Of :func:`long_term_definitions` by name (None: all three), or one's own: ``{"half_a_year": {"min_days": 182,
        "max_gap_days": 0}}``. Fields: min_days (days on end, 364), max_gap_days (longest pause bridged, 28),
        max_gap_hours (most paid hours in it, 10), gap_counts (its days count, True); or share (of a window's days) and
        window_days (364).
    person, start, end : str
        Columns of the person, the first and the last day (missing: still running).
    hours_before : str, optional
        Column of hours of paid work in the pause before the row's spell; missing where they are not known. None: no
        paid work.
    end_is : {"last_day", "day_after"}
        Whether the last day counts.

    Returns
    -------
    Table
        person_id, definition, unemployed (on the last day covered), long_term (on that day; missing: not known), ever
        (has it been reached), reached (the day). :func:`unemployment` makes figures of it.

    Raises
    ------
    Error
        Hours below 0, no date: ``row`` is that of the frame.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> spells = {"person_id": [1, 1, 2], "start": ["2023-11-01", "2024-08-26", "2024-06-01"],
    ...           "end": ["2024-08-04", None, None], "hours": [0, 9, 0]}
    >>> found = fm.long_term(spells, as_of="2025-01-01", hours_before="hours", definitions=["statistics_denmark"])
    >>> found["long_term"], found["reached"][0]  # a pause of 21 days with 9 hours is bridged: 364 days on 29 October
    ([True, False], datetime.date(2024, 10, 29))
    """
    np = numpy_of()
    if as_of is None:
        raise ValueError("as_of: expected the first day that the data do not cover, such as 2026-01-31")
    last_day = day_of(as_of)
    hours = [] if hours_before is None else [hours_before]
    columns = columns_of(spells, (person, start, end, *hours))
    people, labels = coded(columns[0], person)
    first, last = whole_days(columns[1], start), whole_days(columns[2], "end")
    paid = None if hours_before is None else np.asarray(doubles(columns[3], hours_before), "float64")
    if paid is not None and (paid < 0).any():
        raise fault(hours_before or "", int((paid < 0).argmax()), "0 hours or more are expected")
    if end_is == "day_after":
        last = np.where(last == NO_DATE, NO_DATE, last - 1)
    elif end_is != "last_day":
        raise ValueError(f"end_is: expected one of last_day, day_after, got {end_is!r}")
    core.spell_from_closed((first, last), (None,), last_day)
    order = np.lexsort((first, people))
    given = (people[order], first[order], last[order], None if paid is None else paid[order])
    running = np.unique(people[(first < last_day) & (last >= last_day) & (first < last)])
    found: Dict[str, Any] = {}
    for name, fields in _chosen(definitions, as_of).items():
        wrong = [f for f in fields if f not in _FIELDS]
        if wrong:
            raise TypeError(f"definitions: {name} has no field {wrong[0]!r}; there are {', '.join(_FIELDS)}")
        options = {f: float(v) if f in ("share", "max_gap_hours") else int(v) for f, v in fields.items()}
        out = np.empty(4 * len(people), "int32")
        n = core.spell_long_term((out,), given, options, last_day, threads_of(threads), progress)
        found[name] = out[:4 * n].reshape(-1, 4)
    rows = np.concatenate([*found.values(), np.empty((0, 4), "int32")])
    which = np.repeat(np.arange(len(found), dtype="int32"), [len(part) for part in found.values()])
    who, reached, ever, now = (np.ascontiguousarray(c) for c in rows.T)
    return table_of("unemployment", {"as_of": str(datetime.date(1970, 1, 1) + datetime.timedelta(days=last_day))},
                    person_id=labelled(who, labels), definition=(CODE, which, list(found)),
                    unemployed=(BOOL, np.isin(who, running), None), long_term=answers(now), ever=answers(ever),
                    reached=dates(reached))


def _chosen(definitions: Any, as_of: Date) -> Dict[str, Mapping[str, Any]]:
    if isinstance(definitions, Mapping):
        return dict(definitions)
    known = long_term_definitions(as_of)
    names = list(known) if definitions is None else [definitions] if isinstance(definitions, str) else list(definitions)
    for name in names:
        if name not in known:
            raise ValueError(f"definitions: no definition {name!r} of long-term unemployment; there are "
                             f"{', '.join(known)}")
    return {name: known[name] for name in names}
