"""Disclosure control through the package: tables in several forms, linked figures, two reports, rules, rounding."""
import doctest

import numpy
import pandas
import pytest

import flexmetrics as fm
from flexmetrics import disclose

T1 = [[20, 50, 10, 12], [8, 19, 22, 7], [17, 3, 32, 2], [12, 6, 8, 30]]


def test_example():
    assert doctest.testmod(disclose).failed == 0


def test_forms_of_tables():
    lists = disclose.protect(T1)
    array = disclose.protect(numpy.array(T1, dtype="int32"))
    frame = disclose.protect(pandas.DataFrame(T1, columns=list("abcd"), index=[5, 6, 7, 8]))
    assert lists.safe and lists.hidden == array.hidden.tolist()
    assert array.hidden.dtype == bool and array.hidden.shape == (4, 4)
    assert frame.hidden.loc[7, "b"] and list(frame.hidden.columns) == list("abcd")
    assert disclose.protect([2, 40, 11, 9, 27]).hidden == [True, False, False, True, False]
    assert disclose.protect(pandas.Series([2, 40, 11, 9, 27])).hidden.tolist() == [True, False, False, True, False]


def test_golden_table():
    """Two further cells, or cells with 26 people (integer programs, tests/oracle/disclose)."""
    options = dict(n_values=2, reaches_threshold=False, floor=0, hides_zeros=False)
    cells, people = disclose.protect(T1, **options), disclose.protect(T1, objective="sum", **options)
    assert (cells.n_further, cells.optimal, cells.lower_bound) == (2, True, 2)
    assert (people.sum_further, people.reached, people.optimal) == (26, 26, True)
    low, high = disclose.ranges(T1, people.hidden, floor=0)
    assert (low[2][1], high[2][1], low[1][1], high[1][1]) == (0, 5, 17, 22)
    small = [[0 < v < 5 for v in row] for row in T1]
    assert disclose.known(T1, small)[2] == [False, True, False, True]
    assert not any(map(any, disclose.known(T1, people.hidden)))


def test_structural_and_hidden():
    counts, free = [[0, 3], [20, 0]], dict(n_values=4, reaches_threshold=False)
    assert disclose.protect(counts, **free).safe
    answer = disclose.protect(counts, structural=[[True, False], [False, False]], **free)
    assert not answer.safe and answer.hidden == [[False, True], [True, True]]
    assert disclose.protect([[10, 20], [30, 40]], hidden=[[1, 0], [0, 0]]).hidden == [[True, False], [False, False]]
    low, high = disclose.ranges(counts, [[1, 1], [1, 1]], structural=[[1, 0], [0, 0]])
    assert low == high == counts


def test_refusals():
    for counts in ([[1, 2], [3]], [[1, 2], 3], [1.5, 2], ["a"], numpy.zeros((2, 2, 2), int), numpy.array([1.0])):
        with pytest.raises((TypeError, ValueError)):
            disclose.protect(counts)
    with pytest.raises(ValueError, match="objective: expected cells, sum"):
        disclose.protect(T1, objective="few")
    with pytest.raises(ValueError, match="shape of the counts, 4 x 4, got 1 x 2"):
        disclose.protect(T1, hidden=[[1, 0]])
    with pytest.raises(ValueError, match="True and False"):
        disclose.protect([5, 6], hidden=[2, 0])
    with pytest.raises(fm.Error, match="threshold"):
        disclose.protect(T1, threshold=0)
    with pytest.raises(fm.Error, match="floor"):
        disclose.ranges([0, 5], [1, 1], floor=1)
    with pytest.raises(fm.Error, match="floor"):
        disclose.known([[0, 5], [6, 7]], [[1, 1], [1, 1]], floor=1)


def test_check():
    disclose.check([[1, 2], [3, 4]], rows=[3, 7], columns=[4, 6], total=10)
    with pytest.raises(fm.Error, match="row 2 add up to 7, its sum is 8") as error:
        disclose.check([[1, 2], [3, 4]], rows=[3, 8])
    assert error.value.row == 1
    with pytest.raises(ValueError):
        disclose.check([[1, 2], [3, 4]], rows=[3])


CELLS = {"women yes": 20, "women no": 3, "men yes": 30, "men no": 14}
FIGURES = {"women": ["women yes", "women no"], "men": ["men yes", "men no"], "yes": ["women yes", "men yes"],
           "no": ["women no", "men no"], **{key: [key] for key in CELLS},
           "all": disclose.Figure(list(CELLS), kind="fixed")}


def test_linked():
    answer = disclose.linked(CELLS, FIGURES)
    assert answer.safe and "women no" in answer.hidden and "all" not in answer.hidden
    low, high, exact = disclose.linked_ranges(CELLS, FIGURES, answer.hidden)
    assert high["women no"] >= 5 and high["women no"] - low["women no"] >= 4 and all(exact.values())
    alone = disclose.linked_ranges(CELLS, FIGURES, ["women no"])
    assert alone.low["women no"] == alone.high["women no"] == 3
    less = disclose.Figure({"women yes": 1, "men yes": -1}, kind="secret", at_most=0)
    assert disclose.linked_ranges(CELLS, {**FIGURES, "less": less}, answer.hidden).high["less"] <= 0
    for wrong in ({"x": ["children"]}, {"x": disclose.Figure(list(CELLS), kind="open")}):
        with pytest.raises((KeyError, ValueError)):
            disclose.linked(CELLS, wrong)
    with pytest.raises(KeyError, match="no figure 'children'"):
        disclose.linked(CELLS, FIGURES, hidden=["children"])
    with pytest.raises(fm.Error, match="n_values"):
        disclose.linked(CELLS, FIGURES, n_values=1)
    with pytest.raises(fm.Error, match="bounds"):
        disclose.linked_ranges(CELLS, {"x": disclose.Figure(list(CELLS), at_least=100)})


def test_between():
    then, now = {"women": 20, "men": 30, "others": 40}, {"women": 22, "men": 42, "others": 56}
    figures = {**{key: [key] for key in then}, "all": list(then)}
    answer = disclose.between((now, figures), (then, figures))
    assert answer.safe and "women" in answer.hidden and answer.n_further == 2
    free = disclose.between((now, figures), (then, figures), change={"women": "changed", "men": "grew"})
    assert free.safe and "women" in free.hidden
    assert disclose.between((now, figures), ({1: 7}, {"x": [1]})).hidden == []
    with pytest.raises(fm.Error, match="fewer people"):
        disclose.between((then, figures), (now, figures))
    with pytest.raises(ValueError, match="change"):
        disclose.between((now, figures), (then, figures), change="fell")


def test_single_figures():
    assert disclose.count_is_shown(0) and not disclose.count_is_shown(4)
    assert not disclose.share_is_shown(41, 45) and disclose.share_is_shown(40, 45)
    assert not disclose.share_is_shown(9, 9, least_whole=10)
    assert disclose.quantile_is_shown(10, 0.5) and not disclose.quantile_is_shown(9, 0.5)
    assert not disclose.pair_is_shown(41, 45)
    assert disclose.at_least(41, 45) == 40 and disclose.at_least(4, 45) is None
    assert disclose.at_most(4, 45) == 5 and disclose.at_most(3, 5) is None
    answer = disclose.sum_rule([50, 500, 100, 50, 300], k_share=0.75, p_share=0.15)
    assert answer.total == 1000 and answer.largest_share == 0.8 and answer.dominated and not answer.within_p
    with pytest.raises(fm.Error, match="k_share"):
        disclose.sum_rule([1.0], k_share=2.0)
    assert disclose.curve([20, 15, 4], [5, 11, 0], [0, 0, 0]) == [True, False, False]
    with pytest.raises(fm.Error, match="month 0"):
        disclose.curve([1], [2], [0])


def test_rounding():
    secret = disclose.new_secret()
    for base in (3, 5):
        rounded = [disclose.round_random(17, f"cell={k}", secret, base) for k in range(400)]
        assert set(rounded) == {17 - 17 % base, 17 - 17 % base + base}
        assert abs(sum(rounded) / 400 - 17) < 0.7
        assert rounded == [disclose.round_random(17, f"cell={k}", secret, base) for k in range(400)]
    assert disclose.round_nearest(25, 10) == 30
    with pytest.raises(fm.Error, match="secret"):
        disclose.round_random(17, "a", b"short")
    with pytest.raises(TypeError):
        disclose.round_random(17, "a", "sixteen letters or more")
    with pytest.raises(ValueError):
        disclose.round_nearest(-1, 10)
