/* From units to a frame: join the columns asked for, one row for each target group, filter, note what was left out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flexmetrics/spell.h"
#include "register/frame_priv.h"
#include "register/merge_priv.h"

static const fm_frame_spec defaults = FM_FRAME_SPEC_INIT;

void fm_frame_spec_init(fm_frame_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

/* ---- for the kinds ---- */

fm_status fm__frame_require(const fm__frame *f, int table, fm_error *err)
{
  static const char *const names[] = {[FM__PERSONS] = "persons",           [FM__SPELLS] = "spells",
                                      [FM__PARTICIPANTS] = "participants", [FM__GOALS] = "goals",
                                      [FM__INCOMES] = "incomes",           [FM__PLACEMENTS] = "placements",
                                      [FM__INITIATIVES] = "initiatives",   [FM__SUPPORTS] = "supports",
                                      [FM__PROGRESS] = "progress",         [FM__CONTRACTS] = "contracts",
                                      [FM__OUTCOMES] = "outcomes"};
  static const char *const by_definition[] = {"status", "weeks", "survival"};
  if (f->r->part[table].table != NULL)
    return FM_OK;
  for (size_t k = 0; k < FM__COUNT(by_definition); k++)
    if (table == FM__PLACEMENTS && f->r->part[FM__SPELLS].table != NULL && strcmp(f->spec->kind, by_definition[k]) == 0)
      return fm__fail(err, FM_ERR_NOT_FOUND,
                      "a frame of %s needs the table placements, which the data do not have; from spells alone it is "
                      "made with a definition that starts with work, such as weekly_strict",
                      f->spec->kind);
  return fm__fail(err, FM_ERR_NOT_FOUND, "a frame of %s needs the table %s, which the data do not have", f->spec->kind,
                  names[table]);
}

fm_status fm__frame_require_column(size_t *out, const fm__frame *f, int table, const char *column, fm_error *err)
{
  *out = fm__register_column(f->r, table, column);
  if (*out != FM__NO_COLUMN)
    return FM_OK;
  return fm__fail(err, FM_ERR_NOT_FOUND, "a frame of %s needs the column %s of %s, which the data do not have",
                  f->spec->kind, column, fm_table_name(f->r->part[table].table));
}

void fm__frame_set_note(fm__frame *f, const char *key, const char *value)
{
  if (f->n_notes == FM__FRAME_NOTES)
    return;
  fm__frame_note *note = &f->notes[f->n_notes++];
  snprintf(note->key, sizeof note->key, "%s", key);
  snprintf(note->value, sizeof note->value, "%s", value);
}

void fm__frame_left_out(fm__frame *f, const char *reason, size_t n)
{
  char text[24];
  if (n == 0)
    return;
  f->n_left_out += n;
  for (size_t k = 0; k < f->n_notes; k++)
    if (strcmp(f->notes[k].key, reason) == 0) { /* left out for several definitions */
      snprintf(f->notes[k].value, sizeof f->notes[k].value, "%llu", strtoull(f->notes[k].value, NULL, 10) + n);
      return;
    }
  snprintf(text, sizeof text, "%zu", n);
  fm__frame_set_note(f, reason, text);
}

fm_status fm__frame_reserve(fm__frame *f, size_t n, const int *tables, fm_error *err)
{
  f->day = fm__array(n, sizeof *f->day);
  bool ok = f->day != NULL;
  for (; ok && *tables != FM__N_TABLES; tables++) {
    f->rows[*tables] = fm__array(n, sizeof *f->rows[0]);
    ok = f->rows[*tables] != NULL;
  }
  return ok ? FM_OK : fm__no_memory(err);
}

fm_status fm__frame_build(fm__builder **b, size_t *column, const fm__frame *f, const fm__frame_column *own, size_t n,
                          fm_error *err)
{
  fm_status status = fm__builder_create(b, f->kind->name, err);
  for (size_t k = 0; status == FM_OK && k < n; k++)
    status = fm__builder_column(*b, own[k].name, own[k].type, &column[k], err);
  return status;
}

fm_status fm__frame_begin(fm__builder **b, size_t *column, const fm__frame *f, fm_error *err)
{
  const fm__frame_column *own = f->kind->columns + 1;
  size_t n = f->kind->n_columns - 1;
  bool add_weight = fm__register_column(f->r, FM__PERSONS, "weight") == FM__NO_COLUMN;
  column[n - 1] = FM__NO_COLUMN;
  fm_status status = fm__frame_build(b, column, f, own, add_weight ? n : n - 1, err);
  return status;
}

void fm__frame_put_placement(fm__frame *f, size_t row)
{
  const fm__part *p = &f->r->part[FM__PLACEMENTS];
  f->rows[FM__PLACEMENTS][f->n] = (uint32_t)row;
  f->rows[FM__PERSONS][f->n] = p->person == NULL ? FM__NO_ROW : p->person[row];
  f->rows[FM__EMPLOYERS][f->n] = p->employer == NULL ? FM__NO_ROW : p->employer[row];
  f->rows[FM__INITIATIVES][f->n] = p->initiative == NULL ? FM__NO_ROW : p->initiative[row];
  f->day[f->n++] = fm__register_days(f->r, FM__PLACEMENTS, row).first;
}

fm__days fm__frame_observed(const fm__frame *f, size_t person)
{
  fm__days days = fm__register_days(f->r, FM__PERSONS, person);
  if (days.end > f->as_of)
    days.end = f->as_of;
  return days;
}

bool fm__placement_before(const fm_register *r, size_t a, size_t b)
{
  int32_t start_a = fm__register_days(r, FM__PLACEMENTS, a).first;
  int32_t start_b = fm__register_days(r, FM__PLACEMENTS, b).first;
  if (start_a != start_b)
    return start_a < start_b;
  const fm_table *t = r->part[FM__PLACEMENTS].table;
  size_t column = fm__register_column(r, FM__PLACEMENTS, "placement_id"), length_a, length_b;
  const char *id_a = fm_table_text(t, column, a, &length_a), *id_b = fm_table_text(t, column, b, &length_b);
  return length_a != length_b ? length_a < length_b : memcmp(id_a, id_b, length_a) < 0;
}

void fm__frame_release(fm__frame *f)
{
  for (size_t k = 0; k < FM__N_TABLES; k++)
    fm__free(f->rows[k]);
  fm__free(f->day);
  fm_table_destroy(f->core);
}

/* ---- the names of the columns wanted ---- */

#define MAX_NAMES 256
#define GROUP "target_group"

typedef struct names {
  const char *name[MAX_NAMES];
  int32_t type[MAX_NAMES]; /* of a column that may be all missing, else 0 */
  size_t n, n_shown;       /* the first n_shown stay in the frame */
  bool grouped;            /* target_group is among them */
  char *by;                /* owns the names of by */
  fm__filter *filter;      /* owns those of the filter */
} names;

static void names_release(names *w)
{
  fm__free(w->by);
  fm__filter_destroy(w->filter);
}

static fm_status want(names *w, const fm__frame *f, const char *name, int32_t type, fm_error *err)
{
  for (size_t k = 0; k < w->n; k++)
    if (strcmp(w->name[k], name) == 0)
      return FM_OK;
  if (w->n == MAX_NAMES)
    return fm__fail(err, FM_ERR_LIMIT, "a frame has at most %d columns", MAX_NAMES);
  w->grouped |= strcmp(name, GROUP) == 0 && fm__frame_has_groups(f);
  w->name[w->n] = name;
  w->type[w->n++] = type;
  return FM_OK;
}

static fm_status want_by(names *w, const fm__frame *f, const char *by, fm_error *err)
{
  fm_status status = FM_OK;
  w->by = fm__copy_text(by, strlen(by));
  if (w->by == NULL)
    return fm__no_memory(err);
  for (char *p = w->by; status == FM_OK && *p != '\0';) {
    char *end = p + strcspn(p, ","), *next = *end == '\0' ? end : end + 1;
    while (*p == ' ')
      p++;
    while (end > p && end[-1] == ' ')
      end--;
    if (p >= end)
      return fm__fail(err, FM_ERR_ARGUMENT, "by: expected column names separated by commas, got \"%s\"", by);
    *end = '\0';
    status = want(w, f, p, 0, err);
    p = next;
  }
  return status;
}

static fm_status want_filter(names *w, const fm__frame *f, const char *rule, fm_error *err)
{
  fm_status status = fm__filter_compile(&w->filter, rule, err);
  for (size_t k = 0; status == FM_OK && k < fm__filter_n_columns(w->filter); k++)
    status = want(w, f, fm__filter_column(w->filter, k), 0, err);
  return status;
}

static bool is_there(const fm__frame *f, const fm__frame_kind *kind, const char *name)
{
  if (fm_table_column_index(f->core, name) >= 0)
    return true;
  for (size_t k = 0; kind->tables[k] != FM__N_TABLES; k++)
    if (fm__register_column(f->r, kind->tables[k], name) != FM__NO_COLUMN)
      return true;
  return false;
}

static fm_status want_all(names *w, const fm__frame *f, const fm__frame_kind *kind, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t k = 0; status == FM_OK && k < kind->n_columns; k++)
    if (kind->columns[k].how != FM__FRAME_OPTIONAL || is_there(f, kind, kind->columns[k].name))
      status = want(w, f, kind->columns[k].name, kind->columns[k].type, err);
  if (status == FM_OK && f->spec->by != NULL)
    status = want_by(w, f, f->spec->by, err);
  w->n_shown = w->n;
  if (status == FM_OK && f->spec->filter != NULL)
    status = want_filter(w, f, f->spec->filter, err);
  return status;
}

/* ---- rows ---- */

/* Creates the table of all rows with all columns wanted; *units (NULL: row i is unit i) their units. */
static fm_status join(const fm__frame *f, const fm__frame_kind *kind, const names *w, fm_table **out, uint32_t **units,
                      fm_error *err)
{
  fm_table *plain = NULL, *grouped = NULL;
  const char **texts = NULL;
  size_t n = f->n;
  *out = NULL;
  *units = NULL;
  fm_status status = fm_table_create(&plain, kind->name, err);
  for (size_t k = 0; status == FM_OK && k < w->n; k++)
    if (!w->grouped || strcmp(w->name[k], GROUP) != 0)
      status = fm__frame_resolve(f, kind, plain, w->name[k], w->type[k], err);
  if (status == FM_OK)
    status = fm_table_seal(plain, err);
  if (status == FM_OK && !w->grouped) {
    *out = plain;
    return FM_OK;
  }
  if (status == FM_OK)
    status = fm__frame_expand(f, units, &texts, &n, err);
  if (status == FM_OK)
    status = fm_table_create(&grouped, kind->name, err);
  for (size_t k = 0; status == FM_OK && k < fm_table_n_columns(plain); k++)
    status = fm__frame_gather(grouped, fm_table_column_name(plain, k), plain, k, *units, n, err);
  if (status == FM_OK)
    status = fm_table_add_text(grouped, GROUP, texts, n, err);
  if (status == FM_OK)
    status = fm_table_seal(grouped, err);
  fm_table_destroy(plain);
  fm__free((void *)texts);
  if (status != FM_OK) {
    fm_table_destroy(grouped);
    fm__free(*units);
    *units = NULL;
    return status;
  }
  *out = grouped;
  return FM_OK;
}

fm_status fm__frame_meets(const fm__frame *f, const fm__frame_kind *kind, const char *rule, uint8_t **keep,
                          fm_error *err)
{
  names w = {0};
  fm_table *t = NULL;
  uint32_t *units = NULL;
  uint8_t *rows = NULL;
  *keep = fm__array(f->n, 1);
  fm_status status =
      *keep == NULL ? fm__no_memory(err) : want(&w, f, kind->columns[0].name, kind->columns[0].type, err);
  if (status == FM_OK)
    status = want_filter(&w, f, rule, err);
  if (status == FM_OK)
    status = join(f, kind, &w, &t, &units, err);
  if (status == FM_OK)
    status = fm__filter_apply(&rows, w.filter, t, err);
  for (size_t i = 0; status == FM_OK && i < fm_table_n_rows(t); i++)
    (*keep)[units == NULL ? i : units[i]] |= rows[i];
  if (status != FM_OK) {
    fm__free(*keep);
    *keep = NULL;
  }
  fm__free(rows);
  fm__free(units);
  fm_table_destroy(t);
  names_release(&w);
  return status;
}

/* Rows that pass the filter. When the frame does not show the target group, a unit keeps one row. */
static fm_status pick(fm__frame *f, const names *w, const fm_table *t, const uint32_t *units, uint32_t **rows,
                      size_t *n, fm_error *err)
{
  bool shown = false;
  for (size_t k = 0; k < w->n_shown; k++)
    shown |= strcmp(w->name[k], GROUP) == 0;
  uint8_t *keep = NULL;
  *n = 0;
  *rows = NULL;
  fm_status status = fm__filter_apply(&keep, w->filter, t, err);
  if (status != FM_OK)
    return status;
  *rows = fm__array(fm_table_n_rows(t), sizeof **rows);
  size_t n_units = 0;
  uint32_t last = FM__NO_ROW;
  for (size_t i = 0; *rows != NULL && i < fm_table_n_rows(t); i++) {
    uint32_t unit = units == NULL ? (uint32_t)i : units[i];
    if (!keep[i] || (!shown && unit == last))
      continue;
    n_units += unit != last;
    last = unit;
    (*rows)[(*n)++] = (uint32_t)i;
  }
  fm__free(keep);
  if (*rows == NULL)
    return fm__no_memory(err);
  fm__frame_left_out(f, "rows_filtered", f->n - n_units);
  return FM_OK;
}

static fm_status add_notes(fm__frame *f, fm_table *t, fm_error *err)
{
  char text[24];
  fm_status status = fm_table_set_note(t, "kind", f->spec->kind, err);
  if (status == FM_OK && fm__date_is_valid(f->as_of)) {
    fm_date_format(text, f->as_of);
    status = fm_table_set_note(t, "as_of", text, err);
    fm_date_format(text, f->as_of - 1);
    if (status == FM_OK)
      status = fm_table_set_note(t, "last_observed", text, err);
  }
  snprintf(text, sizeof text, "%zu", f->n_left_out);
  if (status == FM_OK)
    status = fm_table_set_note(t, "rows_left_out", text, err);
  for (size_t k = 0; status == FM_OK && k < f->n_notes; k++)
    status = fm_table_set_note(t, f->notes[k].key, f->notes[k].value, err);
  return status;
}

/* Adds first_row: is this the unit's first row in the frame? */
static fm_status add_first_rows(fm_table *t, const uint32_t *units, size_t n, fm_error *err)
{
  uint8_t *first = fm__array(n, sizeof *first);
  if (first == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    first[i] = i == 0 || units[i] != units[i - 1];
  fm_status status = fm__table_own(t, "first_row", FM_BOOL, first, NULL, n, err);
  if (status != FM_OK)
    fm__free(first);
  return status;
}

/* Leaves the units of the rows given, in their order. */
static fm_status units_of(uint32_t **units, const uint32_t *rows, size_t n, fm_error *err)
{
  uint32_t *some = fm__array(n, sizeof *some);
  if (some == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    some[i] = (*units)[rows[i]];
  fm__free(*units);
  *units = some;
  return FM_OK;
}

/* Merges groups among the rows picked of a frame, whose units are told; those no longer there are gone from both. */
static fm_status merge(fm_table **t, uint32_t *units, const fm__frame *f, const fm_table *all, fm_error *err)
{
  const fm_table *words[FM__N_TABLES + 1] = {all};
  fm_table *plain = *t;
  uint8_t *keep = NULL;
  for (size_t k = 0; k < FM__N_TABLES; k++)
    words[k + 1] = f->r->part[k].table;
  fm__merge_request q = {f->spec->merge, f->spec->by, words, FM__COUNT(words), units};
  fm_status status = fm_table_seal(plain, err);
  if (status == FM_OK)
    status = fm__merge_groups(t, &keep, plain, &q, err);
  for (size_t i = 0, n = 0; status == FM_OK && i < fm_table_n_rows(plain); i++)
    if (units != NULL && keep[i])
      units[n++] = units[i];
  fm__free(keep);
  fm_table_destroy(plain);
  return status;
}

/* The columns shown of the rows picked (NULL: all). */
static fm_status show(fm_table *t, const names *w, const fm_table *all, const uint32_t *rows, size_t n, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t k = 0; status == FM_OK && k < w->n_shown; k++) {
    size_t column = (size_t)fm_table_column_index(all, w->name[k]);
    if (rows == NULL)
      status = fm__table_share(t, w->name[k], all, column, err);
    else
      status = fm__frame_gather(t, w->name[k], all, column, rows, n, err);
  }
  return status;
}

/* Merges where the spec says so, and creates the unsealed table that is gone on with. */
static fm_status show_merged(fm_table **t, uint32_t *units, const fm__frame *f, const fm_table *all, fm_error *err)
{
  fm_table *merged = *t, *to = NULL;
  *t = NULL;
  fm_status status = merge(&merged, units, f, all, err);
  if (status == FM_OK)
    status = fm_table_create(&to, fm_table_name(merged), err);
  for (size_t k = 0; status == FM_OK && k < fm_table_n_columns(merged); k++)
    status = fm__table_share(to, fm_table_column_name(merged, k), merged, k, err);
  if (status == FM_OK)
    status = fm_table_set_note(to, "merged", fm_table_note(merged, "merged"), err);
  fm_table_destroy(merged);
  *t = to;
  return status;
}

/* Filters and finishes; the units are complete. */
static fm_status assemble(fm__frame *f, const fm__frame_kind *kind, fm_table **out, fm_error *err)
{
  names w = {0};
  fm_table *all = NULL, *t = NULL;
  uint32_t *units = NULL, *rows = NULL;
  size_t n = 0;
  fm_status status = want_all(&w, f, kind, err);
  if (status == FM_OK)
    status = join(f, kind, &w, &all, &units, err);
  bool several = units != NULL;
  n = status == FM_OK ? fm_table_n_rows(all) : 0;
  if (status == FM_OK && w.filter != NULL)
    status = pick(f, &w, all, units, &rows, &n, err);
  if (status == FM_OK)
    status = fm_table_create(&t, kind->name, err);
  if (status == FM_OK)
    status = show(t, &w, all, rows, n, err);
  if (status == FM_OK && rows != NULL && several)
    status = units_of(&units, rows, n, err);
  if (status == FM_OK && f->spec->merge != NULL)
    status = show_merged(&t, units, f, all, err);
  if (status == FM_OK && kind->first_rows && several)
    status = add_first_rows(t, units, fm_table_n_rows(t), err);
  if (status == FM_OK)
    status = add_notes(f, t, err);
  if (status == FM_OK)
    status = fm_table_seal(t, err);
  if (status == FM_OK)
    *out = t;
  else
    fm_table_destroy(t);
  fm_table_destroy(all);
  fm__free(units);
  fm__free(rows);
  names_release(&w);
  return status;
}

/* ---- the call ---- */

static fm_status check_spec(const fm_frame_spec *s, fm_error *err)
{
  bool referral = s->index != NULL && strcmp(s->index, "referral") == 0;
  if (s->index != NULL && strcmp(s->index, "placement") != 0 && strcmp(s->index, "first") != 0 && !referral)
    return fm__fail(err, FM_ERR_ARGUMENT, "index is \"%s\", it must be placement, first or referral", s->index);
  if (referral && strcmp(s->kind, "survival") != 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "index referral belongs to a frame of survival");
  if (referral && (s->same_employer != 0 || s->gap_days != 0))
    return fm__fail(err, FM_ERR_ARGUMENT, "from referral to start: same_employer and gap_days must be 0");
  if (s->as_of != FM_NO_DATE && !fm__date_is_valid(s->as_of))
    return fm__fail(err, FM_ERR_ARGUMENT, "as_of must be a date");
  if (s->same_employer != 0 && s->same_employer != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "same_employer must be 0 or 1");
  if (s->gap_days < 0 || s->gap_days > FM_SPELL_GAP_MAX)
    return fm__fail(err, FM_ERR_ARGUMENT, "gap_days is %d, it must be from 0 to %d", (int)s->gap_days,
                    FM_SPELL_GAP_MAX);
  return FM_OK;
}

fm_status fm_register_frame(fm_table **out, const fm_register *r, const fm_frame_spec *spec, const fm_run *run,
                            fm_error *err)
{
  if (out == NULL || r == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "out and the register must be given");
  *out = NULL;
  fm_frame_spec s = defaults;
  const fm__frame_kind *kind;
  fm_status status = fm__spec_take(&s, sizeof s, spec, "fm_frame_spec", err);
  if (status == FM_OK)
    status = fm__frame_kind_of(&kind, &s, err);
  if (status == FM_OK)
    status = check_spec(&s, err);
  if (status == FM_OK)
    status = fm__run_check(run, err);
  if (status != FM_OK)
    return status;
  fm__frame f = {.r = r, .kind = kind, .spec = &s, .run = run};
  f.as_of = s.as_of != FM_NO_DATE ? s.as_of : fm_register_data_end(r);
  if (f.as_of == FM_NO_DATE && kind->dated)
    return fm__fail(err, FM_ERR_ARGUMENT, "as_of must be given: the data have no dates to take it from");
  if (f.as_of == FM_NO_DATE)
    f.as_of = INT32_MAX;
  status = kind->make(&f, err);
  if (status == FM_OK)
    status = fm__run_progress(run, 0.5, err);
  if (status == FM_OK)
    status = assemble(&f, kind, out, err);
  fm__frame_release(&f);
  return status;
}
