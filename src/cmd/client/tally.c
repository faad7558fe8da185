/*
 * Replies to simulate, added up: a long run is several requests.  Answers and groups are told apart
 * by their text, since the server numbers them anew in every reply.
 */
#include "client.h"

#include "signpost/base/chi_square.h"
#include "signpost/base/limits.h"

#include <stdlib.h>
#include <string.h>

/* A text that only equal values have; the caller frees it. */
static char *key_of(json_t *value)
{
    char *key = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    json_decref(value);
    if (key == NULL) {
        complain("no memory");
        exit(EXIT_REFUSED);
    }
    return key;
}

/* The index that the table has for that text, or next, which it is given then. */
static size_t index_of(json_t *table, json_t *value, size_t next)
{
    char *key = key_of(value);
    const json_t *known = json_object_get(table, key);
    if (known == NULL)
        json_object_set_new(table, key, json_integer((json_int_t)next));
    free(key);
    return known != NULL ? (size_t)json_integer_value(known) : next;
}

static void add_to(json_t *object, const char *name, json_int_t amount)
{
    json_object_set_new(object, name, json_integer(number_of(object, name) + amount));
}

void tally_init(struct tally *tally, const json_t *clients)
{
    const json_t *client;
    size_t index;
    json_t *list = json_array();
    json_array_foreach(clients, index, client)
    {
        json_t *own = json_copy((json_t *)(uintptr_t)client);
        json_object_set_new(own, "answers", json_array());
        json_object_set_new(own, "others", json_integer(0));
        json_array_append_new(list, own);
    }
    tally->result =
        json_pack("{s:n,s:n,s:n,s:I,s:o,s:[],s:[],s:b}", "name", "type", "seed", "queries",
                  (json_int_t)0, "clients", list, "answers", "weighted", "complete", 1);
    tally->answers = json_object();
    tally->weighted = json_object();
}

void tally_finish(struct tally *tally)
{
    json_decref(tally->result);
    json_decref(tally->answers);
    json_decref(tally->weighted);
}

/* ---- answers ---- */

static size_t place_answer(struct tally *tally, const json_t *answer)
{
    json_t *list = json_object_get(tally->result, "answers");
    size_t next = json_array_size(list);
    size_t index = index_of(tally->answers, json_incref((json_t *)(uintptr_t)answer), next);
    if (index == next)
        json_array_append(list, (json_t *)(uintptr_t)answer);
    return index;
}

static void add_share(json_t *shares, size_t answer, json_int_t count)
{
    json_t *share;
    size_t index;
    json_array_foreach(shares, index, share)
    {
        if (number_of(share, "answer") != (json_int_t)answer)
            continue;
        add_to(share, "count", count);
        return;
    }
    json_array_append_new(shares,
                          json_pack("{s:I,s:I}", "answer", (json_int_t)answer, "count", count));
}

static bool add_client(struct tally *tally, const json_t *reply, const json_t *from, size_t to)
{
    const json_t *answers = json_object_get(reply, "answers"), *share;
    json_t *client = json_array_get(json_object_get(tally->result, "clients"), to);
    size_t index;
    if (client == NULL)
        return false;
    json_array_foreach(json_object_get(from, "answers"), index, share)
    {
        const json_t *answer = json_array_get(answers, (size_t)number_of(share, "answer"));
        if (answer == NULL)
            return false;
        add_share(json_object_get(client, "answers"), place_answer(tally, answer),
                  number_of(share, "count"));
    }
    add_to(client, "others", number_of(from, "others"));
    return true;
}

/* ---- weighted groups ---- */

/* Its name and pass, and who was in play. */
static json_t *identity_of(const json_t *group)
{
    const json_t *member;
    size_t index;
    json_t *ids = json_array();
    json_array_foreach(json_object_get(group, "members"), index, member)
        json_array_append(ids, json_object_get(member, "set_identifier"));
    return json_pack("[s,s,b,o]", text_of(group, "owner"), text_of(group, "type"),
                     json_is_true(json_object_get(group, "last_resort")), ids);
}

/* The test of the sums, in the place of that of one reply. */
static bool judge(json_t *group)
{
    struct chi_cell cells[GROUP_MEMBERS_MAX];
    const json_t *members = json_object_get(group, "members"), *member;
    size_t index;
    if (json_array_size(members) > GROUP_MEMBERS_MAX)
        return false;
    json_array_foreach(members, index, member)
    {
        cells[index].observed = (double)number_of(member, "observed");
        cells[index].expected = json_number_value(json_object_get(member, "expected"));
    }
    struct chi_square result = chi_square_test(cells, json_array_size(members));
    json_object_set_new(group, "chi_square", json_real(result.statistic));
    json_object_set_new(group, "degrees_of_freedom", json_integer(result.degrees));
    json_object_set_new(group, "p_value", json_real(result.p));
    return true;
}

static bool add_group(struct tally *tally, const json_t *from)
{
    json_t *list = json_object_get(tally->result, "weighted"), *member;
    size_t next = json_array_size(list), i;
    size_t index = index_of(tally->weighted, identity_of(from), next);
    if (index == next)
        return json_array_append_new(list, json_deep_copy(from)) == 0 &&
               judge(json_array_get(list, index));
    json_t *group = json_array_get(list, index);
    add_to(group, "draws", number_of(from, "draws"));
    json_array_foreach(json_object_get(group, "members"), i, member)
    {
        const json_t *more = json_array_get(json_object_get(from, "members"), i);
        double sum = json_number_value(json_object_get(member, "expected")) +
                     json_number_value(json_object_get(more, "expected"));
        add_to(member, "observed", number_of(more, "observed"));
        json_object_set_new(member, "expected", json_real(sum));
    }
    return judge(group);
}

bool tally_add(struct tally *tally, const json_t *reply, size_t first)
{
    const json_t *item;
    size_t index;
    bool right = true;
    if (json_is_null(json_object_get(tally->result, "seed"))) {
        json_object_set(tally->result, "name", json_object_get(reply, "name"));
        json_object_set(tally->result, "type", json_object_get(reply, "type"));
        json_object_set(tally->result, "seed", json_object_get(reply, "seed"));
    }
    add_to(tally->result, "queries", number_of(reply, "queries"));
    if (!json_is_true(json_object_get(reply, "complete")))
        json_object_set_new(tally->result, "complete", json_false());
    json_array_foreach(json_object_get(reply, "clients"), index, item) right =
        right && add_client(tally, reply, item, first + index);
    json_array_foreach(json_object_get(reply, "weighted"), index, item) right =
        right && add_group(tally, item);
    return right;
}
