"""Signals, configuration, logs, figures: what who runs it sees."""

import json
import os
import pwd
import re
import signal
import socket
import stat
import subprocess

import pytest

from harness import (
    BUILD,
    PATIENCE,
    ZONES,
    is_closed,
    make_query,
    rcode,
    read_reply,
    receive_message,
    send_message,
    values,
    wait_until,
)


# -- signals


def test_term_finishes_what_is_under_way(make_daemon, tmp_path):
    daemon = make_daemon().start()
    with daemon.connect() as stream, daemon.datagrams() as link:
        for _ in range(50):
            send_message(stream, make_query("www.lab.test").to_wire())
        link.send(make_query("www.lab.test").to_wire())
        link.recv(512)
        receive_message(stream)
        daemon.stop()
        for _ in range(49):
            assert rcode(read_reply(receive_message(stream))) == "REFUSED"
        assert is_closed(stream)
    assert not daemon.socket_path.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_term_and_int_end_it_well(make_daemon, number):
    daemon = make_daemon().start()
    daemon.process.send_signal(number)
    assert daemon.process.wait(PATIENCE) == 0


def test_clients_that_hang_do_not_delay_the_end(make_daemon):
    daemon = make_daemon(tcp_idle_timeout=600).start()
    with daemon.connect(), socket.create_connection(("127.0.0.1", daemon.http_port)) as half:
        half.sendall(
            b"POST /signpost/v1/zones/lab.test/import HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Length: 99\r\n\r\nwww"
        )
        daemon.stop()


def test_hup_reopens_the_log(make_daemon):
    daemon = make_daemon()
    log = daemon.folder / "log"
    daemon.settings["log-file"] = str(log)
    daemon.start()
    assert log.read_text()
    moved = log.rename(daemon.folder / "log.1")
    daemon.process.send_signal(signal.SIGHUP)
    wait_until(lambda: log.exists() and log.read_text(), "the new log")
    size = moved.stat().st_size
    daemon.stop()
    assert moved.stat().st_size == size, "nothing goes to the old one any more"


def test_hup_rereads_the_configuration(make_daemon):
    daemon = make_daemon().start()
    daemon.import_examples()
    assert daemon.ask("www.lab.test").authority
    daemon.write_config(minimal_responses=True, nsid="new")
    daemon.process.send_signal(signal.SIGHUP)
    wait_until(lambda: not daemon.ask("www.lab.test").authority, "minimal responses")
    assert "new" in daemon.dig("+nsid", "www.lab.test")
    daemon.write_config(edns_size="large")
    daemon.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "edns-size" in daemon.said(), "a complaint")
    assert len(values(daemon.ask("www.lab.test"))) == 3 and not daemon.ask("www.lab.test").authority


# -- configuration

BAD_CONFIGS = [
    # what is added, and what must be said of it
    ("an unknown key", 'lisen = "127.0.0.1@53"\n', ["lisen"]),
    ("a number that is none", "edns-size = large\n", ["edns-size", "large"]),
    ("a size beyond the limit", "edns-size = 5000\n", ["edns-size", "4096"]),
    ("a size below 512", "edns-size = 100\n", ["edns-size", "512"]),
    ("an address that is none", 'listen = { "127.0.0.300@53" }\n', ["listen", "127.0.0.300"]),
    ("a port that is none", 'listen = { "127.0.0.1@70000" }\n', ["listen", "70000"]),
    ("a boolean that is none", "minimal-responses = perhaps\n", ["minimal-responses"]),
    ("a level that is none", 'log-level = "loud"\n', ["log-level", "loud", "debug"]),
    ("a format that is none", 'log-format = "xml"\n', ["log-format", "xml", "json"]),
    ("a name that is none", 'server-domain = "bad..name"\n', ["server-domain"]),
    ("too many workers", "workers = 100000\n", ["workers"]),
    ("an NSID that is too long", f'nsid = "{"x" * 200}"\n', ["nsid", "128"]),
    ("a brace that is never closed", 'listen = { "127.0.0.1@53"\n', []),
]


@pytest.mark.parametrize("added, words", [pytest.param(*row, id=why) for why, *row in BAD_CONFIGS])
def test_a_bad_configuration_says_where_and_what(make_daemon, added, words):
    daemon = make_daemon()
    key = added.split(" ")[0]
    daemon.settings.pop(key, None)
    daemon.write_config()
    text = daemon.config.read_text()
    daemon.config.write_text(text + added)
    for command in (
        [BUILD / "signpostd", "-c", daemon.config, "--check"],
        [BUILD / "signpost", "check-config", daemon.config],
    ):
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert done.returncode == 1, done
        line = text.count("\n") + 1
        said = re.search(r"signpost\.conf:(\d+)\b", done.stderr)
        # What is missing at the end is noticed behind it.
        assert said and line <= int(said[1]) <= line + (0 if words else 2), done.stderr
        for word in words:
            assert word in done.stderr, done.stderr


def test_a_good_configuration_passes(make_daemon):
    daemon = make_daemon()
    daemon.write_config()
    for command in (
        [BUILD / "signpostd", "-c", daemon.config, "--check"],
        [BUILD / "signpost", "check-config", daemon.config],
    ):
        assert (
            subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False).returncode
            == 0
        )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
def test_a_user_who_is_not_there_is_named(make_daemon):
    assert "no-such-user-here" in make_daemon(user="no-such-user-here").fails_to_start()


def test_a_configuration_that_is_not_there_is_named():
    done = subprocess.run(
        [BUILD / "signpostd", "-c", "/nonexistent.conf"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1 and "/nonexistent.conf" in done.stderr


def test_options_on_the_command_line_come_last(make_daemon):
    daemon = make_daemon(nsid="file").start("-o", "nsid=line", "-o", "edns-size=1400")
    reply = daemon.dig("+nsid", "www.lab.test")
    assert '"line"' in reply and "udp: 1400" in reply


def test_wrong_usage_is_status_2():
    for program, *arguments in (
        ["signpostd", "--bogus"],
        ["signpost"],
        ["signpost", "dance"],
        ["signpost", "zone", "import", "only.one"],
        ["signpost", "record", "set", "a"],
        ["signpost", "record", "set", "lab.test", "", "A", "--ttl", "1", "192.0.2.1"],
    ):
        done = subprocess.run(
            [BUILD / program, *arguments],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 2 and done.stderr, (program, arguments, done)


def test_help_and_version():
    for program, *arguments in (
        ["signpostd", "--help"],
        ["signpost", "--help"],
        ["signpost", "zone", "import", "--help"],
        ["signpost", "status", "--help"],
        ["signpostd", "--version"],
        ["signpost", "--version"],
    ):
        done = subprocess.run(
            [BUILD / program, *arguments],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0 and done.stdout, (program, arguments, done)


# -- neighbours


def test_two_daemons_on_one_control_socket(make_daemon):
    one, two = make_daemon().start(), make_daemon()
    two.settings["control-socket"] = one.settings["control-socket"]
    said = two.fails_to_start()
    assert "control.sock" in said and "already" in said, said
    assert one.answers_http()


def test_a_control_socket_left_by_a_crash_is_replaced(make_daemon):
    daemon = make_daemon().start()
    daemon.kill()
    assert daemon.socket_path.exists()
    daemon.start()
    assert daemon.status()["zones"] == 0


def test_no_daemon_is_a_clear_message(make_daemon):
    done = make_daemon().command("status")
    assert done.returncode == 1 and "control.sock" in done.stderr and "signpostd" in done.stderr


# -- privileges and the service manager


def test_the_control_socket_is_for_owner_and_group(example):
    assert stat.S_IMODE(example.socket_path.stat().st_mode) == 0o660


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has privileges to drop")
def test_privileges_are_dropped_after_binding(make_daemon):
    nobody = pwd.getpwnam("nobody")
    daemon = make_daemon(user="nobody")
    for folder in (daemon.folder, *daemon.folder.parents):
        if str(folder).startswith("/tmp/"):
            folder.chmod(0o755)
    os.chown(daemon.folder, nobody.pw_uid, nobody.pw_gid)
    daemon.start()
    status = open(f"/proc/{daemon.process.pid}/status", encoding="ascii").read()
    assert re.search(rf"^Uid:(\t{nobody.pw_uid}){{4}}$", status, re.MULTILINE)
    assert re.search(rf"^Gid:(\t{nobody.pw_gid}){{4}}$", status, re.MULTILINE)
    assert re.search(r"^CapEff:\t0+$", status, re.MULTILINE)
    assert re.search(r"^Groups:\t(?!.*\b0\b)", status, re.MULTILINE)
    daemon.import_text("lab.test", "www 60 A 192.0.2.1\n")
    assert values(daemon.ask("www.lab.test")) == ["192.0.2.1"]


def test_the_service_manager_is_told(make_daemon):
    daemon = make_daemon()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        path = str(daemon.folder / "notify")
        manager.bind(path)
        manager.settimeout(PATIENCE)
        daemon.spawn(env={**os.environ, "NOTIFY_SOCKET": path})
        assert b"READY=1" in manager.recv(4096)
        assert daemon.answers_http(), "ready means ready"
        daemon.stop()
        told = b""
        while b"STOPPING=1" not in told:
            told += manager.recv(4096)


# -- logs and figures


def test_json_logs(make_daemon):
    daemon = make_daemon(log_format="json").start()
    daemon.import_text("lab.test", "www 60 A 192.0.2.1\n")
    daemon.stop()
    events = [json.loads(line) for line in daemon.said().splitlines()]
    assert len(events) >= 3
    for event in events:
        assert {"time", "level", "message"} <= set(event) and event["level"] in (
            "error",
            "warning",
            "info",
            "debug",
        )
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", event["time"])
    assert any(event.get("zone") in ("lab.test", "lab.test.") for event in events)


def test_log_levels(make_daemon):
    quiet = make_daemon(log_level="error").start()
    quiet.stop()
    assert quiet.said() == ""
    usual, chatty = make_daemon().start(), make_daemon(log_level="debug").start()
    usual.stop()
    chatty.stop()
    assert 0 < len(usual.said().splitlines()) <= len(chatty.said().splitlines())


def test_figures(make_daemon):
    daemon = make_daemon().start()
    daemon.import_examples()
    before = daemon.status()
    assert (
        before["queries"]["total"] == 0
        and before["zones"] == len(list(ZONES.glob("*.zone")))
        and before["pid"] == daemon.process.pid
    )
    daemon.ask("www.lab.test", "A")
    daemon.ask("www.lab.test", "AAAA", address="::1")
    daemon.ask("nope.lab.test", "TXT", tcp=True)
    daemon.ask("nope.lab.test", "LOC", tcp=True, address="::1")
    daemon.ask("elsewhere.test", "ANY")
    daemon.ask("t3990.everything.test", "TXT")
    assert daemon.is_silent(b"short")  # and one query more, refused
    now = daemon.status()
    assert now["queries"] == {"total": 7, "udp4": 4, "udp6": 1, "tcp4": 1, "tcp6": 1}
    assert {name: count for name, count in now["types"].items() if count} == {
        "A": 2,
        "AAAA": 1,
        "TXT": 2,
        "ANY": 1,
        "other": 1,
    }
    assert now["rcodes"] == {"NOERROR": 3, "NXDOMAIN": 2, "REFUSED": 2}
    assert now["truncated"] == 1 and now["ignored"] == 1 and now["send_failed"] == 0
    assert now["tcp"]["accepted"] == 2
    assert now["memory"]["resident_kib"] > 500 and now["uptime_s"] >= before["uptime_s"]
    total = sum(zone["records"] for zone in daemon.request("GET", "/signpost/v1/zones")[1]["zones"])
    assert now["records"] == total > 500
    text = daemon.signpost("status")
    assert "7" in text and "NXDOMAIN" in text
    assert json.loads(daemon.signpost("--json", "status"))["queries"]["total"] == 7
