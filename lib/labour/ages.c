/* Ages: read as whole years, and what follows from each, looked up. */
#include <math.h>

#include "labour/labour_priv.h"

static const int32_t questions[] = {FM__Q_ADULT, FM__Q_YOUTH, FM__Q_CHILD, FM__Q_YOUNG};

void fm__labour_plan_ages(fm__labour_plan *p)
{
  const fm__age_band asked[] = {p->adult, p->youth, {5, 17}, {5, 14}};
  p->age_band[0] = -1;
  for (int32_t age = 0; age <= FM__OLDEST; age++) {
    uint32_t answers = 0;
    for (size_t k = 0; k < FM__COUNT(asked); k++) {
      bool in = age >= asked[k].low && age <= asked[k].high;
      answers |= (in ? (uint32_t)FM__ANSWER_YES : (uint32_t)FM__ANSWER_NO) << (2 * k);
    }
    p->age_answers[age + 1] = (uint8_t)answers;
    p->age_band[age + 1] = (int16_t)fm__age_bands_find(&p->bands, age);
  }
}

fm_status fm__labour_reader_ages(fm__labour_chunk *c, const fm__labour_reader *r, size_t first, size_t n, fm_error *err)
{
  static const char *const expected = "an age in whole years, 0 to 150";
  const fm__labour_source *s = &r->source[FM__ROLE_AGE];
  if (s->type == FM_CODE) {
    for (size_t i = 0; i < n; i++) {
      if (fm__bit(s->validity, first + i))
        return fm__labour_reader_bad(r, s->column, first + i, "an age in whole years as a number, not a text", err);
      c->age[i] = -1;
    }
    return FM_OK;
  }
  const double *x;
  fm_status status = fm__labour_amounts(&x, c->number, r, s, first, n, FM__OLDEST, expected, err);
  uint32_t odd = 0;
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    double y = x[i] >= 0 ? x[i] : -1;
    c->age[i] = (int32_t)y;
    odd |= (uint32_t)(y != (double)c->age[i]);
  }
  for (size_t i = 0; odd != 0 && i < n; i++)
    if (c->age[i] >= 0 && x[i] != (double)c->age[i])
      return fm__labour_reader_bad(r, s->column, first + i, expected, err);
  return status;
}

void fm__labour_ask_ages(fm__labour_chunk *c, const fm__labour_plan *plan, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    uint32_t answers = plan->age_answers[c->age[i] + 1];
    for (size_t k = 0; k < FM__COUNT(questions); k++)
      c->answer[questions[k]][i] = (uint8_t)(answers >> (2 * k) & 3);
  }
}

/* 1 hour at 5 to 11, 14 at 12 to 14, more than 43 at 15 to 17. */
void fm__labour_ask_limit(fm__labour_chunk *c, const double *paid, const double *own, size_t n)
{
  const double more_than_43 = 43.000000000000007; /* the next double */
  for (size_t i = 0; i < n; i++) {
    double limit = c->age[i] >= 15 ? more_than_43 : c->age[i] >= 12 ? 14 : 1;
    double p = paid[i] >= 0 ? paid[i] : 0, o = own[i] >= 0 ? own[i] : 0;
    bool aged = c->age[i] >= 0, over = p + o >= limit, told = paid[i] + own[i] >= 0; /* false where one is missing */
    c->answer[FM__Q_LIMIT][i] = (uint8_t)((uint32_t)(aged && over) | (uint32_t)(aged && told && !over) << 1);
  }
}
