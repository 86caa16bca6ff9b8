/* Bottom share of plain arrays: the checks around fm__bottom_share. */
#include <math.h>

#include "flexmetrics/income.h"
#include "num/num_priv.h"

static fm_status bad_row(const char *column, size_t row, const char *expected, fm_error *err)
{
  fm__fail(err, FM_ERR_VALUE, "%s, row %zu: expected %s", column, row, expected);
  fm__error_place(err, NULL, column, -1, (int64_t)row, -1);
  return FM_ERR_VALUE;
}

static fm_status check(const double *x, const double *w, size_t n, double p_share, const fm_run *run, fm_error *err)
{
  if (!(p_share > 0 && p_share < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "p_share: expected a number between 0 and 1");
  if (x == NULL && n > 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "x: expected %zu incomes, got NULL", n);
  for (size_t i = 0; i < n; i++) {
    if (!isfinite(x[i]))
      return bad_row("income", i, "a finite number", err);
    if (w != NULL && !(w[i] >= 0 && w[i] < INFINITY))
      return bad_row("weight", i, "a finite number of at least 0", err);
  }
  return fm__run_check(run, err);
}

fm_status fm_income_bottom(double *mean, double *share, double *cut, const double *x, const double *w, size_t n,
                           double p_share, const fm_run *run, fm_error *err)
{
  double ignored,
      *outputs[] = {mean != NULL ? mean : &ignored, share != NULL ? share : &ignored, cut != NULL ? cut : &ignored};
  for (size_t k = 0; k < FM__COUNT(outputs); k++)
    *outputs[k] = NAN;
  fm_status status = check(x, w, n, p_share, run, err);
  fm__bottom b;
  if (status == FM_OK)
    status = fm__bottom_share(&b, x, w, n, p_share, run, err);
  if (status != FM_OK || b.weight == 0)
    return status;
  if (!isfinite(b.weight) || !isfinite(b.total) || !isfinite(b.bottom_total))
    return fm__fail(err, FM_ERR_LIMIT,
                    "the sum of the weights or of the weighted incomes is beyond the range of doubles");
  *outputs[0] = b.bottom_total / (b.below_weight + b.cut_share * b.cut_weight);
  if (b.total > 0)
    *outputs[1] = b.bottom_total / b.total;
  *outputs[2] = b.cut;
  return FM_OK;
}
