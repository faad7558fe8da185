#include "internal.h"

/* In the order in which store__read_zone_row expects them. */
#define ZONE_COLUMNS                                                                               \
    "id, public_id, name, server_1, server_2, server_3, server_4, created_at, sequence, "          \
    "record_count, comment, digest, set_count, private, caller_reference, delegation_set"

/* In the order of enum set_column.  Few sets have a health check; the others are not made to look
 * for one. */
#define SET_KEY   "zone_id, owner_key, type, set_identifier"
#define SET_PLAIN "policy, ttl_s, record_values, value_texts, traffic_policy_instance"
#define SET_DETAILS                                                                                \
    "alias_zone, alias_name, alias_evaluate_health, weight, region, failover, continent, "         \
    "country, subdivision, cidr_collection, cidr_location, local_zone_group, latitude, "           \
    "longitude, bias"
#define SET_COLUMNS                                                                                \
    SET_KEY ", " SET_PLAIN ", CASE WHEN health_check_id IS NOT NULL THEN"                          \
            " (SELECT public_id FROM health_check WHERE id = health_check_id) END, " SET_DETAILS
#define SET_WRITTEN SET_PLAIN ", health_check_id, " SET_DETAILS
#define SET_PARAMETERS                                                                             \
    "?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, "   \
    "?24, ?25"
#define SET_IDENTITY "zone_id = ?1 AND owner_key = ?2 AND type = ?3 AND set_identifier = ?4"

/* In the orders in which checks.c, collections.c and resources.c expect them. */
#define CHECK_CONFIG                                                                               \
    "type, address, port, resource_path, domain_name, search_string, request_interval_s, "         \
    "failure_threshold, measure_latency, inverted, disabled, enable_sni, regions, "                \
    "health_threshold, alarm_region, alarm_name, insufficient_data, routing_control"
#define CHECK_CONFIG_PARAMETERS                                                                    \
    "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20"
#define CHECK_COLUMNS                                                                              \
    "id, public_id, up, since_ms, created_at, deleted_at IS NOT NULL,"                             \
    " (SELECT count(*) FROM record_set WHERE health_check_id = health_check.id),"                  \
    " caller_reference, version, " CHECK_CONFIG
#define CHECK_STATUS                                                                               \
    "up, since_ms, observed, observed_reason, healthy_count, watched_count, override_up, "         \
    "override_regions, override_since_ms, override_expires_ms, override_owner, override_reason"
#define CHECKER_COLUMNS                                                                            \
    "region, number, up, streak, started_ms, last_outcome, last_at_ms, last_http_status, "         \
    "last_detail, last_resolved, last_connection_ms, last_tls_ms, last_first_byte_ms, "            \
    "failure_outcome, failure_at_ms, failure_http_status, failure_detail, failure_resolved, "      \
    "failure_connection_ms, failure_tls_ms, failure_first_byte_ms"
#define EVENT_COLUMNS                                                                              \
    "at_ms, up, cause, reason, healthy_count, watched_count, connection_ms, tls_ms, first_byte_ms"
#define CHECK_IS_STALE                                                                             \
    "deleted_at IS NOT NULL AND NOT EXISTS"                                                        \
    " (SELECT 1 FROM record_set WHERE health_check_id = health_check.id)"
#define COLLECTION_COLUMNS "id, public_id, name, version, created_at, caller_reference"
#define RESOURCE_COLUMNS   "id, name_key, kind, ttl_s, down"

/* As drills.c expects them. */
#define DRILL_COLUMNS                                                                              \
    "id, name, owner, state, started_ms, ends_ms, restored_ms, restored_by, remarks,"              \
    " report IS NOT NULL"

/* In the orders in which recovery.c and shifts.c expect them. */
#define ALARM_COLUMNS   "region, name, state, since_ms"
#define CONTROL_COLUMNS "name, panel, is_on, created_ms, changed_ms"
#define RULE_COLUMNS    "name, panel, kind, type, threshold, inverted, wait_ms"
#define SHIFT_COLUMNS                                                                              \
    "public_id, resource_key, away_from, comment, status, started_ms, expires_ms, ended_ms"

/* As access_keys.c and audit.c expect them. */
#define ACCESS_KEY_COLUMNS "id, secret, read_only, created_ms, comment"
#define AUDIT_COLUMNS      "id, time_ms, key_id, source, operation, zone, result, request_id"

/* As delegation_sets.c expects them. */
#define DELEGATION_SET_COLUMNS                                                                     \
    "public_id, caller_reference, server_1, server_2, server_3, server_4, created_at"

/* As traffic_policies.c expects them. */
#define POLICY_COLUMNS                                                                             \
    "policy.id, policy.public_id, policy.name, version.type, version.version, newest_version,"     \
    " (SELECT count(*) FROM traffic_policy_version WHERE policy_id = policy.id)"                   \
    " FROM traffic_policy AS policy JOIN traffic_policy_version AS version"                        \
    " ON policy_id = policy.id AND version.version ="                                              \
    " (SELECT max(version) FROM traffic_policy_version WHERE policy_id = policy.id)"
#define VERSION_COLUMNS                                                                            \
    "public_id, version, name, type, document, comment FROM traffic_policy_version"                \
    " JOIN traffic_policy ON traffic_policy.id = policy_id"
#define INSTANCE_COLUMNS                                                                           \
    "instance.id, instance.public_id, zone.public_id, owner_key, type, ttl_s, policy.public_id,"   \
    " version, generation, message FROM traffic_policy_instance AS instance"                       \
    " JOIN hosted_zone AS zone ON zone.id = zone_id"                                               \
    " JOIN traffic_policy AS policy ON policy.id = policy_id"

/* As query_logging.c expects them. */
#define KEY_RING_COLUMNS "signed_ms, interval_s, validity_s, ttl_s, has_cds, cached_until_ms"
#define ZSK_COLUMNS                                                                                \
    "tag, state, created_ms, changed_ms, wait_ms, validity_s, public_key, sealed_key"
#define QUERY_LOGGING_COLUMNS "config.id, config.public_id, zone.public_id, log_group"

/* As locations.c expects them. */
#define PLACE_COLUMNS "id, continent, country, subdivision, latitude, longitude, region"

static const char *const texts[STATEMENT_COUNT] = {
    [BEGIN_READ] = "BEGIN",
    [BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",

    [ZONES_OLDEST_FIRST] = "SELECT " ZONE_COLUMNS " FROM hosted_zone ORDER BY id",
    [ZONES_BY_NAME] = "SELECT " ZONE_COLUMNS " FROM hosted_zone ORDER BY name_key, id",
    [ZONE_BY_ID] = "SELECT " ZONE_COLUMNS " FROM hosted_zone WHERE id = ?1",
    [ZONE_BY_NAME] = "SELECT " ZONE_COLUMNS " FROM hosted_zone WHERE name_key = ?1"
                     " AND private = 0 ORDER BY id LIMIT 1",
    [ZONE_BY_NAME_WITHOUT] = "SELECT " ZONE_COLUMNS " FROM hosted_zone WHERE name_key = ?1"
                             " AND private = 0 AND id <> ?2 ORDER BY id LIMIT 1",
    [ZONE_BY_PUBLIC_ID] = "SELECT " ZONE_COLUMNS " FROM hosted_zone WHERE public_id = ?1",
    [ZONE_INSERT] =
        "INSERT INTO hosted_zone (public_id, name, name_key, server_1, server_2, server_3,"
        " server_4, created_at, comment, private, caller_reference, delegation_set, sequence,"
        " record_count, digest)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0, 0, 0)",
    [ZONE_UPDATE] = "UPDATE hosted_zone SET sequence = ?2, record_count = ?3, digest = ?4,"
                    " set_count = ?5, comment = ?6, delegation_set = ?7 WHERE id = ?1",
    [ZONE_REFERENCE_INSERT] = "INSERT OR IGNORE INTO zone_reference (reference) VALUES (?1)",
    [ZONE_DELETE] = "DELETE FROM hosted_zone WHERE id = ?1",

    [SETS_OF_ALL] = "SELECT " SET_KEY ", " SET_PLAIN ", health_check_id FROM record_set"
                    " ORDER BY zone_id, owner_key, type, set_identifier",
    [SETS_OF_ALL_IN_FULL] =
        "SELECT " SET_COLUMNS " FROM record_set"
        " WHERE policy <> 0 OR record_values IS NULL OR health_check_id IS NOT NULL"
        " ORDER BY zone_id, owner_key, type, set_identifier",
    [SETS_OF_ZONE] = "SELECT " SET_COLUMNS " FROM record_set WHERE zone_id = ?1"
                     " ORDER BY owner_key, type, set_identifier",
    [SETS_OF_NAME] = "SELECT " SET_COLUMNS " FROM record_set WHERE zone_id = ?1 AND owner_key = ?2"
                     " ORDER BY type, set_identifier",
    [SETS_FROM] = "SELECT " SET_COLUMNS " FROM record_set WHERE zone_id = ?1"
                  " AND (owner_key, type, set_identifier) >= (?2, ?3, ?4)"
                  " ORDER BY owner_key, type, set_identifier",
    [SETS_BEYOND_APEX] = "SELECT EXISTS (SELECT 1 FROM record_set WHERE zone_id = ?1"
                         " AND NOT (owner_key = ?2 AND type IN ('NS', 'SOA')))",
    [SETS_DELETE] = "DELETE FROM record_set WHERE zone_id = ?1",
    [SET_INSERT] = "INSERT INTO record_set (" SET_KEY ", " SET_WRITTEN ")"
                   " VALUES (?1, ?2, ?3, ?4, " SET_PARAMETERS ")",
    [SET_UPDATE] = "UPDATE record_set SET (" SET_WRITTEN ") = (" SET_PARAMETERS ")"
                   " WHERE " SET_IDENTITY,
    [SET_DELETE] = "DELETE FROM record_set WHERE " SET_IDENTITY,

    [CHECK_BY_PUBLIC_ID] = "SELECT id FROM health_check WHERE public_id = ?1",

    [JOURNAL_INSERT] = "INSERT INTO journal (previous, zone_id, zone_name, kind, made_at)"
                       " VALUES (?1, ?2, ?3, ?4, ?5)",
    [JOURNAL_SET_INSERT] =
        "INSERT INTO journal_set (sequence, owner_key, type, set_identifier, before_ttl_s,"
        " before_values, before_attributes, before_texts, after_ttl_s, after_values,"
        " after_attributes, after_texts)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    [JOURNAL_PRUNE] = "DELETE FROM journal WHERE zone_id = ?1 AND sequence <="
                      " (SELECT sequence FROM journal WHERE zone_id = ?1"
                      " ORDER BY sequence DESC LIMIT 1 OFFSET ?2)",
    [JOURNAL_FORGET] = "DELETE FROM journal WHERE zone_id = ?1 AND sequence < ?2",
    [JOURNAL_FORGET_DELETED] = "DELETE FROM journal WHERE kind = 'deleted' AND sequence <= ?1",
    [CHANGE_INSERT] = "INSERT INTO change (sequence, zone_id, submitted_at, public_id,"
                      " submitted_ms, comment) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [CHANGE_READ] = "SELECT sequence, submitted_at, submitted_ms, public_id, comment FROM change"
                    " WHERE public_id = ?1",
    /* A few of the oldest at a time: so many come with each change, and looking is cheap. */
    [CHANGE_PRUNE] = "DELETE FROM change WHERE sequence IN (SELECT sequence FROM change"
                     " WHERE sequence <= ?1 ORDER BY sequence LIMIT 4)"
                     " AND (sequence <= ?2 OR submitted_at < ?3)",

    [CHECKS_ALL] = "SELECT " CHECK_COLUMNS " FROM health_check ORDER BY public_id",
    [CHECKS_FROM] = "SELECT " CHECK_COLUMNS " FROM health_check"
                    " WHERE deleted_at IS NULL AND id >= ?1 ORDER BY id LIMIT ?2",
    [CHECKS_STALE] = "SELECT " CHECK_COLUMNS " FROM health_check WHERE " CHECK_IS_STALE,
    [CHECK_READ] = "SELECT " CHECK_COLUMNS " FROM health_check WHERE public_id = ?1",
    [CHECK_LIVE] = "SELECT id FROM health_check WHERE public_id = ?1 AND deleted_at IS NULL",
    [CHECK_INSERT] =
        "INSERT INTO health_check (public_id, version, " CHECK_CONFIG ", caller_reference,"
        " created_at, up, since_ms, observed)"
        " VALUES (?1, ?2, " CHECK_CONFIG_PARAMETERS ", ?21, ?22, ?23, ?24, ?25)"
        " ON CONFLICT (public_id) DO UPDATE SET (version, " CHECK_CONFIG ", caller_reference,"
        " created_at, up, since_ms, observed, deleted_at) ="
        " (?2, " CHECK_CONFIG_PARAMETERS ", ?21, ?22, ?23, ?24, ?25, NULL)"
        " WHERE deleted_at IS NOT NULL",
    [CHECK_SET_CONFIG] = "UPDATE health_check SET (version, " CHECK_CONFIG ") ="
                         " (?2, " CHECK_CONFIG_PARAMETERS ")"
                         " WHERE public_id = ?1 AND deleted_at IS NULL",
    [CHECK_DELETE] = "UPDATE health_check SET deleted_at = ?2, caller_reference = NULL,"
                     " (" CHECK_STATUS ") ="
                     " (1, ?2 * 1000, 1, '', 0, 0, NULL, NULL, NULL, NULL, NULL, NULL)"
                     " WHERE id = ?1",
    [CHECKS_PURGE] = "DELETE FROM health_check WHERE " CHECK_IS_STALE,
    [CHECK_REMEMBER] = "INSERT INTO health_check_past (public_id, number, caller_reference)"
                       " SELECT public_id, id, caller_reference FROM health_check WHERE id = ?1"
                       " ON CONFLICT (public_id) DO UPDATE SET number = excluded.number,"
                       " caller_reference = coalesce(excluded.caller_reference, caller_reference)",
    [CHECKS_FORGET] = "DELETE FROM health_check_past WHERE number <="
                      " (SELECT number FROM health_check_past"
                      " ORDER BY number DESC LIMIT 1 OFFSET ?1)",
    [CHECK_PLACE] = "SELECT id FROM health_check WHERE public_id = ?1 UNION ALL"
                    " SELECT number FROM health_check_past WHERE public_id = ?1 LIMIT 1",
    [CHECK_REFERENCE] = "SELECT public_id FROM health_check WHERE caller_reference = ?1 UNION ALL"
                        " SELECT '' FROM health_check_past WHERE caller_reference = ?1 LIMIT 1",
    [CHECK_PARENT] = "SELECT public_id FROM health_check_child JOIN health_check ON id = check_id"
                     " WHERE child = ?1 ORDER BY public_id LIMIT 1",
    [CHECK_IS_OF_NAME] = "SELECT EXISTS (SELECT 1 FROM record_set WHERE health_check_id ="
                         " (SELECT id FROM health_check WHERE public_id = ?1) AND owner_key = ?2)",
    [CHILDREN_OF_CHECK] = "SELECT child FROM health_check_child WHERE check_id = ?1"
                          " ORDER BY position",
    [CHILDREN_DELETE] = "DELETE FROM health_check_child WHERE check_id = ?1",
    [CHILD_INSERT] = "INSERT INTO health_check_child (check_id, position, child)"
                     " VALUES (?1, ?2, ?3)",

    [ZONE_TAGS] = "SELECT key, value FROM hosted_zone_tag WHERE zone_id ="
                  " (SELECT id FROM hosted_zone WHERE public_id = ?1) ORDER BY key",
    [ZONE_TAG_PUT] = "INSERT INTO hosted_zone_tag (zone_id, key, value)"
                     " SELECT id, ?2, ?3 FROM hosted_zone WHERE public_id = ?1"
                     " ON CONFLICT (zone_id, key) DO UPDATE SET value = excluded.value",
    [ZONE_TAG_DELETE] = "DELETE FROM hosted_zone_tag WHERE zone_id ="
                        " (SELECT id FROM hosted_zone WHERE public_id = ?1) AND key = ?2",
    [CHECK_TAGS] = "SELECT key, value FROM health_check_tag WHERE check_id ="
                   " (SELECT id FROM health_check WHERE public_id = ?1) ORDER BY key",
    [CHECK_TAG_PUT] =
        "INSERT INTO health_check_tag (check_id, key, value)"
        " SELECT id, ?2, ?3 FROM health_check WHERE public_id = ?1 AND deleted_at IS NULL"
        " ON CONFLICT (check_id, key) DO UPDATE SET value = excluded.value",
    [CHECK_TAG_DELETE] = "DELETE FROM health_check_tag WHERE check_id ="
                         " (SELECT id FROM health_check WHERE public_id = ?1) AND key = ?2",
    [CHECK_TAGS_CLEAR] = "DELETE FROM health_check_tag WHERE check_id = ?1",
    [STATUS_READ] = "SELECT id, " CHECK_STATUS " FROM health_check"
                    " WHERE public_id = ?1 AND deleted_at IS NULL",
    [STATUS_SET] = "UPDATE health_check SET (" CHECK_STATUS ") ="
                   " (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) WHERE id = ?1",
    [CHECKERS_OF_CHECK] = "SELECT " CHECKER_COLUMNS " FROM health_check_checker"
                          " WHERE check_id = ?1 ORDER BY region, number",
    [CHECKERS_DELETE] = "DELETE FROM health_check_checker WHERE check_id = ?1",
    [CHECKER_INSERT] = "INSERT INTO health_check_checker (check_id, " CHECKER_COLUMNS ")"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
                       " ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
    [EVENTS_OF_CHECK] = "SELECT " EVENT_COLUMNS " FROM health_check_event"
                        " WHERE check_id = ?1 AND at_ms > ?2 ORDER BY number DESC",
    [EVENTS_DELETE] = "DELETE FROM health_check_event WHERE check_id = ?1",
    [EVENT_INSERT] = "INSERT INTO health_check_event (check_id, number, " EVENT_COLUMNS ")"
                     " SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10"
                     " FROM health_check_event WHERE check_id = ?1",
    [EVENTS_PRUNE] = "DELETE FROM health_check_event WHERE check_id = ?1 AND number <="
                     " (SELECT max(number) FROM health_check_event WHERE check_id = ?1) - ?2",

    [COLLECTIONS_BY_NAME] = "SELECT " COLLECTION_COLUMNS " FROM cidr_collection ORDER BY name",
    [COLLECTION_BY_KEY] = "SELECT " COLLECTION_COLUMNS " FROM cidr_collection"
                          " WHERE public_id = ?1 OR name = ?1 ORDER BY public_id = ?1 DESC LIMIT 1",
    [COLLECTION_PUT] = "INSERT INTO cidr_collection (public_id, name, version, created_at,"
                       " caller_reference)"
                       " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (public_id) DO UPDATE SET"
                       " version = ?3 RETURNING id",
    [COLLECTION_DELETE] = "DELETE FROM cidr_collection WHERE public_id = ?1",
    [COLLECTION_USERS] = "SELECT count(*) FROM record_set WHERE cidr_collection = ?1"
                         " AND (?2 IS NULL OR cidr_location = ?2)",
    [BLOCKS_OF_COLLECTION] = "SELECT location, address, prefix_length FROM cidr_block"
                             " WHERE collection_id = ?1"
                             " ORDER BY location, length(address), address, prefix_length",
    [BLOCKS_DELETE] = "DELETE FROM cidr_block WHERE collection_id = ?1",
    [BLOCK_INSERT] = "INSERT INTO cidr_block (collection_id, location, address, prefix_length)"
                     " VALUES (?1, ?2, ?3, ?4)",

    [RESOURCES_BY_NAME] = "SELECT " RESOURCE_COLUMNS " FROM resource ORDER BY name_key",
    [RESOURCE_BY_NAME] = "SELECT " RESOURCE_COLUMNS " FROM resource WHERE name_key = ?1",
    [RESOURCE_INSERT] = "INSERT INTO resource (name_key, kind, ttl_s, down)"
                        " VALUES (?1, ?2, ?3, ?4)",
    [RESOURCE_DELETE] = "DELETE FROM resource WHERE name_key = ?1",
    [ADDRESSES_OF_RESOURCE] = "SELECT zone, address FROM resource_address"
                              " WHERE resource_id = ?1 ORDER BY position",
    [ADDRESS_INSERT] = "INSERT INTO resource_address (resource_id, position, zone, address)"
                       " VALUES (?1, ?2, ?3, ?4)",
    [TARGETS_OF_RESOURCE] = "SELECT name, healthy, registered FROM resource_target"
                            " WHERE resource_id = ?1 ORDER BY position",
    [TARGET_INSERT] = "INSERT INTO resource_target (resource_id, position, name, healthy,"
                      " registered) VALUES (?1, ?2, ?3, ?4, ?5)",

    [OBJECTS_COUNT] = "SELECT (SELECT count(*) FROM health_check WHERE deleted_at IS NULL AND up),"
                      " (SELECT count(*) FROM health_check WHERE deleted_at IS NULL AND NOT up),"
                      " (SELECT count(*) FROM cidr_collection), (SELECT count(*) FROM resource)",

    [PLACES_CLEAR] = "DELETE FROM place",
    [PLACES_ALL] = "SELECT " PLACE_COLUMNS " FROM place ORDER BY id",
    [PLACE_INSERT] = "INSERT INTO place (" PLACE_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [LOCATIONS_CLEAR] = "DELETE FROM location",
    [LOCATIONS_ALL] = "SELECT prefix, place FROM location ORDER BY prefix",
    [LOCATION_INSERT] = "INSERT INTO location (prefix, place) VALUES (?1, ?2)",
    [LATENCIES_CLEAR] = "DELETE FROM latency",
    [LATENCIES_ALL] = "SELECT client, region, milliseconds FROM latency ORDER BY client, region",
    [LATENCY_INSERT] = "INSERT INTO latency (client, region, milliseconds) VALUES (?1, ?2, ?3)",
    [CLIENT_TABLE_READ] = "SELECT row_count, digest FROM client_table WHERE name = ?1",
    [CLIENT_TABLE_PUT] = "INSERT OR REPLACE INTO client_table (name, row_count, digest)"
                         " VALUES (?1, ?2, ?3)",

    [DRILLS_NEWEST_FIRST] = "SELECT " DRILL_COLUMNS " FROM drill ORDER BY id DESC",
    [DRILL_READ] = "SELECT " DRILL_COLUMNS " FROM drill WHERE id = ?1",
    [DRILL_OPEN] = "SELECT " DRILL_COLUMNS " FROM drill WHERE state <> 'restored' LIMIT 1",
    [DRILL_DEFINITION] = "SELECT definition FROM drill WHERE id = ?1",
    [DRILL_PREDICTION] = "SELECT prediction FROM drill WHERE id = ?1",
    [DRILL_REPORT] = "SELECT report FROM drill WHERE id = ?1",
    [DRILL_INSERT] = "INSERT INTO drill (name, owner, definition, prediction, started_ms, ends_ms)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [DRILL_SET_STATE] = "UPDATE drill SET (state, restored_ms, restored_by, remarks) ="
                        " (?2, ?3, ?4, ?5) WHERE id = ?1",
    [DRILL_SET_REPORT] = "UPDATE drill SET report = ?2 WHERE id = ?1",
    [DRILL_REMOVE] = "DELETE FROM drill WHERE id = ?1",
    [DRILLS_PRUNE] = "DELETE FROM drill WHERE state = 'restored' AND id <="
                     " (SELECT id FROM drill ORDER BY id DESC LIMIT 1 OFFSET ?1)",
    [DRILL_STEPS_READ] = "SELECT kind, target, was_on FROM drill_step WHERE drill_id = ?1"
                         " ORDER BY position",
    [DRILL_STEP_INSERT] = "INSERT INTO drill_step (drill_id, position, kind, target, was_on)"
                          " VALUES (?1, ?2, ?3, ?4, ?5)",

    [ZONES_FROM_ID] = "SELECT " ZONE_COLUMNS " FROM hosted_zone WHERE public_id >= ?1"
                      " AND (?2 IS NULL OR delegation_set = ?2) AND (?3 = 0 OR private = 1)"
                      " ORDER BY public_id LIMIT ?4",
    [ZONES_FROM_NAME] = "SELECT " ZONE_COLUMNS " FROM hosted_zone"
                        " WHERE (name_key, public_id) >= (?1, ?2)"
                        " ORDER BY name_key, public_id LIMIT ?3",
    [ZONES_OF_VPC] = "SELECT " ZONE_COLUMNS " FROM hosted_zone WHERE id IN"
                     " (SELECT zone_id FROM zone_vpc WHERE vpc = ?1 AND region = ?2)"
                     " AND public_id >= ?3 ORDER BY public_id LIMIT ?4",
    [ZONES_RELATED] = "SELECT " ZONE_COLUMNS " FROM hosted_zone"
                      " WHERE name_key BETWEEN ?1 AND ?2 AND private = 0",
    [ZONES_COUNT] = "SELECT count(*) FROM hosted_zone",
    [ZONE_REFERENCE_READ] = "SELECT count(*) FROM zone_reference WHERE reference = ?1",

    [VPCS_OF_ZONE] = "SELECT vpc, region FROM zone_vpc WHERE zone_id = ?1 ORDER BY vpc",
    [VPCS_COUNT] = "SELECT count(*) FROM zone_vpc WHERE zone_id = ?1",
    [VPC_INSERT] = "INSERT INTO zone_vpc (zone_id, vpc, region) VALUES (?1, ?2, ?3)",
    [VPC_DELETE] = "DELETE FROM zone_vpc WHERE zone_id = ?1 AND vpc = ?2",
    [VPC_ZONE_OF_NAME] = "SELECT " ZONE_COLUMNS " FROM hosted_zone WHERE name_key = ?1 AND id IN"
                         " (SELECT zone_id FROM zone_vpc WHERE vpc = ?2) LIMIT 1",
    [AUTHORIZATIONS_OF_ZONE] = "SELECT vpc, region FROM vpc_authorization WHERE zone_id = ?1"
                               " AND vpc >= ?2 ORDER BY vpc LIMIT ?3",
    [AUTHORIZATIONS_COUNT] = "SELECT count(*) FROM vpc_authorization WHERE zone_id = ?1",
    [AUTHORIZATION_PUT] = "INSERT INTO vpc_authorization (zone_id, vpc, region)"
                          " VALUES (?1, ?2, ?3) ON CONFLICT (zone_id, vpc) DO UPDATE SET"
                          " region = ?3",
    [AUTHORIZATION_DELETE] = "DELETE FROM vpc_authorization WHERE zone_id = ?1 AND vpc = ?2"
                             " AND (?3 IS NULL OR region = ?3)",

    [DELEGATION_SETS_FROM] = "SELECT " DELEGATION_SET_COLUMNS " FROM delegation_set"
                             " WHERE public_id >= ?1 AND deleted_at IS NULL"
                             " ORDER BY public_id LIMIT ?2",
    [DELEGATION_SETS_COUNT] = "SELECT count(*) FROM delegation_set WHERE deleted_at IS NULL",
    [DELEGATION_SET_READ] = "SELECT " DELEGATION_SET_COLUMNS " FROM delegation_set"
                            " WHERE public_id = ?1 AND deleted_at IS NULL",
    [DELEGATION_SET_INSERT] = "INSERT INTO delegation_set (" DELEGATION_SET_COLUMNS ")"
                              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [DELEGATION_SET_DELETE] = "UPDATE delegation_set SET deleted_at = ?2"
                              " WHERE public_id = ?1 AND deleted_at IS NULL",
    [DELEGATION_SET_USERS] = "SELECT count(*) FROM hosted_zone WHERE delegation_set = ?1",
    [DELEGATION_SET_KNOWN] = "SELECT count(*) FROM delegation_set"
                             " WHERE public_id = ?1 OR caller_reference = ?2",

    [ALARMS_ALL] = "SELECT " ALARM_COLUMNS " FROM alarm ORDER BY region, name",
    [ALARM_READ] = "SELECT " ALARM_COLUMNS " FROM alarm WHERE region = ?1 AND name = ?2",
    [ALARM_PUT] = "INSERT INTO alarm (" ALARM_COLUMNS ") SELECT ?1, ?2, ?3, ?4"
                  " WHERE EXISTS (SELECT 1 FROM alarm WHERE region = ?1 AND name = ?2)"
                  " OR (SELECT count(*) FROM alarm) < ?5"
                  " ON CONFLICT (region, name) DO UPDATE SET (state, since_ms) = (?3, ?4)",
    [ALARM_DELETE] = "DELETE FROM alarm WHERE region = ?1 AND name = ?2",
    [ALARM_CHECKS] = "SELECT public_id, insufficient_data FROM health_check"
                     " WHERE alarm_name = ?2 AND alarm_name <> '' AND alarm_region = ?1"
                     " AND deleted_at IS NULL",
    [CONTROLS_ALL] = "SELECT " CONTROL_COLUMNS " FROM routing_control ORDER BY name",
    [CONTROL_READ] = "SELECT " CONTROL_COLUMNS " FROM routing_control WHERE name = ?1",
    [CONTROL_INSERT] = "INSERT INTO routing_control (" CONTROL_COLUMNS ")"
                       " SELECT ?1, ?2, ?3, ?4, ?5"
                       " WHERE (SELECT count(*) FROM routing_control) < ?6",
    [CONTROL_SET] = "UPDATE routing_control SET is_on = ?2, changed_ms = ?3 WHERE name = ?1",
    [CONTROL_DELETE] = "DELETE FROM routing_control WHERE name = ?1",
    [CONTROL_CHECKS] = "SELECT public_id FROM health_check WHERE routing_control IN (?1, ?2)"
                       " AND routing_control <> '' AND deleted_at IS NULL ORDER BY public_id",
    [RULES_ALL] = "SELECT " RULE_COLUMNS ", id FROM safety_rule ORDER BY name",
    [RULE_INSERT] = "INSERT INTO safety_rule (" RULE_COLUMNS ") SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7"
                    " WHERE (SELECT count(*) FROM safety_rule) < ?8"
                    " ON CONFLICT (name) DO NOTHING RETURNING id",
    [RULE_DELETE] = "DELETE FROM safety_rule WHERE name = ?1",
    [RULE_OF_CONTROL] = "SELECT name FROM safety_rule WHERE id ="
                        " (SELECT rule_id FROM safety_rule_control WHERE control = ?1 LIMIT 1)",
    [RULE_CONTROLS] = "SELECT is_target, control FROM safety_rule_control WHERE rule_id = ?1"
                      " ORDER BY is_target, position",
    [RULE_CONTROL_INSERT] = "INSERT INTO safety_rule_control (rule_id, is_target, position,"
                            " control) VALUES (?1, ?2, ?3, ?4)",
    [SHIFTS_ALL] = "SELECT " SHIFT_COLUMNS " FROM zonal_shift"
                   " ORDER BY status <> 'ACTIVE', ended_ms DESC, id DESC",
    [SHIFT_READ] = "SELECT " SHIFT_COLUMNS " FROM zonal_shift WHERE public_id = ?1",
    [SHIFT_OF_RESOURCE] = "SELECT " SHIFT_COLUMNS " FROM zonal_shift WHERE resource_key = ?1"
                          " AND status = 'ACTIVE'",
    [SHIFT_NEXT] = "SELECT " SHIFT_COLUMNS " FROM zonal_shift WHERE status = 'ACTIVE'"
                   " ORDER BY expires_ms LIMIT 1",
    [SHIFT_PUT] = "INSERT INTO zonal_shift (" SHIFT_COLUMNS ")"
                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (public_id) DO UPDATE SET"
                  " (comment, status, expires_ms, ended_ms) = (?4, ?5, ?7, ?8)",
    [SHIFTS_PRUNE] = "DELETE FROM zonal_shift WHERE status <> 'ACTIVE' AND id <="
                     " (SELECT id FROM zonal_shift WHERE status <> 'ACTIVE'"
                     " ORDER BY id DESC LIMIT 1 OFFSET ?1)",

    [KEY_PAIR_READ] = "SELECT public_key FROM key_pair WHERE arn = ?1",
    [KEY_PAIR_PUT] = "INSERT INTO key_pair (arn, public_key) VALUES (?1, ?2)"
                     " ON CONFLICT (arn) DO UPDATE SET public_key = ?2"
                     " WHERE public_key = ?2 OR NOT EXISTS"
                     " (SELECT 1 FROM key_signing_key WHERE key_signing_key.arn = ?1)",
    [KEY_PAIRS_COUNT] = "SELECT count(*) FROM key_pair",
    [OLD_PAIRS_ALL] = "SELECT arn, public_key, private_key FROM key_pair_before",
    [OLD_PAIRS_DELETE] = "DELETE FROM key_pair_before",
    [KEYS_OF_ZONE] = "SELECT name, arn, active, created_ms, changed_ms, trouble, public_key"
                     " FROM key_signing_key JOIN key_pair USING (arn) WHERE zone_id = ?1"
                     " ORDER BY id",
    [KEY_PUT] = "INSERT INTO key_signing_key (zone_id, name, arn, active, created_ms, changed_ms,"
                " trouble) VALUES (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, ''))"
                " ON CONFLICT (zone_id, name) DO UPDATE SET"
                " (active, changed_ms, trouble) = (?4, ?6, nullif(?7, ''))",
    [KEY_DELETE] = "DELETE FROM key_signing_key WHERE zone_id = ?1 AND name = ?2",
    [SIGNING_READ] = "SELECT signing FROM zone_signing WHERE zone_id = ?1",
    [SIGNING_PUT] = "INSERT INTO zone_signing (zone_id, signing) VALUES (?1, ?2)"
                    " ON CONFLICT (zone_id) DO UPDATE SET signing = ?2",
    [SIGNED_ZONES] = "SELECT zone_id FROM zone_signing WHERE signing = 1 ORDER BY zone_id",
    [KEY_RING_READ] = "SELECT " KEY_RING_COLUMNS " FROM key_ring WHERE zone_id = ?1",
    [KEY_RING_PUT] = "INSERT INTO key_ring (" KEY_RING_COLUMNS ", zone_id)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (zone_id) DO UPDATE SET"
                     " (" KEY_RING_COLUMNS ") = (?1, ?2, ?3, ?4, ?5, ?6)",
    [ZSKS_OF_ZONE] = "SELECT " ZSK_COLUMNS " FROM zone_signing_key WHERE zone_id = ?1 ORDER BY id",
    [ZSKS_DELETE] = "DELETE FROM zone_signing_key WHERE zone_id = ?1",
    [ZSK_INSERT] = "INSERT INTO zone_signing_key (" ZSK_COLUMNS ", zone_id)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [KEY_SETS_OF_ZONE] = "SELECT type, ttl_s, packed_values, signatures FROM key_set"
                         " WHERE zone_id = ?1 ORDER BY type",
    [KEY_SETS_DELETE] = "DELETE FROM key_set WHERE zone_id = ?1",
    [KEY_SET_INSERT] = "INSERT INTO key_set (type, ttl_s, packed_values, signatures, zone_id)"
                       " VALUES (?1, ?2, ?3, ?4, ?5)",

    [QUERY_LOGGING_BY_ID] = "SELECT " QUERY_LOGGING_COLUMNS " FROM query_logging_config AS config"
                            " JOIN hosted_zone AS zone ON zone.id = zone_id"
                            " WHERE config.public_id = ?1",
    [QUERY_LOGGING_FROM] = "SELECT " QUERY_LOGGING_COLUMNS " FROM query_logging_config AS config"
                           " JOIN hosted_zone AS zone ON zone.id = zone_id"
                           " WHERE config.id >= ?1 AND (?2 = 0 OR zone_id = ?2)"
                           " ORDER BY config.id LIMIT ?3",
    [QUERY_LOGGING_INSERT] = "INSERT INTO query_logging_config (public_id, zone_id, log_group)"
                             " VALUES (?1, ?2, ?3)",
    [QUERY_LOGGING_DELETE] = "DELETE FROM query_logging_config WHERE public_id = ?1",

    [PROTECTIONS_FROM] = "SELECT owner_key, type, comment FROM record_set_protection"
                         " WHERE zone_id = ?1 AND (owner_key, type) >= (?2, ?3)"
                         " ORDER BY owner_key, type LIMIT ?4",
    [PROTECTION_READ] = "SELECT owner_key, type, comment FROM record_set_protection"
                        " WHERE zone_id = ?1 AND owner_key = ?2 AND type = ?3",
    [PROTECTION_INSERT] = "INSERT OR IGNORE INTO record_set_protection"
                          " (zone_id, owner_key, type, comment) VALUES (?1, ?2, ?3, ?4)",
    [PROTECTION_DELETE] = "DELETE FROM record_set_protection"
                          " WHERE zone_id = ?1 AND owner_key = ?2 AND type = ?3",

    [KEYS_BY_AGE] = "SELECT " ACCESS_KEY_COLUMNS " FROM access_key ORDER BY created_ms, id",
    [KEYS_COUNT] = "SELECT count(*) FROM access_key",
    [KEY_READ] = "SELECT " ACCESS_KEY_COLUMNS " FROM access_key WHERE id = ?1",
    [KEY_INSERT] = "INSERT OR IGNORE INTO access_key (" ACCESS_KEY_COLUMNS ")"
                   " VALUES (?1, ?2, ?3, ?4, ?5)",
    [KEY_REMOVE] = "DELETE FROM access_key WHERE id = ?1",
    [ZONES_OF_KEY] = "SELECT name_key FROM access_key_zone WHERE key_id = ?1 ORDER BY name_key",
    [ZONE_OF_KEY_INSERT] = "INSERT INTO access_key_zone (key_id, name_key) VALUES (?1, ?2)",
    [AUDIT_INSERT] = "INSERT INTO audit"
                     " (time_ms, key_id, source, operation, zone, result, request_id)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [AUDIT_PRUNE] = "DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?1",
    [AUDIT_NEWEST_FIRST] = "SELECT " AUDIT_COLUMNS " FROM audit WHERE id < ?1"
                           " ORDER BY id DESC LIMIT ?2",
    [AUDIT_OF_ZONE] = "SELECT " AUDIT_COLUMNS " FROM audit WHERE zone = ?3 AND zone <> ''"
                      " AND (?4 IS NULL OR key_id = ?4) AND id < ?1 ORDER BY id DESC LIMIT ?2",
    [AUDIT_OF_KEY] = "SELECT " AUDIT_COLUMNS " FROM audit WHERE key_id = ?4 AND key_id <> ''"
                     " AND id < ?1 ORDER BY id DESC LIMIT ?2",

    [SETS_BETWEEN] = "SELECT " SET_COLUMNS " FROM record_set WHERE zone_id = ?1"
                     " AND owner_key >= ?2 AND owner_key < ?3"
                     " ORDER BY owner_key, type, set_identifier",
    [POLICIES_FROM] = "SELECT " POLICY_COLUMNS " WHERE policy.id >= ?1 ORDER BY policy.id LIMIT ?2",
    [POLICIES_COUNT] = "SELECT count(*) FROM traffic_policy",
    [POLICY_READ] = "SELECT " POLICY_COLUMNS " WHERE policy.public_id = ?1",
    [POLICY_OF_NAME] = "SELECT count(*) FROM traffic_policy WHERE name = ?1",
    [POLICY_INSERT] = "INSERT INTO traffic_policy (public_id, name, newest_version)"
                      " VALUES (?1, ?2, 0)",
    [POLICY_SET_NEWEST] = "UPDATE traffic_policy SET newest_version = ?2 WHERE public_id = ?1",
    [POLICY_DELETE_EMPTY] = "DELETE FROM traffic_policy WHERE public_id = ?1 AND NOT EXISTS"
                            " (SELECT 1 FROM traffic_policy_version"
                            " WHERE policy_id = traffic_policy.id)",
    [VERSIONS_FROM] = "SELECT " VERSION_COLUMNS " WHERE public_id = ?1 AND version >= ?2"
                      " ORDER BY version LIMIT ?3",
    [VERSIONS_COUNT] = "SELECT count(*) FROM traffic_policy_version WHERE policy_id ="
                       " (SELECT id FROM traffic_policy WHERE public_id = ?1)",
    [VERSION_INSERT] = "INSERT INTO traffic_policy_version"
                       " (policy_id, version, type, document, comment)"
                       " SELECT id, ?2, ?3, ?4, ?5 FROM traffic_policy WHERE public_id = ?1",
    [VERSION_SET_COMMENT] = "UPDATE traffic_policy_version SET comment = ?3 WHERE version = ?2"
                            " AND policy_id ="
                            " (SELECT id FROM traffic_policy WHERE public_id = ?1)",
    [VERSION_DELETE] = "DELETE FROM traffic_policy_version WHERE version = ?2 AND policy_id ="
                       " (SELECT id FROM traffic_policy WHERE public_id = ?1)",
    [INSTANCES_FROM] = "SELECT " INSTANCE_COLUMNS " WHERE instance.id >= ?1"
                       " AND (?2 IS NULL OR zone.public_id = ?2)"
                       " AND (?3 IS NULL OR (policy.public_id = ?3 AND version = ?4))"
                       " ORDER BY instance.id LIMIT ?5",
    [INSTANCES_COUNT] = "SELECT count(*) FROM traffic_policy_instance",
    [INSTANCES_OF_VERSION] = "SELECT count(*) FROM traffic_policy_instance WHERE version = ?2"
                             " AND policy_id ="
                             " (SELECT id FROM traffic_policy WHERE public_id = ?1)",
    [INSTANCE_READ] = "SELECT " INSTANCE_COLUMNS " WHERE instance.public_id = ?1",
    [INSTANCE_AT] = "SELECT " INSTANCE_COLUMNS " WHERE zone.public_id = ?1 AND owner_key = ?2"
                    " AND type = ?3",
    [INSTANCE_INSERT] = "INSERT INTO traffic_policy_instance (public_id, zone_id, owner_key, type,"
                        " ttl_s, policy_id, version, generation, message) VALUES (?1,"
                        " (SELECT id FROM hosted_zone WHERE public_id = ?2), ?3, ?4, ?5,"
                        " (SELECT id FROM traffic_policy WHERE public_id = ?6), ?7, ?8, ?9)",
    [INSTANCE_UPDATE] = "UPDATE traffic_policy_instance SET (ttl_s, policy_id, version, generation,"
                        " message) = (?5,"
                        " (SELECT id FROM traffic_policy WHERE public_id = ?6), ?7, ?8, ?9)"
                        " WHERE public_id = ?1",
    [INSTANCE_DELETE] = "DELETE FROM traffic_policy_instance WHERE public_id = ?1",
};

int store__prepare(struct store *store, struct problem *out_problem)
{
    for (unsigned i = 0; i < STATEMENT_COUNT; i++)
        if (sqlite3_prepare_v3(store->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &store->statements[i], NULL) != SQLITE_OK)
            return store__problem(store->db, store->path, out_problem);
    return 0;
}

void store__finalize(struct store *store)
{
    for (unsigned i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(store->statements[i]);
}

int store__step(struct store *store, sqlite3_stmt *statement, bool *out_row,
                struct problem *out_problem)
{
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW || code == SQLITE_DONE) {
        *out_row = code == SQLITE_ROW;
        return 0;
    }
    int rc = store__problem(store->db, store->path, out_problem);
    store->damaged = store->damaged || rc == SP_EDAMAGED;
    return rc;
}

int store__run(struct store *store, enum statement_id id, struct problem *out_problem)
{
    bool row = true;
    int rc = 0;
    while (rc == 0 && row)
        rc = store__step(store, store->statements[id], &row, out_problem);
    sqlite3_reset(store->statements[id]);
    sqlite3_clear_bindings(store->statements[id]);
    return rc;
}

void store__bind_text(sqlite3_stmt *statement, int index, const char *text, size_t size)
{
    sqlite3_bind_text64(statement, index, text, size, SQLITE_STATIC, SQLITE_UTF8);
}

void store__bind_blob(sqlite3_stmt *statement, int index, const void *data, size_t size)
{
    sqlite3_bind_blob64(statement, index, data, size, SQLITE_STATIC);
}
