/* Reading a table of people, FM__CHUNK rows at a time: answers, numbers, weights. */
#include <math.h>
#include <string.h>

#include "labour/labour_priv.h"

enum { IMPOSSIBLE = 0xff, WEEK_HOURS = 168 };

/* ---- opening ---- */

typedef struct word {
  const char *text;
  uint8_t meaning;
} word;
typedef struct words {
  const word *word;
  size_t n;
} words;

static const word yes_no[] = {{"yes", FM__ANSWER_YES},  {"no", FM__ANSWER_NO}, {"true", FM__ANSWER_YES},
                              {"false", FM__ANSWER_NO}, {"1", FM__ANSWER_YES}, {"0", FM__ANSWER_NO},
                              {"ja", FM__ANSWER_YES},   {"nej", FM__ANSWER_NO}};
static const word statuses[] = {{"employee", FM__STATUS_EMPLOYEE},
                                {"own_account", FM__STATUS_OWN_ACCOUNT},
                                {"employer", FM__STATUS_EMPLOYER},
                                {"family", FM__STATUS_FAMILY},
                                {"own_use", FM__STATUS_OWN_USE}};
static const word given_words[] = {{"employed", FM__GIVEN_EMPLOYED},
                                   {"underemployed", FM__GIVEN_UNDEREMPLOYED},
                                   {"unemployed", FM__GIVEN_UNEMPLOYED},
                                   {"potential", FM__GIVEN_POTENTIAL},
                                   {"outside", FM__GIVEN_OUTSIDE}};
static const words yes_no_words = {yes_no, FM__COUNT(yes_no)};
static const words status_words = {statuses, FM__COUNT(statuses)};
static const words given_status_words = {given_words, FM__COUNT(given_words)};
static const char *const expects_yes_no = "yes or no (true, false, 1, 0)";

static uint8_t meaning_of(const words *w, const char *text)
{
  if (text[0] == '\0')
    return 0;
  for (size_t k = 0; k < w->n; k++)
    if (strcmp(w->word[k].text, text) == 0)
      return w->word[k].meaning;
  return IMPOSSIBLE;
}

/* Section A of ISIC: "A", "A01", "ISIC4_A", or a division 01 to 03, a group or class of it. "BTU" is all other
 * sections. A lone digit is no division: "1" may be 01 or the beginning of another. */
static uint8_t agriculture_of(const char *text)
{
  const char *p = strncmp(text, "ISIC4_", 6) == 0 ? text + 6 : text;
  bool section = p[0] >= 'A' && p[0] <= 'U';
  size_t n = strspn(p + section, "0123456789");
  if (p[0] == '\0')
    return FM__ANSWER_UNKNOWN;
  if (strcmp(p, "BTU") == 0)
    return FM__ANSWER_NO;
  if (p[section + n] != '\0' || n > 4 || (!section && (n < 2 || (p[0] == '0' && p[1] == '0'))))
    return IMPOSSIBLE;
  return p[0] == 'A' || (!section && p[0] == '0' && p[1] <= '3') ? FM__ANSWER_YES : FM__ANSWER_NO;
}

/* 1 + place of the group's value, reference or compared; anything else is another group. */
static uint8_t side_of(const fm__labour_plan *plan, const char *text)
{
  return strcmp(text, plan->spec.reference) == 0 ? 1 : strcmp(text, plan->spec.compared) == 0 ? 2 : 3;
}

static fm_status open_values(fm__labour_source *s, const fm_table *frame, const char *name, fm_error *err)
{
  fm_status status = fm__table_find(frame, name, 0, &s->column, err);
  if (status != FM_OK) {
    s->column = FM__NO_COLUMN;
    return status;
  }
  s->type = fm_table_column_type(frame, s->column);
  s->validity = fm_table_validity(frame, s->column);
  s->values = s->type == FM_F64    ? (const void *)fm_table_f64(frame, s->column)
              : s->type == FM_I64  ? (const void *)fm_table_i64(frame, s->column)
              : s->type == FM_BOOL ? (const void *)fm_table_bool(frame, s->column)
              : s->type == FM_CODE ? (const void *)fm_table_code(frame, s->column)
                                   : (const void *)fm_table_i32(frame, s->column);
  return FM_OK;
}

typedef uint8_t (*find_meaning)(const fm__labour_plan *plan, const words *w, const char *text);
static uint8_t find_word(const fm__labour_plan *plan, const words *w, const char *text)
{
  (void)plan;
  return meaning_of(w, text);
}
static uint8_t find_agriculture(const fm__labour_plan *plan, const words *w, const char *text)
{
  (void)plan;
  (void)w;
  return agriculture_of(text);
}
static uint8_t find_side(const fm__labour_plan *plan, const words *w, const char *text)
{
  (void)w;
  return side_of(plan, text);
}

/* The meaning of each text of a column's dictionary. */
static fm_status open_meanings(fm__labour_source *s, const fm__labour_reader *r, find_meaning find, const words *w,
                               fm_error *err)
{
  size_t n = fm_table_n_texts(r->frame, s->column);
  if (s->type != FM_CODE)
    return FM_OK;
  s->meaning = fm__array(n, 1);
  if (s->meaning == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < n; k++)
    s->meaning[k] = find(r->plan, w, fm_table_dictionary_text(r->frame, s->column, k, NULL));
  return FM_OK;
}

static fm_status open_texts(fm__labour_source *s, const fm__labour_reader *r, const char *name, find_meaning find,
                            const words *w, fm_error *err)
{
  fm_status status = open_values(s, r->frame, name, err);
  if (status == FM_OK && s->type != FM_CODE)
    status = fm__fail(err, FM_ERR_TYPE, "column %s is of type %s, expected texts", name, fm_column_type_name(s->type));
  return status == FM_OK ? open_meanings(s, r, find, w, err) : status;
}

int32_t fm__labour_role_type(size_t role)
{
  bool is_answer = (role >= FM__ROLE_ABSENT_JOB && role <= FM__ROLE_IN_TRAINING) ||
                   (role >= FM__ROLE_SECTOR_REGISTERED && role <= FM__ROLE_SICK_LEAVE) ||
                   (role >= FM__ROLE_WANTS_WORK && role <= FM__ROLE_AVAILABLE_HOURS) || role == FM__ROLE_ACCOUNT ||
                   role == FM__ROLE_DISCRIMINATED;
  if (role == FM__ROLE_STATUS || role == FM__ROLE_ACTIVITY)
    return FM_CODE;
  return is_answer ? FM_BOOL : FM_F64;
}

static fm_status open_role(fm__labour_reader *r, size_t role, fm_error *err)
{
  fm__labour_source *s = &r->source[role];
  const char *name = r->plan->column[role];
  if ((r->plan->roles >> role & 1) == 0 ||
      ((r->plan->optional >> role & 1) != 0 && fm_table_column_index(r->frame, name) < 0))
    return FM_OK;
  int32_t type = fm__labour_role_type(role);
  if (type == FM_CODE)
    return open_texts(s, r, name, role == FM__ROLE_ACTIVITY ? find_agriculture : find_word, &status_words, err);
  fm_status status = open_values(s, r->frame, name, err);
  if (status == FM_OK && type == FM_BOOL)
    return open_meanings(s, r, find_word, &yes_no_words, err);
  if (status == FM_OK && s->type == FM_CODE && role != FM__ROLE_AGE) /* a text age is told with its row */
    status = fm__fail(err, FM_ERR_TYPE, "column %s is of type code, expected numbers", name);
  return status;
}

fm_status fm__labour_reader_open(fm__labour_reader *r, const fm__labour_plan *plan, const fm_table *frame,
                                 fm_error *err)
{
  *r = (fm__labour_reader){.plan = plan,
                           .frame = frame,
                           .group = {.column = FM__NO_COLUMN},
                           .given = {.column = FM__NO_COLUMN},
                           .weight = {.column = FM__NO_COLUMN}};
  fm_status status = FM_OK;
  for (size_t k = 0; k < FM__N_READ_ROLES; k++)
    r->source[k].column = FM__NO_COLUMN;
  for (size_t k = 0; k < FM__N_READ_ROLES && status == FM_OK; k++)
    status = open_role(r, k, err);
  if (status == FM_OK && plan->grouped_pay)
    status = open_texts(&r->group, r, plan->spec.group, find_side, NULL, err);
  if (status == FM_OK && plan->spec.labour_status != NULL)
    status = open_texts(&r->given, r, plan->spec.labour_status, find_word, &given_status_words, err);
  if (status == FM_OK && plan->spec.weight != NULL)
    status = open_values(&r->weight, frame, plan->spec.weight, err);
  if (status == FM_OK && r->weight.column != FM__NO_COLUMN && r->weight.type == FM_CODE)
    status = fm__fail(err, FM_ERR_TYPE, "column %s is of type code, expected numbers", plan->spec.weight);
  return status;
}

void fm__labour_reader_close(fm__labour_reader *r)
{
  for (size_t k = 0; k < FM__N_READ_ROLES; k++)
    fm__free(r->source[k].meaning);
  fm__free(r->group.meaning);
  fm__free(r->given.meaning);
}

fm_status fm__labour_reader_bad(const fm__labour_reader *r, size_t column, size_t row, const char *expected,
                                fm_error *err)
{
  const char *name = fm_table_column_name(r->frame, column);
  fm__fail(err, FM_ERR_VALUE, "column %s, row %zu: expected %s", name, row, expected);
  fm__error_place(err, fm_table_name(r->frame), name, (int64_t)column, (int64_t)row, fm_table_line(r->frame, row));
  return FM_ERR_VALUE;
}

/* ---- cells ---- */

/* Numbers of rows [first, first + n); NaN: missing. */
static void read_numbers(double *out, const fm__labour_source *s, size_t first, size_t n)
{
  if (s->type == FM_F64)
    memcpy(out, (const double *)s->values + first, n * sizeof *out);
  else if (s->type == FM_I64)
    for (size_t i = 0; i < n; i++)
      out[i] = (double)((const int64_t *)s->values)[first + i];
  else if (s->type == FM_BOOL)
    for (size_t i = 0; i < n; i++)
      out[i] = ((const uint8_t *)s->values)[first + i];
  else
    for (size_t i = 0; i < n; i++)
      out[i] = ((const int32_t *)s->values)[first + i];
  for (size_t i = 0; s->validity != NULL && i < n; i++)
    if (!fm__bit(s->validity, first + i))
      out[i] = NAN;
}

/* Meanings of a text column; the place of an impossible one, n when there is none. */
static size_t read_meanings(uint8_t *out, const fm__labour_source *s, size_t first, size_t n)
{
  const int32_t *codes = (const int32_t *)s->values + first;
  uint8_t bad = 0;
  if (s->validity == NULL)
    for (size_t i = 0; i < n; i++)
      out[i] = s->meaning[codes[i]];
  else
    for (size_t i = 0; i < n; i++)
      out[i] = fm__bit(s->validity, first + i) ? s->meaning[codes[i]] : 0;
  for (size_t i = 0; i < n; i++)
    bad |= out[i] == IMPOSSIBLE;
  for (size_t i = 0; bad != 0 && i < n; i++)
    if (out[i] == IMPOSSIBLE)
      return i;
  return n;
}

static fm_status read_texts(uint8_t *out, const fm__labour_reader *r, const fm__labour_source *s, size_t first,
                            size_t n, const char *expected, fm_error *err)
{
  size_t bad = read_meanings(out, s, first, n);
  return bad == n ? FM_OK : fm__labour_reader_bad(r, s->column, first + bad, expected, err);
}

static fm_status read_answers(uint8_t *out, double *scratch, const fm__labour_reader *r, const fm__labour_source *s,
                              size_t first, size_t n, fm_error *err)
{
  if (s->type == FM_CODE)
    return read_texts(out, r, s, first, n, expects_yes_no, err);
  if (s->type == FM_BOOL) {
    const uint8_t *values = (const uint8_t *)s->values + first;
    for (size_t i = 0; i < n; i++)
      out[i] = (uint8_t)(2 - (values[i] != 0));
    for (size_t i = 0; s->validity != NULL && i < n; i++)
      if (!fm__bit(s->validity, first + i))
        out[i] = FM__ANSWER_UNKNOWN;
    return FM_OK;
  }
  read_numbers(scratch, s, first, n);
  for (size_t i = 0; i < n; i++) {
    double x = scratch[i];
    if (!(x == 0 || x == 1 || isnan(x)))
      return fm__labour_reader_bad(r, s->column, first + i, expects_yes_no, err);
    out[i] = (uint8_t)(x == 1 ? FM__ANSWER_YES : x == 0 ? FM__ANSWER_NO : FM__ANSWER_UNKNOWN);
  }
  return FM_OK;
}

/* Numbers from 0 to `most`. */
fm_status fm__labour_amounts(const double **out, double *room, const fm__labour_reader *r, const fm__labour_source *s,
                             size_t first, size_t n, double most, const char *expected, fm_error *err)
{
  const double *x = room;
  uint64_t bad = 0;
  if (s->type == FM_F64 && s->validity == NULL)
    x = (const double *)s->values + first;
  else
    read_numbers(room, s, first, n);
  for (size_t i = 0; i < n; i++)
    bad |= (uint64_t)((x[i] < 0) | (x[i] > most));
  *out = x;
  for (size_t i = 0; bad != 0 && i < n; i++)
    if (x[i] < 0 || x[i] > most)
      return fm__labour_reader_bad(r, s->column, first + i, expected, err);
  return FM_OK;
}

/* A yes, a no, neither: of a comparison and its opposite, which are both false for a missing number. */
static uint8_t answer_of(bool yes, bool no)
{
  return (uint8_t)((uint32_t)yes | (uint32_t)no << 1);
}

/* ---- hours ---- */

/* Is a number `limit` or more? */
static void ask_at_least(uint8_t *restrict out, const double *x, double limit, size_t n)
{
  for (size_t i = 0; i < n; i++)
    out[i] = answer_of(x[i] >= limit, x[i] < limit);
}

/* Is it below? */
static void ask_below(uint8_t *restrict out, const double *x, double limit, size_t n)
{
  for (size_t i = 0; i < n; i++)
    out[i] = answer_of(x[i] < limit, x[i] >= limit);
}

static fm_status read_hours(fm__labour_chunk *c, const fm__labour_reader *r, size_t first, size_t n, fm_error *err)
{
  static const char *const expected = "hours a week, 0 to 168";
  const fm__labour_source *paid = &r->source[FM__ROLE_PAID_HOURS], *own = &r->source[FM__ROLE_OWN_USE_HOURS];
  const double *x = NULL, *y;
  fm_status status = FM_OK;
  if (paid->column != FM__NO_COLUMN) {
    status = fm__labour_amounts(&x, c->number, r, paid, first, n, WEEK_HOURS, expected, err);
    if (status == FM_OK) {
      ask_at_least(c->answer[FM__Q_PAID], x, 1, n);
      ask_below(c->answer[FM__Q_SHORT], x, r->plan->spec.hours_threshold, n);
    }
  }
  if (status != FM_OK || own->column == FM__NO_COLUMN)
    return status;
  status = fm__labour_amounts(&y, c->other, r, own, first, n, WEEK_HOURS, expected, err);
  if (status == FM_OK)
    ask_at_least(c->answer[FM__Q_OWN], y, 1, n);
  if (status == FM_OK && x != NULL && r->source[FM__ROLE_AGE].column != FM__NO_COLUMN && r->plan->children)
    fm__labour_ask_limit(c, x, y, n);
  return status;
}

static fm_status read_other_hours(fm__labour_chunk *c, const fm__labour_reader *r, size_t first, size_t n,
                                  fm_error *err)
{
  const fm__labour_source *chores = &r->source[FM__ROLE_CHORE_HOURS], *search = &r->source[FM__ROLE_SEARCH_MONTHS];
  const double *x = NULL, more_than_21 = 21.000000000000004; /* the next double */
  fm_status status = FM_OK;
  if (chores->column != FM__NO_COLUMN)
    status = fm__labour_amounts(&x, c->number, r, chores, first, n, WEEK_HOURS, "hours a week, 0 to 168", err);
  if (status == FM_OK && x != NULL)
    ask_at_least(c->answer[FM__Q_CHORES], x, more_than_21, n);
  if (status != FM_OK || search->column == FM__NO_COLUMN)
    return status;
  status = fm__labour_amounts(&x, c->number, r, search, first, n, 12 * FM__OLDEST, "months of at least 0", err);
  if (status == FM_OK)
    ask_at_least(c->answer[FM__Q_LONG], x, 12, n);
  return status;
}

/* ---- numbers that are added up ---- */

static fm_status read_value(double *out, const fm__labour_reader *r, size_t role, size_t first, size_t n, bool whole,
                            fm_error *err)
{
  static const char *const number = "a finite number of at least 0", *const count = "a whole number of at least 0";
  const double most = whole ? 9007199254740992.0 : 1e300;
  const fm__labour_source *s = &r->source[role];
  const double *x;
  fm_status status = fm__labour_amounts(&x, out, r, s, first, n, most, whole ? count : number, err);
  if (status == FM_OK && x != out)
    memcpy(out, x, n * sizeof *out);
  for (size_t i = 0; whole && i < n && status == FM_OK; i++)
    if (!isnan(out[i]) && out[i] != (double)(int64_t)out[i])
      status = fm__labour_reader_bad(r, s->column, first + i, count, err);
  return status;
}

/* Costs in months of earnings; without earnings there is no ratio. */
static fm_status read_recruitment(fm__labour_chunk *c, const fm__labour_reader *r, size_t first, size_t n,
                                  fm_error *err)
{
  double *out = c->value[FM__V_RECRUITMENT];
  fm_status status = read_value(out, r, FM__ROLE_RECRUITMENT_COST, first, n, false, err);
  if (status == FM_OK)
    status = read_value(c->number, r, FM__ROLE_MONTHLY_EARNINGS, first, n, false, err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    out[i] = c->number[i] > 0 ? out[i] / c->number[i] : NAN;
    if (isinf(out[i]))
      status = fm__labour_reader_bad(r, r->source[FM__ROLE_RECRUITMENT_COST].column, first + i,
                                     "a cost that is a finite number of monthly earnings", err);
  }
  return status;
}

static fm_status read_gross(fm__labour_chunk *c, const fm__labour_reader *r, size_t first, size_t n, fm_error *err)
{
  double *out = c->value[FM__V_GROSS];
  fm_status status = read_value(out, r, FM__ROLE_REGISTERED, first, n, false, err);
  if (status == FM_OK)
    status = read_value(c->number, r, FM__ROLE_ACTIVATED, first, n, false, err);
  for (size_t i = 0; i < n && status == FM_OK; i++)
    out[i] += c->number[i];
  return status;
}

static fm_status read_values(fm__labour_chunk *c, const fm__labour_reader *r, size_t first, size_t n, fm_error *err)
{
  static const struct {
    int32_t value, role;
    bool whole;
  } plain[] = {{FM__V_EARNINGS, FM__ROLE_HOURLY_EARNINGS, false}, {FM__V_FATAL, FM__ROLE_FATAL, true},
               {FM__V_NON_FATAL, FM__ROLE_NON_FATAL, true},       {FM__V_INJURIES, FM__ROLE_INJURIES, true},
               {FM__V_HOURS, FM__ROLE_HOURS_WORKED, false},       {FM__V_WORKERS, FM__ROLE_WORKERS, false},
               {FM__V_REGISTERED, FM__ROLE_REGISTERED, false},    {FM__V_LABOUR_FORCE, FM__ROLE_LABOUR_FORCE, false}};
  uint64_t values = r->plan->values;
  fm_status status = FM_OK;
  for (size_t k = 0; k < FM__COUNT(plain) && status == FM_OK; k++)
    if ((values >> plain[k].value & 1) != 0)
      status = read_value(c->value[plain[k].value], r, (size_t)plain[k].role, first, n, plain[k].whole, err);
  if (status == FM_OK && (values >> FM__V_RECRUITMENT & 1) != 0)
    status = read_recruitment(c, r, first, n, err);
  if (status == FM_OK && (values >> FM__V_GROSS & 1) != 0)
    status = read_gross(c, r, first, n, err);
  return status;
}

/* ---- all of a row ---- */

static fm_status read_weights(fm__labour_chunk *c, const fm__labour_reader *r, size_t first, size_t n, fm_error *err)
{
  uint64_t fine = 1;
  if (r->weight.column == FM__NO_COLUMN) {
    for (size_t i = 0; i < n; i++)
      c->weight[i] = 1;
    return FM_OK;
  }
  read_numbers(c->weight, &r->weight, first, n);
  for (size_t i = 0; i < n; i++)
    fine &= (uint64_t)((c->weight[i] >= 0) & (c->weight[i] <= 1e300));
  for (size_t i = 0; fine == 0 && i < n; i++)
    if (!(c->weight[i] >= 0 && c->weight[i] <= 1e300))
      return fm__labour_reader_bad(r, r->weight.column, first + i, "a finite weight of at least 0", err);
  return FM_OK;
}

static fm_status read_questions(fm__labour_chunk *c, const fm__labour_reader *r, size_t first, size_t n, fm_error *err)
{
  static const struct {
    int32_t role, question;
  } asked[] = {{FM__ROLE_ABSENT_JOB, FM__Q_ABSENT},
               {FM__ROLE_SEEKING, FM__Q_SEEKING},
               {FM__ROLE_AVAILABLE, FM__Q_AVAILABLE},
               {FM__ROLE_JOB_FOUND, FM__Q_FOUND},
               {FM__ROLE_IN_EDUCATION, FM__Q_EDUCATION},
               {FM__ROLE_IN_TRAINING, FM__Q_TRAINING},
               {FM__ROLE_SECTOR_REGISTERED, FM__Q_REGISTERED},
               {FM__ROLE_SOCIAL_INSURANCE, FM__Q_INSURED},
               {FM__ROLE_PAID_LEAVE, FM__Q_PAID_LEAVE},
               {FM__ROLE_SICK_LEAVE, FM__Q_SICK_LEAVE},
               {FM__ROLE_WANTS_WORK, FM__Q_WANTS_WORK},
               {FM__ROLE_WANTS_HOURS, FM__Q_WANTS_HOURS},
               {FM__ROLE_AVAILABLE_HOURS, FM__Q_AVAILABLE_HOURS},
               {FM__ROLE_ACCOUNT, FM__Q_ACCOUNT},
               {FM__ROLE_DISCRIMINATED, FM__Q_DISCRIMINATED}};
  fm_status status = FM_OK;
  for (size_t k = 0; k < FM__COUNT(asked) && status == FM_OK; k++)
    if (r->source[asked[k].role].column != FM__NO_COLUMN)
      status = read_answers(c->answer[asked[k].question], c->number, r, &r->source[asked[k].role], first, n, err);
  return status;
}

static fm_status read_classes(fm__labour_chunk *c, const fm__labour_reader *r, size_t first, size_t n, fm_error *err)
{
  const struct {
    const fm__labour_source *source;
    uint8_t *out;
    const char *expected;
  } classes[] = {{&r->source[FM__ROLE_STATUS], c->status, "employee, own_account, employer, family or own_use"},
                 {&r->source[FM__ROLE_ACTIVITY], c->answer[FM__Q_AGRICULTURE],
                  "a section of ISIC from A to U, or a division of two digits such as 01"},
                 {&r->given, c->given, "employed, underemployed, unemployed, potential or outside"},
                 {&r->group, c->answer[FM__Q_IN_REFERENCE], "a group"}};
  fm_status status = FM_OK;
  for (size_t k = 0; k < FM__COUNT(classes) && status == FM_OK; k++)
    if (classes[k].source->column != FM__NO_COLUMN)
      status = read_texts(classes[k].out, r, classes[k].source, first, n, classes[k].expected, err);
  for (size_t i = 0; r->group.column != FM__NO_COLUMN && i < n && status == FM_OK; i++) {
    uint8_t side = c->answer[FM__Q_IN_REFERENCE][i];
    c->answer[FM__Q_IN_REFERENCE][i] = answer_of(side == 1, side > 1);
    c->answer[FM__Q_IN_COMPARED][i] = answer_of(side == 2, side == 1 || side == 3);
  }
  return status;
}

fm_status fm__labour_reader_read(fm__labour_chunk *c, const fm__labour_reader *r, size_t first, size_t n, fm_error *err)
{
  bool has_age = r->source[FM__ROLE_AGE].column != FM__NO_COLUMN;
  fm_status status = read_weights(c, r, first, n, err);
  if (status == FM_OK && has_age)
    status = fm__labour_reader_ages(c, r, first, n, err);
  if (status == FM_OK && has_age)
    fm__labour_ask_ages(c, r->plan, n);
  else /* whoever is asked about pay alone */
    memset(c->answer[FM__Q_ADULT], FM__ANSWER_YES, n);
  memset(c->answer[FM__Q_EVERYONE], FM__ANSWER_YES, n);
  if (r->source[FM__ROLE_STATUS].column == FM__NO_COLUMN)
    memset(c->status, FM__STATUS_EMPLOYEE, n);
  if (status == FM_OK)
    status = read_questions(c, r, first, n, err);
  if (status == FM_OK)
    status = read_hours(c, r, first, n, err);
  if (status == FM_OK)
    status = read_other_hours(c, r, first, n, err);
  if (status == FM_OK)
    status = read_classes(c, r, first, n, err);
  return status == FM_OK ? read_values(c, r, first, n, err) : status;
}
