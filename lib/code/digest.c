/* A short text that differs when a list could give other figures. */
#include "code/code_priv.h"

#include <stdlib.h>
#include <string.h>

/* Columns for readers only. */
static bool is_silent(const char *column)
{
  return strncmp(column, "label_", 6) == 0 || strcmp(column, "source") == 0 || strcmp(column, "status") == 0 ||
         strcmp(column, "note") == 0;
}

static int compare_hashes(const void *a, const void *b)
{
  const fm__hash128 *x = a, *y = b;
  if (x->high != y->high)
    return x->high < y->high ? -1 : 1;
  return x->low < y->low ? -1 : x->low > y->low;
}

/* One hash of many, whatever their order; written out as little-endian bytes. */
static fm__hash128 hash_all(fm__hash128 *hashes, size_t n, fm__bytes *b)
{
  qsort(hashes, n, sizeof *hashes, compare_hashes);
  b->size = 0;
  for (size_t i = 0; i < n; i++) {
    fm__bytes_u64(b, hashes[i].high);
    fm__bytes_u64(b, hashes[i].low);
  }
  return fm__hash(b->data, b->size);
}

/* Each cell is hashed with its column's name: columns may stand anywhere. */
static fm__hash128 hash_row(const fm_codes *c, size_t row, fm__hash128 *cells, fm__bytes *b)
{
  size_t n = 0;
  for (size_t k = 0; k < c->n_columns; k++) {
    size_t n_name, n_text;
    const char *name = fm__texts_at(c->texts, (size_t)c->columns[k], &n_name);
    const char *text = fm__codes_cell(c, row, k, &n_text);
    if (text == NULL || is_silent(name))
      continue;
    b->size = 0;
    fm__bytes_text(b, name, n_name);
    fm__bytes_text(b, text, n_text);
    cells[n++] = fm__hash(b->data, b->size);
  }
  return hash_all(cells, n, b);
}

static void write_hex(char *out, uint64_t value)
{
  for (int i = 0; i < 16; i++)
    out[i] = "0123456789abcdef"[value >> (60 - 4 * i) & 15];
}

fm_status fm__codes_make_digest(fm_codes *c, fm_error *err)
{
  size_t n_name = strlen(c->name);
  fm__bytes bytes = {0};
  fm__hash128 *rows = fm__array(c->n, sizeof *rows), *cells = fm__array(c->n_columns, sizeof *cells);
  c->digest = fm__alloc(n_name + 34);
  bool ok = rows != NULL && cells != NULL && c->digest != NULL;
  for (size_t i = 0; ok && i < c->n; i++) {
    rows[i] = hash_row(c, i, cells, &bytes);
    ok = !bytes.failed;
  }
  fm__hash128 all = {0};
  if (ok) {
    all = hash_all(rows, c->n, &bytes);
    ok = !bytes.failed;
  }
  if (ok) {
    memcpy(c->digest, c->name, n_name);
    c->digest[n_name] = ':';
    write_hex(c->digest + n_name + 1, all.high);
    write_hex(c->digest + n_name + 17, all.low);
    c->digest[n_name + 33] = '\0';
  }
  fm__bytes_free(&bytes);
  fm__free(rows);
  fm__free(cells);
  return ok ? FM_OK : fm__no_memory(err);
}
