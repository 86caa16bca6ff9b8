"""Every test leaves no borrowed column behind."""
import gc
from pathlib import Path

import pytest

import flexmetrics as fm

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def no_loans():
    yield
    gc.collect()
    assert fm.core.outstanding_loans() == 0, "a column is still borrowed"


@pytest.fixture(scope="session")
def data():
    return PROJECT / "examples" / "data"
