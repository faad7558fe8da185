/*
 * sign/signer.c - see the header for the promises.
 *
 * Most questions come again, so the way through the memory is what has to be short: two or three
 * cache lines, and no OpenSSL.  A signature that has to be made takes some 30 us, and only here
 * does anything allocate: OpenSSL, inside ECDSA.
 */
#include "signpost/sign/signer.h"

#include "signpost/base/status.h"

#include "ecdsa.h"
#include "memory.h"
#include "rrsig.h"

#include <stdlib.h>
#include <string.h>

#define UNFORESEEN_SHARE 2    /* of what is remembered: one in so many */
#define BUDGET_SLICES    16   /* of a second: the most that a flood takes in one go */
#define TOKEN            1000 /* one signature: what one a second gathers in a millisecond is 1 */

struct budget {
    uint64_t tokens;
    uint64_t filled_ms;
};

struct signer {
    struct signer_figures *figures;
    struct ecdsa *ecdsa;
    struct signature_memory *foreseen;
    struct signature_memory *unforeseen;
    uint64_t per_second;
    struct budget budgets[2]; /* of UDP, of TCP */
    bool over_tcp;
    struct rrsig_order order;
};

/* ---- the budget ---- */

/* A slice's worth, but one signature at least; none at all when there shall be none. */
static uint64_t most_tokens(uint64_t per_second)
{
    uint64_t slice = per_second * TOKEN / BUDGET_SLICES;
    return slice >= TOKEN || per_second == 0 ? slice : TOKEN;
}

static bool take_token(struct budget *budget, uint64_t per_second, uint64_t now_ms)
{
    uint64_t most = most_tokens(per_second);
    uint64_t passed_ms = now_ms > budget->filled_ms ? now_ms - budget->filled_ms : 0;
    if (passed_ms > 1000) /* fills it in any case */
        passed_ms = 1000;
    budget->filled_ms = now_ms;
    budget->tokens += passed_ms * per_second;
    if (budget->tokens > most)
        budget->tokens = most;
    if (budget->tokens < TOKEN)
        return false;
    budget->tokens -= TOKEN;
    return true;
}

/* ---- making ---- */

struct signer *signer_create(const struct signer_settings *settings, struct signer_figures *figures)
{
    struct signer *signer = calloc(1, sizeof *signer);
    if (signer == NULL)
        return NULL;
    signer->figures = figures;
    signer->per_second = settings->per_second;
    for (unsigned i = 0; i < 2; i++)
        signer->budgets[i].tokens = most_tokens(settings->per_second);
    signer->ecdsa = ecdsa_create();
    signer->foreseen = signature_memory_create(settings->remembered);
    signer->unforeseen = signature_memory_create(settings->remembered / UNFORESEEN_SHARE);
    if (signer->ecdsa != NULL && signer->foreseen != NULL && signer->unforeseen != NULL)
        return signer;
    signer_destroy(signer);
    return NULL;
}

void signer_destroy(struct signer *signer)
{
    if (signer == NULL)
        return;
    ecdsa_destroy(signer->ecdsa);
    signature_memory_destroy(signer->foreseen);
    signature_memory_destroy(signer->unforeseen);
    free(signer);
}

void signer_set_tcp(struct signer *signer, bool over_tcp)
{
    signer->over_tcp = over_tcp;
}

/* ---- signing ---- */

/* Until a moment between a quarter and three eighths of its time, its own, so that those that were
 * made together are not remade together.  A signature that is from the future was made before the
 * clock went back. */
static bool is_usable(const struct signature *signature, uint64_t hash,
                      const struct sign_time *time)
{
    uint64_t eighth_ms = (uint64_t)time->validity_s * 1000 / 8;
    uint64_t own_ms = eighth_ms * (hash >> 8 & 0xffff) >> 16;
    return signature->validity_s == time->validity_s && time->now_ms >= signature->made_ms &&
           time->now_ms - signature->made_ms < 2 * eighth_ms + own_ms;
}

static bool may_make(struct signer *signer, const struct sign_subject *subject,
                     const struct sign_time *time)
{
    return subject->is_foreseen ||
           take_token(&signer->budgets[signer->over_tcp], signer->per_second, time->now_ms);
}

static int make(struct signer *signer, const struct zone *zone, const struct sign_subject *subject,
                uint8_t *record, unsigned size)
{
    ecdsa_begin(signer->ecdsa);
    int rc = rrsig_digest(signer->ecdsa, record, size, subject, &signer->order);
    if (rc == 0)
        rc = ecdsa_sign(signer->ecdsa, &zone->signing->key, record + size);
    if (rc == 0)
        counter_add(subject->is_foreseen ? &signer->figures->made : &signer->figures->made_other,
                    1);
    return rc;
}

static void set_records(struct dns_records *records, const uint8_t *record, unsigned size)
{
    *records = (struct dns_records){ DNS_TYPE_RRSIG, 1, size + RRSIG_SIGNATURE_SIZE, record };
}

int signer_sign(struct signer *signer, const struct zone *zone, const struct sign_subject *subject,
                const struct sign_time *time, uint8_t room[RRSIG_RECORD_SIZE_MAX],
                struct dns_records *out_records)
{
    struct signature_memory *memory = subject->is_foreseen ? signer->foreseen : signer->unforeseen;
    const struct signature_key key = { subject->owner_hash, subject->content, zone->signing->key.id,
                                       subject->ttl_s, subject->type };
    uint64_t hash = signature_hash(&key);
    struct signature *signature = signature_memory_find(memory, &key, hash);
    if (signature != NULL && is_usable(signature, hash, time)) {
        unsigned size = rrsig_write(room, zone, subject, signature->made_ms, time->validity_s);
        memcpy(room + size, signature->octets, RRSIG_SIGNATURE_SIZE);
        set_records(out_records, room, size);
        counter_add(&signer->figures->remembered, 1);
        return 0;
    }
    if (!may_make(signer, subject, time)) {
        counter_add(&signer->figures->refused, 1);
        return SP_EAGAIN;
    }
    unsigned size = rrsig_write(room, zone, subject, time->now_ms, time->validity_s);
    int rc = make(signer, zone, subject, room, size);
    if (rc != 0)
        return rc;
    if (signature == NULL)
        signature = signature_memory_put(memory, &key, hash);
    signature->made_ms = time->now_ms;
    signature->validity_s = time->validity_s;
    memcpy(signature->octets, room + size, RRSIG_SIGNATURE_SIZE);
    set_records(out_records, room, size);
    return 0;
}
