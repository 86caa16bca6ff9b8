/* Invented files against a plain reading of the same table: any pieces, any quoting, any order of columns. */
#include <stdio.h>
#include <string.h>

#include "dream/spells.h"

enum { MOST_WEEKS = 90, MOST_MONTHS = 24, MOST_PEOPLE = 6, FILE_SIZE = 65536 };

typedef struct table {
  int n_weeks, n_months, n_people, first_week; /* weeks since the Monday 2006-12-04: around 2008 */
  char code[MOST_PEOPLE][MOST_WEEKS][8], industry[MOST_PEOPLE][MOST_MONTHS][8];
} table;

static uint64_t state = 7;

static int draw(int n)
{
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  return (int)((state >> 33) % (uint64_t)n);
}

static int32_t monday_of(const table *t, int week)
{
  return fm_date_from_ymd(2006, 12, 4) + 7 * (t->first_week + week);
}

static int month_of(int32_t monday) /* since 2006-12 */
{
  int32_t y, m;
  fm_date_to_ymd(monday + 3, &y, &m, NULL);
  return 12 * (y - 2006) + m - 12;
}

static void make(table *t)
{
  static const char *const codes[] = {"", "", "730", "111", "0", "100", "  ", "998", "555"};
  *t = (table){.n_weeks = 1 + draw(MOST_WEEKS),
               .n_months = draw(MOST_MONTHS),
               .n_people = draw(MOST_PEOPLE + 1),
               .first_week = draw(60)};
  for (int i = 0; i < t->n_people; i++) {
    for (int w = 0; w < t->n_weeks; w++)
      strcpy(t->code[i][w], w > 0 && draw(8) > 0 ? t->code[i][w - 1] : codes[draw(FM_COUNT(codes))]);
    for (int m = 0; m < t->n_months; m++)
      strcpy(t->industry[i][m], m > 0 && draw(3) > 0 ? t->industry[i][m - 1] : draw(2) ? "4711" : "");
  }
}

static size_t put_cell(char *out, const char *cell, int quoting)
{
  bool quoted = quoting == 1 || (quoting == 2 && draw(2));
  return (size_t)sprintf(out, quoted ? "%s\"%s\"" : "%s%s", "", cell);
}

/* Weeks, months and the key in one of three orders. */
static size_t write_file(char *out, const table *t, int order, int quoting)
{
  size_t n = 0;
  for (int row = -1; row < t->n_people; row++) {
    bool first = true;
    for (int part = 0; part < 3; part++) {
      int what = (part + order) % 3, count = what == 0 ? 1 : what == 1 ? t->n_weeks : t->n_months;
      for (int i = 0; i < count; i++) {
        char cell[32];
        int32_t year, week;
        int k = what == 1 && order == 2 ? count - 1 - i : i; /* also backwards */
        fm_date_to_iso_week(monday_of(t, k), &year, &week);
        if (what == 0)
          sprintf(cell, row < 0 ? "pnr" : "p%d", row);
        else if (what == 1)
          row < 0 ? sprintf(cell, "y_%02d%02d", year % 100, week) : sprintf(cell, "%s", t->code[row][k]);
        else if (row < 0)
          sprintf(cell, "branche_%d_%02d", 2006 + (k + 11) / 12, (k + 11) % 12 + 1);
        else
          sprintf(cell, "%s", t->industry[row][k]);
        if (!first)
          out[n++] = ';';
        first = false;
        n += put_cell(out + n, cell, quoting);
      }
    }
    out[n++] = '\n';
  }
  return n;
}

/* The definition, week by week. */
static const char *state_of(const table *t, int person, int week)
{
  const char *code = t->code[person][week];
  int32_t monday = monday_of(t, week);
  int month = month_of(monday);
  if (code[0] != '\0' && code[0] != ' ')
    return strcmp(code, "555") == 0 ? "other_benefit" : code;
  if (month < 13 || month >= t->n_months) /* 2008-01 is month 13 */
    return "not_known";
  return t->industry[person][month][0] != '\0' ? "100" : "0";
}

static void expect(char *out, const table *t)
{
  size_t n = 0;
  out[0] = '\0';
  for (int i = 0; i < t->n_people; i++)
    for (int w = 0, to; w < t->n_weeks; w = to) {
      char from[11], last[11];
      for (to = w + 1; to < t->n_weeks && strcmp(state_of(t, i, to), state_of(t, i, w)) == 0; to++)
        ;
      fm_date_format(from, monday_of(t, w));
      fm_date_format(last, monday_of(t, to) - 1);
      n += (size_t)sprintf(out + n, "p%d %s %s %s;", i, from, to < t->n_weeks ? last : "open", state_of(t, i, w));
    }
}

START_TEST(test_random)
{
  static char file[FILE_SIZE], expected[FILE_SIZE];
  static table t;
  for (int k = 0; k < 1500; k++) {
    printed p;
    make(&t);
    size_t size = write_file(file, &t, draw(3), draw(3));
    expect(expected, &t);
    print_spells(&p, file, size, NULL, k % 3 == 0 ? 0 : (size_t)draw(200) + 1);
    ck_assert_msg(p.status == FM_OK, "%d: %s", k, p.err.message);
    ck_assert_msg(strcmp(p.text, expected) == 0, "%d: got\n%s\nexpected\n%s\nfile\n%.*s", k, p.text, expected,
                  (int)size, file);
    printed_free(&p);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("random");
  TCase *tcase = tcase_create("random");
  tcase_add_test(tcase, test_random);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
