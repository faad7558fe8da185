/* Keys as files, what is sealed elsewhere, and what is said when they cannot be used (R-SEC-2). */
#include "key_stage.h"

#include "../control/full_disk.h"

#define FILE_OCTETS_MAX 512

static const char *key_file(const struct stage *stage)
{
    return path_in(stage->keys, UUID);
}

/* ---- made, found, used ---- */

static void a_key_is_made_once_and_found_afterwards(void **state)
{
    struct stage *stage = *state;
    uint8_t made[KEY_PUBLIC_SIZE], again[KEY_PUBLIC_SIZE], found[KEY_PUBLIC_SIZE],
        other[KEY_PUBLIC_SIZE];
    open_well(stage);
    assert_int_equal(count_files(stage->keys), 0);
    make(stage, ARN, made);
    make(stage, ARN, again);
    assert_memory_equal(again, made, sizeof made);
    make(stage, OTHER_ARN, other);
    assert_memory_not_equal(other, made, sizeof made);
    open_well(stage);
    assert_int_equal(find(stage, ARN, found), 0);
    assert_memory_equal(found, made, sizeof made);
    assert_signs(stage, ARN, made);
    assert_signs(stage, OTHER_ARN, other);
}

static void nobody_else_may_read_what_is_written(void **state)
{
    struct stage *stage = *state;
    uint8_t public_half[KEY_PUBLIC_SIZE];
    umask(0);
    open_well(stage);
    make(stage, ARN, public_half);
    assert_int_equal(mode_of(stage->keys), 0700);
    assert_int_equal(mode_of(key_file(stage)), 0600);
    assert_int_equal(mode_of(path_in(stage->keys, "credential")), 0600);
    assert_int_equal(count_files(stage->keys), 2);
}

static void a_place_says_where_keys_lie(void **state)
{
    struct stage *stage = *state;
    char expect[80];
    open_well(stage);
    snprintf(expect, sizeof expect, "files in %s", stage->keys);
    assert_string_equal(key_store_place(stage->store), expect);
    assert_int_equal(key_store_check(stage->store, NULL), 0);
}

static void what_a_crash_left_is_no_hindrance(void **state)
{
    struct stage *stage = *state;
    uint8_t public_half[KEY_PUBLIC_SIZE];
    open_well(stage);
    mkdir(stage->keys, 0700);
    put_file(path_in(stage->keys, UUID ".new"), "half", 4, 0600);
    make(stage, ARN, public_half);
    assert_signs(stage, ARN, public_half);
    assert_int_equal(count_files(stage->keys), 2);
}

static void put_hex(const char *hex, uint8_t *out)
{
    for (; hex[0] != '\0'; hex += 2)
        assert_int_equal(sscanf(hex, "%2hhx", out++), 1);
}

/* Version 1, as other software writes it from the description in files.h, is read for ever. */
static void a_file_of_the_first_version_is_read(void **state)
{
    static const char file[] =
        "5349474e4b455901cac2ba1ad2b3c28161726e3a6177733a6b6d733a75732d656173742d313a3131"
        "313132323232333333333a6b65792f31313131313131312d323232322d333333332d343434342d35"
        "353535353535353535353500000102030405060708090a0b70bf9d870f1d2a89eb32d43c49c427ff"
        "3ce3e7f9eeb1d0af626451f22807ace262feeae6e98d76bbeed1fd32cb24c76ec1b727f7b1144846"
        "70f3513c0818ffb5a36cf1f046089d7ccd9b71fcfb2eb8969b619536e441d33c53e6751aab748ac3"
        "810a67adbea339b49a9b110e1d85884de1bd7975005c9e0e57cc04d960e6a89c9cb919b0c0cf4ea6"
        "85d4d797b4877c3a60cd0161f0cb87f38965";
    static const char expect[] =
        "131e2d69f16e0594173bad74b8bd2fefa6cd9d8a240fb9be58128549874ec3a99b42a6c192859ea7"
        "bee6214e8ff548479d3f047b500c571e2bb705f858bff80b";
    struct stage *stage = *state;
    uint8_t octets[sizeof file / 2], found[KEY_PUBLIC_SIZE], public_half[KEY_PUBLIC_SIZE];
    put_hex(file, octets);
    put_hex(expect, public_half);
    mkdir(stage->keys, 0700);
    put_file(key_file(stage), octets, sizeof octets, 0600);
    put_file(path_in(stage->keys, "credential"), "0123456789abcdef0123456789abcdef", 32, 0600);
    open_well(stage);
    if (find(stage, ARN, found) != 0)
        fail_msg("%s", stage->problem.text);
    assert_memory_equal(found, public_half, sizeof found);
    assert_signs(stage, ARN, public_half);
}

/* ---- damage ---- */

static void every_octet_of_a_file_counts(void **state)
{
    struct stage *stage = *state;
    uint8_t whole[FILE_OCTETS_MAX], altered[FILE_OCTETS_MAX + 1], public_half[KEY_PUBLIC_SIZE];
    open_well(stage);
    make(stage, ARN, public_half);
    size_t size = get_file(key_file(stage), whole, sizeof whole);
    assert_true(size > 200 && size < sizeof whole);
    for (size_t i = 0; i < size; i++) {
        memcpy(altered, whole, size);
        altered[i] ^= 1;
        put_file(key_file(stage), altered, size, 0600);
        assert_refusal(stage, "altered", find(stage, ARN, public_half), SP_EDAMAGED,
                       key_file(stage), NULL);
    }
    for (size_t left = 0; left < size; left++) {
        put_file(key_file(stage), whole, left, 0600);
        assert_refusal(stage, "cut off", find(stage, ARN, public_half), SP_EDAMAGED,
                       key_file(stage), NULL);
    }
    memcpy(altered, whole, size);
    altered[size] = 0;
    put_file(key_file(stage), altered, size + 1, 0600);
    assert_refusal(stage, "longer", find(stage, ARN, public_half), SP_EDAMAGED, key_file(stage),
                   NULL);
    put_file(key_file(stage), whole, size, 0600);
    assert_int_equal(find(stage, ARN, public_half), 0);
}

static void damage_is_told_in_words(void **state)
{
    static const struct row {
        const char *why;
        size_t at;
        uint8_t value;
        const char *word;
    } rows[] = {
        { "not ours", 0, 'X', "no file of a key" },
        { "a later version", 7, 2, "version 2" },
        { "another credential's", 8, 0xff, "another credential" },
        { "another ARN, written by hand", 60, 'x', "altered" },
        { "another cipher text", 150, 0xff, "altered" },
    };
    struct stage *stage = *state;
    uint8_t whole[FILE_OCTETS_MAX], altered[FILE_OCTETS_MAX], public_half[KEY_PUBLIC_SIZE];
    open_well(stage);
    make(stage, ARN, public_half);
    size_t size = get_file(key_file(stage), whole, sizeof whole);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        memcpy(altered, whole, size);
        altered[rows[i].at] = rows[i].value == 0xff ? altered[rows[i].at] ^ 0xff : rows[i].value;
        put_file(key_file(stage), altered, size, 0600);
        assert_refusal(stage, rows[i].why, find(stage, ARN, public_half), SP_EDAMAGED, rows[i].word,
                       key_file(stage));
    }
}

/* A damaged key is neither signed with nor made anew. */
static void a_damaged_key_is_left_as_it_is(void **state)
{
    struct stage *stage = *state;
    uint8_t octets[FILE_OCTETS_MAX], after[FILE_OCTETS_MAX], signature[KEY_SIGNATURE_SIZE],
        public_half[KEY_PUBLIC_SIZE];
    open_well(stage);
    make(stage, ARN, public_half);
    size_t size = get_file(key_file(stage), octets, sizeof octets);
    octets[size - 1] ^= 1;
    put_file(key_file(stage), octets, size, 0600);
    assert_refusal(stage, "sign", sign(stage, ARN, "x", signature), SP_EDAMAGED, key_file(stage),
                   NULL);
    assert_refusal(stage, "make", key_store_make(stage->store, ARN, public_half, &stage->problem),
                   SP_EDAMAGED, key_file(stage), NULL);
    assert_int_equal(get_file(key_file(stage), after, sizeof after), size);
    assert_memory_equal(after, octets, size);
}

static void a_file_of_another_arn_is_told(void **state)
{
    static const char other_account[] = "arn:aws:kms:us-east-1:444455556666:key/" UUID;
    struct stage *stage = *state;
    uint8_t octets[FILE_OCTETS_MAX], public_half[KEY_PUBLIC_SIZE];
    open_well(stage);
    make(stage, ARN, public_half);
    size_t size = get_file(key_file(stage), octets, sizeof octets);
    put_file(path_in(stage->keys, OTHER_UUID), octets, size, 0600);
    assert_refusal(stage, "a renamed file", find(stage, OTHER_ARN, public_half), SP_EDAMAGED, ARN,
                   OTHER_ARN);
    assert_refusal(stage, "of another account", find(stage, other_account, public_half),
                   SP_EDAMAGED, ARN, other_account);
}

static void another_credential_is_told(void **state)
{
    struct stage *stage = *state;
    uint8_t public_half[KEY_PUBLIC_SIZE], signature[KEY_SIGNATURE_SIZE];
    char credential[64];
    open_well(stage);
    make(stage, ARN, public_half);
    snprintf(credential, sizeof credential, "%s/other", stage->directory);
    put_file(credential, "0123456789abcdef0123456789abcdef", 32, 0600);
    stage->settings.credential = credential;
    open_well(stage);
    assert_refusal(stage, "find", find(stage, ARN, public_half), SP_EDAMAGED, key_file(stage),
                   credential);
    assert_refusal(stage, "sign", sign(stage, ARN, "x", signature), SP_EDAMAGED, key_file(stage),
                   credential);
    stage->settings.credential = "";
    open_well(stage);
    assert_int_equal(find(stage, ARN, public_half), 0);
}

/* ---- what is no file, or may not be read or written ---- */

static void a_missing_key_is_told(void **state)
{
    struct stage *stage = *state;
    uint8_t public_half[KEY_PUBLIC_SIZE], signature[KEY_SIGNATURE_SIZE];
    open_well(stage);
    assert_refusal(stage, "no directory", find(stage, ARN, public_half), SP_ENOENT, key_file(stage),
                   "backup");
    make(stage, OTHER_ARN, public_half);
    assert_refusal(stage, "find", find(stage, ARN, public_half), SP_ENOENT, key_file(stage), ARN);
    assert_refusal(stage, "sign", sign(stage, ARN, "x", signature), SP_ENOENT, key_file(stage),
                   ARN);
}

static void what_is_no_arn_names_no_file(void **state)
{
    static const char *const rows[] = {
        "",
        "x",
        "arn:aws:kms:us-east-1:111122223333:key/../../../../etc/passwd",
        "arn:aws:kms:us-east-1:111122223333:key/..",
        ARN "/",
        ARN "x",
    };
    struct stage *stage = *state;
    uint8_t public_half[KEY_PUBLIC_SIZE], signature[KEY_SIGNATURE_SIZE], pkcs8[512];
    size_t size = fresh_pkcs8("P-256", pkcs8);
    open_well(stage);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_refusal(stage, rows[i], find(stage, rows[i], public_half), SP_EINVAL, "ARN", NULL);
        assert_refusal(stage, rows[i], sign(stage, rows[i], "x", signature), SP_EINVAL, "ARN",
                       NULL);
        assert_refusal(stage, rows[i], import(stage, rows[i], (struct span){ pkcs8, size }),
                       SP_EINVAL, "ARN", NULL);
    }
    assert_int_equal(count_files(stage->keys), 0);
}

static void what_is_no_regular_file_is_not_read(void **state)
{
    struct stage *stage = *state;
    uint8_t public_half[KEY_PUBLIC_SIZE];
    open_well(stage);
    make(stage, OTHER_ARN, public_half);
    assert_int_equal(symlink(OTHER_UUID, key_file(stage)), 0);
    assert_refusal(stage, "a link", find(stage, ARN, public_half), SP_EDAMAGED, key_file(stage),
                   "symbolic link");
    unlink(key_file(stage));
    assert_int_equal(mkfifo(key_file(stage), 0600), 0);
    assert_refusal(stage, "a pipe", find(stage, ARN, public_half), SP_EDAMAGED, key_file(stage),
                   "regular");
    unlink(key_file(stage));
    assert_int_equal(mkdir(key_file(stage), 0700), 0);
    assert_refusal(stage, "a directory", find(stage, ARN, public_half), SP_EDAMAGED,
                   key_file(stage), "regular");
}

static int make_as_nobody(struct stage *stage)
{
    uint8_t public_half[KEY_PUBLIC_SIZE];
    stage->problem = (struct problem){ 0 };
    become_nobody();
    int rc = key_store_make(stage->store, ARN, public_half, &stage->problem);
    become_myself();
    return rc;
}

static void missing_rights_are_told(void **state)
{
    struct stage *stage = *state;
    open_well(stage);
    assert_int_equal(chmod(stage->directory, getuid() == 0 ? 0755 : 0500), 0);
    assert_refusal(stage, "the directory cannot be made", make_as_nobody(stage), SP_EIO,
                   stage->keys, "user number");
    assert_int_equal(chmod(stage->directory, 0755), 0);
    assert_int_equal(mkdir(stage->keys, 0700), 0);
    assert_int_equal(chmod(stage->keys, getuid() == 0 ? 0755 : 0500), 0);
    assert_refusal(stage, "no file can be made in it", make_as_nobody(stage), SP_EIO, stage->keys,
                   "user number");
    assert_int_equal(chmod(stage->keys, getuid() == 0 ? 0700 : 0), 0);
    assert_refusal(stage, "it cannot be read", make_as_nobody(stage), SP_EIO, stage->keys,
                   "user number");
    assert_int_equal(chmod(stage->keys, 0700), 0);
    assert_int_equal(count_files(stage->keys), 0);
}

static void a_directory_that_cannot_be_is_told(void **state)
{
    struct stage *stage = *state;
    uint8_t public_half[KEY_PUBLIC_SIZE];
    put_file(stage->keys, "x", 1, 0600);
    open_well(stage);
    assert_refusal(stage, "a file", find(stage, ARN, public_half), SP_EIO, stage->keys, NULL);
    assert_refusal(stage, "a file", key_store_make(stage->store, ARN, public_half, &stage->problem),
                   SP_EIO, stage->keys, NULL);
    stage->settings.directory = "/nowhere/at/all";
    open_well(stage);
    assert_refusal(stage, "no parent",
                   key_store_make(stage->store, ARN, public_half, &stage->problem), SP_EIO,
                   "/nowhere/at/all", NULL);
}

static void on_a_full_disk_no_half_key_is_left(void **state)
{
    struct stage *stage = *state;
    uint8_t public_half[KEY_PUBLIC_SIZE];
    open_well(stage);
    fill_disk(true);
    int rc = key_store_make(stage->store, ARN, public_half, &stage->problem);
    fill_disk(false);
    assert_refusal(stage, "full", rc, SP_EIO, key_file(stage), NULL);
    assert_int_equal(count_files(stage->keys), 1); /* the credential, which found room */
    make(stage, ARN, public_half);
    assert_signs(stage, ARN, public_half);
}

/* ---- keys from elsewhere ---- */

static void a_key_is_imported_once(void **state)
{
    struct stage *stage = *state;
    uint8_t pkcs8[512], other[512], public_half[KEY_PUBLIC_SIZE], octets[FILE_OCTETS_MAX];
    struct span key = { pkcs8, fresh_pkcs8("P-256", pkcs8) };
    struct span other_key = { other, fresh_pkcs8("P-256", other) };
    open_well(stage);
    assert_int_equal(import(stage, ARN, key), 0);
    assert_int_equal(import(stage, ARN, key), 0);
    assert_refusal(stage, "another", import(stage, ARN, other_key), SP_EEXIST, ARN, NULL);
    open_well(stage);
    assert_int_equal(import(stage, ARN, key), 0);
    assert_int_equal(find(stage, ARN, public_half), 0);
    assert_memory_equal(public_half, pkcs8 + key.size - KEY_PUBLIC_SIZE, KEY_PUBLIC_SIZE);
    assert_signs(stage, ARN, public_half);
    size_t size = get_file(key_file(stage), octets, sizeof octets);
    assert_null(memmem(octets, size, pkcs8 + 36, KEY_PRIVATE_SIZE)); /* the scalar */
    assert_null(memmem(octets, size, public_half, 16));
}

static void only_keys_on_p256_are_imported(void **state)
{
    static const struct row {
        const char *why, *curve;
        int longer;
    } rows[] = {
        { "P-384", "P-384", 0 },
        { "another curve of 256 bits", "secp256k1", 0 },
        { "Ed25519", "", 0 },
        { "an octet too many", "P-256", 1 },
        { "an octet too few", "P-256", -1 },
    };
    struct stage *stage = *state;
    uint8_t pkcs8[514] = { 0 };
    open_well(stage);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t size = fresh_pkcs8(rows[i].curve, pkcs8);
        struct span key = { pkcs8, (size_t)((int)size + rows[i].longer) };
        assert_refusal(stage, rows[i].why, import(stage, ARN, key), SP_EINVAL, ARN, "P-256");
    }
    assert_refusal(stage, "nothing", import(stage, ARN, (struct span){ pkcs8, 0 }), SP_EINVAL, ARN,
                   "P-256");
    assert_int_equal(count_files(stage->keys), 0);
}

static void halves_of_different_keys_are_not_imported(void **state)
{
    struct stage *stage = *state;
    uint8_t pkcs8[512], other[512];
    size_t size = fresh_pkcs8("P-256", pkcs8);
    assert_int_equal(fresh_pkcs8("P-256", other), size);
    memcpy(pkcs8 + size - KEY_PUBLIC_SIZE, other + size - KEY_PUBLIC_SIZE, KEY_PUBLIC_SIZE);
    open_well(stage);
    assert_refusal(stage, "mixed", import(stage, ARN, (struct span){ pkcs8, size }), SP_EINVAL, ARN,
                   "P-256");
}

/* ---- what is sealed elsewhere, and pairs without a place ---- */

static const struct span secret = { (const uint8_t *)"a private scalar of 32 octets ...", 32 };

static void what_is_sealed_is_unsealed_with_its_label(void **state)
{
    struct stage *stage = *state;
    uint8_t sealed[32 + KEY_SEAL_EXTRA], twice[32 + KEY_SEAL_EXTRA], out[32] = { 0 };
    struct span seal = { sealed, sizeof sealed };
    open_well(stage);
    assert_int_equal(key_store_seal(stage->store, "zone 1", secret, sealed, NULL), 0);
    assert_int_equal(key_store_seal(stage->store, "zone 1", secret, twice, NULL), 0);
    assert_memory_not_equal(sealed, twice, sizeof sealed);
    assert_null(memmem(sealed, sizeof sealed, secret.data, 8));
    open_well(stage);
    assert_int_equal(key_store_unseal(stage->store, "zone 1", seal, out, NULL), 0);
    assert_memory_equal(out, secret.data, sizeof out);
    assert_refusal(stage, "another label",
                   key_store_unseal(stage->store, "zone 2", seal, out, &stage->problem),
                   SP_EDAMAGED, "zone 2", "credential");
}

static void every_octet_of_a_seal_counts(void **state)
{
    struct stage *stage = *state;
    uint8_t sealed[32 + KEY_SEAL_EXTRA], out[32];
    open_well(stage);
    assert_int_equal(key_store_seal(stage->store, "zone 1", secret, sealed, NULL), 0);
    for (size_t i = 0; i < sizeof sealed; i++) {
        struct span seal = { sealed, sizeof sealed };
        sealed[i] ^= 0x80;
        assert_int_equal(key_store_unseal(stage->store, "zone 1", seal, out, NULL), SP_EDAMAGED);
        sealed[i] ^= 0x80;
        seal.size = i;
        assert_int_equal(key_store_unseal(stage->store, "zone 1", seal, out, NULL), SP_EDAMAGED);
    }
}

static void a_pair_signs_for_its_public_half(void **state)
{
    (void)state;
    uint8_t private_half[KEY_PRIVATE_SIZE], public_half[KEY_PUBLIC_SIZE], other[KEY_PUBLIC_SIZE],
        point[1 + KEY_PUBLIC_SIZE];
    assert_int_equal(key_pair_make(private_half, other, NULL), 0);
    assert_int_equal(key_pair_make(private_half, public_half, NULL), 0);
    assert_memory_not_equal(public_half, other, sizeof other);
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    EC_POINT *product = EC_POINT_new(group);
    BIGNUM *scalar = BN_bin2bn(private_half, KEY_PRIVATE_SIZE, NULL);
    assert_int_equal(EC_POINT_mul(group, product, scalar, NULL, NULL, NULL), 1);
    assert_int_equal(EC_POINT_point2oct(group, product, POINT_CONVERSION_UNCOMPRESSED, point,
                                        sizeof point, NULL),
                     sizeof point);
    assert_memory_equal(point + 1, public_half, KEY_PUBLIC_SIZE);
    BN_free(scalar);
    EC_POINT_free(product);
    EC_GROUP_free(group);
}

/* FIPS 180-2, appendix B.1. */
static void a_digest_is_sha_256(void **state)
{
    static const uint8_t expect[] = { 0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea };
    (void)state;
    uint8_t digest[KEY_DIGEST_SIZE];
    assert_int_equal(key_digest((struct span){ (const uint8_t *)"abc", 3 }, digest, NULL), 0);
    assert_memory_equal(digest, expect, sizeof expect);
}

static const struct CMUnitTest tests[] = {
    STAGE_TEST(a_key_is_made_once_and_found_afterwards),
    STAGE_TEST(nobody_else_may_read_what_is_written),
    STAGE_TEST(a_place_says_where_keys_lie),
    STAGE_TEST(what_a_crash_left_is_no_hindrance),
    STAGE_TEST(a_file_of_the_first_version_is_read),
    STAGE_TEST(every_octet_of_a_file_counts),
    STAGE_TEST(damage_is_told_in_words),
    STAGE_TEST(a_damaged_key_is_left_as_it_is),
    STAGE_TEST(a_file_of_another_arn_is_told),
    STAGE_TEST(another_credential_is_told),
    STAGE_TEST(a_missing_key_is_told),
    STAGE_TEST(what_is_no_arn_names_no_file),
    STAGE_TEST(what_is_no_regular_file_is_not_read),
    STAGE_TEST(missing_rights_are_told),
    STAGE_TEST(a_directory_that_cannot_be_is_told),
    STAGE_TEST(on_a_full_disk_no_half_key_is_left),
    STAGE_TEST(a_key_is_imported_once),
    STAGE_TEST(only_keys_on_p256_are_imported),
    STAGE_TEST(halves_of_different_keys_are_not_imported),
    STAGE_TEST(what_is_sealed_is_unsealed_with_its_label),
    STAGE_TEST(every_octet_of_a_seal_counts),
    STAGE_TEST(a_pair_signs_for_its_public_half),
    STAGE_TEST(a_digest_is_sha_256),
};

RUN_TESTS(tests)
