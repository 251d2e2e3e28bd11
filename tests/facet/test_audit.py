"""`make audit` never calls something well that nobody looked at, and the locks are whole."""

import importlib.util
import re
import sys
import tomllib
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from facet.env import BASE_DIR

HASHES = " \\\n    --hash=sha256:" + "a" * 64
CHECKED = ("platform", "accounts", "analysis", "suggestions", "models_store", "clients")


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("requirements_audit", BASE_DIR / "requirements" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def said(audit: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """What the audit says of two packages when pip-audit answers so, about one and then about all."""

    def ask(*answers: list[dict[str, Any]]) -> tuple[int, str]:
        told = iter(answers)
        monkeypatch.setattr(audit, "asked", lambda _: next(told))
        code, words = audit.audit({"django": ("1", f"django==1{HASHES}"), "knox": ("2", f"knox==2{HASHES}")})
        return int(code), str(words)

    return ask


def well(name: str) -> dict[str, Any]:
    return {"name": name, "version": "1", "vulns": []}


def test_our_locks_are_whole(audit: ModuleType) -> None:
    locks = {name: (BASE_DIR / "requirements" / name).read_text() for name in audit.LOCKS}
    assert audit.faults(locks) == []
    assert set(audit.LOCKS) == {path.name for path in (BASE_DIR / "requirements").glob("*.txt")}
    assert all(len(audit.pins(text)) > 30 for text in locks.values())


@pytest.mark.parametrize(
    "line",
    ["django", "django>=5", "django==5", f"django>=5{HASHES}", "django @ https://example.org/a.whl", "-e .",
     f"--index-url https://example.org\ndjango==5{HASHES}", "django==5 \\\n    --hash=md5:" + "a" * 32],
)  # fmt: skip
def test_what_is_not_pinned_and_hashed_is_found(audit: ModuleType, line: str) -> None:
    assert audit.faults({"dev.txt": f"knox==2{HASHES}\n{line}\n"})


@pytest.mark.parametrize("smaller", ["django==4", "allauth==1"])
def test_locks_that_disagree_are_found(audit: ModuleType, smaller: str) -> None:
    (fault,) = audit.faults({"dev.txt": f"django==5{HASHES}", "scale.txt": f"{smaller}{HASHES}", "serve.txt": ""})
    assert "dev.txt" in fault


def test_nobody_to_ask_is_no_success(said: Callable[..., tuple[int, str]]) -> None:
    for answers in ([], [{"name": "django", "skip_reason": "not found on PyPI"}]):
        code, words = said(answers)
        assert code == 2
        assert "--offline" in words


def test_a_package_that_was_passed_over_is_no_success(said: Callable[..., tuple[int, str]]) -> None:
    code, words = said([well("django")], [well("django"), {"name": "knox", "skip_reason": "not found"}])
    assert (code, "knox" in words) == (1, True)
    assert said([well("django")], [well("django")])[0] == 1, "one package was not answered for"


def test_what_is_vulnerable_is_named_with_what_mends_it(said: Callable[..., tuple[int, str]]) -> None:
    bad = {"name": "knox", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3", "4"]}]}
    assert said([well("django")], [well("django"), bad]) == (1, "knox 2: PYSEC-1, fixed in 3, 4")


def test_success_is_every_package_looked_up(said: Callable[..., tuple[int, str]]) -> None:
    assert said([well("django")], [well("django"), well("knox")])[0] == 0


def test_offline_has_to_be_said_and_says_what_was_not_done(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["audit.py", "--offline"])
    assert audit.main() == 0
    assert "Advisories were not asked for" in capsys.readouterr().out


def test_bandit_and_the_locks_are_in_make_check() -> None:
    recipe = (BASE_DIR / "Makefile").read_text().split("\ncheck:")[1].split("\n\n")[0]
    assert re.search(rf"bandit .*{' '.join(CHECKED)}$", recipe, re.MULTILINE)
    assert "audit.py --offline" in recipe


def test_whatever_bandit_is_told_to_leave_alone_has_a_reason() -> None:
    for line in (BASE_DIR / "pyproject.toml").read_text().split("[tool.bandit]")[1].split("\n[")[0].splitlines():
        assert not line.startswith('    "B') or re.search(r'",  # \w+.*\w+ \w+', line), line
    skips = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["tool"]["bandit"]["skips"]
    assert len(skips) == 6
    for folder in CHECKED:
        for path in (BASE_DIR / folder).rglob("*.py"):
            for line in path.read_text(encoding="utf-8").splitlines():
                assert "nosec" not in line or re.search(r"# nosec B\d{3}(,B\d{3})*  # \w+ \w+", line), f"{path}: {line}"
