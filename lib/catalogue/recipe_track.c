/* Goals: options become a frame and a spec. */
#include <string.h>

#include "catalogue/catalogue_priv.h"
#include "flexmetrics/target.h"

static fm_status track_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  return fm__options_whole(o, "earlier_years", &frame->earlier_years, err);
}

static fm_status track_words(fm_target_track_spec *s, const fm__options *o, fm_error *err)
{
  static const char *const no_yes[] = {"no", "yes"}, *const seasons[] = {"none", "known", "uncertain"};
  fm_status status = fm__options_choice(o, "season", seasons, FM__COUNT(seasons), &s->season, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "dispersion", no_yes, FM__COUNT(no_yes), &s->dispersion, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "net", no_yes, FM__COUNT(no_yes), &s->net, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "months", no_yes, FM__COUNT(no_yes), &s->months, err);
  if (status == FM_OK)
    status = fm__options_whole(o, "late_months", &s->late_months, err);
  return status;
}

static fm_status track_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                             fm_error *err)
{
  (void)made;
  fm_target_track_spec s = FM_TARGET_TRACK_SPEC_INIT;
  s.level = spec->level;
  s.as_of = spec->as_of;
  s.scenarios = fm__options_text(o, "scenarios");
  const struct {
    const char *name;
    double *out;
  } reals[] = {{"prior_shape", &s.prior_shape}, {"prior_days", &s.prior_days},   {"on_course", &s.on_course},
               {"behind", &s.behind},           {"prior_years", &s.prior_years}, {"private_share", &s.private_share}};
  fm_status status = FM_OK;
  if (spec->weight != NULL && spec->weight[0] != '\0')
    status =
        fm__fail(err, FM_ERR_ARGUMENT, "target.track counts people and takes no weight; found \"%s\"", spec->weight);
  if (status == FM_OK && spec->by != NULL && spec->by[0] != '\0' && strcmp(spec->by, "goal_id") != 0)
    status = fm__fail(err, FM_ERR_ARGUMENT, "target.track is always by goal_id; found by \"%s\"", spec->by);
  for (size_t k = 0; k < FM__COUNT(reals) && status == FM_OK; k++)
    status = fm__options_real(o, reals[k].name, reals[k].out, err);
  if (status == FM_OK)
    status = track_words(&s, o, err);
  return status == FM_OK ? fm_target_track_tally(out, &s, err) : status;
}

const fm__recipe fm__recipes_track[] = {{"target.track", track_frame, track_tally}, {NULL, NULL, NULL}};
