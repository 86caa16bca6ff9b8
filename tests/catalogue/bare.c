#include "catalogue/bare.h"

#include <string.h>

bool is_bare(const char *id)
{
  return strcmp(fm_catalogue_text((size_t)fm_catalogue_find(id), "frame", "en"), "table") == 0;
}

static fm_table *shares(void)
{
  static const char *const columns[] = {"people:f64", "income:f64", "mean:f64", "period:f64"};
  static const char *const cells[] = {"20", "7",    "50", "2010", "40", "20",   "50",  "2010", "60", "38",
                                      "50", "2010", "80", "61",   "50", "2010", "100", "100",  "50", "2010",
                                      "20", "8",    "60", "2020", "40", "21",   "60",  "2020", "60", "39",
                                      "60", "2020", "80", "62",   "60", "2020", "100", "100",  "60", "2020"};
  return fm_test_table(columns, 4, cells, 10);
}

static fm_table *stays(void)
{
  static const char *const columns[] = {"person_id:code", "from:code", "to:code", "entry_days:i32", "time_days:i32"};
  static const char *const cells[] = {"a", "job", "out", "0", "30", "b", "job", "out", "0",  "60",
                                      "c", "job", "",    "0", "90", "a", "out", "job", "30", "60"};
  return fm_test_table(columns, 5, cells, 4);
}

static fm_table *periods(void)
{
  static const char *const columns[] = {"person_id:code", "period:i32", "state:code"};
  static const char *const cells[] = {"a",   "1", "job", "a",   "2", "out", "a",  "3",
                                      "job", "b", "1",   "job", "b", "2",   "job"};
  return fm_test_table(columns, 3, cells, 5);
}

static fm_table *totals(void)
{
  static const char *const columns[] = {"period:f64", "gdp:f64", "population:f64", "bottom_mean:f64", "mean:f64"};
  static const char *const cells[] = {"2020", "100", "50", "1",   "2", "2021", "104.04", "51", "1.1", "2.5",
                                      "2022", "103", "52", "1.2", "3", "2023", "104",    "53", "1.3", "3.5"};
  return fm_test_table(columns, 5, cells, 4);
}

static fm_table *two_incomes(void)
{
  static const char *const columns[] = {"person_id:code", "prefiscal:f64", "postfiscal:f64"};
  static const char *const cells[] = {"a", "0", "4", "b", "10", "12", "c", "20", "20", "d", "30", "28"};
  return fm_test_table(columns, 3, cells, 4);
}

/* Every column that a labour indicator reads. */
static fm_table *people(void)
{
  static const char *const columns[] = {"age:f64",
                                        "sex:code",
                                        "paid_hours:f64",
                                        "own_use_hours:f64",
                                        "absent_job:bool",
                                        "seeking:bool",
                                        "available:bool",
                                        "in_education:bool",
                                        "in_training:bool",
                                        "status:code",
                                        "wants_work:bool",
                                        "wants_hours:bool",
                                        "available_hours:bool",
                                        "search_months:f64",
                                        "sector_registered:bool",
                                        "isic:code",
                                        "social_insurance:bool",
                                        "paid_leave:bool",
                                        "sick_leave:bool",
                                        "chore_hours:f64",
                                        "hourly_earnings:f64",
                                        "account:bool",
                                        "discriminated:bool",
                                        "fatal_injuries:f64",
                                        "non_fatal_injuries:f64",
                                        "injuries:f64",
                                        "hours_worked:f64",
                                        "recruitment_cost:f64",
                                        "monthly_earnings:f64",
                                        "registered:f64",
                                        "activated:f64",
                                        "labour_force:f64"};
  static const char *const cells[] = {
      "30", "M", "37", "0",  "0",   "0", "0", "0", "0", "employee", "0",    "0",   "0",   "0",  "1", "A",
      "1",  "1", "1",  "0",  "120", "1", "0", "0", "1", "1",        "1600", "500", "250", "1",  "0", "10", /**/
      "20", "M", "0",  "0",  "0",   "1", "1", "0", "0", "employee", "0",    "0",   "0",   "14", "1", "C",
      "1",  "1", "1",  "0",  "110", "1", "0", "0", "1", "1",        "1600", "500", "250", "1",  "1", "10", /**/
      "20", "F", "20", "0",  "0",   "0", "0", "0", "0", "employee", "0",    "1",   "1",   "0",  "1", "C",
      "0",  "1", "1",  "0",  "100", "0", "1", "1", "1", "2",        "800",  "100", "250", "2",  "1", "12", /**/
      "16", "F", "20", "0",  "0",   "0", "0", "0", "0", "employee", "0",    "1",   "1",   "0",  "1", "A",
      "0",  "1", "1",  "30", "100", "0", "1", "1", "1", "2",        "800",  "100", "250", "2",  "1", "12", /**/
      "12", "M", "20", "0",  "0",   "0", "0", "1", "0", "family",   "0",    "1",   "1",   "0",  "1", "A",
      "0",  "1", "1",  "30", "90",  "0", "1", "1", "1", "2",        "800",  "100", "250", "2",  "1", "12", /**/
      "22", "F", "0",  "0",  "0",   "1", "1", "0", "0", "employee", "0",    "1",   "1",   "13", "1", "C",
      "0",  "1", "1",  "0",  "95",  "0", "1", "1", "1", "2",        "800",  "100", "250", "2",  "1", "12", /**/
      "45", "M", "37", "0",  "0",   "0", "0", "0", "0", "employee", "0",    "0",   "0",   "0",  "1", "C",
      "0",  "1", "1",  "0",  "130", "1", "0", "0", "0", "0",        "1700", "200", "250", "1",  "0", "10"};
  return fm_test_table(columns, 32, cells, 7);
}

static fm_table *answers(void)
{
  static const char *const columns[] = {"outcome:bool", "sex:code", "value:f64", "age:f64"};
  static const char *const cells[] = {"1", "f", "20", "31", "0", "f", "30", "42",
                                      "1", "f", "28", "27", "1", "m", "37", "50", /**/
                                      "1", "m", "30", "41", "0", "m", "25", "25"};
  return fm_test_table(columns, 4, cells, 6);
}

static fm_table *months(void)
{
  static const char *const columns[] = {"period:i32", "value:f64", "exposure:f64"};
  static const char *const cells[] = {"1", "5", "90", "2", "7", "91", "3", "6", "95", "4", "9", "99"};
  return fm_test_table(columns, 3, cells, 4);
}

static fm_table *units(void)
{
  static const char *const columns[] = {"unit:code", "count:f64", "exposure:f64", "expected:f64"};
  static const char *const cells[] = {"a",  "5",   "90", "4",  "b",   "7",  "91", "6",  "c",  "16", "95",
                                      "9",  "d",   "29", "99", "9",   "e",  "2",  "50", "4",  "f",  "8",
                                      "80", "7",   "g",  "19", "110", "9",  "h",  "3",  "70", "6",  "i",
                                      "12", "100", "8",  "j",  "1",   "60", "5",  "k",  "9",  "65", "6"};
  return fm_test_table(columns, 4, cells, 11);
}

static fm_table *participants(void)
{
  static const char *const columns[] = {"income_0:f64",    "income_1:f64", "employed_0:bool",
                                        "employed_1:bool", "hours_0:f64",  "hours_1:f64"};
  static const char *const cells[] = {"100", "140", "0", "1", "", "20", "150", "170", "1", "1", "15", "18"};
  return fm_test_table(columns, 6, cells, 2);
}

/* Rows that are a person's benefit, a month, a job and an outcome at once. */
static fm_table *economy(void)
{
  static const char *const columns[] = {"person_id:code",   "start:date",      "end:date",      "amount:f64",
                                        "month:date",       "wage:f64",        "before:f64",    "after:f64",
                                        "state_before:f64", "state_after:f64", "outcome:code",  "quantity:f64",
                                        "value:f64",        "sex:code",        "deadweight:f64"};
  static const char *const cells[] = {
      "a",   "2024-01-01", "2024-03-31", "3000", "2024-01-01", "9000",  "18120", "17252",
      "0.2", "0.2",        "wage",       "10",   "1000",       "f",     "0.3", /**/
      "b",   "2024-02-01", "2025-01-31", "2000", "2024-02-01", "20000", "12000", "0",
      "0.3", "0.3",        "health",     "4",    "500",        "m",     ""};
  return fm_test_table(columns, 15, cells, 2);
}

fm_table *bare_frame(const char *id)
{
  if (strcmp(id, "retention.transitions") == 0 || strcmp(id, "retention.sequences") == 0)
    return periods();
  if (strncmp(id, "labour.", 7) == 0)
    return people();
  if (strcmp(id, "sdg.totals") == 0)
    return totals();
  if (strncmp(id, "economy.", 8) == 0)
    return economy();
  if (strncmp(id, "parity.", 7) == 0)
    return answers();
  if (strcmp(id, "target.charts") == 0)
    return months();
  if (strcmp(id, "target.compare") == 0)
    return units();
  if (strcmp(id, "sdg.redistribution") == 0)
    return two_incomes();
  if (strcmp(id, "sdg.contribution") == 0)
    return participants();
  return strcmp(id, "retention.states") == 0 ? stays() : shares();
}

const char *measure_of(const char *id)
{
  return strcmp(id, "programme.journeys") == 0 ? "retention.survival" : id;
}
