"""Checks data/sdg/*.csv and writes them as C arrays.

embed_sdmx.py OUTPUT.c COMPONENTS.csv CODES.csv SERIES.csv MEASURES.csv GROUPS.csv

The output depends on the files alone. A fault stops the build with file and line.
"""
import csv
import re
import sys
from pathlib import Path

HEAD = {
    "sdmx_components": ["component", "role", "required", "list", "default", "type"],
    "sdmx_codes": ["list", "code", "name", "since", "until", "value", "source", "status"],
    "sdmx_series": ["code", "indicator", "name", None, "since", "until", "source", "status", "note"],  # None: constraints
    "sdmx_measures": ["series", "indicator", "quantity", "definition", "when", "needs", "set", "shift", "source",
                      "status", "note"],
    "sdmx_groups": ["column", "value", "component", "code"],
}
STATUS = {"verified", "draft", "unverified", "project"}


def fault(path, line, message):
    sys.exit(f"{path}:{line}: {message}")


def read(path, name, components):
    expected = [c for column in HEAD[name] for c in (components if column is None else [column])]
    with open(path, encoding="utf-8", newline="") as f:
        reader = csv.reader(f, strict=True)
        head = next(reader)
        if name == "sdmx_series":
            extra = [c for c in head if c not in expected and c not in HEAD[name]]
            if extra or head[:3] != HEAD[name][:3] or head[-5:] != HEAD[name][-5:]:
                fault(path, 1, f"expected {expected}")
        elif head != expected:
            fault(path, 1, f"expected the columns {','.join(expected)}")
        for row in reader:
            if len(row) != len(head):
                fault(path, reader.line_num, f"{len(row)} cells, expected {len(head)}")
            if any(cell != cell.strip() or re.search(r"[\x00-\x1f]", cell) for cell in row):
                fault(path, reader.line_num, "spaces at an end of a cell, or control characters")
            yield reader.line_num, dict(zip(head, row))


def versions(path, line, row):
    for column in ("since", "until"):
        if not re.fullmatch(r"\d+(\.\d+)*" if column == "since" else r"(\d+(\.\d+)*)?", row[column]):
            fault(path, line, f"{column} {row[column]!r} is no version")
    if row["status"] not in STATUS:
        fault(path, line, f"status {row['status']!r}; expected one of {', '.join(sorted(STATUS))}")


def check(paths):
    part, codes, series = {}, {}, set()
    for line, row in read(paths["sdmx_components"], "sdmx_components", []):
        if row["role"] not in ("dimension", "measure", "attribute") or row["type"] not in ("code", "text", "number",
                                                                                          "period"):
            fault(paths["sdmx_components"], line, "role or type")
        part[row["component"]] = row["list"]
    for line, row in read(paths["sdmx_codes"], "sdmx_codes", []):
        versions(paths["sdmx_codes"], line, row)
        if row["code"] in codes.setdefault(row["list"], set()):
            fault(paths["sdmx_codes"], line, f"{row['code']} twice")
        codes[row["list"]].add(row["code"])
    path = paths["sdmx_series"]
    for line, row in read(path, "sdmx_series", list(part)):
        versions(path, line, row)
        if row["code"] in series:
            fault(path, line, f"{row['code']} twice")
        series.add(row["code"])
        for component in part.keys() & row.keys():
            unknown = set(row[component].split(";")) - codes[part[component]] - {"ALL"}
            if unknown:
                fault(path, line, f"{component}: {part[component]} does not have {', '.join(sorted(unknown))}")
    path = paths["sdmx_measures"]
    for line, row in read(path, "sdmx_measures", []):
        if row["series"] not in series or not row["shift"].isdigit() or row["needs"] not in {"", *part}:
            fault(path, line, "series, needs or shift")
        for pair in filter(None, row["set"].split(";")):
            component, code = pair.split("=")
            if code not in codes[part[component]]:
                fault(path, line, f"{part[component]} does not have {code}")
    path = paths["sdmx_groups"]
    for line, row in read(path, "sdmx_groups", []):
        known = row["component"] == "-" or row["component"] in part
        if not known or ("{" not in row["code"] and row["component"] != "-" and
                         row["code"] not in codes[part[row["component"]]]):
            fault(path, line, f"{row['component']} {row['code']}")


def main(output, *paths):
    named = {Path(path).stem: path for path in paths}
    if list(named) != list(HEAD):
        sys.exit(f"expected {', '.join(HEAD)}")
    check(named)
    out = ["/* Made from data/sdg by lib/sdg/embed_sdmx.py. */", '#include "sdg/sdmx_priv.h"']
    for name, path in named.items():
        data = Path(path).read_bytes()
        lines = [" ".join(f"{byte}," for byte in data[i:i + 30]) for i in range(0, len(data), 30)]
        out += [f"static const unsigned char {name}[] = {{", *lines, "};"]
    out += ["const fm__sdmx_file fm__sdmx_files[] = {"]
    out += [f'  {{"{name}", {name}, sizeof {name}}},' for name in named] + ["};"]
    Path(output).write_text("\n".join(out) + "\n", encoding="ascii", newline="\n")


main(*sys.argv[1:])
