import datetime
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import flexmetrics as fm

ORACLE = Path(__file__).resolve().parents[3] / "tests" / "oracle" / "spell"
AS_OF = "2026-07-01"
DAY = datetime.date.fromisoformat


@pytest.fixture(scope="module")
def frame():
    return pd.read_csv(ORACLE / "spells.csv", dtype={"person": str})


@pytest.fixture
def spells(frame):
    return fm.Spells.from_frame(frame, person="person", as_of=AS_OF)


def oracle(name):
    return pd.read_csv(ORACLE / f"expected_{name}.csv", dtype={"person": str})


def test_what_is_no_spell_is_left_out(spells):
    rejected = oracle("rejected").reason.value_counts()
    assert spells.left_out == (rejected["end_before_start"], rejected["starts_after_extraction"], 0)


def test_episodes_are_those_of_the_oracle(spells):
    expected = oracle("episodes")
    assert set(expected.gap_days) >= {0, 7}
    for gap, rows in expected.groupby("gap_days"):
        found = spells.join(int(gap)).to_pandas()
        rows = rows.sort_values(["person", "start"])
        assert found.person_id.tolist() == rows.person.tolist()
        assert found.start.dt.strftime("%Y-%m-%d").tolist() == rows.start.tolist()
        assert found.end.dt.strftime("%Y-%m-%d").tolist() == rows.end.tolist()
        assert found.undetermined.astype(int).tolist() == rows.undetermined.tolist()
        assert found.covered_days.tolist() == rows.employed_days.tolist()


def test_milestones_and_long_episodes_are_those_of_the_oracle(spells):
    for row in oracle("status").itertuples():
        for found in (spells.milestone(row.months), ):
            answer = dict(zip(found["person_id"], found["status"]))
            expected = None if row.any_job != row.any_job else str(row.any_job) in ("1", "1.0")
            assert row.person not in answer or answer[row.person] == expected, row
    for row in oracle("sustained").itertuples():
        found = spells.sustained(row.weeks, gap_days=row.gap_days).to_dict()
        at = found["person_id"].index(row.person)
        assert found["first_day"][at] == (DAY(row.date_first) if isinstance(row.date_first, str) else None), row
        assert found["any_day"][at] == (DAY(row.date_any) if isinstance(row.date_any, str) else None), row
        assert found["first"][at] == (None if row.first_episode != row.first_episode else row.first_episode == 1), row


def test_survival_goes_on_to_the_curve(spells):
    expected = oracle("survival")
    for gap, rows in expected[expected.definition == "any_employer"].groupby("gap_days"):
        found = spells.survival(gap_days=int(gap))
        assert dict(zip(found["person_id"], zip(found["time_days"], found["event"]))) == {
            r.person: (r.time_days, bool(r.event)) for r in rows.itertuples()}
    by_employer = fm.Spells.from_frame(pd.read_csv(ORACLE / "spells.csv"), person="person", state="employer",
                                       as_of=AS_OF)
    rows = expected[(expected.definition == "same_employer") & (expected.gap_days == 0)]
    found = by_employer.survival(same_state=True)
    assert dict(zip(found["person_id"], found["time_days"])) == {r.person: r.time_days for r in rows.itertuples()}
    assert {c for c in found["cause"] if c} <= {"not_employed", "other_job"}
    assert fm.survival(found).value("n_risk", time_days=min(found["time_days"])) == len(found)
    assert fm.cumulative_incidence(found, by=None).notes is not None
    assert fm.status(spells.milestone(6)).value("rate", horizon_months=6) == np.mean(
        [s for s, i in zip(*(spells.milestone(6)[c] for c in ("status", "in_rate"))) if i])


def test_questions_for_a_day(spells):
    # P01 works from 2025-01-15 on, and still does; the data end on 2026-06-30
    found = spells.status(["P01", "P01", "P01", "nobody"], ["2025-01-14", "2025-01-15", "2026-07-01", "2025-06-01"])
    assert found["status"] == [False, True, None, False] and found["person_id"][3] == "nobody"
    assert spells.status(["P01"], "2026-06-30")["status"] == [True]
    days = spells.days_in(["P01", "P01"], ["2025-01-01", "2026-06-01"], ["2025-01-31", "2026-07-31"])
    assert days["days"] == [17, 30] and days["unseen"] == [0, 31]


def test_people_and_periods(spells):
    months = spells.periods("month", start="2025-10-01", end="2026-03-31")
    for row in oracle("months_oct_mar").itertuples():
        worked = [d for p, d in zip(months["person_id"], months["days"]) if p == row.person and d > 0]
        assert row.months_with_a_day != row.months_with_a_day or len(worked) == row.months_with_a_day, row
    weeks = spells.periods("week").to_pandas()
    iso = weeks.period.dt.isocalendar()
    found = {(p, y, w): d for p, y, w, d in zip(weeks.person_id, iso.year, iso.week, weeks.days)}
    for row in oracle("isoweeks").itertuples():
        assert found[row.person, row.iso_year, row.iso_week] == row.employed_days, row


STATES = dict(person=[1, 1, 1, 2], start=["2025-01-01", "2025-01-20", "2025-03-10", "2025-02-01"],
              end=["2025-01-31", "2025-02-10", None, "2025-02-28"], state=["work", "sick", "work", "work"])


def test_one_state_a_day():
    given = fm.Spells(**STATES, as_of="2025-06-01")
    with pytest.raises(fm.Error, match="two states on one day") as e:
        given.resolve()
    assert e.value.row == 1
    one = given.resolve("priority", ranking=["sick", "work"])
    rows = list(zip(*(one.table()[c] for c in ("person_id", "start", "end", "state"))))
    assert rows == [(1, DAY("2025-01-01"), DAY("2025-01-19"), "work"),
                    (1, DAY("2025-01-20"), DAY("2025-02-10"), "sick"),
                    (1, DAY("2025-03-10"), None, "work"), (2, DAY("2025-02-01"), DAY("2025-02-28"), "work")]
    moves = one.transitions(gap_days=40)
    assert list(zip(moves["day"], moves["from"], moves["to"]))[:1] == [(DAY("2025-01-20"), "work", "sick")]
    assert (DAY("2025-03-01"), "work", None) in zip(one.transitions()["day"], one.transitions()["from"],
                                                    one.transitions()["to"])
    assert one.state_on([1, 1, 2], ["2025-01-25", "2025-03-01", "2025-02-01"])["state"] == ["sick", None, "work"]
    totals = one.totals()
    assert list(zip(totals["person_id"], totals["state"], totals["days"], totals["open"])) == [
        (1, "sick", 22, False), (1, "work", 19 + 83, True), (2, "work", 28, False)]
    by = one.periods("month", by_state=True, end="2025-01-31")
    assert list(zip(by["state"], by["days"])) == [("sick", 12), ("work", 19)]
    assert sum(one.periods("month", states=["sick"])["days"]) == 22
    union = given.resolve("union").table()
    assert "state" not in union.columns and len(union) == 3


def test_forms_of_days_and_people_give_the_same(frame):
    want = fm.Spells.from_frame(frame, person="person", as_of=AS_OF).join(7).to_json()
    start, end = pd.to_datetime(frame.start), pd.to_datetime(frame.end)
    numbers = {p: i for i, p in enumerate(sorted(set(frame.person)))}
    for s, e in [(start, end), (start.to_numpy("datetime64[D]"), end.to_numpy("datetime64[D]")),
                 ([d.date() for d in start], [None if pd.isna(d) else d.date() for d in end]),
                 (start.to_numpy("datetime64[D]").astype("int64").astype("int32"), end)]:
        assert fm.Spells(frame.person, s, e, as_of=DAY(AS_OF)).join(7).to_json() == want
        shuffled = np.random.default_rng(1).permutation(len(frame))
        assert fm.Spells(frame.person.to_numpy()[shuffled], np.asarray(s)[shuffled], np.asarray(e)[shuffled],
                         as_of=AS_OF, threads=2).join(7, threads=3).to_json() == want
    words = frame.convert_dtypes()
    assert words.end.dtype == "string" and words.end.isna().any()
    assert fm.Spells.from_frame(words, person="person", as_of=AS_OF).join(7).to_json() == want
    travelled = pickle.loads(pickle.dumps(fm.Spells.from_frame(frame, person="person", as_of=AS_OF)))
    assert travelled.join(7).to_json() == want
    coded = fm.Spells(frame.person.map(numbers), start, end, as_of=AS_OF).join(7)
    assert coded["n_spells"] == fm.Spells(frame.person, start, end, as_of=AS_OF).join(7)["n_spells"]
    after = np.where(end.isna(), np.datetime64("NaT"), end.to_numpy("datetime64[D]") + 1)
    open_ended = fm.Spells(frame.person, start, after, as_of=AS_OF, end_is="day_after")
    assert open_ended.join(7).to_json() == want and open_ended.left_out == (1, 1, 0)
    table = fm.Spells.from_frame(frame, person="person", as_of=AS_OF).table()
    assert fm.Spells.from_frame(table, as_of=AS_OF).join(7).to_json() == want


def test_large_ids_stay_what_they_are():
    ids = np.array([2**40, 7, 2**40])
    found = fm.Spells(ids, ["2025-01-01"] * 3, None, as_of="2025-02-01")
    assert set(found.join()["person_id"]) == {"7", str(2**40)}
    assert found.status(ids, "2025-01-05")["status"] == [True] * 3


def test_runs_of_codes():
    codes = np.array([1, 1, 2, 2, 2, 1, 7], "uint16")
    assert fm.runs(codes).tolist() == np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]]).tolist()
    with pytest.raises(ValueError, match="0 to 65535"):
        fm.runs([70000])


def test_errors_have_a_place():
    one = dict(person=["a", "b"], start=["2025-01-01"] * 2, end=[None, None], as_of="2025-06-01")
    for change, error, words in [
        (dict(as_of=None), ValueError, "as_of"), (dict(start=["2025-01-01"]), ValueError, "start: 1 for 2 people"),
        (dict(person=["a", None]), fm.Error, "column person, row 1"),
        (dict(start=["yesterday"] * 2), ValueError, "dates"),
        (dict(start=np.array(["2025-01-01T10", "2025-01-02T00"], "datetime64[h]")), fm.Error, "row 0: a whole day"),
        (dict(end_is="noon"), ValueError, "end_is"), (dict(start=[1.5, 2.5]), TypeError, None),
    ]:
        with pytest.raises((error, ValueError) if words is None else error, match=words):
            fm.Spells(**{**one, **change})
    spells = fm.Spells(**one)
    for call, error, words in [
        (lambda: spells.join(-1), fm.Error, "gap"), (lambda: spells.milestone(6, clock="decade"), ValueError, "clock"),
        (lambda: spells.resolve("loudest"), ValueError, "policy"), (lambda: spells.status(["a"], ["2025-01-01"] * 2),
                                                                     ValueError, "day: 2 for 1"),
        (lambda: fm.Spells.from_frame({"x": [1]}, as_of="2025-01-01"), fm.Error, "no column person_id"),
        (lambda: fm.Spells(**STATES, as_of="2025-06-01").periods(states=["idle"]), ValueError, "no state 'idle'"),
    ]:
        with pytest.raises(error, match=words):
            call()
