#!/usr/bin/env python3
"""Writes quantile.csv beside itself: quantiles of gamma, beta, F and t to 17 digits.

SciPy gives a start; Newton's method on the logarithm of the smaller tail, with the tails of make_special.py (exact series in
whole numbers), corrects it until a step is below 1e-25. The seed is fixed.
"""
import os
import random

import scipy.stats as st
from mpmath import mp, mpf, log, exp, loggamma, sqrt, nstr

import make_special as ms

HERE = os.path.dirname(os.path.abspath(__file__))


def polish_gamma(a, p, x):
    x = mpf(x)
    a, p = mpf(a), mpf(p)
    for _ in range(40):
        lower = ms.gamma_lower_real(a, x)
        tail, target, sign = (lower, p, 1) if p < 0.5 else (1 - lower, 1 - p, -1)
        slope = exp(a * log(x) - x - loggamma(a))
        step = sign * log(target / tail) * tail / slope
        x *= exp(max(min(step, 2), -2))
        if abs(step) < mpf(10) ** -25:
            return x
    return None


def polish_odds(a, b, p, r):
    r, a, b, p = mpf(r), mpf(a), mpf(b), mpf(p)
    for _ in range(40):
        x, y = r / (1 + r), 1 / (1 + r)
        below = x <= a / (a + b)
        t = ms.beta_lower_series(a, b, x, y) if below else ms.beta_lower_series(b, a, y, x)
        if t is None:
            return None
        lower, upper = (t, 1 - t) if below else (1 - t, t)
        tail, target, sign = (lower, p, 1) if p < 0.5 else (upper, 1 - p, -1)
        slope = exp(a * log(x) + b * log(y) + loggamma(a + b) - loggamma(a) - loggamma(b))
        step = sign * log(target / tail) * tail / slope
        r *= exp(max(min(step, 2), -2))
        if abs(step) < mpf(10) ** -25:
            return r
    return None


def probability(i):
    return [random.random(), 10 ** random.uniform(-12, -1), 1 - 10 ** random.uniform(-9, -1), 0.025, 0.975][i % 5]


def main():
    random.seed(23)
    mp.dps = 60
    rows = []

    def row(name, a, b, p, v):
        if v is not None and mpf("1e-290") < abs(v) < mpf("1e290"):
            rows.append((name, float(a).hex(), float(b).hex(), float(p).hex(), nstr(v, 17, min_fixed=1, max_fixed=0)))

    for i in range(500):
        a, p = 10 ** random.uniform(-1, 4), probability(i)
        x = st.gamma.ppf(p, a)
        if 1e-290 < x:
            row("gamma", a, 0, p, polish_gamma(a, p, x))
    for i in range(600):
        a, b, p = 10 ** random.uniform(-1, 4), 10 ** random.uniform(-1, 4), probability(i)
        x = st.beta.ppf(p, a, b)
        if not 1e-290 < x < 1 - 1e-9:
            continue
        r = polish_odds(a, b, p, x / (1 - x))
        row("beta", a, b, p, r and r / (1 + r))
        d1, d2 = float(a), float(b)
        x = st.beta.ppf(p, d1 / 2, d2 / 2)
        if 1e-290 < x < 1 - 1e-9:
            r = polish_odds(d1 / 2, d2 / 2, p, x / (1 - x))
            row("f", d1, d2, p, r and r * mpf(d2) / mpf(d1))
    for i in range(500):
        df, p = 10 ** random.uniform(-0.5, 4), probability(i)
        tail = min(p, 1 - p)
        if tail > 0.499:
            continue
        t = st.t.isf(tail, df)
        if not t * t < 1e200:
            continue
        r = polish_odds(df / 2, 0.5, 2 * mpf(tail), mpf(df) / mpf(t) ** 2)
        row("t", df, 0, p, r and sqrt(mpf(df) / r) * (-1 if p < 0.5 else 1))
    with open(os.path.join(HERE, "quantile.csv"), "w") as f:
        f.write("function,a,b,p,value\n")
        for r in rows:
            f.write(",".join(r) + "\n")


if __name__ == "__main__":
    main()
