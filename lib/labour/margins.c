/* The margins of the groups: for each set of their columns the groups in order of the values of that set. */
#include <string.h>

#include "labour/figures_priv.h"

void fm__labour_margins_free(fm__labour_margins *m)
{
  fm__free(m->margin);
  fm__free(m->group);
  *m = (fm__labour_margins){.n = 0};
}

/* ---- values of each column in order ---- */

static bool before(const char *a, size_t n, const char *b, size_t m)
{
  int order = memcmp(a, b, n < m ? n : m);
  return order < 0 || (order == 0 && n < m);
}

/* Column by column a number for each group, 1 and up in the order of the texts; 0: missing. Groups in canonical order
 * have the texts of a column in order within equal values of those before, so that ranks come from a sorted list of
 * the distinct ones. */
static fm_status rank_column(uint32_t *rank, size_t *n_values, const fm__groups *groups, size_t k, fm_error *err)
{
  size_t n = fm__groups_count(groups), n_texts;
  fm__texts *texts = fm__texts_create();
  uint32_t *order = NULL, *place = NULL;
  bool done = texts != NULL;
  for (size_t g = 0; g < n && done; g++) {
    size_t length;
    const char *text = fm__groups_text(groups, g, k, &length);
    int64_t at = text != NULL ? fm__texts_add(texts, text, length) : -2;
    rank[g] = text != NULL ? (uint32_t)at + 1 : 0;
    done = at != -1;
  }
  n_texts = done ? fm__texts_count(texts) : 0;
  order = fm__array(n_texts, sizeof *order);
  place = fm__array(n_texts + 1, sizeof *place);
  done = done && order != NULL && place != NULL;
  for (size_t i = 0; i < n_texts && done; i++) { /* by insertion: values of a group column are few */
    size_t at = i, length, other_length;
    const char *text = fm__texts_at(texts, i, &length);
    for (; at > 0; at--) {
      const char *other = fm__texts_at(texts, order[at - 1], &other_length);
      if (!before(text, length, other, other_length))
        break;
      order[at] = order[at - 1];
    }
    order[at] = (uint32_t)i;
  }
  for (size_t i = 0; i < n_texts && done; i++)
    place[order[i] + 1] = (uint32_t)i + 1;
  for (size_t g = 0; g < n && done; g++)
    rank[g] = place[rank[g]];
  *n_values = n_texts;
  fm__texts_destroy(texts);
  fm__free(order);
  fm__free(place);
  return done ? FM_OK : fm__no_memory(err);
}

/* ---- the margins ---- */

typedef struct work {
  fm__labour_margins *m;
  uint32_t *rank; /* column after column */
  size_t *n_values;
  fm__item *items, *scratch;
  size_t margin_capacity, group_capacity, n_listed;
  size_t n_groups, n_columns;
} work;

/* The groups that have a value in each column of the set, in order of those values. */
static bool list_groups(size_t *n, work *w, uint32_t columns)
{
  *n = 0;
  for (size_t g = 0; g < w->n_groups; g++) {
    uint64_t key = 0;
    bool missing = false;
    for (size_t k = 0; k < w->n_columns; k++) {
      if ((columns >> k & 1) == 0)
        continue;
      uint32_t rank = w->rank[k * w->n_groups + g];
      missing |= rank == 0;
      key = key * (w->n_values[k] + 1) + rank;
    }
    if (!missing)
      w->items[(*n)++] = (fm__item){key, g};
  }
  fm__sort_items(w->items, w->scratch, *n);
  return fm__grow((void **)&w->m->group, &w->group_capacity, w->n_listed + *n, sizeof *w->m->group);
}

static bool add_margins(work *w, uint32_t columns)
{
  size_t n;
  if (!list_groups(&n, w, columns))
    return false;
  if (n == 0 && columns == 0) { /* the whole of nothing */
    if (!fm__grow((void **)&w->m->margin, &w->margin_capacity, w->m->n + 1, sizeof *w->m->margin))
      return false;
    w->m->margin[w->m->n++] = (fm__labour_margin){0, w->n_listed, w->n_listed};
  }
  for (size_t i = 0; i < n; i++) {
    if (i == 0 || w->items[i].key != w->items[i - 1].key) {
      if (!fm__grow((void **)&w->m->margin, &w->margin_capacity, w->m->n + 1, sizeof *w->m->margin))
        return false;
      w->m->margin[w->m->n++] = (fm__labour_margin){columns, w->n_listed, w->n_listed};
    }
    w->m->group[w->n_listed++] = (uint32_t)w->items[i].value;
    w->m->margin[w->m->n - 1].end = w->n_listed;
  }
  return true;
}

/* Keys of all columns together must be one number. */
static fm_status check_size(const work *w, fm_error *err)
{
  uint64_t product = 1;
  for (size_t k = 0; k < w->n_columns; k++) {
    if (product > UINT64_MAX / (w->n_values[k] + 1))
      return fm__fail(err, FM_ERR_LIMIT, "the groups have more combinations of values than can be numbered");
    product *= w->n_values[k] + 1;
  }
  return FM_OK;
}

static fm_status fill(work *w, const fm__groups *groups, bool all, fm_error *err)
{
  uint32_t every = (UINT32_C(1) << w->n_columns) - 1;
  fm_status status = FM_OK;
  for (size_t k = 0; k < w->n_columns && status == FM_OK; k++)
    status = rank_column(w->rank + k * w->n_groups, &w->n_values[k], groups, k, err);
  if (status == FM_OK)
    status = check_size(w, err);
  for (uint32_t set = all ? 0 : every; set <= every && status == FM_OK; set++)
    if (!add_margins(w, set))
      status = fm__no_memory(err);
  return status;
}

fm_status fm__labour_margins_make(fm__labour_margins *m, const fm__groups *groups, bool all, fm_error *err)
{
  work w = {.m = m, .n_groups = fm__groups_count(groups), .n_columns = fm__groups_n_columns(groups)};
  *m = (fm__labour_margins){.n_columns = w.n_columns, .n_groups = w.n_groups};
  size_t n_ranks;
  if (fm__multiply(w.n_groups, w.n_columns, &n_ranks))
    w.rank = fm__array(n_ranks, sizeof *w.rank);
  w.n_values = fm__array(w.n_columns, sizeof *w.n_values);
  w.items = fm__array(w.n_groups, sizeof *w.items);
  w.scratch = fm__array(w.n_groups, sizeof *w.scratch);
  fm_status status = w.rank != NULL && w.n_values != NULL && w.items != NULL && w.scratch != NULL
                         ? fill(&w, groups, all, err)
                         : fm__no_memory(err);
  fm__free(w.rank);
  fm__free(w.n_values);
  fm__free(w.items);
  fm__free(w.scratch);
  return status;
}
