"""Whether a server's signatures are right: a small validator on dnspython, an outsider.

Every record set of an answer must have a signature that verifies with the zone's keys, and what
is denied must be denied by an NSEC record.  That no wildcard could have answered is not asked:
servers that sign as they answer need no such proof.
"""

import dns.dnssec
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
from dns.rdatatype import CNAME, DNSKEY, DS, NS, NSEC, RRSIG, SOA, from_text, to_text

from lab.machine import BenchError

TIMEOUT_S = 2
OCTETS = 1232


class Invalid(Exception):
    """What is wrong with an answer."""


def check(server, questions):
    """Raises unless the server's answers to those questions are validly signed."""
    zone = dns.name.from_text(server.world.zones[0])
    keys = {zone: fetch_keys(server, zone)}
    for question in questions:
        validate(server, dns.name.from_text(question.name), from_text(question.type), keys)


def fetch_keys(server, zone):
    reply = ask(server, zone, DNSKEY)
    keys = next((found for found in reply.answer if found.rdtype == DNSKEY), None)
    if keys is None:
        raise BenchError(f"{server.name}: {zone} has no DNSKEY")
    return keys


def ask(server, name, kind):
    query = dns.message.make_query(name, kind, want_dnssec=True, payload=OCTETS)
    return dns.query.udp(query, "127.0.0.1", timeout=TIMEOUT_S, port=server.port)


def validate(server, name, kind, keys):
    try:
        reply = ask(server, name, kind)
        if reply.flags & dns.flags.TC:
            raise Invalid("it is truncated")
        validate_section(reply.answer, keys)
        validate_section(reply.authority, keys)
        if not reply.answer:
            validate_denial(reply.authority, name, kind, next(iter(keys)))
    except (Invalid, dns.exception.DNSException) as error:
        raise BenchError(f"{server.name}: the answer to {name} {to_text(kind)} does not validate: "
                         f"{error}") from error


def validate_section(section, keys):
    """A delegation's NS set is not signed; everything else is."""
    signatures = {(found.name, found.covers): found for found in section if found.rdtype == RRSIG}
    for found in section:
        if found.rdtype == RRSIG or (found.rdtype == NS and found.name not in keys):
            continue
        if (found.name, found.rdtype) not in signatures:
            raise Invalid(f"{found.name} {to_text(found.rdtype)} is not signed")
        dns.dnssec.validate(found, signatures[found.name, found.rdtype], keys)


def validate_denial(authority, name, kind, zone):
    """NODATA and no such name; at a referral that there is a DS or none."""
    cut = next((found.name for found in authority if found.rdtype == NS and found.name != zone),
               None)
    if cut is not None:
        # Knot 3.2 says with an NSEC that there is a DS, and does not send it.
        if not any(found.name == cut and found.rdtype in (DS, NSEC) for found in authority):
            raise Invalid(f"neither DS nor NSEC comes with the referral to {cut}")
        return
    if not any(found.rdtype == SOA for found in authority):
        raise Invalid("there is no SOA")
    if not any(denies(found.name, found[0], name, kind, zone) for found in authority
               if found.rdtype == NSEC):
        raise Invalid("no NSEC denies it")


def denies(owner, nsec, name, kind, zone):
    if owner == name:
        types = nsec.to_text().split()[1:]
        return to_text(kind) not in types and to_text(CNAME) not in types
    return owner < name and (name < nsec.next or nsec.next == zone)
