"""The AWS SDK for JavaScript, which reads and signs by other code than boto3 and the AWS CLI."""

import json
import shutil
import subprocess

import pytest

import route53
from harness import TOP, rcode, values

# Where contrib/test has installed what tests/scenario/js/package.json names.
PACKAGES = TOP / "build/test/js"

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (PACKAGES / "node_modules").exists(),
    reason="needs Node.js and the packages that contrib/test installs",
)


class Failed(Exception):
    """What the SDK threw."""

    def __init__(self, error):
        super().__init__(f"{error['name']}: {error['message']}")
        self.name = error["name"]
        self.message = error["message"]
        self.status = error.get("status")
        self.fault = error.get("fault")
        self.is_of_its_class = error["isOfItsClass"]


class Bridge:
    """node with the SDK, one call after the other."""

    def __init__(self, daemon):
        script = TOP / "tests/scenario/js/route53.mjs"
        self.process = subprocess.Popen(
            ["node", "--no-deprecation", script, PACKAGES, route53.endpoint(daemon)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def call(self, name, **elements):
        print(json.dumps({"call": name, "input": elements}), file=self.process.stdin, flush=True)
        outcome = json.loads(self.process.stdout.readline())
        if "error" in outcome:
            raise Failed(outcome["error"])
        return outcome["output"]

    def fails(self, name, **elements):
        with pytest.raises(Failed) as caught:
            self.call(name, **elements)
        return caught.value

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def daemon(make_daemon):
    return make_daemon(checkers=["eu-west-1"]).start()


@pytest.fixture
def sdk(daemon):
    bridge = Bridge(daemon)
    yield bridge
    bridge.close()


@pytest.fixture
def zone(sdk):
    reply = sdk.call("CreateHostedZone", Name="harbor.test", CallerReference="first")
    return reply["HostedZone"]["Id"]


def member(name, identifier, value, **routing):
    return {
        "Name": name,
        "Type": "A",
        "SetIdentifier": identifier,
        "TTL": 60,
        "ResourceRecords": [{"Value": value}],
        **routing,
    }


def change(sdk, zone, *changes):
    """Applies (action, record set) and waits as a program would; its ChangeInfo."""
    batch = {
        "Changes": [{"Action": action, "ResourceRecordSet": wanted} for action, wanted in changes]
    }
    reply = sdk.call("ChangeResourceRecordSets", HostedZoneId=zone, ChangeBatch=batch)
    info = reply["ChangeInfo"]
    waited = sdk.call("waitUntilResourceRecordSetsChanged", Id=info["Id"])
    assert waited["state"] == "SUCCESS"
    return info


def list_sets(sdk, zone, page_size):
    """All record sets, page by page: this list has no pager of the SDK's."""
    position, sets = {}, []
    while True:
        page = sdk.call("ListResourceRecordSets", HostedZoneId=zone, MaxItems=page_size, **position)
        assert page["MaxItems"] == page_size
        assert len(page["ResourceRecordSets"]) <= page_size
        sets += page["ResourceRecordSets"]
        if not page["IsTruncated"]:
            return sets
        places = {
            "StartRecordName": page["NextRecordName"],
            "StartRecordType": page["NextRecordType"],
            "StartRecordIdentifier": page.get("NextRecordIdentifier"),
        }
        position = {key: value for key, value in places.items() if value is not None}


def test_a_zone_comes_with_what_the_registrar_must_know(daemon, sdk):
    reply = sdk.call(
        "CreateHostedZone",
        Name="harbor.test",
        CallerReference="first",
        HostedZoneConfig={"Comment": "boats & buoys"},
    )
    zone = reply["HostedZone"]
    assert reply["$metadata"]["httpStatusCode"] == 201
    assert reply["Location"].endswith(zone["Id"])
    assert zone["Name"] == "harbor.test."
    assert zone["Config"] == {"Comment": "boats & buoys", "PrivateZone": False}
    assert zone["ResourceRecordSetCount"] == 2
    servers = sorted(f"{server}." for server in reply["DelegationSet"]["NameServers"])
    assert values(daemon.ask("harbor.test", "NS")) == servers
    assert sdk.call("GetHostedZone", Id=zone["Id"])["HostedZone"] == zone


def test_what_is_changed_is_answered_and_listed(daemon, sdk, zone):
    text = r'"say \"ahoy\" & <wave>" "twice"'
    heavy = member("quay.harbor.test", "heavy", "192.0.2.1", Weight=1)
    light = member("quay.harbor.test", "light", "192.0.2.2", Weight=0)
    alias = {
        "Name": "pier.harbor.test",
        "Type": "A",
        "AliasTarget": {
            "HostedZoneId": zone.removeprefix("/hostedzone/"),
            "DNSName": "quay.harbor.test",
            "EvaluateTargetHealth": False,
        },
    }
    txt = {
        "Name": "*.harbor.test",
        "Type": "TXT",
        "TTL": 300,
        "ResourceRecords": [{"Value": text}],
    }
    info = change(
        sdk, zone, ("CREATE", heavy), ("CREATE", light), ("UPSERT", txt), ("CREATE", alias)
    )
    assert sdk.call("GetChange", Id=info["Id"])["ChangeInfo"]["Status"] == "INSYNC"

    for name in ("quay.harbor.test", "pier.harbor.test"):
        assert values(daemon.ask(name)) == ["192.0.2.1"]
    assert values(daemon.ask("any.harbor.test", "TXT")) == [text]

    sets = list_sets(sdk, zone, page_size=2)
    assert [(found["Name"], found["Type"], found.get("SetIdentifier")) for found in sets] == [
        ("harbor.test.", "NS", None),
        ("harbor.test.", "SOA", None),
        ("\\052.harbor.test.", "TXT", None),
        ("pier.harbor.test.", "A", None),
        ("quay.harbor.test.", "A", "heavy"),
        ("quay.harbor.test.", "A", "light"),
    ]
    assert sets[2]["ResourceRecords"] == [{"Value": text}]
    assert sets[3]["AliasTarget"] == {**alias["AliasTarget"], "DNSName": "quay.harbor.test."}
    assert sets[4] == {**heavy, "Name": "quay.harbor.test."}


def test_pagers_go_on_where_a_page_ends(sdk):
    names = [f"{letter}.test." for letter in "abcde"]
    for name in names:
        sdk.call("CreateHostedZone", Name=name, CallerReference=name)
    pages = sdk.call("paginateListHostedZones")
    assert [len(page["HostedZones"]) for page in pages] == [2, 2, 1]
    assert sorted(zone["Name"] for page in pages for zone in page["HostedZones"]) == names


def test_a_health_check_decides_between_two(daemon, sdk, zone):
    config = {
        "Type": "HTTP",
        "IPAddress": "192.0.2.1",
        "Port": 80,
        "ResourcePath": "/health?of=quay&deep=1",
        "Disabled": True,
    }
    check = sdk.call("CreateHealthCheck", CallerReference="first", HealthCheckConfig=config)
    check_id = check["HealthCheck"]["Id"]
    assert check["HealthCheck"]["HealthCheckVersion"] == 1
    assert check["HealthCheck"]["HealthCheckConfig"].items() >= config.items()
    first = member("quay.harbor.test", "1", "192.0.2.1", Failover="PRIMARY", HealthCheckId=check_id)
    second = member("quay.harbor.test", "2", "192.0.2.2", Failover="SECONDARY")
    change(sdk, zone, ("CREATE", first), ("CREATE", second))
    assert values(daemon.ask("quay.harbor.test")) == ["192.0.2.1"]  # disabled: it counts as well

    sdk.call("UpdateHealthCheck", HealthCheckId=check_id, HealthCheckVersion=1, Inverted=True)
    assert values(daemon.ask("quay.harbor.test")) == ["192.0.2.2"]
    stale = sdk.fails(
        "UpdateHealthCheck", HealthCheckId=check_id, HealthCheckVersion=1, Inverted=False
    )
    assert (stale.name, stale.status) == ("HealthCheckVersionMismatch", 409)

    change(sdk, zone, ("DELETE", first), ("DELETE", second))
    sdk.call("DeleteHealthCheck", HealthCheckId=check_id)
    assert sdk.fails("GetHealthCheck", HealthCheckId=check_id).name == "NoSuchHealthCheck"


def test_refusals_are_of_the_classes_that_programs_catch(daemon, sdk, zone):
    unknown = sdk.fails("GetHostedZone", Id="Z000000000000000000000")
    assert (unknown.name, unknown.is_of_its_class) == ("NoSuchHostedZone", True)
    assert (unknown.status, unknown.fault) == (404, "client")
    assert unknown.message == "No hosted zone found with ID: Z000000000000000000000"

    again = sdk.fails("CreateHostedZone", Name="other.test", CallerReference="first")
    assert (again.name, again.is_of_its_class) == ("HostedZoneAlreadyExists", True)

    mooring = {
        "Name": "quay.harbor.test",
        "Type": "A",
        "TTL": 60,
        "ResourceRecords": [{"Value": "192.0.2.1"}],
    }
    change(sdk, zone, ("CREATE", mooring))
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": mooring}]}
    twice = sdk.fails("ChangeResourceRecordSets", HostedZoneId=zone, ChangeBatch=batch)
    assert (twice.name, twice.is_of_its_class) == ("InvalidChangeBatch", True)
    assert twice.message == (
        "[Tried to create resource record set [name='quay.harbor.test.', type='A'] but it already "
        "exists]"
    )

    full = sdk.fails("DeleteHostedZone", Id=zone)
    assert (full.name, full.is_of_its_class) == ("HostedZoneNotEmpty", True)
    change(sdk, zone, ("DELETE", mooring))
    sdk.call("DeleteHostedZone", Id=zone)
    assert rcode(daemon.ask("harbor.test", "SOA")) == "REFUSED"
    assert sdk.fails("GetHostedZone", Id=zone).name == "NoSuchHostedZone"
