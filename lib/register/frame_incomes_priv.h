/* What the frames of incomes share: who takes part, two periods, and whose income is which row. */
#ifndef FM_REGISTER_FRAME_INCOMES_PRIV_H
#define FM_REGISTER_FRAME_INCOMES_PRIV_H

#include "register/frame_priv.h"

/* Does this row of participants name somebody who takes part, in the initiative asked for if any? */
bool fm__takes_part(const fm__frame *f, size_t row);
/* Creates marks[person]. FM_ERR_NOT_FOUND no such initiative. */
fm_status fm__participants_mark(const fm__frame *f, uint8_t **marks, fm_error *err);
/* The two periods of a spec, both among the incomes. */
fm_status fm__income_periods(const fm__frame *f, double period[2], fm_error *err);
/* Creates the row of each person in incomes of a period; FM__NO_ROW: none. */
fm_status fm__income_rows(const fm__frame *f, uint32_t **rows, double period, fm_error *err);
void fm__frame_set_period(fm__frame *f, const char *key, double period);

#endif
