/*
 * Where what is stored of a signed zone meets the zone as it is compiled.
 */
#include "signing.h"

#include "signpost/base/log.h"
#include "signpost/compile/signing.h"
#include "signpost/store/signing.h"

int control__sign_zone_in(struct snapshot *snapshot, const uint8_t *zone_name,
                          struct zone_signing *signing, struct problem *out_problem)
{
    struct zone *copy = zone_copy(snapshot_zone(snapshot, zone_name));
    if (copy == NULL) {
        zone_signing_unref(signing);
        return control__no_memory(out_problem);
    }
    zone_set_signing(copy, signing);
    int rc = snapshot_put_zone(snapshot, copy);
    if (rc != 0) {
        zone_unref(copy);
        return control__no_memory(out_problem);
    }
    return 0;
}

int control__keep_signing(struct control *control, struct snapshot *next, const uint8_t *zone_name,
                          struct problem *out_problem)
{
    const struct zone *old = snapshot_zone(control->published, zone_name);
    if (old == NULL || old->signing == NULL)
        return 0;
    old->signing->refs++;
    return control__sign_zone_in(next, zone_name, old->signing, out_problem);
}

int control__load_signing(struct control *control, const struct zone_keys *keys,
                          struct zone_signing **out_signing, struct problem *out_problem)
{
    struct signing_key key = { .id = 0 };
    struct key_sets sets;
    if (keys->ring.signed_ms == 0 || key_ring_active(&keys->ring) == NULL)
        return SP_ENOENT;
    int rc = store_read_key_sets(control->store, keys->zone->id, &sets, out_problem);
    if (rc == 0)
        rc = control__open_zsk(control, keys, &key, out_problem);
    if (rc == 0)
        rc = compile_signing(&key, &sets, out_signing, out_problem);
    explicit_bzero(&key, sizeof key);
    return rc;
}

/* In memory alone a zone may be served unsigned: it is watched, and this is said. */
static int put_off(struct control *control, const struct hosted_zone *zone, int rc,
                   const struct problem *why, struct problem *out_problem)
{
    char name[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(name, zone->name);
    if (rc == SP_ENOMEM)
        return control__no_memory(out_problem);
    if (rc != SP_ENOENT)
        log_write(LOG_LEVEL_ERROR, "zone cannot be signed", "zone", name, "why", why->text, NULL);
    return control__watch_zone(control, zone->id, out_problem);
}

int control__take_signing(struct control *control, struct snapshot *next,
                          const struct hosted_zone *zone, struct problem *out_problem)
{
    struct zone_keys keys;
    struct zone_signing *signing = NULL;
    struct problem why = { .status = 0 };
    if (control->signing == NULL)
        return 0;
    int rc = control__read_zone_keys(control, zone, &keys, out_problem);
    if (rc != 0 || keys.status != SIGNING_ON)
        return rc;
    rc = control__load_signing(control, &keys, &signing, &why);
    return rc == 0 ? control__sign_zone_in(next, zone->name, signing, out_problem)
                   : put_off(control, zone, rc, &why, out_problem);
}
