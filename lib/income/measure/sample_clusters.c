/* Plain arrays whose design tells clusters apart and nothing else: it depends on the distinct ones, and no row needs to
 * be moved for it. */
#include <math.h>
#include <string.h>

#include "income/measure/sample_priv.h"
#include "num/num_priv.h"

/* ---- the number of a cluster ---- */

/* Distinct strata with their primary units, numbered as they come. They are looked up in a table of all pairs where
 * that is small, or else by hashing. */
typedef struct numbering {
  uint32_t *table; /* number + 1 of stratum - first_stratum, unit - first_psu; NULL: cells */
  int32_t first_stratum, first_psu;
  uint64_t width;
  fm__item *cells; /* key, and its number + 1 */
  size_t n_cells;  /* a power of two */
  fm__item *keys;  /* key, number */
  double *fpc;
  size_t n, capacity;
} numbering;

static void numbering_free(numbering *c)
{
  fm__free(c->table);
  fm__free(c->cells);
  fm__free(c->keys);
  fm__free(c->fpc);
}

static void extent(int32_t *least, uint64_t *width, const int32_t *ids, size_t n)
{
  int32_t low = 0, high = 0;
  if (ids != NULL && n > 0) {
    low = high = ids[0];
    for (size_t i = 1; i < n; i++) {
      low = ids[i] < low ? ids[i] : low;
      high = ids[i] > high ? ids[i] : high;
    }
  }
  *least = low;
  *width = (uint64_t)((int64_t)high - low) + 1;
}

static fm_status numbering_create(numbering *c, const fm__given *g, size_t n, fm_error *err)
{
  enum { SMALL = 1 << 16, ROWS_A_CELL = 4 };
  uint64_t strata, most = n / ROWS_A_CELL > SMALL ? n / ROWS_A_CELL : SMALL;
  *c = (numbering){.n = 0};
  extent(&c->first_stratum, &strata, g->stratum, n);
  extent(&c->first_psu, &c->width, g->psu, n);
  if (strata > most / c->width)
    return FM_OK;
  c->table = fm__array((size_t)(strata * c->width), sizeof *c->table);
  return c->table != NULL ? FM_OK : fm__no_memory(err);
}

static size_t cell_of(const numbering *c, uint64_t key)
{
  uint64_t mixed = key * UINT64_C(0x9e3779b97f4a7c15);
  mixed = (mixed ^ mixed >> 32) * UINT64_C(0xbf58476d1ce4e5b9);
  size_t at = (size_t)(mixed >> 32) & (c->n_cells - 1);
  while (c->cells[at].value != 0 && c->cells[at].key != key)
    at = (at + 1) & (c->n_cells - 1);
  return at;
}

static bool grow(numbering *c)
{
  size_t capacity = c->capacity == 0 ? 1024 : 2 * c->capacity;
  fm__item *keys = fm__resize(c->keys, capacity, sizeof *keys);
  c->keys = keys != NULL ? keys : c->keys;
  double *fpc = fm__resize(c->fpc, capacity, sizeof *fpc);
  c->fpc = fpc != NULL ? fpc : c->fpc;
  fm__item *cells = c->table == NULL ? fm__array(4 * capacity, sizeof *cells) : NULL;
  if (keys == NULL || fpc == NULL || (c->table == NULL && cells == NULL)) {
    fm__free(cells);
    return false;
  }
  c->capacity = capacity;
  if (c->table != NULL)
    return true;
  fm__free(c->cells);
  c->cells = cells;
  c->n_cells = 4 * capacity;
  for (size_t k = 0; k < c->n; k++)
    c->cells[cell_of(c, c->keys[k].key)] = (fm__item){c->keys[k].key, k + 1};
  return true;
}

/* The number of a cluster not seen before; UINT32_MAX: out of memory. */
static uint32_t add_cluster(numbering *c, const fm__given *g, size_t row)
{
  if (c->n == c->capacity && !grow(c))
    return UINT32_MAX;
  c->keys[c->n] = (fm__item){fm__design_key(g, row), c->n};
  c->fpc[c->n] = g->fpc != NULL ? g->fpc[row] : 1;
  return (uint32_t)c->n++;
}

static inline uint32_t number_of(numbering *c, const fm__given *g, size_t row)
{
  if (c->table != NULL) {
    uint64_t stratum = g->stratum != NULL ? (uint64_t)((int64_t)g->stratum[row] - c->first_stratum) : 0;
    uint32_t *cell = &c->table[stratum * c->width + (uint64_t)((int64_t)g->psu[row] - c->first_psu)];
    if (*cell == 0)
      *cell = add_cluster(c, g, row) + 1; /* 0 again without memory */
    return *cell - 1;
  }
  uint64_t key = fm__design_key(g, row);
  size_t at = c->n_cells > 0 ? cell_of(c, key) : 0;
  if (c->n_cells > 0 && c->cells[at].value != 0)
    return (uint32_t)(c->cells[at].value - 1);
  uint32_t number = add_cluster(c, g, row);
  if (number != UINT32_MAX)
    c->cells[cell_of(c, key)] = (fm__item){key, (uint64_t)number + 1};
  return number;
}

/* ---- rows ---- */

/* The rows that have an income, as given or copied. */
typedef struct taken {
  const double *x, *w; /* w NULL: all 1 */
  double *copies;      /* x, then w */
  uint32_t *number;    /* of each row's cluster */
  size_t n;
} taken;

/* From here on rows are copied. */
static bool copy_rows(taken *t, const fm__given *g, size_t n)
{
  t->copies = fm__many(n, 2 * sizeof *t->copies);
  if (t->copies == NULL)
    return false;
  for (size_t i = 0; i < t->n; i++) {
    t->copies[i] = g->x[i];
    t->copies[n + i] = g->w != NULL ? g->w[i] : 1;
  }
  t->x = t->copies;
  t->w = t->copies + n;
  return true;
}

/* Takes a row that the rules may change or leave out; *outside: it belongs to no cluster. */
static fm_status take_unusual(taken *t, bool *outside, double *x, const fm__given *g, size_t i, size_t n,
                              const fm_income_rules *rules, fm_error *err)
{
  double w = g->w != NULL ? g->w[i] : 1;
  fm_status status = fm__income_take(x, g->x[i], w, i, rules, err);
  *outside = w == 0;
  if (status == FM_OK && t->copies == NULL && *x != g->x[i] && !copy_rows(t, g, n))
    status = fm__no_memory(err);
  return status;
}

/* Takes one row; *plain: its population size is its cluster's, whose number leaves room for a mark. */
static fm_status take_row(taken *t, numbering *c, bool *plain, const fm__given *g, size_t i, size_t n,
                          const fm_income_rules *rules, fm_error *err)
{
  double x = g->x[i], w = g->w != NULL ? g->w[i] : 1;
  if (!fm__income_is_plain(x, w)) {
    bool outside;
    fm_status status = take_unusual(t, &outside, &x, g, i, n, rules, err);
    if (status != FM_OK || outside)
      return status;
  }
  uint32_t number = number_of(c, g, i);
  if (number == UINT32_MAX)
    return fm__no_memory(err);
  *plain = number < FM__UNIT_FIRST &&
           (g->fpc == NULL || (g->fpc[i] > 0 && isfinite(g->fpc[i]) && g->fpc[i] == c->fpc[number]));
  if (t->copies != NULL) {
    t->copies[t->n] = x;
    t->copies[n + t->n] = w;
  }
  t->number[t->n] = number;
  t->n += t->copies == NULL || !isnan(x);
  return FM_OK;
}

/* Whether all are numbers from 0 on by their upper halves, or clearly above it. */
static bool all_numbers(const double *v, size_t n, int32_t least)
{
  int32_t low = INT32_MAX, high = INT32_MIN;
  for (size_t i = 0; i < n; i++) {
    uint64_t bits;
    memcpy(&bits, &v[i], sizeof bits);
    int32_t half = (int32_t)(uint32_t)(bits >> 32);
    low = half < low ? half : low;
    high = half > high ? half : high;
  }
  return low >= least && high < 0x7ff00000; /* where infinity begins */
}

/* Takes rows as given up to the first whose cluster is not in the table yet; gives their number. */
static size_t take_known(uint32_t *number, const numbering *c, const int32_t *stratum, const int32_t *psu, size_t n)
{
  const uint32_t *table = c->table;
  const uint64_t width = c->width;
  const int64_t first_stratum = c->first_stratum, first_psu = c->first_psu;
  for (size_t i = 0; i < n; i++) {
    uint64_t row = stratum != NULL ? (uint64_t)(stratum[i] - first_stratum) : 0;
    uint32_t found = table[row * width + (uint64_t)(psu[i] - first_psu)];
    if (found == 0)
      return i;
    number[i] = found - 1;
  }
  return n;
}

/* All rows and their clusters, or *plain is false. */
static fm_status take_rows(taken *t, numbering *c, bool *plain, const fm__given *g, size_t n,
                           const fm_income_rules *rules, fm_error *err)
{
  enum { BLOCK = 512 };
  fm_status status = FM_OK;
  *plain = true;
  for (size_t i = 0, end; i < n && *plain && status == FM_OK; i = end) {
    end = n - i < BLOCK ? n : i + BLOCK;
    bool known = c->table != NULL && g->fpc == NULL && all_numbers(g->x + i, end - i, 0) &&
                 (g->w == NULL || all_numbers(g->w + i, end - i, 1));
    while (i < end && *plain && status == FM_OK) {
      if (known && t->copies == NULL) {
        size_t n_known = take_known(t->number + i, c, g->stratum != NULL ? g->stratum + i : NULL, g->psu + i, end - i);
        t->n += n_known;
        i += n_known;
      }
      if (i < end)
        status = take_row(t, c, plain, g, i++, n, rules, err);
    }
  }
  return status;
}

/* ---- the design ---- */

/* The columns of clusters in order, to be freed as one. */
static fm_status columns_of(fm__design_input *in, void **owned, numbering *c, const fm__given *g, fm_error *err)
{
  fm__item *scratch = fm__array(c->n, sizeof *scratch);
  double *fpc = fm__array(c->n, sizeof *fpc + 2 * sizeof(uint32_t));
  *owned = fpc;
  if (scratch == NULL || fpc == NULL) {
    fm__free(scratch);
    return fm__no_memory(err);
  }
  uint32_t *stratum = (uint32_t *)(void *)(fpc + c->n), *psu = stratum + c->n;
  fm__sort_items(c->keys, scratch, c->n);
  for (size_t i = 0; i < c->n; i++) {
    stratum[i] = (uint32_t)(c->keys[i].key >> 32);
    psu[i] = (uint32_t)c->keys[i].key;
    fpc[i] = c->fpc[c->keys[i].value];
  }
  *in = (fm__design_input){.n = c->n, .n_stages = 1};
  in->stratum[0] = g->stratum != NULL ? stratum : NULL;
  in->cluster[0] = psu;
  in->fpc[0] = g->fpc != NULL ? fpc : NULL;
  fm__free(scratch);
  return FM_OK;
}

/* The design of the clusters in order, and the unit of each. */
static fm_status design_of(fm__design **out, uint32_t **unit, numbering *c, const fm__given *g,
                           const fm_survey_design_spec *spec, fm_error *err)
{
  fm__design_input in;
  uint32_t *place = NULL;
  void *owned = NULL;
  fm_status status = columns_of(&in, &owned, c, g, err);
  if (status == FM_OK && (*unit = fm__array(c->n, sizeof **unit)) == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = fm__design_create(out, &place, &in, spec, err);
  for (size_t i = 0; i < c->n && status == FM_OK; i++)
    (*unit)[c->keys[i].value] = place[i];
  fm__free(place);
  fm__free(owned);
  return status;
}

/* A bootstrap weighs the members anew. */
static fm_status members_of(fm__dist *d, const taken *t, const uint32_t *unit, const fm_run *run, fm_error *err)
{
  fm__member *members = fm__many(t->n, sizeof *members);
  if (members == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < t->n; i++)
    members[i] = (fm__member){t->x[i], t->w != NULL ? t->w[i] : 1, unit[t->number[i]], 1};
  return fm__dist_of_members(d, members, t->n, run, err);
}

/* Whether the clusters are the design's units, in all they are asked for. */
static bool clusters_are_units(const fm__given *g, const fm_survey_design_spec *spec)
{
  bool whole =
      spec->method == FM_SURVEY_BOOTSTRAP && (spec->bootstrap == FM_SURVEY_AUTO || spec->bootstrap == FM_SURVEY_RAO_WU);
  return g->psu != NULL && (spec->method == FM_SURVEY_TAYLOR || whole);
}

fm_status fm__sample_of_clusters(fm_income_sample *s, bool *done, const fm__given *g, size_t n,
                                 const fm_survey_design_spec *spec, const fm_run *run, fm_error *err)
{
  numbering c;
  taken t = {.x = g->x, .w = g->w};
  uint32_t *unit = NULL;
  *done = false;
  if (!clusters_are_units(g, spec))
    return FM_OK;
  fm_status status = numbering_create(&c, g, n, err);
  if (status == FM_OK && (t.number = fm__many(n, sizeof *t.number)) == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = take_rows(&t, &c, done, g, n, &s->rules, err);
  if (status == FM_OK && *done)
    status = design_of(&s->design, &unit, &c, g, spec, err);
  if (status == FM_OK && *done && spec->method == FM_SURVEY_TAYLOR) {
    status = fm__dist_of_units(&s->dist, &s->clusters.rows, t.x, t.w, t.number, t.n, c.n, run, err);
    s->clusters.unit = unit;
    s->clusters.n = c.n;
    unit = NULL;
  } else if (status == FM_OK && *done) {
    status = members_of(&s->dist, &t, unit, run, err);
  }
  fm__free(unit);
  fm__free(t.number);
  fm__free(t.copies);
  numbering_free(&c);
  return status;
}
