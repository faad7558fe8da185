/* Reading: libxml2 tells of elements and text as they come, and a stack of frames, one for each
 * open element, knows what the shape has for them.  No tree is built, and below an element that the
 * shape does not have nothing is looked at. */
#include "internal.h"

#include "signpost/base/limits.h"

#include <assert.h>
#include <libxml/parser.h>
#include <string.h>

/* One open element. */
struct frame {
    const struct xml_field *field;
    void *member;  /* the struct of a structure, the list of a list, else where the value goes */
    uint64_t seen; /* of a structure: which of its fields there were, a bit each */
    unsigned capacity; /* of a list: items it has room for */
    bool has_text;     /* where only elements may be; said once */
};

struct reader {
    xmlParserCtxt *parser;
    struct arena *arena;
    struct xml_faults *faults;
    const char *xmlns;
    struct xml_field root; /* a structure: what is at the end of the reading is in `out` */
    void *out;
    struct frame frames[XML_DEPTH_MAX];
    unsigned depth;
    unsigned skipped; /* open elements from one on that the shape does not have */
    char *text;       /* of the innermost element */
    size_t text_size, text_capacity;
    int rc;
    struct problem *problem;
};

static void stop(struct reader *reader, int rc)
{
    if (reader->rc == 0)
        reader->rc = rc;
    xmlStopParser(reader->parser);
}

static bool is_leaf(const struct xml_field *field)
{
    return field->kind != XML_STRUCTURE && field->kind != XML_LIST;
}

/* ---- elements begin ---- */

static void open_frame(struct reader *reader, const struct xml_field *field, void *member)
{
    assert(reader->depth < XML_DEPTH_MAX);
    reader->frames[reader->depth++] = (struct frame){ .field = field, .member = member };
    reader->text_size = 0;
}

static int open_root(struct reader *reader, const char *name, const char *uri)
{
    if (strcmp(name, reader->root.name) != 0)
        return problem_set(reader->problem, SP_EINVAL, "%s is not valid, expected %s", name,
                           reader->root.name);
    if (uri != NULL && strcmp(uri, reader->xmlns) != 0)
        return problem_set(reader->problem, SP_EINVAL,
                           "%s in the namespace '%s' is not valid, expected the namespace '%s'",
                           name, uri, reader->xmlns);
    open_frame(reader, &reader->root, reader->out);
    return 0;
}

static int skip_element(struct reader *reader, const char *name)
{
    reader->skipped = 1;
    return xml_fault(reader->faults,
                     INVALID_XML "cvc-complex-type.2.4.a: Invalid content was found starting with "
                                 "element '%s'.",
                     name);
}

/* The field of that name, unless it was there before; its bit is set. */
static const struct xml_field *find_field(struct frame *frame, const char *name)
{
    const struct xml_shape *shape = frame->field->shape;
    assert(shape->field_count <= 64);
    for (unsigned i = 0; i < shape->field_count; i++) {
        uint64_t bit = (uint64_t)1 << i;
        if (strcmp(shape->fields[i].name, name) != 0)
            continue;
        if ((frame->seen & bit) != 0)
            return NULL;
        frame->seen |= bit;
        return &shape->fields[i];
    }
    return NULL;
}

static int open_field(struct reader *reader, struct frame *parent, const char *name)
{
    const struct xml_field *field = find_field(parent, name);
    if (field == NULL)
        return skip_element(reader, name);
    void *member = (char *)parent->member + field->offset;
    if (field->kind == XML_LIST)
        ((struct xml_list *)member)->set = true;
    if (field->kind == XML_STRUCTURE) {
        void *structure = arena_alloc(reader->arena, field->shape->size);
        if (structure == NULL)
            return SP_ENOMEM;
        *(void **)member = structure;
        member = structure;
    }
    open_frame(reader, field, member);
    return 0;
}

static size_t item_size(const struct xml_field *item)
{
    return item->kind == XML_STRUCTURE ? item->shape->size : sizeof(const char *);
}

static int make_item_room(struct reader *reader, struct frame *frame)
{
    struct xml_list *list = frame->member;
    if (list->count < frame->capacity)
        return 0;
    unsigned capacity = frame->capacity == 0 ? 4 : 2 * frame->capacity;
    size_t size = item_size(frame->field->item);
    void *items = arena_alloc(reader->arena, capacity * size);
    if (items == NULL)
        return SP_ENOMEM;
    if (list->count > 0)
        memcpy(items, list->items, list->count * size);
    list->items = items;
    frame->capacity = capacity;
    return 0;
}

static int open_item(struct reader *reader, struct frame *parent, const char *name)
{
    const struct xml_field *item = parent->field->item;
    struct xml_list *list = parent->member;
    if (strcmp(item->name, name) != 0 || list->count >= parent->field->most)
        return skip_element(reader, name);
    int rc = make_item_room(reader, parent);
    if (rc != 0)
        return rc;
    void *member = (char *)list->items + list->count * item_size(item);
    list->count++;
    open_frame(reader, item, member);
    return 0;
}

static void on_start(void *context, const xmlChar *local_name, const xmlChar *prefix,
                     const xmlChar *uri, int namespace_count, const xmlChar **namespaces,
                     int attribute_count, int defaulted_count, const xmlChar **attributes)
{
    (void)prefix, (void)namespace_count, (void)namespaces;
    (void)attribute_count, (void)defaulted_count, (void)attributes;
    struct reader *reader = context;
    const char *name = (const char *)local_name;
    if (reader->skipped > 0) {
        reader->skipped++;
        return;
    }
    struct frame *parent = reader->depth > 0 ? &reader->frames[reader->depth - 1] : NULL;
    int rc;
    if (parent == NULL)
        rc = open_root(reader, name, (const char *)uri);
    else if (parent->field->kind == XML_STRUCTURE)
        rc = open_field(reader, parent, name);
    else if (parent->field->kind == XML_LIST)
        rc = open_item(reader, parent, name);
    else
        rc = skip_element(reader, name);
    if (rc != 0)
        stop(reader, rc);
}

/* ---- text ---- */

static int add_text(struct reader *reader, const char *text, size_t size)
{
    size_t needed = reader->text_size + size + 1; /* and a zero */
    if (needed > reader->text_capacity) {
        size_t capacity = needed < 256 ? 256 : 2 * needed;
        char *larger = arena_alloc(reader->arena, capacity);
        if (larger == NULL)
            return SP_ENOMEM;
        if (reader->text_size > 0)
            memcpy(larger, reader->text, reader->text_size);
        reader->text = larger;
        reader->text_capacity = capacity;
    }
    memcpy(reader->text + reader->text_size, text, size);
    reader->text_size += size;
    return 0;
}

static bool is_blank(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] == '\0' || strchr(" \t\r\n", text[i]) == NULL)
            return false;
    return true;
}

static int refuse_stray_text(struct reader *reader, struct frame *frame)
{
    if (frame->has_text)
        return 0;
    frame->has_text = true;
    return xml_fault(reader->faults,
                     INVALID_XML "cvc-complex-type.2.3: Element '%s' cannot have character "
                                 "[children], because the type's content type is element-only.",
                     frame->field->name);
}

static void on_text(void *context, const xmlChar *data, int length)
{
    struct reader *reader = context;
    if (reader->skipped > 0 || reader->depth == 0)
        return;
    struct frame *frame = &reader->frames[reader->depth - 1];
    const char *text = (const char *)data;
    size_t size = (size_t)length;
    int rc = 0;
    if (is_leaf(frame->field))
        rc = add_text(reader, text, size);
    else if (!is_blank(text, size))
        rc = refuse_stray_text(reader, frame);
    if (rc != 0)
        stop(reader, rc);
}

/* ---- elements end ---- */

static int refuse_incomplete(struct reader *reader, const char *outer, const char *missing)
{
    return xml_fault(reader->faults,
                     INVALID_XML "cvc-complex-type.2.4.b: The content of element '%s' is not "
                                 "complete. One of '{\"%s\":%s}' is expected.",
                     outer, reader->xmlns, missing);
}

static int close_structure(struct reader *reader, const struct frame *frame)
{
    const struct xml_shape *shape = frame->field->shape;
    int rc = 0;
    for (unsigned i = 0; i < shape->field_count && rc == 0; i++)
        if (shape->fields[i].required && (frame->seen >> i & 1) == 0)
            rc = refuse_incomplete(reader, frame->field->name, shape->fields[i].name);
    return rc;
}

static int close_list(struct reader *reader, const struct frame *frame)
{
    const struct xml_list *list = frame->member;
    if (list->count >= frame->field->least)
        return 0;
    return refuse_incomplete(reader, frame->field->name, frame->field->item->name);
}

static int close_leaf(struct reader *reader, const struct frame *frame)
{
    int rc = add_text(reader, "", 1);
    if (rc != 0)
        return rc;
    return xml_read_text(reader->arena, frame->field, reader->text, frame->member, reader->faults);
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    (void)name, (void)prefix, (void)uri;
    struct reader *reader = context;
    if (reader->skipped > 0) {
        reader->skipped--;
        return;
    }
    if (reader->depth == 0)
        return;
    const struct frame *frame = &reader->frames[--reader->depth];
    int rc;
    if (frame->field->kind == XML_STRUCTURE)
        rc = close_structure(reader, frame);
    else if (frame->field->kind == XML_LIST)
        rc = close_list(reader, frame);
    else
        rc = close_leaf(reader, frame);
    if (rc != 0)
        stop(reader, rc);
}

/* ---- what ends the reading ---- */

static void on_doctype(void *context, const xmlChar *name, const xmlChar *external_id,
                       const xmlChar *system_id)
{
    (void)name, (void)external_id, (void)system_id;
    struct reader *reader = context;
    stop(reader, problem_set(reader->problem, SP_EINVAL,
                             "The XML has a document type declaration, which is not accepted"));
}

static void on_error(void *context, xmlError *error)
{
    struct reader *reader = context;
    if (error->level < XML_ERR_ERROR || reader->rc != 0)
        return;
    if (error->code == XML_ERR_NO_MEMORY) {
        stop(reader, SP_ENOMEM);
        return;
    }
    const char *words = error->message == NULL ? "" : error->message;
    stop(reader,
         problem_set(reader->problem, SP_EINVAL, "The XML is not well-formed: line %d: %.*s",
                     error->line, (int)strcspn(words, "\n"), words));
}

static int parse(struct reader *reader, struct span text)
{
    static const xmlSAXHandler handlers = {
        .initialized = XML_SAX2_MAGIC,
        .internalSubset = on_doctype,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .serror = on_error,
    };
    reader->parser = xmlNewParserCtxt();
    if (reader->parser == NULL)
        return SP_ENOMEM;
    *reader->parser->sax = handlers;
    reader->parser->userData = reader;
    xmlFreeDoc(xmlCtxtReadMemory(reader->parser, (const char *)text.data, (int)text.size, NULL,
                                 NULL, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC));
    bool is_whole = reader->parser->wellFormed && reader->parser->nsWellFormed;
    xmlFreeParserCtxt(reader->parser);
    if (reader->rc == 0 && !is_whole)
        return problem_set(reader->problem, SP_EINVAL, "The XML is not well-formed");
    return reader->rc;
}

int xml_read(struct arena *arena, struct span text, const struct xml_shape *shape, const char *root,
             const char *xmlns, void *out, struct xml_faults *faults, struct problem *out_problem)
{
    const char *oddity = xml__look_over(text);
    if (oddity != NULL)
        return problem_set(out_problem, SP_EINVAL, "The XML is not well-formed: %s", oddity);
    struct reader reader = {
        .arena = arena,
        .faults = faults,
        .xmlns = xmlns,
        .root = { .name = root, .kind = XML_STRUCTURE, .shape = shape },
        .out = out,
        .problem = out_problem,
    };
    return parse(&reader, text);
}
