"""`python -m benchmarks [GROUP...]`: measure, print one table, write JSON. `make bench` runs it whole."""

import argparse
import os
import sys
import time
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.contenders import DETECTORS
from benchmarks.document import document, write
from benchmarks.figures import Group
from benchmarks.fresh import ROOT
from benchmarks.groups import GROUPS
from benchmarks.table import table
from benchmarks.workers import Workers
from vision.detectors import NAMES

OUT = ROOT / "var" / "bench.json"


def main() -> None:
    """Measure what is asked for; all of it by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}; all by default")
    parser.add_argument("--out", type=Path, default=OUT, metavar="FILE", help="where the JSON goes")
    parser.add_argument("--quick", action="store_true", help="a fifth of the rounds: to look, not to quote")
    options = parser.parse_args()
    if unknown := set(options.groups) - set(GROUPS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    if missing := set(NAMES) - set(DETECTORS):
        print(
            f"{', '.join(missing)} has no weights here, so the engine is measured with {DETECTORS[0]}.", file=sys.stderr
        )
    groups = run(options.groups or list(GROUPS), 0.2 if options.quick else 1.0)
    print(table(groups))
    write(document(groups, engine=DETECTORS[0]), options.out)
    print(f"\nMedians, 90th and 99th percentiles. Ratios are of this run. Written to {options.out}.")


def run(names: list[str], patience: float) -> list[Group]:
    """The groups of figures, with a line about each on standard error."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    found: list[Group] = []
    with Workers() as workers:
        for name in names:
            began = time.monotonic()
            found += GROUPS[name](Bench(workers, patience))
            print(f"measured {name} in {time.monotonic() - began:.0f} s", file=sys.stderr)
    return found


if __name__ == "__main__":
    main()
