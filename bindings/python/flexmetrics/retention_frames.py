"""Lasting work in frames: milestones, time in work, exits by reason, states over time, whole histories."""
from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence, Union

from .frames import Wanted, listed
from .income_rules import word_of
from .retention_columns import LIMITS as _LIMITS
from .retention_columns import Dated as _Dated
from .retention_columns import Times as _Times
from .retention_columns import begun_of, dated_names, definition_by
from .retention_columns import compute_retention as _compute
from .retention_columns import followed as _followed
from .retention_columns import numbers_text as _numbers
from .retention_columns import profiles_text
from .run import Progress, by_of
from .survey import Columns
from .table import Table

def status(frame: Any, *, status: str = "status", in_rate: str = "in_rate", horizon: Optional[str] = None,
           definition: Optional[str] = None, clock: str = "clock", cluster: Optional[str] = "person_id",
           weights: Optional[str] = None, by: Columns = None, level: float = 0.95,
           threads: Optional[int] = None, progress: Progress = None) -> Table:
    """In work at milestones: yes, no and not known yet, and the rate with its limits.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame, mapping of columns, or path of a CSV file
        One row a person (or placement) and milestone. Only the columns that are named are read.
    status : str
        Column of true and false, or 1 and 0; missing where it is not known yet.
    in_rate : str
        True where the milestone can be seen in full: only these make the rate. Those whose end is known sooner than
        their success could be must not tip it, so that ``status`` alone does not tell.
    horizon : str
        Column of months after the start, whole numbers; by default ``horizon_months``.
    definition, clock : str, optional
        Columns that tell several definitions and their clocks apart, such as those of
        ``register.frame("status", definitions=[...])``; ``horizon`` (by that name) counts in the clock. Each definition
        has figures of its own.
    cluster : str, optional
        Column of people, for the error when one has several rows; None: rows are independent.
    weights : str, optional
        Weight column; without it each row counts 1.
    by : str or list of str, optional
        Group columns.
    level : float
        Coverage of intervals.

    Returns
    -------
    Table
        Quantities yes, no, unknown, rate, rate_lowest, rate_highest by horizon_months (docs/methods/retention.md).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> seen = {"id": [1, 2, 3, 4], "months": [6, 6, 6, 6], "working": [True, False, True, None],
    ...         "in_rate": [True, True, True, False]}
    >>> rate = fm.status(seen, status="working", horizon="months", cluster="id")
    >>> rate.value("rate"), rate.value("unknown")
    (0.6666666666666666, 1.0)
    """
    wanted = {"status": Wanted(status, "flag"), "in_rate": Wanted(in_rate, "flag")}
    if definition is None:
        wanted["horizon_months"] = Wanted(horizon or "horizon_months", "whole")
    else:
        wanted.update({"definition": Wanted(definition, "text"), "clock": Wanted(clock, "text"),
                       "horizon": Wanted(horizon or "horizon", "whole")})
    options = dict(cluster="none" if cluster is None else cluster)
    return _compute("retention.status", frame, (cluster,), wanted, by, weights, level, options, threads, progress)


def survival(frame: Any, *, time: Optional[str] = None, event: str = "event", entry: Optional[str] = None,
             clock: str = "days", weights: Optional[str] = None, cluster: Columns = None, by: Columns = None,
             times: _Times = None, taus: _Times = None, rmst: bool = False, reference: Columns = None,
             quantiles: Union[None, float, Sequence[float]] = None, estimator: str = "kaplan_meier",
             variance: str = "auto", conf_type: str = "log-log", hazard: bool = False, start_time: int = 0,
             curve: bool = True, definition: Optional[str] = None, level: float = 0.95, threads: Optional[int] = None,
             progress: Progress = None) -> Table:
    """Kaplan-Meier share still in work, its quantiles, mean times, and how groups differ.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame, mapping of columns, or path of a CSV file
        One row a person, or a job. Only the columns that are named are read; 32-bit times and bools are not copied.
    time : str
        Column of the time from the start to the end, or to the last seen: whole numbers; by default ``time_<clock>``.
    event : str
        True, or 1, where the end is seen.
    entry : str, optional
        Column of times after which a row is under observation (late entry); None: all from the start.
    clock : {"days", "weeks", "months"}
        What times are counted in.
    weights : str, optional
        Case weights; with ``cluster`` or ``variance="robust"`` sampling weights.
    cluster : str or list of str, optional
        Columns of independent units, such as people with several jobs: robust errors.
    by : str or list of str, optional
        Group columns.
    times, taus : int or list of int, optional
        Times at which survival is reported; up to which restricted mean times are.
    rmst : bool
        The restricted mean; without ``taus`` up to the smallest of the groups' last times.
    reference : str or list of str, optional
        Keys of the group that others are compared with at ``times`` and ``taus``, by differences and ratios.
    quantiles : float or list of float, optional
        Shares that have left; by default 0.25, 0.5, 0.75.
    estimator : {"kaplan_meier", "nelson_aalen", "fleming_harrington"}
        The product-limit curve, or exp(-cumulative hazard).
    variance : {"auto", "greenwood", "robust"}
        Robust is the infinitesimal jackknife; auto: robust with ``cluster``.
    conf_type : {"log-log", "plain", "log", "logit", "arcsine"}
        How limits are formed.
    hazard : bool
        The cumulative hazard too.
    start_time : int
        Curve of those still there just before this time.
    curve : bool
        A row for each time; False: only the figures.
    definition : str, optional
        Column that tells several definitions of lasting work apart, such as that of
        ``register.frame("survival", definitions=[...])`` or :meth:`Histories.durations`: figures of each.
    level : float
        Coverage of intervals.

    Returns
    -------
    Table
        Quantities survival, n_risk, n_event, n_censor by time_<clock>, median, quartile_1, quartile_3, and what is
        asked for: survival_at, rmst, their differences and ratios (docs/methods/survival.md). ``plot()`` draws it.

    Raises
    ------
    Error
        A value breaks a rule: ``row`` and ``column`` say where.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> jobs = {"days": [30, 90, 90, 120, 200, 200], "ended": [1, 1, 0, 1, 0, 0]}
    >>> curve = fm.survival(jobs, time="days", event="ended", taus=100)
    >>> curve.value("survival", time_days=120), curve.value("median")
    (0.4444444444444445, 120.0)
    >>> curve.value("rmst")  # 30 + 60 5/6 + 10 2/3
    86.66666666666667
    """
    word_of("conf_type", conf_type, _LIMITS)
    word_of("estimator", estimator, ("kaplan_meier", "nelson_aalen", "fleming_harrington"))
    word_of("variance", variance, ("auto", "greenwood", "robust"))
    wanted = _followed(clock, time, entry, event=Wanted(event, "flag"))
    options = dict(clock=clock, cluster=by_of(cluster), times=_numbers(times), taus=_numbers(taus), rmst=rmst or None,
                   reference=reference, quantiles=_numbers(quantiles), estimator=estimator, variance=variance,
                   conf_type=conf_type, hazard=hazard, start_time=start_time, curve=curve)
    return _compute("retention.survival", frame, (cluster,), wanted, definition_by(definition, by, reference), weights,
                    level, options, threads, progress)


def logrank(frame: Any, *, group: Columns = None, by: Columns = None, time: Optional[str] = None,
            event: str = "event", entry: Optional[str] = None, clock: str = "days", strata: Columns = None,
            weights: Optional[str] = None, cluster: Columns = None, tests: Columns = "logrank", variance: str = "auto",
            detail: bool = False, definition: Optional[str] = None, threads: Optional[int] = None,
            progress: Progress = None) -> Table:
    """Do groups leave at the same pace? The log-rank test and its weighted forms.

    Parameters
    ----------
    group : str or list of str
        Columns of the groups compared.
    by : str or list of str, optional
        A test within each of these groups; without ``group`` these are compared.
    strata : str or list of str, optional
        Columns within which groups are compared.
    tests : str or list of str
        Of logrank, peto_peto, peto_peto_n1, gehan, tarone_ware, fh(rho:gamma).
    variance : {"auto", "hypergeometric", "robust"}
        Auto: robust with ``weights`` or ``cluster``.
    detail : bool
        Observed and expected exits, scores and their covariance too.
    definition : str, optional
        As for :func:`survival`, with ``group``: a test under each definition.
    frame, time, event, entry, clock, weights, cluster
        As for :func:`survival`.

    Returns
    -------
    Table
        Quantities chi_square, df, p_value by test (docs/methods/survival.md).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> jobs = {"time_days": [1, 2, 3, 4], "event": [1, 1, 1, 1], "help": ["no", "no", "yes", "yes"]}
    >>> round(fm.logrank(jobs, group="help").value("chi_square"), 6)  # (2 - 5/6)^2 over 1/4 + 2/9
    2.882353
    """
    word_of("variance", variance, ("auto", "hypergeometric", "robust"))
    if definition is not None and group is None:
        raise ValueError("definition: needs group, or the definitions themselves would be compared")
    wanted = _followed(clock, time, entry, event=Wanted(event, "flag"))
    options = dict(clock=clock, group=by_of(group), strata=by_of(strata), cluster=by_of(cluster), tests=by_of(tests),
                   variance=variance, detail=detail)
    return _compute("retention.logrank", frame, (group, strata, cluster), wanted, definition_by(definition, by),
                    weights, 0.95, options, threads, progress)


def cox(frame: Any, *, covariates: Columns = None, dated: _Dated = None, ever: _Dated = None,
        accepted: Columns = None, time: Optional[str] = None, event: str = "event", entry: Optional[str] = None,
        clock: str = "days", strata: Columns = None, weights: Optional[str] = None, weights_are: str = "sampling",
        cluster: Columns = None, by: Columns = None, profiles: Optional[Sequence[Mapping[str, Any]]] = None,
        ties: str = "efron", robust: Optional[bool] = None, landmark: Optional[int] = None,
        proportional: str = "km", baseline: bool = False, concordance: bool = True, definition: Optional[str] = None,
        level: float = 0.95, threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Cox regression: how many times as fast people leave with a characteristic as without.

    Parameters
    ----------
    covariates : str or list of str
        Columns: ``"age"`` a number or bool; ``"group:other"`` a text column, each other text against the one named.
    dated : mapping of names to columns, or list of names
        What begins on a date: the column has the time at which it began, missing for never; by default
        ``<name>_<clock>``. It counts from then on and no earlier.
    ever : mapping of names to columns, or list of names
        The same taken as had from the first day. Refused, because who stays longer has more time to get it (immortal
        time), unless named in ``accepted``.
    strata : str or list of str, optional
        Columns whose values have baselines of their own.
    weights_are : {"sampling", "frequency"}
        Whether weights make the variance robust, or each row stands for so many.
    profiles : list of mappings, optional
        Whose curves are predicted, such as ``[{"age": 42, "group": "early"}]``; covariates not named are 0.
    ties : {"efron", "breslow"}
        How exits at one time are taken.
    robust : bool, optional
        None: with clusters or sampling weights.
    landmark : int, optional
        Only those at risk after this time; dated covariates are whether they began by then.
    proportional : {"km", "identity", "log", "rank", "none"}
        Time scale of the test of proportional hazards.
    baseline, concordance : bool
        Cumulative hazard at covariates 0; Harrell's C.
    definition : str, optional
        As for :func:`survival`: a model under each definition.
    frame, time, event, entry, clock, weights, cluster, by, level
        As for :func:`survival`.

    Returns
    -------
    Table
        Quantities coefficient, hazard_ratio and proportional by term, likelihood_ratio, wald, score, concordance, ...
        (docs/methods/cox.md). ``plot()`` draws the hazard ratios.

    Examples
    --------
    >>> import flexmetrics as fm
    >>> jobs = {"time_days": [1, 2, 3, 4, 5, 6], "event": [1, 1, 0, 1, 1, 0], "young": [1, 0, 1, 1, 0, 0]}
    >>> model = fm.cox(jobs, covariates="young")
    >>> model.value("events")
    4.0
    """
    for name, word, words in (("weights_are", weights_are, ("sampling", "frequency")),
                              ("ties", ties, ("efron", "breslow")),
                              ("proportional", proportional, ("km", "identity", "log", "rank", "none"))):
        word_of(name, word, words)
    wanted = _followed(clock, time, entry, event=Wanted(event, "flag"), **begun_of(clock, dated, ever))
    options = dict(covariates=by_of(covariates), dated=dated_names(dated),
                   ever=dated_names(ever), accepted=by_of(accepted), strata=by_of(strata),
                   cluster=by_of(cluster), clock=clock, profiles=profiles_text(profiles), ties=ties,
                   weights=weights_are, robust=None if robust is None else robust, landmark=landmark,
                   proportional=proportional, baseline=baseline, concordance=concordance)
    columns = [name.partition(":")[0].strip() for name in listed(covariates)]
    return _compute("retention.cox", frame, (columns, strata, cluster), wanted, definition_by(definition, by), weights,
                    level, options, threads, progress)


def cumulative_incidence(frame: Any, *, time: Optional[str] = None, cause: str = "cause",
                         entry: Optional[str] = None, clock: str = "days", weights: Optional[str] = None,
                         cluster: Columns = None, by: Columns = None, times: _Times = None,
                         reference: Optional[str] = None, going_on: Columns = None, conf_type: str = "log-log",
                         variance: str = "greenwood", curve: bool = True, definition: Optional[str] = None,
                         level: float = 0.95, threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Exits by reason: the share gone for each reason (Aalen-Johansen), and the share still in.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame, mapping of columns, or path of a CSV file
        One row a person, or a job. Only the columns that are named are read.
    time, entry : str
        As for :func:`survival`; by default ``time_<clock>``.
    cause : str
        Column of reasons: texts, missing or empty while still in; or whole numbers, 0 while still in.
    going_on : str or list of str, optional
        Reasons that mean still in, such as ``"ongoing"``; an error when the column has no such value.
    clock : {"days", "weeks", "months"}
        What times are counted in.
    weights : str, optional
        Case weights; with ``cluster`` sampling weights.
    cluster : str, optional
        Column of independent units: errors by the infinitesimal jackknife.
    times : int or list of int, optional
        Times to report alone.
    reference : str, optional
        With ``times``: the group that others are compared with.
    conf_type : {"log-log", "plain", "log", "logit", "arcsine"}
        How limits are formed.
    variance : {"greenwood", "aalen"}
        Exits at one time are multinomial, or vary independently.
    curve : bool
        A row for each time; False: only ``times``.
    by, definition, level
        As for :func:`survival`.

    Returns
    -------
    Table
        Quantities cumulative_incidence, n_event by cause, survival, n_risk, n_censor; with ``times``
        cumulative_incidence_at, survival_at, incidence_difference (docs/methods/exits.md).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> jobs = {"time_days": [1, 2, 3, 4], "cause": ["other_job", "no_job", None, "other_job"]}
    >>> exits = fm.cumulative_incidence(jobs)
    >>> exits.value("cumulative_incidence", cause="other_job", time_days=4)
    0.75
    """
    word_of("conf_type", conf_type, _LIMITS)
    word_of("variance", variance, ("greenwood", "aalen"))
    wanted = _followed(clock, time, entry, cause=Wanted(cause, "cause"))
    options = dict(clock=clock, cluster=by_of(cluster), times=_numbers(times), reference=reference, conf_type=conf_type,
                   variance=variance, curve=curve, going_on=by_of(going_on))
    return _compute("retention.cumulative_incidence", frame, (cluster,), wanted,
                    definition_by(definition, by, reference), weights, level, options, threads, progress)


def gray(frame: Any, *, by: Any, time: Optional[str] = None, cause: str = "cause", entry: Optional[str] = None,
         clock: str = "days", strata: Columns = None, rho: float = 0, going_on: Columns = None,
         threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Gray's test for each reason: do groups leave for it at the same pace, when other reasons may come first?

    Parameters
    ----------
    by : str or list of str
        Columns of the groups compared; of several definitions of lasting work keep the rows of one.
    strata : str or list of str, optional
        Columns within which groups are compared.
    rho : float
        A time counts (1 - F)^rho, F the pooled incidence before it.
    frame, time, cause, entry, clock, going_on
        As for :func:`cumulative_incidence`.

    Returns
    -------
    Table
        Statistic, df and p-value of each cause (docs/methods/exits.md).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> jobs = {"time_days": [1, 2, 3, 4, 5, 6, 7, 8], "cause": [1, 1, 2, 1, 2, 0, 1, 2], "group": list("aaabbbab")}
    >>> test = fm.gray(jobs, by="group")
    >>> sorted(set(test["cause"]))
    ['1', '2']
    """
    wanted = _followed(clock, time, entry, cause=Wanted(cause, "cause"))
    options = dict(clock=clock, strata=by_of(strata), rho=float(rho), going_on=by_of(going_on))
    return _compute("retention.gray", frame, (strata,), wanted, by, None, 0.95, options, threads, progress)


def states(frame: Any, *, time: Optional[str] = None, entry: Optional[str] = None, from_state: str = "from",
           to_state: str = "to", person: str = "person_id", clock: str = "days", weights: Optional[str] = None,
           by: Columns = None, times: _Times = None, start: int = 0, until: Optional[int] = None,
           fixed_start: bool = False, going_on: Columns = None, conf_type: str = "log-log",
           definition: Optional[str] = None, level: float = 0.95, threads: Optional[int] = None,
           progress: Progress = None) -> Table:
    """States over time from stays: shares in each state, probabilities of moving, time in each state.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame, mapping of columns, or path of a CSV file
        One row a stay in a state.
    time, entry : str
        Columns of its end and its start, whole numbers; by default ``time_<clock>``, and all from 0.
    from_state, to_state : str
        Columns of the state and of the one moved to, texts or whole numbers; missing: not seen any longer.
    person : str
        Column of people, the units of the errors.
    times : int or list of int, optional
        Times to report; None: all at which somebody moves.
    start : int
        Time from which shares and moves are followed.
    until : int, optional
        End of the time in state; None: the last of times.
    going_on : str or list of str, optional
        Values of ``to_state`` that mean not seen to move, such as ``"ongoing"``.
    fixed_start : bool
        Errors take the shares at the start as given.
    clock, weights, by, conf_type, definition, level
        As for :func:`cumulative_incidence`.

    Returns
    -------
    Table
        Quantities occupation, transition_probability (with ``times``), time_in_state, n_transition by from_state and
        to_state (docs/methods/states.md).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> stays = {"id": [1, 1, 2], "since": [0, 10, 0], "till": [10, 30, 30], "in": ["work", "benefit", "work"],
    ...          "then": ["benefit", None, None]}
    >>> shares = fm.states(stays, person="id", entry="since", time="till", from_state="in", to_state="then", times=20)
    >>> shares.value("occupation", time_days=20, to_state="work")
    0.5
    """
    word_of("conf_type", conf_type, _LIMITS)
    wanted = _followed(clock, time, entry,
                       **{"from": Wanted(from_state, "text"), "to": Wanted(to_state, "text")})
    options = dict(person=person, clock=clock, times=_numbers(times), start=start, until=until,
                   fixed_start=fixed_start, conf_type=conf_type, going_on=by_of(going_on))
    return _compute("retention.states", frame, (person,), wanted, definition_by(definition, by), weights, level,
                    options, threads, progress)


def sequences(frame: Any, *, period: str = "period", state: str = "state", person: str = "person_id",
              clock: Optional[str] = None, weights: Optional[str] = None, by: Columns = None, level: float = 0.95,
              threads: Optional[int] = None, progress: Progress = None) -> Table:
    """Whole histories from a row a person and period: how often and how irregularly people move, as means.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame, mapping of columns, or path of a CSV file
        One row a person and period.
    period : str
        Column of the period: whole numbers, or with ``clock`` dates.
    state : str
        Column of the state, texts or whole numbers; missing: not seen in that period.
    person : str
        Column of people.
    clock : "days", "weeks", "months", "quarters" or "years", optional
        Periods are those of the calendar that the dates lie in.
    weights : str, optional
        Column of weights; a history has that of its first period seen.
    by : str or list of str, optional
        Group columns. The rows of a person in one group are one history.
    level : float
        Coverage of the limits.
    threads, progress
        As for every function.

    Returns
    -------
    Table
        Quantities people, and means of periods_seen, changes_of_state, history_entropy, turbulence, complexity and, by
        to_state, time_in_state (docs/methods/states.md).

    Examples
    --------
    >>> import flexmetrics as fm
    >>> months = {"id": ["a", "a", "a", "b"], "month": [1, 2, 3, 1], "in": ["work", "benefit", "work", "work"]}
    >>> fm.sequences(months, person="id", period="month", state="in").value("changes_of_state")
    1.0
    """
    wanted = {"period": Wanted(period, "date" if clock is not None else "number"), "state": Wanted(state, "text")}
    options = dict(person=person, clock=clock)
    return _compute("retention.sequences", frame, (person,), wanted, by, weights, level, options, threads, progress)
