#include "dream/spells.h"

#include <stdio.h>
#include <string.h>

static void put(printed *p, const char *text, size_t length)
{
  if (p->size + length + 1 > p->capacity) {
    p->capacity = 2 * (p->size + length + 1);
    p->text = realloc(p->text, p->capacity);
    ck_assert_ptr_nonnull(p->text);
  }
  memcpy(p->text + p->size, text, length);
  p->size += length;
  p->text[p->size] = '\0';
}

static int32_t take(void *ctx, const fm_dream_person *person)
{
  printed *p = ctx;
  for (size_t i = 0; i < person->n_spells; i++) {
    const fm_dream_spell *s = &person->spells[i];
    char day[2][11];
    fm_date_format(day[0], s->start);
    fm_date_format(day[1], s->end == FM_SPELL_OPEN ? FM_NO_DATE : s->end - 1);
    const char *const parts[] = {" ", day[0], " ", s->end == FM_SPELL_OPEN ? "open" : day[1], " ", s->state};
    put(p, person->id, person->id_length);
    for (int k = 0; k < FM_COUNT(parts); k++)
      put(p, parts[k], strlen(parts[k]));
    for (int k = 0; k < 2; k++) {
      const char *carried = k == 0 ? s->industry : s->rate;
      put(p, " ", carried != NULL);
      put(p, carried != NULL ? carried : "", carried != NULL ? strlen(carried) : 0);
    }
    put(p, ";", 1);
  }
  return 0;
}

void print_spells(printed *p, const char *data, size_t size, const fm_dream_spec *spec, size_t chunk)
{
  *p = (printed){.err = FM_ERROR_INIT};
  put(p, "", 0);
  p->status = fm__dream_read_memory(take, p, &p->summary, &p->problems, data, size, spec, chunk, &p->err);
}

void printed_free(printed *p)
{
  free(p->text);
  fm_table_destroy(p->problems);
}

void print_problems(char *out, size_t size, const printed *p)
{
  size_t n = 0;
  out[0] = '\0';
  for (size_t i = 0; p->problems != NULL && i < fm_table_n_rows(p->problems); i++) {
    double line = fm_test_number(p->problems, "line", i);
    n += (size_t)snprintf(out + n, size - n, line > 0 ? "%s:%d " : "%s:- ", fm_test_text(p->problems, "code", i),
                          line > 0 ? (int)line : 0);
    ck_assert_uint_lt(n, size);
  }
}
