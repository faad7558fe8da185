#include "signpost/store/drills.h"

#include "internal.h"

#include <stdio.h>
#include <stdlib.h>

/* The columns of DRILL_COLUMNS and of DRILL_STEPS_READ (statements.c). */
enum {
    D_ID,
    D_NAME,
    D_OWNER,
    D_STATE,
    D_STARTED,
    D_ENDS,
    D_RESTORED,
    D_RESTORED_BY,
    D_REMARKS,
    D_HAS_REPORT
};
enum { STEP_KIND, STEP_TARGET, STEP_WAS_ON };

static const char *const state_names[DRILL_STATE_COUNT] = { "breaking", "running", "restoring",
                                                            "restored" };

const char *drill_end_name(enum drill_end end)
{
    static const char *const names[DRILL_END_COUNT] = { "", "client", "time", "start" };
    return names[end];
}

/* ---- reading ---- */

static int no_sense(struct store *store, int64_t id, struct problem *out_problem)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)id);
    return store__no_sense(store, "drill", text, out_problem);
}

static bool decode_state(sqlite3_stmt *statement, enum drill_state *out_state)
{
    char name[16];
    if (!store__copy_text(name, sizeof name, statement, D_STATE))
        return false;
    for (unsigned i = 0; i < DRILL_STATE_COUNT; i++)
        if (strcmp(state_names[i], name) == 0) {
            *out_state = (enum drill_state)i;
            return true;
        }
    return false;
}

static bool decode_end(sqlite3_stmt *statement, enum drill_end *out_end)
{
    char name[16];
    if (!store__copy_text(name, sizeof name, statement, D_RESTORED_BY))
        return false;
    for (unsigned i = 0; i < DRILL_END_COUNT; i++)
        if (strcmp(drill_end_name((enum drill_end)i), name) == 0) {
            *out_end = (enum drill_end)i;
            return true;
        }
    return false;
}

static int decode(struct store *store, sqlite3_stmt *statement, struct drill_record *out_drill,
                  struct problem *out_problem)
{
    struct drill_record drill = {
        .id = sqlite3_column_int64(statement, D_ID),
        .started_ms = (uint64_t)sqlite3_column_int64(statement, D_STARTED),
        .ends_ms = (uint64_t)sqlite3_column_int64(statement, D_ENDS),
        .restored_ms = (uint64_t)sqlite3_column_int64(statement, D_RESTORED),
        .has_report = sqlite3_column_int(statement, D_HAS_REPORT) != 0,
    };
    if (!store__copy_text(drill.name, sizeof drill.name, statement, D_NAME) ||
        !store__copy_text(drill.owner, sizeof drill.owner, statement, D_OWNER) ||
        !store__copy_text(drill.remarks, sizeof drill.remarks, statement, D_REMARKS) ||
        !decode_state(statement, &drill.state) || !decode_end(statement, &drill.restored_by))
        return no_sense(store, drill.id, out_problem);
    *out_drill = drill;
    return 0;
}

/* The one row of a statement whose parameters are bound.  SP_ENOENT without words. */
static int read_one(struct store *store, enum statement_id which, struct drill_record *out_drill,
                    struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[which];
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0)
        rc = row ? decode(store, statement, out_drill, out_problem) : SP_ENOENT;
    sqlite3_reset(statement);
    return rc;
}

int store_read_drill(struct store *store, int64_t id, struct drill_record *out_drill,
                     struct problem *out_problem)
{
    sqlite3_bind_int64(store->statements[DRILL_READ], 1, id);
    return read_one(store, DRILL_READ, out_drill, out_problem);
}

int store_find_open_drill(struct store *store, struct drill_record *out_drill,
                          struct problem *out_problem)
{
    return read_one(store, DRILL_OPEN, out_drill, out_problem);
}

int store_visit_drills(struct store *store,
                       int (*visit)(void *context, const struct drill_record *drill), void *context,
                       struct problem *out_problem)
{
    struct drill_record drill;
    bool row;
    sqlite3_stmt *statement = store->statements[DRILLS_NEWEST_FIRST];
    int rc;
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode(store, statement, &drill, out_problem);
        if (rc == 0)
            rc = visit(context, &drill);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    return rc;
}

static bool decode_step(sqlite3_stmt *statement, struct drill_step *out_step)
{
    char kind[16];
    out_step->was_on = sqlite3_column_int(statement, STEP_WAS_ON) != 0;
    return store__copy_text(kind, sizeof kind, statement, STEP_KIND) &&
           drill_break_kind_find(kind, &out_step->kind) == 0 &&
           store__copy_text(out_step->target, sizeof out_step->target, statement, STEP_TARGET);
}

int store_read_drill_steps(struct store *store, int64_t id,
                           struct drill_step out_steps[DRILL_STEPS_MAX], unsigned *out_count,
                           struct problem *out_problem)
{
    unsigned count = 0;
    bool row;
    sqlite3_stmt *statement = store->statements[DRILL_STEPS_READ];
    int rc;
    sqlite3_bind_int64(statement, 1, id);
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        if (count == DRILL_STEPS_MAX || !decode_step(statement, &out_steps[count])) {
            rc = no_sense(store, id, out_problem);
            break;
        }
        count++;
    }
    sqlite3_reset(statement);
    if (rc == 0)
        *out_count = count;
    return rc;
}

int store_read_drill_text(struct store *store, int64_t id, enum drill_text which, char **out_text,
                          struct problem *out_problem)
{
    static const enum statement_id statements[] = { DRILL_DEFINITION, DRILL_PREDICTION,
                                                    DRILL_REPORT };
    bool row;
    sqlite3_stmt *statement = store->statements[statements[which]];
    sqlite3_bind_int64(statement, 1, id);
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0 && (!row || sqlite3_column_type(statement, 0) == SQLITE_NULL))
        rc = SP_ENOENT;
    if (rc == 0) {
        struct span text = store__column_span(statement, 0);
        *out_text = strndup(text.data != NULL ? (const char *)text.data : "", text.size);
        if (*out_text == NULL)
            rc = problem_set(out_problem, SP_ENOMEM, "there is not enough memory for the drill");
    }
    sqlite3_reset(statement);
    return rc;
}

/* ---- writing ---- */

static int insert_step(struct store *store, int64_t id, unsigned position,
                       const struct drill_step *step, struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[DRILL_STEP_INSERT];
    const char *kind = drill_break_kind_name(step->kind);
    sqlite3_bind_int64(statement, 1, id);
    sqlite3_bind_int64(statement, 2, position);
    store__bind_text(statement, 3, kind, strlen(kind));
    store__bind_text(statement, 4, step->target, strlen(step->target));
    sqlite3_bind_int(statement, 5, step->was_on);
    return store__run(store, DRILL_STEP_INSERT, out_problem);
}

static int insert(struct store *store, const struct drill_record *drill, const char *definition,
                  const char *prediction, struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[DRILL_INSERT];
    store__bind_text(statement, 1, drill->name, strlen(drill->name));
    store__bind_text(statement, 2, drill->owner, strlen(drill->owner));
    store__bind_text(statement, 3, definition, strlen(definition));
    store__bind_text(statement, 4, prediction, strlen(prediction));
    sqlite3_bind_int64(statement, 5, (int64_t)drill->started_ms);
    sqlite3_bind_int64(statement, 6, (int64_t)drill->ends_ms);
    return store__run(store, DRILL_INSERT, out_problem);
}

int store_add_drill(struct store *store, struct drill_record *drill, const char *definition,
                    const char *prediction, const struct drill_step *steps, unsigned count,
                    struct problem *out_problem)
{
    int rc = store_begin(store, out_problem);
    if (rc != 0)
        return rc;
    rc = insert(store, drill, definition, prediction, out_problem);
    int64_t id = sqlite3_last_insert_rowid(store->db);
    for (unsigned i = 0; rc == 0 && i < count; i++)
        rc = insert_step(store, id, i, &steps[i], out_problem);
    sqlite3_bind_int64(store->statements[DRILLS_PRUNE], 1, DRILLS_KEPT);
    if (rc == 0)
        rc = store__run(store, DRILLS_PRUNE, out_problem);
    rc = store__finish(store, rc, out_problem);
    if (rc == 0) {
        drill->id = id;
        drill->state = DRILL_BREAKING;
    }
    return rc;
}

/* One transaction that must touch one row.  SP_ENOENT without words: there is none. */
static int write_one(struct store *store, enum statement_id which, struct problem *out_problem)
{
    int rc = store_begin(store, out_problem);
    if (rc != 0) {
        sqlite3_clear_bindings(store->statements[which]);
        return rc;
    }
    rc = store__run(store, which, out_problem);
    if (rc == 0 && sqlite3_changes64(store->db) == 0)
        rc = SP_ENOENT;
    return store__finish(store, rc, out_problem);
}

int store_set_drill_state(struct store *store, const struct drill_record *drill,
                          struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[DRILL_SET_STATE];
    const char *state = state_names[drill->state];
    const char *end = drill_end_name(drill->restored_by);
    sqlite3_bind_int64(statement, 1, drill->id);
    store__bind_text(statement, 2, state, strlen(state));
    sqlite3_bind_int64(statement, 3, (int64_t)drill->restored_ms);
    store__bind_text(statement, 4, end, strlen(end));
    store__bind_text(statement, 5, drill->remarks, strlen(drill->remarks));
    return write_one(store, DRILL_SET_STATE, out_problem);
}

int store_remove_drill(struct store *store, int64_t id, struct problem *out_problem)
{
    sqlite3_bind_int64(store->statements[DRILL_REMOVE], 1, id);
    return write_one(store, DRILL_REMOVE, out_problem);
}

int store_set_drill_report(struct store *store, int64_t id, const char *report,
                           struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[DRILL_SET_REPORT];
    sqlite3_bind_int64(statement, 1, id);
    store__bind_text(statement, 2, report, strlen(report));
    return write_one(store, DRILL_SET_REPORT, out_problem);
}
