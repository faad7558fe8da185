"""Record sets that nobody may change until somebody takes the protection away (A-PRT)."""

import pytest

import route53
from harness import Refused, values
from route53 import change, refused

WHY = "ask the harbour master"


@pytest.fixture
def daemon(make_daemon):
    return make_daemon().start()


@pytest.fixture
def client(daemon):
    return route53.client(daemon)


@pytest.fixture
def zone(client):
    made = route53.create_zone(client)
    route53.apply(client, made, change("CREATE", "www.harbor.test", "A", "192.0.2.1"))
    return made


def entry(element, name, rdtype, comment=None):
    said = "" if comment is None else f"<Comment>{comment}</Comment>"
    return (
        f"<{element}><RecordName>{name}</RecordName><RecordType>{rdtype}</RecordType>{said}"
        f"</{element}>"
    )


def protect(daemon, zone, *entries):
    """Each entry is (name, type) or (name, type, comment)."""
    inner = "".join(entry("ResourceRecordSetProtectionConfig", *one) for one in entries)
    return route53.raw(
        daemon,
        "POST",
        f"/2013-04-01/hostedzone/{zone}/rrsetprotection",
        route53.document(
            "CreateResourceRecordSetProtectionsRequest", f"<Protections>{inner}</Protections>"
        ),
    )


def release(daemon, zone, *entries):
    inner = "".join(entry("ResourceRecordSetProtectionKey", *one) for one in entries)
    return route53.raw(
        daemon,
        "POST",
        f"/2013-04-01/hostedzone/{zone}/rrsetprotection/delete",
        route53.document(
            "DeleteResourceRecordSetProtectionsRequest", f"<Protections>{inner}</Protections>"
        ),
    )


def listing(daemon, zone, query=""):
    return route53.raw(daemon, "GET", f"/2013-04-01/hostedzone/{zone}/rrsetprotection{query}")


def names(reply):
    item = "ResourceRecordSetProtections/ResourceRecordSetProtection/"
    return [
        f"{name} {rdtype}"
        for name, rdtype in zip(
            reply.find_all(item + "RecordName"), reply.find_all(item + "RecordType")
        )
    ]


def errors(reply):
    """["name type code"] of a refusal."""
    item = "Error/Errors/ProtectionError/"
    columns = [reply.find_all(item + part) for part in ("RecordName", "RecordType", "Code")]
    assert len(reply.find_all(item + "Message")) == len(columns[0])
    return [" ".join(row) for row in zip(*columns)]


def test_a_protected_set_stays_until_it_is_released(daemon, client, zone):
    """A-PRT-1, A-PRT-2, A-CHG-8: every change, of sets that are there and of others."""
    reply = protect(
        daemon, zone, ("www.harbor.test", "A", WHY), ("new.harbor.test.", "TXT", "not yet")
    )
    assert (reply.status, reply.find("Error/Code")) == (200, None)
    for one, said in [
        (change("UPSERT", "www.harbor.test", "A", "192.0.2.2"), WHY),
        (change("DELETE", "www.harbor.test", "A", "192.0.2.1"), WHY),
        (change("CREATE", "WWW.harbor.test", "A", "192.0.2.2", SetIdentifier="x", Weight=1), WHY),
        (change("CREATE", "new.harbor.test", "TXT", '"a"'), "not yet"),
    ]:
        refusal = refused(
            route53.apply, client, zone, change("CREATE", "x.harbor.test", "A", "192.0.2.9"), one
        )
        assert (refusal.code, refusal.status) == ("InvalidChangeBatch", 400)
        assert said in refusal.message
    assert values(daemon.ask("www.harbor.test")) == ["192.0.2.1"]
    assert values(daemon.ask("x.harbor.test")) == []
    # Another type and another name are free.
    route53.apply(
        client,
        zone,
        change("CREATE", "www.harbor.test", "TXT", '"a"'),
        change("CREATE", "new.harbor.test", "A", "192.0.2.3"),
    )

    daemon.stop()
    daemon.start()
    client = route53.client(daemon)
    upsert = change("UPSERT", "www.harbor.test", "A", "192.0.2.2")
    assert WHY in refused(route53.apply, client, zone, upsert).message
    assert release(daemon, zone, ("www.harbor.test", "A")).status == 200
    route53.apply(client, zone, upsert)
    assert values(daemon.ask("www.harbor.test")) == ["192.0.2.2"]


def test_other_ways_of_changing_are_closed_as_well(daemon, client, zone):
    """A-PRT-1: the command line's changes, and an import that replaces the zone."""
    protect(daemon, zone, ("www.harbor.test", "A", WHY))
    with pytest.raises(Refused, match=WHY):
        daemon.signpost(
            "record", "set", "harbor.test", "www.harbor.test", "A", "192.0.2.2", "--ttl", "60"
        )
    for text in ("www 60 IN A 192.0.2.2\n", "www 61 IN A 192.0.2.1\n", "web 60 IN A 192.0.2.1\n"):
        with pytest.raises(Refused, match=WHY):
            daemon.import_text("harbor.test", text, "--replace")
    assert values(daemon.ask("www.harbor.test")) == ["192.0.2.1"]
    daemon.import_text(
        "harbor.test", "www 60 IN A 192.0.2.1\nmore 60 IN A 192.0.2.3\n", "--replace"
    )
    assert values(daemon.ask("more.harbor.test")) == ["192.0.2.3"]


def test_a_protection_keeps_its_zone(daemon, client):
    """A-PRT-1, A-ZON-27."""
    zone = route53.create_zone(client)
    protect(daemon, zone, ("www.harbor.test", "A"))
    refusal = refused(client.delete_hosted_zone, Id=zone)
    assert (refusal.code, refusal.status) == ("HostedZoneNotEmpty", 400)
    with pytest.raises(Refused):
        daemon.signpost("zone", "delete", "harbor.test")
    release(daemon, zone, ("www.harbor.test", "A"))
    client.delete_hosted_zone(Id=zone)


def test_what_cannot_be_protected(daemon, zone):
    """A-PRT-2, A-PRT-4: all or nothing; what cannot be read hides the rest."""
    assert protect(daemon, zone, ("www.harbor.test", "A")).status == 200
    reply = protect(daemon, zone, ("www.harbor.test", "A"))
    assert (reply.status, reply.code) == (409, "ProtectionAlreadyExists")
    assert errors(reply) == ["www.harbor.test A ProtectionAlreadyExists"]

    reply = protect(daemon, zone, ("new.harbor.test", "A"), ("www.harbor.test", "A"))
    assert (reply.status, reply.code) == (400, "InvalidResourceRecordSetProtectionBatch")
    assert errors(reply) == ["www.harbor.test A ProtectionAlreadyExists"]
    assert names(listing(daemon, zone)) == ["www.harbor.test. A"]

    reply = protect(
        daemon,
        zone,
        ("www.harbor.test", "A"),
        ("www.pier.test", "A"),
        ("a..harbor.test", "A"),
        ("b.harbor.test", "A"),
        ("B.harbor.test.", "A", "again"),
    )
    assert (reply.status, reply.code) == (400, "InvalidResourceRecordSetProtectionBatch")
    assert errors(reply) == [
        "www.pier.test A InvalidInput",
        "a..harbor.test A InvalidInput",
        "B.harbor.test. A InvalidInput",
    ]
    assert names(listing(daemon, zone)) == ["www.harbor.test. A"]

    reply = protect(daemon, zone, ("a&lt;b.harbor.test", "A"), ("www.harbor.test", "TXT"))
    assert reply.status == 200
    reply = protect(daemon, zone, ("a&lt;b.harbor.test", "A"))
    assert errors(reply) == ["a<b.harbor.test A ProtectionAlreadyExists"]


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [(f"n{i}.harbor.test", "A") for i in range(101)],
        [("www.harbor.test", "BOGUS")],
        [("www.harbor.test", "A", "x" * 257)],
    ],
)
def test_lists_of_another_shape(daemon, zone, entries):
    """A-PRT-2, 15.5."""
    reply = protect(daemon, zone, *entries)
    assert (reply.status, reply.code) == (400, "InvalidInput")
    assert names(listing(daemon, zone)) == []


def test_what_cannot_be_released(daemon, zone):
    """A-PRT-4."""
    protect(daemon, zone, ("www.harbor.test", "A"))
    reply = release(daemon, zone, ("www.harbor.test", "A"), ("www.harbor.test", "TXT"))
    assert (reply.status, reply.code) == (400, "InvalidResourceRecordSetProtectionBatch")
    assert errors(reply) == ["www.harbor.test TXT ProtectionNotFound"]
    assert names(listing(daemon, zone)) == ["www.harbor.test. A"]
    reply = release(daemon, zone, ("www.harbor.test", "TXT"))
    assert reply.code == "InvalidResourceRecordSetProtectionBatch"


def test_the_list(daemon, zone):
    """A-PRT-3, A-LST-2, A-LST-3."""
    for reply in (
        listing(daemon, "Z0000000000000NOBODY"),
        protect(daemon, "Z0000000000000NOBODY", ("www.harbor.test", "A")),
        release(daemon, "Z0000000000000NOBODY", ("www.harbor.test", "A")),
    ):
        assert (reply.status, reply.code) == (404, "NoSuchHostedZone")
    empty = listing(daemon, zone)
    assert empty.status == 200
    assert empty.find("ResourceRecordSetProtections") == ""
    expect = [
        "harbor.test. A",
        "harbor.test. MX",
        "\\052.harbor.test. A",
        "a-b.harbor.test. A",
        "a.harbor.test. TXT",
        "b.a.harbor.test. AAAA",
    ]
    given = [one.replace(". ", " ").replace("\\052", "*").split(" ") for one in expect]
    assert protect(daemon, zone, *reversed(given)).status == 200
    assert names(listing(daemon, zone)) == expect
    assert names(listing(daemon, zone, "?name=a-b.harbor.test")) == expect[3:]
    assert names(listing(daemon, zone, "?name=*.harbor.test")) == expect[2:]
    assert names(listing(daemon, zone, "?name=harbor.test&type=MX")) == expect[1:]
    assert names(listing(daemon, zone, "?name=harbor.test&type=CNAME")) == expect[1:]
    for size in range(1, 7):
        found, query = [], f"?maxresults={size}"
        while query:
            page = listing(daemon, zone, query)
            found += names(page)
            token = page.find("NextToken")
            # With a token, the name counts no more.
            query = token and f"?maxresults={size}&nexttoken={token}&name=a.harbor.test"
        assert found == expect
    for query, code in [
        ("?type=A", "InvalidInput"),
        ("?name=harbor.test&type=BOGUS", "InvalidInput"),
        ("?maxresults=0", "InvalidInput"),
        ("?nexttoken=x", "InvalidPaginationToken"),
    ]:
        reply = listing(daemon, zone, query)
        assert (reply.status, reply.code) == (400, code)


def test_comments_are_told(daemon, zone):
    """A-PRT-1: up to 256 characters, of any alphabet."""
    comment = "\N{anchor}" * 256
    protect(daemon, zone, ("www.harbor.test", "A", comment), ("www.harbor.test", "TXT"))
    item = "ResourceRecordSetProtections/ResourceRecordSetProtection/Comment"
    assert listing(daemon, zone).find_all(item) == [comment]
