#include "support/support.h"

#include <string.h>

#include "base/base_priv.h"

START_TEST(round_trip)
{
  fm__bytes b = {0};
  fm__bytes_u8(&b, 7);
  fm__bytes_u32(&b, 0x01020304U);
  fm__bytes_u64(&b, 0x0102030405060708U);
  fm__bytes_i64(&b, -5);
  fm__bytes_f64(&b, 0.1);
  fm__bytes_text(&b, "blå", 4);
  fm__bytes_raw(&b, NULL, 0);
  ck_assert(!b.failed);
  ck_assert_mem_eq(b.data + 1, "\x04\x03\x02\x01", 4); /* little-endian on every machine */
  fm__reader r = {.data = b.data, .size = b.size};
  ck_assert_uint_eq(fm__read_u8(&r), 7);
  ck_assert_uint_eq(fm__read_u32(&r), 0x01020304U);
  ck_assert(fm__read_u64(&r) == 0x0102030405060708U);
  ck_assert(fm__read_i64(&r) == -5);
  ck_assert(fm__read_f64(&r) == 0.1);
  size_t length;
  const char *text = fm__read_text(&r, &length);
  ck_assert(length == 4 && memcmp(text, "blå", 4) == 0);
  ck_assert(!r.failed && r.at == r.size);
  fm__bytes_free(&b);
}
END_TEST

START_TEST(a_short_read_stays_failed)
{
  const uint8_t data[] = {9, 0, 0, 0, 'a', 'b'};
  fm__reader r = {.data = data, .size = sizeof data};
  size_t length = 1;
  ck_assert_ptr_null(fm__read_text(&r, &length));
  ck_assert(length == 0 && r.failed);
  ck_assert_uint_eq(fm__read_u8(&r), 0);
  ck_assert_ptr_null(fm__read_raw(&r, 0));
}
END_TEST

static fm_status write_much(void *ctx, fm_error *err)
{
  (void)ctx;
  fm__bytes b = {0};
  for (int i = 0; i < 100; i++)
    fm__bytes_u64(&b, 1);
  bool failed = b.failed;
  fm__bytes_free(&b);
  return failed ? fm__no_memory(err) : FM_OK;
}

START_TEST(failure_is_remembered)
{
  ck_assert_int_gt(fm_test_allocations(write_much, NULL), 3);
  fm__bytes b = {0};
  fm__bytes_text(&b, "", (size_t)UINT32_MAX + 1);
  ck_assert(b.failed);
  fm__bytes_free(&b);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("base-bytes");
  TCase *t = tcase_create("bytes");
  tcase_add_test(t, round_trip);
  tcase_add_test(t, a_short_read_stays_failed);
  tcase_add_test(t, failure_is_remembered);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
