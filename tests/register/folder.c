#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "folder.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *test_path(const char *folder, const char *name)
{
  size_t n = strlen(folder) + strlen(name) + 2;
  char *path = malloc(n);
  ck_assert_ptr_nonnull(path);
  snprintf(path, n, "%s/%s", folder, name);
  return path;
}

void test_folder_add(const char *folder, const test_file *file)
{
  char *path = test_path(folder, file->name);
  size_t n = strlen(path);
  if (path[n - 1] == '/') {
    ck_assert_int_eq(mkdir(path, 0755), 0);
  } else {
    size_t size = file->size > 0 ? file->size : strlen(file->text);
    FILE *out = fopen(path, "wb");
    ck_assert_msg(out != NULL, "cannot write %s", path);
    ck_assert_uint_eq(fwrite(file->text, 1, size, out), size);
    ck_assert_int_eq(fclose(out), 0);
  }
  free(path);
}

char *test_folder(const test_file *files)
{
  const char *root = getenv("TMPDIR");
  char *folder = test_path(root != NULL ? root : "/tmp", "fm-register-XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  ck_assert_int_eq(chmod(folder, 0755), 0);
  for (; files != NULL && files->name != NULL; files++)
    test_folder_add(folder, files);
  return folder;
}

static void remove_all(const char *path)
{
  DIR *folder = opendir(path);
  if (folder == NULL) {
    remove(path);
    return;
  }
  for (struct dirent *e = readdir(folder); e != NULL; e = readdir(folder))
    if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
      char *inner = test_path(path, e->d_name);
      remove_all(inner);
      free(inner);
    }
  closedir(folder);
  rmdir(path);
}

void test_folder_remove(char *folder)
{
  remove_all(folder);
  free(folder);
}

int test_count_code(const fm_table *problems, const char *code)
{
  int n = 0;
  for (size_t i = 0; i < fm_table_n_rows(problems); i++)
    n += strcmp(fm_test_text(problems, "code", i), code) == 0;
  return n;
}

static void text_is(const char *label, const fm_table *t, size_t row, const char *column, const char *wanted, bool part)
{
  const char *found = fm_test_text(t, column, row);
  if (wanted == NULL)
    return;
  if (found == NULL)
    found = "";
  bool good = part ? strstr(found, wanted) != NULL : strcmp(found, wanted) == 0;
  ck_assert_msg(good, "%s: %s is \"%s\", expected \"%s\"", label, column, found, wanted);
}

static void dump(const fm_table *problems)
{
  for (size_t i = 0; i < fm_table_n_rows(problems); i++)
    fprintf(stderr, "# %s %s: %s\n", fm_test_text(problems, "code", i), fm_test_text(problems, "table", i),
            fm_test_text(problems, "what", i));
}

void test_has_problem(const char *label, const fm_table *problems, const test_problem *wanted)
{
  size_t row = SIZE_MAX;
  for (size_t i = 0; i < fm_table_n_rows(problems) && row == SIZE_MAX; i++) {
    bool same = strcmp(fm_test_text(problems, "code", i), wanted->code) == 0;
    same = same && (wanted->table == NULL || strcmp(fm_test_text(problems, "table", i), wanted->table) == 0);
    same = same && (wanted->line <= 0 || fm_test_number(problems, "line", i) == wanted->line);
    const char *column = fm_test_text(problems, "column", i);
    if (wanted->column != NULL)
      same = same && strcmp(column != NULL ? column : "", wanted->column) == 0;
    if (same)
      row = i;
  }
  if (row == SIZE_MAX)
    dump(problems);
  ck_assert_msg(row != SIZE_MAX, "%s: no problem %s in line %d", label, wanted->code, wanted->line);
  text_is(label, problems, row, "severity", wanted->severity, false);
  text_is(label, problems, row, "table", wanted->table, false);
  text_is(label, problems, row, "column", wanted->column, false);
  text_is(label, problems, row, "cell", wanted->cell, false);
  text_is(label, problems, row, "value", wanted->value, false);
  text_is(label, problems, row, "what", wanted->what, false);
  text_is(label, problems, row, "expected", wanted->expected, false);
  text_is(label, problems, row, "hint", wanted->hint, true);
  if (wanted->line == -1)
    ck_assert_msg(fm_test_number(problems, "line", row) != fm_test_number(problems, "line", row), "%s: has a line",
                  label);
  if (wanted->count > 0)
    ck_assert_msg(fm_test_number(problems, "count", row) == wanted->count, "%s: count is %g, expected %d", label,
                  fm_test_number(problems, "count", row), wanted->count);
}
