"""Labour-force status and rates from frames: the constructed survey, mappings, designs, what is refused."""
import math
from pathlib import Path

import numpy as np
import pytest

import flexmetrics as fm

LFS = Path(__file__).parents[3] / "tests/oracle/labour/lfs_example.csv"


def people():
    pandas = pytest.importorskip("pandas")
    return pandas.read_csv(LFS)


def test_rates_of_a_data_frame():
    figures = fm.labour(people(), ["unemployment_rate", "neet_rate", "informal_share"], icls=19, weights="weight",
                        by=["sex", "disability"], margins=True)
    rows = [dict(zip(figures.columns, row)) for row in zip(*(figures[c] for c in figures.columns))]
    whole = {r["indicator"]: r for r in rows if r["sex"] is None and r["disability"] is None}
    assert whole["labour.unemployment_rate"]["value"] == pytest.approx(0.36605890603, abs=1e-11)
    assert whole["labour.neet_rate"]["numerator"] == 420
    assert whole["labour.informal_share"]["definition"] == "icls_19"
    women = next(r for r in rows if r["sex"] == "F" and r["disability"] is None)
    assert women["value"] == pytest.approx(0.4441964285714, abs=1e-12)


def test_bands_pay_and_files():
    figures = fm.labour(LFS, "unemployment_rate", icls=13, weights="weight", by="age", age_bands="15-24,25+",
                        percent=True)
    assert figures["age"] == ["15-24", "25+"]
    assert figures["value"] == pytest.approx([7.692307692, 31.289640592], abs=1e-9)
    pay = {"sex": ["M", "M", "M", "F", "F", "F"], "pay": [100.0, 120.0, 140.0, 90.0, 100.0, 110.0]}
    gap = fm.labour(pay, "pay_gap", columns={"hourly_earnings": "pay"}, design=fm.Design())
    assert gap["quantity"] == ["reference", "gap", "compared"] and gap["value"][1] == pytest.approx(1 / 6)
    assert not any(math.isnan(e) for e in gap["std_error"])


def test_status():
    frame = people()
    frame["hours"] = frame.pop("paid_hours")
    status = fm.labour_status(frame, icls=19, columns={"paid_hours": "hours"})
    assert len(status["labour_status"]) == 60 and status["labour_status"][9] == "unemployed"
    assert fm.labour_status(LFS, icls=13)["labour_status"][9] == "employed"
    assert "neet" in status.columns
    given = {"age": np.array([30, 40]), "status_given": ["employed", "unemployed"]}
    assert fm.labour(given, "unemployment_rate", icls=19, labour_status="status_given")["value"] == [0.5]


def test_tally_and_numbers_of_indicators():
    frame = people()[["age", "paid_hours", "own_use_hours", "absent_job", "seeking", "available", "weight"]]
    whole = fm.compute("8.5.2", frame, weight="weight", icls=19)
    halves = [fm.Tally("labour.unemployment_rate", weight="weight", icls=19, percent=True).add(part)
              for part in (frame[:20], frame[20:])]
    assert halves[0].merge(halves[1]).result()["value"] == whole["value"]
    assert fm.describe("labour.neet_rate", lang="da")["sdg"] == "8.6.1"


@pytest.mark.parametrize("call, kind, says", [
    (lambda f: fm.labour(f, "neet_rate"), fm.Error, "13 or 19, and there is no default"),
    (lambda f: fm.labour(f, "joblessness", icls=13), fm.Error, "there is no \"joblessness\""),
    (lambda f: fm.labour(f, icls=13, unknown_insurance="maybe"), ValueError, "unknown_insurance"),
    (lambda f: fm.labour(f, icls=13, design="psu"), TypeError, "expected a Design"),
    (lambda f: fm.labour(f, icls=13, columns="age=alder"), TypeError, "columns: expected a mapping"),
    (lambda f: fm.labour(f.assign(age="young"), icls=13), fm.Error, "not a text"),
    (lambda f: fm.labour(f.assign(paid_hours=-1.0), icls=13), fm.Error, "hours a week"),
    (lambda f: fm.labour(f.drop(columns="seeking"), icls=13), fm.Error, "seeking"),
    (lambda f: fm.labour_status(f.drop(columns="seeking"), icls=13), fm.Error, "seeking"),
])
def test_refused(call, kind, says):
    with pytest.raises(kind, match=says):
        call(people())
