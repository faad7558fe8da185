"""A very small DNS client: enough to see whether a server answers, and answers right."""

import collections
import random
import socket
import struct
import time

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "MX": 15, "TXT": 16, "AAAA": 28, "DS": 43,
         "DNSKEY": 48}
RRSIG = 46
NOERROR, SERVFAIL, NXDOMAIN = 0, 2, 3
RCODE, TRUNCATED = 0x000f, 0x0200   # of the header's flags
CLIENT_SUBNET = 8
DNSSEC_OK = 0x8000

# One question and what is right: the rcode, how many records the answer section may have (RRSIG
# not counted), and where that is known the addresses they are among.  subnet is a client-subnet to
# ask with, such as "192.0.2.0/24".  One with is_signed is asked with the DO bit, and only an answer
# with signatures is right.
Question = collections.namedtuple("Question", "name type rcode answers addresses subnet is_signed",
                                  defaults=(None, None, False))

# What the floor gets asked: it answers nothing, but it replies.
ANY_REPLY = Question("floor.test", "A", NOERROR, (0,))


def query_packet(question, ident):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in question.name.split("."))
    opt = opt_record(question) if question.subnet or question.is_signed else b""
    header = struct.pack("!6H", ident, 0, 1, 0, 0, 1 if opt else 0)
    return header + labels + struct.pack("!BHH", 0, TYPES[question.type], 1) + opt


def opt_record(question):
    """EDNS with 1232 octets, the DO bit where it is wanted, and the client-subnet."""
    option = subnet_option(question.subnet) if question.subnet else b""
    flags = DNSSEC_OK if question.is_signed else 0
    return struct.pack("!BHHIH", 0, 41, 1232, flags, len(option)) + option


def subnet_option(subnet):
    """An IPv4 prefix of whole octets."""
    address, length = subnet.split("/")
    octets = socket.inet_aton(address)[:int(length) // 8]
    return struct.pack("!HHHBB", CLIENT_SUBNET, 4 + len(octets), 1, int(length), 0) + octets


def client(port):
    """A connected UDP socket: only that server's packets arrive, and a closed port is reported."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.connect(("127.0.0.1", port))
    return sock


def ask(sock, question, timeout_s):
    """The reply, or None when none came or nobody listens."""
    ident = random.randrange(65536)
    deadline = time.monotonic() + timeout_s
    try:
        sock.send(query_packet(question, ident))
        while time.monotonic() < deadline:
            sock.settimeout(max(deadline - time.monotonic(), 0.0001))
            reply = sock.recv(4096)
            if len(reply) >= 12 and reply[:2] == ident.to_bytes(2, "big"):
                return reply
    except (ConnectionRefusedError, TimeoutError):
        pass
    return None


def is_right(reply, question):
    flags, = struct.unpack_from("!H", reply, 2)
    if (flags & 0x800f) != (0x8000 | question.rcode):
        return False
    if answer_count(reply) not in question.answers:
        return False
    if question.is_signed and not is_signed(reply):
        return False
    return question.addresses is None or addresses_of(reply) <= set(question.addresses)


def records(reply):
    """(section, type, RDATA) of each record: section 0 has the answers, 1 the authority's."""
    questions, *counts = struct.unpack_from("!4H", reply, 4)
    at = 12
    for _ in range(questions):
        at = after_name(reply, at) + 4
    for section, count in enumerate(counts):
        for _ in range(count):
            at = after_name(reply, at)
            type_number, _, _, size = struct.unpack_from("!HHIH", reply, at)
            at += 10 + size
            yield section, type_number, reply[at - size:at]


def answer_count(reply):
    return sum(section == 0 and type_number != RRSIG for section, type_number, _ in records(reply))


def is_signed(reply):
    """Whether there is an RRSIG; a truncated reply is no answer."""
    flags, = struct.unpack_from("!H", reply, 2)
    return not flags & TRUNCATED and any(found == RRSIG for _, found, _ in records(reply))


def addresses_of(reply):
    """The A records of the answer section."""
    return {socket.inet_ntoa(data) for section, type_number, data in records(reply)
            if section == 0 and type_number == TYPES["A"]}


def after_name(reply, at):
    while 0 < reply[at] < 0xc0:
        at += 1 + reply[at]
    return at + (2 if reply[at] else 1)


def describe(reply, question):
    """Why a reply is not right, for the person who has to mend it."""
    asked = f"{question.name} {question.type}"
    if reply is None:
        return f"{asked}: no reply"
    flags, = struct.unpack_from("!H", reply, 2)
    among = ""
    if question.addresses is not None:
        asked += f" from {question.subnet}" if question.subnet else ""
        among = f" among {', '.join(question.addresses)}, not {', '.join(addresses_of(reply))}"
    unsigned = ", without RRSIG" if question.is_signed and not is_signed(reply) else ""
    counts = " or ".join(map(str, question.answers))
    return (f"{asked}: rcode {flags & RCODE} with {answer_count(reply)} answers{unsigned}, "
            f"expected rcode {question.rcode} with {counts}{among}")


def wait_until_right(port, questions, timeout_s, is_running):
    """Asks until every question has had its right answer once.  The first that has not, or None."""
    deadline = time.monotonic() + timeout_s
    with client(port) as sock:
        for question in questions:
            reply = None
            while reply is None or not is_right(reply, question):
                if time.monotonic() > deadline or not is_running():
                    return describe(reply, question)
                reply = ask(sock, question, 0.05)
                if reply is None or not is_right(reply, question):
                    time.sleep(0.002)
    return None
