"""The client-subnet option (RFC 7871), octet by octet: what is malformed, what comes back, and
whose word is taken.  What policies make of it is in clients.scene.
"""

import struct

import pytest

from harness import ZONES, client_subnet, make_query, rcode, read_reply, values
from scene import Play, Step

SUBNET, NSID, COOKIE = 8, 3, 10
QUESTION = b"\x03geo\x03lab\x04test\x00\x00\x01\x00\x01"
GEO = [
    ';@ geo 60 IN A geolocation id="de" country=DE value 10.0.0.4',
    ';@ geo 60 IN A geolocation id="us-ca" country=US subdivision=CA value 10.0.0.1',
    ';@ geo 60 IN A geolocation id="any" country=* value 10.0.0.9',
]


def option(code, data):
    return struct.pack("!HH", code, len(data)) + data


def subnet(family, length, octets=b"", scope=0):
    return option(SUBNET, struct.pack("!HBB", family, length, scope) + octets)


def query(options):
    header = struct.pack("!6H", 0x1234, 0, 1, 0, 0, 1)
    return header + QUESTION + b"\x00\x00\x29\x04\xd0\x00\x00\x00\x00" + option(0, options)[2:]


def options_of(wire):
    """The options of the OPT record that ends a reply, read octet by octet: dnspython knows two
    families only."""
    at = wire.rindex(b"\x00\x00\x29\x04\xd0\x00\x00\x00\x00")
    (size,) = struct.unpack_from("!H", wire, at + 9)
    at, end = at + 11, at + 11 + size
    assert end == len(wire)
    found = []
    while at < end:
        code, size = struct.unpack_from("!HH", wire, at)
        found.append((code, wire[at + 4 : at + 4 + size]))
        at += 4 + size
    assert at == end
    return found


@pytest.fixture(scope="module")
def geo(lab):
    play = Play(lab)
    try:
        play.perform(Step(0, "zone", ["lab.test"], GEO))
        yield lab
    finally:
        play.clear()


MALFORMED = [
    ("nothing in it", option(SUBNET, b"")),
    ("half a family", option(SUBNET, b"\x00")),
    ("a family and no lengths", option(SUBNET, b"\x00\x01")),
    ("no scope", option(SUBNET, b"\x00\x01\x18")),
    ("no octets for 24 bits", subnet(1, 24)),
    ("two octets for 24 bits", subnet(1, 24, b"\xc6\x33")),
    ("four octets for 24 bits", subnet(1, 24, b"\xc6\x33\x64\x00")),
    ("one octet for no bits", subnet(1, 0, b"\x00")),
    ("three octets for 25 bits", subnet(1, 25, b"\xc6\x33\x64")),
    ("a bit behind 20 bits", subnet(1, 20, b"\xc6\x33\x68")),
    ("the last bit behind 31 bits", subnet(1, 31, b"\xc6\x33\x64\x01")),
    ("33 bits of IPv4", subnet(1, 33, b"\xc6\x33\x64\x00\x00")),
    ("255 bits of IPv4", subnet(1, 255, b"\xc6\x33\x64\x00" * 8)),
    ("six octets for 56 bits of IPv6", subnet(2, 56, bytes(6))),
    ("eight octets for 56 bits of IPv6", subnet(2, 56, bytes(8))),
    ("a bit behind 33 bits of IPv6", subnet(2, 33, b"\x20\x01\x0d\xb8\x40")),
    ("129 bits of IPv6", subnet(2, 129, bytes(17))),
    ("a scope in a query", subnet(1, 24, b"\xc6\x33\x64", scope=24)),
    ("a scope of one with no bits", subnet(1, 0, scope=1)),
    ("family 0 with bits", subnet(0, 8, b"\x0a")),
    ("family 3", subnet(3, 0)),
    ("family 256, which is 1 with its octets swapped", subnet(256, 24, b"\xc6\x33\x64")),
    ("family 65535", subnet(65535, 24, b"\xc6\x33\x64")),
    ("two of them", subnet(1, 24, b"\xc6\x33\x64") * 2),
    ("a good one and then a bad one", subnet(1, 24, b"\xc6\x33\x64") + subnet(1, 33, bytes(5))),
    ("a bad one behind others", option(NSID, b"") + option(COOKIE, bytes(8)) + subnet(1, 24)),
    ("an end before its length", subnet(1, 24, b"\xc6\x33\x64")[:-1]),
]


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
@pytest.mark.parametrize("options", [pytest.param(row, id=why) for why, row in MALFORMED])
def test_malformed_is_a_format_error(geo, options, tcp):  # R-ECS-4
    wire = geo.exchange(query(options), tcp)
    ident, bits, questions, answers, authorities, additionals = struct.unpack_from("!6H", wire)
    assert (ident, bits & 0x8780) == (0x1234, 0x8000) and bits & 15 == 1
    assert (questions, answers, authorities) == (1, 0, 0) and additionals <= 1


ECHOED = [
    # why, the option, scope of the reply, address of the answer
    ("24 bits", subnet(1, 24, b"\xc6\x33\x64"), 24, "10.0.0.1"),
    ("32 bits", subnet(1, 32, b"\xc6\x33\x64\x07"), 24, "10.0.0.1"),
    ("25 bits", subnet(1, 25, b"\xc6\x33\x64\x80"), 24, "10.0.0.1"),
    ("23 bits", subnet(1, 23, b"\xc6\x33\x64"), 23, "10.0.0.1"),
    ("one bit", subnet(1, 1, b"\x80"), 1, "10.0.0.9"),
    ("no bits of IPv4", subnet(1, 0), 0, "10.0.0.9"),
    ("no bits of IPv6", subnet(2, 0), 0, "10.0.0.9"),
    ("no bits of no family", subnet(0, 0), 0, "10.0.0.9"),
    ("48 bits of IPv6", subnet(2, 48, b"\x20\x01\x0d\xb8\x00\x01"), 48, "10.0.0.9"),
    ("128 bits of IPv6", subnet(2, 128, b"\x20\x01\x0d\xb8" + bytes(12)), 48, "10.0.0.9"),
]


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
@pytest.mark.parametrize(
    "sent, scope, address", [pytest.param(*row, id=why) for why, *row in ECHOED]
)
def test_the_option_comes_back_with_a_scope(geo, sent, scope, address, tcp):  # R-ECS-5
    wanted = sent[4:7] + bytes([scope]) + sent[8:]
    for options in (sent, option(COOKIE, bytes(8)) + sent, sent + option(NSID, b"")):
        wire = geo.exchange(query(options), tcp)
        assert [data for code, data in options_of(wire) if code == SUBNET] == [wanted]
        assert bytes(map(int, address.split("."))) in wire


def test_no_option_in_the_query_none_in_the_reply(geo):  # R-ECS-6
    assert SUBNET not in dict(options_of(geo.exchange(query(b""))))
    assert SUBNET not in dict(options_of(geo.exchange(query(option(NSID, b"")))))


def test_dig_shows_what_came_back(geo):
    out = geo.dig("+subnet=203.0.113.77/25", "+short", "geo.lab.test")
    assert out.split() == ["10.0.0.4"]
    assert "CLIENT-SUBNET: 203.0.113.0/25/24" in geo.dig("+subnet=203.0.113.77/25", "geo.lab.test")
    assert "CLIENT-SUBNET: 0.0.0.0/0/0" in geo.dig("+subnet=0.0.0.0/0", "geo.lab.test")


def test_a_format_error_beats_the_zone(geo):
    """Also for a name that is not ours, which would be refused."""
    wire = query(subnet(1, 24)).replace(b"\x03lab", b"\x03bal")
    assert rcode(read_reply(geo.exchange(wire))) == "FORMERR"


# ---- whose word is taken


def serve_geo(daemon):
    daemon.start()
    daemon.signpost("location", "import", ZONES / "lab.locations.csv")
    daemon.import_text("lab.test", "\n".join(GEO) + "\n")
    return daemon


def test_only_those_on_the_list_speak_for_others(make_daemon):
    daemon = serve_geo(make_daemon(client_subnet=["127.0.31.0/24", "::1"]))
    believed = daemon.ask("geo.lab.test", source="127.0.31.1", subnet="203.0.113.0/25")
    assert values(believed) == ["10.0.0.4"] and client_subnet(believed)
    assert values(daemon.ask("geo.lab.test", address="::1", subnet="203.0.113.0/25")) == [
        "10.0.0.4"
    ]
    other = daemon.ask("geo.lab.test", source="127.0.32.1", subnet="203.0.113.0/25")
    assert values(other) == ["10.0.0.9"], "the source counts"
    assert client_subnet(other) is None, "as from a server that does not know the option"


def test_an_empty_list_is_nobody(make_daemon):
    daemon = serve_geo(make_daemon(client_subnet=[]))
    reply = daemon.ask("geo.lab.test", subnet="203.0.113.0/25")
    assert values(reply) == ["10.0.0.9"] and client_subnet(reply) is None and reply.edns == 0


def test_a_reply_that_is_cut_short_has_the_option(geo):
    """The option keeps its room: TC comes earlier, never a reply without it."""
    text = "".join(f'big 60 TXT "{i:03}{"x" * 200}"\n' for i in range(5))
    geo.import_text("cut.test", text)
    try:
        for size in range(512, 1300, 4):
            asks = make_query("big.cut.test", "TXT", edns=size, subnet="2001:db8:1::/48")
            reply = read_reply(geo.exchange(asks.to_wire()))
            assert client_subnet(reply) == ("2001:db8:1::/48", 0)
            assert len(geo.exchange(asks.to_wire())) <= min(size, 1232)
    finally:
        geo.signpost("zone", "delete", "cut.test", "--force")
