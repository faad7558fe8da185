#include "signpost/geo/mmdb.h"

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#define COPY_SIZE    (1 << 24) /* octets of a file that are copied at a time */
#define SAMPLE_NODES 512       /* looked at when a file is opened; evenly spread over its tree */

enum field { CONTINENT, COUNTRY, SUBDIVISION, LATITUDE, LONGITUDE, FIELD_COUNT };

/* Under which names files have them: those of MaxMind and of DB-IP are nested, the others flat. */
#define NAMES_MAX 6
static const char *const names[FIELD_COUNT][NAMES_MAX][4] = {
    [CONTINENT] = { { "continent", "code" }, { "continent_code" }, { "continent" } },
    [COUNTRY] = { { "country", "iso_code" },
                  { "country_code" },
                  { "country" },
                  { "registered_country", "iso_code" } },
    [SUBDIVISION] = { { "subdivisions", "0", "iso_code" },
                      { "region_code" },
                      { "state1" },
                      { "state" },
                      { "region" } },
    [LATITUDE] = { { "location", "latitude" }, { "latitude" }, { "lat" } },
    [LONGITUDE] = { { "location", "longitude" }, { "longitude" }, { "lng" }, { "lon" } },
};

struct mmdb {
    uint32_t refs;
    MMDB_s file;
    struct mmdb_info info;
    const char *const *fields[FIELD_COUNT]; /* of names; NULL: the file has no such field */
};

/* Values. */

static bool is_text(const MMDB_entry_data_s *data)
{
    return data->has_data && data->type == MMDB_DATA_TYPE_UTF8_STRING;
}

static bool read_degrees(const MMDB_entry_data_s *data, float most, float *out_degrees)
{
    double value;
    if (is_text(data))
        return geo_decimal_read(data->utf8_string, data->data_size, most, out_degrees);
    if (data->has_data && data->type == MMDB_DATA_TYPE_DOUBLE)
        value = data->double_value;
    else if (data->has_data && data->type == MMDB_DATA_TYPE_FLOAT)
        value = (double)data->float_value;
    else
        return false;
    *out_degrees = (float)value;
    return isfinite(value) && value >= -most && value <= most;
}

/* A code of fewer than size letters; "" when the value is none. */
static void read_code(const MMDB_entry_data_s *data, char *out, size_t size)
{
    out[0] = '\0';
    if (!is_text(data) || data->data_size >= size)
        return;
    memcpy(out, data->utf8_string, data->data_size);
    out[data->data_size] = '\0';
}

static bool suits(enum field field, const MMDB_entry_data_s *data)
{
    float ignored;
    switch (field) {
    case LATITUDE:
        return read_degrees(data, GEO_LATITUDE_MAX, &ignored);
    case LONGITUDE:
        return read_degrees(data, GEO_LONGITUDE_MAX, &ignored);
    case CONTINENT:
    case COUNTRY:
        return is_text(data) && data->data_size == 2;
    default:
        return is_text(data) && data->data_size > 0;
    }
}

/* Opening. */

static int damaged(const char *path, struct problem *out_problem)
{
    return problem_set(out_problem, SP_EINVAL,
                       "%s: the file is damaged, or no MMDB file: fetch it again", path);
}

static int cannot_open(const char *path, int error, struct problem *out_problem)
{
    return problem_set(out_problem, error == ENOENT ? SP_ENOENT : SP_EIO,
                       "%s: cannot be opened: %s", path, strerror(error));
}

/* All of the file into memory that has a descriptor; 0 or the system's error. */
static int copy_file(int from, int to)
{
    ssize_t copied;
    while ((copied = sendfile(to, from, NULL, COPY_SIZE)) > 0)
        continue;
    return copied < 0 ? errno : 0;
}

/* libmaxminddb maps a file, and a mapping breaks with SIGBUS when somebody shortens the file under
 * it.  So it gets a copy that is ours alone. */
static int open_copy(struct mmdb *mmdb, const char *path, int copy, struct problem *out_problem)
{
    char name[32];
    snprintf(name, sizeof name, "/proc/self/fd/%d", copy);
    switch (MMDB_open(name, MMDB_MODE_MMAP, &mmdb->file)) {
    case MMDB_SUCCESS:
        return 0;
    case MMDB_FILE_OPEN_ERROR:
        return cannot_open(path, errno, out_problem);
    case MMDB_OUT_OF_MEMORY_ERROR:
        return problem_set(out_problem, SP_ENOMEM, "%s: no memory", path);
    default:
        return damaged(path, out_problem);
    }
}

static int open_file(struct mmdb *mmdb, const char *path, struct problem *out_problem)
{
    int from = open(path, O_RDONLY | O_CLOEXEC);
    int copy = from < 0 ? -1 : memfd_create("mmdb", MFD_CLOEXEC);
    int error = copy < 0 ? errno : copy_file(from, copy);
    int rc = error != 0 ? cannot_open(path, error, out_problem)
                        : open_copy(mmdb, path, copy, out_problem);
    if (from >= 0)
        close(from);
    if (copy >= 0)
        close(copy); /* the mapping stays */
    return rc;
}

/* Counts, for each field, under which names this entry has it.  false: the entry is damaged. */
static bool look_at(MMDB_entry_s *entry, unsigned counts[FIELD_COUNT][NAMES_MAX])
{
    for (unsigned field = 0; field < FIELD_COUNT; field++)
        for (unsigned i = 0; i < NAMES_MAX && names[field][i][0] != NULL; i++) {
            MMDB_entry_data_s data = { 0 };
            int status = MMDB_aget_value(entry, &data, names[field][i]);
            if (status == MMDB_SUCCESS && suits((enum field)field, &data))
                counts[field][i]++;
            else if (status != MMDB_SUCCESS && status != MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR)
                return false;
        }
    return true;
}

static bool look_at_record(uint8_t type, MMDB_entry_s *entry,
                           unsigned counts[FIELD_COUNT][NAMES_MAX])
{
    if (type == MMDB_RECORD_TYPE_INVALID)
        return false;
    return type != MMDB_RECORD_TYPE_DATA || look_at(entry, counts);
}

/* Takes the names under which most of the sample has a field; of equals the first. */
static void choose_names(struct mmdb *mmdb, unsigned counts[FIELD_COUNT][NAMES_MAX])
{
    for (unsigned field = 0; field < FIELD_COUNT; field++) {
        unsigned best = 0;
        for (unsigned i = 1; i < NAMES_MAX; i++)
            if (counts[field][i] > counts[field][best])
                best = i;
        mmdb->fields[field] = counts[field][best] > 0 ? names[field][best] : NULL;
    }
}

static int find_fields(struct mmdb *mmdb, const char *path, struct problem *out_problem)
{
    unsigned counts[FIELD_COUNT][NAMES_MAX] = { 0 };
    uint32_t node_count = mmdb->file.metadata.node_count;
    uint32_t sample = node_count < SAMPLE_NODES ? node_count : SAMPLE_NODES;
    for (uint32_t i = 0; i < sample; i++) {
        MMDB_search_node_s node;
        uint32_t number = (uint32_t)((uint64_t)i * node_count / sample);
        if (MMDB_read_node(&mmdb->file, number, &node) != MMDB_SUCCESS ||
            !look_at_record(node.left_record_type, &node.left_record_entry, counts) ||
            !look_at_record(node.right_record_type, &node.right_record_entry, counts))
            return damaged(path, out_problem);
    }
    choose_names(mmdb, counts);
    return 0;
}

static void fill_info(struct mmdb *mmdb)
{
    const MMDB_metadata_s *metadata = &mmdb->file.metadata;
    bool has_point = mmdb->fields[LATITUDE] != NULL && mmdb->fields[LONGITUDE] != NULL;
    mmdb->info = (struct mmdb_info){
        .has_continent = mmdb->fields[CONTINENT] != NULL,
        .has_country = mmdb->fields[COUNTRY] != NULL,
        .has_subdivision = mmdb->fields[SUBDIVISION] != NULL,
        .has_point = has_point,
        .has_ipv6 = metadata->ip_version == 6,
        .built_at = metadata->build_epoch,
        .node_count = metadata->node_count,
    };
    snprintf(mmdb->info.type, sizeof mmdb->info.type, "%s",
             metadata->database_type != NULL ? metadata->database_type : "");
}

static int check_usable(const struct mmdb *mmdb, const char *path, struct problem *out_problem)
{
    const struct mmdb_info *info = &mmdb->info;
    if (info->has_continent || info->has_country || info->has_point)
        return 0;
    return problem_set(out_problem, SP_EINVAL,
                       "%s: says nothing of continents, countries or coordinates under a name that "
                       "is known here (its type is \"%s\"): use a city or country file",
                       path, info->type);
}

int mmdb_open(const char *path, struct mmdb **out_mmdb, struct problem *out_problem)
{
    struct mmdb *mmdb = calloc(1, sizeof *mmdb);
    if (mmdb == NULL)
        return problem_set(out_problem, SP_ENOMEM, "%s: no memory", path);
    mmdb->refs = 1;
    int rc = open_file(mmdb, path, out_problem);
    if (rc != 0) {
        free(mmdb);
        return rc;
    }
    rc = find_fields(mmdb, path, out_problem);
    if (rc == 0) {
        fill_info(mmdb);
        rc = check_usable(mmdb, path, out_problem);
    }
    if (rc == 0)
        *out_mmdb = mmdb;
    else
        mmdb_unref(mmdb);
    return rc;
}

struct mmdb *mmdb_ref(struct mmdb *mmdb)
{
    if (mmdb != NULL)
        mmdb->refs++;
    return mmdb;
}

void mmdb_unref(struct mmdb *mmdb)
{
    if (mmdb == NULL || --mmdb->refs > 0)
        return;
    MMDB_close(&mmdb->file);
    free(mmdb);
}

const struct mmdb_info *mmdb_info(const struct mmdb *mmdb)
{
    return &mmdb->info;
}

/* Looking up. */

/* What the file has in a field; has_data is false where it has nothing, or nothing readable. */
static MMDB_entry_data_s get(const struct mmdb *mmdb, MMDB_entry_s *entry, enum field field)
{
    MMDB_entry_data_s data = { 0 };
    if (mmdb->fields[field] == NULL ||
        MMDB_aget_value(entry, &data, mmdb->fields[field]) != MMDB_SUCCESS)
        data.has_data = false;
    return data;
}

/* The subdivision stands there by its code or by its name. */
static void read_subdivision(const MMDB_entry_data_s *data, const char *country,
                             struct place *place)
{
    char code[4];
    read_code(data, code, sizeof code);
    const struct geo_subdivision *subdivision =
        code[0] != '\0' ? geo_subdivision_find(country, code) : NULL;
    if (subdivision == NULL && is_text(data))
        subdivision = geo_subdivision_named(country, data->utf8_string, data->data_size);
    if (subdivision != NULL)
        memcpy(place->subdivision, subdivision->code, sizeof place->subdivision);
}

static void read_place(const struct mmdb *mmdb, MMDB_entry_s *entry, struct place *place)
{
    char continent[3], country[3];
    MMDB_entry_data_s data = get(mmdb, entry, CONTINENT);
    read_code(&data, continent, sizeof continent);
    place->continent = (uint8_t)geo_continent_find(continent);
    data = get(mmdb, entry, COUNTRY);
    read_code(&data, country, sizeof country);
    if (geo_country_find(country) != NULL) {
        memcpy(place->country, country, sizeof place->country);
        data = get(mmdb, entry, SUBDIVISION);
        read_subdivision(&data, country, place);
    }
    MMDB_entry_data_s latitude = get(mmdb, entry, LATITUDE);
    MMDB_entry_data_s longitude = get(mmdb, entry, LONGITUDE);
    place->has_point = read_degrees(&latitude, GEO_LATITUDE_MAX, &place->latitude) &&
                       read_degrees(&longitude, GEO_LONGITUDE_MAX, &place->longitude);
    geo__complete_place(place);
}

static bool find_entry(const struct mmdb *mmdb, const struct ip_prefix *client,
                       MMDB_lookup_result_s *out_result)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    int status = MMDB_SUCCESS;
    memcpy(&v4.sin_addr, client->octets, sizeof v4.sin_addr);
    memcpy(&v6.sin6_addr, client->octets, sizeof v6.sin6_addr);
    *out_result = MMDB_lookup_sockaddr(&mmdb->file,
                                       client->family == IP_V4 ? (const struct sockaddr *)&v4
                                                               : (const struct sockaddr *)&v6,
                                       &status);
    return status == MMDB_SUCCESS && out_result->found_entry;
}

/* An IPv6 file has IPv4 addresses at the end of 96 bits of zero, and counts those. */
static uint8_t prefix_length(const struct mmdb *mmdb, const struct ip_prefix *client,
                             uint16_t netmask)
{
    if (client->family == IP_V6 || !mmdb->info.has_ipv6)
        return (uint8_t)netmask;
    return netmask > 96 ? (uint8_t)(netmask - 96) : 0;
}

bool mmdb_locate(const struct mmdb *mmdb, const struct ip_prefix *client, struct place *out_place,
                 uint8_t *out_length)
{
    MMDB_lookup_result_s result;
    struct place place = { .region = GEO_REGION_NONE };
    if (!find_entry(mmdb, client, &result))
        return false;
    read_place(mmdb, &result.entry, &place);
    if (place.continent == GEO_CONTINENT_NONE && place.country[0] == '\0' && !place.has_point)
        return false;
    *out_place = place;
    *out_length = prefix_length(mmdb, client, result.netmask);
    return true;
}
