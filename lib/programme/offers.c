/* programme.offers: the degree of company-directed offers. */
#include "flexmetrics/programme_offers.h"
#include "programme/cases_priv.h"

#include <math.h>

enum { BENEFIT, OFFER, N_NUMBERS, MOST_DAYS = 366 };

static const fm_programme_offers_spec defaults = FM_PROGRAMME_OFFERS_SPEC_INIT;

static bool is_whole(double x, double least)
{
  return x >= least && x <= MOST_DAYS && x == floor(x);
}

static const char *wrong(const void *state, const double *x, size_t *at)
{
  (void)state;
  *at = BENEFIT;
  if (!is_whole(x[BENEFIT], 1))
    return "a whole number of days from 1 to 366";
  *at = OFFER;
  if (!is_whole(x[OFFER], 0) || x[OFFER] > x[BENEFIT])
    return "a whole number of days, at most those of benefit_days";
  return NULL;
}

static double benefit(const fm__cases *c, const double *x)
{
  (void)c;
  return x[BENEFIT];
}

static double offer(const fm__cases *c, const double *x)
{
  (void)c;
  return x[OFFER] > 0 ? x[OFFER] : (double)NAN;
}

static double any_offer(const fm__cases *c, const double *x)
{
  (void)c;
  return x[OFFER];
}

static fm_status each(fm__case_set *s, fm_error *err)
{
  fm__case_sum all = fm__case_sum_of(s, benefit), some = fm__case_sum_of(s, offer);
  (void)err;
  fm__case_put(s, "people", "count", (double)all.people, all.people, all.people);
  fm__case_put(s, "in_offers", "count", (double)some.people, some.people, some.people);
  fm__case_put_share(s, "in_offers_share", some.people, all.people, all.people);
  fm__case_put(s, "benefit_days", "days", all.total, all.n, all.people);
  fm__case_put(s, "offer_days", "days", some.total, some.n, some.people);
  fm__case_put_ratio(s, "offer_degree", "share", any_offer, benefit, 0, 1, FM__EMPTY);
  return FM_OK;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  return fm__cases_result(out, state, each, NULL, 0, run, err);
}

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  static const fm__rows_number numbers[N_NUMBERS] = {{"benefit_days", 0}, {"offer_days", 0}};
  static const char *const ids[] = {"person_id"};
  static const fm__cases_kind kind = {
      .rows = {.measure = "programme.offers", .wrong = wrong, .id_expected = "a person", .id = 1, .repeats = true},
      .definition = "days_in_offers",
      .numbers = numbers,
      .n_numbers = N_NUMBERS,
      .ids = ids,
      .n_ids = FM__COUNT(ids)};
  const fm_programme_offers_spec *s = spec;
  (void)text;
  return fm__cases_open(state, &kind, s->by, s->definition, s->level, err);
}

static const fm__field fields[] = {FM__FIELD(fm_programme_offers_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_programme_offers_spec, definition, FM__FIELD_TEXT),
                                   FM__FIELD(fm_programme_offers_spec, level, FM__FIELD_F64)};
static const fm__measure measure = {.id = "programme.offers",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_programme_offers_spec, fm__cases),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .destroy = fm__cases_destroy,
                                    .result = result};

FM__MEASURE_FUNCTIONS(fm_programme_offers)
