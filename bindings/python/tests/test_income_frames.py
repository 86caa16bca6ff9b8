import csv
import math
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import flexmetrics as fm

ORACLE = Path(__file__).resolve().parents[3] / "tests" / "oracle" / "income"
DESIGNS = {
    "srs": fm.Design(), "strat": fm.Design(strata="stratum"), "clus": fm.Design(psu="psu"),
    "stclus": fm.Design(strata="stratum", psu="psu"),
    "stclusfpc": fm.Design(strata="stratum", psu="psu", fpc="Nh"),
}


@pytest.fixture(scope="module")
def synth():
    frame = pd.read_csv(ORACLE / "synth.csv")
    return frame.assign(note=[object()] * len(frame))  # a column that no table can hold and nobody asks for


def golden(**where):
    with open(ORACLE / "golden_synth.csv", newline="") as f:
        return [r for r in csv.DictReader(f) if r["data"] == "synth;period=0" and r["income"] == "income"
                and all(r[k] == v for k, v in where.items())]


MEASURES = {"mean": ("mean", "wmean"), "lorenz": ("lorenz({})", "fractional"), "gini": ("gini", "gini_trap"),
            "b40share": ("bottom_share({})", "fractional"), "b40mean": ("bottom_mean({})", "fractional"),
            "s80s20": ("s80s20", "fractional"), "palma": ("palma", "fractional"), "mld": ("mld", "positive"),
            "theil": ("theil", "positive")}


@pytest.mark.parametrize("domain", ["all", "gender=f", "region=north"])
@pytest.mark.parametrize("design", ["srs", "strat", "clus", "stclus", "stclusfpc"])
def test_designs_and_domains(synth, design, domain):
    rows = [r for r in golden(weight="w", domain=domain, design=design) if r["se"] and r["measure"] in MEASURES
            and r["convention"] == MEASURES[r["measure"]][1]]
    assert rows
    column, _, value = domain.partition("=")
    figures = fm.income(synth[synth.period == 0], weights="w", by=column if value else None, design=DESIGNS[design],
                        measures=[MEASURES[r["measure"]][0].format(r["param"]) for r in rows])
    for r in rows:
        quantity = MEASURES[r["measure"]][0].split("(")[0]
        where = {"parameter": r["param"] if "(" in MEASURES[r["measure"]][0] else None,
                 **({column: value} if value else {})}
        assert figures.value(quantity, **where) == pytest.approx(float(r["value"]), rel=1e-13), r
        assert figures.value(quantity, "std_error", **where) == pytest.approx(float(r["se"]), rel=1e-11), r


def test_replicate_weights(synth):
    frame = synth[synth.period == 0].drop(columns="note").merge(pd.read_csv(ORACLE / "synth_rep_jkn.csv"), on="id")
    scales = pd.read_csv(ORACLE / "synth_rep_jkn_scales.csv")
    columns = [f"r{i}" for i in range(1, 49)]
    rscales = scales["rscale"].tolist()
    rows = [r for r in golden(weight="w", domain="all", design="rep_jkn;mse=TRUE") if r["measure"] in MEASURES
            and r["convention"] == MEASURES[r["measure"]][1]]
    assert len(rows) >= 3
    for given in (columns, "r1:r48"):
        design = fm.Design(replicates=given, replicate_kind="jkn", rscales=rscales, mse=True)
        figures = fm.income(frame, weights="w", design=design, measures=[MEASURES[r["measure"]][0].format(r["param"])
                                                                         for r in rows])
        for r, error in zip(rows, figures["std_error"]):
            assert error == pytest.approx(float(r["se"]), rel=1e-10), r


def test_rules_are_those_of_the_oracle(synth):
    frame = synth[synth.period == 0]
    cases = {("quantile", "q_avg"): {}, ("quantile", "q_left"): dict(preset="pip"),
             ("quantile", "q_right"): dict(preset="laeken_0_5"), ("arpr", "q_avg;lt"): {},
             ("arpr", "q_avg;le"): dict(poor="le")}
    names = {"quantile": "quantile", "arpr": "at_risk_of_poverty"}
    for (measure, convention), rules in cases.items():
        rows = [r for r in golden(weight="w", domain="all", design="none", measure=measure, convention=convention)]
        assert rows, convention
        figures = fm.income(frame, weights="w", measures=[f"{names[measure]}({r['param']})" for r in rows], **rules)
        values = [v for v, q in zip(figures["value"], figures["quantity"]) if q == names[measure]]
        assert values == pytest.approx([float(r["value"]) for r in rows], rel=1e-13)
        assert values == [getattr(fm, names[measure])(frame.income, float(r["param"]), frame.w, **rules)
                          for r in rows]


def test_groups_differences_and_the_whole(synth):
    frame = synth[synth.period == 0]
    figures = fm.income(frame, weights="w", by=["region", "gender"], reference=["north", "f"], total=True,
                        measures="gini")
    own = {(r, g): figures.value("gini", region=r, gender=g) for r in set(frame.region) for g in "fm"}
    assert figures.value("gini_difference", region="west", gender="m") == pytest.approx(
        own["west", "m"] - own["north", "f"], rel=1e-12)
    assert figures.value("gini", region=None, gender=None) == fm.gini(frame.income, frame.w)


def test_missing_values_and_masked_columns():
    plain = {"income": [3.0, None, 5.0, 1.0], "w": [1.0, 2.0, 1.0, 2.0], "g": ["a", "a", "b", None]}
    want = fm.income(plain, weights="w", by="g", measures="mean").to_json()
    masked = pd.DataFrame({"income": pd.array([3, None, 5, 1], dtype="Float64"),
                           "w": pd.array([1, 2, 1, 2], dtype="Float64"),
                           "g": pd.array(["a", "a", "b", None], dtype="string")})
    assert fm.income(masked, weights="w", by="g", measures="mean").to_json() == want
    assert fm.income(masked.astype({"g": "category"}), weights="w", by="g", measures="mean").to_json() == want
    with pytest.raises(fm.Error, match="income") as e:
        fm.income(masked, weights="w", missing="error")
    assert (e.value.row, e.value.column) == (1, "income")


def test_columns_named_by_numbers():
    frame = pd.DataFrame({0: [1.0, 2.0, 6.0], 1: [1.0, 1.0, 2.0]})
    assert fm.income(frame, income="0", weights="1", measures="mean")["value"] == [15 / 4]


def test_polars_frames():
    polars = pytest.importorskip("polars")
    plain = {"income": [3.0, None, 5.0, 1.0], "w": [1.0, 2.0, 1.0, 2.0], "g": ["a", "a", "b", None]}
    want = fm.income(plain, weights="w", by="g", measures="mean").to_json()
    frame = polars.DataFrame({**plain, "k": [1, None, 3, 4], "unread": [object()] * 4})
    assert fm.income(frame, weights="w", by="g", measures="mean").to_json() == want
    assert fm.Table.from_pandas(frame.select("income", "w", "g", "k")).to_dict() == {**plain, "k": [1, None, 3, 4]}
    assert fm.gini(frame["income"]) == fm.gini(plain["income"])


@pytest.mark.parametrize("columns, arguments, row, column, words", [
    ({"income": [1.0, math.inf]}, {}, 1, "income", "finite"),
    ({"income": [1.0, 2.0], "w": [1.0, -1.0]}, {"weights": "w"}, 1, "w", "weight"),
    ({"income": [1.0, -2.0]}, {"negative": "error"}, 1, "income", "negative"),
    ({"income": ["a", "b"]}, {}, None, "", "column income is of type code, expected numbers"),
    ({"income": [1.0, 2.0]}, {"weights": "w"}, None, "", "no column w"),
    ({"x": [1.0, 2.0]}, {}, None, "income", "no column income; there are x"),
    ({"income": [1.0, 2.0], "s": ["a", "b"]}, {"design": fm.Design(strata="s")}, None, "", "one"),
])
def test_errors_have_a_place(columns, arguments, row, column, words):
    with pytest.raises(fm.Error, match=words) as e:
        fm.income(columns, **arguments)
    assert e.value.row == row and (not column or e.value.column == column)


def test_refusals():
    frame = {"income": [1.0, 2.0], "period": [1, 2]}
    for call, error, words in [
        (lambda: fm.income(frame, design="stratum"), TypeError, "expected a Design, got str"),
        (lambda: fm.income(5), TypeError, "frame: expected a Table"),
        (lambda: fm.income(frame, measures="mean;se=none"), ValueError, "semicolon"),
        (lambda: fm.income(frame, colour="red"), TypeError, "unknown rule"),
        (lambda: fm.income_change(frame, overlap="some"), ValueError, "overlap: expected one of independent"),
        (lambda: fm.income_change(frame, period="year"), fm.Error, "no column year"),
        (lambda: fm.income_grouped(frame, mode="quick"), ValueError, "mode: expected one of exact"),
        (lambda: fm.income_dominance(frame, group="g", reference="a", compared="b", curve="tap"), ValueError, "curve"),
        (lambda: fm.rake(frame, []), fm.Error, "at least 1 margin"),
        (lambda: fm.calibrate([1.0], {"x": [1.0]}, {"y": 2.0}), ValueError, "one for each of x, got y"),
        (lambda: fm.calibrate([1.0], [[1.0, 2.0]], [2.0]), ValueError, "2 rows, expected 1"),
        (lambda: fm.calibrate([1.0], [[1.0]], [2.0, 3.0]), ValueError, "totals: 2 for 1"),
        (lambda: fm.calibrate([1.0], [[1.0]], [2.0], distance="far"), ValueError, "distance"),
        (lambda: fm.combine([]), fm.Error, "2"),
        (lambda: fm.combine_values([1, 2], [1]), ValueError, "variances: 1 for 2"),
        (lambda: fm.deflate(frame, {1: 2.0}, by=["a", "b"]), ValueError, "single column"),
        (lambda: fm.equivalise(frame, scale="oecd"), ValueError, "scale: expected one of oecd_modified"),
    ]:
        with pytest.raises(error, match=words):
            call()


def test_two_periods(synth):
    given = dict(weights="w", design=DESIGNS["stclus"], overlap="units")
    change = fm.income_change(synth, measures="growth_bottom(0.4),mean", **given)
    periods = [synth[synth.period == p] for p in sorted(set(synth.period))]
    first, last = (fm.mean(rows.income, rows.w) for rows in periods)
    assert change.value("mean", comparison="difference") == pytest.approx(last - first, rel=1e-10)
    renamed = synth.rename(columns={"period": "year"})
    assert fm.income_change(renamed, period="year", measures="growth_bottom(0.4),mean", **given).to_json() == \
        change.to_json() == fm.income_change(fm.Table.from_pandas(renamed.drop(columns="note")), period="year",
                                             measures="growth_bottom(0.4),mean", **given).to_json()
    curve = fm.income_incidence(synth, n_points=4, curve_only=True, **given)
    slices = [(p, low, v, high) for q, p, low, v, high in zip(*(curve[c] for c in (
        "quantity", "percentile", "band_low", "value", "band_high"))) if q == "slice_growth"]
    assert [p for p, *_ in slices] == [0.25, 0.5, 0.75, 1] and all(low < v < high for _, low, v, high in slices)


def test_the_same_people_twice():
    wide = pd.read_csv(ORACLE / "psid.csv")
    long = pd.concat([pd.DataFrame({"person_id": wide.person_id, "period": y, "income": wide[f"wage_{y}"]})
                      for y in (1976, 1982)])
    figures = fm.income_mobility(long, n_classes=2)
    assert figures.value("matched_0") == 1
    first, last = (wide[f"wage_{y}"].rank(method="first") <= len(wide) / 2 for y in (1976, 1982))
    stayed = (first & last).sum() / first.sum()
    assert figures.value("transition", **{"from": 1, "to": 1}) == pytest.approx(stayed, abs=0.02)


def test_two_groups(synth):
    frame = synth[synth.period == 0]
    men, women = (frame[frame.gender == g] for g in "mf")
    gap = fm.income_gap(frame, group="gender", reference="m", compared="f", weights="w")
    assert gap.value("gap", measure="mean") == pytest.approx(1 - fm.mean(women.income, women.w) /
                                                             fm.mean(men.income, men.w), rel=1e-9)
    parts = fm.income_decomposition(frame, group="region", weights="w", measures="mld")
    assert parts.value("within") + parts.value("between") == pytest.approx(fm.mld(frame.income, frame.w), rel=1e-12)
    curve = fm.income_dominance(frame, group="gender", reference="m", compared="f", weights="w", n_points=4)
    assert curve.value("compared", p=0.5) == pytest.approx(fm.lorenz(women.income, 0.5, women.w), rel=1e-12)


def test_tallies_travel(synth):
    frame = synth[synth.period == 0].drop(columns="note")
    options = dict(by="region", weight="w", measures=["gini", "median"], strata="stratum", psu="psu", preset="pip")
    whole = fm.compute("income.distribution", frame, **options).to_json()
    parts = [fm.Tally("income.distribution", **options).add(frame.iloc[i::3]) for i in range(3)]
    merged = pickle.loads(pickle.dumps(parts[1])).merge(parts[2]).merge(pickle.loads(pickle.dumps(parts[0])))
    assert merged.result().to_json() == whole
    assert whole == fm.income(frame, by="region", weights="w", measures="gini,median", preset="pip",
                              design=DESIGNS["stclus"]).to_json()


def test_households_top_codes_and_prices():
    # 150 over 1 + 0.3 for one child; the single person's own
    people = {"household_id": [1, 1, 2], "income": [100.0, 50.0, 70.0], "age": [40, 10, 30]}
    assert fm.equivalise(people)["equivalised_income"] == [150 / 1.3, 150 / 1.3, 70]
    assert fm.equivalise(people, scale="square_root")["equivalence_scale"] == [math.sqrt(2), math.sqrt(2), 1]
    with pytest.raises(fm.Error) as e:
        fm.equivalise({**people, "age": [40, None, 30]})
    assert e.value.row == 1
    assert fm.equivalise({**people, "age": [40, None, 30]}, missing_age="adult")["equivalence_scale"][0] == 1.5
    coded = fm.top_code({"income": [1.0, 2.0, 3.0, 10.0]}, threshold=10, method="pareto", alpha=2)
    assert coded["income_completed"] == [1, 2, 3, 20] and coded["is_top_coded"] == [False, False, False, True]
    bound = fm.income(fm.top_code({"income": [1.0, 2.0, 3.0, 10.0]}, threshold=10), measures="gini,median",
                      top_coded="is_top_coded")
    assert bound.value("gini", "state") == "censored" and bound.value("median", "state") == "ok"
    money = {"income": [10.0, 10.0], "year": [2000, 2001]}
    assert fm.deflate(money, {2000: 100, 2001: 125}, base=100)["income_real"] == [10, 8]
    assert fm.deflate(money, pd.DataFrame({"year": [2001, 2000], "index": [2.0, 1.0]}))["income_real"] == [10, 5]
    with pytest.raises(fm.Error) as e:
        fm.deflate(money, {2000: 1})
    assert e.value.row == 1


def test_weights_meet_totals():
    # two cells of two: 3 each make 6, 2 each make 4
    given = np.ones(4)
    found = fm.calibrate(given, {"one": np.ones(4), "f": [1, 1, 0, 0]}, {"f": 6, "one": 10})
    assert isinstance(found.weights, np.ndarray) and found.weights == pytest.approx([3, 3, 2, 2], rel=1e-12)
    assert found.g == pytest.approx(found.weights)
    assert fm.calibrate(given.tolist(), [[1] * 4], [8], distance="raking").weights == pytest.approx([2] * 4)
    sample = pd.DataFrame({"sex": list("ffmm"), "region": list("abab"), "w": [1, 1, 1, 1], "other": [object()] * 4})
    margins = {"sex": {"f": 6, "m": 4}, "region": {"a": 7, "b": 3}}
    raked = fm.rake(sample, margins, weights="w")
    assert raked["weight"] == pytest.approx([4.2, 1.8, 2.8, 1.2], rel=1e-9) and float(raked.notes["worst"]) < 1e-9
    tables = [pd.DataFrame({name: list(t), "total": list(t.values())}) for name, t in margins.items()]
    assert fm.rake(sample, tables)["weight"] == raked["weight"]
    with pytest.raises(fm.Error, match="total"):
        fm.rake(sample, {"sex": {"f": 6}})


def test_imputations_by_rubins_rules():
    # estimates 1, 2, 3 with variance 1: within 1, between 1, total 1 + 4/3
    one = fm.combine_values([1, 2, 3], [1, 1, 1])
    assert (one.estimate, one.within, one.between) == (2, 1, 1) and one.variance == pytest.approx(7 / 3, rel=1e-15)
    results = [fm.income({"income": [1.0, 2.0, 3.0, 4.0 + k]}, measures="mean") for k in range(3)]
    both = fm.combine(results)
    means, errors = [r["value"][0] for r in results], [r["std_error"][0] for r in results]
    assert both.value("mean") == pytest.approx(np.mean(means), rel=1e-14)
    assert both.value("mean", "std_error") == pytest.approx(
        math.sqrt(np.mean(np.square(errors)) + 4 / 3 * np.var(means, ddof=1)), rel=1e-13)


def test_incomes_known_by_groups():
    table = pd.DataFrame({"people": [3.0, 5, 7, 6, 4], "income": [1.7, 2.9, 3.6, 4.4, 6.3]})
    figures = fm.income_grouped(table, input="means", lines=[3, 4])
    assert figures.value("mean") == pytest.approx(96.4 / 25, rel=1e-12)
    assert figures.to_json() == fm.compute("income.grouped", table, input="means", lines="3.0,4.0").to_json()
