/* Inside of income.bottom40: the rows it keeps, the rankings of one group, and how figures come out of them. */
#ifndef FM_INCOME_BOTTOM40_PRIV_H
#define FM_INCOME_BOTTOM40_PRIV_H

#include <math.h>

#include "flexmetrics/income.h"
#include "num/num_priv.h"
#include "tally/tally_priv.h"

enum {
  FM__HAS_0 = 1, /* income of period 0 with a weight above 0 */
  FM__HAS_1 = 2,
  FM__HAS_BOTH = 3,
  FM__MISSING_0 = 4, /* no income of period 0, for a person whose weight is not 0 */
  FM__MISSING_1 = 8,
  FM__OTHER = 16, /* known only of people with both incomes */
  FM__PARTICIPANT = 32
};

/* `count` people with the same cells. What a row does not have is 0. 48 bytes. */
typedef struct fm__income_row {
  double x_0, x_1, w_0, w_1;
  uint64_t count;
  uint32_t group, flags;
} fm__income_row;

/* The people of one group: rows[index[0 .. n)]. Powers of two bring extreme incomes and weights into range. */
typedef struct fm__income_people {
  const fm__income_row *rows;
  const uint64_t *index;
  size_t n;
  double x_scale, w_scale;
} fm__income_people;

typedef enum fm__rank_by { FM__BY_0, FM__BY_1, FM__BY_PANEL, FM__BY_PANEL_MEAN, FM__N_RANKINGS } fm__rank_by;

/* Sums over a set of people; part of a person at the cut may belong to it. */
typedef struct fm__slice {
  int64_t people;
  double weight, total_0, total_1, gain; /* gain: sum of w_0 (x_1 - x_0) */
} fm__slice;

enum { FM__UNKNOWN_KIND, FM__OTHER_KIND, FM__PARTICIPANT_KIND, FM__N_KINDS };

/* One ranking and its bottom, in scaled units. */
typedef struct fm__ranked {
  double cut, cut_share;                    /* cut NaN: none, or a line */
  fm__slice all, bottom, kind[FM__N_KINDS]; /* kinds within the bottom */
  int64_t n_known;                          /* people of all known to be participants or not */
  double line;                              /* external cut, not scaled; NaN: none */
} fm__ranked;

/* Standard error and the number of independent people behind it. */
typedef struct fm__spread {
  double std_error; /* NaN: none */
  int64_t n;
} fm__spread;

enum {
  FM__SE_MEAN_0,
  FM__SE_MEAN_1,
  FM__SE_BOTTOM_0,
  FM__SE_BOTTOM_1,
  FM__SE_SHARE_0,
  FM__SE_SHARE_1,
  FM__SE_MEAN_GROWTH,
  FM__SE_BOTTOM_GROWTH,
  FM__SE_PREMIUM,
  FM__N_SE_ANONYMOUS
};
enum { FM__SE_GAIN_ALL, FM__SE_GAIN_BOTTOM, FM__SE_GAIN_OTHER, FM__SE_GAIN_PARTICIPANT, FM__N_SE_PANEL };

/* Ranks the people; `items` has room for 2 n. `line` NaN: the cut is where the share p ends. */
void fm__income_rank(fm__ranked *out, const fm__income_people *people, fm__rank_by by, double p, double line,
                     fm__item *items);
/* Growth from mean_0 to mean_1; years NaN: in all, not per year. NaN: undefined. */
double fm__income_growth(double mean_0, double mean_1, double years);
double fm__slice_mean(const fm__slice *s, double total);
void fm__income_spread(fm__spread out[FM__N_SE_ANONYMOUS], const fm__income_people *people, const fm__ranked *by_0,
                       const fm__ranked *by_1, double p, double years);
void fm__income_panel_spread(fm__spread out[FM__N_SE_PANEL], const fm__income_people *people, const fm__ranked *k,
                             fm__rank_by by);
/* Writes all figures of one group. */
fm_status fm__income_figures(fm__result *r, const fm__income_people *people, const fm_income_bottom40_spec *spec,
                             fm_error *err);

/* What the files of this folder share about one row. */
static inline uint32_t fm__income_needs(fm__rank_by by)
{
  return by == FM__BY_0 ? FM__HAS_0 : by == FM__BY_1 ? FM__HAS_1 : FM__HAS_BOTH;
}
static inline double fm__income_value(const fm__income_people *g, const fm__income_row *row, fm__rank_by by)
{
  double a = row->x_0 * g->x_scale, b = row->x_1 * g->x_scale;
  return by == FM__BY_1 ? b : by == FM__BY_PANEL_MEAN ? 0.5 * a + 0.5 * b : a;
}
static inline double fm__income_weight(const fm__income_people *g, const fm__income_row *row, fm__rank_by by)
{
  return (by == FM__BY_1 ? row->w_1 : row->w_0) * g->w_scale;
}
/* Share of a person with all that the ranking needs in its bottom, 0 to 1. */
static inline double fm__income_share(const fm__ranked *k, const fm__income_people *g, const fm__income_row *row,
                                      fm__rank_by by)
{
  if (!isnan(k->line))
    return row->x_0 < k->line ? 1 : 0;
  double x = fm__income_value(g, row, by);
  return x < k->cut ? 1 : x == k->cut ? k->cut_share : 0;
}
static inline int32_t fm__income_kind(const fm__income_row *row)
{
  return (row->flags & FM__PARTICIPANT) != 0 ? FM__PARTICIPANT_KIND
         : (row->flags & FM__OTHER) != 0     ? FM__OTHER_KIND
                                             : FM__UNKNOWN_KIND;
}

/* Adds count * a * b exactly, so that neither splitting a record nor repeating one changes a bit. */
void fm__income_add(fm__sum *s, uint64_t count, double a, double b);

/* Terms on their way to a sum: many at once are added much faster. What rounding a product leaves is kept apart, being
 * so much smaller. Only `n` and `n_rest` need to be 0 at first. */
enum { FM__STREAM = 128 };
typedef struct fm__stream {
  size_t n, n_rest;
  double terms[FM__STREAM], rest[FM__STREAM];
} fm__stream;
void fm__stream_flush(fm__stream *stream, fm__sum *s);
/* The same as fm__income_add once flushed into `s`. */
static inline void fm__stream_add(fm__stream *stream, fm__sum *s, uint64_t count, double a, double b)
{
  if (count != 1) {
    fm__income_add(s, count, a, b);
    return;
  }
  double product = a * b, rest = a == 1 || b == 1 ? 0 : fma(a, b, -product);
  stream->terms[stream->n++] = product;
  if (rest != 0)
    stream->rest[stream->n_rest++] = rest;
  if (stream->n == FM__STREAM)
    fm__stream_flush(stream, s);
}

#endif
