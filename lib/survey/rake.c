/* Raking to margins (Deming and Stephan 1940): one factor for each category of each margin, fitted in turn. A weight is
 * its own value times the factors of its categories, so that no rounding builds up and rows of a kind stay equal. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "survey/calibrate_priv.h"
#include "table/table_priv.h"

typedef struct margin {
  fm__groups *groups; /* by all columns but `total` */
  uint32_t *category; /* of each row of the sample */
  double *total, *factor;
  bool *known;
  size_t n;
} margin;

typedef struct raking {
  const fm_table *sample;
  margin *margins;
  size_t n_margins, n;
  double *w;
  double w_scale;
  fm__sum *sums; /* one a category of the largest margin */
} raking;

static void free_raking(raking *r)
{
  for (size_t m = 0; r->margins != NULL && m < r->n_margins; m++) {
    fm__groups_destroy(r->margins[m].groups);
    fm__free(r->margins[m].category);
    fm__free(r->margins[m].total);
    fm__free(r->margins[m].factor);
    fm__free(r->margins[m].known);
  }
  fm__free(r->margins);
  fm__free(r->w);
  fm__free(r->sums);
}

/* ---- reading a margin ---- */

/* The categories as text: "sex = 2, age = 3". */
static void name_category(char *to, size_t size, const fm__groups *g, size_t category)
{
  size_t at = 0;
  to[0] = '\0';
  for (size_t k = 0; k < fm__groups_n_columns(g) && at < size; k++) {
    const char *text = fm__groups_text(g, category, k, NULL);
    int n = snprintf(to + at, size - at, "%s%s = %s", k > 0 ? ", " : "", fm__groups_column(g, k),
                     text != NULL ? text : "(missing)");
    at += n > 0 ? (size_t)n : 0;
  }
}

static fm_status bad_category(const margin *m, size_t category, const char *what, fm_error *err)
{
  char name[160];
  name_category(name, sizeof name, m->groups, category);
  return fm__fail(err, FM_ERR_VALUE, "raking: category %s %s", name, what);
}

/* Creates the key columns' names, separated by commas. */
static fm_status key_columns(char **out, const fm_table *t, fm_error *err)
{
  fm__bytes b = {0};
  for (size_t k = 0; k < fm_table_n_columns(t); k++) {
    const char *name = fm_table_column_name(t, k);
    if (strcmp(name, "total") == 0)
      continue;
    if (b.size > 0)
      fm__bytes_u8(&b, ',');
    fm__bytes_raw(&b, name, strlen(name));
  }
  bool none = b.size == 0 && !b.failed;
  fm__bytes_u8(&b, 0);
  if (none || b.failed) {
    fm__bytes_free(&b);
    return none ? fm__fail(err, FM_ERR_ARGUMENT, "raking: a margin needs a category column beside total")
                : fm__no_memory(err);
  }
  *out = (char *)b.data;
  return FM_OK;
}

static fm_status take_totals(margin *m, const fm_table *t, size_t column, const uint32_t *category, double w_scale,
                             fm_error *err)
{
  size_t n_rows = fm_table_n_rows(t);
  m->total = fm__array(m->n, sizeof *m->total);
  m->factor = fm__array(m->n, sizeof *m->factor);
  m->known = fm__array(m->n, sizeof *m->known);
  if (m->total == NULL || m->factor == NULL || m->known == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n_rows; i++) {
    double total = fm__bit(fm_table_validity(t, column), i) ? fm_table_f64(t, column)[i] : FM_NAN;
    size_t c = category[i];
    if (!(total >= 0 && total < INFINITY) || !(total * w_scale < INFINITY))
      return bad_category(m, c, "has a total that is not a finite number of at least 0", err);
    if (m->known[c])
      return bad_category(m, c, "is there twice", err);
    m->known[c] = true;
    m->total[c] = total * w_scale;
    m->factor[c] = 1;
  }
  return FM_OK;
}

static fm_status check_categories(raking *r, const margin *m, fm_error *err)
{
  double *weight = fm__array(m->n, sizeof *weight);
  fm_status status = weight != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0; i < r->n && status == FM_OK; i++) {
    if (!m->known[m->category[i]] && r->w[i] > 0)
      status = bad_category(m, m->category[i], "of the sample has no total", err);
    weight[m->category[i]] = fmax(weight[m->category[i]], r->w[i]);
  }
  for (size_t c = 0; c < m->n && status == FM_OK; c++)
    if (m->total[c] > 0 && weight[c] == 0)
      status = bad_category(m, c, "has a total but no weight in the sample", err);
  fm__free(weight);
  return status;
}

static fm_status take_margin(raking *r, margin *m, const fm_table *t, fm_error *err)
{
  char *by = NULL;
  uint32_t *category = NULL;
  size_t column;
  fm_status status = fm__table_require_sealed(t, err);
  if (status == FM_OK)
    status = fm__table_find(t, "total", FM_F64, &column, err);
  if (status == FM_OK)
    status = key_columns(&by, t, err);
  if (status == FM_OK)
    status = fm__groups_create(&m->groups, by, err);
  if (status == FM_OK)
    status = fm__groups_map(m->groups, t, &category, err);
  if (status == FM_OK)
    status = fm__groups_map(m->groups, r->sample, &m->category, err);
  m->n = status == FM_OK ? fm__groups_count(m->groups) : 0;
  if (status == FM_OK)
    status = take_totals(m, t, column, category, r->w_scale, err);
  if (status == FM_OK)
    status = check_categories(r, m, err);
  fm__free(category);
  fm__free(by);
  return status;
}

static double sum_of(const double *x, size_t n)
{
  fm__sum sum = {0};
  fm__sum_add_n(&sum, x, n);
  return fm__sum_value(&sum);
}

static fm_status check_sums(const raking *r, double tolerance, fm_error *err)
{
  double first = sum_of(r->margins[0].total, r->margins[0].n);
  for (size_t m = 1; m < r->n_margins; m++) {
    double sum = sum_of(r->margins[m].total, r->margins[m].n);
    if (fabs(sum - first) <= fmax(tolerance, 1e-12) * fmax(sum, first))
      continue;
    char a[32], b[32];
    fm__print_f64(a, first / r->w_scale);
    fm__print_f64(b, sum / r->w_scale);
    return fm__fail(err, FM_ERR_VALUE, "raking: margin 1 adds up to %s and margin %zu to %s; expected the same", a,
                    m + 1, b);
  }
  return FM_OK;
}

/* ---- fitting ---- */

static double weight_of(const raking *r, size_t row)
{
  double w = r->w[row];
  for (size_t m = 0; m < r->n_margins; m++)
    w *= r->margins[m].factor[r->margins[m].category[row]];
  return w;
}

/* Sums by category of the weights as they are; the largest relative miss and where it is. */
static double miss_of(raking *r, const margin *m, size_t *category)
{
  double worst = 0;
  memset(r->sums, 0, m->n * sizeof *r->sums);
  for (size_t i = 0; i < r->n; i++)
    fm__sum_add(&r->sums[m->category[i]], weight_of(r, i));
  *category = 0;
  for (size_t c = 0; c < m->n; c++) {
    double sum = fm__sum_value(&r->sums[c]), miss = fabs(sum - m->total[c]);
    double share = miss == 0 ? 0 : miss / fmax(sum, m->total[c]);
    if (share > worst) {
      worst = share;
      *category = c;
    }
  }
  return worst;
}

static void fit(raking *r, margin *m)
{
  for (size_t c = 0; c < m->n; c++) {
    double sum = fm__sum_value(&r->sums[c]);
    if (m->total[c] == 0)
      m->factor[c] = 0;
    else if (sum > 0)
      m->factor[c] *= m->total[c] / sum;
  }
}

typedef struct miss {
  double worst;
  size_t margin, category, n_iterations;
} miss;

/* Rounds go on beyond the tolerance while they still halve the miss. */
static bool rake(raking *r, const fm_survey_calibrate_spec *s, miss *now)
{
  double before = INFINITY;
  *now = (miss){.worst = INFINITY};
  for (int32_t round = 0; round <= s->max_iterations; round++) {
    now->worst = 0;
    now->n_iterations = (size_t)round;
    for (size_t m = 0; m < r->n_margins; m++) {
      size_t category;
      double worst = miss_of(r, &r->margins[m], &category);
      if (worst > now->worst) {
        now->worst = worst;
        now->margin = m;
        now->category = category;
      }
      if (round < s->max_iterations && worst > 0)
        fit(r, &r->margins[m]);
    }
    if (now->worst == 0 || (now->worst <= s->tolerance && now->worst > before / 2))
      break;
    before = now->worst;
  }
  return now->worst <= s->tolerance;
}

static fm_status not_met(raking *r, const miss *now, const fm_survey_calibrate_spec *s, fm_error *err)
{
  const margin *m = &r->margins[now->margin];
  char name[160], got[32], wanted[32];
  size_t category;
  miss_of(r, m, &category);
  name_category(name, sizeof name, m->groups, category);
  fm__print_f64(got, fm__sum_value(&r->sums[category]) / r->w_scale);
  fm__print_f64(wanted, m->total[category] / r->w_scale);
  return fm__fail(
      err, FM_ERR_VALUE,
      "raking: the weights do not meet the totals after %d iterations; category %s comes to %s, expected %s",
      s->max_iterations, name, got, wanted);
}

/* ---- result ---- */

static void note_number(fm__builder *b, const char *key, double v)
{
  char text[32];
  fm__print_f64(text, v);
  fm__builder_note(b, key, text);
}

static fm_status write_out(fm_table **out, const raking *r, const double *weights, const miss *now, fm_error *err)
{
  fm__builder *b = NULL;
  double least = INFINITY, most = 0;
  fm_status status = fm__builder_create(&b, "weights", err);
  if (status == FM_OK)
    status = fm__builder_column(b, "weight", FM_F64, NULL, err);
  if (status == FM_OK)
    status = fm__builder_column(b, "g", FM_F64, NULL, err);
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  for (size_t i = 0; i < r->n; i++) {
    double g = 1;
    for (size_t m = 0; m < r->n_margins; m++)
      g *= r->margins[m].factor[r->margins[m].category[i]];
    least = r->w[i] > 0 ? fmin(least, g) : least;
    most = r->w[i] > 0 ? fmax(most, g) : most;
    fm__builder_f64(b, 0, weights != NULL ? weights[i] * g : g);
    fm__builder_f64(b, 1, g);
  }
  note_number(b, "iterations", (double)now->n_iterations);
  note_number(b, "least_g", least);
  note_number(b, "largest_g", most);
  note_number(b, "worst", now->worst);
  return fm__builder_finish(b, out, err);
}

/* The weights of the sample; a missing one is not a number. */
static fm_status find_weights(const double **values, double **owned, const fm_table *sample, const char *weight,
                              fm_error *err)
{
  size_t column, n = fm_table_n_rows(sample);
  if (weight == NULL)
    return FM_OK;
  fm_status status = fm__table_find(sample, weight, FM_F64, &column, err);
  if (status != FM_OK)
    return status;
  *values = fm_table_f64(sample, column);
  if (fm_table_validity(sample, column) == NULL)
    return FM_OK;
  *owned = fm__array(n, sizeof **owned);
  if (*owned == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    (*owned)[i] = fm_table_is_null(sample, column, i) ? FM_NAN : (*values)[i];
  *values = *owned;
  return FM_OK;
}

static fm_status take_all(raking *r, const double *weights, const fm_table *const *margins, fm_error *err)
{
  size_t most = 0;
  r->margins = fm__array(r->n_margins, sizeof *r->margins);
  r->w = fm__array(r->n, sizeof *r->w);
  if (r->margins == NULL || r->w == NULL)
    return fm__no_memory(err);
  fm_status status = fm__calibrate_weights(r->w, &r->w_scale, weights, r->n, err);
  for (size_t m = 0; m < r->n_margins && status == FM_OK; m++) {
    status = take_margin(r, &r->margins[m], margins[m], err);
    most = r->margins[m].n > most ? r->margins[m].n : most;
  }
  if (status == FM_OK && (r->sums = fm__array(most, sizeof *r->sums)) == NULL)
    status = fm__no_memory(err);
  return status;
}

fm_status fm_survey_rake(fm_table **out, const fm_table *sample, const char *weight, const fm_table *const *margins,
                         size_t n_margins, const fm_survey_calibrate_spec *spec, fm_error *err)
{
  fm_survey_calibrate_spec given;
  raking r = {.sample = sample, .n_margins = n_margins};
  const double *weights = NULL;
  double *owned = NULL;
  miss now;
  *out = NULL;
  fm_status status = fm__calibrate_spec_take(&given, spec, err);
  if (status == FM_OK && n_margins == 0)
    status = fm__fail(err, FM_ERR_ARGUMENT, "raking needs at least 1 margin");
  if (status == FM_OK && (!isnan(given.low) || !isnan(given.high)))
    status = fm__fail(err, FM_ERR_ARGUMENT, "raking to margins has no bounds; use fm_survey_calibrate with them");
  if (status == FM_OK)
    status = fm__table_require_sealed(sample, err);
  if (status == FM_OK)
    status = find_weights(&weights, &owned, sample, weight, err);
  r.n = status == FM_OK ? fm_table_n_rows(sample) : 0;
  if (status == FM_OK)
    status = take_all(&r, weights, margins, err);
  if (status == FM_OK)
    status = check_sums(&r, given.tolerance, err);
  if (status == FM_OK && !rake(&r, &given, &now))
    status = not_met(&r, &now, &given, err);
  if (status == FM_OK)
    status = write_out(out, &r, weights, &now, err);
  fm__free(owned);
  free_raking(&r);
  return status;
}
