"""Changes through the API while the world goes wrong: kill -9, several clients at once, a full disk."""

import concurrent.futures
import itertools
import resource
import signal
import threading

import botocore.exceptions
import pytest

from harness import values, wait_until
from route53 import apply, change, client, create_zone, document, raw

CLIENTS = 4


@pytest.fixture
def daemon(make_daemon):
    return make_daemon().start()


def pair(number):
    """Two names that each batch sets to one value, so half a batch would show."""
    return f"left{number}.harbor.test", f"right{number}.harbor.test"


def send_batches(daemon, zone, number, enough, acknowledged):
    """Batches without an end, until the server is gone.  What was acknowledged last is told, and
    what was sent without a reply."""
    route53 = client(daemon)
    left, right = pair(number)
    sent = None
    try:
        for count in itertools.count(1):
            sent = f"10.{number}.{count >> 8}.{count & 255}"
            apply(route53, zone, change("UPSERT", left, "A", sent),
                  change("UPSERT", right, "A", sent))
            acknowledged[number] = sent
            enough.release()
    except botocore.exceptions.BotoCoreError:
        return sent


def listed(route53, zone):
    """name -> value of every A record of the zone."""
    pages = route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone)
    return {
        record_set["Name"].rstrip("."): record_set["ResourceRecords"][0]["Value"]
        for page in pages
        for record_set in page["ResourceRecordSets"]
        if record_set["Type"] == "A"
    }


def test_kill_9_under_a_stream_of_changes_loses_nothing_that_was_acknowledged(daemon):
    zone = create_zone(client(daemon))
    for _ in range(3):
        acknowledged = {}
        enough = threading.Semaphore(0)
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            streams = [
                pool.submit(send_batches, daemon, zone, number, enough, acknowledged)
                for number in range(CLIENTS)
            ]
            for _ in range(40):
                enough.acquire()
            daemon.kill()
            unanswered = [stream.result() for stream in streams]
        daemon.start()
        found = listed(client(daemon), zone)
        for number in range(CLIENTS):
            left, right = pair(number)
            possible = {acknowledged.get(number), unanswered[number]}
            assert found.get(left) == found.get(right), "half a batch is there"
            assert found.get(left) in possible, f"{left}: an acknowledged change is gone"
            if left in found:
                assert values(daemon.ask(left)) == [found[left]]


def test_batches_of_several_clients_on_one_zone_all_count(daemon):
    """R-PRP-3, A-CHG-6: the later one waits, it is not refused."""
    zone = create_zone(client(daemon))

    def send(number):
        route53 = client(daemon)
        for count in range(25):
            apply(route53, zone, change("CREATE", f"n{number}-{count}.harbor.test", "A",
                                        f"10.0.{number}.{count}"))

    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        for done in [pool.submit(send, number) for number in range(CLIENTS)]:
            done.result()
    assert len(listed(client(daemon), zone)) == CLIENTS * 25


def test_a_change_is_answered_when_its_response_is_there(daemon):
    """A-CHN-1: PENDING in the response, INSYNC as soon as it is asked for, and true."""
    route53 = client(daemon)
    zone = create_zone(route53)
    for count in range(20):
        info = apply(route53, zone, change("UPSERT", "now.harbor.test", "A", f"10.0.0.{count}"))
        assert info["Status"] == "PENDING"
        assert values(daemon.ask("now.harbor.test")) == [f"10.0.0.{count}"]
        assert route53.get_change(Id=info["Id"])["ChangeInfo"]["Status"] == "INSYNC"


def test_changes_are_remembered_when_their_zone_is_gone_and_after_a_restart(daemon):
    """A-CHN-2, A-TRP-32."""
    route53 = client(daemon)
    zone = create_zone(route53)
    made = apply(route53, zone, change("CREATE", "a.harbor.test", "A", "10.0.0.1"), comment="blue")
    apply(route53, zone, change("DELETE", "a.harbor.test", "A", "10.0.0.1"))
    gone = route53.delete_hosted_zone(Id=zone)["ChangeInfo"]
    daemon.stop()
    daemon.start()
    assert route53.get_change(Id=gone["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    told = route53.get_change(Id=made["Id"].removeprefix("/change/"))["ChangeInfo"]
    assert (told["Comment"], told["Id"]) == ("blue", made["Id"])
    assert told["SubmittedAt"] == made["SubmittedAt"]


def test_pollers_can_be_seen_to_wait(make_daemon):
    """R-PRP-1: the delay is told, not waited for."""
    daemon = make_daemon(change_delay=3600).start()
    route53 = client(daemon)
    zone = create_zone(route53)
    info = apply(route53, zone, change("CREATE", "now.harbor.test", "A", "10.0.0.1"))
    assert values(daemon.ask("now.harbor.test")) == ["10.0.0.1"]
    assert route53.get_change(Id=info["Id"])["ChangeInfo"]["Status"] == "PENDING"
    daemon.write_config(change_delay=0)
    daemon.process.send_signal(signal.SIGHUP)
    wait_until(
        lambda: route53.get_change(Id=info["Id"])["ChangeInfo"]["Status"] == "INSYNC", "INSYNC"
    )


FILL = (
    "<ChangeBatch><Changes><Change><Action>CREATE</Action><ResourceRecordSet>"
    "<Name>h{number}.harbor.test</Name><Type>TXT</Type><TTL>60</TTL><ResourceRecords>{values}"
    "</ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch>"
)
SIGNED = "?X-Amz-Signature=5ec2e7"


def test_what_a_full_disk_refuses_is_told_in_the_log_without_its_signature(make_daemon):
    """ulimit -f: the system refuses to let a file grow, as a full disk would."""

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, 4 << 20))

    daemon = make_daemon().start(preexec_fn=limit)
    path = f"/2013-04-01/hostedzone/{create_zone(client(daemon))}/rrset"
    texts = "".join(
        f"<ResourceRecord><Value>\"{count:03}{'x' * 250}\"</Value></ResourceRecord>"
        for count in range(120)
    )
    for number in range(200):
        body = document(
            "ChangeResourceRecordSetsRequest", FILL.format(number=number, values=texts)
        )
        reply = raw(daemon, "POST", path + SIGNED, body, signed=False)
        if reply.status != 200:
            break
    assert reply.status >= 500
    changes = [
        {"action": "CREATE", "name": f"n{number}.harbor.test", "type": "TXT", "ttl": 60,
         "values": [f'"{number:04}{"x" * 250}"']}
        for number in range(1000)
    ]
    native = "/signpost/v1/zones/harbor.test/changes"
    assert daemon.request("POST", native + SIGNED, {"changes": changes})[0] >= 500
    for told in (path, native):
        assert f"request failed method=POST path={told} reason=" in daemon.said().replace('"', "")
    assert "5ec2e7" not in daemon.said()
