/* Regression of the time to an exit: retention.cox. */
#include <string.h>

#include "catalogue/catalogue_priv.h"
#include "flexmetrics/retention_cox.h"

static const char *const no_yes[] = {"no", "yes"};

static fm_status take_choices(fm_retention_cox_spec *s, const fm__options *o, fm_error *err)
{
  static const char *const ties[] = {"", "efron", "breslow"}, *const weights[] = {"", "sampling", "frequency"};
  static const char *const robust[] = {"auto", "yes", "no"};
  static const char *const transforms[] = {"none", "km", "identity", "log", "rank"};
  fm_status status = fm__options_choice(o, "ties", ties, FM__COUNT(ties), &s->ties, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "weights", weights, FM__COUNT(weights), &s->weights, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "robust", robust, FM__COUNT(robust), &s->robust, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "proportional", transforms, FM__COUNT(transforms), &s->proportional, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "baseline", no_yes, FM__COUNT(no_yes), &s->baseline, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "concordance", no_yes, FM__COUNT(no_yes), &s->concordance, err);
  return status == FM_OK ? fm__options_whole(o, "landmark", &s->landmark, err) : status;
}

static fm_status cox_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                           fm_error *err)
{
  fm_retention_cox_spec s = FM_RETENTION_COX_SPEC_INIT;
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  s.definition = fm__definition_of(made, s.definition);
  s.covariates = fm__options_text(o, "covariates");
  s.dated = fm__options_text(o, "dated");
  s.ever = fm__options_text(o, "ever");
  s.accepted = fm__options_text(o, "accepted");
  s.strata = fm__options_text(o, "strata");
  s.cluster = fm__options_text(o, "cluster");
  s.profiles = fm__options_text(o, "profiles");
  if (fm__options_text(o, "clock") != NULL)
    s.clock = fm__options_text(o, "clock");
  fm_status status = take_choices(&s, o, err);
  return status == FM_OK ? fm_retention_cox_tally(out, &s, err) : status;
}

/* Appends the names of a list: up to a colon, and with `suffix`. */
static void add_names(fm__bytes *b, const char *list, const char *suffix)
{
  for (const char *p = list; p != NULL && *p != '\0';) {
    size_t all = strcspn(p, ","), length = strcspn(p, ",:");
    const char *next = p + all + (p[all] == ',');
    while (length > 0 && *p == ' ') {
      p++;
      length--;
    }
    while (length > 0 && p[length - 1] == ' ')
      length--;
    if (length > 0) {
      fm__bytes_raw(b, ",", b->size > 0);
      fm__bytes_raw(b, p, length);
      fm__bytes_raw(b, suffix, strlen(suffix));
    }
    p = next;
  }
}

/* All columns that the model reads go into the frame beside the groups. */
fm_status fm__cox_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  fm__bytes b = {0};
  fm_status status = fm__outcome_frame(frame, o, err);
  add_names(&b, frame->by, "");
  add_names(&b, fm__options_text(o, "covariates"), "");
  add_names(&b, fm__options_text(o, "strata"), "");
  add_names(&b, fm__options_text(o, "censoring"), "");
  add_names(&b, fm__options_text(o, "cluster"), "");
  add_names(&b, fm__options_text(o, "dated"), "_days");
  add_names(&b, fm__options_text(o, "ever"), "_days");
  if (status == FM_OK && b.size > 0) {
    o->by = fm__copy_text((const char *)b.data, b.failed ? 0 : b.size);
    if (o->by == NULL || b.failed)
      status = fm__no_memory(err);
    frame->by = o->by;
  }
  fm__bytes_free(&b);
  return status;
}

const fm__recipe fm__recipes_cox[] = {{"retention.cox", fm__cox_frame, cox_tally}, {.id = NULL}};
