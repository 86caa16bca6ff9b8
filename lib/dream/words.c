/* What a cell of a week means: each different text is looked up in the code list once. */
#include "dream/dream_priv.h"

#include <string.h>

static const char *const own_states[FM__N_OWN_STATES] = {"100", "0", "other_benefit", "not_known"};

fm_status fm__dream_words_make(fm__dream_words *w, const fm_codes *codes, fm_error *err)
{
  *w = (fm__dream_words){.codes = codes};
  if (codes == NULL) {
    fm_status status = fm_codes_builtin(&w->own, "benefit_state", err);
    if (status != FM_OK)
      return status;
    w->codes = w->own;
  }
  for (size_t i = 0; i < FM__N_OWN_STATES; i++) {
    int64_t entry = fm_codes_find(w->codes, own_states[i], strlen(own_states[i]), FM_NO_DATE);
    if (entry < 0)
      return fm__fail(err, FM_ERR_NOT_FOUND,
                      "the code list has no %s, which weeks of this file may become; add it to the list",
                      own_states[i]);
    w->states[w->n_states++] = fm_codes_code(w->codes, entry);
  }
  return fm__dictionary_init(&w->texts) == FM_OK ? FM_OK : fm__no_memory(err);
}

void fm__dream_words_free(fm__dream_words *w)
{
  fm__dictionary_free(&w->texts);
  fm__free(w->words);
  fm_codes_destroy(w->own);
}

/* Drops what makes a whole number another text: zeros before it, a fraction of zeros. False when it is no number. */
static bool plain_number(const char **text, size_t *length)
{
  const char *t = *text;
  size_t n = *length, digits = 0, zeros = 0;
  while (digits < n && t[digits] >= '0' && t[digits] <= '9')
    digits++;
  if (digits == 0)
    return false;
  if (digits < n) {
    size_t i = digits + 1;
    while (i < n && t[i] == '0')
      i++;
    if ((t[digits] != '.' && t[digits] != ',') || i < n || n == digits + 1)
      return false;
  }
  while (zeros + 1 < digits && t[zeros] == '0')
    zeros++;
  *text = t + zeros;
  *length = digits - zeros;
  return true;
}

/* The state of a text, as a number of w->states. */
static uint16_t state_of(fm__dream_words *w, const char *code)
{
  for (size_t i = 0; i < w->n_states; i++)
    if (strcmp(w->states[i], code) == 0)
      return (uint16_t)i;
  w->states[w->n_states] = code;
  return (uint16_t)w->n_states++;
}

/* A text not met before; `kind` FM__WORD_BAD leaves nothing behind. */
static fm_status add_word(fm__dream_words *w, const char *text, size_t length, int *kind, size_t *word, fm_error *err)
{
  const char *code = text;
  size_t n = length;
  int32_t at;
  bool number = plain_number(&code, &n);
  int64_t entry = fm_codes_find(w->codes, text, length, FM_NO_DATE);
  if (entry < 0 && number)
    entry = fm_codes_find(w->codes, code, n, FM_NO_DATE);
  if (entry < 0 && (!number || n > 4)) {
    *kind = FM__WORD_BAD;
    return FM_OK;
  }
  if (w->texts.n_texts >= FM__MOST_CODES)
    return fm__fail(err, FM_ERR_LIMIT, "more than %d different codes in the weeks; is this a file of weekly codes?",
                    FM__MOST_CODES);
  if (!fm__grow((void **)&w->words, &w->words_capacity, w->texts.n_texts + 1, sizeof *w->words) ||
      fm__dictionary_add(&w->texts, text, length, &at) != FM_OK)
    return fm__no_memory(err);
  uint16_t state = entry < 0 ? FM__OTHER_BENEFIT : state_of(w, fm_codes_code(w->codes, entry));
  bool blank = strcmp(w->states[state], "(blank)") == 0; /* the list's own word for a week without benefit */
  w->words[at] = (fm__dream_word){.state = blank ? FM__BLANK : state, .known = entry >= 0};
  *word = (size_t)at;
  return FM_OK;
}

static int number_of(const char *text, size_t length)
{
  int number = 0;
  if (length > 3 || (length > 1 && text[0] == '0'))
    return -1;
  for (size_t i = 0; i < length; i++) {
    if (text[i] < '0' || text[i] > '9')
      return -1;
    number = 10 * number + (text[i] - '0');
  }
  return number;
}

fm_status fm__dream_word_of(fm__dream_words *w, const char *text, size_t length, int *kind, size_t *word, fm_error *err)
{
  *kind = FM__WORD_CODE;
  fm__trim(&text, &length);
  if (length == 0) {
    *kind = FM__WORD_BLANK;
    return FM_OK;
  }
  int number = number_of(text, length);
  if (number >= 0 && w->number[number] > 0) {
    *word = w->number[number] - 1U;
    return FM_OK;
  }
  int32_t at = fm__dictionary_find(&w->texts, text, length);
  if (at >= 0) {
    *word = (size_t)at;
    return FM_OK;
  }
  fm_status status = add_word(w, text, length, kind, word, err);
  if (status == FM_OK && *kind == FM__WORD_CODE && number >= 0)
    w->number[number] = (uint16_t)(*word + 1);
  return status;
}
