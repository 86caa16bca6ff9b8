/* Pay gap of the synthetic earnings survey of laeken (tests/labour/ses.py exports it): with its weights, and as the
 * vignette of laeken prints it, without. Usage: labour-ses ROWS.csv (sex, hourly earnings, weight; no header). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flexmetrics.h"

enum { MOST = 20000 };

typedef struct rows {
  double pay[MOST], weight[MOST];
  const char *sex[MOST];
  size_t n;
} rows;

static int read_rows(rows *r, const char *path)
{
  FILE *f = fopen(path, "r");
  char sex[16];
  if (f == NULL)
    return 1;
  while (r->n < MOST && fscanf(f, "%15[^,],%lf,%lf\n", sex, &r->pay[r->n], &r->weight[r->n]) == 3)
    r->sex[r->n++] = strcmp(sex, "male") == 0 ? "male" : "female";
  fclose(f);
  return r->n == 15691 ? 0 : 1;
}

static double gap_of(const fm_table *t, fm_error *err)
{
  size_t value = (size_t)fm_table_column_index(t, "value"), quantity = (size_t)fm_table_column_index(t, "quantity");
  (void)err;
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (strcmp(fm_table_text(t, quantity, i, NULL), "gap") == 0)
      return fm_table_f64(t, value)[i];
  return NAN;
}

int main(int argc, char **argv)
{
  static rows r;
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = NULL, *t = NULL;
  /* Printed by laeken's vignette (its call names the weights wrongly, so that they are not used), and by a run of
   * laeken 0.5.2 with them. */
  const struct {
    const char *weight;
    double expected, tolerance;
  } cases[] = {{NULL, 0.2517759, 5e-8}, {"w", 0.241365888, 5e-10}};
  if (argc != 2 || read_rows(&r, argv[1]) != 0) {
    fprintf(stderr, "labour-ses: the rows cannot be read\n");
    return 1;
  }
  if (fm_table_create(&frame, "ses", &err) != FM_OK || fm_table_add_text(frame, "sex", r.sex, r.n, &err) != FM_OK ||
      fm_table_add_f64(frame, "hourly_earnings", r.pay, NULL, r.n, NULL, NULL, &err) != FM_OK ||
      fm_table_add_f64(frame, "w", r.weight, NULL, r.n, NULL, NULL, &err) != FM_OK ||
      fm_table_seal(frame, &err) != FM_OK) {
    fprintf(stderr, "labour-ses: %s\n", err.message);
    return 1;
  }
  int faults = 0;
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
    spec.indicators = "pay_gap";
    spec.reference = "male";
    spec.compared = "female";
    spec.weight = cases[k].weight;
    double gap = fm_labour(&t, frame, &spec, NULL, &err) == FM_OK ? gap_of(t, &err) : NAN;
    printf("%s: %.9f, expected %.9f\n", cases[k].weight != NULL ? "weighted" : "unweighted", gap, cases[k].expected);
    faults += !(fabs(gap - cases[k].expected) <= cases[k].tolerance);
    fm_table_destroy(t);
    t = NULL;
  }
  fm_table_destroy(frame);
  return faults;
}
