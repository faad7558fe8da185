"""Any bytes get a valid reply, or silence where the RFCs ask for it."""

import random
import struct

import dns.edns
import dns.flags
import pytest

from harness import (
    flags,
    make_query,
    opcode,
    rcode,
    read_reply,
    receive_message,
    send_message,
    values,
)

QUESTION = b"\x03www\x03lab\x04test\x00\x00\x01\x00\x01"
OPT = b"\x00\x00\x29\x04\xd0\x00\x00\x00\x00\x00\x00"


def header(ident=0x1234, bits=0, questions=1, answers=0, authorities=0, additionals=0):
    return struct.pack("!6H", ident, bits, questions, answers, authorities, additionals)


def opt(size=1232, extended_rcode=0, version=0, bits=0, data=b""):
    return (
        b"\x00\x00\x29"
        + struct.pack("!HBBHH", size, extended_rcode, version, bits, len(data))
        + data
    )


SILENT = [
    ("nothing at all", b""),
    ("one octet", b"\x12"),
    ("half a header", header()[:6]),
    ("a header but for one octet", header()[:11]),
    ("a reply", header(bits=0x8000) + QUESTION),
    ("a reply and nothing more", header(bits=0x8000, questions=0)),
    ("a reply with an unknown opcode", header(bits=0xF800) + QUESTION),
]


@pytest.mark.parametrize("wire", [pytest.param(wire, id=why) for why, wire in SILENT])
def test_silence(example, wire):
    assert example.is_silent(wire)


REFUSALS = [
    # why, message, RCODE
    ("a header alone, no question", header(questions=0), "FORMERR"),
    ("a header that promises a question", header(), "FORMERR"),
    ("two questions", header(questions=2) + QUESTION + QUESTION, "FORMERR"),
    ("65,535 questions", header(questions=65535) + QUESTION, "FORMERR"),
    ("a name cut short", header() + QUESTION[:7], "FORMERR"),
    ("a question without its class", header() + QUESTION[:-2], "FORMERR"),
    ("a name that never ends", header() + b"\x01a" * 200, "FORMERR"),
    (
        "a name of 256 octets",
        header() + (b"\x3f" + b"a" * 63) * 3 + b"\x3e" + b"a" * 62 + b"\x00\x00\x01\x00\x01",
        "FORMERR",
    ),
    ("a pointer in the question, to itself", header() + b"\xc0\x0c\x00\x01\x00\x01", "FORMERR"),
    (
        "a pointer in the question, into the header",
        header() + b"\x03www\xc0\x04\x00\x01\x00\x01",
        "FORMERR",
    ),
    ("a pointer cut in half", header() + b"\x03www\xc0", "FORMERR"),
    ("a label type of 0x40", header() + b"\x41\x00\x00\x01\x00\x01", "FORMERR"),
    ("a label type of 0x80", header() + b"\x81\x00\x00\x01\x00\x01", "FORMERR"),
    ("two OPT records", header(additionals=2) + QUESTION + OPT + OPT, "FORMERR"),
    ("an OPT that is promised and missing", header(additionals=1) + QUESTION, "FORMERR"),
    ("an OPT cut short", header(additionals=1) + QUESTION + OPT[:-1], "FORMERR"),
    (
        "an OPT whose owner is not the root",
        header(additionals=1) + QUESTION + b"\x01a" + OPT,
        "FORMERR",
    ),
    (
        "an option longer than its OPT",
        header(additionals=1) + QUESTION + opt(data=b"\x00\x03\x00\x09ab"),
        "FORMERR",
    ),
    ("half an option", header(additionals=1) + QUESTION + opt(data=b"\x00\x03\x00"), "FORMERR"),
    ("an unknown class", header() + QUESTION[:-2] + b"\x12\x34", "REFUSED"),
    ("class ANY", header() + QUESTION[:-2] + b"\x00\xff", "REFUSED"),
    ("opcode IQUERY", header(bits=1 << 11) + QUESTION, "NOTIMP"),
    ("opcode STATUS", header(bits=2 << 11) + QUESTION, "NOTIMP"),
    ("opcode NOTIFY", header(bits=4 << 11) + QUESTION, "NOTIMP"),
    ("opcode UPDATE", header(bits=5 << 11) + QUESTION, "NOTIMP"),
    ("an opcode that nobody knows", header(bits=15 << 11) + QUESTION, "NOTIMP"),
    ("EDNS version 1", header(additionals=1) + QUESTION + opt(version=1), "BADVERS"),
    ("EDNS version 255", header(additionals=1) + QUESTION + opt(version=255), "BADVERS"),
]


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
@pytest.mark.parametrize(
    "wire, expected", [pytest.param(wire, expected, id=why) for why, wire, expected in REFUSALS]
)
def test_refusal(example, wire, expected, tcp):
    reply_wire = example.exchange(wire, tcp)
    reply = read_reply(reply_wire)
    assert rcode(reply) == expected
    assert reply.id == 0x1234 and opcode(reply_wire) == opcode(wire)
    assert not reply.flags & (dns.flags.AA | dns.flags.RA | dns.flags.TC)
    assert not reply.answer and not reply.authority and not reply.additional
    assert len(reply.question) <= 1
    if expected == "BADVERS":
        assert reply.edns == 0 and reply.ednsflags >> 24 == 1  # the upper bits of 16


ANSWERED = [
    ("the plain question", header() + QUESTION),
    (
        "bits that mean nothing here (AA, TC, Z, AD, CD) and an RCODE",
        header(bits=0x067F) + QUESTION,
    ),
    ("an unknown EDNS option", header(additionals=1) + QUESTION + opt(data=b"\xfd\xe9\x00\x03abc")),
    (
        "a hundred EDNS options",
        header(additionals=1) + QUESTION + opt(data=b"\xfd\xe9\x00\x00" * 100),
    ),
    ("a DNS cookie", header(additionals=1) + QUESTION + opt(data=b"\x00\x0a\x00\x08abcdefgh")),
    ("unknown EDNS flags", header(additionals=1) + QUESTION + opt(bits=0x7FFF)),
    ("an OPT with an extended RCODE", header(additionals=1) + QUESTION + opt(extended_rcode=7)),
]


@pytest.mark.parametrize("wire", [pytest.param(wire, id=why) for why, wire in ANSWERED])
def test_answered(example, wire):
    reply = read_reply(example.exchange(wire))
    assert rcode(reply) == "NOERROR" and "aa" in flags(reply) and len(values(reply, "A")) == 3
    assert not reply.flags & (dns.flags.TC | dns.flags.RA | dns.flags.AD)
    assert reply.edns == (0 if wire[11] else -1)  # the count of additional records
    assert not reply.options, "no option was asked for that we have"


@pytest.mark.parametrize(
    "wire",
    [
        pytest.param(header() + QUESTION + b"\x00", id="one octet"),
        pytest.param(header() + QUESTION + b"garbage" * 30, id="many"),
        pytest.param(header(additionals=1) + QUESTION + OPT + b"garbage", id="behind the OPT"),
    ],
)
def test_trailing_garbage_is_a_format_error(example, wire):
    assert rcode(read_reply(example.exchange(wire))) == "FORMERR"


def test_records_in_a_question_are_read_over(example):
    """A question may carry records, a TSIG say or an SOA: we look at OPT alone."""
    record = b"\x00\x00\x01\x00\x01\x00\x00\x00\x00\x00\x04\x0a\x00\x00\x01"
    reply = read_reply(example.exchange(header(additionals=2) + QUESTION + record + OPT))
    assert rcode(reply) == "NOERROR" and reply.edns == 0 and len(values(reply, "A")) == 3


def test_nsid_is_told_to_who_asks(make_daemon):  # RFC 5001
    daemon = make_daemon(nsid="lab-1").start()
    asks = [dns.edns.GenericOption(dns.edns.OptionType.NSID, b"")]
    reply = daemon.ask("www.lab.test", options=asks)
    assert [(option.otype, option.data) for option in reply.options] == [
        (dns.edns.OptionType.NSID, b"lab-1")
    ]
    assert not daemon.ask("www.lab.test", edns=1232).options
    assert "lab-1" in daemon.dig("+nsid", "www.lab.test")


def test_no_nsid_unless_configured(example):
    asks = [dns.edns.GenericOption(dns.edns.OptionType.NSID, b"")]
    assert not example.ask("www.lab.test", options=asks).options


def test_do_is_echoed_and_other_flags_are_not(example):  # R-ANS-24
    wire = header(additionals=1) + QUESTION + opt(bits=0xFFFF)
    assert read_reply(example.exchange(wire)).ednsflags & 0xFFFF == 0x8000


def test_letter_case_comes_back_as_it_was_asked(example):  # R-NAM-2
    draw = random.Random(20)
    for _ in range(50):
        name = "".join(draw.choice((c.lower(), c.upper())) for c in "www.lab.test.")
        reply = example.ask(name)
        assert reply.question[0].name.to_text() == name
        assert reply.answer[0].name.to_text() == name


def test_random_bytes_and_broken_queries(example):
    """Whatever comes back is a well-formed reply to us, and afterwards the server still serves."""
    draw = random.Random(1)
    good = make_query("shop.lab.test", "AAAA", edns=4096).to_wire()
    with example.datagrams() as link:
        link.settimeout(0.001)
        replies = 0
        for _ in range(3000):
            wire = bytearray(good)
            for _ in range(draw.randint(1, 6)):
                wire[draw.randrange(len(wire))] = draw.randrange(256)
            if draw.random() < 0.3:
                wire = bytearray(draw.randbytes(draw.randint(0, 600)))
            link.send(bytes(wire[: draw.randint(0, 700)]))
            try:
                reply = link.recv(65535)
            except TimeoutError:
                continue
            read_reply(reply)
            replies += 1
    assert replies > 100
    assert len(values(example.ask("www.lab.test"), "A")) == 3


def test_the_same_over_tcp(example):
    draw = random.Random(2)
    good = make_query("shop.lab.test", "AAAA", edns=4096).to_wire()
    for _ in range(300):
        wire = bytearray(good)
        for _ in range(draw.randint(1, 6)):
            wire[draw.randrange(2, len(wire))] = draw.randrange(256)
        with example.connect() as stream:
            send_message(stream, bytes(wire))
            send_message(stream, good)
            try:
                while read_reply(receive_message(stream)).id != struct.unpack("!H", good[:2])[0]:
                    pass
            except (EOFError, ConnectionError):
                pass  # closing on a broken message is fair
    assert len(values(example.ask("www.lab.test", tcp=True), "A")) == 3
