/* programme.initiatives on a frame by hand. */
#include "support/support.h"

#include <math.h>
#include <string.h>

static const char *const columns[] = {
    "initiative_id:code",    "person_id:code", "begun:bool",       "eligible:bool",
    "joined_eligible:bool",  "reached:bool",   "referred:bool",    "invited:bool",
    "contacted:bool",        "joined:bool",    "left:bool",        "placed:bool",
    "placed_otherwise:bool", "members:i64",    "employer_id:code", "work:bool",
    "member:bool",           "sector:code",    "sme:bool",         "horizon_months:i32",
    "retained:bool",         "in_rate:bool",   "sex:code"};
enum { WIDE = FM_COUNT(columns) };

/* Initiative I, with 3 member firms. a: joined within the rule, left, two jobs at member E1 (private, small). b: joined
 * outside the rule, a job at E2 (public, no member) and one without an employer. c: could take part, never reached. d:
 * reached, not known whether eligible, an internship. e: joined, not known whether within the rule, another job. After
 * 3 months a is in work, b not known; after 12 a is not. L has not begun; N has neither rule nor participants. */
static const char *const cells[] = {
    "I",       "a",       "1",       "0",       "1",       "1",      "1",       "1",       "1",       "1",
    "1",       "1",       "0",       "3",       "E1",      "1",      "1",       "private", "1",       "",
    "",        "",        "f",       "I",       "a",       "1",      "0",       "1",       "1",       "1",
    "1",       "1",       "1",       "1",       "1",       "0",      "3",       "E1",      "1",       "1",
    "private", "1",       "",        "",        "",        "f",      "I",       "a",       "",        "",
    "",        "",        "",        "",        "",        "",       "",        "",        "",        "",
    "E1",      "",        "",        "private", "1",       "3",      "1",       "1",       "f",       "I",
    "a",       "",        "",        "",        "",        "",       "",        "",        "",        "",
    "",        "",        "",        "E1",      "",        "",       "private", "1",       "12",      "0",
    "1",       "f",       "I",       "b",       "1",       "0",      "0",       "1",       "1",       "0",
    "1",       "1",       "0",       "1",       "1",       "3",      "E2",      "1",       "0",       "public",
    "0",       "",        "",        "",        "m",       "I",      "b",       "1",       "0",       "0",
    "1",       "1",       "0",       "1",       "1",       "0",      "1",       "1",       "3",       "",
    "1",       "",        "unknown", "",        "",        "",       "",        "m",       "I",       "b",
    "",        "",        "",        "",        "",        "",       "",        "",        "",        "",
    "",        "",        "E2",      "",        "",        "public", "0",       "3",       "",        "0",
    "m",       "I",       "c",       "1",       "1",       "",       "0",       "0",       "0",       "0",
    "0",       "0",       "0",       "",        "3",       "",       "",        "",        "unknown", "",
    "",        "",        "",        "f",       "I",       "d",      "1",       "",        "",        "1",
    "0",       "1",       "0",       "0",       "0",       "0",      "",        "3",       "E3",      "0",
    "0",       "private", "",        "",        "",        "",       "m",       "I",       "e",       "1",
    "1",       "",        "1",       "0",       "0",       "0",      "1",       "0",       "0",       "1",
    "3",       "",        "",        "",        "unknown", "",       "",        "",        "",        "f",
    "L",       "",        "0",       "",        "",        "",       "",        "",        "",        "",
    "",        "",        "",        "0",       "",        "",       "",        "unknown", "",        "",
    "",        "",        "",        "N",       "",        "1",      "",        "",        "",        "",
    "",        "",        "",        "",        "",        "",       "",        "",        "",        "",
    "unknown", "",        "",        "",        "",        ""};
enum { N = FM_COUNT(cells) / WIDE };

static fm_table *computed(const char *by)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, WIDE, cells, N), *out;
  fm_programme_initiatives_spec spec = FM_PROGRAMME_INITIATIVES_SPEC_INIT;
  spec.by = by;
  fm_assert_ok(fm_programme_initiatives(&out, frame, &spec, NULL, &err), &err);
  fm_table_destroy(frame);
  return out;
}

static const struct {
  const char *quantity;
  double value, n, people;
} by_hand[] = {
    {"eligible", 2, 2, 2},
    {"eligible_unknown", 1, 1, 1},
    {"eligible_reached_share", 0.5, 2, 2},
    {"reached", 4, 4, 4},
    {"referred", 2, 2, 2},
    {"invited", 2, 2, 2},
    {"contacted", 2, 2, 2},
    {"joined", 3, 3, 3},
    {"left", 1, 1, 1},
    {"joined_share", 0.75, 4, 4},
    {"joined_eligible", 1, 1, 1},
    {"joined_eligible_share", 0.5, 2, 2},
    {"placed", 2, 2, 2},
    {"joined_placed_share", 2.0 / 3, 3, 3},
    {"placed_otherwise", 1, 1, 1}, /* b is in a job through the initiative */
    {"joined_placed_otherwise_share", 1.0 / 3, 3, 3},
    {"placements", 4, 4, 2},
    {"not_work", 1, 1, 1},
    {"at_members", 2, 2, 1},
    {"at_non_members", 1, 1, 1},
    {"member_unknown", 1, 1, 1},
    {"member_share", 2.0 / 3, 3, NAN},
    {"private", 2, 2, 1},
    {"public", 1, 1, 1},
    {"unknown_sector", 1, 1, 1},
    {"private_share", 2.0 / 3, 3, NAN},
    {"sme", 2, 2, 1},
    {"larger", 0, 0, 0},
    {"size_unknown", 0, 0, 0},
    {"sme_share", 1, 2, NAN},
    {"employers", 2, 2, 2},
    {"member_employers", 1, 1, 1},
    {"members", 3, 3, NAN},
};

START_TEST(counts)
{
  fm_table *out = computed(NULL);
  for (int i = 0; i < FM_COUNT(by_hand); i++) {
    size_t row = fm_test_row(out, "initiative_id", "I", "quantity", by_hand[i].quantity, NULL, NULL);
    fm_assert_close(by_hand[i].quantity, fm_test_number(out, "value", row), by_hand[i].value, 1e-15, 0);
    fm_assert_close(by_hand[i].quantity, fm_test_number(out, "n", row), by_hand[i].n, 0, 0);
    fm_assert_close(by_hand[i].quantity, fm_test_number(out, "people", row), by_hand[i].people, 0, 0);
    ck_assert_str_eq(fm_test_text(out, "state", row), "ok");
  }
  /* Wilson 3 of 4: mirror of 1 of 4 */
  size_t row = fm_test_row(out, "initiative_id", "I", "quantity", "joined_share", NULL, NULL);
  fm_assert_close("low", fm_test_number(out, "ci_low", row), 0.300641842582402, 1e-12, 0);
  fm_assert_close("high", fm_test_number(out, "ci_high", row), 0.9544127391902995, 1e-12, 0);
  fm_table_destroy(out);
}
END_TEST

START_TEST(kept)
{
  static const struct {
    double months, retained, gone, unknown, share;
  } cases[] = {{3, 1, 0, 1, 1}, {12, 0, 1, 0, 0}};
  fm_table *out = computed(NULL);
  size_t row = fm_test_row(out, "initiative_id", "I", "quantity", "retained", NULL, NULL);
  for (int i = 0; i < 2; i++, row += 4) { /* in the order of months, not of their texts */
    fm_assert_close("months", fm_test_number(out, "horizon_months", row), cases[i].months, 0, 0);
    fm_assert_close("retained", fm_test_number(out, "value", row), cases[i].retained, 0, 0);
    fm_assert_close("not", fm_test_number(out, "value", row + 1), cases[i].gone, 0, 0);
    fm_assert_close("unknown", fm_test_number(out, "value", row + 2), cases[i].unknown, 0, 0);
    fm_assert_close("share", fm_test_number(out, "value", row + 3), cases[i].share, 0, 0);
  }
  fm_table_destroy(out);
}
END_TEST

START_TEST(states)
{
  fm_table *out = computed(NULL);
  for (int i = 0; i < FM_COUNT(by_hand); i++) {
    const char *quantity = by_hand[i].quantity;
    size_t later = fm_test_row(out, "initiative_id", "L", "quantity", quantity, NULL, NULL);
    size_t none = fm_test_row(out, "initiative_id", "N", "quantity", quantity, NULL, NULL);
    ck_assert_str_eq(fm_test_text(out, "state", later), "censored");
    ck_assert(isnan(fm_test_number(out, "value", later)));
    ck_assert_msg(strcmp(fm_test_text(out, "state", none), "not_given") == 0, "%s", quantity);
    ck_assert(isnan(fm_test_number(out, "value", none)));
  }
  fm_table_destroy(out);
}
END_TEST

START_TEST(by_group)
{
  fm_table *out = computed("sex");
  size_t row = fm_test_row(out, "sex", "f", "quantity", "joined", NULL, NULL);
  fm_assert_close("women", fm_test_number(out, "value", row), 2, 0, 0);
  row = fm_test_row(out, "sex", "m", "quantity", "member_share", NULL, NULL);
  fm_assert_close("no member", fm_test_number(out, "value", row), 0, 0, 0);
  row = fm_test_row(out, "sex", "m", "quantity", "sme_share", NULL, NULL);
  ck_assert_str_eq(fm_test_text(out, "state", row), "empty");
  fm_table_destroy(out);
}
END_TEST

START_TEST(nobody)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, WIDE, cells, 0), *out;
  fm_assert_ok(fm_programme_initiatives(&out, frame, NULL, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(out), 0);
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(refused)
{
  static const char *const no_answer[WIDE] = {[0] = "I", "a", [19] = "3", "", "1", "f"};
  static const char *const no_person[WIDE] = {[0] = "I", "", [19] = "3", "1", "1", "f"};
  static const struct {
    const char *by;
    double level;
    const char *message;
  } specs[] = {{"sex, initiative_id", 0.95, "always by initiative_id; found by"},
               {"horizon_months", 0.95, "always by horizon_months"},
               {NULL, 1, "level: expected a number between 0 and 1"}};
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  fm_table *out;
  for (int i = 0; i < FM_COUNT(specs); i++) {
    fm_programme_initiatives_spec spec = FM_PROGRAMME_INITIATIVES_SPEC_INIT;
    spec.by = specs[i].by;
    spec.level = specs[i].level;
    ck_assert_int_eq(fm_programme_initiatives_tally(&t, &spec, &err), FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, specs[i].message) != NULL, "%s", err.message);
    fm_error_clear(&err);
  }
  for (int i = 0; i < 2; i++) {
    const char *row[WIDE];
    for (int k = 0; k < WIDE; k++)
      row[k] = (i == 0 ? no_answer : no_person)[k] != NULL ? (i == 0 ? no_answer : no_person)[k] : "";
    fm_table *frame = fm_test_table(columns, WIDE, row, 1);
    ck_assert_int_eq(fm_programme_initiatives(&out, frame, NULL, NULL, &err), FM_ERR_VALUE);
    ck_assert_str_eq(err.column, i == 0 ? "retained" : "person_id");
    ck_assert_int_eq(err.row, 0);
    fm_error_clear(&err);
    fm_table_destroy(frame);
  }
  for (size_t k = 1; k <= 21; k++) { /* without its last columns a frame is none of this kind */
    fm_table *frame = fm_test_table(columns, k, cells, 0);
    ck_assert_int_eq(fm_programme_initiatives(&out, frame, NULL, NULL, &err), FM_ERR_NOT_FOUND);
    fm_error_clear(&err);
    fm_table_destroy(frame);
  }
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_programme_initiatives_spec spec;
  fm_programme_initiatives_spec_init(&spec, sizeof spec);
  spec.by = ctx;
  return fm_programme_initiatives_tally(out, &spec, err);
}

START_TEST(promises)
{
  char by[] = "sex";
  fm_test_promises(&(fm_test_measure){create, NULL, columns, WIDE, cells, N});
  fm_test_promises(&(fm_test_measure){create, by, columns, WIDE, cells, N});
}
END_TEST

int main(void)
{
  Suite *s = suite_create("programme-initiatives");
  TCase *t = tcase_create("initiatives");
  tcase_add_test(t, counts);
  tcase_add_test(t, kept);
  tcase_add_test(t, states);
  tcase_add_test(t, by_group);
  tcase_add_test(t, nobody);
  tcase_add_test(t, promises);
  tcase_add_test(t, refused);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
