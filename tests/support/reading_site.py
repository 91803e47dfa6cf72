"""A small season under review, with its ledger, its pages and a link: five days, each with a post and a mail."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from scheduler.clock import VirtualClock
from scheduler.domain.message import PostBody
from scheduler.domain.outcome import Outcome, OutcomeKind
from scheduler.domain.records import Wanted
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import NewSubscriber
from scheduler.project import Project
from scheduler.settings import Secrets
from scheduler.store import Ledger, open_ledger
from scheduler.web.app import make_app
from scheduler.wiring import load_settings
from tests.support.review_desk import ReviewDesk, desk_of
from tests.support.two_people import declare_alone

ROOT = Path(__file__).resolve().parents[2]
SMALL = ROOT / "tests" / "scenarios" / "_base" / "checked"
CAMPAIGN = "safe-week"
SEASON = 2027
NOW = datetime(2026, 12, 20, 17, tzinfo=UTC)
ITEMS = ["how-many", "then-and-now", "a-made-up-number", "in-her-words", "what-to-notice"]
FIRST, SECOND, THIRD = ITEMS[:3]
BEN, FACTS = "Ben Example", "fact-reviewer"
_SEEN = re.compile(r'name="(seen\.[^"]+)" value="([^"]+)"')


class ReadingSite:
    """The project in ``folder``; ``link`` is the path of Ben's link, who reads as a fact reviewer."""

    def __init__(self, folder: Path, *, role: str = FACTS, policy: str = "") -> None:
        shutil.copytree(SMALL, folder, dirs_exist_ok=True)
        shutil.copytree(ROOT / "templates", folder / "templates")
        shutil.copytree(ROOT / "config" / "lint", folder / "config" / "lint")
        (folder / "config" / "review.toml").write_text(policy, encoding="utf-8")
        if not policy.startswith("approvals = "):
            declare_alone(folder)
        self.folder = folder
        settings = replace(load_settings(folder, {}), secrets=Secrets({"SECRET_KEY": "not-a-secret-only-a-test"}))
        self.clock = VirtualClock(NOW)
        self.project = Project(folder, settings, {}, self.clock)
        (folder / "var").mkdir()
        self.ledger: Ledger = open_ledger(
            f"sqlite:///{folder / 'var' / 'observance.db'}",
            address_hash=lambda t: hashlib.sha256(t.encode()).hexdigest(),
        )
        self.app = make_app(self.project, self.ledger)
        self.client: FlaskClient = self.app.test_client()
        self.link = self.invite(BEN, role)

    def desk(self) -> ReviewDesk:
        return desk_of(self.project, self.ledger, CAMPAIGN, SEASON)

    def invite(self, name: str, role: str, *, lasts: timedelta = timedelta(days=14)) -> str:
        """The path of a new link."""
        made = self.desk().invite(name, role, by="Ada", lasts=lasts)
        return made.link.removeprefix(self.project.settings.public_url)

    def get(self, path: str = "", *, link: str = "") -> Any:
        return self.client.get((link or self.link) + path)

    def item(self, item: str, *, link: str = "") -> str:
        """The page of an item, as text."""
        answer = self.get(f"/items/{item}", link=link)
        assert 200 == answer.status_code
        return str(answer.text)

    def seen(self, item: str, *, link: str = "") -> dict[str, str]:
        """The digests that the page of an item shows, as its form holds them."""
        return dict(_SEEN.findall(self.item(item, link=link)))

    def act(
        self,
        item: str,
        act: str,
        words: str = "",
        *,
        seen: Mapping[str, str] | None = None,
        link: str = "",
        **more: str,
    ) -> Any:
        """Read the page of an item, and send its form."""
        fields = {**(self.seen(item, link=link) if seen is None else seen), "act": act, "words": words, **more}
        return self.client.post(f"{link or self.link}/items/{item}", data=fields)

    def edit(self, item: str, old: str, new: str) -> None:
        """Change an item's file."""
        (path,) = [p for p in (self.folder / "campaigns" / CAMPAIGN / "items").iterdir() if item in p.name]
        text = path.read_text(encoding="utf-8")
        assert 1 <= text.count(old)
        path.write_text(text.replace(old, new), encoding="utf-8")

    def send(self, item: str, channel: str, *, readers: int = 0, batches: int = 1) -> None:
        """Send one message live, as the ledger keeps it: to ``batches`` of its readers, who stand one in each."""
        message = self.desk().messages([item], channel)[0]
        self.ledger.subscribers.add_many(
            CAMPAIGN,
            [NewSubscriber(f"reader{n}@readers.example", subscriber_id=f"r{n:05d}") for n in range(readers)],
            now=self.clock.now(),
        )
        kind = "post" if isinstance(message.body, PostBody) else "email"
        wanted = Wanted(item, channel, kind, message.on, message.due_at, message.expires_at)
        self.ledger.deliveries.follow_plan(
            "live", SeasonKey(CAMPAIGN, SEASON), [wanted], now=self.clock.now(), may_cancel=False
        )
        (delivery,) = [
            d
            for d in self.ledger.deliveries.of_season("live", SeasonKey(CAMPAIGN, SEASON))
            if (d.item, d.channel) == (item, channel)
        ]
        while not self.ledger.recipients.freeze(delivery.id, batch_limit=1, now=message.due_at):
            pass
        for batch in self.ledger.deliveries.batches(delivery.id)[:batches]:
            assert self.ledger.batches.record_intent(
                batch.id,
                token=f"t{batch.id}",
                message=message,
                fingerprint="f",
                readers=1,
                node="test",
                lease=timedelta(minutes=2),
                check_after=timedelta(minutes=3),
                now=message.due_at,
            )
            self.ledger.batches.record_outcome(
                batch.id, token=f"t{batch.id}", outcome=Outcome(OutcomeKind.ACCEPTED, reference="r"), now=message.due_at
            )

    def history(self) -> list[str]:
        return [event.kind for event in self.ledger.events.in_order()]

    def close(self) -> None:
        self.app.close()
        self.ledger.close()
