/* The sort of one bucket: one scatter into about as many cells as there are rows, equal steps of the key, then
 * insertion, which finds nearly everything in place. What crowds into one cell is sorted by itself first. */
#include "num/buckets_priv.h"

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

enum {
  SHORT = 24,   /* rows that insertion sorts fastest */
  CROWDED = 32, /* rows of a cell too many for insertion */
  CELL_BITS = 15
};

static uint32_t bit_length(uint64_t v)
{
  uint32_t n = 0;
  for (uint32_t step = 32; step > 0; step >>= 1)
    if (v >> step != 0) {
      v >>= step;
      n += step;
    }
  return n + (v != 0);
}

/* What is sorted, and by what; constant at every call, so that each copy becomes a few moves. */
typedef enum kind { PAIRS, UNITS_BY_X, UNITS_IN_TIE } kind;

INLINE size_t size_of(kind k)
{
  return k == PAIRS ? sizeof(fm__pair) : sizeof(fm__xwu);
}

/* In a tie: the unit, then the upper half of what orders w. */
INLINE uint64_t key_at(const unsigned char *p, kind k)
{
  uint64_t key;
  double v;
  uint32_t unit;
  if (k == PAIRS) {
    memcpy(&key, p, sizeof key);
    return key;
  }
  if (k == UNITS_BY_X) {
    memcpy(&v, p, sizeof v);
    return fm__key_of(v);
  }
  memcpy(&v, p + offsetof(fm__xwu, w), sizeof v);
  memcpy(&unit, p + offsetof(fm__xwu, unit), sizeof unit);
  return (uint64_t)unit << 32 | fm__key_of(v) >> 32;
}

INLINE void insertion(unsigned char *data, size_t n, kind k)
{
  const size_t size = size_of(k);
  uint64_t before = n > 0 ? key_at(data, k) : 0;
  for (size_t i = 1; i < n; i++) {
    uint64_t key = key_at(data + i * size, k);
    if (key >= before) {
      before = key;
      continue;
    }
    unsigned char moved[sizeof(fm__xwu)];
    memcpy(moved, data + i * size, size);
    size_t at = i;
    for (; at > 0 && key_at(data + (at - 1) * size, k) > key; at--)
      memcpy(data + at * size, data + (at - 1) * size, size);
    memcpy(data + at * size, moved, size);
  }
}

INLINE void extent(uint64_t *least, uint64_t *most, const unsigned char *data, size_t n, kind k)
{
  uint64_t low = key_at(data, k), high = low;
  for (size_t i = 1; i < n; i++) {
    uint64_t key = key_at(data + i * size_of(k), k);
    low = key < low ? key : low;
    high = key > high ? key : high;
  }
  *least = low;
  *most = high;
}

static void sort_pairs(unsigned char *to, unsigned char *data, size_t n, uint16_t *cells);
static void sort_units(unsigned char *to, unsigned char *data, size_t n, uint16_t *cells);
static void sort_tie(unsigned char *to, unsigned char *data, size_t n, uint16_t *cells);

INLINE void sort_into(unsigned char *to, unsigned char *data, size_t n, uint16_t *cells, kind k)
{
  if (k == PAIRS)
    sort_pairs(to, data, n, cells);
  else if (k == UNITS_BY_X)
    sort_units(to, data, n, cells);
  else
    sort_tie(to, data, n, cells);
}

/* Sorts each run of rows of one cell that is too long for insertion; `spare` has the room of `data`. */
INLINE void sort_crowded(unsigned char *data, unsigned char *spare, size_t n, uint16_t *cells, uint64_t least,
                         uint32_t shift, kind k)
{
  const size_t size = size_of(k);
  for (size_t i = 0, end; i < n; i = end) {
    uint64_t key = key_at(data + i * size, k), cell = (key - least) >> shift, different = 0;
    for (end = i + 1; end < n; end++) {
      uint64_t other = key_at(data + end * size, k);
      if ((other - least) >> shift != cell)
        break;
      different |= other ^ key;
    }
    if (end - i < CROWDED || different == 0)
      continue;
    memcpy(spare + i * size, data + i * size, (end - i) * size);
    sort_into(data + i * size, spare + i * size, end - i, cells, k);
  }
}

/* The places where the cells begin from the counts in them; true if one has CROWDED rows or more. Four cells at a time
 * where a word holds them in rising order. */
static bool begin_cells(uint16_t *cells, size_t n_cells)
{
  uint64_t sum = 0, crowded = 0;
  size_t c = 0;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  const uint64_t each = UINT64_C(0x0001000100010001);
  for (; c + 4 <= n_cells; c += 4) {
    uint64_t count, place;
    memcpy(&count, cells + c, sizeof count);
    crowded |= count & each * (0x10000 - CROWDED);
    place = count * each; /* of each cell with all before it; below 2^16, so that nothing is carried */
    uint64_t begin = (place << 16) + sum * each;
    sum += place >> 48;
    memcpy(cells + c, &begin, sizeof begin);
  }
#endif
  for (; c < n_cells; c++) {
    uint64_t count = cells[c];
    cells[c] = (uint16_t)sum;
    sum += count;
    crowded |= count & (0x10000 - CROWDED);
  }
  return crowded != 0;
}

typedef enum found { SORTED_HERE, SORTED_THERE, NEARLY_THERE } found;

/* Sorts in place, or into `to`; NEARLY_THERE: but for rows of the same cell, less than CROWDED of them. */
INLINE found scatter(unsigned char *to, unsigned char *data, size_t n, uint16_t *cells, kind k)
{
  const size_t size = size_of(k);
  uint64_t least, most;
  if (n <= SHORT) {
    insertion(data, n, k);
    return SORTED_HERE;
  }
  extent(&least, &most, data, n, k);
  if (least == most)
    return SORTED_HERE;
  uint32_t bits = bit_length(n), length = bit_length(most - least);
  bits = bits < CELL_BITS ? bits : CELL_BITS;
  uint32_t shift = length > bits ? length - bits : 0;
  size_t n_cells = (size_t)((most - least) >> shift) + 1;
  memset(cells, 0, n_cells * sizeof *cells);
  for (size_t i = 0; i < n; i++)
    cells[(key_at(data + i * size, k) - least) >> shift]++;
  bool crowded = begin_cells(cells, n_cells);
  for (size_t i = 0; i < n; i++)
    memcpy(to + cells[(key_at(data + i * size, k) - least) >> shift]++ * size, data + i * size, size);
  if (shift > 0 && crowded)
    sort_crowded(to, data, n, cells, least, shift, k);
  return shift > 0 ? NEARLY_THERE : SORTED_THERE;
}

/* Rising parts by eight bits of the key, by exchange: no memory beside the rows. */
INLINE bool split(unsigned char *data, size_t n, size_t end[256], kind k)
{
  const size_t size = size_of(k);
  uint64_t least, most;
  size_t next[256], at = 0;
  extent(&least, &most, data, n, k);
  if (least == most)
    return false;
  uint32_t length = bit_length(most - least), shift = length > 8 ? length - 8 : 0;
  memset(end, 0, 256 * sizeof *end);
  for (size_t i = 0; i < n; i++)
    end[(key_at(data + i * size, k) - least) >> shift]++;
  for (size_t c = 0; c < 256; c++) {
    next[c] = at;
    at += end[c];
    end[c] = at;
  }
  for (size_t c = 0; c < 256; c++)
    while (next[c] < end[c]) {
      unsigned char row[sizeof(fm__xwu)], other[sizeof(fm__xwu)];
      memcpy(row, data + next[c] * size, size);
      for (size_t home; (home = (size_t)((key_at(row, k) - least) >> shift)) != c;) {
        unsigned char *place = data + next[home]++ * size;
        memcpy(other, place, size);
        memcpy(place, row, size);
        memcpy(row, other, size);
      }
      memcpy(data + next[c]++ * size, row, size);
    }
  return true;
}

/* Rows of one key in a tie differ at most in the lower half of w. */
static bool before_in_tie(const fm__xwu *a, const fm__xwu *b)
{
  return a->unit != b->unit ? a->unit < b->unit : a->w < b->w;
}

static void sift(fm__xwu *m, size_t at, size_t n)
{
  for (size_t child; (child = 2 * at + 1) < n; at = child) {
    if (child + 1 < n && before_in_tie(&m[child], &m[child + 1]))
      child++;
    if (!before_in_tie(&m[at], &m[child]))
      return;
    fm__xwu swap = m[at];
    m[at] = m[child];
    m[child] = swap;
  }
}

static void sort_by_heap(fm__xwu *m, size_t n)
{
  for (size_t i = n / 2; i-- > 0;)
    sift(m, i, n);
  for (size_t end = n; end > 1;) {
    fm__xwu swap = m[0];
    m[0] = m[--end];
    m[end] = swap;
    sift(m, 0, end);
  }
}

/* Makes the order within runs of one key complete, where it is not already. */
static void settle(fm__xwu *m, size_t n)
{
  for (size_t i = 0, end; i < n; i = end) {
    uint64_t key = key_at((const unsigned char *)&m[i], UNITS_IN_TIE);
    bool sorted = true;
    for (end = i + 1; end < n && key_at((const unsigned char *)&m[end], UNITS_IN_TIE) == key; end++)
      sorted = sorted && !before_in_tie(&m[end], &m[end - 1]);
    if (!sorted)
      sort_by_heap(m + i, end - i);
  }
}

INLINE void sort_any(unsigned char *to, unsigned char *data, size_t n, uint16_t *cells, kind k)
{
  const size_t size = size_of(k);
  size_t end[256];
  if (n <= FM__BUCKET_MOST) {
    found at = scatter(to, data, n, cells, k);
    if (at == SORTED_HERE)
      memcpy(to, data, n * size);
    else if (at == NEARLY_THERE)
      insertion(to, n, k);
  } else if (!split(data, n, end, k)) {
    memcpy(to, data, n * size);
  } else {
    for (size_t c = 0, from = 0; c < 256; from = end[c++])
      sort_into(to + from * size, data + from * size, end[c] - from, cells, k);
  }
}

static void sort_pairs(unsigned char *to, unsigned char *data, size_t n, uint16_t *cells)
{
  sort_any(to, data, n, cells, PAIRS);
}

static void sort_units(unsigned char *to, unsigned char *data, size_t n, uint16_t *cells)
{
  sort_any(to, data, n, cells, UNITS_BY_X);
}

static void sort_tie(unsigned char *to, unsigned char *data, size_t n, uint16_t *cells)
{
  sort_any(to, data, n, cells, UNITS_IN_TIE);
}

bool fm__bucket_split(fm__pair *data, size_t n, size_t end[256])
{
  return split((unsigned char *)data, n, end, PAIRS);
}

/* Moves the last of to[0 .. n) to its place; true if the row before has the same income. */
static bool insert_last(fm__xw *to, size_t n)
{
  fm__xw moved = to[n - 1];
  size_t at = n - 1;
  for (; at > 0 && to[at - 1].x > moved.x; at--)
    to[at] = to[at - 1];
  to[at] = moved;
  return at > 0 && to[at - 1].x == moved.x;
}

/* The larger of two neighbours is carried on without a branch, which puts nearly every row in its place; what is then
 * still too far back is inserted. Gives the number of neighbours found equal. */
static size_t put_in_order(fm__xw *to, const fm__pair *from, size_t n)
{
  uint64_t key = from[0].key, value, before = 0;
  size_t tie = 0;
  memcpy(&value, &from[0].value, sizeof value);
  for (size_t i = 0; i < n; i++) {
    uint64_t next = UINT64_MAX, next_value = 0;
    if (i + 1 < n) {
      next = from[i + 1].key;
      memcpy(&next_value, &from[i + 1].value, sizeof next_value);
    }
    uint64_t swap = 0 - (uint64_t)(next < key), keys = (key ^ next) & swap, values = (value ^ next_value) & swap;
    uint64_t least = key ^ keys, its_value = value ^ values;
    key = next ^ keys;
    value = next_value ^ values;
    to[i].x = fm__value_of(least);
    memcpy(&to[i].w, &its_value, sizeof its_value);
    tie += least == before;
    if (least < before)
      tie += insert_last(to, i + 1);
    else
      before = least;
  }
  return tie;
}

size_t fm__bucket_sort(fm__xw *to, fm__pair *data, fm__pair *scratch, size_t n, uint16_t *cells)
{
  if (n == 0)
    return 0;
  bool here = scatter((unsigned char *)scratch, (unsigned char *)data, n, cells, PAIRS) == SORTED_HERE;
  size_t ties = put_in_order(to, here ? data : scratch, n);
  if (ties == 0)
    return n;
  return fm__bucket_pool(to, n, ties);
}

void fm__bucket_sort_units(fm__xwu *to, fm__xwu *data, size_t n, uint16_t *cells)
{
  sort_units((unsigned char *)to, (unsigned char *)data, n, cells);
  for (size_t i = 0, end; i < n; i = end) {
    for (end = i + 1; end < n && to[end].x == to[i].x; end++)
      continue;
    if (end - i == 1)
      continue;
    memcpy(data + i, to + i, (end - i) * sizeof *to);
    sort_tie((unsigned char *)(to + i), (unsigned char *)(data + i), end - i, cells);
    settle(to + i, end - i);
  }
}

/* ---- rows that keep their unit ---- */

/* Pairs and their units, side by side. */
typedef struct rows {
  fm__pair *pair;
  uint32_t *unit;
} rows;

static rows rows_from(rows r, size_t i)
{
  return (rows){r.pair + i, r.unit + i};
}

static void copy_rows(rows to, rows from, size_t n)
{
  memcpy(to.pair, from.pair, n * sizeof *to.pair);
  memcpy(to.unit, from.unit, n * sizeof *to.unit);
}

static void scatter_rows(rows to, rows data, size_t n, uint16_t *cells);

/* As sort_crowded. */
static void scatter_crowded(rows data, rows spare, size_t n, uint16_t *cells, uint64_t least, uint32_t shift)
{
  for (size_t i = 0, end; i < n; i = end) {
    uint64_t key = data.pair[i].key, cell = (key - least) >> shift, different = 0;
    for (end = i + 1; end < n && (data.pair[end].key - least) >> shift == cell; end++)
      different |= data.pair[end].key ^ key;
    if (end - i < CROWDED || different == 0)
      continue;
    copy_rows(rows_from(spare, i), rows_from(data, i), end - i);
    scatter_rows(rows_from(data, i), rows_from(spare, i), end - i, cells);
  }
}

/* Sorts into `to` but for rows of the same cell, less than CROWDED of them or all of one key. */
static void scatter_rows(rows to, rows data, size_t n, uint16_t *cells)
{
  uint64_t least, most;
  extent(&least, &most, (const unsigned char *)data.pair, n, PAIRS);
  uint32_t bits = bit_length(n), length = bit_length(most - least);
  bits = bits < CELL_BITS ? bits : CELL_BITS;
  uint32_t shift = length > bits ? length - bits : 0;
  size_t n_cells = (size_t)((most - least) >> shift) + 1;
  memset(cells, 0, n_cells * sizeof *cells);
  for (size_t i = 0; i < n; i++)
    cells[(data.pair[i].key - least) >> shift]++;
  bool crowded = begin_cells(cells, n_cells);
  for (size_t i = 0; i < n; i++) {
    size_t at = cells[(data.pair[i].key - least) >> shift]++;
    to.pair[at] = data.pair[i];
    to.unit[at] = data.unit[i];
  }
  if (shift > 0 && crowded)
    scatter_crowded(to, data, n, cells, least, shift);
}

/* As insert_last. */
static bool insert_last_row(fm__xw *to, uint32_t *unit, size_t n)
{
  fm__xw moved = to[n - 1];
  uint32_t its_unit = unit[n - 1];
  size_t at = n - 1;
  for (; at > 0 && to[at - 1].x > moved.x; at--) {
    to[at] = to[at - 1];
    unit[at] = unit[at - 1];
  }
  to[at] = moved;
  unit[at] = its_unit;
  return at > 0 && to[at - 1].x == moved.x;
}

/* As put_in_order. */
static size_t put_rows_in_order(fm__xw *to, uint32_t *unit, rows from, size_t n)
{
  uint64_t key = from.pair[0].key, value, before = 0;
  uint32_t own = from.unit[0];
  size_t tie = 0;
  memcpy(&value, &from.pair[0].value, sizeof value);
  for (size_t i = 0; i < n; i++) {
    uint64_t next = UINT64_MAX, next_value = 0;
    uint32_t next_unit = 0;
    if (i + 1 < n) {
      next = from.pair[i + 1].key;
      memcpy(&next_value, &from.pair[i + 1].value, sizeof next_value);
      next_unit = from.unit[i + 1];
    }
    uint64_t swap = 0 - (uint64_t)(next < key), keys = (key ^ next) & swap, values = (value ^ next_value) & swap;
    uint32_t units = (own ^ next_unit) & (uint32_t)swap;
    uint64_t least = key ^ keys, its_value = value ^ values;
    unit[i] = own ^ units;
    key = next ^ keys;
    value = next_value ^ values;
    own = next_unit ^ units;
    to[i].x = fm__value_of(least);
    memcpy(&to[i].w, &its_value, sizeof its_value);
    tie += least == before;
    if (least < before)
      tie += insert_last_row(to, unit, i + 1);
    else
      before = least;
  }
  return tie;
}

size_t fm__bucket_sort_rows(fm__xw *to, uint32_t *unit, fm__pair *data, fm__pair *scratch, uint32_t *spare, size_t n,
                            uint16_t *cells)
{
  if (n == 0)
    return 0;
  scatter_rows((rows){scratch, spare}, (rows){data, unit}, n, cells);
  return put_rows_in_order(to, unit, (rows){scratch, spare}, n);
}
