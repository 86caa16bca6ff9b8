/* From people to observations: every figure of the constructed survey that has a series, under both definitions,
 * against the expected values, which name their groups by the codes of the structure. */
#include <math.h>
#include <string.h>

#include "labour/lfs.h"
#include "sdg/sdg_support.h"

typedef struct call {
  const char *indicators, *by, *bands, *columns;
} call;
static const call calls[] = {
    {"unemployment_rate", "sex,age,disability", "15-24,25+", NULL},
    {"informal_share", "sex,activity", NULL, "activity=isic"},
    {"informal_share_non_agriculture", "sex", NULL, "activity=isic"},
    {"neet_rate", "sex", NULL, NULL},
    {"hourly_earnings", "sex,occupation", NULL, "occupation=isco1"},
    {"child_labour,child_labour_chores", "age", "5-14,15-17", NULL},
};

static fm_table *observe(const fm_table *people, const call *c, int32_t icls)
{
  fm_error err = FM_ERROR_INIT;
  fm_labour_spec labour = FM_LABOUR_SPEC_INIT;
  fm_sdmx_spec spec = FM_SDMX_SPEC_INIT;
  fm_table *result, *out;
  labour.indicators = c->indicators;
  labour.by = c->by;
  labour.age_bands = c->bands;
  labour.columns = c->columns;
  labour.weight = "weight";
  labour.icls = icls;
  labour.margins = 1;
  fm_assert_ok(fm_labour(&result, people, &labour, NULL, &err), &err);
  spec.area = "208";
  spec.period = "2024";
  spec.series = strstr(c->indicators, "child") != NULL ? "SL_TLF_CHLDEA,SL_TLF_CHLDEC" : NULL;
  fm_status status = fm_sdmx_observations(&out, NULL, result, &spec, &err);
  if (icls == FM_LABOUR_ICLS_19 && strncmp(c->indicators, "informal", 8) == 0) {
    ck_assert_int_eq(status, FM_ERR_DATA); /* no series is known to be of the 19th */
    ck_assert_ptr_nonnull(strstr(err.message, "definition"));
  } else {
    fm_assert_ok(status, &err);
  }
  fm_table_destroy(result);
  return out;
}

/* Is the cell what the domain says, or the total? */
static bool is_at(const fm_table *t, size_t row, const char *component, const char *domain, const char *total)
{
  size_t n = strlen(component);
  const char *code = strncmp(domain, component, n) == 0 && domain[n] == '=' ? domain + n + 1 : total;
  return strcmp(fm_test_text(t, component, row), code) == 0;
}

static int64_t find(const fm_table *t, const char *series, const char *domain)
{
  static const char *const plain[] = {"SEX", "DISABILITY_STATUS", "OCCUPATION", "ACTIVITY"};
  const char *age = strstr(series, "NEET") != NULL ? "Y15T24" : strstr(series, "CHLD") != NULL ? "Y5T17" : "Y_GE15";
  for (size_t i = 0; t != NULL && i < fm_table_n_rows(t); i++) {
    bool found = strcmp(fm_test_text(t, "SERIES", i), series) == 0 && is_at(t, i, "AGE", domain, age);
    for (int k = 0; k < FM_COUNT(plain) && found; k++)
      found = is_at(t, i, plain[k], domain, "_T");
    if (found)
      return (int64_t)i;
  }
  return -1;
}

static const char *series_of(const char *indicator, const char *definition, const char *domain)
{
  bool old = strcmp(definition, "ICLS19") != 0, disability = strncmp(domain, "DISABILITY", 10) == 0;
  if (strcmp(indicator, "8.5.2") == 0)
    return disability ? (old ? "SL_TLF_UEMDIS" : "SL_TLF_UEMDIS_19ICLS") : old ? "SL_TLF_UEM" : "SL_TLF_UEM_19ICLS";
  if (strcmp(indicator, "8.6.1") == 0)
    return old ? "SL_TLF_NEET" : "SL_TLF_NEET_19ICLS";
  if (strcmp(indicator, "8.3.1") == 0)
    return old ? "SL_ISV_IFEM" : NULL;
  return strcmp(indicator, "8.5.1") == 0 ? "SL_EMP_EARN" : indicator + strlen("8.7.1 ");
}

START_TEST(test_survey)
{
  fm_table *people = fm_lfs_table(), *made[2 * FM_COUNT(calls)];
  fm_oracle *o = fm_oracle_open("labour/lfs_expected.csv");
  size_t n_found = 0;
  for (int i = 0; i < 2 * FM_COUNT(calls); i++)
    made[i] = observe(people, &calls[i / 2], i % 2 == 0 ? FM_LABOUR_ICLS_13 : FM_LABOUR_ICLS_19);
  for (size_t row = 0; row < fm_oracle_n_rows(o); row++) {
    const char *domain = fm_oracle_text(o, row, "domain");
    const char *series = series_of(fm_oracle_text(o, row, "indicator"), fm_oracle_text(o, row, "definition"), domain);
    int64_t at = -1;
    for (int i = 0; i < 2 * FM_COUNT(calls) && series != NULL && at < 0; i++) {
      at = find(made[i], series, domain);
      if (at < 0)
        continue;
      fm_assert_close(series, fm_test_number(made[i], "OBS_VALUE", (size_t)at), fm_oracle_number(o, row, "expected"),
                      1e-9, 0);
      ck_assert_str_eq(fm_test_text(made[i], "UNIT_MEASURE", (size_t)at), fm_oracle_text(o, row, "unit"));
    }
    ck_assert_msg(series == NULL || at >= 0, "%s %s", series, domain);
    n_found += at >= 0;
  }
  ck_assert_uint_gt(n_found, 25);
  for (int i = 0; i < 2 * FM_COUNT(calls); i++)
    fm_table_destroy(made[i]);
  fm_oracle_close(o);
  fm_table_destroy(people);
}
END_TEST

/* Rates in per cent are not made per cent again. */
START_TEST(test_percent)
{
  fm_table *people = fm_lfs_table(), *out[2];
  for (int32_t percent = 0; percent < 2; percent++) {
    fm_error err = FM_ERROR_INIT;
    fm_labour_spec labour = FM_LABOUR_SPEC_INIT;
    fm_sdmx_spec spec = FM_SDMX_SPEC_INIT;
    fm_table *result;
    labour.indicators = "unemployment_rate";
    labour.icls = FM_LABOUR_ICLS_13;
    labour.percent = percent;
    fm_assert_ok(fm_labour(&result, people, &labour, NULL, &err), &err);
    spec.area = "208";
    spec.period = "2024";
    fm_assert_ok(fm_sdmx_observations(&out[percent], NULL, result, &spec, &err), &err);
    fm_table_destroy(result);
  }
  fm_assert_close("per cent", fm_test_number(out[0], "OBS_VALUE", 0), fm_test_number(out[1], "OBS_VALUE", 0), 1e-15, 0);
  fm_table_destroy(out[0]);
  fm_table_destroy(out[1]);
  fm_table_destroy(people);
}
END_TEST

/* Years of totals: 8.1.1 by its year, 10.1.1 of two surveys by the later, with both in TIME_DETAIL. */
START_TEST(test_totals)
{
  static const char *const columns[] = {"period:f64", "gdp:f64", "population:f64", "bottom_mean:f64", "mean:f64"};
  static const char *const cells[] = {"2013.5", "100", "50", "29.25", "52.12", "2018.5", "", "", "31.5", "55.74"};
  static const char *const gdp[] = {"2023", "100", "50", "", "", "2024", "104.04", "51", "", ""};
  for (int i = 0; i < 2; i++) {
    fm_error err = FM_ERROR_INIT;
    fm_sdg_totals_spec totals = FM_SDG_TOTALS_SPEC_INIT;
    fm_sdmx_spec spec = FM_SDMX_SPEC_INIT;
    fm_table *t = fm_test_table(columns, 5, i == 0 ? cells : gdp, 2), *result, *out;
    totals.indicator = i == 0 ? "10.1.1" : "8.1.1";
    fm_assert_ok(fm_sdg_totals(&result, t, &totals, NULL, &err), &err);
    spec.area = "208";
    fm_assert_ok(fm_sdmx_observations(&out, NULL, result, &spec, &err), &err);
    if (i == 0) {
      ck_assert_str_eq(fm_test_text(out, "TIME_DETAIL", 0), "2013-2018");
      ck_assert_str_eq(fm_test_text(out, "TIME_PERIOD", 1), "2018");
      ck_assert_str_eq(fm_test_text(out, "INCOME_WEALTH_QUANTILE", 0), "B40");
      fm_assert_close("bottom", fm_test_number(out, "OBS_VALUE", 0), 1.49, 0, 0.005);
      fm_assert_close("all", fm_test_number(out, "OBS_VALUE", 1), 1.35, 0, 0.005);
    } else {
      ck_assert_str_eq(fm_test_text(out, "OBS_STATUS", 0), "O"); /* no year before it */
      ck_assert_str_eq(fm_test_text(out, "SERIES", 1), "NY_GDP_PCAP");
      ck_assert_str_eq(fm_test_text(out, "TIME_PERIOD", 1), "2024");
      fm_assert_close("growth", fm_test_number(out, "OBS_VALUE", 1), 2, 1e-14, 0);
    }
    fm_table_destroy(out);
    fm_table_destroy(result);
    fm_table_destroy(t);
  }
}
END_TEST

/* 0, 10, 20, 30, 40 before and 4, 12, 20, 28, 36 after: 0.4 and 0.32, exchanged as two levels in per cent. */
START_TEST(test_redistribution)
{
  static const char *const columns[] = {"person_id:code", "prefiscal:f64", "postfiscal:f64"};
  static const char *const cells[] = {"a",  "0", "4",  "b",  "10", "12", "c", "20",
                                      "20", "d", "30", "28", "e",  "40", "36"};
  static const char *const stages[] = {"FIS_POSTFIS_DIS_INC", "FIS_POSTFIS_CON_INC"};
  fm_table *t = fm_test_table(columns, 3, cells, 5);
  for (int32_t concept = 0; concept < 2; concept ++) {
    fm_error err = FM_ERROR_INIT;
    fm_sdg_redistribution_spec redistribution = FM_SDG_REDISTRIBUTION_SPEC_INIT;
    fm_sdmx_spec spec = FM_SDMX_SPEC_INIT;
    fm_table *result, *out;
    redistribution.concept = concept;
    fm_assert_ok(fm_sdg_redistribution(&result, t, &redistribution, NULL, &err), &err);
    spec.area = "208";
    spec.period = "2024";
    fm_assert_ok(fm_sdmx_observations(&out, NULL, result, &spec, &err), &err);
    ck_assert_uint_eq(fm_table_n_rows(out), 2); /* the difference is not exchanged */
    fm_assert_close("before", fm_test_number(out, "OBS_VALUE", 0), 40, 1e-12, 0);
    fm_assert_close("after", fm_test_number(out, "OBS_VALUE", 1), 32, 1e-12, 0);
    ck_assert_str_eq(fm_test_text(out, "COMPOSITE_BREAKDOWN", 0), "FIS_PREFIS_INC");
    ck_assert_str_eq(fm_test_text(out, "COMPOSITE_BREAKDOWN", 1), stages[concept]);
    fm_table_destroy(out);
    fm_table_destroy(result);
  }
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("sdmx_labour");
  TCase *tcase = tcase_create("labour");
  tcase_add_test(tcase, test_survey);
  tcase_add_test(tcase, test_percent);
  tcase_add_test(tcase, test_totals);
  tcase_add_test(tcase, test_redistribution);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
