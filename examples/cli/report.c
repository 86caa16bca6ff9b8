/* flexmetrics report: the page of figures, small counts hidden. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static int write_page(const args *a, const fm_report *report)
{
  fm_error err = FM_ERROR_INIT;
  char *page = NULL;
  if (a->format != FORMAT_TABLE && a->format != FORMAT_XLSX)
    return write_table(a, fm_report_table(report));
  fm_status status = a->given[O_DEFINITIONS] != NULL
                         ? fm_report_definitions(&page, report, language, &err)
                         : fm_report_text(&page, report, language, a->given[O_ALL] != NULL, &err);
  int code = status != FM_OK            ? fail(&err)
             : a->format == FORMAT_XLSX ? write_book(a, fm_report_table(report), page)
                                        : write_out(a, page, strlen(page));
  fm_free(page);
  return code;
}

int run_report(const args *a)
{
  fm_error err = FM_ERROR_INIT;
  fm_report *report = NULL;
  char *page = NULL;
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  data d;
  if ((a->given[O_STATEMENT] != NULL) + (a->given[O_DEFINITIONS] != NULL) + (a->given[O_ALL] != NULL) +
          (a->format != FORMAT_TABLE && a->given[O_ALL] == NULL) >
      1)
    return misuse("report", "usage.one_page", NULL);
  spec.by = a->given[O_BY] != NULL ? a->given[O_BY] : spec.by;
  spec.merge = a->merges.size > 0 ? a->merges.data : NULL;
  spec.level = a->level;
  spec.as_of = a->as_of;
  spec.threshold = a->threshold;
  int code = data_open_telling(&d, a, a->words[0]);
  if (code == EXIT_DONE) {
    fm_status status = a->given[O_STATEMENT] != NULL
                           ? fm_report_statement(&page, d.reg, &spec, language, &d.work.run, &err)
                           : fm_report_create(&report, d.reg, &spec, &d.work.run, &err);
    work_end(&d.work);
    code = status != FM_OK ? fail(&err) : page != NULL ? write_out(a, page, strlen(page)) : write_page(a, report);
    if ((status == FM_ERR_NOT_FOUND && (a->given[O_BY] != NULL || spec.merge != NULL)) || status == FM_ERR_FORMAT)
      code = EXIT_USAGE; /* a column to break down by, or a group to merge, that the data do not have */
  }
  fm_free(page);
  fm_report_destroy(report);
  data_close(&d);
  return code;
}
