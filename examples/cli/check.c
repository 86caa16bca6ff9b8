/* flexmetrics check: all problems of the data, and what can be computed from them. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static void put_tables(buffer *b, const fm_register *r)
{
  for (size_t i = 0; i < fm_schema_n_tables(); i++) {
    const char *name = fm_schema_table_name(i);
    const fm_table *t = fm_register_table(r, name);
    buffer n = {0};
    if (t == NULL)
      continue;
    put_whole(&n, (int64_t)fm_table_n_rows(t));
    put(b, "  ");
    put_padded(b, name, 14);
    for (size_t k = width_of(n.data); k < 10; k++)
      put(b, " ");
    put_text(b, fm_table_n_rows(t) == 1 ? "check.row" : "check.rows", n.data, NULL);
    put(b, "\n");
    free(n.data);
  }
}

/* Whether the data have what an indicator's frame needs; *why (freed by free) tells when they have not. */
static bool allows(const fm_register *r, const char *kind, const char *definition, const fm_run *run, char **why)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec spec = FM_FRAME_SPEC_INIT;
  fm_table *frame = NULL;
  spec.kind = kind;
  spec.definitions = definition;
  *why = NULL;
  fm_status status = fm_register_frame(&frame, r, &spec, run, &err);
  fm_table_destroy(frame);
  if (status != FM_OK)
    *why = in_language(err.message);
  return status == FM_OK;
}

/* Whether a definition that starts with work makes the frame from spells alone. */
static bool allows_by_work(const fm_register *r, const char *kind, const fm_run *run)
{
  static const char *const kinds[] = {"status", "weeks", "survival"};
  bool able = false;
  for (size_t k = 0; k < COUNT(kinds) && fm_register_table(r, "spells") != NULL; k++) {
    char *why = NULL;
    able = able || (strcmp(kind, kinds[k]) == 0 && allows(r, kind, "weekly_strict", run, &why));
    free(why);
  }
  return able;
}

/* Column behind the ids of all indicators. */
static size_t behind_ids(void)
{
  size_t widest = 0;
  for (size_t i = 0; i < fm_catalogue_n(); i++)
    if (width_of(fm_catalogue_id(i)) > widest)
      widest = width_of(fm_catalogue_id(i));
  return widest + 4;
}

static void put_measures(buffer *b, const data *d)
{
  buffer can = {0}, cannot = {0};
  size_t at = behind_ids();
  for (size_t i = 0; i < fm_catalogue_n(); i++) {
    char *why;
    const char *kind = fm_catalogue_text(i, "frame", language);
    if (strcmp(kind, "table") == 0)
      continue; /* computed from a table of its own */
    bool able = allows(d->reg, kind, NULL, &d->work.run, &why);
    bool by_work = !able && allows_by_work(d->reg, kind, &d->work.run);
    buffer *list = able || by_work ? &can : &cannot, name = {0};
    put_text(&name, by_work ? "check.by_work" : "check.name", fm_catalogue_text(i, "name", language), NULL);
    put(list, "  ");
    put_padded(list, fm_catalogue_id(i), at - 2);
    put_wrapped(list, able || by_work ? name.data : why, at, at);
    free(name.data);
    free(why);
  }
  put(b, text(can.size > 0 ? "check.can" : "check.can_nothing"));
  put(b, text_of(&can));
  if (cannot.size > 0) {
    put(b, text("check.cannot"));
    put(b, cannot.data);
  }
  free(can.data);
  free(cannot.data);
}

static void put_page(buffer *b, const args *a, const data *d, int code)
{
  put_problems(b, d);
  if (code != EXIT_DONE)
    return;
  int32_t end = fm_register_data_end(d->reg);
  put(b, b->size > 0 ? "\n" : "");
  put_text(b, "check.title", a->words[0], NULL);
  put_tables(b, d->reg);
  if (end != FM_NO_DATE) {
    buffer last = {0}, next = {0};
    put_date(&last, end - 1);
    put_date(&next, end);
    put_text(b, "check.end", last.data, a->words[0], next.data, NULL);
    free(last.data);
    free(next.data);
  }
  put_measures(b, d);
}

int run_check(const args *a)
{
  data d;
  int code = data_open(&d, a, a->words[0]);
  if (code == EXIT_DONE || (code == EXIT_DATA && d.problems != NULL)) {
    int written = EXIT_DONE;
    if (a->format == FORMAT_TABLE) {
      buffer b = {0};
      put_page(&b, a, &d, code);
      written = write_out(a, text_of(&b), b.size);
      free(b.data);
    } else {
      written = write_table(a, d.problems);
    }
    code = written != EXIT_DONE ? written : code;
  }
  data_close(&d);
  return code;
}
