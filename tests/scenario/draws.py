"""What many replies to one question must show together, and how seldom chance alone spoils that.

The daemon of the scenes has a fixed seed and one worker, so a run repeats; the figures below hold
for any seed.

    one of V1 V2       60 asks.  Each was seen, and nothing else: a value with a share of 1/3 is
                       missed by chance with (2/3)^60 < 1e-10, and a wrong one with a share of 1/4
                       stays hidden with (3/4)^60 < 1e-7
    always V           the same with one value
    shares V1 1/4 ...  1,000 asks, chi-square: right shares are called wrong once in a million; of
                       two values, shares that are off by 1/6 are called right with p < 1e-7
    8 of V1 ... V10    60 asks.  Each reply has eight different ones, and each of the ten was seen:
                       it is left out of all replies with (2/10)^60
    every order        200 asks.  Three values came in all six orders: 6 * (5/6)^200 < 1e-14

A value is what a reply has in its last record set; where that is several, they are written with
commas between: one of 10.0.0.1,10.0.0.2 10.0.0.3
"""

import collections
import fractions
import math

ASKS = 60
SHARE_ASKS = 1000
ORDER_ASKS = 200
FALSE_ALARM = 1e-6


def is_about_draws(words):
    return (
        words[0] in ("always", "shares")
        or words[:2] in (["one", "of"], ["every", "order"])
        or words[1:2] == ["of"]
    )


def asks_needed(expectations):
    """How often to ask for these expectations: once, unless one is about draws."""
    needed = [1]
    for words in expectations:
        if words[0] == "shares":
            needed.append(SHARE_ASKS)
        elif words[0] == "every":
            needed.append(ORDER_ASKS)
        elif is_about_draws(words):
            needed.append(ASKS)
    return max(needed)


def judge_draws(replies, words):
    """What is wrong, or None."""
    if words[0] == "every":
        return judge_orders([ordered_values(reply) for reply in replies])
    seen = collections.Counter(frozenset(ordered_values(reply)) for reply in replies)
    if words[0] == "shares":
        return judge_shares(seen, words[1:])
    if words[0] == "always":
        return judge_one_of(seen, words[1:])
    if words[0] == "one":
        return judge_one_of(seen, words[2:])
    return judge_some_of(seen, int(words[0]), set(words[2:]))


def ordered_values(reply):
    return tuple(rdata.to_text() for rdata in reply.answer[-1]) if reply.answer else ()


def told(seen):
    return ", ".join(
        f"{count} times {' '.join(sorted(values)) or 'nothing'}"
        for values, count in seen.most_common()
    )


def judge_one_of(seen, options):
    wanted = {frozenset(option.split(",")) for option in options}
    return None if set(seen) == wanted else f"it was {told(seen)}"


def judge_some_of(seen, count, options):
    drawn = set().union(*seen)
    sizes = {len(values) for values in seen}
    if drawn == options and sizes == {count}:
        return None
    return f"seen were {' '.join(sorted(drawn))}, by {sorted(sizes)} at once"


def judge_orders(orders):
    wanted = math.factorial(len(orders[0]))
    seen = len(set(orders))
    return None if seen == wanted else f"{seen} orders of {wanted}"


def judge_shares(seen, words):
    shares = {
        frozenset(value.split(",")): fractions.Fraction(share)
        for value, share in zip(words[::2], words[1::2], strict=True)
    }
    if sum(shares.values()) != 1:
        raise ValueError(f"shares of {' '.join(words)} are not 1 in all")
    if not set(seen) <= set(shares):
        return f"it was {told(seen)}"
    asks = seen.total()
    distance = sum(
        (seen[value] - asks * share) ** 2 / (asks * share) for value, share in shares.items()
    )
    chance = chi_square_tail(float(distance), len(shares) - 1)
    return None if chance > FALSE_ALARM else f"it was {told(seen)}; by chance with p = {chance:.1e}"


def chi_square_tail(distance, freedom):
    """The probability that chi-square with that many degrees of freedom is at least distance."""
    half = distance / 2
    if freedom % 2:
        tail, term = math.erfc(math.sqrt(half)), math.exp(-half) / math.sqrt(math.pi * half or 1)
        for i in range(1, freedom, 2):
            term *= half / (i / 2)
            tail += term
        return tail
    return math.exp(-half) * sum(half**i / math.factorial(i) for i in range(freedom // 2))
