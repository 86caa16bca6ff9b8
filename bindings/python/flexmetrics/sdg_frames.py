"""A programme's contribution to the Sustainable Development Goals 8 and 10, in frames."""
from __future__ import annotations

from typing import Any, Optional, Union

from . import core
from .frames import fitted, listed, picked
from .run import Progress, compute_options, threads_of
from .table import Table

_COLUMNS = ("income_0", "income_1", "employed_0", "employed_1", "hours_0", "hours_1", "participant")


def sdg_contribution(frame: Any, *, national: Any = None, concept: Optional[str] = None, unit: Optional[str] = None,
                     currency: Optional[str] = None, prices: Union[None, str, int] = None,
                     period_months: Optional[float] = None, period_0: Optional[float] = None,
                     period_1: Optional[float] = None, weights: Optional[str] = None, by: Any = None,
                     force: bool = False, level: float = 0.95, threads: Optional[int] = None,
                     progress: Progress = None) -> Table:
    """What a programme's own participants gained, beside the figures of the country that it cites.

    Parameters
    ----------
    frame : Table, pandas.DataFrame, polars.DataFrame or mapping of columns
        One row a participant: ``income_0`` and ``income_1`` (before and after), ``employed_0`` and ``employed_1``,
        ``hours_0`` and ``hours_1`` (a week), as far as they are known. With ``participant`` the others are left out.
    national : Table, DataFrame, mapping of columns or path of a CSV file, optional
        A row a cited figure: ``indicator``, ``quantity``, ``value``, ``source``, and ``unit``, ``concept``, ``since``,
        ``year``, ``prices``, ``currency``, ``period_months`` as far as the figure has them.
    concept, unit, currency, prices, period_months, period_0, period_1
        What the incomes of the frame are, in the words of ``national``. A cited figure that differs is an error.
    weights : str, optional
        Column of weights.
    force : bool
        Figures that differ are shown all the same, and the note ``differences`` says how.

    Returns
    -------
    Table
        Figures of the participants (``definition`` contribution) and of the country (cited): never its indicator, and
        no effect (docs/methods/sdg_contribution.md).
    """
    options = dict(concept=concept, unit=unit, currency=currency, prices=prices, period_months=period_months,
                   period_0=period_0, period_1=period_1, force=force, national=national)
    table = picked(frame, [name for column in (*_COLUMNS, by, weights) for name in listed(column)], {})
    spec = compute_options(by, weights, None, level, None, options)
    table = fitted(table, "sdg.contribution", spec)
    return Table(core.compute_frame(table._handle, "sdg.contribution", spec, threads_of(threads), progress))
