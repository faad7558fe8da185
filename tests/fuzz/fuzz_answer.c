/* needs: compile answer */
/*
 * The whole answer path: the example zones, policies and all, signed, any packet.  ldns must be
 * able to read every reply back and to verify each signature in it, and the reply must belong to
 * its query.  The first octet chooses transport and options, the second who asks and which health
 * checks are down.
 */
#include "signpost/answer/answer.h"
#include "signpost/compile/compile.h"
#include "signpost/model/location_file.h"
#include "signpost/model/zone_file.h"

#include <ldns/ldns.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void require(int condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "not so: %s\n", what);
    abort();
}

static struct span read_file(const char *path)
{
    static uint8_t text[1 << 20];
    FILE *file = fopen(path, "rb");
    require(file != NULL, path);
    size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    return (struct span){ text, size };
}

static void read_zone_file(struct draft *draft, const char *path)
{
    static struct zone_defaults defaults = { { 2, 'n', 's', 0 }, { 4, 'h', 'o', 's', 't', 0 } };
    struct problem problem = { 0 };
    struct zone_reader *reader = zone_reader_create(draft, path);
    int rc = zone_reader_feed(reader, read_file(path), &problem);
    if (rc == 0)
        rc = zone_reader_finish(reader, &defaults, NULL, &problem);
    require(rc == 0, problem.text);
    zone_reader_destroy(reader);
}

/* One slot for each first letter: enough for the zones to have several. */
static health_slot find_check(void *context, const char *public_id)
{
    (void)context;
    return 1 + (health_slot)(public_id[0] + public_id[strlen(public_id) - 1]) % 7;
}

static const struct compile_checks checks = { find_check, NULL };

static struct snapshot *add_zone(struct snapshot *snapshot, const char *origin, const char *file)
{
    char path[4096];
    const char *why;
    struct hosted_zone zone = { .id = 0, .public_id = "ZFUZZ" };
    struct snapshot *next = NULL;
    struct problem problem = { 0 };
    snprintf(path, sizeof path, "%s/zones/%s", SIGNPOST_SOURCE_DIR, file);
    dns_name_from_text(zone.name, origin, strlen(origin), NULL, &why);
    struct draft *draft = draft_create(&zone, true);
    read_zone_file(draft, path);
    require(compile_next(snapshot, draft, &checks, &next, &problem) == 0, problem.text);
    draft_destroy(draft);
    snapshot_unref(snapshot);
    return next;
}

static struct geography *read_locations(void)
{
    static const char path[] = SIGNPOST_SOURCE_DIR "/zones/lab.locations.csv";
    struct problem problem = { 0 };
    struct geography *geography = NULL;
    size_t count;
    struct location_reader *reader = location_reader_create(path);
    int rc = location_reader_feed(reader, read_file(path), &problem);
    if (rc == 0)
        rc = location_reader_finish(reader, &problem);
    require(rc == 0, problem.text);
    struct location_row *rows = location_reader_rows(reader, &count);
    rc = geography_create(rows, count, NULL, 0, NULL, &geography, &problem);
    require(rc == 0, problem.text);
    location_reader_destroy(reader);
    return geography;
}

/* The key of RFC 6605 §6.1. */
static const char private_base64[] = "GU6SnQ/Ou+xC5RumuIUIuJZteXT2z0O/ok1s38Et6mQ=";
static const char public_text[] =
    " 3600 IN DNSKEY 256 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MA"
    "nLr+Wi9xMWyQLc8NAA==";

/* As the DNSKEY record of that owner. */
static ldns_rr *make_dnskey(const ldns_rdf *owner)
{
    char text[2048];
    ldns_rr *rr = NULL;
    char *name = ldns_rdf2str(owner);
    snprintf(text, sizeof text, "%s%s", name, public_text);
    require(ldns_rr_new_frm_str(&rr, text, 0, NULL, NULL) == LDNS_STATUS_OK, text);
    free(name);
    return rr;
}

/* Nothing is signed ahead: the DNSKEY set is not what is tried here. */
static void sign(struct snapshot *snapshot, const char *origin)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    const char *why;
    struct signing_key key = { 0 };
    ldns_rdf *owner = ldns_dname_new_frm_str(origin), *private_key;
    ldns_rr *dnskey = make_dnskey(owner);
    ldns_str2rdf_b64(&private_key, private_base64);
    memcpy(key.private_key, ldns_rdf_data(private_key), sizeof key.private_key);
    key.tag = ldns_calc_keytag(dnskey);
    dns_name_from_text(name, origin, strlen(origin), NULL, &why);
    struct zone *zone = (struct zone *)(uintptr_t)snapshot_zone(snapshot, name);
    zone_set_signing(zone, zone_signing_create(&key, NULL, 0));
    ldns_rdf_deep_free(private_key);
    ldns_rdf_deep_free(owner);
    ldns_rr_free(dnskey);
}

static struct snapshot *load(void)
{
    struct snapshot *snapshot = snapshot_create();
    snapshot = add_zone(snapshot, "lab.test", "lab.test.zone");
    snapshot = add_zone(snapshot, "shop.test", "shop.test.zone");
    snapshot = add_zone(snapshot, "everything.test", "everything.test.zone");
    snapshot = add_zone(snapshot, "child.everything.test", "child.everything.test.zone");
    sign(snapshot, "shop.test");
    sign(snapshot, "everything.test");
    snapshot_set_geography(snapshot, read_locations());
    return snapshot;
}

static void set_options(struct answer_options *options, uint8_t choice)
{
    static const uint16_t sizes[] = { 512, 1232, 1400, 4096 };
    options->minimal_responses = (choice & 2) != 0;
    options->minimal_any = (choice & 4) != 0;
    options->edns_size = sizes[choice >> 4 & 3];
    options->nsid_size = (choice & 8) != 0 ? NSID_SIZE_MAX : 0;
    memset(options->nsid, 'n', sizeof options->nsid);
    options->denial = (choice & 64) != 0 ? DENIAL_COMPACT : DENIAL_ROUTE53;
    options->signature_validity_s = 86400;
}

static void set_client(struct sockaddr_storage *source, uint8_t choice)
{
    static const uint8_t addresses[][4] = {
        { 127, 0, 0, 1 }, { 203, 0, 113, 9 }, { 192, 0, 2, 200 }, { 10, 1, 2, 3 }
    };
    struct sockaddr_in *address = (struct sockaddr_in *)source;
    memset(source, 0, sizeof *source);
    address->sin_family = AF_INET;
    memcpy(&address->sin_addr, addresses[choice & 3], 4);
}

/* Header fields that the client relies on to know its reply. */
static void check_header(const uint8_t *query, const uint8_t *reply, size_t size)
{
    require(size >= DNS_HEADER_SIZE, "the reply has a header");
    require(memcmp(query, reply, 2) == 0, "the id comes back");
    require((reply[2] & 0x80) != 0, "QR is set");
    require((reply[2] & 0x79) == (query[2] & 0x79), "opcode and RD come back");
    require((reply[3] & 0xe0) == 0, "RA, Z and AD are clear");
}

static void check_signature(const ldns_rr *rrsig, const ldns_rr_list *section, time_t now)
{
    ldns_rr_type type = ldns_rdf2rr_type(ldns_rr_rrsig_typecovered(rrsig));
    ldns_rr_list *set = ldns_rr_list_new(), *keys = ldns_rr_list_new();
    for (size_t i = 0; i < ldns_rr_list_rr_count(section); i++) {
        ldns_rr *rr = ldns_rr_list_rr(section, i);
        if (ldns_rr_get_type(rr) == type &&
            ldns_dname_compare(ldns_rr_owner(rr), ldns_rr_owner(rrsig)) == 0)
            ldns_rr_list_push_rr(set, rr);
    }
    ldns_rr_list_push_rr(keys, make_dnskey(ldns_rr_rrsig_signame(rrsig)));
    if (ldns_rr_list_rr_count(set) > 0) { /* a query for RRSIG gets them alone */
        ldns_status status = ldns_verify_rrsig_keylist_time(set, rrsig, keys, now, NULL);
        require(status == LDNS_STATUS_OK, ldns_get_errorstr_by_id(status));
    }
    ldns_rr_list_deep_free(keys);
    ldns_rr_list_free(set);
}

static void check_with_ldns(const uint8_t *reply, size_t size, time_t now)
{
    ldns_pkt *packet = NULL;
    ldns_status status = ldns_wire2pkt(&packet, reply, size);
    require(status == LDNS_STATUS_OK, ldns_get_errorstr_by_id(status));
    const ldns_rr_list *sections[] = { ldns_pkt_answer(packet), ldns_pkt_authority(packet),
                                       ldns_pkt_additional(packet) };
    for (unsigned i = 0; i < 3; i++)
        for (size_t j = 0; j < ldns_rr_list_rr_count(sections[i]); j++)
            if (ldns_rr_get_type(ldns_rr_list_rr(sections[i], j)) == LDNS_RR_TYPE_RRSIG)
                check_signature(ldns_rr_list_rr(sections[i], j), sections[i], now);
    ldns_pkt_free(packet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct snapshot *snapshot;
    static struct health_table *health;
    static uint8_t reply[ANSWER_SIZE_MAX_TCP];
    static struct signer *signer;
    static struct signer_figures figures;
    static uint64_t now_s = 1790000000;
    const struct signer_settings settings = { 4096, 16 };
    struct dice dice;
    struct answer_note note;
    struct sockaddr_storage source;
    if (snapshot == NULL) {
        snapshot = load();
        health = health_table_create(8);
        signer = signer_create(&settings, &figures);
        prefix_from_text(&snapshot->options.explain_clients.items[0], "127.0.0.0/8");
        snapshot->options.explain_clients.count = 1;
    }
    if (size < 2)
        return 0;
    set_options(&snapshot->options, data[0]);
    set_client(&source, data[1]);
    for (health_slot slot = 1; slot < 8; slot++)
        health_report(health, slot, (data[1] >> slot & 1) == 0, 1);
    dice_init_seeded(&dice, size);
    struct view view = { .snapshot = snapshot,
                         .health = health,
                         .dice = &dice,
                         .source = &source,
                         .signer = signer,
                         .now_ms = ++now_s * 1000,
                         .over_tcp = (data[0] & 1) != 0 };
    struct span packet = { data + 2, size - 2 };
    size_t reply_size = answer_query(&view, packet, reply, &note);
    if (reply_size == 0)
        return 0;
    size_t limit = view.over_tcp ? ANSWER_SIZE_MAX_TCP : snapshot->options.edns_size;
    require(reply_size <= limit, "the reply keeps to its limit");
    check_header(packet.data, reply, reply_size);
    check_with_ldns(reply, reply_size, (time_t)now_s);
    return 0;
}
