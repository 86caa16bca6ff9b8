/* programme.employers: distinct employers, which of them are new, small or social, and how much hangs on the largest.
 */
#include "flexmetrics/programme_employers.h"
#include "programme/cases_priv.h"

#include <math.h>
#include <string.h>

enum { START, SINCE, SME, HEADCOUNT, SOCIAL, STAFF, N_NUMBERS };
enum { EMPLOYER, PERSON, SECTOR, N_IDS };

typedef struct employers {
  fm__cases cases;
  double period_start, period_end; /* infinite: open */
  double local_firms;              /* NaN: not given */
  bool table_is_local;
} employers;

static const fm_programme_employers_spec defaults = FM_PROGRAMME_EMPLOYERS_SPEC_INIT;

static bool is_number_of_people(double x)
{
  return isnan(x) || (x >= 0 && x <= 1e9 && x == floor(x));
}

static const char *wrong(const void *state, const double *x, size_t *at)
{
  (void)state;
  *at = SINCE;
  if (x[SINCE] > x[START])
    return "the employer's first start, not a day after this one";
  for (*at = SME; *at < N_NUMBERS; ++*at)
    if (*at == SME || *at == SOCIAL) {
      if (!fm__is_flag(x[*at]))
        return "yes, no, or a blank where it is not told";
    } else if (!is_number_of_people(x[*at])) {
      return "a whole number of people";
    }
  *at = STAFF;
  return x[STAFF] > x[HEADCOUNT] ? "at most the headcount" : NULL;
}

/* ---- the employers of one group ---- */

typedef struct firm {
  size_t from, to; /* its cases */
  int64_t starts;  /* in the period */
  bool is_private, is_public, is_new, again;
  double sme, headcount, social, staff;
} firm;

typedef struct group {
  fm__case_set *set;
  const employers *spec;
  firm *firms; /* those with a start in the period */
  size_t n, n_local;
  int64_t starts, without; /* in the period; without an employer */
} group;

static bool in_period(const employers *e, const double *x)
{
  return x[START] >= e->period_start && x[START] <= e->period_end;
}

static bool is_called(const fm__case_set *s, size_t k, const char *sector)
{
  const char *text = fm__groups_text(fm__rows_ids(s->cases->rows, SECTOR + 1), fm__case_id(s, k, SECTOR), 0, NULL);
  return text != NULL && strcmp(text, sector) == 0;
}

/* What the cases of one employer tell; the first that tells it, in canonical order, is taken. */
static firm read_firm(const group *g, size_t from, size_t to)
{
  firm f = {.from = from, .to = to, .sme = (double)NAN, .headcount = (double)NAN};
  f.social = f.staff = (double)NAN;
  for (size_t k = from; k < to; k++) {
    const double *x = fm__case_numbers(g->set, k);
    bool counts = in_period(g->spec, x);
    f.starts += counts ? fm__case_times(g->set, k) : 0;
    f.is_private |= is_called(g->set, k, "private");
    f.is_public |= is_called(g->set, k, "public");
    f.is_new |= counts && x[SINCE] >= g->spec->period_start;
    f.again |= counts && x[START] > x[SINCE];
    f.sme = isnan(f.sme) ? x[SME] : f.sme;
    f.headcount = isnan(f.headcount) ? x[HEADCOUNT] : f.headcount;
    f.social = isnan(f.social) ? x[SOCIAL] : f.social;
    f.staff = isnan(f.staff) ? x[STAFF] : f.staff;
  }
  return f;
}

static fm_status read_group(group *g, fm_error *err)
{
  fm__case_set *s = g->set;
  g->firms = fm__array(s->n, sizeof *g->firms);
  if (g->firms == NULL)
    return fm__no_memory(err);
  for (size_t k = 0, to; k < s->n; k = to) {
    for (to = k + 1; to < s->n && fm__case_id(s, to, EMPLOYER) == fm__case_id(s, k, EMPLOYER);)
      to++;
    firm f = read_firm(g, k, to);
    bool known = fm__case_has_id(s, k, EMPLOYER);
    g->starts += f.starts;
    g->without += known ? 0 : f.starts;
    g->n_local += known;
    if (known && f.starts > 0)
      g->firms[g->n++] = f;
  }
  return FM_OK;
}

/* ---- figures ---- */

typedef bool (*firm_test)(const firm *f);

static bool is_any(const firm *f)
{
  return f->starts > 0;
}

static bool is_newcomer(const firm *f)
{
  return f->is_new;
}

static bool is_again(const firm *f)
{
  return f->again;
}

static bool is_private(const firm *f)
{
  return f->is_private;
}

static bool is_public(const firm *f)
{
  return f->is_public;
}

static bool is_sector_unknown(const firm *f)
{
  return !f->is_private && !f->is_public;
}

static bool is_sme(const firm *f)
{
  return f->is_private && f->sme == 1;
}

static bool is_size_unknown(const firm *f)
{
  return f->is_private && isnan(f->sme);
}

static bool is_social(const firm *f)
{
  return f->social == 1;
}

static bool is_social_unknown(const firm *f)
{
  return isnan(f->social);
}

static bool is_staff_unknown(const firm *f)
{
  return f->social == 1 && (isnan(f->staff) || isnan(f->headcount));
}

static bool is_staff_told(const firm *f)
{
  return f->social == 1 && !is_staff_unknown(f);
}

static int64_t number_of(const group *g, firm_test test)
{
  int64_t n = 0;
  for (size_t k = 0; k < g->n; k++)
    n += test(&g->firms[k]);
  return n;
}

/* Distinct people who began with such employers in the period. */
static int64_t people_of(const group *g, firm_test test)
{
  int64_t people = 0;
  g->set->stamp++;
  for (size_t k = 0; k < g->n; k++)
    for (size_t i = g->firms[k].from; test(&g->firms[k]) && i < g->firms[k].to; i++)
      if (in_period(g->spec, fm__case_numbers(g->set, i)))
        people += fm__case_newcomer(g->set, i);
  return people;
}

/* A figure of the period; a value of NaN has the state `none`. */
static fm__figure figure(const group *g, const char *quantity, const char *unit, double value, int64_t n,
                         int64_t people, const char *none)
{
  fm__figure f = fm__case_figure(g->set, quantity, unit, value, n, people);
  if (isnan(value))
    f.state = none;
  if (!isinf(g->spec->period_start))
    f.period_start = (int32_t)g->spec->period_start;
  if (!isinf(g->spec->period_end))
    f.period_end = (int32_t)g->spec->period_end;
  return f;
}

static void put(const group *g, const char *quantity, const char *unit, double value, int64_t n, int64_t people,
                const char *none)
{
  fm__figure f = figure(g, quantity, unit, value, n, people, none);
  fm__result_add(g->set->result, &f);
}

static void put_count(const group *g, const char *quantity, firm_test test, bool known, const char *none)
{
  int64_t n = known ? number_of(g, test) : 0;
  put(g, quantity, "count", known ? (double)n : (double)NAN, n, known ? people_of(g, test) : 0, none);
}

static void put_share(const group *g, const char *quantity, int64_t part, int64_t whole, int64_t people,
                      const char *none)
{
  double share = whole > 0 ? (double)part / (double)whole : (double)NAN;
  fm__figure f = figure(g, quantity, "share", share, whole, people, none);
  if (whole > 0) {
    f.level = g->set->cases->level;
    fm__wilson((double)part, (double)whole, f.level, &f.ci_low, &f.ci_high);
  }
  fm__result_add(g->set->result, &f);
}

static void put_new(const group *g)
{
  bool dated = !isinf(g->spec->period_start);
  int64_t all = number_of(g, is_any), people = people_of(g, is_any);
  put_count(g, "new_employers", is_newcomer, dated, FM__NOT_GIVEN);
  put_share(g, "new_share", number_of(g, is_newcomer), dated ? all : 0, people, dated ? FM__EMPTY : FM__NOT_GIVEN);
  put_count(g, "hiring_again", is_again, true, FM__OK);
  put_share(g, "hiring_again_share", number_of(g, is_again), all, people, FM__EMPTY);
}

static void put_local(const group *g)
{
  double local = g->spec->table_is_local ? (double)g->n_local : g->spec->local_firms;
  int64_t n = number_of(g, is_any), of = isnan(local) ? -1 : (int64_t)local;
  put(g, "local_firms", "count", local, of, -1, FM__NOT_GIVEN);
  put(g, "employers_per_100_local", "per_100", local > 0 ? 100 * (double)n / local : (double)NAN, of,
      people_of(g, is_any), isnan(local) ? FM__NOT_GIVEN : FM__EMPTY);
}

static void put_kinds(const group *g)
{
  int64_t of_size = number_of(g, is_private) - number_of(g, is_size_unknown);
  const char *none = number_of(g, is_private) > 0 ? FM__NOT_GIVEN : FM__EMPTY;
  put_count(g, "private", is_private, true, FM__OK);
  put_count(g, "public", is_public, true, FM__OK);
  put_count(g, "unknown_sector", is_sector_unknown, true, FM__OK);
  put_count(g, "sme", is_sme, of_size > 0 || number_of(g, is_private) == 0, FM__NOT_GIVEN);
  put_count(g, "size_unknown", is_size_unknown, true, FM__OK);
  put_share(g, "sme_share", number_of(g, is_sme), of_size, people_of(g, is_private), none);
}

/* n: heads on the staff. The people of the data who began there stand beside it, so that no breakdown tells of which
 * enterprise one of them is. */
static void put_social_staff(const group *g, const char *none)
{
  int64_t people = people_of(g, is_staff_told);
  fm__sum staff = {0}, headcount = {0};
  for (size_t k = 0; k < g->n; k++)
    if (is_staff_told(&g->firms[k])) {
      fm__sum_add(&staff, g->firms[k].staff);
      fm__sum_add(&headcount, g->firms[k].headcount);
    }
  bool told = number_of(g, is_staff_told) > 0;
  double of = fm__sum_value(&headcount), part = fm__sum_value(&staff);
  put(g, "social_staff", "people", told ? of : (double)NAN, (int64_t)of, people, none);
  put(g, "social_target_staff", "people", told ? part : (double)NAN, (int64_t)part, people, none);
  put(g, "target_group_share", "share", of > 0 ? part / of : (double)NAN, (int64_t)of, people, told ? FM__EMPTY : none);
}

static void put_social(const group *g)
{
  int64_t told = number_of(g, is_any) - number_of(g, is_social_unknown);
  const char *none = told > 0 && number_of(g, is_social) == 0 ? FM__EMPTY : FM__NOT_GIVEN;
  if (g->n == 0)
    none = FM__EMPTY;
  put_count(g, "social_enterprises", is_social, told > 0, none);
  put_count(g, "social_unknown", is_social_unknown, true, FM__OK);
  put_count(g, "social_staff_unknown", is_staff_unknown, told > 0, none);
  put_social_staff(g, none);
}

static fm_status put_largest(const group *g, fm_error *err)
{
  uint64_t *starts = fm__array(g->n, sizeof *starts), *scratch = fm__array(g->n, sizeof *scratch);
  fm_status status = starts != NULL && scratch != NULL ? FM_OK : fm__no_memory(err);
  int64_t all = g->starts - g->without, five = 0;
  for (size_t k = 0; status == FM_OK && k < g->n; k++)
    starts[k] = (uint64_t)g->firms[k].starts;
  if (status == FM_OK) {
    fm__sort_u64(starts, scratch, g->n);
    for (size_t k = 0; k < 5 && k < g->n; k++)
      five += (int64_t)starts[g->n - 1 - k];
    int64_t largest = g->n > 0 ? (int64_t)starts[g->n - 1] : 0, people = people_of(g, is_any);
    put(g, "largest_share", "share", all > 0 ? (double)largest / (double)all : (double)NAN, all, people, FM__EMPTY);
    put(g, "five_largest_share", "share", all > 0 ? (double)five / (double)all : (double)NAN, all, people, FM__EMPTY);
  }
  fm__free(starts);
  fm__free(scratch);
  return status;
}

static int64_t all_people(const group *g, bool without)
{
  int64_t people = 0;
  g->set->stamp++;
  for (size_t k = 0; k < g->set->n; k++)
    if (in_period(g->spec, fm__case_numbers(g->set, k)) && !(without && fm__case_has_id(g->set, k, EMPLOYER)))
      people += fm__case_newcomer(g->set, k);
  return people;
}

static fm_status each(fm__case_set *s, fm_error *err)
{
  group g = {.set = s, .spec = (const employers *)s->cases};
  fm_status status = read_group(&g, err);
  if (status == FM_OK) {
    int64_t people = all_people(&g, false);
    put(&g, "starts", "count", (double)g.starts, g.starts, people, FM__OK);
    put(&g, "people", "count", (double)people, g.starts, people, FM__OK);
    put(&g, "starts_without_employer", "count", (double)g.without, g.without, all_people(&g, true), FM__OK);
    put_count(&g, "employers", is_any, true, FM__OK);
    put_new(&g);
    put_local(&g);
    put_kinds(&g);
    put_social(&g);
    status = put_largest(&g, err);
  }
  fm__free(g.firms);
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  return fm__cases_result(out, state, each, NULL, 0, run, err);
}

/* ---- the measure ---- */

static fm_status take_spec(employers *e, const fm_programme_employers_spec *s, fm_error *err)
{
  bool grouped = s->by != NULL && s->by[0] != '\0';
  e->period_start = s->period_start == FM_NO_DATE ? -(double)INFINITY : s->period_start;
  e->period_end = s->period_end == FM_NO_DATE ? (double)INFINITY : s->period_end;
  e->local_firms = s->local_firms;
  e->table_is_local = s->table_is_local == 1;
  if (e->period_end < e->period_start)
    return fm__fail(err, FM_ERR_ARGUMENT, "the period ends before it begins");
  if (s->table_is_local != 0 && s->table_is_local != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "table_is_local must be 0 or 1");
  if (!isnan(s->local_firms) && !(s->local_firms >= 1 && is_number_of_people(s->local_firms)))
    return fm__fail(err, FM_ERR_ARGUMENT, "local_firms: expected a whole number of firms of at least 1");
  if (!isnan(s->local_firms) && (grouped || e->table_is_local))
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "local_firms is one number for all employers: with groups, take the firms of the table instead");
  return FM_OK;
}

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  static const fm__rows_number numbers[N_NUMBERS] = {{"start", 0},
                                                     {"employer_since", 0},
                                                     {"sme", FM__OPTIONAL},
                                                     {"headcount", FM__OPTIONAL},
                                                     {"social_enterprise", FM__OPTIONAL},
                                                     {"target_group_staff", FM__OPTIONAL}};
  static const char *const ids[N_IDS] = {"employer_id", "person_id", "sector"};
  static const fm__cases_kind kind = {.rows = {.measure = "programme.employers", .wrong = wrong},
                                      .definition = "employers_with_a_start",
                                      .numbers = numbers,
                                      .n_numbers = N_NUMBERS,
                                      .ids = ids,
                                      .n_ids = N_IDS,
                                      .person = PERSON};
  const fm_programme_employers_spec *s = spec;
  employers *e = state;
  (void)text;
  fm_status status = take_spec(e, s, err);
  return status == FM_OK ? fm__cases_open(&e->cases, &kind, s->by, NULL, s->level, err) : status;
}

static const fm__field fields[] = {FM__FIELD(fm_programme_employers_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_programme_employers_spec, level, FM__FIELD_F64),
                                   FM__FIELD(fm_programme_employers_spec, local_firms, FM__FIELD_F64),
                                   FM__FIELD(fm_programme_employers_spec, period_start, FM__FIELD_I32),
                                   FM__FIELD(fm_programme_employers_spec, period_end, FM__FIELD_I32),
                                   FM__FIELD(fm_programme_employers_spec, table_is_local, FM__FIELD_I32)};
static const fm__measure measure = {.id = "programme.employers",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_programme_employers_spec, employers),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .destroy = fm__cases_destroy,
                                    .result = result};

FM__MEASURE_FUNCTIONS(fm_programme_employers)
