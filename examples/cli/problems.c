/* The list of problems in words, with the options of the command that mend them. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* Which option mends which problem. */
static const struct {
  const char *code, *key;
} mends[] = {{"FM-D01", "mend.date"},     {"FM-N01", "mend.number"},    {"FM-E01", "mend.encoding"},
             {"FM-E04", "mend.encoding"}, {"FM-S05", "mend.delimiter"}, {"FM-S04", "mend.row_bytes"},
             {"FM-H01", "mend.columns"},  {"FM-R02", "mend.id_width"},  {"FM-C01", "mend.codes"}};

static bool has_problem(const fm_table *problems, const char *code)
{
  for (size_t i = 0; i < fm_table_n_rows(problems); i++)
    if (strcmp(cell(problems, "code", i), code) == 0)
      return true;
  return false;
}

static bool has_errors(const fm_table *problems)
{
  for (size_t i = 0; i < fm_table_n_rows(problems); i++)
    if (strcmp(cell(problems, "severity", i), "error") == 0)
      return true;
  return false;
}

static void put_mends(buffer *b, const fm_table *problems)
{
  const char *said = "";
  for (size_t k = 0; k < COUNT(mends); k++) {
    if (strcmp(mends[k].key, said) == 0 || !has_problem(problems, mends[k].code))
      continue;
    said = mends[k].key;
    put(b, "  ");
    put_wrapped(b, text(mends[k].key), 2, 4);
  }
}

void put_problems(buffer *b, const data *d)
{
  fm_error err = FM_ERROR_INIT;
  char *list = NULL;
  if (d->problems == NULL || fm_table_n_rows(d->problems) == 0)
    return;
  if (fm_report_problems(&list, d->problems, language, &err) != FM_OK) {
    fail(&err);
    return;
  }
  /* The library ends with what holds when nothing was read; with --skip-bad something was. */
  const char *nothing = fm_catalogue_label("problems.nothing", language);
  size_t n = strlen(list), m = strlen(nothing);
  bool ends = n > m && strncmp(list + n - m - 1, nothing, m) == 0 && list[n - 1] == '\n';
  if (ends && d->reg != NULL) {
    put_bytes(b, list, n - m - 1);
    put(b, has_errors(d->problems) ? text("left_out") : "");
    put(b, "\n");
  } else {
    put(b, list);
  }
  fm_free(list);
  put_mends(b, d->problems);
}

int data_open_telling(data *d, const args *a, const char *path)
{
  buffer b = {0};
  int code = data_open(d, a, path);
  put_problems(&b, d);
  if (b.size > 0)
    fputs(b.data, stderr);
  free(b.data);
  return code;
}
