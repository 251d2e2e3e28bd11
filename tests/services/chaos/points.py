"""The ten points at which a process can be told to die, and how a point is armed and struck.

A point is armed by a file of its name. The process that reaches the point first takes the file by renaming it, which
only one can do, and then does to itself what the file says: so every arming strikes once.
"""

import os
import signal
import time
from pathlib import Path
from typing import Final

import psutil

WEB: Final = ("files_kept", "before_commit", "after_commit", "after_publish")
CHILD: Final = ("received", "claimed", "read", "before_store_commit", "stored")
PARENT: Final = ("acknowledge",)
POINTS: Final = (*WEB, *CHILD, *PARENT)
"""In the order in which a photo passes them."""

FOLDER: Final = "CHAOS_DIR"
"""The variable that names the folder of the armed points."""
SLOW_MS: Final = "CHAOS_SLOW_MS"
"""The variable that says how many milliseconds longer each reading takes."""

KILL: Final = "kill"
KILL_ALL: Final = "kill all"
FREEZE_ALL: Final = "freeze all"


class Armoury:
    """Arms points from outside."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def arm(self, point: str, deed: str = KILL) -> None:
        """The next process to reach `point` does `deed` to itself."""
        assert point in POINTS, point
        self._taken(point).unlink(missing_ok=True)
        whole = self._folder / f"{point}.new"
        whole.write_text(deed)
        whole.rename(self._folder / point)

    def struck_at(self, point: str) -> float | None:
        """When (time.time()) the point was struck, or None as long as it was not."""
        try:
            return self._taken(point).stat().st_ctime
        except FileNotFoundError:
            return None

    def struck(self, point: str) -> int:
        """The process that was struck. Raises FileNotFoundError when none was."""
        return int(self._taken(point).with_suffix(".pid").read_text())

    def disarm(self, point: str) -> None:
        """Nobody dies there any more."""
        (self._folder / point).unlink(missing_ok=True)

    def _taken(self, point: str) -> Path:
        return self._folder / f"{point}.taken"


def strike(point: str) -> None:
    """Called by a doomed process that has reached `point`: returns unless it is armed."""
    folder = Path(os.environ[FOLDER])
    taken = folder / f"{point}.taken"
    try:
        (folder / point).rename(taken)
    except FileNotFoundError:
        return
    taken.with_suffix(".pid").write_text(str(os.getpid()))
    deed = taken.read_text()
    me = psutil.Process()
    if deed == FREEZE_ALL:
        _freeze(me)
        return
    if deed == KILL_ALL:
        for child in me.children(recursive=True):
            child.kill()
    me.kill()
    time.sleep(60)  # another thread may take the signal: this one must not go on meanwhile


def _freeze(me: psutil.Process) -> None:
    """A whole worker: its main process, the other children, and then ourselves until somebody sends SIGCONT."""
    main = me.parent()
    assert main is not None
    for other in (main, *main.children(recursive=True)):
        if other.pid != me.pid:
            other.suspend()
    me.send_signal(signal.SIGSTOP)
