"""Health checks as who types them sees them: made, changed, overridden, watched, counted."""

import contextlib
import http.client
import http.server
import json
import os
import pty
import re
import select
import signal
import sqlite3
import subprocess
import threading
import time

import pytest

from harness import BUILD, PATIENCE, Refused, free_port, reason, values, wait_until

ZONE = """\
$TTL 60
;@ www IN A failover id="first" role=PRIMARY alias one evaluate-health=yes
;@ www IN A failover id="second" role=SECONDARY alias two evaluate-health=no
;@ one 60 IN A weighted id="a" weight=1 check=web value 192.0.2.1
two A 192.0.2.2
"""
SINCE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d"


@pytest.fixture
def daemon(make_daemon):
    return make_daemon(checkers=["eu-west-1"]).start()


def show(daemon, check):
    return json.loads(daemon.signpost("health", "show", check, "--json"))


def turns(daemon, check):
    """[(up, cause)], the newest first."""
    events = json.loads(daemon.signpost("health", "history", check, "--json"))["events"]
    return [(event["up"], event["cause"]) for event in events]


def answer(daemon, name="www.lab.test"):
    return values(daemon.ask(name), "A")


class Endpoint:
    """Answers every request with the status that it has at the time."""

    def __init__(self):
        endpoint = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(endpoint.status, endpoint.phrase)
                self.end_headers()
                self.wfile.write(b"all is well\n")

            def log_message(self, *_):
                pass

        self.status, self.phrase = 200, "OK"
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def endpoint():
    made = Endpoint()
    yield made
    made.close()


# -- made, changed, deleted


def test_every_type_can_be_made(daemon):
    """R-HCK-1."""
    say = daemon.signpost
    say("control", "create", "cell")
    made = {
        "MANUAL": ["m"],
        "HTTP": ["h", "http://192.0.2.1:8080/x?y=1", "--interval", "10", "--measure-latency"],
        "HTTPS": ["s", "https://[2001:db8::1]/", "--domain", "www.lab.test", "--no-sni"],
        "HTTP_STR_MATCH": ["hm", "http://www.lab.test/", "--search", "ok", "--threshold", "1"],
        "HTTPS_STR_MATCH": ["sm", "https://192.0.2.1", "--search", "ok", "--invert"],
        "TCP": ["t", "tcp://192.0.2.1:25", "--regions", "us-east-1,eu-west-1,sa-east-1"],
        "CALCULATED": ["c", "--of", "m,h,s", "--at-least", "2"],
        "CLOUDWATCH_METRIC": ["a", "--alarm", "high load", "--no-data", "healthy"],
        "RECOVERY_CONTROL": ["r", "--control", "cell"],
    }
    for words in made.values():
        say("health", "create", *words)
    checks = json.loads(say("health", "list", "--json"))["health_checks"]
    assert {check["id"]: check["type"] for check in checks} == {
        words[0]: name for name, words in made.items()
    }
    lines = {line.split()[0]: line for line in say("health", "list").splitlines()[1:]}
    assert re.fullmatch(rf"h +HTTP +up +{SINCE} +1/1 +http://192.0.2.1:8080/x\?y=1 +0", lines["h"])
    assert "down (inverted)" in lines["sm"]
    assert "2 of m, h, s" in lines["c"] and "3/3" in lines["c"]
    assert "https://[2001:db8::1]" in lines["s"]
    assert "alarm high load (us-east-1)" in lines["a"]
    assert "routing control cell" in lines["r"]
    assert show(daemon, "s")["fully_qualified_domain_name"] == "www.lab.test"


@pytest.mark.parametrize(
    "words, why",
    [
        ("create web http://192.0.2.1 --interval 20", "request_interval: it must be 10 or 30"),
        ("create web http://192.0.2.1 --threshold 11", "failure_threshold: it must be"),
        ("create web http://192.0.2.1 --regions us-east-1", "regions: 1 of them: give at least 3"),
        ("create web http://192.0.2.1 --regions a,b,c", "regions: unknown Region of checkers"),
        ("create web tcp://192.0.2.1", "port: TCP health checks must have a port specified"),
        ("create web up --threshold 2", "failure_threshold: MANUAL health checks must not have"),
        ("create web --of none", 'child_health_checks: there is no health check "none"'),
        ("create old up", "the health check old exists already"),
        ("update none --port 1", 'there is no health check "none"'),
        ("update old --port 1", "port: MANUAL health checks must not have a port"),
        ("update old --invert --version-seen 7", "the health check old is at version 1"),
        ("clear none", 'there is no health check "none"'),
        ("history none", 'there is no health check "none"'),
        ("watch none", 'there is no health check "none"'),
        ("set old down --regions us-east-1", "old has no checkers"),
        ("delete child", "the calculated health check calc counts child"),
    ],
)
def test_what_is_refused_says_why(daemon, words, why):
    daemon.signpost("health", "create", "old")
    daemon.signpost("health", "create", "child")
    daemon.signpost("health", "create", "calc", "--of", "child")
    with pytest.raises(Refused, match=re.escape(why)):
        daemon.signpost("health", *words.split())


@pytest.mark.parametrize(
    "words",
    [
        "create web sideways",
        "create http://192.0.2.1",
        "create web http://192.0.2.1 --of a",
        "update web",
        "set web down --for never",
        "set web down --for 0",
        "watch --every x",
        "clear",
    ],
)
def test_wrong_usage_is_status_2(daemon, words):
    done = daemon.command("health", *words.split())
    assert done.returncode == 2 and done.stdout == "" and done.stderr


def test_an_update_counts_versions(daemon):
    """R-HCK-3, R-HCK-7."""
    say = daemon.signpost
    say("health", "create", "web", "http://192.0.2.1/a", "--domain", "www.lab.test")
    assert say("health", "update", "web", "--port", 81, "--version-seen", 1) == "updated web: up\n"
    say("health", "update", "web", "--reset", "resource_path", "--threshold", 5)
    check = show(daemon, "web")
    assert (check["version"], check["port"], check["failure_threshold"]) == (3, 81, 5)
    assert "resource_path" not in check
    with pytest.raises(Refused, match="version 3"):
        say("health", "update", "web", "--port", 82, "--version-seen", 2)
    assert say("health", "update", "web", "--invert") == "updated web: down (inverted)\n"


# -- overrides


def test_an_override_is_told_and_undone_by_itself(daemon):
    """Who asks why learns who it was; when the time is over, answers are as before."""
    say = daemon.signpost
    say("health", "create", "web")
    daemon.import_text("lab.test", ZONE)
    assert answer(daemon) == ["192.0.2.1"]
    words = ["--for", "4s", "--reason", "new kernel", "--owner", "maria"]
    told = say("health", "set", "web", "down", *words)
    assert re.fullmatch(
        rf"set web: down \(set\)\nuntil {SINCE}, or 'signpost health clear web'\n", told
    )
    # All of this is looked at long before the time is over, or else the last line fails.
    reply = daemon.ask("one.lab.test", edns=1232)
    assert "check down (set)" in reason(reply)
    assert "check down (set)" in daemon.dig("one.lab.test")
    explained = say("explain", "one.lab.test", "A")
    assert re.search(r"check web down since \S+ \(\d+ s\) \(set by maria: new kernel\)", explained)
    assert answer(daemon) == ["192.0.2.2"]
    assert "down (set)" in say("health", "list")
    shown = say("health", "show", "web")
    assert re.search(rf"^set +down, by maria: new kernel, until {SINCE} \(", shown, re.MULTILINE)
    assert show(daemon, "web")["override"]["owner"] == "maria"
    wait_until(lambda: answer(daemon) == ["192.0.2.1"], "the override to expire")
    assert show(daemon, "web")["override"] is None
    assert "(set)" not in reason(daemon.ask("one.lab.test", edns=1232))
    wait_until(lambda: len(turns(daemon, "web")) == 3, "the turn to be kept")
    assert turns(daemon, "web") == [(True, "override"), (False, "override"), (True, "created")]


def test_requests_are_answered_while_many_overrides_end(make_daemon):
    """What has turned is stored in portions, and whoever asks need not wait for the last one."""
    count = 1500
    daemon = make_daemon().start()
    link = http.client.HTTPConnection("127.0.0.1", daemon.http_port, timeout=PATIENCE)
    check = {"type": "HTTP", "ip_address": "127.0.0.1", "disabled": True}
    for i in range(count):
        check["id"] = f"web-{i}"
        status, reply = daemon.request(
            "POST", "/signpost/v1/health-checks", check, connection=link
        )
        assert status == 200, reply
    link.close()
    daemon.stop()
    with contextlib.closing(sqlite3.connect(daemon.folder / "signpost.db")) as database:
        with database:
            database.execute(
                "UPDATE health_check SET up = 0, override_up = 0, override_regions = 0,"
                " override_since_ms = 1, override_expires_ms = ?, override_owner = 'maria',"
                " override_reason = ''",
                [int(time.time() * 1000) + 5000],
            )
        daemon.start()
        left = [count]
        while left[-1] > 0:
            assert daemon.status()["uptime_s"] < PATIENCE
            left += database.execute(
                "SELECT count(*) FROM health_check WHERE override_up IS NOT NULL"
            ).fetchone()
    assert set(left) - {0, count}


def test_an_override_outlasts_a_restart(daemon):
    say = daemon.signpost
    say("health", "create", "web", "down")
    daemon.import_text("lab.test", ZONE)
    say("health", "set", "web", "up", "--reason", "it is fine")
    daemon.process.send_signal(signal.SIGKILL)
    daemon.process.wait()
    daemon.start()
    assert answer(daemon) == ["192.0.2.1"]
    assert "(set)" in reason(daemon.ask("one.lab.test", edns=1232))
    override = show(daemon, "web")["override"]
    assert (override["reason"], override["expires_ms"]) == ("it is fine", 0)
    assert say("health", "clear", "web") == "cleared web: down\n"
    assert answer(daemon) == ["192.0.2.2"]


def test_what_was_done_is_logged(daemon):
    for words in (
        "create web",
        "update web --invert",
        "set web up --owner maria --for 1m",
        "clear web",
        "delete web",
    ):
        daemon.signpost("health", *words.split())
    said = re.findall(r"info (health check .*)", daemon.said())
    assert said == [
        "health check created check=web type=MANUAL state=up",
        "health check updated check=web type=MANUAL state=down",
        'health check override set check=web state=up owner=maria reason="" seconds=60',
        "health check override cleared check=web type=MANUAL state=down",
        "health check deleted check=web",
    ]


# -- endpoints


def test_an_endpoint_that_fails_is_told_everywhere(daemon, endpoint):
    """R-HCS-3: what the checker saw, in the words of Route 53."""
    say = daemon.signpost
    url = f"http://127.0.0.1:{endpoint.port}/health"
    say("health", "create", "web", url, "--interval", 10, "--threshold", 1, "--measure-latency")
    daemon.import_text("lab.test", ZONE)
    wait_until(lambda: show(daemon, "web")["checkers"][0]["last"], "the first probe")
    shown = say("health", "show", "web")
    assert "Success: HTTP Status Code 200, OK" in shown and "Last failures" not in shown
    assert re.search(r"^mean times +connection [\d.]+ ms, first octet", shown, re.MULTILINE)
    assert re.search(r"^healthy +1/1 checkers, 100.0 %", shown, re.MULTILINE)
    endpoint.status, endpoint.phrase = 503, "Down"
    wait_until(lambda: answer(daemon) == ["192.0.2.2"], "the answer to turn")
    shown = say("health", "show", "web")
    assert shown.count("Failure: HTTP Status Code 503, Down") >= 2
    assert re.search(r"^eu-west-1 1 +down", shown, re.MULTILINE)
    wait_until(lambda: turns(daemon, "web")[0] == (False, "probes"), "the turn to be kept")
    history = say("health", "history", "web").splitlines()
    assert re.fullmatch(rf"{SINCE} +down +probes +0/1 +\S.*", history[1])
    found = figures(daemon)
    labels = '{check="web",region="eu-west-1"}'
    assert found[f"signpost_health_check_connection_seconds_count{labels}"] >= 2
    assert found[f"signpost_health_check_connection_seconds_sum{labels}"] > 0
    assert found['signpost_health_check_percentage_healthy{check="web"}'] == 0
    assert found['signpost_probes_total{result="passed"}'] >= 1
    assert found['signpost_probes_total{result="failed"}'] >= 1
    assert daemon.status()["probes"]["started"] >= 2


# -- watch


def watch(daemon, *words, **popen):
    return subprocess.Popen(
        [BUILD / "signpost", "--api", f"unix:{daemon.socket_path}", "health", "watch", *words],
        **popen,
    )


def test_a_pipe_gets_a_line_for_every_turn(daemon):
    """Even for turns that are over before it looks again."""
    say = daemon.signpost
    say("health", "create", "web")
    say("health", "create", "calc", "--of", "web")
    with watch(daemon, stdout=subprocess.PIPE, text=True) as plain, watch(
        daemon, "web", "--json", stdout=subprocess.PIPE, text=True
    ) as objects:
        # Both have looked when they tell of something; until then turns may come too early.
        while not (
            select.select([plain.stdout], [], [], 0.5)[0]
            and select.select([objects.stdout], [], [], 0.5)[0]
        ):
            for state in ("down", "up"):
                say("health", "set", "web", state, "--owner", "maria", "--reason", state)
        first, second = plain.stdout.readline(), plain.stdout.readline()
        expected = rf"{SINCE}  (web  \w+  override: set by maria: \w+|calc  \w+  children: .*)\n"
        assert re.fullmatch(expected, first) and re.fullmatch(expected, second)
        turn = json.loads(objects.stdout.readline())
        assert (turn["id"], turn["cause"]) == ("web", "override") and turn["at_ms"] > 0
        for process in (plain, objects):
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 0


class Terminal:
    """A program with a terminal of its own."""

    def __init__(self, *command):
        pid, self.master = pty.fork()
        if pid == 0:
            os.environ.update(TERM="xterm", NO_COLOR="")
            os.execv(command[0], [str(word) for word in command])
        self.pid, self.text = pid, ""

    def read_until(self, pattern):
        """Throws away what it has read, up to the end of the pattern."""

        def find():
            if select.select([self.master], [], [], 0.05)[0]:
                self.text += os.read(self.master, 65536).decode().replace("\r\n", "\n")
            return re.search(pattern, self.text)

        found = wait_until(find, pattern)
        read, self.text = self.text[: found.end()], self.text[found.end() :]
        return read

    def wait(self):
        def ended():
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            return pid and [os.waitstatus_to_exitcode(status)]

        self.pid, status = None, wait_until(ended, "the program to end")[0]
        return status

    def close(self):
        if self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.master)


def test_a_terminal_gets_a_live_table(daemon):
    """Ctrl-C ends it, with status 0, and gives the cursor back."""
    say = daemon.signpost
    say("health", "create", "web")
    say("health", "create", "other", "down")
    terminal = Terminal(
        BUILD / "signpost", "--api", f"unix:{daemon.socket_path}", "health", "watch"
    )
    try:
        first = terminal.read_until(r"web +up ")
        assert "\033[?25l" in first and "\033[31mother  down" in first
        say("health", "set", "web", "down", "--owner", "maria", "--reason", "new kernel")
        again = terminal.read_until(r"web +down \(set\) .*by maria: new kernel")
        assert "\033[3A\r" in again, "three lines up: the table is drawn over itself"
        os.write(terminal.master, b"\x03")
        terminal.read_until(r"\033\[\?25h")
        assert terminal.wait() == 0
    finally:
        terminal.close()


# -- /metrics


def figures(daemon):
    """{sample: value} of a page that is as Prometheus wants it: HELP and TYPE before the samples
    of a metric, these together, and none twice."""
    status, page = daemon.request("GET", "/metrics")
    assert status == 200 and page.endswith("\n")
    found, kinds, current = {}, {}, None
    for line in page.splitlines():
        if line.startswith("# HELP "):
            current = line.split(" ", 3)[2]
            assert current not in kinds and line.split(" ", 3)[3]
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name == current and kind in ("counter", "gauge", "summary")
            kinds[name] = kind
        else:
            sample, value = re.fullmatch(r"(\w+(?:\{[^ ]*\})?) (\S+)", line).groups()
            name = sample.split("{")[0]
            if kinds[current] == "summary":
                name = re.sub("_(sum|count)$", "", name)
            assert name == current and sample not in found
            found[sample] = float(value)
    return found


def test_metrics_follow_the_checks(daemon):
    """R-HCM-2."""
    say = daemon.signpost
    port = free_port()
    say("health", "create", "web", f"tcp://127.0.0.1:{port}", "--disable")
    say("health", "create", "low")
    say("health", "create", "calc", "--any", "web,low")
    say("health", "set", "low", "down")
    daemon.import_text("lab.test", "@ 60 A 192.0.2.1\n")
    answer(daemon, "lab.test")
    found = figures(daemon)
    assert found['signpost_health_check_status{check="web"}'] == 1
    assert found['signpost_health_check_status{check="low"}'] == 0
    assert found['signpost_health_check_status{check="calc"}'] == 1
    assert found['signpost_health_check_child_healthy_count{check="calc"}'] == 1
    assert found['signpost_health_check_override{check="low"}'] == 1
    assert 'signpost_health_check_percentage_healthy{check="web"}' not in found  # R-HCK-6
    assert found["signpost_zones"] == 1 and found["signpost_records"] == 6
    assert found['signpost_queries_total{transport="udp4"}'] >= 1
    assert found['signpost_replies_total{rcode="NOERROR"}'] >= 1
    assert found["signpost_uptime_seconds"] >= 0
    assert found["signpost_probes_waiting"] == 0
    say("health", "clear", "low")
    assert 'signpost_health_check_override{check="low"}' not in figures(daemon)
