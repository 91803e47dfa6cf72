"""Signing in on the pages: what a browser is given, what it may send, and what nobody is told."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scheduler.domain.role import LINK_SPAN, TRIES_A_NAME_AND_NETWORK, TRY_WINDOW, form_token
from scheduler.services.doctor.check_accounts import failed_sign_ins
from scheduler.web.security.guard import COOKIE, FORM_FIELD
from tests.support.web_factory import NOW, PUBLIC_URL, Site

WORDS = "lantern oyster ribbon nine"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    made.ledger.accounts.add("Ada Example", "coordinator", who="the operator", now=NOW)
    yield made
    made.close()


def link(site: Site) -> str:
    return f"/sign-in/{site.ledger.accounts.make_sign_in_link('Ada Example', who='the operator', now=site.clock.now())}"


def token_in(answer: TestResponse) -> str:
    found = re.match(rf"{COOKIE}=([^;]*)", answer.headers.get("Set-Cookie", ""))
    return found[1] if found else ""


def is_signed_in(client: FlaskClient) -> bool:
    return 200 == client.get("/you").status_code


# -- by a link ------------------------------------------------------------------------------------------


def test_opening_a_link_uses_nothing_up(site: Site) -> None:
    """Scanners and previews open links; the page is the same for a good one and a bad one."""
    path = link(site)
    before = site.dump()
    good, bad = site.client.get(path), site.client.get("/sign-in/" + "A" * 43)
    site.client.head(path)
    assert before == site.dump()
    assert (200, good.data) == (bad.status_code, bad.data)
    assert "Set-Cookie" not in good.headers
    assert 303 == site.client.post(path).status_code


def test_pressing_the_button_signs_this_browser_in(site: Site) -> None:
    """It is led to the first page; the same link does nothing for the next one who presses it."""
    path = link(site)
    answer = site.client.post(path, headers={"Origin": "http://localhost"})
    assert (303, "/") == (answer.status_code, answer.headers["Location"])
    assert is_signed_in(site.client)
    other = site.app.test_client()
    assert 404 == other.post(path).status_code
    assert not is_signed_in(other)


@pytest.mark.parametrize(
    ("origin", "secure"),
    [("http://localhost", False), ("https://news.harbour.test", True), (None, True)],
)
def test_the_cookie_is_for_the_browser_alone(site: Site, origin: str | None, secure: bool) -> None:
    """No script reads it, no other site sends it along, and over HTTPS it goes nowhere else; on this machine itself
    there is no HTTPS. Without a word of the browser's the public address decides."""
    answer = site.client.post(link(site), headers={"Origin": origin} if origin else {})
    flags = {part.strip() for part in answer.headers["Set-Cookie"].split(";")[1:]}
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=604800"} <= flags
    assert secure == ("Secure" in flags)
    assert 43 == len(token_in(answer))


def test_the_cookie_stays_below_the_path_of_the_site(site: Site) -> None:
    """Other programs on the same host do not see it; pages lead to pages below the path."""
    answer = site.client.post(link(site), environ_overrides={"SCRIPT_NAME": "/news"})
    assert "Path=/news;" in answer.headers["Set-Cookie"] + ";"
    assert "/news/" == answer.headers["Location"]
    asked = site.app.test_client().get("/claims", environ_overrides={"SCRIPT_NAME": "/news"})
    assert "/news/sign-in?next=/claims" == asked.headers["Location"]


@pytest.mark.parametrize("told", [{"Origin": "https://elsewhere.test"}, {"Sec-Fetch-Site": "cross-site"}], ids=str)
def test_another_sites_page_signs_nobody_in(site: Site, told: dict[str, str]) -> None:
    """Neither by a link nor by a password: somebody would act in another's name without knowing."""
    site.ledger.accounts.set_password("Ada Example", WORDS, who="Ada", now=NOW)
    path = link(site)
    assert 403 == site.client.post(path, headers=told).status_code
    form = {"name": "Ada Example", "password": WORDS}
    assert 403 == site.client.post("/sign-in", data=form, headers=told).status_code
    assert not is_signed_in(site.client)
    assert 303 == site.client.post(path).status_code  # it was not used up


# -- by a password --------------------------------------------------------------------------------------


def test_a_password_signs_in_and_leads_where_one_wanted_to_go(site: Site) -> None:
    """From the page that asked for a sign-in back to it."""
    site.ledger.accounts.set_password("Ada Example", WORDS, who="Ada", now=NOW)
    asked = site.client.get("/deliveries?state=unknown")
    assert (303, "/sign-in?next=/deliveries%3Fstate%3Dunknown") == (asked.status_code, asked.headers["Location"])
    page = site.client.get(asked.headers["Location"]).get_data(as_text=True)
    back = re.search(r'name="next" value="([^"]*)"', page)
    assert back is not None
    form = {"name": " ada  EXAMPLE", "password": WORDS, "next": back[1]}
    answer = site.client.post("/sign-in", data=form)
    assert (303, "/deliveries?state=unknown") == (answer.status_code, answer.headers["Location"])
    assert is_signed_in(site.client)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.test/",
        "//elsewhere.test/",
        "/\\elsewhere.test",
        "javascript:alert(1)",
        "/a\r\nX: y",
        "/" + "x" * 600,
    ],
)
def test_signing_in_leads_to_no_other_site(site: Site, elsewhere: str) -> None:
    """Whoever made the link, and whatever it says."""
    site.ledger.accounts.set_password("Ada Example", WORDS, who="Ada", now=NOW)
    form = {"name": "Ada Example", "password": WORDS, "next": elsewhere}
    assert "/" == site.client.post("/sign-in", data=form).headers["Location"]
    assert 'name="next" value="/"' in site.client.get("/sign-in", query_string={"next": elsewhere}).get_data(
        as_text=True
    )


def test_a_wrong_password_and_a_name_that_is_none_look_alike(site: Site) -> None:
    """The same words and the same status, so that nobody learns who may sign in; what was typed as the name stays."""
    site.ledger.accounts.set_password("Ada Example", WORDS, who="Ada", now=NOW)
    wrong = site.client.post("/sign-in", data={"name": "Ada Example", "password": "not this one"})
    nobody = site.client.post("/sign-in", data={"name": "Bob Example", "password": "not this one"})
    assert (403, 403) == (wrong.status_code, nobody.status_code)
    assert wrong.get_data(as_text=True) == nobody.get_data(as_text=True).replace("Bob", "Ada")
    assert 'value="Ada Example"' in wrong.get_data(as_text=True)
    assert "not this one" not in wrong.get_data(as_text=True)
    assert "Set-Cookie" not in wrong.headers


def test_as_much_work_is_done_for_a_name_that_is_none(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password is looked at in either case: the time does not tell who is there."""
    from argon2 import PasswordHasher

    site.ledger.accounts.set_password("Ada Example", WORDS, who="Ada", now=NOW)
    looks: list[str] = []
    real = PasswordHasher.verify

    def counted(self: PasswordHasher, kept: str, password: bytes) -> bool:
        looks.append(kept.rsplit("$", 2)[0])
        return real(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    for name in ("Ada Example", "Nobody"):
        site.client.post("/sign-in", data={"name": name, "password": "not this one"})
    assert 2 == len(looks)
    assert looks[0] == looks[1]  # the same kind of work, with the same cost


def test_guessing_ends_after_a_few_tries_and_a_link_still_works(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Not even the right password is looked at then; the page is 429. Nobody is locked out for good."""
    site.ledger.accounts.set_password("Ada Example", WORDS, who="Ada", now=NOW)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scheduler.store.accounts.is_right", lambda password, kept: False)
        for n in range(TRIES_A_NAME_AND_NETWORK):
            assert (
                403 == site.client.post("/sign-in", data={"name": "Ada Example", "password": f"guess {n}"}).status_code
            )
    right = {"name": "Ada Example", "password": WORDS}
    with caplog.at_level(logging.WARNING):
        assert 429 == site.client.post("/sign-in", data=right).status_code
    assert "too many wrong passwords" in caplog.text
    assert "Ada" not in caplog.text
    assert 303 == site.app.test_client().post(link(site)).status_code
    site.clock.advance(TRY_WINDOW)
    assert 303 == site.client.post("/sign-in", data=right).status_code


# -- afterwards -----------------------------------------------------------------------------------------


def signed_in(site: Site) -> tuple[FlaskClient, str]:
    client = site.app.test_client()
    token = token_in(client.post(link(site), headers={"Origin": "http://localhost"}))
    return client, token


def signed_in_by_password(site: Site) -> tuple[FlaskClient, str]:
    client = site.app.test_client()
    return client, token_in(client.post("/sign-in", data={"name": "Ada Example", "password": WORDS}))


def test_signing_out_ends_the_session_and_not_only_the_cookie(site: Site) -> None:
    """A copy of the token is good for nothing after it."""
    client, token = signed_in(site)
    copy = site.app.test_client()
    copy.set_cookie(COOKIE, token)
    assert is_signed_in(copy)
    answer = client.post("/sign-out", data={FORM_FIELD: form_token(token)})
    assert (303, "/sign-in") == (answer.status_code, answer.headers["Location"])
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert not is_signed_in(copy)


def test_a_form_that_is_sent_after_the_session_ended_loses_nothing(site: Site) -> None:
    """Nothing is done; what was typed is shown to copy, and no token is among it. Markup in it is text."""
    client, token = signed_in(site)
    site.clock.advance(timedelta(days=8))
    typed = "Please soften <b>this</b> sentence."
    answer = client.post(
        "/you/password",
        data={FORM_FIELD: form_token(token), "comment": typed, "password": WORDS, "password-again": WORDS},
    )
    page = answer.get_data(as_text=True)
    assert 403 == answer.status_code
    assert "Please soften &lt;b&gt;this&lt;/b&gt; sentence." in page
    assert form_token(token) not in page
    assert WORDS not in page


def test_one_word_and_words_without_spaces_are_not_lost_either(site: Site) -> None:
    """Not every language puts spaces between its words. What travelled along unseen is not shown."""
    client, token = signed_in(site)
    site.clock.advance(timedelta(days=8))
    along = {FORM_FIELD: form_token(token), "seen": "x:" + "0" * 64, "channel": "email", "fingerprint": "1" * 64}
    typed = {"comment": "年を書いてください。", "f.post": "Why?", "reason": " "}
    page = client.post("/you/password", data={**along, **typed}).get_data(as_text=True)
    assert ["年を書いてください。", "Why?"] == re.findall(r"readonly>\n(.*?)</textarea>", page)


def test_another_password_asks_for_the_old_one_and_for_a_fresh_sign_in(site: Site) -> None:
    """Half an hour after signing in an unattended browser changes nothing."""
    site.ledger.accounts.set_password("Ada Example", WORDS, who="Ada", now=NOW)
    here, token = signed_in_by_password(site)
    new = "five other words of no use"
    form = {FORM_FIELD: form_token(token), "password": new, "password-again": new}
    assert "The password that you have" in here.get("/you").text
    wrong = here.post("/you/password", data={**form, "password-old": "not this one"})
    assert (409, True) == (wrong.status_code, "The password that you have now is another one" in wrong.text)
    site.clock.jump(NOW + timedelta(minutes=31))
    late = here.post("/you/password", data={**form, "password-old": WORDS})
    assert (409, True) == (late.status_code, "This needs a sign-in of the last 30 minutes" in late.text)
    here, token = signed_in_by_password(site)
    (failed,) = site.ledger.events.of_kinds("person.sign_in_failed")
    assert ("Ada Example", 12) == (failed.who, len(str(failed.data["network"]))), "kept like a failed sign-in"
    assert "1 wrong password was typed for your name" in here.get("/you").text
    form = {**form, FORM_FIELD: form_token(token), "password-old": WORDS}
    assert 303 == here.post("/you/password", data=form).status_code
    assert 303 == site.client.post("/sign-in", data={"name": "Ada Example", "password": new}).status_code


def test_a_link_that_a_coordinator_made_is_the_way_out_of_a_lost_password(site: Site) -> None:
    """Nobody is asked for what they have lost, as long as the sign-in by the link is fresh."""
    site.ledger.accounts.set_password("Ada Example", WORDS, who="Ada", now=NOW)
    here, token = signed_in(site)
    new = "five other words of no use"
    form = {FORM_FIELD: form_token(token), "password": new, "password-again": new}
    assert "The password that you have" not in here.get("/you").text
    site.clock.jump(NOW + timedelta(minutes=31))
    assert 409 == here.post("/you/password", data=form).status_code
    here, token = signed_in(site)
    assert 303 == here.post("/you/password", data={**form, FORM_FIELD: form_token(token)}).status_code
    assert 303 == site.client.post("/sign-in", data={"name": "Ada Example", "password": new}).status_code


def test_wrong_passwords_are_in_the_history_and_told_to_the_person(site: Site) -> None:
    """By name where there is one, and by a word for the network; never what was typed. doctor counts them."""
    site.ledger.accounts.set_password("Ada Example", WORDS, who="Ada", now=NOW)
    for name in ("Ada Example", "Ada Example", "my secret, in the wrong field"):
        site.client.post("/sign-in", data={"name": name, "password": "not this one"})
    failed = site.ledger.events.of_kinds("person.sign_in_failed")
    assert ["Ada Example", "Ada Example", ""] == [e.data["name"] for e in failed]
    assert {12} == {len(str(e.data["network"])) for e in failed}
    assert "wrong field" not in repr(failed)
    assert "not this" not in repr(failed)
    site.clock.jump(NOW + timedelta(minutes=1))
    here = site.client
    went = here.post("/sign-in", data={"name": "Ada Example", "password": WORDS, "next": "/claims"})
    assert "a wrong password was typed for your name" in here.get(went.headers["Location"]).text
    assert "a wrong password was typed" not in here.get("/claims").text, "once"
    page = here.get("/you").get_data(as_text=True)
    assert "2 wrong passwords were typed for your name before you signed in" in page
    site.clock.jump(NOW + timedelta(minutes=2))
    again, _ = signed_in(site)
    assert "wrong password" not in again.get("/you").get_data(as_text=True), "told once"
    examined: Any = SimpleNamespace(now=site.clock.now(), ledger=site.ledger)
    (line,) = failed_sign_ins(examined)
    assert "3 wrong passwords in the last 7 days" in line.said
    assert "2 for Ada Example, 1 for names that nobody has" in line.said


def test_ones_own_password_is_chosen_on_a_page(site: Site) -> None:
    """Typed twice, long enough, no name; other browsers are signed out, this one is not."""
    here, token = signed_in(site)
    there, _ = signed_in(site)
    form = {FORM_FIELD: form_token(token)}
    for one, two, said in (
        (WORDS, WORDS + "x", "not the same"),
        ("short", "short", "at least 12"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "guessed at once"),
    ):
        answer = here.post("/you/password", data={**form, "password": one, "password-again": two})
        assert (409, True) == (answer.status_code, said in answer.get_data(as_text=True))
        assert not any(p.has_password for p in site.ledger.accounts.all())
    assert 303 == here.post("/you/password", data={**form, "password": WORDS, "password-again": WORDS}).status_code
    assert (True, False) == (is_signed_in(here), is_signed_in(there))
    assert 303 == site.client.post("/sign-in", data={"name": "Ada Example", "password": WORDS}).status_code


def test_one_browser_ends_all_others(site: Site) -> None:
    """For a telephone that was lost."""
    here, token = signed_in(site)
    there, _ = signed_in(site)
    here.post("/you/sign-out-elsewhere", data={FORM_FIELD: form_token(token)})
    assert (True, False) == (is_signed_in(here), is_signed_in(there))


def test_secrets_of_signing_in_are_in_no_log_and_no_history(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Not a token, not a password, also when a page fails; the history has the name."""
    site.ledger.accounts.set_password("Ada Example", WORDS, who="Ada", now=NOW)
    with caplog.at_level(logging.DEBUG):
        path = link(site)
        client = site.app.test_client()
        token = token_in(client.post(path))
        client.post("/sign-in", data={"name": "Ada Example", "password": WORDS})
        client.post("/sign-in", data={"name": "Ada Example", "password": "not this one at all"})
        site.ledger.close()
        site.file.write_bytes(b"no database")
        client.get("/you")
        site.client.post(path)
    for secret in (path.rpartition("/")[2], token, WORDS, "not this one at all"):
        assert secret not in caplog.text


def test_pages_of_signing_in_tell_no_one_where_they_are(site: Site) -> None:
    """The address holds a token: nobody else is told it, and nobody keeps the page."""
    for answer in (site.client.get(link(site)), site.client.post("/sign-in/" + "A" * 43), site.client.get("/sign-in")):
        assert "strict-origin" == answer.headers["Referrer-Policy"]
        assert "no-store" == answer.headers["Cache-Control"]
        assert "noindex" in answer.headers["X-Robots-Tag"]
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script" not in policy


def test_a_link_is_good_for_half_an_hour_as_the_page_says(site: Site) -> None:
    """The words and the rule are one."""
    path = link(site)
    assert "half an hour" in site.client.get(path).get_data(as_text=True)
    assert timedelta(minutes=30) == LINK_SPAN
    assert PUBLIC_URL.startswith("https://")
