#!/usr/bin/env python3
"""Writes elementary_table.h (tables of logarithms and powers of two, polynomials for erf and erfc) and gamma_table.h
(Stirling and zeta coefficients) into a folder. All values come from mpmath at 60 digits.

Usage: make_elementary_table.py lib/num && clang-format -i lib/num/*_table.h
"""
import sys

from mpmath import mp, mpf, log, exp, erfc, erf, sqrt, pi, taylor, chebyfit, bernoulli, zeta, floor, nint, ln, euler

mp.dps = 60
out = []


def write(name):
    guard = "FM_NUM_" + name.upper() + "_H"
    head = ["/* Made by tests/oracle/num/make_elementary_table.py with mpmath. */", f"#ifndef {guard}", f"#define {guard}", ""]
    with open(f"{sys.argv[1]}/{name}.h", "w") as f:
        f.write("\n".join(head + out + ["#endif", ""]))
    out.clear()


def hexa(x):
    return float(x).hex().replace("0x1.0000000000000p", "0x1p")


def split(x, bits=None):
    """hi + lo; hi is a multiple of 2^-bits when bits is given."""
    hi = mpf(float(x)) if bits is None else nint(x * mpf(2) ** bits) / mpf(2) ** bits
    return hexa(hi), hexa(x - hi)


def array(name, comment, values, per_line=4):
    out.append(f"/* {comment} */")
    out.append(f"static const double {name}[{len(values)}] = {{")
    for i in range(0, len(values), per_line):
        out.append("    " + ", ".join(values[i:i + per_line]) + ",")
    out.append("};")
    out.append("")


h, l = split(ln(2), 42)
out.append(f"#define LN2_HIGH {h} /* a multiple of 2^-42 */")
out.append(f"#define LN2_LOW {l}")
h, l = split(ln(2) / 64, 42)
out.append(f"#define STEP_HIGH {h} /* log(2) / 64, a multiple of 2^-42 */")
out.append(f"#define STEP_LOW {l}")
out.append("")

out.append("/* For z = 1 + (i ... i+1)/128, from i = 53 on its half: c about 1/z in 9 bits, and -log(c) in two parts. */")
out.append("static const double log_table[128][3] = {")
for i in range(128):
    mid = 1 + (mpf(i) + mpf(1) / 2) / 128
    if i >= 53:
        mid /= 2
    c = mpf(1) if i in (0, 127) else nint(512 / mid) / 512
    lo_end, hi_end = (1 + mpf(i) / 128), (1 + mpf(i + 1) / 128)
    if i >= 53:
        lo_end, hi_end = lo_end / 2, hi_end / 2
    assert max(abs(lo_end * c - 1), abs(hi_end * c - 1)) <= mpf(1) / 128, i
    h, l = split(-log(c), 42)
    out.append(f"    {{{hexa(c)}, {h}, {l}}},")
out += ["};", ""]
out.append("/* 2^(i/64) in two parts. */")
out.append("static const double exp_table[64][2] = {")
for i in range(64):
    h, l = split(mpf(2) ** (mpf(i) / 64))
    out.append(f"    {{{h}, {l}}},")
out += ["};", ""]


def fit(f, lo, hi, rel, start):
    """Least degree whose Chebyshev fit has relative error below rel; lowest power first."""
    for n in range(start, 40):
        poly, err = chebyfit(f, [lo, hi], n, error=True)
        if err / min(abs(f(lo)), abs(f(hi))) < rel:
            return [hexa(c) for c in reversed(poly)]
    raise SystemExit("no fit")


def erf_ratio(u):
    return mpf(2) / sqrt(pi) if u == 0 else erf(sqrt(u)) / sqrt(u)


coefficients = []
x = mpf(0)
term = 2 / sqrt(pi)
k = 0
while True:  # Maclaurin series of erf(x)/x in x^2, |x| <= 1/2 (DLMF 7.6.1)
    c = term / (2 * k + 1)
    coefficients.append(hexa(c))
    if abs(c) * mpf(2) ** (-2 * k) < mpf(2) ** -62:
        break
    k += 1
    term = -term / k
array("erf_series", "erf(x) / x in powers of x^2, |x| <= 1/2: DLMF 7.6.1", coefficients)

ends = [mpf(1) / 2, mpf(3) / 4, mpf(9) / 8, mpf(13) / 8, mpf(9) / 4, mpf(13) / 4, mpf(5)]
fits = []
for a, b in zip(ends, ends[1:]):
    m = (a + b) / 2
    fits.append(fit(lambda t: exp((t + m) ** 2) * erfc(t + m), a - m, b - m, mpf(2) ** -58, 10))
width = max(len(f) for f in fits)
out.append("/* exp(x^2) erfc(x) on [from, to] in powers of x - middle: Chebyshev fits, relative error below 2^-58. */")
out.append(f"static const struct {{\n  double to, middle;\n  double c[{width}];\n}} erfc_pieces[{len(fits)}] = {{")
for a, b, f in zip(ends, ends[1:], fits):
    out.append(f"    {{{float(b)}, {float((a + b) / 2)}, {{{', '.join(f)}}}}},")
out += ["};", ""]
lo, hi = 1 / mpf("27.5") ** 2, 1 / mpf(25)


def tail(u):
    x = 1 / sqrt(u)
    return exp(x * x) * erfc(x) * x


m = mpf(1) / 50
array("erfc_tail", "x exp(x^2) erfc(x) for x from 5 to 27.5, in powers of 1/x^2 - 0.02: relative error below 2^-58",
      fit(lambda t: tail(t + float(0.02)), lo - float(0.02), hi - float(0.02), mpf(2) ** -58, 6))
write("elementary_table")
array("stirling", "B(2n) / (2n (2n-1)): DLMF 5.11.1", [hexa(bernoulli(2 * n) / (2 * n * (2 * n - 1))) for n in range(1, 11)])
zetas = [hexa(1 - euler)]
for k in range(2, 31):
    zetas.append(hexa((-1) ** k * (zeta(k) - 1) / k))
array("gamma_near_2", "log Gamma(2 + z) = z (c0 + c1 z + ...): DLMF 5.7.3", zetas)
out.append(f"#define HALF_LOG_2PI {hexa(log(2 * pi) / 2)}")
h, l = split(log(2 * pi) / 2)
out.append(f"#define HALF_LOG_2PI_LOW {l}")
out.append("")
write("gamma_table")
