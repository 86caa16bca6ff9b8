/* Running tasks through the caller's executor, asking for progress and cancellation between them. */
#include "base/base_priv.h"

static const fm_run serial_run = FM_RUN_INIT;

void fm_run_init(fm_run *run, size_t size)
{
  fm__spec_init(run, size, &serial_run, sizeof serial_run);
}

fm_status fm__run_check(const fm_run *run, fm_error *err)
{
  fm_run taken = serial_run;
  return run == NULL ? FM_OK : fm__spec_take(&taken, sizeof taken, run, "fm_run", err);
}

fm_status fm__run_tasks(const fm_run *run, fm_task task, void *ctx, size_t n_tasks, fm_error *err)
{
  fm_status status = FM_OK;
  if (run != NULL && run->execute != NULL && n_tasks > 1) {
    status = run->execute(run->execute_ctx, task, ctx, n_tasks);
  } else {
    for (size_t i = 0; i < n_tasks && status == FM_OK; i++)
      status = task(ctx, i);
  }
  if (status == FM_ERR_MEMORY)
    return fm__no_memory(err);
  return status == FM_OK ? FM_OK : fm__fail(err, status, "a task failed with %s", fm_status_name(status));
}

fm_status fm__run_progress(const fm_run *run, double done, fm_error *err)
{
  if (run == NULL || run->progress == NULL || run->progress(run->progress_ctx, done) == 0)
    return FM_OK;
  return fm__fail(err, FM_ERR_CANCELLED, "the call was cancelled by its progress function");
}

static int32_t part_progress(void *ctx, double done)
{
  const fm__subrun *s = ctx;
  return s->whole->progress(s->whole->progress_ctx, s->from + (s->to - s->from) * done);
}

const fm_run *fm__run_within(fm__subrun *part, const fm_run *whole, double from, double to)
{
  if (whole == NULL)
    return NULL;
  *part = (fm__subrun){.run = FM_RUN_INIT, .whole = whole, .from = from, .to = to};
  part->run.execute = whole->execute;
  part->run.execute_ctx = whole->execute_ctx;
  if (whole->progress != NULL) {
    part->run.progress = part_progress;
    part->run.progress_ctx = part;
  }
  return &part->run;
}
