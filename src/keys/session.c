#include "session.h"

#include "signpost/base/limits.h"

#include "credential.h"

#include <openssl/crypto.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LABEL_SIZE (PKCS11_LABEL_SIZE - 1) /* in a token it is filled up with blanks */

int session_tell(const struct session *session, const char *what, CK_RV rv,
                 struct problem *out_problem)
{
    return problem_set(out_problem, SP_EIO, "the PKCS #11 token \"%s\" cannot be used: %s: %s",
                       session->settings->pkcs11_token, what, p11_kit_strerror(rv));
}

/* ---- the library ---- */

static int load_library(struct session *session, struct problem *out_problem)
{
    const char *path = session->settings->pkcs11_module;
    /* A managed module would be called through code that libffi makes while the program runs, which
     * MemoryDenyWriteExecute= of systemd forbids. */
    session->library = p11_kit_module_load(path, P11_KIT_MODULE_UNMANAGED);
    if (session->library != NULL)
        return 0;
    const char *why = p11_kit_message();
    return problem_set(out_problem, SP_EINVAL,
                       "pkcs11-module: %s cannot be loaded: %s; name the PKCS #11 library of the "
                       "token with its path",
                       path, why != NULL ? why : "p11-kit does not say why");
}

static int start_library(struct session *session, struct problem *out_problem)
{
    if (session->is_started)
        return 0;
    CK_RV rv = p11_kit_module_initialize(session->library);
    session->is_started = rv == CKR_OK;
    if (rv == CKR_OK)
        return 0;
    return session_tell(session, "its library does not start", rv, out_problem);
}

/* ---- the slot ---- */

static bool has_label(const CK_TOKEN_INFO *info, const char *label)
{
    size_t size = strlen(label);
    return p11_kit_space_strlen(info->label, LABEL_SIZE) == size &&
           memcmp(info->label, label, size) == 0;
}

static unsigned count_slots(struct session *session, const CK_SLOT_ID *slots, CK_ULONG count,
                            CK_TOKEN_INFO *out_info)
{
    unsigned found = 0;
    for (CK_ULONG i = 0; i < count; i++) {
        CK_TOKEN_INFO info;
        if (session->library->C_GetTokenInfo(slots[i], &info) != CKR_OK ||
            !has_label(&info, session->settings->pkcs11_token))
            continue;
        session->slot = slots[i];
        *out_info = info;
        found++;
    }
    return found;
}

static int choose_slot(struct session *session, const CK_SLOT_ID *slots, CK_ULONG count,
                       CK_TOKEN_INFO *out_info, struct problem *out_problem)
{
    unsigned found = count_slots(session, slots, count, out_info);
    if (found == 1)
        return 0;
    return problem_set(
        out_problem, SP_EIO,
        "%s has %s token with the label \"%s\" (pkcs11-token) now; 'pkcs11-tool --module %s "
        "--list-token-slots' shows what it has",
        session->settings->pkcs11_module, found == 0 ? "no" : "more than one",
        session->settings->pkcs11_token, session->settings->pkcs11_module);
}

static int find_slot(struct session *session, CK_TOKEN_INFO *out_info, struct problem *out_problem)
{
    CK_SLOT_ID slots[PKCS11_SLOTS_MAX];
    CK_ULONG count = PKCS11_SLOTS_MAX;
    CK_RV rv = session->library->C_GetSlotList(CK_TRUE, slots, &count);
    if (rv != CKR_OK)
        return session_tell(session, "its library does not list its tokens", rv, out_problem);
    return choose_slot(session, slots, count, out_info, out_problem);
}

bool session_is_alive(const struct session *session)
{
    CK_TOKEN_INFO info;
    return session->library->C_GetTokenInfo(session->slot, &info) == CKR_OK &&
           has_label(&info, session->settings->pkcs11_token);
}

/* ---- the PIN ---- */

/* The last line's end is not the PIN's. */
static void cut_line_end(struct secret *pin)
{
    if (pin->size > 0 && pin->data[pin->size - 1] == '\n')
        pin->size--;
    if (pin->size > 0 && pin->data[pin->size - 1] == '\r')
        pin->size--;
}

static int read_pin(const struct session *session, struct secret *out_pin,
                    struct problem *out_problem)
{
    int rc = disk_read(session->pin_path, "the PIN (pkcs11-pin)", PKCS11_PIN_SIZE_MAX, DISK_SECRET,
                       out_pin, out_problem);
    if (rc == SP_ENOENT)
        return problem_set(out_problem, SP_EIO, "the PIN (pkcs11-pin): there is no file %s",
                           session->pin_path);
    if (rc != 0)
        return rc;
    cut_line_end(out_pin);
    if (out_pin->size > 0)
        return 0;
    secret_free(out_pin);
    return problem_set(out_problem, SP_EIO, "the PIN (pkcs11-pin): %s is empty", session->pin_path);
}

static int open_pin(struct session *session, struct problem *out_problem)
{
    if (session->settings->pkcs11_pin[0] == '\0')
        return 0;
    int rc = credential_path("pkcs11-pin", session->settings->pkcs11_pin, &session->pin_path,
                             out_problem);
    return rc != 0 ? rc : read_pin(session, &session->pin, out_problem);
}

static void reread_pin(struct session *session)
{
    struct secret fresh = { NULL, 0 };
    if (read_pin(session, &fresh, NULL) != 0)
        return;
    secret_free(&session->pin);
    session->pin = fresh;
}

static void remember_refusal(struct session *session)
{
    struct stat status = { .st_ino = 0 };
    stat(session->pin_path, &status);
    session->refused = (struct refused_pin){ true, status.st_ino, status.st_ctim };
}

static bool is_refused(const struct session *session)
{
    const struct refused_pin *refused = &session->refused;
    struct stat status;
    if (!refused->is_set || stat(session->pin_path, &status) != 0)
        return refused->is_set;
    return refused->inode == status.st_ino && refused->changed.tv_sec == status.st_ctim.tv_sec &&
           refused->changed.tv_nsec == status.st_ctim.tv_nsec;
}

static int tell_refusal(const struct session *session, struct problem *out_problem)
{
    return problem_set(out_problem, SP_EIO,
                       "the PKCS #11 token \"%s\" refused the PIN in %s (pkcs11-pin); it is not "
                       "tried again, so that the token does not lock itself, until that file is "
                       "written again or touched",
                       session->settings->pkcs11_token, session->pin_path);
}

static int end_login(struct session *session, CK_RV rv, struct problem *out_problem)
{
    switch (rv) {
    case CKR_OK:
    case CKR_USER_ALREADY_LOGGED_IN:
        session->refused.is_set = false;
        return 0;
    case CKR_PIN_INCORRECT:
    case CKR_PIN_INVALID:
    case CKR_PIN_LEN_RANGE:
        remember_refusal(session);
        return tell_refusal(session, out_problem);
    default:
        return session_tell(session, "it does not let us in", rv, out_problem);
    }
}

static int log_in_with_pin(struct session *session, struct problem *out_problem)
{
    if (is_refused(session))
        return tell_refusal(session, out_problem);
    reread_pin(session);
    CK_RV rv =
        session->library->C_Login(session->handle, CKU_USER, session->pin.data, session->pin.size);
    return end_login(session, rv, out_problem);
}

static int log_in(struct session *session, const CK_TOKEN_INFO *info, struct problem *out_problem)
{
    if ((info->flags & CKF_LOGIN_REQUIRED) == 0)
        return 0;
    if (session->pin_path != NULL)
        return log_in_with_pin(session, out_problem);
    return problem_set(out_problem, SP_EIO,
                       "the PKCS #11 token \"%s\" asks for a PIN; name a file with it (pkcs11-pin)",
                       session->settings->pkcs11_token);
}

/* ---- all of it ---- */

int session_init(struct session *session, const struct key_store_settings *settings,
                 struct problem *out_problem)
{
    *session = (struct session){ .settings = settings };
    if (settings->pkcs11_module[0] == '\0')
        return problem_set(out_problem, SP_EINVAL,
                           "a token needs its library: pkcs11-module is not set");
    if (settings->pkcs11_token[0] == '\0')
        return problem_set(out_problem, SP_EINVAL,
                           "pkcs11-module needs the token's label, pkcs11-token; 'pkcs11-tool "
                           "--module %s --list-token-slots' shows what there is",
                           settings->pkcs11_module);
    int rc = open_pin(session, out_problem);
    return rc != 0 ? rc : load_library(session, out_problem);
}

void session_finish(struct session *session)
{
    session_close(session);
    if (session->library != NULL)
        p11_kit_module_release(session->library);
    secret_free(&session->pin);
    free(session->pin_path);
}

static int open_slot(struct session *session, struct problem *out_problem)
{
    CK_TOKEN_INFO info;
    int rc = find_slot(session, &info, out_problem);
    if (rc != 0)
        return rc;
    CK_RV rv = session->library->C_OpenSession(session->slot, CKF_SERIAL_SESSION, NULL, NULL,
                                               &session->handle);
    if (rv != CKR_OK)
        return session_tell(session, "it opens no session", rv, out_problem);
    session->is_open = true;
    return log_in(session, &info, out_problem);
}

int session_open(struct session *session, struct problem *out_problem)
{
    if (session->is_open)
        return 0;
    int rc = start_library(session, out_problem);
    if (rc == 0)
        rc = open_slot(session, out_problem);
    if (rc != 0)
        session_close(session);
    return rc;
}

void session_close(struct session *session)
{
    if (session->is_open)
        session->library->C_CloseSession(session->handle);
    session->is_open = false;
    if (session->is_started)
        p11_kit_module_finalize(session->library);
    session->is_started = false;
}
