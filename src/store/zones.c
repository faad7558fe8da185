#include "internal.h"

#include "signpost/store/zones.h"

#include <string.h>

int store_visit_zones_by_id(struct store *store, const char *from_id,
                            const struct zone_filter *filter, unsigned count,
                            const struct store_visitor *visitor, struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[ZONES_FROM_ID];
    store__bind_text(statement, 1, from_id, strlen(from_id));
    if (filter->delegation_set != NULL)
        store__bind_text(statement, 2, filter->delegation_set, strlen(filter->delegation_set));
    sqlite3_bind_int(statement, 3, filter->private_only);
    sqlite3_bind_int64(statement, 4, count);
    return store__visit_zone_rows(store, ZONES_FROM_ID, visitor, out_problem);
}

int store_visit_zones_by_name(struct store *store, const char *from_key, const char *from_id,
                              unsigned count, const struct store_visitor *visitor,
                              struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[ZONES_FROM_NAME];
    store__bind_text(statement, 1, from_key, strlen(from_key));
    store__bind_text(statement, 2, from_id, strlen(from_id));
    sqlite3_bind_int64(statement, 3, count);
    return store__visit_zone_rows(store, ZONES_FROM_NAME, visitor, out_problem);
}

int store_visit_zones_of_vpc(struct store *store, const struct vpc *vpc, const char *from_id,
                             unsigned count, const struct store_visitor *visitor,
                             struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[ZONES_OF_VPC];
    store__bind_text(statement, 1, vpc->id, strlen(vpc->id));
    store__bind_text(statement, 2, vpc->region, strlen(vpc->region));
    store__bind_text(statement, 3, from_id, strlen(from_id));
    sqlite3_bind_int64(statement, 4, count);
    return store__visit_zone_rows(store, ZONES_OF_VPC, visitor, out_problem);
}

static int visit_key_range(struct store *store, const char *first, const char *last,
                           const struct store_visitor *visitor, struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[ZONES_RELATED];
    store__bind_text(statement, 1, first, strlen(first));
    store__bind_text(statement, 2, last, strlen(last));
    return store__visit_zone_rows(store, ZONES_RELATED, visitor, out_problem);
}

/* A name's key begins with the key of every name above it, and all octets of keys are below 0x7f.
 */
int store_visit_related_zones(struct store *store, const uint8_t *name,
                              const struct store_visitor *visitor, struct problem *out_problem)
{
    char key[DNS_NAME_TEXT_SIZE], last[DNS_NAME_TEXT_SIZE + 1];
    size_t size = dns_name_to_key(key, name);
    memcpy(last, key, size);
    memcpy(last + size, "\x7f", 2);
    int rc = visit_key_range(store, key, last, visitor, out_problem);
    while (rc == 0 && name[0] != 0) {
        name = dns_name_skip(name, 1);
        dns_name_to_key(key, name);
        rc = visit_key_range(store, key, key, visitor, out_problem);
    }
    return rc;
}

int store_count_zones(struct store *store, uint64_t *out_count, struct problem *out_problem)
{
    return store__read_count(store, ZONES_COUNT, out_count, out_problem);
}

int store_is_zone_reference_used(struct store *store, const char *reference, bool *out_used,
                                 struct problem *out_problem)
{
    uint64_t count = 0;
    store__bind_text(store->statements[ZONE_REFERENCE_READ], 1, reference, strlen(reference));
    int rc = store__read_count(store, ZONE_REFERENCE_READ, &count, out_problem);
    if (rc == 0)
        *out_used = count > 0;
    return rc;
}
