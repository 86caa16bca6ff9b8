/* The schema as functions, as a table and as Frictionless Table Schemas. */
#include "register/schema_priv.h"

#include <math.h>
#include <string.h>

int fm__table_number(const char *name)
{
  for (int t = 0; t < FM__N_TABLES; t++)
    if (strcmp(fm__schema[t].name, name) == 0)
      return t;
  return -1;
}

int fm__schema_column(const fm__table_def *t, const char *name)
{
  for (size_t k = 0; k < t->n_columns; k++)
    if (strcmp(t->columns[k].name, name) == 0)
      return (int)k;
  return -1;
}

bool fm__schema_range(const fm__column_def *c, double *min, double *max)
{
  *min = (c->flags & FM__POSITIVE) != 0 ? 5e-324 : 0; /* the smallest number above 0 */
  *max = (c->flags & FM__SHARE) != 0 ? 1 : (c->flags & FM__WEEK_HOURS) != 0 ? 168 : (double)INFINITY;
  return (c->flags & (FM__SHARE | FM__WEEK_HOURS | FM__NOT_NEGATIVE | FM__WEIGHT | FM__POSITIVE)) != 0;
}

size_t fm_schema_n_tables(void)
{
  return FM__N_TABLES;
}

const char *fm_schema_table_name(size_t i)
{
  return i < FM__N_TABLES ? fm__schema[i].name : NULL;
}

/* ---- JSON ---- */
static void put(fm__bytes *b, const char *text)
{
  fm__bytes_raw(b, text, strlen(text));
}

/* The texts of the schema need no escapes: a test reads the JSON back. */
static void put_pair(fm__bytes *b, const char *indent, const char *key, const char *value, const char *after)
{
  put(b, indent);
  put(b, "\"");
  put(b, key);
  put(b, "\": \"");
  put(b, value);
  put(b, "\"");
  put(b, after);
}

static const char *json_type(int32_t type)
{
  switch (type) {
  case FM_F64:
    return "number";
  case FM_I64:
    return "integer";
  case FM_DATE:
    return "date";
  case FM_BOOL:
    return "boolean";
  default:
    return "string";
  }
}

static bool is_key(const fm__table_def *t, const char *column)
{
  return t->key != NULL && strcmp(t->key, column) == 0;
}

static void put_constraints(fm__bytes *b, const fm__table_def *t, const fm__column_def *c)
{
  double min, max;
  const char *between = "";
  if ((c->flags & FM__REQUIRED) == 0 && !fm__schema_range(c, &min, &max))
    return;
  put(b, ",\n      \"constraints\": {");
  if ((c->flags & FM__REQUIRED) != 0) {
    put(b, "\"required\": true");
    between = ", ";
  }
  if (is_key(t, c->name))
    put(b, ", \"unique\": true"); /* a key is always required */
  if (fm__schema_range(c, &min, &max)) {
    put(b, between);
    put(b, max == 1     ? "\"minimum\": 0, \"maximum\": 1"
           : max == 168 ? "\"minimum\": 0, \"maximum\": 168"
                        : "\"minimum\": 0");
  }
  put(b, "}");
}

static void put_field(fm__bytes *b, const fm__table_def *t, const fm__column_def *c)
{
  put_pair(b, "    {\n      ", "name", c->name, ",\n");
  put_pair(b, "      ", "type", json_type(c->type), ",\n");
  if (c->type == FM_DATE)
    put_pair(b, "      ", "format", "default", ",\n");
  if (c->type == FM_BOOL)
    put(b, "      \"trueValues\": [\"true\", \"1\", \"yes\", \"ja\", \"sand\"],\n"
           "      \"falseValues\": [\"false\", \"0\", \"no\", \"nej\", \"falsk\"],\n");
  if (c->list != NULL)
    put_pair(b, "      ", "codeList", c->list, ",\n");
  put_pair(b, "      ", "description", c->en, ",\n");
  put_pair(b, "      ", "description_da", c->da, "");
  put_constraints(b, t, c);
  put(b, "\n    }");
}

/* ["a", "b"] from "a,b" */
static void put_names(fm__bytes *b, const char *names)
{
  put(b, "[\"");
  for (; *names != '\0'; names++)
    if (*names == ',')
      put(b, "\", \"");
    else
      fm__bytes_u8(b, (uint8_t)*names);
  put(b, "\"]");
}

static void put_keys(fm__bytes *b, const fm__table_def *t)
{
  bool first = true;
  if (t->key != NULL) {
    bool single = strchr(t->key, ',') == NULL;
    put(b, single ? ",\n  \"primaryKey\": " : ",\n  \"uniqueKeys\": [");
    put_names(b, t->key);
    put(b, single ? "" : "]");
  }
  for (size_t k = 0; k < t->n_columns; k++) {
    const fm__column_def *c = &t->columns[k];
    if (c->references < 0)
      continue;
    put(b, first ? ",\n  \"foreignKeys\": [\n" : ",\n");
    put_pair(b, "    {", "fields", c->name, ", ");
    put_pair(b, "\"reference\": {", "resource", fm__schema[c->references].name, ", ");
    put_pair(b, "", "fields", c->name, "}}");
    first = false;
  }
  put(b, first ? "" : "\n  ]");
}

fm_status fm_schema_json(char **out, size_t i, fm_error *err)
{
  fm__bytes b = {0};
  *out = NULL;
  if (i >= FM__N_TABLES)
    return fm__fail(err, FM_ERR_ARGUMENT, "the schema has %d tables, number %zu was asked for", (int)FM__N_TABLES, i);
  const fm__table_def *t = &fm__schema[i];
  put_pair(&b, "{\n  ", "name", t->name, ",\n");
  put_pair(&b, "  ", "description", t->en, ",\n");
  put_pair(&b, "  ", "description_da", t->da, ",\n");
  put(&b, "  \"missingValues\": [\"\"],\n  \"fields\": [\n");
  for (size_t k = 0; k < t->n_columns; k++) {
    put_field(&b, t, &t->columns[k]);
    put(&b, k + 1 < t->n_columns ? ",\n" : "\n");
  }
  put(&b, "  ]");
  put_keys(&b, t);
  put(&b, "\n}\n");
  fm__bytes_u8(&b, 0);
  if (b.failed) {
    fm__bytes_free(&b);
    return fm__no_memory(err);
  }
  *out = (char *)b.data;
  return FM_OK;
}

/* ---- table ---- */
static void put_cell(fm__builder *b, size_t column, const char *text)
{
  fm__builder_text(b, column, text, text != NULL ? strlen(text) : 0);
}

fm_status fm_schema_table(fm_table **out, fm_error *err)
{
  static const struct {
    const char *name;
    int32_t type;
  } columns[] = {{"table", FM_CODE},      {"column", FM_CODE},         {"type", FM_CODE},
                 {"required", FM_BOOL},   {"list", FM_CODE},           {"unique", FM_BOOL},
                 {"references", FM_CODE}, {"description_en", FM_CODE}, {"description_da", FM_CODE}};
  fm__builder *b = NULL;
  size_t at;
  *out = NULL;
  fm_status status = fm__builder_create(&b, "schema", err);
  for (size_t k = 0; k < FM__COUNT(columns) && status == FM_OK; k++)
    status = fm__builder_column(b, columns[k].name, columns[k].type, &at, err);
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  for (size_t i = 0; i < FM__N_TABLES; i++)
    for (size_t k = 0; k < fm__schema[i].n_columns; k++) {
      const fm__column_def *c = &fm__schema[i].columns[k];
      put_cell(b, 0, fm__schema[i].name);
      put_cell(b, 1, c->name);
      put_cell(b, 2, fm_column_type_name(c->type));
      fm__builder_bool(b, 3, (c->flags & FM__REQUIRED) != 0);
      put_cell(b, 4, c->list);
      fm__builder_bool(b, 5, is_key(&fm__schema[i], c->name));
      put_cell(b, 6, c->references >= 0 ? fm__schema[c->references].name : NULL);
      put_cell(b, 7, c->en);
      put_cell(b, 8, c->da);
    }
  return fm__builder_finish(b, out, err);
}
