#!/usr/bin/env python3
"""Writes special.csv beside itself: lgamma, incomplete gamma and beta by mpmath, with 40 correct digits.

Arguments are exact doubles (hexadecimal); values have 17 digits. The incomplete functions are summed from their power series
in as many digits as the cancellation needs (DLMF 8.7.1 for gamma, 8.17.8 for beta), not from a library routine. The seed
is fixed.
"""
import os
import random

from mpmath import mp, mpf, loggamma, exp, log

HERE = os.path.dirname(os.path.abspath(__file__))
rows = []


def text(v):
    return mp.nstr(v, 17, min_fixed=1, max_fixed=0)


def fixed(v, bits):
    """A double as a whole number of 2^-bits, exact for the arguments used here."""
    n, d = float(v).as_integer_ratio()
    return (n << bits) // d


def gamma_lower(a, x, bits=320):
    """P(a, x): sum of positive terms (DLMF 8.11.4), in whole numbers of 2^-bits."""
    with mp.workdps(int(bits * 0.3) - 10):
        term = total = one = 1 << bits
        xs, at = fixed(x, bits), fixed(a, bits)
        while term > 0 and (term << (bits - 20)) > total or xs > at:
            at += one
            term = term * xs // at
            total += term
        a, x = mpf(a), mpf(x)
        return exp(a * log(x) - x - loggamma(a + 1)) * mpf(total) / one


def gamma_lower_real(a, x, bits=320):
    """The same for arguments of mpmath, good to 60 digits."""
    term = total = one = 1 << bits
    xs, at = int(x * one), int(a * one)
    while term > 0 and (term << (bits - 60)) > total or xs > at:
        at += one
        term = term * xs // at
        total += term
    return exp(a * log(x) - x - loggamma(a + 1)) * mpf(total) / one


def gamma_upper(a, x):
    """1 - P; bits are doubled until the difference holds 40 digits."""
    bits = 320
    while bits < 3000:
        with mp.workdps(int(bits * 0.3)):
            v = 1 - gamma_lower(a, x, bits)
            if v > mpf(10) ** (60 - int(bits * 0.3)):
                return v
        bits *= 2
    return None


def beta_lower_series(a, b, x, y):
    """I_x(a, b) = x^a y^b / (a B) * sum of (a+b)_n / (a+1)_n x^n, all terms positive (DLMF 8.17.8)."""
    bits = 320
    term = total = one = 1 << bits
    up, down, xs = int((a + b) * one), int((a + 1) * one), int(x * one)
    n = 0
    while term > 0 and (term << (bits - 60)) > total:
        term = (term * up // down) * xs >> bits
        total += term
        up += one
        down += one
        n += 1
        if n > 300000:
            return None
    return exp(a * log(x) + b * log(y) + loggamma(a + b) - loggamma(a + 1) - loggamma(b)) * mpf(total) / one


def beta_lower(a, b, x):
    with mp.workdps(95):
        a, b, x = mpf(a), mpf(b), mpf(x)
        y = 1 - x
        if x <= a / (a + b):
            return beta_lower_series(a, b, x, y)
        other = beta_lower_series(b, a, y, x)
        return None if other is None else 1 - other


def log_uniform(lo, hi):
    return 10 ** random.uniform(lo, hi)


def row(name, a, b, x, v):
    if v is None or not mpf("1e-300") < v:
        return
    rows.append((name, float(a).hex(), float(b).hex(), float(x).hex(), text(v)))


def main():
    random.seed(11)
    mp.dps = 60
    for _ in range(400):
        for x in (log_uniform(-10, 10), random.uniform(0.4, 3), 1 + random.choice((-1, 1)) * log_uniform(-10, -1),
                  2 + random.choice((-1, 1)) * log_uniform(-10, -1)):
            row("lgamma+", x, 0, 0, abs(loggamma(mpf(x))))
    for i in range(1500):
        a = log_uniform(-1, 5)
        sd = a ** 0.5
        x = [a + sd * random.gauss(0, 1), a + sd * random.uniform(-40, 40), a * log_uniform(-1, 1), log_uniform(-3, 2)][i % 4]
        if x <= 0 or x > 60 * sd + a * 1.5 + 750:
            x = a * random.random()
        if x == 0:
            continue
        row("gamma_lower", a, 0, x, gamma_lower(a, x))
        if (x - a) / sd < 37 and (a < 1e4 or (x - a) / sd < 12):
            row("gamma_upper", a, 0, x, gamma_upper(a, x))
    for _ in range(100):  # small shapes, where 1 - P would cancel
        a, x = log_uniform(-8, 0), log_uniform(-10, 0)
        row("gamma_upper", a, 0, x, gamma_upper(a, x))
    for i in range(1600):
        a, b = log_uniform(-1, 5), log_uniform(-1, 5)
        mean = a / (a + b)
        sd = (mean * (1 - mean) / (a + b + 1)) ** 0.5
        x = [mean + sd * random.gauss(0, 1.5), mean - sd * abs(random.uniform(0, 38)), random.random(),
             mean * log_uniform(-3, 0), 1 - (1 - mean) * log_uniform(-3, 0)][i % 5]
        if not 0 < x < 1:
            x = mean * random.random()
        if not 0 < x < 1:
            continue
        row("beta_lower", a, b, x, beta_lower(a, b, x))
    with open(os.path.join(HERE, "special.csv"), "w") as f:
        f.write("function,a,b,x,value\n")
        for r in rows:
            f.write(",".join(r) + "\n")


if __name__ == "__main__":
    main()
