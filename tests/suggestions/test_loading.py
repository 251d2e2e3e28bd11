"""The catalogue follows its files, and what an administrator changed stays."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from suggestions.apps import load_after_migrate
from suggestions.loading import load, read_files
from suggestions.models import CatalogueItem

pytestmark = pytest.mark.django_db

ENTRY = """
[[item]]
slug = "a-song"
title = "A song"
about = "About a song."
suits = { happiness = 0.8 }
ages = [10, 60]
minimum_age = 0
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalogue of one song."""
    (tmp_path / "music.toml").write_text(f'kind = "music"\n{ENTRY}')
    return tmp_path


def change(folder: Path, old: str, new: str) -> None:
    """Replace text in the file."""
    path = folder / "music.toml"
    path.write_text(path.read_text().replace(old, new))


def test_after_a_plain_migrate_the_catalogue_is_there() -> None:
    assert CatalogueItem.objects.count() == len(read_files())


@pytest.mark.django_db(transaction=True)
def test_after_a_flush_it_is_there_again() -> None:
    call_command("flush", verbosity=0, interactive=False)
    assert CatalogueItem.objects.count() == len(read_files())


def test_without_its_table_nothing_is_loaded_and_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    CatalogueItem.objects.all().delete()
    monkeypatch.setattr(CatalogueItem._meta, "db_table", "not_there_yet")
    load_after_migrate(using="default")
    monkeypatch.undo()
    assert not CatalogueItem.objects.exists()


def test_what_was_deleted_returns_with_the_next_migrate() -> None:
    CatalogueItem.objects.all().delete()
    load_after_migrate(using="default")
    assert CatalogueItem.objects.count() == len(read_files())


def test_loading_again_changes_nothing() -> None:
    loaded = load()
    assert (loaded.created, loaded.changed, loaded.retired) == (0, 0, 0)


def test_a_changed_entry_changes_its_row(folder: Path) -> None:
    load(folder)
    change(folder, "A song", "The song")
    assert load(folder).changed == 1
    assert CatalogueItem.objects.get(slug="a-song").title == "The song"


def test_what_an_administrator_wrote_stays_while_the_entry_is_the_same(folder: Path) -> None:
    load(folder)
    CatalogueItem.objects.filter(slug="a-song").update(title="Our song", active=False)
    load(folder)
    item = CatalogueItem.objects.get(slug="a-song")
    assert (item.title, item.active) == ("Our song", False)


def test_an_item_that_was_switched_off_stays_off_when_its_entry_changes(folder: Path) -> None:
    load(folder)
    CatalogueItem.objects.filter(slug="a-song").update(active=False)
    change(folder, "A song", "The song")
    load(folder)
    assert not CatalogueItem.objects.get(slug="a-song").active


def test_an_entry_that_left_the_files_is_retired_and_returns_with_its_entry(folder: Path, tmp_path: Path) -> None:
    load(folder)
    content = (folder / "music.toml").read_text()
    (folder / "music.toml").write_text('kind = "music"\n')
    assert load(folder).retired == 1
    assert not CatalogueItem.objects.get(slug="a-song").active
    (folder / "music.toml").write_text(content)
    load(folder)
    assert CatalogueItem.objects.get(slug="a-song").active


def test_an_item_made_by_hand_is_left_alone(folder: Path) -> None:
    CatalogueItem.objects.create(
        slug="a-song", kind="book", title="By hand", description="-", emotions={"fear": 1}, age_from=0, age_to=9
    )
    load(folder)
    item = CatalogueItem.objects.get(slug="a-song")
    assert (item.title, item.active) == ("By hand", True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("happiness = 0.8", "joy = 0.8", "no expressions: joy"),
        ("happiness = 0.8", "happiness = 1.8", "between 0 and 1"),
        ("happiness = 0.8", 'happiness = "much"', "must be a number"),
        ("happiness = 0.8", "happiness = 0", "at least one is above 0"),
        ("ages = [10, 60]", "ages = [60, 10]", "ages must rise"),
        ("minimum_age = 0", "minimum_age = 18", "ages must rise"),
        ("minimum_age = 0", "minimum_age = 0\nprice = 3", "unknown price"),
        ('about = "About a song."', 'about = ""', "blank"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_name(folder: Path, old: str, new: str, said: str) -> None:
    change(folder, old, new)
    with pytest.raises(ValidationError) as caught:
        load(folder)
    assert "music.toml, a-song" in caught.value.messages[0]
    assert said in caught.value.messages[0]


def test_a_slug_used_twice_is_refused(folder: Path) -> None:
    (folder / "book.toml").write_text(f'kind = "book"\n{ENTRY}')
    with pytest.raises(ValidationError, match="used twice"):
        load(folder)


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_catalogue")
    assert "0 new, 0 changed, 0 retired." in capsys.readouterr().out


def test_the_command_fails_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise ValidationError("music.toml, a-song: no.")

    monkeypatch.setattr("suggestions.management.commands.load_catalogue.load", refuse)
    with pytest.raises(CommandError, match="a-song: no"):
        call_command("load_catalogue")
