"""The Route 53 API as a client with a key speaks it: signed requests on connections that stay open."""

import datetime
import hashlib
import hmac
import http.client
import re
import urllib.parse

from lab.machine import BenchError

NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/"
REGION = "eu-west-1"
SEGMENT_SAFE = "-_.~"


def digest(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class Client:
    """One connection with one key; the key of a day is worked out once, as every SDK does."""

    def __init__(self, port, key, secret):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.host = f"127.0.0.1:{port}"
        self.key, self.secret = key, secret
        self.day, self.signing_key = None, None

    def key_of(self, day):
        if day != self.day:
            key = digest(b"AWS4" + self.secret.encode(), day)
            for part in (REGION, "route53", "aws4_request"):
                key = digest(key, part)
            self.day, self.signing_key = day, key
        return self.signing_key

    def authorization(self, method, path, arguments, body, time):
        query = "&".join(f"{name}={urllib.parse.quote(value, SEGMENT_SAFE)}"
                         for name, value in sorted(arguments.items()))
        canonical = "\n".join((method, urllib.parse.quote(path, SEGMENT_SAFE + "/"), query,
                               f"host:{self.host}", f"x-amz-date:{time}", "", "host;x-amz-date",
                               hashlib.sha256(body).hexdigest()))
        scope = f"{time[:8]}/{REGION}/route53/aws4_request"
        to_sign = "\n".join(("AWS4-HMAC-SHA256", time, scope,
                             hashlib.sha256(canonical.encode()).hexdigest()))
        signature = digest(self.key_of(time[:8]), to_sign).hex()
        return (f"AWS4-HMAC-SHA256 Credential={self.key}/{scope}, SignedHeaders=host;x-amz-date, "
                f"Signature={signature}")

    def request(self, method, path, arguments=None, body=""):
        """The text of the response.  Raises unless it went well."""
        arguments = arguments or {}
        body = body.encode()
        time = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        headers = {"Host": self.host, "X-Amz-Date": time,
                   "Authorization": self.authorization(method, path, arguments, body, time)}
        target = path + ("?" + urllib.parse.urlencode(arguments, quote_via=urllib.parse.quote)
                         if arguments else "")
        self.connection.request(method, target, body or None, headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        if response.status not in (200, 201):
            raise BenchError(f"{method} {target}: {response.status} {text}")
        return text

    def close(self):
        self.connection.close()


def document(root, inner):
    return f'<{root} xmlns="{NAMESPACE}">{inner}</{root}>'


def upsert(name, address, ttl_s=60):
    """One change that gives a name one address."""
    return ("<Change><Action>UPSERT</Action><ResourceRecordSet>"
            f"<Name>{name}</Name><Type>A</Type><TTL>{ttl_s}</TTL><ResourceRecords><ResourceRecord>"
            f"<Value>{address}</Value></ResourceRecord></ResourceRecords></ResourceRecordSet>"
            "</Change>")


def change(client, zone, *changes):
    """The id of the change."""
    inner = f"<ChangeBatch><Changes>{''.join(changes)}</Changes></ChangeBatch>"
    text = client.request("POST", f"/2013-04-01/hostedzone/{zone}/rrset/",
                          body=document("ChangeResourceRecordSetsRequest", inner))
    return element(text, "Id")


def element(text, name):
    found = re.search(f"<{name}>([^<]*)</{name}>", text)
    return None if found is None else found[1]


def create_zone(client, name):
    """The zone's id."""
    text = client.request("POST", "/2013-04-01/hostedzone",
                          body=document("CreateHostedZoneRequest",
                                        f"<Name>{name}</Name><CallerReference>{name}"
                                        "</CallerReference>"))
    return element(text, "Id").removeprefix("/hostedzone/")


def list_sets(client, zone, page):
    """Every (name, type, first value) of a zone, page after page."""
    arguments, sets = {"maxitems": str(page)}, []
    while True:
        text = client.request("GET", f"/2013-04-01/hostedzone/{zone}/rrset", arguments)
        sets += re.findall(r"<ResourceRecordSet><Name>([^<]*)</Name><Type>([^<]*)</Type>"
                           r".*?(?:<Value>([^<]*)</Value>.*?)?</ResourceRecordSet>", text)
        if element(text, "IsTruncated") != "true":
            return sets
        arguments = {"maxitems": str(page), "name": element(text, "NextRecordName"),
                     "type": element(text, "NextRecordType")}
