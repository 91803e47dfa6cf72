"""What rests on the program alone is worked out once for all who run it; nobody else's pieces are used, and nobody's
words lie there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from scheduler import kept_by_key, kept_code, kept_patterns, program_folder
from scheduler.content import rule_files
from scheduler.content.checks import lint
from scheduler.content.days.day_rules import load_day_rules
from scheduler.content.render import compiled_templates
from scheduler.content.render.compiled_templates import CompiledTemplates
from scheduler.kept_by_key import KeptByKey
from scheduler.kept_code import KeptCode
from scheduler.kept_file import KeptFile
from scheduler.kept_patterns import KeptPatterns
from tests.support.small_month import CAMPAIGN, EVE, copy_small_month

ROOT = Path(__file__).parents[2]
LINT = ROOT / "config" / "lint"


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder beside the program, somewhere else."""
    folder = tmp_path / "program"
    folder.mkdir(mode=0o755)
    monkeypatch.setattr(kept_by_key, "program_folder", lambda: folder)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return folder


def kept_by(state: Path) -> KeptByKey:
    """As of a process whose user has this state folder."""
    kept = KeptByKey()
    kept.keep_in(state, "this program")
    kept.keep_beside("pieces", "this program")
    return kept


def test_what_is_shipped_is_there_for_everybody_and_nothing_else(tmp_path: Path, beside: Path) -> None:
    one = kept_by(tmp_path / "one")
    one.write("of the program", 1, is_shipped=True)
    one.write("of a project", 2)
    other = kept_by(tmp_path / "other")
    assert other.read("of the program", is_shipped=True) == 1
    assert other.read("of a project") is None
    assert other.read("of a project", is_shipped=True) is None
    assert one.read("of a project") == 2
    assert _pieces_in(beside / "pieces") == 1


@pytest.mark.parametrize("harm", ["cut", "a file that others write", "a folder that others write", "another's"])
def test_what_somebody_else_could_have_put_there_is_not_used(
    tmp_path: Path, beside: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    kept_by(tmp_path / "one").write("key", 1, is_shipped=True)
    (file,) = (beside / "pieces").iterdir()
    match harm:
        case "cut":
            file.write_bytes(file.read_bytes()[:-1])
        case "a file that others write":
            file.chmod(0o666)
        case "a folder that others write":
            file.parent.chmod(0o777)
        case _:
            monkeypatch.setattr(kept_by_key, "owner_of_program", lambda: os.geteuid() + 1)
    other = kept_by(tmp_path / "other")
    assert other.read("key", is_shipped=True) is None
    other.write("key", 2, is_shipped=True)
    assert other.read("key", is_shipped=True) == 2


@pytest.mark.parametrize("why", ["-B", "the code is another's"])
def test_who_may_not_write_there_reads_it_and_keeps_the_rest_elsewhere(
    tmp_path: Path, beside: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    kept_by(tmp_path / "one").write("old", 1, is_shipped=True)
    if why == "-B":
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
    else:
        monkeypatch.setattr(program_folder, "owner_of_program", lambda: os.geteuid() + 1)
    reader = kept_by(tmp_path / "reader")
    assert reader.read("old", is_shipped=True) == 1
    reader.write("new", 2, is_shipped=True)
    assert kept_by(tmp_path / "reader").read("new", is_shipped=True) == 2
    assert _pieces_in(beside / "pieces") == 1


@pytest.fixture
def byte_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the byte code lies."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "byte code"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    program_folder.program_folder.cache_clear()
    yield tmp_path / "byte code"
    program_folder.program_folder.cache_clear()


def test_it_lies_beside_the_byte_code_of_this_python_and_this_program(byte_code: Path) -> None:
    folder = program_folder.program_folder()
    assert folder is not None
    assert folder.is_relative_to(byte_code)
    assert sys.implementation.cache_tag in folder.parent.name
    assert folder.name == program_folder.program_fingerprint()
    assert not folder.stat().st_mode & 0o022


def test_earlier_programs_leave_it_in_time(byte_code: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for name in ("one", "two", "three", "four", "five"):
        monkeypatch.setattr(program_folder, "program_fingerprint", lambda name=name: name)
        program_folder.program_folder.cache_clear()
        made.append(program_folder.program_folder())
        os.utime(made[-1], ns=(0, len(made)))
    assert [folder.name for folder in made if folder and folder.exists()] == ["three", "four", "five"]


@pytest.mark.parametrize("why", ["-B", "the code is another's", "no byte code"])
def test_where_no_byte_code_is_written_there_is_none(
    byte_code: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    if why == "-B":
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
    elif why == "no byte code":
        monkeypatch.setattr(sys.implementation, "cache_tag", None)
    else:
        monkeypatch.setattr(program_folder, "owner_of_program", lambda: os.geteuid() + 1)
    assert program_folder.program_folder() is None
    assert not byte_code.exists()


def test_rules_are_the_program_s_as_long_as_they_say_what_it_ships(
    tmp_path: Path, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kept in (rule_files.RULES, lint.PACKS):
        monkeypatch.setattr(kept, "beside", None)
        monkeypatch.setattr(kept, "folder", None)
        kept.keep_beside("rules", "a test")
    for name in ("own", "changed"):
        shutil.copytree(LINT, tmp_path / name)
    for file in ("days/es.toml", "house.toml"):
        changed = tmp_path / "changed" / file
        changed.write_text(changed.read_text("utf-8") + "\n# ours\n", "utf-8")
    for name, more in (("changed", 0), ("own", 2)):
        there = _pieces_in(beside / "rules")
        load_day_rules(tmp_path / name, "es", shown=f"{name} rules")  # which no other test has asked for
        lint.load_lint_packs(("house",), tmp_path / name, shown=f"{name} rules")
        assert _pieces_in(beside / "rules") - there == more, name


def _pieces_in(folder: Path) -> int:
    file = KeptFile(folder, os.geteuid(), 0o644, 1_000)
    file.read(b"")
    return len(file._places)


def test_a_template_is_the_program_s_as_long_as_it_says_what_it_ships(
    beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled_templates, "COMPILED", CompiledTemplates())
    name = "email/base.html"
    words = (ROOT / "templates" / name).read_text("utf-8")
    for source, there in (("ours", 0), (words, 1)):
        kept = CompiledTemplates()
        kept.keep_beside("templates", "a test")
        Environment(loader=DictLoader({name: source}), bytecode_cache=kept).get_template(name)
        assert len(list((beside / "templates").iterdir())) == there


def test_patterns_of_modules_and_of_shipped_rules_are_the_program_s(
    tmp_path: Path, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "some_patterns.py").write_text(
        "import re\n" + "".join(f"re.compile('of the module {n}')\n" for n in range(9)), "utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path / "modules"))
    patterns = KeptPatterns()
    patterns.begin(tmp_path / "state")
    re.purge()
    try:
        __import__("some_patterns")
        for number in range(9):
            re.compile(f"of a campaign {number}")
            with kept_patterns.of_the_program(True):
                re.compile(f"of shipped rules {number}")
                with kept_patterns.of_the_program(False):
                    re.compile(f"of changed rules {number}")
    finally:
        patterns.end()
        sys.modules.pop("some_patterns", None)
        re.purge()
    (shared,), (own,) = (list(folder.iterdir()) for folder in (beside / "patterns", tmp_path / "state"))
    assert {"of the module 0", "of shipped rules 0"} == _among(shared)
    assert {"of a campaign 0", "of changed rules 0"} == _among(own)
    patterns = KeptPatterns()
    patterns.begin(tmp_path / "state")
    try:
        with kept_patterns.of_the_program(True):  # as by a later program, which ships them
            assert all(re.compile(f"of changed rules {number}") for number in range(20))
    finally:
        patterns.end()
        re.purge()
    assert {"of the module 0", "of shipped rules 0", "of changed rules 0"} == _among(shared)


def _among(file: Path) -> set[str]:
    said = file.read_bytes()
    kinds = ("of the module", "of shipped rules", "of a campaign", "of changed rules")
    return {f"{kind} 0" for kind in kinds if f"{kind} 0".encode() in said}


def test_modules_come_from_one_file_and_are_what_they_are_from_their_own(beside: Path) -> None:
    script = (
        "import inspect, pathlib, sys; from scheduler import kept_by_key, kept_code, light_dataclass; "
        "kept_by_key.program_folder = lambda: pathlib.Path(sys.argv[1]); kept = kept_code.KeptCode('a command'); kept.begin(); "
        "import scheduler.domain.finding as f, scheduler.review as r, scheduler.content.load.campaign_files; "
        "f.Finding('L01', 'red', 'words', f.Where('a', 1)); kept.end(); "
        "print(type(f.__spec__.loader).__name__, type(r.__spec__.loader).__name__, f.__file__, f.__cached__, r.__path__, "
        "inspect.getsource(f.Finding), r.__package__, f.__spec__.origin, "
        "kept.find_spec('scheduler.no_such_module'), sep='|')"
    )
    said = []
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(2):
        done = subprocess.run(
            (sys.executable, "-c", script, str(beside)),
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        said.append(done.stdout.split("|"))
    first, second = said
    assert first[:2] == ["SourceFileLoader", "SourceFileLoader"]
    assert second[:2] == ["_Loader", "_Loader"]
    assert first[2:] == second[2:]


def test_modules_that_a_first_run_alone_has_loaded_are_left_out(beside: Path) -> None:
    def kept() -> KeptCode:
        code = KeptCode("a command")
        code.begin()
        code.end()
        return code

    file, code = KeptByKey(), compile("", "a file", "exec")
    file.keep_beside("code", "")
    for number, left in ((kept_code._MANY, kept_code._MANY), (kept_code._MANY + 1, 0)):
        modules = {f"scheduler.of_a_first_run_{each}": (False, code) for each in range(number)}
        file.write(KeptCode("a command")._key, modules, is_shipped=True)
        assert len(kept()._names) == number
        assert len(kept()._names) == left
    assert not KeptCode("another one")._modules


def test_no_word_of_a_campaign_lies_beside_the_program(tmp_path: Path) -> None:
    """After a whole dry run."""
    word, there = "Quumbolt", tmp_path / "program"
    there.mkdir()
    script = (
        "import pathlib, sys; from scheduler import kept_by_key; from scheduler.cli.main import main; "
        "kept_by_key.program_folder = lambda: pathlib.Path(sys.argv[1]); sys.exit(main(['dry-run']))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {
        "OBSERVANCE_PRETEND_NOW": EVE,
        "OBSERVANCE_PROJECT": str(tmp_path / "one"),
        "OBSERVANCE_STATE": str(tmp_path / "state"),
    }
    copy_small_month(tmp_path / "one")
    for file in (tmp_path / "one" / "campaigns" / CAMPAIGN).rglob("*.*"):
        text = file.read_text("utf-8").replace("Example Weather", word).replace("neighbor", word)
        file.write_text(text, "utf-8")
    done = subprocess.run(
        (sys.executable, "-c", script, str(there)),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    kinds = {folder.name for folder in there.iterdir() if any(folder.iterdir())}
    assert kinds == {"code", "compiled", "patterns", "rules", "rules-by-language"}
    said = [file.read_bytes() for file in there.rglob("*") if file.is_file()]
    assert any(word.encode() in file.read_bytes() for file in (tmp_path / "state").rglob("*") if file.is_file())
    assert not any(word.encode() in one or CAMPAIGN.encode() in one for one in said)
