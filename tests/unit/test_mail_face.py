"""The face of the emails: three themes of one frame, and a picture at the head that tells nobody who looks."""

from __future__ import annotations

import hashlib
import json
import re
import struct
import zlib
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default
from html import unescape
from pathlib import Path
from shutil import copytree
from typing import Any
from unittest.mock import patch
from xml.etree import ElementTree

import pytest

from scheduler.cards.drawing import bytes_of, picture_of_file, png_of
from scheduler.channels.mime import to_mime
from scheduler.content.load.campaign_files import load_campaign
from scheduler.content.render.emails import LARGEST_HTML
from scheduler.content.render.messages import RenderResult, render
from scheduler.domain.brand import Brand
from scheduler.domain.design_tokens import MAIL_THEMES
from scheduler.domain.mail_look import MailLook
from scheduler.domain.message import (
    EmailBody,
    Message,
    PostBody,
    _fields_in_digest,
    from_text,
    pictures_of,
    to_text,
    with_head,
)
from scheduler.domain.post_picture import picture_url
from scheduler.domain.rehearsal import Rehearsal
from scheduler.domain.season_key import SeasonKey
from scheduler.review.dry_run_files import write_dry_run
from scheduler.review.item_html import item_fragment
from scheduler.review.mail_view import mail_view
from scheduler.review.packet import packet_html
from scheduler.services.archive import Archive
from scheduler.services.seasons import rehearse
from scheduler.settings import Mode
from tests.support.public_factory import CAMPAIGN, ROOT, ReadersSite
from tests.support.rehearsal_factory import MADE_AT, eml, month, request
from tests.support.render_factory import TEMPLATES, item, one, plan, settings
from tests.support.world import an_approval

PUBLIC_URL = "https://news.harbor-light.internal"
SLUG = "c7w4mkp"
#: Five seconds past ten in New York.
FIRST = datetime(2027, 1, 3, 15, 0, 5, tzinfo=UTC)


def made(look: MailLook, *, templates: Path = TEMPLATES, public_url: str = PUBLIC_URL, **changes: Any) -> RenderResult:
    return render(plan(item(), mail=look, **changes), settings(public_url=public_url), templates)


def body_of(message: Message) -> EmailBody:
    assert isinstance(message.body, EmailBody)
    return message.body


def mail(theme: str = "calm", header: str = "picture", **changes: Any) -> EmailBody:
    return body_of(one(made(MailLook(theme, header), **changes), "email"))


def discreet(message: Message) -> EmailBody:
    return body_of(with_head(message, discreet=True))


def bare(html: str) -> str:
    """Without styles, and without the line of color that one theme has where no picture is."""
    return re.sub(r' style="[^"]*"|<style>.*?</style>', "", without_edge(html))


def without_edge(html: str) -> str:
    return re.sub(r'<tr><td class="edge".*\n', "", html)


# -- themes -------------------------------------------------------------------------------------------------------


def test_themes_differ_in_their_styles_alone() -> None:
    mails = {theme: mail(theme, "none") for theme in MAIL_THEMES}
    assert 1 == len({bare(each.html) for each in mails.values()})
    assert 1 == len({each.text for each in mails.values()})
    assert len(MAIL_THEMES) == len({each.html for each in mails.values()})
    for theme, each in mails.items():
        look = MAIL_THEMES[theme]
        assert f"background-color:{look.light.ground}" in each.html
        assert f".page{{background-color:{look.dark.ground}!important}}" in each.html
        assert ("Georgia" in each.html) == bool(look.headline)


def test_who_chooses_nothing_keeps_what_was_approved() -> None:
    chosen = one(made(MailLook()), "email")
    assert chosen.digest == one(render(plan(item()), settings(public_url=PUBLIC_URL), TEMPLATES), "email").digest
    assert json.loads(to_text(chosen))["body"]["head_picture"] is None
    assert "head_picture" not in _fields_in_digest(chosen.body)


# -- the picture --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", MAIL_THEMES)
def test_the_picture_stands_in_the_usual_head_alone(theme: str) -> None:
    """Without it the email is the same, byte for byte; so is its text. Below the head both forms are one."""
    message, without = one(made(MailLook(theme, "picture")), "email"), mail(theme, "none")
    body, quiet = body_of(message), discreet(message)
    assert body.head_picture is not None
    assert body.text == without.text
    row = re.findall(r"<tr><td[^>]*><img[^>]*></td></tr>\n", body.html)
    assert 1 == len(row) == body.html.count("<img")
    assert without_edge(without.html) == body.html.replace(row[0], "")
    assert picture_url(PUBLIC_URL, body.head_picture) in row[0]
    assert "<img" not in quiet.html
    assert body.head_picture.sha256 not in quiet.html + quiet.text
    assert "Prevention Month" not in quiet.html[: quiet.html.index("</h1>")]
    assert body.second_head is not None
    assert body.html[body.second_head.html_to :] == quiet.html[len(body.second_head.html) :]
    assert body.html.index("<img") < body.html.index("</h1>") < body.second_head.html_to
    assert max(len(body.html.encode()), len(quiet.html.encode())) < LARGEST_HTML


def test_a_discreet_email_has_its_subject_in_large_letters() -> None:
    """The item's headline and its special day would tell the cause to whoever sits beside the reader."""
    of_day = plan(item(title="Red rice", email="Good morning."), special="Rice Day")
    message = one(render(of_day, settings(public_url=PUBLIC_URL), TEMPLATES), "email")
    usual, quiet = body_of(message), discreet(message)
    for part, other in ((usual.html, quiet.html), (usual.text, quiet.text)):
        assert ("Red rice" in part, "Red rice" in other) == (True, False)
        assert ("Rice Day" in part, "Rice Day" in other) == (True, False)
    assert f">{quiet.subject}</h1>" in quiet.html
    assert f"{quiet.subject}\n{'=' * len(quiet.subject)}" in quiet.text


def test_a_pale_picture_does_not_glare_in_the_dark() -> None:
    """Also where the packet shows the email so; the dark one of the bold theme stays as it is."""
    turned = "filter:invert(1) hue-rotate(180deg)!important"
    for theme in MAIL_THEMES:
        html = mail(theme).html
        assert (theme != "bold") == (turned in html) == (turned in mail_view(html, dark=True).css)


def test_the_picture_says_nothing_that_the_email_does_not_and_is_not_read_twice() -> None:
    body = mail()
    assert body.head_picture is not None
    assert ("1", "January") == body.head_picture.words
    assert 'alt=""' in body.html
    assert hashlib.sha256(bytes_of(body.head_picture)).hexdigest() == body.head_picture.sha256
    assert {mail(theme).head_picture for theme in MAIL_THEMES} - {body.head_picture}


def test_a_mail_with_a_picture_comes_back_from_the_ledger_as_it_was() -> None:
    message = one(made(MailLook("warm", "picture")), "email")
    back = from_text(to_text(message))
    assert (message.body, message.digest) == (back.body, back.digest)
    other = replace(body_of(message), head_picture=None)
    assert replace(message, body=other).digest != message.digest


def own(folder: Path, name: str, find: str, put: str) -> Path:
    templates = folder / "templates"
    copytree(TEMPLATES, templates)
    file = templates / name
    text = file.read_text("utf-8")
    assert find in text
    file.write_text(text.replace(find, put), "utf-8")
    return templates


def test_a_picture_that_says_more_than_the_email_is_refused(tmp_path: Path) -> None:
    templates = own(tmp_path, "email/head-picture.svg", "{{ on.month }}", "Help us")
    (found,) = made(MailLook(header="picture"), templates=templates).findings
    assert "R029" == found.code
    assert "says “Help us”, and the email's text does not" in found.message


@pytest.mark.parametrize(
    "put",
    [
        '<img src="https://elsewhere.internal/a.png"><img src="{{ picture.url }}"',
        '<img src="{{ picture.url }}" srcset="https://elsewhere.internal/a.png"',
        '<img src="{{ picture.url }}?to=somebody"',
    ],
)
def test_nothing_else_is_fetched(tmp_path: Path, put: str) -> None:
    templates = own(tmp_path, "email/parts.html", '<img src="{{ picture.url }}"', put)
    result = made(MailLook(header="picture"), templates=templates)
    assert ["R012"] == [f.code for f in result.findings]
    assert [] == [m for m in result.messages if m.channel == "email"]


def test_a_frame_of_ones_own_without_a_place_for_it_has_none(tmp_path: Path) -> None:
    templates = own(tmp_path, "email/parts.html", '<img src="{{ picture.url }}"', '<b title="none"')
    assert mail(templates=templates).head_picture is None


@pytest.mark.parametrize("public_url", ["https://news.example.org", "https://news.harbour.test"])
def test_without_a_public_address_there_is_none_and_a_finding_says_so(public_url: str) -> None:
    result = made(MailLook(header="picture"), public_url=public_url)
    (found,) = result.findings
    assert ("R028", "campaigns/test/campaign.toml") == (found.code, found.where.path)
    assert public_url in found.message
    assert "<img" not in body_of(one(result, "email")).html


def test_previews_show_it_and_fetch_nothing(tmp_path: Path) -> None:
    """In the packet, on the pages, in the files of a dry run."""
    season, body = month(), mail("warm")
    first = next(m for m in season.messages if isinstance(m.body, EmailBody))
    messages = tuple(replace(m, body=body) if m is first else m for m in season.messages)
    season = replace(season, messages=messages, public_url=PUBLIC_URL)
    assert body.head_picture is not None
    content = f"data:image/png;base64,{b64encode(bytes_of(body.head_picture)).decode()}"
    for page in (packet_html(season, made_at=MADE_AT), item_fragment(season, first.item, handles={}, lay=True).html):
        assert content in page
        assert f"{PUBLIC_URL}/pictures/" not in page
    files = write_dry_run(tmp_path / "out", season, made_at=MADE_AT, requests=request, eml=eml)
    page_of_mail = files.folder / "emails" / f"{first.on}.html"
    (src,) = re.findall(r'<img src="([^"]+)"', page_of_mail.read_text("utf-8"))
    assert hashlib.sha256((page_of_mail.parent / src).read_bytes()).hexdigest() == Path(src).stem


# -- the logo -----------------------------------------------------------------------------------------------------

SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><rect width="96" height="96" fill="#7a1f4e"/></svg>'
)


def png_with_words() -> bytes:
    """A PNG file that says where it was made."""
    plain, words = png_of(SQUARE), b"tEXtComment\0made in the shelter"
    chunk = struct.pack(">I", len(words) - 4) + words + struct.pack(">I", zlib.crc32(words))
    return plain[:-12] + chunk + plain[-12:]


def test_a_logo_keeps_its_pixels_alone() -> None:
    picture = picture_of_file(png_with_words())
    assert bytes_of(picture) == png_of(SQUARE)
    assert (96, 96, len(png_of(SQUARE))) == (picture.width, picture.height, picture.byte_length)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        png_of(SQUARE)[:-20],
        png_of(SQUARE)[:40] + b"x" * 40,
        png_of(SQUARE)[:-13] + b"\0" + png_of(SQUARE)[-12:],
    ],
)
def test_what_is_no_png_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"no PNG|damaged"):
        picture_of_file(content)


def test_a_logo_stands_in_each_usual_head_and_in_no_discreet_one() -> None:
    """Also where the discreet head is that of whoever has not chosen."""
    logo = picture_of_file(png_with_words())
    brand = Brand(name="Lantern House", logo="logo.png", logo_picture=logo)
    message = one(made(MailLook(header="picture"), brand=brand), "email")
    usual, quiet = body_of(message), discreet(message)
    assert [logo, usual.head_picture] == [*pictures_of(message)]
    assert [picture_url(PUBLIC_URL, p) for p in pictures_of(message)] == re.findall(r'<img src="([^"]+)"', usual.html)
    assert 'width="48" alt="Lantern House"' in usual.html
    assert "<img" not in quiet.html
    assert usual.text == body_of(one(made(MailLook(), brand=replace(brand, logo_picture=None)), "email")).text
    channel = replace(settings().channels["email"], options={"discreet_subject": True})
    quiet_first = settings(public_url=PUBLIC_URL, channels={"email": channel})
    turned = one(render(plan(item(), mail=MailLook(header="picture"), brand=brand), quiet_first, TEMPLATES), "email")
    assert body_of(turned).html == quiet.html
    assert body_of(with_head(turned, discreet=False)).html == usual.html
    assert body_of(from_text(to_text(turned))) == turned.body


def test_a_file_that_is_no_logo_is_told(tmp_path: Path) -> None:
    copytree(ROOT / "campaigns" / CAMPAIGN, tmp_path / "campaigns" / CAMPAIGN)
    folder = tmp_path / "campaigns" / CAMPAIGN
    head = folder / "campaign.toml"
    head.write_text(head.read_text("utf-8") + '\n[brand]\nlogo = "logo.png"\n', "utf-8")
    for content, code in ((None, "C003"), (b"GIF89a", "C040"), (b"x" * 50_000, "C005"), (png_with_words(), "")):
        if content is not None:
            (folder / "logo.png").write_bytes(content)
        campaign, findings = load_campaign(tmp_path, CAMPAIGN)
        assert campaign is not None
        told = [f.code for f in findings if f.code in ("C003", "C005", "C040")]
        assert ([code] if code else [], not code) == (told, campaign.has_pictures_in_mail)


# -- what is fetched, and by whom ---------------------------------------------------------------------------------


def as_a_program_gets_it(message: Message, reader: str) -> str:
    """The HTML of a mail for one reader."""
    ways = {name: f"{PUBLIC_URL}/{path}/{reader}" for name, path in (("preferences", "p"), ("confirm", "c"))}
    raw = to_mime(
        message,
        to=f"{reader}@readers.example",
        unsubscribe_url=f"{PUBLIC_URL}/u/{reader}",
        message_id=f"<{reader}@news.harbor-light.internal>",
        date=message.due_at,
        links={f"%{name}_url%": url for name, url in ways.items()},
    )
    part = message_from_bytes(raw, policy=default).get_body(("html",))
    assert part is not None
    return str(part.get_content())


#: Whatever opens or fetches it, in an attribute, a style or a word.
ADDRESS = re.compile(r"""(?:[a-z]+:)?//[^\s"'<>()]+""")
OWN_LINK = re.compile(rf"{re.escape(PUBLIC_URL)}/[ucp]/[12]{{32}}")


@pytest.mark.parametrize("theme", MAIL_THEMES)
def test_two_readers_get_the_same_addresses_but_for_their_own_links(theme: str) -> None:
    """With a picture at the head and without one, and in no other place do their mails differ either."""
    message = one(made(MailLook(theme, "picture")), "email")
    for form in (message, with_head(message, discreet=True)):
        first, second = (as_a_program_gets_it(form, f"{n}" * 32) for n in (1, 2))
        assert first.replace("1" * 32, "2" * 32) == second
        addresses = ADDRESS.findall(unescape(first))
        named = {one for one in addresses if "1" * 32 in one}
        assert ["p", "u"] == sorted(one.removeprefix(PUBLIC_URL)[1] for one in named)
        assert not [one for one in named if not OWN_LINK.fullmatch(one)]
        assert (form is message) == any(one.endswith(".png") for one in addresses)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadersSite]:
    """A rehearsal with header pictures and cards, in which 3 and 4 January have gone out to two readers, one of whom
    wants it discreet. Only looked at."""
    made = ReadersSite(
        tmp_path_factory.mktemp("site"),
        now=datetime(2026, 12, 20, tzinfo=UTC),
        mode=Mode.REHEARSAL,
        public_url=PUBLIC_URL,
    )
    campaign = made.root / "campaigns" / CAMPAIGN / "campaign.toml"
    text = re.sub(r"(\[cards\]\non = )false", r"\1true", campaign.read_text("utf-8"))
    campaign.write_text(text + '\n[mail]\ntheme = "warm"\nheader = "picture"\n', "utf-8")
    _, second = made.add_test_subscribers(2)
    made.ledger.subscribers.set_discreet(second, True, now=made.clock.now())
    made.send_days(FIRST, 2)
    yield made
    made.close()


@pytest.fixture(scope="module")
def season(site: ReadersSite) -> Rehearsal:
    return rehearse(site.project, CAMPAIGN, 2027)


def sent(site: ReadersSite, kind: str) -> list[Message]:
    of_season = site.ledger.deliveries.of_season("rehearsal", SeasonKey(CAMPAIGN, 2027))
    found = [site.ledger.lookups.sent_message(d.digest) for d in of_season if d.kind == kind and d.counts.accepted]
    return [message for message in found if message is not None]


def test_no_address_of_a_picture_names_a_reader(season: Rehearsal) -> None:
    """All mails of the month as two readers get them: each picture has one address, which is that of
    its bytes. No other address is fetched, and the digests and the letters have none."""
    mails = [m for m in (*season.everything, *season.letters) if isinstance(m.body, EmailBody)]
    assert 38 <= len(mails)
    two = [f"{n}" * 32 for n in (1, 2)]
    addresses = set()
    for message in mails:
        fetched = []
        for reader in two:
            html = as_a_program_gets_it(message, reader)
            assert reader in html
            fetched.append(re.findall(r"""(?:src|srcset|background|poster)=["']([^"']*)|url\(([^)]*)""", html))
        assert fetched[0] == fetched[1]
        picture = body_of(message).head_picture
        expected = [(picture_url(PUBLIC_URL, picture), "")] if picture else []
        assert expected == fetched[0], message.item
        addresses.update(expected)
    days = {m.on for m in mails if body_of(m).head_picture}
    assert 32 == len(days) == len(addresses)
    assert not any(body_of(m).head_picture for m in mails if m.audience.is_digest or m in season.letters)


def test_a_picture_is_there_once_its_message_has_gone_out_and_nobody_is_counted(
    site: ReadersSite, season: Rehearsal
) -> None:
    before = site.dump()
    gone, to_come = sent(site, "email"), season.messages[-1]
    pictures = [picture for message in (*gone, *sent(site, "post")) for picture in pictures_of(message)]
    assert 3 <= len(pictures)
    for picture in pictures:
        answer = site.client.get(f"/pictures/{picture.sha256}.png")
        assert 200 == answer.status_code
        assert picture.sha256 == hashlib.sha256(answer.data).hexdigest()
        assert "image/png" == answer.mimetype
        assert "public, max-age=86400" == answer.headers["Cache-Control"]
        assert "cross-origin" == answer.headers["Cross-Origin-Resource-Policy"]
        assert "Set-Cookie" not in answer.headers
        assert "Vary" not in answer.headers
        again = site.client.get(f"/pictures/{picture.sha256}.png", headers={"If-None-Match": answer.headers["ETag"]})
        assert (304, b"") == (again.status_code, again.data)
    later = [picture.sha256 for picture in pictures_of(to_come)]
    assert later
    for name in (*later, "0" * 64, pictures[0].sha256.upper(), "x", "..%2F" + pictures[0].sha256):
        assert 404 == site.client.get(f"/pictures/{name}.png").status_code
    assert before == site.dump()


def test_a_message_that_nobody_approved_has_no_picture_yet(site: ReadersSite, season: Rehearsal) -> None:
    """Its words are kept, because somebody wanted them changed; that alone shows nothing. An approval does."""
    message = next(m for m in season.messages if m.on.day == 20 and pictures_of(m))
    (picture,) = pictures_of(message)
    site.ledger.change_requests.add([message], who="Ada", role="editor", comment="No.", now=site.clock.now())
    assert 404 == site.client.get(f"/pictures/{picture.sha256}.png").status_code
    assert site.ledger.approvals.record(an_approval(message, at=site.clock.now()), message)
    assert 200 == site.client.get(f"/pictures/{picture.sha256}.png").status_code


# -- the archive --------------------------------------------------------------------------------------------------


def meta_of(page: str) -> dict[str, str]:
    return {
        n: unescape(v)
        for n, v in re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)"', page)
    }


def test_a_day_of_the_archive_has_its_picture_with_its_words(site: ReadersSite) -> None:
    answer = site.client.get(f"/c/{SLUG}/archive/2027-01-03")
    page, policy = answer.get_data(as_text=True), answer.headers["Content-Security-Policy"]
    (post,) = {m.item: m for m in sent(site, "post") if m.on.day == 3}.values()
    (of_mail,) = [m for m in sent(site, "email") if m.on.day == 3]
    assert isinstance(post.body, PostBody)
    assert post.body.picture is not None
    head = body_of(of_mail).head_picture
    assert head is not None
    images = [dict(re.findall(r'(src|alt)="([^"]*)"', image)) for image in re.findall(r"<img[^>]*>", page)]
    assert ["", post.body.alt_text] == [unescape(image["alt"]) for image in images]
    assert [f"/pictures/{one.sha256}.png" for one in (head, post.body.picture)] == [image["src"] for image in images]
    assert "img-src data: news.harbor-light.internal/pictures/ localhost/pictures/;" in policy
    meta = meta_of(page)
    assert meta["og:title"] == body_of(of_mail).subject
    assert meta["og:description"] == body_of(of_mail).preheader
    assert meta["og:image"] == picture_url(PUBLIC_URL, post.body.picture)
    assert meta["og:image:alt"] == post.body.alt_text
    assert meta["og:url"] == f"{PUBLIC_URL}/c/{SLUG}/archive/2027-01-03"
    assert meta["twitter:card"] == "summary_large_image"
    quiet = discreet(of_mail)
    assert quiet.subject not in page
    assert quiet.from_name not in page


def test_what_is_discreet_from_the_start_says_no_more_where_its_page_is_shared(site: ReadersSite) -> None:
    (message,) = [m for m in sent(site, "email") if m.on.day == 3]
    turned = with_head(message, discreet=True)
    with patch.object(site.ledger.lookups, "sent_message", lambda digest: turned if digest == message.digest else None):
        archive = Archive(site.project, site.ledger, site.app.site.fronts)
        with patch.object(site.app, "site", replace(site.app.site, archive=archive)):
            page = site.client.get(f"/c/{SLUG}/archive/2027-01-03").get_data(as_text=True)
    assert {
        "og:type": "article",
        "og:title": "Email of Sunday, January 3, 2027",
        "og:url": f"{PUBLIC_URL}/c/{SLUG}/archive/2027-01-03",
        "twitter:card": "summary",
    } == meta_of(page)


def test_programs_that_show_a_link_may_have_its_picture(site: ReadersSite) -> None:
    live = replace(site.app.site, project=replace(site.project, settings=replace(site.settings, mode=Mode.LIVE)))
    with patch.object(site.app, "site", live):
        assert "Allow: /pictures/" in site.client.get("/robots.txt").text


def test_the_form_says_who_sees_that_a_picture_is_loaded(site: ReadersSite) -> None:
    page = " ".join(site.client.get(f"/c/{SLUG}/subscribe").text.split())
    assert "from addresses that are the same for everybody, and nobody counts who loads them" in page


def test_the_feed_has_each_days_picture_with_its_words(site: ReadersSite) -> None:
    """As an enclosure and for programs that show pictures: by an address that is the same for all."""
    feed = ElementTree.fromstring(site.client.get(f"/c/{SLUG}/archive.xml").data)
    atom, media = "{http://www.w3.org/2005/Atom}", "{http://search.yahoo.com/mrss/}"
    posts = {m.on: m.body for m in sent(site, "post") if isinstance(m.body, PostBody)}
    entries = feed.findall(f"{atom}entry")
    assert len(entries) == len(posts) > 0
    for entry in entries:
        day = date.fromisoformat(entry.find(f"{atom}id").text[-10:])
        body, shown = posts[day], entry.find(f"{media}content")
        assert body.picture is not None
        address = picture_url(PUBLIC_URL, body.picture)
        (file,) = [link for link in entry.findall(f"{atom}link") if link.get("rel") == "enclosure"]
        assert (address, "image/png", str(body.picture.byte_length)) == (
            file.get("href"),
            file.get("type"),
            file.get("length"),
        )
        assert (address, "1200", "675") == (shown.get("url"), shown.get("width"), shown.get("height"))
        assert body.alt_text == shown.find(f"{media}description").text
        assert 200 == site.client.get(address.removeprefix(PUBLIC_URL)).status_code
