"""Photos of every format, and ways to spoil them that the makers of decoders did not think of; all from a seed."""

import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Final

from PIL import Image

from tests.vision.crafting import (
    VARIANTS,
    chunk,
    gif_of_frames,
    jpeg_of_scans,
    jpeg_resized,
    jpeg_segment,
    png,
    png_bomb,
    png_header,
    scenery,
)  # fmt: skip
from tests.vision.heic_writing import heic
from vision.decoding.formats import HEIC, accepted

Change = Callable[[bytes, random.Random], bytes]
EDGES: Final = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
SIGNATURES: Final = (
    b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8X", b"\0\0\0\x20ftypavif",
    b"\0\0\0\x20ftypheic", b"BM", b"II*\0", b"MM\0*", b"%PDF-1.7", b"PK\x03\x04", b"<svg xmlns", b"\0\0\0\x0cjP  ",
    b"8BPS\0\1", b"<?xml", b"%!PS", b"\x7fELF", b"qoif", b"icns", b"\0\0\1\0",
)  # fmt: skip


def _some_size(chance: random.Random) -> tuple[int, int]:
    return chance.choice(((64, 48), (96, 64), (17, 23), (160, 32), (256, 192)))


def seeds() -> dict[str, Callable[[random.Random], bytes]]:
    """A whole photo of each kind, by a name for the report."""
    found: dict[str, Callable[[random.Random], bytes]] = {
        name: lambda chance, make=make: make(scenery(*_some_size(chance), seed=chance.randrange(99)))  # type: ignore[misc]
        for name, make in VARIANTS.items()
        if not name.startswith("avif") or any(kind.name == "AVIF" for kind in accepted())
    }
    if HEIC in accepted():
        found["heic"] = lambda chance: heic(scenery(64, 32), quarter_turns=chance.randrange(4))
    return found


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Some bits, half of the time among the first bytes."""
    changed = bytearray(data)
    reach = len(changed) if chance.random() < 0.5 else min(len(changed), 200)
    for _ in range(chance.choice((1, 1, 2, 4, 16, 64))):
        changed[chance.randrange(reach)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(data: bytes, chance: random.Random) -> bytes:
    """The end, the beginning or a piece is missing."""
    at, length = chance.randrange(len(data)), chance.randrange(1, 200)
    return chance.choice((data[:at], data[at:], data[:at] + data[at + length :]))


def lied(data: bytes, chance: random.Random) -> bytes:
    """A number of two or four bytes is another: a length, a size, an offset or a count; often right before a name."""
    width = chance.choice((">H", "<H", ">I", "<I"))
    names = [at for at in range(4, min(len(data), 4000)) if data[at : at + 4].isalpha()]
    at = chance.choice(names) + chance.choice((-4, 4, 8, 12)) if names and chance.random() < 0.6 else None
    at = max(0, chance.randrange(min(len(data), 300)) if at is None else at)
    value = struct.pack(width, chance.choice(EDGES) & (0xFFFF if width[1] == "H" else 0xFFFFFFFF))
    return data[:at] + value + data[at + len(value) :]


def resized(data: bytes, chance: random.Random) -> bytes:
    """The header says another size, with a checksum that fits where the format has one."""
    width, height = chance.choice(EDGES), chance.choice((*EDGES, 48))
    if data.startswith(b"\x89PNG"):
        head = b"IHDR" + struct.pack(">II", width, height) + data[24:29]
        return data[:12] + head + struct.pack(">I", zlib.crc32(head)) + data[33:]
    width, height = width & 0xFFFF, height & 0xFFFF
    if frame := re.search(rb"\xff[\xc0\xc2]...", data, re.DOTALL):
        return data[: frame.end()] + struct.pack(">HH", height, width) + data[frame.end() + 4 :]
    if data.startswith(b"GIF8"):
        return data[:6] + struct.pack("<HH", width, height) + data[10:]
    if b"ispe" in data:
        at = data.index(b"ispe") + 8
        return data[:at] + struct.pack(">II", chance.choice(EDGES), chance.choice(EDGES)) + data[at + 8 :]
    return data[:24] + struct.pack("<HH", width, height) * 2 + data[32:]


def surrounded(data: bytes, chance: random.Random) -> bytes:
    """Something before or behind it."""
    junk = chance.choice((chance.randbytes(chance.randrange(1, 4000)), bytes(2000), b"\xff" * 2000, data, zipped()))
    return chance.choice((junk + data, data + junk, data[:2] + junk + data[2:]))


def masked(data: bytes, chance: random.Random) -> bytes:
    """It begins like something else."""
    signature = chance.choice(SIGNATURES)
    return signature + data[len(signature) if chance.random() < 0.5 else 0 :]


def spliced(data: bytes, chance: random.Random) -> bytes:
    """Two photos: the beginning of one, the rest of another."""
    other = seeds()[chance.choice(sorted(seeds()))](chance)
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :]


def doubled(data: bytes, chance: random.Random) -> bytes:
    """A piece of it again and again."""
    at, length = chance.randrange(len(data)), chance.randrange(1, 64)
    return data[:at] + data[at : at + length] * chance.choice((2, 3, 50, 2000)) + data[at:]


def described(data: bytes, chance: random.Random) -> bytes:
    """With an EXIF that is odd: any orientation, any type and count, offsets into nowhere or into itself."""
    order, mark = chance.choice(((">", b"MM\0*"), ("<", b"II*\0")))
    entries = b""
    count = chance.choice((1, 1, 3, 40))
    for _ in range(count):
        tag, kind = (
            chance.choice((0x112, 0x112, 0x8769, 0x8825, 0x927C, 0x201)),
            chance.choice((3, 4, 1, 2, 7, 12, 255)),
        )
        value = chance.choice((*range(10), 8, *EDGES))
        entries += struct.pack(f"{order}HHII", tag, kind, chance.choice((1, 1, 0, *EDGES)), value)
    said = chance.choice((count, count, 0xFFFF, 0))
    body = (
        mark + struct.pack(f"{order}IH", chance.choice((8, 8, 8, 0, 0xFFFFFFFF)), said) + entries + chance.randbytes(8)
    )
    if data.startswith(b"\x89PNG"):
        return data[:33] + chunk(b"eXIf", body) + data[33:]
    if data.startswith(b"RIFF"):
        part = b"EXIF" + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
        return data[:4] + struct.pack("<I", len(data) - 8 + len(part)) + data[8:] + part
    if data.startswith(b"\xff\xd8"):
        return data[:2] + jpeg_segment(0xE1, b"Exif\0\0" + body) + data[2:]
    return flipped(data, chance)


def zipped() -> bytes:
    """A small archive with a page in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("page.html"), "<script>alert(1)</script>")
    return buffer.getvalue()


def crafted(data: bytes, chance: random.Random) -> bytes:
    """Small files that would become large, slow or something else; `data` is only sometimes part of it."""
    side = chance.choice((4000, 9000, 20_000))
    jpeg = VARIANTS["jpeg"](scenery(64, 48))
    makers: tuple[Callable[[], bytes], ...] = (
        lambda: png_bomb(chance.choice((500, 3000))),
        lambda: png_header(side, side) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b""),
        lambda: png(scenery(), extra=chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(10_000_000), 9))),
        lambda: png(scenery(), extra=chunk(b"tEXt", b"") * 5000, bits=chance.choice((8, 16))),
        lambda: jpeg_resized(jpeg, side, side),
        lambda: jpeg_of_scans(chance.choice((3, 70, 200))),
        lambda: jpeg[:2] + jpeg_segment(0xFE, b"") * chance.choice((100, 6000)) + jpeg[2:],
        lambda: gif_of_frames(chance.choice((10, 20_000))),
        lambda: b"GIF89a/*" + data + b"*/=1;<script>alert(1)</script>",
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
        lambda: jpeg + zipped() + data,
        lambda: VARIANTS["jpeg"](Image.new("RGB", (chance.choice((1, 15, 16, 2000)), chance.choice((1, 16, 30))))),
        lambda: data[:8],
        lambda: b"",
    )
    return chance.choice(makers)()


CHANGES: Final[tuple[Change, ...]] = (
    flipped, flipped, flipped, cut, lied, lied, lied, resized, surrounded, masked, spliced, doubled, described, crafted,
)  # fmt: skip


def mutated(seed: int) -> tuple[str, bytes]:
    """The file with the number `seed`, the same on every machine with the same libraries, and how it was made."""
    chance = random.Random(seed)
    kinds = seeds()
    kind = sorted(kinds)[seed % len(kinds)]
    data = kinds[kind](chance)
    chosen = [chance.choice(CHANGES) for _ in range(chance.choice((1, 1, 1, 2, 3)))]
    for change in chosen:
        data = change(data, chance) if data else data
    return f"{seed}: {kind}, {' then '.join(change.__name__ for change in chosen)}", data
