/* Which columns of a bare frame an indicator reads, and as what: for reading them from a file. */
#include "catalogue/catalogue_priv.h"

#include <string.h>

#include "flexmetrics/csv.h"
#include "register/filter_priv.h"
#include "survey/survey_priv.h"
#include "table/table_priv.h"

enum { REQUIRED = 1, IS_ID = 2 };

/* Options that name columns; `otherwise`: the column without the option, when the option is one of the indicator. */
static const struct {
  const char *option, *otherwise;
  int32_t type, flags;
} named[] = {
    {"income", "income", FM_F64, REQUIRED},
    {"person", "person_id", FM_CSV_KEY, IS_ID},
    {"cluster", "person_id", FM_CSV_KEY, REQUIRED | IS_ID},
    {"domain", NULL, FM_BOOL, 0},
    {"imputed", NULL, FM_BOOL, 0},
    {"top_coded", NULL, FM_BOOL, 0},
    {"longitudinal", NULL, FM_F64, 0},
    {"attrition", NULL, FM_F64, 0},
    {"covariates", NULL, FM_F64, 0},
    {"group", NULL, FM_CSV_KEY, 0},
    {"strata", NULL, FM_CSV_KEY, 0},
    {"censoring", NULL, FM_CSV_KEY, 0},
    {"cause", NULL, FM_CSV_KEY, 0},
    {"outcome", "outcome", FM_BOOL, REQUIRED},
    {"value", "value", FM_F64, REQUIRED},
    {"prefiscal", "prefiscal", FM_F64, REQUIRED},
    {"postfiscal", "postfiscal", FM_F64, REQUIRED},
};

/* ---- the list in the making ---- */

typedef struct item {
  int32_t type, flags;
} item;

typedef struct list {
  fm__texts *names;
  item *items;
  size_t capacity;
} list;

/* A column named twice is what it was first, unless that was anything. */
static fm_status add(list *l, const char *name, size_t length, int32_t type, int32_t flags, fm_error *err)
{
  size_t before = fm__texts_count(l->names);
  if (!fm__grow((void **)&l->items, &l->capacity, before + 1, sizeof *l->items))
    return fm__no_memory(err);
  int64_t at = fm__texts_add(l->names, name, length);
  if (at < 0)
    return fm__no_memory(err);
  if ((size_t)at == before)
    l->items[at] = (item){type, flags};
  if (l->items[at].type == FM_CSV_ANY)
    l->items[at].type = type;
  l->items[at].flags |= flags;
  return FM_OK;
}

/* The names of "a, b"; "none" and "-" stand for no column. */
static fm_status add_names(list *l, const char *names, int32_t type, int32_t flags, fm_error *err)
{
  fm_status status = FM_OK;
  for (const char *p = names; p != NULL && status == FM_OK;) {
    size_t length = strcspn(p, ",");
    const char *next = p[length] != '\0' ? p + length + 1 : NULL;
    while (length > 0 && *p == ' ') {
      p++;
      length--;
    }
    while (length > 0 && p[length - 1] == ' ')
      length--;
    const char *colon = memchr(p, ':', length); /* a text column and what it is compared with */
    int32_t own = colon != NULL ? FM_CSV_KEY : type;
    if (colon != NULL)
      length = (size_t)(colon - p);
    bool none = length == 0 || (length == 1 && *p == '-') || (length == 4 && memcmp(p, "none", 4) == 0);
    if (!none)
      status = add(l, p, length, own, flags, err);
    p = next;
  }
  return status;
}

static bool has_option(const char *id, const char *option)
{
  size_t i = (size_t)fm_catalogue_find(id);
  for (size_t k = 0; k < fm_catalogue_n_options(i); k++)
    if (strcmp(fm_catalogue_option(i, k, "name", "en"), option) == 0)
      return true;
  return false;
}

static fm_status add_fixed(list *l, const fm__catalogue_column *c, const fm__options *o, fm_error *err)
{
  const char *column = c->column;
  int32_t flags = (c->required ? REQUIRED : 0) | (c->is_id ? IS_ID : 0);
  size_t n = strlen(column);
  const char *clock = fm__options_text(o, "clock") != NULL ? fm__options_text(o, "clock") : "days";
  if (column[n - 1] != '_')
    return add(l, column, n, c->type, flags, err);
  char *name = fm__alloc(n + strlen(clock) + 1);
  if (name == NULL)
    return fm__no_memory(err);
  memcpy(name, column, n);
  memcpy(name + n, clock, strlen(clock) + 1);
  fm_status status = add(l, name, strlen(name), c->type, flags, err);
  fm__free(name);
  return status;
}

/* Regressions of the time to an exit: the columns of things that begin on a date, and those that a covariate may have
 * beside it. */
static fm_status add_dated(list *l, const fm__options *o, fm_error *err)
{
  static const char *const clocks[] = {"days", "weeks", "months"};
  const char *own = fm__options_text(o, "clock") != NULL ? fm__options_text(o, "clock") : "days";
  const struct {
    const char *option, *clock;
    int32_t type, flags;
  } of[] = {{"dated", own, FM_I32, REQUIRED},
            {"ever", own, FM_I32, REQUIRED},
            {"covariates", clocks[0], FM_CSV_ANY, 0},
            {"covariates", clocks[1], FM_CSV_ANY, 0},
            {"covariates", clocks[2], FM_CSV_ANY, 0}};
  fm_status status = FM_OK;
  for (size_t k = 0; k < FM__COUNT(of); k++)
    for (const char *p = fm__options_text(o, of[k].option); p != NULL && *p != '\0' && status == FM_OK;) {
      size_t all = strcspn(p, ","), from = strspn(p, " "), to = strcspn(p, ",:");
      while (to > from && p[to - 1] == ' ')
        to--;
      fm__bytes b = {0};
      fm__bytes_raw(&b, p + from, to - from);
      fm__bytes_raw(&b, "_", 1);
      fm__bytes_raw(&b, of[k].clock, strlen(of[k].clock));
      if (to > from)
        status = b.failed ? fm__no_memory(err) : add(l, (const char *)b.data, b.size, of[k].type, of[k].flags, err);
      fm__bytes_free(&b);
      p += all + (p[all] == ',');
    }
  return status;
}

/* Errors over people without being asked to; rows that need their person. */
static const char *const by_people[] = {"retention.status", "retention.weeks", "retention.hours",
                                        "retention.unemployment", "programme.journeys"};
static const char *const of_people[] = {"income.mobility", "retention.states", "retention.transitions",
                                        "retention.sequences"};

static bool is_one_of(const char *id, const char *const *ids, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (strcmp(id, ids[i]) == 0)
      return true;
  return false;
}

/* The column of an option that is not given. */
static const char *usual_column(const char *id, size_t k)
{
  bool people = strcmp(named[k].option, "cluster") != 0 || is_one_of(id, by_people, FM__COUNT(by_people));
  return people ? named[k].otherwise : NULL;
}

static fm_status add_known(list *l, const char *id, const fm__options *o, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t k = 0; k < fm__catalogue_n_columns && status == FM_OK; k++)
    if (strcmp(fm__catalogue_columns[k].id, id) == 0)
      status = add_fixed(l, &fm__catalogue_columns[k], o, err);
  if (status == FM_OK && (strcmp(id, "retention.cox") == 0 || strcmp(id, "retention.discrete_hazard") == 0 ||
                          strcmp(id, "retention.fine_gray") == 0))
    status = add_dated(l, o, err);
  for (size_t k = 0; k < FM__COUNT(named) && status == FM_OK; k++) {
    bool of_design = strcmp(named[k].option, "strata") == 0 && has_option(id, "psu"); /* add_design reads those */
    if (of_design || !has_option(id, named[k].option))
      continue;
    const char *given = fm__options_text(o, named[k].option);
    bool followed = is_one_of(id, of_people, FM__COUNT(of_people)) && strcmp(named[k].option, "person") == 0;
    int32_t flags = named[k].flags | (given != NULL || followed ? REQUIRED : 0);
    status = add_names(l, given != NULL ? given : usual_column(id, k), named[k].type, flags, err);
  }
  return status;
}

static fm_status add_weight(list *l, const char *id, const char *weight, fm_error *err)
{
  size_t n = weight != NULL ? strlen(weight) : 0;
  if (n == 0 || strcmp(id, "income.bottom40") != 0)
    return n == 0 ? FM_OK : add(l, weight, n, FM_F64, REQUIRED, err);
  char *two = fm__alloc(n + 3);
  fm_status status = two != NULL ? FM_OK : fm__no_memory(err);
  for (char period = '0'; period <= '1' && status == FM_OK; period++) {
    memcpy(two, weight, n);
    two[n] = '_';
    two[n + 1] = period;
    status = add(l, two, n + 2, FM_F64, REQUIRED, err);
  }
  fm__free(two);
  return status;
}

static fm_status add_design(list *l, const char *id, const fm__options *o, fm_error *err)
{
  fm_survey_design_spec design;
  fm__design_columns *columns = NULL;
  double *rscales = NULL;
  if (!has_option(id, "psu"))
    return FM_OK;
  fm_status status = fm__options_design(&design, &rscales, o, NULL, err);
  if (status == FM_OK)
    status = fm__design_columns_create(&columns, &design, 0, 0, err);
  for (size_t k = 0; status == FM_OK && k < columns->n_numbers; k++)
    status = add(l, columns->numbers[k].name, strlen(columns->numbers[k].name), FM_F64, REQUIRED, err);
  for (size_t k = 0; status == FM_OK && k < columns->n_ids; k++)
    status = add(l, columns->ids[k], strlen(columns->ids[k]), FM_CSV_KEY, REQUIRED, err);
  fm__design_columns_destroy(columns);
  fm__free(rscales);
  return status;
}

static fm_status add_filter(list *l, const char *rule, fm_error *err)
{
  fm__filter *f = NULL;
  if (rule == NULL)
    return FM_OK;
  fm_status status = fm__filter_compile(&f, rule, err);
  for (size_t k = 0; status == FM_OK && k < fm__filter_n_columns(f); k++)
    status = add(l, fm__filter_column(f, k), strlen(fm__filter_column(f, k)), FM_CSV_ANY, REQUIRED, err);
  fm__filter_destroy(f);
  return status;
}

static fm_status make_table(fm_table **out, const list *l, fm_error *err)
{
  fm__builder *b = NULL;
  size_t name, type, required, is_id;
  fm_status status = fm__builder_create(&b, "columns", err);
  if (status == FM_OK)
    status = fm__builder_column(b, "name", FM_CODE, &name, err);
  if (status == FM_OK)
    status = fm__builder_column(b, "type", FM_I32, &type, err);
  if (status == FM_OK)
    status = fm__builder_column(b, "required", FM_BOOL, &required, err);
  if (status == FM_OK)
    status = fm__builder_column(b, "is_id", FM_BOOL, &is_id, err);
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  for (size_t k = 0; k < fm__texts_count(l->names); k++) {
    size_t length;
    const char *text = fm__texts_at(l->names, k, &length);
    fm__builder_text(b, name, text, length);
    fm__builder_i32(b, type, l->items[k].type);
    fm__builder_bool(b, required, (l->items[k].flags & REQUIRED) != 0);
    fm__builder_bool(b, is_id, (l->items[k].flags & IS_ID) != 0);
  }
  return fm__builder_finish(b, out, err);
}

static fm_status add_of_labour(void *l, const char *name, int32_t type, bool required, fm_error *err)
{
  return add(l, name, strlen(name), type, required ? REQUIRED : 0, err);
}

fm_status fm__columns_table(fm_table **out, const char *id, const fm_compute_spec *spec, const fm__options *o,
                            fm_error *err)
{
  list l = {.names = fm__texts_create()};
  bool labour = strncmp(id, "labour.", 7) == 0;
  fm_status status = l.names != NULL ? add_known(&l, id, o, err) : fm__no_memory(err);
  if (status == FM_OK)
    status = add_weight(&l, id, spec->weight, err);
  if (status == FM_OK)
    status = add_design(&l, id, o, err);
  if (status == FM_OK)
    status = labour ? fm__labour_columns(add_of_labour, &l, id, spec, o, err)
                    : add_names(&l, spec->by, FM_CSV_KEY, REQUIRED, err);
  if (status == FM_OK)
    status = add_filter(&l, spec->filter, err);
  if (status == FM_OK)
    status = make_table(out, &l, err);
  fm__texts_destroy(l.names);
  fm__free(l.items);
  return status;
}
