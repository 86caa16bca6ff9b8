/* The audit of a whole report finds no disclosed cell. The outsider here shares nothing with lib/report but the audit
 * itself (fm_disclose_linked_audit): he is given the true people of the register, told apart by the groups they are in,
 * what became of them, the initiatives they joined and the support they had, and looks for other people who would have
 * made the same page. */
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DEMO FM_PROJECT_DIR "/examples/data/demo-municipality"

enum { MOST = 3000, GROUPS = 8, HORIZONS = 3, PARTS = 2, KINDS = 3, FIGURES = 400, T = 5 };
static const int horizons[HORIZONS] = {3, 6, 12};
static const char *const parts[PARTS] = {"task-force", "way-to-work"};
static const char *const kinds[KINDS] = {"aftercare", "mentor", "upskilling"};

/* ---- people; those that weigh nothing are possible, and not there ---- */

typedef struct person {
  const char *id;
  int64_t weight;
  unsigned groups, kinds;
  int status[HORIZONS]; /* 0 not begun, 1 yes, 2 no, 3 not known yet */
  unsigned joined, placed, otherwise;
  int kept[PARTS][HORIZONS];
} person;

typedef struct world {
  fm_register *r;
  const char *merge;
  person people[MOST];
  size_t n;
  const char *groups[GROUPS];
  size_t n_groups;
  fm_table *frames[4];
  size_t n_frames;
} world;

static fm_table *frame(world *w, const char *kind, const char *by, const char *index)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec spec = FM_FRAME_SPEC_INIT;
  spec.kind = kind;
  spec.by = by;
  spec.index = index;
  spec.merge = by != NULL ? w->merge : NULL;
  spec.as_of = fm_date_from_ymd(2026, 1, 1);
  fm_assert_ok(fm_register_frame(&w->frames[w->n_frames], w->r, &spec, NULL, &err), &err);
  return w->frames[w->n_frames++];
}

static person *who(world *w, const fm_table *t, size_t row)
{
  const char *id = fm_test_text(t, "person_id", row);
  for (size_t i = 0; i < w->n; i++)
    if (strcmp(w->people[i].id, id) == 0)
      return &w->people[i];
  w->people[w->n] = (person){.id = id, .weight = 1};
  return &w->people[w->n++];
}

static size_t place_of(const char *const *names, size_t n, const char *name)
{
  size_t k = 0;
  while (k < n && strcmp(names[k], name) != 0)
    k++;
  return k;
}

static size_t horizon_of(const fm_table *t, size_t row)
{
  double months = fm_test_number(t, "horizon_months", row);
  size_t h = 0;
  while (h < HORIZONS && horizons[h] != months)
    h++;
  return h;
}

static int answer(const fm_table *t, const char *column, size_t row)
{
  double value = fm_test_number(t, column, row);
  return isnan(value) ? 3 : value > 0 ? 1 : 2;
}

static void read_people(world *w)
{
  fm_table *t = frame(w, "people", "target_group", NULL);
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    const char *group = fm_test_text(t, "target_group", i);
    size_t g = place_of(w->groups, w->n_groups, group);
    if (g == w->n_groups)
      w->groups[w->n_groups++] = group;
    who(w, t, i)->groups |= 1U << g;
  }
  t = frame(w, "status", NULL, "first");
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    who(w, t, i)->status[horizon_of(t, i)] = answer(t, "status", i);
  t = frame(w, "supports", NULL, NULL);
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (fm_test_text(t, "support", i) != NULL)
      who(w, t, i)->kinds |= 1U << place_of(kinds, KINDS, fm_test_text(t, "support", i));
  t = frame(w, "initiatives", NULL, NULL);
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    size_t k = place_of(parts, PARTS, fm_test_text(t, "initiative_id", i));
    size_t h = horizon_of(t, i);
    person *p = fm_test_text(t, "person_id", i) != NULL ? who(w, t, i) : NULL;
    if (p == NULL)
      continue;
    if (h < HORIZONS)
      p->kept[k][h] = answer(t, "retained", i);
    p->joined |= (unsigned)(fm_test_number(t, "joined", i) > 0) << k;
    p->placed |= (unsigned)(fm_test_number(t, "placed", i) > 0) << k;
    p->otherwise |= (unsigned)(fm_test_number(t, "placed_otherwise", i) > 0) << k;
  }
}

/* Others could be in any of the groups with any of the ways it went, and have had any support. */
static void add_possible(world *w)
{
  size_t n = w->n;
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < n && w->n + 1 < MOST; k++) {
      person p = w->people[i];
      p.groups = w->people[k].groups;
      p.weight = 0;
      bool known = false;
      for (size_t q = 0; q < w->n && !known; q++)
        known = memcmp(w->people[q].status, p.status, sizeof p.status) == 0 && w->people[q].groups == p.groups &&
                w->people[q].joined == p.joined && w->people[q].placed == p.placed &&
                w->people[q].otherwise == p.otherwise && memcmp(w->people[q].kept, p.kept, sizeof p.kept) == 0;
      if (!known)
        w->people[w->n++] = p;
    }
}

/* ---- figures of the page, and differences that anyone can take ---- */

enum what { ALL, BEGAN, STATUS, JOINED, PLACED, OTHERWISE, KEPT, REACHED, NOT_BEGUN, STEP, NOT_JOINED, NEITHER };

typedef struct figure {
  enum what what;
  size_t group, k, h, to; /* group GROUPS: everybody */
  int answer;
  size_t row; /* of the report's table; SIZE_MAX: none */
} figure;

typedef struct page {
  world *w;
  const fm_table *t;
  figure figures[FIGURES];
  size_t n;
} page;

static bool is_in(const person *p, const figure *f)
{
  if (f->group < GROUPS && (p->groups >> f->group & 1) == 0)
    return false;
  switch (f->what) {
  case ALL:
    return true;
  case BEGAN:
    return p->status[0] != 0;
  case NOT_BEGUN:
    return p->status[0] == 0;
  case STATUS:
    return p->status[f->h] == f->answer;
  case STEP:
    return p->status[f->h] != 3 && p->status[f->to] == 3;
  case JOINED:
    return p->joined >> f->k & 1;
  case NOT_JOINED:
    return (p->joined >> f->k & 1) == 0;
  case PLACED:
    return p->placed >> f->k & 1;
  case OTHERWISE:
    return (p->otherwise & ~p->placed) >> f->k & 1;
  case NEITHER:
    return (p->joined >> f->k & 1) != 0 && ((p->placed | p->otherwise) >> f->k & 1) == 0;
  case KEPT:
    return p->kept[f->k][f->h] == f->answer;
  default:
    return f->k < KINDS ? p->kinds >> f->k & 1 : p->kinds != 0;
  }
}

static bool is_text(const fm_table *t, const char *column, size_t row, const char *text)
{
  const char *cell = fm_test_text(t, column, row);
  return text == NULL ? cell == NULL : cell != NULL && strcmp(cell, text) == 0;
}

static size_t row_of(const page *p, const figure *f)
{
  static const char *const status[] = {"", "yes", "no", "unknown"};
  static const char *const kept[] = {"", "retained", "not_retained", "retention_unknown"};
  const struct {
    const char *indicator, *quantity, *part;
    int months;
  } of[] = {[ALL] = {"programme.people", "people", NULL, 0},
            [BEGAN] = {"programme.people", "began", NULL, 0},
            [STATUS] = {"retention.status", status[f->answer], NULL, horizons[f->h]},
            [JOINED] = {"programme.initiatives", "joined", parts[f->k % PARTS], 0},
            [PLACED] = {"programme.initiatives", "placed", parts[f->k % PARTS], 0},
            [OTHERWISE] = {"programme.initiatives", "placed_otherwise", parts[f->k % PARTS], 0},
            [KEPT] = {"programme.initiatives", kept[f->answer], parts[f->k % PARTS], horizons[f->h]},
            [REACHED] = {"programme.support", "reached", f->k < KINDS ? kinds[f->k] : NULL, 0}};
  for (size_t i = 0; f->what <= REACHED && i < fm_table_n_rows(p->t); i++) {
    double months = fm_test_number(p->t, "horizon_months", i);
    if (is_text(p->t, "indicator", i, of[f->what].indicator) && is_text(p->t, "quantity", i, of[f->what].quantity) &&
        is_text(p->t, "part", i, of[f->what].part) &&
        is_text(p->t, "target_group", i, f->group < GROUPS ? p->w->groups[f->group] : NULL) &&
        (isnan(months) ? 0 : (int)months) == of[f->what].months)
      return i;
  }
  return SIZE_MAX;
}

static void add(page *p, figure f)
{
  ck_assert_uint_lt(p->n, FIGURES);
  f.row = row_of(p, &f);
  ck_assert_msg(f.what > REACHED || f.row != SIZE_MAX, "no row for figure %zu", p->n);
  p->figures[p->n++] = f;
}

static void list_figures(page *p)
{
  for (size_t g = 0; g <= p->w->n_groups; g++) {
    size_t group = g < p->w->n_groups ? g : GROUPS;
    for (enum what x = ALL; x <= BEGAN; x++)
      add(p, (figure){.what = x, .group = group});
    add(p, (figure){.what = NOT_BEGUN, .group = group});
    for (size_t h = 0; h < HORIZONS; h++) {
      for (int a = 1; a <= 3; a++)
        add(p, (figure){.what = STATUS, .group = group, .h = h, .answer = a});
      for (size_t to = h + 1; to < HORIZONS; to++)
        add(p, (figure){.what = STEP, .group = group, .h = h, .to = to});
    }
  }
  for (size_t k = 0; k <= KINDS; k++)
    add(p, (figure){.what = REACHED, .group = GROUPS, .k = k});
  for (size_t k = 0; k < PARTS; k++) {
    static const enum what of[] = {JOINED, PLACED, OTHERWISE, NOT_JOINED, NEITHER};
    for (size_t x = 0; x < 5; x++)
      add(p, (figure){.what = of[x], .group = GROUPS, .k = k});
    for (size_t h = 0; h < HORIZONS; h++)
      for (int a = 1; a <= 3; a++)
        add(p, (figure){.what = KEPT, .group = GROUPS, .k = k, .h = h, .answer = a});
  }
}

/* ---- the audit ---- */

typedef struct audit {
  int64_t cells[MOST], value[FIGURES], low[FIGURES], high[FIGURES];
  size_t start[FIGURES + 1], *cell;
  uint8_t kind[FIGURES], hidden[FIGURES], exact[FIGURES];
} audit;

/* Everybody of the register is counted anew: a figure that is shown must be right. */
static void look(const page *p, audit *a)
{
  a->cell = calloc(p->n * p->w->n + 1, sizeof *a->cell);
  for (size_t c = 0; c < p->w->n; c++)
    a->cells[c] = p->w->people[c].weight;
  for (size_t f = 0; f < p->n; f++) {
    size_t used = a->start[f];
    for (size_t c = 0; c < p->w->n; c++)
      if (is_in(&p->w->people[c], &p->figures[f])) {
        a->value[f] += a->cells[c];
        a->cell[used++] = c;
      }
    a->start[f + 1] = used;
    a->kind[f] = (uint8_t)(p->figures[f].row == SIZE_MAX ? FM_DISCLOSE_SECRET : FM_DISCLOSE_FIGURE);
    double shown = p->figures[f].row == SIZE_MAX ? (double)NAN : fm_test_number(p->t, "value", p->figures[f].row);
    a->hidden[f] = (uint8_t)(isnan(shown) != 0);
    ck_assert_msg(isnan(shown) || shown == (double)a->value[f], "figure %zu of kind %d is shown as %g, and is %d", f,
                  (int)p->figures[f].what, shown, (int)a->value[f]);
  }
}

/* How many counts of few people an outsider learns; `first` names one. */
static int disclosed(const page *p, audit *a, size_t *first)
{
  fm_error err = FM_ERROR_INIT;
  fm_disclose_protect_spec spec = FM_DISCLOSE_PROTECT_SPEC_INIT;
  const fm_disclose_figures figures = {.struct_size = sizeof figures,
                                       .n_cells = p->w->n,
                                       .cells = a->cells,
                                       .n_figures = p->n,
                                       .start = a->start,
                                       .cell = a->cell,
                                       .kind = a->kind};
  int n = 0;
  spec.effort = INT64_C(60000000000);
  spec.floor = 0;
  fm_assert_ok(fm_disclose_linked_audit(a->low, a->high, a->exact, &figures, a->hidden, &spec, &err), &err);
  for (size_t f = 0; f < p->n; f++)
    if (a->value[f] >= 1 && a->value[f] < T && (a->high[f] < T || a->high[f] - a->low[f] + 1 < T)) {
      *first = f;
      n++;
    }
  return n;
}

typedef struct setting {
  world w;
  page p;
  audit a;
  fm_report *report;
} setting;

static setting *open_demo(const char *merge)
{
  setting *s = calloc(1, sizeof *s);
  fm_error err = FM_ERROR_INIT;
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  fm_table *problems;
  spec.as_of = fm_date_from_ymd(2026, 1, 1);
  spec.merge = s->w.merge = merge;
  fm_assert_ok(fm_register_read(&s->w.r, &problems, DEMO, NULL, NULL, &err), &err);
  fm_table_destroy(problems);
  fm_assert_ok(fm_report_create(&s->report, s->w.r, &spec, NULL, &err), &err);
  read_people(&s->w);
  add_possible(&s->w);
  s->p.w = &s->w;
  s->p.t = fm_report_table(s->report);
  list_figures(&s->p);
  look(&s->p, &s->a);
  return s;
}

static void close_demo(setting *s)
{
  fm_report_destroy(s->report);
  for (size_t k = 0; k < s->w.n_frames; k++)
    fm_table_destroy(s->w.frames[k]);
  fm_register_destroy(s->w.r);
  free(s->a.cell);
  free(s);
}

static const char *const merges[] = {NULL, "refugee,cash_benefit=newcomers"};

START_TEST(audit_of_the_whole_report_finds_no_disclosed_cell)
{
  setting *s = open_demo(merges[_i]);
  size_t f = 0, hidden = 0;
  int n = disclosed(&s->p, &s->a, &f);
  ck_assert_msg(n == 0,
                "%d counts are disclosed; figure %zu of kind %d, group %zu, milestone %zu: %d is known as %d to %d", n,
                f, (int)s->p.figures[f].what, s->p.figures[f].group, s->p.figures[f].h, (int)s->a.value[f],
                (int)s->a.low[f], (int)s->a.high[f]);
  for (size_t k = 0; k < s->p.n; k++)
    hidden += s->a.hidden[k] != 0 && s->p.figures[k].row != SIZE_MAX;
  ck_assert_uint_gt(hidden, 10);
  ck_assert_uint_lt(hidden, s->p.n / 2);
  close_demo(s);
}
END_TEST

/* A count of few people, and each milestone of a group that is hidden without few in it: shown, and the audit finds
 * what it would give away. */
START_TEST(audit_finds_what_a_hidden_figure_would_tell)
{
  setting *s = open_demo(merges[1]);
  size_t first = 0, small = 0, needed = 0;
  while (s->a.hidden[small] == 0 || s->a.value[small] < 1 || s->a.value[small] >= T ||
         s->p.figures[small].row == SIZE_MAX)
    ck_assert_uint_lt(++small, s->p.n);
  s->a.hidden[small] = 0;
  ck_assert_int_gt(disclosed(&s->p, &s->a, &first), 0);
  s->a.hidden[small] = 1;
  for (size_t f = 0; f + 2 < s->p.n; f++) {
    const figure *yes = &s->p.figures[f];
    bool whole = yes->what == STATUS && yes->answer == 1 && yes->group < GROUPS && s->a.hidden[f] != 0;
    for (size_t k = f; k < f + 3 && whole; k++)
      whole = s->a.value[k] >= T;
    if (!whole)
      continue;
    memset(&s->a.hidden[f], 0, 3);
    ck_assert_msg(disclosed(&s->p, &s->a, &first) > 0, "group %zu, milestone %zu is hidden for nothing", yes->group,
                  yes->h);
    memset(&s->a.hidden[f], 1, 3);
    needed++;
  }
  ck_assert_uint_gt(needed, 0);
  close_demo(s);
}
END_TEST

/* Four hundred dates of birth among four hundred people: each would be one, so that not even the dates may stand there.
 */
START_TEST(groups_of_one_are_hidden_with_their_names)
{
  fm_error err = FM_ERROR_INIT;
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  fm_register *r;
  fm_table *problems;
  fm_report *report;
  spec.as_of = fm_date_from_ymd(2026, 1, 1);
  spec.by = "birth_date";
  fm_assert_ok(fm_register_read(&r, &problems, DEMO, NULL, NULL, &err), &err);
  fm_assert_ok(fm_report_create(&report, r, &spec, NULL, &err), &err);
  const fm_table *t = fm_report_table(report);
  size_t row = fm_test_row(t, "indicator", "programme.people", "quantity", "people", NULL, NULL), groups = 0;
  ck_assert_double_eq(fm_test_number(t, "value", row), 400);
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    const char *group = fm_test_text(t, "birth_date", i);
    ck_assert_msg(group == NULL || group[0] == '\0', "row %zu names a group", i);
    ck_assert_msg(group == NULL || is_text(t, "state", i, "suppressed"), "row %zu is shown", i);
    groups += group != NULL;
  }
  ck_assert_uint_eq(groups, 3 + 3 * 6);
  fm_report_destroy(report);
  fm_table_destroy(problems);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("report-audit");
  TCase *c = tcase_create("audit");
  tcase_set_timeout(c, 120);
  tcase_add_loop_test(c, audit_of_the_whole_report_finds_no_disclosed_cell, 0, FM_COUNT(merges));
  tcase_add_test(c, audit_finds_what_a_hidden_figure_would_tell);
  tcase_add_test(c, groups_of_one_are_hidden_with_their_names);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
