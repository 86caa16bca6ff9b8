/* Lists of states in a definition: which entries of a code list they name. */
#include <string.h>

#include "spell/definition_priv.h"

#define NONE "(none)"

typedef struct word {
  const char *text; /* without ! */
  size_t length;
  bool away;
} word;

/* Next word; false at the end. */
static bool next_word(word *w, const char **at)
{
  const char *p = *at + strspn(*at, " ");
  w->away = *p == '!';
  w->text = p + w->away;
  w->length = strcspn(w->text, " ");
  *at = w->text + w->length;
  return w->length > 0 || w->away;
}

static bool is_none(const word *w)
{
  return w->length == strlen(NONE) && memcmp(w->text, NONE, w->length) == 0;
}

/* Does what the list says in the column before = equal the text after it? */
static bool meets(const fm_codes *codes, int64_t entry, const word *w, size_t equals)
{
  char column[64];
  if (equals >= sizeof column)
    return false;
  memcpy(column, w->text, equals);
  column[equals] = '\0';
  const char *text = fm_codes_attribute(codes, entry, column);
  size_t rest = w->length - equals - 1;
  return text != NULL && strlen(text) == rest && memcmp(text, w->text + equals + 1, rest) == 0;
}

/* Marks the entries that a word names in out; the number of them. */
static size_t mark(uint8_t *out, const word *w, const fm_codes *codes)
{
  const char *equals = memchr(w->text, '=', w->length);
  size_t n = 0;
  int64_t named = equals == NULL ? fm_codes_find(codes, w->text, w->length, FM_NO_DATE) : -1;
  const char *code = named >= 0 ? fm_codes_code(codes, named) : NULL;
  for (int64_t i = 0; i < (int64_t)fm_codes_n(codes); i++) {
    bool hit = equals != NULL ? meets(codes, i, w, (size_t)(equals - w->text))
                              : code != NULL && strcmp(code, fm_codes_code(codes, i)) == 0;
    if (hit)
      out[i] = !w->away;
    n += hit;
  }
  return n;
}

/* Words without ! first, so that the order does not matter. *none (may be NULL) is set by (none). A list of one's own
 * may have no entry that a rule column=value meets; `strict`: one is expected. */
static fm_status match(uint8_t *out, uint8_t *more, bool *none, bool strict, const char *words, const fm_codes *codes,
                       const fm_codes *other, fm_error *err)
{
  for (int away = 0; away < 2; away++) {
    word w;
    for (const char *at = words; next_word(&w, &at);) {
      if (w.length == 0)
        return fm__fail(err, FM_ERR_FORMAT, "states \"%s\": a word is missing after !", words);
      if (w.away != (away == 1))
        continue;
      if (is_none(&w) && none != NULL) {
        *none = !w.away;
        continue;
      }
      size_t n = (codes != NULL ? mark(out, &w, codes) : 0) + (other != NULL ? mark(more, &w, other) : 0);
      if (n == 0 && (strict || memchr(w.text, '=', w.length) == NULL))
        return fm__fail(err, FM_ERR_NOT_FOUND, "states \"%s\": no code list has \"%.*s\"", words,
                        (int)(w.length < 60 ? w.length : 60), w.text);
    }
  }
  return FM_OK;
}

fm_status fm_spell_words_match(uint8_t *out, const char *words, const fm_codes *codes, fm_error *err)
{
  if (out == NULL || words == NULL || codes == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "out, the words and the list must be given");
  memset(out, 0, fm_codes_n(codes));
  return match(out, NULL, NULL, true, words, codes, NULL, err);
}

/* An entry that counts but is subsidised does not when the definition leaves subsidised work out. */
static void take_subsidised(uint8_t *of, const fm_codes *codes, const fm_spell_definition *d)
{
  for (int64_t i = 0; d->subsidised == 0 && i < (int64_t)fm_codes_n(codes); i++)
    if (of[i] == FM_SPELL_STATE_COUNTS && fm_codes_is_yes(codes, i, "subsidised") == 1)
      of[i] = FM_SPELL_STATE_OTHER;
}

static void put(uint8_t *of, const uint8_t *marked, const fm_codes *codes, uint8_t what)
{
  for (size_t i = 0; codes != NULL && i < fm_codes_n(codes); i++)
    if (marked[i] != 0)
      of[i] = what;
}

static bool any(const uint8_t *marked, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (marked[i] != 0)
      return true;
  return false;
}

fm_status fm_spell_definition_states(uint8_t *of_states, uint8_t *of_kinds, int32_t *none, const fm_spell_definition *d,
                                     const fm_codes *states, const fm_codes *kinds, fm_error *err)
{
  /* Later ones win. */
  const struct {
    const char *words;
    uint8_t what;
  } lists[] = {{d->leaves, FM_SPELL_STATE_LEFT},   {d->grace, FM_SPELL_STATE_GRACE},
               {d->untold, FM_SPELL_STATE_UNTOLD}, {d->success, FM_SPELL_STATE_COUNTS},
               {d->barring, FM_SPELL_STATE_BARS},  {d->censors, FM_SPELL_STATE_CENSORS}};
  size_t n_states = states == NULL ? 0 : fm_codes_n(states), n_kinds = kinds == NULL ? 0 : fm_codes_n(kinds);
  uint8_t *a = fm__array(n_states, 1), *b = fm__array(n_kinds, 1);
  int32_t blank = FM_SPELL_STATE_OTHER;
  fm_status status = a == NULL || b == NULL ? fm__no_memory(err) : FM_OK;
  if (status == FM_OK && states != NULL)
    memset(of_states, FM_SPELL_STATE_OTHER, n_states);
  if (status == FM_OK && kinds != NULL)
    memset(of_kinds, FM_SPELL_STATE_IGNORED, n_kinds);
  for (size_t k = 0; status == FM_OK && k < FM__COUNT(lists); k++) {
    bool is_blank = false;
    if (lists[k].words == NULL)
      continue;
    memset(a, 0, n_states);
    memset(b, 0, n_kinds);
    status = match(a, b, &is_blank, false, lists[k].words, states, kinds, err);
    if (status == FM_OK && lists[k].what == FM_SPELL_STATE_COUNTS && !is_blank && !any(a, n_states) && !any(b, n_kinds))
      status = fm__fail(err, FM_ERR_NOT_FOUND, "definition %.60s: success \"%s\" names no state of the code lists",
                        d->name, d->success);
    put(of_states, a, states, lists[k].what);
    put(of_kinds, b, kinds, lists[k].what);
    if (is_blank)
      blank = lists[k].what;
    if (lists[k].what == FM_SPELL_STATE_COUNTS && states != NULL)
      take_subsidised(of_states, states, d);
    if (lists[k].what == FM_SPELL_STATE_COUNTS && kinds != NULL)
      take_subsidised(of_kinds, kinds, d);
  }
  fm__free(a);
  fm__free(b);
  if (status == FM_OK && none != NULL)
    *none = blank;
  return status;
}

int32_t fm_spell_definition_with_hours(const fm_spell_definition *d, int32_t state, double hours_per_week)
{
  if (state != FM_SPELL_STATE_COUNTS || d->hours_least == 0 || hours_per_week >= d->hours_least)
    return state;
  return hours_per_week < d->hours_least ? FM_SPELL_STATE_OTHER : FM_SPELL_STATE_UNTOLD;
}
