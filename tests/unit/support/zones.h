/*
 * zones.h - compiled zones from lines that a person can read, for tests below the model.
 *
 *     static const struct test_record records[] = {
 *         { "www.lab.test", DNS_TYPE_A, 60, "192.0.2.1" }, ...
 *
 * Values: A as dotted quad; NS, CNAME, PTR a name; MX "10 name"; SRV "1 2 3 name"; TXT one string;
 * SOA "mname rname serial refresh retry expire minimum"; any other type as hex.
 */
#ifndef SIGNPOST_TEST_ZONES_H
#define SIGNPOST_TEST_ZONES_H

#include "signpost/dns/name.h"
#include "signpost/dns/types.h"
#include "signpost/zone/snapshot.h"

#include "tests.h"

#include <arpa/inet.h>

struct test_record {
    const char *owner;
    uint16_t type;
    uint32_t ttl_s;
    const char *value;
};

static inline size_t test_name(uint8_t out[DNS_NAME_SIZE_MAX], const char *text)
{
    const char *why = "";
    size_t size = dns_name_from_text(out, text, strlen(text), NULL, &why);
    if (size == 0)
        fail_msg("%s: %s", text, why);
    dns_name_lower(out, out, size);
    return size;
}

/* A name without lower-casing it first: as a client may send it. */
static inline size_t test_raw_name(uint8_t out[DNS_NAME_SIZE_MAX], const char *text)
{
    const char *why = "";
    size_t size = dns_name_from_text(out, text, strlen(text), NULL, &why);
    assert_true(size > 0);
    return size;
}

static inline size_t test_rdata(uint8_t *out, uint16_t type, const char *value)
{
    char name[512], second[512];
    unsigned n[5];
    uint8_t *to = out;
    switch (type) {
    case DNS_TYPE_A:
        assert_int_equal(inet_pton(AF_INET, value, out), 1);
        return 4;
    case DNS_TYPE_AAAA:
        assert_int_equal(inet_pton(AF_INET6, value, out), 1);
        return 16;
    case DNS_TYPE_NS:
    case DNS_TYPE_CNAME:
    case DNS_TYPE_PTR:
        return test_name(out, value);
    case DNS_TYPE_MX:
        assert_int_equal(sscanf(value, "%u %511s", &n[0], name), 2);
        put_u16(to, (uint16_t)n[0]);
        return 2 + test_name(to + 2, name);
    case DNS_TYPE_SRV:
        assert_int_equal(sscanf(value, "%u %u %u %511s", &n[0], &n[1], &n[2], name), 4);
        for (unsigned i = 0; i < 3; i++)
            put_u16(to + 2 * i, (uint16_t)n[i]);
        return 6 + test_name(to + 6, name);
    case DNS_TYPE_TXT:
        *to = (uint8_t)strlen(value);
        memcpy(to + 1, value, *to);
        return 1u + *to;
    case DNS_TYPE_SOA:
        assert_int_equal(sscanf(value, "%511s %511s %u %u %u %u %u", name, second, &n[0], &n[1],
                                &n[2], &n[3], &n[4]),
                         7);
        to += test_name(to, name);
        to += test_name(to, second);
        for (unsigned i = 0; i < 5; i++, to += 4)
            put_u32(to, n[i]);
        return (size_t)(to - out);
    default:
        for (; *value != 0; value += 2) {
            unsigned octet;
            assert_int_equal(sscanf(value, "%2x", &octet), 1);
            *to++ = (uint8_t)octet;
        }
        return (size_t)(to - out);
    }
}

/* Packs the values of all records with that owner and type. */
static inline struct rrset_source test_source(const struct test_record *records, unsigned count,
                                              const char *owner, uint16_t type, uint8_t *packed)
{
    struct rrset_source source = { .type = type, .values = { packed, 0 } };
    for (unsigned i = 0; i < count; i++) {
        if (records[i].type != type || strcmp(records[i].owner, owner) != 0)
            continue;
        size_t size = test_rdata(packed + source.values.size + 2, type, records[i].value);
        put_u16(packed + source.values.size, (uint16_t)size);
        source.values.size += 2 + size;
        source.ttl_s = records[i].ttl_s;
        source.value_count++;
    }
    return source;
}

static inline struct zone_name *test_zone_name(const struct zone *zone,
                                               const struct test_record *records, unsigned count,
                                               const char *owner)
{
    static uint8_t packed[DNS_TYPE_COUNT][70000];
    struct rrset_source sources[DNS_TYPE_COUNT];
    unsigned source_count = 0;
    uint8_t wire[DNS_NAME_SIZE_MAX];
    for (unsigned i = 0; i < DNS_TYPE_COUNT; i++) {
        struct rrset_source source =
            test_source(records, count, owner, dns_type_at(i)->type, packed[source_count]);
        if (source.value_count > 0)
            sources[source_count++] = source;
    }
    test_name(wire, owner);
    struct zone_name *name = zone_name_create(zone, wire, sources, source_count);
    assert_non_null(name);
    return name;
}

static inline struct zone *test_zone(const char *origin, const struct test_record *records,
                                     unsigned count)
{
    uint8_t wire[DNS_NAME_SIZE_MAX];
    test_name(wire, origin);
    struct zone *zone = zone_create(wire);
    assert_non_null(zone);
    for (unsigned i = 0; i < count; i++) {
        bool is_first = true;
        for (unsigned j = 0; j < i; j++)
            is_first = is_first && strcmp(records[j].owner, records[i].owner) != 0;
        if (is_first)
            assert_int_equal(
                zone_put_name(zone, test_zone_name(zone, records, count, records[i].owner)), 0);
    }
    zone_finish(zone);
    return zone;
}

/* The path of a name as a query would have it. */
static inline struct name_path *test_path(struct name_path *path, const char *text)
{
    uint8_t wire[DNS_NAME_SIZE_MAX];
    size_t size = test_raw_name(wire, text);
    dns_path_init(path, wire, size);
    return path;
}

#endif
