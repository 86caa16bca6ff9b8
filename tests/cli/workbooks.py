"""Workbooks (.xlsx) read back: by their own zip and XML, with no library of spreadsheets."""
import csv
import io
import os
import re
import subprocess
import xml.etree.ElementTree as ET
import zipfile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINKS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
NUMBERS = ("value", "std_error", "ci_low", "ci_high", "level", "n", "people", "weight", "horizon_months")
WITHOUT = "was built without workbooks: install libxlsxwriter (Debian: libxlsxwriter-dev), then build it again"


class Sheet:
    """Cells as {(row, column): (value, number format)}, row and column from 0; the row at which the frozen part ends."""

    def __init__(self, root, texts, formats):
        self.cells, self.widths = {}, {}
        for column in root.iter(MAIN + "col"):
            for k in range(int(column.get("min")), int(column.get("max")) + 1):
                self.widths[k - 1] = float(column.get("width"))
        pane = next(root.iter(MAIN + "pane"), None)
        self.frozen = int(pane.get("ySplit")) if pane is not None and pane.get("state") == "frozen" else 0
        for cell in root.iter(MAIN + "c"):
            letters, digits = re.fullmatch("([A-Z]+)([0-9]+)", cell.get("r")).groups()
            column = 0
            for letter in letters:
                column = column * 26 + ord(letter) - 64
            text = cell.findtext(MAIN + "v")
            if text is None:
                continue
            kind = cell.get("t", "n")
            value = texts[int(text)] if kind == "s" else float(text) if kind == "n" else text == "1"
            self.cells[int(digits) - 1, column - 1] = (value, formats[int(cell.get("s", 0))])

    def value(self, row, column):
        return self.cells.get((row, column), (None, None))[0]

    def rows(self):
        return 1 + max((row for row, _ in self.cells), default=-1)

    def heads(self):
        return [self.value(0, k) for k in range(1 + max(column for _, column in self.cells))]


class Book:
    def __init__(self, path):
        with zipfile.ZipFile(path) as z:
            self.names = z.namelist()
            self.core = z.read("docProps/core.xml").decode("utf-8")
            texts = ["".join(t.text or "" for t in item.iter(MAIN + "t"))
                     for item in ET.fromstring(z.read("xl/sharedStrings.xml"))]
            styles = ET.fromstring(z.read("xl/styles.xml"))
            own = {f.get("numFmtId"): f.get("formatCode") for f in styles.iter(MAIN + "numFmt")}
            formats = [own.get(x.get("numFmtId"), x.get("numFmtId")) for x in styles.find(MAIN + "cellXfs")]
            targets = {r.get("Id"): r.get("Target") for r in ET.fromstring(z.read("xl/_rels/workbook.xml.rels"))}
            sheets = ET.fromstring(z.read("xl/workbook.xml")).find(MAIN + "sheets")
            self.sheets = {s.get("name"): Sheet(ET.fromstring(z.read("xl/" + targets[s.get(LINKS + "id")])), texts,
                                                formats) for s in sheets}


def page_faults(sheet, page):
    lines = [sheet.value(i, 0) or "" for i in range(sheet.rows())]
    return [] if lines == page.rstrip("\n").split("\n") else ["the page differs:", lines, page]


def figure_faults(sheet, rows, hidden):
    """Every figure of the CSV is a number in the sheet; a hidden one is the word, and no number stands in its row."""
    faults, shown, shares = [], 0, 0
    for i, row in enumerate(rows, 1):
        at = {name: k + 2 for k, name in enumerate(row)}
        for name in NUMBERS:
            value, form = sheet.cells.get((i, at[name]), (None, None)) if name in row else (None, None)
            text = row.get(name) or ""
            if text and not (isinstance(value, float) and abs(value - float(text)) <= 1e-15 * abs(float(text))) and \
                    row["unit"] != "date":
                faults.append(f"row {i}, {name}: {value!r}, expected {text}")
            if not text and isinstance(value, float):
                faults.append(f"row {i}, {name}: a number where there is none: {value}")
            shown += bool(text)
            if name == "value" and text and row["unit"] == "share" and row["quantity"] != "p_value":
                shares += 1
                faults += [] if form == "0.0%" else [f"row {i}: a share as {form}"]
        if row["state"] == "suppressed" and sheet.value(i, at["value"]) != hidden:
            faults.append(f"row {i}: {sheet.value(i, at['value'])!r}, expected {hidden}")
        if row["period_start"]:
            value, form = sheet.cells[i, at["period_start"]]
            faults += [] if isinstance(value, float) and "yyyy" in form else [f"row {i}: no date: {value} {form}"]
    if sheet.rows() != len(rows) + 1 or shown < 100 or shares < 5:
        faults.append(f"{sheet.rows()} rows, {shown} figures, {shares} shares")
    return faults


def look_faults(book):
    faults = []
    for name, sheet in book.sheets.items():
        if sheet.frozen != 1 or not sheet.widths or min(sheet.widths.values()) < 8:
            faults.append(f"{name}: frozen {sheet.frozen}, widths {sheet.widths}")
    if "1980-01-01T00:00:00Z" not in book.core or re.search("20[0-9][0-9]-", book.core):
        faults.append(book.core)
    return faults


def run_report(run, demo, tmp, lang):
    path = os.path.join(tmp, f"book.{lang}.xlsx")
    line = ["report", demo, "--as-of", "2026-01-01", "--lang", lang]
    code, stdout, stderr = run([*line, "--format", "xlsx", "--out", path])
    if (code, stdout, stderr) != (0, "", "") or os.path.exists(path + ".part"):
        return [code, stdout, stderr, os.listdir(tmp)]
    page = run(line)[1]
    rows = list(csv.DictReader(io.StringIO(run([*line, "--format", "csv"])[1])))
    book = Book(path)
    first, second, third = book.sheets.values()
    names = ["Side", "Tal", "Definitioner"] if lang == "da" else ["Page", "Figures", "Definitions"]
    faults = [] if list(book.sheets) == names else [list(book.sheets)]
    faults += page_faults(first, page) + look_faults(book)
    faults += figure_faults(second, rows, "skjult" if lang == "da" else "hidden")
    ids = {row["indicator"] for row in rows}
    told = {third.value(i, 0): third.value(i, 3) for i in range(1, third.rows())}
    faults += [f"{id} has no definition" for id in ids if len(told.get(id) or "") < 40]
    with open(path, "rb") as f:
        before = f.read()
    run([*line, "--format", "xlsx", "--out", path], cwd=tmp, env={"TZ": "Asia/Tokyo"})
    with open(path, "rb") as f:
        return faults + ([] if f.read() == before else ["the same report gave other bytes"])


def test(run, report, data, tmp):
    """`run` and `report` are those of run.py."""
    demo = os.path.join(data, "demo-municipality")
    out = os.path.join(tmp, "figures.xlsx")
    line = ["report", demo, "--format", "xlsx"]
    code, stdout, stderr = run([*line, "--out", out])
    if WITHOUT in stderr:
        report("a build without workbooks says how to get them",
               [] if code == 2 and not stdout and not [f for f in os.listdir(tmp) if "figures.xlsx" in f] else [code, stdout])
        return
    for lang in "en", "da":
        report(f"a workbook of a report, read back ({lang})", run_report(run, demo, tmp, lang))
    for name, target, wanted, said in (("no file", [], 2, "give its name by --out"),
                                       ("a pipe", ["--out", "/dev/stdout"], 2, "give its name by --out"),
                                       ("a folder", ["--out", tmp], 3, "folder"),
                                       ("no such folder", ["--out", os.path.join(tmp, "none", "a.xlsx")], 3, "a.xlsx")):
        code, stdout, stderr = run([*line, *target])
        report("a workbook to " + name, [] if code == wanted and not stdout and said in stderr else
               [code, stdout, stderr])
    left = [f for f in os.listdir(tmp) if f.endswith(".part")]
    report("no part of a workbook is left", left)
    status = ["compute", "retention.status", demo, "--by", "sex", "--format", "xlsx", "--out", out]
    code, _, _ = run(status)
    sheets = list(Book(out).sheets.values())
    report("a workbook of one indicator", [] if code == 0 and len(sheets) == 3 and
           page_faults(sheets[0], run(status[:5])[1]) == [] else [code, len(sheets)])
    facts = [sheets[2].value(i, 1) for i in range(sheets[2].rows())]
    report("a protected workbook says so", [] if "what tells of few people is hidden" in facts else facts)
    run([*status, "--unprotected"])
    facts = [Book(out).sheets["Definitions"].value(i, 1) for i in range(30)]
    report("an unprotected workbook says so", [] if "nothing is hidden: not to be published" in facts else facts)
    code, _, _ = run(["list", "tables", "--format", "xlsx", "--out", out])
    sheets = Book(out).sheets
    report("a workbook of a table without figures", [] if code == 0 and list(sheets) == ["Page", "Figures"] and
           sheets["Figures"].value(1, 0) == "persons" else [code, list(sheets)])
