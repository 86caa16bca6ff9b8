"""Own pandas frames to figures: how many are in work after 3, 6 and 12 months, by kind of school.

    python3 retention.py ../data/school-to-work
"""
import sys

import pandas

import flexmetrics as fm

folder = sys.argv[1]
persons = pandas.read_csv(f"{folder}/persons.csv", dtype={"person_id": str})
placements = pandas.read_csv(f"{folder}/placements.csv", dtype={"person_id": str, "placement_id": str},
                             parse_dates=["start", "end"])
spells = pandas.read_csv(f"{folder}/spells.csv", dtype={"person_id": str}, parse_dates=["start", "end"])

register = fm.Register.from_frames(persons=persons, placements=placements, spells=spells, codes=f"{folder}/codes")
figures = register.status(by="target_group", as_of="1999-07-01").to_pandas()
rates = figures[figures.quantity == "rate"]
print(rates.pivot(index="target_group", columns="horizon_months", values="value").round(4).to_string())
