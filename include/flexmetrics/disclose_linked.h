/**
 * @file disclose_linked.h
 * Tables that count the same people: all figures of a report, or of two reports, looked at together.
 */
#ifndef FLEXMETRICS_DISCLOSE_LINKED_H
#define FLEXMETRICS_DISCLOSE_LINKED_H

#include "flexmetrics/disclose_protect.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a figure is to an outsider. */
enum {
  FM_DISCLOSE_FIGURE = 0, /**< a count of people, shown unless it is hidden; small ones are hidden and protected */
  FM_DISCLOSE_FIXED = 1,  /**< shown, and stays so: published before, or needed; not protected itself */
  FM_DISCLOSE_SECRET = 2, /**< never shown, such as a difference of two figures; protected when it is small */
  FM_DISCLOSE_LINK = 3    /**< never shown and not protected: says by its bounds what everyone knows */
};

/**
 * Figures as sums of common cells. A cell counts people whom no figure tells apart, such as the women who had stayed at
 * 3 months and not at 6; an outsider knows the figures that are shown, that cells are whole and not negative, and the
 * bounds. Figure f is the sum of coefficient[k] * cells[cell[k]] for k from start[f] to start[f + 1] - 1. All arrays
 * are
 * **borrowed** during a call.
 */
typedef struct fm_disclose_figures {
  size_t struct_size;         /**< set by the caller to sizeof(fm_disclose_figures) */
  size_t n_cells;             /**< number of cells */
  const int64_t *cells;       /**< people in each */
  size_t n_figures;           /**< number of figures */
  const size_t *start;        /**< n_figures + 1 */
  const size_t *cell;         /**< start[n_figures] */
  const int32_t *coefficient; /**< the same, from -1,000 to 1,000; NULL: all 1 */
  const uint8_t *kind;        /**< n_figures of FM_DISCLOSE_FIGURE ...; NULL: all FM_DISCLOSE_FIGURE */
  const int64_t *at_least;    /**< bounds known of figures, such as "at least 40", INT64_MIN: none; NULL: no bounds */
  const int64_t *at_most;     /**< the same from above, INT64_MAX: none */
} fm_disclose_figures;

/**
 * What an outsider can work out of the figures shown (`hidden` 0): `low` and `high` (n_figures) get bounds of each
 * figure that whole tables reach, `exact` (n_figures) 1 where it is proved that none goes further, else 0: then an
 * outsider can leave more open than the bounds say, never less, which errs on the side of hiding. A figure without any
 * limit is bounded by the sum of all cells and twice the threshold. Used of `spec`: threshold, floor and effort.
 * Errors: FM_ERR_ARGUMENT an option, a kind, a place or a coefficient outside its range, a negative cell, a bound that
 * does not hold; FM_ERR_LIMIT; FM_ERR_MEMORY.
 */
FM_API FM_NODISCARD fm_status fm_disclose_linked_audit(int64_t *low, int64_t *high, uint8_t *exact,
                                                       const fm_disclose_figures *figures, const uint8_t *hidden,
                                                       const fm_disclose_protect_spec *spec, fm_error *err);

/**
 * Hides figures of kind FM_DISCLOSE_FIGURE until every small one, shown or secret, keeps as many possible values as
 * `spec` asks. Small is 1 to threshold - 1, of a secret also -1 to 1 - threshold. `hidden` (n_figures) is read and
 * written. Each protection rests on whole tables that were found and checked, so that it holds whatever the search
 * missed; what was not needed is shown again at the end. `out->safe` is 0 when no way was found: then all that may be
 * is hidden, and that is not enough or could not be shown to be within `effort`. `out->optimal` is 1 only when nothing
 * had to be hidden; its lower bound is 0. `structural` is not used.
 */
FM_API FM_NODISCARD fm_status fm_disclose_linked_protect(fm_disclose_protected *out, uint8_t *hidden,
                                                         const fm_disclose_figures *figures,
                                                         const fm_disclose_protect_spec *spec, fm_error *err);

/** How a cell can have changed between two reports. */
enum {
  FM_DISCLOSE_CHANGED = 0, /**< people came and went */
  FM_DISCLOSE_GREW = 1,    /**< those counted before are still counted: the difference is a number of new people */
  FM_DISCLOSE_SHRANK = 2   /**< nobody was added */
};

/** A report, published or to be published. */
typedef struct fm_disclose_release {
  size_t struct_size;                 /**< set by the caller to sizeof(fm_disclose_release) */
  const fm_disclose_figures *figures; /**< its figures and their cells */
  const char *const *keys; /**< by cell: what it counts; cells of two reports with equal keys belong together */
} fm_disclose_release;

/**
 * Audits a report against an earlier one of the same register and protects the differences: a difference of a cell, or
 * of a figure whose cells are all in both reports, that is small must not follow from what was published then and is to
 * be published now. `hidden_then` says what was hidden then; nothing can be hidden there any more. `hidden_now` is read
 * and written, as by fm_disclose_linked_protect with both reports' figures. `change` (cells of `now`; NULL: all
 * FM_DISCLOSE_GREW) says how each cell changed.
 * Errors: as fm_disclose_linked_protect; FM_ERR_ARGUMENT a key twice in one report; FM_ERR_VALUE a cell that grew has
 * fewer people than before, or one that shrank has more.
 */
FM_API FM_NODISCARD fm_status fm_disclose_between(fm_disclose_protected *out, uint8_t *hidden_now,
                                                  const fm_disclose_release *now, const fm_disclose_release *then,
                                                  const uint8_t *hidden_then, const int32_t *change,
                                                  const fm_disclose_protect_spec *spec, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
