from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import flexmetrics as fm

ORACLE = Path(__file__).resolve().parents[3] / "tests" / "oracle" / "retention"


@pytest.fixture
def axes():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    yield pyplot.subplots(layout="constrained")[1]
    pyplot.close("all")


@pytest.fixture(scope="module")
def exits():
    frame = pd.read_csv(ORACLE / "in_unempdur.csv")
    return fm.cumulative_incidence(frame.assign(cause=frame.cause.map({1: "full", 2: "part", 3: "other"})), time="time",
                                   by="ui", clock="weeks")


def texts(ax):
    ax.figure.canvas.draw()
    return [t.get_text() for t in (ax.xaxis.label, ax.yaxis.label, *ax.get_xticklabels(), *ax.texts)]


def apart(ax, artists):
    """No two texts lie over each other."""
    ax.figure.canvas.draw()
    boxes = [t.get_window_extent() for t in artists if t.get_text()]
    return not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def legend(ax):
    return [t.get_text() for t in ax.get_legend().get_texts()]


@pytest.mark.parametrize("lang, word", [("en", "share still waiting"), ("da", "andel, der stadig venter")])
def test_journeys_are_curves_of_those_still_waiting(axes, data, lang, word):
    register = fm.Register.read(data / "demo-municipality")
    register.journeys(as_of="2026-01-01", curve=True).plot(ax=axes, lang=lang)
    assert word in texts(axes) and len(axes.get_lines()) == 5  # a leg each


@pytest.mark.parametrize("lang, word", [("en", "at risk"), ("da", "under risiko")])
def test_numbers_at_risk_stand_under_the_axis(axes, lang, word):
    frame = {"time_days": [30, 90, 90, 120, 200, 200, 400], "event": [1, 1, 0, 1, 0, 0, 1], "g": list("aabbaab")}
    fm.survival(frame, by="g").plot(ax=axes, at_risk=True, lang=lang)
    written = texts(axes)
    assert word in written
    marks = [t for t in axes.get_xticks()]
    rows = [t.get_text() for t in axes.texts]
    at = {name: rows[rows.index(name) + 1:rows.index(name) + 1 + len(marks)] for name in "ab"}
    time, group = np.array(frame["time_days"]), np.array(frame["g"])
    for name, numbers in at.items():
        assert numbers == [str((time[group == name] >= t).sum()) for t in marks]
    assert apart(axes, [*axes.texts, axes.xaxis.label, *axes.get_xticklabels()])
    figure = axes.figure.get_window_extent()
    assert all(figure.contains(*t.get_window_extent().min) for t in axes.texts)


def test_reasons_have_colours_and_groups_styles(axes, exits):
    exits.plot(ax=axes)
    lines = {line.get_label(): line for line in axes.lines}
    assert set(lines) == {f"{g}, {c}" for g in "01" for c in ("full", "part", "other")}
    assert lines["0, full"].get_color() == lines["1, full"].get_color() != lines["0, part"].get_color()
    assert lines["0, full"].get_linestyle() == lines["0, part"].get_linestyle() != lines["1, full"].get_linestyle()
    x, y = lines["1, part"].get_data()
    assert (x[0], y[0]) == (0, 0)
    assert y[list(x).index(8)] == exits.value("cumulative_incidence", ui="1", cause="part", time_weeks=8)
    assert "weeks since the start" in texts(axes)


def test_reasons_stacked_make_a_whole(axes, exits):
    exits.plot(ax=axes, where={"ui": "1"}, stacked=True, lang="da")
    assert legend(axes) == ["stadig i arbejde", "part", "other", "full"]
    top = axes.collections[-1].get_paths()[0].vertices
    assert top[:, 1].max() == pytest.approx(1, abs=1e-12)
    assert "uger siden start" in texts(axes) and "andel af personer" in texts(axes)
    first = axes.collections[0].get_paths()[0].vertices
    assert exits.value("cumulative_incidence", ui="1", cause="full", time_weeks=8) in first[:, 1]
    with pytest.raises(ValueError, match="of one group: choose it by where"):
        exits.plot(ax=axes, stacked=True)


def test_states_fill_the_whole(axes):
    frame = pd.read_csv(ORACLE / "in_multistate.csv")
    frame["to"] = frame["to"].where(frame["to"] != "censored")
    found = fm.states(frame, person="id", entry="start", time="stop")
    found.plot(ax=axes)
    assert legend(axes)[::-1] == sorted(set(s for s, q in zip(found["to_state"], found["quantity"])
                                            if q == "occupation"))
    assert axes.collections[-1].get_paths()[0].vertices[:, 1].max() == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("lang, half", [("en", "0.5"), ("da", "0,5")])
def test_hazard_ratios_on_a_logarithmic_axis(axes, lang, half):
    frame = pd.read_csv(ORACLE / "in_placements.csv")
    found = fm.cox(frame.assign(left=frame.cause > 0), time="exit", entry="entry", event="left",
                   covariates=["female", "group:other_unemployed"], dated={"aftercare": "aftercare"})
    found.plot(ax=axes, lang=lang)
    assert axes.get_xscale() == "log" and half in texts(axes)
    names = [t.get_text() for t in axes.get_yticklabels()]
    assert names[-1] == "female" and names[0] == "aftercare" and "group=fleksjob" in names
    drawn = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
    assert drawn[::-1] == [v for v, q in zip(found["value"], found["quantity"]) if q == "hazard_ratio"]
    assert apart(axes, axes.get_xticklabels())


def test_refusals(axes, exits):
    for call, words in [(lambda: exits.plot(ax=axes, at_risk=True), "at_risk: belongs to another kind"),
                        (lambda: exits.plot(ax=axes, where={"sex": "f"}), "where: no column sex"),
                        (lambda: exits.plot(ax=axes, where={"ui": "2"}), "where: no row"),
                        (lambda: exits.plot("occupation", ax=axes), "no figures to plot as occupation")]:
        with pytest.raises(ValueError, match=words):
            call()


def test_definitions_have_curves_of_their_own(axes):
    rows = {"time_days": [1, 2, 3, 1, 2, 3], "event": [1] * 6, "definition": ["strict"] * 3 + ["grace_4_weeks"] * 3}
    fm.survival({"time_days": [1, 2, 3], "event": [1] * 3}).plot(ax=axes)
    assert len(axes.get_lines()) == 1
    fm.survival(rows, definition="definition").plot(ax=axes)
    assert len(axes.get_lines()) == 3
