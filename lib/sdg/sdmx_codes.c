/* The tables in use: components, code lists by version, series with what their keys may hold, mappings. */
#include <stdio.h>
#include <string.h>

#include "sdg/sdmx_priv.h"

static const char *const column_names[FM__SDMX_SHEETS][FM__SDMX_MOST_COLUMNS + 1] = {
    [FM__SDMX_COMPONENTS] = {"component", "role", "required", "list", "default", "type"},
    [FM__SDMX_CODES] = {"list", "code", "since", "until", "value"},
    [FM__SDMX_SERIES] = {"code", "since", "until"},
    [FM__SDMX_MEASURES] = {"series", "indicator", "quantity", "definition", "when", "needs", "set", "shift"},
    [FM__SDMX_GROUPS] = {"column", "value", "component", "code"},
};

const char *fm_sdmx_builtin_name(size_t i)
{
  return i < FM__SDMX_SHEETS ? fm__sdmx_files[i].name : NULL;
}

fm_status fm_sdmx_builtin(fm_table **out, const char *name, fm_error *err)
{
  fm_csv_format format = FM_CSV_FORMAT_INIT;
  *out = NULL;
  format.delimiter = ',';
  for (size_t i = 0; name != NULL && i < FM__SDMX_SHEETS; i++)
    if (strcmp(fm__sdmx_files[i].name, name) == 0)
      return fm_csv_read_memory(out, NULL, fm__sdmx_files[i].bytes, fm__sdmx_files[i].size, name, NULL, &format, 0,
                                NULL, err);
  return fm__fail(err, FM_ERR_NOT_FOUND,
                  "there is no built-in table %s; expected sdmx_components, sdmx_codes, sdmx_series, sdmx_measures or "
                  "sdmx_groups",
                  name != NULL ? name : "NULL");
}

const char *fm__sheet_cell(const fm__sheet *s, size_t row, int column)
{
  const char *text = fm_table_text(s->t, s->columns[column], row, NULL);
  return text != NULL ? text : "";
}

/* ---- looking up ---- */

size_t fm__sdmx_part_called(const fm_sdmx_codes *c, const char *name, size_t length)
{
  for (size_t k = 0; k < c->n_parts; k++)
    if (fm__slice_is((fm__slice){name, length}, c->parts[k].name))
      return k;
  return FM__SDMX_NO_PART;
}

static const fm__sheet *sheet_of(const fm_sdmx_codes *c, int64_t entry)
{
  return &c->sheets[c->entries[entry].kind][c->entries[entry].which];
}

static const char *entry_code(const fm_sdmx_codes *c, int64_t entry)
{
  bool series = c->entries[entry].kind == FM__SDMX_SERIES;
  return fm__sheet_cell(sheet_of(c, entry), c->entries[entry].row, series ? FM__S_CODE : FM__C_CODE);
}

const char *fm__sdmx_since(const fm_sdmx_codes *c, int64_t entry)
{
  bool series = c->entries[entry].kind == FM__SDMX_SERIES;
  return fm__sheet_cell(sheet_of(c, entry), c->entries[entry].row, series ? FM__S_SINCE : FM__C_SINCE);
}

const char *fm__sdmx_until(const fm_sdmx_codes *c, int64_t entry)
{
  bool series = c->entries[entry].kind == FM__SDMX_SERIES;
  return fm__sheet_cell(sheet_of(c, entry), c->entries[entry].row, series ? FM__S_UNTIL : FM__C_UNTIL);
}

bool fm__sdmx_in_force(const fm_sdmx_codes *c, size_t list, int64_t entry)
{
  const char *version = c->lists[list].version, *until = fm__sdmx_until(c, entry);
  return fm__version_compare(fm__sdmx_since(c, entry), version) <= 0 &&
         (until[0] == '\0' || fm__version_compare(version, until) <= 0);
}

/* The list at the start of a key. */
static size_t list_of(const fm_sdmx_codes *c, size_t entry)
{
  size_t list = 0;
  for (const char *p = fm__texts_at(c->keys, entry, NULL); *p != ' '; p++)
    list = 10 * list + (size_t)(*p - '0');
  return list;
}

static int64_t find_key(const fm_sdmx_codes *c, size_t list, const char *code, size_t length)
{
  char key[256];
  int n = snprintf(key, sizeof key, "%zu ", list);
  if ((size_t)n + length > sizeof key)
    return -1;
  memcpy(key + n, code, length);
  return fm__texts_find(c->keys, key, (size_t)n + length);
}

int64_t fm__sdmx_find(const fm_sdmx_codes *c, size_t list, const char *code, size_t length)
{
  fm__places places;
  if (memchr(code, '{', length) != NULL)
    return -1;
  int64_t found = find_key(c, list, code, length);
  for (size_t i = 0; found < 0 && i < c->n_entries; i++) { /* ranges such as C{01-99} */
    const char *pattern = strchr(fm__texts_at(c->keys, i, NULL), '{') != NULL ? entry_code(c, (int64_t)i) : NULL;
    if (pattern != NULL && list_of(c, i) == list && fm__pattern_match(pattern, (fm__slice){code, length}, &places))
      found = (int64_t)i;
  }
  return found;
}

const char *fm__sdmx_limit(const fm_sdmx_codes *c, int64_t series, size_t part)
{
  const fm__sdmx_entry *e = &c->entries[series];
  size_t column = c->parts[part].limits[e->which];
  const char *text = column != SIZE_MAX ? fm_table_text(sheet_of(c, series)->t, column, e->row, NULL) : NULL;
  return text != NULL && strcmp(text, "ALL") != 0 ? text : "";
}

/* ---- making them ---- */

static fm_status fail_cell(fm_error *err, const fm__sheet *s, size_t row, size_t column, const char *expected)
{
  const char *value = fm_table_text(s->t, column, row, NULL), *name = fm_table_column_name(s->t, column);
  fm__fail(err, FM_ERR_VALUE, "table %s, row %zu, column %s: \"%.*s\"; expected %s", fm_table_name(s->t), row + 1, name,
           fm__fit(value != NULL ? value : "", 60), value != NULL ? value : "", expected);
  fm__error_place(err, fm_table_name(s->t), name, (int64_t)column, (int64_t)row, fm_table_line(s->t, row));
  return FM_ERR_VALUE;
}

static fm_status open_sheet(fm__sheet *s, fm_table *t, int kind, fm_error *err)
{
  fm_status status = fm__table_require_sealed(t, err);
  s->t = fm_table_retain(t);
  for (size_t k = 0; column_names[kind][k] != NULL && status == FM_OK; k++)
    status = fm__table_find(t, column_names[kind][k], FM_CODE, &s->columns[k], err);
  return status;
}

static fm_status open_builtin(fm_sdmx_codes *c, int kind, fm_error *err)
{
  fm_table *t = NULL;
  fm_status status = fm_sdmx_builtin(&t, fm__sdmx_files[kind].name, err);
  if (status == FM_OK)
    status = open_sheet(&c->sheets[kind][1], t, kind, err);
  fm_table_destroy(t);
  return status;
}

static fm_status open_sheets(fm_sdmx_codes *c, const fm_table *const *own, size_t n_own, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t i = 0; i < n_own && status == FM_OK; i++) {
    size_t kind = 0;
    while (kind < FM__SDMX_SHEETS && strcmp(fm_table_name(own[i]), fm__sdmx_files[kind].name) != 0)
      kind++;
    if (kind == FM__SDMX_SHEETS || c->sheets[kind][0].t != NULL)
      return fm__fail(err, FM_ERR_NOT_FOUND,
                      "table %zu is called %.40s; expected one of sdmx_components, sdmx_codes, sdmx_series, "
                      "sdmx_measures and sdmx_groups, each once",
                      i + 1, fm_table_name(own[i]));
    status = open_sheet(&c->sheets[kind][0], (fm_table *)(uintptr_t)own[i], (int)kind, err);
  }
  for (int kind = 0; kind < FM__SDMX_SHEETS && status == FM_OK; kind++)
    status = open_builtin(c, kind, err);
  return status;
}

static int32_t place_in(const char *const *words, size_t n, const char *text)
{
  for (size_t i = 0; i < n; i++)
    if (strcmp(words[i], text) == 0)
      return (int32_t)i;
  return -1;
}

static fm_status add_list(fm_sdmx_codes *c, const char *name, size_t *list, fm_error *err)
{
  for (*list = 0; *list < c->n_lists; ++*list)
    if (strcmp(c->lists[*list].name, name) == 0)
      return FM_OK;
  fm__sdmx_list *grown = fm__resize(c->lists, c->n_lists + 1, sizeof *grown);
  if (grown == NULL)
    return fm__no_memory(err);
  c->lists = grown;
  c->lists[c->n_lists++] = (fm__sdmx_list){.name = name, .version = ""};
  return FM_OK;
}

/* Column of a component's constraints. */
static size_t limit_column(const fm__sheet *s, const char *component)
{
  int64_t k = s->t != NULL ? fm_table_column_index(s->t, component) : -1;
  return k >= 0 && fm_table_column_type(s->t, (size_t)k) == FM_CODE ? (size_t)k : SIZE_MAX;
}

static fm_status read_parts(fm_sdmx_codes *c, fm_error *err)
{
  static const char *const roles[] = {"dimension", "measure", "attribute"};
  static const char *const types[] = {"code", "text", "number", "period"};
  const fm__sheet *s = &c->sheets[FM__SDMX_COMPONENTS][c->sheets[FM__SDMX_COMPONENTS][0].t != NULL ? 0 : 1];
  size_t n = fm_table_n_rows(s->t);
  fm_status status = FM_OK;
  c->parts = fm__array(n, sizeof *c->parts);
  if (c->parts == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    fm__sdmx_part *p = &c->parts[i];
    const char *list = fm__sheet_cell(s, i, FM__P_LIST);
    *p = (fm__sdmx_part){.name = fm__sheet_cell(s, i, FM__P_COMPONENT),
                         .fallback = fm__sheet_cell(s, i, FM__P_DEFAULT),
                         .role = place_in(roles, FM__COUNT(roles), fm__sheet_cell(s, i, FM__P_ROLE)),
                         .type = place_in(types, FM__COUNT(types), fm__sheet_cell(s, i, FM__P_TYPE)),
                         .required = strcmp(fm__sheet_cell(s, i, FM__P_REQUIRED), "yes") == 0,
                         .list = SIZE_MAX};
    if (p->name[0] == '\0' || fm__sdmx_part_called(c, p->name, strlen(p->name)) != FM__SDMX_NO_PART)
      return fail_cell(err, s, i, s->columns[FM__P_COMPONENT], "each component once");
    if (p->role < 0)
      return fail_cell(err, s, i, s->columns[FM__P_ROLE], "dimension, measure or attribute");
    if (p->type < 0 || (p->type == FM__SDMX_CODE) != (list[0] != '\0'))
      return fail_cell(err, s, i, s->columns[FM__P_TYPE], "code with a list, or text, number or period without one");
    for (size_t k = 0; k < 2; k++)
      p->limits[k] = limit_column(&c->sheets[FM__SDMX_SERIES][k], p->name);
    if (list[0] != '\0')
      status = add_list(c, list, &p->list, err);
    c->n_parts++;
  }
  return status;
}

static void name_parts(fm_sdmx_codes *c)
{
  const struct {
    const char *name;
    size_t *part;
  } named[] = {{"SERIES", &c->series},      {"OBS_VALUE", &c->value},          {"OBS_STATUS", &c->status},
               {"UNIT_MEASURE", &c->unit},  {"CUST_BREAKDOWN", &c->custom},    {"CUST_BREAKDOWN_LB", &c->label},
               {"TIME_PERIOD", &c->period}, {"TIME_DETAIL", &c->detail},       {"FREQ", &c->frequency},
               {"REF_AREA", &c->area},      {"REPORTING_TYPE", &c->reporting}, {"SOURCE_DETAIL", &c->source},
               {"UPPER_BOUND", &c->upper},  {"LOWER_BOUND", &c->lower}};
  for (size_t i = 0; i < FM__COUNT(named); i++)
    *named[i].part = fm__sdmx_part_called(c, named[i].name, strlen(named[i].name));
}

/* A code of a list; one that is there already keeps its place. */
static fm_status add_entry(fm_sdmx_codes *c, size_t list, int kind, size_t which, size_t row, fm_error *err)
{
  char key[256];
  const fm__sheet *s = &c->sheets[kind][which];
  int column = kind == FM__SDMX_SERIES ? FM__S_CODE : FM__C_CODE;
  const char *code = fm__sheet_cell(s, row, column);
  int n = snprintf(key, sizeof key, "%zu %s", list, code);
  if (code[0] == '\0' || n >= (int)sizeof key)
    return fail_cell(err, s, row, s->columns[column], "a code of 1 to 200 bytes");
  int64_t number = fm__texts_add(c->keys, key, (size_t)n);
  if (number < 0 || !fm__grow((void **)&c->entries, &c->entries_capacity, c->n_entries + 1, sizeof *c->entries))
    return fm__no_memory(err);
  if ((size_t)number == c->n_entries)
    c->entries[c->n_entries++] = (fm__sdmx_entry){(uint8_t)kind, (uint8_t)which, row};
  return FM_OK;
}

static fm_status read_codes(fm_sdmx_codes *c, fm_error *err)
{
  fm_status status = FM_OK;
  c->keys = fm__texts_create();
  if (c->keys == NULL)
    return fm__no_memory(err);
  for (size_t which = 0; which < 2; which++) {
    const fm__sheet *s = &c->sheets[FM__SDMX_CODES][which];
    for (size_t i = 0; s->t != NULL && i < fm_table_n_rows(s->t) && status == FM_OK; i++) {
      size_t list = 0;
      const char *name = fm__sheet_cell(s, i, FM__C_LIST);
      while (list < c->n_lists && strcmp(c->lists[list].name, name) != 0)
        list++;
      if (list == c->n_lists || (which == 1 && c->lists[list].own))
        continue;
      c->lists[list].own = which == 0;
      status = add_entry(c, list, FM__SDMX_CODES, which, i, err);
    }
    s = &c->sheets[FM__SDMX_SERIES][which];
    for (size_t i = 0; s->t != NULL && c->series != FM__SDMX_NO_PART && i < fm_table_n_rows(s->t) && status == FM_OK;
         i++)
      status = add_entry(c, c->parts[c->series].list, FM__SDMX_SERIES, which, i, err);
  }
  return status;
}

/* Mappings are written by hand: what could not be used is said at once. */
static fm_status check_measures(const fm_sdmx_codes *c, fm_error *err)
{
  const fm__sheet *s = &c->sheets[FM__SDMX_MEASURES][0];
  for (size_t i = 0; s->t != NULL && i < fm_table_n_rows(s->t); i++) {
    const char *shift = fm__sheet_cell(s, i, FM__M_SHIFT);
    if (shift[0] < '0' || shift[0] > '9' || shift[1] != '\0')
      return fail_cell(err, s, i, s->columns[FM__M_SHIFT], "places to move the decimal point, 0 to 9");
  }
  s = &c->sheets[FM__SDMX_GROUPS][0];
  for (size_t i = 0; s->t != NULL && i < fm_table_n_rows(s->t); i++) {
    const char *component = fm__sheet_cell(s, i, FM__G_COMPONENT);
    if (strcmp(component, "-") != 0 && fm__sdmx_part_called(c, component, strlen(component)) == FM__SDMX_NO_PART)
      return fail_cell(err, s, i, s->columns[FM__G_COMPONENT], "a component of the structure, or -");
  }
  return FM_OK;
}

/* The newest version that a list's codes speak of. */
static void find_versions(fm_sdmx_codes *c)
{
  for (size_t i = 0; i < c->n_entries; i++) {
    size_t list = list_of(c, i);
    const char *texts[] = {fm__sdmx_since(c, (int64_t)i), fm__sdmx_until(c, (int64_t)i)};
    for (size_t k = 0; k < 2; k++)
      if (fm__version_compare(texts[k], c->lists[list].version) > 0)
        c->lists[list].version = texts[k];
  }
  for (size_t list = 0; list < c->n_lists; list++)
    if (c->lists[list].chosen != NULL)
      c->lists[list].version = c->lists[list].chosen;
}

/* "CL_AGE(1.1)", or with the agency before it. */
static fm_status choose_version(fm_sdmx_codes *c, fm__slice wanted, fm_error *err)
{
  const char *open = memchr(wanted.text, '(', wanted.length);
  size_t name = open != NULL ? (size_t)(open - wanted.text) : 0;
  if (name == 0 || wanted.text[wanted.length - 1] != ')' || wanted.length < name + 3 ||
      strspn(open + 1, "0123456789.") != wanted.length - name - 2)
    return fm__fail(err, FM_ERR_FORMAT, "the version \"%.*s\" cannot be read; expected one such as CL_AGE(1.1)",
                    (int)(wanted.length < 60 ? wanted.length : 60), wanted.text);
  for (size_t k = 0; k < c->n_lists; k++) {
    const char *full = c->lists[k].name, *colon = strchr(full, ':');
    fm__slice s = {wanted.text, name};
    if (!fm__slice_is(s, full) && (colon == NULL || !fm__slice_is(s, colon + 1)))
      continue;
    fm__free(c->lists[k].chosen);
    c->lists[k].chosen = fm__copy_text(open + 1, wanted.length - name - 2);
    return c->lists[k].chosen != NULL ? FM_OK : fm__no_memory(err);
  }
  return fm__fail(err, FM_ERR_NOT_FOUND, "there is no code list %.*s in the structure", (int)(name < 60 ? name : 60),
                  wanted.text);
}

static fm_status make(fm_sdmx_codes *c, const fm_table *const *own, size_t n_own, const char *versions, fm_error *err)
{
  fm__slice wanted;
  fm_status status = open_sheets(c, own, n_own, err);
  if (status == FM_OK)
    status = read_parts(c, err);
  if (status == FM_OK) {
    name_parts(c);
    status = read_codes(c, err);
  }
  if (status == FM_OK)
    status = check_measures(c, err);
  while (status == FM_OK && fm__slice_next(&versions, ',', &wanted))
    if (wanted.length > 0)
      status = choose_version(c, wanted, err);
  if (status == FM_OK)
    find_versions(c);
  return status;
}

fm_status fm_sdmx_codes_create(fm_sdmx_codes **out, const fm_table *const *own, size_t n_own, const char *versions,
                               fm_error *err)
{
  *out = NULL;
  for (size_t i = 0; i < n_own; i++)
    if (own == NULL || own[i] == NULL)
      return fm__fail(err, FM_ERR_ARGUMENT, "table %zu is NULL", i + 1);
  fm_sdmx_codes *c = fm__array(1, sizeof *c);
  if (c == NULL)
    return fm__no_memory(err);
  fm_status status = make(c, own, n_own, versions, err);
  if (status != FM_OK) {
    fm_sdmx_codes_destroy(c);
    return status;
  }
  *out = c;
  return FM_OK;
}

fm_status fm__sdmx_codes_of_structure(fm_sdmx_codes **out, fm_error *err)
{
  *out = NULL;
  fm_sdmx_codes *c = fm__array(1, sizeof *c);
  if (c == NULL)
    return fm__no_memory(err);
  fm_status status = open_builtin(c, FM__SDMX_COMPONENTS, err);
  if (status == FM_OK)
    status = read_parts(c, err);
  if (status != FM_OK) {
    fm_sdmx_codes_destroy(c);
    return status;
  }
  *out = c;
  return FM_OK;
}

/* The table of a folder, NULL where it has none. */
static fm_status read_own(fm_table **out, const char *folder, const char *name, fm_error *err)
{
  fm_csv_format format = FM_CSV_FORMAT_INIT;
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  size_t size = strlen(folder) + strlen(name) + 6;
  char *path = fm__alloc(size);
  fm_status status = FM_OK;
  if (path == NULL)
    return fm__no_memory(err);
  snprintf(path, size, "%s/%s.csv", folder, name);
  schema.table = name;
  format.delimiter = ',';
  if (fm__file_exists(path))
    status = fm_csv_read_file(out, NULL, path, &schema, &format, 0, NULL, err);
  fm__free(path);
  return status;
}

fm_status fm_sdmx_codes_read(fm_sdmx_codes **out, const char *folder, const char *versions, fm_error *err)
{
  fm_table *own[FM__SDMX_SHEETS] = {NULL};
  size_t n = 0;
  fm_status status = FM_OK;
  *out = NULL;
  for (size_t i = 0; folder != NULL && i < FM__SDMX_SHEETS && status == FM_OK; i++) {
    status = read_own(&own[n], folder, fm__sdmx_files[i].name, err);
    n += own[n] != NULL;
  }
  if (status == FM_OK && folder != NULL && n == 0)
    status =
        fm__fail(err, FM_ERR_NOT_FOUND, "there is none of the tables in %.200s; expected sdmx_codes.csv or another",
                 fm__path_name(folder));
  if (status == FM_OK)
    status = fm_sdmx_codes_create(out, (const fm_table *const *)own, n, versions, err);
  for (size_t i = 0; i < n; i++)
    fm_table_destroy(own[i]);
  return status;
}

void fm_sdmx_codes_destroy(fm_sdmx_codes *c)
{
  if (c == NULL)
    return;
  for (size_t i = 0; i < FM__SDMX_SHEETS; i++)
    for (size_t which = 0; which < 2; which++)
      fm_table_destroy(c->sheets[i][which].t);
  for (size_t i = 0; i < c->n_lists; i++)
    fm__free(c->lists[i].chosen);
  fm__texts_destroy(c->keys);
  fm__free(c->parts);
  fm__free(c->lists);
  fm__free(c->entries);
  fm__free(c);
}
