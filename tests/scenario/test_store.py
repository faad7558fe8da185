"""What was acknowledged is there after kill -9; what cannot be stored is refused and harms
nothing.
"""

import http.client
import os
import resource
import signal
import sqlite3
import subprocess
import threading

import pytest

from harness import PATIENCE, Refused, rcode, values

RECORDS = 60


def zone_text(number):
    return "$TTL 60\n" + "".join(
        f"h{i} A 10.{number >> 8}.{number & 255}.{i}\n" for i in range(RECORDS)
    )


class Stream(threading.Thread):
    """Imports zone after zone and changes one record over and over, until the daemon is gone."""

    def __init__(self, daemon, first):
        super().__init__()
        self.daemon_under_test = daemon
        self.next = first
        self.zones, self.counter = [], 0
        self.enough = threading.Event()

    def run(self):
        daemon = self.daemon_under_test
        try:
            while True:
                status, _ = daemon.request(
                    "POST", f"/signpost/v1/zones/z{self.next}.test/import", zone_text(self.next)
                )
                assert status == 200
                self.zones.append(self.next)
                self.next += 1
                change = {
                    "action": "UPSERT",
                    "name": "counter.kept.test",
                    "type": "TXT",
                    "ttl": 0,
                    "values": [f'"{self.counter + 1}"'],
                }
                status, _ = daemon.request(
                    "POST", "/signpost/v1/zones/kept.test/changes", {"changes": [change]}
                )
                assert status == 200
                self.counter += 1
                if len(self.zones) >= 12:
                    self.enough.set()
        except (OSError, http.client.HTTPException):
            pass  # killed in the middle of a request
        finally:
            self.enough.set()


def test_kill_during_a_stream_of_imports(make_daemon):
    daemon = make_daemon().start()
    daemon.import_text("kept.test", "@ 60 TXT x\n")
    acknowledged, first = [], 0
    for turn in range(6):
        stream = Stream(daemon, first)
        stream.start()
        assert stream.enough.wait(PATIENCE)
        threading.Event().wait(0.003 * turn)  # so that the blow falls at another point each time
        daemon.process.send_signal(signal.SIGKILL)
        daemon.process.wait(PATIENCE)
        stream.join(PATIENCE)
        assert len(stream.zones) >= 12
        acknowledged += stream.zones
        first = stream.next + 1  # the number it died with may or may not be there
        daemon.start()
        listed = {
            zone["name"].rstrip("."): zone
            for zone in daemon.request("GET", "/signpost/v1/zones")[1]["zones"]
        }
        assert set(listed) >= {
            f"z{number}.test" for number in acknowledged
        }, "an acknowledged zone is missing"
        assert len(listed) <= len(acknowledged) + turn + 2
        for name, zone in listed.items():
            if name != "kept.test":
                assert zone["records"] == RECORDS + 5, f"half a zone: {zone}"
        for number in acknowledged[-12:]:
            assert values(daemon.ask(f"h7.z{number}.test")) == [
                f"10.{number >> 8}.{number & 255}.7"
            ]
        counter = int(values(daemon.ask("counter.kept.test", "TXT"))[0].strip('"'))
        assert counter in (stream.counter, stream.counter + 1)


def test_everything_is_there_after_an_orderly_restart(make_daemon):
    daemon = make_daemon().start()
    daemon.import_examples()
    before = {
        zone: daemon.signpost("zone", "export", zone) for zone in ("lab.test", "everything.test")
    }
    listed = daemon.signpost("--json", "zone", "list")
    daemon.stop()
    daemon.start()
    assert {zone: daemon.signpost("zone", "export", zone) for zone in before} == before
    assert daemon.signpost("--json", "zone", "list") == listed


def stopped_with_zones(make_daemon):
    daemon = make_daemon().start()
    daemon.import_examples()
    daemon.stop()
    return daemon, daemon.folder / "signpost.db"


def assert_refused_and_untouched(daemon, path, *words):
    before = path.read_bytes()
    said = daemon.fails_to_start()
    assert str(path) in said or path.name in said, said
    assert any(word in said.lower() for word in words), said
    assert path.read_bytes() == before


def test_a_newer_database_is_refused(make_daemon):
    daemon, path = stopped_with_zones(make_daemon)
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 9999")
    database.close()
    assert_refused_and_untouched(daemon, path, "newer")


def test_a_database_of_somebody_else_is_refused(make_daemon):
    daemon = make_daemon()
    path = daemon.folder / "signpost.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE recipes (name TEXT)")
    database.close()
    assert_refused_and_untouched(daemon, path, "another program")


def test_a_file_that_is_no_database_is_refused(make_daemon):
    daemon = make_daemon()
    path = daemon.folder / "signpost.db"
    path.write_text("Dear diary, today I was given to a name server.\n" * 200)
    assert_refused_and_untouched(daemon, path, "database", "damaged")


@pytest.mark.parametrize("where", ["first page", "from the second page on", "cut short"])
def test_a_damaged_database_is_refused(make_daemon, where):
    daemon, path = stopped_with_zones(make_daemon)
    whole = path.read_bytes()
    assert len(whole) > 5 * 4096
    damaged = {
        "first page": whole[:100] + b"\xa5" * 3996 + whole[4096:],
        "from the second page on": whole[:4096] + b"\xa5" * (len(whole) - 4096),
        "cut short": whole[: len(whole) // 2 // 4096 * 4096],
    }[where]
    path.write_bytes(damaged)
    for leftover in (path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        leftover.unlink(missing_ok=True)
    assert_refused_and_untouched(daemon, path, "damaged", "malformed", "corrupt")


def test_a_database_in_use_is_refused(make_daemon):
    one, two = make_daemon().start(), make_daemon()
    two.settings["database"] = one.settings["database"]
    said = two.fails_to_start()
    assert "signpost.db" in said and any(
        word in said.lower() for word in ("in use", "locked", "another")
    ), said
    assert one.status()["zones"] == 0


def test_a_folder_that_is_not_there_is_named(make_daemon):
    daemon = make_daemon(database="/nonexistent/folder/signpost.db")
    assert "/nonexistent/folder" in daemon.fails_to_start()


def assert_full_disk_harms_nothing(daemon):
    """Something large is refused; what was there stays and is served, now and after a restart."""
    daemon.import_text("small.test", "www 60 A 192.0.2.1\n")
    large = "$TTL 60\n" + "".join(f"h{i} TXT \"{'x' * 200}\"\n" for i in range(60000))
    with pytest.raises(Refused) as refusal:
        daemon.import_text("large.test", large, name="../large.zone")
    assert any(
        word in str(refusal.value).lower()
        for word in ("disk", "full", "room", "space", "too large")
    )
    assert rcode(daemon.ask("h1.large.test")) == "REFUSED"
    assert values(daemon.ask("www.small.test")) == ["192.0.2.1"]
    assert "large.test" not in daemon.signpost("zone", "list")
    daemon.import_text("small.test", "www 60 A 192.0.2.2\n", "--replace")
    assert values(daemon.ask("www.small.test")) == ["192.0.2.2"]


def test_a_file_size_limit(make_daemon):
    """ulimit -f: the system refuses to let a file grow, as a full disk or a quota would."""

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, 4 << 20))

    daemon = make_daemon().start(preexec_fn=limit)
    assert_full_disk_harms_nothing(daemon)
    daemon.stop()
    daemon.start()
    assert values(daemon.ask("www.small.test")) == ["192.0.2.2"]


def may_mount():
    return (
        subprocess.run(
            ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"],
            capture_output=True,
            check=False,
        ).returncode
        == 0
    )


@pytest.mark.skipif(not may_mount(), reason="this system lets nobody mount a small disk")
def test_a_full_disk(make_daemon):
    daemon = make_daemon()
    disk = daemon.folder / "disk"
    disk.mkdir()
    daemon.settings["database"] = str(disk / "signpost.db")
    script = 'mount -t tmpfs -o size=4m none "$0" && exec "$@"'
    daemon.start(through=["unshare", "--map-root-user", "--mount", "sh", "-c", script, str(disk)])
    assert_full_disk_harms_nothing(daemon)


def test_a_database_that_cannot_be_written_is_named(make_daemon):
    daemon, path = stopped_with_zones(make_daemon)
    like_others = []
    if os.geteuid() == 0:  # root may write everywhere, but for this
        like_others = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    path.chmod(0o444)
    daemon.folder.chmod(0o555)
    try:
        assert "signpost.db" in daemon.fails_to_start(through=like_others)
    finally:
        daemon.folder.chmod(0o755)
