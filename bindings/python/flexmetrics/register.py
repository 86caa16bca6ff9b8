"""The programme's data: checked, linked tables, and the measures on them."""
from __future__ import annotations

import datetime
import os
from typing import Any, Dict, Mapping, Optional, Union

from . import core
from .catalogue import Progress
from .csvfile import format_options
from .error import DataError
from .report import Report
from .run import NO_DATE, Date, by_of, compute_options, day_of, merge_of, threads_of
from .table import Table, as_table

_FORMAT = ("delimiter", "decimal", "thousands", "date_pattern", "encoding", "missing")


def _reading(options: Dict[str, Any]) -> Dict[str, Any]:
    out: Dict[str, Any] = {}
    for key, value in format_options(options).items():
        if key == "columns" and not isinstance(value, str):
            value = ";".join(f"{name}={header}" for name, header in value.items())
        elif key == "codes":
            key, value = "codes_folder", os.fspath(value)
        elif key in ("skip_bad", "id_width"):
            value = int(value)
        out[key] = value
    if any(key in out for key in _FORMAT):
        out.setdefault("decimal", ord("."))
        out["format_given"] = True
    return out


class Register:
    """Checked and linked tables of one programme.

    Make one with :meth:`read` (a folder of CSV files) or :meth:`from_frames` (tables in memory). Every measure is a
    method; each returns a :class:`Table` with one figure a row. ``problems`` lists what was noted about the data.
    """

    def __init__(self, handle: Any, problems: Table) -> None:
        self._handle = handle
        self.problems = problems

    @classmethod
    def read(cls, folder: Union[str, "os.PathLike[str]"], *, delimiter: Optional[str] = None,
             decimal: Optional[str] = None, thousands: Optional[str] = None, date_pattern: Optional[str] = None,
             encoding: Optional[str] = None, missing: Optional[str] = None, columns: Any = None, codes: Any = None,
             skip_bad: bool = False, id_width: int = 0, threads: Optional[int] = None,
             progress: Progress = None) -> "Register":
        """Read the CSV files of a folder (persons.csv, placements.csv, ...).

        Parameters
        ----------
        folder : path
            Folder of CSV files.
        delimiter, decimal, thousands, date_pattern, encoding, missing : str, optional
            How the files are written; by default as a datapackage.json beside them says, else comma or semicolon from
            the header, decimal point, YYYY-MM-DD, UTF-8.
        columns : mapping or str, optional
            Own headers: ``{"persons.person_id": "Borger"}``.
        codes : path, optional
            Folder of code lists that replace the built-in ones.
        skip_bad : bool
            Leave rows with errors out (and list them) instead of stopping.
        id_width : int
            Give shorter ids leading zeros to this width.

        Raises
        ------
        DataError
            The data have errors; ``.problems`` lists them all.
        """
        options = _reading(dict(delimiter=delimiter, decimal=decimal, thousands=thousands, date_pattern=date_pattern,
                                encoding=encoding, missing=missing, columns=columns, codes=codes, skip_bad=skip_bad,
                                id_width=id_width))
        return cls._made(core.register_read(os.fspath(folder), options, threads_of(threads), progress))

    @classmethod
    def from_frames(cls, tables: Optional[Mapping[str, Any]] = None, *, codes: Any = None, skip_bad: bool = False,
                    id_width: int = 0, threads: Optional[int] = None, progress: Any = None,
                    **frames: Any) -> "Register":
        """Make a register from tables in memory: ``from_frames(persons=df, placements=df2, ...)``.

        Each frame is a pandas DataFrame, a mapping of columns, or a Table, named after the register's table, or all in
        one mapping: ``from_frames({"persons": df, "progress": df2})``. ``progress`` is the function that is told how
        far the work is, as everywhere, or the table of that name. Number columns without gaps are borrowed, not
        copied: do not change them while the register is in use.
        """
        frames = {**(tables or {}), **frames}
        if progress is not None and not callable(progress):
            frames, progress = {**frames, "progress": progress}, None
        handles = [_renamed(data, name)._handle for name, data in frames.items()]
        options = _reading(dict(codes=codes, skip_bad=skip_bad, id_width=id_width))
        return cls._made(core.register_from_tables(handles, options, threads_of(threads), progress))

    @classmethod
    def _made(cls, made: Any) -> "Register":
        handle, problems, message = made
        table = None if problems is None else Table(problems)
        if handle is None:
            assert table is not None
            raise DataError(message, table)
        return cls(handle, table if table is not None else Table.from_columns({}, "problems"))

    # ---- what is there ----
    def table(self, name: str) -> Optional[Table]:
        """A checked table by name; None when the data have none."""
        handle = core.register_table(self._handle, name)
        return None if handle is None else Table(handle)

    def fact(self, key: str) -> Optional[str]:
        """A fact of datapackage.json, such as ``"title"``."""
        return core.register_fact(self._handle, key)

    @property
    def data_end(self) -> Optional[datetime.date]:
        """The day after the last day on which anything in the data happened."""
        days = core.register_data_end(self._handle)
        return None if days == NO_DATE else datetime.date(1970, 1, 1) + datetime.timedelta(days=days)

    def __repr__(self) -> str:
        names = [n for n in dict.fromkeys(core_table_names()) if core.register_table(self._handle, n) is not None]
        return f"<flexmetrics.Register: {', '.join(names)}; {len(self.problems)} notes>"

    def frame(self, kind: str, *, by: Any = None, filter: Optional[str] = None, index: Optional[str] = None,
              horizons: Any = None, participants: Optional[str] = None, period_0: Optional[float] = None,
              period_1: Optional[float] = None, as_of: Date = None, same_employer: bool = False, gap_days: int = 0,
              definitions: Any = None, rule: Optional[str] = None, clock: Optional[str] = None,
              start: Optional[str] = None, states: Optional[str] = None, most_hours: float = 10,
              gap_skipped: bool = False, between: Optional[str] = None, count_from: Optional[str] = None,
              offers: Optional[str] = None,
              eligible_on: Optional[str] = None,
              support: Any = None, dose: Optional[str] = None, cuts: Any = None, landmark_days: int = 91,
              earlier: bool = False, merge: Any = None,
              threads: Optional[int] = None, progress: Progress = None) -> Table:
        """The flat frame a measure takes.

        Parameters
        ----------
        kind : str
            people, placements, status, survival, weeks, hours, unemployment, employers, steps, offers, jobs, goals,
            contracts, incomes, income, income_gain, income_periods, initiatives, participants, journeys, supports,
            support_status or progress.
        by : str or list of str, optional
            Group columns to join.
        filter : str, optional
            Rows to keep, such as ``"kind = fleksjob & sector = private"``.
        index : {"placement", "first", "referral"}, optional
            status, survival: every placement, the first of each person, from referral to the next start of work.
        horizons : int, list of int, optional
            status: months after the start (with definitions by their clocks); weeks: weeks.
        same_employer, gap_days : bool, int
            status, survival without definitions: work with the employer of the placement; longest pause bridged.
        definitions : str or list of str, optional
            status, survival, weeks: names of definitions of lasting work (:func:`definitions`, or of a list of one's
            own among ``codes``), side by side; unemployment: statistics_denmark, continuous_year, share_of_time;
            initiatives: how days of unemployment are counted, continuous, statistics_denmark or unemployed_since.
        rule, clock, start : str, optional
            In place of those of the definitions; ``start`` is placement, ordinary, exit, benefit_end or work.
        states : str, optional
            unemployment: states that are unemployment; offers: that are benefit; hours, employers, steps, jobs: kinds
            of placements.
        most_hours : float
            hours: placements of at most so many hours a week.
        gap_skipped : bool
            unemployment: days of bridged pauses do not count.
        between, count_from : str, optional
            steps: between each ``"kind"`` (None) or each ``"sector"``; months from the ``"start"`` (None) or the
            ``"end"`` of the first placement.
        offers : str, optional
            offers: kinds of placements that are company-directed offers.
        eligible_on : {"last", "start"}, optional
            initiatives: day on which a rule of eligibility is read.
        support, dose, cuts, landmark_days, earlier
            support_status: kinds of support; "number", "days" or "hours" and where its classes end; the landmark;
            support that ended before the job counts too.
        participants, period_0, period_1
            Incomes: the initiative, the periods.
        merge : str or mapping, optional
            Groups of ``by`` that become one before anything is counted: ``"a,b=name;c,d"`` or
            ``{"name": ["a", "b"]}``.
        as_of : date or "YYYY-MM-DD", optional
            Start of the first day not observed; None: the day after the last in the data.
        """
        given = dict(kind=kind, by=by_of(by), filter=filter, index=index, participants=participants,
                     horizons=by_of(horizons), period_0=period_0, period_1=period_1, as_of=day_of(as_of),
                     same_employer=int(same_employer), gap_days=int(gap_days), definitions=by_of(definitions),
                     rule=rule, clock=clock, start=start, states=states, most_hours=float(most_hours),
                     gap_skipped=int(gap_skipped), between=between, count_from=count_from, offers=offers,
                     eligible_on=eligible_on, support=by_of(support),
                     dose=dose, cuts=by_of(cuts), landmark_days=int(landmark_days), earlier=int(earlier),
                     merge=merge_of(merge))
        options = {k: v for k, v in given.items() if v is not None}
        return Table(core.register_frame(self._handle, options, threads_of(threads), progress))

    # ---- measures ----
    def compute(self, id: str, *, by: Any = None, weight: Optional[str] = None, filter: Optional[str] = None,
                level: float = 0.95, as_of: Date = None, merge: Any = None, threads: Optional[int] = None,
                progress: Progress = None, **options: Any) -> Table:
        """Compute any indicator by its id; ``flexmetrics.describe(id)`` tells its options. Nothing is hidden.

        ``merge`` makes groups of ``by`` one before anything is counted, so that a person in both counts once:
        ``"refugee,cash_benefit=newcomers;a,b"`` or ``{"newcomers": ["refugee", "cash_benefit"]}``.
        """
        spec = compute_options(by, weight, filter, level, as_of, dict(options, merge=merge))
        return Table(core.compute(self._handle, id, spec, threads_of(threads), progress))

    def people(self, **arguments: Any) -> Table:
        """programme.people: distinct people and those who have begun a job. Arguments as :meth:`compute`."""
        return self.compute("programme.people", **arguments)

    def placements(self, **arguments: Any) -> Table:
        """programme.placements: starts by sector and size, running jobs, hours and FTE. Arguments as :meth:`compute`;
        option ``full_time_hours``."""
        return self.compute("programme.placements", **arguments)

    def employers(self, **arguments: Any) -> Table:
        """programme.employers: distinct employers, new ones, small ones, social enterprises, the largest. Arguments as
        :meth:`compute`; options ``kind``, ``period_start``, ``period_end``, ``local_firms``."""
        return self.compute("programme.employers", **arguments)

    def steps(self, **arguments: Any) -> Table:
        """programme.steps: who goes on from one kind of placement, or sector, to another. Arguments as
        :meth:`compute`; options ``kind``, ``between``, ``count_from``, ``horizons``."""
        return self.compute("programme.steps", **arguments)

    def offers(self, **arguments: Any) -> Table:
        """programme.offers: degree of company-directed offers. Arguments as :meth:`compute`; options ``offers``,
        ``states``."""
        return self.compute("programme.offers", **arguments)

    def jobs(self, **arguments: Any) -> Table:
        """programme.jobs: contracts, agreements, hours wanted and had, hours of those who need fewer than full time.
        Arguments as :meth:`compute`; options ``kind``, ``bands``, ``full_time_hours``."""
        return self.compute("programme.jobs", **arguments)

    def initiatives(self, **arguments: Any) -> Table:
        """programme.initiatives: who could take part in an initiative, was reached, joined, got a job through it and
        kept it, and with which employers. Arguments as :meth:`compute`; options ``unemployment``, ``states``,
        ``eligible_on``, ``horizons``, ``employer``, ``gap_days``."""
        return self.compute("programme.initiatives", **arguments)

    def decisions(self, **arguments: Any) -> Table:
        """programme.decisions: applications accepted, declined, rejected, not decided. Arguments as :meth:`compute`."""
        return self.compute("programme.decisions", **arguments)

    def journeys(self, **arguments: Any) -> Table:
        """programme.journeys: days from referral and joining to first contact, first hours and first job, with those
        who still wait. Arguments as :meth:`compute`; options ``quantiles``, ``times``, ``curve``, ``conf_type``,
        ``cluster``."""
        return self.compute("programme.journeys", **arguments)

    def support(self, **arguments: Any) -> Table:
        """programme.support: people reached by upskilling, aftercare, mentors, and with how much. Arguments as
        :meth:`compute`."""
        return self.compute("programme.support", **arguments)

    def support_retention(self, **arguments: Any) -> Table:
        """programme.support_retention: who stayed in work, by support before a landmark day. Arguments as
        :meth:`compute`; options ``landmark``, ``support``, ``horizons``, ``earlier``, ``dose``, ``cuts``, ``index``,
        ``employer``, ``gap_days``."""
        return self.compute("programme.support_retention", **arguments)

    def progress(self, **arguments: Any) -> Table:
        """programme.progress: scores of questionnaires, first to last. Arguments as :meth:`compute`; option
        ``reliability``."""
        return self.compute("programme.progress", **arguments)

    def status(self, **arguments: Any) -> Table:
        """retention.status: in work at 3, 6, 12 months: yes, no, not known yet. Arguments as :meth:`compute`; options
        ``index``, ``horizons``, ``employer``, ``gap_days``, ``cluster``; ``definition`` (names of definitions of
        lasting work, side by side), and ``start``, ``rule``, ``clock`` in place of theirs."""
        return self.compute("retention.status", **arguments)

    def weeks(self, **arguments: Any) -> Table:
        """retention.weeks: share of weeks in work up to a horizon. Arguments as :meth:`compute`; options
        ``definition``, ``horizons``, ``index``, ``cluster``."""
        return self.compute("retention.weeks", **arguments)

    def hours(self, **arguments: Any) -> Table:
        """retention.hours: hours growth in small jobs. Arguments as :meth:`compute`; options ``kind``, ``most_hours``,
        ``horizons``, ``cluster``."""
        return self.compute("retention.hours", **arguments)

    def unemployment(self, **arguments: Any) -> Table:
        """retention.unemployment: long-term unemployment, three definitions. Arguments as :meth:`compute`; options
        ``definition``, ``states``, ``gap_counts``, ``cluster``."""
        return self.compute("retention.unemployment", **arguments)

    def survival(self, **arguments: Any) -> Table:
        """retention.survival: Kaplan-Meier share still in work, median, mean times. Arguments as :meth:`compute`;
        options ``index``, ``employer``, ``gap_days``, ``conf_type``, ``curve``, ``estimator``, ``variance``,
        ``cluster``, ``hazard``, ``start_time``, ``quantiles``, ``times``, ``rmst``, ``taus``, ``reference``,
        ``definition`` (names of definitions, side by side), ``start`` (in place of theirs)."""
        return self.compute("retention.survival", **arguments)

    def logrank(self, **arguments: Any) -> Table:
        """retention.logrank: do groups leave work at the same pace? Arguments as :meth:`compute`; options ``index``,
        ``employer``, ``gap_days``, ``group``, ``tests``, ``strata``, ``cluster``, ``variance``, ``detail``,
        ``definition``, ``start``."""
        return self.compute("retention.logrank", **arguments)

    def cox(self, **arguments: Any) -> Table:
        """retention.cox: how many times as fast people leave with a characteristic as without. Arguments as
        :meth:`compute`; options ``covariates``, ``dated``, ``ever``, ``accepted``, ``strata``, ``cluster``,
        ``profiles``, ``ties``, ``weights``, ``robust``, ``landmark``, ``proportional``, ``baseline``, ``concordance``,
        ``index``, ``employer``, ``gap_days``, ``definition``, ``start``."""
        return self.compute("retention.cox", **arguments)

    def discrete_hazard(self, **arguments: Any) -> Table:
        """retention.discrete_hazard: hazard of leaving in each period, as a life table and by regression. Arguments as
        :meth:`compute`; options ``covariates``, ``dated``, ``ever``, ``accepted``, ``cluster``, ``cause``, ``length``,
        ``bands``, ``link``, ``weights``, ``robust``, ``index``, ``employer``, ``gap_days``, ``definition``,
        ``start``."""
        return self.compute("retention.discrete_hazard", **arguments)

    def cumulative_incidence(self, **arguments: Any) -> Table:
        """retention.cumulative_incidence: Aalen-Johansen share gone for each reason. Arguments as :meth:`compute`;
        options ``index``, ``employer``, ``gap_days``, ``conf_type``, ``curve``, ``cluster``, ``times``, ``reference``,
        ``variance``, ``definition``, ``start``."""
        return self.compute("retention.cumulative_incidence", **arguments)

    def fine_gray(self, **arguments: Any) -> Table:
        """retention.fine_gray: how the share gone for one reason depends on a characteristic. Arguments as
        :meth:`compute`; options ``covariates``, ``causes``, ``dated``, ``ever``, ``accepted``, ``strata``,
        ``censoring``, ``cluster``, ``profiles``, ``weights``, ``landmark``, ``baseline``, ``index``, ``employer``,
        ``gap_days``."""
        return self.compute("retention.fine_gray", **arguments)

    def gray(self, **arguments: Any) -> Table:
        """retention.gray: Gray's test of each reason of exit between the groups of ``by``. Arguments as
        :meth:`compute`; options ``index``, ``employer``, ``gap_days``, ``strata``, ``rho``, ``definition`` (one),
        ``start``."""
        return self.compute("retention.gray", **arguments)

    def track(self, **arguments: Any) -> Table:
        """target.track: goals, pace, forecast and the chance of meeting them. Arguments as :meth:`compute`; options
        ``earlier_years``, ``season``, ``dispersion``, ``prior_years``, ``prior_shape``, ``prior_days``,
        ``scenarios``, ``net``, ``private_share``, ``months``, ``late_months``, ``on_course``, ``behind``."""
        return self.compute("target.track", **arguments)

    def bottom40(self, **arguments: Any) -> Table:
        """income.bottom40: the bottom 40 per cent, its share and growth (SDG 10.1.1). Arguments as :meth:`compute`;
        options ``period_0``, ``period_1``, ``p_share``, ``line``, ``population``, ``participants``."""
        return self.compute("income.bottom40", **arguments)

    def sdg_contribution(self, **arguments: Any) -> Table:
        """sdg.contribution: what the participants gained in income, work and hours, beside ``national``, the figures of
        the country that are cited (see :func:`flexmetrics.sdg_contribution`). Arguments as :meth:`compute`; options
        ``national``, ``participants``, ``period_0``, ``period_1``, ``force``."""
        return self.compute("sdg.contribution", **arguments)

    def net_result(self, **arguments: Any) -> Table:
        """economy.net_result: what jobs change for municipality, state and person, from wages, hours and the weekly
        amounts of benefits. Arguments as :meth:`compute`; options ``kind``, ``deadweight``, ``effect``,
        ``effect_error``, ``state_share``, ``cost_payer``, ``schedule``, ``base_year``."""
        return self.compute("economy.net_result", **arguments)

    def reimbursement(self, **arguments: Any) -> Table:
        """economy.reimbursement: weekly benefits split between state and municipality. Arguments as :meth:`compute`;
        options ``scheme``, ``period``, ``share_before``, ``granted_from``, ``reset_weeks``, ``window_weeks``."""
        return self.compute("economy.reimbursement", **arguments)

    def fleksloentilskud(self, **arguments: Any) -> Table:
        """economy.fleksloentilskud: the wage supplement of people in fleksjob, by whole months. Arguments as
        :meth:`compute`; options ``kind``, ``period``."""
        return self.compute("economy.fleksloentilskud", **arguments)

    def social_return(self, **arguments: Any) -> Table:
        """economy.social_return: the impact map in the table ``outcomes`` over the inputs. Arguments as
        :meth:`compute`; options ``inputs`` (by year, such as ``"1200000,900000"``), ``rate``."""
        return self.compute("economy.social_return", **arguments)

    def contracts(self, **arguments: Any) -> Table:
        """economy.contracts: clauses, FTE-years expected, agreed, started and delivered. Arguments as :meth:`compute`;
        options ``rule``, ``quota``, ``fte_cost``, ``hours``, ``purchasing``, ``wage_share``, ``clause_share``."""
        return self.compute("economy.contracts", **arguments)

    def report(self, *, by: str = "target_group", level: float = 0.95, as_of: Date = None, threshold: int = 5,
               merge: Any = None, threads: Optional[int] = None, progress: Progress = None) -> Report:
        """Everything the data allow, with small counts hidden, as a table and in words.

        Parameters
        ----------
        by : str
            Breakdown column; ``""`` for none.
        level : float
            Coverage of intervals, between 0 and 1.
        as_of : date or "YYYY-MM-DD", optional
            Start of the first day not observed; None: the day after the last in the data.
        threshold : int
            Smallest count of people that is shown; 1 hides nothing.
        merge : str or mapping, optional
            Groups of ``by`` that become one before anything is counted, as in :meth:`compute`.
        """
        arguments = (self._handle, by, merge_of(merge), float(level), day_of(as_of), int(threshold),
                     threads_of(threads), progress)
        return Report(core.report_create(*arguments), arguments)


def core_table_names() -> Any:
    """Names of the tables a register may have."""
    return Table(core.schema_table())["table"]


def _renamed(data: Any, name: str) -> Table:
    table = as_table(data, name)
    if table.name == name:
        return table
    return Table.from_columns(table.to_dict(), name)
