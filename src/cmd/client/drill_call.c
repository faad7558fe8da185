/*
 * One HTTP request at a time, while everything else goes on.  The loop of the drill waits here,
 * because libcurl knows best what its sockets wait for.
 */
#include "drill.h"
#include "transfer.h"

#include "signpost/base/clock.h"

#include <stdlib.h>

struct drill_calls {
    const struct invocation *invocation;
    CURLM *multi;
    enum call_kind kind; /* of the request under way */
    struct transfer transfer;
    struct reply reply;
    char *path, *text;
    int64_t sent_unix_ms;
    char details[CURL_ERROR_SIZE];
};

struct drill_calls *calls_create(const struct invocation *invocation)
{
    struct drill_calls *calls = calloc(1, sizeof(*calls));
    CURLM *multi = curl_multi_init();
    if (calls == NULL || multi == NULL) {
        complain("no memory");
        exit(EXIT_REFUSED);
    }
    calls->invocation = invocation;
    calls->multi = multi;
    return calls;
}

/* Lets go of what belongs to one request. */
static void clear(struct drill_calls *calls)
{
    if (calls->kind == CALL_NONE)
        return;
    curl_multi_remove_handle(calls->multi, calls->transfer.curl);
    transfer_close(&calls->transfer);
    reply_finish(&calls->reply);
    free(calls->path);
    free(calls->text);
    calls->kind = CALL_NONE;
}

void calls_destroy(struct drill_calls *calls)
{
    if (calls == NULL)
        return;
    clear(calls);
    curl_multi_cleanup(calls->multi);
    free(calls);
}

bool calls_begin(struct drill_calls *calls, enum call_kind kind, const char *method, char *path,
                 char *text)
{
    struct request request = { .method = method, .path = path, .text = text };
    if (calls->kind != CALL_NONE) {
        free(path);
        free(text);
        return false;
    }
    calls->kind = kind;
    calls->path = path;
    calls->text = text;
    calls->details[0] = '\0';
    transfer_open(&calls->transfer, calls->invocation, &request, &calls->reply);
    curl_easy_setopt(calls->transfer.curl, CURLOPT_ERRORBUFFER, calls->details);
    curl_easy_setopt(calls->transfer.curl, CURLOPT_TIMEOUT_MS, (long)DRILL_CALL_MS);
    calls->sent_unix_ms = (int64_t)clock_unix_ms();
    curl_multi_add_handle(calls->multi, calls->transfer.curl);
    return true;
}

void calls_wait(struct drill_calls *calls, const int fds[2], int64_t timeout_ms)
{
    int running;
    struct curl_waitfd others[] = {
        { .fd = fds[0], .events = CURL_WAIT_POLLIN },
        { .fd = fds[1], .events = CURL_WAIT_POLLIN },
    };
    curl_multi_perform(calls->multi, &running);
    /* What has ended must be seen to first. */
    if (running > 0 || calls->kind == CALL_NONE)
        curl_multi_poll(calls->multi, others, 2, (int)timeout_ms, NULL);
    curl_multi_perform(calls->multi, &running);
}

struct call_end calls_end(struct drill_calls *calls, bool complain_too)
{
    struct call_end end = { CALL_NONE, 0, NULL, calls->sent_unix_ms };
    int left;
    const CURLMsg *message = curl_multi_info_read(calls->multi, &left);
    if (message == NULL || message->msg != CURLMSG_DONE)
        return end;
    CURLcode code = message->data.result;
    if (code == CURLE_OK)
        curl_easy_getinfo(calls->transfer.curl, CURLINFO_RESPONSE_CODE, &calls->reply.status);
    end.kind = calls->kind;
    end.status = calls->reply.status;
    if (complain_too)
        transfer_complain(calls->invocation, code, calls->details, &calls->reply);
    if (code == CURLE_OK)
        end.reply = json_loadb(calls->reply.body != NULL ? calls->reply.body : "",
                               calls->reply.size, 0, NULL);
    clear(calls);
    return end;
}
