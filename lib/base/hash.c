/* SipHash-2-4, 128-bit output (Aumasson and Bernstein, 2012), with a fixed key: numbers ids the same everywhere. */
#include "base/base_priv.h"

static uint64_t rotate(uint64_t x, int bits)
{
  return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
  v[0] += v[1];
  v[1] = rotate(v[1], 13) ^ v[0];
  v[0] = rotate(v[0], 32);
  v[2] += v[3];
  v[3] = rotate(v[3], 16) ^ v[2];
  v[0] += v[3];
  v[3] = rotate(v[3], 21) ^ v[0];
  v[2] += v[1];
  v[1] = rotate(v[1], 17) ^ v[2];
  v[2] = rotate(v[2], 32);
}

static uint64_t load_little(const uint8_t *p, size_t n)
{
  uint64_t v = 0;
  for (size_t i = 0; i < n; i++)
    v |= (uint64_t)p[i] << (8 * i);
  return v;
}

static uint64_t finish(uint64_t v[4])
{
  for (int i = 0; i < 4; i++)
    sip_round(v);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

fm__hash128 fm__hash(const void *data, size_t size)
{
  static const uint64_t key0 = 0x0706050403020100U, key1 = 0x0f0e0d0c0b0a0908U; /* the key of the published vectors */
  uint64_t v[4] = {key0 ^ 0x736f6d6570736575U, key1 ^ 0x646f72616e646f6dU, key0 ^ 0x6c7967656e657261U,
                   key1 ^ 0x7465646279746573U};
  const uint8_t *p = data;
  size_t left = size;
  v[1] ^= 0xee;
  for (; left >= 8; left -= 8, p += 8) {
    uint64_t word = load_little(p, 8);
    v[3] ^= word;
    sip_round(v);
    sip_round(v);
    v[0] ^= word;
  }
  uint64_t last = (uint64_t)size << 56 | load_little(p, left);
  v[3] ^= last;
  sip_round(v);
  sip_round(v);
  v[0] ^= last;
  v[2] ^= 0xee;
  fm__hash128 out;
  out.low = finish(v);
  v[1] ^= 0xdd;
  out.high = finish(v);
  return out;
}
