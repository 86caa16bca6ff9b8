"""Writes the tables, datapackage.json and README.md of an example folder, the same bytes on every machine."""

import csv
import io
import json
import os
import sys


def target_folder(script):
    """The folder to write to: the first argument, or the script's own."""
    return sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(script))


def number(value, digits):
    """Shortest decimal text of value rounded to digits places: 14.50 is 14.5, 20.0 is 20."""
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def write_text(folder, name, text):
    path = os.path.join(folder, *name.split("/"))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write(text)


def write_table(folder, name, columns, rows):
    """Writes NAME.csv; a row is a dict, a column it lacks stays blank."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(columns)
    for row in rows:
        unknown = set(row) - set(columns)
        if unknown:
            raise ValueError(f"{name}: no column {sorted(unknown)}")
        out.writerow(["" if row.get(c) is None else row[c] for c in columns])
    write_text(folder, name + ".csv", text.getvalue())


def write_package(folder, package, tables):
    """Writes datapackage.json: plain keys first, then one resource per table."""
    package = dict(package)
    package["resources"] = [{"name": t.replace("_", "-"), "path": t + ".csv", "profile": "tabular-data-resource"}
                            for t in tables]
    write_text(folder, "datapackage.json", json.dumps(package, ensure_ascii=False, indent=2) + "\n")


def facts_table(facts):
    """The table of figures of a README: (figure, value) pairs, all computed by the caller."""
    return "\n".join(["| figure | value |", "| --- | ---: |"] + [f"| {name} | {value} |" for name, value in facts])
