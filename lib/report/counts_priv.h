/* All counts of the page as one system: which rows tell which count, and what everyone knows about counts together. */
#ifndef FM_REPORT_COUNTS_PRIV_H
#define FM_REPORT_COUNTS_PRIV_H

#include "report/rows_priv.h"

/* What a row is. Those up to FM__N_COUNTS count; the others show what they need. */
typedef enum fm__what {
  FM__W_PEOPLE,
  FM__W_BEGAN,
  FM__W_YES,
  FM__W_NO,
  FM__W_UNKNOWN,
  FM__W_FOLLOWED, /* n of the median of time in work */
  FM__W_KNOWN,    /* people with two incomes */
  FM__W_LOWEST,
  FM__W_PLACEMENTS,
  FM__W_PRIVATE,
  FM__W_PUBLIC,
  FM__W_NO_SECTOR,
  FM__W_SME,
  FM__W_NO_SIZE,
  FM__W_RUNNING,
  FM__W_AT_WORK,
  FM__W_HOURS,
  FM__W_JOINED,
  FM__W_PLACED,
  FM__W_OTHERWISE,
  FM__W_KEPT,
  FM__W_NOT_KEPT,
  FM__W_KEPT_UNKNOWN,
  FM__W_ASKED, /* people in the frame of support */
  FM__W_REACHED,
  FM__W_SUPPORTS,
  FM__W_MEASURED,
  FM__W_TWICE, /* n of the change among those measured twice */
  FM__W_BETTER,
  FM__W_WORSE,
  FM__W_DONE,
  FM__W_DONE_PEOPLE, /* the column people of done: no row of its own */
  FM__W_DONE_PRIVATE,
  FM__W_DONE_SECTOR, /* n of a goal's private share */
  FM__W_DONE_EMPLOYERS,
  FM__W_ENDED,
  FM__W_DONE_NET,
  FM__W_EARLIER,
  FM__W_ALIKE_YES, /* of women, of men: in work after six months */
  FM__W_ALIKE_NO,
  FM__N_COUNTS,
  FM__W_OTHER = FM__N_COUNTS, /* no count: shown with what it needs */
  FM__W_APART,                /* protected by itself: its units are not people */
  FM__W_ASIDE                 /* tells no count: shown of enough people, when those who began are shown */
} fm__what;
#define FM__BIT(what) (UINT64_C(1) << (what))

/* Rows of one group, initiative, kind of support, goal or kind of job, at one milestone. */
typedef struct fm__place {
  const char *group, *part, *goal, *kind;
  bool by_group;
  int32_t horizon;
  size_t base;  /* the place without the milestone; itself when it has none */
  size_t total; /* the place of all groups; itself when it is no group */
} fm__place;

/* A sum of counts that everyone can take: a kind of fm_disclose_figures. */
typedef struct fm__term {
  size_t count; /* FM__ONE: a 1 that is known */
  int32_t coefficient;
} fm__term;
typedef struct fm__sum {
  size_t first, end; /* terms */
  uint8_t kind;
  int64_t at_least; /* INT64_MIN: none */
} fm__sum;
#define FM__ONE SIZE_MAX

typedef struct fm__counts {
  fm__entries *rows;
  int64_t threshold, full; /* full: smallest group of which 0 or 100 per cent is shown */
  uint8_t *what;           /* by row */
  uint64_t *needs;         /* by row: counts that must be shown */
  size_t *place;           /* by row */
  fm__place *places;
  size_t n_places, room_places;
  size_t *at; /* by place and what: the count, SIZE_MAX: none */
  /* ---- by count ---- */
  size_t n;
  int64_t *value;
  size_t *home; /* its place */
  uint8_t *hidden;
  bool nameless; /* the groups are hidden, and their names, each of which has somebody */
  /* ---- what everyone knows ---- */
  fm__sum *sums;
  size_t n_sums, room_sums;
  fm__term *terms;
  size_t n_terms, room_terms;
  bool failed; /* out of memory */
} fm__counts;

fm_status fm__counts_open(fm__counts *c, fm__entries *rows, int64_t threshold, int64_t full, fm_error *err);
void fm__counts_close(fm__counts *c);
/* The count of a kind in a place, or where the place has no milestone; SIZE_MAX: none. */
size_t fm__counts_at(const fm__counts *c, size_t place, fm__what what);
/* The place of everybody, at a milestone (-1: none, place 0); SIZE_MAX: no such place. */
size_t fm__counts_everybody(const fm__counts *c, int32_t horizon);
/* Hides the counts that shares of everybody, of nobody or with few on one side would tell. */
void fm__counts_judge_shares(fm__counts *c);
/* Hides each count whose row is hidden for another's sake, until none is left. */
void fm__counts_spread(fm__counts *c);
/* Hides the rows, and the numbers of units, that tell hidden counts. */
void fm__counts_write(fm__counts *c);

/* All sums: how counts are parts of each other. */
fm_status fm__counts_know(fm__counts *c, fm_error *err);
/* Keeps a count of nobody, or with a whole the rest of it when that is nobody, from being worked out as well as one of
 * few people. */
void fm__counts_keep_empty(fm__counts *c, size_t count, size_t whole);

#endif
