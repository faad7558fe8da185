"""What the scenes through TCP stand on: the command line with an environment of its own, access
keys, and a lab's certificates."""

import os
import subprocess

from harness import BUILD, PATIENCE

# What the environment of whoever runs the tests may have of this kind.
FOREIGN = ("AWS_", "SIGNPOST_API", "SSL_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "LEGO_")


def environment(**more):
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(FOREIGN) and not name.lower().endswith("_proxy")
    }
    return {**kept, **more}


def signpost(*arguments, cwd=None, **variables):
    return subprocess.run(
        [BUILD / "signpost", *map(str, arguments)],
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE * 4,
        cwd=cwd,
        check=False,
    )


def done(*arguments, **options):
    """What it prints; it must end well."""
    result = signpost(*arguments, **options)
    assert result.returncode == 0, result
    return result.stdout


def refused(*arguments, **options):
    """What it complains of."""
    result = signpost(*arguments, **options)
    assert result.returncode == 1 and result.stderr.startswith("signpost: "), result
    return result.stderr


class Key:
    """An access key that was made over the control socket."""

    def __init__(self, daemon, *options):
        self.text = daemon.signpost("key", "create", *options)
        lines = dict(line.split(" = ") for line in self.text.splitlines() if " = " in line)
        self.id, self.secret = lines["aws_access_key_id"], lines["aws_secret_access_key"]

    @property
    def variables(self):
        return {"AWS_ACCESS_KEY_ID": self.id, "AWS_SECRET_ACCESS_KEY": self.secret}


def make_certificate(folder, *options):
    """The paths of a CA, a certificate and its key."""
    done("dev-cert", "--directory", folder, *options)
    return folder / "ca.pem", folder / "server.pem", folder / "server-key.pem"
