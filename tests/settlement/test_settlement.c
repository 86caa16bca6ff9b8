/* Settlement files of invented people. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/support.h"

#define HEADER                                                                                                         \
  "Uge;CPR nummer;Ydelse;Finansiering Kommunenavn;Indberetning udbetalingsbeløb;Beregnet udbetalingsbeløb;"          \
  "Refusionssats;Refusionsbeløb;Medfinansieringssats;Medfinansieringsbeløb\n"

static void make_file(const char *path, const char *header, const char *lines)
{
  FILE *f = fopen(path, "wb");
  ck_assert_ptr_nonnull(f);
  fputs(header, f);
  fputs(lines, f);
  ck_assert_int_eq(fclose(f), 0);
}

/* Six weeks of 3,000, the last one told twice, and a correction of -600 under a number without its leading zero:
 *   paid         4 x 3,000 + (3,000 - 600) + 3,000 = 17,400
 *   refund       4 x 2,400 + (1,200 - 240) + 1,200 = 11,760
 *   municipality                 17,400 - 11,760 =  5,640
 * and 500 fleksbidrag of another person, apart. */
static const char example[] = "2024-01-01;0000000001;Kontanthjælp;Fiktiv;3000,00;3000,00;80;2400,00;0;0,00\n"
                              "2024-01-08;0000000001;Kontanthjælp;Fiktiv;3000,00;3000,00;80;2400,00;0;0,00\n"
                              "2024-01-15;0000000001;Kontanthjælp;Fiktiv;3000,00;3000,00;80;2400,00;0;0,00\n"
                              "2024-01-22;0000000001;Kontanthjælp;Fiktiv;3000,00;3000,00;80;2400,00;0;0,00\n"
                              "2024-01-29;0000000001;Kontanthjælp;Fiktiv;3000,00;3000,00;40;1200,00;0;0,00\n"
                              "2024-02-05;0000000001;Kontanthjælp;Fiktiv;3000,00;3000,00;40;1200,00;0;0,00\n"
                              "2024-02-05;0000000001;Kontanthjælp;Fiktiv;3000,00;3000,00;40;1200,00;0;0,00\n"
                              "2024-01-29;000000001;Kontanthjælp;Fiktiv;-600,00;-600,00;40;-240,00;0;0,00\n"
                              "2024-02-05;0000000002;Fleksbidrag fra staten;Fiktiv;500,00;500,00;0;0,00;0;0,00\n";

typedef struct settled {
  fm_table *weeks, *contributions, *spells, *problems;
  fm_settlement_summary sum;
  fm_status status;
  fm_error err;
} settled;

static void settle(settled *s, const char *const *paths, size_t n, const fm_settlement_spec *spec)
{
  fm_error_init(&s->err, sizeof s->err);
  s->status = fm_settlement_read(&s->weeks, &s->contributions, &s->spells, &s->sum, &s->problems, paths, n, spec, NULL,
                                 &s->err);
}

static void settled_free(settled *s)
{
  fm_table_destroy(s->weeks);
  fm_table_destroy(s->contributions);
  fm_table_destroy(s->spells);
  fm_table_destroy(s->problems);
}

static const char *const one[] = {"settlement-1.csv"}, *const two[] = {"settlement-2.csv", "settlement-1.csv"};

START_TEST(test_worked_example)
{
  settled s;
  make_file(one[0], HEADER, example);
  settle(&s, one, 1, NULL);
  fm_assert_ok(s.status, &s.err);
  ck_assert_uint_eq(fm_table_n_rows(s.weeks), 6);
  fm_assert_close("paid", s.sum.paid, 17400, 0, 0);
  fm_assert_close("refund", s.sum.refund, 11760, 0, 0);
  fm_assert_close("municipal_cost", s.sum.municipal_cost, 5640, 0, 0);
  fm_assert_close("contributions", s.sum.contributions, 500, 0, 0);
  fm_assert_close("the corrected week", fm_test_number(s.weeks, "paid", 4), 2400, 0, 0);
  fm_assert_close("its refund", fm_test_number(s.weeks, "refund", 4), 960, 0, 0);
  fm_assert_close("its rest", fm_test_number(s.weeks, "municipal_cost", 4), 1440, 0, 0);
  ck_assert_str_eq(fm_test_text(s.weeks, "person_id", 4), "0000000001");
  ck_assert_str_eq(fm_test_text(s.weeks, "financed_by", 4), "Fiktiv");
  ck_assert_uint_eq(fm_table_n_rows(s.contributions), 1);
  ck_assert_str_eq(fm_test_text(s.contributions, "person_id", 0), "0000000002");
  ck_assert_uint_eq(fm_table_n_rows(s.spells), 1);
  ck_assert_str_eq(fm_test_text(s.spells, "state", 0), "cash_benefit");
  ck_assert_int_eq(fm_table_i32(s.spells, 1)[0], fm_date_from_ymd(2024, 1, 1));
  ck_assert_int_eq(fm_table_is_null(s.spells, 2, 0), 1);
  ck_assert_int_eq(s.sum.n_rows, 9);
  ck_assert_int_eq(s.sum.n_duplicates, 1);
  ck_assert_int_eq(s.sum.n_restored, 1);
  ck_assert_int_eq(s.sum.n_zero_sums, 0);
  ck_assert_int_eq(s.sum.first_week, fm_date_from_ymd(2024, 1, 1));
  ck_assert_int_eq(s.sum.last_week, fm_date_from_ymd(2024, 2, 5));
  ck_assert_uint_eq(fm_table_n_rows(s.problems), 1);
  ck_assert_str_eq(fm_test_text(s.problems, "code", 0), "FM-R04");
  settled_free(&s);
}
END_TEST

/* Lines in another order, and divided over two files, give the same tables. */
START_TEST(test_order)
{
  settled whole, parts;
  char first[2048], second[2048] = "";
  make_file(one[0], HEADER, example);
  settle(&whole, one, 1, NULL);
  strcpy(first, example);
  char *cut = first;
  for (int i = 0; i < 5; i++)
    cut = strchr(cut, '\n') + 1;
  for (const char *line = cut; *line != '\0';) { /* backwards */
    char before[2048];
    size_t n = (size_t)(strchr(line, '\n') - line) + 1;
    strcpy(before, second);
    memcpy(second, line, n);
    strcpy(second + n, before);
    line += n;
  }
  *cut = '\0';
  make_file(two[0], HEADER, second);
  make_file(two[1], HEADER, first);
  settle(&parts, two, 2, NULL);
  fm_assert_ok(parts.status, &parts.err);
  fm_assert_same_table("weeks", whole.weeks, parts.weeks);
  fm_assert_same_table("contributions", whole.contributions, parts.contributions);
  fm_assert_same_table("spells", whole.spells, parts.spells);
  ck_assert_int_eq(memcmp(&whole.sum, &parts.sum, sizeof whole.sum), 0);
  settled_free(&whole);
  settled_free(&parts);
}
END_TEST

/* 0.10 + 0.20 - 0.30 is nothing in oere; a payment whose rate was changed is not; a municipality that pays back to
 * another leaves its own line at nothing. */
START_TEST(test_sums)
{
  settled s;
  make_file(one[0], HEADER,
            "2024-01-01;a;Sygedagpenge;X;0,1;0,10;0;0;0;0\n2024-01-01;a;Sygedagpenge;X;0,2;0,20;0;0;0;0\n"
            "2024-01-01;a;Sygedagpenge;X;-0,3;-0,30;0;0;0;0\n"
            "2024-01-03;b;Sygedagpenge;X;100;100;80;80;0;0\n2024-01-01;b;Sygedagpenge;X;-100;-100;80;-80;0;0\n"
            "2024-01-07;b;Sygedagpenge;Y;100;100;40;40;0;0\n"
            "2024-01-01;c;A-dagpenge;X;1000;1000;0;0;70;700\n2024-01-01;d;Nyt ord;;0;0;0;-12,5;0;0\n"
            "2024-01-08;d;Nyt ord;;10;10;;0;;\n");
  settle(&s, one, 1, NULL);
  fm_assert_ok(s.status, &s.err);
  ck_assert_uint_eq(fm_table_n_rows(s.weeks), 4);
  ck_assert_int_eq(s.sum.n_zero_sums, 2); /* a, and b with X */
  ck_assert_str_eq(fm_test_text(s.weeks, "financed_by", 0), "Y");
  fm_assert_close("b", fm_test_number(s.weeks, "municipal_cost", 0), 60, 0, 0);
  fm_assert_close("co-financed", fm_test_number(s.weeks, "municipal_cost", 1), 700, 0, 0);
  fm_assert_close("refund taken back", fm_test_number(s.weeks, "municipal_cost", 2), 12.5, 0, 0);
  ck_assert_ptr_null(fm_test_text(s.weeks, "financed_by", 2));
  ck_assert_uint_eq(fm_table_n_rows(s.spells), 3);
  ck_assert_str_eq(fm_test_text(s.spells, "state", 0), "sickness_benefit");
  ck_assert_int_eq(fm_table_i32(s.spells, 2)[0], fm_date_from_ymd(2024, 1, 7)); /* week 2 is the last one */
  ck_assert_str_eq(fm_test_text(s.spells, "state", 2), "Nyt ord");
  fm_test_row(s.problems, "code", "FM-C01", "value", "Nyt ord", NULL, NULL);
  settled_free(&s);
}
END_TEST

/* A week without payment parts two spells; as_of hides what has not ended before it. */
START_TEST(test_spells)
{
  static const struct {
    int32_t month, day; /* of 2024; 0: none */
    size_t n;
  } cases[] = {{0, 0, 2}, {1, 15, 1}, {1, 28, 2}, {1, 29, 2}, {2, 12, 2}};
  fm_settlement_spec spec;
  settled s;
  make_file(one[0], HEADER,
            "2024-01-01;a;Sygedagpenge;X;1;1;0;0;0;0\n2024-01-15;a;Sygedagpenge;X;1;1;0;0;0;0\n"
            "2024-01-22;a;Sygedagpenge;X;1;1;0;0;0;0\n2024-01-29;a;Sygedagpenge;X;1;1;0;0;0;0\n");
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_settlement_spec_init(&spec, sizeof spec);
    spec.as_of = cases[k].day > 0 ? fm_date_from_ymd(2024, cases[k].month, cases[k].day) : FM_NO_DATE;
    settle(&s, one, 1, &spec);
    fm_assert_ok(s.status, &s.err);
    ck_assert_uint_eq(fm_table_n_rows(s.spells), cases[k].n);
    ck_assert_int_eq(fm_table_i32(s.spells, 2)[0], fm_date_from_ymd(2024, 1, 7));
    if (cases[k].n == 1) { /* the second week is observed without payment */
      settled_free(&s);
      continue;
    }
    ck_assert_int_eq(fm_table_i32(s.spells, 1)[1], fm_date_from_ymd(2024, 1, 15));
    /* with as_of 12 February the week of 5 February is observed, and nobody is paid in any file: not known */
    ck_assert_int_eq(fm_table_is_null(s.spells, 2, 1), 1);
    settled_free(&s);
  }
}
END_TEST

START_TEST(test_bad)
{
  static const struct {
    const char *header, *lines, *code;
    int64_t line;
  } cases[] = {
      {HEADER, "2024-01-01;0101701234;Sygedagpenge;X;1;1,005;0;0;0;0\n2024-01-01;b;Sygedagpenge;X;1;1;0;0;0;0\n",
       "FM-N05", 2},
      {HEADER, "2024-01-01;0101701234;Sygedagpenge;X;1;1.5;0;0;0;0\n2024-01-01;b;Sygedagpenge;X;1;1;0;0;0;0\n",
       "FM-N01", 2},
      {HEADER, "2024-01-01;b;Sygedagpenge;X;1;1;0;0;0;0\n2024-01-41;0101701234;Sygedagpenge;X;1;1;0;0;0;0\n", "FM-D02",
       3},
      {HEADER, "2024-01-01;b;Sygedagpenge;X;1;1;0;0;0;0\n2024-01-01;0101701234;;X;1;1;0;0;0;0\n", "FM-V01", 3},
  };
  for (int k = 0; k < FM_COUNT(cases); k++)
    for (int skip = 0; skip < 2; skip++) {
      fm_settlement_spec spec;
      settled s;
      fm_settlement_spec_init(&spec, sizeof spec);
      spec.skip_bad = skip;
      make_file(one[0], cases[k].header, cases[k].lines);
      settle(&s, one, 1, &spec);
      ck_assert_msg(s.status == (skip ? FM_OK : FM_ERR_DATA), "case %d: %s", k, s.err.message);
      ck_assert_str_eq(fm_test_text(s.problems, "code", 0), cases[k].code);
      fm_assert_close("line", fm_test_number(s.problems, "line", 0), (double)cases[k].line, 0, 0);
      for (size_t c = 0; c < fm_table_n_columns(s.problems); c++)
        if (fm_table_column_type(s.problems, c) == FM_CODE && !fm_table_is_null(s.problems, c, 0))
          ck_assert_ptr_null(strstr(fm_table_text(s.problems, c, 0, NULL), "0101701234"));
      if (skip) {
        ck_assert_uint_eq(fm_table_n_rows(s.weeks), 1);
        ck_assert_int_eq(s.sum.n_left_out, 1);
      } else {
        ck_assert_ptr_null(s.weeks);
      }
      settled_free(&s);
    }
}
END_TEST

START_TEST(test_refused)
{
  settled s;
  settle(&s, NULL, 0, NULL);
  ck_assert_int_eq(s.status, FM_ERR_ARGUMENT);
  make_file(one[0], "Uge;CPR nummer\n", "");
  settle(&s, one, 1, NULL);
  ck_assert_int_eq(s.status, FM_ERR_DATA);
  settled_free(&s);
  make_file(one[0], HEADER, "");
  settle(&s, one, 1, NULL);
  fm_assert_ok(s.status, &s.err);
  ck_assert_uint_eq(fm_table_n_rows(s.weeks), 0);
  ck_assert_int_eq(s.sum.first_week, FM_NO_DATE);
  settled_free(&s);
  remove(two[0]);
  settle(&s, two, 2, NULL);
  ck_assert_int_eq(s.status, FM_ERR_NOT_FOUND);
  settled_free(&s);
}
END_TEST

/* 2^53 oere are 90,071,992,547,409.92: nine lines of 9,999,999,999,999.99 fit, the tenth does not. */
START_TEST(test_limit)
{
  for (int n = 9; n <= 10; n++) {
    char lines[2000] = "";
    settled s;
    for (int i = 0; i < n; i++)
      sprintf(lines + strlen(lines), "2024-01-01;%010d;Kontanthjælp;Fiktiv;;%s9999999999999,99;;0;;\n", i + 1,
              i % 2 == 0 ? "" : "-");
    make_file(one[0], HEADER, lines);
    settle(&s, one, 1, NULL);
    if (n == 9) {
      fm_assert_ok(s.status, &s.err);
      fm_assert_close("paid", s.sum.paid, 9999999999999.99, 1e-15, 0);
    } else {
      ck_assert_int_eq(s.status, FM_ERR_LIMIT);
      ck_assert_ptr_null(s.weeks);
    }
    settled_free(&s);
  }
}
END_TEST

static fm_status run(void *ctx, fm_error *err)
{
  fm_table *weeks, *spells, *problems;
  (void)ctx;
  fm_status status = fm_settlement_read(&weeks, NULL, &spells, NULL, &problems, one, 1, NULL, NULL, err);
  fm_table_destroy(weeks);
  fm_table_destroy(spells);
  fm_table_destroy(problems);
  return status;
}

START_TEST(test_memory)
{
  make_file(one[0], HEADER, example);
  ck_assert_int_gt(fm_test_allocations(run, NULL), 50);
}
END_TEST

/* As many benefits that the list does not have as lines: each name is a state of its own, and their order takes time
 * about proportional to their number. A search for the least name that is left would take 400 times as long for 20
 * times as many; the check allows 100 times, since small times are uncertain. */
static double read_benefits(int n, settled *s)
{
  FILE *f = fopen(one[0], "wb");
  ck_assert_ptr_nonnull(f);
  fputs(HEADER, f);
  for (int k = 0; k < n; k++)
    fprintf(f, "2024-01-01;%010d;Ydelse %05d;Fiktiv;3000,00;3000,00;80;2400,00;0;0,00\n", k % 100, (k * 7919) % n);
  ck_assert_int_eq(fclose(f), 0);
  clock_t from = clock();
  settle(s, one, 1, NULL);
  double spent = (double)(clock() - from) / CLOCKS_PER_SEC;
  fm_assert_ok(s->status, &s->err);
  return spent;
}

START_TEST(test_many_benefits)
{
  settled s;
  double few = read_benefits(2000, &s);
  settled_free(&s);
  double many = read_benefits(40000, &s);
  ck_assert_msg(many < 100 * few + 1, "%g s, and %g s for 20 times as many", few, many);
  ck_assert_uint_eq(fm_table_n_rows(s.spells), 40000);
  for (size_t i = 1; i < 40000; i++) { /* by person, then by the bytes of the state */
    int people = strcmp(fm_test_text(s.spells, "person_id", i - 1), fm_test_text(s.spells, "person_id", i));
    int states = strcmp(fm_test_text(s.spells, "state", i - 1), fm_test_text(s.spells, "state", i));
    ck_assert(people < 0 || (people == 0 && states < 0));
  }
  settled_free(&s);
}
END_TEST

static char folder[300];

static void make_folder(void)
{
  const char *root = getenv("TMPDIR");
  snprintf(folder, sizeof folder, "%s/fm-settlement-XXXXXX", root != NULL ? root : "/tmp");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  ck_assert_int_eq(chdir(folder), 0);
}

static void remove_folder(void)
{
  remove(one[0]);
  remove(two[0]);
  ck_assert_int_eq(chdir("/"), 0);
  ck_assert_int_eq(rmdir(folder), 0);
}

int main(void)
{
  Suite *suite = suite_create("settlement");
  TCase *tcase = tcase_create("settlement");
  tcase_add_checked_fixture(tcase, make_folder, remove_folder);
  tcase_add_test(tcase, test_worked_example);
  tcase_add_test(tcase, test_order);
  tcase_add_test(tcase, test_sums);
  tcase_add_test(tcase, test_spells);
  tcase_add_test(tcase, test_bad);
  tcase_add_test(tcase, test_refused);
  tcase_add_test(tcase, test_limit);
  tcase_add_test(tcase, test_memory);
  tcase_add_test(tcase, test_many_benefits);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
