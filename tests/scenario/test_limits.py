"""Quotas: what is told of them, and what happens at them (A-LIM-1, R-QTA)."""

import signal

import pytest

import route53
from harness import wait_until
from route53 import change, refused

UNLIMITED = 2147483647
VPC = {"VPCRegion": "eu-west-1", "VPCId": "vpc-0a1b2c3d"}
DOCUMENT = (
    '{"AWSPolicyFormatVersion":"2015-10-01","RecordType":"A","StartEndpoint":"e",'
    '"Endpoints":{"e":{"Type":"value","Value":"192.0.2.1"}}}'
)


@pytest.fixture
def daemon(make_daemon):
    return make_daemon().start()


@pytest.fixture
def client(daemon):
    return route53.client(daemon)


def account(client, kind):
    """(limit, count)."""
    answer = client.get_account_limit(Type=kind)
    assert answer["Limit"]["Type"] == kind
    return answer["Limit"]["Value"], answer["Count"]


def of_zone(client, zone, kind):
    answer = client.get_hosted_zone_limit(HostedZoneId=zone, Type=kind)
    assert answer["Limit"]["Type"] == kind
    return answer["Limit"]["Value"], answer["Count"]


def of_set(client, delegation_set):
    kind = "MAX_ZONES_BY_REUSABLE_DELEGATION_SET"
    answer = client.get_reusable_delegation_set_limit(DelegationSetId=delegation_set, Type=kind)
    assert answer["Limit"]["Type"] == kind
    return answer["Limit"]["Value"], answer["Count"]


def create_check(client, reference):
    config = {"Type": "CALCULATED", "HealthThreshold": 0}
    return client.create_health_check(CallerReference=reference, HealthCheckConfig=config)


def create_policy(client, name):
    return client.create_traffic_policy(Name=name, Document=DOCUMENT)["TrafficPolicy"]["Id"]


# What the account has of each kind, and how one more is made.
ACCOUNT = {
    "MAX_HEALTH_CHECKS_BY_OWNER": (200, 65536, create_check),
    "MAX_HOSTED_ZONES_BY_OWNER": (
        500,
        UNLIMITED,
        lambda client, name: route53.create_zone(client, f"{name}.test"),
    ),
    "MAX_REUSABLE_DELEGATION_SETS_BY_OWNER": (
        100,
        UNLIMITED,
        lambda client, name: client.create_reusable_delegation_set(CallerReference=name),
    ),
    "MAX_TRAFFIC_POLICIES_BY_OWNER": (50, UNLIMITED, create_policy),
}


@pytest.mark.parametrize("kind", ACCOUNT)
def test_counts_are_real(make_daemon, kind):
    """A-LIM-1, R-QTA-1, R-QTA-6, R-QTA-11, R-QTA-16; without quotas the number is the largest."""
    route53_value, none_value, make = ACCOUNT[kind]
    client = route53.client(make_daemon().start())
    assert account(client, kind) == (none_value, 0)
    make(client, "one")
    make(client, "two")
    assert account(client, kind) == (none_value, 2)
    client = route53.client(make_daemon(quotas=["route53"]).start())
    assert account(client, kind) == (route53_value, 0)


def test_instances_are_counted(client):
    """A-LIM-1."""
    kind = "MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER"
    assert account(client, kind) == (UNLIMITED, 0)
    client.create_traffic_policy_instance(
        HostedZoneId=route53.create_zone(client),
        Name="www.harbor.test",
        TTL=60,
        TrafficPolicyId=create_policy(client, "p"),
        TrafficPolicyVersion=1,
    )
    assert account(client, kind) == (UNLIMITED, 1)


def test_limits_of_a_zone(make_daemon):
    """A-LIM-1, R-QTA-2, R-QTA-7."""
    client = route53.client(make_daemon(quotas=["route53"]).start())
    public = route53.create_zone(client)
    private = route53.create_zone(client, "inner.test", VPC=VPC)
    route53.apply(client, public, change("CREATE", "www.harbor.test", "A", "192.0.2.1"))
    assert of_zone(client, public, "MAX_RRSETS_BY_ZONE") == (10000, 3)
    assert of_zone(client, f"/hostedzone/{private}", "MAX_RRSETS_BY_ZONE") == (10000, 2)
    assert of_zone(client, private, "MAX_VPCS_ASSOCIATED_BY_ZONE") == (300, 1)
    refusal = refused(of_zone, client, public, "MAX_VPCS_ASSOCIATED_BY_ZONE")
    assert (refusal.code, refusal.status) == ("HostedZoneNotPrivate", 400)
    refusal = refused(of_zone, client, "Z0000000000000NOBODY", "MAX_RRSETS_BY_ZONE")
    assert (refusal.code, refusal.status) == ("NoSuchHostedZone", 404)


def test_limits_of_a_delegation_set(make_daemon):
    """A-LIM-1, R-QTA-6."""
    client = route53.client(make_daemon(quotas=["route53"]).start())
    made = client.create_reusable_delegation_set(CallerReference="one")["DelegationSet"]["Id"]
    assert of_set(client, made) == (100, 0)
    route53.create_zone(client, DelegationSetId=made)
    assert of_set(client, made.removeprefix("/delegationset/")) == (100, 1)
    assert refused(of_set, client, "N0000000000000NOBODY").code == "NoSuchDelegationSet"


def test_types_that_are_none(client):
    """15.4."""
    zone = route53.create_zone(client)
    for call, arguments in [
        (client.get_account_limit, {}),
        (client.get_hosted_zone_limit, {"HostedZoneId": zone}),
        (client.get_reusable_delegation_set_limit, {"DelegationSetId": "N0"}),
    ]:
        refusal = refused(call, Type="MAX_LIGHTHOUSES", **arguments)
        assert (refusal.code, refusal.status) == ("InvalidInput", 400)
        assert "'MAX_LIGHTHOUSES'" in refusal.message


def test_what_happens_at_a_quota(make_daemon):
    """R-QTA-30: the error that Route 53 gives, and nothing is made."""
    client = route53.client(
        make_daemon(
            quotas=[
                "route53",
                "hosted-zones=2",
                "health-checks=1",
                "delegation-sets=1",
                "cidr-collections=1",
                "cidr-blocks-per-collection=2",
                "key-signing-keys-per-zone=1",
                "traffic-policies=1",
                "record-sets-per-zone=3",
                "values-per-record-set=2",
            ]
        ).start()
    )
    zone = route53.create_zone(client)
    route53.create_zone(client, "inner.test", VPC=VPC)
    assert refused(route53.create_zone, client, "more.test").code == "TooManyHostedZones"
    create_check(client, "one")
    assert refused(create_check, client, "two").code == "TooManyHealthChecks"
    client.create_reusable_delegation_set(CallerReference="one")
    assert refused(client.create_reusable_delegation_set, CallerReference="two").code == (
        "LimitsExceeded"
    )
    create_policy(client, "one")
    assert refused(create_policy, client, "two").code == "TooManyTrafficPolicies"

    made = client.create_cidr_collection(Name="one", CallerReference="1")["Collection"]["Id"]
    assert refused(client.create_cidr_collection, Name="two", CallerReference="2").code == (
        "LimitsExceeded"
    )
    blocks = {"LocationName": "a", "Action": "PUT"}
    three = ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]
    refusal = refused(
        client.change_cidr_collection, Id=made, Changes=[{**blocks, "CidrList": three}]
    )
    assert refusal.code == "LimitsExceeded"
    client.change_cidr_collection(Id=made, Changes=[{**blocks, "CidrList": three[:2]}])

    key = {
        "HostedZoneId": zone,
        "KeyManagementServiceArn": (
            "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-4000-8000-000000000001"
        ),
        "Status": "ACTIVE",
    }
    client.create_key_signing_key(CallerReference="1", Name="one", **key)
    key["KeyManagementServiceArn"] = key["KeyManagementServiceArn"][:-1] + "2"
    refusal = refused(client.create_key_signing_key, CallerReference="2", Name="two", **key)
    assert refusal.code == "TooManyKeySigningKeys"

    www = change("CREATE", "www.harbor.test", "A", "192.0.2.1", "192.0.2.2", "192.0.2.3")
    assert refused(route53.apply, client, zone, www).code == "InvalidChangeBatch"
    www["ResourceRecordSet"]["ResourceRecords"].pop()
    route53.apply(client, zone, www)
    more = change("CREATE", "more.harbor.test", "A", "192.0.2.1")
    assert refused(route53.apply, client, zone, more).code == "InvalidChangeBatch"


def test_quotas_are_read_again(make_daemon):
    """The configuration file says them, and they change while the daemon runs."""
    daemon = make_daemon(quotas=["none", "hosted-zones=1"]).start()
    client = route53.client(daemon)
    kind = "MAX_HOSTED_ZONES_BY_OWNER"
    route53.create_zone(client)
    assert refused(route53.create_zone, client, "pier.test").code == "TooManyHostedZones"
    daemon.write_config(quotas=["route53"])
    daemon.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "configuration read again" in daemon.said(), "the configuration")
    assert account(client, kind) == (500, 1)
    route53.create_zone(client, "pier.test")
