/* Words of published tables: hidden figures, sums beside their parts, what is measured. */
#include "series/series_priv.h"

#include <string.h>

/* Folds one letter: ASCII and the two-byte letters of Latin-1 in UTF-8, whose capitals lie 32 below. */
static unsigned char fold(unsigned char before, unsigned char c)
{
  if (before == 0xC3 && c >= 0x80 && c <= 0x9E)
    return (unsigned char)(c + 32);
  return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

bool fm__series_same(const char *text, size_t length, const char *word)
{
  if (strlen(word) != length)
    return false;
  for (size_t i = 0; i < length; i++) {
    unsigned char a = (unsigned char)text[i], b = (unsigned char)word[i],
                  before = i > 0 ? (unsigned char)text[i - 1] : 0;
    if (fold(before, a) != fold(before, b))
      return false;
  }
  return true;
}

static bool ends(const char *text, size_t length, const char *word)
{
  size_t n = strlen(word);
  return length > n && fm__series_same(text + length - n, n, word);
}

static bool is_one_of(const char *text, size_t length, const char *const *words, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (fm__series_same(text, length, words[i]))
      return true;
  return false;
}

bool fm__series_is_total(const char *text, size_t length)
{
  /* Codes of AUK01, AUK05, AUH04 (StatBank Denmark): TOT, TOTUSU, TOTLE, TOTVO, TOTSB, TOTAN. Labels of
   * these tables and of Jobindsats: "i alt", "Alle uddannelsesparate", "Hele landet". */
  static const char *const words[] = {"TOT",
                                      "TOTUSU",
                                      "TOTLE",
                                      "TOTVO",
                                      "TOTSB",
                                      "TOTAN",
                                      "i alt",
                                      "alle",
                                      "total",
                                      "all",
                                      "hele landet",
                                      "all Denmark",
                                      "i alt uden SU-modtagere"};
  if (is_one_of(text, length, words, FM__COUNT(words)))
    return true;
  bool all = (length > 5 && fm__series_same(text, 5, "alle ")) || (length > 4 && fm__series_same(text, 4, "all "));
  return all || ends(text, length, " i alt") || ends(text, length, ", total");
}

bool fm__series_is_measure(const char *text, size_t length)
{
  static const char *const words[] = {
      "FTM", "DEL", "fuldtidsmodtagere", "fuldtidspersoner", "modtagere", "full-time equivalents", "persons"};
  return is_one_of(text, length, words, FM__COUNT(words));
}

int fm__series_figure(const fm__csv_format *f, const char *hidden, const char *text, size_t length, double *value)
{
  static const char *const none[] = {"", "..", ".", "...", "\xE2\x80\xA6"};
  static const char *const marks[] = {"*", "**", "x", "diskretioneret", "skjult"};
  fm__trim(&text, &length);
  if (hidden != NULL && fm__series_same(text, length, hidden))
    return FM__FIGURE_SUPPRESSED;
  if (is_one_of(text, length, none, FM__COUNT(none)))
    return FM__FIGURE_NOT_GIVEN;
  if (is_one_of(text, length, marks, FM__COUNT(marks)))
    return FM__FIGURE_SUPPRESSED;
  if (length > 1 && text[0] == '<' && fm__cell_f64(f, text + 1, length - 1, value) == FM__CELL_OK)
    return FM__FIGURE_SUPPRESSED;
  return fm__cell_f64(f, text, length, value) == FM__CELL_OK ? FM__FIGURE_NUMBER : FM__FIGURE_OTHER;
}
