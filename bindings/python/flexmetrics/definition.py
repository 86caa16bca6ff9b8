"""Definitions of lasting work as data: the built-in ones, and one's own."""
from __future__ import annotations

import functools
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple, Union

from . import core
from .catalogue import codes
from .error import Error
from .table import Table, as_table

LISTS = ("retention_definition", "benefit_state", "placement_kind")
_WORDS = ("success", "barring", "grace", "leaves", "censors", "untold", "course")
_TOLD = ("code", "aliases", "valid_from", "valid_to", "label_en", "label_da", "text_en", "text_da", "source", "status",
         "note")
_COUNTS = ("ignored", "other", "left", "grace", "untold", "counts", "bars", "censors")
Words = Union[None, str, Iterable[str]]


@functools.lru_cache(maxsize=None)
def _columns() -> Tuple[str, ...]:
    """Fields of a definition: columns of the list that the library reads."""
    return tuple(name for name in codes(LISTS[0]).columns if name not in _TOLD)


def definitions() -> Table:
    """The built-in definitions of lasting work, a row each, with all their fields (docs/methods/definitions.md).

    >>> import flexmetrics as fm
    >>> fm.definitions()["code"][:3]
    ['strict', 'non_benefit', 'grace_4_weeks']
    """
    return codes(LISTS[0])


class Definition:
    """What counts as lasting work: which states count, from which day, by which clock, and what is asked.

    Parameters
    ----------
    name : str
        Printed with every result.
    success : str or list of str
        States that count: codes or aliases of the lists benefit_state and placement_kind, ``column=value`` for all of
        which a list says so, ``(none)`` for days without a record; a word after ``!`` takes states away.
    rule : {"point", "k_of_n", "continuous", "cumulative"}
        On the day (or some day of the calendar period), in ``needed`` of the periods up to the horizon, on every day up
        to it (with ``episode="any"``: in a run of ``needed`` days or weeks up to it), on ``needed`` days (weeks) up to
        it.
    clock : {"days", "weeks", "months", "calendar_months", "quarters"}
        What horizons are counted in.
    horizons : int, list of int, or text such as "3,6,12"
        How long after the index day.
    index : {"placement", "ordinary", "exit", "benefit_end", "work"}
        From which day people are followed. :class:`Histories` takes the days themselves; that they are last days
        (exit, benefit_end) matters: counting begins on the day after.
    needed : int, optional
        k_of_n, cumulative, and continuous with ``episode="any"``: how many.
    periods : {"any_day", "every_day"}, optional
        k_of_n: when a period is good.
    episode : {"first", "any"}, optional
        continuous by days or weeks: from the start, or an unbroken run that begins anywhere.
    first_month, base : int, optional
        Calendar months: the first one counted; the earlier period in which those who are asked are in work.
    employer : {"any", "same"}, optional
        Whether only work with the employer of the index placement counts.
    subsidised : bool
        Whether subsidised work counts.
    hours_least : float, optional
        Hours a week that a row must have to count.
    income_period : {"month", "week_month", "quarter"}, optional
        A day that counts needs an income in its calendar month, in the month of the Thursday of its week, or in its
        quarter: rows of the register's table incomes. :class:`Histories` has no incomes and refuses such a definition.
    income_least : float, optional
        With ``income_period``: the least sum of the period's incomes; None or 0: any record of one.
    barring, leaves, censors, untold, course : str or list of str, optional
        States on whose days nothing counts; that are an exit of their own; after which nothing is known; of which it is
        not known whether they count; that make a course of benefit.
    gap_days : int, optional
        Pauses of at most so many days are bridged, whatever fills them.
    grace, grace_days : str or list of str, int, optional
        Pauses of at most so many days in these states are bridged, too.
    least_run_days : int, optional
        Shorter runs do not count.

    Raises
    ------
    Error
        The fields contradict one another, or a value is none of the words; the message says which.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> fm.Definition("half_time", hours_least=18.5, horizons=[6, 12])
    <flexmetrics.Definition 'half_time': point, 6,12 months from placement>
    >>> fm.Definition.named("uk_sustained").horizons
    [13, 26]
    """

    def __init__(self, name: str = "own", *, success: Words = "work=yes", rule: str = "point", clock: str = "months",
                 horizons: Union[int, str, Sequence[int]] = (3, 6, 12), index: str = "placement",
                 needed: Optional[int] = None, periods: Optional[str] = None, episode: Optional[str] = None,
                 first_month: Optional[int] = None, base: Optional[int] = None, employer: Optional[str] = None,
                 subsidised: bool = True, hours_least: Optional[float] = None,
                 income_least: Optional[float] = None, income_period: Optional[str] = None, barring: Words = None,
                 grace: Words = None, gap_days: Optional[int] = None, grace_days: Optional[int] = None,
                 least_run_days: Optional[int] = None, leaves: Words = None, censors: Words = None,
                 untold: Words = None, course: Words = None) -> None:
        given = dict(locals())
        self._take(name, {key: _text(key, given[key]) for key in _columns() if key in given})

    def _take(self, name: str, row: Mapping[str, Optional[str]]) -> None:
        self.row: Dict[str, Optional[str]] = {"code": str(name), **{key: row.get(key) for key in _columns()}}
        self._list = Table.from_columns({key: [value] for key, value in self.row.items()}, LISTS[0])
        try:
            self.fields: Dict[str, Any] = core.definition_read(self._list._handle, str(name))
        except Error as e:
            # the row of a list of one definition says nothing
            raise Error(e.message, e.code, e.status, column=e.column) from None
        rules, clocks, indexes, _ = core.definition_words()
        self.name: str = self.fields["name"]
        self.rule: str = rules[self.fields["rule"]]
        self.clock: str = clocks[self.fields["clock"]]
        self.index: str = indexes[self.fields["index"]]
        self.horizons: List[int] = list(self.fields["horizons"])

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Definition":
        """A definition from a row of a list: a dict or a pandas row with the columns of :func:`definitions`.

        >>> import flexmetrics as fm
        >>> fm.Definition.from_row({"code": "three_weeks", "success": "work=yes", "clock": "weeks", "horizons": "3"})
        <flexmetrics.Definition 'three_weeks': point, 3 weeks from placement>
        """
        given = {str(key): row[key] for key in row.keys()}
        unknown = [key for key in given if key not in _columns() and key not in _TOLD]
        if unknown:
            raise TypeError(f"a definition has no field {unknown[0]!r}; there are {', '.join(_columns())}")
        made = object.__new__(cls)
        made._take(given.get("code", "own"), {key: _text(key, value) for key, value in given.items()
                                              if key in _columns()})
        return made

    @classmethod
    def named(cls, name: str, list: Any = None) -> "Definition":
        """A definition by its name: of a list of one's own (a frame, or the path of a CSV file), or a built-in one."""
        for table in [] if list is None else [as_table(list, LISTS[0])]:
            for row in table.rows():
                if row.get("code") == name:
                    return cls.from_row(row)
        core.definition_read(None, name)  # which says what names there are
        return next(cls.from_row(row) for row in definitions().rows()
                    if name == row["code"] or name in (row["aliases"] or "").split("|"))

    def but(self, **changes: Any) -> "Definition":
        """The same with other fields; what belongs to a rule, clock or index that is replaced goes with it.

        >>> import flexmetrics as fm
        >>> fm.Definition.named("strict").but(clock="weeks", horizons=[4, 13])
        <flexmetrics.Definition 'strict': point, 4,13 weeks from placement>
        """
        wrong = [key for key in changes if key not in _columns() and key != "name"]
        if wrong:
            raise TypeError(f"a definition has no field {wrong[0]!r}; there are name, {', '.join(_columns())}")
        row = dict(self.row)
        if "index" in changes and changes["index"] != "benefit_end":
            row["course"] = None
        rule = changes.get("rule")
        row["periods"] = row["periods"] if rule in (None, "k_of_n") else None
        row["episode"] = row["episode"] if rule in (None, "continuous") else None
        if rule == "point" or (rule == "continuous" and row["episode"] != "any"):
            row["needed"] = None
        if "clock" in changes and changes["clock"] != "calendar_months":
            row["first_month"] = None
        if changes.get("income_period", "") in (None, "none"):
            row["income_least"] = None
        row.update({key: _text(key, value) for key, value in changes.items() if key != "name"})
        return self.from_row({**row, "code": changes.get("name", self.name)})

    def states(self, *, states: Any = None, kinds: Any = None) -> Table:
        """What each state counts as under this definition.

        Parameters
        ----------
        states, kinds : frame or path of a CSV file, optional
            Lists of one's own in place of benefit_state and placement_kind.

        Returns
        -------
        Table
            list, code, label_en, label_da, counts_as: counts, grace (may fill a bridged pause), left (an exit of its
            own), bars (nothing counts that day), untold (not known whether it counts), censors, other (does not count)
            and ignored (says nothing about its days). The row ``(none)`` is a day without any record.
        """
        own = [None if given is None else as_table(given, name) for given, name in zip((states, kinds), LISTS[1:])]
        handles = [None if table is None else table._handle for table in own]
        *found, none = core.definition_states(self._list._handle, self.name, *handles)
        out: Dict[str, List[Any]] = {"list": [], "code": [], "label_en": [], "label_da": [], "counts_as": []}
        for name, table, counts in zip(LISTS[1:], own, found):
            rows = (codes(name) if table is None else table).to_dict()
            blank = [None] * len(counts)
            out["list"] += [name] * len(counts)
            out["code"] += [str(code) for code in rows["code"]]
            out["label_en"] += rows.get("label_en", blank)
            out["label_da"] += rows.get("label_da", blank)
            out["counts_as"] += [_COUNTS[c] for c in counts]
        for key, value in zip(out, (None, "(none)", "no record", "ingen oplysning", _COUNTS[none])):
            out[key].append(value)
        return Table.from_columns(out, "states", {"definition": self.name})

    def __repr__(self) -> str:
        return (f"<flexmetrics.Definition {self.name!r}: {self.rule}, {self.fields['horizons_text']} {self.clock} from "
                f"{self.index}>")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Definition) and self.row == other.row

    def __hash__(self) -> int:
        return hash(tuple(self.row.items()))

    def __reduce__(self) -> Any:
        return Definition.from_row, (self.row,)


def states_named(words: Words, list: str = "benefit_state", own: Any = None) -> List[str]:
    """Codes of a list that words of a definition name.

    Parameters
    ----------
    words : str or list of str
        As ``success`` of :class:`Definition`, without ``(none)``.
    list : {"benefit_state", "placement_kind"}
        The built-in list.
    own : frame or path of a CSV file, optional
        A list of one's own in its place.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> fm.states_named("work=yes !subsidised=yes", "placement_kind")
    ['ordinary', 'small_job', 'igu', 'self_employment']
    """
    table = codes(list) if own is None else as_table(own, list)
    named = core.definition_match(_text("words", words) or "", None if own is None else table._handle, list)
    return [str(code) for code, hit in zip(table["code"], named) if hit]


def definition_list(given: Any) -> Table:
    """Definitions as a list that a register takes: ``retention_definition.csv`` of its folder of code lists.

    Parameters
    ----------
    given : str, Definition, or list of both
        Names of built-in definitions, or one's own.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> own = fm.Definition("half_time", hours_least=18.5)
    >>> fm.definition_list(["strict", own])["hours_least"]
    [None, '18.5']
    >>> fm.definition_list(own).to_pandas().to_csv("codes/retention_definition.csv", index=False)  # doctest: +SKIP
    >>> fm.Register.read("data", codes="codes").status(definition="half_time")                    # doctest: +SKIP
    """
    rows = [d.row for d in definitions_of(given)]
    return Table.from_columns({key: [row[key] for row in rows] for key in ("code", *_columns())}, LISTS[0])


def definitions_of(given: Any) -> List[Definition]:
    """Definitions given by name, as objects, or several of both."""
    several = [given] if isinstance(given, Definition) else given.split(",") if isinstance(given, str) else [*given]
    out = [item if isinstance(item, Definition) else Definition.named(str(item).strip()) for item in several]
    names = [d.name for d in out]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"definitions: {name} is named twice; .but(name=...) gives one of them another name")
    return out


def _text(key: str, value: Any) -> Optional[str]:
    """A cell as the list holds it."""
    if value is None or value != value or type(value).__name__ == "NAType" or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)) or (hasattr(value, "__iter__") and not isinstance(value, str)):
        return (" " if key in (*_WORDS, "words") else ",").join(str(v) for v in value)
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return str(value)
