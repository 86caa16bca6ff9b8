#!/usr/bin/env python3
"""Writes elementary.csv beside itself: log, log1p, exp, expm1, pow, erfc, normal cdf and quantile by mpmath, 40 digits.

Arguments are exact doubles (hexadecimal); values have 17 digits. The seed is fixed.
"""
import os
import random
import struct

from mpmath import mp, mpf, log, log1p, exp, expm1, erfc, erfinv, power, sqrt, findroot, pi

HERE = os.path.dirname(os.path.abspath(__file__))
random.seed(7)
mp.dps = 40
rows = []


def text(v):
    if v > mpf("1.7976931348623158e308"):
        return "Inf"
    if v < mpf("-1.7976931348623158e308"):
        return "-Inf"
    return mp.nstr(v, 17, min_fixed=1, max_fixed=0)


def add(name, f, x, y=0.0):
    with mp.workdps(60):
        rows.append((name, float(x).hex(), float(y).hex(), text(f(mpf(x)) if y == 0.0 and name != "pow" else f(mpf(x), mpf(y)))))


def any_positive():
    while True:
        x = struct.unpack("<d", struct.pack("<Q", random.getrandbits(63)))[0]
        if x == x and 0 < x < float("inf"):
            return x


def sign():
    return random.choice((-1, 1))


def cdf(z):
    return erfc(-z / sqrt(2)) / 2


def quantile(p):
    """Newton on the logarithm of the smaller tail, 60 digits."""
    if p == 0.5:
        return mpf(0)
    q = p if p < 0.5 else 1 - p
    z = sqrt(-2 * log(q)) if q < 0.1 else sqrt(2) * erfinv(1 - 2 * q)
    for _ in range(60):
        t = erfc(z / sqrt(2)) / 2
        step = (t - q) / (exp(-z * z / 2) / sqrt(2 * pi)) if q > 0.1 else log(t / q) * t / (exp(-z * z / 2) / sqrt(2 * pi))
        z += step
        if abs(step) < mpf(10) ** -50:
            break
    else:
        raise SystemExit("no quantile")
    return -z if p < 0.5 else z


for i in range(400):
    add("log", log, any_positive())
    add("log", log, random.uniform(0.5, 2))
    add("log", log, 1 + sign() * 10 ** random.uniform(-15, -1.5))
    add("log1p", log1p, sign() * 10 ** random.uniform(-20, -0.001))
    add("log1p", log1p, 10 ** random.uniform(-20, 300))
    add("exp", exp, random.uniform(-745, 709.7))
    add("exp", exp, sign() * 10 ** random.uniform(-17, 0.5))
    add("expm1", expm1, sign() * 10 ** random.uniform(-17, 1.6))
    add("expm1", expm1, random.uniform(-45, 100))
    add("pow", power, 10 ** random.uniform(-3, 3), random.uniform(-100, 100))
    add("pow", power, 1 + sign() * 10 ** random.uniform(-10, -3), sign() * 10 ** random.uniform(1, 6))
    x = any_positive()
    add("pow", power, x, random.uniform(-1, 1) * float(700 / abs(log(mpf(x)))))
    add("pow", power, random.randint(1, 20), random.randint(-50, 50) or 1)
    add("erfc", erfc, random.uniform(-3, 3))
    add("erfc", erfc, random.uniform(3, 26.5))
    add("erfc", erfc, sign() * 10 ** random.uniform(-17, 0))
    add("normal_cdf", cdf, random.uniform(-37.5, 8))
    add("normal_cdf", cdf, random.uniform(-3, 3))
    add("normal_quantile", quantile, 10 ** random.uniform(-307, 0))
    add("normal_quantile", quantile, random.uniform(0, 1))
    add("normal_quantile", quantile, 1 - 10 ** random.uniform(-15, -0.31))
    add("normal_quantile", quantile, 0.5 + sign() * 10 ** random.uniform(-16, -1))
with open(os.path.join(HERE, "elementary.csv"), "w") as f:
    f.write("function,x,y,value\n")
    for r in rows:
        f.write(",".join(r) + "\n")
