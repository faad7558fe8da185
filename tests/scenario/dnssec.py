"""Outsiders who judge what a signed zone says: delv, drill, Unbound, DNSViz, and a reading of our
own on top of dnspython.

Each is asked for a *verdict* about a name and a type, and gets nothing but the server's address and
a trust anchor:

    secure    it has followed signatures from the anchor to the answer, or to the proof that there
              is none
    insecure  it has followed them to the proof that the zone is not signed
    bogus     neither: the answer is refused

Nothing leaves the machine.
"""

import collections
import pathlib
import re
import socket
import subprocess
import threading
import time

import dns.dnssec
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdatatype
import dns.rrset

from harness import (
    PATIENCE,
    free_port,
    make_query,
    read_reply,
    receive_message,
    send_message,
    wait_until,
)

Verdict = collections.namedtuple("Verdict", "state said")

HOST = "127.0.0.1"
NXNAME = 128  # RFC 9824 §3.2
CO_FLAG = 0x4000  # RFC 9824 §5.1


# -- signing


def sign(daemon, origin):
    """Has the zone signed, and its trust anchor."""
    daemon.signpost("dnssec", "enable", origin)
    return Anchor(daemon, origin)


def read_lines(text, rdtype):
    """The RDATA of each "zone IN TYPE RDATA"."""
    return [line.split(maxsplit=3)[3] for line in text.splitlines() if f" IN {rdtype} " in line]


class Anchor:
    """A zone's DS and DNSKEY records, as `signpost dnssec ds` prints them for parents."""

    def __init__(self, daemon, origin):
        self.origin = dns.name.from_text(origin)
        self.sets = {
            rdtype: read_lines(daemon.signpost("dnssec", "ds", origin, *options), rdtype)
            for rdtype, options in (("DS", []), ("DNSKEY", ["--dnskey"]))
        }

    @property
    def ds(self):
        return self.sets["DS"]

    def lines(self, rdtype):
        return "".join(f"{self.origin} 60 IN {rdtype} {text}\n" for text in self.sets[rdtype])

    def clauses(self):
        """As BIND has them."""
        lines = []
        for text in self.ds:
            tag, algorithm, digest_type, digest = text.split(maxsplit=3)
            digest = digest.replace(" ", "")
            lines.append(f'"{self.origin}" static-ds {tag} {algorithm} {digest_type} "{digest}";')
        return "trust-anchors { " + " ".join(lines) + " };\n"


def delegate(daemon, parent, child, anchor, ttl=60):
    """Puts the child's DS records into the parent, in place of others."""
    daemon.signpost("record", "set", parent, child, "DS", "--ttl", ttl, *anchor.ds)


# -- delv


class Delv:
    """BIND's resolver and validator: asks the server as it would ask a forwarder."""

    name = "delv"

    def __init__(self, folder, port, anchor):
        self.port = port
        self.origin = anchor.origin
        self.anchor_path = pathlib.Path(folder) / "delv.anchor"
        self.trust(anchor)

    def trust(self, anchor):
        self.anchor_path.write_text(anchor.clauses())

    def judge(self, name, rdtype, source=None):
        words = ["delv", "-4", "-a", self.anchor_path, f"+root={self.origin}", f"@{HOST}"]
        words += ["-p", self.port, *(["-b", source] if source else []), "-q", name, "-t", rdtype]
        said = run(words).stdout
        states = re.findall(r"^; (?:negative response, )?(.*(?:validated|unsigned).*)$", said, re.M)
        if "resolution failed" in said.replace("resolution failed: ncache nx", "") or not states:
            return Verdict("bogus", said)
        secure = all(state == "fully validated" for state in states)
        return Verdict("secure" if secure else "insecure", said)


def run(words):
    return subprocess.run(
        [str(word) for word in words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=PATIENCE * 4,
    )


# -- drill


class Drill:
    """ldns: chases the signatures of one set up to the key.  Of a chain of aliases it judges the
    first; it cannot judge type ANY, nor a zone whose delegation is insecure."""

    name = "drill"

    def __init__(self, folder, port, anchor):
        self.port = port
        self.key_path = pathlib.Path(folder) / "drill.key"
        self.resolver_path = pathlib.Path(folder) / "drill.conf"
        self.resolver_path.write_text(f"nameserver {HOST}\n")
        self.trust(anchor)

    def trust(self, anchor):
        self.key_path.write_text(anchor.lines("DNSKEY"))

    def judge(self, name, rdtype, source=None):
        words = ["drill", "-4", "-a", "-S", "-b", 4096, "-k", self.key_path]
        words += ["-c", self.resolver_path, "-p", self.port, *(["-I", source] if source else [])]
        done = run([*words, f"@{HOST}", name, rdtype])
        if done.returncode != 0 or ";; Chase successful" not in done.stdout:
            return Verdict("bogus", done.stdout)
        return Verdict("secure", done.stdout)


# -- Unbound

UNBOUND_CONFIG = """
server:
    interface: {host}
    port: {port}
    do-daemonize: no
    chroot: ""
    username: ""
    directory: "{folder}"
    pidfile: ""
    use-syslog: no
    logfile: ""
    num-threads: 1
    do-ip6: no
    do-not-query-localhost: no
    module-config: "subnetcache validator iterator"
    send-client-subnet: {host}
    client-subnet-always-forward: yes
    local-zone: "test." nodefault
    trust-anchor-file: "{folder}/anchor"
    root-hints: "{folder}/hints"
    target-fetch-policy: "0 0 0 0 0"
    qname-minimisation: no
    use-caps-for-id: yes
    deny-any: no
    minimal-responses: no
    ede: yes
    val-bogus-ttl: 0
    val-max-restart: 1
    outgoing-range: 64
    num-queries-per-thread: 32
    msg-cache-size: 1m
    rrset-cache-size: 1m
    key-cache-size: 1m
    neg-cache-size: 64k
{caching}
remote-control:
    control-enable: no
"""

# Everything but keys is asked for again.
FORGETFUL = """
    cache-max-ttl: 0
    cache-max-negative-ttl: 0
    infra-host-ttl: 1
"""

STUB = """
stub-zone:
    name: "{origin}"
    stub-addr: {host}@{port}
"""


class Unbound:
    """A resolver that runs until stop(); forgetful: it asks the server for each question."""

    name = "unbound"

    def __init__(self, folder, port, anchor, origins, forgetful=True):
        """origins: the zones that the server has, for nobody else shall be asked."""
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        config = UNBOUND_CONFIG.format(
            host=HOST,
            port=self.port,
            folder=self.folder,
            caching=FORGETFUL if forgetful else "",
        )
        for origin in origins:
            config += STUB.format(origin=origin, host=HOST, port=port)
        (self.folder / "unbound.conf").write_text(config)
        (self.folder / "anchor").write_text(anchor.lines("DS"))
        # Root servers at an address of this machine where nobody is.
        (self.folder / "hints").write_text(". 3600 NS a.root.\na.root. 3600 A 127.255.255.254\n")
        self.process = None

    def start(self):
        with open(self.folder / "stderr", "wb") as stderr:
            self.process = subprocess.Popen(
                ["/usr/sbin/unbound", "-d", "-c", str(self.folder / "unbound.conf")],
                stdin=subprocess.DEVNULL,
                stdout=stderr,
                stderr=stderr,
            )
        wait_until(self.is_up, "Unbound to start")
        return self

    def is_up(self):
        assert self.process.poll() is None, (self.folder / "stderr").read_text()
        try:
            socket.create_connection((HOST, self.port)).close()
            return True
        except OSError:
            return False

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def ask(self, name, rdtype, subnet=None):
        query = make_query(name, rdtype, edns=4096, do=True, rd=True, subnet=subnet)
        with socket.create_connection((HOST, self.port), timeout=PATIENCE) as stream:
            send_message(stream, query.to_wire())
            return dns.message.from_wire(receive_message(stream))

    def judge(self, name, rdtype, subnet=None):
        reply = self.ask(name, rdtype, subnet)
        if reply.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            return Verdict("bogus", reply.to_text())
        return Verdict("secure" if reply.flags & dns.flags.AD else "insecure", reply.to_text())


# -- DNSViz


class DnsViz:
    """Sees everything that can be said about many names at once, and is slow to start."""

    name = "dnsviz"

    def __init__(self, folder, port, anchor, origins):
        self.folder = pathlib.Path(folder)
        self.port = port
        self.origin = anchor.origin
        self.origins = origins
        self.key_path = self.folder / "dnsviz.key"
        self.trust(anchor)

    def trust(self, anchor):
        self.key_path.write_text(anchor.lines("DNSKEY"))

    def survey(self, names, types, accepted=()):
        """A Survey of all these names with all these types.  accepted: complaints that are none,
        such as "W:TITLE"."""
        probed = self.folder / "dnsviz.json"
        # "+": what lies above the first zone is nobody's business.
        servers = [f"{self.origin}+:{HOST}:{self.port}"]
        servers += [f"{origin}:{HOST}:{self.port}" for origin in self.origins]
        options = [word for server in servers for word in ("-x", server)]
        asked = run(
            ["dnsviz", "probe", "-4", "-A", "-d", 2, "-a", self.origin, *options]
            + ["-R", ",".join(types), "-o", probed, *names]
        )
        assert asked.returncode == 0, asked.stdout
        printed = run(["dnsviz", "print", "-P", "-t", self.key_path, "-r", probed])
        assert printed.returncode == 0, printed.stdout
        return Survey(asked.stdout + printed.stdout, accepted)


class Survey:
    """What `dnsviz print` says: a line for each set, with a sign of what it is worth."""

    def __init__(self, said, accepted):
        self.said = said
        found = re.findall(r"^  \[(.)[.!?]?\] {1,2}\S+: ", said, re.M)
        self.secure, self.insecure = found.count("."), found.count("-")
        # "[!" is a set that does not hold, E and W are errors and warnings.
        self.complaints = [
            line
            for line in said.splitlines()
            if re.search(r"\[!|^ *[EW]:|^Error", line) and line.strip() not in accepted
        ]


# -- our own reading


class Unproven(Exception):
    """Why a reply proves nothing."""


def successor(name, origin):
    """The first name after this one, in canonical order, that can be: RFC 4470 §3.1.2, and the
    zone's name after its last."""
    labels = list(name.labels)
    size = sum(len(label) + 1 for label in labels)
    if size + 2 <= 255:
        return dns.name.Name([b"\0", *labels])
    if size + 1 <= 255 and len(labels[0]) < 63:
        return dns.name.Name([labels[0] + b"\0", *labels[1:]])
    while len(labels) > len(origin.labels):
        label = labels[0].rstrip(b"\xff")
        if label:
            last = label[-1] + 1
            # Capital letters sort as small ones, and so are no names of their own.
            last = ord("[") if last == ord("A") else last
            return dns.name.Name([label[:-1] + bytes([last]), *labels[1:]])
        labels.pop(0)
        # The label could not be made greater: what comes next is the parent's sibling, with an
        # octet more where there is room.
        if len(labels) > len(origin.labels) and len(labels[0]) < 63:
            return dns.name.Name([labels[0] + b"\0", *labels[1:]])
    return origin


class Reader:
    """Reads a reply by RFC 4035 §5, and more strictly than a resolver may."""

    name = "dnspython"

    def __init__(self, daemon, anchors, validity=86400):
        """anchors: of each signed zone; the DNSKEY sets are fetched when they are first needed."""
        self.daemon = daemon
        self.anchors = {anchor.origin: anchor for anchor in anchors}
        self.validity = validity
        self.keys = {}

    def zone_of(self, name):
        zones = [origin for origin in self.anchors if name.is_subdomain(origin)]
        return max(zones, key=len, default=None)

    def keys_of(self, origin, refresh=False):
        """The DNSKEY set, signed by every key-signing key that it holds (R-SEC-5)."""
        if refresh or origin not in self.keys:
            reply = self.daemon.ask(origin.to_text(), "DNSKEY", do=True, tcp=True)
            rrset = find_set(reply.answer, origin, "DNSKEY")
            self.keys[origin] = rrset
            entries = [dns.dnssec.make_ds(origin, key, "SHA256") for key in rrset]
            known = {dns.rdata.from_text("IN", "DS", text) for text in self.anchors[origin].ds}
            if not known <= set(entries):
                raise Unproven(f"the DNSKEY set lacks a key of {known}")
            self.check_set(reply.answer, rrset)
        return self.keys[origin]

    def signers(self, origin, rdtype):
        """The keys that ought to sign a set: R-SEC-5."""
        is_ahead = rdtype in (dns.rdatatype.DNSKEY, dns.rdatatype.CDS, dns.rdatatype.CDNSKEY)
        return [key for key in self.keys_of(origin) if (key.flags & 1 == 1) == is_ahead]

    def check_set(self, section, rrset):
        """R-SEC-2, R-SEC-5, R-SEC-6, R-SEC-9, R-SEC-14."""
        origin = self.zone_of(rrset.name)
        if rrset.rdtype == dns.rdatatype.DS and origin == rrset.name:
            origin = self.zone_of(rrset.name.parent())
        found = [
            other
            for other in section
            if other.name == rrset.name
            and other.rdtype == dns.rdatatype.RRSIG
            and other.covers == rrset.rdtype
        ]
        if len(found) != 1:
            raise Unproven(f"{rrset.name} {rdtype_text(rrset)}: {len(found)} sets of signatures")
        signatures, keys = found[0], self.signers(origin, rrset.rdtype)
        ahead = rrset.rdtype in (dns.rdatatype.DNSKEY, dns.rdatatype.CDS, dns.rdatatype.CDNSKEY)
        tags = sorted(dns.dnssec.key_id(key) for key in keys)
        used = sorted(signature.key_tag for signature in signatures)
        if (used != tags) if ahead else (len(used) != 1 or used[0] not in tags):
            raise Unproven(f"{rrset.name} {rdtype_text(rrset)}: signed by {used}, keys {tags}")
        for signature in signatures:
            self.check_signature(rrset, signatures, signature, keys, origin, ahead)

    def check_signature(self, rrset, signatures, signature, keys, origin, ahead):
        what = f"{rrset.name} {rdtype_text(rrset)}"
        labels = len(rrset.name.labels) - 1 - rrset.name.is_wild()
        wanted = (13, origin, labels, rrset.ttl, rrset.ttl)
        got = (
            int(signature.algorithm),
            signature.signer,
            signature.labels,
            signature.original_ttl,
            signatures.ttl,
        )
        if got != wanted:
            raise Unproven(f"{what}: algorithm, signer, labels, TTLs {got}, not {wanted}")
        if rrset.ttl > 604800:
            raise Unproven(f"{what}: its TTL is {rrset.ttl}")
        now = time.time()
        if not ahead and not now - self.validity - 3600 < signature.inception <= now - 3600 + 2:
            raise Unproven(f"{what}: incepted {now - signature.inception:.0f} s ago")
        if not ahead and signature.expiration - signature.inception != self.validity + 3600:
            raise Unproven(f"{what}: good for {signature.expiration - signature.inception} s")
        mine = [key for key in keys if dns.dnssec.key_id(key) == signature.key_tag]
        ring = {origin: dns.rrset.from_rdata_list(origin, rrset.ttl, mine)}
        try:
            dns.dnssec.validate_rrsig(rrset, signature, ring)
        except dns.exception.DNSException as problem:
            raise Unproven(f"{what}: {problem}") from problem

    def read(self, reply):
        """ "positive", "nodata" or "referral"; Unproven."""
        if reply.edns < 0 or not reply.ednsflags & dns.flags.DO:
            raise Unproven("no DO")
        question = reply.question[0]
        cut = self.find_cut(reply, question.name)
        for section in (reply.answer, reply.authority, reply.additional):
            for rrset in section:
                self.check_or_pass(section, rrset, cut)
        if cut is not None:
            self.check_cut(reply, cut)
            return "referral"
        name = self.last_name(reply, question)
        if name is None:
            return "positive"
        self.check_denial(reply, name, question.rdtype)
        return "nodata"

    def find_cut(self, reply, name):
        """The delegation that the reply, or the alias in it, leads to."""
        cuts = [
            rrset.name
            for rrset in reply.authority
            if rrset.rdtype == dns.rdatatype.NS and rrset.name not in self.anchors
        ]
        is_referral = not reply.flags & dns.flags.AA
        if len(cuts) > 1 or (is_referral and not (cuts and name.is_subdomain(cuts[0]))):
            raise Unproven(f"AA: {not is_referral}, and cuts {cuts}")
        return cuts[0] if cuts else None

    def check_or_pass(self, section, rrset, cut):
        """What lies at or below a cut is not signed, but for DS and NSEC (RFC 4035 §2.2)."""
        if rrset.rdtype == dns.rdatatype.RRSIG:
            covered = [other for other in section if other.rdtype == rrset.covers]
            if rrset.name not in [other.name for other in covered]:
                raise Unproven(f"{rrset.name}: a signature of {rrset.covers} and no such set")
            return
        below = cut is not None and rrset.name.is_subdomain(cut)
        if below and rrset.rdtype in (dns.rdatatype.DS, dns.rdatatype.NSEC):
            below = False
        signed = any(
            (other.name, other.rdtype, other.covers)
            == (rrset.name, dns.rdatatype.RRSIG, rrset.rdtype)
            for other in section
        )
        if signed and below:
            raise Unproven(f"{rrset.name} {rdtype_text(rrset)} is signed, below a cut")
        if signed or not (below or self.is_glue(rrset)):
            self.check_set(section, rrset)

    def is_glue(self, rrset):
        """Whether it is an address below another cut, as the server sees it."""
        if rrset.rdtype not in (dns.rdatatype.A, dns.rdatatype.AAAA):
            return False
        return not self.daemon.ask(rrset.name.to_text(), rrset.rdtype).flags & dns.flags.AA

    def check_cut(self, reply, cut):
        """R-SEC-15."""
        has_ds = any(rrset.rdtype == dns.rdatatype.DS for rrset in reply.authority)
        denials = [rrset for rrset in reply.authority if rrset.rdtype == dns.rdatatype.NSEC]
        if len(denials) != (0 if has_ds else 1):
            raise Unproven(f"{cut}: DS: {has_ds}, NSEC: {len(denials)}")
        if denials and (denials[0].name, bitmap(denials[0])) != (cut, {"NS", "RRSIG", "NSEC"}):
            raise Unproven(f"{cut}: {denials[0]}")

    def last_name(self, reply, question):
        """The name at the end of the aliases that has nothing; None: there is an answer."""
        name = question.name
        sets = {(rrset.name, rrset.rdtype): rrset for rrset in reply.answer}
        if question.rdtype in (dns.rdatatype.ANY, dns.rdatatype.RRSIG):
            return None if reply.answer else name
        while (name, question.rdtype) not in sets:
            alias = sets.get((name, dns.rdatatype.CNAME))
            if alias is None:
                return name
            name = alias[0].target
            if self.zone_of(name) != self.zone_of(question.name):
                return None  # R-ANS-10
        return None

    def check_denial(self, reply, name, rdtype):
        """R-SEC-11, R-SEC-12: the apex's SOA, and one NSEC, which is the name's own."""
        origin = self.zone_of(name)
        if rdtype == dns.rdatatype.DS and origin == name:
            origin = self.zone_of(name.parent())
        kinds = sorted(
            (rrset.rdtype, rrset.name)
            for rrset in reply.authority
            if rrset.rdtype != dns.rdatatype.RRSIG
        )
        # The parent of a zone, which knows its DS, may be elsewhere.
        if rdtype == dns.rdatatype.DS and origin is None:
            origin = name
        if kinds != [(dns.rdatatype.SOA, origin), (dns.rdatatype.NSEC, name)]:
            raise Unproven(f"Authority of a denial of {name}: {kinds}")
        nsec = find_set(reply.authority, name, "NSEC")
        soa = find_set(reply.authority, origin, "SOA")
        if (nsec.ttl, soa.ttl) != (soa.ttl, min(soa.ttl, soa[0].minimum)):  # R-SEC-17
            raise Unproven(f"TTLs of NSEC, SOA, minimum: {nsec.ttl} {soa.ttl} {soa[0].minimum}")
        if nsec[0].next != successor(name, origin):
            raise Unproven(f"after {name} comes {nsec[0].next}, not {successor(name, origin)}")
        types = bitmap(nsec)
        if not {"RRSIG", "NSEC"} <= types:
            raise Unproven(f"{name}: NSEC {types}")
        denied = {dns.rdatatype.to_text(rdtype), "CNAME"}
        if rdtype != dns.rdatatype.DS:
            if "NS" in types and "SOA" not in types:
                raise Unproven(f"{name}: the NSEC of a delegation denies {denied}")
        if denied & types:
            raise Unproven(f"{name} has {denied & types}, says its NSEC")


def rdtype_text(rrset):
    return dns.rdatatype.to_text(rrset.rdtype)


def find_set(section, name, rdtype):
    """The set of that name and type; Unproven."""
    rdtype = dns.rdatatype.from_text(rdtype)
    for rrset in section:
        if (rrset.name, rrset.rdtype) == (name, rdtype):
            return rrset
    raise Unproven(f"no {dns.rdatatype.to_text(rdtype)} of {name}")


def bitmap(nsec):
    """The types that an NSEC record lists."""
    return {
        dns.rdatatype.to_text(window * 256 + octet * 8 + bit)
        for window, octets in nsec[0].windows
        for octet, value in enumerate(octets)
        for bit in range(8)
        if value & 0x80 >> bit
    }


# -- in between


class Relay:
    """Stands between a validator and a server, over UDP and TCP, and may change replies.

    change(reply) gets each reply as a dns.message and changes it, or returns another one.
    """

    def __init__(self, port, change=None):
        self.to_port = port
        self.change = change
        self.port = free_port()
        self.datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.datagrams.bind((HOST, self.port))
        self.listener = socket.create_server((HOST, self.port))
        self.problems = []
        self.changed = 0

    def __enter__(self):
        for work in (self.serve_datagrams, self.serve_streams):
            threading.Thread(target=work, daemon=True).start()
        return self

    def __exit__(self, *_):
        # A datagram of nothing ends one thread, a connection the other.
        self.closing = True
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            link.sendto(b"", (HOST, self.port))
        socket.create_connection((HOST, self.port)).close()
        assert not self.problems, self.problems

    closing = False

    def serve_datagrams(self):
        with self.datagrams:
            while True:
                wire, client = self.datagrams.recvfrom(65535)
                if self.closing:
                    return
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
                    link.settimeout(PATIENCE)
                    link.connect((HOST, self.to_port))
                    link.send(wire)
                    self.datagrams.sendto(self.pass_on(link.recv(65535)), client)

    def serve_streams(self):
        with self.listener:
            while True:
                stream, _ = self.listener.accept()
                if self.closing:
                    stream.close()
                    return
                threading.Thread(target=self.serve_stream, args=(stream,), daemon=True).start()

    def serve_stream(self, stream):
        with stream, socket.create_connection((HOST, self.to_port), timeout=PATIENCE) as link:
            try:
                while True:
                    send_message(link, receive_message(stream))
                    send_message(stream, self.pass_on(receive_message(link)))
            except (EOFError, ConnectionError):
                return

    def pass_on(self, wire):
        if self.change is None:
            return wire
        try:
            reply = read_reply(wire)
            before = reply.to_wire()
            reply = self.change(reply) or reply
            if reply.to_wire() == before:
                return wire
            self.changed += 1
            return reply.to_wire()
        except Exception as problem:  # for the test to see
            self.problems.append(repr(problem))
            return wire
