/* One row for each person's first placement of each kind, the kind it may lead to, and a horizon: did it? */
#include <string.h>

#include "flexmetrics/spell_definition.h"
#include "register/frame_priv.h"

enum { MAX_HORIZONS = 64, MAX_CLASSES = 64 };
enum { FROM, TO, HORIZON, MOVED, SAME, N_OWN };
static const fm__frame_column own[N_OWN] = {{"from", FM_CODE, 0},
                                            {"to", FM_CODE, 0},
                                            {"horizon_months", FM_I32, 0},
                                            {"moved", FM_BOOL, 0},
                                            {"same_employer", FM_BOOL, 0}};
static const fm__frame_column columns[] = {{"person_id", FM_CODE, 0}, {"from", FM_CODE, 0},
                                           {"to", FM_CODE, 0},        {"horizon_months", FM_I32, 0},
                                           {"moved", FM_BOOL, 0},     {"same_employer", FM_BOOL, 0}};
static const char *const sectors[] = {"private", "public", "unknown"};
#define ANY_OTHER "any_other"

typedef struct steps {
  uint8_t *kinds;
  uint32_t *first, *rows; /* placements of each person, by first day */
  const char *classes[MAX_CLASSES];
  size_t n_classes;
  bool by_sector, from_end;
  int32_t horizons[MAX_HORIZONS];
  size_t n_horizons;
  size_t unseen, running;
} steps;

/* ---- classes ---- */

static fm_status add_class(steps *x, const char *text, fm_error *err)
{
  for (size_t k = 0; k < x->n_classes; k++)
    if (strcmp(x->classes[k], text) == 0)
      return FM_OK;
  if (x->n_classes == MAX_CLASSES)
    return fm__fail(err, FM_ERR_LIMIT, "steps are between at most %d kinds of placements", MAX_CLASSES);
  x->classes[x->n_classes++] = text;
  return FM_OK;
}

static fm_status list_classes(steps *x, const fm__frame *f, fm_error *err)
{
  const fm_codes *list = fm_register_codes(f->r, "placement_kind");
  fm_status status = FM_OK;
  for (size_t k = 0; x->by_sector && status == FM_OK && k < FM__COUNT(sectors); k++)
    status = add_class(x, sectors[k], err);
  for (size_t k = 0; !x->by_sector && status == FM_OK && k < fm_codes_n(list); k++)
    if (x->kinds[k] != 0)
      status = add_class(x, fm_codes_code(list, (int64_t)k), err);
  return status;
}

/* Number of a placement's class; MAX_CLASSES: its kind is not asked for. */
static size_t class_of(const steps *x, const fm__frame *f, size_t i)
{
  const fm_register *r = f->r;
  const fm__part *p = &r->part[FM__PLACEMENTS];
  int64_t entry = fm__placement_asked(r, x->kinds, i);
  if (entry < 0)
    return MAX_CLASSES;
  const char *text = fm_codes_code(fm_register_codes(r, "placement_kind"), entry);
  if (x->by_sector)
    text = fm__frame_sector(r, p->employer != NULL ? p->employer[i] : FM__NO_ROW,
                            fm__register_days(r, FM__PLACEMENTS, i).first);
  size_t k = 0;
  while (strcmp(x->classes[k], text) != 0)
    k++;
  return k;
}

/* ---- one person ---- */

/* The person's first placement of a class; SIZE_MAX: none before as-of. */
static size_t first_of(const steps *x, const fm__frame *f, size_t person, size_t class)
{
  size_t best = SIZE_MAX;
  for (uint32_t k = x->first[person]; k < x->first[person + 1]; k++) {
    size_t i = x->rows[k];
    if (fm__register_days(f->r, FM__PLACEMENTS, i).first >= f->as_of)
      break;
    if (class_of(x, f, i) == class && (best == SIZE_MAX || fm__placement_before(f->r, i, best)))
      best = i;
  }
  return best;
}

/* The first placement of class `to` (x->n_classes: of any but `from`) that begins after placement `index` does, and
 * before `limit`; SIZE_MAX: none. */
static size_t next_of(const steps *x, const fm__frame *f, size_t person, size_t index, size_t from, size_t to,
                      int32_t limit)
{
  int32_t start = fm__register_days(f->r, FM__PLACEMENTS, index).first;
  size_t best = SIZE_MAX;
  for (uint32_t k = x->first[person]; k < x->first[person + 1]; k++) {
    size_t i = x->rows[k], class = class_of(x, f, i);
    int32_t day = fm__register_days(f->r, FM__PLACEMENTS, i).first;
    bool fits = to == x->n_classes ? class != MAX_CLASSES && class != from : class == to;
    if (fits && day > start && day < limit && (best == SIZE_MAX || fm__placement_before(f->r, i, best)))
      best = i;
  }
  return best;
}

static void put_row(fm__frame *f, fm__builder *b, const size_t *column, const steps *x, size_t person, size_t index,
                    size_t from, size_t to, int32_t months)
{
  fm__days days = fm__register_days(f->r, FM__PLACEMENTS, index), seen = fm__frame_observed(f, person);
  int32_t limit = fm_date_add_months(x->from_end ? days.end : days.first, months);
  bool known = limit != FM_NO_DATE && limit <= seen.end;
  size_t next = known ? next_of(x, f, person, index, from, to, limit) : SIZE_MAX;
  const char *text = to == x->n_classes ? ANY_OTHER : x->classes[to];
  fm__frame_put_placement(f, index);
  fm__builder_text(b, column[FROM], x->classes[from], strlen(x->classes[from]));
  fm__builder_text(b, column[TO], text, strlen(text));
  fm__builder_i32(b, column[HORIZON], months);
  if (known)
    fm__builder_bool(b, column[MOVED], next != SIZE_MAX);
  else
    fm__builder_null(b, column[MOVED]);
  int32_t before = fm__placement_employer(f->r, index), after = -1;
  if (next != SIZE_MAX)
    after = fm__placement_employer(f->r, next);
  if (before >= 0 && after >= 0)
    fm__builder_bool(b, column[SAME], before == after);
  else
    fm__builder_null(b, column[SAME]);
}

static void put_person(fm__frame *f, fm__builder *b, const size_t *column, steps *x, size_t person)
{
  fm__days seen = fm__frame_observed(f, person);
  for (size_t from = 0; from < x->n_classes; from++) {
    size_t index = first_of(x, f, person, from);
    if (index == SIZE_MAX)
      continue;
    fm__days days = fm__register_days(f->r, FM__PLACEMENTS, index);
    bool is_seen = days.first >= seen.first && days.first < seen.end, over = !x->from_end || days.end <= seen.end;
    x->unseen += !is_seen;
    x->running += is_seen && !over;
    for (size_t to = 0; is_seen && over && to <= x->n_classes; to++)
      for (size_t k = 0; k < x->n_horizons; k++)
        put_row(f, b, column, x, person, index, from, to, x->horizons[k]);
  }
}

/* ---- the kind ---- */

static fm_status choose(bool *out, const char *name, const char *text, const char *usual, const char *other,
                        fm_error *err)
{
  *out = text != NULL && strcmp(text, other) == 0;
  if (text == NULL || *out || strcmp(text, usual) == 0)
    return FM_OK;
  return fm__fail(err, FM_ERR_ARGUMENT, "%s is \"%.40s\", it must be %s or %s", name, text, usual, other);
}

static fm_status prepare(steps *x, fm__frame *f, fm_error *err)
{
  fm_spell_definition d; /* reads the horizons */
  fm_spell_definition_init(&d, sizeof d);
  d.name = "steps";
  d.horizons = f->spec->horizons != NULL ? f->spec->horizons : "12";
  fm_status status = choose(&x->by_sector, "between", f->spec->between, "kind", "sector", err);
  if (status == FM_OK)
    status = choose(&x->from_end, "count_from", f->spec->count_from, "start", "end", err);
  if (status == FM_OK)
    status = fm__frame_require(f, FM__PLACEMENTS, err);
  if (status == FM_OK)
    status = fm__frame_require(f, FM__PERSONS, err);
  if (status == FM_OK)
    status = fm_spell_definition_horizons(x->horizons, &x->n_horizons, &d, err);
  if (status == FM_OK)
    status = fm__frame_match(
        &x->kinds, f, "placement_kind",
        f->spec->states != NULL ? f->spec->states : "internship wage_subsidy small_job fleksjob ordinary", err);
  if (status == FM_OK)
    status = list_classes(x, f, err);
  if (status == FM_OK)
    status = fm__rows_by_person(&x->first, &x->rows, f->r, FM__PLACEMENTS, err);
  return status;
}

/* Rows at most: a person's first placements are placements, too. */
static fm_status room(size_t *n, const steps *x, const fm__frame *f, fm_error *err)
{
  size_t each = (x->n_classes + 1) * x->n_horizons;
  if (fm__multiply(f->r->part[FM__PLACEMENTS].n_rows, each, n) && *n < FM__NO_ROW)
    return FM_OK;
  return fm__fail(err, FM_ERR_LIMIT, "placements times kinds times horizons are more than %u rows", FM__NO_ROW - 1);
}

static fm_status make(fm__frame *f, fm_error *err)
{
  size_t column[N_OWN], n = 0;
  steps x = {0};
  fm__builder *b = NULL;
  fm_status status = prepare(&x, f, err);
  if (status == FM_OK)
    status = room(&n, &x, f, err);
  if (status == FM_OK)
    status = fm__frame_reserve(f, n, fm__frame_placement_tables, err);
  if (status == FM_OK)
    status = fm__frame_build(&b, column, f, own, N_OWN, err);
  for (size_t person = 0; status == FM_OK && person < f->r->part[FM__PERSONS].n_rows; person++)
    put_person(f, b, column, &x, person);
  if (status == FM_OK) {
    fm__frame_left_out(f, "firsts_not_observed", x.unseen);
    fm__frame_left_out(f, "firsts_still_running", x.running);
    static const char *const definitions[2][2] = {{"first_of_each_kind_from_start", "first_of_each_kind_from_end"},
                                                  {"first_of_each_sector_from_start", "first_of_each_sector_from_end"}};
    fm__frame_set_note(f, "definition", definitions[x.by_sector][x.from_end]);
    status = fm__builder_finish(b, &f->core, err);
  } else {
    fm__builder_destroy(b);
  }
  fm__free(x.kinds);
  fm__free(x.first);
  fm__free(x.rows);
  return status;
}

const fm__frame_kind fm__frame_kind_steps = {
    "steps",
    make,
    columns,
    FM__COUNT(columns),
    {FM__PLACEMENTS, FM__PERSONS, FM__EMPLOYERS, FM__INITIATIVES, FM__N_TABLES},
    true,
    false};
