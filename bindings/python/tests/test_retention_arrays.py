import array
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import flexmetrics as fm

ORACLE = Path(__file__).resolve().parents[3] / "tests" / "oracle" / "retention"


def oracle(name):
    return pd.read_csv(ORACLE / f"{name}.csv")


def test_km_is_that_of_r():
    frame = oracle("in_placements")
    curve = fm.km(frame.exit, frame.cause > 0, entry=frame.entry, weights=frame.weight)
    expected = oracle("km_placements_weighted")
    at = expected.time.to_numpy()
    assert isinstance(curve.survival, np.ndarray) and len(curve.survival) == frame.exit.max() + 1
    np.testing.assert_allclose(curve.survival[at], expected.surv, rtol=1e-12)
    np.testing.assert_allclose(curve.n_event[at], expected.n_event, rtol=1e-12)
    some = expected.surv.to_numpy() > 0
    np.testing.assert_allclose(curve.std_error[at][some], expected.se_surv[some], rtol=1e-10)


def test_forms_of_arrays_give_the_same_bits():
    time, event = [3, 1, 2, 3], [1, 0, 1, 0]
    want = fm.km(time, event)
    # of 3 at risk at 2 one leaves, of 2 at 3 one
    assert isinstance(want.survival, list) and want.survival == pytest.approx([1, 1, 2 / 3, 1 / 3])
    for t, e in [(np.array(time), np.array(event)), (np.array(time, "int32"), np.array(event, bool)),
                 (pd.Series(time, dtype="Int64"), pd.Series(event, dtype="boolean")),
                 (array.array("i", time), array.array("b", event)), (np.array(time, float), np.array(event, "uint8")),
                 (np.repeat(np.array(time, "int32"), 2)[::2], np.repeat(np.array(event, bool), 2)[::2])]:
        assert list(fm.km(t, e).survival) == want.survival
    assert math.isnan(fm.km([1], [1]).std_error[1])


def test_nothing_is_copied_on_the_way_in():
    tracemalloc = pytest.importorskip("tracemalloc")
    n = 2_000_000
    time, event, weights = np.full(n, 7, "int32"), np.ones(n, bool), np.ones(n)
    fm.km(time[:10], event[:10])
    tracemalloc.start()
    curve = fm.km(time, event, weights=weights, threads=1)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 100_000 and curve.n_event[7] == n


def test_threads_change_no_bit():
    rng = np.random.default_rng(1)
    time, event, w = rng.integers(1, 500, 50_000).astype("int32"), rng.random(50_000) < 0.5, rng.random(50_000)
    one = fm.km(time, event, weights=w, threads=1)
    order = rng.permutation(len(time))
    for threads in (2, 4):
        other = fm.km(time[order], event[order], weights=w[order], threads=threads)
        assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other))


def test_incidence_is_that_of_cmprsk():
    frame, expected = oracle("in_unempdur"), oracle("cif_unempdur")
    expected = expected[(expected.case == "unempdur") & (expected.group == "all")]
    found = fm.incidence(frame.time.to_numpy(), frame.cause.to_numpy())
    assert found.incidence.shape == (frame.time.max() + 1, len(found.causes))
    for row in expected.itertuples():
        at = found.incidence[row.time, found.causes.index(row.cause)]
        assert at == pytest.approx(row.cif, rel=1e-12)
        assert found.incidence_error[row.time, found.causes.index(row.cause)] ** 2 == pytest.approx(
            row.var_greenwood, rel=1e-10)
    np.testing.assert_allclose(found.incidence.sum(axis=1) + found.survival, 1, rtol=1e-14)
    aalen = fm.incidence(frame.time, frame.cause, variance="aalen")
    first = expected[expected.cause == 1].iloc[0]
    assert aalen.incidence_error[int(first.time), 0] ** 2 == pytest.approx(first.var_aalen, rel=1e-10)
    words = fm.incidence(frame.time.tolist(), [{1: "b", 2: "a", 3: "c"}.get(c) for c in frame.cause])
    assert words.causes[:2] == ["a", "b"] and words.incidence[3][1] == found.incidence[3, 0]
    none = fm.incidence([1, 2], [0, 0])
    assert none.causes == [] and none.survival == [1, 1, 1] and none.incidence == [[], [], []]


def test_gray_with_strata_and_without_a_comparison():
    frame = oracle("in_unempdur")
    plain = fm.gray_test(frame.time, frame.cause, frame.ui)
    texts = fm.gray_test(frame.time.tolist(), frame.cause.tolist(), ["yes" if u else "no" for u in frame.ui])
    assert list(plain.statistic) == texts.statistic and plain.df == [1] * len(plain.causes)
    strata = fm.gray_test(frame.time, frame.cause, frame.ui, strata=frame.age > 40)
    assert all(abs(a - b) > 1e-6 for a, b in zip(strata.statistic, plain.statistic))
    alone = fm.gray_test(frame.time, frame.cause, ["one"] * len(frame))
    assert alone.df == [0] * len(alone.causes) and all(math.isnan(p) for p in alone.p_value)


def test_transitions_are_those_of_mstate():
    frame = oracle("in_multistate")
    to = [None if v == "censored" else v for v in frame["to"]]
    expected = oracle("multistate_transition_probs").rename(columns={"from": "origin"})
    for (s, t), rows in expected.groupby(["s", "t"]):
        found = fm.transition_matrix(frame["from"], to, frame["stop"], entry=frame["start"], start=s, end=t)
        for row in rows.itertuples():
            h, j = found.states.index(row.origin), found.states.index(row.to)
            assert found.probability[h][j] == pytest.approx(row.prob, rel=1e-10, abs=1e-14)
            assert found.std_error[h][j] ** 2 == pytest.approx(row.var_greenwood, rel=1e-9, abs=1e-14)


def test_errors_have_a_place():
    for call, row in [(lambda: fm.km([1, -1], [1, 1]), 1), (lambda: fm.km([1, 2], [1, 1], entry=[0, 2]), 1),
                      (lambda: fm.km([1, 2], [1, 1], weights=[1, -1]), 1), (lambda: fm.km([1, None], [1, 1]), 1),
                      (lambda: fm.km([1.5], [1]), 0), (lambda: fm.km([1, 2], [1, 2]), 1)]:
        with pytest.raises(fm.Error) as e:
            call()
        assert e.value.row == row
    for call, error, words in [
        (lambda: fm.km([1, 2], [1]), ValueError, "event: 1 for 2 times"),
        (lambda: fm.km(5, [1]), TypeError, "time: expected a column"),
        (lambda: fm.km([1], [1], max_time=-1), fm.Error, "max_time"),
        (lambda: fm.km([1, 2**31 - 1], [1, 1]), ValueError, "time: 2147483647 is beyond 1048576"),
        (lambda: fm.km(np.full(200_000, 2**30, "int32"), np.ones(200_000, bool)), ValueError, "give max_time"),
        (lambda: fm.incidence([1, 2**31 - 1], [1, 1]), ValueError, "give max_time"),
        (lambda: fm.incidence([1], np.array([300])), ValueError, "cause: expected 0"),
        (lambda: fm.incidence([1], [1], variance="no"), ValueError, "variance"),
        (lambda: fm.gray_test([1, 2], [1, 1], ["a"]), ValueError, "group: 1 for 2"),
        (lambda: fm.core.retention_km((bytearray(8),) * 5, (b"1", b"1", None, None), 0, 1, None), TypeError, "int32"),
    ]:
        with pytest.raises(error, match=words):
            call()


def test_far_off_times_are_censored():
    assert fm.km([1, 2**31 - 1], [1, 1], max_time=2).survival == [1, 0.5, 0.5]
    assert len(fm.km([1, 2**20], [1, 1]).survival) == 2**20 + 1


def test_a_call_can_be_stopped():
    time = np.arange(1, 3_000_000, dtype="int32") % 1000
    with pytest.raises(fm.Error) as e:
        fm.km(time, np.ones(len(time), bool), progress=lambda done: False)
    assert e.value.status == "FM_ERR_CANCELLED"


def test_logrank_is_that_of_survdiff():
    frame, expected, detail = oracle("in_unempdur"), oracle("tests"), oracle("tests_detail")
    rows = expected[(expected.case == "unempdur_ui") & (expected.stratified == 0)].set_index("test")
    found = fm.logrank_test(frame.time, frame.cause > 0, frame.ui)
    assert found.chi_square == pytest.approx(rows.chisq["logrank"], rel=1e-10) and found.df == 1
    assert found.p_value == pytest.approx(rows.p["logrank"], rel=1e-7)
    parts = detail[(detail.case == "unempdur_ui") & (detail.stratified == 0) & (detail.test == "logrank")]
    np.testing.assert_allclose(found.observed, parts.observed)
    np.testing.assert_allclose(found.expected, parts.expected, rtol=1e-12)
    np.testing.assert_allclose(np.diag(found.covariance), parts.var_diag, rtol=1e-10)
    peto = fm.logrank_test(frame.time, frame.cause > 0, frame.ui, test="fh", rho=1)
    assert peto.chi_square == pytest.approx(rows.chisq["peto_fh_rho1"], rel=1e-10)
    nobody = fm.logrank_test([1, 2], [1, 1], ["a", "a"])
    assert math.isnan(nobody.chi_square) and nobody.df == 0
    with pytest.raises(ValueError, match="rho, gamma"):
        fm.logrank_test([1], [1], [1], rho=1)


def test_cox_is_that_of_the_frame_and_of_coxph():
    frame = oracle("in_unempdur").assign(left=lambda f: f.cause > 0)
    x = {"ui": frame.ui.astype(float), "age": frame.age.astype(float)}
    model = fm.cox_fit(frame.time, frame.left, x)
    table = fm.cox(frame, time="time", event="left", covariates=["ui", "age"])
    for name, b, se in zip(model.names, model.coefficient, model.std_error):
        assert b == pytest.approx(table.value("coefficient", term=name), rel=1e-12)
        assert se == pytest.approx(table.value("coefficient", "std_error", term=name), rel=1e-12)
    assert model.state == "fitted"
    assert model.concordance == pytest.approx(table.value("concordance"), rel=1e-13)
    assert model.n == len(frame) and model.n_events == frame.left.sum()
    clustered = fm.cox_fit(frame.time, frame.left, list(x.values()), cluster=np.arange(len(frame)) // 2,
                           strata=frame.age > 40, threads=2)
    assert clustered.names == ["x1", "x2"] and not math.isnan(clustered.score_robust)
    assert clustered.variance[0, 0] != pytest.approx(clustered.std_error[0] ** 2, rel=1e-6)
    apart = fm.cox_fit([1, 2, 3, 4], [1, 1, 0, 0], {"x": [1, 1, 0, 0]})
    assert apart.state == "separated" and math.isnan(apart.coefficient[0])
    assert math.isnan(apart.hazard_ratio[0])
    for columns, error, words in [({"x": [1.0, 1.0]}, fm.Error, "x"), ({"x": [1.0]}, ValueError, "x: 1 for 2"),
                                  ({}, TypeError, "covariates")]:
        with pytest.raises(error, match=words):
            fm.cox_fit([1, 2], [1, 1], columns)


def test_cox_takes_covariates_in_any_layout():
    draw = np.random.default_rng(1)
    n = 60
    x = draw.normal(size=(n, 3))
    x[:, 2] = x[:, 2] > 0
    time, event = draw.integers(1, 40, n).astype("int32"), draw.random(n) < 0.7
    model = fm.cox_fit(time, event, {"x1": x[:, 0].copy(), "x2": x[:, 1].copy(), "x3": x[:, 2].copy()})
    frame = pd.DataFrame({"x1": x[:, 0], "x2": x[:, 1], "x3": x[:, 2] > 0}, index=draw.permutation(n))
    nullable = frame.astype({"x1": "Float64", "x3": "boolean"})
    wide = np.zeros((2 * n, 7))
    wide[::2, 1:6:2] = x
    for given in (x, np.asfortranarray(x), wide[::2, 1:6:2], x.astype(object), frame, nullable,
                  [x[:, 0], x[:, 1], x[:, 2] > 0], x.T[:].T, list(x.T)):
        same = fm.cox_fit(time, event, given)
        assert same.names == ["x1", "x2", "x3"]
        assert np.array_equal(same.coefficient, model.coefficient) and np.array_equal(same.variance, model.variance)
    labels = fm.cox_fit(time, event, pd.DataFrame(x, columns=[2020, 2021, ("a", "b")])).names
    assert labels == ["2020", "2021", "('a', 'b')"]
    whole = fm.cox_fit(time, event, np.column_stack([np.arange(n), np.arange(n) % 3 == 0]))
    assert whole.state == "fitted" and len(whole.names) == 2
    twice = pd.concat([frame.x1, frame.x1], axis=1)
    for given, words in [(x.T, r"60 rows .* shape \(3, 60\)"), (x[:, 0], r"shape \(60,\); one covariate alone"),
                         (frame.x1, "one covariate alone"), (x[:-1], "60 rows"), (x.reshape(n, 3, 1), "shape"),
                         (twice, "x1 is named twice")]:
        with pytest.raises(ValueError, match=words):
            fm.cox_fit(time, event, given)
    with pytest.raises(fm.Error, match="x2|finite"):
        fm.cox_fit(time, event, np.where(x == x[3, 1], np.nan, x))


@pytest.mark.parametrize("n, longest", [(10, 30), (200_000, 400), (200_000, 90_000), (200_000, 5_000)])
def test_the_curve_ends_at_the_longest_time(n, longest):
    time = np.arange(n, dtype="int32") % 400 % (longest + 1)
    time[n // 2 + 1] = longest  # that no sample need hold
    event = np.arange(n) % 3 == 0
    found, given = fm.km(time, event), fm.km(time, event, max_time=longest)
    assert len(found.survival) == longest + 1
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(found, given))
    lists = fm.km(time[:1000].tolist(), event[:1000].tolist())
    assert len(lists.survival) == time[:1000].max() + 1 and len(fm.km([], []).survival) == 1


def test_causes_that_nobody_leaves_for():
    few = fm.incidence(np.array([1, 2, 3], "int32"), np.array([1, 0, 1], "uint8"), n_causes=3)
    assert few.causes == [1, 2, 3] and few.incidence.shape == (4, 3) and few.incidence[3].tolist() == [1, 0, 0]
    with pytest.raises(fm.Error, match="row 1"):
        fm.incidence(np.array([1, 2], "int32"), np.array([1, 3], "uint8"), n_causes=2)
    with pytest.raises(ValueError, match="n_causes"):
        fm.incidence([1, 2], ["a", "b"], n_causes=2)
