/* An outsider with the published table alone attacks all sections of many small registers at once, with groups merged,
 * too: he writes down what everyone knows of the counts as sums, and narrows every hidden count by them again and
 * again. He shares nothing with the library: no linear program, no search. */
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "table/table_priv.h"

enum { MOST = 220, GROUPS = 4, T = 5, VARIABLES = 900, SUMS = 1200, TERMS = 9, ITEMS = 5 };
#define ANY INT64_C(100000)

static unsigned seed;
static unsigned draw(unsigned n)
{
  seed = seed * 1103515245U + 12345U;
  return (seed >> 16) % n;
}

/* ---- a random register ---- */

typedef struct column {
  const char *name;
  const char *text[2 * ITEMS * MOST];
  int32_t date[2 * ITEMS * MOST];
  double number[2 * ITEMS * MOST];
  uint8_t told[2 * ITEMS * MOST / 8 + 1];
} column;

typedef struct rows {
  const char *name;
  size_t n;
  column column[8];
} rows;

typedef struct world {
  char ids[MOST][8], job_ids[MOST][8];
  rows persons, jobs, joined, supports, answers;
} world;

static void text(rows *r, size_t k, const char *name, const char *value)
{
  r->column[k].name = name;
  r->column[k].text[r->n] = value;
}

static void day(rows *r, size_t k, const char *name, int32_t value)
{
  r->column[k].name = name;
  r->column[k].date[r->n] = value;
  if (value != 0)
    r->column[k].told[r->n / 8] |= (uint8_t)(1U << (r->n % 8));
}

static const char *const groups[] = {"refugee", "cash_benefit", "other_unemployed", "disability_pension"};
static int32_t last_day(void)
{
  return fm_date_from_ymd(2025, 1, 1);
}

static void invent_job(world *w, const char *id, unsigned tied, unsigned later)
{
  static const char *const kinds[] = {"ordinary", "ordinary", "fleksjob", "wage_subsidy", "internship"};
  static const char *const firms[] = {"E1", "E1", "E2", "E3", NULL, "E4", "E5", "E6"};
  static const int32_t ages[] = {700, 600, 300, 120, 45};
  rows *j = &w->jobs;
  snprintf(w->job_ids[j->n], sizeof w->job_ids[j->n], "J%03d", (int)j->n);
  int32_t start = last_day() - ages[draw(5)] - (int32_t)(draw(20) + 25 * later), end = start + 30 + (int32_t)draw(220);
  text(j, 0, "placement_id", w->job_ids[j->n]);
  text(j, 1, "person_id", id);
  text(j, 2, "kind", kinds[draw(draw(4) == 0 ? 5 : 3)]);
  text(j, 3, "employer_id", firms[draw(draw(2) == 0 ? 8 : 2)]);
  text(j, 4, "initiative_id", draw(10) < tied ? "I1" : draw(9) == 0 ? "I2" : NULL);
  day(j, 5, "start", start);
  day(j, 6, "end", draw(3) == 0 && end < last_day() ? end : 0);
  j->n++;
}

static void invent_around(world *w, const char *id, const unsigned share[4])
{
  static const char *const kinds[] = {"mentor", "mentor", "upskilling", "aftercare"};
  int32_t start = last_day() - 400 + (int32_t)draw(300);
  for (unsigned k = 0; k < 2; k++)
    if (draw(20) < share[k] && w->joined.n < MOST) {
      text(&w->joined, 0, "person_id", id);
      text(&w->joined, 1, "initiative_id", k == 0 ? "I1" : "I2");
      day(&w->joined, 2, "joined_on", start);
      w->joined.n++;
    }
  for (unsigned k = 0; k < 2; k++)
    if (draw(20) < share[2] && w->supports.n < MOST) {
      text(&w->supports, 0, "person_id", id);
      text(&w->supports, 1, "kind", kinds[draw(4)]);
      day(&w->supports, 2, "start", start);
      w->supports.n++;
    }
  static const char *const items[ITEMS] = {"1", "2", "3", "4", "5"};
  size_t times = draw(20) < share[3] ? 1 + draw(2) : 0;
  for (size_t k = 0; k < times * ITEMS; k++) {
    rows *a = &w->answers;
    text(a, 0, "person_id", id);
    text(a, 1, "instrument", "who5");
    text(a, 2, "item", items[k % ITEMS]);
    day(a, 3, "date", start + (int32_t)(60 * (k / ITEMS)));
    a->column[4].name = "score";
    a->column[4].number[a->n++] = (double)draw(6);
  }
}

static void invent(world *w)
{
  unsigned share[5], last = 2 + draw(GROUPS - 1), uneven = draw(3), jobs = 1 + draw(9), tied = draw(11);
  for (size_t k = 0; k < 5; k++)
    share[k] = draw(2) == 0 ? 1 + draw(19) : 18 + draw(3);
  size_t n = 10 + draw(draw(2) == 0 ? 60 : MOST - 10);
  for (size_t i = 0; i < n; i++) {
    snprintf(w->ids[i], sizeof w->ids[i], "P%03d", (int)i);
    size_t g = i < 2 ? i : uneven > 0 && draw(10) < 3 * uneven ? 0 : draw(last);
    text(&w->persons, 0, "person_id", w->ids[i]);
    text(&w->persons, 1, "target_group", groups[g]);
    text(&w->persons, 2, "sex", draw(20) < share[4] ? "female" : "male");
    w->persons.n++;
    for (unsigned k = 0; k < 2; k++)
      if (draw(10) < jobs && w->jobs.n < MOST && (k == 0 || draw(6) == 0))
        invent_job(w, w->ids[i], tied, k);
    invent_around(w, w->ids[i], share);
  }
}

static fm_table *table(const char *name, const rows *r)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_table_create(&t, name, &err), &err);
  for (size_t k = 0; k < 8 && r->column[k].name != NULL; k++) {
    const column *c = &r->column[k];
    if (c->date[0] != 0 || strcmp(c->name, "end") == 0)
      fm_assert_ok(fm_table_add_date(t, c->name, c->date, c->told, r->n, NULL, NULL, &err), &err);
    else if (strcmp(c->name, "score") == 0)
      fm_assert_ok(fm_table_add_f64(t, c->name, c->number, NULL, r->n, NULL, NULL, &err), &err);
    else
      fm_assert_ok(fm_table_add_text(t, c->name, c->text, r->n, &err), &err);
  }
  fm_assert_ok(fm_table_seal(t, &err), &err);
  return t;
}

static fm_table *named(const char *name, const char *const *columns, size_t n_columns, const char *const *cells,
                       size_t n_rows)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *from = fm_test_table(columns, n_columns, cells, n_rows), *t;
  fm_assert_ok(fm_table_create(&t, name, &err), &err);
  for (size_t i = 0; i < fm_table_n_columns(from); i++)
    fm_assert_ok(fm__table_share(t, fm_table_column_name(from, i), from, i, &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  fm_table_destroy(from);
  return t;
}

static fm_register *register_of(const world *w)
{
  static const char *const initiatives[] = {"I1", "One", "programme",  "2022-01-01",
                                            "I2", "Two", "task_force", "2022-01-01"};
  static const char *const firms[] = {"E1", "private", "12",  "E2", "public",  "900", "E3", "private", "700",
                                      "E4", "private", "100", "E5", "private", "20",  "E6", "public",  "30"};
  static const char *const goals[] = {"all",  "target.track", "60", "2024-01-01", "2024-12-31", "",
                                      "part", "target.track", "20", "2024-01-01", "2024-12-31", "kind = fleksjob"};
  static const char *const of_initiatives[] = {"initiative_id:code", "name:code", "kind:code", "start:date"};
  static const char *const of_firms[] = {"employer_id:code", "sector:code", "headcount:i64"};
  static const char *const of_goals[] = {"goal_id:code", "measure:code",  "goal:f64",
                                         "start:date",   "deadline:date", "filter:code"};
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems, *t[8];
  size_t n = 0;
  t[n++] = table("persons", &w->persons);
  t[n++] = named("initiatives", of_initiatives, 4, initiatives, 2);
  t[n++] = named("employers", of_firms, 3, firms, 6);
  const struct {
    const char *name;
    const rows *of;
  } rest[] = {
      {"placements", &w->jobs}, {"participants", &w->joined}, {"supports", &w->supports}, {"progress", &w->answers}};
  for (size_t k = 0; k < 4; k++)
    if (rest[k].of->n > 0)
      t[n++] = table(rest[k].name, rest[k].of);
  if (w->jobs.n > 0)
    t[n++] = named("goals", of_goals, 6, goals, 2);
  fm_assert_ok(fm_register_from_tables(&r, &problems, (const fm_table *const *)t, n, NULL, NULL, &err), &err);
  fm_table_destroy(problems);
  for (size_t k = 0; k < n; k++)
    fm_table_destroy(t[k]);
  return r;
}

static fm_report *publish(const fm_register *r, int32_t threshold, const char *merge)
{
  fm_error err = FM_ERROR_INIT;
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  fm_report *report;
  spec.as_of = last_day();
  spec.threshold = threshold;
  spec.merge = merge;
  fm_assert_ok(fm_report_create(&report, r, &spec, NULL, &err), &err);
  return report;
}

/* ---- counts of the page: what he sees, and what is true ---- */

typedef struct variable {
  const char *indicator, *quantity, *group, *part, *kind, *goal; /* NULL: none */
  int months;
  int64_t truth, low, high;
} variable;

typedef struct sum { /* whole = parts + rest */
  int whole, part[TERMS];
  size_t n;
  int64_t rest, low, high; /* of the rest; it is 0 when the parts are all there is */
} sum;

typedef struct outsider {
  const char *label;
  variable v[VARIABLES];
  sum s[SUMS];
  int n, n_sums;
  bool overlap;
} outsider;

static int64_t number(const fm_table *t, const char *name, size_t row)
{
  double value = fm_test_number(t, name, row);
  return isnan(value) ? -1 : (int64_t)llround(value);
}

static void see(outsider *o, const variable *like, int64_t truth, int64_t shown)
{
  if (truth < 0)
    return;
  ck_assert_int_lt(o->n, VARIABLES);
  o->v[o->n] = *like;
  o->v[o->n].truth = truth;
  o->v[o->n].low = shown >= 0 ? shown : 0;
  o->v[o->n++].high = shown >= 0 ? shown : ANY;
}

/* A share of n is two counts: those in it, and the rest. */
static void see_share(outsider *o, variable v, const fm_table *t, size_t row, const fm_table *open, size_t like)
{
  int64_t n = number(open, "n", like), all = number(t, "n", row);
  double share = fm_test_number(open, "value", like), shown = fm_test_number(t, "value", row);
  int64_t yes = isnan(share) ? -1 : llround(share * (double)n), seen = isnan(shown) ? -1 : llround(shown * (double)all);
  v.quantity = "alike_yes";
  see(o, &v, yes, seen);
  v.quantity = "alike_no";
  see(o, &v, yes < 0 ? -1 : n - yes, seen < 0 ? -1 : all - seen);
}

/* Each count of the page, and the number measured twice, which stands as n. */
static void see_page(outsider *o, const fm_table *t, const fm_table *open)
{
  bool nameless = fm_table_n_rows(t) != fm_table_n_rows(open); /* the breakdown is hidden with its groups */
  for (size_t i = 0, k = 0; i < fm_table_n_rows(t); i++, k++) {
    while (nameless && i < fm_table_n_rows(t) && fm_test_text(t, "target_group", i) != NULL)
      ck_assert_str_eq(fm_test_text(t, "state", i++), "suppressed");
    while (nameless && k < fm_table_n_rows(open) && fm_test_text(open, "target_group", k) != NULL)
      k++;
    if (i == fm_table_n_rows(t))
      break;
    double months = fm_test_number(t, "horizon_months", i);
    variable v = {fm_test_text(t, "indicator", i),
                  fm_test_text(t, "quantity", i),
                  fm_test_text(t, "target_group", i),
                  fm_test_text(t, "part", i),
                  fm_test_text(t, "kind", i),
                  fm_test_text(t, "goal_id", i),
                  isnan(months) ? 0 : (int)months,
                  0,
                  0,
                  0};
    const char *unit = fm_test_text(t, "unit", i);
    ck_assert_str_eq(v.quantity, fm_test_text(open, "quantity", k));
    if (strcmp(v.indicator, "parity.rates") == 0 && strcmp(v.quantity, "share") == 0)
      see_share(o, v, t, i, open, k);
    else if (strcmp(v.quantity, "first_mean") == 0)
      see(o, &v, number(open, "n", k), number(t, "n", i));
    else if (strcmp(v.indicator, "income.bottom40") != 0 && (strcmp(unit, "count") == 0 || strcmp(unit, "people") == 0))
      see(o, &v, number(open, "value", k), number(t, "value", i));
    static const char *const of_few[] = {"value", "n", "people"};
    bool plan = strcmp(v.indicator, "target.track") == 0 && strcmp(v.quantity, "done") != 0;
    for (size_t x = 0; x < 3; x++) {
      int64_t count = x > 0 || strcmp(unit, "count") == 0 ? number(t, of_few[x], i) : -1;
      ck_assert_msg(plan || strcmp(v.indicator, "economy.contracts") == 0 || count < 1 || count >= T,
                    "%s: row %zu tells %s %d of %s %s", o->label, i, of_few[x], (int)count, v.indicator, v.quantity);
    }
  }
}

static bool same(const char *a, const char *b)
{
  return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static int find(const outsider *o, variable like)
{
  for (int i = 0; i < o->n; i++) {
    const variable *v = &o->v[i];
    if (v->months == like.months && strcmp(v->quantity, like.quantity) == 0 &&
        strcmp(v->indicator, like.indicator) == 0 && same(v->group, like.group) && same(v->part, like.part) &&
        same(v->kind, like.kind) && same(v->goal, like.goal))
      return i;
  }
  return -1;
}

#define AT(...) find(o, (variable){__VA_ARGS__})
#define PEOPLE(name, g) AT(.indicator = "programme.people", .quantity = name, .group = g)
#define STATUS(name, g, h) AT(.indicator = "retention.status", .quantity = name, .group = g, .months = h)
#define JOBS(name) AT(.indicator = "programme.placements", .quantity = name)
#define INITIATIVE(name, p, h) AT(.indicator = "programme.initiatives", .quantity = name, .part = p, .months = h)
#define SUPPORT(name, p) AT(.indicator = "programme.support", .quantity = name, .part = p)
#define ANSWERS(name) AT(.indicator = "programme.progress", .quantity = name, .part = "who5")
#define FIRMS(name) AT(.indicator = "programme.employers", .quantity = name)
#define ALIKE(name, sex) AT(.indicator = "parity.rates", .quantity = name, .part = sex)
#define GOAL(name, g) AT(.indicator = "target.track", .quantity = name, .goal = g)

/* Parts that are not there are left out; what is no part after all says nothing. */
static void know(outsider *o, int whole, const int *part, size_t n, bool all)
{
  sum s = {.whole = whole, .high = all ? 0 : ANY};
  if (whole < 0)
    return;
  s.rest = o->v[whole].truth;
  for (size_t k = 0; k < n; k++)
    if (part[k] >= 0) {
      s.part[s.n++] = part[k];
      s.rest -= o->v[part[k]].truth;
    }
  if (s.n == 0 || s.rest < 0 || (all && s.rest != 0))
    return;
  ck_assert_int_lt(o->n_sums, SUMS);
  o->s[o->n_sums++] = s;
}

#define PARTS(all, whole, ...)                                                                                         \
  know(o, whole, (const int[]){__VA_ARGS__}, sizeof((int[]){__VA_ARGS__}) / sizeof(int), all)

static const int months[] = {3, 6, 12};

static void know_people(outsider *o, const char *group)
{
  PARTS(false, PEOPLE("people", group), PEOPLE("began", group));
  for (int h = 0; h < 3; h++) {
    PARTS(true, PEOPLE("began", group), STATUS("yes", group, months[h]), STATUS("no", group, months[h]),
          STATUS("unknown", group, months[h]));
    for (int k = h + 1; k < 3; k++)
      PARTS(false, STATUS("unknown", group, months[k]), STATUS("unknown", group, months[h]));
  }
}

static void know_groups(outsider *o)
{
  static const char *const names[] = {"people", "began", "yes", "no", "unknown"};
  for (int x = 0; x < 5; x++)
    for (int h = 0; h < (x < 2 ? 1 : 3); h++) {
      int part[TERMS], whole = x < 2 ? PEOPLE(names[x], NULL) : STATUS(names[x], NULL, months[h]);
      size_t n = 0;
      for (int i = 0; i < o->n; i++)
        if (whole >= 0 && o->v[i].group != NULL && same(o->v[i].quantity, names[x]) &&
            o->v[i].months == o->v[whole].months)
          part[n++] = i;
      know(o, whole, part, n, true);
    }
}

static void know_initiatives(outsider *o)
{
  static const char *const ids[] = {"I1", "I2"};
  int people = PEOPLE("people", NULL), began = PEOPLE("began", NULL);
  for (int k = 0; k < 2; k++) {
    const char *p = ids[k];
    int placed = INITIATIVE("placed", p, 0), other = INITIATIVE("placed_otherwise", p, 0);
    PARTS(false, people, INITIATIVE("joined", p, 0));
    PARTS(false, INITIATIVE("joined", p, 0), placed);
    PARTS(false, INITIATIVE("joined", p, 0), placed, other);
    PARTS(false, began, placed);
    PARTS(false, began, placed, other);
    for (int h = 0; h < 3; h++) {
      int m = months[h];
      PARTS(true, placed, INITIATIVE("retained", p, m), INITIATIVE("not_retained", p, m),
            INITIATIVE("retention_unknown", p, m));
      PARTS(false, STATUS("yes", NULL, m), INITIATIVE("retained", p, m));
      PARTS(false, STATUS("no", NULL, m), INITIATIVE("not_retained", p, m));
      PARTS(false, STATUS("unknown", NULL, m), INITIATIVE("retention_unknown", p, m));
      for (int later = h + 1; later < 3; later++)
        PARTS(false, INITIATIVE("retention_unknown", p, months[later]), INITIATIVE("retention_unknown", p, m));
    }
  }
}

static void know_rest(outsider *o)
{
  static const char *const kinds[] = {NULL, "aftercare", "mentor", "upskilling"}, *const ids[] = {"all", "part"};
  int people = PEOPLE("people", NULL), part[TERMS];
  size_t n = 0;
  for (int k = 0; k < 4; k++) {
    PARTS(false, people, SUPPORT("reached", kinds[k]));
    PARTS(false, SUPPORT("reached", NULL), k > 0 ? SUPPORT("reached", kinds[k]) : -1);
    PARTS(false, SUPPORT("supports", kinds[k]), SUPPORT("reached", kinds[k]));
  }
  PARTS(true, SUPPORT("supports", NULL), SUPPORT("supports", "aftercare"), SUPPORT("supports", "mentor"),
        SUPPORT("supports", "upskilling"));
  PARTS(true, STATUS("yes", NULL, 6), ALIKE("alike_yes", "female"), ALIKE("alike_yes", "male"));
  PARTS(true, STATUS("no", NULL, 6), ALIKE("alike_no", "female"), ALIKE("alike_no", "male"));
  PARTS(false, people, ANSWERS("measured"));
  PARTS(false, ANSWERS("measured"), ANSWERS("first_mean"));
  PARTS(false, ANSWERS("first_mean"), ANSWERS("relevant_better"), ANSWERS("relevant_worse"));
  for (int i = 0; i < o->n; i++)
    if (o->v[i].kind != NULL)
      part[n++] = i;
  know(o, JOBS("placements"), part, n, true);
  PARTS(true, JOBS("placements"), JOBS("private"), JOBS("public"), JOBS("unknown_sector"));
  PARTS(false, JOBS("private"), JOBS("sme"), JOBS("size_unknown"));
  PARTS(false, JOBS("placements"), JOBS("running"));
  PARTS(false, JOBS("running"), JOBS("running_people"));
  PARTS(false, JOBS("running"), JOBS("hours_known"));
  PARTS(false, people, JOBS("running_people"));
  for (int k = 0; k < 2; k++) {
    PARTS(false, GOAL("done", ids[k]), GOAL("private", ids[k]));
    PARTS(false, JOBS("placements"), GOAL("done", ids[k]));
    PARTS(false, JOBS("private"), GOAL("private", ids[k]));
  }
  PARTS(false, GOAL("done", "all"), GOAL("done", "part"));
  PARTS(false, FIRMS("employers"), FIRMS("new_employers"));
  PARTS(false, FIRMS("employers"), FIRMS("hiring_again"));
  PARTS(false, FIRMS("employers"), FIRMS("private"));
  PARTS(false, FIRMS("private"), FIRMS("sme"));
}

/* ---- narrowing ---- */

static bool narrow(int64_t *low, int64_t *high, int64_t least, int64_t most)
{
  bool more = least > *low || most < *high;
  *low = least > *low ? least : *low;
  *high = most < *high ? most : *high;
  return more;
}

static bool narrow_by(outsider *o, sum *s)
{
  variable *whole = &o->v[s->whole];
  int64_t low = s->low, high = s->high;
  for (size_t k = 0; k < s->n; k++) {
    low += o->v[s->part[k]].low;
    high += o->v[s->part[k]].high;
  }
  bool more = narrow(&whole->low, &whole->high, low, high);
  more |= narrow(&s->low, &s->high, whole->low - (high - s->high), whole->high - (low - s->low));
  for (size_t k = 0; k < s->n && !more; k++) {
    variable *v = &o->v[s->part[k]];
    more = narrow(&v->low, &v->high, whole->low - (high - v->high), whole->high - (low - v->low));
  }
  return more;
}

static void judge(const outsider *o, const char *what, const variable *v, int64_t truth, int64_t low, int64_t high)
{
  ck_assert_msg(low <= truth && truth <= high, "%s: %s %s is %d, not %d to %d", o->label, what, v->quantity, (int)truth,
                (int)low, (int)high);
  ck_assert_msg(truth < 1 || truth >= T || (high >= T && high - low + 1 >= T),
                "%s: %s %s %s %s at %d is %d, known as %d to %d", o->label, what, v->indicator, v->quantity,
                v->group != NULL ? v->group : "", v->months, (int)truth, (int)low, (int)high);
}

static void attack(outsider *o)
{
  for (bool more = true; more;) {
    more = false;
    for (int k = 0; k < o->n_sums; k++)
      more |= narrow_by(o, &o->s[k]);
  }
  for (int i = 0; i < o->n; i++)
    if (strcmp(o->v[i].indicator, "economy.contracts") != 0 &&
        (strcmp(o->v[i].indicator, "target.track") != 0 || strcmp(o->v[i].quantity, "done") == 0))
      judge(o, "", &o->v[i], o->v[i].truth, o->v[i].low, o->v[i].high);
  for (int k = 0; k < o->n_sums; k++)
    judge(o, "the rest of", &o->v[o->s[k].whole], o->s[k].rest, o->s[k].low, o->s[k].high);
}

static int n_shown, n_hidden;

START_TEST(no_section_tells_of_few_people)
{
  world *w = calloc(1, sizeof *w);
  outsider *o = calloc(1, sizeof *o);
  char label[64];
  const char *merge = _i % 3 == 1 ? "refugee,cash_benefit=newcomers" : NULL;
  seed = (unsigned)_i * 2654435761U + 77;
  snprintf(label, sizeof label, "register %d", _i);
  o->label = label;
  invent(w);
  fm_register *r = register_of(w);
  fm_report *report = publish(r, T, merge), *open = publish(r, 1, merge);
  see_page(o, fm_report_table(report), fm_report_table(open));
  know_people(o, NULL);
  for (int i = 0, n = o->n; i < n; i++)
    if (o->v[i].group != NULL && strcmp(o->v[i].quantity, "people") == 0)
      know_people(o, o->v[i].group);
  know_groups(o);
  know_initiatives(o);
  know_rest(o);
  for (int i = 0; i < o->n; i++) {
    n_shown += o->v[i].part != NULL && o->v[i].low == o->v[i].high;
    n_hidden += o->v[i].part != NULL && o->v[i].high == ANY;
  }
  attack(o);
  fm_report_destroy(report);
  fm_report_destroy(open);
  fm_register_destroy(r);
  free(o);
  free(w);
}
END_TEST

/* The test would be worthless if everything were hidden, or nothing had to be. */
START_TEST(some_of_the_sections_is_shown_and_some_hidden)
{
  n_shown = n_hidden = 0;
  for (int i = 0; i < 40; i++)
    no_section_tells_of_few_people_fn(i);
  ck_assert_int_gt(n_shown, 100);
  ck_assert_int_gt(n_hidden, 100);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("report-attack");
  TCase *c = tcase_create("attack");
  tcase_set_timeout(c, 60);
  tcase_add_loop_test(c, no_section_tells_of_few_people, 0, 120);
  tcase_add_test(c, some_of_the_sections_is_shown_and_some_hidden);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
