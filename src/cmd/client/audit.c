#include "client.h"

#define LINES_MAX 1000

static int check_limit(const struct invocation *invocation)
{
    json_int_t limit = 1;
    if (option_given(invocation, "limit") &&
        option_number(invocation, "limit", &limit) != EXIT_DONE)
        return EXIT_USAGE;
    if (limit >= 1 && limit <= LINES_MAX)
        return EXIT_DONE;
    complain("--limit must be from 1 to %d", LINES_MAX);
    return EXIT_USAGE;
}

int verb_audit(const struct invocation *invocation)
{
    static const char *const heads[] = { "TIME", "KEY", "FROM", "OPERATION", "ZONE", "RESULT" };
    static const char *const options[] = { "zone", "key", "limit" };
    struct table table = { .columns = 6 };
    json_t *reply;
    const json_t *entry;
    size_t index;
    if (check_limit(invocation) != EXIT_DONE)
        return EXIT_USAGE;
    char *path = client_path("audit");
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        path = client_path_argument(path, options[i], option_text(invocation, options[i]));
    int rc = client_exchange(invocation, "GET", path, NULL, &reply);
    const json_t *entries = json_object_get(reply, "entries");
    if (json_array_size(entries) > 0)
        table_add_row(&table, heads);
    else if (reply != NULL)
        fprintf(stderr, "The audit has nothing like that.\n");
    json_array_foreach(entries, index, entry)
    {
        const char *cells[] = { text_of(entry, "time"),   text_of(entry, "key"),
                                text_of(entry, "source"), text_of(entry, "operation"),
                                text_of(entry, "zone"),   text_of(entry, "result") };
        for (unsigned i = 0; i < table.columns; i++)
            table_add(&table, cells[i][0] != '\0' ? cells[i] : NULL);
    }
    table_print(&table, stdout);
    json_decref(reply);
    return rc;
}
