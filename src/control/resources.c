#include "signpost/control/resources.h"

#include "internal.h"

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

static int put_into(struct snapshot *snapshot, const struct resource_entry *entry)
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

static int load_resource(void *context, const struct resource_entry *entry)
{
    return put_into(context, entry);
}

int control__load_resources(struct control *control, struct snapshot *first,
                            struct problem *out_problem)
{
    struct store_object_visitor visitor = { .resource = load_resource, .context = first };
    return store_visit_resources(control->store, &visitor, out_problem);
}

/* ---- changing ---- */

int control_put_resource(struct control *control, const struct resource_entry *entry,
                         struct problem *out_problem)
{
    int rc = resource_check(entry, out_problem);
    if (rc != 0)
        return rc;
    struct snapshot *next = snapshot_copy(control->published);
    if (next == NULL || put_into(next, entry) != 0)
        rc = control__no_memory(out_problem);
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
        rc = store_commit_delete_resource(control->store, name, out_problem);
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
