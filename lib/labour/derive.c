/* From answers to status, and from status to the mask of a row. */
#include <math.h>
#include <string.h>

#include "labour/labour_priv.h"

typedef uint8_t answers[FM__CHUNK];

static void set_and(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t n)
{
  for (size_t i = 0; i < n; i++)
    out[i] = fm__answer_and(a[i], b[i]);
}

static void set_or(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t n)
{
  for (size_t i = 0; i < n; i++)
    out[i] = fm__answer_or(a[i], b[i]);
}

static void set_and_not(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t n)
{
  for (size_t i = 0; i < n; i++)
    out[i] = fm__answer_and(a[i], fm__answer_not(b[i]));
}

/* ---- labour-force status ---- */

static void derive_given(fm__labour_chunk *c, size_t n)
{
  static const uint8_t of[][4] = {
      /* employed, underemployed, unemployed, potential */
      [FM__GIVEN_UNKNOWN] = {FM__ANSWER_UNKNOWN, FM__ANSWER_UNKNOWN, FM__ANSWER_UNKNOWN, FM__ANSWER_UNKNOWN},
      [FM__GIVEN_EMPLOYED] = {FM__ANSWER_YES, FM__ANSWER_NO, FM__ANSWER_NO, FM__ANSWER_NO},
      [FM__GIVEN_UNDEREMPLOYED] = {FM__ANSWER_YES, FM__ANSWER_YES, FM__ANSWER_NO, FM__ANSWER_NO},
      [FM__GIVEN_UNEMPLOYED] = {FM__ANSWER_NO, FM__ANSWER_NO, FM__ANSWER_YES, FM__ANSWER_NO},
      [FM__GIVEN_POTENTIAL] = {FM__ANSWER_NO, FM__ANSWER_NO, FM__ANSWER_NO, FM__ANSWER_YES},
      [FM__GIVEN_OUTSIDE] = {FM__ANSWER_NO, FM__ANSWER_NO, FM__ANSWER_NO, FM__ANSWER_NO}};
  static const int32_t question[] = {FM__Q_EMPLOYED, FM__Q_UNDEREMPLOYED, FM__Q_UNEMPLOYED, FM__Q_POTENTIAL};
  for (size_t k = 0; k < FM__COUNT(question); k++)
    for (size_t i = 0; i < n; i++)
      c->answer[question[k]][i] = of[c->given[i]][k];
}

/* Who is not employed and sought work, or has found a job that begins later, and is available is unemployed; with only
 * one of the two, or wanting work and available, in the potential labour force. */
static void derive_status(fm__labour_chunk *c, const fm__labour_plan *plan, bool job_found, size_t n)
{
  answers *a = c->answer, seeks, either;
  uint8_t *employed = a[FM__Q_EMPLOYED];
  set_or(employed, a[FM__Q_PAID], a[FM__Q_ABSENT], n);
  if (plan->spec.icls == FM_LABOUR_ICLS_13)
    set_or(employed, employed, a[FM__Q_OWN], n);
  if (job_found)
    for (size_t i = 0; i < n; i++) /* not told: no */
      seeks[i] =
          fm__answer_or(a[FM__Q_SEEKING][i], a[FM__Q_FOUND][i] == FM__ANSWER_YES ? FM__ANSWER_YES : FM__ANSWER_NO);
  else
    memcpy(seeks, a[FM__Q_SEEKING], n);
  set_and(either, seeks, a[FM__Q_AVAILABLE], n);
  set_and_not(a[FM__Q_UNEMPLOYED], either, employed, n);
  for (size_t i = 0; i < n; i++) {
    uint8_t available = a[FM__Q_AVAILABLE][i], wants = fm__answer_and(a[FM__Q_WANTS_WORK][i], available);
    uint8_t one = fm__answer_or(fm__answer_and(seeks[i], fm__answer_not(available)),
                                fm__answer_and(fm__answer_not(seeks[i]), wants));
    a[FM__Q_POTENTIAL][i] = fm__answer_and(one, fm__answer_not(employed[i]));
  }
  set_and(either, a[FM__Q_WANTS_HOURS], a[FM__Q_AVAILABLE_HOURS], n);
  set_and(either, either, a[FM__Q_SHORT], n);
  set_and(a[FM__Q_UNDEREMPLOYED], either, employed, n);
}

/* ---- informality ---- */

/* All bits where it is so. */
static inline uint8_t where(bool so)
{
  return (uint8_t)(0 - (uint32_t)so);
}

static void derive_informal(fm__labour_chunk *c, const fm__labour_plan *plan, size_t n)
{
  answers *a = c->answer;
  int32_t rule = plan->spec.unknown_insurance;
  uint8_t own_use = plan->spec.icls == FM_LABOUR_ICLS_13 ? FM__ANSWER_YES : FM__ANSWER_UNKNOWN;
  uint8_t otherwise = (uint8_t)(rule == FM_LABOUR_INSURANCE_FORMAL ? FM__ANSWER_YES
                                : rule == FM_LABOUR_INSURANCE_DROP ? FM__ANSWER_UNKNOWN
                                                                   : FM__ANSWER_NO);
  uint8_t by_leave = rule == FM_LABOUR_INSURANCE_LEAVE;
  for (size_t i = 0; i < n; i++) { /* masks in the place of branches: status follows no pattern */
    uint8_t status = c->status[i], told = a[FM__Q_INSURED][i];
    uint8_t leave = (uint8_t)(a[FM__Q_PAID_LEAVE][i] & a[FM__Q_SICK_LEAVE][i] & by_leave);
    uint8_t formal = (uint8_t)(told | (where(told == 0) & (leave | (where(leave == 0) & otherwise))));
    uint8_t owner = where(status == FM__STATUS_OWN_ACCOUNT) | where(status == FM__STATUS_EMPLOYER);
    uint8_t employee = where(status == FM__STATUS_EMPLOYEE);
    a[FM__Q_INFORMAL][i] =
        (uint8_t)((employee & fm__answer_not(formal)) | (owner & fm__answer_not(a[FM__Q_REGISTERED][i])) |
                  (where(status == FM__STATUS_FAMILY) & FM__ANSWER_YES) |
                  (where(status == FM__STATUS_OWN_USE) & own_use));
    a[FM__Q_EMPLOYEE][i] = (uint8_t)(FM__ANSWER_NO - (employee & 1));
  }
}

/* ---- populations and what is counted in them ---- */

static void derive_populations(fm__labour_chunk *c, size_t n)
{
  answers *a = c->answer;
  uint8_t *labour_force = a[FM__Q_LABOUR_FORCE];
  set_and(a[FM__Q_EMPLOYED_ADULT], a[FM__Q_ADULT], a[FM__Q_EMPLOYED], n);
  set_and(a[FM__Q_UNEMPLOYED_ADULT], a[FM__Q_ADULT], a[FM__Q_UNEMPLOYED], n);
  set_or(labour_force, a[FM__Q_EMPLOYED], a[FM__Q_UNEMPLOYED], n);
  set_or(a[FM__Q_EXTENDED], labour_force, a[FM__Q_POTENTIAL], n);
  set_and(labour_force, labour_force, a[FM__Q_ADULT], n);
  set_and(a[FM__Q_EXTENDED], a[FM__Q_EXTENDED], a[FM__Q_ADULT], n);
  set_and(a[FM__Q_AGRICULTURE_ADULT], a[FM__Q_EMPLOYED_ADULT], a[FM__Q_AGRICULTURE], n);
  set_and_not(a[FM__Q_OTHER_ADULT], a[FM__Q_EMPLOYED_ADULT], a[FM__Q_AGRICULTURE], n);
  set_or(a[FM__Q_SLACK], a[FM__Q_UNEMPLOYED], a[FM__Q_UNDEREMPLOYED], n);
  set_or(a[FM__Q_WANTING], a[FM__Q_UNEMPLOYED], a[FM__Q_POTENTIAL], n);
  set_or(a[FM__Q_ALL_SLACK], a[FM__Q_SLACK], a[FM__Q_POTENTIAL], n);
  set_and(a[FM__Q_LONG_UNEMPLOYED], a[FM__Q_UNEMPLOYED], a[FM__Q_LONG], n);
  for (size_t i = 0; i < n; i++)
    a[FM__Q_NEET][i] =
        fm__answer_not(fm__answer_or(a[FM__Q_EMPLOYED][i], fm__answer_or(a[FM__Q_EDUCATION][i], a[FM__Q_TRAINING][i])));
  set_and(a[FM__Q_CHILD_LABOUR], a[FM__Q_CHILD], a[FM__Q_LIMIT], n);
  set_and(a[FM__Q_CHILD_LABOUR_CHORES], a[FM__Q_YOUNG], a[FM__Q_CHORES], n);
  set_or(a[FM__Q_CHILD_LABOUR_CHORES], a[FM__Q_CHILD_LABOUR_CHORES], a[FM__Q_LIMIT], n);
  set_and(a[FM__Q_PAID_EMPLOYEE], a[FM__Q_ADULT], a[FM__Q_EMPLOYEE], n);
  set_and(a[FM__Q_PAID_REFERENCE], a[FM__Q_PAID_EMPLOYEE], a[FM__Q_IN_REFERENCE], n);
  set_and(a[FM__Q_PAID_COMPARED], a[FM__Q_PAID_EMPLOYEE], a[FM__Q_IN_COMPARED], n);
}

void fm__labour_derive(fm__labour_chunk *c, const fm__labour_plan *plan, bool job_found, size_t n)
{
  if (plan->spec.labour_status != NULL)
    derive_given(c, n);
  else
    derive_status(c, plan, job_found, n);
  derive_informal(c, plan, n);
  derive_populations(c, n);
}

/* ---- masks ---- */

/* Missing numbers by their bits: comparing them would be a branch. */
static bool is_number(const double *x)
{
  uint64_t bits;
  memcpy(&bits, x, sizeof bits);
  return bits << 1 <= UINT64_C(0x7ff) << 53;
}

static void known_values(uint8_t *restrict out, const fm__labour_chunk *c, const fm__labour_item *item, size_t n)
{
  const double *x = c->value[item->value];
  const double *y = item->divisor == FM__V_NONE ? x : c->value[item->divisor];
  for (size_t i = 0; i < n; i++) /* with a number every known row is counted */
    out[i] = (uint8_t)((uint32_t)is_number(&x[i]) & (uint32_t)is_number(&y[i])); /* yes, or not told */
}

/* The code of an item, by what is told, below the codes there are. Sums in the place of shifts, which bytes do not have
 * where many go at once. */
static void add_codes(uint8_t *restrict codes, const uint8_t *in, const uint8_t *counted, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    uint8_t p = in[i], x = counted[i], twice = (uint8_t)(codes[i] + codes[i]);
    uint8_t yes = p == FM__ANSWER_YES, told = (uint8_t)(yes & (x != FM__ANSWER_UNKNOWN));
    uint8_t counts = (uint8_t)(yes & (x == FM__ANSWER_YES)), dropped = (uint8_t)((p != FM__ANSWER_NO) & (told == 0));
    uint8_t high = (uint8_t)(counts | dropped);
    codes[i] = (uint8_t)((twice + twice) | (high + high) | told);
  }
}

void fm__labour_masks(fm__labour_chunk *c, const fm__labour_plan *plan, size_t n)
{
  enum { IN_A_BYTE = 4 };
  answers known, codes;
  memset(c->mask, 0, n * sizeof *c->mask);
  for (size_t first = 0; first < plan->n_items; first += IN_A_BYTE) {
    memset(codes, 0, n);
    size_t end = plan->n_items < first + IN_A_BYTE ? plan->n_items : first + IN_A_BYTE;
    for (size_t k = end; k-- > first;) {
      const fm__labour_item *item = &plan->item[k];
      if (item->value != FM__V_NONE)
        known_values(known, c, item, n);
      add_codes(codes, c->answer[item->population], item->value == FM__V_NONE ? c->answer[item->counted] : known, n);
    }
    for (size_t i = 0; i < n; i++)
      c->mask[i] |= (uint64_t)codes[i] << (2 * first);
  }
}
