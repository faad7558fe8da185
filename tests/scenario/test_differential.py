"""The same zones in NSD and in Signpost, the same questions to both, and every difference
explained.

RCODE, flags, the size that OPT offers and the three sections are compared as sets, names in any
letter case, TTLs included: once with minimal responses and once with full ones.  A difference is a
bug unless it falls under one of explanations.py.
"""

import collections
import dataclasses

import pytest

from explanations import EQUAL, EXPLANATIONS, UNEXPLAINED, REPLY_FIELDS, Case, explain, zone_of
from harness import (
    ZONES,
    Daemon,
    flags,
    make_query,
    rcode,
    read_reply,
    receive_message,
    records,
    send_message,
)
from nsd import Nsd
from questions import Question, make_questions, read_names

SEED = 2026
LEAST = 5000
ORIGINS = ["lab.test", "everything.test", "child.everything.test"]
NAMED_TYPES = {"NS", "CNAME", "SOA", "PTR", "MX", "SRV", "NAPTR", "SVCB", "HTTPS"}


@dataclasses.dataclass(frozen=True)
class Reply:
    rcode: str
    flags: frozenset
    answer: frozenset
    authority: frozenset
    additional: frozenset
    edns: int
    wire_size: int

    def same(self, other):
        return all(getattr(self, field) == getattr(other, field) for field in REPLY_FIELDS)


def folded(section):
    """Letter case of names means nothing, that of texts does."""
    return frozenset(
        (name, ttl, rdtype, value.lower() if rdtype in NAMED_TYPES else value)
        for name, ttl, rdtype, value in records(section)
    )


class Asker:
    """Keeps one socket and one TCP connection open to a server."""

    def __init__(self, server):
        self.server = server
        self.link = server.datagrams()
        self.stream = server.connect()

    def ask(self, question):
        query = make_query(
            question.name, question.rdtype, edns=question.edns, do=question.do, rd=question.rd
        )
        wire = query.to_wire()
        reply_wire = self.over_tcp(wire) if question.tcp else self.over_udp(wire)
        reply = read_reply(reply_wire)
        assert reply.id == query.id, question
        assert reply.question[0].name.to_text() == query.question[0].name.to_text(), question
        return Reply(
            rcode(reply),
            frozenset(flags(reply)),
            folded(reply.answer),
            folded(reply.authority),
            folded(reply.additional),
            reply.payload if reply.edns >= 0 else -1,
            len(reply_wire),
        )

    def over_udp(self, wire):
        self.link.send(wire)
        return self.link.recv(65535)

    def over_tcp(self, wire):
        for attempt in (1, 2):
            try:
                send_message(self.stream, wire)
                return receive_message(self.stream)
            except (
                EOFError,
                ConnectionError,
            ):  # idle too long, or asked enough: both servers may close
                if attempt == 2:
                    raise
                self.stream.close()
                self.stream = self.server.connect()

    def close(self):
        self.link.close()
        self.stream.close()


class Bench:
    """Two servers and what the explanations want to know of them."""

    def __init__(self, daemon, nsd, full_mode):
        self.ours, self.theirs, self.full_mode = Asker(daemon), Asker(nsd), full_mode
        self.ask_ours, self.ask_theirs = self.ours.ask, self.theirs.ask
        self.companies, self.wholes = {}, {}
        self.origins = ORIGINS
        self.hidden_names = find_hidden_names()

    def zone_of(self, name):
        return zone_of(name, ORIGINS)

    def company(self, origin):
        """(authority, additional) that NSD sends along with a positive answer from that zone."""
        if origin not in self.companies:
            # The apex of each has an A record, which brings nothing else along.
            reply = self.their_whole(origin + ".", "A")
            assert reply.answer
            self.companies[origin] = (reply.authority, reply.additional)
        return self.companies[origin]

    def their_whole(self, name, rdtype):
        """What NSD says over TCP, asked once."""
        key = (name.lower(), rdtype)
        if key not in self.wholes:
            self.wholes[key] = self.ask_theirs(Question(name, rdtype, tcp=True))
        return self.wholes[key]

    def close(self):
        self.ours.close()
        self.theirs.close()


def find_hidden_names():
    """Names in one zone's file that lie in another zone, whose own file has nothing there."""
    names = {origin: set(read_names(ZONES / f"{origin}.zone", origin)[0]) for origin in ORIGINS}
    return [
        name
        for origin in ORIGINS
        for name in names[origin]
        if zone_of(name.to_text(), ORIGINS) != origin
        and name not in names[zone_of(name.to_text(), ORIGINS)]
    ]


def nsd_texts(daemon):
    """The zone files as they stand; lab.test, which brings no SOA and NS, with those that
    Signpost gave it."""
    texts = {origin: (ZONES / f"{origin}.zone").read_text() for origin in ORIGINS}
    apex = [
        rrset.to_text()
        for rdtype in ("SOA", "NS")
        for rrset in daemon.ask("lab.test", rdtype).answer
    ]
    texts["lab.test"] = "\n".join(apex) + "\n" + texts["lab.test"]
    return texts


@pytest.fixture(params=["minimal", "full"])
def bench(request, make_daemon, tmp_path):
    full_mode = request.param == "full"
    daemon = make_daemon(minimal_responses=not full_mode).start()
    daemon.import_examples()
    nsd = Nsd(tmp_path / "nsd", nsd_texts(daemon), minimal=not full_mode)
    try:
        nsd.start()
        bench = Bench(daemon, nsd, full_mode)
        yield bench
        bench.close()
    finally:
        nsd.stop()


def describe(case):
    lines = [f"? {case.question}"]
    for field in REPLY_FIELDS:
        pair = getattr(case.ours, field), getattr(case.theirs, field)
        if pair[0] != pair[1]:
            for who, value in zip(("Signpost", "NSD"), pair):
                text = sorted(value) if isinstance(value, frozenset) else value
                lines.append(f"    {field} of {who}: {text}"[:600])
    return "\n".join(lines)


def test_every_difference_is_explained(bench):
    questions = make_questions([(ZONES / f"{origin}.zone", origin) for origin in ORIGINS], SEED)
    counts, unexplained = collections.Counter(), []
    for question in questions:
        case = Case(question, bench.ask_ours(question), bench.ask_theirs(question), bench)
        why = explain(case)
        counts[why] += 1
        if why is UNEXPLAINED:
            unexplained.append(describe(case))
    print(
        f"\nasked {len(questions)} questions, {'full' if bench.full_mode else 'minimal'} responses"
    )
    for why in [EQUAL, *(rule for rule, _ in EXPLANATIONS), UNEXPLAINED]:
        print(f"    {why:18} {counts[why]:6}")
    print()
    assert len(questions) >= LEAST
    assert not unexplained, f"{len(unexplained)} differences, the first:\n" + "\n".join(
        unexplained[:20]
    )


def test_an_unknown_difference_is_noticed(bench):
    """The comparison itself: each field, when it differs, is a difference that nothing explains."""
    question = Question("www.lab.test.", "A")
    reply = bench.ask_theirs(question)
    one = frozenset([("www.lab.test.", 299, "A", "192.0.2.1")])
    for change in (
        {"rcode": "NXDOMAIN"},
        {"flags": reply.flags - {"aa"}},
        {"answer": one},
        {"authority": one},
        {"additional": one},
        {"edns": 1},
        {"answer": frozenset()},
    ):
        case = Case(question, dataclasses.replace(reply, **change), reply, bench)
        assert explain(case) is UNEXPLAINED, change
