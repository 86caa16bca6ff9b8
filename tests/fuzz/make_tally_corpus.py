"""Writes tests/fuzz/corpus/tally: the state of each measure after a few rows, behind the byte that chooses it.

make_tally_corpus.py FOLDER     with the Python package on the path
"""
import sys
from pathlib import Path

import flexmetrics as fm

FRAMES = {
    "programme.people": {"person_id": ["x", "y", "x"], "began": [True, False, False], "a": ["f", "m", "f"],
                         "b": ["1", None, "1"]},
    "programme.placements": {"person_id": ["x", "y"], "sector": ["private", "public"], "sme": [True, None],
                             "hours_per_week": [37.0, 0.1], "running": [True, False], "a": ["f", "m"], "b": ["1", "2"]},
    "retention.status": {"person_id": ["x", "y", "x"], "horizon_months": None, "status": [True, False, None],
                         "in_rate": [True, True, False], "weight": [1.5, 0.1, 2.0], "a": ["f", "m", "f"],
                         "b": ["1", "2", "1"]},
    "retention.survival": {"person_id": ["x", "y", "z"], "entry_days": None, "time_days": None,
                           "event": [True, False, True], "weight": [1.5, 0.1, 2.0], "a": ["f", "m", "f"],
                           "b": ["1", "2", "1"]},
    "retention.cumulative_incidence": {"person_id": ["x", "y", "z"], "entry_days": None, "time_days": None,
                                       "cause": ["q", None, "r"], "weight": [1.5, 0.1, 2.0], "a": ["f", "m", "f"],
                                       "b": ["1", "2", "1"]},
    "retention.gray": {"entry_days": None, "time_days": None, "cause": ["q", None, "q"], "a": ["f", "m", "f"],
                       "b": ["1", "2", "1"]},
    "retention.states": {"person_id": ["x", "x", "y"], "entry_days": None, "time_days": None, "from": ["p", "q", "p"],
                         "to": ["q", None, "r"], "weight": [1.5, 1.5, 2.0], "a": ["f", "f", "f"], "b": ["1", "1", "1"]},
    "retention.transitions": {"person_id": ["x", "x", "y"], "period": [1, 2, 1], "state": ["p", "q", "p"],
                              "weight": [1.5, 1.5, 2.0], "a": ["f", "f", "m"], "b": ["1", "1", "2"]},
    "target.track": {"goal_id": ["g", "h"], "goal": [10.0, 5.0], "start": None, "deadline": None, "as_of": None,
                     "done": [3, 1], "private": [2, None], "employers": [None, None]},
    "income.bottom40": {"person_id": ["x", "y", "z"], "income_0": [1.5, 2.0, None], "income_1": [2.5, 0.1, 3.0],
                        "weight_0": [1.0, 2.0, 1.0], "weight_1": [1.0, 2.0, 1.0], "participant": [True, False, None],
                        "a": ["f", "m", "f"], "b": ["1", "2", "1"]},
    "income.grouped": {"people": [0.25, 0.5, 0.75, 1.0], "income": [0.1, 0.3, 0.6, 1.0], "a": ["f"] * 4,
                       "b": ["1"] * 4},
}

# Measures of sampled incomes: one frame, and the options that fuzz_tally.c has for the highest bits 0 and 1.
PEOPLE = {"person_id": ["p1", "p2", "p3", "p4", "p1", "p2", "p3", "p5"],
          "income": [1.5, 2.5, 0.0, 7.0, 2.0, -1.0, None, 9.0], "period": [2010.0] * 4 + [2020.0] * 4,
          "weight": [1.0, 2.0, 1.0, 1.5, 1.0, 1.0, 1.0, 3.0], "people": [0.25, 0.5, 0.75, 1.0] * 2,
          "stratum": ["s", "s", "t", "t"] * 2, "psu": ["u1", "u2"] * 4, "fpc": [9.0] * 8,
          "a0": [1.0, 2.0, 1.0, 1.5, 1.0, 1.0, 1.0, 3.0], "a1": [2.0, 1.0, 0.0, 3.0, 1.0, 0.0, 2.0, 3.0],
          "in": [True, True, False, None] * 2, "a": ["x", "x", "y", "y"] * 2, "b": ["1", "1", None, "1"] * 2,
          "c": ["f", "m", "f", "m"] * 2}
DESIGN = dict(strata="stratum", psu="psu", fpc="fpc", lonely="remove")
TWO = dict(group="c", reference="f", compared="m")
OPTIONS = {
    "income.grouped": [{}],
    "income.distribution": [dict(domain="in", imputed="in", top_coded="in", measures="mean,gini,at_risk_of_poverty(0.6)",
                                 **DESIGN), dict(se="none", **DESIGN)],
    "income.change": [dict(measures="growth_premium,gini", **DESIGN), dict(overlap="persons")],
    "income.incidence": [dict(n_points=3, **DESIGN), dict(n_points=3, panel="yes", **DESIGN)],
    "income.mobility": [dict(n_classes=2, **DESIGN), dict(covariates="a0", **DESIGN)],
    "income.gap": [dict(**TWO, **DESIGN), dict(measures="fgt(1)", **TWO, **DESIGN)],
    "income.decomposition": [dict(group="c", **DESIGN), dict(measures="gini", group="c", **DESIGN)],
    "income.dominance": [dict(n_points=3, **TWO, **DESIGN), dict(n_points=3, curve="tip", **TWO, **DESIGN)],
}


def frame_of(id):
    import datetime
    import numpy
    columns = dict(FRAMES.get(id, PEOPLE))
    if "horizon_months" in columns:
        columns["horizon_months"] = numpy.array([3, 3, 6], "int32")
    if "time_days" in columns:
        columns["entry_days"] = numpy.array([0, 2, 0], "int32")
        columns["time_days"] = numpy.array([5, 9, 9], "int32")
    if "goal_id" in columns:
        columns["start"] = [datetime.date(2024, 1, 1)] * 2
        columns["deadline"] = [datetime.date(2024, 12, 31)] * 2
        columns["as_of"] = [datetime.date(2024, 6, 1), None]
        columns["private"] = numpy.array([2, 0])
        columns["employers"] = numpy.array([2, 0])
    return fm.Table.from_columns(columns)


def state_of(saved):
    """The bytes behind the head: magic, measure, version, spec, length, check sum."""
    at = 8
    at += 4 + int.from_bytes(saved[at:at + 4], "little") + 4
    at += 4 + int.from_bytes(saved[at:at + 4], "little")
    return saved[at + 24:]


def main(folder):
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    for i, id in enumerate(fm.indicators()["id"]):
        for k, options in enumerate(OPTIONS.get(id, [{}])):
            for flags in (0, 8, 16):
                weighted = (id.startswith("retention") and id != "retention.gray") or (id in OPTIONS and id != "income.grouped")
                if (flags == 16 and not weighted) or (flags == 8 and id == "target.track"):
                    continue
                if id in OPTIONS and flags != (16 if k else 8):  # with groups, and weighted: enough
                    continue
                tally = fm.Tally(id, by="a,b" if flags == 8 else None, weight="weight" if flags == 16 else None,
                                 as_of="2024-10-04", **options).add(frame_of(id))
                name = f"{id}_{flags}" if k == 0 else f"{id}_{k}_{flags}"
                (out / name).write_bytes(bytes([i, flags | k << 6]) + state_of(tally.to_bytes()))


main(*sys.argv[1:])
