/*
 * Answers are compared as octets: the records of the final set in sorted order, and the members
 * that were taken on the way.  Texts are made once for each different answer.
 */
#include "signpost/control/simulate.h"

#include "asker.h"
#include "draws.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS 4096 /* of the table of answers: four times as many as there can be */

/* An answer, and how it is found again. */
struct known_answer {
    struct span key;
    uint64_t hash;
    unsigned count; /* for the client that is asking */
};

struct run {
    const struct simulation_plan *plan;
    struct asker *asker;
    struct arena *scratch; /* of one question */
    struct arena *arena;   /* of the results */
    struct simulation *simulation;
    uint64_t steps_left;
    unsigned other_count; /* for the client that is asking */

    unsigned slots[SLOTS]; /* 1 + index; 0: free */
    struct known_answer known[SIMULATION_ANSWERS_MAX];
    struct simulated_answer answers[SIMULATION_ANSWERS_MAX];
    unsigned answer_count;

    struct draws draws;
};

/* What is handed out, and what it stands on. */
struct simulated {
    struct simulation simulation; /* must stay the first member */
    struct asker *asker;          /* holds on to the members of the groups */
    struct arena *arena;
};

/* ---- one answer ---- */

static int compare_records(const void *a, const void *b)
{
    const struct reply_record *left = a, *right = b;
    size_t size = left->rdata.size < right->rdata.size ? left->rdata.size : right->rdata.size;
    if (left->type != right->type)
        return left->type < right->type ? -1 : 1;
    int order = memcmp(left->rdata.data, right->rdata.data, size);
    if (order != 0)
        return order;
    return (left->rdata.size > right->rdata.size) - (left->rdata.size < right->rdata.size);
}

/* The final set in sorted order, and what it takes as a key. */
struct outcome {
    uint8_t rcode;
    unsigned count;
    struct reply_record *records;
    size_t size;
};

/* A chain of CNAMEs that leads to no answer is none. */
static int sort_final_set(struct run *run, const struct dns_message *message,
                          struct outcome *out_outcome)
{
    unsigned first = dns_message_final_set(message);
    unsigned count = message->rcode == DNS_NOERROR ? message->answer_count - first : 0;
    struct reply_record *records = arena_alloc(run->scratch, (count + 1) * sizeof *records);
    if (records == NULL)
        return SP_ENOMEM;
    *out_outcome = (struct outcome){ message->rcode, count, records, 1 };
    if (count > 0)
        memcpy(records, message->answers + first, count * sizeof *records);
    qsort(records, count, sizeof *records, compare_records);
    for (unsigned i = 0; i < count; i++)
        out_outcome->size += 4 + records[i].rdata.size;
    return 0;
}

static bool is_taken(const struct trace_step *step)
{
    return step->kind == TRACE_TAKEN;
}

static uint8_t *put(uint8_t *to, const void *data, size_t size)
{
    memcpy(to, data, size);
    return to + size;
}

static int make_key(struct run *run, const struct outcome *outcome, struct span *out_key)
{
    const struct trace *trace = &run->asker->trace;
    size_t size = outcome->size + trace->count * sizeof(struct member *);
    uint8_t *key = arena_alloc(run->scratch, size), *to = key;
    if (key == NULL)
        return SP_ENOMEM;
    *to++ = outcome->rcode;
    for (unsigned i = 0; i < outcome->count; i++) {
        const struct reply_record *record = &outcome->records[i];
        put_u16(to, record->type);
        put_u16(to + 2, (uint16_t)record->rdata.size);
        to = put(to + 4, record->rdata.data, record->rdata.size);
    }
    for (unsigned i = 0; i < trace->count; i++)
        if (is_taken(&trace->steps[i]))
            to = put(to, &trace->steps[i].member, sizeof trace->steps[i].member);
    *out_key = (struct span){ key, (size_t)(to - key) };
    return 0;
}

/* ---- its texts ---- */

static const char *value_text(struct run *run, const struct reply_record *record)
{
    const char *text = rdata_to_text(run->arena, record->type, record->rdata);
    const struct dns_type_info *info = dns_type_find(record->type);
    if (text == NULL || info == NULL || record->type == run->plan->question.type)
        return text;
    return arena_format(run->arena, "%s %s", info->name, text);
}

/* "DE -> blue"; members of one group that were taken together have commas between them. */
static const char *members_text(struct run *run)
{
    const struct trace *trace = &run->asker->trace;
    const struct trace_step *last = NULL;
    const char *text = "";
    char label[TRACE_LABEL_SIZE];
    for (unsigned i = 0; i < trace->count && text != NULL; i++) {
        const struct trace_step *step = &trace->steps[i];
        if (!is_taken(step) || trace_label(step->group, step->member, label, sizeof label) == 0)
            continue;
        const char *between = last == NULL ? "" : last->group == step->group ? "," : " -> ";
        text = arena_format(run->arena, "%s%s%s", text, between, label);
        last = step;
    }
    return text;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int describe(struct run *run, const struct outcome *outcome,
                    struct simulated_answer *out_answer)
{
    const char **values = arena_alloc(run->arena, (outcome->count + 1) * sizeof *values);
    if (values == NULL)
        return SP_ENOMEM;
    for (unsigned i = 0; i < outcome->count; i++)
        if ((values[i] = value_text(run, &outcome->records[i])) == NULL)
            return SP_ENOMEM;
    qsort(values, outcome->count, sizeof *values, compare_texts);
    *out_answer =
        (struct simulated_answer){ outcome->rcode, members_text(run), outcome->count, values };
    return out_answer->members == NULL ? SP_ENOMEM : 0;
}

/* ---- counting answers ---- */

static uint64_t hash_of(struct span key)
{
    uint64_t hash = key.size;
    for (size_t at = 0; at < key.size; at += 64)
        hash = hash_bytes(hash, key.data + at, (unsigned)(key.size - at < 64 ? key.size - at : 64));
    return hash;
}

static unsigned *find_slot(struct run *run, struct span key, uint64_t hash)
{
    unsigned at = (unsigned)(hash % SLOTS);
    while (run->slots[at] != 0) {
        const struct known_answer *known = &run->known[run->slots[at] - 1];
        if (known->hash == hash && known->key.size == key.size &&
            memcmp(known->key.data, key.data, key.size) == 0)
            break;
        at = (at + 1) % SLOTS;
    }
    return &run->slots[at];
}

static int count_answer(struct run *run, const struct outcome *outcome)
{
    struct span key;
    int rc = make_key(run, outcome, &key);
    if (rc != 0)
        return rc;
    uint64_t hash = hash_of(key);
    unsigned *slot = find_slot(run, key, hash);
    if (*slot == 0 && run->answer_count == SIMULATION_ANSWERS_MAX) {
        run->other_count++;
        return 0;
    }
    if (*slot == 0) {
        key.data = arena_copy(run->arena, key.data, key.size);
        rc =
            key.data == NULL ? SP_ENOMEM : describe(run, outcome, &run->answers[run->answer_count]);
        if (rc != 0)
            return rc;
        run->known[run->answer_count] = (struct known_answer){ key, hash, 0 };
        *slot = ++run->answer_count;
    }
    run->known[*slot - 1].count++;
    return 0;
}

/* ---- one client ---- */

static int ask(struct run *run, struct problem *out_problem)
{
    struct dns_message message;
    struct outcome outcome;
    const struct asker *asker = run->asker;
    arena_clear(run->scratch);
    asker__ask(run->asker);
    uint64_t steps = 1 + (asker->trace.is_cut ? POLICY_STEPS_MAX : asker->trace.count);
    if (steps > run->steps_left)
        return problem_set(out_problem, SP_ELIMIT,
                           "the tree at this name is so large that %llu queries are all that one "
                           "request may ask: ask for fewer",
                           (unsigned long long)run->simulation->query_count);
    run->steps_left -= steps;
    int rc = dns_message_read(&message, (struct span){ asker->reply, asker->reply_size },
                              run->scratch, out_problem);
    if (rc == 0)
        rc = sort_final_set(run, &message, &outcome);
    if (rc == 0)
        rc = count_answer(run, &outcome);
    draws__count(&run->draws, &asker->trace);
    run->simulation->query_count++;
    return rc;
}

static int settle_client(struct run *run, struct simulated_client *client)
{
    struct simulated_share *shares =
        arena_alloc(run->arena, (run->answer_count + 1) * sizeof *shares);
    if (shares == NULL)
        return SP_ENOMEM;
    client->shares = shares;
    client->other_count = run->other_count;
    run->other_count = 0;
    for (unsigned i = 0; i < run->answer_count; i++) {
        if (run->known[i].count > 0)
            shares[client->share_count++] = (struct simulated_share){ i, run->known[i].count };
        run->known[i].count = 0;
    }
    return draws__settle_client(&run->draws, run->arena);
}

static int ask_client(struct run *run, struct simulated_client *client, struct problem *out_problem)
{
    struct question question = run->plan->question;
    int rc = 0;
    question.has_subnet = true;
    question.subnet = client->prefix;
    asker__prepare(run->asker, &question);
    for (unsigned i = 0; i < run->plan->queries_each && rc == 0; i++)
        rc = ask(run, out_problem);
    return rc == 0 ? settle_client(run, client) : rc;
}

/* ---- all of them ---- */

static int ask_clients(struct run *run, struct problem *out_problem)
{
    const struct simulation_plan *plan = run->plan;
    struct simulation *simulation = run->simulation;
    struct simulated_client *clients =
        arena_alloc(run->arena, (plan->client_count + 1) * sizeof *clients);
    int rc = clients == NULL ? SP_ENOMEM : 0;
    for (unsigned i = 0; i < plan->client_count && rc == 0; i++) {
        clients[i].prefix = plan->clients[i];
        rc = ask_client(run, &clients[i], out_problem);
    }
    simulation->client_count = plan->client_count;
    simulation->clients = clients;
    simulation->answer_count = run->answer_count;
    simulation->group_count = run->draws.group_count;
    simulation->lacks_groups = run->draws.lacks_groups;
    simulation->answers =
        arena_copy(run->arena, run->answers, run->answer_count * sizeof run->answers[0]);
    simulation->groups = arena_copy(run->arena, run->draws.groups,
                                    run->draws.group_count * sizeof run->draws.groups[0]);
    if (rc == 0 && (simulation->answers == NULL || simulation->groups == NULL))
        rc = SP_ENOMEM;
    return rc;
}

static int check_plan(const struct simulation_plan *plan, struct problem *out_problem)
{
    uint64_t count = (uint64_t)plan->client_count * plan->queries_each;
    if (count <= SIMULATION_QUERIES_MAX)
        return 0;
    return problem_set(out_problem, SP_ELIMIT,
                       "%llu queries are too many for one request; at most %d at a time",
                       (unsigned long long)count, SIMULATION_QUERIES_MAX);
}

static int run_plan(struct simulated *simulated, const struct simulation_plan *plan,
                    struct problem *out_problem)
{
    struct run *run = calloc(1, sizeof *run);
    simulated->arena = arena_create();
    if (run == NULL || simulated->arena == NULL || (run->scratch = arena_create()) == NULL) {
        free(run);
        return SP_ENOMEM;
    }
    run->plan = plan;
    run->asker = simulated->asker;
    run->arena = simulated->arena;
    run->simulation = &simulated->simulation;
    run->steps_left = SIMULATION_STEPS_MAX;
    int rc = ask_clients(run, out_problem);
    arena_destroy(run->scratch);
    free(run);
    return rc;
}

int control_simulate(struct control *control, const struct simulation_plan *plan,
                     struct simulation **out_simulation, struct problem *out_problem)
{
    struct simulated *simulated = NULL;
    int rc = check_plan(plan, out_problem);
    if (rc == 0 && (simulated = calloc(1, sizeof *simulated)) == NULL)
        rc = SP_ENOMEM;
    if (rc == 0)
        rc = asker__create(control, plan->supposition, plan->seed, &simulated->asker, out_problem);
    if (rc == 0)
        rc = run_plan(simulated, plan, out_problem);
    if (rc == 0)
        *out_simulation = &simulated->simulation;
    else if (simulated != NULL)
        simulation_destroy(&simulated->simulation);
    return rc;
}

void simulation_destroy(struct simulation *simulation)
{
    struct simulated *simulated = (struct simulated *)simulation;
    if (simulated == NULL)
        return;
    asker__destroy(simulated->asker);
    arena_destroy(simulated->arena);
    free(simulated);
}
