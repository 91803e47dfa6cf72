"""Checks of a season before anybody reads it: claims, quotations, help lines, words, links, dates."""

from .all_checks import check, check_letter, check_sources
from .guards import guards_of
from .lint import LintPack, load_lint_pack, load_lint_packs

__all__ = ["LintPack", "check", "check_letter", "check_sources", "guards_of", "load_lint_pack", "load_lint_packs"]
