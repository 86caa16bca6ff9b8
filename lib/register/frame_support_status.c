/* Job starts still in work on a landmark day: what support each had had by then, and the status at later horizons. */
#include <string.h>

#include "register/initiatives_priv.h"

enum { SUPPORT, HORIZON, RECEIVED, DOSE_ABOVE, SUPPORTS, DAYS, HOURS, STATUS, IN_RATE, N_COLUMNS };
enum { BY_NUMBER, BY_DAYS, BY_HOURS, N_DOSES };
enum { MAX_CUTS = 16 };

typedef struct landmark {
  fm__frame *f;
  fm__builder *b;
  size_t column[N_COLUMNS], hours;
  uint32_t *first, *rows; /* supports of each person, by first day */
  fm__texts *kinds;       /* of support, as asked for or as the data have them */
  int32_t cuts[MAX_CUTS];
  size_t n_cuts, capacity, too_early;
  int dose;
  fm__kept kept;
} landmark;

/* What somebody had before the landmark. */
typedef struct had {
  int32_t n, days;
  double hours;
  bool hours_untold;
} had;

/* ---- what is asked ---- */

static fm_status read_cuts(landmark *x, const char *text, fm_error *err)
{
  for (const char *p = text; text != NULL;) {
    int64_t value = 0;
    size_t digits = 0;
    p += strspn(p, " ");
    for (; *p >= '0' && *p <= '9' && digits < 8; p++, digits++)
      value = 10 * value + (*p - '0');
    p += strspn(p, " ");
    bool rises = x->n_cuts == 0 ? value > 0 : value > x->cuts[x->n_cuts - 1];
    if (digits == 0 || (*p != ',' && *p != '\0') || !rises || x->n_cuts == MAX_CUTS)
      return fm__fail(err, FM_ERR_ARGUMENT, "cuts is \"%s\", expected up to %d rising whole numbers above 0", text,
                      MAX_CUTS);
    x->cuts[x->n_cuts++] = (int32_t)value;
    if (*p++ == '\0')
      break;
  }
  return FM_OK;
}

static fm_status list_kinds(landmark *x, fm_error *err)
{
  const fm_register *r = x->f->r;
  const fm_table *t = r->part[FM__SUPPORTS].table;
  size_t column = fm__register_column(r, FM__SUPPORTS, "kind");
  x->kinds = fm__texts_create();
  bool ok = x->kinds != NULL;
  for (const char *p = x->f->spec->support; ok && p != NULL && *p != '\0';) {
    size_t from = strspn(p, " "), all = strcspn(p, ","), to = all;
    while (to > from && p[to - 1] == ' ')
      to--;
    ok = to == from || fm__texts_add(x->kinds, p + from, to - from) >= 0;
    p += all + (p[all] == ',');
  }
  bool asked = ok && fm__texts_count(x->kinds) > 0;
  for (size_t i = 0; ok && !asked && i < r->part[FM__SUPPORTS].n_rows; i++) {
    size_t length;
    const char *text = fm_table_text(t, column, i, &length);
    ok = fm__texts_add(x->kinds, text, length) >= 0;
  }
  const fm_codes *codes = fm_register_codes(r, "support_kind");
  for (size_t k = 0; asked && k < fm__texts_count(x->kinds); k++) {
    size_t length;
    const char *text = fm__texts_at(x->kinds, k, &length);
    bool known = codes != NULL && fm_codes_find(codes, text, length, FM_NO_DATE) >= 0;
    for (size_t i = 0; !known && i < fm_table_n_texts(t, column); i++)
      known = strcmp(fm_table_dictionary_text(t, column, i, NULL), text) == 0;
    if (!known)
      return fm__fail(err, FM_ERR_NOT_FOUND, "there is no kind of support \"%.60s\"", text);
  }
  return ok ? FM_OK : fm__no_memory(err);
}

static fm_status ask(landmark *x, fm_error *err)
{
  static const char *const doses[N_DOSES] = {"number", "days", "hours"};
  const fm_frame_spec *s = x->f->spec;
  if (s->landmark_days < 0 || (s->landmark_days == 0 && s->earlier == 0))
    return fm__fail(
        err, FM_ERR_ARGUMENT,
        "landmark_days is %d: support that is told apart from the first day on, or at any time since, seems "
        "to make people stay, because who stays longer has more time to get it (immortal time). Expected a "
        "landmark above 0; 0 only with earlier, for support before the job",
        (int)s->landmark_days);
  if (s->landmark_days > FM__LANDMARK_MAX)
    return fm__fail(err, FM_ERR_ARGUMENT, "landmark_days is %d, expected at most %d", (int)s->landmark_days,
                    FM__LANDMARK_MAX);
  if (s->earlier != 0 && s->earlier != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "earlier must be 0 or 1");
  for (x->dose = 0; s->dose != NULL && x->dose < N_DOSES && strcmp(s->dose, doses[x->dose]) != 0;)
    x->dose++;
  if (x->dose == N_DOSES)
    return fm__fail(err, FM_ERR_ARGUMENT, "dose is \"%s\", it must be number, days or hours", s->dose);
  fm_status status = read_cuts(x, s->cuts, err);
  return status == FM_OK ? list_kinds(x, err) : status;
}

/* ---- one job start ---- */

/* The hours of a support are spread evenly over its days, so that none of those after the landmark count. */
static void add_support(landmark *x, had *out, size_t row, int32_t start, uint32_t placement)
{
  const fm_register *r = x->f->r;
  const fm_frame_spec *s = x->f->spec;
  const fm_table *t = r->part[FM__SUPPORTS].table;
  fm__days days = fm__register_days(r, FM__SUPPORTS, row);
  uint32_t job = r->part[FM__SUPPORTS].placement != NULL ? r->part[FM__SUPPORTS].placement[row] : FM__NO_ROW;
  int32_t end = days.end < x->f->as_of ? days.end : x->f->as_of, mark = start + s->landmark_days;
  if (days.first >= mark || (job != FM__NO_ROW && job != placement) || (s->earlier == 0 && days.end <= start))
    return;
  int32_t from = s->earlier == 0 && days.first < start ? start : days.first, to = end < mark ? end : mark;
  bool told = x->hours != FM__NO_COLUMN && !fm_table_is_null(t, x->hours, row);
  out->n++;
  out->days += to - from;
  if (told)
    out->hours += fm_table_f64(t, x->hours)[row] * (to - from) / (end - days.first);
  out->hours_untold |= !told;
}

static had look_up(landmark *x, size_t kind, uint32_t person, uint32_t placement, int32_t start)
{
  const fm_table *t = x->f->r->part[FM__SUPPORTS].table;
  size_t column = fm__register_column(x->f->r, FM__SUPPORTS, "kind"), length, n;
  const char *name = fm__texts_at(x->kinds, kind, &length);
  had out = {0};
  for (uint32_t k = x->first[person]; k < x->first[person + 1]; k++) {
    const char *text = fm_table_text(t, column, x->rows[k], &n);
    if (n == length && memcmp(text, name, n) == 0)
      add_support(x, &out, x->rows[k], start, placement);
  }
  return out;
}

static void put_dose(landmark *x, const had *h)
{
  double dose = x->dose == BY_HOURS ? h->hours : x->dose == BY_DAYS ? h->days : h->n;
  int32_t above = 0;
  for (size_t k = 0; k < x->n_cuts && dose > x->cuts[k]; k++)
    above = x->cuts[k];
  if (h->n == 0 || (x->dose == BY_HOURS && h->hours_untold))
    fm__builder_null(x->b, x->column[DOSE_ABOVE]);
  else
    fm__builder_i32(x->b, x->column[DOSE_ABOVE], above);
}

static bool put_row(landmark *x, uint32_t placement, size_t kind, size_t horizon, const had *h)
{
  fm__frame *f = x->f;
  size_t capacity[5] = {x->capacity, x->capacity, x->capacity, x->capacity, x->capacity}, length;
  for (size_t k = 0; f->n == x->capacity && k < 4; k++)
    if (!fm__grow((void **)&f->rows[fm__frame_placement_tables[k]], &capacity[k], f->n + 1, sizeof *f->rows[0]))
      return false;
  if (f->n == x->capacity && !fm__grow((void **)&f->day, &capacity[4], f->n + 1, sizeof *f->day))
    return false;
  x->capacity = capacity[4];
  fm__frame_put_placement(f, placement);
  int answer = fm__kept_at(&x->kept, placement, horizon);
  const char *name = fm__texts_at(x->kinds, kind, &length);
  fm__builder_text(x->b, x->column[SUPPORT], name, length);
  fm__builder_i32(x->b, x->column[HORIZON], x->kept.months[horizon]);
  fm__builder_bool(x->b, x->column[RECEIVED], h->n > 0);
  put_dose(x, h);
  fm__builder_i32(x->b, x->column[SUPPORTS], h->n);
  fm__builder_i32(x->b, x->column[DAYS], h->days);
  if (h->hours_untold)
    fm__builder_null(x->b, x->column[HOURS]);
  else
    fm__builder_f64(x->b, x->column[HOURS], h->hours);
  if ((answer & FM__KEPT_KNOWN) == 0)
    fm__builder_null(x->b, x->column[STATUS]);
  else
    fm__builder_bool(x->b, x->column[STATUS], (answer & FM__KEPT_YES) != 0);
  fm__builder_bool(x->b, x->column[IN_RATE], (answer & FM__KEPT_IN_RATE) != 0);
  return true;
}

static fm_status put_start(landmark *x, uint32_t placement, fm_error *err)
{
  const fm_register *r = x->f->r;
  int32_t start = fm__register_days(r, FM__PLACEMENTS, placement).first, mark = start + x->f->spec->landmark_days;
  for (size_t kind = 0; kind < fm__texts_count(x->kinds); kind++) {
    had h = look_up(x, kind, r->part[FM__PLACEMENTS].person[placement], placement, start);
    for (size_t k = 0; k < x->kept.n_horizons; k++) {
      if (fm_date_add_months(start, x->kept.months[k]) <= mark) {
        x->too_early++;
        continue;
      }
      if (!put_row(x, placement, kind, k, &h))
        return fm__no_memory(err);
    }
  }
  return FM_OK;
}

/* Those who have left by the landmark, and those of whom that is not known, do not count. */
static fm_status put_all(landmark *x, fm_error *err)
{
  fm_frame_spec spec = *x->f->spec;
  size_t gone = 0, unknown = 0, late = 0;
  spec.kind = "survival";
  fm__frame g = {.r = x->f->r, .kind = fm__frame_kind_named("survival"), .spec = &spec, .as_of = x->f->as_of};
  fm_status status = fm__frame_survival(&g, err);
  const int32_t *entry = status == FM_OK ? fm_table_i32(g.core, 0) : NULL;
  const int32_t *time = status == FM_OK ? fm_table_i32(g.core, 1) : NULL;
  const uint8_t *event = status == FM_OK ? fm_table_bool(g.core, 2) : NULL;
  for (size_t i = 0; i < g.n && status == FM_OK; i++) {
    if (entry[i] > spec.landmark_days) {
      late++;
    } else if (time[i] <= spec.landmark_days) {
      gone += event[i] != 0;
      unknown += event[i] == 0;
    } else {
      status = put_start(x, g.rows[FM__PLACEMENTS][i], err);
    }
  }
  fm__frame_left_out(x->f, "rows_gone_by_landmark", gone);
  fm__frame_left_out(x->f, "rows_not_known_at_landmark", unknown);
  fm__frame_left_out(x->f, "rows_observed_after_landmark", late);
  fm__frame_left_out(x->f, "horizons_before_landmark", x->too_early);
  fm__frame_release(&g);
  return status;
}

/* ---- the kind ---- */

fm_status fm__frame_support_status(fm__frame *f, fm_error *err)
{
  static const fm__frame_column own[N_COLUMNS] = {
      {"support", FM_CODE, 0},   {"horizon_months", FM_I32, 0}, {"received", FM_BOOL, 0},
      {"dose_above", FM_I32, 0}, {"supports", FM_I32, 0},       {"days", FM_I32, 0},
      {"hours", FM_F64, 0},      {"status", FM_BOOL, 0},        {"in_rate", FM_BOOL, 0}};
  landmark x = {.f = f};
  fm_frame_spec spec = *f->spec;
  fm__frame g = *f;
  fm_status status = fm__frame_require(f, FM__PLACEMENTS, err);
  if (status == FM_OK)
    status = fm__frame_require(f, FM__SUPPORTS, err);
  if (status == FM_OK)
    status = ask(&x, err);
  x.hours = fm__register_column(f->r, FM__SUPPORTS, "hours");
  spec.horizons = spec.horizons != NULL ? spec.horizons : "6,12";
  g.spec = &spec;
  if (status == FM_OK)
    status = fm__rows_by_person(&x.first, &x.rows, f->r, FM__SUPPORTS, err);
  if (status == FM_OK)
    status = fm__kept_open(&x.kept, &g, err);
  if (status == FM_OK)
    status = fm__frame_build(&x.b, x.column, f, own, N_COLUMNS, err);
  if (status == FM_OK)
    status = put_all(&x, err);
  if (status == FM_OK)
    status = fm__builder_finish(x.b, &f->core, err);
  else
    fm__builder_destroy(x.b);
  fm__free(x.first);
  fm__free(x.rows);
  fm__texts_destroy(x.kinds);
  fm__kept_close(&x.kept);
  return status;
}
