/* Curves under definitions: shares known at a milestone are the curve's where nobody is censored before; several
 * definitions side by side are what each gives alone. */
#include "register/frame_data.h"

enum { PEOPLE = 50 };

/* Everybody: ten weeks of benefit, then work, and other states of one to twelve weeks after it. */
static fm_register *random_register(uint64_t seed, int32_t *as_of)
{
  static const char *const states[] = {"employment", "employment", "890", "121", "730", "student_grant"};
  static char persons[2000], spells[60000];
  size_t used = (size_t)snprintf(persons, sizeof persons, "person_id,sex\n"), k = 0;
  int32_t first = fm_date_from_ymd(2018, 1, 1);
  *as_of = first + 7 * 120;
  k = (size_t)snprintf(spells, sizeof spells, "person_id,start,end,state\n");
  for (int i = 0; i < PEOPLE; i++) {
    used += (size_t)snprintf(persons + used, sizeof persons - used, "P%d,%s\n", i, i % 3 == 0 ? "male" : "female");
    for (int32_t week = 0; week < 120;) {
      char from[16], to[16];
      seed = seed * 6364136223846793005U + 1442695040888963407U;
      uint32_t draw = (uint32_t)(seed >> 33);
      int32_t weeks = week == 0 ? 10 : 1 + (int32_t)(draw % 12);
      fm_date_format(from, first + 7 * week);
      fm_date_format(to, first + 7 * (week + weeks) - 1);
      const char *state = week == 0 ? "730" : week == 10 ? "employment" : states[draw / 16 % FM_COUNT(states)];
      k += (size_t)snprintf(spells + k, sizeof spells - k, "P%d,%s,%s,%s\n", i, from, to, state);
      week += weeks;
    }
  }
  const source all[] = {{"persons", persons}, {"spells", spells}};
  return register_of(all, FM_COUNT(all), seed % 2 == 0);
}

static fm_table *computed(const fm_register *r, const char *id, const char *by, int32_t as_of, const char *options)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *out;
  spec.by = by;
  spec.as_of = as_of;
  spec.options = options;
  fm_assert_ok(fm_catalogue_compute(&out, r, id, &spec, NULL, &err), &err);
  return out;
}

static double share_at(const fm_table *t, const char *definition, double horizon)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (strcmp(fm_test_text(t, "quantity", i), "rate") == 0 && fm_test_number(t, "horizon", i) == horizon &&
        strcmp(fm_test_text(t, "definition", i), definition) == 0)
      return fm_test_number(t, "value", i);
  return NAN;
}

/* The curve on the day before: still in work on all days of the horizon. */
static double curve_at(const fm_table *t, const char *definition, double horizon)
{
  double value = 1;
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (strcmp(fm_test_text(t, "quantity", i), "survival") == 0 && fm_test_number(t, "time_days", i) < horizon &&
        strcmp(fm_test_text(t, "definition", i), definition) == 0)
      value = fm_test_number(t, "value", i);
  return value;
}

START_TEST(milestones)
{
  static const char *const definitions[] = {"weekly_strict", "weekly_grace_4_weeks"};
  static const double horizons[] = {28, 91, 182, 365};
  double low = 1, high = 0;
  for (uint64_t seed = 1; seed < 6; seed++) {
    int32_t as_of;
    fm_register *r = random_register(seed, &as_of);
    fm_table *status = computed(r, "retention.status", NULL, as_of,
                                "definition=weekly_strict,weekly_grace_4_weeks;index=first;rule=continuous;clock=days;"
                                "horizons=28,91,182,365");
    fm_table *curve =
        computed(r, "retention.survival", NULL, as_of, "definition=weekly_strict,weekly_grace_4_weeks;index=first");
    for (int k = 0; k < FM_COUNT(definitions); k++)
      for (int h = 0; h < FM_COUNT(horizons); h++) {
        double share = share_at(status, definitions[k], horizons[h]);
        double in_work = curve_at(curve, definitions[k], horizons[h]);
        ck_assert_msg(fm_close(share, in_work, 0, 1e-14), "%s, %g days: %.17g and %.17g", definitions[k], horizons[h],
                      share, in_work);
        low = share < low ? share : low;
        high = share > high ? share : high;
      }
    fm_table_destroy(status);
    fm_table_destroy(curve);
    fm_register_destroy(r);
  }
  ck_assert(low < 0.1 && high > 0.8);
}
END_TEST

/* Rows of one definition in order; the cells of both tables must be the same. */
static void same_rows(const fm_table *all, const fm_table *alone, const char *definition)
{
  size_t k = 0;
  for (size_t i = 0; i < fm_table_n_rows(all); i++) {
    if (strcmp(fm_test_text(all, "definition", i), definition) != 0)
      continue;
    ck_assert_uint_lt(k, fm_table_n_rows(alone));
    for (size_t c = 0; c < fm_table_n_columns(all); c++) {
      char a[64], b[64];
      put_cell(a, sizeof a, all, c, i);
      put_cell(b, sizeof b, alone, c, k);
      ck_assert_msg(strcmp(a, b) == 0, "%s, row %zu, %s: %s and %s", definition, k, fm_table_column_name(all, c), a, b);
    }
    k++;
  }
  ck_assert_uint_gt(k, 3);
  ck_assert_uint_eq(k, fm_table_n_rows(alone));
}

START_TEST(side_by_side)
{
  static const struct {
    const char *id, *by, *options;
  } row[] = {{"retention.survival", "sex", ""},
             {"retention.survival", NULL, ";index=first"},
             {"retention.cumulative_incidence", "sex", ""},
             {"retention.logrank", NULL, ";group=sex;detail=yes"},
             {"retention.cox", NULL, ";covariates=sex:female"},
             {"retention.discrete_hazard", NULL, ";covariates=sex:female;bands=2,6"},
             {"retention.fine_gray", NULL, ";covariates=sex:female"}};
  int32_t as_of;
  fm_register *r = random_register(7, &as_of);
  for (int k = 0; k < FM_COUNT(row); k++) {
    char both[128], one[128], other[128];
    snprintf(both, sizeof both, "definition=weekly_strict,weekly_grace_4_weeks%s", row[k].options);
    snprintf(one, sizeof one, "definition=weekly_strict%s", row[k].options);
    snprintf(other, sizeof other, "definition=grace_4_weeks;start=work%s", row[k].options);
    fm_table *all = computed(r, row[k].id, row[k].by, as_of, both);
    fm_table *strict = computed(r, row[k].id, row[k].by, as_of, one);
    fm_table *grace = computed(r, row[k].id, row[k].by, as_of, other);
    ck_assert_uint_eq(fm_table_n_columns(all), fm_table_n_columns(strict));
    same_rows(all, strict, "weekly_strict");
    ck_assert_uint_eq(fm_table_n_rows(all), fm_table_n_rows(strict) + fm_table_n_rows(grace));
    fm_table_destroy(all);
    fm_table_destroy(strict);
    fm_table_destroy(grace);
  }
  fm_register_destroy(r);
}
END_TEST

/* The measure called by hand on the frame, with the definition among the groups, gives the same bits. */
START_TEST(by_hand)
{
  fm_error err = FM_ERROR_INIT;
  int32_t as_of;
  fm_register *r = random_register(8, &as_of);
  fm_table *made = computed(r, "retention.survival", "sex", as_of, "definition=weekly_strict,weekly_grace_4_weeks");
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_retention_survival_spec s = FM_RETENTION_SURVIVAL_SPEC_INIT;
  f.kind = "survival";
  f.as_of = as_of;
  f.by = "sex";
  f.definitions = "weekly_strict,weekly_grace_4_weeks";
  s.by = "definition,sex";
  s.definition = f.definitions;
  fm_table *frame = frame_of(r, &f), *direct;
  fm_assert_ok(fm_retention_survival(&direct, frame, &s, NULL, &err), &err);
  fm_assert_same_table("definitions", made, direct);
  fm_table_destroy(direct);
  s.by = "sex,definition"; /* wherever it stands among the groups it is one column */
  fm_assert_ok(fm_retention_survival(&direct, frame, &s, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_columns(direct), fm_table_n_columns(made));
  ck_assert_str_eq(fm_test_text(direct, "definition", 0), "weekly_grace_4_weeks");
  ck_assert_str_eq(fm_test_text(direct, "sex", 0), "female");
  fm_table_destroy(direct);
  fm_table_destroy(frame);
  fm_table_destroy(made);
  fm_register_destroy(r);
}
END_TEST

START_TEST(one_alone)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  int32_t as_of;
  fm_register *r = random_register(9, &as_of);
  fm_table *t = computed(r, "retention.gray", "sex", as_of, "definition=weekly_strict");
  ck_assert_str_eq(fm_test_text(t, "definition", 0), "weekly_strict");
  ck_assert_uint_gt(fm_table_n_rows(t), 3);
  fm_table_destroy(t);
  static const struct {
    const char *id, *options, *message;
  } row[] = {
      {"retention.gray", "definition=weekly_strict,strict",
       "retention.gray compares people under one definition; found \"weekly_strict,strict\""},
      {"retention.logrank", "definition=weekly_strict,strict",
       "retention.logrank compares people under one definition"},
      {"retention.cumulative_incidence", "definition=weekly_strict,strict;times=91;reference=male",
       "reference compares groups under one definition"},
  };
  for (int k = 0; k < FM_COUNT(row); k++) {
    spec.by = "sex";
    spec.as_of = as_of;
    spec.options = row[k].options;
    fm_error_clear(&err);
    ck_assert_int_eq(fm_catalogue_compute(&t, r, row[k].id, &spec, NULL, &err), FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, row[k].message) != NULL, "%s", err.message);
    ck_assert_ptr_null(t);
  }
  fm_register_destroy(r);
}
END_TEST

typedef struct request {
  const fm_register *r;
  int32_t as_of;
} request;

static fm_status compute(void *ctx, fm_error *err)
{
  const request *q = ctx;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *t = NULL;
  spec.by = "sex";
  spec.as_of = q->as_of;
  spec.options = "definition=weekly_strict,weekly_grace_4_weeks;curve=no";
  fm_status status = fm_catalogue_compute(&t, q->r, "retention.survival", &spec, NULL, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(memory)
{
  request q;
  fm_register *r = random_register(10, &q.as_of);
  q.r = r;
  ck_assert_int_gt(fm_test_allocations(compute, &q), 50);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("catalogue-definitions");
  TCase *t = tcase_create("definitions");
  tcase_set_timeout(t, 120);
  tcase_add_test(t, milestones);
  tcase_add_test(t, side_by_side);
  tcase_add_test(t, by_hand);
  tcase_add_test(t, one_alone);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
