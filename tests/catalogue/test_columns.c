/* Which columns an indicator reads, and bare frames read by them: the same figures as from the columns themselves. */
#include <stdio.h>
#include <string.h>

#include "support/support.h"

enum { REQUIRED = 1, IS_ID = 2 };

static void has(const fm_table *t, const char *name, int32_t type, int flags)
{
  size_t row = fm_test_row(t, "name", name, NULL, NULL, NULL, NULL);
  ck_assert_msg(fm_test_number(t, "type", row) == type, "%s: type %g", name, fm_test_number(t, "type", row));
  ck_assert_msg(fm_test_number(t, "required", row) == (flags & REQUIRED), "%s: required", name);
  ck_assert_msg((fm_test_number(t, "is_id", row) != 0) == ((flags & IS_ID) != 0), "%s: id", name);
}

static fm_table *columns_of(const char *id, const fm_compute_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_catalogue_columns(&t, id, spec, &err), &err);
  return t;
}

START_TEST(by_options)
{
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  spec.by = "region, sex";
  spec.weight = "w";
  spec.filter = "age >= 18 & region != x";
  spec.options = "income=y;strata=h;psu=none;fpc=N;domain=d;top_coded=none";
  fm_table *t = columns_of("income.distribution", &spec);
  has(t, "y", FM_F64, REQUIRED);
  has(t, "w", FM_F64, REQUIRED);
  has(t, "h", FM_CSV_KEY, REQUIRED);
  has(t, "N", FM_F64, REQUIRED);
  has(t, "d", FM_BOOL, REQUIRED);
  has(t, "region", FM_CSV_KEY, REQUIRED);
  has(t, "sex", FM_CSV_KEY, REQUIRED);
  has(t, "age", FM_CSV_ANY, REQUIRED);
  ck_assert_uint_eq(fm_table_n_rows(t), 8);
  fm_table_destroy(t);
  spec = (fm_compute_spec)FM_COMPUTE_SPEC_INIT;
  spec.weight = "w";
  spec.options = "replicates=r1:r3;replicate_kind=jk1";
  t = columns_of("income.mobility", &spec);
  has(t, "r2", FM_F64, REQUIRED);
  has(t, "person_id", FM_CSV_KEY, REQUIRED | IS_ID);
  has(t, "period", FM_F64, REQUIRED);
  fm_table_destroy(t);
  spec.options = "reference=1;compared=2"; /* a sex of 1 and 2 is text, too */
  spec.by = "sex";
  t = columns_of("labour.pay_gap", &spec);
  has(t, "sex", FM_CODE, REQUIRED);
  fm_table_destroy(t);
  spec.by = NULL;
  spec.options = NULL;
  t = columns_of("income.bottom40", &spec);
  has(t, "w_0", FM_F64, REQUIRED);
  has(t, "w_1", FM_F64, REQUIRED);
  has(t, "participant", FM_BOOL, 0);
  fm_table_destroy(t);
}
END_TEST

/* Every column of the catalogue's own list is read, except those that only a weight or an option names. */
START_TEST(every_indicator)
{
  const char *id = fm_catalogue_id((size_t)_i);
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  spec.options = strcmp(id, "income.gap") == 0 || strcmp(id, "income.dominance") == 0 ? "group=g;reference=a;compared=b"
                 : strcmp(id, "income.decomposition") == 0                            ? "group=g"
                 : strncmp(id, "labour.", 7) == 0                                     ? "icls=13;hours_threshold=35"
                 : strcmp(id, "retention.cox") == 0                                   ? "covariates=x"
                 : strcmp(id, "retention.discrete_hazard") == 0                       ? "covariates=x"
                 : strcmp(id, "retention.fine_gray") == 0                             ? "covariates=x"
                                                                                      : NULL;
  fm_table *t = columns_of(id, &spec);
  const char *list = fm_catalogue_text((size_t)_i, "columns", "en");
  char name[64];
  for (const char *p = list; *p != '\0';) {
    size_t length = strcspn(p, ",");
    snprintf(name, sizeof name, "%.*s", (int)length, p);
    bool optional = strncmp(name, "weight", 6) == 0 || strncmp(name, "the group", 9) == 0;
    bool ids =
        strcmp(name, "person_id") == 0 && (strcmp(id, "retention.survival") == 0 ||
                                           strcmp(id, "income.bottom40") == 0 || strcmp(id, "income.incidence") == 0);
    bool found = false;
    for (size_t i = 0; i < fm_table_n_rows(t); i++)
      found = found || strcmp(fm_test_text(t, "name", i), name) == 0;
    if (!optional && !ids)
      ck_assert_msg(found, "%s: column %s is not read", id, name);
    p += length;
    p += strspn(p, ", ");
  }
  ck_assert_uint_gt(fm_table_n_rows(t), 0);
  fm_table_destroy(t);
}
END_TEST

START_TEST(refused)
{
  static const struct {
    const char *id, *options, *filter;
    fm_status status;
  } cases[] = {{"income.nothing", NULL, NULL, FM_ERR_NOT_FOUND},
               {"income.distribution", "colour=red", NULL, FM_ERR_NOT_FOUND},
               {"income.distribution", "replicates=r9:r1", NULL, FM_ERR_ARGUMENT},
               {"income.distribution", NULL, "region", FM_ERR_FORMAT}};
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
    fm_table *t;
    spec.options = cases[k].options;
    spec.filter = cases[k].filter;
    ck_assert_int_eq(fm_catalogue_columns(&t, cases[k].id, &spec, &err), cases[k].status);
    ck_assert_ptr_null(t);
    ck_assert(err.message[0] != '\0');
  }
}
END_TEST

/* A filter on a bare frame: the mean of 10 and 30 is 20; missing cells meet no rule. */
START_TEST(filtered)
{
  static const char *const columns[] = {"income:f64", "age:i64"};
  static const char *const cells[] = {"10", "20", "500", "17", "30", "40", "700", ""};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, 2, cells, 4), *out;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  spec.options = "measures=mean";
  spec.filter = "age >= 18";
  fm_assert_ok(fm_catalogue_compute_frame(&out, frame, "income.distribution", &spec, NULL, &err), &err);
  fm_assert_close("mean", fm_test_number(out, "value", 0), 20, 0, 0);
  fm_table_destroy(out);
  spec.filter = "ages >= 18";
  ck_assert_int_eq(fm_catalogue_compute_frame(&out, frame, "income.distribution", &spec, NULL, &err), FM_ERR_NOT_FOUND);
  fm_error_clear(&err);
  spec.filter = "age >= old";
  ck_assert_int_eq(fm_catalogue_compute_frame(&out, frame, "income.distribution", &spec, NULL, &err), FM_ERR_TYPE);
  ck_assert_ptr_null(out);
  fm_table_destroy(frame);
}
END_TEST

static fm_status make_columns(void *ctx, fm_error *err)
{
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *t = NULL;
  (void)ctx;
  spec.by = "region";
  spec.weight = "w";
  spec.filter = "age > 1";
  spec.options = "strata=h;psu=u";
  fm_status status = fm_catalogue_columns(&t, "income.distribution", &spec, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(allocations)
{
  ck_assert_int_gt(fm_test_allocations(make_columns, NULL), 10);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("catalogue-columns");
  TCase *tests = tcase_create("columns");
  tcase_add_test(tests, by_options);
  tcase_add_loop_test(tests, every_indicator, 0, (int)fm_catalogue_n());
  tcase_add_test(tests, refused);
  tcase_add_test(tests, filtered);
  tcase_add_test(tests, allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
