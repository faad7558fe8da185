"""TestDNSAnswer: what a question would be answered, from one zone and for one client."""

import pytest

import route53
from harness import values
from route53 import apply, change, refused

EUROPE, AMERICA = "198.51.100.0/24", "203.0.113.0/24"


@pytest.fixture
def daemon(make_daemon):
    return make_daemon(checkers=["eu-west-1"]).start()


@pytest.fixture
def client(daemon):
    return route53.client(daemon)


@pytest.fixture
def zone(client):
    return route53.create_zone(client)


def ask(client, zone, name="www.harbor.test", rdtype="A", **options):
    return client.test_dns_answer(HostedZoneId=zone, RecordName=name, RecordType=rdtype, **options)


def data(client, zone, name="www.harbor.test", rdtype="A", **options):
    return ask(client, zone, name, rdtype, **options)["RecordData"]


def test_a_question_is_answered(client, zone):
    """A-TDA-1, R-TST-2."""
    apply(client, zone, change("CREATE", "www.harbor.test", "A", "192.0.2.1", "192.0.2.2"))
    told = ask(client, zone, "WWW.Harbor.test")
    servers = client.get_hosted_zone(Id=zone)["DelegationSet"]["NameServers"]
    assert told["Nameserver"] == servers[0]
    assert (told["RecordName"], told["RecordType"]) == ("www.harbor.test.", "A")
    assert sorted(told["RecordData"]) == ["192.0.2.1", "192.0.2.2"]
    assert (told["ResponseCode"], told["Protocol"]) == ("NOERROR", "UDP")


def test_data_is_text_as_route_53_writes_it(client, zone):
    """A-TDA-1, R-NAM-6: quotes, and octal escapes."""
    texts = ['"a \\"b\\" & <c>" "\\344"']
    apply(
        client,
        zone,
        change("CREATE", "t.harbor.test", "TXT", *texts),
        change("CREATE", "m.harbor.test", "MX", "10 mail.harbor.test."),
        change("CREATE", "\\052.c.harbor.test", "CNAME", "a\\100b.harbor.test."),
    )
    assert data(client, zone, "t.harbor.test", "TXT") == texts
    assert data(client, zone, "m.harbor.test", "MX") == ["10 mail.harbor.test."]
    told = ask(client, zone, "*.c.harbor.test", "CNAME")
    assert told["RecordName"] == "\\052.c.harbor.test."
    assert told["RecordData"] == ["a\\100b.harbor.test."]


def test_no_such_name_is_an_answer(client, zone):
    """A-TDA-1: a 200, and the list is there, empty."""
    told = ask(client, zone, "none.harbor.test")
    assert told["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert (told["ResponseCode"], told["RecordData"]) == ("NXDOMAIN", [])
    told = ask(client, zone, "harbor.test", "TXT")
    assert (told["ResponseCode"], told["RecordData"]) == ("NOERROR", [])


def test_a_delegation_is_not_told(client, zone):
    """R-TST-2: the Answer section only."""
    apply(client, zone, change("CREATE", "sub.harbor.test", "NS", "ns.elsewhere.test."))
    told = ask(client, zone, "www.sub.harbor.test")
    assert (told["ResponseCode"], told["RecordData"]) == ("NOERROR", [])


def test_a_chain_is_followed_within_the_zone(client, zone):
    """R-TST-1: it is the code that answers the network."""
    apply(
        client,
        zone,
        change("CREATE", "www.harbor.test", "CNAME", "one.harbor.test."),
        change("CREATE", "one.harbor.test", "A", "192.0.2.1"),
    )
    assert data(client, zone) == ["one.harbor.test.", "192.0.2.1"]


def geolocation(identifier, value, **location):
    return change(
        "CREATE",
        "www.harbor.test",
        "A",
        value,
        SetIdentifier=identifier,
        GeoLocation={f"{name}Code": code for name, code in location.items()},
    )


@pytest.fixture
def located(daemon, client, zone):
    """A zone that answers by place, and two networks that are somewhere."""
    path = daemon.folder / "locations.csv"
    path.write_text(
        "prefix,continent,country,subdivision\n"
        f"{EUROPE},EU,DE,\n{AMERICA},NA,US,CA\n2001:db8::/64,EU,FR,\n192.0.2.128/25,EU,DE,\n"
    )
    daemon.signpost("location", "import", path)
    apply(
        client,
        zone,
        geolocation("eu", "192.0.2.1", Continent="EU"),
        geolocation("fr", "192.0.2.2", Country="FR"),
        geolocation("us", "192.0.2.3", Country="US"),
        geolocation("va", "192.0.2.4", Country="US", Subdivision="VA"),
        geolocation("rest", "192.0.2.9", Country="*"),
    )
    return zone


@pytest.mark.parametrize(
    "options, expected",
    [
        ({}, "192.0.2.4"),  # R-TST-1: a resolver in us-east-1, which is in Virginia
        ({"ResolverIP": "198.51.100.7"}, "192.0.2.1"),
        ({"ResolverIP": "203.0.113.7"}, "192.0.2.3"),
        ({"ResolverIP": "192.0.2.7"}, "192.0.2.9"),  # who is nowhere stays there
        ({"EDNS0ClientSubnetIP": "198.51.100.7"}, "192.0.2.1"),
        ({"EDNS0ClientSubnetIP": "2001:db8::7"}, "192.0.2.2"),
        ({"EDNS0ClientSubnetIP": "2001:db9::7"}, "192.0.2.9"),
        ({"ResolverIP": "203.0.113.7", "EDNS0ClientSubnetIP": "198.51.100.7"}, "192.0.2.1"),
        # The mask: of 192.0.2.200 the default, 24 bits, leaves 192.0.2.0, which is nowhere.
        ({"EDNS0ClientSubnetIP": "192.0.2.200"}, "192.0.2.9"),
        ({"EDNS0ClientSubnetIP": "192.0.2.200", "EDNS0ClientSubnetMask": "25"}, "192.0.2.1"),
        ({"EDNS0ClientSubnetIP": "192.0.2.200", "EDNS0ClientSubnetMask": "32"}, "192.0.2.1"),
        # A mask of 0 keeps the client to itself: the resolver counts (RFC 7871 section 7.1.2).
        (
            {
                "ResolverIP": "203.0.113.7",
                "EDNS0ClientSubnetIP": "198.51.100.7",
                "EDNS0ClientSubnetMask": "0",
            },
            "192.0.2.3",
        ),
    ],
)
def test_who_asks_decides(client, located, options, expected):
    """R-TST-1."""
    assert data(client, located, **options) == [expected]


def test_a_resolver_in_us_east_1_is_near_to_it(client, zone):
    """R-TST-1, without any table of locations."""
    for number, region in enumerate(("eu-west-1", "us-east-1", "us-west-2"), 1):
        more = {"SetIdentifier": region, "Region": region}
        apply(client, zone, change("CREATE", "www.harbor.test", "A", f"192.0.2.{number}", **more))
    assert data(client, zone) == ["192.0.2.2"]


def test_checks_count(daemon, client, zone):
    """R-TST-1: it is the code that answers the network."""
    daemon.signpost("health", "create", "web")
    for role, value in (("PRIMARY", "192.0.2.1"), ("SECONDARY", "192.0.2.2")):
        more = {"SetIdentifier": role, "Failover": role}
        if role == "PRIMARY":
            more["HealthCheckId"] = "web"
        apply(client, zone, change("CREATE", "www.harbor.test", "A", value, **more))
    assert data(client, zone) == ["192.0.2.1"]
    daemon.signpost("health", "set", "web", "down", "--owner", "maria")
    assert data(client, zone) == ["192.0.2.2"]


def test_a_zone_answers_for_itself(daemon, client, zone):
    """A-ZON-6: DNS answers from the oldest zone of a name; each is asked for itself."""
    other = route53.create_zone(client, reference="another of that name")
    for id, value in ((zone, "192.0.2.1"), (other, "192.0.2.2")):
        apply(client, id, change("CREATE", "www.harbor.test", "A", value))
    assert data(client, zone) == ["192.0.2.1"]
    assert data(client, other) == ["192.0.2.2"]
    assert values(daemon.ask("www.harbor.test"), "A") == ["192.0.2.1"]
    assert ask(client, other)["Nameserver"] in (
        client.get_hosted_zone(Id=other)["DelegationSet"]["NameServers"]
    )


def test_zones_below_and_above_do_not_answer(client, zone):
    """R-TST-1 names one zone."""
    below = route53.create_zone(client, "sub.harbor.test")
    apply(client, zone, change("CREATE", "www.sub.harbor.test", "A", "192.0.2.1"))
    apply(client, below, change("CREATE", "www.sub.harbor.test", "A", "192.0.2.2"))
    assert data(client, zone, "www.sub.harbor.test") == ["192.0.2.1"]
    assert data(client, below, "www.sub.harbor.test") == ["192.0.2.2"]
    apply(client, zone, change("CREATE", "sub.harbor.test", "NS", "ns.elsewhere.test."))
    apply(client, zone, change("CREATE", "sub.harbor.test", "DS", "1 13 2 " + "AB" * 32))
    assert len(data(client, zone, "sub.harbor.test", "DS")) == 1
    assert data(client, below, "sub.harbor.test", "DS") == []


@pytest.mark.parametrize(
    "options",
    [
        {"RecordName": "www.elsewhere.test"},
        {"RecordName": "a..harbor.test"},
        {"RecordType": "BOGUS"},
        {"ResolverIP": "nobody"},
        {"EDNS0ClientSubnetIP": "198.51.100.0/24"},
        {"EDNS0ClientSubnetMask": "24"},
        {"EDNS0ClientSubnetIP": "198.51.100.7", "EDNS0ClientSubnetMask": "33"},
        {"EDNS0ClientSubnetIP": "2001:db8::7", "EDNS0ClientSubnetMask": "129"},
        {"EDNS0ClientSubnetIP": "198.51.100.7", "EDNS0ClientSubnetMask": "-1"},
    ],
)
def test_what_cannot_be_asked(client, zone, options):
    """Section 15.1, R-TST-1."""
    question = {"HostedZoneId": zone, "RecordName": "www.harbor.test", "RecordType": "A"}
    refusal = refused(client.test_dns_answer, **{**question, **options})
    assert (refusal.code, refusal.status) == ("InvalidInput", 400)


def test_zones_that_cannot_be_asked(client):
    """A-TDA-1; ids with their prefix are taken (A-ID-1)."""
    refusal = refused(ask, client, "Z404")
    assert (refusal.code, refusal.status) == ("NoSuchHostedZone", 404)
    private = route53.create_zone(
        client, VPC={"VPCRegion": "eu-west-1", "VPCId": "vpc-0123456789abcdef0"}
    )
    refusal = refused(ask, client, private)
    assert (refusal.code, refusal.status) == ("InvalidInput", 400)
    public = route53.create_zone(client, "pier.test")
    assert ask(client, f"/hostedzone/{public}", "pier.test", "SOA")["ResponseCode"] == "NOERROR"
