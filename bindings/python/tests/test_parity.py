import datetime
import os

import pytest

import flexmetrics as fm

DEMO = os.path.join(os.path.dirname(__file__), "..", "..", "..", "examples", "data", "demo-municipality")


def of(table, quantity, group, column="value"):
    rows = zip(table["quantity"], table["group"], table[column])
    return next(v for q, g, v in rows if (q, g) == (quantity, group))


def test_rates():
    frame = {"sex": ["f", "f", "m", "m", "m", "m"], "in_work": [1, 0, 1, 0, 0, 0], "id": [1, 1, 2, 3, 4, 5]}
    table = fm.parity_rates(frame, group="sex", reference="m", outcome="in_work")
    assert (of(table, "difference", "f"), of(table, "ratio", "f"), of(table, "shortfall", "f")) == (0.25, 2, -0.5)
    table = fm.parity_rates(frame, group="sex", against="population", outcome="in_work", cluster="id")
    assert of(table, "difference", "f") == pytest.approx(1 / 2 - 1 / 3)
    assert of(table, "share", "f", "people") == 1 and table.notes["against"] == "population"
    with pytest.raises(fm.Error, match="reference: expected the group"):
        fm.parity_rates(frame, group="sex", outcome="in_work")


def test_means():
    frame = {"sex": ["f", "f", "f", "m", "m"], "hours": [1, 2, 3, 2, 6], "w": [1, 1, 1, 1, 1.0]}
    table = fm.parity_means(frame, group="sex", reference="m", value="hours")
    assert of(table, "difference", "f") == -2
    assert of(table, "difference", "f", "std_error") == pytest.approx(3**-.5 * 13**.5)
    assert of(fm.parity_means(frame, group=["sex"], against="rest", value="hours", weights="w"), "mean", "f") == 2
    tally = fm.Tally("parity.means", group="sex", reference="m", value="hours").add(frame)
    assert of(tally.result(), "range", None) == 2


def test_decomposition():
    frame = {"sex": list("aaabbb"), "x": [1, 2, 3, 0, 1, 2], "y": [3, 5, 7, 1, 2, 3], "c": list("kklkkl")}

    def parts(**options):
        table = fm.parity_decomposition(frame, group="sex", reference="b", value="y", **options)
        keys = zip(table["quantity"], table["coefficients"], table["covariate"], table["value"])
        return {key[:3]: key[3] for key in keys}

    plain = parts(covariates="x")
    assert plain["difference", None, None] == 3 and plain["explained", "group", None] == pytest.approx(2)
    assert plain["explained", "neumark", "x"] == pytest.approx(21 / 11)
    some = parts(covariates=["x"], coefficients=["cotton"])
    assert some["unexplained", "cotton", None] == pytest.approx(1.5) and ("explained", "group", None) not in some
    assert ("endowments", "threefold", "c:l") in parts(covariates=["x", "c:k"], logarithm=True)


def test_register():
    register = fm.Register.read(DEMO)
    rates = register.compute("parity.rates", of="retention.status", group="sex", reference="male")
    assert 0 < of(rates, "share", "female") < 1
    wages = register.compute("parity.means", of="wages", group="sex", against="population")
    assert of(wages, "mean", "female", "people") < of(wages, "mean", "female", "n")
    gap = register.compute("parity.decomposition", of="wages", group="sex", reference="male", logarithm=True,
                           covariates="hours_per_week,education:basic", coefficients="reference")
    assert {"explained", "interaction"} <= set(gap["quantity"])
    assert len(register.frame("income_gain")) > 10


def test_progress():
    register = fm.Register.read(DEMO)
    table = register.progress(by="sex", filter="instrument = who5")
    assert set(table["instrument"]) == {"who5"} and {"measured_twice", "association"} <= set(table["quantity"])
    days = [datetime.date(2024, 1, 1), datetime.date(2024, 7, 1)]
    frame = {"person_id": ["x"] * 6, "date": [days[0]] * 3 + [days[1]] * 3, "instrument": ["loneliness_3"] * 6,
             "item": list("abcabc"), "score": [1, 2, 3, 1, 1, 1.0]}
    table = fm.compute("programme.progress", frame, reliability=0.8)
    assert dict(zip(table["quantity"], table["value"]))["first_mean"] == 6
    with pytest.raises(fm.Error, match="column score, row 5: expected a number from 1 to 3"):
        fm.compute("programme.progress", {**frame, "score": [1, 2, 3, 1, 1, 4.0]})
