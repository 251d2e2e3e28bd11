"""OpenID Connect: off unless set, and then against a provider of our own."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.apps import apps
from django.core.checks import run_checks
from django.test import Client
from django.urls import NoReverseMatch, clear_url_caches, reverse

from accounts.models import User
from facet import urls
from tests.accounts.second_factor import guard

LOGIN, PROFILE = "/account/login/", "/account/"
START = "/account/oidc/single-sign-on/login/"
WHOLE = {
    "FACET_OIDC_ISSUER": "https://id.example.org/realm",
    "FACET_OIDC_CLIENT_ID": "facet",
    "FACET_OIDC_CLIENT_SECRET": "secret",
}


def test_it_is_off_by_default(client: Client, db: None) -> None:
    assert not apps.is_installed("allauth.socialaccount.providers.openid_connect")
    assert client.get(START).status_code == 404
    assert "Sign in with" not in client.get(LOGIN).content.decode()
    with pytest.raises(NoReverseMatch):
        reverse("socialaccount_connections")


def started_with(tmp_path: Path, **environment: str) -> dict[str, Any]:
    """What an installation with this environment makes of it."""
    script = (
        "import django, json; django.setup()\n"
        "from django.conf import settings\n"
        "from django.urls import reverse, NoReverseMatch\n"
        "from django.core.checks import run_checks\n"
        "try: url = reverse('openid_connect_callback', args=['single-sign-on'])\n"
        "except NoReverseMatch: url = ''\n"
        "print(json.dumps({'url': url, 'checks': [c.id for c in run_checks() if c.id.startswith('accounts.')],\n"
        "  'form': settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action']}))\n"
    )
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("FACET_", "DATABASE_URL"))}
    settings = {"DJANGO_SETTINGS_MODULE": "facet.settings", "FACET_ENV_FILE": os.devnull, "FACET_SECRET_KEY": "x" * 50,
                "FACET_VAR_DIR": str(tmp_path)}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script], env=ours | settings | environment, capture_output=True, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_whole_settings_turn_it_on_and_let_forms_lead_there(tmp_path: Path) -> None:
    assert started_with(tmp_path, **WHOLE) == {
        "url": "/account/oidc/single-sign-on/login/callback/",
        "checks": [],
        "form": ["'self'", "https://id.example.org"],
    }


@pytest.mark.parametrize("left_out", WHOLE)
def test_half_of_the_settings_leave_it_off_and_are_found_by_a_check(tmp_path: Path, left_out: str) -> None:
    half = {name: value for name, value in WHOLE.items() if name != left_out}
    assert started_with(tmp_path, **half) == {"url": "", "checks": ["accounts.E001"], "form": ["'self'"]}


@pytest.mark.parametrize(
    ("issuer", "found"),
    [("http://id.example.org", ["accounts.E002"]), ("http://localhost:8080", []), ("https://id.example.org", [])],
)
def test_the_provider_must_be_reached_by_https(settings: Any, issuer: str, found: list[str]) -> None:
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = issuer, "facet", "secret"
    assert [check.id for check in run_checks() if str(check.id).startswith("accounts.")] == found


class Provider(BaseHTTPRequestHandler):
    """As much of an identity provider as a sign-in needs."""

    person = {"sub": "77", "email": "eve@example.org", "email_verified": True}

    def _say(self, what: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(what).encode())

    def do_GET(self) -> None:
        own = f"http://{self.headers['Host']}"
        if self.path == "/userinfo":
            self._say(self.person)
        else:
            self._say({"issuer": own, "authorization_endpoint": f"{own}/authorise", "token_endpoint": f"{own}/token",
                       "userinfo_endpoint": f"{own}/userinfo", "jwks_uri": f"{own}/keys"})  # fmt: skip

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say({"access_token": "token-of-eve", "token_type": "Bearer"})

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[str]:
    """The address of an identity provider that Facet is set up for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    app = {"provider_id": "single-sign-on", "name": "Example ID", "client_id": "facet", "secret": "secret",
           "settings": {"server_url": address}}  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    settings.OIDC, settings.OIDC_NAME = True, "Example ID"
    monkeypatch.setitem(registry.provider_map, "openid_connect", OpenIDConnectProvider)
    module = ModuleType("urls_with_single_sign_on")
    from django.urls import include, path

    module.urlpatterns = [*urls.urlpatterns, path("account/", include(urls.SINGLE_SIGN_ON))]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    settings.ROOT_URLCONF = module.__name__
    yield address
    server.shutdown()
    server.server_close()
    clear_url_caches()


def come_back(client: Client, address: str, process: str = "login") -> Any:
    """Through the provider and back."""
    away = client.post(f"{START}?process={process}").headers["Location"]
    assert away.startswith(f"{address}/authorise?")
    asked = parse_qs(urlsplit(away).query)
    assert asked["code_challenge_method"] == ["S256"]
    return client.get(f"{START}callback/?{urlencode({'code': 'c', 'state': asked['state'][0]})}", follow=True)


def test_somebody_new_gets_an_account_without_a_password(client: Client, provider: str) -> None:
    assert "Sign in with Example ID" in client.get(LOGIN).content.decode()
    come_back(client, provider)
    person = User.objects.get(email="eve@example.org")
    assert not person.has_usable_password()
    assert EmailAddress.objects.get(user=person).verified
    page = client.get(PROFILE).content.decode()
    assert "you have none: set one" in page
    assert not SocialToken.objects.exists()


def test_who_has_a_second_factor_is_asked_for_it(client: Client, provider: str) -> None:
    come_back(client, provider)
    guard(User.objects.get(email="eve@example.org"))
    elsewhere = Client()
    assert come_back(elsewhere, provider).redirect_chain[-1][0] == "/account/2fa/authenticate/"
    assert elsewhere.get(PROFILE).status_code == 302


def test_the_provider_cannot_take_over_an_account_that_is_there(
    client: Client, ann: User, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(Provider.person, "email", ann.email)
    come_back(client, provider)
    assert client.get(PROFILE).status_code == 302
    assert not SocialAccount.objects.filter(user=ann).exists()


def test_people_connect_it_themselves_and_sign_in_with_it(ann: User, ann_client: Client, provider: str) -> None:
    assert "connect Example ID" in ann_client.get(PROFILE).content.decode()
    ann_client.post("/account/reauthenticate/", {"password": "correct horse battery"})
    come_back(ann_client, provider, "connect")
    assert SocialAccount.objects.get().user == ann
    assert "Connected" in ann_client.get(reverse("socialaccount_connections")).content.decode()
    elsewhere = Client()
    come_back(elsewhere, provider)
    assert elsewhere.get(PROFILE).context["user"] == ann


def test_without_a_password_an_account_is_deleted_without_one(client: Client, provider: str) -> None:
    come_back(client, provider)
    assert 'name="password"' not in client.get("/account/delete/").content.decode()
    client.post("/account/delete/")
    assert not User.objects.exists()
    assert not SocialAccount.objects.exists()


def test_an_answer_that_nobody_asked_for_signs_nobody_in(client: Client, provider: str) -> None:
    response = client.get(f"{START}callback/?code=c&state=forged", follow=True)
    assert "You are not signed in" in response.content.decode()
    assert client.get(PROFILE).status_code == 302
