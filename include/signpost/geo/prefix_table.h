/*
 * geo/prefix_table.h - address prefixes, and the longest of them that contains an address.
 *
 * A table of a million prefixes takes a few tens of MiB, is made in well under a second and is
 * searched in a handful of memory accesses.  Immutable once made; any thread may search.
 */
#ifndef SIGNPOST_GEO_PREFIX_TABLE_H
#define SIGNPOST_GEO_PREFIX_TABLE_H

#include "signpost/base/prefix.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct prefix_table;

struct prefix_row {
    struct ip_prefix prefix;
    uint32_t value; /* the caller's, at most PREFIX_VALUE_MAX */
};

#define PREFIX_ROWS_MAX  0xfffffe
#define PREFIX_VALUE_MAX 0xfffffe

struct prefix_match {
    uint32_t value;
    uint8_t length; /* of the prefix that matched */
};

/* Rows in any order; they are sorted in place.  SP_EEXIST when one prefix is there twice (then
 * *out_twice is the higher of the two values), SP_ELIMIT for more than PREFIX_ROWS_MAX, SP_ENOMEM.
 * No rows are fine. */
int prefix_table_create(struct prefix_row *rows, size_t row_count, struct prefix_table **out_table,
                        uint32_t *out_twice);
void prefix_table_destroy(struct prefix_table *table); /* NULL is fine */

/* The longest prefix of the table that contains the whole of the client's: a block of /48 does not
 * match a client of /32 (R-CID-5).  false: none.  A NULL table has none. */
bool prefix_table_find(const struct prefix_table *table, const struct ip_prefix *client,
                       struct prefix_match *out_match);

/* The longest length that the table has of a family; 0: none. */
uint8_t prefix_table_longest(const struct prefix_table *table, uint8_t family);

size_t prefix_table_count(const struct prefix_table *table);
size_t prefix_table_memory(const struct prefix_table *table); /* octets */

#endif
