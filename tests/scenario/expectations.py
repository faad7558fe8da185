"""What one reply must be like: the expectations of a scene that are not about draws."""

import re

import dns.rdata
import dns.rdataclass
import dns.rdatatype

from harness import client_subnet, flags, rcode, reason

RCODES = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "BADVERS"}
FLAGS = {"aa", "tc", "ra", "rd", "ad", "cd"}
SECTIONS = ("answer", "authority", "additional")
NAME_SERVER = re.compile(r"ns-(\d+)\.awsdns-(\d\d)\.(com|net|org|co\.uk)\.signpost\.test\.")
FAMILIES = {"com": 0, "net": 1, "org": 2, "co.uk": 3}


def judge(reply, words, whole):
    """What is wrong, or None.  Records go into whole, for their section to be compared at the
    end."""
    if words[0] in SECTIONS:
        return judge_section(reply, words, whole)
    if words[0] in OTHERS:
        return OTHERS[words[0]](reply, words[1:])
    if words[0] == "no" and words[1] in ABSENT:
        return None if ABSENT[words[1]](reply) else f"there is {' '.join(words[1:])}"
    if words[0] in RCODES | FLAGS | {"no"}:
        return judge_header(reply, words)
    return judge_values(reply, words)


def judge_size(reply, words):
    return None if reply.wire_size <= int(words[-1]) else f"{reply.wire_size} octets"


def judge_edns(reply, words):
    is_right = reply.edns == 0 and reply.payload == int(words[0])
    return None if is_right else f"edns {reply.edns} {reply.payload}"


def judge_owner(reply, words):
    owner = reply.answer[-1].name.to_text()
    return None if owner.rstrip(".") == words[0] else owner


def judge_none(reply, words):
    """R-ANS-20."""
    if rcode(reply) != "NOERROR" or reply.answer:
        return f"{rcode(reply)} and {len(reply.answer)} sets of records"
    found = [dns.rdatatype.to_text(rrset.rdtype) for rrset in reply.authority]
    return None if found == ["SOA"] else f"authority is {found}"


def judge_subnet(reply, words):
    found = client_subnet(reply)
    return None if found and found[0] == words[0] else f"client-subnet is {found}"


def judge_scope(reply, words):
    found = client_subnet(reply)
    return None if found and found[1] == int(words[0]) else f"client-subnet is {found}"


def judge_reason(reply, words):
    text = reason(reply)
    return None if text is not None and " ".join(words) in text else f"it says {text}"


def judge_soa(reply, words):
    """Pairs of a field's name and what is in it; ttl is one, too."""
    if len(reply.answer) != 1:
        return f"there are {len(reply.answer)} sets of records"
    (rdata,) = reply.answer[0]
    for field, wanted in zip(words[::2], words[1::2], strict=True):
        found = reply.answer[0].ttl if field == "ttl" else getattr(rdata, field)
        if str(found) != wanted:
            return f"{field} is {found}"
    return None


OTHERS = {
    "size": judge_size,
    "edns": judge_edns,
    "owner": judge_owner,
    "none": judge_none,
    "SOA": judge_soa,
    "subnet": judge_subnet,
    "scope": judge_scope,
    "why": judge_reason,
}
ABSENT = {
    "edns": lambda reply: reply.edns < 0,
    "subnet": lambda reply: client_subnet(reply) is None,
    "why": lambda reply: reason(reply) is None,
}


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
