import inspect
import re
from pathlib import Path

import pytest

import flexmetrics as fm


def test_every_public_name_is_documented():
    for name in fm.__all__:
        thing = getattr(fm, name)
        assert inspect.getdoc(thing), name
        if inspect.isclass(thing):
            for method, function in inspect.getmembers(thing, inspect.isfunction):
                if not method.startswith("_") and function.__module__.startswith("flexmetrics"):
                    assert inspect.getdoc(function), f"{name}.{method}"


def test_examples_in_the_texts():
    import doctest
    import importlib
    for name in ("definition", "histories", "income_arrays", "income_frames", "retention_arrays", "retention_fine_gray",
                 "retention_frames", "retention_periods", "retention_sequences", "spell", "spell_long_term",
                 "spell_stream", "survey"):
        done = doctest.testmod(importlib.import_module(f"flexmetrics.{name}"))
        assert done.failed == 0 and done.attempted >= 2, name
    assert doctest.testmod(fm).failed == 0


def test_version_is_the_projects():
    project = Path(__file__).resolve().parents[3]
    assert f"version: '{fm.__version__}'" in (project / "meson.build").read_text()
    assert re.fullmatch(r"\d+\.\d+\.\d+", fm.__version__)


def test_only_the_module_is_exported():
    import subprocess
    out = subprocess.run(["nm", "-D", "--defined-only", fm.core._core.__file__], capture_output=True, text=True)
    names = {line.split()[-1].split("@")[0] for line in out.stdout.splitlines()}
    assert names == {"PyInit__core"}


def test_the_stub_names_what_is_there():
    import ast
    stub = ast.parse((Path(fm.__file__).parent / "core.pyi").read_text())
    said = {f.name: [a.arg for a in f.args.args] for f in stub.body if isinstance(f, ast.FunctionDef)}
    made = {name: list(inspect.signature(f).parameters) for name, f in inspect.getmembers(fm.core, inspect.isfunction)
            if not name.startswith("_")}
    assert said == made
    handles = {c.name for c in stub.body if isinstance(c, ast.ClassDef)}
    assert handles <= set(dir(fm.core))


def test_goals():
    goals = fm.sdg_indicators()
    assert len(goals) == 31 and "8.5.2" in list(goals["id"])
    told = fm.describe("10.2.1", lang="da")
    assert told["computed_by"] == "income.distribution" and "median" in told["definition"]
    assert fm.describe("8.4.1")["input"] == "none"
    assert fm.compute("10.2.1", {"income": [10.0, 20, 30, 40, 100]})["value"][0] == pytest.approx(20)
    with pytest.raises(fm.Error, match="8.4.1 is not computed here"):
        fm.compute("8.4.1", {"income": [1.0]})
