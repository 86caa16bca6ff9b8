/* What cells that could not be read look like, so that the message can say how to mend the whole column at once. The
 * reader never acts on a look: 03-04-2025 can be two dates. */
#include "csv/csv_priv.h"

#include <stdio.h>
#include <string.h>

/* The shape of a text: each run of digits as its length, everything else as itself; "2-2-4" for 31-12-2025. */
static bool shape(const char *text, size_t length, char out[32])
{
  size_t n = 0;
  for (size_t i = 0; i < length;) {
    size_t run = 0;
    while (i + run < length && text[i + run] >= '0' && text[i + run] <= '9')
      run++;
    if (n + 2 >= 32 || run > 9)
      return false;
    out[n++] = run > 0 ? (char)('0' + run) : text[i];
    i += run > 0 ? run : 1;
  }
  out[n] = '\0';
  return true;
}

static bool is_between(char c)
{
  return c == '-' || c == '.' || c == '/' || c == ' ';
}

static void look_missing(fm__looks *looks, const char *text, size_t length)
{
  static const char *const words[] = {"NA", "N/A", "n/a", "NULL", "null", "#N/A", "-", ".", "NaN", "nan", "None"};
  for (size_t k = 0; k < FM__COUNT(words); k++)
    if (strlen(words[k]) == length && memcmp(words[k], text, length) == 0) {
      if (looks->n_missing++ == 0)
        memcpy(looks->missing, text, length);
    }
}

static void set_pattern(fm__looks *looks, const char *form, const char *text, size_t length)
{
  if (looks->pattern[0] != '\0')
    return;
  for (size_t i = 0; i < length; i++)
    looks->pattern[i] = text[i] >= '0' && text[i] <= '9' ? form[i] : text[i];
}

void fm__look_date(fm__looks *looks, const char *text, size_t length)
{
  char s[32];
  fm__trim(&text, &length);
  looks->n_bad++;
  look_missing(looks, text, length);
  if (!shape(text, length, s))
    return;
  size_t n = strlen(s);
  bool parted = n >= 5 && is_between(s[1]) && is_between(s[3]);
  bool whole = parted && n == 5;
  if (parted && n > 5 && (s[5] == ' ' || s[5] == 'T')) {
    looks->n_timed++;
  } else if (whole && s[0] == '2' && s[2] == '2' && s[4] == '4') {
    looks->n_day_first++;
    looks->n_over_12[0] += memcmp(text, "12", 2) > 0;
    looks->n_over_12[1] += memcmp(text + 3, "12", 2) > 0;
    set_pattern(looks, "DD-MM-YYYY", text, length);
  } else if (whole && s[0] == '4' && s[2] == '2' && s[4] == '2') {
    looks->n_year_first++;
    set_pattern(looks, "YYYY-MM-DD", text, length);
  } else if (strcmp(s, "8") == 0 && (text[0] == '1' || text[0] == '2')) {
    looks->n_year_first++;
    set_pattern(looks, "YYYYMMDD", text, length);
  } else if (strcmp(s, "5") == 0) {
    looks->n_serial++;
  } else if (whole && (s[0] == '1' || s[2] == '1' || s[4] == '1')) {
    looks->n_short++;
  }
}

void fm__look_number(fm__looks *looks, const char *text, size_t length)
{
  int64_t commas = 0, points = 0, others = 0;
  size_t comma_at = 0, point_at = 0;
  fm__trim(&text, &length);
  looks->n_bad++;
  look_missing(looks, text, length);
  for (size_t i = 0; i < length; i++) {
    if (text[i] == ',') {
      commas++;
      comma_at = i;
    } else if (text[i] == '.') {
      points++;
      point_at = i;
    } else if ((text[i] < '0' || text[i] > '9') && !(i == 0 && (text[i] == '-' || text[i] == '+'))) {
      others++;
    }
  }
  if (others > 0 || length < 2)
    return;
  if (commas == 1 && points == 0)
    looks->n_comma++;
  else if ((commas == 1 && points > 0 && comma_at > point_at) || (commas == 0 && points > 1))
    looks->n_danish++;
  else if ((points == 1 && commas > 0 && point_at > comma_at) || (points == 0 && commas > 1))
    looks->n_english++;
  else if (points == 1 && commas == 0)
    looks->n_point++;
}

/* "all 288 dates of this column" or "12 of the 288 dates of this column". */
static void share(char *out, size_t size, int64_t n, int64_t all, const char *what)
{
  if (n != all)
    snprintf(out, size, "%lld of the %lld %s of this column", (long long)n, (long long)all, what);
  else if (n == 1)
    snprintf(out, size, "the %s of this column", what);
  else
    snprintf(out, size, "all %lld %s of this column", (long long)n, what);
}

void fm__hint_date(char *out, size_t size, const fm__looks *looks, int64_t n_given)
{
  char who[80], pattern[12];
  out[0] = '\0';
  if (looks->n_day_first > 0) {
    share(who, sizeof who, looks->n_day_first, n_given, "dates");
    memcpy(pattern, looks->pattern, sizeof pattern);
    bool month_first = looks->n_over_12[1] > 0 && looks->n_over_12[0] == 0;
    if (looks->n_over_12[0] > 0 && looks->n_over_12[1] > 0) {
      snprintf(out, size, "%s have a day and a month in changing order; mend them where they come from", who);
    } else if (strchr(pattern, 'M') != NULL && pattern[0] == 'D') {
      if (month_first) {
        memcpy(pattern, "MM", 2);
        memcpy(pattern + 3, "DD", 2);
      }
      snprintf(out, size, "%s look like %s; declare the date form %s (not guessed: 03-04-2025 could be either)", who,
               month_first ? "month-day-year" : "day-month-year", pattern);
    }
  } else if (looks->n_year_first > 0) {
    share(who, sizeof who, looks->n_year_first, n_given, "dates");
    snprintf(out, size, "%s have the year first; declare the date form %s", who, looks->pattern);
  } else if (looks->n_timed > 0) {
    share(who, sizeof who, looks->n_timed, n_given, "cells");
    snprintf(out, size, "%s hold a time of day as well; save the column as a date only", who);
  } else if (looks->n_serial > 0) {
    share(who, sizeof who, looks->n_serial, n_given, "cells");
    snprintf(out, size, "%s look like a spreadsheet's day numbers; format the column as a date and save again", who);
  } else if (looks->n_short > 0) {
    share(who, sizeof who, looks->n_short, n_given, "dates");
    snprintf(out, size, "%s have days or months of one digit; save them with two", who);
  } else if (looks->n_missing > 0) {
    share(who, sizeof who, looks->n_missing, looks->n_bad, "unreadable cells");
    snprintf(out, size, "%s stand for no value; leave them empty or declare \"%s\" as missing", who, looks->missing);
  }
}

void fm__hint_number(char *out, size_t size, const fm__looks *looks, const fm__csv_format *f)
{
  out[0] = '\0';
  if (f->f.decimal == '.' && looks->n_danish + looks->n_comma > 0 && looks->n_english == 0) {
    snprintf(out, size, "the file looks Danish; declare the decimal comma%s",
             looks->n_danish > 0 ? " and the thousands point" : "");
  } else if (f->f.decimal == ',' && looks->n_danish > 0 && looks->n_english == 0 && f->f.thousands == 0) {
    snprintf(out, size, "declare the thousands point as well");
  } else if (f->f.decimal == ',' && looks->n_point + looks->n_english > 0 && looks->n_danish == 0) {
    snprintf(out, size, "the file looks English; declare the decimal point%s",
             looks->n_english > 0 ? " and the thousands comma" : "");
  } else if (f->f.decimal == '.' && looks->n_english > 0 && looks->n_danish == 0 && f->f.thousands == 0) {
    snprintf(out, size, "declare the thousands comma");
  } else if (looks->n_missing > 0) {
    char who[80];
    share(who, sizeof who, looks->n_missing, looks->n_bad, "unreadable cells");
    snprintf(out, size, "%s stand for no value; leave them empty or declare \"%s\" as missing", who, looks->missing);
  }
}
