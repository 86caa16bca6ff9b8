/* Adding many rows to a prefix histogram: cells that are addressed directly and hold 128-bit sums, moved into the table
 * at the end. Which way a row takes cannot be seen in the sums, which are exact whole numbers on every way.
 *
 * Most rows fall into a window: one table of the cells of 64 binades of positive x, for weights of 11 binades, placed
 * around the median of a few rows. Others find pages, each the cells of one sign and exponent of x and of eight
 * binades of weight. What has neither goes to the table row by row. */
#include "num/prefix_priv.h"

#include <string.h>

#include "num/sum_priv.h"

#define SIGN (UINT64_C(1) << 63)
#define UP (UINT64_C(17) << 52) /* moves exponents so that classes begin at multiples of 32 */

enum {
  WINDOW_X = 64,             /* binades */
  WINDOW_W = 11,             /* binades: a weight times its scale is below 2^63 */
  SUB_SHIFT = 55,            /* of moved bits: eight binades of weight */
  LEAST_SUB = 7,             /* the first whose scale is a double */
  N_SUBS = 16,               /* of them that have pages */
  PAGES = 4096 * N_SUBS,     /* by sign and exponent of x, then by weight */
  MOST_BYTES = 8 << 20,      /* of pages */
  COUNT_SHIFT = 40,          /* bits below the count in a cell */
  MOST_ROWS = (1 << 24) - 1, /* what the 24 bits above take */
  SAMPLE = 63
};

/* Sums of w, with the count from bit COUNT_SHIFT of the upper half on, and of w times the low bits of x: for x below 0
 * these are those of its magnitude. */
typedef struct hot_cell {
  uint64_t w, w_count, d, d_high;
} hot_cell;

typedef struct hot {
  uint32_t bits, page_cells;
  /* the window: cells from `first_cell` on of the bits of x, weights from 2^(first_field - 1023) on */
  uint64_t first_cell;
  int32_t first_field;
  double least_x, most_x, least_w, most_w, window_scale; /* most: not included */
  hot_cell *window;
  /* pages */
  uint32_t first_sub;
  double scale[N_SUBS];
  uint32_t *page;  /* 0 none, else the page's first cell */
  uint32_t *name;  /* of each page: its place in `page` */
  hot_cell *cells; /* page 0 is not used */
  size_t n_pages, room, most_pages;
  fm__prefix rest; /* what has no page, and what was moved */
} hot;

#if defined(__SIZEOF_INT128__)
__extension__ typedef unsigned __int128 product;

static inline void multiply(uint64_t *low, uint64_t *high, uint64_t a, uint64_t b)
{
  product p = (product)a * b;
  *low = (uint64_t)p;
  *high = (uint64_t)(p >> 64);
}
#else
#define multiply fm__multiply_halves
#endif

static void hot_free(hot *h)
{
  fm__free(h->window);
  fm__free(h->page);
  fm__free(h->cells);
  fm__free(h->name);
  fm__prefix_free(&h->rest);
}

/* Makes room for `room` pages. */
static bool hot_grow(hot *h, size_t room)
{
  hot_cell *cells = fm__array(room * h->page_cells, sizeof *cells);
  if (cells == NULL)
    return false;
  if (h->cells != NULL)
    memcpy(cells, h->cells, h->n_pages * h->page_cells * sizeof *cells);
  fm__free(h->cells);
  h->cells = cells;
  h->room = room;
  return true;
}

/* The median of some of the exponent fields; 1023 when there are none above 0. */
static int32_t middle_field(const double *v, size_t n)
{
  uint64_t field[SAMPLE], scratch[SAMPLE];
  size_t used = 0, step = n / SAMPLE;
  for (size_t i = 0; i < SAMPLE && v != NULL; i++)
    if (v[i * step] > 0)
      field[used++] = fm__bits_of(v[i * step]) >> 52;
  fm__sort_u64(field, scratch, used);
  return used > 0 ? (int32_t)field[used / 2] : 1023;
}

static int32_t between(int32_t v, int32_t low, int32_t high)
{
  return v < low ? low : v > high ? high : v;
}

static double power_of_two(int32_t field)
{
  return fm__from_bits((uint64_t)(uint32_t)field << 52);
}

/* Places the window and the pages' weights. Windows of weight lie within a class. */
static void hot_place(hot *h, const double *x, const double *w, size_t n)
{
  int32_t at_x = between(middle_field(x, n) - WINDOW_X / 2, 1, 2047 - WINDOW_X), at_w = middle_field(w, n);
  int32_t first = fm__class_first(fm__weight_class((uint64_t)(uint32_t)at_w << 52)), last = first + 32 - WINDOW_W;
  first = between(first, 64, 1900); /* scales stay doubles */
  h->first_cell = (uint64_t)(uint32_t)at_x << (h->bits - 12);
  h->first_field = between(at_w - 6, first, last < first ? first : last);
  h->least_x = power_of_two(at_x);
  h->most_x = power_of_two(at_x + WINDOW_X);
  h->least_w = power_of_two(h->first_field);
  h->most_w = power_of_two(h->first_field + WINDOW_W);
  h->window_scale = ldexp(1, 1075 - h->first_field);
  uint32_t sub = (uint32_t)(at_w + FM__CLASS_SHIFT) >> 3;
  h->first_sub = sub < LEAST_SUB + N_SUBS / 2 ? LEAST_SUB : sub - N_SUBS / 2;
  for (uint32_t k = 0; k < N_SUBS; k++)
    h->scale[k] = ldexp(1, 1075 + FM__CLASS_SHIFT - 8 * (int32_t)(h->first_sub + k));
}

static bool hot_create(hot *h, uint32_t bits, const double *x, const double *w, size_t n)
{
  *h = (hot){.bits = bits, .page_cells = UINT32_C(1) << (bits - 12), .n_pages = 1, .rest = FM__PREFIX_INIT(bits)};
  hot_place(h, x, w, n);
  h->most_pages = MOST_BYTES / sizeof(hot_cell) / h->page_cells;
  h->window = fm__array((size_t)WINDOW_X * h->page_cells, sizeof *h->window);
  h->page = fm__array(PAGES, sizeof *h->page);
  h->name = fm__array(h->most_pages, sizeof *h->name);
  return h->window != NULL && h->page != NULL && h->name != NULL && hot_grow(h, h->most_pages / 16);
}

static inline void hot_take(hot_cell *cell, uint64_t w, uint64_t d)
{
  uint64_t low, high;
  multiply(&low, &high, w, d);
  cell->w += w;
  cell->w_count += (UINT64_C(1) << COUNT_SHIFT) + (cell->w < w);
  cell->d += low;
  cell->d_high += high + (cell->d < low);
}

/* A row without a page goes to its cell, and the next one like it may find a page. -0 has a sign that it must not keep:
 * its exponent gets no page. */
static bool hot_miss(hot *h, double x, double w)
{
  uint64_t k = ((fm__bits_of(w) + UP) >> SUB_SHIFT) - h->first_sub;
  if (!fm__prefix_reserve(&h->rest, 1))
    return false;
  fm__prefix_take_row(&h->rest, x, w);
  if (k >= N_SUBS || fm__bits_of(x) >> 52 == SIGN >> 52 || h->n_pages == h->most_pages)
    return true;
  if (h->n_pages == h->room && !hot_grow(h, 2 * h->room))
    return false;
  size_t name = (size_t)((fm__bits_of(x) >> 52) * N_SUBS + k);
  h->name[h->n_pages] = (uint32_t)name;
  h->page[name] = (uint32_t)(h->n_pages++ * h->page_cells);
  return true;
}

/* One row by its page. Its weight times the scale is whole and below 2^60. */
static bool page_row(hot *h, double x, double w)
{
  uint64_t bits = fm__bits_of(x), k = ((fm__bits_of(w) + UP) >> SUB_SHIFT) - h->first_sub;
  uint32_t first = k < N_SUBS ? h->page[(bits >> 52) * N_SUBS + k] : 0, low_bits = 64 - h->bits;
  if (first == 0)
    return hot_miss(h, x, w);
  hot_take(&h->cells[first + (bits >> low_bits & (h->page_cells - 1))], (uint64_t)(int64_t)(w * h->scale[k]),
           bits & ((UINT64_C(1) << low_bits) - 1));
  return true;
}

/* One row that is in the window. */
static inline void window_row(hot_cell *window, uint64_t first_cell, double scale, double x, double w, uint32_t bits)
{
  uint64_t at = fm__bits_of(x);
  hot_take(&window[(at >> (64 - bits)) - first_cell], (uint64_t)(int64_t)(w * scale),
           at & ((UINT64_C(1) << (64 - bits)) - 1));
}

/* Whether four rows are all in the window; w NULL: the weights are. */
static inline bool are_in(const hot *h, const double *x, const double *w)
{
#if defined(FM__SUM_SSE2)
  __m128d a = _mm_loadu_pd(x), b = _mm_loadu_pd(x + 2);
  __m128d in = _mm_and_pd(_mm_cmpge_pd(_mm_min_pd(a, b), _mm_set1_pd(h->least_x)),
                          _mm_cmplt_pd(_mm_max_pd(a, b), _mm_set1_pd(h->most_x)));
  if (w != NULL) {
    a = _mm_loadu_pd(w);
    b = _mm_loadu_pd(w + 2);
    in = _mm_and_pd(in, _mm_and_pd(_mm_cmpge_pd(_mm_min_pd(a, b), _mm_set1_pd(h->least_w)),
                                   _mm_cmplt_pd(_mm_max_pd(a, b), _mm_set1_pd(h->most_w))));
  }
  return _mm_movemask_pd(in) == 3;
#else
  bool in = true;
  for (size_t j = 0; j < 4; j++)
    in = in && x[j] >= h->least_x && x[j] < h->most_x && (w == NULL || (w[j] >= h->least_w && w[j] < h->most_w));
  return in;
#endif
}

/* `bits` and whether w is NULL are constants at each call. */
static inline bool hot_rows(hot *h, const double *x, const double *w, size_t n, uint32_t bits)
{
  hot_cell *window = h->window;
  const uint64_t first_cell = h->first_cell;
  const double scale = h->window_scale;
  const bool one_is_in = h->least_w <= 1 && h->most_w > 1;
  size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    if ((w != NULL || one_is_in) && are_in(h, x + i, w != NULL ? w + i : NULL)) {
      for (size_t j = i; j < i + 4; j++)
        window_row(window, first_cell, scale, x[j], w != NULL ? w[j] : 1, bits);
      continue;
    }
    for (size_t j = i; j < i + 4; j++)
      if (!page_row(h, x[j], w != NULL ? w[j] : 1))
        return false;
  }
  for (; i < n; i++)
    if (!page_row(h, x[i], w != NULL ? w[i] : 1))
      return false;
  return true;
}

static bool hot_rows_of_any(hot *h, const double *x, const double *w, size_t n)
{
  if (w == NULL)
    return h->bits == FM__PREFIX_BITS ? hot_rows(h, x, NULL, n, FM__PREFIX_BITS) : hot_rows(h, x, NULL, n, h->bits);
  return h->bits == FM__PREFIX_BITS ? hot_rows(h, x, w, n, FM__PREFIX_BITS) : hot_rows(h, x, w, n, h->bits);
}

/* ---- into the table ---- */

static void add_shifted(uint64_t *to, size_t n, uint64_t low, uint64_t high, uint32_t shift)
{
  uint64_t part[4] = {low << shift, high << shift | (shift > 0 ? low >> (64 - shift) : 0),
                      shift > 0 ? high >> (64 - shift) : 0, 0};
  memcpy(to, part, n * sizeof *to);
}

/* The low bits of the key are those of the magnitude, or for x below 0 what they lack of being all ones. The weights'
 * unit is 2^(field - 1075). */
static void move_cell(fm__prefix *p, const hot_cell *from, uint32_t raw, int32_t field)
{
  uint32_t all = (uint32_t)((UINT64_C(1) << p->bits) - 1), sign = UINT32_C(1) << (p->bits - 1);
  bool negative = (raw & sign) != 0;
  uint64_t d = from->d, d_high = from->d_high, w_high = from->w_count & ((UINT64_C(1) << COUNT_SHIFT) - 1);
  if (negative) {
    uint64_t low, high, span = (UINT64_C(1) << (64 - p->bits)) - 1;
    fm__multiply_halves(&low, &high, from->w, span);
    d = low - from->d;
    d_high = high + w_high * span - from->d_high - (low < from->d);
  }
  uint32_t weight_class = fm__weight_class((uint64_t)(uint32_t)field << 52);
  uint32_t shift = (uint32_t)(field - fm__class_first(weight_class));
  fm__prefix_cell to = {.key = (negative ? raw ^ all : raw ^ sign) << 8 | weight_class,
                        .count = from->w_count >> COUNT_SHIFT};
  add_shifted(to.w, 3, from->w, w_high, shift);
  add_shifted(to.d, 4, d, d_high, shift);
  fm__prefix_take_cell(p, &to);
}

static size_t count_used(const hot_cell *cells, size_t n)
{
  size_t used = 0;
  for (size_t i = 0; i < n; i++)
    used += cells[i].w_count != 0;
  return used;
}

static bool hot_flush(hot *h)
{
  size_t n_window = (size_t)WINDOW_X * h->page_cells;
  size_t used =
      count_used(h->window, n_window) + count_used(h->cells + h->page_cells, (h->n_pages - 1) * h->page_cells);
  if (!fm__prefix_reserve(&h->rest, used))
    return false;
  for (size_t i = 0; i < n_window; i++)
    if (h->window[i].w_count != 0) {
      move_cell(&h->rest, &h->window[i], (uint32_t)(h->first_cell + i), h->first_field);
      h->window[i] = (hot_cell){0};
    }
  for (size_t number = 1; number < h->n_pages; number++) {
    uint32_t upper = h->name[number] / N_SUBS, sub = h->first_sub + h->name[number] % N_SUBS;
    hot_cell *cells = h->cells + number * h->page_cells;
    for (uint32_t i = 0; i < h->page_cells; i++)
      if (cells[i].w_count != 0) {
        move_cell(&h->rest, &cells[i], upper << (h->bits - 12) | i, 8 * (int32_t)sub - FM__CLASS_SHIFT);
        cells[i] = (hot_cell){0};
      }
  }
  return true;
}

/* In the window w d stays below 2^(127 - bits), so that 2^(bits + 1) rows fit. */
bool fm__prefix_add_many(fm__prefix *p, const double *x, const double *w, size_t n)
{
  hot h;
  size_t fit = (size_t)1 << (p->bits + 1), most = fit < MOST_ROWS ? fit : MOST_ROWS;
  bool done = hot_create(&h, p->bits, x, w, n);
  for (size_t i = 0; i < n && done; i += most) {
    size_t rows = n - i < most ? n - i : most;
    done = hot_rows_of_any(&h, x + i, w != NULL ? w + i : NULL, rows) && hot_flush(&h);
  }
  if (done) {
    fm__prefix_free(p);
    *p = h.rest;
    h.rest = (fm__prefix)FM__PREFIX_INIT(p->bits);
  }
  hot_free(&h);
  return done;
}
