"""CIDR collections through the Route 53 API, and what they do to answers."""

import re

import pytest

import route53
from harness import values
from route53 import change, refused

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
NOBODY = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def daemon(make_daemon):
    return make_daemon().start()


@pytest.fixture
def client(daemon):
    return route53.client(daemon)


def create(client, name="offices", reference="one"):
    return client.create_cidr_collection(Name=name, CallerReference=reference)["Collection"]


def put(location, *blocks, action="PUT"):
    return {"LocationName": location, "Action": action, "CidrList": list(blocks)}


def take(location, *blocks):
    return put(location, *blocks, action="DELETE_IF_EXISTS")


def edit(client, collection, *changes, **more):
    return client.change_cidr_collection(Id=collection["Id"], Changes=list(changes), **more)


def version(client, collection):
    (found,) = [
        item
        for item in client.list_cidr_collections()["CidrCollections"]
        if item["Id"] == collection["Id"]
    ]
    return found["Version"]


def blocks(client, collection, **more):
    """["location block"], through all pages."""
    pages = client.get_paginator("list_cidr_blocks").paginate(CollectionId=collection["Id"], **more)
    return [
        f"{block['LocationName']} {block['CidrBlock']}"
        for page in pages
        for block in page.get("CidrBlocks", [])
    ]


def locations(client, collection, **more):
    pages = client.get_paginator("list_cidr_locations").paginate(
        CollectionId=collection["Id"], **more
    )
    return [found["LocationName"] for page in pages for found in page.get("CidrLocations", [])]


def test_a_collection_is_made_once_for_a_reference(client):
    """A-CID-1, A-HTTP-7."""
    answer = client.create_cidr_collection(Name="offices", CallerReference="one")
    made = answer["Collection"]
    assert re.fullmatch(UUID, made["Id"])
    assert made == {
        "Arn": f"arn:aws:route53:::cidrcollection/{made['Id']}",
        "Id": made["Id"],
        "Name": "offices",
        "Version": 1,
    }
    assert (
        answer["ResponseMetadata"]["HTTPHeaders"]["location"]
        == f"https://route53.amazonaws.com/2013-04-01/cidrcollection/{made['Id']}"
    )
    assert create(client) == made
    refusal = refused(client.create_cidr_collection, Name="offices", CallerReference="two")
    assert (refusal.code, refusal.status) == ("CidrCollectionAlreadyExistsException", 400)
    assert create(client, name="branches")["Id"] != made["Id"]


@pytest.mark.parametrize(
    "name, reference", [("a b", "one"), ("x" * 65, "one"), ("", "one"), ("offices", "x" * 65)]
)
def test_what_no_collection_can_be_called(client, name, reference):
    """R-CID-1, 15.5."""
    refusal = refused(client.create_cidr_collection, Name=name, CallerReference=reference)
    assert refusal.code == "InvalidInput"


def test_a_collection_that_the_command_line_made_is_the_same(daemon, client):
    daemon.signpost("collection", "create", "offices")
    daemon.signpost("collection", "put", "offices", "harbor", "192.0.2.0/24")
    (found,) = client.list_cidr_collections()["CidrCollections"]
    assert (found["Name"], found["Version"]) == ("offices", 2)
    assert blocks(client, found) == ["harbor 192.0.2.0/24"]
    refusal = refused(client.create_cidr_collection, Name="offices", CallerReference="one")
    assert refusal.code == "CidrCollectionAlreadyExistsException"


def test_blocks_come_and_go_in_order_and_together(client):
    """A-CID-2, R-CID-2, R-CID-3."""
    made = create(client)
    answer = edit(
        client,
        made,
        put("pier", "2001:db8::/32", "198.51.100.0/24", "198.51.0.0/16"),
        put("harbor", "192.0.2.0/24"),
    )
    assert answer["Id"]
    assert version(client, made) == 2
    assert blocks(client, made) == [
        "harbor 192.0.2.0/24",
        "pier 198.51.0.0/16",
        "pier 198.51.100.0/24",
        "pier 2001:db8::/32",
    ]
    # In order: what one location gives up, the next may take.
    edit(client, made, take("harbor", "192.0.2.0/24"), put("pier", "192.0.2.0/24"))
    assert locations(client, made) == ["pier"]
    # All or nothing, and what is not there may be deleted.
    refusal = refused(
        edit, client, made, take("pier", "198.51.0.0/16"), put("quay", "198.51.100.0/24")
    )
    assert (refusal.code, refusal.status) == ("CidrBlockInUseException", 400)
    assert "pier 198.51.0.0/16" in blocks(client, made)
    assert version(client, made) == 3
    edit(client, made, take("nowhere", "10.0.0.0/8"))
    assert version(client, made) == 4


@pytest.mark.parametrize(
    "block",
    ["192.0.2.0/25", "192.0.2.1", "2001:db8::/49", "0.0.0.0/0", "::/0", "192.0.2.1/24", "x"],
)
def test_blocks_that_no_collection_takes(client, block):
    """R-CID-2."""
    made = create(client)
    refusal = refused(edit, client, made, put("harbor", "198.51.100.0/24", block))
    assert (refusal.code, refusal.status) == ("InvalidInput", 400)
    assert block in refusal.message
    assert blocks(client, made) == []


@pytest.mark.parametrize("location", ["*", "a b", "x" * 17])
def test_locations_that_have_no_blocks(client, location):
    """R-CID-1, R-CID-2."""
    assert refused(edit, client, create(client), put(location, "192.0.2.0/24")).code == (
        "InvalidInput"
    )


def test_a_version_that_is_not_current_is_refused(client):
    """A-CID-2."""
    made = create(client)
    edit(client, made, put("harbor", "192.0.2.0/24"), CollectionVersion=1)
    refusal = refused(edit, client, made, put("harbor", "198.51.100.0/24"), CollectionVersion=1)
    assert (refusal.code, refusal.status) == ("CidrCollectionVersionMismatchException", 409)
    assert blocks(client, made) == ["harbor 192.0.2.0/24"]
    edit(client, made, put("harbor", "198.51.100.0/24"), CollectionVersion=2)


def test_a_thousand_blocks_and_no_more(client):
    """R-CID-3, R-QTA-10."""
    made = create(client)
    thousand = [f"10.{i // 250}.{i % 250}.0/24" for i in range(1000)]
    refusal = refused(edit, client, made, put("a", *thousand[:600]), put("b", *thousand[500:]))
    assert refusal.code == "LimitsExceeded"
    edit(client, made, put("harbor", *thousand))
    assert len(blocks(client, made)) == 1000
    assert refused(edit, client, made, put("pier", "192.0.2.0/24")).code == "LimitsExceeded"


def test_lists_come_in_pages(client):
    """A-CID-3."""
    for name in ["delta", "alpha", "charlie", "bravo"]:
        made = create(client, name=name, reference=name)
    edit(
        client,
        made,
        put("b", "192.0.2.0/24", "198.51.100.0/24", "2001:db8::/32"),
        put("a", "203.0.113.0/24"),
    )
    first = client.list_cidr_collections(MaxResults="3")
    assert [item["Name"] for item in first["CidrCollections"]] == ["alpha", "bravo", "charlie"]
    rest = client.list_cidr_collections(MaxResults="3", NextToken=first["NextToken"])
    assert [item["Name"] for item in rest["CidrCollections"]] == ["delta"]
    assert "NextToken" not in rest
    everything = [
        "a 203.0.113.0/24",
        "b 192.0.2.0/24",
        "b 198.51.100.0/24",
        "b 2001:db8::/32",
    ]
    for size in (1, 2, 3, 4, 100):
        pages = {"PaginationConfig": {"PageSize": size}}
        assert blocks(client, made, **pages) == everything
        assert locations(client, made, **pages) == ["a", "b"]
    page = {"PaginationConfig": {"PageSize": 2}}
    assert blocks(client, made, LocationName="b", **page) == everything[1:]
    for call in (client.list_cidr_blocks, client.list_cidr_locations):
        assert refused(call, CollectionId=made["Id"], NextToken="x").code == "InvalidInput"
        assert refused(call, CollectionId=made["Id"], MaxResults="0").code == "InvalidInput"
    assert refused(client.list_cidr_collections, NextToken="x").code == "InvalidInput"


def test_what_is_not_there(client):
    """5.1: NoSuchCidrCollectionException, NoSuchCidrLocationException."""
    made = create(client)
    for call, arguments in [
        (client.list_cidr_blocks, {"CollectionId": NOBODY}),
        (client.list_cidr_locations, {"CollectionId": NOBODY}),
        (client.delete_cidr_collection, {"Id": NOBODY}),
        (client.change_cidr_collection, {"Id": NOBODY, "Changes": [put("a", "192.0.2.0/24")]}),
        (client.delete_cidr_collection, {"Id": "offices"}),  # a name is no id
    ]:
        refusal = refused(call, **arguments)
        assert (refusal.code, refusal.status) == ("NoSuchCidrCollectionException", 404)
    refusal = refused(client.list_cidr_blocks, CollectionId=made["Id"], LocationName="harbor")
    assert (refusal.code, refusal.status) == ("NoSuchCidrLocationException", 404)


def member(zone_name, collection, location, address):
    return change(
        "CREATE",
        f"www.{zone_name}",
        "A",
        address,
        SetIdentifier=location,
        CidrRoutingConfig={"CollectionId": collection["Id"], "LocationName": location},
    )


def test_what_record_sets_use_stays(daemon, client):
    """R-CID-12, A-CID-2 to A-CID-4: answers follow a change at once, and locations in use stay."""
    made = create(client)
    edit(client, made, put("harbor", "198.51.100.0/24"))
    zone = route53.create_zone(client)
    route53.apply(
        client,
        zone,
        member("harbor.test", made, "harbor", "192.0.2.1"),
        member("harbor.test", made, "*", "192.0.2.2"),
    )
    assert locations(client, made) == ["*", "harbor"]

    def answer(subnet):
        return values(daemon.ask("www.harbor.test", subnet=subnet))

    assert answer("198.51.100.0/24") == ["192.0.2.1"]
    assert answer("203.0.113.0/24") == ["192.0.2.2"]
    edit(client, made, put("harbor", "203.0.113.0/24"))
    assert answer("203.0.113.0/24") == ["192.0.2.1"]
    edit(client, made, take("harbor", "198.51.100.0/24"))
    assert answer("198.51.100.0/24") == ["192.0.2.2"]
    refusal = refused(edit, client, made, take("harbor", "203.0.113.0/24"))
    assert (refusal.code, refusal.status) == ("CidrBlockInUseException", 400)

    refusal = refused(client.delete_cidr_collection, Id=made["Id"])
    assert (refusal.code, refusal.status) == ("CidrCollectionInUseException", 400)
    route53.apply(
        client,
        zone,
        *[
            {**one, "Action": "DELETE"}
            for one in (
                member("harbor.test", made, "harbor", "192.0.2.1"),
                member("harbor.test", made, "*", "192.0.2.2"),
            )
        ],
    )
    assert refused(client.delete_cidr_collection, Id=made["Id"]).code == (
        "CidrCollectionInUseException"
    )
    edit(client, made, take("harbor", "203.0.113.0/24"))
    client.delete_cidr_collection(Id=made["Id"])
    assert "CidrCollections" not in client.list_cidr_collections()  # A-XML-8


def test_the_reference_outlives_a_restart(daemon, client):
    """A-CID-1."""
    made = create(client)
    daemon.stop()
    daemon.start()
    assert create(route53.client(daemon)) == made
