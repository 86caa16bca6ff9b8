#define _DEFAULT_SOURCE /* mkdtemp, symlink */
#include "support/support.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base_priv.h"

static char folder[] = "/tmp/fm-test-XXXXXX";
static char path[128];

static void set_up(void)
{
  strcpy(folder + strlen(folder) - 6, "XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/blåbær.csv", folder);
}

static void tear_down(void)
{
  remove(path);
  ck_assert_msg(rmdir(folder) == 0, "a file was left behind");
}

START_TEST(written_whole_then_read)
{
  fm_error err = FM_ERROR_INIT;
  fm__output *o;
  fm__file *f;
  char buffer[16];
  size_t n;
  fm_assert_ok(fm__output_open(&o, path, &err), &err);
  fm_assert_ok(fm__output_write(o, "hello", 5, &err), &err);
  ck_assert(!fm__file_exists(path)); /* not there until it is whole */
  fm_assert_ok(fm__output_commit(o, &err), &err);
  ck_assert(fm__file_exists(path));
  fm_assert_ok(fm__file_open(&f, path, &err), &err);
  fm_assert_ok(fm__file_read(f, buffer, sizeof buffer, &n, &err), &err);
  ck_assert(n == 5 && memcmp(buffer, "hello", 5) == 0);
  fm_assert_ok(fm__file_read(f, buffer, sizeof buffer, &n, &err), &err);
  ck_assert_uint_eq(n, 0);
  fm__file_close(f);
}
END_TEST

START_TEST(abandoned_leaves_nothing)
{
  fm_error err = FM_ERROR_INIT;
  fm__output *o;
  fm_assert_ok(fm__output_open(&o, path, &err), &err);
  fm_assert_ok(fm__output_write(o, "half", 4, &err), &err);
  fm__output_abandon(o);
  fm__output_abandon(NULL);
  ck_assert(!fm__file_exists(path));
}
END_TEST

START_TEST(an_old_file_survives_a_failed_write)
{
  fm_error err = FM_ERROR_INIT;
  fm__output *o;
  fm_assert_ok(fm__output_open(&o, path, &err), &err);
  fm_assert_ok(fm__output_commit(o, &err), &err);
  fm_assert_ok(fm__output_open(&o, path, &err), &err);
  fm__output_abandon(o);
  ck_assert(fm__file_exists(path));
}
END_TEST

START_TEST(no_such_file)
{
  fm_error err = FM_ERROR_INIT;
  fm__file *f;
  ck_assert_int_eq(fm__file_open(&f, path, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_null(f);
  ck_assert_str_eq(err.message, "blåbær.csv: cannot be opened: there is no such file or folder");
  ck_assert_str_eq(err.table, "blåbær.csv");
}
END_TEST

START_TEST(a_folder_is_not_a_file)
{
  fm_error err = FM_ERROR_INIT;
  fm__file *f;
  char buffer[4];
  size_t n;
  fm_status status = fm__file_open(&f, folder, &err);
  if (status == FM_OK) {
    status = fm__file_read(f, buffer, sizeof buffer, &n, &err);
    fm__file_close(f);
  }
  ck_assert_int_eq(status, FM_ERR_IO);
  ck_assert_ptr_nonnull(strstr(err.message, "it is a folder, not a file"));
}
END_TEST

START_TEST(reasons)
{
  static const struct {
    const char *under, *reason;
  } cases[] = {{"missing/x.csv", "there is no such file or folder"}, {"blåbær.csv/x.csv", "is not a folder"}};
  fm_error err = FM_ERROR_INIT;
  fm__output *o;
  fm_assert_ok(fm__output_open(&o, path, &err), &err);
  fm_assert_ok(fm__output_commit(o, &err), &err);
  for (size_t i = 0; i < 2; i++) {
    char where[256];
    snprintf(where, sizeof where, "%s/%s", folder, cases[i].under);
    fm_error_clear(&err);
    ck_assert_int_ne(fm__output_open(&o, where, &err), FM_OK);
    ck_assert_msg(strstr(err.message, cases[i].reason) != NULL, "%s", err.message);
  }
  char *longest = malloc(5001);
  memset(longest, 'a', 5000);
  longest[5000] = '\0';
  fm_error_clear(&err);
  ck_assert_int_eq(fm__output_open(&o, longest, &err), FM_ERR_IO);
  ck_assert_ptr_nonnull(strstr(err.message, "aaa"));
  free(longest);
}
END_TEST

START_TEST(a_full_disk)
{
  if (access("/dev/full", W_OK) != 0)
    return;
  fm_error err = FM_ERROR_INIT;
  fm__output *o;
  char link[160];
  snprintf(link, sizeof link, "%s.part", path);
  ck_assert_int_eq(symlink("/dev/full", link), 0); /* the temporary file is the full device */
  fm_assert_ok(fm__output_open(&o, path, &err), &err);
  char block[100000];
  memset(block, 'x', sizeof block);
  fm_status status = fm__output_write(o, block, sizeof block, &err);
  ck_assert_int_eq(status, FM_ERR_IO);
  ck_assert_str_eq(err.message, "blåbær.csv: cannot be written: no space left on the disk");
  fm__output_abandon(o);
  ck_assert(!fm__file_exists(path));
}
END_TEST

START_TEST(one_file_by_two_names)
{
  fm_error err = FM_ERROR_INIT;
  fm__output *o;
  char dotted[256];
  fm_assert_ok(fm__output_open(&o, path, &err), &err);
  fm_assert_ok(fm__output_commit(o, &err), &err);
  snprintf(dotted, sizeof dotted, "%s/./blåbær.csv", folder);
  ck_assert(fm__file_same(path, dotted));
  ck_assert(!fm__file_same(path, folder));
  ck_assert(!fm__file_same("/missing", "/missing"));
}
END_TEST

START_TEST(folders_and_devices)
{
  fm_error err = FM_ERROR_INIT;
  fm__output *o;
  ck_assert_int_eq(fm__output_open(&o, folder, &err), FM_ERR_IO);
  ck_assert_ptr_nonnull(strstr(err.message, "it is a folder, not a file"));
  fm_error_clear(&err);
  if (access("/dev/null", W_OK) != 0)
    return;
  fm_assert_ok(fm__output_open(&o, "/dev/null", &err), &err);
  fm_assert_ok(fm__output_write(o, "x", 1, &err), &err);
  fm_assert_ok(fm__output_commit(o, &err), &err);
  struct stat s;
  ck_assert(stat("/dev/null", &s) == 0 && S_ISCHR(s.st_mode)); /* not replaced by a file */
}
END_TEST

START_TEST(path_names)
{
  ck_assert_str_eq(fm__path_name("a/b/c.csv"), "c.csv");
  ck_assert_str_eq(fm__path_name("c.csv"), "c.csv");
  ck_assert_str_eq(fm__path_name("a/b/"), "b/");
  ck_assert_str_eq(fm__path_name("C:\\data\\c.csv"), "c.csv");
}
END_TEST

static fm_status once(void *ctx, fm_error *err)
{
  (void)ctx;
  fm__output *o;
  fm__file *f;
  fm_status status = fm__output_open(&o, path, err);
  if (status == FM_OK)
    status = fm__output_commit(o, err);
  if (status == FM_OK)
    status = fm__file_open(&f, path, err);
  if (status == FM_OK)
    fm__file_close(f);
  return status;
}

START_TEST(allocations)
{
  ck_assert_int_ge(fm_test_allocations(once, NULL), 5);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("base-file");
  TCase *t = tcase_create("file");
  tcase_add_checked_fixture(t, set_up, tear_down);
  tcase_add_test(t, written_whole_then_read);
  tcase_add_test(t, abandoned_leaves_nothing);
  tcase_add_test(t, an_old_file_survives_a_failed_write);
  tcase_add_test(t, no_such_file);
  tcase_add_test(t, a_folder_is_not_a_file);
  tcase_add_test(t, reasons);
  tcase_add_test(t, a_full_disk);
  tcase_add_test(t, one_file_by_two_names);
  tcase_add_test(t, folders_and_devices);
  tcase_add_test(t, path_names);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
