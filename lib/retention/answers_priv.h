/* Answers to "in work at the horizon?", pooled: who, where, which answer, what weight, how often. */
#ifndef FM_RETENTION_ANSWERS_PRIV_H
#define FM_RETENTION_ANSWERS_PRIV_H

#include "num/num_priv.h"

/* Kinds of answers. Those in the rate have their horizon and gap fully observed. */
enum {
  FM__UNKNOWN = 0,
  FM__NO = 1,
  FM__YES = 2,
  FM__NO_IN_RATE = 3,
  FM__YES_IN_RATE = 4,
  FM__ANSWER_KINDS = 5,
  FM__MOST_MONTHS = 65535
};

typedef struct fm__answer {
  fm__hash128 person; /* 0 when units are independent */
  uint64_t tag;       /* group, horizon, kind: see fm__answer_tag */
  double weight;      /* above 0; 1 without weights */
  uint64_t count;     /* equal answers */
} fm__answer;

static inline uint64_t fm__answer_tag(uint64_t group, int32_t months, uint32_t kind)
{
  return group << 19 | (uint64_t)(uint32_t)months << 3 | kind;
}
static inline uint64_t fm__answer_group(const fm__answer *a)
{
  return a->tag >> 19;
}
static inline int32_t fm__answer_months(const fm__answer *a)
{
  return (int32_t)(a->tag >> 3 & FM__MOST_MONTHS);
}
static inline uint32_t fm__answer_kind(const fm__answer *a)
{
  return a->tag & 7;
}
/* Of one person, group and horizon. */
static inline bool fm__answer_beside(const fm__answer *a, const fm__answer *b)
{
  return a->person.low == b->person.low && a->person.high == b->person.high && a->tag >> 3 == b->tag >> 3;
}

/* Rising by person, tag, weight; no two alike. */
typedef struct fm__answers {
  fm__answer *items;
  size_t n;
} fm__answers;

/* Sorts and pools items in any order. */
fm_status fm__answers_order(fm__answers *answers, fm_error *err);
fm_status fm__answers_merge(fm__answers *out, const fm__answers *a, const fm__answers *b, fm_error *err);
/* Creates a copy in which group g is called map[g]. */
fm_status fm__answers_renumber(fm__answers *out, const fm__answers *answers, const uint32_t *map, fm_error *err);
void fm__answers_free(fm__answers *answers);
void fm__answers_save(const fm__answers *answers, bool weighted, fm__bytes *b);
fm_status fm__answers_load(fm__answers *answers, bool weighted, size_t n_groups, fm__reader *r, fm_error *err);

#endif
