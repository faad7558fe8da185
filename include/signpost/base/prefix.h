/*
 * base/prefix.h - an address prefix: IPv4 or IPv6, and how many of its bits count.
 *
 * Any thread.
 */
#ifndef SIGNPOST_BASE_PREFIX_H
#define SIGNPOST_BASE_PREFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct ip_prefix {
    uint8_t family;     /* IP_V4 or IP_V6 */
    uint8_t length;     /* bits that count: at most 32 or 128 */
    uint8_t octets[16]; /* network order, IPv4 in the first four; zero behind length */
};

enum { IP_V4 = 4, IP_V6 = 6 };

#define PREFIX_TEXT_SIZE 44 /* an IPv6 address, "/128" and a zero */

static inline unsigned prefix_bits(uint8_t family)
{
    return family == IP_V4 ? 32 : 128;
}

/* Reads "192.0.2.0/24" or "2001:db8::/32"; a bare address is the whole of it.  NULL when it went
 * well, else why not (a constant).  Bits set behind the length are an error: nobody means them. */
const char *prefix_from_text(struct ip_prefix *out_prefix, const char *text);

/* Writes "192.0.2.0/24"; an address in full length gets no "/32".  Returns out. */
const char *prefix_to_text(char out[PREFIX_TEXT_SIZE], const struct ip_prefix *prefix);

/* The whole address of a socket.  An IPv4 address mapped into IPv6 becomes IPv4. */
void prefix_from_address(struct ip_prefix *out_prefix, const struct sockaddr_storage *address);

/* Clears the octets and bits behind the length. */
void prefix_mask(struct ip_prefix *prefix);

/* Whether all of inner lies in outer; an equal prefix does. */
bool prefix_contains(const struct ip_prefix *outer, const struct ip_prefix *inner);

/* By family, address and length: a prefix comes before those that lie in it. */
int prefix_compare(const struct ip_prefix *a, const struct ip_prefix *b);

#endif
