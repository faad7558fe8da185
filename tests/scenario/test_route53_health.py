"""Health checks as Route 53's clients make, read, change and delete them."""

import pytest

import endpoints
import route53
from endpoints import Endpoint
from harness import wait_until
from route53 import refused

NOBODY = "11111111-2222-4333-8444-555555555555"
HTTP = {"Type": "HTTP", "IPAddress": "192.0.2.1"}
TCP = {"Type": "TCP", "IPAddress": "192.0.2.1", "Port": 25}
ALL = {"Type": "CALCULATED", "HealthThreshold": 1}
ALARM = {
    "Type": "CLOUDWATCH_METRIC",
    "AlarmIdentifier": {"Region": "eu-west-1", "Name": "load"},
    "InsufficientDataHealthStatus": "Unhealthy",
}
ARN = "arn:aws:route53-recovery-control::123456789012:controlpanel/0123/routingcontrol/4567"
SWITCH = {"Type": "RECOVERY_CONTROL", "RoutingControlArn": ARN}
THREE = ["us-east-1", "eu-west-1", "sa-east-1"]

PLAIN = {"Inverted": False, "Disabled": False}
OF_ENDPOINTS = {
    **PLAIN,
    "RequestInterval": 30,
    "FailureThreshold": 3,
    "MeasureLatency": False,
    "EnableSNI": False,
}


@pytest.fixture
def daemon(make_daemon):
    return make_daemon(checkers=["eu-west-1"]).start()


@pytest.fixture
def client(daemon):
    return route53.client(daemon)


def create(client, config, reference="tide-1"):
    return client.create_health_check(CallerReference=reference, HealthCheckConfig=config)


def create_id(client, config, reference="tide-1"):
    return create(client, config, reference)["HealthCheck"]["Id"]


def get(client, check):
    return client.get_health_check(HealthCheckId=check)["HealthCheck"]


def config_of(client, check):
    return get(client, check)["HealthCheckConfig"]


def update(client, check, **elements):
    return client.update_health_check(HealthCheckId=check, **elements)["HealthCheck"]


def is_up(daemon, check):
    return daemon.request("GET", f"/signpost/v1/health-checks/{check}")[1]["up"]


# -- create and read


def test_a_check_is_made_and_read(client):
    """A-HCK-1, A-HTTP-7; ids are UUIDs of version 4."""
    made = create(client, HTTP)
    check = made["HealthCheck"]
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert made["Location"] == f"https://route53.amazonaws.com/2013-04-01/healthcheck/{check['Id']}"
    assert [len(part) for part in check["Id"].split("-")] == [8, 4, 4, 4, 12]
    assert check["Id"][14] == "4"
    assert (check["CallerReference"], check["HealthCheckVersion"]) == ("tide-1", 1)
    assert get(client, check["Id"]) == check
    assert client.list_health_checks()["HealthChecks"] == [check]


@pytest.mark.parametrize(
    "config, told",
    [
        (HTTP, OF_ENDPOINTS),
        (TCP, OF_ENDPOINTS),
        (
            {"Type": "HTTPS", "FullyQualifiedDomainName": "www.harbor.test"},
            {**OF_ENDPOINTS, "EnableSNI": True},
        ),
        (
            {
                "Type": "HTTPS_STR_MATCH",
                "IPAddress": "192.0.2.1",
                "Port": 8443,
                "ResourcePath": "/status?deep=1&<x>",
                "FullyQualifiedDomainName": "www.harbor.test",
                "SearchString": 'it\'s <fine> & "well"',
                "RequestInterval": 10,
                "FailureThreshold": 1,
                "MeasureLatency": True,
                "Inverted": True,
                "Disabled": True,
                "EnableSNI": False,
                "Regions": THREE,
            },
            {},
        ),
        (ALL, PLAIN),
        (ALARM, PLAIN),
        (SWITCH, PLAIN),
    ],
)
def test_what_was_set_comes_back_with_the_defaults_alone(client, config, told):
    """A-HCK-3, A-HCK-4, A-HCK-6, A-TRP-18."""
    assert config_of(client, create_id(client, config)) == {**told, **config}


def test_an_ipv6_address_comes_back_in_full_groups(client):
    """A-HCK-5, A-TRP-19."""
    check = create_id(client, {"Type": "HTTP", "IPAddress": "2001:DB8::1"})
    assert config_of(client, check)["IPAddress"] == "2001:db8:0:0:0:0:0:1"


@pytest.mark.parametrize(
    "config, words",
    [
        (
            {**TCP, "FullyQualifiedDomainName": "www.harbor.test"},
            "TCP health checks that have IP address must not have a fully qualified domain name "
            "specified.",
        ),
        (
            {**HTTP, "AlarmIdentifier": {"Region": "eu-west-1", "Name": "load"}},
            "Invalid parameter : Basic health checks must not have an metric region specified.",
        ),
        ({**HTTP, "SearchString": "x"}, "must not have a search string specified."),
        ({**HTTP, "HealthThreshold": 0}, "must not have a health threshold specified."),
        ({**TCP, "ResourcePath": "/"}, "must not have a resource path specified."),
        ({**ALL, "MeasureLatency": False}, "must not have a measurement of latency specified."),
        ({**SWITCH, "FailureThreshold": 3}, "must not have a failure threshold specified."),
        ({"Type": "CALCULATED"}, "must have a health threshold specified."),
        ({"Type": "HTTP"}, "must have an IP address or a fully qualified domain name"),
        ({"Type": "TCP", "IPAddress": "192.0.2.1"}, "must have a port specified"),
        ({"Type": "HTTP_STR_MATCH", "IPAddress": "192.0.2.1"}, "must have a search string"),
        ({"Type": "RECOVERY_CONTROL"}, "must have a routing control specified"),
        ({**HTTP, "RequestInterval": 20}, "RequestInterval: 20 seconds: it must be 10 or 30"),
        ({**HTTP, "RequestInterval": 9}, "minInclusive"),
        ({**HTTP, "FailureThreshold": 11}, "maxInclusive"),
        ({**HTTP, "Port": 0}, "minInclusive"),
        ({**HTTP, "Regions": THREE[:2]}, "Regions"),
        ({**HTTP, "Regions": ["eu-north-1", *THREE]}, "cvc-enumeration-valid"),
        ({**HTTP, "ResourcePath": "x" * 256}, "cvc-maxLength-valid"),
        ({**HTTP, "IPAddress": "192.0.2.256"}, "192.0.2.256"),
        ({**HTTP, "Type": "MANUAL"}, "cvc-enumeration-valid"),
        ({**ALL, "ChildHealthChecks": [NOBODY]}, f'there is no health check "{NOBODY}"'),
        ({**SWITCH, "RoutingControlArn": "cell-9"}, 'there is no routing control "cell-9"'),
    ],
)
def test_what_no_check_may_be(client, config, words):
    """A-HCK-6 to A-HCK-9, A-XML-9."""
    refusal = refused(create, client, config)
    assert (refusal.code, refusal.status) == ("InvalidInput", 400)
    assert words in refusal.message
    assert client.get_health_check_count()["HealthCheckCount"] == 0


def test_children_are_no_calculated_checks(client):
    """A-HCK-9; children keep their order."""
    children = [create_id(client, HTTP, f"child {n}") for n in (3, 1, 2)]
    parent = create_id(client, {**ALL, "ChildHealthChecks": children}, "parent")
    assert config_of(client, parent)["ChildHealthChecks"] == children
    refusal = refused(create, client, {**ALL, "ChildHealthChecks": [parent]}, "grandparent")
    assert refusal.code == "InvalidInput" and "calculated" in refusal.message


# -- caller references


def test_the_same_request_again_makes_nothing(client):
    """A-HCK-2, A-TRP-20: compared after the defaults, and IPv6 by value."""
    config = {"Type": "HTTPS", "IPAddress": "2001:db8::1"}
    first = create(client, config)
    again = create(
        client,
        {
            "Type": "HTTPS",
            "IPAddress": "2001:db8:0::1",
            "RequestInterval": 30,
            "EnableSNI": True,
            "Disabled": False,
        },
    )
    assert again["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert (again["HealthCheck"], again["Location"]) == (first["HealthCheck"], first["Location"])
    assert client.get_health_check_count()["HealthCheckCount"] == 1
    update(client, first["HealthCheck"]["Id"], Port=444)
    assert create(client, {**config, "Port": 444})["HealthCheck"]["HealthCheckVersion"] == 2


def test_another_request_with_the_reference_is_refused(client):
    """A-HCK-2."""
    create(client, HTTP)
    refusal = refused(create, client, {**HTTP, "Port": 80})
    assert (refusal.code, refusal.status) == ("HealthCheckAlreadyExists", 409)
    assert "tide-1" in refusal.message
    create(client, {**HTTP, "Port": 80}, "TIDE-1")  # A-TRP-29


def test_the_reference_of_a_deleted_check_stays_used(daemon, client):
    """A-HCK-2, also over a restart."""
    check = create_id(client, HTTP)
    client.delete_health_check(HealthCheckId=check)
    for _ in range(2):
        refusal = refused(create, client, HTTP)
        assert (refusal.code, refusal.status) == ("HealthCheckAlreadyExists", 409)
        daemon.stop()
        daemon.start()


def test_a_reference_counts_in_characters(client):
    """Section 15.3: 1 to 64."""
    create(client, HTTP, "ü" * 64)
    assert get(client, create_id(client, HTTP, "ü" * 64))["CallerReference"] == "ü" * 64
    for reference in ("", "x" * 65):
        assert refused(create, client, HTTP, reference).code == "InvalidInput"


# -- lists


def test_pages_are_in_the_order_of_creation(client):
    """A-HCK-13."""
    ids = [create_id(client, HTTP, f"tide {n}") for n in range(5)]
    page = client.list_health_checks(MaxItems="2")
    assert [check["Id"] for check in page["HealthChecks"]] == ids[:2]
    assert (page["IsTruncated"], page["NextMarker"], page["MaxItems"]) == (True, ids[2], "2")
    assert page.get("Marker") is None
    client.delete_health_check(HealthCheckId=ids[2])
    page = client.list_health_checks(MaxItems="2", Marker=page["NextMarker"])
    assert [check["Id"] for check in page["HealthChecks"]] == ids[3:]
    assert (page["IsTruncated"], page["Marker"]) == (False, ids[2])
    assert "NextMarker" not in page
    pages = client.get_paginator("list_health_checks").paginate(PaginationConfig={"PageSize": 1})
    assert [check["Id"] for page in pages for check in page["HealthChecks"]] == ids[:2] + ids[3:]
    assert client.get_health_check_count()["HealthCheckCount"] == 4


def test_a_hundred_are_a_page(client):
    """A-XML-11, A-TRP-14."""
    for number in range(101):
        create(client, ALL, f"tide {number}")
    page = client.list_health_checks()
    assert (len(page["HealthChecks"]), page["IsTruncated"], page["MaxItems"]) == (100, True, "100")
    assert client.list_health_checks(MaxItems="1000")["MaxItems"] == "100"


def test_elements_that_nobody_asked_for_are_not_there(daemon):
    """A-HCK-13, A-XML-8: an empty list is an element, a marker that was not given is none."""
    reply = route53.raw(daemon, "GET", "/2013-04-01/healthcheck")
    assert reply.find("HealthChecks") == "" and reply.find("Marker") is None
    for query in ("maxitems=0", "maxitems=x", f"marker={NOBODY}"):
        reply = route53.raw(daemon, "GET", f"/2013-04-01/healthcheck?{query}")
        assert (reply.status, reply.code) == (400, "InvalidInput")


def test_optional_lists_are_left_out_when_empty(daemon, client):
    """A-HCK-3, A-XML-8."""
    check = create_id(client, ALL)
    reply = route53.raw(daemon, "GET", f"/2013-04-01/healthcheck/{check}")
    assert b"ChildHealthChecks" not in reply.text and b"Regions" not in reply.text
    assert b"CloudWatchAlarmConfiguration" not in reply.text  # A-HCK-14
    assert b"LinkedService" not in reply.text


# -- update


def test_an_update_changes_what_it_names(client):
    """A-HCK-10, A-HCK-11, R-HCK-7, R-HCK-3."""
    check = create_id(
        client,
        {
            **HTTP,
            "Port": 81,
            "ResourcePath": "/up",
            "FullyQualifiedDomainName": "www.harbor.test",
            "Regions": THREE,
        },
    )
    told = update(client, check, FailureThreshold=2, Inverted=True, IPAddress="192.0.2.2")
    assert told["HealthCheckVersion"] == 2
    assert told["HealthCheckConfig"] == {
        **OF_ENDPOINTS,
        "Type": "HTTP",
        "IPAddress": "192.0.2.2",
        "Port": 81,
        "ResourcePath": "/up",
        "FullyQualifiedDomainName": "www.harbor.test",
        "Regions": THREE,
        "FailureThreshold": 2,
        "Inverted": True,
    }
    told = update(
        client, check, ResetElements=["FullyQualifiedDomainName", "ResourcePath", "Regions"]
    )
    assert told == get(client, check)
    assert told["HealthCheckVersion"] == 3
    assert told["HealthCheckConfig"] == {
        **OF_ENDPOINTS,
        **HTTP,
        "IPAddress": "192.0.2.2",
        "Port": 81,
        "FailureThreshold": 2,
        "Inverted": True,
    }


def test_children_are_replaced_as_a_whole(client):
    """A-HCK-10, section 15.3, R-HCK-7; A-TRP-30."""
    children = [create_id(client, HTTP, f"child {n}") for n in range(3)]
    parent = create_id(client, {**ALL, "ChildHealthChecks": children[:2]}, "parent")
    told = update(client, parent, ChildHealthChecks=children[2:], HealthThreshold=0)
    assert told["HealthCheckConfig"] == {
        **PLAIN,
        "Type": "CALCULATED",
        "HealthThreshold": 0,
        "ChildHealthChecks": children[2:],
    }
    told = update(client, parent, ResetElements=["ChildHealthChecks"])
    assert "ChildHealthChecks" not in told["HealthCheckConfig"]


def test_a_stale_update_is_refused(daemon, client):
    """Section 17.5, A-HCK-10; without a version nobody asks."""
    check = create_id(client, {**HTTP, "ResourcePath": "/up"})
    body = route53.document(
        "UpdateHealthCheckRequest",
        "<HealthCheckVersion>1</HealthCheckVersion><FailureThreshold>2</FailureThreshold>"
        "<ResetElements><ResettableElementName>ResourcePath</ResettableElementName>"
        "</ResetElements>",
    )
    reply = route53.raw(daemon, "POST", f"/2013-04-01/healthcheck/{check}", body)
    assert reply.status == 200
    assert reply.find("HealthCheck/HealthCheckVersion") == "2"
    assert reply.find("HealthCheck/HealthCheckConfig/ResourcePath") is None
    reply = route53.raw(daemon, "POST", f"/2013-04-01/healthcheck/{check}", body)
    assert (reply.status, reply.code) == (409, "HealthCheckVersionMismatch")
    assert "version 2" in reply.message and "version 1" in reply.message
    assert update(client, check, Port=82)["HealthCheckVersion"] == 3


@pytest.mark.parametrize(
    "config, elements",
    [
        (HTTP, {"HealthThreshold": 1}),
        (HTTP, {"SearchString": "x"}),
        (HTTP, {"AlarmIdentifier": {"Region": "eu-west-1", "Name": "load"}}),
        (TCP, {"ResourcePath": "/"}),
        (TCP, {"FullyQualifiedDomainName": "www.harbor.test"}),
        (ALL, {"Port": 80}),
        (ALL, {"ResetElements": ["ResourcePath"]}),
        (ALL, {"ChildHealthChecks": [NOBODY]}),
        (HTTP, {"ResourcePath": "/x", "ResetElements": ["ResourcePath"]}),
        (HTTP, {"ResetElements": ["Port"]}),
        ({"Type": "HTTP", "FullyQualifiedDomainName": "a.test"}, {"IPAddress": "192.0.2.1"}),
        (HTTP, {"IPAddress": ""}),
        (SWITCH, {"FailureThreshold": 1}),
    ],
)
def test_what_no_update_may_do(client, config, elements):
    """A-HCK-10, A-HCK-11, R-HCK-2."""
    check = create_id(client, config)
    refusal = refused(update, client, check, **elements)
    assert (refusal.code, refusal.status) == ("InvalidInput", 400)
    assert get(client, check)["HealthCheckVersion"] == 1


@pytest.mark.parametrize("element", ["Type>HTTP</Type", "RequestInterval>10</RequestInterval"])
def test_what_is_fixed_is_no_element_of_an_update(daemon, client, element):
    """A-HCK-10, A-XML-6."""
    check = create_id(client, HTTP)
    body = route53.document("UpdateHealthCheckRequest", f"<{element}>")
    reply = route53.raw(daemon, "POST", f"/2013-04-01/healthcheck/{check}", body)
    assert (reply.status, reply.code) == (400, "InvalidInput")
    assert "cvc-complex-type.2.4.a" in reply.message


# -- delete


def test_a_deleted_check_is_gone_everywhere(client):
    """A-HCK-12, A-HTTP-8."""
    check = create_id(client, HTTP)
    client.delete_health_check(HealthCheckId=check)
    for call, elements in (
        (client.get_health_check, {}),
        (client.delete_health_check, {}),
        (client.update_health_check, {"Port": 81}),
        (client.get_health_check_status, {}),
        (client.get_health_check_last_failure_reason, {}),
    ):
        refusal = refused(call, HealthCheckId=check, **elements)
        assert (refusal.code, refusal.status) == ("NoSuchHealthCheck", 404)
        assert refusal.message == f"A health check with id {check} does not exist."


def test_a_child_cannot_be_deleted(client):
    """A-HCK-12 (unverified), R-HCK-8."""
    child = create_id(client, HTTP, "child")
    parent = create_id(client, {**ALL, "ChildHealthChecks": [child]}, "parent")
    refusal = refused(client.delete_health_check, HealthCheckId=child)
    assert (refusal.code, refusal.status) == ("HealthCheckInUse", 400)
    client.delete_health_check(HealthCheckId=parent)
    client.delete_health_check(HealthCheckId=child)


def test_records_do_not_keep_a_check(daemon, client):
    """A-HCK-12, R-REC-10."""
    check = create_id(client, SWITCH)
    zone = route53.create_zone(client)
    more = {"SetIdentifier": "a", "MultiValueAnswer": True, "HealthCheckId": check}
    route53.apply(
        client, zone, route53.change("CREATE", "www.harbor.test", "A", "192.0.2.1", **more)
    )
    client.delete_health_check(HealthCheckId=check)
    assert client.list_health_checks()["HealthChecks"] == []
    assert refused(client.get_health_check, HealthCheckId=check).code == "NoSuchHealthCheck"


# -- states


def test_types_that_nobody_probes_are_driven_by_hand(daemon, client):
    """A-HCK-14: healthy at first, with an ARN that nobody here knows; also over a restart."""
    switch, alarm = create_id(client, SWITCH), create_id(
        client, {**ALARM, "InsufficientDataHealthStatus": "Healthy"}, "2"
    )
    assert is_up(daemon, switch) and is_up(daemon, alarm)
    daemon.signpost("health", "set", switch, "down", "--owner", "maria")
    daemon.signpost("alarm", "set", "load", "ALARM", "--region", "eu-west-1")
    assert not is_up(daemon, switch) and not is_up(daemon, alarm)
    daemon.stop()
    daemon.start()
    assert not is_up(daemon, switch) and not is_up(daemon, alarm)
    update(client, switch, Inverted=True)


def test_a_routing_control_of_ours_is_told_by_its_arn(daemon, client):
    """A-HCK-14: whatever name the check was made with."""
    arn = "arn:aws:route53-recovery-control::000000000000:controlpanel/default/routingcontrol/cell"
    daemon.signpost("control", "create", "cell")
    daemon.signpost("health", "create", "native", "--control", "cell")
    assert config_of(client, "native")["RoutingControlArn"] == arn
    check = create_id(client, {**SWITCH, "RoutingControlArn": arn})
    assert not is_up(daemon, check)  # R-ARC: it is Off at first
    daemon.signpost("control", "set", "cell=on")
    assert is_up(daemon, check)


def test_checks_made_by_hand_are_of_a_type_that_clients_know(daemon, client):
    """A MANUAL check is told as the switch that it is."""
    daemon.signpost("health", "create", "web")
    told = get(client, "web")
    assert client.list_health_checks()["HealthChecks"] == [told]
    assert told["CallerReference"] == "web"
    arn = told["HealthCheckConfig"].pop("RoutingControlArn")
    assert arn.startswith("arn:aws:route53-recovery-control:") and arn.endswith("/web")
    assert told["HealthCheckConfig"] == {**PLAIN, "Type": "RECOVERY_CONTROL"}
    assert update(client, "web", Inverted=True)["HealthCheckConfig"]["Inverted"]
    assert not is_up(daemon, "web")


def statuses(call, check):
    return call(HealthCheckId=check)["HealthCheckObservations"]


def test_there_is_nothing_to_tell_of_what_nobody_probes(client):
    """A-HCK-15, A-HCK-16."""
    configs = [ALL, ALARM, SWITCH, {**HTTP, "Disabled": True}]
    for number, config in enumerate(configs):
        check = create_id(client, config, f"tide {number}")
        assert statuses(client.get_health_check_status, check) == []
        assert statuses(client.get_health_check_last_failure_reason, check) == []


def test_a_real_endpoint_turns(make_daemon):
    """A-HCK-15, A-HCK-16, R-HCS-1, R-HCS-3: the checkers' last results, and their last failures."""
    checkers = ["us-east-1@127.0.0.2", "eu-west-1@127.0.0.3", "sa-east-1@127.0.0.2"]
    daemon = make_daemon(checkers=checkers).start()
    client = route53.client(daemon)
    server = Endpoint(endpoints.answer())
    try:
        check = create_id(
            client,
            {
                "Type": "HTTP",
                "IPAddress": "127.0.0.1",
                "Port": server.port,
                "RequestInterval": 10,
                "FailureThreshold": 1,
            },
        )

        def all_say(text):
            seen = statuses(client.get_health_check_status, check)
            said = [one["StatusReport"]["Status"] for one in seen]
            return seen if said == [text] * len(checkers) else None

        seen = wait_until(lambda: all_say("Success: HTTP Status Code 200, OK"), "three looks")
        assert sorted((one["Region"], one["IPAddress"]) for one in seen) == [
            ("eu-west-1", "127.0.0.3"),
            ("sa-east-1", "127.0.0.2"),
            ("us-east-1", "127.0.0.2"),
        ]
        assert all("CheckedTime" in one["StatusReport"] for one in seen)
        assert statuses(client.get_health_check_last_failure_reason, check) == []
        assert is_up(daemon, check)

        server.behave = endpoints.answer("503 Service Unavailable")
        failure = "Failure: HTTP Status Code 503, Service Unavailable"
        failed = wait_until(lambda: all_say(failure), "three failures")
        assert statuses(client.get_health_check_last_failure_reason, check) == failed
        wait_until(lambda: not is_up(daemon, check), "the check to turn")

        server.behave = endpoints.answer()
        wait_until(lambda: all_say("Success: HTTP Status Code 200, OK"), "three passes")
        reasons = statuses(client.get_health_check_last_failure_reason, check)
        assert [one["StatusReport"]["Status"] for one in reasons] == [failure] * len(checkers)
        assert client.get_checker_ip_ranges()["CheckerIpRanges"] == ["127.0.0.2/32", "127.0.0.3/32"]
    finally:
        server.close()


def test_checkers_look_from_this_machine_unless_told(client):
    """A-LIM-2."""
    assert client.get_checker_ip_ranges()["CheckerIpRanges"] == ["127.0.0.1/32"]


def test_the_ranges_of_checkers_are_where_they_look_from(make_daemon):
    """A-LIM-2: an address, and the address of an interface; each once."""
    checkers = ["us-east-1@2001:db8::7", "us-west-1@lo", "eu-west-1@2001:db8::7"]
    client = route53.client(make_daemon(checkers=checkers).start())
    ranges = client.get_checker_ip_ranges()["CheckerIpRanges"]
    assert ranges == ["2001:db8::7/128", "127.0.0.1/32"]


# -- quotas


def test_a_quota_ends_the_making(make_daemon):
    """R-QTA-11: TooManyHealthChecks; the same request again still finds its check."""
    daemon = make_daemon(quotas=["none", "health-checks=2"]).start()
    client = route53.client(daemon)
    create(client, HTTP, "1")
    create(client, HTTP, "2")
    refusal = refused(create, client, HTTP, "3")
    assert (refusal.code, refusal.status) == ("TooManyHealthChecks", 400)
    create(client, HTTP, "2")
