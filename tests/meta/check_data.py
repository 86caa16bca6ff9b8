#!/usr/bin/env python3
"""Checks the example data: formats, links, dates, and every figure of the READMEs, counted again from the tables.

Shares no code with the scripts that make the data. Usage: check_data.py [FOLDER]. Lists problems, exit code 1.
"""

import calendar
import collections
import csv
import datetime
import filecmp
import json
import os
import re
import subprocess
import sys
import tempfile
from fractions import Fraction

DEFAULT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples", "data")

# Columns of the register's tables; * required, then the type: t text, d date, n number, b true or false.
TABLES = {
    "persons": "person_id*t sex:t birth_date:d target_group:t disability:b migration_status:t municipality:t "
               "education:t unemployed_since:d household_id:t weight:n observed_from:d observed_to:d "
               "observed_end_reason:t weeks_before:n",
    "group_spells": "person_id*t target_group*t start*d end:d",
    "spells": "person_id*t start*d end:d state*t hours_per_week:n weekly_amount:n state_share:n granted:d",
    "employers": "employer_id*t sector:t headcount:n industry:t social_enterprise:b municipality:t "
                 "target_group_staff:n",
    "placements": "placement_id*t person_id*t employer_id:t kind*t start*d end:d hours_per_week:n hourly_wage:n "
                  "initiative_id:t end_reason:t occupation:t contract_type:t hours_wanted:n agreement:b new_position:b "
                  "full_time_wage:n",
    "supports": "person_id*t kind*t start*d end:d hours:n cost:n placement_id:t",
    "incomes": "person_id*t period*n income*n weight:n stratum:t psu:t fpc:n household_id:t imputed:b top_coded:b",
    "initiatives": "initiative_id*t name:t kind:t start*d end:d eligibility:t funder:t cost:n",
    "members": "initiative_id*t employer_id*t joined_on:d left_on:d",
    "participants": "initiative_id*t person_id*t applied_on:d referred_on:d invited_on:d first_contact_on:d "
                    "joined_on:d left_on:d decision:t",
    "goals": "goal_id*t measure*t goal*n start*d deadline*d counts:t filter:t changed_on:d",
    "counts": "goal_id*t as_of*d done*n private:n employers:n ended:n",
    "contracts": "contract_id*t value*n start*d end*d wage_share:n clause:t agreed:n started:n delivered:n",
    "progress": "person_id*t date*d instrument*t item*t score*n",
    "outcomes": "outcome*t quantity*n value*n deadweight:n displacement:n attribution:n drop_off:n years:n "
                "first_year:n source:t",
}
KEYS = {"persons": ["person_id"], "employers": ["employer_id"], "placements": ["placement_id"],
        "initiatives": ["initiative_id"], "contracts": ["contract_id"], "goals": ["goal_id", "changed_on"],
        "counts": ["goal_id", "as_of"], "incomes": ["person_id", "period"],
        "members": ["initiative_id", "employer_id"], "progress": ["person_id", "date", "instrument", "item"]}
ORDERED = ["applied_on", "referred_on", "invited_on", "first_contact_on", "joined_on", "left_on"]
CODES = {
    "target_group": "refugee fleksjob_granted cash_benefit disability_pension other_unemployed long_term_unemployed",
    "placements.kind": "ordinary fleksjob wage_subsidy internship sheltered small_job igu apprenticeship "
                       "community_service",
    "sector": "public private unknown", "sex": "female male", "counts": "starts people employers",
    "decision": "accepted declined rejected", "observed_end_reason": "death emigration move",
}
RAW = {"weekly"}  # files from which a command makes tables
FAR = datetime.date(9999, 1, 1)
DAY = datetime.timedelta(days=1)


class Folder:
    def __init__(self, path, problems):
        self.path, self.name, self.problems = path, os.path.basename(path), problems
        with open(os.path.join(path, "datapackage.json"), encoding="utf-8") as text:
            self.package = json.load(text)
        self.tables = {}
        for name in sorted(f[:-4] for f in os.listdir(path) if f.endswith(".csv") and f[:-4] not in RAW):
            self.tables[name] = self.read(name)

    def bad(self, table, line, message):
        self.problems.append(f"{self.name}/{table}.csv:{line}: {message}")

    def read(self, name):
        with open(os.path.join(self.path, name + ".csv"), "rb") as raw:
            data = raw.read()
        if b"\r" in data or data.startswith(b"\xef\xbb\xbf") or not data.endswith(b"\n"):
            self.bad(name, 1, "not plain UTF-8 with line feeds")
        rows = list(csv.reader(data.decode("utf-8").splitlines()))
        if name not in TABLES:
            self.bad(name, 1, "not a table of the register")
            return []
        kinds = {re.match(r"\w+", c).group(): c for c in TABLES[name].split()}
        if set(rows[0]) - set(kinds) or len(set(rows[0])) != len(rows[0]):
            self.bad(name, 1, "unknown or repeated column")
        for column, spec in kinds.items():
            if "*" in spec and column not in rows[0]:
                self.bad(name, 1, f"required column {column} is missing")
        return [self.row(name, line, dict(zip(rows[0], cells, strict=True)), kinds)
                for line, cells in enumerate(rows[1:], 2)]

    def row(self, name, line, cells, kinds):
        out = {"line": line}
        for column, cell in cells.items():
            spec = kinds[column]
            out[column] = None
            if cell == "":
                if "*" in spec:
                    self.bad(name, line, f"{column} is blank")
                continue
            try:
                out[column] = {"t": str, "d": iso_date, "n": plain_number, "b": boolean}[spec[-1]](cell)
            except ValueError:
                self.bad(name, line, f"{column} cannot be read")
        return out

    def rows(self, name):
        return self.tables.get(name, [])


def iso_date(cell):
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        raise ValueError(cell)
    return datetime.date.fromisoformat(cell)


def plain_number(cell):
    if not re.fullmatch(r"-?\d+(\.\d+)?", cell):
        raise ValueError(cell)
    return Fraction(cell)


def boolean(cell):
    if cell not in ("true", "false"):
        raise ValueError(cell)
    return cell == "true"


def add_months(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def check_keys_and_links(f):
    ids = {}
    for table, key in KEYS.items():
        seen = [tuple(str(r.get(c)) for c in key) for r in f.rows(table)]
        if len(set(seen)) != len(seen):
            f.bad(table, 0, f"{key} is not unique")
        if len(key) == 1:
            ids[key[0]] = {k[0] for k in seen}
    ids["goal_id"] = {r["goal_id"] for r in f.rows("goals")}
    for table, rows in f.tables.items():
        for r in rows:
            for column, known in ids.items():
                if r.get(column) is not None and r[column] not in known:
                    f.bad(table, r["line"], f"{column} links to nothing")
            if re.fullmatch(r"\d{6}-?\d{4}", str(r.get("person_id"))):
                f.bad(table, r["line"], "looks like a civil registration number")


def check_dates(f):
    last = iso_date(f.package["observed_to"])
    seen = {p["person_id"]: (p.get("observed_from") or datetime.date.min, p.get("observed_to") or last)
            for p in f.rows("persons")}
    for table, rows in f.tables.items():
        for r in rows:
            if r.get("start") and r["start"] > (r.get("end") or r.get("deadline") or FAR):
                f.bad(table, r["line"], "ends before it starts")
            steps = [r[c] for c in ORDERED if r.get(c)]
            if steps != sorted(steps):
                f.bad(table, r["line"], "dates out of order")
            if table in ("goals", "contracts", "persons", "initiatives"):
                continue
            days = [r[c] for c in ["start", "end", "date"] + ORDERED if r.get(c)]
            first_day, last_day = seen.get(r.get("person_id"), (datetime.date.min, last))
            if any(day < first_day or day > last_day for day in days):
                f.bad(table, r["line"], "outside what is observed")
            if r.get("as_of") and r["as_of"] > last + DAY:
                f.bad(table, r["line"], "counted after the last observed day")


def check_overlaps(f):
    """One state at a time, one paid job at a time, one dated value of each group at a time."""
    for table, key in (("spells", lambda r: r["person_id"]),
                       ("placements", lambda r: r["person_id"] if r["kind"] != "internship" else None),
                       ("group_spells", lambda r: (r["person_id"], r["target_group"]))):
        before = {}
        for r in sorted(f.rows(table), key=lambda r: r["start"]):
            if key(r) is None:
                continue
            if key(r) in before and r["start"] <= before[key(r)]:
                f.bad(table, r["line"], "overlaps")
            before[key(r)] = r["end"] or FAR


def check_codes(f):
    own = {}
    if "codes" in f.package:
        folder = os.path.join(f.path, f.package["codes"])
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), encoding="utf-8", newline="") as text:
                rows = list(csv.DictReader(text))
            if not all(r["code"] and r["label_en"] and r["label_da"] and r["source"] for r in rows):
                f.problems.append(f"{f.name}/codes/{name}: blank cell")
            own[name[:-4]] = [r["code"] for r in rows]
    for table, rows in f.tables.items():
        for r in rows:
            for column, value in r.items():
                name = column if column in CODES else f"{table}.{column}"
                known = own.get(column) or (CODES[name].split() if name in CODES and table != "counts" else None)
                if known and value is not None and value not in known:
                    f.bad(table, r["line"], f"unknown {column}")


def check_supports_and_counts(f):
    placements = {p["placement_id"]: p for p in f.rows("placements")}
    for r in f.rows("supports"):
        job = placements.get(r.get("placement_id"))
        if job and not (job["person_id"] == r["person_id"] and job["start"] <= r["start"] <= (job["end"] or FAR)):
            f.bad("supports", r["line"], "not support in the placement named")
    goals = {g["goal_id"]: g for g in f.rows("goals")}
    sector = {e["employer_id"]: e["sector"] for e in f.rows("employers")}
    for r in f.rows("counts"):
        if not placements:
            continue
        goal = goals[r["goal_id"]]
        kinds = re.findall(r"kind = (\w+)", goal["filter"])
        done = [p for p in placements.values() if p["kind"] in kinds and goal["start"] <= p["start"] < r["as_of"]]
        again = (len(done), sum(sector.get(p["employer_id"]) == "private" for p in done),
                 len({p["employer_id"] for p in done} - {None}))
        if again != (r["done"], r["private"], r["employers"]):
            f.bad("counts", r["line"], f"placements give {again}")
    for r in f.rows("participants"):
        if r.get("decision") in ("declined", "rejected") and r.get("joined_on"):
            f.bad("participants", r["line"], "joined without being accepted")


def readme_facts(f):
    with open(os.path.join(f.path, "README.md"), encoding="utf-8") as text:
        return dict(re.findall(r"^\| (.+?) \| (.+?) \|$", text.read(), re.M))


def in_work(jobs, day, last):
    return None if day > last else any(j["start"] <= day <= (j["end"] or FAR) for j in jobs)


def school_to_work(f):
    people, jobs = f.rows("persons"), f.rows("placements")
    count = lambda rows, column, value: sum(r[column] == value for r in rows)  # noqa: E731
    out = {"people": len(people), "men": count(people, "sex", "male"), "women": count(people, "sex", "female"),
           "from a grammar school": count(people, "target_group", "grammar_school"),
           "with five or more GCSEs at A-C": count(people, "education", "gcse_5plus"),
           "sum of weights": f"{float(sum(p['weight'] for p in people)):.2f}", "spells": len(f.rows("spells")),
           "spells still running": count(f.rows("spells"), "end", None), "first jobs": len(jobs),
           "first jobs still running": count(jobs, "end", None),
           "periods of training": len(f.rows("participants")),
           "people in training": len({r["person_id"] for r in f.rows("participants")})}
    work = {}
    for s in f.rows("spells"):
        if s["state"] == "employment":
            work.setdefault(s["person_id"], []).append(s)
    last = iso_date(f.package["observed_to"])
    for months in (3, 6, 12, 24):
        answers = [in_work(work[j["person_id"]], add_months(j["start"], months), last) for j in jobs]
        out[f"employed {months} months after the start of the first job"] = \
            f"{answers.count(True)} of {len(answers) - answers.count(None)}"
    return out


def nsw(f):
    out = {"people": len(f.rows("persons"))}
    trainees = {r["person_id"] for r in f.rows("participants")}
    for name, chosen in (("trainees", lambda i: i in trainees), ("comparison group", lambda i: i not in trainees)):
        people = [p for p in f.rows("persons") if chosen(p["person_id"])]
        out[name] = len(people)
        out[f"{name}: without a school degree"] = sum(p["education"] == "no_degree" for p in people)
        if len({p["target_group"] for p in people}) != 1:
            f.bad("persons", 0, "target group and participation disagree")
        for year in (1974, 1975, 1978):
            incomes = [r["income"] for r in f.rows("incomes") if r["period"] == year and chosen(r["person_id"])]
            out[f"{name}: mean earnings {year}, dollars"] = f"{float(sum(incomes) / len(incomes)):.2f}"
            out[f"{name}: without earnings {year}"] = incomes.count(0)
    return out


def fredericia(f):
    goal, count = f.rows("goals")[0], f.rows("counts")[0]
    days = (goal["deadline"] - goal["start"] + DAY).days
    passed = (count["as_of"] - goal["start"]).days
    return {"goal": goal["goal"], "done": count["done"], "done with private employers": count["private"],
            "done with public or unknown employers": count["done"] - count["private"],
            "still to go": goal["goal"] - count["done"], "days of the goal": days, "days passed": passed,
            "days left": days - passed, "even plan to date": f"{float(goal['goal'] * passed / days):.2f}",
            "pace so far, a week": f"{float(7 * count['done'] / passed):.2f}",
            "pace needed, a week": f"{float(7 * (goal['goal'] - count['done']) / (days - passed)):.2f}",
            "straight-line total": f"{float(count['done'] * days / passed):.1f}"}


def demo_jobs(f, paid):
    """Figures of the jobs; hours of the last day come from the spells."""
    employers = {e["employer_id"]: e for e in f.rows("employers")}
    where = [employers.get(j["employer_id"], {"sector": "unknown"}) for j in paid]
    out = {"job starts": len(paid), "internships": sum(p["kind"] == "internship" for p in f.rows("placements")),
           "people who began a job": len({j["person_id"] for j in paid}),
           "job starts: private employer under 250 staff":
               sum(e["sector"] == "private" and e["headcount"] < 250 for e in where)}
    for kind in ("fleksjob", "ordinary", "wage_subsidy"):
        out[f"job starts: {kind}"] = sum(j["kind"] == kind for j in paid)
    for sector in ("private", "public", "unknown"):
        out[f"job starts: {sector} employer"] = sum(e["sector"] == sector for e in where)
    running = {j["person_id"] for j in paid if j["end"] is None}
    now = [s["hours_per_week"] for s in f.rows("spells") if s["end"] is None and s["person_id"] in running
           and s["state"] in ("employment", "fleksjob")]
    small = [j for j in paid if j["kind"] == "fleksjob" and j["hours_per_week"] <= 10]
    at_work = [s for s in f.rows("spells") if s["state"] == "fleksjob"]
    raised = sum(any(s["person_id"] == j["person_id"] and j["start"] < s["start"] <= (j["end"] or FAR)
                     and s["hours_per_week"] > j["hours_per_week"] for s in at_work) for j in small)
    out.update({"in a job on the last day": len(running), "mean hours a week on the last day":
                f"{float(sum(now) / len(now)):.1f}", "full-time jobs on the last day": f"{float(sum(now) / 37):.1f}",
                "fleksjob begun on at most 10 hours": len(small),
                "of these with more hours later in the same job": raised})
    return out


def demo_municipality(f):
    paid = [p for p in f.rows("placements") if p["kind"] != "internship"]
    out = demo_jobs(f, paid)
    out["people"] = len(f.rows("persons"))
    by_person, last = {}, iso_date(f.package["observed_to"])
    for j in sorted(paid, key=lambda j: j["start"]):
        by_person.setdefault(j["person_id"], []).append(j)
    for months in (3, 6, 12):
        answers = [in_work(jobs, add_months(jobs[0]["start"], months), last) for jobs in by_person.values()]
        out[f"in work after {months} months: yes / no / not known yet"] = \
            " / ".join(str(answers.count(a)) for a in (True, False, None))
    income = {(r["person_id"], int(r["period"])): r["income"] for r in f.rows("incomes")}
    both = [i for i, year in income if year == 2023 and (i, 2025) in income]
    low = [i for i in both if income[i, 2023] < 214000]
    gain = sum(income[i, 2025] - income[i, 2023] for i in low) / Fraction(len(low))
    out.update({"people with incomes of 2023 and 2025": len(both), "of these under 214000 DKK in 2023": len(low),
                "their mean gain, DKK": f"{float(gain):.0f}"})
    for group in {p["target_group"] for p in f.rows("persons")}:
        some = [p["person_id"] for p in f.rows("persons") if p["target_group"] == group]
        out[f"persons.target_group {group}: people / began"] = f"{len(some)} / {sum(i in by_person for i in some)}"
    out.update({f"rows of {name}": len(f.rows(name)) for name in TABLES})
    granted = {(g["person_id"], g["start"]) for g in f.rows("group_spells") if g["target_group"] == "fleksjob_granted"}
    main_group = {p["person_id"]: p["target_group"] for p in f.rows("persons")}
    for j in paid:
        if j["kind"] == "fleksjob" and main_group[j["person_id"]] != "fleksjob_granted" and not any(
                i == j["person_id"] and start <= j["start"] for i, start in granted):
            f.bad("placements", j["line"], "a fleksjob without a grant")
    for name in TABLES:
        if not f.rows(name):
            f.bad(name, 0, "the demonstration must fill every table")
    return out


def weekly(f):
    """Weeks at work: no code, and an industry in the month of the Thursday."""
    with open(os.path.join(f.path, "weekly.csv"), encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    names = [c for c in rows[0] if c.startswith("y_")]
    if [r["lobenr"] for r in rows] != [p["person_id"] for p in f.rows("persons")]:
        f.bad("persons", 0, "not the people of weekly.csv")
    months = {}
    for name in names:
        day = datetime.date.fromisocalendar(2000 + int(name[2:4]), int(name[4:]), 4)
        months[name] = f"branche_{day.year}_{day.month:02d}"
    empty = [r[months[n]] for r in rows for n in names if r[n] == ""]
    if "" in empty:
        f.bad("weekly", 0, "an empty week without a record of employment")
    with open(os.path.join(DEFAULT, "..", "..", "data", "benefit_states.csv"), encoding="utf-8", newline="") as text:
        known = {r["code"] for r in csv.DictReader(text)}
    unknown = collections.Counter(r[n] for r in rows for n in names if r[n] and r[n] not in known)
    out = {"people": len(rows), "weeks": len(names), "weeks at work": len(empty)}
    out.update({f"weeks with the unknown code {code}": n for code, n in unknown.items()})
    groups = collections.Counter(p["target_group"] for p in f.rows("persons"))
    out.update({f"people: {group}": n for group, n in groups.items()})
    return out


FIGURES = {"school-to-work": school_to_work, "nsw": nsw, "fredericia": fredericia,
           "demo-municipality": demo_municipality, "weekly": weekly}


def check_figures(f):
    stated, counted = readme_facts(f), {k: str(v) for k, v in FIGURES[f.name](f).items()}
    stated.pop("figure", None)
    stated = {k: v for k, v in stated.items() if not set(k) <= set("- ")}
    for name in sorted(set(stated) | set(counted)):
        if stated.get(name) != counted.get(name):
            f.problems.append(f"{f.name}/README.md: {name}: stated {stated.get(name)}, counted {counted.get(name)}")


def check_made_again(f):
    """The script beside the data writes the same bytes."""
    with tempfile.TemporaryDirectory() as other:
        subprocess.run([sys.executable, "-B", os.path.join(f.path, "make.py"), other], check=True)
        for folder, _, names in os.walk(other):
            for name in names:
                made = os.path.join(folder, name)
                kept = os.path.join(f.path, os.path.relpath(made, other))
                if not os.path.exists(kept) or not filecmp.cmp(made, kept, shallow=False):
                    f.problems.append(f"{f.name}: make.py writes another {os.path.relpath(made, other)}")


class Alone:
    """A folder of files that are no tables of a register."""

    def __init__(self, path, problems):
        self.path, self.name, self.problems = path, os.path.basename(path), problems


def check_sdg(f):
    check_made_again(f)
    oracle = os.path.join(DEFAULT, "..", "..", "tests", "oracle", "labour", "lfs_example.csv")
    if not filecmp.cmp(os.path.join(f.path, "labour_force.csv"), oracle, shallow=False):
        f.problems.append(f"{f.name}/labour_force.csv: not the people whose figures are tested")


def check_benchmark(problems):
    """A small register of benchmarks/make_register.py: sound tables, expected sizes, the same bytes twice."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "benchmarks", "make_register.py")
    with tempfile.TemporaryDirectory() as top:
        folders = [os.path.join(top, name) for name in ("one", "two")]
        for folder in folders:
            subprocess.run([sys.executable, "-B", script, folder, "4000", "--seed", "7", "--incomes"], check=True,
                           stdout=subprocess.DEVNULL)
        f = Folder(folders[0], problems)
        found = len(problems)
        check_keys_and_links(f)
        if len(problems) == found:
            for check in (check_dates, check_overlaps, check_codes, check_supports_and_counts):
                check(f)
        for table, low, high in (("persons", 1, 1), ("spells", 4.8, 5.1), ("placements", 0.95, 1.05),
                                 ("incomes", 1.8, 2), ("employers", 0.04, 0.06)):
            if not low <= len(f.rows(table)) / 4000 <= high:
                f.bad(table, 0, "another number of rows than promised")
        for name in os.listdir(folders[0]):
            if not filecmp.cmp(os.path.join(folders[0], name), os.path.join(folders[1], name), shallow=False):
                f.problems.append(f"{name} differs from run to run")


def main():
    root = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else DEFAULT)
    problems = []
    for name in FIGURES:
        f = Folder(os.path.join(root, name), problems)
        found = len(problems)
        check_keys_and_links(f)
        if len(problems) == found:
            for check in (check_dates, check_overlaps, check_codes, check_supports_and_counts, check_figures,
                          check_made_again):
                check(f)
    check_sdg(Alone(os.path.join(root, "sdg"), problems))
    check_benchmark(problems)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems in {len(FIGURES) + 1} folders and a benchmark register")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
