#!/usr/bin/env python3
"""Writes lib/num/decimal_table.h: the powers of five from 5^-64 to 5^64 as 128 bits, truncated, top bit set.

Usage: make_decimal_table.py > lib/num/decimal_table.h
"""
LIMIT = 64
out = ["/* Made by tests/oracle/num/make_decimal_table.py. 5^k for k = -64 ... 64: high and low word, truncated, top bit set.",
       " * Exact for 0 <= k <= 55. */",
       "#ifndef FM_NUM_DECIMAL_TABLE_H", "#define FM_NUM_DECIMAL_TABLE_H", "", "#include <stdint.h>", "",
       f"#define FM__POW5_LIMIT {LIMIT}", "",
       f"static const uint64_t fm__pow5[{2 * LIMIT + 1}][2] = {{"]
for k in range(-LIMIT, LIMIT + 1):
    if k >= 0:
        p = 5 ** k
        n = p.bit_length()
        t = p << (128 - n) if n <= 128 else p >> (n - 128)
        e = n - 1
    else:
        p = 5 ** -k
        n = p.bit_length()
        t = (1 << (127 + n)) // p
        e = -n
    assert t >> 127 == 1
    # the C code's formula for floor(log2(5^k))
    assert ((k * 152170 + (400 << 16)) >> 16) - 400 == e, k
    out.append(f"    {{0x{t >> 64:016x}, 0x{t & (2**64 - 1):016x}}},")
out += ["};", "", "#endif"]
print("\n".join(out))
