/* One row a job that began before as-of, with what its quality is measured by. */
#include <string.h>

#include "register/frame_priv.h"

enum { REDUCED, PERMANENT, SHORTAGE, SERVICES, RUNNING, N_OWN };
static const fm__frame_column own[N_OWN] = {{"reduced", FM_BOOL, 0},
                                            {"permanent", FM_BOOL, 0},
                                            {"shortage", FM_BOOL, 0},
                                            {"services", FM_BOOL, 0},
                                            {"running", FM_BOOL, 0}};
static const fm__frame_column columns[] = {
    {"person_id", FM_CODE, 0},    {"kind", FM_CODE, 0},     {"start", FM_DATE, 0},     {"hours_per_week", FM_F64, 0},
    {"hours_wanted", FM_F64, 0},  {"reduced", FM_BOOL, 0},  {"permanent", FM_BOOL, 0}, {"agreement", FM_BOOL, 0},
    {"new_position", FM_BOOL, 0}, {"shortage", FM_BOOL, 0}, {"services", FM_BOOL, 0},  {"running", FM_BOOL, 0}};

enum { NO, YES, UNTOLD };

static void put(fm__builder *b, size_t column, int answer)
{
  if (answer == UNTOLD)
    fm__builder_null(b, column);
  else
    fm__builder_bool(b, column, answer == YES);
}

static int is_permanent(const fm_register *r, size_t i, int32_t day)
{
  size_t column = fm__register_column(r, FM__PLACEMENTS, "contract_type");
  const fm_codes *codes = NULL;
  int64_t entry = column != FM__NO_COLUMN ? fm__register_entry(r, FM__PLACEMENTS, column, i, day, &codes) : -1;
  return entry < 0 ? UNTOLD : strcmp(fm_codes_code(codes, entry), "permanent") == 0 ? YES : NO;
}

/* By the caller's dated list alone: there is none that would hold for long. */
static int is_short(const fm_register *r, size_t i, int32_t day)
{
  const fm_codes *codes = fm_register_codes(r, "shortage_occupation");
  size_t column = fm__register_column(r, FM__PLACEMENTS, "occupation"), length;
  const fm_table *t = r->part[FM__PLACEMENTS].table;
  if (codes == NULL || column == FM__NO_COLUMN || fm_table_is_null(t, column, i))
    return UNTOLD;
  const char *text = fm_table_text(t, column, i, &length);
  return fm_codes_find(codes, text, length, day) >= 0 ? YES : NO;
}

static int is_service(const fm_register *r, uint32_t employer, int32_t day)
{
  const fm_codes *codes;
  int64_t entry = fm__frame_industry(r, employer, day, &codes);
  const char *text = entry >= 0 ? fm_codes_attribute(codes, entry, "services") : NULL;
  return text == NULL ? UNTOLD : strcmp(text, "yes") == 0 ? YES : NO;
}

static void put_all(fm__frame *f, fm__builder *b, const size_t *column, const uint8_t *kinds)
{
  const fm_register *r = f->r;
  const fm_codes *list = fm_register_codes(r, "placement_kind");
  size_t other = 0, later = 0;
  for (size_t i = 0; i < r->part[FM__PLACEMENTS].n_rows; i++) {
    fm__days days = fm__register_days(r, FM__PLACEMENTS, i);
    int64_t entry = fm__placement_asked(r, kinds, i);
    other += entry < 0;
    later += entry >= 0 && days.first >= f->as_of;
    if (entry < 0 || days.first >= f->as_of)
      continue;
    fm__frame_put_placement(f, i);
    fm__builder_bool(b, column[REDUCED], strcmp(fm_codes_code(list, entry), "fleksjob") == 0);
    put(b, column[PERMANENT], is_permanent(r, i, days.first));
    put(b, column[SHORTAGE], is_short(r, i, days.first));
    put(b, column[SERVICES], is_service(r, f->rows[FM__EMPLOYERS][f->n - 1], days.first));
    fm__builder_bool(b, column[RUNNING], fm__frame_runs(f, f->n - 1, days.end));
  }
  fm__frame_left_out(f, "rows_of_other_kinds", other);
  fm__frame_left_out(f, "rows_after_as_of", later);
  fm__frame_set_note(f, "shortage_list", fm_register_codes(r, "shortage_occupation") != NULL ? "given" : "not_given");
}

static fm_status make(fm__frame *f, fm_error *err)
{
  size_t column[N_OWN];
  uint8_t *kinds = NULL;
  fm__builder *b = NULL;
  fm_status status = fm__frame_require(f, FM__PLACEMENTS, err);
  if (status == FM_OK)
    status = fm__frame_match(&kinds, f, "placement_kind", f->spec->states != NULL ? f->spec->states : "work=yes", err);
  if (status == FM_OK)
    status = fm__frame_reserve(f, f->r->part[FM__PLACEMENTS].n_rows, fm__frame_placement_tables, err);
  if (status == FM_OK)
    status = fm__frame_build(&b, column, f, own, N_OWN, err);
  if (status == FM_OK) {
    put_all(f, b, column, kinds);
    status = fm__builder_finish(b, &f->core, err);
  } else {
    fm__builder_destroy(b);
  }
  fm__free(kinds);
  return status;
}

const fm__frame_kind fm__frame_kind_jobs = {"jobs",
                                            make,
                                            columns,
                                            FM__COUNT(columns),
                                            {FM__PLACEMENTS, FM__PERSONS, FM__EMPLOYERS, FM__INITIATIVES, FM__N_TABLES},
                                            true,
                                            false};
