"""Scenes: whole behaviours that a DNS operator can read, in *.scene files.

    scene S-05 A chain of aliases          begins a scene; all after it belongs to it
    zone lab.test                          a fresh zone, the indented lines are its master file
        c1 60 CNAME web
        web 30 A 10.0.0.1
    set web.lab.test 30 A 10.0.0.2         makes or replaces a record set
    delete web.lab.test A                  removes it
    ask c1.lab.test A                      then any of: tcp, edns SIZE, do, rd, class C, at ADDRESS
    expect NOERROR aa no tc                the RCODE, flags that are set, flags that are not
    expect 10.0.0.2 ttl 30                 the last set of Answer: all its values, and its TTL
    expect owner web.lab.test              the owner it has, letter by letter
    expect answer c1.lab.test. 60 CNAME web.lab.test.
                                           one record; together such lines are the whole section
    expect authority empty                 likewise authority and additional
    expect authority SOA ttl 900           one SOA record
    expect authority name servers          the four default NS, TTL 172800
    expect size at most 512                octets of the reply
    expect edns 1232 / expect no edns      the size the reply's OPT offers / a reply without OPT

# and empty lines are skipped.
"""

import dataclasses
import re

import dns.rdata
import dns.rdataclass
import dns.rdatatype

from harness import flags, rcode, records

RCODES = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "BADVERS"}
FLAGS = {"aa", "tc", "ra", "rd", "ad", "cd"}
SECTIONS = ("answer", "authority", "additional")
NAME_SERVER = re.compile(r"ns-(\d+)\.awsdns-(\d\d)\.(com|net|org|co\.uk)\.signpost\.test\.")
FAMILIES = {"com": 0, "net": 1, "org": 2, "co.uk": 3}


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


def read_scenes(path):
    scenes, step = [], None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line[0] == " ":
            step.block.append(line.strip())
            continue
        verb, *words = line.split()
        if verb == "scene":
            scenes.append(Scene(" ".join(words), []))
        elif verb == "expect":
            step.expectations.append((number, words))
        elif verb in ("zone", "set", "delete", "ask"):
            step = Step(number, verb, words)
            scenes[-1].steps.append(step)
        else:
            raise ValueError(f"{path.name}:{number}: no such verb: {verb}")
    return scenes


def play(scene, daemon):
    zones = []
    try:
        for step in scene.steps:
            if step.verb == "zone":
                zones.append(step.words[0])
                text = "$TTL 60\n" + "\n".join(step.block) + "\n"
                daemon.import_text(step.words[0], text, "--replace", name="scene.zone")
            elif step.verb == "set":
                name, ttl, rdtype, *rest = step.words
                zone = next(zone for zone in zones if f".{name.rstrip('.')}".endswith(f".{zone}"))
                value = " ".join(rest)
                values = value.split(", ") if rdtype in ("A", "AAAA") else [value]
                daemon.signpost("record", "set", zone, name, rdtype, "--ttl", ttl, *values)
            elif step.verb == "delete":
                zone = next(zone for zone in zones if step.words[0].endswith(zone))
                daemon.signpost("record", "delete", zone, *step.words)
            else:
                ask(step, daemon)
    finally:
        for zone in zones:
            daemon.command("zone", "delete", zone, "--force")


def ask(step, daemon):
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
        elif word == "at":
            options["address"] = words.pop(0)
        else:
            raise ValueError(f"line {step.line}: ask {word}?")
    assert step.expectations, f"line {step.line} asks and expects nothing"
    reply = daemon.ask(name, rdtype, **options)
    whole = {}
    for line, expectation in step.expectations:
        fault = judge(reply, expectation, whole)
        assert not fault, f"line {line}: expect {' '.join(expectation)}: {fault}\n{reply}"
    for section, wanted in whole.items():
        got = records(getattr(reply, section))
        assert got == wanted, (
            f"line {step.line}: {section} lacks {sorted(wanted - got)}, "
            f"has besides {sorted(got - wanted)}\n{reply}"
        )


def judge(reply, words, whole):
    """What is wrong, or None.  Records go into whole, for their section to be compared at the
    end."""
    if words[0] in SECTIONS:
        return judge_section(reply, words, whole)
    if words[0] == "size":
        return None if reply.wire_size <= int(words[-1]) else f"{reply.wire_size} octets"
    if words[0] == "edns":
        return (
            None
            if reply.edns == 0 and reply.payload == int(words[1])
            else f"edns {reply.edns} {reply.payload}"
        )
    if words == ["no", "edns"]:
        return None if reply.edns < 0 else "there is an OPT"
    if words[0] == "owner":
        return (
            None
            if reply.answer[-1].name.to_text(True) == words[1]
            else reply.answer[-1].name.to_text()
        )
    if words[0] in RCODES | FLAGS | {"no"}:
        return judge_header(reply, words)
    return judge_values(reply, words)


def judge_header(reply, words):
    wanted = True
    for word in words:
        if word == "no":
            wanted = False
            continue
        if word in RCODES:
            if rcode(reply) != word:
                return f"it is {rcode(reply)}"
        elif word not in FLAGS:
            raise ValueError(f"no such flag: {word}")
        elif (word in flags(reply)) != wanted:
            return f"flags are {' '.join(sorted(flags(reply)))}"
        wanted = True
    return None


def judge_values(reply, words):
    ttl = None
    if len(words) > 2 and words[-2] == "ttl":
        ttl, words = int(words[-1]), words[:-2]
    if not reply.answer:
        return "there is no answer"
    last = reply.answer[-1]
    got = {rdata.to_text() for rdata in last}
    if got != set(words):
        return f"values are {' '.join(sorted(got))}"
    return None if ttl in (None, last.ttl) else f"TTL is {last.ttl}"


def judge_section(reply, words, whole):
    section = getattr(reply, words[0])
    if words[1:] == ["empty"]:
        return None if not section else "it is not"
    if words[1:3] == ["SOA", "ttl"]:
        found = [(dns.rdatatype.to_text(rrset.rdtype), rrset.ttl) for rrset in section]
        return None if found == [("SOA", int(words[3]))] else f"there is {found}"
    if words[1:] == ["name", "servers"]:
        return judge_name_servers(section)
    name, ttl, rdtype, *value = words[1:]
    rdata = dns.rdata.from_text(
        dns.rdataclass.IN, dns.rdatatype.from_text(rdtype), " ".join(value), relativize=False
    )
    whole.setdefault(words[0], set()).add((name.lower(), int(ttl), rdtype, rdata.to_text()))
    return None


def judge_name_servers(section):
    """R-ZON-1, R-ZON-5: four, one from each family of suffixes, numbered as their names say."""
    if len(section) != 1 or section[0].ttl != 172800:
        return f"there are {len(section)} sets, {[rrset.ttl for rrset in section]}"
    found = [NAME_SERVER.fullmatch(rdata.to_text()) for rdata in section[0]]
    if not all(found):
        return f"odd name in {section[0]}"
    for name in found:
        number = int(name[1])
        if number // 512 != FAMILIES[name[3]] or number % 512 // 8 != int(name[2]):
            return f"{name[0]} is no possible name"
    return None if {name[3] for name in found} == set(FAMILIES) else "not one of each family"
