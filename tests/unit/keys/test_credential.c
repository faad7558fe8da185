/* The credential: where it lies, what is refused, and when one is made. */
#include "key_stage.h"

#include "signpost/base/limits.h"

#define ENOUGH "0123456789abcdef0123456789abcdef"

static void a_named_credential_is_looked_at_when_the_store_is_opened(void **state)
{
    static const struct row {
        const char *why;
        size_t size;
        unsigned mode;
        int expect;
        const char *word;
    } rows[] = {
        { "just enough", KEY_CREDENTIAL_SIZE_MIN, 0600, 0, NULL },
        { "for a group, as systemd and Kubernetes give it", 32, 0440, 0, NULL },
        { "as much as systemd takes", KEY_CREDENTIAL_SIZE_MAX, 0600, 0, NULL },
        { "too short", KEY_CREDENTIAL_SIZE_MIN - 1, 0600, SP_EIO, "31 octets" },
        { "empty", 0, 0600, SP_EIO, "openssl rand" },
        { "too long", KEY_CREDENTIAL_SIZE_MAX + 1, 0600, SP_EIO, "1048577" },
        { "everybody may read it", 32, 0604, SP_EIO, "chmod o=" },
        { "everybody may write it", 32, 0602, SP_EIO, "chmod o=" },
    };
    struct stage *stage = *state;
    char path[64];
    uint8_t *octets = calloc(1, KEY_CREDENTIAL_SIZE_MAX + 1);
    snprintf(path, sizeof path, "%s/secret", stage->directory);
    stage->settings.credential = path;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        put_file(path, octets, rows[i].size, rows[i].mode);
        int rc = reopen(stage);
        if (rc != rows[i].expect)
            fail_msg("%s: %d: %s", rows[i].why, rc, stage->problem.text);
        if (rc != 0)
            assert_refusal(stage, rows[i].why, rc, rc, path, rows[i].word);
        unlink(path);
    }
    assert_int_equal(count_files(stage->keys), 0);
    free(octets);
}

static void what_is_no_credential_is_refused(void **state)
{
    struct stage *stage = *state;
    char path[64];
    snprintf(path, sizeof path, "%s/secret", stage->directory);
    stage->settings.credential = path;
    assert_refusal(stage, "nothing", reopen(stage), SP_EIO, path, "openssl rand");
    mkdir(path, 0700);
    assert_refusal(stage, "a directory", reopen(stage), SP_EIO, path, "regular");
    rmdir(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_refusal(stage, "a pipe", reopen(stage), SP_EIO, path, "regular");
    unlink(path);
    put_file(path, ENOUGH, 32, getuid() == 0 ? 0600 : 0);
    become_nobody();
    int rc = reopen(stage);
    become_myself();
    assert_refusal(stage, "unreadable", rc, SP_EIO, path, "user number");
}

/* Kubernetes mounts secrets as links. */
static void a_named_credential_may_be_a_link(void **state)
{
    struct stage *stage = *state;
    char path[64];
    snprintf(path, sizeof path, "%s/secret", stage->directory);
    put_file(path_in(stage->directory, "there"), ENOUGH, 32, 0600);
    assert_int_equal(symlink("there", path), 0);
    stage->settings.credential = path;
    open_well(stage);
}

static void a_name_without_a_slash_is_one_of_systemd(void **state)
{
    struct stage *stage = *state;
    uint8_t public_half[KEY_PUBLIC_SIZE];
    stage->settings.credential = "kskey";
    unsetenv("CREDENTIALS_DIRECTORY");
    assert_refusal(stage, "no systemd", reopen(stage), SP_EINVAL, "$CREDENTIALS_DIRECTORY",
                   "LoadCredential=kskey:");
    setenv("CREDENTIALS_DIRECTORY", stage->directory, 1);
    assert_refusal(stage, "systemd has it not", reopen(stage), SP_EIO,
                   path_in(stage->directory, "kskey"), NULL);
    put_file(path_in(stage->directory, "kskey"), ENOUGH, 32, 0400);
    open_well(stage);
    make(stage, ARN, public_half);
    assert_int_equal(count_files(stage->keys), 1); /* no credential of its own */
    unsetenv("CREDENTIALS_DIRECTORY");
}

static void all_octets_count(void **state)
{
    struct stage *stage = *state;
    uint8_t octets[5000] = { 1 }, public_half[KEY_PUBLIC_SIZE];
    char path[64];
    snprintf(path, sizeof path, "%s/secret", stage->directory);
    stage->settings.credential = path;
    put_file(path, octets, sizeof octets, 0600);
    open_well(stage);
    make(stage, ARN, public_half);
    octets[4999] = 1;
    put_file(path, octets, sizeof octets, 0600);
    open_well(stage);
    assert_refusal(stage, "the last one", find(stage, ARN, public_half), SP_EDAMAGED, path, UUID);
    octets[4999] = 0;
    put_file(path, octets, sizeof octets - 1, 0600);
    open_well(stage);
    assert_refusal(stage, "one less", find(stage, ARN, public_half), SP_EDAMAGED, path, UUID);
    put_file(path, octets, sizeof octets, 0600);
    open_well(stage);
    assert_int_equal(find(stage, ARN, public_half), 0);
}

/* ---- the default one ---- */

static void the_default_one_is_made_when_it_is_needed(void **state)
{
    struct stage *stage = *state;
    uint8_t public_half[KEY_PUBLIC_SIZE], octets[64], again[64], sealed[1 + KEY_SEAL_EXTRA];
    struct span one = { (const uint8_t *)"x", 1 };
    open_well(stage);
    assert_int_equal(find(stage, ARN, public_half), SP_ENOENT);
    assert_int_equal(access(stage->keys, F_OK), -1);
    assert_int_equal(key_store_seal(stage->store, "a", one, sealed, NULL), 0);
    assert_int_equal(get_file(path_in(stage->keys, "credential"), octets, sizeof octets), 32);
    open_well(stage);
    make(stage, ARN, public_half);
    assert_int_equal(get_file(path_in(stage->keys, "credential"), again, sizeof again), 32);
    assert_memory_equal(again, octets, 32);
    assert_int_equal(
        key_store_unseal(stage->store, "a", (struct span){ sealed, sizeof sealed }, octets, NULL),
        0);
}

/* A second one would only hide that the first is lost. */
static void a_lost_default_one_is_not_replaced(void **state)
{
    struct stage *stage = *state;
    uint8_t public_half[KEY_PUBLIC_SIZE], sealed[1 + KEY_SEAL_EXTRA], out[1];
    struct span one = { (const uint8_t *)"x", 1 };
    char path[80];
    snprintf(path, sizeof path, "%s/credential", stage->keys);
    open_well(stage);
    make(stage, ARN, public_half);
    assert_int_equal(key_store_seal(stage->store, "a", one, sealed, NULL), 0);
    assert_int_equal(unlink(path), 0);
    open_well(stage);
    assert_refusal(stage, "find", find(stage, ARN, public_half), SP_EDAMAGED, path, "backup");
    assert_refusal(stage, "make another",
                   key_store_make(stage->store, OTHER_ARN, public_half, &stage->problem),
                   SP_EDAMAGED, path, "backup");
    assert_refusal(stage, "seal", key_store_seal(stage->store, "a", one, sealed, &stage->problem),
                   SP_EDAMAGED, path, "backup");
    assert_refusal(stage, "unseal",
                   key_store_unseal(stage->store, "a", (struct span){ sealed, sizeof sealed }, out,
                                    &stage->problem),
                   SP_EDAMAGED, path, "backup");
    assert_int_equal(access(path, F_OK), -1);
}

/* What an operator does who was told to bring a credential back; nobody starts the daemon anew. */
static void one_that_is_brought_back_is_used(void **state)
{
    struct stage *stage = *state;
    uint8_t public_key[KEY_PUBLIC_SIZE], right[64], sealed[4 + KEY_SEAL_EXTRA], secret[4];
    struct span text = { (const uint8_t *)"seal", 4 };
    open_well(stage);
    make(stage, ARN, public_key);
    assert_int_equal(key_store_seal(stage->store, "label", text, sealed, NULL), 0);
    char *path = strdup(path_in(stage->keys, "credential"));
    size_t size = get_file(path, right, sizeof right);
    put_file(path, ENOUGH, 32, 0600);
    open_well(stage);
    assert_refusal(stage, "another", find(stage, ARN, public_key), SP_EDAMAGED, path, "another");
    put_file(path, right, 31, 0600);
    assert_refusal(stage, "half of it", find(stage, ARN, public_key), SP_EDAMAGED, path, "another");
    put_file(path, right, size, 0600);
    assert_int_equal(find(stage, ARN, public_key), 0);
    assert_int_equal(key_store_unseal(stage->store, "label", (struct span){ sealed, sizeof sealed },
                                      secret, NULL),
                     0);
    free(path);
}

static void a_default_one_that_everybody_reads_is_refused(void **state)
{
    struct stage *stage = *state;
    uint8_t public_half[KEY_PUBLIC_SIZE];
    open_well(stage);
    make(stage, ARN, public_half);
    assert_int_equal(chmod(path_in(stage->keys, "credential"), 0644), 0);
    open_well(stage);
    assert_refusal(stage, "find", find(stage, ARN, public_half), SP_EIO,
                   "chmod o=", path_in(stage->keys, "credential"));
}

/* Where it leads to may be on a disk that is away. */
static void a_link_that_leads_nowhere_is_not_replaced(void **state)
{
    struct stage *stage = *state;
    uint8_t public_half[KEY_PUBLIC_SIZE];
    open_well(stage);
    mkdir(stage->keys, 0700);
    assert_int_equal(symlink("../away", path_in(stage->keys, "credential")), 0);
    assert_refusal(stage, "make", key_store_make(stage->store, ARN, public_half, &stage->problem),
                   SP_EEXIST, path_in(stage->keys, "credential"), "already");
    assert_int_equal(count_files(stage->keys), 1);
    put_file(path_in(stage->directory, "away"), ENOUGH, 32, 0600);
    make(stage, ARN, public_half);
}

static const struct CMUnitTest tests[] = {
    STAGE_TEST(a_named_credential_is_looked_at_when_the_store_is_opened),
    STAGE_TEST(what_is_no_credential_is_refused),
    STAGE_TEST(a_named_credential_may_be_a_link),
    STAGE_TEST(a_name_without_a_slash_is_one_of_systemd),
    STAGE_TEST(all_octets_count),
    STAGE_TEST(the_default_one_is_made_when_it_is_needed),
    STAGE_TEST(a_lost_default_one_is_not_replaced),
    STAGE_TEST(a_link_that_leads_nowhere_is_not_replaced),
    STAGE_TEST(one_that_is_brought_back_is_used),
    STAGE_TEST(a_default_one_that_everybody_reads_is_refused),
};

RUN_TESTS(tests)
