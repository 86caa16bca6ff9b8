#include "support/support.h"

#include <string.h>

#include "base/base_priv.h"

typedef struct spec {
  size_t struct_size;
  double a, b;
} spec;
typedef struct newer {
  spec old;
  double c;
} newer;

static const spec defaults = {.struct_size = sizeof(spec), .a = 1, .b = 2};

START_TEST(older_equal_and_newer_callers)
{
  fm_error err = FM_ERROR_INIT;
  spec taken = defaults, caller = {.struct_size = offsetof(spec, b), .a = 5, .b = 99};
  fm_assert_ok(fm__spec_take(&taken, sizeof taken, &caller, "spec", &err), &err);
  ck_assert(taken.a == 5 && taken.b == 2 && taken.struct_size == sizeof taken);
  caller.struct_size = sizeof caller;
  fm_assert_ok(fm__spec_take(&taken, sizeof taken, &caller, "spec", &err), &err);
  ck_assert(taken.b == 99);
  newer future = {.old = {.struct_size = sizeof future, .a = 7, .b = 8}};
  fm_assert_ok(fm__spec_take(&taken, sizeof taken, &future, "spec", &err), &err);
  ck_assert(taken.a == 7);
  future.c = 1; /* a wish this build cannot understand */
  ck_assert_int_eq(fm__spec_take(&taken, sizeof taken, &future, "spec", &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "spec: a field this version"));
}
END_TEST

START_TEST(null_and_unset)
{
  fm_error err = FM_ERROR_INIT;
  spec taken = defaults, unset = {0};
  fm_assert_ok(fm__spec_take(&taken, sizeof taken, NULL, "spec", &err), &err);
  ck_assert(taken.a == 1);
  ck_assert_int_eq(fm__spec_take(&taken, sizeof taken, &unset, "spec", &err), FM_ERR_ARGUMENT);
}
END_TEST

START_TEST(init_never_writes_past)
{
  unsigned char room[sizeof(spec) + 8];
  memset(room, 0xAB, sizeof room);
  fm__spec_init(room, offsetof(spec, b), &defaults, sizeof defaults);
  for (size_t i = offsetof(spec, b); i < sizeof room; i++)
    ck_assert_uint_eq(room[i], 0xAB);
  newer future;
  fm__spec_init(&future, sizeof future, &defaults, sizeof defaults);
  ck_assert(future.old.a == 1 && future.c == 0 && future.old.struct_size == sizeof future);
  memset(room, 0xAB, sizeof room);
  fm__spec_init(room, 3, &defaults, sizeof defaults);
  ck_assert_uint_eq(room[0], 0xAB);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("base-spec");
  TCase *t = tcase_create("spec");
  tcase_add_test(t, older_equal_and_newer_callers);
  tcase_add_test(t, null_and_unset);
  tcase_add_test(t, init_never_writes_past);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
