"""Batches of changes over the Route 53 API: what is refused and in which words, in which order it
is judged, what is listed afterwards and accepted back, and what DNS says then."""

import itertools
import subprocess
import xml.sax.saxutils

import pytest

import route53
from harness import Daemon
from route53 import apply, change, create_zone, raw, refused

ELB_ZONE = "Z32O12XQLNTSW2"  # eu-west-1
CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
POOL = "6f1e2a5c-0d3b-4c8e-9a71-2b54c0e8d913"
ABSENT = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Everybody makes a zone of their own; several may have one name (A-ZON-6)."""
    daemon = Daemon(tmp_path_factory.mktemp("batches"), workers=1)
    try:
        daemon.start()
        yield daemon
        daemon.stop()
    finally:
        daemon.kill()


@pytest.fixture(scope="module")
def client(server):
    return route53.client(server)


numbers = itertools.count()


@pytest.fixture
def zone(client):
    return create_zone(client, "harbor.test", f"batch {next(numbers)}")


@pytest.fixture
def served(client):
    """A zone whose name nobody else uses, so that DNS answers from it."""
    name = f"z{next(numbers)}.test"
    return create_zone(client, name, name), name


def alias(action, name, rdtype, target, zone_id, evaluate=False, **more):
    record_set = {"Name": name, "Type": rdtype, **more}
    record_set["AliasTarget"] = {
        "HostedZoneId": zone_id,
        "DNSName": target,
        "EvaluateTargetHealth": evaluate,
    }
    return {"Action": action, "ResourceRecordSet": record_set}


def weighted(action, name, identifier, weight=1, value="192.0.2.1", ttl=60, rdtype="A"):
    return change(action, name, rdtype, value, ttl=ttl, SetIdentifier=identifier, Weight=weight)


def listed(client, zone):
    """Every record set but those of the apex that every zone has."""
    pages = client.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone)
    return [
        record_set
        for page in pages
        for record_set in page["ResourceRecordSets"]
        if record_set["Type"] not in ("NS", "SOA") or record_set["Name"].count(".") > 2
    ]


# -- every refusal

A = "192.0.2.1"
WWW = "www.harbor.test"
HERE = "[name='www.harbor.test.', type='A']"
BLUE = "[name='www.harbor.test.', type='A', set-identifier='blue']"
OUTER = (
    "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or "
    "TrafficPolicyInstanceId], but found "
)
ROUTINGS = (
    "Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, "
    "MultiValueAnswer, GeoProximityLocation, or CidrRoutingConfig], but found "
)


def in_change(action="CREATE", name=WWW, rdtype="A", identifier="null"):
    return (
        f" in Change with [Action={action}, Name={name}, Type={rdtype}, SetIdentifier={identifier}]"
    )


def fatal(kind, text, value):
    return f"FATAL problem: {kind} ({text}) encountered with '{value}'"


def bad_value(kind, text, value):
    return f"Invalid Resource Record: '{fatal(kind, text, value)}'"


def create(*arguments, **more):
    return change("CREATE", *arguments, **more)


def of_zone(make):
    """A change that needs to know the zone's id."""
    make.needs_zone = True
    return make


def inside(action, name, rdtype, target, **more):
    return of_zone(lambda zone: alias(action, name, rdtype, target, zone, **more))


WEIGHTED_BLUE = weighted("CREATE", WWW, "blue")
NO_LIE = "but the alias target name does not lie within the target zone"
NOT_FOUND = "but that target was not found"


def targets(name, rdtype="A", zone="{zone}"):
    return f"Tried to create an alias that targets {name}, type {rdtype} in zone {zone}, "


def member(identifier, **policy):
    return create(WWW, "A", A, SetIdentifier=identifier, **policy)


def conflict(why, identifier="b", rdtype="A"):
    return (
        f"RRSet with DNS name www.harbor.test., type {rdtype}, SetIdentifier {identifier}"
        f"{why} with the same name and type."
    )


IPV4 = ("ARRDATAIllegalIPv4Address", "Value is not a valid IPv4 address")
IPV6 = ("AAAARRDATAIllegalIPv6Address", "Value is not a valid IPv6 address")
QUOTES = ("InvalidCharacterString", "Value should be enclosed in quotation marks")
UNSUPPORTED = ("UnsupportedCharacter", "Value contains unsupported characters")
EMPTY_LABEL = ("DomainLabelEmpty", "Domain label is empty")
LONG_LABEL = ("DomainLabelTooLong", "Domain label is too long")

# what it shows: set-up, batch, messages (of InvalidChangeBatch)
BATCHES = {
    # A-CHG-4
    "one set twice": (
        [],
        [create(WWW, "A", A), change("UPSERT", WWW, "A", A)],
        [
            "The request contains an invalid set of changes for a resource record set "
            "'A www.harbor.test.'"
        ]
        * 2,
    ),
    "one set deleted twice": (
        [create("*.harbor.test", "A", A)],
        [change("DELETE", "*.harbor.test", "A", A), change("DELETE", "\\052.harbor.test", "A", A)],
        [
            "The request contains an invalid set of changes for a resource record set "
            "'A \\052.harbor.test.'"
        ]
        * 2,
    ),
    # A-CHG-5
    "1,001 records": (
        [],
        [create(WWW, "A", *(f"10.0.{i // 250}.{i % 250}" for i in range(1001)))],
        ["Number of records limit of 1000 exceeded."],
    ),
    "501 records upserted": (
        [],
        [change("UPSERT", WWW, "A", *(f"10.0.{i // 250}.{i % 250}" for i in range(501)))],
        ["Number of records limit of 1000 exceeded."],
    ),
    "32,001 characters": (
        [],
        [create(WWW, "TXT", *(f'"{i}{"x" * 250}" "{"y" * 250}"' for i in range(100, 164)))],
        ["Number of characters limit of 32000 exceeded."],
    ),
    # A-NAM-1, A-NAM-2, A-NAM-5
    "an empty label": (
        [],
        [create("a..harbor.test", "A", A)],
        [fatal(*EMPTY_LABEL, "a..harbor.test")],
    ),
    "an empty name": (
        [],
        [create("", "A", A)],
        [fatal("DomainNameEmpty", "Domain name is empty", "")],
    ),
    "a long label": (
        [],
        [create("x" * 64 + ".harbor.test", "A", A)],
        [fatal(*LONG_LABEL, "x" * 64)],
    ),
    "a long name": (
        [],
        [create(".".join(["x" * 60] * 4) + ".harbor.test", "A", A)],
        [
            fatal(
                "DomainNameTooLong",
                "Domain name is too long",
                ".".join(["x" * 60] * 4) + ".harbor.test",
            )
        ],
    ),
    "a blank in a name": ([], [create("a b.harbor.test", "A", A)], [fatal(*UNSUPPORTED, " ")]),
    "a tab in a name": ([], [create("a\tb.harbor.test", "A", A)], [fatal(*UNSUPPORTED, "\t")]),
    "UTF-8 in a name": ([], [create("bücher.harbor.test", "A", A)], [fatal(*UNSUPPORTED, "ü")]),
    # A-CHG-20 to A-CHG-22
    "outside the zone": (
        [],
        [create("www.other.test", "A", A)],
        ["RRSet with DNS name www.other.test. is not permitted in zone harbor.test."],
    ),
    "a CNAME at the apex": (
        [],
        [create("harbor.test", "CNAME", "other.test")],
        [
            "RRSet of type CNAME with DNS name harbor.test. is not permitted at apex in zone "
            "harbor.test."
        ],
    ),
    "an alias of type CNAME at the apex": (
        [create("c.harbor.test", "CNAME", "x.test")],
        [inside("CREATE", "harbor.test", "CNAME", "c.harbor.test")],
        [
            "RRSet of type CNAME with DNS name harbor.test. is not permitted at apex in zone "
            "harbor.test."
        ],
    ),
    "NS at a wildcard": (
        [],
        [create("*.harbor.test", "NS", "ns.other.test")],
        ["\\052.harbor.test. NS: a wildcard cannot be delegated"],
    ),
    "a SOA below the apex": (
        [],
        [create(WWW, "SOA", "ns.test h.test 1 2 3 4 5")],
        ["www.harbor.test. SOA: a SOA stands only at the top of the zone"],
    ),
    "weighted DS": (
        [],
        [weighted("CREATE", WWW, "b", value="1 8 2 " + "00" * 32, rdtype="DS")],
        ["www.harbor.test. DS: records of this type have no policy other than simple"],
    ),
    "a multivalue CNAME": (
        [],
        [create(WWW, "CNAME", "x.test", SetIdentifier="b", MultiValueAnswer=True)],
        ["www.harbor.test. CNAME: a CNAME cannot be a multivalue answer"],
    ),
    # A-CHG-23
    "no IPv4 address": ([], [create(WWW, "A", "1.2.3")], [bad_value(*IPV4, "1.2.3")]),
    "no IPv6 address": ([], [create(WWW, "AAAA", "1.2.3.4")], [bad_value(*IPV6, "1.2.3.4")]),
    "text without quotes": (
        [],
        [create(WWW, "TXT", "a & <b>")],
        [bad_value(*QUOTES, "a & <b>")],
    ),
    "SPF without quotes": ([], [create(WWW, "SPF", "v=spf1")], [bad_value(*QUOTES, "v=spf1")]),
    "a string of 256": (
        [],
        [create(WWW, "TXT", '"' + "x" * 256 + '"')],
        [bad_value("CharacterStringTooLong", "Value is too long", '"' + "x" * 256 + '"')],
    ),
    "UTF-8 in text": ([], [create(WWW, "TXT", '"ü"')], [bad_value(*UNSUPPORTED, '"ü"')]),
    "an empty label in a value": (
        [],
        [create(WWW, "CNAME", "a..b")],
        [bad_value(*EMPTY_LABEL, "a..b")],
    ),
    "a long label in a value": (
        [],
        [create(WWW, "MX", "10 " + "x" * 64)],
        [bad_value(*LONG_LABEL, "x" * 64)],
    ),
    "no name in a value": (
        [],
        [create(WWW, "NS", "")],
        [bad_value("DomainNameEmpty", "Domain name is empty", "")],
    ),
    "one field of MX": (
        [],
        [create(WWW, "MX", "mail.test")],
        [bad_value("MXRRDATANotTwoFields", "MX record doesn't have 2 fields", "mail.test")],
    ),
    "three fields of SRV": (
        [],
        [create(WWW, "SRV", "1 2 mail.test")],
        [bad_value("SRVRRDATANotFourFields", "SRV record doesn't have 4 fields", "1 2 mail.test")],
    ),
    "the first bad value of a change only": (
        [],
        [create(WWW, "A", A, "x", "y")],
        [bad_value(*IPV4, "x")],
    ),
    # A-CHG-24
    "two CNAMEs": (
        [],
        [create(WWW, "CNAME", "a.test", "b.test")],
        ["www.harbor.test. CNAME: it has 2 values and may have only one"],
    ),
    "a value twice": (
        [],
        [create(WWW, "A", A, "192.0.2.2", A)],
        [f"Duplicate Resource Record: '{A}'"],
    ),
    "a name twice, written in two ways": (
        [],
        [create(WWW, "MX", "10 Mail.test", "10 mail.test.")],
        ["Duplicate Resource Record: '10 mail.test.'"],
    ),
    # A-CHG-27 to A-CHG-29
    "what exists already": (
        [create(WWW, "A", A)],
        [create("WWW.Harbor.Test.", "A", "192.0.2.2")],
        [f"Tried to create resource record set {HERE} but it already exists"],
    ),
    "a member that exists already": (
        [WEIGHTED_BLUE],
        [WEIGHTED_BLUE],
        [f"Tried to create resource record set {BLUE} but it already exists"],
    ),
    "nothing to delete": (
        [],
        [change("DELETE", WWW, "A", A)],
        [f"Tried to delete resource record set {HERE} but it was not found"],
    ),
    "no such member to delete": (
        [weighted("CREATE", WWW, "Blue")],
        [weighted("DELETE", WWW, "blue")],
        [f"Tried to delete resource record set {BLUE} but it was not found"],
    ),
    # A-CHG-32
    "the last SOA": (
        [],
        [of_zone(lambda zone: ("DELETE", "SOA"))],
        ["A HostedZone must contain exactly one SOA record."],
    ),
    "the last NS": (
        [],
        [of_zone(lambda zone: ("DELETE", "NS"))],
        ["A HostedZone must contain at least one NS record for the zone itself."],
    ),
    # A-CHG-40 to A-CHG-43
    "a CNAME beside others": (
        [create(WWW, "A", A)],
        [create(WWW, "CNAME", "x.test")],
        [
            "RRSet of type CNAME with DNS name www.harbor.test. is not permitted as it conflicts "
            "with other records with the same DNS name in zone harbor.test."
        ],
    ),
    "others beside a CNAME": (
        [create(WWW, "CNAME", "x.test")],
        [create(WWW, "TXT", '"x"')],
        [
            "RRSet of type TXT with DNS name www.harbor.test. is not permitted because a conflicting "
            "RRSet of type CNAME with the same DNS name already exists in zone harbor.test."
        ],
    ),
    "a simple set beside a group": (
        [WEIGHTED_BLUE],
        [change("UPSERT", WWW, "A", A)],
        [
            "RRSet with DNS name www.harbor.test., type A cannot be created as other RRSets exist "
            "with the same name and type."
        ],
    ),
    "a weighted set beside a simple one": (
        [create(WWW, "A", A)],
        [weighted("UPSERT", WWW, "b")],
        [conflict(" cannot be created as a non-weighted set exists")],
    ),
    "multivalue beside weighted": (
        [WEIGHTED_BLUE],
        [member("b", MultiValueAnswer=True)],
        [conflict(" cannot be created because a non multivalue answer rrset exists")],
    ),
    "latency beside weighted": (
        [WEIGHTED_BLUE],
        [member("b", Region="us-east-1")],
        [conflict(" cannot be created as a non-latency set exists")],
    ),
    "failover beside weighted": (
        [WEIGHTED_BLUE],
        [member("b", Failover="PRIMARY")],
        [conflict(" cannot be created as a non-failover set exists")],
    ),
    "geolocation beside weighted": (
        [WEIGHTED_BLUE],
        [member("b", GeoLocation={"CountryCode": "DE"})],
        [conflict(" cannot be created as a non-geolocation set exists")],
    ),
    # A-CHG-44
    "another TTL in a weighted group": (
        [WEIGHTED_BLUE, weighted("CREATE", WWW, "green")],
        [weighted("UPSERT", WWW, "blue", ttl=61)],
        [
            "RRSet with DNS name www.harbor.test., type A, SetIdentifier blue cannot be created as "
            "weighted sets must contain the same TTL."
        ],
    ),
    # A-CHG-45
    "a Region twice": (
        [member("a", Region="us-east-1")],
        [member("b", Region="us-east-1")],
        [
            "RRSet with DNS name www.harbor.test., type A, SetIdentifier b, and Region "
            "Name=us-east-1 cannot be created because a latency RRSet with the same name, type and "
            "region already exists."
        ],
    ),
    "a place twice": (
        [member("a", GeoLocation={"ContinentCode": "EU"})],
        [member("b", GeoLocation={"ContinentCode": "EU"})],
        [
            "RRSet with DNS name www.harbor.test., type A, SetIdentifier b cannot be created because "
            "a geolocation RRSet with the same name, type and location already exists."
        ],
    ),
    "a role twice": (
        [member("a", Failover="PRIMARY")],
        [member("b", Failover="PRIMARY")],
        [
            "RRSet with DNS name www.harbor.test., type A, SetIdentifier b cannot be created because "
            "a failover RRSet with the same name, type and failover role already exists."
        ],
    ),
    # A-CHG-46
    "101 members": (
        [weighted("CREATE", WWW, f"m{i}") for i in range(100)],
        [weighted("CREATE", WWW, "b")],
        ["www.harbor.test. A: a group of weighted sets has at most 100 of them"],
    ),
    # A-CHG-50
    "an alias to nothing": (
        [],
        [inside("CREATE", WWW, "A", "*.harbor.test")],
        [targets("\\052.harbor.test.") + NOT_FOUND],
    ),
    "an alias out of the zone": (
        [],
        [inside("CREATE", WWW, "A", "www.other.test")],
        [targets("www.other.test.") + NO_LIE, targets("www.other.test.") + NOT_FOUND],
    ),
    "an alias to another type": (
        [create("a.harbor.test", "A", A)],
        [inside("CREATE", WWW, "AAAA", "a.harbor.test")],
        [targets("a.harbor.test.", "AAAA") + NOT_FOUND],
    ),
    "an alias of type NS": (
        [],
        [inside("CREATE", WWW, "NS", "harbor.test")],
        [
            "www.harbor.test. NS: it cannot be an alias, because NS and SOA records cannot be "
            "targets"
        ],
    ),
    "a bad name in an alias": (
        [],
        [inside("CREATE", WWW, "A", "a..b")],
        [fatal(*EMPTY_LABEL, "a..b")],
    ),
    # A-CHG-51
    "an alias to itself": (
        [create(WWW, "A", A)],
        [inside("UPSERT", WWW, "A", WWW)],
        [
            "RRSet of type A with DNS name www.harbor.test. is not permitted as it creates a CNAME or "
            "alias loop in the zone."
        ],
    ),
    "CNAMEs in a circle": (
        [create("a.harbor.test", "CNAME", WWW)],
        [create(WWW, "CNAME", "A.harbor.test")],
        [
            "RRSet of type CNAME with DNS name www.harbor.test. is not permitted as it creates a "
            "CNAME or alias loop in the zone."
        ],
    ),
    # A-CHG-53, A-CHG-54
    "a name that is not the service's": (
        [],
        [alias("CREATE", WWW, "A", "lb.us-east-1.elb.amazonaws.com", ELB_ZONE)],
        [targets("lb.us-east-1.elb.amazonaws.com.", zone=ELB_ZONE) + NO_LIE],
    ),
    "a zone that nobody has": (
        [],
        [alias("CREATE", WWW, "A", "www.other.test", "nobodys")],
        [
            targets("www.other.test.", zone="nobodys") + NO_LIE,
            targets("www.other.test.", zone="nobodys") + NOT_FOUND,
        ],
    ),
    # A-ERR-3
    "faults of several changes, in their order": (
        [create("b.harbor.test", "A", A)],
        [
            create("b.harbor.test", "A", A),
            create("good.harbor.test", "A", A),
            create("c.harbor.test", "A", "x"),
            create("d..harbor.test", "A", "x"),
            create("e.other.test", "A", "x"),
        ],
        [
            "Tried to create resource record set [name='b.harbor.test.', type='A'] but it already "
            "exists",
            bad_value(*IPV4, "x"),
            fatal(*EMPTY_LABEL, "d..harbor.test"),
            "RRSet with DNS name e.other.test. is not permitted in zone harbor.test.",
        ],
    ),
    # 7.7: what is found at the end of a batch stands behind what its changes have
    "the end of a batch": (
        [],
        [of_zone(lambda zone: ("DELETE", "SOA")), create(WWW, "A", "x")],
        [bad_value(*IPV4, "x"), "A HostedZone must contain exactly one SOA record."],
    ),
}

# what it shows: set-up, batch, code, message
OTHERS = {
    # A-CHG-10
    "neither values nor alias": (
        [],
        [create(WWW, "A")],
        "InvalidInput",
        OUTER + "none" + in_change(),
    ),
    "a TTL alone": (
        [],
        [create(WWW, "A", TTL=0)],
        "InvalidInput",
        OUTER + "none" + in_change(),
    ),
    "values alone": (
        [],
        [create(WWW, "A", ResourceRecords=[{"Value": A}])],
        "InvalidInput",
        OUTER + "none" + in_change(),
    ),
    "a TTL beside an alias": (
        [],
        [inside("CREATE", "WWW.harbor.test.", "A", WWW, TTL=0)],
        "InvalidInput",
        OUTER + "more than one" + in_change(name="WWW.harbor.test."),
    ),
    # A-CHG-11, A-CHG-12; they hold for DELETE as well
    "no policy": (
        [],
        [member("b & 'c'")],
        "InvalidInput",
        ROUTINGS + "none" + in_change(identifier="b & 'c'"),
    ),
    "two policies": (
        [],
        [change("DELETE", WWW, "A", A, SetIdentifier="b", Weight=0, Region="us-east-1")],
        "InvalidInput",
        ROUTINGS + "more than one" + in_change("DELETE", identifier="b"),
    ),
    "no identifier": (
        [],
        [change("UPSERT", WWW, "A", A, Weight=0)],
        "InvalidInput",
        "Invalid request: Missing field 'SetIdentifier'" + in_change("UPSERT"),
    ),
    # A-CHG-13
    "a multivalue alias": (
        [],
        [inside("CREATE", WWW, "A", "x.harbor.test", SetIdentifier="b", MultiValueAnswer=True)],
        "InvalidInput",
        "a multivalue answer set cannot be an alias" + in_change(identifier="b"),
    ),
    # A-CHG-15
    "an instance": (
        [],
        [create(WWW, "A", TrafficPolicyInstanceId=ABSENT)],
        "InvalidInput",
        "Invalid request: TrafficPolicyInstanceId is set by CreateTrafficPolicyInstance only"
        + in_change(),
    ),
    # A-CHG-17
    "a continent and a country": (
        [],
        [member("b", GeoLocation={"ContinentCode": "EU", "CountryCode": "DE"})],
        "InvalidInput",
        "a geolocation is a continent, a country, a country and its subdivision, or * in place of "
        "a country" + in_change(identifier="b"),
    ),
    "no such country": (
        [],
        [member("b", GeoLocation={"CountryCode": "XX"})],
        "InvalidInput",
        'there is no country "XX" (two capital letters of ISO 3166, as GB)'
        + in_change(identifier="b"),
    ),
    "no such collection": (
        [],
        [member("b", CidrRoutingConfig={"CollectionId": ABSENT, "LocationName": "*"})],
        "InvalidInput",
        f'there is no CIDR collection with the id {ABSENT}: "signpost collection list" shows those '
        "that are there" + in_change(identifier="b"),
    ),
    # A-CHG-56
    "CloudFront with its health": (
        [],
        [alias("CREATE", WWW, "A", "d1.cloudfront.net", CLOUDFRONT_ZONE, True)],
        "InvalidInput",
        "EvaluateTargetHealth must be false for d1.cloudfront.net., a resource of the kind "
        "cloudfront" + in_change(),
    ),
    # A-CHG-31
    "no such health check": (
        [],
        [create(WWW, "A", A, HealthCheckId=ABSENT)],
        "NoSuchHealthCheck",
        f"A health check with id {ABSENT} does not exist.",
    ),
    # 7.7: shapes come before everything else but the size of the batch
    "a shape before a value": (
        [],
        [create("a..b", "A", "x"), create(WWW, "A")],
        "InvalidInput",
        OUTER + "none" + in_change(),
    ),
    "sizes before shapes": (
        [],
        [
            create(WWW, "A"),
            create("a." + WWW, "A", *(f"10.0.{i // 250}.{i % 250}" for i in range(1001))),
        ],
        "InvalidChangeBatch",
        "[Number of records limit of 1000 exceeded.]",
    ),
    # A-XML-9
    "no such action": (
        [],
        [change("REMOVE", WWW, "A", A)],
        "InvalidInput",
        "Invalid XML ; cvc-enumeration-valid: Value 'REMOVE' is not facet-valid with respect to "
        "enumeration '[CREATE, DELETE, UPSERT]'. It must be a value from the enumeration.",
    ),
}


def apex_set(client, zone, rdtype):
    sets = client.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return next(each for each in sets if each["Type"] == rdtype)


def settle(client, zone, changes):
    """Changes that were waiting for the zone's id."""
    for each in changes:
        if not callable(each):
            yield each
            continue
        made = each(zone)
        if isinstance(made, tuple):
            made = {"Action": made[0], "ResourceRecordSet": apex_set(client, zone, made[1])}
        yield made


def check_refusal(client, zone, before, batch, code, message):
    if before:
        apply(client, zone, *settle(client, zone, before))
    there = listed(client, zone)
    batch = list(settle(client, zone, batch))
    refusal = refused(apply, client, zone, *batch)
    assert (refusal.code, refusal.message) == (code, message.replace("{zone}", zone))
    assert refusal.status == (404 if code.startswith("NoSuch") else 400)
    assert listed(client, zone) == there  # A-CHG-2: a refused batch leaves no trace


@pytest.mark.parametrize("why", BATCHES)
def test_a_batch_is_refused(client, zone, why):
    before, batch, messages = BATCHES[why]
    message = "[" + ", ".join(messages) + "]"
    check_refusal(client, zone, before, batch, "InvalidChangeBatch", message)


@pytest.mark.parametrize("why", OTHERS)
def test_a_request_is_refused(client, zone, why):
    check_refusal(client, zone, *OTHERS[why])


def test_an_alias_into_another_zone_is_refused(client, zone):
    """A-CHG-52."""
    other = create_zone(client, "other.test", f"other {next(numbers)}")
    apply(client, other, create("www.other.test", "A", A))
    refusal = refused(apply, client, zone, alias("CREATE", WWW, "A", "www.other.test", other))
    message = "[" + targets("www.other.test.", zone=other) + NOT_FOUND + "]"
    assert (refusal.code, refusal.message) == ("InvalidChangeBatch", message)


def test_an_unknown_zone_comes_before_the_batch(client):
    refusal = refused(apply, client, "ZNOBODY", create("a..b", "A", "x"))
    assert (refusal.code, refusal.message) == (
        "NoSuchHostedZone",
        "No hosted zone found with ID: ZNOBODY",
    )


# -- what is carried out, in the order of the list

CARRIED_OUT = {
    "DELETE, then a CNAME": (
        [create(WWW, "A", A)],
        [change("DELETE", WWW, "A", A), create(WWW, "CNAME", "x.test")],
    ),
    "DELETE, then CREATE": (
        [create(WWW, "A", A)],
        [change("DELETE", WWW, "A", A), create(WWW, "A", "192.0.2.2")],
    ),
    "a target, then its alias": (
        [],
        [create("a.harbor.test", "A", A), inside("CREATE", WWW, "A", "a.harbor.test")],
    ),
    "a group gets another TTL": (  # A-CHG-44
        [WEIGHTED_BLUE, weighted("CREATE", WWW, "green")],
        [weighted("UPSERT", WWW, "blue", ttl=5), weighted("UPSERT", WWW, "green", ttl=5)],
    ),
    "a simple set becomes a group": (
        [create(WWW, "A", A)],
        [change("DELETE", WWW, "A", A), WEIGHTED_BLUE],
    ),
    "a target goes, its alias stays": (  # A-CHG-55
        [create("a.harbor.test", "A", A), inside("CREATE", WWW, "A", "a.harbor.test")],
        [change("DELETE", "a.harbor.test", "A", A)],
    ),
    "UPSERT of what is there": ([create(WWW, "A", A)], [change("UPSERT", WWW, "A", A)]),
    "the SOA is replaced": (  # A-CHG-32
        [],
        [of_zone(lambda zone: ("DELETE", "SOA")), create("harbor.test", "SOA", "a. b. 1 2 3 4 5")],
    ),
    "names of services": (  # A-CHG-53
        [],
        [
            alias("CREATE", WWW, "A", "dualstack.lb.eu-west-1.elb.amazonaws.com.", ELB_ZONE, True),
            alias("CREATE", "cdn.harbor.test", "AAAA", "d1.cloudfront.net", CLOUDFRONT_ZONE),
        ],
    ),
    "a failover alias without its health": (  # A-CHG-56
        [create("a.harbor.test", "A", A)],
        [inside("CREATE", WWW, "A", "a.harbor.test", SetIdentifier="p", Failover="PRIMARY")],
    ),
    "1,000 records": (  # A-CHG-5
        [],
        [create(f"r{i}.harbor.test", "A", A) for i in range(1000)],
    ),
    "a health check that need not be one": (  # A-CHG-13
        [],
        [create(WWW, "A", A, MultiValueAnswer=False)],
    ),
}


@pytest.mark.parametrize("why", CARRIED_OUT)
def test_a_batch_is_carried_out(client, zone, why):
    before, batch = CARRIED_OUT[why]
    if before:
        apply(client, zone, *settle(client, zone, before))
    info = apply(client, zone, *settle(client, zone, batch), comment="blue & green")
    assert info["Comment"] == "blue & green" and info["Status"] == "PENDING"
    assert client.get_change(Id=info["Id"])["ChangeInfo"]["Status"] == "INSYNC"


@pytest.mark.parametrize(
    "batch",
    [
        [create(WWW, "CNAME", "x.test"), change("DELETE", WWW, "A", A)],
        [inside("CREATE", "b.harbor.test", "A", "a.harbor.test"), create("a.harbor.test", "A", A)],
    ],
)
def test_the_server_does_not_sort_a_batch(client, zone, batch):
    """A-TRP-11: what would pass in another order is refused."""
    apply(client, zone, create(WWW, "A", A))
    batch = list(settle(client, zone, batch))
    assert refused(apply, client, zone, *batch).code == "InvalidChangeBatch"
    apply(client, zone, *reversed(batch))


# -- DELETE

ODD_SETS = [
    {"Name": "\\052.harbor.test.", "Type": "A", "TTL": 0, "Values": ["192.0.2.2", "192.0.2.1"]},
    {"Name": "v6.harbor.test.", "Type": "AAAA", "TTL": 5, "Values": ["2001:DB8:0:0::1"]},
    {"Name": "caa.harbor.test.", "Type": "CAA", "TTL": 5, "Values": ['0 issue "ca.test; x=y"']},
    {"Name": "a\\100b.harbor.test.", "Type": "CNAME", "TTL": 5, "Values": ["WWW.Other.test"]},
    {"Name": "sub.harbor.test.", "Type": "NS", "TTL": 5, "Values": ["ns1.other.test", "ns2.test."]},
    {"Name": "sub.harbor.test.", "Type": "DS", "TTL": 5, "Values": ["1 8 2 " + "Ab" * 32]},
    {"Name": "mx.harbor.test.", "Type": "MX", "TTL": 5, "Values": ["10  Mail.other.test"]},
    {
        "Name": "naptr.harbor.test.",
        "Type": "NAPTR",
        "TTL": 5,
        "Values": ['100 50 "u" "E2U+sip" "!^(.*)$!sip:\\\\1@x.test!" .'],
    },
    {"Name": "ptr.harbor.test.", "Type": "PTR", "TTL": 5, "Values": ["\\052.other.test"]},
    {"Name": "spf.harbor.test.", "Type": "SPF", "TTL": 5, "Values": ['"v=spf1" " -all"']},
    {"Name": "_x._tcp.harbor.test.", "Type": "SRV", "TTL": 5, "Values": ["1 10 5269 xmpp.test"]},
    {
        "Name": "txt.harbor.test.",
        "Type": "TXT",
        "TTL": 5,
        "Values": [
            '"a"  "b c" ',
            '"ex\\344mple & <x> \\"q\\" \\\\ ;"',
            '"' + "x" * 255 + '" "\\040\\x"',
            '""',
        ],
    },
    {"Name": "ssh.harbor.test.", "Type": "SSHFP", "TTL": 5, "Values": ["1 1 " + "0F" * 20]},
    {"Name": "_443._tcp.harbor.test.", "Type": "TLSA", "TTL": 5, "Values": ["3 1 1 " + "0f" * 32]},
    {
        "Name": "svc.harbor.test.",
        "Type": "SVCB",
        "TTL": 5,
        "Values": ['1 svc.other.test port="8443" alpn=h2'],
    },
    {
        "Name": "web.harbor.test.",
        "Type": "HTTPS",
        "TTL": 5,
        "Values": ['1 . alpn="h2,h3" ipv4hint=192.0.2.1,192.0.2.2 ohttp'],
    },
    {
        "Name": "group.harbor.test.",
        "Type": "A",
        "SetIdentifier": " a & <b> \"c\" 'd' ü/?%41",
        "Weight": 0,
        "TTL": 0,
        "Values": ["192.0.2.1"],
    },
]


def spelled_out(record_set):
    made = {key: value for key, value in record_set.items() if key != "Values"}
    made["ResourceRecords"] = [{"Value": value} for value in record_set["Values"]]
    return made


def test_what_is_listed_is_what_was_sent_and_is_accepted_back(client, zone):
    """A-CHG-25, A-TRP-10, A-TRP-26 to A-TRP-28."""
    sent = [spelled_out(record_set) for record_set in ODD_SETS]
    apply(client, zone, *({"Action": "CREATE", "ResourceRecordSet": each} for each in sent))
    found = listed(client, zone)
    assert sorted(found, key=repr) == sorted(sent, key=repr)
    apply(client, zone, *({"Action": "DELETE", "ResourceRecordSet": each} for each in found))
    assert listed(client, zone) == []


ZONE_FILE = r"""
@ 900 IN SOA ns.test. h.test. 1 2 3 4 5
@ 60 IN NS ns.test.
a\@b 60 IN TXT "ex\228mple" "say \"hi\" \\ ;"
*.w 60 IN MX 10 a\.b.other.test.
h 60 IN HTTPS 1 . alpn=h2 key8 mandatory=key8
c 60 IN CAA 128 issue "x"
d 60 IN DS 1 RSASHA256 2 0000000000000000000000000000000000000000000000000000000000000000
;@ g 60 IN A geoproximity id="a" coordinates=47.6,-122.33 bias=5 value 192.0.2.1
;@ g 60 IN A geoproximity id="b" region=us-east-1 value 192.0.2.2
;@ m 60 IN A multivalue id="a" value 192.0.2.1
;@ l 60 IN A latency id="a" region=us-east-1 value 192.0.2.1
;@ e 60 IN A geolocation id="a" country=US subdivision=CA value 192.0.2.1
;@ e 60 IN A geolocation id="b" country=* value 192.0.2.1
;@ e 60 IN A geolocation id="c" continent=EU value 192.0.2.1
;@ r A simple alias m evaluate-health=yes
;@ f 60 IN A failover id="p" role=PRIMARY value 192.0.2.1
;@ f 60 IN A failover id="s" role=SECONDARY value 192.0.2.1
"""


def xml_of(value, item=None):
    """A boto3 structure as the API's XML."""
    if isinstance(value, dict):
        return "".join(f"<{key}>{xml_of(inner, key)}</{key}>" for key, inner in value.items())
    if isinstance(value, list):
        return "".join(f"<{item[:-1]}>{xml_of(inner)}</{item[:-1]}>" for inner in value)
    return xml.sax.saxutils.escape(str(value).lower() if isinstance(value, bool) else str(value))


def test_what_was_imported_is_listed_so_that_it_can_be_deleted(server, client):
    """One code path: what came as a zone file is accepted back as listed, element by element."""
    server.import_text("imported.test", ZONE_FILE)
    zones = client.list_hosted_zones_by_name(DNSName="imported.test")["HostedZones"]
    zone = zones[0]["Id"].removeprefix("/hostedzone/")
    target = f"/2013-04-01/hostedzone/{zone}/rrset"
    text = raw(server, "GET", target).text.decode()
    pieces = text.split("<ResourceRecordSet>")[1:]
    assert len(pieces) == 17
    for piece in pieces:
        record_set = piece.split("</ResourceRecordSet>")[0]
        if "<Name>imported.test.</Name>" in record_set:
            continue
        body = route53.document(
            "ChangeResourceRecordSetsRequest",
            "<ChangeBatch><Changes><Change><Action>DELETE</Action><ResourceRecordSet>"
            f"{record_set}</ResourceRecordSet></Change></Changes></ChangeBatch>",
        )
        reply = raw(server, "POST", target, body)
        assert reply.status == 200, (record_set, reply.message)
    assert listed(client, zone) == []
    client.delete_hosted_zone(Id=zone)


def test_an_upsert_may_change_no_more_than_the_text(client, zone):
    """A-CHG-25: DNS sees no difference, whoever lists does."""
    for value in ("www.other.test", "WWW.other.test.", "www.other.test."):
        apply(client, zone, change("UPSERT", WWW, "CNAME", value))
        assert listed(client, zone)[0]["ResourceRecords"] == [{"Value": value}]


def xml_change(action, inner):
    return (
        f"<Change><Action>{action}</Action><ResourceRecordSet><Name>{WWW}</Name><Type>A</Type>"
        f"{inner}<TTL>5</TTL><ResourceRecords><ResourceRecord><Value>{A}</Value></ResourceRecord>"
        "</ResourceRecords></ResourceRecordSet></Change>"
    )


def send_xml(server, zone, *changes):
    body = route53.document(
        "ChangeResourceRecordSetsRequest",
        "<ChangeBatch><Changes>" + "".join(changes) + "</Changes></ChangeBatch>",
    )
    return raw(server, "POST", f"/2013-04-01/hostedzone/{zone}/rrset", body)


def near(identifier, place):
    return (
        f"<SetIdentifier>{identifier}</SetIdentifier>"
        f"<GeoProximityLocation>{place}</GeoProximityLocation>"
    )


SEATTLE = "<Coordinates><Latitude>47.6</Latitude><Longitude>-122.33</Longitude></Coordinates>"


def test_places_that_old_clients_do_not_know(server, client, zone):
    """A-CHG-17, A-CHG-43, A-CHG-45: geoproximity, as it stands in the document."""
    first = xml_change("CREATE", near("a", SEATTLE + "<Bias>0</Bias>"))
    assert send_xml(server, zone, first).status == 200
    text = raw(server, "GET", f"/2013-04-01/hostedzone/{zone}/rrset").text.decode()
    assert f"<GeoProximityLocation>{SEATTLE}<Bias>0</Bias></GeoProximityLocation>" in text
    rows = [
        (
            "InvalidChangeBatch",
            near(
                "b",
                "<Coordinates><Latitude>47.60</Latitude><Longitude>-122.33</Longitude>"
                "</Coordinates>",
            ),
            "[RRSet with DNS name www.harbor.test., type A, SetIdentifier b cannot be created "
            "because a geoproximity RRSet with the same name, type and place already exists.]",
        ),
        (
            "InvalidChangeBatch",
            "<SetIdentifier>b</SetIdentifier><Weight>0</Weight>",
            "[RRSet with DNS name www.harbor.test., type A, SetIdentifier b cannot be created as a "
            "non-weighted set exists with the same name and type.]",
        ),
        (
            "InvalidInput",
            near("b", "<AWSRegion>us-east-1</AWSRegion>" + SEATTLE),
            "a geoproximity set has one place: a Region, a Local Zone group, or a latitude and a "
            "longitude" + in_change(identifier="b"),
        ),
        (
            "InvalidInput",
            near("b", "<AWSRegion>mars-1</AWSRegion>"),
            'there is no Region "mars-1" (they are written as eu-west-1)'
            + in_change(identifier="b"),
        ),
        (
            "InvalidInput",
            near("b", "<AWSRegion>us-east-1</AWSRegion><Bias>100</Bias>"),
            "Invalid XML ; cvc-maxInclusive-valid: Value '100' is not facet-valid with respect to "
            "maxInclusive '99' for type 'Bias'.",
        ),
    ]
    for code, inner, message in rows:
        reply = send_xml(server, zone, xml_change("CREATE", inner))
        assert (reply.status, reply.code, reply.message) == (400, code, message)
    assert send_xml(server, zone, first.replace("CREATE", "DELETE")).status == 200


WHOLE = {
    "Name": WWW,
    "Type": "MX",
    "SetIdentifier": "s",
    "Weight": 1,
    "TTL": 60,
    "ResourceRecords": [{"Value": "10 a.test"}, {"Value": "20 b.test"}],
}
SAME = [
    {"ResourceRecords": [{"Value": "20 b.test"}, {"Value": "10 a.test"}]},
    {"ResourceRecords": [{"Value": "10 A.TEST."}, {"Value": "20  b.test"}]},
    {"Name": "WWW.harbor.test."},
]
DIFFERENT = [
    {"TTL": 61},
    {"Weight": 0},
    {"ResourceRecords": [{"Value": "10 a.test"}]},
    {"ResourceRecords": [{"Value": "10 a.test"}, {"Value": "20 c.test"}]},
    {"ResourceRecords": [{"Value": "10 a.test"}, {"Value": "20 b.test"}, {"Value": "30 c.test"}]},
    {"HealthCheckId": ABSENT},
]


@pytest.mark.parametrize("other", DIFFERENT)
def test_a_delete_must_repeat_everything(client, zone, other):
    """A-CHG-29."""
    apply(client, zone, {"Action": "CREATE", "ResourceRecordSet": WHOLE})
    given = {"Action": "DELETE", "ResourceRecordSet": {**WHOLE, **other}}
    refusal = refused(apply, client, zone, given)
    assert (refusal.code, refusal.message) == (
        "InvalidChangeBatch",
        "[Tried to delete resource record set [name='www.harbor.test.', type='MX', "
        "set-identifier='s'] but the values provided do not match the current values]",
    )


@pytest.mark.parametrize("other", SAME)
def test_a_delete_may_write_it_in_another_way(client, zone, other):
    apply(client, zone, {"Action": "CREATE", "ResourceRecordSet": WHOLE})
    apply(client, zone, {"Action": "DELETE", "ResourceRecordSet": {**WHOLE, **other}})
    assert listed(client, zone) == []


def test_an_alias_is_deleted_with_its_three_fields(client, zone):
    apply(client, zone, create("a.harbor.test", "A", A), create("b.harbor.test", "A", A))
    apply(client, zone, alias("CREATE", WWW, "A", "A.harbor.test", f"/hostedzone/{zone}"))
    (found,) = (each for each in listed(client, zone) if each["Name"] == "www.harbor.test.")
    assert found == {
        "Name": "www.harbor.test.",
        "Type": "A",
        "AliasTarget": {
            "HostedZoneId": zone,
            "DNSName": "a.harbor.test.",
            "EvaluateTargetHealth": False,
        },
    }
    for wrong in (
        alias("DELETE", WWW, "A", "b.harbor.test", zone),
        alias("DELETE", WWW, "A", "a.harbor.test", zone, True),
        alias("DELETE", WWW, "A", "a.harbor.test", ELB_ZONE),
    ):
        assert "do not match the current values" in refused(apply, client, zone, wrong).message
    apply(client, zone, alias("DELETE", WWW, "A", "a.harbor.test", zone))


# -- listing


def names_of(page):
    return [
        (each["Name"], each["Type"], each.get("SetIdentifier", ""))
        for each in page["ResourceRecordSets"]
    ]


def test_pages_of_a_listing_join_without_a_gap(client, zone):
    """1,000 sets at ten names, a hundred identifiers each: A-LST-1, A-LST-6, A-TRP-14."""
    made = [(f"n{i}.harbor.test", f"id {k:02} &") for i in range(10) for k in range(100)]
    for at in range(0, len(made), 500):
        apply(client, zone, *(weighted("CREATE", *each) for each in made[at : at + 500]))
    expected = [("harbor.test.", "NS", ""), ("harbor.test.", "SOA", "")]
    expected += [(f"{name}.", "A", identifier) for name, identifier in sorted(made)]
    first = client.list_resource_record_sets(HostedZoneId=zone)
    assert first["MaxItems"] == "100" and len(first["ResourceRecordSets"]) == 100
    for size in ("7", "100", "300", "5000"):
        found, start = [], {}
        while True:
            page = client.list_resource_record_sets(HostedZoneId=zone, MaxItems=size, **start)
            assert page["MaxItems"] == str(min(int(size), 300))
            found += names_of(page)
            following = {key: page[key] for key in page if key.startswith("Next")}
            assert bool(following) == page["IsTruncated"]
            if not page["IsTruncated"]:
                break
            start = {key.replace("Next", "Start"): value for key, value in following.items()}
        assert found == expected


def test_a_listing_has_its_order(client, zone):
    """A-LST-2, A-LST-3."""
    sets = [
        create("a.harbor.test", "A", A),
        create("a-b.harbor.test", "A", A),
        create("*.harbor.test", "A", A),
        create("9.harbor.test", "A", A),
        create("x.a.harbor.test", "A", A),
        create("b.harbor.test", "TXT", '"x"'),
        create("b.harbor.test", "A", A),
        create("b.harbor.test", "AAAA", "::1"),
        create("b.harbor.test", "MX", "1 x."),
        create("b.harbor.test", "SRV", "1 1 1 x."),
        create("b.harbor.test", "CAA", '0 issue "x"'),
        create("b.harbor.test", "HTTPS", "1 ."),
        create("harbor.test", "A", A),
    ]
    apply(client, zone, *sets)
    assert names_of(client.list_resource_record_sets(HostedZoneId=zone)) == [
        ("harbor.test.", "A", ""),
        ("harbor.test.", "NS", ""),
        ("harbor.test.", "SOA", ""),
        ("9.harbor.test.", "A", ""),
        ("\\052.harbor.test.", "A", ""),
        ("a-b.harbor.test.", "A", ""),
        ("a.harbor.test.", "A", ""),
        ("x.a.harbor.test.", "A", ""),
        ("b.harbor.test.", "A", ""),
        ("b.harbor.test.", "AAAA", ""),
        ("b.harbor.test.", "CAA", ""),
        ("b.harbor.test.", "HTTPS", ""),
        ("b.harbor.test.", "MX", ""),
        ("b.harbor.test.", "SRV", ""),
        ("b.harbor.test.", "TXT", ""),
    ]


STARTS = [
    # name, type, identifier: what comes first
    (None, None, None, ("harbor.test.", "NS", "")),
    ("harbor.test", "SOA", None, ("harbor.test.", "SOA", "")),
    ("*.harbor.test", None, None, ("\\052.harbor.test.", "A", "")),
    ("\\052.harbor.test.", None, None, ("\\052.harbor.test.", "A", "")),
    ("*.harbor.test", "AAAA", None, ("g.harbor.test.", "A", "a")),
    ("b.harbor.test", "TXT", None, ("g.harbor.test.", "A", "a")),
    ("G.harbor.test", "A", "b", ("g.harbor.test.", "A", "b")),
    ("g.harbor.test", "A", "aa", ("g.harbor.test.", "A", "b")),
    ("g.harbor.test", "A", "c", ("g.harbor.test.", "TXT", "")),
    ("g.harbor.test", "TXT", "z", None),
    ("bücher.harbor.test", None, None, ("g.harbor.test.", "A", "a")),
    ("a.test", None, None, ("harbor.test.", "NS", "")),
    ("z.test", None, None, None),
]


@pytest.fixture(scope="module")
def several(client):
    zone = create_zone(client, "harbor.test", f"several {next(numbers)}")
    apply(
        client,
        zone,
        create("*.harbor.test", "A", A),
        weighted("CREATE", "g.harbor.test", "a"),
        weighted("CREATE", "g.harbor.test", "b"),
        create("g.harbor.test", "TXT", '"x"'),
    )
    return zone


@pytest.mark.parametrize("name, rdtype, identifier, first", STARTS)
def test_a_listing_begins_where_it_is_told_to(client, several, name, rdtype, identifier, first):
    """A-LST-4, A-LST-5: a lower bound, which need not exist."""
    keys = ("StartRecordName", "StartRecordType", "StartRecordIdentifier")
    given = {key: value for key, value in zip(keys, (name, rdtype, identifier)) if value}
    page = client.list_resource_record_sets(HostedZoneId=several, MaxItems="1", **given)
    assert names_of(page) == ([] if first is None else [first])


@pytest.mark.parametrize(
    "query, message",
    [
        ("type=A", "The input is not valid"),
        ("identifier=a", "The input is not valid"),
        ("name=harbor.test&identifier=a", "The input is not valid"),
        ("name=a..b", fatal(*EMPTY_LABEL, "a..b")),
        ("name=a%20b", fatal(*UNSUPPORTED, " ")),
        ("name=a%00b", None),
        ("maxitems=0", None),
        ("maxitems=-1", None),
        ("maxitems=abc", None),
        ("name=harbor.test&type=BOGUS", None),
        ("name=harbor.test&type=A&identifier=" + "x" * 129, None),
    ],
)
def test_a_listing_is_refused(server, several, query, message):
    """A-LST-4, A-XML-11, A-TRP-31."""
    reply = raw(server, "GET", f"/2013-04-01/hostedzone/{several}/rrset?{query}")
    assert (reply.status, reply.code) == (400, "InvalidInput")
    assert message is None or reply.message == message


# -- the other ways in, and DNS


def test_the_command_line_sees_the_same(server, client, served):
    """One code path: what one writes the other lists, and DNS answers with it."""
    zone, name = served
    apply(
        client,
        zone,
        create(f"www.{name}", "A", "192.0.2.7", "192.0.2.8"),
        create(f"t.{name}", "TXT", '"ex\\344mple" "b"'),
    )
    text = server.signpost("record", "list", name)
    assert "192.0.2.7" in text and '"ex\\228mple" "b"' in text
    assert '"ex\\228mple" "b"' in server.signpost("zone", "export", name)
    server.signpost("record", "set", name, f"mail.{name}", "MX", "10 mx.other.test", "--ttl", "5")
    found = {(each["Name"], each["Type"]): each for each in listed(client, zone)}
    assert found[f"mail.{name}.", "MX"] == {
        "Name": f"mail.{name}.",
        "Type": "MX",
        "TTL": 5,
        "ResourceRecords": [{"Value": "10 mx.other.test."}],
    }
    answer = server.ask(f"www.{name}", "A").answer[0]
    assert sorted(str(each) for each in answer) == ["192.0.2.7", "192.0.2.8"]
    assert server.ask(f"t.{name}", "TXT").answer[0][0].strings == (b"ex\xe4mple", b"b")


def drill_type(text):
    return {"SVCB": "TYPE64", "HTTPS": "TYPE65"}.get(text, text)


def test_resolvers_read_what_was_set(server, client, served):
    """Every type, by dig and by ldns's drill, which know nothing of us."""
    zone, name = served
    moved = [
        {**each, "Name": each["Name"].replace("harbor.test.", f"{name}.")} for each in ODD_SETS
    ]
    changes = [{"Action": "CREATE", "ResourceRecordSet": spelled_out(each)} for each in moved]
    apply(client, zone, *changes)
    for each in moved:
        if each["Type"] in ("DS", "NS") or "SetIdentifier" in each:
            continue  # NS: a referral
        owner = each["Name"].replace("\\052", "any").replace("\\100", "\\@")
        answer = server.ask(owner, each["Type"]).answer[0]
        assert len(answer) == len(each["Values"]), each
        said = server.dig("+short", owner, drill_type(each["Type"]))
        assert len(said.strip().splitlines()) >= len(each["Values"]), (each, said)
        done = subprocess.run(
            ["drill", "-p", str(server.port), owner, "@127.0.0.1", drill_type(each["Type"])],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert "rcode: NOERROR" in done.stdout, (each, done.stdout, done.stderr)


def test_aliases_of_services_are_answered_from_the_registry(server, client, served):
    """A-CHG-53: what is in the registry answers, what is not has no answer."""
    zone, name = served
    known, unknown = (f"{word}-1.eu-west-1.elb.amazonaws.com" for word in ("known", "unknown"))
    where = ["--kind", "application-load-balancer", "--zone", "eu-west-1a=192.0.2.77"]
    server.signpost("resource", "set", known, *where)
    apply(
        client,
        zone,
        alias("CREATE", f"a.{name}", "A", known, ELB_ZONE),
        alias("CREATE", f"b.{name}", "A", unknown, ELB_ZONE),
    )
    assert [str(each) for each in server.ask(f"a.{name}").answer[0]] == ["192.0.2.77"]
    reply = server.ask(f"b.{name}")
    assert reply.rcode() == 0 and not reply.answer


def test_a_setting_refuses_what_is_not_in_the_registry(make_daemon):
    """R-ALI-9."""
    daemon = make_daemon(alias_targets="registered").start()
    client = route53.client(daemon)
    zone = create_zone(client)
    known, unknown = (f"{word}-1.eu-west-1.elb.amazonaws.com" for word in ("known", "unknown"))
    where = ["--kind", "application-load-balancer", "--zone", "eu-west-1a=192.0.2.77"]
    daemon.signpost("resource", "set", known, *where)
    apply(client, zone, alias("CREATE", WWW, "A", known, ELB_ZONE))
    refusal = refused(apply, client, zone, alias("UPSERT", WWW, "A", unknown, ELB_ZONE))
    message = targets(f"{unknown}.", zone=ELB_ZONE) + NOT_FOUND
    assert (refusal.code, refusal.message) == ("InvalidChangeBatch", f"[{message}]")


def test_quotas_are_kept_when_there_are_some(make_daemon):
    """A-CHG-5, R-QTA-2 to R-QTA-4."""
    quotas = ["none", "record-sets-per-zone=4", "values-per-record-set=2", "group-members=1"]
    daemon = make_daemon(quotas=quotas).start()
    client = route53.client(daemon)
    zone = create_zone(client)
    rows = [
        ([create(WWW, "A", A, "192.0.2.2")], None),
        (
            [change("UPSERT", WWW, "A", A, "192.0.2.2", "192.0.2.3")],
            "www.harbor.test. A: it has 3 values, and a record set may have 2",
        ),
        ([create("b.harbor.test", "A", A, SetIdentifier="a", Weight=1)], None),
        (
            [create("b.harbor.test", "A", A, SetIdentifier="b", Weight=1)],
            "b.harbor.test. A: a group of weighted sets has at most 1 of them",
        ),
        (
            [create("c.harbor.test", "A", A)],
            "The zone would have 5 record sets, and may have 4.",
        ),
        ([change("DELETE", WWW, "A", A, "192.0.2.2"), create("c.harbor.test", "A", A)], None),
    ]
    for batch, message in rows:
        if message is None:
            apply(client, zone, *batch)
            continue
        refusal = refused(apply, client, zone, *batch)
        assert (refusal.code, refusal.message) == ("InvalidChangeBatch", f"[{message}]")
