import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import flexmetrics as fm

ORACLE = Path(__file__).resolve().parents[3] / "tests" / "oracle" / "retention"


def oracle(name):
    return pd.read_csv(ORACLE / f"{name}.csv")


def test_both_forms_are_those_of_crr():
    frame, expected = oracle("in_unempdur"), oracle("fine_gray")
    expected = expected[(expected.case == "unempdur") & (expected.model == "plain")]
    table = fm.fine_gray(frame, time="time", covariates=["ui", "age", "logwage"],
                         profiles=[{"ui": 1, "age": 30, "logwage": 6}])
    x = {name: frame[name].astype(float) for name in ("ui", "age", "logwage")}
    for cause, rows in expected.groupby("cause"):
        model = fm.fine_gray_fit(frame.time, frame.cause, x, of=cause)
        assert model.state == "fitted" and model.n == len(frame) and model.names == list(rows.term)
        assert model.n_events == (frame.cause == cause).sum()
        np.testing.assert_allclose(model.std_error, rows.se, rtol=1e-7)
        np.testing.assert_array_less(abs(model.coefficient - rows.coef), 1e-7 * rows.se)
        assert model.log_likelihood == pytest.approx(rows.loglik1.iloc[0], rel=1e-11)
        for name, b, se in zip(model.names, model.coefficient, model.std_error):
            assert table.value("coefficient", term=name, cause=str(cause)) == pytest.approx(b, rel=1e-9)
            assert table.value("coefficient", "std_error", term=name, cause=str(cause)) == pytest.approx(se, rel=1e-9)
    curve = oracle("fine_gray_curve")
    for row in curve[curve.cause == 2].itertuples():
        assert table.value("cumulative_incidence", cause="2", time_days=row.time) == pytest.approx(
            row.cumulative_incidence, rel=1e-7)


def test_options_and_texts():
    frame = oracle("in_unempdur").assign(w=lambda f: f.tenure + 0.5, trio=lambda f: f.id // 3)
    expected = oracle("fine_gray")
    expected = expected[expected.model == "all"].set_index("term")
    given = dict(covariates=["ui", "age", "logwage"], weights="w")
    table = fm.fine_gray(frame, time="time", causes="2", strata="ageband", censoring="ui", cluster="trio", **given)
    x = [frame[name].astype(float) for name in ("ui", "age", "logwage")]
    texts = frame.cause.map({0: None, 1: "full", 2: "part", 3: "unknown"}).tolist()
    model = fm.fine_gray_fit(frame.time.tolist(), texts, x, of="part", weights=frame.w, strata=frame.ageband,
                             censoring=frame.ui, cluster=frame.trio, threads=2)
    for j, (term, row) in enumerate(expected.iterrows()):
        assert table.value("coefficient", term=term) == pytest.approx(row.coef, abs=1e-7 * row.se)
        assert table.value("coefficient", "std_error", term=term) == pytest.approx(row.se, rel=1e-7)
        assert model.coefficient[j] == pytest.approx(row.coef, abs=1e-7 * row.se)
        assert model.std_error[j] == pytest.approx(row.se, rel=1e-7)
        assert model.subhazard_ratio[j] == pytest.approx(math.exp(row.coef), rel=1e-6)
    counted = fm.fine_gray_fit([1, 2, 3, 4, 5], [1, 2, 0, 1, 0], {"x": [1, 1, 0, 0, 1]}, weights=[2, 2, 2, 2, 2],
                               weights_are="frequency")
    assert counted.n == 10 and counted.n_events == 4


def test_refusals_and_states():
    frame = {"t": [1, 2, 3, 4], "cause": ["a", "b", None, "a"], "x": [1, 0, 1, 0], "late": [0, 1, 0, 0]}
    with pytest.raises(fm.Error, match="column late.*distribution of entries"):
        fm.fine_gray(frame, time="t", covariates="x", entry="late")
    with pytest.raises(fm.Error, match="landmark"):
        fm.fine_gray(frame, time="t", covariates="x", dated={"mentor": "late"})
    with pytest.raises(fm.Error, match='nobody has left by "c"'):
        fm.fine_gray(frame, time="t", covariates="x", causes=["a", "c"])
    with pytest.raises(ValueError, match="of: nobody has left by 3"):
        fm.fine_gray_fit([1, 2], [1, 2], [[1.0, 0.0]], of=3)
    with pytest.raises(ValueError, match="cause: 1 for 2"):
        fm.fine_gray_fit([1, 2], [1], [[1.0, 0.0]])
    assert fm.fine_gray_fit([1, 2], [0, 0], [[1.0, 0.0]]).state == "empty"
    apart = fm.fine_gray_fit([1, 2, 3, 4], [1, 1, 0, 2], {"x": [1, 1, 0, 0]})
    assert apart.state == "separated" and math.isnan(apart.coefficient[0]) and math.isnan(apart.std_error[0])
    assert math.isnan(apart.subhazard_ratio[0])  # no coefficient, no ratio


def test_forms_of_covariates():
    numpy, pandas = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    time, cause = [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 0, 1, 0, 1, 1, 1]
    columns = {"x": [0.0, 1.0, 0.0, 3.0, 1.0, 0.5, 2.0, 1.0],
               "z": [True, False, False, False, False, True, False, True]}
    expected = fm.fine_gray_fit(time, cause, {k: [float(v) for v in values] for k, values in columns.items()})
    assert expected.state == "fitted"
    frame = pandas.DataFrame(columns, index=[9, 9, 3, 2, 1, 0, 4, 5])
    both = numpy.asfortranarray(frame.to_numpy(float))
    for given in (frame, numpy.ascontiguousarray(both), both, [both[:, 0], both[:, 1]], numpy.repeat(both, 2, 0)[::2]):
        model = fm.fine_gray_fit(numpy.array(time, "int32"), numpy.array(cause), given)
        assert list(model.coefficient) == list(expected.coefficient)
    assert fm.fine_gray_fit(time, cause, frame).names == ["x", "z"]
    with pytest.raises(ValueError, match="covariates: expected 8 rows"):
        fm.fine_gray_fit(time, cause, both.T)
    for fit in (fm.fine_gray_fit, fm.cox_fit):
        with pytest.raises(TypeError, match="covariates: expected at least one column"):
            fit([1, 2], [1, 1], {})
