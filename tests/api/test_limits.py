"""How often the API may be asked, what every answer tells about it, and that tokens cannot be guessed."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from accounts.api.limits import GUESSES, GUESSING_S, Policy, standing
from accounts.models import ApiToken, User
from facet import env

ME, PHOTOS, SCHEMA = "/api/v1/me/", "/api/v1/photos/", "/api/schema/"
POLICY, LEFT = "RateLimit-Policy", "RateLimit"
TEN = Policy("default", 10, 60)


class Clock:
    """The time that limits see."""

    now = 1_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """It stands, and nothing is left from other tests."""
    cache.clear()
    stands = Clock()
    monkeypatch.setattr("accounts.api.limits.time", stands)
    yield stands
    cache.clear()


@pytest.fixture
def rates(settings: Any) -> Callable[..., None]:
    """Sets some of the rates, each (requests, seconds)."""

    def change(**changes: tuple[int, int] | None) -> None:
        settings.API_RATES = settings.API_RATES | changes

    return change


@pytest.fixture
def token(ann: User) -> str:
    """One of ann's."""
    return str(ApiToken.objects.create(user=ann, name="script")[1])


def program(token: str, **more: Any) -> Client:
    return Client(headers={"authorization": f"Token {token}"} | more)


def test_a_bucket_is_full_at_the_start_and_empties_by_one() -> None:
    first = standing(TEN, 0.0, 100.0)
    assert (first.remaining, first.reset_s, first.wait_s) == (9, 6, 0.0)
    last = standing(TEN, 100.0 + 54, 100.0)
    assert (last.remaining, last.reset_s, last.wait_s) == (0, 60, 0.0)


def test_one_too_many_takes_nothing_and_says_when_there_will_be_one() -> None:
    refused = standing(TEN, 100.0 + 60, 100.0)
    assert (refused.remaining, refused.reset_s, refused.full_at) == (0, 6, 160.0)
    assert refused.wait_s == pytest.approx(6)
    assert standing(TEN, refused.full_at, 100.0 + refused.wait_s).wait_s == 0


@pytest.mark.parametrize(
    ("raw", "value"), [("600/min", (600, 60)), ("1/s", (1, 1)), ("9/day", (9, 86_400)), ("0", None)]
)
def test_a_rate_is_read_as_it_is_said(monkeypatch: pytest.MonkeyPatch, raw: str, value: Any) -> None:
    monkeypatch.setenv("FACET_X", raw)
    assert env.rate("FACET_X", "5/min") == value


@pytest.mark.parametrize("raw", ["600", "0/min", "-1/min", "6/week", "many/min", ""])
def test_a_rate_that_is_none_names_its_variable(monkeypatch: pytest.MonkeyPatch, raw: str) -> None:
    monkeypatch.setenv("FACET_X", raw)
    with pytest.raises(ImproperlyConfigured, match="FACET_X must be one of N/s"):
        env.rate("FACET_X", "5/min")


def test_every_answer_tells_what_is_left(token: str, rates: Callable[..., None]) -> None:
    rates(default=(10, 60), anonymous=(5, 60))
    for left, path in ((9, ME), (8, "/api/v1/photos/00000000-0000-0000-0000-000000000000/"), (7, SCHEMA)):
        answer = program(token).get(path)
        assert answer.headers[POLICY] == '"default";q=10;w=60'
        assert answer.headers[LEFT] == f'"default";r={left};t={(10 - left) * 6}'
    for left, path in ((4, ME), (3, SCHEMA)):
        answer = Client().get(path)
        assert answer.headers[POLICY] == '"anonymous";q=5;w=60'
        assert answer.headers[LEFT] == f'"anonymous";r={left};t={(5 - left) * 12}'


def test_who_asks_too_often_is_told_for_how_long_to_wait(token: str, rates: Callable[..., None], clock: Clock) -> None:
    rates(default=(2, 60))
    client = program(token)
    assert [client.get(ME).status_code for _ in range(3)] == [200, 200, 429]
    refused = client.get(ME)
    assert refused.headers["Retry-After"] == "30"
    assert refused.headers[LEFT] == '"default";r=0;t=30'
    assert refused.json()["code"] == "throttled"
    assert "2 requests in 60 seconds" in refused.json()["detail"]
    assert "Try again in 30 seconds." in refused.json()["detail"]
    clock.now += 30
    assert client.get(ME).status_code == 200


def test_all_tokens_of_a_person_count_together_and_others_do_not(
    token: str, ann: User, ben: User, rates: Callable[..., None]
) -> None:
    rates(default=(1, 60))
    again, bens = (str(ApiToken.objects.create(user=person, name="x")[1]) for person in (ann, ben))
    answers = [program(one).get(ME).status_code for one in (token, again, bens)]
    assert answers == [200, 429, 200]


def test_uploads_have_a_bound_of_their_own(token: str, rates: Callable[..., None]) -> None:
    rates(default=(10, 60), upload=(1, 60))
    client = program(token)
    first, second = (client.post(PHOTOS, {}) for _ in range(2))
    assert first.headers[LEFT] == '"default";r=9;t=6, "upload";r=0;t=60'
    assert (first.status_code, second.status_code) == (400, 429)
    assert client.get(PHOTOS).headers[LEFT] == '"default";r=8;t=12'  # what was refused was not taken


def test_a_missing_scope_counts_too(token: str, rates: Callable[..., None]) -> None:
    rates(default=(1, 60))
    ApiToken.objects.update(scopes=["account"])
    assert [program(token).get(ME).status_code for _ in range(2)] == [403, 429]


def test_without_a_bound_nothing_is_told(token: str, rates: Callable[..., None]) -> None:
    rates(default=None)
    assert LEFT not in program(token).get(ME).headers


def test_a_request_costs_one_look_into_the_cache_and_one_write(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    for name in ("get", "get_many", "set", "add", "incr"):
        real = getattr(cache, name)

        def noted(*args: Any, _real: Any = real, _name: str = name, **kwargs: Any) -> Any:
            asked.append(_name)
            return _real(*args, **kwargs)

        monkeypatch.setattr(f"accounts.api.limits.cache.{name}", noted, raising=False)
    assert program(token).post(PHOTOS, {}).status_code == 400
    assert [name for name in asked if name != "get"] == ["get_many", "set"]


def test_tokens_cannot_be_guessed_as_no_token_counts_after_some_wrong_ones(token: str, clock: Clock) -> None:
    for number in range(GUESSES):
        assert program(f"{number:064}").get(ME).status_code == 401
    for guess in ("f" * 64, token):
        answer = program(guess).get(ME)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, str(GUESSING_S))
        assert "Too many wrong tokens" in answer.json()["detail"]
    clock.now += GUESSING_S
    assert program(token).get(ME).status_code == 200


def test_the_pause_is_of_one_address_and_of_tokens_only(token: str, ann_client: Client, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    near, far = ({"x-forwarded-for": f"192.0.2.{number}"} for number in (1, 2))
    for number in range(GUESSES):
        program(f"{number:064}", **near).get(ME)
    assert program(token, **near).get(ME).status_code == 429
    assert program(token, **far).get(ME).status_code == 200
    assert ann_client.get(ME, headers=near).status_code == 200


def test_a_program_with_an_old_token_is_no_guesser(token: str, ann: User) -> None:
    for _ in range(GUESSES + 1):
        assert program("a" * 64).get(ME).status_code == 401
    assert program(token).get(ME).status_code == 200


def test_who_has_no_token_is_bounded_by_address_whatever_they_claim(db: None, rates: Callable[..., None]) -> None:
    rates(anonymous=(2, 60))
    answers = [Client(headers={"x-forwarded-for": f"192.0.2.{n}"}).get(ME).status_code for n in range(3)]
    assert answers == [401, 401, 429]
