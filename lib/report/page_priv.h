/* The page in words: sections written one after the other from the rows of a report's table. */
#ifndef FM_REPORT_PAGE_PRIV_H
#define FM_REPORT_PAGE_PRIV_H

#include "report/rows_priv.h"

typedef struct fm__page {
  fm__bytes out;
  const fm_table *t;
  const char *lang;
  bool all;
  fm__entries rows;
  fm__bytes scratch[8]; /* texts of arguments, used in turn */
  size_t turn;
} fm__page;

fm_status fm__page_text(char **out, const fm_table *t, const char *lang, bool all, fm_error *err);

/* Gives the page away when `status` is FM_OK; frees all of `p` in every case. */
fm_status fm__page_give(char **out, fm__page *p, fm_status status, fm_error *err);

/* ---- texts that live until seven more are made ---- */
fm__bytes *fm__page_next(fm__page *p);
const char *fm__page_whole(fm__page *p, int64_t value);
const char *fm__page_count(fm__page *p, const fm__entry *row); /* a count, or its state in words */
const char *fm__page_word(const fm__page *p, const char *key);
const char *fm__page_capital(fm__page *p, const char *text); /* first letter as a capital */
/* 73%, or a state in words. */
const char *fm__page_share(fm__page *p, const fm__entry *row);
const char *fm__page_range(fm__page *p, const fm__entry *row);                /* 66-79%; "" when there is none */
const char *fm__page_code(fm__page *p, const char *column, const char *code); /* label of a code, capital first */

/* ---- lines ---- */
void fm__page_say(fm__page *p, const char *key, const char *const *args, size_t n); /* label with arguments */
void fm__page_left(fm__page *p, const char *text, size_t width);                    /* padded, cut when too wide */
void fm__page_right(fm__page *p, const char *text, size_t width);
void fm__page_line(fm__page *p); /* ends a line without blanks at its end */
/* Label in the first `indent` columns, text wrapped beside it. */
void fm__page_item(fm__page *p, const char *label, const char *text, size_t indent);

/* ---- sections ---- */
void fm__page_heading(fm__page *p, bool programme);      /* page.c: title, whose, to what day */
void fm__page_goal(fm__page *p, const char *goal);       /* text_goal.c */
void fm__page_goals(fm__page *p);                        /* one line a goal */
void fm__page_programme(fm__page *p);                    /* text_programme.c */
void fm__page_groups(fm__page *p);                       /* text_groups.c */
void fm__page_jobs(fm__page *p);                         /* text_jobs.c */
void fm__page_sections(fm__page *p);                     /* text_sections.c */
size_t fm__page_initiative(const fm__page *p, size_t i); /* row of the next one from row i; SIZE_MAX: none */
bool fm__page_has_later(const fm__page *p);              /* work after twelve months is a column of initiatives */

#endif
