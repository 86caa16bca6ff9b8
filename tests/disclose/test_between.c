/* Two reports of one register: what subtracting them would tell. */
#include "disclose/tables.h"

enum { CELLS = 3, FIGURES = 4 };

/* Three groups and all. */
static const size_t start[] = {0, 1, 2, 3, 6}, cell[] = {0, 1, 2, 0, 1, 2};
static const char *const keys[] = {"women", "men", "refugees"};

static fm_disclose_figures figures(const int64_t *cells)
{
  return (fm_disclose_figures){.struct_size = sizeof(fm_disclose_figures),
                               .n_cells = CELLS,
                               .cells = cells,
                               .n_figures = FIGURES,
                               .start = start,
                               .cell = cell};
}

static fm_status between(fm_disclose_protected *out, uint8_t *hidden, const int64_t *now, const int64_t *then,
                         const uint8_t *hidden_then, const int32_t *change, fm_error *err)
{
  fm_disclose_figures a = figures(now), b = figures(then);
  fm_disclose_release new = {.struct_size = sizeof new, .figures = &a, .keys = keys};
  fm_disclose_release old = {.struct_size = sizeof old, .figures = &b, .keys = keys};
  *out = (fm_disclose_protected){.struct_size = sizeof *out};
  return fm_disclose_between(out, hidden, &new, &old, hidden_then, change, NULL, err);
}

/* 20 women then, 22 now: both counts are large, but two came. Hiding them is not enough while the total is shown. */
START_TEST(small_difference)
{
  const int64_t then[] = {20, 30, 40}, now[] = {22, 42, 56};
  const uint8_t shown[FIGURES] = {0};
  uint8_t hidden[FIGURES] = {0};
  fm_disclose_protected out;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(between(&out, hidden, now, then, shown, NULL, &err), &err);
  ck_assert(out.safe && hidden[0] && hidden[0] + hidden[1] + hidden[2] + hidden[3] == 2);
  ck_assert(out.n_small == 0 && out.n_further == 2);
}
END_TEST

/* Twelve and sixteen came, or nobody: nothing to hide. */
START_TEST(large_differences)
{
  const int64_t then[] = {20, 30, 40}, now[] = {20, 42, 56};
  const uint8_t shown[FIGURES] = {0};
  uint8_t hidden[FIGURES] = {0};
  fm_disclose_protected out;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(between(&out, hidden, now, then, shown, NULL, &err), &err);
  ck_assert(out.safe && out.optimal && out.n_further == 0 && !hidden[0]);
}
END_TEST

/* The 3 refugees of then were hidden with the 20 women; now there are 9, all shown: 20 + 3 are 23 in both, so that the
 * 3 are not told. When women and men stay the same, though, they are. */
START_TEST(hidden_then)
{
  const int64_t then[] = {20, 30, 3}, now[] = {26, 38, 9}, same[] = {20, 38, 9};
  const uint8_t was[FIGURES] = {1, 0, 1, 0};
  uint8_t hidden[FIGURES] = {0}, other[FIGURES] = {0};
  const int32_t change[] = {FM_DISCLOSE_GREW, FM_DISCLOSE_GREW, FM_DISCLOSE_GREW};
  fm_disclose_protected out;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(between(&out, hidden, now, then, was, change, &err), &err);
  ck_assert(out.safe && out.n_further == 0);
  fm_assert_ok(between(&out, other, same, then, was, NULL, &err), &err);
  ck_assert(out.safe && out.n_further == 0); /* 20 women now are at most 20 then, so at least 3 refugees: 3 to 9 */
}
END_TEST

/* With a falling count "not known yet" the other sign is small. */
START_TEST(fallen)
{
  const int64_t then[] = {20, 30, 40}, now[] = {18, 10, 20};
  const int32_t shrank[] = {FM_DISCLOSE_SHRANK, FM_DISCLOSE_SHRANK, FM_DISCLOSE_SHRANK}, changed[] = {0, 0, 0};
  const uint8_t shown[FIGURES] = {0};
  uint8_t a[FIGURES] = {0}, b[FIGURES] = {0};
  fm_disclose_protected out;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(between(&out, a, now, then, shown, shrank, &err), &err);
  ck_assert(out.safe && a[0]);
  fm_assert_ok(between(&out, b, now, then, shown, changed, &err), &err);
  ck_assert(out.safe && b[0]);
}
END_TEST

/* A group that was not in the report before has no difference. */
START_TEST(new_key)
{
  const int64_t then[] = {20, 30, 40}, now[] = {30, 42, 7};
  const char *const new_keys[] = {"women", "men", "others"};
  const uint8_t shown[FIGURES] = {0};
  uint8_t hidden[FIGURES] = {0};
  fm_disclose_figures a = figures(now), b = figures(then);
  fm_disclose_release new = {.struct_size = sizeof new, .figures = &a, .keys = new_keys};
  fm_disclose_release old = {.struct_size = sizeof old, .figures = &b, .keys = keys};
  fm_disclose_protected out = {.struct_size = sizeof out};
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_disclose_between(&out, hidden, &new, &old, shown, NULL, NULL, &err), &err);
  ck_assert(out.safe && out.n_further == 0);
}
END_TEST

/* ---- trying every pair of tables ---- */

enum { PARTS = 2, SUMS = 3, MOST = 22 };

/* Two groups and their sum. */
static const size_t pair_start[] = {0, 1, 2, 4}, pair_cell[] = {0, 1, 0, 1};
static const char *const pair_keys[] = {"a", "b"};

typedef struct pair {
  int64_t figure[2][SUMS]; /* then, now */
  uint8_t hidden[2][SUMS];
  int64_t floor, low[3][SUMS], high[3][SUMS]; /* then, now, difference */
} pair;

static bool fits(const pair *p, const int64_t value[2][SUMS])
{
  for (int r = 0; r < 2; r++)
    for (int i = 0; i < SUMS; i++)
      if (p->hidden[r][i] ? value[r][i] < p->floor : value[r][i] != p->figure[r][i])
        return false;
  return true;
}

static void try_all(pair *p)
{
  int64_t x[4];
  p->floor = 1;
  for (int r = 0; r < 2; r++)
    for (int i = 0; i < SUMS; i++) {
      p->floor = p->hidden[r][i] && p->figure[r][i] == 0 ? 0 : p->floor;
      p->low[r][i] = p->high[r][i] = p->figure[r][i];
      p->low[2][i] = p->high[2][i] = p->figure[1][i] - p->figure[0][i];
    }
  for (x[0] = 0; x[0] < MOST; x[0]++)
    for (x[1] = 0; x[1] < MOST; x[1]++)
      for (x[2] = x[0]; x[2] < MOST; x[2]++)
        for (x[3] = x[1]; x[3] < MOST; x[3]++) {
          const int64_t value[2][SUMS] = {{x[0], x[1], x[0] + x[1]}, {x[2], x[3], x[2] + x[3]}};
          if (!fits(p, value))
            continue;
          for (int i = 0; i < 3 * SUMS; i++) {
            int r = i / SUMS, k = i % SUMS;
            int64_t v = r < 2 ? value[r][k] : value[1][k] - value[0][k];
            p->low[r][k] = v < p->low[r][k] ? v : p->low[r][k];
            p->high[r][k] = v > p->high[r][k] ? v : p->high[r][k];
          }
        }
}

/* What is called safe holds against an outsider who tries every pair of tables. */
START_TEST(holds_against_every_pair)
{
  enum { THRESHOLD = 3 };
  pair p = {0};
  int64_t cells[2][PARTS];
  fm_disclose_protect_spec s = FM_DISCLOSE_PROTECT_SPEC_INIT;
  fm_disclose_protected out = {.struct_size = sizeof out};
  fm_disclose_figures f[2];
  fm_disclose_release release[2];
  fm_error err = FM_ERROR_INIT;
  tables_seed = (unsigned)_i + 1;
  s.threshold = THRESHOLD;
  for (int r = 0; r < 2; r++) {
    for (int c = 0; c < PARTS; c++)
      cells[r][c] = (r == 0 ? 0 : cells[0][c]) + draw(7);
    for (int i = 0; i < SUMS; i++)
      p.figure[r][i] = i < PARTS ? cells[r][i] : cells[r][0] + cells[r][1];
    f[r] = (fm_disclose_figures){.struct_size = sizeof f[r],
                                 .n_cells = PARTS,
                                 .cells = cells[r],
                                 .n_figures = SUMS,
                                 .start = pair_start,
                                 .cell = pair_cell};
    release[r] = (fm_disclose_release){.struct_size = sizeof release[r], .figures = &f[r], .keys = pair_keys};
  }
  fm_assert_ok(fm_disclose_linked_protect(&out, p.hidden[0], &f[0], &s, &err), &err);
  fm_assert_ok(fm_disclose_between(&out, p.hidden[1], &release[1], &release[0], p.hidden[0], NULL, &s, &err), &err);
  if (!out.safe)
    return;
  try_all(&p);
  for (int r = 0; r < 3; r++)
    for (int i = 0; i < SUMS; i++) {
      int64_t v = r < 2 ? p.figure[r][i] : p.figure[1][i] - p.figure[0][i];
      if (v == 0 || v >= THRESHOLD || (r < 2 && !p.hidden[r][i] && r == 0))
        continue;
      ck_assert_msg(p.high[r][i] >= THRESHOLD && p.high[r][i] - p.low[r][i] + 1 >= THRESHOLD,
                    "%d: figure %d of %d is %d to %d", _i, i, r, (int)p.low[r][i], (int)p.high[r][i]);
    }
}
END_TEST

START_TEST(refusals)
{
  const int64_t then[] = {20, 30, 40}, now[] = {19, 42, 56};
  const int32_t shrank[] = {FM_DISCLOSE_SHRANK, FM_DISCLOSE_SHRANK, FM_DISCLOSE_CHANGED}, none[] = {3, 0, 0};
  const char *const twice[] = {"women", "men", "women"};
  uint8_t hidden[FIGURES] = {0};
  fm_disclose_protected out = {.struct_size = sizeof out};
  ck_assert_int_eq(between(&out, hidden, now, then, hidden, NULL, NULL), FM_ERR_VALUE);
  ck_assert_int_eq(between(&out, hidden, now, then, hidden, shrank, NULL), FM_ERR_VALUE);
  ck_assert_int_eq(between(&out, hidden, now, then, hidden, none, NULL), FM_ERR_ARGUMENT);
  fm_disclose_figures a = figures(now);
  fm_disclose_release good = {.struct_size = sizeof good, .figures = &a, .keys = keys}, bad = good, unset = good;
  bad.keys = twice;
  unset.struct_size = 0;
  ck_assert_int_eq(fm_disclose_between(&out, hidden, &bad, &good, hidden, NULL, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_disclose_between(&out, hidden, &good, &bad, hidden, NULL, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_disclose_between(&out, hidden, &unset, &good, hidden, NULL, NULL, NULL), FM_ERR_ARGUMENT);
}
END_TEST

static fm_status once(void *ctx, fm_error *err)
{
  const int64_t then[] = {20, 30, 40}, now[] = {22, 42, 56};
  const uint8_t shown[FIGURES] = {0};
  uint8_t hidden[FIGURES] = {0};
  fm_disclose_protected out;
  (void)ctx;
  return between(&out, hidden, now, then, shown, NULL, err);
}

START_TEST(allocations)
{
  ck_assert_int_ge(fm_test_allocations(once, NULL), 30);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("disclose-between");
  TCase *t = tcase_create("between");
  tcase_add_test(t, small_difference);
  tcase_add_test(t, large_differences);
  tcase_add_test(t, hidden_then);
  tcase_add_test(t, fallen);
  tcase_add_test(t, new_key);
  tcase_add_loop_test(t, holds_against_every_pair, 0, 60);
  tcase_add_test(t, refusals);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
