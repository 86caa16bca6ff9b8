/* The word most likely meant: few typing errors away, or begun alike. */
#include "code/code_priv.h"

#include <string.h>

#define NO_COST SIZE_MAX

static size_t smaller(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* Edits (insert, delete, replace, swap of neighbours) from `text` to the whole of `key`, and to its best prefix. */
static size_t distance(const char *text, size_t n, const char *key, size_t m, size_t *prefix)
{
  size_t rows[3][FM__CODE_KEY_MAX + 1], *before = rows[0], *last = rows[1], *now = rows[2];
  for (size_t j = 0; j <= m; j++)
    now[j] = j;
  for (size_t i = 1; i <= n; i++) {
    size_t *spare = before;
    before = last;
    last = now;
    now = spare;
    now[0] = i;
    for (size_t j = 1; j <= m; j++) {
      now[j] = smaller(smaller(last[j], now[j - 1]) + 1, last[j - 1] + (text[i - 1] != key[j - 1]));
      if (i > 1 && j > 1 && text[i - 1] == key[j - 2] && text[i - 2] == key[j - 1])
        now[j] = smaller(now[j], before[j - 2] + 1);
    }
  }
  *prefix = now[0];
  for (size_t j = 1; j <= m; j++)
    *prefix = smaller(*prefix, now[j]);
  return now[m];
}

/* Sixteenths of an edit, so that a word merely begun alike yields to a word as near that has no rest. */
static size_t cost_of(const char *text, size_t n, const char *key, size_t m)
{
  size_t prefix, whole = distance(text, n, key, m, &prefix), cost = NO_COST;
  if (whole <= (n < 6 ? 1 : n / 3))
    cost = 16 * whole;
  if (m > n && prefix <= n / 4)
    cost = smaller(cost, 16 * prefix + 1 + smaller(m - n, 14));
  if (m >= 4 && n > m && memcmp(text, key, m) == 0 && strchr("_(,;:/.", text[m]) != NULL)
    cost = smaller(cost, 8);
  return cost;
}

size_t fm__code_cost(const char *typed, const char *name)
{
  char a[FM__CODE_KEY_MAX], b[FM__CODE_KEY_MAX];
  size_t n = fm__code_fold(a, typed, strlen(typed)), m = fm__code_fold(b, name, strlen(name));
  return n < 3 || m == 0 ? NO_COST : cost_of(a, n, b, m);
}

int64_t fm_codes_nearest(const fm_codes *codes, const char *text, size_t length)
{
  char word[FM__CODE_KEY_MAX];
  size_t n = fm__code_fold(word, text, length), best_cost = NO_COST;
  int64_t best = -1;
  if (n < 3)
    return -1;
  for (size_t k = 0; k < fm__texts_count(codes->keys); k++) {
    size_t m, cost;
    const char *key = fm__texts_at(codes->keys, k, &m);
    cost = cost_of(word, n, key, m);
    if (cost < best_cost) {
      best_cost = cost;
      best = (int64_t)codes->uses[codes->first_use[k]].entry;
    }
  }
  return best;
}
