/* Random rounding that can be repeated: the draw is a function of the secret and of what is counted. */
#include <string.h>

#include "disclose/disclose_priv.h"
#include "flexmetrics/disclose_round.h"
#include "num/random_priv.h"

enum { LEAST_SECRET = 16 };
#define MOST INT64_C(9000000000000000000)

/* Everything that tells draws apart, with lengths, so that no two sets of parts give the same bytes. The count is not
 * among them: that two counts were rounded alike would tell their remainders. */
static fm_status hash_of(fm__hash128 *out, int32_t base, const char *key, const void *secret, size_t secret_size,
                         fm_error *err)
{
  fm__bytes b = {0};
  fm__bytes_u64(&b, secret_size);
  fm__bytes_raw(&b, secret, secret_size);
  fm__bytes_u32(&b, (uint32_t)base);
  fm__bytes_text(&b, key, strlen(key));
  if (!b.failed)
    *out = fm__hash(b.data, b.size);
  if (b.data != NULL)
    memset(b.data, 0, b.size);
  bool failed = b.failed;
  fm__bytes_free(&b);
  return failed ? fm__no_memory(err) : FM_OK;
}

fm_status fm_disclose_round(int64_t *rounded, int64_t count, int32_t base, const char *key, const void *secret,
                            size_t secret_size, fm_error *err)
{
  fm__hash128 hash = {0};
  fm__random draw;
  if (base != 3 && base != 5)
    return fm__fail(err, FM_ERR_ARGUMENT, "base: expected 3 or 5");
  if (count < 0 || count > MOST)
    return fm__fail(err, FM_ERR_ARGUMENT, "count: expected a whole number from 0 to 9e18");
  if (secret_size < LEAST_SECRET)
    return fm__fail(err, FM_ERR_ARGUMENT, "secret: expected at least %d bytes", (int)LEAST_SECRET);
  fm_status status = hash_of(&hash, base, key, secret, secret_size, err);
  if (status != FM_OK)
    return status;
  fm__random_start(&draw, hash.low, FM__RANDOM_ROUND, (uint32_t)hash.high, (uint32_t)(hash.high >> 32));
  uint64_t over = (uint64_t)(count % base);
  bool up = fm__random_below(&draw, (uint64_t)base) < over;
  *rounded = count - (int64_t)over + (up ? base : 0);
  return FM_OK;
}

int64_t fm_disclose_round_nearest(int64_t count, int64_t base)
{
  if (count < 0 || base < 1)
    return -1;
  int64_t over = count % base, down = count - over;
  if (over < base - over)
    return down;
  return down <= MOST - base ? down + base : -1;
}
