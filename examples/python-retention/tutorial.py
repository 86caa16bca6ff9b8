"""From a weekly file to curves of lasting work: the figures and the picture of docs/tutorials/weekly_codes.md.

    python3 tutorial.py ../data/weekly [FIGURE]      writes FIGURE, weekly_codes.svg without it
"""
import argparse
import os
import shutil
import tempfile

import matplotlib

matplotlib.use("Agg")
matplotlib.rcParams.update({"svg.hashsalt": "flexmetrics", "font.size": 10})
from matplotlib import pyplot

import flexmetrics as fm

LASTING = dict(index="first", definition="weekly_grace_4_weeks")


def register_of(raw, folder):
    """The register of a weekly file: persons and package as they are, spells from the codes."""
    for name in ("persons.csv", "datapackage.json"):
        shutil.copy(os.path.join(raw, name), folder)
    found = fm.dream(os.path.join(raw, "weekly.csv"), os.path.join(folder, "spells.csv"))
    print(f"{found.summary['n_persons']} people, {found.summary['n_spells']} spells, known to the day before",
          found.summary["as_of"])
    for problem in found.problems.rows():
        print(f"{problem['code']} {problem['column']}: {problem['value']}, {problem['what']}")
    return fm.Register.read(folder)


def percent(row):
    return "{:.0f}% ({:.0f}-{:.0f}%)".format(*(100 * row[k] for k in ("value", "ci_low", "ci_high")))


def milestones(register):
    """Two definitions side by side."""
    status = register.status(index="first", definition="weekly_strict,weekly_grace_4_weeks", horizons=[26, 52])
    for row in status.rows():
        if row["quantity"] == "rate":
            print(f"{row['definition']:22}week {row['horizon']}  {percent(row):16} of {row['n']}")


def lasting(register):
    """Median, shares and restricted mean of each target group, and what tells the groups apart."""
    figures = register.survival(by="target_group", curve=False, times=[182, 365], rmst=True, taus=365, **LASTING)
    groups = {}
    for row in figures.rows():
        name = row["quantity"] + (f" {row['time_days']}" if row["quantity"] == "survival_at" else "")
        groups.setdefault(row["target_group"], {})[name] = row
    for group, cells in groups.items():
        middle, mean = cells["median"], cells["rmst"]
        print(f"{group:21} median {middle['value']:.0f} ({middle['ci_low']:.0f}-{middle['ci_high']:.0f}) days, "
              f"182 days {percent(cells['survival_at 182'])}, 365 days {percent(cells['survival_at 365'])}, "
              f"{mean['value']:.0f} ({mean['ci_low']:.0f}-{mean['ci_high']:.0f}) of 365 days")
    test = register.logrank(group="target_group", **LASTING)
    p = test.value("p_value")
    print(f"log-rank: chi-square {test.value('chi_square'):.2f}, {test.value('df'):.0f} degrees of freedom, p",
          "< 0.001" if p < 0.001 else f"= {p:.3f}")


def reasons(register):
    """For what people have left within a year."""
    for row in register.cumulative_incidence(curve=False, times=[365], **LASTING).rows():
        if row["quantity"] in ("cumulative_incidence_at", "survival_at"):
            print(f"{row['cause'] or 'still in work':26}{percent(row)}")


def figure(register, name):
    """Curves with their limits and the numbers at risk."""
    axes = register.survival(by="target_group", **LASTING).plot(at_risk=True)
    axes.figure.set_size_inches(7.2, 4.2)
    axes.figure.savefig(name, bbox_inches="tight", metadata={"Date": None, "Creator": None})
    pyplot.close(axes.figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="with weekly.csv, persons.csv and datapackage.json")
    parser.add_argument("figure", nargs="?", default="weekly_codes.svg", help="the picture to write (weekly_codes.svg)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        register = register_of(given.folder, folder)
        for step in (milestones, lasting, reasons):
            print()
            step(register)
        figure(register, given.figure)


main()
