"""No road leads a hidden character to a reader: each file that is loaded, each field that is typed into.

What counts as one, and what does not, is tested in test_hidden.py.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.cli.main import COMMANDS, TYPED, main, parser_of
from scheduler.content.checks import load_lint_pack
from scheduler.content.load.campaign_files import load_campaign
from scheduler.domain.finding import Finding, Severity
from scheduler.errors import UsageError
from scheduler.services.subscribers import sign_up
from scheduler.settings import SettingsError
from scheduler.wiring import load_settings
from tests.scenarios.checking import check_all
from tests.support.acting import acting
from tests.support.api_factory import ITEM as API_ITEM
from tests.support.api_factory import Api
from tests.support.editing_site import EditingSite
from tests.unit.test_csv_import import NOW, ListInMemory
from tests.unit.test_web_desk import ITEM, Desk, words

BASE = Path(__file__).parents[1] / "scenarios" / "_base" / "checked"
REPOSITORY = Path(__file__).parents[2]
HOME = "campaigns/safe-week"
ITEM_FILE = f"{HOME}/items/01-how-many.md"
TURNED = "\u202e7373-373-888-1\u202c"

#: What is loaded: the file, and words of it that get a hidden character behind them.
LOADED = {
    "post": (ITEM_FILE, "A debt is not"),
    "mail": (ITEM_FILE, "A debt can hold"),
    "title": (ITEM_FILE, "held for a debt"),
    "subject": (ITEM_FILE, 'subject = "How many'),
    "preheader": (ITEM_FILE, "A figure, and"),
    "action": (ITEM_FILE, "Ask who paid"),
    "address of an action": (ITEM_FILE, "https://institute.test/a"),
    "label": (f"{HOME}/contacts.toml", "The Safe"),
    "number": (f"{HOME}/contacts.toml", "1-888-555"),
    "address of a help line": (f"{HOME}/contacts.toml", "tel:+1888"),
    "operator": (f"{HOME}/contacts.toml", "Listening"),
    "claim": (f"{HOME}/claims.toml", "about 3.5"),
    "caveat": (f"{HOME}/claims.toml", "Institute estimate"),
    "title of a source": (f"{HOME}/claims.toml", "Bondage"),
    "attribution": (f"{HOME}/sources.toml", 'attribution = "Mayor Ada'),
    "opening": (f"{HOME}/sources.toml", 'opening = "Nobody'),
    "campaign": (f"{HOME}/campaign.toml", 'name = "Safe'),
    "closing line": (f"{HOME}/campaign.toml", "Help:"),
    "title of a season": (f"{HOME}/campaign.toml", 'title = "Safe'),
    "hashtag": (f"{HOME}/hashtags.toml", "the week's"),
    "remark in a file": (f"{HOME}/calendar.toml", "[[day]]\nday = 1"),
    "key": (f"{HOME}/campaign.toml", "post_tail"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BASE, tmp_path / "project"))


def put_behind(path: Path, words_there: str, character: str) -> int:
    """Write the character behind the first such words. Returns the line."""
    text = path.read_text("utf-8")
    at = text.index(words_there) + len(words_there)
    path.write_bytes((text[:at] + character + text[at:]).encode())
    return text.count("\n", 0, at) + 1


def reds(found: list[Finding], code: str = "C008") -> list[tuple[str, int]]:
    return [(f.where.path, f.where.line) for f in found if f.code == code and f.severity is Severity.RED]


@pytest.mark.parametrize("character", ["\u202e", "\u200b", "\U000e0041"], ids=["override", "zero width", "tag"])
@pytest.mark.parametrize(("file", "there"), LOADED.values(), ids=list(LOADED))
def test_each_text_of_a_campaign_is_looked_at(root: Path, file: str, there: str, character: str) -> None:
    """Red, with file and line; which character, and the words around it."""
    assert [] == reds(load_campaign(root, "safe-week")[1])
    line = put_behind(root / file, there, character)
    _, found = load_campaign(root, "safe-week")
    assert [(file, line)] == reds(found)
    (finding,) = (f for f in found if f.code == "C008")
    assert f"U+{ord(character):04X}" in finding.message
    assert f"{there.splitlines()[-1].split()[-1][-8:]}[U+{ord(character):04X}]" in finding.message
    assert ("how-many" if file == ITEM_FILE else "") == finding.item


@pytest.mark.parametrize("spelling", ["&#x202e;", "&zwj;", "%E2%80%8B"])
def test_one_that_is_spelled_is_found_before_it_is_rendered(root: Path, spelling: str) -> None:
    """Markdown and browsers would make the character of it."""
    line = put_behind(root / ITEM_FILE, "A debt can hold", spelling)
    assert [(ITEM_FILE, line)] == reds(load_campaign(root, "safe-week")[1])


@pytest.mark.parametrize(
    ("file", "there", "escape"),
    [
        (ITEM_FILE, 'subject = "How many', r"\u202E"),
        (f"{HOME}/claims.toml", "about 3.5", r"\U000E0041"),
        (f"{HOME}/contacts.toml", "The Safe", r"\b"),
    ],
    ids=["front matter", "record", "backspace"],
)
def test_an_escape_that_becomes_one_is_found(root: Path, file: str, there: str, escape: str) -> None:
    """At its own line; one that stays as it is written, between single quotes or behind another backslash, is none."""
    calendar = root / HOME / "calendar.toml"
    calendar.write_text(calendar.read_text("utf-8") + "\n# '\\u202e' and \\\\u202e\n", "utf-8")
    assert [] == reds(load_campaign(root, "safe-week")[1])
    line = put_behind(root / file, there, escape)
    assert [(file, line)] == reds(load_campaign(root, "safe-week")[1])


def test_a_literal_text_keeps_its_backslash(root: Path) -> None:
    """Nothing hidden comes of it."""
    put_behind(root / HOME / "claims.toml", 'publisher = "Institute of Labour"', "\nlocator = 'p. \\u202e'")
    path = root / HOME / "claims.toml"
    path.write_text(path.read_text("utf-8").replace('locator = "p. 4"\n', "", 1), "utf-8")
    assert [] == reds(load_campaign(root, "safe-week")[1])


def test_a_stored_source_is_looked_at_and_left_as_it_is(root: Path) -> None:
    """The line of the stored file, and how to go on without changing what was stored."""
    stored = root / HOME / "sources" / "speech.txt"
    before = hashlib.sha256(stored.read_bytes()).hexdigest()
    put_behind(stored, "ask the question", "\u200b")
    raw = stored.read_bytes()
    record = root / HOME / "sources.toml"
    record.write_text(record.read_text("utf-8").replace(before, hashlib.sha256(raw).hexdigest()), "utf-8")
    _, found = load_campaign(root, "safe-week")
    assert [(f"{HOME}/sources/speech.txt", 3)] == reds(found)
    assert "leave the stored file as it is" in next(f.hint for f in found if f.code == "C008")
    assert raw == stored.read_bytes()


def test_many_lines_give_some_findings_and_a_count(root: Path) -> None:
    """Twenty of a file, and how many more there are."""
    path = root / HOME / "calendar.toml"
    path.write_text(path.read_text("utf-8") + "# \u200bx\u200b\n" * 50, "utf-8")
    found = [f.message for f in load_campaign(root, "safe-week")[1] if f.code == "C008"]
    assert 20 == len(found)
    assert "and 1 more on this line" in found[0]
    assert any(message.endswith("30 more lines of the file have some") for message in found)


def test_a_help_lines_number_has_none_in_any_language(root: Path) -> None:
    """An edition from right to left may hold marks in its words; not in what somebody dials."""
    head = root / HOME / "campaign.toml"
    head.write_text(head.read_text("utf-8").replace('language = "en"', 'language = "ar"'), "utf-8")
    put_behind(root / HOME / "contacts.toml", "The Safe", "\u200f")
    assert [] == reds(load_campaign(root, "safe-week")[1])
    put_behind(root / HOME / "contacts.toml", 'value = "', "\u200e")
    assert 1 == len(reds(load_campaign(root, "safe-week")[1]))


def test_what_templates_and_functions_make_is_looked_at(root: Path) -> None:
    """A template's own, of a post and of both parts of a mail; a string within braces; each blocks its message."""
    for folder in ("templates/post", "templates/email"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    put_behind(root / "templates/post/base.txt", "{{ body }}", "\u2060")
    html = root / "templates/email/base.html"
    html.write_text(html.read_text("utf-8").replace("</body>", "<p>Call &#8238;7373-373-888-1</p></body>"), "utf-8")
    put_behind(root / ITEM_FILE, "A debt can hold", ' {{ "\\u00ad" }}')
    found = [f for f in check_all(root) if f.code == "M102"]
    assert {Severity.RED} == {f.severity for f in found}
    assert {"x", "email"} == {f.channel for f in found if f.item == "then-and-now"}
    mine = " ".join(f.message for f in found if f.item == "how-many")
    assert all(name in mine for name in ("U+2060", "U+202E", "U+00AD"))
    assert "&#8238;7373" in mine


def test_each_digest_is_looked_at(root: Path) -> None:
    """Also one of which only the last has it."""
    shutil.copytree(REPOSITORY / "templates/email", root / "templates/email")
    head = root / HOME / "campaign.toml"
    rule = '\n[digest]\nweekday = "wednesday"\nkey_days = false\ntitle = "The days since"\n'
    head.write_text(head.read_text("utf-8") + rule, "utf-8")
    last = '{% if on.iso == "2027-01-08" %}x\u200by{% endif %}'
    path = root / "templates/email/digest.txt"
    path.write_text(path.read_text("utf-8").replace("{% endfor %}", "{% endfor %}" + last), "utf-8")
    found = [f.item for f in check_all(root) if f.code == "M102"]
    assert ["digest-2027-01-08"] == found


def test_a_letter_and_a_lint_pack_are_looked_at(root: Path) -> None:
    """The mails around signing up, each by itself; the words that checks look for."""
    shutil.copytree(REPOSITORY / "templates/letters", root / "templates/letters")
    line = put_behind(root / "templates/letters/welcome.md", 'subject = "', TURNED)
    found = [f for f in check_all(root) if f.code == "C008"]
    assert [("templates/letters/welcome.md", line)] == reds(found)
    assert ["letter-welcome"] == [f.item for f in found]
    shutil.copytree(REPOSITORY / "config/lint", root / "config/lint", dirs_exist_ok=True)
    put_behind(root / "config/lint/house.toml", 'title = "', "\u200b")
    assert 1 == len(reds(load_lint_pack(root / "config/lint/house.toml")[1]))


@pytest.mark.parametrize("written", ["\u202e", r"\u202e", "\u200b", "&rlm;", "\u3164"])
@pytest.mark.parametrize("key", ["name", "postal_address", "from_name"])
def test_settings_hold_none(root: Path, key: str, written: str) -> None:
    """Their words are printed in each mail. The value is not repeated."""
    line = put_behind(root / "config/settings.toml", f'\n{key} = "', written)
    with pytest.raises(SettingsError) as refused:
        load_settings(root, {})
    assert f"config/settings.toml:{line}: the line holds the hidden character U+" in str(refused.value)
    assert "Safe Week" not in str(refused.value)


def test_settings_of_the_environment_hold_none(root: Path) -> None:
    """They take the place of the file's. A space that does not break is a space."""
    with pytest.raises(SettingsError, match=r"U\+202E RIGHT-TO-LEFT OVERRIDE"):
        load_settings(root, {"OBSERVANCE_ORGANISATION__NAME": "Safe \u202eWeek"})
    assert (
        "Safe\u00a0Week" == load_settings(root, {"OBSERVANCE_ORGANISATION__NAME": "Safe\u00a0Week"}).organisation.name
    )


# -- what is typed ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("desk"))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("path", "field", "more"),
    [
        (f"/items/{ITEM}/comments", "comment", {}),
        (f"/items/{ITEM}/request-changes", "comment", {}),
        ("/holds", "reason", {"sure": "yes"}),
        ("/invitations", "name", {"role": "fact-reviewer"}),
    ],
)
def test_a_form_refuses_it_and_keeps_the_words(desk: Desk, path: str, field: str, more: dict[str, str]) -> None:
    """Nothing is written; the page says which character and where, and what was typed is still there."""
    version = desk.ledger.events.version()
    answer = desk.post(path, **more, **{field: f"Ada {TURNED} & <i-2>"})
    assert 409 == answer.status_code
    page = words(answer)
    assert 'U+202E RIGHT-TO-LEFT OVERRIDE in "Ada [U+202E]7373-373-888-1[U+202C] & <i"' in page
    assert page.count("7373-373-888-1") > 1
    assert "<i-2>" not in answer.get_data(as_text=True)
    assert version == desk.ledger.events.version()


def test_signing_up_and_inviting_refuse_it_whoever_asks(tmp_path: Path) -> None:
    """Behind every form and every command: a name with one is not taken, and nothing is written."""
    with pytest.raises(UsageError, match=r"the name holds a hidden character: U\+202E RIGHT-TO-LEFT OVERRIDE"):
        sign_up(acting(ListInMemory(), NOW), "a-month", "ada@readers.test", what="", wording="", name="A\u202eda")
    site = EditingSite(tmp_path)
    with pytest.raises(UsageError, match=r"the name holds a hidden character: U\+200B"):
        site.desk().invite("Ada\u200b", "fact-reviewer", by="Ben")
    site.close()


def test_a_password_may_hold_what_it_likes(desk: Desk) -> None:
    """It is typed blind, and nobody reads it."""
    answer = desk.post(
        "/you/password", **{"password": "one\u200btwo three four", "password-again": "one\u200btwo three four"}
    )
    assert 303 == answer.status_code


def test_a_page_for_a_program_refuses_it(tmp_path: Path) -> None:
    """In any text of a body, with the field's name and without its words."""
    api = Api(tmp_path)
    for path, key, body, where in (
        (f"/items/{API_ITEM}/comments", "review", {"text": f"Call {TURNED}"}, "body.text"),
        (f"/items/{API_ITEM}/change-requests", "review", {"comment": "a\u200bb"}, "body.comment"),
        ("/holds", "operate", {"reason": "a\U000e0041b"}, "body.reason"),
    ):
        answer = api.ask("POST", path, key, json=body)
        assert (422, where) == (answer.status_code, answer.get_json()["where"]), answer.get_json()
        assert "U+" in answer.get_json()["detail"]
        assert "7373" not in answer.get_data(as_text=True)
    api.ledger.close()


def test_an_edit_refuses_it_and_keeps_the_words(tmp_path: Path) -> None:
    """As a character, as it is spelled, and in a record; the file is as it was."""
    site = EditingSite(tmp_path)
    before = site.path().read_bytes()
    for typed in (f"Call {TURNED} now", "Call 1-888-&#8203;373 now"):
        answer = site.submit({**site.opened(), "f.post": typed})
        assert 409 == answer.status_code
        assert "U+202E" in words(answer) or "U+200B" in words(answer)
        assert typed in words(answer)
        assert before == site.path().read_bytes()
    site.close()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    for folder in ("templates", "config/lint"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        ["hold", "--reason", f"wait {TURNED}"],
        ["hold", "--reason", "wait", "--by", "Ada\u200b"],
        ["comment", "how-many", "--by", "Ada", "--text", "a\u2060b"],
        ["request-changes", "how-many", "--by", "Ada", "--comment", "a\ufeffb"],
        ["approve", "how-many", "--by", "A\u202eda"],
        ["sign", "claim", "held-2025", "--by", "A\u00adda"],
        ["people", "add", "Ada\u200b Example", "--role", "coordinator"],
        ["review", "invite", "Ada\u3164Example", "--role", "fact-reviewer"],
        ["keys", "add", "a-key", "--scope", "review", "--role", "fact-reviewer", "--person", "Ada\U000e0041"],
        ["subscribers", "add", "ada@readers.test", "--name", "Ada\u202e"],
    ],
    ids=lambda c: " ".join(w for w in c if w.isascii()),
)
def test_a_command_refuses_it(project: Path, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is opened or written."""
    assert 2 == main(command)
    assert "hidden character" in capsys.readouterr().err
    assert not (project / "var" / "observance.db").exists()


def test_no_command_takes_words_past_the_check() -> None:
    """Each option that takes a name, a reason or a text is among those that are looked at."""
    taken = set()
    for name in (n for n, (module, _) in COMMANDS.items() if module):
        parsers = [parser_of(name)]
        while parsers:
            for action in parsers.pop()._actions:
                parsers += getattr(action, "choices", None).values() if isinstance(action.choices, dict) else ()
                is_words = action.metavar in ("NAME", "TEXT", "R") or action.dest in ("reason", "comment")
                if is_words and action.type is None and not action.choices:
                    taken.add(action.dest)
    assert {"by", "name", "reason", "comment", "text"} <= taken
    assert set() == taken - set(TYPED) - {"campaign_id", "campaign", "role"}
