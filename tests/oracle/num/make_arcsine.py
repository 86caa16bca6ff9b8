#!/usr/bin/env python3
"""Writes arcsine.csv beside itself: asin by mpmath with 40 digits, of exact doubles (hexadecimal). The seed is fixed."""
import os
import random

from mpmath import asin, mp, mpf

mp.dps = 40
random.seed(6)
points = [0.0, 2.0**-1074, 2.0**-40, 0.25, 0.5, 0.5 + 2.0**-53, 0.5**0.5, 0.75, 1 - 2.0**-53, 1.0]
points += [random.uniform(-1, 1) for _ in range(400)]
points += [random.uniform(0.499, 0.501) for _ in range(100)]
points += [1 - 2.0**-random.uniform(1, 53) for _ in range(100)]
points += [2.0**-random.uniform(1, 60) for _ in range(100)]
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "arcsine.csv"), "w", newline="") as out:
    out.write("x,value\n")
    for x in points:
        out.write(f"{x.hex()},{mp.nstr(asin(mpf(x)), 20, min_fixed=1, max_fixed=0)}\n")
