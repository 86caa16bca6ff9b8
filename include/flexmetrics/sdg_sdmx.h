/**
 * @file sdg_sdmx.h
 * Figures for goals 8 and 10 as SDMX-CSV 1.0, 2.0 and 2.1, and such files as tables.
 *
 * What is written is checked before: every code against the version of its list, every key against the content
 * constraints of its series, no key twice, no value beside a status that says there is none. All problems are listed.
 * Lists, constraints, and which figure of which indicator is which series are tables of text, built in
 * (data/sdg) and replaceable. The table of methods is docs/methods/sdmx.md.
 */
#ifndef FLEXMETRICS_SDG_SDMX_H
#define FLEXMETRICS_SDG_SDMX_H

#include "flexmetrics/csv.h"
#include "flexmetrics/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The structure, its code lists, series and mappings in use; opaque. Many threads may use one. */
typedef struct fm_sdmx_codes fm_sdmx_codes;

/** Name of built-in table `i`: "sdmx_components", "sdmx_codes", "sdmx_series", "sdmx_measures", "sdmx_groups"; NULL
 *  outside. */
FM_API const char *fm_sdmx_builtin_name(size_t i);

/** **Creates** the built-in table called `name`, every column text. FM_ERR_NOT_FOUND: no such table. */
FM_API FM_NODISCARD fm_status fm_sdmx_builtin(fm_table **out, const char *name, fm_error *err);

/**
 * **Creates** the tables in use: the built-in ones and `n_own` of the caller's (**borrowed** until destroyed), told
 * apart by their names. Own "sdmx_components" stand in place of the built-in table; own "sdmx_codes" in place of each
 * list they have; own "sdmx_series", "sdmx_measures" and "sdmx_groups" come before the built-in rows. `versions` (may
 * be NULL) chooses versions of lists, such as "CL_AGE(1.1), CL_SERIES(1.4)": codes that came later are not known then;
 * otherwise the newest that the tables speak of is used.
 * Errors: FM_ERR_NOT_FOUND a table of another name, a missing column, a list that is not there; FM_ERR_TYPE a column
 * that is not text (1.10 read as a number would be 1.1); FM_ERR_FORMAT `versions`; FM_ERR_VALUE a cell, with its row.
 */
FM_API FM_NODISCARD fm_status fm_sdmx_codes_create(fm_sdmx_codes **out, const fm_table *const *own, size_t n_own,
                                                   const char *versions, fm_error *err);

/** The same with the files of a folder that are named after the tables, such as sdmx_codes.csv; UTF-8, as written in
 *  data/sdg. `folder` NULL: none. FM_ERR_NOT_FOUND: the folder has none of them; FM_ERR_DATA: a file cannot be read;
 * otherwise errors as above. */
FM_API FM_NODISCARD fm_status fm_sdmx_codes_read(fm_sdmx_codes **out, const char *folder, const char *versions,
                                                 fm_error *err);

/** Destroys them. NULL is accepted. */
FM_API void fm_sdmx_codes_destroy(fm_sdmx_codes *codes);

/** How figures become observations and how these are written. All texts are **borrowed** during the call. */
typedef struct fm_sdmx_spec {
  size_t struct_size;         /**< set by FM_SDMX_SPEC_INIT or fm_sdmx_spec_init */
  const fm_sdmx_codes *codes; /**< **borrowed**; NULL: the built-in tables */
  const char *version;        /**< of SDMX-CSV: "1.0", "2.0" (NULL: this) or "2.1" */
  const char *structure;      /**< version of the global structure, such as "1.8", or "AGENCY:ID(VERSION)" of another;
                                   NULL: as the table's own columns STRUCTURE, STRUCTURE_ID or DATAFLOW say */
  const char *structure_type; /**< "datastructure" (NULL: this; 1.0 has only dataflows), "dataflow", "dataprovision" */
  const char *action;         /**< NULL: "I" in 2.0, "M" in 2.1; R replace, D delete, A append (2.0) */
  const char *area;           /**< REF_AREA where a row has none, such as "208" */
  const char *period;         /**< TIME_PERIOD where a row has none, and in place of the days of a result: "2024";
                                   "2013-2018": 2018, TIME_DETAIL 2013-2018 */
  const char *reporting_type; /**< REPORTING_TYPE where a row has none; NULL: "N", national */
  const char *source;         /**< SOURCE_DETAIL where a row has none; NULL: none */
  const char *set;            /**< further values where a row has none: "NATURE=C;COMPOSITE_BREAKDOWN=FIS_PREFIS_INC" */
  const char *definition;     /**< words for rows whose definition does not decide the series, such as "icls_13" */
  const char *series;         /**< of a result: only these, separated by commas; NULL: all that there are */
  const char *custom;         /**< columns of a result that go to CUST_BREAKDOWN, separated by commas */
  const char *keep;           /**< further columns of an observation table to write as they are, separated by commas */
} fm_sdmx_spec;

#ifndef __cplusplus
/** Initial value of an fm_sdmx_spec: SDMX-CSV 2.0, built-in tables, national. */
#define FM_SDMX_SPEC_INIT                                                                                              \
  {                                                                                                                    \
    .struct_size = sizeof(fm_sdmx_spec)                                                                                \
  }
#endif

/** Does what FM_SDMX_SPEC_INIT does; `size` is sizeof(fm_sdmx_spec) as the caller's header knew it. */
FM_API void fm_sdmx_spec_init(fm_sdmx_spec *spec, size_t size);

/**
 * Makes checked observations of a sealed table. **Creates** `*out` (sealed): a column for each dimension in the order
 * of the structure, OBS_VALUE, the mandatory attributes, the others that have a value; text, but OBS_VALUE and bounds
 * f64.
 * **Creates** `*problems` (may be NULL; as fm_csv_read_file).
 *
 * `t` is an observation table when it has the column SERIES: its columns are components of the structure; what is
 * missing is filled from the spec, the series (unit), and `_T`. Otherwise it is a result table: each row's series
 * follows from indicator, quantity, definition and breakdown (table sdmx_measures), its groups from sdmx_groups; a
 * missing group is the total; rows of no series are left out and noted, FM-K06; shares become per cent by moving the
 * decimal point.
 *
 * | code | problem |
 * |---|---|
 * | FM-K01 | a code that the version of the list does not have | FM-K02 | a key that the content constraints forbid |
 * | FM-K03 | a definition that does not decide the series | FM-K04 | a group without a code |
 * | FM-K05 | a column that is no component | FM-K06 | note: rows of no series |
 * | FM-K07 | a value and a status that contradict | FM-R01 | a key that is there twice |
 * | FM-V01 | no value in a mandatory component | FM-N01 | not a number | FM-D03 | not a period |
 *
 * Errors: FM_ERR_DATA problems; FM_ERR_ARGUMENT the spec; FM_ERR_NOT_FOUND a column of a result that is not there, or
 * that the spec names; FM_ERR_TYPE a column of the wrong type; FM_ERR_STATE not sealed.
 */
FM_API FM_NODISCARD fm_status fm_sdmx_observations(fm_table **out, fm_table **problems, const fm_table *t,
                                                   const fm_sdmx_spec *spec, fm_error *err);

/**
 * Makes the observations and writes them as SDMX-CSV: comma, decimal point, CRLF, ids, quotes as RFC 4180. The file
 * appears whole or not at all. A value that is missing on purpose (status O, Q, ...) is an empty cell, in 2.1 NaN.
 * Errors: as fm_sdmx_observations; FM_ERR_ARGUMENT no structure given, or one that is no dataflow in 1.0; FM_ERR_IO.
 */
FM_API FM_NODISCARD fm_status fm_sdmx_write_file(fm_table **problems, const fm_table *t, const char *path,
                                                 const fm_sdmx_spec *spec, fm_error *err);

/** The same into memory: **creates** `*out`, `*size` bytes and a NUL after them; release with fm_free. */
FM_API FM_NODISCARD fm_status fm_sdmx_write_memory(char **out, size_t *size, fm_table **problems, const fm_table *t,
                                                   const fm_sdmx_spec *spec, fm_error *err);

/**
 * Reads SDMX-CSV of any structure into a sealed table. **Creates** `*out` and `*problems` (may be NULL; as
 * fm_csv_read_file). The separator is the character after DATAFLOW or STRUCTURE. Columns in the order of the file,
 * under their ids ("SEX: Sex" is SEX), text; cells "F: Female" of such columns become F where the column is coded;
 * OBS_VALUE and the bounds f64, with decimal comma where the separator is not a comma: empty is missing, NaN is a NaN.
 * All other columns are kept. The table's note `sdmx_csv` is "1.0", "2.0" or "2.1" (actions M, NaN, #N/A or ~);
 * `sub_separator` is the sign in the brackets of STRUCTURE[;].
 * Problems: as fm_csv_read_file; FM-H01 the first column is neither, or STRUCTURE_ID is missing; FM-K08 a structure
 * type or an action that there is not.
 */
FM_API FM_NODISCARD fm_status fm_sdmx_read_file(fm_table **out, fm_table **problems, const char *path,
                                                const fm_run *run, fm_error *err);

/** The same from memory; `name` (may be NULL) stands for the file's name in problems. `data` is only read. */
FM_API FM_NODISCARD fm_status fm_sdmx_read_memory(fm_table **out, fm_table **problems, const void *data, size_t size,
                                                  const char *name, const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
