"""What stops a start says so in a sentence."""

import os
import socket
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from facet.management.commands import up
from facet.supervisor import lock
from vision.errors import ModelCorruptError


def test_a_taken_port_stops_the_start_before_anything_runs(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(CommandError, match="taken by another program"):
            call_command("up", port=other.getsockname()[1])


def test_a_second_start_is_refused(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    with lock.take(tmp_path / "supervisor.lock"), pytest.raises(CommandError, match="already runs from this folder"):
        call_command("up", port=1)


def test_damaged_weights_stop_the_start(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> None:
        raise ModelCorruptError("net.tflite is damaged: restore it.")

    settings.VAR_DIR = tmp_path
    monkeypatch.setattr("facet.management.commands.up.verify_weights", damaged)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    with pytest.raises(CommandError, match="restore it"):
        call_command("up", port=free)


@pytest.mark.parametrize("arguments", [("--port", "99999"), ("--port", "abc"), ("--workers", "0")])
def test_numbers_out_of_bounds_are_refused_in_a_sentence(arguments: tuple[str, str]) -> None:
    with pytest.raises(CommandError, match="is not a whole number from 1"):
        call_command("up", *arguments)


def test_listening_beyond_this_machine_allows_its_own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACET_ALLOWED_HOSTS", "")
    up._allow_hosts("0.0.0.0")
    assert socket.gethostname() in os.environ["FACET_ALLOWED_HOSTS"].split(",")
    monkeypatch.setenv("FACET_ALLOWED_HOSTS", "photos.example.org")
    up._allow_hosts("0.0.0.0")
    assert os.environ["FACET_ALLOWED_HOSTS"] == "photos.example.org"
