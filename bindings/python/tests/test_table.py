import array
import datetime
import gc
import sys

import numpy as np
import pandas as pd
import pytest

import flexmetrics as fm
from flexmetrics.table import as_table


def test_lists_come_back():
    columns = {
        "f": [1.5, None, float("nan")], "i": [1, None, -3], "t": ["a", None, "blå"], "b": [True, False, None],
        "d": [datetime.date(2024, 2, 29), None, datetime.date(1969, 12, 31)],
    }
    t = fm.Table.from_columns(columns, "mine", notes={"prices": "2024"})
    assert t.types == {"f": "f64", "i": "i64", "t": "code", "b": "bool", "d": "date"}
    assert t["f"] == [1.5, None, None] and t["i"] == [1, None, -3] and t["t"] == ["a", None, "blå"]
    assert t["b"] == [True, False, None] and t["d"] == columns["d"]
    assert t.notes == {"prices": "2024"} and t.name == "mine" and len(t) == 3
    assert list(t.rows())[2]["i"] == -3


def test_further_columns_stand_after_a_copy_of_its_own():
    days = [datetime.date(2024, 2, 29), None, datetime.date(1969, 12, 31)]
    columns = {"f": np.array([1.5, float("nan"), -2.0]), "i": [1, None, 2 ** 40], "n": np.array([1, 2, 3], np.int32),
               "t": ["a", None, "blå"], "b": [True, False, None], "d": days, "none": [None, None, None]}
    t = fm.Table.from_columns(columns, "mine", notes={"prices": "2024"})
    more = t.with_columns({"x": [0.5, None, 2.5], "u": ["", "æ", None]})
    columns["f"][0] = 99  # lent to t, so that the copy must not see it
    assert more.columns == [*t.columns, "x", "u"] and len(more) == 3
    assert more.name == "mine" and more.notes == {"prices": "2024"}
    assert more["f"] == [1.5, None, -2.0] and more["x"] == [0.5, None, 2.5] and more["u"] == ["", "æ", None]
    for name in ("i", "n", "t", "b", "d", "none"):
        assert more[name] == t[name] and more.types[name] == t.types[name]
    assert t.columns == list(columns)
    for wrong, message in (({"i": [1, 2, 3]}, "i"), ({"x": [1]}, "rows")):
        with pytest.raises(fm.Error, match=message):
            t.with_columns(wrong)


def test_numpy_is_borrowed_not_copied():
    x = np.arange(1000.0)
    before = sys.getrefcount(x)
    t = fm.Table.from_columns({"x": x})
    assert fm.core.table_address(t._handle, 0) == x.ctypes.data
    assert fm.core.outstanding_loans() == 1
    del t
    gc.collect()
    assert fm.core.outstanding_loans() == 0 and sys.getrefcount(x) == before


def test_a_held_array_cannot_grow():
    x = array.array("d", [1, 2, 3])
    t = fm.Table.from_columns({"x": x})
    with pytest.raises(BufferError):
        x.append(4)
    del t
    gc.collect()
    x.append(4)


def test_many_tables_leave_the_reference_count_alone():
    x = np.arange(10.0)
    before = sys.getrefcount(x)
    for _ in range(2000):
        fm.Table.from_columns({"x": x})
    gc.collect()
    assert sys.getrefcount(x) == before


@pytest.mark.parametrize("values, expected", [
    (np.zeros((2, 2)), "one dimension"), (np.zeros(3, "complex128"), "complex128"), ("abc", "a column of values"),
    (b"abc", "a column of values"), (5, "a column of values"), ([1, "a"], "one kind"), ([object()], "one kind"),
    (memoryview(b"abc"), "float64, int64, int32 or bool"),
])
def test_refusals_say_what_came(values, expected):
    with pytest.raises(TypeError, match=expected) as e:
        fm.Table.from_columns({"x": values})
    assert "column x" in str(e.value)


@pytest.mark.parametrize("values, kind", [
    (np.arange(3, dtype="float32"), "f64"), (np.arange(6.0)[::2], "f64"), (np.arange(3, dtype="int8"), "i64"),
    (np.arange(3, dtype="uint16"), "i64"), (np.arange(3, dtype="int32"), "i32"),
    (np.array([True, False, True]), "bool"),
    (np.array(["2024-01-01", "NaT", "2024-01-03"], "datetime64[D]"), "date"), (np.array(["a", "b", "c"]), "code"),
    (np.array(["a", None, 5], object)[:2].repeat(2)[:3], "code"),
])
def test_other_arrays_are_copied(values, kind):
    t = fm.Table.from_columns({"x": values})
    assert t.types["x"] == kind
    for got, want in zip(t["x"], values.tolist()):
        assert got == want or (got is None and (want is None or want != want))


def test_swig_layer_refuses_wrong_buffers():
    t = fm.core.table_create("t")
    for bad in (np.arange(3, dtype="float32"), np.arange(6.0)[::2], np.zeros((2, 2)), b"12345678", [1.0]):
        with pytest.raises(TypeError, match="column x: expected"):
            fm.core.table_add(t, "x", 1, bad, None, None, None)
    with pytest.raises(ValueError, match="validity bytes"):
        fm.core.table_add(t, "x", 1, np.zeros(9), np.zeros(1, "uint8"), None, None)
    with pytest.raises(ValueError, match="do not fit"):
        fm.core.table_add(t, "x", 6, np.zeros(1, "int32"), None, np.array([0, 9]), b"abc")
    with pytest.raises(ValueError, match="unknown type"):
        fm.core.table_add(t, "x", 7, np.zeros(1), None, None, None)


def test_a_time_of_day_is_not_a_day():
    with pytest.raises(fm.Error, match="whole days"):
        fm.Table.from_columns({"x": np.array(["2024-01-01T12:00"], "datetime64[m]")})


def test_pandas_there_and_back():
    frame = pd.DataFrame({
        "f": [1.0, None, 3.0], "i": [1, 2, 3], "n": pd.array([1, None, 3], dtype="Int64"),
        "m": pd.array([1.5, None, 3], dtype="Float64"), "b": pd.array([True, None, False], dtype="boolean"),
        "t": ["x", None, "y"],
        "c": pd.Categorical(["u", "v", None]), "d": pd.to_datetime(["2024-01-01", None, "2024-01-03"]),
    })
    back = fm.Table.from_pandas(frame, "frame").to_pandas()
    assert list(back.columns) == list(frame.columns)
    assert back["f"].isna().tolist() == [False, True, False] and back["f"][2] == 3.0
    assert back["m"].isna().tolist() == [False, True, False] and back["m"][0] == 1.5
    assert back["n"].isna().tolist() == [False, True, False] and back["n"][2] == 3
    assert back["b"].isna().tolist() == [False, True, False] and bool(back["b"][0])
    assert back["t"].astype(object).where(back["t"].notna(), None).tolist() == ["x", None, "y"]
    assert back["d"].isna().tolist() == [False, True, False] and back["d"][2] == pd.Timestamp("2024-01-03")


def test_empty_frames():
    back = fm.Table.from_columns({"x": [], "t": np.array([], object)}).to_pandas()
    assert len(back) == 0 and list(back.columns) == ["x", "t"]


def test_result_arrays_keep_their_table_alive():
    t = fm.Table.from_columns({"x": [1.0, 2.0, 3.0]})
    view = np.asarray(fm.Column(t, 0, 1))
    del t
    gc.collect()
    assert view.tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(ValueError):
        view[0] = 5
    del view


def test_as_table_and_errors():
    assert as_table({"x": [1]}).types == {"x": "i64"}
    with pytest.raises(TypeError, match="expected a Table"):
        as_table(5)
    t = fm.Table.from_columns({"x": [1]})
    with pytest.raises(KeyError, match="no column 'y'"):
        t["y"]
    with pytest.raises(fm.Error, match="has 2 rows") as e:
        fm.Table.from_columns({"x": [1], "y": [1, 2]})
    assert e.value.status == "FM_ERR_VALUE"
    assert "<table>" in t._repr_html_() and "Table" in repr(t)
