"""Spells: periods in a state, person by person; sorted, joined over pauses, and asked for a day, a month, a length."""
from __future__ import annotations

import datetime
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

from . import core
from .catalogue import Progress
from .error import Error
from .frames import missing_column
from .income_rules import word_of
from .run import NO_DATE, Date, day_of, threads_of
from .table import BOOL, CODE, DATE, I32, Table, add_category, as_table

_OPEN = 2**31 - 1
_CLOCKS = ("day", "week", "month", "quarter", "year", "month_of_weeks", "year_of_weeks")
_POLICIES = ("error", "priority", "first", "last", "union", "keep")
_REASONS = ("censored", "not_employed", "other_job")


class Left(NamedTuple):
    """Rows that are no spell: the end before the start, a start from ``as_of`` on, no start."""

    reversed: int
    future: int
    undated: int


def _numpy() -> Any:
    try:
        import numpy
    except ImportError:
        raise ImportError("spells are arrays, and numpy is not installed: pip install numpy") from None
    return numpy


def _days(values: Any, name: str) -> Any:
    """Days since 1970-01-01 as a new array of int32; NO_DATE where there is none."""
    np = _numpy()
    if hasattr(values, "to_numpy"):
        values = values.to_numpy()
    kind = getattr(getattr(values, "dtype", None), "kind", "O")
    if kind in "iu":
        if len(values) and (values.max() >= 2**31 or values.min() < -2**31):
            raise Error(f"column {name}: expected days since 1970-01-01", 6, "FM_ERR_VALUE", column=name)
        return values.astype("int32")
    if kind not in "MOUS":
        raise TypeError(f"{name}: expected dates, or whole days since 1970-01-01, got {values.dtype}")
    try:
        if kind != "M":
            gaps = [v is None or type(v).__name__ in ("NAType", "NaTType") or v == "" or v != v for v in values]
            values = np.array([None if gap else v for v, gap in zip(values, gaps)], "datetime64[us]")
    except (TypeError, ValueError):
        raise ValueError(f"{name}: expected dates such as 2026-01-31, found other values among them") from None
    missing, days = np.isnat(values), values.astype("datetime64[D]")
    timed = (days != values) & ~missing
    if timed.any():
        raise Error(f"column {name}, row {int(timed.argmax())}: a whole day is expected", 6, "FM_ERR_VALUE",
                    row=int(timed.argmax()), column=name)
    return np.where(missing, NO_DATE, days.astype("int64")).astype("int32")


def _coded(values: Any, name: str) -> Tuple[Any, Optional[List[str]]]:
    """A new array of numbers, and the texts they stand for, rising; None when they are numbers themselves."""
    np = _numpy()
    categories = getattr(values, "cat", None)
    if hasattr(values, "to_numpy"):
        values = values.to_numpy()
    if not hasattr(values, "dtype") or categories is not None:
        values = np.asarray(values)
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
            raise Error(f"column {name}, row {row}: a text or a whole number is expected in every row", 6,
                        "FM_ERR_VALUE", row=row, column=name)
    labels = sorted(set(items))
    place = {v: i for i, v in enumerate(labels)}
    return np.fromiter((place[v] for v in items), "int32", len(items)), labels


class Spells:
    """Spells of people, sorted, with the day up to which the data are complete.

    Parameters
    ----------
    person : array of whole numbers or texts (n)
        Whose spell it is.
    start, end : array of datetime64[D], dates, texts YYYY-MM-DD, or int32 days since 1970-01-01 (n)
        First and last day; no end: still running.
    state : array of whole numbers or texts (n), optional
        What the person is in; None: one state.
    as_of : date or "YYYY-MM-DD"
        Start of the first day that the data do not cover. What ends later is open there; an answer that the days from
        there on could change is missing, neither true nor false.
    end_is : {"last_day", "day_after"}
        Whether the last day counts, as in files, or the spell ends before it.
    threads : int, optional
        Threads for sorting; the number changes nothing.

    Notes
    -----
    Results are tables under the names ``person_id``, ``start``, ``end`` (last day), ``state``. Splitting a spell,
    repeating it or another order of rows gives the same answers.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> work = fm.Spells(["a", "a", "b"], ["2025-01-01", "2025-03-05", "2025-02-01"], ["2025-02-28", None, None],
    ...                  as_of="2025-06-01")
    >>> work.join(gap_days=7)["n_spells"]
    [2, 1]
    >>> work.milestone(3)["status"], work.milestone(6)["status"]
    ([True, True], [None, None])
    """

    def __init__(self, person: Any, start: Any, end: Any, state: Any = None, *, as_of: Date, end_is: str = "last_day",
                 threads: Optional[int] = None) -> None:
        np = _numpy()
        word_of("end_is", end_is, ("last_day", "day_after"))
        if as_of is None:
            raise ValueError("as_of: expected the first day that the data do not cover, such as 2026-01-31")
        self.as_of = datetime.date(1970, 1, 1) + datetime.timedelta(days=day_of(as_of))
        self._as_of = day_of(as_of)
        self._person, self._people = _coded(person, "person")
        self._start = _days(start, "start")
        self._end = np.full(len(self._start), NO_DATE, "int32") if end is None else _days(end, "end")
        self._state, self._states = (None, None) if state is None else _coded(state, "state")
        for name, values in (("start", self._start), ("end", self._end), ("state", self._state)):
            if values is not None and len(values) != len(self._person):
                raise ValueError(f"{name}: {len(values)} for {len(self._person)} people")
        if end_is == "last_day":
            verdict = np.empty(len(self._person), "uint8")
            core.spell_from_closed((self._start, self._end), (verdict,), self._as_of)
        else:
            self._end[self._end == NO_DATE] = _OPEN
            verdict = np.select([self._start == NO_DATE, self._end <= self._start, self._start >= self._as_of],
                                [3, 1, 2], 0).astype("uint8")
            self._start[verdict == 3] = 0
            self._end[verdict != 0] = self._start[verdict != 0]
        counts = np.bincount(verdict, minlength=4)
        #: Rows that are no spell; every answer passes them over.
        self.left_out = Left(int(counts[1]), int(counts[2]), int(counts[3]))
        if (verdict != 0).any():
            kept = verdict == 0
            self._person, self._start, self._end = self._person[kept], self._start[kept], self._end[kept]
            self._state = None if self._state is None else self._state[kept]
        core.spell_sort((self._person, self._start, self._end, self._state), threads_of(threads), None)

    @classmethod
    def from_frame(cls, frame: Any, *, as_of: Date, person: str = "person_id", start: str = "start", end: str = "end",
                   state: Optional[str] = None, end_is: str = "last_day", threads: Optional[int] = None) -> "Spells":
        """Spells of a frame with columns of any name: pandas, polars, a mapping, a Table, or the path of a CSV file."""
        if isinstance(frame, Table) or not (isinstance(frame, Mapping) or hasattr(frame, "columns")):
            frame = as_table(frame, "frame").to_dict()
        there = {str(name): name for name in (frame if isinstance(frame, Mapping) else frame.columns)}
        for name in (person, start, end, *([] if state is None else [state])):
            if name not in there:
                raise missing_column([name], there)
        return cls(frame[there[person]], frame[there[start]], frame[there[end]],
                   None if state is None else frame[there[state]], as_of=as_of, end_is=end_is, threads=threads)

    def __len__(self) -> int:
        return len(self._person)

    def __repr__(self) -> str:
        return f"<flexmetrics.Spells: {len(self)} spells as of {self.as_of}>"

    # ---- spells ----
    def table(self) -> Table:
        """The spells as a table, an end missing while it runs."""
        np = _numpy()
        running = self._end >= self._as_of
        return self._table("spells", person_id=self._person, start=(DATE, self._start, None),
                           end=(DATE, np.where(running, 0, self._end - 1).astype("int32"), running),
                           **({} if self._state is None else {"state": self._state_of(self._state)}))

    def join(self, gap_days: int = 0, *, threads: Optional[int] = None, progress: Progress = None) -> Table:
        """Episodes: spells, whatever their state, with at most ``gap_days`` days between one's end and the next start.

        Returns
        -------
        Table
            start, end, covered_days (without the pauses), n_spells; undetermined: it may still go on.
        """
        np = _numpy()
        out = np.empty(6 * len(self), "int32")
        n = core.spell_join((out,), self._given(), gap_days, self._as_of, threads_of(threads), progress)
        person, start, end, covered, spells, open_ = (np.ascontiguousarray(c) for c in out.reshape(-1, 6)[:n].T)
        return self._table("episodes", person_id=person, start=(DATE, start, None), end=(DATE, end - 1, None),
                           covered_days=(I32, covered, None), n_spells=(I32, spells, None),
                           undetermined=(BOOL, open_.astype(bool), None))

    def resolve(self, policy: str = "error", *, ranking: Optional[Sequence[Any]] = None, gap_days: int = 0,
                threads: Optional[int] = None, progress: Progress = None) -> "Spells":
        """One state a day: spells of one state are joined, those of different states on the same days cut.

        Parameters
        ----------
        policy : {"error", "priority", "first", "last", "union", "keep"}
            An error with its row; the state that stands first in ``ranking``; the state that began first, or last; one
            state for all; each state by itself.
        ranking : list of states
            With ``"priority"``: all states, the one that wins first.
        gap_days : int
            Longest pause between two spells of one state that becomes theirs.

        Returns
        -------
        Spells
            To be asked further; ``table()`` shows them.
        """
        np = _numpy()
        number = _POLICIES.index(word_of("policy", policy, _POLICIES))
        order = None if ranking is None else self._numbers_of(ranking, "ranking")
        out = tuple(np.empty(2 * len(self), "int32") for _ in range(4))
        n = core.spell_resolve(out, self._given(), order, number, gap_days, self._as_of, threads_of(threads), progress)
        made = object.__new__(Spells)
        made.__dict__.update(self.__dict__)
        made._person, made._start, made._end, made._state = (c[:n].copy() for c in out)
        made.left_out = Left(0, 0, 0)
        if policy == "union" or self._state is None:
            made._state, made._states = None, None
        return made

    def transitions(self, gap_days: int = 0, *, threads: Optional[int] = None, progress: Progress = None) -> Table:
        """Changes of state: ``day`` is the first of the new one; a state that is missing is a pause of more than
        ``gap_days`` days. Spells may not overlap: :meth:`resolve` first."""
        np = _numpy()
        out = tuple(np.empty(2 * len(self), "int32") for _ in range(4))
        n = core.spell_transitions(out, self._given(), gap_days, self._as_of, threads_of(threads), progress)
        person, day, before, after = (c[:n] for c in out)
        return self._table("transitions", person_id=person, day=(DATE, day, None),
                           **{"from": self._state_of(before), "to": self._state_of(after)})

    # ---- questions ----
    def status(self, person: Any, day: Any, gap_days: int = 0, *, threads: Optional[int] = None,
               progress: Progress = None) -> Table:
        """Was each person in a spell, or in a pause of at most ``gap_days`` days, on that day? Missing: not known yet.

        ``person`` and ``day`` are arrays of one length, or one day for all; answers come in their order.
        """
        np = _numpy()
        people, days = self._asked(person, day)
        answer = np.empty(len(people), "uint8")
        core.spell_status((answer, None), (people, days), self._given(), gap_days, self._as_of, threads_of(threads),
                          progress)
        return self._table("status", person_id=self._person_of(person), day=(DATE, days, None),
                           status=_answers(answer))

    def state_on(self, person: Any, day: Any, *, threads: Optional[int] = None, progress: Progress = None) -> Table:
        """State of each person on that day: ``status`` false in no spell, missing from ``as_of`` on. Spells may not
        overlap: :meth:`resolve` first."""
        np = _numpy()
        people, days = self._asked(person, day)
        answer, state = np.empty(len(people), "uint8"), np.empty(len(people), "int32")
        core.spell_status((answer, state), (people, days), self._given(), 0, self._as_of, threads_of(threads), progress)
        return self._table("state_on", person_id=self._person_of(person), day=(DATE, days, None),
                           status=_answers(answer), state=self._state_of(state))

    def days_in(self, person: Any, start: Any, end: Any, states: Optional[Sequence[Any]] = None, *,
                threads: Optional[int] = None, progress: Progress = None) -> Table:
        """Days in any of ``states`` from ``start`` to ``end``, both counted, each once; ``unseen`` days of the window
        are not covered by the data and may still be more."""
        np = _numpy()
        people, first = self._asked(person, start)
        last = self._asked(person, end)[1]
        days, unseen = (np.empty(len(people), "int32") for _ in range(2))
        core.spell_days_in((days, unseen), (people, first, last + 1), self._given(),
                           None if states is None else self._numbers_of(states, "states"), self._as_of,
                           threads_of(threads), progress)
        return self._table("days_in", person_id=self._person_of(person), start=(DATE, first, None),
                           end=(DATE, last, None), days=(I32, days, None), unseen=(I32, unseen, None))

    def milestone(self, after: int, *, clock: str = "month", gap_days: int = 0, threads: Optional[int] = None,
                  progress: Progress = None) -> Table:
        """Was each person in a spell so many months (days, weeks, ...) after the first day of the first one?

        Returns
        -------
        Table
            first_start, horizon_<clock>s, status (missing: not known yet) and in_rate, which :func:`status` of frames
            takes as they are: ``fm.status(spells.milestone(6))``.
        """
        np = _numpy()
        number = _CLOCKS[:5].index(word_of("clock", clock, _CLOCKS[:5]))
        n = len(self)
        persons, first = (np.empty(n, "int32") for _ in range(2))
        answer, in_rate = (np.empty(n, "uint8") for _ in range(2))
        n = core.spell_milestone((persons, first, answer, in_rate), self._given(), gap_days, number, after, self._as_of,
                                 threads_of(threads), progress)
        return self._table("milestone", person_id=persons[:n], first_start=(DATE, first[:n], None),
                           **{f"horizon_{clock}s": (I32, np.full(n, after, "int32"), None)},
                           status=_answers(answer[:n]), in_rate=(BOOL, in_rate[:n].astype(bool), None))

    def sustained(self, weeks: int, *, gap_days: int = 0, threads: Optional[int] = None,
                  progress: Progress = None) -> Table:
        """Has an episode lasted ``weeks`` whole weeks: the first one, and any? With the day it was reached."""
        np = _numpy()
        n = len(self)
        persons, first_day, any_day = (np.empty(n, "int32") for _ in range(3))
        first, any_ = (np.empty(n, "uint8") for _ in range(2))
        n = core.spell_sustained((persons, first, first_day, any_, any_day), self._given(), weeks, gap_days,
                                 self._as_of, threads_of(threads), progress)
        return self._table("sustained", person_id=persons[:n], first=_answers(first[:n]),
                           first_day=_dates(first_day[:n]), any=_answers(any_[:n]), any_day=_dates(any_day[:n]))

    def survival(self, *, gap_days: int = 0, same_state: bool = False, threads: Optional[int] = None,
                 progress: Progress = None) -> Table:
        """Length of each person's first episode, for :func:`survival` and :func:`cumulative_incidence` of frames.

        With ``same_state`` only spells in the state of the first one make it, such as those with the same employer.

        Returns
        -------
        Table
            time_days, event, cause (not_employed, other_job; missing: still running).
        """
        np = _numpy()
        n = len(self)
        persons, time = (np.empty(n, "int32") for _ in range(2))
        reason = np.empty(n, "uint8")
        given = self._given() if same_state else (*self._given()[:3], None)
        n = core.spell_survival((persons, time, reason), given, gap_days, self._as_of, threads_of(threads), progress)
        causes = np.where(reason[:n] == 0, -1, reason[:n].astype("int32") - 1)
        return self._table("survival", person_id=persons[:n], time_days=(I32, time[:n], None),
                           event=(BOOL, reason[:n] > 0, None), cause=(CODE, causes, list(_REASONS[1:])))

    def totals(self, *, threads: Optional[int] = None, progress: Progress = None) -> Table:
        """Days and spells of each person in each state; ``open``: the last one still runs."""
        np = _numpy()
        out = tuple(np.empty(len(self), "int32") for _ in range(5))
        n = core.spell_totals(out, self._given(), self._as_of, threads_of(threads), progress)
        person, state, days, spells, open_ = (c[:n] for c in out)
        return self._table("totals", person_id=person, state=self._state_of(state), days=(I32, days, None),
                           spells=(I32, spells, None), open=(BOOL, open_.astype(bool), None))

    def periods(self, clock: str = "month", *, states: Optional[Sequence[Any]] = None, by_state: bool = False,
                start: Date = None, end: Date = None, threads: Optional[int] = None,
                progress: Progress = None) -> Table:
        """A row a person and period: days in ``states``, and days of the period that the data do not cover.

        Parameters
        ----------
        clock : {"month", "week", "quarter", "year", "month_of_weeks", "year_of_weeks"}
            Periods; those of weeks belong to the month or year of their Thursday.
        states : list of states, optional
            States that count; None: all.
        by_state : bool
            A row for each state that the period has days of; otherwise a row for every period, also without days.
        start, end : date or "YYYY-MM-DD", optional
            First and last day; by default from the person's first spell up to ``as_of``.
        """
        np = _numpy()
        number = _CLOCKS.index(word_of("clock", clock, _CLOCKS[1:]))
        counted = None if states is None else self._numbers_of(states, "states")
        last = day_of(end, "end")
        given = (self._given(), counted, number, int(by_state), day_of(start, "start"),
                 last if last == NO_DATE else last + 1, self._as_of, threads_of(threads), progress)
        room = core.spell_periods((None,) * 5, 0, *given)
        out = tuple(np.empty(room, "int32") for _ in range(5))
        core.spell_periods(out, room, *given)
        person, period, state, days, unseen = out
        return self._table("periods", person_id=person, period=(DATE, period, None),
                           **({"state": self._state_of(state)} if by_state else {}), days=(I32, days, None),
                           unseen=(I32, unseen, None))

    # ---- parts ----
    def _given(self) -> Tuple[Any, Any, Any, Any]:
        return self._person, self._start, self._end, self._state

    def _numbers_of(self, states: Sequence[Any], name: str) -> Any:
        np = _numpy()
        wanted = [states] if isinstance(states, (str, int)) else list(states)
        if self._states is None:
            return np.array(wanted, "int32")
        wrong = [v for v in wanted if str(v) not in self._states]
        if wrong:
            raise ValueError(f"{name}: no state {wrong[0]!r}; there are {', '.join(self._states)}")
        return np.array([self._states.index(str(v)) for v in wanted], "int32")

    def _asked(self, person: Any, day: Any) -> Tuple[Any, Any]:
        """People as this object numbers them (-1: not among them), and a day for each."""
        np = _numpy()
        if self._people is None:
            people, labels = _coded(person, "person")
            if labels is not None:
                raise TypeError("person: expected whole numbers, as in the spells")
        else:
            place = {v: i for i, v in enumerate(self._people)}
            items = person.tolist() if hasattr(person, "tolist") else list(person)
            people = np.fromiter((place.get(str(v), -1) for v in items), "int32", len(items))
        if isinstance(day, (str, datetime.date)):
            return people, np.full(len(people), day_of(day, "day"), "int32")
        days = _days(day, "day")
        if len(days) != len(people):
            raise ValueError(f"day: {len(days)} for {len(people)} people")
        return people, days

    def _person_of(self, person: Any) -> Any:
        """People asked for, in the form of a column."""
        codes, labels = _coded(person, "person")
        return (I32, codes, None) if labels is None else (CODE, codes, labels)

    def _state_of(self, state: Any) -> Any:
        if self._states is not None:
            return CODE, _numpy().where(state < 0, -1, state), self._states
        return I32, state, state == NO_DATE

    def _table(self, name: str, **columns: Any) -> Table:
        """A table of columns (type, values, what is missing, or texts); person_id may be this object's numbers."""
        np = _numpy()
        handle = core.table_create(name)
        for column, given in columns.items():
            if column == "person_id" and not isinstance(given, tuple):
                given = (I32, given, None) if self._people is None else (CODE, given, self._people)
            kind, values, more = given
            if kind == CODE:
                add_category(handle, column, values, more)
                continue
            bits = None if more is None or not more.any() else np.packbits(~more, bitorder="little")
            core.table_add(handle, column, kind, np.ascontiguousarray(values), bits, None, None)
        core.table_note(handle, "as_of", str(self.as_of))
        core.table_seal(handle)
        return Table(handle)


def _answers(answer: Any) -> Tuple[int, Any, Any]:
    """Yes, no and not known yet as true, false and missing."""
    return BOOL, answer == 1, answer == 2


def _dates(days: Any) -> Tuple[int, Any, Any]:
    return DATE, _numpy().where(days == NO_DATE, 0, days).astype("int32"), days == NO_DATE


def runs(codes: Any) -> Any:
    """Positions at which a new run of equal codes begins, the first 0; a run ends where the next one starts.

    Parameters
    ----------
    codes : array of uint16 (n)
        Such as one person's weekly codes; contiguous uint16 is not copied.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> fm.runs([730, 730, 0, 0, 730]).tolist()
    [0, 2, 4]
    """
    np = _numpy()
    given = np.asarray(codes.to_numpy() if hasattr(codes, "to_numpy") else codes)
    if given.ndim != 1 or given.dtype.kind not in "iu" or (len(given) and (given.min() < 0 or given.max() > 65535)):
        raise ValueError("codes: expected one dimension of whole numbers from 0 to 65535")
    given = np.ascontiguousarray(given, "uint16")
    starts = np.empty(len(given), "uint32")
    return starts[:core.spell_runs((starts,), (given,))]
