/*
 * The places of geolocation routing, in the order of A-GEO-1: the default, every country with its
 * subdivisions behind it, then the continents.  The whole list is a few hundred entries and is made
 * anew for each request.
 */
#include "operations.h"

#include "signpost/geo/places.h"

#include <string.h>

#define DEFAULT_CODE "*" /* whoever is nowhere */

/* ---- entries ---- */

static struct r53_geo_location_details entry_of_default(void)
{
    return (struct r53_geo_location_details){ .country_code = DEFAULT_CODE,
                                              .country_name = "Default" };
}

static struct r53_geo_location_details entry_of_country(const struct geo_country *country)
{
    return (struct r53_geo_location_details){ .country_code = country->code,
                                              .country_name = country->name };
}

static struct r53_geo_location_details entry_of_subdivision(
    const struct geo_country *country, const struct geo_subdivision *subdivision)
{
    struct r53_geo_location_details entry = entry_of_country(country);
    entry.subdivision_code = subdivision->code;
    entry.subdivision_name = subdivision->name;
    return entry;
}

static struct r53_geo_location_details entry_of_continent(unsigned index)
{
    return (struct r53_geo_location_details){ .continent_code = geo_continent_code(index),
                                              .continent_name = geo_continent_name(index) };
}

/* ---- one ---- */

static bool find_in_country(const char *country_code, const char *subdivision_code,
                            struct r53_geo_location_details *out_entry)
{
    const struct geo_country *country = geo_country_find(country_code);
    const struct geo_subdivision *subdivision = NULL;
    if (country == NULL)
        return false;
    if (subdivision_code == NULL) {
        *out_entry = entry_of_country(country);
        return true;
    }
    subdivision = geo_subdivision_find(country_code, subdivision_code);
    if (subdivision != NULL)
        *out_entry = entry_of_subdivision(country, subdivision);
    return subdivision != NULL;
}

static bool find(const struct r53_get_geo_location_query *query,
                 struct r53_geo_location_details *out_entry)
{
    if (query->continent_code != NULL) {
        unsigned index = geo_continent_find(query->continent_code);
        if (index != GEO_CONTINENT_NONE)
            *out_entry = entry_of_continent(index);
        return index != GEO_CONTINENT_NONE;
    }
    if (strcmp(query->country_code, DEFAULT_CODE) != 0)
        return find_in_country(query->country_code, query->subdivision_code, out_entry);
    *out_entry = entry_of_default();
    return query->subdivision_code == NULL;
}

/* A-GEO-4: a continent alone, or a country, which may come with a subdivision. */
static int check_combination(struct route53_call *call, const char *continent, const char *country,
                             const char *subdivision)
{
    if (continent != NULL && (country != NULL || subdivision != NULL))
        return route53_refuse(call, INVALID_INPUT,
                              "A continent code must not come with a country code or a "
                              "subdivision code.");
    if (subdivision != NULL && country == NULL)
        return route53_refuse(call, INVALID_INPUT,
                              "A subdivision code must come with a country code.");
    return 0;
}

int route53_get_geo_location(struct route53_call *call)
{
    const struct r53_get_geo_location_query *query = call->query;
    struct r53_get_geo_location_response *response = call->response;
    int rc = check_combination(call, query->continent_code, query->country_code,
                               query->subdivision_code);
    if (rc != 0)
        return rc;
    if (query->continent_code == NULL && query->country_code == NULL)
        return route53_refuse(call, INVALID_INPUT,
                              "A continent code or a country code must be specified.");
    response->geo_location_details = ROUTE53_NEW(call, struct r53_geo_location_details);
    if (response->geo_location_details == NULL)
        return route53_no_memory(call);
    if (!find(query, response->geo_location_details))
        return route53_refuse(call, NO_SUCH_GEO_LOCATION,
                              "The specified geo location is not supported.");
    return 0;
}

/* ---- all ---- */

/* Every entry in its order.  NULL: no memory. */
static struct r53_geo_location_details *list_all(struct arena *arena, unsigned *out_count)
{
    unsigned count = 0, next = 0; /* of the subdivisions, which are sorted by country as well */
    size_t most = 1 + geo_country_count() + geo_subdivision_count() + GEO_CONTINENT_COUNT;
    struct r53_geo_location_details *entries = arena_alloc(arena, most * sizeof *entries);
    if (entries == NULL)
        return NULL;
    entries[count++] = entry_of_default();
    for (unsigned i = 0; i < geo_country_count(); i++) {
        const struct geo_country *country = geo_country_at(i);
        entries[count++] = entry_of_country(country);
        for (; next < geo_subdivision_count() &&
               strcmp(geo_subdivision_at(next)->country, country->code) == 0;
             next++)
            entries[count++] = entry_of_subdivision(country, geo_subdivision_at(next));
    }
    for (unsigned i = 0; i < GEO_CONTINENT_COUNT; i++)
        entries[count++] = entry_of_continent(i);
    *out_count = count;
    return entries;
}

/* Whether an entry comes before the start, which need not be the code of any. */
static bool is_before(const struct r53_geo_location_details *entry,
                      const struct r53_list_geo_locations_query *start)
{
    if (start->start_continent_code != NULL)
        return entry->continent_code == NULL ||
               strcmp(entry->continent_code, start->start_continent_code) < 0;
    if (start->start_country_code == NULL || entry->country_code == NULL)
        return false;
    int order = strcmp(entry->country_code, start->start_country_code);
    if (order != 0 || start->start_subdivision_code == NULL)
        return order < 0;
    return entry->subdivision_code == NULL ||
           strcmp(entry->subdivision_code, start->start_subdivision_code) < 0;
}

static void put_page(struct r53_list_geo_locations_response *response,
                     struct r53_geo_location_details *entries, unsigned left, unsigned size)
{
    unsigned count = left < size ? left : size;
    response->geo_location_details_list = (struct xml_list){ true, count, entries };
    response->is_truncated = (struct xml_boolean){ true, left > size };
    if (left <= size)
        return;
    response->next_continent_code = entries[count].continent_code;
    response->next_country_code = entries[count].country_code;
    response->next_subdivision_code = entries[count].subdivision_code;
}

int route53_list_geo_locations(struct route53_call *call)
{
    const struct r53_list_geo_locations_query *query = call->query;
    struct r53_list_geo_locations_response *response = call->response;
    unsigned size, count, first = 0;
    int rc = check_combination(call, query->start_continent_code, query->start_country_code,
                               query->start_subdivision_code);
    if (rc == 0)
        rc = route53_page_size(call, query->max_items, GEO_LOCATIONS_PER_PAGE,
                               GEO_LOCATIONS_PER_PAGE_MAX, &size);
    if (rc != 0)
        return rc;
    struct r53_geo_location_details *entries = list_all(call->arena, &count);
    response->max_items = route53_number(call, size);
    if (entries == NULL || response->max_items == NULL)
        return route53_no_memory(call);
    while (first < count && is_before(&entries[first], query))
        first++;
    put_page(response, entries + first, count - first, size);
    return 0;
}
