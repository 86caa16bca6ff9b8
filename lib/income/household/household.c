/* Household size, equivalence scale and equivalised income of each person. */
#include "income/household/household_priv.h"

static const fm_income_household_spec defaults = FM_INCOME_HOUSEHOLD_SPEC_INIT;

void fm_income_household_spec_init(fm_income_household_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

typedef struct member_counts {
  size_t missing_ages, missing_incomes, unknown, negative, zero;
} member_counts; /* ages and incomes: persons; the others: households */

typedef struct households {
  const fm_income_household_spec *spec;
  const fm_table *people;
  fm__numbers income, age, weight;
  size_t n, n_households, key; /* key: the household's column */
  uint32_t *group;             /* of each row; NULL: all rows are one household's */
  size_t *start;               /* rows of household h: order[start[h] .. start[h + 1]) */
  size_t *order;
  int32_t *size;
  double *scale, *total, *equivalised;
  member_counts counts;
} households;

/* ---- spec and columns ---- */

static fm_status check_choice(const char *name, int32_t value, int32_t most, fm_error *err)
{
  if (value >= 0 && value <= most)
    return FM_OK;
  return fm__fail(err, FM_ERR_ARGUMENT, "%s: expected 0 to %d, got %d", name, (int)most, (int)value);
}

static fm_status take_spec(fm_income_household_spec *s, const fm_income_household_spec *spec, fm_error *err)
{
  *s = defaults;
  fm_status status = fm__spec_take(s, sizeof *s, spec, "fm_income_household_spec", err);
  if (status == FM_OK && (s->household == NULL || s->income == NULL || s->age == NULL))
    status = fm__fail(err, FM_ERR_ARGUMENT, "household, income, age: expected names of columns, got NULL");
  if (status == FM_OK && !(s->adult_age >= 0 && isfinite(s->adult_age)))
    status = fm__fail(err, FM_ERR_ARGUMENT, "adult_age: expected a finite age of at least 0");
  if (status == FM_OK)
    status = check_choice("scale", s->scale, FM_INCOME_SCALE_SQUARE_ROOT, err);
  if (status == FM_OK)
    status = check_choice("total", s->total, FM_INCOME_TOTAL_GIVEN, err);
  if (status == FM_OK)
    status = check_choice("missing_age", s->missing_age, FM_INCOME_AGE_ADULT, err);
  if (status == FM_OK)
    status = check_choice("missing", s->missing, FM_INCOME_MEMBER_ZERO, err);
  if (status == FM_OK)
    status = check_choice("negative", s->negative, FM_INCOME_NEGATIVE_ZERO, err);
  if (status == FM_OK)
    status = check_choice("zero", s->zero, FM_INCOME_ZERO_DROP, err);
  return status;
}

static fm_status find_columns(households *h, fm_error *err)
{
  const fm_income_household_spec *s = h->spec;
  fm_status status = fm__table_find(h->people, s->household, 0, &h->key, err);
  if (status == FM_OK)
    status = fm__numbers_find(&h->income, h->people, s->income, err);
  if (status == FM_OK && s->scale == FM_INCOME_SCALE_OECD_MODIFIED)
    status = fm__numbers_find(&h->age, h->people, s->age, err);
  if (status == FM_OK && s->weight != NULL)
    status = fm__numbers_find(&h->weight, h->people, s->weight, err);
  for (size_t i = 0; i < h->n && status == FM_OK; i++)
    if (!fm__bit(fm_table_validity(h->people, h->key), i))
      status = fm__column_bad(h->people, h->key, i, "a household", err);
  return status;
}

/* Rows by household, in their order within each. */
static fm_status group_rows(households *h, fm_error *err)
{
  fm__groups *groups = NULL;
  fm_status status = fm__groups_create(&groups, h->spec->household, err);
  if (status == FM_OK)
    status = fm__groups_map(groups, h->people, &h->group, err);
  h->n_households = status == FM_OK ? fm__groups_count(groups) : 0;
  fm__groups_destroy(groups);
  if (status != FM_OK)
    return status;
  h->start = fm__array(h->n_households + 2, sizeof *h->start);
  h->order = fm__array(h->n, sizeof *h->order);
  h->size = fm__array(h->n, sizeof *h->size);
  h->scale = fm__array(h->n, sizeof *h->scale);
  h->total = fm__array(h->n, sizeof *h->total);
  h->equivalised = fm__array(h->n, sizeof *h->equivalised);
  if (h->start == NULL || h->order == NULL || h->size == NULL || h->scale == NULL || h->total == NULL ||
      h->equivalised == NULL)
    return fm__no_memory(err);
  size_t *at = h->start + 1; /* one place on: filling moves each back to its household's end */
  for (size_t i = 0; i < h->n; i++)
    at[h->group[i] + 1]++;
  for (size_t k = 1; k <= h->n_households; k++)
    at[k] += at[k - 1];
  for (size_t i = 0; i < h->n; i++)
    h->order[at[h->group[i]]++] = i;
  return FM_OK;
}

/* ---- one household: the rows rows[0 .. n) ---- */

static fm_status oecd_scale(double *out, households *h, const size_t *rows, size_t n, fm_error *err)
{
  size_t adults = 0;
  for (size_t i = 0; i < n; i++) {
    double age = fm__numbers_at(&h->age, rows[i]);
    if (isnan(age) && h->spec->missing_age == FM_INCOME_AGE_ERROR)
      return fm__column_bad(h->people, h->age.column, rows[i], "an age", err);
    if (!isnan(age) && (age < 0 || isinf(age)))
      return fm__column_bad(h->people, h->age.column, rows[i], "a finite age of at least 0", err);
    h->counts.missing_ages += isnan(age) ? 1 : 0;
    adults += isnan(age) || age >= h->spec->adult_age;
  }
  /* in tenths, so that it is rounded once; where there is no adult the first child has weight 1 */
  size_t first_adult = adults > 0, tenths = 10 + 5 * (adults - first_adult) + 3 * (n - adults - (1 - first_adult));
  *out = (double)tenths / 10;
  return FM_OK;
}

static fm_status scale_of(double *out, households *h, const size_t *rows, size_t n, fm_error *err)
{
  if (h->spec->scale == FM_INCOME_SCALE_OECD_MODIFIED)
    return oecd_scale(out, h, rows, n, err);
  *out = h->spec->scale == FM_INCOME_SCALE_PER_HEAD ? (double)n : sqrt((double)n);
  return FM_OK;
}

/* NaN: unknown. */
static fm_status summed(double *out, households *h, const size_t *rows, size_t n, fm_error *err)
{
  fm__sum sum = {0};
  bool unknown = false;
  for (size_t i = 0; i < n; i++) {
    double x = fm__numbers_at(&h->income, rows[i]);
    if (isinf(x))
      return fm__column_bad(h->people, h->income.column, rows[i], "a finite income", err);
    if (isnan(x) && h->spec->missing == FM_INCOME_MEMBER_ERROR)
      return fm__column_bad(h->people, h->income.column, rows[i], "an income", err);
    h->counts.missing_incomes += isnan(x) ? 1 : 0;
    unknown = unknown || (isnan(x) && h->spec->missing == FM_INCOME_MEMBER_UNKNOWN);
    if (!isnan(x))
      fm__sum_add(&sum, x);
  }
  *out = unknown ? NAN : fm__sum_value(&sum);
  return isinf(*out) ? fm__column_bad(h->people, h->income.column, rows[0], "incomes with a finite sum", err) : FM_OK;
}

static fm_status given(double *out, households *h, const size_t *rows, size_t n, fm_error *err)
{
  double first = fm__numbers_at(&h->income, rows[0]);
  for (size_t i = 0; i < n; i++) {
    double x = fm__numbers_at(&h->income, rows[i]);
    if (isinf(x))
      return fm__column_bad(h->people, h->income.column, rows[i], "a finite income", err);
    if (x != first && !(isnan(x) && isnan(first)))
      return fm__column_bad(h->people, h->income.column, rows[i], "the household's total, the same for all its members",
                            err);
  }
  if (isnan(first) && h->spec->missing == FM_INCOME_MEMBER_ERROR)
    return fm__column_bad(h->people, h->income.column, rows[0], "an income", err);
  h->counts.missing_incomes += isnan(first) ? n : 0;
  *out = isnan(first) && h->spec->missing == FM_INCOME_MEMBER_ZERO ? 0 : first;
  return FM_OK;
}

/* The policies; each household is counted under what its income was found to be. */
static fm_status apply_policies(double *total, households *h, size_t row, fm_error *err)
{
  const fm_income_household_spec *s = h->spec;
  h->counts.unknown += isnan(*total) ? 1 : 0;
  if (*total < 0) {
    h->counts.negative++;
    if (s->negative == FM_INCOME_NEGATIVE_ERROR)
      return fm__column_bad(h->people, h->income.column, row, "a household income of at least 0", err);
    *total = s->negative == FM_INCOME_NEGATIVE_DROP ? NAN : s->negative == FM_INCOME_NEGATIVE_ZERO ? 0 : *total;
  } else if (*total == 0) {
    h->counts.zero++;
    if (s->zero == FM_INCOME_ZERO_ERROR)
      return fm__column_bad(h->people, h->income.column, row, "a household income other than 0", err);
    *total = s->zero == FM_INCOME_ZERO_DROP ? NAN : *total;
  }
  return FM_OK;
}

static fm_status household(households *h, size_t k, fm_error *err)
{
  const size_t *rows = h->order + h->start[k];
  size_t n = h->start[k + 1] - h->start[k];
  double scale = NAN, total = NAN;
  if (n > INT32_MAX)
    return fm__fail(err, FM_ERR_LIMIT, "a household has %zu members; at most %d can be counted", n, (int)INT32_MAX);
  fm_status status = scale_of(&scale, h, rows, n, err);
  if (status == FM_OK)
    status = (h->spec->total == FM_INCOME_TOTAL_SUM ? summed : given)(&total, h, rows, n, err);
  if (status == FM_OK)
    status = apply_policies(&total, h, rows[0], err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    h->size[rows[i]] = (int32_t)n;
    h->scale[rows[i]] = scale;
    h->total[rows[i]] = total;
    h->equivalised[rows[i]] = total / scale;
  }
  return status;
}

/* ---- the table ---- */

static fm_status add_notes(fm_table *t, const households *h, fm_error *err)
{
  static const char *const scales[] = {"oecd_modified", "per_head", "square_root"};
  const struct {
    const char *key;
    size_t n;
  } counts[] = {{"persons", h->n},
                {"households", h->n_households},
                {"missing_ages", h->counts.missing_ages},
                {"missing_incomes", h->counts.missing_incomes},
                {"unknown_households", h->counts.unknown},
                {"negative_households", h->counts.negative},
                {"zero_households", h->counts.zero}};
  fm__sum all = {0}, used = {0};
  fm_status status = fm_table_set_note(t, "equivalence_scale", scales[h->spec->scale], err);
  for (size_t i = 0; i < FM__COUNT(counts) && status == FM_OK; i++)
    status = fm__table_note_count(t, counts[i].key, counts[i].n, err);
  for (size_t i = 0; i < h->n && h->spec->weight != NULL && status == FM_OK; i++) {
    double w;
    status = fm__numbers_weight(&w, &h->weight, i, err);
    fm__sum_add(&all, w);
    if (!isnan(h->total[i]))
      fm__sum_add(&used, w);
  }
  if (status == FM_OK && h->spec->weight != NULL)
    status = fm__table_note_number(t, "weight_persons", fm__sum_value(&all), err);
  if (status == FM_OK && h->spec->weight != NULL)
    status = fm__table_note_number(t, "weight_with_income", fm__sum_value(&used), err);
  return status;
}

static fm_status add_columns(fm_table *t, households *h, fm_error *err)
{
  fm_status status = fm__table_own(t, "household_size", FM_I32, h->size, NULL, h->n, err);
  if (status != FM_OK)
    return status;
  h->size = NULL; /* the table's */
  const struct {
    const char *name;
    double **values;
  } columns[] = {
      {"equivalence_scale", &h->scale}, {"household_income", &h->total}, {"equivalised_income", &h->equivalised}};
  for (size_t k = 0; k < FM__COUNT(columns) && status == FM_OK; k++) {
    double *values = *columns[k].values;
    *columns[k].values = NULL; /* taken, on failure too */
    status = fm__table_take_f64(t, columns[k].name, values, h->n, err);
  }
  return status;
}

static void households_free(households *h)
{
  fm__free(h->group);
  fm__free(h->start);
  fm__free(h->order);
  fm__free(h->size);
  fm__free(h->scale);
  fm__free(h->total);
  fm__free(h->equivalised);
}

fm_status fm_income_household(fm_table **out, const fm_table *people, const fm_income_household_spec *spec,
                              const fm_run *run, fm_error *err)
{
  enum { STEP = 65536 };
  fm_income_household_spec s;
  fm_table *t = NULL;
  *out = NULL;
  households h = {.spec = &s, .people = people};
  fm_status status = take_spec(&s, spec, err);
  if (status == FM_OK)
    status = fm__run_check(run, err);
  if (status == FM_OK)
    status = fm__table_extend(&t, people, err);
  h.n = status == FM_OK ? fm_table_n_rows(people) : 0;
  if (status == FM_OK)
    status = find_columns(&h, err);
  if (status == FM_OK)
    status = group_rows(&h, err);
  for (size_t k = 0; k < h.n_households && status == FM_OK; k++) {
    status = household(&h, k, err);
    if (status == FM_OK && k % STEP == 0)
      status = fm__run_progress(run, (double)k / (double)h.n_households, err);
  }
  if (status == FM_OK)
    status = add_notes(t, &h, err);
  if (status == FM_OK)
    status = add_columns(t, &h, err);
  households_free(&h);
  return fm__table_done(out, t, status, err);
}
