"""run.py: the first thing that a newcomer starts."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scheduler import environment

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-postgresql.lock", "requirements-dev.lock")
DISTRIBUTED = "requirements-distributed.lock"  # for `worker --queue`
PICTURES = "requirements-pictures.lock"  # for pictures in place of cards


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *arguments], capture_output=True, text=True, check=False
    )


def test_help_needs_no_package() -> None:
    """Help is answered by a bare interpreter, before anything is installed."""
    bare = [sys.executable, "-S", "-E", str(ROOT / "run.py"), "--help"]
    done = subprocess.run(bare, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "dry-run" in done.stdout


def test_an_unknown_command_is_a_usage_error_with_a_suggestion() -> None:
    """Exit status 2, the near name, no traceback."""
    done = run("dryrun")
    assert done.returncode == 2
    assert "dry-run" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_installation_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A set-up that fails leaves no marker, so that the next start begins anew, and speaks plainly."""
    (tmp_path / "requirements.lock").write_text("no-such-package-anywhere==1.0 --hash=sha256:" + "0" * 64 + "\n")
    venv = tmp_path / ".venv"
    python = venv / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n[ $1 = -c ] && exit 0\necho 'no network' >&2\nexit 1\n")
    python.chmod(0o755)
    status = environment.make_ready(str(tmp_path), str(venv), str(python), "requirements.lock")
    assert status == 3
    said = capsys.readouterr().err
    assert "What to do" in said
    assert not (venv / "requirements.lock").exists()


def test_a_matching_marker_installs_nothing(tmp_path: Path) -> None:
    """The second start reads one file and goes on."""
    (tmp_path / "requirements.lock").write_text("a==1\n")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("")
    (tmp_path / ".venv" / "requirements.lock").write_text("a==1\n")
    assert environment.make_ready(str(tmp_path), str(tmp_path / ".venv"), str(python), "requirements.lock") == 0


def lock_of_nothing(root: Path) -> Path:
    """A project whose lock file names no package: a set-up from it asks no network."""
    (root / "scheduler").mkdir(parents=True)
    (root / "requirements.lock").write_text("# nothing\n")
    return root


def made_in(root: Path) -> Path:
    """The environment of a project, and its Python works."""
    venv = root / ".venv"
    python = venv / "bin" / "python"
    assert environment.make_ready(str(root), str(venv), str(python), "requirements.lock") == 0
    assert 0 == subprocess.run([python, "-m", "pip", "--version"], check=False, capture_output=True).returncode
    assert (venv / "requirements.lock").read_text() == "# nothing\n"
    return venv


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment as a first run makes it, by Python itself."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("shutil.which", lambda name: None)
        return made_in(lock_of_nothing(tmp_path_factory.mktemp("first") / "project"))


@pytest.mark.parametrize("left", ["no pip", "no python", "not an environment", "pip half written"])
def test_a_half_made_environment_is_made_anew(
    left: str, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a first run without python3-venv, or one that was killed: the next run needs nothing deleted by hand."""
    real, root = environment._call, lock_of_nothing(tmp_path / "project")
    venv = root / ".venv"
    python = venv / "bin" / "python"
    made = []

    def call(step: list[str]) -> subprocess.CompletedProcess[str]:
        if step != [sys.executable, "-m", "venv", str(venv)]:
            return real(step)
        made.append(shutil.copytree(whole, venv, symlinks=True, dirs_exist_ok=True))  # to make one takes seconds
        return subprocess.CompletedProcess(step, 0, "", "")

    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(environment, "_call", call)
    shutil.copytree(whole, venv, symlinks=True)
    (venv / "requirements.lock").unlink()
    if left == "no pip":
        for path in venv.glob("lib/*/site-packages/pip*"):
            shutil.rmtree(path)
    elif left == "no python":
        python.unlink()
    elif left == "not an environment":
        (venv / "pyvenv.cfg").unlink()
    elif left == "pip half written":
        next(venv.glob("lib/*/site-packages/pip/_internal/cli")).rename(venv / "elsewhere")
    made_in(root)
    assert [venv] == made
    assert not (venv / "elsewhere").exists()


def test_a_first_run_without_python3_venv_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python's own complaint is read, not the name of the folder."""
    monkeypatch.setattr("shutil.which", lambda name: None)
    failed = "The virtual environment was not created successfully because ensurepip is not available."
    monkeypatch.setattr(environment, "_call", lambda step: subprocess.CompletedProcess(step, 1, failed, ""))
    root = lock_of_nothing(tmp_path / "project")
    assert 3 == environment.make_ready(
        str(root), str(root / ".venv"), str(root / ".venv/bin/python"), "requirements.lock"
    )
    assert "What to do: on Debian and Ubuntu: apt install python3-venv" in capsys.readouterr().err


@pytest.mark.parametrize("named", ["a file", "a folder of somebody's"])
def test_a_place_that_cannot_be_used_is_named_and_left_as_it_is(
    named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing of a folder that is no environment is deleted, and what cannot be written is no matter of python3-venv."""
    root, place = lock_of_nothing(tmp_path / "project"), tmp_path / "place"
    if named == "a file":
        place.write_text("mine")
    else:
        place.mkdir()
        (place / "letter").write_text("mine")
    assert 3 == environment.make_ready(str(root), str(place), str(place / "bin" / "python"), "requirements.lock")
    assert "mine" == (place if named == "a file" else place / "letter").read_text()
    said = capsys.readouterr().err
    assert "OBSERVANCE_VENV" in said
    assert "python3-venv" not in said


def test_a_python_that_does_not_know_its_environment_ends_in_words(tmp_path: Path) -> None:
    """Handed over once, never in a circle."""
    bare = [sys.executable, "-S", "-E", "-X", "observance", str(ROOT / "run.py"), "check"]
    done = subprocess.run(
        bare, capture_output=True, text=True, check=False, env={**os.environ, "OBSERVANCE_VENV": str(tmp_path / "none")}
    )
    assert 3 == done.returncode
    assert "does not work as that of an environment" in done.stderr


def test_another_package_called_scheduler_is_said(tmp_path: Path) -> None:
    """By run.py where it is loaded before, and by the installed command where it stands first."""
    other = tmp_path / "scheduler"
    other.mkdir()
    (other / "__init__.py").write_text("class Scheduler: pass\n")
    (tmp_path / "loads.py").write_text(
        f"import runpy, sys\nsys.path.insert(0, {str(tmp_path)!r})\nimport scheduler\n"
        f"sys.argv = ['run.py', '--version']\nrunpy.run_path({str(ROOT / 'run.py')!r}, run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, tmp_path / "loads.py"], capture_output=True, text=True, check=False)
    assert (3, True) == (done.returncode, f"Another package called scheduler is loaded already: {other}" in done.stderr)
    (tmp_path / "observance.py").write_text((ROOT / "scheduler" / "entry_point.py").read_text(encoding="utf-8"))
    start = "import observance, sys; sys.argv = ['observance', '--version']; sys.exit(observance.main())"
    installed = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    for text in ("class Scheduler: pass\n", "import no_such_package\n", "NAME = 'observance'\n__path__ = [%r]\n"):
        (other / "__init__.py").write_text(text % str(ROOT / "scheduler") if "%" in text else text)
        done = subprocess.run(
            [sys.executable, "-c", start], capture_output=True, text=True, check=False, env=installed, cwd=tmp_path
        )
        if "%" in text:
            assert "is in the way" not in done.stderr
        else:
            assert (3, True) == (done.returncode, "Another package called scheduler is in the way" in done.stderr)


def test_what_a_test_has_compiled_is_kept_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the machine's own settings say otherwise: hundreds of processes would compile the program anew."""
    given: list[dict[str, str]] = []

    def run_it(command: list[str], *, cwd: str, env: dict[str, str]) -> int:
        given.append(env)
        return 0

    monkeypatch.setattr(subprocess, "call", run_it)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("OBSERVANCE_SEEDS", "3")
    assert 0 == environment.run_tests(str(ROOT), ["unit"])
    assert [("3", None)] == [(env["OBSERVANCE_SEEDS"], env.get("PYTHONDONTWRITEBYTECODE")) for env in given]


def test_windows_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is installed or opened."""
    from scheduler import entry_point

    monkeypatch.setattr("sys.platform", "win32")
    assert 3 == entry_point.main()
    assert "Observance runs on Linux." in capsys.readouterr().err


def test_lock_files_name_no_index_and_pin_by_hash() -> None:
    """A lock file says what is installed, byte for byte, and nothing of where it came from."""
    for name in (*LOCKS, DISTRIBUTED, PICTURES):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index" not in text
        pins = [line for line in text.splitlines() if "==" in line]
        assert pins
        assert all(line.rstrip().endswith("\\") for line in pins), "each pin is followed by its hashes"


def test_both_lock_files_agree() -> None:
    """The tests run on the versions that are shipped."""

    def pins(name: str) -> set[str]:
        return {line.split(" ")[0] for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if "==" in line}

    assert pins("requirements.lock") <= pins("requirements-postgresql.lock") <= pins(DISTRIBUTED)
    assert pins(DISTRIBUTED) <= pins("requirements-dev.lock")
    assert pins("requirements.lock") < pins(PICTURES) < pins("requirements-dev.lock")
    assert not any(pin.startswith("pillow") for pin in pins(DISTRIBUTED))


@pytest.mark.parametrize(
    ("settings", "url", "lock"),
    [
        ('[database]\nurl = "sqlite:///var/observance.db"', "", "requirements.lock"),
        ("[database]\n  url = 'postgresql://ada@db/name'  # ours", "", "requirements-postgresql.lock"),
        ('[database]\nurl = "sqlite:///x.db"', "postgresql://ada:secret@db/name", "requirements-postgresql.lock"),
        ('[database]\nurl = "postgresql://ada@db/name"', "sqlite:///x.db", "requirements.lock"),
        ('# url = "postgresql://USER@HOST/NAME"', "", "requirements.lock"),
        (None, "", "requirements.lock"),
    ],
)
def test_the_driver_comes_with_the_packages_where_the_settings_ask_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str | None, url: str, lock: str
) -> None:
    """PostgreSQL needs one package more, pinned like all others; whoever stays with the file does without."""
    (tmp_path / "config").mkdir()
    if settings is not None:
        (tmp_path / "config" / "settings.toml").write_text(settings)
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(tmp_path))
    monkeypatch.setenv("OBSERVANCE_DATABASE__URL", url)
    assert lock == runpy.run_path(str(ROOT / "run.py"))["lock_name"]()


def test_the_driver_is_in_its_lock_file_and_in_no_smaller_one() -> None:
    """The extra of the package and the lock file name the same driver."""
    held = {name: (ROOT / name).read_text(encoding="utf-8") for name in LOCKS}
    assert [False, True, True] == ["\npsycopg==" in held[name] and "\npsycopg-binary==" in held[name] for name in LOCKS]
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert ["psycopg[binary]>=3.2,<4"] == extra["postgresql"]


def test_what_holds_the_driver_serves_commands_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment with the driver is not made anew by a command whose shell does not name the database, nor by the
    tests; one without it is."""
    monkeypatch.setattr("shutil.which", lambda name: None)
    for name in LOCKS:
        (tmp_path / name).write_text(f"{name}==1\n")
    venv = tmp_path / ".venv"
    python = venv / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho installed >>" + str(tmp_path / "log") + "\n")
    python.chmod(0o755)
    log = tmp_path / "log"

    def installs(lock: str) -> bool:
        log.write_text("")
        assert environment.make_ready(str(tmp_path), str(venv), str(python), lock) == 0
        return bool(log.read_text())

    assert [True, True, False, False] == [installs(LOCKS[i]) for i in (0, 1, 0, 1)]
    assert [True, False, False] == [installs(LOCKS[i]) for i in (2, 1, 0)]
    (tmp_path / LOCKS[0]).write_text("newer==2\n")
    assert installs(LOCKS[0])
    assert installs(LOCKS[1]), "what was installed by an older lock file is looked at again"
