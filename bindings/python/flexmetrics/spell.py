"""Spells: periods in a state, person by person; sorted, joined over pauses, and asked for a day, a month, a length."""
from __future__ import annotations

import datetime
import re
from typing import Any, NamedTuple, Optional, Sequence, Tuple

from . import core
from .error import Error
from .income_rules import word_of
from .run import NO_DATE, Date, Progress, day_of, threads_of
from .spell_columns import (OPEN, answers, coded, columns_of, dates, labelled, numpy_of, table_of, whole_days,
                            whole_numbers)
from .table import BOOL, CODE, DATE, I32, Table

_CLOCKS = ("day", "week", "month", "quarter", "year", "month_of_weeks", "year_of_weeks")
POLICIES = ("error", "priority", "first", "last", "union", "keep")
_REASONS = ("censored", "not_employed", "other_job")
_WHICH = ("first", "every", "latest")


class Left(NamedTuple):
    """Rows that are no spell: the end before the start, a start from ``as_of`` on, no start."""

    reversed: int
    future: int
    undated: int


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
        np = numpy_of()
        word_of("end_is", end_is, ("last_day", "day_after"))
        if as_of is None:
            raise ValueError("as_of: expected the first day that the data do not cover, such as 2026-01-31")
        self.as_of = datetime.date(1970, 1, 1) + datetime.timedelta(days=day_of(as_of))
        self._as_of = day_of(as_of)
        self._person, self._people = coded(person, "person")
        self._start = whole_days(start, "start")
        self._end = np.full(len(self._start), NO_DATE, "int32") if end is None else whole_days(end, "end")
        self._state, self._states = (None, None) if state is None else coded(state, "state")
        for name, values in (("start", self._start), ("end", self._end), ("state", self._state)):
            if values is not None and len(values) != len(self._person):
                raise ValueError(f"{name}: {len(values)} for {len(self._person)} people")
        if end_is == "last_day":
            verdict = np.empty(len(self._person), "uint8")
            core.spell_from_closed((self._start, self._end), (verdict,), self._as_of)
        else:
            self._end[self._end == NO_DATE] = OPEN
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
        found = columns_of(frame, (person, start, end, *([] if state is None else [state])))
        return cls(*found, as_of=as_of, end_is=end_is, threads=threads)

    def __len__(self) -> int:
        return len(self._person)

    def __repr__(self) -> str:
        return f"<flexmetrics.Spells: {len(self)} spells as of {self.as_of}>"

    # ---- spells ----
    def table(self) -> Table:
        """The spells as a table, an end missing while it runs."""
        np = numpy_of()
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
        np = numpy_of()
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

        Raises
        ------
        Error
            Two states on one day under ``"error"``, a state that is not in ``ranking``: ``row`` is that of ``table()``.
        """
        np = numpy_of()
        number = POLICIES.index(word_of("policy", policy, POLICIES))
        if (policy == "priority") != (ranking is not None):
            raise ValueError(f"ranking: belongs to policy=\"priority\", which needs it; got policy={policy!r}")
        order = None if ranking is None else self._numbers_of(ranking, "ranking")
        out = tuple(np.empty(2 * len(self), "int32") for _ in range(4))
        try:
            n = core.spell_resolve(out, self._given(), order, number, gap_days, self._as_of, threads_of(threads),
                                   progress)
        except Error as e:
            raise self._with_states(e) from None
        made = self._but(*(c[:n].copy() for c in out))
        if policy == "union" or self._state is None:
            made._state, made._states = None, None
        return made

    def pick(self, which: str = "first", states: Optional[Sequence[Any]] = None, *, threads: Optional[int] = None,
             progress: Progress = None) -> "Spells":
        """Each person's first spell in one of ``states``, every one, or the one that starts last.

        Parameters
        ----------
        which : {"first", "every", "latest"}
            Of equal starts the first row.
        states : list of states, optional
            None: all.
        """
        number = _WHICH.index(word_of("which", which, _WHICH))
        rows = numpy_of().empty(len(self), "int32")
        n = core.spell_pick((rows,), self._given(), self._states_of(states), number, self._as_of, threads_of(threads),
                            progress)
        return self._but(*(None if c is None else c[rows[:n]] for c in self._given()))

    def same_state(self, *, threads: Optional[int] = None, progress: Progress = None) -> "Spells":
        """The spells in the state of each person's first spell: work with the first employer."""
        if self._state is None:
            raise ValueError("state: these spells have none, so that there is no first one to stay in")
        kept = tuple(c.copy() for c in self._given())
        n = core.spell_same_label(kept, self._as_of, threads_of(threads), progress)
        return self._but(*(c[:n] for c in kept))

    def split(self, clock: Optional[str] = None, *, days: Any = None, threads: Optional[int] = None,
              progress: Progress = None) -> Table:
        """Spells cut at the first day of every period, and at days of one's own.

        Parameters
        ----------
        clock : {"week", "month", "quarter", "year", "month_of_weeks", "year_of_weeks"}, optional
            None: only at ``days``.
        days : list of dates, rising, optional
            A piece begins on each of them: a reform, a birthday, the end of a year.

        Returns
        -------
        Table
            A row a piece: person_id, spell (its row in :meth:`table`), start, end (last day, or the last one that the
            data cover) and state.
        """
        np = numpy_of()
        number = 0 if clock is None else _CLOCKS.index(word_of("clock", clock, _CLOCKS[1:]))
        cuts = None if days is None else whole_days(days, "days")
        given = (self._given(), cuts, number, self._as_of, threads_of(threads), progress)
        out = tuple(np.empty(core.spell_split((None,) * 3, 0, *given), "int32") for _ in range(3))
        core.spell_split(out, len(out[0]), *given)
        row, start, end = out
        state = {} if self._state is None else {"state": self._state_of(self._state[row])}
        return self._table("pieces", person_id=self._person[row], spell=(I32, row, None), start=(DATE, start, None),
                           end=(DATE, end - 1, None), **state)

    def summary(self, *, threads: Optional[int] = None, progress: Progress = None) -> Table:
        """What each person's spells look like, whatever their state.

        Returns
        -------
        Table
            first_start, last_end (last day in a spell, at most the last one covered), n_spells, n_overlaps (spells
            that start before an earlier one has ended), n_gaps and gap_days (pauses of a day or more), covered_days.
        """
        names = ("n_spells", "n_overlaps", "n_gaps", "gap_days", "covered_days")
        out = numpy_of().empty(8 * len(self), "int32")
        n = core.spell_summarise((out,), self._given(), self._as_of, threads_of(threads), progress)
        person, first, last, *counts = (c.copy() for c in out.reshape(-1, 8)[:n].T)
        figures = {name: (I32, values, None) for name, values in zip(names, counts)}
        return self._table("summary", person_id=person, first_start=(DATE, first, None),
                           last_end=(DATE, last - 1, None), **figures)

    def transitions(self, gap_days: int = 0, *, threads: Optional[int] = None, progress: Progress = None) -> Table:
        """Changes of state: ``day`` is the first of the new one; a state that is missing is a pause of more than
        ``gap_days`` days. Spells may not overlap: :meth:`resolve` first."""
        np = numpy_of()
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
        np = numpy_of()
        people, days = self._asked(person, day)
        answer = np.empty(len(people), "uint8")
        core.spell_status((answer, None), (people, days), self._given(), gap_days, self._as_of, threads_of(threads),
                          progress)
        return self._table("status", person_id=self._person_of(person), day=(DATE, days, None),
                           status=answers(answer))

    def state_on(self, person: Any, day: Any, *, threads: Optional[int] = None, progress: Progress = None) -> Table:
        """State of each person on that day: ``status`` false in no spell, missing from ``as_of`` on. Spells may not
        overlap: :meth:`resolve` first."""
        np = numpy_of()
        people, days = self._asked(person, day)
        answer, state = np.empty(len(people), "uint8"), np.empty(len(people), "int32")
        core.spell_status((answer, state), (people, days), self._given(), 0, self._as_of, threads_of(threads), progress)
        return self._table("state_on", person_id=self._person_of(person), day=(DATE, days, None),
                           status=answers(answer), state=self._state_of(state))

    def days_in(self, person: Any, start: Any, end: Any, states: Optional[Sequence[Any]] = None, *,
                threads: Optional[int] = None, progress: Progress = None) -> Table:
        """Days in any of ``states`` from ``start`` to ``end``, both counted, each once; ``unseen`` days of the window
        are not covered by the data and may still be more."""
        np = numpy_of()
        people, first = self._asked(person, start)
        last = self._asked(person, end)[1]
        days, unseen = (np.empty(len(people), "int32") for _ in range(2))
        core.spell_days_in((days, unseen), (people, first, last + 1), self._given(),
                           self._states_of(states), self._as_of, threads_of(threads), progress)
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
        np = numpy_of()
        number = _CLOCKS[:5].index(word_of("clock", clock, _CLOCKS[:5]))
        n = len(self)
        persons, first = (np.empty(n, "int32") for _ in range(2))
        answer, in_rate = (np.empty(n, "uint8") for _ in range(2))
        n = core.spell_milestone((persons, first, answer, in_rate), self._given(), gap_days, number, after, self._as_of,
                                 threads_of(threads), progress)
        return self._table("milestone", person_id=persons[:n], first_start=(DATE, first[:n], None),
                           **{f"horizon_{clock}s": (I32, np.full(n, after, "int32"), None)},
                           status=answers(answer[:n]), in_rate=(BOOL, in_rate[:n].astype(bool), None))

    def retained(self, months: int, *, gap_days: int = 0, threads: Optional[int] = None,
                 progress: Progress = None) -> Table:
        """Is each person's first episode still going on so many calendar months after its start?

        Unlike :meth:`milestone`, which asks for the day alone, an episode that has ended is a no for good.

        Returns
        -------
        Table
            target (the day asked for), horizon_months, status (missing: not known yet) and in_rate, for
            :func:`status` of frames.
        """
        np = numpy_of()
        if months < 0:
            raise ValueError(f"months: expected 0 or more, got {months}")
        persons, target = (np.empty(len(self), "int32") for _ in range(2))
        answer, in_rate = (np.empty(len(self), "uint8") for _ in range(2))
        n = core.spell_retained((persons, target, answer, in_rate), self._given(), months, gap_days, self._as_of,
                                threads_of(threads), progress)
        return self._table("retained", person_id=persons[:n], target=dates(target[:n]),
                           horizon_months=(I32, np.full(n, months, "int32"), None), status=answers(answer[:n]),
                           in_rate=(BOOL, in_rate[:n].astype(bool), None))

    def weeks(self, n_weeks: int, *, least_days: int = 1, states: Optional[Sequence[Any]] = None,
              threads: Optional[int] = None, progress: Progress = None) -> Table:
        """Has each person ``n_weeks`` ISO weeks in a row with at least ``least_days`` days in ``states`` each?

        Returns
        -------
        Table
            reached (missing: a run that may still grow has not got there), day (the last of that week), longest (weeks
            of the longest run so far).
        """
        out = tuple(numpy_of().empty(len(self), "int32") for _ in range(4))
        n = core.spell_weeks(out, self._given(), self._states_of(states), n_weeks, least_days, self._as_of,
                             threads_of(threads), progress)
        person, reached, day, longest = (c[:n] for c in out)
        return self._table("weeks", person_id=person, reached=answers(reached), day=dates(day),
                           longest=(I32, longest, None))

    def sustained(self, weeks: int, *, gap_days: int = 0, threads: Optional[int] = None,
                  progress: Progress = None) -> Table:
        """Has an episode lasted ``weeks`` whole weeks: the first one, and any? With the day it was reached."""
        np = numpy_of()
        n = len(self)
        persons, first_day, any_day = (np.empty(n, "int32") for _ in range(3))
        first, any_ = (np.empty(n, "uint8") for _ in range(2))
        n = core.spell_sustained((persons, first, first_day, any_, any_day), self._given(), weeks, gap_days,
                                 self._as_of, threads_of(threads), progress)
        return self._table("sustained", person_id=persons[:n], first=answers(first[:n]),
                           first_day=dates(first_day[:n]), any=answers(any_[:n]), any_day=dates(any_day[:n]))

    def survival(self, *, gap_days: int = 0, same_state: bool = False, threads: Optional[int] = None,
                 progress: Progress = None) -> Table:
        """Length of each person's first episode, for :func:`survival` and :func:`cumulative_incidence` of frames.

        With ``same_state`` only spells in the state of the first one make it, such as those with the same employer.

        Returns
        -------
        Table
            time_days, event, cause (not_employed, other_job; missing: still running).
        """
        np = numpy_of()
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
        np = numpy_of()
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
        np = numpy_of()
        number = _CLOCKS.index(word_of("clock", clock, _CLOCKS[1:]))
        counted = self._states_of(states)
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
    def _with_states(self, e: Error) -> Error:
        """An error that says a state's number, with its text."""
        if self._states is None:
            return e
        texts = self._states
        said = re.sub(r"(state|second one) (\d+)", lambda m: f"{m[1]} {texts[int(m[2])]}", e.message)
        return Error(said, e.code, e.status, -1 if e.row is None else e.row, column=e.column)

    def _but(self, person: Any, start: Any, end: Any, state: Any) -> "Spells":
        """The same with other spells."""
        made = object.__new__(Spells)
        made.__dict__.update(self.__dict__)
        made._person, made._start, made._end, made._state = person, start, end, state
        made.left_out = Left(0, 0, 0)
        return made

    def _given(self) -> Tuple[Any, Any, Any, Any]:
        return self._person, self._start, self._end, self._state

    def _states_of(self, states: Optional[Sequence[Any]]) -> Any:
        """States that count; None: all."""
        return None if states is None else self._numbers_of(states, "states")

    def _numbers_of(self, states: Sequence[Any], name: str) -> Any:
        np = numpy_of()
        wanted = [states] if isinstance(states, (str, int)) else list(states)
        if self._states is None:
            return whole_numbers(wanted, name)
        wrong = [v for v in wanted if str(v) not in self._states]
        if wrong:
            raise ValueError(f"{name}: no state {wrong[0]!r}; there are {', '.join(self._states)}")
        return np.array([self._states.index(str(v)) for v in wanted], "int32")

    def _asked(self, person: Any, day: Any) -> Tuple[Any, Any]:
        """People as this object numbers them (-1: not among them), and a day for each."""
        np = numpy_of()
        if self._people is None:
            people, labels = coded(person, "person")
            if labels is not None:
                raise TypeError("person: expected whole numbers, as in the spells")
        else:
            place = {v: i for i, v in enumerate(self._people)}
            items = person.tolist() if hasattr(person, "tolist") else list(person)
            people = np.fromiter((place.get(str(v), -1) for v in items), "int32", len(items))
        if isinstance(day, (str, datetime.date)):
            return people, np.full(len(people), day_of(day, "day"), "int32")
        days = whole_days(day, "day")
        if len(days) != len(people):
            raise ValueError(f"day: {len(days)} for {len(people)} people")
        return people, days

    def _person_of(self, person: Any) -> Any:
        """People asked for, in the form of a column."""
        return labelled(*coded(person, "person"))

    def _state_of(self, state: Any) -> Any:
        if self._states is not None:
            return CODE, numpy_of().where(state < 0, -1, state), self._states
        return I32, state, state == NO_DATE

    def _table(self, name: str, **columns: Any) -> Table:
        """A table of columns; person_id may be this object's numbers."""
        person = columns.get("person_id")
        if person is not None and not isinstance(person, tuple):
            columns["person_id"] = labelled(person, self._people)
        return table_of(name, {"as_of": str(self.as_of)}, **columns)


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
    np = numpy_of()
    given = np.asarray(codes.to_numpy() if hasattr(codes, "to_numpy") else codes)
    if given.ndim != 1 or given.dtype.kind not in "iu" or (len(given) and (given.min() < 0 or given.max() > 65535)):
        raise ValueError("codes: expected one dimension of whole numbers from 0 to 65535")
    given = np.ascontiguousarray(given, "uint16")
    starts = np.empty(len(given), "uint32")
    return starts[:core.spell_runs((starts,), (given,))]


def period_of(day: Any, clock: str = "month") -> Table:
    """The calendar period of each day.

    Parameters
    ----------
    day : date, "YYYY-MM-DD", or array of days
        As the starts of :class:`Spells`.
    clock : {"day", "week", "month", "quarter", "year", "month_of_weeks", "year_of_weeks"}
        ISO weeks from Monday to Sunday; those of weeks belong to the month or year of their Thursday.

    Returns
    -------
    Table
        day, start and end (the period's first and last day); missing where there is no day.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> fm.period_of("2024-04-29", "month_of_weeks").to_dict()["start"]  # its Thursday is 2 May
    [datetime.date(2024, 4, 29)]
    """
    np = numpy_of()
    days = whole_days([day] if isinstance(day, (str, datetime.date)) else day, "day")
    start, end = (np.empty(len(days), "int32") for _ in range(2))
    core.spell_period((start, end), (days,), _CLOCKS.index(word_of("clock", clock, _CLOCKS)))
    return table_of("periods", {}, day=dates(days), start=dates(start),
                    end=dates(np.where(end == NO_DATE, NO_DATE, end - (end != NO_DATE))))
