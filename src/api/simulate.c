#include "question.h"

#include "signpost/base/chi_square.h"
#include "signpost/control/simulate.h"

/* ---- the response ---- */

static json_t *answer_object(const struct simulated_answer *answer)
{
    json_t *values = json_array();
    for (unsigned i = 0; i < answer->value_count; i++)
        json_array_append_new(values, api_json_text(answer->values[i]));
    return json_pack("{s:s,s:s,s:o}", "rcode", asked_rcode_name(answer->rcode), "members",
                     answer->members, "values", values);
}

static json_t *client_object(const struct simulated_client *client)
{
    char prefix[PREFIX_TEXT_SIZE];
    json_t *answers = json_array();
    for (unsigned i = 0; i < client->share_count; i++)
        json_array_append_new(answers, json_pack("{s:i,s:i}", "answer", client->shares[i].answer,
                                                 "count", client->shares[i].count));
    return json_pack("{s:s,s:o,s:i}", "client", prefix_to_text(prefix, &client->prefix), "answers",
                     answers, "others", client->other_count);
}

static json_t *member_object(const struct simulated_member *member)
{
    return json_pack("{s:o,s:i,s:I,s:f}", "set_identifier",
                     api_json_text(member->member->identifier), "weight", member->member->by.weight,
                     "observed", (json_int_t)member->observed, "expected", member->expected);
}

static json_t *group_object(const struct simulated_group *group)
{
    struct chi_cell cells[GROUP_MEMBERS_MAX];
    json_t *members = json_array();
    for (unsigned i = 0; i < group->member_count; i++) {
        const struct simulated_member *member = &group->members[i];
        cells[i] = (struct chi_cell){ (double)member->observed, member->expected };
        json_array_append_new(members, member_object(member));
    }
    struct chi_square result = chi_square_test(cells, group->member_count);
    return json_pack("{s:o,s:s,s:b,s:I,s:o,s:f,s:i,s:f}", "owner",
                     api_json_name(group->group->owner), "type",
                     dns_type_find(group->group->type)->name, "last_resort", group->is_last_resort,
                     "draws", (json_int_t)group->draw_count, "members", members, "chi_square",
                     result.statistic, "degrees_of_freedom", result.degrees, "p_value", result.p);
}

static json_t *simulation_object(const struct asked *asked, const struct simulation *simulation)
{
    json_t *clients = json_array(), *answers = json_array(), *groups = json_array();
    for (unsigned i = 0; i < simulation->client_count; i++)
        json_array_append_new(clients, client_object(&simulation->clients[i]));
    for (unsigned i = 0; i < simulation->answer_count; i++)
        json_array_append_new(answers, answer_object(&simulation->answers[i]));
    for (unsigned i = 0; i < simulation->group_count; i++)
        json_array_append_new(groups, group_object(&simulation->groups[i]));
    return json_pack("{s:o,s:s,s:I,s:I,s:o,s:o,s:o,s:b}", "name",
                     api_json_name(asked->question.name), "type",
                     dns_type_find(asked->question.type)->name, "seed", (json_int_t)asked->seed,
                     "queries", (json_int_t)simulation->query_count, "clients", clients, "answers",
                     answers, "weighted", groups, "complete", !simulation->lacks_groups);
}

/* ---- the request ---- */

static int read_clients(struct api_call *call, const json_t *list, struct simulation_plan *plan)
{
    size_t count = json_array_size(list);
    int rc = 0;
    if (count == 0)
        return problem_set(&call->problem, SP_EINVAL,
                           "clients: it must be a list of at least one prefix");
    if (count > SIMULATION_QUERIES_MAX)
        return problem_set(&call->problem, SP_ELIMIT,
                           "clients: %zu are too many for one request; at most %d at a time", count,
                           SIMULATION_QUERIES_MAX);
    struct ip_prefix *clients = arena_alloc(call->exchange->arena, count * sizeof(*clients));
    if (clients == NULL)
        return SP_ENOMEM;
    for (size_t i = 0; i < count && rc == 0; i++) {
        char what[40];
        snprintf(what, sizeof(what), "clients[%zu]", i);
        rc = asked_read_prefix(call, what, json_array_get(list, i), &clients[i]);
    }
    plan->clients = clients;
    plan->client_count = (unsigned)count;
    return rc;
}

static int read_count(struct api_call *call, const json_t *value, struct simulation_plan *plan)
{
    json_int_t count = json_integer_value(value);
    if (!json_is_integer(value) || count < 1 || count > SIMULATION_QUERIES_MAX)
        return problem_set(&call->problem, SP_EINVAL,
                           "queries: it must be a whole number from 1 to %d: how often each client "
                           "asks",
                           SIMULATION_QUERIES_MAX);
    plan->queries_each = (unsigned)count;
    return 0;
}

static int read_request(struct api_call *call, json_t *document, struct asked *out_asked,
                        struct simulation_plan *out_plan)
{
    static const char *const known[] = { "name", "type", "source", "clients", "queries",
                                         "down", "up",   "seed",   NULL };
    *out_plan = (struct simulation_plan){ .supposition = &out_asked->supposition };
    int rc = api_check_members(call, document, "", known);
    if (rc == 0)
        rc = asked_read(call, document, out_asked);
    if (rc == 0)
        rc = read_clients(call, json_object_get(document, "clients"), out_plan);
    if (rc == 0)
        rc = read_count(call, json_object_get(document, "queries"), out_plan);
    out_plan->question = out_asked->question;
    out_plan->seed = out_asked->seed;
    return rc;
}

int api_simulate_end(struct api_call *call)
{
    struct asked asked;
    struct simulation_plan plan;
    struct simulation *simulation;
    json_t *document = NULL;
    int rc = api_call_document(call, &document);
    if (rc == 0)
        rc = read_request(call, document, &asked, &plan);
    json_decref(document);
    if (rc == 0)
        rc = control_simulate(api_call_control(call), &plan, &simulation, &call->problem);
    if (rc != 0)
        return rc;
    rc = api_call_json(call, simulation_object(&asked, simulation));
    simulation_destroy(simulation);
    return rc;
}
