"""A worker's pulse is a file that grows old when its process ends or hangs."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from facet import pulse
from tests.journey.conftest import wait_until


def test_it_goes_on_and_survives_a_folder_that_was_away(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "EVERY_S", 0.01)
    settings.VAR_DIR = tmp_path / "var"
    thread = pulse.start()
    assert thread.daemon
    file = settings.VAR_DIR / pulse.FILE
    time.sleep(0.05)
    assert not file.exists()
    settings.VAR_DIR.mkdir()
    wait_until(file.exists, seconds=10, what="the first touch")
    os.utime(file, (1, 1))
    wait_until(lambda: file.stat().st_mtime > 1, seconds=10, what="the next touch")
    monkeypatch.setattr(pulse, "EVERY_S", 3600)  # the thread sleeps from here on
