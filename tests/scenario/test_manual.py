"""The manual pages and the example configuration say what the programs say, no more and no less."""

import json
import re
import shlex
import signal
import subprocess

import pytest

from harness import BUILD, PATIENCE, TOP, wait_until

EXAMPLE = TOP / "contrib" / "signpost.conf"


def run(program, *arguments):
    return subprocess.run(
        [BUILD / program, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


# -- manual pages: as much troff as ours are written in


def plain(text):
    """Text without fonts and escapes."""
    for escape, meaning in ((r"\-", "-"), (r"\(dq", '"'), (r"\(aq", "'"), (r"\e", "\\")):
        text = text.replace(escape, meaning)
    return re.sub(r"\\f[BIRP]", "", text)


def line_text(line):
    """What a line prints.  The words after .BR and its like are joined, those after .B are not."""
    if not line.startswith("."):
        return plain(line)
    macro, *words = shlex.split(line.replace("\\", "\\\\").replace("'", r"\'"))
    if macro in (".B", ".I", ".SH", ".SS"):
        return plain(" ".join(words))
    if macro in (".BR", ".BI", ".IB", ".IR", ".RB", ".RI"):
        return plain("".join(words))
    return ""


def entries(page, section):
    """{tag: what is said of it} of the paragraphs with a tag in a section of a page."""
    lines = (TOP / "contrib" / "man" / page).read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line_text(line) == section) + 1
    found, tag = {}, None
    for i in range(start, len(lines)):
        if lines[i].startswith(".SH "):
            break
        if lines[i] == ".TP":
            tag = line_text(lines[i + 1])
            assert tag not in found, f"{page}: {tag} stands there twice"
            found[tag] = ""
        elif lines[i] == ".PP" or lines[i].startswith(".SS "):
            tag = None
        elif tag and lines[i - 1] != ".TP":
            found[tag] += line_text(lines[i]) + "\n"
    assert found, (page, section)
    return found


def option_tags(help_text):
    """{"--api WHERE", "-c, --config FILE", ...} of a --help."""
    tag = r"^ +((?:-\w, )?--[\w-]+(?: [A-Z=,]+)?)(?:  |$)"
    return set(re.findall(tag, help_text, re.MULTILINE))


# -- signpost(1) and signpostd(8)


def verb_lines():
    lines = re.findall(r"^  (\w.*?)(?:  |$)", run("signpost", "--help").stdout, re.MULTILINE)
    assert len(lines) >= 9, lines
    return lines


def words_of(verb_line):
    return re.match(r"[a-z -]*[a-z]", verb_line)[0].split()


def test_every_verb_is_in_the_manual():
    assert set(entries("signpost.1", "VERBS")) == set(verb_lines())


def test_the_help_of_a_group_has_its_verbs_only():
    lines = re.findall(r"^  (\w.*?)(?:  |$)", run("signpost", "zone", "--help").stdout, re.MULTILINE)
    assert lines == [line for line in verb_lines() if line.startswith("zone ")]


def test_every_option_of_signpost_is_in_the_manual():
    told = option_tags(run("signpost", "--help").stdout)
    for line in verb_lines():
        told |= option_tags(run("signpost", *words_of(line), "--help").stdout)
    assert set(entries("signpost.1", "OPTIONS")) == told


def test_every_option_of_signpostd_is_in_the_manual():
    told = option_tags(run("signpostd", "--help").stdout)
    assert set(entries("signpostd.8", "OPTIONS")) == told


def test_every_metric_is_in_the_manual(stage):
    page = stage.request("GET", "/metrics")[1]
    told = {tag.split("{")[0] for tag in entries("signpost.1", "METRICS")}
    assert told == set(re.findall(r"^# HELP (\w+) ", page, re.MULTILINE))


def test_the_readme_names_every_verb():
    said = (TOP / "README.md").read_text()
    for line in verb_lines():
        assert f"`signpost {' '.join(words_of(line))}" in said


# -- signpost.conf(5)


def manual_keys():
    """{key: what is said of it}"""
    return {
        tag.split()[0]: tag + "\n" + said
        for tag, said in entries("signpost.conf.5", "KEYS").items()
    }


def manual_defaults():
    return {
        key: re.search(r"^Default: (.*)\.$", said, re.MULTILINE)[1]
        for key, said in manual_keys().items()
    }


def example_defaults():
    """Settings that are commented out without a blank stand at their default."""
    return dict(re.findall(r"^#([a-z0-9-]+) = (.*)$", EXAMPLE.read_text(), re.MULTILINE))


def example_keys():
    return set(re.findall(r"^# *([a-z0-9-]+) = ", EXAMPLE.read_text(), re.MULTILINE))


def test_every_key_is_in_the_manual_and_in_the_example():
    assert set(manual_keys()) == example_keys()


def test_manual_and_example_name_the_same_defaults():
    stated = {key: value for key, value in manual_defaults().items() if value != "none"}
    assert {key: value.strip('"') for key, value in stated.items()} == {
        key: value.strip('"') for key, value in example_defaults().items()
    }


@pytest.mark.parametrize("key", sorted(manual_keys()))
def test_every_key_is_known_and_its_range_is_in_the_manual(key):
    done = run("signpostd", "-o", f"{key}={'?' * 2000}", "--check")
    assert done.returncode == 1 and "unknown key" not in done.stderr, done.stderr
    right = re.search(r"it must be (.*)$", done.stderr)[1]
    right = re.sub(r"such as \S+( or \S+)?", "", right)
    for number in re.findall(r"\d+", right):
        assert re.search(rf"\b{number}\b", manual_keys()[key]), (number, right)
    for choice in re.findall(r"\w+(?=,| or\b)|(?<= or )\w+", right if "path" not in right else ""):
        assert re.search(rf"\b{choice}\b", manual_keys()[key]), (choice, right)


def test_the_example_is_right_as_it_is_and_with_every_key_spelled_out(tmp_path):
    spelled_out = tmp_path / "signpost.conf"
    text = re.sub(r"^#([a-z0-9-]+ = )", r"\1", EXAMPLE.read_text(), flags=re.MULTILINE)
    spelled_out.write_text(text)
    for path in (EXAMPLE, spelled_out):
        for command in (["signpostd", "--check", "-c"], ["signpost", "check-config"]):
            done = run(*command, path)
            assert done.returncode == 0, done.stderr


def test_the_manual_tells_what_hup_changes(make_daemon, tmp_path):
    """A change of every key at once: the log says of each whether it is in force."""
    daemon = make_daemon(log_format="json").start()
    log = tmp_path / "log"
    daemon.write_config(
        listen=["127.0.0.1@1"],
        api_listen=["127.0.0.1@2"],
        require_signature=True,
        signature_skew=7,
        api_tls_certificate=str(tmp_path / "server.pem"),
        api_tls_key=str(tmp_path / "server-key.pem"),
        control_socket=str(tmp_path / "elsewhere"),
        database=str(tmp_path / "other.db"),
        workers=3,
        user="somebody",
        server_domain="other.test",
        hostmaster="hostmaster.other.test",
        edns_size=1400,
        minimal_responses=True,
        minimal_any=True,
        nsid="new",
        explain_clients=["192.0.2.0/24"],
        client_subnet=["192.0.2.0/24"],
        geoip_database=str(tmp_path / "places.mmdb"),
        negative_bias="divide",
        checkers=["eu-west-1"],
        check_resolver="127.0.0.1@1",
        deny_special_targets=True,
        alias_targets="registered",
        quotas=["route53"],
        key_directory=str(tmp_path / "keys"),
        key_credential=str(tmp_path / "credential"),
        pkcs11_module=str(tmp_path / "token.so"),
        pkcs11_token="token",
        pkcs11_pin=str(tmp_path / "pin"),
        denial_of_existence="compact",
        signature_validity=7200,
        signatures_remembered=100,
        signatures_per_second=100,
        dnskey_ttl=60,
        dnskey_interval=3600,
        zsk_lifetime=0,
        publish_cds=True,
        change_delay=7,
        seed=1,
        tcp_connections=7,
        tcp_idle_timeout=7,
        tcp_total_timeout=7,
        log_file=str(log),
        log_level="debug",
    )
    daemon.process.send_signal(signal.SIGHUP)
    wait_until(lambda: log.exists() and "read again" in log.read_text(), "the new configuration")
    events = [json.loads(line) for line in log.read_text().splitlines()]
    # By itself: the lines above are read as JSON.
    daemon.write_config(log_format="text")
    daemon.process.send_signal(signal.SIGHUP)
    wait_until(
        lambda: re.search(r"setting changed key=log-format$", log.read_text(), re.MULTILINE),
        "a line of text",
    )
    live = {event["key"] for event in events if event["message"] == "setting changed"}
    fixed = {event["key"] for event in events if event["message"].endswith("needs a restart")}
    live.add("log-format")
    said = {key: text.splitlines()[-1] for key, text in manual_keys().items()}
    assert said == {**dict.fromkeys(live, "On HUP."), **dict.fromkeys(fixed, "On restart.")}


# -- signpost-drill(5)


def manual_drill():
    """The example of the manual."""
    page = (TOP / "contrib" / "man" / "signpost-drill.5").read_text()
    return json.loads(plain(re.search(r"^\.EX\n(.*?)^\.EE$", page, re.MULTILINE | re.DOTALL)[1]))


@pytest.fixture
def shop(make_daemon):
    """What the example breaks and watches."""
    daemon = make_daemon().start()
    daemon.signpost("control", "create", "cell-1")
    rule = "min-one --panel default --assert cell-1 --all-of"
    daemon.signpost("rule", "create", *rule.split())
    for check in ("web-1", "web-2"):
        daemon.signpost("health", "create", check)
    where = "--kind application-load-balancer --zone eu-west-1a=192.0.2.1"
    daemon.signpost("resource", "set", "lb1.example", *where.split())
    daemon.import_text("shop.test", "www 60 A 192.0.2.1\n")
    return daemon


def test_the_drill_of_the_manual_is_one(shop):
    drill = manual_drill()
    order = {"definition": drill, "owner": "me"}
    status, reply = shop.request("POST", "/signpost/v1/drills", order)
    assert status == 200, reply
    assert shop.request("GET", "/signpost/v1/drills/1")[1]["definition"] == drill


def test_the_manual_names_every_member_of_a_drill_and_no_other(shop):
    """A member that is refused is no member; of those in the manual none is refused."""
    told = entries("signpost-drill.5", "FORMAT") | entries("signpost-drill.5", "OBJECTIVES")
    members = {re.match(r'"(\w+)"', tag)[1] for tag in told}
    drill = manual_drill()
    assert members == {"settle", *drill, *drill["objectives"]}
    drill["settle"] = "1m"
    status, reply = shop.request("POST", "/signpost/v1/drills/predict", drill)
    assert status == 200, reply
