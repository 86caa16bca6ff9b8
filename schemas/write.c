/* Writes the schema of every table into a folder: write-schemas FOLDER. */
#include <stdio.h>

#include "flexmetrics.h"

static int write_one(const char *folder, size_t i)
{
  char path[4096], *json = NULL;
  fm_error err = FM_ERROR_INIT;
  int failed = 1;
  snprintf(path, sizeof path, "%s/%s.json", folder, fm_schema_table_name(i));
  if (fm_schema_json(&json, i, &err) != FM_OK) {
    fprintf(stderr, "%s\n", err.message);
    return 1;
  }
  FILE *out = fopen(path, "wb");
  if (out != NULL) {
    failed = fputs(json, out) == EOF;
    failed = fclose(out) != 0 || failed;
  }
  if (failed)
    perror(path);
  fm_free(json);
  return failed;
}

int main(int argc, char **argv)
{
  int failed = 0;
  if (argc != 2) {
    fputs("usage: write-schemas FOLDER\n", stderr);
    return 2;
  }
  for (size_t i = 0; i < fm_schema_n_tables(); i++)
    failed |= write_one(argv[1], i);
  return failed;
}
