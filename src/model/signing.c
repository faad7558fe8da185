#include "signpost/model/signing.h"

#include "signpost/base/span.h"

#include "arn.h"
#include "word.h"

#include <stdio.h>
#include <string.h>

#define KEY_NAME_LEAST 3

int key_name_check(const char *name, struct problem *out_problem)
{
    if (word_is_right(name, KEY_NAME_SIZE - 1, "_") && strlen(name) >= KEY_NAME_LEAST)
        return 0;
    return problem_set(out_problem, SP_EINVAL,
                       "\"%.140s\" cannot be the name of a key-signing key: it must be %d to %d "
                       "letters, digits and \"_\"",
                       name, KEY_NAME_LEAST, KEY_NAME_SIZE - 1);
}

static bool is_uuid(const char *text)
{
    for (unsigned i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (text[i] == '\0' ||
            (dash ? text[i] != '-' : strchr("0123456789abcdef", text[i]) == NULL))
            return false;
    }
    return text[36] == '\0';
}

bool key_arn_is_right(const char *arn)
{
    const char *resource = arn_resource(arn, "kms");
    return resource != NULL && strncmp(resource, "key/", 4) == 0 && is_uuid(resource + 4);
}

void key_rdata(uint16_t flags, const uint8_t public_key[KEY_PUBLIC_SIZE],
               uint8_t out_rdata[DNSKEY_RDATA_SIZE])
{
    put_u16(out_rdata, flags);
    out_rdata[2] = KEY_PROTOCOL;
    out_rdata[3] = KEY_ALGORITHM;
    memcpy(out_rdata + 4, public_key, KEY_PUBLIC_SIZE);
}

void key_dnskey_rdata(const struct key_signing_key *key, uint8_t out_rdata[DNSKEY_RDATA_SIZE])
{
    key_rdata(KEY_FLAGS, key->public_key, out_rdata);
}

uint16_t key_tag(const uint8_t rdata[DNSKEY_RDATA_SIZE])
{
    uint32_t sum = 0;
    for (unsigned i = 0; i < DNSKEY_RDATA_SIZE; i += 2)
        sum += get_u16(rdata + i);
    return (uint16_t)(sum + (sum >> 16));
}

size_t key_ds_data(const uint8_t *owner, const uint8_t rdata[DNSKEY_RDATA_SIZE],
                   uint8_t out[KEY_DS_DATA_SIZE])
{
    size_t owner_size = dns_name_size(owner);
    memcpy(out, owner, owner_size);
    memcpy(out + owner_size, rdata, DNSKEY_RDATA_SIZE);
    return owner_size + DNSKEY_RDATA_SIZE;
}

void key_ds_rdata(uint16_t tag, const uint8_t digest[KEY_DIGEST_SIZE],
                  uint8_t out_rdata[DS_RDATA_SIZE])
{
    put_u16(out_rdata, tag);
    out_rdata[2] = KEY_ALGORITHM;
    out_rdata[3] = KEY_DIGEST_TYPE;
    memcpy(out_rdata + 4, digest, KEY_DIGEST_SIZE);
}

void key_arn_make(const char *uuid, char out[KEY_ARN_SIZE])
{
    snprintf(out, KEY_ARN_SIZE, "arn:aws:kms:us-east-1:111122223333:key/%s", uuid);
}
