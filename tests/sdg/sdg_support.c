#include "sdg/sdg_support.h"

#include <stdio.h>
#include <string.h>

void list_problems(char out[LISTED], const fm_table *problems)
{
  size_t n = 0;
  out[0] = '\0';
  for (size_t i = 0; i < fm_table_n_rows(problems); i++) {
    const char *texts[4];
    static const char *const columns[] = {"column", "value", "what", "expected"};
    size_t row = (size_t)fm_table_column_index(problems, "row");
    char number[24] = "-";
    for (int k = 0; k < 4; k++) {
      texts[k] = fm_test_text(problems, columns[k], i);
      texts[k] = texts[k] != NULL ? texts[k] : "-";
    }
    if (!fm_table_is_null(problems, row, i))
      snprintf(number, sizeof number, "%lld", (long long)fm_table_i64(problems, row)[i] + 1);
    n += (size_t)snprintf(out + n, LISTED - n, "%s %s %s %s: %s; %s\n", fm_test_text(problems, "code", i), number,
                          texts[0], texts[1], texts[2], texts[3]);
    ck_assert_uint_lt(n, LISTED);
  }
}

char *oracle_bytes(const char *name, size_t *size)
{
  char path[1024];
  snprintf(path, sizeof path, "%s/sdg/%s", FM_ORACLE_DIR, name);
  FILE *f = fopen(path, "rb");
  char *out = malloc(LISTED);
  ck_assert_msg(f != NULL && out != NULL, "cannot open %s", path);
  *size = fread(out, 1, LISTED - 1, f);
  out[*size] = '\0';
  fclose(f);
  return out;
}

void list_cells(char out[LISTED], const fm_table *t, size_t skip)
{
  size_t n = 0;
  out[0] = '\0';
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    for (size_t k = skip; k < fm_table_n_columns(t); k++) {
      char number[32] = "";
      const char *text = fm_table_text(t, k, i, NULL);
      if (text == NULL && fm_table_f64(t, k) != NULL && !fm_table_is_null(t, k, i)) {
        double v = fm_table_f64(t, k)[i];
        for (int digits = 15; digits <= 17 && (number[0] == '\0' || strtod(number, NULL) != v); digits++)
          snprintf(number, sizeof number, "%.*g", digits, v);
        text = number;
      }
      n += (size_t)snprintf(out + n, LISTED - n, "%s%c", text != NULL ? text : "",
                            k + 1 < fm_table_n_columns(t) ? '|' : '\n');
      ck_assert_uint_lt(n, LISTED);
    }
}

fm_table *sample_observations(void)
{
  static const char *const columns[] = {"SERIES:code",
                                        "SEX:code",
                                        "AGE:code",
                                        "INCOME_WEALTH_QUANTILE:code",
                                        "COMPOSITE_BREAKDOWN:code",
                                        "TIME_PERIOD:i64",
                                        "OBS_VALUE:f64",
                                        "OBS_STATUS:code",
                                        "TIME_DETAIL:code",
                                        "COMMENT_OBS:code",
                                        "SOURCE_DETAIL:code"};
  static const char *const cells[] = {"SI_HEI_TOTL",
                                      "",
                                      "",
                                      "B40",
                                      "",
                                      "2018",
                                      "1.49",
                                      "",
                                      "2013-2018",
                                      "Annualised growth of real per-capita income, bottom 40 per cent",
                                      "Household survey, 2013 and 2018",
                                      "SI_HEI_TOTL",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "2018",
                                      "1.35",
                                      "",
                                      "2013-2018",
                                      "Annualised growth of real per-capita income, total",
                                      "Household survey, 2013 and 2018",
                                      "SL_TLF_UEM",
                                      "F",
                                      "Y_GE15",
                                      "",
                                      "",
                                      "2024",
                                      "5.25",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "SL_TLF_UEM",
                                      "M",
                                      "Y15T24",
                                      "",
                                      "",
                                      "2024",
                                      "",
                                      "Q",
                                      "",
                                      "Suppressed, fewer than 5 persons",
                                      "",
                                      "SL_EMP_FTLINJUR",
                                      "",
                                      "",
                                      "",
                                      "MS_NOMIGRANT",
                                      "2024",
                                      "2.5",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "SI_DST_FISP",
                                      "",
                                      "",
                                      "",
                                      "FIS_POSTFIS_DIS_INC",
                                      "2024",
                                      "24.9",
                                      "",
                                      "",
                                      "Gini, post-fiscal disposable income",
                                      ""};
  return fm_test_table(columns, FM_COUNT(columns), cells, FM_COUNT(cells) / FM_COUNT(columns));
}

fm_sdmx_spec sample_spec(const char *version)
{
  fm_sdmx_spec spec = FM_SDMX_SPEC_INIT;
  spec.version = version;
  spec.structure = "1.8";
  spec.area = "208";
  spec.set = "NATURE=C";
  return spec;
}
