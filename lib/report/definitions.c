/* The page of every indicator in a report: name, definition and source, as the catalogue has them. */
#include "report/page_priv.h"

#include <string.h>

static bool is_first(const fm__page *p, size_t i)
{
  for (size_t k = 0; k < i; k++)
    if (strcmp(p->rows.items[k].indicator, p->rows.items[i].indicator) == 0)
      return false;
  return true;
}

static void put_indicator(fm__page *p, size_t k)
{
  const char *source[] = {fm_catalogue_text(k, "source", p->lang)};
  fm__bytes *name = fm__page_next(p), *from = fm__page_next(p);
  fm__put(name, fm_catalogue_text(k, "name", p->lang));
  fm__put(name, " (");
  fm__put(name, fm_catalogue_id(k));
  fm__put(name, ")");
  fm__put(&p->out, "\n");
  fm__put_wrapped(&p->out, fm__text_of(name), 0, 2);
  fm__put_spaces(&p->out, 2);
  fm__put_wrapped(&p->out, fm_catalogue_text(k, "definition", p->lang), 2, 2);
  fm__say(from, p->lang, "definitions.source", source, 1);
  fm__put_spaces(&p->out, 2);
  fm__put_wrapped(&p->out, fm__text_of(from), 2, 4);
}

fm_status fm_report_definitions(char **out, const fm_report *report, const char *lang, fm_error *err)
{
  const fm_table *t = fm_report_table(report);
  fm__page p = {.t = t, .lang = lang};
  *out = NULL;
  fm_status status = fm__check_lang(lang, err);
  if (status == FM_OK)
    status = fm__entries_read(&p.rows, t, "", err);
  if (status == FM_OK) {
    fm__page_heading(&p, false);
    fm__put(&p.out, "\n");
    fm__put(&p.out, fm__page_word(&p, "definitions.title"));
    fm__page_line(&p);
    for (size_t i = 0; i < p.rows.n; i++) {
      int64_t k = fm_catalogue_find(p.rows.items[i].indicator);
      if (k >= 0 && is_first(&p, i))
        put_indicator(&p, (size_t)k);
    }
  }
  return fm__page_give(out, &p, status, err);
}
