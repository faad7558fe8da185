"""Processes and what they cost: start, stop by pid, CPU time, memory; ports, packages, builds."""

import atexit
import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PR_SET_CHILD_SUBREAPER = 36
STOP_TIMEOUT_S = 10


class BenchError(Exception):
    """What went wrong, in words for the person who runs the benchmark."""


def adopt_orphans():
    """Makes this process the parent of what its servers leave behind, and ends it all on exit.

    Servers that fork and let their parent die stay our descendants that way, so they are counted
    and are found again by pid.
    """
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    atexit.register(end_descendants)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)


def leave(number, _frame):
    raise SystemExit(128 + number)


def parents():
    """{pid: parent's pid} of every process there is."""
    found = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", "rb") as file:
                fields = file.read().rpartition(b")")[2].split()
        except OSError:
            continue
        if fields[0] != b"Z":
            found[int(entry)] = int(fields[1])
    return found


def tree(root):
    """The pids below root, and root itself unless it is gone."""
    parent_of = parents()
    members = [root] if root in parent_of else []
    fresh = [root]
    while fresh:
        fresh = [pid for pid, parent in parent_of.items() if parent in fresh]
        members += fresh
    return members


def end_descendants():
    """Ends every process below this one, by pid: the last resort on the way out."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + 2
        pids = [pid for pid in tree(os.getpid()) if pid != os.getpid()]
        send(pids, number)
        while pids and time.monotonic() < deadline:
            reap()
            pids = [pid for pid in tree(os.getpid()) if pid != os.getpid()]
            time.sleep(0.01)


def reap():
    """Takes the exit statuses of adopted children; those of our own Popen objects they ask for."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] > 0:
            pass
    except ChildProcessError:
        pass


def send(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def cpu_ns(pids):
    """User and system time of all threads of those processes, in nanoseconds.

    The scheduler's own sum of each thread, exact where /proc/PID/stat counts in ticks of 10 ms.
    """
    total = 0
    for pid in pids:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/schedstat", "rb") as file:
                total += int(file.read().split()[0])
    return total


def thread_cpu_ns(pid, name):
    """User and system time of the thread of that name."""
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/comm", encoding="ascii") as file:
            if file.read().strip() != name:
                continue
        with open(f"/proc/{pid}/task/{task}/schedstat", "rb") as file:
            return int(file.read().split()[0])
    raise BenchError(f"process {pid} has no thread {name}")


def busy_ns(core):
    """All that one core has done since the machine started, in nanoseconds; ticks of 10 ms."""
    with open("/proc/stat", encoding="ascii") as file:
        fields = next(line.split()[1:] for line in file if line.startswith(f"cpu{core} "))
    user, nice, system, _idle, _iowait, irq, softirq, steal = (int(field) for field in fields[:8])
    ticks = user + nice + system + irq + softirq + steal
    return ticks * 1_000_000_000 // os.sysconf("SC_CLK_TCK")


def pss_kib(pids, kind="Pss"):
    """Proportional set size: what is shared counts once, divided among those who share it.

    Pss_Anon leaves out files, such as libraries, that other programs come to share or leave.
    """
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            total += sum(int(line.split()[1]) for line in file if line.startswith(kind + ":"))
    return total


def peak_kib(pid):
    """The most resident memory that one process has ever had."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:"))


REALTIME_PRIORITY = 10
scheduling = []   # a command prefix for servers and dnsperf; take_precedence sets it


def take_precedence():
    """Servers and dnsperf run before all other programs from now on.

    Round robin, since with SCHED_FIFO a busy thread of dnsperf can keep its own clock thread
    waiting; and this process one step above them, so that its time-outs always come.
    """
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(REALTIME_PRIORITY + 1))
    except PermissionError as error:
        raise BenchError("--realtime needs root") from error
    scheduling[:] = ["chrt", "--rr", str(REALTIME_PRIORITY)]


def end_after(seconds, describe):
    """Ends this program with an error if it still runs then: whatever hangs, a run is bounded."""
    def late(_number, _frame):
        raise BenchError(f"not finished after {seconds:.0f} s, at: {describe()}")
    signal.signal(signal.SIGALRM, late)
    signal.alarm(int(seconds))


class Process:
    """One program that we started, and everything that it started."""

    def __init__(self, command, log_path, core=None):
        # The kernel ends the program with us, even when we are killed and can do nothing ourselves.
        prefix = ["setpriv", "--pdeathsig", "TERM", *scheduling]
        if core is not None:
            prefix += ["taskset", "-c", str(core)]
        self.name = os.path.basename(command[0])
        self.log_path = log_path
        with open(log_path, "ab") as log:
            self.popen = subprocess.Popen(prefix + command, stdin=subprocess.DEVNULL, stdout=log,
                                          stderr=log, start_new_session=True)
        self.pid = self.popen.pid

    def pids(self):
        return tree(self.pid)

    def is_running(self):
        return self.popen.poll() is None

    def log_tail(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return "".join("\n    " + line.rstrip() for line in file.readlines()[-8:])

    def stop(self):
        """TERM to the program, which ends its own children; what is left then is killed."""
        pids = self.pids()
        send([self.pid], signal.SIGTERM)
        deadline = time.monotonic() + STOP_TIMEOUT_S
        while pids and time.monotonic() < deadline:
            self.popen.poll()
            reap_known(pids, self.pid)
            alive = parents()
            pids = [pid for pid in pids if pid in alive]
            time.sleep(0.005)
        send(pids, signal.SIGKILL)
        self.popen.wait()
        reap_known(pids, self.pid)


def reap_known(pids, except_pid):
    """Takes the exit status of those that have become our children."""
    for pid in pids:
        if pid != except_pid:
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                pass


def compile_helper(name, path):
    """A small C program that stands beside the benchmarks; returns where the binary is."""
    source = os.path.join(TOP, "contrib", "bench", name + ".c")
    binary = os.path.join(path, name)
    if subprocess.run([find("cc"), "-O2", "-D_GNU_SOURCE", "-o", binary, source],
                      check=False).returncode != 0:
        raise BenchError(f"{name}.c does not compile: see above")
    return binary


def free_port():
    """A port on 127.0.0.1 that is free for both UDP and TCP just now."""
    for _ in range(100):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
            tcp.bind(("127.0.0.1", 0))
            port = tcp.getsockname()[1]
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
                try:
                    udp.bind(("127.0.0.1", port))
                    return port
                except OSError:
                    continue
    raise BenchError("no port on 127.0.0.1 is free for both UDP and TCP")


def two_cores():
    """One core for the server, one for the load."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise BenchError("two cores are needed, one for the server and one for dnsperf; "
                         f"this process may use {len(cores)}")
    return cores[1], cores[0]


def temporary_directory():
    """A directory that goes with us.  World-readable, since some servers change their user."""
    path = tempfile.mkdtemp(prefix="signpost-bench-")
    os.chmod(path, 0o755)
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


def install_packages(*purposes):
    """What contrib/install-packages knows to be missing; nothing happens when it is all there."""
    subprocess_run([os.path.join(TOP, "contrib", "install-packages"), *purposes])


def build_signpost(build):
    """Brings build/ up to date, or takes a build directory as it is when one is named.

    Returns its path.  A build with sanitizers or without optimisation is refused: its figures
    would be about something else.
    """
    chosen = build or os.path.join(TOP, "build")
    if build is None:
        subprocess_run(["cmake", "-S", TOP, "-B", chosen, "-G", "Ninja"], quiet=True)
        subprocess_run(["cmake", "--build", chosen, "--target", "signpostd", "signpost"],
                       quiet=True)
    for program in ("signpostd", "signpost"):
        if not os.access(os.path.join(chosen, program), os.X_OK):
            raise BenchError(f"{chosen}: no {program} here; build it, or leave out --signpost")
    cache = os.path.join(chosen, "CMakeCache.txt")
    if os.path.exists(cache):
        with open(cache, encoding="utf-8") as file:
            lines = file.read().splitlines()
        sanitizers = re.compile(r"SIGNPOST_(ASAN|TSAN|FUZZ):BOOL=(ON|1|TRUE|YES)$")
        if any(sanitizers.match(line) for line in lines):
            raise BenchError(f"{chosen} is a build with sanitizers; name another with --signpost")
        if "CMAKE_BUILD_TYPE:STRING=Debug" in lines:
            raise BenchError(f"{chosen} is a debug build; name another with --signpost")
    return os.path.abspath(chosen)


def subprocess_run(command, quiet=False):
    """Runs a command to its end; its output is shown when it fails, or always unless quiet."""
    done = subprocess.run(command, stdout=subprocess.PIPE if quiet else None,
                          stderr=subprocess.STDOUT if quiet else None, check=False)
    if done.returncode != 0:
        output = "\n" + done.stdout.decode(errors="replace") if quiet else ""
        raise BenchError("this command failed: " + " ".join(command) + output)


def find(program):
    """Where a program is, also among those that only root has on the PATH."""
    places = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"
    path = shutil.which(program, path=places)
    if path is None:
        raise BenchError(f"there is no {program}; contrib/install-packages build bench brings it")
    return path
