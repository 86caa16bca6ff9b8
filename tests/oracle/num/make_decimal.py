#!/usr/bin/env python3
"""Writes decimal.csv (text to double) and print.csv (double to text) beside itself.

The values are Python's float(), repr() (both correctly rounded, repr shortest) and fractions.Fraction; the seed is fixed.
"""
import os
import random
import struct
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
random.seed(20240917)


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def double(b):
    return struct.unpack("<d", struct.pack("<Q", b))[0]


def exact_text(f):
    """Exact decimal expansion of a fraction whose denominator is a power of two."""
    k = f.denominator.bit_length() - 1
    n = f.numerator * 5 ** k
    s = str(n).rjust(k + 1, "0")
    return s[:-k] + "." + s[-k:] if k else s


def any_double():
    while True:
        x = double(random.getrandbits(63))
        if x == x and x != float("inf"):
            return x


texts = ["0", "-0", "+0", "0.0", "0e5", "0e999999999999999", "1", "-1", "1.", ".5", "+.5e1", "1e22", "1e23", "9007199254740993",
         "9007199254740992", "9007199254740991e-22", "9007199254740993e-22", "123456789012345678", "1234567890123456789",
         "12345678901234567890", "18446744073709551615", "18446744073709551616", "9999999999999999999", "99999999999999999999",
         "1e308", "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "1e309", "1e400",
         "1e-323", "5e-324", "2.5e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "2e-324", "1e-400",
         "2.2250738585072014e-308", "2.2250738585072011e-308", "2.2250738585072012e-308", "1e99999999999999999999",
         "1e-99999999999999999999", "0." + "0" * 400 + "1e401", "1" + "0" * 400 + "e-400", "0." + "0" * 400 + "1",
         "1" + "0" * 310, "1448997445238699", "8.5e64", "1e64", "1e65", "1e-64", "1e-65", "1e84", "9" * 1000 + "e-1000",
         "0.1", "0.2", "0.3", "184250.5", "000000000000000000000000000000000001.5", "6929495644600919.5", "3.0517578125e-05"]
for _ in range(400):
    texts.append(repr(any_double()))
for _ in range(300):
    texts.append(repr(random.uniform(0, 1) * 10 ** random.randint(-5, 9)))
for n in (16, 17, 18, 19, 20, 25, 40):
    for _ in range(60):
        d = "".join(random.choice("0123456789") for _ in range(n))
        at = random.randint(0, n)
        texts.append(d[:at] + "." + d[at:] + ("e%d" % random.randint(-90, 90) if random.random() < 0.5 else ""))
for _ in range(150):  # powers of ten at the edges of the ways
    texts.append("%d%s" % (random.randint(1, 2 ** 54), "e%d" % random.randint(-24, 24)))
halves = []
for _ in range(40):  # halfway between neighbours, and a hair to either side
    halves.append(Fraction(random.getrandbits(53) * 2 + 1) * Fraction(2) ** random.randint(-60, 20))
for _ in range(6):
    halves.append(Fraction(random.getrandbits(52) * 2 + 1) * Fraction(2) ** -1075)
    halves.append((2 ** 52 + random.getrandbits(52) + Fraction(1, 2)) * Fraction(2) ** random.randint(-1074, -900))
    halves.append((2 ** 52 + random.getrandbits(52) + Fraction(1, 2)) * Fraction(2) ** random.randint(60, 971))
halves.append(Fraction(2 ** 54 - 1) * Fraction(2) ** 970)
halves.append(Fraction(2 ** 53 - 1) * Fraction(2) ** -1075)
for h in halves:
    t = exact_text(h)
    whole = t if "." in t else t + ".0"
    texts += [t, whole + "1", whole + "0" * 30 + "1", whole + "0" * 900 + "1", whole + "0" * 900]
    n = int(t.replace(".", ""))
    places = len(t) - t.index(".") - 1 if "." in t else 0
    texts.append("%de-%d" % (n - 1, places))
    texts.append("%d99999e-%d" % (n - 1, places + 5))
texts += ["-" + t for t in texts[60:100]]

with open(os.path.join(HERE, "decimal.csv"), "w") as f:
    f.write("text,bits\n")
    for t in texts:
        f.write("%s,%016x\n" % (t, bits(float(t))))


def shortest(x):
    s = repr(x)
    return s[:-2] if s.endswith(".0") else s


def fixed(x, places):
    """Half away from zero of the exact value."""
    if abs(x) >= 1e15:
        return shortest(x)
    n = Fraction(abs(x)) * 10 ** places
    whole = int(n)
    if n - whole >= Fraction(1, 2):
        whole += 1
    s = str(whole).rjust(places + 1, "0")
    s = s[:-places] + "." + s[-places:] if places else s
    return "-" + s if x < 0 and whole != 0 else s


xs = [0.0, -0.0, 0.1, 0.5, 1.5, 2.5, 0.125, -0.125, 0.375, 1.0, -1.0, 184250.5, 1e15, 1e15 + 1, 999999999999999.9, 1e16, 1e17, 1e22, 1e23,
      1e300, 1e-4, 1e-5, 0.00012345, 9.5e-5, 1.7976931348623157e308, 5e-324, 1e-323, 2.2250738585072014e-308,
      2.225073858507201e-308, 9007199254740991.0, 9007199254740992.0, 9007199254740993.0, 123456789012345680.0, 0.3, 2 / 3,
      1.005, 2.675, 999999.9999999999, 0.9999999999999999, 9.999999999999999e22, 0.05, 0.005, 4.9999999999999994e-10, 5e-10,
      5.000000000000001e-10, 2.0 ** -44, 9.5367431640625e-07, 1e14 + 0.5, 4503599627370495.5, 562949953421311.94, 0.999999999]
xs += [2.0 ** k for k in range(-1074, 1024)]
for _ in range(1500):
    xs.append(any_double())
for _ in range(300):
    xs.append(double(random.getrandbits(random.randint(1, 52))))  # subnormal
for _ in range(800):
    xs.append(round(random.uniform(-1, 1) * 10 ** random.randint(0, 12), random.randint(0, 9)))
for _ in range(800):
    xs.append(random.uniform(-1, 1) * 10 ** random.randint(-6, 18))
for _ in range(300):  # ties in fixed form
    xs.append(random.randint(-2 ** 30, 2 ** 30) / 2.0 ** random.randint(1, 20))
for _ in range(300):  # few bits: exact expansions that end
    xs.append(random.randint(1, 2 ** 20) * 2.0 ** random.randint(-80, 80))
with open(os.path.join(HERE, "print.csv"), "w") as f:
    f.write("bits,shortest,places,fixed\n")
    for x in xs:
        places = random.randint(0, 9)
        f.write("%016x,%s,%d,%s\n" % (bits(x), shortest(x), places, fixed(x, places)))
