"""Wrong settings stop the start with a sentence."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from facet import checks, env, secrets_file


@pytest.mark.parametrize(("raw", "value"), [("1", True), ("yes", True), ("Off", False), ("", False)])
def test_a_switch_knows_its_words(monkeypatch: pytest.MonkeyPatch, raw: str, value: bool) -> None:
    monkeypatch.setenv("FACET_X", raw)
    assert env.flag("FACET_X", default=not value) is value


def test_a_switch_does_not_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACET_X", "flase")
    with pytest.raises(ImproperlyConfigured, match="FACET_X must be 1 or 0"):
        env.flag("FACET_X", default=True)


@pytest.mark.parametrize("raw", ["ten", "0", "-1", "1.5"])
def test_a_number_out_of_bounds_names_its_variable(monkeypatch: pytest.MonkeyPatch, raw: str) -> None:
    monkeypatch.setenv("FACET_X", raw)
    with pytest.raises(ImproperlyConfigured, match="FACET_X"):
        env.integer("FACET_X", 5, least=1)


def test_without_a_secret_nothing_starts(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("FACET_", "DJANGO_"))}
    environment["FACET_ENV_FILE"] = os.devnull
    done = subprocess.run(
        [sys.executable, "-c", "import facet.settings"], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode != 0
    assert "FACET_SECRET_KEY is not set" in done.stderr


def test_generated_secrets_are_long_private_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    secrets_file.write(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    values = dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
    assert len(values["FACET_SECRET_KEY"]) > 50
    assert len(values["POSTGRES_PASSWORD"]) == 40
    with pytest.raises(FileExistsError):
        secrets_file.write(path)


@override_settings(HTTPS=False, ALLOWED_HOSTS=["*"], SECRET_KEY="change-me")
def test_misconfiguration_is_found_by_the_system_checks() -> None:
    found = [*checks.https_is_on(None), *checks.hosts_are_named(None), *checks.secret_is_own(None)]
    assert [message.id for message in found] == ["facet.W001", "facet.E001", "facet.E002"]
    assert all(message.hint for message in found)


def test_every_variable_is_explained_in_the_example() -> None:
    root = env.BASE_DIR
    used: set[str] = set()
    for source in (path for path in (root / "platform").rglob("*.py") if path.name != "settings_test.py"):
        for word in source.read_text().replace('"', " ").replace("'", " ").split():
            if word.startswith("FACET_") and word.isupper() and word.replace("_", "").isalnum():
                used.add(word)
    used -= {"FACET_STOP_WITH_PARENT"}  # the Makefile's own
    example = (root / ".env.example").read_text()
    assert sorted(name for name in used if name not in example) == []
