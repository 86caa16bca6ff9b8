/* Standard errors by linearisation for independent people: every figure is a function of weighted sums, z is a person's
 * share in its gradient (weight times influence), and the variance is n / (n - 1) sum z^2.
 * The gradient of the bottom's total is (x - q) 1{x <= q} + p q: no density is needed (Deville 1999; Langel and Tille
 * 2013). Squares are summed exactly, so that the order of the people does not matter. */
#include "income/bottom40/bottom40_priv.h"

static fm__spread spread_of(const fm__sum *squares, int64_t n)
{
  fm__spread s = {.std_error = NAN, .n = n};
  if (n > 1)
    s.std_error = sqrt(fm__sum_value(squares) * ((double)n / (double)(n - 1)));
  return s;
}

static void begin(fm__stream *via, size_t n)
{
  for (size_t k = 0; k < n; k++)
    via[k].n = via[k].n_rest = 0;
}

/* What the influence in one period needs. */
typedef struct period {
  double weight, total, mean, bottom_mean, share, cut, p;
} period;

static period period_of(const fm__ranked *k, double total, double bottom_total, double p)
{
  period t = {.weight = k->all.weight, .total = total, .cut = k->cut, .p = p};
  t.mean = fm__slice_mean(&k->all, total);
  t.bottom_mean = fm__slice_mean(&k->bottom, bottom_total);
  t.share = total > 0 ? bottom_total / total : NAN;
  return t;
}

/* Influence of one person on mean, bottom mean and bottom share, weight included. */
typedef struct influence {
  double mean, bottom, share;
} influence;

static influence influence_of(const period *t, double x, double w)
{
  double gradient = (x <= t->cut ? x - t->cut : 0) + t->p * t->cut, unit = w / t->weight;
  return (influence){.mean = unit * (x - t->mean),
                     .bottom = unit * ((gradient - t->p * t->bottom_mean) / t->p),
                     .share = w * ((gradient - t->share * x) / t->total)};
}

/* Derivatives of growth in the two means. */
typedef struct slope {
  double by_0, by_1;
} slope;

static slope slope_of(double mean_0, double mean_1, double years)
{
  double growth = fm__income_growth(mean_0, mean_1, years);
  if (isnan(growth) || (!isnan(years) && mean_1 == 0))
    return (slope){NAN, NAN};
  if (isnan(years))
    return (slope){-(mean_1 / mean_0) / mean_0, 1 / mean_0};
  return (slope){-(1 + growth) / years / mean_0, (1 + growth) / years / mean_1};
}

void fm__income_spread(fm__spread out[FM__N_SE_ANONYMOUS], const fm__income_people *people, const fm__ranked *by_0,
                       const fm__ranked *by_1, double p, double years)
{
  fm__sum squares[FM__N_SE_ANONYMOUS] = {0};
  fm__stream via[FM__N_SE_ANONYMOUS];
  int64_t n = 0;
  period t_0 = period_of(by_0, by_0->all.total_0, by_0->bottom.total_0, p);
  period t_1 = period_of(by_1, by_1->all.total_1, by_1->bottom.total_1, p);
  begin(via, FM__N_SE_ANONYMOUS);
  slope all = slope_of(t_0.mean, t_1.mean, years), bottom = slope_of(t_0.bottom_mean, t_1.bottom_mean, years);
  for (size_t i = 0; i < people->n; i++) {
    const fm__income_row *row = &people->rows[people->index[i]];
    influence a = {0}, b = {0};
    if ((row->flags & FM__HAS_0) != 0)
      a = influence_of(&t_0, fm__income_value(people, row, FM__BY_0), fm__income_weight(people, row, FM__BY_0));
    if ((row->flags & FM__HAS_1) != 0)
      b = influence_of(&t_1, fm__income_value(people, row, FM__BY_1), fm__income_weight(people, row, FM__BY_1));
    double growth = all.by_0 * a.mean + all.by_1 * b.mean;
    double bottom_growth = bottom.by_0 * a.bottom + bottom.by_1 * b.bottom;
    const double z[] = {
        a.mean, b.mean, a.bottom, b.bottom, a.share, b.share, growth, bottom_growth, bottom_growth - growth};
    for (size_t k = 0; k < FM__N_SE_ANONYMOUS; k++)
      fm__stream_add(&via[k], &squares[k], row->count, z[k] * z[k], 1);
    if ((row->flags & FM__HAS_BOTH) != 0)
      n += (int64_t)row->count;
  }
  for (size_t k = 0; k < FM__N_SE_ANONYMOUS; k++) {
    fm__stream_flush(&via[k], &squares[k]);
    bool first = k == FM__SE_MEAN_0 || k == FM__SE_BOTTOM_0 || k == FM__SE_SHARE_0;
    out[k] = spread_of(&squares[k], k >= FM__SE_MEAN_GROWTH ? n : first ? by_0->all.people : by_1->all.people);
  }
}

/* The people of a set are taken as given: its mean gain is a ratio of two sums over them. */
void fm__income_panel_spread(fm__spread out[FM__N_SE_PANEL], const fm__income_people *people, const fm__ranked *k,
                             fm__rank_by by)
{
  const fm__slice *sets[FM__N_SE_PANEL] = {&k->all, &k->bottom, &k->kind[FM__OTHER_KIND],
                                           &k->kind[FM__PARTICIPANT_KIND]};
  double mean[FM__N_SE_PANEL];
  for (size_t s = 0; s < FM__N_SE_PANEL; s++)
    mean[s] = fm__slice_mean(sets[s], sets[s]->gain);
  fm__sum squares[FM__N_SE_PANEL] = {0};
  fm__stream via[FM__N_SE_PANEL];
  begin(via, FM__N_SE_PANEL);
  for (size_t i = 0; i < people->n; i++) {
    const fm__income_row *row = &people->rows[people->index[i]];
    if ((row->flags & FM__HAS_BOTH) != FM__HAS_BOTH)
      continue;
    double share = fm__income_share(k, people, row, by), w = fm__income_weight(people, row, by);
    double gain = row->x_1 * people->x_scale - row->x_0 * people->x_scale;
    int32_t kind = fm__income_kind(row);
    const double part[FM__N_SE_PANEL] = {1, share, kind == FM__OTHER_KIND ? share : 0,
                                         kind == FM__PARTICIPANT_KIND ? share : 0};
    for (size_t s = 0; s < FM__N_SE_PANEL; s++)
      if (part[s] > 0) {
        double z = part[s] * w / sets[s]->weight * (gain - mean[s]);
        fm__stream_add(&via[s], &squares[s], row->count, z * z, 1);
      }
  }
  for (size_t s = 0; s < FM__N_SE_PANEL; s++) {
    fm__stream_flush(&via[s], &squares[s]);
    out[s] = spread_of(&squares[s], sets[s]->people);
  }
}
