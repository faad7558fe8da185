/*
 * Addresses that are no endpoints on the Internet (R-HCE-6): the special-purpose registries of
 * RFC 6890, as far as they are not globally reachable, and multicast.
 */
#include "signpost/model/health_check.h"

static const struct ip_prefix special[] = {
    { IP_V4, 8, { 0 } },                    /* this network, RFC 791 */
    { IP_V4, 8, { 10 } },                   /* private use, RFC 1918 */
    { IP_V4, 10, { 100, 64 } },             /* shared by carriers, RFC 6598 */
    { IP_V4, 8, { 127 } },                  /* loopback, RFC 1122 */
    { IP_V4, 16, { 169, 254 } },            /* link-local, RFC 3927 */
    { IP_V4, 12, { 172, 16 } },             /* private use */
    { IP_V4, 24, { 192, 0, 0 } },           /* IETF protocols, RFC 6890 */
    { IP_V4, 24, { 192, 0, 2 } },           /* documentation, RFC 5737 */
    { IP_V4, 24, { 192, 88, 99 } },         /* 6to4 relays, RFC 7526 */
    { IP_V4, 16, { 192, 168 } },            /* private use */
    { IP_V4, 15, { 198, 18 } },             /* benchmarks, RFC 2544 */
    { IP_V4, 24, { 198, 51, 100 } },        /* documentation */
    { IP_V4, 24, { 203, 0, 113 } },         /* documentation */
    { IP_V4, 4, { 224 } },                  /* multicast, RFC 5771 */
    { IP_V4, 4, { 240 } },                  /* reserved and limited broadcast, RFC 1112, RFC 919 */
    { IP_V6, 96, { 0 } },                   /* unspecified, loopback, IPv4-compatible, RFC 4291 */
    { IP_V6, 96, { [10] = 255, 255 } },     /* IPv4-mapped, RFC 4291 */
    { IP_V6, 96, { 0, 0x64, 0xff, 0x9b } }, /* IPv4 translated, RFC 6052 */
    { IP_V6, 48, { 0, 0x64, 0xff, 0x9b, 0, 1 } }, /* the same, locally, RFC 8215 */
    { IP_V6, 64, { 1 } },                         /* discard only, RFC 6666 */
    { IP_V6, 23, { 0x20, 1 } },                   /* IETF protocols, RFC 2928 */
    { IP_V6, 32, { 0x20, 1, 0x0d, 0xb8 } },       /* documentation, RFC 3849 */
    { IP_V6, 16, { 0x20, 2 } },                   /* 6to4, RFC 3056 */
    { IP_V6, 20, { 0x3f, 0xff } },                /* documentation, RFC 9637 */
    { IP_V6, 7, { 0xfc } },                       /* unique local, RFC 4193 */
    { IP_V6, 10, { 0xfe, 0x80 } },                /* link-local, RFC 4291 */
    { IP_V6, 10, { 0xfe, 0xc0 } },                /* site-local, once, RFC 3879 */
    { IP_V6, 8, { 0xff } },                       /* multicast, RFC 4291 */
};

bool address_is_special(const struct ip_prefix *address)
{
    for (unsigned i = 0; i < sizeof special / sizeof special[0]; i++)
        if (prefix_contains(&special[i], address))
            return true;
    return false;
}
