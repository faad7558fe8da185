"""A small certificate authority that speaks ACME (RFC 8555) as far as dns-01 needs.

It believes nobody: the signature, nonce and URL of every request are checked, a challenge counts
when the name server that it was told of answers with the right text, and a certificate is issued
for the names of the order only.  Runs as a program of its own, so that it can be put into the same
network as its clients:

    acme.py --port 14000 --certificate FILE --key FILE --dns ADDRESS@PORT

It writes "ready" to standard output once it listens.
"""

import argparse
import base64
import datetime
import hashlib
import http.server
import itertools
import json
import secrets
import ssl
import threading

import dns.message
import dns.query
import dns.rdatatype
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509.oid import NameOID

PATIENCE = 30
ERROR = "urn:ietf:params:acme:error:"


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def decode_number(text):
    return int.from_bytes(decode(text), "big")


class Problem(Exception):
    """A refusal: RFC 8555 section 6.7."""

    def __init__(self, kind, detail, status=400):
        super().__init__(detail)
        self.status = status
        self.document = {"type": ERROR + kind, "detail": detail, "status": status}


# -- JSON Web Signature (RFC 7515) and Key (RFC 7517)

CURVES = {
    "ES256": (ec.SECP256R1(), "P-256", hashes.SHA256()),
    "ES384": (ec.SECP384R1(), "P-384", hashes.SHA384()),
}


def thumbprint(jwk):
    """RFC 7638"""
    members = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y")}[jwk["kty"]]
    text = json.dumps({name: jwk[name] for name in members}, separators=(",", ":"), sort_keys=True)
    return encode(hashlib.sha256(text.encode()).digest())


def verify(jwk, algorithm, signed, signature):
    if algorithm == "RS256" and jwk["kty"] == "RSA":
        numbers = rsa.RSAPublicNumbers(decode_number(jwk["e"]), decode_number(jwk["n"]))
        numbers.public_key().verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        return
    curve, name, digest = CURVES.get(algorithm, (None, None, None))
    if curve is None or jwk.get("crv") != name:
        raise Problem("badSignatureAlgorithm", f"no key of that kind for {algorithm}")
    point = ec.EllipticCurvePublicNumbers(decode_number(jwk["x"]), decode_number(jwk["y"]), curve)
    half = len(signature) // 2
    parts = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    point.public_key().verify(encode_dss_signature(*parts), signed, ec.ECDSA(digest))


# -- the authority


class Authority:
    """Accounts, orders and what has been issued; one request at a time."""

    def __init__(self, base, name_server):
        self.base = base
        self.name_server = name_server
        self.lock = threading.Lock()
        self.numbers = itertools.count(1)
        self.nonces = set()
        self.accounts, self.orders, self.authorizations = {}, {}, {}
        self.challenges, self.certificates = {}, {}
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.own = self.certify(self.key.public_key(), x509.Name([self.word]), None)

    word = x509.NameAttribute(NameOID.COMMON_NAME, "ACME of the scenes")

    def nonce(self):
        nonce = secrets.token_urlsafe(16)
        self.nonces.add(nonce)
        return nonce

    def url(self, kind, number=None):
        return f"{self.base}/{kind}" + (f"/{number}" if number is not None else "")

    def directory(self):
        return {
            "newNonce": self.url("new-nonce"),
            "newAccount": self.url("new-account"),
            "newOrder": self.url("new-order"),
            "revokeCert": self.url("revoke-cert"),
            "keyChange": self.url("key-change"),
            "meta": {"termsOfService": self.url("terms")},
        }

    # -- who asks

    def open_request(self, path, body):
        """(JWK, account URL or None, payload or None for POST-as-GET) of a signed request."""
        try:
            message = json.loads(body)
            header = json.loads(decode(message["protected"]))
            payload = decode(message["payload"])
        except (KeyError, ValueError) as fault:
            raise Problem("malformed", f"no JWS: {fault}") from fault
        if header.get("url") != self.base + path:
            raise Problem("unauthorized", f"signed for {header.get('url')}", 401)
        if header.get("nonce") not in self.nonces:
            raise Problem("badNonce", "this nonce is not known any more")
        self.nonces.discard(header["nonce"])
        account = header.get("kid")
        if (account is None) == ("jwk" not in header):
            raise Problem("malformed", "one of jwk and kid")
        if account is not None and account not in self.accounts:
            raise Problem("accountDoesNotExist", account)
        jwk = header["jwk"] if account is None else self.accounts[account]["jwk"]
        signed = f"{message['protected']}.{message['payload']}".encode()
        try:
            verify(jwk, header["alg"], signed, decode(message["signature"]))
        except InvalidSignature as fault:
            raise Problem("malformed", "the signature is wrong") from fault
        return jwk, account, json.loads(payload) if payload else None

    def answer(self, path, body):
        """(status, document, headers) of a POST."""
        jwk, account, payload = self.open_request(path, body)
        kind, _, number = path.strip("/").partition("/")
        if kind == "new-account":
            return self.new_account(jwk, payload)
        if account is None:
            raise Problem("malformed", "kid is missing")
        if kind == "account":
            return 200, self.accounts[account]["document"], {}
        if kind == "new-order":
            return self.new_order(account, payload)
        things = {
            "order": self.orders,
            "finalize": self.orders,
            "authorization": self.authorizations,
            "challenge": self.challenges,
            "certificate": self.certificates,
        }.get(kind, {})
        thing = things.get(number)
        if thing is None or thing["account"] != account:
            raise Problem("malformed", "there is nothing here", 404)
        if kind == "finalize":
            self.finalize(thing, payload)
        elif kind == "challenge":
            if payload is not None:
                self.validate(thing)
            up = f'<{self.url("authorization", thing["authorization"]["number"])}>;rel="up"'
            return 200, thing["document"], {"Link": up}
        location = {"Location": self.url("order", number)} if kind == "finalize" else {}
        return 200, thing["document"], location

    def new_account(self, jwk, payload):
        known = [url for url, one in self.accounts.items() if one["jwk"] == jwk]
        if known:
            return 200, self.accounts[known[0]]["document"], {"Location": known[0]}
        if payload.get("onlyReturnExisting"):
            raise Problem("accountDoesNotExist", "no account has this key")
        if not payload.get("termsOfServiceAgreed"):
            raise Problem("userActionRequired", "agree to the terms")
        url = self.url("account", next(self.numbers))
        document = {"status": "valid", "contact": payload.get("contact", []), "orders": url}
        self.accounts[url] = {"jwk": jwk, "document": document}
        return 201, document, {"Location": url}

    # -- an order

    def new_order(self, account, payload):
        number = str(next(self.numbers))
        names = [one["value"] for one in payload["identifiers"] if one["type"] == "dns"]
        if len(names) != len(payload["identifiers"]) or not names:
            raise Problem("rejectedIdentifier", "names only")
        order = {"account": account, "names": names}
        order["authorizations"] = [self.new_authorization(account, name) for name in names]
        order["document"] = {
            "status": "pending",
            "expires": "2099-01-01T00:00:00Z",
            "identifiers": payload["identifiers"],
            "authorizations": [
                self.url("authorization", one["number"]) for one in order["authorizations"]
            ],
            "finalize": self.url("finalize", number),
        }
        for one in order["authorizations"]:
            one["order"] = order
        self.orders[number] = order
        return 201, order["document"], {"Location": self.url("order", number)}

    def new_authorization(self, account, name):
        number = str(next(self.numbers))
        document = {"type": "dns-01", "status": "pending", "token": secrets.token_urlsafe(32)}
        document["url"] = self.url("challenge", number)
        authorization = {
            "account": account,
            "number": number,
            "name": name.removeprefix("*."),
            "document": {
                "identifier": {"type": "dns", "value": name.removeprefix("*.")},
                "status": "pending",
                "expires": "2099-01-01T00:00:00Z",
                "challenges": [document],
            },
        }
        if name.startswith("*."):
            authorization["document"]["wildcard"] = True
        self.authorizations[number] = authorization
        self.challenges[number] = {
            "account": account,
            "authorization": authorization,
            "document": document,
        }
        return authorization

    def validate(self, challenge):
        """Section 8.4; the name server is asked at once, and once."""
        authorization, document = challenge["authorization"], challenge["document"]
        if document["status"] != "pending":
            return
        jwk = self.accounts[challenge["account"]]["jwk"]
        text = f"{document['token']}.{thumbprint(jwk)}"
        expected = encode(hashlib.sha256(text.encode()).digest())
        found = self.ask(f"_acme-challenge.{authorization['name']}.")
        document["status"] = "valid" if expected in found else "invalid"
        if document["status"] == "invalid":
            detail = f"TXT of _acme-challenge.{authorization['name']} is {found}, not {expected}"
            document["error"] = Problem("unauthorized", detail, 403).document
        authorization["document"]["status"] = document["status"]
        order = authorization["order"]
        states = {one["document"]["status"] for one in order["authorizations"]}
        if states == {"valid"}:
            order["document"]["status"] = "ready"
        elif "invalid" in states:
            order["document"]["status"] = "invalid"

    def ask(self, name):
        address, _, port = self.name_server.partition("@")
        query = dns.message.make_query(name, "TXT")
        reply = dns.query.tcp(query, address, PATIENCE, int(port))
        return [
            b"".join(rdata.strings).decode(errors="replace")
            for rrset in reply.answer
            if rrset.rdtype == dns.rdatatype.TXT
            for rdata in rrset
        ]

    def finalize(self, order, payload):
        if order["document"]["status"] != "ready":
            raise Problem("orderNotReady", f"it is {order['document']['status']}", 403)
        request = x509.load_der_x509_csr(decode(payload["csr"]))
        extension = request.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        names = extension.value.get_values_for_type(x509.DNSName)
        if not request.is_signature_valid or sorted(names) != sorted(order["names"]):
            raise Problem("badCSR", f"it is for {names}, the order for {order['names']}")
        certificate = self.certify(request.public_key(), x509.Name([]), names)
        number = str(next(self.numbers))
        chain = [certificate, self.own]
        self.certificates[number] = {
            "account": order["account"],
            "document": b"".join(
                one.public_bytes(serialization.Encoding.PEM) for one in chain
            ).decode(),
        }
        order["document"]["status"] = "valid"
        order["document"]["certificate"] = self.url("certificate", number)

    def certify(self, key, subject, names):
        """names None: our own."""
        now = datetime.datetime.utcnow()
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(x509.Name([self.word]))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=90))
            .add_extension(x509.BasicConstraints(ca=names is None, path_length=None), True)
        )
        if names is not None:
            alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
            builder = builder.add_extension(alternatives, True)
        return builder.sign(self.key, hashes.SHA256())


# -- HTTP


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments):
        pass

    def reply(self, status, document=None, headers=()):
        is_text = isinstance(document, str)
        body = (document if is_text else json.dumps(document)).encode() if document else b""
        kind = "application/problem+json" if status >= 400 else "application/json"
        self.send_response(status)
        self.send_header("Content-Type", "application/pem-certificate-chain" if is_text else kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Replay-Nonce", self.server.authority.nonce())
        self.send_header("Cache-Control", "no-store")
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        if self.path == "/directory":
            self.reply(200, self.server.authority.directory())
        else:
            self.reply(204 if self.path == "/new-nonce" else 404)

    def do_HEAD(self):
        self.reply(200)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.server.authority.lock:
            try:
                self.reply(*self.server.authority.answer(self.path, body))
            except Problem as problem:
                self.reply(problem.status, problem.document)


def serve():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--certificate", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--dns", required=True)
    options = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate, options.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.authority = Authority(f"https://localhost:{options.port}", options.dns)
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve()
