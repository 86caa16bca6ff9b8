/* Numbers and dates for people: two fixed formats, no locale. Rounded once, from the full value. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/num_priv.h"
#include "report/report_priv.h"

static bool danish(const char *lang)
{
  return strcmp(lang, "da") == 0;
}

/* Digits with '.' as the library prints them, in the form of the language. */
static void put_digits(fm__bytes *b, const char *digits, const char *lang, bool grouped)
{
  bool da = danish(lang);
  if (*digits == '-')
    fm__bytes_raw(b, digits++, 1);
  size_t whole = strspn(digits, "0123456789");
  for (size_t i = 0; i < whole; i++) {
    if (grouped && i > 0 && (whole - i) % 3 == 0)
      fm__put(b, da ? "." : ",");
    fm__bytes_raw(b, digits + i, 1);
  }
  digits += whole;
  if (*digits == '.') {
    fm__put(b, da ? "," : ".");
    digits++;
  }
  fm__put(b, digits);
}

void fm__say_whole(fm__bytes *b, int64_t value, const char *lang)
{
  char digits[32];
  snprintf(digits, sizeof digits, "%lld", (long long)value);
  put_digits(b, digits, lang, true);
}

void fm__say_exact(fm__bytes *b, double value, const char *lang)
{
  char digits[32];
  fm__print_f64(digits, value);
  put_digits(b, digits, lang, false);
}

void fm__say_fixed(fm__bytes *b, double value, int32_t decimals, const char *lang)
{
  char digits[40];
  if (isnan(value))
    return;
  if (!(fabs(value) < 1e15)) {
    fm__say_exact(b, value, lang);
    return;
  }
  fm__print_fixed(digits, value, decimals);
  bool zero = strspn(digits, "-0.") == strlen(digits);
  put_digits(b, zero && digits[0] == '-' ? digits + 1 : digits, lang, true);
}

static double power_of_ten(int32_t exponent)
{
  double power = 1;
  for (int32_t i = 0; i < exponent; i++)
    power *= 10;
  return power;
}

double fm__round_to(double value, int32_t exponent)
{
  if (exponent <= 0)
    return value;
  double power = power_of_ten(exponent), whole = floor(fabs(value) / power + 0.5) * power;
  return value < 0 ? -whole : whole;
}

void fm__say_rounded(fm__bytes *b, double value, int32_t exponent, const char *lang)
{
  fm__say_fixed(b, fm__round_to(value, exponent), exponent < 0 ? -exponent : 0, lang);
}

int32_t fm__rounding(double low, double high)
{
  double quarter = (high - low) / 8;
  int32_t exponent = 0;
  if (!(quarter > 0) || isinf(quarter))
    return 0;
  while (exponent < 12 && power_of_ten(exponent + 1) <= quarter)
    exponent++;
  while (exponent > -6 && exponent <= 0 && 1 / power_of_ten(-exponent) > quarter)
    exponent--;
  return exponent;
}

int32_t fm__leading(double value)
{
  int32_t exponent = 0;
  while (exponent < 12 && fabs(value) >= power_of_ten(exponent + 3))
    exponent++;
  return exponent;
}

void fm__say_percent(fm__bytes *b, double share, int32_t exponent, const char *lang)
{
  fm__say_rounded(b, 100 * share, exponent, lang);
  fm__put(b, fm_catalogue_label("number.percent", lang));
}

void fm__say_range(fm__bytes *b, double low, double high, int32_t exponent, const char *lang)
{
  bool open = !(fabs(low) < 1e15) || !(fabs(high) < 1e15);
  fm__say_rounded(b, low, exponent, lang);
  fm__put(b, low < 0 || open ? fm_catalogue_label("number.to", lang) : "-");
  fm__say_rounded(b, high, exponent, lang);
}

void fm__say_chance(fm__bytes *b, double probability, const char *lang)
{
  if (probability > 0.99)
    fm__put(b, fm_catalogue_label("number.over_99", lang));
  else if (probability < 0.01)
    fm__put(b, fm_catalogue_label("number.under_1", lang));
  else
    fm__say_fixed(b, 100 * probability, 0, lang);
}

static const char *month_name(const char *prefix, int32_t month, const char *lang)
{
  char name[8];
  snprintf(name, sizeof name, "%d", (int)month);
  return fm__label(prefix, name, lang);
}

static void say_parts(fm__bytes *b, int32_t date, const char *key, const char *months, const char *lang)
{
  int32_t y, m, d;
  char year[8], month[8], day[8];
  fm_date_to_ymd(date, &y, &m, &d);
  snprintf(year, sizeof year, "%d", (int)y);
  snprintf(month, sizeof month, "%d", (int)m);
  snprintf(day, sizeof day, "%d", (int)d);
  const char *args[] = {day, month, year, month_name(months, m, lang)};
  fm__say(b, lang, key, args, FM__COUNT(args));
}

void fm__say_date(fm__bytes *b, int32_t date, const char *lang)
{
  say_parts(b, date, "date.words", "month", lang);
}

void fm__say_day(fm__bytes *b, int32_t date, const char *lang)
{
  say_parts(b, date, "date.day", "month", lang);
}

void fm__say_date_short(fm__bytes *b, int32_t date, const char *lang)
{
  say_parts(b, date, "date.table", "month.short", lang);
}

static bool is_unit(const fm__shown *f, const char *unit)
{
  return f->unit != NULL && strcmp(f->unit, unit) == 0;
}

static bool has_interval(const fm__shown *f)
{
  return !isnan(f->low) && !isnan(f->high) && f->high > f->low;
}

void fm__say_p_value(fm__bytes *b, double p, const char *lang)
{
  bool small = p < 0.001;
  fm__put(b, small ? "<" : "");
  fm__say_fixed(b, small ? 0.001 : p, p < 0.0995 ? 3 : 2, lang);
}

static bool is_p_value(const fm__shown *f)
{
  return f->quantity != NULL && (strcmp(f->quantity, "p_value") == 0 || strcmp(f->quantity, "p_adjusted") == 0 ||
                                 strcmp(f->quantity, "gray_p_value") == 0);
}

/* Limits of control charts, rates, and means or differences that come without an uncertainty: three digits, but no more
 * of whole numbers; 0.33 points are not 0. */
static bool is_of_three_digits(const fm__shown *f)
{
  static const char *const names[] = {
      "centre",       "lower_limit",       "upper_limit",       "exact_lower_limit", "exact_upper_limit",
      "moving_range", "mean_moving_range", "moving_range_limit"};
  bool found = is_unit(f, "rate") || is_unit(f, "value") || is_unit(f, "points") || is_unit(f, "months");
  for (size_t k = 0; k < FM__COUNT(names) && f->quantity != NULL; k++)
    found = found || strcmp(f->quantity, names[k]) == 0;
  return found;
}

static int32_t three_digits(double value)
{
  int32_t decimals = 0;
  double size = fabs(value);
  if (floor(value) == value)
    return 0;
  for (; decimals < 9 && size < 99.95; size *= 10)
    decimals++;
  return decimals;
}

static int32_t decimals_of(const fm__shown *f)
{
  if (is_unit(f, "chi_square") ||
      (f->quantity != NULL && (strcmp(f->quantity, "chi_square") == 0 || strcmp(f->quantity, "gray_statistic") == 0)))
    return 2;
  if (is_of_three_digits(f))
    return three_digits(f->value);
  if (is_unit(f, "hours_per_week"))
    return 1;
  if (is_unit(f, "fte") || is_unit(f, "fte_years") || is_unit(f, "places") || is_unit(f, "years"))
    return fabs(f->value) < 100;
  if (is_unit(f, "index"))
    return 3;
  return is_unit(f, "ratio") || is_unit(f, "per_day") || is_unit(f, "") ? 2 : 0;
}

/* Whole per cent, unless the uncertainty is below one point. */
static int32_t percent_rounding(const fm__shown *f)
{
  int32_t exponent = fm__rounding(100 * f->low, 100 * f->high);
  return exponent < 0 && 50 * (f->high - f->low) >= 1 ? 0 : exponent;
}

static bool is_chance(const fm__shown *f)
{
  return f->quantity != NULL && strstr(f->quantity, "probability") != NULL &&
         strcmp(f->quantity, "transition_probability") != 0;
}

/* Shares of time, money or hours, and of a goal: their n is not what they are shares of. */
static bool is_share_of_others(const fm__shown *f)
{
  static const char *const names[] = {"state_share", "started_share",     "delivered_share",      "rate_component",
                                      "range",       "standardised_rate", "composition_component"};
  bool found = f->quantity != NULL && strncmp(f->quantity, "share_of_", 9) == 0;
  for (size_t k = 0; k < FM__COUNT(names) && f->quantity != NULL; k++)
    found = found || strcmp(f->quantity, names[k]) == 0;
  return found;
}

/* A share of few people as a count of them; a weighted one is none. */
static bool is_count_of_few(const fm__shown *f)
{
  double count = f->value * (double)f->n;
  return !is_share_of_others(f) && f->n > 0 && f->n < 20 && fabs(count - floor(count + 0.5)) < 1e-6;
}

static void say_share(fm__bytes *b, const fm__shown *f, const char *lang)
{
  if (is_chance(f)) {
    fm__say_chance(b, f->value, lang);
    fm__put(b, fm_catalogue_label("number.percent", lang));
  } else if (has_interval(f)) {
    fm__say_percent(b, f->value, percent_rounding(f), lang);
  } else if (is_count_of_few(f)) {
    fm__say_fixed(b, f->value * (double)f->n, 0, lang);
    fm__put(b, fm_catalogue_label("number.of", lang));
    fm__say_whole(b, f->n, lang);
  } else {
    fm__say_percent(b, f->value, 0, lang);
  }
}

/* What makes a growth, or a figure in per cent, per cent; 0: it is neither. */
static double percent_scale(const fm__shown *f)
{
  return is_unit(f, "per_year") || is_unit(f, "total") ? 100 : is_unit(f, "percent") ? 1 : 0;
}

static void say_scaled(fm__bytes *b, const fm__shown *f, double scale, const char *lang)
{
  if (has_interval(f))
    fm__say_rounded(b, scale * f->value, fm__rounding(scale * f->low, scale * f->high), lang);
  else
    fm__say_fixed(b, scale * f->value, scale > 1 ? 2 : 1, lang);
  fm__put(b, fm_catalogue_label("number.percent", lang));
}

void fm__say_value(fm__bytes *b, const fm__shown *f, bool full, const char *lang)
{
  char verdict[8];
  if (isnan(f->value)) {
    fm__put(b, f->state != NULL ? fm__label("state", f->state, lang) : "");
  } else if (is_unit(f, "date") && fabs(f->value) < 3e6) {
    fm__say_date_short(b, (int32_t)f->value, lang);
  } else if (is_unit(f, "code") && f->quantity != NULL && strcmp(f->quantity, "verdict") == 0) {
    snprintf(verdict, sizeof verdict, "%d", (int)f->value);
    fm__put(b, fm__label("verdict", verdict, lang));
  } else if (full) {
    fm__say_exact(b, f->value, lang);
  } else if (is_p_value(f)) {
    fm__say_p_value(b, f->value, lang);
  } else if (is_unit(f, "share")) {
    say_share(b, f, lang);
  } else if (percent_scale(f) > 0) {
    say_scaled(b, f, percent_scale(f), lang);
  } else if (has_interval(f)) {
    fm__say_rounded(b, f->value, fm__rounding(f->low, f->high), lang);
  } else {
    fm__say_fixed(b, f->value, decimals_of(f), lang);
  }
}

void fm__say_interval(fm__bytes *b, const fm__shown *f, bool full, const char *lang)
{
  bool share = is_unit(f, "share");
  double scale = share ? 100 : percent_scale(f);
  bool percent = scale > 0;
  if (isnan(f->value) || !has_interval(f))
    return;
  if (is_unit(f, "date") || full) {
    fm__shown first = *f, last = *f;
    first.value = f->low;
    last.value = f->high;
    fm__say_value(b, &first, full, lang);
    fm__put(b, fm_catalogue_label("number.to", lang));
    fm__say_value(b, &last, full, lang);
    return;
  }
  double low = percent ? scale * f->low : f->low, high = percent ? scale * f->high : f->high;
  fm__say_range(b, low, high, share ? percent_rounding(f) : fm__rounding(low, high), lang);
  fm__put(b, percent ? fm_catalogue_label("number.percent", lang) : "");
}
