"""Why Signpost may answer otherwise than NSD.

Each explanation is a rule of Route 53's and a test that a pair of replies must pass to fall under
it. The tests ask both servers again where that tells more: an answer that is said to be cut short
must be the same in full over TCP, a reply to ANY must be what NSD itself says to every type one by
one.
"""

import dataclasses

import dns.name

from questions import TYPES

CHAIN_MAX = 16
REPLY_FIELDS = ("rcode", "flags", "answer", "authority", "additional", "edns")


@dataclasses.dataclass
class Case:
    question: object
    ours: object  # Reply
    theirs: object
    bench: object  # test_differential.Bench

    def equal_but_for(self, *fields):
        return all(
            getattr(self.ours, field) == getattr(self.theirs, field)
            for field in REPLY_FIELDS
            if field not in fields
        )

    def over_tcp(self):
        question = dataclasses.replace(self.question, tcp=True)
        return Case(
            question, self.bench.ask_ours(question), self.bench.ask_theirs(question), self.bench
        )

    def limit(self):
        return max(512, min(self.question.edns or 512, 1232))

    def is_empty(self):
        return not (self.ours.answer or self.ours.authority or self.ours.additional)


def chain(question, answer):
    """The targets of the aliases in an answer, from the question's name on; True at the end: a
    circle."""
    aliases = {name: value for name, _, rdtype, value in answer if rdtype == "CNAME"}
    targets, name = [], question.name.lower()
    seen = {name}
    while name in aliases:
        name = aliases[name].lower()
        targets.append(name)
        if name in seen:
            return targets, True
        seen.add(name)
    return targets, False


def stays_in_its_zone(case):
    """The alias leads into another zone of this server.  NSD goes there; Route 53 stops."""
    if case.ours.rcode != "NOERROR" or not case.ours.answer <= case.theirs.answer:
        return False
    targets, circle = chain(case.question, case.ours.answer)
    if not targets or circle or len(case.ours.answer) != len(targets):
        return False
    home, away = case.bench.zone_of(case.question.name), case.bench.zone_of(targets[-1])
    if away in (home, None):
        return False
    return case.ours.authority == case.bench.company(home)[0] and case.equal_but_for(
        "rcode", "answer", "authority", "additional"
    )


def gives_up_on_long_chains(case):
    """A circle, or more aliases than sixteen: SERVFAIL.  NSD sends what it has seen until then."""
    if case.ours.rcode != "SERVFAIL" or not case.is_empty() or case.theirs.rcode != "NOERROR":
        return False
    targets, circle = chain(case.question, case.theirs.answer)
    return circle or len(targets) > CHAIN_MAX


def home(case):
    """The zone that answers: for DS at the apex of one zone the zone above."""
    if (
        case.question.rdtype != "DS"
        or case.question.name.rstrip(".").lower() not in case.bench.origins
    ):
        return case.bench.zone_of(case.question.name)
    above = case.bench.zone_of(case.question.name.split(".", 1)[1])
    return above or case.bench.zone_of(case.question.name)


def names_its_servers_always(case):
    """Every positive answer has the apex NS.  NSD leaves them out for DS and beside an alias
    that leaves every zone; the rest must be equal, and the NS those that it sends otherwise."""
    targets, circle = chain(case.question, case.ours.answer)
    leaves = bool(targets) and not circle and case.bench.zone_of(targets[-1]) is None
    if (
        not case.bench.full_mode
        or not case.ours.answer
        or not (leaves or case.question.rdtype == "DS")
    ):
        return False
    return (
        case.equal_but_for("authority", "additional")
        and not case.theirs.authority
        and (case.ours.authority, case.ours.additional) == case.bench.company(home(case))
    )


def keeps_minimal_responses_minimal(case):
    """With minimal responses no addresses are added to a positive answer.  NSD adds them to apex
    NS."""
    return (
        not case.bench.full_mode
        and case.question.rdtype == "NS"
        and bool(case.ours.answer)
        and not case.ours.additional
        and case.equal_but_for("additional")
    )


def sends_every_type(case):
    """ANY: every record set there is, the union of what NSD says to each type.  NSD itself sends
    one, and no apex NS.  DS at an apex is the parent's and no part of it."""
    if (
        case.question.rdtype != "ANY"
        or not case.ours.answer
        or not case.theirs.answer <= case.ours.answer
    ):
        return False
    owner, answer, additional = case.question.name.lower(), set(), set()
    is_apex = owner.rstrip(".") in case.bench.origins
    for rdtype in TYPES:
        if rdtype == "DS" and is_apex:
            continue
        reply = case.bench.their_whole(case.question.name, rdtype)
        answer |= {record for record in reply.answer if record[0] == owner and record[2] == rdtype}
        additional |= reply.additional
    company = frozenset() if is_apex else case.bench.company(home(case))[0]
    return (
        case.ours.answer == answer
        and case.equal_but_for("answer", "additional", "authority")
        and case.ours.authority in ({company} if case.question.tcp else {company, frozenset()})
        and case.ours.additional <= additional
        and not case.theirs.authority
    )


def does_not_look_behind_a_cut(case):
    """A name below a delegation in the parent's file is nothing to the child zone.  NSD, which
    keeps all names in one tree, takes it for an existing name there.  For a name beside it that
    is in neither file, NSD must say what we say."""
    name = dns.name.from_text(case.question.name.lower())
    hidden = next((other for other in case.bench.hidden_names if name.is_subdomain(other)), None)
    if hidden is None:
        return False

    def renamed(text):
        return text.replace(hidden.to_text(), f"seen-by-nobody.{hidden.parent().to_text()}")

    def moved(section):
        return frozenset(
            (renamed(owner), ttl, rdtype, value) for owner, ttl, rdtype, value in section
        )

    question = dataclasses.replace(case.question, name=renamed(case.question.name.lower()))
    ours = dataclasses.replace(
        case.ours,
        answer=moved(case.ours.answer),
        authority=moved(case.ours.authority),
        additional=moved(case.ours.additional),
    )
    return (
        explain(Case(question, ours, case.bench.ask_theirs(question), case.bench))
        is not UNEXPLAINED
    )


def truncates_to_nothing(case):
    """TC: no records at all, when what is needed exceeds the limit.  NSD may send a part, or let
    glue go."""
    if case.question.tcp or "tc" not in case.ours.flags or not case.is_empty():
        return False
    whole = case.over_tcp()
    return (
        whole.ours.wire_size > case.limit()
        and explain(whole) is not UNEXPLAINED
        and case.ours.rcode == whole.ours.rcode
        and case.ours.flags - {"tc"} == whole.ours.flags
    )


def leaves_company_out(case):
    """Authority and Additional of a positive answer give way when room is short, each server in
    its way."""
    if (
        case.question.tcp
        or {"tc"} & (case.ours.flags | case.theirs.flags)
        or not case.equal_but_for("authority", "additional")
        or not case.ours.answer
    ):
        return False
    whole = case.over_tcp()
    return (
        whole.ours.wire_size > case.limit()
        and explain(whole) is not UNEXPLAINED
        and all(
            getattr(reply, part) <= getattr(whole.ours, part)
            for reply in (case.ours, case.theirs)
            for part in ("authority", "additional")
        )
    )


EXPLANATIONS = [
    ("R-ANS-10", stays_in_its_zone),
    ("R-ANS-11", gives_up_on_long_chains),
    ("R-ANS-14", names_its_servers_always),
    ("R-ANS-16", keeps_minimal_responses_minimal),
    ("R-ANS-26", sends_every_type),
    ("R-ZON-13", does_not_look_behind_a_cut),
    ("R-ANS-23 TC", truncates_to_nothing),
    ("R-ANS-23 company", leaves_company_out),
]

EQUAL = "equal"
UNEXPLAINED = "unexplained"


def explain(case):
    if case.ours.same(case.theirs):
        return EQUAL
    return next((rule for rule, test in EXPLANATIONS if test(case)), UNEXPLAINED)


def zone_of(name, origins):
    """The most specific of the origins that is or encloses the name."""
    name = dns.name.from_text(name)
    found = [origin for origin in origins if name.is_subdomain(dns.name.from_text(origin))]
    return max(found, key=len, default=None)
