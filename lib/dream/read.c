/* Rows of weekly codes to runs of weeks. A run of equal cells, found by the scanner, is looked at once. */
#include "dream/dream_priv.h"

#include <stdio.h>
#include <string.h>

typedef struct reading {
  fm__csv_reader *r;
  fm__dream_plan plan;
  fm__dream_words words;
  fm__dream_people people;
  fm__csv_runs runs;
  int32_t carry;
  fm__dictionary texts[2]; /* industries, rates; text 0 is none */
  uint16_t *codes, *blank; /* of the weeks of one row */
  uint16_t *carried[2];
  uint32_t *starts; /* three times the weeks: of spells, of one array, room to merge */
  fm_dream_spell *spells;
  fm_dream_summary *sum;
  bool bad, unknown; /* this row */
  int64_t last_code; /* week, -1 */
} reading;

static void fill(uint16_t *out, size_t n, uint16_t value)
{
  for (size_t i = 0; i < n; i++)
    out[i] = value;
}

/* A problem of one cell; without `text` the value is not shown. */
static void cell_problem(reading *d, const char *code, size_t column, const char *text, size_t length, const char *what,
                         const char *expected, const char *hint)
{
  bool shown = text != NULL && !fm__csv_may_be_personal(text, length);
  fm__csv_problem(d->r, &(fm__problem){.code = code,
                                       .column = fm__csv_label(d->r, column),
                                       .value = shown ? text : NULL,
                                       .value_length = shown ? length : 0,
                                       .what = what,
                                       .expected = expected,
                                       .hint = hint,
                                       .row = d->runs.row,
                                       .line = d->runs.line,
                                       .sheet_row = d->runs.sheet_row,
                                       .column_index = (int64_t)column});
  d->bad = true;
}

/* `n` weeks from column `column` on hold the cell. */
static fm_status take_weeks(reading *d, size_t column, size_t n, const char *text, size_t length, fm_error *err)
{
  size_t word = 0, first = d->plan.place[column];
  int kind;
  fm_status status = fm__dream_word_of(&d->words, text, length, &kind, &word, err);
  if (status != FM_OK)
    return status;
  if (kind == FM__WORD_BAD) {
    cell_problem(d, "FM-C05", column, text, length, "not a code of a week",
                 "a number of up to four digits, or a word of the code list", NULL);
    return FM_OK;
  }
  const fm__dream_word *w = kind == FM__WORD_CODE ? &d->words.words[word] : NULL;
  fill(d->codes + first, n, w != NULL ? w->state : FM__BLANK);
  if (w != NULL && w->state != FM__BLANK && (int64_t)(first + n) > d->last_code)
    d->last_code = (int64_t)(first + n) - 1;
  d->unknown = d->unknown || (w != NULL && !w->known);
  return FM_OK;
}

/* Is there work in a month with this cell? */
static bool shows_work(reading *d, size_t column, const char *text, size_t length)
{
  double rate = 0;
  if (length == 0 || d->plan.kind[column] == FM__COLUMN_INDUSTRY)
    return length > 0;
  int form = fm__cell_f64(&d->r->format, text, length, &rate);
  if (form != FM__CELL_OK)
    cell_problem(d, "FM-N01", column, text, length, "not a number",
                 d->r->format.f.decimal == ',' ? "digits with a decimal comma such as 0,5"
                                               : "digits with a decimal point such as 0.5",
                 "declare the decimal sign");
  return rate > 0;
}

static fm_status carry(reading *d, size_t column, size_t from, size_t to, const char *text, size_t length,
                       fm_error *err)
{
  int32_t which = d->plan.kind[column] == FM__COLUMN_RATE, code;
  if ((d->carry & (1 << which)) == 0)
    return FM_OK;
  if (fm__utf8_span(text, length) < length) {
    cell_problem(d, "FM-E01", column, NULL, 0, "not UTF-8", "text in UTF-8", "declare the encoding");
    return FM_OK;
  }
  fm_status status = fm__dictionary_add(&d->texts[which], text, length, &code);
  if (status != FM_OK)
    return fm__no_memory(err);
  if (code >= FM__MOST_CARRIED)
    return fm__fail(err, FM_ERR_LIMIT, "more than %d different %s to carry", FM__MOST_CARRIED,
                    which ? "employment rates" : "industries");
  fill(d->carried[which] + from, to - from, (uint16_t)code);
  return FM_OK;
}

static fm_status take_months(reading *d, size_t column, size_t n, const char *text, size_t length, fm_error *err)
{
  const fm__dream_plan *p = &d->plan;
  size_t first = p->place[column];
  fm__trim(&text, &length);
  if (shows_work(d, column, text, length))
    for (size_t m = first; m < first + n; m++)
      if (p->has_employment[m])
        fill(d->blank + p->month_start[m], p->month_start[m + 1] - p->month_start[m], FM__EMPLOYED);
  return carry(d, column, p->month_start[first], p->month_start[first + n], text, length, err);
}

static fm_status take_cells(reading *d, size_t *id, fm_error *err)
{
  const fm__dream_plan *p = &d->plan;
  for (size_t k = 0, column = 0; k < d->runs.n; k++) {
    fm__field *cell = &d->runs.cells[k];
    char *text = (char *)d->r->buffer + cell->start;
    if ((cell->size & FM__FIELD_ESCAPED) != 0)
      cell->size = (uint32_t)fm__unescape(text, cell->size & ~FM__FIELD_FLAGS);
    for (size_t left = d->runs.counts[k]; left > 0;) {
      size_t n = p->same[column] - column;
      fm_status status = FM_OK;
      n = n < left ? n : left;
      if (p->kind[column] == FM__COLUMN_WEEK)
        status = take_weeks(d, column, n, text, cell->size, err);
      else if (p->kind[column] == FM__COLUMN_ID)
        *id = k;
      else if (p->kind[column] != FM__COLUMN_OTHER)
        status = take_months(d, column, n, text, cell->size, err);
      if (status != FM_OK)
        return status;
      column += n;
      left -= n;
    }
  }
  return FM_OK;
}

/* Weeks with a code that the list does not know: how many, and where first. */
static void count_unknown(reading *d)
{
  const fm__dream_plan *p = &d->plan;
  for (size_t k = 0, column = 0; k < d->runs.n; column += d->runs.counts[k++])
    for (size_t i = 0; i < d->runs.counts[k]; i++) {
      size_t word = 0;
      int kind = FM__WORD_BLANK;
      const fm__field *cell = &d->runs.cells[k];
      if (p->kind[column + i] != FM__COLUMN_WEEK || p->place[column + i] >= p->n_seen)
        continue;
      if (fm__dream_word_of(&d->words, (const char *)d->r->buffer + cell->start, cell->size, &kind, &word, NULL) !=
              FM_OK ||
          kind != FM__WORD_CODE || d->words.words[word].known)
        break; /* the other cells of the run are the same */
      fm__dream_word *w = &d->words.words[word];
      if (w->n_weeks++ == 0) {
        w->line = d->runs.line;
        w->column = column + i;
      }
      d->sum->n_unknown_weeks++;
    }
}

static const char *carried_text(const reading *d, int which, size_t week)
{
  const fm__dictionary *t = &d->texts[which];
  return d->carried[which] != NULL ? t->bytes + t->offsets[d->carried[which][week]] : NULL;
}

/* Adds the places at which another array changes to those in `starts`; both are in order. */
static size_t merge_starts(uint32_t *starts, uint32_t *room, size_t n, const uint32_t *more, size_t n_more)
{
  size_t i = 0, k = 0, n_out = 0;
  while (i < n || k < n_more) {
    uint32_t a = i < n ? starts[i] : UINT32_MAX, b = k < n_more ? more[k] : UINT32_MAX;
    room[n_out++] = a < b ? a : b;
    i += a <= b;
    k += b <= a;
  }
  memcpy(starts, room, n_out * sizeof *starts);
  return n_out;
}

/* Where the spells of the row begin. */
static fm_status find_starts(reading *d, size_t *n_starts, fm_error *err)
{
  size_t n = d->plan.n_seen, n_more;
  uint32_t *more = d->starts + d->plan.n_weeks, *room = more + d->plan.n_weeks;
  for (size_t w = 0; w < n; w++)
    d->codes[w] = d->codes[w] == FM__BLANK ? d->blank[w] : d->codes[w];
  fm_status status = fm_spell_runs(n_starts, d->starts, d->codes, n, err);
  for (int i = 0; i < 2 && status == FM_OK; i++) {
    if (d->carried[i] == NULL)
      continue;
    status = fm_spell_runs(&n_more, more, d->carried[i], n, err);
    if (status == FM_OK)
      *n_starts = merge_starts(d->starts, room, *n_starts, more, n_more);
  }
  return status;
}

static fm_status make_spells(reading *d, size_t *n_spells, fm_error *err)
{
  size_t n = d->plan.n_seen, n_starts, n_out = 0;
  fm_status status = find_starts(d, &n_starts, err);
  for (size_t i = 0; status == FM_OK && i < n_starts; i++) {
    size_t w = d->starts[i], end = i + 1 < n_starts ? d->starts[i + 1] : n;
    if (d->codes[w] == FM__ABSENT)
      continue;
    d->spells[n_out++] = (fm_dream_spell){
        .start = d->plan.first_monday + 7 * (int32_t)w,
        .end = end < n ? d->plan.first_monday + 7 * (int32_t)end : FM_SPELL_OPEN,
        .state = d->words.states[d->codes[w]],
        .industry = carried_text(d, 0, w),
        .rate = carried_text(d, 1, w),
    };
  }
  *n_spells = n_out;
  return status;
}

/* The key must be there, be text, and not have been met before. */
static fm_status check_id(reading *d, const char *text, size_t length, fm_error *err)
{
  bool again = false;
  const char *trimmed = text;
  size_t rest = length;
  fm__trim(&trimmed, &rest);
  if (rest == 0)
    cell_problem(d, "FM-V01", d->plan.id, NULL, 0, "no value", "the person's key", NULL);
  else if (fm__utf8_span(text, length) < length)
    cell_problem(d, "FM-E01", d->plan.id, NULL, 0, "not UTF-8", "text in UTF-8", "declare the encoding");
  if (d->bad)
    return FM_OK;
  fm_status status = fm__dream_people_add(&d->people, text, length, &again, err);
  if (status == FM_OK && again)
    cell_problem(d, "FM-R01", d->plan.id, NULL, 0, "this person is there twice", "each person once", NULL);
  return status;
}

static fm_status take_row(reading *d, fm__dream_sink sink, void *ctx, fm_error *err)
{
  size_t id = 0;
  int64_t last_code = d->last_code;
  d->bad = d->unknown = false;
  memcpy(d->blank, d->plan.blank, d->plan.n_weeks * sizeof *d->blank);
  fm_status status = take_cells(d, &id, err);
  const fm__field *cell = &d->runs.cells[id];
  const char *text = (const char *)d->r->buffer + cell->start;
  if (status == FM_OK)
    status = check_id(d, text, cell->size, err);
  if (status != FM_OK)
    return status;
  if (d->bad) {
    d->last_code = last_code;
    d->r->n_left_out++;
    return FM_OK;
  }
  if (d->unknown)
    count_unknown(d);
  if (d->r->discard)
    return FM_OK;
  fm_dream_person person = {.id = text, .id_length = cell->size, .line = d->runs.line, .spells = d->spells};
  status = make_spells(d, &person.n_spells, err);
  if (status != FM_OK)
    return status;
  d->sum->n_persons++;
  d->sum->n_spells += (int64_t)person.n_spells;
  return sink(ctx, &d->plan, &person, err);
}

static fm_status make_room(reading *d, fm_error *err)
{
  size_t n = d->plan.n_weeks;
  d->codes = fm__array(n, sizeof *d->codes);
  d->blank = fm__array(n, sizeof *d->blank);
  d->starts = fm__array(n, 3 * sizeof *d->starts);
  d->spells = fm__array(n, sizeof *d->spells);
  d->runs.cells = fm__array(d->r->n_columns, sizeof *d->runs.cells);
  d->runs.counts = fm__array(d->r->n_columns, sizeof *d->runs.counts);
  if (d->codes == NULL || d->blank == NULL || d->starts == NULL || d->spells == NULL || d->runs.cells == NULL ||
      d->runs.counts == NULL)
    return fm__no_memory(err);
  for (int i = 0; i < 2; i++) {
    int32_t none;
    if ((d->carry & (1 << i)) == 0)
      continue;
    d->carried[i] = fm__array(n, sizeof *d->carried[i]);
    if (d->carried[i] == NULL || fm__dictionary_init(&d->texts[i]) != FM_OK ||
        fm__dictionary_add(&d->texts[i], "", 0, &none) != FM_OK)
      return fm__no_memory(err);
  }
  for (size_t w = 0; w < n; w++)
    d->codes[w] = FM__ABSENT; /* weeks with a column are written in every row */
  return FM_OK;
}

/* Notes that only the whole file allows. */
static void tell_notes(reading *d)
{
  fm_dream_summary *s = d->sum;
  int64_t last_seen = (int64_t)d->plan.n_seen - 1;
  for (size_t i = 0; i < d->words.texts.n_texts; i++) {
    const fm__dream_word *w = &d->words.words[i];
    const int64_t *at = d->words.texts.offsets;
    char what[64];
    if (w->n_weeks == 0)
      continue;
    s->n_unknown_codes++;
    snprintf(what, sizeof what, "unknown code in %lld week%s", (long long)w->n_weeks, w->n_weeks == 1 ? "" : "s");
    fm__csv_problem(d->r, &(fm__problem){.code = "FM-C01",
                                         .severity = FM__NOTE,
                                         .column = fm__csv_label(d->r, w->column),
                                         .value = d->words.texts.bytes + at[i],
                                         .value_length = (size_t)(at[i + 1] - at[i]) - 1,
                                         .what = what,
                                         .expected = "a code of the list",
                                         .hint = "it is taken as other_benefit; add it to a list of your own",
                                         .row = -1,
                                         .line = w->line,
                                         .sheet_row = -1,
                                         .column_index = (int64_t)w->column});
  }
  if (d->last_code < 0 || d->last_code >= last_seen || s->n_persons == 0)
    return;
  char day[11], what[96];
  fm_date_format(day, d->plan.first_monday + 7 * (int32_t)(d->last_code + 1));
  snprintf(what, sizeof what, "nobody has a code in the last %lld week%s", (long long)(last_seen - d->last_code),
           last_seen - d->last_code == 1 ? "" : "s");
  fm__csv_problem(d->r, &(fm__problem){.code = "FM-C06",
                                       .severity = FM__NOTE,
                                       .value = day,
                                       .value_length = 10,
                                       .what = what,
                                       .expected = "somebody with a code in each week",
                                       .hint = "if these weeks are not filled in yet, give this day as as-of",
                                       .row = -1,
                                       .line = -1,
                                       .sheet_row = -1,
                                       .column_index = -1});
}

static void summarise(reading *d)
{
  const fm__dream_plan *p = &d->plan;
  fm_dream_summary *s = d->sum;
  s->n_rows = d->r->row;
  s->n_left_out = d->r->n_left_out;
  s->n_bytes = (int64_t)d->r->n_read;
  for (size_t w = 0; w < p->n_seen; w++)
    s->n_weeks += !p->absent[w];
  if (p->n_seen > 0) {
    s->first_monday = p->first_monday;
    s->as_of = p->first_monday + 7 * (int32_t)p->n_seen;
  }
  if (d->last_code >= 0)
    s->last_code = p->first_monday + 7 * (int32_t)d->last_code;
}

static void free_reading(reading *d)
{
  fm__dream_plan_free(&d->plan);
  fm__dream_words_free(&d->words);
  fm__dream_people_free(&d->people);
  fm__free(d->runs.cells);
  fm__free(d->runs.counts);
  fm__free(d->codes);
  fm__free(d->blank);
  fm__free(d->starts);
  fm__free(d->spells);
  for (int i = 0; i < 2; i++) {
    fm__free(d->carried[i]);
    fm__dictionary_free(&d->texts[i]);
  }
  fm__csv_end(d->r);
}

static fm_status read_rows(reading *d, fm__dream_sink sink, void *ctx, fm_error *err)
{
  fm_status status = make_room(d, err);
  while (status == FM_OK) {
    status = fm__csv_next(d->r, &d->runs, err);
    if (status != FM_OK || d->runs.n == 0)
      break;
    status = take_row(d, sink, ctx, err);
  }
  return status;
}

/* Takes the source, also on failure. */
fm_status fm__dream_read(fm__dream_sink sink, void *ctx, fm_dream_summary *summary, fm__problems *problems,
                         fm__csv_source source, const char *name, const fm_dream_spec *spec, size_t chunk,
                         const fm_run *run, fm_error *err)
{
  fm__csv_format format;
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  reading d = {.carry = spec->carry, .sum = summary, .last_code = -1};
  *summary = (fm_dream_summary){.first_monday = FM_NO_DATE, .as_of = FM_NO_DATE, .last_code = FM_NO_DATE};
  schema.others = FM_CSV_SKIP;
  fm_status status = fm__csv_format_take(&format, spec->format, err);
  if (status == FM_OK)
    status = fm__dream_words_make(&d.words, spec->codes, err);
  if (status != FM_OK) {
    fm__file_close(source.file);
    free_reading(&d);
    return status;
  }
  status = fm__csv_begin(&d.r, problems, source, name, &format, &schema, spec->skip_bad, chunk, run, err);
  if (status == FM_OK)
    status = fm__dream_plan_make(&d.plan, d.r, spec, err);
  if (status == FM_OK && !d.r->stop)
    status = read_rows(&d, sink, ctx, err);
  if (status == FM_OK) {
    summarise(&d);
    tell_notes(&d);
    if (d.r->stop || (d.r->n_errors > 0 && !d.r->skip_bad))
      status = fm__problems_fail(problems, err);
  }
  free_reading(&d);
  return status;
}
