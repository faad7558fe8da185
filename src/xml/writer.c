/* Writing: tags and text go into a small buffer, and from there to whatever takes the octets.  A
 * page of 300 record sets took libxml2's text writer 1.5 ms, three list entries and a copy for each
 * element; what is left to do without them is to escape. */
#include "internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct writer {
    xml_sink *sink;
    void *context;
    int rc; /* of the sink; nothing more is given to it then */
    size_t size;
    char data[4096];
};

static void flush(struct writer *writer)
{
    if (writer->rc == 0 && writer->size > 0)
        writer->rc = writer->sink(writer->context, writer->data, writer->size);
    writer->size = 0;
}

static void put(struct writer *writer, const char *data, size_t size)
{
    while (size > 0) {
        size_t step = sizeof writer->data - writer->size;
        step = step < size ? step : size;
        memcpy(writer->data + writer->size, data, step);
        writer->size += step;
        data += step;
        size -= step;
        if (writer->size == sizeof writer->data)
            flush(writer);
    }
}

static void put_string(struct writer *writer, const char *text)
{
    put(writer, text, strlen(text));
}

/* What stands for a character that cannot stand there itself; NULL: it can. */
static const char *substitute(const char *at, size_t character_size)
{
    if (character_size == 0)
        return "\xef\xbf\xbd"; /* U+FFFD */
    switch (*at) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&apos;";
    case '\r':
        return "&#13;"; /* as it stands, readers take it for a line feed (XML 1.0 §2.11) */
    default:
        return NULL;
    }
}

/* How many octets from there on certainly stand for themselves. */
static size_t plain_size(const char *at, size_t size)
{
    static const bool is_odd[256] = {
        ['<'] = true, ['>'] = true, ['&'] = true, ['"'] = true, ['\''] = true
    };
    const uint8_t *octets = (const uint8_t *)at;
    size_t i = 0;
    while (i < size && octets[i] >= ' ' && octets[i] < 0x80 && !is_odd[octets[i]])
        i++;
    return i;
}

static void put_text(struct writer *writer, const char *text)
{
    size_t size = strlen(text), plain = 0; /* from where on nothing is put yet */
    for (size_t i = plain_size(text, size); i < size; i += plain_size(text + i, size - i)) {
        size_t step = xml__character_size((const uint8_t *)text + i, size - i);
        const char *instead = substitute(text + i, step);
        if (instead != NULL) {
            put(writer, text + plain, i - plain);
            put_string(writer, instead);
            plain = i + (step > 0 ? step : 1);
        }
        i += step > 0 ? step : 1;
    }
    put(writer, text + plain, size - plain);
}

static void open_element(struct writer *writer, const char *name)
{
    put(writer, "<", 1);
    put_string(writer, name);
    put(writer, ">", 1);
}

static void close_element(struct writer *writer, const char *name)
{
    put(writer, "</", 2);
    put_string(writer, name);
    put(writer, ">", 1);
}

/* ---- one field ---- */

static void write_text(struct writer *writer, const struct xml_field *field, const char *text)
{
    open_element(writer, field->name);
    put_text(writer, text);
    close_element(writer, field->name);
}

static void write_integer(struct writer *writer, const struct xml_field *field, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    write_text(writer, field, text);
}

static void write_time(struct writer *writer, const struct xml_field *field, int64_t unix_ms)
{
    char text[48], second[32] = "";
    int ms = (int)(unix_ms % 1000);
    time_t seconds = unix_ms / 1000;
    if (ms < 0) {
        ms += 1000;
        seconds--;
    }
    struct tm parts;
    if (gmtime_r(&seconds, &parts) != NULL)
        strftime(second, sizeof second, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(text, sizeof text, "%s.%03dZ", second, ms);
    write_text(writer, field, text);
}

static void write_fields(struct writer *writer, const struct xml_shape *shape, const void *in);

static void write_structure(struct writer *writer, const struct xml_field *field, const void *in)
{
    open_element(writer, field->name);
    write_fields(writer, field->shape, in);
    close_element(writer, field->name);
}

static void write_list(struct writer *writer, const struct xml_field *field,
                       const struct xml_list *list)
{
    const struct xml_field *item = field->item;
    const char *structures = list->items;
    const char *const *texts = list->items;
    if (list->count == 0 && !field->required)
        return;
    open_element(writer, field->name);
    for (unsigned i = 0; i < list->count; i++) {
        if (item->kind == XML_STRUCTURE)
            write_structure(writer, item, structures + i * item->shape->size);
        else
            write_text(writer, item, texts[i]);
    }
    close_element(writer, field->name);
}

static void write_field(struct writer *writer, const struct xml_field *field, const void *member)
{
    const void *pointer = NULL;
    const struct xml_integer *integer = member;
    const struct xml_boolean *boolean = member;
    const struct xml_time *moment = member;
    switch (field->kind) {
    case XML_TEXT:
    case XML_WORD:
        if ((pointer = *(const char *const *)member) != NULL)
            write_text(writer, field, pointer);
        break;
    case XML_INTEGER:
        if (integer->set)
            write_integer(writer, field, integer->value);
        break;
    case XML_BOOLEAN:
        if (boolean->set)
            write_text(writer, field, boolean->value ? "true" : "false");
        break;
    case XML_TIME:
        if (moment->set)
            write_time(writer, field, moment->unix_ms);
        break;
    case XML_STRUCTURE:
        if ((pointer = *(const void *const *)member) != NULL)
            write_structure(writer, field, pointer);
        break;
    case XML_LIST:
        write_list(writer, field, member);
        break;
    }
}

static void write_fields(struct writer *writer, const struct xml_shape *shape, const void *in)
{
    for (unsigned i = 0; i < shape->field_count; i++)
        write_field(writer, &shape->fields[i], (const char *)in + shape->fields[i].offset);
}

static void begin(struct writer *writer, xml_sink *sink, void *context)
{
    writer->sink = sink;
    writer->context = context;
    writer->rc = 0;
    writer->size = 0;
}

int xml_write_text(const char *text, xml_sink *sink, void *context)
{
    struct writer writer;
    begin(&writer, sink, context);
    put_text(&writer, text);
    flush(&writer);
    return writer.rc;
}

int xml_write(const struct xml_shape *shape, const char *root, const char *xmlns, const void *in,
              xml_sink *sink, void *context)
{
    struct writer writer;
    begin(&writer, sink, context);
    put_string(&writer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><");
    put_string(&writer, root);
    put_string(&writer, " xmlns=\"");
    put_text(&writer, xmlns);
    if (shape != NULL) {
        put_string(&writer, "\">");
        write_fields(&writer, shape, in);
        close_element(&writer, root);
    } else {
        put_string(&writer, "\"/>");
    }
    flush(&writer);
    return writer.rc;
}
