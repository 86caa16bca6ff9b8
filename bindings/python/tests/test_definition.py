import pickle
from pathlib import Path

import pandas as pd
import pytest

import flexmetrics as fm

PROJECT = Path(__file__).resolve().parents[3]


def test_the_list_has_every_built_in_definition():
    rows = pd.read_csv(PROJECT / "data" / "retention_definitions.csv", dtype=str)
    assert fm.definitions()["code"] == rows.code.tolist()
    for row in rows.to_dict("records"):
        one, named = fm.Definition.from_row(row), fm.Definition.named(row["code"])
        assert one == named and hash(one) == hash(named) and pickle.loads(pickle.dumps(one)) == one
        assert one.horizons == [int(h) for h in row["horizons"].split(",")]
        assert (one.rule, one.clock, one.index) == (row["rule"], row["clock"], row["index"])
        assert row["code"] in repr(one)
    assert fm.Definition.named("jobindsats_status").name == "danish_status"  # by its alias


def test_fields_are_those_of_the_row():
    own = fm.Definition("own", success=["work=yes", "!subsidised=yes"], rule="k_of_n", clock="calendar_months",
                        horizons=6, needed=5, periods="every_day", first_month=10, leaves="ends=education",
                        hours_least=18.5, subsidised=False, grace="grace=yes", grace_days=28, index="exit")
    fields = own.fields
    assert fields["success"] == "work=yes !subsidised=yes" and fields["hours_least"] == 18.5
    assert (fields["needed"], fields["whole_periods"], fields["first_month"], fields["subsidised"]) == (5, 1, 10, 0)
    assert fields["barring"] is None and fields["grace_days"] == 28 and own.horizons == [6]
    plain = own.but(rule="point", name="plain")
    assert plain.name == "plain" and plain.fields["needed"] == 0 and plain.fields["first_month"] == 10
    assert own.but(rule="continuous", clock="weeks").fields["first_month"] == 0
    run = fm.Definition("run", rule="continuous", episode="any", needed=26, clock="weeks", horizons=52)
    assert run.row["episode"] == "any" and run.but(rule="continuous").fields["needed"] == 26
    assert run.but(rule="point").fields["needed"] == 0 and run.but(rule="cumulative").fields["needed"] == 26
    assert fm.Definition.named("any_26_weeks").row["episode"] == "any"
    course = fm.Definition.named("danish_status")
    assert course.but(index="work").fields["course"] is None and course.but(horizons="2").horizons == [2]
    assert own != "own"


def test_incomes_by_month():
    paid = fm.Definition("paid", income_period="month", income_least=9500.5)
    assert (paid.fields["income_least"], paid.fields["income_period"]) == (9500.5, 1)
    assert paid.row["income_least"] == "9500.5" and fm.Definition("plain").fields["income_period"] == 0
    assert paid.but(income_period="quarter").fields["income_least"] == 9500.5
    assert paid.but(income_period=None).fields["income_least"] == 0
    assert fm.Definition.named("blank_week_income").row["income_period"] == "week_month"
    with pytest.raises(fm.Error, match="income_least needs income_period"):
        fm.Definition("own", income_least=1)
    with pytest.raises(fm.Error, match="expected one of none, month, week_month, quarter"):
        fm.Definition("own", income_period="year")
    work = fm.Histories([1], ["2025-01-01"], [None], ["employment"], as_of="2026-01-01")
    units = {"person_id": [1], "index": ["2025-01-01"]}
    with pytest.raises(ValueError, match="definition paid: it asks for incomes by month, which histories do not have"):
        work.outcomes(units, paid)
    assert work.outcomes(units, paid.but(income_period=None), horizons=[3])["status"] == [True]


def test_a_register_with_incomes_by_month(tmp_path):
    files = {"persons": "person_id\nA\nB\n", "placements": "placement_id,person_id,kind,start,end\n"
             "1,A,ordinary,2024-01-01,\n", "incomes": "person_id,period,income\n"
             "A,2024,30\nA,2024.25,40\nB,2024.3333,1\n"}
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text)
    (tmp_path / "codes").mkdir()
    own = fm.definition_list(fm.Definition("paid", income_period="month", horizons=[1, 3, 5]))
    own.to_pandas().to_csv(tmp_path / "codes" / "retention_definition.csv", index=False)
    (tmp_path / "datapackage.json").write_text('{"name": "paid", "codes": "codes", "income_period_months": 1}')
    register = fm.Register.read(tmp_path)
    frame = register.frame("status", definitions="paid", as_of="2025-01-01")
    # 1 February is not paid, 1 April is, of June nothing is known
    assert list(zip(frame["horizon"], frame["status"])) == [(1, False), (3, True), (5, None)]
    assert frame.notes["incomes_to"] == "2024-05-31"


def test_what_states_count_as():
    states = fm.Definition.named("grace_4_weeks").states().to_pandas()
    lists = {name: fm.codes(name) for name in ("benefit_state", "placement_kind")}
    assert len(states) == sum(len(codes) for codes in lists.values()) + 1
    of = {(row.list, row.code): row.counts_as for row in states.itertuples()}
    assert of["benefit_state", "employment"] == "counts" and of["placement_kind", "internship"] == "ignored"
    work = dict(zip(lists["benefit_state"]["code"], lists["benefit_state"]["work"]))
    grace = dict(zip(lists["benefit_state"]["code"], lists["benefit_state"]["grace"]))
    for (name, code), counts in of.items():
        if name == "benefit_state" and counts == "counts":
            assert work[code] == "yes"
        if name == "benefit_state" and counts == "grace":
            assert grace[code] == "yes"
    none = fm.Definition.named("non_benefit").states()
    assert none["code"][-1] == "(none)" and none["counts_as"][-1] == "counts"
    own = {"code": ["at_work", "away"], "work": ["yes", "no"]}
    mine = fm.Definition("mine").states(states=own)
    assert mine["counts_as"][:2] == ["counts", "other"] and mine["label_en"][0] is None


def test_words_name_states():
    work = fm.states_named("work=yes")
    assert "employment" in work and "unemployment" not in work
    assert set(fm.states_named(["work=yes", "!self_employment"])) == set(work) - {"self_employment"}
    assert fm.states_named("ill=yes", own={"code": ["a", "b"], "ill": ["yes", "no"], "work": ["no", "no"]}) == ["a"]


def test_own_lists_and_a_register(tmp_path):
    own = fm.Definition("half_year", horizons=[6], gap_days=7)
    table = fm.definition_list(["strict", own])
    assert table["code"] == ["strict", "half_year"] and table["gap_days"] == [None, "7"]
    assert fm.Definition.named("half_year", list=table) == own and fm.Definition.named("wioa_q2", list=table)
    codes = tmp_path / "codes"
    codes.mkdir()
    table.to_pandas().to_csv(codes / "retention_definition.csv", index=False)
    assert fm.Definition.named("half_year", list=codes / "retention_definition.csv") == own
    folder = PROJECT / "examples" / "data" / "demo-municipality"
    found = fm.Register.read(folder, codes=codes).status(definition=["half_year", "strict"])
    assert set(found["definition"]) == {"half_year", "strict"}
    assert {h for d, h in zip(found["definition"], found["horizon"]) if d == "half_year"} == {6}


@pytest.mark.parametrize("call, words", [
    (lambda: fm.Definition("x", rule="often"), "rule is \"often\", expected one of point"),
    (lambda: fm.Definition("x", rule="k_of_n"), "need needed"),
    (lambda: fm.Definition("x", grace="grace=yes"), "grace and grace_days go together"),
    (lambda: fm.Definition("x", horizons=[3, 3]), "horizons is \"3,3\""),
    (lambda: fm.Definition("x", gap_days=-1), "gap_days is \"-1\", expected a number from 0"),
    (lambda: fm.Definition("x", hours_least=200), "hours_least"),
    (lambda: fm.Definition("x", success=None), "success"),
    (lambda: fm.Definition.named("strictest"), "there is no definition \"strictest\"; there are strict, "),
    (lambda: fm.states_named("work=maybe"), "no code list has \"work=maybe\""),
    (lambda: fm.states_named("x", "no_list"), "no_list"),
    (lambda: fm.Definition("x", success="paid").states(), "no code list has \"paid\""),
    (lambda: fm.Definition("x").states(states={"code": ["a"], "work": ["perhaps"]}), "expected one of yes.no"),
])
def test_errors_say_what_is_wrong(call, words):
    with pytest.raises(fm.Error, match=words.replace("(", r"\(")) as e:
        call()
    assert "FM_" not in str(e.value) and "fm_" not in str(e.value)


def test_fields_that_are_none():
    for call in (lambda: fm.Definition.from_row({"code": "x", "succes": "work=yes"}),
                 lambda: fm.Definition("x").but(horizon=3)):
        with pytest.raises(TypeError, match="has no field 'succes|has no field 'horizon'"):
            call()
    with pytest.raises(ValueError, match="named twice"):
        fm.definition_list(["strict", "strict"])
