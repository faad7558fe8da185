/*
 * Everything that signpost can be asked to do, in the order of its help.  To add a verb: a row
 * here, its function declared in client.h, a paragraph in the manual page, and a row in the README.
 */
#include "client.h"

#include "../config.h"

const struct verb verbs[] = {
    { .words = { "zone", "import" },
      .synopsis = "ORIGIN FILE [--replace]",
      .summary = "bring a zone file in, as a whole or not at all",
      .help = "FILE is a master file (RFC 1035); \"-\" is standard input.  A zone that is there "
              "already is\n"
              "replaced only with --replace, and keeps its id and its name servers.  The default "
              "SOA and\n"
              "name servers are added where the file has none.\n",
      .options = "replace",
      .least = 2,
      .most = 2,
      .run = verb_zone_import },
    { .words = { "zone", "export" },
      .synopsis = "ORIGIN",
      .summary = "print a zone as a master file",
      .help = "Importing what was exported gives the same zone again.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_zone_export },
    { .words = { "zone", "list" },
      .synopsis = "",
      .summary = "list the zones",
      .help = "",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_zone_list },
    { .words = { "zone", "delete" },
      .synopsis = "ORIGIN [--force]",
      .summary = "delete a zone",
      .help =
          "A zone that holds more than its SOA and name servers is deleted only with --force.\n",
      .options = "force",
      .least = 1,
      .most = 1,
      .run = verb_zone_delete },
    { .words = { "record", "list" },
      .synopsis = "ZONE [--name NAME] [--type TYPE] [--id TEXT]",
      .summary = "list the records of a zone",
      .help = "",
      .options = "name type id",
      .least = 1,
      .most = 1,
      .run = verb_record_list },
    { .words = { "record", "set" },
      .synopsis = "ZONE NAME TYPE [OPTION]... [VALUE]...",
      .summary = "make a record set, or replace the one that is there",
      .help =
          "NAME is written in full.  Each VALUE is written as in a master file, names in full:\n"
          "  signpost record set lab.test www.lab.test A --ttl 60 192.0.2.1 192.0.2.2\n"
          "  signpost record set lab.test lab.test MX --ttl 300 '10 mail.lab.test'\n"
          "  signpost record set lab.test lab.test TXT --ttl 300 '\"v=spf1 -all\"'\n"
          "An alias has no TTL and no values, but another name:\n"
          "  signpost record set lab.test lab.test A --alias www.lab.test\n"
          "Sets of one name and type are a group when each has an --id, and options that say when\n"
          "it is the answer:\n"
          "  signpost record set lab.test www.lab.test A --ttl 60 --id blue --weight 70 192.0.2.1\n"
          "  signpost record set lab.test www.lab.test A --ttl 60 --id red --weight 30 192.0.2.2\n"
          "  signpost record set lab.test eu.lab.test A --ttl 60 --id main --failover PRIMARY \\\n"
          "      --check eu-1 192.0.2.3\n"
          "  signpost record set lab.test geo.lab.test A --ttl 60 --id de --country DE 192.0.2.4\n",
      .options = "ttl id policy weight region failover continent country subdivision local-zone "
                 "coordinates bias multivalue collection location check alias alias-zone "
                 "evaluate-health",
      .least = 3,
      .most = -1,
      .run = verb_record_set },
    { .words = { "record", "delete" },
      .synopsis = "ZONE NAME TYPE [--id TEXT] [--all]",
      .summary = "delete a record set with all its values",
      .help = "Of a group it deletes the set with that --id, or with --all every one.\n",
      .options = "id all",
      .least = 3,
      .most = 3,
      .run = verb_record_delete },
    { .words = { "dnssec", "enable" },
      .synopsis = "ZONE",
      .summary = "sign a zone, and print its DS record",
      .help = "Makes a key-signing key where there is none, and says how the DS record gets into "
              "the parent:\n"
              "by a command when the parent is hosted here too, otherwise through its registrar.  "
              "Until then\n"
              "resolvers take the zone as it was.  A zone that is signed already stays as it is.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_dnssec_enable },
    { .words = { "dnssec", "status" },
      .synopsis = "ZONE",
      .summary = "show how a zone is signed, and what to do",
      .help = "Its keys, when something happens next, what its parent says if that is hosted here, "
              "and what\n"
              "is left to do.  Times are in UTC.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_dnssec_status },
    { .words = { "dnssec", "ds" },
      .synopsis = "ZONE [--dnskey | --anchor]",
      .summary = "print what the parent of a zone needs",
      .help =
          "Lines of a zone file and nothing else: the DS record of each active key-signing key, "
          "or with\n"
          "--dnskey its DNSKEY record, which some registrars want instead:\n"
          "  signpost dnssec ds shop.lab.test >>lab.zone\n"
          "A lab whose zone has no parent trusts its key itself: --anchor prints what BIND and "
          "delv "
          "read;\n"
          "Unbound reads the lines of --dnskey (trust-anchor-file).\n",
      .options = "dnskey anchor",
      .least = 1,
      .most = 1,
      .run = verb_dnssec_ds },
    { .words = { "dnssec", "rotate" },
      .synopsis = "ZONE [--zsk | --finish [--parent-changed] | --cancel [--parent-unchanged]]",
      .summary = "put a new key in the place of the old one",
      .help =
          "The key-signing key, since the parent knows it, takes three steps:\n"
          "  signpost dnssec rotate shop.lab.test            a second key signs beside the first\n"
          "  put its DS record in place of the old one, and wait until the TTL of that has passed\n"
          "  signpost dnssec rotate shop.lab.test --finish   the old key is deleted\n"
          "Asked in between, it says what is next.  --finish looks into a parent that is hosted "
          "here; of\n"
          "any other it takes your word with --parent-changed.  --cancel gives it up and deletes "
          "the new\n"
          "key, while the parent does not have its DS record; elsewhere it takes your word with\n"
          "--parent-unchanged.\n"
          "With --zsk it is the zone-signing key.  That happens by itself every zsk-lifetime, and "
          "needs\n"
          "nobody's help.\n",
      .options = "zsk finish parent-changed cancel parent-unchanged",
      .least = 1,
      .most = 1,
      .run = verb_dnssec_rotate },
    { .words = { "dnssec", "disable" },
      .synopsis = "ZONE",
      .summary = "stop signing a zone",
      .help = "Take its DS record out of the parent first, and wait until the TTL of that has "
              "passed: a zone\n"
              "that is not signed although its parent has a DS record is refused by resolvers.  "
              "Where the\n"
              "parent is hosted here, this is seen to.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_dnssec_disable },
    { .words = { "health", "create" },
      .synopsis = "[ID [URL|up|down]] [OPTION]...",
      .summary = "make a health check",
      .help =
          "URL is what to look at: http://HOST[:PORT][/PATH], https://..., or tcp://HOST:PORT; "
          "HOST "
          "is an\n"
          "address, or a name whose address is asked for before each look:\n"
          "  signpost health create web-1 http://192.0.2.1:8080/health --interval 10\n"
          "  signpost health create web-2 https://192.0.2.2/ --domain www.lab.test --search ok\n"
          "  signpost health create db tcp://db.lab.test:5432 --threshold 2\n"
          "In its place may stand other checks, an alarm or a routing control:\n"
          "  signpost health create web --of web-1,web-2 --at-least 1\n"
          "  signpost health create load --alarm high-load --no-data healthy\n"
          "  signpost health create cell --control cell-1\n"
          "A check without any of these is as it is told, \"up\" when nothing is said.  Without an "
          "ID one is\n"
          "drawn.\n",
      .options = "domain search interval threshold measure-latency regions no-sni of any at-least "
                 "alarm region no-data control invert disable",
      .least = 0,
      .most = 2,
      .run = verb_health_create },
    { .words = { "health", "update" },
      .synopsis = "ID OPTION...",
      .summary = "change what a health check looks at",
      .help = "What is not named stays as it is.  Its type, its interval and whether it has an "
              "address stay\n"
              "what they were at its creation:\n"
              "  signpost health update web-1 --path /ready --threshold 2\n"
              "  signpost health update web-1 --disable\n",
      .options = "address port path domain search threshold regions sni no-sni of any at-least "
                 "alarm region no-data control invert no-invert disable enable reset version-seen",
      .least = 1,
      .most = 1,
      .run = verb_health_update },
    { .words = { "health", "list" },
      .synopsis = "",
      .summary = "list the health checks",
      .help = "\"(set)\" behind a state says that somebody has set it by hand.\n",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_health_list },
    { .words = { "health", "show" },
      .synopsis = "ID",
      .summary = "show a health check and what each checker says",
      .help = "",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_health_show },
    { .words = { "health", "watch" },
      .synopsis = "[ID]... [--every N]",
      .summary = "watch health checks, all of them without an ID",
      .help = "On a terminal it is a table that is kept up to date; Ctrl-C ends it.  Anywhere else "
              "it is a\n"
              "line for every turn, and with --json an object:\n"
              "  signpost health watch web-1 web-2 --json >turns.json\n",
      .options = "every",
      .least = 0,
      .most = -1,
      .run = verb_health_watch },
    { .words = { "health", "history" },
      .synopsis = "ID",
      .summary = "list the last turns of a health check",
      .help = "",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_health_history },
    { .words = { "health", "set" },
      .synopsis = "ID up|down [--for TIME] [--reason TEXT] [OPTION]...",
      .summary = "say that a health check is up or down, whatever it sees",
      .help = "Answers follow at once, until the time is over or 'signpost health clear' takes it "
              "back.  With\n"
              "--regions only the checkers there say so:\n"
              "  signpost health set web-1 down --for 10m --reason 'new kernel'\n",
      .options = "for reason owner regions",
      .least = 2,
      .most = 2,
      .run = verb_health_set },
    { .words = { "health", "clear" },
      .synopsis = "ID",
      .summary = "take back what 'signpost health set' said",
      .help = "The check says again what it sees.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_health_clear },
    { .words = { "health", "delete" },
      .synopsis = "ID",
      .summary = "delete a health check",
      .help =
          "Record sets that name it go on doing so, and it counts as up.  One that a calculated "
          "check\n"
          "looks at is not deleted.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_health_delete },
    { .words = { "collection", "create" },
      .synopsis = "NAME",
      .summary = "make a CIDR collection",
      .help = "",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_collection_create },
    { .words = { "collection", "list" },
      .synopsis = "",
      .summary = "list the CIDR collections",
      .help = "",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_collection_list },
    { .words = { "collection", "show" },
      .synopsis = "COLLECTION",
      .summary = "show the locations of a collection and their blocks",
      .help = "COLLECTION is its id or its name.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_collection_show },
    { .words = { "collection", "put" },
      .synopsis = "COLLECTION LOCATION PREFIX...",
      .summary = "add blocks to a location of a collection",
      .help = "COLLECTION is its id or its name; the location is made when it is new:\n"
              "  signpost collection put office berlin 192.0.2.0/24 2001:db8::/32\n",
      .options = "",
      .least = 3,
      .most = -1,
      .run = verb_collection_put },
    { .words = { "collection", "remove" },
      .synopsis = "COLLECTION LOCATION PREFIX...",
      .summary = "take blocks away from a location",
      .help = "A location that record sets name keeps its last block.\n",
      .options = "",
      .least = 3,
      .most = -1,
      .run = verb_collection_remove },
    { .words = { "collection", "delete" },
      .synopsis = "COLLECTION",
      .summary = "delete a collection with all its blocks",
      .help = "One that record sets name is not deleted.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_collection_delete },
    { .words = { "resource", "set" },
      .synopsis = "NAME --kind KIND --zone AZ=ADDRESS... [OPTION]...",
      .summary = "register a simulated resource, or replace it",
      .help =
          "Aliases to NAME get its addresses:\n"
          "  signpost resource set lb1.example --kind application-load-balancer \\\n"
          "      --zone us-east-1a=192.0.2.1,2001:db8::1 --zone us-east-1b=192.0.2.2 \\\n"
          "      --targets web=2/3\n"
          "KIND is application-load-balancer, network-load-balancer, classic-load-balancer,\n"
          "cloudfront, s3-website, api-gateway, beanstalk, vpc-endpoint, global-accelerator or\n"
          "other.\n",
      .options = "kind ttl zone targets unhealthy",
      .least = 1,
      .most = 1,
      .run = verb_resource_set },
    { .words = { "resource", "list" },
      .synopsis = "",
      .summary = "list the simulated resources",
      .help = "",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_resource_list },
    { .words = { "resource", "show" },
      .synopsis = "NAME",
      .summary = "show one simulated resource",
      .help = "",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_resource_show },
    { .words = { "resource", "delete" },
      .synopsis = "NAME",
      .summary = "delete a simulated resource",
      .help = "Aliases that lead to it find nothing from then on.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_resource_delete },
    { .words = { "alarm", "set" },
      .synopsis = "NAME OK|ALARM|INSUFFICIENT_DATA [--region REGION]",
      .summary = "say which state an alarm is in",
      .help = "The health checks that follow it turn at once.  The Region is us-east-1 when none "
              "is given:\n"
              "  signpost alarm set high-load ALARM\n",
      .options = "region",
      .least = 2,
      .most = 2,
      .run = verb_alarm_set },
    { .words = { "alarm", "list" },
      .synopsis = "",
      .summary = "list the alarms that have been set",
      .help = "",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_alarm_list },
    { .words = { "alarm", "delete" },
      .synopsis = "NAME [--region REGION]",
      .summary = "forget an alarm",
      .help = "For the health checks that follow it there is no data from then on.\n",
      .options = "region",
      .least = 1,
      .most = 1,
      .run = verb_alarm_delete },
    { .words = { "control", "create" },
      .synopsis = "NAME [--panel PANEL]",
      .summary = "make a routing control, which is off at first",
      .help = "",
      .options = "panel",
      .least = 1,
      .most = 1,
      .run = verb_control_create },
    { .words = { "control", "set" },
      .synopsis = "NAME=on|off... [--break-glass RULE]...",
      .summary = "turn routing controls, all of them or none",
      .help = "The health checks that follow them turn at once.  A safety rule that refuses says "
              "why; it is\n"
              "not asked when it stands behind --break-glass:\n"
              "  signpost control set cell-1=off cell-2=on\n",
      .options = "break-glass",
      .least = 1,
      .most = -1,
      .run = verb_control_set },
    { .words = { "control", "list" },
      .synopsis = "",
      .summary = "list the routing controls",
      .help = "",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_control_list },
    { .words = { "control", "delete" },
      .synopsis = "NAME",
      .summary = "delete a routing control",
      .help = "One that a health check or a safety rule names is not deleted.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_control_delete },
    { .words = { "rule", "create" },
      .synopsis = "NAME --assert CONTROLS|--gate CONTROLS --target CONTROLS [OPTION]...",
      .summary = "make a safety rule for routing controls",
      .help =
          "With --assert it refuses changes after which not enough of the controls are on, "
          "with --gate\n"
          "changes of the targets while not enough of the gates are:\n"
          "  signpost rule create one-cell --assert cell-1,cell-2 --at-least 1\n"
          "  signpost rule create switch --gate main --target cell-1,cell-2 --all-of --wait 0\n",
      .options = "assert gate target all-of any-of at-least invert wait panel",
      .least = 1,
      .most = 1,
      .run = verb_rule_create },
    { .words = { "rule", "list" },
      .synopsis = "",
      .summary = "list the safety rules",
      .help = "",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_rule_list },
    { .words = { "rule", "delete" },
      .synopsis = "NAME",
      .summary = "delete a safety rule",
      .help = "",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_rule_delete },
    { .words = { "shift", "start" },
      .synopsis = "RESOURCE --away-from AZ --for TIME [--comment TEXT]",
      .summary = "keep traffic away from an availability zone for a time",
      .help =
          "The addresses that a registered resource has there leave the answers, unless nothing "
          "usable would\n"
          "be left.  TIME is minutes or hours, at most 72h:\n"
          "  signpost shift start lb1.example --away-from us-east-1a --for 2h\n",
      .options = "away-from for comment",
      .least = 1,
      .most = 1,
      .run = verb_shift_start },
    { .words = { "shift", "list" },
      .synopsis = "",
      .summary = "list the zonal shifts, active ones first",
      .help = "",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_shift_list },
    { .words = { "shift", "update" },
      .synopsis = "ID [--for TIME] [--comment TEXT]",
      .summary = "give a zonal shift another end, from now on",
      .help = "",
      .options = "for comment",
      .least = 1,
      .most = 1,
      .run = verb_shift_update },
    { .words = { "shift", "cancel" },
      .synopsis = "ID",
      .summary = "end a zonal shift",
      .help = "The addresses return at once.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_shift_cancel },
    { .words = { "location", "import" },
      .synopsis = "FILE",
      .summary = "bring in where clients are, in the place of what was known",
      .help = "FILE is CSV whose first line names its columns: prefix, and any of continent, "
              "country,\n"
              "subdivision, latitude, longitude and region; \"-\" is standard input.  It is taken "
              "as a\n"
              "whole or not at all:\n"
              "  signpost location import zones/lab.locations.csv\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_location_import },
    { .words = { "location", "export" },
      .synopsis = "",
      .summary = "print the location table as CSV",
      .help = "Importing what was exported gives the same table again.\n",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_location_export },
    { .words = { "location", "show" },
      .synopsis = "PREFIX",
      .summary = "show what is known of a client, and which Regions are near",
      .help = "PREFIX is an address, or a prefix such as 203.0.113.0/25.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_location_show },
    { .words = { "latency", "import" },
      .synopsis = "FILE",
      .summary = "bring in measured latencies, in the place of those that were there",
      .help = "FILE is CSV with the columns from, region and milliseconds; from is a client's "
              "prefix, or the\n"
              "AWS Region that it is nearest to.  It is taken as a whole or not at all.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_latency_import },
    { .words = { "latency", "export" },
      .synopsis = "",
      .summary = "print the measured latencies as CSV",
      .help = "",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_latency_export },
    { .words = { "explain" },
      .synopsis = "NAME TYPE [--from PREFIX] [--down ID]... [--up ID]...",
      .summary = "answer a question and say why: which records stood, and who left",
      .help = "The very code that answers the network is asked, as a resolver would ask it for a "
              "client in\n"
              "PREFIX (EDNS client-subnet); without --from the client is 127.0.0.1.  Nothing is "
              "changed by\n"
              "--down and --up:\n"
              "  signpost explain www.lab.test A --from 203.0.113.0/25 --down web-1\n",
      .options = "from down up seed",
      .least = 2,
      .most = 2,
      .run = verb_explain },
    { .words = { "simulate" },
      .synopsis = "NAME TYPE [--clients FILE] [-n N] [--down ID]... [--up ID]...",
      .summary = "ask a question many times, as many clients, and count the answers",
      .help = "FILE has a client's network in each line, and behind it a label if you like; what "
              "follows a\n"
              "'#' is a comment, and \"-\" is standard input.  Without FILE the clients are those "
              "of\n"
              "zones/lab.locations.csv, one of each continent, and one that is nowhere.  What "
              "weighted sets\n"
              "got is set against their weights (chi-square).\n",
      .options = "clients count down up seed csv",
      .least = 2,
      .most = 2,
      .run = verb_simulate },
    { .words = { "drill", "run" },
      .synopsis = "[FILE] [OPTION]...",
      .summary = "break something for a while, and see what answers do",
      .help =
          "What breaks, for how long and which questions are watched says FILE (JSON, \"-\" is "
          "standard\n"
          "input), or the options:\n"
          "  signpost drill run --break check=web-1 --for 30s --watch 'www.lab.test A' \\\n"
          "      --turned-within 5s --back-within 5s --never-empty --report drill.html\n"
          "  signpost drill run --break hook='systemctl stop nginx' \\\n"
          "      --restore 'systemctl start nginx' --turns web-1 --for 3m \\\n"
          "      --watch 'www.lab.test A 203.0.113.0/25'\n"
          "Everything is restored afterwards, also when it is interrupted.  The exit status is 1 "
          "when an\n"
          "objective was missed.\n",
      .options = "break break-glass restore turns watch for settle turned-within back-within "
                 "cached-within "
                 "never-empty server every owner predict report svg",
      .least = 0,
      .most = 1,
      .run = verb_drill_run },
    { .words = { "drill", "predict" },
      .synopsis = "[FILE] [OPTION]...",
      .summary = "tell what a drill would do to answers, and break nothing",
      .help = "It goes by thresholds, intervals and TTLs alone.\n",
      .options = "break break-glass restore turns watch for settle turned-within back-within "
                 "cached-within "
                 "never-empty",
      .least = 0,
      .most = 1,
      .run = verb_drill_predict },
    { .words = { "drill", "list" },
      .synopsis = "",
      .summary = "list the drills that are remembered",
      .help = "",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_drill_list },
    { .words = { "drill", "restore" },
      .synopsis = "ID",
      .summary = "restore what a drill has broken, before its time is over",
      .help =
          "For one whose command was killed.  What its hooks have done is not undone by this.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_drill_restore },
    { .words = { "drill", "report" },
      .synopsis = "ID [--html FILE] [--svg FILE]",
      .summary = "show the report of a drill",
      .help = "",
      .options = "html svg",
      .least = 1,
      .most = 1,
      .run = verb_drill_report },
    { .words = { "key", "create" },
      .synopsis = "[--read-only] [--zone ORIGIN]... [--comment TEXT]",
      .summary = "make an access key, and print it the only time",
      .help = "Without options it may do everything; with --zone it changes nothing but those "
              "zones.  What is\n"
              "printed is a file for --key-file and for the AWS tools:\n"
              "  (umask 077; signpost key create --comment ci >ci.key)\n"
              "  signpost --key-file ci.key --api https://... zone list\n",
      .options = "read-only zone comment",
      .least = 0,
      .most = 0,
      .run = verb_key_create },
    { .words = { "key", "list" },
      .synopsis = "",
      .summary = "list the access keys, without their secrets",
      .help = "",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_key_list },
    { .words = { "key", "delete" },
      .synopsis = "ID",
      .summary = "delete an access key",
      .help = "The next request that it signs is refused.\n",
      .options = "",
      .least = 1,
      .most = 1,
      .run = verb_key_delete },
    { .words = { "audit" },
      .synopsis = "[--zone ORIGIN] [--key ID] [--limit N]",
      .summary = "list who has changed what, the latest first",
      .help = "Refused attempts are in it too.\n",
      .options = "zone key limit",
      .least = 0,
      .most = 0,
      .run = verb_audit },
    { .words = { "aws-env" },
      .synopsis = "[--new-key [OPTION]...]",
      .summary = "print what a shell exports for Route 53 clients",
      .help = "  eval \"$(signpost aws-env)\"\n"
              "  eval \"$(signpost aws-env --new-key --ca signpost-tls/ca.pem)\"\n"
              "The address is that of --api, or one of api-listen when --api is a socket: with TLS "
              "where --ca\n"
              "is given, else without.  Where signatures are not required, a key that means "
              "nothing will do,\n"
              "and is printed.\n",
      .options = "new-key read-only zone comment",
      .least = 0,
      .most = 0,
      .run = verb_aws_env },
    { .words = { "dev-cert" },
      .synopsis = "[--directory DIR] [--host NAME]... [--force]",
      .summary = "make a CA for a lab, and a certificate for TLS",
      .help = "Writes ca.pem, ca-key.pem, server.pem and server-key.pem, and says who needs them.  "
              "The\n"
              "certificate is for route53.amazonaws.com, localhost, 127.0.0.1 and ::1 at least.  A "
              "CA that is\n"
              "there stays:\n"
              "  signpost dev-cert --directory /etc/signpost/tls --host dns.lab.test\n",
      .options = "directory host force",
      .least = 0,
      .most = 0,
      .run = verb_dev_cert },
    { .words = { "status" },
      .synopsis = "",
      .summary = "show version, uptime, zones, memory and what was answered",
      .help = "",
      .options = "",
      .least = 0,
      .most = 0,
      .run = verb_status },
    { .words = { "check-config" },
      .synopsis = "[FILE]",
      .summary = "check a configuration file without starting anything",
      .help = "FILE is " CONFIG_PATH_DEFAULT " when it is left out.\n",
      .options = "",
      .least = 0,
      .most = 1,
      .run = verb_check_config },
};

const size_t verb_count = sizeof(verbs) / sizeof(verbs[0]);
