/* Why work ended: another job, or the state that followed. */
#include <string.h>

#include "register/definition_priv.h"

fm_status fm__exits_open(fm__exits *x, const fm__frame *f, fm_error *err)
{
  *x = (fm__exits){.f = f, .gap_days = f->spec->gap_days};
  fm_status status = fm__rows_by_person(&x->first[0], &x->rows[0], f->r, FM__PLACEMENTS, err);
  if (status == FM_OK)
    status = fm__rows_by_person(&x->first[1], &x->rows[1], f->r, FM__SPELLS, err);
  if (status != FM_OK)
    fm__exits_close(x);
  return status;
}

void fm__exits_close(fm__exits *x)
{
  for (int k = 0; k < 2; k++) {
    fm__free(x->first[k]);
    fm__free(x->rows[k]);
  }
  *x = (fm__exits){0};
}

static bool is_work(const fm__exits *x, int table, size_t row)
{
  if (x->classes != NULL)
    return fm__definition_class(x->classes, x->f->r, table, row) == FM_SPELL_STATE_COUNTS;
  return table == FM__PLACEMENTS ? fm__placement_is_work(x->f->r, row) : fm__spell_is_work(x->f->r, row);
}

/* Does work of another employer go on beyond `end`, or start within the allowed gap after it? Work in spells names no
 * employer: what goes on after the end is no longer that of the index placement. */
static bool went_elsewhere(const fm__exits *x, size_t placement, int32_t end)
{
  static const int tables[] = {FM__PLACEMENTS, FM__SPELLS};
  const fm__frame *f = x->f;
  const fm__part *p = &f->r->part[FM__PLACEMENTS];
  uint32_t person = p->person[placement], employer = p->employer != NULL ? p->employer[placement] : FM__NO_ROW;
  fm__days seen = fm__frame_observed(f, person);
  for (int k = 0; k < 2; k++)
    for (uint32_t i = x->first[k][person]; i < x->first[k][person + 1]; i++) {
      size_t row = x->rows[k][i];
      bool same = k == 0 && (row == placement || (employer != FM__NO_ROW && p->employer[row] == employer));
      fm__days days = fm__register_days(f->r, tables[k], row);
      int32_t last = days.end < seen.end ? days.end : seen.end;
      if (!same && days.first < seen.end && last > end && days.first <= end + x->gap_days && is_work(x, tables[k], row))
        return true;
    }
  return false;
}

/* The word for a row of spells: the family of its state in the code list, else the state as written. */
static const char *state_of(const fm_register *r, size_t row)
{
  const fm__part *p = &r->part[FM__SPELLS];
  const fm_codes *codes;
  int32_t start = fm__date_at(p->table, p->start_column, row);
  int64_t entry = fm__register_entry(r, FM__SPELLS, p->code_column, row, start, &codes);
  const char *family = entry >= 0 ? fm_codes_attribute(codes, entry, "family") : NULL;
  return family != NULL && family[0] != '\0' ? family : fm_table_text(p->table, p->code_column, row, NULL);
}

/* The state on the first day after the end, or the first that begins within the gap; of several the one that began
 * last, then the first by its word. NULL: none. */
static const char *next_state(const fm__exits *x, size_t person, int32_t end)
{
  const fm__frame *f = x->f;
  fm__days seen = fm__frame_observed(f, person), best = {0, 0};
  const char *found = NULL;
  for (uint32_t i = x->first[1][person]; i < x->first[1][person + 1]; i++) {
    size_t row = x->rows[1][i];
    fm__days days = fm__register_days(f->r, FM__SPELLS, row);
    if (days.end <= end || days.first > end + x->gap_days || days.first >= seen.end || is_work(x, FM__SPELLS, row))
      continue;
    const char *word = state_of(f->r, row);
    int32_t from = days.first > end ? days.first : end, best_from = best.first > end ? best.first : end;
    bool nearer = from != best_from ? from < best_from : days.first > best.first;
    bool alike = from == best_from && days.first == best.first;
    if (found == NULL || nearer || (alike && strcmp(word, found) < 0)) {
      found = word;
      best = days;
    }
  }
  return found;
}

const char *fm__exit_cause(const fm__exits *x, size_t person, size_t placement, int32_t end)
{
  if (placement != SIZE_MAX && went_elsewhere(x, placement, end))
    return "other_job";
  const char *state = next_state(x, person, end);
  return state != NULL ? state : "not_employed";
}
