"""Measures of a whole register made from frames: any order of rows, any number of threads; the table progress."""
import numpy as np
import pandas as pd
import pytest

import flexmetrics as fm

MEASURES = [(f"programme.{name}", {}) for name in (
    "people", "placements", "initiatives", "decisions", "journeys", "support", "support_retention", "employers",
    "steps", "offers", "jobs", "progress")]
MEASURES += [(id, {"by": "sex"}) for id, _ in MEASURES] + [
    ("parity.rates", {"of": "retention.status", "group": "target_group", "against": "population"}),
    ("parity.means", {"of": "wages", "group": "target_group", "reference": "refugee"}),
    ("parity.means", {"of": "income_gain", "group": "sex", "against": "rest"}),
    ("parity.decomposition", {"of": "hours", "group": "sex", "reference": "male", "covariates": "age,education:basic"})]


@pytest.fixture(scope="module")
def folder(data):
    return data / "demo-municipality"


@pytest.fixture(scope="module")
def tables(folder):
    frames = {}
    for path in folder.glob("*.csv"):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        frames[path.stem] = frame.where(frame != "", None)
    return frames


def figures(register, threads):
    return [register.compute(id, as_of="2026-01-01", threads=threads, **options).to_json() for id, options in MEASURES]


@pytest.fixture(scope="module")
def expected(folder):
    return figures(fm.Register.read(folder), 1)


@pytest.mark.parametrize("seed, threads", [(None, 1), (1, 2), (2, 5)])
def test_order_and_threads(tables, folder, expected, seed, threads):
    if seed is not None:
        draw = np.random.default_rng(seed)
        tables = {name: frame.iloc[draw.permutation(len(frame))] for name, frame in tables.items()}
    register = fm.Register.from_frames(tables, codes=folder / "codes", threads=threads)
    for (id, options), got, was in zip(MEASURES, figures(register, threads), expected):
        assert got == was, (id, options)


def test_the_table_called_progress(tables, folder):
    told = []
    persons, answers = tables["persons"], tables["progress"]
    whole = fm.Register.read(folder).compute("programme.progress", as_of="2026-01-01")
    measured = whole.value("measured", instrument="who5")
    for register in (fm.Register.from_frames(persons=persons, progress=answers),
                     fm.Register.from_frames({"persons": persons, "progress": answers}, progress=told.append),
                     fm.Register.from_frames({"persons": persons}, progress=dict(answers))):
        assert register.table("progress") is not None
        found = register.compute("programme.progress", as_of="2026-01-01")
        assert found.value("measured", instrument="who5") == measured
    assert told and told[-1] == 1
