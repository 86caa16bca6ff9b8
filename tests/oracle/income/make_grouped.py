"""Writes grouped_exact.csv: the two Lorenz curves of grouped_lorenz.csv fitted and asked with 50 digits.

make_grouped.py FOLDER          (Python 3, mpmath)

General Quadratic: L (1 - L) = A (p^2 - L) + B L (p - 1) + C (p - L), least squares. Beta: L = p - A p^B (1 - p)^C, least
squares of the logarithms. The last point of each table is left out of the fits. All figures are integrals or roots of the
fitted curve, by their definitions. NA: not defined (slopes of 0 or less under a logarithm, a curve that ends below 1).
"""
import csv
import sys

import mpmath as mp

mp.mp.dps = 50
# mean income and poverty line of each table
MONEY = {"datt_rural_india_1983": ("109.9", "89"), "wbpip_gd_ex1": ("330.5371", "57.79166667"),
         "wbpip_gd_ex2": ("2.911786", "1.9")}


def least_squares(rows):
    x, y = mp.matrix([r[:3] for r in rows]), mp.matrix([r[3] for r in rows])
    b = mp.lu_solve(x.T * x, x.T * y)
    rest = y - x * b
    return list(b), mp.fsum(v * v for v in rest)


class Quadratic:
    def __init__(self, points):
        (self.a, self.b, self.c), self.fit_sse = least_squares(
            [(p * p - v, v * (p - 1), p - v, v * (1 - v)) for p, v in points])
        self.e = -(self.a + self.b + self.c + 1)
        self.m, self.n = self.b ** 2 - 4 * self.a, 2 * self.b * self.e - 4 * self.c
        self.first = mp.mpf(0)  # the slope is above 0 from here on

    def at(self, p):
        return -(self.b * p + self.e + mp.sqrt(self.m * p * p + self.n * p + self.e ** 2)) / 2

    def slope(self, p):
        return -self.b / 2 - (2 * self.m * p + self.n) / (4 * mp.sqrt(self.m * p * p + self.n * p + self.e ** 2))


class Beta:
    def __init__(self, points):
        (a, self.b, self.c), self.fit_sse = least_squares(
            [(mp.mpf(1), mp.log(p), mp.log(1 - p), mp.log(p - v)) for p, v in points])
        self.a = mp.exp(a)
        self.first = self.below(mp.mpf(0))

    def at(self, p):
        return p - self.a * p ** self.b * (1 - p) ** self.c if 0 < p < 1 else p

    def slope(self, p):
        return 1 - self.a * p ** self.b * (1 - p) ** self.c * (self.b / p - self.c / (1 - p))

    def below(self, z):
        return root(self, z)


def root(curve, z):
    low, high = mp.mpf(10) ** -40, 1 - mp.mpf(10) ** -40
    if curve.slope(low) >= z:
        return mp.mpf(0)
    for _ in range(400):
        middle = mp.sqrt(low * high) if high > 4 * low else (low + high) / 2
        low, high = (middle, high) if curve.slope(middle) < z else (low, middle)
    return (low + high) / 2


def integral(f, high=mp.mpf(1)):
    return mp.quad(f, [0, high / 1000, high / 10, high / 2, high * mp.mpf("0.99"), high])


def figures(curve, points, mean, line):
    z = line / mean
    gini = 1 - 2 * integral(curve.at)
    half, slope = curve.at(mp.mpf("0.5")), curve.slope(mp.mpf("0.5"))
    h = root(curve, z)
    yield from (("coefficient_a", curve.a), ("coefficient_b", curve.b), ("coefficient_c", curve.c))
    yield "fit_sse", curve.fit_sse
    yield "sse", mp.fsum((v - curve.at(p)) ** 2 for p, v in points)
    yield from (("gini", gini), ("median", mean * slope), ("polarization", 2 * (1 - gini - 2 * half) / slope))
    yield from (("bottom_share", curve.at(mp.mpf("0.4"))), ("bottom_mean", curve.at(mp.mpf("0.4")) / mp.mpf("0.4") * mean))
    yield from (("headcount", h), ("poverty_gap", h - curve.at(h) / z))
    yield "poverty_severity", integral(lambda p: (1 - curve.slope(p) / z) ** 2, h)
    positive = curve.first == 0
    yield "slope_zero_at", curve.first
    yield "mld", -integral(lambda p: mp.log(curve.slope(p))) if positive else None
    whole = curve.at(mp.mpf(1)) > 1 - mp.mpf(10) ** -12  # otherwise some income is nobody's, and Theil infinite
    yield "theil", integral(lambda p: curve.slope(p) * mp.log(curve.slope(p))) if positive and whole else None
    yield "watts", integral(lambda p: mp.log(z / curve.slope(p)), h) if positive else None


def main(folder):
    tables = {}
    with open(f"{folder}/grouped_lorenz.csv", newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            tables.setdefault(row["dataset"], []).append((mp.mpf(row["cum_population"]), mp.mpf(row["cum_welfare"])))
    with open(f"{folder}/grouped_exact.csv", "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["dataset", "curve", "mean", "line", "figure", "value"])
        for name, points in tables.items():
            mean, line = MONEY[name]
            for word, kind in (("quadratic", Quadratic), ("beta", Beta)):
                inner = points[:-1]
                for figure, value in figures(kind(inner), inner, mp.mpf(mean), mp.mpf(line)):
                    out.writerow([name, word, mean, line, figure, "NA" if value is None else mp.nstr(value, 20)])


main(sys.argv[1])
