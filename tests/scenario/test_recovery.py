"""Alarms, routing controls, safety rules and zonal shifts as who types the commands sees them."""

import json
import re
import signal
import sqlite3
import time

import pytest

from harness import Refused, values, wait_until

CELLS = """\
$TTL 60
;@ www 60 IN A failover id="p" role=PRIMARY check=h1 value 192.0.2.1
;@ www 60 IN A failover id="s" role=SECONDARY check=h2 value 192.0.2.2
;@ all 60 IN A multivalue id="1" check=h1 value 192.0.2.1
;@ all 60 IN A multivalue id="2" check=h2 value 192.0.2.2
"""

LB = """\
;@ site IN A simple alias lb1.example. zone=ZSIGNPOSTRESOURCES evaluate-health=yes
"""

SINCE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d"
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture
def daemon(make_daemon):
    return make_daemon().start()


def answer(daemon, name):
    return values(daemon.ask(name), "A")


def kill_and_start(daemon):
    daemon.process.send_signal(signal.SIGKILL)
    daemon.process.wait()
    daemon.start()


# -- routing controls


@pytest.fixture
def cells(daemon):
    """Two cells, each with a control and a check; the first one is on."""
    say = daemon.signpost
    for number in "12":
        assert say("control", "create", f"c{number}") == f"created c{number} (panel default): Off\n"
        say("health", "create", f"h{number}", "--control", f"c{number}")
    daemon.import_text("lab.test", CELLS)
    assert say("control", "set", "c1=on") == "set c1: On\n"
    return daemon


def test_a_routing_control_turns_what_dig_gets(cells):
    """R-ARC-2, R-ARC-3, S-31a, S-31b."""
    assert cells.dig("+short", "www.lab.test", "A") == "192.0.2.1\n"
    assert cells.signpost("control", "set", "c1=off", "c2=ON") == "set c1: Off\nset c2: On\n"
    assert cells.dig("+short", "www.lab.test", "A") == "192.0.2.2\n"
    kill_and_start(cells)
    assert cells.dig("+short", "www.lab.test", "A") == "192.0.2.2\n"
    cells.signpost("control", "set", "c1=on")
    assert cells.dig("+short", "www.lab.test", "A") == "192.0.2.1\n"


def test_all_controls_off_fails_open(cells):
    """R-ARC-8, S-31c, S-31d: what nobody wants, and what safety rules are for."""
    assert answer(cells, "all.lab.test") == ["192.0.2.1"]
    cells.signpost("control", "set", "c1=off")
    assert answer(cells, "www.lab.test") == ["192.0.2.1"]
    assert answer(cells, "all.lab.test") == ["192.0.2.1", "192.0.2.2"]


def test_an_assertion_refuses_until_the_glass_is_broken(cells):
    """R-ARC-4, R-ARC-7, S-31c."""
    say = cells.signpost
    rule = ["rule", "create", "one-cell", "--assert", "c1,c2", "--at-least", "1", "--wait", "0"]
    assert say(*rule) == "created one-cell: at least 1 of c1, c2 on\n"
    with pytest.raises(Refused) as refused:
        say("control", "set", "c1=off")
    assert "the safety rule one-cell refuses" in str(refused.value)
    assert "--break-glass one-cell" in str(refused.value)
    assert answer(cells, "www.lab.test") == ["192.0.2.1"]

    assert say("control", "set", "c1=off", "c2=on") == "set c1: Off\nset c2: On\n"
    assert answer(cells, "www.lab.test") == ["192.0.2.2"]
    kill_and_start(cells)
    with pytest.raises(Refused, match="the safety rule one-cell refuses"):
        say("control", "set", "c2=off")
    assert say("control", "set", "c2=off", "--break-glass", "one-cell") == "set c2: Off\n"
    assert answer(cells, "all.lab.test") == ["192.0.2.1", "192.0.2.2"]


def test_a_gate_must_be_open(cells):
    """R-ARC-4."""
    say = cells.signpost
    say("control", "create", "main")
    gate = ["rule", "create", "gate", "--gate", "main", "--target", "c1,c2", "--all-of"]
    assert say(*gate, "--wait", "0") == "created gate: all of main on, to change c1, c2\n"
    for words in (["c2=on"], ["c2=on", "main=on"]):
        with pytest.raises(Refused, match="open the gate first"):
            say("control", "set", *words)
    say("control", "set", "main=on")
    say("control", "set", "c2=on", "c1=off")
    assert answer(cells, "www.lab.test") == ["192.0.2.2"]


def test_a_rule_lets_time_pass_between_changes(cells):
    """R-ARC-6."""
    say = cells.signpost
    say("rule", "create", "calm", "--assert", "c1,c2", "--any-of", "--wait", "3600000")
    for _ in range(2):
        with pytest.raises(Refused, match="the safety rule calm refuses: .* has changed .* ago"):
            say("control", "set", "c2=on")
        kill_and_start(cells)
    say("control", "set", "c2=on", "--break-glass", "calm")


def test_controls_and_rules_are_listed(cells):
    say = cells.signpost
    say("rule", "create", "one-cell", "--assert", "c1,c2", "--any-of", "--invert")
    heads, *lines = say("control", "list").splitlines()
    assert re.fullmatch(r"NAME +PANEL +STATE +SINCE +HEALTH CHECKS", heads)
    assert re.fullmatch(rf"c1 +default +On +{SINCE} +h1", lines[0])
    assert re.fullmatch(rf"c2 +default +Off +{SINCE} +h2", lines[1])
    assert say("rule", "list") == (
        "NAME      PANEL    WAIT MS  WANTS\n"
        "one-cell  default    5,000  not any of c1, c2 on\n"
    )
    as_json = json.loads(say("control", "list", "--json"))
    assert as_json["routing_controls"][0]["arn"].endswith("controlpanel/default/routingcontrol/c1")
    with pytest.raises(Refused, match="the health check h2 follows the routing control c2"):
        say("control", "delete", "c2")
    assert say("rule", "delete", "one-cell") == "deleted one-cell\n"
    say("zone", "delete", "lab.test", "--force")
    say("health", "delete", "h2")
    assert say("control", "delete", "c2") == "deleted c2\n"


# -- alarms


def states(daemon):
    listed = json.loads(daemon.signpost("health", "list", "--json"))
    return {check["id"]: check["up"] for check in listed["health_checks"]}


def test_checks_follow_an_alarm_and_its_want_of_data(daemon):
    """R-HCW-2, S-29."""
    say = daemon.signpost
    for setting in ("healthy", "unhealthy", "last"):
        say("health", "create", setting, "--alarm", "high-load", "--no-data", setting)
    assert states(daemon) == {"healthy": True, "unhealthy": False, "last": True}
    assert say("alarm", "set", "high-load", "OK") == "set high-load (us-east-1): OK\n"
    assert states(daemon) == {"healthy": True, "unhealthy": True, "last": True}
    say("alarm", "set", "high-load", "ALARM")
    assert states(daemon) == {"healthy": False, "unhealthy": False, "last": False}
    kill_and_start(daemon)
    assert states(daemon) == {"healthy": False, "unhealthy": False, "last": False}
    say("alarm", "set", "high-load", "INSUFFICIENT_DATA")
    assert states(daemon) == {"healthy": True, "unhealthy": False, "last": False}
    kill_and_start(daemon)
    assert states(daemon) == {"healthy": True, "unhealthy": False, "last": False}
    say("alarm", "set", "high-load", "OK", "--region", "eu-west-1")
    assert states(daemon) == {"healthy": True, "unhealthy": False, "last": False}


def test_alarms_are_listed_and_forgotten(daemon):
    say = daemon.signpost
    empty = daemon.command("alarm", "list")
    assert empty.stdout == "" and "No alarm has been set yet" in empty.stderr
    say("alarm", "set", "b", "OK", "--region", "eu-west-1")
    say("alarm", "set", "two words", "ALARM")
    heads, *lines = say("alarm", "list").splitlines()
    assert re.fullmatch(r"NAME +REGION +STATE +SINCE", heads)
    assert re.fullmatch(rf"b +eu-west-1 +OK +{SINCE}", lines[0])
    assert re.fullmatch(rf"two words +us-east-1 +ALARM +{SINCE}", lines[1])
    with pytest.raises(Refused, match='there is no alarm "b" in us-east-1'):
        say("alarm", "delete", "b")
    assert say("alarm", "delete", "b", "--region", "eu-west-1") == "deleted b\n"


# -- zonal shifts

ALL = ["192.0.2.11", "192.0.2.12", "192.0.2.13"]
SHIFTED = ["192.0.2.11", "192.0.2.13"]


@pytest.fixture
def balancer(daemon):
    zones = [f"--zone=az{number}=192.0.2.1{number}" for number in (1, 2, 3)]
    kind = "application-load-balancer"
    daemon.signpost("resource", "set", "lb1.example", "--kind", kind, *zones)
    daemon.import_text("lab.test", LB)
    assert answer(daemon, "site.lab.test") == ALL
    return daemon


def start_shift(daemon, *options):
    said = daemon.signpost(
        "shift", "start", "lb1.example", "--away-from", "az2", "--for", "2h", *options
    )
    found = re.fullmatch(
        rf"started ({UUID}): lb1\.example\. away from az2 until {SINCE} \(in sync\)\n", said
    )
    assert found, said
    return found[1]


def test_a_shift_moves_addresses_until_it_is_canceled(balancer):
    """R-ZSH-1 to R-ZSH-4, S-32a, S-32c."""
    say = balancer.signpost
    shift = start_shift(balancer, "--comment", "rack 7")
    assert answer(balancer, "site.lab.test") == SHIFTED
    shown = say("resource", "show", "lb1.example")
    assert "az1 192.0.2.11\n" in shown and "az2 192.0.2.12 (left: by a shift or a drill)\n" in shown
    kill_and_start(balancer)
    assert answer(balancer, "site.lab.test") == SHIFTED
    with pytest.raises(Refused, match="ZonalShiftAlreadyExists"):
        say("shift", "start", "lb1.example", "--away-from", "az1", "--for", "1h")
    assert say("shift", "update", shift, "--for", "3h").startswith(f"updated {shift}: ")
    assert say("shift", "cancel", shift) == (
        f"canceled {shift}: lb1.example. has its addresses in az2 again (in sync)\n"
    )
    assert answer(balancer, "site.lab.test") == ALL
    with pytest.raises(Refused, match="ZonalShiftStatusNotActive"):
        say("shift", "update", shift, "--for", "3h")
    heads, line = say("shift", "list").splitlines()
    assert heads.split() == "ID RESOURCE AWAY FROM STATUS APPLIED UNTIL COMMENT".split()
    assert re.fullmatch(rf"{shift} +lb1\.example\. +az2 +CANCELED +no +{SINCE} +rack 7", line)


def set_end(daemon, unix_s):
    """Brings the end of all shifts forward in the database of a daemon that does not run: the
    shortest time there is, a minute, is a long one for a test."""
    with sqlite3.connect(daemon.settings["database"]) as database:
        database.execute("UPDATE zonal_shift SET expires_ms = ?", (int(unix_s * 1000),))
    database.close()


def test_a_shift_comes_back_by_itself(balancer):
    """R-ZSH-2, R-ZSH-4."""
    shift = start_shift(balancer)
    balancer.stop()
    set_end(balancer, time.time() + 2)
    balancer.start()
    wait_until(lambda: answer(balancer, "site.lab.test") == ALL, "the end of the shift")
    listed = json.loads(balancer.signpost("shift", "list", "--json"))["zonal_shifts"]
    assert [(one["id"], one["status"]) for one in listed] == [(shift, "EXPIRED")]


def test_a_shift_that_ended_while_nobody_ran_moves_nothing(balancer):
    start_shift(balancer)
    balancer.stop()
    set_end(balancer, time.time() - 1)
    balancer.start()
    assert answer(balancer, "site.lab.test") == ALL


def test_a_shift_that_would_leave_nothing_is_not_applied(balancer):
    """R-ZSH-5, S-32d."""
    say = balancer.signpost
    kind = ["--kind", "application-load-balancer"]
    say("resource", "set", "lb1.example", *kind, "--zone", "az1=192.0.2.11")
    said = say("shift", "start", "lb1.example", "--away-from", "az1", "--for", "30m")
    assert said.endswith("(not applied: nothing usable would be left)\n")
    assert answer(balancer, "site.lab.test") == ["192.0.2.11"]
    say("resource", "set", "lb1.example", *kind, "--zone=az1=192.0.2.11", "--zone=az2=192.0.2.12")
    assert answer(balancer, "site.lab.test") == ["192.0.2.12"]


# -- what goes wrong


@pytest.mark.parametrize("time_given", ["73h", "90s", "0h"])
def test_a_time_that_no_shift_may_have_is_refused(balancer, time_given):
    """S-32b."""
    with pytest.raises(Refused, match="is no time for a zonal shift"):
        balancer.signpost(
            "shift", "start", "lb1.example", "--away-from", "az2", "--for", time_given
        )
    assert answer(balancer, "site.lab.test") == ALL


@pytest.mark.parametrize(
    "words, reason",
    [
        ("alarm set load up", 'unknown state of an alarm "up"'),
        ("alarm delete load", 'there is no alarm "load" in us-east-1'),
        ("control set none=on", 'there is no routing control "none"'),
        ("control delete none", 'there is no routing control "none"'),
        ("health create h --control none", 'there is no routing control "none"'),
        ("rule create r --assert none --all-of", 'there is no routing control "none"'),
        ("rule delete none", 'there is no safety rule "none"'),
        ("shift start none.test --away-from a --for 1h", "there is no resource none.test."),
        ("shift cancel none", 'there is no zonal shift "none"'),
    ],
)
def test_what_is_refused_says_why(daemon, words, reason):
    with pytest.raises(Refused, match=re.escape(reason)):
        daemon.signpost(*words.split())


@pytest.mark.parametrize(
    "words",
    [
        "alarm set load",
        "control create",
        "control set c1",
        "control set c1=sideways",
        "control set =on",
        "rule create r --all-of",
        "rule create r --assert a --gate b --target c --all-of",
        "rule create r --gate a --all-of",
        "rule create r --assert a --target b --all-of",
        "rule create r --assert a",
        "rule create r --assert a --all-of --any-of",
        "rule create r --assert a --at-least many",
        "rule create r --assert a --all-of --wait soon",
        "shift start lb1.example --for 2h",
        "shift start lb1.example --away-from az1",
        "shift update some-id",
    ],
)
def test_wrong_usage_is_status_2(daemon, words):
    done = daemon.command(*words.split())
    assert done.returncode == 2 and done.stdout == "" and done.stderr
