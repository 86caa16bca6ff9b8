/* What the columns of a wide weekly file are, from their names. */
#include "dream/dream_priv.h"

#include <string.h>

static int32_t digits(const char *t, int n)
{
  int32_t v = 0;
  for (int i = 0; i < n; i++) {
    if (t[i] < '0' || t[i] > '9')
      return -1;
    v = 10 * v + (t[i] - '0');
  }
  return v;
}

/* Does `name` begin with `lower`, in letters of any case? */
static bool begins(const char *name, const char *lower)
{
  for (; *lower != '\0'; name++, lower++)
    if ((*name >= 'A' && *name <= 'Z' ? *name + 32 : *name) != *lower)
      return false;
  return true;
}

int fm__dream_column(const char *name, int32_t *number, bool *exists)
{
  size_t n = strlen(name);
  bool industry = n == 15 && begins(name, "branche_"), rate = n == 12 && begins(name, "grad_");
  if (n == 6 && begins(name, "y_") && digits(name + 2, 4) >= 0) {
    int32_t year = digits(name + 2, 2);
    *number = fm_date_from_iso_week(year >= 90 ? 1900 + year : 2000 + year, digits(name + 4, 2));
    *exists = *number != FM_NO_DATE;
    return FM__COLUMN_WEEK;
  }
  if (!industry && !rate)
    return FM__COLUMN_OTHER;
  const char *t = name + n - 7;
  if (digits(t, 4) < 0 || t[4] != '_' || digits(t + 5, 2) < 0)
    return FM__COLUMN_OTHER;
  int32_t month = digits(t + 5, 2);
  *number = 12 * digits(t, 4) + month - 1;
  *exists = month >= 1 && month <= 12 && digits(t, 4) >= 1;
  return industry ? FM__COLUMN_INDUSTRY : FM__COLUMN_RATE;
}

static void problem(fm__csv_reader *r, const char *code, int32_t severity, const char *column, int64_t index,
                    const char *value, const char *what, const char *expected, const char *hint)
{
  fm__csv_problem(r, &(fm__problem){.code = code,
                                    .severity = severity,
                                    .column = column,
                                    .value = value,
                                    .value_length = value != NULL ? strlen(value) : 0,
                                    .what = what,
                                    .expected = expected,
                                    .hint = hint,
                                    .row = -1,
                                    .line = index < 0 ? -1 : 1,
                                    .sheet_row = index < 0 ? -1 : 1,
                                    .column_index = index});
  r->stop = r->stop || severity == FM__ERROR;
}

static bool is_key(const char *label, const char *key)
{
  return begins(label, key) && label[strlen(key)] == '\0';
}

/* The column of the key; n_columns when there is none. */
static size_t find_id(fm__csv_reader *r, const char *wanted)
{
  static const char *const keys[] = {"pnr", "lobenr", "loebenr", "person_id"};
  for (size_t i = 0; wanted == NULL && i < FM__COUNT(keys); i++)
    for (size_t k = 0; k < r->n_columns; k++)
      if (is_key(fm__csv_label(r, k), keys[i]))
        return k;
  for (size_t k = 0; wanted != NULL && k < r->n_columns; k++)
    if (strcmp(fm__csv_label(r, k), wanted) == 0)
      return k;
  problem(r, "FM-H01", FM__ERROR, wanted != NULL ? wanted : "pnr", -1, NULL,
          "the column of the person's key is not there", "a column pnr, lobenr or person_id",
          "name the column of the key");
  return r->n_columns;
}

static void month_of_week(int32_t monday, int32_t *month)
{
  int32_t y, m;
  fm_date_to_ymd(monday + 3, &y, &m, NULL);
  *month = 12 * y + m - 1;
}

/* Kinds and places of all columns; the weeks span from the first to the last. */
static void read_names(fm__dream_plan *p, fm__csv_reader *r, int32_t *last_monday)
{
  p->first_monday = INT32_MAX;
  *last_monday = INT32_MIN;
  for (size_t k = 0; k < r->n_columns; k++) {
    int32_t number = 0;
    bool exists = true;
    const char *label = fm__csv_label(r, k);
    int kind = k == p->id ? FM__COLUMN_ID : fm__dream_column(label, &number, &exists);
    if (!exists) {
      problem(r, "FM-H05", FM__ERROR, label, (int64_t)k, NULL, "the calendar has no such week or month",
              "y_YYWW with a week of that ISO year, or _YYYY_MM with a month", "take the column out");
      continue;
    }
    p->kind[k] = (uint8_t)kind;
    p->place[k] = (uint32_t)number;
    if (kind != FM__COLUMN_WEEK)
      continue;
    p->first_monday = number < p->first_monday ? number : p->first_monday;
    *last_monday = number > *last_monday ? number : *last_monday;
  }
  if (p->first_monday == INT32_MAX && !r->stop)
    problem(r, "FM-H01", FM__ERROR, "y_YYWW", -1, NULL, "no column holds the codes of a week", "columns y_YYWW",
            "the names of weeks are y_ and two digits each for year and week");
}

/* Weeks and months become places from the first on; a month outside the weeks is of no use. */
static void place_columns(fm__dream_plan *p, fm__csv_reader *r, const fm_dream_spec *spec)
{
  bool *taken = p->has_employment; /* not filled yet: free to use for what is there twice */
  memset(p->absent, 1, p->n_weeks);
  for (size_t k = 0; k < r->n_columns; k++) {
    if (p->kind[k] == FM__COLUMN_WEEK) {
      p->place[k] = (uint32_t)(((int32_t)p->place[k] - p->first_monday) / 7);
      if (!p->absent[p->place[k]])
        problem(r, "FM-H02", FM__ERROR, fm__csv_label(r, k), (int64_t)k, NULL, "a week that is there twice",
                "each week once", "take one of the columns out");
      p->absent[p->place[k]] = 0;
    } else if (p->kind[k] == FM__COLUMN_INDUSTRY || p->kind[k] == FM__COLUMN_RATE) {
      int32_t month = (int32_t)p->place[k] - p->first_month;
      bool inside = month >= 0 && month < (int32_t)p->n_months;
      p->place[k] = inside ? (uint32_t)month : 0;
      if (!inside)
        p->kind[k] = FM__COLUMN_OTHER;
      else
        taken[month] = true;
    }
  }
  for (size_t m = 0; m < p->n_months; m++) {
    int32_t month = p->first_month + (int32_t)m;
    taken[m] = taken[m] && fm_date_from_ymd(month / 12, month % 12 + 1, 1) >= spec->employment_from;
  }
  for (size_t k = r->n_columns; k-- > 0;) {
    bool on = k + 1 < r->n_columns && p->kind[k + 1] == p->kind[k] && p->kind[k] != FM__COLUMN_ID &&
              (p->kind[k] == FM__COLUMN_OTHER || p->place[k + 1] == p->place[k] + 1);
    p->same[k] = on ? p->same[k + 1] : (uint32_t)k + 1;
  }
}

static void number_of_week(char out[9], int32_t monday)
{
  int32_t year, week;
  fm_date_to_iso_week(monday, &year, &week);
  for (int i = 3; i >= 0; i--, year /= 10)
    out[i] = (char)('0' + year % 10);
  out[4] = '-';
  out[5] = 'W';
  out[6] = (char)('0' + week / 10);
  out[7] = (char)('0' + week % 10);
  out[8] = '\0';
}

static void look_at_weeks(fm__dream_plan *p, fm__csv_reader *r, const fm_dream_spec *spec)
{
  size_t m = 0;
  char first[9] = "";
  for (size_t w = 0; w < p->n_weeks; w++) {
    int32_t monday = p->first_monday + 7 * (int32_t)w, month;
    month_of_week(monday, &month);
    for (; m <= (size_t)(month - p->first_month); m++)
      p->month_start[m] = (uint32_t)w;
    p->blank[w] = p->has_employment[month - p->first_month] ? FM__SELF_SUPPORT : FM__NOT_KNOWN;
    if (!p->absent[w] && (spec->as_of == FM_NO_DATE || monday + 7 <= spec->as_of))
      p->n_seen = w + 1;
    if (p->absent[w] && p->n_absent++ == 0)
      number_of_week(first, monday);
  }
  for (; m <= p->n_months; m++)
    p->month_start[m] = (uint32_t)p->n_weeks;
  if (p->n_absent > 0)
    problem(r, "FM-H06", FM__NOTE, NULL, -1, first, "weeks without a column between others", "a column for each week",
            "nobody is observed in these weeks; spells end before them");
}

fm_status fm__dream_plan_make(fm__dream_plan *p, fm__csv_reader *r, const fm_dream_spec *spec, fm_error *err)
{
  int32_t last_monday, last_month;
  *p = (fm__dream_plan){.first_monday = FM_NO_DATE};
  if (r->stop)
    return FM_OK;
  p->id = find_id(r, spec->id_column);
  p->kind = fm__array(r->n_columns, sizeof *p->kind);
  p->place = fm__array(r->n_columns, sizeof *p->place);
  p->same = fm__array(r->n_columns, sizeof *p->same);
  if (p->kind == NULL || p->place == NULL || p->same == NULL)
    return fm__no_memory(err);
  read_names(p, r, &last_monday);
  if (r->stop)
    return FM_OK;
  p->n_weeks = (size_t)(last_monday - p->first_monday) / 7 + 1;
  month_of_week(p->first_monday, &p->first_month);
  month_of_week(last_monday, &last_month);
  p->n_months = (size_t)(last_month - p->first_month) + 1;
  p->month_start = fm__array(p->n_months + 1, sizeof *p->month_start);
  p->has_employment = fm__array(p->n_months, sizeof *p->has_employment);
  p->absent = fm__array(p->n_weeks, sizeof *p->absent);
  p->blank = fm__array(p->n_weeks, sizeof *p->blank);
  if (p->month_start == NULL || p->has_employment == NULL || p->absent == NULL || p->blank == NULL)
    return fm__no_memory(err);
  place_columns(p, r, spec);
  look_at_weeks(p, r, spec);
  return FM_OK;
}

void fm__dream_plan_free(fm__dream_plan *p)
{
  fm__free(p->kind);
  fm__free(p->place);
  fm__free(p->same);
  fm__free(p->month_start);
  fm__free(p->has_employment);
  fm__free(p->absent);
  fm__free(p->blank);
}
