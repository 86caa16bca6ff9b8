/* Runs of equal codes: the vector beside itself shifted by one, 32 comparisons a mask, and a walk over its bits. */
#include "spell/runs_priv.h"

size_t fm__runs_scalar(uint32_t *starts, const uint16_t *codes, size_t from, size_t to, size_t k)
{
  for (size_t i = from; i < to; i++)
    if (i == 0 || codes[i] != codes[i - 1]) {
      if (starts != NULL)
        starts[k] = (uint32_t)i;
      k++;
    }
  return k;
}

#if defined(__SSE2__) && defined(__GNUC__)
#include <emmintrin.h>

enum { BLOCK = 32 };

static inline __m128i same(const uint16_t *at)
{
  __m128i now = _mm_loadu_si128((const __m128i *)(const void *)at);
  __m128i before = _mm_loadu_si128((const __m128i *)(const void *)(at - 1));
  return _mm_cmpeq_epi16(now, before);
}

/* Bit b: at[b] differs from the code before it. */
static inline uint32_t changes(const uint16_t *at)
{
  uint32_t low = (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(same(at), same(at + 8)));
  uint32_t high = (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(same(at + 16), same(at + 24)));
  return ~(low | high << 16);
}

/* The first two starts of a block are written whether there or not, which leaves nothing to guess in most blocks:
 * k <= base, so that at base + 32 <= n there is room. */
static size_t collect(uint32_t *starts, const uint16_t *codes, size_t *from, size_t n, size_t k)
{
  size_t base = *from;
  for (; base + BLOCK <= n; base += BLOCK) {
    uint32_t mask = changes(codes + base);
    for (int i = 0; i < 2; i++) {
      starts[k] = (uint32_t)base + (uint32_t)__builtin_ctz(mask | UINT32_C(1) << 31);
      k += mask != 0;
      mask &= mask - (mask != 0);
    }
    for (; mask != 0; mask &= mask - 1)
      starts[k++] = (uint32_t)base + (uint32_t)__builtin_ctz(mask);
  }
  *from = base;
  return k;
}

static size_t count(const uint16_t *codes, size_t *from, size_t n, size_t k)
{
  size_t base = *from;
  for (; base + BLOCK <= n; base += BLOCK)
    k += (size_t)__builtin_popcount(changes(codes + base));
  *from = base;
  return k;
}

size_t fm__runs(uint32_t *starts, const uint16_t *codes, size_t n)
{
  size_t from = n > 0, k = fm__runs_scalar(starts, codes, 0, from, 0);
  k = starts == NULL ? count(codes, &from, n, k) : collect(starts, codes, &from, n, k);
  return fm__runs_scalar(starts, codes, from, n, k);
}
#else
size_t fm__runs(uint32_t *starts, const uint16_t *codes, size_t n)
{
  return fm__runs_scalar(starts, codes, 0, n, 0);
}
#endif

fm_status fm_spell_runs(size_t *n_runs, uint32_t *starts, const uint16_t *codes, size_t n, fm_error *err)
{
  if (n_runs == NULL || (n > 0 && codes == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "n_runs and codes must be given");
  if (n > UINT32_MAX)
    return fm__fail(err, FM_ERR_LIMIT, "n is %zu codes, expected at most %u", n, UINT32_MAX);
  *n_runs = fm__runs(starts, codes, n);
  return FM_OK;
}
