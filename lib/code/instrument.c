/* How answers make a score: the rows of a list of instruments. */
#include <math.h>
#include <string.h>

#include "base/base_priv.h"
#include "code/instrument_priv.h"
#include "num/num_priv.h"

static fm_status fault(const fm_codes *codes, size_t row, const char *column, const char *expected, fm_error *err)
{
  const char *text = fm_codes_attribute(codes, (int64_t)row, column);
  fm__fail(err, FM_ERR_ARGUMENT, "instruments: %.40s has %s \"%.60s\", expected %s", fm_codes_code(codes, (int64_t)row),
           column, text != NULL ? text : "", expected);
  fm__error_place(err, fm_codes_list_name(codes), column, -1, (int64_t)row, -1);
  return FM_ERR_ARGUMENT;
}

/* A number, NaN for a blank where it may be. */
static bool number(double *out, const fm_codes *codes, size_t row, const char *column, bool blank)
{
  const char *text = fm_codes_attribute(codes, (int64_t)row, column);
  *out = (double)NAN;
  return text == NULL ? blank : fm__parse_f64(text, strlen(text), '.', out) && isfinite(*out);
}

static bool whole(int32_t *out, const fm_codes *codes, size_t row, const char *column, int32_t most)
{
  double x;
  if (!number(&x, codes, row, column, false) || !(x >= 1 && x <= most) || x != floor(x))
    return false;
  *out = (int32_t)x;
  return true;
}

static bool choice(bool *second, const fm_codes *codes, size_t row, const char *column, const char *a, const char *b)
{
  const char *text = fm_codes_attribute(codes, (int64_t)row, column);
  *second = text != NULL && strcmp(text, b) == 0;
  return *second || (text != NULL && strcmp(text, a) == 0);
}

/* "low:35 high:100", rising. */
static bool read_bands(fm__instrument *m, const char *text)
{
  for (const char *p = text; p != NULL && *p != '\0';) {
    size_t length = strcspn(p, " "), name = strcspn(p, ":");
    fm__band *b = &m->bands[m->n_bands];
    if (m->n_bands == FM__MOST_BANDS || name == 0 || name + 1 >= length || name >= sizeof b->name ||
        !fm__parse_f64(p + name + 1, length - name - 1, '.', &b->upto) || (m->n_bands > 0 && !(b->upto > b[-1].upto)))
      return false;
    memcpy(b->name, p, name);
    m->n_bands++;
    p += length + strspn(p + length, " ");
  }
  return true;
}

static fm_status read_one(fm__instrument *m, const fm_codes *codes, size_t row, fm_error *err)
{
  *m = (fm__instrument){0};
  if (!whole(&m->items, codes, row, "items", FM__MOST_ITEMS))
    return fault(codes, row, "items", "a whole number from 1 to 200", err);
  if (!whole(&m->needed, codes, row, "needed", m->items))
    return fault(codes, row, "needed", "a whole number from 1 to items", err);
  if (!number(&m->least, codes, row, "least", false))
    return fault(codes, row, "least", "a number", err);
  if (!number(&m->most, codes, row, "most", false) || !(m->most > m->least))
    return fault(codes, row, "most", "a number above least", err);
  if (!choice(&m->mean, codes, row, "total", "sum", "mean"))
    return fault(codes, row, "total", "sum or mean", err);
  if (!number(&m->factor, codes, row, "factor", false) || !(m->factor > 0))
    return fault(codes, row, "factor", "a number above 0", err);
  if (!choice(&m->lower_better, codes, row, "better", "higher", "lower"))
    return fault(codes, row, "better", "higher or lower", err);
  if (!number(&m->relevant, codes, row, "relevant", true) || m->relevant <= 0)
    return fault(codes, row, "relevant", "a number above 0, or nothing", err);
  if (!number(&m->reliability, codes, row, "reliability", true) || m->reliability < 0 || m->reliability >= 1)
    return fault(codes, row, "reliability", "a number from 0 to below 1, or nothing", err);
  if (!read_bands(m, fm_codes_attribute(codes, (int64_t)row, "bands")))
    return fault(codes, row, "bands", "up to 8 such as low:35 high:100, rising", err);
  if (m->n_bands > 0 && m->bands[m->n_bands - 1].upto < fm__instrument_top(m))
    return fault(codes, row, "bands", "the last one up to the highest score at least, so that nobody is in none", err);
  return FM_OK;
}

fm_status fm__instruments_read(fm__instrument **out, const fm_codes *codes, fm_error *err)
{
  size_t n = fm_codes_n(codes);
  fm_status status = FM_OK;
  *out = fm__array(n, sizeof **out);
  if (*out == NULL)
    return fm__no_memory(err);
  for (size_t row = 0; row < n && status == FM_OK; row++)
    status = read_one(&(*out)[row], codes, row, err);
  return status;
}

double fm__instrument_score(const fm__instrument *m, const double *answers, size_t n)
{
  fm__sum s = {0};
  if (n < (size_t)m->needed)
    return (double)NAN;
  for (size_t k = 0; k < n; k++)
    fm__sum_add(&s, answers[k]);
  double mean = fm__sum_value(&s) / (double)n;
  return m->factor * (m->mean ? mean : n == (size_t)m->items ? fm__sum_value(&s) : mean * m->items);
}

double fm__instrument_top(const fm__instrument *m)
{
  return m->factor * (m->mean ? m->most : m->most * m->items);
}

bool fm__instrument_is_alike(const fm__instrument *a, const fm__instrument *b)
{
  return a->items == b->items && a->least == b->least && a->most == b->most && a->factor == b->factor &&
         a->mean == b->mean;
}
