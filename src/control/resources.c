#include "signpost/control/resources.h"

#include "shifts.h"

#include "signpost/base/clock.h"
#include "signpost/store/recovery.h"

#include <stdlib.h>
#include <string.h>

/* ---- compiling ---- */

/* The addresses of an entry by family, as the data plane wants them. */
struct addresses {
    size_t a_count, aaaa_count;
    uint8_t a[RESOURCE_ADDRESSES_MAX][4];
    uint8_t aaaa[RESOURCE_ADDRESSES_MAX][16];
};

static void sort_addresses(const struct resource_entry *entry, struct addresses *out)
{
    out->a_count = out->aaaa_count = 0;
    for (uint32_t i = 0; i < entry->address_count; i++) {
        const struct ip_prefix *address = &entry->addresses[i].address;
        if (address->family == IP_V4)
            memcpy(out->a[out->a_count++], address->octets, 4);
        else
            memcpy(out->aaaa[out->aaaa_count++], address->octets, 16);
    }
}

static int compile(const struct resource_entry *entry, struct snapshot *snapshot)
{
    struct addresses addresses;
    sort_addresses(entry, &addresses);
    struct resource_source source = {
        .name = entry->name,
        .ttl_s = entry->ttl_s,
        .is_healthy = resource_is_healthy(entry),
        .gives_one = resource_kind_gives_one(entry->kind),
        .a_count = addresses.a_count,
        .a = (const uint8_t(*)[4])addresses.a,
        .aaaa_count = addresses.aaaa_count,
        .aaaa = (const uint8_t(*)[16])addresses.aaaa,
    };
    struct resource *compiled = resource_create(&source);
    int rc = compiled == NULL ? SP_ENOMEM : snapshot_put_resource(snapshot, compiled);
    if (rc != 0)
        resource_unref(compiled);
    return rc;
}

void control__suffer_outage(const struct outage *outage, struct resource_entry *entry)
{
    for (unsigned i = 0; i < outage->count; i++)
        resource_lose_place(entry, outage->zones[i]);
    entry->is_down = entry->is_down || entry->address_count == 0;
}

/* R-ZSH-4, R-ZSH-5; what is out already is no place to shift to. */
static int follow_shift(struct control *control, struct resource_entry *entry,
                        struct problem *out_problem)
{
    struct zonal_shift shift;
    int rc = store_find_active_shift(control->store, entry->name, &shift, out_problem);
    if (rc == 0 && shift_applies(entry, shift.away_from))
        resource_leave_zone(entry, shift.away_from);
    return rc == SP_ENOENT ? 0 : rc;
}

/* Leaves what answers may have. */
static int take_out(struct control *control, const struct outage *outage,
                    struct resource_entry *entry, struct problem *out_problem)
{
    control__suffer_outage(outage, entry);
    return follow_shift(control, entry, out_problem);
}

static int put_into(struct control *control, struct snapshot *snapshot, const struct outage *outage,
                    const struct resource_entry *entry, struct problem *out_problem)
{
    struct resource_entry left = *entry;
    int rc = take_out(control, outage, &left, out_problem);
    if (rc == 0)
        rc = compile(&left, snapshot);
    return rc == SP_ENOMEM ? control__no_memory(out_problem) : rc;
}

struct loading {
    struct control *control;
    struct snapshot *snapshot;
    const struct outage *outage;
    struct problem *problem;
};

static int load_resource(void *context, const struct resource_entry *entry)
{
    const struct loading *loading = context;
    return put_into(loading->control, loading->snapshot, loading->outage, entry, loading->problem);
}

static int put_all_into(struct control *control, struct snapshot *snapshot,
                        const struct outage *outage, struct problem *out_problem)
{
    struct loading loading = { control, snapshot, outage, out_problem };
    struct store_object_visitor visitor = { .resource = load_resource, .context = &loading };
    return store_visit_resources(control->store, &visitor, out_problem);
}

int control__load_resources(struct control *control, struct snapshot *first,
                            struct problem *out_problem)
{
    int rc = control__end_due_shifts(control, clock_unix_ms(), out_problem);
    return rc == 0 ? put_all_into(control, first, &control->outage, out_problem) : rc;
}

int control__put_resource_into(struct control *control, struct snapshot *snapshot,
                               const uint8_t *name, struct problem *out_problem)
{
    struct resource_entry entry;
    int rc = store_find_resource(control->store, name, &entry, out_problem);
    if (rc == SP_ENOENT)
        return 0;
    return rc == 0 ? put_into(control, snapshot, &control->outage, &entry, out_problem) : rc;
}

/* ---- outages ---- */

static int read_outage(struct outage *outage, const char *const *zones, unsigned count,
                       struct problem *out_problem)
{
    if (count > DRILL_STEPS_MAX)
        return problem_set(out_problem, SP_EINVAL, "at most %d zones can be out at a time",
                           DRILL_STEPS_MAX);
    outage->count = count;
    for (unsigned i = 0; i < count; i++) {
        if (strlen(zones[i]) >= RESOURCE_ZONE_SIZE)
            return problem_set(out_problem, SP_EINVAL, "\"%.60s\" is no availability zone",
                               zones[i]);
        strcpy(outage->zones[i], zones[i]);
    }
    return 0;
}

static int compile_outage(struct control *control, const struct outage *outage,
                          struct snapshot **out_copy, struct problem *out_problem)
{
    struct snapshot *copy = snapshot_copy(control->published);
    int rc = copy == NULL ? control__no_memory(out_problem)
                          : put_all_into(control, copy, outage, out_problem);
    if (rc == 0)
        *out_copy = copy;
    else
        snapshot_unref(copy);
    return rc;
}

int control__set_outage(struct control *control, const char *const *zones, unsigned count,
                        struct problem *out_problem)
{
    struct outage outage;
    struct snapshot *next = NULL;
    int rc = read_outage(&outage, zones, count, out_problem);
    if (rc == 0)
        rc = compile_outage(control, &outage, &next, out_problem);
    if (rc != 0)
        return rc;
    control->outage = outage;
    control__publish(control, next);
    return 0;
}

int control__outage_snapshot(struct control *control, const char *const *zones, unsigned count,
                             struct snapshot **out_copy, struct problem *out_problem)
{
    struct outage outage;
    int rc = read_outage(&outage, zones, count, out_problem);
    return rc == 0 ? compile_outage(control, &outage, out_copy, out_problem) : rc;
}

/* ---- changing ---- */

int control_put_resource(struct control *control, const struct resource_entry *entry,
                         struct problem *out_problem)
{
    int rc = resource_check(entry, out_problem);
    if (rc != 0)
        return rc;
    struct snapshot *next = snapshot_copy(control->published);
    rc = next == NULL ? control__no_memory(out_problem)
                      : put_into(control, next, &control->outage, entry, out_problem);
    if (rc == 0)
        rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = store_commit_resource(control->store, entry, out_problem);
    if (rc == 0)
        control__publish(control, next);
    else
        snapshot_unref(next);
    return rc;
}

static int no_such_resource(const uint8_t *name, struct problem *out_problem)
{
    char text[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(text, name);
    return problem_set(out_problem, SP_ENOENT,
                       "there is no resource %.300s: \"signpost resource list\" shows those that "
                       "are registered",
                       text);
}

/* A resource of the same name that is registered later is not shifted. */
static int delete_with_shift(struct control *control, const uint8_t *name,
                             struct problem *out_problem)
{
    int rc = control__cancel_shift_of(control, name, clock_unix_ms(), out_problem);
    if (rc == 0)
        return store_commit_delete_resource(control->store, name, out_problem);
    store_rollback(control->store);
    return rc;
}

int control_delete_resource(struct control *control, const uint8_t *name,
                            struct problem *out_problem)
{
    struct snapshot *next = snapshot_copy(control->published);
    int rc = next == NULL ? SP_ENOMEM : snapshot_remove_resource(next, name);
    if (rc == SP_ENOENT)
        no_such_resource(name, out_problem);
    else if (rc != 0)
        control__no_memory(out_problem);
    if (rc == 0)
        rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = delete_with_shift(control, name, out_problem);
    if (rc == 0)
        control__publish(control, next);
    else
        snapshot_unref(next);
    return rc;
}

/* ---- reading ---- */

int control_read_resource(struct control *control, const uint8_t *name,
                          struct resource_entry *out_entry, struct problem *out_problem)
{
    int rc = store_find_resource(control->store, name, out_entry, out_problem);
    return rc == SP_ENOENT ? no_such_resource(name, out_problem) : rc;
}

int control_read_answering_resource(struct control *control, const uint8_t *name,
                                    struct resource_entry *out_entry, struct problem *out_problem)
{
    int rc = control_read_resource(control, name, out_entry, out_problem);
    return rc == 0 ? take_out(control, &control->outage, out_entry, out_problem) : rc;
}

int control_list_resources(struct control *control, const struct store_object_visitor *visitor,
                           struct problem *out_problem)
{
    return store_visit_resources(control->store, visitor, out_problem);
}

int control_find_resource_kind(struct control *control, const uint8_t *name,
                               enum resource_kind *out_kind, struct problem *out_problem)
{
    return store_find_resource_kind(control->store, name, out_kind, out_problem);
}
