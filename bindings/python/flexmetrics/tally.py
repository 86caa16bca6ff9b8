"""Mergeable partial results: add frames anywhere, carry the bytes, merge, read the result."""
from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

from . import core
from .catalogue import Progress
from .frames import fitted
from .run import Date, compute_options, threads_of
from .table import Table


class Tally:
    """A partial result of one indicator.

    The result and the bytes are the same for any split of the rows, any order, and any order of merging. A Tally can be
    pickled, so that it travels between processes and machines with the same version of the library.

    >>> t = Tally("retention.status", by="target_group")                         # doctest: +SKIP
    >>> t.add(first).add(second).result().to_pandas()                            # doctest: +SKIP
    """

    def __init__(self, id: str, *, by: Any = None, weight: Optional[str] = None, level: float = 0.95,
                 as_of: Date = None, **options: Any) -> None:
        self._made: Tuple[str, Dict[str, Any]] = (id, compute_options(by, weight, None, level, as_of, options))
        self._handle = core.tally_create(*self._made)

    def add(self, frame: Any, *, threads: Optional[int] = None, progress: Progress = None) -> "Tally":
        """Add the rows of a frame; returns the tally itself."""
        core.tally_add(self._handle, fitted(frame, *self._made)._handle, threads_of(threads), progress)
        return self

    def merge(self, other: "Tally") -> "Tally":
        """Add all that another tally of the same indicator and options holds; returns the tally itself."""
        core.tally_merge(self._handle, other._handle)
        return self

    def result(self, *, threads: Optional[int] = None, progress: Progress = None) -> Table:
        """The result so far; the tally goes on unchanged."""
        return Table(core.tally_result(self._handle, threads_of(threads), progress))

    def to_bytes(self) -> bytes:
        """The canonical bytes of the state."""
        return bytes(core.tally_save(self._handle))

    def load(self, saved: bytes) -> "Tally":
        """Read saved bytes into this empty tally, made with the same arguments; returns the tally itself."""
        core.tally_load(self._handle, saved)
        return self

    def __reduce__(self) -> Any:
        return _restore, (self._made, self.to_bytes())


def _restore(made: Tuple[str, Dict[str, Any]], saved: bytes) -> Tally:
    tally = Tally.__new__(Tally)
    tally._made = made
    tally._handle = core.tally_create(*made)
    return tally.load(saved)
