/* The one-page statement of a registered social enterprise: what the report has, and employers, steps, hours. */
#include "report/page_priv.h"

#include <math.h>
#include <string.h>

#include "flexmetrics/catalogue_protect.h"
#include "table/table_priv.h"

enum { LABEL = 44, CELL = 12, NAME = 30, NARROW = 10 };
enum { EMPLOYERS, STEPS, HOURS, N_PARTS };

static const struct {
  const char *id, *key; /* key: column that names the parts of a result; "" for none */
} parts[N_PARTS] = {{"programme.employers", ""}, {"programme.steps", "from"}, {"retention.hours", ""}};

typedef struct statement {
  fm__page p;
  const fm_register *r;
  fm__entries of[N_PARTS]; /* no rows: the data have no such thing */
  bool hidden;             /* something on the page is */
} statement;

/* ---- figures ---- */

static fm_status take_part(statement *s, int k, const fm_report_spec *spec, const fm_run *run, fm_error *err)
{
  fm_compute_spec c = FM_COMPUTE_SPEC_INIT;
  fm_protect_spec protect = FM_PROTECT_SPEC_INIT;
  fm_error why = FM_ERROR_INIT;
  fm_table *open = NULL, *shown = NULL;
  c.level = spec->level;
  c.as_of = spec->as_of;
  protect.threshold = spec->threshold;
  fm_status status = fm_catalogue_compute(&open, s->r, parts[k].id, &c, run, &why);
  if (status == FM_ERR_NOT_FOUND) { /* a table the data do not have */
    fm_error_clear(&why);
    return FM_OK;
  }
  if (status != FM_OK) {
    status = fm__fail(err, status, "%s", why.message);
    fm_error_clear(&why);
    return status;
  }
  status = fm_catalogue_protect(&shown, open, &protect, err);
  if (status == FM_OK)
    status = fm__entries_read(&s->of[k], shown, parts[k].key, err);
  fm_table_destroy(shown);
  fm_table_destroy(open);
  return status;
}

static bool has_column(const statement *s, const char *table, const char *column)
{
  const fm_table *t = fm_register_table(s->r, table);
  return t != NULL && fm_table_column_index(t, column) >= 0;
}

static const fm__entry *total(const fm__entries *rows, const char *indicator, const char *quantity)
{
  for (size_t i = 0; i < rows->n; i++) {
    const fm__entry *row = &rows->items[i];
    if (row->group == NULL && row->kind == NULL && row->part == NULL && strcmp(row->indicator, indicator) == 0 &&
        strcmp(row->quantity, quantity) == 0)
      return row;
  }
  return NULL;
}

static const char *cell(statement *s, const fm__entry *row)
{
  if (row == NULL)
    return fm__page_word(&s->p, "state.not_given");
  s->hidden = s->hidden || fm__is_hidden(row);
  return fm__page_share(&s->p, row);
}

/* ---- lines ---- */

static void put_title(statement *s, const char *key)
{
  fm__put(&s->p.out, "\n");
  fm__put(&s->p.out, fm__page_word(&s->p, key));
  fm__page_line(&s->p);
}

static void put_figure(statement *s, const char *label, const fm__entry *row, const fm__entry *share)
{
  const char *range[] = {row != NULL ? fm__page_range(&s->p, row) : ""};
  fm__put_spaces(&s->p.out, 2);
  fm__page_left(&s->p, label, LABEL);
  fm__page_right(&s->p, cell(s, row), CELL);
  if (share != NULL)
    fm__page_right(&s->p, cell(s, share), CELL);
  if (range[0][0] != '\0')
    fm__page_say(&s->p, "page.brackets", range, 1);
  fm__page_line(&s->p);
}

static void put_row(statement *s, const char *key, const fm__entry *row)
{
  put_figure(s, fm__page_word(&s->p, key), row, NULL);
}

/* ---- sections ---- */

static void put_people(statement *s)
{
  const fm__entries *rows = &s->p.rows;
  const fm__entry *running = total(rows, FM__JOBS, "running_people"), *hours = total(rows, FM__JOBS, "hours_mean"),
                  *fte = total(rows, FM__JOBS, "fte");
  const fm__entry *known = total(rows, FM__JOBS, "hours_known");
  bool untold = !has_column(s, "placements", "hours_per_week") ||
                (running != NULL && !(running->value <= 0) && known != NULL && known->value <= 0);
  put_title(s, "statement.people");
  put_row(s, "statement.people.all", total(rows, FM__PEOPLE, "people"));
  put_row(s, "statement.people.began", running != NULL ? total(rows, FM__PEOPLE, "began") : NULL);
  put_row(s, "statement.people.running", running);
  put_row(s, "statement.people.hours", untold ? NULL : hours);
  put_row(s, "statement.people.fte", untold ? NULL : fte);
}

static void put_staff(statement *s)
{
  static const char *const lines[][2] = {{"statement.staff.all", "social_staff"},
                                         {"statement.staff.target", "social_target_staff"},
                                         {"statement.staff.share", "target_group_share"}};
  bool told = has_column(s, "employers", "social_enterprise");
  put_title(s, "statement.staff");
  for (size_t k = 0; k < FM__COUNT(lines); k++)
    put_row(s, lines[k][0], told ? total(&s->of[EMPLOYERS], parts[EMPLOYERS].id, lines[k][1]) : NULL);
}

/* Label of a code in the register's own list, else the code. */
static const char *code_label(const statement *s, const char *list, const char *code)
{
  const fm_codes *codes = fm_register_codes(s->r, list);
  int64_t k = codes != NULL ? fm_codes_find(codes, code, strlen(code), FM_NO_DATE) : -1;
  const char *label = k >= 0 ? fm_codes_label(codes, k, s->p.lang) : NULL;
  return label != NULL ? label : code;
}

static const fm__entry *step(const statement *s, const char *from, const char *quantity)
{
  const fm__entries *rows = &s->of[STEPS];
  int64_t to = rows->n > 0 ? fm_table_column_index(rows->tables[0], "to") : -1;
  for (size_t i = 0; to >= 0 && i < rows->n; i++)
    if (fm__same_text(rows->items[i].group, from) && strcmp(rows->items[i].quantity, quantity) == 0 &&
        fm__same_text(fm_table_text(rows->tables[0], (size_t)to, i, NULL), "ordinary"))
      return &rows->items[i];
  return NULL;
}

static void put_moves_of(statement *s, const char *from)
{
  static const char *const quantities[] = {"known", "moved", "other_employer", "same_employer", "employer_not_told"};
  const char *name[] = {code_label(s, "placement_kind", from)};
  bool told = has_column(s, "placements", "employer_id");
  const fm__entry *moved = step(s, from, "moved");
  bool none = moved != NULL && moved->value <= 0; /* nobody to tell apart */
  fm__bytes *label = fm__page_next(&s->p);
  fm__say(label, s->p.lang, "statement.moved.from", name, 1);
  fm__put_spaces(&s->p.out, 2);
  fm__page_left(&s->p, fm__text_of(label), NAME - 2);
  for (size_t k = 0; k < FM__COUNT(quantities); k++)
    fm__page_right(&s->p, k >= 2 && none ? "-" : cell(s, k < 2 || told ? step(s, from, quantities[k]) : NULL), NARROW);
  fm__page_line(&s->p);
}

static void put_moves(statement *s)
{
  static const char *const heads[] = {"statement.moved.known", "statement.moved.all", "statement.moved.other",
                                      "statement.moved.same", "statement.moved.not_told"};
  const fm__entries *rows = &s->of[STEPS];
  size_t n = 0;
  fm__put(&s->p.out, "\n");
  fm__page_left(&s->p, fm__page_word(&s->p, "statement.moved"), NAME);
  for (size_t k = 0; k < FM__COUNT(heads) && rows->n > 0; k++)
    fm__page_right(&s->p, fm__page_word(&s->p, heads[k]), NARROW);
  fm__page_line(&s->p);
  for (size_t i = 0; i < rows->n; i++) {
    const char *from = rows->items[i].group;
    const fm__entry *first = from != NULL ? step(s, from, "first_placements") : NULL;
    if (first != &rows->items[i] || strcmp(from, "ordinary") == 0 || first->value <= 0)
      continue;
    put_moves_of(s, from);
    n++;
  }
  if (n == 0)
    put_row(s, "statement.moved.label", NULL);
}

static void put_retention(statement *s)
{
  static const int32_t months[] = {3, 6, 12};
  static const struct {
    const char *head, *quantity;
    size_t width;
  } cells[] = {{"page.yes", "yes", 7}, {"page.no", "no", 8}, {"page.not_yet", "unknown", 16}};
  const fm__entries *rows = &s->p.rows;
  if (fm__entries_total(rows, FM__STATUS, "yes", 3) == NULL) {
    put_title(s, "page.status");
    put_row(s, "statement.retention.label", NULL);
    return;
  }
  fm__put(&s->p.out, "\n");
  fm__page_left(&s->p, fm__page_word(&s->p, "page.status"), 27);
  for (size_t k = 0; k < FM__COUNT(cells); k++)
    fm__page_right(&s->p, fm__page_word(&s->p, cells[k].head), cells[k].width);
  fm__page_right(&s->p, fm__page_word(&s->p, "page.share_yes"), 12);
  fm__page_line(&s->p);
  for (size_t m = 0; m < FM__COUNT(months); m++) {
    const char *args[] = {fm__page_whole(&s->p, months[m])};
    const fm__entry *rate = fm__entries_total(rows, FM__STATUS, "rate", months[m]);
    const char *range[] = {rate != NULL ? fm__page_range(&s->p, rate) : ""};
    fm__bytes *name = fm__page_next(&s->p);
    fm__say(name, s->p.lang, "page.months", args, 1);
    fm__put_spaces(&s->p.out, 2);
    fm__page_left(&s->p, fm__text_of(name), 25);
    for (size_t k = 0; k < FM__COUNT(cells); k++)
      fm__page_right(&s->p, cell(s, fm__entries_total(rows, FM__STATUS, cells[k].quantity, months[m])), cells[k].width);
    fm__page_right(&s->p, cell(s, rate), 7);
    if (range[0][0] != '\0')
      fm__page_say(&s->p, "page.brackets", range, 1);
    fm__page_line(&s->p);
  }
}

static void put_hours(statement *s)
{
  static const char *const lines[][2] = {
      {"statement.hours.jobs", "placements"},           {"statement.hours.unknown", "unknown"},
      {"statement.hours.more", "same_job_more_hours"},  {"statement.hours.share", "share_more_hours"},
      {"statement.hours.start", "mean_hours_at_start"}, {"statement.hours.change", "mean_change_in_hours"}};
  bool told = has_column(s, "placements", "hours_per_week");
  put_title(s, "statement.hours");
  for (size_t k = 0; k < FM__COUNT(lines); k++)
    put_row(s, lines[k][0], told ? total(&s->of[HOURS], parts[HOURS].id, lines[k][1]) : NULL);
}

static void put_support(statement *s)
{
  const fm__entries *rows = &s->p.rows;
  put_title(s, "statement.support");
  put_figure(s, fm__page_word(&s->p, "statement.support.all"), total(rows, FM__OF_SUPPORT, "reached"),
             total(rows, FM__OF_SUPPORT, "reached_share"));
  for (size_t i = 0; i + 1 < rows->n; i++) { /* the share stands after its count */
    const fm__entry *row = &rows->items[i];
    if (row->part != NULL && strcmp(row->indicator, FM__OF_SUPPORT) == 0 && strcmp(row->quantity, "reached") == 0)
      put_figure(s, fm__page_code(&s->p, "support", row->part), row, row + 1);
  }
}

static void put_foot(statement *s)
{
  static const char *const keys[] = {"statement.def.job", "statement.def.staff", "statement.def.moved",
                                     "statement.def.not_given", "page.def.uncertainty"};
  const char *threshold[] = {fm_table_note(s->p.t, "threshold")};
  put_title(s, "page.definitions");
  for (size_t k = 0; k <= FM__COUNT(keys); k++) {
    fm__bytes *b = fm__page_next(&s->p);
    const char *last = s->hidden ? "page.def.hidden" : "page.def.nothing_hidden";
    fm__say(b, s->p.lang, k < FM__COUNT(keys) ? keys[k] : last, threshold, 1);
    fm__put_spaces(&s->p.out, 2);
    fm__put_wrapped(&s->p.out, fm__text_of(b), 2, 4);
  }
}

static void put_statement(statement *s)
{
  fm__page_heading(&s->p, false);
  fm__put(&s->p.out, fm__page_word(&s->p, "statement.title"));
  fm__page_line(&s->p);
  put_people(s);
  put_staff(s);
  put_moves(s);
  put_retention(s);
  put_hours(s);
  put_support(s);
  put_foot(s);
}

/* The report's figures, and with them the day to which everything is counted. */
static fm_status take_report(statement *s, fm_report_spec *spec, const fm_report *report, fm_error *err)
{
  s->p.t = fm_report_table(report);
  const char *by = fm_table_note(s->p.t, "by"), *day = fm_table_note(s->p.t, "as_of");
  fm_status status = fm_date_parse(&spec->as_of, day, strlen(day), NULL, err);
  return status == FM_OK ? fm__entries_read(&s->p.rows, s->p.t, by, err) : status;
}

fm_status fm_report_statement(char **out, const fm_register *r, const fm_report_spec *spec, const char *lang,
                              const fm_run *run, fm_error *err)
{
  fm_report_spec taken = FM_REPORT_SPEC_INIT;
  statement s = {.p = {.lang = lang}, .r = r};
  fm_report *report = NULL;
  *out = NULL;
  fm_status status = fm__check_lang(lang, err);
  if (status == FM_OK)
    status = fm__spec_take(&taken, sizeof taken, spec, "fm_report_spec", err);
  if (status == FM_OK)
    status = fm_report_create(&report, r, &taken, run, err);
  if (status == FM_OK)
    status = take_report(&s, &taken, report, err);
  for (int k = 0; k < N_PARTS && status == FM_OK; k++)
    status = take_part(&s, k, &taken, run, err);
  if (status == FM_OK)
    put_statement(&s);
  for (int k = 0; k < N_PARTS; k++)
    fm__entries_free(&s.of[k]);
  status = fm__page_give(out, &s.p, status, err);
  fm_report_destroy(report);
  return status;
}
