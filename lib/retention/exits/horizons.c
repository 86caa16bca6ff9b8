/* Lists of times such as "91,182,365". */
#include "retention/exits/exits_priv.h"

static bool read_time(const char **at, int32_t *out)
{
  int64_t value = 0;
  size_t digits = 0;
  const char *p = *at;
  while (*p == ' ')
    p++;
  for (; *p >= '0' && *p <= '9' && digits < 10; p++, digits++)
    value = 10 * value + (*p - '0');
  while (*p == ' ')
    p++;
  *at = p;
  *out = (int32_t)(value <= INT32_MAX ? value : 0);
  return digits > 0 && value <= INT32_MAX && (*p == ',' || *p == '\0');
}

fm_status fm__horizons_read(int32_t *times, size_t *n, const char *text, const char *id, fm_error *err)
{
  *n = 0;
  if (text == NULL || text[0] == '\0')
    return FM_OK;
  for (const char *p = text;; p++) {
    int32_t time;
    bool fits = read_time(&p, &time) && *n < FM__MOST_HORIZONS;
    for (size_t k = 0; k < *n && fits; k++)
      fits = times[k] != time;
    if (!fits)
      return fm__fail(err, FM_ERR_ARGUMENT,
                      "%s: times is \"%s\", expected up to %d different whole times such as "
                      "91,182,365",
                      id, text, FM__MOST_HORIZONS);
    times[(*n)++] = time;
    if (*p == '\0')
      return FM_OK;
  }
}
