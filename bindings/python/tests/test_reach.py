"""Every public function on spells and lasting work can be reached, and no error of them speaks C."""
import re
from pathlib import Path

import pytest

from flexmetrics.error import in_words

PROJECT = Path(__file__).resolve().parents[3]
INTERFACE = PROJECT / "bindings" / "python"

#: Functions that the package does not call, and what does the same.
WITHOUT = {
    "fm_spell_covered_days": "Spells.days_in, which tells the days not seen yet, too",
    "fm_spell_definition_init": "fields come from a row of a list",
    "fm_spell_definition_with_incomes": "definitions on a Register, which has the incomes; Histories refuses them",
    "fm_spell_income_end": "as fm_spell_definition_with_incomes",
    "fm_spell_income_period_name": "Definition(income_period=...) takes the name",
    "fm_spell_stream_destroy": "the handle's end",
}
#: Measures of frames: a catalogue id, their specs are its options.
BY_ID = re.compile(r"fm_retention_(\w+?)(_spec_init|_tally)?$")


def functions(subject):
    text = "".join(path.read_text() for path in sorted((PROJECT / "include" / "flexmetrics").glob(f"{subject}*.h")))
    return sorted(set(re.findall(r"FM_API(?:\s+FM_NODISCARD)?[^;(]*?\b(fm_\w+)\(", text)))


@pytest.mark.parametrize("subject", ["spell", "retention"])
def test_every_function_can_be_reached(subject):
    import flexmetrics as fm
    called = set(re.findall(r"\bfm_\w+", "".join(path.read_text() for path in INTERFACE.glob("*.i"))))
    ids = set(fm.indicators()["id"])
    names = functions(subject)
    assert len(names) > 20
    for name in names:
        by_id = BY_ID.match(name)
        measure = by_id is not None and f"retention.{by_id[1]}" in ids  # Register.compute and fm.compute take any
        assert name in called or measure or name in WITHOUT, f"{name}: bind it, or say what does the same"
        assert not (name in called and name in WITHOUT) or name == "fm_spell_stream_destroy", name


def test_no_error_speaks_c():
    """What a caller of the package can see of the sentences in the library's sources."""
    never = re.compile(r"must be given|is NULL|are NULL|struct_size|FM_SPELL_STATE_|call fm_spell_sort|n_spells too")
    seen = 0
    for path in [*(PROJECT / "lib" / "spell").rglob("*.c"), *(PROJECT / "lib" / "retention").rglob("*.c")]:
        for call in re.findall(r"fm__fail\([^;]*;", path.read_text()):
            sentence = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', call))
            seen += 1
            if not never.search(sentence):
                assert not re.search(r"\bfm_|\bFM_|%zu of n\b", in_words(sentence)), f"{path.name}: {sentence}"
    assert seen > 100


@pytest.mark.parametrize("said, words", [
    ("fm_retention_km: max_time is -1, expected 0 or more", "max_time is -1, expected 0 or more"),
    ("n_persons must be given, and weeks must be from 1 to 5218", "weeks must be from 1 to 5218"),
    ("clock is 9, it must be from FM_SPELL_BY_DAY to FM_SPELL_BY_YEAR", 'clock is 9, it must be from "day" to "year"'),
    ("two spells on one day, expected one: call fm_spell_resolve first",
     "two spells on one day, expected one: call resolve() first"),
    ("start and end must be dates or FM_NO_DATE", "start and end must be dates or missing"),
    ("a spell must have a date as start, and a date or FM_SPELL_OPEN as end",
     "a spell must have a date as start, and a date or missing as end"),
    ("column fm_x: nothing of ours", "column fm_x: nothing of ours"),
])
def test_words_of_the_library(said, words):
    assert in_words(said) == words
