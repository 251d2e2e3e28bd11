"""From bytes to the pixels that the reader sees, beside Pillow's and OpenCV's ways."""

from functools import partial

from benchmarks.bench import Bench
from benchmarks.contenders import ENGINE
from benchmarks.figures import Figure, Group, milliseconds
from benchmarks.photos import SIDES, jpeg, scene
from benchmarks.timing import take_turns

ROUNDS, SECONDS = 30, 4.0
FILES = (("1 MP", 1, False), ("12 MP", 12, False), ("12 MP progressive", 12, True))
WAYS = {"pillow": "Pillow whole", "opencv": "OpenCV whole", "opencv_half": "OpenCV at half size"}


def measure(bench: Bench) -> list[Group]:
    """One group."""
    rows: list[Figure] = []
    for name, megapixels, progressive in FILES:
        photo = jpeg(scene(*SIDES[megapixels], 1, seed=1), progressive=progressive)
        for worker in (bench.workers(ENGINE), bench.workers("files")):
            worker.keep("photo", photo)
        calls = {"engine": partial(bench.workers(ENGINE).seconds, "decode", "photo")}
        calls |= {way: partial(bench.workers("files").seconds, way, "photo") for way in WAYS}
        samples = take_turns(calls, bench.rounds(ROUNDS), seconds=bench.seconds(SECONDS))
        rows.append(milliseconds(f"{name}: engine", samples["engine"], unit=samples["engine"]))
        rows += [milliseconds(f"{name}: {said}", samples[way], unit=samples["engine"]) for way, said in WAYS.items()]
    return [Group("Decoding a JPEG, one thread", "to the engine", tuple(rows))]
