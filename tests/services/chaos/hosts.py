"""A worker's host that freezes, a disk that fills, and a photo that kills whoever reads it."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
import psutil

from tests.services.chaos.pictures import photo, poison
from tests.services.chaos.points import FREEZE_ALL
from tests.services.chaos.rig import SETTLE_S, Rig
from tests.services.chaos.rounds import STRUCK_WITHIN_S, orphans
from tests.services.chaos.verdict import Verdict, judge

DISK_BYTES: Final = 64 * 1024 * 1024


def frozen(rig: Rig, series: str, point: str) -> Verdict:
    """One worker stands still at `point` past its lease, and goes on when the other has long done its work."""
    rig.armoury.arm(point, FREEZE_ALL)
    answers = rig.upload([[photo(series, 2)]])
    assert rig.wait(lambda: rig.armoury.struck_at(point) is not None, STRUCK_WITHIN_S), f"nobody passed {point}"
    since = rig.armoury.struck_at(point)
    assert since is not None
    try:
        verdict = judge(rig, series, answers, since)
    finally:
        _thaw(rig.armoury.struck(point))
    time.sleep(1)  # what it tries now must change nothing
    after = judge(rig, series, answers, since)
    verdict.lost, verdict.double = after.lost, after.double
    return verdict


def _thaw(child: int) -> None:
    main = psutil.Process(child).parent()
    assert main is not None
    for process in (main, *main.children(recursive=True)):
        process.resume()


def poisoned(rig: Rig, series: str, count: int) -> tuple[Verdict, list[int]]:
    """One photo kills its reader each time; what became of it, and the attempts of the `count` sent with it."""
    bait, innocent = f"{series}-poison", f"{series}-innocent"
    since = time.time()
    answers = rig.upload([[poison(bait), *(photo(innocent, 1 + number % 2) for number in range(count))]])
    judged = judge(rig, series, answers, since, work_s=2 * SETTLE_S)  # three leases instead of one
    return judged, [entry.attempts for entry in rig.ledger.entries(innocent)]


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of DISK_BYTES. Raises PermissionError where we may not mount."""
    folder.mkdir(parents=True)
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mount.returncode:
        raise PermissionError(mount.stderr.decode())
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def full(disk: Path, *, but: int) -> Iterator[None]:
    """Within, only `but` bytes are left on `disk`."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        free = os.statvfs(disk)
        os.posix_fallocate(file.fileno(), 0, max(free.f_bavail * free.f_frsize - but, 1))
    try:
        yield
    finally:
        filler.unlink()


def disk_full(rig: Rig, series: str) -> tuple[Verdict, list[httpx.Response], set[str]]:
    """Uploads while the photos' disk is full, and afterwards; the answers of the refusals, files without a row."""
    before = orphans(rig)
    with full(rig.media, but=0):
        refused = rig.upload([[photo(f"{series}-refused", 1)] for _ in range(3)])
    with full(rig.media, but=16 * 1024):  # enough for the picture, and not for its thumbnail as well
        half = rig.upload([[photo(f"{series}-half", 1)] for _ in range(3)])
    since = time.time()
    answers = rig.upload([[photo(f"{series}-later", 1)] for _ in range(3)])
    answers.accepted += [*refused.accepted, *half.accepted]
    verdict = judge(rig, series, answers, since)
    answers.refused += [*refused.refused, *half.refused]
    return verdict, answers.refused, orphans(rig) - before
