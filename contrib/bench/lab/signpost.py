"""signpostd: its configuration, its control socket, and the server that `compare` measures."""

import http.client
import json
import os
import socket
import time
import urllib.parse

from lab import ask
from lab.machine import BenchError, Process
from lab.peers import Server

# As many signatures of names that do not exist as anybody asks for (signatures-per-second).
NO_BUDGET = 1_000_000
READY_TIMEOUT_S = 120
REQUEST_TIMEOUT_S = 600  # an import of a million records is one request


class UnixConnection(http.client.HTTPConnection):
    """HTTP over the control socket; one connection carries any number of requests."""

    def __init__(self, path):
        super().__init__("localhost", timeout=REQUEST_TIMEOUT_S)
        self.socket_path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.socket_path)


class Daemon:
    """One signpostd with its own directory, database and port."""

    def __init__(self, path, build, port, workers=1, core=None, settings=""):
        os.makedirs(path, exist_ok=True)
        self.path = path
        self.core = core
        self.build = build
        self.port = port
        self.control_socket = os.path.join(path, "control.sock")
        self.log_path = os.path.join(path, "log")
        self.process = None
        self.configuration = os.path.join(path, "signpost.conf")
        with open(self.configuration, "w", encoding="ascii") as file:
            file.write(f"""listen = {{"127.0.0.1@{port}"}}
api-listen = {{}}
control-socket = "{self.control_socket}"
database = "{path}/signpost.db"
workers = {workers}
minimal-responses = yes
explain-clients = {{}}
log-level = "error"
{settings}
""")

    def command(self):
        return [os.path.join(self.build, "signpostd"), "-c", self.configuration]

    def start(self):
        """Starts the daemon and waits until the control socket answers."""
        self.process = Process(self.command(), self.log_path, self.core)
        deadline = time.monotonic() + READY_TIMEOUT_S
        while time.monotonic() < deadline and self.process.is_running():
            try:
                with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
                    sock.connect(self.control_socket)
                    return
            except OSError:
                time.sleep(0.01)
        raise BenchError(f"signpostd does not come up{self.process.log_tail()}")

    def stop(self):
        if self.process:
            self.process.stop()
            self.process = None

    def connect(self):
        return UnixConnection(self.control_socket)


def request(connection, method, target, body, content_type):
    """One request, answered before this returns.  Raises unless the status is 200."""
    connection.request(method, "/signpost/v1/" + target, body, {"Content-Type": content_type})
    response = connection.getresponse()
    text = response.read()
    if response.status != 200:
        raise BenchError(f"{method} {target}: {response.status} {text.decode(errors='replace')}")
    return text


def import_zone(connection, origin, text):
    target = f"zones/{urllib.parse.quote(origin)}/import"
    return json.loads(request(connection, "POST", target, text, "text/dns"))


def enable_signing(connection, origin):
    """What `signpost dnssec enable ZONE` does."""
    target = f"zones/{urllib.parse.quote(origin)}/dnssec"
    request(connection, "PUT", target, json.dumps({"signing": True}), "application/json")


def create_check(connection, name, **config):
    """A health check; without more one that nothing probes, and that is up."""
    body = json.dumps({"id": name, **config})
    request(connection, "POST", "health-checks", body, "application/json")


def import_locations(connection, text):
    request(connection, "POST", "locations/import", text, "text/csv")


def change(connection, origin, changes):
    target = f"zones/{urllib.parse.quote(origin)}/changes"
    body = json.dumps({"changes": changes})
    return json.loads(request(connection, "POST", target, body, "application/json"))


def read_status(connection):
    connection.request("GET", "/signpost/v1/status")
    return json.loads(connection.getresponse().read())


class Signpost(Server):
    """For `compare`: the zones are in the database before the first start that is measured."""

    name = "signpost"
    build = None   # set once by compare
    signed_denial = ask.NOERROR

    def configure(self):
        self.daemon = Daemon(self.path, self.build, self.port, core=self.core,
                             settings=self.settings())
        self.daemon.start()
        connection = self.daemon.connect()
        try:
            for check in self.world.checks:
                create_check(connection, check)
            if self.world.locations:
                import_locations(connection, self.world.locations)
            for zone in self.world.zones:
                import_zone(connection, zone, self.world.read_zone(zone))
                if self.world.is_signed:
                    enable_signing(connection, zone)
        finally:
            connection.close()
            self.daemon.stop()

    def settings(self):
        return f"signatures-per-second = {NO_BUDGET}\n" if self.world.is_signed else ""

    def command(self):
        return self.daemon.command()
