/* Any bytes as an SDMX-CSV file. Promised: a table or a list of problems, both sound; what can be written of it is read
 * back as the same table and written as the same bytes. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "sdg/sdmx_priv.h"

const char fm_fuzz_corpus[] = "sdmx";
size_t fm_fuzz_n_good; /* tables read */

static void must(int condition)
{
  if (!condition)
    abort();
}

static fm_sdmx_codes *codes(void)
{
  static fm_sdmx_codes *made;
  if (made == NULL)
    must(fm_sdmx_codes_create(&made, NULL, 0, NULL, NULL) == FM_OK);
  return made;
}

static fm_table *read_one(const void *data, size_t size)
{
  fm_table *t, *problems;
  fm_error err = FM_ERROR_INIT;
  fm_status status = fm_sdmx_read_memory(&t, &problems, data, size, "fuzz", NULL, &err);
  must(status == FM_OK || status == FM_ERR_DATA);
  must((status == FM_OK) == (t != NULL) && (status == FM_OK) == (err.code == FM_OK));
  must(fm_table_check(problems, NULL) == FM_OK);
  must(status != FM_OK || fm_table_check(t, NULL) == FM_OK);
  fm_table_destroy(problems);
  return t;
}

/* Written in the version it has, read and written again. */
static void round_trip(const fm_table *t)
{
  char *bytes[2] = {NULL, NULL};
  size_t size[2];
  fm_table *problems, *back;
  fm_sdmx_spec spec = FM_SDMX_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  spec.codes = codes();
  spec.version = fm_table_note(t, "sdmx_csv");
  if (fm_table_column_index(t, "SERIES") < 0)
    return;
  fm_status status = fm_sdmx_write_memory(&bytes[0], &size[0], &problems, t, &spec, &err);
  must(status == FM_OK || status == FM_ERR_DATA || status == FM_ERR_ARGUMENT);
  must((status == FM_OK) == (bytes[0] != NULL));
  fm_table_destroy(problems);
  if (status != FM_OK)
    return;
  back = read_one(bytes[0], size[0]);
  must(back != NULL);
  must(fm_sdmx_write_memory(&bytes[1], &size[1], NULL, back, &spec, &err) == FM_OK);
  must(size[0] == size[1] && memcmp(bytes[0], bytes[1], size[0]) == 0);
  fm_free(bytes[0]);
  fm_free(bytes[1]);
  fm_table_destroy(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  fm_table *t = read_one(data, size);
  fm_fuzz_n_good += t != NULL;
  if (t != NULL)
    round_trip(t);
  fm_table_destroy(t);
  return 0;
}
