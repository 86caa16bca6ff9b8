"""Control charts and units compared, from Python."""
import csv
import math
from pathlib import Path

import pytest

import flexmetrics as fm

ORACLE = Path(__file__).resolve().parents[3] / "tests" / "oracle" / "target"
MONTHS = [11, 9, 12, 10, 8, 7, 2, 9, 14, 13, 9, 4, 9, 10, 13, 8, 9, 8, 3, 10, 15, 12, 10, 5]


def units():
    with open(ORACLE / "compare_units.csv", encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    return {"kommune": [r["unit"] for r in rows], "antal": [int(r["count"]) for r in rows],
            "exposure": [float(r["exposure"]) for r in rows], "stratum": [r["stratum"] for r in rows]}


def expected(file, case, quantity):
    with open(ORACLE / file, encoding="utf-8") as f:
        return next(float(r["value"]) for r in csv.DictReader(f) if (r["case"], r["quantity"]) == (case, quantity))


def values(table, quantity, key):
    return {row[key]: row["value"] for row in table.rows() if row["quantity"] == quantity}


def test_control_chart():
    frame = {"maaned": [f"2024-{m}" for m in range(1, 13)] + [f"2025-{m}" for m in range(1, 13)], "pladser": MONTHS}
    found = fm.control_chart(frame, period="maaned", value="pladser", target=10, floor=True)
    for ours, theirs in (("centre", "centre"), ("upper_limit", "unpl"), ("mean_moving_range", "mean_mr"),
                         ("lower_limit", "lnpl_floored"), ("assurance", "target_10_assurance")):
        assert math.isclose(values(found, ours, "period")[None], expected("targets.csv", "spc_xmr", theirs),
                            rel_tol=1e-12, abs_tol=1e-15)
    assert list(values(found, "measured", "period"))[8:11] == ["2024-9", "2024-10", "2024-11"]
    exact = fm.control_chart(frame, chart="c", period="maaned", value="pladser", limits="exact", preliminary=1)
    assert values(exact, "upper_limit", "period")["2024-1"] == 20  # of 215 / 23
    assert [r["state"] for r in exact.rows() if r["period"] == "2025-12"][0] == "preliminary"
    rates = fm.control_chart({"period": [1, 2], "value": [9, 10], "caseload": [210.0, 205.0]}, chart="u",
                             exposure="caseload")
    assert values(rates, "measured", "period") == {"1": 9 / 210, "2": 10 / 205}
    with pytest.raises(fm.Error, match="no column caseload"):
        fm.control_chart({"period": [1], "value": [9]}, chart="u", exposure="caseload")
    with pytest.raises(fm.Error, match="expected a whole number from 0"):
        fm.control_chart({"period": [1], "value": [0.5]}, chart="c")


def test_compare_units():
    found = fm.compare_units(units(), unit="kommune", count="antal", reference="A")
    for unit in "BCDL":
        assert math.isclose(values(found, "shrunk", "unit_id")[unit], expected("compare.csv", "rate", f"shrunk_{unit}"),
                            rel_tol=1e-9)
        assert abs(values(found, "probability_better_than_unit", "unit_id")[unit]
                   - expected("compare.csv", "rate", f"overA_{unit}")) < 1e-5
    mix = fm.compare_units(units(), unit="kommune", count="antal", strata="stratum", kind="share")
    assert math.isclose(values(mix, "standardised", "unit_id")["C"], expected("compare.csv", "direct", "rate_C"),
                        rel_tol=1e-12)
    frame = {**units(), "ventet": [1.0 + c for c in units()["antal"]]}
    given = fm.compare_units(frame, unit="kommune", count="antal", expected="ventet", better="less")
    assert values(given, "ratio", "unit_id")["A"] == 35 / 39
    few = fm.compare_units({"unit": ["x", "y"], "count": [4, 2], "exposure": [40, 400]})
    assert {r["state"] for r in few.rows() if r["quantity"] == "rank"} == {"too_few_units"}
    with pytest.raises(fm.Error, match='no row of the unit "Q"'):
        fm.compare_units(units(), unit="kommune", count="antal", reference="Q")


def test_plots():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    frame = {"period": list(range(1, 25)), "value": MONTHS[:23] + [40], "team": ["a"] * 24}
    ax = fm.control_chart(frame, chart="c", preliminary=1, target=10).plot(lang="da")
    names = ax.get_legend_handles_labels()[1]
    assert "midte" in names and "foreløbig" in names and ax.get_xlabel() == "periode"
    ax = fm.control_chart(frame, chart="c").plot()
    assert "signal" in ax.get_legend_handles_labels()[1]
    two = fm.control_chart({**frame, "team": ["a"] * 12 + ["b"] * 12}, by="team")
    with pytest.raises(ValueError, match="of one group"):
        two.plot()
    assert two.plot(where={"team": "b"}).lines
    ax = fm.compare_units(units(), unit="kommune", count="antal").plot()
    assert {t.get_text() for t in ax.texts} >= {"B", "D", "E", "I"} and "A" not in {t.get_text() for t in ax.texts}
    ax = fm.compare_units(units(), unit="kommune", count="antal", strata="stratum").plot(kind="funnel", lang="da")
    assert ax.get_ylabel() == "antal over ventet antal"
    with pytest.raises(ValueError, match="no unit has limits"):
        fm.compare_units({"unit": ["x"], "count": [0], "exposure": [0]}).plot()


def test_arrays():
    numpy = pytest.importorskip("numpy")
    limits = fm.chart_limits(numpy.array(MONTHS), screened=True)
    assert math.isclose(limits.centre, 220 / 24) and limits.n == 24 and limits.n_ranges == 23
    counts = fm.chart_limits(MONTHS, "c")
    assert (counts.exact_lower, counts.exact_upper) == (2, 19) and math.isnan(counts.mean_moving_range)
    rates = fm.chart_limits([9, None, 10], "u", exposure=[210, None, 205], exact=True)
    assert rates.centre == 19 / 415 and rates.n == 2 and math.isnan(rates.upper[1]) and rates.upper[0] > rates.centre
    signals = fm.chart_signals(numpy.array([11, 12, 11, 12, 11, 12, 11, 17]), limits.centre, 4, 16)
    assert signals.run.tolist() == [1] * 8 and signals.outside.tolist() == [0] * 7 + [1]
    assert fm.chart_signals([5, 5, 10], 10, 4, 16).near_limit == [-1, -1, 0]
    with pytest.raises(ValueError, match="for a u chart, and for no other"):
        fm.chart_limits(MONTHS, "u")
    with pytest.raises(ValueError, match="expected one of xmr, c, u"):
        fm.chart_limits(MONTHS, "p")
    with pytest.raises(fm.Error, match="a whole number from 0"):
        fm.chart_limits([0.5], "c")
    with pytest.raises(fm.Error, match="near_limit <= near_of"):
        fm.chart_signals([1], 1, 0, 2, near=4)
