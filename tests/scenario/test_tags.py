"""Tags of hosted zones and health checks, as clients see them."""

import pytest

import route53
from route53 import refused

NOBODY = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def daemon(make_daemon):
    return make_daemon().start()


@pytest.fixture
def client(daemon):
    return route53.client(daemon)


def create_check(client, reference="check"):
    return client.create_health_check(
        CallerReference=reference,
        HealthCheckConfig={"Type": "CALCULATED", "HealthThreshold": 0},
    )["HealthCheck"]["Id"]


@pytest.fixture(params=["hostedzone", "healthcheck"])
def tagged(request, client):
    """(type, id) of something that can have tags."""
    make = route53.create_zone if request.param == "hostedzone" else create_check
    return request.param, make(client)


def change(client, tagged, add=None, remove=None):
    lists = {}
    if add is not None:
        lists["AddTags"] = [{"Key": key, "Value": value} for key, value in add]
    if remove is not None:
        lists["RemoveTagKeys"] = remove
    return client.change_tags_for_resource(ResourceType=tagged[0], ResourceId=tagged[1], **lists)


def tags(client, tagged):
    """[(key, value)], as listed."""
    answer = client.list_tags_for_resource(ResourceType=tagged[0], ResourceId=tagged[1])
    found = answer["ResourceTagSet"]
    assert (found["ResourceType"], found["ResourceId"]) == tagged
    return [(tag["Key"], tag["Value"]) for tag in found["Tags"]]


def test_tags_are_added_overwritten_and_removed(client, tagged):
    """A-TAG-2, A-TAG-5."""
    assert tags(client, tagged) == []
    change(client, tagged, add=[("team", "dns"), ("Name", "harbor"), ("empty", "")])
    assert tags(client, tagged) == [("Name", "harbor"), ("empty", ""), ("team", "dns")]
    change(client, tagged, add=[("team", "net")], remove=["empty", "never there"])
    assert tags(client, tagged) == [("Name", "harbor"), ("team", "net")]
    change(client, tagged, add=[("team", "last")], remove=["team"])  # A-TAG-2: first removed
    assert ("team", "last") in tags(client, tagged)


def test_keys_keep_their_case(client, tagged):
    """A-TRP-29."""
    change(client, tagged, add=[("a", "1"), ("A", "2")])
    assert tags(client, tagged) == [("A", "2"), ("a", "1")]


def test_no_tags_are_an_empty_list(daemon, client, tagged):
    """A-TAG-5, A-XML-8: botocore tells an empty wrapper from a missing one."""
    reply = route53.raw(daemon, "GET", "/2013-04-01/tags/{}/{}".format(*tagged))
    assert b"<Tags></Tags>" in reply.text or b"<Tags/>" in reply.text


def test_what_a_tag_may_hold(client, tagged):
    """A-TAG-3."""
    key, value = "a-Z 0_.:/=+@" + "k" * 116, "v" * 256
    change(client, tagged, add=[(key, value), ("größe", "größer")])
    assert tags(client, tagged) == [(key, value), ("größe", "größer")]


@pytest.mark.parametrize(
    "add",
    [
        [("k" * 129, "v")],
        [("k", "v" * 257)],
        [("", "v")],
        [("semi;colon", "v")],
        [("k", "<v>")],
        [(f"k{n}", "v") for n in range(11)],
        [],
    ],
)
def test_what_a_tag_may_not_be(client, tagged, add):
    """A-TAG-2, A-TAG-3."""
    refusal = refused(change, client, tagged, add=add)
    assert (refusal.code, refusal.status) == ("InvalidInput", 400)
    assert tags(client, tagged) == []


def test_a_change_changes_something(daemon, tagged):
    """A-TAG-2: at least one of the lists."""
    body = route53.document("ChangeTagsForResourceRequest", "")
    reply = route53.raw(daemon, "POST", "/2013-04-01/tags/{}/{}".format(*tagged), body)
    assert (reply.status, reply.code) == (400, "InvalidInput")


def test_a_resource_has_fifty_tags_at_most(client, tagged):
    """A-TAG-3 (unverified), and all of a change or nothing."""
    for ten in range(5):
        change(client, tagged, add=[(f"k{ten}{n}", "v") for n in range(10)])
    refusal = refused(change, client, tagged, add=[("one", "more")])
    assert refusal.code == "InvalidInput"
    assert len(tags(client, tagged)) == 50
    change(client, tagged, add=[("one", "more")], remove=["k00"])
    assert len(tags(client, tagged)) == 50


@pytest.mark.parametrize("resource_type, id, code, message", [
    ("hostedzone", "Z404", "NoSuchHostedZone", "No hosted zone found with ID: Z404"),
    ("healthcheck", NOBODY, "NoSuchHealthCheck", f"A health check with id {NOBODY} does not exist."),
])  # fmt: skip
def test_nobody_has_no_tags(client, resource_type, id, code, message):
    """Section 5.1."""
    nobody = (resource_type, id)
    listing = {"ResourceType": resource_type, "ResourceIds": [id]}
    for refusal in (
        refused(tags, client, nobody),
        refused(change, client, nobody, add=[("a", "b")]),
        refused(client.list_tags_for_resources, **listing),
    ):
        assert (refusal.code, refusal.status, refusal.message) == (code, 404, message)


def test_ids_are_literal(daemon, client):
    """A-TAG-4, A-TRP-25: an id with its prefix is over 32 characters, or nobody's."""
    zone = "/hostedzone/" + route53.create_zone(client)
    refusal = refused(change, client, ("hostedzone", zone), add=[("a", "b")])
    assert (refusal.code, refusal.status) == ("InvalidInput", 400)
    assert refusal.message == (
        f"1 validation error detected: Value '{zone}' at 'resourceId' failed to satisfy "
        "constraint: Member must have length less than or equal to 32"
    )
    refusal = refused(change, client, ("hostedzone", "/hostedzone/Z1"), add=[("a", "b")])
    assert refusal.code == "NoSuchHostedZone"
    assert refusal.message == "No hosted zone found with ID: /hostedzone/Z1"
    refusal = refused(client.list_tags_for_resources, ResourceType="hostedzone", ResourceIds=[zone])
    assert refusal.message == (
        f"Invalid XML ; cvc-maxLength-valid: Value '{zone}' with length = '33' is not facet-valid "
        "with respect to maxLength '32' for type 'ResourceId'."
    )


def test_two_things_have_tags(daemon):
    """A-TAG-1 (unverified text)."""
    reply = route53.raw(daemon, "GET", "/2013-04-01/tags/trafficpolicy/Z1")
    assert (reply.status, reply.code) == (400, "InvalidInput")
    assert reply.message == (
        "Invalid XML ; cvc-enumeration-valid: Value 'trafficpolicy' is not facet-valid with "
        "respect to enumeration '[healthcheck, hostedzone]'. It must be a value from the "
        "enumeration."
    )


def test_tags_of_many_come_in_the_order_asked(client):
    """A-TAG-6, as external-dns asks: ten ids a call."""
    zones = [route53.create_zone(client, f"z{n}.test") for n in range(10)]
    for number, zone in enumerate(zones):
        change(client, ("hostedzone", zone), add=[("n", str(number))])
    answer = client.list_tags_for_resources(ResourceType="hostedzone", ResourceIds=zones[::-1])
    sets = answer["ResourceTagSets"]
    assert [found["ResourceId"] for found in sets] == zones[::-1]
    assert [found["Tags"][0]["Value"] for found in sets] == [str(n) for n in range(9, -1, -1)]
    refusal = refused(
        client.list_tags_for_resources, ResourceType="hostedzone", ResourceIds=[zones[0], "Z404"]
    )
    assert refusal.code == "NoSuchHostedZone"
    for ids in ([], zones + zones[:1]):
        refusal = refused(
            client.list_tags_for_resources, ResourceType="hostedzone", ResourceIds=ids
        )
        assert refusal.code == "InvalidInput"


def test_tags_outlive_the_daemon_but_not_their_resource(daemon, client, tagged):
    """A-ZON-27, A-HCK-12."""
    change(client, tagged, add=[("a", "b")])
    daemon.stop()
    daemon.start()
    assert tags(client, tagged) == [("a", "b")]
    if tagged[0] == "hostedzone":
        client.delete_hosted_zone(Id=tagged[1])
    else:
        client.delete_health_check(HealthCheckId=tagged[1])
    assert refused(tags, client, tagged).status == 404
