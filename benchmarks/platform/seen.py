"""From the stored result to the result on the page that is open in a real browser."""

import os
import random
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

from benchmarks.bench import Bench
from benchmarks.figures import Group, milliseconds, ninety_fifth
from benchmarks.photos import photo
from benchmarks.platform.client import distinct
from benchmarks.platform.goals import SEEN
from benchmarks.platform.processes import held
from benchmarks.platform.stacks import KINDS, PERSON, Stack, running

ROUNDS = 20
WAITS_S = (0.1, 3.0)
"""How long the page is open, at random, before a worker takes the photo that was held back."""
WITHIN_MS = 30_000
DONE = "#photo-live .photo-frame .boxes"
"""The faces that were found, drawn over the photo on its page, where whoever sends one photo is led."""
PAGE = re.compile(r"/photos/([0-9a-f-]{36})/$")

WATCH = """
addEventListener("DOMContentLoaded", () => {
  const look = () => {
    if (window.facetSeen || !document.querySelector("DONE")) return;
    window.facetSeen = Date.now();
  };
  window.facetOpened = Date.now();
  look();
  new MutationObserver(look).observe(document, {subtree: true, childList: true, attributes: true});
});
""".replace("DONE", DONE)


def measure(bench: Bench) -> list[Group]:
    """A group for each stack."""
    groups = []
    for kind in KINDS:
        with running(kind, pages=True) as stack, _page(stack) as page:
            rounds = bench.rounds(ROUNDS)
            photos = distinct(photo(1, 1))
            _one(stack, page, next(photos), None)  # the first fills the browser's cache
            idle = [_one(stack, page, next(photos), None) for _ in range(rounds)]
            waits = random.Random(0)
            late = [_one(stack, page, next(photos), waits.uniform(*WAITS_S)) for _ in range(rounds)]
        rows = [
            row
            for name, samples in (("idle", idle), ("held back until the page was open for a while", late))
            for row in (milliseconds(name, samples), ninety_fifth(name, samples, goal=SEEN))
        ]
        groups.append(Group(f"From stored result to the result on the open page, {KINDS[kind]}", "", tuple(rows)))
    return groups


@contextmanager
def _page(stack: Stack) -> Iterator[Page]:
    """Chromium, signed in."""
    program = os.environ.get("FACET_TEST_BROWSER") or shutil.which("chromium")
    if not program:
        raise RuntimeError("There is no Chromium. Install it, or set FACET_TEST_BROWSER to its path.")
    cookie = {"name": "sessionid", "value": stack.inside.call("session", email=PERSON), "url": stack.installation.url}
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        context = browser.new_context(base_url=stack.installation.url)
        context.add_cookies([cookie])  # type: ignore[list-item]
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto("/account/consent/")
        page.click("button[value=all]")
        yield page
        browser.close()


def _one(stack: Stack, page: Page, data: bytes, wait_s: float | None) -> float:
    """Upload on the page; seconds from the stored result, or from the opened page when that came later, to its sight.

    With `wait_s` the worker is held until the page with the results has been open for so long.
    """
    page.goto("/")
    page.set_input_files("#id_photos", {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": data})
    if wait_s is None:
        _send(page)
    else:
        with held(stack.worker):
            _send(page)
            time.sleep(wait_s)
    page.wait_for_selector(DONE, state="attached", timeout=WITHIN_MS)
    seen, opened = (page.evaluate(f"window.{name}") / 1e3 for name in ("facetSeen", "facetOpened"))
    (uuid,) = PAGE.findall(page.url)
    stored = stack.inside.call("times", uuids=[uuid])[0]["finished"]
    return float(max(seen - max(stored, opened), 0.0))


def _send(page: Page) -> None:
    page.click("#send")
    page.wait_for_url(PAGE, wait_until="domcontentloaded", timeout=WITHIN_MS)
