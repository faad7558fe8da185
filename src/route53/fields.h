/*
 * route53/fields.h - how the tables of shapes are written: one field, one line.
 *
 * Each names the struct, the element, the member, whether it is REQUIRED or OPTIONAL, and how Route
 * 53 calls its type; then bounds and form.  An ITEM_ is what a list holds.
 */
#ifndef ROUTE53_FIELDS_H
#define ROUTE53_FIELDS_H

#include "forms.h"
#include "shapes.h"

#define REQUIRED true
#define OPTIONAL false
#define ANY      NULL

#define FIELD(in, element, member, need, type_name)                                                \
    .name = element, .required = need, .offset = offsetof(struct r53_##in, member),                \
    .type = #type_name
#define TEXT(in, element, member, need, type_name, low, high, form)                                \
    {                                                                                              \
        FIELD(in, element, member, need, type_name), .kind = XML_TEXT, .least = low, .most = high, \
                                                     .fits = form                                  \
    }
#define WORD(in, element, member, need, type_name, list)                                           \
    {                                                                                              \
        FIELD(in, element, member, need, type_name), .kind = XML_WORD, .words = list               \
    }
#define INTEGER(in, element, member, need, type_name, low, high)                                   \
    {                                                                                              \
        FIELD(in, element, member, need, type_name), .kind = XML_INTEGER, .least = low,            \
                                                     .most = high                                  \
    }
#define BOOLEAN(in, element, member, need, type_name)                                              \
    {                                                                                              \
        FIELD(in, element, member, need, type_name), .kind = XML_BOOLEAN                           \
    }
#define TIME(in, element, member, need, type_name)                                                 \
    {                                                                                              \
        FIELD(in, element, member, need, type_name), .kind = XML_TIME                              \
    }
#define STRUCTURE(in, element, member, need, type_name, of)                                        \
    {                                                                                              \
        FIELD(in, element, member, need, type_name), .kind = XML_STRUCTURE,                        \
                                                     .shape = &route53_##of##_shape                \
    }
#define LIST(in, element, member, need, type_name, low, high, of)                                  \
    {                                                                                              \
        FIELD(in, element, member, need, type_name), .kind = XML_LIST, .least = low, .most = high, \
                                                     .item = &of                                   \
    }

#define ITEM_TEXT(element, type_name, low, high, form)                                             \
    {                                                                                              \
        .name = element, .kind = XML_TEXT, .type = #type_name, .least = low, .most = high,         \
        .fits = form                                                                               \
    }
#define ITEM_WORD(element, type_name, list)                                                        \
    {                                                                                              \
        .name = element, .kind = XML_WORD, .type = #type_name, .words = list                       \
    }
#define ITEM_STRUCTURE(element, type_name, of)                                                     \
    {                                                                                              \
        .name = element, .kind = XML_STRUCTURE, .type = #type_name, .shape = &route53_##of##_shape \
    }

#define SHAPE(in, shape_name)                                                                      \
    const struct xml_shape route53_##in##_shape = { #shape_name, sizeof(struct r53_##in),          \
                                                    sizeof(in##_fields) / sizeof(in##_fields[0]),  \
                                                    in##_fields };

#endif
