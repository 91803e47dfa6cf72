"""Who speaks is declared once, in the settings: every place that names an organization names that one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.review.packet import packet_html
from scheduler.review.reminder import NO_LINK, reminder
from scheduler.review.report import make_report
from tests.support.reading_site import CAMPAIGN, FIRST, NOW, ReadingSite

OWN, OTHER = "Safe Week Coalition", "Somebody Else"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ReadingSite]:
    """A campaign whose file still has the line that earlier versions asked for, with another name."""
    made = ReadingSite(tmp_path)
    head = tmp_path / "campaigns" / CAMPAIGN / "campaign.toml"
    head.write_text(f'organisation = "{OTHER}"\n' + head.read_text("utf-8"), "utf-8")
    yield made
    made.ledger.close()


def test_every_place_names_the_organization_of_the_settings(site: ReadingSite) -> None:
    """The line in campaign.toml is shown to nobody, and a finding says to delete it."""
    desk = site.desk()
    rehearsal = desk.rehearsal
    report = make_report(rehearsal, site.ledger, mode="live", dollars={}, made_at=NOW)
    invitation = desk.invitations()[-1]
    places = {
        "packet": packet_html(rehearsal, made_at=NOW),
        "item": site.item(FIRST),
        "start page of a reviewer": site.get().text,
        "reminder": reminder(
            desk.rehearsal_now(), invitation, waits=1, link=NO_LINK, expires_at=NOW + timedelta(days=1)
        ).text,
        "report": report.organisation,
        "sign-up form": site.client.get("/subscribe").text,
        "mails": " ".join(m.body.text for m in rehearsal.messages),
    }
    assert [] == [name for name, words in places.items() if OWN not in words]
    assert [] == [name for name, words in places.items() if OTHER in words.replace("organisation is not read here", "")]
    assert ["C026"] == [f.code for f in rehearsal.findings if "organisation" in f.message]


def test_the_consent_that_is_stored_names_it(site: ReadingSite) -> None:
    """The form's sentence is what somebody agrees to."""
    site.app.config["ANSWER_AFTER"] = 0.0
    site.app.letters.only_when_called = True
    fields = {"email": "ann@readers.example", "name": "", "zone": "", "cadence": "daily"}
    assert 200 == site.client.post("/subscribe", data=fields).status_code
    with site.ledger._database.read() as connection:
        (what,) = connection.exec_driver_sql("SELECT what FROM confirmations").scalars()
    assert f"I ask {OWN} to send" in what
