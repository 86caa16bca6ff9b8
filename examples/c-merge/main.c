/* A tally is a partial result: two parts of one goal's starts, tallied apart, saved to bytes, loaded and merged.
 *
 *   cc main.c $(pkg-config --cflags --libs flexmetrics) -o merge && ./merge
 */
#include <flexmetrics.h>

#include <stdio.h>
#include <stdlib.h>

static void must(fm_status status, const fm_error *err)
{
  if (status == FM_OK)
    return;
  fprintf(stderr, "merge: %s\n", err->message);
  exit(1);
}

/* Fifty starts of one goal, one a row; tables borrow the columns, so they live as long as the tallies. */
enum { STARTS = 50 };
static const char *id[STARTS];
static double goal[STARTS];
static int32_t start[STARTS], deadline[STARTS], no_date[STARTS];
static int64_t one[STARTS], is_private[STARTS];
static const uint8_t none[STARTS / 8 + 1];

static void fill(void)
{
  for (int i = 0; i < STARTS; i++) {
    id[i] = "new-fleksjob";
    goal[i] = 164;
    start[i] = fm_date_from_ymd(2019, 1, 1);
    deadline[i] = fm_date_from_ymd(2019, 12, 31);
    one[i] = 1;
    is_private[i] = i < 39;
  }
}

static fm_tally *part(size_t from, size_t n, const fm_target_track_spec *spec, fm_error *err)
{
  fm_table *t = NULL;
  fm_tally *tally = NULL;
  must(fm_table_create(&t, "goals", err), err);
  must(fm_table_add_text(t, "goal_id", id + from, n, err), err);
  must(fm_table_add_f64(t, "goal", goal + from, NULL, n, NULL, NULL, err), err);
  must(fm_table_add_date(t, "start", start + from, NULL, n, NULL, NULL, err), err);
  must(fm_table_add_date(t, "deadline", deadline + from, NULL, n, NULL, NULL, err), err);
  must(fm_table_add_date(t, "as_of", no_date, none, n, NULL, NULL, err), err);
  must(fm_table_add_i64(t, "done", one, NULL, n, NULL, NULL, err), err);
  must(fm_table_add_i64(t, "private", is_private + from, NULL, n, NULL, NULL, err), err);
  must(fm_table_add_i64(t, "employers", one, none, n, NULL, NULL, err), err);
  must(fm_table_seal(t, err), err);
  must(fm_target_track_tally(&tally, spec, err), err);
  must(fm_tally_add(tally, t, NULL, err), err);
  fm_table_destroy(t);
  return tally;
}

int main(void)
{
  fm_target_track_spec spec = FM_TARGET_TRACK_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *result = NULL;
  fill();
  spec.as_of = fm_date_from_ymd(2019, 4, 1);
  fm_tally *a = part(0, 16, &spec, &err), *b = part(16, 34, &spec, &err);
  fm_tally *sent = NULL;
  void *bytes = NULL;
  size_t size = 0;
  must(fm_tally_save(&bytes, &size, b, &err), &err);
  must(fm_target_track_tally(&sent, &spec, &err), &err);
  must(fm_tally_load(sent, bytes, size, &err), &err);
  must(fm_tally_merge(a, sent, &err), &err);
  must(fm_tally_result(&result, a, NULL, &err), &err);
  size_t quantity = (size_t)fm_table_column_index(result, "quantity");
  size_t value = (size_t)fm_table_column_index(result, "value");
  for (size_t i = 0; i < fm_table_n_rows(result); i++)
    if (!fm_table_is_null(result, value, i))
      printf("%-17s %.4f\n", fm_table_text(result, quantity, i, NULL), fm_table_f64(result, value)[i]);
  fm_table_destroy(result);
  fm_tally_destroy(a);
  fm_tally_destroy(b);
  fm_tally_destroy(sent);
  fm_free(bytes);
  return 0;
}
