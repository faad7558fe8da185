"""The AWS CLI, as a tutorial uses it: step by step, and after each the answers have changed."""

import json
import os
import shutil
import subprocess

import pytest

import route53
from harness import ZONES, rcode, values, wait_until

# Debian's, which install-packages brings: whatever else is called aws may be any version.
AWS = shutil.which("aws", path="/usr/bin:" + os.environ["PATH"])

pytestmark = pytest.mark.skipif(AWS is None, reason="needs the AWS CLI (install-packages test)")


class Failed(Exception):
    """The status was not 0; the text is what the CLI said."""


class Cli:
    """`aws route53 ...` with a home of its own."""

    def __init__(self, daemon):
        self.endpoint = route53.endpoint(daemon)
        self.home = daemon.folder
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "AWS_ACCESS_KEY_ID": route53.KEY,
            "AWS_SECRET_ACCESS_KEY": route53.SECRET,
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_DEFAULT_OUTPUT": "json",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_PAGER": "",
        }

    def __call__(self, *arguments):
        """What it prints, parsed; Failed when it ends with another status than 0."""
        done = subprocess.run(
            [AWS, "--endpoint-url", self.endpoint, "route53", *map(str, arguments)],
            cwd=self.home,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise Failed(done.stderr.strip())
        return json.loads(done.stdout) if done.stdout.strip() else None

    def change(self, zone, name, *changes):
        """change-resource-record-sets from a file of that name; the id of the change."""
        batch = {
            "Comment": name,
            "Changes": [
                {"Action": action, "ResourceRecordSet": wanted} for action, wanted in changes
            ],
        }
        (self.home / f"{name}.json").write_text(json.dumps(batch, indent=2))
        reply = self(
            "change-resource-record-sets",
            *("--hosted-zone-id", zone),
            *("--change-batch", f"file://{name}.json"),
        )
        assert reply["ChangeInfo"]["Comment"] == name
        return reply["ChangeInfo"]["Id"]


@pytest.fixture
def daemon(make_daemon):
    return make_daemon(checkers=["eu-west-1"]).start()


@pytest.fixture
def aws(daemon):
    return Cli(daemon)


@pytest.fixture
def zone(aws):
    reply = aws("create-hosted-zone", "--name", "harbor.test", "--caller-reference", "tutorial")
    return reply["HostedZone"]["Id"]


def record_set(name, *addresses, **more):
    values_of = {"TTL": 60, "ResourceRecords": [{"Value": address} for address in addresses]}
    return {"Name": name, "Type": "A", **(values_of if addresses else {}), **more}


def test_a_zone_from_its_first_record_to_its_end(daemon, aws):
    made = aws(
        "create-hosted-zone",
        *("--name", "harbor.test"),
        *("--caller-reference", "2026-01-02 03:04"),
        *("--hosted-zone-config", "Comment=boats & buoys"),
    )
    zone = made["HostedZone"]["Id"]
    assert made["HostedZone"]["Config"] == {"Comment": "boats & buoys", "PrivateZone": False}
    servers = sorted(f"{server}." for server in made["DelegationSet"]["NameServers"])
    assert values(daemon.ask("harbor.test", "NS")) == servers
    assert aws("list-hosted-zones")["HostedZones"] == [made["HostedZone"]]
    assert aws("get-hosted-zone", "--id", zone)["HostedZone"] == made["HostedZone"]

    assert rcode(daemon.ask("www.harbor.test")) == "NXDOMAIN"
    two = record_set("www.harbor.test", "192.0.2.1", "192.0.2.2")
    change = aws.change(zone, "simple", ("CREATE", two))
    aws("wait", "resource-record-sets-changed", "--id", change)
    assert values(daemon.ask("www.harbor.test")) == ["192.0.2.1", "192.0.2.2"]

    aws.change(zone, "new-address", ("UPSERT", record_set("www.harbor.test", "192.0.2.3")))
    assert values(daemon.ask("www.harbor.test")) == ["192.0.2.3"]

    target = {
        "HostedZoneId": zone.removeprefix("/hostedzone/"),
        "DNSName": "www.harbor.test",
        "EvaluateTargetHealth": False,
    }
    alias = record_set("harbor.test", AliasTarget=target)
    aws.change(zone, "alias", ("CREATE", alias))
    assert values(daemon.ask("harbor.test")) == ["192.0.2.3"]

    listed = aws("list-resource-record-sets", "--hosted-zone-id", zone, "--page-size", 2)
    assert [(found["Name"], found["Type"]) for found in listed["ResourceRecordSets"]] == [
        ("harbor.test.", "A"),
        ("harbor.test.", "NS"),
        ("harbor.test.", "SOA"),
        ("www.harbor.test.", "A"),
    ]
    with pytest.raises(Failed, match="HostedZoneNotEmpty"):
        aws("delete-hosted-zone", "--id", zone)

    last = record_set("www.harbor.test", "192.0.2.3")
    aws.change(zone, "away", ("DELETE", alias), ("DELETE", last))
    assert rcode(daemon.ask("www.harbor.test")) == "NXDOMAIN"
    aws("delete-hosted-zone", "--id", zone)
    assert rcode(daemon.ask("harbor.test", "SOA")) == "REFUSED"
    with pytest.raises(Failed, match=r"\(NoSuchHostedZone\).*No hosted zone found with ID: Z"):
        aws("get-hosted-zone", "--id", zone)


def test_weights_share_a_name(daemon, aws, zone):
    def weighted(identifier, address, weight):
        return record_set("www.harbor.test", address, SetIdentifier=identifier, Weight=weight)

    blue, green = weighted("blue", "192.0.2.1", 1), weighted("green", "192.0.2.2", 0)
    aws.change(zone, "blue", ("CREATE", blue), ("CREATE", green))
    assert {values(daemon.ask("www.harbor.test"))[0] for _ in range(20)} == {"192.0.2.1"}

    aws.change(zone, "both", ("UPSERT", weighted("green", "192.0.2.2", 1)))
    seen = set()
    wait_until(
        lambda: seen.add(values(daemon.ask("www.harbor.test"))[0])
        or seen == {"192.0.2.1", "192.0.2.2"},
        "both answers",
    )

    aws.change(zone, "green", ("UPSERT", weighted("blue", "192.0.2.1", 0)))
    assert {values(daemon.ask("www.harbor.test"))[0] for _ in range(20)} == {"192.0.2.2"}


def test_a_region_answers_who_is_near(daemon, aws, zone):
    daemon.signpost("location", "import", ZONES / "lab.locations.csv")
    aws.change(
        zone,
        "latency",
        *(
            (
                "CREATE",
                record_set("www.harbor.test", address, SetIdentifier=region, Region=region),
            )
            for region, address in (("eu-central-1", "192.0.2.1"), ("us-west-2", "192.0.2.2"))
        ),
    )

    def answer_to(subnet):
        return values(daemon.ask("www.harbor.test", subnet=subnet))

    assert answer_to("203.0.113.0/25") == ["192.0.2.1"]  # in Germany
    assert answer_to("10.2.0.0/16") == ["192.0.2.2"]  # in Oregon


def test_a_health_check_fails_over(daemon, aws, zone):
    made = aws(
        "create-health-check",
        *("--caller-reference", "tutorial"),
        "--health-check-config",
        "Type=HTTP,IPAddress=192.0.2.1,Port=80,ResourcePath=/health,Disabled=true",
    )
    check = made["HealthCheck"]["Id"]
    aws.change(
        zone,
        "failover",
        (
            "CREATE",
            record_set(
                "www.harbor.test",
                "192.0.2.1",
                SetIdentifier="first",
                Failover="PRIMARY",
                HealthCheckId=check,
            ),
        ),
        (
            "CREATE",
            record_set(
                "www.harbor.test", "192.0.2.2", SetIdentifier="second", Failover="SECONDARY"
            ),
        ),
    )
    assert values(daemon.ask("www.harbor.test")) == ["192.0.2.1"]

    aws("update-health-check", "--health-check-id", check, "--inverted")
    assert values(daemon.ask("www.harbor.test")) == ["192.0.2.2"]
    aws("update-health-check", "--health-check-id", check, "--no-inverted")
    assert values(daemon.ask("www.harbor.test")) == ["192.0.2.1"]

    daemon.signpost("health", "set", check, "down", "--reason", "the pier burns")
    assert values(daemon.ask("www.harbor.test")) == ["192.0.2.2"]
    listed = aws("list-health-checks")["HealthChecks"]
    assert [found["Id"] for found in listed] == [check]


def test_a_refused_batch_says_why_and_changes_nothing(daemon, aws, zone):
    mooring = record_set("www.harbor.test", "192.0.2.1")
    aws.change(zone, "simple", ("CREATE", mooring))
    with pytest.raises(Failed) as caught:
        aws.change(
            zone,
            "twice",
            ("CREATE", record_set("new.harbor.test", "192.0.2.2")),
            ("CREATE", mooring),
        )
    assert "An error occurred (InvalidChangeBatch)" in str(caught.value)
    assert str(caught.value).endswith(
        ": [Tried to create resource record set [name='www.harbor.test.', type='A'] but it already "
        "exists]"
    )
    assert rcode(daemon.ask("new.harbor.test")) == "NXDOMAIN"
