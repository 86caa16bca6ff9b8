/* Single figures of the economy: places at a host, rates, factors, unit costs, budgets. Outputs are arrays of the caller. */
%{
static PyObject *number_or_raise(double value, fm_status status, const fm_error *err)
{
  if (status == FM_OK)
    return PyFloat_FromDouble(value);
  raise_status(status, err);
  return NULL;
}
%}

%inline %{
static PyObject *economy_host_capacity(long long employees)
{
  fm_error err = FM_ERROR_INIT;
  int64_t places = 0;
  fm_status status = fm_economy_host_capacity(&places, employees, &err);
  if (status == FM_OK)
    return PyLong_FromLongLong(places);
  raise_status(status, &err);
  return NULL;
}

static PyObject *economy_rate(const char *code, int date)
{
  fm_error err = FM_ERROR_INIT;
  double rate = 0;
  fm_status status = fm_economy_rate(&rate, code, date, NULL, &err);
  return number_or_raise(rate, status, &err);
}

/* out: one array, filled. */
static void economy_discount(PyObject *out, const char *schedule, int date)
{
  arrays to;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  if (arrays_open(&to, out, "d", -1, 1) != 0)
    return;
  FM_CALL(status, err, fm_economy_discount(to.at[0], to.rows, schedule, date, NULL, &err));
  arrays_close(&to);
}

static PyObject *economy_unit_cost(double expenditure, long long served, long long exited, long long in_work,
                                   long long sustained, double counterfactual)
{
  fm_error err = FM_ERROR_INIT;
  fm_economy_unit_cost c = {.struct_size = sizeof c};
  fm_status status =
      fm_economy_unit_cost_of(&c, expenditure, served, exited, in_work, sustained, counterfactual, &err);
  if (status == FM_OK)
    return Py_BuildValue("(ddddd)", c.per_served, c.per_exit, c.per_job, c.per_sustained_job, c.per_additional_job);
  raise_status(status, &err);
  return NULL;
}

/* by_payer: one array, its consequences; cumulated: one array by year; given: cost and factors by year; consequences:
   one array, a row of years for each payer. The figures of fm_economy_budget. */
static PyObject *economy_budget(PyObject *by_payer, PyObject *cumulated, PyObject *given, PyObject *consequences,
                                double participants, double success, double without, double std_error, double level)
{
  arrays payers, years, costs, worth;
  fm_error err = FM_ERROR_INIT;
  fm_status status = FM_ERR_ARGUMENT;
  fm_economy_budget b = {.struct_size = sizeof b};
  memset(&years, 0, sizeof years);
  memset(&costs, 0, sizeof costs);
  memset(&worth, 0, sizeof worth);
  if (arrays_open(&payers, by_payer, "d", -1, 1) != 0)
    return NULL;
  if (arrays_open(&costs, given, "dd", -1, 0) == 0 &&
      arrays_open(&years, cumulated, "d", (Py_ssize_t)costs.rows, 1) == 0 &&
      arrays_open(&worth, consequences, "d", (Py_ssize_t)(costs.rows * payers.rows), 0) == 0) {
    fm_economy_budget_spec spec = {sizeof spec,  costs.at[0],  worth.at[0], costs.at[1], costs.rows, payers.rows,
                                   participants, success,      without,     std_error,   level};
    FM_CALL(status, err, fm_economy_budget_of(&b, payers.at[0], years.at[0], &spec, &err));
  }
  arrays_close(&worth);
  arrays_close(&years);
  arrays_close(&costs);
  arrays_close(&payers);
  return status != FM_OK ? NULL
                         : Py_BuildValue("(ddddddddd)", b.with_effect, b.cost, b.consequence, b.net, b.net_limits[0],
                                         b.net_limits[1], b.net_per_participant, b.cost_per_success, b.break_even);
}
%}
