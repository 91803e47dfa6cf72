"""A project with a ledger, an application over it, and a key that signs as SendGrid does."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask.testing import FlaskClient

from scheduler.channels.sendgrid.receipts import SIGNATURE_HEADER, TIMESTAMP_HEADER
from scheduler.clock import VirtualClock
from scheduler.domain.subscriber import NewSubscriber
from scheduler.project import Project
from scheduler.settings import Mode, Secrets
from scheduler.store import Ledger, open_ledger
from scheduler.web.app import make_app
from scheduler.web.routing import Pages
from scheduler.wiring import load_settings, unsubscribe_url
from tests.support.two_people import declare_alone

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2027, 1, 11, 15, tzinfo=UTC)
CAMPAIGN = "a-month"
PUBLIC_URL = "https://news.harbour.test"


@dataclass
class Beat:
    """How an alarm is doing."""

    last_pass_at: datetime | None = NOW
    silent_seconds: float = 1.0
    problem: str = ""


class Signer:
    """The private half of a verification key."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        encoding, form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        self.public = base64.b64encode(self._key.public_key().public_bytes(encoding, form)).decode()

    def headers(self, body: bytes, at: datetime = NOW) -> dict[str, str]:
        """As SendGrid sends them."""
        timestamp = str(int(at.timestamp()))
        signature = self._key.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        return {SIGNATURE_HEADER: base64.b64encode(signature).decode(), TIMESTAMP_HEADER: timestamp}


@cache
def signer() -> Signer:
    return Signer()


@cache
def _migrated() -> Path:
    path = Path(mkdtemp()) / "migrated.db"
    open_ledger(f"sqlite:///{path}").close()
    return path


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), key=b"not a secret", digest_size=16).hexdigest()


class Site:
    """A project in ``folder``, with its ledger, its pages and a client."""

    def __init__(
        self, folder: Path, *, key: str | None = None, campaigns: Sequence[str] = (CAMPAIGN,), ledger_url: str = ""
    ) -> None:
        shutil.copytree(ROOT / "config", folder / "config")
        declare_alone(folder)
        for campaign in campaigns:
            (folder / "campaigns" / campaign).mkdir(parents=True)
        self.file = folder / "var" / "observance.db"
        self.file.parent.mkdir()
        shutil.copy(_migrated(), self.file)
        secrets = {"SECRET_KEY": "not-a-secret-only-a-test", **({"SENDGRID_WEBHOOK_KEY": key} if key else {})}
        settings = replace(load_settings(folder, {}), mode=Mode.LIVE, public_url=PUBLIC_URL, secrets=Secrets(secrets))
        if ledger_url:
            settings = replace(settings, database_url=ledger_url)
        self.clock = VirtualClock(NOW)
        self.project = Project(folder, settings, {}, self.clock)
        self.ledger: Ledger = open_ledger(settings.database_url, address_hash=_hash)
        self.beat = Beat()
        self.app: Pages = make_app(self.project, self.ledger, lambda: self.beat)
        self.client: FlaskClient = self.app.test_client()

    def add_test_subscribers(self, count: int = 1, campaign: str = CAMPAIGN) -> list[str]:
        rows = [NewSubscriber(f"reader{n}@readers.test", f"Robin {n}", subscriber_id=f"{n:032x}") for n in range(count)]
        self.ledger.subscribers.add_many(campaign, rows, now=NOW - timedelta(days=30))
        return [row.subscriber_id for row in rows]

    def link(self, subscriber: str, campaign: str = CAMPAIGN) -> str:
        """The path of the address in a reader's mails."""
        return unsubscribe_url(self.project, campaign)(subscriber).removeprefix(PUBLIC_URL)

    def report(self, events: object, *, at: datetime = NOW, by: Signer | None = None) -> Any:
        """Post signed events to the webhook."""
        body = json.dumps(events).encode() + b"\r\n"
        headers = (by or signer()).headers(body, at)
        return self.client.post("/webhooks/sendgrid", data=body, content_type="application/json", headers=headers)

    def dump(self, *tables: str) -> list[str]:
        """The database, or some of its tables, as SQL."""
        with sqlite3.connect(self.file) as connection:
            lines = list(connection.iterdump())
        connection.close()
        return [line for line in lines if not tables or any(f'INTO "{table}"' in line for table in tables)]

    def close(self) -> None:
        self.app.close()
        self.ledger.close()


def event(kind: str, subscriber: int | None = 0, **fields: Any) -> Mapping[str, object]:
    """An event as SendGrid reports it, with our arguments merged into it. ``id`` names it; ``send_id`` its batch."""
    ours = {} if subscriber is None else {"subscriber_id": f"{subscriber:032x}", "campaign": CAMPAIGN, "item": "day-1"}
    base = {
        "event": kind,
        "email": f"reader{subscriber or 0}@readers.test",
        "timestamp": int(NOW.timestamp()),
        "sg_event_id": f"{kind}-{subscriber}-{fields.get('send_id', '')}",
        "sg_message_id": "msg-1.recvd-5f54b5d587-pczjm-1-67BADEEA-6.0",
        "smtp-id": "<x@news.harbour.test>",
        "category": ["a-month-2027"],
    }
    return {**base, **ours, **fields}
