/* needs: dns */
/*
 * The reader of replies: any octets.  What it accepts must hold together.
 */
#include "signpost/dns/message.h"
#include "signpost/dns/name.h"

#include <stdlib.h>

static void require(int condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dns_message message;
    struct arena *arena = arena_create();
    if (arena == NULL ||
        dns_message_read(&message, (struct span){ data, size }, arena, NULL) != 0) {
        arena_destroy(arena);
        return 0;
    }
    require(message.id == get_u16(data) && message.rcode <= 15);
    require(message.question.data == data + DNS_HEADER_SIZE);
    require(message.question.size >= 5 && message.question.size <= size - DNS_HEADER_SIZE);
    require(dns_message_final_set(&message) <= message.answer_count);
    volatile uint8_t sum = 0;
    for (unsigned i = 0; i < message.answer_count; i++) {
        const struct reply_record *record = &message.answers[i];
        require(dns_name_check(record->owner, dns_name_size(record->owner)) > 0);
        for (size_t j = 0; j < record->rdata.size; j++)
            sum = (uint8_t)(sum + record->rdata.data[j]);
    }
    arena_destroy(arena);
    return 0;
}
