/*
 * xml/shape.h - what an XML document holds, written down once as a table.
 *
 * A shape describes a C struct field by field; the reader fills such a struct from a document, the
 * checker says what is wrong with it, the writer makes a document of it.  All memory is the
 * arena's. A member that is absent is NULL, or not `set`: zero and absence are two things.
 */
#ifndef SIGNPOST_XML_SHAPE_H
#define SIGNPOST_XML_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct xml_integer {
    bool set;
    int64_t value;
};

struct xml_boolean {
    bool set;
    bool value;
};

struct xml_time {
    bool set;
    int64_t unix_ms;
};

/* items: `count` C strings (const char *), or structs of the item's shape, one behind the other. */
struct xml_list {
    bool set; /* the wrapper element is, or shall be, there */
    unsigned count;
    void *items;
};

enum xml_kind {
    XML_TEXT,      /* const char *; least and most count characters */
    XML_WORD,      /* const char *, one of `words` */
    XML_INTEGER,   /* struct xml_integer; least and most are values */
    XML_BOOLEAN,   /* struct xml_boolean */
    XML_TIME,      /* struct xml_time; written only */
    XML_STRUCTURE, /* pointer to a struct of `shape`; NULL: absent */
    XML_LIST,      /* struct xml_list; least and most count items */
};

#define XML_UNBOUNDED INT64_MAX

struct xml_shape;

struct xml_field {
    const char *name; /* of the element, or of the query argument */
    enum xml_kind kind;
    bool required;
    size_t offset; /* of the member in the struct; 0 for the item of a list */
    int64_t least, most;
    const char *type;               /* how Route 53 calls the type, for "for type 'TagValue'" */
    const char *const *words;       /* of XML_WORD; NULL at the end */
    bool (*fits)(const char *text); /* the form of a text, beyond its length; NULL: any */
    const struct xml_shape *shape;  /* of XML_STRUCTURE */
    const struct xml_field *item;   /* of XML_LIST: name, kind, bounds of one item */
};

struct xml_shape {
    const char *name;
    size_t size; /* of the struct */
    unsigned field_count;
    const struct xml_field *fields; /* in the order of the API model, which is the order written */
};

#endif
