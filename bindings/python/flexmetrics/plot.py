"""Figures of results with matplotlib: curves of incomes and of time in work, states, hazard ratios, estimates."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Tuple

from . import core

if TYPE_CHECKING:
    from .table import Table

KINDS = ("lorenz", "generalised_lorenz", "tip", "incidence", "survival", "cumulative_incidence", "occupation",
         "hazard_ratios", "control_chart", "funnel", "estimates")
#: Told apart by colour-blind readers too (after Okabe and Ito 2008), with the line's style as a second sign.
COLOURS = ("#0a4f7d", "#c15a00", "#2f7d5b", "#7a4a86", "#5f6b75", "#a4873a")
STYLES = ("-", "--", "-.", ":")
_NO_KEYS = {"indicator", "definition", "parameter", "p", "percentile", "band_low", "band_high", "df", "p_value",
            "statistic", "time_days", "time_weeks", "time_months"}


class _Series(NamedTuple):
    """A curve: points in order of x, each with its limits (None where there are none)."""

    name: str
    x: List[float]
    y: List[float]
    low: List[Optional[float]]
    high: List[Optional[float]]
    parts: Tuple[str, ...] = ()  #: of the name, one a key


def _axes(ax: Any) -> Any:
    if ax is not None:
        return ax
    try:
        from matplotlib import pyplot
    except ImportError:
        raise ImportError("plot needs matplotlib, which is not installed: pip install matplotlib, or Debian's "
                          "python3-matplotlib; the figures themselves are in to_dict() and to_pandas()") from None
    return pyplot.subplots(figsize=(6.4, 4.4), layout="constrained")[1]


def _word(key: str, lang: str) -> str:
    return core.label(key, lang)


def _comma(text: str, lang: str) -> str:
    return text.translate(str.maketrans(",.", ".,")) if lang == "da" else text


def _number(unit: str, lang: str) -> Callable[[float, Any], str]:
    """How a value of this unit is written on an axis."""
    if unit in ("share", "per_year", "total"):
        return lambda v, _: _comma(f"{100 * v:.10g}", lang) + (" %" if lang == "da" else "%")
    if unit == "money":
        return lambda v, _: _comma(f"{v:,.10g}", lang)
    return lambda v, _: _comma(f"{v:.10g}", lang)


def _value_text(column: str, value: Any, table: "Table", lang: str) -> str:
    if value is None:
        return _word("plot.all", lang)
    period = {"first": "period_0", "last": "period_1"}.get(str(value)) if column == "comparison" else None
    return table.notes.get(period or "", str(value))


def _keys(table: "Table") -> List[str]:
    """Columns that tell one series from another; of lasting work the definitions, where there are several."""
    columns = table.columns
    several = str(table["indicator"][0] if len(table) else "").startswith("retention.") and len(
        set(table["definition"])) > 1
    return [c for c in columns[:columns.index("period_start")] if c not in _NO_KEYS or (several and c == "definition")]


def _named(row: Dict[str, Any], keys: List[str], table: "Table", lang: str) -> str:
    return ", ".join(_value_text(k, row[k], table, lang) for k in keys)


def _curves(table: "Table", kind: str, quantity: str, x: str, limits: Tuple[str, str], lang: str) -> List[_Series]:
    """The curves of one quantity, each sorted by x; rows without a value or a place are left out."""
    rows = [row for row in table.rows() if row["quantity"] == quantity]
    keys = [k for k in _keys(table) if not rows or any(row[k] is not None for row in rows)]
    pair = {"reference", "compared"} if table.columns.count("p") else {quantity}
    found: Dict[str, List[Tuple[float, Dict[str, Any]]]] = {}
    parts: Dict[str, Tuple[str, ...]] = {}
    for row in table.rows():
        if row["quantity"] not in pair or row["value"] is None or row[x] is None:
            continue
        if row.get("comparison") not in (None, "first", "last"):
            continue
        name = _named(row, keys, table, lang)
        if table.columns.count("p"):
            name = ", ".join(part for part in (table.notes.get(row["quantity"], row["quantity"]), name) if part)
        found.setdefault(name, []).append((float(row[x]), row))
        parts[name] = tuple(_value_text(k, row[k], table, lang) for k in keys)
    if not found:
        raise ValueError(f"no figures to plot as {kind}: the table has {', '.join(sorted(set(table['quantity'])))}")
    out = []
    for name, points in found.items():
        points.sort(key=lambda point: point[0])
        out.append(_Series(name, [p for p, _ in points], [r["value"] for _, r in points],
                           [r[limits[0]] for _, r in points], [r[limits[1]] for _, r in points], parts[name]))
    return out


def _with_ends(series: _Series, start: Tuple[float, float], end: Optional[Tuple[float, float]]) -> _Series:
    """The curve with the ends that it has by definition."""
    before, after = series.x[0] > start[0], end is not None and series.x[-1] < end[0]

    def put(values: List[Any], k: int) -> List[Any]:
        return ([start[k]] if before else []) + values + ([end[k]] if after and end is not None else [])

    return _Series(series.name, put(series.x, 0), put(series.y, 1), put(series.low, 1), put(series.high, 1),
                   series.parts)


def _draw(ax: Any, curves: List[_Series], band: bool, step: bool, given: Dict[str, Any],
          places: Optional[List[Tuple[int, int]]] = None) -> None:
    """`places` gives each curve a colour and a style by number."""
    for i, c in enumerate(curves):
        colour, style = (i, i) if places is None else places[i]
        look = {"color": COLOURS[colour % len(COLOURS)], "linestyle": STYLES[style % len(STYLES)], "linewidth": 1.6,
                **given}
        if c.name and "label" not in given:
            look["label"] = c.name
        line = (ax.step if step else ax.plot)(c.x, c.y, **({"where": "post"} if step else {}), **look)[0]
        known = [(x, low, high) for x, low, high in zip(c.x, c.low, c.high) if low is not None and high is not None]
        if band and len(known) > 1:
            ax.fill_between([k[0] for k in known], [k[1] for k in known], [k[2] for k in known],
                            step="post" if step else None, color=line.get_color(), alpha=0.16, linewidth=0)


def _finish(ax: Any, table: "Table", texts: Tuple[str, str], units: Tuple[str, str], note: str, lang: str) -> None:
    ax.set_xlabel(texts[0])
    ax.set_ylabel(texts[1])
    for axis, unit in zip((ax.xaxis, ax.yaxis), units):
        axis.set_major_formatter(_number(unit, lang))
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(True, color="#e3e6e8", linewidth=0.6)
    ax.set_axisbelow(True)
    names = ax.get_legend_handles_labels()[1]
    if names and sum(len(name) + 7 for name in names) <= 50:  # above the figure, where no curve is
        ax.legend(frameon=False, fontsize="small", loc="lower right", bbox_to_anchor=(1, 1), ncols=len(names),
                  borderaxespad=0, columnspacing=1.2)
    elif names:
        ax.legend(frameon=False, fontsize="small")
    level = next((v for v in table["level"] if v is not None), None)
    if note and level is not None:
        ax.set_title(_word(note, lang).replace("{1}", _number("share", lang)(level, 0)), fontsize="small", loc="left",
                     color="#555555")


def _share_curve(table: "Table", kind: str, ax: Any, lang: str, band: bool, given: Dict[str, Any]) -> None:
    x = "p" if "p" in table.columns else "parameter"
    curves = [_with_ends(c, (0, 0), (1, 1) if kind == "lorenz" else None)
              for c in _curves(table, kind, kind, x, ("ci_low", "ci_high"), lang)]
    if kind == "lorenz":
        ax.plot([0, 1], [0, 1], color="#9aa3a9", linewidth=0.9, label=_word("plot.equal", lang))
    _draw(ax, curves, band, False, given)
    unit = next(u for q, u in zip(table["quantity"], table["unit"]) if q in (kind, "reference"))
    _finish(ax, table, (_word("plot.people", lang), _word(f"plot.{kind}", lang)), ("share", unit),
            "plot.limits" if band else "", lang)
    ax.set_xlim(0, 1)
    if kind != "generalised_lorenz":
        ax.set_ylim(bottom=0)
    if kind == "lorenz":
        ax.set_ylim(top=1)


def _incidence(table: "Table", ax: Any, lang: str, band: bool, quantity: str, given: Dict[str, Any]) -> None:
    curves = _curves(table, "incidence", quantity, "percentile", ("band_low", "band_high"), lang)
    if quantity != "quantile_growth":  # a slice is drawn at its middle
        curves = [c._replace(x=[(high + low) / 2 for low, high in zip([0.0, *c.x], c.x)]) for c in curves]
    _draw(ax, curves, band, False, given)
    keys, names, text = _keys(table), [c.name for c in curves], _word("quantity.mean_growth", lang)
    unit = next(u for q, u in zip(table["quantity"], table["unit"]) if q == quantity)
    for row in table.rows():  # in the colour of its curve; one word for all of them
        name = _named(row, keys, table, lang)
        if row["quantity"] == "mean_growth" and row["value"] is not None and name in names:
            ax.axhline(row["value"], color=COLOURS[names.index(name) % len(COLOURS)], linewidth=0.9,
                       linestyle=(0, (1, 2)), label=text)
            text = "_"
    ax.axhline(0, color="#444444", linewidth=0.8)
    _finish(ax, table, (_word("plot.people", lang), _word("plot.growth" if unit == "per_year" else "plot.growth_total",
                                                          lang)), ("share", unit), "plot.band" if band else "", lang)
    ax.set_xlim(0, 1)


def _time_column(table: "Table") -> str:
    return next((c for c in table.columns if c.startswith("time_")), "time_days")


def _times(ax: Any, table: "Table", lang: str, label: str, note: str) -> None:
    """The axes of shares over time."""
    clock = _time_column(table)[len("time_"):]
    _finish(ax, table, (_word(f"plot.{clock}", lang), label), (clock, "share"), note, lang)
    ax.set_ylim(0, 1.02)
    ax.set_xlim(left=0)


def _survival(table: "Table", ax: Any, lang: str, band: bool, at_risk: bool, given: Dict[str, Any]) -> None:
    curves = [_with_ends(c, (0, 1), None)
              for c in _curves(table, "survival", "survival", _time_column(table), ("ci_low", "ci_high"), lang)]
    _draw(ax, curves, band, True, given)
    waiting = table["indicator"][0] == "programme.journeys"
    _times(ax, table, lang, _word("quantity.programme.journeys.survival" if waiting else "quantity.survival", lang),
           "plot.limits" if band else "")
    if at_risk:
        _at_risk(table, ax, [c.name for c in curves], lang)


def _at_risk(table: "Table", ax: Any, names: List[str], lang: str) -> None:
    """Numbers at risk under the axis, at its marks: those of the next time at which something happens."""
    from matplotlib.transforms import ScaledTranslation, blended_transform_factory

    found = {c.name: c for c in _curves(table, "survival", "n_risk", _time_column(table), ("value", "value"), lang)}
    figure = ax.figure
    right = ax.get_xlim()[1]
    marks = [t for t in ax.get_xticks() if 0 <= t <= right]
    ax.set_xticks(marks)
    number = _number("count", lang)
    for line, name in enumerate(["", *names]):
        down = ScaledTranslation(0, -(46 + 13 * line) / 72, figure.dpi_scale_trans)
        at_marks = blended_transform_factory(ax.transData, ax.transAxes) + down
        text = _word("plot.at_risk", lang) if line == 0 else name
        beside = ScaledTranslation(-14 / 72, 0, figure.dpi_scale_trans)
        if text:
            ax.text(0, 0, text, transform=ax.transAxes + down + beside, ha="right", va="center", fontsize="small",
                    color=COLOURS[(line - 1) % len(COLOURS)] if line else "#555555")
        for t in marks if line else ():
            curve = found[name]
            n = next((v for x, v in zip(curve.x, curve.y) if x >= t), 0.0)
            ax.text(t, 0, number(round(n, 1), 0), transform=at_marks, ha="center", va="center", fontsize="small")


def _exits(table: "Table", ax: Any, lang: str, band: bool, stacked: bool, given: Dict[str, Any]) -> None:
    """Cumulative incidence: a line for each cause, in its colour, in the style of its group; or causes stacked."""
    curves = _curves(table, "cumulative_incidence", "cumulative_incidence", _time_column(table),
                     ("ci_low", "ci_high"), lang)
    curves = [_with_ends(c, (0, 0), None) for c in curves]
    split = [(c.parts[-1], ", ".join(c.parts[:-1])) for c in curves]
    causes, groups = (list(dict.fromkeys(part)) for part in zip(*split))
    if stacked:
        _one_group(groups, "exits")
        still = [_with_ends(c, (0, 1), None)
                 for c in _curves(table, "survival", "survival", _time_column(table), ("value", "value"), lang)]
        _stack(ax, [*curves, *(c._replace(name=_word("plot.still_in", lang)) for c in still)], len(curves), given)
        _times(ax, table, lang, _word("plot.share", lang), "")
        ax.set_ylim(0, 1)
        return _beside(ax)
    _draw(ax, curves, band, True, given, [(causes.index(cause), groups.index(group)) for cause, group in split])
    _times(ax, table, lang, _word("quantity.cumulative_incidence", lang), "plot.limits" if band else "")
    ax.set_ylim(bottom=0, top=None)
    ax.set_ylim(top=min(1.02, ax.dataLim.y1 * 1.08) if ax.dataLim.y1 > 0 else 1.02)


def _one_group(groups: List[str], what: str) -> None:
    if len(groups) > 1:
        raise ValueError(f"stacked {what} are of one group: choose it by where=..., of {', '.join(groups)}")


def _stack(ax: Any, curves: List[_Series], plain: int, given: Dict[str, Any]) -> None:
    """Shares of one whole, one on the other, as steps; those from number `plain` on are grey."""
    times = sorted({x for c in curves for x in c.x})
    layers = []
    for c in curves:
        at, values = 0, []
        for t in times:
            while at + 1 < len(c.x) and c.x[at + 1] <= t:
                at += 1
            values.append(c.y[at] if c.x[at] <= t else 0.0)
        layers.append(values)
    colours = [COLOURS[i % len(COLOURS)] if i < plain else "#d9dee2" for i in range(len(curves))]
    names = [c.parts[-1] if i < plain else c.name for i, c in enumerate(curves)]
    ax.stackplot(times, layers, labels=names, colors=colours, step="post", linewidth=0.6, edgecolor="white", **given)


def _beside(ax: Any) -> None:
    """The legend beside stacked areas, in their order from above."""
    handles, names = ax.get_legend_handles_labels()
    ax.legend(handles[::-1], names[::-1], frameon=False, fontsize="small", loc="upper left", bbox_to_anchor=(1.01, 1),
              borderaxespad=0)
    ax.margins(x=0)


def _occupation(table: "Table", ax: Any, lang: str, given: Dict[str, Any]) -> None:
    """The share in each state over time, stacked."""
    curves = _curves(table, "occupation", "occupation", _time_column(table), ("ci_low", "ci_high"), lang)
    _one_group(list(dict.fromkeys(", ".join(c.parts[:-1]) for c in curves)), "states")
    _stack(ax, curves, len(curves), given)
    _times(ax, table, lang, _word("plot.share", lang), "")
    ax.set_ylim(0, 1)
    _beside(ax)


def _hazard_ratios(table: "Table", ax: Any, lang: str, given: Dict[str, Any]) -> None:
    """A row for each term on a logarithmic axis, with its limits; 1 is no difference."""
    _estimates(table, ax, lang, "hazard_ratio", given)
    ax.set_xscale("log")
    ax.axvline(1, color="#444444", linewidth=0.8, zorder=0)
    low, high = ax.get_xlim()
    step = (1, 2, 5) if high / low < 200 else (1,)
    marks = [m * 10.0**e for e in range(-9, 10) for m in step if low <= m * 10.0**e <= high]
    if len(marks) < 3:
        marks = [m / 10 for m in range(1, 100) if low <= m / 10 <= high][::1 if high / low < 2 else 2]
    from matplotlib.ticker import NullLocator

    ax.set_xticks(marks)
    ax.xaxis.set_major_formatter(_number("value", lang))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlim(low, high)


def _estimates(table: "Table", ax: Any, lang: str, quantity: Optional[str], given: Dict[str, Any]) -> None:
    """One quantity, a row of the figure for each group and parameter; an open end where there is no limit."""
    rows = [r for r in table.rows() if r["value"] is not None]
    wanted = quantity or next((r["quantity"] for r in rows if r["ci_low"] is not None), None)
    rows = [r for r in rows if r["quantity"] == wanted]
    if not rows:
        raise ValueError(f"no figures of {wanted or 'any quantity with limits'} to plot; the table has "
                         f"{', '.join(sorted(set(table['quantity'])))}")
    places = [c for c in table.columns[:table.columns.index("period_start")] if c in ("parameter", "p", "percentile")]
    keys = [k for k in _keys(table) if len({r[k] for r in rows}) > 1 or rows[0][k] is not None]
    names = []
    for at, row in enumerate(reversed(rows)):
        low, high = (row["value"] if row[c] is None else row[c] for c in ("ci_low", "ci_high"))
        look = {"color": COLOURS[0], "markersize": 5, "linewidth": 1.4, **given}
        ax.errorbar([row["value"]], [at], xerr=[[row["value"] - low], [high - row["value"]]], fmt="o", **look)
        some = [p for p in places if row[p] is not None and len({r[p] for r in rows}) > 1]
        groups = [k for k in keys if row[k] is not None] or keys[:1]  # a margin is named by what it is of
        names.append(", ".join(filter(None, [_named(row, groups, table, lang), *(str(row[p]) for p in some)])))
    label = _word(f"quantity.{rows[0]['indicator']}.{wanted}", lang)
    label = _word(f"quantity.{wanted}", lang) if label.startswith("quantity.") else label
    _finish(ax, table, (label, ""), (rows[0]["unit"], ""), "plot.interval", lang)
    ax.set_yticks(range(len(names)), names)
    ax.grid(False, axis="y")
    ax.set_ylim(-0.6, len(names) - 0.4)


def _chosen(table: "Table", where: Mapping[str, Any]) -> "Table":
    """The rows in which columns have these values."""
    unknown = [name for name in where if name not in table.columns]
    if unknown:
        raise ValueError(f"where: no column {unknown[0]}; there are {', '.join(table.columns)}")
    rows = [row for row in table.rows() if all(row[name] == value for name, value in where.items())]
    if not rows:
        raise ValueError(f"where: no row with {dict(where)}")
    return type(table).from_columns({name: [row[name] for row in rows] for name in table.columns}, table.name,
                                    table.notes)


def _kind_of(table: "Table") -> str:
    indicator = next(iter(table["indicator"]), None)
    if indicator == "income.dominance":
        return str(table["definition"][0])
    whole = {"income.incidence": ("slice_growth", "incidence"), "retention.survival": ("survival", "survival"),
             "programme.journeys": ("survival", "survival"),
             "retention.cumulative_incidence": ("cumulative_incidence", "cumulative_incidence"),
             "retention.states": ("occupation", "occupation"), "retention.cox": ("hazard_ratio", "hazard_ratios"),
             "target.charts": ("measured", "control_chart"), "target.compare": ("funnel_inner", "funnel")}
    quantity, kind = whole.get(str(indicator), ("", ""))
    if kind and (kind == "incidence" or table["quantity"].count(quantity) > 0):
        return kind
    for kind in ("lorenz", "generalised_lorenz", "tip"):
        if table["quantity"].count(kind) > 1 and "parameter" in table.columns:
            return kind
    return "estimates"


def plot(table: "Table", kind: Optional[str] = None, ax: Any = None, lang: str = "en", band: bool = True,
         quantity: Optional[str] = None, where: Optional[Mapping[str, Any]] = None, at_risk: bool = False,
         stacked: bool = False, **given: Any) -> Any:
    """Draws a result; see :meth:`Table.plot`."""
    if "indicator" not in table.columns or "quantity" not in table.columns:
        raise ValueError("plot: expected a result, with the columns indicator and quantity")
    if lang not in ("en", "da"):
        raise ValueError(f"lang: expected en or da, got {lang!r}")
    for name, chosen_by in (("at_risk", at_risk), ("stacked", stacked)):
        if chosen_by and (kind or _kind_of(table)) != {"at_risk": "survival", "stacked": "cumulative_incidence"}[name]:
            raise ValueError(f"{name}: belongs to another kind of figure than {kind or _kind_of(table)}")
    if where:
        table = _chosen(table, where)
    chosen = kind or _kind_of(table)
    if chosen not in KINDS:
        raise ValueError(f"kind: expected one of {', '.join(KINDS)}, got {chosen!r}")
    axes = _axes(ax)
    if chosen == "incidence":
        _incidence(table, axes, lang, band, quantity or "slice_growth", given)
    elif chosen == "survival":
        _survival(table, axes, lang, band, at_risk, given)
    elif chosen == "cumulative_incidence":
        _exits(table, axes, lang, band, stacked, given)
    elif chosen == "occupation":
        _occupation(table, axes, lang, given)
    elif chosen == "hazard_ratios":
        _hazard_ratios(table, axes, lang, given)
    elif chosen in ("control_chart", "funnel"):
        from . import plot_target

        (plot_target.control_chart if chosen == "control_chart" else plot_target.funnel)(table, axes, lang, given)
    elif chosen == "estimates":
        _estimates(table, axes, lang, quantity, given)
    else:
        _share_curve(table, chosen, axes, lang, band, given)
    return axes
