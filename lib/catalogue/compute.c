/* Computing an indicator by its id: frame, tally, result. */
#include "catalogue/catalogue_priv.h"

#include <string.h>

#include "flexmetrics/sdg.h"
#include "register/filter_priv.h"
#include "register/merge_priv.h"
#include "table/table_priv.h"
#include "tally/tally_priv.h"

static const fm_compute_spec defaults = FM_COMPUTE_SPEC_INIT;
static const fm_frame_spec frame_defaults = FM_FRAME_SPEC_INIT;

void fm_compute_spec_init(fm_compute_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

static fm_status unknown_id(const char *id, fm_error *err)
{
  char known[256] = "";
  size_t length = 0;
  for (size_t i = 0; i < fm__catalogue_n_indicators; i++) {
    const char *name = fm__catalogue_indicators[i].id;
    size_t n = strlen(name);
    if (length + n + 3 >= sizeof known)
      break;
    memcpy(known + length, length > 0 ? ", " : "", length > 0 ? 2 : 0);
    length += length > 0 ? 2 : 0;
    memcpy(known + length, name, n + 1);
    length += n;
  }
  return fm__fail(err, FM_ERR_NOT_FOUND, "no indicator \"%s\"; there are %s", id != NULL ? id : "", known);
}

/* Everything a call needs before it touches data. */
typedef struct request {
  const char *id; /* of the catalogue, also when the number of a goal's indicator was asked for */
  const fm__recipe *recipe;
  fm_compute_spec spec;
  fm__options options;
} request;

/* Creates the options of a goal's indicator and those of the caller's, after each other. */
static fm_status join_options(char **out, const char *fixed, const char *own, fm_error *err)
{
  size_t n = strlen(fixed), more = own != NULL ? strlen(own) : 0;
  *out = fm__alloc(n + more + 2);
  if (*out == NULL)
    return fm__no_memory(err);
  memcpy(*out, fixed, n);
  (*out)[n] = ';';
  if (more > 0)
    memcpy(*out + n + 1, own, more);
  (*out)[n + 1 + more] = '\0';
  return FM_OK;
}

/* The number of a goal's indicator, such as "10.2.1", stands for what computes it. */
static fm_status take_goal(request *q, size_t goal, fm_error *err)
{
  const char *note = fm_sdg_text(goal, "note", "en");
  char *options;
  q->id = fm_sdg_text(goal, "computed_by", "en");
  if (q->id[0] == '\0')
    return fm__fail(err, FM_ERR_NOT_FOUND, "%s is not computed here. %s", fm_sdg_id(goal), note);
  q->recipe = fm__recipe_of(q->id);
  fm_status status = join_options(&options, fm_sdg_text(goal, "options", "en"), q->spec.options, err);
  if (status == FM_OK)
    status = fm__options_take(&q->options, q->id, options, err);
  fm__free(options);
  return status;
}

static fm_status take_request(request *q, const char *id, const fm_compute_spec *spec, fm_error *err)
{
  int64_t goal = fm_sdg_find(id);
  *q = (request){.id = id, .recipe = fm__recipe_of(id), .spec = defaults};
  if (q->recipe == NULL && goal < 0)
    return unknown_id(id, err);
  fm_status status = fm__spec_take(&q->spec, sizeof q->spec, spec, "fm_compute_spec", err);
  if (status != FM_OK)
    return status;
  if (q->spec.national != NULL && strcmp(id, "sdg.contribution") != 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "national figures are read by sdg.contribution alone; found %s", id);
  return goal >= 0 ? take_goal(q, (size_t)goal, err) : fm__options_take(&q->options, id, q->spec.options, err);
}

fm_status fm_catalogue_tally(fm_tally **out, const char *id, const fm_compute_spec *spec, fm_error *err)
{
  request q;
  *out = NULL;
  fm_status status = take_request(&q, id, spec, err);
  if (status == FM_OK && fm__options_text(&q.options, "going_on") != NULL)
    status =
        fm__fail(err, FM_ERR_ARGUMENT,
                 "option going_on needs all rows at once; leave the values that it names missing in what is added");
  if (status == FM_OK && q.spec.merge != NULL)
    status = fm__fail(err, FM_ERR_ARGUMENT, "merge needs all rows at once; merge the groups of what is added");
  if (status == FM_OK)
    status = q.recipe->tally(out, &q.spec, &q.options, NULL, err);
  fm__options_free(&q.options);
  return status;
}

fm_status fm_catalogue_columns(fm_table **out, const char *id, const fm_compute_spec *spec, fm_error *err)
{
  request q;
  *out = NULL;
  fm_status status = take_request(&q, id, spec, err);
  if (status == FM_OK)
    status = fm__columns_table(out, q.id, &q.spec, &q.options, err);
  fm__options_free(&q.options);
  return status;
}

static fm_status compute(fm_table **out, const fm_table *frame, const request *q, const fm_run *run, fm_error *err)
{
  fm_tally *t = NULL;
  fm_table *told = NULL;
  fm_status status = fm__going_on(&told, frame, q->id, &q->options, err);
  if (status == FM_OK)
    status = q->recipe->tally(&t, &q->spec, &q->options, frame, err);
  if (status == FM_OK)
    status = fm__tally_once(t, out, told != NULL ? told : frame, run, err);
  if (status == FM_OK && q->spec.merge != NULL) {
    fm_table *result = *out;
    status = fm__merge_note(out, result, q->spec.merge, err);
    fm_table_destroy(result);
  }
  fm_table_destroy(told);
  return status;
}

/* The rows of a bare frame that a rule keeps. */
static fm_status keep_rows(fm_table **out, const fm_table *frame, const char *rule, fm_error *err)
{
  fm__filter *f = NULL;
  uint8_t *keep = NULL;
  *out = NULL;
  fm_status status = fm__filter_compile(&f, rule, err);
  if (status == FM_OK)
    status = fm__filter_apply(&keep, f, frame, err);
  if (status == FM_OK)
    status = fm__table_keep(out, frame, keep, err);
  fm__free(keep);
  fm__filter_destroy(f);
  return status;
}

/* The rows of a bare frame with its groups merged, in place of those of *some (NULL: of `frame`). */
static fm_status merge_rows(fm_table **some, const fm_table *frame, const request *q, fm_error *err)
{
  fm_table *rows = *some;
  uint8_t *keep = NULL;
  fm__merge_request m = {.merge = q->spec.merge, .by = q->spec.by, .words = &frame, .n_words = 1};
  fm_status status = fm__merge_groups(some, &keep, rows != NULL ? rows : frame, &m, err);
  fm__free(keep);
  fm_table_destroy(rows);
  return status;
}

fm_status fm_catalogue_compute_frame(fm_table **out, const fm_table *frame, const char *id, const fm_compute_spec *spec,
                                     const fm_run *run, fm_error *err)
{
  request q;
  fm_table *some = NULL;
  *out = NULL;
  fm_status status = take_request(&q, id, spec, err);
  if (status == FM_OK)
    status = fm__table_require_sealed(frame, err);
  if (status == FM_OK && q.spec.filter != NULL)
    status = keep_rows(&some, frame, q.spec.filter, err);
  if (status == FM_OK && q.spec.merge != NULL)
    status = merge_rows(&some, frame, &q, err);
  if (status == FM_OK && strcmp(fm_catalogue_text((size_t)fm_catalogue_find(q.id), "frame", "en"), "income") == 0 &&
      fm__options_text(&q.options, "period") != NULL)
    status = fm__fail(err, FM_ERR_ARGUMENT, "option period needs a register; of a bare frame all rows are taken");
  if (status == FM_OK)
    status = compute(out, some != NULL ? some : frame, &q, run, err);
  fm_table_destroy(some);
  fm__options_free(&q.options);
  return status;
}

/* Several definitions in a frame of survival are groups; a comparison of the groups themselves takes one. */
static fm_status side_by_side(request *q, const char *id, const fm_frame_spec *f, char **by, fm_error *err)
{
  static const char *const apart[] = {"retention.survival",  "retention.cumulative_incidence",
                                      "retention.cox",       "retention.discrete_hazard",
                                      "retention.fine_gray", "retention.logrank"};
  bool several = f->definitions != NULL && strchr(f->definitions, ',') != NULL, is_apart = false;
  if (!several || strcmp(f->kind, "survival") != 0)
    return FM_OK;
  for (size_t k = 0; k < FM__COUNT(apart); k++)
    is_apart |= strcmp(id, apart[k]) == 0;
  if (strcmp(id, "retention.logrank") == 0 && fm__options_text(&q->options, "group") == NULL)
    is_apart = false; /* the groups of by are compared */
  if (!is_apart)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s compares people under one definition; found \"%s\"", id, f->definitions);
  if (fm__options_text(&q->options, "reference") != NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "reference compares groups under one definition; found \"%s\"",
                    f->definitions);
  const char *own = q->spec.by != NULL ? q->spec.by : "";
  *by = fm__alloc(strlen(own) + sizeof "definition,");
  if (*by == NULL)
    return fm__no_memory(err);
  strcat(strcpy(*by, own[0] != '\0' ? "definition," : "definition"), own);
  q->spec.by = *by;
  return FM_OK;
}

/* Creates the caller's lists and, after them, those of the register that hold rates. */
static fm_status join_lists(const fm_codes ***out, size_t *n, const fm_compute_spec *spec, const fm_register *r,
                            fm_error *err)
{
  static const char *const names[] = {"benefit_rate", "discount_rate", "fleksloentilskud", "procurement_clause",
                                      "reimbursement_step"};
  *n = spec->n_codes;
  *out = fm__array(spec->n_codes + FM__COUNT(names), sizeof **out);
  if (*out == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < spec->n_codes; k++)
    (*out)[k] = spec->codes[k];
  for (size_t k = 0; k < FM__COUNT(names); k++)
    (*out)[(*n)++] = fm_register_codes(r, names[k]);
  return FM_OK;
}

fm_status fm_catalogue_compute(fm_table **out, const fm_register *r, const char *id, const fm_compute_spec *spec,
                               const fm_run *run, fm_error *err)
{
  request q;
  fm_table *frame = NULL, *some = NULL;
  char *by = NULL;
  const fm_codes **lists = NULL;
  *out = NULL;
  fm_status status = take_request(&q, id, spec, err);
  if (status == FM_OK)
    status = join_lists(&lists, &q.spec.n_codes, &q.spec, r, err);
  q.spec.codes = lists;
  if (status == FM_OK && q.recipe->frame == NULL)
    status = fm__fail(err, FM_ERR_ARGUMENT, "%s is computed from a table of its own, not from a register", q.id);
  if (status == FM_OK && q.spec.as_of == FM_NO_DATE)
    q.spec.as_of = fm_register_data_end(r);
  fm_frame_spec f = frame_defaults;
  if (status == FM_OK) {
    f.kind = fm_catalogue_text((size_t)fm_catalogue_find(q.id), "frame", "en");
    f.by = q.spec.by;
    f.filter = q.spec.filter;
    f.merge = q.spec.merge;
    f.as_of = q.spec.as_of;
    q.options.made_from = r;
    status = q.recipe->frame(&f, &q.options, err);
  }
  if (status == FM_OK)
    status = side_by_side(&q, q.id, &f, &by, err);
  if (status == FM_OK)
    status = fm_register_frame(&frame, r, &f, run, err);
  if (status == FM_OK && q.options.keep != NULL)
    status = keep_rows(&some, frame, q.options.keep, err);
  if (status == FM_OK)
    status = compute(out, some != NULL ? some : frame, &q, run, err);
  fm_table_destroy(some);
  fm_table_destroy(frame);
  fm__options_free(&q.options);
  fm__free((void *)lists);
  fm__free(by);
  return status;
}
