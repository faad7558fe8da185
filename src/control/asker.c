#include "asker.h"

#include "signpost/base/clock.h"
#include "signpost/control/checks.h"
#include "signpost/dns/name.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define OPTION_SUBNET 8 /* RFC 7871 §6 */

/* ---- what is asked ---- */

static uint8_t *put_question(uint8_t *to, const struct question *question)
{
    static const uint8_t header[DNS_HEADER_SIZE] = { [5] = 1 }; /* QDCOUNT */
    size_t name_size = dns_name_size(question->name);
    memcpy(to, header, sizeof header);
    to += sizeof header;
    memcpy(to, question->name, name_size);
    to += name_size;
    put_u16(to, question->type);
    put_u16(to + 2, DNS_CLASS_IN);
    return to + 4;
}

/* An OPT record (RFC 6891 §6.1.2) whose one option says where the client is. */
static uint8_t *put_subnet(uint8_t *to, const struct ip_prefix *subnet)
{
    size_t octets = (subnet->length + 7u) / 8;
    memset(to, 0, 11);
    put_u16(to + 1, DNS_TYPE_OPT);
    put_u16(to + 3, EDNS_SIZE_DEFAULT);
    put_u16(to + 9, (uint16_t)(8 + octets));
    to += 11;
    put_u16(to, OPTION_SUBNET);
    put_u16(to + 2, (uint16_t)(4 + octets));
    put_u16(to + 4, subnet->family == IP_V4 ? 1 : 2);
    to[6] = subnet->length;
    to[7] = 0;
    memcpy(to + 8, subnet->octets, octets);
    return to + 8 + octets;
}

static void set_source(struct sockaddr_storage *out_source, const struct ip_prefix *address)
{
    memset(out_source, 0, sizeof *out_source);
    if (address->family == IP_V4) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)out_source;
        v4->sin_family = AF_INET;
        memcpy(&v4->sin_addr, address->octets, 4);
    } else {
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out_source;
        v6->sin6_family = AF_INET6;
        memcpy(&v6->sin6_addr, address->octets, 16);
    }
}

void asker__prepare(struct asker *asker, const struct question *question)
{
    uint8_t *to = put_question(asker->query, question);
    if (question->has_subnet) {
        to = put_subnet(to, &question->subnet);
        asker->query[11] = 1; /* ARCOUNT */
    }
    asker->query_size = (size_t)(to - asker->query);
    set_source(&asker->source, &question->source);
}

void asker__ask(struct asker *asker)
{
    struct answer_note note;
    struct view view = {
        .snapshot = asker->snapshot,
        .health = asker->health,
        .dice = &asker->dice,
        .source = &asker->source,
        .over_tcp = true,
        .trace = &asker->trace,
    };
    trace_init(&asker->trace, asker->steps, TRACE_STEPS_MAX);
    asker->reply_size =
        answer_query(&view, (struct span){ asker->query, asker->query_size }, asker->reply, &note);
}

/* ---- what it is asked of ---- */

/* The reason is the trace, so it need not stand in the reply as well; and who is said to ask is
 * believed. */
static int borrow_snapshot(struct asker *asker, const struct control *control)
{
    static const struct prefix_list everybody = { 2, { { .family = IP_V4 }, { .family = IP_V6 } } };
    asker->snapshot = snapshot_copy(control->published);
    if (asker->snapshot == NULL)
        return SP_ENOMEM;
    asker->snapshot->options.explain_clients.count = 0;
    asker->snapshot->options.client_subnet = everybody;
    return 0;
}

static int suppose(struct asker *asker, struct control *control,
                   const struct supposition *supposition, struct problem *out_problem)
{
    uint64_t now_ms = clock_unix_ms();
    asker->supposed = health_table_copy(control->health);
    if (asker->supposed == NULL)
        return SP_ENOMEM;
    asker->health = asker->supposed;
    for (unsigned i = 0; i < supposition->count; i++) {
        const struct supposed_check *check = &supposition->checks[i];
        if (!control_has_check(control, check->id))
            return control__no_such_check(check->id, out_problem);
        health_report(asker->supposed, control__find_check(control, check->id), check->up, now_ms);
    }
    return 0;
}

int asker__create(struct control *control, const struct supposition *supposition, uint64_t seed,
                  struct asker **out_asker, struct problem *out_problem)
{
    struct asker *asker = calloc(1, sizeof *asker);
    int rc = asker == NULL ? SP_ENOMEM : borrow_snapshot(asker, control);
    if (rc == 0) {
        dice_init_seeded(&asker->dice, seed);
        asker->health = control->health;
        if (supposition != NULL && supposition->count > 0)
            rc = suppose(asker, control, supposition, out_problem);
    }
    if (rc == 0)
        *out_asker = asker;
    else
        asker__destroy(asker);
    return rc;
}

void asker__destroy(struct asker *asker)
{
    if (asker == NULL)
        return;
    health_table_destroy(asker->supposed);
    snapshot_unref(asker->snapshot);
    free(asker);
}
