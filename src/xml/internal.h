/*
 * xml/internal.h - what the files of xml/ share.
 */
#ifndef XML_INTERNAL_H
#define XML_INTERNAL_H

#include "signpost/xml/document.h"

#define INVALID_XML "Invalid XML ; " /* how every fault begins (A-XML-6, A-XML-9) */

/* How many octets the first character takes; 0: it is none that XML may hold (XML 1.0 §2.2), or no
 * UTF-8. */
size_t xml__character_size(const uint8_t *at, size_t size);

/* What libxml2 would not refuse, or not fast enough: octets that are no characters, and huge tags.
 * NULL: nothing. */
const char *xml__look_over(struct span text);

#endif
