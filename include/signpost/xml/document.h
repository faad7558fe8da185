/*
 * xml/document.h - XML in (through libxml2) and out, driven by shapes.
 *
 * No DTD, no entity but the five of XML, nothing is fetched.  Any thread, one document at a time.
 */
#ifndef SIGNPOST_XML_DOCUMENT_H
#define SIGNPOST_XML_DOCUMENT_H

#include "signpost/base/arena.h"
#include "signpost/base/span.h"
#include "signpost/base/status.h"
#include "signpost/xml/shape.h"

/* What is wrong with a document or a struct, one sentence each, in document order.  In the arena.
 */
struct xml_faults {
    struct arena *arena;
    unsigned count;
    const char **texts;
};

/* Adds a sentence.  SP_ENOMEM. */
int xml_fault(struct xml_faults *faults, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* All of them joined by ", ".  NULL: no memory. */
const char *xml_faults_join(const struct xml_faults *faults);

/* Reads a document whose root must be called `root` and be in the namespace `xmlns`, under any
 * prefix, or in none (A-XML-2), into out, which is zeroed and of the shape's size.  Children may
 * stand in any order; comments and blanks between elements count for nothing, blanks inside text
 * are kept; attributes are not looked at (A-XML-4 to A-XML-7).
 * SP_EINVAL: it is not well formed, has another root or a DTD (A-XML-3, A-XML-5): out_problem has
 * the words of a MalformedInput.  0 with faults: it is well formed but breaks the shape (A-XML-6,
 * A-XML-9); out must not be used then.  SP_ENOMEM. */
int xml_read(struct arena *arena, struct span text, const struct xml_shape *shape, const char *root,
             const char *xmlns, void *out, struct xml_faults *faults, struct problem *out_problem);

/* Checks one text and stores what it says where `member` points, as the reader does with an
 * element's text; blanks around a number or a truth count for nothing.  For query arguments too.
 * Kinds TEXT, WORD, INTEGER, BOOLEAN.  SP_ENOMEM. */
int xml_read_text(struct arena *arena, const struct xml_field *field, const char *text,
                  void *member, struct xml_faults *faults);

/* Writes `<?xml ...?><ROOT xmlns="NAMESPACE">...</ROOT>`, members in the order of the shape, no
 * blank added anywhere (A-XML-1, A-XML-8, A-XML-10).  A required list is written even when it is
 * empty, an optional one only with items; an absent member is left out.  Octets of a text that XML
 * cannot carry become U+FFFD.  A NULL shape: an empty root.  The sink takes the octets in pieces
 * and returns 0, or what ends the writing and is returned. */
typedef int xml_sink(void *context, const void *data, size_t size);
int xml_write(const struct xml_shape *shape, const char *root, const char *xmlns, const void *in,
              xml_sink *sink, void *context);

/* What xml_write makes of one text, for a document that is put together elsewhere. */
int xml_write_text(const char *text, xml_sink *sink, void *context);

#endif
