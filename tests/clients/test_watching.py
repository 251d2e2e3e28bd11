"""Waiting politely."""

import itertools
import uuid
from collections import Counter
from collections.abc import Callable

import httpx
import pytest

from facet_client import Facet, NotFound, Photo, Progress, WaitTimedOut
from facet_client.decoding import decode
from facet_client.watching import BURST, LATEST_S, PER_SECOND
from tests.clients.conftest import FakeClock, photo_json

MadeUp = Callable[..., Facet]


def ids(count: int) -> list[str]:
    return [str(uuid.UUID(int=number + 1)) for number in range(count)]


class Line:
    """A server that reads one photo after the other, each in `seconds`."""

    def __init__(self, order: list[str], seconds: float, clock: FakeClock) -> None:
        self.done_at = {one: (place + 1) * seconds for place, one in enumerate(order)}
        self.clock = clock
        self.asked: Counter[str] = Counter()
        self.early = 0
        self.not_before: dict[str, float] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        one = request.url.path.split("/")[-2]
        self.asked[one] += 1
        self.early += self.clock.now < self.not_before.get(one, 0) - 1e-9
        left = self.done_at[one] - self.clock.now
        if left <= 0:
            return httpx.Response(200, json=photo_json(one))
        after = min(max(round(left), 1), 30)
        self.not_before[one] = self.clock.now + after
        body = photo_json(one, "queued", seconds_left=left)
        return httpx.Response(200, json=body, headers={"Retry-After": str(after)})


def test_many_photos_are_few_requests_and_none_comes_too_early(made_up: MadeUp, time_stands: FakeClock) -> None:
    order = ids(300)
    line = Line(order, 0.25, time_stands)
    photos = made_up(line).photos.wait(order)
    assert [photo.id for photo in photos] == order
    assert line.early == 0
    assert line.asked.total() <= 2 * len(order)
    assert time_stands.now <= 0.25 * 300 + LATEST_S


def test_no_more_requests_than_a_server_allows(made_up: MadeUp, time_stands: FakeClock) -> None:
    order = ids(700)
    made_up(lambda request: httpx.Response(200, json=photo_json(request.url.path.split("/")[-2]))).photos.wait(order)
    assert time_stands.now == pytest.approx((700 - BURST) / PER_SECOND, rel=0.01)


def test_one_that_was_put_back_does_not_hold_up_the_others(made_up: MadeUp, time_stands: FakeClock) -> None:
    order = ids(5)
    line = Line(order, 0.1, time_stands)
    line.done_at[order[0]] = 100
    seen = [one for one, _ in made_up(line).photos.watch(order)]
    assert seen == [*order[1:], order[0]]


def test_what_has_not_changed_is_not_sent_and_is_asked_for_less_and_less(
    made_up: MadeUp, time_stands: FakeClock
) -> None:
    (one,) = ids(1)
    sent: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers.get("If-None-Match"))
        if time_stands.now > 60:
            return httpx.Response(200, json=photo_json(one))
        if sent[-1]:
            return httpx.Response(304)
        return httpx.Response(200, json=photo_json(one, "running"), headers={"ETag": '"a"', "Retry-After": "1"})

    (photo,) = made_up(answer).photos.wait([one])
    assert photo.analysis.status == "done"
    assert sent[0] is None
    assert set(sent[1:]) == {'"a"'}
    pauses = time_stands.slept
    assert pauses[0] == 1
    assert all(later >= sooner for sooner, later in itertools.pairwise(pauses))
    assert max(pauses) <= LATEST_S


def test_time_runs_out(made_up: MadeUp, time_stands: FakeClock) -> None:
    order = ids(3)
    line = Line(order, 4, time_stands)
    with pytest.raises(WaitTimedOut, match="2 photos are not read yet") as raised:
        made_up(line).photos.wait(order, timeout=6)
    assert [photo.id for photo in raised.value.finished] == order[:1]
    assert sorted(raised.value.unfinished) == order[1:]
    assert time_stands.now == 6


def test_progress_is_told(made_up: MadeUp, time_stands: FakeClock) -> None:
    told: list[Progress] = []
    order = ids(2)
    made_up(Line(order, 2, time_stands)).photos.wait(order, progress=told.append)
    assert (told[0].finished, told[-1].finished, {one.total for one in told}) == (0, 2, {2})
    assert any(one.seconds_left for one in told)


def test_a_photo_that_was_deleted_meanwhile(made_up: MadeUp) -> None:
    order = ids(2)

    def answer(request: httpx.Request) -> httpx.Response:
        one = request.url.path.split("/")[-2]
        return httpx.Response(404) if one == order[0] else httpx.Response(200, json=photo_json(one))

    facet = made_up(answer)
    assert {one: photo is not None for one, photo in facet.photos.watch(order)} == {order[0]: False, order[1]: True}
    with pytest.raises(NotFound, match=order[0]):
        facet.photos.wait(order)


def test_an_earlier_result_is_not_what_is_waited_for(made_up: MadeUp, time_stands: FakeClock) -> None:
    (one,) = ids(1)

    def answer(_: httpx.Request) -> httpx.Response:
        pending = None if time_stands.now > 3 else photo_json(one, "queued")["analysis"]
        headers = {"Retry-After": "2"} if pending else {}
        return httpx.Response(200, json=photo_json(one) | {"pending": pending}, headers=headers)

    made_up(answer).photos.wait([one])
    assert time_stands.slept == [2, 2]


def test_a_state_of_a_newer_server_is_unfinished_while_there_is_something_to_wait_for(
    made_up: MadeUp, time_stands: FakeClock
) -> None:
    (one,) = ids(1)

    def answer(_: httpx.Request) -> httpx.Response:
        headers = {} if time_stands.now >= 3 else {"Retry-After": "3"}
        return httpx.Response(200, json=photo_json(one, "resting"), headers=headers)

    (photo,) = made_up(answer).photos.wait([one])
    assert (photo.analysis.status, time_stands.slept) == ("resting", [3])


def test_what_is_known_to_be_finished_is_not_asked_for(made_up: MadeUp) -> None:
    known, other = (decode(Photo, photo_json(one)) for one in ids(2))
    asked: list[str] = []
    told: list[Progress] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path.split("/")[-2])
        return httpx.Response(200, json=photo_json(asked[-1]))

    photos = made_up(answer).photos.wait([other.id, known, known], progress=told.append)
    assert [photo.id for photo in photos] == [other.id, known.id, known.id]
    assert asked == [other.id]
    assert (told[-1].finished, told[-1].total) == (2, 2)
