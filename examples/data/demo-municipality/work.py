"""Employers, jobs and unpaid internships of the made-up programme."""

import datetime

from people import DAY, LAST_DAY, add_months

# Job starts by kind and by the employer's size and sector.
QUOTAS = {"fleksjob": {"sme": 76, "large": 14, "public": 26, "unknown": 5},
          "ordinary": {"sme": 62, "large": 18, "public": 18, "unknown": 6},
          "wage_subsidy": {"sme": 20, "large": 11, "public": 30, "unknown": 2}}
N_WAGE_SUBSIDY, N_SMALL_FLEKSJOB, N_RAISED, N_INTERNSHIPS = 63, 52, 19, 97
EMPLOYERS = {"sme": 72, "large": 12, "public": 22, "unknown": 3}
INDUSTRIES = {"sme": ["A", "C", "F", "G", "G", "H", "I", "I", "N", "Q"], "large": ["C", "G", "G", "H", "N"],
              "public": ["O", "P", "Q", "Q"], "unknown": [None]}
OCCUPATIONS = ["5223", "9112", "9412", "4321", "9333", "5311", "6113", "8322", "5321", "9329", "4110"]


def headcount_of(draw, group):
    if group == "sme":
        share = draw.next()
        return 3 + int(240 * share * share * share)
    return {"large": draw.whole(260, 1800), "public": draw.whole(15, 900)}.get(group)


def make_employers(draw):
    out = []
    for group, n in EMPLOYERS.items():
        for _ in range(n):
            headcount = headcount_of(draw, group)
            social = group == "sme" and draw.chance(0.12)
            out.append({"group": group, "sector": {"sme": "private", "large": "private"}.get(group, group),
                        "headcount": headcount, "industry": draw.pick(INDUSTRIES[group]), "social_enterprise": social,
                        "municipality": "Demo" if draw.chance(0.8) else "Nabo",
                        "target_group_staff": int(headcount * (0.35 if social else 0.04)) if headcount else None})
    out = draw.shuffle(out)
    for number, employer in enumerate(out, 1):
        employer["id"] = f"E{number:03d}"
    return out


def make_jobs(draw, people):
    jobs = []
    for person in people:
        for k, (start, end) in enumerate(person["jobs"]):
            jobs.append({"person": person, "start": start, "end": end, "first": k == 0})
    jobs.sort(key=lambda job: (job["start"], job["person"]["id"]))
    give_kinds(draw, jobs)
    return jobs


def give_kinds(draw, jobs):
    """People granted a fleksjob begin fleksjobs; wage subsidies go to pensioners and to the shortest other jobs."""
    others = []
    for job in jobs:
        if job["person"]["group"] == "fleksjob_granted":
            job["kind"] = "fleksjob"
        elif job["person"]["group"] == "disability_pension":
            job["kind"] = "wage_subsidy"
        else:
            others.append(job)
    missing = sum(QUOTAS["fleksjob"].values()) - sum(job.get("kind") == "fleksjob" for job in jobs)
    for job in draw.shuffle(others):                      # some are granted a fleksjob on the way
        person = job["person"]
        if missing > 0 and len(person["jobs"]) == 1 and person["group"] in ("cash_benefit", "refugee"):
            job["kind"] = "fleksjob"
            person["granted"] = max(job["start"] - draw.whole(30, 120) * DAY, person["observed_from"] + 60 * DAY)
            missing -= 1
    rest = [job for job in others if "kind" not in job]
    rest.sort(key=lambda job: (((job["end"] or LAST_DAY) - job["start"]).days, job["person"]["id"]))
    subsidies = N_WAGE_SUBSIDY - sum(job.get("kind") == "wage_subsidy" for job in jobs)
    for k, job in enumerate(rest):
        job["kind"] = "wage_subsidy" if k < subsidies else "ordinary"


def give_employers(draw, jobs, employers):
    """Fills QUOTAS; a person's second job is with another employer; 9 of the 13 unknown have no employer at all."""
    pools = {group: [e for e in employers if e["group"] == group] for group in EMPLOYERS}
    nameless = 9
    for kind, quota in QUOTAS.items():
        groups = draw.shuffle([group for group, n in quota.items() for _ in range(n)])
        for job, group in zip([j for j in jobs if j["kind"] == kind], groups, strict=True):
            if group == "unknown" and nameless:
                nameless -= 1
                job["employer"] = None
                continue
            used = [j.get("employer") for j in jobs if j["person"] is job["person"]]
            job["employer"] = draw.pick([e for e in pools[group] if e not in used])


def give_hours(draw, jobs):
    fleksjobs = draw.shuffle([job for job in jobs if job["kind"] == "fleksjob"])
    early = [j for j in fleksjobs if j["end"] is None and j["start"] < datetime.date(2025, 7, 1)]
    raised = early[:N_RAISED]
    small = raised + [j for j in fleksjobs if j not in raised][:N_SMALL_FLEKSJOB - N_RAISED]
    for job in jobs:
        if job in small:
            hours = draw.whole(3, 10)
        elif job["kind"] == "fleksjob":
            hours = draw.whole(11, 24)
        elif job["person"]["group"] == "disability_pension":
            hours = draw.whole(8, 20)
        else:
            hours = draw.pick([20, 25, 28, 30, 32, 37, 37, 37, 37])
        job["hours"], job["raises"] = hours, []
        if job in raised:
            job["raises"] = [(draw.day(add_months(job["start"], 3), LAST_DAY - 20 * DAY), hours + draw.whole(2, 8))]
        elif hours < 30 and job not in small and job["end"] is None and draw.chance(0.25):
            when = add_months(job["start"], 4)
            if when < LAST_DAY:
                job["raises"] = [(when, min(37, hours + draw.whole(2, 7)))]
        wage = {"fleksjob": (142, 176), "ordinary": (148, 205), "wage_subsidy": (136, 162)}[job["kind"]]
        job["wage"] = draw.whole(*wage)
        job["wanted"] = min(37, hours + draw.pick([0, 0, 0, 2, 5, 8])) if job["kind"] != "wage_subsidy" else None


def make_internships(draw, people, employers):
    """At most one unpaid internship a person, between joining and the first job (or the last observed day)."""
    hosts = [e for e in employers if e["group"] != "unknown"]
    out = []
    for person in draw.shuffle(people):
        until = person["jobs"][0][0] - DAY if person["jobs"] else person["last"]
        room = (until - person["joined"]).days - 28
        if person["group"] == "disability_pension" or room < 28 or len(out) == N_INTERNSHIPS:
            continue
        start = draw.day(person["joined"], person["joined"] + min(room, 150) * DAY)
        end = min(start + draw.pick([27, 27, 55, 90]) * DAY, until)
        if not person["jobs"] and person["last"] == LAST_DAY and start > datetime.date(2025, 11, 1):
            end = None
        out.append({"person": person, "start": start, "end": end, "kind": "internship", "hours": draw.whole(15, 37),
                    "employer": draw.pick(hosts), "first": False})
    return out


def end_reason(draw, job):
    if job["end"] is None:
        return None
    if job["kind"] == "internship":
        return "contract_end"
    if any(start == job["end"] + DAY for start, _ in job["person"]["jobs"]):
        return "other_job"
    if job["kind"] == "wage_subsidy":
        return draw.pick(["contract_end", "contract_end", "unemployment", "illness"])
    return draw.pick(["unemployment", "unemployment", "illness", "contract_end", "education"])


def contract_type(draw, kind):
    if kind == "internship":
        return None
    return "permanent" if kind == "fleksjob" or kind == "ordinary" and draw.chance(0.6) else "fixed_term"


def placement_rows(draw, jobs, task_force):
    """task_force: for the business leaders' initiative, person id and employer id to (joined on, left on)."""
    rows = []
    for number, job in enumerate(sorted(jobs, key=lambda j: (j["start"], j["person"]["id"], j["kind"])), 1):
        job["id"] = f"J{number:04d}"
        employer = job["employer"]["id"] if job["employer"] else None
        spans = [task_force[0].get(job["person"]["id"]), task_force[1].get(employer)]
        led = all(span and span[0] <= job["start"] <= (span[1] or LAST_DAY) for span in spans)
        paid = job["kind"] != "internship"
        rows.append({
            "placement_id": job["id"], "person_id": job["person"]["id"], "employer_id": employer, "kind": job["kind"],
            "start": job["start"], "end": job["end"], "hours_per_week": job["hours"], "hourly_wage": job.get("wage"),
            "initiative_id": "task-force" if led else "way-to-work", "end_reason": end_reason(draw, job),
            "occupation": draw.pick(OCCUPATIONS),
            "contract_type": contract_type(draw, job["kind"]),
            "hours_wanted": job.get("wanted"), "agreement": ("true" if draw.chance(0.8) else "false") if paid else None,
            "new_position": ("true" if draw.chance(0.45) else "false") if paid else None})
    return rows
