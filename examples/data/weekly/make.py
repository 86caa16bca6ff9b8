"""Makes weekly.csv (the wide form of the DREAM register), persons.csv and README.md: people who do not exist.

Everybody is without work before the first week; weekly chances of a job, of losing it, of a spell of sickness in it and
of an internship before it depend on the target group alone. They are in GROUPS and WEEKLY; nothing else is behind it.
"""
import collections
import datetime
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from files import facts_table, number, target_folder, write_package, write_table, write_text  # noqa: E402

FIRST, LAST = datetime.date(2018, 1, 1), datetime.date(2021, 12, 27)  # Mondays of the first and the last week
N_PEOPLE = 420
# name: (share, code out of work, code of an internship, chance of a job, of losing it in the first 26 weeks, later)
GROUPS = {"cash_benefit": (0.4, 730, 737, 0.018, 0.022, 0.009),
          "refugee": (0.25, 700, 707, 0.022, 0.016, 0.006),
          "long_term_unemployed": (0.35, 111, 217, 0.026, 0.013, 0.005)}
WEEKLY = {"internship": 0.02, "sick": 0.008, "holiday": 0.01, "study": 0.0008, "abroad": 0.0002, "unknown": 0.0004}
UNKNOWN = 599  # no code of the list: a delivery has some
README = """# From weekly codes to lasting work 2018-2021

**Invented from end to end.** Nobody here exists, and nothing here says anything about a real group or programme.
The form is that of the weekly file of the Danish DREAM register ([what is read](../../../docs/methods/dream.md));
the [tutorial](../../../docs/tutorials/weekly_codes.md) goes from it to curves of lasting work.

    flexmetrics dream examples/data/weekly/weekly.csv --out FOLDER/spells.csv

- `weekly.csv`: a row a person, a column for each ISO week (`y_1801` to `y_2152`, with `y_2053`: 2020 has a week
  53), and for each month an industry (`branche_2018_01`) and an employment rate (`grad_2018_01`). A code is a
  benefit; an empty week with an industry in its month is work. Code {unknown} is in no code list, for a delivery
  has such codes.
- `persons.csv`: sex, target group, the day from which each is observed.
- `datapackage.json` names `spells.csv` too, which `flexmetrics dream` makes: put the three in one folder.

**How it was made** (`python3 make.py`; standard library and a fixed seed, `random.random()` alone). Everybody is
without work before the first week. Each week has a chance of a job, of losing it (higher in its first 26 weeks), of
sickness or holiday in it, of an internship before it, of a state education grant or of leaving the country for
good. The chances depend on the target group and nothing else; they are in `make.py`. MIT.

**Figures** (computed by `make.py`)

{facts}
"""


def weeks():
    day = FIRST
    while day <= LAST:
        yield day
        day += datetime.timedelta(days=7)


def pick(rng, values):
    """One of them, all alike. Only random() gives the same numbers in every Python."""
    return values[int(rng.random() * len(values))]


def group_of(rng):
    """A target group by its share."""
    left = rng.random()
    for name, (share, *_) in GROUPS.items():
        left -= share
        if left < 0:
            return name
    return name


def life(rng, group):
    """State of each week: work, or the code of a benefit."""
    _, out_code, internship, find, lose_early, lose_late = GROUPS[group]
    states, now, left, tenure, gone = [], out_code, 0, 0, None
    for _ in weeks():
        if gone is not None:
            states.append(gone)
            continue
        if left > 0:
            left -= 1
        elif now in (890, 121):
            now = "work"
        elif now == internship:
            now = "work" if rng.random() < 0.35 else out_code
        if left == 0 and now == "work":
            chance = rng.random()
            lose = lose_early if tenure < 26 else lose_late
            if chance < lose:
                now, tenure = out_code, 0
            elif chance < lose + WEEKLY["sick"]:
                now, left = 890, pick(rng, (0, 1, 1, 2, 3, 7))
            elif chance < lose + WEEKLY["sick"] + WEEKLY["holiday"]:
                now, left = 121, pick(rng, (0, 0, 1))
        elif left == 0 and now == out_code:
            chance = rng.random()
            if chance < find:
                now, tenure = "work", 0
            elif chance < find + WEEKLY["internship"]:
                now, left = internship, pick(rng, (3, 3, 7, 12))
            elif chance < find + WEEKLY["internship"] + WEEKLY["study"]:
                gone = 651
        if rng.random() < WEEKLY["abroad"]:
            gone = 997
        tenure += now == "work"
        states.append(UNKNOWN if now == out_code and rng.random() < WEEKLY["unknown"] else now)
    return states


def main():
    rng = random.Random(164)
    folder = target_folder(__file__)
    names = ["y_%02d%02d" % (day.isocalendar()[0] % 100, day.isocalendar()[1]) for day in weeks()]
    thursdays = [day + datetime.timedelta(days=3) for day in weeks()]
    months = sorted({(t.year, t.month) for t in thursdays})
    persons, wide, counts = [], [], collections.Counter()
    for i in range(N_PEOPLE):
        group = group_of(rng)
        sex = pick(rng, ("female", "male"))
        states = life(rng, group)
        key = "W%03d" % (i + 1)
        persons.append({"person_id": key, "sex": sex, "target_group": group,
                        "observed_from": FIRST.isoformat()})
        counts.update({f"people: {group}": 1, "weeks at work": states.count("work"),
                       f"weeks with the unknown code {UNKNOWN}": states.count(UNKNOWN)})
        row = {"lobenr": key, "kon": 1 if sex == "male" else 2}
        row.update({n: None if s == "work" else s for n, s in zip(names, states)})
        for year, month in months:
            worked = sum(s == "work" for s, t in zip(states, thursdays) if (t.year, t.month) == (year, month))
            held = sum((t.year, t.month) == (year, month) for t in thursdays)
            row["branche_%d_%02d" % (year, month)] = "878910" if worked else None
            row["grad_%d_%02d" % (year, month)] = number(worked / held, 2) if worked else None
        wide.append(row)
    columns = ["lobenr", "kon", *names]
    columns += ["%s_%d_%02d" % (kind, y, m) for kind in ("branche", "grad") for y, m in months]
    write_table(folder, "weekly", columns, wide)
    write_table(folder, "persons", ["person_id", "sex", "target_group", "observed_from"], persons)
    write_package(folder, {"name": "weekly", "title": "From weekly codes to lasting work 2018-2021",
                           "title_da": "Fra ugekoder til varigt arbejde 2018-2021", "organisation": "Nobody",
                           "licence": "MIT", "invented": True, "observed_from": FIRST.isoformat(),
                           "observed_to": (LAST + datetime.timedelta(days=6)).isoformat(),
                           "sources": [{"title": "Invented by make.py; describes nobody"}]},
                  ["persons", "spells"])
    facts = [("people", N_PEOPLE), *((f"people: {g}", counts[f"people: {g}"]) for g in GROUPS), ("weeks", len(names)),
             *((k, counts[k]) for k in ("weeks at work", f"weeks with the unknown code {UNKNOWN}"))]
    write_text(folder, "README.md", README.format(unknown=UNKNOWN, facts=facts_table(facts)))


if __name__ == "__main__":
    main()
