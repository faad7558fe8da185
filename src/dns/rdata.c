#include "signpost/dns/rdata.h"

#include "signpost/dns/name.h"
#include "signpost/dns/types.h"

#include <stddef.h>

/* Reads forwards through RDATA; the first thing that does not fit makes every later read fail. */
struct reader {
    const uint8_t *data;
    size_t size;
    bool failed;
};

static const uint8_t *take(struct reader *reader, size_t size)
{
    if (reader->failed || reader->size < size) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *at = reader->data;
    reader->data += size;
    reader->size -= size;
    return at;
}

static unsigned take_u8(struct reader *reader)
{
    const uint8_t *at = take(reader, 1);
    return at == NULL ? 0 : *at;
}

static unsigned take_u16(struct reader *reader)
{
    const uint8_t *at = take(reader, 2);
    return at == NULL ? 0 : get_u16(at);
}

static void take_name(struct reader *reader)
{
    size_t size = reader->failed ? 0 : dns_name_check(reader->data, reader->size);
    if (size == 0)
        reader->failed = true;
    else
        take(reader, size);
}

/* A <character-string> of RFC 1035 §3.3. */
static void take_string(struct reader *reader)
{
    take(reader, take_u8(reader));
}

static void take_rest(struct reader *reader)
{
    take(reader, reader->size);
}

static const char *check_txt(struct reader *reader)
{
    do
        take_string(reader);
    while (reader->size > 0 && !reader->failed);
    return NULL;
}

static const char *check_naptr(struct reader *reader)
{
    take(reader, 4);
    take_string(reader);
    take_string(reader);
    bool has_regexp = take_u8(reader) > 0;
    if (reader->failed)
        return NULL;
    take(reader, reader->data[-1]);
    bool has_replacement = !reader->failed && reader->size > 0 && *reader->data != 0;
    take_name(reader);
    if (has_regexp && has_replacement)
        return "a NAPTR has a regexp or a replacement, not both (the other is \"\" or .)";
    return NULL;
}

static const char *check_ds(struct reader *reader)
{
    static const uint8_t digest_sizes[] = { 0, 20, 32, 32, 48 }; /* by digest type */
    take(reader, 3);
    unsigned digest_type = take_u8(reader);
    size_t size = reader->size;
    take_rest(reader);
    if (size == 0)
        return "a DS record needs a digest";
    if (digest_type > 0 && digest_type < sizeof digest_sizes && size != digest_sizes[digest_type])
        return "the digest of this DS record has the wrong length for its digest type";
    return NULL;
}

static const char *check_sshfp(struct reader *reader)
{
    unsigned algorithm = take_u8(reader);
    unsigned hash_type = take_u8(reader);
    size_t size = reader->size;
    take_rest(reader);
    if (algorithm < 1 || algorithm == 5 || algorithm > 6)
        return "the algorithm of an SSHFP record is 1, 2, 3, 4 or 6";
    if (hash_type < 1 || hash_type > 2)
        return "the hash type of an SSHFP record is 1 or 2";
    if (size != (hash_type == 1 ? 20u : 32u))
        return "the fingerprint of this SSHFP record has the wrong length for its hash type";
    return NULL;
}

static const char *check_tlsa(struct reader *reader)
{
    unsigned usage = take_u8(reader);
    unsigned selector = take_u8(reader);
    unsigned matching = take_u8(reader);
    size_t size = reader->size;
    take_rest(reader);
    if (usage > 3 || selector > 1 || matching > 2)
        return "a TLSA record starts with a usage of 0 to 3, a selector of 0 to 1 and a matching "
               "type of 0 to 2";
    if (size == 0)
        return "a TLSA record needs certificate data";
    if (matching > 0 && size != (matching == 1 ? 32u : 64u))
        return "the data of this TLSA record has the wrong length for its matching type";
    return NULL;
}

static const char *check_caa(struct reader *reader)
{
    take(reader, 1);
    unsigned tag_size = take_u8(reader);
    const uint8_t *tag = take(reader, tag_size);
    if (tag == NULL || tag_size == 0)
        return "a CAA record is flags, a tag and a quoted value";
    for (unsigned i = 0; i < tag_size; i++) {
        uint8_t octet = tag[i] | 0x20;
        if (!(octet >= 'a' && octet <= 'z') && !(tag[i] >= '0' && tag[i] <= '9'))
            return "the tag of a CAA record is made of letters and digits";
    }
    take_rest(reader);
    return NULL;
}

enum svcb_key {
    SVCB_MANDATORY,
    SVCB_ALPN,
    SVCB_NO_DEFAULT_ALPN,
    SVCB_PORT,
    SVCB_IPV4HINT,
    SVCB_ECH,
    SVCB_IPV6HINT,
    SVCB_DOHPATH,
    SVCB_OHTTP,
    SVCB_KEY_COUNT,
};

/* RFC 9460 §7 and §8, RFC 9461 §5, RFC 9540 §4: the form of each value. */
static bool svcb_value_is_right(unsigned key, struct reader value)
{
    size_t size = value.size;
    switch (key) {
    case SVCB_MANDATORY:
        return size > 0 && size % 2 == 0;
    case SVCB_ALPN:
        if (size == 0)
            return false;
        while (value.size > 0 && !value.failed) {
            if (*value.data == 0)
                return false;
            take_string(&value);
        }
        return !value.failed;
    case SVCB_NO_DEFAULT_ALPN:
    case SVCB_OHTTP:
        return size == 0;
    case SVCB_PORT:
        return size == 2;
    case SVCB_IPV4HINT:
        return size > 0 && size % 4 == 0;
    case SVCB_IPV6HINT:
        return size > 0 && size % 16 == 0;
    default:
        return true;
    }
}

static unsigned key_bit(int key)
{
    return 1u << key;
}

/* RFC 9460 §8: the list names, in order and each once, other keys that are there. */
static const char *check_mandatory(struct span list, unsigned present)
{
    int last_key = SVCB_MANDATORY;
    for (size_t at = 0; at < list.size; at += 2) {
        int key = get_u16(list.data + at);
        if (key == SVCB_MANDATORY)
            return "\"mandatory\" cannot list itself";
        if (key <= last_key)
            return "\"mandatory\" lists keys in order, each once";
        if (key >= SVCB_KEY_COUNT || (present & key_bit(key)) == 0)
            return "\"mandatory\" lists a key that the record does not have";
        last_key = key;
    }
    return NULL;
}

/* R-TYP-5. */
static const char *check_svcb(struct reader *reader)
{
    unsigned priority = take_u16(reader);
    take_name(reader);
    if (!reader->failed && priority > 32767)
        return "the priority of an SVCB or HTTPS record is 0 to 32767";
    if (!reader->failed && priority == 0 && reader->size > 0)
        return "an SVCB or HTTPS record of priority 0 (alias mode) has no parameters";
    int last_key = -1;
    unsigned present = 0;
    struct span mandatory = { NULL, 0 };
    while (reader->size > 0 && !reader->failed) {
        int key = (int)take_u16(reader);
        unsigned size = take_u16(reader);
        const uint8_t *value = take(reader, size);
        if (value == NULL)
            return NULL;
        if (key <= last_key)
            return "the parameters of an SVCB or HTTPS record stand in order, each once";
        if (key >= SVCB_KEY_COUNT)
            return "a parameter of this SVCB or HTTPS record has a key that Route 53 does not know";
        if ((key == SVCB_ECH || key == SVCB_DOHPATH) && size == 0)
            return "\"ech\" and \"dohpath\" need a value";
        if (!svcb_value_is_right((unsigned)key, (struct reader){ value, size, false }))
            return "a parameter of this SVCB or HTTPS record has a malformed value";
        if (key == SVCB_MANDATORY)
            mandatory = (struct span){ value, size };
        present |= key_bit(key);
        last_key = key;
    }
    if ((present & key_bit(SVCB_NO_DEFAULT_ALPN)) != 0 && (present & key_bit(SVCB_ALPN)) == 0)
        return "no-default-alpn needs alpn beside it";
    return check_mandatory(mandatory, present);
}

static const char *check_plain(struct reader *reader, uint16_t type)
{
    const struct dns_type_info *info = dns_type_find(type);
    take(reader, info->octets_before);
    for (unsigned i = 0; i < info->name_count; i++)
        take_name(reader);
    if (type == DNS_TYPE_SOA)
        take(reader, 20);
    return NULL;
}

static const char *check_by_type(struct reader *reader, uint16_t type)
{
    switch (type) {
    case DNS_TYPE_A:
        take(reader, 4);
        return NULL;
    case DNS_TYPE_AAAA:
        take(reader, 16);
        return NULL;
    case DNS_TYPE_TXT:
    case DNS_TYPE_SPF:
        return check_txt(reader);
    case DNS_TYPE_NAPTR:
        return check_naptr(reader);
    case DNS_TYPE_DS:
        return check_ds(reader);
    case DNS_TYPE_SSHFP:
        return check_sshfp(reader);
    case DNS_TYPE_TLSA:
        return check_tlsa(reader);
    case DNS_TYPE_CAA:
        return check_caa(reader);
    case DNS_TYPE_SVCB:
    case DNS_TYPE_HTTPS:
        return check_svcb(reader);
    default:
        return check_plain(reader, type);
    }
}

const char *dns_rdata_check(uint16_t type, struct span rdata)
{
    if (dns_type_find(type) == NULL)
        return "Route 53 has no records of this type";
    if (rdata.size > DNS_RDATA_SIZE_MAX)
        return "a record's data has at most 65535 octets";
    struct reader reader = { rdata.data, rdata.size, false };
    const char *why = check_by_type(&reader, type);
    if (reader.failed)
        return "the record's data ends too early or holds a malformed name";
    if (why == NULL && reader.size > 0)
        return "the record's data is longer than its type allows";
    return why;
}

void dns_rdata_lower(uint16_t type, uint8_t *rdata, size_t size)
{
    const struct dns_type_info *info = dns_type_find(type);
    size_t at = info->octets_before;
    unsigned name_count = info->name_count;
    if (type == DNS_TYPE_NAPTR) {
        for (unsigned i = 0; i < 3; i++)
            at += 1u + rdata[at];
        name_count = 1;
    }
    for (; name_count > 0 && at < size; name_count--) {
        size_t name_size = dns_name_size(rdata + at);
        dns_name_lower(rdata + at, rdata + at, name_size);
        at += name_size;
    }
}

bool dns_values_next(struct span *packed, struct span *out_rdata)
{
    if (packed->size < 2)
        return false;
    size_t size = get_u16(packed->data);
    if (packed->size - 2 < size)
        return false;
    *out_rdata = (struct span){ packed->data + 2, size };
    packed->data += 2 + size;
    packed->size -= 2 + size;
    return true;
}
