"""Where clients are, as who imports tables and asks for addresses sees it."""

import json
import pathlib
import re
import signal
import subprocess

import pytest

from harness import PATIENCE, ZONES, Refused, values, wait_until

ZONE = """\
$TTL 60
;@ geo 60 IN A geolocation id="us-ca" country=US subdivision=CA value 10.0.0.1
;@ geo 60 IN A geolocation id="us" country=US value 10.0.0.2
;@ geo 60 IN A geolocation id="na" continent=NA value 10.0.0.3
;@ geo 60 IN A geolocation id="de" country=DE value 10.0.0.4
;@ geo 60 IN A geolocation id="any" country=* value 10.0.0.9
;@ near 60 IN A latency id="us" region=us-east-1 value 10.0.0.1
;@ near 60 IN A latency id="eu" region=eu-west-1 value 10.0.0.2
;@ near 60 IN A latency id="ap" region=ap-southeast-1 value 10.0.0.3
"""

GERMANY = "203.0.113.0/25"


@pytest.fixture
def daemon(make_daemon):
    return make_daemon().start()


def answer(daemon, name, client):
    return values(daemon.ask(f"{name}.lab.test", subnet=client), "A")


def show(daemon, client):
    """What `location show` says, by its headings."""
    said = daemon.signpost("location", "show", client)
    place, regions = said.split("\nnearest Regions")
    known = dict(line.split(None, 1) for line in place.replace("known by", "source").splitlines())
    return known, [line.split() for line in regions.splitlines()[1:]]


# -- the tables


def test_the_laboratory_is_all_over_the_world(daemon):
    daemon.import_text("lab.test", ZONE)
    assert answer(daemon, "geo", "198.51.100.0/24") == ["10.0.0.9"]
    said = daemon.signpost("location", "import", ZONES / "lab.locations.csv")
    rows = int(re.fullmatch(r"imported (\d+) locations\n", said)[1])
    assert len(daemon.signpost("location", "export").splitlines()) == rows + 1
    assert daemon.signpost("latency", "import", ZONES / "lab.latency.csv").endswith(" latencies\n")
    for client, octet in (
        ("198.51.100.0/24", 1),
        ("192.0.2.0/25", 2),
        ("192.0.2.128/25", 3),
        (GERMANY, 4),
        ("203.0.113.128/25", 9),
        ("2001:db8:1::/48", 9),
        ("198.18.0.0/24", 9),
    ):
        assert answer(daemon, "geo", client) == [f"10.0.0.{octet}"], client
    continents = {show(daemon, f"10.{i}.0.0/16")[0]["continent"] for i in range(1, 11)}
    assert continents == {"AF", "AN", "AS", "EU", "NA", "OC", "SA"}
    assert answer(daemon, "near", GERMANY) == ["10.0.0.2"]
    assert answer(daemon, "near", "203.0.113.128/25") == ["10.0.0.3"]
    assert answer(daemon, "near", "2001:db8:1::/48") == ["10.0.0.1"]


def test_one_client_is_shown(daemon):
    daemon.signpost("location", "import", ZONES / "lab.locations.csv")
    daemon.signpost("latency", "import", ZONES / "lab.latency.csv")
    known, regions = show(daemon, "203.0.113.7")
    assert (known["client"], known["source"]) == ("203.0.113.7", "table")
    assert known["prefix"] == GERMANY
    assert (known["continent"], known["country"], known["subdivision"]) == ("EU", "DE", "-")
    assert regions[0] == ["eu-central-1", "5", "ms", "modelled"]
    nobody, regions = show(daemon, "198.18.0.1")
    assert nobody["source"] == "unlocated" and nobody["prefix"] == "-"
    assert regions[0][0] == "us-east-1"
    whole = json.loads(daemon.signpost("location", "show", "203.0.113.7", "--json"))
    assert len(whole["latencies"]) == 39
    measured = {"region": "eu-west-1", "milliseconds": 20.0, "source": "measured"}
    assert measured in whole["latencies"]
    assert daemon.command("location", "show", "203.0.113.7/24").stderr == (
        'signpost: "203.0.113.7/24" has bits set behind its length\n'
    )


def test_what_is_exported_can_be_imported(daemon, tmp_path):
    for table in ("location", "latency"):
        file = ZONES / ("lab.locations.csv" if table == "location" else "lab.latency.csv")
        daemon.signpost(table, "import", file)
        exported = daemon.signpost(table, "export")
        (tmp_path / "table.csv").write_text(exported)
        daemon.signpost(table, "import", tmp_path / "table.csv")
        assert daemon.signpost(table, "export") == exported
    daemon.process.send_signal(signal.SIGKILL)
    daemon.process.wait()
    daemon.start()
    assert daemon.signpost("latency", "export") == exported


def test_a_file_with_a_mistake_is_refused_as_a_whole(daemon, tmp_path):
    daemon.signpost("location", "import", ZONES / "lab.locations.csv")
    before = daemon.signpost("location", "export")
    file = tmp_path / "mine.csv"
    file.write_text("prefix,country\n192.0.2.0/24,FR\n203.0.113.0/24,Germany\n")
    with pytest.raises(Refused, match=rf'{file}:3: "Germany" is no country that Route 53 has'):
        daemon.signpost("location", "import", file)
    with pytest.raises(Refused, match=r'standard input:1: "milliseconds" must be among'):
        daemon.signpost("latency", "import", "-", stdin="from,region\n")
    assert daemon.signpost("location", "export") == before


# -- MMDB files


def write_mmdb(path, *rows):
    """Renamed into its place, as the tools that update such files do."""
    fresh = path.with_suffix(".new")
    script = pathlib.Path(__file__).with_name("write_mmdb.pl")
    subprocess.run(
        ["perl", script, fresh],
        input="\n".join(rows) + "\n",
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    fresh.rename(path)


def reload(daemon, said):
    seen = daemon.said().count(said)
    daemon.process.send_signal(signal.SIGHUP)
    wait_until(lambda: daemon.said().count(said) > seen, f'"{said}" in the log')


def test_a_file_knows_what_the_table_does_not(make_daemon, tmp_path):
    file = tmp_path / "clients.mmdb"
    write_mmdb(
        file,
        "192.0.2.0/24,EU,FR,,48.86,2.35",
        "198.51.100.0/24,NA,US,CA,37.77,-122.42",
        "2001:db8::/32,EU,DE,,52.52,13.40",
    )
    daemon = make_daemon(geoip_database=str(file)).start()
    daemon.import_text("lab.test", ZONE)
    assert answer(daemon, "geo", "198.51.100.0/24") == ["10.0.0.1"]
    assert answer(daemon, "geo", "2001:db8:5::/48") == ["10.0.0.4"]
    assert answer(daemon, "geo", "192.0.2.0/24") == ["10.0.0.9"]
    assert show(daemon, "192.0.2.1")[0]["country"] == "FR"
    daemon.signpost("location", "import", "-", stdin="prefix,country\n192.0.2.0/25,US\n")
    known, _ = show(daemon, "192.0.2.1")
    assert (known["source"], known["prefix"], known["country"]) == ("table", "192.0.2.0/25", "US")
    known, _ = show(daemon, "192.0.2.200")
    assert (known["source"], known["prefix"], known["country"]) == ("mmdb", "192.0.2.0/24", "FR")


def test_a_new_file_is_taken_over_on_hup_and_a_damaged_one_is_not(make_daemon, tmp_path):
    file = tmp_path / "clients.mmdb"
    write_mmdb(file, "192.0.2.0/24,EU,FR,,48.86,2.35")
    daemon = make_daemon(geoip_database=str(file)).start()
    write_mmdb(file, "192.0.2.0/24,SA,CL,,-33.45,-70.67")
    assert show(daemon, "192.0.2.1")[0]["country"] == "FR"
    reload(daemon, "MMDB file in use")
    assert show(daemon, "192.0.2.1")[0]["country"] == "CL"
    whole = file.read_bytes()
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "cut").rename(file)
    reload(daemon, "the MMDB file that was in use stays in use")
    assert show(daemon, "192.0.2.1")[0]["country"] == "CL"


def test_without_its_file_a_daemon_does_not_start(make_daemon, tmp_path):
    daemon = make_daemon(geoip_database=str(tmp_path / "gone.mmdb"))
    assert f"{tmp_path}/gone.mmdb: cannot be opened: No such file" in daemon.fails_to_start()
