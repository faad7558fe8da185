"""Keys in a PKCS #11 token (SoftHSM's), made as signpost says, pulled and put back."""

import os
import re
import shutil
import signal
import subprocess

import pytest

from dnssec import Anchor, Delv
from harness import Refused, wait_until

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
ZONE = """$TTL 1
@ SOA ns hostmaster 1 7200 900 1209600 1
@ NS ns
ns A 127.0.0.1
www A 192.0.2.1
"""


class Token:
    def __init__(self, folder):
        self.folder, self.slot, self.away = folder, folder / "tokens", folder / "away"
        self.slot.mkdir(parents=True)
        self.pin = folder / "pin"
        self.put_pin("1234")
        config = folder / "softhsm.conf"
        config.write_text(f"directories.tokendir = {self.slot}\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = str(config)

    def put_pin(self, pin):
        self.pin.write_text(pin + "\n")
        self.pin.chmod(0o600)

    def put_in(self):
        words = "softhsm2-util --init-token --free --label shop --pin 1234 --so-pin 5678"
        subprocess.run(words.split(), check=True, capture_output=True)

    def pull(self):
        self.slot.rename(self.away)
        self.slot.mkdir()

    def put_back(self):
        self.slot.rmdir()
        self.away.rename(self.slot)

    def make_key(self, said):
        """As the message says, word for word, with the PIN."""
        words = re.search(r"'(pkcs11-tool [^']*)'", said)
        assert words, said
        done = subprocess.run(
            words[1] + " --pin 1234", shell=True, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done


@pytest.fixture
def token(tmp_path):
    if not (os.path.exists(MODULE) and shutil.which("pkcs11-tool")):
        pytest.skip("SoftHSM and pkcs11-tool are not installed")
    before = os.environ.get("SOFTHSM2_CONF")
    yield Token(tmp_path / "token")
    os.environ.pop("SOFTHSM2_CONF")
    if before is not None:
        os.environ["SOFTHSM2_CONF"] = before


@pytest.fixture
def daemon(make_daemon, token):
    daemon = make_daemon(
        pkcs11_module=MODULE, pkcs11_token="shop", pkcs11_pin=str(token.pin), dnskey_ttl=1
    ).start()
    daemon.import_text("shop.test", ZONE)
    return daemon


def refusal(daemon, *words):
    with pytest.raises(Refused) as refused:
        daemon.signpost("dnssec", *words)
    return str(refused.value)


def report(daemon):
    return daemon.request("GET", "/signpost/v1/zones/shop.test/dnssec")[1]


def is_secure(daemon, folder):
    verdict = Delv(folder, daemon.port, Anchor(daemon, "shop.test")).judge("www.shop.test.", "A")
    return verdict.state == "secure"


def test_a_token_that_is_away_is_said(daemon, token):
    assert "shop" in refusal(daemon, "enable", "shop.test")
    assert report(daemon)["status"] == "NOT_SIGNING"


def test_keys_are_made_as_the_message_says(daemon, token, tmp_path):
    token.put_in()
    said = refusal(daemon, "enable", "shop.test")
    assert said == refusal(daemon, "enable", "shop.test")
    token.make_key(said)
    daemon.signpost("dnssec", "enable", "shop.test")
    assert is_secure(daemon, tmp_path)
    first = report(daemon)["keys"][0]
    token.make_key(refusal(daemon, "rotate", "shop.test"))
    daemon.signpost("dnssec", "rotate", "shop.test")
    assert is_secure(daemon, tmp_path)
    daemon.signpost("dnssec", "rotate", "shop.test", "--finish", "--parent-changed")
    assert is_secure(daemon, tmp_path)
    # What has been used once is not used again.
    said = refusal(daemon, "rotate", "shop.test")
    assert first["arn"] not in said and report(daemon)["keys"][0]["arn"] not in said


def test_a_token_that_is_pulled(daemon, token, tmp_path):
    token.put_in()
    token.make_key(refusal(daemon, "enable", "shop.test"))
    daemon.signpost("dnssec", "enable", "shop.test")
    token.pull()
    daemon.process.send_signal(signal.SIGHUP)
    wait_until(lambda: report(daemon)["status"] == "ACTION_NEEDED", "the token to be missed")
    assert "shop" in report(daemon)["message"]
    assert is_secure(daemon, tmp_path)
    daemon.stop()
    daemon.start()
    assert report(daemon)["status"] == "ACTION_NEEDED"
    assert is_secure(daemon, tmp_path)
    token.put_back()
    token.put_pin("9999")
    daemon.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "PIN" in report(daemon)["message"], "the PIN to be refused")
    token.put_pin("1234")
    daemon.process.send_signal(signal.SIGHUP)
    wait_until(lambda: report(daemon)["status"] == "SIGNING", "the token to be back")
    assert is_secure(daemon, tmp_path)
