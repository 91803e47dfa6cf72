"""Signing up on the web: one answer for everybody, one mail a day to an address, and a button that says yes."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.clock import stopwatch
from scheduler.content.load.campaign_files import load_campaign
from scheduler.domain.address import network_of
from scheduler.domain.cadence import Cadence
from scheduler.domain.claim import Signature
from scheduler.domain.outcome import Outcome, OutcomeKind, Request
from scheduler.domain.subscriber import ConsentHow, SubscriberState
from scheduler.domain.transactional_email import consent_sentence, wording_of
from scheduler.settings import Mode
from scheduler.store.subscribers import FORMS_A_NETWORK
from tests.support.public_factory import ADDRESS, CAMPAIGN, NOW, PUBLIC_URL, MailHouse, ReadersSite
from tests.unit.test_web_leave import Page

CAUSE_WORDS = ("traffick", "slavery", "exploit", "hotline", "prevention month")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ReadersSite]:
    made = ReadersSite(tmp_path)
    yield made
    made.close()


def words_of(answer: object) -> str:
    """What a page says, without its style."""
    text = answer.get_data(as_text=True)  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", Page(re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)).words)


# -- the form -------------------------------------------------------------------------------------------


def test_the_form_says_who_what_how_often_and_until_when(site: ReadersSite) -> None:
    """Before anybody types an address: the sender, the last day, the number of mails, and that the address is deleted."""
    answer = site.client.get("/subscribe")
    words = words_of(answer)
    for said in (
        "Example Coalition",
        "Monday, February 1, 2027",
        "your address is deleted, unless you ask to be kept for next year",
        "22 emails still to come",
        "4 emails still to come",
        "2 emails still to come",
        "It is under way",
        "can read less or leave at any time",
    ):
        assert said in words
    page = Page(answer.get_data(as_text=True))
    assert {"email", "name", "cadence", "discreet"} == {i["name"] for i in page.all("input")}
    assert ["zone"] == [s["name"] for s in page.all("select")]
    assert ["daily", "digest", "key-days"] == [i["value"] for i in page.all("input") if i.get("type") == "radio"]
    assert ["script"] == [tag for tag, _ in page.tags if tag in ("script", "img", "iframe")]


def test_who_comes_in_trouble_finds_the_campaigns_help_lines(tmp_path: Path) -> None:
    """Above the form, from the records, the emergency number first, and as text. Live, what nobody has signed as it
    stands, and what was tried too long ago, is not there."""
    rehearsed, live = (ReadersSite(tmp_path / mode.value, mode=mode) for mode in (Mode.REHEARSAL, Mode.LIVE))
    words = words_of(rehearsed.client.get("/subscribe"))
    numbers = ("911", "1-888-373-7888", "233733", "Email address")
    assert sorted(numbers, key=words.index) == list(numbers)
    assert "tel:" not in rehearsed.client.get("/subscribe").text
    assert "Need help now?" not in words_of(live.client.get("/subscribe"))
    campaign, _ = load_campaign(live.root, CAMPAIGN)
    assert campaign
    for contact in (campaign.contacts[one] for one in campaign.block if one != "emergency"):
        on = NOW.date() if contact.id == "hotline-phone" else NOW.date() - timedelta(days=200)
        record = replace(contact, verified_on=None) if contact.id == "hotline-text" else contact
        signature = Signature("contact", contact.id, record.record_hash(), "Rosa Diaz", "owner", on)
        live.ledger.signatures.add(CAMPAIGN, signature, now=NOW)
    live.clock.advance(timedelta(minutes=1))
    words = words_of(live.client.get("/subscribe"))
    assert [True, False, False] == [number in words for number in ("1-888-373-7888", "233733", "911")]
    rehearsed.close()
    live.close()


def test_its_days_are_written_as_its_readers_write_them(site: ReadersSite) -> None:
    """On the form, in what they agree to, and behind their links: as in the mails of that campaign."""
    site.write_in("en-GB")
    choices = site.choices(subscriber := site.confirmed())
    site.client.post(choices, data={"act": "pause", "until": "2027-01-20"})
    for path, day in (
        ("/subscribe", "Monday 1 February 2027"),
        (choices, "Wednesday 20 January 2027"),
        (f"{choices}/known", "Monday 1 February 2027"),
    ):
        assert day in words_of(site.client.get(path)), path
        assert ", 2027" not in words_of(site.client.get(path)), path
    assert any("Monday 1 February 2027" in one.what for one in site.ledger.subscribers.consents(subscriber))


def test_each_field_has_a_label(site: ReadersSite) -> None:
    """A screen reader says what is to be typed where."""
    page = Page(site.client.get("/subscribe").get_data(as_text=True))
    fields = {f["id"] for tag in ("input", "select") for f in page.all(tag)}
    assert fields == {label["for"] for label in page.all("label")}


def test_looking_at_the_form_writes_nothing(site: ReadersSite) -> None:
    """GET is for everybody, scanners too."""
    before = site.dump()
    site.client.get("/subscribe")
    site.client.head("/subscribe")
    assert before == site.dump()


@pytest.mark.parametrize(
    ("fields", "said", "field"),
    [
        ({"email": "robin"}, "Look at the email address", "email"),
        ({"email": "robin@"}, "Look at the email address", "email"),
        ({"email": ""}, "Look at the email address", "email"),
        ({"email": "a@b.example\r\nBcc: x@y.example"}, "Look at the email address", "email"),
        ({"zone": "Mars/Olympus"}, "time zone", "zone"),
        ({"cadence": "hourly"}, "how often", "cadence"),
        ({"name": "Robin\u202egnp.exe"}, "name", "name"),
    ],
)
def test_what_was_mistyped_is_said_and_what_was_typed_is_kept(
    site: ReadersSite, fields: dict[str, str], said: str, field: str
) -> None:
    """422, the error linked to its field, every other value as it was typed; nothing is written and no mail goes."""
    before = site.dump()
    answer = site.fill_in(**{"email": ADDRESS, "name": "Robin", "zone": "Europe/Berlin", **fields})
    text = answer.get_data(as_text=True)
    assert 422 == answer.status_code
    assert said in words_of(answer)
    assert f'href="#{field}"' in text
    assert re.search(r"<title>Not sent: ", text)
    page = Page(text)
    typed = {i["id"]: i.get("value") for i in page.all("input") if i.get("type") != "radio"}
    if field != "email":
        assert ADDRESS == typed["email"]
    if field != "name":
        assert "Robin" == typed["name"]
    if field != "zone":
        assert ["Europe/Berlin"] == [o["value"] for o in page.all("option") if "selected" in o]
    assert before == site.dump()
    assert [] == site.letters()


def test_what_is_typed_cannot_become_part_of_the_page(site: ReadersSite) -> None:
    """Escaped, whatever it is."""
    text = site.fill_in('"><script>alert(1)</script>').get_data(as_text=True)
    assert 1 == text.count("<script"), "that of the quick exit alone"
    assert "&lt;script&gt;" in text


# -- one answer for everybody -----------------------------------------------------------------------------


def _new(site: ReadersSite) -> None:
    """Nobody knows the address."""


def _there(site: ReadersSite) -> None:
    site.confirmed()
    site.clock.advance(timedelta(days=2))


def _asked_today(site: ReadersSite) -> None:
    site.fill_in()
    site.letters()


def _complained(site: ReadersSite) -> None:
    subscriber = site.confirmed()
    with site.ledger._database.write("test") as connection:
        from sqlalchemy import update

        from scheduler.store.tables import subscriptions

        mine = subscriptions.c.subscriber_id == subscriber
        connection.execute(update(subscriptions).where(mine).values(state="complained"))
    site.clock.advance(timedelta(days=2))


def _flood(site: ReadersSite) -> None:
    for n in range(FORMS_A_NETWORK):
        site.fill_in(f"somebody{n}@readers.example")
    site.letters()


@pytest.mark.parametrize(
    ("before", "letter"),
    [
        (_new, ["letter-confirm"]),
        (_there, ["letter-already-there"]),
        (_asked_today, []),
        (_complained, []),
        (_flood, []),
    ],
    ids=["new", "on the list", "asked today", "complained", "flood"],
)
def test_nobody_learns_from_the_answer_who_is_on_the_list(
    site: ReadersSite, tmp_path: Path, before: Callable[[ReadersSite], None], letter: list[str]
) -> None:
    """Byte for byte the same answer, headers too; what differs is which mail goes to the address."""
    (tmp_path / "other").mkdir()
    stranger = ReadersSite(tmp_path / "other")
    before(site)
    answer, other = site.fill_in(), stranger.fill_in()
    assert (200, other.data, list(other.headers)) == (answer.status_code, answer.data, list(answer.headers))
    mails = site.letters()
    assert letter == [mail.item for mail in mails]
    assert {ADDRESS} >= {mail.to for mail in mails}
    stranger.close()


def test_the_answer_does_not_wait_for_the_mail_house(site: ReadersSite) -> None:
    """The time that an answer takes tells nothing either: the mail goes in a thread of its own."""
    go_on, begun = threading.Event(), threading.Event()

    class Slow(MailHouse):
        def send(self, request: Request, *, now: datetime) -> Outcome:
            begun.set()
            assert go_on.wait(60)
            return super().send(request, now=now)

    site.house = Slow(site.settings.channels["email"])
    site.app.letters.only_when_called = False
    assert 200 == site.fill_in().status_code
    assert begun.wait(60)
    assert [] == site.house.mails, "answered while the call was still under way"
    go_on.set()
    site.app.close()
    assert [ADDRESS] == [mail.to for mail in site.house.mails]


@pytest.mark.parametrize(
    "before", [_new, _there, _asked_today, _complained], ids=["new", "there", "asked", "complained"]
)
def test_no_answer_comes_sooner_than_another(site: ReadersSite, before: Callable[[ReadersSite], None]) -> None:
    """The work differs by thousandths of a second; each answer is held until the same time has passed."""
    before(site)
    site.app.config["ANSWER_AFTER"] = 0.3
    spent = stopwatch()
    assert 200 == site.fill_in().status_code
    assert spent() >= 0.3


def test_who_does_not_confirm_is_forgotten_within_the_week(site: ReadersSite) -> None:
    """As page and mail say, also when nobody else signs up: nothing of the address is left. Others stay."""
    subscriber = site.confirmed("stays@readers.example")
    site.fill_in()
    site.letters()
    site.app.letters.forget()
    assert ADDRESS in "".join(site.dump())
    site.clock.advance(timedelta(days=7))
    site.app.letters.forget()
    assert ADDRESS not in "".join(site.dump())
    assert site.ledger.subscribers.get(CAMPAIGN, subscriber) is not None
    before = site.dump()
    site.clock.advance(timedelta(hours=2))
    site.app.letters.forget()
    assert before == site.dump()


def test_nobody_says_yes_to_a_season_that_is_over(site: ReadersSite) -> None:
    """They agreed to mails until its last day. The link ends with that day, where the campaign is, and so does the letter."""
    over = datetime(2027, 2, 2, 5, tzinfo=UTC)  # midnight in New York
    site.clock.jump(over - timedelta(days=3))
    site.fill_in()
    (mail,) = site.letters()
    site.ledger.holds.set("*", who="Ada", why="a storm", now=site.clock.now())
    site.clock.jump(over - timedelta(minutes=1))
    site.fill_in("late@readers.example")
    assert 200 == site.client.get(mail.link("/confirm/")).status_code
    site.clock.jump(over)
    site.ledger.holds.release("*", who="Ada", now=over)
    assert [404, 404] == [
        site.client.get(mail.link("/confirm/")).status_code,
        site.client.post(mail.link("/confirm/")).status_code,
    ]
    assert [] == site.letters()
    assert 2 == site.ledger.subscribers.forget_unconfirmed(now=over)


def test_an_address_gets_one_mail_a_day_and_the_newest_link_counts(site: ReadersSite) -> None:
    """A stranger who types it again and again fills nobody's mailbox."""
    site.fill_in()
    (first,) = site.letters()
    for hours in (1, 22):
        site.clock.advance(timedelta(hours=hours))
        site.fill_in(ADDRESS.upper())
        assert [] == site.letters()
    site.clock.advance(timedelta(hours=1, seconds=1))
    site.fill_in()
    (second,) = site.letters()
    assert 404 == site.client.get(first.link("/confirm/")).status_code
    assert 200 == site.client.get(second.link("/confirm/")).status_code


def test_a_flood_from_one_network_ends_and_leaves_others_alone(site: ReadersSite) -> None:
    """By the /24 or /64 that a form comes from; a school is one network."""
    for n in range(FORMS_A_NETWORK + 5):
        site.fill_in(f"somebody{n}@readers.example", network=f"203.0.113.{n + 1}")
    assert FORMS_A_NETWORK == len(site.letters())
    site.fill_in("other@readers.example", network="203.0.114.1")
    assert ["other@readers.example"] == [mail.to for mail in site.letters()]
    site.clock.advance(timedelta(days=1, seconds=1))
    site.fill_in("again@readers.example", network="203.0.113.9")
    assert ["again@readers.example"] == [mail.to for mail in site.letters()]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", ""),
        (None, ""),
    ],
)
def test_a_network_is_a_neighbourhood(address: str | None, network: str) -> None:
    """Whoever has a /24 or a /64 is one sender of forms."""
    assert network == network_of(address)


def test_a_form_on_another_site_works(site: ReadersSite) -> None:
    """It posts here from there; cadence may be left out, and there is no cookie to bring along."""
    answer = site.client.post(
        "/subscribe",
        data={"email": ADDRESS},
        headers={"Origin": "https://elsewhere.test", "Sec-Fetch-Site": "cross-site"},
    )
    assert 200 == answer.status_code
    assert "Set-Cookie" not in answer.headers
    assert ["letter-confirm"] == [mail.item for mail in site.letters()]


# -- the mail that asks -----------------------------------------------------------------------------------


def test_the_mail_that_asks_says_who_and_what_and_offers_one_button(site: ReadersSite) -> None:
    """One link to confirm in both parts, one to be left alone; headers of list mail; no tracking."""
    site.fill_in(cadence="digest")
    (mail,) = site.letters()
    link = mail.link("/confirm/")
    assert link in mail.html
    assert mail.link("/c/c7w4mkp/not-me/") in mail.html
    assert f"<{PUBLIC_URL}{mail.link('/c/c7w4mkp/not-me/')}>" == mail.headers["List-Unsubscribe"]
    assert "List-Unsubscribe=One-Click" == mail.headers["List-Unsubscribe-Post"]
    assert "auto-generated" == mail.headers["Auto-Submitted"]
    flat = re.sub(r"\s+", " ", mail.text)
    for said in (
        "Example Coalition",
        "one email a week",
        "Monday, February 1, 2027",
        "seven days",
        "1-888-373-7888",
        "233733",
    ):
        assert said in flat
    assert "/preferences/" not in mail.text
    assert "%" not in re.sub(r"%20|100%", "", mail.text), "a token was left standing"
    (request,) = site.house.requests
    assert {False} == {part["enable"] for part in request.body["tracking_settings"].values()}


def test_who_is_on_the_list_already_is_told_how_to_stay_on_it(site: ReadersSite) -> None:
    """After a season, before its list is closed: the form of such a reader keeps nobody on the next one."""
    site.confirmed()
    site.clock.advance(timedelta(days=2))
    site.fill_in()
    (mail,) = site.letters()
    assert "to be kept for the next series" in " ".join(mail.text.split())


@pytest.mark.parametrize(("usual", "chosen"), [(False, False), (True, False), (False, True)])
def test_no_subject_of_a_letter_names_the_cause(tmp_path: Path, usual: bool, chosen: bool) -> None:
    """Somebody may look at the list of mails; with discreet_subject, or with the box ticked on the form, the words are
    those of the discreet head, from the first letter on."""
    discreet = usual or chosen
    site = ReadersSite(tmp_path)
    channel = replace(site.settings.channels["email"], options={"discreet_subject": usual})
    site.project.settings = replace(site.settings, channels={"email": channel})
    confirm = site.root / "templates" / "letters" / "confirm.md"
    confirm.write_text(
        confirm.read_text("utf-8").replace('discreet_subject = "Please', 'discreet_subject = "Quietly, please'), "utf-8"
    )
    reader = site.confirmed(**({"discreet": "yes"} if chosen else {}))
    site.clock.advance(timedelta(days=2))
    site.fill_in()
    site.letters()
    subjects = [mail.subject for mail in site.house.mails]
    assert 3 == len(subjects)
    names = [(request.body["from"]["name"], request.body["headers"]["List-Id"]) for request in site.house.requests]
    assert discreet == all(name == "Your notes" and listed.startswith("<list-") for name, listed in names)
    assert discreet == all("traffick" not in mail.html.partition("<h1")[0].lower() for mail in site.house.mails)
    subscription = site.ledger.subscribers.get(CAMPAIGN, reader)
    assert subscription is not None
    assert (True if chosen else None) is subscription.discreet
    assert discreet == subjects[0].startswith("Quietly")
    assert [] == [s for s in subjects for word in CAUSE_WORDS if word in s.lower()]
    site.close()


# -- saying yes -------------------------------------------------------------------------------------------


def test_only_the_button_says_yes(site: ReadersSite) -> None:
    """GET and HEAD show a page and change nothing; one POST puts the reader on the list, with what was chosen."""
    site.fill_in(cadence="digest", zone="Europe/Berlin", name="Robin")
    (mail,) = site.letters()
    link, before = mail.link("/confirm/"), site.dump()
    assert (200, 200) == (site.client.get(link).status_code, site.client.head(link).status_code)
    assert before == site.dump()
    page = Page(site.client.get(link).get_data(as_text=True))
    assert [{"method": "post"}] == page.all("form")
    assert 200 == site.client.post(link).status_code
    subscriber = site.ledger.subscribers.find(CAMPAIGN, ADDRESS)
    assert subscriber is not None
    assert (SubscriberState.ACTIVE, Cadence.DIGEST, "Europe/Berlin", "Robin") == (
        subscriber.state,
        subscriber.cadence,
        subscriber.subscriber.zone,
        subscriber.subscriber.name,
    )


def test_the_welcome_goes_once(site: ReadersSite) -> None:
    """With what comes, how often, until when, how to read less, and the ways out; however often the button is pressed."""
    site.fill_in(cadence="key-days")
    (mail,) = site.letters()
    answers = [site.client.post(mail.link("/confirm/")) for _ in range(3)]
    assert {200} == {a.status_code for a in answers}
    assert 1 == len({a.data for a in answers})
    (welcome,) = site.letters()
    assert "letter-welcome" == welcome.item
    flat = re.sub(r"\s+", " ", welcome.text)
    for said in (
        "key days",
        "Monday, February 1, 2027",
        "we delete the list",
        "unless you ask",
        "fewer emails",
        "1-888-373-7888",
    ):
        assert said in flat
    assert 200 == site.client.get(welcome.link("/preferences/")).status_code
    assert 200 == site.client.post(welcome.link("/u/")).status_code
    assert SubscriberState.LEFT is site.ledger.subscribers.find(CAMPAIGN, ADDRESS).state


def test_before_the_season_the_welcome_says_when_it_begins(tmp_path: Path) -> None:
    """And in its middle, that nothing earlier comes."""
    site = ReadersSite(tmp_path, now=datetime(2026, 12, 10, 12, tzinfo=UTC))
    assert "It is under way" not in words_of(site.client.get("/subscribe"))
    site.confirmed()
    assert "begins on Friday, January 1, 2027" in re.sub(r"\s+", " ", site.house.mails[-1].text)
    site.clock.jump(NOW)
    site.confirmed("other@readers.example")
    assert "nothing earlier" in re.sub(r"\s+", " ", site.house.mails[-1].text)
    site.close()


def test_links_that_do_not_work_look_alike(site: ReadersSite) -> None:
    """Unknown, expired, used, cut off, one for another purpose: the same page, and nothing is written."""
    site.fill_in("late@readers.example")
    (late,) = site.letters()
    site.clock.advance(timedelta(days=7, seconds=1))
    subscriber = site.confirmed()
    used = site.house.mails[-2].link("/confirm/")
    below = used.rpartition("/")[0]
    foreign = f"{below}/{site.choices(subscriber).rpartition('/')[2]}"
    before = site.dump()
    paths = [f"{below}/{'x' * 43}", f"{below}/%00", late.link("/confirm/"), used, used[:-1], foreign]
    answers = [site.client.get(path) for path in paths]
    answers += [site.client.post(path) for path in paths if path != used]
    assert {404} == {a.status_code for a in answers}
    assert 1 == len({(a.data, tuple(a.headers)) for a in answers})
    assert before == site.dump()


def test_the_pages_behind_links_name_neither_reader_nor_cause(site: ReadersSite) -> None:
    """Somebody may look over the reader's shoulder, or into the history."""
    site.fill_in(name="Robin")
    (mail,) = site.letters()
    link = mail.link("/confirm/")
    pages = [site.client.get(link), site.client.post(link), site.client.post(link), site.client.get("/confirm/no")]
    pages.append(site.fill_in("second@readers.example"))
    for page in pages:
        words = words_of(page).lower()
        assert [] == [w for w in (*CAUSE_WORDS, "robin", "coalition", "@", "awareness") if w in words]


def test_what_was_agreed_to_is_kept_with_its_wording(site: ReadersSite) -> None:
    """The sentence that stood above the button, in full, and a version that follows from its words."""
    subscriber = site.confirmed(cadence="digest")
    form, yes = site.ledger.subscribers.consents(subscriber)
    sentence = consent_sentence("Example Coalition", "Monday, February 1, 2027")
    assert sentence in words_of(site.client.get("/subscribe"))
    assert (ConsentHow.FORM, ConsentHow.CONFIRMED) == (form.how, yes.how)
    assert {f"one email a week, with what the days brought. {sentence}"} == {form.what, yes.what}
    assert {wording_of(sentence)} == {form.wording, yes.wording}
    assert wording_of(sentence) != wording_of(sentence.replace("deleted", "kept"))


# -- what must not get out --------------------------------------------------------------------------------


def test_no_address_and_no_link_is_logged_or_kept_in_the_history(
    site: ReadersSite, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever the mail house says."""
    site.house.script = [
        Outcome(OutcomeKind.FINAL, detail="400"),
        Outcome(OutcomeKind.UNKNOWN, detail="lost"),
        RuntimeError(ADDRESS),
    ]
    with caplog.at_level(logging.DEBUG):
        for n in range(3):
            site.fill_in(f"robin{n}@readers.example")
        mails = site.letters()
    assert 3 == len(mails)
    history = "".join(line for line in site.dump() if 'INTO "events"' in line)
    assert ["letter.not-sent", "letter.unknown", "letter.unknown"] == [
        e.kind for e in reversed(site.ledger.events.newest())
    ]
    for said in (caplog.text, history):
        assert "readers.example" not in said
        assert [] == [mail for mail in mails if mail.link("/confirm/").rpartition("/")[2] in said]


def test_no_network_address_is_kept(site: ReadersSite) -> None:
    """Only a keyed hash, for a day."""
    site.fill_in(network="198.51.100.23")
    assert "198.51.100" not in "".join(site.dump())


# -- when nobody can sign up ------------------------------------------------------------------------------


def test_where_no_campaign_is_to_come_the_form_is_closed(site: ReadersSite) -> None:
    """It says so, and takes nothing."""
    (site.root / "campaigns" / CAMPAIGN / "campaign.toml").unlink()
    before = site.dump()
    for answer in (site.client.get("/subscribe"), site.fill_in()):
        assert 503 == answer.status_code
        assert "Nobody can sign up" in words_of(answer)
    assert before == site.dump()


def test_in_a_rehearsal_nothing_leaves_and_the_pages_say_so(tmp_path: Path) -> None:
    """The same road, with only the sending step removed: the letter is recorded, without its address or its link."""
    site = ReadersSite(tmp_path, mode=Mode.REHEARSAL)
    assert "This is a rehearsal" in words_of(site.client.get("/subscribe"))
    assert "This is a rehearsal" in words_of(site.fill_in())
    assert site.app.letters.work_off() is None
    (record,) = (site.root / "var" / "rehearsal").iterdir()
    text = record.read_text("utf-8")
    assert "Please confirm your address" in text
    assert "readers.example" not in text
    assert "%confirm_url%" in text
    assert "/confirm/" not in text
    site.close()
