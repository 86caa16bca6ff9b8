/* Structs that grow: the first field is the size the caller's compiler knew. */
#include "base/base_priv.h"

#include <string.h>

static size_t struct_size_of(const void *spec)
{
  size_t size;
  memcpy(&size, spec, sizeof size);
  return size;
}

fm_status fm__spec_take(void *dst, size_t dst_size, const void *src, const char *name, fm_error *err)
{
  if (src == NULL)
    return FM_OK;
  size_t size = struct_size_of(src);
  if (size < sizeof size)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: struct_size is not set; start from the INIT macro or init function",
                    name);
  for (size_t i = dst_size; i < size; i++)
    if (((const unsigned char *)src)[i] != 0)
      return fm__fail(err, FM_ERR_ARGUMENT, "%s: a field this version of the library does not know is set (byte %zu)",
                      name, i);
  memcpy(dst, src, size < dst_size ? size : dst_size);
  memcpy(dst, &dst_size, sizeof dst_size);
  return FM_OK;
}

void fm__spec_init(void *dst, size_t size, const void *defaults, size_t defaults_size)
{
  if (dst == NULL || size < sizeof size)
    return;
  memset(dst, 0, size);
  memcpy(dst, defaults, size < defaults_size ? size : defaults_size);
  memcpy(dst, &size, sizeof size);
}
