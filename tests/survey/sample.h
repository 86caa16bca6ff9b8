/* The made-up sample of tests/oracle/survey as arrays. */
#ifndef FM_TESTS_SURVEY_SAMPLE_H
#define FM_TESTS_SURVEY_SAMPLE_H

#include <string.h>

#include "support/support.h"
#include "survey/design_priv.h"

enum { SAMPLE_ROWS = 56 };

typedef struct sample {
  size_t n;
  uint32_t stratum[SAMPLE_ROWS], psu[SAMPLE_ROWS], ssu[SAMPLE_ROWS], s2[SAMPLE_ROWS], area[SAMPLE_ROWS];
  double n1[SAMPLE_ROWS], n2[SAMPLE_ROWS], n2s[SAMPLE_ROWS], f1[SAMPLE_ROWS], f2[SAMPLE_ROWS];
  double w[SAMPLE_ROWS], x[SAMPLE_ROWS], y[SAMPLE_ROWS], sex[SAMPLE_ROWS], age[SAMPLE_ROWS], domain[SAMPLE_ROWS];
  double row[SAMPLE_ROWS];
} sample;

/* All rows, or those where the column `only` is 1. */
static inline void read_sample(sample *s, const char *only)
{
  fm_oracle *o = fm_oracle_open("survey/sample.csv");
  ck_assert_uint_eq(fm_oracle_n_rows(o), SAMPLE_ROWS);
  memset(s, 0, sizeof *s);
  for (size_t i = 0; i < SAMPLE_ROWS; i++) {
    if (only != NULL && !(fm_oracle_number(o, i, only) > 0))
      continue;
    size_t k = s->n++;
    s->stratum[k] = (uint32_t)fm_oracle_number(o, i, "stratum");
    s->psu[k] = (uint32_t)fm_oracle_number(o, i, "psu");
    s->ssu[k] = (uint32_t)fm_oracle_number(o, i, "ssu");
    s->s2[k] = (uint32_t)fm_oracle_number(o, i, "s2");
    s->area[k] = s->stratum[k] * 10 + s->psu[k];
    const struct {
      const char *name;
      double *to;
    } numbers[] = {{"row", s->row}, {"n1", s->n1},   {"n2", s->n2},   {"n2s", s->n2s},
                   {"f1", s->f1},   {"f2", s->f2},   {"w", s->w},     {"x", s->x},
                   {"y", s->y},     {"sex", s->sex}, {"age", s->age}, {"domain", s->domain}};
    for (int j = 0; j < FM_COUNT(numbers); j++)
      numbers[j].to[k] = fm_oracle_number(o, i, numbers[j].name);
  }
  fm_oracle_close(o);
}

/* w * influence by row of the weighted total or mean of v, over the domain or (NULL) all. */
static inline double influences(double *out, const sample *s, const double *w, const double *v, const double *domain,
                                bool mean)
{
  double total = 0, weight = 0;
  for (size_t i = 0; i < s->n; i++) {
    double in = domain == NULL ? 1 : domain[i];
    total += in * w[i] * v[i];
    weight += in * w[i];
  }
  for (size_t i = 0; i < s->n; i++) {
    double in = domain == NULL ? 1 : domain[i];
    out[i] = mean ? in * w[i] * (v[i] - total / weight) / weight : in * w[i] * v[i];
  }
  return mean ? total / weight : total;
}

/* Sums over the rows of each unit; `out` has room for SAMPLE_ROWS. */
static inline void by_unit(double *out, const double *z, const uint32_t *unit, size_t n)
{
  memset(out, 0, SAMPLE_ROWS * sizeof *out);
  for (size_t i = 0; i < n; i++)
    out[unit[i]] += z[i];
}

#endif
