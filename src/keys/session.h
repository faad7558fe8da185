/*
 * keys/session.h - a session with a PKCS #11 token: its library, its slot, the login.
 *
 * p11-kit loads and starts the library; all else is PKCS #11 itself.  OpenSSL's own ways there will
 * not do: Debian 12 has no provider, and the engine of its libp11 (before 0.4.14) waits forever
 * when a token refuses a session, as one does that is locked or gone.
 */
#ifndef KEYS_SESSION_H
#define KEYS_SESSION_H

#include "signpost/keys/key_store.h"

#include "disk.h"

#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>

#include <time.h>

/* The PIN file as it was when the token refused the PIN in it. */
struct refused_pin {
    bool is_set;
    uint64_t inode; /* 0: nobody knows */
    struct timespec changed;
};

struct session {
    const struct key_store_settings *settings;
    CK_FUNCTION_LIST *library;
    char *pin_path;    /* NULL: the token has no PIN */
    struct secret pin; /* read again for each login, and kept for when that cannot be done: the
                          file may be root's, who starts the daemon and then becomes another */
    struct refused_pin refused;
    bool is_started; /* the library */
    bool is_open;
    CK_SLOT_ID slot;
    CK_SESSION_HANDLE handle;
};

/* Loads the library and looks for the PIN; the token may be away.  The settings must outlive it.
 * SP_EINVAL, SP_EIO, SP_ENOMEM; it is to be finished even then. */
int session_init(struct session *session, const struct key_store_settings *settings,
                 struct problem *out_problem);
void session_finish(struct session *session);

/* Finds the token and logs in, unless that has been done.  SP_EIO, with what to do. */
int session_open(struct session *session, struct problem *out_problem);

/* Ends what is open, the library too: some know only the tokens that were there at their start. */
void session_close(struct session *session);

/* Whether the token still is where it was found. */
bool session_is_alive(const struct session *session);

/* SP_EIO with the token's label, what was done to it and what came of it. */
int session_tell(const struct session *session, const char *what, CK_RV rv,
                 struct problem *out_problem);

#endif
