"""Groups that become one before anything is counted, and code lists of one's own for a bare table."""
from datetime import date

import pytest

import flexmetrics as fm

MONTH = {"person_id": ["a"], "month": [date(2031, 3, 1)], "wage": [9000.0], "full_time_wage": [33000.0]}
RATES = {"code": ["fleksloentilskud"], "valid_from": [date(2031, 1, 1)], "valid_to": [date(2031, 12, 31)],
         "label_en": ["subsidy"], "label_da": ["tilskud"], "max_subsidy": [20000], "threshold": [17000],
         "rate_below": [0.30], "rate_above": [0.55], "source": ["our own"]}
MERGES = ("refugee,cash_benefit=newcomers", {"newcomers": ["refugee", "cash_benefit"]})


@pytest.fixture
def register(data):
    return fm.Register.read(data / "demo-municipality")


@pytest.mark.parametrize("merge", MERGES)
def test_a_person_in_both_groups_counts_once(register, merge):
    apart = register.people(by="target_group")
    assert apart.value("people", target_group="cash_benefit") == 143
    assert apart.value("people", target_group="refugee") == 81
    merged = register.people(by="target_group", merge=merge)
    assert merged.value("people", target_group="newcomers") == 200  # 24 are in both
    assert merged.notes["merged"] == "newcomers: refugee, cash_benefit"
    report = register.report(as_of="2026-01-01", merge=merge)
    assert report.table.value("people", indicator="programme.people", target_group="newcomers") == 200
    assert "newcomers" in str(report).lower()
    frame = register.frame("people", by="target_group", merge=merge)
    assert "newcomers" in frame["target_group"] and "refugee" not in frame["target_group"]


def test_two_merges_at_once(register):
    merge = {"all": ["male", "female"], "new": ["refugee", "cash_benefit"]}
    groups = set(register.people(by=["sex", "target_group"], merge=merge)["target_group"])
    assert "new" in groups and "refugee" not in groups


def test_a_bare_frame_of_units_is_merged_as_it_stands():
    frame = {"began": [True, False, True], "person_id": ["1", "2", "3"], "group": ["a", "b", "c"]}
    merged = fm.compute("programme.people", frame, by="group", merge="a,b=ab")
    assert set(merged["group"]) == {"ab", "c"}


@pytest.mark.parametrize("merge, said", [("refugee", "two or more groups"), ("refugee,nobody", "nobody"),
                                         (["refugee"], "a text or|mapping")])
def test_wrong_merges_are_told(register, merge, said):
    with pytest.raises((fm.Error, TypeError), match=said):
        register.people(by="target_group", merge=merge)


def test_rates_of_a_year_that_is_not_built_in(tmp_path):
    with pytest.raises(fm.Error, match="2031"):
        fm.fleksloentilskud(MONTH)
    path = tmp_path / "fleksloentilskud.csv"
    columns = list(RATES)
    path.write_text(",".join(columns) + "\n" + ",".join(str(RATES[c][0]) for c in columns) + "\n", encoding="utf-8")
    for codes in ({"fleksloentilskud": RATES}, {"fleksloentilskud": path}, path, str(path), tmp_path):
        assert fm.fleksloentilskud(MONTH, codes=codes).value("subsidy") == 17300  # 20000 - 0.30 x 9000
    assert fm.compute("economy.fleksloentilskud", MONTH, codes=path).value("subsidy") == 17300


def test_wrong_codes_are_told(tmp_path):
    with pytest.raises(ValueError, match="no code list 'rates'; there are benefit_rate"):
        fm.fleksloentilskud(MONTH, codes={"rates": RATES})
    with pytest.raises(ValueError, match="no CSV files in"):
        fm.fleksloentilskud(MONTH, codes=tmp_path)
    with pytest.raises(fm.Error, match="has no column"):
        fm.fleksloentilskud(MONTH, codes={"benefit_rate": RATES})
    with pytest.raises(TypeError, match="benefit_rate: expected a Table"):
        fm.fleksloentilskud(MONTH, codes={"benefit_rate": 5})
