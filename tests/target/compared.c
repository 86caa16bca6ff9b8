#include "target/compared.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void compared_open(compared *c)
{
  fm_oracle *data = fm_oracle_open("target/compare_units.csv");
  double strata[N_STRATA] = {0}, all = 0;
  memset(c, 0, sizeof *c);
  ck_assert_uint_eq(fm_oracle_n_rows(data), N_UNITS * N_STRATA);
  for (size_t i = 0; i < N_UNITS * N_STRATA; i++) {
    fm__standard_cell *cell = &c->cells[i / N_STRATA][i % N_STRATA];
    cell->count = fm_oracle_number(data, i, "count");
    cell->base = fm_oracle_number(data, i, "exposure");
    cell->stratum = i % N_STRATA;
    c->units[i / N_STRATA].count += cell->count;
    c->units[i / N_STRATA].base += cell->base;
    strata[i % N_STRATA] += cell->base;
    all += cell->base;
  }
  for (size_t i = 0; i < N_UNITS * N_STRATA; i++)
    c->cells[i / N_STRATA][i % N_STRATA].weight = strata[i % N_STRATA] / all;
  fm_oracle_close(data);
  c->oracle = fm_oracle_open("target/compare.csv");
}

void compared_close(compared *c)
{
  fm_oracle_close(c->oracle);
}

double compared_expected(const compared *c, const char *of, const char *what, int unit)
{
  char name[32];
  if (unit < N_UNITS)
    snprintf(name, sizeof name, "%s_%c", what, 'A' + unit);
  else
    snprintf(name, sizeof name, "%s", what);
  for (size_t i = 0; i < fm_oracle_n_rows(c->oracle); i++)
    if (strcmp(fm_oracle_text(c->oracle, i, "case"), of) == 0 &&
        strcmp(fm_oracle_text(c->oracle, i, "quantity"), name) == 0)
      return fm_oracle_number(c->oracle, i, "value");
  ck_abort_msg("%s: no %s", of, name);
  return NAN;
}

void compared_case_mix(fm__unit_counts out[N_UNITS], const compared *c)
{
  for (int k = 0; k < N_UNITS; k++)
    out[k] = (fm__unit_counts){c->units[k].count, compared_expected(c, "mix", "expected", k)};
}
