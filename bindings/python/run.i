/* How a long call runs: without the lock, on some threads, with Ctrl-C and a progress function honoured. */
%{
typedef struct running {
  fm_run run;
  fm_threads threads;
  PyObject *progress; /* borrowed; None for none */
} running;

static int32_t on_progress(void *ctx, double done)
{
  running *r = ctx;
  PyGILState_STATE lock = PyGILState_Ensure();
  int32_t stop = PyErr_Occurred() != NULL || PyErr_CheckSignals() != 0;
  if (!stop && r->progress != Py_None) {
    PyObject *answer = PyObject_CallFunction(r->progress, "d", done);
    stop = answer == NULL || answer == Py_False;
    Py_XDECREF(answer);
  }
  PyGILState_Release(lock);
  return stop;
}

static void run_open(running *r, int threads, PyObject *progress)
{
  fm_run_init(&r->run, sizeof r->run);
  r->threads.struct_size = sizeof r->threads;
  r->threads.n_threads = threads > 0 ? (size_t)threads : 1;
  r->progress = progress;
  if (threads > 1) {
    r->run.execute = fm_execute_threads;
    r->run.execute_ctx = &r->threads;
  }
  r->run.progress = on_progress;
  r->run.progress_ctx = r;
}

/* The call without the interpreter's lock; raises on failure. */
#define FM_CALL(status, err, call)                                                                                     \
  do {                                                                                                                 \
    Py_BEGIN_ALLOW_THREADS status = (call);                                                                            \
    Py_END_ALLOW_THREADS if (status != FM_OK) raise_status(status, &(err));                                            \
  } while (0)
%}
