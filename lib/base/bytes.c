/* Little-endian bytes, written and read without regard to the machine's own order. */
#include "base/base_priv.h"

#include <string.h>

void fm__bytes_raw(fm__bytes *b, const void *data, size_t size)
{
  size_t need;
  if (b->failed || size == 0)
    return;
  if (!fm__add(b->size, size, &need) || !fm__grow((void **)&b->data, &b->capacity, need, 1)) {
    b->failed = true;
    return;
  }
  memcpy(b->data + b->size, data, size);
  b->size = need;
}

static void put(fm__bytes *b, uint64_t v, size_t n)
{
  uint8_t little[8];
  for (size_t i = 0; i < n; i++)
    little[i] = (uint8_t)(v >> (8 * i));
  fm__bytes_raw(b, little, n);
}

void fm__bytes_u8(fm__bytes *b, uint8_t v)
{
  fm__bytes_raw(b, &v, 1);
}

void fm__bytes_u32(fm__bytes *b, uint32_t v)
{
  put(b, v, 4);
}

void fm__bytes_u64(fm__bytes *b, uint64_t v)
{
  put(b, v, 8);
}

void fm__bytes_i64(fm__bytes *b, int64_t v)
{
  put(b, (uint64_t)v, 8);
}

void fm__bytes_f64(fm__bytes *b, double v)
{
  uint64_t bits;
  memcpy(&bits, &v, sizeof bits);
  put(b, bits, 8);
}

void fm__bytes_text(fm__bytes *b, const char *text, size_t length)
{
  if (length > UINT32_MAX) {
    b->failed = true;
    return;
  }
  fm__bytes_u32(b, (uint32_t)length);
  fm__bytes_raw(b, text, length);
}

void fm__bytes_free(fm__bytes *b)
{
  fm__free(b->data);
  *b = (fm__bytes){0};
}

const uint8_t *fm__read_raw(fm__reader *r, size_t size)
{
  if (r->failed || size > r->size - r->at) {
    r->failed = true;
    return NULL;
  }
  const uint8_t *data = r->data + r->at;
  r->at += size;
  return data;
}

static uint64_t get(fm__reader *r, size_t n)
{
  const uint8_t *data = fm__read_raw(r, n);
  uint64_t v = 0;
  for (size_t i = 0; data != NULL && i < n; i++)
    v |= (uint64_t)data[i] << (8 * i);
  return v;
}

uint8_t fm__read_u8(fm__reader *r)
{
  return (uint8_t)get(r, 1);
}

uint32_t fm__read_u32(fm__reader *r)
{
  return (uint32_t)get(r, 4);
}

uint64_t fm__read_u64(fm__reader *r)
{
  return get(r, 8);
}

int64_t fm__read_i64(fm__reader *r)
{
  return (int64_t)get(r, 8);
}

double fm__read_f64(fm__reader *r)
{
  uint64_t bits = get(r, 8);
  double v;
  memcpy(&v, &bits, sizeof v);
  return v;
}

const char *fm__read_text(fm__reader *r, size_t *length)
{
  size_t n = fm__read_u32(r);
  const uint8_t *data = fm__read_raw(r, n);
  *length = data != NULL ? n : 0;
  return (const char *)data;
}
