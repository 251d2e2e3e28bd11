"""What the engine must reach on one thread of an ordinary core, and what it aims for."""

from typing import Final

from benchmarks.figures import Goal

DETECTION: Final = Goal(8, 4)
"""Milliseconds for a decoded photo whose longer side is 640 pixels."""
ONE_MEGAPIXEL: Final = Goal(20, 12)
"""Milliseconds from the bytes of a JPEG with one face to the result."""
TWELVE_MEGAPIXELS: Final = Goal(70, 45)
"""The same for a camera's photo."""
AGAINST_ORIGINAL: Final = Goal(15, 40, larger_is_better=True)
"""Times as many photos a second as the original system's pipeline on the same photos."""
MEMORY: Final = Goal(150, 100)
"""Megabytes that a process holding the engine has resident at most, a photo of 12 megapixels read."""
START: Final = Goal(1.0, 0.5)
"""Seconds from the start of a process, the interpreter's included, to an engine that is warm."""
