/* The constructed people, read from the oracle file. */
#include "lfs.h"

#include <string.h>

const char *const fm_lfs_columns[FM_LFS_COLUMNS] = {"pid:i64",
                                                    "weight:f64",
                                                    "sex:code",
                                                    "age:i64",
                                                    "disability:code",
                                                    "migrant:code",
                                                    "paid_hours:f64",
                                                    "own_use_hours:f64",
                                                    "absent_job:bool",
                                                    "seeking:bool",
                                                    "available:bool",
                                                    "in_education:bool",
                                                    "in_training:bool",
                                                    "status:code",
                                                    "sector_registered:code",
                                                    "social_insurance:code",
                                                    "paid_leave:code",
                                                    "sick_leave:code",
                                                    "isco1:code",
                                                    "isic:code",
                                                    "hourly_earnings:f64",
                                                    "chore_hours:f64"};

void fm_lfs_cells(const char **cells, const fm_oracle *o)
{
  ck_assert_uint_eq(fm_oracle_n_rows(o), FM_LFS_ROWS);
  for (size_t i = 0; i < FM_LFS_ROWS; i++)
    for (size_t k = 0; k < FM_LFS_COLUMNS; k++) {
      char name[32] = "";
      memcpy(name, fm_lfs_columns[k], strcspn(fm_lfs_columns[k], ":"));
      cells[i * FM_LFS_COLUMNS + k] = fm_oracle_text(o, i, name);
    }
}

fm_table *fm_lfs_table(void)
{
  static const char *cells[FM_LFS_ROWS * FM_LFS_COLUMNS];
  fm_oracle *o = fm_oracle_open("labour/lfs_example.csv");
  fm_lfs_cells(cells, o);
  fm_table *t = fm_test_table(fm_lfs_columns, FM_LFS_COLUMNS, cells, FM_LFS_ROWS);
  fm_oracle_close(o);
  return t;
}

static bool same(const char *a, const char *b)
{
  return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

size_t fm_lfs_row(const fm_table *t, const char *indicator, const char *quantity, const char *const *keys,
                  const char *const *columns, size_t n_keys)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    bool found = same(fm_test_text(t, "indicator", i), indicator) && same(fm_test_text(t, "quantity", i), quantity);
    for (size_t k = 0; k < n_keys && found; k++)
      found = same(fm_test_text(t, columns[k], i), keys[k]);
    if (found)
      return i;
  }
  ck_abort_msg("no row of %s", indicator);
  return 0;
}
