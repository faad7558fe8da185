"""How large replies may be, and what happens beyond (S-36, R-ANS-22 to R-ANS-25), and random
order.
"""

import pytest

from harness import Daemon, flags, rcode, records, values


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    """A daemon that lets EDNS go up to 4096 octets, and TXT of 3,000 and 5,000 octets."""
    daemon = Daemon(tmp_path_factory.mktemp("big"), edns_size=4096)
    text = "$TTL 60\n"
    for name, size in (("big", 3000), ("huge", 5000)):
        text += f"{name} TXT " + " ".join('"%s"' % ("x" * 250) for _ in range(size // 250)) + "\n"
    for i in range(1, 23):
        text += f"mx MX {i} h{i}\nh{i} A 10.0.0.{i}\nh{i} AAAA 2001:db8::{i}\n"
    text += "".join(f"most TXT \"{i:04d} {'y' * 230}\"\n" for i in range(250))
    text += "".join(f"over TXT \"{i:04d} {'y' * 240}\"\n" for i in range(270))
    text += "".join(f"abc A 10.0.0.{i}\n" for i in range(1, 4))
    try:
        daemon.start()
        daemon.import_text("lab.test", text)
        yield daemon
        daemon.stop()
    finally:
        daemon.kill()


def assert_only_question(reply):
    """R-ANS-23: a truncated reply carries no records."""
    assert "tc" in flags(reply) and rcode(reply) == "NOERROR"
    assert len(reply.question) == 1
    assert not reply.answer and not reply.authority and not reply.additional


def test_plain_udp_is_cut_at_512(big):  # S-36a
    reply = big.ask("big.lab.test", "TXT")
    assert_only_question(reply)
    assert reply.wire_size <= 512 and reply.edns < 0


def test_edns_4096_takes_3000_octets(big):  # S-36b
    reply = big.ask("big.lab.test", "TXT", edns=4096)
    assert "tc" not in flags(reply) and reply.payload == 4096
    assert sum(len(part) for part in reply.answer[0][0].strings) == 3000


@pytest.mark.parametrize("size", [1232, 3000, 4096])
def test_a_client_may_offer_less(big, size):
    reply = big.ask("big.lab.test", "TXT", edns=size)
    assert reply.wire_size <= size
    assert ("tc" in flags(reply)) == (size <= 3000)


def test_our_limit_is_4096_whatever_is_offered(big):  # S-36c
    reply = big.ask("huge.lab.test", "TXT", edns=65000)
    assert_only_question(reply)
    assert reply.payload == 4096


def test_the_default_limit_is_1232(example):
    reply = example.ask("t3000.everything.test", "TXT", edns=4096)
    assert_only_question(reply)
    assert reply.payload == 1232


@pytest.mark.parametrize("offered", [0, 1, 511, 512])
def test_an_offer_below_512_counts_as_512(big, offered):
    """RFC 6891 6.2.5."""
    reply = big.ask("mx.lab.test", "MX", edns=offered)
    assert 300 < reply.wire_size <= 512 and "tc" not in flags(reply)


def test_tcp_is_whole(big):  # S-36d
    reply = big.ask("huge.lab.test", "TXT", tcp=True)
    assert "tc" not in flags(reply) and len(values(reply)) == 1
    assert reply.wire_size > 5000 and reply.authority


def test_tcp_goes_up_to_65535(big):  # R-ANS-25
    reply = big.ask("most.lab.test", "TXT", tcp=True)
    assert "tc" not in flags(reply) and len(reply.answer[0]) == 250
    assert reply.wire_size > 60000


def test_beyond_65535_tcp_is_truncated_too(big):
    assert_only_question(big.ask("over.lab.test", "TXT", tcp=True))


def test_authority_and_additional_go_before_the_answer(big):
    """R-ANS-23: company that finds no room is left out, set by set, and TC stays clear."""
    whole = big.ask("mx.lab.test", "MX", tcp=True)
    assert (
        len(whole.answer[0]) == 22
        and len(whole.authority[0]) == 4
        and len(records(whole.additional)) == 44
    )
    seen = set()
    for size in range(512, whole.wire_size + 64, 8):
        reply = big.ask("mx.lab.test", "MX", edns=size)
        assert reply.wire_size <= size
        assert "tc" not in flags(reply) and records(reply.answer) == records(whole.answer)
        assert records(reply.authority) in (set(), records(whole.authority))
        assert records(reply.additional) <= records(whole.additional)
        for rrset in reply.additional:
            assert len(rrset) == 1
        seen.add((bool(reply.authority), len(records(reply.additional))))
    assert any(not with_authority for with_authority, _ in seen)
    assert (True, 44) in seen


def test_values_come_in_every_order(big):  # S-01a, R-ANS-17
    orders = {
        tuple(rdata.to_text() for rdata in big.ask("abc.lab.test").answer[0]) for _ in range(200)
    }
    assert len(orders) == 6  # that one is missed by chance: 6 * (5/6)^200, less than 1e-14


def test_a_seed_fixes_the_order(make_daemon):
    def orders():
        daemon = make_daemon(seed=7, workers=1).start()
        daemon.import_text("lab.test", "".join(f"abc 60 A 10.0.0.{i}\n" for i in range(1, 4)))
        return [
            tuple(rdata.to_text() for rdata in daemon.ask("abc.lab.test").answer[0])
            for _ in range(20)
        ]

    assert orders() == orders()


def test_minimal_responses_leave_authority_and_its_addresses_out(make_daemon):
    daemon = make_daemon(minimal_responses=True).start()
    daemon.import_examples()
    reply = daemon.ask("www.lab.test")
    assert values(reply, "A") and not reply.authority and not reply.additional
    assert daemon.ask("nope.lab.test").authority, "a negative answer needs its SOA"
    assert daemon.ask("x.team.lab.test").authority, "a referral is its authority section"


def test_minimal_any_answers_with_one_set(make_daemon):  # R-ANS-26, RFC 8482 4.1
    daemon = make_daemon(minimal_any=True).start()
    daemon.import_examples()
    reply = daemon.ask("all.everything.test", "ANY")
    assert len(reply.answer) == 1 and rcode(reply) == "NOERROR"
    assert not daemon.ask("four.everything.test", "ANY").answer


def test_dig_retries_over_tcp_by_itself(example):
    out = example.dig("t3000.everything.test", "TXT")
    assert "Truncated, retrying in TCP mode" in out and "status: NOERROR" in out
