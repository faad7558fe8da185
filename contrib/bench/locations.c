/*
 * locations - how long a location table takes to load, what it weighs, and what a lookup costs.
 *
 * The rows are drawn: both families, half of them inside an earlier one, in one of 20,000 places.
 * The clients are addresses in rows drawn anew, and every tenth is any address.  They are looked up
 * one after the other, a million different ones, which finds nothing in the processor's caches, and
 * a thousand that keep coming back, as resolvers do.  `locations` (the script) builds and runs it:
 *
 *     locations ROWS
 */
#include "signpost/base/dice.h"
#include "signpost/geo/geography.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PLACES  20000
#define CLIENTS (1 << 20)
#define REGULAR (1 << 10) /* of the clients */
#define FEW     10

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void *room_for(size_t count, size_t size)
{
    void *room = calloc(count, size);
    if (room == NULL) {
        fprintf(stderr, "locations: no memory\n");
        exit(1);
    }
    return room;
}

/* As much of the Internet is written: IPv4 from /12 to /28, IPv6 in 2000::/3 from /24 to /56. */
static struct ip_prefix draw_prefix(struct dice *dice)
{
    bool v4 = dice_below(dice, 2) == 0;
    struct ip_prefix prefix = { .family = v4 ? IP_V4 : IP_V6 };
    prefix.length = (uint8_t)(v4 ? 12 + dice_below(dice, 17) : 24 + dice_below(dice, 33));
    for (unsigned i = 0; i < prefix_bits(prefix.family) / 8; i++)
        prefix.octets[i] = (uint8_t)dice_next(dice);
    if (!v4)
        prefix.octets[0] = 0x20 | (prefix.octets[0] & 0x1f);
    prefix_mask(&prefix);
    return prefix;
}

/* A longer prefix inside that one. */
static struct ip_prefix draw_inside(struct dice *dice, struct ip_prefix prefix)
{
    unsigned most = prefix.family == IP_V4 ? 32 : 64;
    for (unsigned bit = prefix.length; bit < most; bit++)
        if (dice_below(dice, 2) == 0)
            prefix.octets[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
    if (prefix.length < most)
        prefix.length = (uint8_t)(prefix.length + 1 + dice_below(dice, most - prefix.length));
    prefix_mask(&prefix);
    return prefix;
}

static struct place draw_place(struct dice *dice)
{
    uint32_t number = dice_below(dice, PLACES);
    const struct geo_country *country = geo_country_at(number % geo_country_count());
    return (struct place){ .continent = country->continent,
                           .region = GEO_REGION_NONE,
                           .country = { country->code[0], country->code[1] },
                           .has_point = true,
                           .latitude = (float)(number % 18000) / 100 - 90,
                           .longitude = (float)number / 100 - 100 };
}

static int compare(const void *a, const void *b)
{
    return location_row_compare(a, b);
}

/* Sorts, and drops what is there twice; how many are left. */
static size_t put_in_order(struct location_row *rows, size_t count)
{
    size_t kept = 1;
    qsort(rows, count, sizeof *rows, compare);
    for (size_t i = 1; i < count; i++)
        if (compare(&rows[kept - 1], &rows[i]) != 0)
            rows[kept++] = rows[i];
    return kept;
}

/* As they come out of the database: sorted and without doubles. */
static void draw_rows(struct dice *dice, struct location_row *rows, size_t count)
{
    for (size_t kept = 0; kept < count; kept = put_in_order(rows, count))
        for (size_t i = kept; i < count; i++) {
            rows[i].prefix = i < 2 || dice_below(dice, 2) == 0
                                 ? draw_prefix(dice)
                                 : draw_inside(dice, rows[dice_below(dice, (uint32_t)i)].prefix);
            rows[i].place = draw_place(dice);
        }
}

static void draw_clients(struct dice *dice, const struct location_row *rows, size_t count,
                         struct ip_prefix *clients)
{
    for (size_t i = 0; i < CLIENTS; i++) {
        clients[i] = dice_below(dice, 10) == 0
                         ? draw_prefix(dice)
                         : draw_inside(dice, rows[dice_below(dice, (uint32_t)count)].prefix);
        clients[i].length = (uint8_t)prefix_bits(clients[i].family);
    }
}

/* Nanoseconds a lookup, of the first so many clients in turn. */
static double time_lookups(const struct geography *geography, const struct ip_prefix *clients,
                           size_t different)
{
    struct place place;
    double started = now_s();
    for (size_t i = 0; i < CLIENTS; i++) {
        geography_locate(geography, &clients[i % different], &place);
        __asm__ volatile("" ::"r"(&place) : "memory");
    }
    return (now_s() - started) * 1e9 / CLIENTS;
}

static void measure(struct dice *dice, const struct location_row *rows, size_t count)
{
    struct problem problem = { 0 };
    struct geography *geography = NULL;
    struct ip_prefix *clients = room_for(CLIENTS, sizeof *clients);
    double started = now_s();
    if (geography_create(rows, count, NULL, 0, NULL, &geography, &problem) != 0) {
        fprintf(stderr, "locations: %s\n", problem.text);
        exit(1);
    }
    double loaded = now_s();
    draw_clients(dice, rows, count, clients);
    double regular_ns = time_lookups(geography, clients, REGULAR);
    double any_ns = time_lookups(geography, clients, CLIENTS);
    printf("%7zu prefixes: made in %.3f s, %.1f MiB; a lookup %.0f ns for regular clients, %.0f ns "
           "for others\n",
           count, loaded - started, (double)geography_memory(geography) / (1 << 20), regular_ns,
           any_ns);
    geography_unref(geography);
    free(clients);
}

int main(int argc, char **argv)
{
    struct dice dice;
    long count = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
    if (count < FEW || count > 4000000) {
        fprintf(stderr, "usage: locations ROWS (from %d to 4000000)\n", FEW);
        return 2;
    }
    dice_init_seeded(&dice, 1);
    struct location_row *rows = room_for((size_t)count, sizeof *rows);
    draw_rows(&dice, rows, FEW);
    measure(&dice, rows, FEW);
    draw_rows(&dice, rows, (size_t)count);
    measure(&dice, rows, (size_t)count);
    free(rows);
    return 0;
}
