#!/usr/bin/env python3
"""Spells sorted, joined over a gap of 14 days and read 180 days after the first day, by NumPy (packed keys) and pandas,
on the spells of bench-spell; runs of weekly codes by NumPy. Times of this library's.

peers_spell.py FOLDER [ROWS]

FOLDER holds bench-spell (default 6 million rows). CPU time, one thread, median of three; every result must be that of
bench-spell.
"""
import re
import subprocess
import sys
import time

import numpy as np

try:
    import pandas as pd
except ImportError:
    pd = None

FROM, AS_OF, GAP, AFTER, OPEN, WEEKS = 10957, 18262, 14, 180, 2**31 - 1, 1800


def draws(seed, n):
    """splitmix64"""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def spells(n):
    d = draws(7, 4 * n).reshape(n, 4)
    start = FROM + (d[:, 1] % np.uint64(AS_OF - FROM)).astype(np.int32)
    end = np.where(d[:, 3] % np.uint64(20) == 0, OPEN, start + 1 + (d[:, 2] % np.uint64(400)).astype(np.int32))
    return (d[:, 0] % np.uint64(n // 10)).astype(np.int32), start, end.astype(np.int32)


def by_numpy(person, start, end):
    """One sort of a word of person, start and end; person and day as one number make the rest plain vectors."""
    word = person.astype(np.int64) << 32 | (start - FROM) << 16 | np.minimum(end, AS_OF) - FROM
    word.sort()
    base = word >> 32 << 32
    first_key = base | (word >> 16 & 0xFFFF)
    reached = np.maximum.accumulate(base | (word & 0xFFFF))
    apart = np.ones(len(word), bool)
    apart[1:] = first_key[1:] > reached[:-1] + GAP
    new = np.ones(len(word), bool)
    new[1:] = base[1:] != base[:-1]
    asked = first_key[new] + AFTER
    after = np.searchsorted(first_key, asked, side="right")
    last = np.append(reached, 0)[after - 1]
    follows = np.append(first_key, np.iinfo(np.int64).max)[after]
    held = ((last > asked) | (follows <= last + GAP)) & ((asked & 0xFFFFFFFF) < AS_OF - FROM)
    return len(asked), int(apart.sum()), int(held.sum())


def by_pandas(person, start, end):
    frame = pd.DataFrame({"person": person, "start": start, "end": np.minimum(end, AS_OF)})
    frame = frame.sort_values(["person", "start"])
    reached = frame.groupby("person")["end"].cummax()
    before = reached.groupby(frame["person"]).shift()
    episode = (before.isna() | (frame["start"] - before > GAP)).cumsum()
    joined = frame.groupby(episode).agg(person=("person", "first"), start=("start", "first"), end=("end", "max"))
    asked = joined.groupby("person")["start"].transform("first") + AFTER
    held = (joined["start"] <= asked) & (asked < joined["end"]) & (asked < AS_OF)
    return joined["person"].nunique(), len(joined), int(held.sum())


def runs(codes):
    """Of all people in one vector; a person's first week begins a run."""
    begins = codes[1:] != codes[:-1]
    begins[WEEKS - 1::WEEKS] = True
    return len(np.flatnonzero(begins)) + 1


def seconds(call):
    spent = []
    for _ in range(3):
        begin = time.process_time()
        value = call()
        spent.append(time.process_time() - begin)
    return sorted(spent)[1], value


def main(folder, rows="6000000"):
    n = int(rows)
    printed = subprocess.run([f"{folder}/bench-spell", rows], capture_output=True, text=True).stdout

    def ours(name):
        return float(re.search(rf"^{name} +\d+ +([\d.]+)", printed, re.M).group(1)) * 1e-9 * n

    expected = tuple(map(int, re.search(r"^(\d+) people, (\d+) joined spells, (\d+) people", printed, re.M).groups()))
    columns = spells(n)
    peers = [("NumPy: packed keys", by_numpy)] + ([("pandas", by_pandas)] if pd is not None else [])
    for label, peer in peers:
        spent, value = seconds(lambda: peer(*columns))
        if value != expected:
            sys.exit(f"{label} gives {value}, expected {expected}")
        print(f"{label:34s} {spent * 1e9 / n:7.1f} ns/row {spent / ours('milestone, any order'):7.1f} times ours")
    d = draws(8, 8 * n)
    codes = (np.cumsum(d[:4 * n] % np.uint64(40) == 0) * 37 % 900).astype(np.uint16)[:4 * n // WEEKS * WEEKS]
    spent, _ = seconds(lambda: runs(codes))
    print(f"{'weekly codes, NumPy':34s} {spent * 1e9 / n:7.1f} ns/row {spent / ours('weekly codes to runs'):7.1f} times ours")


main(*sys.argv[1:])
