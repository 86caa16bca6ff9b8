/* From people's incomes to comparable ones: household rules, top-coding, prices. */
%{
static int take_text(const char **out, PyObject *options, const char *key)
{
  PyObject *v = PyDict_GetItemString(options, key);
  if (v != NULL)
    *out = text_of(v);
  return PyErr_Occurred() != NULL ? -1 : 0;
}

static int household_open(fm_income_household_spec *s, PyObject *options)
{
  fm_income_household_spec_init(s, sizeof *s);
  return take_text(&s->household, options, "household") != 0 || take_text(&s->income, options, "income") != 0 ||
         take_text(&s->age, options, "age") != 0 || take_text(&s->weight, options, "weight") != 0 ||
         take_number(&s->adult_age, options, "adult_age") != 0 || take_whole(&s->scale, options, "scale") != 0 ||
         take_whole(&s->total, options, "total") != 0 || take_whole(&s->missing_age, options, "missing_age") != 0 ||
         take_whole(&s->missing, options, "missing") != 0 || take_whole(&s->negative, options, "negative") != 0 ||
         take_whole(&s->zero, options, "zero") != 0;
}

static int top_open(fm_income_top_spec *s, PyObject *options)
{
  fm_income_top_spec_init(s, sizeof *s);
  return take_text(&s->income, options, "income") != 0 || take_text(&s->weight, options, "weight") != 0 ||
         take_text(&s->flag, options, "flag") != 0 || take_number(&s->threshold, options, "threshold") != 0 ||
         take_number(&s->tail_from, options, "tail_from") != 0 || take_number(&s->alpha, options, "alpha") != 0 ||
         take_whole(&s->method, options, "method") != 0;
}

static int deflate_open(fm_income_deflate_spec *s, PyObject *options)
{
  fm_income_deflate_spec_init(s, sizeof *s);
  return take_text(&s->incomes, options, "incomes") != 0 || take_text(&s->by, options, "by") != 0 ||
         take_text(&s->index, options, "index") != 0 || take_number(&s->base, options, "base") != 0;
}
%}

%newobject income_household;
%newobject income_top_code;
%newobject income_deflate;
%inline %{
static fm_table *income_household(const fm_table *people, PyObject *options, int threads, PyObject *progress)
{
  running r;
  fm_income_household_spec spec;
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  fm_status status;
  if (household_open(&spec, options))
    return NULL;
  run_open(&r, threads, progress);
  FM_CALL(status, err, fm_income_household(&out, people, &spec, &r.run, &err));
  return out;
}

static fm_table *income_top_code(const fm_table *incomes, PyObject *options, int threads, PyObject *progress)
{
  running r;
  fm_income_top_spec spec;
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  fm_status status;
  if (top_open(&spec, options))
    return NULL;
  run_open(&r, threads, progress);
  FM_CALL(status, err, fm_income_top_code(&out, incomes, &spec, &r.run, &err));
  return out;
}

static fm_table *income_deflate(const fm_table *incomes, const fm_table *factors, PyObject *options, int threads,
                                PyObject *progress)
{
  running r;
  fm_income_deflate_spec spec;
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  fm_status status;
  if (deflate_open(&spec, options))
    return NULL;
  run_open(&r, threads, progress);
  FM_CALL(status, err, fm_income_deflate(&out, incomes, factors, &spec, &r.run, &err));
  return out;
}
%}
