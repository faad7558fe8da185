/*
 * store/tags.h - tags of hosted zones and health checks; they go with what they belong to.
 *
 * Whoever has tags is named by its public id.  Control thread only.
 */
#ifndef SIGNPOST_STORE_TAGS_H
#define SIGNPOST_STORE_TAGS_H

#include "signpost/model/tag.h"
#include "signpost/store/store.h"

/* In the order of their keys; none for an id that nobody has.  What is visited is the callee's for
 * the call only; a callback that returns other than 0 ends the reading with that status. */
int store_visit_tags(struct store *store, enum tagged tagged, const char *id,
                     int (*visit)(void *context, const struct tag *tag), void *context,
                     struct problem *out_problem);

/* Inside a transaction, which goes on; on an error the caller rolls back.  A tag of that key is
 * there anew.  SP_ENOENT without words: nobody has that id. */
int store_put_tag(struct store *store, enum tagged tagged, const char *id, const struct tag *tag,
                  struct problem *out_problem);
int store_remove_tag(struct store *store, enum tagged tagged, const char *id, const char *key,
                     struct problem *out_problem); /* it need not be there */

#endif
