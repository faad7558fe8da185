"""signpost dnssec: what it prints is what a person does next, and doing it leads to the end."""

import json
import re
import shlex
import subprocess

import dns.dnssec
import dns.name
import dns.rdatatype
import dns.zone
import pytest

import remote
import route53
from harness import PATIENCE, Refused, values

PARENT = "$TTL 300\nwww A 192.0.2.1\n"
CHILD = "$TTL 300\n@ A 192.0.2.2\nwww A 192.0.2.3\n"


@pytest.fixture
def daemon(make_daemon):
    daemon = make_daemon().start()
    daemon.import_text("shop.lab.test", CHILD)
    return daemon


@pytest.fixture
def family(daemon):
    """The parent is hosted too, and signed; it knows nothing of its child yet."""
    daemon.import_text("lab.test", PARENT)
    daemon.signpost("dnssec", "enable", "lab.test")
    return daemon


def report(daemon, zone="shop.lab.test"):
    return json.loads(daemon.signpost("dnssec", "status", zone, "--json"))


def commands(text):
    """The command lines that a text shows, each as words without "signpost"."""
    lines = re.findall(r"^ +signpost (.*)$", text, re.MULTILINE)
    return [shlex.split(line) for line in lines]


def follow(daemon, text):
    for words in commands(text):
        daemon.signpost(*words)


def delegate(daemon):
    """Makes the chain of trust whole, as enable says."""
    follow(daemon, daemon.signpost("dnssec", "enable", "shop.lab.test"))


def served_keys(daemon, zone="shop.lab.test", flags=257):
    reply = daemon.ask(zone, "DNSKEY")
    return [key for rrset in reply.answer for key in rrset if getattr(key, "flags", 0) == flags]


def digest(zone, key):
    return dns.dnssec.make_ds(dns.name.from_text(zone), key, "SHA256").to_text()


def ds_of(daemon, zone="shop.lab.test"):
    """The DS records of what is served, as the command line writes them."""
    return sorted(digest(zone, key).upper() for key in served_keys(daemon, zone))


def ds_in(text):
    return sorted(re.findall(r"^\S+ IN DS (.*)$", text, re.MULTILINE))


# -- enable


def test_a_zone_is_signed_and_its_ds_goes_to_whoever_runs_the_parent(daemon):
    said = daemon.signpost("dnssec", "enable", "shop.lab.test")
    assert re.match(r"shop\.lab\.test\. is signed with the key-signing key \w+, tag \d+", said)
    assert "registrar" in said and commands(said) == []
    assert set(ds_in(said)) == set(ds_of(daemon))
    assert values(daemon.ask("www.shop.lab.test", do=True), "RRSIG")


def test_enabling_twice_makes_no_second_key(daemon):
    first = daemon.signpost("dnssec", "enable", "shop.lab.test")
    assert daemon.signpost("dnssec", "enable", "shop.lab.test") == first
    assert len(report(daemon)["keys"]) == 1


def test_what_enable_prints_makes_the_chain_whole(family):
    said = family.signpost("dnssec", "enable", "shop.lab.test")
    assert [words[:2] + words[3:5] for words in commands(said)] == [
        ["record", "set", "shop.lab.test.", "NS"],
        ["record", "set", "shop.lab.test.", "DS"],
    ]
    follow(family, said)
    assert report(family)["parent"] == {
        "zone": "lab.test.",
        "state": "HAS_DS",
        "other_ds": False,
    }
    assert sorted(values(family.ask("shop.lab.test", "DS"), "DS")) == [
        text.lower() for text in ds_of(family)
    ]
    again = family.signpost("dnssec", "enable", "shop.lab.test")
    assert again.endswith("\nNothing is left to do.\n")


def test_a_parent_that_is_not_signed_is_to_be_signed_too(daemon):
    daemon.import_text("lab.test", PARENT)
    said = daemon.signpost("dnssec", "enable", "shop.lab.test")
    assert commands(said)[-1] == ["dnssec", "enable", "lab.test."]
    follow(daemon, said)
    follow(daemon, daemon.signpost("dnssec", "status", "shop.lab.test"))
    assert report(daemon)["parent"]["state"] == "HAS_DS"


def test_a_key_directory_that_cannot_be_is_said(make_daemon, tmp_path):
    (tmp_path / "file").write_text("")
    daemon = make_daemon(key_directory=str(tmp_path / "file" / "keys")).start()
    daemon.import_text("shop.lab.test", CHILD)
    with pytest.raises(Refused, match=r"file/keys"):
        daemon.signpost("dnssec", "enable", "shop.lab.test")
    assert report(daemon)["status"] == "NOT_SIGNING"


# -- status


def test_the_page_of_a_signed_zone(family):
    delegate(family)
    key = report(family)["keys"][0]
    page = family.signpost("dnssec", "status", "shop.lab.test")
    assert re.search(r"^status +SIGNING$", page, re.MULTILINE)
    assert re.search(r"^parent +lab\.test\.: the DS record of a key", page, re.MULTILINE)
    row = rf"^{key['name']} +{key['tag']} +ACTIVE +yes +\d{{4}}-"
    assert re.search(row, page, re.MULTILINE)
    assert re.search(r"^  \d{4}\S+Z  in 2\d h +the keys are signed anew$", page, re.MULTILINE)
    assert re.search(r"in 1\d days +zone-signing key \d+ is replaced$", page, re.MULTILINE)
    assert page.endswith("\nWhat to do:\nNothing is left to do.\n")


def test_the_page_of_a_zone_that_is_not_signed_says_how(daemon):
    page = daemon.signpost("dnssec", "status", "shop.lab.test")
    assert re.search(r"^status +NOT_SIGNING$", page, re.MULTILINE)
    assert commands(page) == [["dnssec", "enable", "shop.lab.test."]]


def test_the_report_as_json_is_that_of_the_interface(family):
    delegate(family)
    said = report(family)
    assert said == family.request("GET", "/signpost/v1/zones/shop.lab.test/dnssec")[1]
    assert said["signing"] and said["status"] == "SIGNING" and said["message"] == ""
    assert [key["state"] for key in said["zone_signing_keys"]] == ["ACTIVE"]
    assert said["refresh_at"] < said["signed_until"]
    key = said["keys"][0]
    assert key["in_parent"] is True and key["ds_record"].split()[0] == str(key["tag"])
    served = served_keys(family)
    assert [dns.dnssec.key_id(one) for one in served] == [key["tag"]]
    assert served[0].to_text().replace(" ", "") == key["dnskey_record"].replace(" ", "")


# -- ds


def test_records_for_the_parent_are_lines_of_a_zone_file(daemon):
    daemon.signpost("dnssec", "enable", "shop.lab.test")
    anchor = daemon.signpost("dnssec", "ds", "shop.lab.test", "--anchor")
    (daemon.folder / "anchor").write_text(anchor)
    delv = ["delv", "@127.0.0.1", "-p", str(daemon.port), "-a", daemon.folder / "anchor"]
    delv += ["+root=shop.lab.test", "shop.lab.test", "SOA"]
    judged = subprocess.run(delv, capture_output=True, text=True, timeout=PATIENCE)
    assert judged.stdout.startswith("; fully validated"), judged
    for option, kind in ((), "DS"), (("--dnskey",), "DNSKEY"):
        text = daemon.signpost("dnssec", "ds", "shop.lab.test", *option)
        zone = dns.zone.from_text("$TTL 300\n" + text, "lab.test", check_origin=False)
        ((name, rdataset),) = zone.iterate_rdatasets()
        assert str(name) == "shop"
        assert dns.rdatatype.to_text(rdataset.rdtype) == kind
    assert ds_in(daemon.signpost("dnssec", "ds", "shop.lab.test")) == ds_of(daemon)


def test_records_for_the_parent_as_json(daemon):
    daemon.signpost("dnssec", "enable", "shop.lab.test")
    said = json.loads(daemon.signpost("dnssec", "ds", "shop.lab.test", "--json"))
    key = report(daemon)["keys"][0]
    assert said == {
        "zone": "shop.lab.test.",
        "ds": [key["ds_record"]],
        "dnskey": [key["dnskey_record"]],
    }


def test_a_zone_that_was_never_signed_has_nothing_for_its_parent(daemon):
    with pytest.raises(Refused, match="no active key-signing key; 'signpost dnssec enable"):
        daemon.signpost("dnssec", "ds", "shop.lab.test")


def test_a_zone_that_is_not_signed_any_more_warns(daemon):
    daemon.signpost("dnssec", "enable", "shop.lab.test")
    daemon.signpost("dnssec", "disable", "shop.lab.test")
    done = daemon.command("dnssec", "ds", "shop.lab.test")
    assert done.returncode == 0 and ds_in(done.stdout)
    assert "warning: shop.lab.test. is not signed" in done.stderr


# -- rotate


def test_the_key_signing_key_is_rolled_by_doing_what_is_printed(family):
    delegate(family)
    old = report(family)["keys"][0]
    said = family.signpost("dnssec", "rotate", "shop.lab.test")
    assert "signs beside the other" in said
    new = report(family)["keys"][1]
    assert ds_of(family) == sorted([old["ds_record"], new["ds_record"]])
    begin, finish = commands(said)
    assert finish == ["dnssec", "rotate", "shop.lab.test.", "--finish"]
    # Asked again, it begins nothing; and too early it does not finish.
    assert commands(family.signpost("dnssec", "rotate", "shop.lab.test")) == [begin, finish]
    with pytest.raises(Refused):
        family.signpost(*finish)
    family.signpost(*begin)
    assert commands(family.signpost("dnssec", "status", "shop.lab.test")) == [finish]
    assert f"{old['name']} is deleted" in family.signpost(*finish)
    assert [key["name"] for key in report(family)["keys"]] == [new["name"]]
    assert ds_of(family) == [new["ds_record"]]
    assert report(family)["parent"]["state"] == "HAS_DS"


def test_of_a_parent_elsewhere_somebody_must_vouch(daemon):
    daemon.signpost("dnssec", "enable", "shop.lab.test")
    said = daemon.signpost("dnssec", "rotate", "shop.lab.test")
    old, new = report(daemon)["keys"]
    assert ds_in(said) == [new["ds_record"]]
    with pytest.raises(Refused):
        daemon.signpost("dnssec", "rotate", "shop.lab.test", "--finish")
    assert commands(said) == [
        ["dnssec", "rotate", "shop.lab.test.", "--finish", "--parent-changed"]
    ]
    follow(daemon, said)
    assert [key["name"] for key in report(daemon)["keys"]] == [new["name"]]
    assert old["name"] != new["name"]


def test_a_roll_begun_in_vain_is_given_up(family):
    delegate(family)
    old = report(family)["keys"][0]
    family.signpost("dnssec", "rotate", "shop.lab.test")
    new = report(family)["keys"][1]
    ask_parent = ("record", "set", "lab.test", "shop.lab.test", "DS", "--ttl", "300")
    family.signpost(*ask_parent, old["ds_record"], new["ds_record"])
    with pytest.raises(Refused, match=new["name"]):  # R-SEC-8
        family.signpost("dnssec", "rotate", "shop.lab.test", "--cancel")
    family.signpost(*ask_parent, old["ds_record"])
    assert new["name"] in family.signpost("dnssec", "rotate", "shop.lab.test", "--cancel")
    assert [key["name"] for key in report(family)["keys"]] == [old["name"]]
    assert report(family)["parent"]["state"] == "HAS_DS"
    assert len(family.ask("shop.lab.test", "DNSKEY").answer[0]) == 2  # the old key, and a ZSK


def test_that_a_parent_elsewhere_has_not_changed_somebody_must_vouch_for(daemon):
    daemon.signpost("dnssec", "enable", "shop.lab.test")
    daemon.signpost("dnssec", "rotate", "shop.lab.test")
    old, _ = report(daemon)["keys"]
    cancel = ("dnssec", "rotate", "shop.lab.test", "--cancel")
    with pytest.raises(Refused):
        daemon.signpost(*cancel)
    reply = json.loads(daemon.signpost(*cancel, "--parent-unchanged", "--json"))
    assert reply["step"] == "cancel"
    assert [key["name"] for key in report(daemon)["keys"]] == [old["name"]]


def test_a_roll_as_json(daemon):
    daemon.signpost("dnssec", "enable", "shop.lab.test")

    def rotate(*options):
        return json.loads(daemon.signpost("dnssec", "rotate", "shop.lab.test", *options, "--json"))

    steps = [rotate(), rotate(), rotate("--finish", "--parent-changed")]
    assert [step["step"] for step in steps] == ["begin", "wait", "finish"]
    old, new = steps[0]["dnssec"]["keys"]
    assert [step["name"] for step in steps] == [new["name"], new["name"], old["name"]]
    assert [key["name"] for key in steps[2]["dnssec"]["keys"]] == [new["name"]]


def test_nothing_is_finished_that_was_not_begun(daemon):
    daemon.signpost("dnssec", "enable", "shop.lab.test")
    with pytest.raises(Refused):
        daemon.signpost("dnssec", "rotate", "shop.lab.test", "--finish", "--parent-changed")
    assert len(report(daemon)["keys"]) == 1


def test_the_zone_signing_key_rolls_by_itself(daemon):
    daemon.signpost("dnssec", "enable", "shop.lab.test")
    said = daemon.signpost("dnssec", "rotate", "shop.lab.test", "--zsk")
    tag = int(re.search(r"zone-signing key (\d+) is published, and signs from \S+Z on", said)[1])
    keys = report(daemon)["zone_signing_keys"]
    assert [(key["state"], key["tag"] == tag) for key in keys] == [
        ("ACTIVE", False),
        ("PUBLISHED", True),
    ]
    assert tag in [dns.dnssec.key_id(key) for key in served_keys(daemon, flags=256)]
    with pytest.raises(Refused):
        daemon.signpost("dnssec", "rotate", "shop.lab.test", "--zsk")


def test_a_zone_that_is_not_signed_has_no_key_to_roll(daemon):
    for options in (), ("--zsk",), ("--finish",):
        with pytest.raises(Refused):
            daemon.signpost("dnssec", "rotate", "shop.lab.test", *options)


# -- a key that is lost


def lose_keys(daemon):
    for path in (daemon.folder / "keys").glob("*-*-*-*-*"):
        path.unlink()


def test_a_lost_key_is_told_and_replaced_as_the_manual_says(daemon):
    daemon.signpost("dnssec", "enable", "shop.lab.test")
    lost = report(daemon)["keys"][0]
    lose_keys(daemon)
    with pytest.raises(Refused, match=f"{lost['name']} cannot be used"):
        daemon.signpost("dnssec", "rotate", "shop.lab.test", "--zsk")
    assert values(daemon.ask("www.shop.lab.test", do=True), "RRSIG")
    daemon.signpost("dnssec", "rotate", "shop.lab.test")
    said = report(daemon)
    assert said["status"] == "ACTION_NEEDED" and lost["name"] in said["message"]
    assert [key["status"] for key in said["keys"]] == ["ACTION_NEEDED", "ACTIVE"]
    assert said["keys"][0]["message"]
    page = daemon.signpost("dnssec", "status", "shop.lab.test")
    assert f"\n{lost['name']}: {said['keys'][0]['message']}\n" in page
    assert commands(page) == [
        ["dnssec", "rotate", "shop.lab.test.", "--finish", "--parent-changed"]
    ]
    # What is served stays what the parent knows, until the lost key is gone.
    assert ds_of(daemon) == [lost["ds_record"]]
    assert len(ds_in(daemon.signpost("dnssec", "ds", "shop.lab.test"))) == 2
    daemon.signpost("dnssec", "rotate", "shop.lab.test", "--finish", "--parent-changed")
    assert report(daemon)["status"] == "SIGNING"
    assert ds_of(daemon) == [said["keys"][1]["ds_record"]]


def test_a_lost_key_is_replaced_by_doing_what_is_printed(family):
    delegate(family)
    lost = report(family)["keys"][0]
    lose_keys(family)
    with pytest.raises(Refused):
        family.signpost("dnssec", "rotate", "shop.lab.test", "--zsk")  # looks at the key
    said = family.signpost("dnssec", "rotate", "shop.lab.test")
    assert "signs beside" not in said
    new = report(family)["keys"][1]
    with pytest.raises(Refused, match=f"{new['name']} beside that of {lost['name']}"):
        family.signpost("dnssec", "rotate", "shop.lab.test", "--finish")
    assert [words[-1] for words in commands(said)] == [
        new["ds_record"],
        "--finish",
        new["ds_record"],
    ]
    assert lost["ds_record"] in commands(said)[0]
    for words in commands(said)[:2]:
        told = family.signpost(*words)
    assert report(family)["parent"] == {"zone": "lab.test.", "state": "HAS_DS", "other_ds": True}
    assert commands(told) == commands(said)[2:]
    follow(family, told)
    page = family.signpost("dnssec", "status", "shop.lab.test")
    assert page.endswith("\nNothing is left to do.\n")


def test_an_older_copy_of_the_database_finds_its_key_again(daemon):
    daemon.signpost("dnssec", "enable", "shop.lab.test")
    daemon.stop()
    database = daemon.folder / "signpost.db"
    copy = database.read_bytes()
    daemon.start()
    daemon.signpost("dnssec", "rotate", "shop.lab.test")
    daemon.signpost("dnssec", "rotate", "shop.lab.test", "--finish", "--parent-changed")
    known = report(daemon)["keys"][0]["ds_record"]
    daemon.stop()
    database.write_bytes(copy)
    daemon.start()
    assert known not in ds_of(daemon)
    daemon.signpost("dnssec", "rotate", "shop.lab.test")
    assert known in ds_of(daemon)


# -- disable


def test_a_zone_stays_signed_while_its_parent_says_so(family):
    delegate(family)
    with pytest.raises(Refused) as refused:
        family.signpost("dnssec", "disable", "shop.lab.test")
    assert "record delete lab.test. shop.lab.test. DS" in str(refused.value)
    assert "TTL" in str(refused.value)
    assert report(family)["status"] == "SIGNING"
    family.signpost("record", "delete", "lab.test", "shop.lab.test", "DS")
    said = family.signpost("dnssec", "disable", "shop.lab.test")
    assert said == "shop.lab.test. is not signed (in sync); its keys stay\n"
    assert report(family)["status"] == "NOT_SIGNING"
    assert not values(family.ask("www.shop.lab.test", do=True), "RRSIG")


def test_what_is_not_signed_may_be_disabled_again(daemon):
    for _ in range(2):
        assert "is not signed" in daemon.signpost("dnssec", "disable", "shop.lab.test")
    said = json.loads(daemon.signpost("dnssec", "disable", "shop.lab.test", "--json"))
    assert said == report(daemon)
    assert not said["signing"]


def test_a_zone_that_is_signed_again_has_its_key_again(daemon):
    daemon.signpost("dnssec", "enable", "shop.lab.test")
    before = report(daemon)["keys"][0]
    said = daemon.signpost("dnssec", "disable", "shop.lab.test")
    assert "If its parent still has a DS record" in said
    follow(daemon, said)
    assert [key["ds_record"] for key in report(daemon)["keys"]] == [before["ds_record"]]
    assert report(daemon)["status"] == "SIGNING"


# -- mistakes


@pytest.mark.parametrize("verb", ["enable", "status", "ds", "rotate", "disable"])
def test_a_zone_that_is_not_there(daemon, verb):
    done = daemon.command("dnssec", verb, "other.test")
    assert done.returncode == 1 and "other.test." in done.stderr and done.stdout == ""
    done = daemon.command("dnssec", verb, "other.test", "--json")
    assert done.returncode == 1 and json.loads(done.stdout)["error"]["code"] == "NotFound"


@pytest.mark.parametrize(
    "line, expect",
    [
        ("enable", "something is missing"),
        ("status a.test b.test", "too many arguments"),
        ("ds a.test --zsk", "does not take --zsk"),
        ("rotate a.test --zsk --finish", "--finish and --cancel are for the key-signing key"),
        ("rotate a.test --finish --cancel", "either --finish or --cancel"),
        ("rotate a.test --parent-unchanged", "--parent-unchanged goes with --cancel"),
        ("ds a.test --dnskey --anchor", "either --dnskey or --anchor"),
        ("rotate a.test --parent-changed", "--parent-changed goes with --finish"),
        ("rotate a.test --zsk --parent-changed", "--parent-changed goes with --finish"),
        ("unsign a.test", "must be followed by one of"),
    ],
)
def test_wrong_usage(daemon, line, expect):
    done = daemon.command("dnssec", *line.split())
    assert done.returncode == 2 and expect in done.stderr, done


# -- figures


def test_signatures_are_counted(daemon):
    daemon.signpost("dnssec", "enable", "shop.lab.test")
    for name in "www", "www", "nobody", "nobody":
        daemon.ask(f"{name}.shop.lab.test", do=True, tcp=True)

    def metric(name):
        page = daemon.request("GET", "/metrics")[1]
        return int(re.search(rf"^signpost_{re.escape(name)} (\d+)$", page, re.MULTILINE)[1])

    figures = daemon.status()["signatures"]
    assert figures["made"] >= 1 and figures["made_other"] >= 1 and figures["refused"] == 0
    assert metric('signatures_made_total{sets="zone"}') == figures["made"]
    assert metric('signatures_made_total{sets="other"}') == figures["made_other"]
    assert metric("signatures_remembered_total") == figures["remembered"]
    assert metric("signatures_refused_total") == 0
    assert re.search(r"^signatures +\d+ made, ", daemon.signpost("status"), re.MULTILINE)


# -- who may


def test_a_key_for_another_zone_may_not(make_daemon):
    daemon = make_daemon(require_signature=True).start()
    daemon.import_text("shop.lab.test", CHILD)
    for options, zone, status in (
        ((), "shop.lab.test", 0),
        (("--zone", "shop.lab.test"), "shop.lab.test", 0),
        (("--zone", "lab.test"), "shop.lab.test", 1),
        (("--read-only",), "shop.lab.test", 1),
    ):
        key = remote.Key(daemon, *options)
        result = remote.signpost(
            "--api", route53.endpoint(daemon), "dnssec", "enable", zone, **key.variables
        )
        assert result.returncode == status, result
