"""What every group of measurements is given."""

from dataclasses import dataclass

from benchmarks.timing import FEWEST
from benchmarks.workers import Workers


@dataclass(frozen=True, slots=True)
class Bench:
    """The contenders' processes and how much patience there is: 1 for figures to quote, less for a quick look."""

    workers: Workers
    patience: float = 1.0

    def rounds(self, count: int) -> int:
        """`count` by the patience there is."""
        return max(round(count * self.patience), FEWEST)

    def seconds(self, seconds: float) -> float:
        """The same of a limit of time."""
        return seconds * self.patience
