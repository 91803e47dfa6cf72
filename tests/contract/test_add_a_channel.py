"""docs/howto/add-a-channel.md, done: its code blocks are a package that is installed, and everything takes it up."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.reading_site import ITEMS, SMALL

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "howto" / "add-a-channel.md"
_BLOCK = re.compile(r"^```(?:python|toml)\n# (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> dict[str, str]:
    """File -> its text, as the page has them."""
    return dict(_BLOCK.findall(PAGE.read_text("utf-8")))


def install(site: Path, files: Mapping[str, str], *, name: str = "observance-webhook") -> None:
    """As pip does: the package, and what its project file says of entry points."""
    for file, text in files.items():
        if file.endswith(".py"):
            path = site / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    project = tomllib.loads(files["pyproject.toml"])["project"]
    info = site / f"{name.replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {project['version']}\n", "utf-8")
    lines = []
    for group, entries in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{key} = {value}" for key, value in entries.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


class Shop:
    """A project with the channel of the page, and its commands. ``state``: of another one, with what was worked out
    once for the same files."""

    def __init__(self, folder: Path, state: Path | None = None) -> None:
        self.site, self.root = folder / "site", folder / "project"
        self.state = state or self.root / "state"
        self.site.mkdir(parents=True)
        shutil.copytree(SMALL, self.root)
        shutil.copytree(ROOT / "templates", self.root / "templates")
        shutil.copytree(ROOT / "config" / "lint", self.root / "config" / "lint")
        channels = self.root / "config" / "channels.toml"
        channels.write_text(channels.read_text("utf-8") + "\n" + blocks()["config/channels.toml"], encoding="utf-8")

    def environment(self, **more: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("OBSERVANCE_")}
        path = f"{self.site}{os.pathsep}{ROOT}"
        return {**kept, "PYTHONPATH": path, "OBSERVANCE_STATE": str(self.state), **more}

    def run(self, *arguments: str, status: int | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "scheduler.cli", *arguments, "--project", str(self.root)]
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment(**more), timeout=300)
        assert "Traceback" not in done.stderr, done.stderr
        assert status in (None, done.returncode), f"{done.stdout}\n{done.stderr}"
        return done


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Installed as the page says."""
    made = Shop(tmp_path_factory.mktemp("howto"))
    install(made.site, blocks())
    return made


def test_the_page_is_short() -> None:
    """A channel is less than 150 lines: one folder, and two lines elsewhere beside the project file."""
    code = blocks()
    assert sum(len(text.splitlines()) + 1 for text in code.values()) < 150
    assert len([line for line in code["config/channels.toml"].splitlines() if line]) == 2
    assert {name.partition("/")[0] for name in code if name.endswith(".py")} == {"observance_webhook", "tests"}


def test_a_dry_run_has_its_posts(shop: Shop) -> None:
    """Each post and the call that would be made, as the channel builds it; and it is in the packet."""
    out = shop.root / "build" / "out"
    shop.run("dry-run", "--out", str(out))
    posts = sorted(out.glob("posts/*-hook.txt"))
    for post in posts:
        call = json.loads(post.with_suffix(".request.json").read_text("utf-8"))
        assert ("POST", "/posts", post.read_text("utf-8")) == (call["method"], call["path"], call["body"]["text"])
    items = json.loads((out / "plan.json").read_text("utf-8"))["items"]
    lengths = [i["characters"] == len(i["text"]) for i in items if i["channel"] == "hook"]
    assert len(ITEMS) == len(posts) == len(lengths)
    assert all(lengths), "it is counted by its own counter"
    assert "Hook" in (out / "index.html").read_text("utf-8")


def test_check_show_doctor_and_report_know_it(shop: Shop) -> None:
    """By its own length, and by the secret that it needs."""
    found = json.loads(shop.run("check", "--json").stdout)
    assert not [f for f in found["findings"] if f.get("code") == "R008" and "hook" in json.dumps(f)]
    assert "hook" in shop.run("show", ITEMS[0], "--channel", "hook", status=0).stdout.lower()
    doctor = shop.run("doctor").stdout
    assert "secrets of hook: not set: OBSERVANCE_WEBHOOK_TOKEN" in doctor
    assert "doubts: hook:" in doctor
    assert "secrets of hook: set" in shop.run("doctor", OBSERVANCE_WEBHOOK_TOKEN="none-of-theirs").stdout
    shop.run("tick")
    assert 0 == shop.run("report").returncode


def test_the_sandbox_stands_in_for_it(shop: Shop) -> None:
    """It is started with the others, and the lines that it prints lead there."""
    command = [sys.executable, "-m", "scheduler.cli", "sandbox", "--project", str(shop.root)]
    for name in ("x", "sendgrid", "smtp", "smtp-pages", "webhook"):
        command += [f"--{name}-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=shop.environment()) as running:
        assert running.stdout is not None
        lines = []
        for line in running.stdout:
            lines.append(line)
            if line.startswith("Ctrl-C"):
                break
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=120)
    printed = "".join(lines)
    assert re.search(r"^  Webhook +http://127\.0\.0\.1:\d+/", printed, re.MULTILINE)
    assert "OBSERVANCE_CHANNELS__HOOK__BASE_URL=http://127.0.0.1:" in printed
    assert "OBSERVANCE_WEBHOOK_TOKEN=sandbox-not-a-real-token" in printed


def test_the_contract_holds_it(shop: Shop, tmp_path: Path) -> None:
    """The page's own test file passes."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        str(shop.site / "tests" / "test_webhook.py"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=shop.environment(), timeout=600)
    assert 0 == done.returncode, done.stdout
    assert re.search(r"\b([4-9]\d|\d{3}) passed", done.stdout)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("api=1,", "api=2,", "observance-webhook 1.0 speaks api 2 and this program api 1"),
        ('name="webhook",', 'name="hook",', "its spec is called hook"),
        ("import re\n", "import re\nimport no_such_module\n", "cannot be loaded"),
        ("SPEC = ChannelSpec(", "SPEC = dict(", "is no ChannelSpec"),
        ('kind="post",', 'kind="fax",', "webhook of the kind fax; post and email are known"),
        ("    post=PostRules(", "    preview=PostRules(", "says nothing of how a post is measured"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(shop: Shop, tmp_path: Path, old: str, new: str, said: str) -> None:
    """Which package it is and what to do, where a channel uses it; and `doctor` says it in any case."""
    shop, files = Shop(tmp_path, shop.state), blocks()
    assert old in files["observance_webhook/spec.py"]
    files["observance_webhook/spec.py"] = files["observance_webhook/spec.py"].replace(old, new, 1)
    install(shop.site, files)
    done = shop.run("tick", status=3)
    assert said in done.stdout + done.stderr
    channels = shop.root / "config" / "channels.toml"
    channels.write_text(channels.read_text("utf-8").replace('"webhook"', '"by_hand"'), encoding="utf-8")
    assert said in shop.run("doctor").stdout
