"""Daemons for the scenes: three that many share, and a maker of others.

At the end of a run that played scenes stands how many of the worked examples passed, and how many
signed answers each validator has accepted.
"""

import pytest

from harness import ZONES, Daemon


@pytest.fixture(scope="session")
def example(tmp_path_factory):
    """Serves zones/*.zone.  Nobody changes them."""
    daemon = Daemon(tmp_path_factory.mktemp("example"))
    try:
        daemon.start()
        daemon.import_examples()
        yield daemon
        daemon.stop()
    finally:
        daemon.kill()


@pytest.fixture(scope="session")
def stage(tmp_path_factory):
    """Empty; whoever imports a zone deletes it again or imports with --replace."""
    daemon = Daemon(tmp_path_factory.mktemp("stage"))
    try:
        daemon.start()
        yield daemon
        daemon.stop()
    finally:
        daemon.kill()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Empty but for the location table of the worked examples; one worker and a seed, so that the
    same scenes draw the same.  Each scene leaves it as it was."""
    daemon = Daemon(tmp_path_factory.mktemp("lab"), workers=1, seed=20)
    try:
        daemon.start()
        daemon.signpost("location", "import", ZONES / "lab.locations.csv")
        yield daemon
        daemon.stop()
    finally:
        daemon.kill()


@pytest.fixture
def make_daemon(tmp_path):
    """make_daemon(option=...) is a daemon that is not started yet; all stop, well, when the test
    ends."""
    made = []

    def make(**options):
        made.append(Daemon(tmp_path / f"d{len(made)}", **options))
        return made[-1]

    try:
        yield make
        for daemon in made:
            daemon.stop()
    finally:
        for daemon in made:
            daemon.kill()


@pytest.fixture
def answers_checked(record_property):
    """{validator: answers that it has judged, and as it should}; the test adds up."""
    counts = {}
    record_property("answers checked", counts)
    return counts


def pytest_terminal_summary(terminalreporter):
    tell_worked_examples(terminalreporter)
    tell_answers_checked(terminalreporter)


def tell_answers_checked(terminalreporter):
    totals = dict.fromkeys(("delv", "drill", "unbound", "dnsviz", "dnspython"), 0)
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            counts = dict(getattr(report, "user_properties", ())).get("answers checked", {})
            for validator, count in counts.items():
                totals[validator] += count
    if any(totals.values()):
        words = ", ".join(f"{validator} {count}" for validator, count in totals.items())
        terminalreporter.write_line(f"validators: {words} answers")


def tell_worked_examples(terminalreporter):
    """A worked example has passed when every scene that names it has."""
    outcomes = {}
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.getreports(outcome):
            for case in dict(getattr(report, "user_properties", ())).get("cases", ()):
                outcomes.setdefault(case, set()).add(outcome)
    if outcomes:
        passed = [case for case, seen in outcomes.items() if seen == {"passed"}]
        terminalreporter.write_line(f"worked examples: {len(passed)} of {len(outcomes)} passed")
