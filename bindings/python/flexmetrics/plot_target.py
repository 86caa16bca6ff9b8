"""Figures of control charts and of units compared."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, List

from .plot import COLOURS, _finish, _number, _one_group, _word

if TYPE_CHECKING:
    from .table import Table

_SIGNALS = ("outside", "run", "trend", "near_limit")


def _by_key(table: "Table", key: str, what: str) -> Dict[Any, Dict[str, Dict[str, Any]]]:
    """The figures of each period or unit, in their order; of one series or comparison only."""
    columns = table.columns
    groups = [c for c in columns[:columns.index("period_start")] if c not in ("indicator", "definition", key)]
    found: Dict[Any, Dict[str, Dict[str, Any]]] = {}
    series: Dict[str, None] = {}
    for row in table.rows():
        series[", ".join(str(row[g]) for g in groups)] = None
        if row[key] is not None:
            found.setdefault(row[key], {})[row["quantity"]] = row
    _one_group(list(series), what)
    return found


def control_chart(table: "Table", ax: Any, lang: str, given: Dict[str, Any]) -> None:
    """Values with centre and limits; points that are a signal in another colour, preliminary ones hollow."""
    points = _by_key(table, "period", "periods")
    names, at = list(points), range(len(points))

    def values(quantity: str) -> List[float]:
        return [float("nan") if p[quantity]["value"] is None else p[quantity]["value"] for p in points.values()]

    measured = values("measured")
    look = {"color": COLOURS[0], "linewidth": 1.4, **given}
    ax.plot(at, measured, **look)
    ax.plot(at, values("centre"), color="#5f6b75", linewidth=0.9, label=_word("quantity.centre", lang))
    for quantity, label in (("lower_limit", "_"), ("upper_limit", _word("plot.control_limits", lang))):
        ax.step(at, values(quantity), where="mid", color="#5f6b75", linewidth=0.9, linestyle="--", label=label)
    signal = [any(p[s]["value"] for s in _SIGNALS) for p in points.values()]
    late = [p["measured"]["state"] == "preliminary" for p in points.values()]
    for chosen, fill, colour, label in (
            ([not s and not p for s, p in zip(signal, late)], COLOURS[0], COLOURS[0], "_"),
            (signal, COLOURS[1], COLOURS[1], _word("plot.signal", lang)),
            (late, "white", COLOURS[0], _word("state.preliminary", lang))):
        if any(chosen):
            ax.plot([i for i in at if chosen[i]], [measured[i] for i in at if chosen[i]], "o", markersize=5,
                    markerfacecolor=fill, markeredgecolor=colour, label=label, linestyle="none")
    target = next((r["value"] for r in table.rows() if r["quantity"] == "target"), None)
    if target is not None:
        ax.axhline(target, color=COLOURS[2], linewidth=1.1, linestyle="-.", label=_word("quantity.target", lang))
    _finish(ax, table, (_word("column.period", lang), _word("quantity.measured", lang)), ("value", "value"), "", lang)
    step = max(1, -(-len(names) // 12))
    ax.set_xticks(list(at)[::step], names[::step])
    if sum(len(str(n)) for n in names[::step]) > 60:
        ax.tick_params(axis="x", rotation=30)
    ax.legend(frameon=False, fontsize="small", loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0,
              ncols=len(ax.get_legend_handles_labels()[1]), columnspacing=1.2, handlelength=1.6)


def _line(ax: Any, x: List[float], y: List[float], style: str, label: str) -> None:
    ax.plot(x, y, color="#5f6b75", linewidth=0.9, linestyle=style, label=label)


def funnel(table: "Table", ax: Any, lang: str, given: Dict[str, Any]) -> None:
    """Each unit by what is behind it, with the limits of chance; those beyond them are named."""
    units = _by_key(table, "unit_id", "units")
    mix = any("ratio" in u for u in units.values())
    shown = {name: u for name, u in units.items() if u["funnel_inner"]["ci_low"] is not None}
    if not shown:
        raise ValueError("no figures to plot as funnel: no unit has limits")

    def behind(u: Dict[str, Dict[str, Any]]) -> float:
        return float(u["expected"]["value"] if mix else u["rate"]["weight"])

    quantity = "ratio" if mix else "rate"
    ordered = sorted(shown.values(), key=behind)
    x = [behind(u) for u in ordered]
    text: Callable[[float, Any], str] = _number("share", lang)
    for which, style in (("funnel_inner", "--"), ("funnel_outer", ":")):
        label = text(ordered[0][which]["level"], 0)
        _line(ax, x, [u[which]["ci_low"] for u in ordered], style, label)
        _line(ax, x, [u[which]["ci_high"] for u in ordered], style, "_")
    ax.axhline(ordered[0]["funnel_inner"]["value"], color="#5f6b75", linewidth=0.9,
               label=_word("quantity.target.compare.reference", lang))
    for beyond, colour in ((False, COLOURS[0]), (True, COLOURS[1])):
        some = {n: u for n, u in shown.items() if bool(u["funnel_position"]["value"]) == beyond}
        look = {"color": colour, "markersize": 5, "linestyle": "none", **given}
        ax.plot([behind(u) for u in some.values()], [u[quantity]["value"] for u in some.values()], "o", **look)
        for name, u in some.items() if beyond else ():
            ax.annotate(str(name), (behind(u), u[quantity]["value"]), (4, 3), textcoords="offset points",
                        fontsize="small")
    _finish(ax, table, (_word("quantity.target.compare.expected" if mix else "plot.exposure", lang),
                        _word(f"quantity.target.compare.{quantity}", lang)),
            ("count", ordered[0][quantity]["unit"]), "", lang)
