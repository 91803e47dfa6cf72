"""What the checks find, and whom they accuse, by sentences of somebody who had not seen them.

``python -m tests.truth.table`` prints the shares by kind, and what slips.
"""

from __future__ import annotations

import hashlib
from math import isclose
from pathlib import Path

import pytest

from scheduler.content.quantities.quantity_reader import quantities_in
from scheduler.domain.finding import Severity
from tests.support.long_form import many
from tests.truth.sentences import HERE, findings_of, read_sentences
from tests.truth.table import Shares

#: Of what is wrong, so much is found; of what is right, so much may be accused.
FOUND, ACCUSED = 0.90, 0.02
#: Of what was sealed while the rules were written, so much was found when it was opened: of all, and of each third. Nothing
#: of that is to be lost.
FOUND_SEALED = {"sealed.toml": 0.72, "sealed_2.toml": 0.89, "sealed_3.toml": 0.85, "sealed_4.toml": 0.91}
#: Of what is right in these, nobody accuses more.
LEFT_ALONE = tuple(FOUND_SEALED)[1:]
#: The short form asks each third sentence.
EACH = many(3, 1)


def test_what_is_wrong_is_found(tmp_path: Path) -> None:
    shares = Shares.of(findings_of(read_sentences("open_mutations.toml")[::EACH], tmp_path))
    assert len(shares.rows) >= 300 / EACH
    assert shares.all_told >= FOUND, f"\n{shares.table()}"


def test_what_is_right_is_left_alone(tmp_path: Path) -> None:
    shares = Shares.of(findings_of(read_sentences("open_good.toml")[::EACH], tmp_path))
    assert len(shares.rows) >= 300 / EACH
    assert shares.all_told <= ACCUSED, f"\n{shares.table()}"


@pytest.mark.parametrize("file", FOUND_SEALED)
def test_what_was_found_of_the_sealed_sentences_is_found(tmp_path: Path, file: str) -> None:
    sealed = (HERE / file).read_bytes()
    assert hashlib.sha256(sealed).hexdigest() in (HERE / "README.md").read_text(encoding="utf-8")
    wrong = [row for row in read_sentences(file) if row["expect"] != "none"]
    shares = Shares.of(findings_of(wrong[::EACH], tmp_path))
    assert shares.all_told >= FOUND_SEALED[file], f"\n{shares.table()}"


@pytest.mark.parametrize("file", LEFT_ALONE)
def test_what_was_left_alone_of_the_sealed_sentences_is_left_alone(tmp_path: Path, file: str) -> None:
    right = [row for row in read_sentences(file) if row["expect"] == "none"]
    shares = Shares.of(findings_of(right[::EACH], tmp_path))
    assert shares.all_told <= ACCUSED, f"\n{shares.table()}"


def test_each_bypass_is_red_in_each_place(tmp_path: Path) -> None:
    """Characters that are not seen, or that look like others."""
    passed = [
        row["id"]
        for row, found in findings_of(read_sentences("bypasses.toml"), tmp_path)
        if not any(f.severity is Severity.RED for f in found)
    ]
    assert not passed


def test_figures_of_a_spanish_text_are_found(tmp_path: Path) -> None:
    rows = [
        {**row, "cause": "bh", "place": "mail", "send": "2027-02-10", "kind": "figure"}
        for row in read_sentences("es_sixty.toml")
    ]
    wrong = [row["id"] for row, found in findings_of(rows, tmp_path) if bool(found) is not row["needs_claim"]]
    assert len(rows) == 60
    assert len(wrong) <= 3, wrong


def test_figures_of_a_spanish_text_are_read_by_value() -> None:
    wrong = []
    for row in read_sentences("es_sixty.toml"):
        read = {v for quantity in quantities_in(row["sentence"], "es") for v in quantity.values}
        if not all(any(isclose(float(v), wanted["value"], rel_tol=1e-3) for v in read) for wanted in row["values"]):
            wrong.append((row["id"], row["sentence"], read))
    assert len(wrong) <= 3, wrong


def test_a_language_without_rules_blocks(tmp_path: Path) -> None:
    passed = [
        row["id"]
        for row, found in findings_of(read_sentences("other_languages.toml"), tmp_path)
        if not any(f.severity is Severity.RED and f.code == "C155" for f in found)
    ]
    assert not passed
