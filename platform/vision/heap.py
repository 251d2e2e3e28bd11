"""How much of the memory that one photo took this process keeps for the next."""

import ctypes
from typing import Final

MB: Final = 1 << 20
MOST: Final = 16 * MB
"""Free memory at the end of the heap above which it goes back to the system."""
KEPT: Final = 12 * MB
"""What stays then: getting it again costs a page fault for every 4 kB, 3 ms in all, and few photos need more."""
APART: Final = 32 * MB
"""Blocks from this size on have pages of their own, which go back at once; the most that glibc allows to say."""

_MALLOPT: Final = {-1: MOST, -2: KEPT, -3: APART}
"""M_TRIM_THRESHOLD, M_TOP_PAD and M_MMAP_THRESHOLD of glibc's malloc.h."""


def keep_little() -> bool:
    """Set the bounds above for this whole process; False where the C library has none (not glibc).

    Unless told, glibc keeps twice the largest block that was ever freed, up to 64 MB, so one large photo decides for
    the rest of the process's life.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and all(mallopt(option, value) for option, value in _MALLOPT.items())
