import json
import pickle
import threading
import time

import numpy as np
import pandas as pd
import pytest

import flexmetrics as fm


def test_the_public_goal(data):
    register = fm.Register.read(data / "fredericia")
    result = register.track(as_of="2019-04-01")
    assert result.value("projection") == pytest.approx(50 / 90 * 365, rel=1e-14)
    assert result.value("projection", "ci_low") == 159 and result.value("projection", "ci_high") == 257
    assert result.value("probability") == pytest.approx(0.95813243137345727, rel=1e-10)
    assert result.value("employers", "state") == "not_given" and result.value("employers") is None
    assert register.data_end.isoformat() == "2019-04-01"


def test_frames_and_files_agree(data):
    folder = data / "demo-municipality"
    read = fm.Register.read(folder)
    frames = {name: pd.read_csv(folder / f"{name}.csv", dtype={"person_id": str}) for name in
              ("persons", "group_spells", "spells", "employers", "placements")}
    made = fm.Register.from_frames(**frames)
    for measure in ("people", "placements", "status", "survival"):
        a = getattr(read, measure)(by="target_group", as_of="2026-01-01")
        b = getattr(made, measure)(by="target_group", as_of="2026-01-01")
        assert a.to_json() == b.to_json(), measure


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_change_nothing(data, threads):
    register = fm.Register.read(data / "school-to-work", threads=threads)
    one = fm.Register.read(data / "school-to-work", threads=1)
    for id in fm.indicators()["id"]:
        others = ("table", "initiatives", "participants", "journeys", "supports",
                  "support_status", "progress")  # which these data have none of
        if id.startswith(("programme", "retention")) and fm.describe(id)["frame"] not in others:
            options = {"covariates": "target_group:other_school"} if id in ("retention.cox",
                                                                                  "retention.fine_gray") else {}
            assert register.compute(id, threads=threads, **options).to_json() == one.compute(
                id, threads=1, **options).to_json()


def test_every_measure_on_a_bare_frame(data):
    two = dict(group="education", reference="basic", compared="vocational")
    options = {"economy.social_return": {"inputs": "7000000"},
               "income.gap": two, "income.dominance": two, "income.decomposition": {"group": "education"},
               "retention.cox": {"covariates": "age"}, "retention.fine_gray": {"covariates": "age"}}
    by = {id: [next(iter(used.values()))] for id, used in options.items() if id != "economy.social_return"}
    register = fm.Register.read(data / "demo-municipality")
    days = {"economy.fleksloentilskud": "2025-01-01"}  # 2025 has no threshold
    for id in fm.indicators()["id"]:
        if fm.describe(id)["frame"] == "table":
            continue
        frame = register.frame(fm.describe(id)["frame"], as_of=days.get(id, "2026-01-01"), by=by.get(id, ()))
        assert len(fm.compute(id, frame, as_of="2026-01-01", **options.get(id, {}))) > 0
        assert len(fm.compute(id, frame.to_pandas(), as_of="2026-01-01", **options.get(id, {}))) > 0


def test_a_table_of_its_own(data):
    frame = pd.DataFrame({"people": [3.0, 5, 7, 6, 4], "income": [1.7, 2.9, 3.6, 4.4, 6.3]})
    figures = fm.compute("income.grouped", frame, input="means", lines="3").to_pandas()
    value = dict(zip(figures["quantity"], figures["value"]))
    assert abs(value["mean"] - 96.4 / 25) < 1e-12 and 0.2 < value["gini"] < 0.25 and value["headcount"] > 0
    with pytest.raises(fm.Error, match="a table of its own, not from a register"):
        fm.Register.read(data / "demo-municipality").compute("income.grouped")


def test_bad_data_are_all_listed():
    persons = pd.DataFrame({"person_id": ["a", "b", "b"], "weight": [-2.0, 1.0, 1.0]})
    with pytest.raises(fm.DataError) as e:
        fm.Register.from_frames(persons=persons)
    assert isinstance(e.value, ValueError) and e.value.status == "FM_ERR_DATA"
    problems = e.value.problems.to_pandas()
    assert set(problems["code"]) >= {"FM-R01"} and len(problems) == 2
    assert problems["value"].isna()[problems["column"] == "person_id"].all()
    kept = fm.Register.from_frames(persons=persons, skip_bad=True)
    assert len(kept.problems) == 2


def test_errors_have_a_place():
    with pytest.raises(fm.Error) as e:
        fm.compute("programme.people", {"person_id": ["a", None], "began": [True, False]})
    assert e.value.row == 1 and e.value.column == "person_id" and e.value.status == "FM_ERR_VALUE"
    with pytest.raises(fm.Error, match="no indicator"):
        fm.compute("programme.nothing", {"x": [1]})
    with pytest.raises(fm.Error, match="has no option"):
        fm.compute("programme.people", {"person_id": ["a"], "began": [True]}, colour="red")
    with pytest.raises(fm.Error) as e:
        fm.Register.read("no-such-folder")
    assert e.value.status == "FM_ERR_NOT_FOUND"
    with pytest.raises(ValueError, match="expected a date"):
        fm.compute("programme.people", {"person_id": ["a"], "began": [True]}, as_of="1 May")
    with pytest.raises(fm.Error, match="no indicator"):
        fm.describe("nothing")


def test_tallies_merge_and_travel():
    frame = pd.DataFrame({"person_id": [f"p{i % 70}" for i in range(100)], "began": [i % 3 == 0 for i in range(100)],
                          "group": [f"g{i % 4}" for i in range(100)]})
    whole = fm.compute("programme.people", frame, by="group").to_json()
    parts = [fm.Tally("programme.people", by="group").add(frame.iloc[i::3]) for i in range(3)]
    merged = pickle.loads(pickle.dumps(parts[2])).merge(parts[0]).merge(parts[1])
    assert merged.result().to_json() == whole
    again = fm.Tally("programme.people", by="group").load(merged.to_bytes())
    assert again.to_bytes() == merged.to_bytes()
    with pytest.raises(fm.Error) as e:
        fm.Tally("programme.people").load(merged.to_bytes())
    assert e.value.status == "FM_ERR_MISMATCH"
    with pytest.raises(fm.Error):
        fm.Tally("programme.people", by="group").load(merged.to_bytes()[:-1])


def test_bottom():
    x, w = np.array([1.0, 2.0, 3.0, 4.0, 10.0]), np.array([1.0, 1.0, 1.0, 1.0, 1.0])
    assert fm.bottom(x) == fm.bottom(x, w) == (1.5, 3 / 20, 2.0)
    assert fm.bottom([1, 2, 3, 4, 10]) == fm.bottom(pd.Series(x))
    assert np.isnan(fm.bottom([]).mean)
    with pytest.raises(fm.Error) as e:
        fm.bottom([1.0, float("nan")])
    assert e.value.row == 1
    with pytest.raises(TypeError, match="x: expected"):
        fm.bottom(np.array(["1", "2"]))
    with pytest.raises(ValueError, match="2 for 3"):
        fm.bottom([1.0, 2.0, 3.0], [1.0, 1.0])


def test_reports_hide_and_speak(data):
    report = fm.Register.read(data / "demo-municipality").report(as_of="2026-01-01")
    figures = report.to_pandas()
    hidden = figures[figures["state"] == "suppressed"]
    assert hidden[["value", "n", "people"]].isna().all().all()
    assert "31 December 2025" in report.text("en") and "31. december 2025" in report.text("da")
    assert json.loads(report.to_json())["rows"]
    assert "full-time jobs" in report.statement() and "Andel af medarbejderne" in report.statement("da")
    assert "(retention.status)" in report.definitions() and "Kilde: " in report.definitions("da")
    with pytest.raises(fm.Error):
        report.statement("sv")
    with pytest.raises(fm.Error):
        report.definitions("sv")
    assert "<pre>" in report._repr_html_() and str(report) == report.text()


def test_progress_can_cancel(data):
    calls = []
    with pytest.raises(fm.Error) as e:
        fm.Register.read(data / "demo-municipality", progress=lambda done: calls.append(done) or False)
    assert e.value.status == "FM_ERR_CANCELLED" and calls

    def explode(done):
        raise RuntimeError("stop here")

    with pytest.raises(RuntimeError, match="stop here"):
        fm.Register.read(data / "demo-municipality", progress=explode)


def test_the_interpreter_runs_on_during_a_long_call():
    x = np.random.default_rng(1).lognormal(12, 1, 6_000_000)
    steps, stop = [], threading.Event()

    def step():
        while not stop.is_set():
            steps.append(1)
            time.sleep(0.001)

    other = threading.Thread(target=step)
    other.start()
    begun = time.perf_counter()
    try:
        while time.perf_counter() - begun < 0.3:
            fm.bottom(x, threads=1)
    finally:
        stop.set()
        other.join()
    assert len(steps) > 20


def test_catalogue():
    assert set(fm.indicators()["id"]) == {"programme.people", "programme.placements",
                                          "programme.employers", "programme.steps",
                                          "programme.offers", "programme.jobs",
                                          "retention.status",
                                          "programme.initiatives", "programme.decisions", "programme.journeys",
                                          "programme.support", "programme.support_retention",
                                          "retention.survival", "retention.cumulative_incidence", "retention.gray",
                                          "retention.fine_gray",
                                          "retention.states", "retention.logrank", "retention.cox",
                                          "retention.discrete_hazard", "retention.transitions", "retention.sequences",
                                          "retention.weeks", "retention.hours", "retention.unemployment",
                                          "target.track", "income.bottom40",
                                          "income.grouped", "income.distribution", "income.change",
                                          "income.incidence", "income.mobility", "income.gap", "income.decomposition",
                                          "income.dominance", "sdg.totals", "sdg.redistribution",
                                          "sdg.contribution",
                                          "parity.rates", "target.charts", "target.compare", "labour.rates",
                                          "parity.means", "parity.decomposition", "programme.progress",
                                          "economy.contracts", "economy.reimbursement", "economy.fleksloentilskud",
                                          "economy.net_result", "economy.social_return",
                                          *("labour." + name for name in fm.labour_indicators()["name"])}
    about = fm.describe("retention.status", lang="da")
    assert about["name"] == "I arbejde ved milepæle"
    assert [o["name"] for o in about["options"]] == ["index", "horizons", "employer", "gap_days", "definition",
                                                      "start", "rule", "clock", "cluster"]
    assert "fleksjob" in fm.codes("placement_kind")["code"]
    assert "placements" in fm.schema()["table"]
