/* programme.decisions: what became of applications. */
#include "flexmetrics/programme_initiatives.h"
#include "programme/initiatives_priv.h"

#include <string.h>

enum { APPLIED, ACCEPTED, DECLINED, REJECTED, UNDECIDED, NOT_APPLIED, DECIDED, N_COUNTS, GIVEN = N_COUNTS, N_ALL };
static const char *const quantities[DECIDED] = {"applied",  "accepted",  "declined",
                                                "rejected", "undecided", "not_applied"};

static fm_status add_rows(void *fresh, const fm_table *frame, fm_error *err);

static const fm__rolls_kind kind = {.id = "programme.decisions",
                                    .n = 1,
                                    .rolls = {{.n_counts = N_COUNTS, .n_most = N_ALL - N_COUNTS}},
                                    .add_rows = add_rows};

static fm_status add_rows(void *fresh, const fm_table *frame, fm_error *err)
{
  fm__roll *roll = &((fm__rolls *)fresh)->roll[0];
  fm__said applied, given;
  fm__ids ids = {0};
  size_t column = 0;
  uint32_t *map = NULL;
  fm_status status = fm__said_open(&applied, frame, "applied", err);
  if (status == FM_OK)
    status = fm__said_open(&given, frame, "decisions_given", err);
  if (status == FM_OK)
    status = fm__table_find(frame, "decision", FM_CODE, &column, err);
  if (status == FM_OK)
    status = fm__ids_open(&ids, frame, "person_id", err);
  if (status == FM_OK)
    status = fm__roll_map(roll, frame, &map, err);
  for (size_t i = 0; i < fm_table_n_rows(frame) && status == FM_OK; i++) {
    uint32_t group = map != NULL ? map[i] : 0, flags = 0;
    const char *text = fm_table_is_null(frame, column, i) ? NULL : fm_table_text(frame, column, i, NULL);
    for (size_t k = ACCEPTED; k <= REJECTED && text != NULL; k++)
      flags |= strcmp(text, quantities[k]) == 0 ? 1U << k : 0;
    bool asked = fm__said_at(&applied, i) == 1 || flags != 0;
    flags |= !asked ? 1U << NOT_APPLIED : flags != 0 ? 1U << APPLIED | 1U << DECIDED : 1U << APPLIED | 1U << UNDECIDED;
    for (size_t k = 0; k < N_COUNTS; k++)
      fm__roll_counts(roll, group)[k] += (flags >> k & 1) != 0;
    if (fm__said_at(&given, i) == 1)
      fm__roll_counts(roll, group)[GIVEN] = 1;
    if (!fm__people_add(&roll->people, group, fm__ids_at(&ids, i), flags))
      status = fm__no_memory(err);
  }
  fm__free(map);
  fm__ids_close(&ids);
  return status;
}

static void put_group(fm__result *r, const fm__rolls *s, uint32_t group, const int64_t *people)
{
  const int64_t *n = fm__roll_counts(&s->roll[0], group);
  const char *state = n[GIVEN] != 0 ? NULL : FM__NOT_GIVEN;
  for (size_t k = 0; k < DECIDED; k++)
    fm__roll_put_count(r, quantities[k], n[k], people[k], k == APPLIED || k == NOT_APPLIED ? NULL : state);
  fm__roll_put_share(r, "offered_share", n[ACCEPTED] + n[DECLINED], n[DECIDED], people[DECIDED], s->level, state);
  fm__roll_put_share(r, "accepted_share", n[ACCEPTED], n[DECIDED], people[DECIDED], s->level, state);
}

static fm_status result(void *p, fm_table **out, const fm_run *run, fm_error *err)
{
  (void)run;
  fm__rolls *s = p;
  fm__roll *roll = &s->roll[0];
  fm__roll_ask asks[N_COUNTS];
  int64_t *people = NULL;
  uint32_t *order = NULL;
  fm__result *r = NULL;
  for (size_t k = 0; k < N_COUNTS; k++)
    asks[k] = (fm__roll_ask){.all = 1U << k};
  fm_status status = fm__roll_people(&people, roll, asks, N_COUNTS, err);
  if (status == FM_OK)
    status = fm__groups_order(roll->groups, &order, err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&r, kind.id, "applications", roll->groups, NULL, 0, err);
  for (size_t i = 0; i < roll->n && status == FM_OK; i++) {
    fm__result_group(r, roll->groups, order[i]);
    put_group(r, s, order[i], people + order[i] * N_COUNTS);
  }
  if (status == FM_OK)
    status = fm__result_finish(r, out, err);
  fm__free(order);
  fm__free(people);
  return status;
}

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  (void)text;
  return fm__initiatives_open(state, &kind, spec, err);
}

static const fm__measure measure = {.id = "programme.decisions",
                                    .state_version = 1,
                                    FM__INITIATIVES_SPEC,
                                    .open = open,
                                    .result = result,
                                    FM__MEASURE_ROLLS};

FM__MEASURE_CALLS(fm_programme_decisions, fm_programme_initiatives_spec)
