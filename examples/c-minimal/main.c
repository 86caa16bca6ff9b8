/* Who is still in work 3, 6 and 12 months after a job began, from a folder of CSV files.
 *
 *   cc main.c $(pkg-config --cflags --libs flexmetrics) -o minimal && ./minimal ../data/school-to-work
 */
#include <flexmetrics.h>

#include <stdio.h>

static fm_status compute(fm_table **out, const char *folder, fm_error *err)
{
  fm_register *data = NULL;
  fm_table *problems = NULL, *frame = NULL;
  fm_frame_spec frame_spec = FM_FRAME_SPEC_INIT;
  *out = NULL;
  fm_status status = fm_register_read(&data, &problems, folder, NULL, NULL, err);
  if (problems != NULL && fm_table_n_rows(problems) > 0) {
    char *text;
    if (fm_report_problems(&text, problems, "en", NULL) == FM_OK) {
      fputs(text, stderr);
      fm_free(text);
    }
  }
  frame_spec.kind = "status";
  frame_spec.as_of = fm_date_from_ymd(1999, 7, 1);
  if (status == FM_OK)
    status = fm_register_frame(&frame, data, &frame_spec, NULL, err);
  if (status == FM_OK)
    status = fm_retention_status(out, frame, NULL, NULL, err);
  fm_table_destroy(frame);
  fm_table_destroy(problems);
  fm_register_destroy(data);
  return status;
}

int main(int argc, char **argv)
{
  fm_table *result;
  fm_error err = FM_ERROR_INIT;
  if (argc != 2) {
    fputs("usage: minimal FOLDER\n", stderr);
    return 2;
  }
  if (compute(&result, argv[1], &err) != FM_OK) {
    fprintf(stderr, "minimal: %s\n", err.message);
    return 1;
  }
  size_t quantity = (size_t)fm_table_column_index(result, "quantity");
  size_t value = (size_t)fm_table_column_index(result, "value");
  const int32_t *months = fm_table_i32(result, (size_t)fm_table_column_index(result, "horizon_months"));
  for (size_t i = 0; i < fm_table_n_rows(result); i++) {
    printf("%2d months  %-13s", (int)months[i], fm_table_text(result, quantity, i, NULL));
    if (fm_table_is_null(result, value, i))
      printf(" -\n");
    else
      printf(" %.4f\n", fm_table_f64(result, value)[i]);
  }
  fm_table_destroy(result);
  return 0;
}
