"""Checks data/catalogue/*.csv and writes them as C arrays.

embed.py OUTPUT.c INDICATORS.csv OPTIONS.csv LABELS.csv QUANTITIES.csv COLUMNS.csv NOTES.csv

The output depends on the files alone. A fault stops the build with file and line.
"""
import csv
import re
import sys

HEAD = {
    "indicators": ["id", "name_en", "name_da", "unit", "frame", "columns", "sdg", "definition_en", "definition_da",
                   "source"],
    "options": ["id", "option", "default", "about_en", "about_da"],
    "labels": ["key", "en", "da"],
    "quantities": ["indicator", "quantity", "role", "of", "without_n"],
    "columns": ["id", "columns", "type", "use"],
    "notes": ["note", "role"],
}
TYPES = {"key": "FM_CSV_KEY", "any": "FM_CSV_ANY", "code": "FM_CODE", "f64": "FM_F64", "i64": "FM_I64", "i32": "FM_I32",
         "bool": "FM_BOOL", "date": "FM_DATE"}
USES = {"required": "true, false", "optional": "false, false", "id": "true, true"}
# What a quantity is to disclosure control: docs/methods/disclosure.md.
ROLES = ["none", "count", "part", "nested", "share", "mean", "quantile", "slice", "matrix", "derived", "between", "curve",
         "at_risk", "events", "point"]


def fault(path, line, message):
    sys.exit(f"{path}:{line}: {message}")


def rows(path, kind):
    with open(path, encoding="utf-8", newline="") as f:
        reader = csv.reader(f)
        if next(reader) != HEAD[kind]:
            fault(path, 1, f"expected the columns {','.join(HEAD[kind])}")
        for row in reader:
            if len(row) != len(HEAD[kind]):
                fault(path, reader.line_num, f"{len(row)} cells, expected {len(HEAD[kind])}")
            if row[0] == "":
                fault(path, reader.line_num, "the first cell is empty")
            yield reader.line_num, row


def c_text(text):
    """A C string literal: bytes beyond ASCII as octal, so that no compiler's own character set matters."""
    return '"' + "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else f"\\{b:03o}"
                         for b in text.encode("utf-8")) + '"'


def write_array(out, name, kind, table):
    out.append(f"const fm__catalogue_{kind} fm__catalogue_{name}[] = {{")
    out += ["  {" + ", ".join(c_text(cell) for cell in row) + "}," for row in table]
    out.append("};")
    out.append(f"const size_t fm__catalogue_n_{name} = {len(table)};")


def quantities(path, indicators):
    """One line for each indicator and quantity; x.* is a subject, and a star at an end stands for any text."""
    out = []
    for line, row in rows(path, "quantities"):
        if row[2] not in ROLES:
            fault(path, line, f"no role {row[2]}; there are {', '.join(ROLES)}")
        if row[4] not in ("", "shown"):
            fault(path, line, "without_n is blank or shown")
        for id in row[0].split():
            if not any(i == id or (id.endswith(".*") and i.startswith(id[:-1])) for i in indicators):
                fault(path, line, f"no indicator {id}")
            for quantity in row[1].split():
                if any(other[:2] == [id, quantity] for other in out):
                    fault(path, line, f"{id} {quantity} twice")
                out.append([id, quantity, "FM__ROLE_" + row[2].upper(), row[3], "true" if row[4] else "false"])
    return out


def write_quantities(out, table):
    out.append("const fm__catalogue_quantity fm__catalogue_quantities[] = {")
    out += [f"  {{{c_text(r[0])}, {c_text(r[1])}, {c_text(r[3])}, {r[2]}, {r[4]}}}," for r in table]
    out.append("};")
    out.append(f"const size_t fm__catalogue_n_quantities = {len(table)};")


def columns(path, indicators):
    """What a bare frame of an indicator has, whatever its options; a name that ends in _ goes on with the clock."""
    out = []
    for line, row in rows(path, "columns"):
        if row[2] not in TYPES or row[3] not in USES:
            fault(path, line, f"expected a type of {', '.join(TYPES)} and a use of {', '.join(USES)}")
        for id in row[0].split():
            told = next((re.findall(r"\w+", r[5]) for r in indicators if r[0] == id), None)
            if told is None:
                fault(path, line, f"no indicator {id}")
            for column in row[1].split():
                if any(other[:2] == [id, column] for other in out):
                    fault(path, line, f"{id} {column} twice")
                is_told = any(word == column or column[-1] == "_" and word.startswith(column) for word in told)
                if row[3] != "optional" and not is_told:
                    fault(path, line, f"the columns of {id} in indicators.csv do not tell of {column}")
                out.append([id, column, TYPES[row[2]], USES[row[3]]])
    return out


def write_columns(out, table):
    out.append("const fm__catalogue_column fm__catalogue_columns[] = {")
    out += [f"  {{{c_text(r[0])}, {c_text(r[1])}, {r[2]}, {r[3]}}}," for r in table]
    out.append("};")
    out.append(f"const size_t fm__catalogue_n_columns = {len(table)};")


def write_notes(out, path):
    """What a number among the notes of a result is to disclosure control."""
    out.append("const fm__catalogue_note fm__catalogue_notes[] = {")
    names = []
    for line, (name, role) in rows(path, "notes"):
        if role not in ("setting", "count"):
            fault(path, line, f"no role {role}; there are setting, count")
        if name in names:
            fault(path, line, f"{name} twice")
        names.append(name)
        out.append(f"  {{{c_text(name)}, {'true' if role == 'count' else 'false'}}},")
    out.append("};")
    out.append(f"const size_t fm__catalogue_n_notes = {len(names)};")


def main(output, indicator_path, option_path, label_path, quantity_path, column_path, note_path):
    indicators, labels = [], []
    for line, row in rows(indicator_path, "indicators"):
        if any(row[0] == other[0] for other in indicators):
            fault(indicator_path, line, f"{row[0]} twice")
        if "" in row[1:6]:
            fault(indicator_path, line, "an empty cell before sdg")
        indicators.append(row)
    of = {row[0]: [] for row in indicators}
    for line, row in rows(option_path, "options"):
        ids = [id for word in row[0].split()  # an option may belong to several indicators, or to a whole subject: x.*
               for id in ([i for i in of if i.startswith(word[:-1])] if word.endswith(".*") else [word])]
        for id in ids:
            if id not in of:
                fault(option_path, line, f"no indicator {id}")
            if row[1] in [r[1] for r in of[id]]:
                fault(option_path, line, f"{id} {row[1]} twice")
            of[id].append([id, *row[1:]])
    options = [row for rows_of in of.values() for row in rows_of]
    for line, row in rows(label_path, "labels"):
        if any(row[0] == other[0] for other in labels):
            fault(label_path, line, f"{row[0]} twice")
        labels.append(row)
    labels.sort(key=lambda row: row[0].encode("utf-8"))
    out = ["/* Made from data/catalogue by lib/catalogue/embed.py. */", '#include "catalogue/catalogue_priv.h"',
           '#include "flexmetrics/csv.h"']
    write_array(out, "indicators", "indicator", indicators)
    write_array(out, "options", "option", options)
    write_array(out, "labels", "label", labels)
    write_quantities(out, quantities(quantity_path, list(of)))
    write_columns(out, columns(column_path, indicators))
    write_notes(out, note_path)
    with open(output, "w", encoding="ascii", newline="\n") as f:
        f.write("\n".join(out) + "\n")


main(*sys.argv[1:])
