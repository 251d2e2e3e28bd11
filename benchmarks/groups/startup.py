"""How long a person waits: from `manage.py up` to ready, from upload to result, from Ctrl-C to nothing left.

`manage.py check` is what Python and Django alone need to start on this machine.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.bench import Bench
from benchmarks.figures import Figure, Group
from benchmarks.fresh import ROOT
from benchmarks.photos import photo
from benchmarks.timing import median, percentile, seconds_of

ROUNDS, UPLOADS = 3, 10
UNIT = "manage.py check"


def measure(bench: Bench) -> list[Group]:
    """One group."""
    with tempfile.TemporaryDirectory(prefix="facet-bench-") as folder:
        samples = _samples(Path(folder), bench.rounds(ROUNDS))
    unit = median(samples[UNIT])
    rows = [
        Figure(name, "s", median(each), percentile(each, 0.9), percentile(each, 0.99), len(each), median(each) / unit)
        for name, each in samples.items()
    ]
    return [Group("The product on one machine", f"to {UNIT}", tuple(rows))]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(environment: dict[str, str], port: int, log: Path) -> tuple[subprocess.Popen[bytes], float]:
    began = time.monotonic()
    offset = log.stat().st_size if log.exists() else 0
    with log.open("ab") as handle:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", str(port)],
            cwd=ROOT, env=environment, stdout=handle, stderr=handle, start_new_session=True,
        )  # fmt: skip
    while b"Facet is ready" not in log.read_bytes()[offset:]:
        if process.poll() is not None:
            sys.exit(log.read_text())
        time.sleep(0.02)
    return process, time.monotonic() - began


def _stop(process: subprocess.Popen[bytes]) -> float:
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    process.wait()
    return time.monotonic() - began


def _a_token(environment: dict[str, str]) -> str:
    code = (
        "import django; django.setup()\n"
        "from accounts.consent import services\n"
        "from accounts.consent.models import Via\n"
        "from accounts.consent.purposes import offered\n"
        "from accounts.models import ApiToken, User\n"
        "person = User.objects.create_user('bench@example.org')\n"
        "services.decide(person, dict.fromkeys(offered(), True), via=Via.API)\n"
        "print(ApiToken.objects.create(user=person)[1])"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _upload_to_result(api: httpx.Client, file: bytes) -> float:
    began = time.monotonic()
    uuid = api.post("/photos/", files={"photos": file}).raise_for_status().json()["accepted"][0]["id"]
    while api.get(f"/photos/{uuid}/").json()["analysis"]["status"] not in {"done", "failed"}:
        time.sleep(0.01)
    return time.monotonic() - began


def _samples(folder: Path, rounds: int) -> dict[str, list[float]]:
    """Seconds by what is waited for."""
    environment = {
        **os.environ, "FACET_ENV_FILE": os.devnull, "FACET_SECRET_KEY": "b" * 60,
        "FACET_VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "facet.settings", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    check = [sys.executable, "manage.py", "check"]
    log, port = folder / "up.log", _free_port()
    process, first = _start(environment, port, log)
    _stop(process)
    headers = {"Authorization": f"Token {_a_token(environment)}"}
    samples: dict[str, list[float]] = {
        UNIT: [],
        "first start": [first],
        "start": [],
        "upload to result": [],
        "stop": [],
    }
    for _ in range(rounds):
        samples[UNIT].append(
            seconds_of(lambda: subprocess.run(check, cwd=ROOT, env=environment, capture_output=True, check=True))
        )
        process, seconds = _start(environment, port, log)
        samples["start"].append(seconds)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", headers=headers, timeout=60) as api:
            samples["upload to result"] += [_upload_to_result(api, photo(1, 1)) for _ in range(UPLOADS)]
        samples["stop"].append(_stop(process))
    return samples
