"""Health checks that look at real servers, through the whole daemon.

The shortest interval is 10 s, so all checks of a scene are made at once and waited for together.
That limits are kept to the microsecond is tested with time as data (tests/unit/probe/); what is
late here is late by far.
"""

import contextlib
import gzip
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest

import endpoints
from endpoints import Endpoint, answer, body_with, endless, raw
from harness import Daemon, free_port, values, wait_until

NEEDLE = "all is well"
OK = b"HTTP/1.1 200 OK\r\n"
GOOD = "Success: HTTP Status Code 200, OK"
NO_STATUS = "Failure: No status code came within 2 seconds of the connection"
TOO_LONG = (
    "Failure: HTTP Status Code 200, OK. The headers of the response are longer than 16384 bytes"
)
MISSING = (
    "Failure: HTTP Status Code 200, OK. The search string is not in the first 5120 bytes of the "
    "body"
)
ONE_CHECKER = ["us-east-1"]
SOON = ["--interval", "10", "--threshold", "1"]
SEARCH = ["--search", NEEDLE]


def look(daemon, check):
    """The check, as its page says."""
    return json.loads(daemon.signpost("health", "show", check, "--json"))


def last_look(daemon, check):
    """What the first checker saw last, None before its first look."""
    return look(daemon, check)["checkers"][0]["last"]


def wait_for_looks(daemon, checks):
    for check in checks:
        wait_until(lambda: last_look(daemon, check), f"a look of {check}")


# -- every kind of endpoint, all at once

# What a check says of an endpoint: why, what the endpoint does, options, healthy, text.
PLAIN = [
    ("200", answer(), [], True, GOOD),
    (
        "S-30d-304",
        answer("304 Not Modified"),
        [],
        True,
        "Success: HTTP Status Code 304, Not Modified",
    ),
    ("S-30d-404", answer("404 Not Found"), [], False, "Failure: HTTP Status Code 404, Not Found"),
    (
        "S-30d-503",
        answer("503 Service Unavailable"),
        [],
        False,
        "Failure: HTTP Status Code 503, Service Unavailable",
    ),
    (
        "R-HCE-12-redirect",
        answer("302 Found", ["Location: http://127.0.0.1:9/"]),
        [],
        True,
        "Success: HTTP Status Code 302, Found",
    ),
    (
        "R-HCE-12-interim",
        answer(first=b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
        [],
        True,
        GOOD,
    ),
    ("HTTP-1.0", answer(version="HTTP/1.0"), [], True, GOOD),
    ("S-30b-slow-but-in-time", answer(late=1), [], True, GOOD),
    ("S-30c-status-too-late", answer(late=4), [], False, NO_STATUS),
    ("silence", endpoints.silent, [], False, NO_STATUS),
    (
        "slow-headers",
        endless(OK, b"X: y\r\n", pause=0.3),
        [],
        False,
        "Failure: HTTP Status Code 200, OK. The headers did not end within 2 seconds of the status "
        "code",
    ),
    ("endless-headers", endless(OK, b"X: y\r\n"), [], False, TOO_LONG),
    ("an-endless-header", endless(OK + b"X: ", b"y" * 1000), [], False, TOO_LONG),
    ("S-30f-17000-octets", answer(headers=["X: " + "y" * 990] * 17), [], False, TOO_LONG),
    (
        "S-30f-no-colon",
        answer(headers=["Server"]),
        [],
        False,
        "Failure: HTTP Status Code 200, OK. The response is not well-formed HTTP",
    ),
    ("garbage", endpoints.babble, [], False, "Failure: The response is not well-formed HTTP"),
    (
        "closed-at-once",
        endpoints.hang_up,
        [],
        False,
        "Failure: The connection was closed before a status code came",
    ),
    (
        "reset",
        endpoints.reset,
        [],
        False,
        "Failure: The connection was closed before a status code came: Connection reset by peer",
    ),
    (
        "closed-in-the-headers",
        raw(OK + b"Server: x\r\n"),
        [],
        False,
        "Failure: HTTP Status Code 200, OK. The connection was closed before the headers ended",
    ),
    ("an-endless-body", endless(OK + b"\r\n", b"x" * 4096), [], True, GOOD),
    ("the-string", answer(body=b"say " + NEEDLE.encode()), SEARCH, True, GOOD),
    ("the-string-in-pieces", raw(OK + b"\r\nall ", b"is ", b"well", pause=0.2), SEARCH, True, GOOD),
    ("S-30g-ends-at-5120", answer(body=body_with(NEEDLE, 5120)), SEARCH, True, GOOD),
    ("S-30g-ends-at-5121", answer(body=body_with(NEEDLE, 5121)), SEARCH, False, MISSING),
    ("S-30h-other-case", answer(body=NEEDLE.upper().encode()), SEARCH, False, MISSING),
    (
        "S-30h-gzip",
        answer(headers=["Content-Encoding: gzip"], body=gzip.compress(body_with(NEEDLE, 5120))),
        SEARCH,
        True,
        GOOD,
    ),
    (
        "R-HCE-14-deflate",
        answer(headers=["Content-Encoding: deflate"], body=endpoints.deflate(NEEDLE.encode())),
        SEARCH,
        True,
        GOOD,
    ),
    (
        "a-compressed-bomb",
        answer(headers=["Content-Encoding: gzip"], body=endpoints.bomb()),
        SEARCH,
        False,
        MISSING,
    ),
    (
        "S-30i-302-with-it",
        answer("302 Found", body=NEEDLE.encode()),
        SEARCH,
        True,
        "Success: HTTP Status Code 302, Found",
    ),
    (
        "S-30j-a-trickle",
        endless(OK + b"\r\n", b".", pause=0.1),
        SEARCH,
        False,
        "Failure: HTTP Status Code 200, OK. The search string did not come within 2 seconds of the "
        "status code",
    ),
    ("an-endless-body-without-it", endless(OK + b"\r\n", b"x" * 4096), SEARCH, False, MISSING),
]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """A daemon with one checker, and all of PLAIN looked at once at least."""
    daemon = Daemon(tmp_path_factory.mktemp("crowd"), checkers=ONE_CHECKER)
    servers = {}
    try:
        daemon.start()
        for why, behave, options, _, _ in PLAIN:
            servers[why] = Endpoint(behave)
            url = f"http://127.0.0.1:{servers[why].port}/{why}?a=b"
            daemon.signpost("health", "create", why, url, *options, *SOON)
        wait_for_looks(daemon, servers)
        yield daemon, servers
        daemon.stop()
    finally:
        daemon.kill()
        for server in servers.values():
            server.close()


@pytest.mark.parametrize(
    "why, up, text", [pytest.param(row[0], row[3], row[4], id=row[0]) for row in PLAIN]
)
def test_an_endpoint(crowd, why, up, text):
    daemon, _ = crowd
    check = look(daemon, why)
    assert check["checkers"][0]["last"]["text"] == text
    assert check["up"] == up
    assert (check["healthy_count"], check["watched_count"]) == (int(up), 1)


def test_what_an_endpoint_hears(crowd):
    """R-HCE-3, R-HCE-5, R-HCE-7."""
    _, servers = crowd
    lines = servers["200"].requests[0].split("\r\n")
    assert lines[0] == "GET /200?a=b HTTP/1.1"
    assert f"Host: 127.0.0.1:{servers['200'].port}" in lines
    assert "User-Agent: Signpost-Health-Check-Service (ref 200)" in lines
    assert "Connection: close" in lines


# -- connections, TLS and names


def test_connections(make_daemon, tmp_path):
    """TCP, IPv6, refused and blocked connections, and what a checker sends from."""
    daemon = make_daemon(checkers=["us-east-1@127.0.0.2"]).start()
    with contextlib.ExitStack() as stack:

        def serve(behave, address="127.0.0.1"):
            return stack.enter_context(contextlib.closing(Endpoint(behave, address)))

        db, short, six, web = (
            serve(endpoints.silent),
            serve(endpoints.hang_up),
            serve(answer(), "::1"),
            serve(answer()),
        )
        blocked = stack.enter_context(contextlib.closing(endpoints.Backlog()))
        refused = "Failure: The connection could not be established: Connection refused"
        timed_out = "Failure: Connection timed out."
        expected = {  # check -> URL, up, how its text begins
            "tcp": (f"tcp://127.0.0.1:{db.port}", True, "Success: Connection established"),
            "tcp-short": (f"tcp://127.0.0.1:{short.port}", True, "Success: Connection established"),
            "tcp-closed": (f"tcp://127.0.0.1:{free_port()}", False, refused),
            "http-closed": (f"http://127.0.0.1:{free_port()}/", False, refused),
            "tcp-blocked": (f"tcp://127.0.0.1:{blocked.port}", False, timed_out),
            "http-blocked": (f"http://127.0.0.1:{blocked.port}/", False, timed_out),
            "six": (f"http://[::1]:{six.port}/", True, GOOD),
            "named": (f"http://127.0.0.1:{web.port}/", True, GOOD),
        }
        for check, (url, _, _) in expected.items():
            name = ["--domain", "www.lab.test"] if check == "named" else []
            daemon.signpost("health", "create", check, url, *name, *SOON)
        wait_for_looks(daemon, expected)
        for check, (_, up, text) in expected.items():
            seen = look(daemon, check)
            assert seen["checkers"][0]["last"]["text"].startswith(text), check
            assert seen["up"] == up, check
            assert seen["checkers"][0]["source"] == "127.0.0.2"
        assert set(db.peers) == {"127.0.0.2"}
        assert set(six.peers) == {"::1"}  # the checker's address is of the other family
        assert f"\r\nHost: www.lab.test:{web.port}\r\n" in web.requests[0]
        assert f"\r\nHost: [::1]:{six.port}\r\n" in six.requests[0]


def test_tls(make_daemon, tmp_path):
    """R-HCE-16, R-HCE-17: no certificate is refused, and names are sent as the check says."""
    right = endpoints.make_certificate(tmp_path, "www.lab.test")
    wrong = endpoints.make_certificate(tmp_path, "other.lab.test")
    daemon = make_daemon(checkers=ONE_CHECKER).start()
    domain = ["--domain", "www.lab.test"]
    rows = {  # check -> certificate, needs a name, options, text, the first names that are heard
        "self-signed": (right, False, domain, GOOD, ["www.lab.test"]),
        "wrong-name": (wrong, False, domain, GOOD, ["www.lab.test", None]),
        "no-sni": (right, False, [*domain, "--no-sni"], GOOD, [None]),
        "no-name": (right, False, [], GOOD, [None]),
        "string": (right, False, [*domain, *SEARCH], GOOD, ["www.lab.test"]),
        "needs-sni": (
            right,
            True,
            [*domain, "--no-sni"],
            "Failure: SSL alert handshake_failure",
            [None],
        ),
    }
    heard = {check: [] for check in rows}
    with contextlib.ExitStack() as stack:

        def create(check, behave, tls, options):
            server = stack.enter_context(contextlib.closing(Endpoint(behave, tls=tls)))
            url = f"https://127.0.0.1:{server.port}/"
            daemon.signpost("health", "create", check, url, *options, *SOON)

        for check, (certificate, needs_name, options, _, _) in rows.items():
            tls = endpoints.tls_of(*certificate, needs_name=needs_name, names=heard[check])
            create(check, answer(body=NEEDLE.encode()), tls, options)
        create("no-tls", endpoints.babble, None, [])
        create("half", endpoints.silent, None, [])
        wait_for_looks(daemon, [*rows, "no-tls", "half"])
        for check, (_, _, _, text, names) in rows.items():
            seen = last_look(daemon, check)
            assert seen["text"] == text, check
            assert heard[check][: len(names)] == names, check
            assert not seen["passed"] or seen["tls_ms"] > 0
        assert last_look(daemon, "no-tls")["text"].startswith("Failure: The TLS handshake failed")
        assert last_look(daemon, "half")["text"] == NO_STATUS


def test_names(make_daemon):
    """R-HCE-4, S-30k: a name is asked for before each look, here of the daemon itself."""
    port = free_port()
    daemon = make_daemon(
        checkers=ONE_CHECKER, listen=[f"127.0.0.1@{port}"], check_resolver=f"127.0.0.1@{port}"
    )
    daemon.port = port
    daemon.start()
    daemon.import_text(
        "lab.test", "$TTL 5\nweb A 127.0.0.1\nalias CNAME web\nsix AAAA ::1\n", name="lab.zone"
    )
    with contextlib.closing(Endpoint(answer())) as server:
        resolved = "Success: HTTP Status Code 200, OK. Resolved IP: 127.0.0.1"
        rows = {
            "web": resolved,
            "alias": resolved,
            "six": "Failure: DNS resolution failed: the name has no A record",
            "none": "Failure: DNS resolution failed: there is no such name",
        }
        for name in rows:
            url = f"http://{name}.lab.test:{server.port}/"
            daemon.signpost("health", "create", name, url, *SOON)
        wait_for_looks(daemon, rows)
        for name, text in rows.items():
            assert last_look(daemon, name)["text"] == text
        assert f"\r\nHost: web.lab.test:{server.port}\r\n" in "".join(server.requests)


# -- what follows from looks

FAILOVER = """\
$TTL 5
;@ www 5 IN A failover id="p" role=PRIMARY check=web value 192.0.2.1
;@ www 5 IN A failover id="s" role=SECONDARY value 192.0.2.2
"""


def wait_for_answer(daemon, expected):
    wait_until(lambda: values(daemon.ask("www.lab.test")) == [expected], f"{expected} for www")


def test_answers_follow_an_endpoint(make_daemon):
    daemon = make_daemon(checkers=ONE_CHECKER).start()
    with contextlib.closing(Endpoint(answer())) as server:
        url = f"http://127.0.0.1:{server.port}/"
        daemon.signpost("health", "create", "web", url, "--measure-latency", *SOON)
        daemon.import_text("lab.test", FAILOVER)
        wait_for_answer(daemon, "192.0.2.1")
        server.behave = answer("503 Tired")
        wait_for_answer(daemon, "192.0.2.2")
        assert last_look(daemon, "web")["text"] == "Failure: HTTP Status Code 503, Tired"
        server.behave = answer()
        wait_for_answer(daemon, "192.0.2.1")
        assert daemon.status()  # and the daemon is as well as its endpoint


def test_few_open_files_are_enough_for_several_looks(make_daemon):
    """One endpoint that hangs must not keep all others waiting, however low the limit is."""

    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (120, 120))

    with socket.create_server(("127.0.0.1", 0), backlog=100) as silent:
        daemon = make_daemon(checkers=["us-east-1"] * 8).start(preexec_fn=limit)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        for i in range(8):
            daemon.signpost("health", "create", f"web-{i}", url, *SOON)
        wait_until(lambda: daemon.status()["probes"]["under_way"] > 3, "looks side by side")


def test_a_check_that_is_deleted_ends_its_looks(make_daemon):
    """At once: a look that is under way is dropped, and there is no further one."""
    daemon = make_daemon(checkers=ONE_CHECKER).start()
    gone = []

    def wait_for_end(endpoint, stream):
        endpoints.silent(endpoint, stream)
        gone.append(time.monotonic())

    with contextlib.closing(Endpoint(wait_for_end)) as server:
        daemon.signpost("health", "create", "web", f"http://127.0.0.1:{server.port}/", *SOON)
        wait_until(lambda: server.peers, "a look")
        daemon.signpost("health", "delete", "web")
        wait_until(lambda: gone, "the end of it")
        assert len(server.peers) == 1


# -- a real server


class Nginx:
    """nginx with its own folder, plain on one port and TLS on another, as whoever runs the test."""

    def __init__(self, folder, certificate, key):
        self.folder = folder
        self.port, self.tls_port = free_port(), free_port()
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "www").mkdir(parents=True)
        (folder / "www/index.html").write_text(f"<p>{NEEDLE}</p>")
        (folder / "nginx.conf").write_text(
            f"""\
{user} daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    log_format names '$server_port "$ssl_server_name" "$http_user_agent" $status';
    access_log {folder}/access.log names;
    server {{
        listen 127.0.0.1:{self.port};
        listen 127.0.0.1:{self.tls_port} ssl;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        root {folder}/www;
        location /moved {{ return 301 /; }}
    }}
}}
"""
        )
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [NGINX, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(self.answers, "nginx to start")
        return self

    def answers(self):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        return False

    def stop(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
            self.process = None

    def said(self):
        return (self.folder / "access.log").read_text()


NGINX = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")


@pytest.mark.skipif(NGINX is None, reason="needs nginx (contrib/install-packages test)")
def test_nginx(make_daemon, tmp_path):
    """HTTP and HTTPS of a server that everybody has; then it stops, and comes back."""
    nginx = Nginx(tmp_path / "nginx", *endpoints.make_certificate(tmp_path, "www.lab.test"))
    daemon = make_daemon(checkers=ONE_CHECKER).start()
    plain, tls = f"http://127.0.0.1:{nginx.port}", f"https://127.0.0.1:{nginx.tls_port}"
    name = ["--domain", "www.lab.test"]
    rows = {  # check -> URL and options, text while nginx runs
        "web": ([f"{plain}/"], GOOD),
        "moved": ([f"{plain}/moved"], "Success: HTTP Status Code 301, Moved Permanently"),
        "missing": ([f"{plain}/nothing"], "Failure: HTTP Status Code 404, Not Found"),
        "string": ([f"{plain}/", *SEARCH], GOOD),
        "tls": ([f"{tls}/", *name], GOOD),
        "tls-string": ([f"{tls}/", *name, *SEARCH], GOOD),
        "tls-no-sni": ([f"{tls}/", *name, "--no-sni"], GOOD),
        "tcp": ([f"tcp://127.0.0.1:{nginx.port}"], "Success: Connection established"),
        "no-tls": (
            [f"http://127.0.0.1:{nginx.tls_port}/"],
            "Failure: HTTP Status Code 400, Bad Request",
        ),
    }
    try:
        nginx.start()
        for check, (options, _) in rows.items():
            daemon.signpost("health", "create", check, *options, *SOON)
        daemon.import_text("lab.test", FAILOVER)
        wait_for_looks(daemon, rows)
        for check, (_, text) in rows.items():
            assert last_look(daemon, check)["text"] == text, check
        for check, sent in (("tls", "www.lab.test"), ("tls-no-sni", "-")):
            agent = f"Signpost-Health-Check-Service (ref {check})"
            assert f'{nginx.tls_port} "{sent}" "{agent}" 200\n' in nginx.said()
        wait_for_answer(daemon, "192.0.2.1")
        nginx.stop()
        wait_for_answer(daemon, "192.0.2.2")
        wait_until(lambda: not look(daemon, "tls")["up"], "the end of tls")
        refused = "Failure: The connection could not be established: Connection refused"
        assert last_look(daemon, "tls")["text"] == refused
        nginx.start()
        wait_for_answer(daemon, "192.0.2.1")
    finally:
        nginx.stop()


# -- a network of its own


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


@contextlib.contextmanager
def two_networks():
    """Names of two network namespaces with a link between them: 198.18.0.1 and 198.18.0.2, their
    ends called "left" and "right"."""
    left, right = f"signpost-l{os.getpid()}", f"signpost-r{os.getpid()}"
    with contextlib.ExitStack() as stack:
        try:
            for name in (left, right):
                ip("netns", "add", name)
                stack.callback(ip, "netns", "del", name)
            ip("-n", left, "link", "add", "left", "type", "veth", "peer", "right", "netns", right)
        except (OSError, subprocess.CalledProcessError) as fault:
            pytest.skip(f"no network namespaces here: {fault}")
        for name, end, address in ((left, "left", 1), (right, "right", 2)):
            ip("-n", name, "address", "add", f"198.18.0.{address}/30", "dev", end)
            for device in (end, "lo"):
                ip("-n", name, "link", "set", device, "up")
        yield left, right


SERVE = """
import http.server
http.server.HTTPServer(("198.18.0.2", 8080), http.server.BaseHTTPRequestHandler).serve_forever()
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root for network namespaces")
def test_a_link_that_is_cut(make_daemon):
    """Checkers with paths of their own: one sends through the link, the other one through the
    loopback interface, where it reaches nobody."""
    with two_networks() as (left, right):
        server = subprocess.Popen(
            ["ip", "netns", "exec", right, sys.executable, "-c", SERVE], stderr=subprocess.DEVNULL
        )
        daemon = make_daemon(checkers=["us-east-1@left", "us-west-1@lo"])
        try:
            daemon.start(through=["ip", "netns", "exec", left])
            daemon.signpost("health", "create", "tcp", "tcp://198.18.0.2:8080", *SOON)

            def checkers():
                seen = look(daemon, "tcp")
                return [checker["up"] for checker in seen["checkers"]], seen["up"]

            def looked():
                return all(checker["last"] for checker in look(daemon, "tcp")["checkers"])

            wait_until(looked, "both checkers to look")
            wait_until(lambda: checkers() == ([True, False], True), "one path of two")
            ip("-n", right, "link", "set", "right", "down")
            wait_until(lambda: checkers() == ([False, False], False), "the link to be missed")
            ip("-n", right, "link", "set", "right", "up")
            wait_until(lambda: checkers() == ([True, False], True), "the link to be back")
            daemon.stop()
        finally:
            daemon.kill()
            server.terminate()
            server.wait()
