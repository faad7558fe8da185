"""Signed requests: who is let in, what a key may do, and what the audit says afterwards."""

import hashlib
import http.client
import json
import socket
import stat
import urllib.parse

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest
import route53
from harness import PATIENCE
from route53 import refused

MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your "
    "AWS Secret Access Key and signing method. Consult the service documentation for details."
)
ZONE_FILE = "$TTL 300\nwww A 192.0.2.1\n"


class Key:
    def __init__(self, daemon, *options):
        made = json.loads(daemon.signpost("--json", "key", "create", *options))
        self.id, self.secret = made["id"], made["secret"]

    def client(self, daemon, region="eu-west-1"):
        return route53.client(daemon, self.id, self.secret, region)

    def ask(self, daemon, method, target, body=None, signed=None):
        """(status, parsed JSON or text).  signed: the target as the client signs it, when it sends
        another spelling of it."""
        request = botocore.awsrequest.AWSRequest(
            method=method, url=route53.endpoint(daemon) + (signed or target), data=body
        )
        credentials = botocore.credentials.Credentials(self.id, self.secret)
        botocore.auth.SigV4Auth(credentials, "route53", "us-east-1").add_auth(request)
        return daemon.request(method, target, body, dict(request.headers))


@pytest.fixture
def guarded(make_daemon):
    return make_daemon(require_signature=True).start()


def audit(daemon, *options):
    return json.loads(daemon.signpost("--json", "audit", *options))["entries"]


def test_only_a_right_signature_is_let_in(guarded):
    key = Key(guarded)
    assert key.client(guarded).list_hosted_zones()["HostedZones"] == []
    assert key.client(guarded, "mars-north-1").list_hosted_zones()["HostedZones"] == []

    wrong = refused(route53.client(guarded, key.id, "lighthouse").list_hosted_zones)
    assert (wrong.status, wrong.code, wrong.message) == (403, "SignatureDoesNotMatch", MISMATCH)
    unknown = refused(route53.client(guarded, "AKNOBODY", key.secret).list_hosted_zones)
    assert (unknown.status, unknown.code, unknown.message) == (
        403,
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
    )
    none = route53.raw(guarded, "GET", "/2013-04-01/hostedzone", signed=False)
    assert (none.status, none.code, none.message) == (
        403,
        "MissingAuthenticationToken",
        "Missing Authentication Token",
    )
    half = route53.raw(
        guarded,
        "GET",
        "/2013-04-01/hostedzone",
        headers={"Authorization": "AWS4-HMAC-SHA256 Credential=x"},
        signed=False,
    )
    assert (half.status, half.code) == (400, "IncompleteSignature")
    assert "requires 'Signature' parameter" in half.message


def test_a_deleted_key_is_unknown(guarded):
    key = Key(guarded)
    key.client(guarded).list_hosted_zones()
    guarded.signpost("key", "delete", key.id)
    assert refused(key.client(guarded).list_hosted_zones).code == "InvalidClientTokenId"


@pytest.mark.parametrize(
    "date, words",
    [
        ("20200101T000000Z", "Signature expired: 20200101T000000Z is now earlier than"),
        ("20990101T000000Z", "Signature not yet current: 20990101T000000Z is still later than"),
    ],
)
def test_another_time_is_named(guarded, monkeypatch, date, words):
    key = Key(guarded)
    monkeypatch.setattr(
        botocore.auth.SigV4Auth,
        "_modify_request_before_signing",
        lambda self, request: (
            request.context.update(timestamp=date),
            request.headers.__setitem__("X-Amz-Date", date),
        ),
    )
    reply = route53.raw(guarded, "GET", "/2013-04-01/hostedzone", key=key.id, secret=key.secret)
    assert (reply.status, reply.code) == (403, "SignatureDoesNotMatch")
    assert reply.message.startswith(words) and "5 min.)" in reply.message


RRSETS = "/2013-04-01/hostedzone/{zone}/rrset"


@pytest.mark.parametrize(
    "target, signed",
    [
        ("/2013-04-01/hostedzone/%2Fhostedzone%2F{zone}", None),
        (RRSETS + "/", None),
        (RRSETS + "?name=%5C052.lab.test.&type=TXT", None),
        (RRSETS + "?type=A&name=*.lab.test", RRSETS + "?name=%2A.lab.test&type=A"),
        (RRSETS + "?name=%2a.lab.test&maxitems=2", RRSETS + "?maxitems=2&name=%2A.lab.test"),
        (RRSETS + "?name=a&&type=A&x", RRSETS + "?name=a&type=A&x="),
        ("/2013-04-01/hostedzonesbyname?dnsname=lab.test.&maxitems=1", None),
        ("/signpost/v1/zones/lab.test/records?name=%2A.lab.test", None),
        ("/signpost/v1/zones/%6Cab.test/export", None),
    ],
)
def test_odd_paths_and_queries_are_signed_in_one_form(guarded, target, signed):
    key = Key(guarded)
    zone = route53.create_zone(key.client(guarded), "lab.test")
    signed = signed and signed.format(zone=zone)
    assert key.ask(guarded, "GET", target.format(zone=zone), signed=signed)[0] == 200
    assert key.ask(guarded, "GET", target.format(zone=zone), signed="/2013-04-01/other")[0] == 403


@pytest.mark.parametrize("zone", ["a%20b", "*", "%FF", "%EF%BF%BE%1B"])
def test_what_is_not_there_is_told_after_the_signature(guarded, zone):
    """In XML that can be read, whatever was asked for."""
    key = Key(guarded)
    target = "/2013-04-01/hostedzone/" + zone
    reply = route53.raw(guarded, "GET", target, key=key.id, secret=key.secret)
    assert (reply.status, reply.code) == (404, "NoSuchHostedZone")
    reply = route53.raw(guarded, "GET", "/2013-04-01/x", key=key.id, secret="x")
    assert (reply.status, reply.code) == (403, "SignatureDoesNotMatch")


def test_a_presigned_url_is_served_until_it_expires(guarded):
    key = Key(guarded)
    for expires, method, status in ((600, "GET", 200), (600, "DELETE", 403)):
        request = botocore.awsrequest.AWSRequest(
            "GET", route53.endpoint(guarded) + "/2013-04-01/hostedzone?maxitems=2"
        )
        credentials = botocore.credentials.Credentials(key.id, key.secret)
        botocore.auth.SigV4QueryAuth(credentials, "route53", "eu-west-1", expires=expires).add_auth(
            request
        )
        parts = urllib.parse.urlsplit(request.url)
        assert guarded.request(method, f"{parts.path}?{parts.query}")[0] == status


def test_the_body_is_held_to_its_hash(guarded):
    key = Key(guarded)
    stated = {"x-amz-content-sha256": hashlib.sha256(ZONE_FILE.encode()).hexdigest()}
    target = "/signpost/v1/zones/lab.test/import"
    signed = botocore.awsrequest.AWSRequest(
        "POST", route53.endpoint(guarded) + target, headers=stated, data=ZONE_FILE
    )
    credentials = botocore.credentials.Credentials(key.id, key.secret)
    botocore.auth.SigV4Auth(credentials, "route53", "eu-west-1").add_auth(signed)
    status, reply = guarded.request(
        "POST", target, ZONE_FILE.replace("192.0.2.1", "192.0.2.66"), dict(signed.headers)
    )
    assert (status, reply["error"]["code"]) == (403, "SignatureDoesNotMatch")
    assert json.loads(guarded.signpost("--json", "zone", "list"))["zones"] == []
    assert guarded.request("POST", target, ZONE_FILE, dict(signed.headers))[0] == 200
    assert guarded.ask("www.lab.test").answer[0][0].address == "192.0.2.1"


def test_a_body_without_its_size_is_refused(guarded):
    """A-HTTP-4, though the signature over it is right."""
    key = Key(guarded)
    body = route53.document("CreateHostedZoneRequest", "<Name>lab.test</Name>")
    signed = botocore.awsrequest.AWSRequest(
        "POST", route53.endpoint(guarded) + "/2013-04-01/hostedzone", data=body
    )
    credentials = botocore.credentials.Credentials(key.id, key.secret)
    botocore.auth.SigV4Auth(credentials, "route53", "eu-west-1").add_auth(signed)
    connection = http.client.HTTPConnection("127.0.0.1", guarded.http_port, timeout=PATIENCE)
    connection.request(
        "POST",
        "/2013-04-01/hostedzone",
        iter([body.encode()]),
        {**signed.headers, "Transfer-Encoding": "chunked"},
        encode_chunked=True,
    )
    reply = route53.Reply(connection.getresponse())
    connection.close()
    assert (reply.status, reply.code) == (411, "InvalidInput")


def test_a_read_only_key_reads(guarded):
    zone = route53.create_zone(Key(guarded).client(guarded), "lab.test")
    reader = Key(guarded, "--read-only")
    client = reader.client(guarded)
    assert len(client.list_hosted_zones()["HostedZones"]) == 1
    assert len(client.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]) == 2
    denied = refused(
        route53.apply, client, zone, route53.change("CREATE", "www.lab.test", "A", "192.0.2.1")
    )
    assert (denied.status, denied.code) == (403, "AccessDenied")
    assert denied.message == (
        f"User: arn:aws:iam::000000000000:user/{reader.id} is not authorized to perform: "
        f"route53:ChangeResourceRecordSets on resource: arn:aws:route53:::hostedzone/{zone}"
    )
    assert "code=AccessDenied" in guarded.said()
    assert reader.ask(guarded, "POST", "/signpost/v1/keys", "{}")[0] == 403
    assert reader.ask(guarded, "GET", "/signpost/v1/audit")[0] == 403


def test_a_key_of_a_zone_changes_that_zone_alone(guarded):
    whole = Key(guarded).client(guarded)
    own, other = (route53.create_zone(whole, name) for name in ("own.test", "other.test"))
    limited = Key(guarded, "--zone", "own.test")
    client = limited.client(guarded)
    assert len(client.list_hosted_zones()["HostedZones"]) == 2
    route53.apply(client, own, route53.change("CREATE", "www.own.test", "A", "192.0.2.1"))
    assert guarded.ask("www.own.test").answer[0][0].address == "192.0.2.1"
    for call in (
        lambda: route53.apply(
            client, other, route53.change("CREATE", "www.other.test", "A", "192.0.2.1")
        ),
        lambda: client.delete_hosted_zone(Id=other),
        lambda: route53.create_zone(client, "third.test"),
        lambda: client.create_health_check(
            CallerReference="1", HealthCheckConfig={"Type": "CALCULATED", "HealthThreshold": 0}
        ),
    ):
        assert refused(call).code == "AccessDenied"


def test_every_change_stands_in_the_audit(guarded):
    key = Key(guarded)
    client = key.client(guarded)
    zone = route53.create_zone(client, "lab.test")
    change = route53.change("CREATE", "www.lab.test", "A", "192.0.2.1")
    route53.apply(client, zone, change)
    refused(route53.apply, client, zone, change)
    client.list_hosted_zones()
    guarded.import_text("other.test", ZONE_FILE)
    rows = [
        (row["key"], row["source"], row["operation"], row["zone"], row["result"])
        for row in audit(guarded)
    ]
    assert rows == [
        ("", "socket", "POST zones/{zone}/import", "other.test.", "ok"),
        (key.id, "127.0.0.1", "ChangeResourceRecordSets", "lab.test.", "InvalidChangeBatch"),
        (key.id, "127.0.0.1", "ChangeResourceRecordSets", "lab.test.", "ok"),
        (key.id, "127.0.0.1", "CreateHostedZone", "lab.test.", "ok"),
        ("", "socket", "POST keys", "", "ok"),
    ]
    guarded.kill()  # what was acknowledged is there, and its row with it
    guarded.start()
    assert len(audit(guarded, "--zone", "lab.test", "--limit", "2")) == 2
    assert [row["operation"] for row in audit(guarded, "--key", key.id)][-1] == "CreateHostedZone"


def test_secrets_are_shown_once_and_kept_from_others(guarded):
    key = Key(guarded, "--comment", "of the build")
    assert key.secret not in guarded.signpost("--json", "key", "list")
    assert "of the build" in guarded.signpost("key", "list")
    assert key.secret not in guarded.said()
    for ending in ("", "-wal", "-shm"):
        path = guarded.folder / f"signpost.db{ending}"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_metrics_and_healthz_need_no_key(guarded):
    assert guarded.request("GET", "/healthz") == (200, "ok\n")
    assert "signpost_" in guarded.request("GET", "/metrics")[1]
    status, reply = guarded.request("GET", "/signpost/v1/status")
    assert (status, reply["error"]["code"]) == (403, "MissingAuthenticationToken")


def own_address():
    """An address of this machine that is not loopback; None when there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        try:
            link.connect(("192.0.2.1", 9))  # sends nothing
            address = link.getsockname()[0]
        except OSError:
            return None
    return None if address.startswith("127.") else address


def test_beyond_loopback_requests_must_be_signed(make_daemon):
    daemon = make_daemon()
    daemon.settings["api-listen"] = [f"0.0.0.0@{daemon.http_port}"]
    daemon.start()
    status, reply = daemon.request("GET", "/signpost/v1/zones")
    assert (status, reply["error"]["code"]) == (403, "MissingAuthenticationToken")
    key = Key(daemon)
    assert key.ask(daemon, "GET", "/signpost/v1/zones")[0] == 200
    address = own_address()
    if address is not None:
        link = http.client.HTTPConnection(address, daemon.http_port, timeout=30)
        assert daemon.request("GET", "/healthz", connection=link) == (200, "ok\n")
        link.close()


def test_nobody_is_let_in_from_elsewhere_without_a_key(make_daemon):
    daemon = make_daemon(require_signature=False)
    daemon.settings["api-listen"] = [f"0.0.0.0@{daemon.http_port}"]
    assert "require-signature = no" in daemon.fails_to_start()


def test_on_loopback_any_key_will_do(make_daemon):
    daemon = make_daemon().start()
    route53.create_zone(route53.client(daemon, "AKWHOEVER", "anything"), "lab.test")
    assert audit(daemon)[0]["key"] == "AKWHOEVER"
