/* What the two measures share. */
#include "programme/programme_priv.h"

#include <math.h>
#include <string.h>

const fm_programme_spec fm__programme_defaults = FM_PROGRAMME_SPEC_INIT;
const fm__field fm__programme_fields[FM__PROGRAMME_N_FIELDS] = {
    FM__FIELD(fm_programme_spec, by, FM__FIELD_TEXT), FM__FIELD(fm_programme_spec, full_time_hours, FM__FIELD_F64),
    FM__FIELD(fm_programme_spec, level, FM__FIELD_F64)};

void fm_programme_spec_init(fm_programme_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &fm__programme_defaults, sizeof fm__programme_defaults);
}

fm_status fm__programme_open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  (void)text;
  fm__programme *p = state;
  p->spec = *(const fm_programme_spec *)spec;
  if (!(p->spec.full_time_hours > 0) || isinf(p->spec.full_time_hours))
    return fm__fail(err, FM_ERR_ARGUMENT, "full_time_hours: expected hours a week above 0");
  if (!(p->spec.level > 0 && p->spec.level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a number between 0 and 1");
  const char *by = p->spec.by != NULL ? p->spec.by : "";
  p->spec.by = p->by = fm__copy_text(by, strlen(by));
  return p->by != NULL ? fm__groups_create(&p->groups, p->by, err) : fm__no_memory(err);
}

void fm__programme_close(fm__programme *p)
{
  fm__groups_destroy(p->groups);
  fm__people_free(&p->people);
  fm__free(p->by);
}

int64_t *fm__programme_people(const fm__programme *p, size_t n_groups)
{
  int64_t *people = fm__array(2 * n_groups, sizeof *people);
  for (size_t i = 0; people != NULL && i < p->people.n; i++) {
    const fm__person *q = &p->people.items[i];
    people[q->group]++;
    people[n_groups + q->group] += (q->flags & 1U) != 0;
  }
  return people;
}

fm_status fm__flag_open(fm__flag_column *c, const fm_table *frame, const char *name, fm_error *err)
{
  size_t k;
  fm_status status = fm__table_find(frame, name, FM_BOOL, &k, err);
  if (status == FM_OK)
    *c = (fm__flag_column){.values = fm_table_bool(frame, k), .validity = fm_table_validity(frame, k)};
  return status;
}

void fm__put_count(fm__result *r, const char *quantity, int64_t value, int64_t n, int64_t people)
{
  fm__figure f = fm__figure_of(quantity, "count");
  f.value = (double)value;
  f.n = n;
  f.people = people;
  fm__result_add(r, &f);
}

void fm__put_share(fm__result *r, const char *quantity, int64_t part, int64_t whole, int64_t people, double level)
{
  fm__figure f = fm__figure_of(quantity, "share");
  f.n = whole;
  f.people = people;
  if (whole > 0) {
    f.value = (double)part / (double)whole;
    f.level = level;
    fm__wilson((double)part, (double)whole, level, &f.ci_low, &f.ci_high);
  } else {
    f.state = FM__EMPTY;
  }
  fm__result_add(r, &f);
}
