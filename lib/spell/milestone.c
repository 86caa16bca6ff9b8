/* Sorting, joining and reading at a day in one go. Reading a person's spells has no branch that depends on their days.
 */
#include "spell/packed_priv.h"

#include <string.h>

static const fm_spell_milestone_spec defaults = FM_SPELL_MILESTONE_SPEC_INIT;

void fm_spell_milestone_spec_init(fm_spell_milestone_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

int32_t fm__clock_add(int32_t day, int32_t clock, int32_t n)
{
  static const int32_t months[] = {0, 0, 1, 3, 12};
  if (clock >= FM_SPELL_BY_MONTH)
    return fm_date_add_months(day, n * months[clock]);
  int64_t to = day + (int64_t)n * (clock == FM_SPELL_BY_WEEK ? 7 : 1);
  return to > FM__DATE_MAX ? FM_NO_DATE : (int32_t)to;
}

/* What reading needs to know; all days count from layout.day on. */
typedef struct reading {
  fm__layout layout;
  int32_t gap;
  const int32_t *after; /* of each first day, the day asked for; range + 1: not known */
} reading;

/* People who came out of one piece, as words: the person, the first day, and the two bits below. A bucket's lie where
 * its spells lay: the same person and day, and a day has two bits at least. */
typedef struct read_part {
  uint8_t *people;
  size_t n_people, n_episodes;
} read_part;
enum { HELD = 1, OPEN = 2, ROWS_DAY_BITS = 30, ROWS_WIDTH = 8 };

/* One person's spells in order of their first days. */
typedef struct reader {
  int32_t asked;            /* day asked for */
  int32_t reached;          /* greatest end so far */
  int32_t held_until;       /* the same for spells that start on the day asked for or before: the first n_before */
  size_t n_before, n_apart; /* n_apart: spells that are not joined with the one before */
} reader;

static inline reader read_first(const reading *q, int32_t start, int32_t end)
{
  return (reader){.asked = q->after[start], .reached = end, .held_until = end, .n_before = 1, .n_apart = 1};
}

static inline void read_next(reader *r, int32_t gap, int32_t start, int32_t end)
{
  int32_t before = -(int32_t)(start <= r->asked);
  r->n_apart += (size_t)(start - r->reached > gap);
  r->reached = end > r->reached ? end : r->reached;
  r->n_before += (size_t)(before & 1);
  r->held_until = (r->reached & before) | (r->held_until & ~before);
}

/* `next`: start of the first spell after the day asked for; INT32_MAX for none. */
static inline uint64_t read_last(const reader *r, const reading *q, int32_t next)
{
  uint64_t held = (r->held_until > r->asked) | (next - r->held_until <= q->gap);
  uint64_t open = r->held_until + q->gap >= q->layout.range;
  return held * HELD | open * OPEN;
}

static void read_words(read_part *part, const reading *q, const uint64_t *words, size_t n)
{
  const uint32_t day_bits = q->layout.day_bits, width = q->layout.width;
  const uint64_t days = (UINT64_C(1) << day_bits) - 1;
  uint8_t *people = part->people;
  const int32_t gap = q->gap;
  size_t k = 0, n_episodes = 0;
  for (size_t i = 0; i < n; k++) {
    size_t first = i;
    uint64_t head = words[i] >> day_bits;
    reader r = read_first(q, (int32_t)(head & days), (int32_t)(words[i] & days));
    for (i++; i < n && words[i] >> 2 * day_bits == head >> day_bits; i++)
      read_next(&r, gap, (int32_t)(words[i] >> day_bits & days), (int32_t)(words[i] & days));
    int32_t next = first + r.n_before < i ? (int32_t)(words[first + r.n_before] >> day_bits & days) : INT32_MAX;
    fm__word_put(people + k * width, width, head << 2 | read_last(&r, q, next));
    n_episodes += r.n_apart;
  }
  part->n_people = k;
  part->n_episodes = n_episodes;
}

/* Rows all of which took place. */
static void read_rows(read_part *part, const reading *q, const fm__spells *s)
{
  const int32_t *person = s->person, *start = s->start, *end = s->end, as_of = s->as_of, day = q->layout.day;
  const int32_t gap = q->gap;
  uint8_t *people = part->people;
  size_t k = 0, n_episodes = 0, n = s->n;
  for (size_t i = 0; i < n; k++) {
    size_t first = i;
    int32_t who = person[i];
    reader r = read_first(q, start[i] - day, (end[i] < as_of ? end[i] : as_of) - day);
    for (i++; i < n && person[i] == who; i++)
      read_next(&r, gap, start[i] - day, (end[i] < as_of ? end[i] : as_of) - day);
    int32_t next = first + r.n_before < i ? start[first + r.n_before] - day : INT32_MAX;
    uint64_t head = fm__person_number(&q->layout, who) << ROWS_DAY_BITS | (uint32_t)(start[first] - day);
    fm__word_put(people + k * ROWS_WIDTH, ROWS_WIDTH, head << 2 | read_last(&r, q, next));
    n_episodes += r.n_apart;
  }
  part->n_people = k;
  part->n_episodes = n_episodes;
}

/* A copy without the rows that did not take place. */
static fm_status read_busy_rows(read_part *part, const reading *q, const fm__spells *s)
{
  int32_t *copy = fm__many(s->n, 3 * sizeof *copy);
  if (copy == NULL)
    return FM_ERR_MEMORY;
  fm__spells busy = {copy, copy + s->n, copy + 2 * s->n, NULL, 0, s->gap_days, s->as_of};
  for (size_t i = 0, k = 0; i < s->n; i++) {
    copy[k] = s->person[i];
    copy[s->n + k] = s->start[i];
    copy[2 * s->n + k] = s->end[i];
    busy.n = k += (s->start[i] < s->as_of) & (s->end[i] > s->start[i]);
  }
  read_rows(part, q, &busy);
  fm__free(copy);
  return FM_OK;
}

/* ---- pieces: buckets of words, or rows in order cut between two people ---- */
typedef struct job {
  reading q;
  const fm__spells *s;
  fm__packed packed;
  uint8_t *people;  /* rows in order: of all pieces */
  read_part *parts; /* a bucket, or a piece of the rows */
  size_t *first;    /* of each part: its first person among all */
  fm__packed_scan *looks;
  size_t n_parts, n_tasks, block_rows;
  int32_t *persons, *first_start;
  uint8_t *status, *in_rate;
} job;

static size_t block_end(const job *j, size_t block)
{
  size_t from = block * j->block_rows;
  return j->s->n - from < j->block_rows ? j->s->n : from + j->block_rows;
}

static fm_status look_task(void *ctx, size_t block)
{
  job *j = ctx;
  j->looks[block] = fm__packed_look(j->s, block * j->block_rows, block_end(j, block));
  return FM_OK;
}

/* The first row from `row` on that begins a person. */
static size_t person_from(const fm__spells *s, size_t row)
{
  while (row > 0 && row < s->n && s->person[row] == s->person[row - 1])
    row++;
  return row;
}

static fm_status rows_task(void *ctx, size_t block)
{
  job *j = ctx;
  size_t from = person_from(j->s, block * j->block_rows), to = person_from(j->s, block_end(j, block));
  if (from >= to)
    return FM_OK;
  fm__spells s = *j->s;
  s.person += from;
  s.start += from;
  s.end += from;
  s.n = to - from;
  bool idle = j->looks[block].idle;
  for (size_t b = block + 1; b < j->n_parts && b * j->block_rows < to; b++)
    idle |= j->looks[b].idle;
  if (idle)
    return read_busy_rows(&j->parts[block], &j->q, &s);
  read_rows(&j->parts[block], &j->q, &s);
  return FM_OK;
}

/* First and last bucket of a task. */
static void buckets_of(const job *j, size_t task, size_t *from, size_t *to)
{
  *from = task * j->n_parts / j->n_tasks;
  *to = (task + 1) * j->n_parts / j->n_tasks;
}

static fm_status words_task(void *ctx, size_t task)
{
  job *j = ctx;
  const fm__layout *l = &j->q.layout;
  const uint32_t *begin = j->packed.begin;
  size_t from, to, most = 0;
  buckets_of(j, task, &from, &to);
  for (size_t b = from; b < to; b++)
    most = begin[b + 1] - begin[b] > most ? begin[b + 1] - begin[b] : most;
  uint64_t *words = fm__many(most, sizeof *words), *scratch = fm__many(most, sizeof *scratch);
  fm_status status = words == NULL || scratch == NULL ? FM_ERR_MEMORY : FM_OK;
  for (size_t b = from; b < to && status == FM_OK; b++) {
    uint8_t *bucket = j->packed.words + (size_t)begin[b] * l->width;
    size_t n = begin[b + 1] - begin[b];
    for (size_t i = 0; i < n; i++)
      words[i] = fm__word(bucket + i * l->width, l->width);
    j->parts[b].people = bucket;
    read_words(&j->parts[b], &j->q, fm__packed_sort(words, scratch, n, l->day_bits, l->bucket_shift), n);
  }
  fm__free(scratch);
  fm__free(words);
  return status;
}

static void write_part(const job *j, size_t part)
{
  const fm__layout *l = &j->q.layout;
  const read_part *r = &j->parts[part];
  bool dealt = j->people == NULL;
  uint32_t day_bits = dealt ? l->day_bits : ROWS_DAY_BITS, width = dealt ? l->width : ROWS_WIDTH;
  uint64_t least = dealt ? (uint64_t)part << l->bucket_shift : 0;
  for (size_t i = 0; i < r->n_people; i++) {
    uint64_t word = fm__word(r->people + i * width, width), start = word >> 2 & ((UINT64_C(1) << day_bits) - 1);
    size_t to = j->first[part] + i;
    int64_t asked = j->q.after[start];
    if (j->persons != NULL)
      j->persons[to] = (int32_t)((uint32_t)(least + (word >> (2 + day_bits))) + (uint32_t)l->person);
    if (j->first_start != NULL)
      j->first_start[to] = l->day + (int32_t)start;
    if (j->status != NULL)
      j->status[to] = asked >= l->range    ? FM_SPELL_UNKNOWN
                      : (word & HELD) != 0 ? FM_SPELL_YES
                      : (word & OPEN) != 0 ? FM_SPELL_UNKNOWN
                                           : FM_SPELL_NO;
    if (j->in_rate != NULL)
      j->in_rate[to] = asked + j->s->gap_days + 1 < l->range;
  }
}

static fm_status write_task(void *ctx, size_t task)
{
  const job *j = ctx;
  size_t from, to;
  buckets_of(j, task, &from, &to);
  for (size_t b = from; b < to; b++)
    write_part(j, b);
  return FM_OK;
}

static fm_status take_spec(fm_spell_milestone_spec *out, const fm_spell_milestone_spec *spec, fm_error *err)
{
  *out = defaults;
  fm_status status = fm__spec_take(out, sizeof *out, spec, "fm_spell_milestone_spec", err);
  if (status == FM_OK && (out->clock < FM_SPELL_BY_DAY || out->clock > FM_SPELL_BY_YEAR))
    status = fm__fail(err, FM_ERR_ARGUMENT, "clock is %d, it must be from FM_SPELL_BY_DAY to FM_SPELL_BY_YEAR",
                      (int)out->clock);
  if (status == FM_OK && (out->after < 0 || out->after > 100000))
    status = fm__fail(err, FM_ERR_ARGUMENT, "after is %d, it must be from 0 to 100000", (int)out->after);
  return status;
}

static fm_status look_at_all(fm__packed_scan *all, job *j, const fm_run *run, fm_error *err)
{
  size_t n_blocks = (j->s->n + j->block_rows - 1) / j->block_rows;
  j->looks = fm__array(n_blocks, sizeof *j->looks);
  if (j->looks == NULL)
    return fm__no_memory(err);
  fm_status status = fm__run_tasks(run, look_task, j, n_blocks, err);
  *all = j->looks[0];
  for (size_t b = 1; status == FM_OK && b < n_blocks; b++) {
    const fm__packed_scan *k = &j->looks[b];
    all->least_person = k->least_person < all->least_person ? k->least_person : all->least_person;
    all->most_person = k->most_person > all->most_person ? k->most_person : all->most_person;
    all->least_start = k->least_start < all->least_start ? k->least_start : all->least_start;
    all->n_persons += k->n_persons;
    all->wrong |= k->wrong;
    all->disorder |= k->disorder;
  }
  for (size_t i = 0; status == FM_OK && all->wrong && i < j->s->n; i++)
    status = fm__spells_check_dates(j->s, i, err);
  return status;
}

/* Days asked for, of every first day. */
static fm_status make_after(job *j, const fm_spell_milestone_spec *spec, fm_error *err)
{
  const fm__layout *l = &j->q.layout;
  int32_t *after = fm__many((size_t)l->range, sizeof *after);
  if (after == NULL)
    return fm__no_memory(err);
  for (int32_t d = 0; d < l->range; d++) {
    int32_t to = fm__clock_add(l->day + d, spec->clock, spec->after);
    after[d] = to == FM_NO_DATE || to > spec->as_of ? l->range + 1 : to - l->day;
  }
  j->q.after = after;
  j->q.gap = spec->gap_days;
  return FM_OK;
}

static fm_status read_in_order(job *j, size_t n_persons, const fm_run *run, fm_error *err)
{
  j->n_parts = (j->s->n + j->block_rows - 1) / j->block_rows;
  j->parts = fm__array(j->n_parts, sizeof *j->parts);
  j->people = fm__many(n_persons, ROWS_WIDTH);
  if (j->parts == NULL || j->people == NULL)
    return fm__no_memory(err);
  size_t at = 0;
  for (size_t b = 0; b < j->n_parts; b++) {
    j->parts[b].people = j->people + at * ROWS_WIDTH;
    at += j->looks[b].n_persons;
  }
  return fm__run_tasks(run, rows_task, j, j->n_parts, err);
}

static fm_status read_dealt(job *j, const fm_run *run, fm_error *err)
{
  j->n_parts = j->q.layout.n_buckets;
  j->n_tasks = j->n_parts < FM__PACKED_BLOCKS ? j->n_parts : FM__PACKED_BLOCKS;
  j->parts = fm__array(j->n_parts, sizeof *j->parts);
  if (j->parts == NULL)
    return fm__no_memory(err);
  fm_status status = fm__packed_create(&j->packed, &j->q.layout, j->s, run, err);
  if (status == FM_OK)
    status = fm__run_progress(run, 0.5, err);
  return status == FM_OK ? fm__run_tasks(run, words_task, j, j->n_tasks, err) : status;
}

/* Too many people and days for a word: a copy is sorted, and read as rows in order. */
static fm_status read_copy(job *j, const fm_run *run, fm_error *err)
{
  const fm__spells *given = j->s;
  size_t n = given->n, bytes = n * sizeof(int32_t);
  int32_t *copy = fm__many(n, 3 * sizeof *copy);
  if (copy == NULL)
    return fm__no_memory(err);
  memcpy(copy, given->person, bytes);
  memcpy(copy + n, given->start, bytes);
  memcpy(copy + 2 * n, given->end, bytes);
  fm_status status = fm_spell_sort(copy, copy + n, copy + 2 * n, NULL, n, run, err);
  fm__spells sorted = {copy, copy + n, copy + 2 * n, NULL, n, given->gap_days, given->as_of};
  j->s = &sorted;
  fm__free(j->looks);
  j->looks = NULL;
  fm__packed_scan all = {0};
  if (status == FM_OK)
    status = look_at_all(&all, j, run, err);
  if (status == FM_OK)
    status = read_in_order(j, all.n_persons, run, err);
  fm__free(copy);
  j->s = given;
  return status;
}

static fm_status write_all(size_t *n_persons, size_t *n_episodes, job *j, const fm_run *run, fm_error *err)
{
  size_t people = 0, episodes = 0;
  j->first = fm__array(j->n_parts, sizeof *j->first);
  if (j->first == NULL)
    return fm__no_memory(err);
  for (size_t b = 0; b < j->n_parts; b++) {
    j->first[b] = people;
    people += j->parts[b].n_people;
    episodes += j->parts[b].n_episodes;
  }
  j->n_tasks = j->n_parts < FM__PACKED_BLOCKS ? j->n_parts : FM__PACKED_BLOCKS;
  fm_status status = fm__run_tasks(run, write_task, j, j->n_tasks, err);
  if (status != FM_OK)
    return status;
  *n_persons = people;
  if (n_episodes != NULL)
    *n_episodes = episodes;
  return FM_OK;
}

static fm_status run_job(size_t *n_persons, size_t *n_episodes, job *j, const fm_spell_milestone_spec *spec,
                         const fm_run *run, fm_error *err)
{
  fm__packed_scan all = {0};
  fm_status status = look_at_all(&all, j, run, err);
  if (status != FM_OK)
    return status;
  if (all.least_start >= spec->as_of) {
    *n_persons = 0;
    if (n_episodes != NULL)
      *n_episodes = 0;
    return FM_OK;
  }
  bool fits = fm__layout_make(&j->q.layout, &all, j->s->n, spec->as_of);
  status = make_after(j, spec, err);
  if (status == FM_OK)
    status = fm__run_progress(run, 0.1, err);
  if (status == FM_OK)
    status = !all.disorder ? read_in_order(j, all.n_persons, run, err)
             : fits        ? read_dealt(j, run, err)
                           : read_copy(j, run, err);
  if (status == FM_OK)
    status = fm__run_progress(run, 0.9, err);
  return status == FM_OK ? write_all(n_persons, n_episodes, j, run, err) : status;
}

fm_status fm_spell_milestone(size_t *n_persons, size_t *n_episodes, int32_t *persons, int32_t *first_start,
                             uint8_t *status, uint8_t *in_rate, const int32_t *person, const int32_t *start,
                             const int32_t *end, size_t n, const fm_spell_milestone_spec *spec, const fm_run *run,
                             fm_error *err)
{
  fm_spell_milestone_spec own;
  if (n_persons == NULL || (n > 0 && (person == NULL || start == NULL || end == NULL)))
    return fm__fail(err, FM_ERR_ARGUMENT, "n_persons, person, start and end must be given");
  fm_status made = take_spec(&own, spec, err);
  if (made != FM_OK)
    return made;
  fm__spells s = {person, start, end, NULL, 0, own.gap_days, own.as_of};
  made = fm__spells_check(&s, run, err);
  if (made != FM_OK)
    return made;
  if (n >= UINT32_MAX)
    return fm__fail(err, FM_ERR_LIMIT, "n is %zu spells, expected less than %u", n, UINT32_MAX);
  s.n = n;
  job j = {.s = &s, .persons = persons, .first_start = first_start, .status = status, .in_rate = in_rate};
  j.block_rows = n / FM__PACKED_BLOCKS + 1;
  j.block_rows = j.block_rows < FM__PACKED_BLOCK_ROWS ? FM__PACKED_BLOCK_ROWS : j.block_rows;
  if (n > 0) {
    made = run_job(n_persons, n_episodes, &j, &own, run, err);
  } else {
    *n_persons = 0;
    if (n_episodes != NULL)
      *n_episodes = 0;
  }
  fm__packed_free(&j.packed);
  fm__free(j.people);
  fm__free(j.parts);
  fm__free(j.first);
  fm__free(j.looks);
  fm__free((void *)(uintptr_t)j.q.after);
  return made;
}
