"""Failover drills from end to end: something breaks, answers turn, everything is restored, and the
report says so."""

import json
import pathlib
import re
import signal
import subprocess
import time
import xml.dom.minidom

import pytest

from harness import BUILD, PATIENCE, free_port, values, wait_until

ZONE = """\
$TTL 1
;@ www 1 IN A failover id="p" role=PRIMARY check=web-1 value 192.0.2.1
;@ www 1 IN A failover id="s" role=SECONDARY value 192.0.2.2
;@ w 1 IN A weighted id="blue" weight=50 check=web-1 value 192.0.2.11
;@ w 1 IN A weighted id="green" weight=50 value 192.0.2.12
still 1 IN A 192.0.2.9
"""

WWW = ["--watch", "www.lab.test A"]
BROKEN = ["--break", "check=web-1"]


@pytest.fixture
def lab(make_daemon):
    daemon = make_daemon(checkers=["us-east-1"]).start()
    daemon.signpost("health", "create", "web-1")
    daemon.import_text("lab.test", ZONE)
    return daemon


def answer(daemon, name="www.lab.test"):
    return values(daemon.ask(name))


class Drill:
    """A drill that runs beside the test, with --json."""

    def __init__(self, daemon, *arguments):
        self.errors = daemon.folder / "drill.stderr"
        with open(self.errors, "w") as stderr:
            self.process = subprocess.Popen(
                [
                    BUILD / "signpost",
                    "--api",
                    f"unix:{daemon.socket_path}",
                    *"drill run --json".split(),
                    *map(str, arguments),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )

    def said(self):
        return self.errors.read_text()

    def wait_for(self, words):
        """Until an event has been told."""
        wait_until(lambda: words in self.said() or self.process.poll() is not None, words)
        assert words in self.said(), self.said()

    def finish(self):
        """(exit status, report)"""
        out = self.process.communicate(timeout=PATIENCE * 4)[0]
        return self.process.returncode, json.loads(out)


def question(report, name="www.lab.test."):
    return next(one for one in report["questions"] if one["name"] == name)


def seen(report, name="www.lab.test."):
    return [segment[2] for segment in question(report, name)["segments"]]


def is_ordered(clocks):
    """The check turns, then the answer.  Both clocks are cut to milliseconds, each at its own."""
    return 0 <= clocks["check_ms"] <= clocks["answer_ms"] + 2 and clocks["cached_ms"] > 0


def objectives(report):
    return {one["objective"]: one["met"] for one in report["objectives"]}


# -- forced checks


def test_a_drill_whose_objectives_are_met(lab):
    drill = Drill(
        lab,
        *["--break", "check=web-1", "--for", "5s", *WWW, "--watch", "still.lab.test A"],
        *["--turned-within", "1m", "--back-within", "1m", "--cached-within", "2m", "--never-empty"],
    )
    drill.wait_for("broken")
    wait_until(lambda: answer(lab) == ["192.0.2.2"], "the other answer")
    status, report = drill.finish()
    assert status == 0 and report["met"] and report["complete"], drill.said()
    assert answer(lab) == ["192.0.2.1"]
    assert set(objectives(report)) == {
        *("turned_within", "back_within", "cached_within", "never_empty")
    }
    www, still = question(report), question(report, "still.lab.test.")
    assert seen(report) == ["192.0.2.1", "192.0.2.2", "192.0.2.1"]
    assert www["changed"] and www["predicted"]["changes"]
    assert is_ordered(www["measured"]["broken"]) and is_ordered(www["measured"]["restored"])
    assert www["unanswered"] == www["empty"] == 0
    assert not still["changed"] and seen(report, "still.lab.test.") == ["192.0.2.9"]
    assert [turn["up"] for turn in report["checks"][0]["turns"]] == [False, True]


def test_a_drill_that_misses_an_objective(lab):
    """It is broken in such a way that nobody notices: the other answer never comes."""
    lab.signpost("health", "create", "idle")
    definition = {
        "name": "nobody's check",
        "for": 2,
        "settle": 1,
        "break": [{"hook": {"start": "true", "restore": "true", "checks": ["web-1"]}}],
        "watch": [{"name": "www.lab.test", "type": "A"}],
        "objectives": {"turned_within": 1, "never_empty": True},
    }
    path = lab.folder / "drill.json"
    path.write_text(json.dumps(definition))
    status, report = Drill(lab, path).finish()
    assert status == 1 and not report["met"] and report["complete"]
    assert objectives(report) == {"turned_within": False, "never_empty": True}
    assert report["name"] == "nobody's check"
    assert question(report)["measured"]["broken"]["answer_ms"] is None


def test_weighted_answers_turn_when_one_of_them_is_not_seen_any_more(lab):
    drill = Drill(
        lab,
        *["--break", "check=web-1", "--for", "3s", "--watch", "w.lab.test A 203.0.113.0/25"],
        *["--every", "20", "--turned-within", "1m"],
    )
    status, report = drill.finish()
    w = question(report, "w.lab.test.")
    assert status == 0 and w["client"] == "203.0.113.0/25"
    assert {one["text"]: one["role"] for one in w["answers"]} == {
        "192.0.2.11": "old",
        "192.0.2.12": "other",
    }
    assert w["measured"]["restored"]["answer_ms"] is not None


def test_a_prediction_breaks_nothing(lab):
    words = ["--break", "check=web-1", *WWW]
    told = lab.signpost("drill", "predict", *words)
    assert told == lab.signpost("drill", "run", *words, "--predict")
    assert "before  192.0.2.1\n  broken  192.0.2.2\n" in told
    assert answer(lab) == ["192.0.2.1"] and "DOWN" not in lab.signpost("health", "list")
    empty = lab.command("drill", "list")
    assert empty.stdout == "" and "There was no drill yet" in empty.stderr


def test_nothing_is_broken_where_dns_does_not_answer(lab):
    port = free_port()
    server = ["--server", f"127.0.0.1@{port}"]
    done = lab.command("drill", "run", "--break", "check=web-1", *WWW, *server)
    assert done.returncode == 1 and f"127.0.0.1@{port} does not answer www.lab.test" in done.stderr
    assert lab.command("drill", "list").stdout == ""


def test_what_the_daemon_refuses_is_told(lab):
    done = lab.command("drill", "run", "--break", "check=none", *WWW)
    assert done.returncode == 1 and '"none"' in done.stderr
    lab.signpost("health", "set", "web-1", "down")
    done = lab.command("drill", "run", "--break", "check=web-1", *WWW)
    assert done.returncode == 1 and "web-1" in done.stderr


@pytest.mark.parametrize(
    "words, why",
    [
        ([*BROKEN, "--watch", "www.lab.test", "A"], '"A" is taken for a FILE'),
        ([*BROKEN, *WWW, "--json", "--report", "-"], "standard output is for one form"),
        ([*BROKEN, *WWW, "--svg", "-", "--report", "-"], "standard output is for one form"),
    ],
)
def test_wrong_usage_of_a_drill_is_status_2(lab, words, why):
    done = lab.command("drill", "run", *words)
    assert done.returncode == 2 and why in done.stderr and done.stdout == ""


def test_nothing_is_broken_when_its_files_cannot_be_written(lab):
    for option in ("--report", "--svg"):
        for path in (lab.folder / "none" / "x", lab.folder):
            done = lab.command("drill", "run", *BROKEN, *WWW, option, path)
            assert done.returncode == 1 and f"cannot write {path}: " in done.stderr
    assert lab.command("drill", "list").stdout == ""


def test_a_folder_is_no_definition(lab):
    done = lab.command("drill", "run", lab.folder)
    assert done.returncode == 1 and f"cannot read {lab.folder}" in done.stderr


# -- the forms of a report


def test_standard_output_holds_one_form(lab):
    """A page that goes into a pipe is a page and nothing else."""
    page = lab.signpost("drill", "run", *BROKEN, "--for", "1s", *WWW, "--report", "-")
    assert xml.dom.minidom.parseString(page).documentElement.tagName == "html"
    assert lab.signpost("drill", "report", "1", "--html", "-") == page
    done = lab.command("drill", "report", "1", "--json", "--svg", "-")
    assert done.returncode == 2 and "standard output is for one form" in done.stderr


def test_a_report_as_text_page_and_picture(lab):
    page, picture = lab.folder / "drill.html", lab.folder / "drill.svg"
    told = lab.signpost(
        *["drill", "run", "--break", "check=web-1", "--for", "2s", *WWW, "--turned-within", "1m"],
        *["--report", page, "--svg", picture],
    )
    assert re.match(r"[✓*] drill 1, web-1 down: every objective was met\n", told)
    assert re.search(r"answer turned +\d", told) and "answers turned within 60 s" in told
    assert xml.dom.minidom.parse(str(picture)).documentElement.tagName == "svg"
    assert xml.dom.minidom.parse(str(page)).documentElement.tagName == "html"
    # The daemon keeps it, and makes the same of it again.
    again = lab.folder / "again"
    assert lab.signpost("drill", "report", "1", "--html", again) == ""
    assert again.read_text() == page.read_text()
    lab.signpost("drill", "report", "1", "--svg", again)
    assert again.read_text() == picture.read_text()
    assert lab.signpost("drill", "report", "1") == told
    stored = json.loads(lab.signpost("drill", "report", "1", "--json"))
    assert stored["format"] == 1 and stored["met"]
    listed = lab.signpost("drill", "list").splitlines()
    assert re.fullmatch(r"1 +restored +\S+ +\S+ +yes +web-1 down", listed[1])


def test_names_from_elsewhere_are_only_text_in_a_page(lab):
    hostile = "<script>alert('1')</script>&\"'"
    lab.import_text("lab.test", ZONE + 'txt 1 IN TXT "<b>&]]>"\n', "--replace")
    definition = {
        "name": hostile,
        "for": 1,
        "break": [{"hook": {"start": "echo '<i>'", "restore": "true"}}],
        "watch": [{"name": "txt.lab.test", "type": "TXT"}],
    }
    path, page, picture = (lab.folder / name for name in ("drill.json", "x.html", "x.svg"))
    path.write_text(json.dumps(definition))
    lab.signpost("drill", "run", path, "--report", page, "--svg", picture)
    for made in (page, picture):
        document = xml.dom.minidom.parse(str(made))
        assert not document.getElementsByTagName("script") and hostile in "".join(
            node.data
            for text in document.getElementsByTagName("text") + document.getElementsByTagName("h1")
            for node in text.childNodes
            if node.nodeType == node.TEXT_NODE
        )
        assert "<b>" not in made.read_text() and "<i>" not in made.read_text()


# -- real endpoints


@pytest.fixture
def web(tmp_path):
    """Commands that start and stop an nginx of its own, and its port."""
    port = free_port()
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"pid {tmp_path}/nginx.pid; error_log {tmp_path}/nginx.log;\n"
        "events {}\n"
        "http { access_log off; "
        + "".join(
            f"{kind}_temp_path {tmp_path}/{kind}; "
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + f'server {{ listen 127.0.0.1:{port}; return 200 "well"; }} }}\n'
    )
    start = f"/usr/sbin/nginx -p {tmp_path} -e {tmp_path}/nginx.log -c {config}"
    stop = f"{start} -s stop"
    try:
        subprocess.run(start, shell=True, check=True)
        yield start, stop, port
    finally:
        subprocess.run(stop, shell=True, check=False, capture_output=True)


def test_a_web_server_is_stopped_and_started(make_daemon, web):
    """R-HCE-3, R-HCE-5: an HTTP check with threshold 1 sees nginx go and come back; dig sees the
    answers follow; the report has it all beside its prediction."""
    start, stop, port = web
    daemon = make_daemon(checkers=["us-east-1"]).start()
    url = f"http://127.0.0.1:{port}/"
    daemon.signpost("health", "create", "web-1", url, "--interval", "10", "--threshold", "1")
    daemon.import_text("lab.test", ZONE)

    def is_observed():
        listed = json.loads(daemon.signpost("health", "list", "--json"))
        return listed["health_checks"][0]["observed"]

    wait_until(is_observed, "a first look")
    drill = Drill(
        daemon,
        *["--break", f"hook={stop}", "--restore", start, "--turns", "web-1", "--for", "15s"],
        *["--settle", "60s", *WWW, "--turned-within", "1m", "--back-within", "1m", "--never-empty"],
    )
    drill.wait_for("broken")
    wait_until(lambda: daemon.dig("+short", "www.lab.test") == "192.0.2.2\n", "dig to see it turn")
    status, report = drill.finish()
    assert status == 0, (drill.said(), report)
    assert daemon.dig("+short", "www.lab.test") == "192.0.2.1\n"
    assert seen(report) == ["192.0.2.1", "192.0.2.2", "192.0.2.1"]
    www, hook = question(report), report["hooks"][0]
    for phase in ("broken", "restored"):
        assert is_ordered(www["measured"][phase])
        assert www["predicted"][phase]["answer_ms"]["most"] >= 10000
    assert [hook["start_status"], hook["restore_status"]] == [0, 0]
    turns = report["checks"][0]["turns"]
    assert [turn["up"] for turn in turns] == [False, True] and turns[0]["reason"]


# -- when it does not go well


def test_an_interrupted_drill_restores_everything(lab):
    log = lab.folder / "hooks"
    drill = Drill(
        lab,
        *["--break", "check=web-1", "--break", f"hook=echo broken >>{log}"],
        *["--restore", f"echo restored >>{log}", "--for", "1h", *WWW, "--turned-within", "1m"],
    )
    drill.wait_for("192.0.2.2")
    drill.process.send_signal(signal.SIGINT)
    status, report = drill.finish()
    assert status == 1 and report["interrupted"] == "INT" and report["restored"]
    assert log.read_text() == "broken\nrestored\n"
    wait_until(lambda: answer(lab) == ["192.0.2.1"], "the answer of before")
    assert seen(report)[:2] == ["192.0.2.1", "192.0.2.2"]
    assert "1   restored" in lab.signpost("drill", "list")


def test_an_interrupted_drill_does_not_wait_for_a_daemon_that_is_gone(lab):
    drill = Drill(lab, "--break", "check=web-1", "--for", "1h", "--settle", "1h", *WWW)
    drill.wait_for("192.0.2.2")
    lab.kill()
    drill.process.send_signal(signal.SIGINT)
    status, report = drill.finish()
    assert status == 1 and report["interrupted"] == "INT" and not report["restored"]


def test_an_interrupted_drill_does_not_wait_for_its_hook(lab):
    log = lab.folder / "hooks"
    drill = Drill(
        lab,
        *["--break", f"hook=echo broken >>{log}; sleep 1000; echo never >>{log}"],
        *["--restore", f"echo restored >>{log}", "--for", "1h", *WWW],
    )
    wait_until(log.exists, "the hook to start")
    drill.process.send_signal(signal.SIGTERM)
    status, report = drill.finish()
    assert status == 1 and report["interrupted"] == "TERM"
    assert log.read_text() == "broken\nrestored\n"


def test_hooks_are_restored_by_the_guardian_of_a_killed_drill(lab):
    log = lab.folder / "hooks"
    drill = Drill(
        lab,
        *["--break", f"hook=echo one >>{log}", "--restore", f"echo one back >>{log}"],
        *["--break", f"hook=echo two >>{log}; sleep 1000; echo never >>{log}"],
        *["--restore", f"echo two back >>{log}"],
        *["--break", f"hook=echo never >>{log}", "--restore", f"echo never >>{log}"],
        *["--break", "check=web-1", "--for", "3s", *WWW],
    )
    wait_until(lambda: log.exists() and "two" in log.read_text(), "the second hook to start")
    drill.process.kill()
    drill.process.communicate(timeout=PATIENCE)
    wait_until(lambda: "one back" in log.read_text(), "the guardian")
    assert log.read_text() == "one\ntwo\ntwo back\none back\n"
    assert "the drill was killed; restoring with: echo two back" in drill.said()
    # The daemon restores the check at the drill's end, whoever ran it.
    wait_until(lambda: answer(lab) == ["192.0.2.1"], "the answer of before")


def test_a_killed_drill_can_be_restored_by_hand(lab):
    drill = Drill(lab, "--break", "check=web-1", "--for", "1h", *WWW)
    drill.wait_for("192.0.2.2")
    drill.process.kill()
    drill.process.communicate(timeout=PATIENCE)
    for _ in range(2):  # once more does no harm
        assert lab.signpost("drill", "restore", "1") == "drill 1: restored\n"
        assert answer(lab) == ["192.0.2.1"]


def test_a_hook_that_fails_ends_the_drill(lab):
    log = lab.folder / "hooks"
    drill = Drill(
        lab,
        *["--break", "hook=echo no such service; exit 3", "--restore", f"echo back >>{log}"],
        *["--break", f"hook=echo never >>{log}", "--restore", f"echo never >>{log}"],
        *["--for", "1h", *WWW],
    )
    status, report = drill.finish()
    hook = report["hooks"][0]
    assert status == 1 and report["restored"] and not report["complete"]
    assert hook["start_status"] == 3 and hook["output"] == "no such service"
    told = lab.signpost("drill", "report", "1")
    assert ": a command of a hook failed\n" in told and "; it said: no such service\n" in told
    assert log.read_text() == "back\n"


def test_a_hook_that_prints_a_lot_does_not_fill_the_disk(lab):
    log = lab.folder / "hooks"
    drill = Drill(
        lab,
        *["--break", f"hook=head -c 100000000 /dev/zero; echo printed >{log}; sleep 1000"],
        *["--for", "1h", *WWW],
    )

    def octets_kept():
        """In files that have no name any more."""
        folder = pathlib.Path(f"/proc/{drill.process.pid}/fd")
        files = [file for file in folder.iterdir() if str(file.readlink()).endswith("(deleted)")]
        return [file.stat().st_blocks * 512 for file in files]

    wait_until(log.exists, "everything to be printed")
    wait_until(lambda: octets_kept() and max(octets_kept()) < 100000, "it to be thrown away")
    drill.process.send_signal(signal.SIGINT)
    assert drill.finish()[1]["restored"]


def test_a_daemon_that_dies_meanwhile(lab):
    """Its questions are unanswered for a while; it goes on with the drill when it is back."""
    drill = Drill(lab, "--break", "check=web-1", "--for", "8s", *WWW, "--turned-within", "1m")
    drill.wait_for("192.0.2.2")
    lab.kill()
    drill.wait_for("the daemon does not answer")
    time.sleep(0.5)  # so that a question goes without a reply
    lab.start()
    drill.wait_for("the daemon is back")
    status, report = drill.finish()
    assert status == 0, (drill.said(), report)
    www = question(report)
    assert www["unanswered"] > 0 and None in seen(report)
    assert [event["text"] for event in report["events"]][1] == (
        "the daemon does not answer; it restores by itself at the drill's end"
    )
    assert answer(lab) == ["192.0.2.1"] and report["restored"]


def test_a_daemon_that_restores_by_itself(lab):
    """It was held up when the end came, and had restored before it was told to: the report tells
    that everything is restored, too."""
    drill = Drill(lab, "--break", "check=web-1", "--for", "2s", *WWW)
    drill.wait_for("192.0.2.2")
    lab.process.send_signal(signal.SIGSTOP)
    drill.wait_for("restoring")
    lab.process.send_signal(signal.SIGCONT)
    status, report = drill.finish()
    assert status == 0 and report["restored"], (drill.said(), report)
    assert report["events"][-1]["text"].startswith("restored")
