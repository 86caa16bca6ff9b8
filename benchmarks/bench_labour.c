/* All labour indicators of a survey by age band, sex, disability and occupation with every margin, against R of the
 * same columns. */
#include "bench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const indicators =
    "employment_rate,participation_rate,unemployment_rate,lu2,lu3,lu4,long_term_unemployment_rate,"
    "long_term_unemployment_share,informal_share,informal_share_agriculture,informal_share_non_agriculture,neet_rate,"
    "child_labour,child_labour_chores,hourly_earnings,pay_gap";

static const char *const answers[] = {"absent_job",        "seeking",          "available",   "in_education",
                                      "in_training",       "wants_work",       "wants_hours", "available_hours",
                                      "sector_registered", "social_insurance", "paid_leave",  "sick_leave"};
static const char *const amounts[] = {"paid_hours",    "own_use_hours",   "chore_hours",
                                      "search_months", "hourly_earnings", "weight"};
enum { N_ANSWERS = 12, N_AMOUNTS = 6 };

typedef struct data {
  const fm_table *frame;
  bool margins, one;
} data;

static void must(fm_status status)
{
  if (status != FM_OK)
    exit(2);
}

/* A code column of n texts called `name`; drawn evenly where there is none yet. */
static void add_codes(fm_table *t, const char *name, const char *const *texts, uint64_t n_texts, size_t n, int32_t *to,
                      uint64_t *seed)
{
  char bytes[256];
  int64_t offsets[16] = {0};
  for (uint64_t k = 0; k < n_texts; k++) {
    size_t length = strlen(texts[k]);
    memcpy(bytes + offsets[k], texts[k], length);
    offsets[k + 1] = offsets[k] + (int64_t)length;
  }
  for (size_t i = 0; i < n && seed != NULL; i++)
    to[i] = (int32_t)(bench_random(seed) % n_texts);
  must(fm_table_add_code(t, name, to, NULL, n, offsets, bytes, n_texts, NULL, NULL, NULL));
}

enum { PAID, OWN_USE, CHORES, SEARCH, EARNINGS, WEIGHT };
enum { ABSENT, SEEKING, AVAILABLE, EDUCATION, TRAINING, WANTS_WORK, WANTS_HOURS, MORE_HOURS, SECTOR, INSURED };
enum { NOT_ASKED = 4 }; /* the status of those without a job */

/* One person: who works is asked about the job, who does not about seeking. */
static void draw(double *const *amount, int32_t *status, uint8_t *const *answer, size_t i, int32_t age, uint64_t *seed)
{
  double u = bench_unit(seed), v = bench_unit(seed), pay = floor(40000 * bench_unit(seed)) / 100;
  bool works = age >= 15 ? u < 0.6 : u < 0.05, own_use = v < 0.05;
  uint64_t coin = bench_random(seed);
  status[i] = !works ? NOT_ASKED : u < 0.5 ? 0 : 1 + (int32_t)(coin % 3);
  amount[PAID][i] = works ? 1 + floor(59 * v) : 0;
  amount[OWN_USE][i] = own_use ? floor(400 * v) : 0;
  amount[CHORES][i] = age < 15 ? floor(25 * v) : NAN;
  amount[SEARCH][i] = !works && u > 0.9 ? floor(30 * v) : NAN;
  amount[EARNINGS][i] = status[i] == 0 ? pay : NAN;
  amount[WEIGHT][i] = 0.5 + 10 * bench_unit(seed);
  for (int k = 0; k < N_ANSWERS; k++)
    answer[k][i] = 0;
  answer[SEEKING][i] = !works && u > 0.9;
  answer[AVAILABLE][i] = !works && u > 0.85;
  answer[WANTS_WORK][i] = !works && u > 0.8;
  answer[EDUCATION][i] = age < 25 && (coin >> 8 & 1) != 0;
  answer[WANTS_HOURS][i] = answer[MORE_HOURS][i] = works && v < 0.1;
  for (int k = SECTOR; k < N_ANSWERS; k++)
    answer[k][i] = works && (coin >> (16 + k) & 3) != 0;
}

/* Columns one after the other in `block`: 84 bytes a row. */
static fm_table *people(char *block, size_t n)
{
  static const char *const status[] = {"employee", "own_account", "employer", "family", ""};
  static const char *const isic[] = {"A", "C", "F", "G", "I", "P", "Q"};
  static const char *const sexes[] = {"F", "M"}, *const disability[] = {"N", "PD", "PWD"};
  static const char *const isco[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
  uint64_t seed = 9;
  fm_table *t;
  double *amount[N_AMOUNTS];
  uint8_t *answer[N_ANSWERS];
  int32_t *whole = (int32_t *)(void *)(block + N_AMOUNTS * n * sizeof(double));
  for (size_t k = 0; k < N_AMOUNTS; k++)
    amount[k] = (double *)(void *)block + k * n;
  for (size_t k = 0; k < N_ANSWERS; k++)
    answer[k] = (uint8_t *)(whole + 6 * n) + k * n;
  for (size_t i = 0; i < n; i++) {
    whole[i] = (int32_t)(bench_random(&seed) % 85);
    draw(amount, whole + n, answer, i, whole[i], &seed);
  }
  must(fm_table_create(&t, "people", NULL));
  must(fm_table_add_i32(t, "age", whole, NULL, n, NULL, NULL, NULL));
  add_codes(t, "status", status, 5, n, whole + n, NULL);
  add_codes(t, "isic", isic, 7, n, whole + 2 * n, &seed);
  add_codes(t, "sex", sexes, 2, n, whole + 3 * n, &seed);
  add_codes(t, "disability", disability, 3, n, whole + 4 * n, &seed);
  add_codes(t, "isco1", isco, 9, n, whole + 5 * n, &seed);
  for (int k = 0; k < N_AMOUNTS; k++)
    must(fm_table_add_f64(t, amounts[k], amount[k], NULL, n, NULL, NULL, NULL));
  for (int k = 0; k < N_ANSWERS; k++)
    must(fm_table_add_bool(t, answers[k], answer[k], NULL, n, NULL, NULL, NULL));
  must(fm_table_seal(t, NULL));
  return t;
}

static double compute(void *ctx)
{
  const data *d = ctx;
  fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
  fm_table *t;
  spec.indicators = d->one ? "unemployment_rate" : indicators;
  spec.by = d->one ? NULL : "age,sex,disability,occupation";
  spec.age_bands = d->one ? NULL : "0-4,5-14,15-24,25-29,30-34,35-44,45-54,55-64,65-74,75+";
  spec.weight = "weight";
  spec.margins = d->margins;
  spec.hours_threshold = 35;
  spec.icls = 13;
  must(fm_labour(&t, d->frame, &spec, NULL, NULL));
  double sum = 0;
  const double *value = fm_table_f64(t, (size_t)fm_table_column_index(t, "numerator"));
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    sum += isnan(value[i]) ? 0 : value[i];
  fm_table_destroy(t);
  return sum;
}

int main(int argc, char **argv)
{
  static bench b;
  static data all = {.margins = true}, cells = {.margins = false}, one = {.one = true};
  static bench_bytes bytes;
  bench_start(&b, "labour indicators", argc, argv);
  size_t size = b.n * (N_AMOUNTS * sizeof(double) + 6 * sizeof(int32_t) + N_ANSWERS);
  char *block = bench_memory(size);
  fm_table *t = people(block, b.n);
  all.frame = cells.frame = one.frame = t;
  bytes = (bench_bytes){.data = {block}, .size = {size}};
  size_t read = bench_add(&b, "R of all columns", bench_read, &bytes);
  bench_must(&b, bench_add(&b, "16 indicators, 540 cells, all margins", compute, &all), read, b.gate ? 40 : 20);
  bench_must(&b, bench_add(&b, "the same without margins", compute, &cells), read, b.gate ? 38 : 20);
  bench_add(&b, "the unemployment rate of all", compute, &one);
  int status = bench_run(&b);
  fm_table_destroy(t);
  return status;
}
