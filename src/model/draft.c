/*
 * The names of a draft are found by a hash table of pointers.  Beside it stands a smaller table of
 * the few sets that hold many values: what room their packed values have left, and once there are
 * more than a handful, a hash table of the values themselves, so that the ten-thousandth value is
 * told from the others as fast as the tenth.  A set of one value, nearly every set, costs neither.
 *
 * Every table doubles when it is half full; the old one stays in the arena, which at most doubles
 * what the tables take.
 */
#include "signpost/model/draft.h"

#include "record_set.h"

#include "signpost/base/hash.h"
#include "signpost/base/limits.h"
#include "signpost/dns/rdata.h"
#include "signpost/dns/types.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS_FIRST       64
#define VALUES_UNINDEXED  16 /* up to here values are compared one by one */
#define VALUES_SIZE_FIRST 64

#define DEFAULT_SOA_TTL 900    /* R-ZON-1 */
#define DEFAULT_NS_TTL  172800 /* R-ZON-1 */

/* A set whose values have been added to. */
struct growth {
    struct record_set *set;
    size_t capacity;       /* octets at set->values.data */
    uint32_t *value_slots; /* offset of a packed value + 1, 0: free.  NULL: few values so far */
    uint32_t value_slot_count;
};

struct draft_index {
    struct draft_name **slots;
    uint32_t slot_count; /* a power of two, as the two below */
    uint32_t name_capacity;
    struct growth **growth_slots;
    uint32_t growth_slot_count;
    uint32_t growth_count;
};

/* Half full is full: a probe then looks at one or two slots. */
static bool is_full(uint32_t count, uint32_t slot_count)
{
    return count >= slot_count / 2;
}

static uint64_t hash_span(const uint8_t *data, size_t size)
{
    return hash_bytes(hash_key[0], data, (unsigned)size);
}

struct draft *draft_create(const struct hosted_zone *zone, bool whole)
{
    struct arena *arena = arena_create();
    if (arena == NULL)
        return NULL;
    struct draft *draft = arena_alloc(arena, sizeof *draft);
    struct draft_index *index = arena_alloc(arena, sizeof *index);
    if (draft == NULL || index == NULL) {
        arena_destroy(arena);
        return NULL;
    }
    draft->arena = arena;
    draft->zone = *zone;
    draft->whole = whole;
    draft->index = index;
    return draft;
}

void draft_destroy(struct draft *draft)
{
    if (draft != NULL)
        arena_destroy(draft->arena);
}

static bool has_owner(const struct draft_name *name, const uint8_t *owner, size_t size)
{
    return dns_name_size(name->owner) == size && memcmp(name->owner, owner, size) == 0;
}

/* The slot where that owner stands, or the free one where it would. */
static struct draft_name **find_slot(const struct draft_index *index, const uint8_t *owner,
                                     size_t size)
{
    uint32_t mask = index->slot_count - 1;
    uint32_t at = (uint32_t)hash_span(owner, size) & mask;
    while (index->slots[at] != NULL && !has_owner(index->slots[at], owner, size))
        at = (at + 1) & mask;
    return &index->slots[at];
}

static int grow_names(struct draft *draft)
{
    struct draft_index *index = draft->index;
    uint32_t slot_count = index->slot_count == 0 ? SLOTS_FIRST : index->slot_count * 2;
    struct draft_name **slots = arena_alloc(draft->arena, slot_count * sizeof *slots);
    struct draft_name **names = arena_alloc(draft->arena, slot_count / 2 * sizeof *names);
    if (slots == NULL || names == NULL)
        return SP_ENOMEM;

    index->slots = slots;
    index->slot_count = slot_count;
    for (uint32_t i = 0; i < draft->name_count; i++) {
        struct draft_name *name = draft->names[i];
        names[i] = name;
        *find_slot(index, name->owner, dns_name_size(name->owner)) = name;
    }
    draft->names = names;
    return 0;
}

struct draft_name *draft_name(struct draft *draft, const uint8_t *owner)
{
    size_t size = dns_name_size(owner);
    assert(dns_name_is_within(owner, draft->zone.name));
    if (is_full(draft->name_count, draft->index->slot_count) && grow_names(draft) != 0)
        return NULL;

    struct draft_name **slot = find_slot(draft->index, owner, size);
    if (*slot != NULL)
        return *slot;

    /* One piece for both: a large draft has as many of these as records. */
    struct draft_name *name = arena_alloc(draft->arena, sizeof *name + size);
    if (name == NULL)
        return NULL;
    name->owner = memcpy(name + 1, owner, size);
    draft->names[draft->name_count++] = name;
    *slot = name;
    return name;
}

struct draft_name *draft_find(const struct draft *draft, const uint8_t *owner)
{
    if (draft->index->slot_count == 0)
        return NULL;
    return *find_slot(draft->index, owner, dns_name_size(owner));
}

static int compare_names(const void *a, const void *b)
{
    const struct draft_name *const *name_a = a;
    const struct draft_name *const *name_b = b;
    return dns_name_compare((*name_a)->owner, (*name_b)->owner);
}

void draft_sort(struct draft *draft)
{
    if (draft->name_count > 1)
        qsort(draft->names, draft->name_count, sizeof *draft->names, compare_names);
}

static void insert_set(struct draft_name *name, struct record_set *set)
{
    struct record_set **link = record_set__find_link(&name->sets, set->type, set->set_identifier);
    set->next = *link;
    *link = set;
}

struct record_set *draft_add_set(struct draft *draft, struct draft_name *name,
                                 const struct record_set *set)
{
    struct record_set *copy = record_set__copy(draft->arena, set);
    if (copy != NULL)
        insert_set(name, copy);
    return copy;
}

static struct growth **find_growth_slot(const struct draft_index *index,
                                        const struct record_set *set)
{
    uint32_t mask = index->growth_slot_count - 1;
    uint32_t at = (uint32_t)hash_span((const uint8_t *)&set, sizeof set) & mask;
    while (index->growth_slots[at] != NULL && index->growth_slots[at]->set != set)
        at = (at + 1) & mask;
    return &index->growth_slots[at];
}

static int grow_growths(struct draft *draft)
{
    struct draft_index *index = draft->index;
    struct growth **old_slots = index->growth_slots;
    uint32_t old_count = index->growth_slot_count;
    uint32_t slot_count = old_count == 0 ? SLOTS_FIRST : old_count * 2;
    struct growth **slots = arena_alloc(draft->arena, slot_count * sizeof *slots);
    if (slots == NULL)
        return SP_ENOMEM;

    index->growth_slots = slots;
    index->growth_slot_count = slot_count;
    for (uint32_t i = 0; i < old_count; i++)
        if (old_slots[i] != NULL)
            *find_growth_slot(index, old_slots[i]->set) = old_slots[i];
    return 0;
}

/* What is noted of the set; a note that is new says that its values fill their room exactly. */
static struct growth *get_growth(struct draft *draft, struct record_set *set)
{
    struct draft_index *index = draft->index;
    if (is_full(index->growth_count, index->growth_slot_count) && grow_growths(draft) != 0)
        return NULL;

    struct growth **slot = find_growth_slot(index, set);
    if (*slot != NULL)
        return *slot;
    struct growth *growth = arena_alloc(draft->arena, sizeof *growth);
    if (growth == NULL)
        return NULL;
    growth->set = set;
    growth->capacity = set->values.size;
    *slot = growth;
    index->growth_count++;
    return growth;
}

static bool holds_by_comparing(const struct record_set *set, struct span rdata)
{
    struct span packed = set->values;
    struct span value;
    while (dns_values_next(&packed, &value))
        if (value.size == rdata.size && memcmp(value.data, rdata.data, rdata.size) == 0)
            return true;
    return false;
}

/* The slot where that value stands, or the free one where it would. */
static uint32_t *find_value_slot(const struct growth *growth, struct span rdata)
{
    const uint8_t *packed = growth->set->values.data;
    uint32_t mask = growth->value_slot_count - 1;
    uint32_t at = (uint32_t)hash_span(rdata.data, rdata.size) & mask;
    for (; growth->value_slots[at] != 0; at = (at + 1) & mask) {
        const uint8_t *value = packed + growth->value_slots[at] - 1;
        if (get_u16(value) == rdata.size && memcmp(value + 2, rdata.data, rdata.size) == 0)
            break;
    }
    return &growth->value_slots[at];
}

static int grow_value_slots(struct draft *draft, struct growth *growth)
{
    uint32_t slot_count = SLOTS_FIRST;
    while (is_full(growth->set->value_count, slot_count))
        slot_count *= 2;
    uint32_t *slots = arena_alloc(draft->arena, slot_count * sizeof *slots);
    if (slots == NULL)
        return SP_ENOMEM;

    growth->value_slots = slots;
    growth->value_slot_count = slot_count;
    struct span packed = growth->set->values;
    struct span value;
    while (dns_values_next(&packed, &value))
        *find_value_slot(growth, value) = (uint32_t)(value.data - 2 - growth->set->values.data) + 1;
    return 0;
}

/* Makes room for size more octets behind the packed values. */
static int reserve(struct draft *draft, struct growth *growth, size_t size)
{
    struct span *values = &growth->set->values;
    size_t need = values->size + size;
    if (need <= growth->capacity)
        return 0;
    if (need >= UINT32_MAX / 2)
        return SP_ELIMIT; /* offsets of values are 32 bits wide */

    size_t capacity = need * 2 < VALUES_SIZE_FIRST ? VALUES_SIZE_FIRST : need * 2;
    uint8_t *data = arena_alloc(draft->arena, capacity);
    if (data == NULL)
        return SP_ENOMEM;
    if (values->size > 0)
        memcpy(data, values->data, values->size);
    values->data = data;
    growth->capacity = capacity;
    return 0;
}

static void pack(uint8_t *to, struct span rdata)
{
    put_u16(to, (uint16_t)rdata.size);
    memcpy(to + 2, rdata.data, rdata.size);
}

static int add_first_value(struct draft *draft, struct record_set *set, struct span rdata)
{
    uint8_t *data = arena_alloc(draft->arena, 2 + rdata.size);
    if (data == NULL)
        return SP_ENOMEM;
    pack(data, rdata);
    set->values = (struct span){ data, 2 + rdata.size };
    set->value_count = 1;
    return 0;
}

static int add_another_value(struct draft *draft, struct record_set *set, struct span rdata,
                             bool *out_added)
{
    bool indexed = set->value_count >= VALUES_UNINDEXED;
    struct growth *growth = get_growth(draft, set);
    int rc = growth == NULL ? SP_ENOMEM : 0;
    if (rc == 0 && indexed && is_full(set->value_count, growth->value_slot_count))
        rc = grow_value_slots(draft, growth);
    if (rc != 0)
        return rc;

    uint32_t *slot = indexed ? find_value_slot(growth, rdata) : NULL;
    bool held = indexed ? *slot != 0 : holds_by_comparing(set, rdata);
    if (!held) {
        rc = reserve(draft, growth, 2 + rdata.size);
        if (rc != 0)
            return rc;
        pack((uint8_t *)growth->set->values.data + set->values.size, rdata);
        if (indexed)
            *slot = (uint32_t)set->values.size + 1;
        set->values.size += 2 + rdata.size;
        set->value_count++;
    }
    *out_added = !held;
    return 0;
}

int draft_add_to_set(struct draft *draft, struct record_set *set, struct span rdata,
                     bool *out_added)
{
    if (rdata.size > DNS_RDATA_SIZE_MAX)
        return SP_ELIMIT;
    if (set->value_count > 0)
        return add_another_value(draft, set, rdata, out_added);
    int rc = add_first_value(draft, set, rdata);
    if (rc == 0)
        *out_added = true;
    return rc;
}

int draft_add_value(struct draft *draft, struct draft_name *name, uint16_t type, uint32_t ttl_s,
                    struct span rdata, uint32_t line, bool *out_added)
{
    struct record_set *set = record_set_find_identity(name->sets, type, "");
    if (set != NULL)
        return draft_add_to_set(draft, set, rdata, out_added);

    set = arena_alloc(draft->arena, sizeof *set);
    if (set == NULL)
        return SP_ENOMEM;
    set->type = type;
    set->set_identifier = "";
    set->ttl_s = ttl_s;
    set->line = line;
    int rc = draft_add_to_set(draft, set, rdata, out_added);
    if (rc == 0)
        insert_set(name, set);
    return rc;
}

static int add_default_ns(struct draft *draft, struct draft_name *apex,
                          const struct zone_defaults *defaults)
{
    if (record_set_find(apex->sets, DNS_TYPE_NS) != NULL)
        return 0;
    for (unsigned i = 0; i < 4; i++) {
        uint8_t server[DNS_NAME_SIZE_MAX];
        bool added;
        size_t size = hosted_zone_server_name(server, defaults, draft->zone.name_servers[i]);
        if (size == 0)
            return SP_ELIMIT;
        dns_name_lower(server, server, size);
        int rc = draft_add_value(draft, apex, DNS_TYPE_NS, DEFAULT_NS_TTL,
                                 (struct span){ server, size }, 0, &added);
        if (rc != 0)
            return rc;
    }
    return 0;
}

/* MNAME, RNAME, then serial, refresh, retry, expire and minimum (R-ZON-2). */
static int add_default_soa(struct draft *draft, struct draft_name *apex,
                           const struct zone_defaults *defaults)
{
    static const uint32_t numbers[5] = { 1, 7200, 900, 1209600, 86400 };
    uint8_t rdata[2 * DNS_NAME_SIZE_MAX + sizeof numbers];
    bool added;

    if (record_set_find(apex->sets, DNS_TYPE_SOA) != NULL)
        return 0;
    size_t size = hosted_zone_server_name(rdata, defaults, draft->zone.name_servers[0]);
    if (size == 0)
        return SP_ELIMIT;
    size_t hostmaster_size = dns_name_size(defaults->hostmaster);
    memcpy(rdata + size, defaults->hostmaster, hostmaster_size);
    size += hostmaster_size;
    dns_name_lower(rdata, rdata, size);
    for (unsigned i = 0; i < 5; i++, size += 4)
        put_u32(rdata + size, numbers[i]);
    return draft_add_value(draft, apex, DNS_TYPE_SOA, DEFAULT_SOA_TTL, (struct span){ rdata, size },
                           0, &added);
}

int draft_add_defaults(struct draft *draft, const struct zone_defaults *defaults)
{
    struct draft_name *apex = draft_name(draft, draft->zone.name);
    if (apex == NULL)
        return SP_ENOMEM;
    int rc = add_default_soa(draft, apex, defaults);
    if (rc == 0)
        rc = add_default_ns(draft, apex, defaults);
    return rc;
}
