#include "support/support.h"

#include <math.h>
#include <string.h>

#include "report/report_priv.h"

/* Rounding by uncertainty: the examples of the layout rules, h the half width and the power of ten at most h/4. */
static const struct rounding {
  double value, low, high;
  int32_t exponent;
  const char *en, *da, *range_en, *range_da;
} roundings[] = {
    {202.8, 159, 257, 1, "200", "200", "160-260", "160-260"},                       /* h 49, h/4 12.25: tens */
    {72.9, 66.4, 78.6, 0, "73", "73", "66-79", "66-79"},                            /* h 6.1, h/4 1.5: ones */
    {23400, 18900, 28100, 3, "23,000", "23.000", "19,000-28,000", "19.000-28.000"}, /* h 4600: thousands */
    {0.4321, 0.40, 0.46, -3, "0.432", "0,432", "0.400-0.460", "0,400-0,460"}, /* h 0.03, h/4 0.0075: thousandths */
    {-2.5, -8.4, 17.2, 0, "-3", "-3", "-8 to 17", "-8 til 17"}, /* half away from zero; words with a minus */
    {-0.4, -8, 8, 0, "0", "0", "-8 to 8", "-8 til 8"},          /* never -0 */
    {5, 5, 5, 0, "5", "5", "5-5", "5-5"},                       /* no width: whole */
    {1234567, 1e6, 2e6, 5, "1,200,000", "1.200.000", "1,000,000-2,000,000", "1.000.000-2.000.000"},
};

START_TEST(rounding_by_uncertainty)
{
  const struct rounding *r = &roundings[_i];
  fm__bytes b = {0};
  int32_t exponent = fm__rounding(r->low, r->high);
  ck_assert_int_eq(exponent, r->exponent);
  fm__say_rounded(&b, r->value, exponent, "en");
  ck_assert_str_eq(fm__text_of(&b), r->en);
  b.size = 0;
  fm__say_rounded(&b, r->value, exponent, "da");
  ck_assert_str_eq(fm__text_of(&b), r->da);
  b.size = 0;
  fm__say_range(&b, r->low, r->high, exponent, "en");
  ck_assert_str_eq(fm__text_of(&b), r->range_en);
  b.size = 0;
  fm__say_range(&b, r->low, r->high, exponent, "da");
  ck_assert_str_eq(fm__text_of(&b), r->range_da);
  fm__bytes_free(&b);
}
END_TEST

static const struct value {
  const char *label;
  fm__shown f;
  const char *en, *da, *interval_en, *full_da;
} values[] = {
    {"count", {"people", "count", "ok", 3478, NAN, NAN, 3478}, "3,478", "3.478", "", "3478"},
    {"a thousand less one", {"people", "count", "ok", 999, NAN, NAN, 999}, "999", "999", "", "999"},
    {"share with interval", {"rate", "share", "ok", 0.78, 0.648, 0.872, 50}, "78%", "78 %", "65-87%", "0,78"},
    {"share without", {"share_of_goal", "share", "ok", 0.3049, NAN, NAN, 50}, "30%", "30 %", "", "0,3049"},
    {"share of few", {"rate", "share", "ok", 0.75, NAN, NAN, 12}, "9 of 12", "9 af 12", "", "0,75"},
    {"half a goal", {"share_of_goal", "share", "ok", 0.5, NAN, NAN, 10}, "50%", "50 %", "", "0,5"},
    {"a share of money", {"state_share", "share", "ok", 0.4, NAN, NAN, 5}, "40%", "40 %", "", "0,4"},
    {"a chance of few", {"known_pace_probability", "share", "ok", 1, NAN, NAN, 15}, "over 99%", "over 99 %", "", "1"},
    {"a centre", {"centre", "count", "ok", 5.25, NAN, NAN, 21}, "5.25", "5,25", "", "5,25"},
    {"an upper limit", {"upper_limit", "count", "ok", 12.1238, NAN, NAN, 21}, "12.1", "12,1", "", "12,1238"},
    {"a whole limit", {"lower_limit", "count", "ok", 0, NAN, NAN, 21}, "0", "0", "", "0"},
    {"a large limit", {"upper_limit", "value", "ok", 1234.5678, NAN, NAN, -1}, "1,235", "1.235", "", "1234,5678"},
    {"a small rate", {"reference", "rate", "ok", 0.013636, NAN, NAN, 6}, "0.0136", "0,0136", "", "0,013636"},
    {"weighted share of few", {"rate", "share", "ok", 0.198, NAN, NAN, 15}, "20%", "20 %", "", "0,198"},
    {"chance", {"probability", "share", "ok", 0.958, NAN, NAN, 50}, "96%", "96 %", "", "0,958"},
    {"nearly certain", {"probability", "share", "ok", 0.9995, NAN, NAN, 50}, "over 99%", "over 99 %", "", "0,9995"},
    {"nearly none", {"probability", "share", "ok", 0.002, NAN, NAN, 50}, "under 1%", "under 1 %", "", "0,002"},
    {"a small range", {"range", "value", "ok", 0.3333, NAN, NAN, 6}, "0.333", "0,333", "", "0,3333"},
    {"a mean without an error", {"mean", "value", "ok", 3.5, NAN, NAN, 1}, "3.50", "3,50", "", "3,5"},
    {"months", {"months_between", "months", "ok", 6.2856, NAN, NAN, 150}, "6.29", "6,29", "", "6,2856"},
    {"many hours", {"hours", "hours", "ok", 13941.5, NAN, NAN, 304}, "13,942", "13.942", "", "13941,5"},
    {"hours", {"hours_mean", "hours_per_week", "ok", 22.35, NAN, NAN, 169}, "22.4", "22,4", "", "22,35"},
    {"few full-time jobs", {"fte", "fte", "ok", 16.61, NAN, NAN, 31}, "16.6", "16,6", "", "16,61"},
    {"FTE-years", {"expected_fte_years", "fte_years", "ok", 1.24, NAN, NAN, 1}, "1.2", "1,2", "", "1,24"},
    {"many full-time jobs", {"fte", "fte", "ok", 100.5, NAN, NAN, 166}, "101", "101", "", "100,5"},
    {"pace", {"required_rate", "per_day", "ok", 0.4145, NAN, NAN, 50}, "0.41", "0,41", "", "0,4145"},
    {"growth", {"panel_growth", "per_year", "ok", 0.0624, NAN, NAN, 50}, "6.24%", "6,24 %", "", "0,0624"},
    {"growth in all", {"mean_growth", "total", "ok", -0.0306, NAN, NAN, 50}, "-3.06%", "-3,06 %", "", "-0,0306"},
    {"growth with interval",
     {"growth", "per_year", "ok", 0.0149, 0.0091, 0.0207, 50},
     "1.5%",
     "1,5 %",
     "0.9-2.1%",
     "0,0149"},
    {"per cent", {"share", "percent", "ok", 7.988134, 7.2797, 8.759, 50}, "8.0%", "8,0 %", "7.3-8.8%", "7,988134"},
    {"per cent without", {"share", "percent", "ok", 100, NAN, NAN, 50}, "100.0%", "100,0 %", "", "100"},
    {"no difference", {"p_value", "share", "ok", 0.5219, NAN, NAN, 396}, "0.52", "0,52", "", "0,5219"},
    {"a small p of few", {"p_value", "share", "ok", 0.0414, NAN, NAN, 12}, "0.041", "0,041", "", "0,0414"},
    {"a tiny p", {"gray_p_value", "index", "ok", 1e-9, NAN, NAN, 396}, "<0.001", "<0,001", "", "1e-09"},
    {"p at a thousandth", {"p_value", "share", "ok", 0.001, NAN, NAN, 396}, "0.001", "0,001", "", "0,001"},
    {"p of all comparisons", {"p_adjusted", "share", "ok", 0.96, NAN, NAN, 396}, "0.96", "0,96", "", "0,96"},
    {"p just below a tenth", {"p_value", "share", "ok", 0.0996, NAN, NAN, 396}, "0.10", "0,10", "", "0,0996"},
    {"a test", {"chi_square", "value", "ok", 31.4159, NAN, NAN, 396}, "31.42", "31,42", "", "31,4159"},
    {"a test of a model", {"wald", "chi_square", "ok", 4.006, NAN, NAN, 396}, "4.01", "4,01", "", "4,006"},
    {"hidden", {"rate", "share", "suppressed", NAN, NAN, NAN, -1}, "hidden", "skjult", "", "skjult"},
    {"open", {"rate", "share", "censored", NAN, NAN, NAN, -1}, "not known yet", "ved ikke endnu", "", "ved ikke endnu"},
    {"a date",
     {"finish_date", "date", "ok", 18192, 18134, 18273, 50},
     "23 Oct 2019",
     "23.10.2019",
     "26 Aug 2019 to 12 Jan 2020",
     "23.10.2019"},
    {"a verdict", {"verdict", "code", "ok", 2, NAN, NAN, 50}, "on course", "på vej", "", "på vej"},
    {"endless", {"finish_days", "days", "ok", INFINITY, NAN, NAN, 5}, "Inf", "Inf", "", "Inf"},
};

START_TEST(values_in_a_table)
{
  const struct value *v = &values[_i];
  fm__bytes b = {0};
  fm__say_value(&b, &v->f, false, "en");
  ck_assert_msg(strcmp(fm__text_of(&b), v->en) == 0, "%s: %s", v->label, (char *)b.data);
  b.size = 0;
  fm__say_value(&b, &v->f, false, "da");
  ck_assert_msg(strcmp(fm__text_of(&b), v->da) == 0, "%s: %s", v->label, (char *)b.data);
  b.size = 0;
  fm__say_value(&b, &v->f, true, "da");
  ck_assert_msg(strcmp(fm__text_of(&b), v->full_da) == 0, "%s: %s", v->label, (char *)b.data);
  b.size = 0;
  fm__say_interval(&b, &v->f, false, "en");
  ck_assert_msg(strcmp(fm__text_of(&b), v->interval_en) == 0, "%s: %s", v->label, (char *)b.data);
  fm__bytes_free(&b);
}
END_TEST

START_TEST(dates_of_both_languages)
{
  static const char *const long_da[] = {"31. januar 2025", "28. februar 2025", "31. marts 2025"};
  fm__bytes b = {0};
  int32_t days[] = {fm_date_from_ymd(2025, 1, 31), fm_date_from_ymd(2025, 2, 28), fm_date_from_ymd(2025, 3, 31)};
  for (size_t i = 0; i < 3; i++) {
    b.size = 0;
    fm__say_date(&b, days[i], "da");
    ck_assert_str_eq(fm__text_of(&b), long_da[i]);
  }
  b.size = 0;
  fm__say_date(&b, days[2], "en");
  fm__put(&b, "|");
  fm__say_date_short(&b, days[2], "en");
  fm__put(&b, "|");
  fm__say_date_short(&b, fm_date_from_ymd(2019, 4, 1), "da");
  ck_assert_str_eq(fm__text_of(&b), "31 March 2025|31 Mar 2025|1.4.2019");
  fm__bytes_free(&b);
}
END_TEST

/* No line is wider than the page, nothing is lost, letters count once. */
START_TEST(wrapping_keeps_every_word)
{
  fm__bytes b = {0}, joined = {0};
  const char *text = "en m\xC3\xA5ned, hvor \xC3\xA6"
                     "bler og p\xC3\xA6rer og bl\xC3\xB8"
                     "dt br\xC3\xB8"
                     "d ligger i "
                     "kurven ved siden af et langt brev fra kommunen om alt det, der skal ske her i \xC3\xA5r";
  fm__put_spaces(&b, 6);
  fm__put_wrapped(&b, text, 6, 4);
  for (const char *line = fm__text_of(&b); *line != '\0';) {
    size_t size = strcspn(line, "\n");
    ck_assert_uint_le(fm__width_of(line, size), 80);
    fm__put(&joined, joined.size > 0 ? " " : "");
    size_t indent = strspn(line, " ");
    fm__bytes_raw(&joined, line + indent, size - indent);
    line += size + 1;
  }
  ck_assert_str_eq(fm__text_of(&joined), text);
  fm__bytes_free(&b);
  fm__bytes_free(&joined);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("report-number");
  TCase *c = tcase_create("number");
  tcase_add_loop_test(c, rounding_by_uncertainty, 0, FM_COUNT(roundings));
  tcase_add_loop_test(c, values_in_a_table, 0, FM_COUNT(values));
  tcase_add_test(c, dates_of_both_languages);
  tcase_add_test(c, wrapping_keeps_every_word);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
