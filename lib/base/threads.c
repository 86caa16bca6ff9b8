/* The ready-made executor: threads live only inside the call, so a fork between calls has nothing to break. */
#include "base/base_priv.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct job {
  fm_task task;
  void *ctx;
  size_t n_tasks;
  atomic_size_t next;
  atomic_int status;
} job;

static void *work(void *arg)
{
  job *j = arg;
  while (atomic_load(&j->status) == FM_OK) {
    size_t i = atomic_fetch_add(&j->next, 1);
    if (i >= j->n_tasks)
      break;
    fm_status status = j->task(j->ctx, i);
    int ok = FM_OK;
    if (status != FM_OK)
      atomic_compare_exchange_strong(&j->status, &ok, status);
  }
  return NULL;
}

fm_status fm_execute_threads(void *ctx, fm_task task, void *task_ctx, size_t n_tasks)
{
  const fm_threads *threads = ctx;
  size_t n = threads != NULL && threads->n_threads > 1 ? threads->n_threads : 1;
  job j = {.task = task, .ctx = task_ctx, .n_tasks = n_tasks};
  atomic_init(&j.next, 0);
  atomic_init(&j.status, FM_OK);
  if (n > n_tasks)
    n = n_tasks > 0 ? n_tasks : 1;
  pthread_t *started = n > 1 ? fm__array(n - 1, sizeof *started) : NULL;
  size_t n_started = 0;
  /* Fewer threads than wished, or none, is slower but right: the caller's thread takes what is left. */
  while (started != NULL && n_started < n - 1 && pthread_create(&started[n_started], NULL, work, &j) == 0)
    n_started++;
  work(&j);
  for (size_t i = 0; i < n_started; i++)
    pthread_join(started[i], NULL);
  fm__free(started);
  return (fm_status)atomic_load(&j.status);
}
