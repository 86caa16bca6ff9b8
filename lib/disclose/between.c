/* Two reports as one: the cells of both, what was published then and is to be now, and the differences as secrets. */
#include <string.h>

#include "disclose/disclose_priv.h"
#include "disclose/linked_priv.h"

typedef struct merged {
  fm_disclose_figures f;
  int64_t *cells, *at_least, *at_most;
  size_t *start, *cell, *before; /* before: by cell of now, the cell of then with its key, SIZE_MAX: none */
  int32_t *coefficient;
  uint8_t *kind, *hidden;
  size_t n, used; /* figures, terms */
} merged;

static void close_merged(merged *m)
{
  void *const all[] = {m->cells,  m->at_least,    m->at_most, m->start, m->cell,
                       m->before, m->coefficient, m->kind,    m->hidden};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
}

static size_t terms_of(const fm_disclose_figures *f)
{
  return f->n_figures > 0 ? f->start[f->n_figures] : 0;
}

static bool open_merged(merged *m, const fm_disclose_figures *now, const fm_disclose_figures *then)
{
  size_t figures = then->n_figures + 2 * now->n_figures + now->n_cells;
  size_t terms = terms_of(then) + 3 * terms_of(now) + 2 * now->n_cells;
  m->cells = fm__array(now->n_cells + then->n_cells, sizeof *m->cells);
  m->at_least = fm__array(figures, sizeof *m->at_least);
  m->at_most = fm__array(figures, sizeof *m->at_most);
  m->start = fm__array(figures + 1, sizeof *m->start);
  m->cell = fm__array(terms, sizeof *m->cell);
  m->before = fm__array(now->n_cells, sizeof *m->before);
  m->coefficient = fm__array(terms, sizeof *m->coefficient);
  m->kind = fm__array(figures, 1);
  m->hidden = fm__array(figures, 1);
  return m->cells != NULL && m->at_least != NULL && m->at_most != NULL && m->start != NULL && m->cell != NULL &&
         m->before != NULL && m->coefficient != NULL && m->kind != NULL && m->hidden != NULL;
}

/* ---- keys ---- */

static fm_status check_release(const fm_disclose_release *r, const char *name, fm_error *err)
{
  if (r->struct_size != sizeof *r || r->figures->struct_size != sizeof *r->figures)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: expected struct_size of its structs", name);
  for (size_t i = 0; i < r->figures->n_cells; i++)
    for (size_t k = 0; k < i; k++)
      if (strcmp(r->keys[i], r->keys[k]) == 0)
        return fm__fail(err, FM_ERR_ARGUMENT, "%s: cells %zu and %zu have the same key", name, k, i);
  return FM_OK;
}

static fm_status match_keys(merged *m, const fm_disclose_release *now, const fm_disclose_release *then,
                            const int32_t *change, fm_error *err)
{
  for (size_t i = 0; i < now->figures->n_cells; i++) {
    int32_t how = change != NULL ? change[i] : FM_DISCLOSE_GREW;
    if (how < FM_DISCLOSE_CHANGED || how > FM_DISCLOSE_SHRANK)
      return fm__fail(err, FM_ERR_ARGUMENT, "change: cell %zu has none of the three", i);
    m->before[i] = SIZE_MAX;
    for (size_t k = 0; k < then->figures->n_cells && m->before[i] == SIZE_MAX; k++)
      if (strcmp(now->keys[i], then->keys[k]) == 0)
        m->before[i] = k;
    if (m->before[i] == SIZE_MAX)
      continue;
    int64_t new = now->figures->cells[i], old = then->figures->cells[m->before[i]];
    if (how == FM_DISCLOSE_GREW && new < old)
      return fm__fail(err, FM_ERR_VALUE, "cell %zu grew, but has fewer people than before", i);
    if (how == FM_DISCLOSE_SHRANK && new > old)
      return fm__fail(err, FM_ERR_VALUE, "cell %zu shrank, but has more people than before", i);
  }
  return FM_OK;
}

/* ---- figures ---- */

static void add_term(merged *m, size_t cell, int32_t coefficient)
{
  m->cell[m->used] = cell;
  m->coefficient[m->used++] = coefficient;
}

static void end_figure(merged *m, uint8_t kind, uint8_t hidden, int64_t at_least, int64_t at_most)
{
  m->kind[m->n] = kind;
  m->hidden[m->n] = hidden;
  m->at_least[m->n] = at_least;
  m->at_most[m->n] = at_most;
  m->start[++m->n] = m->used;
}

/* The figures of one report, its cells from `first` on; what is `done` stays as it was published. */
static void add_release(merged *m, const fm_disclose_figures *f, const uint8_t *hidden, size_t first, bool done)
{
  memcpy(m->cells + first, f->cells, f->n_cells * sizeof *f->cells);
  for (size_t i = 0; i < f->n_figures; i++) {
    for (size_t k = f->start[i]; k < f->start[i + 1]; k++)
      add_term(m, first + f->cell[k], f->coefficient != NULL ? f->coefficient[k] : 1);
    uint8_t kind = f->kind != NULL ? f->kind[i] : FM_DISCLOSE_FIGURE;
    if (done && kind == FM_DISCLOSE_FIGURE && hidden[i] == 0)
      kind = FM_DISCLOSE_FIXED;
    end_figure(m, kind, hidden[i], f->at_least != NULL ? f->at_least[i] : INT64_MIN,
               f->at_most != NULL ? f->at_most[i] : INT64_MAX);
  }
}

/* What came to each cell, a secret with its sign known, and to each figure whose cells were all there before. */
static void add_differences(merged *m, const fm_disclose_figures *now, const int32_t *change, size_t n_then)
{
  for (size_t i = 0; i < now->n_cells; i++) {
    int32_t how = change != NULL ? change[i] : FM_DISCLOSE_GREW;
    if (m->before[i] == SIZE_MAX)
      continue;
    add_term(m, n_then + i, 1);
    add_term(m, m->before[i], -1);
    end_figure(m, FM_DISCLOSE_SECRET, 0, how == FM_DISCLOSE_GREW ? 0 : INT64_MIN,
               how == FM_DISCLOSE_SHRANK ? 0 : INT64_MAX);
  }
  for (size_t i = 0; i < now->n_figures; i++) {
    bool all = now->start[i + 1] > now->start[i] + 1; /* one cell: said already */
    uint8_t kind = now->kind != NULL ? now->kind[i] : FM_DISCLOSE_FIGURE;
    for (size_t k = now->start[i]; k < now->start[i + 1]; k++)
      all = all && m->before[now->cell[k]] != SIZE_MAX;
    if (!all || (kind != FM_DISCLOSE_FIGURE && kind != FM_DISCLOSE_FIXED))
      continue;
    for (size_t k = now->start[i]; k < now->start[i + 1]; k++) {
      int32_t c = now->coefficient != NULL ? now->coefficient[k] : 1;
      add_term(m, n_then + now->cell[k], c);
      add_term(m, m->before[now->cell[k]], -c);
    }
    end_figure(m, FM_DISCLOSE_SECRET, 0, INT64_MIN, INT64_MAX);
  }
}

fm_status fm_disclose_between(fm_disclose_protected *out, uint8_t *hidden_now, const fm_disclose_release *now,
                              const fm_disclose_release *then, const uint8_t *hidden_then, const int32_t *change,
                              const fm_disclose_protect_spec *spec, fm_error *err)
{
  merged m = {0};
  fm_status status = check_release(now, "now", err);
  if (status == FM_OK)
    status = check_release(then, "then", err);
  if (status != FM_OK)
    return status;
  size_t n_then = then->figures->n_cells, first = then->figures->n_figures;
  status = open_merged(&m, now->figures, then->figures) ? match_keys(&m, now, then, change, err) : fm__no_memory(err);
  if (status == FM_OK) {
    add_release(&m, then->figures, hidden_then, 0, true);
    add_release(&m, now->figures, hidden_now, n_then, false);
    add_differences(&m, now->figures, change, n_then);
    m.f = (fm_disclose_figures){.struct_size = sizeof m.f,
                                .n_cells = n_then + now->figures->n_cells,
                                .cells = m.cells,
                                .n_figures = m.n,
                                .start = m.start,
                                .cell = m.cell,
                                .coefficient = m.coefficient,
                                .kind = m.kind,
                                .at_least = m.at_least,
                                .at_most = m.at_most};
    status = fm_disclose_linked_protect(out, m.hidden, &m.f, spec, err);
  }
  if (status == FM_OK)
    memcpy(hidden_now, m.hidden + first, now->figures->n_figures);
  close_merged(&m);
  return status;
}
