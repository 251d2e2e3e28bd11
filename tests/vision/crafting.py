"""Photos of every format, and files that only begin like one; all made when a test needs them."""

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """`image` as a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def scenery(width: int = 96, height: int = 72, seed: int = 0) -> Image.Image:
    """Smooth colours, different for every seed."""
    cells = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(cells).resize((width, height), Image.Resampling.BICUBIC)


def sixteen_bit(image: Image.Image) -> Image.Image:
    """The grey of `image` in 16 bits."""
    return Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)


def with_alpha(image: Image.Image) -> Image.Image:
    """Half of it see-through."""
    image = image.copy()
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    return image


VARIANTS: dict[str, Callable[[Image.Image], bytes]] = {
    "jpeg": lambda i: encoded(i, "JPEG"),
    "jpeg_grey": lambda i: encoded(i.convert("L"), "JPEG"),
    "jpeg_cmyk": lambda i: encoded(i.convert("CMYK"), "JPEG"),
    "jpeg_progressive": lambda i: encoded(i, "JPEG", progressive=True),
    "jpeg_restarts": lambda i: encoded(i, "JPEG", restart_marker_rows=1),
    "png": lambda i: encoded(i, "PNG"),
    "png_palette": lambda i: encoded(i.convert("P"), "PNG"),
    "png_grey_16": lambda i: encoded(sixteen_bit(i), "PNG"),
    "png_alpha": lambda i: encoded(with_alpha(i), "PNG"),
    "png_rgb_16": lambda i: png(i, bits=16),
    "png_interlaced": lambda i: png(i, interlaced=True),
    "webp": lambda i: encoded(i, "WEBP"),
    "webp_lossless": lambda i: encoded(with_alpha(i), "WEBP", lossless=True),
    "webp_animated": lambda i: encoded(i, "WEBP", save_all=True, append_images=[i.rotate(180)]),
    "gif": lambda i: encoded(i, "GIF"),
    "gif_animated": lambda i: encoded(i, "GIF", save_all=True, append_images=[i.rotate(180)]),
    "avif": lambda i: encoded(i, "AVIF", speed=10),
    "avif_alpha": lambda i: encoded(with_alpha(i), "AVIF", speed=10),
}
"""Every kind of file that is read, by a name for the test report."""


def chunk(kind: bytes, body: bytes) -> bytes:
    """One PNG chunk."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(image: Image.Image, *, bits: int = 8, interlaced: bool = False, extra: bytes = b"") -> bytes:
    """What Pillow does not write: 16-bit colour, Adam7, and any `extra` chunks before the pixels."""
    pixels = np.asarray(image.convert("RGB"))
    deep = pixels if bits == 8 else (pixels.astype(">u2") * 257)
    starts = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    passes = [deep[y::dy, x::dx] for x, y, dx, dy in starts] if interlaced else [deep]
    rows = b"".join(b"\0" + np.ascontiguousarray(row, deep.dtype).tobytes() for part in passes for row in part)
    header = png_header(image.width, image.height, bits=bits, interlaced=interlaced)
    return header + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def png_header(width: int, height: int, *, bits: int = 8, interlaced: bool = False) -> bytes:
    """Signature and first chunk of an RGB PNG."""
    return PNG_SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 2, 0, 0, interlaced))


def png_bomb(side: int) -> bytes:
    """A square of zeros: small as a file, and whole."""
    packer = zlib.compressobj(9)
    row = bytes(1 + 3 * side)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return png_header(side, side) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def jpeg_segment(marker: int, body: bytes) -> bytes:
    """One JPEG segment."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg_resized(data: bytes, width: int, height: int) -> bytes:
    """The same JPEG with another size written in its header."""
    at = next(at for at in range(len(data)) if data[at] == 0xFF and data[at + 1] in {0xC0, 0xC2})
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def jpeg_of_scans(scans: int, *, progressive: bool = True) -> bytes:
    """A JPEG that says its last scan again and again: a few bytes each, the whole picture's work each."""
    data = encoded(scenery(640, 480), "JPEG", progressive=progressive)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * scans + data[-2:]


def gif_of_frames(frames: int) -> bytes:
    """A GIF with many tiny frames after its first."""
    data = encoded(Image.new("P", (64, 48)), "GIF")
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return data[:-1] + frame * frames + b"\x3b"
