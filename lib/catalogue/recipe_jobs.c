/* Employers, stepping stones, offers with companies and the quality of jobs: options become frames and specs. */
#include <string.h>

#include "calendar/calendar_priv.h"
#include "catalogue/catalogue_priv.h"
#include "flexmetrics/programme_employers.h"
#include "flexmetrics/programme_jobs.h"
#include "flexmetrics/programme_offers.h"
#include "flexmetrics/programme_steps.h"

static fm_status no_weight(const fm_compute_spec *spec, const char *id, fm_error *err)
{
  if (spec->weight == NULL || spec->weight[0] == '\0')
    return FM_OK;
  return fm__fail(err, FM_ERR_ARGUMENT, "%s counts people and takes no weight; found \"%s\"", id, spec->weight);
}

static fm_status kinds_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  (void)err;
  frame->states = fm__options_text(o, "kind");
  return FM_OK;
}

/* ---- employers ---- */

static fm_status take_day(const fm__options *o, const char *name, int32_t *out, fm_error *err)
{
  const char *text = fm__options_text(o, name);
  if (text == NULL)
    return FM_OK;
  *out = strlen(text) == 10 ? fm__date_parse_iso(text) : FM_NO_DATE;
  if (*out != FM_NO_DATE)
    return FM_OK;
  return fm__fail(err, FM_ERR_ARGUMENT, "option %s: expected a date YYYY-MM-DD, found \"%s\"", name, text);
}

static fm_status employers_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                 const fm_table *made, fm_error *err)
{
  fm_programme_employers_spec s = FM_PROGRAMME_EMPLOYERS_SPEC_INIT;
  const char *local = fm__options_text(o, "local_firms");
  (void)made;
  s.by = spec->by;
  s.level = spec->level;
  s.table_is_local = local != NULL && strcmp(local, "table") == 0;
  fm_status status = no_weight(spec, "programme.employers", err);
  if (status == FM_OK && s.table_is_local == 0)
    status = fm__options_real(o, "local_firms", &s.local_firms, err);
  if (status == FM_OK)
    status = take_day(o, "period_start", &s.period_start, err);
  if (status == FM_OK)
    status = take_day(o, "period_end", &s.period_end, err);
  return status == FM_OK ? fm_programme_employers_tally(out, &s, err) : status;
}

/* ---- steps ---- */

static fm_status steps_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  frame->between = fm__options_text(o, "between");
  frame->count_from = fm__options_text(o, "count_from");
  frame->horizons = fm__options_text(o, "horizons");
  return kinds_frame(frame, o, err);
}

static fm_status steps_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                             fm_error *err)
{
  fm_programme_steps_spec s = FM_PROGRAMME_STEPS_SPEC_INIT;
  (void)o;
  s.by = spec->by;
  s.level = spec->level;
  s.definition = fm__definition_of(made, s.definition);
  fm_status status = no_weight(spec, "programme.steps", err);
  return status == FM_OK ? fm_programme_steps_tally(out, &s, err) : status;
}

/* ---- offers ---- */

static fm_status offers_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  (void)err;
  frame->states = fm__options_text(o, "states");
  frame->offers = fm__options_text(o, "offers");
  return FM_OK;
}

static fm_status offers_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                              fm_error *err)
{
  fm_programme_offers_spec s = FM_PROGRAMME_OFFERS_SPEC_INIT;
  (void)o;
  s.by = spec->by;
  s.level = spec->level;
  s.definition = fm__definition_of(made, s.definition);
  fm_status status = no_weight(spec, "programme.offers", err);
  return status == FM_OK ? fm_programme_offers_tally(out, &s, err) : status;
}

/* ---- jobs ---- */

static fm_status jobs_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                            fm_error *err)
{
  fm_programme_jobs_spec s = FM_PROGRAMME_JOBS_SPEC_INIT;
  (void)made;
  s.by = spec->by;
  s.level = spec->level;
  if (fm__options_text(o, "bands") != NULL)
    s.bands = fm__options_text(o, "bands");
  fm_status status = no_weight(spec, "programme.jobs", err);
  if (status == FM_OK)
    status = fm__options_real(o, "full_time_hours", &s.full_time_hours, err);
  return status == FM_OK ? fm_programme_jobs_tally(out, &s, err) : status;
}

const fm__recipe fm__recipes_jobs[] = {{"programme.employers", kinds_frame, employers_tally},
                                       {"programme.steps", steps_frame, steps_tally},
                                       {"programme.offers", offers_frame, offers_tally},
                                       {"programme.jobs", kinds_frame, jobs_tally},
                                       {.id = NULL}};
