/* The code lists in force: the built-in ones, the few the schema brings along, and the caller's instead of them. */
#include <string.h>

#include "code/instrument_priv.h"
#include "register/make_priv.h"

const fm_codes *fm__make_list(const fm__make *m, const char *list)
{
  for (size_t i = 0; list != NULL && i < m->r->n_codes; i++)
    if (strcmp(fm_codes_list_name(m->r->codes[i]), list) == 0)
      return m->r->codes[i];
  return NULL;
}

/* Takes the list in every case. A list of that name is replaced. */
static fm_status put_list(fm__make *m, fm_codes *codes, fm_error *err)
{
  fm_register *r = m->r;
  for (size_t i = 0; i < r->n_codes; i++)
    if (strcmp(fm_codes_list_name(r->codes[i]), fm_codes_list_name(codes)) == 0) {
      fm_codes_destroy(r->codes[i]);
      r->codes[i] = codes;
      return FM_OK;
    }
  fm_codes **grown = fm__resize(r->codes, r->n_codes + 1, sizeof *grown);
  if (grown == NULL) {
    fm_codes_destroy(codes);
    return fm__no_memory(err);
  }
  r->codes = grown;
  r->codes[r->n_codes++] = codes;
  return FM_OK;
}

static void put_row(fm__builder *b, const char *entry, size_t length)
{
  const char *colon = memchr(entry, ':', length);
  size_t n = colon != NULL ? (size_t)(colon - entry) : length;
  char aliases[128] = "|"; /* a leading | says that aliases are not separated by spaces */
  size_t used = 1;
  for (size_t i = n + 1; i < length && used + 1 < sizeof aliases; i++)
    aliases[used++] = entry[i] == ':' ? '|' : entry[i];
  fm__builder_text(b, 0, entry, n);
  fm__builder_text(b, 1, used > 1 ? aliases : NULL, used);
}

/* A list written in the schema: code[:alias...]|... */
static fm_status put_words(fm__make *m, const fm__column_def *c, fm_error *err)
{
  fm__builder *b = NULL;
  fm_table *t = NULL;
  fm_codes *codes = NULL;
  size_t column;
  fm_status status = fm__builder_create(&b, c->list, err);
  if (status == FM_OK)
    status = fm__builder_column(b, "code", FM_CODE, &column, err);
  if (status == FM_OK)
    status = fm__builder_column(b, "aliases", FM_CODE, &column, err);
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  for (const char *w = c->words; *w != '\0';) {
    size_t n = strcspn(w, "|");
    put_row(b, w, n);
    w += n + (w[n] == '|');
  }
  status = fm__builder_finish(b, &t, err);
  if (status == FM_OK)
    status = fm_codes_from_table(&codes, c->list, t, err);
  fm_table_destroy(t);
  return status == FM_OK ? put_list(m, codes, err) : status;
}

static fm_status put_own_lists(fm__make *m, fm_error *err)
{
  for (size_t i = 0; i < fm_codes_n_builtin(); i++) {
    fm_codes *codes;
    fm_status status = fm_codes_builtin(&codes, fm_codes_builtin_name(i), err);
    if (status == FM_OK)
      status = put_list(m, codes, err);
    if (status != FM_OK)
      return status;
  }
  for (int t = 0; t < FM__N_TABLES; t++)
    for (size_t k = 0; k < fm__schema[t].n_columns; k++) {
      const fm__column_def *c = &fm__schema[t].columns[k];
      fm_status status = c->words != NULL ? put_words(m, c, err) : FM_OK;
      if (status != FM_OK)
        return status;
    }
  return FM_OK;
}

/* What else a list must have; `why` has the row of the list. */
static fm_status check_list(const fm_codes *codes, fm_error *why)
{
  fm__instrument *instruments = NULL;
  if (strcmp(fm_codes_list_name(codes), "instrument") != 0)
    return FM_OK;
  fm_status status = fm__instruments_read(&instruments, codes, why);
  fm__free(instruments);
  return status;
}

/* One <list>.csv; what is wrong with it is a problem like any other. */
static fm_status read_list(fm__make *m, const char *folder, const char *name, fm_error *err)
{
  char list[64];
  size_t n = strlen(name) - 4, a = strlen(folder);
  fm_table *t = NULL;
  fm_codes *codes = NULL;
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  fm_csv_format format = m->format;
  if (n == 0 || n >= sizeof list)
    return FM_OK;
  memcpy(list, name, n);
  list[n] = '\0';
  schema.table = list;
  format.delimiter = 0; /* a shipped list may stand beside data written another way */
  char *path = fm__alloc(a + n + 6);
  if (path == NULL)
    return fm__no_memory(err);
  memcpy(path, folder, a);
  path[a] = '/';
  memcpy(path + a + 1, name, n + 5);
  fm_status status = fm__csv_read_file(&t, m->problems, path, &schema, &format, 0, m->run, err);
  fm__free(path);
  bool listed = status == FM_ERR_DATA;
  fm_error why = FM_ERROR_INIT;
  if (status == FM_OK) {
    status = fm_codes_from_table(&codes, list, t, &why);
    if (status == FM_OK && (status = check_list(codes, &why)) != FM_OK) {
      fm_codes_destroy(codes);
      why.line = why.row >= 0 ? fm_table_line(t, (size_t)why.row) : -1;
    }
    if (status == FM_ERR_MEMORY)
      fm__no_memory(err);
    else if (status != FM_OK)
      fm__make_file_problem(m, name, why.line,
                            &(fm__finding){.code = "FM-C03", .what = why.message, .expected = "a code list"});
    listed = status != FM_OK && status != FM_ERR_MEMORY;
  }
  fm_table_destroy(t);
  if (listed) {
    m->fatal = true;
    if (err != NULL)
      fm_error_clear(err);
    return FM_OK;
  }
  return status == FM_OK ? put_list(m, codes, err) : status;
}

static fm_status read_folder(fm__make *m, const char *folder, fm_error *err)
{
  char **names = NULL;
  fm_status status = fm__folder_names(&names, folder, err);
  for (size_t i = 0; status == FM_OK && names[i] != NULL; i++) {
    size_t n = strlen(names[i]);
    if (n > 4 && strcmp(names[i] + n - 4, ".csv") == 0)
      status = read_list(m, folder, names[i], err);
  }
  fm__names_free(names);
  return status;
}

/* The folder that datapackage.json names stands beside it. */
static fm_status read_named_folder(fm__make *m, const char *folder, fm_error *err)
{
  const char *name = fm_register_fact(m->r, "codes");
  if (name == NULL || folder == NULL)
    return FM_OK;
  size_t a = strlen(folder), b = strlen(name);
  char *path = fm__alloc(a + b + 2);
  if (path == NULL)
    return fm__no_memory(err);
  memcpy(path, folder, a);
  path[a] = '/';
  memcpy(path + a + 1, name, b + 1);
  fm_status status = read_folder(m, path, err);
  fm__free(path);
  return status;
}

fm_status fm__make_lists(fm__make *m, const char *folder, fm_error *err)
{
  fm_status status = put_own_lists(m, err);
  if (status == FM_OK)
    status =
        m->spec.codes_folder != NULL ? read_folder(m, m->spec.codes_folder, err) : read_named_folder(m, folder, err);
  for (size_t i = 0; status == FM_OK && i < m->spec.n_codes; i++) {
    if (m->spec.codes == NULL || m->spec.codes[i] == NULL)
      return fm__fail(err, FM_ERR_ARGUMENT, "codes[%zu] is NULL", i);
    status = put_list(m, fm_codes_retain(m->spec.codes[i]), err);
  }
  return status;
}
