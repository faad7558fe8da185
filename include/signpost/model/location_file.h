/*
 * model/location_file.h - the location and the latency table as text: CSV in and out.
 *
 *     prefix,continent,country,subdivision,latitude,longitude,region
 *     198.51.100.0/24,,US,CA,37.77,-122.42,
 *
 *     from,region,milliseconds
 *     203.0.113.0/25,eu-west-1,20
 *     eu-central-1,us-east-1,88
 *
 * The first line names the columns, in any order; of locations prefix alone must be there.  `from`
 * is the client's prefix, or the AWS Region nearest to it.  Empty lines and lines that begin with #
 * are skipped, quotes are as in RFC 4180.  A file is taken as a whole or not at all.  Codes must be
 * those that Route 53 has; that a country lies in the continent beside it is not required
 * (R-GEO-10).
 *
 * The readers take the text in pieces of any size, as it arrives.  Control thread only (tests: any
 * one thread).
 */
#ifndef SIGNPOST_MODEL_LOCATION_FILE_H
#define SIGNPOST_MODEL_LOCATION_FILE_H

#include "signpost/base/span.h"
#include "signpost/base/status.h"
#include "signpost/geo/geography.h"

struct location_reader;
struct latency_reader;

/* file_name is for messages and is copied.  NULL: no memory. */
struct location_reader *location_reader_create(const char *file_name);
struct latency_reader *latency_reader_create(const char *file_name);
void location_reader_destroy(struct location_reader *reader); /* NULL is fine */
void latency_reader_destroy(struct latency_reader *reader);   /* NULL is fine */

/* The next piece of text.  After an error every further call returns the same error.
 * SP_EINVAL "FILE:LINE: reason", SP_ELIMIT, SP_ENOMEM. */
int location_reader_feed(struct location_reader *reader, struct span text,
                         struct problem *out_problem);
int latency_reader_feed(struct latency_reader *reader, struct span text,
                        struct problem *out_problem);

/* The end of the text: sorts the rows as location_row_compare does, and refuses what is there
 * twice. */
int location_reader_finish(struct location_reader *reader, struct problem *out_problem);
int latency_reader_finish(struct latency_reader *reader, struct problem *out_problem);

/* What a finished reader has read; the rows are its own, and whoever asks may sort them. */
struct location_row *location_reader_rows(struct location_reader *reader, size_t *out_count);
struct latency_row *latency_reader_rows(struct latency_reader *reader, size_t *out_count);

/* Writing: the line of column names, and one line for each row. */
#define LOCATION_FILE_HEADER "prefix,continent,country,subdivision,latitude,longitude,region\n"
#define LATENCY_FILE_HEADER  "from,region,milliseconds\n"
#define LOCATION_LINE_SIZE   160

/* Each gives the length of the line, which ends with "\n" and a zero.  What is written is read back
 * as the same row. */
size_t location_line(char out[LOCATION_LINE_SIZE], const struct location_row *row);
size_t latency_line(char out[LOCATION_LINE_SIZE], const struct latency_row *row);

#endif
