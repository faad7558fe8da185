"""Questions about a zone file: each of its names, their neighbours, and what lies between and
below.
"""

import dataclasses
import random

import dns.name
import dns.rdatatype
import dns.zone

TYPES = [
    "A",
    "AAAA",
    "CAA",
    "CNAME",
    "DS",
    "HTTPS",
    "MX",
    "NAPTR",
    "NS",
    "PTR",
    "SOA",
    "SPF",
    "SRV",
    "SSHFP",
    "SVCB",
    "TLSA",
    "TXT",
]
OTHER_TYPES = ["ANY", "LOC", "DNSKEY", "HINFO", "TYPE65280"]
EDNS_SIZES = [None, None, 512, 1232, 1232, 4096]


@dataclasses.dataclass(frozen=True)
class Question:
    name: str
    rdtype: str
    tcp: bool = False
    edns: int = None
    do: bool = False
    rd: bool = False

    def __str__(self):
        extras = [
            word
            for word, on in (
                ("tcp", self.tcp),
                (f"edns {self.edns}", self.edns),
                ("do", self.do),
                ("rd", self.rd),
            )
            if on
        ]
        return " ".join([self.name, self.rdtype, *extras])


def read_names(path, origin):
    """Every name that exists: owners and the empty names between them and the apex."""
    origin = dns.name.from_text(origin)
    text = path.read_text()
    zone = dns.zone.from_text(text, origin, relativize=False, check_origin=False)
    names = set()
    for name in zone.nodes:
        while name.is_subdomain(origin):
            names.add(name)
            if name == origin:
                break
            name = name.parent()
    return sorted(names), {
        name: [dns.rdatatype.to_text(rdataset.rdtype) for rdataset in node]
        for name, node in zone.nodes.items()
    }


def below(name, label):
    """The name with one more label, or itself where there is no room."""
    try:
        return dns.name.Name((label,) + name.labels)
    except dns.name.NameTooLong:
        return name


def neighbours(name, origin, draw):
    """Names that look much like this one, most of which do not exist."""
    yield below(name, b"x")
    yield below(name, b"*")
    yield below(below(name, b"ns"), b"deep")
    if name == origin:
        return
    first = name.labels[0]
    parent = name.parent()
    yield below(parent, (first + b"0")[-63:])
    yield below(parent, first[:-1] or b"-")
    yield below(parent, bytes([draw.randrange(256)]))
    yield below(parent, bytes([first[0] ^ 1]) + first[1:])
    yield below(parent, b"*")


def mix_case(name, draw):
    """0x20: each letter large or small."""
    return dns.name.Name(
        [
            bytes(
                draw.choice((octet, octet ^ 32)) if chr(octet).isalpha() and octet < 128 else octet
                for octet in label
            )
            for label in name.labels
        ]
    )


def make_questions(zones, seed):
    """[(path, origin)] -> questions, the same for the same seed."""
    draw = random.Random(seed)
    pairs = []
    for path, origin in zones:
        names, types = read_names(path, origin)
        apex = dns.name.from_text(origin)
        for name in names:
            asked = set(types.get(name, [])) | {"A", "DS", "ANY"} | set(draw.sample(TYPES, 5))
            asked.add(draw.choice(OTHER_TYPES))
            pairs += [(name, rdtype) for rdtype in sorted(asked)]
            pairs += [(name, rdtype) for rdtype in sorted(types.get(name, [])) for _ in range(3)]
            for other in neighbours(name, apex, draw):
                pairs += [(other, rdtype) for rdtype in draw.sample(TYPES, 2)]
        # Outside: the parent, and a name that only ends in the same letters.
        pairs += [
            (apex.parent(), "NS"),
            (dns.name.from_text(f"not{origin}"), "A"),
            (dns.name.root, "NS"),
        ]
    questions = []
    for name, rdtype in pairs:
        if draw.random() < 0.4:
            name = mix_case(name, draw)
        edns = draw.choice(EDNS_SIZES)
        questions.append(
            Question(
                name.to_text(),
                rdtype,
                tcp=draw.random() < 0.2,
                edns=edns,
                do=edns is not None and draw.random() < 0.3,
                rd=draw.random() < 0.3,
            )
        )
    draw.shuffle(questions)
    return questions
