"""A page as a PDF, printed by a browser that is on this machine: Chromium, Chrome or Edge, without a window.

The browser gets a profile of its own that is thrown away, and no network: it resolves no name, and its proxy is a
door that is shut. The page asks for nothing anyway.
"""

from __future__ import annotations

import os
import shutil
import subprocess  # the browser is a program of its own
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from ..errors import NeedsAPerson, UsageError, cannot_write
from .atomic_folder import replace_file

#: Names by which a browser is looked for, in this order.
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
#: Where they are when they are not on the path.
_ELSEWHERE = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
#: As ``@page`` names them.
PAPERS = {"a4": "A4", "letter": "letter"}
#: Seconds. A season of 32 days takes a few; a very slow machine more.
PATIENCE = 180.0

#: Nothing leaves the machine, whatever the page or the browser itself would like to ask.
_NO_NETWORK = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
)


def usual_paper(time_zone: str) -> str:
    """``letter`` where that is what lies in the printer, by the place of a campaign's clock; else ``a4``."""
    american = time_zone.startswith(("America/", "US/", "Canada/", "Mexico/")) or time_zone == "Pacific/Honolulu"
    with_a4 = time_zone.startswith(("America/Argentina", "America/Sao_Paulo", "America/Lima", "America/Montevideo"))
    return "letter" if american and not with_a4 else "a4"


def find_browser(named: str = "") -> str:
    """The program that prints. Raises UsageError for a name that is none, NeedsAPerson when there is no browser."""
    if named:
        found = shutil.which(named)
        if found is None:
            raise UsageError(f"--browser {named}: there is no such program", hint="give its path or its name")
        return found
    for name in (*BROWSERS, *_ELSEWHERE):
        found = shutil.which(name)
        if found is not None:
            return found
    raise NeedsAPerson(
        "no browser was found that can print a PDF; nothing was printed",
        hint="install chromium (Debian and Ubuntu: apt install chromium), name another one: --browser PATH, or open "
        "the packet in any browser and print it from there",
    )


def print_pdf(page: str, target: Path, *, browser: str, patience: float = PATIENCE) -> None:
    """Print a whole HTML page that needs nothing else. An older file at ``target`` is replaced only by a whole one.

    Raises NeedsAPerson when the browser does not print it, CannotWrite for a file that cannot be written.
    """
    with TemporaryDirectory(prefix="observance-print-", ignore_cleanup_errors=True) as folder:
        source, printed = Path(folder, "packet.html"), Path(folder, "packet.pdf")
        try:
            source.write_text(page, encoding="utf-8", newline="\n")
        except OSError as error:
            raise cannot_write(source, error) from None
        said = _run(_command(browser, Path(folder), source, printed), patience)
        content = printed.read_bytes() if printed.is_file() else b""
        if not content.startswith(b"%PDF-"):
            raise NeedsAPerson(
                f"the browser ({browser}) printed nothing{said}",
                hint="try another one: --browser PATH; or open the packet in any browser and print it from there",
            )
        replace_file(target, content, option="--pdf FILE")


def _command(browser: str, folder: Path, source: Path, printed: Path) -> list[str]:
    return [
        browser,
        "--headless=new",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        *_NO_NETWORK,
        f"--user-data-dir={folder / 'profile'}",
        "--no-pdf-header-footer",  # the page has its own
        f"--print-to-pdf={printed}",
        # It refuses to start its sandbox as root.
        *(["--no-sandbox"] if sys.platform != "win32" and os.geteuid() == 0 else []),
        source.as_uri(),
    ]


def _run(command: list[str], patience: float) -> str:
    """Run it to its end. Returns why it failed, in words that follow "nothing"; empty when it did not."""
    try:
        done = subprocess.run(  # noqa: S603 - a program that the user named, or a browser of a known name
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f" within {patience:.0f} seconds"
    except OSError as error:
        return f": it does not start ({error.strerror or type(error).__name__})"
    return f": it ended with status {done.returncode}" if done.returncode else ""
