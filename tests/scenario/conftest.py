"""Daemons for the scenes: two that many share, and a maker of others."""

import pytest

from harness import Daemon


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
