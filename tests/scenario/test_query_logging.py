"""Query logging configurations: which there are.  The lines themselves are another matter."""

import re

import pytest

import route53
from route53 import refused

ARN = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/"
NOBODY = "11111111-2222-4333-8444-555555555555"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


@pytest.fixture
def daemon(make_daemon):
    return make_daemon().start()


@pytest.fixture
def client(daemon):
    return route53.client(daemon)


def create(client, zone, group="harbor.test"):
    return client.create_query_logging_config(
        HostedZoneId=zone, CloudWatchLogsLogGroupArn=ARN + group
    )["QueryLoggingConfig"]


def listed(client, **options):
    pages = client.get_paginator("list_query_logging_configs").paginate(**options)
    return [config["Id"] for page in pages for config in page["QueryLoggingConfigs"]]


def test_one_configuration_of_a_zone_from_creation_to_deletion(daemon, client):
    """A-QLG-1, R-LOG-1."""
    zone = route53.create_zone(client)
    answer = client.create_query_logging_config(
        HostedZoneId=f"/hostedzone/{zone}", CloudWatchLogsLogGroupArn=ARN + "harbor.test:*"
    )
    made = answer["QueryLoggingConfig"]
    assert re.fullmatch(UUID, made["Id"])
    assert made == {
        "Id": made["Id"],
        "HostedZoneId": zone,
        "CloudWatchLogsLogGroupArn": ARN + "harbor.test:*",
    }
    assert (
        answer["ResponseMetadata"]["HTTPHeaders"]["location"]
        == f"https://route53.amazonaws.com/2013-04-01/queryloggingconfig/{made['Id']}"
    )
    refusal = refused(create, client, zone)
    assert (refusal.code, refusal.status) == ("QueryLoggingConfigAlreadyExists", 409)
    assert refusal.message == "A query logging configuration already exists for this hosted zone"

    daemon.stop()
    daemon.start()
    client = route53.client(daemon)
    assert client.get_query_logging_config(Id=made["Id"])["QueryLoggingConfig"] == made
    client.delete_query_logging_config(Id=made["Id"])
    for call in (client.get_query_logging_config, client.delete_query_logging_config):
        refusal = refused(call, Id=made["Id"])
        assert (refusal.code, refusal.status) == ("NoSuchQueryLoggingConfig", 404)
        assert refusal.message == "The query logging configuration does not exist"
    assert create(client, zone)["Id"] != made["Id"]


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:logs:eu-west-1:111122223333:log-group:a",
        "arn:aws:logs:us-east-1:1111:log-group:a",
        "arn:aws:logs:us-east-1:111122223333:log-stream:a",
        ARN + "a:b",
        "",
    ],
)
def test_arns_of_other_forms(client, arn):
    """A-QLG-1."""
    refusal = refused(
        client.create_query_logging_config,
        HostedZoneId=route53.create_zone(client),
        CloudWatchLogsLogGroupArn=arn,
    )
    assert (refusal.code, refusal.status) == ("InvalidInput", 400)
    assert refusal.message == "The ARN for the CloudWatch Logs log group is invalid"


def test_zones_that_cannot_be_logged(client):
    """A-QLG-1, R-LOG-1: private ones, and those that are not there."""
    private = route53.create_zone(
        client, "inner.test", VPC={"VPCRegion": "eu-west-1", "VPCId": "vpc-0a1b2c3d"}
    )
    assert refused(create, client, private).code == "InvalidInput"
    refusal = refused(create, client, "Z0000000000000NOBODY")
    assert (refusal.code, refusal.status) == ("NoSuchHostedZone", 404)


def test_the_list_is_in_the_order_of_creation(client):
    """A-QLG-2."""
    zones = [route53.create_zone(client, f"{name}.test") for name in "dacbe"]
    made = [create(client, zone)["Id"] for zone in zones]
    assert listed(client) == made
    for size in (1, 2, 4, 5):
        assert listed(client, PaginationConfig={"PageSize": size}) == made
    assert listed(client, HostedZoneId=zones[2]) == [made[2]]
    assert listed(client, HostedZoneId=f"/hostedzone/{zones[2]}") == [made[2]]
    client.delete_query_logging_config(Id=made[2])
    assert listed(client, HostedZoneId=zones[2]) == []
    refusal = refused(client.list_query_logging_configs, HostedZoneId="Z0000000000000NOBODY")
    assert (refusal.code, refusal.status) == ("NoSuchHostedZone", 404)
    page = client.list_query_logging_configs(MaxResults="2")
    client.delete_query_logging_config(Id=made[3])  # it would have begun the next page
    rest = client.list_query_logging_configs(NextToken=page["NextToken"])
    assert [config["Id"] for config in rest["QueryLoggingConfigs"]] == [made[4]]


@pytest.mark.parametrize("token", ["x", "Tzz", "T78", "T2d31", "T", "12"])
def test_a_token_of_somebody_else(client, token):
    """A-QLG-2."""
    refusal = refused(client.list_query_logging_configs, NextToken=token)
    assert (refusal.code, refusal.status) == ("InvalidPaginationToken", 400)
    assert refusal.message == (
        "Route 53 can't get the next page of query logging configurations because the specified "
        "value for NextToken is invalid."
    )


def test_a_zone_takes_its_configuration_along(client):
    """A-ZON-27."""
    zone = route53.create_zone(client)
    made = create(client, zone)
    client.delete_hosted_zone(Id=zone)
    assert refused(client.get_query_logging_config, Id=made["Id"]).code == (
        "NoSuchQueryLoggingConfig"
    )
    assert client.list_query_logging_configs()["QueryLoggingConfigs"] == []
