/* fm_labour_status: what each row comes to. */
#include <string.h>

#include "labour/labour_priv.h"

static const fm_labour_spec defaults = FM_LABOUR_SPEC_INIT;

/* Columns of yes and no, and the roles without which they are not told. */
typedef struct flag {
  const char *name;
  int32_t population, question;
  uint64_t needs;
} flag;

#define R(role) FM__ROLE(FM__ROLE_##role)
static const flag flags[] = {
    {"long_term_unemployed", FM__Q_UNEMPLOYED, FM__Q_LONG, R(SEARCH_MONTHS)},
    {"informal", FM__Q_EMPLOYED, FM__Q_INFORMAL, R(STATUS) | R(SECTOR_REGISTERED) | R(SOCIAL_INSURANCE)},
    {"neet", FM__Q_YOUTH, FM__Q_NEET, R(AGE) | R(IN_EDUCATION) | R(IN_TRAINING)},
    {"child_labour", FM__Q_CHILD, FM__Q_CHILD_LABOUR, R(AGE) | R(PAID_HOURS) | R(OWN_USE_HOURS)}};

static bool has_roles(const fm__labour_reader *r, uint64_t roles)
{
  for (size_t k = 0; k < FM__N_READ_ROLES; k++)
    if ((roles >> k & 1) != 0 && r->source[k].column == FM__NO_COLUMN)
      return false;
  return true;
}

static void put_status(fm__builder *b, const fm__labour_chunk *c, size_t i)
{
  const uint8_t employed = c->answer[FM__Q_EMPLOYED][i], unemployed = c->answer[FM__Q_UNEMPLOYED][i];
  const char *text = NULL;
  if (employed == FM__ANSWER_YES)
    text = c->answer[FM__Q_UNDEREMPLOYED][i] == FM__ANSWER_YES ? "underemployed" : "employed";
  else if (unemployed == FM__ANSWER_YES)
    text = "unemployed";
  else if (employed == FM__ANSWER_NO && unemployed == FM__ANSWER_NO)
    text = c->answer[FM__Q_POTENTIAL][i] == FM__ANSWER_YES ? "potential" : "outside";
  fm__builder_text(b, 0, text, text != NULL ? strlen(text) : 0);
}

static void put_rows(fm__builder *b, const fm__labour_chunk *c, const bool *told, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    size_t column = 1;
    put_status(b, c, i);
    for (size_t k = 0; k < FM__COUNT(flags); k++) {
      uint8_t in = told[k] ? c->answer[flags[k].population][i] : FM__ANSWER_NO, yes = c->answer[flags[k].question][i];
      if (!told[k])
        continue;
      if (in == FM__ANSWER_YES && yes != FM__ANSWER_UNKNOWN)
        fm__builder_bool(b, column++, yes == FM__ANSWER_YES);
      else
        fm__builder_null(b, column++);
    }
  }
}

static fm_status fill(fm__builder *b, const fm__labour_reader *r, fm__labour_chunk *c, fm_error *err)
{
  size_t n = fm_table_n_rows(r->frame);
  bool told[FM__COUNT(flags)], job_found = r->source[FM__ROLE_JOB_FOUND].column != FM__NO_COLUMN;
  fm_status status = fm__builder_column(b, "labour_status", FM_CODE, NULL, err);
  for (size_t k = 0; k < FM__COUNT(flags) && status == FM_OK; k++) {
    told[k] = has_roles(r, flags[k].needs);
    if (told[k])
      status = fm__builder_column(b, flags[k].name, FM_BOOL, NULL, err);
  }
  for (size_t first = 0; first < n && status == FM_OK; first += FM__CHUNK) {
    size_t now = n - first < FM__CHUNK ? n - first : FM__CHUNK;
    status = fm__labour_reader_read(c, r, first, now, err);
    if (status != FM_OK)
      break;
    fm__labour_derive(c, r->plan, job_found, now);
    put_rows(b, c, told, now);
  }
  return status;
}

fm_status fm_labour_status(fm_table **out, const fm_table *frame, const fm_labour_spec *spec, fm_error *err)
{
  fm_labour_spec s = defaults;
  fm__labour_plan plan = {.n_items = 0};
  fm__labour_reader r = {.frame = NULL};
  fm__labour_chunk *c = fm__array(1, sizeof *c);
  fm__builder *b = NULL;
  *out = NULL;
  fm_status status = c != NULL ? fm__spec_take(&s, sizeof s, spec, "fm_labour_spec", err) : fm__no_memory(err);
  if (status == FM_OK)
    status = fm__table_require_sealed(frame, err);
  if (status == FM_OK) {
    s.weight = NULL; /* every row has a status, whatever it weighs */
    status = fm__labour_plan_take(&plan, &s, true, err);
  }
  if (status == FM_OK)
    status = fm__labour_reader_open(&r, &plan, frame, err);
  if (status == FM_OK)
    status = fm__builder_create(&b, "labour_status", err);
  if (status == FM_OK)
    status = fill(b, &r, c, err);
  if (status == FM_OK)
    status = fm__builder_finish(b, out, err);
  else
    fm__builder_destroy(b);
  fm__labour_reader_close(&r);
  fm__labour_plan_free(&plan);
  fm__free(c);
  return status;
}
