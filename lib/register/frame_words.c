/* Which entries of a code list a spec asks for. */
#include "flexmetrics/spell_definition.h"
#include "register/frame_priv.h"

fm_status fm__frame_match(uint8_t **out, const fm__frame *f, const char *list, const char *words, fm_error *err)
{
  const fm_codes *codes = fm_register_codes(f->r, list);
  bool some = false;
  *out = fm__array(fm_codes_n(codes), 1);
  fm_status status = *out != NULL ? fm_spell_words_match(*out, words, codes, err) : fm__no_memory(err);
  for (size_t k = 0; status == FM_OK && k < fm_codes_n(codes); k++)
    some |= (*out)[k] != 0;
  if (status == FM_OK && !some)
    status = fm__fail(err, FM_ERR_NOT_FOUND, "\"%.60s\" leaves no word of the code list %s", words, list);
  return status;
}

int64_t fm__placement_asked(const fm_register *r, const uint8_t *kinds, size_t placement)
{
  const fm__part *p = &r->part[FM__PLACEMENTS];
  int32_t first = fm__register_days(r, FM__PLACEMENTS, placement).first;
  int64_t entry = fm__register_entry(r, FM__PLACEMENTS, p->code_column, placement, first, NULL);
  return entry >= 0 && kinds[entry] != 0 ? entry : -1;
}

int32_t fm__placement_employer(const fm_register *r, size_t placement)
{
  size_t column = fm__register_column(r, FM__PLACEMENTS, "employer_id");
  const fm_table *t = r->part[FM__PLACEMENTS].table;
  return column == FM__NO_COLUMN || fm_table_is_null(t, column, placement) ? -1 : fm_table_code(t, column)[placement];
}
