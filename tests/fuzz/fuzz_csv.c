/* needs: model */
/*
 * Location and latency files: any text, in pieces of any size.  What is refused has its words; what
 * is taken is written and read again as the same rows.  The first octet chooses the table and the
 * pieces.
 */
#include "signpost/model/location_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void require(int condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "not so: %s\n", what);
    abort();
}

static void check_problem(int rc, const struct problem *problem)
{
    require(rc == problem->status, "the status is in the problem");
    require(strncmp(problem->text, "f.csv:", 6) == 0, "the problem names file and line");
}

static struct location_reader *read_locations(const uint8_t *text, size_t size, size_t piece,
                                              int *out_rc)
{
    struct problem problem = { 0 };
    struct location_reader *reader = location_reader_create("f.csv");
    int rc = 0;
    for (size_t at = 0; rc == 0 && at < size; at += piece)
        rc = location_reader_feed(
            reader, (struct span){ text + at, size - at < piece ? size - at : piece }, &problem);
    if (rc == 0)
        rc = location_reader_finish(reader, &problem);
    if (rc != 0)
        check_problem(rc, &problem);
    *out_rc = rc;
    return reader;
}

static struct latency_reader *read_latencies(const uint8_t *text, size_t size, size_t piece,
                                             int *out_rc)
{
    struct problem problem = { 0 };
    struct latency_reader *reader = latency_reader_create("f.csv");
    int rc = 0;
    for (size_t at = 0; rc == 0 && at < size; at += piece)
        rc = latency_reader_feed(
            reader, (struct span){ text + at, size - at < piece ? size - at : piece }, &problem);
    if (rc == 0)
        rc = latency_reader_finish(reader, &problem);
    if (rc != 0)
        check_problem(rc, &problem);
    *out_rc = rc;
    return reader;
}

static void fuzz_locations(const uint8_t *text, size_t size, size_t piece)
{
    int rc, again_rc;
    size_t count, again_count, written = strlen(LOCATION_FILE_HEADER);
    struct location_reader *reader = read_locations(text, size, piece, &rc);
    if (rc == 0) {
        struct location_row *rows = location_reader_rows(reader, &count);
        char *copy = malloc(written + count * LOCATION_LINE_SIZE + 1);
        strcpy(copy, LOCATION_FILE_HEADER);
        for (size_t i = 0; i < count; i++)
            written += location_line(copy + written, &rows[i]);
        struct location_reader *again =
            read_locations((const uint8_t *)copy, written, 4096, &again_rc);
        require(again_rc == 0, "what was written is read");
        struct location_row *same = location_reader_rows(again, &again_count);
        require(count == again_count, "all of it");
        for (size_t i = 0; i < count; i++) {
            char line[LOCATION_LINE_SIZE], other[LOCATION_LINE_SIZE];
            location_line(line, &rows[i]);
            location_line(other, &same[i]);
            require(strcmp(line, other) == 0, "as the same rows");
        }
        location_reader_destroy(again);
        free(copy);
    }
    location_reader_destroy(reader);
}

static void fuzz_latencies(const uint8_t *text, size_t size, size_t piece)
{
    int rc, again_rc;
    size_t count, again_count, written = strlen(LATENCY_FILE_HEADER);
    struct latency_reader *reader = read_latencies(text, size, piece, &rc);
    if (rc == 0) {
        struct latency_row *rows = latency_reader_rows(reader, &count);
        char *copy = malloc(written + count * LOCATION_LINE_SIZE + 1);
        strcpy(copy, LATENCY_FILE_HEADER);
        for (size_t i = 0; i < count; i++)
            written += latency_line(copy + written, &rows[i]);
        struct latency_reader *again =
            read_latencies((const uint8_t *)copy, written, 4096, &again_rc);
        require(again_rc == 0, "what was written is read");
        latency_reader_rows(again, &again_count);
        require(count == again_count, "all of it");
        latency_reader_destroy(again);
        free(copy);
    }
    latency_reader_destroy(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    size_t piece = 1 + (data[0] >> 1);
    if ((data[0] & 1) == 0)
        fuzz_locations(data + 1, size - 1, piece);
    else
        fuzz_latencies(data + 1, size - 1, piece);
    return 0;
}
