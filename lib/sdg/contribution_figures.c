/* Figures of the participants: of all of them, and of those who were under the country's line before. */
#include <string.h>

#include "income/bottom40/bottom40_priv.h"
#include "num/num_priv.h"
#include "sdg/contribution_priv.h"

typedef fm__contribution_rows people;

enum { PARTICIPANTS, BELOW, ABOVE, N_SETS };

/* ---- what is measured of one row; NaN: the row does not have it ---- */

static double income_0(const double *x)
{
  return x[FM__CONTRIBUTION_INCOME_0];
}

static double income_before(const double *x)
{
  return x[FM__CONTRIBUTION_INCOME_0] + 0 * x[FM__CONTRIBUTION_INCOME_1];
}

static double income_after(const double *x)
{
  return x[FM__CONTRIBUTION_INCOME_1] + 0 * x[FM__CONTRIBUTION_INCOME_0];
}

static double income_gain(const double *x)
{
  return x[FM__CONTRIBUTION_INCOME_1] - x[FM__CONTRIBUTION_INCOME_0];
}

static double employed_before(const double *x)
{
  return x[FM__CONTRIBUTION_EMPLOYED_0] + 0 * x[FM__CONTRIBUTION_EMPLOYED_1];
}

static double employed_after(const double *x)
{
  return x[FM__CONTRIBUTION_EMPLOYED_1] + 0 * x[FM__CONTRIBUTION_EMPLOYED_0];
}

static double employed_gain(const double *x)
{
  return x[FM__CONTRIBUTION_EMPLOYED_1] - x[FM__CONTRIBUTION_EMPLOYED_0];
}

static double hours_before(const double *x)
{
  return x[FM__CONTRIBUTION_HOURS_0] + 0 * x[FM__CONTRIBUTION_HOURS_1];
}

static double hours_after(const double *x)
{
  return x[FM__CONTRIBUTION_HOURS_1] + 0 * x[FM__CONTRIBUTION_HOURS_0];
}

static double hours_gain(const double *x)
{
  return x[FM__CONTRIBUTION_HOURS_1] - x[FM__CONTRIBUTION_HOURS_0];
}

/* ---- weighted means over a set ---- */

typedef struct mean_of {
  int64_t people, n; /* in the set; of them with the value */
  double weight, total, mean, std_error, n_effective;
} mean_of;

static double weight_of(const people *p, const double *x)
{
  return p->weighted ? x[FM__CONTRIBUTION_WEIGHT] : 1;
}

/* Who has no known income before is in neither part. */
static bool is_in(const people *p, int32_t set, const double *x)
{
  double before = x[FM__CONTRIBUTION_INCOME_0];
  return set == PARTICIPANTS || (set == BELOW ? before < p->line : before >= p->line);
}

/* The error takes the people of the set as given and drawn independently: z = w (v - mean) / W, n / (n - 1) sum z^2. */
static mean_of measure(const people *p, int32_t set, double (*value)(const double *x))
{
  mean_of m = {.total = NAN, .mean = NAN, .std_error = NAN, .n_effective = NAN};
  fm__sum weight = {0}, total = {0}, squares = {0}, spread = {0};
  for (size_t i = p->first; i < p->end; i++) {
    const double *x = fm__rows_numbers(p->rows, i);
    uint64_t count = fm__rows_count(p->rows, i);
    if (!is_in(p, set, x))
      continue;
    m.people += (int64_t)count;
    double v = value != NULL ? value(x) : 1, w = weight_of(p, x);
    if (isnan(v))
      continue;
    m.n += (int64_t)count;
    fm__income_add(&weight, count, w, 1);
    fm__income_add(&squares, count, w, w);
    fm__income_add(&total, count, w, v);
  }
  m.weight = fm__sum_value(&weight);
  if (m.n == 0)
    return m;
  m.total = fm__sum_value(&total);
  m.mean = m.total / m.weight;
  m.n_effective = m.weight * m.weight / fm__sum_value(&squares);
  for (size_t i = p->first; i < p->end && value != NULL; i++) {
    const double *x = fm__rows_numbers(p->rows, i);
    double v = is_in(p, set, x) ? value(x) : NAN, z = weight_of(p, x) * (v - m.mean) / m.weight;
    if (!isnan(v))
      fm__income_add(&spread, fm__rows_count(p->rows, i), z, z);
  }
  if (m.n > 1)
    m.std_error = sqrt(fm__sum_value(&spread) * ((double)m.n / (double)(m.n - 1)));
  return m;
}

/* ---- one figure ---- */

enum { MEAN, RATE, PER_YEAR, TOTAL };

typedef struct page {
  fm__result *r;
  const people *p;
  bool known[N_SETS]; /* can the set be told? */
} page;

static fm__figure figure_of(const char *quantity, const char *unit, const mean_of *m, bool known)
{
  fm__figure f = fm__figure_of(quantity, unit);
  f.n = f.people = m->n;
  f.weight = isfinite(m->weight) ? m->weight : NAN;
  if (!known || (m->people > 0 && m->n == 0))
    f.state = FM__NOT_GIVEN;
  else if (m->n == 0)
    f.state = FM__EMPTY;
  return f;
}

static void put(const page *p, fm__figure *f, double value, const char *goal)
{
  if (strcmp(f->state, FM__OK) == 0 && isfinite(value))
    f->value = value;
  else if (strcmp(f->state, FM__OK) == 0)
    f->state = FM__UNDEFINED;
  fm__result_more_text(p->r, FM__CONTRIBUTION_GOAL, goal);
  fm__result_add(p->r, f);
}

/* Wilson's limits for a share, Student's for any other mean; `scale` brings the mean to the figure. */
static void put_mean(const page *p, const char *quantity, const char *unit, const mean_of *m, int32_t kind, bool known,
                     const char *goal)
{
  fm__figure f = figure_of(quantity, unit, m, known);
  double scale = kind == PER_YEAR ? 1 / p->p->years : kind == TOTAL ? m->weight : 1;
  double value = kind == TOTAL ? m->total : m->mean * scale, error = m->std_error * scale;
  if (kind == PER_YEAR && isnan(p->p->years) && strcmp(f.state, FM__OK) == 0)
    f.state = FM__NOT_GIVEN;
  if (strcmp(f.state, FM__OK) == 0 && m->n > 1 && isfinite(value) && isfinite(error)) {
    double half = fm__t_quantile((double)(m->n - 1), 0.5 + p->p->level / 2) * error;
    f.std_error = error;
    f.level = p->p->level;
    f.ci_low = value - half;
    f.ci_high = value + half;
    if (kind == RATE)
      fm__wilson(m->mean * m->n_effective, m->n_effective, p->p->level, &f.ci_low, &f.ci_high);
  }
  put(p, &f, value, goal);
}

/* ---- the figures of a set ---- */

static const struct listed {
  const char *names[2]; /* of all participants, of those under the line */
  const char *unit, *goal;
  double (*value)(const double *x);
  int32_t kind;
} list[] = {{{"participants_income_before", "below_line_income_before"}, "money", "10.1.1", income_before, MEAN},
            {{"participants_income_after", "below_line_income_after"}, "money", "10.1.1", income_after, MEAN},
            {{"participants_gain_mean", "below_line_gain_mean"}, "money", "10.1.1", income_gain, MEAN},
            {{"participants_gain_yearly", "below_line_gain_yearly"}, "money", "10.1.1", income_gain, PER_YEAR},
            {{"participants_gain_total", "below_line_gain_total"}, "money", "10.1.1", income_gain, TOTAL},
            {{"participants_employed_before", "below_line_employed_before"}, "share", "8.5.2", employed_before, RATE},
            {{"participants_employed_after", "below_line_employed_after"}, "share", "8.5.2", employed_after, RATE},
            {{"participants_employed_change", "below_line_employed_change"}, "share", "8.5.2", employed_gain, MEAN},
            {{"participants_employed_gained", "below_line_employed_gained"}, "people", "8.5.2", employed_gain, TOTAL},
            {{"participants_hours_before", "below_line_hours_before"}, "hours", "8.5.2", hours_before, MEAN},
            {{"participants_hours_after", "below_line_hours_after"}, "hours", "8.5.2", hours_after, MEAN},
            {{"participants_hours_change", "below_line_hours_change"}, "hours", "8.5.2", hours_gain, MEAN},
            {{"participants_hours_gained", "below_line_hours_gained"}, "hours", "8.5.2", hours_gain, TOTAL}};

/* Growth of the mean income of the same people, a year where the years are known. */
static void put_growth(const page *p, int32_t set)
{
  static const char *const names[] = {"participants_growth_same_people", "below_line_growth_same_people"};
  mean_of before = measure(p->p, set, income_before), after = measure(p->p, set, income_after);
  fm__figure f = figure_of(names[set], isnan(p->p->years) ? "total" : "per_year", &before, p->known[set]);
  put(p, &f, fm__income_growth(before.mean, after.mean, p->p->years), "10.1.1");
}

static void put_set(const page *p, int32_t set)
{
  for (size_t k = 0; k < FM__COUNT(list); k++) {
    mean_of m = measure(p->p, set, list[k].value);
    put_mean(p, list[k].names[set], list[k].unit, &m, list[k].kind, p->known[set], list[k].goal);
    if (list[k].kind == TOTAL && list[k].value == income_gain)
      put_growth(p, set);
  }
}

/* ---- who is under the line ---- */

/* A count is 0, not empty, where the people were looked at. */
static void put_people(const page *p, const char *quantity, int32_t set)
{
  mean_of m = measure(p->p, set, NULL);
  fm__figure f = figure_of(quantity, "people", &m, p->known[set]);
  if (strcmp(f.state, FM__EMPTY) == 0 && p->p->end > p->p->first)
    f.state = FM__OK;
  put(p, &f, m.weight, "10.1.1");
}

static void put_share_below(const page *p)
{
  mean_of with = measure(p->p, PARTICIPANTS, income_0), below = measure(p->p, BELOW, NULL);
  double share = below.weight / with.weight;
  mean_of m = with;
  m.mean = share;
  /* Of an indicator that is 1 below: sum z^2 is that of both parts. */
  fm__sum spread = {0};
  for (size_t i = p->p->first; i < p->p->end; i++) {
    const double *x = fm__rows_numbers(p->p->rows, i);
    double z = weight_of(p->p, x) * ((is_in(p->p, BELOW, x) ? 1 : 0) - share) / with.weight;
    if (!isnan(income_0(x)))
      fm__income_add(&spread, fm__rows_count(p->p->rows, i), z, z);
  }
  if (m.n > 1)
    m.std_error = sqrt(fm__sum_value(&spread) * ((double)m.n / (double)(m.n - 1)));
  put_mean(p, "below_line_share", "share", &m, RATE, p->known[BELOW], "10.1.1");
}

/* Of the gain of all with both incomes, where neither part lost. */
static void put_share_of_gain(const page *p)
{
  mean_of below = measure(p->p, BELOW, income_gain), above = measure(p->p, ABOVE, income_gain);
  double lower = below.n > 0 ? below.total : 0, upper = above.n > 0 ? above.total : 0;
  mean_of all = measure(p->p, PARTICIPANTS, income_gain);
  fm__figure f = figure_of("below_line_share_of_gain", "ratio", &all, p->known[BELOW]);
  put(p, &f, lower >= 0 && upper >= 0 && lower + upper > 0 ? lower / (lower + upper) : NAN, "10.1.1");
}

static void put_missing(const page *p, const char *quantity, double (*value)(const double *x), const char *goal)
{
  mean_of m = measure(p->p, PARTICIPANTS, value);
  fm__figure f = fm__figure_of(quantity, "count");
  f.n = f.people = m.people - m.n;
  put(p, &f, (double)(m.people - m.n), goal);
}

static double income_1(const double *x)
{
  return x[FM__CONTRIBUTION_INCOME_1];
}

void fm__contribution_figures(fm__result *r, const fm__contribution_rows *rows)
{
  bool any_income = measure(rows, PARTICIPANTS, income_0).n > 0, line = !isnan(rows->line);
  bool empty = rows->first == rows->end;
  page p = {.r = r, .p = rows, .known = {true, line && (any_income || empty), line && (any_income || empty)}};
  fm__result_definition(r, "contribution", strlen("contribution"));
  put_people(&p, "participants", PARTICIPANTS);
  put_people(&p, "below_line", BELOW);
  put_people(&p, "not_below_line", ABOVE);
  put_share_below(&p);
  put_set(&p, PARTICIPANTS);
  put_set(&p, BELOW);
  put_share_of_gain(&p);
  put_missing(&p, "missing_income_before", income_0, "10.1.1");
  put_missing(&p, "missing_income_after", income_1, "10.1.1");
  put_missing(&p, "missing_employed", employed_gain, "8.5.2");
  put_missing(&p, "missing_hours", hours_gain, "8.5.2");
}
