/*
 * Record sets with a policy, an alias or a health check: which changes are carried out, and what is
 * said of those that are not.  Sets are written as zone files have them.
 */
#include "drafts.h"

#define POOL  "6f1e2a5c-0d3b-4c8e-9a71-2b54c0e8d913"
#define OTHER "00000000-0d3b-4c8e-9a71-2b54c0e8d913"

/* ---- the world around the zone ---- */

static bool has_health_check(void *context, const char *id)
{
    (void)context;
    return strcmp(id, "web-1") == 0;
}

static bool has_collection(void *context, const char *id)
{
    (void)context;
    return strcmp(id, POOL) == 0 || strcmp(id, OTHER) == 0;
}

static bool has_location(void *context, const char *collection, const char *location)
{
    (void)context;
    return strcmp(collection, POOL) == 0 && strcmp(location, "L1") == 0;
}

static int find_zone(void *context, const char *public_id, bool *out_there,
                     struct problem *out_problem)
{
    (void)context;
    (void)out_problem;
    *out_there = strcmp(public_id, "ZOTHER") == 0;
    return 0;
}

static int find_resource(void *context, const uint8_t *name, bool *out_there,
                         enum resource_kind *out_kind, struct problem *out_problem)
{
    static const struct {
        const char *name;
        enum resource_kind kind;
    } registry[] = {
        { "lb1.example.", RESOURCE_APPLICATION_LOAD_BALANCER },
        { "cdn.example.", RESOURCE_CLOUDFRONT },
        { "site.example.", RESOURCE_S3_WEBSITE },
    };
    (void)context;
    (void)out_problem;
    *out_there = false;
    for (size_t i = 0; i < COUNT_OF(registry); i++) {
        char text[DNS_NAME_TEXT_SIZE];
        dns_name_to_text(text, name);
        if (strcmp(text, registry[i].name) == 0) {
            *out_there = true;
            *out_kind = registry[i].kind;
        }
    }
    return 0;
}

/* The context is the draft of what is stored. */
static int fetch_name(void *context, struct draft *draft, const uint8_t *owner,
                      struct problem *out_problem)
{
    const struct draft_name *stored = draft_find(context, owner);
    struct draft_name *name = draft_name(draft, owner);
    (void)out_problem;
    name->before = name->sets = stored == NULL ? NULL : stored->sets;
    return 0;
}

static struct model_references world(struct draft *stored)
{
    return (struct model_references){ .context = stored,
                                      .has_health_check = has_health_check,
                                      .has_collection = has_collection,
                                      .has_location = has_location,
                                      .find_zone = find_zone,
                                      .find_resource = find_resource,
                                      .fetch_name = fetch_name };
}

/* ---- batches ---- */

struct step {
    enum change_action action;
    const char *set; /* lines of one record set */
};

struct row {
    const char *why;
    const char *stored;
    struct step steps[4];
    const char *expect; /* what the touched names hold then; NULL: see fault */
    const char *fault;
};

static struct change_item read_item(const struct step *step, struct draft **out_draft)
{
    struct change_item item = { .action = step->action };
    struct draft *draft = read_lines(step->set);
    assert_int_equal(draft->name_count, 1);
    assert_null(draft->names[0]->sets->next);
    memcpy(item.owner, draft->names[0]->owner, dns_name_size(draft->names[0]->owner));
    item.set = *draft->names[0]->sets;
    item.set.line = 0; /* a change comes from no file */
    *out_draft = draft;
    return item;
}

/* As control does it: the touched names are fetched, then the batch is applied. */
static int apply(struct draft *draft, const struct change_batch *batch,
                 const struct model_references *references, struct problem *out_problem)
{
    for (uint32_t i = 0; i < batch->count; i++)
        if (dns_name_is_within(batch->items[i].owner, draft->zone.name) &&
            draft_find(draft, batch->items[i].owner) == NULL)
            references->fetch_name(references->context, draft, batch->items[i].owner, NULL);
    return model_apply(draft, batch, references, NULL, out_problem);
}

static void check_outcome(const struct row *row, int rc, const struct problem *problem,
                          struct draft *draft)
{
    if ((rc == 0) != (row->fault == NULL))
        fail_msg("%s: %d %s", row->why, rc, problem->text);
    if (row->fault != NULL && strcmp(problem->text, row->fault) != 0)
        fail_msg("%s\nexpected: %s\n     got: %s", row->why, row->fault, problem->text);
    if (row->expect == NULL)
        return;
    char *text = write_records(draft);
    if (strcmp(text, row->expect) != 0)
        fail_msg("%s\nexpected: %s\n     got: %s", row->why, row->expect, text);
    free(text);
}

static void check_row(const struct row *row)
{
    struct draft *stored = read_lines(row->stored);
    struct draft *draft = lab_draft(false);
    struct draft *sources[4];
    struct change_item items[4];
    struct change_batch batch = { 0, items };
    struct problem problem = { 0 };
    struct model_references references = world(stored);
    for (; batch.count < 4 && row->steps[batch.count].set != NULL; batch.count++)
        items[batch.count] = read_item(&row->steps[batch.count], &sources[batch.count]);

    int rc = apply(draft, &batch, &references, &problem);
    for (uint32_t i = 0; i < batch.count; i++)
        draft_destroy(sources[i]); /* the draft points into none of them */
    check_outcome(row, rc, &problem, draft);
    draft_destroy(draft);
    draft_destroy(stored);
}

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_row(&rows[i]);
}

#define BLUE      ";@ www 60 IN A weighted id=\"blue\" weight=70 value 192.0.2.1\n"
#define GREEN     ";@ www 60 IN A weighted id=\"green\" weight=30 value 192.0.2.2\n"
#define WWW       "www 60 IN A 192.0.2.9\n"
#define IN_CHANGE " in Change with [Action=CREATE, Name=www.lab.test., Type=A, SetIdentifier="
#define MEMBER    "RRSet with DNS name www.lab.test., type A, SetIdentifier x"

static void members_of_a_group_come_change_and_go(void **state)
{
    static const struct row rows[] = {
        { "the first two members",
          "",
          { { CHANGE_CREATE, GREEN }, { CHANGE_CREATE, BLUE } },
          BLUE GREEN,
          NULL },
        { "one more beside those that are there",
          BLUE,
          { { CHANGE_CREATE, GREEN } },
          BLUE GREEN,
          NULL },
        { "UPSERT replaces the member of that identifier alone",
          BLUE GREEN,
          { { CHANGE_UPSERT,
              ";@ www 60 IN A weighted id=blue weight=0 check=web-1 value 192.0.2.7" } },
          ";@ www 60 IN A weighted id=\"blue\" weight=0 check=web-1 value 192.0.2.7\n" GREEN,
          NULL },
        { "DELETE takes one member", BLUE GREEN, { { CHANGE_DELETE, BLUE } }, GREEN, NULL },
        { "a group makes way for a simple set in one batch",
          BLUE GREEN,
          { { CHANGE_DELETE, BLUE }, { CHANGE_DELETE, GREEN }, { CHANGE_CREATE, WWW } },
          WWW,
          NULL },
        { "and back", WWW, { { CHANGE_DELETE, WWW }, { CHANGE_CREATE, BLUE } }, BLUE, NULL },
        { "a sole member may take another policy",
          BLUE,
          { { CHANGE_UPSERT,
              ";@ www 60 IN A latency id=blue region=us-east-1 value 192.0.2.1\n" } },
          ";@ www 60 IN A latency id=\"blue\" region=us-east-1 value 192.0.2.1\n",
          NULL },
        { "another type at the same name is another group",
          BLUE,
          { { CHANGE_CREATE, ";@ www 5 IN AAAA multivalue id=blue value 2001:db8::1\n" } },
          BLUE ";@ www 5 IN AAAA multivalue id=\"blue\" value 2001:db8::1\n",
          NULL },
        { "a group changes its TTL when all members do (A-CHG-44)",
          BLUE GREEN,
          { { CHANGE_UPSERT, ";@ www 5 IN A weighted id=blue weight=1 value 192.0.2.1" },
            { CHANGE_UPSERT, ";@ www 5 IN A weighted id=green weight=1 value 192.0.2.2" } },
          ";@ www 5 IN A weighted id=\"blue\" weight=1 value 192.0.2.1\n"
          ";@ www 5 IN A weighted id=\"green\" weight=1 value 192.0.2.2\n",
          NULL },
        { "an alias has no TTL to differ in",
          BLUE,
          { { CHANGE_CREATE,
              ";@ www IN A weighted id=x weight=1 alias lb1.example. zone=ZSIGNPOSTRESOURCES" } },
          BLUE ";@ www IN A weighted id=\"x\" weight=1 alias lb1.example. zone=ZSIGNPOSTRESOURCES "
               "evaluate-health=no\n",
          NULL },
        { "other policies may differ in TTL (R-REC-7)",
          "",
          { { CHANGE_CREATE, ";@ www 5 IN A failover id=p role=PRIMARY value 192.0.2.1" },
            { CHANGE_CREATE, ";@ www 6 IN A failover id=s role=SECONDARY value 192.0.2.2" } },
          ";@ www 5 IN A failover id=\"p\" role=PRIMARY value 192.0.2.1\n"
          ";@ www 6 IN A failover id=\"s\" role=SECONDARY value 192.0.2.2\n",
          NULL },
        { "every kind of place",
          "",
          { { CHANGE_CREATE,
              ";@ www 5 IN A geoproximity id=1 region=us-east-1 bias=-99 value 192.0.2.1" },
            { CHANGE_CREATE,
              ";@ www 5 IN A geoproximity id=2 local-zone=us-west-2-den-1 value 192.0.2.2" },
            { CHANGE_CREATE,
              ";@ www 5 IN A geoproximity id=3 coordinates=-90,180.00 bias=99 value 192.0.2.3" } },
          ";@ www 5 IN A geoproximity id=\"1\" region=us-east-1 bias=-99 value 192.0.2.1\n"
          ";@ www 5 IN A geoproximity id=\"2\" local-zone=us-west-2-den-1 value 192.0.2.2\n"
          ";@ www 5 IN A geoproximity id=\"3\" coordinates=-90,180.00 bias=99 value 192.0.2.3\n",
          NULL },
        { "every kind of location",
          "",
          { { CHANGE_CREATE,
              ";@ www 5 IN A geolocation id=1 country=US subdivision=CA value 192.0.2.1" },
            { CHANGE_CREATE, ";@ www 5 IN A geolocation id=2 country=US value 192.0.2.2" },
            { CHANGE_CREATE, ";@ www 5 IN A geolocation id=3 continent=NA value 192.0.2.3" },
            { CHANGE_CREATE, ";@ www 5 IN A geolocation id=4 country=* value 192.0.2.4" } },
          ";@ www 5 IN A geolocation id=\"1\" country=US subdivision=CA value 192.0.2.1\n"
          ";@ www 5 IN A geolocation id=\"2\" country=US value 192.0.2.2\n"
          ";@ www 5 IN A geolocation id=\"3\" continent=NA value 192.0.2.3\n"
          ";@ www 5 IN A geolocation id=\"4\" country=* value 192.0.2.4\n",
          NULL },
        { "a location of a collection, and the rest",
          "",
          { { CHANGE_CREATE,
              ";@ www 5 IN A cidr id=1 collection=" POOL " location=L1 value 192.0.2.1" },
            { CHANGE_CREATE,
              ";@ www 5 IN A cidr id=2 collection=" POOL " location=* value 192.0.2.2" } },
          ";@ www 5 IN A cidr id=\"1\" collection=" POOL " location=L1 value 192.0.2.1\n"
          ";@ www 5 IN A cidr id=\"2\" collection=" POOL " location=* value 192.0.2.2\n",
          NULL },
        { "a simple set with a health check",
          "",
          { { CHANGE_CREATE, ";@ www 5 IN A simple check=web-1 value 192.0.2.1\n" } },
          ";@ www 5 IN A simple check=web-1 value 192.0.2.1\n",
          NULL },
        { "a check that is gone may still be deleted with its set (R-REC-10)",
          ";@ www 5 IN A simple check=gone value 192.0.2.1\n",
          { { CHANGE_DELETE, ";@ www 5 IN A simple check=gone value 192.0.2.1\n" } },
          "",
          NULL },
        { "and does not stand in the way of its neighbours",
          ";@ www 60 IN A weighted id=\"old\" weight=1 check=gone value 192.0.2.1\n",
          { { CHANGE_CREATE, GREEN } },
          GREEN ";@ www 60 IN A weighted id=\"old\" weight=1 check=gone value 192.0.2.1\n",
          NULL },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows));
}

static void delete_must_repeat_what_is_there(void **state)
{
    static const char full[] =
        ";@ www 60 IN A weighted id=\"x\" weight=7 check=web-1 value 192.0.2.1\n";
    static const char alias[] =
        ";@ www IN A simple alias lb1.example. zone=ZSIGNPOSTRESOURCES evaluate-health=yes\n";
    static const struct {
        const char *stored, *given;
    } rows[] = {
        { full, ";@ www 61 IN A weighted id=x weight=7 check=web-1 value 192.0.2.1" },
        { full, ";@ www 60 IN A weighted id=x weight=8 check=web-1 value 192.0.2.1" },
        { full, ";@ www 60 IN A weighted id=x weight=7 value 192.0.2.1" },
        { full, ";@ www 60 IN A weighted id=x weight=7 check=web-2 value 192.0.2.1" },
        { full, ";@ www 60 IN A weighted id=x weight=7 check=web-1 value 192.0.2.2" },
        { full, ";@ www 60 IN A multivalue id=x check=web-1 value 192.0.2.1" },
        { full, ";@ www IN A weighted id=x weight=7 check=web-1 alias lb1.example. "
                "zone=ZSIGNPOSTRESOURCES" },
        { alias,
          ";@ www IN A simple alias lb2.example. zone=ZSIGNPOSTRESOURCES evaluate-health=yes" },
        { alias, ";@ www IN A simple alias lb1.example. zone=ZNLB evaluate-health=yes" },
        { alias,
          ";@ www IN A simple alias lb1.example. zone=ZSIGNPOSTRESOURCES evaluate-health=no" },
        { alias, "www 60 IN A 192.0.2.1" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char fault[256];
        struct row row = {
            rows[i].given, rows[i].stored, { { CHANGE_DELETE, rows[i].stored } }, "", NULL
        };
        check_row(&row);
        snprintf(fault, sizeof fault,
                 "Tried to delete resource record set [name='www.lab.test.', type='A'%s] but the "
                 "values provided do not match the current values",
                 rows[i].stored == full ? ", set-identifier='x'" : "");
        row.steps[0].set = rows[i].given;
        row.expect = NULL;
        row.fault = fault;
        check_row(&row);
    }
}

static void what_exists_or_is_missing_is_named_with_its_identifier(void **state)
{
    static const struct row rows[] = {
        { "CREATE",
          BLUE,
          { { CHANGE_CREATE, BLUE } },
          NULL,
          "Tried to create resource record set [name='www.lab.test.', type='A', "
          "set-identifier='blue'] but it already exists" },
        { "DELETE",
          BLUE,
          { { CHANGE_DELETE, GREEN } },
          NULL,
          "Tried to delete resource record set [name='www.lab.test.', type='A', "
          "set-identifier='green'] but it was not found" },
        { "an identifier is kept verbatim",
          BLUE,
          { { CHANGE_DELETE, ";@ www 60 A multivalue id=\"it's \\\"x\\\"\" value 192.0.2.1" } },
          NULL,
          "Tried to delete resource record set [name='www.lab.test.', type='A', "
          "set-identifier='it's \"x\"'] but it was not found" },
        { "one identity twice",
          BLUE,
          { { CHANGE_UPSERT, BLUE }, { CHANGE_UPSERT, BLUE }, { CHANGE_UPSERT, GREEN } },
          NULL,
          "The request contains an invalid set of changes for a resource record set 'A "
          "www.lab.test.'; The request contains an invalid set of changes for a resource record "
          "set "
          "'A www.lab.test.'" },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows));
}

static void neighbours_must_fit(void **state)
{
    static const struct neighbour_row {
        const char *stored;
        const char *set;
        const char *fault;
    } rows[] = {
        { BLUE, WWW,
          "RRSet with DNS name www.lab.test., type A cannot be created as other RRSets exist with "
          "the same name and type." },
        { WWW, ";@ www 60 IN A weighted id=x weight=1 value 192.0.2.1",
          MEMBER " cannot be created as a non-weighted set exists with the same name and type." },
        { WWW, ";@ www 60 IN A latency id=x region=us-east-1 value 192.0.2.1",
          MEMBER " cannot be created as a non-latency set exists with the same name and type." },
        { BLUE, ";@ www 60 IN A failover id=x role=PRIMARY value 192.0.2.1",
          MEMBER " cannot be created as a non-failover set exists with the same name and type." },
        { BLUE, ";@ www 60 IN A geolocation id=x country=* value 192.0.2.1",
          MEMBER
          " cannot be created as a non-geolocation set exists with the same name and type." },
        { BLUE, ";@ www 60 IN A geoproximity id=x region=us-east-1 value 192.0.2.1",
          MEMBER
          " cannot be created as a non-geoproximity set exists with the same name and type." },
        { BLUE, ";@ www 60 IN A cidr id=x collection=" POOL " location=* value 192.0.2.1",
          MEMBER " cannot be created as a non-CIDR set exists with the same name and type." },
        { BLUE, ";@ www 60 IN A multivalue id=x value 192.0.2.1",
          MEMBER
          " cannot be created because a non multivalue answer rrset exists with the same name "
          "and type." },
        { BLUE, ";@ www 61 IN A weighted id=x weight=1 value 192.0.2.1",
          MEMBER " cannot be created as weighted sets must contain the same TTL." },
        { ";@ www 60 IN A latency id=us region=us-east-1 value 192.0.2.1\n",
          ";@ www 60 IN A latency id=x region=us-east-1 value 192.0.2.1",
          MEMBER
          ", and Region Name=us-east-1 cannot be created because a latency RRSet with the same "
          "name, type and region already exists." },
        { ";@ www 60 IN A geolocation id=us country=US subdivision=CA value 192.0.2.1\n",
          ";@ www 60 IN A geolocation id=x country=US subdivision=CA value 192.0.2.1",
          MEMBER
          " cannot be created because a geolocation RRSet with the same name, type and location "
          "already exists." },
        { ";@ www 60 IN A failover id=p role=SECONDARY value 192.0.2.1\n",
          ";@ www 60 IN A failover id=x role=SECONDARY value 192.0.2.1",
          MEMBER
          " cannot be created because a failover RRSet with the same name, type and failover "
          "role already exists." },
        { ";@ www 60 IN A geoproximity id=p coordinates=47.6,-122.30 value 192.0.2.1\n",
          ";@ www 60 IN A geoproximity id=x coordinates=+47.60,-122.3 bias=1 value 192.0.2.1",
          MEMBER
          " cannot be created because a geoproximity RRSet with the same name, type and place "
          "already exists." },
        { ";@ www 60 IN A cidr id=p collection=" POOL " location=L1 value 192.0.2.1\n",
          ";@ www 60 IN A cidr id=x collection=" POOL " location=L1 value 192.0.2.1",
          MEMBER
          " cannot be created because a CIDR RRSet with the same name, type and location already "
          "exists." },
        { ";@ www 60 IN A cidr id=p collection=" POOL " location=L1 value 192.0.2.1\n",
          ";@ www 60 IN A cidr id=x collection=" OTHER " location=* value 192.0.2.1",
          MEMBER " cannot be created because a CIDR RRSet with the same name and type has another "
                 "collection." },
        { BLUE, "www 60 IN CNAME a.example.",
          "RRSet of type CNAME with DNS name www.lab.test. is not permitted as it conflicts with "
          "other records with the same DNS name in zone lab.test." },
        { ";@ www 60 IN CNAME weighted id=x weight=1 value a.example.\n", BLUE,
          "RRSet of type A with DNS name www.lab.test. is not permitted because a conflicting "
          "RRSet "
          "of type CNAME with the same DNS name already exists in zone lab.test." },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct row row = {
            rows[i].set, rows[i].stored, { { CHANGE_CREATE, rows[i].set } }, NULL, rows[i].fault
        };
        check_row(&row);
        row.steps[0].action = CHANGE_UPSERT; /* is no way around it (A-TRP-12) */
        check_row(&row);
    }
}

static void policies_and_types_must_go_together(void **state)
{
    static const struct row rows[] = {
        { "NS (R-SIM-2)",
          "",
          { { CHANGE_CREATE, ";@ a 60 IN NS weighted id=x weight=1 value b." } },
          NULL,
          "a.lab.test. NS: records of this type have no policy other than simple" },
        { "DS",
          "",
          { { CHANGE_CREATE, ";@ a 60 IN DS multivalue id=x value 1 8 9 00" } },
          NULL,
          "a.lab.test. DS: records of this type have no policy other than simple" },
        { "SOA",
          "",
          { { CHANGE_CREATE, ";@ @ 60 IN SOA failover id=x role=PRIMARY value a. b. 1 2 3 4 5" } },
          NULL,
          "lab.test. SOA: records of this type have no policy other than simple; A HostedZone must "
          "contain exactly one SOA record.; A HostedZone must contain at least one NS record for "
          "the "
          "zone itself." },
        { "CNAME",
          "",
          { { CHANGE_CREATE, ";@ a 60 IN CNAME multivalue id=x value b." } },
          NULL,
          "a.lab.test. CNAME: a CNAME cannot be a multivalue answer" },
        { "an alias of type NS",
          "b 60 NS c.\n",
          { { CHANGE_CREATE, ";@ a IN NS simple alias b" } },
          NULL,
          "a.lab.test. NS: it cannot be an alias, because NS and SOA records cannot be targets" },
        { "an alias of type CNAME at the apex (R-ALI-2)",
          "b 60 CNAME c.\n@ 60 NS a.\n@ 60 SOA a. b. 1 2 3 4 5\n",
          { { CHANGE_CREATE, ";@ @ IN CNAME simple alias b" } },
          NULL,
          "RRSet of type CNAME with DNS name lab.test. is not permitted at apex in zone "
          "lab.test." },
        { "CNAMEs may have a policy and be targets elsewhere",
          "b 60 CNAME c.\n",
          { { CHANGE_CREATE, ";@ a IN CNAME weighted id=x weight=1 alias b" } },
          ";@ a IN CNAME weighted id=\"x\" weight=1 alias b.lab.test. evaluate-health=no\nb 60 IN "
          "CNAME c.\n",
          NULL },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows));
}

/* ---- shapes ---- */

static void a_set_must_have_its_shape(void **state)
{
    static const struct shape_row {
        const char *set;
        const char *fault;
    } rows[] = {
        { "latency id=x region=mars-1",
          "there is no Region \"mars-1\" (they are written as eu-west-1)" },
        { "geolocation id=x",
          "a geolocation is a continent, a country, a country and its subdivision, "
          "or * in place of a country" },
        { "geolocation id=x continent=EU country=DE",
          "a geolocation is a continent, a country, a country and its subdivision, or * in place "
          "of a "
          "country" },
        { "geolocation id=x country=* subdivision=CA",
          "a geolocation is a continent, a country, a country and its subdivision, or * in place "
          "of a "
          "country" },
        { "geolocation id=x continent=EU subdivision=CA",
          "a geolocation is a continent, a country, a country and its subdivision, or * in place "
          "of a "
          "country" },
        { "geolocation id=x continent=XX",
          "there is no continent \"XX\" (there are AF, AN, AS, EU, NA, OC and SA)" },
        { "geolocation id=x country=EH",
          "there is no country \"EH\" (two capital letters of ISO 3166, as GB)" },
        { "geolocation id=x country=us",
          "there is no country \"us\" (two capital letters of ISO 3166, as GB)" },
        { "geolocation id=x country=DE subdivision=BY",
          "there is no subdivision \"BY\" of DE (only US and UA have some)" },
        { "geolocation id=x country=US subdivision=PR",
          "there is no subdivision \"PR\" of US (only US and UA have some)" },
        { "geoproximity id=x",
          "a geoproximity set has one place: a Region, a Local Zone group, or a "
          "latitude and a longitude" },
        { "geoproximity id=x region=us-east-1 coordinates=1,2",
          "a geoproximity set has one place: a Region, a Local Zone group, or a latitude and a "
          "longitude" },
        { "geoproximity id=x region=us-east-1 local-zone=us-west-2-den-1",
          "a geoproximity set has one place: a Region, a Local Zone group, or a latitude and a "
          "longitude" },
        { "geoproximity id=x region=x",
          "there is no Region \"x\" (they are written as eu-west-1)" },
        { "geoproximity id=x local-zone=x",
          "there is no Local Zone group \"x\" (such as us-west-2-den-1)" },
        { "geoproximity id=x coordinates=47.6086,0",
          "\"47.6086\" is no latitude: -90 to 90, with at most two decimals" },
        { "geoproximity id=x coordinates=90.01,0",
          "\"90.01\" is no latitude: -90 to 90, with at most two decimals" },
        { "geoproximity id=x coordinates=.5,0",
          "\".5\" is no latitude: -90 to 90, with at most two decimals" },
        { "geoproximity id=x coordinates=0,-180.1",
          "\"-180.1\" is no longitude: -180 to 180, with at most two decimals" },
        { "geoproximity id=x coordinates=0,1e2",
          "\"1e2\" is no longitude: -180 to 180, with at most two decimals" },
        { "multivalue id=\"\\195\"", "a set identifier is 1 to 128 characters of printable text" },
        { "multivalue id=\"\\237\\160\\128\"",
          "a set identifier is 1 to 128 characters of printable text" },
        { "multivalue id=\"\\192\\175\"",
          "a set identifier is 1 to 128 characters of printable text" },
        { "multivalue id=\"\\194\\133\"",
          "a set identifier is 1 to 128 characters of printable text" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char line[256], fault[512];
        struct row row = { rows[i].set, "", { { CHANGE_CREATE, line } }, NULL, fault };
        struct draft *draft;
        snprintf(line, sizeof line, ";@ www 60 IN A %s value 192.0.2.1\n", rows[i].set);
        struct change_item item = read_item(&row.steps[0], &draft);
        snprintf(fault, sizeof fault, "%s" IN_CHANGE "%s]", rows[i].fault, item.set.set_identifier);
        draft_destroy(draft);
        check_row(&row);

        /* A file that says so is told its line. */
        struct reading reading = read_text(line);
        snprintf(fault, sizeof fault, "lab.zone:1: www.lab.test. A: %s", rows[i].fault);
        assert_int_equal(reading.problem.status, SP_EINVAL);
        assert_string_equal(reading.problem.text, fault);
        draft_destroy(reading.draft);
    }
}

static void text_of_any_language_may_tell_members_apart(void **state)
{
    (void)state;
    draft_destroy(read_good(";@ www 60 A multivalue id=\"blau & gr\xc3\xbcn <1>\" value 192.0.2.1\n"
                            ";@ www 60 A multivalue id=\"\xe2\x82\xac\" value 192.0.2.2\n"
                            ";@ www 60 A multivalue id=\"\xf0\x9f\x9a\xa6\" value 192.0.2.3\n"));
}

/* What no zone file can say. */
static void sets_made_by_programs_must_have_their_shape_too(void **state)
{
#define CONTENT                                                                                    \
    "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], "   \
    "or "                                                                                          \
    "TrafficPolicyInstanceId], but found "
#define ROUTINGS                                                                                   \
    "Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, "            \
    "MultiValueAnswer, GeoProximityLocation, or CidrRoutingConfig], but found none"
    static const struct span address = { (const uint8_t *)"\0\4\300\0\2\1", 6 };
    static const struct span nothing = { NULL, 0 };
    static const struct alias_target alias = { "ZELB", (const uint8_t *)"\1a", false };
    static const struct routing bias = { .region = "us-east-1", .bias = 100 };
    static const struct routing routing = { .weight = 1 };
    static char long_text[130];
    memset(long_text, 'x', 129);
    const struct made_row {
        const char *why;
        struct record_set set;
        const char *fault;
    } rows[] = {
        { "neither values nor alias", { .set_identifier = "", .values = nothing }, CONTENT "none" },
        { "an alias with values",
          { .set_identifier = "", .value_count = 1, .values = address, .alias = &alias },
          CONTENT "more than one" },
        { "an alias with a TTL",
          { .set_identifier = "", .ttl_s = 1, .alias = &alias },
          CONTENT "more than one" },
        { "an identifier without a policy", { .set_identifier = "x", .alias = &alias }, ROUTINGS },
        { "a policy without what it goes by",
          { .set_identifier = "x", .policy = ROUTING_LATENCY, .alias = &alias },
          ROUTINGS },
        { "a policy without an identifier",
          { .set_identifier = "",
            .policy = ROUTING_WEIGHTED,
            .routing = &routing,
            .alias = &alias },
          "Invalid request: Missing field 'SetIdentifier'" },
        { "an identifier of 129 octets",
          { .set_identifier = long_text,
            .policy = ROUTING_WEIGHTED,
            .routing = &routing,
            .alias = &alias },
          "a set identifier is 1 to 128 characters of printable text" },
        { "a multivalue alias (A-CHG-13)",
          { .set_identifier = "x", .policy = ROUTING_MULTIVALUE, .alias = &alias },
          "a multivalue answer set cannot be an alias" },
        { "a bias of 100",
          { .set_identifier = "x",
            .policy = ROUTING_GEOPROXIMITY,
            .routing = &bias,
            .alias = &alias },
          "the bias 100 is not from -99 to 99" },
        { "a CIDR set without a collection",
          { .set_identifier = "x", .policy = ROUTING_CIDR, .routing = &routing, .alias = &alias },
          "a CIDR set names a collection and a location of it, or * for the rest" },
        { "an empty health check id",
          { .set_identifier = "", .value_count = 1, .values = address, .health_check = "" },
          "the id of a health check has 1 to 64 octets" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct draft *draft = lab_draft(false);
        struct change_item item = { .action = CHANGE_CREATE, .set = rows[i].set };
        struct change_batch batch = { 1, &item };
        struct problem problem = { 0 };
        char fault[1024];
        const char *id = rows[i].set.set_identifier;
        wire_name(item.owner, "www.lab.test.");
        item.set.type = DNS_TYPE_A;
        snprintf(fault, sizeof fault, "%s" IN_CHANGE "%s]", rows[i].fault,
                 *id == '\0' ? "null" : id);
        assert_int_equal(model_apply(draft, &batch, NULL, NULL, &problem), SP_EINVAL);
        if (strcmp(problem.text, fault) != 0)
            fail_msg("%s\nexpected: %s\n     got: %s", rows[i].why, fault, problem.text);
        draft_destroy(draft);
    }
}

static void a_refused_identifier_is_told_without_its_controls(void **state)
{
    struct draft *draft = lab_draft(false);
    struct change_item item = { .action = CHANGE_DELETE,
                                .set = { .type = DNS_TYPE_A, .set_identifier = "\033[31mred" } };
    struct change_batch batch = { 1, &item };
    struct problem problem = { 0 };
    (void)state;
    wire_name(item.owner, "www.lab.test.");
    assert_int_equal(model_apply(draft, &batch, NULL, NULL, &problem), SP_EINVAL);
    assert_non_null(strstr(problem.text, "SetIdentifier=?[31mred]"));
    assert_null(strchr(problem.text, '\033'));
    draft_destroy(draft);

    struct reading reading =
        read_text(";@ www 60 IN A multivalue id=\"a\\010b\" value 192.0.2.1\n");
    assert_int_equal(reading.problem.status, SP_EINVAL);
    assert_string_equal(reading.problem.text,
                        "lab.zone:1: www.lab.test. A: a set identifier is 1 to 128 characters of "
                        "printable text");
    draft_destroy(reading.draft);
}

/* ---- what sets name ---- */

static void what_a_set_names_must_be_there(void **state)
{
    static const struct row rows[] = {
        { "a collection",
          "",
          { { CHANGE_CREATE,
              ";@ www 60 IN A cidr id=x collection=nope location=L1 value 192.0.2.1" } },
          NULL,
          "there is no CIDR collection with the id nope: \"signpost collection list\" shows those "
          "that are there" IN_CHANGE "x]" },
        { "a location",
          "",
          { { CHANGE_CREATE,
              ";@ www 60 IN A cidr id=x collection=" POOL " location=L9 value 192.0.2.1" } },
          NULL,
          "the CIDR collection " POOL
          " has no location L9: \"signpost collection put\" makes it" IN_CHANGE "x]" },
        { "a health check",
          "",
          { { CHANGE_CREATE, BLUE },
            { CHANGE_CREATE,
              ";@ www 60 IN A weighted id=x weight=1 check=web-2 value 192.0.2.1" } },
          NULL,
          "A health check with id web-2 does not exist. \"signpost health create web-2\" makes "
          "it." },
        { "CloudFront takes no EvaluateTargetHealth (R-ALI-12)",
          "",
          { { CHANGE_CREATE, ";@ www IN A simple alias cdn.example. zone=ZSIGNPOSTRESOURCES "
                             "evaluate-health=yes" } },
          NULL,
          "EvaluateTargetHealth must be false for cdn.example., a resource of the kind "
          "cloudfront" IN_CHANGE "null]" },
        { "nor does it when it is not registered",
          "",
          { { CHANGE_CREATE, ";@ www IN A simple alias d1.cloudfront.net. zone=Z2FDTNDATAQYW2 "
                             "evaluate-health=yes" } },
          NULL,
          "EvaluateTargetHealth must be false for d1.cloudfront.net., a resource of the kind "
          "cloudfront" IN_CHANGE "null]" },
        { "CloudFront stands behind one role only (R-ALI-12)",
          ";@ www IN A failover id=p role=PRIMARY alias cdn.example. zone=ZSIGNPOSTRESOURCES\n",
          { { CHANGE_CREATE, ";@ www IN A failover id=s role=SECONDARY alias d1.cloudfront.net. "
                             "zone=Z2FDTNDATAQYW2" } },
          NULL,
          "www.lab.test. A: CloudFront distributions cannot be both the primary and the "
          "secondary" },
        { "a resource has its types (R-ALI-15)",
          "",
          { { CHANGE_CREATE,
              ";@ www IN AAAA simple alias site.example. zone=ZSIGNPOSTRESOURCES" } },
          NULL,
          "an alias of type AAAA cannot lead to site.example., a resource of the kind s3-website "
          "in "
          "Change with [Action=CREATE, Name=www.lab.test., Type=AAAA, SetIdentifier=null]" },
        { "resources, known and unknown",
          "",
          { { CHANGE_CREATE,
              ";@ a IN A simple alias lb1.example. zone=ZSIGNPOSTRESOURCES evaluate-health=yes" },
            { CHANGE_CREATE, ";@ b IN A simple alias nobody.example. zone=ZSIGNPOSTRESOURCES "
                             "evaluate-health=yes" },
            { CHANGE_CREATE, ";@ c IN A simple alias d2.cloudfront.net. zone=Z2FDTNDATAQYW2 "
                             "evaluate-health=no" } },
          ";@ a IN A simple alias lb1.example. zone=ZSIGNPOSTRESOURCES evaluate-health=yes\n"
          ";@ b IN A simple alias nobody.example. zone=ZSIGNPOSTRESOURCES evaluate-health=yes\n"
          ";@ c IN A simple alias d2.cloudfront.net. zone=Z2FDTNDATAQYW2 evaluate-health=no\n",
          NULL },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows));
}

static void a_missing_health_check_is_not_found(void **state)
{
    struct draft *stored = read_lines(""), *draft = lab_draft(false), *source;
    struct model_references references = world(stored);
    struct step step = { CHANGE_UPSERT, ";@ www 60 IN A simple check=nope value 192.0.2.1" };
    struct change_item item = read_item(&step, &source);
    struct change_batch batch = { 1, &item };
    struct problem problem = { 0 };
    (void)state;
    assert_int_equal(apply(draft, &batch, &references, &problem), SP_ENOENT);
    assert_int_equal(problem.status, SP_ENOENT);
    assert_int_equal(model_apply(draft, &batch, NULL, NULL, &problem), 0); /* nobody to ask */
    draft_destroy(source);
    draft_destroy(draft);
    draft_destroy(stored);
}

/* ---- aliases ---- */

#define TARGETS(target, type)                                                                      \
    "Tried to create an alias that targets " target ", type " type " in zone "

static void aliases_must_lead_to_something(void **state)
{
    static const struct row rows[] = {
        { "a set that is stored",
          WWW,
          { { CHANGE_CREATE, ";@ a IN A simple alias www" } },
          ";@ a IN A simple alias www.lab.test. evaluate-health=no\n" WWW,
          NULL },
        { "a set that stands earlier in the batch",
          "",
          { { CHANGE_CREATE, WWW }, { CHANGE_CREATE, ";@ a IN A simple alias www" } },
          ";@ a IN A simple alias www.lab.test. evaluate-health=no\n" WWW,
          NULL },
        { "a group",
          BLUE,
          { { CHANGE_CREATE, ";@ * IN A simple alias www evaluate-health=yes" } },
          ";@ * IN A simple alias www.lab.test. evaluate-health=yes\n" BLUE,
          NULL },
        { "one that stands later in the batch",
          "",
          { { CHANGE_CREATE, ";@ a IN A simple alias www" }, { CHANGE_CREATE, WWW } },
          NULL,
          TARGETS("www.lab.test.", "A") "ZLAB, but that target was not found" },
        { "one that goes earlier in the batch",
          WWW,
          { { CHANGE_DELETE, WWW }, { CHANGE_CREATE, ";@ a IN A simple alias www" } },
          NULL,
          TARGETS("www.lab.test.", "A") "ZLAB, but that target was not found" },
        { "another type",
          WWW,
          { { CHANGE_CREATE, ";@ a IN AAAA simple alias www" } },
          NULL,
          TARGETS("www.lab.test.", "AAAA") "ZLAB, but that target was not found" },
        { "no name",
          WWW,
          { { CHANGE_CREATE, ";@ a IN A simple alias *.x" } },
          NULL,
          TARGETS("\\052.x.lab.test.", "A") "ZLAB, but that target was not found" },
        { "a wildcard does not stand in (R-ALI-3)",
          "* 60 A 192.0.2.1\n",
          { { CHANGE_CREATE, ";@ a IN A simple alias b" } },
          NULL,
          TARGETS("b.lab.test.", "A") "ZLAB, but that target was not found" },
        { "outside the zone",
          "",
          { { CHANGE_CREATE, ";@ a IN A simple alias www.example." } },
          NULL,
          TARGETS("www.example.",
                  "A") "ZLAB, but the alias target name does not lie within the target "
                       "zone; " TARGETS("www.example.",
                                        "A") "ZLAB, but that target was not found" },
        { "another zone of ours (A-CHG-52)",
          "",
          { { CHANGE_CREATE, ";@ a IN A simple alias www.other. zone=ZOTHER" } },
          NULL,
          TARGETS("www.other.", "A") "ZOTHER, but that target was not found" },
        { "names of services, in the registry or not (A-CHG-53)",
          "",
          { { CHANGE_CREATE, ";@ a IN A simple alias dualstack.lb.eu-west-1.elb.amazonaws.com. "
                             "zone=Z32O12XQLNTSW2" },
            { CHANGE_CREATE, ";@ b IN A simple alias s3-website-us-east-1.amazonaws.com. "
                             "zone=Z3AQBSTGFYJSTF" },
            { CHANGE_CREATE, ";@ c IN A simple alias lb.elb.cn-north-1.amazonaws.com.cn. "
                             "zone=Z3QFB96KMJ7ED6" } },
          ";@ a IN A simple alias dualstack.lb.eu-west-1.elb.amazonaws.com. zone=Z32O12XQLNTSW2 "
          "evaluate-health=no\n"
          ";@ b IN A simple alias s3-website-us-east-1.amazonaws.com. zone=Z3AQBSTGFYJSTF "
          "evaluate-health=no\n"
          ";@ c IN A simple alias lb.elb.cn-north-1.amazonaws.com.cn. zone=Z3QFB96KMJ7ED6 "
          "evaluate-health=no\n",
          NULL },
        { "a name that is not the service's",
          "",
          { { CHANGE_CREATE, ";@ a IN A simple alias lb.us-east-1.elb.amazonaws.com. "
                             "zone=Z32O12XQLNTSW2" } },
          NULL,
          TARGETS("lb.us-east-1.elb.amazonaws.com.",
                  "A") "Z32O12XQLNTSW2, but the alias target name does not lie within the target "
                       "zone" },
        { "a zone that nobody knows (A-CHG-54)",
          "",
          { { CHANGE_CREATE, ";@ a IN A simple alias lb1.example. zone=\"z 1\"" } },
          NULL,
          TARGETS("lb1.example.",
                  "A") "z 1, but the alias target name does not lie within the target "
                       "zone; " TARGETS("lb1.example.", "A") "z 1, but that target was not found" },
        { "the target may go later (A-CHG-55)",
          WWW ";@ a IN A simple alias www\n",
          { { CHANGE_DELETE, WWW } },
          "",
          NULL },
        { "also with what is beside the alias",
          "a 60 A 192.0.2.1\n;@ a IN AAAA simple alias www\n",
          { { CHANGE_UPSERT, "a 60 A 192.0.2.2\n" } },
          "a 60 IN A 192.0.2.2\n;@ a IN AAAA simple alias www.lab.test. evaluate-health=no\n",
          NULL },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows));
}

static void services_may_have_to_be_registered(void **state)
{
    static const struct {
        const char *set;
        int rc;
    } rows[] = {
        { ";@ a IN A simple alias lb1.example. zone=ZSIGNPOSTRESOURCES", 0 },
        { ";@ a IN A simple alias nobody.example. zone=ZSIGNPOSTRESOURCES", SP_EINVAL },
        { ";@ a IN A simple alias lb.eu-west-1.elb.amazonaws.com. zone=Z32O12XQLNTSW2", SP_EINVAL },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct draft *stored = read_lines(""), *draft = lab_draft(false), *source;
        struct model_references references = world(stored);
        struct step step = { CHANGE_CREATE, rows[i].set };
        struct change_item item = read_item(&step, &source);
        struct change_batch batch = { 1, &item };
        struct problem problem = { 0 };
        references.needs_registered_targets = true;
        assert_int_equal(apply(draft, &batch, &references, &problem), rows[i].rc);
        if (rows[i].rc != 0)
            assert_non_null(strstr(problem.text, "but that target was not found"));
        draft_destroy(source);
        draft_destroy(draft);
        draft_destroy(stored);
    }
}

#define LOOP(type, name)                                                                           \
    "RRSet of type " type " with DNS name " name                                                   \
    ".lab.test. is not permitted as it creates a CNAME or alias loop in the zone."

static void aliases_do_not_go_in_circles(void **state)
{
    static const struct row rows[] = {
        { "to itself",
          "",
          { { CHANGE_CREATE, ";@ a IN A simple alias a" } },
          NULL,
          LOOP("A", "a") },
        { "to its own group",
          BLUE,
          { { CHANGE_CREATE, ";@ www IN A weighted id=x weight=1 alias www" } },
          NULL,
          LOOP("A", "www") },
        { "over another",
          ";@ a IN A simple alias b\nb 60 A 192.0.2.1\n",
          { { CHANGE_UPSERT, ";@ b IN A simple alias a" } },
          NULL,
          LOOP("A", "b") },
        { "over any member of a group",
          ";@ a IN A weighted id=x weight=1 alias b\n"
          ";@ a 60 IN A weighted id=y weight=1 value 192.0.2.1\n"
          "b 60 A 192.0.2.1\nc 60 A 192.0.2.1\n",
          { { CHANGE_UPSERT, ";@ b IN A simple alias c" },
            { CHANGE_UPSERT, ";@ c IN A simple alias a" } },
          NULL,
          LOOP("A", "c") },
        { "closed by what was gone for a while (A-CHG-55)",
          ";@ a IN A simple alias b\n",
          { { CHANGE_CREATE, ";@ b IN A simple alias a" } },
          NULL,
          LOOP("A", "b") },
        { "a CNAME over an alias of its type",
          ";@ a IN CNAME simple alias b\nb 60 CNAME x.example.\n",
          { { CHANGE_UPSERT, "b 60 CNAME a.lab.test." } },
          NULL,
          LOOP("CNAME", "b") },
        { "an alias over a CNAME",
          "a 60 CNAME b\nb 60 CNAME c.\n",
          { { CHANGE_UPSERT, ";@ b IN CNAME simple alias a" } },
          NULL,
          LOOP("CNAME", "b") },
        { "ways that meet again are no circle",
          "c 60 A 192.0.2.1\n;@ b IN A weighted id=x weight=1 alias c\n;@ b IN A weighted id=y "
          "weight=1 alias d\n"
          ";@ d IN A simple alias c\n",
          { { CHANGE_CREATE, ";@ a IN A weighted id=x weight=1 alias b" },
            { CHANGE_CREATE, ";@ a IN A weighted id=y weight=1 alias c" } },
          ";@ a IN A weighted id=\"x\" weight=1 alias b.lab.test. evaluate-health=no\n"
          ";@ a IN A weighted id=\"y\" weight=1 alias c.lab.test. evaluate-health=no\n"
          ";@ b IN A weighted id=\"x\" weight=1 alias c.lab.test. evaluate-health=no\n"
          ";@ b IN A weighted id=\"y\" weight=1 alias d.lab.test. evaluate-health=no\n"
          "c 60 IN A 192.0.2.1\n;@ d IN A simple alias c.lab.test. evaluate-health=no\n",
          NULL },
        { "another type is another way",
          ";@ a IN A simple alias b\n;@ b IN AAAA simple alias a\nb 60 A 192.0.2.1\n",
          { { CHANGE_CREATE, "a 60 AAAA ::1" } },
          "a 60 IN AAAA ::1\n;@ a IN A simple alias b.lab.test. evaluate-health=no\n",
          NULL },
        { "a circle of CNAMEs that was imported is not this change's fault",
          "a 60 CNAME b\nb 60 CNAME a\n",
          { { CHANGE_CREATE, "c 60 CNAME a.lab.test." } },
          "a 60 IN CNAME b.lab.test.\nb 60 IN CNAME a.lab.test.\nc 60 IN CNAME a.lab.test.\n",
          NULL },
    };
    (void)state;
    check_rows(rows, COUNT_OF(rows));
}

/* a0 leads to a1, and so on; the last has an address. */
static char *chain(unsigned aliases)
{
    struct written written = { 0 };
    char line[128];
    for (unsigned i = 0; i < aliases; i++) {
        int size = snprintf(line, sizeof line, ";@ a%u IN A simple alias a%u\n", i, i + 1);
        keep_written(&written, (struct span){ (const uint8_t *)line, (size_t)size });
    }
    int size = snprintf(line, sizeof line, "a%u 60 IN A 192.0.2.1\n", aliases);
    keep_written(&written, (struct span){ (const uint8_t *)line, (size_t)size });
    return written.text;
}

static void chains_of_aliases_end(void **state)
{
    (void)state;
    for (unsigned length = ALIAS_DEPTH_MAX; length <= ALIAS_DEPTH_MAX + 1; length++) {
        bool is_good = length == ALIAS_DEPTH_MAX;
        char *stored = chain(length - 1), *whole = chain(length);
        struct row row = { "one more alias in front",
                           stored,
                           { { CHANGE_CREATE, ";@ first IN A simple alias a0" } },
                           NULL,
                           is_good ? NULL
                                   : "first.lab.test. A: the alias begins a chain of more than 32 "
                                     "aliases" };
        check_row(&row);

        struct reading reading = read_text(whole);
        assert_int_equal(reading.problem.status, is_good ? 0 : SP_EINVAL);
        if (!is_good)
            assert_string_equal(reading.problem.text,
                                "lab.zone:1: a0.lab.test. A: the alias begins a "
                                "chain of more than 32 aliases");
        draft_destroy(reading.draft);
        free(stored);
        free(whole);
    }
}

static void a_very_long_chain_in_a_file_is_refused(void **state)
{
    char *text = chain(2000);
    struct reading reading = read_text(text);
    (void)state;
    assert_int_equal(reading.problem.status, SP_EINVAL);
    assert_string_equal(reading.problem.text,
                        "lab.zone:1968: a1967.lab.test. A: the alias begins a "
                        "chain of more than 32 aliases");
    draft_destroy(reading.draft);
    free(text);
}

/* Every group leads to every member of the next in a hundred ways. */
static void ways_that_branch_and_meet_are_walked_once(void **state)
{
    struct written written = { 0 };
    char line[128];
    (void)state;
    for (unsigned level = 0; level < ALIAS_DEPTH_MAX; level++)
        for (unsigned member = 0; member < GROUP_MEMBERS_MAX; member++) {
            int size =
                snprintf(line, sizeof line, ";@ a%u IN A weighted id=%u weight=1 alias a%u\n",
                         level, member, level + 1);
            keep_written(&written, (struct span){ (const uint8_t *)line, (size_t)size });
        }
    snprintf(line, sizeof line, "a%d 60 IN A 192.0.2.1\n", ALIAS_DEPTH_MAX);
    keep_written(&written, (struct span){ (const uint8_t *)line, strlen(line) });
    draft_destroy(read_good(written.text));
    free(written.text);
}

/* ---- groups ---- */

static void check_limit(const char *policy, const char *attributes, unsigned limit)
{
    struct draft *draft = lab_draft(false);
    struct problem problem = { 0 };
    char line[128], fault[256];
    for (unsigned i = 0; i <= limit; i++) {
        struct draft *source;
        struct step step = { CHANGE_CREATE, line };
        snprintf(line, sizeof line, ";@ www 60 IN A %s id=%u %s value 192.0.2.%u", policy, i,
                 attributes, i);
        if (strcmp(policy, "geoproximity") == 0)
            snprintf(line, sizeof line, ";@ www 60 IN A %s id=%u coordinates=%u,0 value 192.0.2.%u",
                     policy, i, i, i);
        struct change_item item = read_item(&step, &source);
        struct change_batch batch = { 1, &item };
        assert_int_equal(model_apply(draft, &batch, NULL, NULL, &problem),
                         i < limit ? 0 : SP_EINVAL);
        draft_destroy(source);
    }
    snprintf(fault, sizeof fault, "www.lab.test. A: a group of %s sets has at most %u of them",
             policy, limit);
    assert_string_equal(problem.text, fault);
    draft_destroy(draft);
}

static void groups_have_a_limit(void **state) /* A-CHG-46 */
{
    (void)state;
    check_limit("weighted", "weight=1", 100);
    check_limit("multivalue", "", 100);
    check_limit("geoproximity", "", 30);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(members_of_a_group_come_change_and_go),
    cmocka_unit_test(delete_must_repeat_what_is_there),
    cmocka_unit_test(what_exists_or_is_missing_is_named_with_its_identifier),
    cmocka_unit_test(neighbours_must_fit),
    cmocka_unit_test(policies_and_types_must_go_together),
    cmocka_unit_test(a_set_must_have_its_shape),
    cmocka_unit_test(text_of_any_language_may_tell_members_apart),
    cmocka_unit_test(sets_made_by_programs_must_have_their_shape_too),
    cmocka_unit_test(a_refused_identifier_is_told_without_its_controls),
    cmocka_unit_test(what_a_set_names_must_be_there),
    cmocka_unit_test(a_missing_health_check_is_not_found),
    cmocka_unit_test(aliases_must_lead_to_something),
    cmocka_unit_test(services_may_have_to_be_registered),
    cmocka_unit_test(aliases_do_not_go_in_circles),
    cmocka_unit_test(chains_of_aliases_end),
    cmocka_unit_test(a_very_long_chain_in_a_file_is_refused),
    cmocka_unit_test(ways_that_branch_and_meet_are_walked_once),
    cmocka_unit_test(groups_have_a_limit),
};

RUN_TESTS(tests)
