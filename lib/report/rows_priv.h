/* The figures of a report before they are a table. */
#ifndef FM_REPORT_ROWS_PRIV_H
#define FM_REPORT_ROWS_PRIV_H

#include "report/report_priv.h"

typedef struct fm__entry {
  const char *indicator, *definition, *quantity, *unit, *state; /* texts belong to the tables of fm__entries */
  const char *goal, *group, *kind;                              /* keys; NULL: none */
  const char *part;                                             /* initiative, support or instrument; NULL: none */
  bool by_group;                                                /* of the breakdown: group NULL is "not known" */
  int32_t horizon;                                              /* months; -1: none */
  double value, std_error, low, high, level, weight;
  int64_t n, people;
  int32_t period_start, period_end;
} fm__entry;

typedef struct fm__entries {
  fm__entry *items;
  size_t n, capacity;
  fm_table *tables[24]; /* results whose texts the rows use */
  size_t n_tables;
  bool groups_overlap; /* set by fm__protect: one person may be in several groups */
} fm__entries;
void fm__entries_free(fm__entries *r);

#define FM__PEOPLE "programme.people"
#define FM__JOBS "programme.placements"
#define FM__STATUS "retention.status"
#define FM__SURVIVAL "retention.survival"
#define FM__TRACK "target.track"
#define FM__BOTTOM40 "income.bottom40"
#define FM__OF_INITIATIVES "programme.initiatives"
#define FM__OF_SUPPORT "programme.support"
#define FM__OF_EMPLOYERS "programme.employers"
#define FM__OF_CONTRACTS "economy.contracts"
#define FM__OF_PROGRESS "programme.progress"
#define FM__OF_PARITY "parity.rates"
#define FM__OF_ECONOMY "economy.net_result"
#define FM__OF_JOURNEYS "programme.journeys"

/* All figures the tables allow. */
fm_status fm__collect(fm__entries *out, const fm_register *r, const fm_report_spec *spec, const fm_run *run,
                      fm_error *err);

/* The rows of a report's table, whose breakdown column is `by` ("" for none). The table stays alive. */
fm_status fm__entries_read(fm__entries *out, const fm_table *t, const char *by, fm_error *err);

/* Row of a total (kind and goal as given, NULL: none; horizon -1: none); NULL when it is not there. */
fm__entry *fm__entries_total(const fm__entries *r, const char *indicator, const char *quantity, int32_t horizon);
fm__entry *fm__entries_goal(const fm__entries *r, const char *goal, const char *quantity);
/* Row of a group of the breakdown. */
fm__entry *fm__entries_group(const fm__entries *r, const char *indicator, const char *group, const char *quantity,
                             int32_t horizon);
/* Row of an initiative, a kind of support or an instrument. */
fm__entry *fm__entries_part(const fm__entries *r, const char *indicator, const char *part, const char *quantity,
                            int32_t horizon);
bool fm__same_text(const char *a, const char *b); /* NULL equals NULL only */

/* Gives every group status rows (groups.c). */
fm_status fm__complete_groups(fm__entries *r, fm_error *err);

/* ---- disclosure: hides every count of 1 to threshold - 1 people and what would reveal it (protect.c) ---- */
fm_status fm__protect(fm__entries *r, int64_t threshold, fm_error *err);
void fm__hide(fm__entry *row);            /* NULL is accepted */
bool fm__is_hidden(const fm__entry *row); /* NULL is not */
int64_t fm__count(const fm__entry *row);  /* value of a count, 0 when there is none */
static inline bool fm__is_small(int64_t count, int64_t threshold)
{
  return count > 0 && count < threshold;
}

#endif
