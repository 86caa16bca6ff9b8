/* programme.support: reach and dose of upskilling, aftercare, mentors and the like. */
#include "flexmetrics/programme_support.h"
#include "programme/initiatives_priv.h"

#include <math.h>

enum { REACHED }; /* the one flag of people */
enum { SUPPORTS, HOURS_KNOWN, COST_KNOWN, N_COUNTS };
enum { DAYS, HOURS, COST, N_SUMS };
enum { ALL, KINDS };

static fm_status add_rows(void *fresh, const fm_table *frame, fm_error *err);

static const fm__rolls_kind kind = {
    .id = "programme.support",
    .n = 2,
    .rolls = {{.n_counts = N_COUNTS, .n_sums = N_SUMS}, {.after = "support", .n_counts = N_COUNTS, .n_sums = N_SUMS}},
    .add_rows = add_rows};

/* ---- adding ---- */

typedef struct columns {
  const fm_table *frame;
  size_t support, days, hours, cost;
  fm__ids people;
  uint32_t *map[2];
} columns;

static fm_status open_columns(columns *c, fm__rolls *s, const fm_table *frame, fm_error *err)
{
  *c = (columns){.frame = frame};
  fm_status status = fm__table_find(frame, "support", FM_CODE, &c->support, err);
  if (status == FM_OK)
    status = fm__table_find(frame, "days", FM_I32, &c->days, err);
  if (status == FM_OK)
    status = fm__table_find(frame, "hours", FM_F64, &c->hours, err);
  if (status == FM_OK)
    status = fm__table_find(frame, "cost", FM_F64, &c->cost, err);
  if (status == FM_OK)
    status = fm__ids_open(&c->people, frame, "person_id", err);
  for (size_t k = 0; k < kind.n && status == FM_OK; k++)
    status = fm__roll_map(&s->roll[k], frame, &c->map[k], err);
  return status;
}

/* NaN when missing; FM_ERR_VALUE below 0 or not finite. */
static fm_status amount(double *out, const columns *c, size_t column, size_t row, fm_error *err)
{
  bool known = !fm_table_is_null(c->frame, column, row);
  *out = (double)NAN;
  if (known && fm_table_column_type(c->frame, column) == FM_I32)
    *out = fm_table_i32(c->frame, column)[row];
  else if (known)
    *out = fm_table_f64(c->frame, column)[row];
  if (!known || (*out >= 0 && *out < (double)INFINITY))
    return FM_OK;
  const char *name = fm_table_column_name(c->frame, column);
  fm__fail(err, FM_ERR_VALUE, "column %s, row %zu: expected a number of 0 or more", name, row);
  fm__error_place(err, fm_table_name(c->frame), name, (int64_t)column, (int64_t)row, fm_table_line(c->frame, row));
  return FM_ERR_VALUE;
}

static void count(fm__roll *r, uint32_t group, const double *amounts)
{
  int64_t *n = fm__roll_counts(r, group);
  fm__sum *sums = fm__roll_sums(r, group);
  n[SUPPORTS]++;
  n[HOURS_KNOWN] += !isnan(amounts[HOURS]);
  n[COST_KNOWN] += !isnan(amounts[COST]);
  for (size_t k = 0; k < N_SUMS; k++)
    if (!isnan(amounts[k]))
      fm__sum_add(&sums[k], amounts[k]);
}

static fm_status add_row(fm__rolls *s, const columns *c, size_t row, fm_error *err)
{
  const size_t of[N_SUMS] = {c->days, c->hours, c->cost};
  double amounts[N_SUMS];
  fm_status status = FM_OK;
  bool some = !fm_table_is_null(c->frame, c->support, row);
  for (size_t k = 0; k < N_SUMS && status == FM_OK; k++)
    status = amount(&amounts[k], c, of[k], row, err);
  for (size_t k = 0; k < kind.n && status == FM_OK; k++) {
    uint32_t group = c->map[k] != NULL ? c->map[k][row] : 0;
    if (some)
      count(&s->roll[k], group, amounts);
    if (!fm__people_add(&s->roll[k].people, group, fm__ids_at(&c->people, row), some ? 1U << REACHED : 0))
      status = fm__no_memory(err);
  }
  return status;
}

static fm_status add_rows(void *fresh, const fm_table *frame, fm_error *err)
{
  columns c;
  fm_status status = open_columns(&c, fresh, frame, err);
  for (size_t i = 0; i < fm_table_n_rows(frame) && status == FM_OK; i++)
    status = add_row(fresh, &c, i, err);
  fm__ids_close(&c.people);
  for (size_t k = 0; k < kind.n; k++)
    fm__free(c.map[k]);
  return status;
}

/* ---- result ---- */

static void put_value(fm__result *r, const char *quantity, const char *unit, double value, int64_t n, int64_t people,
                      const char *state)
{
  fm__figure f = fm__figure_of(quantity, unit);
  f.n = n;
  f.people = people;
  if (state != NULL)
    f.state = state;
  else
    f.value = value;
  fm__result_add(r, &f);
}

static void put_sum(fm__result *r, const char *const names[2], const char *unit, const fm__sum *sum, int64_t known,
                    int64_t supports, int64_t reached)
{
  const char *state = known > 0 ? NULL : supports > 0 ? FM__NOT_GIVEN : FM__EMPTY;
  double total = fm__sum_value(sum);
  put_value(r, names[0], unit, total, known, reached, state);
  put_value(r, names[1], unit, total / (double)known, known, reached, state);
}

static void put_dose(fm__result *r, const fm__roll *roll, uint32_t group, int64_t people, int64_t reached, double level)
{
  static const char *const days[] = {"days", "days_mean"}, *const hours[] = {"hours", "hours_mean"},
                           *const cost[] = {"cost", "cost_mean"};
  const int64_t *n = fm__roll_counts(roll, group);
  const fm__sum *sums = fm__roll_sums(roll, group);
  fm__roll_put_count(r, "people", people, people, NULL);
  fm__roll_put_count(r, "reached", reached, reached, NULL);
  fm__roll_put_share(r, "reached_share", reached, people, people, level, NULL);
  fm__roll_put_count(r, "supports", n[SUPPORTS], reached, NULL);
  put_value(r, "supports_per_person", "ratio", (double)n[SUPPORTS] / (double)reached, reached, reached,
            reached > 0 ? NULL : FM__EMPTY);
  put_sum(r, days, "days", &sums[DAYS], n[SUPPORTS], n[SUPPORTS], reached);
  fm__roll_put_count(r, "hours_known", n[HOURS_KNOWN], reached, NULL);
  put_sum(r, hours, "hours", &sums[HOURS], n[HOURS_KNOWN], n[SUPPORTS], reached);
  fm__roll_put_count(r, "cost_known", n[COST_KNOWN], reached, NULL);
  put_sum(r, cost, "money", &sums[COST], n[COST_KNOWN], n[SUPPORTS], reached);
}

static fm_status put_group(fm__result *r, const fm__rolls *s, uint32_t group, const int64_t *all, const int64_t *kinds,
                           fm_error *err)
{
  const fm__roll *base = &s->roll[ALL], *by_kind = &s->roll[KINDS];
  size_t key = fm__groups_n_columns(base->groups), n;
  uint32_t *under = NULL;
  int64_t people = all[2 * group];
  fm__result_group(r, base->groups, group);
  fm__result_key_null(r, key);
  put_dose(r, base, group, people, all[2 * group + 1], s->level);
  fm_status status = fm__roll_under(&under, &n, by_kind, base, group, false, err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    size_t length = 0;
    const char *text = fm__groups_text(by_kind->groups, under[i], key, &length);
    if (text == NULL)
      continue;
    fm__result_key_text(r, key, text, length);
    put_dose(r, by_kind, under[i], people, kinds[2 * under[i] + 1], s->level);
  }
  fm__free(under);
  return status;
}

static fm_status result(void *p, fm_table **out, const fm_run *run, fm_error *err)
{
  static const fm__key support = {"support", FM_CODE};
  static const fm__roll_ask asks[] = {{0}, {.all = 1U << REACHED}};
  fm__rolls *s = p;
  int64_t *all = NULL, *kinds = NULL;
  uint32_t *order = NULL;
  fm__result *r = NULL;
  (void)run;
  fm_status status = fm__roll_people(&all, &s->roll[ALL], asks, 2, err);
  if (status == FM_OK)
    status = fm__roll_people(&kinds, &s->roll[KINDS], asks, 2, err);
  if (status == FM_OK)
    status = fm__groups_order(s->roll[ALL].groups, &order, err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&r, kind.id, "supports", s->roll[ALL].groups, &support, 1, err);
  for (size_t i = 0; i < s->roll[ALL].n && status == FM_OK; i++)
    status = put_group(r, s, order[i], all, kinds, err);
  if (status == FM_OK)
    status = fm__result_finish(r, out, err);
  else
    fm__result_destroy(r);
  fm__free(order);
  fm__free(all);
  fm__free(kinds);
  return status;
}

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  (void)text;
  return fm__initiatives_open(state, &kind, spec, err);
}

static const fm__measure measure = {.id = "programme.support",
                                    .state_version = 1,
                                    FM__INITIATIVES_SPEC,
                                    .open = open,
                                    .result = result,
                                    FM__MEASURE_ROLLS};

FM__MEASURE_CALLS(fm_programme_support, fm_programme_initiatives_spec)
