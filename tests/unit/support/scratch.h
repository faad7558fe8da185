/*
 * scratch.h - a database in a directory of its own, zones to put into it, and what is
 * stored as one text, so that "the same as before" is one comparison.
 */
#ifndef SIGNPOST_TESTS_SCRATCH_H
#define SIGNPOST_TESTS_SCRATCH_H

#include "tests.h"

#include "signpost/base/hash.h"
#include "signpost/dns/types.h"
#include "signpost/store/store.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <unistd.h>

#define SCRATCH __attribute__((unused)) static

struct scratch {
    char directory[64];
    char path[96];
};

SCRATCH int scratch_setup(void **state)
{
    struct scratch *scratch = calloc(1, sizeof *scratch);
    if (scratch == NULL)
        return -1;
    if (hash_key[0] == 0)
        hash_init();
    strcpy(scratch->directory, "/tmp/signpost-test-XXXXXX");
    if (mkdtemp(scratch->directory) == NULL)
        return -1;
    snprintf(scratch->path, sizeof scratch->path, "%s/test.db", scratch->directory);
    *state = scratch;
    return 0;
}

SCRATCH int scratch_teardown(void **state)
{
    struct scratch *scratch = *state;
    DIR *directory = opendir(scratch->directory);
    struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL)
        unlinkat(dirfd(directory), entry->d_name, 0); /* "." and ".." refuse */
    closedir(directory);
    rmdir(scratch->directory);
    free(scratch);
    return 0;
}

/* Files. */

SCRATCH void write_file(const char *path, const void *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    fclose(file);
}

/* The caller frees. */
SCRATCH uint8_t *read_file(const char *path, size_t *out_size)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    rewind(file);
    uint8_t *data = malloc((size_t)size + 1);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, (size_t)size, file), size);
    fclose(file);
    *out_size = (size_t)size;
    return data;
}

SCRATCH bool file_exists(const char *path, const char *suffix)
{
    char name[128];
    snprintf(name, sizeof name, "%s%s", path, suffix);
    return access(name, F_OK) == 0;
}

/* Zones. */

SCRATCH void wire(uint8_t out[DNS_NAME_SIZE_MAX], const char *text)
{
    const char *why = "";
    if (dns_name_from_text(out, text, strlen(text), NULL, &why) == 0)
        fail_msg("%s: %s", text, why);
}

SCRATCH struct hosted_zone new_zone_named(const char *name)
{
    struct hosted_zone zone = { .name_servers = { 155, 935, 1337, 1842 },
                                .created_at = 1700000000 };
    wire(zone.name, name);
    snprintf(zone.public_id, sizeof zone.public_id, "Z%u",
             (unsigned)zone.name[1] * 1000 + (unsigned)dns_name_size(zone.name));
    snprintf(zone.comment, sizeof zone.comment, "the zone %s", name);
    return zone;
}

SCRATCH struct draft *open_draft(const struct hosted_zone *zone, bool whole)
{
    struct draft *draft = draft_create(zone, whole);
    assert_non_null(draft);
    return draft;
}

SCRATCH void put_rdata(struct draft *draft, const char *owner_text, uint16_t type, uint32_t ttl_s,
                       const void *rdata, size_t size)
{
    bool added;
    uint8_t owner[DNS_NAME_SIZE_MAX];
    wire(owner, owner_text);
    struct draft_name *name = draft_name(draft, owner);
    assert_non_null(name);
    assert_int_equal(
        draft_add_value(draft, name, type, ttl_s, (struct span){ rdata, size }, 0, &added), 0);
}

SCRATCH void put_address(struct draft *draft, const char *owner, uint32_t ttl_s,
                         const char *address)
{
    uint8_t rdata[4];
    assert_int_equal(inet_pton(AF_INET, address, rdata), 1);
    put_rdata(draft, owner, DNS_TYPE_A, ttl_s, rdata, sizeof rdata);
}

SCRATCH void put_text(struct draft *draft, const char *owner, uint32_t ttl_s, const char *text)
{
    uint8_t rdata[256];
    rdata[0] = (uint8_t)strlen(text);
    memcpy(rdata + 1, text, rdata[0]);
    put_rdata(draft, owner, DNS_TYPE_TXT, ttl_s, rdata, rdata[0] + 1u);
}

/* A set of any kind, the simple ones included. */
SCRATCH void put_set(struct draft *draft, const char *owner_text, const struct record_set *set)
{
    uint8_t owner[DNS_NAME_SIZE_MAX];
    wire(owner, owner_text);
    struct draft_name *name = draft_name(draft, owner);
    assert_non_null(name);
    assert_non_null(draft_add_set(draft, name, set));
}

/* What every zone has: one SOA, one NS. */
SCRATCH void put_apex(struct draft *draft, const char *zone)
{
    static const uint8_t soa[] =
        "\2ns\4test\0\4root\4test\0\0\0\0\1\0\0\x1c\x20\0\0\3\x84\0\x12\x75\0"
        "\0\1\x51\x80";
    static const uint8_t ns[] = "\2ns\4test";
    put_rdata(draft, zone, DNS_TYPE_SOA, 900, soa, sizeof soa - 1);
    put_rdata(draft, zone, DNS_TYPE_NS, 172800, ns, sizeof ns);
}

SCRATCH struct change commit(struct store *store, struct draft *draft, int64_t now_s)
{
    struct problem problem = { 0 };
    struct change change = { 0 };
    if (store_commit(store, draft, now_s, &change, &problem) != 0)
        fail_msg("%s", problem.text);
    return change;
}

SCRATCH void begin(struct store *store)
{
    struct problem problem = { 0 };
    if (store_begin(store, &problem) != 0)
        fail_msg("%s", problem.text);
}

/* A new zone: its apex, and for each of `addresses` (NULL-ended) "aN.ZONE A". */
SCRATCH struct hosted_zone add_zone(struct store *store, const char *name,
                                    const char *const *addresses)
{
    struct hosted_zone zone = new_zone_named(name);
    struct draft *draft = open_draft(&zone, true);
    put_apex(draft, name);
    for (unsigned i = 0; addresses != NULL && addresses[i] != NULL; i++) {
        char owner[128];
        snprintf(owner, sizeof owner, "a%u.%s", i, name);
        put_address(draft, owner, 300, addresses[i]);
    }
    begin(store);
    commit(store, draft, 1700000001);
    zone = draft->zone;
    draft_destroy(draft);
    return zone;
}

SCRATCH struct store *open_store(const char *path)
{
    struct problem problem = { 0 };
    struct store *store = NULL;
    if (store_open(path, &store, &problem) != 0)
        fail_msg("%s", problem.text);
    return store;
}

/* Everything stored, as text. */

SCRATCH int dump_zone(void *context, const struct hosted_zone *zone)
{
    char name[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(name, zone->name);
    fprintf(context, "%lld %s %s %u %u %u %u created %lld sequence %lld records %u \"%s\"\n",
            (long long)zone->id, zone->public_id, name, zone->name_servers[0],
            zone->name_servers[1], zone->name_servers[2], zone->name_servers[3],
            (long long)zone->created_at, (long long)zone->sequence, zone->record_count,
            zone->comment);
    return 0;
}

SCRATCH void dump_values(FILE *to, struct span values)
{
    for (size_t i = 0; i < values.size; i++)
        fprintf(to, "%02x", values.data[i]);
}

SCRATCH void dump_word(FILE *to, const char *name, const char *text)
{
    if (text[0] != '\0')
        fprintf(to, " %s %s", name, text);
}

/* Whatever is not as in a plain set: " latency \"us\" region us-east-1 check c1". */
SCRATCH void dump_attributes(FILE *to, const struct record_set *set)
{
    char name[DNS_NAME_TEXT_SIZE];
    const struct routing *routing = set->routing;
    if (set->policy != ROUTING_SIMPLE || set->set_identifier[0] != '\0')
        fprintf(to, " %s \"%s\"", routing_policy_name(set->policy), set->set_identifier);
    if (routing != NULL) {
        fprintf(to, " weight %u primary %d bias %d", routing->weight, routing->is_primary,
                routing->bias);
        dump_word(to, "region", routing->region);
        dump_word(to, "continent", routing->continent);
        dump_word(to, "country", routing->country);
        dump_word(to, "subdivision", routing->subdivision);
        dump_word(to, "local-zone", routing->local_zone_group);
        dump_word(to, "latitude", routing->latitude);
        dump_word(to, "longitude", routing->longitude);
        dump_word(to, "collection", routing->collection);
        dump_word(to, "location", routing->location);
    }
    if (set->health_check != NULL)
        dump_word(to, "check", set->health_check);
    if (set->alias != NULL) {
        dns_name_to_text(name, set->alias->name);
        fprintf(to, " alias %s of %s%s", name, set->alias->zone_id,
                set->alias->evaluate_health ? " evaluated" : "");
    }
}

SCRATCH int dump_set(void *context, const struct hosted_zone *zone, const uint8_t *owner,
                     const struct record_set *set)
{
    char name[DNS_NAME_TEXT_SIZE];
    (void)zone;
    dns_name_to_text(name, owner);
    fprintf(context, "  %s %u %s %u ", name, set->ttl_s, dns_type_find(set->type)->name,
            set->value_count);
    dump_values(context, set->values);
    dump_attributes(context, set);
    fprintf(context, "\n");
    return 0;
}

/* The caller frees; NULL when the store refuses, and then the problem says why. */
SCRATCH char *try_dump(struct store *store, struct problem *out_problem)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    assert_non_null(to);
    struct store_visitor visitor = { dump_zone, dump_set, to };
    int rc = store_load(store, &visitor, out_problem);
    fclose(to);
    if (rc == 0)
        return text;
    free(text);
    return NULL;
}

SCRATCH char *dump(struct store *store)
{
    struct problem problem = { 0 };
    char *text = try_dump(store, &problem);
    if (text == NULL)
        fail_msg("%s", problem.text);
    return text;
}

SCRATCH void assert_dump(struct store *store, const char *expect)
{
    char *text = dump(store);
    assert_string_equal(text, expect);
    free(text);
}

#define SCRATCH_TEST(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

#endif
