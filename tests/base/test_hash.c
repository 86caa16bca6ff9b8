#include "support/support.h"

#include "base/base_priv.h"

/* Test vectors of SipHash-2-4-128 from the authors' reference code: key 00 .. 0f, input 00 01 02 ... of that length. */
static const struct {
  size_t length;
  unsigned char hash[16];
} vectors[] = {
    {0, {0xa3, 0x81, 0x7f, 0x04, 0xba, 0x25, 0xa8, 0xe6, 0x6d, 0xf6, 0x72, 0x14, 0xc7, 0x55, 0x02, 0x93}},
    {1, {0xda, 0x87, 0xc1, 0xd8, 0x6b, 0x99, 0xaf, 0x44, 0x34, 0x76, 0x59, 0x11, 0x9b, 0x22, 0xfc, 0x45}},
    {2, {0x81, 0x77, 0x22, 0x8d, 0xa4, 0xa4, 0x5d, 0xc7, 0xfc, 0xa3, 0x8b, 0xde, 0xf6, 0x0a, 0xff, 0xe4}},
    {3, {0x9c, 0x70, 0xb6, 0x0c, 0x52, 0x67, 0xa9, 0x4e, 0x5f, 0x33, 0xb6, 0xb0, 0x29, 0x85, 0xed, 0x51}},
};

START_TEST(published_vectors)
{
  unsigned char input[64];
  for (size_t i = 0; i < sizeof input; i++)
    input[i] = (unsigned char)i;
  fm__hash128 h = fm__hash(input, vectors[_i].length);
  for (size_t i = 0; i < 8; i++) {
    ck_assert_uint_eq((unsigned char)(h.low >> (8 * i)), vectors[_i].hash[i]);
    ck_assert_uint_eq((unsigned char)(h.high >> (8 * i)), vectors[_i].hash[8 + i]);
  }
}
END_TEST

START_TEST(every_length_differs)
{
  unsigned char input[64] = {0};
  fm__hash128 seen[64];
  for (size_t n = 0; n < 64; n++) {
    seen[n] = fm__hash(input, n);
    for (size_t k = 0; k < n; k++)
      ck_assert(seen[n].low != seen[k].low && seen[n].high != seen[k].high);
  }
}
END_TEST

int main(void)
{
  Suite *s = suite_create("base-hash");
  TCase *t = tcase_create("hash");
  tcase_add_loop_test(t, published_vectors, 0, FM_COUNT(vectors));
  tcase_add_test(t, every_length_differs);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
