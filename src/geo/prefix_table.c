/*
 * The prefixes of a family cut its addresses into stretches, each of which has one longest prefix,
 * or none.  The stretches stand side by side in order of their first addresses, so the longest
 * prefix of an address is that of the last stretch that does not begin above it: however deep
 * prefixes nest, nothing has to be tried one after the other.
 *
 * An index over the bits behind those that all stretches have in common says where to look: it has
 * a place for about every sixteen stretches, and each place names its first stretch.  What
 * is left, a handful when prefixes are spread evenly, is searched by halving.  So looking up waits
 * for memory about twice, once for the index and once for the stretches.  Where prefixes crowd,
 * each doubling costs one more comparison.  (A trie of 64-way nodes in the place of the index was
 * tried: twice the time with a million prefixes, because its nodes do not stay in the cache.)
 *
 * A client's prefix shorter than the longest prefix there goes on to the row that encloses it.
 */
#include "signpost/geo/prefix_table.h"

#include "signpost/base/status.h"

#include <stdlib.h>
#include <string.h>

#define PLACE_SHARE_BITS 4 /* a place of the index for sixteen stretches */
#define INDEX_BITS_MAX   20
#define FETCHED_MAX      512 /* octets of stretches that are fetched from memory at once */
#define ADDRESS_BITS     128
#define NO_ROW           0xffffffu
#define NOTHING          UINT32_MAX /* what is said of addresses without a prefix */

typedef unsigned __int128 address; /* of IPv4: in the topmost 32 bits */

/* A prefix, and what encloses it. */
struct row {
    uint32_t value;
    uint32_t encloser : 24; /* NO_ROW: nothing */
    uint32_t length : 8;
};

/*
 * All prefixes of one family.  A stretch is its first address, in as many octets as tell this
 * family's prefixes apart, and one word: the value and the length of its prefix, or NOTHING.
 */
struct table {
    uint32_t row_count, count;
    uint8_t longest;
    uint8_t address_size; /* 4, 8 (IPv6, nothing longer than /64) or 16 */
    uint8_t *stretches;   /* count of them */
    uint32_t *row_of;     /* for each stretch, its prefix; NO_ROW: none */
    struct row *rows;
    uint32_t *index; /* for each place its first stretch; one more ends the last */
    uint8_t skip;    /* the bits that all stretches have in common: the index looks behind them */
    uint8_t index_bits;
};

struct prefix_table {
    struct table v4, v6;
};

/* Addresses as numbers. */

static inline address read_address(const struct ip_prefix *prefix)
{
    uint64_t high, low;
    uint32_t v4;
    if (prefix->family == IP_V4) {
        memcpy(&v4, prefix->octets, sizeof v4);
        return (address)__builtin_bswap32(v4) << 96;
    }
    memcpy(&high, prefix->octets, sizeof high);
    memcpy(&low, prefix->octets + 8, sizeof low);
    return (address)__builtin_bswap64(high) << 64 | __builtin_bswap64(low);
}

static inline const uint8_t *stretch_at(const struct table *table, uint32_t stretch,
                                        unsigned address_size)
{
    return table->stretches + (size_t)stretch * (address_size + sizeof(uint32_t));
}

static inline address begin_at(const struct table *table, uint32_t stretch, unsigned address_size)
{
    const uint8_t *from = stretch_at(table, stretch, address_size);
    uint32_t half;
    uint64_t word;
    address whole;
    switch (address_size) {
    case 4:
        memcpy(&half, from, sizeof half);
        return (address)half << 96;
    case 8:
        memcpy(&word, from, sizeof word);
        return (address)word << 64;
    default:
        memcpy(&whole, from, sizeof whole);
        return whole;
    }
}

static inline address begin_of(const struct table *table, uint32_t stretch)
{
    return begin_at(table, stretch, table->address_size);
}

/* Whether a stretch begins above the key. */
static inline bool is_above(const struct table *table, uint32_t stretch, address key,
                            unsigned address_size)
{
    address begin = begin_at(table, stretch, address_size);
    switch (address_size) {
    case 4:
        return (uint32_t)(begin >> 96) > (uint32_t)(key >> 96);
    case 8:
        return (uint64_t)(begin >> 64) > (uint64_t)(key >> 64);
    default:
        return begin > key;
    }
}

static inline uint32_t word_of(const struct table *table, uint32_t stretch)
{
    uint32_t word;
    memcpy(&word, stretch_at(table, stretch, table->address_size) + table->address_size,
           sizeof word);
    return word;
}

static void set_stretch(struct table *table, uint32_t stretch, address begin, uint32_t word)
{
    uint8_t *to = table->stretches + (size_t)stretch * (table->address_size + sizeof word);
    address topmost = begin >> (ADDRESS_BITS - table->address_size * 8);
    memcpy(to, &topmost, table->address_size); /* this machine's order: see begin_at */
    memcpy(to + table->address_size, &word, sizeof word);
}

/* How many bits, from the topmost on, two addresses have in common. */
static inline unsigned common_bits(address a, address b)
{
    address differ = a ^ b;
    uint64_t high = (uint64_t)(differ >> 64), low = (uint64_t)differ;
    if (high != 0)
        return (unsigned)__builtin_clzll(high);
    return low != 0 ? 64 + (unsigned)__builtin_clzll(low) : ADDRESS_BITS;
}

/* Where the index has an address that has the common bits. */
static inline uint32_t place_of(const struct table *table, address key)
{
    return (uint32_t)(key << table->skip >> (ADDRESS_BITS - table->index_bits));
}

/* Making: the stretches. */

/* What begins where something began already takes its place. */
static void add_stretch(struct table *table, address begin, uint32_t row)
{
    uint32_t word = NOTHING;
    if (row != NO_ROW)
        word = table->rows[row].value << 8 | table->rows[row].length;
    if (table->count == 0 || begin_of(table, table->count - 1) != begin)
        table->count++;
    set_stretch(table, table->count - 1, begin, word);
    table->row_of[table->count - 1] = row;
}

/* Behind a prefix, what encloses it goes on; nothing comes behind the last address. */
static void end_row(struct table *table, const struct prefix_row *rows, uint32_t row)
{
    unsigned length = rows[row].prefix.length;
    address size = length == 0 ? 0 : (address)1 << (ADDRESS_BITS - length);
    address end = read_address(&rows[row].prefix) + size;
    if (end != 0)
        add_stretch(table, end, table->rows[row].encloser);
}

/* The rows of the family are sorted: what encloses others stands before them. */
static void fill_stretches(struct table *table, const struct prefix_row *rows)
{
    uint32_t open[ADDRESS_BITS + 1]; /* the rows that the current one lies in, outermost first */
    unsigned depth = 0;
    for (uint32_t i = 0; i < table->row_count; i++) {
        const struct ip_prefix *prefix = &rows[i].prefix;
        while (depth > 0 && !prefix_contains(&rows[open[depth - 1]].prefix, prefix))
            end_row(table, rows, open[--depth]);
        table->rows[i] = (struct row){ .value = rows[i].value,
                                       .encloser = depth > 0 ? open[depth - 1] : NO_ROW,
                                       .length = prefix->length };
        add_stretch(table, read_address(prefix), i);
        open[depth++] = i;
    }
    while (depth > 0)
        end_row(table, rows, open[--depth]);
}

/* Making: the index. */

static uint8_t index_bits_for(uint32_t count)
{
    uint8_t bits = 1;
    while (bits < INDEX_BITS_MAX && count >> (bits + PLACE_SHARE_BITS) > 0)
        bits++;
    return bits;
}

static int fill_index(struct table *table)
{
    table->skip = (uint8_t)common_bits(begin_of(table, 0), begin_of(table, table->count - 1));
    table->skip %= ADDRESS_BITS; /* a single stretch has all of them in common */
    table->index_bits = index_bits_for(table->count);
    uint32_t place_count = 1u << table->index_bits;
    table->index = calloc(place_count + (size_t)1, sizeof *table->index);
    if (table->index == NULL)
        return SP_ENOMEM;
    for (uint32_t i = 0; i < table->count; i++)
        table->index[place_of(table, begin_of(table, i)) + 1]++;
    for (uint32_t place = 0; place < place_count; place++)
        table->index[place + 1] += table->index[place];
    return 0;
}

/* Making: all of it. */

/* Gives back what was not needed; a piece never grows here. */
static void *shrink(void *piece, size_t size)
{
    void *smaller = realloc(piece, size);
    return smaller != NULL ? smaller : piece;
}

static int fill_table(struct table *table, const struct prefix_row *rows, uint32_t count)
{
    if (count == 0)
        return 0;
    for (uint32_t i = 0; i < count; i++)
        if (rows[i].prefix.length > table->longest)
            table->longest = rows[i].prefix.length;
    table->address_size = rows[0].prefix.family == IP_V4 ? 4 : table->longest <= 64 ? 8 : 16;
    table->row_count = count;
    table->rows = calloc(count, sizeof *table->rows);
    table->stretches = calloc((size_t)count * 2, table->address_size + sizeof(uint32_t));
    table->row_of = calloc((size_t)count * 2, sizeof *table->row_of);
    if (table->rows == NULL || table->stretches == NULL || table->row_of == NULL)
        return SP_ENOMEM;
    fill_stretches(table, rows);
    table->stretches =
        shrink(table->stretches, (size_t)table->count * (table->address_size + sizeof(uint32_t)));
    table->row_of = shrink(table->row_of, table->count * sizeof *table->row_of);
    return fill_index(table);
}

static int compare_rows(const void *a, const void *b)
{
    return prefix_compare(&((const struct prefix_row *)a)->prefix,
                          &((const struct prefix_row *)b)->prefix);
}

/* Sorts, unless they are sorted already as those that come out of a database are. */
static int sort_rows(struct prefix_row *rows, size_t count, uint32_t *out_twice)
{
    size_t i = 1;
    while (i < count && compare_rows(&rows[i - 1], &rows[i]) < 0)
        i++;
    if (i >= count)
        return 0;
    qsort(rows, count, sizeof *rows, compare_rows);
    for (i = 1; i < count; i++)
        if (compare_rows(&rows[i - 1], &rows[i]) == 0) {
            uint32_t a = rows[i - 1].value, b = rows[i].value;
            *out_twice = a > b ? a : b;
            return SP_EEXIST;
        }
    return 0;
}

int prefix_table_create(struct prefix_row *rows, size_t row_count, struct prefix_table **out_table,
                        uint32_t *out_twice)
{
    uint32_t v4_count = 0;
    if (row_count > PREFIX_ROWS_MAX)
        return SP_ELIMIT;
    int rc = sort_rows(rows, row_count, out_twice);
    if (rc != 0)
        return rc;
    struct prefix_table *prefixes = calloc(1, sizeof *prefixes);
    if (prefixes == NULL)
        return SP_ENOMEM;
    while (v4_count < row_count && rows[v4_count].prefix.family == IP_V4)
        v4_count++;
    rc = fill_table(&prefixes->v4, rows, v4_count);
    if (rc == 0)
        rc = fill_table(&prefixes->v6, rows + v4_count, (uint32_t)row_count - v4_count);
    if (rc == 0)
        *out_table = prefixes;
    else
        prefix_table_destroy(prefixes);
    return rc;
}

static void finish_table(struct table *table)
{
    free(table->stretches);
    free(table->row_of);
    free(table->rows);
    free(table->index);
}

void prefix_table_destroy(struct prefix_table *prefixes)
{
    if (prefixes == NULL)
        return;
    finish_table(&prefixes->v4);
    finish_table(&prefixes->v6);
    free(prefixes);
}

/* Searching. */

static const struct table *table_of(const struct prefix_table *prefixes, uint8_t family)
{
    return family == IP_V4 ? &prefixes->v4 : &prefixes->v6;
}

static inline void fetch(const void *from, size_t size)
{
    for (size_t at = 0; at < size && at < FETCHED_MAX; at += 64)
        __builtin_prefetch((const char *)from + at);
}

/* How many of the stretches from first to before end do not begin above the key, and first. */
static inline __attribute__((always_inline)) uint32_t search(const struct table *table,
                                                             uint32_t first, uint32_t end,
                                                             address key, unsigned address_size)
{
    uint32_t count = end - first;
    fetch(stretch_at(table, first, address_size), count * (address_size + sizeof(uint32_t)));
    while (count > 0) {
        uint32_t half = (count + 1) / 2;
        bool is_behind = !is_above(table, first + half - 1, key, address_size);
        first += is_behind ? half : 0;
        count = is_behind ? count - half : half - 1;
    }
    return first;
}

/* The last stretch that does not begin above the key, counted from 1; 0: all begin above it.
 * Between the first and the last one the key has the common bits. */
static inline uint32_t find_stretch(const struct table *table, address key)
{
    if (key < begin_of(table, 0))
        return 0;
    if (key >= begin_of(table, table->count - 1))
        return table->count;
    const uint32_t *place = &table->index[place_of(table, key)];
    switch (table->address_size) {
    case 4:
        return search(table, place[0], place[1], key, 4);
    case 8:
        return search(table, place[0], place[1], key, 8);
    default:
        return search(table, place[0], place[1], key, 16);
    }
}

bool prefix_table_find(const struct prefix_table *prefixes, const struct ip_prefix *client,
                       struct prefix_match *out_match)
{
    const struct table *table = prefixes == NULL ? NULL : table_of(prefixes, client->family);
    uint32_t number =
        table == NULL || table->count == 0 ? 0 : find_stretch(table, read_address(client));
    uint32_t word = number == 0 ? NOTHING : word_of(table, number - 1);
    if (word == NOTHING)
        return false;
    if ((uint8_t)word <= client->length) {
        *out_match = (struct prefix_match){ word >> 8, (uint8_t)word };
        return true;
    }
    uint32_t row = table->rows[table->row_of[number - 1]].encloser;
    while (row != NO_ROW && table->rows[row].length > client->length)
        row = table->rows[row].encloser;
    if (row == NO_ROW)
        return false;
    *out_match = (struct prefix_match){ table->rows[row].value, (uint8_t)table->rows[row].length };
    return true;
}

uint8_t prefix_table_longest(const struct prefix_table *prefixes, uint8_t family)
{
    return prefixes == NULL ? 0 : table_of(prefixes, family)->longest;
}

size_t prefix_table_count(const struct prefix_table *prefixes)
{
    return prefixes == NULL ? 0 : (size_t)prefixes->v4.row_count + prefixes->v6.row_count;
}

static size_t table_memory(const struct table *table)
{
    return table->row_count * sizeof *table->rows +
           table->count * (table->address_size + sizeof(uint32_t) + sizeof *table->row_of) +
           (table->index == NULL ? 0 : ((size_t)1 << table->index_bits) * sizeof *table->index);
}

size_t prefix_table_memory(const struct prefix_table *prefixes)
{
    return prefixes == NULL
               ? 0
               : sizeof *prefixes + table_memory(&prefixes->v4) + table_memory(&prefixes->v6);
}
