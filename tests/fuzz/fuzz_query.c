/* needs: dns */
/*
 * The packet reader: any octets.  What it accepts must hold together.
 */
#include "signpost/dns/name.h"
#include "signpost/dns/query.h"

#include <stdlib.h>
#include <string.h>

static void require(int condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dns_query query;
    int verdict = dns_query_parse(&query, (struct span){ data, size });
    if (verdict == DNS_SILENCE) {
        require(size < DNS_HEADER_SIZE || (data[2] & 0x80) != 0);
        return 0;
    }
    require(size >= DNS_HEADER_SIZE && query.id == get_u16(data));
    require(query.udp_size >= DNS_UDP_SIZE_MIN);
    if (query.question_size > 0) {
        size_t name_size = dns_name_check(query.path.name, query.path.size);
        require(name_size == query.path.size);
        require(name_size + 4 == query.question_size);
        require(dns_name_label_count(query.path.name) == query.path.label_count);
        require(dns_name_equal(query.path.name, data + DNS_HEADER_SIZE));
        dns_path_hash(&query.path);
    }
    require(verdict != DNS_NOERROR || query.question_size > 0);
    return 0;
}
