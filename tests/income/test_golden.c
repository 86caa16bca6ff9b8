/* Every measure of one distribution against 256-bit arithmetic: values, errors by design and by replicate weights. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "income/golden.h"

enum { MOST = 700 };

static fm_oracle *synth, *lonely;
static fm_golden_sample s;
static uint32_t row_id[MOST];

static bool is_kept(const char *id)
{
  for (size_t i = 0; i < fm_oracle_n_rows(lonely); i++)
    if (strcmp(fm_oracle_text(lonely, i, "id"), id) == 0)
      return true;
  return false;
}

static bool belongs(size_t row, const char *domain)
{
  char column[32];
  const char *equal = strchr(domain, '=');
  if (equal == NULL)
    return strcmp(domain, "all") == 0;
  snprintf(column, sizeof column, "%.*s", (int)(equal - domain), domain);
  return strcmp(fm_oracle_text(synth, row, column), equal + 1) == 0;
}

static void load(const char *data, const char *income, const char *weight, const char *domain)
{
  static char loaded[128];
  char wanted[sizeof loaded];
  snprintf(wanted, sizeof wanted, "%s/%s/%s/%s", data, income, weight, domain);
  if (strcmp(wanted, loaded) == 0) /* rows of one sample stand together */
    return;
  memcpy(loaded, wanted, sizeof loaded);
  char period[2] = {data[strlen("synth;period=")], '\0'};
  bool few = strstr(data, "lonely") != NULL;
  s.n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(synth); i++) {
    if (strcmp(fm_oracle_text(synth, i, "period"), period) != 0 || (few && !is_kept(fm_oracle_text(synth, i, "id"))))
      continue;
    s.x[s.n] = fm_oracle_number(synth, i, income);
    s.w[s.n] = strcmp(weight, "one") == 0 ? 1 : fm_oracle_number(synth, i, weight);
    s.fpc[s.n] = fm_oracle_number(synth, i, "Nh");
    s.stratum[s.n] = (uint32_t)fm_oracle_number(synth, i, "stratum");
    s.psu[s.n] = (uint32_t)fm_oracle_number(synth, i, "psu");
    row_id[s.n] = (uint32_t)fm_oracle_number(synth, i, "id");
    s.in[s.n++] = belongs(i, domain);
  }
}

/* Replicate weights as they came with the data; only the whole sample has them. */
typedef struct replicates {
  size_t n;
  double w[64][MOST], rscale[64], scale;
} replicates;

static const replicates *replicates_of(bool jackknife)
{
  static replicates loaded[2];
  replicates *r = &loaded[jackknife];
  if (r->n > 0)
    return r;
  char file[64], column[16];
  snprintf(file, sizeof file, "income/synth_rep_%s.csv", jackknife ? "jkn" : "boot");
  fm_oracle *weights = fm_oracle_open(file);
  snprintf(file, sizeof file, "income/synth_rep_%s_scales.csv", jackknife ? "jkn" : "boot");
  fm_oracle *scales = fm_oracle_open(file);
  r->n = fm_oracle_n_rows(scales);
  ck_assert(r->n <= 64 && fm_oracle_n_rows(weights) == s.n);
  r->scale = fm_oracle_number(scales, 0, "scale");
  for (size_t k = 0; k < r->n; k++) {
    snprintf(column, sizeof column, "r%s", fm_oracle_text(scales, k, "replicate"));
    r->rscale[k] = fm_oracle_number(scales, k, "rscale");
    for (size_t i = 0; i < s.n; i++) {
      ck_assert_uint_eq((uint32_t)fm_oracle_number(weights, i, "id"), row_id[i]);
      r->w[k][i] = fm_oracle_number(weights, i, column);
    }
  }
  fm_oracle_close(weights);
  fm_oracle_close(scales);
  return r;
}

static double replicated(const fm__call *call, const fm_income_rules *rules, const char *name, double value)
{
  const replicates *r = replicates_of(strstr(name, "jkn") != NULL);
  const char *state;
  double values[64], mean = 0, sum = 0;
  for (size_t k = 0; k < r->n; k++) {
    fm_error err = FM_ERROR_INIT;
    fm__dist d;
    fm_assert_ok(fm__dist_of_columns(&d, s.x, r->w[k], s.n, NULL, &err), &err);
    values[k] = fm__call_value(call, &(fm__income_context){.rules = rules, .own = &d, .line_from = &d}, &state);
    mean += values[k] / (double)r->n;
    fm__dist_free(&d);
  }
  double centre = strstr(name, "mse=TRUE") != NULL ? value : mean;
  for (size_t k = 0; k < r->n; k++)
    sum += r->scale * r->rscale[k] * (values[k] - centre) * (values[k] - centre);
  return sqrt(sum);
}

static double error_of(fm_oracle *o, size_t i, const fm__call *call, const fm_income_rules *rules, double value)
{
  const char *design = fm_oracle_text(o, i, "design");
  bool given = strncmp(design, "rep_", 4) == 0;
  return given ? replicated(call, rules, design, value) : fm_golden_taylor(&s, call, rules, design);
}

/* Loads the row's sample and writes what the row is about. */
static fm__call *open_row(char label[256], fm_oracle *o, size_t i, const char *measure)
{
  fm_error err = FM_ERROR_INIT;
  fm__call *call;
  size_t n;
  snprintf(label, 256, "row %u: %s %s %s %s %s", (unsigned)i + 2, fm_oracle_text(o, i, "data"),
           fm_oracle_text(o, i, "domain"), fm_oracle_text(o, i, "design"), measure, fm_oracle_text(o, i, "convention"));
  load(fm_oracle_text(o, i, "data"), fm_oracle_text(o, i, "income"), fm_oracle_text(o, i, "weight"),
       fm_oracle_text(o, i, "domain"));
  fm_assert_ok(fm__calls_create(&call, &n, measure, &err), &err);
  return call;
}

static void check_row(fm_oracle *o, size_t i, const char *measure, const fm_income_rules *rules)
{
  char label[256];
  fm__call *call = open_row(label, o, i, measure);
  double value = fm_golden_value(&s, call, rules);
  fm_assert_close(label, value, fm_oracle_number(o, i, "value"), 1e-13, 0);
  if (fm_oracle_text(o, i, "se_method")[0] != '\0')
    fm_assert_close(label, error_of(o, i, call, rules, value), fm_oracle_number(o, i, "se"), 1e-11, 0);
  fm__free(call);
}

/* All rows of golden_synth.csv but those of growth and of gaps between groups, which other measures give. */
START_TEST(exact)
{
  fm_oracle *o = fm_oracle_open("income/golden_synth.csv");
  size_t checked = 0, others = 0;
  synth = fm_oracle_open("income/synth.csv");
  lonely = fm_oracle_open("income/synth_lonely_ids.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    char measure[64];
    fm_income_rules rules;
    if (!fm_golden_call(measure, &rules, fm_oracle_text(o, i, "measure"), fm_oracle_text(o, i, "param"),
                        fm_oracle_text(o, i, "convention"), fm_oracle_text(o, i, "se_method"))) {
      others++;
      continue;
    }
    check_row(o, i, measure, &rules);
    checked++;
  }
  ck_assert_uint_eq(checked, 1657);
  ck_assert_uint_eq(others, 77);
  fm_oracle_close(o);
  fm_oracle_close(synth);
  fm_oracle_close(lonely);
}
END_TEST

/* ---- other programs, where a preset or the rules reproduce what they do ---- */

static bool is_one_of(const char *text, const char *const *list, int n)
{
  for (int i = 0; i < n; i++)
    if (strstr(text, list[i]) != NULL)
      return true;
  return false;
}

/* Conventions that are a program's own: a curve of 100 bins, a density in another place, ties in another order. */
static bool is_own_way(fm_oracle *o, size_t i)
{
  static const char *const conventions[] = {"bins100", "dens_at_median", "gini_tieincl", "fpc_default"};
  const char *measure = fm_oracle_text(o, i, "measure");
  return is_one_of(fm_oracle_text(o, i, "convention"), conventions, FM_COUNT(conventions)) ||
         strcmp(measure, "wolfson") == 0; /* over the mean of those below the median, of 100 bins */
}

/* The errors that are found alike: not convey's of shares and of the Gini, which take a density or follow the order of
 * tied rows, nor those of vardpoor, nor Woodruff's of quantiles. */
static bool same_error(fm_oracle *o, size_t i)
{
  static const char *const smooth[] = {"mean", "mld", "theil", "atkinson", "arpt", "arpr", "rmpg", "poormed", "fgt"};
  const char *method = fm_oracle_text(o, i, "se_method");
  if (strcmp(fm_oracle_text(o, i, "peer"), "vardpoor-0.20.1") == 0 || fm_oracle_text(o, i, "note")[0] != '\0')
    return false;
  if (strcmp(method, "replicate") == 0)
    return true;
  return strcmp(method, "taylor") == 0 && is_one_of(fm_oracle_text(o, i, "measure"), smooth, FM_COUNT(smooth));
}

static const struct by_preset {
  const char *peer, *preset;
} by_preset[] = {{"convey-1.0.1", "convey"}, {"laeken-0.5.2", "laeken_0_5"}, {"wbpip-0.0.2.9000", "pip"}};

/* The same value by the preset, in its unit; the line stays as the row has it. (That PIP drops negative incomes happens
 * before any measure.) */
static bool check_preset(const char *label, fm_oracle *o, size_t i, const fm__call *call, const fm_income_rules *rules)
{
  fm_error err = FM_ERROR_INIT;
  for (int k = 0; k < FM_COUNT(by_preset); k++) {
    fm_income_rules preset;
    if (strcmp(fm_oracle_text(o, i, "peer"), by_preset[k].peer) != 0 ||
        strcmp(fm_oracle_text(o, i, "convention"), "fractional") == 0) /* convey's Lorenz curve splits the record */
      continue;
    fm_assert_ok(fm_income_rules_preset(&preset, sizeof preset, by_preset[k].preset, &err), &err);
    preset.line_kind = rules->line_kind;
    preset.line = rules->line;
    preset.line_share = rules->line_share;
    double unit = strcmp(fm__call_unit(call, &preset), "percent") == 0 ? 100 : 1;
    fm_assert_close(label, fm_golden_value(&s, call, &preset) / unit, fm_oracle_number(o, i, "value"), 1e-9, 0);
    return true;
  }
  return false;
}

START_TEST(peers)
{
  fm_oracle *o = fm_oracle_open("income/golden_peers.csv");
  size_t checked = 0, errors = 0, presets = 0, others = 0;
  synth = fm_oracle_open("income/synth.csv");
  lonely = fm_oracle_open("income/synth_lonely_ids.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    char measure[64], label[256];
    fm_income_rules rules;
    const char *peer = fm_oracle_text(o, i, "peer"), *name = fm_oracle_text(o, i, "measure");
    bool convey = strcmp(peer, "convey-1.0.1") == 0;
    if (is_own_way(o, i) || !fm_golden_call(measure, &rules, name, fm_oracle_text(o, i, "param"),
                                            fm_oracle_text(o, i, "convention"), convey ? "osier" : "")) {
      others++;
      continue;
    }
    fm__call *call = open_row(label, o, i, measure);
    double value = fm_golden_value(&s, call, &rules);
    fm_assert_close(label, value, fm_oracle_number(o, i, "value"), 1e-9, 0);
    checked++;
    if (same_error(o, i)) {
      fm_assert_close(label, error_of(o, i, call, &rules, value), fm_oracle_number(o, i, "se"), 1e-9, 0);
      errors++;
    }
    presets += check_preset(label, o, i, call, &rules);
    fm__free(call);
  }
  ck_assert_uint_eq(checked, 968);
  ck_assert_uint_eq(errors, 425);
  ck_assert_uint_eq(presets, 598);
  ck_assert_uint_eq(others, 97);
  fm_oracle_close(o);
  fm_oracle_close(synth);
  fm_oracle_close(lonely);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("income golden");
  TCase *c = tcase_create("golden");
  tcase_set_timeout(c, 120);
  tcase_add_test(c, exact);
  tcase_add_test(c, peers);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
