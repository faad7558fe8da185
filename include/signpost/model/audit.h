/*
 * model/audit.h - one line of the audit: who changed what, or tried to.
 */
#ifndef SIGNPOST_MODEL_AUDIT_H
#define SIGNPOST_MODEL_AUDIT_H

#include "signpost/dns/name.h"
#include "signpost/model/uuid.h"

#include <stdint.h>

#define AUDIT_KEY_SIZE       129 /* as claimed: strangers may write what they like */
#define AUDIT_SOURCE_SIZE    56
#define AUDIT_OPERATION_SIZE 80
#define AUDIT_RESULT_SIZE    80

struct audit_entry {
    int64_t id;                           /* the store's; grows with time */
    uint64_t time_ms;                     /* Unix milliseconds */
    char key_id[AUDIT_KEY_SIZE];          /* "" when the request named none */
    char source[AUDIT_SOURCE_SIZE];       /* "192.0.2.1", or "socket" for the control socket */
    char operation[AUDIT_OPERATION_SIZE]; /* "ChangeResourceRecordSets", "POST zones/{zone}/..." */
    char zone[DNS_NAME_TEXT_SIZE];        /* with its final dot, or an id; "" for none */
    char result[AUDIT_RESULT_SIZE];       /* "ok", or the code of the refusal */
    char request_id[UUID_TEXT_SIZE];
};

#endif
