/* Folders of small files for the tests of reading. */
#ifndef FM_TESTS_REGISTER_FOLDER_H
#define FM_TESTS_REGISTER_FOLDER_H

#include "support/support.h"

typedef struct test_file {
  const char *name; /* NULL ends a list; a name that ends in / is a folder */
  const char *text;
  size_t size; /* 0: strlen(text) */
} test_file;

/* A new folder with the files; the path is freed by test_folder_remove, which deletes all. */
char *test_folder(const test_file *files);
void test_folder_add(const char *folder, const test_file *file);
void test_folder_remove(char *folder);
/* folder/name, freed by free. */
char *test_path(const char *folder, const char *name);

/* One problem of a table of problems; NULL and 0 mean "not looked at"; "" means missing. */
typedef struct test_problem {
  const char *severity, *code, *table;
  int line; /* 0: not looked at; -1: missing */
  const char *column, *cell, *value, *what, *expected;
  const char *hint; /* a part of it */
  int count;
} test_problem;
/* Fails the test, with the label, unless a row with this code is as wanted. */
void test_has_problem(const char *label, const fm_table *problems, const test_problem *wanted);
/* Number of rows with this code. */
int test_count_code(const fm_table *problems, const char *code);

#endif
