#!/usr/bin/env python3
"""The bootstrap of a weighted Gini by NumPy on data of the same distribution, in units of this library's time.

peers_bootstrap.py BENCH-BOOTSTRAP [ROWS]

BENCH-BOOTSTRAP is the program of that name, run with the same number of rows (default 1 million) before and after. CPU
time, one thread, median of five replicates.
"""
import re
import subprocess
import sys
import time

import numpy as np


def gini(x, w):
    """sum of C (W - C) dx / (W Y) of sorted rows."""
    c = np.cumsum(w)
    return np.sum(c[:-1] * (c[-1] - c[:-1]) * np.diff(x)) / (c[-1] * np.dot(w, x))


def resample_and_sort(rng, x, w):
    drawn = rng.integers(0, len(x), len(x))
    x, w = x[drawn], w[drawn]
    order = np.argsort(x)
    return gini(x[order], w[order])


def counts_by_index(rng, x, w):
    return gini(x, w * np.bincount(rng.integers(0, len(x), len(x)), minlength=len(x)))


def counts_multinomial(rng, x, w):
    return gini(x, w * rng.multinomial(len(x), np.full(len(x), 1 / len(x))))


def counts_poisson(rng, x, w):
    return gini(x, w * rng.poisson(1.0, len(x)))


def nanoseconds(peer, rng, x, w, repeats=5):
    peer(rng, x, w)
    times = []
    for _ in range(repeats):
        start = time.process_time_ns()
        peer(rng, x, w)
        times.append(time.process_time_ns() - start)
    return sorted(times)[repeats // 2] / len(x)


def ours(program, n):
    """ns per row and replicate, by kind."""
    text = subprocess.run([program, str(n)], check=True, capture_output=True, text=True).stdout
    return {kind.lower(): float(ns) / int(replicates) for kind, replicates, ns in
            re.findall(r"^(Poisson|multinomial), (\d+) replicates +\d+ +([\d.]+)", text, re.M)}


def main(program, n=1_000_000):
    rng = np.random.default_rng(1)
    x = np.sort(np.exp(12.5 + 0.6 * rng.standard_normal(n)))
    w = rng.uniform(0.5, 10.5, n)
    before = ours(program, n)
    unsorted = rng.permutation(n)
    peers = [("resample and sort", "multinomial", nanoseconds(resample_and_sort, rng, x[unsorted], w[unsorted]))]
    for name, kind, peer in [("counts by index", "multinomial", counts_by_index),
                             ("counts, rng.multinomial", "multinomial", counts_multinomial),
                             ("counts, rng.poisson", "poisson", counts_poisson)]:
        peers.append((name, kind, nanoseconds(peer, rng, x, w)))
    after = ours(program, n)
    print(f"numpy {np.__version__}, {n} rows; ns a row and replicate, and times this library's")
    for kind in before:
        print(f"  {'this library, ' + kind:32} {before[kind]:8.2f} {after[kind]:8.2f}")
    for name, kind, ns in peers:
        print(f"  {name:32} {ns:8.2f}  {ns / max(before[kind], after[kind]):6.0f} x {kind}, "
              f"{ns / max(before['poisson'], after['poisson']):.0f} x poisson")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
