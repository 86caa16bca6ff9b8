/* Order: by person in passes of 11 bits over the range in use, then each person's few spells by comparison. */
#include <string.h>

#include "spell/spell_priv.h"

#define DIGIT_BITS 11
#define BUCKETS (1U << DIGIT_BITS)
#define SHORT_RUN 24

typedef struct spell {
  int32_t person, start, end, label;
} spell;

static inline bool after(const spell *a, const spell *b)
{
  if (a->start != b->start)
    return a->start > b->start;
  if (a->end != b->end)
    return a->end > b->end;
  return a->label > b->label;
}

static void insert_all(spell *s, size_t n)
{
  for (size_t i = 1; i < n; i++) {
    spell x = s[i];
    size_t k = i;
    for (; k > 0 && after(&s[k - 1], &x); k--)
      s[k] = s[k - 1];
    s[k] = x;
  }
}

/* Bottom-up merging of short sorted runs, for a person with many spells. */
static void merge_sort(spell *s, spell *scratch, size_t n)
{
  for (size_t i = 0; i < n; i += SHORT_RUN)
    insert_all(s + i, n - i < SHORT_RUN ? n - i : SHORT_RUN);
  spell *from = s, *to = scratch;
  for (size_t width = SHORT_RUN; width < n; width *= 2) {
    for (size_t low = 0; low < n; low += 2 * width) {
      size_t middle = n - low < width ? n : low + width, high = n - middle < width ? n : middle + width;
      size_t a = low, b = middle;
      for (size_t k = low; k < high; k++)
        to[k] = b >= high || (a < middle && !after(&from[a], &from[b])) ? from[a++] : from[b++];
    }
    spell *swap = from;
    from = to;
    to = swap;
  }
  if (from != s)
    memcpy(s, from, n * sizeof *s);
}

static void pass(spell *to, const spell *from, size_t n, int32_t least, uint32_t shift)
{
  static const uint32_t mask = BUCKETS - 1;
  size_t at[BUCKETS] = {0};
  for (size_t i = 0; i < n; i++)
    at[(((uint32_t)from[i].person - (uint32_t)least) >> shift) & mask]++;
  size_t sum = 0;
  for (size_t b = 0; b < BUCKETS; b++) {
    size_t count = at[b];
    at[b] = sum;
    sum += count;
  }
  for (size_t i = 0; i < n; i++)
    to[at[(((uint32_t)from[i].person - (uint32_t)least) >> shift) & mask]++] = from[i];
}

static bool in_order(const int32_t *person, const int32_t *start, const int32_t *end, const int32_t *label, size_t n)
{
  for (size_t i = 1; i < n; i++) {
    if (person[i - 1] != person[i]) {
      if (person[i - 1] > person[i])
        return false;
      continue;
    }
    spell a = {0, start[i - 1], end[i - 1], label == NULL ? 0 : label[i - 1]};
    spell b = {0, start[i], end[i], label == NULL ? 0 : label[i]};
    if (after(&a, &b))
      return false;
  }
  return true;
}

/* Sorts `s` with `scratch`, both of n; returns the one that holds the result. */
static spell *sort_spells(spell *s, spell *scratch, size_t n, int32_t least, int32_t most)
{
  uint32_t range = (uint32_t)most - (uint32_t)least;
  for (uint32_t shift = 0; shift < 32 && range >> shift != 0; shift += DIGIT_BITS) {
    pass(scratch, s, n, least, shift);
    spell *swap = s;
    s = scratch;
    scratch = swap;
  }
  for (size_t i = 0; i < n;) {
    size_t k = i + 1;
    while (k < n && s[k].person == s[i].person)
      k++;
    if (k - i <= SHORT_RUN)
      insert_all(s + i, k - i);
    else
      merge_sort(s + i, scratch + i, k - i);
    i = k;
  }
  return s;
}

fm_status fm_spell_sort(int32_t *person, int32_t *start, int32_t *end, int32_t *label, size_t n, const fm_run *run,
                        fm_error *err)
{
  if (n > 0 && (person == NULL || start == NULL || end == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "spells: person, start and end must be given");
  fm_status status = fm__run_check(run, err);
  if (status != FM_OK || in_order(person, start, end, label, n))
    return status;
  spell *s = fm__many(n, sizeof *s), *scratch = fm__many(n, sizeof *scratch);
  if (s == NULL || scratch == NULL) {
    status = fm__no_memory(err);
    goto done;
  }
  int32_t least = person[0], most = person[0];
  for (size_t i = 0; i < n; i++) {
    s[i] = (spell){person[i], start[i], end[i], label == NULL ? 0 : label[i]};
    least = person[i] < least ? person[i] : least;
    most = person[i] > most ? person[i] : most;
  }
  const spell *sorted = sort_spells(s, scratch, n, least, most);
  status = fm__run_progress(run, 1.0, err);
  if (status != FM_OK)
    goto done;
  for (size_t i = 0; i < n; i++) {
    person[i] = sorted[i].person;
    start[i] = sorted[i].start;
    end[i] = sorted[i].end;
    if (label != NULL)
      label[i] = sorted[i].label;
  }
done:
  fm__free(scratch);
  fm__free(s);
  return status;
}
