"""Slow reference for the spell rules of README.md: every spell is a set of days.

    python3 make_spells.py            checks expected_status.csv and expected_sustained.csv (worked by hand) and
                                      every other expected_*.csv; prints the differences
    python3 make_spells.py --write    writes the other files anew

Standard library only. A day is date.toordinal(); data are complete to the end of LAST.
"""
import csv
import io
import pathlib
import sys
from collections import Counter
from datetime import date

HERE = pathlib.Path(__file__).resolve().parent
LAST = date(2026, 6, 30).toordinal()
BY_HAND = ("status", "sustained")


def rows_of(name):
    with open(HERE / name, newline="") as f:
        return list(csv.DictReader(f))


def months_after(day, months):
    y, m = divmod(day.year * 12 + day.month - 1 + months, 12)
    for d in range(day.day, 0, -1):
        try:
            return date(y, m + 1, d)
        except ValueError:
            continue


def text(day):
    return date.fromordinal(day).isoformat()


def accepted():
    """Spells by person as (first day, last day, open, employer), and the rejected ones."""
    spells, rejected = {}, []
    for number, row in enumerate(rows_of("spells.csv")):
        first = date.fromisoformat(row["start"]).toordinal()
        last = date.fromisoformat(row["end"]).toordinal() if row["end"] else None
        if last is not None and last < first:
            rejected.append([row["spell"], "end_before_start"])
        elif first > LAST:
            rejected.append([row["spell"], "starts_after_extraction"])
        else:
            is_open = last is None or last > LAST
            spell = (first, number, LAST if is_open else last, is_open, row["employer"])
            spells.setdefault(row["person"], []).append(spell)
    return {p: [(a, b, o, e) for a, _, b, o, e in sorted(s)] for p, s in spells.items()}, rejected


def episodes(spells, gap):
    out = []
    for first, last, is_open, _ in spells:
        if out and first - out[-1]["last"] - 1 <= gap:
            e = out[-1]
            e["last"], e["open"], e["n"] = max(e["last"], last), e["open"] or is_open, e["n"] + 1
        else:
            out.append({"first": first, "last": last, "open": is_open, "n": 1})
    out[-1]["open"] |= out[-1]["last"] + gap + 1 > LAST
    return out


def status_rows(person, spells, days):
    index, boss = spells[0][0], spells[0][3]
    for months in (3, 6, 12, 24):
        target = months_after(date.fromordinal(index), months).toordinal()
        known = target <= LAST
        own = any(a <= target <= b and e == boss for a, b, _, e in spells)
        row = [person, months, text(target), int(target in days) if known else "NA", int(own) if known else "NA"]
        for gap in (0, 14):
            e = episodes(spells, gap)[0]
            row.append(1 if known and target <= e["last"] else "NA" if e["open"] else 0)
        yield row


def sustained_rows(person, spells):
    for weeks, gap in ((13, 0), (26, 0), (52, 14)):
        row = [person, weeks, gap]
        for some in (episodes(spells, gap)[:1], episodes(spells, gap)):
            hit = [e["first"] + 7 * weeks - 1 for e in some if e["last"] - e["first"] + 1 >= 7 * weeks]
            row += [1, text(min(hit))] if hit else ["NA" if any(e["open"] for e in some) else 0, ""]
        yield row


def episode_rows(person, spells, days):
    for gap in (0, 7, 14, 28):
        for k, e in enumerate(episodes(spells, gap), 1):
            span = range(e["first"], e["last"] + 1)
            yield [person, gap, k, text(e["first"]), text(e["last"]), int(e["open"]), len(span),
                   len(days.intersection(span)), e["n"]]


def survival_rows(person, spells):
    boss = spells[0][3]
    plans = [("any_employer", g, spells) for g in (0, 7, 14, 28)]
    plans += [("same_employer", g, [s for s in spells if s[3] == boss]) for g in (0, 14)]
    for definition, gap, chosen in plans:
        e = episodes(chosen, gap)[0]
        recognisable = LAST - gap - 1
        if e["first"] > recognisable:
            continue
        others = [s for s in spells if s[3] != boss] if definition == "same_employer" else []
        moved = any(a - e["last"] - 1 <= gap and b > e["last"] for a, b, _, _ in others)
        cause = "censored" if e["open"] else "other_job" if moved else "not_employed"
        end = recognisable if e["open"] else e["last"]
        yield [person, definition, gap, end - e["first"] + 1, int(not e["open"]), cause]


def quarter_row(person, spells, exit_day):
    zero, seen, row = months_after(exit_day.replace(day=1), -((exit_day.month - 1) % 3)), {}, [person]
    for k in (2, 4):
        a, b = (months_after(zero, 3 * j).toordinal() for j in (k, k + 1))
        seen[k] = {e for first, last, _, e in spells if first < b and last >= a}
        known = b - 1 <= LAST
        row += [int(bool(seen[k])), "|".join(sorted(seen[k]))] if known else ["NA", "NA"]
    settled = "NA" not in row and row[1] == 1
    return row + [int(bool(seen[2] & seen[4])) if settled else "NA"]


def cumulative_rows(person, index, days):
    for weeks in (26, 30, 52):
        if index + 7 * weeks - 1 > LAST:
            yield [person, weeks, "NA", "NA", "NA"]
            continue
        count = [len(days.intersection(range(index + 7 * k, index + 7 * k + 7))) for k in range(weeks)]
        yield [person, weeks, sum(c > 0 for c in count), count.count(7), sum(count)]


def month_row(person, days):
    starts = [months_after(date(2025, 10, 1), k).toordinal() for k in range(7)]
    n = sum(bool(days.intersection(range(a, b))) for a, b in zip(starts, starts[1:]))
    return [person, n, int(n >= 5)]


HEADS = {
    "rejected": "spell,reason",
    "status": "person,months,target_date,any_job,same_employer,retained_gap0,retained_gap14",
    "sustained": "person,weeks,gap_days,first_episode,date_first,any_episode,date_any",
    "episodes": "person,gap_days,episode,start,end,undetermined,length_days,employed_days,spells",
    "survival": "person,definition,gap_days,time_days,event,cause",
    "quarters": "person,employed_q2,employers_q2,employed_q4,employers_q4,same_employer_q2_q4",
    "cumulative": "person,window_weeks,weeks_with_a_day,full_weeks,employed_days",
    "months_oct_mar": "person,months_with_a_day,at_least_5_of_6",
    "isoweeks": "person,iso_year,iso_week,employed_days",
}


def everything():
    out = {name: [] for name in HEADS}
    spells_of, out["rejected"] = accepted()
    for p in rows_of("persons.csv"):
        person, spells = p["person"], spells_of.get(p["person"], [])
        out["quarters"].append(quarter_row(person, spells, date.fromisoformat(p["programme_exit"])))
        if not spells:
            continue
        days = {d for a, b, _, _ in spells for d in range(a, b + 1)}
        out["status"] += status_rows(person, spells, days)
        out["sustained"] += sustained_rows(person, spells)
        out["episodes"] += episode_rows(person, spells, days)
        out["survival"] += survival_rows(person, spells)
        out["cumulative"] += cumulative_rows(person, spells[0][0], days)
        out["months_oct_mar"].append(month_row(person, days))
        weeks = Counter(date.fromordinal(d).isocalendar()[:2] for d in days)
        out["isoweeks"] += [[person, y, w, n] for (y, w), n in sorted(weeks.items())]
    return out


def main():
    different = 0
    for name, rows in everything().items():
        f = io.StringIO()
        w = csv.writer(f, lineterminator="\n")
        w.writerow(HEADS[name].split(","))
        w.writerows(rows)
        path = HERE / f"expected_{name}.csv"
        if "--write" in sys.argv and name not in BY_HAND:
            path.write_text(f.getvalue())
            continue
        want, got = path.read_text().splitlines(), f.getvalue().splitlines()
        for a, b in zip(want + [""] * (len(got) - len(want)), got + [""] * (len(want) - len(got))):
            if a != b:
                print(f"{path.name}: file {a!r}, computed {b!r}")
                different += 1
    print("differences:", different)
    return different > 0


if __name__ == "__main__":
    sys.exit(main())
