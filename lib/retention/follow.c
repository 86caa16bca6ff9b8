/* The state of follow-up: making, merging, bytes. */
#include <string.h>

#include "retention/follow_state_priv.h"
#include "retention/retention_priv.h"

typedef struct clock_names {
  const char *clock, *time, *entry;
} clock_names;

static const clock_names clocks[] = {{"days", "time_days", "entry_days"},
                                     {"weeks", "time_weeks", "entry_weeks"},
                                     {"months", "time_months", "entry_months"}};

void fm__follow_destroy(fm__follow *f)
{
  if (f == NULL)
    return;
  for (size_t k = 0; k < FM__FOLLOW_SETS; k++)
    fm__groups_destroy(f->sets[k]);
  fm__rows_destroy(f->rows);
  fm__cells_free(&f->cells);
  fm__free(f->by);
  fm__free(f->strata);
  fm__free(f->weight);
  fm__free(f->cluster);
  fm__free(f);
}

static fm_status take_clock(fm__follow *f, const char *clock, fm_error *err)
{
  const char *wanted = clock != NULL && clock[0] != '\0' ? clock : clocks[0].clock;
  for (size_t k = 0; k < FM__COUNT(clocks); k++)
    if (strcmp(clocks[k].clock, wanted) == 0) {
      f->clock = clocks[k].clock;
      f->time_column = clocks[k].time;
      f->entry_column = clocks[k].entry;
      return FM_OK;
    }
  return fm__fail(err, FM_ERR_ARGUMENT, "%s: clock is \"%s\", expected days, weeks or months", f->measure, wanted);
}

static fm_status copy_texts(fm__follow *f, const fm__follow_spec *spec, fm_error *err)
{
  fm_status status = fm__retention_text(&f->by, spec->by, NULL, err);
  if (status == FM_OK)
    status = fm__retention_text(&f->strata, spec->strata, NULL, err);
  if (status == FM_OK)
    status = fm__retention_text(&f->weight, spec->weight, NULL, err);
  if (status == FM_OK)
    status = fm__retention_text(&f->cluster, spec->cluster, NULL, err);
  f->spec = (fm__follow_spec){
      f->by, f->strata, f->weight, f->cluster, f->clock, spec->by_cause, spec->keep || f->cluster != NULL};
  return status;
}

static fm_status create_holders(fm__follow *f, fm_error *err)
{
  const char *ids[FM__FOLLOW_SETS] = {f->by, f->cluster, f->strata, f->spec.by_cause ? "cause" : NULL};
  if (f->spec.keep) {
    /* Where a number has no column any other will do: fm__follow_add sets what it is. */
    const fm__rows_number numbers[FM__FOLLOW_NUMBERS] = {
        {f->time_column, 0},
        {f->entry_column, FM__OPTIONAL},
        {f->spec.by_cause ? f->time_column : "event", 0},
        {f->weight != NULL ? f->weight : f->time_column, 0},
    };
    return fm__rows_create(&f->rows, numbers, FM__FOLLOW_NUMBERS, ids, FM__FOLLOW_SETS, err);
  }
  fm_status status = FM_OK;
  for (size_t k = 0; k < FM__FOLLOW_SETS && status == FM_OK; k++)
    if (k != FM__FOLLOW_CLUSTER)
      status = fm__groups_create(&f->sets[k], ids[k], err);
  return status;
}

fm_status fm__follow_create(fm__follow **out, const fm__follow_spec *spec, const char *measure, fm_error *err)
{
  fm__follow *f = fm__array(1, sizeof *f);
  *out = NULL;
  if (f == NULL)
    return fm__no_memory(err);
  f->measure = measure;
  f->n_keyed = 1;
  fm_status status = take_clock(f, spec->clock, err);
  if (status == FM_OK)
    status = copy_texts(f, spec, err);
  if (status == FM_OK)
    status = create_holders(f, err);
  if (status != FM_OK) {
    fm__follow_destroy(f);
    return status;
  }
  *out = f;
  return FM_OK;
}

const fm__follow_spec *fm__follow_spec_of(const fm__follow *f)
{
  return &f->spec;
}

const char *fm__follow_time_column(const fm__follow *f)
{
  return f->time_column;
}

const fm__groups *fm__follow_set(const fm__follow *f, size_t k)
{
  return f->rows != NULL ? fm__rows_ids(f->rows, k) : f->sets[k];
}

bool fm__follow_is_empty(const fm__follow *f)
{
  if (f->rows != NULL)
    return fm__rows_is_empty(f->rows);
  for (size_t k = 0; k < FM__FOLLOW_SETS; k++)
    if (f->sets[k] != NULL && fm__groups_n_columns(f->sets[k]) > 0 && fm__groups_count(f->sets[k]) > 0)
      return false;
  return f->cells.n == 0;
}

/* ---- keys of cells ---- */

fm_status fm__follow_codes(uint8_t **out, size_t *n, const fm__groups *causes, fm_error *err)
{
  size_t n_groups = fm__groups_count(causes), length;
  *n = 0;
  *out = fm__array(n_groups, sizeof **out);
  if (*out == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n_groups && fm__groups_n_columns(causes) > 0; i++) {
    const char *text = fm__groups_text(causes, i, 0, &length);
    if (text == NULL || length == 0)
      continue;
    if (*n == FM__MOST_CAUSES) {
      fm__free(*out);
      *out = NULL;
      return fm__fail(err, FM_ERR_LIMIT, "column cause has more than %d causes; at most so many can be told apart",
                      (int)FM__MOST_CAUSES);
    }
    (*out)[i] = (uint8_t)++ * n;
  }
  return FM_OK;
}

size_t fm__follow_n_cell_groups(const fm__follow *f)
{
  return fm__groups_count(fm__follow_set(f, FM__FOLLOW_BY)) * f->n_keyed;
}

fm_status fm__follow_widen(fm__follow *f, size_t n_groups, size_t n_strata, fm_error *err)
{
  size_t n_keyed = n_strata > f->n_keyed ? n_strata : f->n_keyed, product;
  if (!fm__multiply(n_groups, n_keyed, &product) || product > FM__MOST_CELL_GROUPS)
    return fm__fail(err, FM_ERR_LIMIT, "%s: %zu groups times %zu strata; at most %d can be told apart", f->measure,
                    n_groups, n_keyed, (int)FM__MOST_CELL_GROUPS);
  for (size_t i = 0; i < f->cells.n && n_keyed > f->n_keyed; i++) {
    uint64_t key = f->cells.keys[i], group = fm__cell_group(key);
    group = group / f->n_keyed * n_keyed + group % f->n_keyed;
    f->cells.keys[i] = fm__cell_key(group, fm__cell_time(key), fm__cell_kind(key));
  }
  f->reduced = f->reduced && n_keyed == f->n_keyed;
  f->n_keyed = n_keyed;
  return FM_OK;
}

/* ---- merging ---- */

/* Kinds of other's cells under the numbers of f; `map`: the number in f of each of other's groups of column cause. */
static fm_status rename_kinds(uint8_t *kinds, const fm__follow *f, const fm__follow *other, const uint32_t *map,
                              fm_error *err)
{
  uint8_t *old = NULL, *new = NULL;
  size_t n_old, n_new;
  const fm__groups *causes = other->sets[FM__FOLLOW_CAUSE];
  for (uint32_t kind = 0; kind <= FM__CELL_EVENT; kind++)
    kinds[kind] = (uint8_t)kind;
  fm_status status = fm__follow_codes(&old, &n_old, causes, err);
  if (status == FM_OK)
    status = fm__follow_codes(&new, &n_new, f->sets[FM__FOLLOW_CAUSE], err);
  for (size_t i = 0; status == FM_OK && i < fm__groups_count(causes); i++)
    if (old[i] > 0)
      kinds[FM__CELL_CENSOR + old[i]] = (uint8_t)(FM__CELL_CENSOR + new[map[i]]);
  fm__free(old);
  fm__free(new);
  return status;
}

/* Creates other's cells under the numbers of f; maps[k]: the new number of each old one of set k. */
static fm_status rename_cells(fm__cells *out, const fm__follow *f, const fm__follow *other, uint32_t *const *maps,
                              fm_error *err)
{
  uint8_t kinds[FM__CELL_EVENT + FM__MOST_CAUSES];
  fm__cells_room room = {0};
  *out = (fm__cells){0};
  fm_status status = rename_kinds(kinds, f, other, maps[FM__FOLLOW_CAUSE], err);
  if (status == FM_OK)
    status = fm__cells_room_create(&room, &other->cells, err);
  if (status != FM_OK)
    return status;
  for (size_t i = 0; i < other->cells.n; i++) {
    uint64_t key = other->cells.keys[i], group = fm__cell_group(key);
    uint32_t in_group = maps[FM__FOLLOW_BY][group / other->n_keyed];
    uint32_t in_stratum = maps[FM__FOLLOW_STRATUM][group % other->n_keyed];
    room.items[i].key =
        fm__cell_key((uint64_t)in_group * f->n_keyed + in_stratum, fm__cell_time(key), kinds[fm__cell_kind(key)]);
  }
  fm__cells_move(&room, &other->cells);
  *out = room.cells;
  room.cells = (fm__cells){0};
  fm__cells_room_free(&room);
  return FM_OK;
}

static fm_status merge_cells(fm__follow *f, const fm__follow *other, fm_error *err)
{
  uint32_t *maps[FM__FOLLOW_SETS] = {0};
  size_t before[FM__FOLLOW_SETS] = {0};
  fm__cells renamed = {0}, all = {0};
  fm_status status = FM_OK;
  for (size_t k = 0; k < FM__FOLLOW_SETS && status == FM_OK; k++) {
    if (f->sets[k] == NULL)
      continue;
    before[k] = fm__groups_count(f->sets[k]);
    status = fm__groups_absorb(f->sets[k], other->sets[k], &maps[k], err);
  }
  if (status == FM_OK)
    status = fm__follow_widen(f, fm__groups_count(f->sets[FM__FOLLOW_BY]),
                              fm__groups_count(f->sets[FM__FOLLOW_STRATUM]), err);
  if (status == FM_OK)
    status = rename_cells(&renamed, f, other, maps, err);
  if (status == FM_OK)
    status = fm__cells_merge(&all, &f->cells, &renamed, err);
  if (status == FM_OK) {
    fm__cells_free(&f->cells);
    f->cells = all;
    f->reduced = false;
  }
  for (size_t k = 0; k < FM__FOLLOW_SETS; k++) {
    if (status != FM_OK && maps[k] != NULL)
      fm__groups_truncate(f->sets[k], before[k]);
    fm__free(maps[k]);
  }
  fm__cells_free(&renamed);
  return status;
}

fm_status fm__follow_merge(fm__follow *f, const fm__follow *other, fm_error *err)
{
  if (f->rows == NULL)
    return merge_cells(f, other, err);
  fm_status status = fm__rows_merge(f->rows, other->rows, err);
  f->reduced = f->reduced && status != FM_OK;
  return status;
}

/* ---- bytes ---- */

fm_status fm__follow_save(fm__follow *f, fm__bytes *b, fm_error *err)
{
  if (f->rows != NULL)
    return fm__rows_save(f->rows, b, err);
  fm_status status = fm__follow_reduce(f, err);
  if (status != FM_OK)
    return status;
  for (size_t k = 0; k < FM__FOLLOW_SETS; k++)
    if (f->sets[k] != NULL)
      fm__groups_save(f->sets[k], NULL, b);
  fm__cells_save(&f->cells, b);
  return FM_OK;
}

static bool is_time(double x)
{
  return x >= 0 && x <= INT32_MAX && x == (double)(int32_t)x;
}

/* What fm__follow_add keeps of a row. */
static bool fits(const void *context, const double *numbers)
{
  const fm__follow *f = context;
  double time = numbers[FM__FOLLOW_TIME], entry = numbers[FM__FOLLOW_ENTRY], weight = numbers[FM__FOLLOW_WEIGHT];
  double event = numbers[FM__FOLLOW_EVENT];
  return is_time(time) && is_time(entry) && (entry < time || (time <= 0 && entry <= 0)) && weight > 0 &&
         (f->weight != NULL || weight == 1) && (event == 0 || (event == 1 && !f->spec.by_cause));
}

static fm_status load_cells(fm__follow *f, fm__reader *r, fm_error *err)
{
  uint8_t *codes = NULL;
  size_t n_causes = 1;
  fm_status status = FM_OK;
  for (size_t k = 0; k < FM__FOLLOW_SETS && status == FM_OK; k++) {
    if (f->sets[k] == NULL)
      continue;
    status = fm__groups_load(f->sets[k], r, err);
    if (status == FM_OK && !fm__groups_is_sorted(f->sets[k]))
      status =
          fm__fail(err, FM_ERR_FORMAT, "the saved tally of %s is damaged: its groups are not in order", f->measure);
  }
  if (status == FM_OK)
    status = fm__follow_widen(f, fm__groups_count(f->sets[FM__FOLLOW_BY]),
                              fm__groups_count(f->sets[FM__FOLLOW_STRATUM]), err);
  if (status == FM_OK && f->spec.by_cause)
    status = fm__follow_codes(&codes, &n_causes, f->sets[FM__FOLLOW_CAUSE], err);
  fm__free(codes);
  if (status == FM_ERR_LIMIT) /* no state of ours is beyond the limits */
    status = FM_ERR_FORMAT;
  if (status == FM_OK) {
    fm__cells_free(&f->cells); /* of no items, but made when an empty state was saved */
    status = fm__cells_load(&f->cells, f->weight != NULL, fm__follow_n_cell_groups(f), n_causes, r, err);
  }
  return status;
}

fm_status fm__follow_load(fm__follow *f, fm__reader *r, fm_error *err)
{
  f->reduced = false;
  return f->rows != NULL ? fm__rows_load(f->rows, r, fits, f, f->measure, err) : load_cells(f, r, err);
}

/* ---- of a state that begins with its follow-up ---- */

static fm__follow *of(const void *state)
{
  return *(fm__follow *const *)state;
}

fm_status fm__follows_add(void *state, const fm_table *frame, const fm_run *run, fm_error *err)
{
  return fm__follow_add(of(state), frame, run, err);
}

fm_status fm__follows_merge(void *state, const void *other, fm_error *err)
{
  return fm__follow_merge(of(state), of(other), err);
}

fm_status fm__follows_save(void *state, fm__bytes *b, fm_error *err)
{
  return fm__follow_save(of(state), b, err);
}

fm_status fm__follows_load(void *state, fm__reader *r, fm_error *err)
{
  return fm__follow_load(of(state), r, err);
}

bool fm__follows_is_empty(const void *state)
{
  return fm__follow_is_empty(of(state));
}
