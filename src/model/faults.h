/*
 * model/faults.h - several faults in one struct problem, joined by "; ".
 *
 * What no longer fits is counted: "...; and 3 more".
 */
#ifndef SIGNPOST_MODEL_FAULTS_H
#define SIGNPOST_MODEL_FAULTS_H

#include "signpost/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct change_faults;

struct faults {
    struct change_faults *all; /* gets every sentence in full and as it is; may be NULL */
    bool is_out_of_memory;     /* it did not get one */
    char text[PROBLEM_TEXT_SIZE];
    size_t size;
    uint32_t count;
    uint32_t omitted;
    const char *file_name; /* stands before the line, where there is one; may be NULL */
};

void faults_init(struct faults *faults, const char *file_name);

/* "FILE:LINE: OWNER TYPE: what is wrong"; line 0 and type 0 are left out. */
void faults_add(struct faults *faults, uint32_t line, const uint8_t *owner, uint16_t type,
                const char *format, ...) __attribute__((format(printf, 5, 6)));

/* "FILE:LINE: what is wrong": for the texts of Route 53, which name the record themselves. */
void faults_add_text(struct faults *faults, uint32_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* 0 when there was none, else SP_EINVAL with all of them; SP_ENOMEM. */
int faults_report(const struct faults *faults, struct problem *out_problem);

#endif
