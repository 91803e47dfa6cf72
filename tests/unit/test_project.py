"""The project is found, never guessed; a campaign's name is a name and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import ConfigurationError, UsageError
from scheduler.project import campaign_ids, find_root, the_campaign

ROOT = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project without campaigns."""
    return make_project(tmp_path.resolve() / "project")


def make_project(root: Path, *campaigns: str) -> Path:
    (root / "config").mkdir(parents=True)
    (root / "config" / "settings.toml").touch()
    for name in campaigns:
        (root / "campaigns" / name).mkdir(parents=True)
    return root


def test_the_project_is_found_from_any_folder_within_it(root: Path) -> None:
    """Upwards to the folder that holds config/settings.toml."""
    inside = root / "campaigns" / "x" / "items"
    inside.mkdir(parents=True)
    assert root == find_root(None, {}, root)
    assert root == find_root(None, {}, inside)


def test_the_option_goes_before_the_environment_and_that_before_the_folder(root: Path, tmp_path: Path) -> None:
    """--project, then OBSERVANCE_PROJECT, then upwards."""
    second, third = make_project(tmp_path / "second"), make_project(tmp_path / "third")
    env = {"OBSERVANCE_PROJECT": str(second)}
    assert third == find_root(third, env, root)
    assert second == find_root(None, env, root)
    assert root == find_root(None, {"OBSERVANCE_PROJECT": ""}, root)


def test_a_relative_folder_counts_from_where_the_command_was_called(root: Path, tmp_path: Path) -> None:
    """The result is absolute."""
    assert root == find_root(Path("project"), {}, tmp_path)
    assert root == find_root(None, {"OBSERVANCE_PROJECT": "./project"}, tmp_path)


def test_a_named_folder_that_is_no_project_is_refused_even_inside_one(root: Path, tmp_path: Path) -> None:
    """Who names a folder means that folder; no other is taken in its place."""
    (root / "empty").mkdir()
    with pytest.raises(ConfigurationError, match=r"--project names .*empty, which holds no config/settings\.toml"):
        find_root(Path("empty"), {}, root)
    with pytest.raises(ConfigurationError, match=r"OBSERVANCE_PROJECT names .*, which is not a folder"):
        find_root(None, {"OBSERVANCE_PROJECT": "missing"}, root)


def test_outside_a_project_the_error_says_what_to_do(tmp_path: Path) -> None:
    """Exit status 3, with the three ways to name a project."""
    with pytest.raises(ConfigurationError) as caught:
        find_root(None, {}, tmp_path)
    assert 3 == caught.value.exit_status
    assert "--project" in caught.value.hint
    assert "init" in caught.value.hint


def test_campaigns_are_folders_with_plain_names(tmp_path: Path) -> None:
    """Files, hidden folders and odd names are none."""
    root = make_project(tmp_path / "p", "b-month", "a2", ".git", "_old", "My Month", "x--y")
    (root / "campaigns" / "notes").touch()
    assert ["a2", "b-month"] == campaign_ids(root)
    assert [] == campaign_ids(tmp_path)


def test_the_only_campaign_need_not_be_named(tmp_path: Path) -> None:
    """With two of them it must be; with none the error says where one belongs."""
    one, two = make_project(tmp_path / "1", "a"), make_project(tmp_path / "2", "a", "b")
    assert "a" == the_campaign(one, None)
    assert "a" == the_campaign(two, "a")
    with pytest.raises(UsageError) as caught:
        the_campaign(two, None)
    assert "one of: a, b" == caught.value.hint
    none = make_project(tmp_path / "0", "My Month")
    with pytest.raises(UsageError, match=r"There is no campaign in .*; My Month cannot be the name of one"):
        the_campaign(none, None)


def test_an_unknown_campaign_is_answered_with_what_is_there(tmp_path: Path) -> None:
    """And with the one that was probably meant; exit status 2."""
    root = make_project(tmp_path / "p", "reading-week", "water-month")
    with pytest.raises(UsageError) as caught:
        the_campaign(root, "readng-week")
    assert 2 == caught.value.exit_status
    assert "did you mean reading-week? there is: reading-week, water-month" == caught.value.hint


@pytest.mark.parametrize(
    "name",
    [
        "../secret",
        "a/../../etc",
        "/etc",
        "..",
        ".",
        "",
        "a\\b",
        "A",
        "a b",
        "a_b",
        "-a",
        "a-",
        "a--b",
        "a\n",
        "ä",
        "a\0",
    ],
)
def test_a_name_with_anything_odd_in_it_is_refused(tmp_path: Path, name: str) -> None:
    """A name is put into paths, addresses and the ledger, so it has a narrow form."""
    root = make_project(tmp_path / "p", "a")
    (tmp_path / "p" / "secret").mkdir()
    with pytest.raises(UsageError, match="is not the name of a campaign"):
        the_campaign(root, name)


def test_a_path_to_a_campaign_is_answered_with_its_name(tmp_path: Path) -> None:
    """What the shell completes is nearly right."""
    root = make_project(tmp_path / "p", "reading-week")
    with pytest.raises(UsageError) as caught:
        the_campaign(root, "campaigns/reading-week/")
    assert "write reading-week" == caught.value.hint


@given(st.text())
def test_any_name_gives_a_campaign_of_the_list_or_a_usage_error(name: str) -> None:
    """Never a path, never another error."""
    root = Path(__file__).parents[1] / "scenarios" / "_base" / "small"
    try:
        found = the_campaign(root, name)
    except UsageError:
        return
    assert found in campaign_ids(root)


def test_behind_sudo_it_is_the_person_who_did_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a server everybody types through the one account that the program has; the history names who it was."""
    from scheduler.wiring import open_project

    project = open_project(ROOT, {}, ROOT)
    monkeypatch.setattr("getpass.getuser", lambda: "observance")
    monkeypatch.delenv("SUDO_USER", raising=False)
    assert "observance" == project.login_name()
    monkeypatch.setenv("SUDO_USER", "ada")
    assert "ada" == project.login_name()
