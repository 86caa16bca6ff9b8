/* Top-coded incomes: who is, how many, and what a Pareto tail expects in their place. */
#include "income/household/household_priv.h"

static const fm_income_top_spec defaults = FM_INCOME_TOP_SPEC_INIT;

void fm_income_top_spec_init(fm_income_top_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

typedef struct tops {
  const fm_income_top_spec *spec;
  const fm_table *incomes;
  fm__numbers income, weight;
  size_t n, flag, n_top, n_tail;
  uint8_t *is_top;
  double *completed;
  fm__sum weight_all, weight_top, weight_tail, log_tail;
  double alpha;
} tops;

static fm_status take_spec(fm_income_top_spec *s, const fm_income_top_spec *spec, fm_error *err)
{
  *s = defaults;
  fm_status status = fm__spec_take(s, sizeof *s, spec, "fm_income_top_spec", err);
  if (status != FM_OK)
    return status;
  bool pareto = s->method == FM_INCOME_TOP_PARETO;
  if (s->income == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "income: expected the name of a column, got NULL");
  if ((s->flag == NULL) == isnan(s->threshold))
    return fm__fail(err, FM_ERR_ARGUMENT, "threshold, flag: expected one of the two");
  if (!isnan(s->threshold) && !isfinite(s->threshold))
    return fm__fail(err, FM_ERR_ARGUMENT, "threshold: expected a finite income");
  if (s->method < FM_INCOME_TOP_BOUND || s->method > FM_INCOME_TOP_PARETO)
    return fm__fail(err, FM_ERR_ARGUMENT, "method: expected 0 or 1, got %d", (int)s->method);
  if (pareto && isnan(s->tail_from) == isnan(s->alpha))
    return fm__fail(err, FM_ERR_ARGUMENT, "tail_from, alpha: expected one of the two for a Pareto tail");
  if (!isnan(s->tail_from) && !(pareto && s->tail_from > 0 && isfinite(s->tail_from)))
    return fm__fail(err, FM_ERR_ARGUMENT, "tail_from: expected a finite income above 0, for a Pareto tail");
  if (!isnan(s->alpha) && !(pareto && s->alpha > 1 && isfinite(s->alpha)))
    return fm__fail(err, FM_ERR_ARGUMENT, "alpha: expected a finite number above 1, for a Pareto tail");
  return FM_OK;
}

static fm_status find_columns(tops *t, fm_error *err)
{
  fm_status status = fm__numbers_find(&t->income, t->incomes, t->spec->income, err);
  if (status == FM_OK && t->spec->weight != NULL)
    status = fm__numbers_find(&t->weight, t->incomes, t->spec->weight, err);
  if (status == FM_OK && t->spec->flag != NULL)
    status = fm__table_find(t->incomes, t->spec->flag, FM_BOOL, &t->flag, err);
  if (status != FM_OK)
    return status;
  t->is_top = fm__array(t->n, sizeof *t->is_top);
  t->completed = fm__array(t->n, sizeof *t->completed);
  return t->is_top != NULL && t->completed != NULL ? FM_OK : fm__no_memory(err);
}

/* Where the income of a top-coded row was cut. */
static double cut_of(const tops *t, size_t row)
{
  return t->spec->flag != NULL ? t->completed[row] : t->spec->threshold;
}

/* A row of the tail: its logarithm over the tail's beginning, by weight; only known incomes count as seen. */
static void add_to_tail(tops *t, size_t row, double w)
{
  double x = t->is_top[row] != 0 ? cut_of(t, row) : t->completed[row];
  if (isnan(t->spec->tail_from) || !(x > t->spec->tail_from) || !(w > 0))
    return;
  t->n_tail++;
  fm__sum_add(&t->log_tail, w * fm__log(x / t->spec->tail_from));
  if (t->is_top[row] == 0)
    fm__sum_add(&t->weight_tail, w);
}

static fm_status read_row(tops *t, size_t row, fm_error *err)
{
  double x = fm__numbers_at(&t->income, row), w = 1;
  bool pareto = t->spec->method == FM_INCOME_TOP_PARETO, top = x >= t->spec->threshold;
  if (t->spec->flag != NULL && !fm__bit(fm_table_validity(t->incomes, t->flag), row))
    return fm__column_bad(t->incomes, t->flag, row, "yes or no", err);
  if (t->spec->flag != NULL)
    top = fm_table_bool(t->incomes, t->flag)[row] != 0;
  if (isinf(x))
    return fm__column_bad(t->incomes, t->income.column, row, "a finite income", err);
  if (top && isnan(x))
    return fm__column_bad(t->incomes, t->income.column, row, "an income, as it is top-coded", err);
  t->completed[row] = x;
  t->is_top[row] = top;
  if (isnan(x))
    return FM_OK;
  double least = isnan(t->spec->tail_from) ? 0 : t->spec->tail_from;
  if (top && pareto && !(cut_of(t, row) > least))
    return fm__column_bad(t->incomes, t->income.column, row,
                          isnan(t->spec->tail_from) ? "a top-coded income above 0" : "a top-coded income in the tail",
                          err);
  fm_status status = t->spec->weight != NULL ? fm__numbers_weight(&w, &t->weight, row, err) : FM_OK;
  if (status != FM_OK)
    return status;
  fm__sum_add(&t->weight_all, w);
  if (top) {
    t->n_top++;
    fm__sum_add(&t->weight_top, w);
  }
  add_to_tail(t, row, w);
  return FM_OK;
}

/* Hill (1975): the likelihood of a Pareto tail, rows that were cut giving only that they are above their cut. */
static fm_status find_alpha(tops *t, fm_error *err)
{
  t->alpha = t->spec->alpha;
  if (t->spec->method != FM_INCOME_TOP_PARETO || !isnan(t->alpha))
    return FM_OK;
  double seen = fm__sum_value(&t->weight_tail), logs = fm__sum_value(&t->log_tail);
  char text[32];
  fm__print_f64(text, t->spec->tail_from);
  if (!(seen > 0) || !(logs > 0))
    return fm__fail(err, FM_ERR_VALUE, "expected incomes above %s that are not top-coded, to fit the tail", text);
  t->alpha = seen / logs;
  if (t->alpha > 1)
    return FM_OK;
  fm__print_f64(text, t->alpha);
  return fm__fail(err, FM_ERR_VALUE, "the tail has alpha %s; expected above 1, as otherwise it has no mean", text);
}

static fm_status add_notes(fm_table *out, const tops *t, fm_error *err)
{
  bool pareto = t->spec->method == FM_INCOME_TOP_PARETO;
  double all = fm__sum_value(&t->weight_all);
  size_t n_known = 0;
  for (size_t i = 0; i < t->n; i++)
    n_known += isnan(t->completed[i]) ? 0 : 1;
  fm_status status = fm_table_set_note(out, "top_method", pareto ? "pareto" : "bound", err);
  if (status == FM_OK)
    status = fm__table_note_count(out, "top_coded", t->n_top, err);
  if (status == FM_OK && n_known > 0)
    status = fm__table_note_number(out, "top_coded_share", (double)t->n_top / (double)n_known, err);
  if (status == FM_OK && all > 0)
    status = fm__table_note_number(out, "top_coded_weight_share", fm__sum_value(&t->weight_top) / all, err);
  if (status == FM_OK && !pareto && t->n_top > 0)
    status = fm_table_set_note(out, "top_bound", "figures that depend on the top-coded incomes are bounds", err);
  if (status != FM_OK || !pareto)
    return status;
  status = fm__table_note_number(out, "top_alpha", t->alpha, err);
  if (status == FM_OK)
    status = fm_table_set_note(out, "top_alpha_from", isnan(t->spec->alpha) ? "hill" : "given", err);
  if (status == FM_OK && !isnan(t->spec->tail_from))
    status = fm__table_note_number(out, "top_tail_from", t->spec->tail_from, err);
  if (status == FM_OK && !isnan(t->spec->tail_from))
    status = fm__table_note_count(out, "top_tail_rows", t->n_tail, err);
  return status;
}

static fm_status add_columns(fm_table *out, tops *t, fm_error *err)
{
  fm_status status = fm__table_own(out, "is_top_coded", FM_BOOL, t->is_top, NULL, t->n, err);
  if (status != FM_OK)
    return status;
  double *completed = t->completed;
  t->is_top = NULL; /* the table's, as the next is, on failure too */
  t->completed = NULL;
  return fm__table_take_f64(out, "income_completed", completed, t->n, err);
}

fm_status fm_income_top_code(fm_table **out, const fm_table *incomes, const fm_income_top_spec *spec, const fm_run *run,
                             fm_error *err)
{
  fm_income_top_spec s;
  fm_table *made = NULL;
  *out = NULL;
  tops t = {.spec = &s, .incomes = incomes};
  fm_status status = take_spec(&s, spec, err);
  if (status == FM_OK)
    status = fm__run_check(run, err);
  if (status == FM_OK)
    status = fm__table_extend(&made, incomes, err);
  t.n = status == FM_OK ? fm_table_n_rows(incomes) : 0;
  if (status == FM_OK)
    status = find_columns(&t, err);
  for (size_t i = 0; i < t.n && status == FM_OK; i++)
    status = read_row(&t, i, err);
  if (status == FM_OK)
    status = find_alpha(&t, err);
  /* the mean of a Pareto tail above c is c alpha / (alpha - 1) */
  for (size_t i = 0; i < t.n && status == FM_OK && s.method == FM_INCOME_TOP_PARETO; i++)
    if (t.is_top[i] != 0)
      t.completed[i] = cut_of(&t, i) * (t.alpha / (t.alpha - 1));
  if (status == FM_OK)
    status = add_notes(made, &t, err);
  if (status == FM_OK)
    status = add_columns(made, &t, err);
  if (status == FM_OK)
    status = fm__run_progress(run, 1, err);
  fm__free(t.is_top);
  fm__free(t.completed);
  return fm__table_done(out, made, status, err);
}
