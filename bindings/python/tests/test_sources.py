import datetime
from pathlib import Path

import pytest

import flexmetrics as fm

DAY = datetime.date.fromisoformat


@pytest.fixture
def weekly(tmp_path):
    """The worked example of docs/methods/dream.md: 58 weeks from 2020-W30, eight runs."""
    weeks = [(20, w) for w in range(30, 54)] + [(21, w) for w in range(1, 35)]
    codes = [730] * 15 + [737] * 4 + [""] * 11 + [890] * 2 + [""] * 12 + [121] + [""] * 9 + [130] * 4
    months = [(2020, m) for m in range(7, 13)] + [(2021, m) for m in range(1, 9)]
    paid = [f"{8899 if (2020, 12) <= m <= (2021, 7) else ''}" for m in months]
    head = ["pnr", *(f"y_{y}{w:02}" for y, w in weeks), *(f"branche_{y}_{m:02}" for y, m in months)]
    path = tmp_path / "dream.csv"
    path.write_text(",".join(head) + "\n" + ",".join(["0101701234", *map(str, codes), *paid]) + "\n")
    return path


EXPECTED = [("2020-07-20", "2020-11-01", "730"), ("2020-11-02", "2020-11-29", "737"),
            ("2020-11-30", "2021-02-14", "100"), ("2021-02-15", "2021-02-28", "890"),
            ("2021-03-01", "2021-05-23", "100"), ("2021-05-24", "2021-05-30", "121"),
            ("2021-05-31", "2021-08-01", "100"), ("2021-08-02", None, "130")]


def test_the_worked_example(weekly, tmp_path):
    found = fm.dream(weekly)
    rows = zip(*(found.spells[c] for c in ("start", "end", "state")))
    assert [(str(s), e and str(e), t) for s, e, t in rows] == EXPECTED
    assert set(found.spells["person_id"]) == {"0101701234"} and len(found.problems) == 0
    assert found.summary["n_weeks"] == 58 and found.summary["as_of"] == DAY("2021-08-30")
    out = tmp_path / "spells.csv"
    written = fm.dream(weekly, out)
    assert written.spells is None and written.summary == found.summary
    assert fm.read_csv(out)["start"] == found.spells["start"] and fm.read_csv(out)["end"] == found.spells["end"]
    work = fm.Spells.from_frame(found.spells, state="state", as_of=found.summary["as_of"])
    assert work.days_in(["0101701234"], "2021-01-01", "2021-01-31", ["100"])["days"] == [31]
    carried = fm.dream(weekly, carry="industry").spells
    assert carried["industry"][2] == "8899" and carried["industry"][0] is None
    cut = fm.dream(weekly, as_of="2020-08-03").spells
    assert cut["end"] == [None] and cut["state"] == ["730"]


def test_an_own_list_of_codes(weekly):
    own = {"code": ["0", "100", "other_benefit", "not_known", "730"], "work": ["no", "yes", "no", "no", "no"]}
    assert set(fm.dream(weekly, codes=own).spells["state"]) == {"730", "other_benefit", "100"}
    assert [c for c in fm.dream(weekly, codes=own).problems["code"]].count("FM-C01") >= 3


def test_errors_are_all_listed_and_never_a_key(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("pnr,y_2101,y_2102\n0101701234,730,7x0\n0101701234,730,730\n,731,731\n0202701234,730,731\n")
    out = tmp_path / "spells.csv"
    for target in (None, out):
        with pytest.raises(fm.DataError) as e:
            fm.dream(path, target)
        problems = e.value.problems
        assert {"FM-C05", "FM-V01"} <= set(problems["code"]) and not out.exists()
        assert {"line", "column"} <= set(problems.columns) and problems["line"][0] == 2
        assert "0101701234" not in problems.to_json() and "0101701234" not in str(e.value)
    kept = fm.dream(path, skip_bad=True)
    assert "0202701234" in kept.spells["person_id"] and kept.summary["n_left_out"] >= 2
    with pytest.raises(fm.Error) as e:
        fm.dream(tmp_path / "none.csv")
    assert e.value.status == "FM_ERR_NOT_FOUND"
    with pytest.raises(ValueError, match="carry"):
        fm.dream(path, carry="all")
    with pytest.raises(fm.Error, match="stop|cancel"):
        fm.dream(path, skip_bad=True, progress=lambda done: False)


HEAD = ("Uge;CPR nummer;Ydelse;Finansiering Kommunenavn;Indberetning udbetalingsbeløb;Beregnet udbetalingsbeløb;"
        "Refusionssats;Refusionsbeløb;Medfinansieringssats;Medfinansieringsbeløb\n")
LINE = "{};0000000001;Kontanthjælp;Fiktiv;3000,00;3000,00;{};{};0;0,00\n"
LINES = "".join(LINE.format(*line) for line in [
    ("2024-01-01", 80, "2400,00"), ("2024-01-08", 80, "2400,00"), ("2024-01-15", 80, "2400,00"),
    ("2024-01-22", 80, "2400,00"), ("2024-01-29", 40, "1200,00"), ("2024-02-05", 40, "1200,00"),
    ("2024-02-05", 40, "1200,00")])
LATER = ("2024-01-29;000000001;Kontanthjælp;Fiktiv;-600,00;-600,00;40;-240,00;0;0,00\n"
         "2024-02-05;0000000002;Fleksbidrag fra staten;Fiktiv;500,00;500,00;0;0,00;0;0,00\n")


def test_settlements_with_corrections(tmp_path):
    # paid 4 3,000 + (3,000 - 600) + 3,000 = 17,400; refund 4 2,400 + (1,200 - 240) + 1,200 = 11,760
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text(HEAD + LINES, encoding="utf-8")
    two.write_text(HEAD + LATER, encoding="utf-8")
    found = fm.settlement([one, two])
    assert (found.summary["paid"], found.summary["refund"], found.summary["municipal_cost"]) == (17400, 11760, 5640)
    assert found.summary["contributions"] == 500 and found.summary["n_duplicates"] == 1
    assert found.summary["first_week"] == DAY("2024-01-01") and sum(found.weeks["paid"]) == 17400
    assert len(found.weeks) == 6 and len(found.spells) == 1 and found.spells["end"] == [None]
    assert fm.settlement([two, one]).weeks.to_json() == found.weeks.to_json()
    assert len(fm.settlement(one).weeks) == 6 and "FM-R04" in found.problems["code"]
    one.write_text(HEAD + LINES.replace("3000,00;3000,00;80", "3000,00;many;80"), encoding="utf-8")
    with pytest.raises(fm.DataError) as e:
        fm.settlement(one)
    assert len(e.value.problems) == 4 and "0000000001" not in e.value.problems.to_json()


def test_a_hidden_figure_stays_hidden(tmp_path):
    path = tmp_path / "series.csv"
    path.write_text("Område;Periode;Visitationskategori;Antal personer;Fuldtidspersoner\n"
                    "Tønder;2024M02;Uddannelsesparat;1;0,5\nTønder;2024M03;Uddannelsesparat;2;..\n"
                    "Tønder;2024M01;Uddannelsesparat;*;7\n", encoding="utf-8")
    table = fm.series(path)
    states = {(m, p): (s, v) for m, p, s, v in zip(*(table[c] for c in ("measure", "period", "state", "value")))}
    assert states["Antal personer", "2024M01"] == ("suppressed", None)
    assert states["Fuldtidspersoner", "2024M03"] == ("not_given", None)
    assert states["Antal personer", "2024M03"] == ("preliminary", 2) and states["Fuldtidspersoner", "2024M02"][1] == 0.5
    assert fm.series(path, preliminary=0, delimiter=";", decimal=",")["state"].count("preliminary") == 0
    with pytest.raises(fm.DataError) as e:
        fm.series(path, period="Måned")
    assert "FM-H01" in e.value.problems["code"]
