"""10.2.1 on a sample like EU-SILC, with the errors of its design: a part of docs/tutorials/sdg.md that needs R.

    python3 poverty.py [FILE]     writes the observations to FILE, poverty.csv without it

The sample, eusilc of R's laeken, is under the GPL and no part of this project: it is exported from the installed
package.
"""
import csv
import os
import shutil
import subprocess
import sys
import tempfile

import flexmetrics as fm

EXPORT = """
if (!requireNamespace("laeken", quietly = TRUE)) quit(status = 77)
data(eusilc, package = "laeken")
eusilc$per_head <- eusilc$eqIncome * eusilc$eqSS / eusilc$hsize
write.csv(eusilc[c("db030", "db040", "rb090", "rb050", "eqIncome", "per_head")], commandArgs(TRUE)[1],
          row.names = FALSE, quote = FALSE)
"""
DRAWN = fm.Design(strata="db040", psu="db030")  # households within regions


def sample(folder):
    """The rows of eusilc, or None where R or laeken is not installed."""
    name = os.path.join(folder, "eusilc.csv")
    if shutil.which("Rscript") is None:
        return None
    done = subprocess.run(["Rscript", "--vanilla", "-e", EXPORT, name], stdout=subprocess.DEVNULL)
    return fm.read_csv(name) if done.returncode == 0 else None


def equivalised(rows):
    """What laeken prints: the rate of the European Union at 60 per cent of the median, at 50, Gini, S80/S20."""
    figures = fm.income(rows, income="eqIncome", weights="rb050", design=DRAWN, preset="eurostat",
                        measures=["at_risk_of_poverty(0.5)", "at_risk_of_poverty(0.6)", "gini", "s80s20"])
    for row in figures.rows():
        if row["quantity"] != "poverty_line":
            print(f"{row['quantity']} {row['parameter'] or '':4}{row['value']:10.6f}   "
                  f"error {row['std_error']:.6f}, limits {row['ci_low']:.6f} to {row['ci_high']:.6f}")


def per_head(rows, out):
    """The indicator: income per head, below half of the median of all; by sex and all."""
    figures = fm.income(rows, income="per_head", weights="rb050", design=DRAWN, preset="sdg", by="rb090", total=True,
                        measures=["at_risk_of_poverty(0.5)"])
    for row in figures.rows():
        if row["quantity"] == "at_risk_of_poverty":
            print(f"{row['rb090'] or 'all':8}{row['value']:.2f} per cent "
                  f"({row['ci_low']:.2f}-{row['ci_high']:.2f}) of {row['n']} people")
    columns = figures.to_dict()
    columns["sex"] = columns.pop("rb090")
    fm.sdmx_write(columns, out, structure="1.8", area=40, period=2006, source="eusilc of laeken: synthetic")
    with open(out, encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            print(row["SERIES"], row["REF_AREA"], row["SEX"], row["OBS_VALUE"], row["OBS_STATUS"])


def main(out="poverty.csv"):
    with tempfile.TemporaryDirectory() as folder:
        rows = sample(folder)
        if rows is None:
            print("skipped: 10.2.1 on eusilc, R or its package laeken is not installed (Debian: r-cran-laeken)")
            return
        equivalised(rows)
        print()
        per_head(rows, out)


main(*sys.argv[1:])
