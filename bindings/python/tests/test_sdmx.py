import csv
import io

import pytest

import flexmetrics as fm

FIGURES = {"indicator": ["labour.unemployment_rate"] * 3, "definition": ["icls_13"] * 3, "sex": [None, "F", None],
           "municipality": [None, None, "Tønder"], "quantity": ["share"] * 3, "value": [0.07, None, 0.125],
           "unit": ["share"] * 3, "state": ["ok", "suppressed", "preliminary"]}
COMMON = dict(area=208, period=2024)


def cells(data):
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_a_result_is_written(tmp_path):
    data = fm.sdmx_write(FIGURES, structure="1.8", custom="municipality", values={"NATURE": "C"}, **COMMON)
    rows = cells(data)
    assert [r["OBS_VALUE"] for r in rows] == ["7", "", "12.5"] and [r["OBS_STATUS"] for r in rows] == list("AQP")
    assert rows[2]["CUST_BREAKDOWN"] == "C01" and rows[2]["CUST_BREAKDOWN_LB"] == "municipality: Tønder"
    assert rows[0]["STRUCTURE_ID"] == "IAEG-SDGs:SDG(1.8)" and rows[0]["AGE"] == "Y_GE15" and rows[1]["SEX"] == "F"
    assert data.count(b"\r\n") == 4
    out = tmp_path / "out.csv"
    assert fm.sdmx_write(FIGURES, out, structure="1.8", custom=["municipality"], values={"NATURE": "C"},
                         **COMMON) is None
    assert out.read_bytes() == data
    back = fm.sdmx_read(out)
    assert back["OBS_VALUE"] == [7, None, 12.5] and fm.sdmx_read(data)["SEX"] == ["_T", "F", "_T"]
    assert fm.sdmx_write(back) == data and fm.sdmx_write(out) == data
    assert b",NaN,Q," in fm.sdmx_write(out, version="2.1", structure="1.8")
    assert fm.sdmx_write(out, version="1.0", structure="1.20").startswith(b"DATAFLOW,FREQ,")


def test_a_measure_goes_all_the_way():
    found = fm.compute("income.distribution", {"income": [1.0, 20, 30, 40, 100], "sex": ["f", "f", "m", "m", "m"]},
                       by="sex", measures="at_risk_of_poverty(0.5)", total=True)
    assert fm.sdmx_observations(found, **COMMON)["OBS_VALUE"] == [None] * 3  # of 2, 3 and 5 people
    rows = fm.sdmx_observations(found, unprotected=True, **COMMON)
    assert dict(zip(rows["SEX"], rows["OBS_VALUE"])) == {"F": 50, "M": 0, "_T": 20}
    assert set(rows["SERIES"]) == {"SI_POV_50MI"} and set(rows["UNIT_MEASURE"]) == {"PT"}


def test_what_cannot_be_exchanged_is_listed():
    with pytest.raises(fm.DataError) as e:
        fm.sdmx_observations(FIGURES, **COMMON)
    assert list(e.value.problems["code"]) == ["FM-K04"] and list(e.value.problems["value"]) == ["Tønder"]
    with pytest.raises(fm.DataError, match="definition"):
        fm.sdmx_write({**FIGURES, "definition": ["register"] * 3}, structure="1.8", custom="municipality", **COMMON)
    observations = {"SERIES": ["SL_TLF_UEM", "SI_DST_FISP"], "DISABILITY_STATUS": ["PD", None], "OBS_VALUE": [1.0, 2.0]}
    with pytest.raises(fm.DataError) as e:
        fm.sdmx_observations(observations, **COMMON)
    assert list(e.value.problems["code"]) == ["FM-K02", "FM-K02"] and list(e.value.problems["row"]) == [0, 1]
    with pytest.raises(fm.Error, match="no structure is given"):
        fm.sdmx_write(observations, **COMMON)
    with pytest.raises(ValueError, match="without ;"):
        fm.sdmx_write(observations, values={"COMMENT_OBS": "a;b"})
    with pytest.raises(fm.DataError) as e:
        fm.sdmx_read(b"STRUCTURE,STRUCTURE_ID,OBS_VALUE\ndataflow,A:B,x\n")
    assert list(e.value.problems["line"]) == [2]
    with pytest.raises(fm.Error, match="CL_AGE"):
        fm.sdmx_observations(observations, lists="CL_AGE", **COMMON)


def test_tables_can_be_replaced(tmp_path):
    tables = fm.sdmx_tables()
    assert set(tables) == {"sdmx_components", "sdmx_codes", "sdmx_series", "sdmx_measures", "sdmx_groups"}
    assert "Y15T24" in list(tables["sdmx_codes"]["code"])
    (tmp_path / "sdmx_groups.csv").write_text("column,value,component,code\nmunicipality,tønder,CUST_BREAKDOWN,C07\n",
                                              encoding="utf-8")
    rows = fm.sdmx_observations(FIGURES, codes=tmp_path, custom="municipality", **COMMON)
    assert rows["CUST_BREAKDOWN"] == ["_T", "_T", "C07"]
    with pytest.raises(fm.DataError) as e:
        fm.sdmx_observations({"SERIES": ["SL_TLF_UEM"], "URBANISATION": ["CITY"], "OBS_VALUE": [1.0]},
                             lists=["CL_URBANISATION(1.0)"], **COMMON)
    assert "IAEG-SDGs:CL_URBANISATION(1.0) does not have this code" in list(e.value.problems["what"])[0]
