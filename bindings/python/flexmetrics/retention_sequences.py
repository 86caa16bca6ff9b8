"""Histories of states as a matrix: moves between periods and their powers, figures of each person, distances."""
from __future__ import annotations

import array
from typing import Any, List, NamedTuple, Optional, Sequence, Tuple

from . import core
from .error import Error
from .income_rules import doubles, word_of
from .run import Progress, threads_of
from .spell_columns import is_nothing

_METHODS = ("optimal_matching", "hamming", "lcs", "lcp")
_MOST = 32


class TransitionCounts(NamedTuple):
    """What :func:`transition_counts` gives: a row for each state, a column for each state in the next period."""

    states: List[Any]
    count: Any
    weighted: Any
    probability: Any


class SequenceFigures(NamedTuple):
    """What :func:`sequence_figures` gives: an item for each person; time_in_state a column for each of ``states``."""

    states: List[Any]
    n_transition: Any
    entropy: Any
    turbulence: Any
    complexity: Any
    time_in_state: Any


def is_state(value: Any) -> bool:
    """A text, or a whole number from 0."""
    return not is_nothing(value) and (isinstance(value, str) or (value == value // 1 and value >= 0))


def few_states(states: List[Any]) -> List[Any]:
    """The states, when they are not more than the library takes."""
    if len(states) > _MOST:
        raise ValueError(f"state: {len(states)} different states, expected at most {_MOST}")
    return states or [0]  # of no rows


def _matrix_of(values: Any, states: Optional[Sequence[Any]], missing: Any) -> Tuple[Any, int, List[Any]]:
    """(numbers of states one after the other, periods, states): a row a person; -1 where a period is not seen."""
    rows = values.to_numpy() if hasattr(values, "to_numpy") else values
    if getattr(getattr(rows, "dtype", None), "kind", "") in ("i", "u") and rows.ndim == 2:
        return _whole_matrix_of(rows, states, missing)
    rows = rows.tolist() if hasattr(rows, "tolist") else [row if isinstance(row, str) else list(row) for row in rows]
    width = len(rows[0]) if rows and isinstance(rows[0], list) else 0
    for i, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != width:
            raise ValueError(f"state: expected a row a person with a column a period, but row {i} is not of {width}")
    seen = {v for row in rows for v in row if not (is_nothing(v) or (missing is not None and v == missing))}
    wrong = next((v for v in seen if not is_state(v) or (states is not None and v not in states)), None)
    if wrong is not None:
        raise _no_state(wrong, *next((i, t) for i, row in enumerate(rows) for t, v in enumerate(row) if v == wrong),
                        states)
    try:
        names = sorted(seen) if states is None else list(states)
    except TypeError:
        raise TypeError("state: expected texts or whole numbers, found both") from None
    place = {v: k for k, v in enumerate(names)}
    codes = array.array("i", [place[v] if v in seen else -1 for row in rows for v in row])
    return codes, width, few_states([int(v) if isinstance(v, float) else v for v in names])


def _whole_matrix_of(rows: Any, states: Optional[Sequence[Any]], missing: Any) -> Tuple[Any, int, List[Any]]:
    import numpy

    there = numpy.ones(rows.shape, bool) if missing is None else rows != missing
    names = numpy.unique(rows[there]) if states is None else numpy.array(sorted(states))
    at = numpy.clip(numpy.searchsorted(names, rows), 0, max(len(names) - 1, 0))
    wrong = there & ((rows < 0) | (names[at] != rows)) if len(names) else there
    if wrong.any():
        i, t = (int(v) for v in numpy.argwhere(wrong)[0])
        raise _no_state(int(rows[i, t]), i, t, states)
    order = names.tolist() if states is None else list(states)
    codes = numpy.array([order.index(v) for v in names.tolist()] + [-1], "int32")[numpy.where(there, at, len(names))]
    return numpy.ascontiguousarray(codes.ravel()), rows.shape[1], few_states(order)


def _no_state(value: Any, row: int, period: int, states: Optional[Sequence[Any]]) -> Error:
    among = "a text or a whole number from 0" if states is None else f"one of {', '.join(str(v) for v in states)}"
    return Error(f"state, row {row}, period {period}: {value!r}, expected {among}, or None where it is not seen", 6,
                 "FM_ERR_VALUE", row=row, column_index=period, column="state")


def _like_numpy(given: Any) -> bool:
    return hasattr(given, "dtype") or hasattr(given, "to_numpy")


def _rows(values: Any, width: int, numpy_too: bool, kind: str = "d") -> Any:
    if numpy_too:
        import numpy

        return numpy.frombuffer(values, {"d": "float64", "q": "int64", "i": "int32"}[kind]).reshape(-1, width).copy()
    flat = memoryview(values).cast("B").cast(kind).tolist()
    return [flat[i:i + width] for i in range(0, len(flat), width)]


def transition_counts(state: Any, *, weights: Any = None, states: Optional[Sequence[Any]] = None, missing: Any = None,
                      threads: Optional[int] = None, progress: Progress = None) -> TransitionCounts:
    """Moves from each period to the next, counted over people, and their probabilities.

    Parameters
    ----------
    state : matrix of texts or whole numbers (people, periods)
        The state of each person in each period: a numpy array, a DataFrame or a list of lists. None, NaN or an empty
        text: not seen; a move is from a period to the very next one, so that a gap has none.
    weights : array of float64 (people), optional
        One for each person.
    states : list of states, optional
        All states, in the order of the result; None: those found, sorted.
    missing : value, optional
        A value that stands for not seen, such as -1, where a matrix of whole numbers cannot have gaps.

    Returns
    -------
    TransitionCounts
        ``states``; ``count[h][j]`` of people-periods, ``weighted``, ``probability`` (NaN in the row of a state that
        nobody is followed from). For errors and groups take :func:`transitions`.

    Raises
    ------
    Error
        A negative number or a value that is not among ``states`` (``row`` and ``column_index`` say where), a weight
        that is negative or not finite.
    ValueError
        More than 32 states, rows of different lengths.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> found = fm.transition_counts([["job", "out", "job"], ["job", "job", None], ["job", "job", "job"]])
    >>> found.states, found.count, found.probability[0][0]  # of 4 moves from a job 3 stay
    (['job', 'out'], [[3, 1], [1, 0]], 0.75)
    """
    codes, width, names = _matrix_of(state, states, missing)
    n = len(names)
    w = None if weights is None else doubles(weights, "weights")
    weighted, probability = (array.array("d", bytes(8 * n * n)) for _ in range(2))
    if w is not None and len(w) != len(state):
        raise ValueError(f"weights: {len(w)} for {len(state)} people")
    count = core.retention_transition_counts((weighted, probability), (codes,), (w,), width, n, threads_of(threads),
                                             progress)
    plain = _like_numpy(state)
    return TransitionCounts(names, _rows(count, n, plain, "q"), _rows(weighted, n, plain),
                            _rows(probability, n, plain))


def transition_power(probability: Any, steps: int) -> Any:
    """Where people are ``steps`` periods later, when moves depend on the present state alone: a matrix's power.

    Parameters
    ----------
    probability : square matrix (states, states)
        Such as that of :func:`transition_counts`; rows add up to 1, or are all NaN.
    steps : int
        1 to 10,000.

    Returns
    -------
    matrix
        An array where an array was given, else a list of lists. A row is NaN when a state that nobody is followed from
        can be reached before the last step.

    Raises
    ------
    Error
        An item outside 0 to 1, a row that does not add up to 1: ``row`` names it.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> fm.transition_power([[0.75, 0.25], [1.0, 0.0]], 2)  # 0.75^2 + 0.25
    [[0.8125, 0.1875], [0.75, 0.25]]
    """
    rows = probability.to_numpy() if hasattr(probability, "to_numpy") else probability
    rows = rows.tolist() if hasattr(rows, "tolist") else [list(row) for row in rows]
    n = len(rows)
    if not 1 <= n <= _MOST or any(not isinstance(row, list) or len(row) != n for row in rows):
        raise ValueError(f"probability: expected a square matrix of 1 to {_MOST} states")
    if not 1 <= steps <= 10_000:
        raise ValueError(f"steps: expected a whole number from 1 to 10,000, got {steps}")
    given = doubles([v for row in rows for v in row], "probability")
    out = array.array("d", bytes(8 * n * n))
    core.retention_transition_power((out,), (given,), n, int(steps))
    return _rows(out, n, _like_numpy(probability))


def sequence_figures(state: Any, *, states: Optional[Sequence[Any]] = None, missing: Any = None,
                     threads: Optional[int] = None, progress: Progress = None) -> SequenceFigures:
    """How often and how irregularly each person moves between states.

    Parameters
    ----------
    state, states, missing
        As for :func:`transition_counts`. A person's sequence is that of the periods seen, one after the other. List all
        ``states`` there can be, for entropy is relative to their number.

    Returns
    -------
    SequenceFigures
        n_transition (changes; -1: never seen), entropy of the time in states (0 to 1), turbulence (Elzinga and
        Liefbroer; 1: one unbroken state), complexity (Gabadinho; 0 to 1), time_in_state (periods). NaN where there is
        none: a person never seen; complexity of one period (docs/methods/states.md).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> found = fm.sequence_figures([["job", "job", "out", "job"], ["job", "job", "job", "job"]])
    >>> found.n_transition, found.turbulence[1], found.time_in_state[0]
    ([2, 0], 1.0, [3, 1])
    """
    codes, width, names = _matrix_of(state, states, missing)
    people, n = len(state), len(names)
    moves = array.array("i", bytes(4 * people))
    figures = tuple(array.array("d", bytes(8 * people)) for _ in range(3))
    times = array.array("i", bytes(4 * people * n))
    core.retention_sequence_figures((moves, *figures), (times,), (codes,), width, n, threads_of(threads), progress)
    if not _like_numpy(state):
        return SequenceFigures(names, moves.tolist(), *(f.tolist() for f in figures), _rows(times, n, False, "i"))
    import numpy

    return SequenceFigures(names, numpy.array(moves), *(numpy.array(f) for f in figures), _rows(times, n, True, "i"))


def sequence_distances(state: Any, *, method: str = "optimal_matching", indel: float = 1, substitution: float = 2,
                       states: Optional[Sequence[Any]] = None, missing: Any = None, square: bool = True,
                       threads: Optional[int] = None, progress: Progress = None) -> Any:
    """How far each two people's histories are apart.

    Parameters
    ----------
    method : {"optimal_matching", "hamming", "lcs", "lcp"}
        Least cost of turning one into the other; periods in which they differ; periods of both less twice the longest
        common subsequence, or the longest common beginning.
    indel, substitution : float
        Optimal matching: cost of a period put in or taken out, and of another state in one.
    square : bool
        A matrix (people, people); False: the n (n - 1) / 2 pairs (0, 1), (0, 2), ..., (1, 2), ..., as
        ``scipy.cluster.hierarchy.linkage`` takes them.
    state, states, missing
        As for :func:`transition_counts`.

    Returns
    -------
    array or list
        NaN when one of the two is never seen; Hamming also when a period is seen of one of them alone.

    Raises
    ------
    Error
        ``indel`` or ``substitution`` too low or not finite.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> people = [["job", "job", "out"], ["job", "out", "out"], ["out", "out", "out"]]
    >>> fm.sequence_distances(people, method="hamming", square=False)
    [1.0, 2.0, 1.0]
    """
    codes, width, names = _matrix_of(state, states, missing)
    options = {"method": _METHODS.index(word_of("method", method, _METHODS)) + 1, "indel": float(indel),
               "substitution": float(substitution)}
    n = len(state)
    out = array.array("d", bytes(8 * (n * (n - 1) // 2)))
    core.retention_sequence_distances((out,), (codes,), width, len(names), options, threads_of(threads), progress)
    plain = _like_numpy(state)
    if not square:
        return _rows(out, max(len(out), 1), plain, "d")[0] if len(out) else _rows(out, 1, plain, "d")
    if plain:
        import numpy

        full = numpy.zeros((n, n))
        full[numpy.triu_indices(n, 1)] = out
        return full + full.T
    pairs = iter(out)
    table = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1, n):
            table[i][j] = table[j][i] = next(pairs)
    return table
