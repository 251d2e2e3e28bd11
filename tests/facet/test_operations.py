"""What the operator's guide says is so."""

import re
import runpy
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from facet import health, instruments, logs
from facet.env import BASE_DIR

GUIDE = (BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
SETTING = re.compile(r"\bFACET_[A-Z_]*[A-Z]\b")
FIGURE = re.compile(r"\bfacet_[a-z_]*[a-z]\b")
NOT_TOLD = {"FACET_STOP_WITH_PARENT"}  # the Makefile's own


def settings_in_code() -> set[str]:
    sources = [path for path in (BASE_DIR / "platform").rglob("*.py") if path.name != "settings_test.py"]
    sources += [BASE_DIR / "docker-compose.yml", *(BASE_DIR / "analysis").rglob("*.py")]
    return {name for path in sources for name in SETTING.findall(path.read_text(encoding="utf-8"))} - NOT_TOLD


def test_every_setting_it_names_is_in_the_code() -> None:
    assert sorted(set(SETTING.findall(GUIDE)) - settings_in_code()) == []


def test_every_setting_of_the_example_and_of_the_code_is_in_its_table() -> None:
    table = {name for row in re.findall(r"^\| (`[A-Z].*?) \|", GUIDE, re.MULTILINE) for name in SETTING.findall(row)}
    example = set(SETTING.findall((BASE_DIR / ".env.example").read_text(encoding="utf-8")))
    assert sorted((example | settings_in_code()) - table) == []
    assert sorted(table - settings_in_code()) == []


def test_the_defaults_it_tells_are_those_of_the_code() -> None:
    told = dict(re.findall(r"^\| `(FACET_\w+)` \| `?([^|`]+?)`? \|", GUIDE, re.MULTILINE))
    source = (BASE_DIR / "platform" / "facet" / "settings.py").read_text(encoding="utf-8")
    numbers = dict(re.findall(r'env\.integer\("(FACET_\w+)", (\d+)', source))
    words = dict(re.findall(r'env\.text\("(FACET_\w+)", "([^"]+)"\)', source))
    flags = dict.fromkeys(re.findall(r'env\.flag\("(FACET_\w+)", default=False', source), "0")
    expected = numbers | words | flags
    assert len(expected) >= 14
    assert {name: told[name] for name in expected} == expected


def test_every_figure_it_names_is_told_and_every_figure_told_is_named(
    client: Client, settings: Any, tmp_path: Path, db: None
) -> None:
    settings.METRICS_TOKEN, settings.METRICS_DIR = "t" * 32, tmp_path
    Path(settings.MEDIA_ROOT).mkdir(parents=True)
    instruments.shared.cache_clear()
    try:
        client.get("/healthz")
        text = client.get("/metrics", headers={"Authorization": f"Bearer {'t' * 32}"}).content.decode()
    finally:
        instruments.shared.cache_clear()
    told = set(re.findall(r"^# TYPE (facet_\w+)", text, re.MULTILINE))
    named = {re.sub(r"_bucket$", "", name) for name in FIGURE.findall(GUIDE)} - {"facet_http"}
    assert named == told


def test_every_part_that_can_be_missing_is_explained() -> None:
    section = GUIDE.split("## Health")[1].split("## ")[0]
    assert {probe.name for probe in health.PROBES} == set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))


def test_every_key_of_a_line_is_named() -> None:
    section = GUIDE.split("## Logs")[1].split("## ")[0]
    assert all(f"`{key}`" in section for key in logs.EXTRA)


def test_rules_are_balanced_and_links_lead_somewhere() -> None:
    rules = re.findall(r"^\| [A-Z][^|]* \| `([^`]*facet[^`]*)`", GUIDE, re.MULTILINE)
    assert len(rules) >= 10
    for rule in rules:
        assert all(rule.count(a) == rule.count(b) for a, b in ("()", "[]", "{}")), rule
    for link in re.findall(r"\]\(([^)#:]+)\)", GUIDE):
        assert (BASE_DIR / "docs" / link).exists(), link


def test_the_command_that_copies_the_database_copies_it(tmp_path: Path) -> None:
    (command,) = re.findall(r'`\.venv/bin/python -c "(import sqlite3.*?)"`', GUIDE)
    (tmp_path / "var").mkdir()
    with sqlite3.connect(tmp_path / "var" / "facet.sqlite3") as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE kept (value)")
        database.execute("INSERT INTO kept VALUES (17)")
    subprocess.run([sys.executable, "-c", command.replace('\\"', '"')], cwd=tmp_path, check=True)
    copy = sqlite3.connect(tmp_path / "facet-backup.sqlite3")
    assert copy.execute("SELECT value FROM kept").fetchall() == [(17,)]


def test_gunicorns_own_lines_look_like_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    for style in logs.STYLES:
        monkeypatch.setenv("FACET_LOG", style)
        made = runpy.run_path(str(BASE_DIR / "gunicorn.conf.py"))["logconfig_dict"]
        assert made["handlers"]["stderr"]["formatter"] == style
        assert made["loggers"]["gunicorn.error"]["handlers"] == ["stderr"]


@pytest.mark.parametrize("word", ["postgres", "redis", "proxy", "web", "worker", "beat", "initialise"])
def test_the_services_it_names_are_those_of_the_compose_file(word: str) -> None:
    assert re.search(rf"^  {word}:$", (BASE_DIR / "docker-compose.yml").read_text(), re.MULTILINE)
    assert f"`{word}`" in GUIDE or f"`{word}`:" in GUIDE
