/* Words, numbers and lines of the page. All words come from data/catalogue/labels.csv. */
#ifndef FM_REPORT_PRIV_H
#define FM_REPORT_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/calendar.h"
#include "flexmetrics/report.h"

#define FM__PAGE_WIDTH 80

/* FM_OK for "en" and "da". */
fm_status fm__check_lang(const char *lang, fm_error *err);

/* ---- texts being built ---- */
void fm__put(fm__bytes *b, const char *text);
void fm__put_spaces(fm__bytes *b, size_t n);
const char *fm__text_of(fm__bytes *b); /* terminated; "" when out of memory (b->failed) */
/* Gives the text away as fm_free'd memory; frees `b`. */
fm_status fm__give_text(char **out, fm__bytes *b, fm_error *err);
size_t fm__width(const char *text);                  /* characters of UTF-8 */
size_t fm__width_of(const char *text, size_t bytes); /* of the first `bytes` bytes */
/* Writes `text` broken at spaces: the first line begins at column `at`, the others after `indent` spaces. */
void fm__put_wrapped(fm__bytes *b, const char *text, size_t at, size_t indent);

/* ---- words ---- */
/* Label `prefix`.`name`; `name` itself when there is none. */
const char *fm__label(const char *prefix, const char *name, const char *lang);
/* Label `key` with {1} {2} ... replaced by args. */
void fm__say(fm__bytes *b, const char *lang, const char *key, const char *const *args, size_t n_args);

/* ---- numbers (number.c): rounded once, from the full value, half away from zero ---- */
void fm__say_whole(fm__bytes *b, int64_t value, const char *lang);                  /* 23,000 or 23.000 */
void fm__say_fixed(fm__bytes *b, double value, int32_t decimals, const char *lang); /* NaN: nothing */
void fm__say_exact(fm__bytes *b, double value, const char *lang);                   /* all digits */
/* Rounded to 10^exponent. */
void fm__say_rounded(fm__bytes *b, double value, int32_t exponent, const char *lang);
double fm__round_to(double value, int32_t exponent);
/* The largest power of ten that is at most a quarter of the half width of an interval. */
int32_t fm__rounding(double low, double high);
/* The power of ten of its third digit, at least 0: what a sum of money is rounded to. */
int32_t fm__leading(double value);
void fm__say_percent(fm__bytes *b, double share, int32_t exponent, const char *lang);
/* "64-89", with words when a limit is negative; `scale` multiplies first (100 for shares). */
void fm__say_range(fm__bytes *b, double low, double high, int32_t exponent, const char *lang);
void fm__say_chance(fm__bytes *b, double probability, const char *lang); /* "96", "over 99", "under 1" in 100 */
/* 0.52, 0.041, <0.001: two decimals, three below 0.1. */
void fm__say_p_value(fm__bytes *b, double p, const char *lang);
void fm__say_date(fm__bytes *b, int32_t date, const char *lang);       /* 31 December 2025 */
void fm__say_day(fm__bytes *b, int32_t date, const char *lang);        /* 31 December */
void fm__say_date_short(fm__bytes *b, int32_t date, const char *lang); /* 31 Dec 2025, 31.12.2025 */

typedef struct fm__shown {
  const char *quantity, *unit, *state;
  double value, low, high;
  int64_t n; /* -1: null */
} fm__shown;
/* The value as a table shows it; its state in words when there is no value. */
void fm__say_value(fm__bytes *b, const fm__shown *f, bool full, const char *lang);
void fm__say_interval(fm__bytes *b, const fm__shown *f, bool full, const char *lang);

#endif
