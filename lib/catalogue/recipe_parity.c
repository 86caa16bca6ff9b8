/* Parity between groups: options become frames and specs. */
#include <string.h>

#include "catalogue/catalogue_priv.h"
#include "flexmetrics/parity.h"
#include "flexmetrics/parity_decomposition.h"
#include "flexmetrics/parity_means.h"

/* What is compared, when a register is given: a frame, its column, and the rows that count. */
typedef struct subject {
  const char *of, *kind, *column, *keep;
} subject;

static const subject shares[] = {{"retention.status", "status", "status", "in_rate = true"},
                                 {"placements", "people", "began", NULL}};
static const subject values[] = {{"hours", "placements", "hours_per_week", "work = true"},
                                 {"wages", "placements", "hourly_wage", "work = true"},
                                 {"income_gain", "income_gain", "gain", NULL}};

static const subject *subject_of(const fm__options *o, const subject *all, size_t n)
{
  const char *of = fm__options_text(o, "of");
  for (size_t k = 0; of != NULL && k < n; k++)
    if (strcmp(all[k].of, of) == 0)
      return &all[k];
  return NULL;
}

static fm_status check_of(const fm__options *o, const subject *all, size_t n, const char *id, fm_error *err)
{
  const char *of = fm__options_text(o, "of");
  char known[96] = "";
  if (subject_of(o, all, n) != NULL)
    return FM_OK;
  for (size_t k = 0; k < n; k++)
    strcat(strcat(known, k > 0 ? ", " : ""), all[k].of);
  if (of != NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "option of: expected one of %s; found \"%s\"", known, of);
  return fm__fail(
      err, FM_ERR_ARGUMENT,
      "%s is computed from a table of its own, not from a register, unless the option of says what of it: %s", id,
      known);
}

/* Columns after those of `by`, once each. */
static fm_status add_columns(fm_frame_spec *frame, fm__options *o, const char *const *names, size_t n, fm_error *err)
{
  fm__bytes b = {0};
  if (frame->by != NULL)
    fm__bytes_raw(&b, frame->by, strlen(frame->by));
  for (size_t k = 0; k < n; k++)
    if (names[k] != NULL && names[k][0] != '\0') {
      fm__bytes_raw(&b, ",", b.size > 0);
      fm__bytes_raw(&b, names[k], strlen(names[k]));
    }
  if (!b.failed && b.size > 0)
    o->by = fm__copy_text((const char *)b.data, b.size);
  fm_status status = b.failed || (b.size > 0 && o->by == NULL) ? fm__no_memory(err) : FM_OK;
  frame->by = o->by;
  fm__bytes_free(&b);
  return status;
}

static bool several(const char *list)
{
  return list != NULL && strchr(list, ',') != NULL;
}

static fm_status status_frame(fm_frame_spec *frame, const fm__options *o, fm_error *err)
{
  const char *index = fm__options_text(o, "index"), *horizon = fm__options_text(o, "horizon");
  frame->definitions = fm__options_text(o, "definition");
  frame->horizons = horizon != NULL ? horizon : frame->definitions == NULL ? "12" : NULL;
  frame->index = index == NULL && frame->definitions == NULL ? "first" : index;
  if (several(frame->definitions) || several(frame->horizons))
    return fm__fail(err, FM_ERR_ARGUMENT, "groups are compared under one definition at one horizon; found \"%s\"",
                    several(frame->definitions) ? frame->definitions : frame->horizons);
  if (frame->definitions != NULL && frame->horizons == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "option horizon: expected the one at which groups are compared, such as 12");
  return FM_OK;
}

static fm_status rates_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  const char *const names[] = {fm__options_text(o, "group"), fm__options_text(o, "strata")};
  fm_status status = check_of(o, shares, FM__COUNT(shares), "parity.rates", err);
  if (status != FM_OK)
    return status;
  const subject *s = subject_of(o, shares, FM__COUNT(shares));
  frame->kind = s->kind;
  o->keep = s->keep;
  if (strcmp(s->kind, "status") == 0)
    status = status_frame(frame, o, err);
  return status == FM_OK ? add_columns(frame, o, names, FM__COUNT(names), err) : status;
}

/* A frame of numbers, with the columns of covariates besides. */
static fm_status values_frame(fm_frame_spec *frame, fm__options *o, const char *id, const char *covariates,
                              fm_error *err)
{
  const subject *s = subject_of(o, values, FM__COUNT(values));
  fm_status status = check_of(o, values, FM__COUNT(values), id, err);
  if (status != FM_OK)
    return status;
  bool of_frame = strcmp(s->kind, "income_gain") == 0; /* the kind's own column */
  const char *const names[] = {fm__options_text(o, "group"), covariates, of_frame ? NULL : s->column};
  frame->kind = s->kind;
  o->keep = s->keep;
  if (of_frame) {
    frame->participants = fm__options_text(o, "participants");
    status = fm__options_real(o, "period_0", &frame->period_0, err);
  }
  if (of_frame && status == FM_OK)
    status = fm__options_real(o, "period_1", &frame->period_1, err);
  return status == FM_OK ? add_columns(frame, o, names, FM__COUNT(names), err) : status;
}

static fm_status means_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  return values_frame(frame, o, "parity.means", NULL, err);
}

/* "education:basic,age" without the bases. */
static fm_status decomposition_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  const char *given = fm__options_text(o, "covariates");
  char *names = given != NULL ? fm__copy_text(given, strlen(given)) : NULL, *to = names;
  if (given != NULL && names == NULL)
    return fm__no_memory(err);
  for (const char *p = given; names != NULL && *p != '\0'; p++) {
    p += *p == ':' ? strcspn(p, ",") : 0;
    *to++ = *p;
    if (*p == '\0')
      break;
  }
  if (to != NULL)
    *to = '\0';
  fm_status status = values_frame(frame, o, "parity.decomposition", names, err);
  fm__free(names);
  return status;
}

/* The column of people: as the option says, or of a frame made from a register. */
static const char *cluster_of(const fm__options *o, const fm_table *made)
{
  const char *given = fm__options_text(o, "cluster");
  if (given != NULL)
    return strcmp(given, "none") == 0 ? NULL : given;
  return made != NULL && fm_table_note(made, "kind") != NULL ? "person_id" : NULL;
}

static fm_status against_of(int32_t *out, const fm__options *o, fm_error *err)
{
  static const char *const words[] = {"reference", "rest", "population"};
  return fm__options_choice(o, "against", words, FM__COUNT(words), out, err);
}

static fm_status rates_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                             fm_error *err)
{
  fm_parity_rates_spec s = FM_PARITY_RATES_SPEC_INIT;
  const subject *of = subject_of(o, shares, FM__COUNT(shares));
  if (of != NULL)
    s.outcome = of->column;
  if (fm__options_text(o, "outcome") != NULL)
    s.outcome = fm__options_text(o, "outcome");
  s.group = fm__options_text(o, "group");
  s.reference = fm__options_text(o, "reference");
  s.strata = fm__options_text(o, "strata");
  s.cluster = cluster_of(o, made);
  s.by = spec->by;
  s.level = spec->level;
  if (spec->weight != NULL && spec->weight[0] != '\0')
    return fm__fail(err, FM_ERR_ARGUMENT, "parity.rates counts people and takes no weight; found \"%s\"", spec->weight);
  fm_status status = fm__options_real(o, "least_ratio", &s.least_ratio, err);
  if (status == FM_OK)
    status = against_of(&s.against, o, err);
  return status == FM_OK ? fm_parity_rates_tally(out, &s, err) : status;
}

static fm_status means_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                             fm_error *err)
{
  fm_parity_means_spec s = FM_PARITY_MEANS_SPEC_INIT;
  const subject *of = subject_of(o, values, FM__COUNT(values));
  if (of != NULL)
    s.value = of->column;
  if (fm__options_text(o, "value") != NULL)
    s.value = fm__options_text(o, "value");
  s.group = fm__options_text(o, "group");
  s.reference = fm__options_text(o, "reference");
  s.cluster = cluster_of(o, made);
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  fm_status status = against_of(&s.against, o, err);
  return status == FM_OK ? fm_parity_means_tally(out, &s, err) : status;
}

static fm_status decomposition_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                     const fm_table *made, fm_error *err)
{
  static const char *const no_yes[] = {"no", "yes"};
  fm_parity_decomposition_spec s = FM_PARITY_DECOMPOSITION_SPEC_INIT;
  const subject *of = subject_of(o, values, FM__COUNT(values));
  if (of != NULL)
    s.value = of->column;
  if (fm__options_text(o, "value") != NULL)
    s.value = fm__options_text(o, "value");
  s.group = fm__options_text(o, "group");
  s.reference = fm__options_text(o, "reference");
  s.covariates = fm__options_text(o, "covariates");
  s.coefficients = fm__options_text(o, "coefficients");
  s.cluster = cluster_of(o, made);
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  fm_status status = fm__options_choice(o, "logarithm", no_yes, FM__COUNT(no_yes), &s.logarithm, err);
  return status == FM_OK ? fm_parity_decomposition_tally(out, &s, err) : status;
}

const fm__recipe fm__recipes_parity[] = {{"parity.rates", rates_frame, rates_tally},
                                         {"parity.means", means_frame, means_tally},
                                         {"parity.decomposition", decomposition_frame, decomposition_tally},
                                         {.id = NULL}};
