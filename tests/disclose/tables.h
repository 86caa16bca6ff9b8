/* Tables, draws and oracle rows that several tests of disclosure control share. */
#ifndef FM_TESTS_DISCLOSE_TABLES_H
#define FM_TESTS_DISCLOSE_TABLES_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

static const int64_t t1[] = {20, 50, 10, 12, 8, 19, 22, 7, 17, 3, 32, 2, 12, 6, 8, 30};
static const int64_t t2[] = {0, 14, 3, 9, 11, 0, 25, 6, 7, 5, 0, 18, 16, 4, 12, 0};
static const int64_t ones[] = {10, 3, 1, 1, 8, 6, 1, 1, 5, 9, 12, 7};
static const int64_t occupations[] = {50, 19, 26, 8,  7,  11,  6,   2,  16, 40, 34,  18,  11, 20,  8,   3,
                                      12, 35, 65, 66, 35, 88,  23,  21, 11, 20, 58,  110, 40, 183, 64,  32,
                                      2,  8,  12, 23, 25, 46,  28,  12, 12, 28, 102, 162, 90, 554, 230, 177,
                                      0,  6,  19, 40, 21, 158, 143, 71, 0,  3,  14,  32,  15, 126, 91,  106};

static const struct known {
  const char *name;
  const int64_t *counts;
  size_t rows, columns;
} known_tables[] = {
    {"sdc_t1", t1, 4, 4}, {"sdc_t2", t2, 4, 4}, {"sdc_occ_3", occupations, 8, 8}, {"sdc_ones", ones, 3, 4}};

/* The value of one row of the oracle; NAN when there is none. */
static inline double golden(const fm_oracle *o, const char *of, const char *quantity)
{
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "case"), of) == 0 && strcmp(fm_oracle_text(o, i, "quantity"), quantity) == 0)
      return fm_oracle_number(o, i, "value");
  return FM_NAN;
}

/* The golden pattern `of` with its bounds; `kind` 0 where a cell is shown. */
static inline size_t golden_pattern(const fm_oracle *o, const char *of, size_t rows, size_t columns, uint8_t *hidden,
                                    int64_t *low, int64_t *high)
{
  size_t n = 0;
  for (size_t i = 0; i < rows * columns; i++) {
    char name[64];
    snprintf(name, sizeof name, "r%zuc%zu_lo", i / columns + 1, i % columns + 1);
    double least = golden(o, of, name);
    snprintf(name, sizeof name, "r%zuc%zu_hi", i / columns + 1, i % columns + 1);
    hidden[i] = least == least;
    low[i] = hidden[i] ? (int64_t)least : 0;
    high[i] = hidden[i] ? (int64_t)golden(o, of, name) : 0;
    n += hidden[i];
  }
  return n;
}

static unsigned tables_seed = 1;
static inline unsigned draw(unsigned n)
{
  tables_seed = tables_seed * 1103515245U + 12345U;
  return (tables_seed >> 16) % n;
}

#endif
