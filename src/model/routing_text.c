/*
 * Attributes are one table: what each is called, which policies have it, how it is read and how it
 * is written, in the order in which they are written.  Whether what they say exists, and goes
 * together, is draft_check's to see.
 */
#include "routing_text.h"

#include "rdata_fields.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define BIT(policy)   (1u << (policy))
#define ALL_POLICIES  (BIT(ROUTING_POLICY_COUNT) - 1)
#define NAMED_MEMBERS (ALL_POLICIES & ~BIT(ROUTING_SIMPLE))

static bool fail(struct routing_parse *parse, const struct token *word, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(struct routing_parse *parse, const struct token *word, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(parse->why, sizeof parse->why, format, arguments);
    va_end(arguments);
    parse->culprit = word;
    return false;
}

/* ---- words ---- */

/* Where the quote ends that begins at text; NULL: it does not. */
static const char *closing_quote(const char *text, const char *end)
{
    for (const char *at = text + 1; at < end; at++) {
        if (*at == '"')
            return at;
        at += *at == '\\';
    }
    return NULL;
}

/* More than any attribute may have; cut off here, it is too long there. */
#define VALUE_SIZE 256

/* Whether the word is "name=" and something; undoes the quotes and escapes of that. */
static bool split(struct routing_parse *parse, const struct token *word, const char *name,
                  char out_value[VALUE_SIZE])
{
    const char *end = word->text + word->size;
    const char *value = word->text + strlen(name) + 1;
    if (word->quoted || value > end || strncmp(word->text, name, strlen(name)) != 0 ||
        value[-1] != '=')
        return false;
    *out_value = '\0';
    if (*value == '"' ? closing_quote(value, end) != end - 1 : word->quote_inside) {
        fail(parse, word, "has its quotes in the wrong place");
        return true;
    }
    value += *value == '"';
    end -= word->quote_inside;
    size_t size = text_unescape((uint8_t *)out_value, VALUE_SIZE - 1, value, (size_t)(end - value));
    if (size >= VALUE_SIZE)
        fail(parse, word, size == SIZE_MAX ? "has a broken escape" : "is too long");
    else if (size == 0 || memchr(out_value, 0, size) != NULL)
        fail(parse, word, "has no value, or an octet of value zero in it");
    else
        out_value[size] = '\0';
    return true;
}

static bool keep(struct routing_parse *parse, const struct token *word, const char *value,
                 char *out, size_t out_size)
{
    if (strlen(value) >= out_size)
        return fail(parse, word, "is longer than %zu octets", out_size - 1);
    memcpy(out, value, strlen(value) + 1);
    return true;
}

/* Every octet that nobody could take for something else may go without quotes. */
static void put_text(struct text *text, const char *value)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "-_.:,*+/";
    size_t size = strlen(value);
    if (value[strspn(value, plain)] == '\0')
        text_put(text, value, size);
    else
        text_put_quoted(text, (struct span){ (const uint8_t *)value, size });
}

/* ---- attributes ---- */

struct attribute {
    const char *name;
    unsigned policies;  /* that have it, a bit each */
    unsigned needed_by; /* of those, the ones that cannot be without */
    size_t at, size;    /* of a text in struct routing; size 0: see read and write */
    bool (*read)(struct routing_parse *parse, const struct token *word, const char *value);
    void (*write)(struct text *text, const struct record_set *set);
    bool (*is_there)(const struct record_set *set); /* NULL: always */
};

static bool read_id(struct routing_parse *parse, const struct token *word, const char *value)
{
    return keep(parse, word, value, parse->identifier, sizeof parse->identifier);
}

static void write_id(struct text *text, const struct record_set *set)
{
    const char *id = set->set_identifier;
    text_put_quoted(text, (struct span){ (const uint8_t *)id, strlen(id) });
}

static bool read_weight(struct routing_parse *parse, const struct token *word, const char *value)
{
    uint32_t weight;
    if (!rdata__number(value, strlen(value), UINT8_MAX, &weight))
        return fail(parse, word, "is not a weight from 0 to 255");
    parse->routing.weight = (uint8_t)weight;
    return true;
}

static void write_weight(struct text *text, const struct record_set *set)
{
    text_put_number(text, set->routing->weight);
}

static bool read_role(struct routing_parse *parse, const struct token *word, const char *value)
{
    parse->routing.is_primary = strcmp(value, "PRIMARY") == 0;
    if (!parse->routing.is_primary && strcmp(value, "SECONDARY") != 0)
        return fail(parse, word, "is not role=PRIMARY or role=SECONDARY");
    return true;
}

static void write_role(struct text *text, const struct record_set *set)
{
    text_put_string(text, set->routing->is_primary ? "PRIMARY" : "SECONDARY");
}

/* "LATITUDE,LONGITUDE" */
static bool read_coordinates(struct routing_parse *parse, const struct token *word,
                             const char *value)
{
    const char *comma = strchr(value, ',');
    size_t latitude_size = comma == NULL ? 0 : (size_t)(comma - value);
    if (latitude_size == 0 || latitude_size >= sizeof parse->routing.latitude || comma[1] == '\0')
        return fail(parse, word, "is not a latitude and a longitude, such as 47.60,-122.33");
    memcpy(parse->routing.latitude, value, latitude_size);
    return keep(parse, word, comma + 1, parse->routing.longitude, sizeof parse->routing.longitude);
}

static void write_coordinates(struct text *text, const struct record_set *set)
{
    char both[sizeof set->routing->latitude + sizeof set->routing->longitude];
    snprintf(both, sizeof both, "%s,%s", set->routing->latitude, set->routing->longitude);
    put_text(text, both);
}

static bool has_coordinates(const struct record_set *set)
{
    return set->routing->latitude[0] != '\0';
}

static bool read_bias(struct routing_parse *parse, const struct token *word, const char *value)
{
    uint32_t bias;
    bool is_negative = *value == '-';
    value += is_negative;
    if (!rdata__number(value, strlen(value), 99, &bias))
        return fail(parse, word, "is not a bias from -99 to 99");
    parse->routing.bias = (int8_t)(is_negative ? -(int)bias : (int)bias);
    return true;
}

static void write_bias(struct text *text, const struct record_set *set)
{
    int bias = set->routing->bias;
    if (bias < 0)
        text_put(text, "-", 1);
    text_put_number(text, (uint32_t)(bias < 0 ? -bias : bias));
}

static bool has_bias(const struct record_set *set)
{
    return set->routing->bias != 0;
}

static bool read_check(struct routing_parse *parse, const struct token *word, const char *value)
{
    return keep(parse, word, value, parse->health_check, sizeof parse->health_check);
}

static void write_check(struct text *text, const struct record_set *set)
{
    put_text(text, set->health_check);
}

static bool has_check(const struct record_set *set)
{
    return set->health_check != NULL;
}

#define TEXT_OF(member) offsetof(struct routing, member), sizeof(((struct routing *)0)->member)

/* clang-format off */
static const struct attribute attributes[] = {
    { "id", NAMED_MEMBERS, NAMED_MEMBERS, 0, 0, read_id, write_id, NULL },
    { "weight", BIT(ROUTING_WEIGHTED), BIT(ROUTING_WEIGHTED), 0, 0, read_weight, write_weight, NULL },
    { "region", BIT(ROUTING_LATENCY) | BIT(ROUTING_GEOPROXIMITY), BIT(ROUTING_LATENCY),
      TEXT_OF(region), NULL, NULL, NULL },
    { "role", BIT(ROUTING_FAILOVER), BIT(ROUTING_FAILOVER), 0, 0, read_role, write_role, NULL },
    { "continent", BIT(ROUTING_GEOLOCATION), 0, TEXT_OF(continent), NULL, NULL, NULL },
    { "country", BIT(ROUTING_GEOLOCATION), 0, TEXT_OF(country), NULL, NULL, NULL },
    { "subdivision", BIT(ROUTING_GEOLOCATION), 0, TEXT_OF(subdivision), NULL, NULL, NULL },
    { "local-zone", BIT(ROUTING_GEOPROXIMITY), 0, TEXT_OF(local_zone_group), NULL, NULL, NULL },
    { "coordinates", BIT(ROUTING_GEOPROXIMITY), 0, 0, 0,
      read_coordinates, write_coordinates, has_coordinates },
    { "bias", BIT(ROUTING_GEOPROXIMITY), 0, 0, 0, read_bias, write_bias, has_bias },
    { "collection", BIT(ROUTING_CIDR), BIT(ROUTING_CIDR), TEXT_OF(collection), NULL, NULL, NULL },
    { "location", BIT(ROUTING_CIDR), BIT(ROUTING_CIDR), TEXT_OF(location), NULL, NULL, NULL },
    { "check", ALL_POLICIES, 0, 0, 0, read_check, write_check, has_check },
};
/* clang-format on */
#define ATTRIBUTE_COUNT (sizeof attributes / sizeof *attributes)

/* "id, weight, check": what the policy has. */
static void list_attributes(enum routing_policy policy, char *out, size_t out_size)
{
    size_t size = 0;
    for (unsigned i = 0; i < ATTRIBUTE_COUNT; i++)
        if ((attributes[i].policies & BIT(policy)) != 0)
            size += (size_t)snprintf(out + size, out_size - size, "%s%s", size > 0 ? ", " : "",
                                     attributes[i].name);
}

static bool fail_unknown(struct routing_parse *parse, const struct token *word)
{
    char list[128];
    list_attributes(parse->set.policy, list, sizeof list);
    return fail(parse, word,
                "is not an attribute of a %s record set (%s), nor \"value\" or \"alias\"",
                routing_policy_name(parse->set.policy), list);
}

static bool read_attribute(struct routing_parse *parse, const struct token *word)
{
    char value[VALUE_SIZE];
    unsigned i = 0;
    while (i < ATTRIBUTE_COUNT && ((attributes[i].policies & BIT(parse->set.policy)) == 0 ||
                                   !split(parse, word, attributes[i].name, value)))
        i++;
    if (i == ATTRIBUTE_COUNT)
        return fail_unknown(parse, word);
    if (parse->why[0] != '\0')
        return false;
    if ((parse->seen & BIT(i)) != 0)
        return fail(parse, word, "is a second %s", attributes[i].name);
    parse->seen |= BIT(i);
    if (attributes[i].size == 0)
        return attributes[i].read(parse, word, value);
    return keep(parse, word, value, (char *)&parse->routing + attributes[i].at, attributes[i].size);
}

static bool check_needed(struct routing_parse *parse, const struct token *policy_word)
{
    for (unsigned i = 0; i < ATTRIBUTE_COUNT; i++)
        if ((attributes[i].needed_by & BIT(parse->set.policy)) != 0 && (parse->seen & BIT(i)) == 0)
            return fail(parse, policy_word, "needs %s=", attributes[i].name);
    return true;
}

/* ---- aliases ---- */

static bool read_target(struct routing_parse *parse, const struct token *word)
{
    const char *why;
    if (word->quoted || word->quote_inside)
        return fail(parse, word, "stands in quotes where a name belongs");
    size_t size =
        dns_name_from_text(parse->alias_name, word->text, word->size, parse->origin, &why);
    if (size == 0)
        return fail(parse, word, "is no name: %s", why);
    if (rdata__repeats_origin(word, parse->alias_name, size, parse->origin))
        parse->dotless = word;
    dns_name_lower(parse->alias_name, parse->alias_name, size);
    return true;
}

static bool read_alias_attribute(struct routing_parse *parse, const struct token *word)
{
    struct alias_target *alias = &parse->alias;
    char value[VALUE_SIZE];
    if (split(parse, word, "zone", value))
        return parse->why[0] == '\0' &&
               keep(parse, word, value, alias->zone_id, sizeof alias->zone_id);
    bool is_evaluation = split(parse, word, "evaluate-health", value) && parse->why[0] == '\0';
    alias->evaluate_health = is_evaluation && strcmp(value, "yes") == 0;
    if (alias->evaluate_health || (is_evaluation && strcmp(value, "no") == 0))
        return true;
    return fail(parse, word,
                "is not zone=ID, evaluate-health=yes or evaluate-health=no, which may follow the "
                "name of an alias");
}

static bool read_alias(struct routing_parse *parse, const struct token *alias_word)
{
    if (parse->next == parse->end)
        return fail(parse, alias_word, "is followed by the name to which the alias leads");
    bool is_good = read_target(parse, parse->next++);
    while (is_good && parse->next < parse->end)
        is_good = read_alias_attribute(parse, parse->next++);
    if (parse->alias.zone_id[0] == '\0')
        memcpy(parse->alias.zone_id, parse->zone->public_id, sizeof parse->alias.zone_id);
    parse->alias.name = parse->alias_name;
    parse->set.alias = &parse->alias;
    return is_good;
}

/* ---- the line ---- */

static bool is_word(const struct token *word, const char *text)
{
    return !word->quoted && strcmp(word->text, text) == 0;
}

static bool read_policy(struct routing_parse *parse, const struct token *word)
{
    unsigned policy = word->quoted ? ROUTING_POLICY_COUNT : routing_policy_find(word->text);
    if (policy == ROUTING_POLICY_COUNT)
        return fail(parse, word,
                    "is not a policy: simple, weighted, latency, failover, geolocation, "
                    "geoproximity, multivalue or cidr; if the line is a comment, begin it with "
                    "\"; @\"");
    parse->set.policy = (enum routing_policy)policy;
    return true;
}

static void point_to_parts(struct routing_parse *parse)
{
    enum routing_policy policy = parse->set.policy;
    parse->set.set_identifier = parse->identifier;
    if (policy != ROUTING_SIMPLE && policy != ROUTING_MULTIVALUE)
        parse->set.routing = &parse->routing;
    if (parse->health_check[0] != '\0')
        parse->set.health_check = parse->health_check;
}

bool routing__read(struct routing_parse *parse, const struct token *words, uint32_t word_count)
{
    const struct token *policy_word = words;
    parse->next = words;
    parse->end = words + word_count;
    if (word_count == 0)
        return fail(parse, words - 1, "is not followed by a policy, such as weighted");
    if (!read_policy(parse, parse->next++))
        return false;
    while (parse->next < parse->end) {
        const struct token *word = parse->next++;
        bool is_value = is_word(word, "value");
        if (is_value || is_word(word, "alias")) {
            point_to_parts(parse);
            return check_needed(parse, policy_word) && (is_value || read_alias(parse, word));
        }
        if (!read_attribute(parse, word))
            return false;
    }
    return fail(parse, policy_word,
                "and its attributes are followed by \"value\" and a value, or by \"alias\" and a "
                "name");
}

static void write_attribute(struct text *text, const struct attribute *attribute,
                            const struct record_set *set)
{
    const char *value = NULL;
    if (attribute->size > 0) {
        value = (const char *)set->routing + attribute->at;
        if (*value == '\0')
            return;
    } else if (attribute->is_there != NULL && !attribute->is_there(set)) {
        return;
    }
    text_put_string(text, attribute->name);
    text_put(text, "=", 1);
    if (value != NULL)
        put_text(text, value);
    else
        attribute->write(text, set);
    text_put(text, " ", 1);
}

static void write_alias(struct text *text, const struct hosted_zone *zone,
                        const struct alias_target *alias)
{
    text_put_string(text, "alias ");
    text_put_name(text, alias->name);
    if (strcmp(alias->zone_id, zone->public_id) != 0) {
        text_put_string(text, " zone=");
        put_text(text, alias->zone_id);
    }
    text_put_string(text, alias->evaluate_health ? " evaluate-health=yes" : " evaluate-health=no");
}

void routing__write(struct text *text, const struct hosted_zone *zone, const struct record_set *set)
{
    text_put_string(text, routing_policy_name(set->policy));
    text_put(text, " ", 1);
    for (unsigned i = 0; i < ATTRIBUTE_COUNT; i++)
        if ((attributes[i].policies & BIT(set->policy)) != 0)
            write_attribute(text, &attributes[i], set);
    if (set->alias != NULL)
        write_alias(text, zone, set->alias);
    else
        text_put_string(text, "value ");
}
