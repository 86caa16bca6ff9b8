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


def fm_data(name):
    from pathlib import Path
    return Path(__file__).parents[3] / "examples" / "data" / name
