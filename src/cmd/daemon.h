/*
 * cmd/daemon.h - signpostd from the configuration on: starts everything, turns the loop, stops
 * everything in the opposite order.
 */
#ifndef SIGNPOST_CMD_DAEMON_H
#define SIGNPOST_CMD_DAEMON_H

#include "config.h"

/* Where the configuration comes from, so that it can be read again. */
struct config_source {
    const char *path;
    bool required;                  /* the path was given: a missing file is an error */
    const char *const *assignments; /* of -o, in their order */
    unsigned assignment_count;
};

/* Defaults, the file, the command line. */
int config_source_read(const struct config_source *source, struct config *out_config,
                       struct problem *out_problem);

/* Runs until a signal asks it to stop.  0, or SP_E... when it could not start. */
int daemon_run(const struct config_source *source, const struct config *config,
               struct problem *out_problem);

#endif
