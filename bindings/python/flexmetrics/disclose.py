"""Disclosure control: which figures about few people must be hidden, and what could be worked out of the rest.

>>> import flexmetrics as fm
>>> answer = fm.disclose.protect([[3, 20, 9], [8, 30, 9]])
>>> answer.hidden
[[True, False, True], [True, False, True]]
>>> answer.safe, answer.optimal, answer.n_further
(True, True, 3)
"""
from __future__ import annotations

import array
import secrets
from typing import Any, Callable, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

from . import core
from .income_rules import doubles

__all__ = ["Figure", "LinkedRanges", "Protected", "Ranges", "SumAnswer", "at_least", "at_most", "between", "check",
           "count_is_shown", "curve", "known", "linked", "linked_ranges", "new_secret", "pair_is_shown", "protect",
           "quantile_is_shown", "ranges", "round_nearest", "round_random", "share_is_shown", "sum_rule"]

_OBJECTIVES = {"cells": 0, "sum": 1}
_KINDS = {"figure": 0, "fixed": 1, "secret": 2, "link": 3}
_CHANGES = {"changed": 0, "grew": 1, "shrank": 2}
_NO_LOWER, _NO_UPPER = -2**63, 2**63 - 1


class Protected(NamedTuple):
    """What :func:`protect`, :func:`linked` and :func:`between` give."""

    hidden: Any  #: True for what must be hidden, in the form of the input
    safe: bool  #: False: nothing protects every small count; do not publish, nor the sums
    optimal: bool  #: proved that no pattern hides less
    n_small: int  #: counts from 1 to threshold - 1
    n_further: int  #: others that are hidden, too
    sum_further: int  #: people in them
    reached: int  #: the objective: their number or people
    lower_bound: int  #: proved: no safe pattern has less of the objective


class Ranges(NamedTuple):
    """The least and the most that each cell can be to an outsider, in the form of the input."""

    low: Any
    high: Any


class LinkedRanges(NamedTuple):
    """The same for named figures; ``exact`` is True where no table goes further."""

    low: Dict[Any, int]
    high: Dict[Any, int]
    exact: Dict[Any, bool]


class SumAnswer(NamedTuple):
    """What :func:`sum_rule` says of a sum."""

    total: float
    largest_share: float
    remainder: float
    few: bool
    dominated: bool
    within_p: bool
    is_shown: bool


class Figure(NamedTuple):
    """A figure as a sum of cells: their keys, or keys and coefficients.

    ``kind`` is "figure" (a count that is shown unless it is hidden), "fixed" (shown in any case), "secret" (never
    shown, protected when small) or "link" (says by its bounds what everyone knows).
    """

    cells: Union[Iterable[Any], Mapping[Any, int]]
    kind: str = "figure"
    at_least: Optional[int] = None
    at_most: Optional[int] = None


# ---- tables in, tables out ----

Shape = Callable[[Sequence[Any], type], Any]


def _whole(values: Any, name: str) -> "array.array[int]":
    if hasattr(values, "dtype") and values.dtype.kind not in "iubO":
        raise TypeError(f"{name}: expected whole numbers, got {values.dtype}")
    try:
        return array.array("q", [int(v) if v == int(v) else _refuse(name, v) for v in values])
    except (TypeError, ValueError) as error:
        if isinstance(error, ValueError) and str(error).startswith(name):
            raise
        raise TypeError(f"{name}: expected whole numbers") from None


def _refuse(name: str, value: Any) -> int:
    raise ValueError(f"{name}: expected whole numbers, got {value!r}")


def _table(values: Any, name: str) -> Tuple["array.array[int]", int, int, Shape]:
    """The cells row by row, the shape, and what puts a flat result into the form that came."""
    if hasattr(values, "columns") and hasattr(values, "to_numpy"):
        flat, rows, columns, _ = _table(values.to_numpy(), name)

        def framed(cells: Sequence[Any], kind: type) -> Any:
            body = [[kind(v) for v in cells[i * columns:(i + 1) * columns]] for i in range(rows)]
            return type(values)(body, index=values.index, columns=values.columns)

        return flat, rows, columns, framed
    if hasattr(values, "to_numpy"):
        values = values.to_numpy()
    if hasattr(values, "ndim"):
        import numpy

        data = values
        if data.ndim not in (1, 2):
            raise TypeError(f"{name}: expected one or two dimensions, got {data.ndim}")
        rows, columns = (data.shape[0], 1) if data.ndim == 1 else data.shape
        return (_whole(data.reshape(-1), name), int(rows), int(columns),
                lambda cells, kind: numpy.array([kind(v) for v in cells], dtype=kind).reshape(data.shape))
    lines = list(values)
    if not any(isinstance(line, (list, tuple)) for line in lines):
        return _whole(lines, name), len(lines), 1, lambda cells, kind: [kind(v) for v in cells]
    columns = len(lines[0])
    if any(not isinstance(line, (list, tuple)) or len(line) != columns for line in lines):
        raise ValueError(f"{name}: expected rows of one length")
    return (_whole([v for line in lines for v in line], name), len(lines), columns,
            lambda cells, kind: [[kind(v) for v in cells[i * columns:(i + 1) * columns]] for i in range(len(lines))])


def _marks(values: Any, name: str, rows: int, columns: int) -> bytearray:
    if values is None:
        return bytearray(rows * columns)
    flat, n_rows, n_columns, _ = _table(values, name)
    if (n_rows, n_columns) != (rows, columns):
        raise ValueError(f"{name}: expected the shape of the counts, {rows} x {columns}, got {n_rows} x {n_columns}")
    if any(v not in (0, 1) for v in flat):
        raise ValueError(f"{name}: expected True and False")
    return bytearray(flat.tolist())


def _choice(word: str, words: Mapping[str, int], name: str) -> int:
    if word not in words:
        raise ValueError(f"{name}: expected {', '.join(words)}, got {word!r}")
    return words[word]


def _options(threshold: int, n_values: Optional[int], reaches_threshold: bool, floor: Optional[int], objective: str,
             hides_zeros: bool, effort: Optional[int]) -> Dict[str, int]:
    options = {"threshold": threshold, "n_values": n_values or 0, "reaches_threshold": int(reaches_threshold),
               "floor": -1 if floor is None else floor, "objective": _choice(objective, _OBJECTIVES, "objective"),
               "hides_zeros": int(hides_zeros)}
    if effort is not None:
        options["effort"] = effort
    return options


def _protected(hidden: Any, answer: Tuple[int, ...]) -> Protected:
    return Protected(hidden, bool(answer[0]), bool(answer[1]), *answer[2:])


def protect(counts: Any, *, threshold: int = 5, hidden: Any = None, structural: Any = None,
            n_values: Optional[int] = None, reaches_threshold: bool = True, floor: Optional[int] = None,
            objective: str = "cells", hides_zeros: bool = True, effort: Optional[int] = None) -> Protected:
    """Which cells of a table are hidden when its row sums, column sums and total are published.

    Parameters
    ----------
    counts : two-dimensional array, DataFrame or list of rows
        Counts of people; one dimension is a list of parts of a published total.
    threshold : int
        Counts from 1 to ``threshold - 1`` are hidden and protected.
    hidden, structural : same shape, optional
        Cells that are hidden already, and cells that everyone knows to be 0, which are never hidden.
    n_values : int, optional
        Values that each small cell must keep open; the threshold unless given.
    reaches_threshold : bool
        The threshold must be among them.
    floor : {0, 1}, optional
        What an outsider takes a hidden count to be at least; None: 1 as long as no zero is hidden.
    objective : {"cells", "sum"}
        Hide few further cells, or cells with few people.
    hides_zeros : bool
        Whether zeros may be hidden where nothing else helps.
    effort : int, optional
        Steps of the search.
    """
    flat, rows, columns, shape = _table(counts, "counts")
    marks = _marks(hidden, "hidden", rows, columns)
    fixed = None if structural is None else _marks(structural, "structural", rows, columns)
    options = _options(threshold, n_values, reaches_threshold, floor, objective, hides_zeros, effort)
    answer = core.disclose_protect((marks,), (flat, fixed), rows, columns, options)
    return _protected(shape(marks, bool), answer)


def ranges(counts: Any, hidden: Any, *, structural: Any = None, floor: Optional[int] = None) -> Ranges:
    """The exact bounds that an outsider can work out for each cell of a table with its sums published."""
    flat, rows, columns, shape = _table(counts, "counts")
    marks = _marks(hidden, "hidden", rows, columns)
    fixed = None if structural is None else _marks(structural, "structural", rows, columns)
    low, high = array.array("q", bytes(8 * len(flat))), array.array("q", bytes(8 * len(flat)))
    core.disclose_ranges((low, high), (flat, marks, fixed), rows, columns, -1 if floor is None else floor)
    return Ranges(shape(low, int), shape(high, int))


def known(counts: Any, hidden: Any, *, floor: int = 0) -> Any:
    """True for hidden cells that are exactly known, in a table with its row and column sums published."""
    flat, rows, columns, shape = _table(counts, "counts")
    out = bytearray(len(flat))
    core.disclose_bridges((out,), (flat, _marks(hidden, "hidden", rows, columns)), rows, columns, floor)
    return shape(out, bool)


def check(counts: Any, *, rows: Any = None, columns: Any = None, total: Optional[int] = None) -> None:
    """Raises :class:`Error`, with the row or column, when a table does not add up to the sums that are given."""
    flat, n_rows, n_columns, _ = _table(counts, "counts")
    core.disclose_additive((flat,), (None if rows is None else _whole(rows, "rows"),),
                           (None if columns is None else _whole(columns, "columns"),), n_rows, n_columns,
                           -1 if total is None else total)


# ---- linked figures ----

class _Figures:
    """Figures over keyed cells in the form of the library; the names of figures, the keys of cells."""

    def __init__(self, cells: Mapping[Any, int], figures: Mapping[Any, Any]) -> None:
        self.names = list(figures)
        self.keys = list(cells)
        at = {key: i for i, key in enumerate(self.keys)}
        starts, places, coefficients = array.array("q", [0]), array.array("q"), array.array("i")
        kinds, least, most = bytearray(), array.array("q"), array.array("q")
        for name, given in figures.items():
            figure = given if isinstance(given, Figure) else Figure(given)
            parts = figure.cells
            terms = parts.items() if isinstance(parts, Mapping) else ((key, 1) for key in parts)
            for key, coefficient in terms:
                if key not in at:
                    raise KeyError(f"figure {name!r}: no cell {key!r}")
                places.append(at[key])
                coefficients.append(coefficient)
            starts.append(len(places))
            kinds.append(_choice(figure.kind, _KINDS, f"figure {name!r}: kind"))
            least.append(_NO_LOWER if figure.at_least is None else figure.at_least)
            most.append(_NO_UPPER if figure.at_most is None else figure.at_most)
        self.lent = ((_whole(cells.values(), "cells"),), (starts,), (places, coefficients), (kinds, least, most))

    def hidden(self, names: Iterable[Any]) -> bytearray:
        given = set(names)
        missing = given - set(self.names)
        if missing:
            raise KeyError(f"hidden: no figure {missing.pop()!r}")
        return bytearray(name in given for name in self.names)

    def named(self, marks: bytearray) -> List[Any]:
        return [name for name, mark in zip(self.names, marks) if mark]


def linked(cells: Mapping[Any, int], figures: Mapping[Any, Any], *, hidden: Iterable[Any] = (), threshold: int = 5,
           n_values: Optional[int] = None, reaches_threshold: bool = True, floor: Optional[int] = None,
           objective: str = "cells", hides_zeros: bool = True, effort: Optional[int] = None) -> Protected:
    """Which figures of a report are hidden, looked at all together because they count the same people.

    Parameters
    ----------
    cells : mapping of keys to numbers of people
        People whom no figure tells apart, each in one cell.
    figures : mapping of names to cells
        For each figure the keys of the cells it is the sum of, a mapping of keys to coefficients, or a :class:`Figure`.
    hidden : names of figures, optional
        What is hidden already.

    The others as in :func:`protect`. ``hidden`` of the result lists names.
    """
    f = _Figures(cells, figures)
    marks = f.hidden(hidden)
    options = _options(threshold, n_values, reaches_threshold, floor, objective, hides_zeros, effort)
    answer = core.disclose_linked((marks,), f.lent, options)
    return _protected(f.named(marks), answer)


def linked_ranges(cells: Mapping[Any, int], figures: Mapping[Any, Any], hidden: Iterable[Any] = (), *,
                  threshold: int = 5, floor: Optional[int] = None, effort: Optional[int] = None) -> LinkedRanges:
    """What an outsider can work out of each figure, given those that are not hidden."""
    f = _Figures(cells, figures)
    n = len(f.names)
    low, high, exact = array.array("q", bytes(8 * n)), array.array("q", bytes(8 * n)), bytearray(n)
    options = _options(threshold, None, True, floor, "cells", True, effort)
    core.disclose_linked_audit((low, high), (exact,), f.lent, (f.hidden(hidden),), options)
    return LinkedRanges(dict(zip(f.names, low)), dict(zip(f.names, high)), dict(zip(f.names, map(bool, exact))))


def between(now: Tuple[Mapping[Any, int], Mapping[Any, Any]], then: Tuple[Mapping[Any, int], Mapping[Any, Any]], *,
            hidden: Iterable[Any] = (), hidden_then: Iterable[Any] = (), change: Union[str, Mapping[Any, str]] = "grew",
            threshold: int = 5, n_values: Optional[int] = None, reaches_threshold: bool = True,
            floor: Optional[int] = None, objective: str = "cells", hides_zeros: bool = True,
            effort: Optional[int] = None) -> Protected:
    """What a report must hide besides, because an earlier one of the same register can be subtracted from it.

    Parameters
    ----------
    now, then : (cells, figures)
        Each as for :func:`linked`; cells with equal keys belong together.
    hidden, hidden_then : names of figures
        What is hidden now already, and what was hidden then.
    change : {"grew", "shrank", "changed"} or mapping of keys to these
        How a cell can have changed: "grew" when those counted before still are.
    """
    new, old = _Figures(*now), _Figures(*then)
    marks = new.hidden(hidden)
    words = [change if isinstance(change, str) else change.get(key, "grew") for key in new.keys]
    how = array.array("i", [_choice(word, _CHANGES, "change") for word in words])
    options = _options(threshold, n_values, reaches_threshold, floor, objective, hides_zeros, effort)
    answer = core.disclose_between((marks,), new.lent, [_key(k) for k in new.keys], old.lent,
                                   [_key(k) for k in old.keys], (old.hidden(hidden_then),), (how,), options)
    return _protected(new.named(marks), answer)


def _key(key: Any) -> str:
    return key if isinstance(key, str) else repr(key)


# ---- single figures ----

def count_is_shown(count: int, threshold: int = 5) -> bool:
    """Is a count of people 0 or at least the threshold?"""
    return bool(core.disclose_count_is_shown(count, threshold))


def share_is_shown(part: int, whole: int, threshold: int = 5, least_whole: int = 0) -> bool:
    """May ``part / whole`` be shown: part and rest 0 or the threshold, 0 and all only of ``least_whole`` people."""
    return bool(core.disclose_share_is_shown(part, whole, threshold, least_whole))


def quantile_is_shown(n: int, p: float, threshold: int = 5) -> bool:
    """May the quantile p of n people be shown: the threshold of them on each side?"""
    return bool(core.disclose_quantile_is_shown(n, p, threshold))


def pair_is_shown(a: int, b: int, threshold: int = 5) -> bool:
    """May two counts be shown of which one is part of the other?"""
    return bool(core.disclose_pair_is_shown(a, b, threshold))


def at_least(count: int, whole: int, threshold: int = 5, step: int = 5) -> Optional[int]:
    """A bound for a hidden count of a known whole, "at least 40 of 45"; None: none. Audit it before showing."""
    bound = core.disclose_at_least(count, whole, threshold, step)
    return None if bound < 0 else bound


def at_most(count: int, whole: int, threshold: int = 5, step: int = 5) -> Optional[int]:
    """The same from above."""
    bound = core.disclose_at_most(count, whole, threshold, step)
    return None if bound < 0 else bound


def sum_rule(contributions: Any, *, least_contributors: int = 5, n: int = 2, k_share: float = 0.85,
             p_share: float = 0.10) -> SumAnswer:
    """Whether a sum tells the amount of one contributor: too few, the (n, k) and the p percent rule."""
    options = {"least_contributors": least_contributors, "n": n, "k_share": k_share, "p_share": p_share}
    answer = core.disclose_sum((doubles(contributions, "contributions"),), options)
    return SumAnswer(*answer[:3], *map(bool, answer[3:]))


def curve(n_risk: Any, n_event: Any, n_censored: Any, threshold: int = 5) -> List[bool]:
    """At the end of which months a curve is shown: steps pooled to the threshold, then cut."""
    given = _whole(n_risk, "n_risk"), _whole(n_event, "n_event"), _whole(n_censored, "n_censored")
    shown = bytearray(len(given[0]))
    core.disclose_curve((shown,), given, threshold)
    return [bool(mark) for mark in shown]


def round_random(count: int, key: str, secret: bytes, base: int = 3) -> int:
    """A count rounded at random to a multiple of 3 or 5, right on average; alike each time for one key and secret.

    ``key`` says what is counted, such as ``"group=women;month=2024-06"``. Keep the secret (:func:`new_secret`)
    out of every report.
    """
    return core.disclose_round(count, base, key, secret)


def new_secret() -> bytes:
    """A secret for :func:`round_random`, from the system's random numbers."""
    return secrets.token_bytes(32)


def round_nearest(count: int, base: int) -> int:
    """The nearest multiple of ``base``, halves up."""
    if count < 0 or base < 1:
        raise ValueError(f"expected a count from 0 and a base from 1, got {count} and {base}")
    return core.disclose_round_nearest(count, base)
