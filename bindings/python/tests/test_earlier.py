"""A result beside one that was published before: no difference of few people can be taken from the two."""
import csv
import itertools

import pytest

import flexmetrics as fm

KEYS_NOT = ("period_start", "period_end")
DAYS = ["2025-10-01", "2025-11-20", "2025-12-15", "2026-01-01"]
ASKED = [("programme.people", dict(by="target_group")), ("programme.people", {}),
         ("retention.status", dict(by="sex", horizons=[6, 12])), ("retention.status", dict(by="target_group")),
         ("retention.survival", dict(by="sex", index="first")),
         ("programme.placements", dict(by=["sex", "target_group"])),
         ("programme.steps", {}), ("programme.employers", {}), ("programme.support", dict(by="sex"))]


@pytest.fixture
def roles(data):
    """What each quantity is to disclosure control."""
    with open(data.parent.parent / "data" / "catalogue" / "quantities.csv", encoding="utf-8") as f:
        return {(id, quantity): row["role"] for row in csv.DictReader(f) for id in row["indicator"].split()
                for quantity in row["quantity"].split()}


def counts_of(row, roles):
    """What a shown row tells of numbers of people or of jobs."""
    role = roles[row["indicator"], row["quantity"]]
    if row["state"] == "suppressed" or role in ("none", "between"):
        return {}
    out = {"n": row["n"], "people": row["people"]} if role not in ("at_risk", "events", "curve") else {}
    if role in ("count", "part", "nested", "at_risk", "events"):
        out["value"] = row["value"]
    if role == "share" and row["n"] is not None and row["value"] is not None:
        out["numerator"] = round(row["value"] * row["n"])
    return {k: v for k, v in out.items() if v is not None}


def keyed(table, roles):
    names = [n for n in table.columns[:table.columns.index("quantity") + 1] if n not in KEYS_NOT]
    return {tuple(row[n] for n in names): counts_of(row, roles) for row in table.rows()}


def small(a, b):
    return 0 < abs(a - b) < 5


@pytest.mark.parametrize("id, arguments", ASKED)
def test_no_small_difference_is_left(data, roles, id, arguments):
    register = fm.Register.read(data / "demo-municipality")
    results = {day: register.compute(id, as_of=day, **arguments) for day in DAYS}
    changed = 0
    for first, second in itertools.combinations(DAYS, 2):
        then, plain = results[first].protected(), results[second].protected()
        now = results[second].protected(earlier=then)
        assert int(now.notes["hidden_by_earlier"]) == sum(s == "suppressed" for s in now["state"]) - sum(
            s == "suppressed" for s in plain["state"])
        before, after = keyed(then, roles), keyed(now, roles)
        told = [key for key, row in after.items() for what, count in row.items()
                if what in before.get(key, {}) and small(count, before[key][what])]
        assert told == []
        changed += any(small(count, before[key][what]) for key, row in keyed(plain, roles).items()
                       for what, count in row.items() if what in before.get(key, {}))
        # and nobody gets one of the differences of a list from the others and the total
        if (id, arguments) == ASKED[0]:
            open_ = keyed(results[second], roles)
            hidden = [key for key in open_ if key[-1] == "people" and "value" not in after[key] and
                      "value" in before[key]]
            assert len(hidden) != 1 or not small(open_[hidden[0]]["value"], before[hidden[0]]["value"])
    assert changed or id in ("programme.people", "programme.employers")  # there is something to hide


def test_by_hand():
    """45 then and 47 now: the two who came would be told, so the 47 go; 30 and 60 differ by many."""
    def people(a, b, c):
        return fm.Table.from_columns({
            "indicator": ["programme.people"] * 3, "team": ["a", "b", "c"], "quantity": ["people"] * 3,
            "value": [float(a), float(b), float(c)], "unit": ["count"] * 3, "n": [a, b, c], "people": [a, b, c],
            "state": ["ok"] * 3})
    shown = people(47, 60, 80).protected(earlier=people(45, 30, 70))
    # the total is known: a alone would be it less b and c, so one more goes
    assert shown["value"][0] is None and shown["value"].count(None) == 2
    assert shown.notes["hidden_by_earlier"] == "2"
    assert people(45, 60, 80).protected(earlier=people(45, 30, 70))["value"] == [45, 60, 80]
    assert people(55, 60, 80).protected(earlier=people(45, 30, 70))["value"] == [55, 60, 80]


def test_from_the_file_that_the_command_wrote(data, tmp_path):
    register = fm.Register.read(data / "demo-municipality")
    then = register.status(as_of="2025-12-15", by="sex").protected()
    path = tmp_path / "then.csv"
    then.to_pandas().to_csv(path, index=False)
    now = register.status(as_of="2026-01-01", by="sex")
    assert now.protected(earlier=str(path)).to_json() == now.protected(earlier=then).to_json()


def test_another_table_is_told(data):
    register = fm.Register.read(data / "demo-municipality")
    now = register.people(by="sex", as_of="2026-01-01")
    with pytest.raises(fm.Error, match='no column "sex"'):
        now.protected(earlier=register.people(as_of="2025-12-15"))
    with pytest.raises(fm.Error, match='the column "target_group", which the new one'):
        now.protected(earlier=register.people(by=["sex", "target_group"], as_of="2025-12-15"))
    with pytest.raises(fm.Error, match="none of the figures"):
        now.protected(earlier=fm.Table.from_columns({
            "indicator": ["programme.jobs"], "definition": ["d"], "sex": ["x"], "quantity": ["jobs"], "value": [3.0],
            "state": ["ok"]}))
    with pytest.raises(fm.Error, match="no column|column"):
        now.protected(earlier=fm.Table.from_columns({"a": [1]}))
