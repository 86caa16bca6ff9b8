/* The saved bytes of kept rows. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "tally/rows_state_priv.h"

fm_status fm__rows_save(fm__rows *rows, fm__bytes *b, fm_error *err)
{
  fm_status status = fm__rows_reduce(rows, err);
  if (status != FM_OK)
    return status;
  fm__bytes_u32(b, (uint32_t)rows->n_numbers);
  fm__bytes_u32(b, (uint32_t)rows->n_sets);
  for (size_t k = 0; k < rows->n_sets; k++)
    fm__groups_save(rows->sets[k], NULL, b);
  fm__bytes_u64(b, rows->n);
  for (size_t i = 0; i < rows->n; i++) {
    for (size_t k = 0; k < rows->n_sets; k++)
      fm__bytes_u32(b, rows->ids[i * rows->n_sets + k]);
    for (size_t k = 0; k < rows->n_numbers; k++)
      fm__bytes_f64(b, rows->numbers[i * rows->n_numbers + k]);
    fm__bytes_u64(b, rows->counts[i]);
  }
  return FM_OK;
}

static fm_status load_sets(fm__rows *rows, fm__reader *r, const char *measure, fm_error *err)
{
  size_t n_numbers = fm__read_u32(r), n_sets = fm__read_u32(r);
  if (r->failed || n_numbers != rows->n_numbers || n_sets != rows->n_sets)
    return fm__fail(err, FM_ERR_FORMAT, "the saved tally of %s is damaged: expected %zu numbers and %zu ids a row",
                    measure, rows->n_numbers, rows->n_sets);
  for (size_t k = 0; k < n_sets; k++) {
    fm_status status = fm__groups_load(rows->sets[k], r, err);
    if (status != FM_OK)
      return status;
    if (!fm__groups_is_sorted(rows->sets[k]))
      return fm__fail(err, FM_ERR_FORMAT, "the saved tally of %s is damaged: its groups are not in order", measure);
  }
  return FM_OK;
}

/* Reads row i; false: no state of ours has such a row. */
static bool load_row(fm__rows *rows, size_t i, fm__reader *r)
{
  const uint64_t most = UINT64_C(1) << 53; /* so that counts can be added */
  bool fits = true;
  for (size_t k = 0; k < rows->n_sets; k++) {
    uint32_t id = fm__read_u32(r);
    rows->ids[i * rows->n_sets + k] = id;
    fits = fits && id < fm__groups_count(rows->sets[k]);
  }
  for (size_t k = 0; k < rows->n_numbers; k++) {
    double x = fm__read_f64(r), missing = fm__order_value(FM__MISSING_KEY);
    rows->numbers[i * rows->n_numbers + k] = x;
    fits = fits && !isinf(x) && !(x == 0 && signbit(x)) && (!isnan(x) || memcmp(&x, &missing, sizeof x) == 0);
  }
  rows->counts[i] = fm__read_u64(r);
  return fits && rows->counts[i] > 0 && rows->counts[i] <= most;
}

fm_status fm__rows_load(fm__rows *rows, fm__reader *r, bool (*fits)(const void *context, const double *numbers),
                        const void *context, const char *measure, fm_error *err)
{
  fm_status status = load_sets(rows, r, measure, err);
  if (status != FM_OK)
    return status;
  uint64_t n = fm__read_u64(r);
  if (r->failed || n > (r->size - r->at) / (rows->n_sets * 4 + rows->n_numbers * 8 + 8))
    return fm__fail(err, FM_ERR_FORMAT, "the saved tally of %s is damaged: it ends inside its rows", measure);
  if (!fm__rows_room(rows, (size_t)n))
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    if (!load_row(rows, i, r) || (fits != NULL && !fits(context, fm__rows_numbers(rows, i))) ||
        (i > 0 && fm__rows_compare(rows, i - 1, i) >= 0))
      return fm__fail(err, FM_ERR_FORMAT, "the saved tally of %s is damaged: row %zu is impossible", measure, i);
  rows->n = rows->n_reduced = (size_t)n;
  rows->reduced = true;
  return FM_OK;
}
