"""Every address there is, what it answers to whom, and the table that says what it should."""

import functools
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern
from django.utils import timezone

from accounts.models import AccessEntry, User
from tests.safety.world import EVERYTHING, PEOPLE, PROGRAMS, World

TABLE: Final = Path(__file__).parent / "routes.toml"
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
CHANGING: Final = {"POST", "PUT", "PATCH", "DELETE"}

HOW: Final = """Each address stands once in tests/safety/routes.toml, in the part [routes]: "ADDRESS" = "KIND".
KIND is one of the file's [kinds], which say what is answered to whom: {kinds}.
{{kind = "KIND", of = "face"}} says which of ann's things fills in the address (see `things` in tests/safety/world.py),
body = {{...}} what is sent, path = "/..." what to ask for where the address is a pattern."""


@dataclass(frozen=True, slots=True)
class Route:
    """A row of the table."""

    route: str
    kind: str
    of: str = "photo"
    body: dict[str, Any] = field(default_factory=dict)
    path: str = ""

    def expected(self, method: str, role: str) -> set[str]:
        """What may be answered."""
        rules = table()["kinds"][self.kind]
        said = rules.get(method, rules.get("GET" if method == "HEAD" else "other", "wrong method"))
        if isinstance(said, dict):
            alike = "token" if role in PROGRAMS else role
            said = said.get(role, said.get(alike, said.get("others")))
        return set(said.split(" or "))

    def shows(self, role: str) -> set[str]:
        """Which of ann's markers this role may read here."""
        if role == "ann" or (role.startswith("token") and role != "token-review"):
            return {"all"}
        return set(table()["kinds"][self.kind].get("shows", {}).get(role, []))

    def roles(self) -> tuple[str, ...]:
        """Who asks: everybody, and programs with a token of each scope where tokens count.

        Elsewhere one with all scopes must be answered as nobody is; `test_outside_the_api_a_token_counts_for_nothing`.
        """
        return (*PEOPLE, *PROGRAMS) if self.is_api else (*PEOPLE, EVERYTHING)

    @property
    def is_api(self) -> bool:
        """Whether it is an address of programs."""
        return self.route.startswith(("api/", "~^api/"))

    def changers(self) -> set[str]:
        """The roles whose requests change ann's things."""
        return set(table()["kinds"][self.kind].get("changes", []))


@functools.cache
def table() -> dict[str, Any]:
    """The whole file."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def rows() -> list[Route]:
    """The addresses that should be there."""
    found = table()["routes"].items()
    return [Route(name, **({"kind": said} if isinstance(said, str) else said)) for name, said in found]


def addresses() -> list[str]:
    """The addresses that are there, as the resolver spells them; of two that are spelled the same only the first."""
    found = (re.sub(r"\(\?P<app_label>[^)]*\)", "<app_label>", one) for one in _walk(get_resolver().url_patterns))
    return list(dict.fromkeys(found))


def _walk(patterns: list[Any], before: str = "") -> Iterator[str]:
    for one in patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, here)
        elif isinstance(one, URLPattern):
            yield f"{before}~{one.pattern}" if isinstance(one.pattern, RegexPattern) else here


def path_of(row: Route, world: World) -> str:
    """The address with ann's things filled in."""
    thing = world.things[row.of]
    values = {
        "uuid:uuid": getattr(thing, "uuid", ""),
        "uuid:reading": world.things["analysis"].uuid,
        "uuid:delivery": world.things["delivery"].uuid,
        "slug:slug": world.things["item"].slug,
        "str:token_key": world.things["token"].token_key,
        **dict.fromkeys(("path:object_id", "int:pk", "id"), thing.pk),
    } | {name: one.pk for name, one in world.things.items()}
    path = row.path or f"/{row.route}"
    for name, value in values.items():
        path = path.replace(f"<{name}>", str(value))
    assert not set(path) & set("<~^("), f"{row.route}: say with path = in routes.toml which address to ask for"
    return path


def body_of(row: Route, world: World) -> dict[str, Any]:
    """What is sent, with ann's photo or the time of the review of her face where it says so."""
    filled = {"<photo>": world.things["photo"].uuid, "<reviewed>": world.things["review"].reviewed_at.isoformat()}
    return {name: str(filled[value]) if value in filled else value for name, value in row.body.items()}


def ask(client: Client, method: str, path: str, body: dict[str, Any]) -> HttpResponseBase:
    """One request over HTTPS, as the installation behind a proxy gets it."""
    send = getattr(client, method.lower())
    if method in {"GET", "HEAD", "OPTIONS"}:
        return send(path, secure=True)  # type: ignore[no-any-return]
    if method == "POST":
        return send(path, body, secure=True)  # type: ignore[no-any-return]
    return send(path, body, content_type="application/json", secure=True)  # type: ignore[no-any-return]


def answer_of(response: HttpResponseBase) -> str:
    """The class of an answer, in the words of the table."""
    where = response.headers.get("Location", "")
    if where.startswith(("/account/login/", "/admin/login/")):
        return "sign in"
    if 300 <= response.status_code < 400 and response.status_code != 304:
        return "moved"
    return WORDS.get(response.status_code, "ok" if response.status_code < 300 else str(response.status_code))


WORDS: Final = {
    400: "bad",
    401: "unknown",
    403: "forbidden",
    404: "missing",
    405: "wrong method",
    409: "conflict",
    410: "gone",
}


def text_of(response: HttpResponseBase) -> str:
    """Everything that is told: address, headers and body."""
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return f"{dict(response.headers)} {response.cookies} {body.decode('latin-1')}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one role got for one request; `leaked` names the markers in it, `changed` whether ann's things differ.

    `noted` says whether the access log tells ann of it, or went with her.
    """

    role: str
    method: str
    status: int
    word: str
    leaked: set[str]
    changed: bool
    noted: bool
    response: HttpResponseBase


def _noting(written: list[str]) -> Callable[..., Any]:
    """What keeps the statements that write: where there is none, nothing needs to be compared."""

    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            written.append(sql)
        return run(sql, params, many, context)

    return execute


def told_of(person: User) -> bool:
    """Whether the access log has a line about `person` of this hour, or went with them; the world has an older one."""
    lines = AccessEntry.objects.filter(person=person, hour__gt=timezone.now() - timedelta(hours=1))
    return lines.exists() or not User.objects.contains(person)


def answers(row: Route, world: World) -> Iterator[Answer]:
    """Every role with every method; what a request changes is taken back after it."""
    path, body = path_of(row, world), body_of(row, world)
    before = world.anns()
    for role in row.roles():
        for method in METHODS:
            cache.clear()  # or so many requests are too many
            written: list[str] = []
            with transaction.atomic(), connection.execute_wrapper(_noting(written)):
                response = ask(world.client_of(role), method, path, body)
                told = text_of(response)
                leaked = {name for name, value in world.markers.items() if value in told and value not in path}
                changed = bool(written) and world.anns() != before
                noted = bool(written) and told_of(world.people["ann"])
                transaction.set_rollback(True)
            yield Answer(role, method, response.status_code, answer_of(response), leaked, changed, noted, response)
