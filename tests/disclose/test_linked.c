/* Figures that count the same people: against every possible table of small ones. */
#include "disclose/tables.h"

enum { CELLS = 5, FIGURES = 9 };

typedef struct made {
  int64_t cells[CELLS], value[FIGURES], at_least[FIGURES], at_most[FIGURES];
  size_t start[FIGURES + 1], cell[CELLS * FIGURES];
  int32_t coefficient[CELLS * FIGURES];
  uint8_t kind[FIGURES], hidden[FIGURES];
  fm_disclose_figures f;
} made;

/* A total that is always shown, then sums and differences of cells drawn by chance. */
static void make(made *m, unsigned seed, unsigned most)
{
  size_t used = 0;
  tables_seed = seed;
  memset(m, 0, sizeof *m);
  for (size_t c = 0; c < CELLS; c++)
    m->cells[c] = draw(most);
  for (size_t i = 0; i < FIGURES; i++) {
    m->start[i] = used;
    unsigned set = i == 0 ? 31 : i <= CELLS && seed % 2 == 0 ? 1U << (i - 1) : 1 + draw(31);
    m->kind[i] = i == 0 ? FM_DISCLOSE_FIXED : draw(5) == 0 ? FM_DISCLOSE_SECRET : FM_DISCLOSE_FIGURE;
    for (size_t c = 0; c < CELLS; c++)
      if (set >> c & 1) {
        m->cell[used] = c;
        m->coefficient[used++] = m->kind[i] == FM_DISCLOSE_SECRET && draw(3) == 0 ? -1 : 1;
        m->value[i] += m->coefficient[used - 1] * m->cells[c];
      }
    m->hidden[i] = m->kind[i] == FM_DISCLOSE_FIGURE && draw(2) == 0;
    m->at_least[i] = draw(6) == 0 ? m->value[i] - (int64_t)draw(3) : INT64_MIN;
    m->at_most[i] = draw(6) == 0 ? m->value[i] + (int64_t)draw(3) : INT64_MAX;
  }
  m->start[FIGURES] = used;
  m->f = (fm_disclose_figures){.struct_size = sizeof m->f,
                               .n_cells = CELLS,
                               .cells = m->cells,
                               .n_figures = FIGURES,
                               .start = m->start,
                               .cell = m->cell,
                               .coefficient = m->coefficient,
                               .kind = m->kind,
                               .at_least = m->at_least,
                               .at_most = m->at_most};
}

typedef struct trial {
  const made *m;
  const uint8_t *hidden;
  int64_t floor, x[CELLS], low[FIGURES], high[FIGURES];
} trial;

static bool fits(const trial *t, int64_t *value)
{
  const made *m = t->m;
  for (size_t i = 0; i < FIGURES; i++) {
    value[i] = 0;
    for (size_t k = m->start[i]; k < m->start[i + 1]; k++)
      value[i] += m->coefficient[k] * t->x[m->cell[k]];
    bool shown = m->kind[i] == FM_DISCLOSE_FIXED || (m->kind[i] == FM_DISCLOSE_FIGURE && !t->hidden[i]);
    if (shown ? value[i] != m->value[i] : value[i] < m->at_least[i] || value[i] > m->at_most[i])
      return false;
    if (m->kind[i] == FM_DISCLOSE_FIGURE && t->hidden[i] && value[i] < t->floor && m->value[i] >= t->floor)
      return false;
  }
  return true;
}

static void try_cell(trial *t, size_t c, int64_t left)
{
  int64_t value[FIGURES];
  if (c + 1 < CELLS) {
    for (t->x[c] = 0; t->x[c] <= left; t->x[c]++) {
      int64_t now = t->x[c];
      try_cell(t, c + 1, left - now);
      t->x[c] = now;
    }
    return;
  }
  t->x[c] = left; /* the total is shown */
  if (!fits(t, value))
    return;
  for (size_t i = 0; i < FIGURES; i++) {
    t->low[i] = value[i] < t->low[i] ? value[i] : t->low[i];
    t->high[i] = value[i] > t->high[i] ? value[i] : t->high[i];
  }
}

static trial try_all(const made *m, const uint8_t *hidden)
{
  trial t = {.m = m, .hidden = hidden, .floor = 1};
  for (size_t i = 0; i < FIGURES; i++) {
    t.low[i] = t.high[i] = m->value[i];
    if (m->kind[i] == FM_DISCLOSE_FIGURE && hidden[i] && m->value[i] == 0)
      t.floor = 0;
  }
  try_cell(&t, 0, m->value[0]);
  return t;
}

START_TEST(audit_equals_trying_every_table)
{
  made m;
  int64_t low[FIGURES], high[FIGURES];
  uint8_t exact[FIGURES];
  fm_error err = FM_ERROR_INIT;
  make(&m, (unsigned)_i + 1, 7);
  fm_assert_ok(fm_disclose_linked_audit(low, high, exact, &m.f, m.hidden, NULL, &err), &err);
  trial t = try_all(&m, m.hidden);
  for (size_t i = 0; i < FIGURES; i++) {
    ck_assert_msg(low[i] >= t.low[i] && high[i] <= t.high[i], "%d: figure %zu %d-%d, by trial %d-%d", _i, i,
                  (int)low[i], (int)high[i], (int)t.low[i], (int)t.high[i]);
    ck_assert_msg(!exact[i] || (low[i] == t.low[i] && high[i] == t.high[i]), "%d: figure %zu is not exact", _i, i);
  }
}
END_TEST

START_TEST(protection_holds)
{
  made m;
  uint8_t hidden[FIGURES];
  fm_disclose_protect_spec s = FM_DISCLOSE_PROTECT_SPEC_INIT;
  fm_disclose_protected out = {.struct_size = sizeof out};
  fm_error err = FM_ERROR_INIT;
  make(&m, (unsigned)_i + 1000, 12);
  s.threshold = 3 + _i % 3;
  s.objective = _i % 2;
  memcpy(hidden, m.hidden, sizeof hidden);
  for (size_t i = 0; i < FIGURES; i++) { /* few bounds, and none that give a small figure away */
    m.at_least[i] = INT64_MIN;
    m.at_most[i] = INT64_MAX;
  }
  fm_assert_ok(fm_disclose_linked_protect(&out, hidden, &m.f, &s, &err), &err);
  trial t = try_all(&m, hidden);
  int64_t n = 0;
  for (size_t i = 0; i < FIGURES; i++) {
    int64_t size = m.value[i] < 0 ? -m.value[i] : m.value[i];
    bool small = size > 0 && size < s.threshold, figure = m.kind[i] == FM_DISCLOSE_FIGURE;
    ck_assert(!m.hidden[i] || hidden[i]);
    ck_assert_msg(!small || !figure || hidden[i], "%d: figure %zu is shown", _i, i);
    n += figure && hidden[i] && !m.hidden[i] && !small;
    if (out.safe && small && m.kind[i] != FM_DISCLOSE_FIXED)
      ck_assert_msg((t.high[i] >= s.threshold || t.low[i] <= -s.threshold) && t.high[i] - t.low[i] + 1 >= s.threshold,
                    "%d: figure %zu is %d-%d", _i, i, (int)t.low[i], (int)t.high[i]);
  }
  ck_assert_int_eq(n, out.n_further);
}
END_TEST

/* Nearly all bounds are proved; the others lie within. */
START_TEST(bounds_are_proved)
{
  int n_exact = 0;
  for (unsigned seed = 1; seed <= 100; seed++) {
    made m;
    int64_t low[FIGURES], high[FIGURES];
    uint8_t exact[FIGURES];
    fm_error err = FM_ERROR_INIT;
    make(&m, seed, 7);
    fm_assert_ok(fm_disclose_linked_audit(low, high, exact, &m.f, m.hidden, NULL, &err), &err);
    for (size_t i = 0; i < FIGURES; i++)
      n_exact += exact[i];
  }
  ck_assert_int_ge(n_exact, 890);
}
END_TEST

/* Four groups at 3, 6 and 12 months: yes, no, not known. Cells are the ways through the three months, 27 a group. The
 * sums of statuses, of groups and of all are figures, too. */
START_TEST(milestones)
{
  enum { GROUPS = 4, N = GROUPS * 27, MOST = 60 };
  int64_t cells[N] = {0}, low[MOST], high[MOST];
  size_t start[MOST + 1] = {0}, *cell = calloc(MOST * N, sizeof *cell), n = 0, used = 0;
  uint8_t hidden[MOST] = {0}, exact[MOST];
  fm_error err = FM_ERROR_INIT;
  tables_seed = (unsigned)_i + 1;
  for (int g = 0; g < GROUPS; g++)
    for (int p = 0; p < 15 + 10 * g; p++) {
      unsigned way[3] = {draw(10) < 7 ? 0 : 1 + draw(2)};
      for (int t = 1; t < 3; t++) /* who left is not back, who is not known stays so */
        way[t] = way[t - 1] != 0 || draw(10) < 8 ? way[t - 1] : 1 + draw(2);
      cells[27 * g + (int)(9 * way[0] + 3 * way[1] + way[2])]++;
    }
  for (int g = -1; g < GROUPS; g++)
    for (int t = -1; t < 3; t++)
      for (size_t s = 0; s < (t < 0 ? 1 : 3); s++) {
        for (size_t k = 0; k < N; k++) {
          size_t way[3] = {k % 27 / 9, k % 9 / 3, k % 3};
          if ((g < 0 || (int)(k / 27) == g) && (t < 0 || way[t] == s))
            cell[used++] = k;
        }
        start[++n] = used;
      }
  fm_disclose_figures f = {
      .struct_size = sizeof f, .n_cells = N, .cells = cells, .n_figures = n, .start = start, .cell = cell};
  fm_disclose_protected out = {.struct_size = sizeof out};
  fm_assert_ok(fm_disclose_linked_protect(&out, hidden, &f, NULL, &err), &err);
  fm_assert_ok(fm_disclose_linked_audit(low, high, exact, &f, hidden, NULL, &err), &err);
  ck_assert(out.safe && out.n_small > 0);
  for (size_t i = 0; i < n; i++) {
    int64_t value = 0;
    for (size_t k = start[i]; k < start[i + 1]; k++)
      value += cells[cell[k]];
    ck_assert(exact[i] && low[i] <= value && value <= high[i]);
    ck_assert(value == 0 || value > 4 || (hidden[i] && high[i] >= 5 && high[i] - low[i] >= 4));
  }
  free(cell);
}
END_TEST

/* 4 of 45 lack it: "at least 40" in place of the 41 leaves 0 to 5 for the rest, "at least 41" does not. */
START_TEST(bounds_instead_of_counts)
{
  const int64_t cells[] = {41, 4}, none[] = {INT64_MAX, INT64_MAX, INT64_MAX};
  const size_t start[] = {0, 2, 3, 4}, cell[] = {0, 1, 0, 1};
  const uint8_t kind[] = {FM_DISCLOSE_FIXED, FM_DISCLOSE_FIGURE, FM_DISCLOSE_SECRET};
  int64_t at_least[] = {INT64_MIN, fm_disclose_at_least(41, 45, 5, 5), INT64_MIN}, low[3], high[3];
  uint8_t hidden[3] = {0}, exact[3];
  fm_disclose_figures f = {.struct_size = sizeof f,
                           .n_cells = 2,
                           .cells = cells,
                           .n_figures = 3,
                           .start = start,
                           .cell = cell,
                           .kind = kind,
                           .at_least = at_least,
                           .at_most = none};
  fm_disclose_protected out = {.struct_size = sizeof out};
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_disclose_linked_protect(&out, hidden, &f, NULL, &err), &err);
  ck_assert(out.safe && hidden[1] && out.n_further == 1 && out.sum_further == 41);
  fm_assert_ok(fm_disclose_linked_audit(low, high, exact, &f, hidden, NULL, &err), &err);
  ck_assert(low[2] == 0 && high[2] == 5 && exact[2]);
  at_least[1] = 41;
  memset(hidden, 0, sizeof hidden);
  fm_assert_ok(fm_disclose_linked_protect(&out, hidden, &f, NULL, &err), &err);
  ck_assert(!out.safe && hidden[1]);
}
END_TEST

/* ---- refusals ---- */

START_TEST(refusals)
{
  made good, m;
  int64_t low[FIGURES], high[FIGURES];
  uint8_t exact[FIGURES];
  fm_disclose_protect_spec s = FM_DISCLOSE_PROTECT_SPEC_INIT;
  fm_disclose_protected out = {0};
  make(&good, 3, 7);
#define REFUSED(change)                                                                                                \
  do {                                                                                                                 \
    make(&m, 3, 7);                                                                                                    \
    change;                                                                                                            \
    ck_assert_int_eq(fm_disclose_linked_audit(low, high, exact, &m.f, m.hidden, &s, NULL), FM_ERR_ARGUMENT);           \
  } while (0)
  REFUSED(m.f.struct_size = 0);
  REFUSED(m.cells[1] = -1);
  REFUSED(m.cells[1] = INT64_MAX);
  REFUSED(m.start[0] = 1);
  REFUSED(m.start[2] = 0);
  REFUSED(m.kind[2] = 4);
  REFUSED(m.cell[2] = CELLS);
  REFUSED(m.coefficient[2] = 1001);
  REFUSED(m.at_least[2] = m.value[2] + 1);
  REFUSED(m.at_most[2] = m.value[2] - 1);
  REFUSED(s.threshold = 0);
  s.threshold = 5;
  ck_assert_int_eq(fm_disclose_linked_protect(&out, good.hidden, &good.f, &s, NULL), FM_ERR_ARGUMENT);
  out.struct_size = sizeof out;
  s.n_values = 1;
  ck_assert_int_eq(fm_disclose_linked_protect(&out, good.hidden, &good.f, &s, NULL), FM_ERR_ARGUMENT);
}
END_TEST

/* Without effort nothing can be shown to be safe: everything that may be is hidden, and it is said. */
START_TEST(without_effort)
{
  const int64_t cells[] = {3, 20, 30};
  const size_t start[] = {0, 1, 2, 3, 6}, cell[] = {0, 1, 2, 0, 1, 2};
  fm_disclose_figures f = {
      .struct_size = sizeof f, .n_cells = 3, .cells = cells, .n_figures = 4, .start = start, .cell = cell};
  uint8_t hidden[4] = {0};
  fm_disclose_protect_spec s = FM_DISCLOSE_PROTECT_SPEC_INIT;
  fm_disclose_protected out = {.struct_size = sizeof out};
  fm_error err = FM_ERROR_INIT;
  s.effort = 0;
  fm_assert_ok(fm_disclose_linked_protect(&out, hidden, &f, &s, &err), &err);
  ck_assert(!out.safe && hidden[0] && hidden[1] && hidden[2] && hidden[3]);
  memset(hidden, 0, sizeof hidden);
  fm_assert_ok(fm_disclose_linked_protect(&out, hidden, &f, NULL, &err), &err);
  ck_assert(out.safe && out.n_further == 1 && out.n_small == 1 && hidden[1]);
}
END_TEST

static fm_status once(void *ctx, fm_error *err)
{
  made *m = ctx;
  uint8_t hidden[FIGURES], exact[FIGURES];
  int64_t low[FIGURES], high[FIGURES];
  fm_disclose_protected out = {.struct_size = sizeof out};
  memcpy(hidden, m->hidden, sizeof hidden);
  fm_status status = fm_disclose_linked_protect(&out, hidden, &m->f, NULL, err);
  return status != FM_OK ? status : fm_disclose_linked_audit(low, high, exact, &m->f, hidden, NULL, err);
}

START_TEST(allocations)
{
  made m;
  make(&m, 6, 7);
  ck_assert_int_ge(fm_test_allocations(once, &m), 50);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("disclose-linked");
  TCase *t = tcase_create("linked");
  tcase_add_loop_test(t, audit_equals_trying_every_table, 0, 300);
  tcase_add_loop_test(t, protection_holds, 0, 300);
  tcase_add_test(t, bounds_are_proved);
  tcase_add_loop_test(t, milestones, 0, 5);
  tcase_add_test(t, bounds_instead_of_counts);
  tcase_add_test(t, refusals);
  tcase_add_test(t, without_effort);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
