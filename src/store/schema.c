/*
 * The tables.  Each entry of the table below is one migration; published entries are never edited,
 * what changes is added as a further one.
 *
 * Times are Unix seconds.  Names in keys are as dns_name_to_key writes them and types are text, so
 * that the primary key of record_set is the order in which Route 53 lists.  Values are packed as
 * dns/rdata.h says.
 *
 * A table without rowid names the columns of its key first, in the key's order: SQLite 3.40's
 * integrity_check looks for NULL in the wrong columns of others, and then finds damage.
 */
#include "internal.h"

#include <stdio.h>
#include <string.h>

/*
 * hosted_zone: zones may share a name (private ones will), hence no UNIQUE there.  Ids are never
 * used again, because journal and change rows outlive their zones.  digest: see digest.c.
 *
 * health_check: deleted_at says that it was deleted; record sets may go on naming it.
 *
 * record_set: either a TTL and values, or an alias target.  A policy (base/routing.h) other than
 * simple goes with a set identifier, and with the parameters of that policy; those of the others
 * are NULL.
 *
 * journal: one row a transaction.  previous is the zone's sequence before it (0 at its creation),
 * so whoever follows sees when it has missed something.  "changed" rows have the record sets that
 * differ in journal_set, before and after: TTL, values and attributes, all of them NULL where there
 * was no such set, or is none any more.  Attributes are a text that sets.c describes; NULL with
 * values is a plain set.  "created" and "replaced" rows have none: the follower takes the zone as
 * it stands, at the sequence that hosted_zone says, and skips what is not above that.
 *
 * change: what the API tells of a change once it is accepted; numbered as its journal row.
 */
static const char schema_1[] =
    "CREATE TABLE hosted_zone (\n"
    "    id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
    "    public_id TEXT NOT NULL UNIQUE CHECK (length(public_id) BETWEEN 1 AND 32),\n"
    "    name BLOB NOT NULL CHECK (length(name) BETWEEN 1 AND 255),\n"
    "    name_key TEXT NOT NULL,\n"
    "    caller_reference TEXT UNIQUE,\n"
    "    comment TEXT NOT NULL DEFAULT '' CHECK (length(comment) <= 256),\n"
    "    server_1 INTEGER NOT NULL CHECK (server_1 BETWEEN 0 AND 2047),\n"
    "    server_2 INTEGER NOT NULL CHECK (server_2 BETWEEN 0 AND 2047),\n"
    "    server_3 INTEGER NOT NULL CHECK (server_3 BETWEEN 0 AND 2047),\n"
    "    server_4 INTEGER NOT NULL CHECK (server_4 BETWEEN 0 AND 2047),\n"
    "    private INTEGER NOT NULL DEFAULT 0 CHECK (private IN (0, 1)),\n"
    "    created_at INTEGER NOT NULL,\n"
    "    sequence INTEGER NOT NULL CHECK (sequence >= 0),\n"
    "    record_count INTEGER NOT NULL CHECK (record_count BETWEEN 0 AND 4294967295),\n"
    "    digest INTEGER NOT NULL\n"
    ") STRICT;\n"
    "CREATE INDEX hosted_zone_by_name ON hosted_zone (name_key, id);\n"

    "CREATE TABLE health_check (\n"
    "    id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
    "    public_id TEXT NOT NULL UNIQUE CHECK (length(public_id) BETWEEN 1 AND 64),\n"
    "    caller_reference TEXT UNIQUE,\n"
    "    version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),\n"
    "    config TEXT NOT NULL CHECK (json_valid(config)),\n"
    "    created_at INTEGER NOT NULL,\n"
    "    deleted_at INTEGER\n"
    ") STRICT;\n"

    "CREATE TABLE record_set (\n"
    "    zone_id INTEGER NOT NULL REFERENCES hosted_zone,\n"
    "    owner_key TEXT NOT NULL,\n"
    "    type TEXT NOT NULL CHECK (type <> ''),\n"
    "    set_identifier TEXT NOT NULL DEFAULT '' CHECK (length(set_identifier) <= 128),\n"
    "    policy INTEGER NOT NULL DEFAULT 0 CHECK (policy BETWEEN 0 AND 7),\n"
    "    ttl_s INTEGER CHECK (ttl_s BETWEEN 0 AND 2147483647),\n"
    "    record_values BLOB CHECK (length(record_values) > 2),\n"
    "    alias_zone TEXT,\n"
    "    alias_name BLOB CHECK (length(alias_name) BETWEEN 1 AND 255),\n"
    "    alias_evaluate_health INTEGER CHECK (alias_evaluate_health IN (0, 1)),\n"
    "    health_check_id INTEGER REFERENCES health_check,\n"
    "    weight INTEGER CHECK (weight BETWEEN 0 AND 255),\n"
    "    region TEXT,\n"
    "    failover TEXT CHECK (failover IN ('PRIMARY', 'SECONDARY')),\n"
    "    continent TEXT,\n"
    "    country TEXT,\n"
    "    subdivision TEXT,\n"
    "    cidr_collection TEXT,\n"
    "    cidr_location TEXT,\n"
    "    PRIMARY KEY (zone_id, owner_key, type, set_identifier),\n"
    "    CHECK ((policy = 0) = (set_identifier = '')),\n"
    "    CHECK ((ttl_s IS NULL) = (record_values IS NULL)),\n"
    "    CHECK ((alias_name IS NULL) = (record_values IS NOT NULL)),\n"
    "    CHECK ((alias_name IS NULL) = (alias_zone IS NULL)),\n"
    "    CHECK ((alias_name IS NULL) = (alias_evaluate_health IS NULL))\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE INDEX record_set_by_health_check ON record_set (health_check_id)\n"
    "    WHERE health_check_id IS NOT NULL;\n"

    "CREATE TABLE journal (\n"
    "    sequence INTEGER PRIMARY KEY AUTOINCREMENT,\n"
    "    previous INTEGER NOT NULL CHECK (previous BETWEEN 0 AND sequence - 1),\n"
    "    zone_id INTEGER NOT NULL,\n"
    "    zone_name BLOB NOT NULL CHECK (length(zone_name) BETWEEN 1 AND 255),\n"
    "    kind TEXT NOT NULL CHECK (kind IN ('created', 'replaced', 'changed', 'deleted')),\n"
    "    made_at INTEGER NOT NULL\n"
    ") STRICT;\n"
    "CREATE INDEX journal_by_zone ON journal (zone_id, sequence);\n"
    "CREATE INDEX journal_of_deleted ON journal (sequence) WHERE kind = 'deleted';\n"

    "CREATE TABLE journal_set (\n"
    "    sequence INTEGER NOT NULL REFERENCES journal ON DELETE CASCADE,\n"
    "    owner_key TEXT NOT NULL,\n"
    "    type TEXT NOT NULL CHECK (type <> ''),\n"
    "    set_identifier TEXT NOT NULL DEFAULT '',\n"
    "    before_ttl_s INTEGER,\n"
    "    before_values BLOB,\n"
    "    after_ttl_s INTEGER,\n"
    "    after_values BLOB,\n"
    "    PRIMARY KEY (sequence, owner_key, type, set_identifier)\n"
    ") STRICT, WITHOUT ROWID;\n"

    "CREATE TABLE change (\n"
    "    sequence INTEGER PRIMARY KEY,\n"
    "    zone_id INTEGER NOT NULL,\n"
    "    submitted_at INTEGER NOT NULL,\n"
    "    comment TEXT NOT NULL DEFAULT ''\n"
    ") STRICT;\n";

/* Routing by geoproximity, and what the journal says of a set besides its values. */
static const char schema_2[] =
    "ALTER TABLE record_set ADD COLUMN local_zone_group TEXT;\n"
    "ALTER TABLE record_set ADD COLUMN latitude TEXT;\n"
    "ALTER TABLE record_set ADD COLUMN longitude TEXT\n"
    "    CHECK ((longitude IS NULL) = (latitude IS NULL));\n"
    "ALTER TABLE record_set ADD COLUMN bias INTEGER CHECK (bias BETWEEN -99 AND 99);\n"
    "ALTER TABLE journal_set ADD COLUMN before_attributes TEXT;\n"
    "ALTER TABLE journal_set ADD COLUMN after_attributes TEXT;\n";

/*
 * The state of health checks; CIDR collections; resources.
 *
 * cidr_block: addresses are in network order, 4 or 16 octets; bits behind the prefix are zero.
 *
 * resource: the registry that aliases look into.  Its addresses and target groups are in the order
 * that the user gave.
 */
static const char schema_3[] =
    "ALTER TABLE health_check ADD COLUMN up INTEGER NOT NULL DEFAULT 1 CHECK (up IN (0, 1));\n"
    "ALTER TABLE health_check ADD COLUMN since_ms INTEGER NOT NULL DEFAULT 0\n"
    "    CHECK (since_ms >= 0);\n"
    "CREATE INDEX health_check_deleted ON health_check (id) WHERE deleted_at IS NOT NULL;\n"

    "CREATE TABLE cidr_collection (\n"
    "    id INTEGER PRIMARY KEY,\n"
    "    public_id TEXT NOT NULL UNIQUE CHECK (length(public_id) = 36),\n"
    "    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),\n"
    "    version INTEGER NOT NULL CHECK (version >= 1),\n"
    "    created_at INTEGER NOT NULL\n"
    ") STRICT;\n"
    "CREATE TABLE cidr_block (\n"
    "    collection_id INTEGER NOT NULL REFERENCES cidr_collection ON DELETE CASCADE,\n"
    "    address BLOB NOT NULL CHECK (length(address) IN (4, 16)),\n"
    "    prefix_length INTEGER NOT NULL CHECK (prefix_length BETWEEN 1 AND 48),\n"
    "    location TEXT NOT NULL CHECK (length(location) BETWEEN 1 AND 16),\n"
    "    PRIMARY KEY (collection_id, address, prefix_length)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE INDEX record_set_by_location ON record_set (cidr_collection, cidr_location)\n"
    "    WHERE cidr_collection IS NOT NULL;\n"

    "CREATE TABLE resource (\n"
    "    id INTEGER PRIMARY KEY,\n"
    "    name_key TEXT NOT NULL UNIQUE CHECK (name_key <> ''),\n"
    "    kind TEXT NOT NULL,\n"
    "    ttl_s INTEGER NOT NULL CHECK (ttl_s BETWEEN 0 AND 2147483647),\n"
    "    down INTEGER NOT NULL CHECK (down IN (0, 1))\n"
    ") STRICT;\n"
    "CREATE TABLE resource_address (\n"
    "    resource_id INTEGER NOT NULL REFERENCES resource ON DELETE CASCADE,\n"
    "    position INTEGER NOT NULL,\n"
    "    zone TEXT NOT NULL,\n"
    "    address BLOB NOT NULL CHECK (length(address) IN (4, 16)),\n"
    "    PRIMARY KEY (resource_id, position)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE resource_target (\n"
    "    resource_id INTEGER NOT NULL REFERENCES resource ON DELETE CASCADE,\n"
    "    position INTEGER NOT NULL,\n"
    "    name TEXT NOT NULL,\n"
    "    healthy INTEGER NOT NULL CHECK (healthy BETWEEN 0 AND registered),\n"
    "    registered INTEGER NOT NULL CHECK (registered BETWEEN 0 AND 4294967295),\n"
    "    PRIMARY KEY (resource_id, position)\n"
    ") STRICT, WITHOUT ROWID;\n";

/*
 * Where clients are, and how far from each Region.
 *
 * location: prefix is a family (4 or 6), all octets of an address, and a length, so that the key's
 * order is that of prefix_compare.  Millions of prefixes lie in a few thousand places: place is the
 * number of one.  No foreign key says so, since checking it for a million rows takes a second; the
 * reader does.  latency: client is a prefix of the same form, or the name of the Region that it is
 * nearest to.  client_table: how many rows a table has, and the digest of them (digest.c); a table
 * without such a row is empty.
 */
static const char schema_4[] =
    "CREATE TABLE place (\n"
    "    id INTEGER PRIMARY KEY,\n"
    "    continent TEXT,\n"
    "    country TEXT,\n"
    "    subdivision TEXT,\n"
    "    latitude REAL,\n"
    "    longitude REAL CHECK ((longitude IS NULL) = (latitude IS NULL)),\n"
    "    region TEXT\n"
    ") STRICT;\n"
    "CREATE TABLE location (\n"
    "    prefix BLOB NOT NULL PRIMARY KEY CHECK (length(prefix) IN (6, 18)),\n"
    "    place INTEGER NOT NULL\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE latency (\n"
    "    client ANY NOT NULL,\n"
    "    region TEXT NOT NULL,\n"
    "    milliseconds REAL NOT NULL CHECK (milliseconds >= 0),\n"
    "    PRIMARY KEY (client, region)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE client_table (\n"
    "    name TEXT NOT NULL PRIMARY KEY CHECK (name IN ('location', 'latency')),\n"
    "    row_count INTEGER NOT NULL CHECK (row_count >= 0),\n"
    "    digest INTEGER NOT NULL\n"
    ") STRICT, WITHOUT ROWID;\n";

/*
 * What a health check is and how it is doing.  Those from before say what they were told: MANUAL.
 * The table is made anew, since thirty columns added one by one take their time whenever a database
 * is opened (store__check_schema); record sets that name a check get it back before the end.
 *
 * health_check: fields that do not belong to its type, or were not given, are NULL, 0 or empty.
 * address: 4 or 16 octets.  search_string may be any octets.  regions and override_regions are sets
 * of checkers' Regions, bit N being number N of R-HCE-1.  override_up is NULL while there is none.
 * health_check_child: the ids of what a CALCULATED check watches, in the order that the user gave.
 *
 * health_check_checker: what each checker thinks, with its last result and its last failure; their
 * times are 0 while there was none.  Outcomes are numbers of enum probe_outcome; durations that are
 * not known are NULL.  health_check_event: the last turns, numbered within each check.
 */
static const char schema_5[] =
    "PRAGMA defer_foreign_keys = ON;\n"
    "CREATE TABLE health_check_before AS SELECT * FROM health_check;\n"
    "DROP TABLE health_check;\n"
    "CREATE TABLE health_check (\n"
    "    id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
    "    public_id TEXT NOT NULL UNIQUE CHECK (length(public_id) BETWEEN 1 AND 64),\n"
    "    caller_reference TEXT UNIQUE,\n"
    "    version INTEGER NOT NULL DEFAULT 1 CHECK (version BETWEEN 1 AND 4294967295),\n"
    "    created_at INTEGER NOT NULL,\n"
    "    deleted_at INTEGER,\n"
    "    up INTEGER NOT NULL DEFAULT 1 CHECK (up IN (0, 1)),\n"
    "    since_ms INTEGER NOT NULL DEFAULT 0 CHECK (since_ms >= 0),\n"
    "    type TEXT NOT NULL DEFAULT 'MANUAL',\n"
    "    address BLOB CHECK (length(address) IN (4, 16)),\n"
    "    port INTEGER NOT NULL DEFAULT 0 CHECK (port BETWEEN 0 AND 65535),\n"
    "    resource_path TEXT NOT NULL DEFAULT '',\n"
    "    domain_name TEXT NOT NULL DEFAULT '',\n"
    "    search_string BLOB NOT NULL DEFAULT x'',\n"
    "    request_interval_s INTEGER NOT NULL DEFAULT 0 CHECK (request_interval_s IN (0, 10, 30)),\n"
    "    failure_threshold INTEGER NOT NULL DEFAULT 0 CHECK (failure_threshold BETWEEN 0 AND 10),\n"
    "    measure_latency INTEGER NOT NULL DEFAULT 0 CHECK (measure_latency IN (0, 1)),\n"
    "    inverted INTEGER NOT NULL DEFAULT 0 CHECK (inverted IN (0, 1)),\n"
    "    disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),\n"
    "    enable_sni INTEGER NOT NULL DEFAULT 0 CHECK (enable_sni IN (0, 1)),\n"
    "    regions INTEGER NOT NULL DEFAULT 0 CHECK (regions BETWEEN 0 AND 255),\n"
    "    health_threshold INTEGER NOT NULL DEFAULT 0 CHECK (health_threshold BETWEEN 0 AND 256),\n"
    "    alarm_region TEXT NOT NULL DEFAULT '',\n"
    "    alarm_name TEXT NOT NULL DEFAULT '',\n"
    "    insufficient_data TEXT NOT NULL DEFAULT 'LastKnownStatus',\n"
    "    routing_control TEXT NOT NULL DEFAULT '',\n"
    "    observed INTEGER NOT NULL DEFAULT 1 CHECK (observed IN (0, 1)),\n"
    "    observed_reason TEXT NOT NULL DEFAULT '',\n"
    "    healthy_count INTEGER NOT NULL DEFAULT 0 CHECK (healthy_count BETWEEN 0 AND 65535),\n"
    "    watched_count INTEGER NOT NULL DEFAULT 0 CHECK (watched_count BETWEEN 0 AND 65535),\n"
    "    override_up INTEGER CHECK (override_up IN (0, 1)),\n"
    "    override_regions INTEGER CHECK (override_regions BETWEEN 0 AND 255),\n"
    "    override_since_ms INTEGER CHECK (override_since_ms >= 0),\n"
    "    override_expires_ms INTEGER CHECK (override_expires_ms >= 0),\n"
    "    override_owner TEXT,\n"
    "    override_reason TEXT,\n"
    "    CHECK ((override_up IS NULL) = (override_regions IS NULL)),\n"
    "    CHECK ((override_up IS NULL) = (override_since_ms IS NULL)),\n"
    "    CHECK ((override_up IS NULL) = (override_expires_ms IS NULL)),\n"
    "    CHECK ((override_up IS NULL) = (override_owner IS NULL)),\n"
    "    CHECK ((override_up IS NULL) = (override_reason IS NULL))\n"
    ") STRICT;\n"
    "CREATE INDEX health_check_deleted ON health_check (id) WHERE deleted_at IS NOT NULL;\n"
    "INSERT INTO health_check (id, public_id, caller_reference, version, created_at, deleted_at,\n"
    "    up, since_ms, observed)\n"
    "    SELECT id, public_id, caller_reference, version, created_at, deleted_at, up, since_ms, "
    "up\n"
    "    FROM health_check_before;\n"
    "DROP TABLE health_check_before;\n"

    "CREATE TABLE health_check_child (\n"
    "    check_id INTEGER NOT NULL REFERENCES health_check ON DELETE CASCADE,\n"
    "    position INTEGER NOT NULL CHECK (position >= 0),\n"
    "    child TEXT NOT NULL CHECK (length(child) BETWEEN 1 AND 64),\n"
    "    PRIMARY KEY (check_id, position)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE INDEX health_check_child_by_child ON health_check_child (child);\n"

    "CREATE TABLE health_check_checker (\n"
    "    check_id INTEGER NOT NULL REFERENCES health_check ON DELETE CASCADE,\n"
    "    region INTEGER NOT NULL CHECK (region BETWEEN 0 AND 7),\n"
    "    number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 255),\n"
    "    up INTEGER NOT NULL CHECK (up IN (0, 1)),\n"
    "    streak INTEGER NOT NULL CHECK (streak BETWEEN 0 AND 255),\n"
    "    started_ms INTEGER NOT NULL CHECK (started_ms >= 0),\n"
    "    last_outcome INTEGER NOT NULL CHECK (last_outcome >= 0),\n"
    "    last_at_ms INTEGER NOT NULL CHECK (last_at_ms >= 0),\n"
    "    last_http_status INTEGER NOT NULL CHECK (last_http_status BETWEEN 0 AND 65535),\n"
    "    last_detail TEXT NOT NULL,\n"
    "    last_resolved BLOB CHECK (length(last_resolved) IN (4, 16)),\n"
    "    last_connection_ms REAL,\n"
    "    last_tls_ms REAL,\n"
    "    last_first_byte_ms REAL,\n"
    "    failure_outcome INTEGER NOT NULL CHECK (failure_outcome >= 0),\n"
    "    failure_at_ms INTEGER NOT NULL CHECK (failure_at_ms >= 0),\n"
    "    failure_http_status INTEGER NOT NULL CHECK (failure_http_status BETWEEN 0 AND 65535),\n"
    "    failure_detail TEXT NOT NULL,\n"
    "    failure_resolved BLOB CHECK (length(failure_resolved) IN (4, 16)),\n"
    "    failure_connection_ms REAL,\n"
    "    failure_tls_ms REAL,\n"
    "    failure_first_byte_ms REAL,\n"
    "    PRIMARY KEY (check_id, region, number)\n"
    ") STRICT, WITHOUT ROWID;\n"

    "CREATE TABLE health_check_event (\n"
    "    check_id INTEGER NOT NULL REFERENCES health_check ON DELETE CASCADE,\n"
    "    number INTEGER NOT NULL CHECK (number >= 1),\n"
    "    at_ms INTEGER NOT NULL CHECK (at_ms >= 0),\n"
    "    up INTEGER NOT NULL CHECK (up IN (0, 1)),\n"
    "    cause TEXT NOT NULL,\n"
    "    reason TEXT NOT NULL,\n"
    "    healthy_count INTEGER NOT NULL CHECK (healthy_count BETWEEN 0 AND 65535),\n"
    "    watched_count INTEGER NOT NULL CHECK (watched_count BETWEEN 0 AND 65535),\n"
    "    connection_ms REAL,\n"
    "    tls_ms REAL,\n"
    "    first_byte_ms REAL,\n"
    "    PRIMARY KEY (check_id, number)\n"
    ") STRICT, WITHOUT ROWID;\n";

/*
 * What health checks of the types CLOUDWATCH_METRIC and RECOVERY_CONTROL follow, and zonal shifts.
 *
 * safety_rule_control: the controls that a rule asserts or that are its gate, and its targets, each
 * in the order that the user gave.  zonal_shift: a resource is named by its key and not by its row,
 * since that is made anew whenever the resource is registered again.
 */
static const char schema_6[] =
    "CREATE INDEX health_check_by_alarm ON health_check (alarm_name, alarm_region)\n"
    "    WHERE alarm_name <> '';\n"
    "CREATE INDEX health_check_by_control ON health_check (routing_control)\n"
    "    WHERE routing_control <> '';\n"

    "CREATE TABLE alarm (\n"
    "    region TEXT NOT NULL CHECK (region <> ''),\n"
    "    name TEXT NOT NULL CHECK (name <> ''),\n"
    "    state TEXT NOT NULL,\n"
    "    since_ms INTEGER NOT NULL CHECK (since_ms >= 0),\n"
    "    PRIMARY KEY (region, name)\n"
    ") STRICT, WITHOUT ROWID;\n"

    "CREATE TABLE routing_control (\n"
    "    name TEXT NOT NULL PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),\n"
    "    panel TEXT NOT NULL CHECK (length(panel) BETWEEN 1 AND 64),\n"
    "    is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),\n"
    "    created_ms INTEGER NOT NULL CHECK (created_ms >= 0),\n"
    "    changed_ms INTEGER NOT NULL CHECK (changed_ms >= 0)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE safety_rule (\n"
    "    id INTEGER PRIMARY KEY,\n"
    "    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),\n"
    "    panel TEXT NOT NULL CHECK (length(panel) BETWEEN 1 AND 64),\n"
    "    kind TEXT NOT NULL,\n"
    "    type TEXT NOT NULL,\n"
    "    threshold INTEGER NOT NULL CHECK (threshold BETWEEN 0 AND 32),\n"
    "    inverted INTEGER NOT NULL CHECK (inverted IN (0, 1)),\n"
    "    wait_ms INTEGER NOT NULL CHECK (wait_ms BETWEEN 0 AND 4294967295)\n"
    ") STRICT;\n"
    "CREATE TABLE safety_rule_control (\n"
    "    rule_id INTEGER NOT NULL REFERENCES safety_rule ON DELETE CASCADE,\n"
    "    is_target INTEGER NOT NULL CHECK (is_target IN (0, 1)),\n"
    "    position INTEGER NOT NULL CHECK (position >= 0),\n"
    "    control TEXT NOT NULL REFERENCES routing_control,\n"
    "    PRIMARY KEY (rule_id, is_target, position)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE INDEX safety_rule_control_by_control ON safety_rule_control (control);\n"

    "CREATE TABLE zonal_shift (\n"
    "    id INTEGER PRIMARY KEY,\n"
    "    public_id TEXT NOT NULL UNIQUE CHECK (length(public_id) = 36),\n"
    "    resource_key TEXT NOT NULL CHECK (resource_key <> ''),\n"
    "    away_from TEXT NOT NULL CHECK (away_from <> ''),\n"
    "    comment TEXT NOT NULL,\n"
    "    status TEXT NOT NULL,\n"
    "    started_ms INTEGER NOT NULL CHECK (started_ms >= 0),\n"
    "    expires_ms INTEGER NOT NULL CHECK (expires_ms >= 0),\n"
    "    ended_ms INTEGER NOT NULL CHECK (ended_ms >= 0)\n"
    ") STRICT;\n"
    "CREATE UNIQUE INDEX zonal_shift_active ON zonal_shift (resource_key)\n"
    "    WHERE status = 'ACTIVE';\n"
    "CREATE INDEX zonal_shift_ending ON zonal_shift (expires_ms) WHERE status = 'ACTIVE';\n";

/*
 * drill: what was to break and what was expected, as JSON that the store does not look into; a row
 * is there before anything breaks.  restored_ms is 0 and restored_by empty until it is restored.
 * The report, the largest, comes last.  drill_step: what is undone at the end; was_on is what a
 * routing control said before.
 */
static const char schema_7[] =
    "CREATE TABLE drill (\n"
    "    id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
    "    name TEXT NOT NULL,\n"
    "    owner TEXT NOT NULL,\n"
    "    state TEXT NOT NULL DEFAULT 'breaking'\n"
    "        CHECK (state IN ('breaking', 'running', 'restoring', 'restored')),\n"
    "    started_ms INTEGER NOT NULL CHECK (started_ms >= 0),\n"
    "    ends_ms INTEGER NOT NULL CHECK (ends_ms >= started_ms),\n"
    "    restored_ms INTEGER NOT NULL DEFAULT 0 CHECK (restored_ms >= 0),\n"
    "    restored_by TEXT NOT NULL DEFAULT '',\n"
    "    remarks TEXT NOT NULL DEFAULT '',\n"
    "    definition TEXT NOT NULL,\n"
    "    prediction TEXT NOT NULL,\n"
    "    report TEXT\n"
    ") STRICT;\n"
    "CREATE INDEX drill_open ON drill (id) WHERE state <> 'restored';\n"
    "CREATE TABLE drill_step (\n"
    "    drill_id INTEGER NOT NULL REFERENCES drill ON DELETE CASCADE,\n"
    "    position INTEGER NOT NULL CHECK (position >= 0),\n"
    "    kind TEXT NOT NULL,\n"
    "    target TEXT NOT NULL,\n"
    "    was_on INTEGER NOT NULL CHECK (was_on IN (0, 1)),\n"
    "    PRIMARY KEY (drill_id, position)\n"
    ") STRICT, WITHOUT ROWID;\n";

/*
 * Zones as the Route 53 API knows them; changes with ids; values as they were written.
 *
 * hosted_zone: private ones are stored and listed, never answered from.  set_count leaves out what
 * hangs on hidden names.  delegation_set is the public id of a reusable one, NULL for one of its
 * own.
 *
 * zone_reference: every caller reference that a zone was ever made with (A-ZON-5).
 *
 * record_set: value_texts are packed like the values, in their order; NULL when all of them are as
 * rdata_to_text writes them.  traffic_policy_instance: the instance whose root this is.
 */
static const char schema_8[] =
    "ALTER TABLE hosted_zone ADD COLUMN set_count INTEGER NOT NULL DEFAULT 0\n"
    "    CHECK (set_count BETWEEN 0 AND 4294967295);\n"
    "ALTER TABLE hosted_zone ADD COLUMN delegation_set TEXT;\n"
    "UPDATE hosted_zone SET set_count ="
    " (SELECT count(*) FROM record_set WHERE zone_id = hosted_zone.id);\n"
    "CREATE INDEX hosted_zone_by_delegation_set ON hosted_zone (delegation_set)\n"
    "    WHERE delegation_set IS NOT NULL;\n"
    "CREATE TABLE zone_reference (\n"
    "    reference TEXT NOT NULL PRIMARY KEY CHECK (reference <> '')\n"
    ") STRICT, WITHOUT ROWID;\n"
    "ALTER TABLE record_set ADD COLUMN value_texts BLOB CHECK (length(value_texts) > 2);\n"
    "ALTER TABLE record_set ADD COLUMN traffic_policy_instance TEXT;\n"
    "ALTER TABLE journal_set ADD COLUMN before_texts BLOB;\n"
    "ALTER TABLE journal_set ADD COLUMN after_texts BLOB;\n"
    "ALTER TABLE change ADD COLUMN public_id TEXT;\n"
    "ALTER TABLE change ADD COLUMN submitted_ms INTEGER NOT NULL DEFAULT 0;\n"
    "CREATE UNIQUE INDEX change_by_public_id ON change (public_id) WHERE public_id IS NOT NULL;\n";

/*
 * Access keys and the audit.
 *
 * access_key: the secret as it is, since signatures are verified by computing them again; hence the
 * file is its owner's alone.  A key without rows in access_key_zone may change every zone.
 * audit: the newest of them (base/limits.h).  What was changed has its row in the same transaction.
 */
static const char schema_9[] =
    "CREATE TABLE access_key (\n"
    "    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),\n"
    "    secret TEXT NOT NULL CHECK (secret <> ''),\n"
    "    read_only INTEGER NOT NULL CHECK (read_only IN (0, 1)),\n"
    "    created_ms INTEGER NOT NULL CHECK (created_ms >= 0),\n"
    "    comment TEXT NOT NULL\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE INDEX access_key_by_age ON access_key (created_ms, id);\n"
    "CREATE TABLE access_key_zone (\n"
    "    key_id TEXT NOT NULL REFERENCES access_key ON DELETE CASCADE,\n"
    "    name_key TEXT NOT NULL,\n"
    "    PRIMARY KEY (key_id, name_key)\n"
    ") STRICT, WITHOUT ROWID;\n"

    "CREATE TABLE audit (\n"
    "    id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
    "    time_ms INTEGER NOT NULL CHECK (time_ms >= 0),\n"
    "    key_id TEXT NOT NULL,\n"
    "    source TEXT NOT NULL,\n"
    "    operation TEXT NOT NULL,\n"
    "    zone TEXT NOT NULL,\n"
    "    result TEXT NOT NULL,\n"
    "    request_id TEXT NOT NULL\n"
    ") STRICT;\n"
    "CREATE INDEX audit_by_zone ON audit (zone, id) WHERE zone <> '';\n"
    "CREATE INDEX audit_by_key ON audit (key_id, id) WHERE key_id <> '';\n";

/*
 * Tags, and what the API tells of health checks and collections.
 *
 * health_check_past: of checks that were deleted.  The number is that of their row, which may be
 * gone: it marks their place in listings (A-HCK-13).  A caller reference is not used again
 * (A-HCK-2).
 */
static const char schema_10[] =
    "CREATE TABLE hosted_zone_tag (\n"
    "    zone_id INTEGER NOT NULL REFERENCES hosted_zone (id) ON DELETE CASCADE,\n"
    "    key TEXT NOT NULL CHECK (key <> ''),\n"
    "    value TEXT NOT NULL,\n"
    "    PRIMARY KEY (zone_id, key)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE health_check_tag (\n"
    "    check_id INTEGER NOT NULL REFERENCES health_check (id) ON DELETE CASCADE,\n"
    "    key TEXT NOT NULL CHECK (key <> ''),\n"
    "    value TEXT NOT NULL,\n"
    "    PRIMARY KEY (check_id, key)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE health_check_past (\n"
    "    public_id TEXT NOT NULL PRIMARY KEY CHECK (length(public_id) BETWEEN 1 AND 64),\n"
    "    number INTEGER NOT NULL,\n"
    "    caller_reference TEXT UNIQUE\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE INDEX health_check_past_by_number ON health_check_past (number);\n";

/*
 * Delegation sets and VPCs.
 *
 * delegation_set: reusable ones.  Rows stay when a set is deleted, because neither its id nor its
 * caller reference is ever taken again.  zone_vpc: the VPCs of private zones.  vpc_authorization:
 * those that another account was allowed to associate; nothing looks at them (A-VPC-9).
 */
static const char schema_11[] =
    "CREATE TABLE delegation_set (\n"
    "    id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
    "    public_id TEXT NOT NULL UNIQUE CHECK (length(public_id) BETWEEN 1 AND 32),\n"
    "    caller_reference TEXT NOT NULL UNIQUE CHECK (caller_reference <> ''),\n"
    "    server_1 INTEGER NOT NULL CHECK (server_1 BETWEEN 0 AND 2047),\n"
    "    server_2 INTEGER NOT NULL CHECK (server_2 BETWEEN 0 AND 2047),\n"
    "    server_3 INTEGER NOT NULL CHECK (server_3 BETWEEN 0 AND 2047),\n"
    "    server_4 INTEGER NOT NULL CHECK (server_4 BETWEEN 0 AND 2047),\n"
    "    created_at INTEGER NOT NULL,\n"
    "    deleted_at INTEGER\n"
    ") STRICT;\n"

    "CREATE TABLE zone_vpc (\n"
    "    zone_id INTEGER NOT NULL REFERENCES hosted_zone ON DELETE CASCADE,\n"
    "    vpc TEXT NOT NULL CHECK (vpc <> ''),\n"
    "    region TEXT NOT NULL CHECK (region <> ''),\n"
    "    PRIMARY KEY (zone_id, vpc)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE INDEX zone_vpc_by_vpc ON zone_vpc (vpc);\n"
    "CREATE TABLE vpc_authorization (\n"
    "    zone_id INTEGER NOT NULL REFERENCES hosted_zone ON DELETE CASCADE,\n"
    "    vpc TEXT NOT NULL CHECK (vpc <> ''),\n"
    "    region TEXT NOT NULL CHECK (region <> ''),\n"
    "    PRIMARY KEY (zone_id, vpc)\n"
    ") STRICT, WITHOUT ROWID;\n"

    "CREATE INDEX hosted_zone_by_name_and_id ON hosted_zone (name_key, public_id);\n";

/*
 * key_pair: what an ARN stands for; it is kept when no zone uses it any more, as a key of AWS KMS
 * is, so that the same ARN gives the same DS record again.  zone_signing: a row once the zone was
 * told.  query_logging_config: numbered in the order of creation, and that is the order of lists.
 * cidr_collection: caller_reference is empty for those that the Route 53 API has not made.
 */
static const char schema_12[] =
    "CREATE TABLE key_pair (\n"
    "    arn TEXT NOT NULL PRIMARY KEY CHECK (length(arn) = 75),\n"
    "    public_key BLOB NOT NULL CHECK (length(public_key) = 64),\n"
    "    private_key BLOB NOT NULL CHECK (length(private_key) BETWEEN 1 AND 256)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE key_signing_key (\n"
    "    id INTEGER PRIMARY KEY,\n"
    "    zone_id INTEGER NOT NULL REFERENCES hosted_zone ON DELETE CASCADE,\n"
    "    name TEXT NOT NULL CHECK (length(name) BETWEEN 3 AND 128),\n"
    "    arn TEXT NOT NULL REFERENCES key_pair,\n"
    "    active INTEGER NOT NULL CHECK (active IN (0, 1)),\n"
    "    created_ms INTEGER NOT NULL CHECK (created_ms >= 0),\n"
    "    changed_ms INTEGER NOT NULL CHECK (changed_ms >= 0),\n"
    "    UNIQUE (zone_id, name),\n"
    "    UNIQUE (zone_id, arn)\n"
    ") STRICT;\n"
    "CREATE TABLE zone_signing (\n"
    "    zone_id INTEGER PRIMARY KEY REFERENCES hosted_zone ON DELETE CASCADE,\n"
    "    signing INTEGER NOT NULL CHECK (signing IN (0, 1))\n"
    ") STRICT;\n"
    "CREATE TABLE query_logging_config (\n"
    "    id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
    "    public_id TEXT NOT NULL UNIQUE CHECK (length(public_id) = 36),\n"
    "    zone_id INTEGER NOT NULL UNIQUE REFERENCES hosted_zone ON DELETE CASCADE,\n"
    "    log_group TEXT NOT NULL CHECK (log_group <> '')\n"
    ") STRICT;\n"
    "CREATE TABLE record_set_protection (\n"
    "    zone_id INTEGER NOT NULL REFERENCES hosted_zone ON DELETE CASCADE,\n"
    "    owner_key TEXT NOT NULL,\n"
    "    type TEXT NOT NULL CHECK (type <> ''),\n"
    "    comment TEXT NOT NULL CHECK (length(comment) <= 256),\n"
    "    PRIMARY KEY (zone_id, owner_key, type)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "ALTER TABLE cidr_collection ADD COLUMN caller_reference TEXT NOT NULL DEFAULT '';\n";

/*
 * Traffic policies and their instances, numbered in the order of creation, and that is the order of
 * lists.
 *
 * traffic_policy: newest_version is the highest number that a version of it ever had; none is used
 * again.  traffic_policy_instance: the generation goes up with every tree that is made for it, and
 * is in the hidden names that the tree stands at; message is NULL while the last wish has been
 * fulfilled, else why it was not.
 */
static const char schema_13[] =
    "CREATE TABLE traffic_policy (\n"
    "    id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
    "    public_id TEXT NOT NULL UNIQUE CHECK (length(public_id) = 36),\n"
    "    name TEXT NOT NULL UNIQUE,\n"
    "    newest_version INTEGER NOT NULL CHECK (newest_version BETWEEN 0 AND 1000)\n"
    ") STRICT;\n"
    "CREATE TABLE traffic_policy_version (\n"
    "    policy_id INTEGER NOT NULL REFERENCES traffic_policy ON DELETE CASCADE,\n"
    "    version INTEGER NOT NULL CHECK (version BETWEEN 1 AND 1000),\n"
    "    type TEXT NOT NULL CHECK (type <> ''),\n"
    "    document TEXT NOT NULL CHECK (document <> ''),\n"
    "    comment TEXT NOT NULL,\n"
    "    UNIQUE (policy_id, version)\n"
    ") STRICT;\n"
    "CREATE TABLE traffic_policy_instance (\n"
    "    id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
    "    public_id TEXT NOT NULL UNIQUE CHECK (length(public_id) = 36),\n"
    "    zone_id INTEGER NOT NULL REFERENCES hosted_zone ON DELETE CASCADE,\n"
    "    owner_key TEXT NOT NULL,\n"
    "    type TEXT NOT NULL CHECK (type <> ''),\n"
    "    ttl_s INTEGER NOT NULL CHECK (ttl_s BETWEEN 0 AND 2147483647),\n"
    "    policy_id INTEGER NOT NULL,\n"
    "    version INTEGER NOT NULL,\n"
    "    generation INTEGER NOT NULL CHECK (generation BETWEEN 0 AND 4294967295),\n"
    "    message TEXT CHECK (message <> ''),\n"
    "    UNIQUE (zone_id, owner_key, type),\n"
    "    FOREIGN KEY (policy_id, version) REFERENCES traffic_policy_version (policy_id, version)\n"
    ") STRICT;\n"
    "CREATE INDEX traffic_policy_instance_by_version\n"
    "    ON traffic_policy_instance (policy_id, version);\n";

/*
 * Signed zones.
 *
 * key_pair has public halves only from here on.  What older versions kept of private ones waits in
 * key_pair_before, until the key store has taken it over (store_visit_old_pairs).
 * key_signing_key: trouble is NULL while the key can be used.
 * key_ring: a row once the zone was signed; signed_ms 0 while it is not.  zone_signing_key: at
 * least while it is signed; the private half is sealed by the key store.  key_set: packed values,
 * and signatures as model/key_sets.h has them.
 */
static const char schema_14[] =
    "PRAGMA defer_foreign_keys = ON;\n"
    "CREATE TABLE key_signing_key_before AS SELECT * FROM key_signing_key;\n"
    "DROP TABLE key_signing_key;\n"
    "ALTER TABLE key_pair RENAME TO key_pair_before;\n"
    "CREATE TABLE key_pair (\n"
    "    arn TEXT NOT NULL PRIMARY KEY CHECK (length(arn) = 75),\n"
    "    public_key BLOB NOT NULL CHECK (length(public_key) = 64)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "INSERT INTO key_pair SELECT arn, public_key FROM key_pair_before;\n"
    "CREATE TABLE key_signing_key (\n"
    "    id INTEGER PRIMARY KEY,\n"
    "    zone_id INTEGER NOT NULL REFERENCES hosted_zone ON DELETE CASCADE,\n"
    "    name TEXT NOT NULL CHECK (length(name) BETWEEN 3 AND 128),\n"
    "    arn TEXT NOT NULL REFERENCES key_pair,\n"
    "    active INTEGER NOT NULL CHECK (active IN (0, 1)),\n"
    "    created_ms INTEGER NOT NULL CHECK (created_ms >= 0),\n"
    "    changed_ms INTEGER NOT NULL CHECK (changed_ms >= 0),\n"
    "    trouble TEXT CHECK (trouble <> ''),\n"
    "    UNIQUE (zone_id, name),\n"
    "    UNIQUE (zone_id, arn)\n"
    ") STRICT;\n"
    "INSERT INTO key_signing_key\n"
    "    SELECT id, zone_id, name, arn, active, created_ms, changed_ms, NULL\n"
    "    FROM key_signing_key_before;\n"
    "DROP TABLE key_signing_key_before;\n"
    "CREATE TABLE key_ring (\n"
    "    zone_id INTEGER PRIMARY KEY REFERENCES hosted_zone ON DELETE CASCADE,\n"
    "    signed_ms INTEGER NOT NULL CHECK (signed_ms >= 0),\n"
    "    interval_s INTEGER NOT NULL CHECK (interval_s >= 0),\n"
    "    validity_s INTEGER NOT NULL CHECK (validity_s >= 0),\n"
    "    ttl_s INTEGER NOT NULL CHECK (ttl_s >= 0),\n"
    "    has_cds INTEGER NOT NULL CHECK (has_cds IN (0, 1)),\n"
    "    cached_until_ms INTEGER NOT NULL CHECK (cached_until_ms >= 0)\n"
    ") STRICT;\n"
    "CREATE TABLE zone_signing_key (\n"
    "    id INTEGER PRIMARY KEY,\n"
    "    zone_id INTEGER NOT NULL REFERENCES hosted_zone ON DELETE CASCADE,\n"
    "    tag INTEGER NOT NULL CHECK (tag BETWEEN 0 AND 65535),\n"
    "    state TEXT NOT NULL CHECK (state IN ('PUBLISHED', 'ACTIVE', 'RETIRED')),\n"
    "    created_ms INTEGER NOT NULL CHECK (created_ms >= 0),\n"
    "    changed_ms INTEGER NOT NULL CHECK (changed_ms >= 0),\n"
    "    wait_ms INTEGER NOT NULL CHECK (wait_ms >= 0),\n"
    "    validity_s INTEGER NOT NULL CHECK (validity_s >= 0),\n"
    "    public_key BLOB NOT NULL CHECK (length(public_key) = 64),\n"
    "    sealed_key BLOB NOT NULL CHECK (length(sealed_key) = 60),\n"
    "    UNIQUE (zone_id, tag)\n"
    ") STRICT;\n"
    "CREATE UNIQUE INDEX zone_signing_key_active ON zone_signing_key (zone_id)\n"
    "    WHERE state = 'ACTIVE';\n"
    "CREATE TABLE key_set (\n"
    "    zone_id INTEGER NOT NULL REFERENCES hosted_zone ON DELETE CASCADE,\n"
    "    type INTEGER NOT NULL CHECK (type BETWEEN 1 AND 65535),\n"
    "    ttl_s INTEGER NOT NULL CHECK (ttl_s >= 0),\n"
    "    packed_values BLOB NOT NULL,\n"
    "    signatures BLOB NOT NULL,\n"
    "    PRIMARY KEY (zone_id, type)\n"
    ") STRICT;\n";

const struct migration store__migrations[] = {
    { schema_1 },  { schema_2 },  { schema_3 },  { schema_4 },  { schema_5 },
    { schema_6 },  { schema_7 },  { schema_8 },  { schema_9 },  { schema_10 },
    { schema_11 }, { schema_12 }, { schema_13 }, { schema_14 },
};
const int store__schema_version = sizeof store__migrations / sizeof store__migrations[0];

int store__query_number(sqlite3 *db, const char *path, const char *sql, int64_t *out_number,
                        struct problem *out_problem)
{
    sqlite3_stmt *statement = NULL;
    int rc = 0;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        rc = store__problem(db, path, out_problem);
    else
        *out_number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return rc;
}

int store__newer(const char *path, int64_t version, struct problem *out_problem)
{
    return problem_set(
        out_problem, SP_ENEWER,
        "%s: was written by a newer Signpost (schema %lld, this one knows %d): it was "
        "left as it is; install that version again, or restore a backup",
        path, (long long)version, store__schema_version);
}

/* From version to version + 1; in one transaction, which the caller rolls back on an error. */
static int migrate_once(sqlite3 *db, const char *path, const struct migration *migrations,
                        int migration_count, bool *out_done, struct problem *out_problem)
{
    char numbers[96];
    int64_t version;
    if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        return store__problem(db, path, out_problem);
    int rc = store__query_number(db, path, "PRAGMA user_version", &version, out_problem);
    if (rc == 0 && version > migration_count)
        rc = store__newer(path, version, out_problem);
    if (rc != 0)
        return rc;
    *out_done = version == migration_count;
    if (*out_done)
        return sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL) == SQLITE_OK
                   ? 0
                   : store__problem(db, path, out_problem);
    snprintf(numbers, sizeof numbers,
             "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT", STORE_APPLICATION_ID,
             (int)version + 1);
    if (sqlite3_exec(db, migrations[version].sql, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(db, numbers, NULL, NULL, NULL) != SQLITE_OK)
        return store__problem(db, path, out_problem);
    return 0;
}

int store__migrate(sqlite3 *db, const char *path, const struct migration *migrations,
                   int migration_count, struct problem *out_problem)
{
    int64_t version;
    bool done;
    int rc = store__query_number(db, path, "PRAGMA user_version", &version, out_problem);
    done = rc == 0 && version == migration_count; /* the usual case takes no lock */
    while (rc == 0 && !done) {
        rc = migrate_once(db, path, migrations, migration_count, &done, out_problem);
        if (rc != 0 && !sqlite3_get_autocommit(db))
            sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    }
    return rc;
}

/* The text of one object, or that it is not there. */
static int compare_object(sqlite3_stmt *lookup, sqlite3_stmt *expected, const char *path,
                          struct problem *out_problem)
{
    const char *name = (const char *)sqlite3_column_text(expected, 1);
    const char *sql = (const char *)sqlite3_column_text(expected, 2);
    sqlite3_reset(lookup);
    for (int i = 0; i < 2; i++)
        sqlite3_bind_value(lookup, i + 1, sqlite3_column_value(expected, i));
    int code = sqlite3_step(lookup);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return store__problem(sqlite3_db_handle(lookup), path, out_problem);
    const char *found = code == SQLITE_ROW ? (const char *)sqlite3_column_text(lookup, 0) : NULL;
    if (name == NULL || sql == NULL || found == NULL || strcmp(found, sql) != 0)
        return store__damaged(path, out_problem, "the definition of %s is not ours",
                              name != NULL ? name : "a table");
    return 0;
}

#define OUR_OBJECTS                                                                                \
    "type IN ('table', 'trigger', 'index') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"

static int compare_schemas(sqlite3 *db, sqlite3 *model, const char *path,
                           struct problem *out_problem)
{
    static const char lookup_sql[] = "SELECT sql FROM sqlite_schema WHERE type = ?1 AND name = ?2";
    static const char expected_sql[] =
        "SELECT type, name, sql FROM sqlite_schema WHERE " OUR_OBJECTS;
    static const char count_sql[] = "SELECT count(*) FROM sqlite_schema WHERE " OUR_OBJECTS;
    sqlite3_stmt *lookup = NULL, *expected = NULL;
    int64_t object_count = 0, found_count = 0;
    int rc = 0, code = SQLITE_DONE;
    if (sqlite3_prepare_v2(db, lookup_sql, -1, &lookup, NULL) != SQLITE_OK)
        rc = store__problem(db, path, out_problem);
    else if (sqlite3_prepare_v2(model, expected_sql, -1, &expected, NULL) != SQLITE_OK)
        rc = store__problem(model, path, out_problem);
    while (rc == 0 && (code = sqlite3_step(expected)) == SQLITE_ROW) {
        object_count++;
        rc = compare_object(lookup, expected, path, out_problem);
    }
    if (rc == 0 && code != SQLITE_DONE)
        rc = store__problem(model, path, out_problem);
    if (rc == 0)
        rc = store__query_number(db, path, count_sql, &found_count, out_problem);
    if (rc == 0 && found_count != object_count)
        rc = store__damaged(path, out_problem,
                            "it has tables, indexes or triggers that are not ours");
    sqlite3_finalize(lookup);
    sqlite3_finalize(expected);
    return rc;
}

int store__check_schema(sqlite3 *db, const char *path, int version, struct problem *out_problem)
{
    sqlite3 *model = NULL;
    int rc = sqlite3_open_v2(":memory:", &model,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                             NULL) == SQLITE_OK
                 ? store__migrate(model, path, store__migrations, version, out_problem)
                 : store__problem(model, path, out_problem);
    if (rc == 0)
        rc = compare_schemas(db, model, path, out_problem);
    sqlite3_close(model);
    return rc;
}
