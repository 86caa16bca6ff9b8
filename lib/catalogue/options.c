/* Options as text, "name=value;name=value", against the names the catalogue knows. */
#include "catalogue/catalogue_priv.h"

#include <string.h>

#include "num/num_priv.h"

static char *trim(char *text)
{
  while (*text == ' ')
    text++;
  size_t n = strlen(text);
  while (n > 0 && text[n - 1] == ' ')
    text[--n] = '\0';
  return text;
}

/* Lists the options as far as there is room, then says how many more there are. */
static fm_status unknown(const char *id, size_t indicator, const char *name, fm_error *err)
{
  char known[260] = "";
  size_t n = fm_catalogue_n_options(indicator), length = 0, k = 0;
  for (; k < n; k++) {
    const char *option = fm_catalogue_option(indicator, k, "name", "en");
    size_t more = strlen(option);
    if (length + more + 3 > sizeof known)
      break;
    memcpy(known + length, ", ", k > 0 ? 2 : 0);
    length += k > 0 ? 2 : 0;
    memcpy(known + length, option, more + 1);
    length += more;
  }
  if (k < n)
    return fm__fail(err, FM_ERR_NOT_FOUND, "%s has no option \"%.32s\"; it has %s and %zu more", id, name, known,
                    n - k);
  return fm__fail(err, FM_ERR_NOT_FOUND, "%s has no option \"%s\"; it has %s", id, name, n > 0 ? known : "no options");
}

static fm_status check_name(const char *id, const char *name, fm_error *err)
{
  size_t i = (size_t)fm_catalogue_find(id);
  for (size_t k = 0; k < fm_catalogue_n_options(i); k++)
    if (strcmp(fm_catalogue_option(i, k, "name", "en"), name) == 0)
      return FM_OK;
  return unknown(id, i, name, err);
}

static fm_status take_one(fm__options *o, const char *id, char *item, fm_error *err)
{
  char *equals = strchr(item, '=');
  if (equals == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "options: expected name=value, found \"%s\"", item);
  *equals = '\0';
  const char *name = trim(item), *value = trim(equals + 1);
  for (size_t k = 0; k < o->n; k++)
    if (strcmp(o->names[k], name) == 0)
      return fm__fail(err, FM_ERR_ARGUMENT, "options: %s is given twice", name);
  fm_status status = check_name(id, name, err);
  if (status == FM_OK) {
    o->names[o->n] = name;
    o->values[o->n++] = value;
  }
  return status;
}

fm_status fm__options_take(fm__options *o, const char *id, const char *text, fm_error *err)
{
  *o = (fm__options){0};
  if (text == NULL)
    return FM_OK;
  o->text = fm__copy_text(text, strlen(text));
  if (o->text == NULL)
    return fm__no_memory(err);
  fm_status status = FM_OK;
  for (char *p = o->text; *p != '\0' && status == FM_OK;) {
    char *end = p + strcspn(p, ";");
    bool last = *end == '\0';
    *end = '\0';
    char *item = trim(p);
    if (item[0] != '\0')
      status = take_one(o, id, item, err);
    p = last ? end : end + 1;
  }
  if (status != FM_OK)
    fm__options_free(o);
  return status;
}

void fm__options_free(fm__options *o)
{
  fm__free(o->text);
  fm__free(o->by);
  *o = (fm__options){0};
}

const char *fm__options_text(const fm__options *o, const char *name)
{
  for (size_t k = 0; k < o->n; k++)
    if (strcmp(o->names[k], name) == 0)
      return o->values[k][0] != '\0' ? o->values[k] : NULL;
  return NULL;
}

fm_status fm__options_real(const fm__options *o, const char *name, double *out, fm_error *err)
{
  const char *text = fm__options_text(o, name);
  double value;
  if (text == NULL)
    return FM_OK;
  if (!fm__parse_f64(text, strlen(text), '.', &value))
    return fm__fail(err, FM_ERR_ARGUMENT, "option %s: expected a number such as 0.5, found \"%s\"", name, text);
  *out = value;
  return FM_OK;
}

fm_status fm__options_whole(const fm__options *o, const char *name, int32_t *out, fm_error *err)
{
  const char *text = fm__options_text(o, name);
  double value;
  if (text == NULL)
    return FM_OK;
  if (!fm__parse_f64(text, strlen(text), '.', &value) || !(value >= 0 && value <= INT32_MAX) ||
      value != (double)(int32_t)value)
    return fm__fail(err, FM_ERR_ARGUMENT, "option %s: expected a whole number from 0 to %d, found \"%s\"", name,
                    INT32_MAX, text);
  *out = (int32_t)value;
  return FM_OK;
}

fm_status fm__options_choice(const fm__options *o, const char *name, const char *const *words, size_t n, int32_t *out,
                             fm_error *err)
{
  const char *text = fm__options_text(o, name);
  if (text == NULL)
    return FM_OK;
  char known[128] = "";
  size_t length = 0;
  for (size_t k = 0; k < n; k++) {
    if (strcmp(words[k], text) == 0) {
      *out = (int32_t)k;
      return FM_OK;
    }
    size_t more = strlen(words[k]);
    if (more > 0 && length + more + 3 < sizeof known) {
      memcpy(known + length, length > 0 ? ", " : "", length > 0 ? 2 : 0);
      length += length > 0 ? 2 : 0;
      memcpy(known + length, words[k], more + 1);
      length += more;
    }
  }
  return fm__fail(err, FM_ERR_ARGUMENT, "option %s: expected one of %s; found \"%s\"", name, known, text);
}
