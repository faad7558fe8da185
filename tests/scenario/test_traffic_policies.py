"""Traffic policies: documents, versions, and instances that answer (section 12 of the rules)."""

import itertools
import json
import threading

import pytest

import route53
from harness import ZONES, Daemon, Refused, rcode, records, values, wait_until
from route53 import apply, change, create_zone, refused

US_CA, US, CANADA = "198.51.100.0/24", "192.0.2.0/25", "192.0.2.128/25"
GERMANY, CHINA, BRAZIL = "203.0.113.0/25", "203.0.113.128/25", "2001:db8:1::/48"
NOWHERE = "198.18.0.0/24"

NOBODY = "11111111-2222-4333-8444-555555555555"
CHECKS = ["h1", "h2", "h3"]


def document(rules=None, version="2015-10-01", rdtype="A", endpoints=None, **more):
    """A document whose endpoints are e1 to e9, 10.0.0.1 to 10.0.0.9, and whose first rule is the
    start."""
    if endpoints is None:
        endpoints = {f"e{i}": {"Type": "value", "Value": f"10.0.0.{i}"} for i in range(1, 10)}
    made = {"AWSPolicyFormatVersion": version, "RecordType": rdtype, "Endpoints": endpoints}
    if rules:
        made["StartRule"] = next(iter(rules))
        made["Rules"] = rules
    return json.dumps({**made, **more})


def one(endpoint, rdtype="A", value=None):
    """A document that is nothing but an endpoint."""
    entry = {"Type": "value", "Value": value or endpoint}
    return document(rdtype=rdtype, endpoints={"e": entry}, StartEndpoint="e")


# S-33
S_33 = document(
    {
        "g": {
            "RuleType": "geo",
            "Locations": [
                {"Country": "DE", "RuleReference": "f", "EvaluateTargetHealth": "true"},
                {"Country": "*", "EndpointReference": "e3"},
            ],
        },
        "f": {
            "RuleType": "failover",
            "Primary": {"EndpointReference": "e1", "HealthCheck": "h1"},
            "Secondary": {"EndpointReference": "e2", "HealthCheck": "h2"},
        },
    }
)


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    made = Daemon(tmp_path_factory.mktemp("traffic"))
    try:
        made.start()
        for check in CHECKS:
            made.signpost("health", "create", check)
        made.signpost("location", "import", ZONES / "lab.locations.csv")
        yield made
        made.stop()
    finally:
        made.kill()


@pytest.fixture
def client(daemon):
    yield route53.client(daemon)
    for check in CHECKS:
        daemon.signpost("health", "set", check, "up")


numbers = itertools.count(1)


@pytest.fixture
def zone(client):
    """(id, name) of a zone that nobody else uses."""
    name = f"lab{next(numbers)}.test"
    return create_zone(client, name), name


def make_policy(client, text, name=None):
    name = name or f"policy {next(numbers)}"
    return client.create_traffic_policy(Name=name, Document=text)["TrafficPolicy"]["Id"]


def add_version(client, policy, text):
    reply = client.create_traffic_policy_version(Id=policy, Document=text)
    return reply["TrafficPolicy"]["Version"]


def get(client, instance):
    return client.get_traffic_policy_instance(Id=instance)["TrafficPolicyInstance"]


def applied(client, instance):
    """Terraform's wait."""
    wait_until(lambda: get(client, instance)["State"] == "Applied", "the instance to be applied")
    return instance


def create(client, zone, policy, name="tp", version=1, ttl=30):
    reply = client.create_traffic_policy_instance(
        HostedZoneId=zone[0],
        Name=f"{name}.{zone[1]}",
        TTL=ttl,
        TrafficPolicyId=policy,
        TrafficPolicyVersion=version,
    )
    return reply["TrafficPolicyInstance"]


def install(client, zone, text, name="tp", ttl=30):
    """The id of an applied instance of a policy of its own."""
    policy = make_policy(client, text)
    return applied(client, create(client, zone, policy, name, ttl=ttl)["Id"])


def asked(daemon, zone, subnet=None, name="tp", rdtype="A"):
    return values(daemon.ask(f"{name}.{zone[1]}", rdtype, subnet=subnet))


def down(daemon, *checks):
    for check in checks:
        daemon.signpost("health", "set", check, "down")


def sets_of(client, zone):
    reply = client.list_resource_record_sets(HostedZoneId=zone[0])
    return [(entry["Name"], entry["Type"]) for entry in reply["ResourceRecordSets"]]


# ---- S-33


def test_the_worked_example(daemon, client, zone):  # S-33a to S-33d
    install(client, zone, S_33)
    reply = daemon.ask(f"tp.{zone[1]}", subnet=GERMANY)
    assert records(reply.answer) == {(f"tp.{zone[1]}.", 30, "A", "10.0.0.1")}
    assert asked(daemon, zone, US) == ["10.0.0.3"]
    down(daemon, "h1")
    assert asked(daemon, zone, GERMANY) == ["10.0.0.2"]
    down(daemon, "h2")
    assert asked(daemon, zone, GERMANY) == ["10.0.0.3"]
    assert asked(daemon, zone, US) == ["10.0.0.3"]


def test_an_update_to_another_type_is_refused(daemon, client, zone):  # S-33e, R-TPF-2
    policy = make_policy(client, S_33)
    instance = applied(client, create(client, zone, policy)["Id"])
    version = add_version(client, policy, one("2001:db8::1", "AAAA"))
    refusal = refused(
        client.update_traffic_policy_instance,
        Id=instance,
        TTL=30,
        TrafficPolicyId=policy,
        TrafficPolicyVersion=version,
    )
    assert (refusal.code, refusal.status) == ("ConflictingTypes", 400)
    assert get(client, instance)["State"] == "Applied"
    assert asked(daemon, zone, GERMANY) == ["10.0.0.1"]


# ---- each type of rule


def place(key, **names):
    return [{"EndpointReference": endpoint, key: value} for endpoint, value in names.items()]


GEO = {
    "g": {
        "RuleType": "geo",
        "Locations": [
            {"EndpointReference": "e1", "Country": "US", "Subdivision": "CA"},
            {"EndpointReference": "e2", "Country": "US"},
            {"EndpointReference": "e3", "Continent": "NA"},
            {"EndpointReference": "e9", "IsDefault": True},
        ],
    }
}
GEO_ANSWERS = {US_CA: 1, US: 2, CANADA: 3, GERMANY: 9, NOWHERE: 9}

LATENCY = {
    "l": {
        "RuleType": "latency",
        "Regions": place("Region", e1="us-west-1", e2="eu-central-1", e3="sa-east-1"),
    }
}
LATENCY_ANSWERS = {US_CA: 1, GERMANY: 2, BRAZIL: 3}

NEAR_2015 = {
    "p": {
        "RuleType": "geoproximity",
        "GeoproximityLocations": [
            {"EndpointReference": "e1", "Region": "aws:route53:us-east-1", "Bias": "10"},
            {"EndpointReference": "e2", "Latitude": "50.11", "Longitude": "8.68"},
        ],
    }
}
NEAR_2023 = {
    "p": {
        "RuleType": "geoproximity",
        "GeoproximityLocations": [
            {
                "EndpointReference": "e1",
                "Location": {"Type": "LocalZone", "LocationName": "aws:route53:us-west-2-den-1"},
            },
            {
                "EndpointReference": "e2",
                "Location": {"Type": "Coordinate", "Latitude": 50.11, "Longitude": 8.68},
                "Bias": -10,
            },
            {
                "EndpointReference": "e3",
                "Location": {"Type": "Region", "LocationName": "aws:route53:sa-east-1"},
            },
        ],
    }
}


@pytest.mark.parametrize(
    "rules, version, answers",
    [
        pytest.param(GEO, "2015-10-01", GEO_ANSWERS, id="geo"),
        pytest.param(GEO, "2023-05-09", GEO_ANSWERS, id="geo-2023"),
        pytest.param(LATENCY, "2015-10-01", LATENCY_ANSWERS, id="latency"),
        pytest.param(NEAR_2015, "2015-10-01", {US: 1, GERMANY: 2}, id="geoproximity"),
        pytest.param(
            NEAR_2023, "2023-05-09", {US_CA: 1, GERMANY: 2, BRAZIL: 3}, id="geoproximity-2023"
        ),
    ],
)
def test_rules_that_look_at_the_client(daemon, client, zone, rules, version, answers):  # R-TPF-6
    install(client, zone, document(rules, version))
    given = {subnet: asked(daemon, zone, subnet) for subnet in answers}
    assert given == {subnet: [f"10.0.0.{i}"] for subnet, i in answers.items()}


def test_a_place_that_no_location_contains_has_no_answer(daemon, client, zone):  # R-TPF-9
    location = {"EndpointReference": "e1", "Country": "DE"}
    install(client, zone, document({"g": {"RuleType": "geo", "Locations": [location]}}))
    assert asked(daemon, zone, GERMANY) == ["10.0.0.1"]
    reply = daemon.ask(f"tp.{zone[1]}", subnet=US)
    assert (rcode(reply), reply.answer) == ("NOERROR", [])


def weighted(*members):
    return {"w": {"RuleType": "weighted", "Items": list(members)}}


def test_weights(daemon, client, zone):  # R-WGT-6
    rules = weighted(
        {"EndpointReference": "e1", "Weight": "1", "HealthCheck": "h1"},
        {"EndpointReference": "e2", "Weight": 255, "HealthCheck": "h2"},
        {"EndpointReference": "e3", "Weight": 0},
    )
    install(client, zone, document(rules))
    down(daemon, "h2")
    assert {asked(daemon, zone)[0] for _ in range(20)} == {"10.0.0.1"}
    down(daemon, "h1")
    assert {asked(daemon, zone)[0] for _ in range(20)} == {"10.0.0.3"}


def test_multivalue(daemon, client, zone):  # R-MVA-2, R-MVA-3
    items = [{"EndpointReference": "e1", "HealthCheck": "h1"}, {"EndpointReference": "e2"}]
    install(client, zone, document({"m": {"RuleType": "multivalue", "Items": items}}))
    assert asked(daemon, zone) == ["10.0.0.1", "10.0.0.2"]
    down(daemon, "h1")
    assert asked(daemon, zone) == ["10.0.0.2"]


def test_failover_between_rules(daemon, client, zone):  # R-HLT-11, R-TPF-7
    """Both roles lead to groups; one endpoint stands in two places."""
    rules = {
        "f": {
            "RuleType": "failover",
            "Primary": {"RuleReference": "w", "EvaluateTargetHealth": "true"},
            "Secondary": {"EndpointReference": "e3"},
        },
        **weighted(
            {"EndpointReference": "e1", "Weight": 1, "HealthCheck": "h1"},
            {"EndpointReference": "e3", "Weight": 0, "HealthCheck": "h2"},
        ),
    }
    install(client, zone, document(rules))
    assert asked(daemon, zone) == ["10.0.0.1"]
    down(daemon, "h1", "h2")
    assert asked(daemon, zone) == ["10.0.0.3"]
    daemon.signpost("health", "set", "h1", "up")
    assert asked(daemon, zone) == ["10.0.0.1"]


def test_resources(daemon, client, zone):  # R-TPF-6, R-ALI-11
    balancer = "dualstack.lb-1.eu-west-1.elb.amazonaws.com"
    kind = ("--kind", "application-load-balancer", "--zone", "eu-west-1a=10.0.1.1")
    daemon.signpost("resource", "set", balancer, *kind)
    endpoints = {
        "lb": {"Type": "application-load-balancer", "Value": balancer},
        "page": {"Type": "s3-website", "Region": "eu-west-1", "Value": "s3.example"},
        "sorry": {"Type": "value", "Value": "10.0.0.9"},
    }
    rules = {
        "f": {
            "RuleType": "failover",
            "Primary": {"EndpointReference": "lb", "EvaluateTargetHealth": True},
            "Secondary": {"EndpointReference": "sorry"},
        }
    }
    install(client, zone, document(rules, endpoints=endpoints))
    install(client, zone, document(endpoints=endpoints, StartEndpoint="lb"), name="start")
    assert asked(daemon, zone) == ["10.0.1.1"]
    assert asked(daemon, zone, name="start") == ["10.0.1.1"]
    daemon.signpost("resource", "set", balancer, *kind, "--unhealthy")
    assert asked(daemon, zone) == ["10.0.0.9"]


@pytest.mark.parametrize(
    "rdtype, value, answer",
    [
        ("TXT", '"ex\\344mple" "b c"', '"ex\\228mple" "b c"'),
        ("CNAME", "elsewhere.example", "elsewhere.example."),
        ("MX", "10 mail.example", "10 mail.example."),
        ("AAAA", "2001:DB8::1", "2001:db8::1"),
    ],
)
def test_a_document_of_one_value(daemon, client, zone, rdtype, value, answer):
    install(client, zone, one(value, rdtype), ttl=7)
    reply = daemon.ask(f"tp.{zone[1]}", rdtype)
    assert records(reply.answer) == {(f"tp.{zone[1]}.", 7, rdtype, answer)}


# ---- what stands in the zone


def test_the_root_is_listed_and_the_rest_is_not(daemon, client, zone):  # R-TPF-3, A-LST-8
    instance = install(client, zone, S_33)
    reply = client.list_resource_record_sets(HostedZoneId=zone[0])
    assert reply["ResourceRecordSets"][-1] == {
        "Name": f"tp.{zone[1]}.",
        "Type": "A",
        "TrafficPolicyInstanceId": instance,
    }
    assert len(reply["ResourceRecordSets"]) == 3
    count = client.get_hosted_zone(Id=zone[0])["HostedZone"]["ResourceRecordSetCount"]
    assert count == 3
    lines = daemon.signpost("zone", "export", zone[1]).splitlines()
    assert lines[-1] == f"; tp IN A comes from the traffic policy instance {instance}"
    assert all(line.startswith(("$", "@")) for line in lines[:-1])
    listed = daemon.signpost("record", "list", zone[1])
    assert instance in listed


def test_no_question_finds_a_hidden_name(daemon, client, zone):  # R-TPF-3
    install(client, zone, S_33)
    said = daemon.signpost("explain", f"tp.{zone[1]}", "A", "--from", GERMANY)
    hidden = {word for word in said.split() if word.startswith("T") and zone[1] in word}
    assert hidden and all("-g." in name or "-f." in name for name in hidden)
    for name in hidden:
        for spelling in (name, name.lower(), name.upper()):
            assert rcode(daemon.ask(spelling.strip(",:;()"), subnet=GERMANY)) == "NXDOMAIN"


def test_other_records_may_lead_to_the_root(daemon, client, zone):  # R-TPF-3
    install(client, zone, S_33)
    name = f"tp.{zone[1]}"
    alias = {"HostedZoneId": zone[0], "DNSName": name, "EvaluateTargetHealth": True}
    apply(
        client,
        zone[0],
        change("CREATE", f"alias.{zone[1]}", "A", AliasTarget=alias),
        change("CREATE", f"cname.{zone[1]}", "CNAME", name),
    )
    assert asked(daemon, zone, GERMANY, "alias") == ["10.0.0.1"]
    assert asked(daemon, zone, GERMANY, "cname") == ["10.0.0.1"]


def test_records_of_the_root_are_the_instance_s(daemon, client, zone):  # A-TPF-3, A-CHG-15
    instance = install(client, zone, S_33)
    name = f"tp.{zone[1]}"
    assert refused(apply, client, zone[0], change("UPSERT", name, "A", "10.0.0.8")).code == (
        "InvalidChangeBatch"
    )
    for action in ("CREATE", "UPSERT"):
        of_instance = change(action, name, "A", TrafficPolicyInstanceId=instance)
        assert refused(apply, client, zone[0], of_instance).code == "InvalidInput"
    assert asked(daemon, zone, GERMANY) == ["10.0.0.1"]

    apply(client, zone[0], change("DELETE", name, "A", TrafficPolicyInstanceId=instance))
    assert rcode(daemon.ask(name)) == "NXDOMAIN"
    assert get(client, instance)["State"] == "Applied"
    applied_again = get(client, instance)
    client.update_traffic_policy_instance(
        Id=instance,
        TTL=5,
        TrafficPolicyId=applied_again["TrafficPolicyId"],
        TrafficPolicyVersion=1,
    )
    applied(client, instance)
    assert asked(daemon, zone, GERMANY) == ["10.0.0.1"]


def test_native_verbs_know_the_root_of_an_instance(daemon, client, zone):
    instance = install(client, zone, S_33)
    name = f"tp.{zone[1]}"
    assert f"traffic policy instance {instance}" in daemon.signpost("record", "list", zone[1])
    change = {"action": "UPSERT", "name": name, "type": "A", "traffic_policy_instance": instance}
    status, reply = daemon.request(
        "POST", f"/signpost/v1/zones/{zone[1]}/changes", {"changes": [change]}
    )
    assert status == 400 and "traffic_policy_instance" in reply["error"]["message"]
    said = daemon.command("record", "set", zone[1], name, "A", "--ttl", "5", "10.0.0.8").stderr
    assert f"was created by the traffic policy instance {instance}" in said
    other = {**change, "action": "DELETE", "traffic_policy_instance": "another"}
    status, reply = daemon.request(
        "POST", f"/signpost/v1/zones/{zone[1]}/changes", {"changes": [other]}
    )
    assert status == 400 and "do not match" in reply["error"]["message"]
    assert asked(daemon, zone, GERMANY) == ["10.0.0.1"]
    daemon.signpost("record", "delete", zone[1], name, "A")
    assert rcode(daemon.ask(name)) == "NXDOMAIN"


def test_a_zone_with_instances_is_not_replaced_by_a_file(daemon, client, zone):
    install(client, zone, S_33)
    text = daemon.signpost("zone", "export", zone[1])
    with pytest.raises(Refused, match="traffic policy instances"):
        daemon.import_text(zone[1], text, "--replace")
    assert asked(daemon, zone, GERMANY) == ["10.0.0.1"]
    assert refused(client.delete_hosted_zone, Id=zone[0]).code == "HostedZoneNotEmpty"


def test_instances_survive_a_restart(make_daemon):
    daemon = make_daemon().start()
    for check in CHECKS:
        daemon.signpost("health", "create", check)
    daemon.signpost("location", "import", ZONES / "lab.locations.csv")
    client = route53.client(daemon)
    zone = create_zone(client, "lab.test"), "lab.test"
    instance = install(client, zone, S_33)
    daemon.stop()
    daemon.start()
    assert asked(daemon, zone, GERMANY) == ["10.0.0.1"]
    assert get(route53.client(daemon), instance)["State"] == "Applied"


# ---- instances


def test_an_instance_as_it_is_told(client, zone):  # A-TPF-3
    policy = make_policy(client, S_33)
    made = create(client, zone, policy, name="*")
    expected = {
        "Id": made["Id"],
        "HostedZoneId": zone[0],
        "Name": f"\\052.{zone[1]}.",
        "TTL": 30,
        "State": "Creating",
        "Message": "",
        "TrafficPolicyId": policy,
        "TrafficPolicyVersion": 1,
        "TrafficPolicyType": "A",
    }
    assert made == expected
    applied(client, made["Id"])
    assert get(client, made["Id"]) == {**expected, "State": "Applied"}


def test_the_location_of_a_new_instance(daemon, client, zone):  # A-HTTP-7
    policy = make_policy(client, S_33)
    inner = (
        f"<HostedZoneId>/hostedzone/{zone[0]}</HostedZoneId><Name>tp.{zone[1]}</Name><TTL>30</TTL>"
        f"<TrafficPolicyId>{policy}</TrafficPolicyId><TrafficPolicyVersion>1</TrafficPolicyVersion>"
    )
    reply = route53.raw(
        daemon,
        "POST",
        "/2013-04-01/trafficpolicyinstance",
        route53.document("CreateTrafficPolicyInstanceRequest", inner),
    )
    assert reply.status == 201
    made = reply.find("TrafficPolicyInstance/Id")
    assert reply.headers["Location"].endswith(f"/2013-04-01/trafficpolicyinstance/{made}")


def test_an_update_is_one_step(daemon, client, zone):  # R-TPF-4
    """While the versions change, no answer is of neither version, and the two halves of one answer
    are of the same."""

    def pair(first, second):
        items = [{"EndpointReference": first}, {"EndpointReference": second}]
        return document({"m": {"RuleType": "multivalue", "Items": items}})

    policy = make_policy(client, pair("e1", "e2"))
    add_version(client, policy, pair("e3", "e4"))
    instance = applied(client, create(client, zone, policy)["Id"])
    seen, errors, done = set(), [], threading.Event()

    def watch():
        try:
            while not done.is_set():
                seen.add(tuple(asked(daemon, zone)))
        except Exception as error:  # for the test to tell
            errors.append(error)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        for version in (2, 1) * 5:
            client.update_traffic_policy_instance(
                Id=instance, TTL=30, TrafficPolicyId=policy, TrafficPolicyVersion=version
            )
            applied(client, instance)
            expected = ["10.0.0.1", "10.0.0.2"] if version == 1 else ["10.0.0.3", "10.0.0.4"]
            assert asked(daemon, zone) == expected
    finally:
        done.set()
        watcher.join()
    assert not errors
    assert seen <= {("10.0.0.1", "10.0.0.2"), ("10.0.0.3", "10.0.0.4")}


def test_an_update_leaves_nothing_behind(daemon, client, zone):  # R-TPF-4
    policy = make_policy(client, S_33)
    add_version(client, policy, one("10.0.0.8"))
    instance = applied(client, create(client, zone, policy)["Id"])
    reply = client.update_traffic_policy_instance(
        Id=instance, TTL=9, TrafficPolicyId=policy, TrafficPolicyVersion=2
    )["TrafficPolicyInstance"]
    assert (reply["State"], reply["TTL"], reply["TrafficPolicyVersion"]) == ("Updating", 9, 2)
    applied(client, instance)
    assert records(daemon.ask(f"tp.{zone[1]}").answer) == {(f"tp.{zone[1]}.", 9, "A", "10.0.0.8")}
    client.delete_traffic_policy_instance(Id=instance)
    assert refused(client.get_traffic_policy_instance, Id=instance).code == (
        "NoSuchTrafficPolicyInstance"
    )
    assert rcode(daemon.ask(f"tp.{zone[1]}")) == "NXDOMAIN"
    client.delete_hosted_zone(Id=zone[0])  # it holds nothing more, hidden or not


def test_a_name_in_use(daemon, client, zone):  # A-TPF-3
    apply(client, zone[0], change("CREATE", f"tp.{zone[1]}", "A", "10.0.0.5"))
    policy = make_policy(client, S_33)
    instance = create(client, zone, policy)["Id"]
    failed = get(client, instance)
    assert failed["State"] == "Failed"
    assert f"[name='tp.{zone[1]}.', type='A'] but it already exists" in failed["Message"]
    assert asked(daemon, zone, GERMANY) == ["10.0.0.5"]

    apply(client, zone[0], change("DELETE", f"tp.{zone[1]}", "A", "10.0.0.5"))
    client.update_traffic_policy_instance(
        Id=instance, TTL=30, TrafficPolicyId=policy, TrafficPolicyVersion=1
    )
    applied(client, instance)
    assert asked(daemon, zone, GERMANY) == ["10.0.0.1"]


def test_a_tree_that_cannot_stand_leaves_the_old_one(daemon, client, zone):  # R-TPF-5
    policy = make_policy(client, S_33)
    add_version(client, policy, S_33.replace('"h1"', '"nobody"'))
    instance = applied(client, create(client, zone, policy)["Id"])
    client.update_traffic_policy_instance(
        Id=instance, TTL=30, TrafficPolicyId=policy, TrafficPolicyVersion=2
    )
    failed = get(client, instance)
    assert (failed["State"], failed["TrafficPolicyVersion"]) == ("Failed", 2)
    assert "nobody" in failed["Message"]
    assert asked(daemon, zone, GERMANY) == ["10.0.0.1"]
    client.delete_traffic_policy_instance(Id=instance)
    assert rcode(daemon.ask(f"tp.{zone[1]}")) == "NXDOMAIN"


def test_one_instance_for_a_name_and_a_type(daemon, client, zone):  # R-TPF-2
    install(client, zone, S_33)
    refusal = refused(create, client, zone, make_policy(client, S_33))
    assert (refusal.code, refusal.status) == ("TrafficPolicyInstanceAlreadyExists", 409)
    install(client, zone, one("2001:db8::1", "AAAA"))
    assert asked(daemon, zone, rdtype="AAAA") == ["2001:db8::1"]
    assert asked(daemon, zone, GERMANY) == ["10.0.0.1"]


def test_what_an_instance_cannot_be_made_of(client, zone):
    policy = make_policy(client, S_33)
    vpc = {"VPCRegion": "us-east-1", "VPCId": "vpc-12345678"}
    private = create_zone(client, f"private.{zone[1]}", VPC=vpc), f"private.{zone[1]}"
    rows = [
        ("NoSuchHostedZone", ("ZNOSUCHZONE", zone[1]), policy, 1),
        ("NoSuchTrafficPolicy", zone, NOBODY, 1),
        ("NoSuchTrafficPolicy", zone, policy, 2),
        ("InvalidInput", (zone[0], "elsewhere.test"), policy, 1),
        ("InvalidInput", (zone[0], ".." + zone[1]), policy, 1),
        ("InvalidInput", private, policy, 1),
        ("InvalidInput", zone, policy, 1001),
    ]
    for code, where, which, version in rows:
        assert refused(create, client, where, which, version=version).code == code


def test_instances_page_by_page(client, daemon, make_daemon):  # A-TPF-2
    daemon = make_daemon().start()
    client = route53.client(daemon)
    policy = make_policy(client, one("10.0.0.1"))
    zones = [(create_zone(client, name), name) for name in ("b.test", "a.test")]
    made = [
        create(client, zone, policy, name)["Id"] for name in ("z", "*", "m") for zone in zones
    ]
    assert client.get_traffic_policy_instance_count()["TrafficPolicyInstanceCount"] == 6

    listed, marker = [], {}
    while True:
        page = client.list_traffic_policy_instances(MaxItems="2", **marker)
        listed += [instance["Id"] for instance in page["TrafficPolicyInstances"]]
        assert page["MaxItems"] == "2"
        if not page["IsTruncated"]:
            break
        marker = {key: page[key] for key in page if key.endswith("Marker")}
        assert set(marker) == {
            "HostedZoneIdMarker",
            "TrafficPolicyInstanceNameMarker",
            "TrafficPolicyInstanceTypeMarker",
        }
    assert listed == made

    page = client.list_traffic_policy_instances_by_hosted_zone(
        HostedZoneId=zones[1][0], MaxItems="2"
    )
    assert [instance["Id"] for instance in page["TrafficPolicyInstances"]] == [made[1], made[3]]
    rest = client.list_traffic_policy_instances_by_hosted_zone(
        HostedZoneId=zones[1][0],
        TrafficPolicyInstanceNameMarker=page["TrafficPolicyInstanceNameMarker"],
        TrafficPolicyInstanceTypeMarker=page["TrafficPolicyInstanceTypeMarker"],
    )
    assert [instance["Id"] for instance in rest["TrafficPolicyInstances"]] == [made[5]]
    assert not rest["IsTruncated"] and "TrafficPolicyInstanceNameMarker" not in rest

    by_policy = client.list_traffic_policy_instances_by_policy(
        TrafficPolicyId=policy, TrafficPolicyVersion=1
    )
    assert [instance["Id"] for instance in by_policy["TrafficPolicyInstances"]] == made
    assert refused(
        client.list_traffic_policy_instances_by_policy,
        TrafficPolicyId=policy,
        TrafficPolicyVersion=2,
    ).code == ("NoSuchTrafficPolicy")
    client.delete_traffic_policy_instance(Id=made[2])
    gone = {"HostedZoneIdMarker": zones[0][0], "TrafficPolicyInstanceNameMarker": "*.b.test"}
    assert refused(
        client.list_traffic_policy_instances, TrafficPolicyInstanceTypeMarker="A", **gone
    ).code == ("NoSuchTrafficPolicyInstance")
    assert refused(client.list_traffic_policy_instances, **gone).code == "InvalidInput"


# ---- policies and versions


def test_a_policy_as_it_is_told(daemon, client):  # A-TPF-1
    text = one("10.0.0.1") + "\n  "
    made = client.create_traffic_policy(Name="harbor", Document=text, Comment="first")
    policy = made["TrafficPolicy"]["Id"]
    assert made["Location"].endswith(f"/2013-04-01/trafficpolicy/{policy}/1")
    expected = {
        "Id": policy,
        "Version": 1,
        "Name": "harbor",
        "Type": "A",
        "Document": text,
        "Comment": "first",
    }
    assert made["TrafficPolicy"] == expected
    assert client.get_traffic_policy(Id=policy, Version=1)["TrafficPolicy"] == expected
    refusal = refused(client.create_traffic_policy, Name="harbor", Document=text)
    assert (refusal.code, refusal.status) == ("TrafficPolicyAlreadyExists", 409)
    updated = client.update_traffic_policy_comment(Id=policy, Version=1, Comment="")
    assert "Comment" not in updated["TrafficPolicy"]
    assert "Comment" not in client.get_traffic_policy(Id=policy, Version=1)["TrafficPolicy"]
    client.delete_traffic_policy(Id=policy, Version=1)


def test_versions(client, zone):  # R-TPF-1
    policy = make_policy(client, one("10.0.0.1"))
    assert add_version(client, policy, one("2001:db8::1", "AAAA")) == 2
    assert add_version(client, policy, one("10.0.0.3")) == 3
    client.delete_traffic_policy(Id=policy, Version=3)
    assert add_version(client, policy, one("10.0.0.4")) == 4
    page = client.list_traffic_policy_versions(Id=policy, MaxItems="2")
    assert [version["Version"] for version in page["TrafficPolicies"]] == [1, 2]
    assert [version["Type"] for version in page["TrafficPolicies"]] == ["A", "AAAA"]
    assert (page["IsTruncated"], page["TrafficPolicyVersionMarker"]) == (True, "4")
    page = client.list_traffic_policy_versions(Id=policy, TrafficPolicyVersionMarker="4")
    assert [version["Version"] for version in page["TrafficPolicies"]] == [4]
    assert (page["IsTruncated"], page["TrafficPolicyVersionMarker"]) == (False, "")

    instance = applied(client, create(client, zone, policy, version=4)["Id"])
    refusal = refused(client.delete_traffic_policy, Id=policy, Version=4)
    assert (refusal.code, refusal.status) == ("TrafficPolicyInUse", 400)
    client.delete_traffic_policy_instance(Id=instance)
    for version in (1, 2, 4):
        client.delete_traffic_policy(Id=policy, Version=version)
    assert refused(client.list_traffic_policy_versions, Id=policy).code == "NoSuchTrafficPolicy"
    assert refused(add_version, client, policy, "nothing").code == "NoSuchTrafficPolicy"
    assert refused(client.get_traffic_policy, Id=policy, Version=1).code == "NoSuchTrafficPolicy"


def test_policies_page_by_page(make_daemon):  # A-TPF-2
    client = route53.client(make_daemon().start())
    empty = client.list_traffic_policies()
    assert (empty["TrafficPolicySummaries"], empty["IsTruncated"]) == ([], False)
    made = [make_policy(client, one("10.0.0.1"), name) for name in ("c", "a", "b")]
    add_version(client, made[1], one("2001:db8::1", "AAAA"))
    page = client.list_traffic_policies(MaxItems="2")
    assert page["TrafficPolicySummaries"] == [
        {"Id": made[0], "Name": "c", "Type": "A", "LatestVersion": 1, "TrafficPolicyCount": 1},
        {"Id": made[1], "Name": "a", "Type": "AAAA", "LatestVersion": 2, "TrafficPolicyCount": 2},
    ]
    assert (page["IsTruncated"], page["TrafficPolicyIdMarker"]) == (True, made[2])
    page = client.list_traffic_policies(TrafficPolicyIdMarker=page["TrafficPolicyIdMarker"])
    assert [summary["Id"] for summary in page["TrafficPolicySummaries"]] == [made[2]]
    assert (page["IsTruncated"], page["TrafficPolicyIdMarker"]) == (False, "")
    assert refused(client.list_traffic_policies, TrafficPolicyIdMarker=NOBODY).code == (
        "InvalidInput"
    )


def test_quotas(make_daemon):  # R-QTA-16
    daemon = make_daemon(
        quotas=["traffic-policies=2", "traffic-policy-versions=2", "traffic-policy-instances=1"]
    ).start()
    client = route53.client(daemon)
    zone = create_zone(client, "lab.test"), "lab.test"
    policies = [make_policy(client, one("10.0.0.1")) for _ in range(2)]
    assert refused(make_policy, client, one("10.0.0.1")).code == "TooManyTrafficPolicies"
    add_version(client, policies[0], one("10.0.0.2"))
    assert refused(add_version, client, policies[0], one("10.0.0.3")).code == (
        "TooManyTrafficPolicyVersionsForCurrentPolicy"
    )
    create(client, zone, policies[0])
    assert refused(create, client, zone, policies[0], "other").code == (
        "TooManyTrafficPolicyInstances"
    )


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "it is not JSON"),
        ("{}", "it needs its AWSPolicyFormatVersion"),
        (one("10.0.0.300"), "Endpoints.e.Value: FATAL problem: ARRDATAIllegalIPv4Address"),
        (
            document(weighted({"EndpointReference": "e1", "Weight": "256"})),
            "Rules.w.Items[0].Weight: it is not a whole number from 0 to 255",
        ),
    ],
)
def test_documents_that_are_refused(client, text, message):  # A-TPF-1; the rest is in the units
    refusal = refused(client.create_traffic_policy, Name="never", Document=text)
    assert (refusal.code, refusal.status) == ("InvalidTrafficPolicyDocument", 400)
    assert message in refusal.message
