/* Any bytes as the saved state of a tally, behind a head that is right. Four lines come first: the measure, its groups,
 * its weight and its options. Promised: a damaged state is refused; what loads gives a result, saves, and loads again
 * as the same bytes. */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base_priv.h"
#include "flexmetrics.h"

const char fm_fuzz_corpus[] = "tally";
size_t fm_fuzz_n_good;

enum { MEASURE, BY, WEIGHT, OPTIONS, N_LINES, ROOM = 256 };

static void must(int condition)
{
  if (!condition)
    abort();
}

/* The lines as texts; what is behind them begins at the result, 0 when they are not there. */
static size_t take_lines(char lines[N_LINES][ROOM], const uint8_t *data, size_t size)
{
  size_t at = 0;
  for (int k = 0; k < N_LINES; k++) {
    size_t n = 0;
    while (at + n < size && n < ROOM - 1 && data[at + n] != '\n')
      n++;
    if (at + n == size || data[at + n] != '\n')
      return 0;
    memcpy(lines[k], data + at, n);
    lines[k][n] = '\0';
    at += n + 1;
  }
  return at;
}

/* Three digits at most: a large number of points or replicates shows nothing but takes its time. */
static bool is_short(const char *options)
{
  size_t digits = 0;
  for (const char *p = options; *p != '\0' && digits <= 3; p++)
    digits = *p >= '0' && *p <= '9' ? digits + 1 : 0;
  return digits <= 3;
}

/* NULL: there is no such measure, or not with these options. */
static fm_tally *create(char lines[N_LINES][ROOM])
{
  fm_tally *t = NULL;
  fm_compute_spec spec;
  fm_compute_spec_init(&spec, sizeof spec);
  spec.by = lines[BY][0] != '\0' ? lines[BY] : NULL;
  spec.weight = lines[WEIGHT][0] != '\0' ? lines[WEIGHT] : NULL;
  spec.options = lines[OPTIONS][0] != '\0' ? lines[OPTIONS] : NULL;
  spec.as_of = 20000;
  fm_status status = fm_catalogue_tally(&t, lines[MEASURE], &spec, NULL);
  must((status == FM_OK) == (t != NULL));
  return t;
}

/* The head of an empty tally's bytes, its length and check sum written anew for `state`. */
static void frame(fm__bytes *out, const fm_tally *t, const uint8_t *state, size_t size)
{
  void *bytes;
  size_t n, length;
  must(fm_tally_save(&bytes, &n, t, NULL) == FM_OK);
  fm__reader r = {.data = bytes, .size = n};
  fm__read_raw(&r, 8);
  fm__read_text(&r, &length);
  fm__read_u32(&r);
  fm__read_text(&r, &length);
  fm__bytes_raw(out, bytes, r.at);
  fm__hash128 hash = fm__hash(state, size);
  fm__bytes_u64(out, size);
  fm__bytes_u64(out, hash.low);
  fm__bytes_u64(out, hash.high);
  fm__bytes_raw(out, state, size);
  fm_free(bytes);
  must(!out->failed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char lines[N_LINES][ROOM];
  size_t at = take_lines(lines, data, size);
  if (at == 0 || !is_short(lines[OPTIONS]))
    return 0;
  fm_tally *t = create(lines), *again = create(lines);
  if (t == NULL)
    return 0;
  fm__bytes framed = {0};
  frame(&framed, t, data + at, size - at);
  fm_status status = fm_tally_load(t, framed.data, framed.size, NULL);
  must(status == FM_OK || status == FM_ERR_FORMAT || status == FM_ERR_MEMORY);
  if (status == FM_OK) {
    void *first, *second;
    size_t n_first, n_second;
    fm_table *out = NULL;
    status = fm_tally_result(&out, t, NULL, NULL);
    must((status == FM_OK) == (out != NULL));
    fm_fuzz_n_good += status == FM_OK;
    must(fm_tally_save(&first, &n_first, t, NULL) == FM_OK);
    must(fm_tally_load(again, first, n_first, NULL) == FM_OK);
    must(fm_tally_save(&second, &n_second, again, NULL) == FM_OK);
    must(n_first == n_second && memcmp(first, second, n_first) == 0);
    fm_free(first);
    fm_free(second);
    fm_table_destroy(out);
  }
  fm__bytes_free(&framed);
  fm_tally_destroy(t);
  fm_tally_destroy(again);
  return 0;
}
