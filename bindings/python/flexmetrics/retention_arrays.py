"""Lasting work on plain arrays: curves in, curves out, nothing copied that is in the library's form."""
from __future__ import annotations

import array
import math
from typing import Any, List, NamedTuple, Optional, Tuple

from . import core
from .frames import complete, flags, whole
from .income_rules import doubles, numbered, word_of
from .retention_sequences import few_states, is_state
from .run import Progress, threads_of
from .spell_columns import fault, is_nothing


class Curve(NamedTuple):
    """What :func:`km` gives: an item for each time 0, 1, ... up to the last."""

    n_risk: Any
    n_event: Any
    n_censor: Any
    survival: Any
    std_error: Any


class Incidence(NamedTuple):
    """What :func:`incidence` gives: an item for each time 0, 1, ... up to the last, and in it one for each cause."""

    causes: List[Any]
    survival: Any
    survival_error: Any
    incidence: Any
    incidence_error: Any


class Gray(NamedTuple):
    """What :func:`gray_test` gives: an item for each cause."""

    causes: List[Any]
    statistic: Any
    df: Any
    p_value: Any


class Transitions(NamedTuple):
    """What :func:`transition_matrix` gives: a row for each state at the start, a column for each at the end."""

    states: List[Any]
    probability: Any
    std_error: Any


class Logrank(NamedTuple):
    """What :func:`logrank_test` gives: one test, and an item for each group."""

    chi_square: float
    df: int
    p_value: float
    groups: List[Any]
    observed: Any
    expected: Any
    score: Any
    covariance: Any


class Cox(NamedTuple):
    """What :func:`cox_fit` gives: an item for each covariate; NaN where there is no value, and ``state`` says why."""

    names: List[str]
    coefficient: Any
    hazard_ratio: Any
    std_error: Any
    variance: Any
    state: str
    n: int
    n_events: int
    log_likelihood_null: float
    log_likelihood: float
    likelihood_ratio: float
    wald: float
    score: float
    score_robust: float
    concordance: float
    concordance_error: float
    iterations: int


def _room(n: int, given: Any) -> Any:
    """An array to be filled: of numpy where numpy or a frame's column was given."""
    if hasattr(given, "dtype") or hasattr(given, "to_numpy"):
        import numpy

        return numpy.empty(n)
    return array.array("d", bytes(8 * n))


def _shaped(values: Any, rows: int, columns: int) -> Any:
    if hasattr(values, "reshape"):
        return values.reshape(rows, columns)
    return [values[i * columns:(i + 1) * columns].tolist() for i in range(rows)]


def _taken(values: Any) -> Any:
    return values.tolist() if isinstance(values, array.array) else values


#: Longest time that a curve goes to unless it is told to: one far off must not take all memory.
MOST_TIME = 2 ** 20


def _last(time: Any, max_time: Optional[int]) -> int:
    if max_time is not None:
        return int(max_time)
    if not len(time):
        return 0
    longest = max(int(time.max() if hasattr(time, "max") else max(time)), 0)
    if longest > MOST_TIME:
        raise ValueError(f"time: {longest} is beyond {MOST_TIME}; a curve has an item for each time: give max_time, "
                         "at which longer times are censored")
    return longest


def _last_guess(time: Any) -> int:
    """A time beyond the longest as far as a part of them tells, when that is cheaper than to look at all."""
    n = len(time)
    guess = 2 * _last(time[::n // 4096], None) + 1000 if n >= 100_000 else n
    return guess if guess < n // 16 else _last(time, None) + 1


def _last_at_risk(n_risk: Any) -> int:
    """The longest time: the last at which somebody is at risk."""
    if hasattr(n_risk, "nonzero"):
        there = n_risk.nonzero()[0]
        return int(there[-1]) if len(there) else 0
    return max((t for t, n in enumerate(n_risk) if n > 0), default=0)


def _followed(time: Any, entry: Any, weights: Any) -> Tuple[Any, Any, Any]:
    return (complete(time, "time", whole), None if entry is None else complete(entry, "entry", whole),
            None if weights is None else doubles(weights, "weights"))


def _same(n: int, **columns: Any) -> None:
    for name, values in columns.items():
        if values is not None and len(values) != n:
            raise ValueError(f"{name}: {len(values)} for {n} times")


def _numbers(values: Any, name: str, n: int) -> Tuple[Any, List[Any]]:
    """Groups as 32-bit numbers from 0, in the order of their values."""
    numbers, labels = numbered(values.to_numpy() if hasattr(values, "to_numpy") else values, name, n)
    order = [i for _, i in sorted((label, i) for i, label in enumerate(labels))]
    if order == list(range(len(labels))):
        return numbers, labels
    rank = array.array("i", [0] * len(labels))
    for new, old in enumerate(order):
        rank[old] = new
    return array.array("i", [rank[v] for v in numbers]), [labels[i] for i in order]


def _items(values: Any) -> List[Any]:
    for method in ("to_list", "tolist"):
        if hasattr(values, method):
            return list(getattr(values, method)())
    return list(values)


def _strata(values: Any, n: int, name: str = "strata") -> Tuple[Any, int]:
    if values is None:
        return None, 1
    numbers, labels = _numbers(values, name, n)
    return numbers, max(len(labels), 1)


def _causes(cause: Any, n: int, n_causes: Optional[int] = None) -> Tuple[Any, List[Any]]:
    """Bytes 0 (still in), 1, 2, ... and what they stand for; whole numbers and texts."""
    kind = getattr(getattr(cause, "dtype", None), "kind", "")
    if str(getattr(cause, "dtype", "")) == "uint8" and hasattr(cause, "__array_interface__"):
        most = n_causes if n_causes is not None else int(cause.max()) if len(cause) else 0
        return cause, list(range(1, most + 1))
    if kind in "iub" and kind and hasattr(cause, "__array_interface__") and type(cause).__module__ == "numpy":
        import numpy

        if len(cause) and (cause.min() < 0 or cause.max() > 254):
            raise ValueError("cause: expected 0 while still in, or a whole number of 1 to 254")
        most = n_causes if n_causes is not None else int(cause.max()) if len(cause) else 0
        return numpy.ascontiguousarray(cause, "uint8"), list(range(1, most + 1))
    if n_causes is not None:
        raise ValueError("n_causes: belongs to causes given as whole numbers in an array")
    items = _items(cause)
    still = [v is None or v != v or v == "" or v == 0 for v in items]
    labels = sorted({v for v, none in zip(items, still) if not none})
    if len(labels) > 254:
        raise ValueError(f"cause: at most 254 causes, got {len(labels)}")
    place = {v: i + 1 for i, v in enumerate(labels)}
    return bytes(0 if none else place[v] for v, none in zip(items, still)), labels


def km(time: Any, event: Any, *, entry: Any = None, weights: Any = None, max_time: Optional[int] = None,
       threads: Optional[int] = None, progress: Progress = None) -> Curve:
    """Kaplan-Meier curve on whole times.

    Parameters
    ----------
    time : array of int32 (n)
        Time from the start to the end, or to the last seen. Contiguous int32 is not copied.
    event : array of bool (n)
        True, or 1, where the end is seen. Bools are not copied.
    entry : array of int32 (n), optional
        Times after which rows are under observation.
    weights : array of float64 (n), optional
        Case weights.
    max_time : int, optional
        Last time of the curve, by default the longest in the data; rows that last longer are censored there. Giving it
        may save a pass over the times. It must be given where a time is beyond 1,048,576.

    Returns
    -------
    Curve
        Arrays n_risk, n_event, n_censor, survival, std_error with an item for each time from 0 to ``max_time``; lists
        where lists were given. The error is NaN once survival is 0.

    Raises
    ------
    Error
        A time below 0 or at its entry, a weight that is negative or not finite: ``row`` names it.
    ValueError
        A time beyond 1,048,576 without ``max_time``.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> fm.km([1, 2, 2, 4], [1, 1, 0, 0]).survival
    [1.0, 0.75, 0.5, 0.5, 0.5]
    """
    times, late, w = _followed(time, entry, weights)
    ended = complete(event, "event", flags)
    _same(len(times), event=ended, entry=late, weights=w)
    last = _last_guess(times) if max_time is None and late is None and w is None else _last(times, max_time)
    out = tuple(_room(last + 1, time) for _ in range(5))
    core.retention_km(out, (times, ended, late, w), last, threads_of(threads), progress)
    if max_time is None and late is None and w is None:
        if out[0][last] > 0:  # somebody lasts longer than was guessed
            return km(time, event, max_time=_last(times, None), threads=threads, progress=progress)
        last = _last_at_risk(out[0])
    return Curve(*(_taken(values[:last + 1]) for values in out))


def incidence(time: Any, cause: Any, *, entry: Any = None, weights: Any = None, max_time: Optional[int] = None,
              n_causes: Optional[int] = None, variance: str = "greenwood", threads: Optional[int] = None,
              progress: Progress = None) -> Incidence:
    """Cumulative incidence of each reason of exit (Aalen-Johansen) on whole times.

    Parameters
    ----------
    cause : array of uint8 (n), of other whole numbers, or of texts
        0, missing or empty: still in; otherwise the reason. Contiguous uint8 is not copied.
    n_causes : int, optional
        Number of causes when they are whole numbers; giving it saves a pass over them.
    variance : {"greenwood", "aalen"}
        Exits at one time are multinomial, or vary independently (without weights).
    time, entry, weights, max_time
        As for :func:`km`.

    Returns
    -------
    Incidence
        ``causes``; arrays survival, survival_error by time; incidence, incidence_error by time and cause.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> found = fm.incidence([1, 2, 3, 4], ["a", "b", "", "a"])
    >>> found.causes, found.incidence[4]
    (['a', 'b'], [0.75, 0.25])
    """
    times, late, w = _followed(time, entry, weights)
    codes, causes = _causes(cause, len(times), n_causes)
    _same(len(times), cause=codes, entry=late, weights=w)
    last, n = _last(times, max_time), max(len(causes), 1)
    kind = ("greenwood", "aalen").index(word_of("variance", variance, ("greenwood", "aalen"))) + 1
    out = tuple(_room(last + 1, time) for _ in range(2))
    curves = tuple(_room((last + 1) * n, time) for _ in range(2))
    core.retention_incidence(out, curves, (times, codes, late, w), n, last, kind, threads_of(threads), progress)
    shaped = [_shaped(values, last + 1, n) for values in curves]
    if not causes:
        shaped = [values[:, :0] if hasattr(values, "shape") else [[] for _ in values] for values in shaped]
    return Incidence(causes, _taken(out[0]), _taken(out[1]), *shaped)


def gray_test(time: Any, cause: Any, group: Any, *, entry: Any = None, strata: Any = None, rho: float = 0,
              threads: Optional[int] = None, progress: Progress = None) -> Gray:
    """Gray's test of each reason of exit between groups.

    Parameters
    ----------
    group, strata : array of numbers or texts (n)
        Groups compared; within which they are compared.
    rho : float
        A time counts (1 - F)^rho, F the pooled incidence before it.
    time, cause, entry
        As for :func:`incidence`.

    Returns
    -------
    Gray
        ``causes``, and for each its statistic, df and p_value; NaN and 0 where nothing can be compared.
    """
    times, late, _ = _followed(time, entry, None)
    codes, causes = _causes(cause, len(times))
    _same(len(times), cause=codes, entry=late)
    groups, labels = _numbers(group, "group", len(times))
    within, n_strata = _strata(strata, len(times))
    n = max(len(causes), 1)
    out = tuple(_room(n, time) for _ in range(2))
    df = array.array("i", bytes(4 * n))
    core.retention_gray(out, (df,), (times, codes, late, groups, within), n, max(len(labels), 1), n_strata,
                        float(rho), threads_of(threads), progress)
    keep = len(causes)
    return Gray(causes, _taken(out[0][:keep]), df.tolist()[:keep], _taken(out[1][:keep]))


def logrank_test(time: Any, event: Any, group: Any, *, entry: Any = None, strata: Any = None, test: str = "logrank",
                 rho: float = 0, gamma: float = 0, threads: Optional[int] = None, progress: Progress = None) -> Logrank:
    """The log-rank test, or a weighted form of it, between groups.

    Parameters
    ----------
    group, strata : array of numbers or texts (n)
        Groups compared; within which they are compared.
    test : {"logrank", "gehan", "tarone_ware", "peto_peto_n1", "fh"}
        How times are weighted; ``"fh"`` (Fleming-Harrington) by S^rho (1 - S)^gamma.
    time, event, entry
        As for :func:`km`.

    Returns
    -------
    Logrank
        chi_square (NaN when the scores have no variance), df, p_value; by group observed, expected, score, covariance.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> found = fm.logrank_test([1, 2, 3, 4], [1, 1, 1, 1], ["no", "no", "yes", "yes"])
    >>> found.observed, found.expected[0], found.df  # 2/4 + 1/3
    ([2.0, 2.0], 0.8333333333333333, 1)
    """
    word_of("test", test, ("logrank", "gehan", "tarone_ware", "peto_peto_n1", "fh"))
    if test != "fh" and (rho != 0 or gamma != 0):
        raise ValueError(f"rho, gamma: belong to test=\"fh\", got {test!r}")
    times, late, _ = _followed(time, entry, None)
    ended = complete(event, "event", flags)
    _same(len(times), event=ended, entry=late)
    groups, labels = _numbers(group, "group", len(times))
    within, n_strata = _strata(strata, len(times))
    n = max(len(labels), 1)
    out, covariance = tuple(_room(n, time) for _ in range(3)), _room(n * n, time)
    weights = {"gehan": 2, "tarone_ware": 3, "peto_peto_n1": 4}.get(test, 1)
    chi_square, p_value, df = core.retention_logrank(out, (covariance,), (times, ended, late, groups, within), n,
                                                     n_strata, weights, float(rho), float(gamma), threads_of(threads),
                                                     progress)
    observed, expected, score = (_taken(values) for values in out)
    return Logrank(chi_square, df, p_value, labels, observed, expected, score, _shaped(covariance, n, n))


def _covariates(given: Any, n: int) -> List[Tuple[str, Any]]:
    """Names and columns of a mapping, a frame, a sequence of columns or an array of n rows."""
    shape = getattr(given, "shape", None)
    if shape is not None and (len(shape) != 2 or shape[0] != n):
        raise ValueError(f"covariates: expected {n} rows and a column for each covariate, got an array of shape "
                         f"{tuple(shape)}; one covariate alone is {{name: values}}")
    if hasattr(given, "items"):
        columns = [(str(name), values) for name, values in given.items()]
    elif shape is None:
        columns = [(f"x{i + 1}", values) for i, values in enumerate(given)]
    else:
        import numpy

        given = numpy.asarray(given)
        columns = [(f"x{j + 1}", given[:, j]) for j in range(shape[1])]
    if not columns:
        raise TypeError("covariates: expected at least one column")
    twice = {name for i, (name, _) in enumerate(columns) if name in dict(columns[:i])}
    if twice:
        raise ValueError(f"covariates: {min(twice)} is named twice")
    return [(name, values.astype("float64") if str(getattr(values, "dtype", "")) == "bool" else values)
            for name, values in columns]


def cox_fit(time: Any, event: Any, covariates: Any, *, entry: Any = None, weights: Any = None, strata: Any = None,
            cluster: Any = None, ties: str = "efron", weights_are: str = "sampling", robust: Optional[bool] = None,
            concordance: bool = True, threads: Optional[int] = None, progress: Progress = None) -> Cox:
    """Cox regression of the time to an exit.

    Parameters
    ----------
    covariates : mapping of names to arrays of float64 (n), sequence of them, or frame or array (n, covariates)
        Numbers or flags, in either order of memory; columns that are contiguous float64 are not copied. Rows of a
        frame are taken as they come, whatever its index; columns without names are x1, x2 ...
    strata, cluster : array of numbers or texts (n), optional
        Baselines of their own; units that are not independent inside, for the robust variance.
    ties : {"efron", "breslow"}
        How exits at one time are taken.
    weights_are : {"sampling", "frequency"}
        Whether weights make the variance robust, or each row stands for so many.
    robust : bool, optional
        None: with clusters or sampling weights.
    concordance : bool
        Harrell's C too; without it is faster.
    time, event, entry, weights
        As for :func:`km`.

    Returns
    -------
    Cox
        ``state`` is fitted, empty (no events), separated (no finite coefficient) or not_converged; ``std_error`` is
        from the information matrix, ``variance`` the matrix in use.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> model = fm.cox_fit([1, 2, 3, 4, 5, 6], [1, 1, 0, 1, 1, 0], {"young": [1, 0, 1, 1, 0, 0]})
    >>> model.state, model.n_events
    ('fitted', 4)
    """
    times, late, w = _followed(time, entry, weights)
    ended = complete(event, "event", flags)
    _same(len(times), event=ended, entry=late, weights=w)
    columns = _covariates(covariates, len(times))
    names = [name for name, _ in columns]
    options = {"ties": ("efron", "breslow").index(word_of("ties", ties, ("efron", "breslow"))) + 1,
               "weights": ("sampling", "frequency").index(
                   word_of("weights_are", weights_are, ("sampling", "frequency"))) + 1,
               "robust": 0 if robust is None else 1 if robust else 2, "concordance": int(concordance)}
    within, n_strata = _strata(strata, len(times))
    units, n_units = _strata(cluster, len(times), "cluster")
    k = len(names)
    out, variance = tuple(_room(k, time) for _ in range(2)), _room(k * k, time)
    found = core.retention_cox(out, (variance,), (times, ended, late, w, within, units),
                               tuple(doubles(values, name) for name, values in columns), tuple(names), n_strata,
                               n_units, options, threads_of(threads), progress)
    ratios: Any = array.array("d", [math.inf if b >= 709 else math.exp(b) for b in out[0]])
    if hasattr(out[0], "reshape"):
        import numpy

        ratios = numpy.array(ratios)
    states = ("empty", "fitted", "separated", "not_converged")
    return Cox(names, _taken(out[0]), _taken(ratios), _taken(out[1]), _shaped(variance, k, k), states[found[0]],
               *found[1:])


def _check_stays(before: List[Any], after: List[Any], there: List[bool]) -> None:
    """States are texts or whole numbers from 0, and a move leads to another one."""
    for row, (h, j, seen) in enumerate(zip(before, after, there)):
        for name, v in (("from_state", h), ("to_state", j)):
            if (seen or name == "from_state") and not is_state(v):
                raise fault(name, row, f"{v!r}, expected a text or a whole number from 0"
                            + (", or None where it is not seen any longer" if name == "to_state" else ""))
        if seen and h == j:
            raise fault("to_state", row, f"a stay in {h!r} that leads to {j!r}, expected another state")


def transition_matrix(from_state: Any, to_state: Any, time: Any, *, entry: Any = None, weights: Any = None,
                      start: int = 0, end: int, threads: Optional[int] = None,
                      progress: Progress = None) -> Transitions:
    """Probabilities of being in each state at ``end`` by the state at ``start`` (Aalen-Johansen), from stays.

    Parameters
    ----------
    from_state, to_state : array of numbers or texts (n)
        State of the stay, and the state moved to, at most 32 different ones; whole numbers from 0. None or NaN in
        ``to_state``: not seen any longer.
    time, entry : array of int32 (n)
        End and start of the stay; None: all start at 0.
    weights : array of float64 (n), optional
        Weights of rows.

    Returns
    -------
    Transitions
        ``states`` in order; ``probability[h][j]``, and its ``std_error`` in Greenwood's form.

    Raises
    ------
    Error
        A negative or missing state, a move from a state to itself, an entry that is not before its time, a weight that
        is negative or not finite: ``row`` and ``column`` say where.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> fm.transition_matrix(["work", "work"], ["benefit", None], [10, 20], end=15).probability[1]
    [0.5, 0.5]
    """
    times, late, w = _followed(time, entry, weights)
    before, after = _items(from_state), _items(to_state)
    _same(len(times), from_state=before, to_state=after, entry=late, weights=w)
    there = [not is_nothing(v) for v in after]
    _check_stays(before, after, there)
    states = few_states(sorted({*before, *(v for v, seen in zip(after, there) if seen)}))
    if start > end:
        raise ValueError(f"start: {start} is after end, which is {end}")
    place = {v: i for i, v in enumerate(states)}
    codes = array.array("i", [place[v] for v in before])
    moved = array.array("i", [place[v] if seen else -1 for v, seen in zip(after, there)])
    n = len(states)
    probability, covariance = _room(n * n, time), _room(n ** 4, time)
    core.retention_transition((probability,), (covariance,), (codes, moved, late, times, w), n, int(start), int(end),
                              threads_of(threads), progress)
    variance = [max(covariance[i * n * n + i], 0) ** 0.5 for i in range(n * n)]
    errors = array.array("d", variance)
    if hasattr(probability, "reshape"):
        import numpy

        return Transitions(states, probability.reshape(n, n), numpy.array(errors).reshape(n, n))
    return Transitions(states, _shaped(probability, n, n), _shaped(errors, n, n))
