/* Means of groups with the errors between people, and two of them compared. */
#include <math.h>

#include "num/num_priv.h"
#include "parity/parity_priv.h"

/* The part of the people's score that their rows from `first` on add up to; *end is behind them. */
static double score_of(size_t *end, const fm__parity_row *rows, size_t n, size_t first, double mean)
{
  fm__sum s = {0};
  for (*end = first; *end < n && rows[*end].person == rows[first].person; ++*end)
    fm__sum_add(&s, rows[*end].weight * (double)rows[*end].count * (rows[*end].x - mean));
  return fm__sum_value(&s);
}

/* Linearised: the sum of squared scores of people over the squared weight, times people / (people - 1). A score is
 * scaled so that the variance is the sum of the squares of all. */
static fm_status by_people(fm__parity_mean *m, const fm__parity_row *rows, size_t n, fm_error *err)
{
  fm__sum squares = {0};
  m->scores = fm__array(n, sizeof *m->scores);
  if (m->scores == NULL)
    return fm__no_memory(err);
  for (size_t i = 0, end; i < n; i = end) {
    double score = score_of(&end, rows, n, i, m->mean) / m->weight;
    m->scores[m->n_scores++] = (fm__parity_score){rows[i].person, score};
  }
  m->people = (int64_t)m->n_scores;
  double few = m->people > 1 ? sqrt((double)m->people / (double)(m->people - 1)) : NAN;
  for (size_t k = 0; k < m->n_scores; k++) {
    m->scores[k].score *= few;
    fm__sum_add(&squares, m->scores[k].score * m->scores[k].score);
  }
  m->variance = fm__sum_value(&squares);
  return FM_OK;
}

static void by_rows(fm__parity_mean *m, const fm__parity_row *rows, size_t n)
{
  fm__sum squares = {0};
  for (size_t i = 0; i < n; i++) {
    double score = rows[i].weight * (rows[i].x - m->mean) / m->weight;
    fm__sum_add(&squares, (double)rows[i].count * score * score);
  }
  m->people = m->n;
  m->variance = m->n > 1 ? fm__sum_value(&squares) * (double)m->n / (double)(m->n - 1) : NAN;
}

fm_status fm__parity_mean_of(fm__parity_mean *out, const fm__parity_row *rows, size_t n, bool clustered, fm_error *err)
{
  fm__sum weight = {0}, total = {0};
  *out = (fm__parity_mean){.mean = NAN, .variance = NAN, .df = NAN};
  for (size_t i = 0; i < n; i++) {
    double w = rows[i].weight * (double)rows[i].count;
    out->n += (int64_t)rows[i].count;
    fm__sum_add(&weight, w);
    fm__sum_add(&total, w * rows[i].x);
  }
  out->weight = fm__sum_value(&weight);
  if (n == 0)
    return FM_OK;
  out->mean = fm__sum_value(&total) / out->weight;
  fm_status status = FM_OK;
  if (clustered)
    status = by_people(out, rows, n, err);
  else
    by_rows(out, rows, n);
  out->df = out->people > 1 ? (double)(out->people - 1) : NAN;
  return status;
}

void fm__parity_mean_close(fm__parity_mean *m)
{
  fm__free(m->scores);
}

/* People in both groups tie their means together. */
static double covariance(const fm__parity_mean *a, const fm__parity_mean *b)
{
  fm__sum s = {0};
  for (size_t i = 0, k = 0; i < a->n_scores && k < b->n_scores;) {
    if (a->scores[i].person == b->scores[k].person)
      fm__sum_add(&s, a->scores[i].score * b->scores[k].score);
    bool first = a->scores[i].person <= b->scores[k].person, second = b->scores[k].person <= a->scores[i].person;
    i += first;
    k += second;
  }
  return fm__sum_value(&s);
}

/* Welch and Satterthwaite's degrees of freedom of a sum of two variances. */
static double degrees(double va, double dfa, double vb, double dfb)
{
  double v = va + vb;
  return v > 0 ? v * v / (va * va / dfa + vb * vb / dfb) : NAN;
}

double fm__parity_t_p_value(double t, double df)
{
  double square = t * t;
  if (isinf(square))
    return 0;
  return isnan(t) || isnan(df) ? NAN : fm__beta_lower(df / 2, 0.5, df / (df + square), square / (df + square));
}

void fm__parity_welch(fm__parity_pair *out, const fm__parity_mean *a, const fm__parity_mean *b, double level)
{
  double both = covariance(a, b);
  double variance = fmax(0, a->variance + b->variance - 2 * both);
  *out = (fm__parity_pair){.difference = a->mean - b->mean, .error = NAN, .p_value = NAN, .ratio = NAN};
  out->limits[0] = out->limits[1] = out->ratio_limits[0] = out->ratio_limits[1] = NAN;
  out->df = degrees(a->variance, a->df, b->variance, b->df);
  bool known = !isnan(a->variance) && !isnan(b->variance);
  if (known) {
    double t = variance > 0 ? fm__t_quantile(out->df, (1 + level) / 2) : 0;
    out->error = sqrt(variance);
    out->limits[0] = out->difference - t * out->error;
    out->limits[1] = out->difference + t * out->error;
    out->p_value = variance > 0 ? fm__parity_t_p_value(out->difference / out->error, out->df) : NAN;
  }
  if (!(b->mean > 0) || !(a->mean > 0)) {
    out->ratio = b->mean > 0 ? a->mean / b->mean : NAN;
    return;
  }
  out->ratio = a->mean / b->mean;
  if (!known)
    return;
  double va = a->variance / a->mean / a->mean, vb = b->variance / b->mean / b->mean;
  double v = fmax(0, va + vb - 2 * both / a->mean / b->mean);
  double reach = v > 0 ? fm__t_quantile(degrees(va, a->df, vb, b->df), (1 + level) / 2) * sqrt(v) : 0;
  out->ratio_limits[0] = out->ratio * fm__exp(-reach);
  out->ratio_limits[1] = out->ratio * fm__exp(reach);
}

/* M = w m1 + (1 - w) m0: m1 - M = (1 - w) (m1 - m0), and m1 / M = r / (w r + 1 - w) rises in r. */
void fm__parity_mean_of_population(fm__parity_pair *p, double weight)
{
  p->difference *= 1 - weight;
  p->error *= 1 - weight;
  p->ratio /= weight * p->ratio + 1 - weight;
  for (int k = 0; k < 2; k++) {
    p->limits[k] *= 1 - weight;
    p->ratio_limits[k] /= weight * p->ratio_limits[k] + 1 - weight;
  }
}
