"""Sampling designs of frames, and weights that meet known totals."""
from __future__ import annotations

import dataclasses
import math
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

from . import core
from .income_rules import DESIGN_CHOICES, doubles, like, word_of
from .table import Table, as_table

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


class Calibrated(NamedTuple):
    """Calibrated weights, and each over the weight before."""

    weights: Any
    g: Any


def _calibration(distance: Optional[str], low: Optional[float], high: Optional[float], tolerance: float,
                 max_iterations: int) -> Dict[str, Any]:
    given = dict(low=None if low is None else float(low), high=None if high is None else float(high),
                 tolerance=float(tolerance), max_iterations=int(max_iterations),
                 distance=None if distance is None else ("linear", "raking").index(
                     word_of("distance", distance, ("linear", "raking"))))
    return {name: value for name, value in given.items() if value is not None}


def calibrate(weights: Any, auxiliaries: Any, totals: Any, *, distance: str = "linear", low: Optional[float] = None,
              high: Optional[float] = None, tolerance: float = 1e-10, max_iterations: int = 1000) -> Calibrated:
    """Weights that meet known totals of auxiliary columns, as near to the given ones as may be.

    Parameters
    ----------
    weights : array of float64 (n)
        Weights before, at least 0; weight 0 stays 0.
    auxiliaries : mapping of columns, pandas.DataFrame or list of arrays (n)
        Columns whose totals are known; a column of ones is the number of people.
    totals : mapping of name to total, or list of float
        In a mapping by the names of the columns.
    distance : {"linear", "raking"}
        g = 1 + x'lambda (generalised regression; may be negative without bounds), or exp(x'lambda).
    low, high : float, optional
        Bounds of g, the weight over the one before.
    tolerance, max_iterations
        How near each total must be met, relative to it.

    Returns
    -------
    Calibrated
        ``weights`` and ``g``, numpy arrays where ``weights`` was one. Name the auxiliaries in
        ``Design(auxiliaries=..., base_weight=...)`` so that errors are those of residuals (docs/methods/survey.md).
    """
    names = None
    if isinstance(auxiliaries, Mapping) or hasattr(auxiliaries, "columns"):
        names = [str(name) for name in (auxiliaries if isinstance(auxiliaries, Mapping) else auxiliaries.columns)]
        auxiliaries = [auxiliaries[name] for name in names]
    if isinstance(totals, Mapping):
        if names is None or set(names) != {str(name) for name in totals}:
            raise ValueError(f"totals: expected one for each of {', '.join(names or ['the named auxiliaries'])}, got "
                             f"{', '.join(str(name) for name in totals)}")
        totals = [totals[name] for name in names]
    columns = [doubles(column, "auxiliaries") for column in auxiliaries]
    found = core.survey_calibrate(doubles(weights, "weights"), columns, doubles(totals, "totals"),
                                  _calibration(distance, low, high, tolerance, max_iterations))
    return Calibrated(*(like(memoryview(part).cast("d"), weights) for part in found))


def _margin(data: Any, name: str) -> Table:
    """A margin with its totals as doubles."""
    if isinstance(data, Table):
        return data
    columns = dict(data) if isinstance(data, Mapping) else {str(c): data[c] for c in data.columns}
    return Table.from_columns({key: doubles(column, "total") if key == "total" else column
                               for key, column in columns.items()}, name)


def rake(frame: Any, margins: Any, *, weights: Optional[str] = None, tolerance: float = 1e-10,
         max_iterations: int = 1000) -> Table:
    """Weights that meet known totals by category: raking; with one margin post-stratification.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame or mapping of columns
        The sample; the columns of the margins and the weights are read.
    margins : mapping, or list of tables
        ``{"sex": {"f": 510.0, "m": 490.0}, "region": {...}}``, or tables with a column ``total`` and one or more
        others that the sample has, too.
    weights : str, optional
        Column of the weights before; without it each row counts 1.

    Returns
    -------
    Table
        A row for each of the sample: ``weight``, ``g``; the iterations and the worst miss are in ``notes``.
    """
    if isinstance(margins, Mapping):
        margins = [{str(name): list(totals), "total": [float(v) for v in totals.values()]}
                   for name, totals in margins.items()]
    tables = [_margin(data, f"margin {i + 1}") for i, data in enumerate(margins)]
    if not isinstance(frame, Table):
        frame = as_table({name: doubles(frame[name], name) if name == weights else frame[name] for name in
                          dict.fromkeys([*(c for t in tables for c in t.columns if c != "total"),
                                         *([] if weights is None else [weights])])}, "sample")
    return Table(core.survey_rake(frame._handle, weights, [table._handle for table in tables],
                                  _calibration(None, None, None, tolerance, max_iterations)))


class Combined(NamedTuple):
    """What several completed data sets say together."""

    estimate: float
    variance: float
    within: float
    between: float
    df: float
    missing_share: float


def combine(results: Sequence[Table], df: Optional[float] = None) -> Table:
    """Results of one measure on m imputations as one, figure by figure, by Rubin's rules.

    Parameters
    ----------
    results : list of Table
        One an imputation, at least 2, of the same measure and options.
    df : float, optional
        Degrees of freedom of the complete data for figures that have none of their own; infinite by default.

    Returns
    -------
    Table
        With ``df`` and ``missing_share``, the fraction of missing information (Rubin 1987, Barnard and Rubin 1999).
    """
    return Table(core.survey_combine([as_table(result, "result")._handle for result in results],
                                     math.nan if df is None else float(df)))


def combine_values(estimates: Any, variances: Any, df: Optional[float] = None) -> Combined:
    """One estimate from those of m imputations and their variances, by Rubin's rules.

    Parameters
    ----------
    estimates, variances : array of float64 (m)
        At least 2.
    df : float, optional
        Degrees of freedom of the complete data; infinite by default.
    """
    return Combined(*core.survey_combine_values(doubles(estimates, "estimates"), doubles(variances, "variances"),
                                                math.nan if df is None else float(df)))
