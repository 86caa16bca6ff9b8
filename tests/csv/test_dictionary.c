/* Texts numbered one by one and many at a time: the same numbers, whatever their length and bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv/csv_priv.h"
#include "support/support.h"

/* Texts around the 15 bytes that stand in the head, equal but for one byte, and with the bytes that end a head. */
START_TEST(test_heads)
{
  static const char *const ends[] = {"", "a", "b", "\x01", "\x02", "\x01\x01", "ab", "\xFF"};
  fm__dictionary one, many;
  char text[64];
  int32_t n = 0;
  ck_assert_int_eq(fm__dictionary_init(&one), FM_OK);
  ck_assert_int_eq(fm__dictionary_init(&many), FM_OK);
  for (size_t length = 0; length < 40; length++)
    for (int k = 0; k < FM_COUNT(ends); k++) {
      static const uint8_t wanted[1] = {1};
      size_t more = strlen(ends[k]);
      int32_t code = -1, other = -1;
      memset(text, 'x', sizeof text);
      memcpy(text + length, ends[k], more);
      fm__field cell = {0, (uint32_t)(length + more)};
      bool known = fm__dictionary_find(&one, text, length + more) >= 0;
      ck_assert_int_eq(fm__dictionary_add(&one, text, length + more, &code), FM_OK);
      text[length + more] = ','; /* what lies behind a cell does not matter */
      ck_assert_int_eq(fm__dictionary_resolve(&many, (const uint8_t *)text, &cell, 1, wanted, 1, &other), FM_OK);
      ck_assert_int_eq(code, other);
      ck_assert_msg(known || code == n, "length %zu, end %d: %d", length, k, code);
      ck_assert(!known || (length > 0 && more == 0)); /* "x" is "" and "x": only the bare ones repeat */
      ck_assert_int_eq(fm__dictionary_find(&many, text, length + more), code);
      n += !known;
    }
  ck_assert_uint_eq(one.n_texts, (size_t)n);
  fm__dictionary_free(&one);
  fm__dictionary_free(&many);
}
END_TEST

/* A NUL is a byte as any other: "a", "a\0" and "a\0\0" are three texts. */
START_TEST(test_nul)
{
  fm__dictionary d;
  ck_assert_int_eq(fm__dictionary_init(&d), FM_OK);
  for (size_t length = 0; length < 32; length++) {
    static const char text[32] = "a";
    int32_t code;
    ck_assert_int_eq(fm__dictionary_add(&d, text, length, &code), FM_OK);
    ck_assert_int_eq(code, (int32_t)length);
  }
  fm__dictionary_free(&d);
}
END_TEST

static uint64_t draw(uint64_t *state)
{
  *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
  return *state >> 24;
}

static fm__scan scan_of(const uint8_t *data, size_t size, bool at_end)
{
  fm__scan s;
  fm__scan_init(&s, ',');
  s.data = data;
  s.end = size;
  s.at_end = at_end;
  return s;
}

/* Rows of n_columns short cells, here and there one of another form. Gives the bytes. */
static size_t make_rows(uint8_t *data, size_t room, size_t n_columns, unsigned rare, uint64_t *state)
{
  static const char *const odd[] = {"\"q\"", "\n", "\r", ",", "\r\n\r\n", "a\"b", "\"x\ny\"\"\""};
  size_t n = 0;
  while (n + 20 * n_columns + 40 < room) {
    for (size_t k = 0; k < n_columns; k++) {
      size_t length = draw(state) % 12;
      for (size_t i = 0; i < length; i++)
        data[n++] = (uint8_t)('a' + draw(state) % 26);
      if (draw(state) % rare == 0) {
        const char *text = odd[draw(state) % FM_COUNT(odd)];
        memcpy(data + n, text, strlen(text));
        n += strlen(text);
      }
      if (k + 1 < n_columns)
        data[n++] = ',';
    }
    if (draw(state) % 2)
      data[n++] = '\r';
    data[n++] = '\n';
  }
  memset(data + n, 0, 128);
  data[n] = '\n';
  return n;
}

/* Many rows at a time are what one row at a time gives, up to the first row of another form. */
START_TEST(test_plain)
{
  enum { ROOM = 40000, ROWS = 300 };
  static uint8_t data[ROOM + 128];
  uint64_t state = 5;
  size_t taken = 0;
  for (int k = 0; k < 300; k++) {
    size_t n_columns = 1 + draw(&state) % (k % 10 == 0 ? 200 : 12), longest = k % 7 == 0 ? 30 : 4000;
    fm__field *fields = calloc(ROWS * n_columns, sizeof *fields), *one = calloc(n_columns, sizeof *one);
    ck_assert(fields != NULL && one != NULL);
    size_t size = make_rows(data, ROOM, n_columns, k % 3 == 0 ? 1000000 : 300, &state);
    fm__scan a = scan_of(data, size, k % 2), b = a;
    for (bool more = true; more;) {
      size_t n = fm__scan_plain(&a, fields, n_columns, 1 + draw(&state) % ROWS, longest);
      taken += n;
      for (size_t i = 0; i < n; i++) {
        fm__row row;
        size_t from = b.at;
        ck_assert_int_eq(fm__scan_row(&b, one, n_columns, &row), FM__ROW_FOUND);
        ck_assert_uint_eq(row.n_fields, n_columns);
        ck_assert(row.flags == 0 && row.n_lines == 1 && b.at - from <= longest + 2);
        ck_assert(memcmp(one, fields + i * n_columns, n_columns * sizeof *one) == 0);
      }
      ck_assert_uint_eq(a.at, b.at);
      fm__row row;
      int outcome = fm__scan_row(&b, one, n_columns, &row);
      more = outcome == FM__ROW_FOUND || outcome == FM__ROW_BLANK;
      a.at = b.at;
    }
    free(fields);
    free(one);
  }
#if defined(__SSE2__) && defined(__GNUC__)
  ck_assert_uint_gt(taken, 10000);
#endif
}
END_TEST

/* Cells of equal bytes, all different and both mixed: many at a time give what one at a time gives. */
START_TEST(test_resolve)
{
  enum { N = 100000 };
  fm__dictionary one, many;
  char data[FM__BATCH * 40];
  uint64_t state = 11;
  ck_assert_int_eq(fm__dictionary_init(&one), FM_OK);
  ck_assert_int_eq(fm__dictionary_init(&many), FM_OK);
  for (int batch = 0; batch < N / FM__BATCH; batch++) {
    fm__field cells[FM__BATCH];
    uint8_t wanted[FM__BATCH];
    int32_t codes[FM__BATCH];
    size_t at = 0;
    for (size_t i = 0; i < FM__BATCH; i++) {
      size_t width = 1 + draw(&state) % 20;
      int n = sprintf(data + at, "%0*u,", (int)width, (unsigned)(draw(&state) % 3000));
      cells[i] = (fm__field){(uint32_t)at, (uint32_t)n - 1};
      wanted[i] = draw(&state) % 10 != 0;
      at += (size_t)n;
    }
    memset(data + at, 0, sizeof data - at);
    ck_assert_int_eq(fm__dictionary_resolve(&many, (const uint8_t *)data, cells, 1, wanted, FM__BATCH, codes), FM_OK);
    for (size_t i = 0; i < FM__BATCH; i++) {
      int32_t code = 0;
      if (wanted[i])
        ck_assert_int_eq(fm__dictionary_add(&one, data + cells[i].start, cells[i].size, &code), FM_OK);
      ck_assert_int_eq(code, codes[i]);
    }
  }
  ck_assert_uint_eq(one.n_texts, many.n_texts);
  fm__dictionary_free(&one);
  fm__dictionary_free(&many);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("csv-dictionary");
  TCase *tcase = tcase_create("dictionary");
  tcase_add_test(tcase, test_heads);
  tcase_add_test(tcase, test_nul);
  tcase_add_test(tcase, test_resolve);
  tcase_add_test(tcase, test_plain);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
