#include "signpost/model/location_file.h"

#include "tests.h"

/* Feeds the text in pieces of that many octets. */
static struct location_reader *read_locations(const char *text, size_t piece,
                                              struct problem *out_problem)
{
    struct location_reader *reader = location_reader_create("my.csv");
    size_t size = strlen(text);
    assert_non_null(reader);
    for (size_t at = 0; at < size; at += piece) {
        struct span span = { (const uint8_t *)text + at, size - at < piece ? size - at : piece };
        location_reader_feed(reader, span, out_problem);
    }
    location_reader_finish(reader, out_problem);
    return reader;
}

static struct latency_reader *read_latencies(const char *text, struct problem *out_problem)
{
    struct latency_reader *reader = latency_reader_create("my.csv");
    assert_non_null(reader);
    latency_reader_feed(reader, (struct span){ (const uint8_t *)text, strlen(text) }, out_problem);
    latency_reader_finish(reader, out_problem);
    return reader;
}

/* The rows as they are exported, without the line of column names. */
static void assert_locations(const char *text, size_t piece, const char *expect)
{
    struct problem problem = { 0 };
    struct location_reader *reader = read_locations(text, piece, &problem);
    char out[4096] = "";
    size_t count, size = 0;
    if (problem.status != 0)
        fail_msg("%s", problem.text);
    const struct location_row *rows = location_reader_rows(reader, &count);
    for (size_t i = 0; i < count; i++)
        size += location_line(out + size, &rows[i]);
    assert_string_equal(out, expect);
    location_reader_destroy(reader);
}

static void assert_latencies(const char *text, const char *expect)
{
    struct problem problem = { 0 };
    struct latency_reader *reader = read_latencies(text, &problem);
    char out[4096] = "";
    size_t count, size = 0;
    if (problem.status != 0)
        fail_msg("%s", problem.text);
    const struct latency_row *rows = latency_reader_rows(reader, &count);
    for (size_t i = 0; i < count; i++)
        size += latency_line(out + size, &rows[i]);
    assert_string_equal(out, expect);
    latency_reader_destroy(reader);
}

/* ---- locations ---- */

static void what_is_exported_is_read_back(void **state)
{
    (void)state;
    static const char rows[] = "10.0.0.0/8,,,,,,\n"
                               "192.0.2.0/25,NA,US,CA,37.77,-122.42,us-west-1\n"
                               "192.0.2.0/26,AS,TR,,,,\n"
                               "192.0.2.1,EU,,,-0.5,180,\n"
                               "198.51.100.0/24,,UA,05,12.345678,-0.000001,eu-central-1\n"
                               "2001:db8::/32,SA,BR,,-90,0,\n";
    char text[1024];
    snprintf(text, sizeof text, "%s%s", LOCATION_FILE_HEADER, rows);
    for (size_t piece = 1; piece < sizeof text; piece = piece * 3 + 1)
        assert_locations(text, piece, rows);
}

static void files_come_in_many_shapes(void **state)
{
    (void)state;
    static const struct row {
        const char *why, *text, *expect;
    } rows[] = {
        { "prefix alone", "prefix\n192.0.2.0/24\n", "192.0.2.0/24,,,,,,\n" },
        { "columns in another order", "country,region,prefix\nDE,eu-central-1,192.0.2.0/24\n",
          "192.0.2.0/24,,DE,,,,eu-central-1\n" },
        { "no rows", "prefix,country\n", "" },
        { "comments and empty lines", "# mine\n\n prefix,country\n  # more\n\t\n10.0.0.0/8,US\n",
          "10.0.0.0/8,,US,,,,\n" },
        { "CRLF", "prefix,country\r\n\r\n10.0.0.0/8,US\r\n", "10.0.0.0/8,,US,,,,\n" },
        { "no newline at the end", "prefix,country\n10.0.0.0/8,US", "10.0.0.0/8,,US,,,,\n" },
        { "quotes", "\"prefix\",\"country\"\n\"10.0.0.0/8\",\"US\"\n", "10.0.0.0/8,,US,,,,\n" },
        { "blanks", " prefix , country\n 10.0.0.0/8 ,\tUS \n", "10.0.0.0/8,,US,,,,\n" },
        { "blanks around quotes", "prefix,country\n \"10.0.0.0/8\" , \"US\"\n",
          "10.0.0.0/8,,US,,,,\n" },
        { "a byte order mark", "\xef\xbb\xbfprefix,country\n10.0.0.0/8,US\n",
          "10.0.0.0/8,,US,,,,\n" },
        { "a bare address", "prefix\n2001:DB8::1\n", "2001:db8::1,,,,,,\n" },
        { "in any order", "prefix\n::/0\n10.0.0.0/9\n10.0.0.0/8\n0.0.0.0/0\n",
          "0.0.0.0/0,,,,,,\n10.0.0.0/8,,,,,,\n10.0.0.0/9,,,,,,\n::/0,,,,,,\n" },
        { "rounded as it is kept", "prefix,latitude,longitude\n::/0,+1.50,007\n",
          "::/0,,,,1.5,7,\n" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        assert_locations(rows[i].text, 1, rows[i].expect);
        assert_locations(rows[i].text, 1000, rows[i].expect);
    }
}

static void faults_of_locations_are_named_with_their_line(void **state)
{
    (void)state;
    static const struct row {
        const char *text, *fault;
    } rows[] = {
        { "", "my.csv:1: the file ends before a line names its columns" },
        { "# only this\n", "my.csv:2: the file ends before a line names its columns" },
        { "10.0.0.0/8,,US,,,,\n",
          "my.csv:1: \"10.0.0.0/8\" is no column; the first line names them, out of: prefix, "
          "continent, country, subdivision, latitude, longitude, region" },
        { "continent,country\n",
          "my.csv:1: \"prefix\" must be among the columns that the first line names" },
        { "prefix,country,prefix\n", "my.csv:1: \"prefix\" is named twice" },
        { "prefix\n10.0.0.1/8\n", "my.csv:2: \"10.0.0.1/8\" has bits set behind its length" },
        { "prefix\n10.0.0.0/40\n",
          "my.csv:2: \"10.0.0.0/40\" has a length that is none from 0 to 32" },
        { "prefix,country\n\n# x\n,US\n", "my.csv:4: \"\" is no IPv4 or IPv6 address" },
        { "prefix,country\n10.0.0.0/8\n",
          "my.csv:2: has 1 fields where the first line names 2 columns" },
        { "prefix\n10.0.0.0/8,\n", "my.csv:2: has 2 fields where the first line names 1 columns" },
        { "prefix,country\n10.0.0.0/8,us\n",
          "my.csv:2: \"us\" is no country that Route 53 has: two capital letters (ISO 3166)" },
        { "prefix,country\n10.0.0.0/8,HM\n",
          "my.csv:2: \"HM\" is no country that Route 53 has: two capital letters (ISO 3166)" },
        { "prefix,continent\n10.0.0.0/8,US\n",
          "my.csv:2: \"US\" is none of the continents AF, AN, AS, EU, NA, OC, SA" },
        { "prefix,country,subdivision\n10.0.0.0/8,DE,BY\n",
          "my.csv:2: \"BY\" is no subdivision of its country that Route 53 has: states of US (two "
          "capital letters) and regions of UA (two digits)" },
        { "prefix,subdivision\n10.0.0.0/8,CA\n",
          "my.csv:2: \"CA\" is no subdivision of its country that Route 53 has: states of US (two "
          "capital letters) and regions of UA (two digits)" },
        { "prefix,latitude,longitude\n10.0.0.0/8,90.1,0\n",
          "my.csv:2: \"90.1\" is no latitude from -90 to 90" },
        { "prefix,latitude,longitude\n10.0.0.0/8,1,east\n",
          "my.csv:2: \"east\" is no longitude from -180 to 180" },
        { "prefix,latitude,longitude\n10.0.0.0/8,,1\n",
          "my.csv:2: \"\" is no latitude from -90 to 90" },
        { "prefix,region\n10.0.0.0/8,mars-1\n", "my.csv:2: \"mars-1\" is no AWS Region" },
        { "prefix\n\"10.0.0.0/8\n", "my.csv:2: a quoted field ends with a quote, and a comma or "
                                    "the end of the line follows it" },
        { "prefix\n\"10.0.0.0/8\"x\n", "my.csv:2: a quoted field ends with a quote, and a comma or "
                                       "the end of the line follows it" },
        { "prefix\n10.0.0.0/8\n::/0\n10.0.0.0/8\n",
          "my.csv:4: the prefix 10.0.0.0/8 is there twice: first in line 2" },
        { "prefix\n\"a \"\"b\"\", \x1b\"\n",
          "my.csv:2: \"a \"b\", ?\" is no IPv4 or IPv6 address" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        for (size_t piece = 1; piece < 200; piece += 99) {
            struct problem problem = { 0 };
            struct location_reader *reader = read_locations(rows[i].text, piece, &problem);
            assert_int_equal(problem.status, SP_EINVAL);
            assert_string_equal(problem.text, rows[i].fault);
            location_reader_destroy(reader);
        }
}

static void what_is_no_text_is_refused(void **state)
{
    (void)state;
    static const uint8_t zero[] = "prefix\n10.0.0.0/8\0\n";
    char long_line[1100];
    struct problem problem = { 0 };
    struct location_reader *reader = location_reader_create("my.csv");
    assert_non_null(reader);
    assert_int_equal(location_reader_feed(reader, (struct span){ zero, sizeof zero - 1 }, &problem),
                     SP_EINVAL);
    assert_string_equal(problem.text, "my.csv:2: has an octet 0: this is no text");
    location_reader_destroy(reader);
    memset(long_line, 'x', sizeof long_line - 1);
    long_line[sizeof long_line - 1] = '\0';
    for (size_t piece = 1; piece < 2000; piece += 1500) {
        reader = read_locations(long_line, piece, &problem);
        assert_string_equal(problem.text,
                            "my.csv:1: has more than 1000 octets: this is no such file");
        location_reader_destroy(reader);
    }
}

/* ---- latencies ---- */

static void latencies_are_read_and_written(void **state)
{
    (void)state;
    assert_latencies("from,region,milliseconds\n"
                     "eu-central-1,us-east-1,88.5\n"
                     "2001:db8::/32,us-east-1,0.125\n"
                     "203.0.113.0/25,us-east-1,90\n"
                     "203.0.113.0/25,eu-west-1,20\n"
                     "192.0.2.1,cn-north-1,60000\n"
                     "ap-south-1,ap-south-1,0\n",
                     "192.0.2.1,cn-north-1,60000\n"
                     "203.0.113.0/25,eu-west-1,20\n"
                     "203.0.113.0/25,us-east-1,90\n"
                     "2001:db8::/32,us-east-1,0.125\n"
                     "ap-south-1,ap-south-1,0\n"
                     "eu-central-1,us-east-1,88.5\n");
    assert_latencies("milliseconds,from,region\n1,us-east-1,us-east-2\n",
                     "us-east-1,us-east-2,1\n");
    assert_latencies("from,region,milliseconds\n", "");
}

static void faults_of_latencies_are_named_with_their_line(void **state)
{
    (void)state;
    static const struct row {
        const char *text, *fault;
    } rows[] = {
        { "from,region\n",
          "my.csv:1: \"milliseconds\" must be among the columns that the first line names" },
        { "from,region,milliseconds\nhome,us-east-1,1\n",
          "my.csv:2: \"home\" is neither a prefix nor an AWS Region" },
        { "from,region,milliseconds\n10.0.0.1/8,us-east-1,1\n",
          "my.csv:2: \"10.0.0.1/8\" has bits set behind its length" },
        { "from,region,milliseconds\n10.0.0.0/8,us-east,1\n",
          "my.csv:2: \"us-east\" is no AWS Region" },
        { "from,region,milliseconds\n10.0.0.0/8,us-east-1,-1\n",
          "my.csv:2: \"-1\" is no latency: milliseconds from 0 to 60000" },
        { "from,region,milliseconds\n10.0.0.0/8,us-east-1,\n",
          "my.csv:2: \"\" is no latency: milliseconds from 0 to 60000" },
        { "from,region,milliseconds\n10.0.0.0/8,us-east-1,1\n::/0,us-east-1,1\n10.0.0.0/"
          "8,us-east-1,2\n",
          "my.csv:4: this latency to us-east-1 is there twice: first in line 2" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct problem problem = { 0 };
        struct latency_reader *reader = read_latencies(rows[i].text, &problem);
        assert_int_equal(problem.status, SP_EINVAL);
        assert_string_equal(problem.text, rows[i].fault);
        latency_reader_destroy(reader);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_is_exported_is_read_back),
    cmocka_unit_test(files_come_in_many_shapes),
    cmocka_unit_test(faults_of_locations_are_named_with_their_line),
    cmocka_unit_test(what_is_no_text_is_refused),
    cmocka_unit_test(latencies_are_read_and_written),
    cmocka_unit_test(faults_of_latencies_are_named_with_their_line),
};

RUN_TESTS(tests)
