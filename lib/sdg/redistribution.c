/* sdg.redistribution: the two incomes of the same people are two waves of income.change, whose errors know that. */
#include "flexmetrics/sdg_redistribution.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "flexmetrics/income_change.h"
#include "survey/survey_priv.h"
#include "table/table_priv.h"
#include "tally/tally_priv.h"

/* Columns of the frame that income.change sees. */
#define INCOME "income"
#define WAVE "wave"

enum { PREFISCAL, POSTFISCAL, PERSON, WEIGHT, BY, N_NAMES };
typedef struct redistribution {
  fm_tally *change;
  char *names[N_NAMES]; /* of columns; NULL: none */
  fm__design_columns *design;
  double level;
  int32_t concept, negative, overlap;
  int64_t n_missing, n_negative; /* rows left out, cells dropped or set to 0 */
} redistribution;

static const fm_sdg_redistribution_spec defaults = FM_SDG_REDISTRIBUTION_SPEC_INIT;

static void destroy(void *state)
{
  redistribution *t = state;
  if (t == NULL)
    return;
  fm_tally_destroy(t->change);
  fm__design_columns_destroy(t->design);
  for (size_t k = 0; k < N_NAMES; k++)
    fm__free(t->names[k]);
  fm__free(t);
}

/* Creates an empty change from the first income to the second. */
static fm_status create_change(fm_tally **out, const redistribution *t, fm_error *err)
{
  fm_income_change_spec c = FM_INCOME_CHANGE_SPEC_INIT;
  c.income = INCOME;
  c.period = WAVE;
  c.measures = "gini";
  c.person = t->names[PERSON];
  c.weight = t->names[WEIGHT];
  c.by = t->names[BY];
  c.design = &t->design->spec;
  c.level = t->level;
  c.overlap = t->overlap;
  return fm_income_change_tally(out, &c, err);
}

/* ---- rows ---- */

static double number_at(const fm_table *frame, size_t column, size_t row)
{
  int32_t type = fm_table_column_type(frame, column);
  return type == FM_I64   ? (double)fm_table_i64(frame, column)[row]
         : type == FM_I32 ? fm_table_i32(frame, column)[row]
                          : fm_table_f64(frame, column)[row];
}

/* One income of every row as doubles, missing as NaN; whole numbers are numbers. */
static fm_status read_income(double *out, const redistribution *t, size_t which, const fm_table *frame, fm_error *err)
{
  size_t column;
  fm_status status = fm__table_find(frame, t->names[which], 0, &column, err);
  int32_t type = status == FM_OK ? fm_table_column_type(frame, column) : 0;
  if (status == FM_OK && type != FM_I64 && type != FM_I32)
    status = fm__table_find(frame, t->names[which], FM_F64, &column, err);
  if (status != FM_OK)
    return status;
  const uint8_t *validity = fm_table_validity(frame, column);
  for (size_t i = 0; i < fm_table_n_rows(frame) && status == FM_OK; i++) {
    double x = fm__bit(validity, i) ? number_at(frame, column, i) : NAN;
    bool bad = isinf(x) || (t->negative == FM_SDG_NEGATIVE_ERROR && x < 0);
    out[i] = x;
    if (bad) {
      status = fm__fail(err, FM_ERR_VALUE, "column %s, row %zu: expected %s", t->names[which], i,
                        isinf(x) ? "a finite income" : "no negative income");
      fm__error_place(err, fm_table_name(frame), t->names[which], (int64_t)column, (int64_t)i, fm_table_line(frame, i));
    }
  }
  return status;
}

/* Applies the rules to both incomes of each row. */
static void apply_rules(redistribution *t, double *pre, double *post, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    int64_t n_negative = (pre[i] < 0) + (post[i] < 0);
    bool missing = isnan(pre[i]) || isnan(post[i]);
    bool drop = t->negative == FM_SDG_NEGATIVE_DROP && n_negative > 0;
    t->n_missing += missing;
    if (missing || drop)
      pre[i] = post[i] = NAN;
    if (!missing && t->negative != FM_SDG_NEGATIVE_KEEP)
      t->n_negative += drop ? 1 : n_negative;
    if (t->negative == FM_SDG_NEGATIVE_ZERO) {
      pre[i] = pre[i] < 0 ? 0 : pre[i];
      post[i] = post[i] < 0 ? 0 : post[i];
    }
  }
}

/* Adds one wave: the frame's columns with the income and the number of the wave beside them. Takes `income`. */
static fm_status add_wave(fm_tally *change, const fm_table *frame, double *income, int32_t wave, fm_error *err)
{
  size_t n = fm_table_n_rows(frame);
  fm_table *seen = NULL;
  double *waves = fm__array(n, sizeof *waves);
  fm_status status = waves != NULL ? fm_table_create(&seen, fm_table_name(frame), err) : fm__no_memory(err);
  for (size_t i = 0; i < n && status == FM_OK; i++)
    waves[i] = wave;
  if (status == FM_OK && (status = fm__table_own(seen, WAVE, FM_F64, waves, NULL, n, err)) == FM_OK)
    waves = NULL;
  if (status == FM_OK && (status = fm__table_own(seen, INCOME, FM_F64, income, NULL, n, err)) == FM_OK)
    income = NULL;
  for (size_t k = 0; k < fm_table_n_columns(frame) && status == FM_OK; k++) {
    const char *name = fm_table_column_name(frame, k);
    if (strcmp(name, WAVE) != 0 && strcmp(name, INCOME) != 0)
      status = fm__table_share(seen, name, frame, k, err);
  }
  if (status == FM_OK)
    status = fm_table_seal(seen, err);
  if (status == FM_OK)
    status = fm_tally_add(change, seen, NULL, err);
  fm_table_destroy(seen);
  fm__free(waves);
  fm__free(income);
  return status;
}

/* Both waves go to a tally of their own, so that a failure between them changes nothing. */
static fm_status add(void *state, const fm_table *frame, const fm_run *run, fm_error *err)
{
  redistribution *t = state, counts = *t;
  fm_tally *change = NULL;
  size_t n = fm_table_n_rows(frame);
  double *income[2] = {fm__array(n, sizeof(double)), fm__array(n, sizeof(double))};
  (void)run;
  fm_status status = income[0] != NULL && income[1] != NULL ? FM_OK : fm__no_memory(err);
  for (size_t k = 0; k < 2 && status == FM_OK; k++)
    status = read_income(income[k], t, k, frame, err);
  if (status == FM_OK) {
    apply_rules(&counts, income[0], income[1], n);
    status = create_change(&change, t, err);
  }
  for (size_t k = 0; k < 2 && status == FM_OK; k++) {
    status = add_wave(change, frame, income[k], (int32_t)k, err);
    income[k] = NULL;
  }
  if (status == FM_OK)
    status = fm_tally_merge(t->change, change, err);
  if (status == FM_OK)
    *t = counts;
  fm_tally_destroy(change);
  fm__free(income[0]);
  fm__free(income[1]);
  return status;
}

static fm_status merge(void *state, const void *other, fm_error *err)
{
  redistribution *t = state;
  const redistribution *more = other;
  fm_status status = fm_tally_merge(t->change, more->change, err);
  if (status == FM_OK) {
    t->n_missing += more->n_missing;
    t->n_negative += more->n_negative;
  }
  return status;
}

static fm_status save(void *state, fm__bytes *b, fm_error *err)
{
  redistribution *t = state;
  void *bytes;
  size_t n;
  fm_status status = fm_tally_save(&bytes, &n, t->change, err);
  if (status != FM_OK)
    return status;
  fm__bytes_i64(b, t->n_missing);
  fm__bytes_i64(b, t->n_negative);
  fm__bytes_u64(b, n);
  fm__bytes_raw(b, bytes, n);
  fm_free(bytes);
  return FM_OK;
}

static fm_status load(void *state, fm__reader *r, fm_error *err)
{
  redistribution *t = state;
  int64_t n_missing = fm__read_i64(r), n_negative = fm__read_i64(r);
  uint64_t n = fm__read_u64(r);
  const uint8_t *bytes = n <= SIZE_MAX ? fm__read_raw(r, (size_t)n) : NULL;
  if (bytes == NULL || n_missing < 0 || n_negative < 0)
    return fm__fail(err, FM_ERR_FORMAT, "the saved state of sdg.redistribution is short or impossible");
  fm_status status = fm_tally_load(t->change, bytes, (size_t)n, err);
  if (status == FM_OK) {
    t->n_missing = n_missing;
    t->n_negative = n_negative;
  }
  return status == FM_ERR_MISMATCH ? fm__fail(err, FM_ERR_FORMAT, "a damaged state of sdg.redistribution") : status;
}

/* ---- the result ---- */

/* The rows of the change as figures of the indicator: its first, last and minus its difference. */
static const struct quantity {
  const char *comparison, *name;
  double sign;
} quantities[] = {{"first", "gini_prefiscal", 1}, {"last", "gini_postfiscal", 1}, {"difference", "redistribution", -1}};

static double number(const fm_table *t, const char *column, size_t row)
{
  size_t k = (size_t)fm_table_column_index(t, column);
  return fm_table_is_null(t, k, row) ? NAN : fm_table_f64(t, k)[row];
}

static int64_t whole(const fm_table *t, const char *column, size_t row)
{
  size_t k = (size_t)fm_table_column_index(t, column);
  return fm_table_is_null(t, k, row) ? -1 : fm_table_i64(t, k)[row];
}

static const char *word(const fm_table *t, const char *column, size_t row)
{
  const char *text = fm_table_text(t, (size_t)fm_table_column_index(t, column), row, NULL);
  return text != NULL ? text : "";
}

/* One of the states that a figure may have, whose text lives on. */
static const char *state_of(const fm_table *t, size_t row)
{
  static const char *const states[] = {FM__OK, FM__EMPTY, FM__UNDEFINED, FM__NOT_GIVEN, FM__CENSORED};
  for (size_t k = 0; k < FM__COUNT(states); k++)
    if (strcmp(states[k], word(t, "state", row)) == 0)
      return states[k];
  return FM__UNDEFINED;
}

static void put(fm__result *r, const fm_table *change, size_t row, const struct quantity *q)
{
  fm__figure f = fm__figure_of(q->name, "index");
  double low = number(change, "ci_low", row), high = number(change, "ci_high", row),
         value = number(change, "value", row);
  f.value = q->sign * value;
  f.std_error = number(change, "std_error", row);
  f.ci_low = q->sign > 0 ? low : -high;
  f.ci_high = q->sign > 0 ? high : -low;
  f.level = number(change, "level", row);
  f.n = whole(change, "n", row);
  f.people = whole(change, "people", row);
  f.weight = number(change, "weight", row);
  f.state = state_of(change, row);
  fm__result_add(r, &f);
}

static void put_rows(fm__result *r, const fm_table *change, size_t first_key, size_t n_keys)
{
  for (size_t row = 0; row < fm_table_n_rows(change); row++) {
    for (size_t k = 0; k < FM__COUNT(quantities); k++) {
      if (strcmp(word(change, "comparison", row), quantities[k].comparison) != 0)
        continue;
      for (size_t key = 0; key < n_keys; key++) {
        size_t length = 0;
        const char *text = fm_table_text(change, first_key + key, row, &length);
        fm__result_key_text(r, key, text, length);
      }
      double df = number(change, "df", row);
      if (isnan(df))
        fm__result_key_null(r, n_keys);
      else
        fm__result_key_f64(r, n_keys, df);
      put(r, change, row, &quantities[k]);
    }
  }
}

static void note_count(fm__result *r, const char *key, int64_t value)
{
  char text[24];
  snprintf(text, sizeof text, "%lld", (long long)value);
  fm__result_note(r, key, text);
}

static fm_status make_result(fm_table **out, const redistribution *t, const fm_table *change, fm_error *err)
{
  static const char *const concepts[] = {"disposable", "consumable"}, *const kept[] = {"errors", "overlap"};
  /* indicator and definition, the group columns, parameter, ... */
  size_t first_key = 2, n_keys = (size_t)fm_table_column_index(change, "parameter") - first_key;
  fm__result *r = NULL;
  fm__key *keys = fm__array(n_keys + 1, sizeof *keys);
  if (keys == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < n_keys; k++)
    keys[k] = (fm__key){fm_table_column_name(change, first_key + k), FM_CODE};
  keys[n_keys] = (fm__key){"df", FM_F64};
  fm_status status = fm__result_create(&r, "sdg.redistribution", concepts[t->concept], keys, n_keys + 1, err);
  if (status == FM_OK) {
    put_rows(r, change, first_key, n_keys);
    for (size_t k = 0; k < FM__COUNT(kept); k++)
      if (fm_table_note(change, kept[k]) != NULL)
        fm__result_note(r, kept[k], fm_table_note(change, kept[k]));
    note_count(r, "missing_income", t->n_missing);
    note_count(r, t->negative == FM_SDG_NEGATIVE_ZERO ? "negative_zeroed" : "negative_dropped", t->n_negative);
    fm__result_note(r, "ranks", "each Gini coefficient ranks people by its own income");
    status = fm__result_finish(r, out, err);
  }
  fm__free(keys);
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  const redistribution *t = state;
  fm_table *change;
  fm_status status = fm_tally_result(&change, t->change, run, err);
  if (status == FM_OK)
    status = make_result(out, t, change, err);
  fm_table_destroy(change);
  return status;
}

static bool is_empty(const void *state)
{
  const redistribution *t = state;
  return fm__tally_is_empty(t->change) && t->n_missing == 0 && t->n_negative == 0;
}

/* ---- the measure ---- */

static const fm__field fields[] = {FM__FIELD(fm_sdg_redistribution_spec, prefiscal, FM__FIELD_TEXT),
                                   FM__FIELD(fm_sdg_redistribution_spec, postfiscal, FM__FIELD_TEXT),
                                   FM__FIELD(fm_sdg_redistribution_spec, concept, FM__FIELD_I32),
                                   FM__FIELD(fm_sdg_redistribution_spec, negative, FM__FIELD_I32)};

static fm_status check(const fm_sdg_redistribution_spec *s, fm_error *err)
{
  if (!fm__is_given(s->prefiscal) || !fm__is_given(s->postfiscal))
    return fm__fail(err, FM_ERR_ARGUMENT, "prefiscal, postfiscal: expected the names of two columns of income");
  if (s->concept != FM_SDG_POSTFISCAL_DISPOSABLE && s->concept != FM_SDG_POSTFISCAL_CONSUMABLE)
    return fm__fail(err, FM_ERR_ARGUMENT, "concept: expected disposable or consumable");
  if (s->negative < FM_SDG_NEGATIVE_KEEP || s->negative > FM_SDG_NEGATIVE_ZERO)
    return fm__fail(err, FM_ERR_ARGUMENT, "negative: expected keep, error, drop or zero");
  return FM_OK;
}

/* The text says what columns and how; that of the change follows with groups, weight and design. */
static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  redistribution *t = state;
  const fm_sdg_redistribution_spec *s = spec;
  const char *const names[N_NAMES] = {s->prefiscal, s->postfiscal, s->person, s->weight, s->by};
  const fm_survey_design_spec *d = s->design;
  bool units = d != NULL && (fm__is_given(d->psu) || d->method == FM_SURVEY_REPLICATES);
  bool alone = d != NULL && d->method == FM_SURVEY_NONE;
  fm_status status = check(s, err);
  for (size_t k = 0; k < N_NAMES && status == FM_OK; k++)
    if (names[k] != NULL && (t->names[k] = fm__copy_text(names[k], strlen(names[k]))) == NULL)
      status = fm__no_memory(err);
  t->concept = s->concept;
  t->negative = s->negative;
  t->level = s->level;
  t->overlap = units ? FM_INCOME_OVERLAP_UNITS : alone ? FM_INCOME_OVERLAP_INDEPENDENT : FM_INCOME_OVERLAP_PERSONS;
  if (status == FM_OK)
    status = fm__design_columns_create(&t->design, d, 0, 0, err);
  if (status == FM_OK)
    status = create_change(&t->change, t, err);
  if (status == FM_OK)
    fm__spec_text_text(text, "change", fm__tally_spec_text(t->change), "");
  return status;
}

static const fm__measure measure = {.id = "sdg.redistribution",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_sdg_redistribution_spec, redistribution),
                                    .add = add,
                                    .merge = merge,
                                    .save = save,
                                    .load = load,
                                    .result = result,
                                    .is_empty = is_empty,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_sdg_redistribution)
