/* Observations as SDMX-CSV. */
#include <stdio.h>
#include <string.h>

#include "sdg/sdmx_priv.h"

enum { CSV_10, CSV_20, CSV_21 };

static const fm_sdmx_spec defaults = FM_SDMX_SPEC_INIT;

/* The file in the making: the table that is printed. */
typedef struct page {
  fm__sdmx s;
  fm_sdmx_spec spec;
  fm_sdmx_codes *made;
  int version;
  size_t type, id, flow, action; /* columns of the table that say where its rows belong; SIZE_MAX: none */
} page;

static size_t text_column(const fm_table *t, const char *name)
{
  int64_t k = fm_table_column_index(t, name);
  return k >= 0 && fm_table_column_type(t, (size_t)k) == FM_CODE ? (size_t)k : SIZE_MAX;
}

static const char *text_of(const page *p, size_t column, size_t source)
{
  return column != SIZE_MAX ? fm_table_text(p->s.t, column, source, NULL) : NULL;
}

/* ---- the spec ---- */

static fm_status check_structure(const page *p, fm_error *err)
{
  static const char *const types[] = {"datastructure", "dataflow", "dataprovision"};
  const char *structure = p->spec.structure, *type = p->spec.structure_type;
  bool known = type == NULL, is_global = structure != NULL && strchr(structure, ':') == NULL;
  for (size_t i = 0; i < FM__COUNT(types) && !known; i++)
    known = strcmp(type, types[i]) == 0;
  if (!known)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "there is no structure type %.40s; expected datastructure, dataflow or dataprovision", type);
  if (type != NULL && structure == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "a structure type is given, but no structure");
  if (p->version == CSV_10 && type != NULL && strcmp(type, "dataflow") != 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "SDMX-CSV 1.0 names a dataflow, not a %s", type);
  if (is_global && (structure[0] == '\0' || strspn(structure, "0123456789.") != strlen(structure) ||
                    (type != NULL && strcmp(type, "dataprovision") == 0)))
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "the structure is \"%.60s\"; expected the version of the global structure, such as 1.8, or "
                    "AGENCY:ID(VERSION)",
                    structure);
  bool own = p->flow != SIZE_MAX || (p->type != SIZE_MAX && p->id != SIZE_MAX);
  if (structure == NULL && !own)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "no structure is given; expected the version of the global structure, such as 1.8");
  return FM_OK;
}

static bool is_action(int version, const char *action)
{
  const char *allowed = version == CSV_20 ? "IARD" : "MRDIA";
  return action[0] != '\0' && action[1] == '\0' && strchr(allowed, action[0]) != NULL;
}

static fm_status check_spec(const page *p, fm_error *err)
{
  fm_status status = check_structure(p, err);
  if (status != FM_OK || p->spec.action == NULL)
    return status;
  if (p->version == CSV_10)
    return fm__fail(err, FM_ERR_ARGUMENT, "SDMX-CSV 1.0 has no actions");
  if (!is_action(p->version, p->spec.action))
    return fm__fail(err, FM_ERR_ARGUMENT, "there is no action %.20s in SDMX-CSV %s; expected one of %s", p->spec.action,
                    p->version == CSV_20 ? "2.0" : "2.1", p->version == CSV_20 ? "I A R D" : "M R D");
  return FM_OK;
}

/* ---- what stands before the components ---- */

/* What the row's structure is and where it is kept; NULL: not told. */
static const char *type_of(const page *p, size_t source)
{
  if (p->spec.structure != NULL)
    return p->spec.structure_type != NULL ? p->spec.structure_type
           : p->version == CSV_10         ? "dataflow"
                                          : "datastructure";
  return text_of(p, p->flow, source) != NULL ? "dataflow" : text_of(p, p->type, source);
}

/* The global structure has one dataflow for what custodians send and one for what countries do. */
static void put_global(const page *p, fm__builder *b, size_t column, size_t row, const char *type)
{
  char id[96];
  size_t length;
  const char *reporting = fm__sdmx_cell(&p->s, row, p->s.codes->reporting, &length);
  bool custodian = reporting != NULL && strcmp(reporting, "G") == 0;
  int n = snprintf(id, sizeof id, "IAEG-SDGs:%s(%.40s)",
                   strcmp(type, "datastructure") == 0 ? "SDG"
                   : custodian                        ? "DF_SDG_GLH"
                                                      : "DF_SDG_GLC",
                   p->spec.structure);
  fm__builder_text(b, column, id, (size_t)n);
}

static void put_id(page *p, fm__builder *b, size_t column, size_t row, const char *type)
{
  size_t source = p->s.source[row];
  const char *id = p->spec.structure;
  if (id != NULL && strchr(id, ':') == NULL) {
    put_global(p, b, column, row, type);
    return;
  }
  if (id == NULL) {
    id = text_of(p, p->flow, source);
    id = id != NULL ? id : text_of(p, p->id, source);
  }
  if (id == NULL)
    fm__sdmx_problem(&p->s, "FM-V01", source, "STRUCTURE_ID", (fm__slice){NULL, 0}, "no value",
                     "a structure, such as IAEG-SDGs:SDG(1.8)", NULL);
  fm__builder_text(b, column, id, id != NULL ? strlen(id) : 0);
}

static void put_type(page *p, fm__builder *b, size_t column, size_t row, const char *type)
{
  fm__slice found = {type, type != NULL ? strlen(type) : 0};
  bool known = fm__slice_is(found, "dataflow") ||
               (p->version != CSV_10 && (fm__slice_is(found, "datastructure") || fm__slice_is(found, "dataprovision")));
  if (!known)
    fm__sdmx_problem(&p->s, "FM-K08", p->s.source[row], "STRUCTURE", found, "not a structure of this version",
                     p->version == CSV_10 ? "dataflow" : "datastructure, dataflow or dataprovision", NULL);
  if (p->version != CSV_10)
    fm__builder_text(b, column, type, found.length);
}

static void put_action(page *p, fm__builder *b, size_t column, size_t row)
{
  const char *action = p->spec.action != NULL ? p->spec.action : text_of(p, p->action, p->s.source[row]);
  if (action == NULL)
    action = p->version == CSV_20 ? "I" : "M";
  if (!is_action(p->version, action))
    fm__sdmx_problem(&p->s, "FM-K08", p->s.source[row], "ACTION", (fm__slice){action, strlen(action)},
                     "not an action of this version", p->version == CSV_20 ? "I, A, R or D" : "M, R or D", NULL);
  fm__builder_text(b, column, action, strlen(action));
}

/* ---- the table ---- */

static fm_status make_front(page *p, fm__builder *b, fm_error *err)
{
  static const char *const names[] = {"STRUCTURE", "STRUCTURE_ID", "ACTION"};
  fm_status status = FM_OK;
  for (size_t k = 0; k < (p->version == CSV_10 ? 1 : FM__COUNT(names)) && status == FM_OK; k++)
    status = fm__builder_column(b, p->version == CSV_10 ? "DATAFLOW" : names[k], FM_CODE, NULL, err);
  for (size_t i = 0; i < p->s.n_rows && status == FM_OK; i++) {
    const char *type = type_of(p, p->s.source[i]);
    put_type(p, b, 0, i, type);
    put_id(p, b, p->version == CSV_10 ? 0 : 1, i, type != NULL ? type : "");
    if (p->version != CSV_10)
      put_action(p, b, 2, i);
  }
  return status;
}

static fm_status make_part(const page *p, fm__builder *b, size_t part, fm_error *err)
{
  const fm_sdmx_codes *c = p->s.codes;
  size_t column;
  fm_status status = fm__builder_column(b, c->parts[part].name, FM_CODE, &column, err);
  for (size_t i = 0; i < p->s.n_rows && status == FM_OK; i++) {
    size_t length;
    const char *text = fm__sdmx_cell(&p->s, i, part, &length);
    if (text == NULL && part == c->value && p->version == CSV_21 && !fm__sdmx_is_bare(&p->s, i))
      fm__builder_text(b, column, "NaN", 3); /* missing on purpose: its status says why */
    else
      fm__builder_text(b, column, text, length);
  }
  return status;
}

static fm_status make_kept(const page *p, fm__builder *b, fm_error *err)
{
  const char *keep = p->spec.keep;
  fm__slice name;
  fm_status status = FM_OK;
  while (status == FM_OK && fm__slice_next(&keep, ',', &name)) {
    size_t from = 0, column;
    if (name.length == 0)
      continue;
    while (!fm__slice_is(name, fm_table_column_name(p->s.t, from)))
      from++;
    status = fm__builder_column(b, fm_table_column_name(p->s.t, from), FM_CODE, &column, err);
    for (size_t i = 0; i < p->s.n_rows && status == FM_OK; i++) {
      char scratch[48];
      size_t length;
      const char *text = fm__sdmx_plain(p->s.t, from, p->s.source[i], scratch, &length);
      fm__builder_text(b, column, text, length);
    }
  }
  return status;
}

static fm_status make_page(page *p, fm_table **out, fm_error *err)
{
  fm__builder *b = NULL;
  fm_status status = fm__builder_create(&b, "sdmx", err);
  if (status == FM_OK)
    status = make_front(p, b, err);
  for (size_t k = 0; k < p->s.codes->n_parts && status == FM_OK; k++)
    if (fm__sdmx_is_shown(&p->s, k))
      status = make_part(p, b, k, err);
  if (status == FM_OK)
    status = make_kept(p, b, err);
  if (status == FM_OK && p->s.n_errors > 0)
    status = fm__problems_fail(p->s.problems, err);
  if (status == FM_OK)
    return fm__builder_finish(b, out, err);
  fm__builder_destroy(b);
  return status;
}

static fm_status open_page(page *p, fm_table **out, const fm_table *t, const fm_sdmx_spec *spec, fm_error *err)
{
  p->spec = defaults;
  if (t == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "the table is NULL");
  fm_status status = fm__spec_take(&p->spec, sizeof p->spec, spec, "fm_sdmx_spec", err);
  if (status != FM_OK)
    return status;
  const char *version = p->spec.version;
  p->version = version == NULL || strcmp(version, "2.0") == 0 ? CSV_20 : strcmp(version, "1.0") == 0 ? CSV_10 : CSV_21;
  p->flow = text_column(t, "DATAFLOW");
  p->type = text_column(t, "STRUCTURE");
  p->id = text_column(t, "STRUCTURE_ID");
  p->action = text_column(t, "ACTION");
  status = check_spec(p, err);
  p->s.problems = status == FM_OK ? fm__problems_create() : NULL;
  if (status == FM_OK && p->s.problems == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = fm__sdmx_open(&p->s, t, &p->spec, &p->made, err);
  return status == FM_OK ? make_page(p, out, err) : status;
}

/* The printed table; the problems in any case. */
static fm_status make(fm_table **out, fm_table **problems, const fm_table *t, const fm_sdmx_spec *spec, fm_error *err)
{
  page p = {0};
  *out = NULL;
  if (problems != NULL)
    *problems = NULL;
  fm_status status = open_page(&p, out, t, spec, err);
  if (p.s.problems != NULL)
    status = fm__sdmx_tell(&p.s, status, problems, err);
  if (status != FM_OK) {
    fm_table_destroy(*out);
    *out = NULL;
  }
  fm__sdmx_close(&p.s);
  fm_sdmx_codes_destroy(p.made);
  return status;
}

static fm_csv_style style_of(void)
{
  fm_csv_style style = FM_CSV_STYLE_INIT;
  style.crlf = 1;
  style.guard_formulas = 0; /* -9 is a code of UNIT_MULT; the receiver is a program */
  return style;
}

fm_status fm_sdmx_write_file(fm_table **problems, const fm_table *t, const char *path, const fm_sdmx_spec *spec,
                             fm_error *err)
{
  fm_table *out = NULL;
  fm_csv_style style = style_of();
  if (problems != NULL)
    *problems = NULL;
  if (path == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "the path is NULL");
  fm_status status = make(&out, problems, t, spec, err);
  if (status == FM_OK)
    status = fm_csv_write_file(out, path, &style, err);
  if (status != FM_OK && status != FM_ERR_DATA && problems != NULL) {
    fm_table_destroy(*problems);
    *problems = NULL;
  }
  fm_table_destroy(out);
  return status;
}

fm_status fm_sdmx_write_memory(char **out, size_t *size, fm_table **problems, const fm_table *t,
                               const fm_sdmx_spec *spec, fm_error *err)
{
  fm_table *page_table = NULL;
  fm_csv_style style = style_of();
  *out = NULL;
  *size = 0;
  fm_status status = make(&page_table, problems, t, spec, err);
  if (status == FM_OK)
    status = fm_csv_write_memory(out, size, page_table, &style, err);
  if (status != FM_OK && status != FM_ERR_DATA && problems != NULL) {
    fm_table_destroy(*problems);
    *problems = NULL;
  }
  fm_table_destroy(page_table);
  return status;
}
