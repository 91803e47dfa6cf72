"""Every route, and who may take it: a table that is written down by hand, tried out role by role.

**You add a route?** Say in the code who it is for (``who=``, see scheduler/web/routing.py), and add its line to
:data:`TABLE`, one for each method and address, with one of

* ``EVERYBODY``: no sign-in, no token: pages that show everybody the same, health, sign-in;
* a set of roles (``LOOK``, ``REVIEW``, ``HOLD``, ``RUN`` or your own): people who signed in;
* ``BY_LINK``: the token in the address decides. Add the address to :data:`LINKS`, with a function that makes a good
  address and one for each way in which it can be bad (unknown, expired, revoked, made for something else): all bad
  ones must be answered with the same status and the same words;
* ``BY_KEY``: an API key decides. Add it to :data:`KEYS` in the same way, with headers in the place of addresses;
* ``BY_SIGNATURE``: a provider signs.

A part of an address in angle brackets is filled from :data:`SAMPLES`. What a route does is not this test's business:
it must only be refused to those who may not, and reached by those who may.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scheduler.domain.api_key import Scope
from scheduler.domain.invitation import USUAL_SPAN
from scheduler.domain.role import LINK_SPAN, Right, form_token
from scheduler.services.subscribers import CONFIRM_WITHIN, sign_up
from scheduler.web.routing import Guard, Pages, UndeclaredRoute
from scheduler.web.security.guard import COOKIE, FORM_FIELD
from scheduler.wiring import preferences_url
from tests.support.acting import acting
from tests.support.review_desk import desk_of
from tests.support.web_factory import NOW, PUBLIC_URL, ROOT, Site

CAMPAIGN = "human-trafficking-prevention"

EVERYBODY, BY_LINK, BY_KEY, BY_SIGNATURE = "everybody", "by link", "by key", "by signature"
COORDINATOR, HOLDER, DEPUTY, REVIEWER, BOARD = "coordinator", "hold-holder", "deputy", "fact-reviewer", "board-viewer"
ROLES = (COORDINATOR, HOLDER, DEPUTY, REVIEWER, BOARD)

LOOK = {COORDINATOR, HOLDER, DEPUTY, REVIEWER, BOARD}
REVIEW = {COORDINATOR, HOLDER, DEPUTY, REVIEWER}
HOLD = {COORDINATOR, HOLDER, DEPUTY}
RUN = {COORDINATOR}

#: (method, address) -> who may. HEAD goes with GET.
TABLE: dict[tuple[str, str], str | set[str]] = {
    # health
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    # readers
    ("GET", "/u/check"): EVERYBODY,
    ("GET", "/u/check/<number>"): EVERYBODY,
    ("POST", "/u/check/<number>"): EVERYBODY,
    ("GET", "/u/<token>"): EVERYBODY,
    ("POST", "/u/<token>"): BY_LINK,
    ("GET", "/subscribe"): EVERYBODY,
    ("POST", "/subscribe"): EVERYBODY,
    ("GET", "/confirm/<token>"): BY_LINK,
    ("POST", "/confirm/<token>"): BY_LINK,
    ("GET", "/preferences/<token>"): BY_LINK,
    ("POST", "/preferences/<token>"): BY_LINK,
    ("GET", "/u/<token>/undo"): BY_LINK,
    ("POST", "/u/<token>/undo"): BY_LINK,
    ("GET", "/preferences/<token>/known"): BY_LINK,
    ("GET", "/preferences/<token>/known.json"): BY_LINK,
    ("GET", "/archive"): EVERYBODY,
    ("GET", "/archive/<place>"): EVERYBODY,
    ("GET", "/archive.xml"): EVERYBODY,
    ("GET", "/pictures/<digest>.png"): EVERYBODY,
    ("GET", "/pictures/<digest>.jpg"): EVERYBODY,
    ("GET", "/c/u/check"): EVERYBODY,
    ("GET", "/c/u/check/<number>"): EVERYBODY,
    ("POST", "/c/u/check/<number>"): EVERYBODY,
    ("GET", "/c/<slug>/u/<token>"): EVERYBODY,
    ("POST", "/c/<slug>/u/<token>"): BY_LINK,
    ("GET", "/c/<slug>/subscribe"): EVERYBODY,
    ("POST", "/c/<slug>/subscribe"): EVERYBODY,
    ("GET", "/c/<slug>/confirm/<token>"): BY_LINK,
    ("POST", "/c/<slug>/confirm/<token>"): BY_LINK,
    ("GET", "/c/<slug>/preferences/<token>"): BY_LINK,
    ("POST", "/c/<slug>/preferences/<token>"): BY_LINK,
    ("GET", "/c/<slug>/u/<token>/undo"): BY_LINK,
    ("POST", "/c/<slug>/u/<token>/undo"): BY_LINK,
    ("GET", "/c/<slug>/not-me/<token>"): EVERYBODY,
    ("POST", "/c/<slug>/not-me/<token>"): EVERYBODY,
    ("GET", "/c/<slug>/preferences/<token>/known"): BY_LINK,
    ("GET", "/c/<slug>/preferences/<token>/known.json"): BY_LINK,
    ("GET", "/c/<slug>/archive"): EVERYBODY,
    ("GET", "/c/<slug>/archive/<place>"): EVERYBODY,
    ("GET", "/c/<slug>/archive.xml"): EVERYBODY,
    ("GET", "/robots.txt"): EVERYBODY,
    ("GET", "/favicon.ico"): EVERYBODY,
    ("GET", "/exit.js"): EVERYBODY,
    ("GET", "/public-sans.woff2"): EVERYBODY,
    ("POST", "/webhooks/sendgrid"): BY_SIGNATURE,
    # programs
    ("GET", "/api/v1/openapi.json"): EVERYBODY,
    ("GET", "/api/v1/"): BY_KEY,
    ("GET", "/api/v1/campaigns"): BY_KEY,
    ("GET", "/api/v1/campaigns/<campaign>/seasons/<year>/plan"): BY_KEY,
    ("GET", "/api/v1/items/<item>"): BY_KEY,
    ("POST", "/api/v1/items/<item>/approvals"): BY_KEY,
    ("POST", "/api/v1/items/<item>/change-requests"): BY_KEY,
    ("GET", "/api/v1/items/<item>/comments"): BY_KEY,
    ("POST", "/api/v1/items/<item>/comments"): BY_KEY,
    ("GET", "/api/v1/findings"): BY_KEY,
    ("GET", "/api/v1/status"): BY_KEY,
    ("GET", "/api/v1/report"): BY_KEY,
    ("GET", "/api/v1/deliveries"): BY_KEY,
    ("GET", "/api/v1/deliveries/<delivery>"): BY_KEY,
    ("POST", "/api/v1/deliveries/<delivery>/resolution"): BY_KEY,
    ("GET", "/api/v1/holds"): BY_KEY,
    ("POST", "/api/v1/holds"): BY_KEY,
    ("POST", "/api/v1/holds/release"): BY_KEY,
    ("GET", "/api/v1/events"): BY_KEY,
    ("GET", "/api/v1/subscribers/count"): BY_KEY,
    # signing in
    ("GET", "/sign-in"): EVERYBODY,
    ("POST", "/sign-in"): EVERYBODY,
    ("GET", "/sign-in/<token>"): EVERYBODY,
    ("POST", "/sign-in/<token>"): BY_LINK,
    ("POST", "/sign-out"): LOOK,
    # the coordinator's pages
    ("GET", "/"): LOOK,
    ("GET", "/calendar"): LOOK,
    ("GET", "/calendar/<season>"): LOOK,
    ("POST", "/calendar/<season>/weeks/<week>/approve"): REVIEW,
    ("GET", "/thumbnails/<digest>.png"): LOOK,
    ("GET", "/items/<item_id>"): LOOK,
    ("POST", "/items/<item_id>/approve"): REVIEW,
    ("POST", "/items/<item_id>/request-changes"): REVIEW,
    ("POST", "/items/<item_id>/withdraw-request"): REVIEW,
    ("POST", "/approve-alike"): REVIEW,
    ("POST", "/acknowledge"): RUN,
    ("POST", "/items/<item_id>/take-back"): REVIEW,
    ("POST", "/see-records"): REVIEW,
    ("POST", "/items/<item_id>/answer-requests"): REVIEW,
    ("POST", "/items/<item_id>/settle-requests"): REVIEW,
    ("POST", "/items/<item_id>/comments"): LOOK,
    ("POST", "/items/<item_id>/skip"): RUN,
    ("GET", "/items/<item_id>/edit"): RUN,
    ("POST", "/items/<item_id>/edit"): RUN,
    ("GET", "/claims/<record_id>/edit"): RUN,
    ("POST", "/claims/<record_id>/edit"): RUN,
    ("GET", "/contacts/<record_id>/edit"): RUN,
    ("POST", "/contacts/<record_id>/edit"): RUN,
    ("GET", "/discreet/<record_id>/edit"): RUN,
    ("POST", "/discreet/<record_id>/edit"): RUN,
    ("GET", "/editing.js"): RUN,
    ("GET", "/copy.js"): LOOK,
    ("GET", "/to-post/<delivery_id>"): LOOK,
    ("POST", "/to-post/<delivery_id>"): LOOK,
    ("GET", "/to-post/<delivery_id>/picture/<size>"): LOOK,
    ("GET", "/claims"): LOOK,
    ("POST", "/claims/<record_id>/sign"): REVIEW,
    ("GET", "/contacts"): LOOK,
    ("POST", "/contacts/<record_id>/sign"): REVIEW,
    ("GET", "/questions"): LOOK,
    ("POST", "/questions/<subject>/<record_id>/answer"): REVIEW,
    ("GET", "/deliveries"): LOOK,
    ("POST", "/deliveries/<delivery_id>/resolve"): RUN,
    ("GET", "/holds"): LOOK,
    ("POST", "/holds"): HOLD,
    ("POST", "/holds/resume"): HOLD,
    ("POST", "/holds/gentle"): HOLD,
    ("POST", "/holds/passed-over/<delivery_id>"): HOLD,
    ("GET", "/subscribers"): LOOK,
    ("GET", "/invitations"): RUN,
    ("POST", "/invitations"): RUN,
    ("POST", "/invitations/revoke"): RUN,
    ("GET", "/report"): LOOK,
    ("GET", "/report/file.<kind>"): LOOK,
    ("GET", "/audit"): RUN,
    ("GET", "/audit/file.csv"): RUN,
    ("GET", "/you"): LOOK,
    ("POST", "/you/password"): LOOK,
    ("POST", "/you/sign-out-elsewhere"): LOOK,
    # reviewers who were invited
    ("GET", "/r/<token>"): BY_LINK,
    ("POST", "/r/<token>"): BY_LINK,
    ("POST", "/r/<token>/records"): BY_LINK,
    ("GET", "/r/<token>/weeks/<week>"): BY_LINK,
    ("POST", "/r/<token>/weeks/<week>"): BY_LINK,
    ("GET", "/r/<token>/items/<item>"): BY_LINK,
    ("POST", "/r/<token>/items/<item>"): BY_LINK,
    ("GET", "/r/<token>/finish"): BY_LINK,
    ("GET", "/r/<token>/claims"): BY_LINK,
    ("POST", "/r/<token>/claims"): BY_LINK,
}

SAMPLES = {
    "number": "0" * 32,
    "name": "0" * 64,
    "digest": "0" * 64,
    "size": "1200x675",
    "slug": "c7w4mkp",
    "place": "2027-01-11",
    "token": "A" * 43,
    "item": "awareness-day",
    "item_id": "awareness-day",
    "season": "2027",
    "week": "1",
    "record_id": "none",
    "subject": "item",
    "delivery_id": "1",
    "kind": "csv",
}


class House(Site):
    """A site with the shipped month in it, and a person in each role."""

    def __init__(self, folder: Path, *, ledger_url: str = "") -> None:
        super().__init__(folder, ledger_url=ledger_url)
        shutil.rmtree(folder / "campaigns")
        for part in ("campaigns", "templates"):
            shutil.copytree(ROOT / part, folder / part)
        for role in ROLES:
            self.ledger.accounts.add(f"Person {role}", role, who="the operator", now=NOW)

    def session(self, role: str) -> str:
        link = self.ledger.accounts.make_sign_in_link(f"Person {role}", who="the operator", now=self.clock.now())
        return self.ledger.accounts.use_sign_in_link(link or "", now=self.clock.now()) or ""

    def client_of(self, role: str | None) -> FlaskClient:
        """A browser in which somebody of that role is signed in; None: nobody is."""
        client = self.app.test_client()
        if role is not None:
            client.set_cookie(COOKIE, self.session(role))
        return client


def good_leaving(house: House) -> str:
    """As in the mails of earlier releases; those of this one have the campaign's slug before it."""
    (subscriber,) = house.add_test_subscribers(1, CAMPAIGN)
    return house.link(subscriber, CAMPAIGN).removeprefix("/c/c7w4mkp")


def good_confirmation(house: House) -> str:
    """As in the mail of somebody who signed up just now; the day's limit is over."""
    house.clock.advance(timedelta(days=1, seconds=1))
    done = sign_up(acting(house.ledger, house.clock.now()), CAMPAIGN, "new@readers.example", what="emails", wording="1")
    return f"/confirm/{done.token}"


def _late_confirmation(house: House) -> str:
    path = good_confirmation(house)
    house.clock.advance(CONFIRM_WITHIN)
    return path


def _replaced_confirmation(house: House) -> str:
    path = good_confirmation(house)
    good_confirmation(house)
    return path


def good_choices(house: House) -> str:
    (subscriber,) = house.add_test_subscribers(1, CAMPAIGN)
    return preferences_url(house.project, CAMPAIGN)(subscriber).removeprefix(f"{PUBLIC_URL}/c/c7w4mkp")


def _deleted(house: House) -> str:
    path = good_choices(house)
    house.ledger.subscribers.erase("reader0@readers.test", who="reader", now=house.clock.now())
    return path


def good_sign_in(house: House) -> str:
    return f"/sign-in/{house.ledger.accounts.make_sign_in_link('Person deputy', who='x', now=house.clock.now())}"


def _used(house: House) -> str:
    path = good_sign_in(house)
    house.client_of(None).post(path)
    return path


def _late(house: House) -> str:
    path = good_sign_in(house)
    house.clock.advance(LINK_SPAN)
    return path


def _replaced(house: House) -> str:
    path = good_sign_in(house)
    good_sign_in(house)
    return path


def _removed(house: House) -> str:
    path = good_sign_in(house)
    house.ledger.accounts.remove("Person deputy", who="x", now=house.clock.now())
    return path


def _reading(house: House) -> str:
    desk = desk_of(house.project, house.ledger, CAMPAIGN, 2027)
    return desk.invite("Ben Example", REVIEWER, by="Ada").link.removeprefix(PUBLIC_URL)


def _reading_revoked(house: House) -> str:
    path = _reading(house)
    desk_of(house.project, house.ledger, CAMPAIGN, 2027).revoke("Ben Example", by="Ada")
    return path


def _reading_late(house: House) -> str:
    path = _reading(house)
    house.clock.advance(USUAL_SPAN)
    return path


def _reading_replaced(house: House) -> str:
    path = _reading(house)
    _reading(house)
    return path


Links = tuple[Callable[[House], str], dict[str, Callable[[House], str]]]


def _below_reading(place: str) -> Links:
    """The pages of an invited reviewer: one token opens all of them."""

    def below(make: Callable[[House], str]) -> Callable[[House], str]:
        return lambda house: make(house) + place

    bad = {
        "unknown": lambda house: "/r/" + "A" * 43,
        "cut off": lambda house: _reading(house)[:-4],
        "expired": _reading_late,
        "revoked": _reading_revoked,
        "replaced": _reading_replaced,
        "of another purpose": lambda house: good_sign_in(house).replace("/sign-in/", "/r/"),
    }
    return below(_reading), {why: below(make) for why, make in bad.items()}


#: address -> (makes a good one, {why it is bad: makes a bad one}).
LINKS: dict[str, Links] = {
    "/r/<token>": _below_reading(""),
    "/r/<token>/weeks/<week>": _below_reading("/weeks/1"),
    "/r/<token>/items/<item>": _below_reading("/items/awareness-day"),
    "/r/<token>/finish": _below_reading("/finish"),
    "/r/<token>/claims": _below_reading("/claims"),
    "/r/<token>/records": _below_reading("/records"),
    "/u/<token>": (
        good_leaving,
        {
            "unknown": lambda house: "/u/" + "A" * 43,
            "cut off": lambda house: good_leaving(house)[:-4],
            "of another purpose": lambda house: good_sign_in(house).replace("/sign-in/", "/u/"),
        },
    ),
    "/confirm/<token>": (
        good_confirmation,
        {
            "unknown": lambda house: "/confirm/" + "A" * 43,
            "cut off": lambda house: good_confirmation(house)[:-4],
            "expired": _late_confirmation,
            "replaced": _replaced_confirmation,
            "of another purpose": lambda house: good_choices(house).replace("/preferences/", "/confirm/"),
        },
    ),
    "/preferences/<token>": (
        good_choices,
        {
            "unknown": lambda house: "/preferences/" + "A" * 44,
            "cut off": lambda house: good_choices(house)[:-4],
            "of one who was deleted": _deleted,
            "of another purpose": lambda house: good_leaving(house).replace("/u/", "/preferences/"),
        },
    ),
    "/sign-in/<token>": (
        good_sign_in,
        {
            "unknown": lambda house: "/sign-in/" + "A" * 43,
            "no token": lambda house: "/sign-in/x",
            "used": _used,
            "expired": _late,
            "replaced": _replaced,
            "of one who was removed": _removed,
            "of another purpose": lambda house: good_leaving(house).replace("/u/", "/sign-in/"),
        },
    ),
}


def _with_slug(links: Links) -> Links:
    """The same tokens at the address that the mails of this release have."""

    def below(make: Callable[[House], str]) -> Callable[[House], str]:
        return lambda house: "/c/c7w4mkp" + make(house)

    return below(links[0]), {why: below(make) for why, make in links[1].items()}


def _and(links: Links, end: str) -> Links:
    """What stands below the address of the same token."""

    def below(make: Callable[[House], str]) -> Callable[[House], str]:
        return lambda house: make(house) + end

    return below(links[0]), {why: below(make) for why, make in links[1].items()}


LINKS |= {
    f"{rule}{end}": _and(LINKS[rule], end)
    for rule, end in (
        ("/u/<token>", "/undo"),
        ("/preferences/<token>", "/known"),
        ("/preferences/<token>", "/known.json"),
    )
}
LINKS |= {
    f"/c/<slug>{rule}": _with_slug(LINKS[rule])
    for rule in LINKS
    if rule.startswith(("/u/<token>", "/confirm/<token>", "/preferences/<token>"))
}


def _key(house: House, scope: str, *, lasts: timedelta = timedelta(days=1)) -> dict[str, str]:
    house.clock.advance(timedelta(minutes=1))  # beyond the limit of tries without a good key
    now, name = house.clock.now(), f"key-{len(house.ledger.api_keys.all())}"
    token = house.ledger.api_keys.add(
        name, Scope(scope), person="Person deputy", role="deputy", expires_at=now + lasts, who="x", now=now
    )
    return {"Authorization": f"Bearer {token}"}


def _revoked_key(house: House) -> dict[str, str]:
    headers = _key(house, "operate")
    house.ledger.api_keys.revoke(house.ledger.api_keys.all()[-1].name, who="x", now=house.clock.now())
    return headers


_BAD_KEYS: dict[str, Callable[[House], dict[str, str]]] = {
    "unknown": lambda house: {"Authorization": "Bearer obs_" + "A" * 43},
    "no key": lambda house: {"Authorization": "Bearer x"},
    "in another place": lambda house: {"X-Api-Key": _key(house, "operate")["Authorization"].removeprefix("Bearer ")},
    "expired": lambda house: _key(house, "operate", lasts=timedelta(0)),
    "revoked": _revoked_key,
    "a session's": lambda house: {"Authorization": "Bearer " + house.session(COORDINATOR)},
}
_SCOPES = {
    "/api/v1/items/<item>/approvals": "review",
    "/api/v1/items/<item>/change-requests": "review",
    "/api/v1/items/<item>/comments": "review",
    "/api/v1/deliveries/<delivery>/resolution": "operate",
    "/api/v1/holds": "operate",
    "/api/v1/holds/release": "operate",
}
SAMPLES |= {"campaign": CAMPAIGN, "year": "2027", "delivery": "1"}


def _with_key(scope: str) -> Callable[[House], dict[str, str]]:
    return lambda house: _key(house, scope)


#: address -> (headers with a good key, {why they are bad: headers}).
KEYS: dict[str, tuple[Callable[[House], dict[str, str]], dict[str, Callable[[House], dict[str, str]]]]] = {
    address: (_with_key(_SCOPES.get(address, "read")), _BAD_KEYS)
    for (_, address), who in TABLE.items()
    if who == BY_KEY
}


def routes(app: Pages) -> dict[tuple[str, str], str]:
    """(method, address) -> endpoint, of all that can be asked for."""
    found = {}
    for rule in app.url_map.iter_rules():
        address = re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", rule.rule)
        for method in rule.methods or ():
            if method != "HEAD":
                found[method, address] = rule.endpoint
    return found


def filled(address: str) -> str:
    return re.sub(r"<(\w+)>", lambda m: SAMPLES[m[1]], address)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    house = House(tmp_path_factory.mktemp("routes"))
    yield house.app
    house.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.close()


def ask(client: FlaskClient, method: str, path: str, session: str = "") -> TestResponse:
    form = {FORM_FIELD: form_token(session)} if session and method != "GET" else None
    return client.open(path, method=method, data=form)


def was_refused(answer: TestResponse) -> bool:
    """Turned away: not allowed, or sent to sign in."""
    return answer.status_code in (401, 403) or answer.headers.get("Location", "").startswith("/sign-in")


def test_every_route_stands_in_the_table(app: Pages) -> None:
    """No route that nobody has thought about, and no line for a route that is not there."""
    assert TABLE.keys() == routes(app).keys()


def test_what_the_code_declares_is_what_the_table_says(app: Pages) -> None:
    """The two say the same of each route, so that a slip in one of them shows."""
    words = {Guard.ANYBODY: EVERYBODY, Guard.LINK: BY_LINK, Guard.KEY: BY_KEY, Guard.SIGNED: BY_SIGNATURE}
    rights = {Right.LOOK: LOOK, Right.COMMENT: LOOK, Right.REVIEW: REVIEW, Right.HOLD: HOLD, Right.RUN: RUN}
    declared = {}
    for route, endpoint in routes(app).items():
        who = app.who_may(endpoint)
        declared[route] = rights[who] if isinstance(who, Right) else words[who]
    assert TABLE == declared


def test_a_route_that_says_nothing_is_refused_at_the_start() -> None:
    """It cannot be registered, so the program does not start with it."""
    app = Pages("scheduler.web", static_folder=None)
    with pytest.raises(UndeclaredRoute, match="/secret"):
        app.get("/secret")(lambda: "")
    with pytest.raises(UndeclaredRoute):
        app.add_url_rule("/secret", "secret", lambda: "", who="coordinator")  # type: ignore[arg-type]
    assert [] == list(app.url_map.iter_rules())


def test_two_routes_of_one_name_are_for_the_same_people() -> None:
    """A second address for a view cannot open it to others."""
    app = Pages("scheduler.web", static_folder=None)
    app.add_url_rule("/one", "page", lambda: "", who=Right.RUN)
    with pytest.raises(UndeclaredRoute):
        app.add_url_rule("/two", "page", who=Guard.ANYBODY)


@pytest.mark.parametrize("role", [None, *ROLES])
def test_each_role_reaches_what_it_may_and_nothing_else(house: House, role: str | None) -> None:
    """Every route that asks for a sign-in, by somebody in each role and by nobody. Forms carry what they should."""
    reached = {}
    for (method, address), who in TABLE.items():
        if not isinstance(who, set):
            continue
        client = house.app.test_client()
        session = house.session(role) if role else ""
        if session:
            client.set_cookie(COOKIE, session)
        reached[method, address] = not was_refused(ask(client, method, filled(address), session))
    wanted = {route: role in who for route, who in TABLE.items() if isinstance(who, set)}
    if role == COORDINATOR or role is None:  # the way of signing out leads to where one signs in
        reached.pop(("POST", "/sign-out")), wanted.pop(("POST", "/sign-out"))
    else:
        reached["POST", "/sign-out"] = True
    assert wanted == reached


@pytest.mark.parametrize("role", [None, BOARD])
def test_what_is_for_everybody_turns_nobody_away(house: House, role: str | None) -> None:
    """Signed in or not."""
    open_to_all = [route for route, who in TABLE.items() if who == EVERYBODY and route != ("POST", "/sign-in")]
    client = house.client_of(role)
    assert [] == [route for route in open_to_all if was_refused(ask(client, route[0], filled(route[1])))]


def test_each_form_is_refused_without_its_token(house: House) -> None:
    """Whatever the role: a form that does not come from our page does nothing."""
    session = house.session(COORDINATOR)
    other = form_token(house.session(COORDINATOR))
    for (method, address), who in TABLE.items():
        if method == "GET" or not isinstance(who, set):
            continue
        for form in ({}, {FORM_FIELD: ""}, {FORM_FIELD: "x"}, {FORM_FIELD: session}, {FORM_FIELD: other}):
            client = house.app.test_client()
            client.set_cookie(COOKIE, session)
            assert 403 == client.open(filled(address), method=method, data=form).status_code, address


@pytest.mark.parametrize(
    "told",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elsewhere.test"},
        {"Origin": "null"},
    ],
    ids=str,
)
def test_each_form_is_refused_that_another_sites_page_sends(house: House, told: dict[str, str]) -> None:
    """The browser says where it comes from; a form that is right in all else is not believed against its word."""
    session = house.session(COORDINATOR)
    for (method, address), who in TABLE.items():
        if method == "GET" or not isinstance(who, set):
            continue
        client = house.app.test_client()
        client.set_cookie(COOKIE, session)
        form = {FORM_FIELD: form_token(session)}
        assert 403 == client.open(filled(address), method=method, data=form, headers=told).status_code, address


def test_unknown_expired_revoked_and_foreign_sessions_look_alike(house: House) -> None:
    """Status, headers and words: who tries tokens learns nothing of how one is bad."""
    ended = house.session(DEPUTY)
    standing = house.ledger.accounts.session_of(ended, now=house.clock.now())
    assert standing is not None
    house.ledger.accounts.end_session(standing.id, now=house.clock.now())
    removed = house.session(BOARD)
    house.ledger.accounts.remove(f"Person {BOARD}", who="x", now=house.clock.now())
    expired = house.session(REVIEWER)
    house.clock.advance(timedelta(days=8))
    foreign = good_sign_in(house).removeprefix("/sign-in/")
    bad = {"none": "", "unknown": "A" * 43, "ended": ended, "removed": removed, "expired": expired, "foreign": foreign}
    answers = {}
    for why, token in bad.items():
        client = house.app.test_client()
        client.set_cookie(COOKIE, token)
        answer = ask(client, "POST", "/sign-out", token)
        answers[why] = (answer.status_code, answer.data, sorted(answer.headers.items()))
    assert {403} == {status for status, _, _ in answers.values()}
    assert 1 == len({repr(answer) for answer in answers.values()})


def _link_lines() -> list[tuple[str, str]]:
    return [route for route, who in TABLE.items() if who == BY_LINK]


@pytest.mark.parametrize(("method", "address"), _link_lines())
def test_a_good_link_opens_and_all_bad_ones_look_alike(tmp_path: Path, method: str, address: str) -> None:
    """Signed in or not makes no difference to a link."""
    good, bad = LINKS[address]
    answers = {}
    for number, (why, path_of) in enumerate({"good": good, **bad}.items()):
        house = House(tmp_path / str(number))
        answer = ask(house.client_of(None), method, path_of(house))
        answers[why] = (answer.status_code, re.sub(rb"[0-9a-f]{64}", b"", answer.data))
        house.close()
    status, _ = answers.pop("good")
    assert status not in (401, 403, 404)  # what an empty form does there is not asked here
    assert 1 == len(set(answers.values())), answers
    assert {404} == {status for status, _ in answers.values()}


def test_a_good_key_opens_and_all_bad_ones_look_alike(house: House) -> None:
    """No session and no cookie stands in for a key."""
    for method, address in [route for route, who in TABLE.items() if who == BY_KEY]:
        good, bad = KEYS[address]
        reached = house.client_of(None).open(filled(address), method=method, headers=good(house))
        assert reached.status_code not in (401, 403)
        client = house.client_of(COORDINATOR)
        answers = {
            why: client.open(filled(address), method=method, headers=headers(house)) for why, headers in bad.items()
        }
        answers["a session"] = client.open(filled(address), method=method)
        assert {401} == {answer.status_code for answer in answers.values()}
        assert 1 == len({answer.data for answer in answers.values()})


def test_a_signature_is_all_that_counts_for_a_report(house: House) -> None:
    """A coordinator's session is not one."""
    for (method, address), who in TABLE.items():
        if who == BY_SIGNATURE:
            assert house.client_of(COORDINATOR).open(address, method=method).status_code in (403, 404)
