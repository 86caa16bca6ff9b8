"""One page of figures on wages: Lorenz, growth incidence and TIP curves, and a table with errors.

    python3 page.py [PAGE]      writes PAGE, page.html without it
"""
import argparse
import csv
import html
import io

import matplotlib

matplotlib.use("Agg")
matplotlib.rcParams.update({"svg.hashsalt": "flexmetrics", "font.size": 10})
from matplotlib import pyplot

import flexmetrics as fm

PRICES = {1976: 56.9, 1982: 96.5}  # consumer prices, 1982-84 = 100 (U.S. Bureau of Labor Statistics)
CUT = 998.0  # the highest wage of 1976, which 81 people share: theirs were cut there
MEASURES = ["median", "bottom_mean(0.4)", "quantile_ratio(0.8,0.2)", "at_risk_of_poverty(0.6)", "mean",
            "bottom_share(0.4)", "gini", "s80s20"]
DIGITS = {"share": (100, "{:.1f}%"), "index": (1, "{:.3f}"), "ratio": (1, "{:.2f}"), "money": (1, "{:,.0f}")}
STYLE = """body { font: 16px/1.5 sans-serif; color: #222; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; font-size: 0.9rem } caption { text-align: left; padding-bottom: 0.4rem }
th, td { text-align: right; padding: 0.2rem 0.8rem; border-bottom: 1px solid #ddd }
th:first-child, td:first-child { text-align: left } figure { margin: 2rem 0 } svg { max-width: 100%; height: auto }
figcaption, caption { color: #555; font-size: 0.9rem } dt { font-weight: bold } dd { margin: 0 0 0.6rem 1rem }"""


def read(name):
    """One row a person and year, wages at the prices of 1982."""
    rows = {"person_id": [], "year": [], "income": [], "sex": [], "cut": []}
    with open(name, newline="") as f:
        for row in csv.DictReader(f):
            for year in PRICES:
                rows["person_id"].append(row["person_id"])
                rows["year"].append(year)
                rows["income"].append(float(row[f"wage_{year}"]))
                rows["sex"].append("women" if row["female"] == "1" else "men")
                rows["cut"].append(year == 1976 and rows["income"][-1] >= CUT)
    return fm.deflate(rows, PRICES, base=PRICES[1982])


def figure(table, about, cut=None):
    """A result as an inline figure; `cut`: from here on wages were cut."""
    axes = table.plot()
    if cut is not None:
        axes.axvspan(cut, 1, color="#9aa3a9", alpha=0.25, linewidth=0)
    out = io.StringIO()
    axes.figure.savefig(out, format="svg", metadata={"Date": None})
    pyplot.close(axes.figure)
    svg = out.getvalue()
    svg = svg[svg.index("<svg"):].replace("<svg", f'<svg role="img" aria-label="{html.escape(about)}"', 1)
    return f"<figure>{svg}<figcaption>{html.escape(about)}</figcaption></figure>"


def shown(row):
    """A figure with its limits."""
    factor, text = DIGITS[row["unit"]]
    if row["value"] is None:
        return row["state"]
    return "{} ({} to {})".format(*(text.format(factor * row[k]) for k in ("value", "ci_low", "ci_high")))


def table_of(change, bounds):
    """Rows of first, last and difference by measure; a star where the first is a bound."""
    found = {}
    for row in change.rows():
        if row["comparison"] in ("first", "last", "difference"):
            name = row["quantity"] + (f"({row['parameter']})" if row["parameter"] else "")
            star = "*" if name in bounds and row["comparison"] != "last" else ""
            found.setdefault(name, {})[row["comparison"]] = shown(row) + star
    return [[name, *(cells[c] for c in ("first", "last", "difference"))] for name, cells in found.items()]


def html_table(head, rows, about):
    """Cells as an HTML table."""
    lines = ["<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in row) + "</tr>"
             for tag, row in [("th", head), *(("td", row) for row in rows)]]
    return f"<table><caption>{html.escape(about)}</caption>{''.join(lines)}</table>"


def moves_of(mobility):
    """Shares that move from fifth to fifth."""
    cells = {(r["from"], r["to"]): r["value"] for r in mobility.rows() if r["quantity"] == "transition"}
    return [[f"fifth {i}", *(f"{100 * cells[i, j]:.0f}%" for j in range(1, 6))] for i in range(1, 6)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", nargs="?", default="page.html", help="the page to write (page.html)")
    page = parser.parse_args().page
    wages = read("wages.csv")
    two = dict(income="income_real", period="year", overlap="persons")
    first = {c: [v for v, year in zip(wages[c], wages["year"]) if year == 1976] for c in ("income_real", "sex", "cut")}
    share_cut = sum(first["cut"]) / len(first["cut"])
    bounds = {r["quantity"] + (f"({r['parameter']})" if r["parameter"] else "") for r in
              fm.income(first, income="income_real", measures=MEASURES, top_coded="cut").rows()
              if r["state"] == "censored"}
    rows = table_of(fm.income_change(wages, measures=MEASURES, **two), bounds)
    growth = fm.income_incidence(wages, n_points=20, curve_only=True, **two)
    curves = fm.income_change(wages, measures=[f"lorenz({i / 20})" for i in range(1, 20)], **two)
    tip = fm.income_dominance(first, income="income_real", group="sex", reference="men", compared="women", curve="tip")
    moves = moves_of(fm.income_mobility(wages, income="income_real", period="year"))
    for row in [["", "1976", "1982", "change"], *rows]:
        print("{:24}{:>26}{:>26}{:>27}".format(*row))
    print(f"* a bound: {100 * share_cut:.0f}% of the wages of 1976 were cut")
    about = {m: d for m, d in zip(*(fm.income_measures()[c] for c in ("measure", "definition")))}
    used = [name.split("(")[0] for name, *_ in rows]
    used += [m for m in about if any(f"{m}(" in about[name] for name in used)]
    parts = [
        "<h1>Wages of the same people, 1976 and 1982</h1>",
        "<p>595 heads of household of the Panel Study of Income Dynamics who worked in all years (Cornwell and Rupert "
        "1988); wages in the unit of the source, at the prices of 1982. They are people who kept working, not a sample "
        f"of the country. {100 * share_cut:.0f}% of the wages of 1976 were cut at the highest value there: figures "
        "that depend on them are bounds, marked by a star.</p>",
        html_table(["", "1976", "1982", "change"], rows, "Figures with 95% limits. The change is that of the same "
                   "people: its limits count how their two wages go together. * a bound."),
        figure(curves, "Lorenz curves of the two years: the share of all wages that the poorest have. That of 1976 is "
                       "a bound: with the wages that were cut it would lie lower."),
        figure(growth, "Growth incidence: yearly growth of the mean wage of each twentieth, poorest first. The people "
                       "in a twentieth need not be the same. Grey: wages of 1976 were cut, growth is overstated.",
               1 - share_cut),
        figure(tip, "TIP curves of 1976, low pay being below 60% of the median: how far it rises to the right is its "
                    "incidence, its height the intensity, its bend the inequality among the low-paid."),
        html_table(["from 1976 to 1982", *(f"fifth {i}" for i in range(1, 6))], moves,
                   "Where the people of each fifth of 1976 (1 the poorest) were in 1982."),
        "<h2>Definitions</h2><dl>",
        *(f"<dt>{m}</dt><dd>{html.escape(about[m])}</dd>" for m in dict.fromkeys(used) if m in about),
        *(f"<dt>{html.escape(fm.describe(id)['name'])}</dt><dd>{html.escape(fm.describe(id)['definition'])}</dd>"
          for id in ("income.change", "income.incidence", "income.dominance", "income.mobility")), "</dl>",
        f"<p>Computed with flexmetrics {fm.__version__}.</p>",
    ]
    with open(page, "w", encoding="utf-8") as f:
        f.write('<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Wages 1976 and 1982</title>'
                f"<style>{STYLE}</style></head>\n<body>\n" + "\n".join(parts) + "\n</body></html>\n")


main()
