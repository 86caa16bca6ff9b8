"""Reach, dose and retention by support once more, from the CSV files with pandas; that "ever had it" is refused."""
import datetime
import math

import numpy as np
import pandas as pd
import pytest

import flexmetrics as fm

from test_initiatives import AS_OF, END, demo  # noqa: F401

EPOCH = datetime.date(1970, 1, 1)


def test_reach_and_dose(demo):  # noqa: F811
    register, t = demo
    got = register.support(as_of=AS_OF, by="sex").to_pandas()
    people = t["persons"][t["persons"]["observed_from"].fillna(-1) < END]
    rows = t["supports"][t["supports"]["start"] < END].merge(people[["person_id", "sex"]], on="person_id")
    for sex in ("female", "male"):
        for kind in (None, "aftercare", "mentor", "upskilling"):
            mine = rows[(rows["sex"] == sex) & (True if kind is None else rows["kind"] == kind)]
            one = got[(got["sex"] == sex) & (got["support"].isna() if kind is None else got["support"] == kind)]
            one = dict(zip(one["quantity"], one["value"]))
            n = (people["sex"] == sex).sum()
            assert one["people"] == n and one["reached"] == mine["person_id"].nunique()
            assert one["reached_share"] == pytest.approx(one["reached"] / n, abs=1e-15)
            assert one["supports"] == len(mine)
            assert one["days"] == (np.minimum(mine["end"].fillna(END - 1), END - 1) - mine["start"] + 1).sum()
            assert one["hours"] == math.fsum(mine["hours"].astype(float))
            assert one["cost_mean"] == pytest.approx(mine["cost"].astype(float).mean(), rel=1e-14)


@pytest.mark.parametrize("kind, landmark, earlier", [("aftercare", 91, False), ("aftercare", 150, False),
                                                     ("upskilling", 91, True), ("mentor", 30, True)])
def test_retention_by_landmark(demo, kind, landmark, earlier):  # noqa: F811
    register, t = demo
    got = register.support_retention(as_of=AS_OF, support=kind, landmark=landmark, horizons="6,12",
                                     earlier="yes" if earlier else "no").to_pandas()
    stays = register.frame("survival", by="placement_id", as_of=AS_OF).to_pandas()
    there = set(stays[(stays["entry_days"] <= landmark) & (stays["time_days"] > landmark)]["placement_id"])
    status = register.frame("status", by="placement_id", as_of=AS_OF, horizons=[6, 12]).to_pandas()
    jobs = t["placements"].set_index("placement_id")
    supports = t["supports"][t["supports"]["kind"] == kind]
    had = {}
    for id in there:
        job = jobs.loc[id]
        mine = supports[(supports["person_id"] == job["person_id"]) & (supports["start"] < job["start"] + landmark) &
                        (supports["placement_id"].isna() | (supports["placement_id"] == id))]
        if not earlier:
            mine = mine[mine["end"].isna() | (mine["end"] >= job["start"])]
        had[id] = len(mine) > 0
    shares = {}
    for months in (6, 12):
        for received in (True, False):
            rows = status[(status["horizon_months"] == months) & status["placement_id"].map(had).eq(received)]
            one = got[(got["horizon_months"] == months) & (got["received"] == ("yes" if received else "no"))]
            one = dict(zip(one["quantity"], one["value"]))
            assert one["retained"] == rows["status"].eq(True).sum()
            assert one["not_retained"] == rows["status"].eq(False).sum()
            assert one["retention_unknown"] == rows["status"].isna().sum()
            rate = rows[rows["in_rate"].astype(bool)]
            shares[received] = rate["status"].eq(True).sum() / len(rate)
            assert one["retained_share"] == pytest.approx(shares[received], abs=1e-15)
        difference = got[(got["horizon_months"] == months) & (got["quantity"] == "retained_difference")]["value"]
        assert difference.iloc[0] == pytest.approx(shares[True] - shares[False], abs=1e-15)


def test_doses_add_up(demo):  # noqa: F811
    register, _ = demo
    got = register.support_retention(as_of=AS_OF, support="aftercare", dose="hours", cuts="2,5", horizons=6).to_pandas()
    received = got[got["received"] == "yes"].set_index("quantity")["value"]
    doses = got[got["dose_above"].notna()]
    assert list(doses["dose_above"].drop_duplicates()) == sorted(doses["dose_above"].unique())
    for quantity in ("retained", "not_retained", "retention_unknown"):
        assert doses[doses["quantity"] == quantity]["value"].sum() == received[quantity]


def test_ever_is_refused(demo):  # noqa: F811
    register, _ = demo
    for options in ({"ever": "yes"}, {"landmark": 0}, {"ever": "aftercare", "landmark": 91}):
        with pytest.raises(fm.Error, match="immortal time"):
            register.support_retention(as_of=AS_OF, **options)


def test_more_time_is_not_more_staying():
    """Support that does nothing at all: the landmark sees no difference, having had it at any time would."""
    rng = np.random.default_rng(3)
    n, first = 1500, datetime.date(2022, 1, 1)
    stay, wait = rng.exponential(240, n).astype(int) + 1, rng.exponential(240, n).astype(int)
    persons = pd.DataFrame({"person_id": [f"p{i}" for i in range(n)]})
    placements = pd.DataFrame({"placement_id": [f"j{i}" for i in range(n)], "person_id": persons["person_id"],
                               "kind": "ordinary", "start": first.isoformat(),
                               "end": [(first + datetime.timedelta(int(d) - 1)).isoformat() for d in stay]})
    got = wait < stay
    supports = pd.DataFrame({"person_id": persons["person_id"][got], "kind": "aftercare",
                             "start": [(first + datetime.timedelta(int(d))).isoformat() for d in wait[got]]})
    register = fm.Register.from_frames(persons=persons, placements=placements, supports=supports)
    result = register.support_retention(as_of="2026-01-01", horizons=12).to_pandas()
    row = result[result["quantity"] == "retained_difference"].iloc[0]
    assert row["ci_low"] < 0 < row["ci_high"]
    naive = (stay[got] > 365).mean() - (stay[~got] > 365).mean()
    assert naive > 0.2 and naive > row["ci_high"]
