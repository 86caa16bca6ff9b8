from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import flexmetrics as fm

PROJECT = Path(__file__).resolve().parents[3]
ORACLE = PROJECT / "tests" / "oracle" / "retention"


def oracle(name):
    return pd.read_csv(ORACLE / f"{name}.csv")


@pytest.fixture(scope="module")
def unempdur():
    return oracle("in_unempdur").assign(left=lambda f: f.cause > 0)


def test_life_tables_are_those_of_r(unempdur):
    expected = oracle("discrete_lifetable")
    whole = fm.discrete_hazard(unempdur, time="time", event="left", cause="cause", clock="weeks").to_pandas()
    groups = fm.discrete_hazard(unempdur, time="time", event="left", clock="weeks", by="ui").to_pandas()
    for row in expected[expected.at_risk > 0].itertuples():
        found = whole if row.group == "all" else groups[groups.ui == row.group]
        of = found[(found.period == row.period) & found.cause.isna()].set_index("quantity")
        assert of.value["at_risk"] == row.at_risk and of.value["exits"] == row.exits
        assert of.value["hazard"] == pytest.approx(row.hazard, rel=1e-12)
        assert of.value["survival"] == pytest.approx(row.survivor, rel=1e-12)
    by_cause = whole[(whole.quantity == "cause_hazard") & (whole.period == 1)].set_index("cause").value
    first = expected[(expected.group == "all") & (expected.period == 1)].iloc[0]
    assert [by_cause[str(c)] for c in (1, 2, 3)] == pytest.approx(
        [first.h_cause1, first.h_cause2, first.h_cause3], rel=1e-12)


def test_regressions_are_those_of_glm(unempdur):
    # glm stopped where the deviance had come to rest: up to 1.1e-7 standard errors, errors up to 4e-7
    expected = oracle("discrete_regression")
    for link, rows in expected[expected.case == "unempdur"].groupby("link"):
        model = fm.discrete_hazard(unempdur, time="time", event="left", clock="weeks", link=link,
                                   covariates=["ui", "age", "logwage"], bands=[1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 20])
        for row in rows[rows.term.isin(["ui", "age", "logwage"])].itertuples():
            assert model.value("coefficient", term=row.term) == pytest.approx(row.coef, abs=1e-6 * row.se)
            assert model.value("coefficient", "std_error", term=row.term) == pytest.approx(row.se, rel=1e-6)
        assert model.value("log_likelihood") == pytest.approx(rows.loglik.iloc[0], rel=1e-11)
        assert model.value("person_periods") == rows.rows.iloc[0]


def test_regressions_take_what_the_compute_of_the_id_takes():
    frame = oracle("in_placements").assign(left=lambda f: f.cause > 0)
    own = fm.discrete_hazard(frame, time="exit", entry="entry", event="left", clock="weeks", length=4, link="cloglog",
                             covariates="female", dated={"aftercare": "aftercare"}, weights="weight", cluster="trio")
    renamed = frame.rename(columns={"exit": "time_weeks", "entry": "entry_weeks", "left": "event",
                                    "aftercare": "aftercare_weeks"}).drop(columns="cause")
    same = fm.compute("retention.discrete_hazard", renamed, clock="weeks", length=4, link="cloglog",
                      covariates="female", dated="aftercare", weight="weight", cluster="trio")
    assert own.to_json() == same.to_json() and own.value("hazard_ratio", term="aftercare") > 0
    with pytest.raises(fm.Error, match="immortal time"):
        fm.discrete_hazard(frame, time="exit", event="left", clock="weeks", ever={"aftercare": "aftercare"})


def test_moves_between_months_are_those_of_r():
    source = pd.read_csv(PROJECT / "examples" / "data" / "school-to-work" / "source" / "mvad_monthly.csv")
    frame = pd.DataFrame({"id": np.repeat(source.id, 72), "month": np.tile(np.arange(1, 73), len(source)),
                          "state": list("".join(source.states))}).reset_index(drop=True)
    expected = oracle("mvad_transitions")
    found = fm.transitions(frame, person="id", period="month", errors="moves", steps=[1, 3])
    for row in expected.itertuples():
        h = row[1]
        assert found.value("n_transition", from_state=h, to_state=row.to) == row.count
        assert found.value("transition_probability", steps=1, from_state=h, to_state=row.to) == pytest.approx(
            row.prob, rel=1e-12)
    power = oracle("mvad_transitions_power")
    for row in power[power.steps == 3].itertuples():
        assert found.value("transition_probability", steps=3, from_state=row[2], to_state=row.to) == pytest.approx(
            row.prob, rel=1e-11)
    days = pd.to_timedelta(30.4 * (frame.month - 1), "D").dt.floor("D")
    dated = frame.assign(day=pd.to_datetime("1993-07-15") + days)
    monthly = fm.transitions(dated, person="id", period="day", clock="months")
    assert monthly.value("transition_probability", steps=1, from_state="S", to_state="S") == found.value(
        "transition_probability", steps=1, from_state="S", to_state="S")
    words = fm.transitions(dated[:500].assign(day=dated.day[:500].dt.strftime("%Y-%m-%d")), person="id", period="day",
                           clock="months")
    assert words.value("n_transition", from_state="E", to_state="E") == fm.transitions(
        dated[:500], person="id", period="day", clock="months").value("n_transition", from_state="E", to_state="E")
    both = pd.concat([frame[:300].assign(rule="a"), frame[:300].assign(rule="b")])
    apart = fm.transitions(both.assign(id=both.id.astype(str) + both.rule), person="id", period="month",
                           definition="rule").to_pandas()
    assert set(apart["rule"]) == {"a", "b"}


def test_sustained_measures_are_those_of_the_register(data):
    register = fm.Register.read(data / "demo-municipality")
    for id, call in (("weeks", fm.weeks), ("hours", fm.hours), ("unemployment", fm.unemployment)):
        frame = register.frame(id)
        own = call(frame)
        theirs = register.compute(f"retention.{id}")
        assert len(own) == len(theirs) > 0
        assert own["value"] == theirs["value"] and own["quantity"] == theirs["quantity"]
        pandas = frame.to_pandas()
        renamed = call(pandas.rename(columns={"person_id": "who"}), cluster="who")
        assert renamed["value"] == own["value"]
        assert call(pandas, cluster=None)["value"] == own["value"]


def test_definitions_side_by_side(data):
    register = fm.Register.read(data / "demo-municipality")
    names = ["strict", "grace_4_weeks"]
    frame = register.frame("survival", definitions=names, by="sex")
    for call, id, more in ((fm.survival, "survival", {}), (fm.cumulative_incidence, "cumulative_incidence", {})):
        own = call(frame, entry="entry_days", definition="definition", by="sex", **more)
        theirs = register.compute(f"retention.{id}", by="sex", definition=names)
        assert own["value"] == theirs["value"] and own["definition"] == theirs["definition"]
        assert set(own["definition"]) == set(names)
    model = fm.cox(frame, entry="entry_days", definition="definition", covariates="sex:female")
    assert set(model["definition"]) == set(names)
    test = fm.logrank(frame, entry="entry_days", definition="definition", group="sex")
    assert test["value"] == register.logrank(group="sex", definition=names)["value"]
    table = fm.discrete_hazard(frame, entry="entry_days", definition="definition")
    assert set(table["definition"]) == set(names)
    one = fm.survival(frame.to_pandas()[lambda f: f.definition == "strict"], entry="entry_days", curve=False)
    both = fm.survival(frame, entry="entry_days", definition="definition", curve=False)
    assert one.value("median") == both.value("median", definition="strict")
    started = register.survival(definition="strict", start="work", index="first", curve=False)
    assert started.value("median") is None or started.value("median") > 0
    with pytest.raises(ValueError, match="one definition"):
        fm.survival(frame, definition="definition", by="sex", times=[90], reference="female")
    with pytest.raises(ValueError, match="needs group"):
        fm.logrank(frame, definition="definition", by="sex")


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "int64", "uint64", "Int64", "UInt8", "float64", "Float64",
                                   "object"])
def test_whole_numbers_of_any_type(dtype):
    times, events = [3, 4, 5, 6], [1, 0, 1, 1]
    want = fm.survival({"time_days": times, "event": [bool(e) for e in events]}).to_json()
    frame = pd.DataFrame({"time_days": pd.array(times, dtype=dtype) if dtype != "object" else np.array(times, object),
                          "event": events})
    assert fm.survival(frame).to_json() == want
    assert fm.compute("retention.survival", frame).to_json() == want
    assert fm.Tally("retention.survival").add(frame).result().to_json() == want
    assert fm.km(frame.time_days, frame.event).survival[-1] == pytest.approx(0)
    table = fm.Table.from_pandas(frame)
    assert fm.compute("retention.survival", table).to_json() == want


def test_polars_columns_are_taken():
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"time_days": [3, 4, 5, 6], "event": [1, 0, 1, 1], "sex": ["m", "f", "m", "f"]})
    want = fm.survival(frame.to_dict(as_series=False), by="sex")["value"]
    assert fm.survival(frame, by="sex")["value"] == want
    assert fm.compute("retention.survival", frame, by="sex")["value"] == want
    spells = polars.DataFrame({"person_id": ["a", "a"], "start": [1, 5], "end": [3, None]})
    assert len(fm.Spells.from_frame(spells, as_of="1970-03-01")) == 2


@pytest.mark.parametrize("values, row", [
    ([1, 2**31, 3], 1), ([1, 2, -(2**40)], 2), (np.array([2**63 + 1, 1, 1], "uint64"), 0), ([1.0, 2.5, 3.0], 1),
    (pd.array([1, 2, 2**40], dtype="Int64"), 2)])
def test_numbers_that_do_not_fit_have_a_row(values, row):
    frame = {"time_days": values, "event": [1, 1, 1]}
    for call in (lambda: fm.survival(frame), lambda: fm.compute("retention.survival", frame),
                 lambda: fm.Tally("retention.survival").add(frame), lambda: fm.km(values, [1, 1, 1])):
        with pytest.raises(fm.Error, match=f"row {row}: a whole number of 32 bits is expected") as e:
            call()
        assert e.value.row == row and e.value.column in ("time_days", "time")
