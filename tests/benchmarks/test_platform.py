"""What the platform's measurements make of their samples; nothing is measured and nothing is started here."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from benchmarks.bench import Bench
from benchmarks.figures import Group, ninety_fifth
from benchmarks.photos import photo
from benchmarks.platform import cores, latency, rates, seen, throughput
from benchmarks.platform.client import BOUNDARY, body_of, distinct
from benchmarks.platform.goals import FAIR, STORED, THROUGHPUT
from benchmarks.platform.groups import GROUPS
from benchmarks.platform.processes import cpu_seconds, held, memory, spent, tree
from benchmarks.stack.installation import ROOT
from benchmarks.table import table
from vision.decoding import Limits, decode

SLEEPER = "import time\nwhile True: time.sleep(0.01)"
PARENT = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {SLEEPER!r}])"
# burns more than is asked for below: the kernel tells user and system time in whole ticks, each rounded down
BURNER = "import time\nwhile time.process_time() < 0.4: pass\nprint('burnt', flush=True)\ntime.sleep(60)"


@pytest.fixture
def family() -> Iterator[psutil.Process]:
    """A process with one child; both are gone afterwards."""
    with subprocess.Popen([sys.executable, "-c", PARENT]) as process:
        root = psutil.Process(process.pid)
        deadline = time.monotonic() + 30
        while not root.children():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        processes = tree(root)
        yield root
        for each in processes:
            each.kill()


def test_the_95th_percentile_is_the_value_and_the_name_says_so() -> None:
    figure = ninety_fifth("answer to stored", [number / 1000 for number in range(101)], goal=FAIR)
    assert figure.name == "answer to stored, p95"
    assert figure.value == pytest.approx(95)
    assert figure.samples == 101
    assert figure.reached == "aim"


def test_a_rate_leaves_out_the_first_tenth() -> None:
    moments = [0.0, *(100 + number / 10 for number in range(19))]
    assert rates.steady(moments) == pytest.approx(10)


@pytest.mark.parametrize("moments", [[], [1.0], [2.0, 2.0, 2.0]])
def test_too_few_results_tell_no_rate(moments: list[float]) -> None:
    with pytest.raises(ValueError, match="tell no rate"):
        rates.steady(moments)


def test_the_rate_of_the_whole_stack_counts_from_the_first_upload() -> None:
    assert rates.whole(10, [10.5, 12, 11]) == pytest.approx(1.5)


def test_growth_is_told_for_1000_photos() -> None:
    assert rates.slope([1000, 2000, 3000], [100, 103, 106]) == pytest.approx(3)
    assert rates.slope([1000, 2000, 3000], [100, 100, 100]) == 0


def test_latency_from_the_moments_of_a_photo() -> None:
    slow = {"began": 10.0, "answered": 10.1, "started": 10.15, "finished": 10.2, "visible": 10.3}
    early = {"began": 20.0, "answered": 20.1, "started": 20.05, "finished": 20.07, "visible": 20.08}
    by_name = {row.name: row for row in latency.rows([slow, slow, slow, early], "services")}
    assert by_name["upload: request to answer"].value == pytest.approx(100)
    assert by_name["answer to claim by the worker"].value == pytest.approx(50)
    stored = by_name["answer to stored result, p95"]
    assert stored.value == pytest.approx(200)
    assert stored.goal == STORED["services"]
    assert stored.reached == "no"
    assert by_name["request to stored result"].value == pytest.approx(300)


def test_a_result_that_was_there_before_the_answer_took_no_time() -> None:
    early = {"began": 20.0, "answered": 20.1, "started": 20.05, "finished": 20.07, "visible": 20.08}
    by_name = {row.name: row for row in latency.rows([early] * 3, "embedded")}
    assert by_name["answer to stored result"].value == 0
    assert by_name["request to stored result"].value == pytest.approx(80)


def test_a_photo_in_other_bytes_is_the_same_picture() -> None:
    original = photo(0.3, 1)
    photos = distinct(original)
    one, other = next(photos), next(photos)
    assert len({original, one, other, next(distinct(original))}) == 4
    assert (decode(one, Limits()).rgb == decode(original, Limits()).rgb).all()


def test_the_clients_requests_can_be_parsed() -> None:
    from django.http.multipartparser import MultiPartParser
    from django.test import RequestFactory

    sent = [b"bytes of a photo", b"of another\r\n", b""]
    request = RequestFactory().post("/", body_of(sent), content_type=f"multipart/form-data; boundary={BOUNDARY}")
    _, files = MultiPartParser(request.META, request, request.upload_handlers).parse()
    assert [file.read() for file in files.getlist("photos")] == sent


def test_held_processes_stand_still_and_go_on(family: psutil.Process) -> None:
    def states() -> set[str]:
        return {each.status() for each in tree(family)}

    with held([family]):
        assert states() == {psutil.STATUS_STOPPED}
    assert psutil.STATUS_STOPPED not in states()


def test_held_processes_go_on_after_an_error(family: psutil.Process) -> None:
    with pytest.raises(RuntimeError), held([family]):
        raise RuntimeError
    assert all(each.status() != psutil.STATUS_STOPPED for each in tree(family))


def test_the_processors_time_is_that_of_the_whole_tree() -> None:
    parent = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURNER!r}])"
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"burnt\n"
        root = psutil.Process(process.pid)
        assert cpu_seconds([root]) >= 0.3
        for each in tree(root):
            each.kill()
    assert cpu_seconds([root]) == 0


def test_spent_is_told_in_milliseconds_for_a_photo() -> None:
    assert spent({"web": 1.0, "worker": 2.0}, {"web": 1.5, "worker": 2.0}, 100) == {"web": 5.0, "worker": 0.0}


def test_memory_of_this_process_is_in_megabytes() -> None:
    found = memory(os.getpid())
    assert 10 < found.proportional <= found.resident < 10_000


def test_the_worker_has_a_core_of_its_own_where_there_are_two() -> None:
    ours = os.sched_getaffinity(0)
    assert cores.worker_core() in ours
    assert cores.other_cores() <= ours
    assert (cores.worker_core() in cores.other_cores()) == (len(ours) == 1)


def test_pinning_ends_with_the_block(family: psutil.Process) -> None:
    before = os.sched_getaffinity(0)
    with cores.pinned({min(before)}):
        assert os.sched_getaffinity(0) == {min(before)}
    assert os.sched_getaffinity(0) == before
    cores.pin(family, {min(before)})
    assert [each.cpu_affinity() for each in tree(family)] == [[min(before)]] * 2


def test_shares_of_the_processor_are_those_of_the_time_a_photo_took() -> None:
    group = throughput.where("PostgreSQL + Redis", {"web": 20.0, "database": 5.0, "worker": 15.0}, each=25.0)
    assert [(row.name, row.value, row.ratio) for row in group.figures] == [
        ("web", 20.0, 0.8),
        ("database", 5.0, 0.2),
        ("worker", 15.0, 0.6),
        ("all but the worker, on the cores that they share", 25.0, 1.0),
    ]


def test_the_share_of_the_engine_is_what_is_asked_for() -> None:
    through = {1: 20.0, 10: 30.0}
    group = throughput.compare("PostgreSQL + Redis", engine=[49.0, 50.0, 60.0], alone=40.0, through=through, count=400)
    asked = [row for row in group.figures if row.goal]
    assert [(row.value, row.goal, row.reached) for row in asked] == [
        (0.8, THROUGHPUT, "aim"),
        (0.4, THROUGHPUT, "no"),
        (0.6, THROUGHPUT, "must"),
    ]


def test_the_page_of_a_photo_names_it() -> None:
    uuid = "f64a43c6-5c59-4d2b-b895-bfb9d0801d76"
    assert seen.PAGE.findall(f"http://127.0.0.1:42177/photos/{uuid}/") == [uuid]
    assert not seen.PAGE.findall("http://127.0.0.1:42177/photos/upload/")


def test_what_the_browser_watches_for_is_on_the_page_of_a_photo() -> None:
    words = re.findall(r"[#.]([a-z-]+)", seen.DONE)
    parts = [path.read_text() for path in (ROOT / "templates/analysis/parts").glob("*.html")]
    parts.append((ROOT / "templates/analysis/photo.html").read_text())
    assert words
    for word in words:
        assert any(re.search(rf'(id|class)="[^"]*\b{word}\b', part) for part in parts), word


def test_every_group_can_be_called_with_a_bench_and_a_table_made_of_none() -> None:
    assert set(GROUPS) >= {"throughput", "latency", "seen", "fairness", "backlog", "memory"}
    assert "figure" in table([Group("nothing", "", ())])
    assert Bench.__dataclass_fields__.keys() == {"workers", "patience"}
