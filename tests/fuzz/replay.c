/* Runs a fuzz target over its committed corpus, and over each file cut short and with single bytes changed: all of the
 * first, every fifth later. A file is good as it is, unless its name begins with bad_. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "support/support.h"

enum { LONGEST = 65536 };

static size_t load(const char *folder, const char *name, uint8_t *data)
{
  char path[2048];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *f = fopen(path, "rb");
  ck_assert_msg(f != NULL, "cannot open %s", path);
  size_t size = fread(data, 1, LONGEST, f);
  fclose(f);
  return size;
}

static void run(const uint8_t *data, size_t size)
{
  uint8_t *exact = malloc(size > 0 ? size : 1); /* so that reading one byte too many is seen */
  ck_assert_ptr_nonnull(exact);
  if (size > 0)
    memcpy(exact, data, size);
  LLVMFuzzerTestOneInput(exact, size);
  free(exact);
}

START_TEST(test_corpus)
{
  char folder[1024];
  snprintf(folder, sizeof folder, "%s/tests/fuzz/corpus/%s", FM_PROJECT_DIR, fm_fuzz_corpus);
  uint8_t *data = malloc(LONGEST);
  int n = 0;
  DIR *d = opendir(folder);
  ck_assert_msg(d != NULL && data != NULL, "no corpus %s", folder);
  for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
    if (e->d_name[0] == '.')
      continue;
    size_t size = load(folder, e->d_name, data), good = fm_fuzz_n_good;
    run(data, size);
    ck_assert_msg(fm_fuzz_n_good > good || strncmp(e->d_name, "bad_", 4) == 0, "%s is no longer good", e->d_name);
    for (size_t i = 0; i < size && i < 512; i += i < 128 ? 1 : 5) {
      uint8_t before = data[i];
      run(data, i);
      data[i] = (uint8_t)("\",;\n\r\0\xFF"[i % 7]);
      run(data, size);
      data[i] = before;
    }
    n++;
  }
  closedir(d);
  free(data);
  ck_assert_msg(n > 0, "nothing in %s", folder);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("fuzz");
  TCase *tcase = tcase_create(fm_fuzz_corpus);
  tcase_add_test(tcase, test_corpus);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
