/* Groups by the texts of their keys, and what they are compared with. */
#include <string.h>

#include "num/num_priv.h"
#include "parity/parity_priv.h"

bool fm__parity_is_called(const fm__groups *groups, size_t id, size_t first, size_t n, const char *keys)
{
  for (size_t k = first; k < first + n; k++) {
    size_t length = 0, room = strcspn(keys, ",");
    const char *text = fm__groups_text(groups, id, k, &length);
    bool last = k + 1 == first + n;
    if (text == NULL || length != room || memcmp(text, keys, room) != 0 || (keys[room] == '\0') != last)
      return false;
    keys += room + (last ? 0 : 1);
  }
  return true;
}

void fm__parity_set_key(fm__result *r, size_t key, const fm__groups *names, uint32_t id, size_t first, size_t n)
{
  char text[512];
  size_t at = 0;
  bool any = false;
  for (size_t k = first; k < first + n; k++) {
    size_t length = 0;
    const char *part = fm__groups_text(names, id, k, &length);
    if (k > first && at < sizeof text)
      text[at++] = ',';
    length = length < sizeof text - at ? length : sizeof text - at;
    if (part != NULL)
      memcpy(text + at, part, length);
    at += part != NULL ? length : 0;
    any |= part != NULL;
  }
  fm__result_key_text(r, key, any ? text : NULL, at);
}

fm_status fm__parity_check_against(int32_t against, const char *reference, fm_error *err)
{
  bool named = reference != NULL && reference[0] != '\0';
  if (against < FM_PARITY_REFERENCE || against > FM_PARITY_POPULATION)
    return fm__fail(err, FM_ERR_ARGUMENT, "against: expected a reference, the rest or the population");
  if (against == FM_PARITY_REFERENCE && !named)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "reference: expected the group that the others are compared with; the figures do not choose it");
  if (against != FM_PARITY_REFERENCE && named)
    return fm__fail(err, FM_ERR_ARGUMENT, "reference: \"%s\" is named, but groups are compared with %s", reference,
                    fm__parity_against(against));
  return FM_OK;
}

const char *fm__parity_against(int32_t against)
{
  static const char *const names[] = {"reference", "rest", "population"};
  return names[against];
}

int64_t fm__parity_distinct(uint64_t *ids, uint64_t *scratch, size_t n)
{
  int64_t found = n > 0;
  fm__sort_u64(ids, scratch, n);
  for (size_t i = 1; i < n; i++)
    found += ids[i] != ids[i - 1];
  return found;
}

fm_status fm__parity_nobody(const char *reference, bool apart, fm_error *err)
{
  return fm__fail(err, FM_ERR_NOT_FOUND, "reference: nobody with an answer is in the group \"%s\"%s", reference,
                  apart ? " of one of the comparisons" : "");
}
