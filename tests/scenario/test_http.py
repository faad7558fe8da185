"""The HTTP interface under /signpost/v1/: what it answers, and how it says no."""

import http.client
import json
import socket

import pytest

from harness import PATIENCE, rcode, values

V1 = "/signpost/v1"


@pytest.fixture
def zone(stage):
    """A small zone, api.test."""
    status, reply = stage.request(
        "POST", f"{V1}/zones/api.test/import", "$TTL 60\nwww A 192.0.2.1\n"
    )
    assert status == 200
    yield reply
    stage.request("DELETE", f"{V1}/zones/api.test?force=1")


def error(reply):
    assert (
        set(reply) == {"error"}
        and set(reply["error"]) == {"code", "message"}
        and reply["error"]["message"]
    )
    return reply["error"]["code"]


def test_import_tells_what_was_made(stage, zone):
    assert zone["zone"] == "api.test." and zone["created"] is True and zone["warnings"] == []
    assert zone["records"] == 6 and zone["names"] == 2 and len(zone["name_servers"]) == 4
    assert zone["id"].startswith("Z") and zone["id"].isalnum()
    status, again = stage.request(
        "POST", f"{V1}/zones/api.test/import?replace=1", "$TTL 60\nw2 A 192.0.2.2\n"
    )
    assert status == 200 and again["created"] is False
    assert again["id"] == zone["id"] and again["sequence"] > zone["sequence"]
    assert sorted(again["name_servers"]) == sorted(zone["name_servers"]), "its name servers stay"


def test_the_answer_comes_after_every_worker_knows(make_daemon):
    """INSYNC: as soon as a change is acknowledged, whichever worker is asked knows it."""
    daemon = make_daemon(workers=4).start()
    daemon.import_text("sync.test", "$TTL 0\nwww A 192.0.2.1\n")
    connection = http.client.HTTPConnection("127.0.0.1", daemon.http_port, timeout=PATIENCE)
    for i in range(50):
        change = {
            "action": "UPSERT",
            "name": "www.sync.test",
            "type": "A",
            "ttl": 0,
            "values": [f"192.0.2.{i}"],
        }
        status, reply = daemon.request(
            "POST", f"{V1}/zones/sync.test/changes", {"changes": [change]}, connection=connection
        )
        assert status == 200 and reply["status"] == "INSYNC"
        for _ in range(6):
            assert values(daemon.ask("www.sync.test")) == [f"192.0.2.{i}"]
    connection.close()


def test_export_and_records(stage, zone):
    status, text = stage.request("GET", f"{V1}/zones/api.test/export")
    assert status == 200 and text.startswith("$ORIGIN api.test.") and "192.0.2.1" in text
    status, reply = stage.request("GET", f"{V1}/zones/api.test./records")
    assert status == 200 and reply["zone"] == "api.test."
    sets = {(s["name"], s["type"]): s for s in reply["record_sets"]}
    assert sets["www.api.test.", "A"] == {
        "name": "www.api.test.",
        "type": "A",
        "ttl": 60,
        "values": ["192.0.2.1"],
        "policy": "simple",
    }
    assert set(kind for _, kind in sets) == {"A", "NS", "SOA"}


def test_a_batch_is_all_or_nothing(stage, zone):  # R-REC-9
    good = {
        "action": "CREATE",
        "name": "new.api.test",
        "type": "A",
        "ttl": 60,
        "values": ["192.0.2.2"],
    }
    bad = {
        "action": "DELETE",
        "name": "www.api.test",
        "type": "A",
        "ttl": 60,
        "values": ["192.0.2.99"],
    }
    status, reply = stage.request("POST", f"{V1}/zones/api.test/changes", {"changes": [good, bad]})
    assert (
        status == 400 and error(reply) == "Invalid" and "www.api.test" in reply["error"]["message"]
    )
    assert rcode(stage.ask("new.api.test")) == "NXDOMAIN"
    swap = [
        {
            "action": "DELETE",
            "name": "www.api.test",
            "type": "A",
            "ttl": 60,
            "values": ["192.0.2.1"],
        },
        {
            "action": "CREATE",
            "name": "www.api.test",
            "type": "CNAME",
            "ttl": 60,
            "values": ["new.api.test"],
        },
        good,
    ]
    status, reply = stage.request("POST", f"{V1}/zones/api.test/changes", {"changes": swap})
    assert status == 200 and reply["sequence"] > zone["sequence"]
    assert values(stage.ask("www.api.test")) == ["192.0.2.2"]


def change_of(**members):
    return {
        "changes": [
            {
                "action": "UPSERT",
                "name": "x.api.test",
                "type": "A",
                "ttl": 60,
                "values": ["192.0.2.9"],
                **members,
            }
        ]
    }


BAD_BODIES = [
    ("no JSON", "{", "Invalid", ""),
    ("an array", [], "Invalid", ""),
    ("no changes", {}, "Invalid", "changes"),
    ("an unknown member", {"changes": [], "chnages": []}, "Invalid", "chnages"),
    ("an unknown member of a change", change_of(tll=5), "Invalid", "tll"),
    ("an unknown action", change_of(action="PUT"), "Invalid", "action"),
    ("an unknown type", change_of(type="LOC"), "Invalid", "LOC"),
    ("a TTL below zero", change_of(ttl=-1), "Invalid", "ttl"),
    ("a TTL beyond 2147483647", change_of(ttl=2147483648), "Invalid", "ttl"),
    ("a TTL in quotes", change_of(ttl="60"), "Invalid", "ttl"),
    ("no values", change_of(values=[]), "Invalid", "value"),
    ("a value that is none", change_of(values=["192.0.2.999"]), "Invalid", "192.0.2.999"),
    ("a value twice", change_of(values=["192.0.2.9", "192.0.2.9"]), "Invalid", "Duplicate"),
    ("a name outside the zone", change_of(name="x.other.test"), "Invalid", "x.other.test"),
    ("a name that is none", change_of(name="x..api.test"), "Invalid", "x..api.test"),
]


@pytest.mark.parametrize(
    "body, code, word", [pytest.param(*row, id=why) for why, *row in BAD_BODIES]
)
def test_bad_changes(stage, zone, body, code, word):
    status, reply = stage.request("POST", f"{V1}/zones/api.test/changes", body)
    assert status == 400 and error(reply) == code and word in reply["error"]["message"], reply
    assert rcode(stage.ask("x.api.test")) == "NXDOMAIN"


NO = [
    # method, path, status, code
    ("GET", "/", 404, "NotFound"),
    ("GET", f"{V1}", 404, "NotFound"),
    ("GET", f"{V1}/nothing", 404, "NotFound"),
    ("GET", f"{V1}/zones/missing.test/export", 404, "NotFound"),
    ("GET", f"{V1}/zones/missing.test/records", 404, "NotFound"),
    ("DELETE", f"{V1}/zones/missing.test", 404, "NotFound"),
    ("DELETE", f"{V1}/zones/api.test", 409, "Conflict"),
    ("POST", f"{V1}/zones/api.test/import", 409, "Exists"),
    ("GET", f"{V1}/zones/api.test/export?frce=1", 400, "Invalid"),
    ("GET", f"{V1}/zones/a..test/export", 400, "Invalid"),
    ("GET", f"{V1}/zones/%zz/export", 400, "Invalid"),
    ("GET", f"{V1}/zones/{'x' * 64}.test/export", 400, "Invalid"),
]


@pytest.mark.parametrize("method, path, expected, code", NO)
def test_refusals(stage, zone, method, path, expected, code):
    status, reply = stage.request(method, path)
    assert (status, error(reply)) == (expected, code)


@pytest.mark.parametrize(
    "method, path, allowed",
    [
        ("POST", f"{V1}/status", "GET"),
        ("DELETE", f"{V1}/zones", "GET"),
        ("GET", f"{V1}/zones/api.test/import", "POST"),
        ("PUT", f"{V1}/zones/api.test", "DELETE"),
        ("GET", f"{V1}/zones/api.test/changes", "POST"),
    ],
)
def test_another_method(stage, zone, method, path, allowed):
    connection = http.client.HTTPConnection("127.0.0.1", stage.http_port, timeout=PATIENCE)
    connection.request(method, path)
    reply = connection.getresponse()
    assert reply.status == 405 and allowed in reply.headers["Allow"]
    connection.close()


def test_names_may_be_percent_encoded(stage):
    path = f"{V1}/zones/odd%5C032name.test"
    assert stage.request("POST", f"{path}/import", "www 60 A 192.0.2.1\n")[0] == 200
    try:
        assert values(stage.ask("www.odd\\032name.test")) == ["192.0.2.1"]
        assert any(
            "odd\\032name.test." == zone["name"]
            for zone in stage.request("GET", f"{V1}/zones")[1]["zones"]
        )
    finally:
        assert stage.request("DELETE", f"{path}?force=1")[0] == 200


def test_an_import_in_chunks(stage):
    def pieces():
        text = "$TTL 60\n" + "".join(f"h{i} A 10.0.{i >> 8}.{i & 255}\n" for i in range(5000))
        for start in range(0, len(text), 777):
            yield text[start : start + 777].encode()

    connection = http.client.HTTPConnection("127.0.0.1", stage.http_port, timeout=PATIENCE)
    connection.request(
        "POST",
        f"{V1}/zones/chunks.test/import",
        pieces(),
        encode_chunked=True,
        headers={"Transfer-Encoding": "chunked"},
    )
    reply = connection.getresponse()
    assert reply.status == 200 and json.loads(reply.read())["records"] == 5005
    assert values(stage.ask("h4999.chunks.test")) == ["10.0.19.135"]
    connection.request("DELETE", f"{V1}/zones/chunks.test?force=1")  # the connection lives on
    assert connection.getresponse().status == 200
    connection.close()


def test_a_body_beyond_the_limit(stage, zone):
    status, reply = stage.request("POST", f"{V1}/zones/api.test/changes", b" " * (9 << 20))
    assert status == 413 and error(reply) == "Limit"


def test_half_an_import_leaves_nothing(stage):
    with socket.create_connection(("127.0.0.1", stage.http_port), timeout=PATIENCE) as half:
        half.sendall(
            f"POST {V1}/zones/half.test/import HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            "Content-Length: 9999\r\n\r\n"
            "www 60 A 192.0.2.1\n".encode()
        )
        assert stage.request("GET", f"{V1}/status")[0] == 200, "others are served meanwhile"
    assert rcode(stage.ask("www.half.test")) == "REFUSED"
    assert stage.request("POST", f"{V1}/zones/half.test/import", "www 60 A 192.0.2.1\n")[0] == 200
    stage.request("DELETE", f"{V1}/zones/half.test?force=1")


def test_garbage_instead_of_http(stage):
    for garbage in (
        b"\x00" * 100,
        b"GET\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", stage.http_port), timeout=PATIENCE) as stream:
            try:
                stream.sendall(garbage)
                if garbage.endswith(b"\r\n\r\n"):  # else it waits for more, and we leave
                    assert stream.recv(65536)[:5] in (b"", b"HTTP/")
            except ConnectionError:
                pass
    assert stage.request("GET", f"{V1}/status")[0] == 200


def test_arguments_beyond_all_measure_leave_nothing_behind(make_daemon):
    """They use up what a connection may have before its request has properly begun."""
    daemon = make_daemon().start()
    with socket.create_connection(("127.0.0.1", daemon.http_port), timeout=PATIENCE) as stream:
        stream.sendall(b"GET /?" + b"a=b&" * 10000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert daemon.request("GET", f"{V1}/status")[0] == 200
    assert daemon.request("GET", f"{V1}/status")[0] == 200
    daemon.stop()
    assert "requests under way are cut off" not in daemon.said()


def test_many_half_open_connections_hold_nobody_up(stage):
    crowd = [socket.create_connection(("127.0.0.1", stage.http_port)) for _ in range(40)]
    try:
        assert stage.request("GET", f"{V1}/status")[0] == 200
        assert "zones" in stage.signpost("status").lower()
    finally:
        for stream in crowd:
            stream.close()
