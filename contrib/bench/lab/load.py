"""One round of dnsperf against one server, and whether its answers were right."""

import collections
import re
import subprocess
import time

from lab.machine import BenchError, busy_ns, cpu_ns, find, scheduling

CLIENTS = 10          # sockets that dnsperf asks from
OUTSTANDING = 100     # few enough for any socket buffer: a lost query would cost a time-out
TIMEOUT_S = 2
GRACE_S = 20          # dnsperf waits for the last answers, not longer than that
LOSS_ALLOWED = 0.001
SHARE_ALLOWED = 0.01  # a run ends in the middle of the query file, so its NXDOMAIN share may differ

# other_load: the share of the server's core that went to neither the server nor idling.
Round = collections.namedtuple("Round", "queries_per_s cpu_us reply_octets other_load")


def dnsperf(server, row, seconds, core):
    command = [*scheduling, "taskset", "-c", str(core), find("dnsperf"), "-s", "127.0.0.1",
               "-p", str(server.port), "-d", row.path, "-l", str(seconds),
               "-c", str(CLIENTS), "-q", str(OUTSTANDING), "-t", str(TIMEOUT_S),
               *(["-B"] if row.is_binary else []), *(["-D"] if row.is_signed else []),
               *(["-n", "1"] if row.runs_once else [])]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False, timeout=seconds + GRACE_S)
    except subprocess.TimeoutExpired as error:
        raise BenchError(f"dnsperf against {server.name} does not end") from error
    if done.returncode != 0:
        raise BenchError(f"dnsperf against {server.name} failed:\n{done.stdout}")
    return done.stdout


def field(pattern, text, server):
    found = re.search(pattern, text)
    if not found:
        raise BenchError(f"dnsperf against {server.name} printed nothing like {pattern!r}:\n{text}")
    return float(found.group(1))


def check_rcodes(server, row, completed, text):
    """A server that refuses is not fast, it is wrong."""
    line = re.search(r"Response codes: +(.*)", text)
    counts = re.findall(r"(\w+) (\d+)", line.group(1) if line else "")
    rcodes = {code: int(count) for code, count in counts}
    missing = rcodes.get("NXDOMAIN", 0) / completed
    expected = server.nxdomain_share(row)
    others = set(rcodes) - {"NOERROR", "NXDOMAIN"}
    if others or sum(rcodes.values()) != completed or abs(missing - expected) > SHARE_ALLOWED:
        raise BenchError(f"{server.name}: response codes {rcodes} of {completed:.0f} queries; "
                         f"expected NOERROR and {expected:.1%} NXDOMAIN")


def measure(server, row, seconds, core):
    """One round: CPU time of all of the server's processes over queries completed."""
    pids = server.process.pids()
    before, busy_before, started = cpu_ns(pids), busy_ns(server.core), time.monotonic_ns()
    text = dnsperf(server, row, seconds, core)
    busy, elapsed = busy_ns(server.core) - busy_before, time.monotonic_ns() - started
    if sorted(server.process.pids()) != sorted(pids):
        raise BenchError(f"{server.name} started or ended processes while it was measured, so its "
                         f"CPU time is not known{server.process.log_tail()}")
    spent = cpu_ns(pids) - before
    sent = field(r"Queries sent: +(\d+)", text, server)
    completed = field(r"Queries completed: +(\d+)", text, server)
    if completed < sent * (1 - LOSS_ALLOWED):
        raise BenchError(f"{server.name} answered {completed:.0f} of {sent:.0f} queries")
    check_rcodes(server, row, completed, text)
    return Round(queries_per_s=field(r"Queries per second: +([\d.]+)", text, server),
                 cpu_us=spent / 1000 / completed,
                 reply_octets=field(r"response (\d+)", text, server),
                 other_load=max(0, busy - spent) / elapsed)
