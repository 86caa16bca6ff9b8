"""What surrounds the jobs of the made-up programme: benefit spells, groups, incomes, support, initiatives, goals."""

import datetime

from people import DAY, LAST_DAY, add_months

REFORM = datetime.date(2025, 7, 1)            # the new cash benefit takes in the integration benefit
BENEFITS = {"cash_benefit": "cash_benefit", "fleksjob_granted": "ledighedsydelse",
            "disability_pension": "disability_pension", "other_unemployed": "unemployment_benefit"}
# Invented benefits a week before tax, a little more or less by person; a fleksjob has its own, a pension goes on.
WEEKLY = {"cash_benefit": 3100, "ledighedsydelse": 4180, "disability_pension": 4700, "unemployment_benefit": 4550,
          "integration_benefit": 1700, "sickness_benefit": 4400, "employment": 0}
N_BOTH_INCOMES, N_LOW, MEAN_GAIN = 231, 204, 23400
INCOME_LINE = 214000


def true_false(value):
    return "true" if value else "false"


def benefit_rows(draw, person, first, last, ill):
    """Spells without work from first to last (None: still running), cut where group, law or health change."""
    cuts = {first: None}
    for cut in (person.get("granted"), REFORM if person["group"] == "refugee" else None):
        if cut and first < cut and (last is None or cut <= last):
            cuts[cut] = None
    end = last or LAST_DAY
    if ill and (end - first).days > 150:
        start = first + draw.whole(40, (end - first).days - 90) * DAY
        cuts[start] = "sickness_benefit"
        cuts.setdefault(start + draw.whole(20, 80) * DAY, None)
    days = sorted(cuts)
    rows = []
    for day, following in zip(days, days[1:] + [None]):
        group = person["group"]
        if person.get("granted") and day >= person["granted"]:
            group = "fleksjob_granted"
        refugee_benefit = "integration_benefit" if day < REFORM else "cash_benefit"
        rows.append({"person_id": person["id"], "start": day, "end": following - DAY if following else last,
                     "state": cuts[day] or BENEFITS.get(group, refugee_benefit)})
    return rows


def job_spells(job):
    state = "fleksjob" if job["kind"] == "fleksjob" else "employment"
    steps = [(job["start"], job["hours"])] + job["raises"]
    pension = 3900 if job["person"]["group"] == "disability_pension" else 0
    ends = [start - DAY for start, _ in steps[1:]] + [job["end"]]
    return [{"person_id": job["person"]["id"], "start": start, "end": end, "state": state, "hours_per_week": hours,
             "weekly_amount": flex_subsidy(hours * job["wage"]) if state == "fleksjob" else pension}
            for (start, hours), end in zip(steps, ends)]


def flex_subsidy(wage):
    """Invented subsidy a week beside a weekly wage: less 30 per cent of the wage up to a limit and 55 beyond it."""
    return max(0, int(4600 - 0.3 * min(wage, 3770) - 0.55 * max(0, wage - 3770)) // 10 * 10)


def give_benefits(rows, people):
    """Amounts and the state's share; nothing is drawn, so that all other tables stay as they are."""
    number = {p["id"]: k for k, p in enumerate(people)}
    for row in rows:
        k = number[row["person_id"]]
        amount = row.get("weekly_amount") or WEEKLY.get(row["state"], 0)
        row["weekly_amount"] = amount + (k * 37 % 21 - 10) * 10 if amount else 0
        if amount:
            long = (row["start"] - people[k]["unemployed_since"]).days >= 364
            row["state_share"] = 0.2 if long or people[k]["group"] in ("fleksjob_granted", "disability_pension") else 0.3
    return rows


def spell_rows(draw, people, jobs):
    rows = []
    for person in people:
        first = person["observed_from"]
        if person["unemployed_since"] > first and person["group"] != "disability_pension":
            rows.append({"person_id": person["id"], "start": first, "end": person["unemployed_since"] - DAY,
                         "state": "employment", "hours_per_week": 37})
            first = person["unemployed_since"]
        for job in [j for j in jobs if j["person"] is person]:
            if first < job["start"]:
                rows += benefit_rows(draw, person, first, job["start"] - DAY, draw.chance(0.2))
            rows += job_spells(job)
            first = job["end"] + DAY if job["end"] else None
        if first:
            rows += benefit_rows(draw, person, first, person["observed_to"], draw.chance(0.2))
    return rows


def group_rows(draw, people):
    """Dated groups of those who change or have two at once."""
    rows, two = [], 24
    for person in people:
        row = {"person_id": person["id"], "target_group": person["group"], "start": person["observed_from"]}
        if person.get("granted"):
            rows.append({**row, "end": person["granted"] - DAY})
            rows.append({**row, "target_group": "fleksjob_granted", "start": person["granted"]})
        elif person["group"] == "other_unemployed" and not person["jobs"]:
            since = max(add_months(person["unemployed_since"], 12), person["observed_from"])
            if person["observed_from"] < since <= LAST_DAY:
                rows.append({**row, "end": since - DAY})
                rows.append({**row, "target_group": "long_term_unemployed", "start": since})
        elif person["group"] == "refugee" and two:
            two -= 1
            rows.append(row)
            rows.append({**row, "target_group": "cash_benefit", "start": person["joined"]})
    return rows


def person_rows(draw, people):
    ages = {"refugee": (20, 52), "disability_pension": (35, 62), "fleksjob_granted": (27, 62)}
    rows = []
    for number, p in enumerate(people, 1):
        low, high = ages.get(p["group"], (19, 60))
        born = datetime.date(2024 - draw.whole(low, high), draw.whole(1, 12), draw.whole(1, 28))
        sick = {"disability_pension": 1.0, "fleksjob_granted": 0.9, "cash_benefit": 0.25}.get(p["group"], 0.08)
        home = "refugee" if p["group"] == "refugee" else draw.pick(["native"] * 9 + ["immigrant", "descendant"])
        rows.append({
            "person_id": p["id"], "sex": "female" if p["woman"] else "male", "birth_date": born,
            "target_group": p["group"], "disability": true_false(draw.chance(sick)), "migration_status": home,
            "municipality": "Demo",
            "education": draw.pick(["basic", "basic", "basic", "vocational", "upper_secondary", "higher"]),
            "unemployed_since": p["unemployed_since"], "household_id": f"H{number - number % 7 // 6:04d}", "weight": 1,
            "observed_from": p["observed_from"], "observed_to": p["observed_to"], "observed_end_reason": p["reason"]})
    return rows


def income_rows(draw, people, households):
    """Yearly disposable incomes of 2023 and 2025: both years for 231 people, one year for some of the others."""
    settled = [p for p in draw.shuffle(people) if p["observed_to"] is None and p["observed_from"].year < 2024]
    both, others = settled[:N_BOTH_INCOMES], settled[N_BOTH_INCOMES:]
    low, pairs = set(p["id"] for p in both[:N_LOW]), []
    for p in both:
        before = draw.whole(96000, INCOME_LINE - 1000) if p["id"] in low else draw.whole(INCOME_LINE + 2000, 331000)
        gain = draw.bell(46000 if p["jobs"] else 3000, 16000)
        pairs.append((p, before, int(gain if p["id"] in low else gain - 20000)))
    gains = [gain for p, _, gain in pairs if p["id"] in low]
    shift = MEAN_GAIN - sum(gains) // len(gains)
    found = []
    for p, before, gain in pairs:
        found += [(p, 2023, before), (p, 2025, before + gain + (shift if p["id"] in low else 0))]
    for k, p in enumerate(others):
        if k % 3 < 2:
            found.append((p, 2023 if k % 3 == 0 else 2025, draw.whole(105000, 290000)))
    return [{"person_id": p["id"], "period": year, "income": income, "weight": 1, "household_id": households[p["id"]],
             "imputed": true_false(draw.chance(0.04)), "top_coded": "false"}
            for p, year, income in sorted(found, key=lambda f: (f[0]["id"], f[1]))]


def support_rows(draw, people, jobs):
    rows = []

    def add(person, kind, start, end, hours, price, placement=None):
        rows.append({"person_id": person["id"], "kind": kind, "start": start, "end": end if end <= LAST_DAY else None,
                     "hours": hours, "cost": hours * price, "placement_id": placement})

    for person in people:
        for kind, share, days, price in (("upskilling", 0.36, (20, 120), 260), ("mentor", 0.18, (60, 240), 480)):
            if draw.chance(share):
                start = draw.day(person["joined"], min(person["joined"] + 90 * DAY, person["last"]))
                end = start + draw.whole(*days) * DAY
                end = min(end, person["last"]) if person["observed_to"] else end
                add(person, kind, start, end, draw.whole(6, 90), price)
    for job in jobs:
        if draw.chance(0.76):
            start = min(job["start"] + draw.whole(0, 20) * DAY, job["end"] or LAST_DAY)
            end = start + draw.whole(60, 200) * DAY
            end = min(end, job["end"]) if job["end"] else end
            add(job["person"], "aftercare", start, end, draw.whole(2, 24), 510, job["id"])
    return rows


def task_force(draw, people, employers):
    """The business leaders' firms, and the people referred to them with the dates on the way in."""
    firms = draw.shuffle([e for e in employers if e["sector"] == "private"])[:26]
    members = [{"initiative_id": "task-force", "employer_id": e["id"],
                "joined_on": draw.day(datetime.date(2024, 3, 1), datetime.date(2024, 9, 30)),
                "left_on": draw.day(datetime.date(2025, 3, 1), datetime.date(2025, 10, 1)) if k < 3 else None}
               for k, e in enumerate(firms)]
    rows = []
    for p in people:
        long = (p["joined"] - p["unemployed_since"]).days >= 365
        if not long or not draw.chance(0.55) or p["last"] < datetime.date(2025, 2, 1):
            continue
        day = max(p["joined"], datetime.date(2024, 3, 4))
        row = {"initiative_id": "task-force", "person_id": p["id"]}
        for column, wait in (("applied_on", 10), ("referred_on", 25), ("invited_on", 14), ("first_contact_on", 14)):
            row[column] = day = day + draw.whole(0, wait) * DAY
        row["decision"] = draw.pick(["accepted"] * 8 + ["declined", "rejected"])
        if row["decision"] == "accepted":
            row["joined_on"] = day = day + draw.whole(1, 21) * DAY
            left = day + draw.whole(90, 400) * DAY
            row["left_on"] = min(left, p["last"]) if left <= LAST_DAY or p["observed_to"] else None
        if max(d for d in row.values() if isinstance(d, datetime.date)) <= p["last"]:
            rows.append(row)
    return members, rows


def progress_rows(draw, people):
    """Answers of a person go together, as those to a questionnaire do: each is the person's level and its own noise."""
    rows = []

    def ask(person, day, instrument, items, middle, level, top, bottom):
        for item in range(1, items + 1):
            score = int(min(top, max(bottom, draw.bell(middle + level, 0.8) + 0.5)))
            rows.append({"person_id": person["id"], "date": day, "instrument": instrument, "item": item,
                         "score": score})

    def later(level):
        return 0.7 * level + draw.bell(0, 0.6)

    for k, person in enumerate(draw.shuffle(people)):
        first = person["joined"] + draw.whole(0, 21) * DAY
        if first > person["last"]:
            continue
        if k < 240:
            level = draw.bell(0, 0.9)
            ask(person, first, "who5", 5, 2.2, level, 5, 0)
            second = first + draw.whole(160, 220) * DAY
            if second <= person["last"] and draw.chance(0.75):
                ask(person, second, "who5", 5, 2.9 if person["jobs"] else 2.4, later(level), 5, 0)
        if k % 6 == 0:
            level = draw.bell(0, 0.7)
            for quarter in range(4):
                day = add_months(first, 3 * quarter)
                if day <= person["last"]:
                    ask(person, day, "bip", 7, 2.5 + 0.25 * quarter, level, 5, 1)
                    level = later(level)
    return sorted(rows, key=lambda r: (r["person_id"], r["date"], r["instrument"], r["item"]))


def contract_rows(draw):
    rows = []
    for number in range(1, 10):
        start = datetime.date(2024, draw.whole(1, 12), 1)
        months = draw.pick([6, 8, 12, 18, 24])
        value = draw.whole(3, 60) * 500000
        share = draw.pick([0.25, 0.3, 0.35, 0.4, 0.5])
        agreed = int(value * share / 330 * 0.06) // 10 * 10
        started = agreed * draw.whole(40, 110) // 100
        rows.append({"contract_id": f"C{number:02d}", "value": value, "start": start,
                     "end": add_months(start, months) - DAY, "wage_share": share,
                     "clause": draw.pick(["training", "training", "employment"]), "agreed": agreed,
                     "started": started, "delivered": started * draw.whole(50, 100) // 100})
    return rows


GOALS = [
    {"goal_id": "job-starts", "measure": "target.track", "goal": 280, "start": "2024-01-01", "deadline": "2025-12-31",
     "counts": "starts", "filter": "kind = ordinary | kind = fleksjob | kind = wage_subsidy"},
    {"goal_id": "in-work-12-months", "measure": "retention.status", "goal": 0.6, "start": "2024-01-01",
     "deadline": "2025-12-31", "counts": "people", "filter": "horizon_months = 12"},
    {"goal_id": "fleksjob-2025", "measure": "target.track", "goal": 50, "start": "2025-01-01", "deadline": "2025-12-31",
     "counts": "starts", "filter": "kind = fleksjob"},
    {"goal_id": "fleksjob-2025", "measure": "target.track", "goal": 60, "start": "2025-01-01", "deadline": "2025-12-31",
     "counts": "starts", "filter": "kind = fleksjob", "changed_on": "2025-07-01"},
]


def count_rows(jobs):
    """Cumulative counts at the start of every month after the goal's start; a blank employer is no known firm."""
    rows = []
    for goal, first, wanted in (("job-starts", datetime.date(2024, 1, 1), None),
                                ("fleksjob-2025", datetime.date(2025, 1, 1), "fleksjob")):
        as_of = add_months(first, 1)
        while as_of <= LAST_DAY + DAY:
            done = [j for j in jobs if first <= j["start"] < as_of and wanted in (None, j["kind"])]
            firms = {j["employer"]["id"] for j in done if j["employer"]}
            private = sum(1 for j in done if j["employer"] and j["employer"]["sector"] == "private")
            rows.append({"goal_id": goal, "as_of": as_of, "done": len(done), "private": private,
                         "employers": len(firms)})
            as_of = add_months(as_of, 1)
    return rows
