/* Growing text, words in the language, and what is said when something is wrong. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum { PAGE_WIDTH = 80 };

const char *language = "en";

static const word *find_word(const char *key)
{
  for (size_t i = 0; i < n_words; i++)
    if (strcmp(words[i].key, key) == 0)
      return &words[i];
  return NULL;
}

bool has_word(const char *key)
{
  return find_word(key) != NULL;
}

const char *text(const char *key)
{
  const word *w = find_word(key);
  if (w == NULL)
    return key;
  return strcmp(language, "da") == 0 ? w->da : w->en;
}

void *need(void *ptr, size_t size)
{
  void *grown = realloc(ptr, size > 0 ? size : 1);
  if (grown == NULL) {
    fprintf(stderr, "flexmetrics: %s\n", text("memory"));
    exit(EXIT_SYSTEM);
  }
  return grown;
}

void put_bytes(buffer *b, const char *bytes, size_t n)
{
  if (b->capacity - b->size <= n) {
    b->capacity = b->size + n + b->capacity / 2 + 64;
    b->data = need(b->data, b->capacity);
  }
  if (n > 0)
    memcpy(b->data + b->size, bytes, n);
  b->size += n;
  b->data[b->size] = '\0';
}

void put(buffer *b, const char *t)
{
  put_bytes(b, t, strlen(t));
}

const char *text_of(buffer *b)
{
  put_bytes(b, "", 0);
  return b->data;
}

static void put_pattern(buffer *b, const char *pattern, va_list list)
{
  const char *arguments[9] = {NULL};
  for (size_t n = 0; n < COUNT(arguments); n++) {
    arguments[n] = va_arg(list, const char *);
    if (arguments[n] == NULL)
      break;
  }
  while (*pattern != '\0') {
    size_t plain = strcspn(pattern, "{");
    put_bytes(b, pattern, plain);
    pattern += plain;
    if (pattern[0] == '{' && pattern[1] >= '1' && pattern[1] <= '9' && pattern[2] == '}') {
      const char *argument = arguments[pattern[1] - '1'];
      put(b, argument != NULL ? argument : "");
      pattern += 3;
    } else if (*pattern != '\0') {
      put_bytes(b, pattern++, 1);
    }
  }
}

void put_text(buffer *b, const char *key, ...)
{
  va_list list;
  va_start(list, key);
  put_pattern(b, text(key), list);
  va_end(list);
}

size_t width_of(const char *t)
{
  size_t n = 0;
  for (; *t != '\0'; t++)
    n += ((unsigned char)*t & 0xC0) != 0x80;
  return n;
}

void put_padded(buffer *b, const char *t, size_t width)
{
  put(b, t);
  for (size_t n = width_of(t); n < width; n++)
    put(b, " ");
}

void put_wrapped(buffer *b, const char *t, size_t at, size_t indent)
{
  bool first = true;
  while (*t != '\0') {
    buffer one = {0};
    size_t n = strcspn(t, " ");
    put_bytes(&one, t, n);
    size_t width = width_of(text_of(&one));
    if (!first && at + 1 + width > PAGE_WIDTH) {
      put(b, "\n");
      put_padded(b, "", indent);
      at = indent;
      first = true;
    }
    put(b, first ? "" : " ");
    put(b, text_of(&one));
    at += width + (first ? 0 : 1);
    first = false;
    t += n;
    while (*t == ' ')
      t++;
    free(one.data);
  }
  put(b, "\n");
}

void put_date(buffer *b, int32_t date)
{
  char plain[11];
  fm_date_format(plain, date);
  put(b, plain);
}

void put_whole(buffer *b, int64_t value)
{
  char digits[32];
  snprintf(digits, sizeof digits, "%" PRId64, value);
  put(b, digits);
}

/* ---- what is wrong ---- */

static void speak(const char *pattern, va_list list)
{
  buffer b = {0};
  put(&b, "flexmetrics: ");
  put_pattern(&b, pattern, list);
  put(&b, "\n");
  fputs(b.data, stderr);
  free(b.data);
}

void complain(const char *key, ...)
{
  va_list list;
  va_start(list, key);
  speak(text(key), list);
  va_end(list);
}

int misuse(const char *called, const char *key, ...)
{
  va_list list;
  buffer b = {0};
  va_start(list, key);
  speak(text(key), list);
  va_end(list);
  put_text(&b, "usage.help", called != NULL ? called : "", called != NULL ? " " : "", NULL);
  fprintf(stderr, "%s\n", b.data);
  free(b.data);
  return EXIT_USAGE;
}

char *in_language(const char *sentence)
{
  static const char *const columns[] = {"severity", "code", "table",    "column", "cell",
                                        "value",    "what", "expected", "hint"};
  const char *cells[] = {"error", "@", "@", NULL, NULL, NULL, sentence, NULL, NULL};
  static const uint8_t none[1] = {0};
  static const int64_t zero[1] = {0};
  buffer b = {0};
  fm_table *t = NULL;
  char *list = NULL;
  bool done = fm_table_create(&t, "problems", NULL) == FM_OK;
  for (size_t k = 0; k < COUNT(columns) && done; k++)
    done = fm_table_add_text(t, columns[k], &cells[k], 1, NULL) == FM_OK;
  done = done && fm_table_add_i64(t, "line", zero, none, 1, NULL, NULL, NULL) == FM_OK &&
         fm_table_add_i64(t, "count", zero, none, 1, NULL, NULL, NULL) == FM_OK && fm_table_seal(t, NULL) == FM_OK &&
         fm_report_problems(&list, t, language, NULL) == FM_OK;
  /* "@: sentence  [@]", wrapped: one line is wanted */
  char *end = done ? strstr(list, "[@]") : NULL;
  const char *start = end != NULL && strncmp(list, "@: ", 3) == 0 ? list + 3 : NULL;
  while (end != NULL && end > list && (end[-1] == ' ' || end[-1] == '\n'))
    *--end = '\0';
  for (const char *p = start; p != NULL && *p != '\0'; p++) {
    put_bytes(&b, *p == '\n' ? " " : p, 1);
    if (*p == '\n')
      p += strspn(p + 1, " ");
  }
  if (start == NULL)
    put(&b, sentence);
  fm_free(list);
  fm_table_destroy(t);
  return b.data;
}

static int exit_of(const fm_error *err)
{
  switch (err->code) {
  case FM_ERR_ARGUMENT:
    return EXIT_USAGE;
  case FM_ERR_TYPE:
  case FM_ERR_VALUE:
  case FM_ERR_FORMAT:
  case FM_ERR_DATA:
    return EXIT_DATA;
  case FM_ERR_NOT_FOUND:
    return strcmp(err->detail, "FM-F01") == 0 ? EXIT_SYSTEM : EXIT_DATA;
  default:
    return EXIT_SYSTEM;
  }
}

/* "column x, row 4: expected ..." without the place, which stands before it as line and column of the file. */
static const char *without_place(const char *sentence, const fm_error *err)
{
  const char *colon = strstr(sentence, ": "), *column = strstr(sentence, err->column);
  bool told =
      colon != NULL && column != NULL && column < colon && colon > sentence && colon[-1] >= '0' && colon[-1] <= '9';
  return told && (size_t)(colon - sentence) < strlen(err->column) + 40 ? colon + 2 : sentence;
}

int fail(const fm_error *err)
{
  if (err->code == FM_ERR_CANCELLED || was_stopped()) {
    complain("stopped", NULL);
    return EXIT_SYSTEM;
  }
  buffer b = {0};
  char number[32];
  char *sentence = in_language(err->message);
  bool placed = err->table[0] != '\0' && strncmp(err->message, err->table, strlen(err->table)) != 0;
  if (placed)
    put(&b, err->table);
  if (placed && err->line > 0) {
    snprintf(number, sizeof number, "%" PRId64, err->line);
    put_text(&b, "place.line", number, NULL);
  }
  if (placed && err->column[0] != '\0')
    put_text(&b, "place.column", err->column, NULL);
  put(&b, placed ? ": " : "");
  put(&b, placed && err->line > 0 && err->column[0] != '\0' ? without_place(sentence, err) : sentence);
  if (err->detail[0] != '\0') {
    put(&b, "  [");
    put(&b, err->detail);
    put(&b, "]");
  }
  fprintf(stderr, "flexmetrics: %s\n", b.data);
  free(b.data);
  free(sentence);
  return exit_of(err);
}

/* ---- names that are nearly right ---- */

enum { LONGEST_NAME = 63 };

/* Letters to add, drop or change to make one name of the other. */
static size_t distance(const char *a, const char *b)
{
  size_t n = strlen(a), m = strlen(b), row[LONGEST_NAME + 1];
  if (n > LONGEST_NAME || m > LONGEST_NAME)
    return SIZE_MAX;
  for (size_t j = 0; j <= m; j++)
    row[j] = j;
  for (size_t i = 1; i <= n; i++) {
    size_t corner = row[0];
    row[0] = i;
    for (size_t j = 1; j <= m; j++) {
      size_t change = corner + (a[i - 1] != b[j - 1]), other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
      corner = row[j];
      row[j] = change < other ? change : other;
    }
  }
  return row[m];
}

const char *nearest(const char *typed, const char *const *names, size_t n)
{
  const char *best = NULL;
  size_t least = SIZE_MAX, length = strlen(typed);
  for (size_t i = 0; i < n; i++) {
    size_t d = distance(typed, names[i]);
    bool begins = length >= 3 && strncmp(typed, names[i], length) == 0;
    const char *part = strchr(names[i], '.');
    if (begins || (part != NULL && strcmp(part + 1, typed) == 0))
      d = 1;
    if (d < least) {
      least = d;
      best = names[i];
    }
  }
  return best != NULL && least <= 1 + length / 3 && least < length ? best : NULL;
}

const char *suggestion(const char *typed, const char *const *names, size_t n)
{
  static buffer b;
  const char *name = nearest(typed, names, n);
  b.size = 0;
  if (name != NULL)
    put_text(&b, "did_you_mean", name, NULL);
  return text_of(&b);
}
