#!/usr/bin/env python3
"""Makes the invented tables of this folder, the same everywhere. Standard library only. Usage: make.py [FOLDER]"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
import around  # noqa: E402
import files  # noqa: E402
import people as who  # noqa: E402
import work  # noqa: E402

SEED = 2024

COLUMNS = {
    "persons": ["person_id", "sex", "birth_date", "target_group", "disability", "migration_status", "municipality",
                "education", "unemployed_since", "household_id", "weight", "observed_from", "observed_to",
                "observed_end_reason"],
    "group_spells": ["person_id", "target_group", "start", "end"],
    "spells": ["person_id", "start", "end", "state", "hours_per_week", "weekly_amount", "state_share"],
    "employers": ["employer_id", "sector", "headcount", "industry", "social_enterprise", "municipality",
                  "target_group_staff"],
    "placements": ["placement_id", "person_id", "employer_id", "kind", "start", "end", "hours_per_week", "hourly_wage",
                   "initiative_id", "end_reason", "occupation", "contract_type", "hours_wanted", "agreement",
                   "new_position"],
    "supports": ["person_id", "kind", "start", "end", "hours", "cost", "placement_id"],
    "incomes": ["person_id", "period", "income", "weight", "household_id", "imputed", "top_coded"],
    "initiatives": ["initiative_id", "name", "kind", "start", "end", "eligibility", "funder", "cost"],
    "members": ["initiative_id", "employer_id", "joined_on", "left_on"],
    "participants": ["initiative_id", "person_id", "applied_on", "referred_on", "invited_on", "first_contact_on",
                     "joined_on", "left_on", "decision"],
    "goals": ["goal_id", "measure", "goal", "start", "deadline", "counts", "filter", "changed_on"],
    "counts": ["goal_id", "as_of", "done", "private", "employers"],
    "contracts": ["contract_id", "value", "start", "end", "wage_share", "clause", "agreed", "started", "delivered"],
    "progress": ["person_id", "date", "instrument", "item", "score"],
    "outcomes": ["outcome", "quantity", "value", "deadweight", "displacement", "attribution", "drop_off", "years",
                 "source"],
}

INITIATIVES = [
    {"initiative_id": "way-to-work", "name": "The way to work", "kind": "programme", "start": "2024-01-01",
     "funder": "Demo Kommune", "cost": 11800000},
    {"initiative_id": "task-force", "name": "The business leaders' task force", "kind": "task_force",
     "start": "2024-03-01", "eligibility": "unemployed_days >= 365", "funder": "Demo Fond", "cost": 2450000},
]

OUTCOMES = [
    {"outcome": "in work after 12 months", "quantity": 91, "value": 96000, "deadweight": 0.35, "displacement": 0.1,
     "attribution": 0.15, "drop_off": 0.25, "years": 3, "source": "invented"},
    {"outcome": "better well-being", "quantity": 64, "value": 11000, "deadweight": 0.3, "attribution": 0.2,
     "drop_off": 0.5, "years": 2, "source": "invented"},
    {"outcome": "a job lost within three months", "quantity": 38, "value": -7000, "source": "invented"},
]

CODES = {
    "end_reason": [("other_job", "other job", "andet job"), ("unemployment", "unemployment", "ledighed"),
                   ("contract_end", "end of the agreed period", "aftalt periode slut"),
                   ("illness", "illness", "sygdom"), ("education", "education", "uddannelse")],
    "education": [("basic", "basic school", "grundskole"), ("vocational", "vocational", "erhvervsfaglig"),
                  ("upper_secondary", "upper secondary", "gymnasial"), ("higher", "higher", "videregående")],
}

PACKAGE = {
    "name": "demo-municipality",
    "title": "The way to work 2024-2025",
    "title_da": "Vejen til job 2024-2025",
    "organisation": "Demo municipality",
    "organisation_da": "Demo Kommune",
    "licence": "MIT",
    "invented": True,
    "observed_from": "2023-01-01",
    "observed_to": "2025-12-31",
    "income_concept": "disposable",
    "income_unit": "person",
    "income_currency": "DKK",
    "income_period_months": 12,
    "income_prices": "current",
    "codes": "codes",
    "sources": [{"title": "Invented by make.py; describes nobody"}],
}


def make_tables():
    draw = who.Draw(SEED)
    people = who.make_people(draw)
    employers = work.make_employers(draw)
    jobs = work.make_jobs(draw, people)
    work.give_employers(draw, jobs, employers)
    work.give_hours(draw, jobs)
    internships = work.make_internships(draw, people, employers)
    members, referred = around.task_force(draw, people, employers)
    accepted = {r["person_id"]: (r["joined_on"], r["left_on"]) for r in referred if r["decision"] == "accepted"}
    firms = {m["employer_id"]: (m["joined_on"], m["left_on"]) for m in members}
    joined = [{"initiative_id": "way-to-work", "person_id": p["id"], "joined_on": p["joined"],
               "left_on": p["observed_to"], "decision": "accepted"} for p in people]
    placements = work.placement_rows(draw, jobs + internships, (accepted, firms))
    persons = around.person_rows(draw, people)
    for employer in employers:
        employer.update(employer_id=employer["id"], social_enterprise=around.true_false(employer["social_enterprise"]))
    made = {
        "persons": persons, "group_spells": around.group_rows(draw, people),
        "spells": around.give_benefits(around.spell_rows(draw, people, jobs), people),
        "employers": [{c: e[c] for c in COLUMNS["employers"]} for e in employers], "placements": placements,
        "supports": around.support_rows(draw, people, jobs),
        "incomes": around.income_rows(draw, people, {p["person_id"]: p["household_id"] for p in persons}),
        "initiatives": INITIATIVES, "members": members, "participants": joined + referred, "goals": around.GOALS,
        "counts": around.count_rows(jobs), "contracts": around.contract_rows(draw),
        "progress": around.progress_rows(draw, people), "outcomes": OUTCOMES,
    }
    return made, people, jobs, internships


def status(people, months):
    """(yes, no, not known yet) for any paid job `months` months after the first start."""
    answers = []
    for jobs in (p["jobs"] for p in people if p["jobs"]):
        day = who.add_months(jobs[0][0], months)
        answers.append(None if day > who.LAST_DAY else any(s <= day <= (e or who.LAST_DAY) for s, e in jobs))
    return answers.count(True), answers.count(False), answers.count(None)


def facts(made, people, jobs, internships):
    running = [j for j in jobs if j["end"] is None]
    now = [j["raises"][-1][1] if j["raises"] else j["hours"] for j in running]
    small = [j for j in jobs if j["kind"] == "fleksjob" and j["hours"] <= 10]
    sector = lambda job: job["employer"]["sector"] if job["employer"] else "unknown"  # noqa: E731
    income = {(r["person_id"], r["period"]): r["income"] for r in made["incomes"]}
    low = [i for i, y in income if y == 2023 and (i, 2025) in income and income[i, 2023] < around.INCOME_LINE]
    gain = sum(income[i, 2025] - income[i, 2023] for i in low) / len(low)
    out = [("people", len(people)), ("people who began a job", sum(bool(p["jobs"]) for p in people)),
           ("job starts", len(jobs))]
    out += [(f"job starts: {kind}", sum(j["kind"] == kind for j in jobs)) for kind in work.QUOTAS]
    out += [(f"job starts: {name} employer", sum(sector(j) == name for j in jobs))
            for name in ("private", "public", "unknown")]
    out.append(("job starts: private employer under 250 staff",
                sum(bool(j["employer"]) and j["employer"]["group"] == "sme" for j in jobs)))
    out.append(("internships", len(internships)))
    for months in who.MILESTONES:
        yes, no, unknown = status(people, months)
        out.append((f"in work after {months} months: yes / no / not known yet", f"{yes} / {no} / {unknown}"))
    out += [("in a job on the last day", len({j["person"]["id"] for j in running})),
            ("mean hours a week on the last day", f"{sum(now) / len(now):.1f}"),
            ("full-time jobs on the last day", f"{sum(now) / 37:.1f}"),
            ("fleksjob begun on at most 10 hours", len(small)),
            ("of these with more hours later in the same job", sum(bool(j["raises"]) for j in small)),
            ("people with incomes of 2023 and 2025", sum((i, 2025) in income for i, y in income if y == 2023)),
            (f"of these under {around.INCOME_LINE} DKK in 2023", len(low)), ("their mean gain, DKK", f"{gain:.0f}")]
    for group, *_ in who.GROUPS:
        some = [p for p in people if p["group"] == group]
        began = sum(bool(p["jobs"]) for p in some)
        out.append((f"persons.target_group {group}: people / began", f"{len(some)} / {began}"))
    return out + [(f"rows of {name}", len(rows)) for name, rows in made.items()]


README = """# The way to work 2024-2025: a made-up municipality

**Invented from end to end.** No person, firm or figure here is real, and nothing here says anything about a real
programme. All tables of the register are filled, so that every measure has something to work on.

    flexmetrics report examples/data/demo-municipality --as-of 2026-01-01
    flexmetrics report examples/data/demo-municipality --as-of 2026-01-01 --by target_group

The last observed day is 31 December 2025, so the as-of date is 1 January 2026. `make.py` writes the tables with a
fixed seed and the standard library; it uses only `random.random()`, so every Python writes the same bytes. MIT.

**How it was made**

- Quotas first: the number of people in each target group, who begins a job, who is in work 3, 6 and 12 months after
  it, kinds of job and sectors. Dates, hours and employers are then drawn to fill them. It is not a simulation of
  anything.
- A job is a placement of kind `ordinary`, `fleksjob` or `wage_subsidy`; `internship` is unpaid. 9 jobs have no
  `employer_id`; a few employers have sector `unknown`.
- `spells.csv` has one state at a time without gaps from `observed_from` on; the pension that goes on beside a job
  is in its `weekly_amount` alone. A change of hours in a running job is a new spell; `placements.hours_per_week` is the hours at the
  start. `weekly_amount` (before tax) and `state_share` are invented and follow no rate of any year.
- `persons.target_group` is the group at entry. `group_spells.csv` has those who change group (granted a fleksjob;
  unemployed for a year) or are in two at once (refugee and cash benefit); it wins over `persons.target_group`, and
  then the groups add up to more than the number of people.
- `initiatives.csv`: everybody is in `way-to-work`; `task-force` is for people unemployed for a year or more.
- `goals.csv`: the goal `fleksjob-2025` was raised in the middle of the year, hence two rows: the second holds from
  `changed_on`.
- `counts.csv` counts the placements of this folder at the start of each month. `private` is jobs, `employers` is
  different firms; jobs without `employer_id` belong to no known firm.
- `contracts.csv`: `agreed`, `started` and `delivered` are hours.
- `outcomes.csv`: an impact map; what one is worth and all shares are invented.
- `progress.csv`: WHO-5 items 0 to 5 and seven items of the BIP questionnaire 1 to 5. The answers of a person go together as
  those to real questionnaires do (Cronbach's alpha near 0.85).
- Incomes are yearly disposable incomes of persons in current prices; {line} DKK is the invented line of the 40
  percent lowest.

**Figures** (computed by `make.py`; as of 1 January 2026)

{facts}
"""


def main():
    folder = files.target_folder(__file__)
    made, people, jobs, internships = make_tables()
    for name, columns in COLUMNS.items():
        files.write_table(folder, name, columns, made[name])
    for name, codes in CODES.items():
        files.write_table(folder, "codes/" + name, ["code", "label_en", "label_da", "source"],
                          [dict(zip(("code", "label_en", "label_da"), c), source="invented") for c in codes])
    files.write_package(folder, PACKAGE, COLUMNS)
    table = files.facts_table(facts(made, people, jobs, internships))
    files.write_text(folder, "README.md", README.format(line=around.INCOME_LINE, facts=table))


if __name__ == "__main__":
    main()
