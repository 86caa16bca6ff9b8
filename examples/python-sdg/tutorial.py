"""Goals 8 and 10 from people and totals to the official exchange file: the figures of docs/tutorials/sdg.md.

    python3 tutorial.py ../data/sdg [FOLDER]     FOLDER, exchange without it, gets the files and unemployment.svg
"""
import argparse
import csv
import os
import textwrap

import matplotlib

matplotlib.use("Agg")
matplotlib.rcParams.update({"svg.hashsalt": "flexmetrics", "font.size": 10})
from matplotlib import pyplot

import flexmetrics as fm

HANDED_OVER = dict(structure="1.8", area=208, period=2024)


def shown(row, digits=1):
    low, high = row["ci_low"], row["ci_high"]
    limits = "" if low is None else f" ({100 * low:.{digits}f}-{100 * high:.{digits}f}%)"
    return f"{100 * row['value']:.{digits}f}%{limits}"


def group_of(row, keys):
    return ", ".join(f"{k} {row[k]}" for k in keys if row[k] is not None) or "all"


def unemployment(people, folder):
    """8.5.2 under both conferences, by one group at a time; the files have their cells, too."""
    keys = ["sex", "age", "disability"]
    found = {}
    for icls in (13, 19):
        table = fm.labour(people, "unemployment_rate", icls=icls, by=keys, margins=True, age_bands="15-24,25+",
                          weights="weight", design=fm.Design())
        found[icls] = {group_of(row, keys): row for row in table.rows() if sum(row[k] is not None for k in keys) < 2}
        fm.sdmx_write(table, os.path.join(folder, f"unemployment_{icls}.csv"), **HANDED_OVER)
    print(f"{'8.5.2':20}{'13th ICLS':24}{'19th ICLS':24}rows")
    for group, row in found[13].items():
        print(f"{group:20}{shown(row):24}{shown(found[19][group]):24}{row['n']}")
    return list(found[13].values())


def work(people, folder):
    """Informal employment, youth outside work and school, child labour, earnings: one pass each, limits and file."""
    calls = {"8.3.1": ("informal_share", dict(by=["sex", "activity"], columns={"activity": "isic"}, icls=13)),
             "8.5.1": ("hourly_earnings", dict(by=["sex", "occupation"], columns={"occupation": "isco1"})),
             "8.6.1": ("neet_rate", dict(by="sex", icls=13)),
             "8.7.1": ("child_labour,child_labour_chores", dict(by="age", age_bands="5-14,15-17"))}
    for number, (indicators, given) in calls.items():
        table = fm.labour(people, indicators, margins=True, weights="weight", design=fm.Design(), **given)
        keys = [given["by"]] if isinstance(given["by"], str) else given["by"]
        for row in table.rows():
            if row["quantity"] == "number" or any(row[k] is not None for k in keys):
                continue
            value = (f"{row['value']:.2f} ({row['ci_low']:.2f}-{row['ci_high']:.2f})" if row["unit"] == "money"
                     else shown(row))
            print(f"{number}  {row['indicator'].removeprefix('labour.'):22}{value:26}"
                  f"{row['numerator']:g} / {row['denominator']:g}")
        fm.sdmx_write(table, os.path.join(folder, f"work_{number}.csv"), **HANDED_OVER)


def growth(totals, folder):
    """10.1.1 of two surveys of a country, from its published means."""
    table = fm.compute("sdg.totals", totals, indicator="10.1.1")
    for row in table.rows():
        print(f"{row['quantity']:16}{row['since']:g}-{row['period']:g}  {100 * row['value']:.2f} per cent a year")
    fm.sdmx_write(table, os.path.join(folder, "growth.csv"), structure="1.8", area=208,
                  source="World Development Indicators, 15 September 2021")


def redistribution(people, folder):
    """10.4.2: exchanged are the levels before and after, not their difference."""
    table = fm.compute("sdg.redistribution", people)
    for row in table.rows():
        print(f"{row['quantity']:16}{shown(row)}")
    fm.sdmx_write(table, os.path.join(folder, "redistribution.csv"), structure="1.8", area=840, period=1982)


def files(folder):
    """Every file in all three versions, read back by the library and by nothing but a reader of CSV."""
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".csv"):
            continue
        path = os.path.join(folder, name)
        rows = fm.sdmx_read(path)
        for version in ("1.0", "2.1"):
            other = fm.sdmx_read(fm.sdmx_write(path, version=version, structure="1.8"))
            assert [v if v == v else None for v in other["OBS_VALUE"]] == list(rows["OBS_VALUE"]), (name, version)
        with open(path, encoding="utf-8", newline="") as text:
            plain = list(csv.DictReader(text))
        assert [float(r["OBS_VALUE"]) if r["OBS_VALUE"] else None for r in plain] == list(rows["OBS_VALUE"]), name
        hidden = sum(r["OBS_STATUS"] == "Q" for r in plain)
        series = ", ".join(sorted({r["SERIES"] for r in plain}))
        print(f"{name:22}{len(plain):3} observations, {hidden:2} hidden: {series}")


def mistakes(people):
    """What is refused, and how it is said."""
    for wrong in (lambda: fm.labour(people, "unemployment_rate", weights="weight"),
                  lambda: fm.sdmx_write({"SERIES": ["SL_TLF_UEM"], "DISABILITY_STATUS": ["PD"], "AGE": ["Y_GE15"],
                                         "OBS_VALUE": [56.3]}, **HANDED_OVER)):
        try:
            wrong()
        except fm.Error as error:
            print(textwrap.fill(str(error), 100))


def figure(rows, name):
    """Unemployment by group with its limits."""
    words = {"F": "women", "M": "men", "PD": "with disability", "PWD": "without disability"}
    columns = {c: [words.get(row[c], row[c]) for row in rows] for c in rows[0]}
    axes = fm.Table.from_columns(columns, "unemployment").plot()
    axes.set_xlabel("unemployment rate (8.5.2, 13th ICLS)")
    axes.figure.set_size_inches(6.4, 3.4)
    axes.figure.savefig(name, bbox_inches="tight", metadata={"Date": None, "Creator": None})
    pyplot.close(axes.figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", help="with labour_force.csv, denmark.csv and fiscal.csv")
    parser.add_argument("folder", nargs="?", default="exchange", help="what is written (exchange)")
    given = parser.parse_args()
    os.makedirs(given.folder, exist_ok=True)
    people = fm.read_csv(os.path.join(given.data, "labour_force.csv"))
    by_group = unemployment(people, given.folder)
    print()
    work(people, given.folder)
    print()
    growth(fm.read_csv(os.path.join(given.data, "denmark.csv")), given.folder)
    print()
    redistribution(fm.read_csv(os.path.join(given.data, "fiscal.csv")), given.folder)
    print()
    files(given.folder)
    print()
    mistakes(people)
    figure(by_group, os.path.join(given.folder, "unemployment.svg"))


main()
