#!/usr/bin/env python3
"""Weighted Gini with all Lorenz ordinates, and the bottom 40 % of 800 groups, by NumPy and pandas on data of the same
distribution, in units of this library's time.

peers_income.py FOLDER [ROWS]

FOLDER holds bench-gini and bench-groups, run with the same number of rows (default 10 million). CPU time, one thread,
median of three.
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

GROUPS = 800


def gini(x, w):
    order = np.argsort(x)
    x, w = x[order], w[order]
    c, s = np.cumsum(w), np.cumsum(w * x)
    return np.sum(c[:-1] * (c[-1] - c[:-1]) * np.diff(x)) / (c[-1] * s[-1])


def bottom(x, w):
    order = np.argsort(x)
    x, w = x[order], w[order]
    c, s = np.cumsum(w), np.cumsum(w * x)
    k = np.searchsorted(c, 0.4 * c[-1])
    return (s[k] - (c[k] - 0.4 * c[-1]) * x[k]) / s[-1]


def by_numpy(x, w, group):
    order = np.argsort(group, kind="stable")
    x, w = x[order], w[order]
    cuts = np.searchsorted(group[order], np.arange(GROUPS + 1))
    return sum(bottom(x[a:b], w[a:b]) for a, b in zip(cuts[:-1], cuts[1:]))


def by_pandas(x, w, group):
    frame = pd.DataFrame({"g": group, "x": x, "w": w}).sort_values(["g", "x"])
    frame["c"] = frame.groupby("g")["w"].cumsum()
    frame["wx"] = frame["w"] * frame["x"]
    frame["s"] = frame.groupby("g")["wx"].cumsum()
    total = frame.groupby("g")[["w", "wx"]].transform("sum")
    first = frame[frame["c"] >= 0.4 * total["w"]].groupby("g").first()
    all_ = frame.groupby("g")[["w", "wx"]].sum()
    return ((first["s"] - (first["c"] - 0.4 * all_["w"]) * first["x"]) / all_["wx"]).sum()


def seconds(call):
    spent = []
    for _ in range(3):
        start = time.process_time()
        value = call()
        spent.append(time.process_time() - start)
    return sorted(spent)[1], value


def ours(folder, name, rows):
    printed = subprocess.run([f"{folder}/bench-{name}", str(rows)], check=True, capture_output=True, text=True).stdout
    return float(re.search(r"^lognormal +\d+ +([\d.]+)", printed, re.M).group(1)) * 1e-9 * rows


def main(folder, rows="10000000"):
    n = int(rows)
    rng = np.random.default_rng(1)
    x, w = np.exp(12.5 + 0.6 * rng.standard_normal(n)), 0.5 + 10 * rng.random(n)
    group = rng.integers(0, GROUPS, n).astype(np.int32)
    lines = [("gini", "NumPy: argsort, cumsum", lambda: gini(x, w)),
             ("groups", "NumPy: argsort by group, then each group", lambda: by_numpy(x, w, group))]
    if pd is not None:
        lines.append(("groups", "pandas: sort_values, cumsum by group", lambda: by_pandas(x, w, group)))
    for name, label, call in lines:
        spent, value = seconds(call)
        print(f"{name:8s} {label:42s} {n:>10d} {spent / ours(folder, name, n):8.1f} times ours  ({value:.12g})")


main(*sys.argv[1:])
