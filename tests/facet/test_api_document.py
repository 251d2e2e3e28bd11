"""What docs/api.md tells integrators is so: every example runs, every code is there."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import get_resolver
from pytest_django.live_server_helper import LiveServer
from rest_framework import exceptions

from accounts import chores
from accounts.models import ApiToken, User
from accounts.scopes import Scope
from analysis import trying
from analysis.api.refusals import NOT_NOW
from analysis.bounds import NotNowError
from facet.env import BASE_DIR
from tests.clients.conftest import read_all
from tests.conftest import jpeg

PAGE = BASE_DIR / "docs" / "api.md"
TEXT = PAGE.read_text(encoding="utf-8")
NOT_OURS = {
    "error", "permission_denied", "parse_error", "method_not_allowed", "not_acceptable", "invalid", "not_authenticated",
    "unsupported_media_type", "authentication_failed", "not_found", "throttled",
}  # fmt: skip
"""Of Django REST framework."""

PHOTO_CODES = {"empty", "too_large", "too_small", "too_complex", "unsupported", "unreadable"}
"""As platform/vision/decoding/limits.py names them."""


def examples() -> str:
    """All examples as one program: they hand values on to each other."""
    program = ["set -euo pipefail"]
    for kind, code in re.findall(r"^```(sh|python)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL):
        if kind == "python":
            program.append(f'"$PYTHON" - <<"END"\n{code}END')
        else:
            program.append(code)
    return "\n".join(program)


@pytest.fixture
def desk(tmp_path: Path, live_server: LiveServer, transactional_db: None, ann: User, astronaut_jpeg: bytes) -> Any:
    """Ann's folder with photos, and her environment."""
    (tmp_path / "us.jpg").write_bytes(astronaut_jpeg)
    for side, name in enumerate(("me", "1", "2", "3"), start=40):
        (tmp_path / f"{name}.jpg").write_bytes(jpeg(side, side))
    scopes = [scope.value for scope in Scope if scope != Scope.REVIEW]
    _, token = ApiToken.objects.create(user=ann, name="program", scopes=scopes)
    return {
        "HOME": str(tmp_path), "PATH": os.environ["PATH"], "FACET": live_server.url, "TOKEN": token,
        "PYTHON": sys.executable, "PYTHONPATH": str(BASE_DIR / "clients" / "python" / "src"), "no_proxy": "*",
    }  # fmt: skip


@pytest.fixture
def work_is_done(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Photos are read and chores done by the threads that ask for it."""
    monkeypatch.setattr("analysis.tasks.ring_for_new", lambda _: read_all())
    monkeypatch.setattr("accounts.tasks.chores.apply_async", lambda **told: chores.run(*told["args"]))
    yield
    trying._turn.acquire(timeout=60)  # whoever reads last must not read into the next test
    trying._turn.release()


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_every_example_runs(desk: dict[str, str], tmp_path: Path, work_is_done: None) -> None:
    done = subprocess.run(
        ["bash"], input=examples(), cwd=tmp_path, env=desk, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "ann@example.org" in done.stdout
    assert "304" in done.stdout.splitlines()
    assert '"code":"invalid"' in done.stdout
    assert "3 of 3" in done.stdout
    assert (tmp_path / "my-data.zip").read_bytes().startswith(b"PK")


def test_every_curl_is_in_an_example_that_runs() -> None:
    blocks = re.findall(r"^```(.*)\n", TEXT, re.MULTILINE)[::2]
    assert set(blocks) <= {"sh", "python"}
    assert "`curl" not in TEXT, "an example outside of a block is not run"


def codes_in_code() -> set[str]:
    """Of every error that the API can raise, all modules of it being loaded."""
    assert get_resolver().url_patterns
    kinds, found = [exceptions.APIException], set()
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if kind.__module__.split(".")[0] in {"accounts", "analysis", "suggestions", "facet"}:
            found.add(str(kind.default_code))
    sources = [path for app in ("accounts", "analysis", "suggestions", "platform/facet") for path in
               (BASE_DIR / app).rglob("*.py")]  # fmt: skip
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    named = re.findall(r'AuthenticationFailed\([^"]*(?:"[^"]*"[^")]*)*, "(\w+)"\)', text)
    named += re.findall(r'problem\(status_code=[\w.]+, code="(\w+)"', text)
    return found | set(named) | set(NOT_NOW.values()) | PHOTO_CODES | NOT_OURS


def codes_in_table() -> set[str]:
    table = TEXT.split("## Errors")[1].split("\n## ")[0]
    return {code for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE) for code in re.findall(r"`(\w+)`", row)}


def test_every_code_is_in_the_table_and_no_other() -> None:
    code = codes_in_code()
    assert {"token_expired", "account_inactive", "queue_full", "scope_missing"} <= code
    assert NotNowError in NOT_NOW
    assert sorted(code - codes_in_table()) == []
    assert sorted(codes_in_table() - code) == []


def test_the_photo_codes_are_those_of_the_engine() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (BASE_DIR / "platform/vision/decoding").rglob("*.py"))
    assert set(re.findall(r'PhotoError\(\s*"(\w+)"', text)) <= PHOTO_CODES


def test_the_scopes_are_all_there() -> None:
    assert set(re.findall(r"^\| `(\w+)` \| [a-z]", TEXT.split("## Consent")[0], re.MULTILINE)) == set(Scope.values)


def test_the_limits_are_those_of_the_settings(settings: Any) -> None:
    told = TEXT.split("## Limits")[1].split("\n## ")[0]
    source = (BASE_DIR / "platform/facet/settings.py").read_text(encoding="utf-8")
    for rate in re.findall(r'env\.rate\("FACET_API_\w+", "(\d+)/min"\)', source):
        assert f"| {rate} a minute |" in told, rate
    assert f"{settings.PHOTO_MAX_MEGABYTES} MB, {settings.PHOTO_MAX_MEGAPIXELS} megapixels" in told
    assert f"{settings.PHOTOS_PER_DAY:,}" in told


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXT):
        assert (PAGE.parent / target).exists(), target
