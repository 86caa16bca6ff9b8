"""The frames and rates once more, day by day from the CSV files, with sets of days and the standard library only."""
import calendar
import csv
import datetime
import random
from collections import Counter
from pathlib import Path

import pytest

import flexmetrics as fm

DATA = Path(__file__).resolve().parents[3] / "data"
EPOCH = datetime.date(1970, 1, 1)
FAR = 10**6


def day(text, blank=None):
    return (datetime.date.fromisoformat(text) - EPOCH).days if text else blank


def iso(days):
    return (EPOCH + datetime.timedelta(days=days)).isoformat()


def months_on(start, months):
    date = EPOCH + datetime.timedelta(days=start)
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return (datetime.date(year, month + 1, min(date.day, last)) - EPOCH).days


def read(path):
    if not path.exists():
        return []
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def work_codes(name):
    """Codes and aliases that are work; each with the days on which it is valid."""
    found = {}
    for row in read(DATA / name):
        if row["work"] == "yes":
            for word in [row["code"], *row["aliases"].split("|")]:
                found.setdefault(word, []).append((day(row["valid_from"], -FAR), day(row["valid_to"], FAR)))
    return found


KINDS, STATES = work_codes("placement_kinds.csv"), work_codes("benefit_states.csv")


def works(codes, word, on):
    return any(low <= on <= high for low, high in codes.get(word, []))


class Slow:
    """A folder of CSV files, read with the rules of docs/methods/frames.md and no others."""

    def __init__(self, folder, as_of):
        self.as_of = day(as_of)
        names = ("persons", "placements", "spells", "group_spells")
        self.tables = {name: read(folder / f"{name}.csv") for name in names}
        self.person = {p["person_id"]: p for p in self.tables["persons"]}

    def observed(self, person):
        p = self.person[person]
        low, high = day(p.get("observed_from"), -FAR), day(p.get("observed_to"), FAR) + 1
        return low, min(high, self.as_of)

    def groups(self, person, on):
        dated = {g["target_group"] for g in self.tables["group_spells"] if g["person_id"] == person
                 and day(g["start"]) <= on <= day(g["end"], FAR)}
        return dated or {self.person[person]["target_group"] or None}

    def weight(self, person):
        return float(self.person[person].get("weight") or 1)

    def index(self, which):
        rows = [p for p in self.tables["placements"] if day(p["start"]) < self.as_of
                and works(KINDS, p["kind"], day(p["start"]))]
        if which == "placement":
            return rows
        rows.sort(key=lambda p: (day(p["start"]), len(p["placement_id"].encode()), p["placement_id"].encode()))
        return list({p["person_id"]: p for p in reversed(rows)}.values())

    def days_in_work(self, index, same):
        person, seen = index["person_id"], self.observed(index["person_id"])[1]
        rows = [p for p in self.tables["placements"] if p["person_id"] == person
                and works(KINDS, p["kind"], day(p["start"]))
                and (not same or p is index or (p.get("employer_id") and p["employer_id"] == index["employer_id"]))]
        if not same:
            rows += [s for s in self.tables["spells"] if s["person_id"] == person
                     and works(STATES, s["state"], day(s["start"]))]
        return {d for r in rows for d in range(day(r["start"]), min(seen, day(r["end"], FAR) + 1))}

    def people(self):
        for person in self.person:
            if day(self.person[person].get("observed_from"), -FAR) < self.as_of:
                began = any(p["person_id"] == person for p in self.index("placement"))
                for group in self.groups(person, self.as_of - 1):
                    yield group, person, began

    def placements(self):
        for p in self.tables["placements"]:
            start, end, seen = day(p["start"]), day(p["end"], FAR), self.observed(p["person_id"])
            if start < self.as_of:
                running = end >= self.as_of - 1 and seen[0] < self.as_of == seen[1]
                for group in self.groups(p["person_id"], start):
                    yield group, p["placement_id"], works(KINDS, p["kind"], start), running

    def status(self, which, same, gap, horizons):
        for index in self.index(which):
            person, start = index["person_id"], day(index["start"])
            (low, seen), work = self.observed(person), self.days_in_work(index, same)
            for months in horizons:
                target = months_on(start, months)
                before, after = [d for d in work if d < target], [d for d in work if d > target]
                if target in work and low <= target:
                    status = True
                elif not low <= target < seen:
                    status = None
                elif not before or (not after and seen - max(before) - 1 > gap):
                    status = False
                else:
                    status = min(after) - max(before) - 1 <= gap if after else None
                in_rate = low <= target and target + (gap + 1 if gap else 0) < seen
                for group in self.groups(person, start):
                    yield group, person, months, status, in_rate, self.weight(person)

    def survival(self, which, same, gap):
        for index in self.index(which):
            person, start = index["person_id"], day(index["start"])
            low, seen = self.observed(person)
            last = start
            for d in sorted(d for d in self.days_in_work(index, same) if d >= start):
                if d - last - 1 > gap:
                    break
                last = d
            event = last + 1 + gap < seen
            time, entry = (last + 1 - start if event else seen - gap - 1 - start), max(0, low - start)
            if start < seen and time > entry:
                for group in self.groups(person, start):
                    yield group, person, entry, time, event, self.weight(person)


def rows(table, *columns):
    cells = table.to_dict()
    return Counter(zip(*([None if v is None or v != v else v.item() if hasattr(v, "item") else v for v in cells[c]]
                         for c in columns)))


def compare(folder, as_of, gaps=(0, 14), horizons=(0, 1, 3, 6, 12)):
    register, slow = fm.Register.read(folder), Slow(Path(folder), as_of)
    how = dict(by="target_group", as_of=as_of)
    assert rows(register.frame("people", **how), "target_group", "person_id", "began") == Counter(slow.people())
    assert rows(register.frame("placements", **how), "target_group", "placement_id", "work", "running") == \
        Counter(slow.placements())
    for which in ("placement", "first"):
        for same in (False, True):
            for gap in gaps:
                how.update(index=which, same_employer=same, gap_days=gap)
                status = register.frame("status", horizons=horizons, **how)
                assert rows(status, "target_group", "person_id", "horizon_months", "status", "in_rate", "weight") == \
                    Counter(slow.status(which, same, gap, horizons)), (which, same, gap)
                survival = register.frame("survival", **how)
                assert rows(survival, "target_group", "person_id", "entry_days", "time_days", "event", "weight") == \
                    Counter(slow.survival(which, same, gap)), (which, same, gap)


@pytest.mark.parametrize("folder, as_of", [("demo-municipality", "2026-01-01"), ("demo-municipality", "2025-04-15"),
                                           ("school-to-work", "1999-07-01")])
def test_examples_day_by_day(data, folder, as_of):
    compare(data / folder, as_of, gaps=(14,) if folder == "school-to-work" else (0, 14), horizons=(3, 12))


def test_rates_day_by_day(data):
    folder = data / "demo-municipality"
    answers = [r for r in Slow(folder, "2026-01-01").status("first", False, 14, [3, 6, 12]) if r[0] == "refugee"]
    how = dict(by="target_group", index="first", gap_days=14, as_of="2026-01-01")
    result = fm.Register.read(folder).status(**how).to_dict()
    figures = {(m, q): v for g, m, q, v in zip(result["target_group"], result["horizon_months"], result["quantity"],
                                               result["value"]) if g == "refugee"}
    for months in (3, 6, 12):
        status = [r[3] for r in answers if r[2] == months]
        rate = [r[3] for r in answers if r[2] == months and r[4]]
        assert [figures[months, q] for q in ("yes", "no", "unknown")] == [status.count(v) for v in (True, False, None)]
        assert figures[months, "rate"] == rate.count(True) / len(rate)


IDS = ["a", "b,c", 'q"x', "Å ñ", "日本", "1", "01", "x;y", "é", "e\u0301", "Z" * 40, "0"]


def invent(draw, folder):
    """A small register with gaps, overlaps, open ends, blanks, unknown words and people seen for a part of the time."""
    base, span = day("2023-11-20"), draw.choice([20, 120, 400])

    def date():
        return base + draw.randrange(span)

    def dates():
        start = date()
        return iso(start), "" if draw.random() < 0.25 else iso(start + draw.choice([0, 1, 5, 13, 29, 30, 31, 90, 365]))

    def write(name, header, lines):
        with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as f:
            csv.writer(f).writerows([header, *lines])

    ids = draw.sample(IDS, draw.choice([1, 2, 5, 9]))
    persons = []
    for person in ids:
        seen_from = iso(date() - 50) if draw.random() < 0.3 else ""
        seen_to = iso(day(seen_from or iso(base)) + draw.randrange(span)) if draw.random() < 0.3 else ""
        group, weight = draw.choice(["refugee", "cash_benefit", ""]), draw.choice(["0", "1", "2.5"])
        persons.append([person, group, weight, seen_from, seen_to])
    kinds = ["ordinary", "fleksjob", "wage_subsidy", "internship", "praktik", "løntilskud", "nonsense"]
    write("persons", ["person_id", "target_group", "weight", "observed_from", "observed_to"], persons)
    write("employers", ["employer_id", "sector"], [["e1", "private"], ["e2", "public"]])
    write("placements", ["placement_id", "person_id", "employer_id", "kind", "start", "end"],
          [[f"J{i}" if i % 3 else f"J,{i}", draw.choice(ids), draw.choice(["e1", "e2", ""]), draw.choice(kinds),
            *dates()] for i in range(draw.randrange(25))])
    write("spells", ["person_id", "state", "start", "end"],
          [[draw.choice(ids), draw.choice(["employment", "cash_benefit", "job", "nothing"]), *dates()]
           for _ in range(draw.randrange(9))])
    write("group_spells", ["person_id", "target_group", "start", "end"],
          [[draw.choice(ids), draw.choice(["refugee", "cash_benefit", "disability_pension"]), *dates()]
           for _ in range(draw.randrange(7))])
    return iso(base + draw.choice([-5, 0, 1, span // 2, span, span + 20, span + 400]))


@pytest.mark.parametrize("seed", range(60))
def test_random_registers_day_by_day(tmp_path, seed):
    draw = random.Random(seed)
    as_of = invent(draw, tmp_path)
    compare(tmp_path, as_of, gaps=draw.choice([(0, 14), (1, 30)]), horizons=draw.choice([(3, 6, 12), (0, 1)]))
