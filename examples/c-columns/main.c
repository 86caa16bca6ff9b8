/* Own arrays instead of files: a survival curve, and the bottom 40 per cent of incomes.
 *
 *   cc main.c $(pkg-config --cflags --libs flexmetrics) -o columns && ./columns
 */
#include <flexmetrics.h>

#include <stdio.h>
#include <stdlib.h>

static void must(fm_status status, const fm_error *err)
{
  if (status == FM_OK)
    return;
  fprintf(stderr, "columns: %s\n", err->message);
  exit(1);
}

/* Six people: days in the job, and whether it ended (else it still runs). */
static void curve(fm_error *err)
{
  const int32_t days[] = {30, 90, 90, 120, 200, 200};
  const uint8_t ended[] = {1, 1, 0, 1, 0, 0};
  double survival[201], error[201];
  must(fm_retention_km(NULL, NULL, NULL, survival, error, days, ended, NULL, NULL, 6, 200, NULL, err), err);
  for (int day = 60; day <= 180; day += 60)
    printf("in work on day %3d: %.4f (standard error %.4f)\n", day, survival[day], error[day]);
}

/* Incomes in any order; the group of equal incomes at the cut is split, so that ties do not matter. */
static void bottom(fm_error *err)
{
  const double income[] = {1000, 200, 100, 200, 200};
  double mean, share, cut;
  must(fm_income_bottom(&mean, &share, &cut, income, NULL, 5, 0.4, NULL, err), err);
  printf("bottom 40 per cent: mean %.1f, %.2f of all income, cut at %.0f\n", mean, 100 * share, cut);
}

int main(void)
{
  fm_error err = FM_ERROR_INIT;
  curve(&err);
  bottom(&err);
  return 0;
}
