/*
 * keys/box.h - AES-256-GCM: what is put in comes out again only with the same key and label.
 *
 * A box is a nonce, the cipher text and a tag, and has BOX_EXTRA octets more than what is in it.
 * Nonces are random: 2^32 boxes with one key are far more than keys are ever made (NIST SP 800-38D
 * §8.3).
 */
#ifndef KEYS_BOX_H
#define KEYS_BOX_H

#include "signpost/base/span.h"

#include <stdbool.h>

#define BOX_KEY_SIZE   32
#define BOX_NONCE_SIZE 12
#define BOX_TAG_SIZE   16
#define BOX_EXTRA      (BOX_NONCE_SIZE + BOX_TAG_SIZE)

/* false: OpenSSL refuses. */
bool box_close(const uint8_t key[BOX_KEY_SIZE], struct span label, struct span secret,
               uint8_t *out_box);

/* false: another key, another label, or altered; what is in out_secret then is wiped. */
bool box_open(const uint8_t key[BOX_KEY_SIZE], struct span label, struct span box,
              uint8_t *out_secret);

#endif
