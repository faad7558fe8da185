#include "internal.h"

#include "signpost/store/vpcs.h"

#include <string.h>

/* The columns of VPCS_OF_ZONE and AUTHORIZATIONS_OF_ZONE (statements.c). */
enum { V_ID, V_REGION };

static int visit_rows(struct store *store, enum statement_id id, const struct vpc_visitor *visitor,
                      struct problem *out_problem)
{
    struct vpc vpc;
    bool row;
    sqlite3_stmt *statement = store->statements[id];
    int rc;
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        if (!store__copy_text(vpc.id, sizeof vpc.id, statement, V_ID) ||
            !store__copy_text(vpc.region, sizeof vpc.region, statement, V_REGION))
            rc = store__no_sense(store, "a VPC of a zone", "", out_problem);
        else
            rc = visitor->vpc(visitor->context, &vpc);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc;
}

int store_visit_vpcs(struct store *store, const struct hosted_zone *zone,
                     const struct vpc_visitor *visitor, struct problem *out_problem)
{
    sqlite3_bind_int64(store->statements[VPCS_OF_ZONE], 1, zone->id);
    return visit_rows(store, VPCS_OF_ZONE, visitor, out_problem);
}

int store_count_vpcs(struct store *store, const struct hosted_zone *zone, uint64_t *out_count,
                     struct problem *out_problem)
{
    sqlite3_bind_int64(store->statements[VPCS_COUNT], 1, zone->id);
    return store__read_count(store, VPCS_COUNT, out_count, out_problem);
}

static int put(struct store *store, enum statement_id id, int64_t zone_id, const struct vpc *vpc,
               struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[id];
    sqlite3_bind_int64(statement, 1, zone_id);
    store__bind_text(statement, 2, vpc->id, strlen(vpc->id));
    store__bind_text(statement, 3, vpc->region, strlen(vpc->region));
    return store__run(store, id, out_problem);
}

int store_add_vpc(struct store *store, int64_t zone_id, const struct vpc *vpc,
                  struct problem *out_problem)
{
    return put(store, VPC_INSERT, zone_id, vpc, out_problem);
}

int store_remove_vpc(struct store *store, int64_t zone_id, const char *vpc_id,
                     struct problem *out_problem)
{
    sqlite3_bind_int64(store->statements[VPC_DELETE], 1, zone_id);
    store__bind_text(store->statements[VPC_DELETE], 2, vpc_id, strlen(vpc_id));
    return store__run(store, VPC_DELETE, out_problem);
}

int store_find_zone_of_vpc(struct store *store, const uint8_t *name, const char *vpc_id,
                           struct hosted_zone *out_zone, struct problem *out_problem)
{
    uint64_t digest;
    char key[DNS_NAME_TEXT_SIZE];
    sqlite3_stmt *statement = store->statements[VPC_ZONE_OF_NAME];
    size_t size = dns_name_to_key(key, name);
    store__bind_text(statement, 1, key, size);
    store__bind_text(statement, 2, vpc_id, strlen(vpc_id));
    return store__read_zone_row(store, VPC_ZONE_OF_NAME, out_zone, &digest, out_problem);
}

int store_visit_vpc_authorizations(struct store *store, const struct hosted_zone *zone,
                                   const char *from_vpc_id, unsigned count,
                                   const struct vpc_visitor *visitor, struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[AUTHORIZATIONS_OF_ZONE];
    sqlite3_bind_int64(statement, 1, zone->id);
    store__bind_text(statement, 2, from_vpc_id, strlen(from_vpc_id));
    sqlite3_bind_int64(statement, 3, count);
    return visit_rows(store, AUTHORIZATIONS_OF_ZONE, visitor, out_problem);
}

int store_count_vpc_authorizations(struct store *store, const struct hosted_zone *zone,
                                   uint64_t *out_count, struct problem *out_problem)
{
    sqlite3_bind_int64(store->statements[AUTHORIZATIONS_COUNT], 1, zone->id);
    return store__read_count(store, AUTHORIZATIONS_COUNT, out_count, out_problem);
}

int store_put_vpc_authorization(struct store *store, int64_t zone_id, const struct vpc *vpc,
                                struct problem *out_problem)
{
    return put(store, AUTHORIZATION_PUT, zone_id, vpc, out_problem);
}

int store_remove_vpc_authorization(struct store *store, int64_t zone_id, const char *vpc_id,
                                   const char *region, struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[AUTHORIZATION_DELETE];
    sqlite3_bind_int64(statement, 1, zone_id);
    store__bind_text(statement, 2, vpc_id, strlen(vpc_id));
    if (region != NULL)
        store__bind_text(statement, 3, region, strlen(region));
    return store__run_for_one(store, AUTHORIZATION_DELETE, SP_ENOENT, out_problem);
}
