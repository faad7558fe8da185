"""Questions and changes at once.  Worth most under ThreadSanitizer, which contrib/test builds
for it: the daemon's own words are searched for its reports when it stops.
"""

import contextlib
import socket
import threading

from dns.rdatatype import RRSIG
from harness import ZONES, values, wait_until


def test_questions_while_zones_change(make_daemon):
    daemon = make_daemon(workers=4, tcp_connections=16).start()
    daemon.import_examples()
    daemon.import_text("busy.test", "$TTL 0\nwww A 10.0.0.0\n")
    over, problems, asked = threading.Event(), [], [0] * 6

    def ask(number):
        tcp = number % 2 == 1
        try:
            while not over.is_set():
                found = values(daemon.ask("www.busy.test", tcp=tcp))
                assert len(found) == 1 and found[0].startswith("10.0.0."), found
                assert len(values(daemon.ask("shop.lab.test", tcp=tcp))) == 3
                asked[number] += 1
        except Exception as problem:
            problems.append(problem)

    def look():
        try:
            while not over.is_set():
                daemon.status()
                daemon.request("GET", "/signpost/v1/zones/everything.test/export")
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)] + [
        threading.Thread(target=look)
    ]
    for thread in threads:
        thread.start()
    try:
        for i in range(150):
            change = {
                "action": "UPSERT",
                "name": "www.busy.test",
                "type": "A",
                "ttl": 0,
                "values": [f"10.0.0.{i}"],
            }
            status, reply = daemon.request(
                "POST", "/signpost/v1/zones/busy.test/changes", {"changes": [change]}
            )
            assert status == 200, reply
            if i % 15 == 0:
                text = "$TTL 0\n" + "".join(f"h{n} A 10.1.0.{n}\n" for n in range(200))
                status, reply = daemon.request(
                    "POST", f"/signpost/v1/zones/come{i}.test/import", text
                )
                assert status == 200, reply
            if i % 15 == 9:
                assert (
                    daemon.request("DELETE", f"/signpost/v1/zones/come{i - 9}.test?force=1")[0]
                    == 200
                )
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert not problems, problems[0]
    assert min(asked) > 10
    assert values(daemon.ask("www.busy.test")) == ["10.0.0.149"]


def test_questions_while_everything_turns_that_policies_look_at(make_daemon):
    """Health, resources, collections and locations change while policies choose by them."""
    daemon = make_daemon(workers=4).start()
    daemon.import_examples()
    daemon.signpost("health", "create", "turning")
    daemon.signpost("resource", "set", "lb.example", "--kind", "other", "--zone", "a=10.9.0.1")
    collection = daemon.request("POST", "/signpost/v1/collections", {"name": "office"})[1]["id"]
    daemon.signpost("collection", "put", collection, "here", "192.0.2.0/24")
    daemon.import_text(
        "turn.test",
        "$TTL 0\n"
        ';@ www IN A failover id="p" role=PRIMARY check=turning alias lb.example.'
        " zone=ZSIGNPOSTRESOURCES evaluate-health=yes\n"
        ';@ www 0 IN A failover id="s" role=SECONDARY value 10.0.0.2\n'
        f';@ by 0 IN A cidr id="h" collection={collection} location=here value 10.0.0.3\n'
        f';@ by 0 IN A cidr id="d" collection={collection} location=* value 10.0.0.4\n',
    )
    over, problems, asked = threading.Event(), [], [0] * 4
    expected = {
        "www.turn.test": {"10.9.0.1", "10.9.0.2", "10.0.0.2"},
        "by.turn.test": {"10.0.0.3", "10.0.0.4"},
        "www.shop.test": {"192.0.2.11", "192.0.2.12", "192.0.2.21", "192.0.2.22"},
        "eu.shop.test": {"192.0.2.11", "192.0.2.12"},
    }

    def ask(number):
        try:
            while not over.is_set():
                for name, right in expected.items():
                    found = values(daemon.ask(name, subnet="192.0.2.0/24"))
                    assert len(found) == 1 and found[0] in right, (name, found)
                asked[number] += 1
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        for i in range(60):
            state = {"up": i % 2 == 1, "owner": "maria"}
            for check in ("turning", "eu-blue"):
                path = f"/signpost/v1/health-checks/{check}/override"
                assert daemon.request("PUT", path, state)[0] == 200
            if i % 6 == 0:
                address = f"a=10.9.0.{1 + i // 6 % 2}"
                daemon.signpost("resource", "set", "lb.example", "--kind", "other", "--zone", address)
            if i % 6 == 2:
                verb = "put" if i % 12 == 2 else "remove"
                daemon.signpost("collection", verb, collection, "here", "198.51.100.0/24")
                daemon.signpost("location", "import", ZONES / "lab.locations.csv")
            if i % 6 == 4:
                question = {"name": "www.shop.test", "type": "A", "clients": ["192.0.2.0/24"]}
                status, reply = daemon.request(
                    "POST", "/signpost/v1/simulate", {**question, "queries": 200}
                )
                assert status == 200, reply
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert not problems, problems[0]
    assert min(asked) > 5


def test_questions_while_keys_and_records_change(make_daemon):
    """Workers sign, each with the keys of the snapshot that it has (R-SEC-5, R-SEC-7)."""
    daemon = make_daemon(
        workers=4, dnskey_ttl=1, dnskey_interval=1, signature_validity=2, minimal_responses=True
    ).start()
    daemon.import_text("busy.test", "$TTL 0\nwww A 10.0.0.0\n*.wild A 10.0.0.1\n")
    daemon.signpost("dnssec", "enable", "busy.test")
    over, problems, asked = threading.Event(), [], [0] * 4

    def ask(number):
        tcp = number % 2 == 1
        try:
            while not over.is_set():
                asked[number] += 1
                for name in ("www", f"n{asked[number]}.wild", f"gone{asked[number]}", ""):
                    kind = "A" if name else "DNSKEY"
                    reply = daemon.ask(f"{name}.busy.test".lstrip("."), kind, do=True, tcp=tcp)
                    section = reply.answer or reply.authority
                    signed = {rrset.covers for rrset in section if rrset.rdtype == RRSIG}
                    assert {rrset.rdtype for rrset in section} - {RRSIG} == signed, reply
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        for i in range(60):
            change = {
                "action": "UPSERT",
                "name": "www.busy.test",
                "type": "A",
                "ttl": 0,
                "values": [f"10.0.0.{i}"],
            }
            body = {"changes": [change]}
            assert daemon.request("POST", "/signpost/v1/zones/busy.test/changes", body)[0] == 200
            if i % 20 == 0:
                path = "/signpost/v1/zones/busy.test/dnssec/rotate"
                wait_until(
                    lambda: daemon.request("POST", path, {"key": "zsk"})[0] == 200, "the next roll"
                )
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert not problems, problems[0]
    assert min(asked) > 5


def test_questions_while_checks_come_turn_and_go(make_daemon):
    """The prober reports, control changes and deletes, workers answer: all of it on one board."""
    daemon = make_daemon(workers=2).start()
    daemon.import_text("busy.test", "$TTL 0\nwww A 10.0.0.1\n")
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    over, problems = threading.Event(), []

    def serve():
        while not over.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                connection.close()

    def look():
        try:
            while not over.is_set():
                assert len(values(daemon.ask("www.busy.test"))) == 1
                daemon.request("GET", "/signpost/v1/health-checks")
                daemon.request("GET", "/metrics")
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=serve, daemon=True), threading.Thread(target=look)]
    for thread in threads:
        thread.start()
    checks = "/signpost/v1/health-checks"
    try:
        for i in range(60):
            config = {"id": f"c{i}", "type": "HTTP" if i % 2 else "TCP", "port": port,
                      "ip_address": "127.0.0.1", "request_interval": 10}
            assert daemon.request("POST", checks, config)[0] == 200
            assert daemon.request("PATCH", f"{checks}/c{i}", {"inverted": i % 3 == 0})[0] == 200
            down = {"up": False, "owner": "me"}
            assert daemon.request("PUT", f"{checks}/c{i}/override", down)[0] == 200
            assert daemon.request("GET", f"{checks}/c{i}")[0] == 200
            if i % 2 == 0:
                assert daemon.request("DELETE", f"{checks}/c{i}")[0] == 200
        wait_until(lambda: daemon.status()["probes"]["passed"] > 30, "probes")
    finally:
        over.set()
        listener.close()
        threads[1].join()
    assert not problems, problems[0]
