#include "support/support.h"

#include <math.h>

bool fm_close(double actual, double expected, double rel, double abs)
{
  if (isnan(actual) || isnan(expected))
    return isnan(actual) && isnan(expected);
  if (isinf(actual) || isinf(expected))
    return isinf(actual) && isinf(expected) && (actual > 0) == (expected > 0);
  return fabs(actual - expected) <= rel * fabs(expected) + abs;
}
