/* programme.people: distinct people, and those who have begun a job. */
#include "programme/programme_priv.h"

enum { BEGAN = 1 };

static void destroy(void *state)
{
  if (state != NULL)
    fm__programme_close(state);
  fm__free(state);
}

static bool is_empty(const void *p)
{
  return ((const fm__programme *)p)->people.n == 0;
}

static fm_status add_rows(void *fresh, const fm_table *frame, fm_error *err)
{
  fm__programme *s = fresh;
  fm__ids ids = {0};
  fm__flag_column began;
  uint32_t *group = NULL;
  fm_status status = fm__flag_open(&began, frame, "began", err);
  if (status == FM_OK)
    status = fm__ids_open(&ids, frame, "person_id", err);
  if (status == FM_OK)
    status = fm__groups_map(s->groups, frame, &group, err);
  for (size_t i = 0; i < fm_table_n_rows(frame) && status == FM_OK; i++) {
    bool has_begun = fm__bit(began.validity, i) && began.values[i] != 0;
    if (!fm__people_add(&s->people, group != NULL ? group[i] : 0, fm__ids_at(&ids, i), has_begun ? BEGAN : 0))
      status = fm__no_memory(err);
  }
  fm__free(group);
  fm__ids_close(&ids);
  return status;
}

static fm_status merge(void *p, const void *q, fm_error *err)
{
  fm__programme *s = p;
  const fm__programme *o = q;
  uint32_t *map = NULL;
  if (!fm__people_reserve(&s->people, o->people.n))
    return fm__no_memory(err);
  fm_status status = fm__groups_absorb(s->groups, o->groups, &map, err);
  for (size_t i = 0; i < o->people.n && status == FM_OK; i++) {
    const fm__person *from = &o->people.items[i];
    fm__people_add(&s->people, map[from->group], from->id, from->flags); /* room was reserved */
  }
  fm__free(map);
  return status;
}

static const fm__measure measure;

static fm_status add(void *p, const fm_table *frame, const fm_run *run, fm_error *err)
{
  (void)run;
  const fm__programme *s = p;
  return fm__measure_add_apart(p, &measure, &s->spec, add_rows, frame, err);
}

static fm_status save(void *p, fm__bytes *b, fm_error *err)
{
  const fm__programme *s = p;
  uint32_t *order;
  fm_status status = fm__groups_order(s->groups, &order, err);
  if (status != FM_OK)
    return status;
  fm__groups_save(s->groups, order, b);
  status = fm__people_save(&s->people, order, fm__groups_count(s->groups), b, err);
  fm__free(order);
  return status;
}

static fm_status load(void *p, fm__reader *r, fm_error *err)
{
  fm__programme *s = p;
  fm_status status = fm__groups_load(s->groups, r, err);
  return status == FM_OK ? fm__people_load(&s->people, fm__groups_count(s->groups), r, err) : status;
}

static void put_group(fm__result *r, const fm__programme *s, int64_t people, int64_t began)
{
  fm__put_count(r, "people", people, people, people);
  fm__put_count(r, "began", began, people, people);
  fm__put_share(r, "began_share", began, people, people, s->spec.level);
}

static fm_status result(void *p, fm_table **out, const fm_run *run, fm_error *err)
{
  (void)run;
  const fm__programme *s = p;
  size_t n_groups = fm__groups_count(s->groups);
  uint32_t *order = NULL;
  fm__result *r = NULL;
  int64_t *people = fm__programme_people(s, n_groups);
  fm_status status = people != NULL ? fm__groups_order(s->groups, &order, err) : fm__no_memory(err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&r, "programme.people", "distinct_people", s->groups, NULL, 0, err);
  if (status == FM_OK) {
    for (size_t i = 0; i < n_groups; i++) {
      fm__result_group(r, s->groups, order[i]);
      put_group(r, s, people[order[i]], people[n_groups + order[i]]);
    }
    status = fm__result_finish(r, out, err);
  }
  fm__free(order);
  fm__free(people);
  return status;
}

static const fm__measure measure = {.id = "programme.people",
                                    .state_version = 1,
                                    .spec_name = "fm_programme_spec",
                                    .defaults = &fm__programme_defaults,
                                    .spec_size = sizeof fm__programme_defaults,
                                    .state_size = sizeof(fm__programme),
                                    .fields = fm__programme_fields,
                                    .n_fields = FM__PROGRAMME_N_FIELDS,
                                    .open = fm__programme_open,
                                    .add = add,
                                    .merge = merge,
                                    .save = save,
                                    .load = load,
                                    .result = result,
                                    .is_empty = is_empty,
                                    .destroy = destroy};

FM__MEASURE_CALLS(fm_programme_people, fm_programme_spec)
