"""Zones that are here, and that the signed zone above them does not delegate.

Whoever asks this server finds them all the same.  So the zone above must not prove that there is no
such zone, or signing it would take them from everybody who validates.
"""

import dns.flags
import pytest

from dnssec import Delv, Unbound, bitmap, find_set, sign
from harness import rcode

ZONE = "$TTL 60\n@ 900 SOA ns hostmaster 1 7200 900 1209600 60\n@ NS ns\nns A 127.0.0.1\n"
ISLES = {
    "isle.harbor.test.": "nothing is there in the zone above",
    "signed.harbor.test.": "it is signed, and nobody says so",
    "deep.below.harbor.test.": "not even the name between is there",
    "any.wild.harbor.test.": "a wildcard covers it",
}


@pytest.fixture(params=["route53", "compact"])
def daemon(request, make_daemon):
    daemon = make_daemon(denial_of_existence=request.param).start()
    daemon.import_text("harbor.test", ZONE + "*.wild A 192.0.2.1\n")
    for isle in ISLES:
        daemon.import_text(isle, ZONE + "www A 192.0.2.2\n")
    sign(daemon, "signed.harbor.test")
    return daemon


def test_islands_are_seen_as_insecure(daemon, tmp_path, answers_checked):
    """R-SEC-15, RFC 4035 §5.2."""
    anchor = sign(daemon, "harbor.test")
    delv = Delv(tmp_path, daemon.port, anchor)
    with Unbound(tmp_path, daemon.port, anchor, ["harbor.test.", *ISLES]) as unbound:
        for judge in (delv, unbound):
            for isle, why in ISLES.items():
                for rdtype in ("A", "MX"):
                    verdict = judge.judge(f"www.{isle}", rdtype)
                    assert verdict.state == "insecure", f"{isle}: {why}\n{verdict.said}"
                    answers_checked[judge.name] = answers_checked.get(judge.name, 0) + 1
            assert judge.judge("gone.harbor.test.", "A").state == "secure"


def test_what_the_zone_above_says(daemon):
    """No DS, and yet a zone; to who does not validate, at least no name that is missing."""
    anchor = sign(daemon, "harbor.test")
    for isle in ISLES:
        reply = daemon.ask(isle, "DS", do=True)
        assert rcode(reply) == "NOERROR" and reply.flags & dns.flags.AA and not reply.answer
        find_set(reply.authority, anchor.origin, "SOA")
        nsec = find_set(reply.authority, reply.question[0].name, "NSEC")
        assert bitmap(nsec) == {"NS", "RRSIG", "NSEC"}
        assert rcode(daemon.ask(isle, "DS")) == "NOERROR"
    assert rcode(daemon.ask("gone.harbor.test.", "DS")) == "NXDOMAIN"
