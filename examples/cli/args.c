/* The command line: which options there are, what each may hold, and which command takes it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum { DATA = CHECK | REPORT | COMPUTE, TABLES = CHECK | REPORT | LIST | COMPUTE };

const option options[N_OPTIONS] = {
    [O_AS_OF] = {"as-of", "DATE", REPORT | COMPUTE | DREAM | SETTLEMENT},
    [O_CARRY] = {"carry", "industry|rate|both", DREAM},
    [O_TABLE] = {"table", "weeks|contributions|spells", SETTLEMENT},
    [O_PRELIMINARY] = {"preliminary", "N", SERIES},
    [O_BY] = {"by", "COLUMNS", REPORT | COMPUTE},
    [O_MERGE] = {"merge", "A,B[,C][=NAME]", REPORT | COMPUTE},
    [O_WEIGHT] = {"weight", "COLUMN", COMPUTE},
    [O_FILTER] = {"filter", "RULE", COMPUTE},
    [O_NATIONAL] = {"national", "FILE", COMPUTE},
    [O_LEVEL] = {"level", "SHARE", REPORT | COMPUTE},
    [O_OPTION] = {"option", "NAME=VALUE", COMPUTE},
    [O_THRESHOLD] = {"threshold", "N", REPORT | COMPUTE | SDMX},
    [O_EARLIER] = {"earlier", "FILE", COMPUTE},
    [O_UNPROTECTED] = {"unprotected", NULL, COMPUTE | SDMX},
    [O_STATEMENT] = {"statement", NULL, REPORT},
    [O_DEFINITIONS] = {"definitions", NULL, REPORT},
    [O_ALL] = {"all", NULL, REPORT},
    [O_SDMX_VERSION] = {"version", "1.0|2.0|2.1", SDMX},
    [O_STRUCTURE] = {"structure", "VERSION|ID", SDMX},
    [O_STRUCTURE_TYPE] = {"structure-type", "datastructure|dataflow|dataprovision", SDMX},
    [O_ACTION] = {"action", "I|A|R|D|M", SDMX},
    [O_SDMX_AREA] = {"area", "CODE", SDMX},
    [O_YEAR] = {"year", "YEAR|YEARS", SDMX},
    [O_REPORTING_TYPE] = {"reporting-type", "N|R|G", SDMX},
    [O_SOURCE] = {"source", "TEXT", SDMX},
    [O_SET] = {"set", "NAME=VALUE", SDMX},
    [O_DEFINITION] = {"definition", "WORDS", SDMX},
    [O_SERIES] = {"series", "SERIES", SDMX},
    [O_CUSTOM] = {"custom", "COLUMNS", SDMX},
    [O_KEEP] = {"keep", "COLUMNS", SDMX},
    [O_LISTS] = {"lists", "VERSIONS", SDMX},
    [O_FORMAT] = {"format", "table|csv|json|xlsx", TABLES | SETTLEMENT | SERIES | SDMX},
    [O_CSV_STYLE] = {"csv-style", "plain|danish", TABLES | SETTLEMENT | SERIES | SDMX},
    [O_DIGITS] = {"digits", "short|full", LIST | COMPUTE | SETTLEMENT | SERIES | SDMX},
    [O_OUT] = {"out", "FILE", TABLES | DESCRIBE | DREAM | SETTLEMENT | SERIES | SDMX},
    [O_DATE_FORMAT] = {"date-format", "PATTERN", DATA},
    [O_DECIMAL] = {"decimal", "point|comma", DATA | DREAM | SETTLEMENT | SERIES},
    [O_THOUSANDS] = {"thousands", "none|point|comma|space", DATA},
    [O_DELIMITER] = {"delimiter", "comma|semicolon|tab", DATA | DREAM | SETTLEMENT | SERIES | SDMX},
    [O_ENCODING] = {"encoding", "utf-8|windows-1252", DATA | DREAM | SETTLEMENT | SERIES | SDMX},
    [O_MISSING] = {"missing", "TEXT", DATA},
    [O_MAX_ROW_BYTES] = {"max-row-bytes", "N", DATA | DREAM | SETTLEMENT | SERIES | SDMX},
    [O_ID] = {"id", "COLUMN", DREAM},
    [O_AREA] = {"area", "COLUMN", SERIES},
    [O_PERIOD] = {"period", "COLUMN", SERIES},
    [O_DIMENSIONS] = {"dimensions", "COLUMNS", SERIES},
    [O_SUPPRESSED] = {"suppressed", "TEXT", SERIES},
    [O_COLUMNS] = {"columns", "FILE|MAPPING", DATA},
    [O_CODES] = {"codes", "FOLDER|FILE", DATA | LIST | DREAM | SETTLEMENT | SDMX},
    [O_ID_WIDTH] = {"id-width", "N", DATA},
    [O_SKIP_BAD] = {"skip-bad", NULL, DATA | DREAM | SETTLEMENT},
    [O_THREADS] = {"threads", "N", DATA},
    [O_LANG] = {"lang", "en|da", ANY},
    [O_HELP] = {"help", NULL, ANY},
    [O_VERSION] = {"version", NULL, ANY & ~SDMX},
};

const command commands[] = {
    {"new", "FOLDER", NEW, 1, 1, run_new},
    {"check", "DATA", CHECK, 1, 1, run_check},
    {"report", "DATA", REPORT, 1, 1, run_report},
    {"list", "[codes [LIST] | tables | sdg]", LIST, 0, 2, run_list},
    {"describe", "ID", DESCRIBE, 1, 1, run_describe},
    {"compute", "ID DATA", COMPUTE, 2, 2, run_compute},
    {"dream", "FILE", DREAM, 1, 1, run_dream},
    {"settlement", "FILE...", SETTLEMENT, 1, 100, run_settlement},
    {"series", "FILE", SERIES, 1, 1, run_series},
    {"sdmx", "FILE", SDMX, 1, 1, run_sdmx},
};
const size_t n_commands = COUNT(commands);

const command *command_called(const char *name)
{
  for (size_t i = 0; i < n_commands; i++)
    if (strcmp(commands[i].name, name) == 0)
      return &commands[i];
  return NULL;
}

static const char *command_name(const args *a)
{
  return a->command != NULL ? a->command->name : NULL;
}

/* The language comes first: all that is said about the rest is said in it. */
static void find_language(int argc, char **argv)
{
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
    const char *value = strncmp(argv[i], "--lang=", 7) == 0                     ? argv[i] + 7
                        : strcmp(argv[i], "--lang") == 0 && argv[i + 1] != NULL ? argv[i + 1]
                                                                                : "";
    if (strcmp(value, "da") == 0)
      language = "da";
  }
}

/* ---- options as typed ---- */

static int unknown_option(const args *a, const char *typed, size_t length)
{
  const char *names[N_OPTIONS];
  char name[64];
  buffer with_dashes = {0};
  snprintf(name, sizeof name, "%.*s", (int)(length < 63 ? length : 63), typed);
  for (size_t k = 0; k < N_OPTIONS; k++)
    names[k] = options[k].name;
  const char *near = nearest(name, names, N_OPTIONS);
  if (near != NULL) {
    put(&with_dashes, "--");
    put(&with_dashes, near);
  }
  buffer maybe = {0};
  if (near != NULL)
    put_text(&maybe, "did_you_mean", with_dashes.data, NULL);
  int code = misuse(command_name(a), "usage.option", name, text_of(&maybe), NULL);
  free(maybe.data);
  free(with_dashes.data);
  return code;
}

static int add_option(args *a, int k, const char *value)
{
  if (k == O_OPTION || k == O_SET) {
    if (strchr(value, '=') == NULL || strchr(value, ';') != NULL)
      return misuse(command_name(a), "usage.name_value", value, NULL);
    put(&a->measure_options, a->measure_options.size > 0 ? ";" : "");
    put(&a->measure_options, value);
  } else if (k == O_MERGE) {
    put(&a->merges, a->merges.size > 0 ? ";" : "");
    put(&a->merges, value);
  } else if (a->given[k] != NULL) {
    return misuse(command_name(a), "usage.twice", options[k].name, NULL);
  }
  a->given[k] = value;
  return EXIT_DONE;
}

/* The option of a name: of the command, when it is known and has one of that name, otherwise the last of the table. */
static int option_called(const args *a, const char *name, size_t length)
{
  int found = N_OPTIONS;
  for (int k = 0; k < N_OPTIONS; k++) {
    if (strlen(options[k].name) != length || strncmp(options[k].name, name, length) != 0)
      continue;
    found = k;
    if (a->command != NULL && (options[k].commands & a->command->id) != 0)
      break;
  }
  return found;
}

/* What was given before the command goes to the command's own option of that name. */
static void settle_names(args *a)
{
  for (int k = 0; k < N_OPTIONS; k++) {
    int own = option_called(a, options[k].name, strlen(options[k].name));
    if (own == k || a->given[k] == NULL || options[k].value == NULL || options[own].value == NULL)
      continue;
    a->given[own] = a->given[k];
    a->given[k] = NULL;
  }
}

/* Takes one option at argv[*i]; *i moves over its value. */
static int take_option(args *a, int argc, char **argv, int *i)
{
  const char *typed = strcmp(argv[*i], "-h") == 0 ? "help" : argv[*i] + 2;
  size_t length = strcspn(typed, "=");
  int k = option_called(a, typed, length);
  if (k == N_OPTIONS)
    return unknown_option(a, typed, length);
  if (options[k].value == NULL)
    return typed[length] == '\0' ? add_option(a, k, "") : misuse(command_name(a), "usage.flag", options[k].name, NULL);
  if (typed[length] == '=')
    return add_option(a, k, typed + length + 1);
  if (*i + 1 >= argc || strncmp(argv[*i + 1], "--", 2) == 0)
    return misuse(command_name(a), "usage.value", options[k].name, options[k].value, NULL);
  return add_option(a, k, argv[++*i]);
}

static int take_word(args *a, const char *typed)
{
  const char *names[COUNT(commands)];
  if (a->command != NULL) {
    if (a->n_words >= (size_t)a->command->most)
      return misuse(a->command->name, "usage.too_many", typed, a->command->name, a->command->usage, NULL);
    a->words[a->n_words++] = typed;
    return EXIT_DONE;
  }
  if (strcmp(typed, "help") == 0 && a->given[O_HELP] == NULL)
    return add_option(a, O_HELP, "");
  for (size_t i = 0; i < n_commands; i++)
    names[i] = commands[i].name;
  a->command = command_called(typed);
  if (a->command != NULL)
    settle_names(a);
  return a->command != NULL ? EXIT_DONE
                            : misuse(NULL, "usage.command", typed, suggestion(typed, names, COUNT(commands)), NULL);
}

/* ---- what the options hold ---- */

/* The value of option k as its place in the list of choices "a|b|c" that --help shows; *out stays when not given. */
static int take_choice(const args *a, int k, int32_t *out)
{
  const char *value = a->given[k], *list = options[k].value;
  size_t length = value != NULL ? strlen(value) : 0;
  if (value == NULL)
    return EXIT_DONE;
  for (int32_t place = 0;; place++) {
    size_t n = strcspn(list, "|");
    if (n == length && memcmp(list, value, n) == 0) {
      *out = place;
      return EXIT_DONE;
    }
    if (list[n] == '\0')
      break;
    list += n + 1;
  }
  return misuse(command_name(a), "usage.choice", options[k].name, value, options[k].value, NULL);
}

static int take_whole(const args *a, int k, long long least, long long most, long long *out)
{
  const char *value = a->given[k];
  char low[32], high[32], *end;
  if (value == NULL)
    return EXIT_DONE;
  errno = 0;
  long long n = strtoll(value, &end, 10);
  if (end != value && *end == '\0' && errno == 0 && n >= least && n <= most) {
    *out = n;
    return EXIT_DONE;
  }
  snprintf(low, sizeof low, "%lld", least);
  snprintf(high, sizeof high, "%lld", most);
  return misuse(command_name(a), "usage.whole", options[k].name, value, low, high, NULL);
}

static int take_level(args *a)
{
  const char *value = a->given[O_LEVEL];
  char *end;
  if (value == NULL)
    return EXIT_DONE;
  a->level = strtod(value, &end);
  if (end != value && *end == '\0' && a->level > 0 && a->level < 1)
    return EXIT_DONE;
  return misuse(command_name(a), "usage.share", options[O_LEVEL].name, value, NULL);
}

static int take_date(args *a)
{
  const char *value = a->given[O_AS_OF];
  if (value == NULL)
    return EXIT_DONE;
  fm_status status = fm_date_parse(&a->as_of, value, strlen(value), NULL, NULL);
  if (status == FM_OK)
    return EXIT_DONE;
  return misuse(command_name(a), status == FM_ERR_VALUE ? "usage.no_day" : "usage.date", options[O_AS_OF].name, value,
                NULL);
}

static int take_values(args *a)
{
  long long threads = 0, width = 0, threshold = 5, row_bytes = 0, preliminary = -1;
  int32_t lang = 0, sign = 0;
  int code = take_choice(a, O_LANG, &lang);
  static const int choices[] = {O_CARRY,    O_TABLE,        O_DECIMAL,        O_THOUSANDS, O_DELIMITER,
                                O_ENCODING, O_SDMX_VERSION, O_STRUCTURE_TYPE, O_ACTION,    O_REPORTING_TYPE};
  for (size_t i = 0; i < COUNT(choices) && code == EXIT_DONE; i++)
    code = take_choice(a, choices[i], &sign);
  code = code == EXIT_DONE ? take_choice(a, O_FORMAT, &a->format) : code;
  code = code == EXIT_DONE ? take_choice(a, O_CSV_STYLE, &a->danish_csv) : code;
  code = code == EXIT_DONE ? take_choice(a, O_DIGITS, &a->full_digits) : code;
  code = code == EXIT_DONE ? take_whole(a, O_THREADS, 1, 1024, &threads) : code;
  code = code == EXIT_DONE ? take_whole(a, O_ID_WIDTH, 1, 64, &width) : code;
  code = code == EXIT_DONE ? take_whole(a, O_THRESHOLD, 1, 1000000, &threshold) : code;
  code = code == EXIT_DONE ? take_whole(a, O_MAX_ROW_BYTES, 1, 1LL << 28, &row_bytes) : code;
  code = code == EXIT_DONE ? take_whole(a, O_PRELIMINARY, 0, 12, &preliminary) : code;
  code = code == EXIT_DONE ? take_level(a) : code;
  code = code == EXIT_DONE ? take_date(a) : code;
  a->n_threads = threads > 0 ? (size_t)threads : n_processors();
  a->id_width = (int32_t)width;
  a->threshold = a->given[O_UNPROTECTED] != NULL ? 1 : (int32_t)threshold;
  a->preliminary = (int32_t)preliminary;
  a->max_row_bytes = (size_t)row_bytes;
  return code;
}

/* Every option given must be one of the command's. */
static int check_command(const args *a)
{
  for (int k = 0; k < N_OPTIONS; k++) {
    if (a->given[k] == NULL || (options[k].commands & a->command->id) != 0)
      continue;
    buffer b = {0};
    for (size_t i = 0; i < n_commands; i++) {
      if ((commands[i].id & options[k].commands) == 0)
        continue;
      put(&b, b.size > 0 ? ", " : "");
      put(&b, commands[i].name);
    }
    int code = misuse(a->command->name, "usage.not_here", a->command->name, options[k].name, text_of(&b), NULL);
    free(b.data);
    return code;
  }
  return EXIT_DONE;
}

/* What is read must not be written over; a workbook is a plain file, never a terminal or a pipe. */
static int check_out(const args *a)
{
  const char *out = a->given[O_OUT];
  if (a->format == FORMAT_XLSX && (out == NULL || path_kind(out) == PATH_OTHER))
    return misuse(a->command->name, "usage.book_file", NULL);
  if (a->given[O_EARLIER] != NULL && a->threshold == 1)
    return misuse(a->command->name, "usage.earlier_open", NULL);
  if (out != NULL && a->given[O_EARLIER] != NULL && is_same_file(out, a->given[O_EARLIER]))
    return misuse(a->command->name, "usage.out_is_input", options[O_OUT].name, out, NULL);
  for (size_t i = 0; out != NULL && i < a->n_words; i++)
    if (is_same_file(out, a->words[i]))
      return misuse(a->command->name, "usage.out_is_input", options[O_OUT].name, out, NULL);
  return EXIT_DONE;
}

int args_read(args *a, int argc, char **argv)
{
  bool only_words = false;
  int code = EXIT_DONE;
  *a = (args){.level = 0.95, .as_of = FM_NO_DATE};
  find_language(argc, argv);
  for (int i = 1; i < argc && code == EXIT_DONE; i++) {
    bool dashes = argv[i][0] == '-' && argv[i][1] == '-', short_help = strcmp(argv[i], "-h") == 0;
    if (!only_words && dashes && argv[i][2] == '\0')
      only_words = true;
    else if (!only_words && (dashes || short_help))
      code = take_option(a, argc, argv, &i);
    else if (!only_words && argv[i][0] == '-' && argv[i][1] != '\0')
      code = misuse(command_name(a), "usage.dash", argv[i], NULL);
    else
      code = take_word(a, argv[i]);
  }
  if (code != EXIT_DONE || a->given[O_HELP] != NULL || a->given[O_VERSION] != NULL)
    return code;
  if (a->command == NULL)
    return misuse(NULL, "usage.nothing", NULL);
  code = check_command(a);
  if (code == EXIT_DONE && a->n_words < (size_t)a->command->least)
    code = misuse(a->command->name, "usage.too_few", a->command->name, a->command->usage, NULL);
  code = code == EXIT_DONE ? take_values(a) : code;
  return code == EXIT_DONE ? check_out(a) : code;
}

void args_free(args *a)
{
  free(a->measure_options.data);
  free(a->merges.data);
}
