"""lego and certbot get certificates by dns-01 from an authority that asks signpostd.

Both know no other Route 53 than https://route53.amazonaws.com.  So each scene has a network and an
/etc/hosts of its own, in which that name is 127.0.0.1 and port 443 is signpostd's.
"""

import contextlib
import pathlib
import shutil
import subprocess
import sys

import pytest

from harness import PATIENCE
from remote import Key, environment, make_certificate

x509 = pytest.importorskip("cryptography.x509")

ACME_PORT = 14000  # nobody else is in that network
HOSTS = "127.0.0.1 localhost route53.amazonaws.com\n"

# Makes the network, puts the file in $0 in the place of /etc/hosts, and becomes the program.
ENTER = 'ip link set lo up && mount --bind "$0" /etc/hosts && exec "$@"'


def into_network(hosts):
    return ["unshare", "--map-root-user", "--net", "--mount", "sh", "-c", ENTER, str(hosts)]


def has_networks():
    with contextlib.suppress(OSError):
        return subprocess.run(
            [*into_network("/etc/hosts"), "true"], capture_output=True, check=False
        ).returncode == 0
    return False


pytestmark = pytest.mark.skipif(
    not has_networks(), reason="this system lets nobody make a network and mount namespace"
)


class Harbor:
    """signpostd with TLS at route53.amazonaws.com:443 and DNS on port 53, and the authority."""

    def __init__(self, make_daemon, folder, stack):
        self.folder = folder
        self.ca, certificate, tls_key = make_certificate(folder / "tls")
        hosts = folder / "hosts"
        hosts.write_text(HOSTS)
        self.daemon = make_daemon(
            listen=["127.0.0.1@53"],
            api_listen=["127.0.0.1 tls"],
            api_tls_certificate=str(certificate),
            api_tls_key=str(tls_key),
            require_signature=True,
        )
        self.daemon.start(through=into_network(hosts))
        for zone in ("harbor.test", "other.test"):
            self.daemon.import_text(zone, "www 60 A 192.0.2.1\n")
        authority = subprocess.Popen(
            self.inside(
                sys.executable,
                pathlib.Path(__file__).with_name("acme.py"),
                *("--port", ACME_PORT, "--certificate", certificate, "--key", tls_key),
                *("--dns", "127.0.0.1@53"),
            ),
            stdout=subprocess.PIPE,
            text=True,
        )
        stack.callback(authority.wait)
        stack.callback(authority.kill)
        assert authority.stdout.readline() == "ready\n"

    def inside(self, *command):
        """The same network, where the daemon's is."""
        enter = ["nsenter", "--target", self.daemon.process.pid]
        enter += ["--user", "--net", "--mount", "--preserve-credentials"]
        return [str(word) for word in [*enter, "--", *command]]

    def run(self, *command, key):
        return subprocess.run(
            self.inside(*command),
            env=environment(
                **key.variables,
                AWS_REGION="eu-west-1",
                AWS_CA_BUNDLE=str(self.ca),
                SSL_CERT_FILE=str(self.ca),
                REQUESTS_CA_BUNDLE=str(self.ca),
                LEGO_CA_CERTIFICATES=str(self.ca),
                HOME=str(self.folder),
            ),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE * 6,
            check=False,
        )

    def changes(self, key):
        """What the audit says of changes by that key: (operation, zone, result)."""
        lines = self.daemon.signpost("audit", "--key", key.id).splitlines()[1:]
        return [tuple(line.split()[-3:]) for line in lines]

    def lego(self, key, *names):
        domains = [word for name in names for word in ("--domains", name)]
        return self.run(
            *("lego", "--server", f"https://localhost:{ACME_PORT}/directory", "--accept-tos"),
            *("--email", "keeper@harbor.test", "--path", self.folder / "lego"),
            *("--dns", "route53", "--dns.disable-cp", "--dns.resolvers", "127.0.0.1:53"),
            *domains,
            "run",
            key=key,
        )

    def certbot(self, key, *names):
        domains = [word for name in names for word in ("-d", name)]
        folders = [f"--{kind}-dir={self.folder / 'certbot'}" for kind in ("config", "work", "logs")]
        return self.run(
            *("certbot", "certonly", "--non-interactive", "--agree-tos", "--dns-route53"),
            *("--server", f"https://localhost:{ACME_PORT}/directory", "-m", "keeper@harbor.test"),
            *folders,
            *domains,
            key=key,
        )


@pytest.fixture
def harbor(make_daemon, tmp_path):
    with contextlib.ExitStack() as stack:
        yield Harbor(make_daemon, tmp_path, stack)


def names_of(path):
    """The names that the certificate in a file is for."""
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return sorted(extension.value.get_values_for_type(x509.DNSName))


def needs(*programs):
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(missing != [], reason=f"not installed: {', '.join(missing)}")


def assert_nothing_is_left(harbor):
    records = harbor.daemon.signpost("record", "list", "harbor.test")
    assert "_acme-challenge" not in records and "www.harbor.test" in records


@needs("lego")
def test_lego(harbor):
    """Two names, one of them a wildcard, are proved by two texts at one name."""
    key = Key(harbor.daemon, "--zone", "harbor.test")
    done = harbor.lego(key, "harbor.test", "*.harbor.test")
    assert done.returncode == 0, done
    certificate = harbor.folder / "lego" / "certificates" / "harbor.test.crt"
    assert names_of(certificate) == ["*.harbor.test", "harbor.test"]
    assert_nothing_is_left(harbor)
    changes = harbor.changes(key)
    assert set(changes) == {("ChangeResourceRecordSets", "harbor.test.", "ok")}


@needs("certbot")
def test_certbot(harbor):
    key = Key(harbor.daemon, "--zone", "harbor.test")
    done = harbor.certbot(key, "harbor.test", "*.harbor.test")
    assert done.returncode == 0, done
    certificate = harbor.folder / "certbot" / "live" / "harbor.test" / "cert.pem"
    assert names_of(certificate) == ["*.harbor.test", "harbor.test"]
    assert_nothing_is_left(harbor)
    assert set(harbor.changes(key)) == {("ChangeResourceRecordSets", "harbor.test.", "ok")}


@needs("lego")
def test_a_key_of_another_zone_gets_no_certificate(harbor):
    key = Key(harbor.daemon, "--zone", "other.test")
    done = harbor.lego(key, "harbor.test")
    assert done.returncode != 0 and "AccessDenied" in done.stderr, done
    assert set(harbor.changes(key)) == {
        ("ChangeResourceRecordSets", "harbor.test.", "AccessDenied")
    }
