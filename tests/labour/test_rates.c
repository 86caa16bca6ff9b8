/* Labour-force rates: worked by hand, and every figure of the constructed survey under both definitions. */
#include "lfs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- worked by hand ----
 * Weights 2, 1, 3, 4, 1: employed 2 and 1 (own-use only: 19th no), unemployed 3, outside 4; a child of weight 1.
 * 13th: employed 2 + 1 = 3 of 10 adults; labour force 6; unemployed 3/6. 19th: the own-use producer seeks and is
 * available, so is unemployed: employed 2/10, unemployed 4/6. */
static const char *const columns[] = {
    "age:i64", "paid_hours:f64", "own_use_hours:f64", "absent_job:bool", "seeking:bool", "available:bool", "w:f64"};
enum { N_COLUMNS = 7, N_ROWS = 5 };
static const char *const by_hand[] = {
    "30", "37", "0", "0", "0", "0", "2", /**/
    "40", "0",  "9", "0", "1", "1", "1", /**/
    "15", "0",  "0", "0", "1", "1", "3", /**/
    "70", "0",  "0", "0", "0", "1", "4", /**/
    "9",  "9",  "0", "0", "0", "0", "1",
};

static const struct {
  int32_t icls;
  const char *indicator;
  double numerator, denominator, n;
} hand[] = {{13, "labour.employment_rate", 3, 10, 4},    {13, "labour.participation_rate", 6, 10, 4},
            {13, "labour.unemployment_rate", 3, 6, 3},   {19, "labour.employment_rate", 2, 10, 4},
            {19, "labour.participation_rate", 6, 10, 4}, {19, "labour.unemployment_rate", 4, 6, 3}};

START_TEST(worked_by_hand)
{
  fm_table *frame = fm_test_table(columns, N_COLUMNS, by_hand, N_ROWS);
  for (int i = 0; i < FM_COUNT(hand); i++) {
    fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
    fm_error err = FM_ERROR_INIT;
    fm_table *t;
    spec.icls = hand[i].icls;
    spec.weight = "w";
    fm_assert_ok(fm_labour(&t, frame, &spec, NULL, &err), &err);
    size_t row = fm_lfs_row(t, hand[i].indicator, "share", NULL, NULL, 0);
    fm_assert_close("value", fm_test_number(t, "value", row), hand[i].numerator / hand[i].denominator, 1e-15, 0);
    fm_assert_close("numerator", fm_test_number(t, "numerator", row), hand[i].numerator, 0, 0);
    fm_assert_close("denominator", fm_test_number(t, "denominator", row), hand[i].denominator, 0, 0);
    fm_assert_close("n", fm_test_number(t, "n", row), hand[i].n, 0, 0);
    ck_assert_str_eq(fm_test_text(t, "definition", row), hand[i].icls == 13 ? "icls_13" : "icls_19");
    ck_assert_str_eq(fm_test_text(t, "state", row), "ok");
    fm_table_destroy(t);
  }
  fm_table_destroy(frame);
}
END_TEST

/* ---- the constructed survey ---- */

/* Where a figure of lfs_expected.csv is: by what, which key, which indicator. */
typedef struct place {
  const char *indicator, *column, *key, *bands;
} place;

static place place_of(const char *indicator, const char *domain)
{
  static const struct {
    const char *code, *name;
  } names[] = {{"8.5.2", "unemployment_rate"},
               {"8.3.1", "informal_share"},
               {"8.6.1", "neet_rate"},
               {"8.5.1", "hourly_earnings"},
               {"8.7.1 SL_TLF_CHLDEA", "child_labour"},
               {"8.7.1 SL_TLF_CHLDEC", "child_labour_chores"}};
  static const struct {
    const char *domain, *column, *key, *bands;
  } domains[] = {{"_T", NULL, NULL, NULL},
                 {"AGE=Y5T17", NULL, NULL, NULL},
                 {"SEX=F", "sex", "F", NULL},
                 {"SEX=M", "sex", "M", NULL},
                 {"DISABILITY_STATUS=PD", "disability", "PD", NULL},
                 {"DISABILITY_STATUS=PWD", "disability", "PWD", NULL},
                 {"OCCUPATION=ISCO08_5", "occupation", "5", NULL},
                 {"AGE=Y15T24", "age", "15-24", "15-24, 25+"},
                 {"AGE=Y_GE25", "age", "25+", "15-24, 25+"},
                 {"AGE=Y5T14", "age", "5-14", "5-14,15-17"},
                 {"AGE=Y15T17", "age", "15-17", "5-14,15-17"},
                 {"ACTIVITY=ISIC4_A", NULL, "informal_share_agriculture", NULL},
                 {"ACTIVITY=ISIC4_BTU", NULL, "informal_share_non_agriculture", NULL}};
  place p = {NULL, NULL, NULL, NULL};
  for (int i = 0; i < FM_COUNT(names); i++)
    if (strcmp(names[i].code, indicator) == 0)
      p.indicator = names[i].name;
  for (int i = 0; i < FM_COUNT(domains); i++)
    if (strcmp(domains[i].domain, domain) == 0) {
      p.column = domains[i].column;
      p.bands = domains[i].bands;
      p.key = domains[i].column != NULL ? domains[i].key : NULL;
      if (domains[i].column == NULL && domains[i].key != NULL)
        p.indicator = domains[i].key;
    }
  ck_assert_ptr_nonnull(p.indicator);
  return p;
}

START_TEST(agrees_with_every_published_figure)
{
  fm_table *frame = fm_lfs_table();
  fm_oracle *o = fm_oracle_open("labour/lfs_expected.csv");
  ck_assert_uint_eq(fm_oracle_n_rows(o), 40);
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *definition = fm_oracle_text(o, i, "definition"), *unit = fm_oracle_text(o, i, "unit");
    place p = place_of(fm_oracle_text(o, i, "indicator"), fm_oracle_text(o, i, "domain"));
    fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
    fm_error err = FM_ERROR_INIT;
    fm_table *t;
    char id[64];
    spec.indicators = p.indicator;
    spec.weight = "weight";
    spec.by = p.column;
    spec.age_bands = p.bands;
    spec.percent = 1;
    spec.icls = strcmp(definition, "ICLS13") == 0 ? 13 : strcmp(definition, "ICLS19") == 0 ? 19 : 0;
    fm_assert_ok(fm_labour(&t, frame, &spec, NULL, &err), &err);
    snprintf(id, sizeof id, "labour.%s", p.indicator);
    bool mean = strcmp(unit, "PT") != 0;
    size_t row = fm_lfs_row(t, id, mean ? "mean" : "share", &p.key, &p.column, p.column != NULL);
    fm_assert_close(id, fm_test_number(t, "value", row), fm_oracle_number(o, i, "expected"), 0, 6e-10);
    fm_assert_close(id, fm_test_number(t, "numerator", row), fm_oracle_number(o, i, "numerator"), 1e-14, 0);
    fm_assert_close(id, fm_test_number(t, "denominator", row), fm_oracle_number(o, i, "denominator"), 0, 0);
    ck_assert_str_eq(fm_test_text(t, "unit", row), mean ? "money" : "percent");
    fm_table_destroy(t);
  }
  fm_oracle_close(o);
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("labour-rates");
  TCase *c = tcase_create("rates");
  tcase_add_test(c, worked_by_hand);
  tcase_add_test(c, agrees_with_every_published_figure);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
