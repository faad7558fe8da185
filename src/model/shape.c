/*
 * What a record set must be whatever stands around it: Route 53 answers such a fault before it
 * looks at the zone (A-CHG-10 to A-CHG-17).
 */
#include "check.h"

#include "signpost/geo/places.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void reason_set(struct reason *reason, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason->text, sizeof reason->text, format, arguments);
    va_end(arguments);
    for (char *at = reason->text; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?'; /* of texts that no user meant, for no terminal to obey */
}

/* A-CHG-10. */
static void check_content(const struct record_set *set, struct reason *reason)
{
    bool has_values = set->value_count > 0;
    bool has_instance = set->traffic_policy_instance != NULL;
    if (set->alias == NULL && !has_values && !has_instance)
        reason_set(reason,
                   "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "
                   "ResourceRecords], or TrafficPolicyInstanceId], but found none");
    else if (set->alias != NULL && (has_values || set->ttl_s != 0))
        reason_set(reason,
                   "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "
                   "ResourceRecords], or TrafficPolicyInstanceId], but found more than one");
    else if (set->ttl_s > DNS_TTL_MAX)
        reason_set(reason, "the TTL %u is above %u", set->ttl_s, DNS_TTL_MAX);
}

/* ---- set identifiers ---- */

/* The octets of the first character, which must be printable; 0: it is not, or it is no UTF-8. */
static size_t printable_size(const uint8_t *text)
{
    static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    uint32_t character = text[0];
    size_t size = character < 0x80 ? 1 : character >> 5 == 6 ? 2 : character >> 4 == 14 ? 3 : 4;
    if (size == 4 && character >> 3 != 30)
        return 0;
    if (size > 1)
        character &= 0x7fu >> size;
    for (size_t i = 1; i < size; i++) {
        if (text[i] >> 6 != 2)
            return 0;
        character = character << 6 | (text[i] & 0x3f);
    }
    bool is_control = character < ' ' || (character >= 0x7f && character < 0xa0);
    bool is_surrogate = character >> 11 == 27;
    bool is_no_character = character > 0x10ffff || (character & 0xfffe) == 0xfffe;
    bool is_printable = !is_control && !is_surrogate && !is_no_character;
    return is_printable && character >= least[size] ? size : 0;
}

static bool is_identifier(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    unsigned length = 0;
    size_t size = 1;
    for (; *at != '\0' && (size = printable_size(at)) > 0; at += size)
        length++;
    return size > 0 && length <= SET_IDENTIFIER_LENGTH_MAX;
}

/* A-CHG-11, A-CHG-12. */
static void check_identifier(const struct record_set *set, struct reason *reason)
{
    bool has_identifier = set->set_identifier[0] != '\0';
    bool needs_routing = set->policy != ROUTING_SIMPLE && set->policy != ROUTING_MULTIVALUE;
    if (set->policy != ROUTING_SIMPLE && !has_identifier)
        reason_set(reason, "Invalid request: Missing field 'SetIdentifier'");
    else if ((set->policy == ROUTING_SIMPLE && has_identifier) ||
             (needs_routing && set->routing == NULL))
        reason_set(reason, "Invalid request: Expected exactly one of [Weight, Region, Failover, "
                           "GeoLocation, MultiValueAnswer, GeoProximityLocation, or "
                           "CidrRoutingConfig], but found none");
    else if (!is_identifier(set->set_identifier))
        reason_set(reason, "a set identifier is 1 to %d characters of printable text",
                   SET_IDENTIFIER_LENGTH_MAX);
}

/* ---- places ---- */

static void check_region(const char *region, struct reason *reason)
{
    if (geo_region_find(region) == GEO_REGION_NONE)
        reason_set(reason, "there is no Region \"%s\" (they are written as eu-west-1)", region);
}

/* R-GEO-1, R-GEO-2. */
static void check_geolocation(const struct routing *routing, struct reason *reason)
{
    const char *continent = routing->continent, *country = routing->country;
    const char *subdivision = routing->subdivision;
    bool is_default = strcmp(country, "*") == 0;
    if ((*continent == '\0') == (*country == '\0') ||
        (*continent != '\0' && *subdivision != '\0') || (is_default && *subdivision != '\0'))
        reason_set(reason,
                   "a geolocation is a continent, a country, a country and its subdivision, "
                   "or * in place of a country");
    else if (*continent != '\0' && geo_continent_find(continent) == GEO_CONTINENT_NONE)
        reason_set(reason, "there is no continent \"%s\" (there are AF, AN, AS, EU, NA, OC and SA)",
                   continent);
    else if (*country != '\0' && !is_default && geo_country_find(country) == NULL)
        reason_set(reason, "there is no country \"%s\" (two capital letters of ISO 3166, as GB)",
                   country);
    else if (*subdivision != '\0' && geo_subdivision_find(country, subdivision) == NULL)
        reason_set(reason, "there is no subdivision \"%s\" of %s (only US and UA have some)",
                   subdivision, country);
}

bool check__coordinate(const char *text, int limit, int *out_hundredths)
{
    bool is_negative = *text == '-';
    int whole = 0, hundredths = 0;
    unsigned digits = 0, decimals = 0;
    text += is_negative || *text == '+';
    for (; isdigit((unsigned char)*text) && digits < 3; text++, digits++)
        whole = whole * 10 + *text - '0';
    if (*text == '.')
        for (text++; isdigit((unsigned char)*text) && decimals < 2; text++, decimals++)
            hundredths += (*text - '0') * (decimals == 0 ? 10 : 1);
    hundredths += whole * 100;
    *out_hundredths = is_negative ? -hundredths : hundredths;
    return *text == '\0' && digits > 0 && hundredths <= limit * 100;
}

/* R-GPX-1 to R-GPX-3. */
static void check_proximity(const struct routing *routing, struct reason *reason)
{
    int hundredths;
    bool has_latitude = *routing->latitude != '\0', has_longitude = *routing->longitude != '\0';
    bool has_region = *routing->region != '\0', has_group = *routing->local_zone_group != '\0';
    if (has_region + has_group + (has_latitude || has_longitude) != 1 ||
        has_latitude != has_longitude)
        reason_set(reason, "a geoproximity set has one place: a Region, a Local Zone group, or a "
                           "latitude and a longitude");
    else if (has_region)
        check_region(routing->region, reason);
    else if (has_group && geo_local_zone_find(routing->local_zone_group) == NULL)
        reason_set(reason, "there is no Local Zone group \"%s\" (such as us-west-2-den-1)",
                   routing->local_zone_group);
    else if (has_latitude && !check__coordinate(routing->latitude, 90, &hundredths))
        reason_set(reason, "\"%s\" is no latitude: -90 to 90, with at most two decimals",
                   routing->latitude);
    else if (has_longitude && !check__coordinate(routing->longitude, 180, &hundredths))
        reason_set(reason, "\"%s\" is no longitude: -180 to 180, with at most two decimals",
                   routing->longitude);
    if (!reason_is_set(reason) && (routing->bias < -99 || routing->bias > 99))
        reason_set(reason, "the bias %d is not from -99 to 99", routing->bias);
}

/* Whether they exist is asked elsewhere. */
static void check_cidr(const struct routing *routing, struct reason *reason)
{
    if (*routing->collection == '\0' || *routing->location == '\0')
        reason_set(reason, "a CIDR set names a collection and a location of it, or * for the rest");
}

static void check_routing(const struct record_set *set, struct reason *reason)
{
    switch (set->policy) {
    case ROUTING_LATENCY:
        check_region(set->routing->region, reason);
        break;
    case ROUTING_GEOLOCATION:
        check_geolocation(set->routing, reason);
        break;
    case ROUTING_GEOPROXIMITY:
        check_proximity(set->routing, reason);
        break;
    case ROUTING_CIDR:
        check_cidr(set->routing, reason);
        break;
    case ROUTING_MULTIVALUE: /* A-CHG-13 */
        if (set->alias != NULL)
            reason_set(reason, "a multivalue answer set cannot be an alias");
        break;
    default:
        break;
    }
}

/* Which hosted zone an alias may name is another matter: an id of any shape may be one (A-ID-4). */
static void check_names(const struct record_set *set, struct reason *reason)
{
    const char *check = set->health_check;
    if (check != NULL && (*check == '\0' || strlen(check) > HEALTH_CHECK_ID_SIZE_MAX))
        reason_set(reason, "the id of a health check has 1 to %d octets", HEALTH_CHECK_ID_SIZE_MAX);
}

void check__shape(const struct record_set *set, struct reason *out_reason)
{
    static void (*const checks[])(const struct record_set *set,
                                  struct reason *reason) = { check_content, check_identifier,
                                                             check_routing, check_names };
    out_reason->text[0] = '\0';
    for (size_t i = 0; i < sizeof checks / sizeof *checks && !reason_is_set(out_reason); i++)
        checks[i](set, out_reason);
}
