#include "rdata_text.h"
#include "routing_text.h"

#include "signpost/dns/rdata.h"
#include "signpost/dns/types.h"
#include "signpost/model/zone_file.h"

#include <string.h>

#define PIECE_SIZE (64u << 10) /* about what one write to a socket or a file takes at best */

/* Every record states its TTL; this one is for what people add by hand, and is what Route 53's
 * console proposes. */
#define TTL_OF_ADDED_RECORDS 300

struct writer {
    struct text text;
    zone_sink *sink;
    void *context;
    const struct hosted_zone *zone;
    unsigned zone_labels;
    int rc;
};

static void flush(struct writer *writer, size_t keep_below)
{
    if (writer->text.failed)
        writer->rc = SP_ENOMEM;
    if (writer->rc != 0 || writer->text.size <= keep_below)
        return;
    struct span text = { (const uint8_t *)writer->text.data, writer->text.size };
    writer->rc = writer->sink(writer->context, text);
    writer->text.size = 0;
}

/* The labels below the zone's name, without a final dot; "@" when there are none. */
static void write_owner(struct writer *writer, const uint8_t *owner)
{
    uint8_t relative[DNS_NAME_SIZE_MAX];
    unsigned count = dns_name_label_count(owner);
    const uint8_t *end = dns_name_skip(owner, count - writer->zone_labels);
    size_t size = (size_t)(end - owner);

    if (size == 0) {
        text_put(&writer->text, "@", 1);
        return;
    }
    memcpy(relative, owner, size);
    relative[size] = 0;
    text_put_name(&writer->text, relative);
    if (!writer->text.failed)
        writer->text.size--;
}

/* What any server can read. */
static bool is_plain(const struct record_set *set)
{
    return set->policy == ROUTING_SIMPLE && set->alias == NULL && set->health_check == NULL;
}

static void end_record(struct writer *writer)
{
    text_put(&writer->text, "\n", 1);
    flush(writer, PIECE_SIZE);
}

/* Owner, TTL, class and type; of an alias no TTL. */
static void write_record_head(struct writer *writer, const uint8_t *owner,
                              const struct record_set *set)
{
    if (!is_plain(set))
        text_put(&writer->text, ";@ ", 3);
    write_owner(writer, owner);
    text_put(&writer->text, " ", 1);
    if (set->alias == NULL) {
        text_put_number(&writer->text, set->ttl_s);
        text_put(&writer->text, " ", 1);
    }
    text_put(&writer->text, "IN ", 3);
    text_put_string(&writer->text, dns_type_find(set->type)->name);
    text_put(&writer->text, " ", 1);
    if (!is_plain(set))
        routing__write(&writer->text, writer->zone, set);
}

/* The tree behind it is no part of a zone file, so neither is its root. */
static void write_root(struct writer *writer, const uint8_t *owner, const struct record_set *set)
{
    text_put(&writer->text, "; ", 2);
    write_owner(writer, owner);
    text_put(&writer->text, " IN ", 4);
    text_put_string(&writer->text, dns_type_find(set->type)->name);
    text_put_string(&writer->text, " comes from the traffic policy instance ");
    text_put_string(&writer->text, set->traffic_policy_instance);
    end_record(writer);
}

static void write_set(struct writer *writer, const uint8_t *owner, const struct record_set *set)
{
    struct span packed = set->values;
    struct span rdata;

    if (set->traffic_policy_instance != NULL) {
        write_root(writer, owner, set);
        return;
    }
    if (set->alias != NULL) {
        write_record_head(writer, owner, set);
        end_record(writer);
    }
    while (writer->rc == 0 && dns_values_next(&packed, &rdata)) {
        write_record_head(writer, owner, set);
        rdata__write(&writer->text, set->type, rdata);
        end_record(writer);
    }
}

/* Readers want the SOA first; the other types follow in the order of their codes, and then what
 * other servers do not know. */
static void write_name(struct writer *writer, const struct draft_name *name)
{
    const struct record_set *soa = record_set_find(name->sets, DNS_TYPE_SOA);
    if (soa != NULL && is_plain(soa))
        write_set(writer, name->owner, soa);
    for (const struct record_set *set = name->sets; set != NULL; set = set->next)
        if (set != soa && is_plain(set))
            write_set(writer, name->owner, set);
    for (const struct record_set *set = name->sets; set != NULL; set = set->next)
        if (!is_plain(set))
            write_set(writer, name->owner, set);
}

static void write_head(struct writer *writer, const uint8_t *zone_name)
{
    text_put_string(&writer->text, "$ORIGIN ");
    text_put_name(&writer->text, zone_name);
    text_put_string(&writer->text, "\n$TTL ");
    text_put_number(&writer->text, TTL_OF_ADDED_RECORDS);
    text_put(&writer->text, "\n", 1);
}

int zone_file_write(struct draft *draft, zone_sink *sink, void *context)
{
    struct writer writer = { .sink = sink, .context = context, .zone = &draft->zone };
    writer.zone_labels = dns_name_label_count(draft->zone.name);
    draft_sort(draft);
    write_head(&writer, draft->zone.name);
    for (uint32_t i = 0; i < draft->name_count && writer.rc == 0; i++)
        write_name(&writer, draft->names[i]);
    flush(&writer, 0);
    text_finish(&writer.text);
    return writer.rc;
}
