"""Parity once more on random people: by closed forms, whole numbers and least squares of numpy alone."""
import math

import numpy as np
import pandas as pd
import pytest

import flexmetrics as fm

Z = 1.959963984540054


def wilson(x, n):
    d, p = 1 + Z * Z / n, x / n
    half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return (p + Z * Z / (2 * n) - half) / d, (p + Z * Z / (2 * n) + half) / d


def score(d, x1, n1, x0, n0):
    """Miettinen and Nurminen's score, the likeliest p0 by their closed form of the cubic."""
    n = n1 + n0
    a, b = n, (n1 + 2 * n0) * d - n - (x1 + x0)
    c, e = (n0 * d - n - 2 * x0) * d + x1 + x0, x0 * d * (1 - d)
    q = b ** 3 / (3 * a) ** 3 - b * c / (6 * a * a) + e / (2 * a)
    p = math.copysign(math.sqrt(max(0, b * b / (3 * a) ** 2 - c / (3 * a))), q)
    angle = (math.pi + math.acos(max(-1, min(1, q / p ** 3 if p else 0)))) / 3
    p0 = min(max(2 * p * math.cos(angle) - b / (3 * a), 0, -d), 1, 1 - d)
    p1 = p0 + d
    variance = (p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0) * n / (n - 1)
    return (x1 / n1 - x0 / n0 - d) / math.sqrt(variance)


def fisher(x1, n1, x0, n0):
    """Two-sided, in whole numbers: tables no likelier than this one."""
    yes = x1 + x0
    ways = [math.comb(n1, k) * math.comb(n0, yes - k) for k in range(max(0, yes - n0), min(n1, yes) + 1)]
    seen = math.comb(n1, x1) * math.comb(n0, x0)
    return sum(w for w in ways if w <= seen) / sum(ways)


def figure(table, quantity, method=None, column="value", **keys):
    rows = table[table["quantity"] == quantity]
    for key, value in {"method": method, **keys}.items():
        rows = rows[rows[key].isna() if value is None else rows[key] == value]
    assert len(rows) == 1, (quantity, method, keys)
    return rows[column].iloc[0]


@pytest.mark.parametrize("seed", range(12))
def test_rates(seed):
    draw = np.random.default_rng(seed)
    n = int(draw.integers(30, 200))
    people = pd.DataFrame({"outcome": draw.random(n) < 0.4, "group": draw.choice(list("abc"), n),
                           "place": draw.choice(list("xyz"), n)})
    t = fm.parity_rates(people, group="group", reference="a", strata="place").to_pandas()
    exact = {}
    for name in "bc":
        one, ref = people[people.group == name], people[people.group == "a"]
        x1, n1, x0, n0 = int(one.outcome.sum()), len(one), int(ref.outcome.sum()), len(ref)
        p1, p0 = x1 / n1, x0 / n0
        (l1, u1), (l0, u0) = wilson(x1, n1), wilson(x0, n0)
        low, high = figure(t, "difference", "newcombe", "ci_low", group=name, stratum=None), figure(
            t, "difference", "newcombe", "ci_high", group=name, stratum=None)
        assert (low, high) == (pytest.approx(p1 - p0 - math.hypot(p1 - l1, u0 - p0), abs=1e-13),
                               pytest.approx(p1 - p0 + math.hypot(u1 - p1, p0 - l0), abs=1e-13))
        for column, z in (("ci_low", Z), ("ci_high", -Z)):
            limit = figure(t, "difference", "score", column, group=name, stratum=None)
            assert score(limit, x1, n1, x0, n0) == pytest.approx(z, abs=1e-7)
        exact[name] = fisher(x1, n1, x0, n0)
        assert figure(t, "p_value", "fisher", group=name, stratum=None) == pytest.approx(exact[name], rel=1e-10)
        top = weight = ratio = below = rate = composition = 0
        for place in "xyz":
            a, b = one[one.place == place].outcome, ref[ref.place == place].outcome
            both = len(a) + len(b)
            top += (a.sum() * len(b) - b.sum() * len(a)) / both
            weight += len(a) * len(b) / both
            ratio, below = ratio + a.sum() * len(b) / both, below + b.sum() * len(a) / both
            rate += (len(a) / n1 + len(b) / n0) / 2 * (a.mean() - b.mean())
            composition += (a.mean() + b.mean()) / 2 * (len(a) / n1 - len(b) / n0)
        mantel = dict(method="mantel_haenszel", group=name, stratum=None)
        assert figure(t, "adjusted_difference", **mantel) == pytest.approx(top / weight, abs=1e-13)
        assert figure(t, "adjusted_ratio", **mantel) == pytest.approx(ratio / below, rel=1e-13)
        parts = dict(method="kitagawa", group=name, stratum=None)
        assert figure(t, "rate_component", **parts) == pytest.approx(rate, abs=1e-13)
        assert figure(t, "composition_component", **parts) == pytest.approx(composition, abs=1e-13)
    least, most = sorted(exact.values())
    for name, p in exact.items():
        adjusted = min(1, 2 * least) if p == least else max(min(1, 2 * least), most)
        assert figure(t, "p_adjusted", "holm", group=name, stratum=None) == pytest.approx(adjusted, rel=1e-10)


def ols(x, y):
    b, *_ = np.linalg.lstsq(x, y, rcond=None)
    rest = y - x @ b
    return b, rest @ rest / (len(y) - x.shape[1]) * np.linalg.inv(x.T @ x)


@pytest.mark.parametrize("seed", range(6))
def test_decomposition_by_each_reference(seed):
    draw = np.random.default_rng(seed)
    n = int(draw.integers(40, 200))
    people = pd.DataFrame({"g": draw.choice(list("AB"), n), "age": draw.normal(40, 9, n), "part": draw.random(n),
                           "education": draw.choice(["basic", "high", "mid"], n)})
    people["value"] = (100 + people.age + 5 * people.part * (people.g == "A") + 3 * (people.education == "high") +
                       draw.normal(0, 4, n))
    t = fm.parity_decomposition(people, group="g", reference="B",
                                covariates=["age", "part", "education:basic"]).to_pandas()
    x = np.column_stack([np.ones(n), people.age, people.part, people.education == "high",
                         people.education == "mid"]).astype(float)
    a, y = (people.g == "A").to_numpy(), people.value.to_numpy()
    (b1, v1), (b0, v0) = ols(x[a], y[a]), ols(x[~a], y[~a])
    m1, m0, n1, n0 = x[a].mean(0), x[~a].mean(0), a.sum(), (~a).sum()
    choices = {"group": b1, "reference": b0, "pooled": ols(np.column_stack([x, a]), y)[0][:-1], "neumark": ols(x, y)[0],
               "cotton": (n1 * b1 + n0 * b0) / n, "reimers": (b1 + b0) / 2}
    covariance = np.cov(x[a].T) / n1 + np.cov(x[~a].T) / n0
    for name, b in choices.items():
        rows = t[(t.coefficients == name) & t.covariate.isna()].set_index("quantity")
        assert rows.value["explained"] == pytest.approx((m1 - m0) @ b, abs=1e-8)
        assert rows.value["unexplained"] == pytest.approx(m1 @ (b1 - b) + m0 @ (b - b0), abs=1e-8)
        if name in ("group", "reference"):
            v = v1 if name == "group" else v0
            error = math.sqrt((m1 - m0) @ v @ (m1 - m0) + b @ covariance @ b)
            assert rows.std_error["explained"] == pytest.approx(error, rel=1e-7)
    rows = t[(t.coefficients == "threefold") & t.covariate.isna()].set_index("quantity").value
    assert rows["endowments"] == pytest.approx((m1 - m0) @ b0, abs=1e-8)
    assert rows["coefficient_part"] == pytest.approx(m0 @ (b1 - b0), abs=1e-8)
    assert rows["interaction"] == pytest.approx((m1 - m0) @ (b1 - b0), abs=1e-8)
