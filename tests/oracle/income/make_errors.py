"""Standard errors of the bottom-40 figures by numerical differentiation, and by deleting one person at a time.

Every estimator is written straight from its definition in 60-digit arithmetic; a person's influence is the central
difference of the estimator when that person's weights in both periods are scaled by 1 +- h. Shares nothing with the
closed-form gradients of the library. Writes made.csv (invented incomes) and errors.csv:

    python3 make_errors.py
"""
import csv

from mpmath import mp, mpf, sqrt

mp.dps = 60
P, YEARS = mpf(2) / 5, mpf(11) / 2
H = mpf(10) ** -20


def make():
    """60 people with ties, zeros, losses, missing incomes, uneven weights; about a third take part."""
    state = 20110

    def draw(n):
        nonlocal state
        state = (state * 1103515245 + 12345) % 2**31
        return (state >> 12) % n
    rows = []
    for i in range(60):
        x0 = [0, 120000, 1000 * (80 + draw(300)), 1000 * (80 + draw(300)), 137 * draw(2500)][draw(5)]
        x1 = x0 + 1000 * (draw(90) - 30) if draw(4) else 500 * draw(600)
        rows.append([f"p{i:02d}", "" if draw(9) == 0 else x0, "" if draw(8) == 0 else x1,
                     (1 + draw(40)) / 8, (1 + draw(40)) / 8, ["", 0, 1][(2, 1, 1, 2, 0, 1, 1)[draw(7)]]])
    rows[7][1] = -25000
    with open("made.csv", "w") as f:
        f.write("person_id,income_0,income_1,weight_0,weight_1,participant\n")
        for r in rows:
            f.write(",".join(map(str, r)) + "\n")


def read():
    cell = lambda t: None if t == "" else mpf(t)
    with open("made.csv") as f:
        return [(cell(r["income_0"]), cell(r["income_1"]), mpf(r["weight_0"]), mpf(r["weight_1"]), r["participant"])
                for r in csv.DictReader(f)]


def total(rows, k):
    return sum(r[2 + k] * r[k] for r in rows if r[k] is not None)


def weight(rows, k):
    return sum(r[2 + k] for r in rows if r[k] is not None)


def bottom_total(rows, k):
    need, got = P * weight(rows, k), mpf(0)
    for x, w in sorted((r[k], r[2 + k]) for r in rows if r[k] is not None):
        take = min(w, need)
        got += take * x
        need -= take
    return got


def mean(k):
    return lambda rows: total(rows, k) / weight(rows, k)


def bottom(k):
    return lambda rows: bottom_total(rows, k) / (P * weight(rows, k))


def share(k):
    return lambda rows: bottom_total(rows, k) / total(rows, k)


def growth(m):
    return lambda rows: (m(1)(rows) / m(0)(rows)) ** (1 / YEARS) - 1


def premium(rows):
    return growth(bottom)(rows) - growth(mean)(rows)


def gain(rows):
    both = [r for r in rows if r[0] is not None and r[1] is not None]
    return sum(r[2] * (r[1] - r[0]) for r in both) / sum(r[2] for r in both)


def scaled(rows, i, factor):
    r = rows[i]
    return rows[:i] + [(r[0], r[1], r[2] * factor, r[3] * factor, r[4])] + rows[i + 1:]


def errors(f, rows):
    n = len(rows)
    z = [(f(scaled(rows, i, 1 + H)) - f(scaled(rows, i, 1 - H))) / (2 * H) for i in range(n)]
    left = [f(rows[:i] + rows[i + 1:]) for i in range(n)]
    middle = sum(left) / n
    return sqrt(mpf(n) / (n - 1) * sum(v * v for v in z)), sqrt(mpf(n - 1) / n * sum((v - middle) ** 2 for v in left))


def fixed_sets(rows):
    """The internal bottom by the first income, taken as given: the set stays when weights change."""
    both = sorted((r for r in rows if r[0] is not None and r[1] is not None), key=lambda r: r[0])
    need, out = P * sum(r[2] for r in both), []
    while need > 0:
        tied = [r for r in both if r[0] == both[0][0]]
        w = sum(r[2] for r in tied)
        part = min(mpf(1), need / w)
        out += [(r[0], r[1], part * r[2], r[3], r[4]) for r in tied]
        need -= part * w
        both = both[len(tied):]
    return {"panel_bottom_gain": out, "participant_gain_mean": [r for r in out if r[4] == "1"],
            "other_gain_mean": [r for r in out if r[4] == "0"]}


make()
people = read()
figures = {}
for k in (0, 1):
    given = [r for r in people if r[k] is not None]
    figures |= {f"mean_{k}": (mean(k), given), f"bottom_mean_{k}": (bottom(k), given),
                f"bottom_share_{k}": (share(k), given)}
either = [r for r in people if r[0] is not None or r[1] is not None]
figures |= {"mean_growth": (growth(mean), either), "bottom_growth": (growth(bottom), either),
            "premium": (premium, either)}
figures["panel_gain"] = (gain, [r for r in people if r[0] is not None and r[1] is not None])
figures |= {name: (gain, rows) for name, rows in fixed_sets(people).items()}
with open("errors.csv", "w") as f:
    f.write("quantity,value,std_error,jackknife,n\n")
    for name, (function, rows) in figures.items():
        e, j = errors(function, rows)
        f.write(f"{name},{mp.nstr(function(rows), 17)},{mp.nstr(e, 17)},{mp.nstr(j, 17)},{len(rows)}\n")
