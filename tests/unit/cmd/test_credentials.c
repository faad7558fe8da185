/* What requests over TCP are signed with, and what is signed. */
#include "../../../src/cmd/client/credentials.h"

#include "signpost/sigv4/sigv4.h"

#include "tests.h"

#define EMPTY_HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void a_key_file_is_what_the_aws_tools_keep(void **state)
{
    static const struct row {
        const char *why, *text, *profile, *key, *secret;
    } rows[] = {
        { "as key create prints it",
          "[default]\naws_access_key_id = AK1\naws_secret_access_key = "
          "se/c+r=et\n",
          "default", "AK1", "se/c+r=et" },
        { "without a profile", "aws_access_key_id=AK1\naws_secret_access_key=x\n", "default", "AK1",
          "x" },
        { "blanks, comments, line ends of another system",
          "# mine\r\n[ default ]\r\n;aws_access_key_id = NO\r\n  aws_access_key_id  =  AK1 \r\n"
          "aws_secret_access_key\t= x\r\nregion = eu-west-1\r\n",
          "default", "AK1", "x" },
        { "the profile that is asked for",
          "[default]\naws_access_key_id = AK1\naws_secret_access_key = x\n"
          "[lab]\naws_secret_access_key = y\naws_access_key_id = AK2\n",
          "lab", "AK2", "y" },
        { "as ~/.aws/config writes it",
          "[profile lab]\naws_access_key_id = AK2\naws_secret_access_key = y", "lab", "AK2", "y" },
        { "half of it is another profile's",
          "[default]\naws_access_key_id = AK1\n[lab]\naws_secret_access_key = y\n", "default", NULL,
          NULL },
        { "what is above all profiles is no other's",
          "aws_access_key_id = AK1\naws_secret_access_key = x\n", "lab", NULL, NULL },
        { "no secret", "aws_access_key_id = AK1\n", "default", NULL, NULL },
        { "an empty secret", "aws_access_key_id = AK1\naws_secret_access_key =\n", "default", NULL,
          NULL },
        { "nothing", "", "default", NULL, NULL },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct credentials found = { 0 };
        FILE *file = tmpfile();
        assert_non_null(file);
        fputs(rows[i].text, file);
        rewind(file);
        if (credentials_parse(file, rows[i].profile, &found) != (rows[i].key != NULL))
            fail_msg("%s", rows[i].why);
        if (rows[i].key != NULL) {
            assert_string_equal(found.key, rows[i].key);
            assert_string_equal(found.secret, rows[i].secret);
        }
        credentials_finish(&found);
        fclose(file);
    }
}

/* A-SIG-1, A-SIG-7: host with its port as it is written, and the date, are signed. */
static void a_signed_request_says_who_and_when(void **state)
{
    static const struct row {
        const char *url, *host;
    } rows[] = {
        { "http://127.0.0.1:5380/signpost/v1/zones/0%2F25.test/export", "Host: 127.0.0.1:5380" },
        { "https://dns.lab.test/signpost/v1/status?b=1&a=2", "Host: dns.lab.test" },
        { "https://[::1]:443/signpost/v1/status", "Host: [::1]:443" },
    };
    struct credentials credentials = { (char *)"AK1", (char *)"secret" };
    struct arena *arena = arena_create();
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct signing signing = { .method = "GET",
                                   .url = rows[i].url,
                                   .content_type = "application/json",
                                   .payload_hash = EMPTY_HASH,
                                   .region = "eu-west-1",
                                   .unix_s = 1767323045 };
        const char **lines = signing_headers(arena, &credentials, &signing);
        assert_non_null(lines);
        assert_string_equal(lines[0], rows[i].host);
        assert_string_equal(lines[1], "X-Amz-Date: 20260102T030405Z");
        assert_string_equal(lines[2], "X-Amz-Content-Sha256: " EMPTY_HASH);
        assert_non_null(strstr(lines[3], "Authorization: AWS4-HMAC-SHA256 "
                                         "Credential=AK1/20260102/eu-west-1/route53/aws4_request"));
        assert_non_null(
            strstr(lines[3], "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date"));
        assert_null(lines[4]);
    }
    arena_destroy(arena);
}

/* A-SIG-5: the path is signed as the wire has it, so an escaped slash is another path. */
static void another_path_has_another_signature(void **state)
{
    struct credentials credentials = { (char *)"AK1", (char *)"secret" };
    struct arena *arena = arena_create();
    struct signing signing = { .method = "GET",
                               .url = "http://127.0.0.1:5380/zones/0%2F25.test",
                               .content_type = "application/json",
                               .payload_hash = EMPTY_HASH,
                               .region = "eu-west-1" };
    (void)state;
    const char *one = signing_headers(arena, &credentials, &signing)[3];
    signing.url = "http://127.0.0.1:5380/zones/0/25.test";
    assert_string_not_equal(one, signing_headers(arena, &credentials, &signing)[3]);
    arena_destroy(arena);
}

/* A-SIG-9 */
static void the_body_is_hashed_unless_tls_guards_a_file(void **state)
{
    static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    struct arena *arena = arena_create();
    FILE *file = tmpfile();
    (void)state;
    assert_non_null(file);
    fputs("read before: abc", file);
    fseek(file, 13, SEEK_SET);
    struct request none = { .method = "GET" }, text = { .text = "abc" },
                   upload = { .upload = file, .upload_size = 3 };
    assert_string_equal(signing_payload(arena, &none, false), EMPTY_HASH);
    assert_string_equal(signing_payload(arena, &text, false), abc);
    assert_string_equal(signing_payload(arena, &text, true), abc);
    assert_string_equal(signing_payload(arena, &upload, false), abc);
    assert_int_equal(ftell(file), 13);
    assert_string_equal(signing_payload(arena, &upload, true), SIGV4_UNSIGNED_PAYLOAD);
    fclose(file);
    arena_destroy(arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_key_file_is_what_the_aws_tools_keep),
    cmocka_unit_test(a_signed_request_says_who_and_when),
    cmocka_unit_test(another_path_has_another_signature),
    cmocka_unit_test(the_body_is_hashed_unless_tls_guards_a_file),
};

RUN_TESTS(tests)
