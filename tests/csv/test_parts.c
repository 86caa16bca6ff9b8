/* The parts by themselves: cells, scanner, encodings, dictionary, formats. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "csv/csv_priv.h"
#include "csv/quick_priv.h"
#include "support/support.h"

static fm__csv_format take(int32_t decimal, int32_t thousands)
{
  fm_csv_format f = FM_CSV_FORMAT_INIT;
  fm__csv_format out;
  fm_error err = FM_ERROR_INIT;
  f.decimal = decimal;
  f.thousands = thousands;
  fm_assert_ok(fm__csv_format_take(&out, &f, &err), &err);
  return out;
}

START_TEST(test_f64)
{
  static const struct {
    const char *text;
    char decimal, thousands;
    int form;
    double value;
  } cells[] = {
      {"0", '.', 0, FM__CELL_OK, 0},
      {"-0", '.', 0, FM__CELL_OK, -0.0},
      {"1", '.', 0, FM__CELL_OK, 1},
      {"+1.5", '.', 0, FM__CELL_OK, 1.5},
      {" 1.5\t", '.', 0, FM__CELL_OK, 1.5},
      {"0.1", '.', 0, FM__CELL_OK, 0.1},
      {"123456789012345", '.', 0, FM__CELL_OK, 123456789012345.0},
      {"1234567890.12345", '.', 0, FM__CELL_OK, 1234567890.12345},
      {"12345678901.12345", '.', 0, FM__CELL_OK, 12345678901.12345},
      {"9007199254740993", '.', 0, FM__CELL_OK, 9007199254740992.0},
      {"0.000000000000001", '.', 0, FM__CELL_OK, 1e-15},
      {"1e3", '.', 0, FM__CELL_OK, 1000},
      {"1E-3", '.', 0, FM__CELL_OK, 0.001},
      {"2,5", ',', 0, FM__CELL_OK, 2.5},
      {"1.234.567,5", ',', '.', FM__CELL_OK, 1234567.5},
      {"-1.234", ',', '.', FM__CELL_OK, -1234},
      {"1234,5", ',', '.', FM__CELL_OK, 1234.5},
      {"999", ',', '.', FM__CELL_OK, 999},
      {"1 234 567.25", '.', ' ', FM__CELL_OK, 1234567.25},
      {"1,234.5", '.', ',', FM__CELL_OK, 1234.5},
      {"12.34", ',', '.', FM__CELL_BAD, 0},
      {"1.2345", ',', '.', FM__CELL_BAD, 0},
      {"1234.567", ',', '.', FM__CELL_BAD, 0},
      {".234", ',', '.', FM__CELL_BAD, 0},
      {"1..234", ',', '.', FM__CELL_BAD, 0},
      {"1.234,567.8", ',', '.', FM__CELL_BAD, 0},
      {"1.", ',', '.', FM__CELL_BAD, 0},
      {"", '.', 0, FM__CELL_BAD, 0},
      {".", '.', 0, FM__CELL_BAD, 0},
      {"-", '.', 0, FM__CELL_BAD, 0},
      {"1.2.3", '.', 0, FM__CELL_BAD, 0},
      {"1,5", '.', 0, FM__CELL_BAD, 0},
      {"1 5", '.', 0, FM__CELL_BAD, 0},
      {"--1", '.', 0, FM__CELL_BAD, 0},
      {"1-", '.', 0, FM__CELL_BAD, 0},
      {"1e", '.', 0, FM__CELL_BAD, 0},
      {"e5", '.', 0, FM__CELL_BAD, 0},
      {"inf", '.', 0, FM__CELL_BAD, 0},
      {"Inf", '.', 0, FM__CELL_BAD, 0},
      {"nan", '.', 0, FM__CELL_BAD, 0},
      {"0x1p3", '.', 0, FM__CELL_BAD, 0},
      {"1e400", '.', 0, FM__CELL_RANGE, 0},
      {"-1e400", '.', 0, FM__CELL_RANGE, 0},
  };
  for (int k = 0; k < FM_COUNT(cells); k++) {
    fm__csv_format f = take(cells[k].decimal, cells[k].thousands);
    double v = -1;
    int form = fm__cell_f64(&f, cells[k].text, strlen(cells[k].text), &v);
    ck_assert_msg(form == cells[k].form, "%s: form %d", cells[k].text, form);
    if (form == FM__CELL_OK)
      ck_assert_msg(v == cells[k].value && signbit(v) == signbit(cells[k].value), "%s: %.17g", cells[k].text, v);
  }
}
END_TEST

/* The quick form of numbers agrees with the correctly rounded one of the C library for all 1 to 15 digit numbers tried.
 */
START_TEST(test_f64_random)
{
  fm__csv_format f = take('.', 0);
  uint64_t state = 1;
  for (int k = 0; k < 200000; k++) {
    char text[40];
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    int digits = (int)(state >> 60) + 1, n = 0, point = (int)(state >> 32 & 15) % (digits + 1);
    uint64_t left = state >> 5;
    for (int i = 0; i < digits; i++) {
      if (i == point && i > 0)
        text[n++] = '.';
      left = left * 25214903917ULL + 11;
      text[n++] = (char)('0' + (left >> 40) % 10);
    }
    text[n] = '\0';
    double v = 0;
    ck_assert_msg(fm__cell_f64(&f, text, (size_t)n, &v) == FM__CELL_OK, "%s", text);
    ck_assert_msg(v == strtod(text, NULL), "%s: %.17g", text, v);
  }
}
END_TEST

/* Repetitions of a cell: both forms, all widths, breaks at every place. */
START_TEST(test_scan_equal)
{
  uint8_t data[400];
  for (size_t width = 1; width <= 20; width++)
    for (size_t same = 0; same < 90; same++) {
      size_t end = 150 + width;
      memset(data, 'x', sizeof data);
      for (size_t i = 0; i < width + same; i++)
        data[i] = (uint8_t)("730,"[i % width % 4]);
      data[width + same] = '#';
      size_t expected = same / width;
      ck_assert_uint_eq(fm__scan_equal_scalar(data, width, width, end), expected);
      ck_assert_uint_eq(fm__scan_equal(data, width, width, end), expected);
      size_t cut = same < 10 ? 0 : same - 10; /* the data end before the repetitions do */
      ck_assert_uint_eq(fm__scan_equal(data, width, width, width + cut), cut / width);
      ck_assert_uint_eq(fm__scan_equal_scalar(data, width, width, width + cut), cut / width);
    }
}
END_TEST

START_TEST(test_scan_runs)
{
  static const char text[] = "a,,,,730,730,730,\"730\",\"730\",\"\n\",\"\n\",\"x\"\"\",\"x\"\"\"\n\nb,b\r\n,,";
  static const struct {
    int outcome;
    size_t n_fields, n_runs;
    uint32_t counts[8];
  } rows[] = {{FM__ROW_FOUND, 13, 8, {1, 3, 3, 2, 1, 1, 1, 1}},
              {FM__ROW_BLANK, 1, 1, {1}},
              {FM__ROW_FOUND, 2, 2, {1, 1}}, /* the last cell of a row has no delimiter behind it */
              {FM__ROW_FOUND, 3, 2, {2, 1}},
              {FM__ROW_NONE, 1, 1, {1}}};
  uint8_t data[sizeof text + 128] = {0};
  fm__scan s;
  memcpy(data, text, sizeof text - 1);
  data[sizeof text - 1] = '\n';
  fm__scan_init(&s, ',');
  s.data = data;
  s.end = sizeof text - 1;
  s.at_end = true;
  for (int k = 0; k < FM_COUNT(rows); k++) {
    fm__field cells[8];
    uint32_t counts[8];
    fm__row row;
    size_t n;
    ck_assert_int_eq(fm__scan_runs(&s, cells, counts, 8, &row, &n), rows[k].outcome);
    ck_assert_uint_eq(row.n_fields, rows[k].n_fields);
    ck_assert_uint_eq(n, rows[k].n_runs);
    for (size_t i = 0; i < n; i++)
      ck_assert_msg(counts[i] == rows[k].counts[i], "row %d, run %zu: %u", k, i, counts[i]);
  }
}
END_TEST

START_TEST(test_i64)
{
  static const struct {
    const char *text;
    char thousands;
    int form;
    int64_t value;
  } cells[] = {
      {"0", 0, FM__CELL_OK, 0},
      {"-0", 0, FM__CELL_OK, 0},
      {"+12", 0, FM__CELL_OK, 12},
      {" 12 ", 0, FM__CELL_OK, 12},
      {"9223372036854775807", 0, FM__CELL_OK, INT64_MAX},
      {"-9223372036854775808", 0, FM__CELL_OK, INT64_MIN},
      {"9223372036854775808", 0, FM__CELL_RANGE, 0},
      {"-9223372036854775809", 0, FM__CELL_RANGE, 0},
      {"99999999999999999999999", 0, FM__CELL_RANGE, 0},
      {"1,234,567", ',', FM__CELL_OK, 1234567},
      {"1,23", ',', FM__CELL_BAD, 0},
      {"1.0", 0, FM__CELL_NOT_WHOLE, 0},
      {"1e3", 0, FM__CELL_NOT_WHOLE, 0},
      {"", 0, FM__CELL_BAD, 0},
      {"-", 0, FM__CELL_BAD, 0},
      {"x", 0, FM__CELL_BAD, 0},
      {"1x", 0, FM__CELL_BAD, 0},
  };
  for (int k = 0; k < FM_COUNT(cells); k++) {
    fm__csv_format f = take('.', cells[k].thousands);
    int64_t v = -1;
    int form = fm__cell_i64(&f, cells[k].text, strlen(cells[k].text), &v);
    ck_assert_msg(form == cells[k].form, "%s: form %d", cells[k].text, form);
    if (form == FM__CELL_OK)
      ck_assert_msg(v == cells[k].value, "%s: %lld", cells[k].text, (long long)v);
  }
}
END_TEST

START_TEST(test_long_number)
{
  char text[500];
  double v;
  int64_t i;
  fm__csv_format f = take('.', ',');
  memset(text, '1', sizeof text);
  ck_assert_int_eq(fm__cell_f64(&f, text, sizeof text, &v), FM__CELL_BAD);
  ck_assert_int_eq(fm__cell_i64(&f, text, sizeof text, &i), FM__CELL_BAD);
  f = take('.', 0);
  text[1] = '.';
  ck_assert_int_eq(fm__cell_f64(&f, text, sizeof text, &v), FM__CELL_OK);
  ck_assert(v == 1.1111111111111112);
}
END_TEST

static uint64_t draw(uint64_t *state)
{
  *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
  return *state >> 24;
}

/* The quick forms give the value of the full ones, or leave the cell to them. */
START_TEST(test_quick)
{
  static const char signs[] = "0123456789012345678901234567890123456789.,-+ e/:\0\xB0";
  fm__csv_format f = take('.', 0);
  uint64_t state = 7;
  size_t n_f64 = 0, n_i64 = 0;
  for (int k = 0; k < 400000; k++) {
    char around[64], *cell = around + 16;
    size_t length = draw(&state) % 18;
    memset(around, k % 3 ? '7' : '.', sizeof around); /* what lies around a cell does not matter */
    for (size_t i = 0; i < length; i++)
      cell[i] = signs[draw(&state) % (k % 2 ? 10 : sizeof signs - 1)];
    if (k % 4 == 1 && length > 0)
      cell[draw(&state) % length] = '.';
    double quick = 0, full = 0;
    int64_t quick_whole = 0, whole = 0;
    int32_t narrow = 0;
    if (length > 0 && fm__quick_f64(cell, length, '.', &quick)) {
      n_f64++;
      ck_assert_msg(fm__cell_f64(&f, cell, length, &full) == FM__CELL_OK, "%.*s", (int)length, cell);
      ck_assert_msg(memcmp(&quick, &full, 8) == 0, "%.*s: %.17g", (int)length, cell, quick);
    }
    if (length > 0 && fm__quick_i64(cell, length, &quick_whole)) {
      n_i64++;
      ck_assert_msg(fm__cell_i64(&f, cell, length, &whole) == FM__CELL_OK, "%.*s", (int)length, cell);
      ck_assert_msg(quick_whole == whole, "%.*s: %lld", (int)length, cell, (long long)quick_whole);
    }
    if (length > 0 && fm__quick_i32(cell, length, &narrow)) {
      ck_assert_msg(fm__cell_i64(&f, cell, length, &whole) == FM__CELL_OK, "%.*s", (int)length, cell);
      ck_assert_msg(narrow == whole, "%.*s: %d", (int)length, cell, (int)narrow);
    }
  }
  ck_assert(FM__QUICK == 0 || (n_f64 > 10000 && n_i64 > 10000)); /* the common forms are taken */
}
END_TEST

START_TEST(test_quick_dates)
{
  static const int32_t first = -719162, last = 2932896;
  static fm__quick_months months;
  char text[32] = "";
  int32_t date;
  size_t taken = 0;
  fm__quick_months_make(&months);
  for (int32_t d = first; d <= last; d++) {
    fm_date_format(text, d);
    if (fm__quick_iso(text, &months, &date)) {
      taken++;
      ck_assert_msg(date == d, "%s: %d, expected %d", text, (int)date, (int)d);
    }
  }
  int32_t in_table = months.first[FM__QUICK_MONTHS] - months.first[0];
  ck_assert_uint_eq(taken, FM__QUICK ? (size_t)in_table : 0);
  static const char *const others[] = {
      "0000-01-01", "2025-00-01", "2025-13-01", "2025-01-00", "2025-01-32", "2025-02-29", "1900-02-29", "2024-02-30",
      "2025-04-31", "2025-99-01", "2025-01-99", "2025/01/01", "2025-01/01", "2o25-01-01", "2025-0:-01", "2025-01-0 "};
  for (int k = 0; k < FM_COUNT(others); k++) {
    memcpy(text, others[k], 11);
    ck_assert_msg(!fm__quick_iso(text, &months, &date), "%s", others[k]);
  }
}
END_TEST

/* The form of the scanner in use marks what its definition marks. */
START_TEST(test_marks)
{
  static const char signs[] = ",;\t\n\r\"ab\0\x8D\xAC";
  uint64_t state = 3;
  for (int k = 0; k < 3000; k++) {
    fm__scan s;
    uint8_t data[64];
    fm__scan_init(&s, (uint8_t) ",;\t"[k % 3]);
    for (size_t i = 0; i < sizeof data; i++)
      data[i] = k % 2 ? (uint8_t)signs[draw(&state) % (sizeof signs - 1)] : (uint8_t)draw(&state);
    ck_assert(fm__scan_marks(data, s.stop, s.delimiter) == fm__scan_marks_scalar(data, s.stop));
  }
}
END_TEST

/* Random rows of n_columns cells, now and then an oddity: a quote, a lone CR, a blank line, a cell too many. */
static size_t make_rows(uint8_t *data, size_t room, size_t n_columns, int kind, uint64_t *state)
{
  static const char *const oddities[] = {"\"a,b\"", "\r", "\n", ",", "\n\n", "\r\n", "\"", "\r\r\n"};
  size_t n = 0;
  while (n + 64 + n_columns * 12 < room) {
    for (size_t k = 0; k < n_columns; k++) {
      for (size_t length = draw(state) % (kind % 3 == 0 ? 3 : 12); length > 0; length--)
        data[n++] = (uint8_t)('a' + draw(state) % 20);
      if (kind % 2 == 1 && draw(state) % 400 == 0)
        n += (size_t)sprintf((char *)data + n, "%s", oddities[draw(state) % FM_COUNT(oddities)]);
      if (k + 1 < n_columns)
        data[n++] = ',';
    }
    if (kind % 4 >= 2)
      data[n++] = '\r';
    data[n++] = '\n';
  }
  return n;
}

/* Rows read many at once are the rows read one by one, up to the first of another form. */
START_TEST(test_scan_plain)
{
  enum { ROOM = 3000, ROWS = 80 };
  static fm__field many[ROWS * 9], one[9];
  uint64_t state = 5;
  size_t n_plain = 0;
  for (int kind = 0; kind < 3000; kind++) {
    uint8_t around[16 + ROOM + 128] = {0}, *data = around + 16;
    size_t n_columns = 1 + draw(&state) % 9, longest = kind % 7 == 0 ? 20 : 1000;
    fm__scan s, single;
    fm__scan_init(&s, ',');
    s.data = data;
    s.end = make_rows(data, ROOM, n_columns, kind, &state);
    data[s.end] = '\n';
    single = s;
    size_t n = fm__scan_plain(&s, many, n_columns, ROWS, longest);
    n_plain += n;
    for (size_t i = 0; i < n; i++) {
      fm__row row;
      size_t at = single.at;
      ck_assert_int_eq(fm__scan_row(&single, one, 9, &row), FM__ROW_FOUND);
      ck_assert(row.n_fields == n_columns && row.n_lines == 1 && row.flags == 0);
      ck_assert(memcmp(one, many + i * n_columns, n_columns * sizeof *one) == 0);
      ck_assert(one[n_columns - 1].start + one[n_columns - 1].size - at <= longest);
    }
    ck_assert_uint_eq(s.at, single.at);
  }
  ck_assert(FM__QUICK == 0 || n_plain > 50000);
}
END_TEST

START_TEST(test_bool)
{
  static const struct {
    const char *text;
    int form, value;
  } cells[] = {{"1", FM__CELL_OK, 1},     {"0", FM__CELL_OK, 0},   {"TRUE", FM__CELL_OK, 1},
               {"false", FM__CELL_OK, 0}, {"Yes", FM__CELL_OK, 1}, {"no", FM__CELL_OK, 0},
               {"Ja", FM__CELL_OK, 1},    {"NEJ", FM__CELL_OK, 0}, {"sand", FM__CELL_OK, 1},
               {"FALSK", FM__CELL_OK, 0}, {" 1 ", FM__CELL_OK, 1}, {"2", FM__CELL_BAD, 0},
               {"y", FM__CELL_BAD, 0},    {"", FM__CELL_BAD, 0},   {"truefalse", FM__CELL_BAD, 0}};
  for (int k = 0; k < FM_COUNT(cells); k++) {
    uint8_t v = 9;
    ck_assert_msg(fm__cell_bool(cells[k].text, strlen(cells[k].text), &v) == cells[k].form, "%s", cells[k].text);
    ck_assert_msg(cells[k].form != FM__CELL_OK || v == cells[k].value, "%s", cells[k].text);
  }
}
END_TEST

START_TEST(test_utf8)
{
  static const struct {
    const char *text;
    size_t length, good;
  } texts[] = {
      {"", 0, 0},
      {"abcdefghijkl", 12, 12},
      {"abcdefgh\0jkl", 12, 8},
      {"abcdefghi\0kl", 12, 9},
      {"\xC3\xA6\xC3\xB8\xC3\xA5", 6, 6},
      {"\xE2\x82\xAC", 3, 3},
      {"\xF0\x9F\x98\x80", 4, 4},
      {"\xED\x9F\xBF", 3, 3},
      {"\xF4\x8F\xBF\xBF", 4, 4},
      {"\xE0\xA0\x80", 3, 3},
      {"\x80", 1, 0},         /* a tail alone */
      {"\xC0\x80", 2, 0},     /* NUL in two bytes */
      {"\xC1\xBF", 2, 0},     /* over-long */
      {"\xE0\x9F\xBF", 3, 0}, /* over-long */
      {"\xED\xA0\x80", 3, 0}, /* a surrogate */
      {"\xF0\x8F\xBF\xBF", 4, 0},
      {"\xF4\x90\x80\x80", 4, 0}, /* above U+10FFFF */
      {"\xF5\x80\x80\x80", 4, 0},
      {"a\xC3", 2, 1}, /* cut off */
      {"a\xE2\x82", 3, 1},
      {"a\xF0\x9F\x98", 4, 1},
      {"a\xC3z", 3, 1},
      {"a\xE2\x82z", 4, 1},
      {"a\xF0\x9F\x98z", 5, 1},
  };
  for (int k = 0; k < FM_COUNT(texts); k++)
    ck_assert_msg(fm__utf8_span(texts[k].text, texts[k].length) == texts[k].good, "case %d: %zu", k,
                  fm__utf8_span(texts[k].text, texts[k].length));
  ck_assert(fm__is_plain((const uint8_t *)"abcdefghijk", 11));
  ck_assert(!fm__is_plain((const uint8_t *)"abcdefghij\x80", 11));
  ck_assert(!fm__is_plain((const uint8_t *)"a\xFF"
                                           "cdefghijk",
                          11));
  ck_assert(!fm__is_plain((const uint8_t *)"abcdefghij", 11));
}
END_TEST

START_TEST(test_windows_1252)
{
  uint8_t in[256], out[768];
  for (int k = 0; k < 256; k++)
    in[k] = (uint8_t)k;
  size_t n = fm__from_windows_1252(out, in, 256);
  /* 128 ASCII, 96 of two bytes from 0xA0, of 0x80 to 0x9F 17 of three bytes (U+2013 up), 10 of two, 5 as they are. */
  ck_assert_uint_eq(n, 128 + 96 * 2 + 17 * 3 + 10 * 2 + 5);
  static const uint8_t holes[] = {0x81, 0x8D, 0x8F, 0x90, 0x9D};
  for (int k = 0; k < FM_COUNT(holes); k++) {
    n = fm__from_windows_1252(out, &holes[k], 1);
    ck_assert_uint_eq(fm__utf8_span((const char *)out, n), 0);
  }
  n = fm__from_windows_1252(out, (const uint8_t *)"\xE6\x80", 2);
  ck_assert(n == 5 && memcmp(out, "\xC3\xA6\xE2\x82\xAC", 5) == 0);
}
END_TEST

START_TEST(test_dictionary)
{
  fm__dictionary d;
  enum { N = 20000 };
  ck_assert_int_eq(fm__dictionary_init(&d), FM_OK);
  ck_assert_int_eq(fm__dictionary_find(&d, "x", 1), -1);
  char text[32];
  for (int pass = 0; pass < 2; pass++)
    for (int k = 0; k < N; k++) {
      int32_t code = -1;
      int n = sprintf(text, "%.*s%d", k % 12, "abcdefghijkl", k);
      ck_assert_int_eq(fm__dictionary_add(&d, text, (size_t)n, &code), FM_OK);
      ck_assert_int_eq(code, k);
    }
  ck_assert_uint_eq(d.n_texts, N);
  for (int k = 0; k < N; k++) {
    int n = sprintf(text, "%.*s%d", k % 12, "abcdefghijkl", k);
    ck_assert_int_eq(fm__dictionary_find(&d, text, (size_t)n), k);
    ck_assert_str_eq(d.bytes + d.offsets[k], text);
    ck_assert_int_eq(d.offsets[k + 1] - d.offsets[k], n + 1);
  }
  ck_assert_int_eq(fm__dictionary_find(&d, "absent", 6), -1);
  fm__dictionary_free(&d);
}
END_TEST

START_TEST(test_formats)
{
  static const struct {
    const char *label;
    fm_csv_format f;
    const char *message;
  } formats[] = {
      {"size", {.struct_size = 0}, "struct_size"},
      {"delimiter", {.struct_size = sizeof(fm_csv_format), .decimal = '.', .delimiter = '|'}, "delimiter"},
      {"delimiter 0", {.struct_size = sizeof(fm_csv_format), .decimal = '.', .delimiter = '0'}, "delimiter"},
      {"no decimal", {.struct_size = sizeof(fm_csv_format)}, "decimal"},
      {"decimal", {.struct_size = sizeof(fm_csv_format), .decimal = ';'}, "decimal"},
      {"thousands", {.struct_size = sizeof(fm_csv_format), .decimal = '.', .thousands = '\''}, "thousands"},
      {"both", {.struct_size = sizeof(fm_csv_format), .decimal = ',', .thousands = ','}, "two different signs"},
      {"rows", {.struct_size = sizeof(fm_csv_format), .decimal = '.', .max_row_bytes = SIZE_MAX}, "max_row_bytes"},
      {"pattern", {.struct_size = sizeof(fm_csv_format), .decimal = '.', .date_pattern = "MM-YYYY"}, "DD"},
      {"encoding", {.struct_size = sizeof(fm_csv_format), .decimal = '.', .encoding = "latin1"}, "latin1"},
  };
  for (int k = 0; k < FM_COUNT(formats); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_table *t;
    ck_assert_msg(fm_csv_read_memory(&t, NULL, "x\n", 2, NULL, NULL, &formats[k].f, 0, NULL, &err) == FM_ERR_ARGUMENT,
                  "%s", formats[k].label);
    ck_assert_msg(strstr(err.message, formats[k].message) != NULL, "%s: %s", formats[k].label, err.message);
  }
  fm_csv_format made, macro = FM_CSV_FORMAT_INIT;
  fm_csv_format_init(&made, sizeof made);
  ck_assert(memcmp(&made, &macro, sizeof made) == 0);
}
END_TEST

START_TEST(test_schemas)
{
  static const fm_csv_column unnamed[] = {{NULL, NULL, FM_F64, 0, 0, 0}}, empty[] = {{"", NULL, FM_F64, 0, 0, 0}},
                             type[] = {{"a", NULL, 7, 0, 0, 0}}, id[] = {{"a", NULL, FM_I64, 0, 0, 1}},
                             two[] = {{"a", NULL, FM_F64, 0, 0, 0}, {"a", "b", FM_F64, 0, 0, 0}};
  static const struct {
    fm_csv_schema s;
    const char *message;
  } schemas[] = {
      {{.struct_size = sizeof(fm_csv_schema), .n_columns = 1}, "no array"},
      {{.struct_size = sizeof(fm_csv_schema), .n_columns = 1, .columns = unnamed}, "no name"},
      {{.struct_size = sizeof(fm_csv_schema), .n_columns = 1, .columns = empty}, "no name"},
      {{.struct_size = sizeof(fm_csv_schema), .n_columns = 1, .columns = type}, "type 7"},
      {{.struct_size = sizeof(fm_csv_schema), .n_columns = 1, .columns = id}, "FM_CODE"},
      {{.struct_size = sizeof(fm_csv_schema), .n_columns = 2, .columns = two}, "twice"},
      {{.struct_size = 0}, "struct_size"},
  };
  for (int k = 0; k < FM_COUNT(schemas); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_table *t;
    ck_assert_int_eq(fm_csv_read_memory(&t, NULL, "x\n", 2, NULL, &schemas[k].s, NULL, 0, NULL, &err), FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, schemas[k].message) != NULL, "%d: %s", k, err.message);
  }
  fm_csv_schema made, macro = FM_CSV_SCHEMA_INIT;
  fm_csv_schema_init(&made, sizeof made);
  ck_assert(memcmp(&made, &macro, sizeof made) == 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("csv-parts");
  TCase *tcase = tcase_create("parts");
  tcase_add_test(tcase, test_f64);
  tcase_add_test(tcase, test_f64_random);
  tcase_add_test(tcase, test_scan_equal);
  tcase_add_test(tcase, test_scan_runs);
  tcase_add_test(tcase, test_i64);
  tcase_add_test(tcase, test_long_number);
  tcase_add_test(tcase, test_scan_plain);
  tcase_add_test(tcase, test_quick);
  tcase_add_test(tcase, test_quick_dates);
  tcase_add_test(tcase, test_marks);
  tcase_add_test(tcase, test_bool);
  tcase_add_test(tcase, test_utf8);
  tcase_add_test(tcase, test_windows_1252);
  tcase_add_test(tcase, test_dictionary);
  tcase_add_test(tcase, test_formats);
  tcase_add_test(tcase, test_schemas);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
