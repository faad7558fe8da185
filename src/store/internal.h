/*
 * store/internal.h - what the files of this module share.
 *
 * Statements are prepared once, when the database is opened, and their texts stand in one table
 * (statements.c).  Every SQLite error becomes a status and a sentence in one place (problem.c).
 */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "signpost/dns/types.h"
#include "signpost/model/audit.h"
#include "signpost/store/objects.h"
#include "signpost/store/store.h"

#include <sqlite3.h>
#include <stdbool.h>

/* In the file's header: who made it ("SgnP"). */
#define STORE_APPLICATION_ID 0x53676e50

enum statement_id {
    BEGIN_READ,
    BEGIN_WRITE,
    COMMIT,
    ROLLBACK,
    ZONES_OLDEST_FIRST,
    ZONES_BY_NAME,
    ZONE_BY_ID,
    ZONE_BY_NAME,
    ZONE_BY_NAME_WITHOUT,
    ZONE_BY_PUBLIC_ID,
    ZONE_INSERT,
    ZONE_UPDATE,
    ZONE_REFERENCE_INSERT,
    ZONE_DELETE,
    SETS_OF_ALL,
    SETS_OF_ALL_IN_FULL,
    SETS_OF_ZONE,
    SETS_OF_NAME,
    SETS_FROM,
    SETS_BEYOND_APEX,
    SETS_DELETE,
    SET_INSERT,
    SET_UPDATE,
    SET_DELETE,
    CHECK_BY_PUBLIC_ID,
    JOURNAL_INSERT,
    JOURNAL_SET_INSERT,
    JOURNAL_PRUNE,
    JOURNAL_FORGET,
    JOURNAL_FORGET_DELETED,
    CHANGE_INSERT,
    CHANGE_READ,
    CHANGE_PRUNE,
    CHECKS_ALL,
    CHECKS_FROM,
    CHECKS_STALE,
    CHECK_READ,
    CHECK_LIVE,
    CHECK_INSERT,
    CHECK_SET_CONFIG,
    CHECK_DELETE,
    CHECKS_PURGE,
    CHECK_REMEMBER,
    CHECKS_FORGET,
    CHECK_PLACE,
    CHECK_REFERENCE,
    CHECK_PARENT,
    CHECK_IS_OF_NAME,
    CHILDREN_OF_CHECK,
    CHILDREN_DELETE,
    CHILD_INSERT,
    ZONE_TAGS,
    ZONE_TAG_PUT,
    ZONE_TAG_DELETE,
    CHECK_TAGS,
    CHECK_TAG_PUT,
    CHECK_TAG_DELETE,
    CHECK_TAGS_CLEAR,
    STATUS_READ,
    STATUS_SET,
    CHECKERS_OF_CHECK,
    CHECKERS_DELETE,
    CHECKER_INSERT,
    EVENTS_OF_CHECK,
    EVENTS_DELETE,
    EVENT_INSERT,
    EVENTS_PRUNE,
    COLLECTIONS_BY_NAME,
    COLLECTION_BY_KEY,
    COLLECTION_PUT,
    COLLECTION_DELETE,
    COLLECTION_USERS,
    BLOCKS_OF_COLLECTION,
    BLOCKS_DELETE,
    BLOCK_INSERT,
    RESOURCES_BY_NAME,
    RESOURCE_BY_NAME,
    RESOURCE_INSERT,
    RESOURCE_DELETE,
    ADDRESSES_OF_RESOURCE,
    ADDRESS_INSERT,
    TARGETS_OF_RESOURCE,
    TARGET_INSERT,
    OBJECTS_COUNT,
    PLACES_CLEAR,
    PLACES_ALL,
    PLACE_INSERT,
    LOCATIONS_CLEAR,
    LOCATIONS_ALL,
    LOCATION_INSERT,
    LATENCIES_CLEAR,
    LATENCIES_ALL,
    LATENCY_INSERT,
    CLIENT_TABLE_READ,
    CLIENT_TABLE_PUT,
    ALARMS_ALL,
    ALARM_READ,
    ALARM_PUT,
    ALARM_DELETE,
    ALARM_CHECKS,
    CONTROLS_ALL,
    CONTROL_READ,
    CONTROL_INSERT,
    CONTROL_SET,
    CONTROL_DELETE,
    CONTROL_CHECKS,
    RULES_ALL,
    RULE_INSERT,
    RULE_DELETE,
    RULE_OF_CONTROL,
    RULE_CONTROLS,
    RULE_CONTROL_INSERT,
    SHIFTS_ALL,
    SHIFT_READ,
    SHIFT_OF_RESOURCE,
    SHIFT_NEXT,
    SHIFT_PUT,
    SHIFTS_PRUNE,
    DRILLS_NEWEST_FIRST,
    DRILL_READ,
    DRILL_OPEN,
    DRILL_DEFINITION,
    DRILL_PREDICTION,
    DRILL_REPORT,
    DRILL_INSERT,
    DRILL_SET_STATE,
    DRILL_SET_REPORT,
    DRILL_REMOVE,
    DRILLS_PRUNE,
    DRILL_STEPS_READ,
    DRILL_STEP_INSERT,
    ZONES_FROM_ID,
    ZONES_FROM_NAME,
    ZONES_OF_VPC,
    ZONES_RELATED,
    ZONES_COUNT,
    ZONE_REFERENCE_READ,
    VPCS_OF_ZONE,
    VPCS_COUNT,
    VPC_INSERT,
    VPC_DELETE,
    VPC_ZONE_OF_NAME,
    AUTHORIZATIONS_OF_ZONE,
    AUTHORIZATIONS_COUNT,
    AUTHORIZATION_PUT,
    AUTHORIZATION_DELETE,
    DELEGATION_SETS_FROM,
    DELEGATION_SETS_COUNT,
    DELEGATION_SET_READ,
    DELEGATION_SET_INSERT,
    DELEGATION_SET_DELETE,
    DELEGATION_SET_USERS,
    DELEGATION_SET_KNOWN,
    KEY_PAIR_READ,
    KEY_PAIR_PUT,
    KEY_PAIRS_COUNT,
    OLD_PAIRS_ALL,
    OLD_PAIRS_DELETE,
    KEYS_OF_ZONE,
    KEY_PUT,
    KEY_DELETE,
    SIGNING_READ,
    SIGNING_PUT,
    SIGNED_ZONES,
    KEY_RING_READ,
    KEY_RING_PUT,
    ZSKS_OF_ZONE,
    ZSKS_DELETE,
    ZSK_INSERT,
    KEY_SETS_OF_ZONE,
    KEY_SETS_DELETE,
    KEY_SET_INSERT,
    QUERY_LOGGING_BY_ID,
    QUERY_LOGGING_FROM,
    QUERY_LOGGING_INSERT,
    QUERY_LOGGING_DELETE,
    PROTECTIONS_FROM,
    PROTECTION_READ,
    PROTECTION_INSERT,
    PROTECTION_DELETE,
    KEYS_BY_AGE,
    KEYS_COUNT,
    KEY_READ,
    KEY_INSERT,
    KEY_REMOVE,
    ZONES_OF_KEY,
    ZONE_OF_KEY_INSERT,
    AUDIT_INSERT,
    AUDIT_PRUNE,
    AUDIT_NEWEST_FIRST,
    AUDIT_OF_ZONE,
    AUDIT_OF_KEY,
    SETS_BETWEEN,
    POLICIES_FROM,
    POLICIES_COUNT,
    POLICY_READ,
    POLICY_OF_NAME,
    POLICY_INSERT,
    POLICY_SET_NEWEST,
    POLICY_DELETE_EMPTY,
    VERSIONS_FROM,
    VERSIONS_COUNT,
    VERSION_INSERT,
    VERSION_SET_COMMENT,
    VERSION_DELETE,
    INSTANCES_FROM,
    INSTANCES_COUNT,
    INSTANCES_OF_VERSION,
    INSTANCE_READ,
    INSTANCE_AT,
    INSTANCE_INSERT,
    INSTANCE_UPDATE,
    INSTANCE_DELETE,
    STATEMENT_COUNT
};

struct store {
    sqlite3 *db;
    char *path;
    int lock;      /* descriptor of the lock file, -1 while it is not held */
    bool damaged;  /* found so while reading: nothing more is written, not even a checkpoint */
    bool unsynced; /* a power cut could still take away what is committed */
    bool unsure;   /* the disk has refused to confirm what was committed */
    bool audited;  /* the next commit takes the entry below along */
    struct audit_entry audit;
    unsigned gathered_count; /* so does it these, before that one */
    struct audit_entry gathered[AUDIT_WAITING_MAX];
    sqlite3_stmt *statements[STATEMENT_COUNT];
};

/* The columns that statements.c reads of record_set, and by number plus one the parameters by which
 * it writes them.  S_CHECK is read as the check's public id and written as its number. */
enum set_column {
    S_ZONE_ID,
    S_OWNER_KEY,
    S_TYPE,
    S_SET_IDENTIFIER,
    S_POLICY,
    S_TTL,
    S_VALUES,
    S_TEXTS,
    S_INSTANCE,
    S_CHECK,
    S_ALIAS_ZONE,
    S_ALIAS_NAME,
    S_EVALUATE_HEALTH,
    S_WEIGHT,
    S_REGION,
    S_FAILOVER,
    S_CONTINENT,
    S_COUNTRY,
    S_SUBDIVISION,
    S_COLLECTION,
    S_LOCATION,
    S_LOCAL_ZONE,
    S_LATITUDE,
    S_LONGITUDE,
    S_BIAS
};

/* statements.c */
int store__prepare(struct store *store, struct problem *out_problem);
void store__finalize(struct store *store);

/* Runs one statement to its end and makes it ready for the next time. */
int store__run(struct store *store, enum statement_id id, struct problem *out_problem);

/* The next row: *out_row is false at the end.  The statement must be reset after the last row that
 * the caller wants. */
int store__step(struct store *store, sqlite3_stmt *statement, bool *out_row,
                struct problem *out_problem);

/* Binding whole numbers, and text or blobs that stay the caller's, cannot fail. */
void store__bind_text(sqlite3_stmt *statement, int index, const char *text, size_t size);
void store__bind_blob(sqlite3_stmt *statement, int index, const void *data, size_t size);

/* audit.c: ends a transaction that has written something, and its audit row with it.  On an error
 * the transaction still stands. */
int store__commit(struct store *store, struct problem *out_problem);

/* What is being written is about that zone; an audit row that has none yet says so. */
void store__audit_zone(struct store *store, const uint8_t *name);

/* problem.c: the words for what SQLite reported last on that connection. */
int store__problem(sqlite3 *db, const char *path, struct problem *out_problem);
int store__damaged(const char *path, struct problem *out_problem, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* schema.c: one step takes a database from its index in the table to the next version. */
struct migration {
    const char *sql;
};
extern const struct migration store__migrations[];
extern const int store__schema_version; /* how many there are, and what user_version comes to */

/* Brings the database up to date, one transaction a step. */
int store__migrate(sqlite3 *db, const char *path, const struct migration *migrations,
                   int migration_count, struct problem *out_problem);

/* The words for a database of a later version. */
int store__newer(const char *path, int64_t version, struct problem *out_problem);

/* Whether the tables are exactly those that the first `version` steps make. */
int store__check_schema(sqlite3 *db, const char *path, int version, struct problem *out_problem);

/* One whole number from a query without parameters. */
int store__query_number(sqlite3 *db, const char *path, const char *sql, int64_t *out_number,
                        struct problem *out_problem);

/* read.c: what stands in a column, in SQLite's memory until the statement moves on. */
struct span store__column_span(sqlite3_stmt *statement, int column);

/* Copies a text column whole; false when it is longer than there is room for. */
bool store__copy_text(char *to, size_t to_size, sqlite3_stmt *statement, int column);

/* sets.c: one row of record_set.  The set points into the row and into SQLite's memory. */
struct set_row {
    struct record_set set;
    struct alias_target alias;
    struct routing routing;
};
bool store__decode_set(sqlite3_stmt *statement, struct set_row *out_row); /* false: no sense */

/* Whether a row is of a set that has nothing in the columns behind S_CHECK, nor in that one. */
bool store__is_plain_set(sqlite3_stmt *statement);

/* Binds all but the key; the set must live until the statement has run.  check_id: the number of
 * its health check, 0 when it has none. */
void store__bind_set(sqlite3_stmt *statement, const struct record_set *set, int64_t check_id);

/* What a set is besides its key, TTL and values, as one text: "" for a plain one.  Returns out. */
#define SET_ATTRIBUTES_SIZE 2048
const char *store__set_attributes(char out[SET_ATTRIBUTES_SIZE], const struct record_set *set);

/* read.c: hands out every row of a statement of ZONE_COLUMNS, which is bound already. */
int store__visit_zone_rows(struct store *store, enum statement_id id,
                           const struct store_visitor *visitor, struct problem *out_problem);

/* objects.c: what a statement counts, which is bound already. */
int store__read_count(struct store *store, enum statement_id id, uint64_t *out_count,
                      struct problem *out_problem);

/* objects.c: a row that nobody has written so.  From now on nothing is written to the file, so that
 * it stays as it is for whoever repairs it. */
int store__no_sense(struct store *store, const char *what, const char *id,
                    struct problem *out_problem);

/* Ends a transaction: it is committed when rc is 0 until then. */
int store__finish(struct store *store, int rc, struct problem *out_problem);

/* Runs a statement that must touch one row; `none` is the status when it does not. */
int store__run_for_one(struct store *store, enum statement_id id, int none,
                       struct problem *out_problem);

/* checks.c: the number of a check that is not deleted.  SP_ENOENT without words. */
int store__find_check_row(struct store *store, const char *id, int64_t *out_row_id,
                          struct problem *out_problem);

/* An address of 4 or 16 octets in a column.  The prefix that goes with it is in full length. */
bool store__column_address(sqlite3_stmt *statement, int column, struct ip_prefix *out_address);
void store__bind_address(sqlite3_stmt *statement, int index, const struct ip_prefix *address);

/* inspect.c: a look at the file that changes nothing in it. */
enum store_file {
    STORE_FILE_NONE,       /* missing or empty: may be created */
    STORE_FILE_UNFINISHED, /* its creation was cut short: SQLite will undo that when it may write */
    STORE_FILE_READY
};
int store__inspect(const char *path, enum store_file *out_file, struct problem *out_problem);

/* digest.c: what a zone's digest column adds up from. */
uint64_t store__zone_digest(const struct hosted_zone *zone);
uint64_t store__set_digest(int64_t zone_id, struct span owner_key, const struct record_set *set);

/* What the digests of the location and the latency table add up from: a row's key, and what stands
 * there. */
uint64_t store__bytes_digest(uint64_t state, struct span bytes);

/* read.c: the stored row of a zone, with its digest.  SP_ENOENT without words. */
int store__read_zone_row(struct store *store, enum statement_id id, struct hosted_zone *out_zone,
                         uint64_t *out_digest, struct problem *out_problem);

#endif
