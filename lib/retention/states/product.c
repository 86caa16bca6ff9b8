/* Matrices of probabilities between two times, with their covariance.
 *
 * The matrix of one time has covariance only within the row of a state: that of a multinomial, (d_j [j = l] - d_j d_l /
 * n) / n^2 for moves j, l away from it; what stays is minus their sum. With P = A M, A the product before: the rows h
 * and k of P have Cov <- M' Cov M + sum over states g of A_hg A_kg times that of row g of M. */
#include "retention/states/states_priv.h"

/* Adds scale times the multinomial covariance of the moves from .. to - 1, which leave one state, to the block. */
static void add_row(double *block, double scale, const fm__moves *m, size_t k, size_t from, size_t to)
{
  size_t n_states = m->n_states, g = (size_t)m->moves[from].from;
  double n = m->n_risk[k * n_states + g], all = 0;
  int64_t rows = 0;
  for (size_t i = from; i < to; i++) {
    all += m->moves[i].weight;
    rows += m->moves[i].rows;
  }
  double rest = rows == m->rows_risk[k * n_states + g] || all > n ? 0 : (n - all) / n;
  scale /= n;
  for (size_t i = from; i < to; i++) {
    size_t a = (size_t)m->moves[i].to;
    double d = m->moves[i].weight, share = d / n;
    for (size_t j = from; j < to; j++)
      block[a * n_states + (size_t)m->moves[j].to] +=
          scale * share * (i == j ? (n - d) / n : -(m->moves[j].weight / n));
    block[a * n_states + g] -= scale * share * rest;
    block[g * n_states + a] -= scale * share * rest;
  }
  block[g * n_states + g] += scale * (all / n) * rest;
}

static void transpose(double *x, size_t n)
{
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) {
      double swap = x[i * n + j];
      x[i * n + j] = x[j * n + i];
      x[j * n + i] = swap;
    }
}

/* Moves the block of rows h and k on by time `at`; `a` is the product before it. */
static void step(double *block, const double *a, size_t h, size_t l, const fm__moves *m, size_t at)
{
  size_t n = m->n_states;
  fm__moves_forward(m, at, block, n);
  transpose(block, n);
  fm__moves_forward(m, at, block, n);
  transpose(block, n);
  for (size_t i = m->first[at]; i < m->first[at + 1];) {
    size_t from = i, g = (size_t)m->moves[i].from;
    while (i < m->first[at + 1] && m->moves[i].from == m->moves[from].from)
      i++;
    double scale = a[h * n + g] * a[l * n + g];
    if (scale > 0)
      add_row(block, scale, m, at, from, i);
  }
}

/* Rows h, l of the whole: item ((h, j), (l, k)) stands at (h n + j) n^2 + l n + k. */
static void put_block(double *covariance, const double *block, size_t h, size_t l, size_t n)
{
  for (size_t j = 0; j < n; j++)
    for (size_t k = 0; k < n; k++) {
      covariance[(h * n + j) * n * n + l * n + k] = block[j * n + k];
      covariance[(l * n + k) * n * n + h * n + j] = block[j * n + k];
    }
}

fm_status fm__product(double *p, double *covariance, bool rows_only, const fm__moves *m, int32_t s, int32_t t,
                      fm_error *err)
{
  size_t n = m->n_states, from = fm__moves_until(m, s), to = fm__moves_until(m, t);
  double *a = fm__array(n * n, sizeof *a), *block = fm__array(n * n, sizeof *block);
  fm_status status = a != NULL && block != NULL ? FM_OK : fm__no_memory(err);
  for (size_t h = 0; h < n && status == FM_OK && covariance != NULL; h++)
    for (size_t l = rows_only ? h : 0; l <= h; l++) {
      for (size_t i = 0; i < n * n; i++) {
        a[i] = i % (n + 1) == 0;
        block[i] = 0;
      }
      for (size_t k = from; k < to; k++) {
        step(block, a, h, l, m, k);
        fm__moves_forward(m, k, a + h * n, 1);
        if (l != h)
          fm__moves_forward(m, k, a + l * n, 1);
      }
      if (rows_only)
        for (size_t i = 0; i < n * n; i++)
          covariance[h * n * n + i] = block[i];
      else
        put_block(covariance, block, h, l, n);
    }
  for (size_t i = 0; i < n * n && status == FM_OK; i++)
    p[i] = i % (n + 1) == 0;
  for (size_t k = from; k < to && status == FM_OK; k++)
    fm__moves_forward(m, k, p, n);
  fm__free(a);
  fm__free(block);
  return status;
}
