/* Any bytes as a wide file of weekly codes. The first two bytes choose the options and the chunk. Promised: the same
 * outcome in pieces of any size; spells in order, without overlaps, of whole weeks; rows as runs are the rows. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "dream/dream_priv.h"

const char fm_fuzz_corpus[] = "dream";
size_t fm_fuzz_n_good; /* no bytes are bad */

static void must(int condition)
{
  if (!condition)
    abort();
}

typedef struct outcome {
  fm_status status;
  fm_dream_summary summary;
  fm_table *problems;
  fm__bytes spells;
} outcome;

static int32_t take(void *ctx, const fm_dream_person *person)
{
  outcome *o = ctx;
  int32_t before = INT32_MIN;
  fm__bytes_text(&o->spells, person->id, person->id_length);
  for (size_t i = 0; i < person->n_spells; i++) {
    const fm_dream_spell *s = &person->spells[i];
    must(s->start >= before && s->end > s->start && fm_date_weekday(s->start) == 1);
    must(s->end == FM_SPELL_OPEN ? i + 1 == person->n_spells : (s->end - s->start) % 7 == 0);
    before = s->end;
    fm__bytes_i64(&o->spells, s->start);
    fm__bytes_i64(&o->spells, s->end);
    fm__bytes_text(&o->spells, s->state, strlen(s->state));
    must((s->industry != NULL) + (s->rate != NULL) != 1);
    if (s->industry != NULL)
      fm__bytes_text(&o->spells, s->industry, strlen(s->industry));
    if (s->rate != NULL)
      fm__bytes_text(&o->spells, s->rate, strlen(s->rate));
  }
  return 0;
}

static void read_one(outcome *o, const uint8_t *data, size_t size, uint8_t options, size_t chunk)
{
  fm_dream_spec spec = FM_DREAM_SPEC_INIT;
  fm_csv_format format = FM_CSV_FORMAT_INIT;
  fm_error err = FM_ERROR_INIT;
  *o = (outcome){0};
  format.max_row_bytes = 4096;
  format.encoding = options & 8 ? "windows-1252" : NULL;
  spec.format = &format;
  spec.skip_bad = options & 1;
  spec.carry = options & 2 ? FM_DREAM_INDUSTRY | FM_DREAM_RATE : 0;
  spec.as_of = options & 4 ? fm_date_from_ymd(2020, 6, 1) : FM_NO_DATE;
  o->status = fm__dream_read_memory(take, o, &o->summary, &o->problems, data, size, &spec, chunk, &err);
  must(o->status == FM_OK || o->status == FM_ERR_DATA);
  must(o->problems != NULL && fm_table_check(o->problems, NULL) == FM_OK);
}

/* Both readings of the rows as runs of cells and as cells. */
static void compare_scans(const uint8_t *data, size_t size)
{
  enum { ROOM = 64 };
  uint8_t *padded = calloc(1, size + 128);
  fm__scan cells, runs;
  must(padded != NULL);
  memcpy(padded, data, size);
  padded[size] = '\n';
  fm__scan_init(&cells, ',');
  cells.data = padded;
  cells.end = size;
  cells.at_end = true;
  runs = cells;
  for (;;) {
    fm__field field[ROOM], run[ROOM];
    uint32_t counts[ROOM];
    fm__row a, b;
    size_t n_runs, k = 0;
    int one = fm__scan_row(&cells, field, ROOM, &a), other = fm__scan_runs(&runs, run, counts, ROOM, &b, &n_runs);
    must(one == other && a.n_fields == b.n_fields && a.n_lines == b.n_lines && a.flags == b.flags);
    must(cells.at == runs.at && a.quote_at == b.quote_at);
    if (one != FM__ROW_FOUND && one != FM__ROW_BLANK)
      break;
    for (size_t i = 0; i < n_runs && i < ROOM; i++)
      for (uint32_t j = 0; j < counts[i]; j++, k++)
        must(k >= ROOM || (run[i].size == field[k].size && memcmp(padded + run[i].start, padded + field[k].start,
                                                                  run[i].size & ~FM__FIELD_FLAGS) == 0));
  }
  free(padded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  outcome whole, pieces;
  fm_fuzz_n_good++;
  if (size < 2)
    return 0;
  read_one(&whole, data + 2, size - 2, data[0], 0);
  read_one(&pieces, data + 2, size - 2, data[0], data[1] % 64 + 1);
  must(whole.status == pieces.status);
  if (whole.status != FM_OK) /* reading may have ended early */
    whole.summary.n_bytes = pieces.summary.n_bytes;
  must(memcmp(&whole.summary, &pieces.summary, sizeof whole.summary) == 0);
  must(fm_table_n_rows(whole.problems) == fm_table_n_rows(pieces.problems));
  must(whole.spells.size == pieces.spells.size);
  must(whole.spells.size == 0 || memcmp(whole.spells.data, pieces.spells.data, whole.spells.size) == 0);
  compare_scans(data + 2, size - 2);
  fm_table_destroy(whole.problems);
  fm_table_destroy(pieces.problems);
  fm__bytes_free(&whole.spells);
  fm__bytes_free(&pieces.spells);
  return 0;
}
