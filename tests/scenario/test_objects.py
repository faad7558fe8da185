"""Health checks, collections and resources as who types the commands sees them."""

import json
import re
import signal

import pytest

from harness import Refused, values

ZONE = """\
$TTL 60
;@ www 60 IN A failover id="p" role=PRIMARY check=web-1 value 192.0.2.1
;@ www 60 IN A failover id="s" role=SECONDARY value 192.0.2.2
;@ site IN A simple alias lb1.example. zone=ZSIGNPOSTRESOURCES evaluate-health=yes
"""

SINCE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d"


@pytest.fixture
def daemon(make_daemon):
    return make_daemon().start()


def answer(daemon, name):
    return values(daemon.ask(name), "A")


# -- health checks


def test_a_drill_with_a_health_check(daemon):
    say = daemon.signpost
    assert say("health", "create", "web-1") == "created web-1: up\n"
    daemon.import_text("lab.test", ZONE)
    assert answer(daemon, "www.lab.test") == ["192.0.2.1"]
    told = say("health", "set", "web-1", "down")
    assert told == "set web-1: down (set)\nuntil 'signpost health clear web-1'\n"
    assert answer(daemon, "www.lab.test") == ["192.0.2.2"]
    daemon.process.send_signal(signal.SIGKILL)
    daemon.process.wait()
    daemon.start()
    assert answer(daemon, "www.lab.test") == ["192.0.2.2"]
    assert say("health", "delete", "web-1") == "deleted web-1\n"
    assert answer(daemon, "www.lab.test") == ["192.0.2.1"]
    assert say("health", "create", "web-1", "down") == "created web-1: down\n"
    assert answer(daemon, "www.lab.test") == ["192.0.2.2"]


def test_health_checks_are_listed_with_their_users(daemon):
    empty = daemon.command("health", "list")
    assert (empty.returncode, empty.stdout) == (0, "")
    assert "There are no health checks yet" in empty.stderr
    daemon.signpost("health", "create", "web-1", "up")
    daemon.signpost("health", "create", "api", "down")
    daemon.import_text("lab.test", ZONE)
    heads, *lines = daemon.signpost("health", "list").splitlines()
    assert heads.split("  ")[0] == "ID" and heads.endswith("RECORD SETS")
    assert re.fullmatch(rf"api +MANUAL +down +{SINCE} +- +- +0", lines[0])
    assert re.fullmatch(rf"web-1 +MANUAL +up +{SINCE} +- +- +1", lines[1])
    shown = daemon.signpost("health", "show", "web-1")
    assert re.fullmatch(
        r"id +web-1\ntype +MANUAL\n"
        rf"state +up since {SINCE} \(\d+ s\)\n"
        r"record sets +1\nversion +1\ncreated +\S+Z\n\nLast turns:\n"
        rf"WHEN +STATE +CAUSE +CHECKS +REASON\n{SINCE} +up +created +- +created\n",
        shown,
    )
    as_json = json.loads(daemon.signpost("health", "list", "--json"))
    assert [check["id"] for check in as_json["health_checks"]] == ["api", "web-1"]


def test_a_check_without_an_id_gets_one(daemon):
    assert re.fullmatch(r"created [0-9a-f-]{36}: up\n", daemon.signpost("health", "create"))


# -- collections


def test_a_collection_from_its_making_to_its_end(daemon):
    say = daemon.signpost
    made = say("collection", "create", "office")
    found = re.fullmatch(r"office (\S{36}): version 1, 0 blocks in 0 locations\n", made)
    assert found
    blocks = ["198.51.100.0/24", "2001:db8::/32"]
    assert say("collection", "put", "office", "L1", *blocks) == (
        f"office {found[1]}: version 2, 2 blocks in 1 location\n"
    )
    assert say("collection", "put", found[1], "L2", "198.51.0.0/16").endswith("in 2 locations\n")
    assert say("collection", "show", "office") == (
        f"office {found[1]}: version 3, 3 blocks in 2 locations\n"
        "LOCATION  BLOCK\n"
        "L1        198.51.100.0/24\n"
        "L1        2001:db8::/32\n"
        "L2        198.51.0.0/16\n"
    )
    assert say("collection", "list") == (
        "NAME    LOCATIONS  BLOCKS  VERSION  ID\n"
        f"office          2       3        3  {found[1]}\n"
    )
    assert say("collection", "remove", "office", "L1", *blocks).endswith("1 block in 1 location\n")
    assert say("collection", "delete", "office") == "deleted office\n"
    empty = daemon.command("collection", "list")
    assert empty.stdout == "" and "There are no collections yet" in empty.stderr


# -- resources


def test_a_resource_from_its_making_to_its_end(daemon):
    say = daemon.signpost
    kind = "application-load-balancer"
    first = ["--zone", "us-east-1a=192.0.2.11,2001:db8::11", "--zone", "us-east-1b=192.0.2.12"]
    daemon.signpost("health", "create", "web-1")
    assert (
        say("resource", "set", "lb1.example", "--kind", kind, *first, "--targets", "web=2/3")
        == f"set lb1.example. ({kind}, in sync)\n"
    )
    daemon.import_text("lab.test", ZONE)
    assert sorted(answer(daemon, "site.lab.test")) == ["192.0.2.11", "192.0.2.12"]
    assert say("resource", "show", "lb1.example") == (
        "name     lb1.example.\n"
        f"kind     {kind}\n"
        "ttl      60\n"
        "state    healthy\n"
        "zone     us-east-1a 192.0.2.11\n"
        "zone     us-east-1a 2001:db8::11\n"
        "zone     us-east-1b 192.0.2.12\n"
        "targets  web 2/3\n"
    )
    say(
        "resource",
        "set",
        "www.example",
        "--kind",
        "s3-website",
        "--zone",
        "a=192.0.2.9",
        "--unhealthy",
    )
    assert say("resource", "list") == (
        "NAME          TTL  ADDRESSES  STATE    KIND\n"
        f"lb1.example.   60          3  healthy  {kind}\n"
        "www.example.    5          1  down     s3-website\n"
    )
    assert say("resource", "delete", "lb1.example") == "deleted lb1.example.\n"
    assert answer(daemon, "site.lab.test") == []


# -- what goes wrong


@pytest.mark.parametrize(
    "words, reason",
    [
        ("health set none up", 'there is no health check "none"'),
        ("health show none", 'there is no health check "none"'),
        ("collection show none", 'there is no collection "none"'),
        ("collection put none L1 10.0.0.0/8", 'there is no collection "none"'),
        ("resource show none.test", "there is no resource none.test."),
        ("resource set a.test --kind other", "it has no address"),
        ("resource set a.test --kind elb --zone a=192.0.2.1", 'unknown kind of resource "elb"'),
    ],
)
def test_what_is_refused_says_why(daemon, words, reason):
    with pytest.raises(Refused, match=re.escape(reason)):
        daemon.signpost(*words.split())


@pytest.mark.parametrize(
    "words",
    [
        "health set web-1",
        "health set web-1 sideways",
        "health create a b c",
        "collection put office L1",
        "resource set a.test",
        "resource set a.test --kind other --zone 192.0.2.1",
        "health list --unhealthy",
        "resource set a.test --kind other --kind other",
    ],
)
def test_wrong_usage_is_status_2(daemon, words):
    done = daemon.command(*words.split())
    assert done.returncode == 2 and done.stdout == "" and done.stderr


def test_what_is_named_cannot_be_taken_away(daemon):
    daemon.signpost("collection", "create", "office")
    daemon.signpost("collection", "put", "office", "L1", "10.0.0.0/8")
    listed = json.loads(daemon.signpost("collection", "list", "--json"))
    collection = listed["collections"][0]["id"]
    line = f';@ @ 60 IN A cidr id="a" collection={collection} location=L1 value 192.0.2.1\n'
    daemon.import_text("lab.test", line)
    with pytest.raises(Refused, match="would have no block left, but record sets name it"):
        daemon.signpost("collection", "remove", "office", "L1", "10.0.0.0/8")
    with pytest.raises(Refused, match="is named by record sets"):
        daemon.signpost("collection", "delete", "office")
    daemon.signpost("zone", "delete", "lab.test", "--force")
    daemon.signpost("collection", "delete", "office")


def test_status_counts_them(daemon):
    daemon.signpost("health", "create", "a")
    daemon.signpost("health", "create", "b", "down")
    daemon.signpost("collection", "create", "office")
    daemon.signpost("resource", "set", "a.test", "--kind", "other", "--zone", "a=192.0.2.1")
    status = daemon.status()
    assert status["health_checks"] == {"up": 1, "down": 1}
    assert status["collections"] == status["resources"] == 1
    lines = dict(
        re.split(r"  +", line) for line in daemon.signpost("status").splitlines() if line[0] != " "
    )
    assert lines["health checks"] == "1 up, 1 down"
    assert lines["collections"] == lines["resources"] == "1"
