"""Workbooks, read back by the reader of the command's tests."""
import datetime
import locale
import sys

import pytest

import flexmetrics as fm


@pytest.fixture
def book(data, tmp_path):
    sys.path.insert(0, str(data.parent.parent / "tests" / "cli"))
    import workbooks

    def read(written):
        path = tmp_path / "book.xlsx"
        try:
            written(path)
        except fm.Error as error:
            assert workbooks.WITHOUT in str(error)
            pytest.skip("built without libxlsxwriter")
        return list(workbooks.Book(path).sheets.items())

    yield read
    sys.path.pop(0)


@pytest.mark.parametrize("lang, hidden", [("en", "hidden"), ("da", "skjult")])
def test_a_report(data, book, lang, hidden):
    import workbooks

    report = fm.Register.read(data / "demo-municipality").report(as_of="2026-01-01")
    (_, page), (_, figures), (_, meanings) = book(lambda path: report.to_xlsx(path, lang))
    assert workbooks.page_faults(page, report.text(lang)) == []
    rows = list(report.table.rows())
    at = {name: k + 2 for k, name in enumerate(report.table.columns)}
    for i, row in enumerate(rows, 1):
        value = figures.value(i, at["value"])
        if row["state"] == "suppressed":
            assert value == hidden and row["value"] is None
        elif row["value"] is not None and row["unit"] != "date":
            assert value == pytest.approx(row["value"], rel=1e-15, abs=0)
        if row["period_start"] is not None:  # day 0 is 1899-12-30
            assert datetime.date(1899, 12, 30) + datetime.timedelta(figures.value(i, at["period_start"])) == \
                row["period_start"]
    assert {meanings.value(i, 0) for i in range(meanings.rows())} >= {row["indicator"] for row in rows}


def test_a_result_is_protected_unless_it_is_said_otherwise(data, book):
    register = fm.Register.read(data / "demo-municipality")
    few = register.people(by="target_group", filter="sex = female", as_of="2026-01-01")
    expected = few.protected()
    sheets = dict(book(few.to_xlsx))
    at = few.columns.index("value") + 2
    shown = [sheets["Figures"].value(i + 1, at) for i in range(len(few))]
    wanted = [v if v is None else pytest.approx(v, rel=1e-15, abs=0) for v in expected["value"]]
    assert shown == [v if v is not None else "hidden" for v in wanted] and "hidden" in shown
    open_ = dict(book(lambda path: few.to_xlsx(path, threshold=1)))
    assert [open_["Figures"].value(i + 1, at) for i in range(len(few))] == pytest.approx(few["value"], rel=1e-15)
    again = dict(book(expected.to_xlsx))  # protected before: stays as it is
    assert again["Figures"].cells == sheets["Figures"].cells


def test_cells_of_a_plain_table(book):
    table = fm.Table.from_columns({"day": [datetime.date(2024, 2, 29), datetime.date(1850, 1, 1), None],
                                   "number": [1.5, None, float("inf")], "flag": [True, False, True],
                                   "text": ["=1+1", "æøå <&>", ""], "whole": [2**40, -3, 0]})
    (_, page), (_, cells) = book(table.to_xlsx)
    assert page.value(0, 0).split() == ["day", "number", "flag", "text", "whole"]
    assert [[cells.value(i, k) for i in range(1, 4)] for k in range(5)] == [
        [45351.0, "1850-01-01", None], [1.5, None, "∞"], [True, False, True], ["=1+1", "æøå <&>", None],
        [2.0**40, -3.0, 0.0]]
    assert cells.cells[1, 0][1] == "yyyy-mm-dd" and cells.frozen == 1


def test_the_locale_of_the_host_changes_nothing(data, book, tmp_path):
    report = fm.Register.read(data / "demo-municipality").report(as_of="2026-01-01")
    book(report.to_xlsx)
    kept = locale.setlocale(locale.LC_NUMERIC)
    try:
        locale.setlocale(locale.LC_NUMERIC, "da_DK.UTF-8")
    except locale.Error:
        pytest.skip("no Danish locale here")
    try:
        report.to_xlsx(tmp_path / "danish.xlsx")
    finally:
        locale.setlocale(locale.LC_NUMERIC, kept)
    assert (tmp_path / "danish.xlsx").read_bytes() == (tmp_path / "book.xlsx").read_bytes()


def test_files_that_cannot_be_written(data, book, tmp_path):
    table = fm.Table.from_columns({"a": [1]})
    book(table.to_xlsx)
    with pytest.raises(FileNotFoundError, match="none"):
        table.to_xlsx(tmp_path / "none" / "a.xlsx")
    with pytest.raises(OSError, match="plain file"):
        table.to_xlsx(tmp_path)
    with pytest.raises(fm.Error, match="lang"):
        table.to_xlsx(tmp_path / "a.xlsx", lang="de")
    with pytest.raises(fm.Error, match="32767 bytes"):
        fm.Table.from_columns({"a": ["x" * 40000]}).to_xlsx(tmp_path / "a.xlsx")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["book.xlsx"]
