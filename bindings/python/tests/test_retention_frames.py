import math
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import flexmetrics as fm

ORACLE = Path(__file__).resolve().parents[3] / "tests" / "oracle" / "retention"


def oracle(name):
    return pd.read_csv(ORACLE / f"{name}.csv")


@pytest.fixture(scope="module")
def placements():
    frame = oracle("in_placements")
    return frame.assign(note=[object()] * len(frame))  # a column that no table can hold and nobody asks for


def close(found, expected, rel=1e-12):
    assert len(found) == len(expected) > 0
    np.testing.assert_allclose(np.asarray(found, float), np.asarray(expected, float), rtol=rel, atol=1e-14)


def figures(table, quantity, **where):
    frame = table.to_pandas()
    rows = frame["quantity"] == quantity
    for column, value in where.items():
        rows &= frame[column].isna() if value is None else frame[column] == value
    return frame[rows]


@pytest.mark.parametrize("name, data, columns", [
    ("mvad_days", "in_mvad_days", dict()),
    ("romeo", "in_romeo", dict(time="time")),
    ("channing_by_male", "in_channing", dict(time="exit", entry="entry", by="male")),
    ("placements_weighted", "in_placements", dict(time="exit", entry="entry", event="left", weights="weight")),
])
def test_curves_are_those_of_r(name, data, columns):
    frame = oracle(data)
    if "entry" in columns and data == "in_channing":
        frame = frame[frame.entry < frame.exit]  # R drops them, too
    if columns.get("event") == "left":
        frame["left"] = frame["cause"] > 0
    found = fm.survival(frame, **columns)
    expected = oracle(f"km_{name}")
    expected = expected[(expected.n_event > 0) | (expected.n_censor > 0)]
    for group, rows in expected.groupby("group"):
        curve = figures(found, "survival", **({"male": str(group)} if "by" in columns else {}))
        assert curve["time_days"].tolist() == rows.time.tolist()
        close(curve["value"], rows.surv)
        some = rows.lo_loglog.notna().to_numpy() & (rows.surv > 0).to_numpy()
        close(curve["ci_low"][some], rows.lo_loglog[some], 1e-10)
        close(curve["std_error"][some], rows.se_surv[some])


def test_a_curve_by_hand():
    # 6 at risk: 5/6 after day 30, of 5 one leaves at 90 (one censored with it): 5/6 4/5, of 3 one at 120: 2/3 of that
    found = fm.survival({"d": [30, 90, 90, 120, 200, 200], "e": [1, 1, 0, 1, 0, 0]}, time="d", event="e")
    assert figures(found, "survival")["value"].tolist() == pytest.approx([5 / 6, 2 / 3, 4 / 9, 4 / 9])
    short = fm.survival({"d": [30, 90, 90, 120, 200, 200], "e": [1, 1, 0, 1, 0, 0]}, time="d", event="e", curve=False)
    assert set(short["quantity"]) == {"median", "quartile_1", "quartile_3"} and short.value("median") == 120


def test_exits_by_reason_are_those_of_cmprsk(placements):
    frame = oracle("in_unempdur")
    whole = fm.cumulative_incidence(frame, time="time")
    expected = oracle("cif_unempdur")
    expected = expected[(expected.case == "unempdur") & (expected.group == "all")]
    for cause, rows in expected.groupby("cause"):
        curve = figures(whole, "cumulative_incidence", cause=str(cause)).set_index("time_days")
        both = [t for t in rows.time if t in curve.index]
        rows = rows.set_index("time").loc[both]
        close(curve.loc[both, "value"], rows.cif)
        close(curve.loc[both, "std_error"] ** 2, rows.var_greenwood, 1e-10)
    words = frame.assign(cause=frame.cause.map({0: None, 1: "full_time", 2: "part_time", 3: "other"}),
                         months=frame.time.astype("float"))
    named = fm.cumulative_incidence(words, time="months", clock="months", times=[4, 8], curve=False)
    assert named.value("cumulative_incidence_at", cause="part_time", time_months=8) == whole.value(
        "cumulative_incidence", cause="2", time_days=8)
    by = fm.cumulative_incidence(frame, time="time", times=[8], by="ui", reference="0", cluster=None, curve=False)
    assert by.value("incidence_difference", cause="1", ui="1") == pytest.approx(
        by.value("cumulative_incidence_at", cause="1", ui="1") - by.value("cumulative_incidence_at", cause="1", ui="0"))


def test_gray_is_that_of_cmprsk():
    expected = oracle("gray")
    expected = expected[(expected.case == "unempdur_ui") & (expected.rho == 0)]
    found = fm.gray(oracle("in_unempdur"), time="time", by="ui")
    arrays = oracle("in_unempdur")
    test = fm.gray_test(arrays.time, arrays.cause, arrays.ui)
    for row in expected.itertuples():
        assert found.value("gray_statistic", cause=str(row.cause)) == pytest.approx(row.stat, rel=1e-9)
        assert found.value("gray_p_value", cause=str(row.cause)) == pytest.approx(row.p, rel=1e-7, abs=1e-15)
        assert test.statistic[test.causes.index(row.cause)] == pytest.approx(row.stat, rel=1e-9)
        assert test.df[test.causes.index(row.cause)] == row.df


def test_states_are_those_of_survfit():
    frame = oracle("in_multistate")
    frame["to"] = frame["to"].where(frame["to"] != "censored")
    expected = oracle("multistate_occupation")
    found = fm.states(frame, person="id", entry="start", time="stop", times=sorted(set(expected.time)))
    for row in expected.itertuples():
        assert found.value("occupation", time_days=row.time, to_state=row.state, from_state=None) == pytest.approx(
            row.p, rel=1e-10), row
    numbers = {"placed": 0, "unemployed": 1, **{s: i + 2 for i, s in enumerate(
        sorted(set(expected.state) - {"placed", "unemployed"}))}}
    coded = fm.states(frame.assign(**{"from": frame["from"].map(numbers), "to": frame["to"].map(numbers)}), person="id",
                      entry="start", time="stop", times=[13])
    assert coded.value("occupation", time_days=13, to_state="0", from_state=None) == found.value(
        "occupation", time_days=13, to_state="placed", from_state=None)


def test_words_for_still_going_on():
    jobs = {"time_days": [1, 2, 3, 4], "cause": ["left", "ongoing", "still in", "left"], "g": list("abab")}
    blank = {**jobs, "cause": ["left", None, None, "left"]}
    assert fm.cumulative_incidence(jobs, going_on=["ongoing", "still in"]).to_dict() == fm.cumulative_incidence(
        blank).to_dict()
    assert set(fm.gray(jobs, by="g", going_on="ongoing,still in")["cause"]) == {"left"}
    with pytest.raises(fm.Error, match='"gone" is no value of column cause, which has left, ongoing, still in'):
        fm.cumulative_incidence(jobs, going_on="gone")
    stays = {"person_id": [1, 2], "time_days": [5, 9], "from": ["job", "job"], "to": ["out", "ongoing"]}
    assert fm.states(stays, going_on="ongoing").to_dict() == fm.states({**stays, "to": ["out", None]}).to_dict()


def test_sequences_are_those_of_traminer():
    """Means over the people of each of whom TraMineR gives the figures; dates by months give the same."""
    wide = pd.read_csv(ORACLE.parents[2] / "examples" / "data" / "school-to-work" / "source" / "mvad_monthly.csv")
    rows = pd.DataFrame([(i, t, s) for i, row in enumerate(wide.states) for t, s in enumerate(row)],
                        columns=["who", "month", "in"])
    expected = oracle("mvad_sequences")
    found = fm.sequences(rows, person="who", period="month", state="in")
    for quantity, column in (("changes_of_state", "transitions"), ("history_entropy", "entropy"),
                             ("turbulence", "turbulence"), ("complexity", "complexity")):
        assert found.value(quantity) == pytest.approx(expected[column].mean(), rel=1e-12), quantity
    assert found.value("time_in_state", to_state="E") == pytest.approx(expected.months_E.mean(), rel=1e-12)
    rows["month"] = pd.to_datetime("1993-07-01") + rows["month"].map(lambda m: pd.DateOffset(months=m))
    dated = fm.sequences(rows, person="who", period="month", state="in", clock="months")
    assert dated.value("turbulence") == found.value("turbulence")
    with pytest.raises(TypeError, match="month: expected one dimension of numbers"):
        fm.sequences(rows, person="who", period="month", state="in")


def test_milestones_are_those_of_r():
    frame = oracle("in_mvad_status")
    frame["seen"] = frame.status.notna()
    expected = oracle("status_mvad")
    for row in expected.itertuples():
        found = fm.status(frame, horizon="horizon", in_rate="seen", cluster=row.cluster,
                          weights="weight" if row.weighted else None)
        assert found.value("rate", horizon_months=row.horizon) == pytest.approx(row.share, rel=1e-12)
        assert found.value("rate", "ci_low", horizon_months=row.horizon) == pytest.approx(row.low, rel=1e-10)
        assert found.value("rate", "people", horizon_months=row.horizon) == row.people or row.weighted


def test_definitions_stay_apart(data):
    frame = fm.Register.read(data / "demo-municipality").frame("status", definitions=["strict", "grace_4_weeks"],
                                                               as_of="2026-01-01")
    want = fm.compute("retention.status", frame, definition="strict,grace_4_weeks")
    assert fm.status(frame, definition="definition").to_json() == want.to_json()
    own = frame.to_pandas().rename(columns={"definition": "rule", "clock": "in", "horizon": "after"})
    found = fm.status(own, definition="rule", clock="in", horizon="after")
    assert found["value"] == want["value"] and set(found["definition"]) == {"strict", "grace_4_weeks"}
    with pytest.raises(fm.Error, match="no column horizon_months"):
        fm.status(frame)


FORMS = {
    "lists": lambda f: {name: [None if v != v else v for v in f[name].tolist()] for name in f},
    "arrays": lambda f: {name: f[name].to_numpy() for name in f},
    "floats": lambda f: f.astype({"time": float, "entry": float, "event": float}),
    "masked": lambda f: f.astype({"time": "Int64", "entry": "Int32", "event": "boolean"}),
    "bytes": lambda f: f.assign(event=f.event.astype("uint8"), time=f.time.astype("uint16")),
    "table": lambda f: fm.Table.from_pandas(f),
    "categories": lambda f: f.astype({"group": "category"}),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_columns_gives_the_same(placements, form):
    frame = pd.DataFrame({"time": placements.exit, "entry": placements.entry, "event": placements.cause == 1,
                          "cause": placements.cause, "w": placements.weight, "group": placements.group})
    given = FORMS[form](frame)
    one = dict(time="time", entry="entry", weights="w", by="group")
    assert fm.survival(given, **one).to_json() == fm.survival(frame, **one).to_json()
    assert fm.cumulative_incidence(given, **one).to_json() == fm.cumulative_incidence(frame, **one).to_json()


def test_polars_frames(placements):
    polars = pytest.importorskip("polars")
    columns = {"t": placements.exit.tolist(), "e": (placements.cause == 1).tolist(),
               "c": [{1: "a", 2: "b"}.get(c) for c in placements.cause], "g": placements.group.tolist()}
    frame = polars.DataFrame({**columns, "unread": [object()] * len(placements)})
    assert fm.survival(frame, time="t", event="e", by="g").to_json() == fm.survival(
        columns, time="t", event="e", by="g").to_json()
    assert fm.cumulative_incidence(frame, time="t", cause="c").to_json() == fm.cumulative_incidence(
        columns, time="t", cause="c").to_json()


def test_order_and_threads_change_no_bit(placements):
    frame = placements.drop(columns="note")
    one = dict(time="exit", entry="entry", weights="weight", by="group")
    want = fm.cumulative_incidence(frame, threads=1, **one).to_json()
    for threads in (2, 3, 8):
        mixed = frame.sample(frac=1, random_state=threads)
        assert fm.cumulative_incidence(mixed, threads=threads, **one).to_json() == want


def test_tallies_travel(placements):
    frame = pd.DataFrame({"time_days": placements.exit.astype("int32"), "event": placements.cause == 1,
                          "group": placements.group})
    parts = [pickle.loads(pickle.dumps(fm.Tally("retention.survival", by="group").add(frame.iloc[i::3])))
             for i in range(3)]
    merged = parts[2].merge(parts[0]).merge(parts[1]).result()
    assert merged.to_json() == fm.survival(frame, by="group").to_json()


def test_columns_in_the_librarys_form_are_lent():
    seen = []
    n = 500
    columns = {"t": np.arange(1, n + 1, dtype="int32"), "e": np.ones(n, bool), "w": np.ones(n)}
    fm.survival(columns, time="t", event="e", weights="w",
                progress=lambda done: seen.append(fm.core.outstanding_loans()))
    table = fm.frames.typed(columns, [], {"time_days": fm.frames.Wanted("t", "whole"),
                                          "event": fm.frames.Wanted("e", "flag"),
                                          "w": fm.frames.Wanted("w", "number")})
    assert [fm.core.table_address(table._handle, k) for k in range(3)] == [v.ctypes.data for v in columns.values()]
    assert fm.core.outstanding_loans() == 3


def test_a_frame_of_a_register_goes_through(data):
    register = fm.Register.read(data / "school-to-work")
    frame = register.frame("survival", by="target_group", as_of="1999-07-01")
    whole = register.survival(by="target_group", as_of="1999-07-01")
    assert fm.survival(frame, by="target_group").value("median", target_group="other_school") == whole.value(
        "median", target_group="other_school")
    renamed = fm.survival(frame, time="time_days", entry="entry_days", event="event", by="target_group")
    assert renamed.to_json() == fm.survival(frame, by="target_group").to_json()


@pytest.mark.parametrize("columns, arguments, row, column, words", [
    ({"t": [1, -2], "event": [1, 1]}, dict(time="t"), 1, "t", "row 1"),
    ({"t": [1.0, 2.5], "event": [1, 1]}, dict(time="t"), 1, "t", "a whole number of 32 bits is expected"),
    ({"t": np.array([1, 2**40]), "event": [1, 1]}, dict(time="t"), 1, "t", "a whole number of 32 bits"),
    ({"t": [1, 2, None], "event": [1, 1, 0]}, dict(time="t"), 2, "t", "column t, row 2: a value is expected"),
    ({"t": ["a", "b"], "event": [1, 1]}, dict(time="t"), 0, "t", "a whole number"),
    ({"t": [1, 2], "e": [1, 2]}, dict(time="t", event="e"), 1, "e", "true or false, 1 or 0"),
    ({"t": [1, 2], "e": np.array([0.5, 1.0])}, dict(time="t", event="e"), 0, "e", "true or false, 1 or 0"),
    ({"t": [1, 2], "event": [1, 1], "in": [0, 2]}, dict(time="t", entry="in"), 1, "in", "row 1"),
    ({"t": [1, 2], "event": [1, 1], "w": [1.0, -1.0]}, dict(time="t", weights="w"), 1, "w", "weight"),
    ({"t": [1, 2], "event": [1, 1], "w": [1.0, math.nan]}, dict(time="t", weights="w"), 1, "w", "w"),
    ({"event": [1, 1]}, dict(time="t"), None, "t", "no column t; there are event"),
    ({"t": [1, 2], "event": [1, 1]}, dict(time="t", by="g"), None, "g", "no column g"),
])
def test_errors_have_a_place(columns, arguments, row, column, words):
    with pytest.raises(fm.Error, match=words) as e:
        fm.survival(columns, **arguments)
    assert e.value.row == row and e.value.column == column


def test_refusals():
    frame = {"time_days": [1, 2], "event": [1, 0], "cause": ["a", None]}
    for call, error, words in [
        (lambda: fm.survival(5), TypeError, "frame: expected a Table"),
        (lambda: fm.survival(frame, conf_type="wide"), ValueError, "conf_type: expected one of plain"),
        (lambda: fm.cumulative_incidence(frame, clock="years"), ValueError, "clock: expected one of days"),
        (lambda: fm.cumulative_incidence(frame, variance="big"), ValueError, "variance: expected one of greenwood"),
        (lambda: fm.cumulative_incidence(frame, variance="aalen", weights="time_days"), fm.Error, "weight"),
        (lambda: fm.survival(frame, level=2), fm.Error, "level"),
        (lambda: fm.survival({**frame, "event": "yes"}), TypeError, "event: expected a column"),
    ]:
        with pytest.raises(error, match=words):
            call()


def test_nobody_is_a_state_and_no_number():
    none = fm.survival({"time_days": [], "event": []})
    assert set(none["state"]) <= {"empty"}
    assert not any(v == 0 for v, unit in zip(none["value"], none["unit"]) if unit == "share")


def test_groups_compared_are_those_of_survdiff():
    frame, expected = oracle("in_unempdur").assign(left=lambda f: f.cause > 0), oracle("tests")
    expected = expected[(expected.case == "unempdur_ui") & (expected.stratified == 0)]
    found = fm.logrank(frame, time="time", event="left", group="ui", tests=["logrank", "fh(1:0)", "gehan"])
    plain = expected[expected.test == "logrank"].iloc[0]
    assert found.value("chi_square", test="logrank") == pytest.approx(plain.chisq, rel=1e-10)
    assert found.value("p_value", test="logrank") == pytest.approx(plain.p, rel=1e-7)
    peto = expected[expected.test == "peto_fh_rho1"].iloc[0]
    assert found.value("chi_square", test="fh(1:0)") == pytest.approx(peto.chisq, rel=1e-10)
    assert set(found["test"]) == {"logrank", "fh(1:0)", "gehan"}
    with pytest.raises(fm.Error, match="test"):
        fm.logrank(frame, time="time", event="left", group="ui", tests="wilcox")


def test_mean_times_and_differences():
    frame = oracle("in_unempdur").assign(left=lambda f: f.cause > 0)
    expected = oracle("rmst")
    expected = expected[(expected.case == "unempdur") & (expected.group == "all")]
    found = fm.survival(frame, time="time", event="left", taus=expected.tau.tolist(), curve=False)
    for row in expected.itertuples():
        assert found.value("rmst", time_days=row.tau) == pytest.approx(row.rmst, rel=1e-12)
        assert found.value("rmst", "std_error", time_days=row.tau) == pytest.approx(row.se, rel=1e-9)
    by = fm.survival(frame, time="time", event="left", by="ui", times=6, taus=6, reference="0", curve=False)
    for quantity, of in (("survival_difference", "survival_at"), ("rmst_difference", "rmst")):
        assert by.value(quantity, ui="1") == pytest.approx(by.value(of, ui="1") - by.value(of, ui="0"), rel=1e-12)


@pytest.mark.parametrize("case, model, columns, given", [
    ("romeo", "main", dict(time="time"), dict(covariates=["female", "white", "pubemp"])),
    ("channing", "male", dict(time="exit", entry="entry"), dict(covariates="male")),
    ("placements", "aftercare_timevarying", dict(time="exit", entry="entry", event="left"),
     dict(covariates=["female", "age"], dated=["aftercare"])),
    ("placements", "aftercare_timevarying", dict(time="exit", entry="entry", event="left"),
     dict(covariates=["female", "age"], dated={"aftercare": "began"})),
])
def test_hazard_ratios_are_those_of_coxph(case, model, columns, given):
    frame, expected = oracle(f"in_{case}"), oracle("cox_coef")
    if case == "placements":
        frame = frame.assign(left=frame.cause > 0, began=frame.aftercare, aftercare_days=frame.aftercare)
    elif case == "channing":
        frame = frame[frame.entry < frame.exit]
    expected = expected[(expected.case == case) & (expected.model == model)]
    assert len(expected) >= 2
    for row in expected.itertuples():
        found = fm.cox(frame, **columns, **given, ties=row.ties)
        assert found.value("coefficient", term=row.term) == pytest.approx(row.coef, rel=1e-7)
        assert found.value("coefficient", "std_error", term=row.term) == pytest.approx(row.se, rel=1e-7)
        assert found.value("hazard_ratio", term=row.term) == pytest.approx(row.hazard_ratio, rel=1e-7)


def test_what_begins_on_a_date_counts_from_then():
    frame = pd.DataFrame({"days": [10, 20, 30, 40, 50, 60, 25, 35], "left": [1, 1, 1, 0, 1, 1, 1, 0],
                          "from": [5, None, 12, None, 30, 45, None, 20], "sex": list("fmfmfmfm")})
    model = fm.cox(frame, time="days", event="left", covariates=["sex:f"], dated={"aftercare": "from"})
    terms = {t for t in model["term"] if t}
    assert len(terms) == 2 and any("aftercare" in t for t in terms)
    with pytest.raises(fm.Error, match="immortal|stays longer|accepted"):
        fm.cox(frame, time="days", event="left", ever={"aftercare": "from"})
    taken = fm.cox(frame, time="days", event="left", ever={"aftercare": "from"}, accepted="aftercare",
                   covariates="sex:f", profiles=[{"sex": "f"}, {"sex": "m"}])
    assert taken.notes.get("immortal_time") and len({p for p in taken["profile"] if p}) == 2
    assert taken.value("events") == 6
