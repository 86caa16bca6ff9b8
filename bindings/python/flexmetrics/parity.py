"""Are groups treated alike? Shares and means of groups, and what a gap is made of, in frames."""
from __future__ import annotations

from typing import Any, Dict, Optional

from . import core
from .frames import Wanted, listed, typed
from .run import Progress, compute_options, threads_of
from .table import Table


def _computed(id: str, frame: Any, wanted: Dict[str, Wanted], columns: Any, spec: Dict[str, Any],
              threads: Optional[int], progress: Progress) -> Table:
    table = typed(frame, [name for column in columns for name in listed(column)], wanted)
    return Table(core.compute_frame(table._handle, id, spec, threads_of(threads), progress))


def parity_rates(frame: Any, *, group: Any, reference: Any = None, against: str = "reference",
                 outcome: str = "outcome", strata: Any = None, cluster: Optional[str] = None,
                 least_ratio: float = 0.8, by: Any = None, level: float = 0.95, threads: Optional[int] = None,
                 progress: Progress = None) -> Table:
    """Shares of yes in groups, and how they differ.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame, mapping of columns or path of a CSV file
        One row a person: ``outcome`` (true and false, or 1 and 0), the groups.
    group : str or list of str
        Columns that tell groups apart.
    reference : str, optional
        The group the others are compared with; of several columns its keys, in a list or separated by commas.
    against : {"reference", "rest", "population"}
        What each group is compared with: that group, all others, or all people.
    strata : str or list of str, optional
        Columns within which groups are compared with the reference.
    cluster : str, optional
        Column of people who may have several rows, for the number of distinct ones.

    Returns
    -------
    Table
        Differences, ratios and tests (docs/methods/parity.md). Of a register:
        ``register.compute("parity.rates", of="retention.status", group="sex", reference="male")``.
    """
    options = dict(group=group, reference=reference, against=against, outcome=outcome, strata=strata,
                   cluster=cluster, least_ratio=least_ratio)
    spec = compute_options(by, None, None, level, None, options)
    return _computed("parity.rates", frame, {outcome: Wanted(outcome, "flag")}, (group, strata, cluster, by), spec,
                     threads, progress)


def parity_means(frame: Any, *, group: Any, reference: Any = None, against: str = "reference", value: str = "value",
                 weights: Optional[str] = None, cluster: Optional[str] = None, by: Any = None, level: float = 0.95,
                 threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Means of a number in groups, and how they differ (Welch).

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame, mapping of columns or path of a CSV file
        One row a person (or with ``cluster`` several): ``value``, the groups, weights.
    group, reference, against, cluster
        As in :func:`parity_rates`; errors are between people.
    weights : str, optional
        Column of weights.

    Returns
    -------
    Table
        Means, differences, ratios and tests. Of a register:
        ``register.compute("parity.means", of="wages", group="sex", against="population")``.
    """
    options = dict(group=group, reference=reference, against=against, value=value, cluster=cluster)
    spec = compute_options(by, weights, None, level, None, options)
    wanted = {name: Wanted(name, "number") for name in (value, weights) if name is not None}
    return _computed("parity.means", frame, wanted, (group, cluster, by), spec, threads, progress)


def parity_decomposition(frame: Any, *, group: Any, reference: Any, covariates: Any, value: str = "value",
                         coefficients: Any = None, logarithm: bool = False, weights: Optional[str] = None,
                         cluster: Optional[str] = None, by: Any = None, level: float = 0.95,
                         threads: Optional[int] = None, progress: Progress = None) -> Table:
    """What a gap between two groups' means is made of (Oaxaca and Blinder).

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame, mapping of columns or path of a CSV file
        One row a person: ``value``, the groups, covariates, weights.
    group, reference, cluster
        As in :func:`parity_rates`.
    covariates : str or list of str
        Columns of numbers, and ``"education:basic"`` for categories with the base that the others are compared with.
    coefficients : str or list of str, optional
        By which both groups are measured: group, reference, pooled, neumark, cotton, reimers; None: all.
    logarithm : bool
        Take the logarithm of ``value``, as usual for wages.

    Returns
    -------
    Table
        Explained and unexplained parts for each choice, and three parts, in total and by covariate, with errors
        (docs/methods/parity.md).
    """
    options = dict(group=group, reference=reference, covariates=covariates, value=value, coefficients=coefficients,
                   logarithm=logarithm, cluster=cluster)
    spec = compute_options(by, weights, None, level, None, options)
    named = listed(covariates)
    numbers = [name for name in (value, weights, *named) if name is not None and ":" not in name]
    texts = [name.split(":")[0].strip() for name in named if ":" in name]
    return _computed("parity.decomposition", frame, {name: Wanted(name, "number") for name in numbers},
                     (group, texts, cluster, by), spec, threads, progress)
