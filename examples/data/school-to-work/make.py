#!/usr/bin/env python3
"""Makes the tables of this folder from source/mvad_monthly.csv. Standard library only. Usage: make.py [FOLDER]"""

import csv
import datetime
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import files  # noqa: E402

FIRST_YEAR, FIRST_MONTH, N_MONTHS = 1993, 7, 72
STATES = {"S": "school", "F": "further_education", "H": "higher_education", "T": "training",
          "E": "employment", "J": "joblessness"}
INITIATIVE = "youth-training"


def month_start(month):
    """First day of month number 0 (July 1993), 1, ..."""
    months = FIRST_MONTH - 1 + month
    return datetime.date(FIRST_YEAR + months // 12, months % 12 + 1, 1)


def month_end(month):
    return month_start(month + 1) - datetime.timedelta(days=1)


def runs(states):
    """(state, first month, last month) of each run of equal months."""
    found, first = [], 0
    for month in range(1, len(states) + 1):
        if month == len(states) or states[month] != states[first]:
            found.append((states[first], first, month - 1))
            first = month
    return found


def dated(run):
    """Start and end of a run; the run of the last month is still running, so its end is blank."""
    _, first, last = run
    return {"start": month_start(first), "end": None if last == N_MONTHS - 1 else month_end(last)}


def read_source():
    with open(os.path.join(HERE, "source", "mvad_monthly.csv"), encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    for row in rows:
        if len(row["states"]) != N_MONTHS or set(row["states"]) - set(STATES):
            raise ValueError(f"source row {row['id']}: not {N_MONTHS} known states")
    return rows


def person(row):
    return {"person_id": f"M{int(row['id']):03d}", "sex": "male" if row["male"] == "1" else "female",
            "target_group": "grammar_school" if row["grammar"] == "1" else "other_school",
            "education": "gcse_5plus" if row["gcse5eq"] == "1" else "gcse_fewer",
            "weight": files.number(float(row["weight"]), 2),
            "observed_from": month_start(0), "observed_to": month_end(N_MONTHS - 1)}


def tables(rows):
    out = {"persons": [], "spells": [], "placements": [], "participants": []}
    for row in rows:
        who = person(row)
        out["persons"].append(who)
        all_runs = runs(row["states"])
        for run in all_runs:
            out["spells"].append({"person_id": who["person_id"], "state": STATES[run[0]], **dated(run)})
            if run[0] == "T":
                when = dated(run)
                out["participants"].append({"initiative_id": INITIATIVE, "person_id": who["person_id"],
                                            "joined_on": when["start"], "left_on": when["end"]})
        jobs = [k for k, run in enumerate(all_runs) if run[0] == "E" and k > 0]
        if jobs:
            k = jobs[0]
            after = STATES[all_runs[k + 1][0]] if k + 1 < len(all_runs) else None
            out["placements"].append({"placement_id": "J" + who["person_id"][1:], "person_id": who["person_id"],
                                      "kind": "ordinary", **dated(all_runs[k]), "end_reason": after})
    return out


def status_facts(rows):
    """Employed 3, 6, 12, 24 months after the first month of the first job, read from the monthly states."""
    facts = []
    for later in (3, 6, 12, 24):
        known = employed = 0
        for row in rows:
            jobs = [first for state, first, _ in runs(row["states"]) if state == "E" and first > 0]
            if jobs and jobs[0] + later < N_MONTHS:
                known += 1
                employed += row["states"][jobs[0] + later] == "E"
        facts.append((f"employed {later} months after the start of the first job", f"{employed} of {known}"))
    return facts


def facts(rows, made):
    people = made["persons"]
    jobs = made["placements"]
    trainees = {p["person_id"] for p in made["participants"]}
    count = lambda column, value: sum(p[column] == value for p in people)  # noqa: E731
    return [
        ("people", len(people)), ("men", count("sex", "male")), ("women", count("sex", "female")),
        ("from a grammar school", count("target_group", "grammar_school")),
        ("with five or more GCSEs at A-C", count("education", "gcse_5plus")),
        ("sum of weights", files.number(sum(float(p["weight"]) for p in people), 2)),
        ("spells", len(made["spells"])),
        ("spells still running", sum(s["end"] is None for s in made["spells"])),
        ("first jobs", len(jobs)), ("first jobs still running", sum(j["end"] is None for j in jobs)),
        ("periods of training", len(made["participants"])), ("people in training", len(trainees)),
    ] + status_facts(rows)


README = """# From school to work: Northern Ireland 1993-1999

Real data: {people} young people, observed every month from July 1993, when they could first leave school, to June
1999.

    flexmetrics report examples/data/school-to-work --as-of 1999-07-01
    flexmetrics report examples/data/school-to-work --as-of 1999-07-01 --by education

**Source.** McVicar, D. and Anyadike-Danes, M. (2002), "Predicting successful and unsuccessful transitions from
school to work by using sequence methods", *Journal of the Royal Statistical Society A* 165(2), 317-334. The data
are published with the paper and distributed with R package TraMineR as `mvad`. `source/mvad_monthly.csv` holds the
columns used here: one letter a month (S school, F further education, H higher education, T training, E employment,
J joblessness) and the survey weight. Published research data, used with citation; the citation above must follow
the data. `make.py` is MIT.

**How the tables were made** (`python3 make.py`; standard library only)

- `persons.csv`: `sex` from `male`. `target_group` is the kind of school at 16 (`grammar_school`, `other_school`)
  and `education` the qualification at 16 (`gcse_5plus`: five or more GCSE at grades A to C, `gcse_fewer`). Both are
  known before the first month, so neither depends on what happened later. They are this folder's own codes
  (`codes/target_group.csv`, `codes/education.csv`). `weight` is the survey weight as published.
- `spells.csv`: runs of equal months as closed intervals, first day of the first month to last day of the last. The
  run of June 1999 is still running: its `end` is blank.
- `placements.csv`: the first job, i.e. the first run of employment after a month not in employment. Somebody
  employed from July 1993 on has no known first day and so no placement for that run. `kind` is `ordinary`: the
  source keeps training apart from employment and says no more. The employer is not known. `end_reason` is the state
  of the next month.
- `initiatives.csv`, `participants.csv`: the training programme. One row for each run of T, so a person can be in it
  twice. Training that runs in July 1993 has that month as `joined_on`; it may have begun earlier. The real start of
  the programme is not in the source; `start` is the first observed month.

**Read with care.** Months, not days: an exit may be up to a month off. One state a month: a job beside school is
not seen.

**Figures** (computed by `make.py`; unweighted; the last four: any employment in that month, unknown after June
1999)

{facts}
"""

PACKAGE = {
    "name": "school-to-work",
    "title": "From school to work, Northern Ireland 1993-1999",
    "title_da": "Fra skole til arbejde, Nordirland 1993-1999",
    "organisation": "Status Zero survey, Northern Ireland",
    "organisation_da": "Status Zero-undersøgelsen, Nordirland",
    "licence": "Published research data, used with citation",
    "invented": False,
    "observed_from": "1993-07-01",
    "observed_to": "1999-06-30",
    "weight": "weight",
    "codes": "codes",
    "sources": [{"title": "McVicar and Anyadike-Danes (2002), JRSS A 165(2), 317-334; R package TraMineR, mvad",
                 "path": "https://doi.org/10.1111/1467-985X.00641"}],
}

CODES = {
    "target_group": [("grammar_school", "Grammar school", "Gymnasieskole"),
                     ("other_school", "Other school", "Anden skole")],
    "education": [("gcse_5plus", "Five or more GCSEs at A-C", "Mindst fem GCSE-prøver på A-C"),
                  ("gcse_fewer", "Fewer than five GCSEs at A-C", "Færre end fem GCSE-prøver på A-C")],
    "end_reason": [("joblessness", "Joblessness", "Uden job"), ("school", "School", "Skole"),
                   ("further_education", "Further education", "Ungdomsuddannelse (further education)"),
                   ("higher_education", "Higher education", "Videregående uddannelse"),
                   ("training", "Training programme", "Oplæringsprogram")],
}


def main():
    folder = files.target_folder(__file__)
    rows = read_source()
    made = tables(rows)
    made["initiatives"] = [{"initiative_id": INITIATIVE, "name": "Youth training programme", "kind": "training",
                            "start": month_start(0)}]
    columns = {
        "persons": ["person_id", "sex", "target_group", "education", "weight", "observed_from", "observed_to"],
        "spells": ["person_id", "start", "end", "state"],
        "placements": ["placement_id", "person_id", "kind", "start", "end", "end_reason"],
        "initiatives": ["initiative_id", "name", "kind", "start", "end"],
        "participants": ["initiative_id", "person_id", "joined_on", "left_on"],
    }
    for name, names in columns.items():
        files.write_table(folder, name, names, made[name])
    for name, codes in CODES.items():
        files.write_table(folder, "codes/" + name, ["code", "label_en", "label_da", "source"],
                          [dict(zip(("code", "label_en", "label_da"), c), source="McVicar and Anyadike-Danes 2002")
                           for c in codes])
    files.write_package(folder, PACKAGE, columns)
    found = facts(rows, made)
    files.write_text(folder, "README.md", README.format(people=len(rows), facts=files.facts_table(found)))


if __name__ == "__main__":
    main()
