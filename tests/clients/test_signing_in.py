"""The command `facet`: signing in and out, help and mistakes."""

import stat

from pytest_django.live_server_helper import LiveServer

from accounts.models import ApiToken, User
from tests.clients.conftest import NOBODY, Shell, at_a_terminal


def test_signing_in_keeps_the_token_for_oneself_and_out(
    shell: Shell, live_server: LiveServer, transactional_db: None, token: str
) -> None:
    done = shell("login", live_server.url, "--token-stdin", typed=f"{token}\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "ann@example.org" in done.stdout
    file = shell.home / "config" / "facet" / "account.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert token not in done.stdout
    assert shell("me").stdout == f"ann@example.org at {live_server.url}\n"
    assert shell("logout").returncode == 0
    assert not file.exists()
    assert "not signed in" in shell("me").stderr
    assert shell("me").returncode == 3


def test_a_token_that_is_none_is_not_kept(
    shell: Shell, live_server: LiveServer, transactional_db: None, ann: User
) -> None:
    refused = shell("login", live_server.url, "--token-stdin", typed="wrong\n")
    assert (refused.returncode, "does not take the token" in refused.stderr) == (3, True)
    assert not (shell.home / "config" / "facet" / "account.json").exists()
    assert shell("login", live_server.url, typed="x\n").returncode == 2  # nobody is there to type


def test_the_token_is_typed_without_being_shown(
    shell: Shell, live_server: LiveServer, transactional_db: None, token: str
) -> None:
    seen = at_a_terminal(shell, f"{token}\n", "login", live_server.url)
    assert "Token:" in seen
    assert "Signed in" in seen
    assert token not in seen


def test_who_signs_in_with_too_little_is_told_what_is_missing(
    shell: Shell, live_server: LiveServer, transactional_db: None, token: str
) -> None:
    ApiToken.objects.update(scopes=["read"])
    done = shell("login", live_server.url, "--token-stdin", typed=token)
    assert (done.returncode, "can only look" in done.stdout) == (0, True)
    ApiToken.objects.update(scopes=["upload"])
    refused = shell("me")
    assert (refused.returncode, "lacks the scope “read”" in refused.stderr) == (4, True)
    assert "need “read” and “upload”" in refused.stderr


def test_a_token_that_others_can_read_is_not_used(
    shell: Shell, live_server: LiveServer, transactional_db: None, token: str
) -> None:
    shell("login", live_server.url, "--token-stdin", typed=token)
    (shell.home / "config" / "facet" / "account.json").chmod(0o644)
    refused = shell("me")
    assert (refused.returncode, "Others on this machine" in refused.stderr) == (3, True)


def test_the_kept_token_goes_nowhere_else(
    shell: Shell, live_server: LiveServer, transactional_db: None, token: str
) -> None:
    shell("login", live_server.url, "--token-stdin", typed=token)
    refused = shell("me", FACET_URL="https://facet.example.org")
    assert (refused.returncode, "signed in at" in refused.stderr) == (3, True)
    refused = shell("login", "http://facet.example.org", "--token-stdin", typed=token)
    assert (refused.returncode, "--allow-http" in refused.stderr) == (4, True)


def test_a_server_that_is_away(shell: Shell) -> None:
    refused = shell("me", FACET_URL=NOBODY, FACET_TOKEN="t")
    assert (refused.returncode, f"{NOBODY} cannot be reached" in refused.stderr) == (4, True)
    assert "Traceback" not in refused.stderr


def test_help_reads_well_and_mistakes_are_told(shell: Shell) -> None:
    top = shell("--help")
    assert "facet analyse *.jpg --csv" in top.stdout
    assert max(map(len, top.stdout.splitlines())) <= 100
    for name in ("login", "logout", "me", "analyse", "list", "show", "delete"):
        assert f"    {name} " in top.stdout
        assert "exit codes" in shell(name, "--help").stdout
    for words in ([], ["dance"], ["analyse"], ["analyse", "a.jpg", "--csv", "--json"], ["list", "--limit", "0"]):
        assert shell(*words).returncode == 2
    both = shell("analyse", "a.jpg", "--delete", "--no-wait")
    assert (both.returncode, "--no-wait" in both.stderr) == (2, True)
