"""The page for analysts shows what comes out."""
import doctest
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("page", ["docs/python.md"])
def test_blocks_show_what_comes_out(page, monkeypatch):
    monkeypatch.chdir(PROJECT)
    text = (PROJECT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page, page, 0)
    done = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test)
    assert done.failed == 0 and done.attempted > 20
