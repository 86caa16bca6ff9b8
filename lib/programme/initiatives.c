/* programme.initiatives: who could take part in an initiative, who was reached, who got a job through it and kept it.
 */
#include "programme/initiatives_priv.h"

#include <stdlib.h>
#include <string.h>

const fm_programme_initiatives_spec fm__initiatives_defaults = FM_PROGRAMME_INITIATIVES_SPEC_INIT;
const fm__field fm__initiatives_fields[FM__INITIATIVES_N_FIELDS] = {
    FM__FIELD(fm_programme_initiatives_spec, by, FM__FIELD_TEXT),
    FM__FIELD(fm_programme_initiatives_spec, level, FM__FIELD_F64)};

void fm_programme_initiatives_spec_init(fm_programme_initiatives_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &fm__initiatives_defaults, sizeof fm__initiatives_defaults);
}

fm_status fm__initiatives_open(void *state, const fm__rolls_kind *kind, const void *spec, fm_error *err)
{
  const fm_programme_initiatives_spec *s = spec;
  return fm__rolls_open(state, kind, s->by, s->level, err);
}

/* ---- what is seen of people, of placements, and of people at horizons ---- */

enum { REFERRED, INVITED, CONTACTED, JOINED, LEFT, REACHED, ELIGIBLE, PLACED, OTHERWISE, N_SEEN };
enum { JOINED_ELIGIBLE = N_SEEN, N_BOOLS };
static const char *const bools[N_BOOLS] = {"referred", "invited",  "contacted", "joined",           "left",
                                           "reached",  "eligible", "placed",    "placed_otherwise", "joined_eligible"};
enum { ELIGIBLE_UNKNOWN = N_BOOLS, JOINED_INELIGIBLE, FIRST_COUNT }; /* flags of people besides the bools */
enum { /* counts of placements, and flags of their people */
       PLACEMENTS,
       NOT_WORK,
       AT_MEMBERS,
       AT_OTHERS,
       MEMBER_UNKNOWN,
       PRIVATE,
       PUBLIC,
       SECTOR_UNKNOWN,
       SME,
       LARGER,
       SIZE_UNKNOWN,
       N_COUNTS,
       NOT_BEGUN = N_COUNTS,
       HAS_MEMBERS,
       MEMBERS,
       SAID, /* of each bool: does any row say? */
       N_ALL = SAID + N_BOOLS
};
enum { PEOPLE, EMPLOYERS, HORIZONS };
enum { EMPLOYS, MEMBER };                             /* flags of employers */
enum { YES, NO, UNKNOWN, RATE_YES, RATE_NO, N_KEPT }; /* counts at horizons, and flags of their people */

static fm_status add_rows(void *fresh, const fm_table *frame, fm_error *err);

static const fm__rolls_kind kind = {
    .id = "programme.initiatives",
    .n = 3,
    .rolls = {{.before = "initiative_id", .n_counts = N_COUNTS, .n_most = N_ALL - N_COUNTS},
              {.before = "initiative_id"},
              {.before = "initiative_id", .after = "horizon_months", .n_counts = N_KEPT}},
    .add_rows = add_rows};

/* ---- adding ---- */

typedef struct columns {
  const fm_table *frame;
  fm__said begun, bools[N_BOOLS], work, member, sme, retained, in_rate;
  size_t horizon, members, sector;
  int32_t private_word, public_word;
  fm__ids people, employers;
  uint32_t *map[FM__ROLLS];
} columns;

static fm_status open_bools(columns *c, fm_error *err)
{
  const struct {
    const char *name;
    fm__said *to;
  } others[] = {{"begun", &c->begun}, {"work", &c->work},         {"member", &c->member},
                {"sme", &c->sme},     {"retained", &c->retained}, {"in_rate", &c->in_rate}};
  fm_status status = FM_OK;
  for (size_t k = 0; k < N_BOOLS && status == FM_OK; k++)
    status = fm__said_open(&c->bools[k], c->frame, bools[k], err);
  for (size_t k = 0; k < FM__COUNT(others) && status == FM_OK; k++)
    status = fm__said_open(others[k].to, c->frame, others[k].name, err);
  return status;
}

static fm_status open_columns(columns *c, fm__rolls *s, const fm_table *frame, fm_error *err)
{
  *c = (columns){.frame = frame};
  fm_status status = open_bools(c, err);
  if (status == FM_OK)
    status = fm__table_find(frame, "horizon_months", FM_I32, &c->horizon, err);
  if (status == FM_OK)
    status = fm__table_find(frame, "members", FM_I64, &c->members, err);
  if (status == FM_OK)
    status = fm__table_find(frame, "sector", FM_CODE, &c->sector, err);
  if (status == FM_OK)
    status = fm__ids_open_some(&c->people, frame, "person_id", err);
  if (status == FM_OK)
    status = fm__ids_open_some(&c->employers, frame, "employer_id", err);
  for (size_t k = 0; k < s->kind->n && status == FM_OK; k++)
    status = fm__roll_map(&s->roll[k], frame, &c->map[k], err);
  if (status != FM_OK)
    return status;
  c->private_word = fm__word_of(frame, c->sector, "private");
  c->public_word = fm__word_of(frame, c->sector, "public");
  return FM_OK;
}

static void close_columns(columns *c)
{
  fm__ids_close(&c->people);
  fm__ids_close(&c->employers);
  for (size_t k = 0; k < FM__ROLLS; k++)
    fm__free(c->map[k]);
}

/* 1 << count of each count to which a placement belongs. */
static uint32_t kinds_of(const columns *c, size_t row)
{
  int work = fm__said_at(&c->work, row), member = fm__said_at(&c->member, row), sme = fm__said_at(&c->sme, row);
  bool known = !fm_table_is_null(c->frame, c->sector, row);
  int32_t sector = known ? fm_table_code(c->frame, c->sector)[row] : -1;
  if (work != 1)
    return work == 0 ? 1U << NOT_WORK : 0;
  uint32_t kinds = 1U << PLACEMENTS | 1U << (member == 1 ? AT_MEMBERS : member == 0 ? AT_OTHERS : MEMBER_UNKNOWN);
  if (sector < 0 || sector != c->private_word)
    return kinds | 1U << (sector >= 0 && sector == c->public_word ? PUBLIC : SECTOR_UNKNOWN);
  return kinds | 1U << PRIVATE | 1U << (sme == 1 ? SME : sme == 0 ? LARGER : SIZE_UNKNOWN);
}

static bool add_unit(fm__rolls *s, const columns *c, size_t row)
{
  uint32_t flags = 0;
  int64_t *n = fm__roll_counts(&s->roll[PEOPLE], c->map[PEOPLE][row]);
  uint32_t kinds = kinds_of(c, row);
  for (size_t k = 0; k < N_BOOLS; k++) {
    int said = fm__said_at(&c->bools[k], row);
    flags |= said == 1 ? 1U << k : 0;
    n[SAID + k] |= said != FM__UNSAID;
  }
  bool person = fm__bit(c->people.validity, row);
  n[NOT_BEGUN] |= fm__said_at(&c->begun, row) == 0;
  if (!fm_table_is_null(c->frame, c->members, row)) {
    int64_t members = fm_table_i64(c->frame, c->members)[row];
    n[MEMBERS] = members > n[MEMBERS] ? members : n[MEMBERS];
    n[HAS_MEMBERS] = 1;
  }
  flags |= fm__said_at(&c->bools[ELIGIBLE], row) == FM__UNSAID ? 1U << ELIGIBLE_UNKNOWN : 0;
  flags |= fm__said_at(&c->bools[JOINED_ELIGIBLE], row) == 0 ? 1U << JOINED_INELIGIBLE : 0;
  for (size_t k = 0; k < N_COUNTS; k++)
    n[k] += (kinds >> k & 1) != 0;
  flags |= kinds << FIRST_COUNT;
  if ((kinds >> PLACEMENTS & 1) != 0 && fm__bit(c->employers.validity, row) &&
      !fm__people_add(&s->roll[EMPLOYERS].people, c->map[EMPLOYERS][row], fm__ids_at(&c->employers, row),
                      1U << EMPLOYS | ((kinds >> AT_MEMBERS & 1) != 0 ? 1U << MEMBER : 0)))
    return false;
  return !person || fm__people_add(&s->roll[PEOPLE].people, c->map[PEOPLE][row], fm__ids_at(&c->people, row), flags);
}

static fm_status add_horizon(fm__rolls *s, const columns *c, size_t row, fm_error *err)
{
  int kept = fm__said_at(&c->retained, row);
  bool counts = fm__said_at(&c->in_rate, row) == 1;
  fm__roll *roll = &s->roll[HORIZONS];
  uint32_t group = c->map[HORIZONS][row], flags = 1U << (kept == 1 ? YES : kept == 0 ? NO : UNKNOWN);
  if (counts && kept == FM__UNSAID) {
    fm__fail(err, FM_ERR_VALUE, "column retained, row %zu: a row in the rate has an answer, this one is not known yet",
             row);
    fm__error_place(err, fm_table_name(c->frame), "retained", fm_table_column_index(c->frame, "retained"), (int64_t)row,
                    fm_table_line(c->frame, row));
    return FM_ERR_VALUE;
  }
  if (!fm__bit(c->people.validity, row)) {
    fm__fail(err, FM_ERR_VALUE, "column person_id, row %zu: an id is expected, the cell is empty", row);
    fm__error_place(err, fm_table_name(c->frame), "person_id", fm_table_column_index(c->frame, "person_id"),
                    (int64_t)row, fm_table_line(c->frame, row));
    return FM_ERR_VALUE;
  }
  flags |= !counts ? 0 : 1U << (kept == 1 ? RATE_YES : RATE_NO);
  for (size_t k = 0; k < N_KEPT; k++)
    fm__roll_counts(roll, group)[k] += (flags >> k & 1) != 0;
  return fm__people_add(&roll->people, group, fm__ids_at(&c->people, row), flags) ? FM_OK : fm__no_memory(err);
}

static fm_status add_rows(void *fresh, const fm_table *frame, fm_error *err)
{
  fm__rolls *s = fresh;
  columns c;
  fm_status status = open_columns(&c, s, frame, err);
  for (size_t i = 0; i < fm_table_n_rows(frame) && status == FM_OK; i++) {
    if (!fm_table_is_null(frame, c.horizon, i))
      status = add_horizon(s, &c, i, err);
    else if (!add_unit(s, &c, i))
      status = fm__no_memory(err);
  }
  close_columns(&c);
  return status;
}

/* ---- result ---- */

/* Asks of people: each bool alone, then these. */
enum {
  ASK_COUNTS = N_BOOLS,
  ASK_UNKNOWN = ASK_COUNTS + N_COUNTS,
  ASK_ELIGIBLE_REACHED,
  ASK_REACHED_JOINED,
  ASK_JOINED_KNOWN_NOT,
  ASK_JOINED_PLACED,
  ASK_JOINED_OTHERWISE,
  N_ASKS
};

static void fill_asks(fm__roll_ask *asks)
{
  for (size_t k = 0; k < N_BOOLS; k++)
    asks[k] = (fm__roll_ask){.all = 1U << k};
  for (size_t k = 0; k < N_COUNTS; k++)
    asks[ASK_COUNTS + k] = (fm__roll_ask){.all = 1U << (FIRST_COUNT + k)};
  asks[ASK_UNKNOWN] = (fm__roll_ask){.all = 1U << ELIGIBLE_UNKNOWN, .none = 1U << ELIGIBLE};
  asks[ASK_ELIGIBLE_REACHED] = (fm__roll_ask){.all = 1U << ELIGIBLE | 1U << REACHED};
  asks[ASK_REACHED_JOINED] = (fm__roll_ask){.all = 1U << REACHED | 1U << JOINED};
  asks[ASK_JOINED_KNOWN_NOT] = (fm__roll_ask){.all = 1U << JOINED_INELIGIBLE, .none = 1U << JOINED_ELIGIBLE};
  asks[ASK_JOINED_PLACED] = (fm__roll_ask){.all = 1U << JOINED | 1U << PLACED};
  asks[ASK_JOINED_OTHERWISE] = (fm__roll_ask){.all = 1U << JOINED | 1U << OTHERWISE, .none = 1U << PLACED};
}

typedef struct output {
  fm__rolls *s;
  fm__result *r;
  int64_t *people, *employers, *kept; /* answers of each roll */
  const char *later;                  /* the state of an initiative that has not begun, else NULL */
} output;

static void put(const output *o, const char *quantity, int64_t value, int64_t people, bool given)
{
  fm__roll_put_count(o->r, quantity, value, people, o->later != NULL ? o->later : given ? NULL : FM__NOT_GIVEN);
}

static void put_share(const output *o, const char *quantity, int64_t part, int64_t whole, int64_t people, bool given)
{
  const char *state = o->later != NULL ? o->later : given ? NULL : FM__NOT_GIVEN;
  fm__roll_put_share(o->r, quantity, part, whole, people, o->s->level, state);
}

static void put_people(const output *o, uint32_t group)
{
  const int64_t *n = fm__roll_counts(&o->s->roll[PEOPLE], group), *a = o->people + (size_t)group * N_ASKS;
  bool rule = n[SAID + ELIGIBLE] != 0, joined = n[SAID + JOINED] != 0;
  int64_t judged = a[JOINED_ELIGIBLE] + a[ASK_JOINED_KNOWN_NOT];
  put(o, "eligible", a[ELIGIBLE], a[ELIGIBLE], rule);
  put(o, "eligible_unknown", a[ASK_UNKNOWN], a[ASK_UNKNOWN], rule);
  put_share(o, "eligible_reached_share", a[ASK_ELIGIBLE_REACHED], a[ELIGIBLE], a[ELIGIBLE], rule);
  put(o, "reached", a[REACHED], a[REACHED], n[SAID + REACHED] != 0);
  for (size_t k = REFERRED; k <= LEFT; k++)
    put(o, bools[k], a[k], a[k], n[SAID + k] != 0);
  put_share(o, "joined_share", a[ASK_REACHED_JOINED], a[REACHED], a[REACHED], joined);
  put(o, "joined_eligible", a[JOINED_ELIGIBLE], a[JOINED_ELIGIBLE], n[SAID + JOINED_ELIGIBLE] != 0);
  put_share(o, "joined_eligible_share", a[JOINED_ELIGIBLE], judged, judged, n[SAID + JOINED_ELIGIBLE] != 0);
  put(o, "placed", a[PLACED], a[PLACED], n[SAID + PLACED] != 0);
  put_share(o, "joined_placed_share", a[ASK_JOINED_PLACED], a[JOINED], a[JOINED], joined && n[SAID + PLACED] != 0);
  put(o, "placed_otherwise", a[ASK_JOINED_OTHERWISE], a[ASK_JOINED_OTHERWISE], joined && n[SAID + PLACED] != 0);
  put_share(o, "joined_placed_otherwise_share", a[ASK_JOINED_OTHERWISE], a[JOINED], a[JOINED],
            joined && n[SAID + PLACED] != 0);
}

static void put_placements(const output *o, uint32_t group)
{
  static const char *const counts[N_COUNTS] = {
      "placements", "not_work",       "at_members", "at_non_members", "member_unknown", "private",
      "public",     "unknown_sector", "sme",        "larger",         "size_unknown"};
  const int64_t *n = fm__roll_counts(&o->s->roll[PEOPLE], group),
                *who = o->people + (size_t)group * N_ASKS + ASK_COUNTS;
  const int64_t *employers = o->employers + (size_t)group * 2;
  bool given = n[SAID + PLACED] != 0, members = given && n[MEMBERS] > 0;
  for (size_t k = 0; k < N_COUNTS; k++)
    put(o, counts[k], n[k], who[k], k >= AT_MEMBERS && k <= MEMBER_UNKNOWN ? members : given);
  put_share(o, "member_share", n[AT_MEMBERS], n[AT_MEMBERS] + n[AT_OTHERS], -1, members);
  put_share(o, "private_share", n[PRIVATE], n[PRIVATE] + n[PUBLIC], -1, given);
  put_share(o, "sme_share", n[SME], n[SME] + n[LARGER], -1, given);
  put(o, "employers", employers[EMPLOYS], who[PLACEMENTS], given);
  put(o, "member_employers", employers[MEMBER], who[AT_MEMBERS], members);
  put(o, "members", n[MEMBERS], -1, n[HAS_MEMBERS] != 0);
}

static fm_status put_horizons(const output *o, uint32_t group, fm_error *err)
{
  const fm__roll *roll = &o->s->roll[HORIZONS];
  size_t key = fm__groups_n_columns(o->s->roll[PEOPLE].groups), n;
  uint32_t *under = NULL;
  fm_status status = fm__roll_under(&under, &n, roll, &o->s->roll[PEOPLE], group, true, err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    const char *months = fm__groups_text(roll->groups, under[i], key, NULL);
    const int64_t *counts = fm__roll_counts(roll, under[i]), *people = o->kept + (size_t)under[i] * N_KEPT;
    if (months == NULL)
      continue;
    fm__result_key_i64(o->r, key, strtol(months, NULL, 10));
    put(o, "retained", counts[YES], people[YES], true);
    put(o, "not_retained", counts[NO], people[NO], true);
    put(o, "retention_unknown", counts[UNKNOWN], people[UNKNOWN], true);
    put_share(o, "retained_share", counts[RATE_YES], counts[RATE_YES] + counts[RATE_NO],
              people[RATE_YES] + people[RATE_NO], true);
  }
  fm__result_key_null(o->r, key);
  fm__free(under);
  return status;
}

static fm_status put_groups(output *o, fm_error *err)
{
  fm__roll *roll = &o->s->roll[PEOPLE];
  uint32_t *order = NULL;
  fm_status status = fm__groups_order(roll->groups, &order, err);
  for (size_t i = 0; i < roll->n && status == FM_OK; i++) {
    o->later = fm__roll_counts(roll, order[i])[NOT_BEGUN] != 0 ? FM__CENSORED : NULL;
    fm__result_group(o->r, roll->groups, order[i]);
    put_people(o, order[i]);
    put_placements(o, order[i]);
    status = put_horizons(o, order[i], err);
  }
  fm__free(order);
  return status;
}

static fm_status result(void *p, fm_table **out, const fm_run *run, fm_error *err)
{
  static const fm__key months = {"horizon_months", FM_I32};
  static const fm__roll_ask of_employers[] = {{.all = 1U << EMPLOYS}, {.all = 1U << MEMBER}};
  fm__roll_ask asks[N_ASKS], of_kept[N_KEPT];
  output o = {.s = p};
  (void)run;
  fill_asks(asks);
  for (size_t k = 0; k < N_KEPT; k++)
    of_kept[k] = (fm__roll_ask){.all = 1U << k};
  fm_status status = fm__roll_people(&o.people, &o.s->roll[PEOPLE], asks, N_ASKS, err);
  if (status == FM_OK)
    status = fm__roll_people(&o.employers, &o.s->roll[EMPLOYERS], of_employers, 2, err);
  if (status == FM_OK)
    status = fm__roll_people(&o.kept, &o.s->roll[HORIZONS], of_kept, N_KEPT, err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&o.r, kind.id, "initiative", o.s->roll[PEOPLE].groups, &months, 1, err);
  if (status == FM_OK) {
    fm__result_key_null(o.r, fm__groups_n_columns(o.s->roll[PEOPLE].groups));
    status = put_groups(&o, err);
    if (status == FM_OK)
      status = fm__result_finish(o.r, out, err);
    else
      fm__result_destroy(o.r);
  }
  fm__free(o.people);
  fm__free(o.employers);
  fm__free(o.kept);
  return status;
}

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  (void)text;
  return fm__initiatives_open(state, &kind, spec, err);
}

static const fm__measure measure = {.id = "programme.initiatives",
                                    .state_version = 1,
                                    FM__INITIATIVES_SPEC,
                                    .open = open,
                                    .result = result,
                                    FM__MEASURE_ROLLS};

FM__MEASURE_CALLS(fm_programme_initiatives, fm_programme_initiatives_spec)
