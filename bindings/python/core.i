/* The private module flexmetrics.core: a thin, flat face of the C library. People use the package on top of it. */
%module core

%begin %{
#define PY_SSIZE_T_CLEAN
%}

%{
#include "flexmetrics.h"
%}

%include <stdint.i>

%include "error.i"
%include "handle.i"
%include "run.i"
%include "column.i"
%include "register.i"
%include "measure.i"
%include "income.i"
%include "income_household.i"
%include "labour.i"
%include "retention.i"
%include "retention_sequences.i"
%include "disclose.i"
%include "economy.i"
%include "spell.i"
%include "spell_definition.i"
%include "sources.i"
%include "sdmx.i"
%include "survey.i"
%include "target.i"
%include "xlsx.i"
