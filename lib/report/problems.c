/* The text of a problems table: place, what was found and expected, how to mend it, and a last line that counts. */
#include <stdio.h>
#include <string.h>

#include "catalogue/catalogue_priv.h"
#include "report/report_priv.h"
#include "table/table_priv.h"

enum { SEVERITY, CODE, TABLE, LINE, COLUMN, CELL, VALUE, WHAT, EXPECTED, HINT, COUNT, N_COLUMNS };
static const struct {
  const char *name;
  int32_t type;
} columns[N_COLUMNS] = {{"severity", FM_CODE}, {"code", FM_CODE}, {"table", FM_CODE}, {"line", FM_I64},
                        {"column", FM_CODE},   {"cell", FM_CODE}, {"value", FM_CODE}, {"what", FM_CODE},
                        {"expected", FM_CODE}, {"hint", FM_CODE}, {"count", FM_I64}};

typedef struct list {
  const fm_table *t;
  const char *lang;
  size_t at[N_COLUMNS];
} list;

static const char *text_at(const list *l, int which, size_t row)
{
  const char *text = fm_table_text(l->t, l->at[which], row, NULL);
  return text != NULL ? text : "";
}

/* ---- sentences of other parts of the library, in another language ----
 * Their English text is matched with the patterns of the labels problem.*: {1} stands for any words. */

enum { MAX_WORDS = 9, MAX_DEPTH = 3 };
typedef struct match {
  const char *start[MAX_WORDS];
  size_t size[MAX_WORDS];
} match;

/* Number of literal bytes when `text` has the form of `pattern`, else -1. Each place takes as little as it can. */
static int64_t match_pattern(const char *pattern, const char *text, match *m)
{
  int64_t literal = 0;
  while (*pattern != '\0') {
    size_t plain = strcspn(pattern, "{");
    if (strncmp(pattern, text, plain) != 0)
      return -1;
    pattern += plain;
    text += plain;
    literal += (int64_t)plain;
    if (*pattern == '\0')
      break;
    size_t k = (size_t)(pattern[1] - '1');
    if (pattern[1] < '1' || pattern[1] > '9' || pattern[2] != '}')
      return -1;
    pattern += 3;
    char next[320];
    size_t size = strcspn(pattern, "{");
    if (size >= sizeof next)
      return -1;
    memcpy(next, pattern, size);
    next[size] = '\0';
    const char *end = size > 0 ? strstr(text, next) : text + strlen(text);
    if (end == NULL)
      return -1;
    m->start[k] = text;
    m->size[k] = (size_t)(end - text);
    text = end;
  }
  return *text == '\0' ? literal : -1;
}

static void put_translated(fm__bytes *b, const char *text, size_t size, const char *lang, int depth);

static void put_words(fm__bytes *b, const char *pattern, const match *m, const char *lang, int depth)
{
  while (*pattern != '\0') {
    size_t plain = strcspn(pattern, "{");
    fm__bytes_raw(b, pattern, plain);
    pattern += plain;
    if (*pattern == '\0')
      break;
    size_t k = (size_t)(pattern[1] - '1');
    put_translated(b, m->start[k], m->size[k], lang, depth + 1);
    pattern += 3;
  }
}

static void put_translated(fm__bytes *b, const char *text, size_t size, const char *lang, int depth)
{
  static const char prefix[] = "problem.";
  char copy[2048];
  int64_t best = -1;
  size_t chosen = 0;
  match m = {{0}, {0}};
  if (size >= sizeof copy || size == 0 || strcmp(lang, "en") == 0 || depth > MAX_DEPTH) {
    fm__bytes_raw(b, text, size);
    return;
  }
  memcpy(copy, text, size);
  copy[size] = '\0';
  for (size_t k = 0; k < fm__catalogue_n_labels; k++) {
    const fm__catalogue_label *label = &fm__catalogue_labels[k];
    if (strncmp(label->key, prefix, sizeof prefix - 1) != 0)
      continue;
    int64_t literal = match_pattern(label->en, copy, &m);
    if (literal > best) {
      best = literal;
      chosen = k;
    }
  }
  if (best < 1) {
    fm__bytes_raw(b, text, size);
    return;
  }
  match_pattern(fm__catalogue_labels[chosen].en, copy, &m);
  put_words(b, fm__catalogue_labels[chosen].da, &m, lang, depth);
}

static void put_sentence(fm__bytes *b, const list *l, int which, size_t row)
{
  const char *text = text_at(l, which, row);
  put_translated(b, text, strlen(text), l->lang, 0);
}

/* ---- one problem ---- */

static void put_place(fm__bytes *b, const list *l, size_t row)
{
  char number[32];
  const char *lang = l->lang;
  if (strcmp(text_at(l, SEVERITY, row), "note") == 0)
    fm__put(b, fm_catalogue_label("problems.note", lang));
  fm__put(b, text_at(l, TABLE, row));
  if (!fm_table_is_null(l->t, l->at[LINE], row)) {
    snprintf(number, sizeof number, "%lld", (long long)fm_table_i64(l->t, l->at[LINE])[row]);
    const char *args[] = {number};
    fm__say(b, lang, "problems.line", args, 1);
  }
  const char *column[] = {text_at(l, COLUMN, row)}, *cell[] = {text_at(l, CELL, row)};
  if (column[0][0] != '\0')
    fm__say(b, lang, "problems.column", column, 1);
  if (cell[0][0] != '\0')
    fm__say(b, lang, "problems.cell", cell, 1);
  fm__put(b, ": ");
  put_sentence(b, l, WHAT, row);
  fm__put(b, "  [");
  fm__put(b, text_at(l, CODE, row));
  fm__put(b, "]");
}

/* Writes a line that was put together in `line` and empties it. */
static void flush(fm__bytes *b, fm__bytes *line, size_t at, size_t indent)
{
  fm__put_wrapped(b, fm__text_of(line), at, indent);
  b->failed = b->failed || line->failed;
  line->size = 0;
}

static void put_problem(fm__bytes *b, fm__bytes *line, const list *l, size_t row)
{
  const char *lang = l->lang;
  put_place(line, l, row);
  flush(b, line, 0, 2);
  bool found = !fm_table_is_null(l->t, l->at[VALUE], row), expected = text_at(l, EXPECTED, row)[0] != '\0';
  const char *value[] = {text_at(l, VALUE, row)};
  if (found)
    fm__say(line, lang, "problems.found", value, 1);
  if (expected) {
    fm__put(line, found ? ", " : "");
    fm__put(line, fm_catalogue_label("problems.expected", lang));
    put_sentence(line, l, EXPECTED, row);
  }
  if (found || expected) {
    fm__put_spaces(b, 2);
    flush(b, line, 2, 2);
  }
  if (text_at(l, HINT, row)[0] != '\0') {
    const char *mend = fm_catalogue_label("problems.mend", lang);
    fm__put_spaces(b, 2);
    fm__put(b, mend);
    put_sentence(line, l, HINT, row);
    flush(b, line, 2 + fm__width(mend), 2 + fm__width(mend));
  }
}

/* ---- counting: problems of a kind (code, table, column) share one count ---- */

static bool same_kind(const list *l, size_t a, size_t b)
{
  return strcmp(text_at(l, CODE, a), text_at(l, CODE, b)) == 0 &&
         strcmp(text_at(l, TABLE, a), text_at(l, TABLE, b)) == 0 &&
         strcmp(text_at(l, COLUMN, a), text_at(l, COLUMN, b)) == 0;
}

static int64_t count_at(const list *l, size_t row)
{
  return fm_table_is_null(l->t, l->at[COUNT], row) ? 1 : fm_table_i64(l->t, l->at[COUNT])[row];
}

/* After the last one listed of a kind: how many more there are. */
static void put_more(fm__bytes *b, const list *l, size_t row)
{
  int64_t listed = 0;
  for (size_t i = 0; i < fm_table_n_rows(l->t); i++) {
    if (same_kind(l, i, row)) {
      if (i > row)
        return;
      listed++;
    }
  }
  if (count_at(l, row) <= listed)
    return;
  fm__bytes number = {0};
  fm__say_whole(&number, count_at(l, row) - listed, l->lang);
  const char *args[] = {fm__text_of(&number)};
  fm__put_spaces(b, 2);
  fm__say(b, l->lang, "problems.more", args, 1);
  fm__put(b, "\n");
  b->failed = b->failed || number.failed;
  fm__bytes_free(&number);
}

/* Problems of a severity in one table, each kind once. */
static int64_t count_in(const list *l, size_t of_table, bool notes)
{
  int64_t total = 0;
  for (size_t i = 0; i < fm_table_n_rows(l->t); i++) {
    bool fresh = strcmp(text_at(l, TABLE, i), text_at(l, TABLE, of_table)) == 0 &&
                 (strcmp(text_at(l, SEVERITY, i), "note") == 0) == notes;
    for (size_t k = 0; k < i && fresh; k++)
      fresh = !same_kind(l, i, k);
    total += fresh ? count_at(l, i) : 0;
  }
  return total;
}

static void put_count(fm__bytes *b, const list *l, bool notes)
{
  fm__bytes total = {0}, files = {0}, names = {0};
  int64_t n = 0, n_files = 0;
  bool is_file = false;
  for (size_t i = 0; i < fm_table_n_rows(l->t); i++) {
    const char *table = text_at(l, TABLE, i);
    bool fresh = true;
    for (size_t k = 0; k < i && fresh; k++)
      fresh = strcmp(text_at(l, TABLE, k), table) != 0;
    int64_t here = fresh ? count_in(l, i, notes) : 0;
    if (here == 0)
      continue;
    fm__put(&names, n_files > 0 ? ", " : "");
    fm__put(&names, table);
    fm__put(&names, " ");
    fm__say_whole(&names, here, l->lang);
    n += here;
    n_files++;
    is_file = is_file || strchr(table, '.') != NULL;
  }
  fm__say_whole(&total, n, l->lang);
  fm__say_whole(&files, n_files, l->lang);
  char key[64];
  snprintf(key, sizeof key, "problems.%s.%s", notes ? "notes" : "errors", n == 1 ? "one" : "many");
  const char *count[] = {fm__text_of(&total)};
  fm__bytes line = {0};
  fm__say(&line, l->lang, key, count, 1);
  snprintf(key, sizeof key, "problems.%s.%s", is_file ? "files" : "tables", n_files == 1 ? "one" : "many");
  const char *places[] = {fm__text_of(&files), fm__text_of(&names)};
  fm__say(&line, l->lang, key, places, 2);
  if (!notes)
    fm__put(&line, fm_catalogue_label("problems.nothing", l->lang));
  if (n > 0)
    flush(b, &line, 0, 0);
  b->failed = b->failed || total.failed || files.failed || names.failed || line.failed;
  fm__bytes_free(&total);
  fm__bytes_free(&files);
  fm__bytes_free(&names);
  fm__bytes_free(&line);
}

fm_status fm_report_problems(char **out, const fm_table *problems, const char *lang, fm_error *err)
{
  fm__bytes b = {0}, line = {0};
  list l = {.t = problems, .lang = lang};
  *out = NULL;
  fm_status status = fm__check_lang(lang, err);
  if (status == FM_OK)
    status = fm__table_require_sealed(problems, err);
  for (size_t k = 0; k < N_COLUMNS && status == FM_OK; k++)
    status = fm__table_find(problems, columns[k].name, columns[k].type, &l.at[k], err);
  if (status != FM_OK)
    return status;
  for (size_t i = 0; i < fm_table_n_rows(problems); i++) {
    put_problem(&b, &line, &l, i);
    put_more(&b, &l, i);
    fm__put(&b, "\n");
  }
  put_count(&b, &l, true);
  put_count(&b, &l, false);
  b.failed = b.failed || line.failed;
  fm__bytes_free(&line);
  return fm__give_text(out, &b, err);
}
