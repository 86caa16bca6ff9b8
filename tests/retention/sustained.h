/* What the tests of the measures of sustained employment share. */
#ifndef FM_TESTS_RETENTION_SUSTAINED_H
#define FM_TESTS_RETENTION_SUSTAINED_H

#include <math.h>
#include <string.h>

#include "support/support.h"

/* Row of a quantity, where `column` (NULL: any) has `text`. */
static inline size_t row_of(const fm_table *t, const char *quantity, const char *column, const char *text)
{
  return fm_test_row(t, "quantity", quantity, column, text, NULL, NULL);
}

static inline void value_is(const fm_table *t, const char *quantity, double value, double n)
{
  size_t i = row_of(t, quantity, NULL, NULL);
  fm_assert_close(quantity, fm_test_number(t, "value", i), value, 1e-15, 0);
  fm_assert_close(quantity, fm_test_number(t, "n", i), n, 0, 0);
}

static inline void error_is(const fm_table *t, const char *quantity, double error)
{
  fm_assert_close(quantity, fm_test_number(t, "std_error", row_of(t, quantity, NULL, NULL)), error, 1e-14, 1e-16);
}

#endif
