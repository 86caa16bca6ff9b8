/* Finds the fields of one row: bytes in, places out. It never looks behind data[end], whose '\n' is a sentinel. */
#include "csv/csv_priv.h"

#include <string.h>

#if defined(__SSE2__) && defined(__GNUC__)
#include <emmintrin.h>
#endif

void fm__scan_init(fm__scan *s, uint8_t delimiter)
{
  *s = (fm__scan){.delimiter = delimiter, .block = SIZE_MAX};
  s->stop[delimiter] = 1;
  s->stop['\n'] = 1;
  s->stop['\r'] = 1;
}

uint64_t fm__scan_marks_scalar(const uint8_t *data, const uint8_t stop[256])
{
  uint64_t marks = 0;
  for (size_t i = 0; i < 64; i++)
    marks |= (uint64_t)stop[data[i]] << i;
  return marks;
}

#if defined(__SSE2__) && defined(__GNUC__)
uint64_t fm__scan_marks(const uint8_t *data, const uint8_t stop[256], uint8_t delimiter)
{
  const __m128i d = _mm_set1_epi8((char)delimiter), lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
  uint64_t marks = 0;
  (void)stop;
  for (size_t i = 0; i < 64; i += 16) {
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(data + i));
    __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(x, d), _mm_or_si128(_mm_cmpeq_epi8(x, lf), _mm_cmpeq_epi8(x, cr)));
    marks |= (uint64_t)(uint32_t)_mm_movemask_epi8(hit) << i;
  }
  return marks;
}
#else
uint64_t fm__scan_marks(const uint8_t *data, const uint8_t stop[256], uint8_t delimiter)
{
  (void)delimiter;
  return fm__scan_marks_scalar(data, stop);
}
#endif

static inline size_t lowest(uint64_t marks)
{
#if defined(__GNUC__)
  return (size_t)__builtin_ctzll(marks);
#else
  size_t i = 0;
  for (; (marks & 1) == 0; marks >>= 1)
    i++;
  return i;
#endif
}

/* The stops of 64 bytes: kept in registers while a row is read, in the scan between rows. */
typedef struct stops {
  size_t block;
  uint64_t marks;
} stops;

/* The first stop at or after p; the sentinel is one. */
static inline size_t next_stop(const fm__scan *s, stops *at, size_t p)
{
  size_t block = p & ~(size_t)63;
  if (block != at->block) {
    at->block = block;
    at->marks = fm__scan_marks(s->data + block, s->stop, s->delimiter);
  }
  uint64_t marks = at->marks >> (p & 63);
  if (marks != 0)
    return p + lowest(marks);
  do {
    at->block += 64;
    at->marks = fm__scan_marks(s->data + at->block, s->stop, s->delimiter);
  } while (at->marks == 0);
  return at->block + lowest(at->marks);
}

/* Reads a quoted field whose opening quote stands at `open`; gives the place behind it, or SIZE_MAX when the data end
 * inside it. */
static size_t scan_quoted(const fm__scan *s, size_t open, fm__field *field, fm__row *row)
{
  const uint8_t *data = s->data;
  uint32_t flags = 0;
  int64_t lines = 0;
  size_t p = open + 1;
  for (; p < s->end; p++) {
    uint8_t c = data[p];
    if (c == '"') {
      if (p + 1 == s->end || data[p + 1] != '"')
        break;
      flags = FM__FIELD_ESCAPED;
      p++;
    } else if (c == '\n' || (c == '\r' && (p + 1 == s->end || data[p + 1] != '\n'))) {
      lines++;
    }
  }
  if (p == s->end) {
    row->quote_at = open;
    row->quote_lines = row->n_lines;
    return SIZE_MAX;
  }
  row->n_lines += lines;
  size_t next = p + 1;
  *field = (fm__field){(uint32_t)(open + 1), (uint32_t)(p - open - 1) | flags};
  row->flags |= flags;
  if (!s->stop[data[next]]) {
    while (!s->stop[data[next]])
      next++;
    *field = (fm__field){(uint32_t)open, (uint32_t)(next - open) | FM__FIELD_DAMAGED};
    row->flags |= FM__FIELD_DAMAGED;
  }
  return next;
}

/* Reads the field that begins at `start`; gives the place of the stop behind it, or SIZE_MAX when the data end inside
 * its quotes. */
static inline size_t scan_field(const fm__scan *s, stops *at, size_t start, fm__field *field, fm__row *row)
{
  if (s->data[start] == '"' && start < s->end)
    return scan_quoted(s, start, field, row);
  size_t p = next_stop(s, at, start);
  *field = (fm__field){(uint32_t)start, (uint32_t)(p - start)};
  return p;
}

/* The row's last field has ended at p: moves behind it. */
static int end_row(fm__scan *s, size_t p, fm__row *row)
{
  if (p >= s->end) { /* the sentinel */
    if (!s->at_end)
      return FM__ROW_MORE;
    if (p == s->at)
      return FM__ROW_NONE;
    s->at = p;
    return FM__ROW_FOUND;
  }
  size_t first = s->at;
  if (s->data[p] == '\r') {
    if (p + 1 == s->end && !s->at_end)
      return FM__ROW_MORE;
    s->at = p + 1 < s->end && s->data[p + 1] == '\n' ? p + 2 : p + 1;
  } else {
    s->at = p + 1;
  }
  row->n_lines++;
  return p == first ? FM__ROW_BLANK : FM__ROW_FOUND;
}

int fm__scan_row(fm__scan *s, fm__field *fields, size_t room, fm__row *row)
{
  stops at = {s->block, s->marks};
  size_t p = s->at, n = 0;
  fm__field spare;
  *row = (fm__row){.quote_at = SIZE_MAX};
  for (;; p++) {
    p = scan_field(s, &at, p, n < room ? &fields[n] : &spare, row);
    if (p == SIZE_MAX)
      break;
    n++;
    if (s->data[p] != s->delimiter)
      break;
  }
  s->block = at.block;
  s->marks = at.marks;
  row->n_fields = n;
  if (p == SIZE_MAX)
    return s->at_end ? FM__ROW_OPEN : FM__ROW_MORE;
  return end_row(s, p, row);
}

/* ---- many rows at a time, without quotes ---- */
#if defined(__SSE2__) && defined(__GNUC__)
#define PIECE 2112 /* stops held at a time: a batch of eight columns */
#define USUAL 10   /* stops of 64 bytes taken without asking how many there are */

/* Has a block of 64 bytes no quote, and no CR but before LF? */
static bool is_plain_block(const uint8_t *block)
{
  const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r'), quote = _mm_set1_epi8('"');
  __m128i bad = _mm_setzero_si128();
  for (size_t i = 0; i < 64; i += 16) {
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(block + i));
    __m128i next = _mm_loadu_si128((const __m128i *)(const void *)(block + i + 1));
    __m128i lone = _mm_andnot_si128(_mm_cmpeq_epi8(next, lf), _mm_cmpeq_epi8(x, cr));
    bad = _mm_or_si128(bad, _mm_or_si128(lone, _mm_cmpeq_epi8(x, quote)));
  }
  return _mm_movemask_epi8(bad) == 0;
}

static inline size_t sum_bytes(__m128i counts)
{
  counts = _mm_sad_epu8(counts, _mm_setzero_si128());
  return (size_t)_mm_cvtsi128_si32(_mm_add_epi32(counts, _mm_srli_si128(counts, 8)));
}

/* Delimiters and LFs of whole plain blocks from s->at on, until there are `wanted`; *n_ends: the LFs among them. */
static size_t list_stops(const fm__scan *s, size_t wanted, uint32_t *list, size_t *n_ends)
{
  const __m128i d = _mm_set1_epi8((char)s->delimiter), lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
  const __m128i quote = _mm_set1_epi8('"');
  size_t n = 0;
  *n_ends = 0;
  for (size_t from = s->at; from + 64 <= s->end && n < wanted; from += 64) {
    uint64_t marks = 0;
    __m128i counts = _mm_setzero_si128(), ends = counts, odd = counts;
    for (size_t i = 0; i < 64; i += 16) {
      __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(s->data + from + i));
      __m128i end = _mm_cmpeq_epi8(x, lf), hit = _mm_or_si128(_mm_cmpeq_epi8(x, d), end);
      odd = _mm_or_si128(odd, _mm_or_si128(_mm_cmpeq_epi8(x, cr), _mm_cmpeq_epi8(x, quote)));
      counts = _mm_sub_epi8(counts, hit);
      ends = _mm_sub_epi8(ends, end);
      marks |= (uint64_t)(uint32_t)_mm_movemask_epi8(hit) << i;
    }
    if (_mm_movemask_epi8(odd) != 0 && !is_plain_block(s->data + from))
      break;
    size_t count = sum_bytes(counts);
    *n_ends += sum_bytes(ends);
    for (size_t i = 0; i < USUAL; i++, marks &= marks - 1)
      list[n + i] = (uint32_t)(from + lowest(marks | (uint64_t)1 << 63));
    for (size_t i = USUAL; i < count; i++, marks &= marks - 1)
      list[n + i] = (uint32_t)(from + lowest(marks));
    n += count;
  }
  return n;
}

/* How many of the first n_rows rows end with their last stop, are not blank and not above `longest` bytes. */
static size_t good_rows(const fm__scan *s, const uint32_t *list, size_t n_columns, size_t n_rows, size_t longest)
{
  size_t at = s->at, n = 0;
  for (; n < n_rows; n++) {
    size_t last = list[n_columns - 1], end = last - (last > at && s->data[last - 1] == '\r');
    if (s->data[last] != '\n' || end - at - 1 >= longest)
      break;
    at = last + 1;
    list += n_columns;
  }
  return n;
}

/* How many of the first n_rows rows have no line end before their last stop. */
static size_t rows_of_one_line(const fm__scan *s, const uint32_t *list, size_t n_columns, size_t n_rows)
{
  size_t k = 0;
  while (k < n_rows * n_columns && (k % n_columns == n_columns - 1 || s->data[list[k]] != '\n'))
    k++;
  return k / n_columns;
}

/* Fields between n stops; list[-1] is the stop before the first. */
static void make_fields(const uint32_t *list, size_t n, fm__field *fields)
{
  const __m128i one = _mm_set1_epi32(1);
  const uint32_t *before = list - 1;
  size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    __m128i stop = _mm_loadu_si128((const __m128i *)(const void *)(list + i));
    __m128i start = _mm_add_epi32(_mm_loadu_si128((const __m128i *)(const void *)(before + i)), one);
    __m128i size = _mm_sub_epi32(stop, start);
    _mm_storeu_si128((__m128i *)(void *)(fields + i), _mm_unpacklo_epi32(start, size));
    _mm_storeu_si128((__m128i *)(void *)(fields + i + 2), _mm_unpackhi_epi32(start, size));
  }
  for (; i < n; i++)
    fields[i] = (fm__field){before[i] + 1, list[i] - before[i] - 1};
}

size_t fm__scan_plain(fm__scan *s, fm__field *fields, size_t n_columns, size_t room, size_t longest)
{
  uint32_t room_before[4 + PIECE], *list = room_before + 4;
  size_t done = 0, n = 1, found = 1;
  while (done < room && n > 0 && n == found) {
    size_t wanted = (room - done) * n_columns, most = PIECE - 64, n_ends;
    size_t n_stops = list_stops(s, wanted < most ? wanted : most, list, &n_ends);
    found = n_stops / n_columns;
    n = good_rows(s, list, n_columns, found, longest);
    if (n_ends != n)
      n = rows_of_one_line(s, list, n_columns, n);
    n = n < room - done ? n : room - done;
    list[-1] = (uint32_t)s->at - 1;
    make_fields(list, n * n_columns, fields);
    for (size_t i = 0; i < n; i++) {
      fields += n_columns;
      fields[-1].size -= s->data[fields[-1].start + fields[-1].size - 1] == '\r';
    }
    s->at = n > 0 ? list[n * n_columns - 1] + (size_t)1 : s->at;
    done += n;
  }
  return done;
}
#else
size_t fm__scan_plain(fm__scan *s, fm__field *fields, size_t n_columns, size_t room, size_t longest)
{
  (void)s;
  (void)fields;
  (void)n_columns;
  (void)room;
  (void)longest;
  return 0;
}
#endif

size_t fm__scan_equal_scalar(const uint8_t *data, size_t next, size_t width, size_t end)
{
  size_t i = 0;
  while (next + i < end && data[next + i] == data[next + i - width])
    i++;
  return i / width;
}

#if defined(__SSE2__) && defined(__GNUC__)
size_t fm__scan_equal(const uint8_t *data, size_t next, size_t width, size_t end)
{
  const uint8_t *b = data + next, *a = b - width;
  size_t room = end - next, i = 0;
  for (; i < room; i += 16) {
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(a + i));
    __m128i y = _mm_loadu_si128((const __m128i *)(const void *)(b + i));
    uint32_t differ = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, y)) ^ 0xFFFFU;
    if (differ != 0) {
      i += (size_t)__builtin_ctz(differ);
      break;
    }
  }
  i = i < room ? i : room;
  return i < width ? 0 : width == 1 ? i : width == 4 ? i / 4 : i / width;
}
#else
size_t fm__scan_equal(const uint8_t *data, size_t next, size_t width, size_t end)
{
  return fm__scan_equal_scalar(data, next, width, end);
}
#endif

int fm__scan_runs(fm__scan *s, fm__field *cells, uint32_t *counts, size_t room, fm__row *row, size_t *n_runs)
{
  stops at = {s->block, s->marks};
  size_t p = s->at, n = 0, k = 0;
  *row = (fm__row){.quote_at = SIZE_MAX};
  *n_runs = 0;
  for (;; p++) {
    fm__field cell;
    size_t start = p, equal = 0;
    int64_t lines = row->n_lines;
    p = scan_field(s, &at, p, &cell, row);
    if (p == SIZE_MAX)
      break;
    bool ends = s->data[p] != s->delimiter;
    if (!ends && (cell.size & FM__FIELD_FLAGS) == 0 && row->n_lines == lines)
      equal = fm__scan_equal(s->data, p + 1, p + 1 - start, s->end);
    if (k < room) {
      cells[k] = cell;
      counts[k] = (uint32_t)equal + 1;
    }
    k++;
    n += equal + 1;
    p += equal * (p + 1 - start);
    if (ends)
      break;
  }
  s->block = at.block;
  s->marks = at.marks;
  row->n_fields = n;
  if (p == SIZE_MAX)
    return s->at_end ? FM__ROW_OPEN : FM__ROW_MORE;
  *n_runs = k;
  return end_row(s, p, row);
}

size_t fm__unescape(char *text, size_t length)
{
  size_t n = 0;
  for (size_t i = 0; i < length; i++) {
    text[n++] = text[i];
    if (text[i] == '"')
      i++; /* inside a quoted field each quote is followed by another */
  }
  return n;
}
