"""What docs/privacy.md tells operators is so: every table, page, command and setting."""

import re
import shlex
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command, get_commands, load_command_class
from django.urls import Resolver404, resolve

from accounts import chores, personal
from accounts.models import ApiToken, ErasureReceipt, User
from analysis.models import Photo
from facet.env import BASE_DIR
from tests.facet.test_operations import settings_in_code

PAGE = BASE_DIR / "docs" / "privacy.md"
TEXT = PAGE.read_text(encoding="utf-8")
TABLE = TEXT.split("## Where everything is")[1].split("\n## ")[0]
LABELS = set(
    re.findall(r"`((?:account|accounts|admin|analysis|mfa|socialaccount|suggestions|usersessions)\.\w+)`", TABLE)
)


def test_every_table_with_something_about_somebody_is_named() -> None:
    assert sorted(personal.models() - LABELS) == []


def test_every_table_that_is_named_is_there() -> None:
    known = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    assert sorted(LABELS - known) == []


def test_every_row_says_how_long_and_what_removes_it() -> None:
    rows = re.findall(r"^\| (.+) \|$", TABLE, re.MULTILINE)[2:]
    assert len(rows) > 25
    for row in rows:
        cells = row.split(" | ")
        assert len(cells) == 4, row
        assert all(cell.strip() for cell in cells), row


def test_every_chore_that_is_named_runs(db: None) -> None:
    named = set(re.findall(r"chore `([^`]+)`", TEXT))
    assert sorted(named - {state.name for state in chores.states()}) == []


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(?:[A-Z]+ )?(/[a-z0-9/]+/(?:ID/[a-z]*/?)?)`", TEXT))))
def test_every_page_is_there(path: str) -> None:
    address = path.replace("ID", "00000000-0000-0000-0000-000000000000")
    if path == "/receipts/":
        return
    try:
        resolve(address)
    except Resolver404:
        pytest.fail(f"{path} leads nowhere")


def test_every_command_exists() -> None:
    for line in re.findall(r"manage\.py ((?!shell)[^`\n]+)", TEXT):
        name, *words = shlex.split(line)
        command = load_command_class(get_commands()[name], name)
        if words:
            command.create_parser("manage.py", name).parse_args(words)


def test_every_setting_exists() -> None:
    assert sorted(set(re.findall(r"\bFACET_[A-Z_]*[A-Z]\b", TEXT)) - settings_in_code()) == []


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)", TEXT):
        assert (PAGE.parent / target).exists(), target


def test_a_photo_is_deleted_by_the_command_as_it_stands(
    ann: User, make_photo: Any, capsys: pytest.CaptureFixture[str], django_capture_on_commit_callbacks: Any
) -> None:
    photo = make_photo(ann)
    (command,) = re.findall(r"manage\.py (erase_photo) 0{8}-0{4}-0{4}-0{4}-0{12}$", TEXT, re.MULTILINE)
    with django_capture_on_commit_callbacks(execute=True):
        call_command(command, str(photo.uuid))
    assert not Photo.objects.exists()
    assert f"/receipts/{ErasureReceipt.objects.get().uuid}/" in capsys.readouterr().out


def test_all_tokens_go_by_the_command_as_it_stands(ann: User) -> None:
    ApiToken.objects.create(user=ann, name="program")
    (code,) = re.findall(r'manage\.py shell -c "(from .*?)"`', TEXT)
    call_command("shell", command=code)
    assert not ApiToken.objects.exists()
