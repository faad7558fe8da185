/* Keys in a PKCS #11 token: SoftHSM's, which is made in a directory of its own.  What hardware can
 * do and SoftHSM does not, the test puts into the library's own table of functions. */
#include "key_stage.h"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#define MODULE "/usr/lib/softhsm/libsofthsm2.so"
#define LABEL  "sign; post/1"
#define PIN    "1234"

/* ---- the token ---- */

static CK_FUNCTION_LIST *softhsm; /* NULL: it is not installed */
static CK_FUNCTION_LIST untouched;

static void load_softhsm(void)
{
    void *library = dlopen(MODULE, RTLD_NOW);
    if (library == NULL)
        return;
    CK_RV(*get_list)
    (CK_FUNCTION_LIST **) = (CK_RV(*)(CK_FUNCTION_LIST **))dlsym(library, "C_GetFunctionList");
    get_list(&softhsm);
    untouched = *softhsm;
}

/* What the command says is shown when it fails. */
static void run(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void run(const char *format, ...)
{
    char command[1024], quiet[1100];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    snprintf(quiet, sizeof quiet, "(%s) >/tmp/signpost-keys-run.%d 2>&1", command, (int)getpid());
    if (system(quiet) != 0) {
        snprintf(quiet, sizeof quiet, "cat /tmp/signpost-keys-run.%d", (int)getpid());
        fail_msg("%s: failed (%d)", command, system(quiet));
    }
    snprintf(quiet, sizeof quiet, "/tmp/signpost-keys-run.%d", (int)getpid());
    unlink(quiet);
}

static void init_token(const char *label)
{
    run("softhsm2-util --init-token --free --label '%s' --pin " PIN " --so-pin 5678", label);
}

#define TOOL "pkcs11-tool --module " MODULE " --token-label '" LABEL "' --login --pin " PIN " "

static void make_in_token(const char *type, const char *uuid)
{
    run(TOOL "--keypairgen --key-type %s --label %s", type, uuid);
}

static int token_set_up(void **state)
{
    char text[128];
    if (stage_set_up(state) != 0 || softhsm == NULL)
        return 0;
    struct stage *stage = *state;
    *softhsm = untouched;
    snprintf(text, sizeof text, "directories.tokendir = %s/tokens\nlog.level = ERROR\n",
             stage->directory);
    put_file(path_in(stage->directory, "softhsm.conf"), text, strlen(text), 0600);
    setenv("SOFTHSM2_CONF", path_in(stage->directory, "softhsm.conf"), 1);
    assert_int_equal(mkdir(path_in(stage->directory, "tokens"), 0700), 0);
    init_token(LABEL);
    return 0;
}

static int token_tear_down(void **state)
{
    if (softhsm != NULL)
        *softhsm = untouched;
    return stage_tear_down(state);
}

#define TOKEN_TEST(test) cmocka_unit_test_setup_teardown(test, token_set_up, token_tear_down)

/* The settings of a store with the token.  Without SoftHSM the test ends here. */
static struct stage *with_token(void **state)
{
    static char pin_path[80];
    struct stage *stage = *state;
    if (softhsm == NULL) {
        print_message(MODULE " is not installed (package softhsm2): skipped\n");
        skip();
    }
    snprintf(pin_path, sizeof pin_path, "%s/pin", stage->directory);
    put_file(pin_path, PIN "\n", 5, 0600);
    stage->settings.pkcs11_module = MODULE;
    stage->settings.pkcs11_token = LABEL;
    stage->settings.pkcs11_pin = pin_path;
    return stage;
}

/* ---- what a token does that has something to say ---- */

static unsigned logins;
static CK_RV answer;       /* of the function that is replaced */
static unsigned answering; /* so many times; then it works */

static bool refuses(void)
{
    if (answering == 0)
        return false;
    answering--;
    return true;
}

static CK_RV count_login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin,
                         unsigned long size)
{
    logins++;
    return refuses() ? answer : untouched.C_Login(session, user, pin, size);
}

static CK_RV start(void *arguments)
{
    return refuses() ? answer : untouched.C_Initialize(arguments);
}

static CK_RV list_slots(unsigned char present, CK_SLOT_ID *slots, unsigned long *count)
{
    return refuses() ? answer : untouched.C_GetSlotList(present, slots, count);
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                          CK_SESSION_HANDLE *session)
{
    return refuses() ? answer : untouched.C_OpenSession(slot, flags, application, notify, session);
}

static CK_RV find_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE *wanted, unsigned long count)
{
    return refuses() ? answer : untouched.C_FindObjectsInit(session, wanted, count);
}

static CK_RV find_objects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *found, unsigned long most,
                          unsigned long *count)
{
    return refuses() ? answer : untouched.C_FindObjects(session, found, most, count);
}

static CK_RV get_value(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *attributes,
                       unsigned long count)
{
    return refuses() ? answer : untouched.C_GetAttributeValue(session, object, attributes, count);
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    return refuses() ? answer : untouched.C_SignInit(session, mechanism, key);
}

static CK_RV sign_short(CK_SESSION_HANDLE session, unsigned char *data, unsigned long size,
                        unsigned char *signature, unsigned long *signature_size)
{
    CK_RV rv = untouched.C_Sign(session, data, size, signature, signature_size);
    if (refuses())
        *signature_size = 40;
    return rv;
}

static CK_RV sign_wrongly(CK_SESSION_HANDLE session, unsigned char *data, unsigned long size,
                          unsigned char *signature, unsigned long *signature_size)
{
    CK_RV rv = untouched.C_Sign(session, data, size, signature, signature_size);
    signature[50] ^= 1;
    return rv;
}

static CK_RV find_nothing(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *found, unsigned long most,
                          unsigned long *count)
{
    CK_RV rv = untouched.C_FindObjects(session, found, most, count);
    *count = 0;
    return rv;
}

static CK_RV no_token(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    (void)slot, (void)info;
    return CKR_TOKEN_NOT_PRESENT;
}

/* ---- keys ---- */

static void a_key_of_the_token_signs(void **state)
{
    struct stage *stage = with_token(state);
    uint8_t public_half[KEY_PUBLIC_SIZE], again[KEY_PUBLIC_SIZE], other[KEY_PUBLIC_SIZE];
    make_in_token("EC:prime256v1", UUID);
    make_in_token("EC:prime256v1", OTHER_UUID);
    open_well(stage);
    assert_string_equal(key_store_place(stage->store), "PKCS #11 token " LABEL);
    assert_int_equal(key_store_check(stage->store, &stage->problem), 0);
    assert_int_equal(find(stage, ARN, public_half), 0);
    assert_int_equal(find(stage, OTHER_ARN, other), 0);
    assert_signs(stage, ARN, public_half);
    assert_signs(stage, OTHER_ARN, other);
    open_well(stage);
    assert_signs(stage, ARN, public_half);
    make(stage, ARN, again);
    assert_memory_equal(again, public_half, sizeof again);
    assert_int_equal(access(stage->keys, F_OK), -1);
}

/* The command of the words makes the very key that is missing. */
static void a_missing_key_is_told_with_the_command_that_makes_it(void **state)
{
    struct stage *stage = with_token(state);
    uint8_t public_half[KEY_PUBLIC_SIZE], signature[KEY_SIGNATURE_SIZE];
    char command[512];
    open_well(stage);
    assert_refusal(stage, "find", find(stage, ARN, public_half), SP_ENOENT, "pkcs11-tool", UUID);
    assert_refusal(stage, "sign", sign(stage, ARN, "x", signature), SP_ENOENT, "pkcs11-tool", UUID);
    assert_refusal(stage, "make", key_store_make(stage->store, ARN, public_half, &stage->problem),
                   SP_ENOENT, "pkcs11-tool", UUID);
    assert_int_equal(access(stage->keys, F_OK), -1);
    const char *begin = strstr(stage->problem.text, "pkcs11-tool");
    const char *end = strrchr(stage->problem.text, '\'');
    assert_non_null(end);
    snprintf(command, sizeof command, "%.*s", (int)(end - begin), begin);
    run("%s --pin " PIN, command);
    assert_int_equal(find(stage, ARN, public_half), 0); /* made while the session was open */
    assert_signs(stage, ARN, public_half);
}

static void files_are_found_beside_a_token(void **state)
{
    struct stage *stage = with_token(state);
    struct key_store_settings settings = stage->settings;
    uint8_t from_before[KEY_PUBLIC_SIZE], found[KEY_PUBLIC_SIZE], pkcs8[512];
    struct span key = { pkcs8, fresh_pkcs8("P-256", pkcs8) };
    stage->settings = (struct key_store_settings){ stage->keys, "", "", "", "" };
    open_well(stage);
    make(stage, ARN, from_before);
    stage->settings = settings;
    open_well(stage);
    assert_int_equal(find(stage, ARN, found), 0);
    assert_memory_equal(found, from_before, sizeof found);
    assert_signs(stage, ARN, from_before);
    assert_int_equal(import(stage, OTHER_ARN, key), 0);
    assert_int_equal(import(stage, OTHER_ARN, key), 0);
    assert_signs(stage, OTHER_ARN, pkcs8 + key.size - KEY_PUBLIC_SIZE);
}

static void the_token_comes_before_the_files(void **state)
{
    struct stage *stage = with_token(state);
    uint8_t in_token[KEY_PUBLIC_SIZE], found[KEY_PUBLIC_SIZE], pkcs8[512];
    struct span key = { pkcs8, fresh_pkcs8("P-256", pkcs8) };
    open_well(stage);
    assert_int_equal(import(stage, ARN, key), 0);
    make_in_token("EC:prime256v1", UUID);
    assert_int_equal(find(stage, ARN, in_token), 0);
    assert_memory_not_equal(in_token, pkcs8 + key.size - KEY_PUBLIC_SIZE, KEY_PUBLIC_SIZE);
    assert_signs(stage, ARN, in_token);
    assert_refusal(stage, "import", import(stage, ARN, key), SP_EEXIST, ARN, NULL);
    assert_int_equal(find(stage, ARN, found), 0);
}

static void a_key_that_does_not_fit_is_told(void **state)
{
    struct stage *stage = with_token(state);
    uint8_t out[KEY_PUBLIC_SIZE];
    open_well(stage);
    make_in_token("EC:secp384r1", UUID);
    assert_refusal(stage, "P-384", find(stage, ARN, out), SP_EDAMAGED, "P-256", UUID);
    make_in_token("rsa:2048", OTHER_UUID);
    assert_refusal(stage, "RSA", find(stage, OTHER_ARN, out), SP_EDAMAGED, "P-256", OTHER_UUID);
}

static void half_a_key_and_two_keys_are_told(void **state)
{
    struct stage *stage = with_token(state);
    uint8_t out[KEY_PUBLIC_SIZE];
    make_in_token("EC:prime256v1", UUID);
    make_in_token("EC:prime256v1", UUID);
    make_in_token("EC:prime256v1", OTHER_UUID);
    run(TOOL "--delete-object --type pubkey --label " OTHER_UUID);
    open_well(stage);
    assert_refusal(stage, "two", find(stage, ARN, out), SP_EDAMAGED, "two keys", UUID);
    assert_refusal(stage, "half", find(stage, OTHER_ARN, out), SP_EDAMAGED, "no public key",
                   OTHER_UUID);
}

static void a_public_half_of_another_key_is_noticed(void **state)
{
    struct stage *stage = with_token(state);
    uint8_t out[KEY_SIGNATURE_SIZE];
    make_in_token("EC:prime256v1", UUID);
    make_in_token("EC:prime256v1", OTHER_UUID);
    run(TOOL "--delete-object --type pubkey --label " UUID);
    run(TOOL "--read-object --type pubkey --label " OTHER_UUID " -o %s/other.der && " TOOL
             "--write-object %s/other.der --type pubkey --label " UUID,
        stage->directory, stage->directory);
    open_well(stage);
    assert_refusal(stage, "sign", sign(stage, ARN, "x", out), SP_EDAMAGED, "verify", UUID);
    assert_int_equal(sign(stage, OTHER_ARN, "x", out), 0);
}

/* ---- the PIN ---- */

static void a_wrong_pin_is_tried_once(void **state)
{
    struct stage *stage = with_token(state);
    uint8_t out[KEY_PUBLIC_SIZE];
    make_in_token("EC:prime256v1", UUID);
    put_file(stage->settings.pkcs11_pin, "4321", 4, 0600);
    softhsm->C_Login = count_login;
    logins = 0;
    open_well(stage);
    for (unsigned i = 0; i < 3; i++) {
        assert_refusal(stage, "wrong", find(stage, ARN, out), SP_EIO, "PIN",
                       stage->settings.pkcs11_pin);
        assert_refusal(stage, "wrong", key_store_check(stage->store, &stage->problem), SP_EIO,
                       "PIN", LABEL);
    }
    assert_int_equal(logins, 1);
    unlink(stage->settings.pkcs11_pin);
    put_file(stage->settings.pkcs11_pin, PIN "\r\n", 6, 0600);
    assert_int_equal(find(stage, ARN, out), 0);
    assert_int_equal(logins, 2);
}

/* The file may be root's, and root become somebody else. */
static void a_pin_file_need_not_stay_readable(void **state)
{
    struct stage *stage = with_token(state);
    uint8_t out[KEY_PUBLIC_SIZE];
    make_in_token("EC:prime256v1", UUID);
    softhsm->C_Login = count_login;
    open_well(stage);
    unlink(stage->settings.pkcs11_pin);
    assert_int_equal(find(stage, ARN, out), 0);
    put_file(stage->settings.pkcs11_pin, "4321", 4, 0600);
    open_well(stage);
    unlink(stage->settings.pkcs11_pin);
    logins = 0;
    assert_refusal(stage, "wrong", find(stage, ARN, out), SP_EIO, "PIN", LABEL);
    assert_refusal(stage, "again", find(stage, ARN, out), SP_EIO, "PIN", LABEL);
    assert_int_equal(logins, 1);
}

static void a_missing_pin_is_told(void **state)
{
    static const struct row {
        const char *why, *text;
        unsigned mode;
        const char *word;
    } rows[] = {
        { "no file", NULL, 0, "no file" },
        { "an empty file", "", 0600, "empty" },
        { "an empty line", "\n", 0600, "empty" },
        { "everybody's", PIN, 0644, "chmod o=" },
    };
    struct stage *stage = with_token(state);
    char path[80];
    snprintf(path, sizeof path, "%s/other pin", stage->directory);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        stage->settings.pkcs11_pin = path;
        if (rows[i].text != NULL)
            put_file(path, rows[i].text, strlen(rows[i].text), rows[i].mode);
        assert_refusal(stage, rows[i].why, reopen(stage), SP_EIO, path, rows[i].word);
    }
    stage->settings.pkcs11_pin = "";
    open_well(stage);
    assert_refusal(stage, "none", key_store_check(stage->store, &stage->problem), SP_EIO,
                   "pkcs11-pin", LABEL);
    stage->settings.pkcs11_pin = "pin"; /* one of systemd's */
    setenv("CREDENTIALS_DIRECTORY", stage->directory, 1);
    open_well(stage);
    assert_int_equal(key_store_check(stage->store, &stage->problem), 0);
    unsetenv("CREDENTIALS_DIRECTORY");
}

/* ---- a token that is away ---- */

static void a_token_that_is_not_there_yet_is_no_reason_not_to_start(void **state)
{
    struct stage *stage = with_token(state);
    uint8_t out[KEY_PUBLIC_SIZE], signature[KEY_SIGNATURE_SIZE];
    stage->settings.pkcs11_token = "later";
    open_well(stage);
    assert_refusal(stage, "check", key_store_check(stage->store, &stage->problem), SP_EIO,
                   "no token", "--list-token-slots");
    assert_refusal(stage, "find", find(stage, ARN, out), SP_EIO, "no token", "later");
    assert_refusal(stage, "make", key_store_make(stage->store, ARN, out, &stage->problem), SP_EIO,
                   "no token", "later");
    init_token("later");
    assert_int_equal(key_store_check(stage->store, &stage->problem), 0);
    assert_refusal(stage, "it is empty", sign(stage, ARN, "x", signature), SP_ENOENT, "pkcs11-tool",
                   UUID);
}

static void files_are_found_while_the_token_is_away(void **state)
{
    struct stage *stage = with_token(state);
    uint8_t pkcs8[512];
    struct span key = { pkcs8, fresh_pkcs8("P-256", pkcs8) };
    stage->settings.pkcs11_token = "later";
    open_well(stage);
    assert_int_equal(import(stage, ARN, key), 0);
    assert_signs(stage, ARN, pkcs8 + key.size - KEY_PUBLIC_SIZE);
}

static void a_token_that_goes_and_comes_back_is_used_again(void **state)
{
    struct stage *stage = with_token(state);
    uint8_t public_half[KEY_PUBLIC_SIZE], signature[KEY_SIGNATURE_SIZE];
    make_in_token("EC:prime256v1", UUID);
    open_well(stage);
    assert_int_equal(find(stage, ARN, public_half), 0);
    run("mv %s/tokens %s/away && mkdir %s/tokens", stage->directory, stage->directory,
        stage->directory);
    softhsm->C_FindObjects = find_nothing;
    softhsm->C_GetTokenInfo = no_token;
    assert_refusal(stage, "away", sign(stage, ARN, "x", signature), SP_EIO, "no token", LABEL);
    assert_refusal(stage, "away", find(stage, ARN, public_half), SP_EIO, "no token", LABEL);
    assert_refusal(stage, "away", key_store_check(stage->store, &stage->problem), SP_EIO,
                   "no token", LABEL);
    *softhsm = untouched;
    run("rmdir %s/tokens && mv %s/away %s/tokens", stage->directory, stage->directory,
        stage->directory);
    assert_signs(stage, ARN, public_half);
}

/* What another user of the library in this process, or a restarted device, can do. */
static void a_dead_session_is_opened_again(void **state)
{
    struct stage *stage = with_token(state);
    uint8_t public_half[KEY_PUBLIC_SIZE];
    make_in_token("EC:prime256v1", UUID);
    open_well(stage);
    assert_int_equal(find(stage, ARN, public_half), 0);
    softhsm->C_Finalize(NULL);
    assert_signs(stage, ARN, public_half);
    CK_SLOT_ID slots[8];
    unsigned long count = COUNT_OF(slots);
    assert_int_equal(softhsm->C_GetSlotList(CK_TRUE, slots, &count), CKR_OK);
    for (unsigned long i = 0; i < count; i++)
        softhsm->C_CloseAllSessions(slots[i]);
    assert_signs(stage, ARN, public_half);
}

/* Each fault is told while it lasts, and forgotten when it is over; one that happens once, in a
 * session that was open, is not noticed at all. */
static void faults_of_a_token_pass(void **state)
{
    static const struct row {
        const char *why;
        CK_RV answer;
        const char *word;
        unsigned times; /* until it is told: a session that a key was found in is an old one */
    } rows[] = {
        { "it does not start", CKR_GENERAL_ERROR, "start", 1 },
        { "it has no list", CKR_DEVICE_ERROR, "list", 1 },
        { "no sessions left", CKR_SESSION_COUNT, "session", 1 },
        { "the device errs", CKR_DEVICE_ERROR, "session", 1 },
        { "locked", CKR_PIN_LOCKED, "let us in", 1 },
        { "the session is dead", CKR_SESSION_HANDLE_INVALID, "look", 1 },
        { "the device is gone", CKR_DEVICE_REMOVED, "look", 1 },
        { "it does not tell", CKR_DEVICE_ERROR, "tell", 1 },
        { "it does not sign", CKR_KEY_FUNCTION_NOT_PERMITTED, "sign", 2 },
        { "it signs shortly", CKR_OK, "sign", 2 },
    };
    struct stage *stage = with_token(state);
    CK_FUNCTION_LIST faulty[COUNT_OF(rows)];
    uint8_t public_half[KEY_PUBLIC_SIZE], signature[KEY_SIGNATURE_SIZE];
    make_in_token("EC:prime256v1", UUID);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        faulty[i] = untouched;
    faulty[0].C_Initialize = start;
    faulty[1].C_GetSlotList = list_slots;
    faulty[2].C_OpenSession = open_session;
    faulty[3].C_OpenSession = open_session;
    faulty[4].C_Login = count_login;
    faulty[5].C_FindObjectsInit = find_init;
    faulty[6].C_FindObjects = find_objects;
    faulty[7].C_GetAttributeValue = get_value;
    faulty[8].C_SignInit = sign_init;
    faulty[9].C_Sign = sign_short;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        answer = rows[i].answer;
        answering = 0;
        *softhsm = untouched;
        open_well(stage);
        *softhsm = faulty[i];
        answering = rows[i].times;
        assert_refusal(stage, rows[i].why, sign(stage, ARN, "x", signature), SP_EIO, rows[i].word,
                       LABEL);
        if (find(stage, ARN, public_half) != 0)
            fail_msg("%s: it does not recover: %s", rows[i].why, stage->problem.text);
        answering = 1;
        assert_signs(stage, ARN, public_half);
    }
}

static void a_wrong_signature_is_not_given_out(void **state)
{
    struct stage *stage = with_token(state);
    uint8_t signature[KEY_SIGNATURE_SIZE] = { 0 };
    make_in_token("EC:prime256v1", UUID);
    open_well(stage);
    softhsm->C_Sign = sign_wrongly;
    assert_refusal(stage, "wrong", sign(stage, ARN, "x", signature), SP_EDAMAGED, "verify", UUID);
    assert_int_equal(signature[50], 0);
}

/* ---- settings ---- */

static void settings_that_do_not_fit_are_refused(void **state)
{
    static const struct row {
        const char *why, *module, *token, *word, *other_word;
    } rows[] = {
        { "a library that is not there", "/nowhere/lib.so", "x", "pkcs11-module",
          "/nowhere/lib.so" },
        { "what is no library", "/etc/passwd", "x", "pkcs11-module", "/etc/passwd" },
        { "a library without PKCS #11", "libm.so.6", "x", "pkcs11-module", "libm.so.6" },
        { "no label", MODULE, "", "pkcs11-token", MODULE },
        { "no library", "", "x", "pkcs11-module", NULL },
    };
    struct stage *stage = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        stage->settings.pkcs11_module = rows[i].module;
        stage->settings.pkcs11_token = rows[i].token;
        assert_refusal(stage, rows[i].why, reopen(stage), SP_EINVAL, rows[i].word,
                       rows[i].other_word);
    }
}

static const struct CMUnitTest tests[] = {
    TOKEN_TEST(a_key_of_the_token_signs),
    TOKEN_TEST(a_missing_key_is_told_with_the_command_that_makes_it),
    TOKEN_TEST(files_are_found_beside_a_token),
    TOKEN_TEST(the_token_comes_before_the_files),
    TOKEN_TEST(a_key_that_does_not_fit_is_told),
    TOKEN_TEST(half_a_key_and_two_keys_are_told),
    TOKEN_TEST(a_public_half_of_another_key_is_noticed),
    TOKEN_TEST(a_wrong_pin_is_tried_once),
    TOKEN_TEST(a_pin_file_need_not_stay_readable),
    TOKEN_TEST(a_missing_pin_is_told),
    TOKEN_TEST(a_token_that_is_not_there_yet_is_no_reason_not_to_start),
    TOKEN_TEST(files_are_found_while_the_token_is_away),
    TOKEN_TEST(a_token_that_goes_and_comes_back_is_used_again),
    TOKEN_TEST(a_dead_session_is_opened_again),
    TOKEN_TEST(faults_of_a_token_pass),
    TOKEN_TEST(a_wrong_signature_is_not_given_out),
    STAGE_TEST(settings_that_do_not_fit_are_refused),
};

int main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    load_softhsm();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
