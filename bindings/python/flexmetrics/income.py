"""Income distribution on plain arrays."""
from __future__ import annotations

import array
from typing import Any, NamedTuple, Optional

from . import core
from .catalogue import Progress
from .run import threads_of


class Bottom(NamedTuple):
    """Mean income of the bottom share, its share of all income, and the income at the cut."""

    mean: float
    share: float
    cut: float


def bottom(x: Any, weights: Any = None, p: float = 0.4, *, threads: Optional[int] = None,
           progress: Progress = None) -> Bottom:
    """Mean and share of the poorest ``p`` by the generalised Lorenz curve.

    Parameters
    ----------
    x : array of float64 (n)
        Incomes, in any order; not copied when contiguous.
    weights : array of float64 (n), optional
        Sampling weights, at least 0; without them each income counts 1.
    p : float
        The bottom share, between 0 and 1.

    Returns
    -------
    Bottom
        ``share`` is NaN when all income together is 0 or negative; all are NaN when there is nobody.

    Notes
    -----
    The group of equal incomes at the cut is split by weight, so that the order of ties does not matter. The result is
    the same bits for any order of rows and any number of threads. Source: UN Statistics metadata 10.1.1.
    """
    pair = (_doubles(x, "x"), None if weights is None else _doubles(weights, "weights"))
    return Bottom(*core.income_bottom(*pair, float(p), threads_of(threads), progress))


def _doubles(values: Any, name: str) -> Any:
    """A contiguous buffer of doubles; lists are converted, other types are refused."""
    if hasattr(values, "to_numpy"):
        values = values.to_numpy()
    if hasattr(values, "dtype") or isinstance(values, (array.array, memoryview)):
        return values
    if isinstance(values, (str, bytes)):
        raise TypeError(f"{name}: expected numbers, got {type(values).__name__}")
    return array.array("d", values)
