"""The daemon's side of drills: whatever happens to it, things are broken until the drill's end, and
not a moment longer."""

import signal
import sqlite3
import threading
import time

import pytest

from harness import values, wait_until

ZONE = """\
$TTL 60
;@ www 60 IN A failover id="p" role=PRIMARY check=web-1 value 192.0.2.1
;@ www 60 IN A failover id="s" role=SECONDARY value 192.0.2.9
;@ cell 60 IN A failover id="p" role=PRIMARY check=cell value 192.0.2.21
;@ cell 60 IN A failover id="s" role=SECONDARY value 192.0.2.9
;@ lb IN A simple alias lb1.example. zone=ZSIGNPOSTRESOURCES evaluate-health=yes
"""

WHOLE = {
    "www": ["192.0.2.1"],
    "cell": ["192.0.2.21"],
    "lb": ["192.0.2.11", "192.0.2.12"],
}
BROKEN = {"www": ["192.0.2.9"], "cell": ["192.0.2.9"], "lb": ["192.0.2.12"]}

EVERYTHING = [
    {"check": "web-1", "state": "down"},
    {"zone": "eu-west-1a"},
    {"control": "c1", "state": "Off"},
]
WATCH = [{"name": f"{name}.lab.test", "type": "A"} for name in WHOLE]


@pytest.fixture
def lab(make_daemon):
    daemon = make_daemon().start()
    daemon.signpost("control", "create", "c1")
    daemon.signpost("control", "set", "c1=on")
    daemon.signpost("health", "create", "web-1")
    daemon.signpost("health", "create", "cell", "--control", "c1")
    addresses = [
        {"name": "eu-west-1a", "addresses": ["192.0.2.11"]},
        {"name": "eu-west-1b", "addresses": ["192.0.2.12"]},
    ]
    entry = {"kind": "application-load-balancer", "zones": addresses}
    status, reply = daemon.request("PUT", "/signpost/v1/resources/lb1.example", entry)
    assert status == 200, reply
    daemon.import_text("lab.test", ZONE)
    assert answers(daemon) == WHOLE
    return daemon


def answers(daemon):
    return {name: values(daemon.ask(f"{name}.lab.test"), "A") for name in WHOLE}


def begin(daemon, seconds, breaks=tuple(EVERYTHING)):
    definition = {"for": seconds, "break": list(breaks), "watch": WATCH}
    return daemon.request(
        "POST", "/signpost/v1/drills", {"definition": definition, "owner": "ops"}
    )


def must_begin(daemon, seconds, breaks=tuple(EVERYTHING)):
    status, drill = begin(daemon, seconds, breaks)
    assert status == 200, drill
    return drill


def read(daemon, drill):
    status, told = daemon.request("GET", f"/signpost/v1/drills/{drill['id']}")
    assert status == 200, told
    return told


def restore(daemon, drill):
    status, told = daemon.request("POST", f"/signpost/v1/drills/{drill['id']}/restore")
    assert status == 200, told
    return told


def kill(daemon):
    daemon.process.send_signal(signal.SIGKILL)
    daemon.process.wait()


def overrides(daemon):
    checks = daemon.request("GET", "/signpost/v1/health-checks")[1]["health_checks"]
    return {check["id"] for check in checks if check["override"]}


def control_state(daemon):
    controls = daemon.request("GET", "/signpost/v1/routing-controls")[1]["routing_controls"]
    return {control["name"]: control["state"] for control in controls}["c1"]


def assert_restored(daemon):
    assert answers(daemon) == WHOLE
    assert overrides(daemon) == set()
    assert control_state(daemon) == "On"


def test_answers_are_broken_from_the_reply_to_the_restoring(lab):
    drill = must_begin(lab, "1h")
    assert answers(lab) == BROKEN
    told = read(lab, drill)
    assert told["state"] == "running" and "restored_ms" not in told
    assert [(turn["check"], turn["up"]) for turn in told["turns"]] == [
        ("cell", False),
        ("web-1", False),
    ]
    assert restore(lab, drill)["restored_by"] == "client"
    assert_restored(lab)
    told = read(lab, drill)
    assert told["restored_ms"] < told["ends_ms"]
    assert {turn["check"] for turn in told["turns"] if turn["up"]} == {"web-1", "cell"}


def test_the_prediction_is_what_then_happens(lab):
    prediction = must_begin(lab, "1h")["prediction"]
    for watch, name in zip(prediction["watches"], WHOLE):
        assert watch["name"] == f"{name}.lab.test."
        assert watch["before"] == [WHOLE[name]] and watch["during"] == [BROKEN[name]]
        assert watch["turned_ms"] == {"least": 0, "most": 0}
    assert answers(lab) == BROKEN


def test_an_override_and_safety_rules_keep_a_drill_from_beginning(lab):
    """Nothing at all is broken then (R-ARC-3, R-ARC-4)."""
    lab.signpost("rule", "create", "floor", "--panel", "default", "--assert", "c1", "--all-of")
    status, told = begin(lab, "1h")
    assert status == 409 and "floor" in told["error"]["message"]
    assert_restored(lab)
    glass = EVERYTHING[:2] + [{**EVERYTHING[2], "break_glass": ["floor"]}]
    lab.signpost("health", "set", "web-1", "up", "--owner", "alice")
    status, told = begin(lab, "1h", glass)
    assert status == 409 and "alice" in told["error"]["message"]
    assert control_state(lab) == "On" and answers(lab) == WHOLE
    lab.signpost("health", "clear", "web-1")
    drill = must_begin(lab, "1h", glass)
    assert answers(lab) == BROKEN
    restore(lab, drill)
    assert_restored(lab)


# -- the end comes by itself


@pytest.mark.parametrize("broken", [*range(len(EVERYTHING)), "all", "hook"])
def test_a_drill_ends_by_itself(lab, broken):
    """Whatever it breaks: there may be nothing else that would wake the daemon then."""
    if broken == "all":
        breaks = EVERYTHING
    elif broken == "hook":
        breaks = [{"hook": {"start": "true"}}]
    else:
        breaks = [EVERYTHING[broken]]
    drill = must_begin(lab, 2, breaks)
    wait_until(lambda: read(lab, drill)["state"] == "restored", "the end of the drill")
    told = read(lab, drill)
    assert told["restored_by"] == "time"
    assert told["restored_ms"] >= told["ends_ms"]
    assert_restored(lab)
    assert restore(lab, drill)["restored_by"] == "time"


def test_a_drill_ends_in_time_though_nothing_can_be_stored(lab):
    """Each attempt to store waits for the lock, and there are many checks to be put right."""
    checks = ["web-1", *(f"more-{i}" for i in range(12))]
    for check in checks[1:]:
        lab.signpost("health", "create", check)
    drill = must_begin(lab, 2, [{"check": check, "state": "down"} for check in checks])
    other = sqlite3.connect(lab.folder / "signpost.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert answers(lab)["www"] == BROKEN["www"]
    wait_until(lambda: answers(lab)["www"] == WHOLE["www"], "the end of the drill")
    other.execute("ROLLBACK")
    other.close()
    wait_until(lambda: read(lab, drill)["state"] == "restored", "the end to be stored")
    assert_restored(lab)


# -- the daemon ends in the middle


def test_a_drill_goes_on_after_kill_9_until_its_end(lab):
    drill = must_begin(lab, 20)
    kill(lab)
    lab.start()
    assert read(lab, drill)["state"] == "running"
    assert answers(lab) == BROKEN
    status, told = begin(lab, "1h")
    assert status == 409 and "is not over" in told["error"]["message"]
    wait_until(lambda: read(lab, drill)["state"] == "restored", "the end of the drill")
    told = read(lab, drill)
    assert told["restored_by"] == "time" and told["restored_ms"] >= told["ends_ms"]
    assert_restored(lab)


def test_a_drill_may_be_restored_early_after_kill_9(lab):
    drill = must_begin(lab, "1h")
    kill(lab)
    lab.start()
    assert answers(lab) == BROKEN
    assert restore(lab, drill)["restored_by"] == "client"
    assert_restored(lab)


def test_a_drill_whose_end_came_while_the_daemon_was_down_is_restored_at_its_start(lab):
    drill = must_begin(lab, 1)
    kill(lab)
    wait_until(lambda: time.time() * 1000 > drill["ends_ms"], "the end of the drill")
    lab.start()
    assert_restored(lab)
    told = read(lab, drill)
    assert told["state"] == "restored"
    # A slow machine may have seen the end before the signal came.
    assert told["restored_by"] in ("start", "time")
    assert told["restored_ms"] >= told["ends_ms"]


def begin_and_be_gone(daemon, seconds):
    try:
        begin(daemon, seconds)
    except OSError:
        pass


@pytest.mark.parametrize("delay_ms", [0, 1, 2, 3, 5, 8, 13, 21])
def test_kill_9_at_any_moment_of_the_beginning_leaves_all_or_nothing(lab, delay_ms):
    """And nothing for longer than the drill's end."""
    other = threading.Thread(target=begin_and_be_gone, args=(lab, 4))
    other.start()
    time.sleep(delay_ms / 1000)
    kill(lab)
    other.join()
    lab.start()
    drills = lab.request("GET", "/signpost/v1/drills")[1]["drills"]
    assert len(drills) <= 1
    if drills and drills[0]["state"] == "running":
        wait_until(lambda: read(lab, drills[0])["state"] == "restored", "the end of the drill")
    assert_restored(lab)


def test_what_is_deleted_meanwhile_does_not_keep_the_rest_broken(lab):
    lab.signpost("health", "create", "idle")
    drill = must_begin(lab, "1h", [*EVERYTHING, {"check": "idle", "state": "down"}])
    lab.signpost("health", "delete", "idle")
    kill(lab)
    lab.start()
    assert restore(lab, drill)["remarks"] == "the health check idle has been deleted"
    assert_restored(lab)
