/* The golden values of R's synthetic eusilc data, which eusilc.py exports: eusilc ROWS. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "income/golden.h"

typedef struct row {
  double w, income;
  char region[32], gender[16], ageband[16];
  uint32_t hh;
} row;

static const char *path;
static row rows[FM_GOLDEN_ROWS];
static size_t n;
static fm_golden_sample s;

static void read_rows(void)
{
  FILE *f = fopen(path, "rb");
  ck_assert_msg(f != NULL, "cannot open %s", path);
  for (row *r = rows; n < FM_GOLDEN_ROWS && fscanf(f, "%lf,%lf,%31[^,],%15[^,],%15[^,],%u\n", &r->w, &r->income,
                                                   r->region, r->gender, r->ageband, &r->hh) == 6;
       r++)
    n++;
  fclose(f);
  ck_assert_uint_eq(n, 14827);
}

static bool belongs(const row *r, const char *domain)
{
  if (strcmp(domain, "income>0") == 0)
    return r->income > 0;
  const char *value = strchr(domain, '=');
  if (value == NULL)
    return strcmp(domain, "all") == 0;
  return strcmp(value + 1, domain[0] == 'r' ? r->region : domain[0] == 'g' ? r->gender : r->ageband) == 0;
}

static uint32_t number_of(const char *region)
{
  uint32_t k = 0;
  while (strcmp(rows[k].region, region) != 0)
    k++;
  return k;
}

static void load(const char *weight, const char *domain)
{
  static char loaded[64];
  char wanted[sizeof loaded];
  snprintf(wanted, sizeof wanted, "%s/%s", weight, domain);
  if (strcmp(wanted, loaded) == 0)
    return;
  memcpy(loaded, wanted, sizeof loaded);
  for (s.n = 0; s.n < n; s.n++) {
    const row *r = &rows[s.n];
    s.x[s.n] = r->income;
    s.w[s.n] = weight[0] == 'w' ? r->w : 1;
    s.stratum[s.n] = number_of(r->region);
    s.psu[s.n] = r->hh;
    s.in[s.n] = belongs(r, domain);
  }
}

/* All rows but those of gaps between groups. */
START_TEST(exact)
{
  fm_oracle *o = fm_oracle_open("income/golden_eusilc.csv");
  size_t checked = 0, errors = 0, others = 0, n_calls;
  read_rows();
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    fm_error err = FM_ERROR_INIT;
    char measure[64], label[256];
    fm_income_rules rules;
    fm__call *call;
    const char *method = fm_oracle_text(o, i, "se_method"), *design = fm_oracle_text(o, i, "design");
    if (!fm_golden_call(measure, &rules, fm_oracle_text(o, i, "measure"), fm_oracle_text(o, i, "param"),
                        fm_oracle_text(o, i, "convention"), method)) {
      others++;
      continue;
    }
    snprintf(label, sizeof label, "row %u: %s %s %s %s", (unsigned)i + 2, fm_oracle_text(o, i, "domain"), design,
             measure, fm_oracle_text(o, i, "convention"));
    load(fm_oracle_text(o, i, "weight"), fm_oracle_text(o, i, "domain"));
    fm_assert_ok(fm__calls_create(&call, &n_calls, measure, &err), &err);
    fm_assert_close(label, fm_golden_value(&s, call, &rules), fm_oracle_number(o, i, "value"), 1e-13, 0);
    if (method[0] != '\0') {
      fm_assert_close(label, fm_golden_taylor(&s, call, &rules, design), fm_oracle_number(o, i, "se"), 1e-11, 0);
      errors++;
    }
    fm__free(call);
    checked++;
  }
  ck_assert_uint_eq(checked, 1510);
  ck_assert_uint_eq(errors, 484);
  ck_assert_uint_eq(others, 42);
  fm_oracle_close(o);
}
END_TEST

int main(int argc, char **argv)
{
  if (argc != 2)
    return 2;
  path = argv[1];
  Suite *suite = suite_create("income eusilc");
  TCase *c = tcase_create("eusilc");
  tcase_set_timeout(c, 300);
  tcase_add_test(c, exact);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
