/* The value where the weight of rows reaches a share, nearly: sums in plain doubles over cells, then the rows of the
 * cell that holds it, and so on. Cells of equal width divide most data best; every second time cells of equal steps of
 * the ordered bits, of which eight times are enough for any data. */
#include "num/bottom_priv.h"
#include "num/buckets_priv.h"

enum { CELLS = 256, CELL_BITS = 8, SHORT = 24, ROUNDS = 16 };

typedef struct cells {
  double least, scale;
  uint64_t least_key;
  uint32_t shift;
} cells;

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

INLINE uint32_t cell_of(const cells *c, double x, bool by_key)
{
  if (by_key)
    return (uint32_t)((fm__key_of(x + 0.0) - c->least_key) >> c->shift);
  double cell = (x - c->least) * c->scale;
  return cell < CELLS - 1 ? (uint32_t)(int32_t)cell : CELLS - 1;
}

static cells cells_of(double least, double most)
{
  cells c = {.least = least, .scale = CELLS / (most - least), .least_key = fm__key_of(least + 0.0)};
  uint64_t length = fm__key_of(most + 0.0) - c.least_key;
  while (length >> c.shift >= CELLS)
    c.shift++;
  return c;
}

static void extent(double *least, double *most, const double *x, size_t n)
{
  double low[4] = {x[0], x[0], x[0], x[0]}, high[4] = {x[0], x[0], x[0], x[0]};
  size_t i = 0;
  for (; i + 4 <= n; i += 4)
    for (size_t j = 0; j < 4; j++) {
      low[j] = x[i + j] < low[j] ? x[i + j] : low[j];
      high[j] = x[i + j] > high[j] ? x[i + j] : high[j];
    }
  for (; i < n; i++) {
    low[0] = x[i] < low[0] ? x[i] : low[0];
    high[0] = x[i] > high[0] ? x[i] : high[0];
  }
  for (size_t j = 1; j < 4; j++) {
    low[0] = low[j] < low[0] ? low[j] : low[0];
    high[0] = high[j] > high[0] ? high[j] : high[0];
  }
  *least = low[0];
  *most = high[0];
}

/* Keeps the rows of the cell where the weight reaches `wanted`, and takes what lies before it from there. */
INLINE size_t keep_cell(double *to_x, double *to_w, const double *x, const double *w, size_t n, const cells *c,
                        double *wanted, bool by_key)
{
  double weight[2][CELLS] = {{0}};
  uint32_t at = 0;
  size_t kept = 0;
  for (size_t i = 0; i < n; i++)
    weight[i & 1][cell_of(c, x[i], by_key)] += w[i];
  for (; at < CELLS - 1 && weight[0][at] + weight[1][at] < *wanted; at++)
    *wanted -= weight[0][at] + weight[1][at];
  for (size_t i = 0; i < n; i++) {
    double v = x[i], u = w[i];
    to_x[kept] = v;
    to_w[kept] = u;
    kept += cell_of(c, v, by_key) == at;
  }
  return kept;
}

static double walk(double *x, double *w, size_t n, double wanted)
{
  for (size_t i = 1, at; i < n; i++) {
    double v = x[i], u = w[i];
    for (at = i; at > 0 && x[at - 1] > v; at--) {
      x[at] = x[at - 1];
      w[at] = w[at - 1];
    }
    x[at] = v;
    w[at] = u;
  }
  for (size_t i = 0; i + 1 < n; i++) {
    wanted -= w[i];
    if (wanted <= 0)
      return x[i];
  }
  return x[n - 1];
}

bool fm__bottom_guess(double *cut, double *room_x, double *room_w, const double *x, const double *w, size_t n,
                      double wanted)
{
  for (int32_t round = 0; n > SHORT && round < ROUNDS; round++) {
    double least, most;
    extent(&least, &most, x, n);
    if (!(least < most)) {
      *cut = least;
      return true;
    }
    const cells c = cells_of(least, most);
    n = (round & 1) != 0 || !(c.scale > 0 && c.scale <= DBL_MAX)
            ? keep_cell(room_x, room_w, x, w, n, &c, &wanted, true)
            : keep_cell(room_x, room_w, x, w, n, &c, &wanted, false);
    x = room_x;
    w = room_w;
  }
  if (n == 0 || n > SHORT)
    return false;
  for (size_t i = 0; x != room_x && i < n; i++) {
    room_x[i] = x[i];
    room_w[i] = w[i];
  }
  *cut = walk(room_x, room_w, n, wanted);
  return true;
}
