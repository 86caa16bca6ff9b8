/* What a spec of parity.decomposition means. */
#include <string.h>

#include "parity/decomposition_state_priv.h"

enum { COLUMNS = 8, TERMS }; /* texts made from those of the spec */

const char *fm__decomposition_columns(const fm__decomposition *t)
{
  return t->texts[COLUMNS];
}

const char *fm__decomposition_coefficients(int32_t which)
{
  static const char *const names[FM__PARITY_N_PRICES] = {"group",   "reference", "pooled",
                                                         "neumark", "cotton",    "reimers"};
  return names[which];
}

static size_t count_names(const char *list)
{
  size_t n = fm__is_given(list) ? 1 : 0;
  for (const char *p = list; fm__is_given(list) && *p != '\0'; p++)
    n += *p == ',';
  return n;
}

static char *trim(char *text)
{
  while (*text == ' ')
    text++;
  size_t n = strlen(text);
  while (n > 0 && text[n - 1] == ' ')
    text[--n] = '\0';
  return text;
}

/* ---- which coefficients ---- */

static fm_status choose(fm__decomposition *t, fm_error *err)
{
  t->chosen = t->spec.coefficients == NULL ? (1U << FM__PARITY_N_PRICES) - 1 : 0;
  for (const char *p = t->spec.coefficients; p != NULL;) {
    size_t length = strcspn(p, ","), from = strspn(p, " "), n = length;
    int32_t which = 0;
    while (n > from && p[n - 1] == ' ')
      n--;
    n -= from < n ? from : n;
    while (which < FM__PARITY_N_PRICES && (strlen(fm__decomposition_coefficients(which)) != n ||
                                           memcmp(p + from, fm__decomposition_coefficients(which), n) != 0))
      which++;
    if (which == FM__PARITY_N_PRICES)
      return fm__fail(err, FM_ERR_ARGUMENT,
                      "coefficients: expected group, reference, pooled, neumark, cotton or reimers, separated by "
                      "commas; found \"%s\"",
                      t->spec.coefficients);
    t->chosen |= 1U << which;
    p = p[length] == ',' ? p + length + 1 : NULL;
  }
  return FM_OK;
}

/* ---- covariates ---- */

static fm_status read_term(fm__decomposition *t, char *text, fm_error *err)
{
  char *colon = strchr(text, ':');
  if (colon != NULL)
    *colon = '\0';
  fm__term term = {trim(text), colon != NULL ? trim(colon + 1) : NULL};
  if (term.name[0] == '\0' || (term.base != NULL && term.base[0] == '\0'))
    return fm__fail(err, FM_ERR_ARGUMENT, "covariates: expected columns such as age, or education:basic with the base");
  for (size_t k = 0; k < t->n_terms; k++)
    if (strcmp(t->terms[k].name, term.name) == 0)
      return fm__fail(err, FM_ERR_ARGUMENT, "covariates: %s is there twice", term.name);
  t->n_numbers += term.base == NULL;
  t->n_categories += term.base != NULL;
  t->terms[t->n_terms++] = term;
  return FM_OK;
}

static fm_status read_terms(fm__decomposition *t, fm_error *err)
{
  fm_status status = FM_OK;
  t->terms = fm__array(count_names(t->spec.covariates), sizeof *t->terms);
  t->texts[TERMS] = fm__copy_text(t->spec.covariates, strlen(t->spec.covariates));
  if (t->terms == NULL || t->texts[TERMS] == NULL)
    return fm__no_memory(err);
  for (char *p = t->texts[TERMS]; p != NULL && status == FM_OK;) {
    char *comma = strchr(p, ',');
    if (comma != NULL)
      *comma = '\0';
    status = read_term(t, p, err);
    p = comma != NULL ? comma + 1 : NULL;
  }
  return status;
}

/* Creates "by,group,categories". */
static fm_status name_columns(fm__decomposition *t, fm_error *err)
{
  fm__bytes b = {0};
  if (t->spec.by != NULL) {
    fm__bytes_raw(&b, t->spec.by, strlen(t->spec.by));
    fm__bytes_raw(&b, ",", 1);
  }
  fm__bytes_raw(&b, t->spec.group, strlen(t->spec.group));
  for (size_t k = 0; k < t->n_terms; k++)
    if (t->terms[k].base != NULL) {
      fm__bytes_raw(&b, ",", 1);
      fm__bytes_raw(&b, t->terms[k].name, strlen(t->terms[k].name));
    }
  if (!b.failed)
    t->texts[COLUMNS] = fm__copy_text((const char *)b.data, b.size);
  fm__bytes_free(&b);
  return t->texts[COLUMNS] != NULL ? FM_OK : fm__no_memory(err);
}

/* ---- the state ---- */

static fm_status check(const fm_parity_decomposition_spec *s, fm_error *err)
{
  if (!fm__is_given(s->value))
    return fm__fail(err, FM_ERR_ARGUMENT, "value: expected the name of a column of numbers");
  if (!fm__is_given(s->group))
    return fm__fail(err, FM_ERR_ARGUMENT, "group: expected the column whose groups are compared");
  if (!fm__is_given(s->covariates))
    return fm__fail(err, FM_ERR_ARGUMENT, "covariates: expected columns such as age, or education:basic with the base");
  if (!(s->level > 0 && s->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a share between 0 and 1");
  if (s->logarithm != 0 && s->logarithm != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "logarithm: expected 0 or 1");
  return fm__parity_check_against(FM_PARITY_REFERENCE, s->reference, err);
}

fm_status fm__decomposition_open(fm__decomposition *t, const fm_parity_decomposition_spec *spec, fm_error *err)
{
  fm_status status = check(spec, err);
  if (status != FM_OK)
    return status;
  t->spec = *spec;
  const char **own[] = {&t->spec.value,        &t->spec.group, &t->spec.reference, &t->spec.covariates,
                        &t->spec.coefficients, &t->spec.by,    &t->spec.weight,    &t->spec.cluster};
  for (size_t k = 0; k < FM__COUNT(own) && status == FM_OK; k++) {
    t->texts[k] = fm__is_given(*own[k]) ? fm__copy_text(*own[k], strlen(*own[k])) : NULL;
    if (t->texts[k] == NULL && fm__is_given(*own[k]))
      status = fm__no_memory(err);
    *own[k] = t->texts[k];
  }
  if (status != FM_OK)
    return status;
  t->weighted = t->spec.weight != NULL;
  t->logarithm = t->spec.logarithm == 1;
  t->n_by = count_names(t->spec.by);
  t->n_group = count_names(t->spec.group);
  status = choose(t, err);
  if (status == FM_OK)
    status = read_terms(t, err);
  t->grams.n_numbers = t->n_numbers + 2;
  if (status == FM_OK)
    status = name_columns(t, err);
  return status == FM_OK ? fm__groups_create(&t->cells, t->texts[COLUMNS], err) : status;
}
