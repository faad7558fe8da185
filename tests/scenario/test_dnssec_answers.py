"""Every kind of answer of a signed zone, as validators see it.

A table of questions, and all validators of dnssec.py go through all of it.  Then what the rules
say of each reply's shape beyond what a validator minds.
"""

import collections
import json

import dns.dnssec
import dns.flags
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from dnssec import (
    CO_FLAG,
    NXNAME,
    Delv,
    DnsViz,
    Drill,
    Reader,
    Relay,
    Unbound,
    Unproven,
    bitmap,
    delegate,
    sign,
)
from harness import ZONES, Daemon, flags, make_query, rcode, read_reply, values
from questions import make_questions

ORIGIN = "harbor.test."
CHILD = "quay.harbor.test."
PLAIN = "plain.harbor.test."

FILLING = [b"l" * 63] * 3  # 205 octets with the zone's name

# ---- the zones

# Labels that text and sorting may get wrong, each beside its neighbours: control characters, octets
# above 127, what stands next to the capital letters, a dot inside a label, two labels instead.
ODD = [
    b"\x00",
    b"\x01",
    b"\x7f",
    b"\x80",
    b"\xc8",
    b"\xff",
    b"@",
    b"[",
    b"`",
    b"{",
    b"a.b",
    b"a b",
    b'"',
    b"\\",
    b"(;)",
    b"$",
    b"*x",
    b"-",
    b"a",
    b"z",
    b"a\x00",
    b"x" * 63,
    b"\xff" * 63,
    b"\xff" * 62 + b"@",
]
# First labels below FILLING that make names of 253 to 255 octets.
LONG = [b"m" * 47, b"m" * 48, b"m" * 49, b"\xff" * 48, b"\xff" * 49, b"m" * 48 + b"@"]
# The same room, and a first label that cannot be longer.
LONG_PATHS = [[label, *FILLING] for label in LONG] + [
    [b"l" * 63, b"l" * 63, b"l" * 63, b"m" * 49],
    [b"\xff" * 63, b"l" * 63, b"l" * 63, b"m" * 49],
    [b"\xff" * 63, b"\xff" * 63, b"\xff" * 63, b"\xff" * 49],
]


def name_of(*labels, origin=ORIGIN):
    return dns.name.Name([*labels, *dns.name.from_text(origin).labels])


def odd_lines():
    return "".join(
        f"{name.to_text()} A 192.0.2.77\n"
        for name in [name_of(label, b"odd") for label in ODD]
        + [name_of(*path) for path in LONG_PATHS]
    )


def neighbours(labels):
    """Label lists beside this one, few of which exist."""
    first, *rest = labels
    yield [bytes([first[0] ^ 2]) + first[1:], *rest]
    yield [first[:-1] + bytes([(first[-1] + 1) % 256]), *rest]
    if len(first) > 1:
        yield [first[:-1], *rest]


HARBOR = r"""
$ORIGIN harbor.test.
$TTL 300
@ 900 SOA ns1 hostmaster 1 7200 900 1209600 300
@ 172800 NS ns1
@ 172800 NS ns2
@ TXT "apex"
ns1 A 127.0.0.1
ns2 AAAA 2001:db8::53
www A 192.0.2.1
www A 192.0.2.2
www AAAA 2001:db8::1
all A 192.0.2.8
all AAAA 2001:db8::8
all CAA 0 issue "ca.example.net"
all HTTPS 1 . alpn=h2
all MX 10 www
all NAPTR 1 1 "" "" "" www
all PTR www
all SPF "v=spf1 -all"
all SRV 1 2 3 www
all SSHFP 2 1 123456789ABCDEF67890123456789ABCDEF67890
all SVCB 1 . port=53
all TLSA 1 0 1 0D6FCE3303D6A0B9C8B6E0F1B9B6F6C2C5E1C4F0A7F9D2D4B3A2918273645566
all TXT "all"
MiXeD MX 10 WWW.Harbor.TEST.
MiXeD NAPTR 1 1 "A" "E2U" "" WWW.Harbor.TEST.
MiXeD NAPTR 1 1 "U" "E2U" "!A!B!" .
MiXeD PTR WWW.Harbor.TEST.
MiXeD SRV 1 2 3 WWW.Harbor.TEST.
MiXeD SVCB 1 WWW.Harbor.TEST. port=53
MiXeD HTTPS 1 WWW.Harbor.TEST. port=53
MiXeD CAA 0 Issue "CA.example.net"
MiXeD-alias CNAME WWW.Harbor.TEST.
sorted MX 10 a
sorted MX 10 aa
sorted MX 9 z
sorted MX 256 a
sorted MX 10 a.b
sorted TXT ""
sorted TXT "a"
sorted TXT "aa"
sorted TXT "a" "a"
sorted TXT "\255"
alias CNAME www
chain CNAME alias
chain-wild CNAME any.wild
chain-policy CNAME geo
chain-nothing CNAME missing
chain-nodata CNAME all
chain-ent CNAME ent
*.wild A 192.0.2.100
*.wild TXT "wild"
host.wild A 192.0.2.101
*.wild-alias CNAME www
leaf.ent A 192.0.2.102
\000.www A 192.0.2.103
long 2147483647 A 192.0.2.104
zero 0 A 192.0.2.105
away NS ns.away
away NS ns.example.org.
ns.away A 192.0.2.106
www.away A 192.0.2.107
sealed NS ns.sealed
sealed DS 60485 13 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A
ns.sealed A 192.0.2.108
quay NS ns.quay
ns.quay A 127.0.0.1
plain NS ns.plain
ns.plain A 127.0.0.1
;@ @ IN A simple alias multi evaluate-health=no
;@ @ IN AAAA simple alias www evaluate-health=no
;@ weighted 60 IN A weighted id="a" weight=1 value 192.0.2.11
;@ weighted 60 IN A weighted id="b" weight=1 value 192.0.2.12
;@ latency 60 IN A latency id="us" region=us-east-1 value 192.0.2.13
;@ latency 60 IN A latency id="eu" region=eu-central-1 value 192.0.2.14
;@ geo 60 IN A geolocation id="de" country=DE value 192.0.2.15
;@ geo 60 IN A geolocation id="us" country=US value 192.0.2.16
;@ geo 60 IN A geolocation id="any" country=* value 192.0.2.17
;@ nowhere 60 IN A geolocation id="br" country=BR value 192.0.2.18
;@ near 60 IN A geoproximity id="berlin" coordinates=52.52,13.40 bias=0 value 192.0.2.19
;@ near 60 IN A geoproximity id="virginia" region=us-east-1 bias=0 value 192.0.2.20
;@ failover 60 IN A failover id="p" role=PRIMARY check=up value 192.0.2.21
;@ failover 60 IN A failover id="s" role=SECONDARY value 192.0.2.22
;@ failed 60 IN A failover id="p" role=PRIMARY check=down value 192.0.2.23
;@ failed 60 IN A failover id="s" role=SECONDARY value 192.0.2.24
;@ cidr 60 IN A cidr id="home" collection={nets} location=home value 192.0.2.25
;@ cidr 60 IN A cidr id="de" collection={nets} location=de value 192.0.2.26
;@ outside 60 IN A cidr id="de" collection={nets} location=de value 192.0.2.27
;@ twice 60 IN A multivalue id="a" value 192.0.2.28
;@ twice 60 IN A multivalue id="b" value 192.0.2.28
;@ twice 60 IN A multivalue id="c" value 192.0.2.29
;@ tree IN A failover id="p" role=PRIMARY alias failed evaluate-health=yes
;@ tree IN A failover id="s" role=SECONDARY alias weighted evaluate-health=no
;@ policy-alias 60 IN CNAME geolocation id="de" country=DE value www
;@ policy-alias 60 IN CNAME geolocation id="any" country=* value all
;@ *.wild-tree IN A simple alias geo evaluate-health=no
"""

QUAY = r"""
$ORIGIN quay.harbor.test.
$TTL 300
@ 900 SOA ns hostmaster 1 7200 900 1209600 300
@ 172800 NS ns
ns A 127.0.0.1
www A 192.0.2.120
up CNAME www.harbor.test.
out CNAME www.example.org.
"""


def big_lines():
    return (
        "".join(f"many A 198.51.{i // 250}.{i % 250 + 1}\n" for i in range(400))
        + "".join(f'few TXT "{i:02} {"x" * 100}"\n' for i in range(7))
        + "".join(
            f';@ multi 20 IN A multivalue id="{i}" value 192.0.2.{50 + i}\n' for i in range(12)
        )
    )


class Tree:
    """A daemon with harbor.test, signed; in it quay, signed, and plain, which is not."""

    def __init__(self, daemon):
        self.daemon = daemon
        for check in ("up", "down"):
            daemon.signpost("health", "create", check, check)
        nets = json.loads(daemon.signpost("--json", "collection", "create", "nets"))["id"]
        daemon.signpost("collection", "put", "nets", "home", "127.0.0.0/8")
        daemon.signpost("collection", "put", "nets", "de", "203.0.113.0/24")
        table = (ZONES / "lab.locations.csv").read_text()
        table += "127.0.0.0/24,EU,DE,,50.11,8.68,eu-central-1\n"
        table += "127.0.7.0/24,NA,US,,39.10,-94.58,us-east-2\n"
        (daemon.folder / "locations.csv").write_text(table)
        daemon.signpost("location", "import", daemon.folder / "locations.csv")
        text = HARBOR.replace("{nets}", nets) + odd_lines() + big_lines()
        daemon.import_text("harbor.test", text)
        daemon.import_text("quay.harbor.test", QUAY)
        daemon.import_text("plain.harbor.test", QUAY.replace("quay.", "plain."))
        self.anchor = sign(daemon, "harbor.test")
        self.child = sign(daemon, "quay.harbor.test")
        delegate(daemon, "harbor.test", "quay.harbor.test", self.child)
        self.reader = Reader(daemon, [self.anchor, self.child])


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    daemon = Daemon(tmp_path_factory.mktemp("tree"))
    try:
        yield Tree(daemon.start())
        daemon.stop()
    finally:
        daemon.kill()


# ---- the questions

POSITIVE, NODATA, INSECURE = "positive", "nodata", "insecure"
TYPES = "A AAAA CAA HTTPS MX NAPTR PTR SPF SRV SSHFP SVCB TLSA TXT".split()


def kinds_of_questions():
    """(why, name, type, what it is)."""
    rows = [("R-SEC-5", "all", rdtype, POSITIVE) for rdtype in TYPES]
    rows += [
        ("R-SEC-5 apex", "@", "SOA", POSITIVE),
        ("R-SEC-14 NS", "@", "NS", POSITIVE),
        ("R-SEC-5 DNSKEY", "@", "DNSKEY", POSITIVE),
        ("R-SEC-14 alias at the apex", "@", "A", POSITIVE),
        ("R-SEC-14 alias at the apex", "@", "AAAA", POSITIVE),
        ("R-SEC-14 weighted", "weighted", "A", POSITIVE),
        ("R-SEC-14 weighted", "weighted", "A", POSITIVE),
        ("R-SEC-14 weighted", "weighted", "A", POSITIVE),
        ("R-SEC-14 latency", "latency", "A", POSITIVE),
        ("R-SEC-14 geolocation", "geo", "A", POSITIVE),
        ("R-SEC-16 no answer", "nowhere", "A", NODATA),
        ("R-SEC-16 no answer", "outside", "A", NODATA),
        ("R-SEC-12 beside a policy", "geo", "AAAA", NODATA),
        ("R-SEC-14 geoproximity", "near", "A", POSITIVE),
        ("R-SEC-14 failover", "failover", "A", POSITIVE),
        ("R-SEC-14 failover, failed", "failed", "A", POSITIVE),
        ("R-SEC-14 multivalue", "multi", "A", POSITIVE),
        ("R-SEC-14 CIDR", "cidr", "A", POSITIVE),
        ("R-SEC-14 alias to a tree", "tree", "A", POSITIVE),
        ("R-SEC-14 alias with a policy", "policy-alias", "A", POSITIVE),
        ("R-SEC-14 alias at a wildcard", "x.wild-tree", "A", POSITIVE),
        ("R-SEC-17 CNAME", "alias", "CNAME", POSITIVE),
        ("R-SEC-17 followed", "alias", "A", POSITIVE),
        ("R-SEC-17 chain", "chain", "AAAA", POSITIVE),
        ("R-SEC-17 to a wildcard", "chain-wild", "A", POSITIVE),
        ("R-SEC-17 to a policy", "chain-policy", "A", POSITIVE),
        ("R-SEC-17 to nothing", "chain-nothing", "A", NODATA),
        ("R-SEC-17 to no such type", "chain-nodata", "DNSKEY", NODATA),
        ("R-SEC-17 to an empty name", "chain-ent", "A", NODATA),
        ("R-SEC-17 out of the zone", "up.quay", "A", POSITIVE),
        ("R-SEC-17 out of the zone", "up.quay", "MX", POSITIVE),
        ("R-SEC-13", "any.wild", "A", POSITIVE),
        ("R-SEC-13 deep", "a.b.c.wild", "TXT", POSITIVE),
        ("R-SEC-13 the asterisk itself", "*.wild", "A", POSITIVE),
        ("R-SEC-13 CNAME", "any.wild-alias", "A", POSITIVE),
        ("R-SEC-13 beside", "host.wild", "A", POSITIVE),
        ("R-SEC-13 NODATA", "any.wild", "AAAA", NODATA),
        ("R-SEC-13 NODATA", "*.wild", "AAAA", NODATA),
        ("R-SEC-12 beside a wildcard", "host.wild", "TXT", NODATA),
        ("R-SEC-11 below", "x.host.wild", "TXT", NODATA),
        ("R-SEC-12 empty non-terminal", "ent", "A", NODATA),
        ("R-SEC-12 empty non-terminal", "wild", "A", NODATA),
        ("R-SEC-12", "www", "MX", NODATA),
        ("R-SEC-12", "www", "CNAME", NODATA),
        ("R-SEC-12", "www", "NS", NODATA),
        ("R-SEC-12", "www", "SOA", NODATA),
        ("R-SEC-12", "www", "DS", NODATA),
        ("R-SEC-12", "www", "DNSKEY", NODATA),
        ("R-SEC-12 a type nobody has", "www", "TYPE65280", NODATA),
        ("R-SEC-12 a type nobody has", "www", "LOC", NODATA),
        ("R-SEC-12 apex", "@", "MX", NODATA),
        ("R-SEC-12 apex", "@", "CNAME", NODATA),
        ("R-SEC-18", "@", "CDS", NODATA),
        ("R-SEC-18", "@", "CDNSKEY", NODATA),
        ("R-SEC-18", "@", "NSEC3PARAM", NODATA),
        ("R-SEC-11", "missing", "A", NODATA),
        ("R-SEC-11", "missing", "DS", NODATA),
        ("R-SEC-11", "missing", "NS", NODATA),
        ("R-SEC-11 deep", "a.b.c.missing", "A", NODATA),
        ("R-SEC-11 below an answer", "a.www", "A", NODATA),
        ("the next name of another", r"\000.www", "A", POSITIVE),
        ("the next name of another", r"\000.all", "A", NODATA),
        ("R-SEC-15", "quay", "DS", POSITIVE),
        ("R-SEC-15", "sealed", "DS", POSITIVE),
        ("R-SEC-15", "plain", "DS", NODATA),
        ("R-SEC-15", "away", "DS", NODATA),
        ("a signed child", "www.quay", "A", POSITIVE),
        ("a signed child", "quay", "SOA", POSITIVE),
        ("a signed child", "quay", "DNSKEY", POSITIVE),
        ("a signed child", "missing.quay", "A", NODATA),
        ("a signed child", "quay", "MX", NODATA),
        ("R-SEC-15 insecure", "www.plain", "A", INSECURE),
        ("R-SEC-15 insecure", "missing.plain", "A", INSECURE),
        ("R-SEC-9", "long", "A", POSITIVE),
        ("TTL 0", "zero", "A", POSITIVE),
        ("upper case", "WWW", "A", POSITIVE),
        ("upper case", "MISSING", "A", NODATA),
        ("upper case", "ANY.Wild", "A", POSITIVE),
        ("upper case in RDATA", "mixed-alias", "CNAME", POSITIVE),
        ("RFC 4034 §6.3", "sorted", "MX", POSITIVE),
        ("RFC 4034 §6.3", "sorted", "TXT", POSITIVE),
        ("RFC 2181 §5 a value twice", "twice", "A", POSITIVE),
        ("R-ANS-25 large", "many", "A", POSITIVE),
        ("R-ANS-25 large", "few", "TXT", POSITIVE),
        ("NSEC", "www", "NSEC", POSITIVE),
        ("NSEC", "missing", "NSEC", POSITIVE),
        ("NSEC", "@", "NSEC", POSITIVE),
        ("ANY", "www", "ANY", POSITIVE),
        ("ANY", "all", "ANY", POSITIVE),
        ("ANY", "@", "ANY", POSITIVE),
        ("ANY", "missing", "ANY", NODATA),
        ("ANY", "geo", "ANY", POSITIVE),
    ]
    rows += [
        ("RFC 4034 §6.2 upper case in RDATA", "mixed", rdtype, POSITIVE)
        for rdtype in ("CAA", "HTTPS", "MX", "NAPTR", "PTR", "SRV", "SVCB")
    ]
    return [(why, full(name), rdtype, kind) for why, name, rdtype, kind in rows]


def full(name):
    return ORIGIN if name == "@" else f"{name}.{ORIGIN}"


def odd_questions():
    paths = [[label, b"odd"] for label in ODD] + LONG_PATHS
    there = {name_of(*path).canonicalize() for path in paths}
    rows = []
    for path in paths:
        rows += [(path, "A"), (path, "TXT"), (path, "DS")]
        rows += [(other, "A") for other in neighbours(path)]
        # One label more, and a label in two.
        if sum(len(label) + 1 for label in path) < 200:
            rows += [([b"x", *path], "A"), ([b"\0", *path], "A"), ([b"\xff", *path], "TXT")]
    rows += [([b"a", b"b", b"odd"], "A"), ([b"A.B", b"ODD"], "A"), ([b"A.B", b"oDD"], "MX")]
    questions = {}
    for path, rdtype in rows:
        name = name_of(*path)
        exists = rdtype == "A" and name.canonicalize() in there
        questions[name, rdtype] = ("odd", argument(name), rdtype, POSITIVE if exists else NODATA)
    return list(questions.values())


def argument(name):
    """As a word of a command line, where a hyphen begins an option."""
    text = name.to_text()
    return "\\045" + text[1:] if text.startswith("-") else text


QUESTIONS = kinds_of_questions()
ODD_QUESTIONS = odd_questions()
SETS = pytest.mark.parametrize("questions", [QUESTIONS, ODD_QUESTIONS], ids=["kinds", "odd"])
# A process each takes its time.
SHORTER_SETS = pytest.mark.parametrize(
    "questions", [QUESTIONS, ODD_QUESTIONS[::3]], ids=["kinds", "odd"]
)


def judge_all(judge, questions, answers_checked, name):
    """Asks a validator for its verdict on each; what it says of those that fail."""
    failures = []
    for why, qname, rdtype, kind in questions:
        verdict = judge(qname, rdtype)
        if verdict.state == ("insecure" if kind == INSECURE else "secure"):
            answers_checked[name] = answers_checked.get(name, 0) + 1
        else:
            failures.append(f"{why}: {qname} {rdtype}: {verdict.state}\n{verdict.said}")
    assert not failures, f"{len(failures)} of {len(questions)}:\n" + "\n".join(failures[:20])


# ---- every validator, every question


@SETS
def test_dnspython(tree, questions, answers_checked):
    failures = []
    for why, name, rdtype, kind in questions:
        reply = tree.daemon.ask(name, rdtype, do=True, edns=1232)
        if reply.flags & dns.flags.TC:
            reply = tree.daemon.ask(name, rdtype, do=True, edns=1232, tcp=True)
        if kind == INSECURE:
            continue
        try:
            found = tree.reader.read(reply)
        except Unproven as problem:
            found = f"unproven: {problem}"
        if found == kind:
            answers_checked["dnspython"] = answers_checked.get("dnspython", 0) + 1
        else:
            failures.append(f"{why}: {name} {rdtype}: {found}\n{reply}\n")
    assert not failures, f"{len(failures)} of {len(questions)}:\n" + "\n".join(failures[:20])


@SHORTER_SETS
def test_delv(tree, tmp_path, questions, answers_checked):
    delv = Delv(tmp_path, tree.daemon.port, tree.anchor)
    judge_all(delv.judge, questions, answers_checked, "delv")


@SHORTER_SETS
def test_drill(tree, tmp_path, questions, answers_checked):
    drill = Drill(tmp_path, tree.daemon.port, tree.anchor)
    can = [row for row in questions if row[3] != INSECURE and (row[2], row[3]) != ("ANY", POSITIVE)]
    judge_all(drill.judge, can, answers_checked, "drill")


@SETS
def test_unbound(tree, tmp_path, questions, answers_checked):
    origins = [ORIGIN, CHILD, PLAIN]
    with Unbound(tmp_path, tree.daemon.port, tree.anchor, origins) as unbound:
        judge_all(unbound.judge, questions, answers_checked, "unbound")


def test_dnsviz(tree, tmp_path, answers_checked):
    """All names but those whose name servers are elsewhere, with two types besides those that it
    asks for by itself."""
    dnsviz = DnsViz(tmp_path, tree.daemon.port, tree.anchor, [CHILD, PLAIN])
    names = {name for _, name, _, _ in QUESTIONS}
    names -= {full("away"), full("sealed")}
    # DNSViz minds that a TTL of R-SEC-9's length outlives a signature; to resolvers it is as long
    # as the signature at most (RFC 4035 §5.3.3).
    names -= {full("long")}
    survey = dnsviz.survey(sorted(names), ["A", "TXT"])
    assert not survey.complaints, "\n".join(survey.complaints) + survey.said
    answers_checked["dnsviz"] = survey.secure
    assert survey.secure > len(names)


def test_the_example_zones(make_daemon, answers_checked):
    """The questions that test_differential.py asks, some of them: what is told of odd names, cuts,
    chains and wildcards is all signed."""
    daemon = make_daemon().start()
    daemon.import_examples()
    origins = sorted(path.stem for path in ZONES.glob("*.zone"))
    reader = Reader(daemon, [sign(daemon, origin) for origin in origins])
    files = [(ZONES / f"{origin}.zone", origin) for origin in origins]
    failures, kinds = [], collections.Counter()
    for question in make_questions(files, seed=2026)[:1000]:
        reply = daemon.ask(question.name, question.rdtype, do=True, edns=1232)
        if reply.flags & dns.flags.TC:
            reply = daemon.ask(question.name, question.rdtype, do=True, tcp=True)
        if reply.rcode() in (dns.rcode.REFUSED, dns.rcode.SERVFAIL):  # elsewhere, and endless
            continue
        try:
            kinds[reader.read(reply)] += 1
        except Unproven as problem:
            failures.append(f"{question}: {problem}\n{reply}\n")
    assert not failures, f"{len(failures)} of {kinds.total()}:\n" + "\n".join(failures[:20])
    assert min(kinds[kind] for kind in ("positive", "nodata", "referral")) > 50
    answers_checked["dnspython"] = kinds.total()


# ---- clients elsewhere


def test_clients_in_many_places(tree, tmp_path, answers_checked):
    """R-SEC-14, R-SEC-16: each gets an answer of his own, and each is signed."""
    daemon, clients = tree.daemon, [None, "203.0.113.0/24", "192.0.2.0/25", "198.18.0.0/24"]
    names = ["geo", "latency", "near", "cidr", "outside", "nowhere", "policy-alias", "x.wild-tree"]
    seen = set()
    with Unbound(tmp_path, daemon.port, tree.anchor, [ORIGIN, CHILD, PLAIN]) as unbound:
        for name in map(full, names):
            for client in clients:
                reply = daemon.ask(name, "A", do=True, subnet=client)
                kind = tree.reader.read(reply)
                assert kind == ("positive" if values(reply) else "nodata"), reply
                answers_checked["dnspython"] = answers_checked.get("dnspython", 0) + 1
                verdict = unbound.judge(name, "A", subnet=client)
                assert verdict.state == "secure", verdict.said
                answers_checked["unbound"] = answers_checked.get("unbound", 0) + 1
                seen.add((name, *values(reply, "A")) if reply.answer else (name, None))
    assert {(full("geo"), f"192.0.2.{host}") for host in (15, 16, 17)} <= seen
    assert {(full("outside"), "192.0.2.27"), (full("outside"), None)} <= seen
    for validator in (Delv, Drill):
        judge = validator(tmp_path, daemon.port, tree.anchor).judge
        for name in ("geo", "near", "nowhere"):
            verdict = judge(full(name), "A", source="127.0.7.1")
            assert verdict.state == "secure", verdict.said
            assert "192.0.2.16" in verdict.said or name != "geo" or validator is Drill
            answers_checked[validator.name] = answers_checked.get(validator.name, 0) + 1


def test_a_resolver_that_remembers(tree, tmp_path, answers_checked):
    """R-SEC-11, R-SEC-12: what it concludes from an NSEC record (RFC 8198) is true of all else."""
    origins = [ORIGIN, CHILD, PLAIN]
    with Unbound(tmp_path, tree.daemon.port, tree.anchor, origins, forgetful=False) as unbound:
        rows = sorted(
            (row for row in QUESTIONS if row[2] not in ("ANY", "NSEC")),
            key=lambda row: row[3],  # what is not there first
        )
        judge_all(unbound.judge, rows + rows, answers_checked, "unbound")
        for _, name, rdtype, kind in rows:
            if kind == POSITIVE and "chain" not in name and "up.quay" not in name:
                assert unbound.ask(name, rdtype).answer, (name, rdtype)


# ---- the shape of replies

DATA_TYPES = {*TYPES}
SIGNED_TYPES = {"RRSIG", "NSEC"}


def denial(reply):
    """(owner, next name, types) of the one NSEC in Authority."""
    (nsec,) = [rrset for rrset in reply.authority if rrset.rdtype == dns.rdatatype.NSEC]
    return nsec.name.to_text(), nsec[0].next.to_text(), bitmap(nsec)


@pytest.mark.parametrize(
    "name, rdtype, types",
    [
        ("missing", "A", set()),
        ("a.b.missing", "DS", set()),
        ("ent", "A", set()),
        ("www", "MX", DATA_TYPES - {"MX"}),
        ("www", "CNAME", DATA_TYPES),
        ("www", "DS", DATA_TYPES),
        ("www", "LOC", DATA_TYPES),
        ("geo", "TXT", DATA_TYPES - {"TXT"}),
        ("nowhere", "A", DATA_TYPES - {"A"}),
        ("any.wild", "MX", DATA_TYPES - {"MX"}),
        ("@", "MX", DATA_TYPES - {"MX"} | {"NS", "SOA", "DNSKEY"}),
        ("@", "LOC", DATA_TYPES | {"NS", "SOA", "DNSKEY"}),
        ("plain", "DS", {"NS"}),
        ("away", "DS", {"NS"}),
    ],
)
def test_what_a_denial_says(tree, name, rdtype, types):
    """R-SEC-11, R-SEC-12, R-SEC-15, R-SEC-16."""
    reply = tree.daemon.ask(full(name), rdtype, do=True)
    assert rcode(reply) == "NOERROR" and "aa" in flags(reply)
    owner, following, found = denial(reply)
    assert (owner, following) == (full(name), f"\\000.{full(name)}")
    assert found == types | SIGNED_TYPES


def test_without_do_nothing_is_signed(tree):
    """R-SEC-10."""
    signed = {dns.rdatatype.RRSIG, dns.rdatatype.NSEC}
    for _, name, rdtype, kind in QUESTIONS:
        for edns in (None, 1232):
            reply = tree.daemon.ask(name, rdtype, edns=edns)
            if reply.flags & dns.flags.TC:
                continue
            found = {rrset.rdtype for section in reply.sections[1:] for rrset in section}
            assert not found & signed, reply
            if rdtype != "DNSKEY" and kind == POSITIVE and rdtype != "NSEC":
                assert reply.answer
    for name in ("missing", "a.b.c.missing", "x.host.wild"):
        for rdtype in ("A", "NSEC", "RRSIG", "DNSKEY", "ANY"):
            assert rcode(tree.daemon.ask(full(name), rdtype)) == "NXDOMAIN"
    for name in ("www", "@", "ent"):
        for rdtype in ("NSEC", "RRSIG"):
            reply = tree.daemon.ask(full(name), rdtype)
            assert rcode(reply) == "NOERROR" and not reply.answer
            assert [rrset.rdtype for rrset in reply.authority] == [dns.rdatatype.SOA]


def test_keys_are_always_told(tree):
    """R-SEC-2, R-SEC-5, R-SEC-6, R-SEC-10."""
    plain = tree.daemon.ask(ORIGIN, "DNSKEY")
    signed = tree.daemon.ask(ORIGIN, "DNSKEY", do=True)
    assert [rrset.rdtype for rrset in plain.answer] == [dns.rdatatype.DNSKEY]
    assert sorted(values(plain, "DNSKEY")) == sorted(values(signed, "DNSKEY"))
    assert sorted((int(key.algorithm), key.protocol, key.flags) for key in plain.answer[0]) == [
        (13, 3, 256),
        (13, 3, 257),
    ]
    (signature,) = next(rrset for rrset in signed.answer if rrset.rdtype == dns.rdatatype.RRSIG)
    (ksk,) = [key for key in plain.answer[0] if key.flags == 257]
    assert signature.key_tag == dns.dnssec.key_id(ksk)
    assert ksk.to_text().replace(" ", "") in tree.anchor.lines("DNSKEY").replace(" ", "")


def test_referrals(tree):
    """R-SEC-15, RFC 4035 §2.2: what a cut has to say for itself, and nothing else, is signed."""
    for name in ("sealed", "www.sealed", "ns.sealed", "away", "www.away", "x.y.away"):
        for rdtype in ("A", "NS", "MX", "DNSKEY", "NSEC", "ANY"):
            reply = tree.daemon.ask(full(name), rdtype, do=True)
            assert tree.reader.read(reply) == "referral", reply
            assert not reply.answer and "aa" not in flags(reply)
            assert (".away" in name or name == "away") == any(
                rrset.rdtype == dns.rdatatype.NSEC for rrset in reply.authority
            )
            glue = {(rrset.name.to_text(), rrset.rdtype) for rrset in reply.additional}
            assert glue == {(full(f"ns.{name.split('.')[-1]}"), dns.rdatatype.A)}


def test_wildcards_are_names_like_others(tree):
    """R-SEC-13."""
    reply = tree.daemon.ask(full("a.b.wild"), "A", do=True)
    assert tree.reader.read(reply) == "positive"
    signature = reply.answer[1][0]
    assert signature.labels == 5
    assert all(rrset.rdtype != dns.rdatatype.NSEC for rrset in reply.authority)


def test_long_times_are_cut(tree):
    """R-SEC-9; the NS set's 172800 is not."""
    for do in (False, True):
        reply = tree.daemon.ask(full("long"), "A", do=do)
        assert reply.answer[0].ttl == 604800
    assert reply.answer[1][0].original_ttl == 604800
    assert tree.daemon.ask(ORIGIN, "NS", do=True).answer[0].ttl == 172800


def test_large_answers(tree):
    """R-ANS-23, R-ANS-25: over UDP truncated, over TCP whole; what fits is not truncated."""
    for edns, size in ((512, 512), (1232, 1232), (4096, 1232)):
        reply = tree.daemon.ask(full("many"), "A", do=True, edns=edns)
        assert "tc" in flags(reply) and reply.wire_size <= size
        assert not reply.answer and not reply.authority
    whole = tree.daemon.ask(full("many"), "A", do=True, tcp=True)
    assert "tc" not in flags(whole) and len(whole.answer[0]) == 400
    assert tree.reader.read(whole) == "positive"
    for size in range(512, 1233, 24):
        reply = tree.daemon.ask(full("few"), "TXT", do=True, edns=size)
        assert reply.wire_size <= size
        assert "tc" in flags(reply) or tree.reader.read(reply) == "positive"
    assert "tc" not in flags(reply)


def test_any_has_everything_signed(tree):
    """R-ANS-26, R-SEC-5."""
    reply = tree.daemon.ask(full("all"), "ANY", do=True, tcp=True)
    assert tree.reader.read(reply) == "positive"
    found = {dns.rdatatype.to_text(rrset.rdtype) for rrset in reply.answer}
    assert DATA_TYPES <= found and "RRSIG" in found


def test_denials_can_be_asked_for(tree):
    """NSEC and RRSIG as types of their own: RFC 4035 §3.1, and the RRSIG of the NSEC alone."""
    for name in ("www", "missing", "ent", "any.wild", "@"):
        reply = tree.daemon.ask(full(name), "NSEC", do=True)
        assert tree.reader.read(reply) == "positive"
        assert reply.answer[0].rdtype == dns.rdatatype.NSEC
        reply = tree.daemon.ask(full(name), "RRSIG", do=True)
        assert [(rrset.rdtype, rrset.covers) for rrset in reply.answer] == [
            (dns.rdatatype.RRSIG, dns.rdatatype.NSEC)
        ]


# ---- names that do not exist, said clearly


@pytest.fixture(scope="module")
def compact(tmp_path_factory):
    daemon = Daemon(tmp_path_factory.mktemp("compact"), denial_of_existence="compact")
    try:
        daemon.start().import_text(
            "harbor.test", "$TTL 60\nwww A 192.0.2.1\nleaf.ent A 192.0.2.2\n"
        )
        anchor = sign(daemon, "harbor.test")
        yield daemon, anchor, Reader(daemon, [anchor])
        daemon.stop()
    finally:
        daemon.kill()


def ask_compact(daemon, name, rdtype="A", co=False, do=True):
    query = make_query(name, rdtype, do=do)
    query.ednsflags |= CO_FLAG if co else 0
    return read_reply(daemon.exchange(query.to_wire()))


def test_compact_denial(compact, tmp_path, answers_checked):
    """RFC 9824 §3.1, §3.2, §5.1: NXNAME; NXDOMAIN for those who can bear it."""
    daemon, anchor, reader = compact
    for name, types in (
        ("missing", {"TYPE128"}),
        ("a.b.missing", {"TYPE128"}),
        ("ent", set()),
        ("www", DATA_TYPES - {"MX"}),
    ):
        for co in (False, True):
            reply = ask_compact(daemon, full(name), "MX", co)
            assert reader.read(reply) == "nodata"
            answers_checked["dnspython"] = answers_checked.get("dnspython", 0) + 1
            assert denial(reply)[2] == types | SIGNED_TYPES
            is_missing = "TYPE128" in types
            assert rcode(reply) == ("NXDOMAIN" if co and is_missing else "NOERROR")
    assert rcode(ask_compact(daemon, full("missing"), do=False)) == "NXDOMAIN"
    with Unbound(tmp_path, daemon.port, anchor, [ORIGIN], forgetful=False) as unbound:
        judges = [
            Delv(tmp_path, daemon.port, anchor),
            Drill(tmp_path, daemon.port, anchor),
            unbound,
        ]
        for judge in judges:
            for name in ("missing", "ent", "www", "leaf.ent"):
                for rdtype in ("MX", "DS", "A"):
                    verdict = judge.judge(full(name), rdtype)
                    assert verdict.state == "secure", verdict.said
                    answers_checked[judge.name] = answers_checked.get(judge.name, 0) + 1


def test_nobody_asks_for_nxname(compact):
    """RFC 9824 §3.5."""
    for name in ("www", "missing", "@"):
        reply = compact[0].ask(full(name), f"TYPE{NXNAME}", do=True)
        assert rcode(reply) == "FORMERR" and not reply.answer


# ---- what is not right is refused


def flip(octets, at=-1):
    octets = bytearray(octets)
    octets[at] ^= 1
    return bytes(octets)


def replace(section, rrset, rdatas):
    section[section.index(rrset)] = dns.rrset.from_rdata_list(rrset.name, rrset.ttl, rdatas)


def find(section, rdtype):
    return next(rrset for rrset in section if rrset.rdtype == dns.rdatatype.from_text(rdtype))


def change_value(reply):
    found = find(reply.answer, "A")
    replace(reply.answer, found, [found[0].replace(address="192.0.2.99"), *list(found)[1:]])


def lose_value(reply):
    found = find(reply.answer, "A")
    replace(reply.answer, found, list(found)[1:])


def change_signature(reply):
    section = reply.answer or reply.authority
    for found in [rrset for rrset in section if rrset.rdtype == dns.rdatatype.RRSIG]:
        replace(section, found, [found[0].replace(signature=flip(found[0].signature))])


def lose_signatures(reply):
    for section in reply.sections[1:]:
        section[:] = [rrset for rrset in section if rrset.rdtype != dns.rdatatype.RRSIG]


def lose_denial(reply):
    reply.authority[:] = [
        rrset for rrset in reply.authority if dns.rdatatype.NSEC not in (rrset.rdtype, rrset.covers)
    ]


class Replay:
    """The reply to another question in place of this one's, with its owners' name or with this
    name put in."""

    def __init__(self, name, rdtype, renamed=False):
        self.name, self.rdtype, self.renamed = name, rdtype, renamed

    def __call__(self, reply):
        other = self.daemon.ask(full(self.name), self.rdtype, do=True, tcp=True)
        here, there = reply.question[0].name, dns.name.from_text(full(self.name))
        for section in other.sections[1:]:
            for rrset in section:
                if self.renamed and rrset.name == there:
                    rrset.name = here
        for mine, theirs in zip(reply.sections[1:], other.sections[1:]):
            mine[:] = theirs


ATTACKS = {
    "another address": ("www", "A", change_value),
    "one address less": ("www", "A", lose_value),
    "another signature": ("www", "A", change_signature),
    "no signature": ("www", "A", lose_signatures),
    "another name's answer": ("www", "A", Replay("all", "A")),
    "another name's answer, renamed": ("www", "A", Replay("all", "A", renamed=True)),
    "a denial of another type": ("www", "A", Replay("www", "MX")),
    "a denial of another name": ("www", "A", Replay("missing", "A")),
    "a denial of another name, renamed": ("www", "A", Replay("missing", "A", renamed=True)),
    "a denial with another signature": ("missing", "A", change_signature),
    "a denial without signatures": ("missing", "A", lose_signatures),
    "a denial without NSEC": ("missing", "A", lose_denial),
    "no DS": ("quay", "DS", Replay("plain", "DS")),
    "no DS, renamed": ("quay", "DS", Replay("plain", "DS", renamed=True)),
    "a wildcard where a name is": ("host.wild", "A", Replay("any.wild", "A", renamed=True)),
}


def attack(tree, title):
    """The question, and a change that harms the reply to it and no other."""
    name, rdtype, change = ATTACKS[title]
    if isinstance(change, Replay):
        change.daemon = tree.daemon
    wanted = (dns.name.from_text(full(name)), dns.rdatatype.from_text(rdtype))

    def harm(reply):
        if (reply.question[0].name, reply.question[0].rdtype) == wanted:
            change(reply)

    return full(name), rdtype, harm


@pytest.mark.parametrize("title", ATTACKS)
def test_a_forgery_is_refused(tree, tmp_path, title):
    """So that all else on this page is worth something."""
    daemon, origins = tree.daemon, [ORIGIN, CHILD, PLAIN]
    name, rdtype, harm = attack(tree, title)
    reply = daemon.ask(name, rdtype, do=True)
    assert tree.reader.read(reply)
    harm(reply)
    with pytest.raises(Unproven):
        tree.reader.read(reply)
    with Relay(daemon.port) as relay:
        with Unbound(tmp_path, relay.port, tree.anchor, origins) as unbound:
            delv = Delv(tmp_path, relay.port, tree.anchor)
            drill = Drill(tmp_path, relay.port, tree.anchor)
            for judge in (delv, drill, unbound):
                relay.change, relay.changed = harm, 0
                verdict = judge.judge(name, rdtype)
                assert relay.changed > 0
                assert verdict.state == "bogus", f"{judge.name}: {verdict.said}"
                relay.change = None
                assert judge.judge(full("latency"), "A").state == "secure"


def test_dnsviz_sees_forgeries(tree, tmp_path):
    _, _, harm = attack(tree, "another address")
    _, _, harm_more = attack(tree, "a denial with another signature")

    def change(reply):
        harm(reply)
        harm_more(reply)

    with Relay(tree.daemon.port, change) as relay:
        dnsviz = DnsViz(tmp_path, relay.port, tree.anchor, [CHILD, PLAIN])
        survey = dnsviz.survey([full("www"), full("missing"), full("all")], ["A"])
    assert relay.changed > 0
    assert sum("SIGNATURE_INVALID" in line for line in survey.complaints) >= 2, survey.said
