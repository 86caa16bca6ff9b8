"""Makes sum_terms.csv, sum_values.csv, bottom_rows.csv and bottom_values.csv with exact rational arithmetic.

Independent of the library: terms are fractions.Fraction, and a result is rounded once by Python's correctly rounded
division. Doubles are written in hexadecimal. Run it in this folder; the seed is fixed.
"""
import csv
import math
import random
from fractions import Fraction

rng = random.Random(20240)
MAX = 1.7976931348623157e308
TINY = 5e-324


def rounded(exact):
    try:
        return float(exact)
    except OverflowError:
        return math.inf if exact > 0 else -math.inf


def value(terms):
    """Correctly rounded sum; special terms win."""
    if any(math.isnan(t) for t in terms) or (math.inf in terms and -math.inf in terms):
        return math.nan
    for special in (math.inf, -math.inf):
        if special in terms:
            return special
    return rounded(sum(map(Fraction, terms), Fraction(0)))


def text(x):
    return "NA" if math.isnan(x) else "Inf" if x == math.inf else "-Inf" if x == -math.inf else float(x).hex()


def spread(n, low, high):
    return [math.ldexp(rng.uniform(-1, 1), rng.randint(low, high)) for _ in range(n)]


def cancelling(n, low, high):
    half = spread(n // 2, low, high)
    out = half + [-x for x in half] + [math.ldexp(1, low - 60)]
    rng.shuffle(out)
    return out


def sum_cases():
    half_ulp = 2.0**-53
    yield "empty", []
    yield "one", [0.1]
    yield "minus_zero", [-0.0, -0.0]
    yield "ten_tenths", [0.1] * 10
    yield "tie_to_even_down", [1.0, half_ulp]
    yield "tie_to_even_up", [1.0 + 2 * half_ulp, half_ulp]
    yield "tie_broken_by_tiny", [1.0, half_ulp, TINY]
    yield "tie_broken_down", [1.0, half_ulp, -TINY]
    yield "round_into_next_binade", [2.0 - 2 * half_ulp, half_ulp, half_ulp / 2]
    yield "subnormals", [TINY] * 7 + [-3 * TINY]
    yield "subnormal_limit", [2.2250738585072014e-308, -TINY]
    yield "below_normal", [2.2250738585072009e-308, TINY]
    yield "largest", [MAX]
    yield "largest_half_ulp", [MAX, 2.0**969]
    yield "largest_tie_overflows", [MAX, 2.0**970]
    yield "largest_just_below_tie", [MAX, 2.0**970, -TINY]
    yield "overflow", [MAX, MAX]
    yield "overflow_negative", [-MAX] * 3
    yield "overflow_returns", [MAX, MAX, -MAX]
    yield "wide", [1e308, 1.0, -1e308, TINY, -1.0]
    yield "minus_one_and_tiny", [-1.0, TINY]
    yield "cell_edges", [math.ldexp(1, e) for e in range(-1074, 1023, 32)]
    yield "cell_edges_minus", [-math.ldexp(1, e) for e in range(-1073, 1023, 31)]
    yield "all_cells", [math.ldexp(1, e) - math.ldexp(1, e - 40) for e in range(-1000, 1000, 37)]
    yield "infinite", [1.0, math.inf, -5.0]
    yield "minus_infinite", [-math.inf, MAX]
    yield "both_infinite", [math.inf, -math.inf]
    yield "not_a_number", [1.0, math.nan, math.inf]
    for k, (low, high) in enumerate([(-1074, -1000), (-30, 30), (900, 1023), (-1070, 1020), (10, 20), (-200, -100)]):
        yield f"random_{k}", spread(90, low, high)
        yield f"cancelling_{k}", cancelling(90, max(low, -1000), high)
    yield "kroner", [float(rng.randint(-10**6, 10**7)) for _ in range(100)]
    yield "oere", [rng.randint(-10**8, 10**9) / 100 for _ in range(100)]
    yield "incomes", [math.exp(rng.gauss(12.5, 0.6)) for _ in range(100)]


def bottom(rows, p):
    rows = [(x + 0.0, w) for x, w in rows if w > 0]
    weight, total = value([w for _, w in rows]), value([w * x for x, w in rows])
    if not rows:
        return [0.0] + [math.nan] * 7
    target, slack = p * weight, 1e-12 * weight
    for cut in sorted({x for x, _ in rows}):
        through = value([w for x, w in rows if x <= cut])
        if through >= target - slack:
            break
    below = value([w for x, w in rows if x < cut])
    below_total = value([w * x for x, w in rows if x < cut])
    group = value([w for x, w in rows if x == cut])
    share = min(1.0, max(0.0, (target - below) / group))
    if abs(through - target) <= slack:
        share = 1.0
    return [weight, total, cut, below, below_total, group, share, below_total + share * group * cut]


def bottom_cases():
    incomes = [(round(math.exp(rng.gauss(12.5, 0.6)), 2), rng.uniform(0.5, 10.5)) for _ in range(60)]
    ties = [(float(rng.randint(-2, 4)), float(rng.randint(0, 5))) for _ in range(60)]
    zeros = [(0.0 if rng.random() < 0.3 else rng.gauss(0, 1e5), rng.choice([0.0, 1.5, 2.25])) for _ in range(60)]
    for name, rows in (("incomes", incomes), ("ties", ties), ("zeros", zeros), ("one", [(3.5, 2.0)]),
                       ("five", [(float(k), 1.0) for k in (5, 4, 3, 2, 1)]),
                       ("tenths", [(float(k), 0.1) for k in range(10)]),
                       ("weightless", [(1.0, 0.0), (2.0, 0.0)])):
        for p in (0.0, 0.1, 0.2, 0.4, 0.5, 0.9, 1.0):
            yield f"{name}_{p}", rows, p


def write(name, header, rows):
    with open(name, "w", newline="", encoding="ascii") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def main():
    terms, values = [], []
    for name, case in sum_cases():
        terms += [[name, text(t)] for t in case]
        values.append([name, len(case), text(value(case)), text(value([t * t for t in case]))])
    write("sum_terms.csv", ["case", "term"], terms)
    write("sum_values.csv", ["case", "n", "sum", "squares"], values)
    rows, shares = [], []
    for name, case, p in bottom_cases():
        if p == 0.0:
            rows += [[name.rsplit("_", 1)[0], text(x), text(w)] for x, w in case]
        shares.append([name.rsplit("_", 1)[0], len(case), text(p)] + [text(v) for v in bottom(case, p)])
    write("bottom_rows.csv", ["case", "x", "w"], rows)
    write("bottom_values.csv", ["case", "n", "p", "weight", "total", "cut", "below_weight", "below_total", "cut_weight",
                                "cut_share", "bottom_total"], shares)


main()
