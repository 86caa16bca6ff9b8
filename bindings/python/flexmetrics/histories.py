"""Dated states of people under definitions of lasting work: milestones, lengths, starts."""
from __future__ import annotations

import datetime
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple, Union

from . import core
from .definition import LISTS, Definition, definitions_of
from .frames import listed
from .income_rules import doubles, word_of
from .run import NO_DATE, Date, Progress, day_of, threads_of
from .spell_columns import (OPEN, coded, columns_of, dates, fault, is_nothing, labelled, numpy_of, table_of,
                            whole_days)
from .survey import Columns
from .table import BOOL, CODE, DATE, I32, Table, as_table

_Definitions = Union[str, Definition, Sequence[Union[str, Definition]]]
_ALWAYS = -(2**31)


class _Units(NamedTuple):
    """Who is followed from when: five numbers each, what was given for the person, and further columns."""

    rows: Any
    person: Tuple[int, Any, Any]
    kept: Dict[str, Any]


class Histories:
    """What people's dated states say under definitions of lasting work.

    Parameters
    ----------
    person, start, end : arrays (n)
        Whose row it is, first and last day in the state, as for :class:`Spells`. Rows without a start are passed over.
    state : array of texts or whole numbers (n)
        Codes or aliases of the list benefit_state, such as 730 or "unemployment".
    kind : array of texts (n), optional
        Codes of the list placement_kind for rows that are placements; those rows need no state.
    employer : array of texts or whole numbers (n), optional
        For definitions with the employer ``"same"``; missing: none or unknown.
    hours : array of float64 (n), optional
        Hours a week, for definitions with ``hours_least``; NaN: not known.
    as_of, end_is
        As for :class:`Spells`.
    states, kinds : frame or path of a CSV file, optional
        Code lists of one's own in place of benefit_state and placement_kind.

    Raises
    ------
    Error
        A row has a state that the list does not have, or not on that day: ``row`` and ``column`` say where. The first
        question raises it, because definitions read the lists.
    ValueError
        A definition asks for incomes (``income_period``), which only a register has.

    Notes
    -----
    Rows may overlap and come in any order. A day with several states has, of bars, counts, untold, grace, left and
    other, the first (docs/methods/definitions.md).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> work = fm.Histories([1, 1, 2], ["2025-01-01", "2025-04-10", "2025-02-01"], ["2025-03-31", None, "2025-04-15"],
    ...                     ["employment"] * 3, as_of="2026-01-01")
    >>> units = {"person_id": [1, 2], "index": ["2025-01-01", "2025-02-01"]}
    >>> two_weeks = fm.Definition("two_weeks_bridged", gap_days=14, horizons=[3])
    >>> found = work.outcomes(units, ["strict", two_weeks], horizons=[3])
    >>> list(zip(found["definition"], found["status"]))  # 1 April is in the pause of person 1
    [('strict', False), ('strict', False), ('two_weeks_bridged', True), ('two_weeks_bridged', False)]
    """

    def __init__(self, person: Any, start: Any, end: Any, state: Any, *, kind: Any = None, employer: Any = None,
                 hours: Any = None, as_of: Date, end_is: str = "last_day", states: Any = None,
                 kinds: Any = None) -> None:
        np = numpy_of()
        word_of("end_is", end_is, ("last_day", "day_after"))
        if as_of is None:
            raise ValueError("as_of: expected the first day that the data do not cover, such as 2026-01-31")
        self.as_of = datetime.date(1970, 1, 1) + datetime.timedelta(days=day_of(as_of))
        self._as_of = day_of(as_of)
        people, self._people = coded(person, "person")
        first = whole_days(start, "start")
        last = np.full(len(first), NO_DATE, "int32") if end is None else whole_days(end, "end")
        last = np.where(last == NO_DATE, OPEN, last + (end_is == "last_day")).astype("int32")
        self._words: Dict[str, int] = {}
        word, is_kind = _numbered(state, "state", self._words), np.zeros(len(people), "uint8")
        if kind is not None:
            of_kind = _numbered(kind, "kind", self._words)
            is_kind = (of_kind >= 0).astype("uint8")
            word = np.where(of_kind >= 0, of_kind, word).astype("int32") if len(of_kind) == len(word) else of_kind
        self._employers: Dict[str, int] = {}
        works_for = (np.full(len(people), -1, "int32") if employer is None
                     else _numbered(employer, "employer", self._employers))
        paid = None if hours is None else np.asarray(doubles(hours, "hours"), "float64")
        for name, values in (("start", first), ("end", last), ("state", word), ("employer", works_for),
                             ("hours", paid)):
            if values is not None and len(values) != len(people):
                raise ValueError(f"{name}: {len(values)} for {len(people)} people")
        if (word < 0).any():
            raise fault("state", int((word < 0).argmax()), "a state is expected")
        order = np.lexsort((first, people))
        self._rows = order[first[order] != NO_DATE]  # of the caller, in order of person and start
        self._given = tuple(None if c is None else c[self._rows]
                            for c in (people, first, last, works_for, word, is_kind, paid))
        self._lists = [None if given is None else as_table(given, name) for given, name in zip((states, kinds),
                                                                                               LISTS[1:])]

    @classmethod
    def from_frame(cls, frame: Any, *, as_of: Date, person: str = "person_id", start: str = "start", end: str = "end",
                   state: str = "state", kind: Optional[str] = None, employer: Optional[str] = None,
                   hours: Optional[str] = None, **options: Any) -> "Histories":
        """Histories of a frame with columns of any name: pandas, polars, a mapping, a Table, or a CSV file's path."""
        more = {name: column for name, column in (("kind", kind), ("employer", employer), ("hours", hours))
                if column is not None}
        found = columns_of(frame, (person, start, end, state, *more.values()))
        return cls(*found[:4], as_of=as_of, **dict(zip(more, found[4:])), **options)

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"<flexmetrics.Histories: {len(self)} rows as of {self.as_of}>"

    # ---- questions ----
    def outcomes(self, units: Any, definitions: _Definitions = "strict", *, horizons: Any = None,
                 rule: Optional[str] = None, clock: Optional[str] = None, start: Optional[str] = None,
                 keep: Columns = None, person: str = "person_id", index: str = "index", employer: str = "employer",
                 observed_from: str = "observed_from", observed_to: str = "observed_to",
                 threads: Optional[int] = None, progress: Progress = None) -> Table:
        """Is each unit in lasting work at each horizon, under each definition?

        Parameters
        ----------
        units : Table, pandas.DataFrame, polars.DataFrame, mapping of columns, or path of a CSV file
            One row a person (or placement) and index day; :meth:`starts` gives them.
        definitions : str, Definition, or list of both
            Names of built-in definitions, or one's own.
        horizons, rule, clock, start : optional
            In place of those of every definition; ``start`` is its ``index``.
        keep : str or list of str, optional
            Columns of ``units`` that the result gets too, such as groups and weights.
        person, index : str
            Columns of the person and of the index day (of exit and benefit_end: the last day).
        employer, observed_from, observed_to : str
            Columns used where the frame has them: the employer of the index placement; first and last day observed
            (missing: always, and up to ``as_of``).

        Returns
        -------
        Table
            A row a definition, horizon and unit: person_id, unit (its row in ``units``), definition, clock, horizon,
            target (the last day that the answer needs), status (missing: not known), in_rate, reason (met, failed,
            left, not_yet, censored, untold, not_asked), n_yes and n_no (k_of_n: good and bad periods; cumulative:
            days). ``fm.status(table, definition="definition")`` makes rates of it.
        """
        np = numpy_of()
        asked = self._units(units, person, index, employer, observed_from, observed_to, keep)
        changes = {name: value for name, value in (("horizons", horizons), ("rule", rule), ("clock", clock),
                                                   ("index", start)) if value is not None}
        parts, keys = [], []
        for number, d in enumerate(definitions_of(definitions)):
            d = d.but(**changes) if changes else d
            rows, none = self._rows_of(d)
            for horizon in d.horizons:
                out = np.empty(6 * len(asked.rows), "int32")
                core.definition_outcomes((out,), d._list._handle, d.name, horizon, none, asked.rows.ravel(),
                                         rows.ravel(), threads_of(threads), progress)
                parts.append(out.reshape(-1, 6))
                keys.append((number, d.name, d.clock, horizon))
        target, status, in_rate, reason, n_yes, n_no = (c.copy() for c in np.concatenate(parts).T)
        n = len(asked.rows)
        return self._table("status", asked, np.tile(np.arange(n), len(parts)),
                           definition=_named([key[1] for key in keys], n), clock=_named([key[2] for key in keys], n),
                           horizon=(I32, np.repeat(np.array([key[3] for key in keys], "int32"), n), None),
                           target=dates(target), status=(BOOL, status == 1, status == 2),
                           in_rate=(BOOL, in_rate == 1, None), reason=(CODE, reason, core.definition_words()[3]),
                           n_yes=(I32, n_yes, None), n_no=(I32, n_no, None))

    def durations(self, units: Any, definitions: _Definitions = "strict", *, start: Optional[str] = None,
                  keep: Columns = None, person: str = "person_id", index: str = "index", employer: str = "employer",
                  observed_from: str = "observed_from", observed_to: str = "observed_to",
                  threads: Optional[int] = None, progress: Progress = None) -> Table:
        """How long is each unit in work without a break, under each definition?

        Parameters
        ----------
        units, definitions, start, keep, person, index, employer, observed_from, observed_to
            As for :meth:`outcomes`; rule, clock and horizons of a definition do not matter.

        Returns
        -------
        Table
            A row a definition and unit: person_id, unit, definition, entry_days (days before the first one observed),
            time_days (to the first day that does not count, or to the last on which an end can be recognised), event,
            reason (failed, left; not_yet, censored, untold). Units that are not seen in work are left out; the notes
            ``rows_<reason>`` count them. ``fm.survival(table, entry="entry_days", definition="definition")`` draws on
            it.
        """
        np = numpy_of()
        asked = self._units(units, person, index, employer, observed_from, observed_to, keep)
        reasons = core.definition_words()[3]
        parts, names, notes = [np.empty((0, 4), "int32")], [], {reason: 0 for reason in reasons}
        places = [np.empty(0, "int64")]
        for d in definitions_of(definitions):
            d = d if start is None else d.but(index=start)
            rows, none = self._rows_of(d)
            out = np.empty(4 * len(asked.rows), "int32")
            core.definition_durations((out,), d._list._handle, d.name, none, asked.rows.ravel(), rows.ravel(),
                                      threads_of(threads), progress)
            found = out.reshape(-1, 4)
            seen = found[:, 1] > found[:, 0]
            for reason in found[~seen, 3].tolist():
                notes[reasons[reason]] += 1
            parts.append(found[seen])
            places.append(np.flatnonzero(seen))
            names.append(d.name)
        entry, days, ended, reason = (c.copy() for c in np.concatenate(parts).T)
        which = np.repeat(np.arange(len(names), dtype="int32"), [len(part) for part in parts[1:]])
        return self._table("survival", asked, np.concatenate(places), definition=(CODE, which, names),
                           entry_days=(I32, entry, None), time_days=(I32, days, None), event=(BOOL, ended == 1, None),
                           reason=(CODE, reason, reasons),
                           _notes={f"rows_{reason}": str(n) for reason, n in notes.items() if n})

    def starts(self, definition: Union[str, Definition] = "weekly_strict", people: Any = None, *, first: bool = False,
               keep: Columns = None, person: str = "person_id", observed_from: str = "observed_from",
               observed_to: str = "observed_to", threads: Optional[int] = None, progress: Progress = None) -> Table:
        """First days of runs of work that are seen to begin, for the index ``work``.

        The day before is observed and does not count, and no earlier run can reach over the pause that it ends.

        Parameters
        ----------
        definition : str or Definition
            What counts; its index is taken as ``work``.
        people : frame, optional
            A row a person, with the columns named; None: everybody, observed from the first day in any row.
        first : bool
            Only the first start of each.
        keep, person, observed_from, observed_to
            As for :meth:`outcomes`.

        Returns
        -------
        Table
            person_id, index (the day), observed_from, observed_to: units for :meth:`outcomes` and :meth:`durations`
            of a definition with the index ``work``.
        """
        np = numpy_of()
        d = definitions_of(definition)[0]
        d = d if d.index == "work" else d.but(index="work")
        if people is None:
            numbers = np.unique(self._given[0])
            earliest = int(self._given[1].min()) if len(numbers) else _ALWAYS
            rows = np.empty((len(numbers), 5), "int32")
            rows[:] = (0, self._as_of, -1, earliest, self._as_of)
            rows[:, 0] = numbers
            asked = _Units(rows, labelled(numbers, self._people), {})
        else:
            asked = self._units(people, person, None, None, observed_from, observed_to, keep)
        order = np.argsort(asked.rows[:, 0], kind="stable")
        given = asked.rows[order]
        twice = given[1:, 0] == given[:-1, 0]
        if twice.any():
            raise fault(person, int(order[1:][twice].min()), "each person once is expected")
        rows, none = self._rows_of(d)
        out = np.empty(5 * (len(given) + len(rows)), "int32")
        n = core.definition_starts((out,), d._list._handle, d.name, none, given.ravel(), rows.ravel(),
                                   threads_of(threads), progress)
        found = out[:5 * n].reshape(-1, 5)
        if first and n:
            found = found[np.r_[True, found[1:, 0] != found[:-1, 0]]]
        of = order[np.searchsorted(given[:, 0], found[:, 0])]
        return self._table("starts", asked, of, index=(DATE, found[:, 1], None),
                           observed_from=dates(found[:, 3]), observed_to=(DATE, found[:, 4] - 1, None))

    # ---- parts ----
    def _rows_of(self, d: Definition) -> Tuple[Any, int]:
        """Five numbers a row that says something, and what a day without a record counts as."""
        np = numpy_of()
        if d.fields["income_period"]:
            raise ValueError(f"definition {d.name}: it asks for incomes by {d.row['income_period']}, which histories "
                             "do not have; a register with the table incomes answers it, "
                             ".but(income_period=None) leaves the test out")
        people, first, last, employer, word, is_kind, hours = self._given
        counts, entry = (np.empty(len(people), "int32") for _ in range(2))
        handles = [None if table is None else table._handle for table in self._lists]
        none = core.definition_rows((counts, entry), d._list._handle, d.name, *handles, tuple(self._words),
                                    (word, first, is_kind, hours))
        wrong = entry < 0
        if wrong.any():
            row = int(self._rows[wrong].min())
            at = int(np.flatnonzero(self._rows == row)[0])
            name, column = (LISTS[2], "kind") if is_kind[at] else (LISTS[1], "state")
            when = "" if entry[at] == -1 else f" on {datetime.date(1970, 1, 1) + datetime.timedelta(int(first[at]))}"
            raise fault(column, row, f"the list {name} has no state \"{list(self._words)[word[at]]}\"{when}")
        rows = np.stack([people, first, last, employer, counts], axis=1).astype("int32")
        return np.ascontiguousarray(rows[counts != 0]), none

    def _units(self, frame: Any, person: str, index: Optional[str], employer: Optional[str], observed_from: str,
               observed_to: str, keep: Columns) -> _Units:
        np = numpy_of()
        if not hasattr(frame, "keys") and not hasattr(frame, "columns"):
            frame = as_table(frame, "units")
        there = [str(name) for name in (frame.columns if hasattr(frame, "columns") else frame)]
        some = [name for name in (employer, observed_from, observed_to) if name is not None and name in there]
        kept = listed(keep)
        names = list(dict.fromkeys([person, *([] if index is None else [index]), *some, *kept]))
        found = dict(zip(names, columns_of(frame, names)))
        codes, labels = coded(found[person], person)
        if (labels is None) != (self._people is None) and len(codes):
            kind = "whole numbers" if self._people is None else "texts"
            raise TypeError(f"{person}: expected {kind}, as in the rows")
        rows = np.empty((len(codes), 5), "int32")
        rows[:, 0] = codes if labels is None else self._places(codes, labels)
        rows[:, 1] = self._as_of if index is None else whole_days(found[index], index)
        if (rows[:, 1] == NO_DATE).any():
            raise fault(index or "", int((rows[:, 1] == NO_DATE).argmax()), "an index day is expected")
        rows[:, 2] = -1
        if employer in some:
            rows[:, 2] = _numbered(found[employer], employer or "", dict(self._employers))
        rows[:, 3] = whole_days(found[observed_from], observed_from) if observed_from in some else _ALWAYS
        rows[:, 4] = self._as_of
        if observed_to in some:
            last = whole_days(found[observed_to], observed_to)
            rows[:, 4] = np.where(last == NO_DATE, self._as_of, np.minimum(last + 1, self._as_of))
        return _Units(rows, labelled(codes, labels), {name: found[name] for name in kept})

    def _places(self, codes: Any, labels: List[str]) -> Any:
        """People as the rows number them; others after all of these."""
        place = {v: i for i, v in enumerate(self._people or [])}
        return numpy_of().array([place.get(v, len(place) + i) for i, v in enumerate(labels)], "int32")[codes]

    def _table(self, name: str, asked: _Units, of: Any, _notes: Optional[Dict[str, str]] = None,
               **columns: Any) -> Table:
        """A table of rows of the units `of`."""
        np = numpy_of()
        kind, codes, labels = asked.person
        out = table_of(name, {"as_of": str(self.as_of), **(_notes or {})}, person_id=(kind, codes[of], labels),
                       unit=(I32, of.astype("int32"), None), **columns)
        if not asked.kept:
            return out
        kept = {column: values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(values, object)
                for column, values in asked.kept.items() if column not in out.columns}
        return out.with_columns({column: _given_type(values[of]) for column, values in kept.items()})


def _given_type(values: Any) -> Any:
    return values.tolist() if values.dtype.kind == "O" else values


def _named(names: List[str], n: int) -> Tuple[int, Any, List[str]]:
    """A column of texts, each n times."""
    np = numpy_of()
    texts = list(dict.fromkeys(names))
    return CODE, np.repeat(np.array([texts.index(name) for name in names], "int32"), n), texts


def _numbered(values: Any, name: str, places: Dict[str, int]) -> Any:
    """A number for each text or whole number, in the order in which they come; -1 for none."""
    np = numpy_of()
    if hasattr(values, "cat"):
        texts, codes = [str(v) for v in values.cat.categories], np.asarray(values.cat.codes, "int64")
    else:
        kind = getattr(getattr(values, "dtype", None), "kind", "O")
        items = values.tolist() if hasattr(values, "tolist") else list(values)
        seen: Dict[Any, int] = {}
        codes = np.fromiter((-1 if is_nothing(v) else seen.setdefault(v, len(seen)) for v in items), "int64",
                            len(items))
        for v in seen:
            if not isinstance(v, str) and not (kind != "b" and v == int(v)):
                raise fault(name, int((codes == seen[v]).argmax()), "a text or a whole number is expected")
        texts = [v if isinstance(v, str) else str(int(v)) for v in seen]
    number = np.array([*(places.setdefault(text, len(places)) for text in texts), -1], "int32")
    return number[codes]
