"""Policies beyond what a scene can say: limits, circles, restarts, many workers, and the reason of
an answer in the answer (RFC 8914).  What they choose is in *.scene.
"""

import pytest

from harness import ZONES, Refused, flags, rcode, reason, records, values
from scene import Play, Step

POLICY_ZONE = """
;@ f 60 IN A failover id="p" role=PRIMARY check=h1 value 10.0.0.1
;@ f 60 IN A failover id="s" role=SECONDARY value 10.0.0.2
;@ geo 60 IN A geolocation id="de" country=DE value 10.0.0.4
;@ geo 60 IN A geolocation id="any" country=* value 10.0.0.9
;@ l 60 IN A latency id="us" region=us-east-1 value 10.0.0.1
;@ l 60 IN A latency id="eu" region=eu-west-1 value 10.0.0.2
;@ c 60 IN A cidr id="in" collection={nets} location=L1 value 10.0.0.5
;@ c 60 IN A cidr id="any" collection={nets} location=* value 10.0.0.6
;@ lb IN A simple alias lb1.example. zone=ZSIGNPOSTRESOURCES evaluate-health=no
;@ tree IN A failover id="p" role=PRIMARY alias lb evaluate-health=yes
;@ tree IN A failover id="s" role=SECONDARY alias f evaluate-health=yes
www 60 A 10.0.0.7
"""
GERMANY = "203.0.113.0/25"


def step(text, block=()):
    verb, *words = text.split()
    return Step(0, verb, words, list(block))


def set_up(daemon):
    """Some of everything that a policy may look at."""
    play = Play(daemon)
    daemon.signpost("location", "import", ZONES / "lab.locations.csv")
    for line in (
        "latency 203.0.113.0/25 us-east-1 1",
        "resource lb1.example kind=application-load-balancer zone:az1=10.0.0.11 targets:g=1/2",
        "health h1 up",
    ):
        play.perform(step(line))
    play.perform(step("collection nets", ["L1 203.0.113.0/24"]))
    play.perform(step("zone lab.test", POLICY_ZONE.splitlines()))
    return play


def answers(daemon):
    """What the names of POLICY_ZONE give to a client in Germany."""
    return {
        name: values(daemon.ask(f"{name}.lab.test", subnet=GERMANY))
        for name in ("f", "geo", "l", "c", "lb", "tree")
    }


# ---- limits


def chain(length):
    """Aliases a1 to a<length>, each to the next, the last to an address."""
    lines = [f";@ a{i} IN A simple alias a{i + 1} evaluate-health=no\n" for i in range(1, length)]
    return (
        "".join(lines)
        + f";@ a{length} IN A simple alias end evaluate-health=no\nend 60 A 10.0.0.1\n"
    )


def test_aliases_may_be_thirty_two_deep(lab):  # R-HLT-18
    try:
        lab.import_text("deep.test", chain(32))
        reply = lab.ask("a1.deep.test")
        assert values(reply) == ["10.0.0.1"]
        assert reply.answer[0].name.to_text() == "a1.deep.test."
        with pytest.raises(Refused, match="32"):
            lab.import_text("deep.test", chain(33), "--replace")
        assert values(lab.ask("a1.deep.test")) == ["10.0.0.1"]
        with pytest.raises(Refused, match="32"):
            lab.signpost(
                "record", "set", "deep.test", "a0.deep.test", "A", "--alias", "a1.deep.test"
            )
    finally:
        lab.signpost("zone", "delete", "deep.test", "--force")


@pytest.mark.parametrize("length", [1, 2, 5, 32])
def test_a_circle_of_aliases_in_a_file_is_refused(lab, length):  # A-CHG-51
    text = "".join(
        f';@ a{i} IN A weighted id="x" weight=1 alias a{(i + 1) % length} evaluate-health=yes\n'
        for i in range(length)
    )
    with pytest.raises(Refused, match="alias loop in the zone"):
        lab.import_text("circle.test", text)
    assert rcode(lab.ask("a0.circle.test")) == "REFUSED"


def members(count, what):
    return "".join(
        f";@ w 60 IN A {what(i)} value 10.0.{i // 250}.{i % 250}\n" for i in range(count)
    )


@pytest.mark.parametrize(
    "most, what",
    [
        pytest.param(100, lambda i: f'weighted id="{i}" weight=1', id="weighted"),
        pytest.param(100, lambda i: f'multivalue id="{i}"', id="multivalue"),
        pytest.param(
            30, lambda i: f'geoproximity id="{i}" coordinates={i}.00,0.00 bias=0', id="geoproximity"
        ),
    ],
)
def test_a_group_has_its_limit(lab, most, what):  # A-CHG-46
    try:
        lab.import_text("full.test", members(most, what))
        seen = {value for _ in range(2) for value in values(lab.ask("w.full.test"))}
        assert 1 <= len(seen) <= 16
        with pytest.raises(Refused, match=str(most)):
            lab.import_text("full.test", members(most + 1, what), "--replace")
    finally:
        lab.signpost("zone", "delete", "full.test", "--force")


def test_hundred_members_are_drawn_evenly(lab):  # R-WGT-10; one is missed with 100 * 0.99^2000
    try:
        lab.import_text("full.test", members(100, lambda i: f'weighted id="{i}" weight=7'))
        drawn = [values(lab.ask("w.full.test"))[0] for _ in range(2000)]
        assert len(set(drawn)) == 100
        assert max(map(drawn.count, set(drawn))) < 60  # 20 on average; more than 60: p < 1e-10
    finally:
        lab.signpost("zone", "delete", "full.test", "--force")


def test_branches_that_meet_again_cost_no_more_than_their_groups(lab):
    """Thirty levels of two aliases each to the same next level: a billion ways down, all of them to
    something that is not healthy."""
    text = "".join(
        f';@ n{i} IN A weighted id="{branch}" weight=1 alias n{i + 1} evaluate-health=yes\n'
        for i in range(30)
        for branch in "ab"
    )
    play = Play(lab)
    try:
        play.perform(step("health h1 up"))
        end = ';@ n30 60 IN A weighted id="a" weight=1 check=h1 value 10.0.0.1'
        play.perform(step("zone wide.test", text.splitlines() + [end]))
        play.perform(step("health h1 down"))
        assert values(lab.ask("n0.wide.test")) == ["10.0.0.1"]
    finally:
        play.clear()


# ---- what outlives a daemon, and who sees a change


def test_all_that_policies_look_at_outlives_a_restart(make_daemon):
    daemon = make_daemon(workers=1).start()
    play = set_up(daemon)
    play.perform(step("health h1 down"))
    before = answers(daemon)
    assert before == {
        "f": ["10.0.0.2"],
        "geo": ["10.0.0.4"],
        "l": ["10.0.0.1"],
        "c": ["10.0.0.5"],
        "lb": ["10.0.0.11"],
        "tree": ["10.0.0.11"],
    }
    exported = daemon.signpost("zone", "export", "lab.test")
    daemon.stop()
    daemon.start()
    assert answers(daemon) == before
    assert daemon.signpost("zone", "export", "lab.test") == exported
    daemon.signpost("health", "set", "h1", "up")
    assert answers(daemon)["f"] == ["10.0.0.1"]


def test_every_worker_sees_a_turn_at_once(make_daemon):
    daemon = make_daemon(workers=4).start()
    play = set_up(daemon)
    for state, expected in (("down", "10.0.0.2"), ("up", "10.0.0.1")) * 3:
        play.perform(step(f"health h1 {state}"))
        # Each question comes from a socket of its own, so the kernel spreads them.
        assert {values(daemon.ask("f.lab.test"))[0] for _ in range(40)} == {expected}


def test_a_seed_fixes_what_is_drawn(make_daemon):
    def draws():
        daemon = make_daemon(seed=7, workers=1).start()
        daemon.import_text("full.test", members(50, lambda i: f'weighted id="{i}" weight=7'))
        return [values(daemon.ask("w.full.test"))[0] for _ in range(40)]

    first = draws()
    assert first == draws() and len(set(first)) > 10


# ---- why


def test_the_reason_comes_with_the_answer(lab):  # RFC 8914
    play = Play(lab)
    try:
        play.perform(step("health h1 up"))
        play.perform(step("collection nets", ["L1 203.0.113.0/24"]))
        play.perform(step("zone lab.test", POLICY_ZONE.splitlines()))
        assert "geolocation" in reason(lab.ask("geo.lab.test", subnet=GERMANY))
        assert "DE" in reason(lab.ask("geo.lab.test", subnet=GERMANY))
        play.perform(step("health h1 down"))
        assert "failover" in reason(lab.ask("f.lab.test", edns=1232))
        assert "EDE: 0 (Other)" in lab.dig("+subnet=203.0.113.0/25", "geo.lab.test")
        assert lab.ask("f.lab.test").edns < 0, "no OPT for who sends none"
    finally:
        play.clear()


def test_the_reason_is_for_explain_clients_only(make_daemon):
    daemon = make_daemon(explain_clients=["127.0.41.0/24", "::1"]).start()
    set_up(daemon)
    assert "failover" in reason(daemon.ask("f.lab.test", edns=1232, source="127.0.41.1"))
    assert "failover" in reason(daemon.ask("f.lab.test", edns=1232, address="::1"))
    assert reason(daemon.ask("f.lab.test", edns=1232, source="127.0.42.1")) is None
    # Whom the option speaks for does not matter.
    spoofed = daemon.ask("f.lab.test", source="127.0.42.1", subnet="127.0.41.0/24")
    assert reason(spoofed) is None


def test_an_empty_list_of_explain_clients_is_nobody(make_daemon):
    daemon = make_daemon(explain_clients=[]).start()
    set_up(daemon)
    assert reason(daemon.ask("f.lab.test", edns=1232)) is None
    assert daemon.ask("f.lab.test", edns=1232).edns == 0


def test_the_reason_takes_no_room_from_records(make_daemon):
    """The same question at every size, to one who is told why and one who is not."""
    daemon = make_daemon(explain_clients=["127.0.41.0/24"]).start()
    text = "".join(
        f';@ m 60 IN TXT multivalue id="{i}" value "{str(i) * 90}"\n' for i in range(1, 9)
    )
    daemon.import_text("lab.test", text)
    told = 0
    for size in range(512, 1233, 16):
        plain = daemon.ask("m.lab.test", "TXT", edns=size, source="127.0.42.1")
        other = daemon.ask("m.lab.test", "TXT", edns=size, source="127.0.41.1")
        assert flags(plain) == flags(other) and other.wire_size <= size
        assert records(plain.answer) == records(other.answer)
        assert records(plain.authority) == records(other.authority)
        told += reason(other) is not None
    assert told > 0


# ---- the formula of 2023


def test_the_older_formula_of_geoproximity(make_daemon):  # S-16d, S-16e, R-GPX-4
    for formula, expected in (("multiply", "10.0.0.2"), ("divide", "10.0.0.1")):
        daemon = make_daemon(negative_bias=formula, workers=1).start()
        play = Play(daemon)
        play.perform(step("location 198.18.16.0/24 latitude=0.00 longitude=0.00"))
        daemon.import_text(
            "lab.test",
            ';@ g 60 IN A geoproximity id="a" coordinates=0.00,1.35 bias=0 value 10.0.0.1\n'
            ';@ g 60 IN A geoproximity id="b" coordinates=0.00,0.90 bias=-40 value 10.0.0.2\n',
        )
        assert values(daemon.ask("g.lab.test", subnet="198.18.16.0/24")) == [expected]
        daemon.import_text(
            "lab.test",
            ';@ g 60 IN A geoproximity id="a" coordinates=0.00,1.35 bias=0 value 10.0.0.1\n'
            ';@ g 60 IN A geoproximity id="b" coordinates=0.00,0.90 bias=-60 value 10.0.0.2\n',
            "--replace",
        )
        assert values(daemon.ask("g.lab.test", subnet="198.18.16.0/24")) == ["10.0.0.1"]
