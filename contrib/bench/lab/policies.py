"""The zone for the rows about routing policies: the same choices in each server's own terms.

Signpost has record sets with a policy (lines with ;@ in its zone file), health checks that are all
up, and a location table; gdnsd has plugins, whose addresses it counts as up, and a file of
networks; PowerDNS has Lua records, asked for the weighted ones only.
"""

import os
import random

from lab.ask import NOERROR, Question
from lab.zones import HEAD, World, address, word

ZONE = "policy.test"
NAMES = 1000          # of each kind
CHECKS = 100
NETWORKS = 20000      # of 24 bits, each in one of the countries
QUESTIONS = 50000
WEIGHTS = (70, 20, 10)
COUNTRIES = ("US", "DE", "BR", "CN")
ELSEWHERE = "JP"      # has no member of its own and gets the default
TREE_REGIONS = ("us-east-1", "eu-west-1")

# What the rows are compared with, and who takes part besides signpostd.
BASELINES = {"subnet": "static", "eight": "static", "weighted": "static", "failover": "static",
             "map": "subnet", "multivalue": "eight", "tree": "static"}
PEERS = {"static": ("floor", "gdnsd", "powerdns"), "subnet": ("gdnsd",), "eight": ("gdnsd",),
         "weighted": ("gdnsd", "powerdns"), "failover": ("gdnsd",), "map": ("gdnsd",),
         "multivalue": ("gdnsd",), "tree": ()}
ROWS = tuple(PEERS)


def addresses(dice, count):
    found = set()
    while len(found) < count:
        found.add(address(dice))
    return sorted(found)


def draw_names(dice):
    """{kind: [name and its addresses]}, none twice."""
    sizes = {"static": 1, "eight": 8, "weighted": len(WEIGHTS), "failover": 2,
             "map": len(COUNTRIES) + 1, "multivalue": 8, "tree": 4}
    names = set()
    while len(names) < NAMES * len(sizes):
        names.add(word(dice, 4, 10))
    drawn = iter(sorted(names, key=lambda _: dice.random()))
    return {kind: [(next(drawn), addresses(dice, size)) for _ in range(NAMES)]
            for kind, size in sizes.items()}


def draw_networks(dice):
    """[(prefix, country)], sorted as drawn: in no order."""
    found = set()
    while len(found) < NETWORKS:
        found.add((dice.randint(1, 126), dice.randrange(256), dice.randrange(256)))
    places = COUNTRIES + (ELSEWHERE,)
    return [("%d.%d.%d.0/24" % octets, dice.choice(places)) for octets in sorted(found)]


class PolicyWorld(World):
    """One zone, written three times."""

    checks = [f"check-{number}" for number in range(CHECKS)]
    has_policies = True

    def __init__(self, path):
        super().__init__(path)
        dice = random.Random(3)
        self.names = draw_names(dice)
        self.networks = draw_networks(dice)
        self.zones.append(ZONE)
        self.write("signpost", self.signpost_zone(dice))
        self.write("gdnsd", self.gdnsd_zone())
        self.write("powerdns", self.powerdns_zone())
        self.locations = self.location_table()
        self.gdnsd_plugins = self.plugins()
        for row in ROWS:
            self.add_row(row, self.questions(row, dice), dice)

    def directory(self, server):
        return os.path.join(self.path, "zones-" + server)

    def write(self, server, lines):
        os.makedirs(self.directory(server))
        with open(os.path.join(self.directory(server), ZONE), "w", encoding="ascii") as file:
            file.write(HEAD)
            for kind in ("static", "eight"):
                for name, values in self.names[kind]:
                    file.writelines(f"{name} A {value}\n" for value in values)
            file.writelines(lines)

    def read_zone(self, name):
        with open(os.path.join(self.directory("signpost"), name), "rb") as file:
            return file.read()

    # -- questions

    def questions(self, row, dice):
        make = {"map": self.map_question, "subnet": self.subnet_question}.get(row)
        if make:
            return [make(dice) for _ in range(QUESTIONS)]
        return [self.question(row, dice) for _ in range(QUESTIONS)]

    def question(self, kind, dice):
        name, values = dice.choice(self.names[kind])
        # A client that nobody knows is near the first of the tree's Regions.
        expected = values[:{"failover": 1, "tree": 2}.get(kind)]
        answers = 8 if kind in ("eight", "multivalue") else 1
        return Question(f"{name}.{ZONE}", "A", NOERROR, (answers,), tuple(expected))

    def subnet_question(self, dice):
        network, _ = dice.choice(self.networks)
        return self.question("static", dice)._replace(subnet=network)

    def map_question(self, dice):
        name, values = dice.choice(self.names["map"])
        network, country = dice.choice(self.networks)
        place = COUNTRIES.index(country) if country in COUNTRIES else len(COUNTRIES)
        return Question(f"{name}.{ZONE}", "A", NOERROR, (1,), (values[place],), network)

    # -- signpostd

    def location_table(self):
        lines = [f"{network},{country}\n" for network, country in self.networks]
        return "prefix,country\n" + "".join(lines)

    def signpost_zone(self, dice):
        def member(owner, policy, value):
            return f';@ {owner} IN A {policy} alias {value} evaluate-health=yes\n'

        def leaf(owner, policy, value):
            check = dice.randrange(CHECKS)
            return f";@ {owner} 3600 IN A {policy} check=check-{check} value {value}\n"

        def weighted(owner, values, weights=WEIGHTS):
            for number, (value, weight) in enumerate(zip(values, weights)):
                yield leaf(owner, f'weighted id="{number}" weight={weight}', value)

        for name, values in self.names["weighted"]:
            yield from weighted(name, values)
        for name, (primary, secondary) in self.names["failover"]:
            yield leaf(name, 'failover id="p" role=PRIMARY', primary)
            yield leaf(name, 'failover id="s" role=SECONDARY', secondary)
        for name, values in self.names["map"]:
            for country, value in zip(COUNTRIES + ("*",), values):
                yield leaf(name, f'geolocation id="{country}" country={country}', value)
        for name, values in self.names["multivalue"]:
            for number, value in enumerate(values):
                yield leaf(name, f'multivalue id="{number}"', value)
        # Failover to a latency group, to a weighted group in the nearer of two Regions.
        for name, values in self.names["tree"]:
            yield member(name, 'failover id="p" role=PRIMARY', f"l.{name}")
            yield leaf(name, 'failover id="s" role=SECONDARY', values[0])
            for number, region in enumerate(TREE_REGIONS):
                yield member(f"l.{name}", f'latency id="{region}" region={region}',
                             f"w{number}.{name}")
                yield from weighted(f"w{number}.{name}", values[2 * number:][:2], (90, 10))

    # -- gdnsd

    def gdnsd_zone(self):
        plugins = {"weighted": "weighted", "failover": "simplefo", "map": "geoip",
                   "multivalue": "multifo"}
        for kind, plugin in plugins.items():
            for name, _ in self.names[kind]:
                yield f"{name} DYNA {plugin}!{name}\n"

    def plugins(self):
        places = [f"dc-{country.lower()}" for country in COUNTRIES] + ["dc-other"]
        networks = os.path.join(self.path, "networks")
        with open(networks, "w", encoding="ascii") as file:
            for network, country in self.networks:
                if country in COUNTRIES:
                    file.write(f"{network} => dc-{country.lower()}\n")
        return f"""plugins => {{
weighted => {{
{self.resources("weighted", lambda values: weighted_items(values))}}}
simplefo => {{
{self.resources("failover", lambda values: f"primary => {values[0]}, secondary => {values[1]}")}}}
multifo => {{
{self.resources("multivalue", lambda values: items(range(8), values))}}}
geoip => {{
maps => {{ places => {{ datacenters => [ dc-other, {", ".join(places[:-1])} ]
    nets => {networks} }} }}
resources => {{
{self.resources("map", lambda values: f"map => places, dcmap => {{ {items(places, values)} }}")}}}
}}
}}
"""

    def resources(self, kind, text):
        return "".join(f"{name} => {{ {text(values)} }}\n" for name, values in self.names[kind])

    # -- PowerDNS

    def powerdns_zone(self):
        for name, values in self.names["weighted"]:
            choices = ", ".join(f"{{{weight}, '{value}'}}"
                                for weight, value in zip(WEIGHTS, values))
            yield f'{name} LUA A "pickwrandom({{ {choices} }})"\n'


def items(keys, values):
    return ", ".join(f"{key} => {value}" for key, value in zip(keys, values))


def weighted_items(values):
    return ", ".join(f"{number} => [ {value}, {weight} ]"
                     for number, (value, weight) in enumerate(zip(values, WEIGHTS)))
