/* What the two measures share. */
#include "programme/programme_priv.h"

#include <math.h>
#include <string.h>

static const fm_programme_spec defaults = FM_PROGRAMME_SPEC_INIT;

void fm_programme_spec_init(fm_programme_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

fm_status fm__programme_spec(fm_programme_spec *out, const fm_programme_spec *spec, fm__bytes *text, fm_error *err)
{
  *out = defaults;
  fm_status status = fm__spec_take(out, sizeof *out, spec, "fm_programme_spec", err);
  if (status != FM_OK)
    return status;
  if (!(out->full_time_hours > 0) || isinf(out->full_time_hours))
    return fm__fail(err, FM_ERR_ARGUMENT, "full_time_hours: expected hours a week above 0");
  if (!(out->level > 0 && out->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a number between 0 and 1");
  fm__spec_text_text(text, "by", out->by, defaults.by);
  fm__spec_text_f64(text, "full_time_hours", out->full_time_hours, defaults.full_time_hours);
  fm__spec_text_f64(text, "level", out->level, defaults.level);
  return fm__spec_text_end(text) != NULL ? FM_OK : fm__no_memory(err);
}

fm_status fm__programme_open(fm__programme *p, const fm_programme_spec *spec, fm_error *err)
{
  const char *by = spec->by != NULL ? spec->by : "";
  *p = (fm__programme){.spec = *spec, .by = fm__copy_text(by, strlen(by))};
  p->spec.by = p->by;
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
