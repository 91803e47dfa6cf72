"""Errors a person can act on. The docstring of each class is its default message."""

from __future__ import annotations


class ObservanceError(Exception):
    """Something went wrong."""

    #: Exit status of the command line (DESIGN: 1 findings, 2 usage, 3 configuration, 4 out of reach).
    exit_status = 1

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        self.hint = hint
        super().__init__(self.message)


class UsageError(ObservanceError):
    """The command was called with something it cannot use."""

    exit_status = 2


class ConfigurationError(ObservanceError):
    """A setting is missing or wrong."""

    exit_status = 3


class OutOfReach(ObservanceError):
    """A provider or the database cannot be reached."""

    exit_status = 4


class NeedsAPerson(ObservanceError):
    """Something has to be decided or corrected by a person first."""

    exit_status = 1
