"""Checks data/sdg/indicators.csv and writes it as C arrays.

embed.py OUTPUT.c INDICATORS.csv

The output depends on the file alone. A fault stops the build with file and line.
"""
import csv
import re
import sys

WORDS = ["target", "name", "unit", "definition", "population", "note"]
COLUMNS = ["id", "target_en", "target_da", "name_en", "name_da", "custodian", "input", "unit_en", "unit_da",
           "definition_en", "definition_da", "population_en", "population_da", "breakdowns", "note_en", "note_da",
           "series", "computed_by", "options", "edition", "source", "status"]
FILLED = ["id", "target_en", "name_en", "unit_en", "definition_en", "input", "edition", "source", "status"]
INPUTS = {"microdata", "grouped", "totals", "none"}
STATUS = {"verified", "unverified"}


def fault(path, line, message):
    sys.exit(f"{path}:{line}: {message}")


def check(path, line, row):
    for column in FILLED:
        if row[column] == "":
            fault(path, line, f"{column} is empty")
    for word in WORDS:
        if (row[word + "_en"] == "") != (row[word + "_da"] == ""):
            fault(path, line, f"{word} is there in one language only")
    if not re.fullmatch(r"(8|10)\.([0-9]+|[a-z])\.[0-9]+", row["id"]):
        fault(path, line, f"{row['id']} is no number of an indicator of goal 8 or 10")
    if not set(row["input"].split()) <= INPUTS or row["input"] != "none" and "none" in row["input"].split():
        fault(path, line, f"input {row['input']}; expected some of {', '.join(sorted(INPUTS))}, or none alone")
    if row["input"] == "none" and (row["note_en"] == "" or row["computed_by"] != ""):
        fault(path, line, "what cannot be computed has a note that says why, and nothing that computes it")
    if row["status"] not in STATUS:
        fault(path, line, f"status {row['status']}; expected {' or '.join(sorted(STATUS))}")


def rows(path):
    with open(path, encoding="utf-8", newline="") as f:
        reader = csv.reader(f)
        if next(reader) != COLUMNS:
            fault(path, 1, f"expected the columns {','.join(COLUMNS)}")
        seen = set()
        for cells in reader:
            if len(cells) != len(COLUMNS):
                fault(path, reader.line_num, f"{len(cells)} cells, expected {len(COLUMNS)}")
            check(path, reader.line_num, dict(zip(COLUMNS, cells)))
            if cells[0] in seen:
                fault(path, reader.line_num, f"{cells[0]} twice")
            seen.add(cells[0])
            yield cells


def c_text(text):
    """A C string literal: bytes beyond ASCII as octal, so that no compiler's own character set matters."""
    return '"' + "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else f"\\{b:03o}"
                         for b in text.encode("utf-8")) + '"'


def main(output, path):
    table = list(rows(path))
    out = ["/* Made from data/sdg/indicators.csv by lib/sdg/embed.py. */", '#include "sdg/indicators_priv.h"',
           "const char *const fm__sdg_columns[FM__SDG_FIELDS] = {" + ", ".join(map(c_text, COLUMNS)) + "};",
           "const char *const fm__sdg_cells[][FM__SDG_FIELDS] = {"]
    out += ["  {" + ", ".join(map(c_text, cells)) + "}," for cells in table]
    out += ["};", f"const size_t fm__sdg_n = {len(table)};"]
    with open(output, "w", encoding="ascii", newline="\n") as f:
        f.write("\n".join(out) + "\n")


main(*sys.argv[1:])
