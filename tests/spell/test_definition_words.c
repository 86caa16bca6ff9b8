/* Definitions as data: every built-in one, words of states, fields that contradict one another, errors, memory. */
#include <math.h>

#include "spell/definition_days.h"

/* ---- the built-in ones ---- */

static const struct {
  const char *name;
  int32_t rule, clock, index, needed, first;
  size_t n_horizons;
} builtin[] = {
    {"strict", FM_SPELL_POINT, FM_SPELL_MONTHS, FM_SPELL_FROM_PLACEMENT, 0, 3, 3},
    {"non_benefit", FM_SPELL_POINT, FM_SPELL_MONTHS, FM_SPELL_FROM_PLACEMENT, 0, 3, 3},
    {"grace_4_weeks", FM_SPELL_POINT, FM_SPELL_MONTHS, FM_SPELL_FROM_PLACEMENT, 0, 3, 3},
    {"blank_and_income", FM_SPELL_POINT, FM_SPELL_MONTHS, FM_SPELL_FROM_PLACEMENT, 0, 3, 3},
    {"blank_week_income", FM_SPELL_POINT, FM_SPELL_MONTHS, FM_SPELL_FROM_PLACEMENT, 0, 3, 3},
    {"danish_status", FM_SPELL_POINT, FM_SPELL_MONTHS, FM_SPELL_FROM_BENEFIT_END, 0, 1, 4},
    {"danish_status_wage", FM_SPELL_POINT, FM_SPELL_MONTHS, FM_SPELL_FROM_BENEFIT_END, 0, 1, 4},
    {"wioa_q2", FM_SPELL_POINT, FM_SPELL_QUARTERS, FM_SPELL_FROM_EXIT, 0, 2, 1},
    {"wioa_q4", FM_SPELL_POINT, FM_SPELL_QUARTERS, FM_SPELL_FROM_EXIT, 0, 4, 1},
    {"wioa_same_employer", FM_SPELL_POINT, FM_SPELL_QUARTERS, FM_SPELL_FROM_EXIT, 0, 4, 1},
    {"uk_sustained", FM_SPELL_CONTINUOUS, FM_SPELL_WEEKS, FM_SPELL_FROM_PLACEMENT, 0, 13, 2},
    {"esf_plus", FM_SPELL_POINT, FM_SPELL_MONTHS, FM_SPELL_FROM_EXIT, 0, 6, 1},
    {"self_support_26", FM_SPELL_POINT, FM_SPELL_WEEKS, FM_SPELL_FROM_EXIT, 0, 26, 1},
    {"five_of_six_months", FM_SPELL_K_OF_N, FM_SPELL_CALENDAR_MONTHS, FM_SPELL_FROM_EXIT, 5, 6, 1},
    {"sustained_weeks", FM_SPELL_CONTINUOUS, FM_SPELL_WEEKS, FM_SPELL_FROM_PLACEMENT, 0, 4, 4},
    {"any_26_weeks", FM_SPELL_CONTINUOUS, FM_SPELL_WEEKS, FM_SPELL_FROM_PLACEMENT, 26, 52, 1},
    {"cumulative_26_of_52", FM_SPELL_CUMULATIVE, FM_SPELL_WEEKS, FM_SPELL_FROM_PLACEMENT, 26, 52, 1},
    {"weekly_strict", FM_SPELL_POINT, FM_SPELL_WEEKS, FM_SPELL_FROM_WORK, 0, 4, 4},
    {"weekly_grace_4_weeks", FM_SPELL_POINT, FM_SPELL_WEEKS, FM_SPELL_FROM_WORK, 0, 4, 4},
};

START_TEST(every_builtin)
{
  fm_error err = FM_ERROR_INIT;
  fm_codes *list = list_of("retention_definition"), *states = list_of("benefit_state");
  fm_codes *kinds = list_of("placement_kind");
  uint8_t of_states[512], of_kinds[128];
  ck_assert_uint_eq(fm_codes_n(list), FM_COUNT(builtin));
  for (int k = 0; k < FM_COUNT(builtin); k++) {
    fm_spell_definition d = definition_of(list, builtin[k].name);
    int32_t horizons[64], none;
    size_t n = 0;
    ck_assert_str_eq(d.name, builtin[k].name);
    ck_assert(d.rule == builtin[k].rule && d.clock == builtin[k].clock && d.index == builtin[k].index);
    ck_assert_int_eq(d.needed, builtin[k].needed);
    fm_assert_ok(fm_spell_definition_check(&d, &err), &err);
    fm_assert_ok(fm_spell_definition_horizons(horizons, &n, &d, &err), &err);
    ck_assert(n == builtin[k].n_horizons && horizons[0] == builtin[k].first);
    fm_assert_ok(fm_spell_definition_states(of_states, of_kinds, &none, &d, states, kinds, &err), &err);
    const char *const lists[] = {d.success, d.grace, d.barring, d.leaves, d.censors, d.course};
    for (int i = 0; i < FM_COUNT(lists); i++) { /* every rule of a shipped list is met by some state */
      char plain[200];
      size_t used = 0;
      for (const char *p = lists[i] == NULL ? "" : lists[i]; *p != '\0'; p++)
        plain[used++] = *p;
      plain[used] = '\0';
      char *blank = strstr(plain, "(none)");
      if (blank != NULL)
        memset(blank, ' ', 6);
      fm_assert_ok(fm_spell_words_match(of_states, plain, states, &err), &err);
    }
  }
  fm_codes_destroy(list);
  fm_codes_destroy(states);
  fm_codes_destroy(kinds);
}
END_TEST

/* ---- states ---- */

static int32_t state_of(const uint8_t *of, const fm_codes *codes, const char *word)
{
  int64_t i = fm_codes_find(codes, word, strlen(word), FM_NO_DATE);
  ck_assert_int_ge(i, 0);
  return of[i];
}

START_TEST(states_by_name)
{
  static const struct {
    const char *definition, *word;
    int32_t state;
  } row[] = {
      {"strict", "100", FM_SPELL_STATE_COUNTS},       {"strict", "fleksjob", FM_SPELL_STATE_COUNTS},
      {"strict", "890", FM_SPELL_STATE_OTHER},        {"strict", "651", FM_SPELL_STATE_LEFT},
      {"strict", "dead", FM_SPELL_STATE_CENSORS},     {"strict", "997", FM_SPELL_STATE_CENSORS},
      {"strict", "(blank)", FM_SPELL_STATE_OTHER},    {"non_benefit", "121", FM_SPELL_STATE_COUNTS},
      {"non_benefit", "881", FM_SPELL_STATE_COUNTS},  {"non_benefit", "652", FM_SPELL_STATE_COUNTS},
      {"non_benefit", "661", FM_SPELL_STATE_COUNTS},  {"non_benefit", "(blank)", FM_SPELL_STATE_COUNTS},
      {"non_benefit", "771", FM_SPELL_STATE_BARS},    {"non_benefit", "730", FM_SPELL_STATE_OTHER},
      {"grace_4_weeks", "890", FM_SPELL_STATE_GRACE}, {"grace_4_weeks", "774", FM_SPELL_STATE_GRACE},
      {"grace_4_weeks", "121", FM_SPELL_STATE_GRACE}, {"grace_4_weeks", "881", FM_SPELL_STATE_GRACE},
      {"grace_4_weeks", "730", FM_SPELL_STATE_OTHER}, {"wioa_q2", "fleksjob", FM_SPELL_STATE_OTHER},
      {"uk_sustained", "730", FM_SPELL_STATE_BARS},   {"uk_sustained", "fleksjob", FM_SPELL_STATE_COUNTS},
  };
  fm_error err = FM_ERROR_INIT;
  fm_codes *list = list_of("retention_definition"), *codes = list_of("benefit_state");
  for (int k = 0; k < FM_COUNT(row); k++) {
    uint8_t of[512];
    fm_spell_definition d = definition_of(list, row[k].definition);
    fm_codes *kinds = list_of("placement_kind");
    uint8_t of_kinds[128];
    fm_assert_ok(fm_spell_definition_states(of, of_kinds, NULL, &d, codes, kinds, &err), &err);
    ck_assert_msg(state_of(of, codes, row[k].word) == row[k].state, "%s: %s is %d", row[k].definition, row[k].word,
                  state_of(of, codes, row[k].word));
    /* a placement says nothing about the day unless it counts or bars; subsidised ones count only where they may */
    ck_assert_int_eq(state_of(of_kinds, kinds, "internship"), FM_SPELL_STATE_IGNORED);
    fm_codes_destroy(kinds);
  }
  fm_codes_destroy(list);
  fm_codes_destroy(codes);
}
END_TEST

START_TEST(words)
{
  static const struct {
    const char *words;
    size_t n; /* entries */
  } row[] = {{"890 893", 2},
             {"893 890", 2},
             {"family=sickness_benefit !899", 8},
             {"!899 family=sickness_benefit", 8},
             {"", 0}};
  fm_error err = FM_ERROR_INIT;
  fm_codes *codes = list_of("benefit_state");
  uint8_t of[512];
  size_t family = 0;
  for (int64_t i = 0; i < (int64_t)fm_codes_n(codes); i++) {
    const char *text = fm_codes_attribute(codes, i, "family");
    family += text != NULL && strcmp(text, "sickness_benefit") == 0;
  }
  for (int k = 0; k < FM_COUNT(row); k++) {
    size_t n = 0;
    fm_assert_ok(fm_spell_words_match(of, row[k].words, codes, &err), &err);
    for (size_t i = 0; i < fm_codes_n(codes); i++)
      n += of[i];
    ck_assert_msg(n == (row[k].n == 8 ? family - 1 : row[k].n), "%s: %zu", row[k].words, n);
  }
  ck_assert_int_eq(fm_spell_words_match(of, "890 sickness", codes, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "no code list has \"sickness\""));
  fm_error_clear(&err);
  ck_assert_int_eq(fm_spell_words_match(of, "family=nothing", codes, &err), FM_ERR_NOT_FOUND);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_spell_words_match(of, "890 ! 893", codes, &err), FM_ERR_FORMAT);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_spell_words_match(of, NULL, codes, &err), FM_ERR_ARGUMENT);
  fm_codes_destroy(codes);
}
END_TEST

START_TEST(hours)
{
  fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
  ck_assert_int_eq(fm_spell_definition_with_hours(&d, FM_SPELL_STATE_COUNTS, NAN), FM_SPELL_STATE_COUNTS);
  d.hours_least = 16;
  ck_assert_int_eq(fm_spell_definition_with_hours(&d, FM_SPELL_STATE_COUNTS, 16), FM_SPELL_STATE_COUNTS);
  ck_assert_int_eq(fm_spell_definition_with_hours(&d, FM_SPELL_STATE_COUNTS, 15.9), FM_SPELL_STATE_OTHER);
  ck_assert_int_eq(fm_spell_definition_with_hours(&d, FM_SPELL_STATE_COUNTS, NAN), FM_SPELL_STATE_UNTOLD);
  ck_assert_int_eq(fm_spell_definition_with_hours(&d, FM_SPELL_STATE_GRACE, NAN), FM_SPELL_STATE_GRACE);
}
END_TEST

/* ---- fields and names ---- */

START_TEST(contradictions)
{
  fm_error err = FM_ERROR_INIT;
  const fm_spell_definition good = FM_SPELL_DEFINITION_INIT;
  fm_spell_definition d[18];
  for (int k = 0; k < FM_COUNT(d); k++)
    fm_spell_definition_init(&d[k], sizeof d[k]);
  ck_assert(d[0].struct_size == good.struct_size && d[0].clock == good.clock && d[0].subsidised == 1);
  ck_assert(strcmp(d[0].success, good.success) == 0 && strcmp(d[0].horizons, good.horizons) == 0);
  d[0].success = NULL;
  d[1].needed = 3;
  d[2].rule = FM_SPELL_K_OF_N;
  d[3].grace_days = 28;
  d[4].grace = "890";
  d[5].first_month = 10;
  d[6].base = 2;
  d[7].same_employer = 1;
  d[7].index = FM_SPELL_FROM_EXIT;
  d[8].course = "730";
  d[9].hours_least = NAN;
  d[10].rule = FM_SPELL_CUMULATIVE;
  d[10].needed = 1;
  d[11].horizons = "3,6,3";
  d[12].horizons = "1201";
  d[13].rule = 4;
  d[14].any_episode = 1;
  d[14].needed = 1;
  d[15] = d[14]; /* a run of 3 months by the clock months */
  d[15].rule = FM_SPELL_CONTINUOUS;
  d[16] = d[15]; /* no length */
  d[16].clock = FM_SPELL_WEEKS;
  d[16].needed = 0;
  d[17] = d[15]; /* longer than the window */
  d[17].clock = FM_SPELL_WEEKS;
  d[17].needed = 13;
  for (int k = 0; k < FM_COUNT(d); k++) {
    ck_assert_msg(fm_spell_definition_check(&d[k], &err) == FM_ERR_ARGUMENT, "row %d", k);
    ck_assert_ptr_nonnull(strstr(err.message, "definition own: "));
    fm_error_clear(&err);
  }
  fm_assert_ok(fm_spell_definition_check(&good, &err), &err);
}
END_TEST

START_TEST(names)
{
  ck_assert_str_eq(fm_spell_rule_name(FM_SPELL_K_OF_N), "k_of_n");
  ck_assert_str_eq(fm_spell_clock_name(FM_SPELL_CALENDAR_MONTHS), "calendar_months");
  ck_assert_str_eq(fm_spell_index_name(FM_SPELL_FROM_BENEFIT_END), "benefit_end");
  ck_assert_str_eq(fm_spell_index_name(FM_SPELL_FROM_WORK), "work");
  ck_assert_str_eq(fm_spell_reason_name(FM_SPELL_CUT), "censored");
  ck_assert_str_eq(fm_spell_reason_name(FM_SPELL_NOT_ASKED), "not_asked");
  ck_assert(fm_spell_rule_name(4) == NULL && fm_spell_clock_name(-1) == NULL && fm_spell_index_name(5) == NULL &&
            fm_spell_reason_name(7) == NULL);
}
END_TEST

/* A list of one's own: one definition with the cells given. */
static fm_codes *own_list(const char *column, const char *cell)
{
  fm_error err = FM_ERROR_INIT;
  char name[48];
  snprintf(name, sizeof name, "%s:code", column);
  const char *columns[] = {"code:code", "success:code", "horizons:code", name};
  const char *cells[] = {"mine", "work=yes", "6", cell};
  fm_codes *list = NULL;
  fm_table *t = fm_test_table(columns, 4, cells, 1);
  fm_assert_ok(fm_codes_from_table(&list, "retention_definition", t, &err), &err);
  fm_table_destroy(t);
  return list;
}

START_TEST(reading)
{
  static const struct {
    const char *column, *cell, *message;
    fm_status status;
  } row[] = {
      {"rule", "sometimes", "expected one of point, k_of_n, continuous, cumulative", FM_ERR_VALUE},
      {"clock", "years", "expected one of days, weeks, months", FM_ERR_VALUE},
      {"gap_days", "2.5", "expected a whole number", FM_ERR_VALUE},
      {"gap_days", "-1", "expected a number from 0", FM_ERR_VALUE},
      {"hours_least", "200", "expected a number from 0", FM_ERR_VALUE},
      {"needed", "5", "needed belongs to k_of_n", FM_ERR_ARGUMENT},
      {"gap_days", "14", NULL, FM_OK},
      {"employer", "same", NULL, FM_OK},
      {"episode", "last", "expected one of first, any", FM_ERR_VALUE},
      {"episode", "any", "any belongs to continuous", FM_ERR_ARGUMENT},
      {"income_period", "month", NULL, FM_OK},
      {"income_period", "year", "expected one of none, month, week_month, quarter", FM_ERR_VALUE},
      {"income_least", "100", "income_least needs income_period", FM_ERR_ARGUMENT},
      {"income_least", "-1", "expected a number from 0", FM_ERR_VALUE},
  };
  for (int k = 0; k < FM_COUNT(row); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_codes *list = own_list(row[k].column, row[k].cell);
    fm_spell_definition d;
    fm_status status = fm_spell_definition_read(&d, sizeof d, list, "mine", &err);
    ck_assert_msg(status == row[k].status, "%s: %s", row[k].cell, err.message);
    ck_assert_msg(row[k].message == NULL || strstr(err.message, row[k].message) != NULL, "%s: %s", row[k].cell,
                  err.message);
    fm_error_clear(&err);
    ck_assert_int_eq(fm_spell_definition_read(&d, sizeof d, list, "yours", &err), FM_ERR_NOT_FOUND);
    ck_assert_ptr_nonnull(strstr(err.message, "there is no definition \"yours\"; there are mine"));
    fm_codes_destroy(list);
  }
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(fm_spell_definition_read(NULL, 0, NULL, NULL, &err), FM_ERR_ARGUMENT);
}
END_TEST

/* ---- wrong rows ---- */

START_TEST(wrong_rows)
{
  const fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
  const fm_spell_unit unit = {1, 100, 1, INT32_MIN, 500};
  fm_spell_state s[] = {{1, 100, 200, 1, FM_SPELL_STATE_COUNTS}, {1, 50, 60, 1, FM_SPELL_STATE_COUNTS}};
  fm_spell_outcome out;
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(fm_spell_outcomes(&out, &d, 3, 1, &unit, 1, s, 2, NULL, &err), FM_ERR_VALUE);
  ck_assert(err.row == 1 && strstr(err.message, "in order of person and start") != NULL);
  fm_error_clear(&err);
  s[1] = (fm_spell_state){1, 300, 400, 1, 8};
  ck_assert_int_eq(fm_spell_outcomes(&out, &d, 3, 1, &unit, 1, s, 2, NULL, &err), FM_ERR_VALUE);
  fm_error_clear(&err);
  s[1] = (fm_spell_state){2, FM_NO_DATE, 400, 1, 5};
  ck_assert_int_eq(fm_spell_outcomes(&out, &d, 3, 1, &unit, 1, s, 2, NULL, &err), FM_ERR_VALUE);
  fm_error_clear(&err);
  const fm_spell_unit undated = {1, FM_NO_DATE, 1, INT32_MIN, 500};
  ck_assert_int_eq(fm_spell_outcomes(&out, &d, 3, 1, &undated, 1, s, 1, NULL, &err), FM_ERR_VALUE);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_spell_outcomes(&out, &d, 1201, 1, &unit, 1, s, 1, NULL, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_spell_outcomes(NULL, &d, 3, 1, &unit, 1, s, 1, NULL, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  fm_assert_ok(fm_spell_outcomes(NULL, &d, 3, 1, NULL, 0, NULL, 0, NULL, &err), &err);
  /* a start in the last month of year 9999 */
  const fm_spell_unit late = {1, fm_date_from_ymd(9999, 12, 1), 1, INT32_MIN, fm_date_from_ymd(9999, 12, 31)};
  fm_assert_ok(fm_spell_outcomes(&out, &d, 3, 1, &late, 1, s, 1, NULL, &err), &err);
  ck_assert(out.target == FM_NO_DATE && out.status == FM_SPELL_UNKNOWN && out.in_rate == 0);
}
END_TEST

/* ---- reasons ---- */

/* Work from day 0 to 99; then what the row says until day 200, where observation ends. Asked about day 150. */
START_TEST(reasons)
{
  static const struct {
    int32_t state, reason, status, in_rate;
  } row[] = {{FM_SPELL_STATE_COUNTS, FM_SPELL_MET, FM_SPELL_YES, 1},
             {FM_SPELL_STATE_OTHER, FM_SPELL_FAILED, FM_SPELL_NO, 1},
             {FM_SPELL_STATE_LEFT, FM_SPELL_LEFT, FM_SPELL_NO, 1},
             {FM_SPELL_STATE_CENSORS, FM_SPELL_CUT, FM_SPELL_UNKNOWN, 0},
             {FM_SPELL_STATE_UNTOLD, FM_SPELL_UNTOLD, FM_SPELL_UNKNOWN, 0},
             {FM_SPELL_STATE_BARS, FM_SPELL_FAILED, FM_SPELL_NO, 1}};
  fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
  d.clock = FM_SPELL_DAYS;
  d.horizons = "151";
  for (int k = 0; k < FM_COUNT(row); k++) {
    fm_spell_state s[] = {{1, 0, 100, 1, FM_SPELL_STATE_COUNTS}, {1, 100, FM_SPELL_OPEN, 2, row[k].state}};
    fm_spell_unit unit = {1, 0, 1, INT32_MIN, 200};
    fm_spell_outcome o = outcome_of(&d, 151, FM_SPELL_STATE_OTHER, &unit, s, 2);
    ck_assert_msg(o.reason == row[k].reason && o.status == row[k].status && o.in_rate == row[k].in_rate, "row %d", k);
    o = outcome_of(&d, 201, FM_SPELL_STATE_OTHER, &unit, s, 2); /* day 200 is not observed */
    ck_assert(o.status == FM_SPELL_UNKNOWN && o.in_rate == 0);
    ck_assert_int_eq(o.reason, row[k].reason == FM_SPELL_CUT ? FM_SPELL_CUT : FM_SPELL_NOT_YET);
  }
}
END_TEST

static fm_status everything(void *ctx, fm_error *err)
{
  fm_codes *list = NULL, *states = NULL;
  fm_spell_definition d;
  uint8_t of[512];
  (void)ctx;
  const fm_spell_unit unit = {1, 100, 1, INT32_MIN, 500};
  const fm_spell_state s[] = {{1, 100, 200, 1, FM_SPELL_STATE_COUNTS}, {1, 150, 260, 1, FM_SPELL_STATE_COUNTS}};
  fm_spell_outcome out;
  fm_status status = fm_codes_builtin(&list, "retention_definition", err);
  if (status == FM_OK)
    status = fm_codes_builtin(&states, "benefit_state", err);
  if (status == FM_OK)
    status = fm_spell_definition_read(&d, sizeof d, list, "grace_4_weeks", err);
  if (status == FM_OK)
    status = fm_spell_definition_states(of, NULL, NULL, &d, states, NULL, err);
  if (status == FM_OK)
    status = fm_spell_outcomes(&out, &d, 3, FM_SPELL_STATE_OTHER, &unit, 1, s, 2, NULL, err);
  fm_codes_destroy(list);
  fm_codes_destroy(states);
  return status;
}

START_TEST(memory)
{
  ck_assert_int_ge(fm_test_allocations(everything, NULL), 5);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("spell-definition_words");
  TCase *t = tcase_create("data");
  tcase_add_test(t, every_builtin);
  tcase_add_test(t, states_by_name);
  tcase_add_test(t, words);
  tcase_add_test(t, hours);
  tcase_add_test(t, contradictions);
  tcase_add_test(t, names);
  tcase_add_test(t, reading);
  tcase_add_test(t, wrong_rows);
  tcase_add_test(t, reasons);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
