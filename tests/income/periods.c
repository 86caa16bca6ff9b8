#include "income/periods.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static uint64_t state;
static double draw(void)
{
  state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(state >> 11) * 0x1p-53;
}

/* Sum of four uniforms, spread 0 to 1: a skewed income after exp. */
static double spread(void)
{
  double sum = 0;
  for (int k = 0; k < 4; k++)
    sum += draw();
  return sum / 4;
}

void fm_periods_make(fm_periods *p)
{
  double base[FM_PERIOD_PEOPLE];
  state = 164;
  p->n = 0;
  for (int wave = 0; wave < 2; wave++)
    for (int i = 0; i < FM_PERIOD_PEOPLE; i++) {
      double noise = spread();
      if (wave == 0)
        base[i] = 3 * spread();
      if (wave == 1 && i >= 50 && i < 60)
        continue; /* left; the others of these places are new people */
      size_t at = p->n++;
      p->income[at] = 100 * exp(base[i] + (wave == 1 ? 0.3 + 1.5 * (noise - 0.5) : 0));
      p->weight[at] = 1 + 3 * draw();
      p->period[at] = wave == 0 ? 2018 : 2022.5;
      p->person[at] = wave == 1 && i >= 50 ? 100 + i : i;
      p->psu[at] = i / 2;
      p->stratum[at] = i / 2 % 3;
      p->area[at] = i % 2;
      p->age[at] = 20 + floor(40 * draw());
      if (p->n == FM_PERIOD_ROWS)
        return;
    }
}

fm_table *fm_periods_frame(const fm_periods *p)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_periods *copy = malloc(sizeof *copy);
  *copy = *p;
  fm_assert_ok(fm_table_create(&t, "periods", &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "income", copy->income, NULL, p->n, free, copy, &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "weight", copy->weight, NULL, p->n, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "period", copy->period, NULL, p->n, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "age", copy->age, NULL, p->n, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_i32(t, "person_id", copy->person, NULL, p->n, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_i32(t, "psu", copy->psu, NULL, p->n, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_i32(t, "stratum", copy->stratum, NULL, p->n, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_i32(t, "area", copy->area, NULL, p->n, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  return t;
}

fm_table *fm_psid_frame(const char *group)
{
  static const char *const columns[] = {"income:f64", "period:f64", "person_id:code", "union:bool"};
  fm_oracle *o = fm_oracle_open("income/psid.csv");
  const char **cells = calloc(2 * 4 * fm_oracle_n_rows(o), sizeof *cells);
  size_t n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *member = fm_oracle_text(o, i, "union_1976");
    if ((strcmp(group, "union76") == 0 && strcmp(member, "1") != 0) ||
        (strcmp(group, "women") == 0 && strcmp(fm_oracle_text(o, i, "female"), "1") != 0))
      continue;
    for (int wave = 0; wave < 2; wave++, n++) {
      cells[4 * n] = fm_oracle_text(o, i, wave == 0 ? "wage_1976" : "wage_1982");
      cells[4 * n + 1] = wave == 0 ? "1976" : "1982";
      cells[4 * n + 2] = fm_oracle_text(o, i, "person_id");
      cells[4 * n + 3] = member;
    }
  }
  fm_table *t = fm_test_table(columns, 4, cells, n);
  free(cells);
  fm_oracle_close(o);
  return t;
}

static fm_table *at_weight(const fm_periods *p, size_t row, double factor, fm_periods_compute compute, void *ctx)
{
  fm_periods *moved = malloc(sizeof *moved);
  fm_error err = FM_ERROR_INIT;
  fm_table *out;
  *moved = *p;
  moved->weight[row] *= factor;
  fm_table *frame = fm_periods_frame(moved);
  fm_assert_ok(compute(&out, frame, ctx, &err), &err);
  fm_table_destroy(frame);
  free(moved);
  return out;
}

double *fm_periods_gradient(size_t *n_figures, const fm_periods *p, fm_periods_compute compute, void *ctx)
{
  const double h = 0x1p-16;
  double *z = NULL;
  for (size_t i = 0; i < p->n; i++) {
    fm_table *up = at_weight(p, i, 1 + h, compute, ctx), *down = at_weight(p, i, 1 - h, compute, ctx);
    *n_figures = fm_table_n_rows(up);
    if (z == NULL)
      z = calloc(*n_figures * p->n, sizeof *z);
    for (size_t f = 0; f < *n_figures; f++)
      z[f * p->n + i] = (fm_test_number(up, "value", f) - fm_test_number(down, "value", f)) / (2 * h);
    fm_table_destroy(up);
    fm_table_destroy(down);
  }
  return z;
}

double fm_periods_std_error(const double *z, const fm_periods *p, const int32_t *unit, const int32_t *stratum,
                            int32_t n_units)
{
  double *sum = calloc((size_t)n_units, sizeof *sum), variance = 0;
  int32_t *in = malloc((size_t)n_units * sizeof *in), most = 0;
  for (int32_t u = 0; u < n_units; u++)
    in[u] = -1;
  for (size_t i = 0; i < p->n; i++) {
    sum[unit[i]] += z[i];
    in[unit[i]] = stratum[i];
    most = stratum[i] > most ? stratum[i] : most;
  }
  for (int32_t h = 0; h <= most; h++) {
    double mean = 0, squares = 0, n = 0;
    for (int32_t u = 0; u < n_units; u++)
      if (in[u] == h) {
        mean += sum[u];
        n++;
      }
    for (int32_t u = 0; u < n_units; u++)
      if (in[u] == h)
        squares += (sum[u] - mean / n) * (sum[u] - mean / n);
    variance += n > 1 ? n / (n - 1) * squares : 0;
  }
  free(sum);
  free(in);
  return sqrt(variance);
}

/* Whether a word is in a text of words. */
static bool is_named(const char *words, const char *word)
{
  size_t length = word != NULL ? strlen(word) : 0;
  for (const char *at = words; at != NULL && length > 0 && (at = strstr(at, word)) != NULL; at++)
    if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
      return true;
  return false;
}

int fm_periods_check(const fm_table *result, const double *z, const fm_periods *p, const int32_t *unit,
                     const int32_t *stratum, int32_t n_units, const char *skip)
{
  int n = 0;
  for (size_t f = 0; f < fm_table_n_rows(result); f++) {
    const char *quantity = fm_test_text(result, "quantity", f);
    double error = fm_test_number(result, "std_error", f);
    char label[96];
    const char *parameter = fm_test_text(result, "parameter", f);
    if (isnan(error) || is_named(skip, quantity) || is_named(skip, parameter))
      continue;
    snprintf(label, sizeof label, "%s, row %zu", quantity, f);
    fm_assert_close(label, error, fm_periods_std_error(z + f * p->n, p, unit, stratum, n_units), 1e-6, 1e-9);
    n++;
  }
  return n;
}

typedef struct life {
  fm_test_create_tally create;
  void *ctx;
  const fm_table *frame;
} life;

static fm_status live(void *ctx, fm_error *err)
{
  const life *l = ctx;
  fm_tally *a = NULL, *b = NULL;
  fm_table *out = NULL;
  void *bytes = NULL;
  size_t n;
  fm_status status = l->create(&a, l->ctx, err);
  if (status == FM_OK)
    status = l->create(&b, l->ctx, err);
  if (status == FM_OK)
    status = fm_tally_add(a, l->frame, NULL, err);
  if (status == FM_OK)
    status = fm_tally_save(&bytes, &n, a, err);
  if (status == FM_OK)
    status = fm_tally_load(b, bytes, n, err);
  if (status == FM_OK)
    status = fm_tally_result(&out, b, NULL, err);
  fm_free(bytes);
  fm_table_destroy(out);
  fm_tally_destroy(a);
  fm_tally_destroy(b);
  return status;
}

int fm_periods_allocations(fm_test_create_tally create, void *ctx, const fm_table *frame)
{
  life l = {.create = create, .ctx = ctx, .frame = frame};
  return fm_test_allocations(live, &l);
}
