"""Regression of exits by reason, in frames and on plain arrays: Fine and Gray's subdistribution hazards."""
from __future__ import annotations

import array
import math
from typing import Any, List, Mapping, NamedTuple, Optional, Sequence

from . import core
from .frames import Wanted, listed
from .income_rules import doubles, word_of
from .retention_arrays import _followed as _times
from .retention_arrays import _causes, _covariates, _room, _same, _shaped, _strata, _taken
from .retention_columns import (Dated, begun_of, compute_retention, dated_names, definition_by, followed,
                                profiles_text)
from .run import Progress, by_of, threads_of
from .survey import Columns
from .table import Table


class FineGray(NamedTuple):
    """What :func:`fine_gray_fit` gives: an item for each covariate; NaN where there is no value, and ``state`` says
    why."""

    names: List[str]
    coefficient: Any
    subhazard_ratio: Any
    std_error: Any
    variance: Any
    state: str
    n: int
    n_events: int
    log_likelihood_null: float
    log_likelihood: float
    likelihood_ratio: float
    wald: float
    score_robust: float
    iterations: int


def fine_gray(frame: Any, *, covariates: Columns = None, dated: Dated = None, ever: Dated = None,
              accepted: Columns = None, time: Optional[str] = None, cause: str = "cause", causes: Columns = None,
              entry: Optional[str] = None, clock: str = "days", strata: Columns = None, censoring: Columns = None,
              weights: Optional[str] = None, weights_are: str = "sampling", cluster: Columns = None,
              by: Columns = None, profiles: Optional[Sequence[Mapping[str, Any]]] = None,
              landmark: Optional[int] = None, baseline: bool = False, definition: Optional[str] = None,
              level: float = 0.95, threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Fine and Gray's regression: how the share that leaves for one reason depends on a characteristic.

    Parameters
    ----------
    covariates : str or list of str
        Columns: ``"age"`` a number or bool; ``"group:other"`` a text column, each other text against the one named.
    causes : str or list of str, optional
        Reasons to fit, a model for each; by default every one.
    entry : str, optional
        As for :func:`survival`; refused after 0, or after the landmark.
    dated, ever, accepted
        As for :func:`cox`; ``dated`` with a landmark alone.
    strata, censoring : str or list of str, optional
        Columns whose values have baselines of their own; distributions of censoring of their own.
    weights_are : {"sampling", "frequency"}
        Whether each row stands for so many.
    profiles : list of mappings, optional
        Whose shares are predicted, such as ``[{"age": 42, "group": "early"}]``; covariates not named are 0.
    landmark : int, optional
        Only those at risk after this time.
    baseline : bool
        Cumulative subdistribution hazard and share at covariates 0.
    definition : str, optional
        As for :func:`survival`.
    frame, time, cause, clock, weights, cluster, by, level
        As for :func:`cumulative_incidence`.

    Returns
    -------
    Table
        By cause quantities coefficient and subhazard_ratio by term, wald, score_robust, likelihood_ratio, ...
        cumulative_incidence of profiles (docs/methods/fine_gray.md).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> people = {"time_days": [1, 2, 3, 4, 5], "cause": ["work", "ill", None, "work", None], "x": [1, 1, 0, 0, 1]}
    >>> model = fm.fine_gray(people, covariates="x", causes="work")
    >>> round(model.value("subhazard_ratio"), 9)  # the root of 0.4
    0.632455532
    """
    word_of("weights_are", weights_are, ("sampling", "frequency"))
    wanted = followed(clock, time, entry, cause=Wanted(cause, "cause"), **begun_of(clock, dated, ever))
    options = dict(covariates=by_of(covariates), dated=dated_names(dated), ever=dated_names(ever),
                   accepted=by_of(accepted), strata=by_of(strata),
                   censoring=by_of(censoring), cluster=by_of(cluster), causes=by_of(causes), clock=clock,
                   profiles=profiles_text(profiles), weights=weights_are, landmark=landmark, baseline=baseline)
    columns = [name.partition(":")[0].strip() for name in listed(covariates)]
    return compute_retention("retention.fine_gray", frame, (columns, strata, censoring, cluster), wanted,
                             definition_by(definition, by), weights, level, options, threads, progress)


def fine_gray_fit(time: Any, cause: Any, covariates: Any, *, of: Any = 1, weights: Any = None, strata: Any = None,
                  censoring: Any = None, cluster: Any = None, weights_are: str = "sampling",
                  threads: Optional[int] = None, progress: Progress = None) -> FineGray:
    """Fine and Gray's regression of one reason of exit, on plain arrays.

    Parameters
    ----------
    time : array of int32 (n)
        Times of exit or censoring; everyone is at risk from 0 on.
    cause : array of numbers or texts (n)
        As for :func:`gray_test`: 0 or missing while still in.
    covariates : mapping of names to arrays of float64 (n), sequence of them, or frame or array (n, covariates)
        As for :func:`cox_fit`.
    of : number or text
        The reason that is fitted.
    strata, censoring, cluster : array of numbers or texts (n), optional
        Baselines of their own; distributions of censoring of their own; units that are not independent inside.
    weights_are : {"sampling", "frequency"}
        Whether each row stands for so many.
    weights
        As for :func:`km`.

    Returns
    -------
    FineGray
        ``state`` is fitted, empty (nobody leaves for it), separated (no finite coefficient) or not_converged;
        ``variance`` is Fine and Gray's, with the part of the estimated censoring.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> model = fm.fine_gray_fit([1, 2, 3, 4, 5], [1, 2, 0, 1, 0], {"x": [1, 1, 0, 0, 1]})
    >>> model.state, model.n_events, round(model.subhazard_ratio[0], 9)
    ('fitted', 2, 0.632455532)
    """
    times, _, w = _times(time, None, weights)
    codes, labels = _causes(cause, len(times))
    if labels and of not in labels:
        raise ValueError(f"of: nobody has left by {of!r}, the reasons are {', '.join(map(repr, labels))}")
    kind = bytearray([0] + [2] * 255)
    if labels:
        kind[labels.index(of) + 1] = 1
    kinds = array.array("B", bytes(codes).translate(bytes(kind)))
    _same(len(times), cause=kinds, weights=w)
    columns = _covariates(covariates, len(times))
    names = [name for name, _ in columns]
    weighted = ("sampling", "frequency").index(word_of("weights_are", weights_are, ("sampling", "frequency"))) + 1
    within, n_strata = _strata(strata, len(times))
    groups, n_groups = _strata(censoring, len(times), "censoring")
    units, n_units = _strata(cluster, len(times), "cluster")
    k = len(names)
    out, variance = _room(k, time), _room(k * k, time)
    found = core.retention_fine_gray((out,), (variance,), (times, kinds, w, within, units, groups),
                                     tuple(doubles(values, name) for name, values in columns), tuple(names),
                                     n_strata, n_units, n_groups, weighted, threads_of(threads), progress)
    ratios: Any = array.array("d", [math.inf if b >= 709 else math.exp(b) for b in out])
    errors: Any = array.array("d", [math.sqrt(variance[i * k + i]) for i in range(k)])
    if hasattr(out, "reshape"):
        import numpy

        ratios, errors = numpy.array(ratios), numpy.array(errors)
    states = ("empty", "fitted", "separated", "not_converged")
    return FineGray(names, _taken(out), _taken(ratios), _taken(errors), _shaped(variance, k, k), states[found[0]],
                    *found[1:7], found[8], found[11])
