/* parity.rates: shares of yes in groups, and how they differ from that of the reference. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/num_priv.h"
#include "parity/parity_priv.h"
#include "tally/rows_priv.h"
#include "tally/tally_priv.h"

enum { BY, GROUP, STRATUM, N_CELL, PERSON = N_CELL, N_IDS };

typedef struct rates {
  fm__rows *rows;
  char *reference;
  double level, least_ratio;
  bool stratified, clustered;
  int32_t against;
} rates;

static const fm_parity_rates_spec defaults = FM_PARITY_RATES_SPEC_INIT;

static void destroy(void *state)
{
  fm__free(((rates *)state)->reference);
  fm__kept_destroy(state);
}

/* ---- rows ---- */

/* Without an answer a row stays, so that it can be counted. */
static const char *wrong(const void *state, const double *x, size_t *at)
{
  (void)state;
  *at = 0;
  return isnan(x[0]) || x[0] == 0 || x[0] == 1 ? NULL : "yes or no";
}

static const fm__rows_kind kind = {.measure = "parity.rates", .wrong = wrong, .id_expected = "a person", .id = PERSON};

/* ---- cells: answers by comparison, group and stratum, in canonical order ---- */

typedef struct cell {
  uint32_t id[N_CELL];
  int64_t x, n;
  size_t first, end; /* rows with an answer lie among these */
} cell;

typedef struct cells {
  cell *items;
  size_t n;
  int64_t n_missing;
} cells;

static fm_status count_cells(cells *out, const rates *t, fm_error *err)
{
  size_t n = fm__rows_n(t->rows);
  *out = (cells){.items = fm__array(n, sizeof *out->items)};
  if (out->items == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++) {
    cell c = {.first = i};
    double answer = fm__rows_numbers(t->rows, i)[0];
    int64_t count = (int64_t)fm__rows_count(t->rows, i);
    for (size_t k = 0; k < N_CELL; k++)
      c.id[k] = fm__rows_id(t->rows, i, k);
    out->n_missing += isnan(answer) ? count : 0;
    if (isnan(answer))
      continue;
    bool again = out->n > 0 && memcmp(out->items[out->n - 1].id, c.id, sizeof c.id) == 0;
    cell *to = again ? &out->items[out->n - 1] : &out->items[out->n++];
    if (!again)
      *to = c;
    to->end = i + 1;
    to->n += count;
    to->x += answer == 1 ? count : 0;
  }
  return FM_OK;
}

/* One group of a comparison: its cells by stratum. */
typedef struct group {
  const cell *cells;
  size_t n_cells;
  uint32_t id;
  int64_t x, n, people;
} group;

typedef struct comparison {
  group *groups;
  size_t n_groups, reference; /* SIZE_MAX: nobody is in it */
  int64_t x, n, people;
} comparison;

/* People with an answer in the rows from `first` to `end`. */
static fm_status count_people(int64_t *out, const rates *t, size_t first, size_t end, fm_error *err)
{
  uint64_t *ids = fm__array(end - first, 2 * sizeof *ids);
  size_t n = 0;
  if (ids == NULL)
    return fm__no_memory(err);
  for (size_t i = first; i < end; i++)
    if (!isnan(fm__rows_numbers(t->rows, i)[0]))
      ids[n++] = fm__rows_id(t->rows, i, PERSON);
  *out = fm__parity_distinct(ids, ids + (end - first), n);
  fm__free(ids);
  return FM_OK;
}

static fm_status count_all_people(comparison *c, const rates *t, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t i = 0; i < c->n_groups && status == FM_OK; i++) {
    group *g = &c->groups[i];
    g->people = g->n;
    if (t->clustered)
      status = count_people(&g->people, t, g->cells[0].first, g->cells[g->n_cells - 1].end, err);
  }
  c->people = c->n;
  const group *last = &c->groups[c->n_groups - 1];
  if (status == FM_OK && t->clustered)
    status = count_people(&c->people, t, c->groups[0].cells[0].first, last->cells[last->n_cells - 1].end, err);
  return status;
}

/* The groups of the comparison that begins at `first`; *end is where the next begins. */
static fm_status gather(comparison *out, size_t *end, const rates *t, const cells *all, size_t first, fm_error *err)
{
  const fm__groups *names = fm__rows_ids(t->rows, GROUP);
  *out = (comparison){.reference = SIZE_MAX};
  for (*end = first; *end < all->n && all->items[*end].id[BY] == all->items[first].id[BY];)
    ++*end;
  out->groups = fm__array(*end - first, sizeof *out->groups);
  if (out->groups == NULL)
    return fm__no_memory(err);
  for (size_t i = first; i < *end; i++) {
    const cell *c = &all->items[i];
    if (out->n_groups == 0 || out->groups[out->n_groups - 1].id != c->id[GROUP]) {
      if (t->reference != NULL &&
          fm__parity_is_called(names, c->id[GROUP], 0, fm__groups_n_columns(names), t->reference))
        out->reference = out->n_groups;
      out->groups[out->n_groups++] = (group){.cells = c, .id = c->id[GROUP]};
    }
    group *g = &out->groups[out->n_groups - 1];
    g->n_cells++;
    g->x += c->x;
    g->n += c->n;
    out->x += c->x;
    out->n += c->n;
  }
  return count_all_people(out, t, err);
}

/* ---- figures ---- */

enum { KEY_GROUP, KEY_STRATUM, KEY_METHOD, N_KEYS };
static const fm__key keys[N_KEYS] = {{"group", FM_CODE}, {"stratum", FM_CODE}, {"method", FM_CODE}};

typedef struct page {
  fm__result *r;
  const rates *t;
  size_t key;
  int64_t people; /* of the rows that follow, where several rows may be one person; -1: not counted */
} page;

static void set_method(const page *p, const char *method)
{
  fm__result_key_text(p->r, p->key + KEY_METHOD, method, method != NULL ? strlen(method) : 0);
}

typedef struct shown {
  const char *quantity, *unit, *method;
  double value, low, high, std_error;
  int64_t n;
} shown;

static void set_key(const page *p, size_t key, const fm__groups *names, uint32_t id)
{
  fm__parity_set_key(p->r, p->key + key, names, id, 0, fm__groups_n_columns(names));
}

static void put(const page *p, shown s)
{
  fm__figure f = fm__figure_of(s.quantity, s.unit);
  bool limits = !isnan(s.low) && !isnan(s.high);
  set_method(p, s.method);
  f.value = s.value;
  f.std_error = s.std_error;
  f.ci_low = limits ? s.low : NAN;
  f.ci_high = limits ? s.high : NAN;
  f.level = limits ? p->t->level : NAN;
  f.n = s.n;
  f.people = p->t->clustered ? p->people : s.n;
  f.state = isnan(s.value) ? FM__UNDEFINED : FM__OK;
  fm__result_add(p->r, &f);
}

static void put_plain(const page *p, const char *quantity, const char *unit, const char *method, double value,
                      int64_t n)
{
  put(p, (shown){quantity, unit, method, value, NAN, NAN, NAN, n});
}

static void put_rate(const page *p, const group *g, const comparison *c)
{
  double low, high, rate = (double)g->x / (double)g->n;
  fm__wilson((double)g->x, (double)g->n, p->t->level, &low, &high);
  put(p, (shown){"share", "share", "wilson", rate, low, high, NAN, g->n});
  put_plain(p, "parity_index", "ratio", NULL, c->x > 0 ? rate / ((double)c->x / (double)c->n) : NAN, g->n);
}

static void put_contrast(const page *p, const fm_parity_two *two, double adjusted, int64_t n)
{
  const shown all[] = {{"difference", "share", "newcombe", two->difference, two->newcombe[0], two->newcombe[1], NAN, n},
                       {"difference", "share", "score", two->difference, two->score[0], two->score[1], NAN, n},
                       {"difference", "share", "wald", two->difference, two->wald[0], two->wald[1], NAN, n},
                       {"ratio", "ratio", "katz", two->ratio, two->katz[0], two->katz[1], NAN, n},
                       {"odds_ratio", "ratio", "woolf", two->odds_ratio, two->woolf[0], two->woolf[1], NAN, n},
                       {"impact_ratio", "ratio", NULL, two->impact_ratio, NAN, NAN, NAN, n},
                       {"below_least_ratio", "count", NULL,
                        isnan(two->impact_ratio) ? NAN : (double)(two->impact_ratio < p->t->least_ratio), NAN, NAN, NAN,
                        n},
                       {"shortfall", "people", NULL, two->shortfall, NAN, NAN, NAN, n},
                       {"cohen_h", "index", NULL, two->cohen_h, NAN, NAN, NAN, n},
                       {"p_value", "share", "z", two->p_value, NAN, NAN, NAN, n},
                       {"p_value", "share", "fisher", two->p_fisher, NAN, NAN, NAN, n},
                       {"p_adjusted", "share", "holm", adjusted, NAN, NAN, NAN, n}};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    put(p, all[k]);
}

/* Strata of either group, in their order; creates them. */
static fm_status join_strata(fm__parity_stratum **out, size_t *n, const group *g, const group *r, fm_error *err)
{
  *n = 0;
  *out = fm__array(g->n_cells + r->n_cells, sizeof **out);
  if (*out == NULL)
    return fm__no_memory(err);
  for (size_t i = 0, k = 0; i < g->n_cells || k < r->n_cells;) {
    bool of_g = i < g->n_cells && (k == r->n_cells || g->cells[i].id[STRATUM] <= r->cells[k].id[STRATUM]);
    bool of_r = k < r->n_cells && (i == g->n_cells || r->cells[k].id[STRATUM] <= g->cells[i].id[STRATUM]);
    fm__parity_stratum s = {.key = of_g ? g->cells[i].id[STRATUM] : r->cells[k].id[STRATUM]};
    s.x1 = of_g ? g->cells[i].x : 0;
    s.n1 = of_g ? g->cells[i].n : 0;
    s.x0 = of_r ? r->cells[k].x : 0;
    s.n0 = of_r ? r->cells[k].n : 0;
    (*out)[(*n)++] = s;
    i += of_g;
    k += of_r;
  }
  return FM_OK;
}

static void put_pooled(const page *p, const fm__parity_stratum *s, size_t n_strata, int64_t n)
{
  fm__parity_pooled m;
  double z = -fm__normal_quantile((1 - p->t->level) / 2);
  fm__parity_pool(&m, s, n_strata);
  put(p, (shown){"adjusted_difference", "share", "mantel_haenszel", m.difference, m.difference - z * m.difference_error,
                 m.difference + z * m.difference_error, m.difference_error, n});
  put(p, (shown){"adjusted_ratio", "ratio", "mantel_haenszel", m.ratio, m.ratio * fm__exp(-z * m.log_ratio_error),
                 m.ratio * fm__exp(z * m.log_ratio_error), NAN, n});
  put(p, (shown){"adjusted_odds_ratio", "ratio", "mantel_haenszel", m.odds_ratio,
                 m.odds_ratio * fm__exp(-z * m.log_odds_error), m.odds_ratio * fm__exp(z * m.log_odds_error), NAN, n});
}

static fm_status put_strata(page *p, const group *g, const group *r, fm_error *err)
{
  fm__parity_stratum *s = NULL;
  size_t n_strata = 0;
  fm__sum rate = {0}, composition = {0};
  fm_status status = join_strata(&s, &n_strata, g, r, err);
  if (status != FM_OK)
    return status;
  put_pooled(p, s, n_strata, g->n);
  bool whole = true;
  p->people = -1;
  for (size_t i = 0; i < n_strata; i++) {
    double of_rate, of_composition;
    fm__parity_parts(&of_rate, &of_composition, &s[i], g->n, r->n);
    set_key(p, KEY_STRATUM, fm__rows_ids(p->t->rows, STRATUM), s[i].key);
    put_plain(p, "rate_component", "share", "kitagawa", of_rate, s[i].n1);
    put_plain(p, "composition_component", "share", "kitagawa", of_composition, s[i].n1);
    whole = whole && !isnan(of_rate);
    if (whole) {
      fm__sum_add(&rate, of_rate);
      fm__sum_add(&composition, of_composition);
    }
  }
  fm__result_key_text(p->r, p->key + KEY_STRATUM, NULL, 0);
  p->people = g->people;
  put_plain(p, "rate_component", "share", "kitagawa", whole ? fm__sum_value(&rate) : NAN, g->n);
  put_plain(p, "composition_component", "share", "kitagawa", whole ? fm__sum_value(&composition) : NAN, g->n);
  put_plain(p, "standardised_rate", "share", "direct", fm__parity_standardised(s, n_strata), g->n);
  fm__free(s);
  return FM_OK;
}

/* What all groups together say. */
static void put_spread(page *p, const comparison *c)
{
  double all = (double)c->x / (double)c->n, least = INFINITY, most = -INFINITY;
  fm__sum variance = {0}, theil = {0}, chi = {0};
  for (size_t i = 0; i < c->n_groups; i++) {
    double n = (double)c->groups[i].n, rate = (double)c->groups[i].x / n, share = n / (double)c->n;
    double expected = all * (1 - all);
    least = fmin(least, rate);
    most = fmax(most, rate);
    fm__sum_add(&variance, share * (rate - all) * (rate - all));
    fm__sum_add(&theil, rate > 0 ? share * rate / all * fm__log(rate / all) : 0);
    fm__sum_add(&chi, expected > 0 ? n * (rate - all) * (rate - all) / expected : 0);
  }
  double statistic = all > 0 && all < 1 ? fm__sum_value(&chi) : NAN, df = (double)c->n_groups - 1;
  p->people = c->people;
  fm__result_key_text(p->r, p->key + KEY_GROUP, NULL, 0);
  put_plain(p, "range", "share", NULL, most - least, c->n);
  put_plain(p, "least_ratio", "ratio", NULL, most > 0 ? least / most : NAN, c->n);
  put_plain(p, "variance_between", "index", NULL, fm__sum_value(&variance), c->n);
  put_plain(p, "theil_between", "index", NULL, all > 0 ? fm__sum_value(&theil) : NAN, c->n);
  put_plain(p, "chi_square", "chi_square", NULL, df > 0 ? statistic : NAN, c->n);
  put_plain(p, "p_value", "share", "chi_square", df > 0 ? fm__gamma_upper(df / 2, statistic / 2) : NAN, c->n);
}

/* Against nobody there is nothing to say. */
static const fm_parity_two nothing = {
    sizeof nothing, NAN, NAN, NAN, {NAN, NAN}, {NAN, NAN}, {NAN, NAN}, NAN, {NAN, NAN}, NAN,
    {NAN, NAN},     NAN, NAN, NAN, NAN,        NAN,        NAN};

static fm_status compare(fm_parity_two *two, double *adjusted, const page *p, const comparison *c, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t i = 0; i < c->n_groups && status == FM_OK; i++) {
    const group *g = &c->groups[i];
    int64_t x0 = c->x - g->x, n0 = c->n - g->n;
    two[i] = nothing;
    adjusted[i] = NAN;
    if (i == c->reference)
      continue;
    if (c->reference != SIZE_MAX) {
      x0 = c->groups[c->reference].x;
      n0 = c->groups[c->reference].n;
    }
    if (n0 > 0)
      status = fm_parity_compare(&two[i], g->x, g->n, x0, n0, p->t->level, err);
    if (n0 > 0 && status == FM_OK && p->t->against == FM_PARITY_POPULATION)
      fm__parity_of_population(&two[i], (double)g->n / (double)c->n, (double)g->n);
    adjusted[i] = two[i].p_fisher;
  }
  return status == FM_OK ? fm__parity_holm(adjusted, c->n_groups, err) : status;
}

static fm_status put_comparison(page *p, const comparison *c, fm_error *err)
{
  fm_parity_two *two = fm__array(c->n_groups, sizeof *two);
  double *adjusted = fm__array(c->n_groups, sizeof *adjusted);
  fm_status status = two != NULL && adjusted != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK)
    status = compare(two, adjusted, p, c, err);
  for (size_t i = 0; i < c->n_groups && status == FM_OK; i++) {
    const group *g = &c->groups[i];
    set_key(p, KEY_GROUP, fm__rows_ids(p->t->rows, GROUP), g->id);
    p->people = g->people;
    put_rate(p, g, c);
    if (i == c->reference)
      continue;
    put_contrast(p, &two[i], adjusted[i], g->n);
    if (p->t->stratified)
      status = put_strata(p, g, &c->groups[c->reference], err);
  }
  if (status == FM_OK)
    put_spread(p, c);
  fm__free(two);
  fm__free(adjusted);
  return status;
}

static fm_status put_all(page *p, const cells *all, const fm_run *run, fm_error *err)
{
  const fm__groups *by = fm__rows_ids(p->t->rows, BY);
  fm_status status = FM_OK;
  for (size_t first = 0, end; first < all->n && status == FM_OK; first = end) {
    comparison c;
    status = gather(&c, &end, p->t, all, first, err);
    if (status == FM_OK && c.reference == SIZE_MAX && p->t->against == FM_PARITY_REFERENCE)
      status = fm__parity_nobody(p->t->reference, fm__groups_n_columns(by) > 0, err);
    fm__result_group(p->r, by, all->items[first].id[BY]);
    fm__result_key_text(p->r, p->key + KEY_STRATUM, NULL, 0);
    if (status == FM_OK)
      status = put_comparison(p, &c, err);
    fm__free(c.groups);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)end / (double)all->n, err);
  }
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  rates *t = state;
  page p = {.t = t};
  cells all = {.items = NULL};
  char missing[24];
  fm_status status = fm__rows_reduce(t->rows, err);
  if (status == FM_OK)
    status = count_cells(&all, t, err);
  const fm__groups *by = fm__rows_ids(t->rows, BY);
  if (status == FM_OK)
    status = fm__result_create_grouped(&p.r, "parity.rates", "unweighted", by, keys, N_KEYS, err);
  p.key = fm__groups_n_columns(by);
  if (status == FM_OK)
    status = put_all(&p, &all, run, err);
  fm__free(all.items);
  if (status != FM_OK) {
    fm__result_destroy(p.r);
    return status;
  }
  snprintf(missing, sizeof missing, "%lld", (long long)all.n_missing);
  fm__result_note(p.r, "missing_outcome", missing);
  fm__result_note(p.r, "against", fm__parity_against(t->against));
  if (t->reference != NULL)
    fm__result_note(p.r, "reference", t->reference);
  return fm__result_finish(p.r, out, err);
}

/* ---- the measure ---- */

static const fm__field fields[] = {FM__FIELD(fm_parity_rates_spec, outcome, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_rates_spec, group, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_rates_spec, reference, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_rates_spec, strata, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_rates_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_rates_spec, level, FM__FIELD_F64),
                                   FM__FIELD(fm_parity_rates_spec, least_ratio, FM__FIELD_F64),
                                   FM__FIELD(fm_parity_rates_spec, cluster, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_rates_spec, against, FM__FIELD_I32)};

static fm_status check(const fm_parity_rates_spec *s, fm_error *err)
{
  if (!fm__is_given(s->outcome))
    return fm__fail(err, FM_ERR_ARGUMENT, "outcome: expected the name of a column of yes and no");
  if (!fm__is_given(s->group))
    return fm__fail(err, FM_ERR_ARGUMENT, "group: expected the column whose groups are compared");
  if (fm__is_given(s->strata) && s->against != FM_PARITY_REFERENCE)
    return fm__fail(err, FM_ERR_ARGUMENT, "strata: a group is compared with a reference within them, not with %s",
                    s->against == FM_PARITY_REST ? "the rest" : "the population");
  if (!(s->level > 0 && s->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a share between 0 and 1");
  if (!(s->least_ratio > 0 && s->least_ratio <= 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "least_ratio: expected above 0 and at most 1");
  return fm__parity_check_against(s->against, s->reference, err);
}

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  rates *t = state;
  const fm_parity_rates_spec *s = spec;
  fm_status status = check(s, err);
  (void)text;
  if (status != FM_OK)
    return status;
  const fm__rows_number number = {s->outcome, 0};
  const char *const ids[N_IDS] = {s->by, s->group, s->strata, s->cluster};
  t->level = s->level;
  t->least_ratio = s->least_ratio;
  t->stratified = fm__is_given(s->strata);
  t->clustered = fm__is_given(s->cluster);
  t->against = s->against;
  t->reference = fm__is_given(s->reference) ? fm__copy_text(s->reference, strlen(s->reference)) : NULL;
  if (t->reference == NULL && fm__is_given(s->reference))
    return fm__no_memory(err);
  return fm__rows_keep(&t->rows, &kind, &number, 1, ids, N_IDS, err);
}

static const fm__measure measure = {.id = "parity.rates",
                                    .state_version = 2,
                                    FM__MEASURE_OPENS(fm_parity_rates_spec, rates),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .result = result,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_parity_rates)
