#!/usr/bin/env python3
"""Values of golden_synth.csv and golden_tricky.csv again, from the definitions in docs/methods/income.md.

Whole sums are exact (fractions), logarithms and powers have 60 digits; written apart from the library and from the
program that made the files. Prints every value that differs by more than its last digit; the standard errors and the
rows of growth and gaps are not computed here.   make_golden.py   (Python 3, mpmath)
"""
import csv
import math
import os
import sys
from fractions import Fraction as F

from mpmath import mp, mpf

mp.dps = 60
HERE = os.path.dirname(os.path.abspath(__file__))


def rows_of(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as f:
        return list(csv.DictReader(f))


class Population:
    def __init__(self, pairs):
        weights = {}
        for x, w in pairs:
            if w > 0:
                weights[F(x)] = weights.get(F(x), 0) + F(w)
        self.x = sorted(weights)
        self.w = [weights[x] for x in self.x]
        self.n = sum(w > 0 for _, w in pairs)
        self.squares = sum(F(w) ** 2 * F(x) for x, w in pairs if w > 0)
        self.weight = sum(self.w)
        self.total = sum(x * w for x, w in zip(self.x, self.w))

    def quantile(self, p, rule="avg"):
        c, target = F(0), F(p) * self.weight
        for k, w in enumerate(self.w):
            c += w
            if c >= target - self.weight / 10 ** 12:
                break
        if abs(c - target) > self.weight / 10 ** 12 or rule == "left" or k + 1 == len(self.x):
            return self.x[k]
        return self.x[k + 1] if rule == "right" else (self.x[k] + self.x[k + 1]) / 2

    def poorest(self, p):
        left, total = F(p) * self.weight, F(0)
        for x, w in zip(self.x, self.w):
            total += min(left, w) * x
            left -= min(left, w)
        return total

    def part(self, keep):
        return Population([(x, w) for x, w in zip(self.x, self.w) if keep(x)])

    def gini(self):
        area, c = F(0), F(0)
        for k in range(len(self.x) - 1):
            c += self.w[k]
            area += c * (self.weight - c) * (self.x[k + 1] - self.x[k])
        return area / (self.weight * self.total)

    def mean_of(self, f):
        return sum((real(w / self.weight) * f(x) for x, w in zip(self.x, self.w)), mpf(0))


def real(q):
    return mpf(q.numerator) / mpf(q.denominator)


def share(d, name, rule, fractional):
    if d.total <= 0:
        return None
    low, high = {"b40share": ("0.4", None), "s80s20": ("0.2", "0.8"), "palma": ("0.4", "0.9")}[name]
    bottom = d.poorest(low) if fractional else d.part(lambda x: x <= d.quantile(low, rule)).total
    if high is None:
        return bottom / d.total
    top = d.total - (d.poorest(high) if fractional else d.part(lambda x: x <= d.quantile(high, rule)).total)
    return top / bottom if bottom > 0 else None


def poverty(d, whole, name, param, convention, rule):
    le = convention.endswith("le")
    if name == "fgt":
        alpha, line = param.split(";")
        kind, number = line.split("=")
        z = F(number) if kind == "abs" else F(number) * whole.quantile("0.5", rule)
        if z <= 0:
            return None
        gap = (lambda x: ((z - x) / z) ** int(alpha)) if alpha != "0" else (lambda x: F(1))
        return sum(w * gap(x) for x, w in zip(d.x, d.w) if x < z or (le and x == z)) / d.weight
    z = F(param) * whole.quantile("0.5", rule)
    if name == "arpt":
        return z
    poor = d.part(lambda x: x < z or (le and x == z))
    if name == "arpr":
        return poor.weight / d.weight
    if not poor.x or (name == "rmpg" and z <= 0):
        return None
    median = poor.quantile("0.5", rule)
    return median if name == "poormed" else (z - median) / z


def logarithmic(d, name, param, convention):
    if convention == "drop_nonpos":
        d = d.part(lambda x: x > 0)
    power = {"mld": F(0), "theil": F(1)}.get(name) if name != "atkinson" else 1 - F(param)
    zeros = d.x[0] == 0
    if d.x[0] < 0 or d.total <= 0 or (zeros and name == "mld"):
        return None
    m = d.total / d.weight
    if name == "mld":
        return d.mean_of(lambda x: mp.log(real(m / x)))
    if name == "theil":
        return d.mean_of(lambda x: real(x / m) * mp.log(real(x / m)) if x > 0 else mpf(0))
    if zeros and power <= 0:
        return mpf(1)
    if power == 0:
        return 1 - mp.exp(d.mean_of(lambda x: mp.log(real(x / m))))
    return 1 - d.mean_of(lambda x: real(x / m) ** real(power) if x > 0 else mpf(0)) ** (1 / real(power))


def value_of(d, whole, name, param, convention):
    rule = next((r for r in ("left", "right") if "q_" + r in convention), "avg")
    if name == "mean":
        return d.total / d.weight
    if name == "quantile":
        return d.quantile(param, rule)
    if name == "lorenz":
        return d.poorest(param) / d.total
    if name == "b40mean":
        return d.poorest(param) / (F(param) * d.weight)
    if name in ("b40share", "s80s20", "palma"):
        return share(d, name, rule, convention == "fractional")
    if name == "gini":
        if d.total <= 0:
            return None
        extra = d.squares / (d.weight * d.total) - 1 / d.weight if convention == "gini_block1" else 0
        return d.gini() * (F(d.n, d.n - 1) if convention == "gini_n1" else 1) + extra
    if name in ("mld", "theil", "atkinson"):
        return logarithmic(d, name, param, convention)
    return poverty(d, whole, name, param, convention, rule)


def rounded(v):
    return None if v is None else float(v)


def compare(label, got, expected, counts):
    counts[0] += 1
    same = got is None if expected == "domain" else got is not None and abs(got - float(expected)) <= math.ulp(got)
    if not same:
        counts[1] += 1
        print(label, got, expected)


def synth(counts):
    data, few, made = rows_of("synth.csv"), {r["id"] for r in rows_of("synth_lonely_ids.csv")}, {}
    for r in rows_of("golden_synth.csv"):
        if r["measure"].startswith(("gic", "growth")) or r["measure"] == "gpg" or r["design"] != "none":
            continue
        key = r["data"], r["income"], r["weight"], r["domain"]
        for k in (key, key[:3] + ("all",)):
            if k not in made:
                column, _, text = k[3].partition("=")
                made[k] = Population([(float(s[k[1]]), 1.0 if k[2] == "one" else float(s["w"])) for s in data
                                      if s["period"] == k[0][13] and ("lonely" not in k[0] or s["id"] in few)
                                      and (k[3] == "all" or s[column] == text)])
        got = value_of(made[key], made[key[:3] + ("all",)], r["measure"], r["param"], r["convention"])
        compare((key, r["measure"], r["param"], r["convention"]), rounded(got), r["value"], counts)


def tricky(counts):
    mp.dps = 800  # incomes from 1e-320 to 1e308 in one sum
    cases = {}
    for r in rows_of("tricky.csv"):
        if r["x"]:
            cases.setdefault(r["case"], []).append((float(r["x"]), float(r["w"])))
    for r in rows_of("golden_tricky.csv"):
        if r["expected"] in ("weight", "nan", "nodata"):
            continue
        pairs = [(x, w) for x, w in cases[r["case"]] if w > 0 and math.isfinite(x)]
        d = Population(pairs)
        got = value_of(d, d, r["measure"], r["param"], r["convention"])
        compare((r["case"], r["measure"], r["param"], r["convention"]), rounded(got), r["expected"], counts)


def main():
    counts = [0, 0]
    synth(counts)
    tricky(counts)
    print(f"{counts[0]} values, {counts[1]} differ")
    sys.exit(counts[1] > 0)


main()
