/* Answers to questionnaires: programme.progress. */
#include "catalogue/catalogue_priv.h"
#include "flexmetrics/programme_progress.h"

static fm_status progress_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  (void)frame;
  (void)o;
  (void)err;
  return FM_OK;
}

static fm_status progress_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                                fm_error *err)
{
  fm_programme_progress_spec s = FM_PROGRAMME_PROGRESS_SPEC_INIT;
  (void)made;
  s.instruments = o->made_from != NULL ? fm_register_codes(o->made_from, "instrument") : NULL;
  s.by = spec->by;
  s.level = spec->level;
  if (spec->weight != NULL && spec->weight[0] != '\0')
    return fm__fail(err, FM_ERR_ARGUMENT, "programme.progress counts people and takes no weight; found \"%s\"",
                    spec->weight);
  fm_status status = fm__options_real(o, "reliability", &s.reliability, err);
  return status == FM_OK ? fm_programme_progress_tally(out, &s, err) : status;
}

const fm__recipe fm__recipes_progress[] = {{"programme.progress", progress_frame, progress_tally}, {.id = NULL}};
