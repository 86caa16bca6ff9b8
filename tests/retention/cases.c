#include "retention/cases.h"

#include <string.h>

typedef struct arrays {
  int32_t *time, *entry;
  uint8_t *event;
  double *weight;
  char **group;
  int32_t *cluster;
  size_t n;
} arrays;

static void *room(size_t n, size_t size)
{
  void *out = calloc(n + 1, size);
  ck_assert_ptr_nonnull(out);
  return out;
}

static fm_table *table_of(arrays a, const frame_columns *from)
{
  bool entry = from->entry != NULL, group = from->group != NULL, weight = from->weight != NULL;
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_table_create(&t, "frame", &err), &err);
  fm_assert_ok(fm_table_add_i32(t, "time_days", a.time, NULL, a.n, free, a.time, &err), &err);
  fm_assert_ok(fm_table_add_bool(t, "event", a.event, NULL, a.n, free, a.event, &err), &err);
  if (entry)
    fm_assert_ok(fm_table_add_i32(t, "entry_days", a.entry, NULL, a.n, free, a.entry, &err), &err);
  else
    free(a.entry);
  if (weight)
    fm_assert_ok(fm_table_add_f64(t, "weight", a.weight, NULL, a.n, free, a.weight, &err), &err);
  else
    free(a.weight);
  if (from->cluster != NULL)
    fm_assert_ok(fm_table_add_i32(t, "cluster", a.cluster, NULL, a.n, free, a.cluster, &err), &err);
  else
    free(a.cluster);
  if (group)
    fm_assert_ok(fm_table_add_text(t, "group", (const char *const *)(void *)a.group, a.n, &err), &err);
  for (size_t i = 0; i < a.n; i++)
    free(a.group[i]);
  free(a.group);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  return t;
}

static arrays arrays_of(size_t n)
{
  return (arrays){.time = room(n, sizeof(int32_t)),
                  .entry = room(n, sizeof(int32_t)),
                  .event = room(n, 1),
                  .weight = room(n, sizeof(double)),
                  .group = room(n, sizeof(char *)),
                  .cluster = room(n, sizeof(int32_t))};
}

fm_table *frame_of(const frame_columns *from)
{
  char name[128] = "retention/";
  strncat(name, from->file, 100);
  fm_oracle *o = fm_oracle_open(name);
  size_t n = fm_oracle_n_rows(o);
  arrays a = arrays_of(n);
  for (size_t i = 0; i < n; i++) {
    if (from->only != NULL && strcmp(fm_oracle_text(o, i, "case"), from->only) != 0)
      continue; /* other cases may have times beyond 32 bits */
    int32_t time = (int32_t)fm_oracle_number(o, i, from->time);
    int32_t entry = from->entry != NULL ? (int32_t)fm_oracle_number(o, i, from->entry) : 0;
    if (entry > 0 && entry >= time)
      continue;
    a.time[a.n] = time;
    a.entry[a.n] = entry;
    a.event[a.n] = fm_oracle_number(o, i, from->event) > 0;
    a.cluster[a.n] = from->cluster != NULL ? (int32_t)fm_oracle_number(o, i, from->cluster) : 0;
    a.weight[a.n] = from->weight != NULL ? fm_oracle_number(o, i, from->weight) : 1;
    const char *group = from->group != NULL ? fm_oracle_text(o, i, from->group) : "all";
    a.group[a.n] = room(strlen(group), 1);
    memcpy(a.group[a.n++], group, strlen(group));
  }
  fm_oracle_close(o);
  ck_assert(a.n > 0);
  return table_of(a, from);
}

static size_t column(const fm_table *t, const char *name)
{
  return (size_t)fm_table_column_index(t, name);
}

fm_table *frame_pick(const fm_table *frame, const size_t *rows, size_t n)
{
  bool entry = fm_table_column_index(frame, "entry_days") >= 0, group = fm_table_column_index(frame, "group") >= 0;
  bool weight = fm_table_column_index(frame, "weight") >= 0;
  arrays a = arrays_of(n);
  a.n = n;
  for (size_t i = 0; i < n; i++) {
    a.time[i] = fm_table_i32(frame, column(frame, "time_days"))[rows[i]];
    a.event[i] = fm_table_bool(frame, column(frame, "event"))[rows[i]];
    if (entry)
      a.entry[i] = fm_table_i32(frame, column(frame, "entry_days"))[rows[i]];
    if (weight)
      a.weight[i] = fm_table_f64(frame, column(frame, "weight"))[rows[i]];
    const char *text = group ? fm_test_text(frame, "group", rows[i]) : "";
    a.group[i] = room(strlen(text), 1);
    memcpy(a.group[i], text, strlen(text));
  }
  return table_of(
      a, &(frame_columns){.entry = entry ? "" : NULL, .group = group ? "" : NULL, .weight = weight ? "" : NULL});
}

size_t next_random(uint64_t *state, size_t below)
{
  *state = *state * 6364136223846793005U + 1442695040888963407U;
  return (size_t)(*state >> 33) % below;
}

static double number_at(const fm_table *t, size_t k, size_t row)
{
  if (fm_table_f64(t, k) != NULL)
    return fm_table_f64(t, k)[row];
  return fm_table_i64(t, k) != NULL ? (double)fm_table_i64(t, k)[row] : fm_table_i32(t, k)[row];
}

/* Each assertion of check costs a write: only a difference is worth one. */
static bool same_cell(const fm_table *a, const fm_table *b, size_t k, size_t row, bool text)
{
  if (fm_table_is_null(a, k, row) || fm_table_is_null(b, k, row))
    return fm_table_is_null(a, k, row) == fm_table_is_null(b, k, row);
  if (text)
    return strcmp(fm_table_text(a, k, row, NULL), fm_table_text(b, k, row, NULL)) == 0;
  double x = number_at(a, k, row), y = number_at(b, k, row);
  return memcmp(&x, &y, sizeof x) == 0;
}

void assert_same_table(const char *label, const fm_table *a, const fm_table *b)
{
  size_t n = fm_table_n_rows(a);
  ck_assert_msg(n == fm_table_n_rows(b), "%s: %zu and %zu rows", label, n, fm_table_n_rows(b));
  ck_assert_uint_eq(fm_table_n_columns(a), fm_table_n_columns(b));
  for (size_t k = 0; k < fm_table_n_columns(a); k++) {
    const char *name = fm_table_column_name(a, k);
    ck_assert_str_eq(name, fm_table_column_name(b, k));
    bool text = fm_table_column_type(a, k) == FM_CODE;
    for (size_t i = 0; i < n; i++)
      if (!same_cell(a, b, k, i, text))
        ck_abort_msg("%s: %s of row %zu differs", label, name, i);
  }
}

void assert_same_saved(const char *label, const fm_tally *a, const fm_tally *b)
{
  fm_error err = FM_ERROR_INIT;
  void *x, *y;
  size_t n, m;
  fm_assert_ok(fm_tally_save(&x, &n, a, &err), &err);
  fm_assert_ok(fm_tally_save(&y, &m, b, &err), &err);
  ck_assert_msg(n == m && memcmp(x, y, n) == 0, "%s: saved bytes differ (%zu and %zu)", label, n, m);
  fm_free(x);
  fm_free(y);
}

static void assert_refused(fresh_tally fresh, const uint8_t *bytes, size_t n, size_t at)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t = fresh();
  fm_status status = fm_tally_load(t, bytes, n, &err);
  ck_assert_msg(status == FM_ERR_FORMAT || status == FM_ERR_MISMATCH, "damage at %zu of %zu bytes gives %s", at, n,
                fm_status_name(status));
  fm_tally_destroy(t);
}

void assert_saved(const fm_tally *tally, fresh_tally fresh)
{
  fm_error err = FM_ERROR_INIT;
  void *saved;
  size_t n;
  fm_assert_ok(fm_tally_save(&saved, &n, tally, &err), &err);
  fm_tally *again = fresh();
  fm_assert_ok(fm_tally_load(again, saved, n, &err), &err);
  assert_same_saved("loaded", tally, again);
  fm_table *a, *b;
  fm_assert_ok(fm_tally_result(&a, tally, NULL, &err), &err);
  fm_assert_ok(fm_tally_result(&b, again, NULL, &err), &err);
  assert_same_table("loaded", a, b);
  if (fm_table_n_rows(a) > 0)
    ck_assert_int_eq(fm_tally_load(again, saved, n, &err), FM_ERR_STATE);
  uint8_t *damaged = malloc(n);
  for (size_t i = 0; i < n; i++)
    assert_refused(fresh, saved, i, i);
  for (size_t i = 0; i < n; i++) {
    memcpy(damaged, saved, n);
    damaged[i] ^= (uint8_t)(1U << (i % 8));
    assert_refused(fresh, damaged, n, i);
  }
  free(damaged);
  fm_free(saved);
  fm_table_destroy(a);
  fm_table_destroy(b);
  fm_tally_destroy(again);
}
