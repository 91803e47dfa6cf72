"""The other senders, each in an environment of its own in build/bench/, and Postfix's sink: all that is fetched, before
anything is measured."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent / "build" / "bench"


@dataclass(frozen=True)
class Sender:
    """Another sender. ``at_least``: how many times its rate is the goal. ``share``: one that is very slow is given so
    many of the readers, as 1/share."""

    name: str
    packages: tuple[str, ...]
    at_least: float
    share: int = 1

    @property
    def title(self) -> str:
        return f"{self.name.replace('_', ' ')} ({self.packages[0].replace('==', ' ')})"

    @property
    def python(self) -> Path:
        return HOME / self.name / "bin" / "python"

    @property
    def is_installed(self) -> bool:
        stamp = HOME / self.name / "installed"
        return stamp.exists() and stamp.read_text(encoding="utf-8").split() == list(self.packages)


SENDERS = (
    Sender("django_loop", ("django==5.2.19",), 10),
    Sender(
        "django_newsletter",
        ("django-newsletter==1.2.1", "django==5.2.19", "sorl-thumbnail==13.4.0", "pillow==13.0.0"),
        20,
    ),
    Sender("mailman", ("mailman==3.3.10",), 70, share=10),
)


def install() -> None:
    """What is not there yet. What cannot be had is told, and measured as absent."""
    for sender in SENDERS:
        if not sender.is_installed:
            print(f"Installing {' '.join(sender.packages)} into {HOME / sender.name}", flush=True)
            why = _installed(sender)
            if why:
                print(f"  cannot be had here: {why}", flush=True)
    postfix_sink()


def _installed(sender: Sender) -> str:
    home = HOME / sender.name
    shutil.rmtree(home, ignore_errors=True)
    try:
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True, capture_output=True, timeout=300)
        command = [str(sender.python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *sender.packages]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
    except (subprocess.SubprocessError, OSError) as error:
        said = getattr(error, "stderr", None) or b""
        return (said.decode("utf-8", "replace").strip().splitlines() or [type(error).__name__])[-1]
    (home / "installed").write_text("\n".join(sender.packages), encoding="utf-8")
    return ""


def postfix_sink(*, is_fetched: bool = True) -> Path | None:
    """Postfix's smtp-sink: installed, or unpacked from Debian's package. None: not to be had."""
    found = shutil.which("smtp-sink") or shutil.which("smtp-sink", path="/usr/sbin")
    if found:
        return Path(found)
    program = HOME / "postfix" / "usr" / "sbin" / "smtp-sink"
    if not program.exists() and is_fetched and shutil.which("apt-get") and shutil.which("dpkg-deb"):
        HOME.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(subprocess.SubprocessError, OSError):
            fetch = ["apt-get", "download", "-qq", "postfix"]
            subprocess.run(fetch, cwd=HOME, capture_output=True, timeout=120, check=True)
            for package in HOME.glob("postfix_*.deb"):
                unpack = ["dpkg-deb", "-x", str(package), str(HOME / "postfix")]
                subprocess.run(unpack, capture_output=True, timeout=60, check=True)
                package.unlink()
    with contextlib.suppress(subprocess.SubprocessError, OSError):
        asked = subprocess.run(
            [str(program), "-h"], env=libraries_of(program), capture_output=True, timeout=10, check=False
        )
        if b"usage" in asked.stderr.lower() + asked.stdout.lower():
            return program
    return None


def libraries_of(program: Path) -> dict[str, str]:
    beside = program.parents[1] / "lib" / "postfix"
    return dict(os.environ) | ({"LD_LIBRARY_PATH": str(beside)} if beside.is_dir() else {})
