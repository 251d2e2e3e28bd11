"""What the operator's guide says is so."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands, load_command_class
from django.test import Client
from django.urls import resolve

from facet import health, instruments, logs
from facet.env import BASE_DIR
from tests.facet.documents import ALL, PAGES, anchors, blocks, commands, link_targets

GUIDE = (BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
SETTING = re.compile(r"\bFACET_[A-Z_]*[A-Z]\b")
FIGURE = re.compile(r"\bfacet_[a-z_]*[a-z]\b")
NOT_TOLD = {"FACET_STOP_WITH_PARENT"}  # the Makefile's own


def settings_in_code() -> set[str]:
    sources = [path for path in (BASE_DIR / "platform").rglob("*.py") if path.name != "settings_test.py"]
    sources += [BASE_DIR / "docker-compose.yml", *(BASE_DIR / "analysis").rglob("*.py")]
    return {name for path in sources for name in SETTING.findall(path.read_text(encoding="utf-8"))} - NOT_TOLD


def test_every_setting_it_names_is_in_the_code() -> None:
    assert sorted(set(SETTING.findall(ALL)) - settings_in_code() - {"FACET_IMAGE"}) == []  # of docker/hosts.yml


def test_every_setting_of_the_example_and_of_the_code_is_in_its_table() -> None:
    table = {name for row in re.findall(r"^\| (`[A-Z].*?) \|", GUIDE, re.MULTILINE) for name in SETTING.findall(row)}
    example = set(SETTING.findall((BASE_DIR / ".env.example").read_text(encoding="utf-8")))
    assert sorted((example | settings_in_code()) - table) == []
    assert sorted(table - settings_in_code()) == []


def test_the_defaults_it_tells_are_those_of_the_code() -> None:
    told = dict(re.findall(r"^\| `(FACET_\w+)` \| `?([^|`]+?)`? \|", GUIDE, re.MULTILINE))
    source = (BASE_DIR / "platform" / "facet" / "settings.py").read_text(encoding="utf-8")
    numbers = {n: d.replace("_", "") for n, d in re.findall(r'env\.integer\("(FACET_\w+)", ([\d_]+)', source)}
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
    table = {re.sub(r"_bucket$", "", name) for name in FIGURE.findall(GUIDE)} - {"facet_http"}
    assert table == told
    assert {re.sub(r"_bucket$", "", name) for name in FIGURE.findall(ALL)} - {"facet_http"} == told


def test_every_part_that_can_be_missing_is_explained() -> None:
    section = GUIDE.split("## Health")[1].split("## ")[0]
    assert {probe.name for probe in health.PROBES} == set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))


def test_every_key_of_a_line_is_named() -> None:
    section = GUIDE.split("## Logs")[1].split("## ")[0]
    assert all(f"`{key}`" in section for key in logs.EXTRA)


def test_rules_are_balanced() -> None:
    rules = re.findall(r"^\| [A-Z][^|]* \| `([^`]*facet[^`]*)`", GUIDE, re.MULTILINE)
    assert len(rules) >= 10
    for rule in rules:
        assert all(rule.count(a) == rule.count(b) for a, b in ("()", "[]", "{}")), rule


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_a_file_and_to_a_heading_in_it(page: Path) -> None:
    for file, anchor in link_targets(page):
        assert file.exists(), file
        assert not anchor or anchor in anchors(file), f"{file.name}#{anchor}"


def test_every_command_of_ours_exists_and_takes_what_it_is_given() -> None:
    asked = list(commands(".venv/bin/python manage.py "))
    assert {words[0] for words in asked} >= {"initialise", "collectstatic", "check"}
    for name, *words in asked:
        command = load_command_class(get_commands()[name], name)
        command.create_parser("manage.py", name).parse_args(words)  # raises CommandError for what it does not know


def test_every_target_of_make_and_file_that_is_copied_exists() -> None:
    makefile = (BASE_DIR / "Makefile").read_text()
    for target, *_ in commands("make "):
        assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE), target
    for path in set(re.findall(r"\b(?:docker|kubernetes)/[\w./@-]*\w", ALL)) - {"kubernetes/secret.env"}:
        assert (BASE_DIR / path).exists(), path


def test_routes_of_alarms_are_routes() -> None:
    named = {name for found in re.findall(r'route(?:=~|!=)"([^"]+)"', ALL) for name in found.split("|")}
    assert named == {resolve(path).view_name for path in ("/photos/upload/", "/api/v1/photos/", "/readyz")}


def test_the_settings_of_two_worker_hosts_pass_the_checks_once_nothing_is_a_placeholder(tmp_path: Path) -> None:
    (example,) = blocks("env")
    file = tmp_path / "facet.env"
    for text, well in ((example, False), (example.replace("change-me", "0123456789abcdef" * 4), True)):
        file.write_text(text)
        ours = ("DATABASE_URL", "FACET_", "DJANGO_")  # the browser tests leave one of Django's behind
        clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        environment = clean | {"FACET_ENV_FILE": str(file), "DJANGO_SETTINGS_MODULE": "facet.settings"}
        asked = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        done = subprocess.run(asked, cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False)
        assert (done.returncode == 0) is well, done.stderr


def test_gunicorns_own_lines_look_like_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    for style in logs.STYLES:
        monkeypatch.setenv("FACET_LOG", style)
        made = runpy.run_path(str(BASE_DIR / "gunicorn.conf.py"))["logconfig_dict"]
        assert made["handlers"]["stderr"]["formatter"] == style
        assert made["loggers"]["gunicorn.error"]["handlers"] == ["stderr"]


@pytest.mark.parametrize("word", ["postgres", "redis", "proxy", "web", "worker", "chores", "beat", "initialise"])
def test_the_services_it_names_are_those_of_the_compose_file(word: str) -> None:
    assert re.search(rf"^  {word}:$", (BASE_DIR / "docker-compose.yml").read_text(), re.MULTILINE)
    assert f"`{word}`" in GUIDE or f"`{word}`:" in GUIDE
