/* Support: programme.support, programme.support_retention. */
#include "catalogue/catalogue_priv.h"
#include "flexmetrics/programme_support.h"

#include <string.h>

static fm_status no_weight(const fm_compute_spec *spec, const char *id, fm_error *err)
{
  if (spec->weight == NULL || spec->weight[0] == '\0')
    return FM_OK;
  return fm__fail(err, FM_ERR_ARGUMENT, "%s counts people and takes no weight; found \"%s\"", id, spec->weight);
}

static fm_status support_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  (void)frame;
  (void)o;
  (void)err;
  return FM_OK;
}

static fm_status support_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                               fm_error *err)
{
  (void)o;
  (void)made;
  fm_programme_initiatives_spec s = FM_PROGRAMME_INITIATIVES_SPEC_INIT;
  s.by = spec->by;
  s.level = spec->level;
  fm_status status = no_weight(spec, "programme.support", err);
  return status == FM_OK ? fm_programme_support_tally(out, &s, err) : status;
}

static fm_status retention_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  static const char *const indexes[] = {"placement", "first"}, *const employers[] = {"any", "same"};
  static const char *const no_yes[] = {"no", "yes"};
  int32_t index = 0;
  fm_status status = fm__options_choice(o, "index", indexes, FM__COUNT(indexes), &index, err);
  frame->index = indexes[index];
  frame->support = fm__options_text(o, "support");
  frame->dose = fm__options_text(o, "dose");
  frame->cuts = fm__options_text(o, "cuts");
  if (fm__options_text(o, "horizons") != NULL)
    frame->horizons = fm__options_text(o, "horizons");
  if (status == FM_OK)
    status = fm__options_choice(o, "employer", employers, FM__COUNT(employers), &frame->same_employer, err);
  if (status == FM_OK)
    status = fm__options_whole(o, "gap_days", &frame->gap_days, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "earlier", no_yes, FM__COUNT(no_yes), &frame->earlier, err);
  return status == FM_OK ? fm__options_whole(o, "landmark", &frame->landmark_days, err) : status;
}

/* Had it at any time, as people ask: refused, because it is no comparison. */
static fm_status retention_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                 const fm_table *made, fm_error *err)
{
  (void)made;
  const char *ever = fm__options_text(o, "ever");
  fm_programme_initiatives_spec s = FM_PROGRAMME_INITIATIVES_SPEC_INIT;
  s.by = spec->by;
  s.level = spec->level;
  if (ever != NULL && strcmp(ever, "no") != 0)
    return fm__fail(
        err, FM_ERR_ARGUMENT,
        "ever: whoever had support at any time is not compared with the others from the first day on, "
        "because who stays longer has more time to get it (immortal time). Expected landmark, a day by which "
        "it was had or not; or retention.cox with dated");
  fm_status status = no_weight(spec, "programme.support_retention", err);
  return status == FM_OK ? fm_programme_support_retention_tally(out, &s, err) : status;
}

const fm__recipe fm__recipes_support[] = {{"programme.support", support_frame, support_tally},
                                          {"programme.support_retention", retention_frame, retention_tally},
                                          {NULL, NULL, NULL}};
