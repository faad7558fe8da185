/*
 * model/csv.h - comma-separated tables in, piece by piece (RFC 4180): rows by the names of their
 * columns.
 *
 * The first line that is neither empty nor a comment (#) names the columns, in any order.  Every
 * other line has as many fields.  Quotes may stand around a field; blanks around one without quotes
 * do not count.
 */
#ifndef MODEL_CSV_H
#define MODEL_CSV_H

#include "signpost/base/limits.h"
#include "signpost/base/span.h"
#include "signpost/base/status.h"

#include <stdbool.h>

struct csv;

/* What a table has, and who takes its rows. */
struct csv_type {
    const char *const *columns; /* ended by NULL; in this order the fields are handed on */
    unsigned required;          /* a bit for each column that must be there */
    /* fields: the row's texts, "" for a column that is not there; they may be written over. */
    int (*row)(void *context, struct csv *csv, char *const fields[]);
};

struct csv {
    const struct csv_type *type;
    void *context;
    char *file_name;
    struct problem problem; /* the first one; it stays */
    uint64_t octets;
    uint32_t line;                   /* the current one, from 1 on */
    unsigned place_count;            /* fields of a line; 0: the columns are not named yet */
    uint8_t places[CSV_COLUMNS_MAX]; /* which column stands where */
    size_t size;
    char text[CSV_LINE_MAX + 1]; /* the line so far */
};

/* file_name is for messages and is copied.  SP_ENOMEM. */
int csv__init(struct csv *csv, const struct csv_type *type, void *context, const char *file_name);
void csv__finish(struct csv *csv);

/* The next piece, and the end of the text.  After an error both return it again. */
int csv__feed(struct csv *csv, struct span text, struct problem *out_problem);
int csv__end(struct csv *csv, struct problem *out_problem);

/* "FILE:LINE: reason", for whoever takes rows; returns status. */
int csv__fault(struct csv *csv, int status, uint32_t line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* SP_EINVAL: `"TEXT" reason`, for a field of the current line. */
int csv__fault_field(struct csv *csv, const char *text, const char *reason);

#endif
