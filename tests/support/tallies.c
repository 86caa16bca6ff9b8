#include "support/support.h"

#include <math.h>
#include <string.h>

/* All cells of two results, bit by bit. */
void fm_assert_same_table(const char *label, const fm_table *a, const fm_table *b)
{
  ck_assert_msg(fm_table_n_rows(a) == fm_table_n_rows(b), "%s: %zu and %zu rows", label, fm_table_n_rows(a),
                fm_table_n_rows(b));
  ck_assert_msg(fm_table_n_columns(a) == fm_table_n_columns(b), "%s: other columns", label);
  for (size_t k = 0; k < fm_table_n_columns(a); k++) {
    const char *name = fm_table_column_name(a, k);
    ck_assert_msg(strcmp(name, fm_table_column_name(b, k)) == 0, "%s: column %s", label, name);
    for (size_t i = 0; i < fm_table_n_rows(a); i++) {
      ck_assert_msg(fm_table_is_null(a, k, i) == fm_table_is_null(b, k, i), "%s: null, %s row %zu", label, name, i);
      if (fm_table_is_null(a, k, i))
        continue;
      if (fm_table_column_type(a, k) == FM_CODE)
        ck_assert_msg(strcmp(fm_table_text(a, k, i, NULL), fm_table_text(b, k, i, NULL)) == 0, "%s: %s row %zu: %s, %s",
                      label, name, i, fm_table_text(a, k, i, NULL), fm_table_text(b, k, i, NULL));
      else if (fm_table_column_type(a, k) == FM_F64)
        ck_assert_msg(memcmp(&fm_table_f64(a, k)[i], &fm_table_f64(b, k)[i], 8) == 0, "%s: %s row %zu: %.17g, %.17g",
                      label, name, i, fm_table_f64(a, k)[i], fm_table_f64(b, k)[i]);
      else
        ck_assert_msg(fm_test_number(a, name, i) == fm_test_number(b, name, i), "%s: %s row %zu", label, name, i);
    }
  }
}

static void must(fm_status status, const fm_error *err)
{
  ck_assert_msg(status == FM_OK, "%s: %s", fm_status_name(status), err->message);
}

fm_table *fm_test_rows(const char *const *columns, size_t n_columns, const char *const *cells, const size_t *rows,
                       size_t n_rows)
{
  const char **picked = calloc(n_rows * n_columns + 1, sizeof *picked);
  for (size_t i = 0; i < n_rows; i++)
    memcpy(picked + i * n_columns, cells + rows[i] * n_columns, n_columns * sizeof *picked);
  fm_table *t = fm_test_table(columns, n_columns, picked, n_rows);
  free(picked);
  return t;
}

static void check_damage(fm_test_make_tally make, void *ctx, const unsigned char *bytes, size_t n)
{
  fm_error err = FM_ERROR_INIT;
  for (size_t cut = 0; cut < n; cut += cut < 200 ? 1 : 13) {
    fm_tally *t = make(ctx);
    fm_error_clear(&err);
    fm_status status = fm_tally_load(t, bytes, cut, &err);
    ck_assert_msg(status == FM_ERR_FORMAT, "cut to %zu of %zu bytes: %s", cut, n, fm_status_name(status));
    fm_tally_destroy(t);
  }
  unsigned char *bad = malloc(n);
  for (size_t at = 0; at < n; at += at < 200 ? 1 : 17) {
    memcpy(bad, bytes, n);
    bad[at] ^= 0x40;
    fm_tally *t = make(ctx);
    fm_error_clear(&err);
    fm_status status = fm_tally_load(t, bad, n, &err);
    ck_assert_msg(status == FM_ERR_FORMAT || status == FM_ERR_MISMATCH, "byte %zu flipped: %s", at,
                  fm_status_name(status));
    fm_tally_destroy(t);
  }
  free(bad);
}

void fm_test_tally(fm_test_make_tally make, void *ctx, const char *const *columns, size_t n_columns,
                   const char *const *cells, size_t n_rows)
{
  fm_error err = FM_ERROR_INIT;
  size_t *rows = calloc(n_rows + 1, sizeof *rows);
  fm_table *whole = fm_test_table(columns, n_columns, cells, n_rows), *expected, *got;
  fm_tally *once = make(ctx);
  must(fm_tally_add(once, whole, NULL, &err), &err);
  void *bytes, *other;
  size_t n_bytes, n_other;
  must(fm_tally_result(&expected, once, NULL, &err), &err);
  must(fm_tally_save(&bytes, &n_bytes, once, &err), &err);
  unsigned seed = 164;
  for (int round = 0; round < 6; round++) {
    for (size_t i = 0; i < n_rows; i++)
      rows[i] = i;
    for (size_t i = n_rows; i > 1; i--) {
      seed = seed * 1103515245U + 12345U;
      size_t j = (seed >> 8) % i, keep = rows[i - 1];
      rows[i - 1] = rows[j];
      rows[j] = keep;
    }
    fm_tally *parts[3];
    for (size_t p = 0; p < 3; p++) {
      size_t from = n_rows * p / 3, to = n_rows * (p + 1) / 3;
      fm_table *part = fm_test_rows(columns, n_columns, cells, rows + from, to - from);
      parts[p] = make(ctx);
      must(fm_tally_add(parts[p], part, NULL, &err), &err);
      fm_table_destroy(part);
    }
    void *middle;
    size_t n_middle;
    must(fm_tally_save(&middle, &n_middle, parts[1], &err), &err);
    fm_tally *loaded = make(ctx);
    must(fm_tally_load(loaded, middle, n_middle, &err), &err);
    fm_free(middle);
    must(fm_tally_merge(parts[2], loaded, &err), &err);
    must(fm_tally_merge(parts[2], parts[0], &err), &err);
    must(fm_tally_result(&got, parts[2], NULL, &err), &err);
    fm_assert_same_table("split, shuffled, merged", got, expected);
    must(fm_tally_save(&other, &n_other, parts[2], &err), &err);
    ck_assert_msg(n_other == n_bytes && memcmp(bytes, other, n_bytes) == 0, "saved bytes differ after merging");
    fm_free(other);
    fm_table_destroy(got);
    fm_tally_destroy(loaded);
    for (size_t p = 0; p < 3; p++)
      fm_tally_destroy(parts[p]);
  }
  ck_assert_int_eq(fm_tally_load(once, bytes, n_bytes, NULL), FM_ERR_STATE);
  check_damage(make, ctx, bytes, n_bytes);
  fm_free(bytes);
  free(rows);
  fm_table_destroy(expected);
  fm_table_destroy(whole);
  fm_tally_destroy(once);
}

typedef struct whole_life {
  fm_test_create_tally create;
  void *ctx;
  const fm_table *frame;
} whole_life;

static fm_status live(void *ctx, fm_error *err)
{
  const whole_life *w = ctx;
  fm_tally *a = NULL, *b = NULL;
  fm_table *out = NULL;
  void *bytes = NULL;
  size_t n;
  fm_status status = w->create(&a, w->ctx, err);
  if (status == FM_OK)
    status = w->create(&b, w->ctx, err);
  if (status == FM_OK)
    status = fm_tally_add(a, w->frame, NULL, err);
  if (status == FM_OK)
    status = fm_tally_save(&bytes, &n, a, err);
  if (status == FM_OK)
    status = fm_tally_load(b, bytes, n, err);
  if (status == FM_OK)
    status = fm_tally_merge(a, b, err);
  if (status == FM_OK)
    status = fm_tally_result(&out, a, NULL, err);
  ck_assert(status == FM_OK || out == NULL);
  fm_free(bytes);
  fm_table_destroy(out);
  fm_tally_destroy(a);
  fm_tally_destroy(b);
  return status;
}

int fm_test_tally_allocations(fm_test_create_tally create, void *ctx, const fm_table *frame)
{
  whole_life w = {.create = create, .ctx = ctx, .frame = frame};
  return fm_test_allocations(live, &w);
}
