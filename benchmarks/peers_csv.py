#!/usr/bin/env python3
"""Reading CSV of the shape of bench-csv by pandas and Polars, in units of this library's time for the same columns.

peers_csv.py FOLDER [ROWS]

FOLDER holds bench-csv, run with the same number of rows (default 2 million) before and after each peer. CPU time, one
thread (peers that start more are counted by the CPU time of all), median of seven after one that warms up, text already
in memory. A peer that is not installed is left out.
"""
import datetime
import io
import os
import re
import subprocess
import sys
import time

os.environ["POLARS_MAX_THREADS"] = "1"  # before it is imported

import numpy as np
import pandas as pd

try:
    import polars as pl
except ImportError:
    pl = None
try:
    from pyarrow import csv as arrow_csv
except ImportError:
    arrow_csv = None

DAYS = [(datetime.date(2000, 1, 1) + datetime.timedelta(d)).isoformat() for d in range(10950)]


def make(n):
    rng = np.random.default_rng(42)
    names = [f"person-{k:06d}" for k in range(100000)]
    columns = [rng.integers(0, 100000, n), rng.integers(0, len(DAYS), n), rng.integers(0, len(DAYS), n),
               rng.integers(0, 38, n), rng.integers(0, 60000000, n), rng.integers(0, 100000, n),
               rng.integers(10000000, 144217728, n), rng.integers(0, 2, n)]
    lines = ["person_id,start,end,hours,income,weight,firm,active"]
    lines += [f"{names[p]},{DAYS[s]},{DAYS[e]},{h},{i // 100}.{i % 100:02d},{w // 10000}.{w % 10000:04d},{f},{a}"
              for p, s, e, h, i, w, f, a in zip(*(c.tolist() for c in columns))]
    return ("\n".join(lines) + "\n").encode("ascii")


def by_pandas(data):
    return pd.read_csv(io.BytesIO(data), dtype={"person_id": "category"}, parse_dates=["start", "end"])


def by_polars(data):
    frame = pl.read_csv(data, try_parse_dates=True)
    return frame.with_columns(pl.col("person_id").cast(pl.Categorical))


def by_pyarrow(data):
    return arrow_csv.read_csv(io.BytesIO(data), arrow_csv.ReadOptions(use_threads=False))


def seconds(call, data):
    spent = []
    call(data)
    for _ in range(7):
        start = time.process_time()
        call(data)
        spent.append(time.process_time() - start)
    return sorted(spent)[3]


def own_seconds(folder, n):
    printed = subprocess.run([f"{folder}/bench-csv", str(n)], check=True, capture_output=True, text=True).stdout
    found = re.search(r"^eight typed columns +(.*)$", printed, re.M)
    return float(found[1].split()[1]) * 1e-9 * n


def main(folder, rows="2000000"):
    n = int(rows)
    data = make(n)
    print(f"{len(data)} bytes, {n} rows")
    peers = [("pandas, names as categories", by_pandas)]
    peers += [("Polars, names as categories", by_polars)] if pl is not None else []
    peers += [("pyarrow, names as text", by_pyarrow)] if arrow_csv is not None else []
    before = own_seconds(folder, n)
    for name, call in peers:
        spent = seconds(call, data)
        after = own_seconds(folder, n)
        ours = (before + after) / 2
        before = after
        print(f"{name:<30} {spent:8.2f} s, this library {ours:.2f} s {spent / ours:8.2f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
