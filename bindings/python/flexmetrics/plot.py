"""Figures of results with matplotlib: Lorenz, growth incidence, TIP and survival curves, estimates with intervals."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from . import core

if TYPE_CHECKING:
    from .table import Table

KINDS = ("lorenz", "generalised_lorenz", "tip", "incidence", "survival", "estimates")
#: Told apart by colour-blind readers too (after Okabe and Ito 2008), with the line's style as a second sign.
COLOURS = ("#0a4f7d", "#c15a00", "#2f7d5b", "#7a4a86", "#5f6b75", "#a4873a")
STYLES = ("-", "--", "-.", ":")
_NO_KEYS = {"indicator", "definition", "parameter", "p", "percentile", "band_low", "band_high", "df", "time_days"}


class _Series(NamedTuple):
    """A curve: points in order of x, each with its limits (None where there are none)."""

    name: str
    x: List[float]
    y: List[float]
    low: List[Optional[float]]
    high: List[Optional[float]]


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
    """Columns that tell one series from another."""
    columns = table.columns
    return [c for c in columns[:columns.index("period_start")] if c not in _NO_KEYS]


def _named(row: Dict[str, Any], keys: List[str], table: "Table", lang: str) -> str:
    return ", ".join(_value_text(k, row[k], table, lang) for k in keys)


def _curves(table: "Table", kind: str, quantity: str, x: str, limits: Tuple[str, str], lang: str) -> List[_Series]:
    """The curves of one quantity, each sorted by x; rows without a value or a place are left out."""
    keys = _keys(table)
    pair = {"reference", "compared"} if table.columns.count("p") else {quantity}
    found: Dict[str, List[Tuple[float, Dict[str, Any]]]] = {}
    for row in table.rows():
        if row["quantity"] not in pair or row["value"] is None or row[x] is None:
            continue
        if row.get("comparison") not in (None, "first", "last"):
            continue
        name = _named(row, keys, table, lang)
        if table.columns.count("p"):
            name = ", ".join(part for part in (table.notes.get(row["quantity"], row["quantity"]), name) if part)
        found.setdefault(name, []).append((float(row[x]), row))
    if not found:
        raise ValueError(f"no figures to plot as {kind}: the table has {', '.join(sorted(set(table['quantity'])))}")
    out = []
    for name, points in found.items():
        points.sort(key=lambda point: point[0])
        out.append(_Series(name, [p for p, _ in points], [r["value"] for _, r in points],
                           [r[limits[0]] for _, r in points], [r[limits[1]] for _, r in points]))
    return out


def _with_ends(series: _Series, start: Tuple[float, float], end: Optional[Tuple[float, float]]) -> _Series:
    """The curve with the ends that it has by definition."""
    before, after = series.x[0] > start[0], end is not None and series.x[-1] < end[0]

    def put(values: List[Any], k: int) -> List[Any]:
        return ([start[k]] if before else []) + values + ([end[k]] if after and end is not None else [])

    return _Series(series.name, put(series.x, 0), put(series.y, 1), put(series.low, 1), put(series.high, 1))


def _draw(ax: Any, curves: List[_Series], band: bool, step: bool, given: Dict[str, Any]) -> None:
    for i, c in enumerate(curves):
        look = {"color": COLOURS[i % len(COLOURS)], "linestyle": STYLES[i % len(STYLES)], "linewidth": 1.6, **given}
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


def _survival(table: "Table", ax: Any, lang: str, band: bool, given: Dict[str, Any]) -> None:
    curves = [_with_ends(c, (0, 1), None)
              for c in _curves(table, "survival", "survival", "time_days", ("ci_low", "ci_high"), lang)]
    _draw(ax, curves, band, True, given)
    _finish(ax, table, (_word("plot.days", lang), _word("quantity.survival", lang)), ("days", "share"),
            "plot.limits" if band else "", lang)
    ax.set_ylim(0, 1.02)
    ax.set_xlim(left=0)


def _estimates(table: "Table", ax: Any, lang: str, quantity: Optional[str], given: Dict[str, Any]) -> None:
    """One quantity, a row of the figure for each group and parameter; an open end where there is no limit."""
    rows = [r for r in table.rows() if r["value"] is not None]
    wanted = quantity or next((r["quantity"] for r in rows if r["ci_low"] is not None), None)
    rows = [r for r in rows if r["quantity"] == wanted]
    if not rows:
        raise ValueError(f"no figures of {wanted or 'any quantity with limits'} to plot; the table has "
                         f"{', '.join(sorted(set(table['quantity'])))}")
    places = [c for c in table.columns[:table.columns.index("period_start")] if c in ("parameter", "p", "percentile")]
    names = []
    for at, row in enumerate(reversed(rows)):
        low, high = (row["value"] if row[c] is None else row[c] for c in ("ci_low", "ci_high"))
        look = {"color": COLOURS[0], "markersize": 5, "linewidth": 1.4, **given}
        ax.errorbar([row["value"]], [at], xerr=[[row["value"] - low], [high - row["value"]]], fmt="o", **look)
        some = [p for p in places if row[p] is not None and len({r[p] for r in rows}) > 1]
        names.append(", ".join(filter(None, [_named(row, _keys(table), table, lang), *(str(row[p]) for p in some)])))
    label = _word(f"quantity.{rows[0]['indicator']}.{wanted}", lang)
    label = _word(f"quantity.{wanted}", lang) if label.startswith("quantity.") else label
    _finish(ax, table, (label, ""), (rows[0]["unit"], ""), "plot.interval", lang)
    ax.set_yticks(range(len(names)), names)
    ax.grid(False, axis="y")
    ax.set_ylim(-0.6, len(names) - 0.4)


def _kind_of(table: "Table") -> str:
    indicator = next(iter(table["indicator"]), None)
    if indicator == "income.dominance":
        return str(table["definition"][0])
    if indicator in ("income.incidence", "retention.survival"):
        return "incidence" if indicator == "income.incidence" else "survival"
    for kind in ("lorenz", "generalised_lorenz", "tip"):
        if table["quantity"].count(kind) > 1 and "parameter" in table.columns:
            return kind
    return "estimates"


def plot(table: "Table", kind: Optional[str] = None, ax: Any = None, lang: str = "en", band: bool = True,
         quantity: Optional[str] = None, **given: Any) -> Any:
    """Draws a result; see :meth:`Table.plot`."""
    if "indicator" not in table.columns or "quantity" not in table.columns:
        raise ValueError("plot: expected a result, with the columns indicator and quantity")
    if lang not in ("en", "da"):
        raise ValueError(f"lang: expected en or da, got {lang!r}")
    chosen = kind or _kind_of(table)
    if chosen not in KINDS:
        raise ValueError(f"kind: expected one of {', '.join(KINDS)}, got {chosen!r}")
    axes = _axes(ax)
    if chosen == "incidence":
        _incidence(table, axes, lang, band, quantity or "slice_growth", given)
    elif chosen == "survival":
        _survival(table, axes, lang, band, given)
    elif chosen == "estimates":
        _estimates(table, axes, lang, quantity, given)
    else:
        _share_curve(table, chosen, axes, lang, band, given)
    return axes
