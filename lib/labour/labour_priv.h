/* Labour-force indicators: what they are, the columns they read, and what one row comes to.
 *
 * A row becomes one word, its mask: two bits for each indicator asked for, which say whether the row is outside its
 * population, in its denominator, in its numerator too, or left out for want of an answer. Rows of one group with the
 * same mask need no more than their number and their weight. */
#ifndef FM_LABOUR_PRIV_H
#define FM_LABOUR_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/labour.h"
#include "table/table_priv.h"

/* ---- answers: three-valued, a byte a row ---- */
enum { FM__ANSWER_UNKNOWN = 0, FM__ANSWER_YES = 1, FM__ANSWER_NO = 2 };
static inline uint8_t fm__answer_or(uint8_t a, uint8_t b)
{
  return (uint8_t)(((a | b) & 1) | (a & b & 2));
}
static inline uint8_t fm__answer_and(uint8_t a, uint8_t b)
{
  return (uint8_t)((a & b & 1) | ((a | b) & 2));
}
static inline uint8_t fm__answer_not(uint8_t a)
{
  return (uint8_t)(((a & 1) + (a & 1)) | (a == FM__ANSWER_NO)); /* bytes have no shifts where many go at once */
}

/* ---- what columns are for ---- */
enum {
  FM__ROLE_AGE,
  FM__ROLE_PAID_HOURS,
  FM__ROLE_OWN_USE_HOURS,
  FM__ROLE_ABSENT_JOB,
  FM__ROLE_SEEKING,
  FM__ROLE_AVAILABLE,
  FM__ROLE_JOB_FOUND,
  FM__ROLE_IN_EDUCATION,
  FM__ROLE_IN_TRAINING,
  FM__ROLE_STATUS,
  FM__ROLE_SECTOR_REGISTERED,
  FM__ROLE_SOCIAL_INSURANCE,
  FM__ROLE_PAID_LEAVE,
  FM__ROLE_SICK_LEAVE,
  FM__ROLE_ACTIVITY,
  FM__ROLE_CHORE_HOURS,
  FM__ROLE_WANTS_WORK,
  FM__ROLE_WANTS_HOURS,
  FM__ROLE_AVAILABLE_HOURS,
  FM__ROLE_SEARCH_MONTHS,
  FM__ROLE_ACCOUNT,
  FM__ROLE_DISCRIMINATED,
  FM__ROLE_HOURLY_EARNINGS,
  FM__ROLE_FATAL,
  FM__ROLE_NON_FATAL,
  FM__ROLE_INJURIES,
  FM__ROLE_HOURS_WORKED,
  FM__ROLE_WORKERS,
  FM__ROLE_RECRUITMENT_COST,
  FM__ROLE_MONTHLY_EARNINGS,
  FM__ROLE_REGISTERED,
  FM__ROLE_ACTIVATED,
  FM__ROLE_LABOUR_FORCE,
  FM__ROLE_SEX, /* from here on groups only */
  FM__ROLE_DISABILITY,
  FM__ROLE_MIGRANT,
  FM__ROLE_OCCUPATION,
  FM__N_ROLES,
  FM__N_READ_ROLES = FM__ROLE_SEX
};
#define FM__ROLE(role) (UINT64_C(1) << (role))
const char *fm__labour_role_name(size_t role);
int32_t fm__labour_role_type(size_t role); /* FM_F64, FM_BOOL or FM_CODE: what it holds */

/* ---- what a row says, and what follows ---- */
enum {
  FM__Q_EVERYONE,
  FM__Q_ADULT, /* of working age */
  FM__Q_YOUTH,
  FM__Q_CHILD,  /* 5 to 17 */
  FM__Q_YOUNG,  /* 5 to 14 */
  FM__Q_PAID,   /* an hour or more for pay or profit */
  FM__Q_OWN,    /* an hour or more of own-use production */
  FM__Q_SHORT,  /* fewer hours than the threshold */
  FM__Q_LIMIT,  /* economic hours over the limit of the child's age */
  FM__Q_CHORES, /* more than 21 hours of chores */
  FM__Q_LONG,   /* sought work for 12 months or more */
  FM__Q_ABSENT,
  FM__Q_SEEKING,
  FM__Q_AVAILABLE,
  FM__Q_FOUND,
  FM__Q_EDUCATION,
  FM__Q_TRAINING,
  FM__Q_REGISTERED,
  FM__Q_INSURED,
  FM__Q_PAID_LEAVE,
  FM__Q_SICK_LEAVE,
  FM__Q_AGRICULTURE,
  FM__Q_WANTS_WORK,
  FM__Q_WANTS_HOURS,
  FM__Q_AVAILABLE_HOURS,
  FM__Q_ACCOUNT,
  FM__Q_DISCRIMINATED,
  FM__Q_IN_REFERENCE,
  FM__Q_IN_COMPARED,
  FM__Q_EMPLOYEE,
  FM__N_ASKED, /* what follows is derived */
  FM__Q_EMPLOYED = FM__N_ASKED,
  FM__Q_UNEMPLOYED,
  FM__Q_UNDEREMPLOYED,
  FM__Q_POTENTIAL,
  FM__Q_INFORMAL,
  FM__Q_LABOUR_FORCE, /* of working age */
  FM__Q_EXTENDED,     /* and the potential labour force */
  FM__Q_EMPLOYED_ADULT,
  FM__Q_UNEMPLOYED_ADULT,
  FM__Q_AGRICULTURE_ADULT, /* employed there */
  FM__Q_OTHER_ADULT,
  FM__Q_SLACK,   /* unemployed or underemployed */
  FM__Q_WANTING, /* unemployed or potential */
  FM__Q_ALL_SLACK,
  FM__Q_LONG_UNEMPLOYED,
  FM__Q_NEET,
  FM__Q_CHILD_LABOUR,
  FM__Q_CHILD_LABOUR_CHORES,
  FM__Q_PAID_EMPLOYEE, /* employee of working age */
  FM__Q_PAID_REFERENCE,
  FM__Q_PAID_COMPARED,
  FM__N_QUESTIONS
};

/* Numbers of a row that are added up. */
enum {
  FM__V_EARNINGS,
  FM__V_FATAL,
  FM__V_NON_FATAL,
  FM__V_INJURIES,
  FM__V_HOURS,
  FM__V_WORKERS,
  FM__V_RECRUITMENT,
  FM__V_REGISTERED,
  FM__V_GROSS,
  FM__V_LABOUR_FORCE,
  FM__N_VALUES,
  FM__V_NONE = -1
};

/* ---- indicators ---- */
enum { FM__FROM_SURVEY, FM__FROM_REGISTER };
enum { FM__KIND_SHARE, FM__KIND_MEAN, FM__KIND_GAP, FM__KIND_CASES, FM__KIND_COST };

typedef struct fm__labour_indicator {
  const char *name, *sdg;
  const char *unit;       /* "share" becomes "percent" when asked for */
  const char *definition; /* NULL: the ICLS that was chosen */
  const char *about;
  int32_t source, kind;
  int32_t population, counted; /* questions; counted is not read with a value */
  int32_t value, divisor;      /* FM__V_NONE: the weight */
  double per;                  /* the figure is so many times the ratio */
  uint64_t roles;              /* columns it reads whatever the ICLS */
  bool employed, unemployed;   /* reads the items of employment; of unemployment, too */
} fm__labour_indicator;
size_t fm__labour_n_indicators(void);
const fm__labour_indicator *fm__labour_indicator_at(size_t i);

/* ---- age bands ---- */
typedef struct fm__age_band {
  int32_t low, high; /* whole years, closed; INT32_MAX: open */
} fm__age_band;
typedef struct fm__age_bands {
  fm__age_band *band;
  char *text; /* the labels, each ended by NUL */
  const char **label;
  size_t n;
} fm__age_bands;
/* Into *b, which is empty before; `what` names the field. FM_ERR_ARGUMENT: not bands, or bands that overlap. */
fm_status fm__age_bands_take(fm__age_bands *b, const char *text, const char *what, fm_error *err);
void fm__age_bands_free(fm__age_bands *b);
/* The band of an age; -1: none. */
int32_t fm__age_bands_find(const fm__age_bands *b, int32_t age);

/* ---- the plan of a call ---- */
enum { FM__OLDEST = 150 };
/* The item of a mask: an indicator, or one side of a gap. */
typedef struct fm__labour_item {
  const fm__labour_indicator *indicator;
  int32_t population, counted, value, divisor;
} fm__labour_item;
enum { FM__LABOUR_TEXTS = 11, FM__MOST_ITEMS = 26, FM__MOST_BY = 8, FM__AGE_OUTSIDE = 2 * FM__MOST_ITEMS };
enum { FM__CODE_OUTSIDE = 0, FM__CODE_IN = 1, FM__CODE_DROPPED = 2, FM__CODE_COUNTED = 3 };
static inline uint32_t fm__labour_code(uint64_t mask, size_t item)
{
  return (uint32_t)(mask >> (2 * item) & 3);
}

typedef struct fm__labour_plan {
  fm_labour_spec spec; /* its texts are owned copies; `design` is NULL */
  bool sampled;        /* there is a design */
  char *owned[FM__LABOUR_TEXTS];
  const char *column[FM__N_ROLES]; /* of each role */
  char *renamed, *by_names;        /* cut by NULs */
  fm__labour_item item[FM__MOST_ITEMS];
  size_t n_items;
  uint64_t roles, optional;   /* columns that are read; those that need not be there */
  uint64_t values;            /* numbers that are added up, by bit */
  int32_t slot[FM__N_VALUES]; /* place among the sums of numbers */
  size_t n_values;
  const char *by[FM__MOST_BY]; /* names as given */
  size_t n_by;
  bool by_age;
  fm__age_bands bands; /* of the group age */
  fm__age_band adult, youth;
  bool grouped_pay;                    /* the column `group` is read */
  bool children;                       /* so are the hours of children */
  uint8_t age_answers[FM__OLDEST + 2]; /* by age + 1, missing first: adult, youth, child, young, two bits each */
  int16_t age_band[FM__OLDEST + 2];    /* -1: none */
} fm__labour_plan;
/* Into *p, which is empty before; fm__labour_plan_free after a failure, too. `for_status`: the spec's fields that
 * define count, every column that is there is read. */
fm_status fm__labour_plan_take(fm__labour_plan *p, const fm_labour_spec *spec, bool for_status, fm_error *err);
void fm__labour_plan_free(fm__labour_plan *p);
/* What follows from each age; the plan's bands are there. */
void fm__labour_plan_ages(fm__labour_plan *p);
/* The column of a group: that of a role of its name, otherwise the name itself. */
const char *fm__labour_column(const fm__labour_plan *plan, const char *group);

/* ---- reading rows ---- */
enum { FM__CHUNK = 1024 };
typedef struct fm__labour_source {
  size_t column; /* FM__NO_COLUMN: not read */
  int32_t type;
  const void *values;
  const uint8_t *validity;
  uint8_t *meaning; /* of each text of a dictionary */
} fm__labour_source;

typedef struct fm__labour_reader {
  const fm__labour_plan *plan;
  const fm_table *frame;
  fm__labour_source source[FM__N_READ_ROLES];
  fm__labour_source group, given, weight;
} fm__labour_reader;

/* What up to FM__CHUNK rows say. */
typedef struct fm__labour_chunk {
  uint8_t answer[FM__N_QUESTIONS][FM__CHUNK];
  uint8_t status[FM__CHUNK]; /* in employment: FM__STATUS_... */
  uint8_t given[FM__CHUNK];  /* labour-force status as given: FM__GIVEN_... */
  double number[FM__CHUNK];  /* scratch */
  double other[FM__CHUNK];
  int32_t age[FM__CHUNK]; /* -1: missing */
  double value[FM__N_VALUES][FM__CHUNK];
  double weight[FM__CHUNK];
  uint64_t mask[FM__CHUNK];
} fm__labour_chunk;

enum {
  FM__STATUS_UNKNOWN,
  FM__STATUS_EMPLOYEE,
  FM__STATUS_OWN_ACCOUNT,
  FM__STATUS_EMPLOYER,
  FM__STATUS_FAMILY,
  FM__STATUS_OWN_USE
};
enum {
  FM__GIVEN_UNKNOWN,
  FM__GIVEN_EMPLOYED,
  FM__GIVEN_UNDEREMPLOYED,
  FM__GIVEN_UNEMPLOYED,
  FM__GIVEN_POTENTIAL,
  FM__GIVEN_OUTSIDE
};

/* Into *r; fm__labour_reader_close after a failure, too. */
fm_status fm__labour_reader_open(fm__labour_reader *r, const fm__labour_plan *plan, const fm_table *frame,
                                 fm_error *err);
void fm__labour_reader_close(fm__labour_reader *r);
/* Reads n rows from `first` on: answers, numbers, weights. */
fm_status fm__labour_reader_read(fm__labour_chunk *c, const fm__labour_reader *r, size_t first, size_t n,
                                 fm_error *err);
/* Reads nothing but the ages, into c->age. */
fm_status fm__labour_reader_ages(fm__labour_chunk *c, const fm__labour_reader *r, size_t first, size_t n,
                                 fm_error *err);
/* What the ages read say of n rows. */
void fm__labour_ask_ages(fm__labour_chunk *c, const fm__labour_plan *plan, size_t n);
/* Whether economic work is over the limit of a child's age. */
void fm__labour_ask_limit(fm__labour_chunk *c, const double *paid, const double *own, size_t n);
/* Numbers of rows [first, first + n), NaN: missing; from 0 to `most`. *out is the column itself or `room`. */
fm_status fm__labour_amounts(const double **out, double *room, const fm__labour_reader *r, const fm__labour_source *s,
                             size_t first, size_t n, double most, const char *expected, fm_error *err);
/* FM_ERR_VALUE: "column %s, row %zu: expected %s". */
fm_status fm__labour_reader_bad(const fm__labour_reader *r, size_t column, size_t row, const char *expected,
                                fm_error *err);

/* Derives what follows from the answers, for n rows; `job_found`: that question was asked. */
void fm__labour_derive(fm__labour_chunk *c, const fm__labour_plan *plan, bool job_found, size_t n);
/* The masks of n rows. */
void fm__labour_masks(fm__labour_chunk *c, const fm__labour_plan *plan, size_t n);

#endif
