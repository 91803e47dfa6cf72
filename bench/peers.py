"""The other sides, each run as a process of its own: `python bench/peers.py WHAT JOB.json` prints the seconds it took.

They send the very mail that Observance sends, to the readers that it sends to, over the same sink.
"""

from __future__ import annotations

import base64
import email
import hmac
import http.client
import json
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

KEY = b"k" * 32
BATCH = 1_000
LEAVE = "@@LEAVE@@"
#: Of the same form as a ledger's: one durable row for each reader of a mailing.
ROWS = "CREATE TABLE IF NOT EXISTS sent (mailing INTEGER, reader TEXT, batch INTEGER, state TEXT, PRIMARY KEY (mailing, reader)) WITHOUT ROWID"


def durable(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(ROWS)
    return connection


def readers(path: str, count: int) -> Iterator[list[tuple[str, str]]]:
    """Pages of (id, address), by key, as a sender reads a large list."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
    last = ""
    while count:
        page = connection.execute(
            "SELECT id, address FROM subscribers WHERE id > ? ORDER BY id LIMIT ?", (last, min(BATCH, count))
        ).fetchall()
        if not page:
            return
        count -= len(page)
        last = page[-1][0]
        yield page


def token(subscriber: str, purpose: bytes) -> str:
    mac = hmac.digest(KEY, purpose + subscriber.encode(), "sha256")
    return base64.urlsafe_b64encode(bytes.fromhex(subscriber) + mac[:16]).decode().rstrip("=")


def link(subscriber: str) -> str:
    return f"https://news.example.org/u/{token(subscriber, b'leave')}"


# -- SendGrid -----------------------------------------------------------------------------------------------------


def sdk(job: dict[str, Any]) -> int:
    """The provider's own client and helpers, as its documentation shows them. No ledger."""
    from sendgrid import SendGridAPIClient
    from sendgrid.helpers.mail import CustomArg, Email, From, Header, Mail, Personalization, Substitution

    client = SendGridAPIClient("SG.a-stand-in", host=job["url"])
    sent = 0
    for page in readers(job["database"], job["readers"]):
        mail = Mail(
            From("news@example.org"), subject=job["subject"], plain_text_content=job["text"], html_content=job["html"]
        )
        for subscriber, address in page:
            person = Personalization()
            person.add_to(Email(address))
            person.add_substitution(Substitution(LEAVE, link(subscriber)))
            person.add_substitution(
                Substitution("@@PREFERENCES@@", f"https://news.example.org/p/{token(subscriber, b'choose')}")
            )
            person.add_header(Header("List-Unsubscribe", f"<{link(subscriber)}>"))
            person.add_custom_arg(CustomArg("subscriber_id", subscriber))
            mail.add_personalization(person)
        assert client.client.mail.send.post(request_body=mail.get()).status_code == 202
        sent += len(page)
    return sent


def floors(job: dict[str, Any]) -> int:
    """What cannot be saved, one after the other: read the list, two tokens a reader, a durable row each, the bytes."""
    pages = list(readers(job["database"], job["readers"]))
    for page in pages:
        for subscriber, _ in page:
            token(subscriber, b"leave")
            token(subscriber, b"choose")
    rows = durable(job["scratch"])
    mailing = time.time_ns()
    for number, page in enumerate(pages):
        rows.execute("BEGIN IMMEDIATE")
        rows.executemany(
            "INSERT INTO sent VALUES (?, ?, ?, NULL)", [(mailing, subscriber, number) for subscriber, _ in page]
        )
        rows.execute("COMMIT")
    post_all(job["url"], len(pages), job["body"], 1)
    return sum(map(len, pages))


def post_all(url: str, calls: int, size: int, in_flight: int) -> None:
    """So many bodies of that size over kept connections, with so many calls under way."""
    host = url.removeprefix("http://")
    body = b'{"personalizations":[' + b",".join([b'{"to":[{"email":"a@b.example"}]}'] * BATCH) + b"]}"
    body += b" " * max(0, size - len(body))
    left = iter(range(calls))
    lock = threading.Lock()

    def line() -> None:
        connection = http.client.HTTPConnection(host, timeout=60)
        while True:
            with lock:
                if next(left, None) is None:
                    break
            connection.request("POST", "/v3/mail/send", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 202
        connection.close()

    at_the_same_time(line, in_flight)


def at_the_same_time(line: Callable[[], None], many: int) -> None:
    lines = [threading.Thread(target=line) for _ in range(many)]
    for one in lines:
        one.start()
    for one in lines:
        one.join()


def in_flight(job: dict[str, Any]) -> int:
    """Bodies that are ready, with as many calls under way as is asked, and nothing else: what latency allows."""
    calls = -(-job["readers"] // BATCH)
    post_all(job["url"], calls, job["body"], job["calls"])
    return int(job["readers"])


def sendgrid_by_hand(job: dict[str, Any]) -> int:
    """A sender written for this one thing: pages of the list, two tokens a reader, the body joined from pieces and its
    constant part encoded once, a durable row for each reader before its call and the call's outcome after it, and from
    the first instant as many calls under way as is asked. It asks for no holds and no suppressions, and what it left
    half done cannot be gone on with."""
    host = job["url"].removeprefix("http://")
    content = [{"type": "text/plain", "value": job["text"]}, {"type": "text/html", "value": job["html"]}]
    fixed = {"from": {"email": "news@example.org"}, "subject": job["subject"], "content": content}
    end = b"]," + json.dumps(fixed).encode()[1:]
    pages = enumerate(readers(job["database"], job["readers"]))
    rows, mailing = durable(job["scratch"]), time.time_ns()
    rows.execute("CREATE TABLE IF NOT EXISTS calls (mailing INTEGER, batch INTEGER, state TEXT)")
    reading, writing = threading.Lock(), threading.Lock()
    sent: list[int] = []

    def line() -> None:
        connection = http.client.HTTPConnection(host, timeout=60)
        while True:
            with reading:
                batch, page = next(pages, (0, []))
            if not page:
                break
            body = b'{"personalizations":[' + ",".join([_person(*reader) for reader in page]).encode() + end
            body += b" " * max(0, job["body"] - len(body))
            with writing:
                rows.execute("BEGIN IMMEDIATE")
                rows.executemany("INSERT INTO sent VALUES (?, ?, ?, NULL)", [(mailing, who, batch) for who, _ in page])
                rows.execute("INSERT INTO calls VALUES (?, ?, 'calling')", (mailing, batch))
                rows.execute("COMMIT")
            connection.request("POST", "/v3/mail/send", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 202
            with writing:
                rows.execute("UPDATE calls SET state = 'sent' WHERE mailing = ? AND batch = ?", (mailing, batch))
            sent.append(len(page))
        connection.close()

    at_the_same_time(line, job["calls"])
    return sum(sent)


def _person(subscriber: str, address: str) -> str:
    leave, choose = token(subscriber, b"leave"), token(subscriber, b"choose")
    return (
        f'{{"to":[{{"email":"{address}"}}],"custom_args":{{"subscriber_id":"{subscriber}"}},'
        f'"headers":{{"List-Unsubscribe":"<https://news.example.org/u/{leave}>"}},'
        f'"substitutions":{{"{LEAVE}":"https://news.example.org/u/{leave}",'
        f'"@@PREFERENCES@@":"https://news.example.org/p/{choose}"}}}}'
    )


# -- SMTP ---------------------------------------------------------------------------------------------------------


def smtp_floor(job: dict[str, Any]) -> int:
    """By hand: the mail split once and joined, four pipelined lines, a durable row for each reader, a commit for 200."""
    whole = bytes(whole_mail(job)).replace(b"\r\n", b"\n").replace(b"\n.", b"\n..").replace(b"\n", b"\r\n")
    pages = [
        page[at : at + 200] for page in readers(job["database"], job["readers"]) for at in range(0, len(page), 200)
    ]
    rows, lock, left, sent = durable(job["scratch"]), threading.Lock(), iter(pages), [0]

    def line() -> None:
        with socket.create_connection(("127.0.0.1", job["port"]), 60) as server:
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            file = server.makefile("rb")
            file.readline()
            server.sendall(b"EHLO floor.example\r\n")
            while file.readline()[3:4] == b"-":
                pass
            while True:
                with lock:
                    page = next(left, None)
                if page is None:
                    break
                write(page, "calling")
                for subscriber, address in page:
                    content = whole.replace(b"to@bench.invalid", address.encode()).replace(
                        b"bench-id", subscriber.encode()
                    )
                    content = content.replace(LEAVE.encode(), link(subscriber).encode())
                    server.sendall(b"MAIL FROM:<news@example.org>\r\nRCPT TO:<%s>\r\nDATA\r\n" % address.encode())
                    answers = [file.readline()[:3] for _ in range(3)]
                    assert answers == [b"250", b"250", b"354"], answers
                    server.sendall(content + b".\r\n")
                    assert file.readline()[:3] == b"250"
                write(page, "sent")
                sent[0] += len(page)
            server.sendall(b"QUIT\r\n")

    def write(page: Sequence[tuple[str, str]], state: str) -> None:
        with lock:
            rows.execute("BEGIN IMMEDIATE")
            rows.executemany(
                "INSERT OR REPLACE INTO sent VALUES (1, ?, 0, ?)", [(subscriber, state) for subscriber, _ in page]
            )
            rows.execute("COMMIT")

    at_the_same_time(line, 4)
    return sent[0]


def _django(job: dict[str, Any], **more: Any) -> None:
    import django
    from django.conf import settings

    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": job["scratch"],
                "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"},
            }
        },
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=job["port"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        SECRET_KEY="k" * 50,
        USE_TZ=True,
        **more,
    )
    django.setup()


def django_loop(job: dict[str, Any]) -> int:
    """One kept connection, an EmailMultiAlternatives for each reader, and its state saved in the database."""
    _django(job, INSTALLED_APPS=[])
    from django.core.mail import EmailMultiAlternatives, get_connection
    from django.db import connection as database

    with database.cursor() as cursor:
        cursor.execute(ROWS)
    line = get_connection()
    line.open()
    sent = 0
    for page in readers(job["database"], job["readers"]):
        for subscriber, address in page:
            leave = link(subscriber)
            mail = EmailMultiAlternatives(
                job["subject"],
                job["text"].replace(LEAVE, leave),
                "news@example.org",
                [address],
                headers={"List-Unsubscribe": f"<{leave}>"},
                connection=line,
            )
            mail.attach_alternative(job["html"].replace(LEAVE, leave), "text/html")
            sent += mail.send()
            with database.cursor() as cursor:
                cursor.execute("INSERT OR REPLACE INTO sent VALUES (1, %s, 0, 'sent')", [subscriber])
    line.close()
    return sent


def django_newsletter(job: dict[str, Any]) -> int:
    """django-newsletter's own submission of one message to all subscriptions, without its pauses."""
    apps = [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sites",
        "sorl.thumbnail",
        "newsletter",
    ]
    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
    _django(
        job,
        INSTALLED_APPS=apps,
        TEMPLATES=[engine],
        SITE_ID=1,
        NEWSLETTER_EMAIL_DELAY=0,
        NEWSLETTER_BATCH_SIZE=0,
        ROOT_URLCONF="newsletter.urls",
    )
    from django.core.management import call_command
    from django.utils import timezone
    from newsletter.models import Article, Message, Newsletter, Submission, Subscription

    call_command("migrate", verbosity=0)
    letter = Newsletter.objects.create(
        title="January", slug="january", email="news@example.org", sender="Example", send_html=True
    )
    for page in readers(job["database"], job["readers"]):
        Subscription.objects.bulk_create(
            Subscription(
                newsletter=letter, name_field="", email_field=address, subscribed=True, subscribe_date=timezone.now()
            )
            for _, address in page
        )
    message = Message.objects.create(newsletter=letter, title=job["subject"], slug="day")
    Article.objects.create(post=message, title=job["subject"], text=job["html"], sortorder=10)
    submission = Submission.from_message(message)
    submission.prepared = True
    submission.publish_date = timezone.now()
    submission.save()
    begin_again()
    submission.submit()
    return int(job["readers"])


MAILMAN = """[mailman]
layout: here
site_owner: owner@example.org
[paths.here]
var_dir: {home}
[mta]
smtp_host: 127.0.0.1
smtp_port: {port}
incoming: mailman.mta.null.NullMTA
max_sessions_per_connection: 0
"""


def mailman(job: dict[str, Any]) -> int:
    """Mailman's own delivery of one post to the members of a list with full personalization, one mail for each."""
    home = Path(job["scratch"]).with_suffix(".mailman")
    home.mkdir()
    settings = home / "mailman.cfg"
    settings.write_text(MAILMAN.format(home=home / "var", port=job["port"]), encoding="utf-8")
    from mailman.core.initialize import initialize

    initialize(str(settings))
    from mailman.app.lifecycle import create_list
    from mailman.config import config
    from mailman.email.message import Message
    from mailman.interfaces.domain import IDomainManager
    from mailman.interfaces.mailinglist import Personalization
    from mailman.interfaces.usermanager import IUserManager
    from mailman.mta.deliver import deliver
    from zope.component import getUtility

    getUtility(IDomainManager).add("example.org")
    mailing_list = create_list("january@example.org", ["owner@example.org"])
    mailing_list.personalize = Personalization.full
    post = email.message_from_bytes(bytes(whole_mail(job)), Message)
    people = {address for page in readers(job["database"], job["readers"]) for _, address in page}
    for address in people:
        mailing_list.subscribe(getUtility(IUserManager).create_address(address))
    config.db.commit()
    begin_again()
    deliver(mailing_list, post, {"recipients": people})  # raises if anybody is refused
    return len(people)


def whole_mail(job: dict[str, Any]) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "news@example.org", "to@bench.invalid", job["subject"]
    mail["Message-Id"], mail["List-Unsubscribe"] = "<bench-id@example.org>", f"<{LEAVE}>"
    mail.set_content(job["text"], cte="8bit")
    mail.add_alternative(job["html"], subtype="html", cte="8bit")
    return mail


_began = [0.0, 0.0]


def begin_again() -> None:
    """What came before was getting ready."""
    _began[:] = time.perf_counter(), time.process_time()


WHAT = {
    f.__name__: f
    for f in (sdk, floors, in_flight, sendgrid_by_hand, smtp_floor, django_loop, django_newsletter, mailman)
}


def main() -> int:
    job = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    what = WHAT[sys.argv[1]]
    for module in {"sdk": ("sendgrid.helpers.mail",), "django_loop": ("django.core.mail",)}.get(what.__name__, ()):
        __import__(module)  # loading a library is not what is measured
    begin_again()
    sent = what(job)
    seconds, processor = time.perf_counter() - _began[0], time.process_time() - _began[1]
    print(json.dumps({"seconds": seconds, "processor": processor, "sent": sent}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
