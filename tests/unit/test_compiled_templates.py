"""Compiled templates outlive a process; what is not whole, not ours alone, or of another program is not run."""

from __future__ import annotations

import shutil
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader, Environment

from scheduler.cli.main import main
from scheduler.content.render import compiled_templates, kept_messages
from scheduler.content.render.compiled_templates import CompiledTemplates
from scheduler.content.render.template_folders import template_folders
from scheduler.content.render.template_sandbox import BoundedEnvironment, FolderLoader
from scheduler.domain.message import EmailBody
from scheduler.kept_by_key import KeptByKey
from scheduler.review import mail_view, packet
from scheduler.services import seasons
from tests.support import rehearsed_once
from tests.support.render_factory import TEMPLATES, item, one, plan, rendered
from tests.support.small_month import EVE, copy_small_month

ONE, TWO = compile("1", "one", "eval"), compile("2", "two", "eval")


def store(folder: Path, program: str = "this one") -> CompiledTemplates:
    made = CompiledTemplates()
    made.keep_in(folder, program)
    return made


def test_another_process_finds_what_was_kept(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "compiled"
    first = store(folder)
    first.keep(("a",), ONE)
    first.keep(("b",), TWO)
    second = store(folder)
    assert second.find(("b",)) == TWO
    assert second.find(("a",)) == ONE
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


def test_another_program_does_not(tmp_path: Path) -> None:
    store(tmp_path / "c").keep(("a",), ONE)
    assert store(tmp_path / "c", "a later one").find(("a",)) is None


@pytest.mark.parametrize("harm", ["cut", "changed", "empty", "another's to write", "a link"])
def test_what_somebody_could_have_touched_is_not_run(tmp_path: Path, harm: str) -> None:
    folder = tmp_path / "compiled"
    store(folder).keep(("a",), ONE)
    (file,) = folder.iterdir()
    content = file.read_bytes()
    match harm:
        case "cut":
            file.write_bytes(content[:-3])
        case "changed":
            file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        case "empty":
            file.write_bytes(b"")
        case "a link":
            file.rename(tmp_path / "elsewhere")
            file.symlink_to(tmp_path / "elsewhere")
        case _:
            file.chmod(0o666)
    assert store(folder).find(("a",)) is None


def test_a_folder_that_others_may_write_to_is_not_used(tmp_path: Path) -> None:
    folder = tmp_path / "compiled"
    store(folder).keep(("a",), ONE)
    folder.chmod(0o777)
    later = store(folder)
    assert later.find(("a",)) is None
    later.keep(("b",), TWO)
    assert len(list(folder.iterdir())) == 1
    assert later.find(("b",)) == TWO  # in this process all the same


def test_a_folder_that_cannot_be_made_only_makes_it_slower(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept = store(tmp_path / "file" / "compiled")
    kept.keep(("a",), ONE)
    assert kept.find(("a",)) == ONE


def test_the_folder_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CompiledTemplates, "most_pieces", 3)
    kept = store(tmp_path / "c")
    kept.keep(("first",), ONE)
    (file,) = (tmp_path / "c").iterdir()
    one = file.stat().st_size
    for number in range(8):
        kept.keep((str(number),), ONE)
    assert file.stat().st_size <= 3 * one
    assert store(tmp_path / "c").find(("7",)) == ONE


def test_an_edited_template_is_compiled_again(tmp_path: Path) -> None:
    def said(words: str) -> str:
        loader = DictLoader({"page": words})
        return Environment(loader=loader, bytecode_cache=store(tmp_path / "c")).get_template("page").render()

    assert [said("one"), said("one"), said("two")] == ["one", "one", "two"]


def test_a_mail_is_made_safe_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of an earlier dry run showed it already; other words, or another frame, are made safe by themselves."""
    kept = KeptByKey()
    kept.keep_in(tmp_path / "views", "this one")
    monkeypatch.setattr(mail_view, "VIEWS", kept)
    document = '<body><p onclick="x()" style="color:red">Words</p><script>x()</script></body>'
    first = mail_view.mail_view(document)
    assert "onclick" not in first.body
    with monkeypatch.context() as patched:
        patched.setattr(mail_view, "_mail_view", None)
        assert mail_view.mail_view(document) == first
    assert mail_view.mail_view(document, dark=True) is not None
    assert "More" in mail_view.mail_view(document.replace("Words", "More")).body
    assert mail_view.mail_view(document, by_class=True) != first


def test_other_words_leave_the_styles_of_a_mail_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an earlier process made of them is not made again, nor is what would do it loaded."""
    styles = "<style>p{color:blue} @media (prefers-color-scheme:dark){p{color:white}}</style>"
    document = f'<head>{styles}</head><body><p style="color:teal;position:fixed">Words</p></body>'
    views: list[mail_view.MailView] = []
    for dark in (None, True, None):
        kept = KeptByKey()  # of a process of its own
        kept.keep_in(tmp_path / "views", "this one")
        monkeypatch.setattr(mail_view, "VIEWS", kept)
        mail_view._of_attribute.cache_clear()
        mail_view._of_element.cache_clear()
        views.append(mail_view.mail_view(document.replace("Words", f"Words {len(views)}"), dark=dark))
        if len(views) == 2:
            monkeypatch.setattr(mail_view, "_declarations", None)
            monkeypatch.setattr(mail_view, "_rules", None)
    first, in_the_dark, again = views
    assert first.css == again.css != in_the_dark.css
    assert first.body.replace("Words 0", "Words 2") == again.body
    assert "teal" in again.body
    assert "fixed" not in again.body


def test_a_second_dry_run_compiles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not the messages, nor the texts, nor the page: another process finds them all."""
    most = tomllib.loads((Path(__file__).parents[1] / "data" / "ceilings.toml").read_text("utf-8"))["compilations"]
    copy_small_month(tmp_path / "project")
    compiled: list[object] = []
    real = Environment.compile

    def compile_and_count(self: Environment, source: object, *more: object, **options: object) -> object:
        compiled.append(more or source)
        return real(self, source, *more, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", compile_and_count)
    monkeypatch.setattr("scheduler.cli.kept_answers.KEPT", ())
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(tmp_path / "project"))
    monkeypatch.setenv("OBSERVANCE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", EVE)
    found = []
    for _ in range(2):
        compiled.clear()
        rehearsed_once.forget()
        packet.page_environment.cache_clear()
        seasons._keep_rendered.cache_clear()
        monkeypatch.setattr(compiled_templates, "COMPILED", CompiledTemplates())
        main(["dry-run"])
        found.append(len(compiled))
    capsys.readouterr()
    packet.page_environment.cache_clear()
    seasons._keep_rendered.cache_clear()
    assert found[0] > 20
    assert found[1] <= most["warm_dry_run"], compiled


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that are filled, in order; what is kept is found again, as by another process."""
    names: list[str] = []
    real = BoundedEnvironment.run

    def run_and_note(self: BoundedEnvironment, template: Any, label: str, context: Any = None) -> str:
        if isinstance(template, str):
            names.append(template)
        return real(self, template, label, context)

    monkeypatch.setattr(BoundedEnvironment, "run", run_and_note)
    kept = KeptByKey()
    kept.keep_in(tmp_path / "messages", "this one")
    monkeypatch.setattr(kept_messages, "MESSAGES", kept)
    return names


def mail_of(templates: Path, text: str = "Look twice.", **changes: Any) -> str:
    body = one(rendered(item(email=text, **changes), templates=templates), "email").body
    assert isinstance(body, EmailBody)
    return body.html + body.text


def test_a_template_is_filled_once_with_the_same(tmp_path: Path, filled: list[str]) -> None:
    """Again with other words, and after a change in any file that it may take something from; a campaign's own template
    comes before the project's from the moment on when it is there."""
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    first = mail_of(templates)
    assert filled
    filled.clear()
    assert first == mail_of(templates)
    assert [] == filled
    assert "Look again." in mail_of(templates, "Look again.")
    assert "A subject" in mail_of(templates, subject="A subject")
    base = templates / "email" / "base.html"
    base.write_text(base.read_text("utf-8").replace("</body>", "<p>From the frame</p></body>"), "utf-8")
    assert "From the frame" in mail_of(templates)
    filled.clear()
    mail_of(templates)
    assert [] == filled
    own = template_folders(templates, plan(item()).campaign.id)[0].path / "email" / "base.html"
    own.parent.mkdir(parents=True)
    own.write_text(base.read_text("utf-8").replace("From the frame", "From the campaign"), "utf-8")
    assert "From the campaign" in mail_of(templates)


def test_what_came_after_the_first_look_is_not_kept(
    tmp_path: Path, filled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A template that was made while a season is rendered is used, and what is filled with it is made anew next time:
    it may be another one then."""
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    base = templates / "email" / "base.html"
    words = base.read_text("utf-8")
    base.unlink()
    real = vars(FolderLoader)["fingerprint"].func

    def meanwhile(self: FolderLoader) -> str:
        found = str(real(self))
        base.write_text(words, "utf-8")
        return found

    looked = cached_property(meanwhile)
    looked.__set_name__(FolderLoader, "fingerprint")
    monkeypatch.setattr(FolderLoader, "fingerprint", looked)
    first = mail_of(templates)
    base.unlink()
    filled.clear()
    assert first == mail_of(templates)
    assert filled


def test_a_template_that_fails_fails_again(tmp_path: Path, filled: list[str]) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    (templates / "email" / "base.html").write_text("{{ nobody }}", "utf-8")
    for _ in range(2):
        assert ["R002"] == [f.code for f in rendered(item(), templates=templates).findings]


def test_all_that_a_template_could_take_something_from_is_looked_at(tmp_path: Path) -> None:
    """A file of any name, in any of the folders, whether or not it is asked for today, and where a link leads."""
    own, shared = tmp_path / "own", tmp_path / "shared"
    for name in ("a/part.html", "b/part.html", "base.html"):
        (shared / name).parent.mkdir(parents=True, exist_ok=True)
        (shared / name).write_text(name, "utf-8")
    found = [FolderLoader(own, shared).fingerprint]

    def seen() -> bool:
        found.append(FolderLoader(own, shared).fingerprint)
        return found[-1] not in found[:-1]

    assert not seen()
    (shared / "frame").write_text("no ending", "utf-8")
    assert seen()
    (shared / "link").symlink_to("a", target_is_directory=True)
    assert seen()
    (shared / "link").unlink()
    (shared / "link").symlink_to("b", target_is_directory=True)
    assert seen()
    own.mkdir()
    (own / "base.html").write_text("base.html", "utf-8")
    assert seen()
    (shared / "base.html").unlink()
    assert seen()
    (own / "bytes.html").write_bytes(b"\xff")
    assert seen()
    for number in range(300):
        (own / f"{number}.txt").touch()
    assert FolderLoader(own, shared).fingerprint == ""
