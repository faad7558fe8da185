/*
 * geo/mmdb.h - places out of an MMDB file, whatever its makers call their fields.
 *
 * Which fields a file has is found out when it is opened, by looking at what it says of addresses
 * all over its tree: "country.iso_code" or "country_code", "subdivisions.0.iso_code",
 * "location.latitude" or "latitude", and so on.  The file is copied into memory; whatever
 * becomes of it afterwards, nobody notices until it is opened again.
 * Opening, ref and unref: control thread.  Looking up: any thread, no allocation.
 */
#ifndef SIGNPOST_GEO_MMDB_H
#define SIGNPOST_GEO_MMDB_H

#include "signpost/base/prefix.h"
#include "signpost/base/status.h"
#include "signpost/geo/geography.h"

struct mmdb;

/* What the file can tell, and who made it. */
struct mmdb_info {
    bool has_continent, has_country, has_subdivision, has_point;
    bool has_ipv6;
    char type[64];     /* "GeoLite2-City" */
    uint64_t built_at; /* Unix seconds */
    uint32_t node_count;
};

/* One reference.  SP_ENOENT, SP_EIO; SP_EINVAL: it is no MMDB file, or damaged, or says nothing of
 * places. */
int mmdb_open(const char *path, struct mmdb **out_mmdb, struct problem *out_problem);
struct mmdb *mmdb_ref(struct mmdb *mmdb); /* NULL is fine */
void mmdb_unref(struct mmdb *mmdb);       /* NULL is fine */
const struct mmdb_info *mmdb_info(const struct mmdb *mmdb);

/* false: the file does not know the client's first address, or is damaged where it should.
 * *out_length: of the prefix, in the client's family, that the file gives the place to.  What the
 * file leaves out is filled in as geography_create does. */
bool mmdb_locate(const struct mmdb *mmdb, const struct ip_prefix *client, struct place *out_place,
                 uint8_t *out_length);

#endif
