"""Mail servers for tests that the sandbox's stand-in is too well-behaved for, and certificates."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class ScriptedServer:
    """Answers each command by its first word, and the content by ``.``; several answers are given in turn, the last
    one for ever. An empty answer cuts the line. ``seen`` holds the commands, ``contents`` what came after DATA."""

    def __init__(
        self,
        answers: Mapping[str, str | list[str]] | None = None,
        *,
        greeting: str = "220 here\r\n",
        offers: tuple[str, ...] = ("PIPELINING",),
        drip_seconds: float = 0,
    ) -> None:
        ehlo = (
            "".join(f"250-{line}\r\n" for line in ("here", *offers[:-1]))
            + f"250 {(*offers, 'here')[len(offers) - 1]}\r\n"
        )
        usual = {
            "EHLO": ehlo if offers else "250 here\r\n",
            "MAIL": "250 ok\r\n",
            "RCPT": "250 ok\r\n",
            "DATA": "354 go on\r\n",
            ".": "250 kept\r\n",
            "RSET": "250 ok\r\n",
            "QUIT": "221 bye\r\n",
        }
        self._answers = {
            word: [given] if isinstance(given, str) else list(given)
            for word, given in {**usual, **(answers or {})}.items()
        }
        self._greeting = greeting
        self._drip_seconds = drip_seconds
        self.seen: list[str] = []
        self.contents: list[bytes] = []
        self.lines = 0
        self._over = threading.Event()

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    @property
    def base_url(self) -> str:
        return f"smtp://127.0.0.1:{self._listener.getsockname()[1]}"

    def words(self) -> list[str]:
        """The first words of the commands, good-byes left out."""
        return [line.split()[0] for line in self.seen if line != "QUIT"]

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self.lines += 1
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError, EOFError), line, line.makefile("rb") as commands:
            self._say(line, self._greeting)
            while command := commands.readline():
                self.seen.append(command.decode().strip())
                answer = self._answer(command.decode().split()[0].upper())
                self._say(line, answer)
                if answer.startswith("354"):
                    content = b""
                    while not (content == b".\r\n" or content.endswith(b"\r\n.\r\n")):
                        more = commands.readline()
                        if not more:
                            return
                        content += more
                    self.contents.append(content)
                    self._say(line, self._answer("."))

    def _answer(self, word: str) -> str:
        left = self._answers.get(word, ["500 what\r\n"])
        return left.pop(0) if len(left) > 1 else left[0]

    def _say(self, line: socket.socket, answer: str) -> None:
        if not answer:
            line.shutdown(socket.SHUT_RDWR)
            raise EOFError
        for at in range(0, len(answer), 1 if self._drip_seconds else len(answer)):
            line.sendall(answer.encode()[at : at + 1] if self._drip_seconds else answer.encode())
            if self._drip_seconds and self._over.wait(self._drip_seconds):
                raise EOFError


class Certificates:
    """An authority of our own, and what it vouches for. ``ca`` is the file to trust."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority for tests")])
        self.ca = folder / "ca.pem"
        self.ca.write_bytes(self._signed(self._name, self._key, authority=True))

    def server(self, host: str = "127.0.0.1", *, vouched: bool = True) -> ssl.SSLContext:
        """A server that says it is ``host``; with ``vouched`` False nobody else says so."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A server for tests")])
        path = self._folder / f"server-{host}-{vouched}.pem"
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(secret + self._signed(name, key, host=host, vouched=vouched))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _signed(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        *,
        host: str = "",
        authority: bool = False,
        vouched: bool = True,
    ) -> bytes:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name if vouched else name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key((self._key if vouched else key).public_key()),
                critical=False,
            )
        )
        if authority:
            usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
            builder = builder.add_extension(usage, critical=True)
        else:
            try:
                also: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
            except ValueError:
                also = x509.DNSName(host)
            builder = builder.add_extension(x509.SubjectAlternativeName([also]), critical=False)
        certificate = builder.sign(self._key if vouched else key, hashes.SHA256())
        return certificate.public_bytes(serialization.Encoding.PEM)
