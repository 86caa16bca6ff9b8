/* The income test of definitions: by hand, against a look at each day, at the edges of what is known, errors. */
#include <math.h>

#include "spell/definition_lives.h"

static fm_spell_state *tested(size_t *n, int32_t *none, const fm_spell_definition *d, int32_t person,
                              const fm_spell_state *states, size_t n_states, const fm_spell_incomes *x)
{
  fm_error err = FM_ERROR_INIT;
  fm_spell_state *out = NULL;
  fm_assert_ok(fm_spell_definition_with_incomes(&out, n, none, d, &person, 1, states, n_states, x, &err), &err);
  return out;
}

static int32_t day(int32_t year, int32_t month, int32_t of_month)
{
  return fm_date_from_ymd(year, month, of_month);
}

static void expect_rows(const char *label, const fm_spell_definition *d, int32_t none, const fm_spell_state *states,
                        size_t n_states, const fm_spell_incomes *x, const fm_spell_state *want, size_t n_want)
{
  size_t n = 0;
  fm_spell_state *out = tested(&n, &none, d, 7, states, n_states, x);
  ck_assert_msg(n == n_want, "%s: %d rows, expected %d", label, (int)n, (int)n_want);
  for (size_t i = 0; i < n; i++)
    ck_assert_msg(out[i].person == 7 && out[i].start == want[i].start && out[i].end == want[i].end &&
                      out[i].state == want[i].state && out[i].employer == want[i].employer,
                  "%s: row %d is %d to %d, state %d", label, (int)i, out[i].start, out[i].end, out[i].state);
  fm_free(out);
}

/* ---- by hand ---- */

enum { YES = FM_SPELL_STATE_COUNTS, NOT = FM_SPELL_STATE_OTHER, WHO_KNOWS = FM_SPELL_STATE_UNTOLD };

/* Work from 15 January to 9 June 2024; incomes of everybody are known from January to April. Of this person there are
 * 9000 and 500 in January, 12000 in March and 0 in April. */
static const fm_spell_income amounts[] = {
    {7, 19723, 9000}, {7, 19752, 500}, {7, 19783, 12000}, {7, 19814, 0}}; /* 1 and 30 January, 1 March, 1 April */

START_TEST(by_month)
{
  const fm_spell_incomes x = {amounts, 4, day(2024, 1, 1), day(2024, 4, 30)};
  const fm_spell_state work = {7, day(2024, 1, 15), day(2024, 6, 10), 3, YES};
  fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
  d.income_period = FM_SPELL_INCOME_MONTH;
  ck_assert_int_eq(amounts[0].period, day(2024, 1, 1));
  ck_assert_int_eq(amounts[3].period, day(2024, 4, 1));
  /* any record: January, March, April; February has none; from May on nothing is known */
  const fm_spell_state any[] = {{7, work.start, day(2024, 2, 1), 3, YES},
                                {7, day(2024, 2, 1), day(2024, 3, 1), 3, NOT},
                                {7, day(2024, 3, 1), day(2024, 5, 1), 3, YES},
                                {7, day(2024, 5, 1), work.end, 3, WHO_KNOWS}};
  expect_rows("any record", &d, NOT, &work, 1, &x, any, 4);
  /* at least 9500: January has 9000 + 500 = 9500, March 12000; April has 0 */
  d.income_least = 9500;
  const fm_spell_state least[] = {{7, work.start, day(2024, 2, 1), 3, YES},
                                  {7, day(2024, 2, 1), day(2024, 3, 1), 3, NOT},
                                  {7, day(2024, 3, 1), day(2024, 4, 1), 3, YES},
                                  {7, day(2024, 4, 1), day(2024, 5, 1), 3, NOT},
                                  {7, day(2024, 5, 1), work.end, 3, WHO_KNOWS}};
  expect_rows("9500", &d, NOT, &work, 1, &x, least, 5);
  d.income_least = 9500.5; /* January no longer */
  const fm_spell_state more[] = {{7, work.start, day(2024, 3, 1), 3, NOT},
                                 {7, day(2024, 3, 1), day(2024, 4, 1), 3, YES},
                                 {7, day(2024, 4, 1), day(2024, 5, 1), 3, NOT},
                                 {7, day(2024, 5, 1), work.end, 3, WHO_KNOWS}};
  expect_rows("more", &d, NOT, &work, 1, &x, more, 4);
}
END_TEST

/* The same by quarters: January to March hold 9000 + 500 + 12000 = 21500; the second quarter is known too, and has 0.
 */
START_TEST(by_quarter)
{
  const fm_spell_incomes x = {amounts, 4, day(2024, 2, 1), day(2024, 5, 1)};
  const fm_spell_state work = {7, day(2023, 12, 15), FM_SPELL_OPEN, 3, YES};
  fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
  d.income_period = FM_SPELL_INCOME_QUARTER;
  d.income_least = 21500;
  const fm_spell_state want[] = {{7, work.start, day(2024, 1, 1), 3, WHO_KNOWS},
                                 {7, day(2024, 1, 1), day(2024, 4, 1), 3, YES},
                                 {7, day(2024, 4, 1), day(2024, 7, 1), 3, NOT},
                                 {7, day(2024, 7, 1), FM_SPELL_OPEN, 3, WHO_KNOWS}};
  expect_rows("quarters", &d, NOT, &work, 1, &x, want, 4);
  d.income_least = 0;
  const fm_spell_state any[] = {want[0], {7, day(2024, 1, 1), day(2024, 7, 1), 3, YES}, want[3]};
  expect_rows("any record", &d, NOT, &work, 1, &x, any, 3);
  ck_assert_int_eq(fm_spell_income_end(&d, day(2024, 5, 1)), day(2024, 7, 1));
}
END_TEST

/* Weeks belong to the month of their Thursday: 2020-W53 (28 December to 3 January) to December. */
START_TEST(by_week_month)
{
  const fm_spell_income december = {7, day(2020, 12, 1), 100};
  const fm_spell_incomes x = {&december, 1, day(2020, 11, 1), day(2021, 1, 31)};
  const fm_spell_state work = {7, day(2020, 11, 2), day(2021, 2, 1), -1, YES};
  fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
  d.income_period = FM_SPELL_INCOME_WEEK_MONTH;
  /* the first week of December is that of Thursday 3 December, from Monday 30 November; the last of January that of
   * Thursday 28, to Sunday 31 January */
  const fm_spell_state want[] = {{7, day(2020, 11, 2), day(2020, 11, 30), -1, NOT},
                                 {7, day(2020, 11, 30), day(2021, 1, 4), -1, YES},
                                 {7, day(2021, 1, 4), day(2021, 2, 1), -1, NOT}};
  expect_rows("weeks", &d, NOT, &work, 1, &x, want, 3);
  ck_assert_int_eq(fm_spell_income_end(&d, day(2020, 12, 31)), day(2021, 1, 4));
  ck_assert_int_eq(fm_spell_income_end(&d, day(2021, 1, 1)), day(2021, 2, 1));
  d.income_period = FM_SPELL_INCOME_MONTH;
  const fm_spell_state months[] = {{7, day(2020, 11, 2), day(2020, 12, 1), -1, NOT},
                                   {7, day(2020, 12, 1), day(2021, 1, 1), -1, YES},
                                   {7, day(2021, 1, 1), day(2021, 2, 1), -1, NOT}};
  expect_rows("months", &d, NOT, &work, 1, &x, months, 3);
}
END_TEST

/* Days without a record count where the month has an income; other states stay as they are. */
START_TEST(without_record)
{
  const fm_spell_incomes x = {amounts, 4, day(2024, 1, 1), day(2024, 4, 1)};
  const fm_spell_state sick = {7, day(2024, 2, 20), day(2024, 3, 11), -1, FM_SPELL_STATE_GRACE};
  fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
  d.income_period = FM_SPELL_INCOME_MONTH;
  const fm_spell_state want[] = {{7, day(2024, 1, 1), day(2024, 2, 1), -1, YES},
                                 {7, day(2024, 2, 1), day(2024, 2, 20), -1, NOT},
                                 sick,
                                 {7, day(2024, 3, 11), day(2024, 5, 1), -1, YES}};
  expect_rows("days without a record", &d, YES, &sick, 1, &x, want, 4);
  const fm_spell_state untold[] = {{7, day(2024, 1, 1), day(2024, 2, 1), -1, WHO_KNOWS},
                                   {7, day(2024, 2, 1), day(2024, 2, 20), -1, NOT},
                                   sick,
                                   {7, day(2024, 3, 11), day(2024, 5, 1), -1, WHO_KNOWS}};
  expect_rows("untold", &d, WHO_KNOWS, &sick, 1, &x, untold, 4);
  expect_rows("as it was", &d, NOT, &sick, 1, &x, &sick, 1);
  size_t n = 0;
  int32_t none = YES;
  fm_spell_state *out = tested(&n, &none, &d, 7, &sick, 1, &x);
  ck_assert_int_eq(none, WHO_KNOWS);
  fm_free(out);
  const fm_spell_state nobody[] = {{7, day(2024, 1, 1), day(2024, 5, 1), -1, NOT}}; /* no incomes, no rows */
  const fm_spell_incomes no_rows = {NULL, 0, x.first, x.last};
  expect_rows("no incomes", &d, YES, NULL, 0, &no_rows, nobody, 1);
  const fm_spell_incomes unknown = {NULL, 0, day(2024, 3, 1), day(2024, 2, 1)}; /* no month is known */
  const fm_spell_state work = {7, day(2024, 1, 1), day(2024, 5, 1), 2, YES},
                       open = {7, work.start, work.end, 2, WHO_KNOWS};
  expect_rows("nothing known", &d, NOT, &work, 1, &unknown, &open, 1);
}
END_TEST

/* Two jobs overlap, so that pieces come in another order than rows; a row that is over before it begins stays. */
START_TEST(order)
{
  const fm_spell_incomes x = {amounts, 4, day(2024, 1, 1), day(2024, 4, 1)};
  const fm_spell_state rows[] = {{6, day(2024, 1, 1), day(2024, 4, 1), 1, YES}, /* of somebody else */
                                 {7, day(2024, 1, 1), day(2024, 3, 2), 1, YES},
                                 {7, day(2024, 1, 20), day(2024, 2, 2), 2, YES},
                                 {7, day(2024, 1, 25), day(2024, 1, 20), 2, YES}};
  fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
  d.income_period = FM_SPELL_INCOME_MONTH;
  const fm_spell_state want[] = {
      {7, day(2024, 1, 1), day(2024, 2, 1), 1, YES},   {7, day(2024, 1, 20), day(2024, 2, 1), 2, YES},
      {7, day(2024, 1, 25), day(2024, 1, 20), 2, YES}, {7, day(2024, 2, 1), day(2024, 3, 1), 1, NOT},
      {7, day(2024, 2, 1), day(2024, 2, 2), 2, NOT},   {7, day(2024, 3, 1), day(2024, 3, 2), 1, YES}};
  expect_rows("two jobs", &d, NOT, rows, 4, &x, want, 6);
}
END_TEST

/* In work on a day 1, 2, 3 and 4 months after 15 January, observed to the end of incomes: 15 February has no income,
 * 15 March and 15 April have one, of May nothing is known. */
START_TEST(answers)
{
  const fm_spell_incomes x = {amounts, 4, day(2024, 1, 1), day(2024, 4, 1)};
  const fm_spell_state work = {7, day(2024, 1, 15), FM_SPELL_OPEN, 3, YES};
  static const char want[] = "nyy?";
  fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
  int32_t none = NOT;
  size_t n = 0;
  d.income_period = FM_SPELL_INCOME_MONTH;
  fm_spell_state *out = tested(&n, &none, &d, 7, &work, 1, &x);
  const fm_spell_unit unit = {7, work.start, 3, INT32_MIN, fm_spell_income_end(&d, x.last)};
  for (int32_t k = 1; k <= 4; k++) {
    fm_spell_outcome o = outcome_of(&d, k, none, &unit, out, n);
    ck_assert_msg(o.status == letter(want[k - 1]), "after %d months: %d", k, o.status);
    ck_assert_int_eq(o.in_rate, k < 4);
    ck_assert_int_eq(o.reason, k == 1 ? FM_SPELL_FAILED : k == 4 ? FM_SPELL_NOT_YET : FM_SPELL_MET);
  }
  const fm_spell_unit longer = {7, work.start, 3, INT32_MIN, day(2024, 8, 1)}; /* nobody cut it: untold, never a no */
  fm_spell_outcome o = outcome_of(&d, 4, none, &longer, out, n);
  ck_assert(o.status == FM_SPELL_UNKNOWN && o.reason == FM_SPELL_UNTOLD && o.in_rate == 0);
  fm_free(out);
}
END_TEST

/* ---- against a look at each day ---- */

typedef struct pay {
  fm_spell_income rows[40];
  fm_spell_incomes x;
} pay;

static int compare_pay(const void *a, const void *b)
{
  const fm_spell_income *x = a, *y = b;
  return x->period < y->period ? -1 : x->period > y->period;
}

static void draw_pay(pay *p, uint64_t *seed)
{
  p->x = (fm_spell_incomes){p->rows, draw(seed, 14), (int32_t)draw(seed, 90), 60 + (int32_t)draw(seed, 300)};
  for (size_t i = 0; i < p->x.n; i++)
    p->rows[i] = (fm_spell_income){7, (int32_t)draw(seed, 380), (double)draw(seed, 5) * 100 - 100};
  qsort(p->rows, p->x.n, sizeof p->rows[0], compare_pay);
}

/* A number that days with the same income period share. */
static int32_t shared(const fm_spell_definition *d, int32_t t, bool record)
{
  int32_t year, month, week;
  if (d->income_period == FM_SPELL_INCOME_WEEK_MONTH && !record) {
    fm_date_to_iso_week(t, &year, &week);
    t = fm_iso_week_month(year, week);
  }
  fm_date_to_ymd(t, &year, &month, NULL);
  return d->income_period == FM_SPELL_INCOME_QUARTER ? 10 * year + (month - 1) / 3 : 100 * year + month;
}

/* y: there is the income, n: there is not, u: nobody knows */
static char paid_on(const fm_spell_definition *d, const fm_spell_incomes *x, int32_t t)
{
  int32_t own = shared(d, t, false);
  double sum = 0;
  size_t n = 0;
  if (own < shared(d, x->first, true) || own > shared(d, x->last, true))
    return 'u';
  for (size_t i = 0; i < x->n; i++)
    if (shared(d, x->rows[i].period, true) == own) {
      sum += x->rows[i].amount;
      n++;
    }
  return d->income_least == 0 ? (n > 0 ? 'y' : 'n') : sum >= d->income_least ? 'y' : 'n';
}

/* day_letter knows days without a record that count or do not. */
static char letter_on(const fm_spell_state *s, size_t n, int32_t t, int32_t none)
{
  bool record = false;
  for (size_t i = 0; i < n; i++)
    record |= s[i].start <= t && s[i].end > t && s[i].state != FM_SPELL_STATE_IGNORED;
  return !record && none == FM_SPELL_STATE_UNTOLD ? 'u' : day_letter(s, n, t, none);
}

static int32_t state_if(int32_t state, char paid)
{
  if ((state != YES && state != WHO_KNOWS) || paid == 'y')
    return state;
  return paid == 'n' ? NOT : WHO_KNOWS;
}

START_TEST(day_by_day)
{
  uint64_t seed = 1973;
  size_t seen[3] = {0};
  for (int k = 0; k < 3000; k++) {
    static const double least[] = {0, 100, 250};
    life l = draw_life(&seed);
    pay p;
    draw_pay(&p, &seed);
    l.d.income_period = 1 + (int32_t)draw(&seed, 3);
    l.d.income_least = least[draw(&seed, 3)];
    l.none = draw(&seed, 3) == 0 ? WHO_KNOWS : l.none;
    int32_t none = l.none;
    size_t n = 0;
    fm_spell_state *out = tested(&n, &none, &l.d, 7, l.states, l.n, &p.x);
    for (int32_t t = 0; t < DAYS; t++) {
      fm_spell_state then[MOST_STATES];
      char paid = paid_on(&l.d, &p.x, t);
      for (size_t i = 0; i < l.n; i++) {
        then[i] = l.states[i];
        then[i].state = state_if(then[i].state, paid);
      }
      char want = letter_on(then, l.n, t, state_if(l.none, paid)), got = letter_on(out, n, t, none);
      ck_assert_msg(got == want, "life %d, day %d, %c: %c, expected %c", k, t, paid, got, want);
      seen[paid == 'y' ? 0 : paid == 'n' ? 1 : 2]++;
    }
    for (size_t i = 1; i < n; i++)
      ck_assert_int_le(out[i - 1].start, out[i].start);
    fm_free(out);
  }
  for (int k = 0; k < 3; k++)
    ck_assert_uint_gt(seen[k], 100000);
}
END_TEST

/* With an income in every month the test changes no answer. */
START_TEST(everybody_paid)
{
  uint64_t seed = 42;
  fm_spell_income rows[14];
  for (int32_t m = 0; m < 14; m++)
    rows[m] = (fm_spell_income){7, day(1969 + (m + 11) / 12, (m + 11) % 12 + 1, 28), 1};
  const fm_spell_incomes x = {rows, 14, rows[0].period, rows[13].period};
  for (int k = 0; k < 2000; k++) {
    life l = draw_life(&seed);
    l.unit.observed_from = 0;
    fm_spell_outcome want = outcome_of(&l.d, l.horizon, l.none, &l.unit, l.states, l.n);
    l.d.income_period = 1 + (int32_t)draw(&seed, 3);
    l.d.income_least = (double)draw(&seed, 2);
    size_t n = 0;
    fm_spell_state *out = tested(&n, &l.none, &l.d, 7, l.states, l.n, &x);
    fm_spell_outcome got = outcome_of(&l.d, l.horizon, l.none, &l.unit, out, n);
    ck_assert_msg(memcmp(&want, &got, sizeof want) == 0, "life %d", k);
    fm_free(out);
  }
}
END_TEST

/* ---- wrong ---- */

START_TEST(wrong)
{
  const fm_spell_state work = {7, 0, 100, 3, YES};
  fm_spell_income rows[] = {{7, 10, 1}, {7, 5, 1}};
  fm_spell_incomes x = {rows, 2, 0, 60};
  int32_t people[] = {7, 7}, none = NOT;
  size_t n = 5;
  fm_spell_state *out = NULL;
  fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
  fm_error err = FM_ERROR_INIT;
#define TRY(status, text, people, n_people, x)                                                                         \
  do {                                                                                                                 \
    ck_assert_int_eq(fm_spell_definition_with_incomes(&out, &n, &none, &d, people, n_people, &work, 1, x, &err),       \
                     status);                                                                                          \
    ck_assert_msg(strstr(err.message, text) != NULL, "%s", err.message);                                               \
    ck_assert_ptr_null(out);                                                                                           \
    fm_error_clear(&err);                                                                                              \
  } while (0)
  TRY(FM_ERR_ARGUMENT, "no test of incomes", people, 1, &x);
  ck_assert_int_eq(fm_spell_income_end(&d, 10), FM_NO_DATE);
  ck_assert_int_eq(fm_spell_income_end(NULL, 10), FM_NO_DATE);
  d.income_period = FM_SPELL_INCOME_MONTH;
  ck_assert_int_eq(fm_spell_income_end(&d, FM_NO_DATE), FM_NO_DATE);
  ck_assert_int_eq(fm_spell_income_end(&d, day(9999, 12, 5)), FM_NO_DATE);
  TRY(FM_ERR_VALUE, "in order of person and period", people, 1, &x);
  rows[1].period = FM_NO_DATE;
  TRY(FM_ERR_VALUE, "period must be a date", people, 1, &x);
  rows[1] = (fm_spell_income){7, 20, (double)NAN};
  TRY(FM_ERR_VALUE, "amount must be a finite number", people, 1, &x);
  rows[1] = (fm_spell_income){6, 20, 1};
  TRY(FM_ERR_VALUE, "in order of person and period", people, 1, &x);
  TRY(FM_ERR_VALUE, "in order, each once", people, 2, &x);
  TRY(FM_ERR_ARGUMENT, "the people must be given", NULL, 1, &x);
  TRY(FM_ERR_ARGUMENT, "the incomes must be given", people, 1, NULL);
  x.first = FM_NO_DATE;
  TRY(FM_ERR_ARGUMENT, "first and last must be dates", people, 1, &x);
  x = (fm_spell_incomes){NULL, 1, 0, 60};
  TRY(FM_ERR_ARGUMENT, "the incomes must be given", people, 1, &x);
  ck_assert_int_eq(fm_spell_definition_with_incomes(NULL, &n, &none, &d, people, 1, &work, 1, &x, &err),
                   FM_ERR_ARGUMENT);
  ck_assert_uint_eq(n, 5);
  fm_error_clear(&err);
  d.income_period = 4;
  TRY(FM_ERR_ARGUMENT, "income_period is out of range", people, 1, &x);
  d.income_period = FM_SPELL_INCOME_NONE;
  d.income_least = 5;
  TRY(FM_ERR_ARGUMENT, "income_least needs income_period", people, 1, &x);
  ck_assert_str_eq(fm_spell_income_period_name(FM_SPELL_INCOME_WEEK_MONTH), "week_month");
  ck_assert_ptr_null(fm_spell_income_period_name(4));
}
END_TEST

/* To the end of the calendar: December 9999 has no day after it. */
START_TEST(last_month)
{
  const fm_spell_income december = {7, day(9999, 12, 1), 100};
  const fm_spell_incomes x = {&december, 1, day(9999, 11, 1), december.period};
  const fm_spell_state work = {7, day(9999, 11, 15), FM_SPELL_OPEN, 1, YES};
  fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
  d.income_period = FM_SPELL_INCOME_MONTH;
  const fm_spell_state want[] = {{7, work.start, day(9999, 12, 1), 1, NOT},
                                 {7, day(9999, 12, 1), FM_SPELL_OPEN, 1, YES}};
  expect_rows("to the end", &d, NOT, &work, 1, &x, want, 2);
}
END_TEST

static fm_status everything(void *ctx, fm_error *err)
{
  const fm_spell_incomes x = {amounts, 4, day(2024, 1, 1), day(2024, 4, 1)};
  const fm_spell_state work = {7, day(2024, 1, 15), day(2024, 4, 20), 3, YES};
  const int32_t person = 7;
  fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
  fm_spell_state *out = NULL;
  int32_t none = YES;
  size_t n = 0;
  (void)ctx;
  d.income_period = FM_SPELL_INCOME_MONTH;
  fm_status status = fm_spell_definition_with_incomes(&out, &n, &none, &d, &person, 1, &work, 1, &x, err);
  ck_assert_int_eq(out == NULL, status != FM_OK);
  fm_free(out);
  return status;
}

START_TEST(memory)
{
  ck_assert_int_ge(fm_test_allocations(everything, NULL), 4);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("spell-definition_income");
  TCase *t = tcase_create("incomes");
  tcase_set_timeout(t, 120);
  tcase_add_test(t, by_month);
  tcase_add_test(t, by_quarter);
  tcase_add_test(t, by_week_month);
  tcase_add_test(t, without_record);
  tcase_add_test(t, order);
  tcase_add_test(t, answers);
  tcase_add_test(t, day_by_day);
  tcase_add_test(t, everybody_paid);
  tcase_add_test(t, wrong);
  tcase_add_test(t, last_month);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
