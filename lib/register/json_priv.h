/* A strict reader of small JSON files: every value is handed over with its path, "income.unit" or "sources.0.title". */
#ifndef FM_REGISTER_JSON_PRIV_H
#define FM_REGISTER_JSON_PRIV_H

#include "base/base_priv.h"

#define FM__JSON_DEPTH 32

typedef struct fm__json_visit {
  void *ctx;
  /* A text, number (as written), "true" or "false"; null is not handed over. `line` is that of the value. */
  fm_status (*value)(void *ctx, const char *path, const char *text, size_t length, int64_t line, fm_error *err);
} fm__json_visit;

/* FM_ERR_FORMAT with the line: not JSON, not one object, a name twice in an object, a NUL, deeper than FM__JSON_DEPTH,
 * or not UTF-8. A status of `value` ends the reading and is returned. */
fm_status fm__json_read(const char *text, size_t length, const fm__json_visit *visit, fm_error *err);

#endif
