/*
 * model/zone_file.h - master files in and out (RFC 1035 §5, RFC 2308 §4, RFC 3597 §5).
 *
 * The reader takes the text in pieces of any size, as it arrives, so that a big import shows its
 * progress truly and the text itself is never kept.  A scanner splits entries (quotes, parentheses,
 * comments, CRLF); the reader settles owner, TTL and class, and reads RDATA field by field.
 * Understood: $ORIGIN (relative too), $TTL, TTL units (1h30m), "@", a blank owner, TTL and class in
 * either order, \# generic RDATA of known types, TYPEnnn for known types.  Without $TTL the last
 * stated TTL goes on; before any was stated, the SOA's minimum does, with a warning.
 * Refused with the line: $INCLUDE, $GENERATE, classes other than IN, types outside the seventeen,
 * owners outside the zone, an entry without any TTL to go by, SvcParam keys that R-TYP-5 does not
 * name. Accepted with a warning: TTLs that differ in one set (the first counts, RFC 2181 §5.2), a
 * value given twice, a name that seems to lack its final dot.
 *
 * What other servers do not know stands in lines that they take for comments.  Each begins at
 * column 0 with ";@ " and goes on like a record, with the policy and its attributes before the
 * value; several such lines with one set identifier are one set of several values:
 *
 *     ;@ www 60 IN A weighted id="blue" weight=70 check=web-1 value 192.0.2.1
 *     ;@ www 60 IN A latency id="us" region=us-east-1 value 192.0.2.1
 *     ;@ www 60 IN A failover id="p" role=PRIMARY value 192.0.2.1
 *     ;@ www 60 IN A geolocation id="ca" country=US subdivision=CA value 192.0.2.1
 *     ;@ www 60 IN A geolocation id="eu" continent=EU value 192.0.2.1
 *     ;@ www 60 IN A geolocation id="other" country=* value 192.0.2.1
 *     ;@ www 60 IN A geoproximity id="a" region=us-east-1 bias=10 value 192.0.2.1
 *     ;@ www 60 IN A geoproximity id="b" local-zone=us-west-2-den-1 value 192.0.2.1
 *     ;@ www 60 IN A geoproximity id="c" coordinates=47.60,-122.33 value 192.0.2.1
 *     ;@ www 60 IN A multivalue id="1" check=web-1 value 192.0.2.1
 *     ;@ www 60 IN A cidr id="l1" collection=UUID location=L1 value 192.0.2.1
 *     ;@ www 60 IN A simple check=web-1 value 192.0.2.1
 *     ;@ www IN A weighted id="green" weight=30 alias green evaluate-health=yes
 *     ;@ @ IN A simple alias lb1.us-east-1.elb.amazonaws.com. zone=Z35SXDOTRQ7X7K
 *
 * An alias has no TTL; without zone= it leads into the zone itself.  Attributes may stand in any
 * order, with quotes around a value or without.  Such a line sees $ORIGIN, $TTL and the owner above
 * it, but leaves no owner and no TTL to ordinary records, which mean the same to servers that skip
 * it.  An error in it is an error.
 */
#ifndef SIGNPOST_MODEL_ZONE_FILE_H
#define SIGNPOST_MODEL_ZONE_FILE_H

#include "signpost/model/draft.h"

struct zone_reader;

/* Reads into a whole draft, which must outlive the reader.  file_name is for messages and is
 * copied. NULL: no memory. */
struct zone_reader *zone_reader_create(struct draft *draft, const char *file_name);
void zone_reader_destroy(struct zone_reader *reader); /* NULL is fine; the draft stays */

/* The next piece of text.  After an error every further call returns the same error.
 * SP_EINVAL "FILE:LINE: reason", SP_ELIMIT, SP_ENOMEM. */
int zone_reader_feed(struct zone_reader *reader, struct span text, struct problem *out_problem);

/* The end of the text: an entry left open (a quote, a parenthesis) is an error.  Adds the defaults
 * (R-ZON-1) and runs draft_check; references may be NULL. */
int zone_reader_finish(struct zone_reader *reader, const struct zone_defaults *defaults,
                       const struct model_references *references, struct problem *out_problem);

/* What was accepted but deserves a word: "FILE:LINE: ..."; at most 20, then how many more.
 * The list ends with NULL and lives as long as the draft's arena. */
const char *const *zone_reader_warnings(const struct zone_reader *reader);

/* Where the writer puts the text; returns 0 or an SP_E... that ends the writing. */
typedef int zone_sink(void *context, struct span text);

/* Writes "$ORIGIN", "$TTL" and every record of a whole draft, sorted (the apex first, SOA first; at
 * each name plain records first), so that reading it again gives an equal draft.  0, SP_ENOMEM or
 * what the sink returned. */
int zone_file_write(struct draft *draft, zone_sink *sink, void *context);

/* One value as master-file text, names absolute: "10 mail.example.com.".  In the arena.  The
 * SvcParam key ohttp is written key8, because few tools know it by name. NULL: no memory, or rdata
 * that is not well formed. */
const char *rdata_to_text(struct arena *arena, uint16_t type, struct span rdata);

/* Back: text of one value, relative names below origin (NULL: every name is absolute).  *out_rdata
 * is in the arena, checked and lower-cased.  SP_EINVAL with the reason, SP_ENOMEM. */
int rdata_from_text(struct arena *arena, uint16_t type, const char *text, const uint8_t *origin,
                    struct span *out_rdata, struct problem *out_problem);

#endif
