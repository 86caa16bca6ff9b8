import inspect
import re
from pathlib import Path

import flexmetrics as fm


def test_every_public_name_is_documented():
    for name in fm.__all__:
        thing = getattr(fm, name)
        assert inspect.getdoc(thing), name
        if inspect.isclass(thing):
            for method, function in inspect.getmembers(thing, inspect.isfunction):
                if not method.startswith("_") and function.__module__.startswith("flexmetrics"):
                    assert inspect.getdoc(function), f"{name}.{method}"


def test_version_is_the_projects():
    project = Path(__file__).resolve().parents[3]
    assert f"version: '{fm.__version__}'" in (project / "meson.build").read_text()
    assert re.fullmatch(r"\d+\.\d+\.\d+", fm.__version__)


def test_only_the_module_is_exported():
    import subprocess
    out = subprocess.run(["nm", "-D", "--defined-only", fm.core._core.__file__], capture_output=True, text=True)
    names = {line.split()[-1].split("@")[0] for line in out.stdout.splitlines()}
    assert names == {"PyInit__core"}
