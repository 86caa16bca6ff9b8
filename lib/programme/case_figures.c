/* Counts, shares and ratios of cases. */
#include "programme/cases_priv.h"

#include <math.h>

static void add_times(fm__sum *sum, double x, int64_t times)
{
  fm__sum_add(sum, x * (double)times);
}

int64_t fm__case_all(const fm__case_set *s)
{
  int64_t n = 0;
  for (size_t k = 0; k < s->n; k++)
    n += fm__case_times(s, k);
  return n;
}

int64_t fm__case_newcomer(fm__case_set *s, size_t k)
{
  size_t person = s->cases->kind->person;
  uint32_t id = fm__case_id(s, k, person);
  if (!fm__case_has_id(s, k, person) || s->seen[id] == s->stamp)
    return 0;
  s->seen[id] = s->stamp;
  return 1;
}

fm__case_sum fm__case_sum_of(fm__case_set *s, fm__case_value value)
{
  fm__case_sum out = {0};
  fm__sum total = {0};
  s->stamp++;
  for (size_t k = 0; k < s->n; k++) {
    double y = value(s->cases, fm__case_numbers(s, k));
    if (isnan(y))
      continue;
    out.n += fm__case_times(s, k);
    out.people += fm__case_newcomer(s, k);
    add_times(&total, y, fm__case_times(s, k));
  }
  out.total = fm__sum_value(&total);
  return out;
}

fm__figure fm__case_figure(const fm__case_set *s, const char *quantity, const char *unit, double value, int64_t n,
                           int64_t people)
{
  fm__figure f = fm__figure_of(quantity, unit);
  f.value = value;
  f.n = n;
  f.people = people;
  f.state = !isnan(value) ? FM__OK : s->n == 0 ? FM__EMPTY : FM__NOT_GIVEN;
  return f;
}

void fm__case_put(fm__case_set *s, const char *quantity, const char *unit, double value, int64_t n, int64_t people)
{
  fm__figure f = fm__case_figure(s, quantity, unit, value, n, people);
  fm__result_add(s->result, &f);
}

void fm__case_put_share(fm__case_set *s, const char *quantity, int64_t part, int64_t whole, int64_t people)
{
  fm__figure f =
      fm__case_figure(s, quantity, "share", whole > 0 ? (double)part / (double)whole : (double)NAN, whole, people);
  if (whole > 0) {
    f.level = s->cases->level;
    fm__wilson((double)part, (double)whole, f.level, &f.ci_low, &f.ci_high);
  }
  fm__result_add(s->result, &f);
}

void fm__case_put_answer(fm__case_set *s, const char *yes, const char *unknown, const char *share, fm__case_value value)
{
  int64_t n_yes = 0, people_yes = 0, people_unknown = 0, all = fm__case_all(s);
  s->stamp++;
  for (size_t k = 0; k < s->n; k++)
    if (value(s->cases, fm__case_numbers(s, k)) == 1) {
      n_yes += fm__case_times(s, k);
      people_yes += fm__case_newcomer(s, k);
    }
  s->stamp++;
  for (size_t k = 0; k < s->n; k++)
    if (isnan(value(s->cases, fm__case_numbers(s, k))))
      people_unknown += fm__case_newcomer(s, k);
  fm__case_sum known = fm__case_sum_of(s, value);
  if (yes != NULL)
    fm__case_put(s, yes, "count", known.n > 0 ? (double)n_yes : (double)NAN, n_yes, people_yes);
  if (unknown != NULL)
    fm__case_put(s, unknown, "count", (double)(all - known.n), all - known.n, people_unknown);
  fm__case_put_share(s, share, n_yes, known.n, known.people);
}

/* ---- ratios ---- */

typedef struct parts {
  double above, below;
  int64_t n, people;
} parts;

static bool part_of(const fm__case_set *s, size_t k, fm__case_value above, fm__case_value below, double *a, double *b)
{
  *a = above(s->cases, fm__case_numbers(s, k));
  *b = below(s->cases, fm__case_numbers(s, k));
  return !isnan(*a) && !isnan(*b);
}

static parts parts_of(fm__case_set *s, fm__case_value above, fm__case_value below)
{
  parts out = {0};
  fm__sum sum_a = {0}, sum_b = {0};
  double a, b;
  s->stamp++;
  for (size_t k = 0; k < s->n; k++) {
    if (!part_of(s, k, above, below, &a, &b))
      continue;
    out.n += fm__case_times(s, k);
    out.people += fm__case_newcomer(s, k);
    add_times(&sum_a, a, fm__case_times(s, k));
    add_times(&sum_b, b, fm__case_times(s, k));
  }
  out.above = fm__sum_value(&sum_a);
  out.below = fm__sum_value(&sum_b);
  return out;
}

/* Sum of the squares of each person's sum of a - ratio * b; the cases of one person stand together. */
static double squares_of(const fm__case_set *s, fm__case_value above, fm__case_value below, double ratio)
{
  fm__sum squares = {0};
  double a, b;
  for (size_t k = 0, end; k < s->n; k = end) {
    fm__sum deviation = {0};
    for (end = k; end < s->n && fm__case_id(s, end, 0) == fm__case_id(s, k, 0); end++)
      if (part_of(s, end, above, below, &a, &b))
        add_times(&deviation, a - ratio * b, fm__case_times(s, end));
    double d = fm__sum_value(&deviation);
    fm__sum_add(&squares, d * d);
  }
  return fm__sum_value(&squares);
}

void fm__case_put_ratio(fm__case_set *s, const char *quantity, const char *unit, fm__case_value above,
                        fm__case_value below, double low, double high, const char *none)
{
  parts all = parts_of(s, above, below);
  double ratio = all.below > 0 ? all.above / all.below : (double)NAN, people = (double)all.people;
  fm__figure f = fm__case_figure(s, quantity, unit, ratio, all.n, all.people);
  if (isnan(ratio) && s->n > 0)
    f.state = none;
  if (all.below > 0 && all.people >= 2) {
    f.level = s->cases->level;
    f.std_error = sqrt(squares_of(s, above, below, ratio) * people / (people - 1)) / all.below;
    double half = fm__t_quantile(people - 1, (1 + f.level) / 2) * f.std_error;
    f.ci_low = ratio - half < low ? low : ratio - half;
    f.ci_high = ratio + half > high ? high : ratio + half;
  }
  fm__result_add(s->result, &f);
}
