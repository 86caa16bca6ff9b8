#!/usr/bin/env python3
"""What the Python package adds to a call of the library on plain arrays and on frames: the same function by ctypes, and
through the package, interleaved. CPU time, one thread, median of nine; results must be the same bits.

python_calls.py BUILD [ROWS]

BUILD is a build folder with -Dpython=true (default 10 million rows).
"""
import ctypes
import statistics
import sys
import time
from pathlib import Path

import numpy as np

LAST = 1095


def data(n):
    rng = np.random.default_rng(7)
    return {"time": rng.integers(1, LAST + 1, n, dtype="int32"), "event": rng.random(n) < 0.6,
            "cause": rng.integers(0, 4, n, dtype="uint8"), "weight": rng.random(n)}


def seconds(call):
    begun = time.process_time()
    call()
    return time.process_time() - begun


def compare(name, plain, package):
    assert np.array_equal(plain(), package(), equal_nan=True), name
    spent = [(seconds(plain), seconds(package)) for _ in range(9)]
    below, above = (statistics.median(times) for times in zip(*spent))
    print(f"{name:58} {below * 1e3:8.1f} ms {above * 1e3:8.1f} ms {100 * (above / below - 1):+6.1f} %")


def main(build, rows="10000000"):
    sys.path.insert(0, str(Path(build) / "bindings" / "python"))
    import flexmetrics as fm

    library = ctypes.CDLL(str(next((Path(build) / "lib").glob("libflexmetrics.so"))))
    n, d = int(rows), data(int(rows))
    at = {name: ctypes.c_void_p(values.ctypes.data) for name, values in d.items()}
    size, last = ctypes.c_size_t(n), ctypes.c_int32(LAST)
    out = [np.empty(LAST + 1) for _ in range(5)]
    curves = [np.empty(3 * (LAST + 1)) for _ in range(2)]

    def km(weight):
        status = library.fm_retention_km(*(ctypes.c_void_p(o.ctypes.data) for o in out), at["time"], at["event"], None,
                                         weight, size, last, None, None)
        assert status == 0
        return out[3]

    def incidence():
        status = library.fm_retention_incidence(
            *(ctypes.c_void_p(o.ctypes.data) for o in (*out[:2], *curves)), at["time"], at["cause"], None, None, size,
            ctypes.c_int32(3), last, ctypes.c_int32(1), None, None)
        assert status == 0
        return curves[0]

    def package_km(**more):
        return fm.km(d["time"], d["event"], threads=1, **more).survival

    compare("km(time, event, max_time)", lambda: km(None), lambda: package_km(max_time=LAST))
    compare("km(time, event): the longest time is looked for", lambda: km(None), package_km)
    compare("km(time, event, weights, max_time)", lambda: km(at["weight"]),
            lambda: package_km(weights=d["weight"], max_time=LAST))
    compare("incidence(time, cause, max_time, n_causes)", incidence, lambda: fm.incidence(
        d["time"], d["cause"], max_time=LAST, n_causes=3, threads=1).incidence.ravel())
    table = fm.Table.from_columns({"time_days": d["time"], "event": d["event"]})
    frame = {"days": d["time"], "ended": d["event"]}
    spec = {"options": "curve=no"}
    compare("survival(frame, time, event), beside the call on a table",
            lambda: np.array(fm.Table(fm.core.compute_frame(table._handle, "retention.survival", spec, 1, None))["value"],
                             float),
            lambda: np.array(fm.survival(frame, time="days", event="ended", curve=False, threads=1)["value"], float))


main(*sys.argv[1:])
