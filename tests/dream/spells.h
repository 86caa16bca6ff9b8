/* Reads a wide file from memory and prints what came out. */
#ifndef FM_TESTS_DREAM_SPELLS_H
#define FM_TESTS_DREAM_SPELLS_H

#include "dream/dream_priv.h"
#include "support/support.h"

typedef struct printed {
  char *text; /* "id from to state [industry] [rate];" a spell */
  size_t size, capacity;
  fm_status status;
  fm_dream_summary summary;
  fm_error err;
  fm_table *problems; /* NULL when the call gave none */
} printed;

/* In pieces of `chunk` bytes; 0: the default. */
void print_spells(printed *p, const char *data, size_t size, const fm_dream_spec *spec, size_t chunk);
void printed_free(printed *p);
/* "FM-S01:3 ", code and line of each problem in order ("-" for no line). */
void print_problems(char *out, size_t size, const printed *p);

#endif
