/* Sustained employment: retention.weeks, retention.hours, retention.unemployment. */
#include <string.h>

#include "catalogue/catalogue_priv.h"
#include "flexmetrics/retention_sustained.h"

/* The column of people; NULL: as usual, "" each row by itself. */
static const char *cluster_of(const fm__options *o, const char *usual)
{
  const char *given = fm__options_text(o, "cluster");
  return given == NULL ? usual : strcmp(given, "none") == 0 ? "" : given;
}

/* ---- weeks ---- */

static fm_status weeks_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  static const char *const indexes[] = {"placement", "first"};
  int32_t index = 0;
  fm_status status = fm__options_choice(o, "index", indexes, FM__COUNT(indexes), &index, err);
  frame->index = indexes[index];
  frame->definitions = fm__options_text(o, "definition");
  frame->horizons = fm__options_text(o, "horizons");
  return status;
}

static fm_status weeks_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                             fm_error *err)
{
  fm_retention_weeks_spec s = FM_RETENTION_WEEKS_SPEC_INIT;
  (void)made;
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  s.cluster = cluster_of(o, s.cluster);
  return fm_retention_weeks_tally(out, &s, err);
}

/* ---- hours ---- */

static fm_status hours_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  frame->states = fm__options_text(o, "kind");
  frame->horizons = fm__options_text(o, "horizons");
  return fm__options_real(o, "most_hours", &frame->most_hours, err);
}

static fm_status hours_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                             fm_error *err)
{
  fm_retention_hours_spec s = FM_RETENTION_HOURS_SPEC_INIT;
  (void)made;
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  s.cluster = cluster_of(o, s.cluster);
  return fm_retention_hours_tally(out, &s, err);
}

/* ---- unemployment ---- */

static fm_status unemployment_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  static const char *const counts[] = {"yes", "no"};
  frame->definitions = fm__options_text(o, "definition");
  frame->states = fm__options_text(o, "states");
  return fm__options_choice(o, "gap_counts", counts, FM__COUNT(counts), &frame->gap_skipped, err);
}

static fm_status unemployment_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                    const fm_table *made, fm_error *err)
{
  fm_retention_unemployment_spec s = FM_RETENTION_UNEMPLOYMENT_SPEC_INIT;
  (void)made;
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  s.cluster = cluster_of(o, s.cluster);
  return fm_retention_unemployment_tally(out, &s, err);
}

const fm__recipe fm__recipes_sustained[] = {{"retention.weeks", weeks_frame, weeks_tally},
                                            {"retention.hours", hours_frame, hours_tally},
                                            {"retention.unemployment", unemployment_frame, unemployment_tally},
                                            {.id = NULL}};
