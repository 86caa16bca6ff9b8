/**
 * @file flexmetrics.h
 * The library's only supported include: every subject's header, in layer order.
 */
#ifndef FLEXMETRICS_H
#define FLEXMETRICS_H

#include "flexmetrics/base.h"
#include "flexmetrics/calendar.h"
#include "flexmetrics/table.h"
#include "flexmetrics/code.h"
#include "flexmetrics/tally.h"
#include "flexmetrics/csv.h"
#include "flexmetrics/spell.h"
#include "flexmetrics/spell_definition.h"
#include "flexmetrics/spell_long_term.h"
#include "flexmetrics/spell_states.h"
#include "flexmetrics/spell_periods.h"
#include "flexmetrics/survey.h"
#include "flexmetrics/register.h"
#include "flexmetrics/dream.h"
#include "flexmetrics/settlement.h"
#include "flexmetrics/series.h"
#include "flexmetrics/retention.h"
#include "flexmetrics/retention_cox.h"
#include "flexmetrics/retention_discrete.h"
#include "flexmetrics/retention_exits.h"
#include "flexmetrics/retention_sequences.h"
#include "flexmetrics/retention_states.h"
#include "flexmetrics/retention_transitions.h"
#include "flexmetrics/retention_sustained.h"
#include "flexmetrics/retention_tests.h"
#include "flexmetrics/income.h"
#include "flexmetrics/income_distribution.h"
#include "flexmetrics/income_spell.h"
#include "flexmetrics/income_change.h"
#include "flexmetrics/income_groups.h"
#include "flexmetrics/income_grouped.h"
#include "flexmetrics/income_household.h"
#include "flexmetrics/income_stream.h"
#include "flexmetrics/target.h"
#include "flexmetrics/programme.h"
#include "flexmetrics/disclose.h"
#include "flexmetrics/sdg_totals.h"
#include "flexmetrics/sdg.h"
#include "flexmetrics/catalogue.h"
#include "flexmetrics/report.h"

#endif
