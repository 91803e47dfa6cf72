"""How many mails a second go to a mail server? Ours against Python's smtplib with a new connection for each mail.

The server is a sink in a process of its own, on loopback: it answers and forgets. With a delay before each answer it
shows what a real line costs, where waiting is all. Goal: 8 times a new connection each (on loopback, without a delay).
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import platform
import smtplib
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scheduler.channels.mime import to_mime
from scheduler.channels.registry import open_channel
from scheduler.domain.message import EmailBody, Message
from scheduler.domain.outcome import OutcomeKind, Recipient
from scheduler.settings import ChannelSettings, Secrets

NOW = datetime(2027, 1, 11, 15, tzinfo=UTC)
BODY = EmailBody(
    subject="Help is near",
    preheader="Day 11 of 32",
    text="Help is near, day and night.\n" * 60 + "%unsubscribe_url%\n",
    html="<!doctype html>" + "<p>Help is near, day and night.</p>\n" * 600 + "<a href='%unsubscribe_url%'>Leave</a>\n",
    from_name="Example Coalition",
    from_address="news@coalition.example",
    reply_to="office@coalition.example",
    list_id="January <january.coalition.example>",
)
MESSAGE = Message("january", 2027, "help", "email", "help", NOW.date(), NOW, NOW.replace(hour=23), BODY)
GOAL = 8.0


def sink(pipelining: bool, delay: float, port: multiprocessing.Queue[int]) -> None:
    """Answers and forgets. Commands that came together are answered together."""
    ehlo = b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n" if pipelining else b"250 sink\r\n"
    answers = {b"EHLO": ehlo, b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}

    def serve(line: socket.socket) -> None:
        with contextlib.suppress(OSError), line:
            talk(line)

    def talk(line: socket.socket) -> None:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.sendall(b"220 sink\r\n")
        buffer, in_content = b"", False
        while received := line.recv(262_144):
            buffer += received
            said = b""
            while buffer:
                if in_content:
                    _, end, rest = buffer.partition(b"\r\n.\r\n")
                    if not end:
                        break
                    buffer, in_content = rest, False
                    said += b"250 kept\r\n"
                    continue
                command, end, rest = buffer.partition(b"\r\n")
                if not end:
                    break
                buffer = rest
                said += answers.get(command[:4].upper(), b"250 ok\r\n")
                in_content = command[:4].upper() == b"DATA"
            if said:
                if delay:
                    time.sleep(delay)
                line.sendall(said)

    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    port.put(listener.getsockname()[1])
    while True:
        line, _ = listener.accept()
        threading.Thread(target=serve, args=(line,), daemon=True).start()


def readers(count: int) -> list[Recipient]:
    url = "https://coalition.example/u/" + "t" * 80
    return [Recipient(f"{n:032x}", f"reader{n}@readers.example", "", f"{url}{n}") for n in range(count)]


def ours(port: int, count: int) -> None:
    """Batches of 50 over a kept line, the mail encoded once a batch."""
    channel = ChannelSettings("email", "smtp", True, f"smtp://127.0.0.1:{port}", 60.0, {"starttls": False})
    transport = open_channel(channel, Secrets({}))
    people = readers(count)
    for start in range(0, count, 50):
        request = transport.build(MESSAGE, send_id="f" * 32, recipients=people[start : start + 50])
        outcome = transport.send(request, now=NOW)
        assert outcome.kind is OutcomeKind.ACCEPTED, outcome
    transport.close()


def new_connection_each(port: int, count: int) -> None:
    """What a loop around smtplib does, with the mail's bytes made beforehand."""
    for r in readers(count):
        raw = to_mime(MESSAGE, to=r.address, unsubscribe_url=r.unsubscribe_url, message_id="<a.b@c.example>", date=NOW)
        with smtplib.SMTP("127.0.0.1", port, local_hostname="me.example") as client:
            client.sendmail(BODY.from_address, [r.address], raw)


def new_connection_and_mail_each(port: int, count: int) -> None:
    """The same with Python's EmailMessage made for each reader, as most programs do."""
    for r in readers(count):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = BODY.from_address, r.address, BODY.subject
        mail.set_content(BODY.text.replace("%unsubscribe_url%", r.unsubscribe_url))
        mail.add_alternative(BODY.html.replace("%unsubscribe_url%", r.unsubscribe_url), subtype="html")
        with smtplib.SMTP("127.0.0.1", port, local_hostname="me.example") as client:
            client.send_message(mail)


def rate(way: Callable[[int, int], None], port: int, count: int) -> float:
    started = time.perf_counter()
    way(port, count)
    return count / (time.perf_counter() - started)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--delay", type=float, default=0.01, help="seconds before each answer, in the second part")
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    servers, ports = [], {}
    for name, pipelining, delay in (
        ("plain", False, 0.0),
        ("pipelining", True, 0.0),
        ("plain, slow", False, options.delay),
        ("pipelining, slow", True, options.delay),
    ):
        queue: multiprocessing.Queue[int] = context.Queue()
        server = context.Process(target=sink, args=(pipelining, delay, queue), daemon=True)
        server.start()
        servers.append(server)
        ports[name] = queue.get()
    size = len(
        to_mime(
            MESSAGE, to="a@b.example", unsubscribe_url="https://c.example/u", message_id="<a.b@c.example>", date=NOW
        )
    )
    print(
        f"Python {platform.python_version()}, {platform.machine()}, mails of {size / 1000:.0f} kB, medians of {options.rounds} rounds"
    )
    good = True
    for title, names, count in (
        ("on loopback", ("plain", "pipelining"), options.mails),
        (
            f"with {options.delay * 1000:g} ms before each answer",
            ("plain, slow", "pipelining, slow"),
            max(10, options.mails // 10),
        ),
    ):
        rounds: dict[str, list[float]] = {}
        for _ in range(options.rounds):  # in turn, so that all see the same machine
            for label, way, name in (
                ("smtplib, new connection and EmailMessage each", new_connection_and_mail_each, names[0]),
                ("smtplib, new connection each", new_connection_each, names[0]),
                ("ours, one command at a time", ours, names[0]),
                ("ours, several commands at once", ours, names[1]),
            ):
                rounds.setdefault(label, []).append(rate(way, ports[name], count))
        base = rounds["smtplib, new connection each"]
        print(f"\n{title}, {count} mails:")
        for label, rates in rounds.items():
            ratio = statistics.median(r / b for r, b in zip(rates, base, strict=True))
            print(f"  {label:48} {statistics.median(rates):7.0f} mails/s   {ratio:5.1f} x")
        if names[0] == "plain":
            best = statistics.median(r / b for r, b in zip(rounds["ours, several commands at once"], base, strict=True))
            good = best >= GOAL
    print(f"\ngoal: {GOAL:g} x a new connection each, on loopback: {'reached' if good else 'missed'}")
    for server in servers:
        server.terminate()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
