import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import flexmetrics as fm

PROJECT = Path(__file__).resolve().parents[3]
ORACLE = PROJECT / "tests" / "oracle" / "retention"
LETTERS = "SFETJH"


def oracle(name):
    return pd.read_csv(ORACLE / f"{name}.csv")


@pytest.fixture(scope="module")
def wide():
    """712 people in 72 months, a letter each."""
    source = pd.read_csv(PROJECT / "examples" / "data" / "school-to-work" / "source" / "mvad_monthly.csv")
    return [list(states) for states in source.states]


def test_moves_and_their_powers_are_those_of_r(wide):
    expected = oracle("mvad_transitions")
    found = fm.transition_counts(wide, states=list(LETTERS))
    numbers = np.array([[LETTERS.index(v) for v in row] for row in wide])
    arrays = fm.transition_counts(numbers, weights=np.ones(len(wide)), threads=2)
    assert arrays.states == list(range(6)) and isinstance(arrays.count, np.ndarray)
    for row in expected.itertuples():
        h, j = LETTERS.index(row[1]), LETTERS.index(row.to)
        assert found.count[h][j] == arrays.count[h, j] == row.count == arrays.weighted[h, j]
        assert found.probability[h][j] == pytest.approx(row.prob, rel=1e-12) and arrays.probability[h, j] == (
            found.probability[h][j])
    powers = oracle("mvad_transitions_power")
    for steps, rows in powers.groupby("steps"):
        power = fm.transition_power(found.probability, int(steps))
        assert np.array_equal(fm.transition_power(arrays.probability, int(steps)), power)
        for row in rows.itertuples():
            assert power[LETTERS.index(row[2])][LETTERS.index(row.to)] == pytest.approx(row.prob, rel=1e-11)


def test_figures_are_those_of_traminer(wide):
    expected = oracle("mvad_sequences")
    found = fm.sequence_figures(pd.DataFrame(wide), states=list(LETTERS))
    assert found.n_transition.tolist() == expected.transitions.tolist()
    for name in ("entropy", "turbulence", "complexity"):
        np.testing.assert_allclose(getattr(found, name), expected[name], rtol=1e-12, atol=1e-15)
    assert found.time_in_state[:, LETTERS.index("E")].tolist() == expected.months_E.tolist()
    lists = fm.sequence_figures(wide, states=list(LETTERS))
    assert lists.entropy == found.entropy.tolist() and lists.time_in_state == found.time_in_state.tolist()


def test_distances_are_those_of_traminer(wide):
    expected = oracle("mvad_distances")
    people = wide[:int(expected.j.max())]
    for column, method in (("om", "optimal_matching"), ("hamming", "hamming"), ("lcs", "lcs"), ("lcp", "lcp")):
        square = fm.sequence_distances(np.array(people), method=method)
        assert np.array_equal(square, square.T) and not np.diag(square).any()
        pairs = fm.sequence_distances(people, method=method, square=False)
        flat = square[np.triu_indices(len(people), 1)].tolist()
        assert pairs == flat and fm.sequence_distances(people, method=method) == square.tolist()
        for row in expected.itertuples():
            assert square[row.i - 1, row.j - 1] == getattr(row, column)
    dear = fm.sequence_distances([["a", "b"], ["b", "a"]], indel=3, substitution=2, square=False)
    assert dear == [4.0]  # two substitutions, where two indels cost 6


def test_periods_that_are_not_seen():
    # docs/methods/states.md: spells of 2, 1, 1, 3 periods
    for gap in (None, float("nan"), ""):
        found = fm.sequence_figures([[0, 0, 1, 0, gap, 2, 2, 2]])
        assert found.n_transition == [3] and found.time_in_state == [[3, 1, 3]]
        assert found.turbulence[0] == pytest.approx(math.log2(14 * 43 / 27), rel=1e-14)
    coded = np.array([[0, 0, 1, 0, -1, 2, 2, 2], [-1] * 8])
    again = fm.sequence_figures(coded, missing=-1)
    assert again.n_transition.tolist() == [3, -1] and math.isnan(again.entropy[1])
    assert fm.transition_counts(coded, missing=-1).count.sum() == 3 + 2  # none over the gap
    texts = fm.transition_counts([["a", "x", "a"]], missing="x")
    assert texts.states == ["a"] and texts.count == [[0]] and math.isnan(texts.probability[0][0])
    empty = fm.transition_counts([])
    assert empty.count == [[0]] and fm.sequence_distances([], square=False) == []
    assert fm.sequence_distances(np.zeros((1, 3), int)).shape == (1, 1)
    order = fm.transition_counts(np.array([[3, 1]]), states=[3, 1, 7])
    assert order.states == [3, 1, 7] and order.count[0, 1] == 1
    floats = fm.transition_counts(pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, None]}))
    assert floats.states == [1, 2] and floats.count.tolist() == [[0, 1], [0, 0]]


@pytest.mark.parametrize("call, error, words", [
    (lambda: fm.transition_counts([[0, -1]]), fm.Error, "state, row 0, period 1: -1, expected a text or a whole"),
    (lambda: fm.transition_counts(np.array([[0, 1], [2, -1]])), fm.Error, "state, row 1, period 1: -1"),
    (lambda: fm.sequence_figures([["a", "b"]], states=["a"]), fm.Error, "row 0, period 1: 'b', expected one of a"),
    (lambda: fm.sequence_figures(np.array([[1, 2]]), states=[1]), fm.Error, "period 1: 2, expected one of 1"),
    (lambda: fm.sequence_figures([[0.5]]), fm.Error, "0.5"),
    (lambda: fm.sequence_figures([["a", 1]]), TypeError, "found both"),
    (lambda: fm.sequence_figures([["a"], ["a", "b"]]), ValueError, "row 1 is not of 1"),
    (lambda: fm.sequence_figures(["a", "b"]), (ValueError, TypeError), None),
    (lambda: fm.transition_counts([list(range(33))]), ValueError, "33 different states"),
    (lambda: fm.transition_counts([[0, 1]], weights=[1.0, 2.0]), ValueError, "weights: 2 for 1 people"),
    (lambda: fm.transition_counts([[0, 1]], weights=[-1.0]), fm.Error, "weight"),
    (lambda: fm.transition_power([[1.0]], 0), ValueError, "steps"),
    (lambda: fm.transition_power([[0.5, 0.5]], 1), ValueError, "square"),
    (lambda: fm.transition_power([[0.5, 0.4], [0, 1]], 1), fm.Error, "row 0: probabilities that add up to 1"),
    (lambda: fm.sequence_distances([["a"]], method="cosine"), ValueError, "method"),
    (lambda: fm.sequence_distances([["a"]], indel=0), fm.Error, "^indel is expected above 0"),
    (lambda: fm.transition_matrix([0, -1], [1, 1], [3, 4], end=2), fm.Error, "column from_state, row 1: -1"),
    (lambda: fm.transition_matrix([0, 0], [1, -1], [3, 4], end=2), fm.Error, "column to_state, row 1: -1"),
    (lambda: fm.transition_matrix(["a", None], ["b", "b"], [3, 4], end=2), fm.Error, "column from_state, row 1: None"),
    (lambda: fm.transition_matrix(["a"], ["a"], [3], end=2), fm.Error, "a stay in 'a' that leads to 'a'"),
    (lambda: fm.transition_matrix(["a"], ["b"], [3], start=3, end=2), ValueError, "start: 3 is after end"),
])
def test_errors_name_the_argument(call, error, words):
    with pytest.raises(error, match=words) as e:
        call()
    assert "fm_" not in str(e.value) and "n_states" not in str(e.value)
