"""What the scenes stand on: a signpostd of their own, and ways to ask it.

SIGNPOST_BUILD names the folder with signpostd and signpost (build/ unless told otherwise).
"""

import contextlib
import http.client
import json
import os
import pathlib
import re
import select
import signal
import socket
import struct
import subprocess
import time

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("SIGNPOST_BUILD", TOP / "build")).resolve()
ZONES = TOP / "zones"

# Long enough for a loaded machine under a sanitizer.  Nothing is expected to take this long, and no
# test says how fast anything is.
PATIENCE = 30


def free_port(addresses=("127.0.0.1", "::1")):
    """A port that is free for UDP and TCP at each of these addresses."""
    for _ in range(100):
        port = 0
        with contextlib.ExitStack() as stack:
            try:
                for address in addresses:
                    family = socket.AF_INET6 if ":" in address else socket.AF_INET
                    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                        sock = stack.enter_context(socket.socket(family, kind))
                        sock.bind((address, port))
                        port = sock.getsockname()[1]
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


def wait_until(condition, what):
    """The first true value of condition()."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {PATIENCE} s for {what}")


def config_text(settings):
    """{"listen": ["127.0.0.1@53"], "workers": 2} as signpost.conf has it.  None leaves a key
    out."""

    def value_text(value):
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, (list, tuple)):
            return "{ " + ", ".join(value_text(item) for item in value) + " }"
        return str(value) if isinstance(value, int) else f'"{value}"'

    return "".join(
        f"{key} = {value_text(value)}\n" for key, value in settings.items() if value is not None
    )


def checks_of(zone_text):
    """The health checks that the record sets of a zone file name."""
    return sorted(set(re.findall(r"^;@ .*\bcheck=(\S+)", zone_text, re.MULTILINE)))


class Refused(Exception):
    """The command line ended with status 1; the text is what it said."""


class Daemon:
    """One signpostd with its own folder.  Options are configuration keys, - written as _."""

    def __init__(self, folder, **options):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.http_port = free_port()
        self.socket_path = self.folder / "control.sock"
        self.settings = {
            "listen": [f"127.0.0.1@{self.port}", f"::1@{self.port}"],
            "api-listen": [f"127.0.0.1@{self.http_port}"],
            "control-socket": str(self.socket_path),
            "database": str(self.folder / "signpost.db"),
            "workers": 2,
        }
        self.settings.update({key.replace("_", "-"): value for key, value in options.items()})
        self.config = self.folder / "signpost.conf"
        self.stderr_path = self.folder / "stderr"
        self.process = None

    # -- life

    def write_config(self, **options):
        self.settings.update({key.replace("_", "-"): value for key, value in options.items()})
        self.config.write_text(config_text(self.settings))

    def spawn(self, *arguments, through=(), **popen):
        """Starts the program, through another one that ends in exec if need be, and does not
        wait for it."""
        self.write_config()
        with open(self.stderr_path, "ab") as stderr:
            self.process = subprocess.Popen(
                [*through, str(BUILD / "signpostd"), "-c", str(self.config), *arguments],
                stdin=subprocess.DEVNULL,
                stderr=stderr,
                **popen,
            )
        return self

    def start(self, *arguments, **popen):
        self.spawn(*arguments, **popen)
        wait_until(
            lambda: self.process.poll() is not None or self.answers_http(), "signpostd to start"
        )
        assert self.process.poll() is None, f"signpostd did not start:\n{self.said()}"
        return self

    def answers_http(self):
        try:
            with socket.socket(socket.AF_UNIX) as control:
                control.connect(str(self.socket_path))
                control.sendall(
                    b"GET /signpost/v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                )
                return control.recv(12).endswith(b" 200")
        except OSError:
            return False

    def stop(self):
        """TERM, and it must end well: status 0 and no word from a sanitizer."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE)
        self.check_sanitizers()
        assert status == 0, f"signpostd ended with {status}:\n{self.said()}"

    def kill(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
        if self.process is not None:
            self.process.wait(PATIENCE)

    def fails_to_start(self, *arguments, **popen):
        """What it says when it refuses to start."""
        before = len(self.said())
        self.spawn(*arguments, **popen)
        try:
            status = self.process.wait(PATIENCE)
        finally:
            self.kill()
        self.check_sanitizers()
        assert status == 1, f"expected a refusal, got status {status}:\n{self.said()}"
        return self.said()[before:]

    def said(self):
        return self.stderr_path.read_text(errors="replace") if self.stderr_path.exists() else ""

    def check_sanitizers(self):
        found = re.search(
            r"(ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|runtime error:).*", self.said()
        )
        assert not found, self.said()[found.start() :][:6000]

    # -- the command line and HTTP

    def command(self, *arguments, stdin=None, api=None):
        return subprocess.run(
            [
                str(BUILD / "signpost"),
                "--api",
                api or f"unix:{self.socket_path}",
                *map(str, arguments),
            ],
            input=stdin,
            capture_output=True,
            text=not isinstance(stdin, bytes),
            timeout=PATIENCE * 4,
        )

    def signpost(self, *arguments, stdin=None):
        """What it prints; Refused with what it complains of."""
        done = self.command(*arguments, stdin=stdin)
        if done.returncode == 1:
            raise Refused(done.stderr if isinstance(done.stderr, str) else done.stderr.decode())
        assert done.returncode == 0, f"signpost {' '.join(map(str, arguments))}: {done}"
        return done.stdout

    def import_text(self, origin, text, *options, name="zone.txt"):
        path = self.folder / name
        path.write_text(text, newline="")
        return self.signpost("zone", "import", origin, path, *options)

    def import_examples(self):
        """zones/*.zone, and the health checks that they name."""
        for path in sorted(ZONES.glob("*.zone")):
            for check in checks_of(path.read_text()):
                self.signpost("health", "create", check)
            self.signpost("zone", "import", path.stem, path)

    def request(self, method, path, body=None, headers=None, connection=None):
        """(status, parsed JSON or text) over HTTP."""
        own = connection or http.client.HTTPConnection(
            "127.0.0.1", self.http_port, timeout=PATIENCE
        )
        try:
            if isinstance(body, (dict, list)):
                body = json.dumps(body)
            own.request(method, path, body, headers or {})
            reply = own.getresponse()
            text = reply.read().decode()
            is_json = reply.headers.get_content_type() == "application/json"
            return reply.status, json.loads(text) if is_json else text
        finally:
            if connection is None:
                own.close()

    def status(self):
        return self.request("GET", "/signpost/v1/status")[1]

    # -- DNS

    def ask(self, name, rdtype="A", tcp=False, address="127.0.0.1", source=None, **options):
        """A dns.message of the reply.  source is the client's own address."""
        query = make_query(name, rdtype, **options)
        wire = self.exchange(query.to_wire(), tcp, address, source)
        reply = read_reply(wire)
        assert reply.id == query.id
        reply.wire_size = len(wire)
        return reply

    def exchange(self, wire, tcp=False, address="127.0.0.1", source=None):
        if tcp:
            with self.connect(address, source) as stream:
                send_message(stream, wire)
                return receive_message(stream)
        with self.datagrams(address, source) as link:
            link.send(wire)
            return link.recv(65535)

    def is_silent(self, wire):
        """Whether a datagram gets no reply: the reply to a good query sent after it comes first."""
        marker = make_query("marker.invalid", "A")
        with self.datagrams() as link:
            link.send(wire)
            replies = []
            # Any worker may serve a socket, but one socket is always served by the same: in order.
            link.send(marker.to_wire())
            while not replies or replies[-1][:2] != struct.pack("!H", marker.id):
                replies.append(link.recv(65535))
        return len(replies) == 1

    def connect(self, address="127.0.0.1", source=None):
        stream = socket.create_connection(
            (address, self.port), timeout=PATIENCE, source_address=source and (source, 0)
        )
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return stream

    def datagrams(self, address="127.0.0.1", source=None):
        link = socket.socket(
            socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM
        )
        link.settimeout(PATIENCE)
        if source:
            link.bind((source, 0))
        link.connect((address, self.port))
        return link

    def dig(self, *arguments):
        done = subprocess.run(
            ["dig", "@127.0.0.1", "-p", str(self.port), "+tries=1", *arguments],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done
        return done.stdout


# -- messages


def make_query(
    name,
    rdtype="A",
    rdclass="IN",
    edns=None,
    do=False,
    rd=False,
    options=(),
    version=None,
    subnet=None,
):
    """edns is the UDP size to offer, or None for a query without OPT; subnet is a prefix for
    client-subnet."""
    if subnet is not None:
        address, length = subnet.split("/")
        options = [*options, dns.edns.ECSOption(address, int(length))]
    if edns is None and (do or options or version is not None):
        edns = 1232
    query = dns.message.make_query(name, rdtype, rdclass)
    query.flags = dns.flags.RD if rd else 0
    if edns is not None:
        query.use_edns(version or 0, dns.flags.DO if do else 0, edns, options=list(options))
    return query


def opcode(wire):
    return wire[2] >> 3 & 15


def read_reply(wire):
    """Strict: nothing behind the message, and QR set.  dnspython does not know every opcode: see
    opcode()."""
    wire = wire[:2] + bytes([wire[2] & 0x87]) + wire[3:]
    reply = dns.message.from_wire(wire, ignore_trailing=False)
    assert reply.flags & dns.flags.QR
    return reply


def send_message(stream, wire):
    stream.sendall(struct.pack("!H", len(wire)) + wire)


def receive_exactly(stream, size):
    data = b""
    while len(data) < size:
        piece = stream.recv(size - len(data))
        if not piece:
            raise EOFError(f"closed after {len(data)} of {size} octets")
        data += piece
    return data


def receive_message(stream):
    return receive_exactly(stream, struct.unpack("!H", receive_exactly(stream, 2))[0])


def is_closed(stream):
    """Waits for the other side to close; anything it sends first is thrown away."""
    stream.settimeout(PATIENCE)
    try:
        while stream.recv(65535):
            pass
        return True
    except ConnectionResetError:
        return True
    except socket.timeout:
        return False


def is_open(stream):
    """Whether nothing has come and the other side has not closed, so far."""
    return not select.select([stream], [], [], 0)[0]


# -- sections as sets: one tuple a record, names in lower case


def records(section):
    return {
        (
            rrset.name.to_text().lower(),
            rrset.ttl,
            dns.rdatatype.to_text(rrset.rdtype),
            rdata.to_text(),
        )
        for rrset in section
        for rdata in rrset
    }


def values(reply, rdtype=None):
    """The values of the last record set of the Answer section, or of that type's."""
    sets = [
        rrset
        for rrset in reply.answer
        if rdtype is None or rrset.rdtype == dns.rdatatype.from_text(rdtype)
    ]
    return sorted(rdata.to_text() for rdata in sets[-1]) if sets else []


def client_subnet(reply):
    """("198.51.100.0/24", scope) of the client-subnet option, or None."""
    for option in reply.options:
        if option.otype == dns.edns.OptionType.ECS:
            return f"{option.address}/{option.srclen}", option.scopelen
    return None


def reason(reply):
    """The text of the Extended DNS Error, or None (RFC 8914)."""
    for option in reply.options:
        if option.otype == dns.edns.OptionType.EDE:
            return option.text
    return None


def rcode(reply):
    return dns.rcode.to_text(reply.rcode())


def flags(reply):
    return set(dns.flags.to_text(reply.flags).lower().split())
