/**
 * @file base.h
 * Status codes, the error struct, memory, running long calls, version.
 *
 * Every call that can fail returns an `fm_status` (FM_OK is 0) and fills, if the caller gives one, an `fm_error`
 * with the place of the fault and one sentence. There is no "last error", no global state other than the allocator,
 * and nothing is ever printed. Functions on distinct objects may run in parallel; an object behind a const pointer
 * may be read by many threads at once.
 *
 * Ownership words used in every comment: a call **creates** what the caller must destroy, **borrows** what must
 * stay alive until the stated event, **takes** what it then owns (on success only), or **copies**.
 */
#ifndef FLEXMETRICS_BASE_H
#define FLEXMETRICS_BASE_H

#include <stddef.h>
#include <stdint.h>

#include "flexmetrics/version.h"

#if defined(_WIN32)
#if defined(FM_BUILDING_DLL)
#define FM_API __declspec(dllexport)
#else
#define FM_API
#endif
#elif defined(__GNUC__)
#define FM_API __attribute__((visibility("default")))
#else
#define FM_API
#endif

#if defined(__GNUC__)
#define FM_NODISCARD __attribute__((warn_unused_result))
#else
#define FM_NODISCARD
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Outcome of a call: one of the FM_ codes below. A number once used is never used again. */
typedef int32_t fm_status;

enum {
  FM_OK = 0,             /**< done */
  FM_ERR_MEMORY = 1,     /**< the allocator returned NULL */
  FM_ERR_ARGUMENT = 2,   /**< an argument is outside its stated range */
  FM_ERR_STATE = 3,      /**< the object is not in a state that allows the call, such as adding to a sealed table */
  FM_ERR_NOT_FOUND = 4,  /**< no such column, code, indicator or file */
  FM_ERR_TYPE = 5,       /**< a column has another type than the call needs */
  FM_ERR_VALUE = 6,      /**< a value in the data breaks a rule; the error names row and column */
  FM_ERR_FORMAT = 7,     /**< bytes or text that cannot be read: CSV, saved tally, date pattern */
  FM_ERR_LIMIT = 8,      /**< more rows, bytes or codes than the library can hold */
  FM_ERR_IO = 9,         /**< a file could not be opened, read or written */
  FM_ERR_CANCELLED = 10, /**< the progress function asked to stop */
  FM_ERR_MISMATCH = 11,  /**< two tallies, or a tally and bytes, of different measures or specs */
  FM_ERR_DATA = 12       /**< a register was not made; its problems are listed in a table */
};

/** Name of a status, such as "FM_ERR_MEMORY"; "FM_STATUS_UNKNOWN" for any other number. Static storage. */
FM_API const char *fm_status_name(fm_status status);

/** Where and what went wrong. Owned by the caller; the first error written stays until fm_error_clear. */
typedef struct fm_error {
  size_t struct_size;   /**< set by FM_ERROR_INIT or fm_error_init */
  int64_t row;          /**< row in the table, from 0; -1 when the error has none */
  int64_t line;         /**< line in the file, from 1; -1 when there is none */
  int64_t column_index; /**< column in the file or table, from 0; -1 when there is none */
  fm_status code;       /**< what the call returned; FM_OK when nothing was written */
  int32_t reserved0;    /**< 0 */
  char detail[16];      /**< short code for searching, such as "FM-D01"; empty when there is none */
  char table[64];       /**< table or file name without folder; may be empty */
  char column[64];      /**< column name; may be empty */
  char value[128];      /**< the value found, shortened, blank for ids of people */
  char message[384];    /**< one sentence: what was wrong, what was expected; no line break, UTF-8 */
} fm_error;

#ifndef __cplusplus
/** Initial value of an fm_error. */
#define FM_ERROR_INIT { .struct_size = sizeof(fm_error), .row = -1, .line = -1, .column_index = -1 }
#endif

/** Makes `err` empty; `size` is sizeof(fm_error) as the caller's header knew it. Does what FM_ERROR_INIT does. */
FM_API void fm_error_init(fm_error *err, size_t size);

/** Forgets the error so that the struct can be used again. NULL is accepted. */
FM_API void fm_error_clear(fm_error *err);

/**
 * Memory hooks. `resize` behaves as realloc: `ptr` NULL allocates, `size` 0 frees and returns NULL.
 * Install once, before the first other call; not thread-safe itself, and the hooks must be.
 */
typedef struct fm_allocator {
  void *(*resize)(void *ctx, void *ptr, size_t size); /**< NULL: the C library's realloc and free */
  void *ctx;                                          /**< handed to `resize` */
} fm_allocator;

/** Installs hooks (**copies** the struct); NULL restores the C library's. */
FM_API void fm_set_allocator(const fm_allocator *allocator);

/** Reads the hooks in force into `*out`. */
FM_API void fm_get_allocator(fm_allocator *out);

/** Frees memory that a call created as plain bytes (such as fm_tally_save). NULL is accepted. */
FM_API void fm_free(void *ptr);

/** One piece of a parallel job. Pieces are numbered by the data, never by the thread. */
typedef fm_status (*fm_task)(void *task_ctx, size_t index);

/** Runs task 0 .. n_tasks-1 in any order, on any threads, returns when all are done; first non-zero status wins. */
typedef fm_status (*fm_execute)(void *ctx, fm_task task, void *task_ctx, size_t n_tasks);

/** How a long call runs. NULL instead of a pointer to it means: on the caller's thread, silent. */
typedef struct fm_run {
  size_t struct_size;                              /**< set by FM_RUN_INIT or fm_run_init */
  fm_execute execute;                              /**< executor; NULL is serial */
  void *execute_ctx;                               /**< handed to `execute`; for fm_execute_threads an fm_threads */
  int32_t (*progress)(void *ctx, double done);     /**< called with the share done, 0 to 1, on the caller's thread;
                                                        returns non-zero to cancel; NULL for none */
  void *progress_ctx;                              /**< handed to `progress` */
} fm_run;

#ifndef __cplusplus
/** Initial value of an fm_run: serial and silent. */
#define FM_RUN_INIT { .struct_size = sizeof(fm_run) }
#endif

/** Does what FM_RUN_INIT does; `size` is sizeof(fm_run) as the caller's header knew it. */
FM_API void fm_run_init(fm_run *run, size_t size);

/** Context of fm_execute_threads. */
typedef struct fm_threads {
  size_t struct_size; /**< sizeof(fm_threads) */
  size_t n_threads;   /**< threads used in all, the caller's among them; 0 and 1 are serial */
} fm_threads;

/** Ready-made executor: starts threads for this call and joins them before it returns. `ctx` is an fm_threads. */
FM_API fm_status fm_execute_threads(void *ctx, fm_task task, void *task_ctx, size_t n_tasks);

/** Not a number: the initial value of a spec field that is "not given". */
#define FM_NAN (0.0 / 0.0)

/** Called once when the library no longer needs memory it borrowed; may come from any thread. */
typedef void (*fm_release)(void *owner);

/** Version of the library that is loaded, such as "0.1.0". */
FM_API const char *fm_version(void);

/** The same as a number: major * 1000000 + minor * 1000 + patch. */
FM_API int32_t fm_version_number(void);

#ifdef __cplusplus
}
#endif
#endif
