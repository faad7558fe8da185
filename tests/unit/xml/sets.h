/*
 * sets.h - a small shape with every kind of field, for the units of xml/.
 */
#ifndef SETS_H
#define SETS_H

#include "signpost/xml/document.h"

#define XMLNS "https://signpost.test/"

struct target {
    const char *name;
    struct xml_boolean evaluates;
};

struct set {
    const char *name;
    const char *type;
    struct xml_integer ttl;
    struct xml_list values;  /* of const char * */
    struct xml_list targets; /* of struct target */
    struct target *alias;
    struct xml_list tags; /* of const char *; required, may be empty */
    struct xml_time changed_at;
};

static bool has_no_space(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text == ' ')
            return false;
    return true;
}

static const char *const types[] = { "A", "TXT", NULL };

static const struct xml_field target_fields[] = {
    { .name = "Name",
      .kind = XML_TEXT,
      .required = true,
      .offset = offsetof(struct target, name),
      .most = 1024,
      .type = "DNSName" },
    { .name = "Evaluates",
      .kind = XML_BOOLEAN,
      .offset = offsetof(struct target, evaluates),
      .type = "Evaluates" },
};
static const struct xml_shape target_shape = { "Target", sizeof(struct target), 2, target_fields };

static const struct xml_field value_item = {
    .name = "Value", .kind = XML_TEXT, .least = 1, .most = 8, .type = "RData"
};
static const struct xml_field target_item = {
    .name = "Target", .kind = XML_STRUCTURE, .type = "Target", .shape = &target_shape
};
static const struct xml_field tag_item = {
    .name = "Tag", .kind = XML_TEXT, .most = 8, .type = "Tag", .fits = has_no_space
};

static const struct xml_field set_fields[] = {
    { .name = "Name",
      .kind = XML_TEXT,
      .required = true,
      .offset = offsetof(struct set, name),
      .least = 1,
      .most = 4,
      .type = "SetName" },
    { .name = "Type",
      .kind = XML_WORD,
      .offset = offsetof(struct set, type),
      .type = "RRType",
      .words = types },
    { .name = "TTL",
      .kind = XML_INTEGER,
      .offset = offsetof(struct set, ttl),
      .least = -5,
      .most = 300,
      .type = "TTL" },
    { .name = "Values",
      .kind = XML_LIST,
      .offset = offsetof(struct set, values),
      .least = 1,
      .most = 3,
      .item = &value_item },
    { .name = "Targets",
      .kind = XML_LIST,
      .offset = offsetof(struct set, targets),
      .most = XML_UNBOUNDED,
      .item = &target_item },
    { .name = "Alias",
      .kind = XML_STRUCTURE,
      .offset = offsetof(struct set, alias),
      .shape = &target_shape },
    { .name = "Tags",
      .kind = XML_LIST,
      .required = true,
      .offset = offsetof(struct set, tags),
      .most = XML_UNBOUNDED,
      .item = &tag_item },
    { .name = "ChangedAt", .kind = XML_TIME, .offset = offsetof(struct set, changed_at) },
};
static const struct xml_shape set_shape = { "Set", sizeof(struct set), 8, set_fields };

#endif
