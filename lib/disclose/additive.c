/* Does a table add up? Asked before anything is hidden, since hidden cells would hide the fault. */
#include "disclose/disclose_priv.h"
#include "flexmetrics/disclose_rules.h"

/* Adds, if there is room. */
static bool add(int64_t *sum, int64_t x)
{
  if (x > INT64_MAX - *sum)
    return false;
  *sum += x;
  return true;
}

static fm_status too_large(fm_error *err)
{
  return fm__fail(err, FM_ERR_LIMIT, "a sum of counts is above 9e18");
}

static fm_status check_line(const int64_t *counts, size_t n, size_t step, int64_t expected, const char *what,
                            size_t line, fm_error *err)
{
  int64_t sum = 0;
  for (size_t k = 0; k < n; k++)
    if (!add(&sum, counts[k * step]))
      return too_large(err);
  if (sum == expected)
    return FM_OK;
  return fm__fail(err, FM_ERR_VALUE, "the cells of %s %zu add up to %lld, its sum is %lld", what, line + 1,
                  (long long)sum, (long long)expected);
}

static fm_status check_total(const int64_t *parts, size_t n, int64_t total, const char *what, fm_error *err)
{
  int64_t sum = 0;
  for (size_t k = 0; k < n; k++)
    if (!add(&sum, parts[k]))
      return too_large(err);
  if (sum == total)
    return FM_OK;
  return fm__fail(err, FM_ERR_VALUE, "%s add up to %lld, the total is %lld", what, (long long)sum, (long long)total);
}

fm_status fm_disclose_additive(const int64_t *counts, size_t n_rows, size_t n_columns, const int64_t *row_sums,
                               const int64_t *column_sums, int64_t total, fm_error *err)
{
  size_t n = 0;
  if (!fm__multiply(n_rows, n_columns, &n))
    return fm__fail(err, FM_ERR_LIMIT, "a table of %zu x %zu cells is too large", n_rows, n_columns);
  for (size_t i = 0; i < n; i++)
    if (counts[i] < 0) {
      fm_status status = fm__fail(err, FM_ERR_VALUE, "the count in row %zu, column %zu is negative", i / n_columns + 1,
                                  i % n_columns + 1);
      fm__error_place(err, NULL, NULL, (int64_t)(i % n_columns), (int64_t)(i / n_columns), -1);
      return status;
    }
  for (size_t i = 0; row_sums != NULL && i < n_rows; i++) {
    fm_status status = check_line(counts + i * n_columns, n_columns, 1, row_sums[i], "row", i, err);
    if (status != FM_OK) {
      fm__error_place(err, NULL, NULL, -1, (int64_t)i, -1);
      return status;
    }
  }
  for (size_t j = 0; column_sums != NULL && j < n_columns; j++) {
    fm_status status = check_line(counts + j, n_rows, n_columns, column_sums[j], "column", j, err);
    if (status != FM_OK) {
      fm__error_place(err, NULL, NULL, (int64_t)j, -1, -1);
      return status;
    }
  }
  if (total < 0)
    return FM_OK;
  return check_total(counts, n, total, "all cells", err);
}
