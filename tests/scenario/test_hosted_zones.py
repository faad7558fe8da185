"""Hosted zones, their VPCs and reusable delegation sets through the Route 53 API: sections 6 and 12
of the rules, seen by boto3 and by requests as they stand.
"""

import itertools
import re
import urllib.parse

import pytest

import route53 as r53
from harness import Daemon, rcode, records, values

V = "/2013-04-01"
LOCATION = "https://route53.amazonaws.com" + V
VPC = {"VPCRegion": "eu-west-1", "VPCId": "vpc-0a1b2c3d"}
RESERVED = (
    "ns-0.awsdns-00.com",
    "ns-512.awsdns-00.net",
    "ns-1024.awsdns-00.org",
    "ns-1536.awsdns-00.co.uk",
)

numbers = itertools.count(1)


def reference():
    return f"reference {next(numbers)}"


def vpc(region="eu-west-1"):
    return {"VPCRegion": region, "VPCId": f"vpc-{next(numbers):017x}"}


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    """Everybody uses names, VPCs and references of their own."""
    daemon = Daemon(tmp_path_factory.mktemp("zones"))
    try:
        daemon.start()
        yield daemon
        daemon.stop()
    finally:
        daemon.kill()


@pytest.fixture(scope="module")
def route53(daemon):
    return r53.client(daemon)


def create(route53, name, **options):
    """The whole reply to CreateHostedZone."""
    options.setdefault("CallerReference", reference())
    return route53.create_hosted_zone(Name=name, **options)


def bare(reply):
    return reply["HostedZone"]["Id"].removeprefix("/hostedzone/")


def create_private(route53, name, network=None):
    return bare(create(route53, name, VPC=network or vpc()))


def servers(reply):
    return reply["DelegationSet"]["NameServers"]


def put_host(route53, zone, name, address):
    r53.apply(route53, zone, r53.change("UPSERT", f"www.{name}", "A", address))


def delete_host(route53, zone, name, address):
    r53.apply(route53, zone, r53.change("DELETE", f"www.{name}", "A", address))


def address_of(daemon, name):
    """The answer for www.<name>: an address, or the RCODE."""
    reply = daemon.ask(f"www.{name}")
    return values(reply)[0] if reply.answer else rcode(reply)


# -- CreateHostedZone


def test_a_new_zone_is_told_and_served(daemon, route53):
    """A-ZON-1, A-ZON-2, A-ZON-9, R-ZON-1, R-ZON-2, A-TRP-5."""
    reply = create(route53, "Harbor.TEST", CallerReference="tide-7")
    zone = reply["HostedZone"]
    assert re.fullmatch("/hostedzone/Z[A-Z0-9]{20}", zone["Id"])
    assert zone["Name"] == "harbor.test."
    assert zone["CallerReference"] == "tide-7"
    assert zone["Config"] == {"PrivateZone": False}
    assert zone["ResourceRecordSetCount"] == 2
    assert re.fullmatch("/change/C[A-Z0-9]{20}", reply["ChangeInfo"]["Id"])
    assert reply["ChangeInfo"]["Status"] == "PENDING"
    assert "VPC" not in reply
    assert set(reply["DelegationSet"]) == {"NameServers"}
    assert reply["Location"] == f"{LOCATION}/hostedzone/{bare(reply)}"
    for server, suffix in zip(servers(reply), ("com", "net", "org", "co.uk"), strict=True):
        assert re.match(rf"ns-\d+\.awsdns-\d\d\.{suffix}(\.|$)", server)
        assert not server.endswith(".")

    names = {server + "." for server in servers(reply)}
    ns = daemon.ask("harbor.test", "NS")
    assert records(ns.answer) == {("harbor.test.", 172800, "NS", name) for name in names}
    ((_, ttl, _, soa),) = records(daemon.ask("harbor.test", "SOA").answer)
    assert ttl == 900
    assert soa.split()[0] == servers(reply)[0] + "."
    assert soa.split()[2:] == ["1", "7200", "900", "1209600", "86400"]
    assert route53.get_change(Id=reply["ChangeInfo"]["Id"])["ChangeInfo"]["Status"] == "INSYNC"


def test_hosted_zone_is_one_element_wherever_it_stands(route53):
    """A-ZON-23."""
    created = create(route53, "same.test", HostedZoneConfig={"Comment": 'a <b> & "c"'})
    zone = created["HostedZone"]
    assert zone["Config"] == {"Comment": 'a <b> & "c"', "PrivateZone": False}
    got = route53.get_hosted_zone(Id=zone["Id"])
    assert got["HostedZone"] == zone
    assert got["DelegationSet"] == created["DelegationSet"]
    assert "VPCs" not in got
    (listed,) = route53.list_hosted_zones(Marker=bare(created), MaxItems="1")["HostedZones"]
    assert listed == zone
    by_name = route53.list_hosted_zones_by_name(DNSName="same.test", MaxItems="1")
    assert by_name["HostedZones"] == [zone]


def test_a_vpc_alone_makes_a_zone_private(daemon, route53):
    """A-ZON-3, A-TRP-6, R-ZON-6, R-PHZ-1."""
    network = vpc()
    reply = create(route53, "inside.test", VPC=network, HostedZoneConfig={"Comment": "mine"})
    assert reply["HostedZone"]["Config"] == {"Comment": "mine", "PrivateZone": True}
    assert reply["VPC"] == network
    assert "DelegationSet" not in reply
    got = route53.get_hosted_zone(Id=reply["HostedZone"]["Id"])
    assert got["HostedZone"] == reply["HostedZone"]
    assert got["VPCs"] == [network]
    assert "DelegationSet" not in got
    ns, soa = route53.list_resource_record_sets(HostedZoneId=bare(reply))["ResourceRecordSets"]
    for record, start in zip(ns["ResourceRecords"], RESERVED, strict=True):
        assert record["Value"].startswith(start + ".")
    assert soa["Type"] == "SOA"
    put_host(route53, bare(reply), "inside.test", "192.0.2.1")
    assert address_of(daemon, "inside.test") == "REFUSED"  # nobody asks from inside a VPC here


@pytest.mark.parametrize(
    "options, code, words",
    [
        ({"HostedZoneConfig": {"PrivateZone": True}}, "InvalidInput", "VPC"),  # A-ZON-3
        ({"VPC": VPC, "DelegationSetId": "N0"}, "InvalidInput", "DelegationSetId"),  # A-ZON-4
        (
            {"DelegationSetId": "N0NOSUCHSET"},
            "NoSuchDelegationSet",
            "The specified Reusable Delegation Set does not exist: N0NOSUCHSET",
        ),  # A-ZON-8
        (
            {"VPC": {"VPCRegion": "eu-west-1", "VPCId": "vpc-1"}},
            "InvalidVPCId",
            "The VPC ID is invalid.",
        ),  # A-VPC-1
        ({"VPC": {"VPCRegion": "eu-west-1"}}, "InvalidVPCId", "The VPC ID is invalid."),
    ],
)
def test_what_does_not_go_together(route53, options, code, words):
    refusal = r53.refused(create, route53, "never.test", **options)
    assert (refusal.code, refusal.status) == (code, 400)
    assert words in refusal.message
    assert "never.test." not in names_of(route53.list_hosted_zones_by_name(DNSName="never.test"))


@pytest.mark.parametrize(
    "name, code, words",
    [
        ("", "InvalidDomainName", "DomainNameEmpty (Domain name is empty)"),
        ("a..test", "InvalidDomainName", "DomainLabelEmpty (Domain label is empty)"),
        ("x" * 64 + ".test", "InvalidDomainName", "DomainLabelTooLong (Domain label is too long)"),
        (".".join(["x" * 50] * 5) + ".test", "InvalidDomainName", "DomainNameTooLong"),
        ("*.star.test", "InvalidDomainName", "*.star.test"),
        ("\\052.star.test", "InvalidDomainName", "\\052.star.test"),
        (
            "a b.test",
            "InvalidInput",
            "UnsupportedCharacter (Value contains unsupported characters)" " encountered with ' '",
        ),
        ("h\u00e4fen.test", "InvalidInput", "encountered with '\u00e4'"),
    ],
)
def test_names_that_no_zone_can_have(route53, name, code, words):
    """A-ZON-10, A-NAM-1, A-NAM-2, A-NAM-5, R-ZON-9."""
    refusal = r53.refused(create, route53, name)
    assert (refusal.code, refusal.status) == (code, 400)
    assert words in refusal.message


@pytest.mark.parametrize(
    "name, listed",
    [
        ("single", "single."),  # A-ZON-10
        ("UPPER.name.test.", "upper.name.test."),
        ("a_b-c.name.test", "a_b-c.name.test."),
        ("\\101@x.name.test", "a\\100x.name.test."),  # A-NAM-1, A-NAM-3, R-NAM-2
        ("a.*.name.test", "a.\\052.name.test."),  # R-ZON-9: literal elsewhere
        ("1/28.name.test", "1\\05728.name.test."),
    ],
)
def test_names_are_listed_escaped(route53, name, listed):
    reply = create(route53, name)
    assert reply["HostedZone"]["Name"] == listed
    first = route53.list_hosted_zones_by_name(DNSName=name, MaxItems="1")
    assert names_of(first) == [listed]
    assert first["DNSName"] == listed  # A-LST-4: either form is taken


def test_a_caller_reference_is_never_taken_again(route53):
    """A-ZON-5, A-TRP-20: no replay, whatever else was asked for, also when the zone is gone."""
    network = vpc()
    first = create(route53, "once.test", CallerReference="once", VPC=network)
    for options in ({}, {"VPC": network}, {"DelegationSetId": "N0"}):
        refusal = r53.refused(create, route53, "once.test", CallerReference="once", **options)
        assert (refusal.code, refusal.status) == ("HostedZoneAlreadyExists", 409)
        assert refusal.message == (
            "A hosted zone has already been created with the specified caller reference."
        )
    route53.delete_hosted_zone(Id=bare(first))
    refusal = r53.refused(create, route53, "other.test", CallerReference="once")
    assert refusal.code == "HostedZoneAlreadyExists"
    create(route53, "other.test", CallerReference="Once")  # A-TRP-29: with case


def test_zones_of_one_name(daemon, route53):
    """A-ZON-6, R-ZON-7, R-ZON-11: the oldest public one answers, then the next."""
    private = create_private(route53, "twice.test")
    zones = [create(route53, "twice.test") for _ in range(2)]
    assert not set(servers(zones[0])) & set(servers(zones[1]))
    addresses = ("192.0.2.1", "192.0.2.2")
    for zone, address in zip(zones, addresses, strict=True):
        put_host(route53, bare(zone), "twice.test", address)
    put_host(route53, private, "twice.test", "192.0.2.3")
    assert address_of(daemon, "twice.test") == "192.0.2.1"
    assert values(daemon.ask("twice.test", "NS")) == sorted(s + "." for s in servers(zones[0]))

    delete_host(route53, bare(zones[0]), "twice.test", addresses[0])
    assert address_of(daemon, "twice.test") == "NXDOMAIN"
    route53.delete_hosted_zone(Id=bare(zones[0]))
    assert address_of(daemon, "twice.test") == "192.0.2.2"
    assert values(daemon.ask("twice.test", "NS")) == sorted(s + "." for s in servers(zones[1]))
    delete_host(route53, bare(zones[1]), "twice.test", addresses[1])
    route53.delete_hosted_zone(Id=bare(zones[1]))
    assert address_of(daemon, "twice.test") == "REFUSED"  # R-ZON-12


def test_native_verbs_see_the_same_zones(daemon, route53):
    """An imported zone is a zone of the API, and the other way round."""
    daemon.import_text("native.test", "$TTL 60\nwww A 192.0.2.7\n")
    (zone,) = route53.list_hosted_zones_by_name(DNSName="native.test", MaxItems="1")["HostedZones"]
    assert zone["Name"] == "native.test."
    assert zone["CallerReference"] == "signpost:" + zone["Id"].removeprefix("/hostedzone/")
    assert zone["ResourceRecordSetCount"] == 3
    younger = bare(create(route53, "native.test"))
    put_host(route53, younger, "native.test", "192.0.2.8")
    private = create_private(route53, "native.test")
    assert address_of(daemon, "native.test") == "192.0.2.7"

    lines = [
        line.split()
        for line in daemon.signpost("zone", "list").splitlines()
        if line.startswith("native.test.")
    ]
    old = zone["Id"].removeprefix("/hostedzone/")
    kinds = {(line[1], line[-1]) for line in lines}
    assert kinds == {("public", old), ("public", younger), ("private", private)}
    daemon.signpost("zone", "delete", "native.test", "--force")  # means the one that is served
    assert address_of(daemon, "native.test") == "192.0.2.8"
    refusal = r53.refused(route53.get_hosted_zone, Id=old)
    assert refusal.code == "NoSuchHostedZone"
    daemon.import_text("native.test", "$TTL 60\nwww A 192.0.2.9\n", "--replace")
    sets = route53.list_resource_record_sets(HostedZoneId=younger)["ResourceRecordSets"]
    assert sets[-1]["ResourceRecords"] == [{"Value": "192.0.2.9"}]
    assert address_of(daemon, "native.test") == "192.0.2.9"


# -- ids


def test_ids_with_their_prefix(daemon, route53):
    """A-ID-1, A-ID-3, A-ID-4."""
    zone = bare(create(route53, "ids.test"))
    for form in (
        zone,
        f"%2Fhostedzone%2F{zone}",
        f"hostedzone/{zone}",
        f"/hostedzone/{zone}".replace("/", "%2f"),
        f"{zone}/",  # A-HTTP-2
    ):
        reply = r53.raw(daemon, "GET", f"{V}/hostedzone/{form}")
        assert (reply.status, reply.find("HostedZone/Id")) == (200, f"/hostedzone/{zone}"), form
    listed = r53.raw(
        daemon, "GET", f"{V}/hostedzonesbyname?dnsname=ids.test&hostedzoneid=%2Fhostedzone%2F{zone}"
    )
    assert listed.find("HostedZones/HostedZone/Id") == f"/hostedzone/{zone}"
    marked = r53.raw(daemon, "GET", f"{V}/hostedzone?marker=%2Fhostedzone%2F{zone}&maxitems=1")
    assert marked.find("HostedZones/HostedZone/Id") == f"/hostedzone/{zone}"

    unknown = r53.raw(daemon, "GET", f"{V}/hostedzone/{zone.lower()}")
    assert (unknown.status, unknown.code) == (404, "NoSuchHostedZone")
    assert unknown.message == f"No hosted zone found with ID: {zone.lower()}"
    long = "Z" * 33
    too_long = (
        f"1 validation error detected: Value '{long}' at 'FIELD' failed to satisfy constraint: "
        "Member must have length less than or equal to 32"
    )
    for target, field in (
        (f"/hostedzone/{long}", "id"),
        (f"/hostedzonesbyname?dnsname=x&hostedzoneid={long}", "hostedZoneId"),
        (f"/hostedzone?delegationsetid={long}", "delegationSetId"),
    ):
        reply = r53.raw(daemon, "GET", V + target)
        assert (reply.status, reply.code) == (400, "InvalidInput")
        assert reply.message == too_long.replace("FIELD", field)
    refusal = r53.refused(create, route53, "never.test", DelegationSetId=long)
    assert refusal.message == (
        f"Invalid XML ; cvc-maxLength-valid: Value '{long}' with length = '33' is not facet-valid "
        "with respect to maxLength '32' for type 'ResourceId'."
    )


@pytest.mark.parametrize(
    "method, path, body",
    [
        ("GET", "", None),
        ("DELETE", "", None),
        ("POST", "", ("UpdateHostedZoneCommentRequest", "")),
        ("POST", "/features", ("UpdateHostedZoneFeaturesRequest", "")),
        (
            "POST",
            "/associatevpc",
            ("AssociateVPCWithHostedZoneRequest", "<VPC><VPCId>vpc-0a1b2c3d</VPCId></VPC>"),
        ),
        (
            "POST",
            "/disassociatevpc",
            ("DisassociateVPCFromHostedZoneRequest", "<VPC><VPCId>vpc-0a1b2c3d</VPCId></VPC>"),
        ),
        ("GET", "/authorizevpcassociation", None),
    ],
)
def test_a_zone_that_is_not_there(daemon, method, path, body):
    """5.1: the text of NoSuchHostedZone."""
    document = r53.document(*body) if body else None
    reply = r53.raw(daemon, method, f"{V}/hostedzone/Z0NOWHERE{path}", document)
    assert (reply.status, reply.code) == (404, "NoSuchHostedZone")
    assert reply.message == "No hosted zone found with ID: Z0NOWHERE"


# -- lists


def names_of(reply):
    return [zone["Name"] for zone in reply["HostedZones"]]


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """101 zones that stand in the order of their names nNNN.many.test."""
    daemon = Daemon(tmp_path_factory.mktemp("many"))
    try:
        daemon.start()
        client = r53.client(daemon)
        for number in range(101):
            create(client, f"n{number:03}.many.test")
        yield daemon
        daemon.stop()
    finally:
        daemon.kill()


def test_pages_of_list_hosted_zones(many):
    """A-ZON-22, A-XML-11, A-TRP-16."""
    route53 = r53.client(many)
    first = route53.list_hosted_zones()
    assert (len(first["HostedZones"]), first["MaxItems"]) == (100, "100")
    assert first["IsTruncated"] is True
    assert "Marker" not in first
    second = route53.list_hosted_zones(Marker=first["NextMarker"])
    assert second["Marker"] == first["NextMarker"]
    assert second["IsTruncated"] is False
    assert "NextMarker" not in second
    zones = first["HostedZones"] + second["HostedZones"]
    ids = [zone["Id"] for zone in zones]
    assert len(set(ids)) == 101
    assert ids == sorted(ids)
    assert "/hostedzone/" + first["NextMarker"] == ids[100]  # bare, and inclusive
    assert route53.get_hosted_zone_count()["HostedZoneCount"] == 101

    pages = route53.get_paginator("list_hosted_zones").paginate(
        PaginationConfig={"PageSize": 7}  # as certbot walks them
    )
    assert [zone["Id"] for page in pages for zone in page["HostedZones"]] == ids
    exact = route53.list_hosted_zones(MaxItems="1", Marker=ids[100].removeprefix("/hostedzone/"))
    assert exact["IsTruncated"] is False


def test_pages_of_list_hosted_zones_by_name(many):
    """A-ZON-24, A-TRP-15, A-TRP-16."""
    route53 = r53.client(many)
    first = route53.list_hosted_zones_by_name()
    assert names_of(first) == [f"n{number:03}.many.test." for number in range(100)]
    assert not {"DNSName", "HostedZoneId"} & set(first)
    assert first["NextDNSName"] == "n100.many.test."
    assert re.fullmatch("Z[A-Z0-9]{20}", first["NextHostedZoneId"])
    second = route53.list_hosted_zones_by_name(
        DNSName=first["NextDNSName"], HostedZoneId=first["NextHostedZoneId"]
    )
    assert names_of(second) == ["n100.many.test."]
    assert second["DNSName"] == "n100.many.test."
    assert second["HostedZoneId"] == first["NextHostedZoneId"]
    assert not {"NextDNSName", "NextHostedZoneId"} & set(second)

    # A start position, not a filter: it runs on into other names, and need not exist.
    position = route53.list_hosted_zones_by_name(DNSName="N0505.many.test", MaxItems="2")
    assert names_of(position) == ["n051.many.test.", "n052.many.test."]
    assert position["DNSName"] == "n0505.many.test."
    assert position["NextDNSName"] == "n053.many.test."
    assert names_of(route53.list_hosted_zones_by_name(DNSName="zz.test")) == []


@pytest.mark.parametrize("operation", ["hostedzone", "hostedzonesbyname", "delegationset"])
def test_max_items(many, operation):
    """A-XML-11, A-TRP-31."""
    for text, size in (("", "100"), ("3", "3"), ("100", "100"), ("500", "100"), ("007", "7")):
        reply = r53.raw(many, "GET", f"{V}/{operation}?maxitems={text}")
        assert reply.find("MaxItems") == size
    for text in ("0", "-1", "abc", "3x", "%20", "99999999999999999999"):
        reply = r53.raw(many, "GET", f"{V}/{operation}?maxitems={text}")
        if text.startswith("9"):
            assert reply.find("MaxItems") == "100"
        else:
            assert (reply.status, reply.code) == (400, "InvalidInput"), text


def test_zones_sort_by_labels_from_the_right(make_daemon):
    """A-LST-2 and A-ZON-24: '-' before '.', \\052 after digits and before letters."""
    daemon = make_daemon().start()
    route53 = r53.client(daemon)
    order = [
        "example.net.",
        "sort.test.",
        "0.sort.test.",
        "a-b.sort.test.",
        "a.sort.test.",
        "b.a.sort.test.",
        "a.\\052.sort.test.",
        "z.sort.test.",
    ]
    expected = sorted(
        order,
        key=lambda name: "".join(label + "." for label in reversed(name.rstrip(".").split("."))),
    )
    for name in reversed(order):
        create(route53, name)
    assert names_of(route53.list_hosted_zones_by_name()) == expected
    twins = sorted(bare(create(route53, "twin.test")) for _ in range(4))
    listed = route53.list_hosted_zones_by_name(DNSName="twin.test", HostedZoneId=twins[1])
    assert [zone["Id"].removeprefix("/hostedzone/") for zone in listed["HostedZones"]] == twins[1:]
    page = route53.list_hosted_zones_by_name(DNSName="twin.test", MaxItems="2")
    assert (page["NextDNSName"], page["NextHostedZoneId"]) == ("twin.test.", twins[2])


def test_list_hosted_zones_by_name_needs_a_name_for_an_id(daemon):
    """A-ZON-24."""
    reply = r53.raw(daemon, "GET", f"{V}/hostedzonesbyname?hostedzoneid=Z0")
    assert (reply.status, reply.code) == (400, "InvalidInput")
    reply = r53.raw(daemon, "GET", f"{V}/hostedzonesbyname?dnsname=a..test")
    assert (reply.status, reply.code) == (400, "InvalidDomainName")
    # A-NAM-2: in a start parameter such octets count as escaped.
    reply = r53.raw(daemon, "GET", f"{V}/hostedzonesbyname?dnsname=h%C3%A4fen.test")
    assert reply.find("DNSName") == "h\\303\\244fen.test."


def test_the_marker_of_a_deleted_zone_marks_its_place(make_daemon):
    """A-ZON-22, A-LST-6."""
    daemon = make_daemon().start()
    route53 = r53.client(daemon)
    ids = sorted(bare(create(route53, f"m{number}.test")) for number in range(4))
    page = route53.list_hosted_zones(MaxItems="1")
    assert page["NextMarker"] == ids[1]
    route53.delete_hosted_zone(Id=ids[1])
    rest = route53.list_hosted_zones(Marker=ids[1])
    assert [zone["Id"].removeprefix("/hostedzone/") for zone in rest["HostedZones"]] == ids[2:]
    assert rest["Marker"] == ids[1]


def test_empty_lists(make_daemon):
    """A-XML-8: a required list is there even when it is empty."""
    daemon = make_daemon().start()
    for target, wrapper in (
        ("/hostedzone", "HostedZones"),
        ("/hostedzonesbyname", "HostedZones"),
        ("/delegationset", "DelegationSets"),
        ("/hostedzonesbyvpc?vpcid=vpc-0a1b2c3d&vpcregion=eu-west-1", "HostedZoneSummaries"),
    ):
        reply = r53.raw(daemon, "GET", V + target)
        assert reply.status == 200
        assert reply.find(wrapper) == ""
        assert reply.find("IsTruncated") in ("false", None)
        assert reply.find("MaxItems") == "100"
    assert r53.raw(daemon, "GET", f"{V}/hostedzonecount").find("HostedZoneCount") == "0"


def test_list_hosted_zones_filters(daemon, route53):
    """A-ZON-22: delegationsetid and hostedzonetype."""
    made = route53.create_reusable_delegation_set(CallerReference=reference())["DelegationSet"]
    inside = create_private(route53, "filter.test")
    mine = [bare(create(route53, f"f{i}.test", DelegationSetId=made["Id"])) for i in range(2)]
    listed = route53.list_hosted_zones(DelegationSetId=made["Id"])
    assert [zone["Id"] for zone in listed["HostedZones"]] == [
        f"/hostedzone/{zone}" for zone in sorted(mine)
    ]
    quoted = urllib.parse.quote(made["Id"], safe="")
    reply = r53.raw(daemon, "GET", f"{V}/hostedzone?delegationsetid={quoted}")
    assert len(reply.find_all("HostedZones/HostedZone/Id")) == 2
    reply = r53.raw(daemon, "GET", f"{V}/hostedzone?hostedzonetype=PrivateHostedZone")
    flags = reply.find_all("HostedZones/HostedZone/Config/PrivateZone")
    assert flags and set(flags) == {"true"}
    assert f"/hostedzone/{inside}" in reply.find_all("HostedZones/HostedZone/Id")
    reply = r53.raw(daemon, "GET", f"{V}/hostedzone?hostedzonetype=PublicHostedZone")
    assert (reply.status, reply.code) == (400, "InvalidInput")
    unknown = r53.refused(route53.list_hosted_zones, DelegationSetId="N0NOSUCHSET")
    assert unknown.code == "NoSuchDelegationSet"
    assert unknown.message == ("The specified Reusable Delegation Set does not exist: N0NOSUCHSET")
    own = r53.refused(route53.list_hosted_zones, DelegationSetId=bare(create(route53, "own.test")))
    assert (own.code, own.status) == ("DelegationSetNotReusable", 400)


# -- changing and deleting


def test_comments(route53):
    """A-ZON-26."""
    zone = bare(create(route53, "comment.test", HostedZoneConfig={"Comment": ""}))
    assert "Comment" not in route53.get_hosted_zone(Id=zone)["HostedZone"]["Config"]
    longest = "\u00fc" * 256
    for comment in ("one", longest):
        reply = route53.update_hosted_zone_comment(Id=zone, Comment=comment)
        assert reply["HostedZone"]["Config"] == {"Comment": comment, "PrivateZone": False}
        assert reply["HostedZone"] == route53.get_hosted_zone(Id=zone)["HostedZone"]
    refusal = r53.refused(route53.update_hosted_zone_comment, Id=zone, Comment="x" * 257)
    assert (refusal.code, refusal.status) == ("InvalidInput", 400)
    assert "with length = '257'" in refusal.message
    assert "maxLength '256' for type 'ResourceDescription'" in refusal.message
    for comment in ({}, {"Comment": ""}):
        route53.update_hosted_zone_comment(Id=zone, Comment="something")
        reply = route53.update_hosted_zone_comment(Id=zone, **comment)
        assert reply["HostedZone"]["Config"] == {"PrivateZone": False}


def test_only_a_bare_zone_is_deleted(daemon, route53):
    """A-ZON-21, A-ZON-27, R-ZON-4, A-TRP-32."""
    zone = bare(create(route53, "bare.test"))
    put_host(route53, zone, "bare.test", "192.0.2.1")
    assert route53.get_hosted_zone(Id=zone)["HostedZone"]["ResourceRecordSetCount"] == 3
    refusal = r53.refused(route53.delete_hosted_zone, Id=zone)
    assert (refusal.code, refusal.status) == ("HostedZoneNotEmpty", 400)
    assert refusal.message == (
        "The specified hosted zone contains non-required resource record sets and so cannot be "
        "deleted."
    )
    delete_host(route53, zone, "bare.test", "192.0.2.1")
    # R-ZON-14: edited ones count as the defaults.
    r53.apply(
        route53, zone, r53.change("UPSERT", "bare.test", "NS", "ns1.bare.test", "ns2.bare.test")
    )
    assert values(daemon.ask("bare.test", "NS")) == ["ns1.bare.test.", "ns2.bare.test."]
    change = route53.delete_hosted_zone(Id=zone)["ChangeInfo"]
    assert change["Status"] == "PENDING"
    assert r53.refused(route53.get_hosted_zone, Id=zone).code == "NoSuchHostedZone"
    assert rcode(daemon.ask("bare.test", "SOA")) == "REFUSED"
    assert route53.get_change(Id=change["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    assert r53.refused(route53.delete_hosted_zone, Id=zone).code == "NoSuchHostedZone"


def test_keys_and_protections_keep_a_zone(daemon, route53):
    """A-ZON-27, A-PRT-1: the other reasons for HostedZoneNotEmpty."""
    zone = bare(create(route53, "kept.test"))
    key = route53.create_key_signing_key(
        CallerReference=reference(),
        HostedZoneId=zone,
        KeyManagementServiceArn="arn:aws:kms:us-east-1:123456789012:key/"
        "6f1e0c52-3f0a-4c0e-9f9e-3f1b8f3f0a11",
        Name="lighthouse",
        Status="INACTIVE",
    )
    assert key["KeySigningKey"]["Name"] == "lighthouse"
    refusal = r53.refused(route53.delete_hosted_zone, Id=zone)
    assert refusal.code == "HostedZoneNotEmpty"
    assert refusal.message == (
        "The specified hosted zone contains DNSSEC Key Signing Keys and so cannot be deleted."
    )
    route53.delete_key_signing_key(HostedZoneId=zone, Name="lighthouse")

    def protection(verb, path, item):
        inner = (
            f"<Protections><{item}><RecordName>www.kept.test</RecordName>"
            f"<RecordType>A</RecordType></{item}></Protections>"
        )
        body = r53.document(f"{verb}ResourceRecordSetProtectionsRequest", inner)
        return r53.raw(daemon, "POST", f"{V}/hostedzone/{zone}/rrsetprotection{path}", body)

    assert protection("Create", "", "ResourceRecordSetProtectionConfig").status == 200
    assert r53.refused(route53.delete_hosted_zone, Id=zone).code == "HostedZoneNotEmpty"
    assert protection("Delete", "/delete", "ResourceRecordSetProtectionKey").status == 200
    route53.delete_hosted_zone(Id=zone)


def test_features(daemon, route53):
    """1.3: accelerated recovery has no local meaning."""
    zone = bare(create(route53, "features.test"))

    def update(inner):
        body = r53.document("UpdateHostedZoneFeaturesRequest", inner)
        return r53.raw(daemon, "POST", f"{V}/hostedzone/{zone}/features", body)

    element = "<EnableAcceleratedRecovery>{}</EnableAcceleratedRecovery>".format
    for inner in ("", element("false")):
        reply = update(inner)
        assert reply.status == 200
        assert reply.document.tag.endswith("}UpdateHostedZoneFeaturesResponse")
        assert len(reply.document) == 0
    assert (update(element("true")).status, update(element("true")).code) == (400, "InvalidInput")
    assert b"Features" not in r53.raw(daemon, "GET", f"{V}/hostedzone/{zone}").text


# -- reusable delegation sets


def test_a_reusable_delegation_set(daemon, route53):
    """A-DEL-1, A-DEL-2, A-HTTP-7, A-ZON-20."""
    reply = route53.create_reusable_delegation_set(CallerReference="white label")
    made = reply["DelegationSet"]
    assert re.fullmatch("/delegationset/N[A-Z0-9]{20}", made["Id"])
    assert made["CallerReference"] == "white label"
    assert len(made["NameServers"]) == 4
    bare_id = made["Id"].removeprefix("/delegationset/")
    assert reply["Location"] == f"{LOCATION}/delegationset/{bare_id}"
    assert route53.get_reusable_delegation_set(Id=bare_id)["DelegationSet"] == made
    for form in (f"%2Fdelegationset%2F{bare_id}", f"delegationset/{bare_id}"):
        got = r53.raw(daemon, "GET", f"{V}/delegationset/{form}")
        assert got.find("DelegationSet/Id") == made["Id"]
    assert made in route53.list_reusable_delegation_sets()["DelegationSets"]

    zone = create(route53, "white.test", DelegationSetId=made["Id"])
    assert zone["DelegationSet"] == made  # with its id and reference
    assert route53.get_hosted_zone(Id=bare(zone))["DelegationSet"] == made
    assert values(daemon.ask("white.test", "NS")) == sorted(s + "." for s in made["NameServers"])
    refusal = r53.refused(route53.delete_reusable_delegation_set, Id=bare_id)
    assert (refusal.code, refusal.status) == ("DelegationSetInUse", 400)
    route53.delete_hosted_zone(Id=bare(zone))
    route53.delete_reusable_delegation_set(Id=bare_id)
    for call in (route53.get_reusable_delegation_set, route53.delete_reusable_delegation_set):
        gone = r53.refused(call, Id=bare_id)
        assert (gone.code, gone.status) == ("NoSuchDelegationSet", 400)
        assert bare_id in gone.message
    again = r53.refused(route53.create_reusable_delegation_set, CallerReference="white label")
    assert (again.code, again.status) == ("DelegationSetAlreadyCreated", 400)  # A-TRP-20


def test_a_set_in_a_body_with_its_prefix(daemon, route53):
    """A-ID-1: boto3 takes the prefix off, others do not."""
    made = route53.create_reusable_delegation_set(CallerReference=reference())["DelegationSet"]
    inner = (
        f"<Name>prefix.test</Name><CallerReference>{reference()}</CallerReference>"
        f"<DelegationSetId>{made['Id']}</DelegationSetId>"
    )
    reply = r53.raw(
        daemon, "POST", f"{V}/hostedzone", r53.document("CreateHostedZoneRequest", inner)
    )
    assert reply.status == 201
    assert reply.find("DelegationSet/Id") == made["Id"]


def test_the_servers_of_a_zone_become_a_set(route53):
    """A-DEL-1 with HostedZoneId, R-ZON-7."""
    zone = create(route53, "donor.test")
    refusal = r53.refused(route53.get_reusable_delegation_set, Id=bare(zone))
    assert (refusal.code, refusal.status) == ("DelegationSetNotReusable", 400)
    made = route53.create_reusable_delegation_set(
        CallerReference=reference(), HostedZoneId=bare(zone)
    )["DelegationSet"]
    assert made["NameServers"] == servers(zone)
    assert route53.get_hosted_zone(Id=bare(zone))["DelegationSet"] == made

    again = r53.refused(
        route53.create_reusable_delegation_set, CallerReference=reference(), HostedZoneId=bare(zone)
    )
    assert again.code == "DelegationSetAlreadyReusable"
    missing = r53.refused(
        route53.create_reusable_delegation_set, CallerReference=reference(), HostedZoneId="Z0NO"
    )
    assert missing.code == "HostedZoneNotFound"
    private = r53.refused(
        route53.create_reusable_delegation_set,
        CallerReference=reference(),
        HostedZoneId=create_private(route53, "donor.test"),
    )
    assert private.code == "InvalidArgument"
    assert {missing.status, private.status, again.status} == {400}
    use = r53.refused(create, route53, "x.test", DelegationSetId=bare(create(route53, "y.test")))
    assert use.code == "DelegationSetNotReusable"  # A-ZON-8


@pytest.mark.parametrize("name", ["mid.{}", "{}", "sub.mid.{}", "a.sub.mid.{}"])
def test_zones_that_would_share_a_server(route53, name):
    """A-ZON-7, R-ZON-8: the same name, above and below."""
    parent = f"conflict{next(numbers)}.test"  # sets are drawn: no other zone may be in the way
    name = name.format(parent)
    made = route53.create_reusable_delegation_set(CallerReference=reference())["DelegationSet"]
    zone = create(route53, f"mid.{parent}", DelegationSetId=made["Id"])
    refusal = r53.refused(create, route53, name, DelegationSetId=made["Id"])
    assert (refusal.code, refusal.status) == ("ConflictingDomainExists", 400)
    set_id = made["Id"].removeprefix("/delegationset/")
    assert refusal.message == (
        f"Cannot create hosted zone with DelegationSetId DelegationSetId:{set_id} as the "
        f"DNSName{name}. conflicts with existing ones sharing the delegation set"
    )
    create(route53, f"beside.{parent}", DelegationSetId=made["Id"])
    other = create(route53, name)  # without a set, other servers are drawn
    assert not set(servers(other)) & set(servers(zone))


def test_pages_of_delegation_sets(make_daemon):
    """A-DEL-2: as A-ZON-22."""
    daemon = make_daemon().start()
    route53 = r53.client(daemon)
    ids = sorted(
        route53.create_reusable_delegation_set(CallerReference=f"r{i}")["DelegationSet"]["Id"]
        for i in range(5)
    )
    first = route53.list_reusable_delegation_sets(MaxItems="2")
    assert [made["Id"] for made in first["DelegationSets"]] == ids[:2]
    assert (first["IsTruncated"], first["MaxItems"]) == (True, "2")
    assert "Marker" not in first
    assert first["NextMarker"] == ids[2].removeprefix("/delegationset/")
    route53.delete_reusable_delegation_set(Id=ids[2])
    rest = route53.list_reusable_delegation_sets(Marker=first["NextMarker"])
    assert [made["Id"] for made in rest["DelegationSets"]] == ids[3:]
    assert rest["Marker"] == first["NextMarker"]
    assert rest["IsTruncated"] is False
    assert "NextMarker" not in rest


# -- VPCs


def test_vpcs_come_and_go(daemon, route53):
    """A-VPC-2, A-VPC-3, A-CHN-2."""
    first, second = vpc(), vpc("us-east-2")
    zone = create_private(route53, "vpcs.test", first)
    reply = route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC=second, Comment="more")
    assert reply["ChangeInfo"]["Comment"] == "more"
    change = route53.get_change(Id=reply["ChangeInfo"]["Id"])["ChangeInfo"]
    assert (change["Status"], change["Comment"]) == ("INSYNC", "more")
    assert route53.get_hosted_zone(Id=zone)["VPCs"] == [first, second]

    reply = route53.disassociate_vpc_from_hosted_zone(HostedZoneId=zone, VPC=first)
    assert "Comment" not in reply["ChangeInfo"]
    assert route53.get_change(Id=reply["ChangeInfo"]["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    assert route53.get_hosted_zone(Id=zone)["VPCs"] == [second]
    missing = r53.refused(route53.disassociate_vpc_from_hosted_zone, HostedZoneId=zone, VPC=first)
    assert (missing.code, missing.status) == ("VPCAssociationNotFound", 404)
    other_region = {"VPCId": second["VPCId"], "VPCRegion": "eu-west-1"}
    missing = r53.refused(
        route53.disassociate_vpc_from_hosted_zone, HostedZoneId=zone, VPC=other_region
    )
    assert missing.code == "VPCAssociationNotFound"
    last = r53.refused(
        route53.disassociate_vpc_from_hosted_zone,
        HostedZoneId=zone,
        VPC={"VPCId": second["VPCId"]},  # A-VPC-1: without a Region the id alone counts
    )
    assert (last.code, last.status) == ("LastVPCAssociation", 400)
    assert last.message == (
        "The VPC that you're trying to disassociate from the private hosted zone is the last VPC "
        "that is associated with the hosted zone. Amazon Route 53 doesn't support disassociating "
        "the last VPC from a hosted zone."
    )


def test_a_vpc_has_one_zone_of_a_name(route53):
    """A-ZON-11, A-VPC-2, R-PHZ-3; the same name in public is split view (R-PHZ-13)."""
    network = vpc()
    zone = create_private(route53, "single.test", network)
    other = create_private(route53, "single.test")
    text = (
        f"The VPC that you chose, {network['VPCId']} in region eu-west-1, is already associated "
        "with another private hosted zone that has an overlapping name space, single.test.."
    )
    for call, options in (
        (create, {"route53": route53, "name": "single.test", "VPC": network}),
        (route53.associate_vpc_with_hosted_zone, {"HostedZoneId": other, "VPC": network}),
        (route53.associate_vpc_with_hosted_zone, {"HostedZoneId": zone, "VPC": network}),
    ):
        refusal = r53.refused(call, **options)
        assert (refusal.code, refusal.status) == ("ConflictingDomainExists", 400)
        assert refusal.message == text
    create_private(route53, "below.single.test", network)  # another name is none of its business
    create(route53, "single.test")


def test_public_zones_have_no_vpcs(route53):
    """A-VPC-2."""
    zone = bare(create(route53, "public.test"))
    refusal = r53.refused(route53.associate_vpc_with_hosted_zone, HostedZoneId=zone, VPC=VPC)
    assert (refusal.code, refusal.status) == ("PublicZoneVPCAssociation", 400)
    assert refusal.message == (
        "You're trying to associate a VPC with a public hosted zone. Amazon Route 53 doesn't "
        "support associating a VPC with a public hosted zone."
    )
    refusal = r53.refused(route53.disassociate_vpc_from_hosted_zone, HostedZoneId=zone, VPC=VPC)
    assert refusal.code == "VPCAssociationNotFound"


@pytest.mark.parametrize(
    "network, code",
    [
        ({"VPCId": "vpc-0a1b2c3d4e5f60718"}, None),
        ({"VPCId": "vpc-0a1b2c3d", "VPCRegion": "mars-north-1"}, "InvalidInput"),
        ({"VPCId": "vpc-0a1b2c4d", "VPCRegion": "xx-nowhere-7"}, None),  # 15.4: well-formed
        ({"VPCId": "vpc-0a1b2c3", "VPCRegion": "eu-west-1"}, "InvalidVPCId"),
        ({"VPCId": "net-0a1b2c3d", "VPCRegion": "eu-west-1"}, "InvalidVPCId"),
        ({"VPCId": "", "VPCRegion": "eu-west-1"}, "InvalidVPCId"),
    ],
)
def test_what_a_vpc_is(route53, network, code):
    """A-VPC-1."""
    if code is None:
        zone = create_private(route53, "what.test", network)
        (stored,) = route53.get_hosted_zone(Id=zone)["VPCs"]
        assert stored == {"VPCRegion": "us-east-1", **network}
        return
    refusal = r53.refused(create, route53, "what.test", VPC=network)
    assert (refusal.code, refusal.status) == (code, 400)
    zone = create_private(route53, "what.test")
    refusal = r53.refused(route53.associate_vpc_with_hosted_zone, HostedZoneId=zone, VPC=network)
    assert refusal.code == code


def test_list_hosted_zones_by_vpc(daemon, route53):
    """A-VPC-4, A-TRP-16."""
    network = vpc()
    zones = sorted(create_private(route53, f"v{i}.test", network) for i in range(5))
    first = route53.list_hosted_zones_by_vpc(**network)
    assert [zone["HostedZoneId"] for zone in first["HostedZoneSummaries"]] == zones  # bare
    summary = first["HostedZoneSummaries"][0]
    assert re.fullmatch(r"v\d\.test\.", summary["Name"])
    assert re.fullmatch(r"\d{12}", summary["Owner"]["OwningAccount"])
    assert first["MaxItems"] == "100"
    assert "NextToken" not in first

    found, token = [], {}
    while True:
        page = route53.list_hosted_zones_by_vpc(**network, MaxItems="2", **token)
        assert page["MaxItems"] == "2"
        found += [zone["HostedZoneId"] for zone in page["HostedZoneSummaries"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert found == zones
    elsewhere = route53.list_hosted_zones_by_vpc(VPCId=network["VPCId"], VPCRegion="eu-west-2")
    assert elsewhere["HostedZoneSummaries"] == []
    bad = r53.refused(route53.list_hosted_zones_by_vpc, **network, NextToken="guessed")
    assert (bad.code, bad.status) == ("InvalidPaginationToken", 400)
    for query in ("", "vpcid=vpc-0a1b2c3d", "vpcregion=eu-west-1"):
        reply = r53.raw(daemon, "GET", f"{V}/hostedzonesbyvpc?{query}")
        assert (reply.status, reply.code) == (400, "InvalidInput")


def test_authorizations(daemon, route53):
    """A-VPC-9."""
    zone = create_private(route53, "authorized.test")
    listed = r53.raw(daemon, "GET", f"{V}/hostedzone/{zone}/authorizevpcassociation")
    assert (listed.find("HostedZoneId"), listed.find("VPCs")) == (zone, "")
    networks = [vpc() for _ in range(3)]
    for network in networks:
        reply = route53.create_vpc_association_authorization(HostedZoneId=zone, VPC=network)
        assert (reply["HostedZoneId"], reply["VPC"]) == (zone, network)
    route53.create_vpc_association_authorization(HostedZoneId=zone, VPC=networks[0])
    page = route53.list_vpc_association_authorizations(HostedZoneId=zone, MaxResults="2")
    assert (page["HostedZoneId"], page["VPCs"]) == (zone, networks[:2])
    rest = route53.list_vpc_association_authorizations(
        HostedZoneId=zone, NextToken=page["NextToken"]
    )
    assert rest["VPCs"] == networks[2:]
    assert "NextToken" not in rest
    bad = r53.refused(
        route53.list_vpc_association_authorizations, HostedZoneId=zone, NextToken="guessed"
    )
    assert bad.code == "InvalidPaginationToken"

    route53.delete_vpc_association_authorization(HostedZoneId=zone, VPC=networks[1])
    missing = r53.refused(
        route53.delete_vpc_association_authorization, HostedZoneId=zone, VPC=networks[1]
    )
    assert (missing.code, missing.status) == ("VPCAssociationAuthorizationNotFound", 404)
    assert len(route53.get_hosted_zone(Id=zone)["VPCs"]) == 1  # nothing follows from them
    public = bare(create(route53, "authorized.test"))
    refusal = r53.refused(
        route53.create_vpc_association_authorization, HostedZoneId=public, VPC=networks[0]
    )
    assert refusal.code == "InvalidInput"


# -- what lasts, and how much of it


def everything(route53):
    """All that the lists tell."""
    zones = route53.list_hosted_zones()["HostedZones"]
    details = [route53.get_hosted_zone(Id=zone["Id"]) for zone in zones]
    for detail in details:
        del detail["ResponseMetadata"]
    sets = route53.list_reusable_delegation_sets()["DelegationSets"]
    inside = [detail["HostedZone"]["Id"] for detail in details if "VPCs" in detail]
    allowed = [
        route53.list_vpc_association_authorizations(HostedZoneId=zone)["VPCs"] for zone in inside
    ]
    return details, sets, allowed


def test_a_restart_keeps_everything(make_daemon):
    daemon = make_daemon().start()
    route53 = r53.client(daemon)
    made = route53.create_reusable_delegation_set(CallerReference="set")["DelegationSet"]
    created = create(
        route53, "kept.test", HostedZoneConfig={"Comment": "kept"}, DelegationSetId=made["Id"]
    )
    younger = bare(create(route53, "kept.test"))
    private = create_private(route53, "kept.test", VPC)
    route53.associate_vpc_with_hosted_zone(HostedZoneId=private, VPC=vpc())
    route53.create_vpc_association_authorization(HostedZoneId=private, VPC=vpc())
    put_host(route53, bare(created), "kept.test", "192.0.2.1")
    put_host(route53, younger, "kept.test", "192.0.2.2")
    put_host(route53, private, "kept.test", "192.0.2.3")
    gone = create(route53, "gone.test", CallerReference="gone")
    deleted = route53.delete_hosted_zone(Id=bare(gone))["ChangeInfo"]["Id"]
    before = everything(route53)

    daemon.stop()
    daemon.start()
    route53 = r53.client(daemon)
    assert everything(route53) == before
    assert address_of(daemon, "kept.test") == "192.0.2.1"
    assert route53.get_change(Id=deleted)["ChangeInfo"]["Status"] == "INSYNC"
    assert r53.refused(create, route53, "x.test", CallerReference="gone").code == (
        "HostedZoneAlreadyExists"
    )
    delete_host(route53, bare(created), "kept.test", "192.0.2.1")
    route53.delete_hosted_zone(Id=bare(created))
    assert address_of(daemon, "kept.test") == "192.0.2.2"


def test_quotas(make_daemon):
    """R-QTA-1, R-QTA-6, R-QTA-7: nothing is limited unless the configuration says so."""
    daemon = make_daemon(
        quotas=[
            "hosted-zones=4",
            "zones-per-delegation-set=1",
            "delegation-sets=1",
            "vpcs-per-zone=1",
            "vpc-authorizations-per-zone=1",
        ]
    ).start()
    route53 = r53.client(daemon)
    made = route53.create_reusable_delegation_set(CallerReference="a")["DelegationSet"]
    refusal = r53.refused(route53.create_reusable_delegation_set, CallerReference="b")
    assert (refusal.code, refusal.status) == ("LimitsExceeded", 400)
    refusal = r53.refused(route53.create_reusable_delegation_set, CallerReference="a")
    assert refusal.code == "DelegationSetAlreadyCreated"  # A-ERR-5: quotas come last
    create(route53, "a.test", DelegationSetId=made["Id"])
    refusal = r53.refused(create, route53, "b.test", DelegationSetId=made["Id"])
    assert (refusal.code, refusal.status) == ("TooManyHostedZones", 400)
    zone = create_private(route53, "p.test", VPC)
    refusal = r53.refused(route53.associate_vpc_with_hosted_zone, HostedZoneId=zone, VPC=vpc())
    assert (refusal.code, refusal.status) == ("LimitsExceeded", 400)
    route53.create_vpc_association_authorization(HostedZoneId=zone, VPC=vpc())
    refusal = r53.refused(
        route53.create_vpc_association_authorization, HostedZoneId=zone, VPC=vpc()
    )
    assert (refusal.code, refusal.status) == ("TooManyVPCAssociationAuthorizations", 400)
    create(route53, "c.test")
    create(route53, "d.test")
    refusal = r53.refused(create, route53, "e.test")
    assert (refusal.code, refusal.status) == ("TooManyHostedZones", 400)
    assert r53.refused(create, route53, "*.test").code == "InvalidDomainName"


def test_the_document_of_a_new_zone(daemon):
    """17.3, A-XML-1, A-XML-8, A-HTTP-6: byte for byte but for what is drawn."""
    inner = "<Name>document.test</Name><CallerReference>tide-8</CallerReference>"
    body = r53.document("CreateHostedZoneRequest", inner)
    reply = r53.raw(daemon, "POST", f"{V}/hostedzone", body)
    assert reply.status == 201
    pattern = (
        r'<\?xml version="1\.0" encoding="UTF-8"\?>\s*'
        r'<CreateHostedZoneResponse xmlns="https://route53\.amazonaws\.com/doc/2013-04-01/">'
        r"<HostedZone><Id>/hostedzone/(Z[A-Z0-9]{20})</Id><Name>document\.test\.</Name>"
        r"<CallerReference>tide-8</CallerReference><Config><PrivateZone>false</PrivateZone>"
        r"</Config><ResourceRecordSetCount>2</ResourceRecordSetCount></HostedZone>"
        r"<ChangeInfo><Id>/change/C[A-Z0-9]{20}</Id><Status>PENDING</Status>"
        r"<SubmittedAt>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z</SubmittedAt></ChangeInfo>"
        r"<DelegationSet><NameServers>(<NameServer>ns-[^<]*[^.<]</NameServer>){4}</NameServers>"
        r"</DelegationSet></CreateHostedZoneResponse>\s*"
    )
    found = re.fullmatch(pattern, reply.text.decode())
    assert found, reply.text
    assert reply.headers["Location"] == f"{LOCATION}/hostedzone/{found[1]}"  # A-TRP-17
    assert re.fullmatch(r"[0-9a-f-]{36}", reply.headers["x-amzn-RequestId"])
    assert reply.headers["Content-Type"] == "text/xml"
