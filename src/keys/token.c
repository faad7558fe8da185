#include "token.h"

#include "pair.h"
#include "session.h"

#include <openssl/evp.h>

#include <stdlib.h>
#include <string.h>

#define POINT_SIZE 65 /* SEC 1 §2.3.3: 4, x, y */
#define DER_SIZE   2  /* before it, as an octet string: 4 and the size */
#define HALVES_MAX 2  /* one more than a label may have */

struct token {
    struct session session;
};

/* What is wanted of a key: its public half, and, where there is a digest, a signature. */
struct wish {
    const char *label;
    const uint8_t *digest;
    uint8_t public_key[KEY_PUBLIC_SIZE];
    uint8_t signature[KEY_SIGNATURE_SIZE];
};

int token_create(const struct key_store_settings *settings, struct token **out_token,
                 struct problem *out_problem)
{
    struct token *token = calloc(1, sizeof *token);
    if (token == NULL)
        return SP_ENOMEM;
    int rc = session_init(&token->session, settings, out_problem);
    if (rc == 0)
        *out_token = token;
    else
        token_destroy(token);
    return rc;
}

void token_destroy(struct token *token)
{
    if (token == NULL)
        return;
    session_finish(&token->session);
    free(token);
}

/* ---- finding the halves of a key ---- */

static CK_RV search(const struct session *session, CK_OBJECT_CLASS class, const char *label,
                    CK_OBJECT_HANDLE found[HALVES_MAX], CK_ULONG *out_count)
{
    const CK_FUNCTION_LIST *library = session->library;
    CK_ATTRIBUTE wanted[] = {
        { CKA_CLASS, &class, sizeof class },
        { CKA_LABEL, (char *)label, strlen(label) },
    };
    CK_RV rv = library->C_FindObjectsInit(session->handle, wanted, 2);
    if (rv != CKR_OK)
        return rv;
    rv = library->C_FindObjects(session->handle, found, HALVES_MAX, out_count);
    library->C_FindObjectsFinal(session->handle);
    return rv;
}

/* SP_ENOENT comes without words: what to do about it depends on what else there is. */
static int find_half(const struct session *session, CK_OBJECT_CLASS class, const char *label,
                     CK_OBJECT_HANDLE *out_half, struct problem *out_problem)
{
    CK_OBJECT_HANDLE found[HALVES_MAX];
    CK_ULONG count = 0;
    CK_RV rv = search(session, class, label, found, &count);
    if (rv != CKR_OK)
        return session_tell(session, "it does not look for keys", rv, out_problem);
    if (count > 1)
        return problem_set(out_problem, SP_EDAMAGED,
                           "the PKCS #11 token \"%s\" has two keys with the label %s; one must get "
                           "another label",
                           session->settings->pkcs11_token, label);
    if (count == 1)
        *out_half = found[0];
    return count == 1 ? 0 : SP_ENOENT;
}

/* ---- the public half ---- */

static int tell_unfit(const struct session *session, const char *label, struct problem *out_problem)
{
    return problem_set(out_problem, SP_EDAMAGED,
                       "the key with the label %s in the PKCS #11 token \"%s\" is no key on P-256",
                       label, session->settings->pkcs11_token);
}

static int get_attribute(const struct session *session, const struct wish *wish,
                         CK_OBJECT_HANDLE half, CK_ATTRIBUTE *attribute,
                         struct problem *out_problem)
{
    CK_RV rv = session->library->C_GetAttributeValue(session->handle, half, attribute, 1);
    switch (rv) {
    case CKR_OK:
        return 0;
    case CKR_ATTRIBUTE_SENSITIVE:
    case CKR_ATTRIBUTE_TYPE_INVALID:
    case CKR_BUFFER_TOO_SMALL:
        return tell_unfit(session, wish->label, out_problem);
    default:
        return session_tell(session, "it does not tell a public key", rv, out_problem);
    }
}

/* The point should be an octet string in DER; some tokens have it bare. */
static bool copy_point(const CK_ATTRIBUTE *point, uint8_t out_public[KEY_PUBLIC_SIZE])
{
    const uint8_t *octets = point->pValue;
    size_t size = point->ulValueLen;
    if (size == DER_SIZE + POINT_SIZE && octets[0] == 4 && octets[1] == POINT_SIZE) {
        octets += DER_SIZE;
        size -= DER_SIZE;
    }
    if (size != POINT_SIZE || octets[0] != 4)
        return false;
    memcpy(out_public, octets + 1, KEY_PUBLIC_SIZE);
    return true;
}

static int read_public(const struct session *session, struct wish *wish, CK_OBJECT_HANDLE half,
                       struct problem *out_problem)
{
    static const uint8_t p256[] = { 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7 }; /* its OID */
    uint8_t curve_octets[64], point_octets[256];
    CK_ATTRIBUTE curve = { CKA_EC_PARAMS, curve_octets, sizeof curve_octets };
    CK_ATTRIBUTE point = { CKA_EC_POINT, point_octets, sizeof point_octets };
    int rc = get_attribute(session, wish, half, &curve, out_problem);
    if (rc == 0)
        rc = get_attribute(session, wish, half, &point, out_problem);
    if (rc != 0)
        return rc;
    bool is_right = curve.ulValueLen == sizeof p256 && memcmp(curve_octets, p256, 10) == 0 &&
                    copy_point(&point, wish->public_key);
    return is_right ? 0 : tell_unfit(session, wish->label, out_problem);
}

static int find_public(const struct session *session, struct wish *wish,
                       struct problem *out_problem)
{
    CK_OBJECT_HANDLE half = 0;
    int rc = find_half(session, CKO_PUBLIC_KEY, wish->label, &half, out_problem);
    if (rc == 0)
        return read_public(session, wish, half, out_problem);
    if (rc != SP_ENOENT)
        return rc;
    return problem_set(out_problem, SP_EDAMAGED,
                       "the PKCS #11 token \"%s\" has a private key with the label %s, but no "
                       "public key",
                       session->settings->pkcs11_token, wish->label);
}

/* ---- signatures ---- */

/* A label does not prove that two halves belong together, and hardware errs. */
static int check_signature(const struct session *session, const struct wish *wish,
                           struct problem *out_problem)
{
    EVP_PKEY *key = pair_from_public(wish->public_key);
    bool is_right = key != NULL && pair_verify(key, wish->digest, wish->signature);
    EVP_PKEY_free(key);
    if (is_right)
        return 0;
    return problem_set(out_problem, SP_EDAMAGED,
                       "what the private key with the label %s in the PKCS #11 token \"%s\" signs, "
                       "the public key with that label does not verify",
                       wish->label, session->settings->pkcs11_token);
}

static int sign(const struct session *session, struct wish *wish, CK_OBJECT_HANDLE half,
                struct problem *out_problem)
{
    CK_MECHANISM mechanism = { .mechanism = CKM_ECDSA };
    CK_ULONG size = KEY_SIGNATURE_SIZE;
    CK_RV rv = session->library->C_SignInit(session->handle, &mechanism, half);
    if (rv == CKR_OK)
        rv = session->library->C_Sign(session->handle, (uint8_t *)wish->digest, KEY_DIGEST_SIZE,
                                      wish->signature, &size);
    if (rv == CKR_OK && size != KEY_SIGNATURE_SIZE)
        rv = CKR_DEVICE_ERROR;
    if (rv != CKR_OK)
        return session_tell(session, "it does not sign", rv, out_problem);
    return check_signature(session, wish, out_problem);
}

/* ---- calls ---- */

static int fulfil(const struct session *session, struct wish *wish, struct problem *out_problem)
{
    CK_OBJECT_HANDLE half = 0;
    int rc = find_half(session, CKO_PRIVATE_KEY, wish->label, &half, out_problem);
    if (rc == SP_ENOENT)
        return problem_set(out_problem, rc,
                           "the PKCS #11 token \"%s\" has no key with the label %s",
                           session->settings->pkcs11_token, wish->label);
    if (rc == 0)
        rc = find_public(session, wish, out_problem);
    if (rc == 0 && wish->digest != NULL)
        rc = sign(session, wish, half, out_problem);
    return rc;
}

static int open_and_fulfil(struct session *session, struct wish *wish, struct problem *out_problem)
{
    int rc = session_open(session, out_problem);
    if (rc == 0)
        rc = fulfil(session, wish, out_problem);
    if (rc == SP_EIO)
        session_close(session);
    return rc;
}

/* An old session may be dead without the token being so: what it does not have is believed only
 * while the token is where it was, and what it cannot do is tried once more in a new session. */
static int serve(struct token *token, struct wish *wish, struct problem *out_problem)
{
    struct session *session = &token->session;
    bool is_old = session->is_open;
    int rc = open_and_fulfil(session, wish, out_problem);
    if (!is_old || (rc != SP_EIO && (rc != SP_ENOENT || session_is_alive(session))))
        return rc;
    session_close(session);
    return open_and_fulfil(session, wish, out_problem);
}

int token_check(struct token *token, struct problem *out_problem)
{
    struct session *session = &token->session;
    if (session->is_open && !session_is_alive(session))
        session_close(session);
    return session_open(session, out_problem);
}

int token_find(struct token *token, const char *label, uint8_t out_public[KEY_PUBLIC_SIZE],
               struct problem *out_problem)
{
    struct wish wish = { .label = label };
    int rc = serve(token, &wish, out_problem);
    if (rc == 0)
        memcpy(out_public, wish.public_key, KEY_PUBLIC_SIZE);
    return rc;
}

int token_sign(struct token *token, const char *label, const uint8_t digest[KEY_DIGEST_SIZE],
               uint8_t out_signature[KEY_SIGNATURE_SIZE], struct problem *out_problem)
{
    struct wish wish = { .label = label, .digest = digest };
    int rc = serve(token, &wish, out_problem);
    if (rc == 0)
        memcpy(out_signature, wish.signature, KEY_SIGNATURE_SIZE);
    return rc;
}
