"""Only one supervisor over one `var/`."""

import fcntl
import os
from pathlib import Path
from typing import IO


class AlreadyRunningError(Exception):
    """Another supervisor holds the lock; the message names its process."""


def take(path: Path) -> IO[str]:
    """Lock `path` until the returned file is closed or the process ends in any way. Raises AlreadyRunningError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = path.open("a+", encoding="ascii")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.seek(0)
        pid = handle.read().strip() or "unknown"
        handle.close()
        raise AlreadyRunningError(
            f"Facet already runs from this folder (process {pid}). Stop it first, or set FACET_VAR_DIR to another one."
        ) from None
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle
