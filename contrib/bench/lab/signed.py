"""The zone for the rows about DNSSEC: every question sets the DO bit, every answer is signed.

Signpost, Knot and PowerDNS load the zone as it is and sign what they answer; NSD gets it signed
beforehand.  All keys are ECDSAP256SHA256, and all deny by NSEC.
"""

import os
import random
import subprocess

from lab.ask import NOERROR, NXDOMAIN, Question
from lab.machine import find, subprocess_run
from lab.zones import HEAD, Row, World, address, word

ZONE = "signed.test"
NAMES = 1000           # with an address
OTHERS = 100           # names of every other kind
QUESTIONS = 50000      # of the row that may repeat
FASTEST = 300_000      # queries a second; a file that may not repeat must last
ALGORITHM = "ECDSAP256SHA256"
PEERS = {row: ("floor", "nsd", "knot", "powerdns") for row in ("signed-warm", "signed")}
ROWS = tuple(PEERS)


def positive(name):
    return Question(f"{name}.{ZONE}", "A", NOERROR, (1,), is_signed=True)


def absent(dice):
    """A name that is not there; longer than those that are, and drawn only once."""
    return Question(f"{word(dice, 12, 15)}.{ZONE}", "A", NXDOMAIN, (0,), is_signed=True)


class SignedWorld(World):
    """One zone, written twice: plain, and signed for NSD."""

    is_signed = True

    def __init__(self, path, seconds, warm_up_s):
        super().__init__(path)
        dice = random.Random(4)
        self.names = self.draw_names(dice)
        self.write_zone(ZONE, self.text(dice))
        self.sign_for_nsd()
        self.add_row("signed-warm", [positive(dice.choice(self.names["known"]))
                                     for _ in range(QUESTIONS)], dice)
        warm_up = self.mixed_row("warm-up", warm_up_s, dice)
        self.rows["signed"] = self.mixed_row("signed", seconds, dice, warm_up)

    def directory(self, server):
        return os.path.join(self.path, "zones-nsd") if server == "nsd" else self.zone_directory

    @staticmethod
    def draw_names(dice):
        """{kind: names}, none twice."""
        kinds = {"known": NAMES, "mail": OTHERS, "text": OTHERS, "alias": OTHERS, "secure": OTHERS,
                 "insecure": OTHERS}
        drawn = set()
        while len(drawn) < sum(kinds.values()):
            drawn.add(word(dice, 4, 10))
        drawn = iter(sorted(drawn, key=lambda _: dice.random()))
        return {kind: [next(drawn) for _ in range(count)] for kind, count in kinds.items()}

    def text(self, dice):
        names = self.names
        lines = [f"{name} A {address(dice)}" for name in names["known"]]
        lines += [f"{name} MX 10 {names['known'][0]}" for name in names["mail"]]
        lines += [f'{name} TXT "v=spf1 mx -all"' for name in names["text"]]
        lines += [f"{name} CNAME {dice.choice(names['known'])}" for name in names["alias"]]
        lines += [f"{name} NS ns1.nic.example." for name in names["secure"] + names["insecure"]]
        lines += [f"{name} DS {dice.randrange(65536)} 13 2 {dice.randbytes(32).hex()}"
                  for name in names["secure"]]
        return HEAD + "\n".join(lines) + "\n"

    def sign_for_nsd(self):
        """With a key-signing and a zone-signing key, and a chain of NSEC records."""
        directory = self.directory("nsd")
        os.makedirs(directory)
        keys = [self.make_key(directory, *flags) for flags in (["-k"], [])]
        subprocess_run([find("ldns-signzone"), "-o", ZONE, "-f", os.path.join(directory, ZONE),
                        os.path.join(self.zone_directory, ZONE), *keys], quiet=True)

    @staticmethod
    def make_key(directory, *flags):
        name = subprocess.run([find("ldns-keygen"), "-a", ALGORITHM, *flags, ZONE], cwd=directory,
                              stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        return os.path.join(directory, name)

    # -- questions

    def mixed_row(self, name, seconds, dice, warm_up=None):
        """Seven of ten are for addresses, one is for a name that is not there, two are others."""
        known = [positive(name) for name in self.names["known"]]
        others = self.other_questions()

        def draw():
            for _ in range(seconds * FASTEST):
                kind = dice.random()
                if kind < 0.1:
                    yield absent(dice)
                else:
                    yield dice.choice(known if kind < 0.8 else others)

        return Row(os.path.join(self.path, name + ".queries"), draw(), runs_once=True,
                   warm_up=warm_up)

    def other_questions(self):
        """Ten kinds, as many of each."""
        kinds = [("{known}", "AAAA", (0,)),             # no such type
                 ("{mail}", "MX", (1,)), ("{text}", "TXT", (1,)),
                 ("{alias}", "A", (2,)),                # a CNAME and what it leads to
                 ("", "SOA", (1,)), ("", "NS", (1,)),
                 ("", "DNSKEY", (1, 2)),                # one key for all, or two
                 ("{secure}", "DS", (1,)),
                 ("www.{secure}", "A", (0,)), ("www.{insecure}", "A", (0,))]  # referrals
        return [Question((f"{owner}." if owner else "").format(
                    **{kind: names[number] for kind, names in self.names.items()}) + ZONE,
                         type_name, NOERROR, answers, is_signed=True)
                for owner, type_name, answers in kinds for number in range(OTHERS)]
