"""The command line through TCP: signed requests, TLS with a lab's own CA, and what a shell must
export for other clients."""

import contextlib
import json
import os
import re
import shlex
import signal
import socket
import ssl
import stat
import subprocess

import pytest

import route53
from harness import BUILD, PATIENCE, free_port, wait_until
from remote import Key, done, environment, make_certificate, refused, signpost

ZONE = "www 60 A 192.0.2.1\n"
SLASHED = "0/25.2.0.192.in-addr.arpa"
SLASHED_ZONE = "1 60 PTR www.lab.test.\n"


# -- signatures


@pytest.fixture
def guarded(make_daemon):
    """Wants signatures on loopback too."""
    return make_daemon(require_signature=True).start()


def test_signed_requests_of_every_shape(guarded, tmp_path):
    """Paths with escapes, arguments in any order, bodies as text and as files."""
    key, api = Key(guarded), ("--api", route53.endpoint(guarded))
    for origin, text in (("lab.test", ZONE), (SLASHED, SLASHED_ZONE)):
        file = tmp_path / "zone"
        file.write_text(text)
        done(*api, "zone", "import", origin, file, **key.variables)
        assert "SOA" in done(*api, "zone", "export", origin, **key.variables)
    record = ("record", "set", "lab.test", "*.lab.test", "TXT", "--ttl", "5")
    done(*api, *record, '"ä + b"', **key.variables)
    listing = ("record", "list", "lab.test", "--type", "TXT", "--name", "*.lab.test")
    assert "TXT" in done(*api, *listing, **key.variables)
    assert "A" in done(*api, "explain", "www.lab.test", "A", AWS_REGION="x-y", **key.variables)


def test_a_zone_from_a_pipe_is_signed(guarded):
    key = Key(guarded)
    result = subprocess.run(
        [BUILD / "signpost", "--api", route53.endpoint(guarded), "zone", "import", "lab.test", "-"],
        env=environment(**key.variables),
        input=ZONE.encode() + b"".join(b"n%d 60 A 192.0.2.2\n" % n for n in range(5000)),
        capture_output=True,
        timeout=PATIENCE * 4,
        check=False,
    )
    assert result.returncode == 0, result


def test_a_key_file_is_as_good_as_the_environment(guarded, tmp_path):
    file = tmp_path / "key"
    file.write_text(Key(guarded).text)
    api = ("--api", route53.endpoint(guarded), "--key-file", file)
    assert "no zones" in signpost(*api, "zone", "list", AWS_ACCESS_KEY_ID="half of one").stderr
    file.write_text("[other]\n" + Key(guarded).text.replace("[default]\n", ""))
    assert "profile default" in refused(*api, "zone", "list")
    done(*api, "zone", "list", AWS_PROFILE="other")
    assert "No such file" in refused("--key-file", tmp_path / "none", "zone", "list")


def test_refusals_say_what_to_do(guarded):
    key, api = Key(guarded), ("--api", route53.endpoint(guarded))
    said = refused(*api, "zone", "list")
    assert "Missing Authentication Token" in said and "signpost key create" in said
    said = refused(*api, "zone", "list", **{**key.variables, "AWS_SECRET_ACCESS_KEY": "wrong"})
    assert "does not match the signature you provided" in said
    assert f"not that of {key.id}" in said and "clock" in said
    reader = Key(guarded, "--read-only")
    said = refused(*api, "health", "create", "web", **reader.variables)
    assert "not authorized" in said and f"what {reader.id} may do" in said
    said = refused(*api, "zone", "list", AWS_ACCESS_KEY_ID="AKNOBODY", AWS_SECRET_ACCESS_KEY="x")
    assert "AKNOBODY" in said and "signpost key list" in said
    said = refused(*api, "zone", "list", AWS_ACCESS_KEY_ID="AKNOBODY")
    assert "AWS_SECRET_ACCESS_KEY is not" in said
    done("--api", f"unix:{guarded.socket_path}", "zone", "list", AWS_ACCESS_KEY_ID="AKNOBODY")
    document = json.loads(signpost(*api, "--json", "zone", "list").stdout)
    assert document["error"]["code"] == "MissingAuthenticationToken"


def test_a_new_key_says_how_it_is_used(guarded, tmp_path):
    """And what it prints works, in a shell that knows nothing of AWS."""
    result = guarded.command("key", "create")
    file = tmp_path / "key"
    file.write_text(result.stdout)
    lines = result.stderr.replace("\\\n", "").splitlines()
    commands = [line for line in lines if "http://..." in line]
    assert len(commands) == 2 and " aws " in commands[1], result.stderr
    if not os.access("/usr/bin/aws", os.X_OK):
        del commands[1]
    for command in commands:
        command = command.replace("http://...", route53.endpoint(guarded))
        command = re.sub(r"\bFILE\b", str(file), command).replace(" aws ", " /usr/bin/aws ")
        shown = in_shell(f"PATH={BUILD}:$PATH", command)
        assert shown.returncode == 0, (command, shown)


def test_the_audit_has_so_many_lines_and_no_more(guarded):
    for limit, expected in (("1", 0), ("1000", 0), ("0", 2), ("1001", 2), ("-1", 2), ("x", 2)):
        result = guarded.command("audit", "--limit", limit)
        assert result.returncode == expected, result
        assert expected == 0 or result.stderr.startswith("signpost: --limit must be "), result


def test_keys_may_do_what_they_were_made_for(guarded, tmp_path):
    reader, writer = Key(guarded, "--read-only"), Key(guarded, "--zone", "lab.test")
    api = ("--api", route53.endpoint(guarded))
    guarded.import_text("lab.test", ZONE)
    guarded.import_text("other.test", ZONE)

    def change(zone, key):
        record = ("record", "set", zone, f"new.{zone}", "A", "--ttl", "5", "192.0.2.9")
        return signpost(*api, *record, **key.variables)

    assert "lab.test" in done(*api, "zone", "list", **reader.variables)
    assert "not authorized" in change("lab.test", reader).stderr
    assert change("lab.test", writer).returncode == 0
    assert "not authorized" in change("other.test", writer).stderr
    assert "not authorized" in refused(*api, "key", "create", **writer.variables)


def test_keys_are_listed_without_secrets_and_deleted(guarded):
    key = Key(guarded, "--read-only", "--zone", "lab.test", "--comment", "for the ci")
    api = ("--api", route53.endpoint(guarded))
    listing = guarded.signpost("key", "list")
    for cell in (key.id, "read", "lab.test.", "for the ci"):
        assert cell in listing
    assert key.secret not in guarded.signpost("key", "list", "--json")
    done(*api, "zone", "list", **key.variables)
    guarded.signpost("key", "delete", key.id)
    assert key.id in refused(*api, "zone", "list", **key.variables)
    assert "404" not in guarded.command("key", "delete", key.id).stderr
    assert guarded.command("key", "delete", key.id).returncode == 1


def test_the_audit_says_who_did_what(guarded):
    key, api = Key(guarded), ("--api", route53.endpoint(guarded))
    guarded.import_text("lab.test", ZONE)
    record = ("record", "set", "lab.test", "new.lab.test", "A", "--ttl", "5", "192.0.2.9")
    done(*api, *record, **key.variables)
    signpost(*api, *record, **{**key.variables, "AWS_SECRET_ACCESS_KEY": "wrong"})

    rows = [line.split() for line in guarded.signpost("audit", "--key", key.id).splitlines()]
    assert rows[0] == ["TIME", "KEY", "FROM", "OPERATION", "ZONE", "RESULT"]
    results = {row[-1]: row for row in rows[1:]}
    assert set(results) == {"ok", "SignatureDoesNotMatch"}
    assert results["ok"][1:3] == [key.id, "127.0.0.1"] and "lab.test." in results["ok"]

    entries = json.loads(guarded.signpost("audit", "--zone", "lab.test", "--json"))["entries"]
    assert {entry["source"] for entry in entries} == {"socket", "127.0.0.1"}
    one = json.loads(guarded.signpost("audit", "--limit", "1", "--json"))["entries"]
    assert len(one) == 1
    assert "nothing like that" in guarded.command("audit", "--key", "AKNOBODY").stderr


# -- TLS


class Shop:
    """A daemon that speaks TLS on one port and plain HTTP on another."""

    def __init__(self, make_daemon, folder):
        self.ca, self.certificate, self.key = make_certificate(folder)
        self.port = free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self.daemon = make_daemon(
            api_tls_certificate=str(self.certificate), api_tls_key=str(self.key)
        )
        self.daemon.settings["api-listen"].append(f"127.0.0.1@{self.port} tls")
        self.daemon.start()

    def shown(self):
        """The certificate of a handshake, PEM."""
        return ssl.get_server_certificate(("127.0.0.1", self.port))

    def hang_up(self, what):
        """HUP, and the line of the log that follows."""
        self.daemon.process.send_signal(signal.SIGHUP)
        wait_until(lambda: what in self.daemon.said(), what)


@pytest.fixture
def shop(make_daemon, tmp_path):
    return Shop(make_daemon, tmp_path / "tls")


def test_https_with_a_ca_of_the_lab(shop, tmp_path):
    zone = tmp_path / "zone"
    zone.write_text(ZONE)
    done("--api", shop.url, "--ca", shop.ca, "zone", "import", "lab.test", zone)
    assert "lab.test" in done("--api", shop.url, "zone", "list", AWS_CA_BUNDLE=str(shop.ca))
    named = f"https://localhost:{shop.port}"
    assert "192.0.2.1" in done("--api", named, "--ca", shop.ca, "zone", "export", "lab.test")


def test_a_signed_file_over_tls(make_daemon, tmp_path):
    """Its body is not hashed: TLS guards it (A-SIG-9)."""
    ca, certificate, tls_key = make_certificate(tmp_path / "tls")
    port = free_port()
    daemon = make_daemon(
        require_signature=True, api_tls_certificate=str(certificate), api_tls_key=str(tls_key)
    )
    daemon.settings["api-listen"] = [f"127.0.0.1@{port} tls"]
    daemon.start()
    zone = tmp_path / "zone"
    zone.write_text(ZONE)
    where = ("--api", f"https://127.0.0.1:{port}", "--ca", ca)
    assert "Missing Authentication Token" in refused(*where, "zone", "import", "lab.test", zone)
    done(*where, "zone", "import", "lab.test", zone, **Key(daemon).variables)


def test_what_is_wrong_with_https_is_said(shop, tmp_path):
    said = refused("--api", shop.url, "zone", "list")
    assert "not trusted" in said and "--ca FILE" in said
    other = make_certificate(tmp_path / "other")[0]
    assert str(other) in refused("--api", shop.url, "--ca", other, "zone", "list")
    assert "PEM" in refused("--api", shop.url, "--ca", shop.daemon.config, "zone", "list")
    foreign = shop.url.replace("127.0.0.1", "127.0.0.2")
    assert "no signpostd answers" in refused("--api", foreign, "--ca", shop.ca, "zone", "list")
    assert "write https://" in refused("--api", shop.url.replace("https", "http"), "zone", "list")
    plain = f"https://127.0.0.1:{shop.daemon.http_port}"
    assert "write http://" in refused("--api", plain, "--ca", shop.ca, "zone", "list")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_connection_carries_many_requests_over_tls(shop, version):
    context = ssl.create_default_context(cafile=shop.ca)
    context.minimum_version = context.maximum_version = version
    request = b"GET /signpost/v1/zones HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", shop.port), timeout=PATIENCE) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as stream:
            for _ in range(20):
                stream.sendall(request)
                reply = b""
                while not reply.endswith(b"}\n"):
                    piece = stream.recv(65536)
                    assert piece, reply
                    reply += piece
                assert reply.startswith(b"HTTP/1.1 200 ")


def test_boto3_over_tls(shop):
    boto3 = pytest.importorskip("boto3")
    client = boto3.client(
        "route53",
        endpoint_url=shop.url,
        verify=str(shop.ca),
        aws_access_key_id="a",
        aws_secret_access_key="b",
        region_name="eu-west-1",
    )
    zone = route53.create_zone(client)
    route53.apply(client, zone, route53.change("CREATE", "www.harbor.test", "A", "192.0.2.7"))
    assert [str(item) for item in shop.daemon.ask("www.harbor.test").answer[0]] == ["192.0.2.7"]


def test_handshakes_that_never_end_keep_nobody_out(shop):
    """More of them than a listener takes, silent ones and ones that send nonsense."""
    with contextlib.ExitStack() as stack:
        for n in range(80):
            stream = stack.enter_context(socket.create_connection(("127.0.0.1", shop.port)))
            with contextlib.suppress(OSError):
                stream.sendall(b"\x16\x03\x01\x02" if n % 2 else b"GET / HTTP/1.1\r\n\r\n")
        assert shop.daemon.request("GET", "/signpost/v1/zones")[0] == 200
        shop.daemon.signpost("zone", "list")
    wait_until(
        lambda: signpost("--api", shop.url, "--ca", shop.ca, "zone", "list").returncode == 0,
        "TLS to be served again",
    )


def test_a_renewed_certificate_is_taken_over(shop):
    before = shop.shown()
    make_certificate(shop.ca.parent, "--force", "--host", "dns.lab.test")
    assert shop.shown() == before
    shop.hang_up("configuration read again")
    assert shop.shown() not in (before, "")
    done("--api", shop.url, "--ca", shop.ca, "zone", "list")


def test_a_certificate_that_cannot_be_used_leaves_the_old_one(shop):
    before = shop.shown()
    shop.certificate.write_text("nonsense")
    shop.hang_up("stays in use")
    assert "server.pem holds no certificate" in shop.daemon.said()
    assert shop.shown() == before


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def no_files(_folder):
    return None, None


def missing_key(folder):
    _, certificate, key = make_certificate(folder)
    key.unlink()
    return certificate, key


def key_of_another(folder):
    _, certificate, _ = make_certificate(folder)
    return certificate, make_certificate(folder / "other")[2]


def key_for_certificate(folder):
    _, _, key = make_certificate(folder)
    return key, key


def certificate_for_key(folder):
    _, certificate, _ = make_certificate(folder)
    return certificate, certificate


def encrypted_key(folder):
    _, certificate, key = make_certificate(folder)
    openssl("pkey", "-in", key, "-aes256", "-passout", "pass:x", "-out", folder / "locked.pem")
    return certificate, folder / "locked.pem"


def no_key(folder):
    return make_certificate(folder)[1], None


@pytest.mark.parametrize(
    "files, said",
    [
        (no_files, ["api-listen", "signpost dev-cert"]),
        (no_key, ["api-tls-certificate is set, and api-tls-key is not"]),
        (missing_key, ["api-tls-key", "server-key.pem", "No such file", "may read it"]),
        (key_of_another, ["api-tls-key", "other/server-key.pem", "is not the key of"]),
        (key_for_certificate, ["api-tls-certificate", "server-key.pem", "no certificate"]),
        (certificate_for_key, ["api-tls-key", "server.pem", "no private key"]),
        (encrypted_key, ["api-tls-key", "locked.pem", "encrypted"]),
    ],
)
def test_files_that_are_no_good_are_named(make_daemon, tmp_path, files, said):
    certificate, key = files(tmp_path / "tls")
    daemon = make_daemon(
        api_tls_certificate=certificate and str(certificate), api_tls_key=key and str(key)
    )
    daemon.settings["api-listen"] = [f"127.0.0.1@{free_port()} tls"]
    for reason in (daemon.fails_to_start(), daemon.fails_to_start("--check")):
        for word in said:
            assert word in reason


def test_dev_cert_guards_its_keys_and_keeps_its_ca(tmp_path):
    folder = tmp_path / "signpost-tls"
    report = done("dev-cert", "--host", "dns.lab.test", cwd=tmp_path)
    for word in (folder / "server.pem", "dns.lab.test", "tls", "/etc/hosts", "SSL_CERT_FILE"):
        assert str(word) in report
    assert f"chown signpost {folder}/server-key.pem" in report
    for name, mode in (("ca-key.pem", 0o600), ("server-key.pem", 0o600), ("ca.pem", 0o644)):
        assert stat.S_IMODE((folder / name).stat().st_mode) == mode
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert len(before) == 4
    assert "--force" in refused("dev-cert", cwd=tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    report = json.loads(done("dev-cert", "--force", "--json", cwd=tmp_path))
    assert report["ca_is_new"] is False and report["ca"] == str(folder / "ca.pem")
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {name for name in before if before[name] != after[name]} == {
        "server.pem",
        "server-key.pem",
    }
    openssl("verify", "-x509_strict", "-CAfile", folder / "ca.pem", folder / "server.pem")
    (folder / "ca-key.pem").unlink()
    assert "remove both" in refused("dev-cert", "--force", cwd=tmp_path)


# -- what a shell exports


def in_shell(exports, command):
    """What a command prints in a shell that has evaluated the exports."""
    return subprocess.run(
        ["sh", "-c", f"{exports}\n{command}"],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE * 4,
        check=False,
    )


LIST_ZONES = """/usr/bin/python3 -c '
import boto3, os
client = boto3.client("route53", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
print(*[zone["Name"] for zone in client.list_hosted_zones()["HostedZones"]])'"""


def test_aws_env_without_signatures(make_daemon):
    daemon = make_daemon().start()
    daemon.import_text("lab.test", ZONE)
    exports = daemon.signpost("aws-env")
    assert f"export AWS_ENDPOINT_URL='{route53.endpoint(daemon)}'" in exports.splitlines()
    assert f"--endpoint-url {route53.endpoint(daemon)}" in exports
    shown = in_shell(exports, LIST_ZONES)
    assert shown.stdout.split() == ["lab.test."], shown
    assert done("--api", route53.endpoint(daemon), "aws-env") == exports
    if os.access("/usr/bin/aws", os.X_OK):
        listing = '/usr/bin/aws --endpoint-url "$AWS_ENDPOINT_URL" route53 list-hosted-zones'
        shown = in_shell(exports, listing)
        assert json.loads(shown.stdout)["HostedZones"][0]["Name"] == "lab.test.", shown


def test_aws_env_with_signatures(guarded, tmp_path):
    guarded.import_text("lab.test", ZONE)
    assert "--new-key" in guarded.command("aws-env").stderr
    placeholder = {"AWS_ACCESS_KEY_ID": "signpost", "AWS_SECRET_ACCESS_KEY": "signpost"}
    socket_api = ("--api", f"unix:{guarded.socket_path}")  # of another server's exports
    assert "--new-key" in refused(*socket_api, "aws-env", **placeholder)
    exports = guarded.signpost("aws-env", "--new-key", "--read-only", "--comment", "a shell's")
    assert in_shell(exports, LIST_ZONES).stdout.split() == ["lab.test."]
    assert "a shell's" in guarded.signpost("key", "list")
    file = tmp_path / "key"
    file.write_text(Key(guarded).text)
    exports = guarded.signpost("aws-env", "--key-file", file)
    assert in_shell(exports, LIST_ZONES).stdout.split() == ["lab.test."]


def test_aws_env_with_tls(shop):
    shop.daemon.import_text("lab.test", ZONE)
    socket_api = ("--api", f"unix:{shop.daemon.socket_path}")
    exports = done(*socket_api, "aws-env", "--ca", os.path.relpath(shop.ca))
    assert f"export AWS_CA_BUNDLE='{shop.ca}'" in exports and shop.url in exports
    shown = in_shell(exports, LIST_ZONES)
    assert shown.stdout.split() == ["lab.test."], shown
    variables = json.loads(done(*socket_api, "aws-env", "--json"))
    assert variables["AWS_ENDPOINT_URL"] == route53.endpoint(shop.daemon)
    assert "AWS_CA_BUNDLE" not in variables


def test_aws_env_quotes_for_every_shell(make_daemon):
    daemon = make_daemon().start()
    url = route53.endpoint(daemon)
    exports = done("--api", url, "aws-env", AWS_ACCESS_KEY_ID="a'b", AWS_SECRET_ACCESS_KEY="$(x)")
    shown = in_shell(exports, 'printf "%s|%s" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY"')
    assert shown.stdout == "a'b|$(x)"
    assert shlex.split(exports, comments=True).count("export") == 6


def test_aws_env_needs_an_address(make_daemon):
    daemon = make_daemon(api_listen=[]).start()
    assert "api-listen" in daemon.command("aws-env").stderr
