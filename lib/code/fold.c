/* One spelling for each word: small letters, ASCII for the Danish letters, one underscore between words. */
#include "code/code_priv.h"

/* The two bytes of a Danish letter in UTF-8 as two ASCII letters; false for any other pair. */
static bool danish(unsigned char first, unsigned char second, char *out)
{
  static const struct {
    unsigned char small, capital;
    char ascii[3];
  } letters[] = {{0xA6, 0x86, "ae"}, {0xB8, 0x98, "oe"}, {0xA5, 0x85, "aa"}};
  if (first != 0xC3)
    return false;
  for (size_t i = 0; i < FM__COUNT(letters); i++)
    if (second == letters[i].small || second == letters[i].capital) {
      out[0] = letters[i].ascii[0];
      out[1] = letters[i].ascii[1];
      return true;
    }
  return false;
}

static bool is_gap(char c)
{
  return c == ' ' || c == '_' || c == '-' || c == '\t';
}

size_t fm__code_fold(char *out, const char *text, size_t length)
{
  size_t n = 0;
  bool gap = false;
  for (size_t i = 0; i < length; i++) {
    char pair[2];
    if (is_gap(text[i])) {
      gap = n > 0;
      continue;
    }
    bool two = i + 1 < length && danish((unsigned char)text[i], (unsigned char)text[i + 1], pair);
    if (n + gap + 1 + two > FM__CODE_KEY_MAX)
      return 0;
    if (gap)
      out[n++] = '_';
    gap = false;
    if (two) {
      out[n++] = pair[0];
      out[n++] = pair[1];
      i++;
    } else {
      out[n++] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
    }
  }
  return n;
}
