"""Sampling designs of frames, and weights that meet known totals."""
from __future__ import annotations

import dataclasses
import math
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

from .income_rules import DESIGN_CHOICES, word_of

Columns = Union[None, str, Sequence[Optional[str]]]


def _names(name: str, value: Columns) -> Optional[Tuple[str, ...]]:
    """Column names by stage; "-" stands for a stage without."""
    if value is None:
        return None
    parts = value.split(",") if isinstance(value, str) else ["-" if v is None else v for v in value]
    names = tuple(str(part).strip() for part in parts)
    if not names or "" in names:
        raise ValueError(f"{name}: expected names of columns, got {value!r}")
    return names


@dataclasses.dataclass(frozen=True)
class Design:
    """How the rows of a frame were drawn, and how errors are found. Columns are named; several are stages.

    Parameters
    ----------
    strata, psu, fpc : str or list of str, optional
        Columns of strata, units and population sizes, the first stage first (``"-"`` or None: a stage without).
        Without any, rows count as drawn independently. Units are nested in strata.
    replicates : str or list of str, optional
        Replicate weight columns, ``["r1", "r2"]`` or ``"r1:r48"``.
    auxiliaries : str or list of str, optional
        Columns the weights were calibrated to: errors are those of residuals. ``base_weight``: the weights before.
    se : {"taylor", "replicates", "bootstrap", "none"}, optional
        By default ``"replicates"`` where there are some, else ``"taylor"``.
    lonely : {"fail", "remove", "adjust", "average"}
        Strata with a single unit.
    fpc_kind : {"count", "share"}
        What the columns of ``fpc`` hold.
    replicate_kind : {"other", "brr", "fay", "jk1", "jkn", "boot"}
        Gives ``scale``; ``"other"`` needs it. ``rscales``: a factor for each replicate.
    bootstrap : {"auto", "rao_wu", "multinomial", "poisson"}
        With ``n_replicates`` and ``seed``.
    df : float, optional
        Degrees of freedom; by default units less strata.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> fm.Design(strata="region", psu="household", lonely="adjust")
    Design(strata=('region',), psu=('household',), lonely='adjust')
    """

    strata: Columns = None
    psu: Columns = None
    fpc: Columns = None
    replicates: Columns = None
    auxiliaries: Columns = None
    base_weight: Optional[str] = None
    se: Optional[str] = None
    lonely: str = "fail"
    fpc_kind: str = "count"
    replicate_kind: str = "other"
    scale: Optional[float] = None
    rscales: Optional[Sequence[float]] = None
    fay_rho: float = 0.0
    combined: bool = True
    mse: bool = False
    bootstrap: str = "auto"
    n_replicates: int = 1000
    seed: int = 1
    df: Optional[float] = None

    def __post_init__(self) -> None:
        for name in ("strata", "psu", "fpc", "replicates", "auxiliaries"):
            object.__setattr__(self, name, _names(name, getattr(self, name)))
        for name, words in DESIGN_CHOICES.items():
            if getattr(self, name) is not None:
                word_of(name, getattr(self, name), words)
        if self.rscales is not None:
            object.__setattr__(self, "rscales", tuple(float(v) for v in self.rscales))
        self._check()

    def _check(self) -> None:
        if self.se == "replicates" and self.replicates is None:
            raise ValueError("se: replicates needs replicate weight columns, replicates=...")
        if self.se in ("taylor", "bootstrap") and self.replicates is not None:
            raise ValueError(f"se: {self.se} does not use replicate weights; leave replicates out")
        if self.replicates is None and (self.rscales is not None or self.scale is not None or self.mse):
            raise ValueError("scale, rscales, mse: only with replicates")
        if self.base_weight is not None and self.auxiliaries is None:
            raise ValueError("base_weight: only with auxiliaries, the columns the weights were calibrated to")
        if not 0 <= self.fay_rho < 1:
            raise ValueError(f"fay_rho: expected at least 0 and below 1, got {self.fay_rho}")
        if self.n_replicates < 2:
            raise ValueError(f"n_replicates: expected at least 2, got {self.n_replicates}")
        if self.seed < 0:
            raise ValueError(f"seed: expected a whole number from 0, got {self.seed}")
        if self.df is not None and not (self.df > 0 and math.isfinite(self.df)):
            raise ValueError(f"df: expected a number above 0, got {self.df}")

    def options(self) -> Dict[str, Any]:
        """The options of an indicator that say the same; those at their defaults are left out."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)
                if getattr(self, field.name) != field.default}

    def columns(self) -> Tuple[str, ...]:
        """Columns that a frame must have; a range of replicates as it was given."""
        named: List[Any] = [*(self.strata or ()), *(self.psu or ()), *(self.fpc or ()), *(self.replicates or ()),
                            *(self.auxiliaries or ()), *([] if self.base_weight is None else [self.base_weight])]
        return tuple(dict.fromkeys(name for name in named if name != "-"))

    def __repr__(self) -> str:
        return f"Design({', '.join(f'{name}={value!r}' for name, value in self.options().items())})"
