#include "signpost/sign/nsec.h"

#include "signpost/dns/name.h"

#include <stdbool.h>
#include <string.h>

#define WINDOW_COUNT 2  /* types below 512 */
#define WINDOW_SIZE  32 /* octets of 256 types */

/* ---- the next name ---- */

/* The octet after that one in canonical order, where upper case is lower case. */
static uint8_t next_octet(uint8_t octet)
{
    return octet == 'A' - 1 ? 'Z' + 1 : (uint8_t)(octet + 1);
}

/* Makes the name that begins at `name`, size octets, the first after it whose leftmost label is
 * greater.  Its new size, 0 when no label of that place is greater. */
static unsigned increase_label(uint8_t *name, unsigned size)
{
    unsigned label = name[0];
    unsigned kept = label;
    if (label < DNS_LABEL_SIZE_MAX && size < DNS_NAME_SIZE_MAX) {
        memmove(name + label + 2, name + label + 1, size - label - 1);
        name[label + 1] = 0;
        name[0]++;
        return size + 1;
    }
    while (kept > 0 && name[kept] == 0xff)
        kept--;
    if (kept == 0)
        return 0;
    name[kept] = next_octet(name[kept]);
    memmove(name + kept + 1, name + label + 1, size - label - 1);
    name[0] = (uint8_t)kept;
    return size - (label - kept);
}

unsigned nsec_next_name(uint8_t out[DNS_NAME_SIZE_MAX], const uint8_t *owner, const uint8_t *zone)
{
    unsigned size = (unsigned)dns_name_size(owner);
    unsigned zone_size = (unsigned)dns_name_size(zone);
    if (size + 2 <= DNS_NAME_SIZE_MAX) {
        out[0] = 1;
        out[1] = 0;
        memcpy(out + 2, owner, size);
        return size + 2;
    }
    for (; size > zone_size; size -= 1u + *owner, owner += 1 + *owner) {
        memcpy(out, owner, size);
        unsigned next_size = increase_label(out, size);
        if (next_size > 0)
            return next_size;
    }
    memcpy(out, zone, zone_size);
    return zone_size;
}

/* ---- the types ---- */

struct bitmap {
    struct window {
        uint8_t size; /* beyond it there is nothing */
        uint8_t octets[WINDOW_SIZE];
    } windows[WINDOW_COUNT];
};

static void add_type(struct bitmap *bitmap, uint16_t type)
{
    struct window *window = &bitmap->windows[type >> 8];
    unsigned octet = (type & 255) / 8;
    window->octets[octet] |= (uint8_t)(0x80 >> type % 8);
    if (window->size <= octet)
        window->size = (uint8_t)(octet + 1);
}

static void remove_type(struct bitmap *bitmap, uint16_t type)
{
    if (type >> 8 < WINDOW_COUNT)
        bitmap->windows[type >> 8].octets[(type & 255) / 8] &= (uint8_t) ~(0x80 >> type % 8);
}

static void add_apex_types(struct bitmap *bitmap, const struct zone_signing *signing)
{
    static const uint16_t types[] = { DNS_TYPE_CDS, DNS_TYPE_CDNSKEY };
    add_type(bitmap, DNS_TYPE_NS);
    add_type(bitmap, DNS_TYPE_SOA);
    add_type(bitmap, DNS_TYPE_DNSKEY);
    for (unsigned i = 0; i < sizeof types / sizeof *types; i++)
        if (zone_signing_set(signing, types[i]) != NULL)
            add_type(bitmap, types[i]);
}

static void add_all_but(struct bitmap *bitmap, const struct zone *zone, const uint8_t *owner,
                        uint16_t lacking)
{
    for (unsigned i = 0; i < DNS_TYPE_COUNT; i++)
        add_type(bitmap, dns_type_at(i)->type);
    remove_type(bitmap, DNS_TYPE_CNAME);
    remove_type(bitmap, DNS_TYPE_DS);
    remove_type(bitmap, DNS_TYPE_NS);
    remove_type(bitmap, DNS_TYPE_SOA);
    if (dns_name_size(owner) == zone->name_size)
        add_apex_types(bitmap, zone->signing);
    remove_type(bitmap, lacking);
}

static struct bitmap make_bitmap(const struct zone *zone, const uint8_t *owner, enum nsec_form form,
                                 uint16_t lacking)
{
    struct bitmap bitmap = { 0 };
    switch (form) {
    case NSEC_BARE:
        break;
    case NSEC_NXNAME:
        add_type(&bitmap, DNS_TYPE_NXNAME);
        break;
    case NSEC_LACKS:
        add_all_but(&bitmap, zone, owner, lacking);
        break;
    case NSEC_ALIAS:
        add_type(&bitmap, DNS_TYPE_CNAME);
        break;
    case NSEC_INSECURE:
        add_type(&bitmap, DNS_TYPE_NS);
        break;
    }
    add_type(&bitmap, DNS_TYPE_RRSIG);
    add_type(&bitmap, DNS_TYPE_NSEC);
    return bitmap;
}

/* RFC 4034 §4.1.2: of each window what is up to its last type; where the next octets go. */
static uint8_t *write_bitmap(uint8_t *to, const struct bitmap *bitmap)
{
    for (unsigned i = 0; i < WINDOW_COUNT; i++) {
        const struct window *window = &bitmap->windows[i];
        unsigned size = window->size;
        while (size > 0 && window->octets[size - 1] == 0)
            size--;
        if (size == 0)
            continue;
        to[0] = (uint8_t)i;
        to[1] = (uint8_t)size;
        memcpy(to + 2, window->octets, size);
        to += 2 + size;
    }
    return to;
}

void nsec_write(uint8_t room[NSEC_RECORD_SIZE_MAX], const struct zone *zone, const uint8_t *owner,
                enum nsec_form form, uint16_t lacking, uint32_t ttl_s,
                struct dns_records *out_records)
{
    struct bitmap bitmap = make_bitmap(zone, owner, form, lacking);
    uint8_t *rdata = room + RRSET_FIXED_SIZE;
    uint8_t *end = rdata + nsec_next_name(rdata, owner, zone->name);
    end = write_bitmap(end, &bitmap);
    put_u16(room, DNS_TYPE_NSEC);
    put_u16(room + 2, DNS_CLASS_IN);
    put_u32(room + 4, ttl_s);
    put_u16(room + 8, (uint16_t)(end - rdata));
    *out_records = (struct dns_records){ DNS_TYPE_NSEC, 1, (uint32_t)(end - room), room };
}
