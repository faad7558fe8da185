"""The servers: how each is configured and started, all on the same terms.

One UDP worker, minimal responses, no rate limit, no query log, loopback only, nothing outside its
own temporary directory.  Everything else is the server's own default.
"""

import os
import shutil

from lab import ask
from lab.machine import BenchError, Process, compile_helper, find, free_port, subprocess_run
from lab.zones import first_questions

START_TIMEOUT_S = 60


class Server:
    """One server with one world loaded; subclasses say how."""

    name = ""
    answers = True   # the floor answers nothing, it only replies
    signed_denial = ask.NXDOMAIN   # what it says of a name that does not exist, in a signed zone

    def __init__(self, path, world, core):
        self.path = os.path.join(path, self.name)
        os.makedirs(self.path)
        self.world = world
        self.core = core
        self.port = free_port()
        self.process = None
        self.configure()

    def configure(self):
        """Writes the configuration; called once."""

    def command(self):
        """The command that runs the server in the foreground."""
        raise NotImplementedError

    def file(self, name, text):
        path = os.path.join(self.path, name)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        return path

    def start(self):
        """Starts the server and returns when it has answered right."""
        command = self.command()
        self.process = Process(command, os.path.join(self.path, "log"), self.core)
        questions = (self.expected(first_questions(self.world)) if self.answers
                     else [ask.ANY_REPLY])
        fault = ask.wait_until_right(self.port, questions, START_TIMEOUT_S, self.process.is_running)
        if fault:
            raise BenchError(f"{self.name} answers wrongly.  {fault}{self.process.log_tail()}")

    def check(self, row):
        """Raises unless each sample of a row's questions gets its right answer."""
        if not self.answers:
            return
        with ask.client(self.port) as sock:
            for question in self.expected(row.samples):
                reply = ask.ask(sock, question, 1)
                if reply is None or not ask.is_right(reply, question):
                    raise BenchError(f"{self.name}: {ask.describe(reply, question)}")
        if row.is_signed:
            from lab import validate   # not before the packages it needs are installed
            validate.check(self, row.samples)

    def expected(self, questions):
        """The questions, with the rcodes that are right of this server."""
        return [question._replace(rcode=self.signed_denial)
                if question.is_signed and question.rcode == ask.NXDOMAIN else question
                for question in questions]

    def nxdomain_share(self, row):
        says_so = not row.is_signed or self.signed_denial == ask.NXDOMAIN
        return row.nxdomain_share if self.answers and says_so else 0

    def stop(self):
        if self.process:
            self.process.stop()
            self.process = None


class Floor(Server):
    name = "floor"
    answers = False

    def configure(self):
        self.binary = compile_helper("floor", self.path)

    def command(self):
        return [self.binary, str(self.port)]


class Gdnsd(Server):
    name = "gdnsd"

    def configure(self):
        os.symlink(self.world.directory(self.name), os.path.join(self.path, "zones"))
        for directory in ("run", "state"):
            os.makedirs(os.path.join(self.path, directory))
        self.file("config", f"""options => {{
    listen => 127.0.0.1:{self.port}
    udp_threads => 1
    tcp_threads => 1
    run_dir => {self.path}/run
    state_dir => {self.path}/state
}}
{self.world.gdnsd_plugins}""")

    def command(self):
        return [find("gdnsd"), "-c", self.path, "start"]


class Nsd(Server):
    name = "nsd"

    def configure(self):
        zones = "".join(f'zone:\n    name: "{zone}"\n    zonefile: "{zone}"\n'
                        for zone in self.world.zones)
        self.file("nsd.conf", f"""server:
    server-count: 1
    ip-address: 127.0.0.1
    port: {self.port}
    minimal-responses: yes
    rrl-ratelimit: 0
    rrl-whitelist-ratelimit: 0
    username: ""
    chroot: ""
    database: ""
    zonesdir: "{self.world.directory(self.name)}"
    zonelistfile: "{self.path}/zone.list"
    xfrdfile: "{self.path}/xfrd.state"
    xfrdir: "{self.path}"
    pidfile: "{self.path}/pid"
remote-control:
    control-enable: no
{zones}""")

    def command(self):
        return [find("nsd"), "-d", "-c", os.path.join(self.path, "nsd.conf")]


class Knot(Server):
    name = "knot"
    signed_denial = ask.NOERROR

    def configure(self):
        module = "    module: mod-onlinesign\n" if self.world.is_signed else ""
        zones = "".join(f"  - domain: {zone}\n    file: {zone}\n" for zone in self.world.zones)
        self.file("knot.conf", f"""server:
    rundir: {self.path}
    listen: 127.0.0.1@{self.port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: error
database:
    storage: {self.path}
template:
  - id: default
    storage: {self.world.zone_directory}
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
{module}zone:
{zones}""")

    def command(self):
        return [find("knotd"), "-c", os.path.join(self.path, "knot.conf")]


def named_zones(world, server):
    """The zones in BIND's own syntax, which PowerDNS reads too."""
    directory = world.directory(server)
    return "".join(f'zone "{zone}" {{ type master; file "{directory}/{zone}"; }};\n'
                   for zone in world.zones)


class PowerDns(Server):
    name = "powerdns"

    def configure(self):
        zones = self.file("zones.conf", named_zones(self.world, self.name))
        self.keys = os.path.join(self.path, "keys.sqlite3")
        self.file("pdns.conf", f"""launch=bind
bind-config={zones}
local-address=127.0.0.1
local-port={self.port}
receiver-threads=1
distributor-threads=1
daemon=no
guardian=no
disable-syslog=yes
loglevel=3
socket-dir={self.path}
write-pid=no
security-poll-suffix=
enable-lua-records={"yes" if self.world.has_policies else "no"}
bind-dnssec-db={self.keys if self.world.is_signed else ""}
""")
        if self.world.is_signed:
            self.make_keys()

    def make_keys(self):
        """One key a zone, ECDSAP256SHA256; denial by the NSEC records of the zone as it stands."""
        self.tool("create-bind-db", self.keys)
        for zone in self.world.zones:
            self.tool("secure-zone", zone)

    def tool(self, *arguments):
        subprocess_run([find("pdnsutil"), f"--config-dir={self.path}", *arguments], quiet=True)

    def command(self):
        return [find("pdns_server"), f"--config-dir={self.path}"]


class Bind(Server):
    name = "bind"

    def configure(self):
        # Debian's AppArmor profile is for /usr/sbin/named and knows no temporary directories.
        self.binary = os.path.join(self.path, "named")
        shutil.copy(find("named"), self.binary)
        self.file("named.conf", f"""options {{
    directory "{self.path}";
    pid-file "{self.path}/pid";
    session-keyfile "{self.path}/session.key";
    managed-keys-directory "{self.path}";
    lock-file none;
    listen-on port {self.port} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }};
    recursion no;
    minimal-responses yes;
    dnssec-validation no;
    empty-zones-enable no;
    notify no;
}};
controls {{ }};
logging {{ category default {{ null; }}; }};
{named_zones(self.world, self.name)}""")

    def command(self):
        return [self.binary, "-f", "-n", "1", "-c", os.path.join(self.path, "named.conf")]
