/* What every subject may use: memory, checked sizes, errors, specs, running tasks, bytes, files. */
#ifndef FM_BASE_PRIV_H
#define FM_BASE_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flexmetrics/base.h"

#if defined(__MINGW32__)
#define FM__PRINTF(text, first) __attribute__((format(gnu_printf, text, first)))
#elif defined(__GNUC__)
#define FM__PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define FM__PRINTF(text, first)
#endif

#define FM__COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- memory: all of it goes through here; sizes are checked; zero bytes still gives a pointer ---- */
void *fm__alloc(size_t size);                       /* not cleared; NULL when out of memory */
void *fm__array(size_t n, size_t size);             /* cleared; NULL when out of memory or n * size overflows */
void *fm__many(size_t n, size_t size);              /* not cleared, on large pages where the system has them */
void *fm__resize(void *ptr, size_t n, size_t size); /* ptr stays valid when NULL is returned */
void fm__free(void *ptr);
char *fm__copy_text(const char *text, size_t length); /* NUL-terminated */
/* Whether an optional text is there: NULL and "" are none. */
static inline bool fm__is_given(const char *text)
{
  return text != NULL && text[0] != '\0';
}
bool fm__multiply(size_t a, size_t b, size_t *out); /* false on overflow */
bool fm__add(size_t a, size_t b, size_t *out);      /* false on overflow */
/* Makes room for `need` items in a growable array (doubles); false when out of memory, nothing lost. */
bool fm__grow(void **array, size_t *capacity, size_t need, size_t size);

/* ---- errors: the first one wins; err may be NULL; each returns `code` ---- */
fm_status fm__fail(fm_error *err, fm_status code, const char *format, ...) FM__PRINTF(3, 4);
fm_status fm__no_memory(fm_error *err);
/* Adds the place to an error already written. Texts may be NULL; numbers -1. */
void fm__error_place(fm_error *err, const char *table, const char *column, int64_t column_index, int64_t row,
                     int64_t line);
void fm__error_value(fm_error *err, const char *value, size_t length);
void fm__error_detail(fm_error *err, const char *detail);

/* ---- specs: copies what the caller's header knew over the defaults in `dst`; refuses a non-zero unknown tail ---- */
fm_status fm__spec_take(void *dst, size_t dst_size, const void *src, const char *name, fm_error *err);
/* The same for writing defaults into a caller's struct of `size` bytes: never writes past it. */
void fm__spec_init(void *dst, size_t size, const void *defaults, size_t defaults_size);

/* ---- running ---- */
fm_status fm__run_check(const fm_run *run, fm_error *err);
fm_status fm__run_tasks(const fm_run *run, fm_task task, void *ctx, size_t n_tasks, fm_error *err);
fm_status fm__run_progress(const fm_run *run, double done, fm_error *err); /* FM_ERR_CANCELLED when asked to stop */
/* A part of a longer run: its 0 to 1 is `from` to `to` of the whole. NULL for NULL; otherwise it lies in *part. */
typedef struct fm__subrun {
  fm_run run;
  const fm_run *whole;
  double from, to;
} fm__subrun;
const fm_run *fm__run_within(fm__subrun *part, const fm_run *whole, double from, double to);

/* ---- bytes: little-endian, growable; a failed write is remembered and told by fm__bytes_ok ---- */
typedef struct fm__bytes {
  uint8_t *data;
  size_t size, capacity;
  bool failed;
} fm__bytes;
void fm__bytes_u8(fm__bytes *b, uint8_t v);
void fm__bytes_u32(fm__bytes *b, uint32_t v);
void fm__bytes_u64(fm__bytes *b, uint64_t v);
void fm__bytes_i64(fm__bytes *b, int64_t v);
void fm__bytes_f64(fm__bytes *b, double v);
void fm__bytes_raw(fm__bytes *b, const void *data, size_t size);
void fm__bytes_text(fm__bytes *b, const char *text, size_t length); /* length as u32, then the bytes */
void fm__bytes_free(fm__bytes *b);

/* A reader never runs past the end: after the first short read all reads give 0 and `failed` stays true. */
typedef struct fm__reader {
  const uint8_t *data;
  size_t size, at;
  bool failed;
} fm__reader;
uint8_t fm__read_u8(fm__reader *r);
uint32_t fm__read_u32(fm__reader *r);
uint64_t fm__read_u64(fm__reader *r);
int64_t fm__read_i64(fm__reader *r);
double fm__read_f64(fm__reader *r);
const uint8_t *fm__read_raw(fm__reader *r, size_t size);  /* NULL when short */
const char *fm__read_text(fm__reader *r, size_t *length); /* not terminated; NULL when short */

/* ---- hashing: SipHash-2-4 with a fixed key, 128 bits; the same on every machine ---- */
typedef struct fm__hash128 {
  uint64_t low, high;
} fm__hash128;
fm__hash128 fm__hash(const void *data, size_t size);

/* ---- files: UTF-8 paths; errors name the file without its folder ---- */
typedef struct fm__file fm__file;
fm_status fm__file_open(fm__file **out, const char *path, fm_error *err);
fm_status fm__file_read(fm__file *f, void *buffer, size_t size, size_t *n_read, fm_error *err); /* 0 at the end */
void fm__file_close(fm__file *f);
int64_t fm__file_size(fm__file *f); /* bytes; -1 when it cannot be known (a pipe); for progress only */
bool fm__file_exists(const char *path);
/* Creates the names in a folder, sorted by bytes, ended by NULL. */
fm_status fm__folder_names(char ***out, const char *path, fm_error *err);
void fm__names_free(char **names);
/* Do two paths lead to one file? False when either is not there. */
bool fm__file_same(const char *a, const char *b);
/* Writing goes to a temporary file beside `path`; commit flushes, checks and renames; abandon removes it. A device or a
 * pipe is written as it is. */
typedef struct fm__output fm__output;
fm_status fm__output_open(fm__output **out, const char *path, fm_error *err);
fm_status fm__output_write(fm__output *o, const void *data, size_t size, fm_error *err);
fm_status fm__output_commit(fm__output *o, fm_error *err); /* destroys o, on failure too */
void fm__output_abandon(fm__output *o);                    /* destroys o; NULL is accepted */
const char *fm__path_name(const char *path);               /* the part after the last separator */

#endif
