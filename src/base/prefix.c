#include "signpost/base/prefix.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

static int address_family(uint8_t family)
{
    return family == IP_V4 ? AF_INET : AF_INET6;
}

/* The length behind the slash: decimal, no sign, no leading zero. */
static bool read_length(const char *text, unsigned most, uint8_t *out_length)
{
    unsigned length = 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 3 || text[digits] != '\0' || (text[0] == '0' && digits > 1))
        return false;
    for (; *text != '\0'; text++)
        length = length * 10 + (unsigned)(*text - '0');
    *out_length = (uint8_t)length;
    return length <= most;
}

const char *prefix_from_text(struct ip_prefix *out_prefix, const char *text)
{
    char address[INET6_ADDRSTRLEN];
    size_t size = strcspn(text, "/");
    struct ip_prefix prefix = { .family = memchr(text, ':', size) == NULL ? IP_V4 : IP_V6 };
    if (size >= sizeof address)
        return "is no IPv4 or IPv6 address";
    memcpy(address, text, size);
    address[size] = '\0';
    if (inet_pton(address_family(prefix.family), address, prefix.octets) != 1)
        return "is no IPv4 or IPv6 address";
    prefix.length = (uint8_t)prefix_bits(prefix.family);
    if (text[size] == '/' &&
        !read_length(text + size + 1, prefix_bits(prefix.family), &prefix.length))
        return prefix.family == IP_V4 ? "has a length that is none from 0 to 32"
                                      : "has a length that is none from 0 to 128";
    struct ip_prefix masked = prefix;
    prefix_mask(&masked);
    if (memcmp(masked.octets, prefix.octets, sizeof masked.octets) != 0)
        return "has bits set behind its length";
    *out_prefix = prefix;
    return NULL;
}

const char *prefix_to_text(char out[PREFIX_TEXT_SIZE], const struct ip_prefix *prefix)
{
    char address[INET6_ADDRSTRLEN] = "?";
    inet_ntop(address_family(prefix->family), prefix->octets, address, sizeof address);
    if (prefix->length == prefix_bits(prefix->family))
        snprintf(out, PREFIX_TEXT_SIZE, "%.39s", address);
    else
        snprintf(out, PREFIX_TEXT_SIZE, "%.39s/%u", address, prefix->length);
    return out;
}

void prefix_from_address(struct ip_prefix *out_prefix, const struct sockaddr_storage *address)
{
    *out_prefix = (struct ip_prefix){ .family = IP_V4, .length = 32 };
    if (address->ss_family == AF_INET) {
        memcpy(out_prefix->octets, &((const struct sockaddr_in *)address)->sin_addr, 4);
        return;
    }
    const struct in6_addr *v6 = &((const struct sockaddr_in6 *)address)->sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(v6)) {
        memcpy(out_prefix->octets, v6->s6_addr + 12, 4);
        return;
    }
    *out_prefix = (struct ip_prefix){ .family = IP_V6, .length = 128 };
    memcpy(out_prefix->octets, v6, 16);
}

void prefix_mask(struct ip_prefix *prefix)
{
    unsigned whole = prefix->length / 8;
    unsigned rest = prefix->length % 8;
    if (whole >= sizeof prefix->octets)
        return;
    prefix->octets[whole] &= (uint8_t)(0xff00u >> rest);
    memset(prefix->octets + whole + 1, 0, sizeof prefix->octets - whole - 1);
}

bool prefix_contains(const struct ip_prefix *outer, const struct ip_prefix *inner)
{
    unsigned whole = outer->length / 8;
    unsigned rest = outer->length % 8;
    if (outer->family != inner->family || outer->length > inner->length ||
        memcmp(outer->octets, inner->octets, whole) != 0)
        return false;
    return rest == 0 || (outer->octets[whole] ^ inner->octets[whole]) >> (8 - rest) == 0;
}

int prefix_compare(const struct ip_prefix *a, const struct ip_prefix *b)
{
    if (a->family != b->family)
        return a->family < b->family ? -1 : 1;
    int order = memcmp(a->octets, b->octets, sizeof a->octets);
    if (order != 0)
        return order;
    return (a->length > b->length) - (a->length < b->length);
}
