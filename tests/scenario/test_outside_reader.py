"""ldns, written by others, reads back what we send: the whole sweep of questions, reply by
reply.
"""

import ctypes
import ctypes.util
import subprocess

import dns.rrset
import pytest

from harness import PATIENCE, ZONES, make_query, read_reply
from questions import make_questions

ORIGINS = ["lab.test", "everything.test", "child.everything.test"]
SECTION_ANSWER, SECTION_AUTHORITY, SECTION_ADDITIONAL = 1, 2, 3


def load_ldns():
    ldns = ctypes.CDLL(ctypes.util.find_library("ldns"))
    ldns.ldns_get_errorstr_by_id.restype = ctypes.c_char_p
    ldns.ldns_wire2pkt.argtypes = [
        ctypes.POINTER(ctypes.c_void_p),
        ctypes.c_char_p,
        ctypes.c_size_t,
    ]
    for name in ("ldns_pkt_answer", "ldns_pkt_authority", "ldns_pkt_additional", "ldns_rr_list_rr"):
        getattr(ldns, name).restype = ctypes.c_void_p
    for name in (
        "ldns_pkt_answer",
        "ldns_pkt_authority",
        "ldns_pkt_additional",
        "ldns_pkt_free",
        "ldns_rr_list_rr_count",
        "ldns_rr2str",
    ):
        getattr(ldns, name).argtypes = [ctypes.c_void_p]
    ldns.ldns_rr_list_rr.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    ldns.ldns_rr_list_rr_count.restype = ctypes.c_size_t
    ldns.ldns_rr2str.restype = ctypes.c_void_p
    return ldns


LDNS = load_ldns()
LIBC = ctypes.CDLL(None)
LIBC.free.argtypes = [ctypes.c_void_p]


def section_as_ldns_reads_it(rr_list):
    """The records as dnspython's, made of the text that ldns prints."""
    found = set()
    for i in range(LDNS.ldns_rr_list_rr_count(rr_list)):
        text = LDNS.ldns_rr2str(LDNS.ldns_rr_list_rr(rr_list, i))
        name, ttl, rdclass, rdtype, value = ctypes.string_at(text).decode().strip().split("\t", 4)
        LIBC.free(text)
        rrset = dns.rrset.from_text(name, int(ttl), rdclass, rdtype, value)
        found.add((rrset.name, rrset.ttl, rrset.rdtype, rrset[0].to_digestable()))
    return found


def section_as_dnspython_reads_it(section):
    return {
        (rrset.name, rrset.ttl, rrset.rdtype, rdata.to_digestable())
        for rrset in section
        for rdata in rrset
    }


def compare(wire, question):
    packet = ctypes.c_void_p()
    status = LDNS.ldns_wire2pkt(ctypes.byref(packet), wire, len(wire))
    assert status == 0, f"{question}: ldns says {LDNS.ldns_get_errorstr_by_id(status).decode()}"
    try:
        reply = read_reply(wire)
        for ldns_section, section in (
            (LDNS.ldns_pkt_answer, reply.answer),
            (LDNS.ldns_pkt_authority, reply.authority),
            (LDNS.ldns_pkt_additional, reply.additional),
        ):
            assert section_as_ldns_reads_it(ldns_section(packet)) == section_as_dnspython_reads_it(
                section
            ), question
        return sum(len(section) for section in (reply.answer, reply.authority, reply.additional))
    finally:
        LDNS.ldns_pkt_free(packet)


def test_ldns_reads_every_reply_as_dnspython_does(example):
    questions = make_questions([(ZONES / f"{origin}.zone", origin) for origin in ORIGINS], seed=7)
    sets = 0
    with example.datagrams() as link:
        for question in questions:
            wire = make_query(
                question.name, question.rdtype, edns=question.edns, do=question.do
            ).to_wire()
            link.send(wire)
            sets += compare(link.recv(65535), question)
    for name in ("many", "t3990", "txt-many", "mx-many", "all"):
        for rdtype in ("A", "TXT", "MX", "ANY"):
            wire = make_query(f"{name}.everything.test", rdtype).to_wire()
            sets += compare(example.exchange(wire, tcp=True), (name, rdtype))
    assert sets > len(questions), "on average more than one record set a reply was compared"


@pytest.mark.parametrize(
    "arguments, expected",
    [
        (["www.lab.test", "A"], "rcode: NOERROR"),
        (["-t", "t3990.everything.test", "TXT"], "rcode: NOERROR"),
        (["nope.lab.test", "A"], "rcode: NXDOMAIN"),
        (["-b", "4096", "team.lab.test", "DS"], "49fd46e6c4b45c55"),
        (["host.team.lab.test", "A"], "ns1.team.lab.test."),
    ],
)
def test_drill(example, arguments, expected):
    done = subprocess.run(
        [
            "drill",
            "-p",
            str(example.port),
            *arguments[:-2],
            arguments[-2],
            "@127.0.0.1",
            arguments[-1],
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0 and expected in done.stdout, done
