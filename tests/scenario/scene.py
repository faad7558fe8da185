"""Scenes: whole behaviours that a DNS operator can read, in *.scene files.

What a scene is:

    scene S-05a A chain of aliases         begins a scene; all after it belongs to it
    given S-10 Failover, two checks        begins what the scenes after it share, up to the next
                                           given: its lines come first in each of them.  `given
                                           nothing` ends that

What it sets up, and what goes again when it is over:

    zone lab.test                          a fresh zone, the indented lines are its master file;
        c1 60 CNAME web                    lines with ;@ hold policies and aliases
        ;@ web 60 IN A failover id="p" role=PRIMARY check=h1 value 10.0.0.1
    set web.lab.test 30 A 10.0.0.2         makes or replaces a plain record set
    record w.lab.test A --id a --weight 1 10.0.0.1
                                           the same through all of `signpost record set`
    delete w.lab.test A --id a             removes it
    change lab.test                        one batch; a line each: action, name, type, all else
        CREATE w.lab.test A {"ttl": 60, "values": ["10.0.0.1"]}
    health h1 down                         turns a check, and creates it when it is new
    health h1 gone                         deletes it
    collection nets                        a CIDR collection, its blocks by location; {nets} is its
        L1 198.51.100.0/24                 id in all lines below, as {lab.test} is that of a zone.
                                           Said again, blocks are added
    resource lb1.example kind=application-load-balancer zone:az1=10.0.0.11 targets:g=2/3
                                           registers or changes a resource
    resource lb1.example gone              removes it
    location 127.0.7.0/24 country=DE       a row of the location table, besides those of
                                           zones/lab.locations.csv
    latency de eu-west-1 20                a row of the latency table: client, prefix or Region, to
                                           Region, milliseconds

    expect refused TEXT                    the step before is refused, with these words in what the
                                           user reads

What it asks, and expects of the reply:

    ask c1.lab.test A                      then any of: tcp, edns SIZE, do, rd, class C, at ADDRESS,
                                           source ADDRESS (the client's own), from CLIENT (a prefix
                                           or a name of CLIENTS, as client-subnet)
    expect NOERROR aa no tc                the RCODE, flags that are set, flags that are not
    expect 10.0.0.2 ttl 30                 the last set of Answer: all its values, and its TTL
    expect none                            NOERROR, nothing in Answer, SOA
    expect owner web.lab.test              the owner it has, letter by letter
    expect answer c1.lab.test. 60 CNAME web.lab.test.
                                           one record; together such lines are the whole section
    expect authority empty                 likewise authority and additional
    expect authority SOA ttl 900           one SOA record
    expect authority name servers          the four default NS, TTL 172800
    expect SOA serial 1 ttl 900            fields of the SOA that is the answer
    expect size at most 512                octets of the reply
    expect edns 1232 / expect no edns      the size the reply's OPT offers / a reply without OPT
    expect subnet 198.51.100.0/24 / expect scope 24 / expect no subnet
                                           the client-subnet option
    expect why TEXT / expect no why        what the Extended DNS Error says / there is none

and of many replies to the same question, each of which must be as above: see draws.py.

    expect one of 10.0.0.1 10.0.0.2
    expect always 10.0.0.1
    expect shares 10.0.0.1 1/4 10.0.0.2 3/4
    expect 8 of 10.0.0.1 ... 10.0.0.10     (written out)
    expect every order

# and empty lines are skipped.
"""

import dataclasses
import json
import re
import shlex

from draws import asks_needed, is_about_draws, judge_draws
from expectations import judge
from harness import ZONES, Refused, records

# The clients of the worked examples, as zones/lab.locations.csv has them.
CLIENTS = {
    "us-ca": "198.51.100.0/24",
    "us": "192.0.2.0/25",
    "ca": "192.0.2.128/25",
    "de": "203.0.113.0/25",
    "cn": "203.0.113.128/25",
    "br": "2001:db8:1::/48",
    "x": "198.18.0.0/24",
}
VERBS = "zone set record delete change health collection resource location latency ask".split()
CASE = re.compile(r"S-\d\d[a-z]")
LOCATIONS = ZONES / "lab.locations.csv"


@dataclasses.dataclass
class Step:
    line: int
    verb: str
    words: list
    block: list = dataclasses.field(default_factory=list)
    expectations: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Scene:
    title: str
    steps: list

    def cases(self):
        """The worked examples that it plays: those its title names."""
        return CASE.findall(self.title)


def read_scenes(path):
    scenes, shared, steps = [], [], None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line[0] == " ":
            steps[-1].block.append(line.strip())
            continue
        verb, *words = line.split()
        if verb == "given":
            steps = shared = []
        elif verb == "scene":
            steps = list(shared)
            scenes.append(Scene(" ".join(words), steps))
        elif verb == "expect":
            steps[-1].expectations.append((number, words))
        elif verb in VERBS:
            steps.append(Step(number, verb, words))
        else:
            raise ValueError(f"{path.name}:{number}: no such verb: {verb}")
    return scenes


class Play:
    """One scene on one daemon, and what it has put there.  A verb of a scene is the method of that
    name."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.zones = []
        self.checks = []
        self.collections = {}
        self.resources = []
        self.locations = []
        self.latencies = []

    def play(self, scene):
        try:
            for step in scene.steps:
                if step.verb == "ask":
                    ask(step, self.daemon)
                else:
                    self.perform(step)
        finally:
            self.clear()

    def perform(self, step):
        wanted = [(line, " ".join(words[1:])) for line, words in step.expectations]
        if any(words[0] != "refused" for _, words in step.expectations):
            raise ValueError(f"line {step.line}: only a refusal can be expected of {step.verb}")
        try:
            getattr(self, step.verb)(step)
        except Refused as refusal:
            said = " ".join(str(refusal).split())
            assert wanted, f"line {step.line}: {step.verb} is refused: {said}"
            for line, text in wanted:
                assert text in said, f"line {line}: expect refused {text}: it says: {said}"
        else:
            assert not wanted, f"line {step.line}: {step.verb} is not refused"

    def clear(self):
        """In an order in which nothing is still in use."""
        for zone in self.zones:
            self.daemon.command("zone", "delete", zone, "--force")
        for check in self.checks:
            self.daemon.command("health", "delete", check)
        for collection in self.collections.values():
            self.daemon.command("collection", "delete", collection)
        for resource in self.resources:
            self.daemon.command("resource", "delete", resource)
        if self.locations:
            self.daemon.signpost("location", "import", LOCATIONS)
        if self.latencies:
            self.import_latencies([])

    # -- records

    def fill_in(self, text):
        """{name} of a collection and {origin} of a zone become their ids."""
        for name, collection in self.collections.items():
            text = text.replace(f"{{{name}}}", collection)
        for origin in self.zones:
            if f"{{{origin}}}" in text:
                text = text.replace(f"{{{origin}}}", self.zone_id(origin))
        return text

    def zone_id(self, origin):
        zones = json.loads(self.daemon.signpost("--json", "zone", "list"))["zones"]
        return next(zone["id"] for zone in zones if zone["name"].rstrip(".") == origin)

    def zone_of(self, name):
        return next(zone for zone in self.zones if f".{name.rstrip('.')}".endswith(f".{zone}"))

    def zone(self, step):
        origin = step.words[0]
        text = "$TTL 60\n" + "\n".join(step.block) + "\n"
        if origin not in self.zones:
            self.zones.append(origin)
        self.daemon.import_text(origin, self.fill_in(text), "--replace", name="scene.zone")

    def set(self, step):
        name, ttl, rdtype, *rest = step.words
        value = " ".join(rest)
        values = value.split(", ") if rdtype in ("A", "AAAA") else [value]
        zone = self.zone_of(name)
        self.daemon.signpost("record", "set", zone, name, rdtype, "--ttl", ttl, *values)

    def record(self, step):
        words = shlex.split(self.fill_in(" ".join(step.words)))
        self.daemon.signpost("record", "set", self.zone_of(words[0]), *words)

    def delete(self, step):
        self.daemon.signpost("record", "delete", self.zone_of(step.words[0]), *step.words)

    def change(self, step):
        changes = []
        for line in step.block:
            action, name, rdtype, rest = self.fill_in(line).split(maxsplit=3)
            changes.append({"action": action, "name": name, "type": rdtype, **json.loads(rest)})
        path = f"/signpost/v1/zones/{step.words[0]}/changes"
        headers = {"Content-Type": "application/json"}
        status, reply = self.daemon.request("POST", path, {"changes": changes}, headers)
        if status != 200:
            raise Refused(reply["error"]["message"])

    # -- what records name

    def health(self, step):
        check, state = step.words
        if state == "gone":
            self.daemon.signpost("health", "delete", check)
        elif check in self.checks:
            self.daemon.signpost("health", "set", check, state)
        else:
            self.checks.append(check)
            self.daemon.signpost("health", "create", check, state)

    def collection(self, step):
        name = step.words[0]
        if name not in self.collections:
            made = json.loads(self.daemon.signpost("--json", "collection", "create", name))
            self.collections[name] = made["id"]
        for line in step.block:
            self.daemon.signpost("collection", "put", name, *line.split())

    def resource(self, step):
        name, *words = step.words
        if words == ["gone"]:
            self.daemon.signpost("resource", "delete", name)
            return
        options = []
        for word in words:
            key, _, value = word.partition("=")
            key, _, part = key.partition(":")
            options += [f"--{key}", *([f"{part}={value}"] if part else [value] if value else [])]
        self.daemon.signpost("resource", "set", name, *options)
        if name not in self.resources:
            self.resources.append(name)

    # -- where clients are

    def location(self, step):
        self.locations.append(step.words)
        known = LOCATIONS.read_text()
        columns = next(line for line in known.splitlines() if not line.startswith("#")).split(",")
        text = known + "".join(csv_line(columns, words) for words in self.locations)
        self.import_table("location", text)

    def latency(self, step):
        self.latencies.append(step.words)
        self.import_latencies(self.latencies)

    def import_latencies(self, rows):
        lines = [f"{CLIENTS.get(row[0], row[0])},{row[1]},{row[2]}\n" for row in rows]
        self.import_table("latency", "from,region,milliseconds\n" + "".join(lines))

    def import_table(self, kind, text):
        path = self.daemon.folder / f"{kind}.csv"
        path.write_text(text)
        self.daemon.signpost(kind, "import", path)


def csv_line(columns, words):
    """["192.0.2.0/24", "country=DE"] as a line below those columns."""
    known = dict(word.split("=") for word in words[1:])
    known["prefix"] = words[0]
    assert set(known) <= set(columns), f"the table has no column for all of {words}"
    return ",".join(known.get(column, "") for column in columns) + "\n"


def read_ask(step):
    name, rdtype, *words = step.words
    options = {}
    while words:
        word = words.pop(0)
        if word in ("tcp", "do", "rd"):
            options[word] = True
        elif word == "edns":
            options["edns"] = int(words.pop(0))
        elif word == "class":
            options["rdclass"] = words.pop(0)
        elif word in ("at", "source"):
            options[{"at": "address"}.get(word, word)] = words.pop(0)
        elif word == "from":
            client = words.pop(0)
            options["subnet"] = CLIENTS.get(client, client)
        else:
            raise ValueError(f"line {step.line}: ask {word}?")
    return name, rdtype, options


def ask(step, daemon):
    name, rdtype, options = read_ask(step)
    assert step.expectations, f"line {step.line} asks and expects nothing"
    replies = []
    for _ in range(asks_needed([words for _, words in step.expectations])):
        replies.append(daemon.ask(name, rdtype, **options))
        judge_reply(step, replies[-1])
    for line, words in step.expectations:
        fault = judge_draws(replies, words) if is_about_draws(words) else None
        assert not fault, f"line {line}: expect {' '.join(words)}: {fault}"


def judge_reply(step, reply):
    whole = {}
    for line, words in step.expectations:
        fault = None if is_about_draws(words) else judge(reply, words, whole)
        assert not fault, f"line {line}: expect {' '.join(words)}: {fault}\n{reply}"
    for section, wanted in whole.items():
        got = records(getattr(reply, section))
        assert got == wanted, (
            f"line {step.line}: {section} lacks {sorted(wanted - got)}, "
            f"has besides {sorted(got - wanted)}\n{reply}"
        )
