"""Checks of a season before anybody reads it: claims, quotations, help lines, words, links, dates."""

from .all_checks import check, check_letter, check_sources
from .lint import LintPack, load_lint_pack

__all__ = ["LintPack", "check", "check_letter", "check_sources", "load_lint_pack"]
