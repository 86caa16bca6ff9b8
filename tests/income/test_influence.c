/* Influences against what a value does when one weight changes a little. */
#include "income/measure/influence_priv.h"

#include <math.h>
#include <stdio.h>

#include "num/num_priv.h"
#include "support/support.h"

enum { N = 60 };

static double x[N], w[N];
static uint64_t state;
static double draw(void)
{
  state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return ((double)(state >> 11) + 0.5) * 0x1p-53;
}

/* Skewed incomes in tens, so that some are tied; every third row is the group. */
static void make(double least)
{
  state = 7;
  for (int i = 0; i < N; i++) {
    x[i] = 10 * floor(30 * exp(fm__normal_quantile(draw()) * 0.7)) + least;
    w[i] = 0.3 + draw();
  }
  x[5] = x[6] = x[7];
  x[9] = x[10];
}

static bool in_group(int i)
{
  return i % 3 == 0;
}

static void make_dists(fm__dist *own, fm__dist *all)
{
  fm_error err = FM_ERROR_INIT;
  double part[N], weight[N];
  size_t n = 0;
  for (int i = 0; i < N; i++)
    if (in_group(i)) {
      part[n] = x[i];
      weight[n++] = w[i];
    }
  fm_assert_ok(fm__dist_of_columns(own, part, weight, n, NULL, &err), &err);
  fm_assert_ok(fm__dist_of_columns(all, x, w, N, NULL, &err), &err);
}

static double value_of(const fm__call *call, const fm_income_rules *rules)
{
  fm__dist own, all;
  const char *name;
  make_dists(&own, &all);
  double v = fm__call_value(call, &(fm__income_context){.rules = rules, .own = &own, .line_from = &all}, &name);
  fm__dist_free(&own);
  fm__dist_free(&all);
  return v;
}

/* u of an income, 0 when it is not there. */
static double influence_at(const fm__influence *f, const fm__dist *d, double income)
{
  fm__influence_pass pass;
  fm__atom a;
  double found = 0;
  fm__influence_start(&pass, f);
  for (fm__dist_start(&a, d); fm__dist_next(&a);) {
    double u = fm__influence_next(&pass, &a) * d->w_scale;
    if (a.x == income * d->x_scale)
      found = u;
  }
  return found;
}

/* Every row's influence, against (v(w + h) - v(w - h)) / 2h. */
static void check_differences(const char *label, const fm__call *call, const fm_income_rules *rules)
{
  fm_error err = FM_ERROR_INIT;
  fm__dist own, all;
  fm__influence mine, line;
  double u[N], largest = 0;
  make_dists(&own, &all);
  fm_assert_ok(fm__call_influence(&mine, &line, call,
                                  &(fm__income_context){.rules = rules, .own = &own, .line_from = &all}, &err),
               &err);
  for (int i = 0; i < N; i++) {
    u[i] = (in_group(i) ? influence_at(&mine, &own, x[i]) : 0) + influence_at(&line, &all, x[i]);
    largest = fmax(largest, fabs(u[i]));
  }
  fm__dist_free(&own);
  fm__dist_free(&all);
  ck_assert_msg(largest > 0, "%s", label);
  for (int i = 0; i < N; i++) {
    double h = 1e-5 * w[i], before = w[i];
    w[i] = before + h;
    double more = value_of(call, rules);
    w[i] = before - h;
    double less = value_of(call, rules);
    w[i] = before;
    fm_assert_close(label, u[i], (more - less) / (2 * h), 0, 1e-7 * largest);
  }
}

static const struct no_density {
  const char *measures;
  double least; /* added to all incomes */
  fm_income_rules rules;
} no_density[] = {
    {"mean,total,lorenz(0.37),generalised_lorenz(0.2),bottom_share(0.4),bottom_mean(0.4),top_share(0.13),top_mean(0.1),"
     "s80s20,palma,share_ratio(0.05,0.5),gini,hoover,zenga",
     0, FM_INCOME_RULES_INIT},
    {"ge(-1.5),ge(0),ge(0.3),ge(1),ge(2),ge(3),theil,mld,j_divergence,atkinson(0.5),atkinson(1),atkinson(2.5)", 1,
     FM_INCOME_RULES_INIT},
    {"gini", 0, {.gini = FM_INCOME_GINI_N_MINUS_1, .percent = 1}},
    {"theil,ge(0.7),ge(2),atkinson(0.4)", -100, {.nonpos = FM_INCOME_NONPOS_LIMIT}},
    {"ge(-1),mld,theil,ge(2),j_divergence,atkinson(0.5),atkinson(1),atkinson(2)",
     -200,
     {.nonpos = FM_INCOME_NONPOS_DROP}},
    {"ge(-1),mld,theil,ge(2),j_divergence,atkinson(0.5),atkinson(1),atkinson(2)",
     -200,
     {.nonpos = FM_INCOME_NONPOS_FLOOR, .nonpos_floor = 3}},
    {"fgt(0),fgt(1),fgt(2),fgt(1.5),watts,sen,sst,at_risk_of_poverty",
     1,
     {.line_kind = FM_INCOME_LINE_ABSOLUTE, .line = 240}},
    {"fgt(0),sen,sst,fgt(1)", 0, {.line_kind = FM_INCOME_LINE_ABSOLUTE, .line = 210, .poor = FM_INCOME_POOR_LE}},
    {"watts,sst",
     -200,
     {.line_kind = FM_INCOME_LINE_ABSOLUTE, .line = 240, .nonpos = FM_INCOME_NONPOS_DROP, .percent = 1}},
    {"watts",
     -200,
     {.line_kind = FM_INCOME_LINE_ABSOLUTE, .line = 240, .nonpos = FM_INCOME_NONPOS_FLOOR, .nonpos_floor = 3}},
    {"fgt(1),fgt(2),watts,sst,poverty_line,poverty_line(0.5)",
     1,
     {.line_kind = FM_INCOME_LINE_NATIONAL_MEAN, .line_share = 0.7}},
    {"fgt(1),fgt(2),watts,sst,poverty_line,poverty_line(0.5)",
     1,
     {.line_kind = FM_INCOME_LINE_DOMAIN_MEAN, .line_share = 0.7, .percent = 1}},
};

static void set(fm_income_rules *rules, const fm_income_rules *given)
{
  *rules = *given;
  if (rules->struct_size == 0) {
    rules->struct_size = sizeof *rules;
    rules->hit_tolerance = 1e-12;
  }
  if (rules->line_share == 0)
    rules->line_share = 0.6;
}

START_TEST(differences)
{
  const struct no_density *c = &no_density[_i];
  fm_error err = FM_ERROR_INIT;
  fm_income_rules rules;
  fm__call *calls;
  size_t n;
  int nonpos = 0;
  make(c->least);
  for (int i = 0; i < N; i++)
    nonpos += in_group(i) && x[i] <= 0;
  ck_assert_msg((nonpos > 0) == (c->rules.nonpos != FM_INCOME_NONPOS_ERROR), "%d incomes of 0 or less", nonpos);
  set(&rules, &c->rules);
  fm_assert_ok(fm__calls_create(&calls, &n, c->measures, &err), &err);
  for (size_t i = 0; i < n; i++) {
    char label[64];
    snprintf(label, sizeof label, "%s(%s) of case %d", calls[i].measure->name, calls[i].parameter, _i);
    check_differences(label, &calls[i], &rules);
  }
  fm__free(calls);
}
END_TEST

/* What rests on a density can only be near: 20000 incomes at the quantiles of a smooth distribution, their weights
 * tilted by a smooth function; the change against the sum of w * tilt * u. */
static const struct with_density {
  const char *measures;
  fm_income_rules rules;
} with_density[] = {
    {"median,quantile(0.2),quantile_ratio(0.9,0.1),wolfson,sen,fgt(0),fgt(1),fgt(2),watts,sst", FM_INCOME_RULES_INIT},
    {"poverty_line(0.5),at_risk_of_poverty,at_risk_of_poverty(0.5),relative_median_gap(0.6),median_of_poor",
     FM_INCOME_RULES_INIT},
    {"at_risk_of_poverty,relative_median_gap,median_of_poor,sen,fgt(0)", {.line_kind = FM_INCOME_LINE_NATIONAL_MEAN}},
    {"median,sen,at_risk_of_poverty", {.density = FM_INCOME_DENSITY_OSIER, .line_kind = FM_INCOME_LINE_DOMAIN}},
    {"median,wolfson,median_of_poor", {.share = FM_INCOME_SHARE_STEP, .quantile = FM_INCOME_QUANTILE_RIGHT}},
};

enum { MANY = 20000 };

START_TEST(tilted)
{
  static double income[MANY], weight[MANY], u[MANY];
  const struct with_density *c = &with_density[_i];
  fm_error err = FM_ERROR_INIT;
  fm_income_rules rules;
  fm__call *calls;
  size_t n;
  set(&rules, &c->rules);
  fm_assert_ok(fm__calls_create(&calls, &n, c->measures, &err), &err);
  for (size_t k = 0; k < n; k++) {
    double values[3], expected = 0, size = 0;
    char text[64];
    snprintf(text, sizeof text, calls[k].parameter[0] != '\0' ? "%s(%s)" : "%s", calls[k].measure->name,
             calls[k].parameter);
    for (int step = -1; step <= 1; step++) {
      fm_income_sample *s;
      for (int i = 0; i < MANY; i++) {
        double z = fm__normal_quantile((i + 0.5) / MANY);
        income[i] = fm__exp(0.6 * z);
        weight[i] = 1 + step * 0.1 * (z + 0.3 * z * z);
      }
      fm_assert_ok(fm_income_sample_create(&s, income, weight, MANY, &rules, NULL, &err), &err);
      fm_assert_ok(fm_income_sample_values(&values[step + 1], NULL, 1, s, text, NULL, &err), &err);
      if (step == 0) {
        fm_assert_ok(fm_income_sample_influence(u, s, text, income, weight, MANY, &err), &err);
        for (int i = 0; i < MANY; i++) {
          double z = fm__normal_quantile((i + 0.5) / MANY);
          expected += u[i] * 0.1 * (z + 0.3 * z * z);
          size += fabs(u[i] * 0.1 * (z + 0.3 * z * z));
        }
      }
      fm_income_sample_destroy(s);
    }
    fm_assert_close(text, expected, (values[2] - values[0]) / 2, 0, 0.06 * size);
  }
  fm__free(calls);
}
END_TEST

START_TEST(terms)
{
  fm__influence sum = {0}, one = {0};
  for (int i = 0; i < FM__MAX_TERMS; i++) {
    fm__influence_term(&one, FM__TERM_BELOW, i + 1, i);
    fm__influence_add(&sum, &one, 2);
    one.n = 0;
  }
  ck_assert_uint_eq(sum.n, FM__MAX_TERMS);
  fm__influence_term(&one, FM__TERM_BELOW, 5, 3);
  fm__influence_add(&sum, &one, 1);
  fm_assert_close("terms alike become one", sum.term[3].a, 13, 0, 0);
  fm__influence_term(&one, FM__TERM_BELOW, 5, -1);
  fm__influence_add(&sum, &one, 1);
  ck_assert_msg(isnan(sum.term[0].a), "no room is no error rather than a wrong one");
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income influence");
  TCase *c = tcase_create("influence");
  tcase_set_timeout(c, 120);
  tcase_add_loop_test(c, differences, 0, FM_COUNT(no_density));
  tcase_add_loop_test(c, tilted, 0, FM_COUNT(with_density));
  tcase_add_test(c, terms);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
