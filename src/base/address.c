#include "signpost/base/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

static bool is_v4(const struct sockaddr_storage *address)
{
    return address->ss_family == AF_INET;
}

static const struct in_addr *v4(const struct sockaddr_storage *address)
{
    return &((const struct sockaddr_in *)address)->sin_addr;
}

static const struct in6_addr *v6(const struct sockaddr_storage *address)
{
    return &((const struct sockaddr_in6 *)address)->sin6_addr;
}

socklen_t address_size(const struct sockaddr_storage *address)
{
    return is_v4(address) ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
}

uint16_t address_port(const struct sockaddr_storage *address)
{
    return ntohs(is_v4(address) ? ((const struct sockaddr_in *)address)->sin_port
                                : ((const struct sockaddr_in6 *)address)->sin6_port);
}

void address_set_port(struct sockaddr_storage *address, uint16_t port)
{
    if (is_v4(address))
        ((struct sockaddr_in *)address)->sin_port = htons(port);
    else
        ((struct sockaddr_in6 *)address)->sin6_port = htons(port);
}

const char *address_to_text(char out[ADDRESS_TEXT_SIZE], const struct sockaddr_storage *address)
{
    char host[INET6_ADDRSTRLEN] = "?";
    const void *octets = is_v4(address) ? (const void *)v4(address) : (const void *)v6(address);
    inet_ntop(address->ss_family, octets, host, sizeof host);
    snprintf(out, ADDRESS_TEXT_SIZE, "%s@%u", host, address_port(address));
    return out;
}

bool address_is_loopback(const struct sockaddr_storage *address)
{
    return is_v4(address) ? ntohl(v4(address)->s_addr) >> 24 == IN_LOOPBACKNET
                          : IN6_IS_ADDR_LOOPBACK(v6(address)) != 0;
}

bool address_is_wildcard(const struct sockaddr_storage *address)
{
    return is_v4(address) ? v4(address)->s_addr == INADDR_ANY
                          : IN6_IS_ADDR_UNSPECIFIED(v6(address)) != 0;
}
