"""Why an answer is that one, and what if: explain and simulate as who types them sees them."""

import csv
import io
import json
import re

import pytest

from harness import ZONES, Daemon, Refused, reason, values

ZONE = """\
$TTL 60
plain A 192.0.2.1
;@ www IN A geolocation id="europe" continent=EU alias eu evaluate-health=yes
;@ www IN A geolocation id="world" country=* alias us evaluate-health=yes
;@ eu 60 IN A weighted id="blue" weight=1 check=eu-1 value 192.0.2.11
;@ eu 60 IN A weighted id="green" weight=0 check=eu-2 value 192.0.2.12
;@ us 60 IN A failover id="first" role=PRIMARY check=us-1 value 192.0.2.21
;@ us 60 IN A failover id="second" role=SECONDARY value 192.0.2.22
;@ half 60 IN A weighted id="heads" weight=50 value 192.0.2.31
;@ half 60 IN A weighted id="tails" weight=50 value 192.0.2.32
"""
GERMANY = "203.0.113.0/25"
SINCE = r"since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \(\d+ s\)"


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    made = Daemon(tmp_path_factory.mktemp("explain"))
    try:
        made.start()
        for check in ("eu-1", "eu-2", "us-1"):
            made.signpost("health", "create", check)
        made.signpost("location", "import", ZONES / "lab.locations.csv")
        made.import_text("lab.test", ZONE)
        yield made
        made.stop()
    finally:
        made.kill()


def explain(daemon, *words):
    return json.loads(daemon.signpost("explain", *words, "--json"))


def simulate(daemon, *words):
    return json.loads(daemon.signpost("simulate", *words, "--json"))


# -- explain


def test_a_tree_that_a_person_can_read(daemon):
    said = daemon.signpost(
        "explain", "www.lab.test", "A", "--from", GERMANY, "--down", "eu-1", "--seed", 1
    )
    text, count = re.subn(SINCE, "since then", said)
    assert count == 1
    # Lines and ticks as far as the locale has them; tests run in any.
    for mark, plain in zip("├─ └─ │ ✓ ✗ · →".split(), "|- `- | * x - ->".split()):
        text = text.replace(mark, plain)
    assert text == (
        "www.lab.test. A\n"
        "client 203.0.113.0/25 (client-subnet): DE in EU, at 50.11 8.68, nearest Region "
        "eu-central-1 (location table)\n"
        "\n"
        "www.lab.test. A, geolocation\n"
        "|- * continent EU (europe)  taken -> eu.lab.test.\n"
        "|  `- eu.lab.test. A, weighted\n"
        "|     |- x blue   left, its health check is down: weight 1, draw 0 of 1, check eu-1 down "
        "(supposed) -> 192.0.2.11\n"
        "|     `- * green  taken: weight 0, draw 0 of 1, check eu-2 up since then -> 192.0.2.12\n"
        "`- - * (world)              not needed -> us.lab.test.\n"
        "\n"
        "answer NOERROR, scope /24\n"
        "  www.lab.test.  60  A  192.0.2.12\n"
        "  drawn with --seed 1\n"
    )


def test_what_it_says_is_what_the_network_gets(daemon):
    """The same health, once for real: the same answer, TTL and scope, and the same reason, but that
    it is set by hand."""
    for down in ([], ["eu-1"], ["eu-1", "eu-2"], ["eu-1", "eu-2", "us-1"]):
        supposed = [word for check in down for word in ("--down", check)]
        told = explain(daemon, "www.lab.test", "A", "--from", GERMANY, *supposed)
        for check in down:
            daemon.signpost("health", "set", check, "down")
        reply = daemon.ask("www.lab.test", subnet=GERMANY)
        for check in down:
            daemon.signpost("health", "clear", check)
        assert values(reply) == [record["value"] for record in told["answer"]]
        assert reply.answer[0].ttl == told["answer"][0]["ttl"]
        assert reply.options[0].scopelen == told["scope"]
        assert reason(reply).replace(" (set)", "") == told["line"]


def test_nobody_else_sees_what_is_supposed(daemon):
    explain(daemon, "us.lab.test", "A", "--down", "us-1")
    assert values(daemon.ask("us.lab.test")) == ["192.0.2.21"]
    assert "us-1  MANUAL  up " in daemon.signpost("health", "list")


def test_the_json_is_a_tree(daemon):
    told = explain(daemon, "www.lab.test", "A", "--down", "us-1")
    assert told["rcode"] == "NOERROR" and told["complete"] is True
    assert told["client"] == {
        "prefix": "127.0.0.1",
        "source": "address",
        "used": True,
        "place_source": "unlocated",
        "assumed": False,
    }
    (top,) = told["groups"]
    assert [candidate["state"] for candidate in top["candidates"]] == ["taken", "left"]
    (below,) = top["candidates"][0]["groups"]
    first, second = below["candidates"]
    assert (first["state"], first["reason"]) == ("left", "its health check is down")
    assert first["check"] == {"id": "us-1", "up": False, "supposed": True}
    assert (second["state"], second["values"]) == ("taken", ["192.0.2.22"])


def test_client_subnet_from_a_stranger_is_not_believed_but_explained(make_daemon):
    daemon = make_daemon(client_subnet=["192.0.2.0/24"]).start()
    daemon.signpost("location", "import", ZONES / "lab.locations.csv")
    daemon.import_text("lab.test", ';@ w 1 IN A geolocation id="e" country=DE value 192.0.2.9\n')
    assert values(daemon.ask("w.lab.test", subnet=GERMANY)) == []
    told = explain(daemon, "w.lab.test", "A", "--from", GERMANY)
    assert [record["value"] for record in told["answer"]] == ["192.0.2.9"]


@pytest.mark.parametrize(
    "words, said",
    [
        (["plain.lab.test", "A"], "no routing policy at this name"),
        (["plain.lab.test", "TXT"], "answer NOERROR: no records of this type\n"),
        (["none.lab.test", "a"], "answer NXDOMAIN: there is no such name\n"),
        (["lab.example", "A"], "answer REFUSED: it is in no zone of this server\n"),
    ],
)
def test_names_without_a_tree(daemon, words, said):
    assert said in daemon.signpost("explain", *words)


@pytest.mark.parametrize(
    "words, said",
    [
        (["explain", "www.lab.test", "ANY"], 'unknown type "ANY"'),
        (["explain", "www.lab.test", "A", "--down", "x"], 'no health check "x"'),
        (["explain", "www.lab.test", "A", "--from", "10.0.0.1/8"], "bits set behind"),
        (["explain", "www.lab.test", "A", "--seed", "-1"], "seed: it must be"),
        (["simulate", "www.lab.test", "A", "--up", "x"], 'no health check "x"'),
        (["simulate", "www.lab.test", "A", "--clients", "/nowhere"], "cannot read /nowhere"),
    ],
)
def test_what_is_refused(daemon, words, said):
    with pytest.raises(Refused, match=re.escape(said)):
        daemon.signpost(*words)


@pytest.mark.parametrize(
    "words",
    [
        ["explain", "www.lab.test"],
        ["explain", "www.lab.test", "A", "--seed", "x"],
        ["explain", "www.lab.test", "A", "--csv"],
        ["simulate", "www.lab.test", "A", "-n", "0"],
        ["simulate", "www.lab.test", "A", "--json", "--csv"],
        ["simulate", "www.lab.test", "A", "--from", "10.0.0.0/8"],
    ],
)
def test_what_is_wrong_usage(daemon, words):
    assert daemon.command(*words).returncode == 2


# -- simulate


def test_the_clients_without_a_file_are_all_over_the_world(daemon):
    counted = simulate(daemon, "www.lab.test", "A", "-n", 20)
    labels = [client["label"] for client in counted["clients"]]
    assert labels == "us-ca us ca br de ke cn au aq nowhere".split()
    assert counted["queries"] == 20 * len(labels)
    places = [
        explain(daemon, "www.lab.test", "A", "--from", client["client"])["client"]
        for client in counted["clients"]
    ]
    continents = {place.get("continent") for place in places}
    assert continents == {"AF", "AN", "AS", "EU", "NA", "OC", "SA", None}
    told = {
        client["label"]: counted["answers"][client["answers"][0]["answer"]]
        for client in counted["clients"]
    }
    assert told["de"] == {
        "rcode": "NOERROR",
        "members": "continent EU -> blue",
        "values": ["192.0.2.11"],
    }
    assert told["br"]["values"] == ["192.0.2.21"]


def test_a_drill_that_happens_on_paper(daemon):
    counted = simulate(daemon, "www.lab.test", "A", "-n", 20, "--down", "us-1", "--down", "eu-1")
    assert {tuple(answer["values"]) for answer in counted["answers"]} == {
        ("192.0.2.12",),
        ("192.0.2.22",),
    }
    assert values(daemon.ask("www.lab.test")) == ["192.0.2.21"]


def test_a_long_run_is_several_requests_that_add_up(daemon, tmp_path):
    path = tmp_path / "clients"
    path.write_text("# two of them\n10.1.0.0/16 Virginia  # and more\n\n2001:db8::/32\n")
    counted = simulate(daemon, "half.lab.test", "A", "--clients", path, "-n", 50000, "--seed", 3)
    assert counted["queries"] == 100000 and counted["seed"] == 3
    assert [client["label"] for client in counted["clients"]] == ["Virginia", ""]
    for client in counted["clients"]:
        assert sum(share["count"] for share in client["answers"]) == 50000
    (group,) = counted["weighted"]
    assert group["draws"] == 100000
    assert [member["expected"] for member in group["members"]] == [50000, 50000]
    statistic = sum((m["observed"] - 50000) ** 2 / 50000 for m in group["members"])
    assert group["chi_square"] == pytest.approx(statistic)
    assert group["degrees_of_freedom"] == 1 and 0 < group["p_value"] <= 1
    again = simulate(daemon, "half.lab.test", "A", "--clients", path, "-n", 50000, "--seed", 3)
    assert again == counted


def test_csv_is_what_spreadsheets_read(daemon):
    done = daemon.signpost(
        "simulate",
        "us.lab.test",
        "A",
        "--clients",
        "-",
        "-n",
        7,
        "--csv",
        stdin='10.0.0.0/8 the "old", office\n',
    )
    rows = list(csv.DictReader(io.StringIO(done)))
    assert rows == [
        {
            "client": "10.0.0.0/8",
            "label": 'the "old", office',
            "answer": "192.0.2.21",
            "through": "PRIMARY",
            "count": "7",
        }
    ]


def test_the_table_ends_with_the_weighted_groups(daemon):
    said = daemon.signpost("simulate", "half.lab.test", "A", "-n", 100, "--seed", 1)
    assert re.search(
        r"^198\.18\.0\.0/24 +nowhere +192\.0\.2\.31 +heads +\d+ +\d+\.\d%$", said, re.M
    )
    assert "weighted half.lab.test. A, 1,000 draws" in said
    assert re.search(r"chi-square \d+\.\d\d, 1 degree of freedom, p = ", said)


def test_a_list_of_clients_may_begin_with_a_byte_order_mark(daemon):
    text = "\ufeff10.0.0.0/8 office\n"
    done = daemon.command("simulate", "us.lab.test", "A", "-n", 1, "--clients", "-", stdin=text)
    assert done.returncode == 0 and "10.0.0.0/8  office" in done.stdout


@pytest.mark.parametrize(
    "text, said",
    [
        ("10.0.0.0/8\nelsewhere\n", 'standard input:2: "elsewhere" is no IPv4 or IPv6 address'),
        ("10.0.0.1/8\n", 'standard input:1: "10.0.0.1/8" has bits set behind its length'),
        ("# nobody\n", "standard input names no client"),
    ],
)
def test_a_list_of_clients_with_a_mistake_is_refused(daemon, text, said):
    done = daemon.command("simulate", "us.lab.test", "A", "--clients", "-", stdin=text)
    assert done.returncode == 1 and said in done.stderr
