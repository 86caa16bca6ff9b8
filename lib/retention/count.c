/* Counting rows into cells: through a dense table where that is small beside the rows, else by sorting keys. */
#include "retention/cells_priv.h"
#include "retention/retention_priv.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define DENSE_FREE ((size_t)1 << 16) /* table items that are always accepted */
#define FIRST_ROWS ((size_t)1 << 16) /* that the width of a table is guessed from */
#define TASK_ROWS ((size_t)1 << 20)
#define MAX_TASKS 16
#define TWINS 4 /* tables a task counts in without groups, added up at the end */

/* Rows are checked and then counted a block at a time, so that they come from memory once. */
#define BLOCK_ROWS ((size_t)4096)
#define LINE_ROWS ((size_t)16)                  /* of 32-bit numbers, in one line of the cache */
#define BRIEF_BLOCKS (UINT16_MAX / BLOCK_ROWS)  /* before a counter of two bytes could be full */
#define BRIEF_ITEMS (BRIEF_BLOCKS * BLOCK_ROWS) /* tables with more are not worth clearing so often */

/* While a block is counted the next one is fetched: the passes that check it would wait for memory. */
#if defined(__GNUC__)
#define FETCH(p) __builtin_prefetch((const void *)((uintptr_t)(p) + sizeof *(p)*BLOCK_ROWS))
#else
#define FETCH(p) ((void)(p))
#endif

/* Item (group, time, event) of a dense table; entries have a table of their own. */
typedef struct dense {
  const fm__day_rows *rows;
  size_t width;   /* times in the table */
  size_t n_ends;  /* censored, and one for each cause */
  size_t n_times; /* n_groups * width */
  size_t n_items; /* n_times * n_ends */
  size_t n_tasks, n_per_task, n_twins;
  size_t bad[MAX_TASKS];  /* first bad row that a task met; SIZE_MAX: none */
  bool guessed;           /* the width is that of the first rows and some more */
  bool too_narrow;        /* and a time was beyond it: nothing was counted */
  bool beyond[MAX_TASKS]; /* a task met a time that a guessed width has no room for */
  uint32_t *ends;         /* n_twins tables of n_items a task */
  uint16_t *brief;        /* n_items a task; NULL: none */
  uint32_t *entries;      /* n_times; NULL without entries */
} dense;

static bool unknown_group(const fm__day_rows *rows, size_t i)
{
  return rows->groups != NULL && rows->groups[i] >= rows->n_groups;
}

static bool too_many_causes(const fm__day_rows *rows, size_t i)
{
  return rows->n_causes > 1 && rows->event[i] > rows->n_causes;
}

static fm_status refuse(const fm__day_rows *rows, size_t i, fm_error *err)
{
  int32_t time = rows->time[i], entry = rows->entry != NULL ? rows->entry[i] : 0;
  double weight = rows->weight != NULL ? rows->weight[i] : 1;
  fm_status status;
  if (time < 0)
    status = fm__fail(err, FM_ERR_VALUE, "row %zu: time %d is negative, expected 0 or more", i, (int)time);
  else if (!(weight >= 0) || isinf(weight))
    status = fm__fail(err, FM_ERR_VALUE, "row %zu: a weight is negative or not finite", i);
  else if (unknown_group(rows, i))
    status = fm__fail(err, FM_ERR_VALUE, "row %zu: group is %u, expected 0 to %zu", i, (unsigned)rows->groups[i],
                      rows->n_groups - 1);
  else if (too_many_causes(rows, i))
    status = fm__fail(err, FM_ERR_VALUE, "row %zu: event is %d, expected 0 to %d", i, (int)rows->event[i],
                      (int)rows->n_causes);
  else
    status = fm__fail(err, FM_ERR_VALUE, "row %zu: entry %d is not before time %d", i, (int)entry, (int)time);
  fm__error_place(err, NULL, NULL, -1, (int64_t)i, -1);
  return status;
}

/* Longest time of the first n rows; negative ones do not matter here. */
static int32_t longest_time(const fm__day_rows *rows, size_t n)
{
  int32_t most = 0;
  for (size_t i = 0; i < n; i++)
    most = rows->time[i] > most ? rows->time[i] : most;
  return most;
}

static bool row_is_bad(const fm__day_rows *rows, size_t i)
{
  int32_t time = rows->time[i], entry = rows->entry != NULL ? rows->entry[i] : 0;
  double weight = rows->weight != NULL ? rows->weight[i] : 1;
  return time < 0 || (entry >= time && (time > 0 || entry > 0)) || !(weight >= 0) || isinf(weight) ||
         unknown_group(rows, i) || too_many_causes(rows, i);
}

/* First bad row of from .. to - 1, SIZE_MAX when there is none. The passes over whole blocks have no branches. */
static size_t find_bad(const fm__day_rows *rows, size_t from, size_t to)
{
  int32_t bad = 0;
  for (size_t i = from; i < to; i++)
    bad |= rows->time[i];
  bad = bad < 0;
  if (rows->entry != NULL)
    for (size_t i = from; i < to; i++)
      bad |= (rows->entry[i] >= rows->time[i]) & (rows->entry[i] > -(rows->time[i] > 0));
  if (rows->weight != NULL)
    for (size_t i = from; i < to; i++)
      bad |= !((rows->weight[i] >= 0) & (rows->weight[i] <= DBL_MAX));
  if (rows->n_causes > 1)
    for (size_t i = from; i < to; i++)
      bad |= rows->event[i] > rows->n_causes;
  if (rows->groups != NULL)
    for (size_t i = from; i < to; i++)
      bad |= rows->groups[i] >= rows->n_groups;
  for (size_t i = from; bad != 0 && i < to; i++)
    if (row_is_bad(rows, i))
      return i;
  return SIZE_MAX;
}

/* A row as it counts; false: it leaves no trace. */
static inline bool row_of(const fm__day_rows *rows, size_t i, int32_t *time, uint32_t *event, int32_t *entry)
{
  *time = rows->time[i];
  *event = rows->n_causes > 1 ? rows->event[i] : rows->event[i] != 0;
  *entry = rows->entry != NULL && rows->entry[i] > 0 ? rows->entry[i] : 0;
  if (rows->last >= 0 && *time > rows->last) {
    *time = rows->last;
    *event = 0;
  }
  return (rows->weight == NULL || rows->weight[i] > 0) && (*entry == 0 || *entry < *time);
}

static inline size_t end_item(const dense *d, size_t i, int32_t time, uint32_t event)
{
  size_t group = d->rows->groups != NULL ? d->rows->groups[i] : 0;
  return (group * d->width + (size_t)time) * d->n_ends + event;
}

static inline size_t entry_item(const dense *d, size_t i, int32_t entry)
{
  return (d->rows->groups != NULL ? d->rows->groups[i] : 0) * d->width + (size_t)entry;
}

/* Vectors by name: at -O2 compilers leave loops of unknown length as they are. */
typedef uint32_t words __attribute__((vector_size(16), aligned(4), may_alias));
typedef uint8_t bytes __attribute__((vector_size(16), aligned(1), may_alias));

/* A number beyond `last` has the sign bit, or the difference has it. */
bool fm__any_beyond(const uint32_t *numbers, size_t n, uint32_t last)
{
  const words most = {last, last, last, last};
  words odd = {0}, even = {0};
  uint32_t rest = 0;
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    const words *x = (const words *)(const void *)(numbers + i);
    even |= x[0] | (most - x[0]);
    odd |= x[1] | (most - x[1]);
  }
  for (; i < n; i++)
    rest |= numbers[i] | (last - numbers[i]);
  even |= odd;
  return (even[0] | even[1] | even[2] | even[3] | rest) >> 31 != 0;
}

/* `last` may be any byte: what has the sign bit is the borrow of the difference. */
static bool any_byte_beyond(const uint8_t *numbers, size_t n, uint8_t last)
{
  bytes most = {0}, beyond = {0};
  bool any = false;
  size_t i = 0;
  most += last;
  for (; i + sizeof most <= n; i += sizeof most) {
    const bytes x = *(const bytes *)(numbers + i);
    beyond |= (~most & x) | ((~most | x) & (most - x));
  }
  for (; i < n; i++)
    any |= numbers[i] > last;
  for (size_t k = 0; k < sizeof beyond; k++)
    any |= beyond[k] >> 7 != 0;
  return any;
}

/* The same of a block of times, events or groups of the table. */
static bool times_inside(const dense *d, size_t from, size_t to)
{
  return !fm__any_beyond((const uint32_t *)d->rows->time + from, to - from, (uint32_t)(d->width - 1));
}

static bool events_inside(const dense *d, size_t from, size_t to)
{
  return !any_byte_beyond(d->rows->event + from, to - from, (uint8_t)(d->n_ends - 1));
}

static bool groups_inside(const dense *d, size_t from, size_t to)
{
  return !fm__any_beyond(d->rows->groups + from, to - from, (uint32_t)d->rows->n_groups - 1);
}

/* Four tables in turn, so that equal neighbours do not wait for each other. */
static inline void count_in_turn(uint32_t *table, size_t n_items, const int32_t *time, const uint8_t *event, size_t n,
                                 size_t width)
{
  uint32_t *a = table, *b = a + n_items, *c = b + n_items, *d = c + n_items;
  size_t i = 0;
  for (; i + LINE_ROWS <= n; i += LINE_ROWS) {
    FETCH(time + i);
    FETCH(event + i);
    for (size_t k = i; k < i + LINE_ROWS; k += TWINS) {
      a[(size_t)(uint32_t)time[k] * width + event[k]]++;
      b[(size_t)(uint32_t)time[k + 1] * width + event[k + 1]]++;
      c[(size_t)(uint32_t)time[k + 2] * width + event[k + 2]]++;
      d[(size_t)(uint32_t)time[k + 3] * width + event[k + 3]]++;
    }
  }
  for (; i < n; i++)
    a[(size_t)(uint32_t)time[i] * width + event[i]]++;
}

/* One group, no entries, no weights, no time beyond the table; false: an event is beyond it, nothing was counted. */
static bool count_plain(const dense *d, uint32_t *table, size_t from, size_t to)
{
  const int32_t *time = d->rows->time + from;
  const uint8_t *event = d->rows->event + from;
  if (!events_inside(d, from, to))
    return false;
  if (d->n_ends == 2)
    count_in_turn(table, d->n_items, time, event, to - from, 2);
  else
    count_in_turn(table, d->n_items, time, event, to - from, d->n_ends);
  return true;
}

static void count_rows(const dense *d, uint32_t *table, size_t from, size_t to)
{
  for (size_t i = from; i < to; i++) {
    int32_t time, entry;
    uint32_t event;
    if (!row_of(d->rows, i, &time, &event, &entry))
      continue;
    table[end_item(d, i, time, event)]++;
    if (entry > 0)
      d->entries[entry_item(d, i, entry)]++;
  }
}

/* Adds the short counters to the table and clears them. */
static void flush(const dense *d, uint32_t *table, uint16_t *brief)
{
  for (size_t i = 0; i < d->n_items; i++)
    table[i] += brief[i];
  memset(brief, 0, d->n_items * sizeof *brief);
}

static inline void count_line(uint16_t *brief, size_t all, size_t width, const uint32_t *group, const int32_t *time,
                              const uint8_t *event)
{
  FETCH(group);
  FETCH(time);
  FETCH(event);
  for (size_t k = 0; k < LINE_ROWS; k++)
    brief[group[k] * all + (uint32_t)time[k] * width + event[k]]++;
}

/* The same with groups; in counters of two bytes where there are any, of which more stay in the nearest cache. False:
 * something is out of range, and nothing was counted. */
static bool count_groups(const dense *d, uint32_t *table, uint16_t *brief, size_t from, size_t to)
{
  const int32_t *time = d->rows->time;
  const uint8_t *event = d->rows->event;
  const uint32_t *group = d->rows->groups;
  size_t width = d->n_ends, all = d->width * width, i = from;
  if (!groups_inside(d, from, to) || !events_inside(d, from, to))
    return false;
  for (; brief != NULL && width == 2 && i + LINE_ROWS <= to; i += LINE_ROWS)
    count_line(brief, all, 2, group + i, time + i, event + i);
  for (; brief != NULL && i + LINE_ROWS <= to; i += LINE_ROWS)
    count_line(brief, all, width, group + i, time + i, event + i);
  for (; i < to; i++)
    table[group[i] * all + (uint32_t)time[i] * width + event[i]]++;
  return true;
}

static fm_status count_task(void *ctx, size_t task)
{
  dense *d = ctx;
  const fm__day_rows *rows = d->rows;
  size_t from = task * d->n_per_task, end = from + d->n_per_task < rows->n ? from + d->n_per_task : rows->n;
  uint32_t *table = d->ends + task * d->n_twins * d->n_items;
  uint16_t *brief = d->brief != NULL ? d->brief + task * d->n_items : NULL;
  bool bare = rows->entry == NULL && rows->weight == NULL;
  size_t n_blocks = 0;
  d->bad[task] = SIZE_MAX;
  for (size_t to; from < end; from = to) {
    to = end - from < BLOCK_ROWS ? end : from + BLOCK_ROWS;
    bool inside = bare && times_inside(d, from, to);
    if (brief != NULL && n_blocks++ % BRIEF_BLOCKS == 0)
      flush(d, table, brief);
    if (inside && (rows->groups != NULL ? count_groups(d, table, brief, from, to) : count_plain(d, table, from, to)))
      continue;
    d->bad[task] = find_bad(rows, from, to);
    d->beyond[task] = d->guessed && !inside;
    if (d->bad[task] != SIZE_MAX || d->beyond[task])
      break;
    count_rows(d, table, from, to);
  }
  if (brief != NULL)
    flush(d, table, brief);
  return FM_OK;
}

/* Adds the weights of the rows: the tables hold the number of the cell of each item. */
static void weigh(const dense *d, fm__cells *cells)
{
  const fm__day_rows *rows = d->rows;
  for (size_t i = 0; i < rows->n; i++) {
    int32_t time, entry;
    uint32_t event;
    if (!row_of(rows, i, &time, &event, &entry))
      continue;
    fm__sum_add(&cells->sums[d->ends[end_item(d, i, time, event)]], rows->weight[i]);
    if (entry > 0)
      fm__sum_add(&cells->sums[d->entries[entry_item(d, i, entry)]], -rows->weight[i]);
  }
}

static void take_item(fm__cells *cells, uint32_t *item, uint64_t key)
{
  if (*item == 0)
    return;
  cells->keys[cells->n] = key;
  cells->counts[cells->n] = *item;
  *item = (uint32_t)cells->n++;
}

static fm_status cells_of_dense(fm__cells *out, dense *d, fm_error *err)
{
  size_t n = 0, n_entries = d->entries != NULL ? d->n_times : 0;
  for (size_t k = 1; k < d->n_twins * d->n_tasks; k++)
    for (size_t i = 0; i < d->n_items; i++)
      d->ends[i] += d->ends[k * d->n_items + i];
  for (size_t i = 0; i < d->n_items; i++)
    n += d->ends[i] != 0;
  for (size_t i = 0; i < n_entries; i++)
    n += d->entries[i] != 0;
  fm_status status = fm__cells_create(out, n, d->rows->weight != NULL, err);
  if (status != FM_OK)
    return status;
  for (size_t i = 0; i < d->n_times; i++) {
    uint64_t key = fm__cell_key(i / d->width, (int32_t)(i % d->width), 0);
    if (i < n_entries)
      take_item(out, &d->entries[i], key | FM__CELL_ENTER);
    for (size_t k = 0; k < d->n_ends; k++)
      take_item(out, &d->ends[d->n_ends * i + k], key | (FM__CELL_CENSOR + k));
  }
  if (d->rows->weight != NULL)
    weigh(d, out);
  return FM_OK;
}

static fm_status count_dense(fm__cells *out, dense *d, const fm_run *run, fm_error *err)
{
  const fm__day_rows *rows = d->rows;
  size_t wanted = rows->n / TASK_ROWS < MAX_TASKS ? rows->n / TASK_ROWS : MAX_TASKS;
  bool parallel = run != NULL && run->execute != NULL && rows->entry == NULL && d->n_items <= DENSE_FREE;
  d->n_tasks = parallel && wanted > 1 ? wanted : 1;
  d->n_per_task = rows->n / d->n_tasks + (rows->n % d->n_tasks != 0);
  bool brief = rows->groups != NULL && rows->entry == NULL && rows->weight == NULL && d->n_items <= BRIEF_ITEMS;
  d->n_twins = rows->groups == NULL ? TWINS : 1;
  size_t n_all;
  if (fm__multiply(d->n_items, d->n_twins * d->n_tasks, &n_all))
    d->ends = fm__array(n_all, sizeof *d->ends);
  if (rows->entry != NULL)
    d->entries = fm__array(d->n_times, sizeof *d->entries);
  if (brief)
    d->brief = fm__array(d->n_items * d->n_tasks, sizeof *d->brief);
  bool made = d->ends != NULL && (rows->entry == NULL || d->entries != NULL) && (!brief || d->brief != NULL);
  fm_status status = made ? FM_OK : fm__no_memory(err);
  if (status == FM_OK)
    status = fm__run_tasks(run, count_task, d, d->n_tasks, err);
  bool beyond = false;
  for (size_t k = 0; k < d->n_tasks && status == FM_OK; k++) {
    beyond = beyond || d->beyond[k];
    if (!beyond && d->bad[k] != SIZE_MAX)
      status = refuse(rows, d->bad[k], err);
  }
  if (status == FM_OK && !beyond)
    status = cells_of_dense(out, d, err);
  fm__free(d->ends);
  fm__free(d->entries);
  fm__free(d->brief);
  d->ends = d->entries = NULL;
  d->brief = NULL;
  d->too_narrow = beyond;
  return status;
}

static size_t make_items(fm__item *items, const fm__day_rows *rows)
{
  size_t n = 0;
  for (size_t i = 0; i < rows->n; i++) {
    int32_t time, entry;
    uint32_t event;
    if (!row_of(rows, i, &time, &event, &entry))
      continue;
    uint64_t group = rows->groups != NULL ? rows->groups[i] : 0;
    uint32_t kind = FM__CELL_CENSOR + event;
    items[n++] = (fm__item){.key = fm__cell_key(group, time, kind), .value = i};
    if (entry > 0)
      items[n++] = (fm__item){.key = fm__cell_key(group, entry, FM__CELL_ENTER), .value = i};
  }
  return n;
}

static void fill_sorted(fm__cells *out, const fm__item *items, size_t n, const fm__day_rows *rows)
{
  for (size_t i = 0; i < n; i++) {
    size_t row = (size_t)items[i].value;
    uint64_t count = rows->count != NULL ? rows->count[row] : 1;
    if (i == 0 || items[i].key != items[i - 1].key)
      out->keys[out->n++] = items[i].key;
    out->counts[out->n - 1] += count;
    double sign = fm__cell_kind(items[i].key) == FM__CELL_ENTER ? -1 : 1;
    if (rows->weight != NULL)
      fm__retention_add_times(&out->sums[out->n - 1], sign * rows->weight[row], count);
  }
}

static fm_status count_sorted(fm__cells *out, const fm__day_rows *rows, fm_error *err)
{
  size_t most = 0, n = 0, n_cells = 0, bad = find_bad(rows, 0, rows->n);
  if (bad != SIZE_MAX)
    return refuse(rows, bad, err);
  bool fits = fm__multiply(rows->n, rows->entry != NULL ? 2 : 1, &most);
  fm__item *items = fits ? fm__array(most, sizeof *items) : NULL;
  fm__item *scratch = fits ? fm__array(most, sizeof *scratch) : NULL;
  fm_status status = items != NULL && scratch != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK) {
    n = make_items(items, rows);
    fm__sort_items(items, scratch, n);
    for (size_t i = 0; i < n; i++)
      n_cells += i == 0 || items[i].key != items[i - 1].key;
    status = fm__cells_create(out, n_cells, rows->weight != NULL, err);
  }
  if (status == FM_OK)
    fill_sorted(out, items, n, rows);
  fm__free(items);
  fm__free(scratch);
  return status;
}

static bool table_size(dense *d, int32_t last)
{
  d->width = (size_t)last + 1;
  d->n_ends = 1 + (d->rows->n_causes > 1 ? d->rows->n_causes : 1);
  return fm__multiply(d->width, d->rows->n_groups, &d->n_times) && fm__multiply(d->n_times, d->n_ends, &d->n_items);
}

static fm_status check_sizes(const fm__day_rows *rows, fm_error *err)
{
  if (rows->n > UINT32_MAX)
    return fm__fail(err, FM_ERR_LIMIT, "%zu rows at once; one call takes at most 4294967295", rows->n);
  if (rows->n_groups > FM__MOST_CELL_GROUPS)
    return fm__fail(err, FM_ERR_LIMIT, "%zu groups and strata; at most %d can be told apart", rows->n_groups,
                    (int)FM__MOST_CELL_GROUPS);
  if (rows->n_causes > FM__MOST_CAUSES)
    return fm__fail(err, FM_ERR_LIMIT, "%d causes; at most %d can be told apart", (int)rows->n_causes,
                    (int)FM__MOST_CAUSES);
  return FM_OK;
}

fm_status fm__day_rows_check(const fm__day_rows *rows, fm_error *err)
{
  fm_status status = check_sizes(rows, err);
  if (status != FM_OK)
    return status;
  size_t bad = find_bad(rows, 0, rows->n);
  return bad == SIZE_MAX ? FM_OK : refuse(rows, bad, err);
}

static bool is_small(const dense *d)
{
  return d->n_items <= DENSE_FREE || d->n_items <= d->rows->n;
}

/* The width without a pass over all times: where `last` gives it, or as the first rows say. */
static bool guess_size(dense *d)
{
  const fm__day_rows *rows = d->rows;
  if (rows->last >= 0)
    return table_size(d, rows->last) && d->n_items <= DENSE_FREE;
  if (rows->entry != NULL || rows->weight != NULL || rows->n < FIRST_ROWS)
    return false;
  int32_t longest = longest_time(rows, FIRST_ROWS);
  d->guessed = true;
  return longest < INT32_MAX / 2 && table_size(d, longest + longest / 4) && is_small(d);
}

static bool find_size(dense *d)
{
  int32_t longest = longest_time(d->rows, d->rows->n), last = d->rows->last;
  return table_size(d, last >= 0 && last < longest ? last : longest) && is_small(d);
}

static fm_status count_all(fm__cells *out, const fm__day_rows *rows, const fm_run *run, fm_error *err)
{
  dense d = {.rows = rows};
  if (rows->count != NULL)
    return count_sorted(out, rows, err);
  if (guess_size(&d)) {
    fm_status status = count_dense(out, &d, run, err);
    if (status != FM_OK || !d.too_narrow)
      return status;
  }
  d = (dense){.rows = rows};
  return find_size(&d) ? count_dense(out, &d, run, err) : count_sorted(out, rows, err);
}

fm_status fm__cells_count(fm__cells *out, const fm__day_rows *rows, const fm_run *run, fm_error *err)
{
  *out = (fm__cells){0};
  fm_status status = check_sizes(rows, err);
  if (status == FM_OK)
    status = fm__run_progress(run, 0, err);
  if (status != FM_OK)
    return status;
  status = count_all(out, rows, run, err);
  if (status == FM_OK)
    status = fm__run_progress(run, 1, err);
  if (status != FM_OK)
    fm__cells_free(out);
  return status;
}
