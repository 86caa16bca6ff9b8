import datetime
import math

import numpy as np
import pandas as pd
import pytest

import flexmetrics as fm

DAY = datetime.date.fromisoformat
AS_OF = "2025-07-01"
ROWS = dict(person=["a", "a", "a", "b", "b"],
            start=["2025-01-06", "2025-02-03", "2025-02-10", "2025-03-03", "2025-06-23"],
            end=["2025-01-31", "2025-02-16", "2025-03-02", "2025-03-09", None],
            state=["one", "two", "one", "two", "two"])


@pytest.fixture
def spells():
    return fm.Spells(**ROWS, as_of=AS_OF)


def rows(table, *columns):
    return list(zip(*(table[c] for c in columns or table.columns)))


def random_spells(seed, n=400, people=30, states=("b", "c", "a")):
    rng = np.random.default_rng(seed)
    start = rng.integers(0, 400, n)
    return dict(person=rng.integers(0, people, n), start=start, end=start + rng.integers(0, 60, n),
                state=np.array(states)[rng.integers(0, len(states), n)])


def test_a_summary_of_each_person(spells):
    # a: 6 to 31 January, 3 to 16 February, 10 February to 2 March, which overlap: 26 + 28 days, a pause of 2
    assert rows(spells.summary()) == [
        ("a", DAY("2025-01-06"), DAY("2025-03-02"), 3, 1, 1, 2, 26 + 28),
        ("b", DAY("2025-03-03"), DAY("2025-06-30"), 2, 0, 1, 105, 7 + 8)]


def test_first_latest_and_every_spell(spells):
    assert rows(spells.pick().table(), "person_id", "start", "state") == [
        ("a", DAY("2025-01-06"), "one"), ("b", DAY("2025-03-03"), "two")]
    assert spells.pick("latest").table()["start"] == [DAY("2025-02-10"), DAY("2025-06-23")]
    assert spells.pick("first", ["two"]).table()["start"] == [DAY("2025-02-03"), DAY("2025-03-03")]
    assert len(spells.pick("every", "one")) == 2
    same = spells.same_state()
    assert rows(same.table(), "person_id", "state") == [("a", "one"), ("a", "one"), ("b", "two"), ("b", "two")]
    assert len(spells) == 5 and same.left_out == (0, 0, 0)
    with pytest.raises(ValueError, match="state"):
        fm.Spells([1], ["2025-01-01"], None, as_of=AS_OF).same_state()


def test_pieces_by_periods_and_days(spells):
    pieces = spells.split("month")
    assert rows(pieces)[2:5] == [("a", 2, DAY("2025-02-10"), DAY("2025-02-28"), "one"),
                                 ("a", 2, DAY("2025-03-01"), DAY("2025-03-02"), "one"),
                                 ("b", 3, DAY("2025-03-03"), DAY("2025-03-09"), "two")]
    assert pieces["end"][-1] == DAY("2025-06-30")  # it still runs on the last day covered
    cut = spells.split(days=["2025-02-10", "2025-02-12"])
    assert rows(cut, "spell", "start")[1:5] == [(1, DAY("2025-02-03")), (1, DAY("2025-02-10")), (1, DAY("2025-02-12")),
                                                (2, DAY("2025-02-10"))]
    plain = fm.Spells([1], ["2025-01-01"], ["2025-01-10"], as_of=AS_OF).split("week")
    assert plain.columns == ["person_id", "spell", "start", "end"] and len(plain) == 2
    given = fm.Spells(**random_spells(1), as_of="1971-01-01")
    for clock in ("week", "month", "quarter", "year", "month_of_weeks", "year_of_weeks"):
        made = given.split(clock).to_pandas()
        period = fm.period_of(made.start, clock).to_pandas()
        assert (period.end >= made.end).all() and (period.start <= made.start).all()
        days = (made.end - made.start).dt.days + 1
        whole = given.table().to_pandas()
        end = whole.end.fillna(pd.Timestamp("1970-12-31"))
        assert days.groupby(made.spell).sum().tolist() == ((end - whole.start).dt.days + 1).tolist()


def test_an_episode_goes_on_or_not(spells):
    found = spells.retained(1, gap_days=2)
    # a: an episode from 6 January to 2 March; b: one from 3 to 9 March
    assert rows(found) == [("a", DAY("2025-02-06"), 1, True, True), ("b", DAY("2025-04-03"), 1, False, True)]
    assert spells.retained(1)["status"] == [False, False] and spells.milestone(1)["status"] == [True, False]
    assert spells.retained(6)["in_rate"] == [False, False]
    assert fm.status(spells.retained(1)).value("rate", horizon_months=1) == 0


def test_weeks_in_a_row(spells):
    # a: 6 January to 2 March but 1 and 2 February: eight weeks with five days; b: one, and one that may still get them
    found = spells.weeks(8, least_days=5)
    assert rows(found) == [("a", True, DAY("2025-03-02"), 8), ("b", None, None, 1)]
    assert spells.weeks(9)["reached"] == [False, None]
    assert spells.weeks(1, least_days=6)["longest"] == [4, 1] and spells.weeks(3, states=["two"])["longest"] == [2, 2]


def test_periods_of_days():
    found = fm.period_of("2020-12-30", "week").to_dict()
    assert (found["start"], found["end"]) == ([DAY("2020-12-28")], [DAY("2021-01-03")])
    days = pd.to_datetime(pd.Series(["2024-02-29", None, "2024-12-31"]))
    months = fm.period_of(days)
    assert months["end"] == [DAY("2024-02-29"), None, DAY("2024-12-31")] and months["start"][1] is None
    assert fm.period_of(days, "quarter")["start"][0] == DAY("2024-01-01")
    assert fm.period_of([DAY("2021-01-03")], "year_of_weeks")["start"] == [DAY("2019-12-30")]
    with pytest.raises(ValueError, match="clock"):
        fm.period_of(days, "decade")


# ---- batches ----

def test_a_stream_is_what_one_call_is():
    given = pd.DataFrame(random_spells(2)).sort_values("person", kind="stable")
    for policy, ranking in (("priority", ["a", "b", "c"]), ("first", None), ("last", None), ("union", None),
                            ("keep", None)):
        whole = fm.Spells.from_frame(given, person="person", state="state", as_of="1971-02-01").resolve(
            policy, ranking=ranking, gap_days=3)
        for size in (7, 100, 1000):
            stream = fm.SpellStream(as_of="1971-02-01", policy=policy, ranking=ranking, gap_days=3,
                                    states=["a", "b", "c"])
            parts = []
            for at in range(0, len(given), size):
                stream.add_frame(given[at:at + size], person="person", state="state")
                parts += [stream.take().table()] if at % (3 * size) == 0 else []
            stream.finish()
            parts.append(stream.take().table())
            assert [row for part in parts for row in rows(part)] == rows(whole.table())


def test_a_stream_of_named_people():
    names = fm.SpellStream(as_of=AS_OF, gap_days=2)
    assert names.add(["a", "a"], ["2025-01-01", "2025-01-12"], ["2025-01-10", "2025-01-31"]) == 0
    assert names.add(["b", "c"], ["2025-02-01", "2025-05-01"], [None, None]) == 2
    first = names.take()
    assert rows(first.table(), "person_id", "start", "end") == [
        ("a", DAY("2025-01-01"), DAY("2025-01-31")), ("b", DAY("2025-02-01"), None)]
    assert first.milestone(1)["status"] == [False, True] and first.as_of == DAY(AS_OF)
    assert names.finish() == 1 and names.take().table()["person_id"] == ["c"] and len(names.take()) == 0
    numbers = fm.SpellStream(as_of=AS_OF, policy="priority", ranking=[2, 1])
    numbers.add([1, 1], ["2025-01-01"] * 2, ["2025-01-31"] * 2, [1, 2])
    numbers.finish()
    assert numbers.take().table()["state"] == [2]


def test_a_stream_says_what_is_wrong():
    def made(**options):
        return fm.SpellStream(as_of=AS_OF, **options)

    one = made()
    one.add(["b"], ["2025-01-01"], [None])
    for call, error, words in [
        (lambda: one.add(["a"], ["2025-01-01"], [None]), fm.Error, "row 1: people are expected in rising order"),
        (lambda: one.add([1], ["2025-01-01"], [None]), TypeError, "expected texts"),
        (lambda: one.add(["c"], ["2025-01-01"] * 2, None), ValueError, "start: 2 for 1 people"),
        (lambda: made().add([1], ["2025-01-01"], [None], ["x"]), ValueError, "states="),
        (lambda: made(states=["y"]).add([1], ["2025-01-01"], [None], ["x"]), ValueError, "no state 'x'; there are y"),
        (lambda: made(policy="loud"), ValueError, "policy"), (lambda: made(ranking=[1]), ValueError, "ranking"),
        (lambda: fm.SpellStream(as_of=None), ValueError, "as_of"),
        (lambda: made(gap_days=-1), fm.Error, "gap_days is -1"),
    ]:
        with pytest.raises(error, match=words):
            call()
    numbers = made()
    numbers.add([5], ["2025-01-01"], [None])
    with pytest.raises(fm.Error) as e:
        numbers.add([4], ["2025-01-01"], [None])
    assert e.value.row == 1
    with pytest.raises(fm.Error, match="broken by an error"):
        numbers.add([6], ["2025-01-01"], [None])
    with pytest.raises(TypeError, match="whole numbers"):
        numbers.add(["x"], ["2025-01-01"], [None])


# ---- long-term unemployment ----

@pytest.mark.parametrize("hours, gap, counts, reached", [
    (8, 28, True, "2023-12-31"), (8, 28, False, "2024-01-21"), (8, 0, True, "2024-09-15"), (8, 20, True, "2024-09-15"),
    (15, 28, True, "2024-09-15"), (10, 28, True, "2023-12-31")])
def test_a_pause_is_bridged_or_not(hours, gap, counts, reached):
    # unemployed 2 January to 27 August 2023 (238 days), away 21 days, again from 18 September
    given = {"person_id": ["x", "x"], "start": ["2023-09-18", "2023-01-02"], "end": [None, "2023-08-27"],
             "hours": [hours, 0]}
    own = {"own": {"max_gap_days": gap, "gap_counts": counts}}
    found = fm.long_term(given, as_of="2025-01-01", hours_before="hours", definitions=own)
    assert rows(found) == [("x", "own", True, True, True, DAY(reached))]
    after = [None, DAY("2023-08-28")]
    assert fm.long_term({**given, "end": after}, as_of="2025-01-01", hours_before="hours", definitions=own,
                        end_is="day_after").to_json() == found.to_json()


def test_three_definitions_and_their_figures(data):
    given = {"person_id": [1, 1, 2, 3], "start": ["2023-11-01", "2024-08-26", "2024-06-01", "2024-01-01"],
             "end": ["2024-08-04", None, None, "2024-12-30"], "hours": [0, 9, 0, 0]}
    found = fm.long_term(given, as_of="2025-01-01", hours_before="hours")
    # docs/methods/sustained.md: bridged 427 days on end, no unbroken year, 345 of 366 days
    of = {(p, d): (u, now) for p, d, u, now in rows(found, "person_id", "definition", "unemployed", "long_term")}
    assert [of[1, d] for d in ("statistics_denmark", "continuous_year", "share_of_time")] == [
        (True, True), (True, False), (True, True)]
    assert of[3, "continuous_year"] == (False, False) and of[3, "share_of_time"] == (False, True)
    assert of[3, "statistics_denmark"] == (False, None)  # the pause may still be bridged
    figures = fm.unemployment(found)
    assert figures.value("share_of_unemployed", definition="statistics_denmark") == 0.5
    assert figures.value("registered", definition="share_of_time") == 3
    unknown = fm.long_term({**given, "hours": [0, None, 0, 0]}, as_of="2025-01-01", hours_before="hours",
                           definitions="statistics_denmark")
    assert unknown["long_term"] == [None, False, None]
    assert fm.long_term_definitions("2024-03-01")["continuous_year"]["min_days"] == 366
    assert fm.long_term_definitions("2024-02-29")["continuous_year"]["min_days"] == 366


def test_they_are_those_of_the_register(data):
    register = fm.Register.read(data / "demo-municipality")
    spells = register.table("spells")
    frame = register.frame("unemployment")
    assert fm.unemployment(frame).to_json() == register.unemployment().to_json()
    words = "unemployment counts_toward_duration=yes !work=yes"
    names = set(fm.states_named(words))
    table = spells.to_pandas()
    some = table[table.state.astype(str).isin(names)]
    assert len(some) and len(frame)
    found = fm.long_term(some, as_of=register.data_end, definitions="continuous_year")
    theirs = {p: now for p, d, now in rows(frame, "person_id", "definition", "long_term") if d == "continuous_year"}
    for p, now in rows(found, "person_id", "long_term"):
        assert p not in theirs or theirs[p] is None or theirs[p] == now


@pytest.mark.parametrize("change, error, words", [
    (dict(as_of=None), ValueError, "as_of"), (dict(definitions="never"), ValueError, "no definition 'never'"),
    (dict(definitions={"x": {"max_days": 3}}), TypeError, "x has no field 'max_days'"),
    (dict(definitions={"x": {"share": 2}}), fm.Error, "share must be from 0 to 1"),
    (dict(hours_before="hours"), fm.Error, "column hours, row 1: 0 hours or more"),
    (dict(end_is="noon"), ValueError, "end_is"), (dict(start="begin"), fm.Error, "no column begin"),
])
def test_long_term_says_what_is_wrong(change, error, words):
    given = {"person_id": [1, 1], "start": ["2023-11-01", "2024-08-26"], "end": [None, None], "hours": [0, -1]}
    with pytest.raises(error, match=words):
        fm.long_term(given, **{"as_of": "2025-01-01", **change})


# ---- columns ----

def test_any_whole_numbers_are_days():
    want = fm.Spells([1, 2], [1, 2], [5, None], as_of="1970-03-01").table().to_json()
    for kind in ("int64", "int16", "uint8", "float64", "Int64", "UInt16"):
        end = pd.array([5, None], dtype=kind if kind[0] in "IU" else "Int64")
        numbers = pd.Series([1, 2], dtype=kind)
        given = fm.Spells(numbers, numbers, pd.Series(end), as_of="1970-03-01")
        assert given.table().to_json() == want
    assert fm.Spells([1], [1], [2**31 - 1], as_of="1970-03-01").table()["end"] == [None]
    for column, bad in (("start", [2**40, 1]), ("end", [3, 2**30]), ("start", [1.5, 2])):
        with pytest.raises(fm.Error, match=f"column {column}, row {int(column == 'end')}") as e:
            fm.Spells(**{**dict(person=[1, 2], start=[1, 1], end=[4, 4]), column: np.array(bad)}, as_of="1970-03-01")
        assert e.value.column == column
    with pytest.raises(fm.Error, match="column person, row 1"):
        fm.Spells(pd.array([1, None], dtype="Int64"), [1, 1], None, as_of="1970-03-01")


def test_errors_name_states_and_arguments():
    two = fm.Spells([1, 1], [1, 3], [5, 6], ["work", "sick"], as_of="1970-03-01")
    for call, error, words in [
        (lambda: two.resolve(), fm.Error, "the second one sick"),
        (lambda: two.resolve("priority", ranking=["sick"]), fm.Error, "state work is not in the ranking"),
        (lambda: two.resolve("priority"), ValueError, "ranking"), (lambda: two.transitions(), fm.Error, r"resolve\(\)"),
        (lambda: two.sustained(0), fm.Error, "^weeks must be"), (lambda: two.retained(-1), ValueError, "months"),
        (lambda: two.weeks(0), fm.Error, "n_weeks must be"), (lambda: two.pick("second"), ValueError, "which"),
        (lambda: two.split(days=["2025-01-02", "2025-01-01"]), fm.Error, "days to cut at must rise"),
        (lambda: fm.Spells([1], [1], [2], [5], as_of="1970-03-01").pick(states=["x"]), ValueError, "whole numbers"),
    ]:
        with pytest.raises(error, match=words) as e:
            call()
        assert "FM_" not in str(e.value) and "fm_" not in str(e.value)
    assert math.isfinite(two.totals()["days"][0])
