"""What the platform must reach, and what it aims for."""

from typing import Final

from benchmarks.figures import Goal

THROUGHPUT: Final = Goal(0.5, 0.75, larger_is_better=True)
"""Photos a second through a worker on one core, over those of the bare engine on that core in the same run."""
STORED: Final = {"embedded": Goal(400, 200), "services": Goal(150, 80)}
"""Milliseconds from the answer to the upload to the stored result of a photo of 1 MP, p95, by stack."""
SEEN: Final = Goal(1000, 400)
"""Milliseconds from the stored result to the result on the open page, p95."""
FAIR: Final = Goal(2000, 500)
"""Milliseconds that one person's photo waits for a worker while 5,000 of another wait, p95."""
MEMORY: Final = Goal(250, 180)
"""Megabytes that a worker process has resident after 5,000 photos."""
FLAT: Final = Goal(2, 1)
"""Megabytes that it grows by in 1,000 photos, from the 1,000th to the last: 2 would be 250 MB after 125,000."""
PAGE: Final = Goal(1.5, 1.1)
"""Times as long as with 1,000 analyses that the first page of the history takes with 1,000,000."""
