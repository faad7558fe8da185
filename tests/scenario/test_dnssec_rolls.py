"""Keys that are replaced while validators look, with periods of seconds instead of weeks.

harbor.test is signed and anchored; quay.harbor.test in it has its DS record there.  What a roll
waits for, the tests read in the zone's status; whoever judges does so in every state that it shows.
"""

import contextlib

import dns.rdata
import dns.rdatatype
import pytest

from dnssec import Anchor, Delv, DnsViz, Drill, Reader, Unbound, Unproven, delegate, sign
from harness import Refused, values, wait_until

PARENT, CHILD = "harbor.test.", "quay.harbor.test."
QUESTIONS = [("www.quay", "A"), ("missing.quay", "A"), ("quay", "MX"), ("quay", "DNSKEY")]
ZONE = """$TTL 1
@ 1 SOA ns hostmaster 1 7200 900 1209600 1
@ 1 NS ns
ns A 127.0.0.1
www A 192.0.2.1
"""

SHORT = {"dnskey_ttl": 1, "dnskey_interval": 2, "signature_validity": 4, "zsk_lifetime": 0}


class Harbor:
    """The two zones, and validators that look at them all the time."""

    def __init__(self, daemon, folder, counts):
        self.daemon, self.folder, self.counts = daemon, folder, counts
        daemon.import_text("harbor.test", ZONE + "quay NS ns.quay\nns.quay A 127.0.0.1\n")
        daemon.import_text("quay.harbor.test", ZONE)
        self.anchor = sign(daemon, "harbor.test")
        delegate(daemon, "harbor.test", "quay.harbor.test", sign(daemon, "quay.harbor.test"), 1)
        self.old_hand = Unbound(
            folder / "old-hand", daemon.port, self.anchor, [PARENT, CHILD], forgetful=False
        )
        self.states = []

    def count(self, validator):
        self.counts[validator] = self.counts.get(validator, 0) + 1

    def status(self, zone="quay.harbor.test"):
        status, reply = self.daemon.request("GET", f"/signpost/v1/zones/{zone}/dnssec")
        assert status == 200, reply
        return reply

    def zsks(self):
        """{tag: state}."""
        return {key["tag"]: key["state"] for key in self.status()["zone_signing_keys"]}

    def ksks(self):
        return {key["tag"]: key["status"] for key in self.status()["keys"]}

    def look(self):
        """The resolver that has been running all along looks always, the others when something has
        changed."""
        for name, rdtype in QUESTIONS:
            self.judge(self.old_hand, name, rdtype)
        state = (self.zsks(), self.ksks())
        if state not in self.states:
            self.states.append(state)
            self.look_with_fresh_eyes()

    def look_with_fresh_eyes(self):
        daemon, folder = self.daemon, self.folder
        fresh = Unbound(folder / f"u{len(self.states)}", daemon.port, self.anchor, [PARENT, CHILD])
        with fresh:
            for validator in (
                fresh,
                Delv(folder, daemon.port, self.anchor),
                Drill(folder, daemon.port, self.anchor),
            ):
                for name, rdtype in QUESTIONS:
                    self.judge(validator, name, rdtype)
        self.read()

    def judge(self, validator, name, rdtype):
        verdict = validator.judge(f"{name}.{PARENT}", rdtype)
        assert verdict.state == "secure", f"{validator.name}, {self.states}: {verdict.said}"
        self.count(validator.name)

    def read(self):
        """With whatever keys there are now: the zone's own DS records say which to trust."""
        child = Anchor(self.daemon, "quay.harbor.test")
        reader = Reader(self.daemon, [self.anchor, child], SHORT["signature_validity"])
        for name, rdtype in QUESTIONS:
            reply = self.daemon.ask(f"{name}.{PARENT}", rdtype, do=True)
            try:
                assert reader.read(reply) == ("positive" if reply.answer else "nodata")
            except Unproven as problem:
                raise AssertionError(f"{problem}\n{self.states}\n{reply}") from problem
            self.count("dnspython")

    def look_until(self, condition, what):
        def look():
            self.look()
            return condition()

        return wait_until(look, what)

    def knows(self, name, rdtype, wanted):
        """Whether the old hand has heard of the new set."""
        reply = self.old_hand.ask(f"{name}.{PARENT}", rdtype)
        return set(values(reply, rdtype)) == wanted if reply.answer else wanted == set()


@pytest.fixture
def make_harbor(make_daemon, tmp_path, answers_checked):
    with contextlib.ExitStack() as stack:

        def make(**options):
            daemon = make_daemon(**{**SHORT, **options}).start()
            harbor = Harbor(daemon, tmp_path, answers_checked)
            stack.enter_context(harbor.old_hand)
            return harbor

        yield make


def crash(daemon):
    daemon.kill()
    daemon.start()


def active_zsk(harbor):
    """At every moment one key signs."""
    (tag,) = [tag for tag, state in harbor.zsks().items() if state == "ACTIVE"]
    return tag


def look_until_gone(harbor, first, crash_when_active=False):
    """Until that zone-signing key has left the DNSKEY set, and another signs.  States may pass
    between two looks, but none comes back."""
    course = ["ACTIVE", "RETIRED", None]
    met, crashes = [], 1 if crash_when_active else 0

    def is_gone():
        nonlocal crashes
        met.append(harbor.zsks().get(first))
        if active_zsk(harbor) != first and crashes > 0:
            crashes -= 1
            crash(harbor.daemon)
        return met[-1] is None

    harbor.look_until(is_gone, "the first zone-signing key to be gone")
    assert met == sorted(met, key=course.index)
    assert crashes == 0


def test_a_zone_signing_key_is_rolled(make_harbor):
    """R-SEC-7: by hand; a second time with a crash as soon as the new key is published, and one
    when it is active."""
    harbor = make_harbor()
    harbor.look()
    for with_crashes in (False, True):
        first = active_zsk(harbor)
        harbor.daemon.signpost("dnssec", "rotate", "quay.harbor.test", "--zsk")
        if with_crashes:
            crash(harbor.daemon)
        look_until_gone(harbor, first, with_crashes)


def test_zone_signing_keys_roll_by_themselves(make_harbor):
    """R-SEC-7, R-SEC-6: and the signatures of DNSKEY are replaced meanwhile."""
    harbor = make_harbor(zsk_lifetime=6)
    incepted = {dnskey_inception(harbor)}
    look_until_gone(harbor, active_zsk(harbor))

    def is_renewed():
        incepted.add(dnskey_inception(harbor))
        return len(incepted) >= 4

    harbor.look_until(is_renewed, "DNSKEY to be signed anew, three times")


def dnskey_inception(harbor):
    reply = harbor.daemon.ask(CHILD, "DNSKEY", do=True)
    return max(
        signature.inception
        for rrset in reply.answer
        if rrset.rdtype == dns.rdatatype.RRSIG
        for signature in rrset
    )


def ds_of(harbor, tags):
    """DS records of those keys, as the API tells them."""
    return [key["ds_record"] for key in harbor.status()["keys"] if key["tag"] in tags]


def put_ds(harbor, tags):
    """Replaces them in the parent, and waits until caches have forgotten what was there."""
    texts = ds_of(harbor, tags)
    assert len(texts) == len(tags)
    harbor.daemon.signpost(
        "record", "set", "harbor.test", "quay.harbor.test", "DS", "--ttl", 1, *texts
    )
    wanted = {dns.rdata.from_text("IN", "DS", text).to_text() for text in texts}
    harbor.look_until(lambda: harbor.knows("quay", "DS", wanted), "the new DS to be known")


@pytest.mark.parametrize("publish_cds", [False, True], ids=["", "publish-cds"])
def test_a_key_signing_key_is_rolled(make_harbor, publish_cds):
    """R-SEC-5, R-SEC-8: a second key, DS replaced in the parent, the first key removed; with a
    crash after each step."""
    harbor = make_harbor(publish_cds=publish_cds)
    (first,) = harbor.ksks()
    check_cds(harbor, publish_cds)
    harbor.look()
    harbor.daemon.signpost("dnssec", "rotate", "quay.harbor.test")
    (second,) = set(harbor.ksks()) - {first}
    assert set(harbor.ksks().values()) == {"ACTIVE"}
    crash(harbor.daemon)
    keys = set(values(harbor.daemon.ask(CHILD, "DNSKEY"), "DNSKEY"))
    assert len(keys) == 3
    harbor.look_until(lambda: harbor.knows("quay", "DNSKEY", keys), "the new key to be known")
    check_cds(harbor, publish_cds)

    with pytest.raises(Refused):
        harbor.daemon.signpost("dnssec", "rotate", "quay.harbor.test", "--finish")
    put_ds(harbor, [first, second])
    with pytest.raises(Refused):
        harbor.daemon.signpost(
            "dnssec", "rotate", "quay.harbor.test", "--finish", "--parent-changed"
        )
    put_ds(harbor, [second])
    crash(harbor.daemon)
    harbor.daemon.signpost("dnssec", "rotate", "quay.harbor.test", "--finish")
    assert harbor.ksks() == {second: "ACTIVE"}
    crash(harbor.daemon)
    keys = set(values(harbor.daemon.ask(CHILD, "DNSKEY"), "DNSKEY"))
    assert len(keys) == 2
    harbor.look_until(lambda: harbor.knows("quay", "DNSKEY", keys), "the old key to be forgotten")
    check_cds(harbor, publish_cds)
    check_with_dnsviz(harbor)


def check_cds(harbor, published):
    """RFC 7344 §4, R-SEC-18: the DS records that the parent shall have, and their keys."""
    wanted = {"CDS": set(), "CDNSKEY": set()}
    if published:
        for key in harbor.status()["keys"]:
            wanted["CDS"].add(dns.rdata.from_text("IN", "DS", key["ds_record"]).to_text())
            record = dns.rdata.from_text("IN", "DNSKEY", key["dnskey_record"])
            wanted["CDNSKEY"].add(record.to_text())
    child = Anchor(harbor.daemon, "quay.harbor.test")
    reader = Reader(harbor.daemon, [harbor.anchor, child], SHORT["signature_validity"])
    for rdtype, texts in wanted.items():
        assert set(values(harbor.daemon.ask(CHILD, rdtype), rdtype)) == texts
        reply = harbor.daemon.ask(CHILD, rdtype, do=True)
        assert reader.read(reply) == ("positive" if texts else "nodata")
        harbor.judge(Delv(harbor.folder, harbor.daemon.port, harbor.anchor), "quay", rdtype)
        harbor.judge(Drill(harbor.folder, harbor.daemon.port, harbor.anchor), "quay", rdtype)


def check_with_dnsviz(harbor):
    survey = DnsViz(harbor.folder, harbor.daemon.port, harbor.anchor, [CHILD]).survey(
        [f"{name}.{PARENT}" for name in ("www.quay", "missing.quay")],
        ["A", "TXT"],
        accepted=["W:EXPIRATION_WITHIN_CLOCK_SKEW"],  # signatures live for seconds, as is wanted
    )
    assert not survey.complaints, survey.said
    harbor.counts["dnsviz"] = survey.secure
