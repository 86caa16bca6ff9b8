/* Texts being built, their width on the page, and words by key. */
#include <string.h>

#include "report/report_priv.h"

fm_status fm__check_lang(const char *lang, fm_error *err)
{
  if (lang != NULL && (strcmp(lang, "en") == 0 || strcmp(lang, "da") == 0))
    return FM_OK;
  return fm__fail(err, FM_ERR_ARGUMENT, "no language \"%.20s\"; there are en and da", lang != NULL ? lang : "");
}

void fm__put(fm__bytes *b, const char *text)
{
  fm__bytes_raw(b, text, strlen(text));
}

void fm__put_spaces(fm__bytes *b, size_t n)
{
  for (size_t i = 0; i < n; i++)
    fm__bytes_raw(b, " ", 1);
}

const char *fm__text_of(fm__bytes *b)
{
  fm__bytes_u8(b, 0);
  if (b->failed)
    return "";
  b->size--;
  return (const char *)b->data;
}

fm_status fm__give_text(char **out, fm__bytes *b, fm_error *err)
{
  fm__bytes_u8(b, 0);
  if (b->failed) {
    fm__bytes_free(b);
    return fm__no_memory(err);
  }
  *out = (char *)b->data;
  *b = (fm__bytes){0};
  return FM_OK;
}

size_t fm__width_of(const char *text, size_t bytes)
{
  size_t n = 0;
  for (size_t i = 0; i < bytes; i++)
    n += ((unsigned char)text[i] & 0xC0U) != 0x80U;
  return n;
}

size_t fm__width(const char *text)
{
  return fm__width_of(text, strlen(text));
}

void fm__put_wrapped(fm__bytes *b, const char *text, size_t at, size_t indent)
{
  bool first = true;
  while (*text != '\0') {
    size_t word = strcspn(text, " "), width = fm__width_of(text, word);
    if (!first && at + 1 + width > FM__PAGE_WIDTH) {
      while (b->size > 0 && b->data[b->size - 1] == ' ')
        b->size--;
      fm__put(b, "\n");
      fm__put_spaces(b, indent);
      at = indent;
    } else if (!first) {
      fm__put(b, " ");
      at++;
    }
    fm__bytes_raw(b, text, word);
    at += width;
    text += word + (text[word] == ' ');
    first = false;
  }
  fm__put(b, "\n");
}

const char *fm__label(const char *prefix, const char *name, const char *lang)
{
  char key[160];
  size_t n = strlen(prefix), length = strlen(name);
  if (n + length + 2 > sizeof key)
    return name;
  memcpy(key, prefix, n);
  key[n] = '.';
  memcpy(key + n + 1, name, length + 1);
  const char *text = fm_catalogue_label(key, lang);
  return text == key ? name : text;
}

void fm__say(fm__bytes *b, const char *lang, const char *key, const char *const *args, size_t n_args)
{
  const char *text = fm_catalogue_label(key, lang);
  while (*text != '\0') {
    size_t plain = strcspn(text, "{");
    fm__bytes_raw(b, text, plain);
    text += plain;
    if (*text == '\0')
      break;
    size_t k = (size_t)(text[1] - '1');
    if (text[1] >= '1' && text[1] <= '9' && text[2] == '}' && k < n_args) {
      fm__put(b, args[k]);
      text += 3;
    } else {
      fm__bytes_raw(b, text++, 1);
    }
  }
}
