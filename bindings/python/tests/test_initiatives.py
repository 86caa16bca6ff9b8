"""Initiatives, decisions and journeys once more, day by day from the CSV files, with pandas and sets of days."""
import datetime
import math
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

import flexmetrics as fm

from test_recompute import DATA, KINDS, read, works

AS_OF = "2026-01-01"
EPOCH = datetime.date(1970, 1, 1)


def days(column):
    return (pd.to_datetime(column) - pd.Timestamp(EPOCH)).dt.days


END = (datetime.date.fromisoformat(AS_OF) - EPOCH).days
UNEMPLOYMENT = {row["code"] for row in read(DATA / "benefit_states.csv")
                if (row["family"] == "unemployment" or row["counts_toward_duration"] == "yes") and row["work"] != "yes"}


@pytest.fixture(scope="module")
def demo():
    folder = DATA.parent / "examples" / "data" / "demo-municipality"
    tables = {name: pd.read_csv(folder / f"{name}.csv", dtype=str) for name in
              ("persons", "spells", "placements", "participants", "members", "employers", "supports")}
    for t in tables.values():
        for name in t.columns:
            if name in ("start", "end", "observed_from", "observed_to") or name.endswith("_on"):
                t[name] = days(t[name])
    p = tables["placements"]
    p["work"] = [works(KINDS, kind, start) for kind, start in zip(p["kind"], p["start"])]
    return fm.Register.read(folder), tables


def figures(table, **keys):
    t = table.to_pandas()
    for name, value in keys.items():
        t = t[t[name].isna()] if value is None else t[t[name] == value]
    return dict(zip(t["quantity"], t["value"]))


def wilson(part, whole, level=0.95):
    z = NormalDist().inv_cdf(0.5 + level / 2)
    half = z * math.sqrt(part * (whole - part) / whole + z * z / 4)
    return (part + z * z / 2 - half) / (whole + z * z), (part + z * z / 2 + half) / (whole + z * z)


@pytest.fixture(scope="module")
def unemployed(demo):
    """A function of a day and a person: were the days on end in states of unemployment up to then 365 at least? None:
    not known; "unseen": not observed that day."""
    _, tables = demo
    since = dict(zip(tables["persons"]["person_id"], days(tables["persons"]["unemployed_since"])))
    seen = {p.person_id: (p.observed_from, p.observed_to) for p in tables["persons"].itertuples()}
    held = {}
    for row in tables["spells"][tables["spells"]["state"].isin(UNEMPLOYMENT)].itertuples():
        first, last = seen[row.person_id]
        end = min(x for x in (row.end, last, END - 1) if not math.isnan(x))
        held.setdefault(row.person_id, set()).update(range(int(max(row.start, first)), int(end) + 1))

    def answer(day, person):
        (first, last), mine, k = seen[person], held.get(person, set()), int(day)
        if not (first <= day and (math.isnan(last) or day <= last)):
            return "unseen"
        while k in mine:
            k -= 1
        if day == k or k + 1 > first:
            return day - k >= 365
        told = since[person]  # what was before is told by the persons' own column, or by nothing
        if math.isnan(told) or told > first:
            return True if day - k >= 365 else None
        return day - told + 1 >= 365

    return answer


def test_initiatives(demo, unemployed):
    register, t = demo
    got = figures(register.initiatives(as_of=AS_OF), initiative_id="task-force", horizon_months=None)
    own = t["participants"][t["participants"]["initiative_id"] == "task-force"]
    assert UNEMPLOYMENT
    now = {p: unemployed(END - 1, p) for p in t["persons"]["person_id"]}
    met = {p for p, known in now.items() if known is True or known is np.True_}
    steps = ["applied_on", "referred_on", "invited_on", "first_contact_on", "joined_on"]
    reached = set(own[own[steps].lt(END).any(axis=1)]["person_id"])
    assert got["eligible"] == len(met) and got["reached"] == len(reached)
    assert got["eligible_unknown"] == sum(known is None or (known == "unseen" and p in reached)
                                          for p, known in now.items())
    assert got["eligible_reached_share"] == pytest.approx(len(met & reached) / len(met), abs=1e-15)
    for name, column in (("referred", "referred_on"), ("invited", "invited_on"), ("contacted", "first_contact_on")):
        assert got[name] == own[own[column] < END]["person_id"].nunique()
    inside = own[(own["joined_on"] < END) & ~own["decision"].isin(["declined", "rejected"])]
    joined = dict(zip(inside["person_id"], inside["joined_on"]))
    assert len(joined) == len(inside) == got["joined"]
    assert got["left"] == (inside["left_on"] < END).sum()
    answers = {p: unemployed(day, p) for p, day in joined.items()}
    assert got["joined_eligible"] == sum(a is True or a is np.True_ for a in answers.values())
    known = sum(isinstance(a, (bool, np.bool_)) for a in answers.values())
    assert got["joined_eligible_share"] == pytest.approx(got["joined_eligible"] / known, abs=1e-15)
    jobs = t["placements"][t["placements"]["work"] & (t["placements"]["start"] < END)]
    through = jobs[jobs["initiative_id"] == "task-force"]
    assert got["placements"] == len(through) and got["placed"] == through["person_id"].nunique()
    other = {p for p, day in joined.items()
             if ((jobs["person_id"] == p) & (jobs["start"] >= day) & (jobs["initiative_id"] != "task-force")).any()}
    assert got["placed_otherwise"] == len(other - set(through["person_id"]))
    firms = t["members"][t["members"]["initiative_id"] == "task-force"]
    at = [((firms["employer_id"] == r.employer_id) & (firms["joined_on"] <= r.start) &
           ~(firms["left_on"] < r.start)).any() for r in through.itertuples()]
    assert got["at_members"] == sum(at) and got["members"] == firms[firms["joined_on"] < END]["employer_id"].nunique()
    assert got["employers"] == through["employer_id"].nunique()


def test_placements_by_sector_and_size(demo):
    register, t = demo
    got = register.initiatives(as_of=AS_OF)
    one = figures(got, initiative_id="way-to-work", horizon_months=None)
    jobs = t["placements"][t["placements"]["work"] & (t["placements"]["start"] < END) &
                           (t["placements"]["initiative_id"] == "way-to-work")]
    jobs = jobs.merge(t["employers"], on="employer_id", how="left")
    sector = jobs["sector"].fillna("unknown")
    assert one["private"] == (sector == "private").sum() and one["public"] == (sector == "public").sum()
    assert one["unknown_sector"] == (sector == "unknown").sum()
    small = jobs[sector == "private"]["headcount"].astype(float) < 250
    assert one["sme"] == small.sum() and one["larger"] == (~small).sum()
    rows = got.to_pandas().query("initiative_id == 'way-to-work' and quantity == 'private_share'")
    low, high = wilson(one["private"], one["private"] + one["public"])
    assert rows["ci_low"].iloc[0] == pytest.approx(low, abs=1e-12)
    assert rows["ci_high"].iloc[0] == pytest.approx(high, abs=1e-12)
    states = got.to_pandas().query("initiative_id == 'way-to-work'").set_index("quantity")["state"]
    assert states["eligible"] == states["at_members"] == "not_given"


def test_kept_is_status_of_the_first_job(demo):
    register, t = demo
    got = register.initiatives(as_of=AS_OF, horizons="6,12")
    jobs = t["placements"][t["placements"]["work"] & (t["placements"]["initiative_id"] == "way-to-work")]
    first = jobs.assign(length=jobs["placement_id"].str.len()).sort_values(["start", "length", "placement_id"])
    first = first.drop_duplicates("person_id")
    frame = register.frame("status", by="placement_id", as_of=AS_OF, horizons=[6, 12]).to_pandas()
    for months in (6, 12):
        rows = frame[(frame["horizon_months"] == months) & frame["placement_id"].isin(first["placement_id"])]
        one = figures(got, initiative_id="way-to-work", horizon_months=months)
        status = rows["status"].astype(object)
        assert one["retained"] == status.eq(True).sum() and one["not_retained"] == status.eq(False).sum()
        assert one["retention_unknown"] == status.isna().sum()
        rate = rows[rows["in_rate"].astype(bool)]
        assert one["retained_share"] == pytest.approx(rate["status"].eq(True).sum() / len(rate), abs=1e-15)


def test_decisions(demo):
    register, t = demo
    got = register.decisions(as_of=AS_OF, by="initiative_id").to_pandas()
    for initiative, rows in t["participants"].groupby("initiative_id"):
        one = dict(zip(*(got[got["initiative_id"] == initiative][c] for c in ("quantity", "value"))))
        counts = rows["decision"].value_counts()
        for word in ("accepted", "declined", "rejected"):
            assert one[word] == counts.get(word, 0)
        assert one["accepted_share"] == pytest.approx(counts["accepted"] / counts.sum(), abs=1e-15)
        assert one["applied"] == len(rows)


def waits(t, leg):
    """Days from which, days to which somebody is seen waiting, whether they arrived, and who it is."""
    jobs = t["placements"][t["placements"]["work"]]
    seen = {p.person_id: (p.observed_from, p.observed_to) for p in t["persons"].itertuples()}
    start = "referred_on" if leg.startswith("referral") else "joined_on"
    for row in t["participants"].itertuples():
        day, (first, last) = getattr(row, start), seen[row.person_id]
        end = END if math.isnan(last) else min(END, last + 1)
        if math.isnan(day) or day >= END or (start == "joined_on" and row.decision in ("declined", "rejected")):
            continue
        own = jobs[(jobs["person_id"] == row.person_id) &
                   (jobs["hours_per_week"].astype(float).gt(0) | leg.endswith("start"))]
        if not leg.endswith("contact") and ((own["start"] < day) & ~(own["end"] < day)).any():
            continue  # in a job: waits for none
        then = row.first_contact_on if leg.endswith("contact") else own[own["start"] >= day]["start"].min()
        if not math.isnan(then) and then < day:
            continue
        arrived = not math.isnan(then) and then < end
        entry, time = max(0, first - day), (then if arrived else end - 1) - day
        if day < end and (entry == 0 or time > entry):
            yield int(entry), int(time), arrived, row.person_id


def waiting(rows, until):
    share = 1.0
    for time in sorted({x for _, x, arrived in rows if arrived and x <= until}):
        there = sum(x >= time and (entry < time or entry == 0) for entry, x, _ in rows)
        share *= 1 - sum(x == time and arrived for _, x, arrived in rows) / there
    return share


@pytest.mark.parametrize("leg", ["referral_to_contact", "referral_to_hours", "referral_to_start", "joining_to_hours",
                                 "joining_to_start"])
def test_journeys(demo, leg):
    register, t = demo
    *seen, people = zip(*waits(t, leg))
    rows = list(zip(*seen))
    got = register.journeys(as_of=AS_OF, times="90").to_pandas()
    got = got[got["leg"] == leg].set_index("quantity")
    median = next(x for x in sorted({x for _, x, arrived in rows if arrived}) if waiting(rows, x) < 0.5)
    assert got.loc["median", "n"] == len(rows) and got.loc["median", "value"] == median
    assert got.loc["survival_at", "value"] == pytest.approx(waiting(rows, 90), abs=1e-12)
    assert (got["indicator"] == "programme.journeys").all()
    assert got.loc["median", "people"] == len(set(people))


def test_tallies_of_parts(demo):
    register, _ = demo
    for id, kind in (("programme.initiatives", "initiatives"), ("programme.decisions", "participants"),
                     ("programme.journeys", "journeys")):
        frame = register.frame(kind, as_of=AS_OF).to_pandas()
        whole = fm.compute(id, frame).to_json()
        parts = [fm.Tally(id).add(frame.iloc[k::3]) for k in range(3)]
        assert parts[2].merge(parts[0]).merge(parts[1]).result().to_json() == whole
