/* Changes of pace that are told as text. */
#include <string.h>

#include "calendar/calendar_priv.h"
#include "num/num_priv.h"
#include "target/track_priv.h"

static fm_status unclear(const char *item, size_t length, const char *expected, fm_error *err)
{
  return fm__fail(err, FM_ERR_ARGUMENT,
                  "scenarios: expected %s, such as task_force@2026-08-01*1.5 or task_force@2026-08-01+10; found "
                  "\"%.*s\"",
                  expected, (int)(length < 80 ? length : 80), item);
}

static fm_status read_one(fm__scenario *s, const char *item, size_t length, fm_error *err)
{
  const char *at = memchr(item, '@', length), *end = item + length;
  *s = (fm__scenario){.name = item, .from = FM_NO_DATE, .factor = 1};
  if (at == NULL || at == item || end - at < 13)
    return unclear(item, length, "name@date and a change of pace", err);
  s->length = (size_t)(at - item);
  s->from = fm__date_parse_iso(at + 1);
  if (s->from == FM_NO_DATE)
    return unclear(item, length, "a date YYYY-MM-DD after @", err);
  char how = at[11];
  double value;
  bool number = fm__parse_f64(at + 12, (size_t)(end - at - 12), '.', &value) && value >= 0 && value <= 1e6;
  if ((how != '*' && how != '+') || !number)
    return unclear(item, length, "*factor or +starts a month, from 0 to 1000000, after the date", err);
  *(how == '*' ? &s->factor : &s->per_month) = value;
  return FM_OK;
}

fm_status fm__scenarios_read(fm__scenario **out, size_t *n, const char *text, fm_error *err)
{
  *out = NULL;
  *n = 0;
  if (text == NULL || text[0] == '\0')
    return FM_OK;
  size_t most = 1;
  for (const char *p = text; *p != '\0'; p++)
    most += *p == ',';
  fm__scenario *list = fm__array(most, sizeof *list);
  if (list == NULL)
    return fm__no_memory(err);
  fm_status status = FM_OK;
  for (const char *p = text; p != NULL && status == FM_OK;) {
    size_t length = strcspn(p, ",");
    const char *next = p[length] != '\0' ? p + length + 1 : NULL;
    for (; length > 0 && *p == ' '; length--)
      p++;
    while (length > 0 && p[length - 1] == ' ')
      length--;
    status = read_one(&list[*n], p, length, err);
    for (size_t k = 0; k < *n && status == FM_OK; k++)
      if (list[k].length == list[*n].length && memcmp(list[k].name, list[*n].name, list[k].length) == 0)
        status = unclear(p, length, "each name once", err);
    *n += 1;
    p = next;
  }
  if (status != FM_OK) {
    fm__free(list);
    return status;
  }
  *out = list;
  return FM_OK;
}
