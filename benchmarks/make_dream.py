#!/usr/bin/env python3
"""Writes an invented wide file of weekly codes for benchmarks. Standard library only; the same bytes for the same
arguments.

    benchmarks/make_dream.py FILE [PEOPLE] [--weeks N] [--seed N]

A row a person, `;` between cells: pnr, kon, y_YYWW for 1,252 weeks from 1991-W31 (--weeks takes fewer, the last ones),
then branche_YYYY_MM and grad_YYYY_MM for the months from 2008 on, and columns of other kinds: the shape of a national
file, 1,699 columns in all. 53,000 people by default; 530,000 are a tenth of the country. Most people are without benefit
most of the time, in runs of weeks to years; six in ten have an industry while they are.
"""
import argparse
import datetime
import random

FIRST = datetime.date(1991, 7, 29)
ALL_WEEKS = 1252
CODES = ["111", "111", "130", "211", "217", "651", "651", "730", "730", "733", "737", "771", "783", "783", "881", "890",
         "890", "998", "121"]
INDUSTRIES = [f"{k:06d}" for k in (11100, 412000, 471110, 471120, 561010, 620100, 841100, 851000, 862100, 873010, 881010)]
COLUMNS = 1699


def header(weeks, months, others):
    names = ["pnr", "kon"]
    for monday in weeks:
        year, week, _ = monday.isocalendar()
        names.append(f"y_{year % 100:02d}{week:02d}")
    names += [f"branche_{y}_{m:02d}" for y, m in months] + [f"grad_{y}_{m:02d}" for y, m in months]
    return ";".join(names + [f"ak{k:04d}" for k in range(others)])


def person(rng, number, n_weeks, n_months, others):
    cells, left = [f"{number:010d};{1 + number % 2}"], n_weeks
    if rng.random() < 0.15:  # never on benefit
        cells.append(";" * (left - 1))
        left = 0
    while left > 0:
        blank = rng.random() < 0.55
        length = min(left, 1 + int(rng.expovariate(1 / (110 if blank else 26))))
        code = "" if blank else rng.choice(CODES)
        cells.append((code + ";") * (length - 1) + code)
        left -= length
    for kind in range(2):
        left = n_months
        while left > 0:
            length = min(left, 1 + int(rng.expovariate(1 / 30)))
            text = "" if rng.random() < 0.4 else rng.choice(INDUSTRIES) if kind == 0 else f"0.{rng.randrange(10, 100)}"
            cells.append((text + ";") * (length - 1) + text)
            left -= length
    if others:
        cells.append(("2;" * others)[:-1])
    return ";".join(cells)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("people", type=int, nargs="?", default=53000)
    parser.add_argument("--weeks", type=int, default=ALL_WEEKS)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    weeks = [FIRST + datetime.timedelta(7 * w) for w in range(ALL_WEEKS)][-given.weeks:]
    middles = [monday + datetime.timedelta(3) for monday in weeks]
    months = sorted({(day.year, day.month) for day in middles if day.year >= 2008})
    others = max(0, COLUMNS - 2 - ALL_WEEKS - 2 * len(months)) if given.weeks == ALL_WEEKS else 0
    rng = random.Random(given.seed)
    with open(given.file, "w", encoding="ascii", newline="\n") as f:
        f.write(header(weeks, months, others) + "\n")
        for number in range(given.people):
            f.write(person(rng, number, len(weeks), len(months), others) + "\n")


if __name__ == "__main__":
    main()
