/* Is each observation one that the structure, its lists, the content constraints and the others allow? */
#include <stdio.h>
#include <string.h>

#include "sdg/sdmx_priv.h"

static fm__slice cell_of(const fm__sdmx *s, size_t row, size_t part)
{
  fm__slice out;
  out.text = fm__sdmx_cell(s, row, part, &out.length);
  return out;
}

/* False, and listed, when the version of the list in use does not have the code. */
static bool check_code(fm__sdmx *s, size_t row, size_t part)
{
  const fm_sdmx_codes *c = s->codes;
  const fm__sdmx_part *p = &c->parts[part];
  const fm__sdmx_list *list = &c->lists[p->list];
  fm__slice code = cell_of(s, row, part);
  char what[160], expected[160], hint[160] = "";
  int64_t entry = fm__sdmx_find(c, p->list, code.text, code.length);
  if (entry >= 0 && fm__sdmx_in_force(c, p->list, entry))
    return true;
  snprintf(what, sizeof what, "%.80s(%.20s) does not have this code", list->name, list->version);
  snprintf(expected, sizeof expected, "a code of %.80s(%.20s)", list->name, list->version);
  if (entry >= 0)
    snprintf(hint, sizeof hint, "it is known from version %.20s on%s%.20s", fm__sdmx_since(c, entry),
             fm__sdmx_until(c, entry)[0] != '\0' ? " and until " : "", fm__sdmx_until(c, entry));
  fm__sdmx_problem(s, "FM-K01", s->source[row], p->name, code, what, expected, hint[0] != '\0' ? hint : NULL);
  return false;
}

static bool digits(const char *text, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (text[i] < '0' || text[i] > '9')
      return false;
  return true;
}

/* Periods by frequency: years 2024, half-years 2024-S1, quarters 2024-Q1, months 2024-01 or 2024-M01, weeks 2024-W01,
 * days 2024-01-31. */
static bool is_period(fm__slice text, fm__slice frequency)
{
  static const struct {
    const char *frequency, *pattern;
  } forms[] = {{"A", ""}, {"S", "-S{1-2}"}, {"Q", "-Q{1-4}"}, {"M", "-{01-12}|-M{01-12}"}, {"W", "-W{01-53}"}};
  fm__places places;
  if (text.length < 4 || !digits(text.text, 4))
    return false;
  fm__slice rest = {text.text + 4, text.length - 4};
  for (size_t i = 0; i < FM__COUNT(forms); i++)
    if (fm__slice_is(frequency, forms[i].frequency))
      return forms[i].pattern[0] == '\0' ? rest.length == 0 : fm__pattern_match(forms[i].pattern, rest, &places);
  int32_t day;
  bool is_day = fm_date_parse(&day, text.text, text.length, NULL, NULL) == FM_OK;
  return is_day || !fm__slice_is(frequency, "D");
}

static void check_period(fm__sdmx *s, size_t row, size_t part)
{
  fm__slice text = cell_of(s, row, part);
  if (!is_period(text, cell_of(s, row, s->codes->frequency)))
    fm__sdmx_problem(s, "FM-D03", s->source[row], s->codes->parts[part].name, text, "not a period of its frequency",
                     "such as 2024 (A), 2024-S1 (S), 2024-Q1 (Q), 2024-01 (M), 2024-W01 (W)", NULL);
}

/* One cell; false when its code is not known. */
static bool check_cell(fm__sdmx *s, size_t row, size_t part, bool bare)
{
  const fm__sdmx_part *p = &s->codes->parts[part];
  fm__slice text = cell_of(s, row, part);
  if (text.text == NULL) {
    if (p->required && !bare)
      fm__sdmx_problem(s, "FM-V01", s->source[row], p->name, (fm__slice){NULL, 0}, "no value",
                       part == s->codes->status ? "a status that says why there is no value, such as O or Q"
                                                : "a value in each row, or one for all rows",
                       NULL);
    return false;
  }
  if ((p->role == FM__SDMX_ATTRIBUTE && fm__slice_is(text, "#N/A")) ||
      (bare && p->role == FM__SDMX_DIMENSION && fm__slice_is(text, "~")))
    return false;
  if (p->type == FM__SDMX_PERIOD)
    check_period(s, row, part);
  return p->type != FM__SDMX_CODE || check_code(s, row, part);
}

/* The content constraints of the row's series. */
static void check_limit(fm__sdmx *s, size_t row, size_t part, int64_t series)
{
  const fm_sdmx_codes *c = s->codes;
  const char *allowed = fm__sdmx_limit(c, series, part);
  fm__slice text = cell_of(s, row, part), name = cell_of(s, row, c->series);
  char what[200], expected[2000];
  if (allowed[0] == '\0' || fm__in_list(allowed, ';', text))
    return;
  snprintf(what, sizeof what, "the content constraints of series %.*s forbid this %.60s",
           (int)(name.length < 60 ? name.length : 60), name.text, c->parts[part].name);
  snprintf(expected, sizeof expected, "%s", allowed);
  for (char *p = expected; *p != '\0'; p++)
    *p = *p == ';' ? ' ' : *p;
  fm__sdmx_problem(s, "FM-K02", s->source[row], c->parts[part].name, text, what, expected, NULL);
}

static void check_status(fm__sdmx *s, size_t row)
{
  const fm_sdmx_codes *c = s->codes;
  fm__slice status = cell_of(s, row, c->status), value = cell_of(s, row, c->value);
  int64_t entry = status.text != NULL ? fm__sdmx_find(c, c->parts[c->status].list, status.text, status.length) : -1;
  if (entry < 0 || c->entries[entry].kind != FM__SDMX_CODES)
    return;
  const char *has =
      fm__sheet_cell(&c->sheets[FM__SDMX_CODES][c->entries[entry].which], c->entries[entry].row, FM__C_VALUE);
  if (strcmp(has, "no") == 0 && value.text != NULL)
    fm__sdmx_problem(s, "FM-K07", s->source[row], c->parts[c->status].name, status,
                     "a value beside a status that says there is none", "no value, or another status", NULL);
  else if (strcmp(has, "yes") == 0 && value.text == NULL)
    fm__sdmx_problem(s, "FM-K07", s->source[row], c->parts[c->status].name, status,
                     "no value beside a status that says there is one", "a value, or a status such as O or Q", NULL);
}

static void check_row(fm__sdmx *s, size_t row)
{
  const fm_sdmx_codes *c = s->codes;
  bool bare = fm__sdmx_is_bare(s, row);
  fm__slice name = cell_of(s, row, c->series);
  int64_t series = -1;
  if (name.text != NULL)
    series = fm__sdmx_find(c, c->parts[c->series].list, name.text, name.length);
  if (series >= 0 && c->entries[series].kind != FM__SDMX_SERIES)
    series = -1;
  for (size_t k = 0; k < c->n_parts; k++) {
    bool known = check_cell(s, row, k, bare);
    if (known && series >= 0)
      check_limit(s, row, k, series);
  }
  if (bare)
    return;
  if (c->status != FM__SDMX_NO_PART && c->parts[c->status].list != SIZE_MAX)
    check_status(s, row);
  fm__slice custom = cell_of(s, row, c->custom);
  if (c->label != FM__SDMX_NO_PART && custom.text != NULL && !fm__slice_is(custom, c->parts[c->custom].fallback) &&
      fm__sdmx_is_empty(s, row, c->label))
    fm__sdmx_problem(s, "FM-V01", s->source[row], c->parts[c->label].name, (fm__slice){NULL, 0}, "no value",
                     "what the code of CUST_BREAKDOWN stands for", NULL);
}

/* Keys as texts, each with the row that has it first. */
static fm_status check_keys(fm__sdmx *s, fm_error *err)
{
  fm__bytes key = {0};
  size_t *first = fm__array(s->n_rows, sizeof *first);
  fm__texts *seen = fm__texts_create();
  bool failed = first == NULL || seen == NULL;
  for (size_t i = 0; i < s->n_rows && !failed; i++) {
    key.size = 0;
    for (size_t k = 0; k < s->codes->n_parts; k++) {
      fm__slice text = cell_of(s, i, k);
      if (s->codes->parts[k].role != FM__SDMX_DIMENSION)
        continue;
      if (key.size > 0)
        fm__bytes_u8(&key, '.');
      fm__bytes_raw(&key, text.text, text.length);
    }
    size_t before = fm__texts_count(seen);
    int64_t number = key.failed ? -1 : fm__texts_add(seen, (const char *)key.data, key.size);
    failed = number < 0;
    if (failed || fm__sdmx_is_bare(s, i))
      continue;
    if (fm__texts_count(seen) > before) {
      first[number] = i;
    } else {
      char what[64];
      snprintf(what, sizeof what, "the key of row %zu once more", s->source[first[number]] + 1);
      fm__sdmx_problem(s, "FM-R01", s->source[i], NULL, (fm__slice){(const char *)key.data, key.size}, what,
                       "each key once", "columns of the result that tell these rows apart have no dimension");
    }
  }
  fm__bytes_free(&key);
  fm__texts_destroy(seen);
  fm__free(first);
  return failed ? fm__no_memory(err) : FM_OK;
}

fm_status fm__sdmx_check(fm__sdmx *s, fm_error *err)
{
  for (size_t i = 0; i < s->n_rows; i++)
    check_row(s, i);
  return check_keys(s, err);
}
