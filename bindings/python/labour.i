/* Labour-force status of each row; the rates go by compute_frame. */
%{
static int labour_open(fm_labour_spec *s, PyObject *options)
{
  fm_labour_spec_init(s, sizeof *s);
  return take_text(&s->columns, options, "columns") != 0 ||
         take_text(&s->labour_status, options, "labour_status") != 0 ||
         take_text(&s->working_age, options, "working_age") != 0 || take_text(&s->youth, options, "youth") != 0 ||
         take_number(&s->hours_threshold, options, "hours_threshold") != 0 ||
         take_whole(&s->icls, options, "icls") != 0 ||
         take_whole(&s->unknown_insurance, options, "unknown_insurance") != 0;
}
%}

%newobject labour_status;
%newobject labour_indicators;
%inline %{
static fm_table *labour_status(const fm_table *people, PyObject *options)
{
  fm_labour_spec spec;
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  fm_status status;
  if (labour_open(&spec, options))
    return NULL;
  status = fm_labour_status(&out, people, &spec, &err);
  if (status != FM_OK)
    raise_status(status, &err);
  return out;
}

static fm_table *labour_indicators(void)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  fm_status status = fm_labour_indicators(&out, &err);
  if (status != FM_OK)
    raise_status(status, &err);
  return out;
}
%}
