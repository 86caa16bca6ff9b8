/* retention.logrank: tests that groups exit alike, as a mergeable tally. */
#include <math.h>
#include <string.h>

#include "flexmetrics/retention_tests.h"
#include "retention/retention_priv.h"
#include "retention/scores_priv.h"

enum { MOST_TESTS = 16 };

typedef struct named_test {
  const char *name;
  fm__test_kind kind;
} named_test;

typedef struct logrank_state {
  fm__follow *follow;             /* first: see FM__MEASURE_FOLLOWS */
  fm_retention_logrank_spec spec; /* texts point to the copies */
  char *by, *group, *columns, *definition, *tests, *names;
  named_test named[MOST_TESTS]; /* names are in `names` */
  size_t n_tests, n_by;         /* n_by: columns of by */
} logrank_state;

static const fm_retention_logrank_spec defaults = FM_RETENTION_LOGRANK_SPEC_INIT;

static void destroy(void *state)
{
  logrank_state *s = state;
  if (s == NULL)
    return;
  fm__follow_destroy(s->follow);
  fm__free(s->by);
  fm__free(s->group);
  fm__free(s->columns);
  fm__free(s->definition);
  fm__free(s->tests);
  fm__free(s->names);
  fm__free(s);
}

/* ---- result: groups first .. first + n - 1 of the follow-up have one value of by ---- */

typedef struct output {
  const logrank_state *s;
  fm__result *result;
  const fm__groups *groups;
  uint32_t first;
  size_t n_groups;
  int64_t rows; /* of the test that is being added */
} output;

enum { KEY_TEST, KEY_LEVEL, KEY_AGAINST, N_KEYS };

static bool same_by(const output *o, size_t a, size_t b)
{
  for (size_t k = 0; k < o->s->n_by; k++) {
    size_t n = 0, m = 0;
    const char *x = fm__groups_text(o->groups, a, k, &n), *y = fm__groups_text(o->groups, b, k, &m);
    if ((x == NULL) != (y == NULL) || (x != NULL && (n != m || memcmp(x, y, n) != 0)))
      return false;
  }
  return true;
}

/* Texts of the columns compared, separated by commas. */
static void key_level(const output *o, size_t key, size_t level)
{
  fm__bytes b = {0};
  for (size_t k = o->s->n_by; k < fm__groups_n_columns(o->groups); k++) {
    size_t length = 0;
    const char *text = fm__groups_text(o->groups, o->first + level, k, &length);
    if (k > o->s->n_by)
      fm__bytes_raw(&b, ",", 1);
    if (text != NULL)
      fm__bytes_raw(&b, text, length);
  }
  fm__result_key_text(o->result, o->s->n_by + key, b.data != NULL ? (const char *)b.data : "", b.size);
  fm__bytes_free(&b);
}

static void add_value(const output *o, const char *quantity, const char *unit, double value, double variance,
                      const char *state)
{
  fm__figure f = fm__figure_of(quantity, unit);
  f.value = value;
  f.std_error = sqrt(variance);
  f.n = o->rows;
  f.state = state;
  fm__result_add(o->result, &f);
}

static void add_detail(const output *o, const fm__scores *s)
{
  for (size_t g = 0; g < s->n_groups; g++) {
    key_level(o, KEY_LEVEL, g);
    fm__result_key_null(o->result, o->s->n_by + KEY_AGAINST);
    add_value(o, "observed", "count", s->observed[g], NAN, FM__OK);
    add_value(o, "expected", "count", s->expected[g], NAN, FM__OK);
    add_value(o, "score", "value", s->score[g], s->covariance[g * s->n_groups + g], FM__OK);
    for (size_t h = 0; h < s->n_groups; h++) {
      key_level(o, KEY_AGAINST, h);
      add_value(o, "score_covariance", "value", s->covariance[g * s->n_groups + h], NAN, FM__OK);
    }
  }
}

static bool is_robust(const logrank_state *s)
{
  return s->spec.variance == 2 || (s->spec.variance == 0 && (s->spec.weight != NULL || s->spec.cluster != NULL));
}

/* `of` is room for the moments of the groups. */
static fm_status add_strata(fm__scores *scores, fm__moments *of, const output *o, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t k = 0; k < scores->n_strata && status == FM_OK; k++) {
    for (size_t g = 0; g < o->n_groups && status == FM_OK; g++)
      status = fm__follow_moments(&of[g], o->s->follow, o->first + (uint32_t)g, (uint32_t)k, err);
    if (status == FM_OK)
      status = fm__scores_add(scores, of, k, err);
    for (size_t g = 0; g < o->n_groups; g++)
      fm__moments_free(&of[g]);
  }
  return status;
}

static fm_status add_test(output *o, fm__moments *of, const named_test *test, fm_error *err)
{
  fm__scores scores;
  fm_logrank outcome;
  bool robust = is_robust(o->s);
  fm_status status =
      fm__scores_create(&scores, o->n_groups, fm__follow_n_strata(o->s->follow), &test->kind, robust, err);
  if (status == FM_OK)
    status = add_strata(&scores, of, o, err);
  if (status == FM_OK && robust)
    status = fm__scores_make_robust(&scores, o->s->follow, o->first, err);
  if (status == FM_OK)
    status = fm__scores_test(&outcome, &scores, err);
  o->rows = scores.rows;
  if (status == FM_OK) {
    const char *state = o->rows == 0 ? FM__EMPTY : outcome.df > 0 ? FM__OK : FM__UNDEFINED;
    fm__result_key_text(o->result, o->s->n_by + KEY_TEST, test->name, strlen(test->name));
    fm__result_key_null(o->result, o->s->n_by + KEY_LEVEL);
    fm__result_key_null(o->result, o->s->n_by + KEY_AGAINST);
    add_value(o, "chi_square", "value", outcome.chi_square, NAN, state);
    add_value(o, "df", "count", outcome.df, NAN, FM__OK);
    add_value(o, "p_value", "index", outcome.p_value, NAN, state);
    if (o->s->spec.detail != 0)
      add_detail(o, &scores);
  }
  fm__scores_free(&scores);
  return status;
}

static fm_status add_tests(output *o, fm_error *err)
{
  if (o->n_groups > FM__MOST_COMPARED)
    return fm__fail(err, FM_ERR_LIMIT, "retention.logrank: %zu groups of %s to compare, expected at most %d",
                    o->n_groups, o->s->group, FM__MOST_COMPARED);
  fm__moments *of = fm__array(o->n_groups, sizeof *of);
  fm_status status = of != NULL ? FM_OK : fm__no_memory(err);
  for (size_t k = 0; k < o->s->n_by; k++) {
    size_t length = 0;
    const char *text = fm__groups_text(o->groups, o->first, k, &length);
    fm__result_key_text(o->result, k, text, length);
  }
  for (size_t k = 0; k < o->s->n_tests && status == FM_OK; k++)
    status = add_test(o, of, &o->s->named[k], err);
  fm__free(of);
  return status;
}

static fm_status open_result(output *o, fm_error *err)
{
  const logrank_state *s = o->s;
  fm__key *keys = fm__array(s->n_by + N_KEYS, sizeof *keys);
  if (keys == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < s->n_by; k++)
    keys[k] = (fm__key){fm__groups_column(o->groups, k), FM_CODE};
  keys[s->n_by + KEY_TEST] = (fm__key){"test", FM_CODE};
  keys[s->n_by + KEY_LEVEL] = (fm__key){"level_compared", FM_CODE};
  keys[s->n_by + KEY_AGAINST] = (fm__key){"against", FM_CODE};
  fm_status status = fm__result_create(&o->result, "retention.logrank", s->definition, keys, s->n_by + N_KEYS, err);
  fm__free(keys);
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  const logrank_state *s = state;
  output o = {.s = s};
  fm_status status = fm__follow_reduce(s->follow, err);
  if (status != FM_OK)
    return status;
  o.groups = fm__follow_groups(s->follow);
  size_t n = fm__groups_count(o.groups);
  status = open_result(&o, err);
  for (size_t i = 0, end; i < n && status == FM_OK; i = end) {
    for (end = i + 1; end < n && same_by(&o, i, end);)
      end++;
    o.first = (uint32_t)i;
    o.n_groups = end - i;
    status = add_tests(&o, err);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)end / (double)n, err);
  }
  if (status == FM_OK && n == 0 && s->n_by == 0)
    status = add_tests(&o, err); /* of nobody */
  if (status != FM_OK) {
    fm__result_destroy(o.result);
    return status;
  }
  fm__result_note(o.result, "variance", is_robust(s) ? "robust" : "hypergeometric");
  return fm__result_finish(o.result, out, err);
}

/* ---- creating ---- */

static bool read_power(double *out, const char *text, size_t n)
{
  return n > 0 && fm__parse_f64(text, n, '.', out) && *out >= 0 && *out <= 100;
}

/* fh(rho:gamma) */
static bool read_family(fm__test_kind *kind, const char *name)
{
  size_t n = strlen(name);
  const char *colon = strchr(name, ':');
  if (strncmp(name, "fh(", 3) != 0 || name[n - 1] != ')' || colon == NULL)
    return false;
  kind->weights = FM_LOGRANK_FLEMING_HARRINGTON;
  return read_power(&kind->rho, name + 3, (size_t)(colon - name) - 3) &&
         read_power(&kind->gamma, colon + 1, (size_t)(name + n - 1 - colon) - 1);
}

static bool read_test(named_test *test)
{
  static const named_test known[] = {{"logrank", {FM_LOGRANK_FLEMING_HARRINGTON, 0, 0}},
                                     {"peto_peto", {FM_LOGRANK_FLEMING_HARRINGTON, 1, 0}},
                                     {"peto_peto_n1", {FM_LOGRANK_PETO_PETO, 0, 0}},
                                     {"gehan", {FM_LOGRANK_GEHAN, 0, 0}},
                                     {"tarone_ware", {FM_LOGRANK_TARONE_WARE, 0, 0}}};
  for (size_t k = 0; k < FM__COUNT(known); k++)
    if (strcmp(known[k].name, test->name) == 0) {
      test->kind = known[k].kind;
      return true;
    }
  return read_family(&test->kind, test->name);
}

static fm_status read_tests(logrank_state *s, fm_error *err)
{
  bool good = true;
  for (char *p = s->names; good && p != NULL;) {
    char *comma = strchr(p, ',');
    while (*p == ' ')
      p++;
    size_t n = comma != NULL ? (size_t)(comma - p) : strlen(p);
    while (n > 0 && p[n - 1] == ' ')
      n--;
    p[n] = '\0';
    good = s->n_tests < MOST_TESTS;
    if (good) {
      s->named[s->n_tests].name = p;
      good = read_test(&s->named[s->n_tests++]);
    }
    p = comma != NULL ? comma + 1 : NULL;
  }
  if (good)
    return FM_OK;
  return fm__fail(err, FM_ERR_ARGUMENT,
                  "retention.logrank: tests is \"%s\", expected up to %d of logrank, peto_peto, peto_peto_n1, gehan, "
                  "tarone_ware, fh(rho:gamma) with numbers from 0 to 100",
                  s->tests, (int)MOST_TESTS);
}

static bool has_text(const char *text)
{
  return text != NULL && text[0] != '\0';
}

static fm_status check_spec(const fm_retention_logrank_spec *spec, fm_error *err)
{
  if (spec->variance < 0 || spec->variance > 2)
    return fm__fail(err, FM_ERR_ARGUMENT, "retention.logrank: variance is %d, expected 0 to 2", (int)spec->variance);
  if (spec->detail != 0 && spec->detail != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "retention.logrank: detail is %d, expected 0 or 1", (int)spec->detail);
  if (spec->variance == 1 && has_text(spec->cluster))
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "retention.logrank: cluster \"%s\" needs the robust variance, the hypergeometric knows no clusters",
                    spec->cluster);
  return FM_OK;
}

static fm_status copy_texts(logrank_state *s, const fm_retention_logrank_spec *spec, fm_error *err)
{
  fm__bytes columns = {0};
  bool given = has_text(spec->group);
  fm_status status = fm__retention_text(&s->by, given ? spec->by : NULL, NULL, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->group, given ? spec->group : spec->by, NULL, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->definition, spec->definition, defaults.definition, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->tests, spec->tests, defaults.tests, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->names, s->tests, NULL, err);
  if (status != FM_OK)
    return status;
  if (s->by != NULL) {
    s->n_by = 1;
    for (const char *p = s->by; *p != '\0'; p++)
      s->n_by += *p == ',';
    fm__bytes_raw(&columns, s->by, strlen(s->by));
    fm__bytes_raw(&columns, ",", 1);
  }
  if (s->group != NULL)
    fm__bytes_raw(&columns, s->group, strlen(s->group));
  fm__bytes_u8(&columns, 0);
  status = columns.failed ? fm__no_memory(err) : fm__retention_text(&s->columns, (char *)columns.data, NULL, err);
  fm__bytes_free(&columns);
  return status;
}

static const fm__field fields[] = {FM__FIELD(fm_retention_logrank_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_logrank_spec, group, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_logrank_spec, strata, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_logrank_spec, weight, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_logrank_spec, cluster, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_logrank_spec, clock, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_logrank_spec, definition, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_logrank_spec, tests, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_logrank_spec, variance, FM__FIELD_I32),
                                   FM__FIELD(fm_retention_logrank_spec, detail, FM__FIELD_I32)};

static fm_status open(void *state, const void *given, fm__bytes *text, fm_error *err)
{
  logrank_state *s = state;
  const fm_retention_logrank_spec *spec = given;
  fm_status status = check_spec(spec, err);
  if (status != FM_OK)
    return status;
  s->spec = *spec;
  if (!has_text(spec->weight))
    s->spec.weight = NULL;
  if (!has_text(spec->cluster))
    s->spec.cluster = NULL;
  status = copy_texts(s, spec, err);
  if (status == FM_OK)
    status = read_tests(s, err);
  fm__follow_spec follow = {.by = s->columns,
                            .strata = spec->strata,
                            .weight = spec->weight,
                            .cluster = spec->cluster,
                            .clock = spec->clock,
                            .keep = is_robust(s)};
  if (status == FM_OK)
    status = fm__follow_create(&s->follow, &follow, "retention.logrank", err);
  if (status != FM_OK)
    return status;
  const fm__follow_spec *taken = fm__follow_spec_of(s->follow);
  s->spec.by = s->by;
  s->spec.group = s->group;
  s->spec.strata = taken->strata;
  s->spec.weight = taken->weight;
  s->spec.cluster = taken->cluster;
  s->spec.clock = taken->clock;
  s->spec.definition = s->definition;
  s->spec.tests = s->tests;
  fm__spec_text_fields(text, fields, FM__COUNT(fields), &s->spec, &defaults);
  return FM_OK;
}

static const fm__measure measure = {.id = "retention.logrank",
                                    .state_version = 1,
                                    .spec_name = "fm_retention_logrank_spec",
                                    .defaults = &defaults,
                                    .spec_size = sizeof defaults,
                                    .state_size = sizeof(logrank_state),
                                    .open = open,
                                    FM__MEASURE_FOLLOWS,
                                    .result = result,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_retention_logrank)
