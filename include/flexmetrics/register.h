/**
 * @file register.h
 * The programme's data: checked, linked tables, and the flat frames that measures take.
 *
 * A register is made from a folder of CSV files or from tables in memory. Every cell, key, date and code is checked;
 * all problems are listed in one table, not just the first. An *error* makes no register; a *note* is listed and the
 * row follows its rule (an unknown code is never work). Intervals are closed in files and half-open inside.
 * "As of" a date is the start of that day: the last observed day is the day before.
 */
#ifndef FLEXMETRICS_REGISTER_H
#define FLEXMETRICS_REGISTER_H

#include "flexmetrics/code.h"
#include "flexmetrics/csv.h"
#include "flexmetrics/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Checked and linked tables; opaque, immutable, may be read by many threads. */
typedef struct fm_register fm_register;

/** How a register is read. */
typedef struct fm_register_spec {
  size_t struct_size;            /**< set by FM_REGISTER_SPEC_INIT or fm_register_spec_init */
  const fm_csv_format *format;   /**< how the CSV files are written; NULL: as datapackage.json says, else
                                      the defaults */
  const fm_codes *const *codes;  /**< code lists that replace the built-in ones of the same name; **borrowed** */
  size_t n_codes;                /**< number of `codes` */
  const char *codes_folder;      /**< folder of <list>.csv files that replace built-in lists; NULL: none, or the one
                                      that datapackage.json names */
  const char *columns;           /**< own headers: "table.column=header;..."; NULL: none */
  int32_t skip_bad;              /**< 1: rows with errors are left out and listed; 0 (default): they stop the call */
  int32_t id_width;              /**< ids with fewer characters get leading zeros to this width; 0 (default): as read */
} fm_register_spec;

#ifndef __cplusplus
/** Initial value of an fm_register_spec. */
#define FM_REGISTER_SPEC_INIT { .struct_size = sizeof(fm_register_spec) }
#endif

/** Does what FM_REGISTER_SPEC_INIT does; `size` is sizeof as the caller's header knew it. */
FM_API void fm_register_spec_init(fm_register_spec *spec, size_t size);

/**
 * **Creates** a register from the CSV files in `folder` (`persons.csv`, `placements.csv`, ...; files with other names
 * are listed as notes). `*problems` (**created**, also on FM_ERR_DATA; NULL when the call failed otherwise; the pointer
 * may be NULL) is a table with the columns of fm_csv_read_file's: severity, code, table, row, line, column, cell, value
 * (missing for ids), what, expected, hint, count. Tables stand in the order of the schema, problems in the order of the
 * rows.
 *
 * A `datapackage.json` in the folder may give facts (fm_register_fact), the folder of code lists (`codes`), how the
 * files are written (`format`: delimiter, decimal, thousands, date_pattern, encoding, missing) and own headers
 * (`columns`: {"placements": {"start": "Startdato"}}). Columns of persons, employers and placements that the schema
 * does not have are kept as text, to group by. A word of a code list becomes the list's own code; a word that no list
 * knows stays as it is and is never work, nor is a code on a day on which it is not valid.
 *
 * With `skip_bad` rows with errors, and rows that name them, are left out; of rows with one id the first stays. Errors
 * that no row has (a missing column or table, a file that cannot be read) make no register all the same.
 *
 * | code | problem, besides those of csv.h |
 * |---|---|
 * | FM-C01 | note: unknown code; one problem a word, its rows are counted in `what` |
 * | FM-C02 | note: a code that is not valid on the date of the row; one problem a word |
 * | FM-C03 | a code list that cannot be used | FM-D04 | the end is before the start |
 * | FM-D05 | note: spells of one person and state overlap | FM-F02 | note: a file or table of another name |
 * | FM-F04 | datapackage.json cannot be used | FM-F05 | note: a table without rows |
 * | FM-N04 | a negative weight, or none | FM-N05 | a number outside its range |
 * | FM-P01 | note: a column looks like personal (CPR) numbers | FM-R01 | an id, or a key, that is there twice |
 * | FM-R02 | an id that the other table does not have | FM-R03 | there is no table persons |
 * | FM-R04 | note: equal rows | FM-T01 | a column in memory of another type | FM-X01 | a rule that is not clear |
 *
 * Errors: FM_ERR_DATA problems of severity error; FM_ERR_NOT_FOUND no folder (FM-F01), no known file in it (FM-F03), an
 * unknown name in `columns`; FM_ERR_IO; FM_ERR_ARGUMENT; FM_ERR_CANCELLED.
 */
FM_API FM_NODISCARD fm_status fm_register_read(fm_register **out, fm_table **problems, const char *folder,
                                               const fm_register_spec *spec, const fm_run *run, fm_error *err);

/** **Creates** a register from sealed tables whose fm_table_name is the table's name ("persons", ...). Number columns
 *  may have any whole or real type that holds the values, dates may be text YYYY-MM-DD, ids any whole type or text; a
 *  NaN is a missing value except in a weight. Further columns are shared, to group by. Notes of the tables with the
 *  keys of datapackage.json ("title", "observed_to", "income_concept", ...) become facts. Otherwise as
 *  fm_register_read. */
FM_API FM_NODISCARD fm_status fm_register_from_tables(fm_register **out, fm_table **problems,
                                                      const fm_table *const *tables, size_t n_tables,
                                                      const fm_register_spec *spec, const fm_run *run, fm_error *err);

/** Destroys the register. NULL is accepted. */
FM_API void fm_register_destroy(fm_register *r);

/** A checked table by name with the schema's column types; NULL when the data have none. **Borrowed**. */
FM_API const fm_table *fm_register_table(const fm_register *r, const char *name);

/** The code list in force ("target_group", "placement_kind", ...); NULL for an unknown list name. **Borrowed**. */
FM_API const fm_codes *fm_register_codes(const fm_register *r, const char *list);

/** A fact of datapackage.json by key ("title", "title_da", "organisation", "invented", ...; inner ones by their path,
 *  "sources.0.title"); NULL when not given. **Borrowed**. */
FM_API const char *fm_register_fact(const fm_register *r, const char *key);

/** A default for as-of: the day after the fact "observed_to", or else after the last start, end, observed or other day
 *  on which something happened (a count's as_of itself; plans such as deadlines do not count). FM_NO_DATE: no dates. */
FM_API int32_t fm_register_data_end(const fm_register *r);

/** What a frame holds. */
typedef struct fm_frame_spec {
  size_t struct_size;     /**< set by FM_FRAME_SPEC_INIT or fm_frame_spec_init */
  const char *kind;       /**< "contracts", "people", "placements", "status", "survival", "weeks", "hours",
                               "unemployment", "employers", "steps", "offers", "jobs", "net_result", "reimbursement",
                               "fleksloentilskud", "goals", "incomes", "contribution", "income", "income_gain",
                               "income_periods", "initiatives", "participants", "journeys", "supports",
                               "support_status", "progress", "outcomes" */
  const char *by;         /**< group columns to join, separated by commas; NULL: none. Any column of the tables the unit
                               belongs to, plain or as table.column, and target_group, sector, size_class, sme,
                               industry_section, age; of survival also aftercare_days, upskilling_days ...: when a
                               support of that kind began. A unit in several target groups gives a row for each when
                               target_group is named, and one row otherwise */
  const char *filter;     /**< rows to keep, such as "kind = fleksjob & sector = private"; NULL: all. Applied last, on
                               the frame's own columns and all that `by` may name */
  const char *index;      /**< status, survival: "placement" (every placement of a work kind, default) or "first" (the
                               first of each person, by start and then by id, shorter ids before longer: J9, J10);
                               survival: "referral" (from referred_on to the next start of work) */
  const char *horizons;   /**< status: months after the start, such as "3,6,12" (default); with definitions: in place
                               of theirs, each by its own clock */
  const char *participants; /**< incomes, contribution: initiative whose participants are marked; NULL: any */
  double period_0;        /**< incomes, contribution, income_gain, income_periods: first period (decimal year); NaN
                               (default): the earliest in the data */
  double period_1;        /**< incomes, contribution, income_gain, income_periods: second; income: the period; NaN
                               (default): the latest in the data */
  int32_t as_of;          /**< start of the first day not observed; FM_NO_DATE (default): fm_register_data_end */
  int32_t same_employer;  /**< status, survival: 1: only spells with the employer of the index placement; default 0 */
  int32_t gap_days;       /**< status, survival: pauses of at most this many days are bridged; default 0 */
  int32_t reserved0;      /**< 0 */
  const char *definitions; /**< status, survival: names of definitions, separated by commas, such as
                               "strict,grace_4_weeks"; rows for each. NULL: in work on the day or without a break, by
                               same_employer and gap_days */
  const char *rule;       /**< status with definitions: "point", "k_of_n", "continuous" or "cumulative" in place of
                               theirs */
  const char *clock;      /**< status with definitions: "days", "weeks", "months", "calendar_months" or "quarters" in
                               place of theirs */
  const char *start;      /**< with definitions: "placement", "ordinary", "exit", "benefit_end" or "work" in place of
                               their index */
  const char *states;     /**< unemployment: states that are unemployment, words as in spell_definition.h; NULL:
                               "unemployment counts_toward_duration=yes !work=yes"; offers: states that are benefit;
                               NULL: "unemployment counts_toward_duration=yes". hours, employers, steps, jobs,
                               net_result: kinds of placements; NULL: "fleksjob", "work=yes", "internship wage_subsidy
                               small_job fleksjob ordinary", "work=yes", "work=yes"; fleksloentilskud:
                               NULL: "fleksjob" */
  double most_hours;      /**< hours: placements of at most so many hours a week; default 10 */
  int32_t gap_skipped;    /**< unemployment, statistics_denmark: 1: days of bridged pauses do not count; default 0 */
  int32_t earlier_years;  /**< goals: at most so many whole years before each goal's start are told too, as far back as
                               placements go; default 0 */
  const char *between;    /**< steps: between each "kind" (default) of placement, or each "sector" of employer */
  const char *count_from; /**< steps: months count from the "start" (default) or the "end" of the first placement */
  const char *offers;     /**< offers: kinds of placements that are company-directed offers; NULL: "internship
                               wage_subsidy" */
  const char *eligible_on; /**< initiatives: day on which a rule of eligibility is read: "last" (default: the last
                               observed day, or the initiative's own when it has ended) or "start" (its first) */
  const char *support;    /**< support_status: kinds of support, separated by commas; NULL: those that the data have */
  const char *dose;       /**< support_status: "number" (default), "days" or "hours" of support before the landmark */
  const char *cuts;       /**< support_status: where classes of the dose end, such as "1,3"; NULL: one class */
  int32_t landmark_days;  /**< support_status: days after the start; default 91; 0 only with earlier */
  int32_t earlier;        /**< support_status: 1: support that ended before the start counts too; default 0 */
  const char *merge;      /**< groups of `by` that become one before anything is counted, such as
                               "refugee,cash_benefit=newcomers;a,b" (a + b without a name); a unit in both has one row;
                               NULL: none */
} fm_frame_spec;

#ifndef __cplusplus
/** Initial value of an fm_frame_spec. */
#define FM_FRAME_SPEC_INIT { .struct_size = sizeof(fm_frame_spec), .period_0 = FM_NAN, .period_1 = FM_NAN, \
                             .as_of = INT32_MIN, .most_hours = 10, .landmark_days = 91 }
#endif

/** Does what FM_FRAME_SPEC_INIT does. */
FM_API void fm_frame_spec_init(fm_frame_spec *spec, size_t size);

/**
 * **Creates** a sealed frame: one row per unit. Columns by kind, besides the group columns of `by`:
 * - people: person_id, began (bool: has begun a job by as-of), weight when persons has it;
 * - placements: placement_id, person_id, kind, work (bool: the kind counts as work), sector, size_class, sme (bool,
 *   null when the head count is unknown), hours_per_week (f64), start, end (date, last day; null when it ends on as_of
 *   or later, or not at all), running (bool: runs on the last observed day, on which the person is observed too);
 * - status: person_id, horizon_months (i32), status (bool; null: not known yet), in_rate (bool: horizon and gap are
 *   fully observed), weight; with definitions: person_id, definition, clock, horizon (i32, by the clock), status,
 *   in_rate, reason ("met", "failed", "left", "not_yet", "censored", "untold"), weight (spell_definition.h);
 * - survival: person_id, entry_days (i32), time_days (i32), event (bool), cause (code), weight; with definitions:
 *   person_id, definition and the rest, by days until the first that does not count;
 * - weeks: person_id, definition, horizon (i32, weeks), weeks_good, weeks_seen (i32), in_rate (bool: all weeks are
 *   seen), reason, weight (definitions: default "strict"; horizons: default "13,26,52");
 * - hours: person_id, horizon_months (i32; default 12), hours (f64, at the start), hours_later (f64), in_work,
 *   same_employer (bool; null: not known yet, or out of work), weight;
 * - unemployment: person_id, definition ("statistics_denmark", "continuous_year", "share_of_time"; definitions
 *   chooses), unemployed (bool: on the last observed day), long_term (bool; null: not known), weight;
 * - employers: employer_id, person_id, start (missing: an employer of the table without a start), employer_since (the
 *   employer's first start), sector, size_class, sme, headcount, social_enterprise, target_group_staff;
 * - steps: person_id, from, to ("any_other": any kind but `from`), horizon_months, moved (bool; null: not known yet),
 *   same_employer (bool; null: not moved, or an employer is not told);
 * - offers: person_id, month (code, such as "2024-03"), month_start (date), benefit_days, offer_days (i32; each day
 *   once);
 * - jobs: person_id, kind, start, hours_per_week, hours_wanted, reduced (a fleksjob), permanent, agreement,
 *   new_position, shortage (by the code list shortage_occupation), services (by industry), running (bool; null: not
 *   told);
 * - goals: goal_id, goal (f64), start, deadline (dates; deadline is the last day), as_of (date; null: this row is one
 *   start, else a cumulative count at the start of that day), done (i64), private, employers, people, ended (i64;
 *   null: unknown), day (date of the start; before the goal's first day: of an earlier year), changed_on (date from
 *   which the row's goal holds; a row with done 0 tells an earlier goal, or the first day of an earlier year);
 * - contracts: contract_id, clause, value (f64), start, end (dates; both days count), days (i32), wage_share, agreed,
 *   started, delivered (f64; hours), of all contracts, whatever as_of is;
 * - incomes: person_id, income_0, income_1 (f64; null: none), weight_0, weight_1 (f64; 1 when the data have none),
 *   participant (bool; null: the data have no table of participants);
 * - progress: person_id, date, instrument, item, score (f64), job_start (date: the person's first placement that is
 *   work; null: none by as-of); answers of instruments that the list does not have are left out;
 * - income_gain: person_id, gain (f64: income_1 - income_0), participant, weight (of the first period) of the people
 *   with both incomes who were among the lowest 40 per cent of these in the first period, those equal at the cut too;
 * - contribution: person_id, income_0, income_1 (as in incomes; null where the data have none), employed_0, employed_1
 *   (bool), hours_0, hours_1 (f64, 0 without work) on the day before the person first joins (known from spells) and on
 *   the last observed day, participant (bool; true without a table of participants, who then join with their first
 *   placement), weight; the facts income_concept, income_unit ... as notes;
 * - income: person_id, income, weight (f64; 1 when the data have none) of one period, and stratum, psu, fpc,
 *   household_id, imputed, top_coded when incomes has them; with target_group, first_row (bool: false for a person's
 *   further rows);
 * - income_periods: the same of two periods, with period (f64); a row for each of a person's two;
 * - initiatives: a row for each placement through an initiative, and for each other person who could take part or was
 *   reached (docs/methods/initiatives.md): initiative_id, person_id, begun (bool), eligible, joined_eligible, reached,
 *   referred, invited, contacted, joined, left, placed, placed_otherwise (bool; null: not known, not given), members
 *   (i64), placement_id, employer_id, work, member (bool), sector, sme; and further rows with horizon_months (i32),
 *   retained, in_rate (bool) for a person's first job through it. definitions: how days of unemployment are counted,
 *   "continuous" (default), "statistics_denmark" or "unemployed_since"; horizons: default "3,6,12";
 * - participants: a row for each row of participants: initiative_id, person_id, applied (bool), decision,
 *   decisions_given (bool: the data have decisions);
 * - journeys: a row for each row of participants and leg (docs/methods/journeys.md): person_id, leg, entry_days,
 *   time_days (i32), event (bool), weight;
 * - supports: a row for each person, support null, and one for each support: person_id, support, days (i32), hours,
 *   cost (f64; null: not told);
 * - support_status: a row for each job start still in work on the landmark day, kind of support and horizon
 *   (docs/methods/support.md): person_id, support, horizon_months (i32; default "6,12"), received (bool), dose_above,
 *   supports, days (i32), hours (f64), status, in_rate (bool);
 * - net_result: a row for each job that began before as_of: placement_id, person_id, kind, start, end, before, after,
 *   wage, state_before, state_after, cost (f64, a month; docs/methods/economy_net.md);
 * - reimbursement: a row for each spell on a benefit: person_id, state, start, end, amount (f64, a week), counts
 *   (bool), granted, weeks_before (i64);
 * - fleksloentilskud: a row for each job and whole month in a fleksjob: placement_id, person_id, month, wage,
 *   full_time_wage (f64; docs/methods/economy.md);
 * - outcomes: a row for each row of outcomes (docs/methods/economy_return.md).
 * Notes of the frame state its kind, as_of, last_observed, definition, incomes_to (with definitions that ask for
 * incomes: the last day of which they are known), and the number of rows left out in all and by
 * reason (docs/methods/frames.md has the rules). Errors: FM_ERR_ARGUMENT, FM_ERR_FORMAT the spec; FM_ERR_NOT_FOUND the
 * data have no such table, column, period or initiative; FM_ERR_VALUE incomes of a single period.
 */
FM_API FM_NODISCARD fm_status fm_register_frame(fm_table **out, const fm_register *r, const fm_frame_spec *spec,
                                                const fm_run *run, fm_error *err);

/** Number of tables in the schema. */
FM_API size_t fm_schema_n_tables(void);
/** Name of table `i` of the schema; NULL outside. */
FM_API const char *fm_schema_table_name(size_t i);
/** **Creates** the Frictionless Table Schema of table `i` as JSON text (freed by fm_free). */
FM_API FM_NODISCARD fm_status fm_schema_json(char **out, size_t i, fm_error *err);
/** **Creates** the schema as a table: table, column, type, required (bool), list (code list), unique (bool),
 *  references, description_en, description_da. */
FM_API FM_NODISCARD fm_status fm_schema_table(fm_table **out, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
