/* Groups compared within strata: Mantel and Haenszel's common figures, Kitagawa's parts, direct standardisation. */
#include <math.h>

#include "num/num_priv.h"
#include "parity/parity_priv.h"

/* ---- common difference, ratio and odds ratio ---- */

typedef struct sums {
  double weight, difference, sato_p, sato_q; /* n1 n0 / N; its times the difference; Sato, Greenland, Robins 1989 */
  double above, below, greenland;            /* x1 n0 / N, x0 n1 / N; Greenland and Robins 1985 */
  double r, s, pr, ps_qr, qs;                /* Robins, Breslow and Greenland 1986 */
} sums;

static void add(sums *t, const fm__parity_stratum *k)
{
  double x1 = (double)k->x1, n1 = (double)k->n1, x0 = (double)k->x0, n0 = (double)k->n0, n = n1 + n0;
  double no1 = n1 - x1, no0 = n0 - x0, r = x1 * no0 / n, s = no1 * x0 / n, p = (x1 + no0) / n, q = (no1 + x0) / n;
  t->weight += n1 * n0 / n;
  t->difference += (x1 * n0 - x0 * n1) / n;
  t->sato_p += (n1 * n1 * x0 - n0 * n0 * x1 + n1 * n0 * (n0 - n1) / 2) / (n * n);
  t->sato_q += (x1 * no0 + x0 * no1) / (2 * n);
  t->above += x1 * n0 / n;
  t->below += x0 * n1 / n;
  t->greenland += (n1 * n0 * (x1 + x0) - x1 * x0 * n) / (n * n);
  t->r += r;
  t->s += s;
  t->pr += p * r;
  t->ps_qr += p * s + q * r;
  t->qs += q * s;
}

void fm__parity_pool(fm__parity_pooled *out, const fm__parity_stratum *s, size_t n)
{
  sums t = {0};
  for (size_t i = 0; i < n; i++)
    if (s[i].n1 > 0 && s[i].n0 > 0)
      add(&t, &s[i]);
  *out = (fm__parity_pooled){NAN, NAN, NAN, NAN, NAN, NAN};
  if (t.weight > 0) {
    out->difference = t.difference / t.weight;
    out->difference_error = sqrt(fmax(0, out->difference * t.sato_p + t.sato_q)) / t.weight;
  }
  if (t.below > 0) {
    out->ratio = t.above / t.below;
    out->log_ratio_error = t.above > 0 ? sqrt(t.greenland / (t.above * t.below)) : NAN;
  }
  if (t.s > 0) {
    out->odds_ratio = t.r / t.s;
    out->log_odds_error =
        t.r > 0 ? sqrt(t.pr / (2 * t.r * t.r) + t.ps_qr / (2 * t.r * t.s) + t.qs / (2 * t.s * t.s)) : NAN;
  }
}

/* ---- Kitagawa's parts ---- */

void fm__parity_parts(double *rate, double *composition, const fm__parity_stratum *s, int64_t N1, int64_t N0)
{
  double w1 = (double)s->n1 / (double)N1, w0 = (double)s->n0 / (double)N0;
  double r1 = (double)s->x1 / (double)s->n1, r0 = (double)s->x0 / (double)s->n0;
  bool both = s->n1 > 0 && s->n0 > 0;
  *rate = both ? (w1 + w0) / 2 * (r1 - r0) : NAN;
  *composition = both ? (r1 + r0) / 2 * (w1 - w0) : NAN;
}

double fm__parity_standardised(const fm__parity_stratum *s, size_t n)
{
  double sum = 0, weight = 0;
  for (size_t i = 0; i < n; i++) {
    if (s[i].n0 == 0)
      continue;
    if (s[i].n1 == 0)
      return NAN;
    sum += (double)s[i].n0 * (double)s[i].x1 / (double)s[i].n1;
    weight += (double)s[i].n0;
  }
  return weight > 0 ? sum / weight : NAN;
}

/* ---- several tests ---- */

fm_status fm__parity_holm(double *p, size_t n, fm_error *err)
{
  fm__item *order = fm__array(n, 2 * sizeof *order);
  size_t m = 0;
  double most = 0;
  if (order == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    if (!isnan(p[i]))
      order[m++] = (fm__item){fm__order_key(p[i]), i};
  fm__sort_items(order, order + n, m);
  for (size_t k = 0; k < m; k++) {
    most = fmax(most, fmin(1, (double)(m - k) * p[order[k].value]));
    p[order[k].value] = most;
  }
  fm__free(order);
  return FM_OK;
}
