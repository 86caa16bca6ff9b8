/* What rows say of one goal: its forms, its dated counts, and its starts by month. All lists are in order. */
#include <string.h>

#include "calendar/calendar_priv.h"
#include "target/track_priv.h"

int32_t fm__month_of(int32_t date)
{
  int32_t year, month;
  fm_date_to_ymd(date, &year, &month, NULL);
  return 12 * year + month - 1;
}

int32_t fm__month_first(int32_t month)
{
  return fm_date_from_ymd(month / 12, month % 12 + 1, 1);
}

void fm__facts_free(fm__facts *f)
{
  fm__free(f->versions);
  fm__free(f->counts);
  fm__free(f->months);
  *f = (fm__facts){0};
}

static bool copy_list(void **to, size_t *room, const void *from, size_t n, size_t size)
{
  *to = NULL;
  *room = 0;
  if (n == 0)
    return true;
  if (!fm__grow(to, room, n, size))
    return false;
  memcpy(*to, from, n * size);
  return true;
}

bool fm__facts_copy(fm__facts *to, const fm__facts *from)
{
  *to = *from;
  to->versions = NULL;
  to->counts = NULL;
  to->months = NULL;
  if (copy_list((void **)&to->versions, &to->version_room, from->versions, from->n_versions, sizeof *to->versions) &&
      copy_list((void **)&to->counts, &to->count_room, from->counts, from->n_counts, sizeof *to->counts) &&
      copy_list((void **)&to->months, &to->month_room, from->months, from->n_months, sizeof *to->months))
    return true;
  fm__facts_free(to);
  return false;
}

/* Room for one more item at `at`; false: no memory. */
static bool open_place(void **items, size_t *n, size_t *room, size_t at, size_t size)
{
  if (!fm__grow(items, room, *n + 1, size))
    return false;
  char *place = (char *)*items + at * size;
  memmove(place + size, place, (*n - at) * size);
  (*n)++;
  return true;
}

bool fm__facts_month(fm__facts *f, int32_t month, int64_t done)
{
  size_t low = 0, high = f->n_months;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (f->months[middle].month < month)
      low = middle + 1;
    else
      high = middle;
  }
  if (low < f->n_months && f->months[low].month == month) {
    f->months[low].done += done;
    return true;
  }
  if (!open_place((void **)&f->months, &f->n_months, &f->month_room, low, sizeof *f->months))
    return false;
  f->months[low] = (fm__month_count){month, done};
  return true;
}

static fm_status take_version(fm__facts *to, const fm__version *v, const char **why)
{
  size_t at = 0;
  while (at < to->n_versions && to->versions[at].changed_on < v->changed_on)
    at++;
  if (at < to->n_versions && to->versions[at].changed_on == v->changed_on) {
    const fm__version *own = &to->versions[at];
    if (own->goal != v->goal || own->start != v->start || own->deadline != v->deadline)
      *why = "two different goals, starts or deadlines";
    return FM_OK;
  }
  if (to->n_versions > 0 && to->versions[0].start != v->start) {
    *why = "two different starts";
    return FM_OK;
  }
  if (!open_place((void **)&to->versions, &to->n_versions, &to->version_room, at, sizeof *to->versions))
    return FM_ERR_MEMORY;
  to->versions[at] = *v;
  return FM_OK;
}

static bool same_count(const fm__dated_count *a, const fm__dated_count *b)
{
  return a->done == b->done && a->is_private == b->is_private && a->employers == b->employers &&
         a->people == b->people && a->ended == b->ended;
}

static fm_status take_count(fm__facts *to, const fm__dated_count *c, bool once, const char **why)
{
  size_t at = to->n_counts;
  while (at > 0 && to->counts[at - 1].as_of >= c->as_of)
    at--;
  if (at < to->n_counts && to->counts[at].as_of == c->as_of) {
    bool same = same_count(&to->counts[at], c);
    *why = !same ? "two different counts for one day" : once ? "two counts for one day" : NULL;
    return FM_OK;
  }
  if (!open_place((void **)&to->counts, &to->n_counts, &to->count_room, at, sizeof *to->counts))
    return FM_ERR_MEMORY;
  to->counts[at] = *c;
  return FM_OK;
}

static void take_part(fm__known_part *to, const fm__known_part *from)
{
  to->sum += from->sum;
  to->known += from->known;
}

fm_status fm__facts_merge(fm__facts *to, const fm__facts *from, bool once, const char **why)
{
  fm_status status = FM_OK;
  *why = NULL;
  for (size_t i = 0; i < from->n_versions && status == FM_OK && *why == NULL; i++)
    status = take_version(to, &from->versions[i], why);
  for (size_t i = 0; i < from->n_counts && status == FM_OK && *why == NULL; i++)
    status = take_count(to, &from->counts[i], once, why);
  for (size_t i = 0; i < from->n_months && status == FM_OK && *why == NULL; i++)
    status = fm__facts_month(to, from->months[i].month, from->months[i].done) ? FM_OK : FM_ERR_MEMORY;
  to->starts += from->starts;
  to->dated += from->dated;
  take_part(&to->is_private, &from->is_private);
  take_part(&to->employers, &from->employers);
  take_part(&to->people, &from->people);
  take_part(&to->ended, &from->ended);
  return status;
}

/* ---- saved ---- */

void fm__facts_save(const fm__facts *f, fm__bytes *b)
{
  const fm__known_part *const parts[] = {&f->is_private, &f->employers, &f->people, &f->ended};
  fm__bytes_u32(b, (uint32_t)f->n_versions);
  fm__bytes_u32(b, (uint32_t)f->n_counts);
  fm__bytes_u32(b, (uint32_t)f->n_months);
  for (size_t i = 0; i < f->n_versions; i++) {
    const fm__version *v = &f->versions[i];
    const int64_t days[] = {v->changed_on, v->start, v->deadline};
    for (size_t k = 0; k < FM__COUNT(days); k++)
      fm__bytes_i64(b, days[k]);
    fm__bytes_f64(b, v->goal);
  }
  for (size_t i = 0; i < f->n_counts; i++) {
    const fm__dated_count *c = &f->counts[i];
    const int64_t whole[] = {c->as_of, c->done, c->is_private, c->employers, c->people, c->ended};
    for (size_t k = 0; k < FM__COUNT(whole); k++)
      fm__bytes_i64(b, whole[k]);
  }
  for (size_t i = 0; i < f->n_months; i++) {
    fm__bytes_i64(b, f->months[i].month);
    fm__bytes_i64(b, f->months[i].done);
  }
  fm__bytes_i64(b, f->starts);
  fm__bytes_i64(b, f->dated);
  for (size_t k = 0; k < FM__COUNT(parts); k++) {
    fm__bytes_i64(b, parts[k]->sum);
    fm__bytes_i64(b, parts[k]->known);
  }
}

static bool is_day(int64_t day)
{
  return day >= FM__DATE_MIN && day <= FM__DATE_MAX;
}

static fm_status load_versions(fm__facts *f, fm__reader *r, size_t n)
{
  fm_status status = n > 0 ? FM_OK : FM_ERR_FORMAT;
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    int64_t changed_on = fm__read_i64(r), start = fm__read_i64(r), deadline = fm__read_i64(r);
    double goal = fm__read_f64(r);
    const char *why = NULL;
    bool fits = !r->failed && (changed_on == FM_NO_DATE || is_day(changed_on)) && is_day(start) && is_day(deadline) &&
                deadline >= start && goal > 0 && goal <= FM__LARGEST;
    fm__version v = {(int32_t)changed_on, (int32_t)start, (int32_t)deadline, goal};
    status = fits ? take_version(f, &v, &why) : FM_ERR_FORMAT;
    if (status == FM_OK && (why != NULL || f->n_versions != i + 1))
      status = FM_ERR_FORMAT;
  }
  return status;
}

static fm_status load_counts(fm__facts *f, fm__reader *r, size_t n)
{
  fm_status status = FM_OK;
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    int64_t as_of = fm__read_i64(r), whole[5];
    bool fits = is_day(as_of);
    for (size_t k = 0; k < FM__COUNT(whole); k++) {
      whole[k] = fm__read_i64(r);
      fits = fits && whole[k] >= (k == 0 ? 0 : -1) && whole[k] <= (k == 0 ? FM__LARGEST : whole[0]);
    }
    const char *why = NULL;
    fm__dated_count c = {(int32_t)as_of, whole[0], whole[1], whole[2], whole[3], whole[4]};
    status = fits && !r->failed ? take_count(f, &c, true, &why) : FM_ERR_FORMAT;
    if (status == FM_OK && why != NULL)
      status = FM_ERR_FORMAT;
  }
  return status;
}

static fm_status load_months(fm__facts *f, fm__reader *r, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    int64_t month = fm__read_i64(r), done = fm__read_i64(r);
    if (r->failed || month < 12 || month >= 12 * 10000 || done < 0)
      return FM_ERR_FORMAT;
    if (!fm__facts_month(f, (int32_t)month, done))
      return FM_ERR_MEMORY;
    if (f->n_months != i + 1)
      return FM_ERR_FORMAT;
  }
  return FM_OK;
}

static bool load_parts(fm__facts *f, fm__reader *r)
{
  fm__known_part *const parts[] = {&f->is_private, &f->employers, &f->people, &f->ended};
  f->starts = fm__read_i64(r);
  f->dated = fm__read_i64(r);
  bool fits = f->starts >= 0 && f->dated >= 0 && f->dated <= f->starts;
  for (size_t k = 0; k < FM__COUNT(parts); k++) {
    parts[k]->sum = fm__read_i64(r);
    parts[k]->known = fm__read_i64(r);
    fits = fits && parts[k]->sum >= 0 && parts[k]->known >= 0 && parts[k]->known <= f->starts;
  }
  return fits && !r->failed && f->is_private.sum <= f->is_private.known && f->ended.sum <= f->ended.known;
}

fm_status fm__facts_load(fm__facts *f, fm__reader *r)
{
  *f = (fm__facts){0};
  size_t n_versions = fm__read_u32(r), n_counts = fm__read_u32(r), n_months = fm__read_u32(r);
  fm_status status = r->failed ? FM_ERR_FORMAT : load_versions(f, r, n_versions);
  if (status == FM_OK)
    status = load_counts(f, r, n_counts);
  if (status == FM_OK)
    status = load_months(f, r, n_months);
  if (status == FM_OK && !load_parts(f, r))
    status = FM_ERR_FORMAT;
  if (status != FM_OK)
    fm__facts_free(f);
  return status;
}
