#include "flexmetrics/base.h"

const char *fm_version(void)
{
  return FM_VERSION;
}

int32_t fm_version_number(void)
{
  return FM_VERSION_NUMBER;
}
