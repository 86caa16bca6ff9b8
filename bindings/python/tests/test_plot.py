import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import flexmetrics as fm

ORACLE = Path(__file__).resolve().parents[3] / "tests" / "oracle" / "income"
POINTS = [f"lorenz({i / 10})" for i in range(1, 10)]


@pytest.fixture
def axes():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    yield pyplot.subplots()[1]
    pyplot.close("all")


@pytest.fixture(scope="module")
def synth():
    return pd.read_csv(ORACLE / "synth.csv")


def drawn(ax):
    """Points of each labelled line by its label."""
    return {line.get_label(): list(zip(*(np.asarray(v).tolist() for v in line.get_data()))) for line in ax.lines}


def written(ax):
    """Everything that is written on the axes once drawn."""
    ax.figure.canvas.draw()
    return [t.get_text() for t in (ax.xaxis.label, ax.yaxis.label, *ax.get_xticklabels(), *ax.get_yticklabels())] + [
        ax.get_title(loc="left")]


def bands(ax):
    return [c for c in ax.collections if type(c).__name__.endswith("PolyCollection")]


def test_lorenz_of_groups(axes, synth):
    table = fm.income(synth[synth.period == 0], weights="w", by="gender", measures=POINTS)
    assert table.plot(ax=axes) is axes
    lines = drawn(axes)
    assert set(lines) == {"equal incomes", "f", "m"} and len(bands(axes)) == 2
    women = synth[(synth.period == 0) & (synth.gender == "f")]
    p = [0, *(i / 10 for i in range(1, 10)), 1]
    assert [x for x, _ in lines["f"]] == p
    assert [y for _, y in lines["f"]] == pytest.approx(fm.lorenz(women.income, p, women.w), rel=1e-12)
    words = written(axes)
    assert "share of people, poorest first" in words and "share of income" in words and "20%" in words
    assert "95% limits at each point" in words


def test_lorenz_of_periods_in_danish(axes, synth):
    fm.income_change(synth, weights="w", measures=POINTS).plot(ax=axes, lang="da", band=False, linewidth=3)
    assert set(drawn(axes)) == {"lige indkomster", "0", "5"} and not bands(axes)
    assert "20 %" in written(axes) and "andel af indkomsten" in written(axes)
    assert axes.lines[1].get_linewidth() == 3


def test_growth_incidence(axes, synth):
    table = fm.income_incidence(synth, weights="w", n_points=4, curve_only=True)
    table.plot(ax=axes)
    rows = [r for r in table.rows() if r["quantity"] == "slice_growth"]
    assert list(zip(*axes.lines[0].get_data())) == [(r["percentile"] - 0.125, r["value"]) for r in rows]
    corners = bands(axes)[0].get_paths()[0].vertices
    assert {r["band_high"] for r in rows} <= set(corners[:, 1]) and {r["band_low"] for r in rows} <= set(corners[:, 1])
    assert drawn(axes)["growth of all"][0][1] == table.value("mean_growth")
    assert "growth a year" in written(axes) and "95% band for the whole curve" in written(axes)
    axes.clear()
    table.plot(ax=axes, quantity="quantile_growth")
    assert [x for x, _ in zip(*axes.lines[0].get_data())] == [0.25, 0.5, 0.75]


@pytest.mark.parametrize("curve, ends", [("tip", (0, 0)), ("generalised_lorenz", (0, 0)), ("lorenz", (0, 0))])
def test_curves_of_two_groups(axes, synth, curve, ends):
    table = fm.income_dominance(synth[synth.period == 0], group="gender", reference="m", compared="f", curve=curve,
                                n_points=5)
    table.plot(ax=axes)
    lines = drawn(axes)
    assert set(lines) - {"equal incomes"} == {"m", "f"} and lines["m"][0] == ends
    assert [y for x, y in lines["f"] if x == 0.4] == [table.value("compared", p=0.4)]
    assert lines["f"][-1] == ((1, 1) if curve == "lorenz" else (1, table.value("compared", p=1.0)))


def test_estimates_with_intervals(axes, synth):
    table = fm.income(synth[synth.period == 0], weights="w", by="region", measures="mean,gini", total=True)
    table.plot(ax=axes, lang="da", quantity="gini")
    rows = [r for r in table.rows() if r["quantity"] == "gini"]
    words = written(axes)
    assert [w for w in words if w in ("east", "north", "south", "west", "alle")] == ["alle", "west", "south", "north",
                                                                                    "east"]
    bars = [c.get_segments()[0] for c in axes.collections]
    assert [(b[0, 0], b[1, 0]) for b in reversed(bars)] == pytest.approx([(r["ci_low"], r["ci_high"]) for r in rows])
    assert "Gini" in words and any("0," in w for w in words)
    axes.clear()
    table.plot(ax=axes)
    assert "mean" in written(axes)


def test_survival(axes, data):
    table = fm.Register.read(data / "school-to-work").survival(by="target_group", as_of="1999-07-01")
    table.plot(ax=axes)
    lines = drawn(axes)
    assert set(lines) == {"grammar_school", "other_school"} and lines["other_school"][0] == (0, 1)
    value = table.value("survival", target_group="other_school", time_days=int(lines["other_school"][5][0]))
    assert lines["other_school"][5][1] == value and "share still in work" in written(axes)


def test_a_figure_of_its_own_and_what_is_missing(axes, synth):
    small = pd.DataFrame({"income": [1.0, 2.0, 3.0, 4.0, 5.0], "g": ["a", "b", "b", "b", "b"]})
    ax = fm.income(small, by="g", measures="mean,gini").plot()
    assert ax is not axes and len(ax.containers) == 2
    none = fm.income({"income": [0.0, 0.0]}, measures=POINTS)
    with pytest.raises(ValueError, match="no figures to plot as lorenz"):
        none.plot(ax=axes)
    with pytest.raises(ValueError, match="no figures of gini"):
        none.plot("estimates", ax=axes, quantity="gini")
    with pytest.raises(ValueError, match="kind: expected one of lorenz"):
        none.plot("pie", ax=axes)
    with pytest.raises(ValueError, match="lang: expected en or da"):
        none.plot(ax=axes, lang="de")
    with pytest.raises(ValueError, match="expected a result"):
        fm.Table.from_columns({"x": [1]}).plot(ax=axes)


def test_without_matplotlib(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match="plot needs matplotlib"):
        fm.income({"income": [1.0, 2.0]}, measures="mean").plot()
