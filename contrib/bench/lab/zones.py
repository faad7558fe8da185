"""The zones that every server loads and the questions that every server gets.

Everything is drawn from a fixed seed, so two runs ask the same; names are random letters, since
numbered ones would flatter servers that keep names in a sorted tree.
"""

import itertools
import os
import random
import struct

from lab.ask import NOERROR, NXDOMAIN, Question, query_packet

SMALL_ZONE = "one.test"
SMALL_NAMES = 1000
MANY_ZONES = 20000
SAMPLES = 200
LETTERS = "abcdefghijklmnopqrstuvwxyz"

HEAD = """$TTL 3600
@ SOA ns1.nic.example. hostmaster.nic.example. 1 7200 900 1209600 300
@ NS ns1.nic.example.
"""


def word(dice, shortest, longest):
    return "".join(dice.choices(LETTERS, k=dice.randint(shortest, longest)))


def address(dice):
    return f"198.{dice.randint(18, 19)}.{dice.randrange(256)}.{dice.randint(1, 254)}"


class World:
    """A directory of zone files, each named as its zone, and one query file for each row."""

    checks = ()            # ids of health checks, all up
    locations = ""         # a location table as CSV; "": none
    gdnsd_plugins = ""
    has_policies = False
    is_signed = False

    def __init__(self, path):
        self.zone_directory = os.path.join(path, "zones")
        os.makedirs(self.zone_directory)
        self.path = path
        self.zones = []
        self.rows = {}

    def write_zone(self, name, text):
        self.zones.append(name)
        with open(os.path.join(self.zone_directory, name), "w", encoding="ascii") as file:
            file.write(text)

    def directory(self, _server):
        """Where that server finds the zone files; most worlds have the same ones for all."""
        return self.zone_directory

    def read_zone(self, name):
        with open(os.path.join(self.zone_directory, name), "rb") as file:
            return file.read()

    def add_row(self, name, questions, dice):
        dice.shuffle(questions)
        self.rows[name] = Row(os.path.join(self.path, name + ".queries"), questions)


class Row:
    """One query file and what its answers must be.

    dnsperf reads names and types as text, or whole messages as on a TCP stream: that way each
    question can have a client-subnet of its own.  A row that runs once is asked to its end and no
    further, so that nothing of it is asked twice; it may have another row to warm up with.
    """

    def __init__(self, path, questions, runs_once=False, warm_up=None):
        questions = iter(questions)
        self.path = path
        self.samples = list(itertools.islice(questions, SAMPLES))
        self.is_binary = any(question.subnet for question in self.samples)
        self.is_signed = any(question.is_signed for question in self.samples)
        self.warm_up = warm_up or self
        self.runs_once = runs_once
        count = missing = 0
        with open(path, "wb") as file:
            for question in itertools.chain(self.samples, questions):
                file.write(self.line(question))
                count += 1
                missing += question.rcode == NXDOMAIN
        self.nxdomain_share = missing / count

    def line(self, question):
        if not self.is_binary:
            return f"{question.name} {question.type}\n".encode("ascii")
        packet = query_packet(question, 0)
        return struct.pack("!H", len(packet)) + packet


def small_world(path):
    """One zone of 1,000 names; row `one` asks for those, `missing` for others in three of ten."""
    dice = random.Random(1)
    world = World(path)
    names = set()
    while len(names) < SMALL_NAMES:
        names.add(word(dice, 3, 10))
    names = sorted(names)
    world.write_zone(SMALL_ZONE, HEAD + "".join(f"{name} A {address(dice)}\n" for name in names))

    def present():
        return Question(f"{dice.choice(names)}.{SMALL_ZONE}", "A", NOERROR, (1,))

    def absent():
        return Question(f"{word(dice, 11, 14)}.{SMALL_ZONE}", "A", NXDOMAIN, (0,))

    world.add_row("one", [present() for _ in range(50000)], dice)
    mixed = [present() for _ in range(70000)] + [absent() for _ in range(30000)]
    world.add_row("missing", mixed, dice)
    return world


def many_zone_text(dice):
    return HEAD + f"""@ NS ns2.nic.example.
@ MX 10 www
@ TXT "v=spf1 mx -all"
www A {address(dice)}
www AAAA 2001:db8:{dice.randrange(65536):x}::{dice.randrange(65536):x}
ftp CNAME www
*.dyn A {address(dice)}
"""


def many_lookups(zone, dice):
    """The ten kinds of lookups, for one zone."""
    return [
        Question(f"www.{zone}", "A", NOERROR, (1,)),
        Question(f"www.{zone}", "AAAA", NOERROR, (1,)),
        Question(zone, "MX", NOERROR, (1,)),
        Question(zone, "TXT", NOERROR, (1,)),
        Question(zone, "NS", NOERROR, (2,)),
        Question(zone, "SOA", NOERROR, (1,)),
        # A CNAME and what it leads to; gdnsd 3 does not follow it, and resolvers cope.
        Question(f"ftp.{zone}", "A", NOERROR, (2, 1)),
        Question(f"{word(dice, 4, 8)}.dyn.{zone}", "A", NOERROR, (1,)),  # a wildcard
        Question(f"www.{zone}", "MX", NOERROR, (0,)),  # no such type
        Question(f"{word(dice, 6, 9)}.{zone}", "A", NXDOMAIN, (0,)),  # no such name
    ]


def many_world(path, zone_count=MANY_ZONES):
    """20,000 zones of nine records; row `many` asks ten kinds of questions."""
    dice = random.Random(2)
    world = World(path)
    questions = []
    for index in range(zone_count):
        zone = f"{word(dice, 4, 10)}{index}.test"
        world.write_zone(zone, many_zone_text(dice))
        questions += many_lookups(zone, dice)
    world.add_row("many", questions, dice)
    return world


def first_questions(world):
    """What a started server answers right: in the last zone, the first and one between."""
    if len(world.zones) == 1:
        return next(iter(world.rows.values())).samples[:1]
    picked = (world.zones[-1], world.zones[0], world.zones[len(world.zones) // 2])
    return [Question(f"www.{zone}", "A", NOERROR, (1,)) for zone in picked]
