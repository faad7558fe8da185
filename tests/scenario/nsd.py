"""NSD, started by hand: in the foreground, as the current user, on a loopback port, out of a
folder.
"""

import os
import pathlib
import shutil
import subprocess

from harness import Daemon, free_port, wait_until

CONFIG = """
server:
    ip-address: 127.0.0.1@{port}
    server-count: 1
    username: ""
    chroot: ""
    zonesdir: "{folder}"
    database: ""
    pidfile: "{folder}/nsd.pid"
    xfrdfile: "{folder}/xfrd.state"
    xfrdir: "{folder}"
    zonelistfile: "{folder}/zone.list"
    logfile: "{folder}/nsd.log"
    minimal-responses: {minimal}
    refuse-any: no
    round-robin: no
    ipv4-edns-size: 1232
    rrl-ratelimit: 0
    rrl-whitelist-ratelimit: 0
    answer-cookie: no
remote-control:
    control-enable: no
"""


def find_nsd():
    return shutil.which("nsd", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")


class Nsd:
    """Asked like a Daemon."""

    ask, exchange, connect, datagrams = (
        Daemon.ask,
        Daemon.exchange,
        Daemon.connect,
        Daemon.datagrams,
    )

    def __init__(self, folder, zones, minimal):
        """zones: origin -> text of its file.  minimal: minimal responses."""
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        config = CONFIG.format(
            port=self.port, folder=self.folder, minimal="yes" if minimal else "no"
        )
        for origin, text in zones.items():
            (self.folder / f"{origin}.zone").write_text(text)
            config += f'zone:\n    name: "{origin}"\n    zonefile: "{origin}.zone"\n'
        (self.folder / "nsd.conf").write_text(config)
        self.process = None
        self.some_origin = next(iter(zones))

    def start(self):
        self.process = subprocess.Popen(
            [find_nsd(), "-d", "-c", str(self.folder / "nsd.conf")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=open(self.folder / "stderr", "wb"),
        )
        wait_until(self.answers, "NSD to start")
        return self

    def answers(self):
        assert self.process.poll() is None, (self.folder / "stderr").read_text()
        try:
            return bool(self.ask(self.some_origin, "SOA", tcp=True).answer)
        except OSError:
            return False

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
