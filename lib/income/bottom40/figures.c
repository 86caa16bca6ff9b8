/* The figures of one group: SDG 10.1.1, the panel's gain by two rankings, and the participants within the bottom. */
#include "income/bottom40/bottom40_priv.h"

#define LEVEL 0.95

typedef struct page {
  fm__result *r;
  const fm_income_bottom40_spec *spec;
  const fm__income_people *people;
  double years; /* NaN: growth in all */
} page;

/* A figure on a set of people, in unscaled units; nobody in it: empty. */
static fm__figure figure_of(const char *quantity, const char *unit, double value, const fm__slice *s, const page *p)
{
  fm__figure f = fm__figure_of(quantity, unit);
  f.n = f.people = s->people;
  f.weight = s->weight / p->people->w_scale;
  if (!isfinite(f.weight))
    f.weight = NAN;
  if (isfinite(value))
    f.value = value;
  else
    f.state = s->people > 0 ? FM__UNDEFINED : FM__EMPTY;
  return f;
}

static void put(const page *p, const char *quantity, const char *unit, double value, const fm__slice *s)
{
  fm__figure f = figure_of(quantity, unit, value, s, p);
  fm__result_add(p->r, &f);
}

/* With standard error and t limits, where there are any. `scale` brings the error to the unit of the value. */
static void put_spread(const page *p, const char *quantity, const char *unit, double value, const fm__slice *s,
                       fm__spread spread, double scale)
{
  fm__figure f = figure_of(quantity, unit, value, s, p);
  double error = spread.std_error * scale;
  if (isfinite(value) && isfinite(error) && spread.n > 1) {
    double half = fm__t_quantile((double)(spread.n - 1), 0.5 + LEVEL / 2) * error;
    f.std_error = error;
    f.ci_low = value - half;
    f.ci_high = value + half;
    f.level = LEVEL;
  }
  fm__result_add(p->r, &f);
}

static void put_state(const page *p, const char *quantity, const char *unit, const char *state, const fm__slice *s)
{
  fm__figure f = figure_of(quantity, unit, NAN, s, p);
  f.state = state;
  fm__result_add(p->r, &f);
}

/* ---- each period with all its incomes ---- */

static void put_count(const page *p, const char *quantity, uint32_t flag)
{
  fm__figure f = fm__figure_of(quantity, "count");
  int64_t n = 0;
  for (size_t i = 0; i < p->people->n; i++) {
    const fm__income_row *row = &p->people->rows[p->people->index[i]];
    n += (row->flags & flag) != 0 ? (int64_t)row->count : 0;
  }
  f.value = (double)n;
  f.n = f.people = n;
  fm__result_add(p->r, &f);
}

static void put_period(const page *p, const fm__ranked *k, double total, double bottom_total, const fm__spread *spread,
                       int32_t at)
{
  static const char *const names[][2] = {{"bottom_mean_0", "bottom_mean_1"},
                                         {"mean_0", "mean_1"},
                                         {"bottom_share_0", "bottom_share_1"},
                                         {"cut_0", "cut_1"}};
  double money = 1 / p->people->x_scale;
  put_spread(p, names[0][at], "money", fm__slice_mean(&k->bottom, bottom_total) * money, &k->bottom,
             spread[FM__SE_BOTTOM_0 + at], money);
  put_spread(p, names[1][at], "money", fm__slice_mean(&k->all, total) * money, &k->all, spread[FM__SE_MEAN_0 + at],
             money);
  put_spread(p, names[2][at], "share", total > 0 ? bottom_total / total : NAN, &k->bottom, spread[FM__SE_SHARE_0 + at],
             1);
  put(p, names[3][at], "money", k->cut * money, &k->bottom);
}

/* A growth rate rests on the smaller of its two periods. */
static const fm__slice *smaller(const fm__slice *a, const fm__slice *b)
{
  return a->people < b->people || (a->people == b->people && a->weight < b->weight) ? a : b;
}

static void put_anonymous(const page *p, const fm__ranked *k_0, const fm__ranked *k_1)
{
  fm__spread spread[FM__N_SE_ANONYMOUS];
  const char *unit = isnan(p->years) ? "total" : "per_year";
  fm__income_spread(spread, p->people, k_0, k_1, p->spec->p_share, p->years);
  put_period(p, k_0, k_0->all.total_0, k_0->bottom.total_0, spread, 0);
  put_period(p, k_1, k_1->all.total_1, k_1->bottom.total_1, spread, 1);
  double bottom = fm__income_growth(fm__slice_mean(&k_0->bottom, k_0->bottom.total_0),
                                    fm__slice_mean(&k_1->bottom, k_1->bottom.total_1), p->years);
  double all = fm__income_growth(fm__slice_mean(&k_0->all, k_0->all.total_0),
                                 fm__slice_mean(&k_1->all, k_1->all.total_1), p->years);
  const fm__slice *poor = smaller(&k_0->bottom, &k_1->bottom), *everyone = smaller(&k_0->all, &k_1->all);
  put_spread(p, "bottom_growth", unit, bottom, poor, spread[FM__SE_BOTTOM_GROWTH], 1);
  put_spread(p, "mean_growth", unit, all, everyone, spread[FM__SE_MEAN_GROWTH], 1);
  put_spread(p, "premium", unit, bottom - all, poor, spread[FM__SE_PREMIUM], 1);
  put_count(p, "missing_0", FM__MISSING_0);
  put_count(p, "missing_1", FM__MISSING_1);
}

/* ---- the people with both incomes ---- */

/* Names of the same quantities by the two rankings. */
enum {
  BOTTOM_PEOPLE,
  BOTTOM_MEAN_0,
  BOTTOM_MEAN_1,
  BOTTOM_GAIN,
  BOTTOM_GROWTH,
  PARTICIPANT_PEOPLE,
  PARTICIPANT_TOTAL,
  PARTICIPANT_MEAN,
  OTHER_PEOPLE,
  OTHER_TOTAL,
  OTHER_MEAN,
  UNKNOWN_PEOPLE,
  PARTICIPANT_SHARE,
  N_NAMES
};
static const char *const panel_names[2][N_NAMES] = {
    {"panel_bottom_people", "panel_bottom_mean_0", "panel_bottom_mean_1", "panel_bottom_gain", "panel_bottom_growth",
     "participant_bottom_people", "participant_gain_total", "participant_gain_mean", "other_bottom_people",
     "other_gain_total", "other_gain_mean", "unknown_bottom_people", "participant_gain_share"},
    {"meanrank_bottom_people", "meanrank_bottom_mean_0", "meanrank_bottom_mean_1", "meanrank_bottom_gain",
     "meanrank_bottom_growth", "meanrank_participant_bottom_people", "meanrank_participant_gain_total",
     "meanrank_participant_gain_mean", "meanrank_other_bottom_people", "meanrank_other_gain_total",
     "meanrank_other_gain_mean", "meanrank_unknown_bottom_people", "meanrank_participant_gain_share"}};

static void put_share(const page *p, const char *quantity, const fm__ranked *k)
{
  const fm__slice *in = &k->kind[FM__PARTICIPANT_KIND], *out = &k->kind[FM__OTHER_KIND];
  bool known = p->spec->population == 1 && k->kind[FM__UNKNOWN_KIND].people == 0;
  if (!known)
    put_state(p, quantity, "share", FM__NOT_GIVEN, in);
  else if (!(in->gain >= 0 && out->gain >= 0 && in->gain + out->gain > 0))
    put_state(p, quantity, "share", FM__UNDEFINED, in);
  else
    put(p, quantity, "share", in->gain / (in->gain + out->gain), in);
}

static void put_kinds(const page *p, const fm__ranked *k, const fm__spread *spread, const char *const *names)
{
  double money = 1 / p->people->x_scale, people = 1 / p->people->w_scale;
  static const int32_t kinds[] = {FM__PARTICIPANT_KIND, FM__OTHER_KIND};
  static const int32_t first[] = {PARTICIPANT_PEOPLE, OTHER_PEOPLE},
                       errors[] = {FM__SE_GAIN_PARTICIPANT, FM__SE_GAIN_OTHER};
  bool given = k->n_known > 0;
  const char *absent = k->all.people > 0 ? FM__NOT_GIVEN : FM__EMPTY;
  for (size_t i = 0; i < FM__COUNT(kinds); i++) {
    const fm__slice *s = &k->kind[kinds[i]];
    const char *const *name = &names[first[i]];
    if (!given) {
      put_state(p, name[0], "people", absent, s);
      put_state(p, name[1], "money", absent, s);
      put_state(p, name[2], "money", absent, s);
      continue;
    }
    put(p, name[0], "people", s->weight * people, s);
    put(p, name[1], "money", s->gain * money * people, s);
    put_spread(p, name[2], "money", fm__slice_mean(s, s->gain) * money, s, spread[errors[i]], money);
  }
  const fm__slice *unknown = &k->kind[FM__UNKNOWN_KIND];
  if (k->all.people > 0)
    put(p, names[UNKNOWN_PEOPLE], "people", unknown->weight * people, unknown);
  else
    put_state(p, names[UNKNOWN_PEOPLE], "people", FM__EMPTY, unknown);
  if (given)
    put_share(p, names[PARTICIPANT_SHARE], k);
  else
    put_state(p, names[PARTICIPANT_SHARE], "share", absent, &k->kind[FM__PARTICIPANT_KIND]);
}

static void put_ranking(const page *p, const fm__ranked *k, fm__rank_by by)
{
  fm__spread spread[FM__N_SE_PANEL];
  const char *const *names = panel_names[by == FM__BY_PANEL_MEAN];
  const char *unit = isnan(p->years) ? "total" : "per_year";
  double money = 1 / p->people->x_scale;
  double mean_0 = fm__slice_mean(&k->bottom, k->bottom.total_0), mean_1 = fm__slice_mean(&k->bottom, k->bottom.total_1);
  fm__income_panel_spread(spread, p->people, k, by);
  if (by == FM__BY_PANEL) {
    put(p, "panel_people", "people", k->all.people > 0 ? k->all.weight / p->people->w_scale : NAN, &k->all);
    put_spread(p, "panel_gain", "money", fm__slice_mean(&k->all, k->all.gain) * money, &k->all, spread[FM__SE_GAIN_ALL],
               money);
    put(p, "panel_growth", unit,
        fm__income_growth(fm__slice_mean(&k->all, k->all.total_0), fm__slice_mean(&k->all, k->all.total_1), p->years),
        &k->all);
    put(p, "panel_cut", "money", isnan(k->line) ? k->cut * money : k->line, &k->all);
  }
  put(p, names[BOTTOM_PEOPLE], "people", k->all.people > 0 ? k->bottom.weight / p->people->w_scale : NAN, &k->bottom);
  put(p, names[BOTTOM_MEAN_0], "money", mean_0 * money, &k->bottom);
  put(p, names[BOTTOM_MEAN_1], "money", mean_1 * money, &k->bottom);
  put_spread(p, names[BOTTOM_GAIN], "money", fm__slice_mean(&k->bottom, k->bottom.gain) * money, &k->bottom,
             spread[FM__SE_GAIN_BOTTOM], money);
  put(p, names[BOTTOM_GROWTH], unit, fm__income_growth(mean_0, mean_1, p->years), &k->bottom);
  put_kinds(p, k, spread, names);
}

fm_status fm__income_figures(fm__result *r, const fm__income_people *people, const fm_income_bottom40_spec *spec,
                             fm_error *err)
{
  page p = {.r = r, .spec = spec, .people = people, .years = spec->period_1 - spec->period_0};
  fm__item *items = fm__array(people->n, 2 * sizeof *items);
  if (items == NULL)
    return fm__no_memory(err);
  fm__ranked k[FM__N_RANKINGS];
  fm__income_rank(&k[FM__BY_0], people, FM__BY_0, spec->p_share, NAN, items);
  fm__income_rank(&k[FM__BY_1], people, FM__BY_1, spec->p_share, NAN, items);
  fm__income_rank(&k[FM__BY_PANEL], people, FM__BY_PANEL, spec->p_share, spec->line, items);
  /* Beside an external cut: as large a share of the people, by the mean of their two incomes. */
  double p_mean = spec->p_share;
  if (!isnan(spec->line))
    p_mean = k[FM__BY_PANEL].bottom.weight / k[FM__BY_PANEL].all.weight;
  fm__income_rank(&k[FM__BY_PANEL_MEAN], people, FM__BY_PANEL_MEAN, p_mean, NAN, items);
  fm__free(items);
  put_anonymous(&p, &k[FM__BY_0], &k[FM__BY_1]);
  put_ranking(&p, &k[FM__BY_PANEL], FM__BY_PANEL);
  put_ranking(&p, &k[FM__BY_PANEL_MEAN], FM__BY_PANEL_MEAN);
  return FM_OK;
}
