"""A PostgreSQL server for one run of the tests, from the system's own binaries (Debian: postgresql)."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path


def postgresql_url() -> str:
    """postgresql://user@host/name of a server that tests may make schemas in; empty where there is none."""
    return os.environ.get("OBSERVANCE_TEST_POSTGRESQL", "")


def binaries() -> Path | None:
    """The folder with initdb and pg_ctl, the newest version first; None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]), reverse=True)
    return versions[0].parent if versions else None


def dump_schema(name: str) -> str:
    """SQL that makes a schema of the tests' server again; empty where there is no pg_dump."""
    programs = binaries()
    program = (programs / "initdb").resolve().parent / "pg_dump" if programs else Path("pg_dump")
    if not program.is_file():
        return ""
    command = [str(program), "--schema", name, "--inserts", "--no-owner", "--no-comments", "--dbname", postgresql_url()]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


class Server:
    """Listens on a unix socket in its own folder alone; durability is off, since it dies with the tests.

    ``is_restarted``: what was committed outlives the server's own death, though not the machine's.
    """

    def __init__(self, programs: Path, *, is_restarted: bool = False) -> None:
        self._programs = programs
        self._commit = "on" if is_restarted else "off"
        self._home = Path(tempfile.mkdtemp(prefix="observance-pg-"))
        self._data = self._home / "data"

    def start(self) -> str:
        """Make a cluster, start it, and return its URL."""
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(self._home, "postgres")
            self._home.chmod(0o755)
        self._run("initdb", "-D", str(self._data), "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        self.resume()
        return f"postgresql://tests@/postgres?host={self._home}"

    def restart(self) -> None:
        """As after a crash of the server: whoever is connected loses the line, and what was not committed."""
        self.halt()
        self.resume()

    def halt(self) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")

    def resume(self) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-l", str(self._home / "log"), "-o", self._options(), "-w", "start")

    def stop(self) -> None:
        self.halt()
        shutil.rmtree(self._home, ignore_errors=True)

    def _options(self) -> str:
        return f"-k {self._home} -c listen_addresses='' -c fsync=off -c synchronous_commit={self._commit} -c full_page_writes=off -c autovacuum=off -c max_connections=200"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout[-500:]}{done.stderr[-500:]}")
