"""Endpoints that health checks look at: well-behaved ones, and every kind of misbehaviour.

An Endpoint listens on a port of its own and does one thing with each connection, in a thread of its
own.  What it does may be exchanged while it runs.
"""

import contextlib
import gzip
import socket
import ssl
import struct
import subprocess
import threading
import time
import zlib

PIECE = 4096


class Endpoint:
    def __init__(self, behave, address="127.0.0.1", tls=None):
        """behave(stream) gets each connection, and tls, an SSLContext, is spoken on it first."""
        self.behave = behave
        self.tls = tls
        self.requests = []
        self.peers = []
        self.families = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.listener = socket.socket(self.families, socket.SOCK_STREAM)
        self.listener.bind((address, 0))
        self.listener.listen(100)
        self.port = self.listener.getsockname()[1]
        self.streams = set()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                stream, peer = self.listener.accept()
                self.peers.append(peer[0])
                threading.Thread(target=self.serve, args=(stream,), daemon=True).start()

    def serve(self, stream):
        self.streams.add(stream)
        with contextlib.suppress(OSError, ssl.SSLError), stream:
            if self.tls is not None:
                stream = self.tls.wrap_socket(stream, server_side=True)
            self.behave(self, stream)
            with contextlib.suppress(OSError):
                stream.close()
        self.streams.discard(stream)

    def close(self):
        """Nobody listens any more, and connections end."""
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for stream in list(self.streams):
            with contextlib.suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)

    def read_request(self, stream):
        data = b""
        while b"\r\n\r\n" not in data:
            piece = stream.recv(PIECE)
            if not piece:
                break
            data += piece
        self.requests.append(data.decode("latin-1"))


class Backlog:
    """Listens, but so many are waiting already that the system lets nobody in: connecting takes for
    ever."""

    def __init__(self):
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(0)
        self.port = self.listener.getsockname()[1]
        self.waiting = []
        for _ in range(4):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", self.port))
            self.waiting.append(client)

    def close(self):
        for stream in [*self.waiting, self.listener]:
            stream.close()


# -- what an endpoint does


def answer(status="200 OK", headers=(), body=b"", late=0, first=b"", version="HTTP/1.1"):
    """Reads a request and answers it; `first` is sent in front of everything, and `late` seconds
    pass before."""

    def behave(endpoint, stream):
        endpoint.read_request(stream)
        time.sleep(late)
        lines = [f"{version} {status}", f"Content-Length: {len(body)}", *headers, "", ""]
        stream.sendall(first + "\r\n".join(lines).encode("latin-1") + body)

    return behave


def raw(*pieces, pause=0):
    """Sends exactly this, with a pause between the pieces, and closes."""

    def behave(endpoint, stream):
        endpoint.read_request(stream)
        for number, piece in enumerate(pieces):
            time.sleep(pause if number else 0)
            stream.sendall(piece)

    return behave


def endless(beginning, again, pause=0):
    """Sends the beginning, and then the same over and over until nobody listens any more."""

    def behave(endpoint, stream):
        endpoint.read_request(stream)
        stream.sendall(beginning)
        while True:
            stream.sendall(again)
            time.sleep(pause)

    return behave


def silent(endpoint, stream):
    """Takes what comes and says nothing, until the other side goes."""
    while stream.recv(PIECE):
        pass


def hang_up(endpoint, stream):
    """Hears what is asked, and closes."""
    endpoint.read_request(stream)


def reset(endpoint, stream):
    """The same, rudely."""
    endpoint.read_request(stream)
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def babble(endpoint, stream):
    """Does not wait for anything, and is no HTTP."""
    stream.sendall(b"220 mail.lab.test ESMTP\r\n")
    silent(endpoint, stream)


# -- bodies


def body_with(text, end, size=6000):
    """A body of which octet number `end` (from 1) is the last one of the text."""
    text = text.encode()
    return b"." * (end - len(text)) + text + b"." * (size - end)


def deflate(data):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def bomb(size=64 << 20):
    """A few ten thousand octets, and so many zeros when decompressed."""
    return gzip.compress(bytes(size), 9)


# -- TLS


def make_certificate(folder, name, days=30):
    """(certificate, key), self-signed, for that name only."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        # fmt: off
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", str(days),
         "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
         "-keyout", key, "-out", certificate],
        # fmt: on
        check=True,
        capture_output=True,
    )
    return certificate, key


def tls_of(certificate, key, needs_name=False, names=None):
    """A server's side of TLS.  `names` collects what clients ask for, None for no name; with
    needs_name those are turned away."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def on_name(_stream, name, _context):
        if names is not None:
            names.append(name)
        refused = needs_name and name is None
        return ssl.ALERT_DESCRIPTION_HANDSHAKE_FAILURE if refused else None

    context.sni_callback = on_name
    return context
