"""Addresses: IPv6, replies that come from where the question went, ports that are taken."""

import socket

import pytest

from harness import make_query, rcode, read_reply, values


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_ipv6(example, tcp):
    before = example.status()["queries"]
    assert len(values(example.ask("www.lab.test", "A", tcp, "::1"))) == 3
    after = example.status()["queries"]
    transport = "tcp6" if tcp else "udp6"
    assert after[transport] == before[transport] + 1 and after["total"] == before["total"] + 1


def ask_unconnected(port, address):
    """A reply from any other address than the one asked would be thrown away by every resolver."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as link:
        link.settimeout(30)
        link.sendto(make_query("www.lab.test").to_wire(), (address, port))
        reply, source = link.recvfrom(65535)
        return read_reply(reply), source[0]


def test_a_wildcard_listener_replies_from_the_address_asked(make_daemon):
    daemon = make_daemon()
    daemon.settings["listen"] = [f"0.0.0.0@{daemon.port}"]
    daemon.start()
    for address in ("127.0.0.1", "127.0.0.2", "127.1.2.3"):
        reply, source = ask_unconnected(daemon.port, address)
        assert rcode(reply) == "REFUSED" and source == address


def test_the_same_for_ipv6(make_daemon):
    daemon = make_daemon()
    daemon.settings["listen"] = [f"::@{daemon.port}"]
    daemon.start()
    assert ask_unconnected(daemon.port, "::1")[1] == "::1"


def test_both_wildcards_live_on_one_port(make_daemon):
    daemon = make_daemon()
    daemon.settings["listen"] = [f"0.0.0.0@{daemon.port}", f"::@{daemon.port}"]
    daemon.start()
    assert ask_unconnected(daemon.port, "127.0.0.2")[1] == "127.0.0.2"
    assert ask_unconnected(daemon.port, "::1")[1] == "::1"


def test_several_addresses(make_daemon):
    daemon = make_daemon()
    daemon.settings["listen"] = [f"127.0.0.{n}@{daemon.port}" for n in (1, 2, 3)]
    daemon.start()
    for n in (1, 2, 3):
        for tcp in (False, True):
            assert rcode(daemon.ask("www.lab.test", "A", tcp, f"127.0.0.{n}")) == "REFUSED"


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM], ids=["udp", "tcp"])
def test_a_port_that_is_taken_is_named(make_daemon, kind):
    daemon = make_daemon()
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", daemon.port))
        if kind == socket.SOCK_STREAM:
            taken.listen()
        said = daemon.fails_to_start()
    assert "127.0.0.1" in said and str(daemon.port) in said and "in use" in said


def test_an_address_that_is_not_ours_is_named(make_daemon):
    daemon = make_daemon()
    daemon.settings["listen"] = [f"192.0.2.1@{daemon.port}"]
    assert "192.0.2.1" in daemon.fails_to_start()


def test_every_worker_serves(make_daemon):
    """Many sockets are dealt out over the workers by the kernel; each of them gets its reply."""
    daemon = make_daemon(workers=4).start()
    daemon.import_examples()
    for _ in range(64):
        assert len(values(daemon.ask("www.lab.test"))) == 3
        assert len(values(daemon.ask("www.lab.test", tcp=True))) == 3
    assert daemon.status()["workers"] == 4
