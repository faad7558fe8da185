/*
 * dns/edns.h - the EDNS flags and options that are read and written here.
 */
#ifndef DNS_EDNS_H
#define DNS_EDNS_H

enum {
    EDNS_FLAG_DO = 0x8000,  /* RFC 3225 */
    EDNS_FLAG_CO = 0x4000,  /* RFC 9824 §5.1 */
    EDNS_OPTION_NSID = 3,   /* RFC 5001 */
    EDNS_OPTION_SUBNET = 8, /* RFC 7871 */
    EDNS_OPTION_ERROR = 15, /* RFC 8914 */
    EDNS_OPTION_HEADER = 4, /* octets of code and length */
    EDNS_SUBNET_FIXED = 4,  /* octets of a client-subnet option before the address */
    EDNS_ERROR_FIXED = 2,   /* octets of an extended error before its text: the info code */
    EDNS_ERROR_OTHER = 0,   /* RFC 8914 §4.1 */
};

#endif
