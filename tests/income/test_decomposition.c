/* income.decomposition: worked by hand, parts that add up, influences against finite differences, errors, any split. */
#include "income/groups/decomposition_priv.h"

#include <math.h>
#include <string.h>

#include "flexmetrics/income_groups.h"
#include "support/support.h"

static const char *const columns[] = {"income:f64", "group:code", "area:code", "w:f64"};
enum { N_COLUMNS = 4 };

static fm_table *compute(const char *const *cells, size_t n, const fm_income_decomposition_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, n), *out;
  fm_assert_ok(fm_income_decomposition(&out, frame, spec, NULL, &err), &err);
  fm_table_destroy(frame);
  return out;
}

static double number(const fm_table *t, const char *measure, const char *quantity)
{
  return fm_test_number(t, "value", fm_test_row(t, "measure", measure, "quantity", quantity, NULL, NULL));
}

/* Two groups that do not overlap, (1, 3) and (5, 7), mean 4, group means 2 and 6.
 * MLD: within = (ln 2 - ln 3 / 2)/2 + (ln 6 - ln 35 / 2)/2, between = (ln(4/2) + ln(4/6))/2.
 * Gini: pairs |x - y| sum to 20, 20/(16 * 4) = .3125; within = 2 * .03125, between = |4 * 2 - 12 * 2|/(16 * 4) = .25.
 */
static const char *const apart[] = {
    "1", "a", "n", "1", "3", "a", "n", "1", "5", "b", "n", "1", "7", "b", "n", "1",
};
/* The same incomes as (1, 5) and (3, 7): within .125, between |6 * 2 - 10 * 2|/64 = .125, so .0625 overlaps. */
static const char *const mixed[] = {
    "1", "a", "n", "1", "5", "a", "n", "1", "3", "b", "n", "1", "7", "b", "n", "1",
};

START_TEST(worked_by_hand)
{
  fm_income_decomposition_spec spec = FM_INCOME_DECOMPOSITION_SPEC_INIT;
  spec.group = "group";
  fm_table *t = compute(apart, 4, &spec);
  const struct {
    const char *measure, *quantity;
    double value;
  } expected[] = {{"mld", "total", 0.2228042735805098},
                  {"mld", "within", 0.0789632373546193},
                  {"mld", "between", 0.1438410362258904},
                  {"gini", "total", 0.3125},
                  {"gini", "within", 0.0625},
                  {"gini", "between", 0.25},
                  {"gini", "overlap", 0},
                  {"gini", "between_share", 0.8}};
  for (int i = 0; i < FM_COUNT(expected); i++)
    fm_assert_close(expected[i].quantity, number(t, expected[i].measure, expected[i].quantity), expected[i].value,
                    1e-14, 1e-16);
  size_t b = fm_test_row(t, "measure", "gini", "group", "b", "quantity", "income_share");
  fm_assert_close("income share", fm_test_number(t, "value", b), 0.75, 1e-15, 0);
  b = fm_test_row(t, "measure", "gini", "group", "b", "quantity", "within_part");
  fm_assert_close("part", fm_test_number(t, "value", b), 0.03125, 1e-15, 0);
  fm_table_destroy(t);
  t = compute(mixed, 4, &spec);
  fm_assert_close("within", number(t, "gini", "within"), 0.125, 1e-15, 0);
  fm_assert_close("between", number(t, "gini", "between"), 0.125, 1e-15, 0);
  fm_assert_close("overlap", number(t, "gini", "overlap"), 0.0625, 1e-15, 0);
  fm_table_destroy(t);
}
END_TEST

/* ---- populations made up: three groups of one file ---- */

enum { N = 60, N_GROUPS = 3, N_CALLS = 5 };
static double incomes[N], weights[N];

static void make(void)
{
  uint64_t s = 7;
  for (size_t i = 0; i < N; i++) {
    s = s * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    incomes[i] = 5 + (double)(s >> 40) / 4096 * (1 + (double)(i % N_GROUPS));
    weights[i] = 0.5 + (double)(s >> 20 & 1023) / 512;
  }
}

static void build(fm__dist dists[N_GROUPS + 1], const fm__dist *populations[N_GROUPS + 1], size_t changed, double by)
{
  fm_error err = FM_ERROR_INIT;
  for (size_t g = 0; g <= N_GROUPS; g++) {
    fm__member *members = fm__array(N, sizeof *members);
    size_t n = 0;
    for (size_t i = 0; i < N; i++)
      if (g == N_GROUPS || i % N_GROUPS == g)
        members[n++] = (fm__member){incomes[i], weights[i] * (i == changed ? 1 + by : 1), (uint32_t)i, 1};
    fm_assert_ok(fm__dist_of_members(&dists[g], members, n, NULL, &err), &err);
    populations[g] = &dists[g];
  }
}

static double at(const fm__decomposition *d, size_t figure, size_t changed, double by)
{
  fm__dist dists[N_GROUPS + 1];
  const fm__dist *populations[N_GROUPS + 1];
  const char *state;
  build(dists, populations, changed, by);
  double value = fm__decomposition_value(d, figure, populations, &state);
  for (size_t g = 0; g <= N_GROUPS; g++)
    fm__dist_free(&dists[g]);
  return value;
}

/* w u of a row is the derivative of the figure in a relative change of its weight. */
START_TEST(finite_differences)
{
  fm_error err = FM_ERROR_INIT;
  fm__call *calls;
  size_t n_calls, n_parts;
  make();
  fm_assert_ok(fm__calls_create(&calls, &n_calls, "mld,theil,ge(2),ge(-0.5),gini", &err), &err);
  ck_assert_uint_eq(n_calls, N_CALLS);
  fm__decomposition d = {.calls = calls, .n_groups = N_GROUPS, .rules = FM_INCOME_RULES_INIT};
  size_t n_figures = N_CALLS * (FM__N_WHOLE + FM__N_GROUP * N_GROUPS);
  fm__dist dists[N_GROUPS + 1];
  const fm__dist *populations[N_GROUPS + 1];
  build(dists, populations, N, 0);
  for (size_t f = 0; f < n_figures; f++) {
    const char *state;
    fm__part parts[N_GROUPS + 1];
    double z[N] = {0}, value = fm__decomposition_value(&d, f, populations, &state), largest = 0;
    ck_assert_msg(!isnan(value), "figure %zu", f);
    fm_assert_ok(fm__decomposition_influence(parts, &n_parts, &d, f, populations, value, &err), &err);
    ck_assert_uint_gt(n_parts, 0);
    for (size_t k = 0; k < n_parts; k++)
      fm__influence_spread(z, &parts[k].influence, &dists[parts[k].population], 1);
    for (size_t i = 0; i < N; i++)
      largest = fmax(largest, fabs(z[i]));
    for (size_t i = 0; i < N; i += 7) {
      const double h = 1e-5;
      double slope = (at(&d, f, i, h) - at(&d, f, i, -h)) / (2 * h);
      ck_assert_msg(fabs(slope - z[i]) <= 1e-6 * largest + 1e-9, "figure %zu, row %zu: %.12g, by differences %.12g", f,
                    i, z[i], slope);
    }
  }
  for (size_t g = 0; g <= N_GROUPS; g++)
    fm__dist_free(&dists[g]);
  fm__free(calls);
}
END_TEST

START_TEST(parts_add_up)
{
  fm_error err = FM_ERROR_INIT;
  fm__call *calls;
  size_t n_calls, per_call = FM__N_WHOLE + FM__N_GROUP * N_GROUPS;
  make();
  fm_assert_ok(fm__calls_create(&calls, &n_calls, "mld,theil,ge(2),ge(-0.5),gini", &err), &err);
  fm__decomposition d = {.calls = calls, .n_groups = N_GROUPS, .rules = FM_INCOME_RULES_INIT};
  for (size_t c = 0; c < n_calls; c++) {
    double total = at(&d, c * per_call + FM__TOTAL, N, 0), within = at(&d, c * per_call + FM__WITHIN, N, 0);
    double between = at(&d, c * per_call + FM__BETWEEN, N, 0), overlap = at(&d, c * per_call + FM__OVERLAP, N, 0);
    double parts = 0;
    for (size_t g = 0; g < N_GROUPS; g++)
      parts += at(&d, c * per_call + FM__N_WHOLE + FM__N_GROUP * g + FM__WITHIN_PART, N, 0);
    fm_assert_close("parts", parts, within, 1e-13, 0);
    if (c + 1 < n_calls) /* all but the Gini add up by themselves */
      fm_assert_close(calls[c].measure->name, within + between, total, 1e-12, 0);
    else
      ck_assert(overlap > 0 && within > 0 && between > 0 && within + between < total);
  }
  fm__free(calls);
}
END_TEST

/* ---- through the tally ---- */

START_TEST(domains_and_states)
{
  static const char *const cells[] = {"1", "a", "n", "2", "3", "b", "n", "1", "-1", "a",
                                      "s", "1", "4", "b", "s", "1", "",  "a", "e",  "1"};
  fm_income_decomposition_spec spec = FM_INCOME_DECOMPOSITION_SPEC_INIT;
  spec.group = "group";
  spec.by = "area";
  spec.weight = "w";
  spec.measures = "mld";
  fm_table *t = compute(cells, 5, &spec);
  const struct {
    const char *area, *quantity, *state;
  } expected[] = {
      {"n", "within", "ok"}, {"s", "total", "undefined"}, {"s", "between", "undefined"}, {"e", "total", "empty"}};
  for (int i = 0; i < FM_COUNT(expected); i++)
    ck_assert_str_eq(
        fm_test_text(t, "state",
                     fm_test_row(t, "area", expected[i].area, "quantity", expected[i].quantity, NULL, NULL)),
        expected[i].state);
  size_t n = fm_test_row(t, "area", "n", "quantity", "within", NULL, NULL);
  fm_assert_close("nothing within", fm_test_number(t, "value", n), 0, 0, 0);
  fm_table_destroy(t);
}
END_TEST

START_TEST(refused)
{
  const struct {
    const char *label, *group, *measures, *message;
    int32_t gini, nonpos;
  } cases[] = {{"no group", NULL, NULL, "group:", 0, 0},
               {"a group of by", "group,area", NULL, "not in by, got \"area\"", 0, 0},
               {"a group twice", "group,group", NULL, "\"group\" twice", 0, 0},
               {"not to be taken apart", "group", "palma", "palma", 0, 0},
               {"form of the Gini", "group", NULL, "population", FM_INCOME_GINI_N_MINUS_1, 0},
               {"dropped incomes", "group", NULL, "nonpos", 0, FM_INCOME_NONPOS_DROP}};
  for (int i = 0; i < FM_COUNT(cases); i++) {
    fm_income_rules rules = FM_INCOME_RULES_INIT;
    fm_income_decomposition_spec spec = FM_INCOME_DECOMPOSITION_SPEC_INIT;
    fm_error err = FM_ERROR_INIT;
    fm_tally *t;
    rules.gini = cases[i].gini;
    rules.nonpos = cases[i].nonpos;
    spec.by = "area";
    spec.group = cases[i].group;
    spec.measures = cases[i].measures;
    spec.rules = &rules;
    ck_assert_msg(fm_income_decomposition_tally(&t, &spec, &err) == FM_ERR_ARGUMENT && t == NULL, "%s", cases[i].label);
    ck_assert_msg(strstr(err.message, cases[i].message) != NULL, "%s: %s", cases[i].label, err.message);
  }
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  (void)ctx;
  fm_income_decomposition_spec spec;
  fm_income_decomposition_spec_init(&spec, sizeof spec);
  spec.group = "group";
  spec.weight = "w";
  return fm_income_decomposition_tally(out, &spec, err);
}

START_TEST(promises)
{
  fm_test_promises(&(fm_test_measure){create, NULL, columns, N_COLUMNS, mixed, 4});
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income decomposition");
  TCase *c = tcase_create("decomposition");
  tcase_add_test(c, worked_by_hand);
  tcase_add_test(c, finite_differences);
  tcase_add_test(c, parts_add_up);
  tcase_add_test(c, domains_and_states);
  tcase_add_test(c, refused);
  tcase_add_test(c, promises);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
