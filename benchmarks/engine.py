"""The engine by itself: start to warm, milliseconds by stage, memory, and the int8 network against its Keras reference.

Run by `make bench`. The ratios are measured in one run and mean more than the milliseconds of a shared machine.
"""

import io
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
from PIL import Image
from skimage import data

ROUNDS = 50
START = """
import time
began = time.perf_counter()
from vision import Reader
Reader.load()
print(time.perf_counter() - began)
"""


def median_ms(call: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median of `rounds` calls after two to warm up."""
    call(), call()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e3


def photo(width: int) -> bytes:
    """The astronaut at `width` pixels, as a JPEG."""
    buffer = io.BytesIO()
    Image.fromarray(data.astronaut()).resize((width, width)).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def main() -> None:
    """Print the tables."""
    starts = [
        float(subprocess.check_output([sys.executable, "-c", START], stderr=subprocess.DEVNULL)) for _ in range(5)
    ]
    print(f"import to warm: {statistics.median(starts):.2f} s")

    from vision import Reader
    from vision.preprocessing import standardise

    reader = Reader.load(runtime="litert")
    for width in (512, 1024, 3464):
        bytes_ = photo(width)
        stages = [reader.read([bytes_])[0].timings_ms for _ in range(10)]
        shown = ", ".join(f"{name} {statistics.median(s[name] for s in stages):.1f}" for name in stages[0])
        print(f"{width * width / 1e6:5.1f} megapixels, one face, ms: {shown}")
    print(f"peak memory of this process so far: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")

    reference = Reader.load(runtime="tensorflow")
    crops = standardise(np.random.default_rng(0).integers(0, 256, (16, 64, 64), dtype=np.uint8))
    for count in (1, 16):
        int8 = median_ms(lambda: reader._runtime.run(crops[:count]))  # noqa: B023
        keras = median_ms(lambda: reference._runtime.run(crops[:count]))  # noqa: B023
        print(f"{count:2} faces: int8 {int8:.2f} ms, Keras {keras:.2f} ms, {keras / int8:.1f} times as fast")


if __name__ == "__main__":
    main()
