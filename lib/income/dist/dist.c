/* Building a population: one pass counts the rows by buckets of income, a second scatters them there, each bucket is
 * sorted while it is in the cache. Buckets and slices are numbered by the data; what they hold depends on a sample and
 * on nothing that the result shows: sums over rows are exact, and the running sums of dist_sums.c follow the incomes.
 */
#include <string.h>

#include "income/dist/dist_build_priv.h"
#include "num/sum_priv.h"

enum {
  SLICE_ROWS = 1 << 16, /* rows at least that a task counts or scatters */
  MOST_SLICES = 64,
  MOST_TASKS = 64,
  PIECE_ROWS = 1 << 16, /* of a bucket that needs no sorting */
  FEW = 64,
  ROWS_A_SUM = 4 /* at least for each unit, for sums by unit to be worth their memory */
};

void fm__dist_free(fm__dist *d)
{
  fm__free(d->owned);
  fm__free(d->marks);
  *d = (fm__dist){.mean = NAN, .least = NAN, .most = NAN};
}

double fm__dist_scale(double largest)
{
  int exponent = 0;
  if (largest == 0 || (largest > 0x1p-300 && largest < 0x1p300))
    return 1;
  frexp(largest, &exponent);
  return ldexp(1, exponent > 1000 ? -1000 : exponent < -1000 ? 1000 : -exponent);
}

/* What one slice of the rows holds. */
typedef struct slice {
  double x, w; /* largest magnitude, largest weight */
  int64_t n;   /* rows of weight above 0, counts included */
  size_t kept; /* members of weight above 0 */
  fm__sum squares, squares_total;
} slice;

/* A bucket, or a part of one whose members all have the same income. */
typedef struct part {
  size_t bucket, from, end; /* members before sorting */
  size_t atoms, atom;
  size_t pure; /* place of its sum of weights; SIZE_MAX: to be sorted */
} part;

typedef struct build {
  fm__dist *d;
  const double *x, *w;  /* columns */
  const uint32_t *unit; /* of the columns' rows, below n_units; NULL: none */
  size_t n_units;
  fm__dist_units *units; /* where they go */
  fm__member *members;   /* or members */
  size_t n, n_slices, n_parts, n_tasks;
  fm__plan plan;
  slice *slices;
  size_t *places;   /* of each slice and bucket: rows there, then where its next row goes */
  uint16_t *bucket; /* of each row; NONE: weight 0 */
  part *parts;
  fm__sum *pure; /* weights of the parts of one income */
  void *to;      /* records by bucket */
} build;

enum { NONE = UINT16_MAX };

static void slice_of(const build *b, size_t k, size_t *from, size_t *end)
{
  *from = b->n / b->n_slices * k + (k < b->n % b->n_slices ? k : b->n % b->n_slices);
  *end = *from + b->n / b->n_slices + (k < b->n % b->n_slices);
}

/* ---- counting ---- */

/* Adds terms times the count of rows that have each; NULL: once. */
static void add_terms(fm__sum *s, const double *term, const double *count, size_t n, fm__grid *grid)
{
  if (n < FEW)
    fm__sum_add_n(s, term, n);
  else
    fm__sum_add_block(s, term, n, grid);
  for (size_t i = 0; count != NULL && i < n; i++)
    if (count[i] != 1) {
      double times = count[i] - 1, product = times * term[i];
      fm__sum_add(s, product);
      fm__sum_add(s, fma(times, term[i], -product));
    }
}

/* Sums of w^2 and w^2 x over rows, each term rounded. */
static void add_squares(const build *b, size_t from, size_t end, slice *s)
{
  double square[FM__SUM_BLOCK], product[FM__SUM_BLOCK], count[FM__SUM_BLOCK];
  fm__grid grid = {0}, product_grid = {0};
  const double w_scale = b->d->w_scale, x_scale = b->d->x_scale;
  const fm__member *m = b->members;
  for (size_t n; from < end; from += n) {
    n = end - from < FM__SUM_BLOCK ? end - from : FM__SUM_BLOCK;
    for (size_t i = 0; i < n && m != NULL; i++) {
      double w = m[from + i].w * w_scale;
      square[i] = w * w;
      product[i] = square[i] * (m[from + i].x * x_scale);
      count[i] = m[from + i].count;
    }
    for (size_t i = 0; i < n && m == NULL; i++) {
      double w = (b->w != NULL ? b->w[from + i] : 1) * w_scale;
      square[i] = w * w;
      product[i] = square[i] * (b->x[from + i] * x_scale);
    }
    add_terms(&s->squares, square, m != NULL ? count : NULL, n, &grid);
    add_terms(&s->squares_total, product, m != NULL ? count : NULL, n, &product_grid);
  }
}

static fm_status square_task(void *ctx, size_t k)
{
  build *b = ctx;
  size_t from, end;
  slice_of(b, k, &from, &end);
  add_squares(b, from, end, &b->slices[k]);
  return FM_OK;
}

static void count_members(const build *b, slice *s, size_t *rows, size_t from, size_t end)
{
  for (size_t i = from; i < end; i++) {
    const fm__member *m = &b->members[i];
    double x = fabs(m->x);
    if (!(m->w > 0)) {
      b->bucket[i] = NONE;
      continue;
    }
    b->bucket[i] = (uint16_t)fm__plan_bucket(&b->plan, m->x + 0.0);
    rows[b->bucket[i]]++;
    s->n += m->count;
    s->kept++;
    s->x = x > s->x ? x : s->x;
    s->w = m->w > s->w ? m->w : s->w;
  }
}

/* Every row of weight above 0 has its bucket noted. */
static void count_columns(const build *b, slice *s, size_t *rows, size_t from, size_t end)
{
  const double *x = b->x, *w = b->w;
  const fm__plan plan = b->plan;
  uint16_t *bucket = b->bucket;
  double most_x = 0, most_w = w == NULL;
  size_t kept = 0;
  for (size_t i = from; i < end; i++) {
    double size = fabs(x[i]), weight = w == NULL ? 1 : w[i];
    size_t to = fm__plan_bucket(&plan, x[i] + 0.0);
    if (!(weight > 0)) {
      bucket[i] = NONE;
      continue;
    }
    bucket[i] = (uint16_t)to;
    rows[to]++;
    kept++;
    most_x = size > most_x ? size : most_x;
    most_w = weight > most_w ? weight : most_w;
  }
  *s = (slice){.x = most_x, .w = most_w, .n = (int64_t)kept, .kept = kept};
}

static fm_status count_task(void *ctx, size_t k)
{
  build *b = ctx;
  size_t *rows = b->places + k * b->plan.n_buckets, from, end;
  slice_of(b, k, &from, &end);
  if (b->members != NULL)
    count_members(b, &b->slices[k], rows, from, end);
  else
    count_columns(b, &b->slices[k], rows, from, end);
  return square_task(ctx, k);
}

/* Counts rows and squares; the squares again when the weights turn out to need a scale. */
static fm_status count_rows(build *b, const fm_run *run, fm_error *err)
{
  fm__dist *d = b->d;
  double x = 0, w = 0;
  d->x_scale = d->w_scale = 1;
  fm_status status = fm__run_tasks(run, count_task, b, b->n_slices, err);
  for (size_t k = 0; k < b->n_slices; k++) {
    x = fmax(x, b->slices[k].x);
    w = fmax(w, b->slices[k].w);
    d->n += b->slices[k].n;
    d->n_members += b->slices[k].kept;
  }
  d->x_scale = fm__dist_scale(x);
  d->w_scale = fm__dist_scale(w);
  if (status == FM_OK && (d->x_scale != 1 || d->w_scale != 1)) {
    for (size_t k = 0; k < b->n_slices; k++)
      b->slices[k].squares = b->slices[k].squares_total = (fm__sum){.pending = 0};
    status = fm__run_tasks(run, square_task, b, b->n_slices, err);
  }
  for (size_t k = 1; k < b->n_slices; k++) {
    fm__sum_merge(&b->slices[0].squares, &b->slices[k].squares);
    fm__sum_merge(&b->slices[0].squares_total, &b->slices[k].squares_total);
  }
  d->weight_squares = fm__sum_value(&b->slices[0].squares);
  d->squares_total = fm__sum_value(&b->slices[0].squares_total);
  return status;
}

/* ---- scattering ---- */

static fm_status place_rows(build *b, fm_error *err)
{
  const fm__plan *p = &b->plan;
  size_t at = 0, n_pure = 0, most = p->n_buckets + b->d->n_members / PIECE_ROWS + 1;
  b->parts = fm__array(most, sizeof *b->parts);
  if (b->parts == NULL)
    return fm__no_memory(err);
  for (size_t to = 0; to < p->n_buckets; to++) {
    size_t from = at;
    for (size_t k = 0; k < b->n_slices; k++) {
      size_t *place = &b->places[k * p->n_buckets + to], count = *place;
      *place = at;
      at += count;
    }
    bool pure = p->pure[to] != 0 && b->members == NULL;
    for (size_t end; from < at; from = end) {
      end = pure && b->unit == NULL && at - from > PIECE_ROWS ? from + PIECE_ROWS : at;
      b->parts[b->n_parts++] = (part){.bucket = to, .from = from, .end = end, .pure = pure ? n_pure++ : SIZE_MAX};
    }
  }
  b->pure = fm__array(n_pure, sizeof *b->pure);
  b->to = fm__many(b->d->n_members, b->d->stride);
  bool enough = b->pure != NULL && b->to != NULL;
  if (b->unit != NULL) {
    b->units->unit = fm__many(b->d->n_members, sizeof *b->units->unit);
    b->units->stretch = fm__array(b->n_parts, sizeof *b->units->stretch);
    b->units->n = b->units->stretch != NULL ? b->n_parts : 0;
    enough = enough && b->units->unit != NULL && b->units->stretch != NULL;
  }
  return enough ? FM_OK : fm__no_memory(err);
}

/* Asks for the line that will be written some rows ahead: there are too many buckets for the processor to see it
 * coming, and on small pages or with a second array it would be waited for. The array's end does not matter. */
#if defined(__GNUC__)
#define FETCH(to, at, ahead) __builtin_prefetch((const void *)((uintptr_t)(to) + ((at) + (ahead)) * sizeof *(to)), 1)
#else
#define FETCH(to, at, ahead) ((void)0)
#endif

static void scatter_columns(const build *b, size_t *place, size_t from, size_t end)
{
  fm__pair *to = b->to;
  const double *x = b->x, *w = b->w, x_scale = b->d->x_scale, w_scale = b->d->w_scale;
  const uint16_t *bucket = b->bucket;
  for (size_t i = from; i < end; i++)
    if (bucket[i] != NONE) {
      size_t at = place[bucket[i]]++;
      to[at] = (fm__pair){fm__key_of(x[i] * x_scale + 0.0), w != NULL ? w[i] * w_scale : w_scale};
      FETCH(to, at, 8);
    }
}

static void scatter_units(const build *b, size_t *place, size_t from, size_t end)
{
  fm__pair *to = b->to;
  uint32_t *unit = b->units->unit;
  const double *x = b->x, *w = b->w, x_scale = b->d->x_scale, w_scale = b->d->w_scale;
  const uint32_t *its_unit = b->unit;
  const uint16_t *bucket = b->bucket;
  for (size_t i = from; i < end; i++)
    if (bucket[i] != NONE) {
      size_t at = place[bucket[i]]++;
      to[at] = (fm__pair){fm__key_of(x[i] * x_scale + 0.0), w != NULL ? w[i] * w_scale : w_scale};
      unit[at] = its_unit[i];
      FETCH(to, at, 8);
      FETCH(unit, at, 32);
    }
}

static fm_status scatter_task(void *ctx, size_t k)
{
  build *b = ctx;
  size_t *place = b->places + k * b->plan.n_buckets, from, end;
  slice_of(b, k, &from, &end);
  if (b->members != NULL) {
    fm__member *to = b->to;
    for (size_t i = from; i < end; i++) {
      fm__member m = b->members[i];
      m.x += 0.0; /* -0 becomes +0 */
      if (b->bucket[i] != NONE)
        to[place[b->bucket[i]]++] = m;
    }
    return FM_OK;
  }
  if (b->unit != NULL)
    scatter_units(b, place, from, end);
  else
    scatter_columns(b, place, from, end);
  return FM_OK;
}

/* ---- sorting ---- */

static void add_weights(fm__sum *sum, const fm__pair *data, size_t n)
{
  double w[FM__SUM_BLOCK];
  fm__grid grid = {0};
  for (size_t i = 0, m; i < n; i += m) {
    m = n - i < FM__SUM_BLOCK ? n - i : FM__SUM_BLOCK;
    for (size_t k = 0; k < m; k++)
      w[k] = data[i + k].value;
    fm__sum_add_block(sum, w, m, &grid);
  }
}

fm__xw *fm__dist_sort_pairs(fm__xw *to, fm__pair *data, size_t n, fm__pair *scratch, uint16_t *cells)
{
  size_t end[256];
  if (n <= FM__BUCKET_MOST)
    return to + fm__bucket_sort(to, data, scratch, n, cells);
  if (!fm__bucket_split(data, n, end)) {
    fm__sum sum = {.pending = 0};
    add_weights(&sum, data, n);
    *to = (fm__xw){fm__order_value(data->key), fm__sum_value(&sum)};
    return to + 1;
  }
  for (size_t k = 0, from = 0; k < 256; from = end[k++])
    to = fm__dist_sort_pairs(to, data + from, end[k] - from, scratch, cells);
  return to;
}

static fm_status sort_part(const build *b, part *p, const fm__sort_room *room)
{
  size_t n = p->end - p->from;
  fm__pair *pairs = (fm__pair *)b->to + (b->members == NULL ? p->from : 0);
  fm__stretch *stretch = b->unit != NULL ? &b->units->stretch[p - b->parts] : NULL;
  fm_status status = FM_OK;
  if (stretch != NULL)
    stretch->from = p->from;
  if (b->members != NULL) {
    fm__member *to = b->members + p->from;
    fm__bucket_sort_units(to, (fm__member *)b->to + p->from, n, room->cells);
    for (size_t i = 0; i < n; i++)
      p->atoms += i == 0 || to[i].x != to[i - 1].x;
  } else if (p->pure != SIZE_MAX) {
    add_weights(&b->pure[p->pure], pairs, n);
    if (stretch != NULL && n > 0)
      status = fm__dist_pool_rows(stretch, pairs, b->units->unit + p->from, n, room);
  } else if (stretch != NULL) {
    status = fm__dist_sort_rows(stretch, pairs, b->units->unit + p->from, n, room);
    p->atoms = stretch->n_atoms;
  } else {
    fm__xw *to = (fm__xw *)(void *)pairs;
    p->atoms = (size_t)(fm__dist_sort_pairs(to, pairs, n, room->scratch, room->cells) - to);
  }
  return status;
}

/* Room for the largest of some parts. */
static bool make_room(fm__sort_room *room, const build *b, const part *parts, size_t n)
{
  size_t most = 0;
  for (size_t k = 0; k < n; k++)
    if ((b->unit != NULL || parts[k].pure == SIZE_MAX) && parts[k].end - parts[k].from > most)
      most = parts[k].end - parts[k].from;
  most = most < FM__BUCKET_MOST ? most : FM__BUCKET_MOST;
  room->cells = fm__alloc(FM__BUCKET_CELLS * sizeof *room->cells);
  room->scratch = fm__alloc((b->members == NULL ? most : 0) * sizeof *room->scratch);
  room->tie = fm__alloc((b->unit != NULL ? most : 0) * sizeof *room->tie);
  room->spare = fm__alloc((b->unit != NULL ? most : 0) * sizeof *room->spare);
  if (b->n_units <= b->n / b->n_tasks / ROWS_A_SUM) {
    room->sums = fm__array(b->n_units, sizeof *room->sums);
    room->seen = fm__alloc((b->n_units + 1) * sizeof *room->seen);
    if (room->sums == NULL || room->seen == NULL)
      return false;
  }
  return room->cells != NULL && room->scratch != NULL && room->tie != NULL && room->spare != NULL;
}

static fm_status sort_task(void *ctx, size_t task)
{
  build *b = ctx;
  fm__sort_room room = {.sums = NULL};
  size_t n = b->d->n_members, low = n / b->n_tasks * task, high = task + 1 < b->n_tasks ? low + n / b->n_tasks : n;
  size_t first = 0, end;
  while (first < b->n_parts && b->parts[first].from < low)
    first++;
  for (end = first; end < b->n_parts && b->parts[end].from < high; end++)
    continue;
  fm_status status = make_room(&room, b, b->parts + first, end - first) ? FM_OK : FM_ERR_MEMORY;
  for (size_t k = first; k < end && status == FM_OK; k++)
    status = sort_part(b, &b->parts[k], &room);
  fm__free(room.scratch);
  fm__free(room.tie);
  fm__free(room.spare);
  fm__free(room.cells);
  fm__free(room.sums);
  fm__free(room.seen);
  return status;
}

/* Closes the gaps that pooling left; the parts of one income become one record. */
static void close_gaps(build *b)
{
  fm__xw *data = b->to;
  size_t n = 0;
  for (size_t k = 0; k < b->n_parts; k++) {
    part *p = &b->parts[k];
    if (p->pure == SIZE_MAX) {
      if (n != p->from)
        memmove(data + n, data + p->from, p->atoms * sizeof *data);
      n += p->atoms;
      continue;
    }
    if (k + 1 < b->n_parts && p[1].bucket == p->bucket)
      fm__sum_merge(&b->pure[p[1].pure], &b->pure[p->pure]);
    else
      data[n++] = (fm__xw){fm__order_value(((fm__pair *)b->to)[p->from].key), fm__sum_value(&b->pure[p->pure])};
  }
  b->d->n_members = n;
}

/* ---- in all ---- */

static fm_status sort_rows(build *b, const fm_run *run, fm_error *err)
{
  fm__dist *d = b->d;
  const void *x = b->members != NULL ? (const void *)b->members : b->x;
  fm_status status = fm__plan_create(&b->plan, x, b->members != NULL ? sizeof *b->members : sizeof *b->x, b->n, err);
  if (status != FM_OK)
    return status;
  b->n_slices = b->n / SLICE_ROWS + 1 < MOST_SLICES ? b->n / SLICE_ROWS + 1 : MOST_SLICES;
  b->slices = fm__array(b->n_slices, sizeof *b->slices);
  b->places = fm__array(b->n_slices * b->plan.n_buckets, sizeof *b->places);
  b->bucket = fm__many(b->n, sizeof *b->bucket);
  if (b->slices == NULL || b->places == NULL || b->bucket == NULL)
    return fm__no_memory(err);
  status = count_rows(b, run, err);
  if (status == FM_OK)
    status = place_rows(b, err);
  if (status == FM_OK)
    status = fm__run_tasks(run, scatter_task, b, b->n_slices, err);
  fm__free(b->bucket);
  b->bucket = NULL;
  b->n_tasks = b->n_parts < MOST_TASKS ? b->n_parts : MOST_TASKS;
  if (status == FM_OK)
    status = fm__run_tasks(run, sort_task, b, b->n_tasks, err);
  if (status == FM_OK && d->stride == sizeof(fm__xw))
    close_gaps(b);
  return status;
}

/* Pieces for the sums: buckets of members, or equal stretches of pooled pairs. */
static fm_status sum_up(build *b, const fm_run *run, fm_error *err)
{
  fm__dist *d = b->d;
  const size_t stretch = 64 * FM__MARK;
  size_t n = d->stride == sizeof(fm__xw) ? d->n_members / stretch + 1 : b->n_parts, atom = 0;
  fm__piece *pieces = fm__array(n, sizeof *pieces);
  d->marks = fm__alloc((d->n_members / FM__MARK + 1) * sizeof *d->marks);
  fm_status status = pieces != NULL && d->marks != NULL ? FM_OK : fm__no_memory(err);
  for (size_t k = 0; k < n && status == FM_OK; k++)
    if (d->stride == sizeof(fm__xw)) {
      size_t end = (k + 1) * stretch;
      pieces[k] = (fm__piece){k * stretch, end < d->n_members ? end : d->n_members, k * stretch};
    } else {
      pieces[k] = (fm__piece){b->parts[k].from, b->parts[k].end, atom};
      atom += b->parts[k].atoms;
    }
  if (status == FM_OK)
    status = fm__dist_sum_up(d, pieces, n, run, err);
  fm__free(pieces);
  return status;
}

static fm_status finish(build *b, const fm_run *run, fm_error *err)
{
  fm__dist *d = b->d;
  const fm_run *taken = b->n < FM__FEW_ROWS ? NULL : run;
  fm_status status = fm__run_check(run, err);
  if (status == FM_OK)
    status = sort_rows(b, taken, err);
  if (status == FM_OK) {
    d->owned = b->members != NULL ? (void *)b->members : b->to;
    d->data = d->owned;
    if (b->members != NULL)
      fm__free(b->to);
    b->to = b->members = NULL;
    status = sum_up(b, taken, err);
  }
  fm__plan_free(&b->plan);
  fm__free(b->slices);
  fm__free(b->places);
  fm__free(b->bucket);
  fm__free(b->parts);
  fm__free(b->pure);
  fm__free(b->to);
  fm__free(b->members);
  if (status != FM_OK)
    fm__dist_free(d);
  return status;
}

fm_status fm__dist_of_columns(fm__dist *d, const double *x, const double *w, size_t n, const fm_run *run, fm_error *err)
{
  *d = (fm__dist){.stride = sizeof(fm__xw), .mean = NAN, .least = NAN, .most = NAN};
  return finish(&(build){.d = d, .x = x, .w = w, .n = n}, run, err);
}

fm_status fm__dist_of_units(fm__dist *d, fm__dist_units *units, const double *x, const double *w, const uint32_t *unit,
                            size_t n, size_t n_units, const fm_run *run, fm_error *err)
{
  *d = (fm__dist){.stride = sizeof(fm__xw), .mean = NAN, .least = NAN, .most = NAN};
  *units = (fm__dist_units){.n = 0};
  fm_status status =
      finish(&(build){.d = d, .x = x, .w = w, .unit = unit, .n_units = n_units, .units = units, .n = n}, run, err);
  if (status != FM_OK)
    fm__dist_units_free(units);
  return status;
}

fm_status fm__dist_of_members(fm__dist *d, fm__member *members, size_t n, const fm_run *run, fm_error *err)
{
  *d = (fm__dist){.stride = sizeof(fm__member), .mean = NAN, .least = NAN, .most = NAN};
  return finish(&(build){.d = d, .members = members, .n = n}, run, err);
}

fm_status fm__dist_reweighted(fm__dist *out, const fm__dist *d, const double *factor, fm_error *err)
{
  *out = (fm__dist){.stride = sizeof(fm__member), .mean = NAN, .least = NAN, .most = NAN, .x_scale = d->x_scale};
  build b = {.d = out, .members = fm__many(d->n_members, sizeof *b.members), .n_slices = 1};
  slice s = {.n = 0};
  double largest = 0;
  fm_status status = FM_OK;
  out->marks = fm__alloc((d->n_members / FM__MARK + 1) * sizeof *out->marks);
  if (b.members == NULL || out->marks == NULL)
    status = fm__no_memory(err);
  for (size_t i = 0; i < d->n_members && status == FM_OK; i++) {
    const fm__member *m = fm__dist_member(d, i);
    double w = m->w * factor[m->unit];
    if (w > 0) {
      b.members[b.n] = *m;
      b.members[b.n++].w = w;
      out->n += m->count;
      largest = w > largest ? w : largest;
    }
  }
  out->owned = b.members;
  if (status == FM_OK) {
    out->data = out->owned;
    out->n_members = b.n;
    out->w_scale = fm__dist_scale(largest);
    add_squares(&b, 0, b.n, &s);
    out->weight_squares = fm__sum_value(&s.squares);
    out->squares_total = fm__sum_value(&s.squares_total);
    status = fm__dist_sum_up(out, &(fm__piece){0, b.n, 0}, 1, NULL, err);
  }
  if (status != FM_OK)
    fm__dist_free(out);
  return status;
}
