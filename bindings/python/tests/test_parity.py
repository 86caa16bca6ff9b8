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


def test_register():
    register = fm.Register.read(DEMO)
    rates = register.compute("parity.rates", of="retention.status", group="sex", reference="male")
    assert 0 < of(rates, "share", "female") < 1
    wages = register.compute("parity.means", of="wages", group="sex", against="population")
    assert of(wages, "mean", "female", "people") < of(wages, "mean", "female", "n")
    assert len(register.frame("income_gain")) > 10
