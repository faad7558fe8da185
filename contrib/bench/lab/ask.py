"""A very small DNS client: enough to see whether a server answers, and answers right."""

import collections
import random
import socket
import struct
import time

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "MX": 15, "TXT": 16, "AAAA": 28}
NOERROR, NXDOMAIN = 0, 3

# One question and what is right: the rcode, and how many records the answer section may have.
Question = collections.namedtuple("Question", "name type rcode answers")

# What the floor gets asked: it answers nothing, but it replies.
ANY_REPLY = Question("floor.test", "A", NOERROR, (0,))


def query_packet(name, type_name, ident):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    header = struct.pack("!6H", ident, 0, 1, 0, 0, 0)
    return header + labels + struct.pack("!BHH", 0, TYPES[type_name], 1)


def client(port):
    """A connected UDP socket: only that server's packets arrive, and a closed port is reported."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.connect(("127.0.0.1", port))
    return sock


def ask(sock, name, type_name, timeout_s):
    """The reply, or None when none came or nobody listens."""
    ident = random.randrange(65536)
    deadline = time.monotonic() + timeout_s
    try:
        sock.send(query_packet(name, type_name, ident))
        while time.monotonic() < deadline:
            sock.settimeout(max(deadline - time.monotonic(), 0.0001))
            reply = sock.recv(4096)
            if len(reply) >= 12 and reply[:2] == ident.to_bytes(2, "big"):
                return reply
    except (ConnectionRefusedError, TimeoutError):
        pass
    return None


def is_right(reply, question):
    flags, _, answers = struct.unpack_from("!3H", reply, 2)
    return (flags & 0x800f) == (0x8000 | question.rcode) and answers in question.answers


def describe(reply, question):
    """Why a reply is not right, for the person who has to mend it."""
    asked = f"{question.name} {question.type}"
    if reply is None:
        return f"{asked}: no reply"
    flags, _, answers = struct.unpack_from("!3H", reply, 2)
    return (f"{asked}: rcode {flags & 15} with {answers} answers, "
            f"expected rcode {question.rcode} with {' or '.join(map(str, question.answers))}")


def wait_until_right(port, questions, timeout_s, is_running):
    """Asks until every question has had its right answer once.  The first that has not, or None."""
    deadline = time.monotonic() + timeout_s
    with client(port) as sock:
        for question in questions:
            reply = None
            while reply is None or not is_right(reply, question):
                if time.monotonic() > deadline or not is_running():
                    return describe(reply, question)
                reply = ask(sock, question.name, question.type, 0.05)
                if reply is None or not is_right(reply, question):
                    time.sleep(0.002)
    return None
