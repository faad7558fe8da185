/*
 * base/address.h - IPv4 and IPv6 socket addresses: as text, and what kind they are.
 *
 * Text is ADDRESS@PORT, as in the configuration.  Any thread.
 */
#ifndef SIGNPOST_BASE_ADDRESS_H
#define SIGNPOST_BASE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define ADDRESS_TEXT_SIZE 56 /* an IPv6 address with a scope, "@" and a port */

/* Octets of the kind of address that it is, as bind(2) wants them. */
socklen_t address_size(const struct sockaddr_storage *address);

uint16_t address_port(const struct sockaddr_storage *address);
void address_set_port(struct sockaddr_storage *address, uint16_t port);

/* Writes "127.0.0.1@5300"; returns out. */
const char *address_to_text(char out[ADDRESS_TEXT_SIZE], const struct sockaddr_storage *address);

bool address_is_loopback(const struct sockaddr_storage *address);
bool address_is_wildcard(const struct sockaddr_storage *address); /* 0.0.0.0 or :: */

#endif
