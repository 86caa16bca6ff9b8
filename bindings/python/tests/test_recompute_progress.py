"""Questionnaires once more, from the CSV files of a made-up municipality with pandas alone."""
from pathlib import Path

import numpy as np
import pytest

import flexmetrics as fm

pd = pytest.importorskip("pandas")
FOLDER = Path(__file__).resolve().parents[3] / "examples" / "data" / "demo-municipality"
WORK = ["ordinary", "fleksjob", "wage_subsidy"]


@pytest.fixture(scope="module")
def computed():
    return fm.Register.read(FOLDER).compute("programme.progress").to_pandas()


def scores_of(answers, instrument):
    """A row a measurement with all items: person_id, date, the items, score."""
    wide = answers[answers.instrument == instrument].pivot(index=["person_id", "date"], columns="item", values="score")
    wide["points"] = wide.sum(axis=1) * 4 if instrument == "who5" else wide.mean(axis=1)
    return wide.reset_index().sort_values(["person_id", "date"])


@pytest.mark.parametrize("instrument, relevant", [("who5", 10), ("bip", None)])
def test_figures(computed, instrument, relevant):
    scores = scores_of(pd.read_csv(FOLDER / "progress.csv", parse_dates=["date"]), instrument)
    jobs = pd.read_csv(FOLDER / "placements.csv", parse_dates=["start"])
    people = scores.groupby("person_id")
    first, last, n = people.first(), people.last(), people.size()
    twice = n[n > 1].index
    change = (last.points - first.points)[twice]
    items = first.drop(columns=["date", "points"])
    k = items.shape[1]
    alpha = k / (k - 1) * (1 - items.var().sum() / items.sum(axis=1).var())
    least = 1.959963984540054 * first.points.std() * np.sqrt(2 * (1 - alpha))
    start = jobs[jobs.kind.isin(WORK)].groupby("person_id").start.min().reindex(twice)
    started = (start > first.date[twice]) & (start <= last.date[twice])
    waiting = ~started & ~(start <= first.date[twice])
    expected = {
        "measured": len(first), "measurements": len(scores), "incomplete": 0, "incomparable": 0,
        "measured_twice": len(twice) / len(first), "first_mean_all": first.points.mean(),
        "first_mean": first.points[twice].mean(), "last_mean": last.points[twice].mean(), "change_mean": change.mean(),
        "months_between": ((last.date - first.date)[twice].dt.days / (365.2425 / 12)).mean(), "reliability": alpha,
        "reliable_better": (change > least).sum(), "reliable_worse": (-change > least).sum(),
        "association": change[started].mean() - change[waiting].mean()}
    if relevant is not None:
        expected.update(relevant_better=(change >= relevant).sum(), relevant_worse=(-change >= relevant).sum())
    rows = computed[(computed.instrument == instrument) & computed.job.isna() & computed.score_band.isna()]
    rows = rows.set_index("quantity")
    for quantity, value in expected.items():
        assert rows.value[quantity] == pytest.approx(value, rel=1e-12), quantity
    assert (rows.state["relevant_better"] == "not_given") == (relevant is None)
    errors = np.sqrt(change[started].var() / started.sum() + change[waiting].var() / waiting.sum())
    assert rows.std_error["association"] == pytest.approx(errors, rel=1e-12)
    by_job = computed[(computed.instrument == instrument) & (computed.quantity == "people")].set_index("job").value
    assert (by_job["started"], by_job["waiting"]) == (started.sum(), waiting.sum())
    assert 0.8 < alpha < 0.9  # the answers of a person go together


def test_bands(computed):
    scores = scores_of(pd.read_csv(FOLDER / "progress.csv", parse_dates=["date"]), "who5").groupby("person_id")
    n, rows = scores.size(), computed[computed.instrument == "who5"]
    for quantity, points in (("band_first", scores.points.first()), ("band_last", scores.points.last())):
        points = points[n > 1]
        counts = [(points <= 35).sum(), ((points > 35) & (points <= 50)).sum(), (points > 50).sum()]
        assert rows[rows.quantity == quantity].value.tolist() == counts
