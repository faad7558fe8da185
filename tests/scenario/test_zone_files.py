"""Zone files in and out: what is refused and how it is said, and that nothing is lost on the
way.
"""

import os
import pty
import re
import subprocess

import pytest

from harness import BUILD, PATIENCE, ZONES, Refused, checks_of, rcode, values

# Text of a zone file, the line that is at fault, and a word that the message must hold.
FAULTS = [
    ("an address that is none", "$TTL 60\nwww A 192.0.2.1\nbad A 192.0.2.256\n", 3, "192.0.2.256"),
    (
        "a type outside the seventeen",
        "$TTL 60\nwww A 192.0.2.1\n\nhost LOC 52 N 4 E 0m\n",
        4,
        "LOC",
    ),
    ("a type that nobody knows", "$TTL 60\nwww BOGUS x\n", 2, "BOGUS"),
    ("another class", "$TTL 60\nwww CH TXT x\n", 2, "CH"),
    ("no TTL to go by", "www A 192.0.2.1\n", 1, "TTL"),
    ("$INCLUDE", "$TTL 60\n$INCLUDE other.zone\n", 2, "INCLUDE"),
    ("$GENERATE", "$TTL 60\n$GENERATE 1-9 h$ A 192.0.2.$\n", 2, "GENERATE"),
    ("an owner outside the zone", "$TTL 60\nwww.other.test. A 192.0.2.1\n", 2, "other.test"),
    ("an alias beside other records", "$TTL 60\nwww A 192.0.2.1\nwww CNAME web\n", 3, "CNAME"),
    ("two aliases at one name", "$TTL 60\nwww CNAME a\nwww CNAME b\n", 3, "CNAME"),
    ("an alias at the apex", "$TTL 60\n@ CNAME www\n", 2, "CNAME"),
    ("an NS at a wildcard", "$TTL 60\n* NS ns.example.net.\n", 2, "NS"),
    ("SOA below the apex", "$TTL 60\nwww SOA a. b. 1 2 3 4 5\n", 2, "SOA"),
    ("two SOA", "$TTL 60\n@ SOA a. b. 1 2 3 4 5\n@ SOA a. b. 2 2 3 4 5\n", 3, "SOA"),
    ("a label of 64 octets", f"$TTL 60\n{'x' * 64} A 192.0.2.1\n", 2, "63"),
    (
        "a name of 256 octets",
        f"$TTL 60\n{'.'.join(['x' * 63] * 3)}.{'y' * 54} A 192.0.2.1\n",
        2,
        "255",
    ),
    ("a quote that never ends", '$TTL 60\nwww TXT "open\n', 2, "quot"),
    ("a parenthesis that never ends", "$TTL 60\nwww A (\n192.0.2.1\n", 2, "parenthes"),
    ("a text of 256 octets", f'$TTL 60\nwww TXT "{"x" * 256}"\n', 2, "255"),
    ("too few fields", "$TTL 60\nwww MX 10\n", 2, "MX"),
    ("too many fields", "$TTL 60\nwww A 192.0.2.1 192.0.2.2\n", 2, "A"),
    ("generic RDATA of the wrong size", "$TTL 60\nwww A \\# 3 c00002\n", 2, "A"),
    ("an SVCB key by number", "$TTL 60\nwww SVCB 1 . key65400=x\n", 2, "key65400"),
    ("a blank owner with none before it", "$TTL 60\n  A 192.0.2.1\n", 2, "name"),
]


@pytest.mark.parametrize("text, line, word", [pytest.param(*row, id=why) for why, *row in FAULTS])
def test_a_bad_file_is_refused_whole_and_its_line_is_named(stage, text, line, word):
    with pytest.raises(Refused) as refusal:
        stage.import_text("bad.test", text, name="bad.zone")
    message = str(refusal.value)
    assert re.search(rf"bad\.zone:{line}\b", message), message
    assert word.lower() in message.lower(), message
    assert rcode(stage.ask("www.bad.test")) == "REFUSED"
    assert "bad.test" not in stage.signpost("zone", "list")


def test_a_bad_file_leaves_the_zone_as_it_was(stage):
    stage.import_text("kept.test", "www 60 A 192.0.2.1\n")
    try:
        with pytest.raises(Refused):
            stage.import_text("kept.test", "www 60 A 192.0.2.2\nbad A x\n", "--replace")
        with pytest.raises(Refused, match="(?i)exist"):
            stage.import_text("kept.test", "www 60 A 192.0.2.3\n")
        assert values(stage.ask("www.kept.test")) == ["192.0.2.1"]
        stage.import_text("kept.test", "new 60 A 192.0.2.4\n", "--replace")
        assert values(stage.ask("new.kept.test")) == ["192.0.2.4"]
        assert rcode(stage.ask("www.kept.test")) == "NXDOMAIN"
    finally:
        stage.signpost("zone", "delete", "kept.test", "--force")


SPELLINGS = [
    ("TTL with units", "www 1h30m A 192.0.2.1\n", 5400),
    ("$TTL with units", "$TTL 1w2d\nwww A 192.0.2.1\n", 777600),
    ("class before TTL", "www IN 60 A 192.0.2.1\n", 60),
    ("TTL before class", "www 60 IN A 192.0.2.1\n", 60),
    ("lower-case type and class", "www 60 in a 192.0.2.1\n", 60),
    ("TYPEnnn", "www 60 TYPE1 192.0.2.1\n", 60),
    ("generic RDATA", "www 60 A \\# 4 c0000201\n", 60),
    ("generic RDATA in two words", "www 60 TYPE1 \\# 4 c000 0201\n", 60),
    ("CRLF", "$TTL 60\r\nwww A 192.0.2.1\r\n", 60),
    ("no newline at the end", "www 60 A 192.0.2.1", 60),
    ("parentheses over lines", "www 60 A (\n  ; here it comes\n  192.0.2.1\n)\n", 60),
    ("a blank owner", "www 60 TXT x\n    60 A 192.0.2.1\n", 60),
    ("$ORIGIN", "$ORIGIN www.spelt.test.\n@ 60 A 192.0.2.1\n", 60),
    ("a relative $ORIGIN", "$ORIGIN www\n@ 60 A 192.0.2.1\n", 60),
    ("an absolute name", "www.spelt.test. 60 A 192.0.2.1\n", 60),
    ("upper case", "WWW.SPELT.TEST. 60 A 192.0.2.1\n", 60),
    ("escapes in the owner", "\\119w\\w 60 A 192.0.2.1\n", 60),
    ("the same record twice", "www 60 A 192.0.2.1\nwww 60 A 192.0.2.1\n", 60),
    ("tabs", "www\t60\tIN\tA\t192.0.2.1\t; done\n", 60),
]


@pytest.mark.parametrize(
    "text, ttl", [pytest.param(text, ttl, id=why) for why, text, ttl in SPELLINGS]
)
def test_spellings(stage, text, ttl):
    stage.import_text("spelt.test", text, "--replace")
    try:
        reply = stage.ask("www.spelt.test")
        assert values(reply) == ["192.0.2.1"] and reply.answer[0].ttl == ttl
    finally:
        stage.signpost("zone", "delete", "spelt.test", "--force")


@pytest.mark.parametrize("path", sorted(ZONES.glob("*.zone")), ids=lambda path: path.stem)
def test_export_and_import_again_is_the_identity(example, stage, path):
    text = example.signpost("zone", "export", path.stem)
    checks = checks_of(text)
    for check in checks:
        stage.signpost("health", "create", check)
    stage.import_text(path.stem, text, "--replace")
    try:
        assert stage.signpost("zone", "export", path.stem) == text
    finally:
        stage.signpost("zone", "delete", path.stem, "--force")
        for check in checks:
            stage.signpost("health", "delete", check)


def test_a_zone_by_stdin(stage):
    stage.signpost("zone", "import", "piped.test", "-", stdin="www 60 A 192.0.2.1\n")
    try:
        assert values(stage.ask("www.piped.test")) == ["192.0.2.1"]
    finally:
        stage.signpost("zone", "delete", "piped.test.", "--force")


def test_a_zone_with_records_is_deleted_by_force_only(stage):  # R-ZON-4
    stage.import_text("gone.test", "www 60 A 192.0.2.1\n")
    with pytest.raises(Refused):
        stage.signpost("zone", "delete", "gone.test")
    assert values(stage.ask("www.gone.test")) == ["192.0.2.1"]
    stage.signpost("zone", "delete", "gone.test", "--force")
    assert rcode(stage.ask("www.gone.test")) == "REFUSED"
    with pytest.raises(Refused):
        stage.signpost("zone", "export", "gone.test")
    stage.import_text("gone.test", "")
    stage.signpost("zone", "delete", "gone.test")
    assert rcode(stage.ask("gone.test")) == "REFUSED"


def big_zone(path, count):
    with open(path, "w", encoding="ascii") as out:
        out.write("$TTL 60\n")
        for i in range(count):
            out.write(f"h{i:06d} A 10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}\n")


def test_two_hundred_thousand_records_with_a_progress_bar(stage, tmp_path):
    path = tmp_path / "big.zone"
    big_zone(path, 200000)
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [
            str(BUILD / "signpost"),
            "--api",
            f"unix:{stage.socket_path}",
            "zone",
            "import",
            "big.test",
            str(path),
        ],
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    shown = b""
    try:
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        assert process.wait(PATIENCE) == 0, shown.decode()
        text = shown.decode()
        assert re.search(r"\d+ ?%", text) and "\r" in text, text
        assert re.search(r"200[,_ ]?00\d", text), text
        assert values(stage.ask("h131071.big.test")) == ["10.1.255.255"]
        quiet = stage.command("zone", "import", "big.test", path, "--replace")
        assert (
            quiet.returncode == 0 and "\r" not in quiet.stderr + quiet.stdout
        ), "no bar into a pipe"
    finally:
        os.close(master)
        stage.command("zone", "delete", "big.test", "--force")


def test_records_by_hand(stage):
    """record set, list and delete; names are octal-free master-file text here."""
    stage.import_text("hand.test", "www 60 A 192.0.2.1\n")
    try:
        stage.signpost(
            "record", "set", "hand.test", "a\\.b.hand.test", "TXT", "--ttl", 5, '"one" "two"'
        )
        assert values(stage.ask("a\\.b.hand.test", "TXT")) == ['"one" "two"']
        listed = stage.signpost("record", "list", "hand.test")
        assert "a\\.b.hand.test" in listed and '"one" "two"' in listed
        with pytest.raises(Refused, match="(?i)cname"):
            stage.signpost(
                "record", "set", "hand.test", "www.hand.test", "CNAME", "--ttl", 5, "x.hand.test"
            )
        with pytest.raises(Refused):
            stage.signpost("record", "delete", "hand.test", "nope.hand.test", "A")
        with pytest.raises(Refused):
            stage.signpost("record", "delete", "hand.test", "hand.test", "SOA")
        with pytest.raises(Refused):
            stage.signpost(
                "record", "set", "hand.test", "www.elsewhere.test", "A", "--ttl", 5, "192.0.2.1"
            )
        stage.signpost("record", "delete", "hand.test", "www.hand.test", "A")
        assert rcode(stage.ask("www.hand.test")) == "NXDOMAIN"
    finally:
        stage.signpost("zone", "delete", "hand.test", "--force")


def test_one_change_has_no_number(stage):
    """The request could hold several changes, the command has one: its user sees no index."""
    stage.import_text("hand.test", "www 60 A 192.0.2.1\n")
    try:
        with pytest.raises(Refused, match='signpost: name: "www" is not in the zone'):
            stage.signpost("record", "set", "hand.test", "www", "A", "--ttl", 5, "192.0.2.1")
        with pytest.raises(Refused, match='signpost: "192.0.2" is not an IPv4 address'):
            stage.signpost(
                "record", "set", "hand.test", "www.hand.test", "A", "--ttl", 5, "192.0.2"
            )
    finally:
        stage.signpost("zone", "delete", "hand.test", "--force")


def test_a_member_or_the_whole_group_is_deleted_but_not_both(stage):
    stage.import_text(
        "hand.test",
        ';@ www 60 A weighted id="a" weight=1 value 192.0.2.1\n'
        ';@ www 60 A weighted id="b" weight=1 value 192.0.2.1\n',
    )
    try:
        before = stage.signpost("zone", "export", "hand.test")
        done = stage.command(
            "record", "delete", "hand.test", "www.hand.test", "A", "--id", "a", "--all"
        )
        assert done.returncode == 2 and "either --id TEXT or --all" in done.stderr
        assert stage.signpost("zone", "export", "hand.test") == before
    finally:
        stage.signpost("zone", "delete", "hand.test", "--force")


def test_octets_of_every_value_in_a_label(stage):  # S-37c, R-NAM-2
    text = "$TTL 60\n" + "".join(
        f'\\{octet:03d}x TXT "{octet}"\n' for octet in range(256) if not 65 <= octet <= 90
    )
    stage.import_text("octets.test", text)
    try:
        for octet in range(256):
            low = octet + 32 if 65 <= octet <= 90 else octet
            assert values(stage.ask(f"\\{octet:03d}x.octets.test", "TXT")) == [f'"{low}"']
        assert values(stage.ask("\\000x.octets.test", "TXT")) == ['"0"']
    finally:
        stage.signpost("zone", "delete", "octets.test", "--force")


def test_octets_of_every_value_in_a_text(stage):  # S-37d
    octets = bytes(range(255))
    stage.import_text(
        "text.test", '@ 60 TXT "' + "".join(f"\\{octet:03d}" for octet in octets) + '"\n'
    )
    try:
        assert stage.ask("text.test", "TXT").answer[0][0].strings == (octets,)
    finally:
        stage.signpost("zone", "delete", "text.test", "--force")


def test_the_root_zone_and_a_top_level_domain(make_daemon):
    """Labs have their own; "." is a name for the command line like any other."""
    daemon = make_daemon().start()
    daemon.import_text(".", '$TTL 60\n@ TXT "root"\nwww.lab A 192.0.2.1\n')
    daemon.import_text("lab", "$TTL 60\nwww A 192.0.2.2\n")
    assert values(daemon.ask(".", "TXT")) == ['"root"']
    assert values(daemon.ask("www.lab")) == ["192.0.2.2"]
    assert '"root"' in daemon.signpost("zone", "export", ".")
    daemon.signpost("zone", "delete", ".", "--force")
    assert rcode(daemon.ask(".", "TXT")) == "REFUSED"


def test_a_zone_is_not_replaced_by_nothing(make_daemon):
    daemon = make_daemon().start()
    daemon.import_text("lab.test", "www 60 A 192.0.2.1\n")
    with pytest.raises(Refused, match="no record"):
        daemon.import_text("lab.test", "; the generator failed\n", "--replace")
    assert values(daemon.ask("www.lab.test")) == ["192.0.2.1"]
