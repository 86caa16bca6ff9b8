"""Lasting work by period, in frames: discrete-time hazards, moves between periods, weeks, hours, unemployment."""
from __future__ import annotations

from typing import Any, Dict, Optional, Sequence, Union

from .frames import Wanted, listed
from .income_rules import word_of
from .retention_columns import LIMITS, begun_of, compute_retention, dated_names, definition_by, followed, numbers_text
from .run import Progress, by_of
from .survey import Columns
from .table import Table


def discrete_hazard(frame: Any, *, covariates: Columns = None, dated: Any = None, ever: Any = None,
                    accepted: Columns = None, time: Optional[str] = None, event: str = "event",
                    entry: Optional[str] = None, cause: Optional[str] = None, clock: str = "days",
                    length: Optional[int] = None, bands: Union[None, int, Sequence[int]] = None, link: str = "logit",
                    definition: Optional[str] = None, weights: Optional[str] = None, weights_are: str = "sampling",
                    cluster: Columns = None, robust: Optional[bool] = None, by: Columns = None, level: float = 0.95,
                    threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Hazard of leaving in each period, as a life table and by regression.

    Parameters
    ----------
    covariates, dated, ever, accepted
        As for :func:`cox`; none: the life table alone. Dated ones count in the periods that begin when they have begun
        or later.
    cause : str, optional
        Column of reasons of exit, texts or whole numbers: hazards by reason.
    length : int, optional
        Units of the clock in a period; None: 30 days, 1 week or 1 month. Period j runs over the times
        ((j - 1) length, j length].
    bands : list of int, optional
        Last periods of bands with one baseline each, such as [1, 2, 3, 6, 12], and a last one without an end; None:
        each period has its own.
    link : {"logit", "cloglog", "probit"}
        Coefficients are log odds ratios, log hazard ratios of the time underneath, or on the normal scale.
    weights_are : {"sampling", "frequency"}
        Whether weights make the variance robust, or each row stands for so many.
    robust : bool, optional
        None: with clusters or sampling weights.
    frame, time, event, entry, clock, definition, weights, cluster, by, level
        As for :func:`survival`.

    Returns
    -------
    Table
        By period at_risk, exits, hazard, survival, and cause_hazard by cause; by term coefficient, and odds_ratio or
        hazard_ratio; likelihood_ratio, wald, log_likelihood, person_periods, events, rows_missing
        (docs/methods/discrete.md). ``plot("hazard_ratios")`` draws the hazard ratios of cloglog.

    Raises
    ------
    Error
        A value breaks a rule (``row`` and ``column`` say where); a column is constant or follows from others.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> jobs = {"time_weeks": [1, 2, 2, 3, 3], "event": [1, 1, 0, 1, 0]}
    >>> table = fm.discrete_hazard(jobs, clock="weeks")
    >>> table.value("hazard", period=2), table.value("survival", period=2)  # of 4 at risk one; 4/5 3/4
    (0.25, 0.6000000000000001)
    """
    word_of("link", link, ("logit", "cloglog", "probit"))
    word_of("weights_are", weights_are, ("sampling", "frequency"))
    more = {} if cause is None else {cause: Wanted(cause, "cause")}
    wanted = followed(clock, time, entry, event=Wanted(event, "flag"), **begun_of(clock, dated, ever), **more)
    options = dict(covariates=by_of(covariates), dated=dated_names(dated), ever=dated_names(ever),
                   accepted=by_of(accepted), cluster=by_of(cluster), cause=cause, clock=clock, length=length,
                   bands=numbers_text(bands), link=link, weights=weights_are, robust=robust)
    columns = [name.partition(":")[0].strip() for name in listed(covariates)]
    return compute_retention("retention.discrete_hazard", frame, (columns, cluster), wanted,
                             definition_by(definition, by), weights, level, options, threads, progress)


def transitions(frame: Any, *, state: str = "state", period: str = "period", person: str = "person_id",
                clock: Optional[str] = None, steps: Union[int, Sequence[int]] = 1, errors: str = "people",
                weights: Optional[str] = None, by: Columns = None, conf_type: str = "logit",
                definition: Optional[str] = None, level: float = 0.95, threads: Optional[int] = None,
                progress: Progress = None) -> Table:
    """Moves from each period to the next, their probabilities and powers, shares in each state.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame, mapping of columns, or path of a CSV file
        One row a person and period.
    state : str
        Column of states, texts or whole numbers; missing: not seen in that period.
    period : str
        Column of whole numbers, or with ``clock`` of dates.
    person : str
        Column of people, the units of the errors.
    clock : {"days", "weeks", "months", "quarters", "years"}, optional
        The calendar periods (weeks by ISO) of dates; None: periods are whole numbers.
    steps : int or list of int
        Numbers of periods to look ahead: powers of the matrix, without errors.
    errors : {"people", "moves"}
        Whether moves of one person may hang together, or every move is independent.
    weights, by, definition, level
        As for :func:`survival`; a move is of the group that it starts in.
    conf_type : {"logit", "plain", "log", "log-log", "arcsine"}
        How limits are formed.

    Returns
    -------
    Table
        Quantities n_transition and transition_probability by from_state and to_state, occupation and entropy by
        period (docs/methods/states.md).

    Raises
    ------
    Error
        Two rows of one person in a period, a period that is none: ``column`` says where.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> months = {"person_id": [1, 1, 1, 2, 2], "period": [1, 2, 3, 1, 2], "state": ["job", "out", "job", "job", "job"]}
    >>> found = fm.transitions(months)
    >>> found.value("transition_probability", from_state="job", to_state="out", steps=1)
    0.5
    """
    word_of("conf_type", conf_type, LIMITS)
    word_of("errors", errors, ("people", "moves"))
    if clock is not None:
        word_of("clock", clock, ("days", "weeks", "months", "quarters", "years"))
    wanted = {"state": Wanted(state, "text"), "period": Wanted(period, "whole" if clock is None else "date")}
    options = dict(person=person, clock=clock, steps=numbers_text(steps), errors=errors, conf_type=conf_type)
    return compute_retention("retention.transitions", frame, (person,), wanted, definition_by(definition, by), weights,
                             level, options, threads, progress)


def _by_definition(id: str, frame: Any, wanted: Dict[str, Wanted], cluster: Optional[str], weights: Optional[str],
                   by: Columns, level: float, threads: Optional[int], progress: Progress) -> Table:
    """A measure of a register's frame, with people as clusters."""
    options: Dict[str, Any] = dict(cluster="none" if cluster is None else cluster)
    return compute_retention(id, frame, (cluster,), wanted, by, weights, level, options, threads, progress)


def weeks(frame: Any, *, weeks_good: str = "weeks_good", weeks_seen: str = "weeks_seen", in_rate: str = "in_rate",
          horizon: str = "horizon", definition: str = "definition", cluster: Optional[str] = "person_id",
          weights: Optional[str] = None, by: Columns = None, level: float = 0.95, threads: Optional[int] = None,
          progress: Progress = None) -> Table:
    """Share of weeks in work up to a horizon.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame, mapping of columns, or path of a CSV file
        One row a unit, definition and horizon, such as ``register.frame("weeks")``.
    weeks_good, weeks_seen : str
        Columns of weeks in work, and of weeks of which it is known: whole numbers.
    in_rate : str
        True where all weeks are seen: only these make the means.
    horizon, definition : str
        Columns of weeks from the start, and of the definition's name.
    cluster : str, optional
        Column of people, for the errors; None: rows are independent.
    weights, by, level
        As for :func:`status`.

    Returns
    -------
    Table
        Quantities units, not_observed, share_of_weeks, mean_weeks, every_week, share_lowest, share_highest by
        definition and horizon (docs/methods/sustained.md).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> seen = {"id": [1, 2], "definition": ["strict"] * 2, "horizon": [26, 26], "weeks_good": [23, 13],
    ...         "weeks_seen": [26, 26], "in_rate": [True, True]}
    >>> fm.weeks(seen, cluster="id").value("mean_weeks")
    18.0
    """
    wanted = {"definition": Wanted(definition, "text"), "horizon": Wanted(horizon, "whole"),
              "weeks_good": Wanted(weeks_good, "whole"), "weeks_seen": Wanted(weeks_seen, "whole"),
              "in_rate": Wanted(in_rate, "flag")}
    return _by_definition("retention.weeks", frame, wanted, cluster, weights, by, level, threads, progress)


def hours(frame: Any, *, hours: str = "hours", hours_later: str = "hours_later", in_work: str = "in_work",
          same_employer: str = "same_employer", horizon: str = "horizon_months", cluster: Optional[str] = "person_id",
          weights: Optional[str] = None, by: Columns = None, level: float = 0.95, threads: Optional[int] = None,
          progress: Progress = None) -> Table:
    """Hours growth in small jobs: more, the same or fewer hours so many months later, another job, none.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame, mapping of columns, or path of a CSV file
        One row a placement and horizon, such as ``register.frame("hours")``.
    hours, hours_later : str
        Columns of hours a week at the start, and then; missing: not told.
    in_work, same_employer : str
        True in work then, and with the same employer; missing: not known, or out of work.
    horizon : str
        Column of months after the start.
    cluster, weights, by, level
        As for :func:`weeks`.

    Returns
    -------
    Table
        Quantities placements, same_job_more_hours, ..., other_job, no_job, unknown, share_more_hours, share_lowest,
        share_highest, mean_hours_at_start, mean_change_in_hours (docs/methods/sustained.md).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> jobs = {"person_id": [1, 2], "horizon_months": [12, 12], "hours": [8.0, 10.0], "hours_later": [12.0, 10.0],
    ...         "in_work": [1, 1], "same_employer": [1, 1]}
    >>> fm.hours(jobs).value("share_more_hours")
    0.5
    """
    wanted = {"horizon_months": Wanted(horizon, "whole"), "hours": Wanted(hours, "number"),
              "hours_later": Wanted(hours_later, "number"), "in_work": Wanted(in_work, "flag"),
              "same_employer": Wanted(same_employer, "flag")}
    return _by_definition("retention.hours", frame, wanted, cluster, weights, by, level, threads, progress)


def unemployment(frame: Any, *, unemployed: str = "unemployed", long_term: str = "long_term",
                 definition: str = "definition", cluster: Optional[str] = "person_id", weights: Optional[str] = None,
                 by: Columns = None, level: float = 0.95, threads: Optional[int] = None,
                 progress: Progress = None) -> Table:
    """Long-term unemployment: people, and shares of the unemployed and of all, by definition.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame, mapping of columns, or path of a CSV file
        One row a person and definition, such as that of :func:`long_term` or ``register.frame("unemployment")``.
    unemployed : str
        True for those who are on the last day observed.
    long_term : str
        True for those who are long-term unemployed; missing: not known.
    definition : str
        Column of the definition's name.
    cluster, weights, by, level
        As for :func:`weeks`.

    Returns
    -------
    Table
        Quantities registered, unemployed, long_term, unknown, share_of_unemployed, share_lowest, share_highest,
        share_of_registered (docs/methods/sustained.md).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> people = {"person_id": [1, 2, 3], "definition": ["own"] * 3, "unemployed": [True, True, False],
    ...           "long_term": [True, False, False]}
    >>> fm.unemployment(people).value("share_of_unemployed")
    0.5
    """
    wanted = {"definition": Wanted(definition, "text"), "unemployed": Wanted(unemployed, "flag"),
              "long_term": Wanted(long_term, "flag")}
    return _by_definition("retention.unemployment", frame, wanted, cluster, weights, by, level, threads, progress)
