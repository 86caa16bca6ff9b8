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
    "target.track": {"goal_id": ["g", "h"], "goal": [10.0, 5.0], "start": None, "deadline": None, "as_of": None,
                     "done": [3, 1], "private": [2, None], "employers": [None, None]},
    "income.bottom40": {"person_id": ["x", "y", "z"], "income_0": [1.5, 2.0, None], "income_1": [2.5, 0.1, 3.0],
                        "weight_0": [1.0, 2.0, 1.0], "weight_1": [1.0, 2.0, 1.0], "participant": [True, False, None],
                        "a": ["f", "m", "f"], "b": ["1", "2", "1"]},
}


def frame_of(id):
    import datetime
    import numpy
    columns = dict(FRAMES[id])
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
        for flags in (0, 8, 16):
            if (flags == 16 and not id.startswith("retention")) or (flags == 8 and id == "target.track"):
                continue
            tally = fm.Tally(id, by="a,b" if flags == 8 else None, weight="weight" if flags == 16 else None,
                             as_of="2024-10-04").add(frame_of(id))
            (out / f"{id}_{flags}").write_bytes(bytes([i | flags]) + state_of(tally.to_bytes()))


main(*sys.argv[1:])
