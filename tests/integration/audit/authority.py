"""A time-stamping authority of our own, on this machine: its certificates, its answers, and wrong ones.

RFC 3161 over HTTP, with the SHA-256 and RSA that real ones use. What it signs is put together byte by byte (DER), so
that a test can change any part before or after the signature.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from rfc3161_client import _rust

SHA256, RSA, SIGNED_DATA = "2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.1", "1.2.840.113549.1.7.2"
TST_INFO, CONTENT_TYPE, DIGEST = "1.2.840.113549.1.9.16.1.4", "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SIGNER, POLICY = "1.2.840.113549.1.9.16.2.47", "1.3.6.1.4.1.99999.1"
SEQUENCE, SET, OCTETS, NULL, TIME, TEXT = 0x30, 0x31, 0x04, b"\x05\x00", 0x18, 0x0C


def der(tag: int, *parts: bytes) -> bytes:
    """One value of a tag, with its length."""
    body = b"".join(parts)
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def whole(number: int) -> bytes:
    return der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    first, second, *others = (int(part) for part in dotted.split("."))
    body = [bytes([first * 40 + second])]
    for part in others:
        digits = [part & 127]
        while part := part >> 7:
            digits.append(part & 127 | 128)
        body.append(bytes(reversed(digits)))
    return der(0x06, *body)


def algorithm(dotted: str) -> bytes:
    return der(SEQUENCE, oid(dotted), NULL)


@dataclass(frozen=True)
class Said:
    """What an answer says; a test changes what it wants to be wrong."""

    imprint: bytes
    nonce: int | None
    at: datetime
    serial: int = 7
    status: int = 0
    words: str = ""
    hash: str = SHA256


@dataclass
class Authority:
    """The keys and certificates of an authority: a root, and under it who signs."""

    root: x509.Certificate
    signer: x509.Certificate
    key: rsa.RSAPrivateKey
    sends_certificate: bool = True
    change: Callable[[Said], Said] = lambda said: said
    answer: Callable[[bytes], bytes] | None = None
    delay: threading.Event | None = None
    code: int = 200
    asked: list[bytes] = field(default_factory=list)

    @property
    def pem(self) -> bytes:
        return self.root.public_bytes(serialization.Encoding.PEM)

    def trusted_in(self, folder: Path) -> Path:
        """Write down the root as the file that an installation names."""
        path = folder / "authority.pem"
        path.write_bytes(self.pem)
        return path

    def reply(self, request: bytes) -> bytes:
        """Answer a request as it wants to be answered, or as the test says."""
        self.asked.append(request)
        if self.answer:
            return self.answer(request)
        asked = _rust.parse_timestamp_request(request)
        said = Said(asked.message_imprint.message, asked.nonce, datetime.now(UTC).replace(microsecond=0))
        return self.response(self.change(said))

    def response(self, said: Said) -> bytes:
        """The whole answer: its status, and the token unless it was refused."""
        words = [der(SEQUENCE, der(TEXT, said.words.encode()))] if said.words else []
        status = der(SEQUENCE, whole(said.status), *words)
        return der(SEQUENCE, status, *([self.token(said)] if said.status < 2 else []))

    def token(self, said: Said) -> bytes:
        imprint = der(SEQUENCE, algorithm(said.hash), der(OCTETS, said.imprint))
        nonce = [] if said.nonce is None else [whole(said.nonce)]
        at = der(TIME, said.at.strftime("%Y%m%d%H%M%SZ").encode())
        info = der(SEQUENCE, whole(1), oid(POLICY), imprint, whole(said.serial), at, *nonce)
        certificate = self.signer.public_bytes(serialization.Encoding.DER)
        essential = der(SEQUENCE, der(SEQUENCE, der(SEQUENCE, der(OCTETS, sha256(certificate).digest()))))
        attributes = sorted(
            der(SEQUENCE, oid(name), der(SET, value))
            for name, value in (
                (CONTENT_TYPE, oid(TST_INFO)),
                (DIGEST, der(OCTETS, sha256(info).digest())),
                (SIGNER, essential),
            )
        )
        signature = self.key.sign(der(SET, *attributes), padding.PKCS1v15(), hashes.SHA256())
        issuer = self.signer.issuer.public_bytes()
        who = der(SEQUENCE, issuer, whole(self.signer.serial_number))
        signed = der(
            SEQUENCE, whole(1), who, algorithm(SHA256), der(0xA0, *attributes), algorithm(RSA), der(OCTETS, signature)
        )
        content = der(SEQUENCE, oid(TST_INFO), der(0xA0, der(OCTETS, info)))
        sent = [der(0xA0, certificate)] if self.sends_certificate else []
        data = der(SEQUENCE, whole(3), der(SET, algorithm(SHA256)), content, *sent, der(SET, signed))
        return der(SEQUENCE, oid(SIGNED_DATA), der(0xA0, data))


def authority(
    name: str = "SYNTHETIC time stamps",
    *,
    ends: timedelta = timedelta(days=30),
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.TIME_STAMPING,
) -> Authority:
    """Make an authority with its own root; ``ends`` is when its signer's certificate ends, from now."""
    now = datetime.now(UTC)
    root_key, key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    root_name, signer_name = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in (f"{name} root", f"{name} signer")
    )
    base = x509.CertificateBuilder().not_valid_before(now - timedelta(days=60))
    root = (
        base.subject_name(root_name).issuer_name(root_name).public_key(root_key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_after(now + timedelta(days=90))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(root_key, hashes.SHA256())
    )  # fmt: skip
    signer = (
        base.subject_name(signer_name).issuer_name(root_name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_after(now + ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
        .sign(root_key, hashes.SHA256())
    )  # fmt: skip
    return Authority(root, signer, key)


@contextmanager
def answering(by: Authority) -> Iterator[str]:
    """Let an authority answer on this machine; give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            if by.delay:
                by.delay.wait(20)
            body = by.reply(asked)
            self.send_response(by.code)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        if by.delay:
            by.delay.set()
        server.shutdown()
        server.server_close()
        thread.join()


__all__ = ["Authority", "Said", "answering", "authority", "replace"]
