#!/usr/bin/env python3
"""Writes an invented register of any size for benchmarks. Standard library only; the same bytes for the same arguments.

    benchmarks/make_register.py FOLDER [PEOPLE] [--seed N] [--incomes]

By default 1 000 000 people with on average five spells and one placement each, employers, one goal and its monthly
counts; --incomes adds two yearly incomes for most people. People are drawn in blocks of 10 000, each block with a
generator of its own seeded by (seed, block), so the first blocks of a large register are a small register. Spells and
placements of a person do not overlap among themselves; the two are drawn independently of each other.
"""

import argparse
import datetime
import json
import os
import random
import time

BLOCK = 10000
FIRST_DAY, LAST_DAY = datetime.date(2020, 1, 1), datetime.date(2025, 12, 31)
GOAL_START = datetime.date(2025, 1, 1)
N_DAYS = (LAST_DAY - FIRST_DAY).days + 1
DATES = [(FIRST_DAY + datetime.timedelta(days=d)).isoformat() for d in range(N_DAYS)]
BIRTHS = [datetime.date(1957 + d // 12, d % 12 + 1, 1).isoformat()[:8] for d in range(50 * 12)]

WEIGHTS = [f"{k // 100}.{k % 100:02d}" for k in range(50, 200)]

# Repeated entries are weights.
GROUPS = ["cash_benefit"] * 6 + ["fleksjob_granted"] * 5 + ["other_unemployed"] * 5 + ["disability_pension"] * 2 + [
    "refugee"] * 2
STATES = ["employment"] * 5 + ["cash_benefit"] * 4 + ["unemployment_benefit"] * 4 + ["sickness_benefit"] * 2 + [
    "ledighedsydelse"] * 2 + ["fleksjob"] * 2 + ["self_support"]
KINDS = ["ordinary"] * 9 + ["fleksjob"] * 6 + ["wage_subsidy"] * 3 + ["internship"] * 2
EDUCATION = ["basic"] * 5 + ["vocational"] * 3 + ["upper_secondary", "higher"]
N_SPELLS = [2, 3, 4, 5, 6, 7, 8]                                   # mean 5
N_PLACEMENTS = [0] * 7 + [1] * 8 + [2] * 3 + [3] * 2               # mean 1
SECTORS = ["private"] * 13 + ["public"] * 6 + ["unknown"]
SECTOR_STEP = 7919                                                 # spreads the sectors over the employer numbers

HEADERS = {
    "persons": "person_id,sex,birth_date,target_group,municipality,education,weight,observed_from,observed_to",
    "spells": "person_id,start,end,state",
    "employers": "employer_id,sector,headcount",
    "placements": "placement_id,person_id,employer_id,kind,start,end,hours_per_week",
    "incomes": "person_id,period,income",
    "goals": "goal_id,measure,goal,start,deadline,counts,filter",
    "counts": "goal_id,as_of,done,private,employers",
}


def sector_of(employer):
    return SECTORS[employer * SECTOR_STEP % len(SECTORS)]


def draw_persons(draw, first, n):
    """Rows of persons and, for each, the days observed (first, one after the last)."""
    rows, seen = [], []
    for number in range(first, first + n):
        start, end, observed = 0, N_DAYS, ","
        if draw() < 0.05:                                          # moved in or out
            start, end = int(draw() * 700), N_DAYS - int(draw() * 700)
            observed = f"{DATES[start]},{DATES[end - 1]}"
        seen.append((start, end))
        rows.append(f"P{number:08d},{'female' if draw() < 0.5 else 'male'},{BIRTHS[int(draw() * 600)]}"
                    f"{int(draw() * 28) + 1:02d},{GROUPS[int(draw() * 20)]},{int(draw() * 98) + 101},"
                    f"{EDUCATION[int(draw() * 10)]},{WEIGHTS[int(draw() * 150)]},{observed}\n")
    return rows, seen


def draw_spells(draw, first, seen):
    """Runs of one state that fill the observed days; three in four spells on the last day are still running."""
    rows = []
    for number, (start, end) in enumerate(seen, first):
        n = N_SPELLS[int(draw() * 7)]
        cuts = sorted({start + 1 + int(draw() * (end - start - 1)) for _ in range(n - 1)})
        person = f"P{number:08d},"
        for cut in cuts:
            rows.append(f"{person}{DATES[start]},{DATES[cut - 1]},{STATES[int(draw() * 20)]}\n")
            start = cut
        last = "" if end == N_DAYS and draw() < 0.75 else DATES[end - 1]
        rows.append(f"{person}{DATES[start]},{last},{STATES[int(draw() * 20)]}\n")
    return rows


def draw_placements(draw, first, seen, n_employers, starts):
    """Placements one after another; `starts` collects (day, employer) of the fleksjobs that count for the goal."""
    rows, goal_day = [], (GOAL_START - FIRST_DAY).days
    for number, (low, high) in enumerate(seen, first):
        n = N_PLACEMENTS[int(draw() * 20)]
        for k in range(n):
            room = (high - low) // (n - k)
            if room < 30:
                break
            start = low + int(draw() * (room - 14))
            days = 14 + int(draw() * draw() * 1400)
            kind, employer = KINDS[int(draw() * 20)], int(draw() * n_employers)
            last = DATES[min(start + days, low + room) - 1]
            if k == n - 1 and start + days >= high:
                last = "" if high == N_DAYS else DATES[high - 1]
            rows.append(f"J{number:08d}-{k},P{number:08d},E{employer:07d},{kind},{DATES[start]},{last},"
                        f"{int(draw() * 35) + 3}\n")
            if kind == "fleksjob" and start >= goal_day:
                starts.append((start, employer))
            low += room
    return rows


def draw_incomes(draw, first, n):
    rows = []
    for number in range(first, first + n):
        income = 60000 + int(draw() * draw() * 900000)
        if draw() < 0.95:
            rows.append(f"P{number:08d},2023,{income}\n")
        if draw() < 0.93:
            rows.append(f"P{number:08d},2025,{int(income * (0.8 + 0.5 * draw()))}\n")
    return rows


def employer_rows(n, seed):
    draw = random.Random(f"{seed}/employers").random
    for number in range(n):
        share = draw()
        headcount = "" if sector_of(number) == "unknown" else 1 + int(3000 * share * share * share * share)
        yield f"E{number:07d},{sector_of(number)},{headcount}\n"


def goal_rows(starts):
    """The goal of new fleksjob in 2025, met by the starts to a tenth, and the counts at the start of each month."""
    goal = max(1, len(starts) * 10 // 11)
    goals = [f"fleksjob-2025,target.track,{goal},{GOAL_START},{LAST_DAY},starts,kind = fleksjob\n"]
    counts, done, private, firms = [], 0, 0, set()
    starts = sorted(starts)
    for month in range(2, 14):
        as_of = datetime.date(2025 + month // 13, (month - 1) % 12 + 1, 1)
        day = (as_of - FIRST_DAY).days
        while done < len(starts) and starts[done][0] < day:
            employer = starts[done][1]
            private += sector_of(employer) == "private"
            firms.add(employer)
            done += 1
        counts.append(f"fleksjob-2025,{as_of},{done},{private},{len(firms)}\n")
    return goals, counts


class Tables:
    """The open files of the folder, with a count of the rows written to each."""

    def __init__(self, folder, names):
        os.makedirs(folder, exist_ok=True)
        self.files = {name: open(os.path.join(folder, name + ".csv"), "w", encoding="ascii", newline="\n",
                                 buffering=1 << 20) for name in names}
        self.rows = dict.fromkeys(names, 0)
        for name in names:
            self.files[name].write(HEADERS[name] + "\n")

    def add(self, name, rows):
        rows = list(rows)
        self.files[name].write("".join(rows))
        self.rows[name] += len(rows)

    def close(self):
        for file in self.files.values():
            file.close()


def write_package(folder, people, seed):
    package = {"name": "benchmark", "title": f"Invented register of {people} people, seed {seed}",
               "title_da": f"Opdigtet register med {people} personer, frø {seed}", "licence": "MIT", "invented": True,
               "observed_from": str(FIRST_DAY), "observed_to": str(LAST_DAY), "income_concept": "disposable",
               "income_unit": "person", "income_currency": "DKK", "income_period_months": 12,
               "income_prices": "current"}
    with open(os.path.join(folder, "datapackage.json"), "w", encoding="utf-8", newline="\n") as out:
        json.dump(package, out, ensure_ascii=False, indent=2)
        out.write("\n")


def write_register(folder, people, seed, incomes):
    names = [name for name in HEADERS if incomes or name != "incomes"]
    tables, starts, n_employers = Tables(folder, names), [], max(1, people // 20)
    for first in range(1, people + 1, BLOCK):
        n = min(BLOCK, people + 1 - first)
        draw = random.Random(f"{seed}/{first // BLOCK}").random
        rows, seen = draw_persons(draw, first, n)
        tables.add("persons", rows)
        tables.add("spells", draw_spells(draw, first, seen))
        tables.add("placements", draw_placements(draw, first, seen, n_employers, starts))
        if incomes:
            tables.add("incomes", draw_incomes(draw, first, n))
    tables.add("employers", employer_rows(n_employers, seed))
    for name, rows in zip(("goals", "counts"), goal_rows(starts)):
        tables.add(name, rows)
    tables.close()
    write_package(folder, people, seed)
    return tables.rows


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("folder")
    args.add_argument("people", nargs="?", type=int, default=1000000)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--incomes", action="store_true")
    args = args.parse_args()
    if args.people < 1:
        raise SystemExit("people: at least 1")
    began = time.perf_counter()
    rows = write_register(args.folder, args.people, args.seed, args.incomes)
    for name, n in rows.items():
        size = os.path.getsize(os.path.join(args.folder, name + ".csv"))
        print(f"{name:12}{n:>12} rows {size / 1e6:>9.1f} MB")
    print(f"{time.perf_counter() - began:.1f} seconds")


if __name__ == "__main__":
    main()
