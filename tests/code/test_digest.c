#include "support/support.h"

#include <string.h>

static void digest(char *out, const char *list, const char *const *columns, size_t n, const char *const *cells)
{
  fm_error err = FM_ERROR_INIT;
  fm_codes *c = NULL;
  fm_table *t = fm_test_table(columns, n, cells, 2);
  fm_assert_ok(fm_codes_from_table(&c, list, t, &err), &err);
  ck_assert_uint_lt(strlen(fm_codes_digest(c)), 64);
  strcpy(out, fm_codes_digest(c));
  fm_codes_destroy(c);
  fm_table_destroy(t);
}

static const char *const columns[] = {"code:code",     "aliases:code", "valid_from:code", "pay:code",
                                      "label_da:code", "note:code",    "source:code",     "status:code"};

START_TEST(what_counts)
{
  static const struct {
    const char *label;
    int cell;
    const char *text;
    bool differs;
  } row[] = {
      {"a code", 0, "aa", true},       {"an alias", 1, "x", true},      {"a day", 2, "2020-01-02", true},
      {"an attribute", 3, "2", true},  {"a label", 4, "andet", false},  {"a note", 5, "other", false},
      {"a source", 6, "other", false}, {"a status", 7, "other", false}, {"in the second row", 11, "1", true},
      {"a blank", 2, "", true},
  };
  const char *cells[16] = {"a", "", "2020-01-01", "1", "en", "n", "s", "v", "b", "", "", "2", "to", "n", "s", "v"};
  char base[64], other[64];
  digest(base, "own", columns, 8, cells);
  ck_assert_uint_eq(strspn(base + 4, "0123456789abcdef"), 32);
  ck_assert_uint_eq(strlen(base), 36);
  ck_assert_int_eq(strncmp(base, "own:", 4), 0);
  for (int i = 0; i < FM_COUNT(row); i++) {
    const char *before = cells[row[i].cell];
    cells[row[i].cell] = row[i].text;
    digest(other, "own", columns, 8, cells);
    ck_assert_msg((strcmp(base, other) != 0) == row[i].differs, "%s", row[i].label);
    cells[row[i].cell] = before;
  }
  digest(other, "other", columns, 8, cells);
  ck_assert_str_eq(other + 6, base + 4);
  ck_assert_str_ne(other, base);
}
END_TEST

START_TEST(order_does_not_count)
{
  static const char *const turned[] = {"pay:code", "code:code"}, *const plain[] = {"code:code", "pay:i64"};
  static const char *const cells[] = {"a", "1", "b", "2"}, *const rows[] = {"b", "2", "a", "1"};
  static const char *const turned_cells[] = {"1", "a", "2", "b"}, *const swapped[] = {"a", "2", "b", "1"};
  char base[64], other[64];
  digest(base, "own", plain, 2, cells);
  digest(other, "own", plain, 2, rows);
  ck_assert_str_eq(base, other);
  digest(other, "own", turned, 2, turned_cells);
  ck_assert_str_eq(base, other);
  digest(other, "own", plain, 2, swapped);
  ck_assert_str_ne(base, other);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("code-digest");
  TCase *tests = tcase_create("digest");
  tcase_add_test(tests, what_counts);
  tcase_add_test(tests, order_does_not_count);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
