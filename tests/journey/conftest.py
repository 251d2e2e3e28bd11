"""The product as a newcomer has it: a fresh clone in an empty folder and `make run`."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import httpx
import psutil
import pytest

from benchmarks.stack.program import free_port

ROOT = Path(__file__).resolve().parents[2]
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
T = TypeVar("T")
PASSWORD = "a sentence nobody guesses"


def wait_until(ask: Callable[[], T | None], *, seconds: float, what: str) -> T:
    """The first true answer."""
    deadline = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"after {seconds:.0f} s still waiting for {what}"
        time.sleep(0.1)


class Product:
    """`make run` in a clone of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = folder.parent / "make-run.log"
        self._make: subprocess.Popen[bytes] | None = None

    @staticmethod
    def environment() -> dict[str, str]:
        """A newcomer's: nothing of what the tests have set."""
        return {name: value for name, value in os.environ.items() if name in KEPT or name.startswith("PIP_")}

    def start(self, *, within: float) -> float:
        """Run it until it says that it is ready; the seconds that took."""
        started = time.monotonic()
        before = len(self.said())
        with self.log.open("ab") as log:
            self._make = subprocess.Popen(
                ["make", "run", f"PORT={self.port}"], cwd=self.folder, env=self.environment(),
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

        def ready() -> bool:
            assert self._make is not None
            assert self._make.poll() is None, self.said()[-3000:]
            return "Facet is ready" in self.said()[before:]

        wait_until(ready, seconds=within, what=f"make run: {self.said()[-2000:]}")
        return time.monotonic() - started

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def password(self) -> str:
        found = re.search(r"Password:\s+(\S+)", self.said())
        assert found is not None
        return found[1]

    def processes(self) -> list[psutil.Process]:
        """Everything that runs from the clone."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.status() != psutil.STATUS_ZOMBIE and process.cwd().startswith(str(self.folder)):
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def workers(self) -> list[psutil.Process]:
        """Those that read photos: what does chores is started by the same program."""
        commands = [(process, process.cmdline()) for process in self.processes()]
        return [process for process, words in commands if "celery" in " ".join(words) and "chores" not in words]

    def interrupt(self) -> float:
        """Ctrl-C: SIGINT to the terminal's process group; the seconds until nothing of it is left."""
        assert self._make is not None
        started = time.monotonic()
        os.killpg(self._make.pid, signal.SIGINT)
        self._make.wait(20)
        wait_until(lambda: not self.processes(), seconds=20, what="processes to go")
        return time.monotonic() - started

    def kill(self, *, everything: bool) -> None:
        """SIGKILL to `make` and the supervisor, whose children must then go by themselves, or to every process."""
        assert self._make is not None
        os.killpg(self._make.pid, signal.SIGKILL)
        if everything:
            self.stop_by_all_means()
        self._make.wait(20)
        wait_until(lambda: not self.processes(), seconds=30, what="orphans to go")

    def stop_by_all_means(self) -> None:
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Cloned, installed, started."""
    folder = tmp_path_factory.mktemp("newcomer") / "facet"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    product = Product(folder)
    try:
        product.start(within=600)
        yield product
    finally:
        product.stop_by_all_means()


class Visitor(httpx.Client):
    """A person's browser as far as forms go."""

    def submit(self, path: str, **fields: str | list[str]) -> httpx.Response:
        page = self.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token is not None, page.text[:500]
        return self.post(path, data={"csrfmiddlewaretoken": token[1], **fields}, headers={"Referer": str(page.url)})


@pytest.fixture
def api(product: Product) -> Iterator[httpx.Client]:
    """The API with the token of somebody who has just signed up and made it on the tokens page."""
    with Visitor(base_url=product.url, follow_redirects=True, timeout=30) as visitor:
        email = f"person{time.monotonic_ns()}@example.org"
        assert visitor.submit("/account/signup/", email=email, password1=PASSWORD).status_code == 200
        assert visitor.submit("/account/consent/", answer="all").status_code == 200
        allowed = ["read", "upload", "suggestions"]
        page = visitor.submit("/account/tokens/", name="journey", scopes=allowed, lifetime="7").text
        token = re.search(r">\s*([0-9a-f]{64})\s*<|value=\"([0-9a-f]{64})\"", page)
        assert token is not None, "the tokens page shows no token"
    headers = {"Authorization": f"Token {token[1] or token[2]}"}
    with httpx.Client(base_url=f"{product.url}/api/v1", headers=headers, timeout=60) as client:
        yield client
