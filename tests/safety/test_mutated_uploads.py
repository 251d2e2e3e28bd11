"""Ten thousand spoiled photos: refused with a sentence, or kept and read; no server error, bounded memory, no hang.

A file that did harm becomes a test of its own in tests/vision.
"""

import json
import random
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from tests.safety import mutations
from tests.safety.fuzz_uploads import LONGEST_S, MEGABYTE
from tests.vision.crafting import VARIANTS, scenery
from vision.decoding import Limits

COUNT = 10_000
GROWTH_MB = 32
"""Of the second half: pools and caches fill up in the first. A leak of a small photo each time would take more."""


@cache
def summary() -> dict[str, Any]:
    """What came of the first COUNT files, in a process of their own."""
    command = [sys.executable, "-m", "tests.safety.fuzz_uploads", "--count", str(COUNT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30 * LONGEST_S)
    assert done.stdout, f"ended with {done.returncode}: {done.stderr[-4000:]}"
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def test_each_is_refused_with_a_sentence_or_read() -> None:
    assert summary()["problems"] == []
    assert summary()["files"] == COUNT


def test_they_reach_what_they_are_to_test() -> None:
    outcomes = summary()["outcomes"]
    assert {"done", "unreadable", "unsupported", "too_large", "too_small"} <= outcomes.keys()
    assert outcomes["done"] > COUNT / 10
    assert sum(outcomes.values()) - outcomes["done"] > COUNT / 4


def test_none_takes_more_memory_than_the_bound_and_nothing_is_left_behind() -> None:
    twice_the_file = 2 * Limits().bytes / MEGABYTE
    assert summary()["peak_mb"] < Limits().memory / MEGABYTE + twice_the_file
    assert summary()["growth_of_second_half_mb"] < GROWTH_MB


def test_the_same_number_gives_the_same_file() -> None:
    assert [mutations.mutated(seed) for seed in range(40)] == [mutations.mutated(seed) for seed in range(40)]


@pytest.mark.parametrize("change", set(mutations.CHANGES), ids=lambda change: change.__name__)
def test_every_change_changes_files(change: mutations.Change) -> None:
    whole = VARIANTS["png"](scenery(64, 48))
    assert {change(whole, random.Random(seed)) for seed in range(8)} != {whole}
