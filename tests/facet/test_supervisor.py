"""Children are kept alive, never outlive us, and one supervisor is enough."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from django.db import OperationalError

from facet.supervisor import embedded, lock, port
from facet.supervisor.child import Child

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def test_a_child_that_ends_is_started_again_later_each_time(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    child = Child("short", [sys.executable, "-c", f"open({str(starts)!r}, 'a').write('x')"])
    child.start()
    wait_for(lambda: child.keep_alive() or (starts.exists() and len(starts.read_text()) >= 2))
    wait_for(lambda: bool(child.keep_alive()) or len(starts.read_text()) >= 3)
    child.make_sure(time.monotonic() + 5)
    assert not child.running


def test_stopping_kills_what_ignores_the_request_with_all_its_children(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    stubborn = (
        "import os, signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"grandchild = subprocess.Popen({SLEEP!r})\n"
        f"open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{grandchild.pid}}')\n"
        "time.sleep(60)"
    )
    child = Child("stubborn", [sys.executable, "-c", stubborn])
    child.start()
    wait_for(lambda: pids.exists() and len(pids.read_text().split()) == 2)
    child.ask_to_stop()
    child.make_sure(time.monotonic() + 0.3)
    wait_for(lambda: not any(_alive(int(pid)) for pid in pids.read_text().split()))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal exists on Linux only")
def test_a_child_dies_when_the_supervisor_is_killed_by_force(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    code = (
        "import pathlib, time\n"
        "from facet.supervisor.child import Child\n"
        f"child = Child('sleep', {SLEEP!r})\n"
        "child.start()\n"
        f"pathlib.Path({str(pid_file)!r}).write_text(str(child._process.pid))\n"
        "time.sleep(60)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", code])
    wait_for(lambda: pid_file.exists() and pid_file.read_text() != "")
    child_pid = int(pid_file.read_text())
    assert _alive(child_pid)
    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait()
    wait_for(lambda: not _alive(child_pid))


def _alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_second_supervisor_is_refused_and_told_who_runs(tmp_path: Path) -> None:
    path = tmp_path / "var" / "supervisor.lock"
    with lock.take(path), pytest.raises(lock.AlreadyRunningError, match=str(os.getpid())):
        lock.take(path)
    with lock.take(path):
        pass


def test_a_taken_port_is_a_clear_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1]
        with pytest.raises(port.PortTakenError, match=f"Port {number} is taken by another program"):
            port.make_sure_free("127.0.0.1", number, patience_s=0)
    port.make_sure_free("127.0.0.1", number, patience_s=0)


def test_an_address_of_another_machine_is_a_clear_sentence() -> None:
    with pytest.raises(port.PortTakenError, match=r"cannot listen on 192\.0\.2\.1"):
        port.make_sure_free("192.0.2.1", 8000, patience_s=0)


def test_a_chore_that_fails_does_not_end_the_supervisor(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def busy() -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(embedded, "close_old_connections", lambda: None)
    embedded.Embedded("127.0.0.1", 8000, 1, print)._in_peace(busy)
    assert "a chore of the supervisor failed" in caplog.text
