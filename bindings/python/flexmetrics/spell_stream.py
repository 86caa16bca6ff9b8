"""Spells that come in batches: one state a day in the memory of one person."""
from __future__ import annotations

import datetime
from typing import Any, List, Optional, Sequence

from . import core
from .run import NO_DATE, Date, day_of
from .spell import POLICIES, Left, Spells
from .spell_columns import coded, columns_of, fault, numpy_of, whole_days
from .income_rules import word_of


class SpellStream:
    """Spells of more rows than memory holds: add batches, take whole people, ready for every question.

    What comes out is that of one :meth:`Spells.resolve` of all rows, to the bit, whatever the batches.

    Parameters
    ----------
    as_of : date or "YYYY-MM-DD"
        Start of the first day that the data do not cover.
    policy, ranking, gap_days
        As for :meth:`Spells.resolve`.
    states : list of texts, optional
        All states, when they are texts; without it states are whole numbers (or ``ranking`` names them).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> stream = fm.SpellStream(as_of="2025-06-01", states=["benefit", "work"])
    >>> stream.add(["a", "a"], ["2025-01-01", "2025-02-01"], ["2025-01-31", "2025-02-28"], ["work", "work"])
    0
    >>> stream.add(["b"], ["2025-03-01"], [None], ["benefit"])  # a is complete: both spells are one
    1
    >>> stream.take().table().to_dict()["end"]
    [datetime.date(2025, 2, 28)]
    >>> stream.finish(), len(stream.take())
    (1, 1)
    """

    def __init__(self, *, as_of: Date, policy: str = "error", ranking: Optional[Sequence[Any]] = None,
                 gap_days: int = 0, states: Optional[Sequence[str]] = None) -> None:
        if as_of is None:
            raise ValueError("as_of: expected the first day that the data do not cover, such as 2026-01-31")
        number = POLICIES.index(word_of("policy", policy, POLICIES))
        if (policy == "priority") != (ranking is not None):
            raise ValueError(f"ranking: belongs to policy=\"priority\", which needs it; got policy={policy!r}")
        self._as_of = day_of(as_of)
        order = list(ranking) if ranking is not None else None
        if states is None and order is not None and all(isinstance(v, str) for v in order):
            states = order
        self._states: Optional[List[str]] = None if states is None else sorted(set(states))
        self._union = policy == "union"
        self._labels: Optional[List[str]] = None  # of people not taken yet, in order
        self._first = 0
        self._rows = 0
        self._ready = 0
        numbers = None if order is None else self._state_numbers(order, "ranking")
        self._handle = core.spell_stream_create((numbers,), number, gap_days, self._as_of)

    def add(self, person: Any, start: Any, end: Any, state: Any = None) -> int:
        """Add rows: people in rising order over all batches, within a person in any order. Spells that can be taken.

        Columns as those of :class:`Spells` (last days). A batch may end in the middle of a person. Rows that are no
        spell leave no trace. An error names the row, counted over all batches; the stream takes no more then.
        """
        np = numpy_of()
        days, last = whole_days(start, "start"), (np.full(len(start), NO_DATE, "int32") if end is None
                                                  else whole_days(end, "end"))
        people = self._people_of(person)
        states = None if state is None else self._state_numbers(state, "state")
        for name, values in (("start", days), ("end", last), ("state", states)):
            if values is not None and len(values) != len(people):
                raise ValueError(f"{name}: {len(values)} for {len(people)} people")
        core.spell_from_closed((days, last), (None,), self._as_of)
        self._ready = core.spell_stream_add(self._handle, (people, days, last, states))
        self._rows += len(people)
        return self._ready

    def add_frame(self, frame: Any, *, person: str = "person_id", start: str = "start", end: str = "end",
                  state: Optional[str] = None) -> int:
        """Add the rows of a frame with columns of any name, as :meth:`Spells.from_frame` reads it."""
        return self.add(*columns_of(frame, (person, start, end, *([] if state is None else [state]))))

    def finish(self) -> int:
        """No more rows: the last person is complete, too. Spells that can be taken."""
        self._ready = core.spell_stream_finish(self._handle)
        return self._ready

    def take(self) -> Spells:
        """All spells that are ready, whole people in order; they leave the stream."""
        out = tuple(numpy_of().empty(self._ready, "int32") for _ in range(4))
        core.spell_stream_take(out, self._handle)
        person, start, end, state = out
        self._ready = 0
        made = object.__new__(Spells)
        labels = None
        if self._labels is not None:
            used = int(person[-1]) + 1 - self._first if len(person) else 0
            labels, self._labels = self._labels[:used], self._labels[used:]
            person, self._first = person - self._first, self._first + used
        made.__dict__.update(as_of=datetime.date(1970, 1, 1) + datetime.timedelta(days=self._as_of),
                             _as_of=self._as_of, left_out=Left(0, 0, 0), _person=person, _people=labels, _start=start,
                             _end=end, _state=None if self._union else state,
                             _states=None if self._union else self._states)
        return made

    def _people_of(self, person: Any) -> Any:
        """Numbers that rise as the people do; texts are numbered as they come."""
        codes, texts = coded(person, "person")
        if texts is None:
            if self._labels is not None and len(codes):
                raise TypeError("person: expected texts, as in the batches before")
            return codes
        if self._labels is None:
            if self._rows:
                raise TypeError("person: expected whole numbers, as in the batches before")
            self._labels = []
        place = []
        for row, code in enumerate(codes.tolist()):
            text = texts[code]
            if not self._labels or text > self._labels[-1]:
                self._labels.append(text)
            elif text != self._labels[-1]:
                raise fault("person", self._rows + row, "people are expected in rising order over all batches")
            place.append(self._first + len(self._labels) - 1)
        return numpy_of().array(place, "int32")

    def _state_numbers(self, values: Any, name: str) -> Any:
        codes, texts = coded(values, name)
        if self._states is None:
            if texts is not None:
                raise ValueError(f"{name}: texts need states=[...], all that there are")
            return codes
        place = {v: i for i, v in enumerate(self._states)}
        numbers = [place.get(str(v)) for v in (codes.tolist() if texts is None else texts)]
        for v, number in zip(codes.tolist() if texts is None else texts, numbers):
            if number is None:
                raise ValueError(f"{name}: no state {v!r}; there are {', '.join(self._states)}")
        found = numpy_of().array(numbers, "int32")
        return found if texts is None else found[codes]
