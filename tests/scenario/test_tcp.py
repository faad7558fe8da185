"""TCP as RFC 7766 wants it: many questions on one connection, and nobody holds others up."""

import contextlib
import resource
import socket
import struct

import pytest

from harness import (
    is_closed,
    is_open,
    make_query,
    rcode,
    read_reply,
    receive_message,
    send_message,
    values,
    wait_until,
)


def framed(query):
    wire = query.to_wire()
    return struct.pack("!H", len(wire)) + wire


def many_queries(count):
    return [
        make_query(
            ("www.lab.test", "shop.lab.test", "nope.lab.test", "t3990.everything.test")[i % 4],
            "TXT" if i % 4 == 3 else "A",
        )
        for i in range(count)
    ]


def test_hundreds_of_questions_in_one_segment(example):
    """R-ANS-25.  Replies may come in any order (RFC 7766 7): they are matched by their id."""
    queries = many_queries(600)
    for ident, query in enumerate(queries):
        query.id = ident
    with example.connect() as stream:
        stream.sendall(b"".join(framed(query) for query in queries))
        replies = [read_reply(receive_message(stream)) for _ in queries]
    assert sorted(reply.id for reply in replies) == list(range(600))
    for reply in replies:
        assert reply.question == queries[reply.id].question
        assert rcode(reply) == ("NXDOMAIN" if reply.id % 4 == 2 else "NOERROR")


def test_a_client_that_reads_late_gets_every_reply(example):
    """More replies than any buffer holds: the server waits for the client, and does not forget."""
    queries = [make_query("t3990.everything.test", "TXT") for _ in range(4000)]
    with example.connect() as stream:
        stream.settimeout(60)
        wire = b"".join(framed(query) for query in queries)
        sent = got = 0
        stream.setblocking(False)
        while sent < len(wire):  # until the server stops reading
            try:
                sent += stream.send(wire[sent:])
            except BlockingIOError:
                break
        assert (
            len(values(example.ask("www.lab.test", tcp=True))) == 3
        ), "others are served meanwhile"
        stream.settimeout(60)
        while got < len(queries):
            if sent < len(wire):
                stream.setblocking(False)
                try:
                    sent += stream.send(wire[sent:])
                except BlockingIOError:
                    pass
                stream.settimeout(60)
            assert len(receive_message(stream)) > 3990
            got += 1


@pytest.mark.parametrize(
    "cuts",
    [[1], [2], [3], [14], [1, 2, 3, 20], list(range(1, 34))],
    ids=lambda cuts: f"cut at {cuts if len(cuts) < 9 else 'every octet'}",
)
def test_a_message_may_come_in_pieces(example, cuts):
    wire = framed(make_query("www.lab.test"))
    with example.connect() as stream:
        for start, end in zip([0, *cuts], [*cuts, len(wire)]):
            stream.sendall(wire[start:end])
        assert len(values(read_reply(receive_message(stream)))) == 3


def test_a_message_and_a_half_and_the_rest(example):
    one, two = framed(make_query("www.lab.test")), framed(make_query("nope.lab.test"))
    with example.connect() as stream:
        stream.sendall(one + two[:7])
        assert rcode(read_reply(receive_message(stream))) == "NOERROR"
        stream.sendall(two[7:])
        assert rcode(read_reply(receive_message(stream))) == "NXDOMAIN"


@pytest.mark.parametrize(
    "wire", [pytest.param(b"", id="zero length"), pytest.param(b"\x00" * 11, id="no header")]
)
def test_a_message_too_short_for_a_reply(example, wire):
    """No reply can be made; the connection is closed or goes on, and the next question is not
    mixed up."""
    with example.connect() as stream:
        send_message(stream, wire)
        try:
            send_message(stream, make_query("www.lab.test").to_wire())
            assert len(values(read_reply(receive_message(stream)))) == 3
        except (EOFError, ConnectionError):
            pass
    assert len(values(example.ask("www.lab.test", tcp=True))) == 3


def test_a_reply_on_tcp_gets_none(example):
    response = make_query("www.lab.test").to_wire()
    response = response[:2] + b"\x80" + response[3:]
    with example.connect() as stream:
        send_message(stream, response)
        try:
            send_message(stream, make_query("nope.lab.test").to_wire())
            assert rcode(read_reply(receive_message(stream))) == "NXDOMAIN"
        except (EOFError, ConnectionError):
            pass


def test_a_client_that_closes_its_half_is_answered_first(example):
    with example.connect() as stream:
        stream.sendall(framed(make_query("www.lab.test")) + framed(make_query("nope.lab.test")))
        stream.shutdown(socket.SHUT_WR)
        assert {rcode(read_reply(receive_message(stream))) for _ in range(2)} == {
            "NOERROR",
            "NXDOMAIN",
        }
        assert is_closed(stream)


def test_half_open_and_dribbling_clients_hold_nobody_up(example):
    silent = [example.connect() for _ in range(50)]
    dribbling = [example.connect() for _ in range(50)]
    try:
        for stream in dribbling:
            stream.sendall(b"\x00")
        for turn in range(20):
            for stream in dribbling:
                stream.sendall(b"\xff" if turn == 0 else b"x")
            assert len(values(example.ask("www.lab.test", tcp=True))) == 3
            assert len(values(example.ask("www.lab.test"))) == 3
    finally:
        for stream in silent + dribbling:
            stream.close()


def test_an_idle_connection_is_closed(make_daemon):
    daemon = make_daemon(tcp_idle_timeout=1).start()
    with daemon.connect() as silent, daemon.connect() as answered:
        send_message(answered, make_query("www.lab.test").to_wire())
        assert rcode(read_reply(receive_message(answered))) == "REFUSED"
        assert is_closed(silent) and is_closed(answered)
    figures = wait_until(
        lambda: daemon.status()["tcp"]["closed_idle"] == 2 and daemon.status()["tcp"], "the figures"
    )
    assert figures["accepted"] == 2 and figures["open"] == 0


def test_dribbling_does_not_count_as_life(make_daemon):
    """Octets alone do not keep a connection open: only whole messages do."""
    daemon = make_daemon(tcp_idle_timeout=2).start()
    with daemon.connect() as stream:
        stream.settimeout(0.2)
        stream.sendall(b"\x40\x00")

        def dribble():
            try:
                stream.sendall(b"x")
                return stream.recv(1) == b""
            except TimeoutError:
                return False
            except ConnectionError:
                return True

        wait_until(dribble, "the dribbling connection to be closed")


def test_the_total_time_of_a_connection_is_bounded(make_daemon):
    daemon = make_daemon(tcp_idle_timeout=60, tcp_total_timeout=2).start()
    with daemon.connect() as stream:

        def busy():
            try:
                send_message(stream, make_query("www.lab.test").to_wire())
                receive_message(stream)
                return False
            except (EOFError, ConnectionError):
                return True

        wait_until(busy, "the busy connection to be closed")


def test_at_the_limit_the_idlest_goes(make_daemon):
    daemon = make_daemon(workers=1, tcp_connections=4, tcp_idle_timeout=600).start()
    query = make_query("www.lab.test").to_wire()
    streams = [daemon.connect() for _ in range(4)]
    try:
        for stream in (streams[0], streams[1], streams[2], streams[3], streams[0]):
            send_message(stream, query)  # streams[1] has now been quiet the longest
            receive_message(stream)
        with daemon.connect() as newcomer:
            send_message(newcomer, query)
            assert rcode(read_reply(receive_message(newcomer))) == "REFUSED"
            assert is_closed(streams[1])
            assert is_open(streams[0]) and is_open(streams[2]) and is_open(streams[3])
            assert daemon.status()["tcp"]["closed_crowded"] == 1
            for stream in (streams[0], streams[2], streams[3]):
                send_message(stream, query)
                receive_message(stream)
    finally:
        for stream in streams:
            stream.close()


def test_a_flood_of_connections_leaves_room_for_the_next(make_daemon):
    daemon = make_daemon(workers=1, tcp_connections=8, tcp_idle_timeout=600).start()
    crowd = [daemon.connect() for _ in range(100)]
    try:
        assert rcode(daemon.ask("www.lab.test", tcp=True)) == "REFUSED"
        wait_until(lambda: daemon.status()["tcp"]["open"] <= 8, "the crowd to thin")
    finally:
        for stream in crowd:
            stream.close()


def test_connections_that_reset_leave_nothing_behind(example):
    for _ in range(100):
        stream = example.connect()
        stream.sendall(framed(make_query("t3990.everything.test", "TXT")) * 20)
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        stream.close()
    assert len(values(example.ask("www.lab.test", tcp=True))) == 3
    wait_until(
        lambda: example.status()["tcp"]["open"] == 0, "the reset connections to be forgotten"
    )


def test_more_clients_than_open_files_lock_nobody_out(make_daemon):
    """With a low limit of open files the idlest go all the same, and the operator gets in."""

    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (700, 700))

    daemon = make_daemon(tcp_idle_timeout=600).start(preexec_fn=limit)
    query = make_query("www.lab.test").to_wire()
    with contextlib.ExitStack() as streams:
        for _ in range(700):
            newest = streams.enter_context(daemon.connect())
        send_message(newest, query)
        assert rcode(read_reply(receive_message(newest))) == "REFUSED"
        assert daemon.status()["tcp"]["closed_crowded"] > 0
