#include "signpost/model/hosted_zone.h"

#include <stdio.h>
#include <string.h>

/* Route 53 writes newer ids as a letter and twenty characters: enough never to be drawn twice. */
#define PUBLIC_ID_DRAWN 20

/* The families of R-ZON-5. */
#define FAMILY_SIZE (ZONE_SERVER_NUMBERS / ZONE_SERVER_COUNT)
static const char *const family_suffix[ZONE_SERVER_COUNT] = { "com", "net", "org", "co.uk" };

void public_id_draw(char out_id[ZONE_ID_TEXT_SIZE], char kind, struct dice *dice)
{
    static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    out_id[0] = kind;
    for (unsigned i = 1; i <= PUBLIC_ID_DRAWN; i++)
        out_id[i] = letters[dice_below(dice, sizeof letters - 1)];
    out_id[1 + PUBLIC_ID_DRAWN] = '\0';
}

void name_servers_draw(uint16_t out_servers[ZONE_SERVER_COUNT], struct dice *dice)
{
    /* The first number of each family is what private zones show; no public zone gets it (R-ZON-6).
     */
    for (unsigned family = 0; family < ZONE_SERVER_COUNT; family++) {
        uint32_t within = 1 + dice_below(dice, FAMILY_SIZE - 1);
        out_servers[family] = (uint16_t)(family * FAMILY_SIZE + within);
    }
}

void hosted_zone_draw(struct hosted_zone *zone, struct dice *dice)
{
    public_id_draw(zone->public_id, 'Z', dice);
    name_servers_draw(zone->name_servers, dice);
}

size_t hosted_zone_server_name(uint8_t out[DNS_NAME_SIZE_MAX], const struct zone_defaults *defaults,
                               uint16_t number)
{
    char text[64];
    const char *why;
    int size = snprintf(text, sizeof text, "ns-%u.awsdns-%02u.%s", number, number % FAMILY_SIZE / 8,
                        family_suffix[number / FAMILY_SIZE % ZONE_SERVER_COUNT]);

    return dns_name_from_text(out, text, (size_t)size, defaults->server_domain, &why);
}
