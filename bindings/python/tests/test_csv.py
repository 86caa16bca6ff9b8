import pathlib

import pytest

import flexmetrics as fm

SYNTH = pathlib.Path(__file__).resolve().parents[3] / "tests" / "oracle" / "income" / "synth.csv"


def test_types_are_those_of_all_cells(tmp_path):
    path = tmp_path / "survey.csv"
    path.write_text("id,income,weight,member,since,area\n0127,10,1.5,true,2025-01-31,n\n0128,,2,false,2025-02-28,s\n")
    table = fm.read_csv(path)
    assert table.types == {"id": "code", "income": "i64", "weight": "f64", "member": "bool", "since": "date",
                           "area": "code"}
    assert table["id"] == ["0127", "0128"] and table["income"] == [10, None]


def test_a_path_is_a_frame():
    design = fm.Design(strata="stratum", psu="psu")
    options = dict(weights="w", by="period", design=design, measures=["gini", "bottom_share(0.4)"])
    one = fm.income(str(SYNTH), **options)
    other = fm.income(fm.read_csv(SYNTH), **options)
    assert one.to_dict() == other.to_dict()
    assert one.value("gini", period="0") == pytest.approx(0.31677, abs=1e-4)
    assert fm.compute("income.distribution", SYNTH, weight="w", measures="gini").value("gini") > 0


def test_danish_files(tmp_path):
    path = tmp_path / "danish.csv"
    path.write_bytes("k\u00f8n;indkomst\nmand;1,5\nkvinde;2,5\n".encode("windows-1252"))
    table = fm.read_csv(path, encoding="windows-1252", decimal=",")
    assert table["indkomst"] == [1.5, 2.5] and table.columns[0] == "k\u00f8n"


def test_what_is_wrong_is_said(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("income,w\n1,2,3\n")
    with pytest.raises(fm.DataError) as caught:
        fm.read_csv(path)
    assert caught.value.problems["code"] == ["FM-S01"]
    with pytest.raises(fm.Error, match="nothing.csv"):
        fm.income(tmp_path / "nothing.csv")
    with pytest.raises(ValueError, match="one character"):
        fm.read_csv(path, delimiter="tab")
    with pytest.raises(TypeError, match="path of a CSV file"):
        fm.income(3)
