import datetime
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import flexmetrics as fm

PROJECT = Path(__file__).resolve().parents[3]
DATA = PROJECT / "examples" / "data"
DAY = datetime.date.fromisoformat


def weeks_seen_before(as_of):
    frame = pd.read_csv(PROJECT / "tests" / "oracle" / "spell" / "person_weeks.csv", parse_dates=["monday"])
    state = np.where(frame.code.notna(), frame.code, np.where(frame.employment_record_in_month == 1, 100, 0))
    end = (frame.monday + pd.Timedelta(days=6)).where(frame.index < len(frame) - 1)  # the last one goes on
    return fm.Histories(frame.person, frame.monday, end, state, as_of=as_of)


@pytest.fixture(scope="module")
def weeks():
    """One person's weekly codes: docs/methods/definitions.md, one person, three definitions."""
    return weeks_seen_before("2021-08-30")


UNIT = {"person_id": ["P1"], "index": ["2020-11-30"]}


@pytest.mark.parametrize("name, good_26, good_39, points, months", [
    ("strict", 23, 32, [False, False, False, None], [False, False, None]),
    ("non_benefit", 24, 33, [False, True, False, None], [False, True, None]),
    ("grace_4_weeks", 26, 35, [True, True, False, None], [True, True, None]),
])
def test_one_person_three_definitions(weeks, name, good_26, good_39, points, months):
    d = fm.Definition.named(name)
    found = weeks.outcomes(UNIT, d, clock="weeks", horizons=[13, 26, 39, 52])
    assert found["status"] == points and found["clock"] == ["weeks"] * 4
    by_month = weeks.outcomes(UNIT, name)
    assert by_month["status"] == months and by_month["horizon"] == [3, 6, 12]
    assert by_month["target"][:2] == [DAY("2021-02-28"), DAY("2021-05-30")]
    assert by_month["in_rate"] == [True, True, False] and by_month["reason"][2] == "not_yet"
    counted = weeks.outcomes(UNIT, d.but(rule="k_of_n", needed=1, clock="weeks", horizons=[26, 39]))
    assert counted["n_yes"] == [good_26, good_39]


def test_starts_and_lengths_of_one_person(weeks):
    starts = weeks.starts("weekly_strict")
    assert [str(d) for d in starts["index"]] == ["2020-11-30", "2021-03-01", "2021-05-31"]
    lengths = weeks.durations(starts, "weekly_strict")
    assert lengths["time_days"] == [77, 84, 63] and lengths["event"] == [True] * 3
    bridged = weeks.starts("weekly_grace_4_weeks", first=True)
    # an end in week 35 cannot be told under 28 days of grace yet; a week later the one of 1 August is
    short = weeks.durations(bridged, ["weekly_grace_4_weeks"])
    assert short["time_days"] == [273 - 28 - 1] and short["reason"] == ["not_yet"] and short["event"] == [False]
    later = weeks_seen_before("2021-09-06")
    whole = later.durations(later.starts("weekly_grace_4_weeks", first=True), "weekly_grace_4_weeks")
    assert whole["time_days"] == [77 + 14 + 84 + 7 + 63] and whole["reason"] == ["failed"]
    cut = {"person_id": ["P1"], "index": ["2020-11-30"], "observed_to": ["2021-08-29"]}
    assert later.durations(cut, "weekly_grace_4_weeks")["time_days"] == [273 - 28 - 1]
    none = weeks.durations({"person_id": ["P1"], "index": ["2020-08-01"]}, "strict")
    assert len(none) == 0 and none.notes["rows_failed"] == "1"
    several = weeks.durations(starts, ["weekly_strict", fm.Definition.named("strict")], keep="observed_from")
    assert len(several) == 6 and several["definition"][3:] == ["strict"] * 3
    assert set(several["observed_from"]) == {DAY("2020-07-20")}
    assert fm.survival(several, entry="entry_days", definition="definition", curve=False).value(
        "median", definition="strict") == 77


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weekly")
    for name in ("persons.csv", "datapackage.json"):
        (folder / name).write_bytes((DATA / "weekly" / name).read_bytes())
    fm.dream(DATA / "weekly" / "weekly.csv", folder / "spells.csv")
    return folder, fm.Register.read(folder)


def people_of(folder):
    import json
    facts = json.loads((folder / "datapackage.json").read_text())
    persons = pd.read_csv(folder / "persons.csv", dtype=str)
    return persons, facts


def test_they_are_those_of_the_register(register):
    folder, made = register
    names = ["weekly_strict", "weekly_grace_4_weeks"]
    persons, _ = people_of(folder)
    histories = fm.Histories.from_frame(folder / "spells.csv", as_of=made.data_end)
    columns = [c for c in ("observed_from", "observed_to") if c in persons]
    for name in names:
        frame = made.frame("status", definitions=[name]).to_pandas()
        starts = histories.starts(name, persons[["person_id", *columns]])
        found = histories.outcomes(starts, name).to_pandas()
        assert len(found) == len(frame) > 400
        for column in ("status", "in_rate", "reason", "horizon", "definition", "clock"):
            key = ["person_id", "horizon", "target"]
            mine = found.sort_values(key)[column].astype(str).tolist()
            theirs = frame.assign(target=range(len(frame))).sort_values(key)[column].astype(str).tolist()
            assert mine == theirs, column
        lengths = histories.durations(starts, name)
        theirs = made.frame("survival", definitions=[name])
        columns_of_both = ("person_id", "time_days", "event", "entry_days")
        assert sorted(zip(*(lengths[c] for c in columns_of_both))) == sorted(zip(*(theirs[c] for c in columns_of_both)))
    rates = fm.status(histories.outcomes(histories.starts(names[0], persons[["person_id", *columns]]), names[0]),
                      definition="definition")
    assert rates.value("rate", horizon=26) == made.status(definition=names[0]).value("rate", horizon=26)


def test_rows_in_any_order_and_form_give_the_same(weeks):
    frame = pd.DataFrame({"who": ["a", "a", "b", "b"], "from": pd.to_datetime(["2025-01-01", "2025-03-01", "2025-01-15",
                                                                               "2025-02-01"]),
                          "to": pd.to_datetime(["2025-02-10", None, "2025-01-31", None]),
                          "what": ["employment", "730", "730", "employment"], "firm": [1, None, None, 2],
                          "hours": [20.0, np.nan, np.nan, 30.0]})
    units = pd.DataFrame({"who": ["b", "a", "nobody"], "index": pd.to_datetime(["2025-02-01", "2025-01-01",
                                                                                "2025-01-01"]),
                          "employer": [2, 1, 1], "sex": pd.Categorical(["f", "m", "f"]), "w": [1, 2, 3]})
    names = ["strict", fm.Definition("same", employer="same"), fm.Definition("full", hours_least=30)]

    def ask(frame, units):
        made = fm.Histories.from_frame(frame, person="who", start="from", end="to", state="what", employer="firm",
                                       hours="hours", as_of="2025-09-01")
        return made.outcomes(units, names, horizons=[1], person="who", keep=["sex", "w"])

    want = ask(frame, units)
    assert want["status"] == [True, True, False, True, True, False, True, False, False]
    assert want["person_id"][:3] == ["b", "a", "nobody"] and want["unit"][:3] == [0, 1, 2]
    assert want["sex"][:3] == ["f", "m", "f"] and want["w"][3:6] == [1, 2, 3]
    shuffled = frame.sample(frac=1, random_state=1)
    assert ask(shuffled, units).to_json() == want.to_json()
    assert ask(frame.assign(what=frame.what.astype("category"), firm=frame.firm.astype("Int64")), units
               ).to_json() == want.to_json()
    assert ask(frame.to_dict("list"), units.to_dict("list")).to_json() == want.to_json()
    numbers = frame.assign(who=frame.who.map({"a": 10, "b": 20}))
    assert ask(numbers, units.assign(who=[20, 10, 99]))["status"] == want["status"]
    last = frame.assign(to=frame.to + pd.Timedelta(days=1))
    made = fm.Histories(last.who, last["from"], last.to, last.what, as_of="2025-09-01", end_is="day_after")
    assert made.outcomes(units, horizons=[1], person="who")["status"] == want["status"][:3] and len(made) == 4
    assert "4 rows" in repr(made)
    assert fm.status(want, definition="definition", cluster="person_id", by="sex", weights="w").value(
        "rate", definition="strict", sex="f") == 0.25


def test_placements_beside_states():
    made = fm.Histories([1, 1], ["2025-01-01", "2025-01-01"], [None, None], [None, "unemployment"],
                        kind=["ordinary", None], as_of="2025-09-01")
    units = {"person_id": [1], "index": ["2025-01-01"]}
    assert made.outcomes(units, "strict")["status"] == [True, True, None]
    barred = fm.Definition("barred", barring="unemployment", horizons=[3])
    assert made.outcomes(units, barred)["status"] == [False]
    internship = fm.Histories([1], ["2025-01-01"], None, [None], kind=["internship"], as_of="2025-09-01")
    assert internship.outcomes(units, "strict", horizons=[3])["reason"] == ["failed"]
    own = fm.Histories([1], ["2025-01-01"], None, ["at_work"], as_of="2025-09-01",
                       states={"code": ["at_work", "away"], "work": ["yes", "no"]})
    assert own.outcomes(units, fm.Definition("mine", horizons=[1]))["status"] == [True]


def test_days_marked_one_by_one():
    """A point is the day itself, and a continuous rule every day, on random spells."""
    rng = random.Random(3)
    start = [rng.randrange(0, 300) for _ in range(200)]
    length = [rng.randrange(1, 60) for _ in range(200)]
    person = [rng.randrange(20) for _ in range(200)]
    as_of = datetime.date(1970, 1, 1) + datetime.timedelta(days=330)
    end = [s + n - 1 for s, n in zip(start, length)]
    made = fm.Histories(np.array(person), np.array(start), np.array(end), ["employment"] * 200, as_of=as_of)
    days = {p: {d for q, s, e in zip(person, start, end) if q == p for d in range(s, e + 1)} for p in set(person)}
    units = {"person_id": sorted(days) * 4, "index": [20 * k for k in range(4) for _ in days]}
    for rule in ("point", "continuous"):
        found = made.outcomes(units, fm.Definition("d", rule=rule, clock="days", horizons=[1, 30, 200]))
        for p, h, status, i in zip(*(found[c] for c in ("person_id", "horizon", "status", "unit"))):
            first = units["index"][i]
            asked = range(first + h - 1, first + h) if rule == "point" else range(first, first + h)
            assert status == all(d in days[p] for d in asked)


def test_errors_have_a_place():
    rows = dict(person=[1, 1], start=["2025-01-01"] * 2, end=[None, None], state=["employment", "paid"],
                as_of="2025-09-01")
    units = {"person_id": [1], "index": ["2025-01-01"]}
    with pytest.raises(fm.Error, match="column state, row 1: the list benefit_state has no state \"paid\"") as e:
        fm.Histories(**rows).outcomes(units)
    assert (e.value.row, e.value.column) == (1, "state")
    with pytest.raises(fm.Error, match="column kind, row 0: the list placement_kind has no state \"fleksjob\" on 1990"):
        fm.Histories(**{**rows, "start": ["1990-01-01"] * 2, "state": ["employment"] * 2},
                     kind=["fleksjob", None]).outcomes(units)
    good = {**rows, "state": ["employment"] * 2}
    made = fm.Histories(**good)
    for call, error, words in [
        (lambda: fm.Histories(**{**good, "as_of": None}), ValueError, "as_of"),
        (lambda: fm.Histories(**{**good, "state": ["employment"]}), ValueError, "state: 1 for 2 people"),
        (lambda: fm.Histories(**{**good, "state": ["employment", None]}), fm.Error, "column state, row 1"),
        (lambda: fm.Histories(**{**good, "state": ["employment", 1.5]}), fm.Error, "column state, row 1"),
        (lambda: fm.Histories(**good, end_is="noon"), ValueError, "end_is"),
        (lambda: made.outcomes({**units, "index": [None]}), fm.Error, "column index, row 0: an index day"),
        (lambda: made.outcomes({**units, "person_id": ["a"]}), TypeError, "person_id: expected whole numbers"),
        (lambda: made.outcomes({"person_id": [1]}), fm.Error, "no column index"),
        (lambda: made.outcomes(units, "stricter"), fm.Error, "there is no definition"),
        (lambda: made.outcomes(units, horizons=[-1]), fm.Error, "horizons"),
        (lambda: made.starts("strict", {"person_id": [1, 1]}), fm.Error, "row 1: each person once"),
    ]:
        with pytest.raises(error, match=words):
            call()
