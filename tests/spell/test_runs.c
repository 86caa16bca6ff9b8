/* Runs of equal codes: the vector form against the loop that defines it, by hand, and for codes of any length. */
#include <stdint.h>
#include <string.h>

#include "spell/people.h"
#include "spell/runs_priv.h"

START_TEST(by_hand)
{
  /* weeks:               1    2    3    4  5    6    7  */
  static const uint16_t codes[] = {111, 111, 700, 700, 0, 111, 111};
  static const uint32_t expected[] = {0, 2, 4, 5};
  fm_error err = FM_ERROR_INIT;
  uint32_t starts[7];
  size_t n = 99;
  fm_assert_ok(fm_spell_runs(&n, starts, codes, 7, &err), &err);
  ck_assert_uint_eq(n, 4);
  ck_assert_mem_eq(starts, expected, sizeof expected);
  fm_assert_ok(fm_spell_runs(&n, NULL, codes, 7, &err), &err);
  ck_assert_uint_eq(n, 4);
  fm_assert_ok(fm_spell_runs(&n, starts, codes, 1, &err), &err);
  ck_assert_uint_eq(n, 1);
  ck_assert_uint_eq(starts[0], 0);
  fm_assert_ok(fm_spell_runs(&n, NULL, NULL, 0, &err), &err);
  ck_assert_uint_eq(n, 0);
}
END_TEST

/* Every length around the blocks, at every alignment, from one run to a run a code; codes whose halves agree too. */
START_TEST(same_as_the_loop)
{
  static const uint32_t pause[] = {1, 2, 5, 40, 1000};
  uint64_t state = 3;
  uint16_t *codes = malloc(400 * sizeof *codes);
  for (int p = 0; p < FM_COUNT(pause); p++)
    for (size_t n = 1; n < 300; n++) {
      uint16_t *at = codes + n % 9;
      for (size_t i = 0; i < n; i++)
        at[i] = i > 0 && draw(&state, pause[p]) != 0 ? at[i - 1] : (uint16_t)(draw(&state, 3) << draw(&state, 16));
      uint32_t *a = malloc(n * sizeof *a), *b = malloc(n * sizeof *b); /* exact room: a sanitizer sees one too many */
      size_t expected = fm__runs_scalar(a, at, 0, n, 0), got = fm__runs(b, at, n), counted = fm__runs(NULL, at, n);
      ck_assert_msg(got == expected && counted == expected, "pause %u, n %zu", pause[p], n);
      ck_assert_mem_eq(a, b, expected * sizeof *a);
      ck_assert_uint_eq(fm__runs_scalar(NULL, at, 0, n, 0), expected);
      free(a);
      free(b);
    }
  free(codes);
}
END_TEST

START_TEST(refuses)
{
  fm_error err = FM_ERROR_INIT;
  uint16_t code = 1;
  size_t n = 0;
  ck_assert_int_eq(fm_spell_runs(NULL, NULL, &code, 1, &err), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_spell_runs(&n, NULL, NULL, 1, NULL), FM_ERR_ARGUMENT);
#if SIZE_MAX > UINT32_MAX
  fm_error_clear(&err);
  ck_assert_int_eq(fm_spell_runs(&n, NULL, &code, (size_t)UINT32_MAX + 1, &err), FM_ERR_LIMIT);
  ck_assert_ptr_nonnull(strstr(err.message, "4294967296"));
#endif
}
END_TEST

int main(void)
{
  Suite *s = suite_create("spell-runs");
  TCase *c = tcase_create("runs");
  tcase_add_test(c, by_hand);
  tcase_add_test(c, same_as_the_loop);
  tcase_add_test(c, refuses);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
