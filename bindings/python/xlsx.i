/* Tables as workbooks. */
%{
#include <flexmetrics_xlsx.h>
%}

%inline %{
static void table_xlsx(const fm_table *t, const char *page, const char *lang, const char *path)
{
  fm_error err = FM_ERROR_INIT;
  fm_status status = fm_xlsx_write(path, t, page, lang, &err);
  if (status != FM_OK)
    raise_status(status, &err);
}
%}
