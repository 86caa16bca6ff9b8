/* Measures by name: reading "mean,gini,quantile(0.9)", values and influences in the caller's units. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "income/measure/influence_priv.h"
#include "num/num_priv.h"
#include "tally/tally_priv.h"

static const fm__income_measure *const lists[] = {fm__measures_levels,  fm__measures_shares,  fm__measures_inequality,
                                                  fm__measures_entropy, fm__measures_poverty, fm__measures_tip};

const fm__income_measure *fm__income_measure_at(size_t k)
{
  for (size_t i = 0; i < FM__COUNT(lists); i++)
    for (const fm__income_measure *m = lists[i]; m->name != NULL; m++)
      if (k-- == 0)
        return m;
  return NULL;
}

/* ---- names ---- */

enum { LONGEST_NAME = 31 };

static const fm__income_measure *measure_of(const char *name, size_t length)
{
  const fm__income_measure *m;
  for (size_t k = 0; (m = fm__income_measure_at(k)) != NULL; k++)
    if (strlen(m->name) == length && memcmp(m->name, name, length) == 0)
      return m;
  return NULL;
}

const fm__income_measure *fm__income_measure_of(const char *name)
{
  return measure_of(name, strlen(name));
}

/* Letters to add, drop or change (Levenshtein), for names of at most LONGEST_NAME. */
static size_t distance(const char *a, size_t n, const char *b)
{
  size_t row[LONGEST_NAME + 1], m = strlen(b);
  for (size_t j = 0; j <= m; j++)
    row[j] = j;
  for (size_t i = 1; i <= n; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= m; j++) {
      size_t other = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      size_t step = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
      row[j] = step < other ? step : other;
    }
  }
  return row[m];
}

static bool near(const char *text, size_t n, const char *name)
{
  enum { SHORTEST = 3 };
  if (n > LONGEST_NAME)
    return false;
  if (n >= SHORTEST)
    for (const char *at = name; strlen(at) >= n; at++)
      if (memcmp(at, text, n) == 0)
        return true;
  return distance(text, n, name) <= 2;
}

static fm_status unknown(const char *name, size_t n, fm_error *err)
{
  char hint[160] = "";
  const fm__income_measure *m;
  for (size_t k = 0; (m = fm__income_measure_at(k)) != NULL; k++) {
    size_t used = strlen(hint);
    if (near(name, n, m->name) && used + strlen(m->name) + 3 < sizeof hint)
      snprintf(hint + used, sizeof hint - used, "%s%s", used > 0 ? ", " : "", m->name);
  }
  int shown = n > 60 ? 60 : (int)n;
  if (hint[0] == '\0')
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "no measure of income is named \"%.*s\": expected names such as mean, gini or "
                    "quantile(0.9)",
                    shown, name);
  return fm__fail(err, FM_ERR_ARGUMENT, "no measure of income is named \"%.*s\"; near it: %s", shown, name, hint);
}

/* ---- reading ---- */

typedef struct span {
  const char *text;
  size_t n;
} span;

static span trimmed(const char *text, size_t n)
{
  for (; n > 0 && *text == ' '; text++)
    n--;
  while (n > 0 && text[n - 1] == ' ')
    n--;
  return (span){text, n};
}

/* Takes what stands before the next comma outside parentheses; false at the end. */
static bool next_part(const char **at, span *part)
{
  const char *start = *at;
  int depth = 0;
  if (start == NULL)
    return false;
  for (*at = start; **at != '\0' && (**at != ',' || depth > 0); (*at)++)
    depth += (**at == '(') - (**at == ')');
  *part = trimmed(start, (size_t)(*at - start));
  *at = **at == ',' ? *at + 1 : NULL;
  return true;
}

static fm_status wrong(span part, const char *expected, fm_error *err)
{
  return fm__fail(err, FM_ERR_ARGUMENT, "\"%.*s\" is not a measure: %s", part.n > 60 ? 60 : (int)part.n, part.text,
                  expected);
}

static fm_status check_parameter(const fm__income_measure *m, double v, fm_error *err)
{
  char least[32], most[32], given[32];
  if (m->open ? v > m->least && v < m->most : v >= m->least && v <= m->most)
    return FM_OK;
  fm__print_f64(least, m->least);
  fm__print_f64(most, m->most);
  fm__print_f64(given, v);
  return fm__fail(err, FM_ERR_ARGUMENT, "the parameter of %s is %s: expected a number %s %s %s %s", m->name, given,
                  m->open ? "above" : "from", least, m->open ? "and below" : "to", most);
}

/* Reads "0.9,0.1" between the parentheses. */
static fm_status take_parameters(fm__call *call, span part, span inside, fm_error *err)
{
  const fm__income_measure *m = call->measure;
  int32_t n = 0;
  size_t used = 0;
  for (size_t at = 0; at <= inside.n; n++) {
    size_t end = at;
    while (end < inside.n && inside.text[end] != ',')
      end++;
    span number = trimmed(inside.text + at, end - at);
    at = end + 1;
    if (n == m->n_parameters)
      return wrong(part, m->n_parameters == 0 ? "it takes no parameter" : "it has too many parameters", err);
    if (!fm__parse_f64(number.text, number.n, '.', &call->p[n]))
      return wrong(part, "expected numbers such as 0.9 between the parentheses", err);
    call->p[n] += 0.0; /* -0 becomes +0 */
    fm_status status = check_parameter(m, call->p[n], err);
    if (status != FM_OK)
      return status;
    char text[32];
    size_t length = fm__print_f64(text, call->p[n]);
    if (used + length + 2 > sizeof call->parameter)
      return wrong(part, "its parameters have too many digits", err);
    if (n > 0)
      call->parameter[used++] = ',';
    memcpy(call->parameter + used, text, length + 1);
    used += length;
  }
  return n == m->n_parameters ? FM_OK : wrong(part, "it has too few parameters", err);
}

static fm_status read_call(fm__call *call, span part, fm_error *err)
{
  *call = (fm__call){.p = {NAN, NAN}};
  if (part.n == 0)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "a measure without a name: expected names separated by commas, such as "
                    "\"mean,gini\"");
  const char *open = memchr(part.text, '(', part.n);
  span name = trimmed(part.text, open != NULL ? (size_t)(open - part.text) : part.n);
  call->measure = measure_of(name.text, name.n);
  if (call->measure == NULL)
    return unknown(name.text, name.n, err);
  if (open == NULL) {
    bool complete = call->measure->n_parameters == 0 || call->measure->optional;
    return complete ? FM_OK : wrong(part, "it needs its parameters, as in quantile(0.9)", err);
  }
  if (part.text[part.n - 1] != ')')
    return wrong(part, "expected a closing parenthesis at its end", err);
  return take_parameters(call, part, (span){open + 1, part.n - (size_t)(open - part.text) - 2}, err);
}

fm_status fm__calls_create(fm__call **out, size_t *n, const char *measures, fm_error *err)
{
  static const char by_default[] = "mean,median,bottom_mean(0.4),bottom_share(0.4),gini,s80s20,palma,"
                                   "at_risk_of_poverty(0.6),relative_median_gap(0.6)";
  const char *text = measures != NULL ? measures : by_default;
  span part;
  size_t count = 0;
  fm_status status = FM_OK;
  *out = NULL;
  *n = 0;
  for (const char *at = text; next_part(&at, &part);)
    count++;
  fm__call *calls = fm__array(count, sizeof *calls);
  if (calls == NULL)
    return fm__no_memory(err);
  count = 0;
  for (const char *at = text; status == FM_OK && next_part(&at, &part);)
    status = read_call(&calls[count++], part, err);
  if (status != FM_OK) {
    fm__free(calls);
    return status;
  }
  *out = calls;
  *n = count;
  return FM_OK;
}

/* ---- in the caller's units ---- */

/* One power of two at a time: their product may lie beyond the range of doubles where the result does not. */
static double taken_back(double v, const fm__call *call, const fm__income_context *c)
{
  const fm__income_measure *m = call->measure;
  if (m->power == 1)
    v /= c->own->x_scale;
  if (m->weight_power == 1)
    v /= c->own->w_scale;
  return m->in_percent && c->rules->percent != 0 ? 100 * v : v;
}

bool fm__call_is_rate(const fm__call *call)
{
  return call->measure->rate || (call->measure->rate_at_zero && call->p[0] == 0);
}

const char *fm__call_unit(const fm__call *call, const fm_income_rules *rules)
{
  return call->measure->in_percent && rules->percent != 0 ? "percent" : call->measure->unit;
}

double fm__call_of_bottom(const fm__call *call, const fm__bottom *b, const fm_income_rules *rules)
{
  double v = call->measure->of_bottom(call, b);
  v = call->measure->in_percent && rules->percent != 0 ? 100 * v : v;
  return isinf(v) ? NAN : v; /* beyond the range of doubles */
}

double fm__call_value(const fm__call *call, const fm__income_context *c, const char **state)
{
  *state = FM__OK;
  double value = taken_back(call->measure->value(call, c, state), call, c);
  if (isfinite(value))
    return value;
  if (isinf(value) || strcmp(*state, FM__OK) == 0)
    *state = FM__UNDEFINED; /* beyond the range of doubles, at the end or on the way */
  return NAN;
}

fm_status fm__call_influence(fm__influence *own, fm__influence *line, const fm__call *call, const fm__income_context *c,
                             fm_error *err)
{
  const char *state = FM__OK;
  own->n = line->n = 0;
  if (call->measure->influence == NULL)
    return FM_OK;
  double value = call->measure->value(call, c, &state);
  if (isnan(value))
    return FM_OK;
  fm_status status = call->measure->influence(own, line, call, c, value, err);
  if (own->n == 0 && line->n == 0)
    fm__influence_term(own, FM__TERM_ONE, 0, 0);
  for (size_t i = 0; i < own->n; i++)
    own->term[i].a = taken_back(own->term[i].a, call, c);
  for (size_t i = 0; i < line->n; i++)
    line->term[i].a = taken_back(line->term[i].a, call, c);
  return status;
}
