"""Errors a person can act on. The docstring of each class is its default message."""

from __future__ import annotations

import errno
import os
import sys


class ObservanceError(Exception):
    """Something went wrong."""

    #: Exit status of the command line (DESIGN: 1 findings, 2 usage, 3 configuration, 4 out of reach).
    exit_status = 1

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        self.hint = hint
        super().__init__(self.message)


def loggable(problem: BaseException) -> str:
    """What may be logged of an error: of one that nobody foresaw its kind, for its text may hold what nobody should
    read, such as a secret or an address."""
    return problem.message if isinstance(problem, ObservanceError) else type(problem).__name__


class UsageError(ObservanceError):
    """The command was called with something it cannot use."""

    exit_status = 2


class ConfigurationError(ObservanceError):
    """A setting is missing or wrong."""

    exit_status = 3


class OutOfReach(ObservanceError):
    """A provider or the database cannot be reached."""

    exit_status = 4

    def __init__(self, message: str = "", *, hint: str = "", passes: bool = False) -> None:
        """``passes``: it may well be over by itself: a restart, a lock, a full disk."""
        self.passes = passes
        super().__init__(message, hint=hint)


class NeedsAPerson(ObservanceError):
    """Something has to be decided or corrected by a person first."""


class NothingStarted(NeedsAPerson):
    """Nothing has been started in this project yet."""


class CannotWrite(ObservanceError):
    """A file could not be written."""


def cannot_write(path: str | os.PathLike[str], error: OSError, *, kept: str = "", instead: str = "") -> CannotWrite:
    """What the system said when ``path`` was to be written, in words.

    ``kept`` says what is still there; ``instead`` where else to write, such as "choose another --out".
    """
    kept = kept and f"; {kept}"
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        hint = "free some space" + (f", or {instead}" if instead else "")
        return CannotWrite(f"the disk is full; {path} was not written{kept}", hint=hint)
    why = error.strerror or type(error).__name__
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        hint = (instead or "choose a place of your own") + ", and close programs that have it open"
        return CannotWrite(f"{path} cannot be written: {why}{kept}", hint=hint)
    return CannotWrite(f"{path} could not be written: {why}{kept}", hint=instead or "look at the folder and its disk")


def program() -> str:
    """How the program was called: from a checkout, or as it was installed."""
    return "run.py" if os.path.basename(sys.argv[0]) == "run.py" else "observance"


def as_called(text: str) -> str:
    """``text`` with its commands as they are typed here."""
    return text.replace("run.py ", f"{program()} ")
