/* A build without libxlsxwriter: says how to get it. */
#include <stdio.h>

#include "flexmetrics_xlsx.h"

fm_status fm_xlsx_write(const char *path, const fm_table *t, const char *page, const char *lang, fm_error *err)
{
  (void)path;
  (void)t;
  (void)page;
  (void)lang;
  if (err != NULL && err->code == FM_OK) {
    err->code = FM_ERR_STATE;
    snprintf(
        err->message, sizeof err->message,
        "flexmetrics was built without workbooks: install libxlsxwriter (Debian: libxlsxwriter-dev), then build it "
        "again");
  }
  return FM_ERR_STATE;
}
