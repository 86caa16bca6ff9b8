"""Reads the files of tutorial.py with pysdmx, which shares nothing with this project, and compares every observation.

    python3 others.py FOLDER     needs tests/sdg/requirements.txt, not flexmetrics
"""
import csv
import sys
from pathlib import Path

from pysdmx.io import read_sdmx


def number(cell):
    return None if cell in (None, "", "NaN") or cell != cell else float(cell)


def main(folder):
    for path in sorted(Path(folder).glob("*.csv")):
        with open(path, encoding="utf-8", newline="") as text:
            ours = list(csv.DictReader(text))
        theirs = [row for data in read_sdmx(path).data for row in data.data.to_dict("records")]
        keys = ("SERIES", "SEX", "AGE", "INCOME_WEALTH_QUANTILE", "OCCUPATION", "COMPOSITE_BREAKDOWN",
                "DISABILITY_STATUS", "ACTIVITY", "TIME_PERIOD")
        seen = [{tuple(str(row[k]) for k in keys): number(row["OBS_VALUE"]) for row in rows} for rows in (ours, theirs)]
        assert len(seen[0]) == len(ours) == len(theirs) and seen[0] == seen[1], path.name
        print(f"{path.name}: {len(theirs)} observations by pysdmx, the same")


main(*sys.argv[1:])
