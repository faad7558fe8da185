#!/usr/bin/python3
"""Which operations of the Route 53 API there are, and which client's scenes use each: found by reading
the table of the program and the scenes themselves.  Prints the README's table."""

import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
CLIENTS = ("AWS CLI", "boto3", "JavaScript", "lego", "certbot")
# What these two call on their way to a certificate.
LEGO = {"ListHostedZonesByName", "ListResourceRecordSets", "ChangeResourceRecordSets", "GetChange"}
CERTBOT = {"ListHostedZones", "ChangeResourceRecordSets", "GetChange"}


def rows():
    """(name, method, pattern), in the order of the program's table."""
    text = (TOP / "src/route53/operations.c").read_text()
    return re.findall(
        r'^ +\{ "([A-Z]\w+)", "(GET|POST|DELETE)", "([^"]+)"', text, re.MULTILINE
    )


def names():
    return [name for name, _, _ in rows()]


def snake(name):
    """CreateHostedZone -> create_hosted_zone, as botocore spells it."""
    name = name.replace("VPCs", "Vpcs")
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def text_of(*patterns):
    files = sorted(path for pattern in patterns for path in HERE.glob(pattern))
    return "\n".join(path.read_text() for path in files)


def used():
    """client -> the operations that its scenes use."""
    python = text_of("route53.py", "test_*.py")
    shell = text_of("test_route53_cli.py")
    javascript = text_of("test_route53_js.py")
    acme = text_of("test_acme.py")
    boto3, command, node = set(), set(), set()
    for name in names():
        word = snake(name)
        if re.search(rf"\.{word}\b|paginator\(\s*\"{word}\"", python):
            boto3.add(name)
        if f'"{word.replace("_", "-")}"' in shell:
            command.add(name)
        if f'"{name}"' in javascript:
            node.add(name)
    return {"AWS CLI": command, "boto3": boto3, "JavaScript": node,
            "lego": LEGO if "lego" in acme else set(),
            "certbot": CERTBOT if "certbot" in acme else set()}


def signed_by_hand():
    """Those that raw requests of the scenes use: the model of Debian's boto3 is older."""
    text = text_of("test_*.py")
    found = set()
    for name, method, pattern in rows():
        path = re.sub(r"\\\{\w+\\\}", r'[^"/]+', re.escape(pattern))
        request = rf'"{method}",\s*f?"/2013-04-01/{path}[/?"{{]'
        if re.search(request, text) or f'"{name}Request"' in text:
            found.add(name)
    return found


def row(name, clients, raw):
    by = [client for client in CLIENTS if name in clients[client]]
    if not by and name in raw:
        by = ["signed requests"]
    return f"| {name} | {', '.join(by)} |"


def table():
    clients, raw = used(), signed_by_hand()
    return "\n".join(["| operation | tested with |", "|---|---|"]
                     + [row(name, clients, raw) for name in names()])


if __name__ == "__main__":
    print(table())
