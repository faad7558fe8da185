/*
 * store/store.h - everything that outlives the process, in one SQLite file.
 *
 * WAL mode.  A commit is whole and survives the end of the process; once store_sync has returned 0
 * it survives a power cut too, with all before it.  So several changes share one wait for the disk,
 * and none may be acknowledged before. Every change writes a journal row in its own transaction:
 * the zone, its new sequence number and what changed.  One process at a time has a database open
 * here; others may read the file meanwhile. Control thread only.
 */
#ifndef SIGNPOST_STORE_STORE_H
#define SIGNPOST_STORE_STORE_H

#include "signpost/model/draft.h"

struct store;

/* Opens the file or creates it, and brings an older schema up to date (one transaction a step).
 * Before anything is written: SP_ENEWER when a newer Signpost wrote it, SP_EDAMAGED when SQLite
 * finds it damaged or it is no Signpost database; both leave the file as it is.  SP_EBUSY when
 * another process has it open.  SP_EIO, SP_EFULL. */
int store_open(const char *path, struct store **out_store, struct problem *out_problem);
void store_close(struct store *store); /* rolls back what is open; NULL is fine */

/* Reads everything, zone after zone (oldest first), the sets of each zone in order of owner key, of
 * the type's name and of the set identifier: start-up.  Pointers are the callee's for the call
 * only.  A callback that returns other than 0 ends the reading with that status. SP_EDAMAGED when a
 * zone is not what was written: then nothing that was read may be used, and closing the store
 * leaves the file as it is.
 */
struct store_visitor {
    int (*zone)(void *context, const struct hosted_zone *zone);
    int (*set)(void *context, const struct hosted_zone *zone, const uint8_t *owner,
               const struct record_set *set);
    void *context;
};
int store_load(struct store *store, const struct store_visitor *visitor,
               struct problem *out_problem);

/* The oldest public zone of that name (wire, lower case).  SP_ENOENT without words: the caller
 * knows them.
 */
int store_find_zone(struct store *store, const uint8_t *name, struct hosted_zone *out_zone,
                    struct problem *out_problem);

/* The zone of that public id.  SP_ENOENT without words. */
int store_find_public_id(struct store *store, const char *public_id, struct hosted_zone *out_zone,
                         struct problem *out_problem);

/* The oldest public zone of that zone's name, itself not counted.  SP_ENOENT without words. */
int store_find_next_zone(struct store *store, const struct hosted_zone *zone,
                         struct hosted_zone *out_next, struct problem *out_problem);

/* At most `count` sets of a zone, from that one on in the order of the table: owner key, type,
 * identifier.  Hidden ones are left out.  Pointers are the callee's for the call only; other than 0
 * ends the reading with that status. */
int store_visit_sets(struct store *store, const struct hosted_zone *zone, const char *owner_key,
                     const char *type, const char *set_identifier, unsigned count,
                     int (*visit)(void *context, const uint8_t *owner,
                                  const struct record_set *set),
                     void *context, struct problem *out_problem);

/* Whether a zone holds nothing but the SOA and NS of its apex (R-ZON-4). */
int store_zone_is_bare(struct store *store, const struct hosted_zone *zone, bool *out_bare,
                       struct problem *out_problem);

/* Every zone, sorted by name key; the same visitor, whose set callback is not used. */
int store_list_zones(struct store *store, const struct store_visitor *visitor,
                     struct problem *out_problem);

/* Every set of one zone into a whole draft, as `sets`; for export and listing. */
int store_read_zone(struct store *store, struct draft *draft, struct problem *out_problem);

/* One transaction at a time: begin, then commit or rollback. */
int store_begin(struct store *store, struct problem *out_problem);
void store_rollback(struct store *store); /* harmless when nothing was begun */

/* Whether something is committed that a power cut could still take away. */
bool store_has_unsynced(const struct store *store);

/* Waits until everything that is committed is on the disk.  SP_EIO: the disk does not confirm it;
 * from then on nothing can be begun any more. */
int store_sync(struct store *store, struct problem *out_problem);

/* The sets stored at that owner into the draft, as both `before` and `sets`, unless the draft has
 * that name already.  Inside a transaction. */
int store_fetch_name(struct store *store, struct draft *draft, const uint8_t *owner,
                     struct problem *out_problem);

/* The same of all owners directly below the zone's name whose label begins so; none of them may be
 * in the draft yet. */
int store_fetch_prefix(struct store *store, struct draft *draft, const char *prefix,
                       struct problem *out_problem);

#define CHANGE_ID_SIZE 33 /* "C" and 20 of A-Z 0-9, and a zero */

/* What is told of a change (A-CHN).  Its id and comment, either of which may be "", and its time in
 * milliseconds are the caller's, the rest is the store's. */
struct change {
    int64_t sequence;     /* of the journal row */
    int64_t submitted_at; /* Unix seconds */
    uint64_t submitted_ms;
    char id[CHANGE_ID_SIZE];
    char comment[ZONE_COMMENT_SIZE];
};

/* Inside a transaction, which goes on: gives a zone that is there its comment and its delegation
 * set as they stand in *zone.  SP_ENOENT: there is no such zone. */
int store_put_zone(struct store *store, const struct hosted_zone *zone,
                   struct problem *out_problem);

/* Gives a zone that is there the comment in zone->comment, and commits, inside a transaction begun
 * before. */
int store_commit_zone_comment(struct store *store, const struct hosted_zone *zone,
                              struct problem *out_problem);

/* Inside a transaction, which goes on: a change of something that is no record set (VPCs, signing),
 * with its journal row, which has no sets.  SP_ENOENT: there is no such zone. */
int store_put_change(struct store *store, const struct hosted_zone *zone, int64_t now_s,
                     struct change *change, struct problem *out_problem);

/* SP_ENOENT without words. */
int store_read_change(struct store *store, const char *id, struct change *out_change,
                      struct problem *out_problem);

/* Writes what the draft will be, its journal row and its change record, inside a transaction, which
 * goes on.  A whole draft whose zone has no id is a new zone and gets one (draft->zone.id is set);
 * with an id it replaces every record of that zone.  draft->zone.sequence and its counts are
 * brought up to date.  The change's id and comment must be set.  SP_EEXIST: a new zone's caller
 * reference was used before.  SP_ENOENT when the zone has been deleted, or a set that is written
 * names a health check that has never been.  On an error nothing has changed and the transaction is
 * over. */
int store_put_draft(struct store *store, struct draft *draft, int64_t now_s, struct change *change,
                    struct problem *out_problem);

/* The same, and commits. */
int store_commit(struct store *store, struct draft *draft, int64_t now_s, struct change *change,
                 struct problem *out_problem);

/* Deletes the zone and commits, inside a transaction begun before; journal row and change as above.
 */
int store_commit_delete(struct store *store, const struct hosted_zone *zone, int64_t now_s,
                        struct change *change, struct problem *out_problem);

#endif
