"""How long a person waits: from `manage.py up` to ready, from upload to result, from Ctrl-C to nothing left.

Run by `make bench`. Machines differ and are shared, so each figure also stands as a multiple of `manage.py check`,
measured in the same run: what Python and Django alone need to start on this machine.
"""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 5


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(environment: dict[str, str], port: int, log: Path) -> tuple[subprocess.Popen[bytes], float]:
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


def stop(process: subprocess.Popen[bytes]) -> float:
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    process.wait()
    return time.monotonic() - began


def a_token(environment: dict[str, str]) -> str:
    code = (
        "import django; django.setup()\n"
        "from accounts.models import ApiToken, User\n"
        "print(ApiToken.objects.create(user=User.objects.create_user('bench@example.org'))[1])"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def upload_to_result(api: httpx.Client, photo: bytes) -> float:
    began = time.monotonic()
    uuid = api.post("/photos/", files={"photos": photo}).raise_for_status().json()["accepted"][0]["id"]
    while api.get(f"/photos/{uuid}/").json()["analysis"]["status"] not in {"done", "failed"}:
        time.sleep(0.01)
    return time.monotonic() - began


def measure(folder: Path) -> dict[str, list[float]]:
    environment = {
        **os.environ, "FACET_ENV_FILE": os.devnull, "FACET_SECRET_KEY": "b" * 60,
        "FACET_VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "facet.settings", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    import numpy as np
    from skimage import data

    from vision.decoding import encode_jpeg

    photo, log, port = encode_jpeg(np.asarray(data.astronaut())), folder / "up.log", free_port()
    process, first = start(environment, port, log)
    stop(process)
    figures: dict[str, list[float]] = {
        "manage.py check": [],
        "first start": [first],
        "start": [],
        "upload to result": [],
        "stop": [],
    }
    headers = {"Authorization": f"Token {a_token(environment)}"}
    for _ in range(ROUNDS):
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, check=True
        )
        figures["manage.py check"].append(time.monotonic() - began)
        process, seconds = start(environment, port, log)
        figures["start"].append(seconds)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", headers=headers, timeout=60) as api:
            figures["upload to result"] += [upload_to_result(api, photo) for _ in range(10)]
        figures["stop"].append(stop(process))
    return figures


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="facet-bench-") as folder:
        figures = measure(Path(folder))
    unit = statistics.median(figures["manage.py check"])
    print(f"{'':18}{'median s':>10}{'worst s':>10}{'x check':>10}")
    rows = {}
    for name, values in figures.items():
        median, worst = statistics.median(values), max(values)
        rows[name] = {"median_s": round(median, 3), "worst_s": round(worst, 3), "ratio": round(median / unit, 2)}
        print(f"{name:18}{median:10.2f}{worst:10.2f}{median / unit:10.2f}")
    out = ROOT / "var" / "bench" / "startup.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(rows, indent=1))
    print(f"Written to {out.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
