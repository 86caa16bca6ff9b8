import array
import csv
import math
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import flexmetrics as fm
from flexmetrics import income_arrays

# 1, 2, 3, 4, 10: mean 20 / 5; Gini = 2 (1*1 + 2*2 + 3*3 + 4*4 + 5*10) / (5 * 20) - 6 / 5 = 1.6 - 1.2; poorest 40 per
# cent 1 + 2 of 20; median 3; line 1.8, below it 1 of 5, gap (1.8 - 1) / 1.8.
SMALL = [1, 2, 3, 4, 10]
WORKED = {"mean": 4.0, "total": 20.0, "median": 3.0, "gini": 0.4, "bottom_share": 3 / 20, "bottom_mean": 1.5,
          "top_share": 0.25, "top_mean": 10.0, "s80s20": 10.0, "palma": 5 / 3, "hoover": 0.3, "poverty_line": 1.8,
          "at_risk_of_poverty": 0.2, "relative_median_gap": 0.8 / 1.8, "median_of_poor": 1.0}


@pytest.mark.parametrize("name", WORKED)
def test_worked_by_hand(name):
    measure = getattr(fm, name)
    assert measure(SMALL) == pytest.approx(WORKED[name], rel=1e-14)
    assert measure(SMALL, weights=[2] * 5) == pytest.approx(WORKED[name] * (2 if name == "total" else 1), rel=1e-14)


def sample(n=4000, seed=3):
    draw = np.random.default_rng(seed)
    return np.round(draw.lognormal(10, 0.7, n), 0), draw.choice([0.5, 1.0, 2.25, 3.0], n)


def lorenz_by_numpy(x, w, p):
    order = np.argsort(x)
    at = np.concatenate([[0], np.cumsum(w[order])]) / w.sum()
    return np.interp(p, at, np.concatenate([[0], np.cumsum((w * x)[order])]) / (w * x).sum())


def test_against_numpy():
    x, w = sample()
    order = np.argsort(x)
    xs, ws = x[order], w[order]
    m, at = np.average(x, weights=w), np.cumsum(ws)
    lorenz = np.concatenate([[0], np.cumsum(xs * ws) / (x * w).sum()])
    gini = 1 - np.sum(ws / w.sum() * (lorenz[1:] + lorenz[:-1]))
    line = 0.6 * xs[np.searchsorted(at, 0.5 * w.sum())]
    gaps = np.where(x < line, (line - x) / line, 0)
    expected = {
        "mean": m, "gini": gini, "quantile(0.9)": xs[np.searchsorted(at, 0.9 * w.sum())],
        "bottom_share(0.4)": lorenz_by_numpy(x, w, 0.4), "top_share(0.1)": 1 - lorenz_by_numpy(x, w, 0.9),
        "theil": np.average(x / m * np.log(x / m), weights=w), "mld": np.average(np.log(m / x), weights=w),
        "ge(2)": (np.average((x / m) ** 2, weights=w) - 1) / 2,
        "atkinson(0.5)": 1 - np.average((x / m) ** 0.5, weights=w) ** 2,
        "hoover": np.average(np.abs(x - m), weights=w) / 2 / m, "poverty_line": line,
        "at_risk_of_poverty": np.average(x < line, weights=w), "fgt(1)": np.average(gaps, weights=w),
        "fgt(2)": np.average(gaps**2, weights=w),
        "watts": np.average(np.where(x < line, np.log(line / x), 0), weights=w),
    }
    found = fm.measures(x, list(expected), w)
    assert found.names == tuple(expected) and all(math.isnan(e) for e in found.std_errors)
    for name, value in expected.items():
        assert found.value(name) == pytest.approx(value, rel=1e-11), name
    p = np.linspace(0, 1, 101)
    assert fm.lorenz(x, p, w) == pytest.approx(lorenz_by_numpy(x, w, p), rel=1e-11)


def test_each_function_is_its_measure():
    x, w = sample(500)
    parameters = {"p": (0.3,), "p,q": (0.9, 0.2), "alpha": (2.0,), "epsilon": (0.5,), "a": (0.5,), "": ()}
    listed = fm.income_measures()
    assert set(listed["measure"]) <= set(fm.__all__)
    for name, names in zip(listed["measure"], listed["parameters"]):
        given = parameters[names or ""]
        text = name + (f"({','.join(map(repr, given))})" if given else "")
        one = getattr(fm, name)(x, *given, weights=w)
        assert one == fm.measures(x, text, w).values[0] == fm.measures(x, "mean," + text, w).value(text), name
        doc = getattr(fm, name).__doc__
        assert doc.splitlines()[0].endswith((".", ";", ":")) and "Parameters\n----------" in doc and "Returns" in doc


def test_arrays_of_parameters():
    x, w = sample(500)
    p = [0.1, 0.5, 0.9]
    for measure in (fm.quantile, fm.lorenz, fm.bottom_share, fm.generalised_lorenz, fm.tip, fm.atkinson):
        many = measure(x, np.array(p), w)
        assert isinstance(many, np.ndarray) and many.tolist() == [measure(x, v, w) for v in p]
        assert measure(x, p, w) == many.tolist()
    assert fm.quantile(x, []) == []


def test_rules_by_their_words():
    x = [1.0, 2.0, 3.0, 4.0]
    assert [fm.median(x, quantile=q) for q in ("avg", "left", "right", "interp")] == [2.5, 2, 3, 2.5]
    assert fm.gini(x, gini="n_minus_1") == pytest.approx(fm.gini(x) * 4 / 3, rel=1e-14)
    assert [fm.fgt(x, 0, line=2, poor=poor) for poor in ("lt", "le")] == [0.25, 0.5]
    assert fm.at_risk_of_poverty(x, line_share=0.9) == fm.at_risk_of_poverty(x, 0.9) == 0.5
    assert fm.poverty_line(x, line_kind="national_mean") == 1.5
    assert fm.gini(x, percent=True) == pytest.approx(100 * fm.gini(x), rel=1e-14)
    assert fm.median([1, 2, 3, 4], preset="laeken_0_5") == 3 and fm.median(x, preset="pip") == 2
    assert math.isnan(fm.mld([0, 1, 2])) and fm.mld([0, 1, 2], nonpos="drop") == fm.mld([1, 2])
    assert fm.mld([0, 1, 2], nonpos="floor", nonpos_floor=1) == pytest.approx(math.log(2) / 3 * -1, rel=1e-14)
    assert fm.mean([-3, 1, 2], negative="zero") == 1 and fm.mean([-3, 1, 2], negative="drop") == 1.5
    assert fm.mean([1, None, float("nan"), 3]) == 2
    presets = fm.income_presets()
    assert {"default", "eurostat", "sdg", "pip", "convey", "laeken", "laeken_0_5"} == set(presets["preset"])


@pytest.mark.parametrize("call, error, words", [
    (lambda: fm.gini([1, -2], negative="error"), fm.Error, "negative"),
    (lambda: fm.gini([1, float("nan")], missing="error"), fm.Error, "missing|no income|income"),
    (lambda: fm.gini([1, math.inf]), fm.Error, "finite"),
    (lambda: fm.gini([1, 2], [1, -1]), fm.Error, "weight"),
    (lambda: fm.gini([1, 2], [1, None]), fm.Error, "weight"),
    (lambda: fm.gini([1, 2], [1]), ValueError, "weights: 1 for 2 values"),
    (lambda: fm.gini([1, 2], gini="big"), ValueError, "gini: expected one of population, n_minus_1"),
    (lambda: fm.gini([1, 2], colour="red"), TypeError, "unknown rule 'colour'"),
    (lambda: fm.gini([1, 2], preset="mine"), fm.Error, "eurostat"),
    (lambda: fm.gini("12"), TypeError, "x: expected a column of numbers, got str"),
    (lambda: fm.gini(5), TypeError, "x: expected a column of numbers, got int"),
    (lambda: fm.gini([1, "2"]), TypeError, "x: expected numbers"),
    (lambda: fm.gini(np.array(["1"])), TypeError, "x: expected one dimension of numbers"),
    (lambda: fm.gini(np.ones((2, 2))), TypeError, "x: expected one dimension"),
    (lambda: fm.gini([1, 2], threads=0), ValueError, "threads"),
    (lambda: fm.measures([1, 2], "gini,nothing"), fm.Error, "nothing"),
    (lambda: fm.measures([1, 2], "quantile"), fm.Error, "parameters"),
    (lambda: fm.measures([1, 2], "gini", lonely="adjust"), ValueError, "lonely: needs strata, psu, fpc or se"),
    (lambda: fm.measures([1, 2], "gini", se="replicates"), ValueError, "columns of a frame"),
    (lambda: fm.measures([1, 2], "gini", strata=[1]), ValueError, "strata: 1 for 2"),
    (lambda: fm.measures([1, 2], "gini", strata=["a", None]), fm.Error, "strata: expected a value"),
    (lambda: fm.measures([1, 2], "gini", psu="ab"), TypeError, "psu: expected a column"),
    (lambda: fm.measures([1, 2], "gini", se="bootstrap", seed=-1), OverflowError, "negative"),
    (lambda: fm.measures([1, 2], "gini", se="bootstrap", n_replicates=2**40), ValueError, "too large"),
    (lambda: fm.measures([1, 2], "gini").value("mean"), KeyError, "no measure 'mean'"),
    (lambda: fm.influence([1, 2], "gini,mean"), fm.Error, "measure"),
    (lambda: fm.group_measures([1, 2], [1, None], "gini"), fm.Error, "by: expected a value"),
])
def test_errors(call, error, words):
    with pytest.raises(error, match=words) as e:
        call()
    if error is fm.Error and any(word in words for word in ("negative", "finite", "weight", "a value")):
        assert e.value.row == 1


@pytest.mark.parametrize("make", [
    lambda x: x.tolist(), lambda x: array.array("d", x), lambda x: x.astype("int32"), lambda x: x.astype("float32"),
    lambda x: np.repeat(x, 2)[::2], pd.Series, lambda x: pd.Series(x, index=x[::-1]), lambda x: x.astype(object),
    lambda x: pd.array(x, dtype="Float64"), lambda x: pd.Series(x, dtype="Int64"), lambda x: memoryview(x),
    lambda x: [*x, None], lambda x: pd.array([*x, None], dtype="Int64"),
    lambda x: pd.Series([*x, pd.NA], dtype="Int64"),
])
def test_any_column_of_numbers(make):
    x = np.array([100.0, 200, 200, 200, 1000])
    assert fm.gini(make(x)) == fm.gini(x)
    assert fm.bottom_share(make(x)) == fm.bottom(x).share


def test_bits_do_not_depend_on_order_or_threads():
    x, w = sample(30000)
    text = "mean,gini,theil,quantile(0.3),zenga,sen,atkinson(1.5)"
    order = np.random.default_rng(1).permutation(len(x))
    one = fm.measures(x, text, w, threads=1)
    assert not any(math.isnan(v) for v in one.values)
    assert fm.measures(x[order], text, w[order], threads=3).values == one.values == fm.measures(x, text, w * 4).values


ORACLE = Path(__file__).resolve().parents[3] / "tests" / "oracle" / "income"


@pytest.fixture(scope="module")
def synth():
    return pd.read_csv(ORACLE / "synth.csv").query("period == 0").reset_index(drop=True)


@pytest.mark.parametrize("design, columns", [
    ("srs", {}), ("strat", {"strata": "stratum"}), ("clus", {"psu": "psu"}),
    ("stclus", {"strata": "stratum", "psu": "psu"}), ("stclusfpc", {"strata": "stratum", "psu": "psu", "fpc": "Nh"}),
])
def test_errors_of_a_design(synth, design, columns):
    names = {"mean": "mean", "lorenz": "lorenz({})", "b40share": "bottom_share({})", "b40mean": "bottom_mean({})",
             "gini": "gini", "s80s20": "s80s20", "palma": "palma", "mld": "mld", "theil": "theil"}
    with open(ORACLE / "golden_synth.csv", newline="") as f:
        rows = [r for r in csv.DictReader(f) if r["data"] == "synth;period=0" and r["income"] == "income" and r["se"]
                and r["weight"] == "w" and r["domain"] == "all" and r["design"] == design and r["measure"] in names
                and r["convention"] in ("wmean", "fractional", "gini_trap", "positive")]
    assert len(rows) >= 15
    found = fm.measures(synth.income, [names[r["measure"]].format(r["param"]) for r in rows], synth.w, se="taylor",
                        **{name: synth[column] for name, column in columns.items()})
    for r, value, error in zip(rows, found.values, found.std_errors):
        assert value == pytest.approx(float(r["value"]), rel=1e-13), r["measure"]
        assert error == pytest.approx(float(r["se"]), rel=1e-11), r["measure"]


def test_design_of_text_is_design_of_numbers(synth):
    def errors(strata, psu, **more):
        return fm.measures(synth.income, "gini,median", synth.w, strata=strata, psu=psu, **more).std_errors

    plain = errors(synth.stratum, synth.psu)
    assert plain == errors([f"s{s}" for s in synth.stratum], synth.psu.astype("int32").to_numpy())
    assert plain == errors(-7 * synth.stratum - 2**30, (synth.psu + 2**40).to_numpy())
    assert plain == errors(synth.stratum.astype("Int64"), synth.psu.to_numpy()[::-1][::-1])
    assert plain == errors(pd.Categorical(synth.stratum.astype(str)), synth.psu.to_numpy("int64"), threads=2)
    boot = errors(synth.stratum, synth.psu, se="bootstrap", n_replicates=400, seed=7)
    assert boot == errors(synth.stratum, synth.psu, se="bootstrap", n_replicates=400, seed=7, threads=3)
    assert boot != plain and boot == pytest.approx(plain, rel=0.25)
    alone = fm.measures(synth.income, "mean", synth.w, se="taylor").std_errors[0]
    u = np.array(fm.influence(synth.income, "mean", synth.w)) * synth.w
    assert alone == pytest.approx(math.sqrt(len(u) / (len(u) - 1) * (u**2).sum()), rel=1e-11)


def test_influence_is_the_gradient(synth):
    x, w = synth.income.to_numpy("float64")[:60], synth.w.to_numpy()[:60].copy()
    for measure in ("mean", "gini", "theil", "bottom_share(0.4)", "total"):
        u = fm.influence(x, measure, w)
        assert isinstance(u, np.ndarray) and len(u) == 60
        step = 1e-5
        for i in (0, 17, 59):
            up, down = w.copy(), w.copy()
            up[i] += step
            down[i] -= step
            slope = (fm.measures(x, measure, up).values[0] - fm.measures(x, measure, down).values[0]) / 2 / step
            assert u[i] == pytest.approx(slope, rel=1e-4, abs=1e-9), measure
    assert isinstance(fm.influence([1, 2, None], "mean"), list) and fm.influence([1, 2, None], "mean")[2] == 0


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT, np.nan])
def test_groups_without_a_name(missing):
    assert fm.group_measures([1, 2, 3], ["nan", "NaT", "<NA>"], "mean")["group"] == ["<NA>", "NaT", "nan"]
    with pytest.raises(fm.Error, match="by: expected a value in every row") as e:
        fm.group_measures([1, 2, 3], pd.Series(["a", missing, "a"], dtype=object), "mean")
    assert (e.value.row, e.value.column) == (1, "by")


def test_groups_in_one_pass(synth):
    text = "gini,bottom_mean(0.4),at_risk_of_poverty"
    table = fm.group_measures(synth.income, synth.region, text, synth.w)
    assert table.columns == ["group", "gini", "bottom_mean(0.4)", "at_risk_of_poverty"]
    assert table["group"] == sorted(set(synth.region))
    line = fm.poverty_line(synth.income, weights=synth.w)
    for group, gini, mean, rate in zip(*(table[c] for c in table.columns)):
        own = synth[synth.region == group]
        assert gini == fm.gini(own.income, own.w) and mean == fm.bottom_mean(own.income, weights=own.w)
        assert rate == fm.at_risk_of_poverty(own.income, weights=own.w, line=line)
    whole = fm.group_measures([1, 2, 3], np.array([7, 7, 9]), "mean")
    assert whole["group"] == [7, 9] and whole["mean"] == [1.5, 3]


def test_nobody():
    assert math.isnan(fm.gini([])) and math.isnan(fm.mean([None])) and math.isnan(fm.gini([0, 0]))
    assert all(math.isnan(v) for v in fm.lorenz([], [0.5]))
    assert len(fm.group_measures([], [], "gini")) == 0


def test_text_of_measures():
    assert income_arrays.split_measures(["gini", "quantile_ratio(0.9, 0.1)"]) == ("gini", "quantile_ratio(0.9, 0.1)")
    assert income_arrays.split_measures(" mean , quantile_ratio(0.9,0.1)") == ("mean", "quantile_ratio(0.9,0.1)")
    assert fm.measures(SMALL, ["quantile_ratio(0.9, 0.1)", "mean"]).as_dict() == {"quantile_ratio(0.9, 0.1)": 10.0,
                                                                                "mean": 4.0}


def test_progress_can_cancel_and_the_interpreter_runs_on():
    x = np.random.default_rng(1).lognormal(12, 1, 2_000_000)
    with pytest.raises(fm.Error) as e:
        fm.measures(x[:1000], "gini", se="bootstrap", progress=lambda done: False)
    assert e.value.status == "FM_ERR_CANCELLED"
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
            fm.gini(x, threads=1)
    finally:
        stop.set()
        other.join()
    assert len(steps) > 20


def test_designs_say_what_is_wrong():
    assert repr(fm.Design(strata="region,-", psu=["a", "b"], lonely="adjust")) == \
        "Design(strata=('region', '-'), psu=('a', 'b'), lonely='adjust')"
    assert fm.Design(strata="s,-", psu="a,b", fpc=["n", "m"]).columns() == ("s", "a", "b", "n", "m")
    assert fm.Design() == fm.Design() and fm.Design().options() == {} and hash(fm.Design(psu="a")) is not None
    for wrong, words in [(dict(se="guess"), "se: expected one of taylor"), (dict(se="replicates"), "needs replicate"),
                         (dict(se="taylor", replicates="r1:r4"), "does not use replicate"),
                         (dict(strata=["a", ""]), "strata: expected names"), (dict(fay_rho=1), "fay_rho"),
                         (dict(n_replicates=1), "n_replicates"), (dict(seed=-1), "seed"), (dict(df=0), "df"),
                         (dict(base_weight="w"), "auxiliaries"), (dict(scale=0.5), "only with replicates")]:
        with pytest.raises(ValueError, match=words):
            fm.Design(**wrong)
