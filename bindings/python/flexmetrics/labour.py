"""Labour-force status and rates of a table of people, by the 13th or the 19th ICLS."""
from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Sequence, Union

from . import core
from .catalogue import Progress
from .frames import picked
from .income_rules import word_of
from .run import compute_options, threads_of
from .survey import Design
from .table import Table

_INSURANCE = ("leave", "informal", "formal", "drop")


def _names(columns: Optional[Mapping[str, str]]) -> Optional[str]:
    if columns is None:
        return None
    if not isinstance(columns, Mapping):
        raise TypeError(f"columns: expected a mapping of names to columns, got {type(columns).__name__}")
    return ",".join(f"{name}={column}" for name, column in columns.items()) or None


def _people(frame: Any, spec: Dict[str, Any]) -> Table:
    return picked(frame, list(Table(core.catalogue_columns("labour.rates", spec))["name"]), {})


def labour(frame: Any, indicators: Union[None, str, Sequence[str]] = None, *, icls: Optional[int] = None,
           weights: Optional[str] = None, by: Any = None, margins: bool = False, age_bands: Optional[str] = None,
           columns: Optional[Mapping[str, str]] = None, labour_status: Optional[str] = None, working_age: str = "15+",
           youth: str = "15-24", hours_threshold: Optional[float] = None, unknown_insurance: str = "leave",
           group: str = "sex", reference: str = "M", compared: str = "F", totals: bool = False, percent: bool = False,
           design: Optional[Design] = None, level: float = 0.95, threads: Optional[int] = None,
           progress: Progress = None) -> Table:
    """Labour indicators of SDG 8 and 10 by any groups and, in the same pass, all their margins.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame or mapping of columns
        One row a person; columns such as age, paid_hours, seeking (docs/methods/labour.md). Only those read are needed.
    indicators : str or list of str, optional
        Such as ``["unemployment_rate", "neet_rate"]``, see :func:`labour_indicators`; by default employment,
        participation and unemployment. A register's unemployment is never asked for beside a survey's.
    icls : {13, 19}
        Definition of employment. There is no default: under the 13th ICLS producing goods for own use is employment,
        under the 19th only work for others for pay or profit is.
    weights : str, optional
        Weight column: 0 leaves a row out, negative or missing is an error.
    by : str or list of str, optional
        age, sex, disability, migrant, occupation, activity or any other column.
    margins : bool
        Every set of the groups as well, and the whole; a missing key is the total over that column.
    age_bands : str, optional
        Bands of the group age, such as ``"15-24,25-54,55-64,65+"``; single years without.
    columns : mapping, optional
        Columns of other names: ``{"paid_hours": "hours", "activity": "nace"}``.
    labour_status : str, optional
        Column of the status as given in place of the answers.
    working_age, youth : str
        Ages of adults and of young people.
    hours_threshold : float, optional
        Weekly hours below which someone who wants more is underemployed; needed by lu2 and lu4.
    unknown_insurance : {"leave", "informal", "formal", "drop"}
        Employees of whom social insurance is not known: by leave (formal with paid and sick leave), or all as named.
    group, reference, compared : str
        Column of the two groups of pay_gap, and its values for them.
    totals : bool
        Injuries from rows of totals with a column ``workers``, with Poisson limits.
    percent : bool
        Shares in per cent.
    design : Design, optional
        How the rows were drawn, ``Design()`` for independently; without one there are no errors.

    Returns
    -------
    Table
        One figure a row with numerator, denominator, n and dropped.

    Raises
    ------
    Error
        ``icls`` is missing, a column is missing, or a value breaks a rule, with its row.
    """
    if design is not None and not isinstance(design, Design):
        raise TypeError(f"design: expected a Design, got {type(design).__name__}")
    word_of("unknown_insurance", unknown_insurance, _INSURANCE)
    drawn: Dict[str, Any] = {} if design is None else design.options()
    if design is not None and not drawn:
        drawn = {"se": "taylor"}
    names = indicators if indicators is None or isinstance(indicators, str) else ",".join(indicators)
    options = dict(indicators=names, icls=icls, columns=_names(columns), labour_status=labour_status, margins=margins,
                   age_bands=age_bands, working_age=working_age, youth=youth, unknown_insurance=unknown_insurance,
                   hours_threshold=None if hours_threshold is None else float(hours_threshold), group=group,
                   reference=reference, compared=compared, totals=totals, percent=percent, **drawn)
    spec = compute_options(by, weights, None, level, None, options)
    table = _people(frame, spec)
    return Table(core.compute_frame(table._handle, "labour.rates", spec, threads_of(threads), progress))


def labour_status(frame: Any, *, icls: int, columns: Optional[Mapping[str, str]] = None,
                  labour_status: Optional[str] = None, working_age: str = "15+", youth: str = "15-24",
                  hours_threshold: Optional[float] = None, unknown_insurance: str = "leave") -> Table:
    """The labour-force status of each row, and whether it is long-term unemployed, informal, NEET, child labour.

    Parameters
    ----------
    icls, columns, labour_status, working_age, youth, hours_threshold, unknown_insurance
        As for :func:`labour`.

    Returns
    -------
    Table
        A row for each of the frame: ``labour_status`` (employed, underemployed, unemployed, potential, outside; missing
        when the answers do not tell), and the bool columns whose answers are there.
    """
    word_of("unknown_insurance", unknown_insurance, _INSURANCE)
    given = dict(columns=_names(columns), labour_status=labour_status, working_age=working_age, youth=youth, icls=icls,
                 hours_threshold=None if hours_threshold is None else float(hours_threshold))
    spec: Dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    spec["unknown_insurance"] = _INSURANCE.index(unknown_insurance)
    there = [str(name) for name in frame.columns] if hasattr(frame, "columns") else \
        list(frame) if isinstance(frame, Mapping) else []
    usual = {name.strip() for needs in labour_indicators()["needs"] for name in needs.split(",")}
    read = {*usual, "job_found", "isic", *(columns or {}).values(), labour_status}
    return Table(core.labour_status(picked(frame, [n for n in there if n in read], {})._handle, spec))


def labour_indicators() -> Table:
    """The labour indicators: name, number in the SDG framework, unit, definition, columns that it reads."""
    return Table(core.labour_indicators())
