#include "histories.h"

#include <stdlib.h>

enum { MONTHS = 72 };

const char monthly_file[] = "../../examples/data/school-to-work/source/mvad_monthly.csv";

fm_table *monthly_states(const fm_oracle *o, size_t n, size_t person, double change)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  size_t rows = n * MONTHS;
  int32_t *id = malloc(rows * sizeof *id), *period = malloc(rows * sizeof *period);
  double *w = malloc(rows * sizeof *w);
  char(*letters)[2] = calloc(rows, sizeof *letters);
  const char **texts = malloc(rows * sizeof *texts);
  for (size_t i = 0; i < n; i++) {
    double weight = fm_oracle_number(o, i, "weight") * (i == person ? 1 + change : 1);
    const char *states = fm_oracle_text(o, i, "states");
    for (size_t k = i * MONTHS; k < (i + 1) * MONTHS; k++) {
      id[k] = (int32_t)i;
      period[k] = (int32_t)(k % MONTHS) + 1;
      w[k] = weight;
      letters[k][0] = states[k % MONTHS];
      texts[k] = letters[k];
    }
  }
  fm_assert_ok(fm_table_create(&t, "frame", &err), &err);
  fm_assert_ok(fm_table_add_i32(t, "person_id", id, NULL, rows, free, id, &err), &err);
  fm_assert_ok(fm_table_add_i32(t, "period", period, NULL, rows, free, period, &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "w", w, NULL, rows, free, w, &err), &err);
  fm_assert_ok(fm_table_add_text(t, "state", texts, rows, &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  free(texts);
  free(letters);
  return t;
}

typedef struct life {
  fm_test_create_tally create;
  void *ctx;
  const fm_table *frame;
} life;

static fm_status live(void *of, fm_error *err)
{
  const life *l = of;
  fm_tally *t = NULL, *other = NULL;
  fm_table *out = NULL;
  void *bytes = NULL;
  size_t n;
  fm_status status = l->create(&t, l->ctx, err);
  if (status == FM_OK)
    status = l->create(&other, l->ctx, err);
  if (status == FM_OK)
    status = fm_tally_add(t, l->frame, NULL, err);
  if (status == FM_OK)
    status = fm_tally_save(&bytes, &n, t, err);
  if (status == FM_OK)
    status = fm_tally_load(other, bytes, n, err);
  if (status == FM_OK)
    status = fm_tally_result(&out, other, NULL, err);
  fm_tally_destroy(t);
  fm_tally_destroy(other);
  fm_free(bytes);
  fm_table_destroy(out);
  return status;
}

int history_allocations(fm_test_create_tally create, void *ctx, const fm_table *frame)
{
  life l = {create, ctx, frame};
  return fm_test_allocations(live, &l);
}
