"""The economy of jobs from frames: the worked examples of docs/methods/economy*.md, and what is refused."""
from datetime import date

import pytest

import flexmetrics as fm


def test_reimbursement_with_weeks_before():
    weeks = {"person_id": ["a"], "start": [date(2023, 1, 2)], "end": [date(2023, 10, 8)], "amount": [3000.0],
             "weeks_before": [20]}
    split = fm.reimbursement(weeks, as_of="2024-01-01")
    assert split.value("weeks", step=None) == 40
    assert split.value("state", step=None) == 35400
    assert split.value("municipality", step=None) == 84600


def test_fleksloentilskud_of_a_year_without_rates():
    with pytest.raises(fm.Error, match="2025"):
        fm.fleksloentilskud({"person_id": ["a"], "month": [date(2025, 3, 1)], "wage": [9000.0]})


def test_net_result_of_a_fleksjob():
    job = {"person_id": ["a"], "start": [date(2024, 1, 1)], "end": [date(2024, 12, 31)], "before": [18120.0],
           "after": [17252.0], "wage": [9000.0]}
    gross = fm.net_result(job, state_share=0.2, schedule="none", as_of="2025-01-01")
    pay = {row["payer"]: row["value"] for row in gross.to_pandas().to_dict("records")
           if row["case"] == "gross" and row["quantity"] == "result" and row["period_start"] is not None}
    assert pay["municipality"] == pytest.approx(8332.80, abs=1e-9)
    assert pay["state"] == pytest.approx(2083.20, abs=1e-9)


def test_social_return_map():
    outcomes = {"outcome": ["work"], "quantity": [10.0], "value": [1000.0], "deadweight": [0.25],
                "displacement": [0.0], "attribution": [0.2], "drop_off": [0.5], "years": [2]}
    shown = fm.social_return(outcomes, inputs=[8000], rate=0)
    assert shown.value("ratio", case=None) == 1.125
    assert shown.value("break_even") == pytest.approx(1 - 8000 / 12000, rel=1e-12)
    with pytest.raises(fm.Error, match="inputs"):
        fm.social_return(outcomes, inputs=[])


def test_contracts_of_frame_and_register():
    register = fm.Register.read(fm_data("demo-municipality"))
    by_hand = fm.contracts(register.frame("contracts", as_of="2026-01-01"), quota=0.06)
    assert by_hand.value("expected_fte_years") == register.contracts(quota=0.06, as_of="2026-01-01").value(
        "expected_fte_years")


def test_net_result_of_frame_and_register():
    register = fm.Register.read(fm_data("demo-municipality"))
    jobs = register.frame("net_result", as_of="2026-01-01")
    by_hand = fm.net_result(jobs, deadweight=0.3, as_of="2026-01-01")
    ours = register.net_result(deadweight=0.3, as_of="2026-01-01")
    some = dict(payer="municipality", case="net")
    assert by_hand.value("per_placement", **some) == ours.value("per_placement", **some)
    rows, placed = jobs.to_pandas(), register.table("placements").to_pandas()
    paid = placed[placed.kind != "internship"]
    assert sorted(rows.wage) == pytest.approx(sorted(paid.hours_per_week * paid.hourly_wage * 52 / 12), rel=1e-12)
    bare = fm.Register.from_frames(persons={"person_id": ["a"]})
    with pytest.raises(fm.Error, match="needs the table placements"):
        bare.net_result(as_of="2026-01-01")


def test_reimbursement_and_subsidy_of_frame_and_register():
    register = fm.Register.read(fm_data("demo-municipality"))
    spells = register.frame("reimbursement", as_of="2026-01-01")
    by_hand, ours = fm.reimbursement(spells, as_of="2026-01-01"), register.reimbursement(as_of="2026-01-01")
    assert by_hand.value("amount", step=None) == ours.value("amount", step=None)
    rows = register.table("spells").to_pandas()
    assert len(spells.to_pandas()) == (rows.state != "employment").sum()
    months = register.frame("fleksloentilskud", as_of="2025-01-01")
    ours = register.fleksloentilskud(as_of="2025-01-01")
    assert fm.fleksloentilskud(months).value("subsidy") == ours.value("subsidy")
    with pytest.raises(fm.Error, match="2025"):
        register.fleksloentilskud(as_of="2026-01-01")
    bare = fm.Register.from_frames(persons={"person_id": ["a"]})
    with pytest.raises(fm.Error, match="needs the table spells"):
        bare.reimbursement(as_of="2026-01-01")
    with pytest.raises(fm.Error, match="needs the table placements"):
        bare.fleksloentilskud(as_of="2026-01-01")


def test_social_return_of_frame_and_register():
    register = fm.Register.read(fm_data("demo-municipality"))
    by_hand = fm.social_return(register.frame("outcomes"), inputs=[7000000, 7250000])
    ours = register.social_return(inputs="7000000,7250000")
    assert by_hand.value("ratio", case=None) == ours.value("ratio", case=None)
    with pytest.raises(fm.Error, match="needs the table outcomes"):
        fm.Register.from_frames(persons={"person_id": ["a"]}).social_return(inputs="100")


def fm_data(name):
    from pathlib import Path
    return Path(__file__).parents[3] / "examples" / "data" / name


def test_places_at_a_host():
    assert [fm.host_capacity(n) for n in (0, 4, 14, 24, 50, 63)] == [1, 1, 2, 4, 10, 11]
    with pytest.raises(fm.Error, match="employees: expected at least 0; found -1"):
        fm.host_capacity(-1)


def test_rates_are_of_their_year_or_an_error():
    assert fm.benefit_rate("ledighedsydelse_max", date(2024, 1, 1)) == 18120
    with pytest.raises(fm.Error, match="2030"):
        fm.benefit_rate("ledighedsydelse_max", "2030-01-01")
    with pytest.raises(fm.Error, match="no row"):
        fm.benefit_rate("bread", "2024-01-01")


def test_discount_factors_are_chained():
    # 3.5 per cent for years 1 to 35, 2.5 from 36 on
    factors = fm.discount_factors(37, "2024-01-01")
    assert factors[0] == 1 and factors[35] == pytest.approx(1.035 ** -35, rel=1e-13)
    assert factors[36] == pytest.approx(1.035 ** -35 / 1.025, rel=1e-13)
    assert fm.discount_factors(0, "2024-01-01") == []
    with pytest.raises(fm.Error, match="own"):
        fm.discount_factors(2, "2024-01-01", "own")


def test_unit_costs():
    costs = fm.unit_costs(2_500_000, served=212, exited=180, in_work=96, sustained=0, counterfactual=0.38)
    assert costs.per_additional_job == pytest.approx(2_500_000 / (96 - 68.4), rel=1e-12)
    assert costs.per_sustained_job is None
    with pytest.raises(fm.Error, match="no more exits"):
        fm.unit_costs(1, served=1, exited=2, in_work=0, sustained=0)


def test_budget_by_payer_and_year():
    # 10 people, 1,000 each in year 0; 0.5 against 0.3; worth 3,000 and 1,000 in years 1 and 2; z x 0.1 x 80,000
    saved = {"municipality": [0, 3000, 3000], "state": [0, 1000, 1000]}
    found = fm.budget([1000, 0, 0], saved, participants=10, success=0.5, without=0.3, std_error=0.1)
    assert found.by_payer == {"municipality": pytest.approx(12000), "state": pytest.approx(4000)}
    assert found.cumulated == pytest.approx([-10000, -2000, 6000])
    assert found.net_high - found.net == pytest.approx(1.959963984540054 * 0.1 * 80000, rel=1e-12)
    none = fm.budget([1000], {"state": [0]}, participants=10, success=0.3, without=0.3)
    assert none.cost_per_success is None and none.break_even is None and none.net_low is None
    with pytest.raises(ValueError, match="state: expected a number for each of 2 years"):
        fm.budget([1000, 0], {"state": [0]}, participants=10, success=0.3, without=0.3)
    with pytest.raises(fm.Error, match="expected shares"):
        fm.budget([1000], {"state": [0]}, participants=10, success=30, without=0.3)
