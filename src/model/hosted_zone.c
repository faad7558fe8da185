#include "signpost/model/hosted_zone.h"

#include <stdio.h>
#include <string.h>

/* Route 53 writes newer ids as "Z" and twenty characters: enough never to be drawn twice. */
#define PUBLIC_ID_DRAWN 20

/* The four families of R-ZON-5, 512 numbers each. */
#define FAMILY_COUNT 4
#define FAMILY_SIZE  512
static const char *const family_suffix[FAMILY_COUNT] = { "com", "net", "org", "co.uk" };

static void draw_public_id(char out[ZONE_ID_TEXT_SIZE], struct dice *dice)
{
    static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    out[0] = 'Z';
    for (unsigned i = 1; i <= PUBLIC_ID_DRAWN; i++)
        out[i] = letters[dice_below(dice, sizeof letters - 1)];
    out[1 + PUBLIC_ID_DRAWN] = '\0';
}

void hosted_zone_draw(struct hosted_zone *zone, struct dice *dice)
{
    draw_public_id(zone->public_id, dice);

    /* The first number of each family is what private zones show; no public zone gets it (R-ZON-6).
     */
    for (unsigned family = 0; family < FAMILY_COUNT; family++) {
        uint32_t within = 1 + dice_below(dice, FAMILY_SIZE - 1);
        zone->name_servers[family] = (uint16_t)(family * FAMILY_SIZE + within);
    }
}

size_t hosted_zone_server_name(uint8_t out[DNS_NAME_SIZE_MAX], const struct zone_defaults *defaults,
                               uint16_t number)
{
    char text[64];
    const char *why;
    int size = snprintf(text, sizeof text, "ns-%u.awsdns-%02u.%s", number, number % FAMILY_SIZE / 8,
                        family_suffix[number / FAMILY_SIZE % FAMILY_COUNT]);

    return dns_name_from_text(out, text, (size_t)size, defaults->server_domain, &why);
}
