/* needs: route53 */
/*
 * Names and values as the Route 53 API takes them: the first octet chooses the type, the rest is
 * the text.  What is accepted is listed as text that gives the same again; ldns, an outsider, reads
 * the zone file's form of it.
 */
#include "../../src/route53/call.h"
#include "../../src/route53/values.h"

#include "signpost/dns/rdata.h"
#include "signpost/dns/types.h"
#include "signpost/model/zone_file.h"

#include <ldns/ldns.h>
#include <stdlib.h>

static void require(int condition)
{
    if (!condition)
        abort();
}

static void check_name(struct arena *arena, const char *text)
{
    uint8_t name[DNS_NAME_SIZE_MAX], again[DNS_NAME_SIZE_MAX];
    char listed[DNS_NAME_TEXT_SIZE];
    const char *fault = route53_read_name(arena, text, false, name);
    if (fault != NULL) {
        require(strncmp(fault, "FATAL problem: ", 15) == 0);
        return;
    }
    require(dns_name_check(name, sizeof name) == dns_name_size(name));
    dns_name_to_octal(listed, name);
    require(route53_read_name(arena, listed, false, again) == NULL);
    require(dns_name_size(again) == dns_name_size(name));
    require(memcmp(again, name, dns_name_size(name)) == 0);
    require(route53_read_name(arena, text, true, again) == NULL);
}

/* The names of parameters that ldns of our time does not know are left out. */
static void check_outside(struct arena *arena, uint16_t type, struct span rdata)
{
    const char *text = rdata_to_text(arena, type, rdata);
    const char *line = arena_format(arena, "a. 1 IN %s %s", dns_type_find(type)->name, text);
    ldns_rr *rr = NULL;
    if (type == DNS_TYPE_SVCB || type == DNS_TYPE_HTTPS || rdata.size > 1000)
        return;
    require(ldns_rr_new_frm_str(&rr, line, 0, NULL, NULL) == LDNS_STATUS_OK);
    ldns_rr_free(rr);
}

static void check_value(struct arena *arena, uint16_t type, const char *text)
{
    struct span rdata, again;
    const char *fault = route53_read_value(arena, type, text, &rdata);
    if (fault != NULL) {
        require(strncmp(fault, "FATAL problem: ", 15) == 0);
        return;
    }
    require(dns_rdata_check(type, rdata) == NULL);
    const char *listed = route53_value_text(arena, type, rdata);
    require(route53_read_value(arena, type, listed, &again) == NULL);
    require(again.size == rdata.size && memcmp(again.data, rdata.data, rdata.size) == 0);
    require(strcmp(route53_value_text(arena, type, again), listed) == 0);
    check_outside(arena, type, rdata);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 4000)
        return 0;
    struct arena *arena = arena_create();
    char *text = arena_alloc(arena, size);
    memcpy(text, data + 1, size - 1);
    unsigned which = data[0] % (DNS_TYPE_COUNT + 1);
    if (which == DNS_TYPE_COUNT)
        check_name(arena, text);
    else
        check_value(arena, dns_type_at(which)->type, text);
    arena_destroy(arena);
    return 0;
}
