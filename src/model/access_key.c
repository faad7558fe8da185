#include "signpost/model/access_key.h"

#include "word.h"

#include <string.h>
#include <sys/random.h>

/* Characters of an alphabet of 32 or 64, all of them equally likely. */
static void draw(char *to, size_t count, const char *alphabet, uint8_t mask)
{
    uint8_t octets[ACCESS_KEY_SECRET_SIZE];
    while (getrandom(octets, count, 0) != (ssize_t)count)
        continue; /* a signal before the kernel's source was ready */
    for (size_t i = 0; i < count; i++)
        to[i] = alphabet[octets[i] & mask];
    to[count] = '\0';
    explicit_bzero(octets, sizeof octets);
}

void access_key_draw(struct access_key *key)
{
    static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    memcpy(key->id, "AK", 2);
    draw(key->id + 2, ACCESS_KEY_ID_SIZE - 3, base32, 31);
    draw(key->secret, ACCESS_KEY_SECRET_SIZE - 1, base64, 63);
}

static bool has_zone(const struct access_key *key, const uint8_t *name)
{
    for (unsigned i = 0; i < key->zone_count; i++)
        if (dns_name_equal(key->zones[i], name))
            return true;
    return false;
}

int access_key_add_zone(struct access_key *key, const uint8_t *name, struct problem *out_problem)
{
    if (has_zone(key, name))
        return 0;
    if (key->zone_count == ACCESS_KEY_ZONES_MAX)
        return problem_set(out_problem, SP_ELIMIT, "a key can have %d zones at most",
                           ACCESS_KEY_ZONES_MAX);
    memcpy(key->zones[key->zone_count++], name, dns_name_size(name));
    return 0;
}

int access_key_set_comment(struct access_key *key, const char *comment, struct problem *out_problem)
{
    if (strlen(comment) >= sizeof key->comment || word_has_control(comment))
        return problem_set(out_problem, SP_EINVAL,
                           "the comment must be at most %zu octets without control characters",
                           sizeof key->comment - 1);
    strcpy(key->comment, comment);
    return 0;
}

bool access_key_may(const struct access_key *key, const struct access_wish *wish)
{
    bool may_all = !key->read_only && key->zone_count == 0;
    if (wish->is_guarded || may_all)
        return may_all;
    if (!wish->writes)
        return true;
    return !key->read_only && wish->zone != NULL && has_zone(key, wish->zone);
}
